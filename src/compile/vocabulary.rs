//! Units and code lists as the expression language wants them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostics, did_you_mean, did_you_mean_of};
use crate::expression::{CodeList, Property, Unit, Units, Vocabulary};
use crate::standard::{Held, Standard, Text, item};

/// The words that every expression of the standard may use.
pub(super) fn vocabulary(standard: &Standard, diagnostics: &mut Diagnostics) -> Vocabulary {
    let mut units = Units::default();
    if let Some(held) = &standard.units {
        for (id, unit) in held.value.units.iter() {
            let dimension = match dimension(&unit.dimension.value) {
                Ok(dimension) => dimension,
                Err(message) => {
                    diagnostics.add("ill-formed-unit", &held.source, unit.dimension.range(), message, None);
                    // It is a unit all the same: whoever uses it is not at fault.
                    BTreeMap::from([(id.value.clone(), 1)])
                }
            };
            let factor = unit.factor.value.parse::<f64>().unwrap_or_else(|_| {
                let message = format!("the factor `{}` is not a number", unit.factor.value);
                diagnostics.add("wrong-type", &held.source, unit.factor.range(), message, None);
                1.0
            });
            if let Err(message) = units.define(&id.value, &unit.title, &dimension, factor) {
                diagnostics.add("ill-formed-unit", &held.source, id.range(), message, None);
            }
        }
    }
    let mut code_lists = BTreeMap::new();
    for (id, held) in &standard.code_lists {
        let codes: BTreeSet<String> = held.value.codes.keys().map(str::to_owned).collect();
        let mut groups = BTreeMap::new();
        for (name, group) in held.value.groups.iter() {
            for code in group.codes.iter().filter(|code| !codes.contains(&code.value)) {
                let help = did_you_mean(&code.value, codes.iter().map(String::as_str));
                let message = format!("`{}` is no code of `{id}`", code.value);
                diagnostics.add("unknown-code", &held.source, code.range(), message, help);
            }
            groups.insert(name.value.clone(), group.codes.iter().map(|code| code.value.clone()).collect());
        }
        let properties = properties(standard, held, &units, diagnostics);
        correspondences(held, &groups, diagnostics);
        code_lists.insert(id.clone(), CodeList { codes, groups, properties });
    }
    Vocabulary { units, code_lists }
}

/// The properties of a list's codes, by property and code.
fn properties(
    standard: &Standard,
    held: &Held<item::CodeList>,
    units: &Units,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Property> {
    let declared = &held.value.properties;
    for (name, _) in held.value.codes.iter().flat_map(|(_, code)| code.properties.iter()) {
        if declared.get(&name.value).is_none() {
            let help = did_you_mean_of(&name.value, "the properties", declared.keys());
            let message = format!("the list declares no property `{}`", name.value);
            diagnostics.add("unknown-property", &held.source, name.range(), message, help);
        }
    }
    let compiled = declared.iter().map(|(name, property)| {
        let given = held
            .value
            .codes
            .iter()
            .filter_map(|(code, carried)| Some((&code.value, carried.properties.get(&name.value)?)));
        let property = match &property.codes {
            Some(list) => of_codes(standard, held, property, list, given, diagnostics),
            None => of_numbers(held, &name.value, property, units, given, diagnostics),
        };
        (name.value.clone(), property)
    });
    compiled.collect()
}

/// A property that is a code of another list.
fn of_codes<'a>(
    standard: &Standard,
    held: &Held<item::CodeList>,
    property: &item::Property,
    list: &Text,
    given: impl Iterator<Item = (&'a String, &'a Text)>,
    diagnostics: &mut Diagnostics,
) -> Property {
    if let Some(unit) = &property.unit {
        let message = "a property is a number with a unit or a code of a list, not both".to_owned();
        diagnostics.add("ill-typed", &held.source, unit.range(), message, None);
    }
    let other = standard.code_lists.get(&list.value);
    if other.is_none() {
        let known = standard.code_lists.keys().map(String::as_str);
        let help = did_you_mean_of(&list.value, "the code lists", known);
        let message = format!("there is no code list `{}`", list.value);
        diagnostics.add("unknown-code-list", &held.source, list.range(), message, help);
    }
    let mut values = BTreeMap::new();
    for (code, value) in given {
        if let Some(other) = other.filter(|other| other.value.codes.get(&value.value).is_none()) {
            let help = did_you_mean(&value.value, other.value.codes.keys());
            let message = format!("`{}` is no code of `{}`", value.value, list.value);
            diagnostics.add("unknown-code", &held.source, value.range(), message, help);
        }
        values.insert(code.clone(), value.value.clone());
    }
    Property::Code(list.value.clone(), values)
}

/// A property that is a number.
fn of_numbers<'a>(
    held: &Held<item::CodeList>,
    name: &str,
    property: &item::Property,
    units: &Units,
    given: impl Iterator<Item = (&'a String, &'a Text)>,
    diagnostics: &mut Diagnostics,
) -> Property {
    let unit = property.unit.as_ref().map_or_else(Unit::one, |unit| {
        units.parse(&unit.value).unwrap_or_else(|message| {
            diagnostics.add("unknown-unit", &held.source, unit.range(), message, None);
            Unit::one()
        })
    });
    let mut values = BTreeMap::new();
    for (code, value) in given {
        match value.value.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                values.insert(code.clone(), number);
            }
            _ => {
                let message = format!("the property `{name}` is a number, not `{}`", value.value);
                diagnostics.add("wrong-type", &held.source, value.range(), message, None);
            }
        }
    }
    Property::Number(unit, values)
}

/// Every code of the group that is replaced is found in the other: as itself, or as those that cover it.
fn correspondences(
    held: &Held<item::CodeList>,
    groups: &BTreeMap<String, BTreeSet<String>>,
    diagnostics: &mut Diagnostics,
) {
    for (name, correspondence) in held.value.correspondences.iter() {
        let mut members = |group: &Text| {
            let found = groups.get(&group.value);
            if found.is_none() && !group.value.is_empty() {
                let help = did_you_mean_of(&group.value, "the groups", groups.keys().map(String::as_str));
                let message = format!("the list has no group `{}`", group.value);
                diagnostics.add("unknown-group", &held.source, group.range(), message, help);
            }
            found
        };
        let (Some(from), Some(to)) = (members(&correspondence.from), members(&correspondence.to)) else {
            continue;
        };
        let replaced = correspondence.codes.iter().map(|(code, _)| (code, from, &correspondence.from));
        let covering = correspondence.codes.iter().flat_map(|(_, codes)| codes);
        let covering = covering.map(|code| (code, to, &correspondence.to));
        for (code, members, group) in replaced.chain(covering) {
            if !members.contains(&code.value) {
                let help = did_you_mean(&code.value, members.iter().map(String::as_str));
                let message = format!("`{}` is no code of the group `{}`", code.value, group.value);
                diagnostics.add("unknown-code", &held.source, code.range(), message, help);
            }
        }
        let lost: Vec<&str> = from
            .iter()
            .map(String::as_str)
            .filter(|code| !to.contains(*code) && correspondence.codes.get(code).is_none())
            .collect();
        if !lost.is_empty() {
            let message = format!(
                "`{}` does not say what became of {}, which `{}` has and `{}` has not",
                name.value,
                lost.join(", "),
                correspondence.from.value,
                correspondence.to.value
            );
            diagnostics.add("incomplete-correspondence", &held.source, name.range(), message, None);
        }
    }
}

/// `alcohol/volume` as powers of base dimensions; `1` is none.
fn dimension(text: &str) -> Result<BTreeMap<String, i32>, String> {
    let mut powers = BTreeMap::new();
    for (position, part) in text.split('/').enumerate() {
        for factor in part.split('*').map(str::trim).filter(|factor| *factor != "1") {
            if factor.is_empty() || !factor.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                return Err(format!(
                    "`{text}` is no dimension: write base dimensions joined by * and /, or 1"
                ));
            }
            *powers.entry(factor.to_owned()).or_insert(0) += if position == 0 { 1 } else { -1 };
        }
    }
    Ok(powers)
}
