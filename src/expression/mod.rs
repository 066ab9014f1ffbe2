//! The language of checks and formulas: SQL's expressions, typed, with units, and compiled to programs over columns.
//!
//! A text goes through three steps, each its own file:
//! `syntax` reads it with `sqlparser`, `check` (with `operators`, `choice` and `calls`) gives every part a type and a unit
//! and reports all faults at once, and `node` evaluates what came out, vector by vector.
//!
//! Three forms of programs share all of it: [`Program`] sees one row, [`GroupProgram`] the rows of a group through
//! aggregates, [`SeriesProgram`] a row and the one before. A [`Template`] is a message with such expressions in it.

mod aggregate;
mod calls;
mod check;
mod choice;
mod conversions;
mod fault;
mod format;
mod functions;
mod group;
mod node;
mod operators;
mod program;
mod reference;
mod syntax;
mod template;
mod unit;
mod vector;

use std::collections::{BTreeMap, BTreeSet};

use check::{Prepared, check};
use program::Output;

pub use fault::{Fault, FaultKind};
pub use group::{Accumulators, GroupProgram, Inputs};
pub use program::{Program, SeriesProgram};
pub use reference::{Entry, Example, entries, example, reference};
pub use template::Template;
pub use unit::{Unit, Units};

/// What kind of value an expression or a column has.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A number in a unit; [`Unit::one`] where it has none.
    Number(Unit),
    /// Characters.
    Text,
    /// A code of the list with this id.
    Code(String),
    /// A calendar day.
    Date,
    /// A year, quarter, month or span of years.
    Period,
}

/// A column in scope.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name that expressions call it by.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// What it is called in documentation.
    pub title: Option<String>,
}

/// The codes of a list, and the groups that some of them form.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CodeList {
    /// All codes.
    pub codes: BTreeSet<String>,
    /// The members of each group by its id.
    pub groups: BTreeMap<String, BTreeSet<String>>,
    /// The properties that codes carry, by their ids.
    pub properties: BTreeMap<String, Property>,
}

/// Something that codes of a list carry, such as the usual strength of a drink.
#[derive(Debug, Clone, PartialEq)]
pub enum Property {
    /// A number in a unit, by code.
    Number(Unit, BTreeMap<String, f64>),
    /// A code of another list, by code.
    Code(String, BTreeMap<String, String>),
}

/// The words of a standard that expressions may use.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Units of measure.
    pub units: Units,
    /// Code lists by id.
    pub code_lists: BTreeMap<String, CodeList>,
}

/// Which rows an expression sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Context {
    /// One row.
    Row,
    /// A group of rows.
    Group {
        /// The indices of the fields that all rows of a group share, which may stand outside aggregates.
        keys: Vec<usize>,
    },
    /// One row of many in order, the row before it, and what the rows of its group come to.
    Series,
}

/// What the names in an expression mean.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    /// The columns.
    pub fields: &'a [Field],
    /// Units and code lists.
    pub vocabulary: &'a Vocabulary,
    /// Which rows the expression sees.
    pub context: Context,
    /// What messages call the table, such as "dataset `x`".
    pub table_name: &'a str,
}

/// What an expression must come to, where its place says so.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// A truth, as a check is.
    Boolean,
    /// A number in any unit.
    Number,
    /// Exactly this kind; a number must be in its unit.
    Kind(Kind),
}

/// Compiles an expression over one row; all its faults are reported.
///
/// # Panics
/// If the scope's context is not [`Context::Row`].
pub fn compile(text: &str, scope: &Scope<'_>, expected: Option<&Expected>) -> Result<Program, Vec<Fault>> {
    assert!(scope.context == Context::Row, "a row program is compiled in a row's context");
    let (output, _) = output(text, scope, expected)?;
    Ok(Program { outputs: vec![output] })
}

/// Compiles an expression over groups of rows; all its faults are reported.
///
/// # Panics
/// If the scope's context is not [`Context::Group`].
pub fn compile_group(
    text: &str,
    scope: &Scope<'_>,
    expected: Option<&Expected>,
) -> Result<GroupProgram, Vec<Fault>> {
    let keys = keys_of(scope);
    let (output, prepared) = output(text, scope, expected)?;
    Ok(GroupProgram { keys, aggregates: aggregates_of(prepared), outputs: vec![output] })
}

/// Compiles an expression over rows in order; all its faults are reported.
///
/// # Panics
/// If the scope's context is not [`Context::Series`].
pub fn compile_series(
    text: &str,
    scope: &Scope<'_>,
    expected: Option<&Expected>,
) -> Result<SeriesProgram, Vec<Fault>> {
    assert!(scope.context == Context::Series, "a series program is compiled in a series' context");
    let (output, prepared) = output(text, scope, expected)?;
    Ok(SeriesProgram { fields: scope.fields.len(), beside: beside_of(prepared), outputs: vec![output] })
}

/// The name that an expression gives to what it computes: that of a column is its own, that of a call is the function's.
///
/// `year(month)` in a list of grouping keys so becomes a dimension called `year`.
pub fn name_of(text: &str) -> Result<String, Fault> {
    use sqlparser::ast::{Expr, ObjectNamePart};
    match syntax::parse(text)?.expression {
        Expr::Identifier(ident) => return Ok(ident.value),
        Expr::Function(function) => {
            if let [ObjectNamePart::Identifier(ident)] = function.name.0.as_slice() {
                return Ok(ident.value.to_lowercase());
            }
        }
        _ => {}
    }
    let message = "only a column or a call of a function has a name";
    Err(Fault::new(&(0..text.len()), FaultKind::IllTyped, message)
        .help("write a column, or a call such as year(month)"))
}

fn output(
    text: &str,
    scope: &Scope<'_>,
    expected: Option<&Expected>,
) -> Result<(Output, Prepared), Vec<Fault>> {
    let mut prepared = Prepared::default();
    let mut faults = Vec::new();
    match check(text, 0, scope, expected, &mut prepared, &mut faults) {
        Some((node, kind)) => Ok((Output { node, kind }, prepared)),
        None => Err(faults),
    }
}

fn keys_of(scope: &Scope<'_>) -> Vec<usize> {
    let Context::Group { keys } = &scope.context else {
        panic!("a group program is compiled in a group's context");
    };
    keys.clone()
}

fn aggregates_of(prepared: Prepared) -> Vec<aggregate::Aggregate> {
    prepared.aggregates.into_iter().map(|(_, aggregate)| aggregate).collect()
}

fn beside_of(prepared: Prepared) -> Vec<program::Beside> {
    prepared.beside.into_iter().map(|(_, beside)| beside).collect()
}
