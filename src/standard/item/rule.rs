//! What must hold: `rules/`.

use super::Text;
use crate::yaml::{Choice, Content, Decode, Decoder, Fields, Item, Located, Map, Node, read_item, schema_of};

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

/// `rules/ID.yaml`: what must hold of a dataset, or of indicators beside each other.
///
/// Of a dataset: without `by` it is checked on each row; with `by` on each group of rows; with `by` and `order` on each
/// row beside the row before it in its group.
///
/// Over indicators: their figures are joined on the dimensions in `by`, one row a combination of these that any of them
/// has. The check sees each row; with `order`, which is one of `by`, it sees each beside the row before it in the series
/// that the other dimensions form.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    /// The problem, not the cure.
    pub title: String,
    /// The dataset it is about; none where it is over indicators.
    pub dataset: Option<Text>,
    /// The indicators it is over, each under the name that the check calls its figures by.
    pub over: Map<Operand>,
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
        fields.exactly_one(&["dataset", "over"], "What the rule is about, a dataset or indicators");
        Self {
            title: fields.required("title", "The problem that the rule finds, in a few words"),
            dataset: fields.optional("dataset", "The dataset that the rule is about"),
            over: fields.or_default(
                "over",
                "The indicators that the rule sets beside each other, each under a name for the check",
            ),
            severity: fields.required("severity", "How much a finding weighs"),
            applies: fields.optional("where", "Which rows the rule looks at; all rows where it is left out"),
            by: fields.or_default(
                "by",
                "What forms a group, where the check is about groups of rows; the dimensions on which indicators are joined",
            ),
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

/// One of the indicators that a rule is over.
#[derive(Debug, Clone, Default)]
pub struct Operand {
    /// The indicator.
    pub indicator: Text,
    /// What the rule calls its dimensions, where that is something else: the rule's name, then the indicator's.
    pub dimensions: Map<Text>,
}

impl Item for Operand {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            indicator: fields.required("indicator", "The indicator"),
            dimensions: fields.or_default(
                "as",
                "Dimensions of the rule that the indicator calls otherwise, each with the indicator's own, such as territory: partner",
            ),
        }
    }
}

impl Decode for Operand {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        // `cleared: duty_paid_alcohol` is all that most rules need.
        match node.content {
            Content::Scalar(_) => {
                Self { indicator: Located::decode(node, decoder), dimensions: Map::default() }
            }
            _ => read_item(node, decoder),
        }
    }

    fn shape() -> serde_json::Value {
        serde_json::json!({ "anyOf": [String::shape(), schema_of::<Self>()] })
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
