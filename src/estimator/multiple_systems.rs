//! Several lists.
pub mod fitted;
pub mod model;
pub mod profile;
pub mod search;
pub mod table;
