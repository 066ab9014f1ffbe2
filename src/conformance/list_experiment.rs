//! Cases of `list_experiment`: a list in two groups, or two lists of which each group has the statement in one.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Options;
use super::case::{Case, array, entry, json, number_or, object};
use super::compare::Actual;
use crate::estimator::list_experiment::contrast::Answers;
use crate::estimator::list_experiment::means::{self, Difference};
use crate::estimator::numeric::design::{Design, Lonely};

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let level = number_or(&case.params, "level", 0.95)?;
    if !(level > 0.0 && level < 1.0) {
        return Err(format!("level is {level}, and must lie between 0 and 1"));
    }
    let data = entry(&case.inputs, "data")?;
    let value = if data.get("yA").is_some() { two_lists(data, level)? } else { one_list(data, level)? };
    Ok(value.into())
}

/// A column; none where a cell is empty.
fn column(data: &Value, key: &str) -> Result<Vec<Option<f64>>, String> {
    Ok(array(data, key)?.iter().map(Value::as_f64).collect())
}

fn one_list(data: &Value, level: f64) -> Result<Value, String> {
    let (treat, y) = (column(data, "treat")?, column(data, "y")?);
    if treat.len() != y.len() {
        return Err(format!("treat has {} rows, and y has {}", treat.len(), y.len()));
    }
    // Rows with both, by their place.
    let rows: Vec<(usize, bool, f64)> =
        (0..y.len()).filter_map(|i| Some((i, treat[i]? > 0.5, y[i]?))).collect();
    let group =
        |treated: bool| -> Vec<f64> { rows.iter().filter(|row| row.1 == treated).map(|row| row.2).collect() };
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    put("n_treat", Value::from(group(true).len()));
    put("n_control", Value::from(group(false).len()));
    let Some(found) = Difference::of(&group(true), &group(false)) else { return Ok(Value::Object(out)) };
    let welch = found.welch(level);
    put("mean_treat", json(found.treated.mean));
    put("mean_control", json(found.control.mean));
    put("estimate", json(found.value()));
    put("estimate_bounded", json(found.value().clamp(0.0, 1.0)));
    put("se_neyman", optional(found.standard_error()));
    put("welch_df", optional(welch.map(|welch| welch.degrees)));
    put("welch_t", optional(welch.map(|welch| welch.t)));
    put("p_value", optional(welch.map(|welch| welch.p_value)));
    put("ci_welch", interval(welch.map(|welch| welch.interval)));
    put("ci_normal", interval(found.normal_interval(level)));
    put("se_pooled", optional(found.pooled()));
    put("se_hc0", json(found.hc0()));
    put("se_hc1", optional(found.hc1()));
    put("se_hc3", optional(found.hc3()));
    if data.get("w").is_some() {
        put("weighted", weighted(&rows, &column(data, "w")?));
    }
    if data.get("stratum").is_some() {
        put("post_stratified", post_stratified(&rows, array(data, "stratum")?));
    }
    Ok(Value::Object(out))
}

fn weighted(rows: &[(usize, bool, f64)], weights: &[Option<f64>]) -> Value {
    let rows: Vec<(f64, bool, f64)> = rows
        .iter()
        .filter_map(|(i, treated, y)| Some((weights.get(*i).copied().flatten()?, *treated, *y)))
        .collect();
    let weights: Vec<f64> = rows.iter().map(|row| row.0).collect();
    let treated: Vec<bool> = rows.iter().map(|row| row.1).collect();
    let count: Vec<f64> = rows.iter().map(|row| row.2).collect();
    let admits = vec![false; rows.len()];
    let answers = Answers { weights: &weights, treated: &treated, count: &count, admits: &admits };
    let Ok(found) = answers.list() else { return Value::Null };
    let error = Design::new(rows.len(), &[])
        .and_then(|design| design.variance(&found.scores, Lonely::Refuse))
        .ok()
        .map(libm::sqrt);
    object([
        ("estimate", json(found.value)),
        ("se_svyglm", optional(error)),
        ("se_domain_contrast", optional(error)),
        ("df_residual", Value::from(rows.len().saturating_sub(2))),
    ])
}

fn post_stratified(rows: &[(usize, bool, f64)], strata: &[Value]) -> Value {
    let mut groups: BTreeMap<String, [Vec<f64>; 2]> = BTreeMap::new();
    for (i, treated, y) in rows {
        let Some(name) = strata.get(*i).and_then(Value::as_str) else { continue };
        groups.entry(name.to_owned()).or_default()[usize::from(*treated)].push(*y);
    }
    let differences: Option<Vec<Difference>> =
        groups.values().map(|[control, treated]| Difference::of(treated, control)).collect();
    let Some(found) = differences.and_then(|differences| means::post_stratified(&differences)) else {
        return Value::Null;
    };
    object([
        ("strata", groups.into_keys().map(Value::from).collect()),
        ("estimates", found.differences.into_iter().map(json).collect()),
        ("estimate", json(found.value)),
        ("se", optional(found.standard_error)),
    ])
}

fn two_lists(data: &Value, level: f64) -> Result<Value, String> {
    let (group, a, b) = (column(data, "group")?, column(data, "yA")?, column(data, "yB")?);
    if group.len() != a.len() || group.len() != b.len() {
        return Err("group, yA and yB have different numbers of rows".to_owned());
    }
    let answers = |wanted: bool| -> Vec<[f64; 2]> {
        let row = |i: usize| Some((group[i]? > 0.5, [a[i]?, b[i]?]));
        (0..group.len()).filter_map(row).filter(|row| row.0 == wanted).map(|row| row.1).collect()
    };
    let Some(found) = means::double_list(&answers(true), &answers(false)) else { return Ok(Value::Null) };
    let welch = found.difference.welch(level);
    Ok(object([
        ("estimate_A", json(found.lists[0])),
        ("estimate_B", json(found.lists[1])),
        ("estimate", json(found.value)),
        ("se", optional(found.difference.standard_error().map(|error| error / 2.0))),
        ("welch_df", optional(welch.map(|welch| welch.degrees))),
        ("ci_welch", interval(welch.map(|welch| welch.interval.map(|end| end / 2.0)))),
    ]))
}

fn interval(ends: Option<[f64; 2]>) -> Value {
    ends.map_or(Value::Null, |ends| ends.map(json).into_iter().collect())
}

fn optional(number: Option<f64>) -> Value {
    number.map_or(Value::Null, json)
}
