//! What an estimator takes as known only roughly.

use super::{Assumption, misspelt};
use crate::diagnostic::{Diagnostics, did_you_mean_of};
use crate::estimator::numeric::distribution::Distribution;
use crate::estimator::{Method, Need};
use crate::standard::Held;
use crate::standard::item::{self, Family};

/// The assumptions of an estimator, in the method's order.
pub(super) fn assumptions(
    held: &Held<item::Estimator>,
    method: &'static Method,
    diagnostics: &mut Diagnostics,
) -> Vec<Assumption> {
    let declared = &held.value.assumptions;
    for (name, _) in declared.iter() {
        if !method.assumptions.iter().any(|known| known.name == name.value) {
            let known = method.assumptions.iter().map(|known| known.name);
            let help = did_you_mean_of(&name.value, "its assumptions", known);
            let message = format!("the method `{}` makes no assumption `{}`", method.name, name.value);
            diagnostics.add("unknown-input", &held.source, name.range(), message, help);
        }
    }
    let mut assumptions = Vec::new();
    for known in method.assumptions {
        let Some(given) = declared.get(known.name) else {
            if known.need != Need::Always || misspelt(declared.keys(), known.name) {
                continue;
            }
            let message =
                format!("the method `{}` needs the assumption `{}`: {}", method.name, known.name, known.doc);
            diagnostics.add("missing-field", &held.source, held.value.method.range(), message, None);
            continue;
        };
        match distribution(given) {
            Ok((distribution, description)) => assumptions.push(Assumption {
                name: known.name.to_owned(),
                distribution,
                description,
                basis: given.basis,
                source: given.source.clone(),
            }),
            Err(message) => {
                diagnostics.add(
                    "ill-formed-distribution",
                    &held.source,
                    given.distribution.range(),
                    message,
                    None,
                );
            }
        }
    }
    assumptions
}

/// The distribution that an assumption declares, and the same in words.
pub(super) fn distribution(given: &item::Assumption) -> Result<(Distribution, String), String> {
    let parameters = [
        ("value", given.value),
        ("low", given.low),
        ("mode", given.mode),
        ("high", given.high),
        ("mean", given.mean),
        ("sd", given.sd),
        ("alpha", given.alpha),
        ("beta", given.beta),
    ];
    let (name, wanted): (&str, &[&str]) = match given.distribution.value {
        Family::Fixed => ("fixed", &["value"]),
        Family::Normal => ("normal", &["mean", "sd"]),
        Family::Uniform => ("uniform", &["low", "high"]),
        Family::Triangular => ("triangular", &["low", "mode", "high"]),
        Family::Pert => ("PERT", &["low", "mode", "high"]),
        Family::Beta => ("beta", &["alpha", "beta"]),
    };
    for (parameter, value) in parameters {
        if value.is_some() && !wanted.contains(&parameter) {
            return Err(format!("a {name} distribution has no `{parameter}`; it has {}", wanted.join(", ")));
        }
    }
    let mut values = Vec::new();
    for wanted in wanted {
        let value =
            parameters.iter().find(|(parameter, _)| parameter == wanted).and_then(|(_, value)| *value);
        values.push(value.ok_or_else(|| format!("a {name} distribution needs `{wanted}`"))?);
    }
    let distribution = match given.distribution.value {
        Family::Fixed => Distribution::fixed(values[0]),
        Family::Normal => Distribution::normal(values[0], values[1]),
        Family::Uniform => Distribution::uniform(values[0], values[1]),
        Family::Triangular => Distribution::triangular(values[0], values[1], values[2]),
        Family::Pert => Distribution::pert(values[0], values[1], values[2], 4.0),
        Family::Beta => Distribution::beta(values[0], values[1]),
    }?;
    let described: Vec<String> =
        wanted.iter().zip(&values).map(|(wanted, value)| format!("{wanted} {value}")).collect();
    Ok((distribution, format!("{name}, {}", described.join(", "))))
}
