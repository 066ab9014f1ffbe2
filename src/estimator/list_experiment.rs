//! How many people a sensitive statement applies to, from lists.

pub mod design_effect;
pub mod means;
