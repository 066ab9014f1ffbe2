//! Repeat counts.
pub mod frequencies;
