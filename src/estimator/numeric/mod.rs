//! The numerical support of the methods: draws, laws, propagation.
//!
//! Elementary functions come from `libm`, sums run in a fixed order and draws are counted, so that every machine
//! and every number of threads gives the same digits.

#![expect(
    clippy::float_cmp,
    reason = "a law without width, a corner at zero and a sum that stands still are exact"
)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank, a node or a half of a word is within its range where it is computed"
)]

pub mod autoregression;
pub mod balancing;
pub mod benchmarking;
pub mod calibration;
pub mod correlation;
pub mod counted;
mod curve;
pub mod design;
pub mod distribution;
pub mod double_double;
pub mod draw;
pub mod fay_herriot;
pub mod first_order;
pub mod fitted;
pub mod incomplete;
pub mod index_numbers;
pub mod judgement;
pub mod law;
pub mod meta_analysis;
pub mod mimic;
pub mod moments;
pub mod normal;
pub mod poisson_regression;
pub mod propagation;
pub mod proportion;
pub mod random_effects;
pub mod regression;
pub mod replicates;
pub mod robust;
pub mod root;
pub mod sample;
pub mod sampled;
mod truncated;
pub mod unseen;
