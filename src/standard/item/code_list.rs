//! Code lists: `code-lists/`.

use super::Text;
use crate::yaml::{Content, Decode, Decoder, Fields, Item, Map, Node, read_item, schema_of};

/// `code-lists/ID.yaml`: the codes that a column may hold.
#[derive(Debug, Clone, Default)]
pub struct CodeList {
    /// What the codes are codes of.
    pub title: String,
    /// Who publishes the list, and which edition this is.
    pub source: String,
    /// The codes.
    pub codes: Map<Code>,
    /// Named sets of them.
    pub groups: Map<Group>,
}

impl Item for CodeList {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "What the codes are codes of"),
            source: fields.required("source", "Who publishes the list, and which edition this is"),
            codes: fields.required("codes", "Each code with its label"),
            groups: fields.or_default(
                "groups",
                "Named sets of codes, for checks such as in_group(territory, 'summit')",
            ),
        }
    }
}

/// One code of a list.
#[derive(Debug, Clone, Default)]
pub struct Code {
    /// What it is called.
    pub title: String,
    /// What it covers, where the label does not say it all.
    pub definition: Option<String>,
}

impl Item for Code {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "What the code stands for"),
            definition: fields.optional("definition", "What it covers, where the title does not say it all"),
        }
    }
}

impl Decode for Code {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        // Most codes need a label and nothing else: `AR: Argentina`.
        match &node.content {
            Content::Scalar(title) => Self { title: title.trim_end().to_owned(), definition: None },
            _ => read_item(node, decoder),
        }
    }

    fn shape() -> serde_json::Value {
        serde_json::json!({ "anyOf": [String::shape(), schema_of::<Self>()] })
    }
}

/// A named set of codes.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// What the set is.
    pub title: String,
    /// Its codes.
    pub codes: Vec<Text>,
}

impl Item for Group {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "What the set is"),
            codes: fields.required("codes", "The codes that belong to it"),
        }
    }
}
