//! Cases of `propagation`: the exact law of a result, met by draws; and first-order combinations, met exactly.
//!
//! With N draws the mean must agree within `4 sd / sqrt(N)` and a quantile within `4 sqrt(p(1-p)/N) / density`, with the
//! case's own standard deviation and densities. Where a case gives no density the expected quantile must lie between the sorted draws
//! that stand 4 binomial standard deviations to each side. A standard deviation must agree within 4 of its standard errors from the
//! draws' fourth moment, a probability within `4 sqrt(p(1-p)/N)`, a density within what [`Sample::density`] leaves open.
//! What is known by formula is compared within the case's tolerance.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::case::{Case, array, json, matrix, number, number_or, numbers, object, text};
use super::compare::Actual;
use super::{Options, model};
use crate::estimator::numeric::correlation::Correlation;
use crate::estimator::numeric::distribution::Distribution;
use crate::estimator::numeric::first_order::{Component, combine, coverage_factor};
use crate::estimator::numeric::propagation::{
    Function, Model, Propagated, Settings, Uncertain, first_order, propagate,
};
use crate::estimator::numeric::sample::Sample;

const SIGMAS: f64 = 4.0;

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

    let mut out = Drawn {
        sample: &result.sample,
        expected: &case.expected,
        value: Map::new(),
        accepted: BTreeMap::new(),
    };
    out.moments(&result);
    out.quantiles()?;
    out.probabilities();
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

/// What the draws say, with the expected values that they agree with.
struct Drawn<'a> {
    sample: &'a Sample,
    expected: &'a Value,
    value: Map<String, Value>,
    accepted: BTreeMap<String, [f64; 2]>,
}

impl Drawn<'_> {
    fn moments(&mut self, result: &Propagated) {
        let expected_sd = self.expected.get("sd").and_then(Value::as_f64);
        let mean_error =
            expected_sd.map_or(self.sample.mean_error(), |sd| sd / libm::sqrt(self.sample.count()));
        self.put("mean", result.mean, SIGMAS * mean_error);
        self.put("sd", result.sd, SIGMAS * self.sample.sd_error());
    }

    /// A value that may be undefined, with how far it may be off.
    fn put(&mut self, key: &str, value: Option<f64>, reach: f64) {
        self.value.insert(key.to_owned(), value.map_or(Value::Null, json));
        if let Some(value) = value {
            self.accepted.insert(key.to_owned(), [value - reach, value + reach]);
        }
    }

    fn quantiles(&mut self) -> Result<(), String> {
        let Some(expected) = self.expected.get("quantiles") else { return Ok(()) };
        let probabilities = numbers(expected, "p")?;
        if let Some(p) = probabilities.iter().find(|p| !(**p > 0.0 && **p < 1.0)) {
            return Err(format!("a quantile of probability {p} is asked for"));
        }
        let at = |key: &str, i: usize| match expected.get(key) {
            Some(Value::Array(items)) => items.get(i).and_then(Value::as_f64),
            Some(single) if i == 0 => single.as_f64(),
            _ => None,
        };
        let (mut quantiles, mut densities) = (Vec::new(), Vec::new());
        for (i, p) in probabilities.iter().enumerate() {
            let density = at("density_at_quantile", i);
            let (quantile, accepted) = self.quantile(*p, density);
            quantiles.push(json(quantile));
            self.accepted.insert(format!("quantiles.quantile.{i}"), accepted);
            let near = at("quantile", i).and_then(|x| self.sample.density(x, *p, SIGMAS));
            if let (Some(_), Some((density, reach))) = (density, near) {
                self.accepted
                    .insert(format!("quantiles.density_at_quantile.{i}"), [density - reach, density + reach]);
                densities.push(json(density));
            } else {
                densities.push(Value::Null);
            }
        }
        let probabilities = probabilities.into_iter().map(json).collect();
        let quantiles = object([
            ("p", probabilities),
            ("quantile", Value::Array(quantiles)),
            ("density_at_quantile", Value::Array(densities)),
        ]);
        self.value.insert("quantiles".to_owned(), quantiles);
        Ok(())
    }

    fn quantile(&self, p: f64, density: Option<f64>) -> (f64, [f64; 2]) {
        let quantile = self.sample.quantile(p);
        match density {
            Some(density) if density > 0.0 => {
                let reach = SIGMAS * libm::sqrt(p * (1.0 - p) / self.sample.count()) / density;
                (quantile, [quantile - reach, quantile + reach])
            }
            _ => {
                let (low, high) = self.sample.quantile_bounds(p, SIGMAS);
                (quantile, [low, high])
            }
        }
    }

    /// Probabilities below, at and above zero, and single percentiles such as `exact_97_5_percentile_closed_form`.
    fn probabilities(&mut self) {
        let below = self.sample.fraction_below(0.0);
        let to = self.sample.fraction_to(0.0);
        for (key, fraction) in
            [("prob_negative", below), ("prob_zero", to - below), ("prob_positive", 1.0 - to)]
        {
            let p = self.expected.get(key).and_then(Value::as_f64).unwrap_or(fraction);
            self.put(
                key,
                Some(fraction),
                SIGMAS * libm::sqrt((p * (1.0 - p)).max(0.0) / self.sample.count()),
            );
        }
        let Value::Object(expected) = self.expected else { return };
        for key in expected.keys() {
            let percent = key
                .strip_prefix("exact_")
                .and_then(|rest| rest.split_once("_percentile"))
                .and_then(|(percent, _)| percent.replace('_', ".").parse::<f64>().ok())
                .filter(|percent| *percent > 0.0 && *percent < 100.0);
            if let Some(percent) = percent {
                let (quantile, accepted) = self.quantile(percent / 100.0, None);
                self.value.insert(key.clone(), json(quantile));
                self.accepted.insert(key.clone(), accepted);
            }
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
