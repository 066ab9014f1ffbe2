//! Cases of `propagation`: the exact law of a result, met by draws as [`Drawn`] says; and first-order combinations, met exactly.
//!
//! What is known by formula is compared within the case's tolerance.

use serde_json::{Map, Value};

use super::case::{Case, array, json, matrix, number, number_or, object, text};
use super::compare::Actual;
use super::drawn::Drawn;
use super::{Options, model};
use crate::estimator::numeric::correlation::Correlation;
use crate::estimator::numeric::distribution::Distribution;
use crate::estimator::numeric::first_order::{Component, combine, coverage_factor};
use crate::estimator::numeric::propagation::{Function, Model, Settings, Uncertain, first_order, propagate};
use crate::estimator::numeric::sample::Sample;

pub(super) fn run(case: &Case, options: &Options) -> Result<Actual, String> {
    if case.inputs.get("components").is_some() {
        return Ok(components(&case.inputs, &case.expected)?.into());
    }
    let listed = array(&case.inputs, "quantities")?;
    // Beside the quantities stand entries that hold correlations and coefficients.
    let (quantities, extra): (Vec<&Value>, Vec<&Value>) =
        listed.iter().partition(|item| item.get("dist").is_some());
    let quantities: Result<Vec<Uncertain>, String> = quantities
        .into_iter()
        .map(|item| Ok(Uncertain { name: text(item, "name")?, law: law(item)? }))
        .collect();
    let quantities = quantities?;
    let correlation = correlation(&extra)?;
    let names: Vec<String> = quantities.iter().map(|quantity| quantity.name.clone()).collect();
    let parsed = model::parse(&case.inputs, &names, &extra)?;
    let divisors: Vec<&Function<'_>> =
        parsed.divisors.iter().map(|divisor| divisor.as_ref() as &Function<'_>).collect();
    let model = Model { value: parsed.value.as_ref(), divisors: &divisors };
    let settings = Settings { draws: options.draws, seed: options.seed, threads: options.threads };
    let result = propagate(&quantities, correlation.as_ref(), &model, settings)?;

    let mut out = Drawn::new(&result.sample, &case.expected, "");
    out.moments(result.mean, result.sd);
    out.quantiles()?;
    probabilities(&mut out, &result.sample, &case.expected);
    if let [only] = &quantities[..]
        && let Some((alpha, beta)) = only.law.beta_shapes()
    {
        out.value.insert("alpha".to_owned(), json(alpha));
        out.value.insert("beta".to_owned(), json(beta));
    }
    if case.expected.get("gum_first_order").is_some() {
        let (estimate, uncertainty) = first_order(&quantities, correlation.as_ref(), &model)?;
        out.value.insert(
            "gum_first_order".to_owned(),
            object([("estimate", json(estimate)), ("u_c", json(uncertainty))]),
        );
    }
    Ok(Actual { value: Value::Object(out.value), accepted: out.accepted })
}

/// Probabilities below, at and above zero, and single percentiles such as `exact_97_5_percentile_closed_form`.
fn probabilities(out: &mut Drawn<'_>, sample: &Sample, expected: &Value) {
    let below = sample.fraction_below(0.0);
    let to = sample.fraction_to(0.0);
    for (key, fraction) in [("prob_negative", below), ("prob_zero", to - below), ("prob_positive", 1.0 - to)]
    {
        out.probability(key, fraction);
    }
    let Value::Object(expected) = expected else { return };
    for key in expected.keys() {
        let percent = key
            .strip_prefix("exact_")
            .and_then(|rest| rest.split_once("_percentile"))
            .and_then(|(percent, _)| percent.replace('_', ".").parse::<f64>().ok())
            .filter(|percent| *percent > 0.0 && *percent < 100.0);
        if let Some(percent) = percent {
            let (quantile, accepted) = out.quantile(percent / 100.0, None);
            out.value.insert(key.clone(), json(quantile));
            out.accept(key, accepted);
        }
    }
}

/// The law of a quantity.
fn law(quantity: &Value) -> Result<Distribution, String> {
    let get = |key: &str| number(quantity, key);
    // A bound of null is infinite.
    let bound = |key: &str, infinite: f64| match quantity.get(key) {
        None | Some(Value::Null) => Ok(infinite),
        Some(_) => get(key),
    };
    match text(quantity, "dist")?.as_str() {
        "fixed" | "constant" => Distribution::fixed(get("value")?),
        "normal" => Distribution::normal(get("mean")?, get("sd")?),
        "lognormal" => Distribution::log_normal(get("meanlog")?, get("sdlog")?),
        "uniform" => Distribution::uniform(get("min")?, get("max")?),
        "triangular" => Distribution::triangular(get("min")?, get("mode")?, get("max")?),
        "pert" => {
            Distribution::pert(get("min")?, get("mode")?, get("max")?, number_or(quantity, "lambda", 4.0)?)
        }
        "beta" => Distribution::beta(get("alpha")?, get("beta")?),
        "gamma" => Distribution::gamma(get("shape")?, get("scale")?),
        "truncated_normal" => Distribution::truncated_normal(
            get("mean")?,
            get("sd")?,
            bound("lower", f64::NEG_INFINITY)?,
            bound("upper", f64::INFINITY)?,
        ),
        other => Err(format!("there is no law {other}")),
    }
}

/// Correlations of the quantities or of their logarithms: those of the normal scores in both cases.
fn correlation(extra: &[&Value]) -> Result<Option<Correlation>, String> {
    for holder in extra {
        for key in ["correlation", "correlation_of_logs"] {
            if holder.get(key).is_some() {
                return Ok(Some(Correlation::new(matrix(holder, key)?)?));
            }
        }
    }
    Ok(None)
}

/// A first-order combination: `k95` is the coverage factor at 0.95, `U95` the expanded uncertainty, and `_floor_dof` rounds
/// the degrees of freedom down. The digits of the asked keys are those after the decimal point.
fn components(inputs: &Value, expected: &Value) -> Result<Value, String> {
    let components: Result<Vec<Component>, String> = array(inputs, "components")?
        .iter()
        .map(|component| {
            let degrees = match component.get("dof") {
                None | Some(Value::Null) => f64::INFINITY,
                Some(_) => number(component, "dof")?,
            };
            Ok(Component {
                sensitivity: number(component, "c")?,
                uncertainty: number(component, "u")?,
                degrees,
            })
        })
        .collect();
    let combined = combine(&components?);
    let mut out = Map::new();
    out.insert("u_c".to_owned(), json(combined.uncertainty));
    out.insert("dof_eff".to_owned(), json(combined.degrees));
    let asked = expected.as_object().ok_or("expected is no object")?;
    for key in asked.keys() {
        let (plain, degrees) = match key.strip_suffix("_floor_dof") {
            Some(plain) => (plain, libm::floor(combined.degrees)),
            None => (key.as_str(), combined.degrees),
        };
        let Some(digits) = plain.strip_prefix(['k', 'U']) else { continue };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let level: f64 = format!("0.{digits}").parse().expect("digits after a decimal point are a number");
        let factor = coverage_factor(level, degrees)?;
        out.insert(
            key.clone(),
            json(if plain.starts_with('k') { factor } else { factor * combined.uncertainty }),
        );
    }
    Ok(Value::Object(out))
}
