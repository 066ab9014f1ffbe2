//! The scalar functions: one entry of [`FUNCTIONS`] each, with its documentation, its typing and its loop.

use std::ops::Range;
use std::sync::Arc;

use super::Kind;
use super::check::{Checker, Type, Typed};
use super::conversions::{
    absence, days, in_group, is_code, month, months, property, quarter, rounding, to_unit, year,
};
use super::fault::FaultKind;
use super::node::Node;
use super::operators::unit_of;
use super::reference::Entry;
use super::unit::Unit;
use super::vector::{
    Comparison, Scalar, Vector, compare, gather, number_pairs, numbers, numbers_by_row, test_texts,
    texts_by_row,
};

/// A call whose arguments were checked, none of them faulty.
pub(crate) struct Call {
    pub name: &'static str,
    pub arguments: Vec<Typed>,
    pub span: Range<usize>,
}

/// What a call is: its type and its program; nothing if a fault was reported.
pub(crate) type Built = Option<(Type, Node)>;

/// A function of the values of one row.
pub(crate) struct Function {
    pub entry: Entry,
    /// How many arguments it takes, from and to.
    pub arguments: (usize, usize),
    pub build: fn(&mut Checker<'_>, Call) -> Built,
}

const ANY_NULL: &str = "null if an argument is null";

macro_rules! function {
    ($signature:literal, $least:literal..=$most:expr, $build:expr, $units:expr, $nulls:expr, $summary:literal, $example:literal => $result:literal) => {
        Function {
            entry: Entry {
                signature: $signature,
                units: $units,
                nulls: $nulls,
                summary: $summary,
                example: $example,
                result: $result,
            },
            arguments: ($least, $most),
            build: $build,
        }
    };
}

const MANY: usize = usize::MAX;

/// All scalar functions, as documentation lists them.
pub(crate) static FUNCTIONS: &[Function] = &[
    function!("abs(x)", 1..=1, abs, "keeps the unit", ANY_NULL, "the number without its sign", "abs(2 - 5)" => "3"),
    function!("round(x[, digits])", 1..=2, round, "keeps the unit; digits has none", ANY_NULL,
        "the nearest number with so many digits after the decimal mark, 0 if left out; halves of the binary number go away from zero", "round(2.346, 2)" => "2.35"),
    function!("floor(x)", 1..=1, floor, "keeps the unit", ANY_NULL, "the next whole number down", "floor(-2.5)" => "-3"),
    function!("ceil(x)", 1..=1, ceil, "keeps the unit", ANY_NULL, "the next whole number up", "ceil(-2.5)" => "-2"),
    function!("sqrt(x)", 1..=1, sqrt, "halves the powers of the unit, which must be even", "null if x is null or negative",
        "the square root", "sqrt(9)" => "3"),
    function!("ln(x)", 1..=1, ln, "takes and gives a number without unit", "null if x is null or not positive",
        "the natural logarithm", "ln(1)" => "0"),
    function!("exp(x)", 1..=1, exp, "takes and gives a number without unit", ANY_NULL, "e to the power of x", "exp(0)" => "1"),
    function!("power(x, y)", 2..=2, power, "y has none; x has none unless y is a whole number written out, which then multiplies the powers of the unit",
        "null if an argument is null or the result is no number", "x to the power of y", "power(2, 10)" => "1024"),
    function!("least(x, ...)", 2..=MANY, least, "all arguments have one unit", ANY_NULL,
        "the least of two or more numbers, dates, periods or texts; also written min(x, ...)", "least(3, 1, 2)" => "1"),
    function!("greatest(x, ...)", 2..=MANY, greatest, "all arguments have one unit", ANY_NULL,
        "the greatest of two or more numbers, dates, periods or texts; also written max(x, ...)", "greatest(3, 1, 2)" => "3"),
    function!("coalesce(x, ...)", 1..=MANY, coalesce, "all arguments have one unit", "null only if all arguments are null",
        "the first argument that is not null", "coalesce(stolen, 0)" => "0"),
    function!("nullif(x, y)", 2..=2, nullif, "both arguments have one unit", "null if x is null or equals y",
        "x, or null where it equals y", "nullif(7, 7)" => "–"),
    function!("lower(text)", 1..=1, lower, "none", ANY_NULL, "the text in lower case", "lower('Pisco')" => "pisco"),
    function!("upper(text)", 1..=1, upper, "none", ANY_NULL, "the text in upper case", "upper('Pisco')" => "PISCO"),
    function!("trim(text)", 1..=1, trim, "none", ANY_NULL, "the text without white space at its ends", "trim('  Pisco ')" => "Pisco"),
    function!("length(text)", 1..=1, length, "gives a number without unit", ANY_NULL, "how many characters the text has", "length('Pisco')" => "5"),
    function!("substr(text, start[, length])", 2..=3, substr, "start and length have none", ANY_NULL,
        "so many characters of the text from the start-th on, counted from 1; all of them if length is left out", "substr('2208.20', 1, 4)" => "2208"),
    function!("starts_with(text, start)", 2..=2, starts_with, "none", ANY_NULL,
        "whether the text starts with another one", "starts_with('2208.20', '22')" => "true"),
    function!("year(x)", 1..=1, year, "gives a number without unit", "null if x is null or a span of years",
        "the year of a date or of a period", "year(month)" => "2024"),
    function!("quarter(x)", 1..=1, quarter, "gives a number without unit", "null if x is null or longer than a quarter",
        "the quarter, 1 to 4, of a date or of a period", "quarter(month)" => "2"),
    function!("month(x)", 1..=1, month, "gives a number without unit", "null if x is null or longer than a month",
        "the month, 1 to 12, of a date or of a period", "month(month)" => "6"),
    function!("days(later, earlier)", 2..=2, days, "gives a number without unit", ANY_NULL,
        "the days from one date to another", "days('2024-03-01', '2024-02-28')" => "2"),
    function!("months(later, earlier)", 2..=2, months, "gives a number without unit", "null if an argument is null or not a month",
        "the months from one monthly period to another", "months('2024-06', '2023-12')" => "6"),
    function!("rounding(column, ...)", 1..=MANY, rounding, "gives the one unit of the columns", "never null; an empty cell adds nothing",
        "how far the sum of numbers may be from what they were rounded from: half a unit of the last digit that each was written with, added up; plus 4 * 2^-52 of each value for arithmetic in binary",
        "round(rounding(volume, parts), 6)" => "0.055"),
    function!("to_unit(x, 'unit')", 2..=2, to_unit, "gives the unit; x must have its dimension, and a literal number just takes it", ANY_NULL,
        "the same amount in another unit", "to_unit(volume * strength, 'LPA')" => "480"),
    function!("absence(column)", 1..=1, absence, "none", "null where the cell has a value or no reason was given",
        "why the cell is empty: not_collected, not_available, confidential or not_applicable", "absence(stolen)" => "confidential"),
    function!("in_group(code, 'group')", 2..=2, in_group, "none", ANY_NULL,
        "whether a code belongs to a group of its code list", "in_group(beverage, 'distilled')" => "true"),
    function!("property(code, 'name')", 2..=2, property, "gives the property's unit, or a code of its list", "null if the code is null or carries no such property",
        "what the code list says of a code, such as the usual strength of a drink", "property(beverage, 'usual_strength')" => "40"),
    function!("is_code(text, 'list')", 2..=2, is_code, "none", ANY_NULL,
        "whether a text is a code of a code list", "is_code('whisky', 'beverage')" => "false"),
];

/// The function of a name.
pub(crate) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.entry.name() == name)
}

fn same_unit(
    checker: &mut Checker<'_>,
    call: Call,
    operation: impl Fn(f64) -> f64 + Send + Sync + 'static,
) -> Built {
    let [x] = take(call.arguments);
    checker
        .is_number(&x, call.name)
        .then(|| (x.kind, Node::apply(vec![x.node], move |of, _| numbers(&of[0], &operation))))
}

fn abs(checker: &mut Checker<'_>, call: Call) -> Built {
    same_unit(checker, call, f64::abs)
}

fn floor(checker: &mut Checker<'_>, call: Call) -> Built {
    same_unit(checker, call, libm::floor)
}

fn ceil(checker: &mut Checker<'_>, call: Call) -> Built {
    same_unit(checker, call, libm::ceil)
}

fn round(checker: &mut Checker<'_>, mut call: Call) -> Built {
    if call.arguments.len() == 1 {
        return same_unit(checker, call, libm::round);
    }
    let digits = call.arguments.pop()?;
    let x = call.arguments.pop()?;
    let fits = checker.is_number(&x, "round");
    if !is_plain(checker, &digits, "the digits of round") || !fits {
        return None;
    }
    let node = Node::apply(vec![x.node, digits.node], |of, _| {
        number_pairs(&of[0], &of[1], |x, digits| {
            let digits = libm::trunc(digits);
            let power = libm::pow(10.0, digits.abs());
            if digits < 0.0 {
                return libm::round(x / power) * power;
            }
            let scaled = x * power;
            // Beyond 2^52 a float has no digits left to round.
            if scaled.abs() < 4_503_599_627_370_496.0 { libm::round(scaled) / power } else { x }
        })
    });
    Some((x.kind, node))
}

fn sqrt(checker: &mut Checker<'_>, call: Call) -> Built {
    let [x] = take(call.arguments);
    if !checker.is_number(&x, "sqrt") {
        return None;
    }
    let kind = match unit_of(&x.kind) {
        None => x.kind,
        Some(unit) => {
            let Some(root) = unit.square_root() else {
                let message =
                    format!("sqrt takes a number without unit or with even powers, but this is in {unit}");
                checker.report(&x.span, FaultKind::UnlikeUnits, message);
                return None;
            };
            Type::number(root)
        }
    };
    Some((kind, Node::apply(vec![x.node], |of, _| numbers(&of[0], libm::sqrt))))
}

fn plain(checker: &mut Checker<'_>, call: Call, operation: fn(f64) -> f64) -> Built {
    let [x] = take(call.arguments);
    let fits = is_plain(checker, &x, call.name);
    fits.then(|| (x.kind, Node::apply(vec![x.node], move |of, _| numbers(&of[0], operation))))
}

fn ln(checker: &mut Checker<'_>, call: Call) -> Built {
    plain(checker, call, libm::log)
}

fn exp(checker: &mut Checker<'_>, call: Call) -> Built {
    plain(checker, call, libm::exp)
}

fn power(checker: &mut Checker<'_>, call: Call) -> Built {
    let [x, y] = take(call.arguments);
    let fits = checker.is_number(&x, "power");
    if !is_plain(checker, &y, "the exponent of power") || !fits {
        return None;
    }
    let kind = match (unit_of(&x.kind), &y.node) {
        (None, _) => x.kind.clone(),
        (Some(unit), _) if unit.is_one() => x.kind.clone(),
        (Some(unit), Node::Constant(Scalar::Number(exponent))) if whole(*exponent).is_some() => {
            let Some(unit) = whole(*exponent).and_then(|exponent| unit.power(exponent)) else {
                checker.report(&y.span, FaultKind::UnlikeUnits, "the exponent is too large for a unit");
                return None;
            };
            Type::number(unit)
        }
        (Some(_), _) => {
            is_plain(checker, &x, "power by anything but a whole number");
            return None;
        }
    };
    Some((kind, Node::apply(vec![x.node, y.node], |of, _| number_pairs(&of[0], &of[1], libm::pow))))
}

/// A whole number of one digit, as the exponent of a unit is.
fn whole(number: f64) -> Option<i32> {
    (-9..=9).find(|candidate| f64::from(*candidate).total_cmp(&number).is_eq())
}

fn least(checker: &mut Checker<'_>, call: Call) -> Built {
    extreme(checker, call, Comparison::LessOrEqual, f64::min)
}

fn greatest(checker: &mut Checker<'_>, call: Call) -> Built {
    extreme(checker, call, Comparison::GreaterOrEqual, f64::max)
}

fn extreme(
    checker: &mut Checker<'_>,
    mut call: Call,
    keeps: Comparison,
    of_numbers: fn(f64, f64) -> f64,
) -> Built {
    let kind = checker.agree(&mut call.arguments, "compare", None)?;
    if kind == Type::BOOLEAN {
        checker.report(&call.span, FaultKind::IllTyped, "true and false have no order");
        return None;
    }
    let is_number = matches!(kind, Type::Constant | Type::Known(Kind::Number(_)));
    let node = Node::apply(nodes(call.arguments), move |of, rows| {
        let pairwise = |one: Vector, other: &Vector| {
            if is_number {
                return number_pairs(&one, other, of_numbers);
            }
            let kept = compare(keeps, &one, other);
            let pick: Vec<usize> = (0..rows)
                .map(|row| match kept.boolean(row) {
                    Some(true) => 0,
                    Some(false) => 1,
                    None => 2,
                })
                .collect();
            gather(&[&one, other, &Vector::Constant(Scalar::Null)], &pick)
        };
        of[1..].iter().fold(of[0].clone(), pairwise)
    });
    Some((kind, node))
}

fn coalesce(checker: &mut Checker<'_>, mut call: Call) -> Built {
    let kind = checker.agree(&mut call.arguments, "choose between", None)?;
    let node = Node::apply(nodes(call.arguments), |of, rows| {
        let first = |row: usize| of.iter().position(|vector| !vector.is_null(row)).unwrap_or(0);
        gather(&of.iter().collect::<Vec<_>>(), &(0..rows).map(first).collect::<Vec<_>>())
    });
    Some((kind, node))
}

fn nullif(checker: &mut Checker<'_>, mut call: Call) -> Built {
    let common = checker.agree(&mut call.arguments, "compare", None)?;
    let own = call.arguments[0].kind.clone();
    // A literal takes the kind that it was read as.
    let kind = if matches!(own, Type::Known(_)) { own } else { common };
    let node = Node::apply(nodes(call.arguments), |of, rows| {
        let equal = compare(Comparison::Equal, &of[0], &of[1]);
        let pick: Vec<usize> = (0..rows).map(|row| usize::from(equal.boolean(row) == Some(true))).collect();
        gather(&[&of[0], &Vector::Constant(Scalar::Null)], &pick)
    });
    Some((kind, node))
}

fn of_text(checker: &mut Checker<'_>, call: Call, change: fn(&str) -> String) -> Built {
    let [text] = take(call.arguments);
    checker.is_text(&text, call.name).then(|| {
        let node = Node::apply(vec![text.node], move |of, rows| {
            texts_by_row(rows, |row| of[0].text(row).map(change))
        });
        (Type::TEXT, node)
    })
}

fn lower(checker: &mut Checker<'_>, call: Call) -> Built {
    of_text(checker, call, str::to_lowercase)
}

fn upper(checker: &mut Checker<'_>, call: Call) -> Built {
    of_text(checker, call, str::to_uppercase)
}

fn trim(checker: &mut Checker<'_>, call: Call) -> Built {
    of_text(checker, call, |text| text.trim().to_owned())
}

fn length(checker: &mut Checker<'_>, call: Call) -> Built {
    let [text] = take(call.arguments);
    let fits = checker.is_text(&text, "length");
    let node = Node::apply(vec![text.node], |of, rows| {
        numbers_by_row(rows, |row| of[0].text(row).map(|text| text.chars().count() as f64))
    });
    fits.then(|| (Type::number(Unit::one()), node))
}

fn substr(checker: &mut Checker<'_>, call: Call) -> Built {
    let mut fits = checker.is_text(&call.arguments[0], "substr");
    for argument in &call.arguments[1..] {
        fits &= is_plain(checker, argument, "the place in substr");
    }
    let node = Node::apply(nodes(call.arguments), |of, rows| {
        texts_by_row(rows, |row| {
            let text = of[0].text(row)?;
            let start = libm::trunc(of[1].number(row)?);
            let end = match of.get(2) {
                Some(length) => start + libm::trunc(length.number(row)?),
                None => f64::INFINITY,
            };
            let inside = |place: usize| (start..end).contains(&((place + 1) as f64));
            Some(
                text.chars()
                    .enumerate()
                    .filter(|(place, _)| inside(*place))
                    .map(|(_, character)| character)
                    .collect::<String>(),
            )
        })
    });
    fits.then_some((Type::TEXT, node))
}

fn starts_with(checker: &mut Checker<'_>, call: Call) -> Built {
    let [text, start] = take(call.arguments);
    let fits = checker.is_text(&text, "starts_with");
    if !checker.is_text(&start, "starts_with") || !fits {
        return None;
    }
    let node = if let Some(start) = start.literal() {
        Node::apply(vec![text.node], move |of, _| test_texts(&of[0], |text| text.starts_with(start.as_ref())))
    } else {
        Node::apply(vec![text.node, start.node], |of, rows| {
            Vector::Boolean(
                (0..rows).map(|row| Some(of[0].text(row)?.starts_with(of[1].text(row)?))).collect(),
            )
        })
    };
    Some((Type::BOOLEAN, node))
}

/// Whether it is a number without unit; reports it if not.
pub(crate) fn is_plain(checker: &mut Checker<'_>, x: &Typed, place: &str) -> bool {
    if !checker.is_number(x, place) {
        return false;
    }
    let Some(unit) = unit_of(&x.kind).filter(|unit| !unit.is_one()) else { return true };
    let message = format!("{place} takes a number without unit, but this is in {unit}");
    let help = if unit.dimension().is_empty() {
        "convert it with to_unit(x, '1')".to_owned()
    } else {
        format!("divide it by an amount that also measures {}", unit.dimension_text())
    };
    checker.report_with_help(&x.span, FaultKind::UnlikeUnits, message, help);
    false
}

/// The text of an argument that must be a literal; reports it if it is not.
pub(crate) fn literal(checker: &mut Checker<'_>, argument: &Typed, what: &str) -> Option<Arc<str>> {
    let text = argument.literal();
    if text.is_none() {
        checker.report(&argument.span, FaultKind::IllTyped, format!("{what} is written as a text literal"));
    }
    text
}

/// Exactly so many arguments, as were counted before.
pub(crate) fn take<const N: usize>(arguments: Vec<Typed>) -> [Typed; N] {
    arguments.try_into().expect("the arguments were counted")
}

pub(crate) fn nodes(arguments: Vec<Typed>) -> Vec<Node> {
    arguments.into_iter().map(|argument| argument.node).collect()
}
