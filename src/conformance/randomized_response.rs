//! Cases of `randomized_response`: one sample of each design, or two samples with an unknown harmless question.

use serde_json::Value;

use super::Options;
use super::case::{Case, json, number, number_or, object, text};
use super::compare::Actual;
use crate::estimator::randomised_response::chance::{self, Design, TwoSamples, bounded};

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let params = |key: &str| number(&case.params, key);
    let inputs = |key: &str| number(&case.inputs, key);
    if case.inputs.get("x1").is_some() {
        let two = TwoSamples::new([params("P1")?, params("P2")?])?;
        let counts = [inputs("n1")?, inputs("n2")?];
        let yes = [inputs("x1")? / counts[0], inputs("x2")? / counts[1]];
        let value = object([
            ("estimate", json(two.prevalence(yes))),
            ("pi_unrelated", json(two.innocuous(yes))),
            ("se", json(two.standard_error(yes, counts))),
        ]);
        return Ok(value.into());
    }
    let design = match text(&case.params, "design")?.as_str() {
        "warner" => Design::Warner(params("P")?),
        "forced_response" => Design::Forced(params("p_truth")?, params("p_forced_yes")?),
        "unrelated_question_known" => Design::Unrelated(params("P")?, params("pi_u")?),
        "crosswise" => Design::Crosswise(params("p")?),
        other => return Err(format!("there is no design {other}")),
    };
    let level = number_or(&case.params, "level", 0.95)?;
    let found =
        design.chance().and_then(|chance| chance::assess(inputs("x_yes")?, inputs("n")?, chance, level));
    // What no answer can tell is undefined, and not a mistake of the case.
    let Ok(found) = found else { return Ok(Value::Null.into()) };
    let interval = |ends: [f64; 2]| -> Value { ends.map(json).into_iter().collect() };
    let value = object([
        ("lambda", json(found.yes)),
        ("estimate", json(found.prevalence)),
        ("estimate_bounded", json(bounded(found.prevalence))),
        ("se_mle", json(found.standard_error)),
        ("se_unbiased", found.standard_error_unbiased.map_or(Value::Null, json)),
        ("ci_wald_mle", interval(found.wald)),
        ("ci_wald_mle_bounded", interval(found.wald.map(bounded))),
        ("ci_clopper_pearson_mapped", interval(found.clopper_pearson)),
    ]);
    Ok(value.into())
}
