//! Cases of `binomial_ci`: intervals for counts, or the intervals of Korn and Graubard for proportions with their errors.

use serde_json::{Map, Value};

use super::Options;
use super::case::{Case, array, json, number_or};
use super::compare::Actual;
use crate::estimator::numeric::proportion::{
    agresti_coull, agresti_coull_clipped, check, clopper_pearson, effective, jeffreys, jeffreys_modified,
    korn_graubard, korn_graubard_truncated, logit, mid_p, wald, wilson, wilson_corrected,
};

/// A name of the cases, and what computes it.
type Named = (&'static str, fn(f64, f64, f64) -> (f64, f64));

static INTERVALS: &[Named] = &[
    ("wald", wald),
    ("wilson", wilson),
    ("wilson_continuity_corrected", wilson_corrected),
    ("clopper_pearson", clopper_pearson),
    ("jeffreys", jeffreys),
    ("jeffreys_modified", jeffreys_modified),
    ("agresti_coull", agresti_coull),
    ("agresti_coull_clipped", agresti_coull_clipped),
    ("mid_p", mid_p),
    ("logit", logit),
];

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let results: Result<Vec<Value>, String> = array(&case.inputs, "cases")?
        .iter()
        .map(|input| if input.get("p").is_some() { of_error(input) } else { of_count(input) })
        .collect();
    let results = Map::from_iter([("results".to_owned(), Value::Array(results?))]);
    Ok(Value::Object(results).into())
}

fn of_count(input: &Value) -> Result<Value, String> {
    let (x, n, level) = (figure(input, "x"), figure(input, "n"), number_or(input, "level", 0.95)?);
    let possible = check(x, n, level).is_ok();
    let mut out = input.as_object().cloned().unwrap_or_default();
    out.insert("estimate".to_owned(), if possible { json(x / n) } else { Value::Null });
    for (name, interval) in INTERVALS {
        out.insert((*name).to_owned(), ends(possible.then(|| interval(x, n, level))));
    }
    Ok(Value::Object(out))
}

fn of_error(input: &Value) -> Result<Value, String> {
    let [p, se, n, df] = ["p", "se", "n", "df"].map(|key| figure(input, key));
    let level = number_or(input, "level", 0.95)?;
    let effective = effective(p, se, n, df, level).ok();
    let mut out = input.as_object().cloned().unwrap_or_default();
    let mut put = |name: &str, value| out.insert(name.to_owned(), value);
    put("n_eff", effective.map_or(Value::Null, |e| json(e.count)));
    put("df_adjustment", effective.map_or(Value::Null, |e| json(e.adjustment)));
    put("n_eff_adjusted", effective.map_or(Value::Null, |e| json(e.adjusted)));
    put("n_eff_adjusted_truncated", effective.map_or(Value::Null, |e| json(e.truncated)));
    put("ci", ends(korn_graubard(p, se, n, df, level).ok()));
    put("ci_truncated_n", ends(korn_graubard_truncated(p, se, n, df, level).ok()));
    Ok(Value::Object(out))
}

/// A figure that may be missing.
fn figure(input: &Value, key: &str) -> f64 {
    input.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

fn ends(interval: Option<(f64, f64)>) -> Value {
    interval.map_or(Value::Null, |(low, high)| Value::Array(vec![json(low), json(high)]))
}
