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

pub mod balancing;
pub mod correlation;
mod curve;
pub mod distribution;
pub mod double_double;
pub mod draw;
pub mod first_order;
pub mod incomplete;
pub mod law;
pub mod moments;
pub mod normal;
pub mod propagation;
pub mod sample;
mod truncated;
