//! Cases of `survey`: complex samples, by what the case says of how the variance is to be had.

use super::Options;
use super::case::Case;
use super::compare::Actual;

pub(super) mod design;
mod pps;

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let says = |key: &str| case.params.get(key).is_some();
    if says("combined_weights") || says("logit_bounds") {
        return Err("not this part".to_owned());
    }
    if says("first_order_inclusion_probability") { pps::run(case) } else { design::run(case) }
}
