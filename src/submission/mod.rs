//! What agencies send, read into typed tables whose every row knows its place.

pub mod cell;
pub mod csv;
pub mod fault;
pub mod folder;
pub mod layout;
pub mod manifest;

pub(crate) mod builder;
pub(crate) mod fold;
mod header;
