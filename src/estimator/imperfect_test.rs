//! The share that has a property, from a test that errs.

pub mod rogan_gladen;
