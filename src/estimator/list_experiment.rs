//! How many people a sensitive statement applies to, from lists.

pub mod means;
