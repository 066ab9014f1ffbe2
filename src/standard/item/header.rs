//! What a version is: `standard.yaml`.

use super::Text;
use crate::yaml::{Choice, Fields, Item};

/// Whether a version may still change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    /// It may change.
    #[default]
    Draft,
    /// It is frozen.
    Published,
    /// It is frozen, and another should be used.
    Retired,
}

impl Choice for Status {
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("draft", Self::Draft, "may still change"),
        ("published", Self::Published, "frozen"),
        ("retired", Self::Retired, "frozen, and replaced by another"),
    ];
    const WHAT: &'static str = "a status";
}

/// `standard.yaml`: what this version is.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// The standard's name.
    pub title: String,
    /// Whether it may still change.
    pub status: Status,
    /// What changed since the version that it extends.
    pub changes: String,
    /// The version whose items it inherits.
    pub extends: Option<Text>,
    /// Inherited items that it gives up, such as `rules/old_rule`.
    pub withdraws: Vec<Text>,
}

impl Item for Header {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The standard's name"),
            status: fields.required("status", "Whether this version may still change"),
            changes: fields
                .required("changes", "What changed since the version before, in a sentence or two"),
            extends: fields.optional("extends", "The version whose items this one inherits"),
            withdraws: fields.or_default(
                "withdraws",
                "Inherited items that this version gives up, such as rules/old_rule",
            ),
        }
    }
}
