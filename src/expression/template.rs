//! Messages with expressions in them, such as `pure alcohol {pure_alcohol} l`.

use std::ops::Range;

use crate::table::Column;

use super::check::{Prepared, check};
use super::fault::{Fault, FaultKind};
use super::format::text_of;
use super::group::{Accumulators, GroupProgram};
use super::program::{Output, Program, SeriesProgram};
use super::vector::{Scalar, Vector};
use super::{Context, Scope, aggregates_of, beside_of, keys_of};

/// A compiled message over one of the three forms of programs.
///
/// Holes stand in braces; `{{` and `}}` are braces themselves. What is null prints as a dash.
#[derive(Debug, Clone)]
pub struct Template<P> {
    /// The texts before, between and after the holes.
    texts: Vec<String>,
    /// One output a hole.
    program: P,
}

impl Template<Program> {
    /// Compiles a message about one row; faults are placed in the message's text.
    ///
    /// # Panics
    /// If the scope's context is not [`Context::Row`].
    pub fn compile(text: &str, scope: &Scope<'_>) -> Result<Self, Vec<Fault>> {
        assert!(scope.context == Context::Row, "a message about rows is compiled in a row's context");
        let (texts, outputs, _) = parts(text, scope)?;
        Ok(Self { texts, program: Program { outputs } })
    }

    /// The indices of the fields that are read: sorted, each once.
    pub fn columns(&self) -> Vec<usize> {
        self.program.columns()
    }

    /// The message about a row of a batch.
    pub fn render(&self, columns: &[&Column], row: usize) -> String {
        self.fill(&self.program.scalars(columns, row))
    }
}

impl Template<GroupProgram> {
    /// Compiles a message about groups; faults are placed in the message's text.
    ///
    /// # Panics
    /// If the scope's context is not [`Context::Group`].
    pub fn compile_group(text: &str, scope: &Scope<'_>) -> Result<Self, Vec<Fault>> {
        let (texts, outputs, prepared) = parts(text, scope)?;
        let program = GroupProgram { keys: keys_of(scope), aggregates: aggregates_of(prepared), outputs };
        Ok(Self { texts, program })
    }

    /// The program of the holes, which takes in rows as any other.
    pub fn program(&self) -> &GroupProgram {
        &self.program
    }

    /// The messages about all groups; `keys` are as in [`GroupProgram::finish`].
    ///
    /// # Panics
    /// If there are not as many keys as in the scope.
    pub fn render(&self, accumulators: &[&Accumulators], keys: &[Column]) -> Vec<String> {
        self.program.scalars(accumulators, keys).iter().map(|values| self.fill(values)).collect()
    }
}

impl Template<SeriesProgram> {
    /// Compiles a message about a row in order; faults are placed in the message's text.
    ///
    /// # Panics
    /// If the scope's context is not [`Context::Series`].
    pub fn compile_series(text: &str, scope: &Scope<'_>) -> Result<Self, Vec<Fault>> {
        assert!(scope.context == Context::Series, "a message about series is compiled in a series' context");
        let (texts, outputs, prepared) = parts(text, scope)?;
        let program = SeriesProgram { fields: scope.fields.len(), beside: beside_of(prepared), outputs };
        Ok(Self { texts, program })
    }

    /// The indices of the fields that are read: sorted, each once.
    pub fn columns(&self) -> Vec<usize> {
        self.program.columns()
    }

    /// What the holes hold in all rows; `group_starts` is as in [`SeriesProgram::evaluate`].
    pub fn holes(&self, columns: &[&Column], group_starts: &[bool]) -> Holes {
        Holes(self.program.vectors(columns, group_starts.len(), group_starts))
    }

    /// The message about a row.
    pub fn render(&self, holes: &Holes, row: usize) -> String {
        let values: Vec<Scalar> = holes.0.iter().map(|hole| hole.scalar(row)).collect();
        self.fill(&values)
    }
}

/// What the holes of a message hold, row by row.
pub struct Holes(Vec<Vector>);

impl<P> Template<P> {
    fn fill(&self, values: &[Scalar]) -> String {
        let mut message = self.texts[0].clone();
        for (value, text) in values.iter().zip(&self.texts[1..]) {
            message.push_str(&text_of(value));
            message.push_str(text);
        }
        message
    }
}

/// The texts around the holes, and the holes compiled.
fn parts(text: &str, scope: &Scope<'_>) -> Result<(Vec<String>, Vec<Output>, Prepared), Vec<Fault>> {
    let mut faults = Vec::new();
    let mut prepared = Prepared::default();
    let mut outputs = Vec::new();
    let (texts, holes) = split(text, &mut faults);
    for hole in holes {
        let compiled = check(&text[hole.clone()], hole.start, scope, None, &mut prepared, &mut faults);
        outputs.extend(compiled.map(|(node, kind)| Output { node, kind }));
    }
    if faults.is_empty() { Ok((texts, outputs, prepared)) } else { Err(faults) }
}

/// Finds the holes: the bytes between braces, where a brace inside a text literal is no end.
fn split(text: &str, faults: &mut Vec<Fault>) -> (Vec<String>, Vec<Range<usize>>) {
    let mut texts = vec![String::new()];
    let mut holes = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        let doubled = characters.peek().is_some_and(|(_, next)| *next == character);
        match character {
            '{' | '}' if doubled => {
                characters.next();
                texts.last_mut().expect("there is always a last text").push(character);
            }
            '{' => {
                let mut quoted = false;
                let end = characters.by_ref().find(|(_, character)| {
                    quoted ^= *character == '\'';
                    *character == '}' && !quoted
                });
                let Some((end, _)) = end else {
                    let fault =
                        Fault::new(&(start..text.len()), FaultKind::Syntax, "this brace is never closed");
                    faults.push(fault.help("a brace that is meant as one is written `{{`"));
                    break;
                };
                holes.push(start + 1..end);
                texts.push(String::new());
            }
            '}' => {
                let fault = Fault::new(&(start..start + 1), FaultKind::Syntax, "this brace closes nothing");
                faults.push(fault.help("a brace that is meant as one is written `}}`"));
            }
            character => texts.last_mut().expect("there is always a last text").push(character),
        }
    }
    (texts, holes)
}
