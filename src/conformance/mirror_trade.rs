//! Cases of `mirror_trade`: flows as their two ends declare them.

use serde_json::Value;

use super::Options;
use super::case::{Case, array, json, number_or, object};
use super::compare::Actual;
use crate::estimator::mirror_asymmetry::flows::{self, Asymmetry, Flow};

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let inputs = &case.inputs;
    let factor = number_or(inputs, "cif_fob_default", 1.0)?;
    let standard_error = number_or(inputs, "se_cif_fob", 0.0)?;
    let listed = array(inputs, "flows")?;
    let flows: Vec<Flow> = listed
        .iter()
        .map(|listed| {
            Ok(Flow {
                exported: amount(listed, "export_fob")?,
                imported: amount(listed, "import_cif")?,
                factor: amount(listed, "cif_fob")?.unwrap_or(factor),
                weight: amount(listed, "weight")?.unwrap_or(1.0),
            })
        })
        .collect::<Result<_, String>>()?;
    let together = flows::together(&flows)?;
    let by_flow = listed.iter().zip(&flows).map(|(listed, flow)| {
        let compared = flows::compare(flow);
        let figure = |figure: fn(&Asymmetry) -> Option<f64>| optional(compared.as_ref().and_then(figure));
        object([
            ("flow", listed.get("flow").cloned().unwrap_or_default()),
            ("used", Value::Bool(compared.is_some())),
            ("import_fob_equivalent", figure(|flow| Some(flow.import_equivalent))),
            ("gap", figure(|flow| Some(flow.gap))),
            ("gap_over_export", figure(|flow| flow.gap_over_export)),
            ("relative_gap_mid", figure(|flow| flow.relative_gap)),
            ("asymmetry_index", figure(|flow| flow.index)),
            ("log_ratio", figure(|flow| flow.log_ratio)),
        ])
    });
    let value = object([
        ("flows", by_flow.collect()),
        ("n_used", json(together.used as f64)),
        ("sum_gap", json(together.gap)),
        ("sum_import_over_recorded", json(together.import_over)),
        ("sum_export_over_recorded", json(together.export_over)),
        ("aggregate_relative_gap", optional(together.relative_gap)),
        ("aggregate_asymmetry_index", optional(together.index)),
        ("value_weighted_mean_log_ratio", optional(together.mean_log_ratio)),
        ("unmatched_exports_fob", json(together.unmatched_exports)),
        ("unmatched_imports_fob_equivalent", json(together.unmatched_imports)),
        ("sum_gap_including_unmatched", json(together.gap_with_unmatched())),
        ("se_sum_gap_from_cif_fob", json(flows::error_of_factor(&flows, standard_error))),
    ]);
    Ok(value.into())
}

/// A number that may be missing.
fn amount(flow: &Value, key: &str) -> Result<Option<f64>, String> {
    match flow.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            value.as_f64().map(Some).ok_or_else(|| format!("{key} is {value}, and must be a number"))
        }
    }
}

fn optional(number: Option<f64>) -> Value {
    number.map_or(Value::Null, json)
}
