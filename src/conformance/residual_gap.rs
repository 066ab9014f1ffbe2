//! Cases of `residual_gap`: one product, several products, or a series of years with base years.

use serde_json::{Map, Value};

use super::Options;
use super::case::{Case, array, entry, json, matrix, number, number_or, numbers, object};
use super::compare::Actual;
use crate::estimator::numeric::correlation::Correlation;
use crate::estimator::residual::gap::{self, Figures, Gap, Interval, Measured};
use crate::estimator::residual::products::{self, Product};
use crate::estimator::residual::series::{self, Year};

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let level = number_or(&case.params, "level", 0.95)?;
    if !(level > 0.0 && level < 1.0) {
        return Err(format!("level is {level}, and must lie between 0 and 1"));
    }
    let inputs = &case.inputs;
    let value = if inputs.get("products").is_some() {
        several(inputs, level)?
    } else if inputs.get("year").is_some() {
        years(inputs)?
    } else {
        one(inputs, level)?
    };
    Ok(value.into())
}

fn one(inputs: &Value, level: f64) -> Result<Value, String> {
    let Gap { total, gap, share } = gap::assess(&figures(inputs)?, level);
    let mut out = Map::new();
    out.insert("total".to_owned(), json(total.0));
    out.insert("se_total".to_owned(), json(total.1));
    out.insert("negative_gap".to_owned(), Value::Bool(gap.value < 0.0));
    put(&mut out, "gap", &gap);
    if let Some(share) = &share {
        put(&mut out, "share", &share.measured);
        let [c, u, l] = share.gradient.map(json);
        out.insert("gradient_share".to_owned(), object([("C", c), ("u", u), ("L", l)]));
        out.insert("share_ci_logit".to_owned(), interval(share.logit));
        out.insert("share_ci_log_legit_ratio".to_owned(), interval(share.log_legal));
    }
    if inputs.get("duty_per_unit").is_some() {
        let loss = gap::revenue_loss(&gap, number(inputs, "duty_per_unit")?);
        out.insert("revenue_loss".to_owned(), json(loss.bounded));
        out.insert("revenue_loss_unbounded".to_owned(), json(loss.value));
        out.insert("se_revenue_loss_unbounded".to_owned(), json(loss.standard_error));
    }
    Ok(Value::Object(out))
}

fn several(inputs: &Value, level: f64) -> Result<Value, String> {
    let listed = array(inputs, "products")?;
    let products: Result<Vec<Product>, String> = listed
        .iter()
        .map(|product| Ok(Product { strength: number(product, "abv")?, figures: figures(product)? }))
        .collect();
    let together = products::assess(&products?, level);
    let by_product = listed.iter().zip(&together.products).map(|(listed, product)| {
        let share = product.share.as_ref().map(|share| share.measured);
        object([
            ("product", listed.get("product").cloned().unwrap_or_default()),
            ("lpa_total", json(product.total.0)),
            ("lpa_gap", json(product.gap.value)),
            ("share", optional(share.map(|share| share.value))),
            ("se_share", optional(share.map(|share| share.standard_error))),
        ])
    });
    let mut out = Map::new();
    out.insert("by_product".to_owned(), by_product.collect());
    out.insert("total_lpa".to_owned(), json(together.total));
    out.insert("legit_lpa".to_owned(), json(together.legal));
    out.insert("gap_lpa".to_owned(), json(together.gap.value));
    out.insert("gap_lpa_bounded".to_owned(), json(together.gap.bounded));
    out.insert("se_gap_lpa".to_owned(), json(together.gap.standard_error));
    out.insert("gap_sum_of_bounded".to_owned(), json(together.sum_of_bounded));
    if let Some(share) = &together.share {
        put(&mut out, "share", share);
    }
    Ok(Value::Object(out))
}

fn years(inputs: &Value) -> Result<Value, String> {
    let names = array(inputs, "year")?;
    // One base year may be written without brackets.
    let base = match entry(inputs, "base_years")? {
        Value::Array(base) => base.clone(),
        single => vec![single.clone()],
    };
    if let Some(unknown) = base.iter().find(|year| !names.contains(year)) {
        return Err(format!("base year {unknown} is not a year of the series"));
    }
    let column = |key: &str| -> Result<Vec<Option<f64>>, String> {
        let column = array(inputs, key)?;
        if column.len() == names.len() {
            Ok(column.iter().map(Value::as_f64).collect())
        } else {
            Err(format!("{key} has {} rows, and year has {}", column.len(), names.len()))
        }
    };
    let (survey, errors, legal) = (column("survey_consumption")?, column("se_survey")?, column("legit")?);
    let rows: Vec<Year> = (0..names.len())
        .map(|i| Year {
            survey: survey[i],
            standard_error: errors[i],
            legal: legal[i],
            is_base: base.contains(&names[i]),
        })
        .collect();
    let (uplift, outcomes) = series::assess(&rows)?;
    let listed = names.iter().zip(outcomes).map(|(name, outcome)| {
        let get = |figure: fn(&series::Outcome) -> f64| optional(outcome.as_ref().map(figure));
        object([
            ("year", name.clone()),
            ("total", get(|outcome| outcome.total)),
            ("gap", get(|outcome| outcome.gap)),
            ("gap_bounded", get(|outcome| outcome.gap_bounded)),
            ("share", get(|outcome| outcome.share)),
            ("share_bounded", get(|outcome| outcome.share_bounded)),
            ("se_share", optional(outcome.as_ref().and_then(|outcome| outcome.standard_error))),
            ("share_mean_of_ratios_uplift", get(|outcome| outcome.share_by_mean_of_ratios)),
        ])
    });
    Ok(object([
        ("years", listed.collect()),
        ("uplift_ratio_of_sums", json(uplift.ratio_of_sums)),
        ("uplift_mean_of_ratios", json(uplift.mean_of_ratios)),
        ("uplift_min", json(uplift.least)),
        ("uplift_max", json(uplift.most)),
    ]))
}

/// A figure with its standard error, its bound and its intervals.
fn put(out: &mut Map<String, Value>, name: &str, measured: &Measured) {
    out.insert(name.to_owned(), json(measured.value));
    out.insert(format!("se_{name}"), json(measured.standard_error));
    out.insert(format!("{name}_bounded"), json(measured.bounded));
    out.insert(format!("{name}_ci_wald"), interval(Some(measured.wald)));
    out.insert(format!("{name}_ci_bounded"), interval(Some(measured.wald_bounded)));
}

fn interval(ends: Option<Interval>) -> Value {
    ends.map_or(Value::Null, |ends| ends.map(json).into_iter().collect())
}

fn optional(number: Option<f64>) -> Value {
    number.map_or(Value::Null, json)
}

/// A standard error that is left out belongs to a figure without error.
fn figures(inputs: &Value) -> Result<Figures, String> {
    let correlation = if inputs.get("correlation").is_some() {
        Correlation::new(matrix(inputs, "correlation")?)?
    } else {
        Correlation::none(3)
    };
    if correlation.size() != 3 {
        return Err(format!("correlation is of {} figures, and must be of C, u and L", correlation.size()));
    }
    let mut standard_errors = [0.0; 3];
    for (standard_error, key) in standard_errors.iter_mut().zip(["se_C", "se_u", "se_L"]) {
        *standard_error = number_or(inputs, key, 0.0)?;
        if *standard_error < 0.0 {
            return Err(format!("{key} is {standard_error}, and must not be negative"));
        }
    }
    let figure = |key| {
        numbers(inputs, key).and_then(|numbers| match numbers[..] {
            [number] => Ok(number),
            _ => Err(format!("{key} must be one number")),
        })
    };
    Ok(Figures {
        survey: figure("C")?,
        uplift: figure("u")?,
        legal: figure("L")?,
        standard_errors,
        correlation,
    })
}
