//! Cases of `survey`: complex samples, by what the case says of how the variance is to be had.

use super::Options;
use super::case::Case;
use super::compare::Actual;

mod calibration;
pub(super) mod design;
mod pps;
mod replicates;

pub(super) fn run(case: &Case, options: &Options) -> Result<Actual, String> {
    let says = |key: &str| case.params.get(key).is_some();
    if says("combined_weights") || case.inputs.get("rep_weights").is_some() {
        replicates::run(case, options)
    } else if says("logit_bounds") {
        calibration::run(case, options)
    } else if says("first_order_inclusion_probability") {
        pps::run(case)
    } else {
        design::run(case)
    }
}
