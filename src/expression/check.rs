//! Types and units: the walk that turns syntax into a program and collects every fault on the way.

use std::ops::Range;
use std::sync::Arc;

use sqlparser::ast::Expr;

use super::aggregate::Aggregate;
use super::fault::{Fault, FaultKind, suggest};
use super::node::Node;
use super::program::Beside;
use super::syntax::{Places, parse};
use super::unit::Unit;
use super::vector::Scalar;
use super::{Context, Expected, Kind, Scope};
use crate::calendar::{Period, parse_date};

/// The type of a subexpression: a kind, or what may still become one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Type {
    /// Faulty, and reported; it agrees with everything, so that nothing is reported twice.
    Fault,
    /// The word `null`, which agrees with every kind.
    Null,
    /// Made of number literals alone; takes the unit that it meets.
    Constant,
    /// A text literal, which may be meant as a date, a period or a code.
    Literal,
    /// A kind.
    Known(Kind),
}

impl Type {
    pub(crate) const BOOLEAN: Self = Self::Known(Kind::Boolean);
    pub(crate) const TEXT: Self = Self::Known(Kind::Text);

    /// A number in a unit.
    pub(crate) fn number(unit: Unit) -> Self {
        Self::Known(Kind::Number(unit))
    }

    /// The kind that a finished expression of this type has.
    pub(crate) fn settle(self) -> Kind {
        match self {
            Self::Known(kind) => kind,
            Self::Constant => Kind::Number(Unit::one()),
            Self::Null | Self::Literal | Self::Fault => Kind::Text,
        }
    }

    /// Whether it is text, or written as text.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Self::Literal | Self::Known(Kind::Text | Kind::Code(_) | Kind::Period))
    }

    /// The type in words.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Fault | Self::Null => "null".to_owned(),
            Self::Constant | Self::Known(Kind::Number(_)) => "a number".to_owned(),
            Self::Literal | Self::Known(Kind::Text) => "text".to_owned(),
            Self::Known(Kind::Boolean) => "true or false".to_owned(),
            Self::Known(Kind::Code(list)) => format!("a code of `{list}`"),
            Self::Known(Kind::Date) => "a date".to_owned(),
            Self::Known(Kind::Period) => "a period".to_owned(),
        }
    }
}

/// A subexpression that was checked.
#[derive(Debug, Clone)]
pub(crate) struct Typed {
    pub node: Node,
    pub kind: Type,
    pub span: Range<usize>,
    /// The field that it is, if it is the bare name of a column of the rows.
    pub field: Option<usize>,
}

impl Typed {
    pub(crate) fn new(kind: Type, node: Node, span: Range<usize>) -> Self {
        Self { node, kind, span, field: None }
    }

    /// What stands for a subexpression whose fault was reported.
    pub(crate) fn fault(span: Range<usize>) -> Self {
        Self::new(Type::Fault, Node::Constant(Scalar::Null), span)
    }

    /// The text, if it is a text literal.
    pub(crate) fn literal(&self) -> Option<Arc<str>> {
        match (&self.kind, &self.node) {
            (Type::Literal, Node::Constant(Scalar::Text(text))) => Some(text.clone()),
            _ => None,
        }
    }
}

/// What a program computes before the expression itself.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    /// Over groups: each aggregate once, however often it is written.
    pub aggregates: Vec<(String, Aggregate)>,
    /// Beside the rows of series: each `lag` and each aggregate once.
    pub beside: Vec<(String, Beside)>,
}

/// Compiles one text; its faults are moved by `offset`, where it is a hole in a longer text.
pub(crate) fn check(
    text: &str,
    offset: usize,
    scope: &Scope<'_>,
    expected: Option<&Expected>,
    prepared: &mut Prepared,
    faults: &mut Vec<Fault>,
) -> Option<(Node, Kind)> {
    let mut found = Vec::new();
    let result = match parse(text) {
        Err(fault) => {
            found.push(fault);
            None
        }
        Ok(parsed) => {
            let mut checker = Checker {
                scope,
                places: &parsed.places,
                prepared,
                faults: &mut found,
                inside: None,
                depth: 0,
            };
            let typed = checker.check(&parsed.expression);
            let kind = checker.settle(&typed, expected);
            Some((typed.node, kind))
        }
    };
    let faultless = found.is_empty();
    found.sort_by_key(|fault| (fault.span.start, fault.span.end));
    for mut fault in found {
        fault.span = fault.span.start + offset..fault.span.end + offset;
        faults.push(fault);
    }
    result.filter(|_| faultless)
}

/// How deep checks may nest; the parser's own limit is lower except for chains such as `x is null is null`.
const DEEPEST: usize = 120;

pub(crate) struct Checker<'a> {
    pub scope: &'a Scope<'a>,
    pub places: &'a Places,
    pub prepared: &'a mut Prepared,
    faults: &'a mut Vec<Fault>,
    /// The aggregate or `lag` whose argument is being checked.
    pub inside: Option<&'static str>,
    depth: usize,
}

impl Checker<'_> {
    /// Checks one subexpression; what is wrong with it is reported and never stops the walk.
    pub(crate) fn check(&mut self, expression: &Expr) -> Typed {
        if self.depth >= DEEPEST {
            self.report(&(0..0), FaultKind::Syntax, "the expression is nested too deeply");
            return Typed::fault(0..0);
        }
        self.depth += 1;
        let typed = self.operator(expression);
        self.depth -= 1;
        typed
    }

    /// Reports a fault.
    pub(crate) fn report(&mut self, span: &Range<usize>, code: FaultKind, message: impl Into<String>) {
        self.faults.push(Fault::new(span, code, message));
    }

    /// Reports a fault with what to do about it.
    pub(crate) fn report_with_help(
        &mut self,
        span: &Range<usize>,
        code: FaultKind,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.faults.push(Fault::new(span, code, message).help(help));
    }

    /// Reports an unknown word, with the known one that is nearest.
    pub(crate) fn report_unknown<'n>(
        &mut self,
        span: &Range<usize>,
        code: FaultKind,
        message: String,
        word: &str,
        known: impl Iterator<Item = &'n str> + Clone,
        what: &str,
    ) {
        let mut fault = Fault::new(span, code, message);
        fault.help = suggest(word, known, what);
        self.faults.push(fault);
    }

    /// A bare name: a column of the rows, or a key of the groups.
    ///
    /// One in double quotes that is no column is most likely meant as a text.
    pub(crate) fn column(&mut self, name: &str, quoted: bool, span: Range<usize>) -> Typed {
        let fields = self.scope.fields;
        let Some(field) = fields.iter().position(|field| field.name == name) else {
            let message = format!("{} has no column `{name}`", self.scope.table_name);
            if quoted {
                let help = format!("a text stands in single quotes: '{}'", name.replace('\'', "''"));
                self.report_with_help(&span, FaultKind::UnknownColumn, message, help);
                return Typed::fault(span);
            }
            let names = fields.iter().map(|field| field.name.as_str());
            self.report_unknown(&span, FaultKind::UnknownColumn, message, name, names, "its columns are");
            return Typed::fault(span);
        };
        let kind = Type::Known(fields[field].kind.clone());
        let place = match &self.scope.context {
            Context::Group { keys } if self.inside.is_none() => {
                let Some(place) = keys.iter().position(|key| *key == field) else {
                    let message = format!("column `{name}` has many values in a group");
                    let help = match &fields[field].kind {
                        Kind::Boolean => format!("group by it, or take only({name})"),
                        Kind::Number(_) => {
                            format!(
                                "group by it, or take sum({name}), min({name}), max({name}) or only({name})"
                            )
                        }
                        Kind::Text | Kind::Code(_) | Kind::Date | Kind::Period => {
                            format!("group by it, or take min({name}), max({name}) or only({name})")
                        }
                    };
                    self.report_with_help(&span, FaultKind::WrongContext, message, help);
                    return Typed::fault(span);
                };
                return Typed::new(kind, Node::Column(place), span);
            }
            _ => field,
        };
        Typed { field: Some(field), ..Typed::new(kind, Node::Column(place), span) }
    }

    /// Whether it is true or false; reports it if not.
    pub(crate) fn is_boolean(&mut self, typed: &Typed, place: &str) -> bool {
        self.is_a(typed, place, "true or false", |kind| matches!(kind, Type::Known(Kind::Boolean)))
    }

    /// Whether it is a number; reports it if not.
    pub(crate) fn is_number(&mut self, typed: &Typed, place: &str) -> bool {
        self.is_a(typed, place, "a number", |kind| {
            matches!(kind, Type::Constant | Type::Known(Kind::Number(_)))
        })
    }

    /// Whether it is text, a code or a period, which are written as text; reports it if not.
    pub(crate) fn is_text(&mut self, typed: &Typed, place: &str) -> bool {
        self.is_a(typed, place, "text", Type::is_text)
    }

    fn is_a(&mut self, typed: &Typed, place: &str, wanted: &str, test: impl Fn(&Type) -> bool) -> bool {
        let fits = matches!(typed.kind, Type::Fault | Type::Null) || test(&typed.kind);
        if !fits {
            let message = format!("{place} takes {wanted}, but this is {}", typed.kind.words());
            if matches!(typed.kind, Type::Known(Kind::Date | Kind::Period)) && wanted == "a number" {
                let help = "count with days(later, earlier), months(later, earlier) or year(x)";
                self.report_with_help(&typed.span, FaultKind::IllTyped, message, help);
            } else {
                self.report(&typed.span, FaultKind::IllTyped, message);
            }
        }
        fits && typed.kind != Type::Fault
    }

    /// The one type of several operands, with text literals read as what the others are.
    ///
    /// `verb` completes "cannot ... x and y". A fault is placed at `whole`, or else at the operand that does not agree.
    pub(crate) fn agree(
        &mut self,
        operands: &mut [Typed],
        verb: &str,
        whole: Option<&Range<usize>>,
    ) -> Option<Type> {
        let leader = operands.iter().position(|operand| matches!(operand.kind, Type::Known(_)));
        let Some(leader) = leader else {
            return self.agree_on_literals(operands, verb, whole);
        };
        let mut common = operands[leader].kind.clone();
        let mut agreed = true;
        for operand in operands {
            let span = whole.unwrap_or(&operand.span).clone();
            match (&common, &operand.kind) {
                (_, Type::Fault) => agreed = false,
                (_, Type::Null) | (Type::Known(Kind::Number(_)), Type::Constant) => {}
                (Type::Known(kind), Type::Literal) => {
                    let kind = kind.clone();
                    agreed &= self.read_literal(operand, &kind, verb, whole);
                }
                (Type::Known(Kind::Number(one)), Type::Known(Kind::Number(other))) => {
                    if !one.same_as(other) {
                        let (one, other) = (one.clone(), other.clone());
                        self.report_units(&span, verb, &one, &other);
                        agreed = false;
                    }
                }
                (Type::Known(Kind::Code(one)), Type::Known(Kind::Code(other))) if one != other => {
                    let message = format!("cannot {verb} codes of `{one}` and codes of `{other}`");
                    self.report(&span, FaultKind::IllTyped, message);
                    agreed = false;
                }
                (Type::Known(Kind::Code(_) | Kind::Text), Type::Known(Kind::Text))
                | (Type::Known(Kind::Text), Type::Known(Kind::Code(_))) => common = Type::TEXT,
                (one, other) if one == other => {}
                (one, other) => {
                    let message = format!("cannot {verb} {} and {}", one.words(), other.words());
                    self.report(&span, FaultKind::IllTyped, message);
                    agreed = false;
                }
            }
        }
        agreed.then_some(common)
    }

    fn agree_on_literals(
        &mut self,
        operands: &[Typed],
        verb: &str,
        whole: Option<&Range<usize>>,
    ) -> Option<Type> {
        if operands.iter().any(|operand| operand.kind == Type::Fault) {
            return None;
        }
        let mut common = Type::Null;
        for operand in operands {
            match (&common, &operand.kind) {
                (_, Type::Null) => {}
                (Type::Null, kind) => common = kind.clone(),
                (one, other) if one == other => {}
                (one, other) => {
                    let message = format!("cannot {verb} {} and {}", one.words(), other.words());
                    self.report(whole.unwrap_or(&operand.span), FaultKind::IllTyped, message);
                    return None;
                }
            }
        }
        // Several literals make a text: which of them it is, only the row tells.
        Some(if common == Type::Literal { Type::TEXT } else { common })
    }

    /// Reads a text literal as the kind that it meets.
    fn read_literal(
        &mut self,
        operand: &mut Typed,
        kind: &Kind,
        verb: &str,
        whole: Option<&Range<usize>>,
    ) -> bool {
        let Some(text) = operand.literal() else { return true };
        match kind {
            Kind::Text => true,
            Kind::Code(list) => self.knows_code(list, &text, &operand.span),
            Kind::Date => {
                let days = parse_date(&text);
                if let Some(days) = days {
                    operand.node = Node::Constant(Scalar::Date(days));
                } else {
                    let message = format!("'{text}' is not a date");
                    let help = "write a date as '2024-06-30'";
                    self.report_with_help(&operand.span, FaultKind::BadLiteral, message, help);
                }
                days.is_some()
            }
            Kind::Period => {
                let reads = Period::parse(&text).is_some();
                if !reads {
                    let message = format!("'{text}' is not a period");
                    let help = "write a period as '2024', '2024-Q2', '2024-06' or '2016/2018'";
                    self.report_with_help(&operand.span, FaultKind::BadLiteral, message, help);
                }
                reads
            }
            Kind::Boolean | Kind::Number(_) => {
                let known = Type::Known(kind.clone()).words();
                let span = whole.unwrap_or(&operand.span);
                self.report(span, FaultKind::IllTyped, format!("cannot {verb} {known} and text"));
                false
            }
        }
    }

    fn knows_code(&mut self, list: &str, code: &str, span: &Range<usize>) -> bool {
        let Some(codes) = self.scope.vocabulary.code_lists.get(list) else { return true };
        let known = codes.codes.contains(code);
        if !known {
            let message = format!("code list `{list}` has no code `{code}`");
            let codes = codes.codes.iter().map(String::as_str);
            self.report_unknown(span, FaultKind::UnknownCode, message, code, codes, "its codes are");
        }
        known
    }

    /// Reports two units that must be one.
    pub(crate) fn report_units(&mut self, span: &Range<usize>, verb: &str, one: &Unit, other: &Unit) {
        let message = format!("cannot {verb} {one} and {other}");
        let help = if one.dimension() == other.dimension() {
            let (one, other) = (one.to_string(), other.to_string());
            let simpler = if other.len() < one.len() { other } else { one };
            format!("convert one with to_unit(x, '{simpler}')")
        } else {
            let measures = |unit: &Unit| match unit.dimension_text().as_str() {
                "1" => format!("{unit} has no dimension"),
                dimension => format!("{unit} measures {dimension}"),
            };
            format!("{}, {}", measures(one), measures(other))
        };
        self.report_with_help(span, FaultKind::UnlikeUnits, message, help);
    }

    /// The kind of the whole expression; reports it if another one is expected.
    fn settle(&mut self, typed: &Typed, expected: Option<&Expected>) -> Kind {
        let Some(expected) = expected else { return typed.kind.clone().settle() };
        let (wanted, kind) = match expected {
            Expected::Boolean => ("true or false".to_owned(), Kind::Boolean),
            Expected::Number => match &typed.kind {
                Type::Known(kind @ Kind::Number(_)) => return kind.clone(),
                _ => ("a number".to_owned(), Kind::Number(Unit::one())),
            },
            Expected::Kind(kind) => (Type::Known(kind.clone()).words(), kind.clone()),
        };
        let fits = match (&kind, &typed.kind) {
            (_, Type::Fault | Type::Null)
            | (Kind::Number(_), Type::Constant)
            | (Kind::Text, Type::Literal | Type::Known(Kind::Code(_))) => true,
            (Kind::Number(wanted), Type::Known(Kind::Number(found))) => {
                if !wanted.same_as(found) {
                    self.report_result_unit(&typed.span, wanted, found);
                }
                true
            }
            (wanted, Type::Known(found)) => wanted == found,
            _ => false,
        };
        if !fits {
            let message = format!("this is {}, but {wanted} belongs here", typed.kind.words());
            self.report(&typed.span, FaultKind::IllTyped, message);
        }
        kind
    }

    fn report_result_unit(&mut self, span: &Range<usize>, wanted: &Unit, found: &Unit) {
        let message = format!("this is in {found}, but {wanted} belongs here");
        if wanted.dimension() == found.dimension() {
            let help = format!("convert it with to_unit(x, '{wanted}')");
            self.report_with_help(span, FaultKind::UnlikeUnits, message, help);
        } else {
            let help = format!(
                "{found} measures {}, {wanted} measures {}",
                found.dimension_text(),
                wanted.dimension_text()
            );
            self.report_with_help(span, FaultKind::UnlikeUnits, message, help);
        }
    }
}
