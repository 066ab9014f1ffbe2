//! How many people a sensitive statement applies to, from lists.

pub mod contrast;
pub mod design_effect;
pub mod means;
