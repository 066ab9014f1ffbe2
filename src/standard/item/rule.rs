//! What must hold: `rules/`.

use super::Text;
use crate::yaml::{Choice, Content, Decode, Decoder, Fields, Item, Map, Node};

/// How much a finding weighs.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// The figure may be used, and someone should look at it.
    Warning,
    /// The figure cannot be used as it stands.
    #[default]
    Error,
}

impl Severity {
    /// The word that files and reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Choice for Severity {
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("error", Self::Error, "the figure cannot be used as it stands"),
        ("warning", Self::Warning, "the figure may be used, and someone should look at it"),
        ("info", Self::Info, "worth knowing"),
    ];
    const WHAT: &'static str = "a severity";
}

/// `rules/ID.yaml`: what must hold of a dataset.
///
/// Without `by` it is checked on each row; with `by` on each group of rows; with `by` and `order` on each row beside
/// the row before it in its group.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    /// The problem, not the cure.
    pub title: String,
    /// The dataset it is about.
    pub dataset: Text,
    /// How much a finding weighs.
    pub severity: Severity,
    /// Which rows it looks at; all where it is left out.
    pub applies: Option<Text>,
    /// What forms a group.
    pub by: Vec<Text>,
    /// What puts the rows of a group in order.
    pub order: Option<Text>,
    /// What must hold; null passes.
    pub check: Text,
    /// What to say where it does not, with `{expressions}`.
    pub message: Text,
    /// How to mend it.
    pub fix: String,
    /// Why it matters.
    pub why: String,
    /// Rows that pass and rows that fail.
    pub examples: Examples,
}

impl Item for Rule {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The problem that the rule finds, in a few words"),
            dataset: fields.required("dataset", "The dataset that the rule is about"),
            severity: fields.required("severity", "How much a finding weighs"),
            applies: fields.optional("where", "Which rows the rule looks at; all rows where it is left out"),
            by: fields.or_default("by", "What forms a group, where the check is about groups of rows"),
            order: fields
                .optional("order", "What puts the rows of a group in order, where the check uses lag"),
            check: fields.required("check", "What must hold, in the expression language; unknown passes"),
            message: fields
                .required("message", "What to say where it does not hold, with {expressions} in braces"),
            fix: fields.required("fix", "How to mend it, in the terms of the person who must"),
            why: fields.required("why", "Why it matters"),
            examples: fields.required("examples", "Rows that pass and rows that fail"),
        }
    }
}

/// The rows of one example: a row rule has one, a group rule several.
pub type ExampleRow = Map<Option<Text>>;

/// Evidence that a rule does what it says.
#[derive(Debug, Clone, Default)]
pub struct Examples {
    /// Where they stand.
    pub pass: Vec<Example>,
    /// Cases that must give a finding.
    pub fail: Vec<Example>,
}

impl Item for Examples {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            pass: fields.required("pass", "Cases that the rule must let pass"),
            fail: fields.required("fail", "Cases in which the rule must find fault"),
        }
    }
}

/// One case: a row, or a list of rows where the rule is about groups.
#[derive(Debug, Clone, Default)]
pub struct Example {
    /// The rows.
    pub rows: Vec<ExampleRow>,
    /// Where the case stands.
    pub place: (usize, usize),
}

impl Decode for Example {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        let rows = match node.content {
            Content::Sequence(_) => Vec::decode(node, decoder),
            _ => vec![ExampleRow::decode(node, decoder)],
        };
        Self { rows, place: (node.span.start, node.span.end) }
    }

    fn shape() -> serde_json::Value {
        serde_json::json!({ "anyOf": [ExampleRow::shape(), Vec::<ExampleRow>::shape()] })
    }
}

impl Decode for Option<Text> {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        (node.content != Content::Null).then(|| Text::decode(node, decoder))
    }

    fn shape() -> serde_json::Value {
        serde_json::json!({ "type": ["string", "number", "boolean", "null"] })
    }
}
