//! YAML as a tree in which every value keeps its place.

use std::ops::Range;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy};
use serde_saphyr::{Error, Spanned, budget, options};

use crate::diagnostic::{Diagnostics, Source};

/// The deepest nesting that a file of a standard or a submission may have.
const MAX_DEPTH: usize = 32;
/// The most values that one file may hold.
const MAX_NODES: usize = 250_000;

/// A value and the bytes of the file that it stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What stands there.
    pub content: Content,
    /// Where: the value itself for a scalar, the first byte of a list or a mapping.
    pub span: Range<usize>,
}

/// What a node holds. Scalars stay text: `1.10` keeps its last digit and `NO` remains Norway.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Nothing, or `~`, or `null`.
    Null,
    /// A scalar as written (plain) or as decoded (quoted or in a block).
    Scalar(String),
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping in the order in which it is written, each key with its place.
    Mapping(Vec<(Located<String>, Node)>),
}

/// A value and its place in the file that is being read.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its first byte and the one after its last.
    pub span: (usize, usize),
}

impl<T> Located<T> {
    /// A value at a place.
    pub fn new(value: T, span: Range<usize>) -> Self {
        Self { value, span: (span.start, span.end) }
    }

    /// The place as a range of bytes.
    pub fn range(&self) -> Range<usize> {
        self.span.0..self.span.1
    }
}

impl Node {
    /// Reads one file; a mistake in its YAML is a diagnostic at its place.
    pub fn parse(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let options = options! {
            budget: budget! { max_depth: MAX_DEPTH, max_nodes: MAX_NODES, max_aliases: 0 },
            duplicate_keys: DuplicateKeyPolicy::Error,
            merge_keys: MergeKeyPolicy::Error,
        };
        match serde_saphyr::from_str_with_options::<Spanned<Raw>>(&source.text, options) {
            Ok(raw) => Some(Self::from_raw(raw, &source.text)),
            Err(error) => {
                let span = error.location().map_or(0..0, |location| {
                    let start = byte_of(&source.text, location.line(), location.column());
                    start..next_char(&source.text, start)
                });
                let (message, help) = in_words(&error);
                diagnostics.add("yaml", source, span, message, help.map(str::to_owned));
                None
            }
        }
    }

    fn from_raw(raw: Spanned<Raw>, text: &str) -> Self {
        let span = span_of(&raw, text);
        let content = match raw.value {
            Raw::Null => Content::Null,
            Raw::Text(decoded) => Content::Scalar(decoded),
            Raw::Plain => Content::Scalar(text[span.clone()].trim_end().to_owned()),
            Raw::Sequence(items) => {
                Content::Sequence(items.into_iter().map(|item| Self::from_raw(item, text)).collect())
            }
            Raw::Mapping(entries) => Content::Mapping(
                entries
                    .into_iter()
                    .map(|(key, value)| {
                        let span = span_of(&key, text);
                        (Located::new(key.value, span), Self::from_raw(value, text))
                    })
                    .collect(),
            ),
        };
        Self { content, span }
    }

    /// The value under a key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.content {
            Content::Mapping(entries) => {
                entries.iter().find(|(name, _)| name.value == key).map(|(_, node)| node)
            }
            _ => None,
        }
    }

    /// The same content as JSON, scalars as text: the form that digests and the resolved standard use.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.content {
            Content::Null => serde_json::Value::Null,
            Content::Scalar(text) => text.clone().into(),
            Content::Sequence(items) => items.iter().map(Self::to_json).collect(),
            Content::Mapping(entries) => {
                // A list of pairs would be needed to keep the order of keys in every JSON library; serde_json's
                // `preserve_order` keeps it here.
                entries.iter().map(|(key, node)| (key.value.clone(), node.to_json())).collect()
            }
        }
    }

    /// What this is, for "expected ..., found ...".
    pub fn describe(&self) -> String {
        match &self.content {
            Content::Null => "nothing".to_owned(),
            Content::Scalar(text) if text.chars().count() <= 40 && !text.contains('\n') => {
                format!("`{text}`")
            }
            Content::Scalar(_) => "a text".to_owned(),
            Content::Sequence(_) => "a list".to_owned(),
            Content::Mapping(_) => "fields (`name: value`)".to_owned(),
        }
    }
}

/// What is wrong with the YAML and how to mend it, for people who write YAML and do not read its grammar.
fn in_words(error: &Error) -> (String, Option<&'static str>) {
    let error = error.without_snippet();
    let (message, help) = match error {
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            (format!("`{key}` stands here twice"), "keep one of the two")
        }
        Error::Budget { breach: BudgetBreach::Aliases { .. } | BudgetBreach::MergeKeys { .. }, .. } => (
            "a reference to another place (`*name`) cannot be used here".to_owned(),
            "write the value out; a text that begins with `*` or `&` stands in quotes",
        ),
        Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => (
            format!("lists and fields stand more than {MAX_DEPTH} deep in each other"),
            "check the brackets and the indentation",
        ),
        Error::Budget { breach: BudgetBreach::Nodes { .. }, .. } => (
            format!("the file holds more than {MAX_NODES} values"),
            "check that it is the file that was meant",
        ),
        _ => {
            let text = error.to_string();
            // The place is shown by the caret; the parser repeats it in its text.
            let text = text.split(" at line ").next().unwrap_or(&text);
            let known = PHRASES.iter().find(|(phrase, _, _)| text.contains(phrase));
            return match known {
                Some((_, message, help)) => ((*message).to_owned(), Some(help)),
                None => (format!("not readable as YAML: {text}"), None),
            };
        }
    };
    (message, Some(help))
}

/// What the parser says of the commonest slips, the same in plain words, and how to mend them.
const PHRASES: [(&str, &str, &str); 6] = [
    (
        "mapping values are not allowed",
        "a colon and a blank stand inside a text",
        "put the whole text in quotes",
    ),
    (
        "illegal placement of ':'",
        "a colon stands where a list or a text goes on",
        "look further up for a bracket, a brace or a quote that is opened and not closed",
    ),
    (
        "did not find expected key",
        "this line is neither a field of what stands above nor a part of its value",
        "check the indentation; a text that begins with `{`, `[`, a quote or a sign such as `*` stands in quotes",
    ),
    (
        "did not find expected ','",
        "a list or a mapping in brackets is not closed, or a comma is missing in it",
        "look for the bracket that is opened and not closed; a text with a bracket or a comma stands in quotes",
    ),
    (
        "tabs disallowed",
        "a tab stands in the indentation",
        "indent with blanks: YAML does not allow tabs there",
    ),
    (
        "did not find expected '-'",
        "this line is no item of the list that stands above",
        "check the indentation; each item begins with `- `",
    ),
];

/// The bytes that a value stands on.
fn span_of<T>(spanned: &Spanned<T>, text: &str) -> Range<usize> {
    let span = spanned.referenced.span();
    let start =
        span.byte_offset().and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0).min(text.len());
    let length = span.byte_len().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    start..(start + length).min(text.len())
}

/// The byte at which a character of a line stands; lines and columns count from 1.
fn byte_of(text: &str, line: u64, column: u64) -> usize {
    let line_index = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
    let column_index = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
    let Some(line_text) = text.split_inclusive('\n').nth(line_index) else { return text.len() };
    let line_start: usize = text.split_inclusive('\n').take(line_index).map(str::len).sum();
    line_start + line_text.char_indices().nth(column_index).map_or(line_text.len(), |(byte, _)| byte)
}

fn next_char(text: &str, start: usize) -> usize {
    text[start..].chars().next().map_or(start, |character| start + character.len_utf8())
}

/// What the parser hands over: a plain scalar that it takes for a number or a truth value loses its text here, and
/// gets it back from the file by its span.
enum Raw {
    Null,
    Text(String),
    Plain,
    Sequence(Vec<Spanned<Raw>>),
    Mapping(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::Sequence(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = access.next_key()? {
            entries.push((key, access.next_value()?));
        }
        Ok(Raw::Mapping(entries))
    }
}
