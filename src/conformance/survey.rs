//! Cases of `survey`, by what makes their variance.

use super::Options;
use super::case::Case;
use super::compare::Actual;

mod replicates;

pub(super) fn run(case: &Case, options: &Options) -> Result<Actual, String> {
    let has = |key: &str| case.inputs.get(key).is_some();
    if has("rep_weights") || has("brr_factors") || has("fay_factors") {
        replicates::run(case, options)
    } else {
        Err("the design of the case is unknown".to_owned())
    }
}
