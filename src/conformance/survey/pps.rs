//! Totals after drawing with unequal chances: one entry a way to the variance.

use serde_json::{Map, Value};

use super::design::numbers;
use crate::conformance::case::{Case, entry, json, matrix, number, object, text};
use crate::conformance::compare::Actual;
use crate::estimator::numeric::design::linear::{self, Linear};
use crate::estimator::numeric::design::pps::{self, Form, Pairs};
use crate::estimator::numeric::design::{self, Design, Drawn, Lonely, Stage};

pub(super) fn run(case: &Case) -> Result<Actual, String> {
    let data = entry(&case.inputs, "data")?;
    let chances = numbers(data, &text(&case.params, "first_order_inclusion_probability")?)?;
    let mut out = Map::new();
    for (way, asked) in case.expected.as_object().ok_or("what is expected is no object")? {
        let columns = entry(asked, "total")?.as_object().ok_or("total is no object")?;
        let weights = match way.as_str() {
            "with_replacement" => numbers(data, "wt")?,
            _ => chances.iter().map(|chance| 1.0 / chance).collect(),
        };
        let totals: Vec<Linear> = columns
            .keys()
            .map(|column| linear::total(&weights, &numbers(data, column)?))
            .collect::<Result<_, String>>()?;
        out.insert(way.clone(), of(case, way, &chances, columns, &totals)?);
    }
    Ok(Value::Object(out).into())
}

fn of(
    case: &Case,
    way: &str,
    chances: &[f64],
    columns: &Map<String, Value>,
    totals: &[Linear],
) -> Result<Value, String> {
    let rows: Vec<Vec<f64>> = totals
        .iter()
        .map(|one| totals.iter().map(|other| covariance(case, way, chances, [one, other])).collect())
        .collect::<Result<_, String>>()?;
    let by_column = |pick: &dyn Fn(usize) -> f64| -> Value {
        Value::Object(columns.keys().enumerate().map(|(i, name)| (name.clone(), json(pick(i)))).collect())
    };
    Ok(object([
        ("total", by_column(&|i| totals[i].value)),
        ("se", by_column(&|i| libm::sqrt(rows[i][i]))),
        ("vcov", rows.iter().map(|row| row.iter().copied().map(json).collect::<Value>()).collect()),
    ]))
}

fn covariance(case: &Case, way: &str, chances: &[f64], [one, other]: [&Linear; 2]) -> Result<f64, String> {
    let staged = |drawn| {
        let stage = Stage { strata: None, units: None, drawn };
        let design = Design::new(chances.len(), &[stage]).map_err(|fault| fault.to_string())?;
        let of = |total: &Linear| {
            design.deviations(&total.scores, Lonely::Refuse).map_err(|fault| fault.to_string())
        };
        Ok(design::covariance(&of(one)?, &of(other)?))
    };
    let paired = |pairs, form| pps::covariance(&one.scores, &other.scores, chances, pairs, form);
    let known = || matrix(&case.inputs, "joint_probability");
    match way {
        "with_replacement" => staged(Drawn::WithReplacement),
        "brewer" => staged(Drawn::WithChance(chances)),
        "overton" => paired(Pairs::Overton, Form::HorvitzThompson),
        "hartley_rao_population_p2" => {
            paired(Pairs::HartleyRao(Some(number(&case.inputs, "HR_sum_p2_over_n")?)), Form::HorvitzThompson)
        }
        "hartley_rao_sample_estimate" => paired(Pairs::HartleyRao(None), Form::HorvitzThompson),
        "horvitz_thompson" => paired(Pairs::Known(&known()?), Form::HorvitzThompson),
        "yates_grundy" => paired(Pairs::Known(&known()?), Form::YatesGrundy),
        _ => Err(format!("{way} is no way to the variance")),
    }
}
