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
    /// Whether the labels are proper names, which are the same in every language.
    pub proper_names: bool,
    /// What codes may carry besides their labels.
    pub properties: Map<Property>,
    /// How the codes of one group became those of another.
    pub correspondences: Map<Correspondence>,
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
            proper_names: fields.or_default(
                "proper-names",
                "Whether the labels are proper names, which are the same in every language",
            ),
            properties: fields.or_default(
                "properties",
                "What codes may carry besides their labels, for checks such as property(commodity, 'strength')",
            ),
            correspondences: fields.or_default(
                "correspondences",
                "How the codes of one group became those of another, such as those of one edition of a nomenclature",
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
    /// The properties that it carries.
    pub properties: Map<Text>,
}

impl Item for Code {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "What the code stands for"),
            definition: fields.optional("definition", "What it covers, where the title does not say it all"),
            properties: fields.others(),
        }
    }
}

impl Decode for Code {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        // Most codes need a label and nothing else: `AR: Argentina`.
        match &node.content {
            Content::Scalar(title) => Self { title: title.trim_end().to_owned(), ..Self::default() },
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

/// Something that the codes of a list may carry: a number in a unit, or a code of another list.
#[derive(Debug, Clone, Default)]
pub struct Property {
    /// What it says of a code.
    pub title: String,
    /// The unit of a number.
    pub unit: Option<Text>,
    /// The list that its codes are of.
    pub codes: Option<Text>,
    /// Who says so, and in which edition.
    pub source: Option<String>,
}

impl Item for Property {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "What the property says of a code"),
            unit: fields.optional("unit", "The unit of the property, where it is a number with one"),
            codes: fields.optional("codes", "The code list that the property is a code of, where it is one"),
            source: fields.optional("source", "Who says so, and in which edition"),
        }
    }
}

/// How the codes of one group became those of another.
#[derive(Debug, Clone, Default)]
pub struct Correspondence {
    /// What it relates.
    pub title: String,
    /// Who says so.
    pub source: String,
    /// The group of the codes that are replaced.
    pub from: Text,
    /// The group of the codes that replace them.
    pub to: Text,
    /// The codes that did not stay what they were, each with those that cover it.
    pub codes: Map<Vec<Text>>,
}

impl Item for Correspondence {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "What the correspondence relates"),
            source: fields.required("source", "Who publishes it"),
            from: fields.required("from", "The group of the codes that are replaced"),
            to: fields.required("to", "The group of the codes that replace them"),
            codes: fields.or_default(
                "codes",
                "Each code that did not stay what it was, with the codes that cover it; all others stay",
            ),
        }
    }
}
