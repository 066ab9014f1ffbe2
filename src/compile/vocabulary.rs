//! Units and code lists as the expression language wants them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostics, did_you_mean};
use crate::expression::{CodeList, Units, Vocabulary};
use crate::standard::Standard;

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
        code_lists.insert(id.clone(), CodeList { codes, groups });
    }
    Vocabulary { units, code_lists }
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
