//! Variance by linearisation, from strata, units and sizes.
//!
//! What a case asks for is said by the names of what it expects: `mean_litres`, `total_illicit_by_region`,
//! `ratio_api_stu_enroll`, `prop_bought_99`. Their values are for the comparison alone.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::conformance::case::{Case, array, entry, json, object, text};
use crate::conformance::compare::Actual;
use crate::estimator::numeric::design::linear::{self, Linear};
use crate::estimator::numeric::design::{Design, Drawn, Lonely, Stage, covariance, interval};
use crate::estimator::numeric::proportion;

pub(super) fn run(case: &Case) -> Result<Actual, String> {
    let data = entry(&case.inputs, "data")?;
    let sample = Sample::new(data, &case.params, true)?;
    let scope = sample.scope(sample.weights.clone(), Lonely::Refuse);
    Ok(answer(&scope, &case.expected)?.into())
}

/// The columns of a table, with the design that the parameters of a case give it.
struct Sample<'a> {
    data: &'a Value,
    params: &'a Value,
    design: Design,
    weights: Vec<f64>,
}

/// A sample or a domain of it, and what becomes of single units.
struct Scope<'a> {
    sample: &'a Sample<'a>,
    weights: Vec<f64>,
    df: f64,
    lonely: Lonely,
}

impl<'a> Sample<'a> {
    fn new(data: &'a Value, params: &'a Value, with_sizes: bool) -> Result<Self, String> {
        let weights = complete(data, &text(params, "weights")?)?;
        let named = |key: &str| params.get(key).map_or_else(Vec::new, names);
        let column = |name: &String| codes(data, name);
        // `none` says that each row was drawn by itself.
        let units: Vec<Vec<u32>> =
            named("ids").iter().filter(|name| *name != "none").map(column).collect::<Result<_, _>>()?;
        let strata: Vec<Vec<u32>> = named("strata").iter().map(column).collect::<Result<_, _>>()?;
        let sizes: Vec<Vec<f64>> = if with_sizes {
            named("fpc").iter().map(|name| complete(data, name)).collect::<Result<_, _>>()?
        } else {
            Vec::new()
        };
        let stages: Vec<Stage<'_>> = (0..units.len().max(strata.len()).max(1))
            .map(|stage| Stage {
                strata: strata.get(stage).map(Vec::as_slice),
                units: units.get(stage).map(Vec::as_slice),
                drawn: sizes.get(stage).map_or(Drawn::WithReplacement, |sizes| Drawn::From(sizes)),
            })
            .collect();
        let design = Design::new(weights.len(), &stages).map_err(|fault| fault.to_string())?;
        Ok(Self { data, params, design, weights })
    }

    fn scope(&self, weights: Vec<f64>, lonely: Lonely) -> Scope<'_> {
        let df = self.design.degrees(&weights) as f64;
        Scope { sample: self, weights, df, lonely }
    }
}

/// What is asked of a scope, entry by entry.
fn answer(scope: &Scope<'_>, expected: &Value) -> Result<Value, String> {
    let sample = scope.sample;
    let mut out = Map::new();
    for (name, asked) in expected.as_object().ok_or("what is expected is no object")? {
        let lonely = match name.as_str() {
            "certainty" | "remove" => Some(Lonely::Certain),
            "adjust" => Some(Lonely::Zero),
            "average" => Some(Lonely::Average),
            _ => None,
        };
        let flag = name.strip_suffix('s').filter(|column| sample.data.get(column).is_some());
        let value = if let Some(lonely) = lonely {
            answer(&sample.scope(scope.weights.clone(), lonely), asked)?
        } else if name == "no_fpc" {
            let without = Sample::new(sample.data, sample.params, false)?;
            answer(&without.scope(scope.weights.clone(), scope.lonely), asked)?
        } else if let Some(column) = flag {
            let flags = numbers(sample.data, column)?;
            let weights = linear::within(&scope.weights, |row| flags[row] > 0.0);
            answer(&sample.scope(weights, scope.lonely), asked)?
        } else if let Some(name) = name.strip_prefix("vcov_mean_") {
            let [one, other] = pair(sample.data, name)?;
            matrix(scope, &[&one, &other])?
        } else if let Some(name) =
            name.strip_prefix("centered_").and_then(|name| name.strip_suffix("_se_own_code"))
        {
            let centred = sample.scope(scope.weights.clone(), Lonely::Centre);
            let of = one(&centred, name, &scope.weights);
            of.get("se").cloned().unwrap_or_default()
        } else if let Some((name, column)) = name.split_once("_by_") {
            domains(scope, whole_name(name, expected), column)?
        } else {
            one(scope, name, &scope.weights)
        };
        out.insert(name.clone(), value);
    }
    Ok(Value::Object(out))
}

/// The name of a statistic that is asked by domain: a bare `ratio` is the one asked of the whole sample.
fn whole_name<'a>(name: &'a str, expected: &'a Value) -> &'a str {
    let mut names = expected.as_object().into_iter().flat_map(Map::keys);
    let same = |asked: &&String| asked.starts_with("ratio_") && !asked.contains("_by_");
    if name == "ratio" { names.find(same).map_or(name, String::as_str) } else { name }
}

/// A statistic in every domain that a column names.
fn domains(scope: &Scope<'_>, name: &str, column: &str) -> Result<Value, String> {
    let cells = array(scope.sample.data, column)?;
    let mut out = Map::new();
    for domain in cells.iter().map(label).collect::<std::collections::BTreeSet<String>>() {
        let weights = linear::within(&scope.weights, |row| label(&cells[row]) == domain);
        out.insert(domain, one(scope, name, &weights));
    }
    Ok(Value::Object(out))
}

/// A statistic with all that can be said of it; null where it is undefined.
fn one(scope: &Scope<'_>, name: &str, weights: &[f64]) -> Value {
    let (data, design) = (scope.sample.data, &scope.sample.design);
    let (name, level) = leveled(data, name);
    let Ok((estimate, values)) = statistic(data, name, weights) else { return Value::Null };
    let se = design.variance(&estimate.scores, scope.lonely).map(libm::sqrt).ok();
    let t = se.and_then(|se| interval::student(estimate.value, se, scope.df, level));
    let effect = se.zip(values).and_then(|(se, Compared { kind, weights, values })| match kind {
        Kind::Mean => linear::mean_design_effect(&weights, &values, se * se),
        Kind::Total => linear::total_design_effect(&weights, &values, se * se),
    });
    let domain = design.degrees(weights);
    let optional = |number: Option<f64>| number.map_or(Value::Null, json);
    object([
        ("estimate", json(estimate.value)),
        ("se", optional(se)),
        ("df", json(scope.df)),
        ("df_design", json(scope.df)),
        ("df_domain", domain.into()),
        ("n_unweighted", linear::rows_with_weight(weights).into()),
        ("ci_t", ends(t)),
        ("ci_t_df_design", ends(t)),
        ("deff", optional(effect.and_then(|effect| effect.without_replacement))),
        ("deff_replace", optional(effect.map(|effect| effect.with_replacement))),
        ("level", json(level)),
        ("ci", se.map_or(Value::Null, |se| proportions(scope, estimate.value, se, level, t))),
    ])
}

/// The intervals of a proportion.
fn proportions(scope: &Scope<'_>, p: f64, se: f64, level: f64, t: Option<[f64; 2]>) -> Value {
    let logit = proportion::logit_by_error(p, se, scope.df, level).map(Into::into);
    let n = linear::rows_with_weight(&scope.weights) as f64;
    // Where the error is 0 the cases take the effective count for undefined.
    let effective = || proportion::korn_graubard(p, se, n, scope.df, level).ok().map(Into::into);
    let beta = if se > 0.0 { effective() } else { None };
    object([
        ("mean", ends(t)),
        ("xlogit", ends(logit)),
        ("logit", ends(logit)),
        ("beta", ends(beta)),
        ("asin", ends(interval::arcsine(p, se, scope.df, level))),
    ])
}

fn ends(interval: Option<[f64; 2]>) -> Value {
    interval.map_or(Value::Null, |ends| ends.map(json).into_iter().collect())
}

/// The covariances of the means of columns.
fn matrix(scope: &Scope<'_>, columns: &[&str]) -> Result<Value, String> {
    let deviations: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| {
            let mean = linear::mean(&scope.weights, &numbers(scope.sample.data, column)?)?;
            let deviations = scope.sample.design.deviations(&mean.scores, scope.lonely);
            deviations.map_err(|fault| fault.to_string())
        })
        .collect::<Result<_, String>>()?;
    let row = |one: &Vec<f64>| deviations.iter().map(|other| json(covariance(one, other))).collect::<Value>();
    Ok(deviations.iter().map(row).collect())
}

/// What a design effect compares with.
enum Kind {
    Mean,
    Total,
}

/// What a design effect needs: the values of a mean or total, and the weights of the rows that have one.
pub(in crate::conformance) struct Compared {
    kind: Kind,
    weights: Vec<f64>,
    values: Vec<f64>,
}

/// The statistic of a name. Rows without a value lie outside.
pub(in crate::conformance) fn statistic(
    data: &Value,
    name: &str,
    weights: &[f64],
) -> Result<(Linear, Option<Compared>), String> {
    let (kind, column) = name.split_once('_').ok_or_else(|| format!("{name} names no statistic"))?;
    if let Some([part, whole]) = match kind {
        "ratio" => Some(pair(data, column)?),
        "share" => Some([column.to_owned(), "litres".to_owned()]),
        _ => None,
    } {
        let (part, whole) = (numbers(data, &part)?, numbers(data, &whole)?);
        let weights = linear::within(weights, |row| !(part[row].is_nan() || whole[row].is_nan()));
        return Ok((linear::ratio(&weights, &part, &whole)?, None));
    }
    let values = numbers(data, column)?;
    let weights = linear::within(weights, |row| !values[row].is_nan());
    let (estimate, kind) = match kind {
        "mean" | "prop" => (linear::mean(&weights, &values)?, Kind::Mean),
        "total" => (linear::total(&weights, &values)?, Kind::Total),
        _ => return Err(format!("{kind} is no statistic")),
    };
    Ok((estimate, Some(Compared { kind, weights, values })))
}

/// A name without the per cent at its end, and the level that they give.
fn leveled<'a>(data: &Value, name: &'a str) -> (&'a str, f64) {
    let split = name
        .rsplit_once('_')
        .filter(|_| name.split_once('_').is_none_or(|(_, column)| data.get(column).is_none()));
    match split.and_then(|(name, end)| Some((name, end.parse::<u8>().ok()?))) {
        Some((name, per_cent)) => (name, f64::from(per_cent) / 100.0),
        None => (name, 0.95),
    }
}

/// Two columns whose names are joined by `_`.
fn pair(data: &Value, joined: &str) -> Result<[String; 2], String> {
    joined
        .match_indices('_')
        .map(|(at, _)| [&joined[..at], &joined[at + 1..]])
        .find(|names| names.iter().all(|name| data.get(name).is_some()))
        .map(|names| names.map(str::to_owned))
        .ok_or_else(|| format!("{joined} are no two columns"))
}

/// The names of columns: one or several, each with or without an explanation behind it.
fn names(value: &Value) -> Vec<String> {
    let first = |text: &str| text.split_whitespace().next().unwrap_or_default().to_owned();
    match value {
        Value::String(text) => vec![first(text)],
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).map(first).collect(),
        _ => Vec::new(),
    }
}

/// The numbers of a column; not a number where there is none.
pub(in crate::conformance) fn numbers(data: &Value, name: &str) -> Result<Vec<f64>, String> {
    let cells = array(data, name)?;
    cells
        .iter()
        .map(|cell| match cell {
            Value::Null => Ok(f64::NAN),
            cell => cell.as_f64().ok_or_else(|| format!("{name} holds {cell}, and must hold numbers")),
        })
        .collect()
}

/// The numbers of a column that has no gaps.
fn complete(data: &Value, name: &str) -> Result<Vec<f64>, String> {
    let numbers = numbers(data, name)?;
    if numbers.iter().any(|number| number.is_nan()) { Err(format!("{name} has gaps")) } else { Ok(numbers) }
}

/// A number for each name in a column.
pub(in crate::conformance) fn codes(data: &Value, name: &str) -> Result<Vec<u32>, String> {
    let mut known = BTreeMap::new();
    let mut next = 0;
    let code = |cell: &Value| {
        *known.entry(label(cell)).or_insert_with(|| {
            next += 1;
            next - 1
        })
    };
    Ok(array(data, name)?.iter().map(code).collect())
}

/// A cell as a name.
fn label(cell: &Value) -> String {
    cell.as_str().map_or_else(|| cell.to_string(), str::to_owned)
}
