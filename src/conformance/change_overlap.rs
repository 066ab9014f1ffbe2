//! Cases of `change_overlap`: two periods of a complex sample with units in common, or two simple samples in closed form.

use serde_json::{Map, Value};

use super::Options;
use super::case::{Case, array, entry, json, number, number_or, object};
use super::compare::Actual;
use super::survey::design::{codes, numbers, statistic};
use crate::estimator::numeric::design::change::{Measured, Pair, Simple};
use crate::estimator::numeric::design::linear::{Linear, within};
use crate::estimator::numeric::design::{Design, Drawn, Lonely, Stage, covariance};

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let value = if case.inputs.get("data").is_some() { complex(case)? } else { simple(&case.inputs)? };
    Ok(value.into())
}

fn simple(inputs: &Value) -> Result<Value, String> {
    let simple = Simple {
        means: [number(inputs, "y1")?, number(inputs, "y2")?],
        deviations: [number(inputs, "s1")?, number(inputs, "s2")?],
        sizes: [number(inputs, "n1")?, number(inputs, "n2")?],
        common: number(inputs, "nc")?,
        correlation: number(inputs, "r")?,
        population: number_or(inputs, "N", f64::INFINITY)?,
    };
    Ok(changes(&simple.pair()?))
}

/// Both periods as domains of one sample.
fn complex(case: &Case) -> Result<Value, String> {
    let data = entry(&case.inputs, "data")?;
    let (strata, units) = (codes(data, "stratum")?, codes(data, "psu")?);
    let weights = numbers(data, "w")?;
    let stage = Stage { strata: Some(&strata), units: Some(&units), drawn: Drawn::WithReplacement };
    let design = Design::new(weights.len(), &[stage]).map_err(|fault| fault.to_string())?;
    let periods = array(data, "period")?;
    let mut known: Vec<&Value> = Vec::new();
    for period in periods {
        if !known.contains(&period) {
            known.push(period);
        }
    }
    let [before, after] = known[..] else { return Err(format!("there are {} periods", known.len())) };
    let in_period = [before, after].map(|wanted| within(&weights, |row| &periods[row] == wanted));
    let mut out = Map::new();
    for name in case.expected.as_object().ok_or("what is expected is no object")?.keys() {
        let value = if name == "degf" {
            design.degrees(&weights).into()
        } else {
            pair(&design, data, name, &in_period).map_or(Value::Null, |pair| changes(&pair))
        };
        out.insert(name.clone(), value);
    }
    Ok(Value::Object(out))
}

fn pair(design: &Design, data: &Value, name: &str, weights: &[Vec<f64>; 2]) -> Result<Pair, String> {
    let of = |weights: &Vec<f64>| -> Result<(Linear, Vec<f64>), String> {
        let estimate = statistic(data, name, weights)?.0;
        let deviations = design.deviations(&estimate.scores, Lonely::Refuse);
        Ok((estimate, deviations.map_err(|fault| fault.to_string())?))
    };
    let [(one, d1), (two, d2)] = [of(&weights[0])?, of(&weights[1])?];
    Ok(Pair {
        values: [one.value, two.value],
        variances: [covariance(&d1, &d1), covariance(&d2, &d2)],
        covariance: covariance(&d1, &d2),
    })
}

fn changes(pair: &Pair) -> Value {
    let two = |numbers: [f64; 2]| numbers.map(json).into_iter().collect::<Value>();
    let part = |measured: Option<Measured>, pick: fn(Measured) -> f64| {
        measured.map_or(Value::Null, |measured| json(pick(measured)))
    };
    let (value, error) = (|measured: Measured| measured.value, |measured: Measured| measured.standard_error);
    let difference = pair.difference();
    object([
        ("estimates", two(pair.values)),
        ("share", two(pair.values)),
        ("se", two(pair.variances.map(libm::sqrt))),
        ("covariance", json(pair.covariance)),
        ("correlation", pair.correlation().map_or(Value::Null, json)),
        ("difference", json(difference.value)),
        ("se_difference", json(difference.standard_error)),
        ("se_if_independent", json(pair.error_if_independent())),
        ("ratio", part(pair.ratio(), value)),
        ("se_ratio", part(pair.ratio(), error)),
        ("log_ratio", part(pair.log_ratio(), value)),
        ("se_log_ratio", part(pair.log_ratio(), error)),
    ])
}
