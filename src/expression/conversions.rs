//! Functions of dates, periods, units and code lists, and of how cells were written.

use std::collections::BTreeSet;

use super::check::{Checker, Type, Typed};
use super::fault::FaultKind;
use super::functions::{Built, Call, literal, take};
use super::node::Node;
use super::operators::unit_of;
use super::unit::Unit;
use super::vector::{Scalar, Vector, numbers, numbers_by_row, test_texts, texts_by_row};
use super::{Kind, Property};
use crate::calendar::{Period, date_parts, parse_date};

pub(crate) fn year(checker: &mut Checker<'_>, call: Call) -> Built {
    date_part(checker, call, |(year, _, _)| year, Period::year)
}

pub(crate) fn quarter(checker: &mut Checker<'_>, call: Call) -> Built {
    date_part(checker, call, |(_, month, _)| (month + 2) / 3, Period::quarter)
}

pub(crate) fn month(checker: &mut Checker<'_>, call: Call) -> Built {
    date_part(checker, call, |(_, month, _)| month, Period::month)
}

fn date_part(
    checker: &mut Checker<'_>,
    call: Call,
    of_date: fn((i32, i32, i32)) -> i32,
    of_period: fn(Period) -> Option<i32>,
) -> Built {
    let [mut x] = take(call.arguments);
    if let Some(text) = x.literal() {
        let kind = if parse_date(&text).is_some() { Kind::Date } else { Kind::Period };
        x = as_kind(checker, x, &kind, call.name)?;
    } else if !matches!(x.kind, Type::Null | Type::Known(Kind::Date | Kind::Period)) {
        let message = format!("{} takes a date or a period, but this is {}", call.name, x.kind.words());
        checker.report(&x.span, FaultKind::IllTyped, message);
        return None;
    }
    let node = Node::apply(vec![x.node], move |of, rows| {
        numbers_by_row(rows, |row| match of[0].date(row) {
            Some(days) => Some(f64::from(of_date(date_parts(days)))),
            None => of_period(Period::parse(of[0].text(row)?)?).map(f64::from),
        })
    });
    Some((Type::number(Unit::one()), node))
}

pub(crate) fn days(checker: &mut Checker<'_>, call: Call) -> Built {
    let [later, earlier] = take(call.arguments);
    let later = as_kind(checker, later, &Kind::Date, "days");
    let earlier = as_kind(checker, earlier, &Kind::Date, "days");
    let node = Node::apply(vec![later?.node, earlier?.node], |of, rows| {
        numbers_by_row(rows, |row| Some(f64::from(of[0].date(row)?) - f64::from(of[1].date(row)?)))
    });
    Some((Type::number(Unit::one()), node))
}

pub(crate) fn months(checker: &mut Checker<'_>, call: Call) -> Built {
    let [later, earlier] = take(call.arguments);
    let later = as_kind(checker, later, &Kind::Period, "months");
    let earlier = as_kind(checker, earlier, &Kind::Period, "months");
    let node = Node::apply(vec![later?.node, earlier?.node], |of, rows| {
        let number = |vector: &Vector, row| Period::parse(vector.text(row)?)?.month_number();
        numbers_by_row(rows, |row| Some(f64::from(number(&of[0], row)? - number(&of[1], row)?)))
    });
    Some((Type::number(Unit::one()), node))
}

/// An argument of one kind, or a literal read as it.
fn as_kind(checker: &mut Checker<'_>, argument: Typed, kind: &Kind, name: &str) -> Option<Typed> {
    let wanted = Type::Known(kind.clone());
    if argument.kind != Type::Literal && argument.kind != Type::Null && argument.kind != wanted {
        let message = format!("{name} takes {}, but this is {}", wanted.words(), argument.kind.words());
        checker.report(&argument.span, FaultKind::IllTyped, message);
        return None;
    }
    let span = argument.span.clone();
    let sample = Typed::new(wanted, Node::Constant(Scalar::Null), span);
    let mut pair = [sample, argument];
    checker.agree(&mut pair, "compare", None)?;
    let [_, argument] = pair;
    Some(argument)
}

pub(crate) fn rounding(checker: &mut Checker<'_>, mut call: Call) -> Built {
    let mut fields = Vec::new();
    for argument in &call.arguments {
        if let (Some(field), Type::Known(Kind::Number(_))) = (argument.field, &argument.kind) {
            fields.push(field);
        } else {
            let message = "rounding takes the bare names of number columns of a row";
            checker.report(&argument.span, FaultKind::IllTyped, message);
        }
    }
    if fields.len() < call.arguments.len() {
        return None;
    }
    let kind = checker.agree(&mut call.arguments, "add", None)?;
    Some((kind, Node::Rounding(fields)))
}

pub(crate) fn absence(checker: &mut Checker<'_>, call: Call) -> Built {
    let [column] = take(call.arguments);
    let Some(field) = column.field else {
        checker.report(&column.span, FaultKind::IllTyped, "absence takes the bare name of a column of a row");
        return None;
    };
    Some((Type::TEXT, Node::Absence(field)))
}

pub(crate) fn to_unit(checker: &mut Checker<'_>, call: Call) -> Built {
    let [x, unit] = take(call.arguments);
    let fits = checker.is_number(&x, "to_unit");
    let text = literal(checker, &unit, "the unit of to_unit")?;
    let target = match checker.scope.vocabulary.units.parse(&text) {
        Ok(target) => target,
        Err(message) => {
            checker.report(&unit.span, FaultKind::UnknownUnit, message);
            return None;
        }
    };
    if !fits {
        return None;
    }
    let Some(own) = unit_of(&x.kind) else { return Some((Type::number(target), x.node)) };
    let Some((multiply, divide)) = own.conversion(&target) else {
        checker.report_units(&call.span, "convert between", &own, &target);
        return None;
    };
    // Dividing by 100 is exact to the last digit where multiplying by 0.01 is not.
    let node = match (multiply, divide) {
        (1.0, 1.0) => x.node,
        (_, 1.0) => Node::apply(vec![x.node], move |of, _| numbers(&of[0], |value| value * multiply)),
        _ => Node::apply(vec![x.node], move |of, _| numbers(&of[0], |value| value * multiply / divide)),
    };
    Some((Type::number(target), node))
}

pub(crate) fn in_group(checker: &mut Checker<'_>, call: Call) -> Built {
    let [code, group] = take(call.arguments);
    let name = literal(checker, &group, "the group of in_group");
    let Type::Known(Kind::Code(list)) = &code.kind else {
        let message = format!("in_group takes a column of codes, but this is {}", code.kind.words());
        checker.report(&code.span, FaultKind::IllTyped, message);
        return None;
    };
    let name = name?;
    let groups = checker.scope.vocabulary.code_lists.get(list).map(|list| &list.groups);
    let Some(members) = groups.and_then(|groups| groups.get(name.as_ref())) else {
        let message = format!("code list `{list}` has no group `{name}`");
        let names = groups.into_iter().flatten().map(|(name, _)| name.as_str());
        checker.report_unknown(&group.span, FaultKind::UnknownGroup, message, &name, names, "its groups are");
        return None;
    };
    Some((Type::BOOLEAN, member(code.node, members)))
}

pub(crate) fn property(checker: &mut Checker<'_>, call: Call) -> Built {
    let [code, property] = take(call.arguments);
    let name = literal(checker, &property, "the property of property");
    let Type::Known(Kind::Code(list)) = &code.kind else {
        let message = format!("property takes a column of codes, but this is {}", code.kind.words());
        checker.report(&code.span, FaultKind::IllTyped, message);
        return None;
    };
    let name = name?;
    let properties = checker.scope.vocabulary.code_lists.get(list).map(|list| &list.properties);
    let Some(found) = properties.and_then(|properties| properties.get(name.as_ref())) else {
        let message = format!("the codes of `{list}` have no property `{name}`");
        let names = properties.into_iter().flatten().map(|(name, _)| name.as_str());
        let code = FaultKind::UnknownProperty;
        checker.report_unknown(&property.span, code, message, &name, names, "its properties are");
        return None;
    };
    Some(match found.clone() {
        Property::Number(unit, values) => {
            let node = Node::apply(vec![code.node], move |of, rows| {
                numbers_by_row(rows, |row| values.get(of[0].text(row)?).copied())
            });
            (Type::number(unit), node)
        }
        Property::Code(list, values) => {
            let node = Node::apply(vec![code.node], move |of, rows| {
                texts_by_row(rows, |row| values.get(of[0].text(row)?).cloned())
            });
            (Type::Known(Kind::Code(list)), node)
        }
    })
}

pub(crate) fn is_code(checker: &mut Checker<'_>, call: Call) -> Built {
    let [text, list] = take(call.arguments);
    let fits = checker.is_text(&text, "is_code");
    let name = literal(checker, &list, "the list of is_code")?;
    let lists = &checker.scope.vocabulary.code_lists;
    let Some(codes) = lists.get(name.as_ref()) else {
        let message = format!("there is no code list `{name}`");
        let names = lists.keys().map(String::as_str);
        checker.report_unknown(
            &list.span,
            FaultKind::UnknownCodeList,
            message,
            &name,
            names,
            "the lists are",
        );
        return None;
    };
    fits.then(|| (Type::BOOLEAN, member(text.node, &codes.codes)))
}

fn member(node: Node, members: &BTreeSet<String>) -> Node {
    let members: Vec<Box<str>> = members.iter().map(|member| member.as_str().into()).collect();
    Node::apply(vec![node], move |of, _| {
        test_texts(&of[0], |text| members.binary_search_by(|member| member.as_ref().cmp(text)).is_ok())
    })
}
