//! Sikes: a standards engine for measuring illicit trade in alcohol.
mod calendar;
pub mod cli;
pub mod compare;
pub mod compile;
pub mod conformance;
pub mod diagnostic;
pub mod error;
pub mod estimator;
pub mod expression;
pub mod group;
pub mod measure;
pub mod report;
pub mod run;
pub mod standard;
pub mod submission;
pub mod table;
pub mod validate;
pub mod yaml;
