//! Cases of `distributions`: probabilities and quantiles of the laws of statistical tables.

use serde_json::Value;

use super::Options;
use super::case::{Case, array, json, number, numbers, object, text};
use super::compare::Actual;
use crate::estimator::numeric::law::Law;

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let values: Result<Vec<Value>, String> = array(&case.inputs, "cases")?.iter().map(value).collect();
    Ok(object([("values", Value::Array(values?))]).into())
}

/// One value; null where it is not a finite number.
fn value(asked: &Value) -> Result<Value, String> {
    let law = law(&text(asked, "dist")?, &numbers(asked, "params")?)?;
    let argument = number(asked, "arg")?;
    let is_probability = (0.0..=1.0).contains(&argument);
    Ok(json(match text(asked, "fn")?.as_str() {
        "cdf" => law.cdf(argument),
        "sf" => law.sf(argument),
        "ppf" if is_probability => law.quantile(argument),
        "isf" if is_probability => law.upper_quantile(argument),
        "ppf" | "isf" => f64::NAN,
        other => return Err(format!("the function {other} is not one of cdf, sf, ppf, isf")),
    }))
}

fn law(name: &str, parameters: &[f64]) -> Result<Law, String> {
    match (name, parameters) {
        ("normal", []) => Ok(Law::normal()),
        ("t", [df]) => Law::student_t(*df),
        ("chi2", [df]) => Law::chi_squared(*df),
        ("gamma", [shape, scale]) => Law::gamma(*shape, *scale),
        ("beta", [a, b]) => Law::beta(*a, *b),
        ("f", [d1, d2]) => Law::f(*d1, *d2),
        ("lognormal", [meanlog, sdlog]) => Law::log_normal(*meanlog, *sdlog),
        ("poisson", [mean]) => Law::poisson(*mean),
        ("binomial", [n, p]) => Law::binomial(*n, *p),
        _ => Err(format!("there is no law {name} with {} parameters", parameters.len())),
    }
}
