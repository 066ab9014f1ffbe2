//! Which words of an item are translated, and how far each language is.

use sha2::{Digest as _, Sha256};

use super::Standard;
use super::resolve::hex;
use crate::diagnostic::{Diagnostics, did_you_mean};
use crate::language::Language;
use crate::yaml::{Content, Node};

/// The fields whose text is for people to read, wherever in an item they stand.
const TRANSLATED: [&str; 15] = [
    "title",
    "definition",
    "grain",
    "message",
    "fix",
    "why",
    "sign",
    "numerator",
    "denominator",
    "requires",
    "because",
    "changes",
    "corresponds",
    "serves",
    "collected",
];

/// The fields below which no words stand: their keys are names that the author chose.
const NOT_WORDS: [&str; 3] = ["examples", "over", "inputs"];

/// The English of an item, as the path of each translated field and its text, in order.
pub fn english_of(node: &Node) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(node, "", &mut found);
    let is_true = |node: &Node| matches!(&node.content, Content::Scalar(text) if text == "true");
    if node.get("proper-names").is_some_and(is_true) {
        found.retain(|(path, _)| !path.starts_with("codes."));
    }
    found
}

fn collect(node: &Node, path: &str, found: &mut Vec<(String, String)>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match &node.content {
        Content::Mapping(entries) => {
            for (key, value) in entries {
                match &value.content {
                    // Examples, like the sources of assumptions, are evidence; they are cited, not translated.
                    _ if path.is_empty() && NOT_WORDS.contains(&key.value.as_str()) => {}
                    Content::Scalar(text) if TRANSLATED.contains(&key.value.as_str()) || path == "codes" => {
                        found.push((below(&key.value), text.trim_end().to_owned()));
                    }
                    _ => collect(value, &below(&key.value), found),
                }
            }
        }
        Content::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &below(&index.to_string()), found);
            }
        }
        Content::Null | Content::Scalar(_) => {}
    }
}

/// The node at a path. A key may hold points itself, as codes of some lists do.
fn at<'n>(node: &'n Node, path: &str) -> Option<&'n Node> {
    if path.is_empty() {
        return Some(node);
    }
    match &node.content {
        Content::Sequence(items) => {
            let (index, rest) = path.split_once('.').unwrap_or((path, ""));
            at(items.get(index.parse::<usize>().ok()?)?, rest)
        }
        Content::Mapping(entries) => entries.iter().find_map(|(key, value)| {
            let rest = path.strip_prefix(key.value.as_str())?;
            let rest = if rest.is_empty() { rest } else { rest.strip_prefix('.')? };
            at(value, rest)
        }),
        Content::Null | Content::Scalar(_) => None,
    }
}

/// What a translation says it translates: the first 12 hexadecimal digits of the SHA-256 of the English.
fn digest_of(english: &[(String, String)]) -> String {
    let mut hasher = Sha256::new();
    for (path, text) in english {
        hasher.update(path.as_bytes());
        hasher.update([0]);
        hasher.update(text.as_bytes());
        hasher.update([0]);
    }
    hex(&hasher.finalize())[..12].to_owned()
}

/// How far a language is translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The language.
    pub language: Language,
    /// Items with words in them.
    pub items: usize,
    /// Items whose translation is complete and of the present English.
    pub translated: usize,
    /// Items whose English has changed since, with the digest that their translation should carry.
    pub stale: Vec<(String, String)>,
    /// Items that lack a translation or some field of it, with the digest that it should carry.
    pub missing: Vec<(String, String)>,
}

impl Standard {
    /// A field's text in a language; in English where it is not translated.
    pub fn text(&self, language: Language, item: &str, field: &str) -> Option<String> {
        let translated = || {
            let locale = &self.locales.get(language.code())?.value;
            Some(locale.items.get(item)?.text.get(field)?.value.clone())
        };
        // The label of a code with a definition stands one step deeper than that of a code without.
        let of_code = || {
            let locale = &self.locales.get(language.code())?.value;
            Some(locale.items.get(item)?.text.get(&format!("{field}.title"))?.value.clone())
        };
        translated().or_else(of_code).or_else(|| {
            let node = at(self.nodes.get(item)?, field)?;
            match &node.content {
                Content::Scalar(text) => Some(text.trim_end().to_owned()),
                // A code with a definition keeps its label one step deeper.
                Content::Mapping(_) => match &node.get("title")?.content {
                    Content::Scalar(text) => Some(text.trim_end().to_owned()),
                    _ => None,
                },
                _ => None,
            }
        })
    }

    /// Reports translations of what is not there. Those of an earlier version may speak of what has been withdrawn since.
    pub fn check_translations(&self, diagnostics: &mut Diagnostics) {
        for (code, held) in self.locales.iter().filter(|(_, held)| held.since == self.version) {
            if Language::from_code(code).is_none() {
                let known: Vec<&str> = Language::ALL.iter().map(|language| language.code()).collect();
                let help = Some(format!("the languages are {}", known.join(", ")));
                let message = format!("`{code}` is not a language of the standard");
                diagnostics.add("unknown-language", &held.source, 0..0, message, help);
            }
            for (item, translation) in held.value.items.iter() {
                let Some(node) = self.nodes.get(&item.value) else {
                    let help = did_you_mean(&item.value, self.nodes.keys().map(String::as_str));
                    let message = format!("there is no `{}` to translate", item.value);
                    diagnostics.add("unknown-item", &held.source, item.range(), message, help);
                    continue;
                };
                let english = english_of(node);
                let known = || english.iter().map(|(field, _)| field.as_str());
                for (field, _) in translation.text.iter() {
                    if !known().any(|known| known == field.value) {
                        let help = did_you_mean(&field.value, known()).unwrap_or_else(|| {
                            format!("its texts are {}", known().collect::<Vec<_>>().join(", "))
                        });
                        let message = format!("`{}` has no text `{}`", item.value, field.value);
                        diagnostics.add("unknown-field", &held.source, field.range(), message, Some(help));
                    }
                }
            }
        }
    }

    /// How far each language but English is translated.
    pub fn translation_coverage(&self) -> Vec<Coverage> {
        let languages = Language::ALL.into_iter().filter(|language| *language != Language::English);
        languages.map(|language| self.coverage_of(language)).collect()
    }

    fn coverage_of(&self, language: Language) -> Coverage {
        let mut coverage =
            Coverage { language, items: 0, translated: 0, stale: Vec::new(), missing: Vec::new() };
        let locale = self.locales.get(language.code()).map(|held| &held.value);
        for (path, node) in &self.nodes {
            let english = english_of(node);
            if path.starts_with("locales/") || english.is_empty() {
                continue;
            }
            coverage.items += 1;
            let digest = digest_of(&english);
            match locale.and_then(|locale| locale.items.get(path)) {
                Some(translation) if translation.of.value != digest => {
                    coverage.stale.push((path.clone(), digest));
                }
                Some(translation)
                    if english.iter().all(|(field, _)| translation.text.get(field).is_some()) =>
                {
                    coverage.translated += 1;
                }
                _ => coverage.missing.push((path.clone(), digest)),
            }
        }
        coverage
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::Source;

    #[test]
    fn a_code_may_have_points() {
        let text = "codes: { G31: Degeneration, G31.2: { title: By alcohol } }\nrules: [{ why: one }, { why: two }]\n";
        let source = Arc::new(Source { path: "a.yaml".to_owned(), text: text.to_owned() });
        let node = Node::parse(&source, &mut Diagnostics::default()).expect("YAML");
        let scalar = |path: &str| match at(&node, path).map(|node| node.content.clone()) {
            Some(Content::Scalar(text)) => Some(text),
            _ => None,
        };
        assert_eq!(scalar("codes.G31").as_deref(), Some("Degeneration"));
        assert_eq!(scalar("codes.G31.2.title").as_deref(), Some("By alcohol"));
        assert_eq!(scalar("rules.1.why").as_deref(), Some("two"));
        assert_eq!(scalar("codes.G31.3"), None);
        assert_eq!(scalar("rules.2.why"), None);
    }
}
