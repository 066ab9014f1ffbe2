//! How many people a sensitive question applies to, from answers that chance hides.

pub mod chance;
