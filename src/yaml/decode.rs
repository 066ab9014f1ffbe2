//! From a tree of YAML to typed items, all mistakes of a file at once.
//!
//! An item names each of its fields once, in [`Item::read`]: the name, what it means, and by its type what may stand
//! there. That one line reads the field, knows it for "did you mean", and describes it in the JSON Schema that
//! editors use, so the three cannot drift apart.

use std::sync::Arc;

use serde_json::{Value, json};

use super::node::{Content, Located, Node};
use crate::diagnostic::{Diagnostics, Source, did_you_mean};
use crate::spelling::nearest;

/// What decoding needs besides the node: the file, and where mistakes go.
pub struct Decoder<'a> {
    /// The file that is being read.
    pub source: &'a Arc<Source>,
    /// Where mistakes are added.
    pub diagnostics: &'a mut Diagnostics,
}

impl Decoder<'_> {
    /// Reports that something else was expected here.
    pub fn expected(&mut self, expected: &str, node: &Node) {
        self.expected_so(expected, node, None);
    }

    fn expected_so(&mut self, expected: &str, node: &Node, help: Option<String>) {
        let message = format!("expected {expected}, found {}", node.describe());
        self.diagnostics.add("wrong-type", self.source, node.span.clone(), message, help);
    }
}

/// A type that a YAML value can be read as.
///
/// `Default` stands in where the value is wrong, so that reading goes on; the mistake is reported.
pub trait Decode: Default {
    /// Reads the value; reports what is wrong.
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self;
    /// The JSON Schema of what may stand here.
    fn shape() -> Value;
}

/// A mapping with named fields.
pub trait Item: Default {
    /// Names, documents and reads every field.
    fn read(fields: &mut Fields<'_, '_>) -> Self;
}

/// The fields of one mapping: read from a file, or only described.
pub struct Fields<'n, 'd> {
    reading: Option<(&'n Node, &'d mut Decoder<'d>)>,
    described: Vec<Described>,
    missing: Vec<(&'static str, &'static str)>,
    /// What may stand under names of the author's own, if anything.
    others: Option<fn() -> Value>,
    alternatives: Option<Alternatives>,
}

/// Fields of which exactly one must be there.
struct Alternatives {
    names: &'static [&'static str],
    meaning: &'static str,
}

struct Described {
    name: &'static str,
    meaning: &'static str,
    required: bool,
    shape: fn() -> Value,
}

impl<'n, 'd> Fields<'n, 'd> {
    fn of(reading: Option<(&'n Node, &'d mut Decoder<'d>)>) -> Self {
        Self { reading, described: Vec::new(), missing: Vec::new(), others: None, alternatives: None }
    }

    /// A field that must be there.
    pub fn required<T: Decode>(&mut self, name: &'static str, meaning: &'static str) -> T {
        let found = self.take(name, meaning, true);
        if found.is_none() {
            self.missing.push((name, meaning));
        }
        found.unwrap_or_default()
    }

    /// A field that may be left out.
    pub fn optional<T: Decode>(&mut self, name: &'static str, meaning: &'static str) -> Option<T> {
        self.take(name, meaning, false)
    }

    /// A field that may be left out and is then empty, false or the first choice.
    pub fn or_default<T: Decode>(&mut self, name: &'static str, meaning: &'static str) -> T {
        self.take(name, meaning, false).unwrap_or_default()
    }

    /// All fields that were not named before, under names of the author's own.
    pub fn others<T: Decode>(&mut self) -> Map<T> {
        self.others = Some(T::shape);
        let Some((node, decoder)) = self.reading.as_mut() else { return Map::default() };
        let Content::Mapping(entries) = &node.content else { return Map::default() };
        let own =
            entries.iter().filter(|(key, _)| self.described.iter().all(|field| field.name != key.value));
        Map(own.map(|(key, value)| (key.clone(), T::decode(value, decoder))).collect())
    }

    /// Fields, read as optional ones, of which exactly one must be there.
    pub fn exactly_one(&mut self, names: &'static [&'static str], meaning: &'static str) {
        self.alternatives = Some(Alternatives { names, meaning });
    }

    fn take<T: Decode>(&mut self, name: &'static str, meaning: &'static str, required: bool) -> Option<T> {
        self.described.push(Described { name, meaning, required, shape: T::shape });
        let (node, decoder) = self.reading.as_mut()?;
        let value = node.get(name)?;
        if value.content == Content::Null {
            if required {
                let message = format!("`{name}` is empty: {}", lower_first(meaning));
                decoder.diagnostics.add("missing-field", decoder.source, value.span.clone(), message, None);
                return Some(T::default());
            }
            return None;
        }
        Some(T::decode(value, decoder))
    }
}

/// Reads a whole mapping: its fields, then what it should not have.
pub fn read_item<T: Item>(node: &Node, decoder: &mut Decoder<'_>) -> T {
    let Content::Mapping(entries) = &node.content else {
        decoder.expected("fields (`name: value`)", node);
        return T::default();
    };
    let mut inner = Decoder { source: decoder.source, diagnostics: decoder.diagnostics };
    let mut fields = Fields::of(Some((node, &mut inner)));
    let item = T::read(&mut fields);
    let known: Vec<&str> = fields.described.iter().map(|field| field.name).collect();
    let takes_others = fields.others.is_some();
    let mut missing = fields.missing;
    if let Some(alternatives) = fields.alternatives {
        choose(&alternatives, node, entries, &known, decoder);
    }
    let unknown = entries.iter().filter(|(key, _)| !takes_others && !known.contains(&key.value.as_str()));
    for (key, _) in unknown {
        // A field under a misspelt name is not missing as well.
        let meant = nearest(&key.value, missing.iter().map(|(name, _)| *name));
        missing.retain(|(name, _)| Some(*name) != meant);
        let help = did_you_mean(&key.value, meant)
            .or_else(|| did_you_mean(&key.value, known.iter().copied()))
            .unwrap_or_else(|| format!("the fields here are {}", known.join(", ")));
        let message = format!("unknown field `{}`", key.value);
        decoder.diagnostics.add("unknown-field", decoder.source, key.range(), message, Some(help));
    }
    for (name, meaning) in missing {
        let message = format!("`{name}` is missing: {}", lower_first(meaning));
        let span = node.span.start..node.span.start;
        decoder.diagnostics.add("missing-field", decoder.source, span, message, None);
    }
    item
}

/// Makes sure that exactly one of some fields is there.
fn choose(
    alternatives: &Alternatives,
    node: &Node,
    entries: &[(Located<String>, Node)],
    known: &[&str],
    decoder: &mut Decoder<'_>,
) {
    let given = entries.iter().filter(|(key, value)| {
        alternatives.names.contains(&key.value.as_str()) && value.content != Content::Null
    });
    let given: Vec<&Located<String>> = given.map(|(key, _)| key).collect();
    if let [first, rest @ ..] = given.as_slice() {
        for key in rest {
            let message = format!("`{}` cannot stand beside `{}`", key.value, first.value);
            let help = Some(format!("give one of them: {}", lower_first(alternatives.meaning)));
            decoder.diagnostics.add("exclusive-fields", decoder.source, key.range(), message, help);
        }
        return;
    }
    // A field under a misspelt name is not missing as well.
    let unknown = entries.iter().filter(|(key, _)| !known.contains(&key.value.as_str()));
    if unknown.into_iter().any(|(key, _)| nearest(&key.value, alternatives.names.iter().copied()).is_some()) {
        return;
    }
    let names: Vec<String> = alternatives.names.iter().map(|name| format!("`{name}`")).collect();
    let message = format!("{} is missing: {}", names.join(" or "), lower_first(alternatives.meaning));
    let span = node.span.start..node.span.start;
    decoder.diagnostics.add("missing-field", decoder.source, span, message, None);
}

/// The JSON Schema of a mapping with named fields.
pub fn schema_of<T: Item>() -> Value {
    let mut fields = Fields::of(None);
    let _ = T::read(&mut fields);
    let mut properties = serde_json::Map::new();
    let mut required = Vec::new();
    for field in fields.described {
        let mut shape = (field.shape)();
        if let Some(object) = shape.as_object_mut() {
            object.insert("description".into(), field.meaning.into());
        }
        properties.insert(field.name.into(), shape);
        if field.required {
            required.push(field.name);
        }
    }
    let others = fields.others.map_or(json!(false), |shape| shape());
    let mut schema = json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": others });
    if let Some(alternatives) = fields.alternatives {
        schema["oneOf"] = alternatives.names.iter().map(|name| json!({ "required": [name] })).collect();
    }
    schema
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

impl Decode for String {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        if let Content::Scalar(text) = &node.content {
            text.trim_end().to_owned()
        } else {
            decoder.expected("a text", node);
            Self::new()
        }
    }

    fn shape() -> Value {
        // Authors need no quotes around `1.0` or `5`; a schema that knew only strings would demand them.
        json!({ "type": ["string", "number", "boolean"] })
    }
}

impl<T: Decode> Decode for Located<T> {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        Self::new(T::decode(node, decoder), node.span.clone())
    }

    fn shape() -> Value {
        T::shape()
    }
}

impl Decode for bool {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        match &node.content {
            Content::Scalar(text) if text == "true" => true,
            Content::Scalar(text) if text == "false" => false,
            _ => {
                decoder.expected("true or false", node);
                false
            }
        }
    }

    fn shape() -> Value {
        json!({ "type": "boolean" })
    }
}

impl Decode for f64 {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        let number = match &node.content {
            Content::Scalar(text) => text.parse::<Self>().ok().filter(|number| number.is_finite()),
            _ => None,
        };
        number.unwrap_or_else(|| {
            decoder.expected("a number", node);
            0.0
        })
    }

    fn shape() -> Value {
        json!({ "type": "number" })
    }
}

impl Decode for u8 {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        let number = match &node.content {
            Content::Scalar(text) => text.parse::<Self>().ok(),
            _ => None,
        };
        number.unwrap_or_else(|| {
            decoder.expected("a small whole number", node);
            0
        })
    }

    fn shape() -> Value {
        json!({ "type": "integer", "minimum": 0, "maximum": Self::MAX })
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        if let Content::Sequence(items) = &node.content {
            return items.iter().map(|item| T::decode(item, decoder)).collect();
        }
        let help = match &node.content {
            Content::Scalar(text) => Some(format!("write it in brackets: [{text}]")),
            _ => None,
        };
        decoder.expected_so("a list", node, help);
        Self::new()
    }

    fn shape() -> Value {
        json!({ "type": "array", "items": T::shape() })
    }
}

/// A mapping with free keys, in the order in which it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Map<T>(pub Vec<(Located<String>, T)>);

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Map<T> {
    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.iter().map(|(key, _)| key.value.as_str())
    }

    /// The pairs, in order.
    pub fn iter(&self) -> impl Iterator<Item = &(Located<String>, T)> {
        self.0.iter()
    }
}

impl<T: Decode> Decode for Map<T> {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        if let Content::Mapping(entries) = &node.content {
            Self(entries.iter().map(|(key, value)| (key.clone(), T::decode(value, decoder))).collect())
        } else {
            decoder.expected("fields (`name: value`)", node);
            Self::default()
        }
    }

    fn shape() -> Value {
        json!({ "type": "object", "additionalProperties": T::shape() })
    }
}

/// One of a few words.
pub trait Choice: Copy + Default + 'static {
    /// The words, what each stands for, and what that means.
    const CHOICES: &'static [(&'static str, Self, &'static str)];
    /// What is being chosen, for "expected ...".
    const WHAT: &'static str;
}

impl<T: Choice> Decode for T {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        let Content::Scalar(text) = &node.content else {
            decoder.expected(T::WHAT, node);
            return T::default();
        };
        if let Some((_, choice, _)) = T::CHOICES.iter().find(|(word, _, _)| word == text) {
            return *choice;
        }
        let words = || T::CHOICES.iter().map(|(word, _, _)| *word);
        let help = did_you_mean(text, words())
            .unwrap_or_else(|| format!("it is one of {}", words().collect::<Vec<_>>().join(", ")));
        let message = format!("`{text}` is not {}", T::WHAT);
        decoder.diagnostics.add("unknown-choice", decoder.source, node.span.clone(), message, Some(help));
        T::default()
    }

    fn shape() -> Value {
        let words: Vec<&str> = T::CHOICES.iter().map(|(word, _, _)| *word).collect();
        json!({ "type": "string", "enum": words })
    }
}
