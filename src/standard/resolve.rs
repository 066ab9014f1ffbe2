//! Reading a version with all that it inherits.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::source::Library;
use super::{Held, Items, Standard, item};
use crate::diagnostic::{Diagnostics, Source, did_you_mean};
use crate::error::{Error, Result};
use crate::yaml::{Content, Decode, Decoder, Node};

/// The most versions that may stand behind one another.
const MAX_ANCESTORS: usize = 100;

/// Folders that hold one item a file.
const FOLDERS: [&str; 8] =
    ["code-lists", "taxonomies", "quantities", "datasets", "rules", "indicators", "estimators", "locales"];
/// Files that are one item each.
const FILES: [&str; 3] = ["standard", "units", "grades"];

/// Words of SQL and VTL that an id may not be, because an id stands in a query as it is.
const RESERVED: [&str; 38] = [
    "all",
    "and",
    "as",
    "between",
    "by",
    "case",
    "check",
    "create",
    "cross",
    "delete",
    "distinct",
    "drop",
    "else",
    "end",
    "errorcode",
    "errorlevel",
    "except",
    "exists",
    "filter",
    "from",
    "group",
    "having",
    "in",
    "insert",
    "is",
    "join",
    "not",
    "null",
    "on",
    "or",
    "order",
    "select",
    "table",
    "then",
    "union",
    "update",
    "when",
    "where",
];

/// An item before its kind is read.
struct Raw {
    since: String,
    source: Arc<Source>,
    node: Node,
}

/// Reads a version of a library. Mistakes are added to the diagnostics, and the best that can be made of the rest is
/// returned; an error means that its files could not be read at all.
pub fn load(library: &Library, version: &str, diagnostics: &mut Diagnostics) -> Result<Standard> {
    let mut items = BTreeMap::new();
    let mut unread = Vec::new();
    gather(library, version, &mut Vec::new(), None, &mut items, &mut unread, diagnostics)?;
    let nodes: BTreeMap<String, Node> =
        items.iter().map(|(path, raw)| (path.clone(), raw.node.clone())).collect();
    let version = items
        .get("standard")
        .filter(|_| matches!(library, Library::Resolved(_)))
        .map_or_else(|| version.to_owned(), |raw| raw.since.clone());
    // A corrected translation changes no verdict and no estimate, so the digest leaves translations out.
    let normative = nodes.iter().filter(|(path, _)| !path.starts_with("locales/"));
    let normative = normative.map(|(path, node)| (path.clone(), node.clone())).collect();
    let digest = hex(&Sha256::digest(resolved(&version, &normative, &BTreeMap::new()).as_bytes()));
    let since = items.iter().map(|(path, raw)| (path.clone(), raw.since.clone())).collect();

    // Where `standard.yaml` is there and cannot be read, that has been reported, and the rest is checked all the same.
    let header = match single(&items, "standard", diagnostics) {
        Some(header) => header,
        None if diagnostics.is_empty() => {
            return Err(Error::new(format!(
                "version {version} has no item `standard`, which says what it is"
            )));
        }
        None => Held {
            id: "standard".to_owned(),
            since: version.clone(),
            source: Arc::new(Source { path: "standard.yaml".to_owned(), text: String::new() }),
            start: 0,
            value: item::Header::default(),
        },
    };
    Ok(Standard {
        code_lists: folder(&items, "code-lists", diagnostics),
        taxonomies: folder(&items, "taxonomies", diagnostics),
        units: single(&items, "units", diagnostics),
        quantities: folder(&items, "quantities", diagnostics),
        datasets: folder(&items, "datasets", diagnostics),
        rules: folder(&items, "rules", diagnostics),
        indicators: folder(&items, "indicators", diagnostics),
        estimators: folder(&items, "estimators", diagnostics),
        grades: single(&items, "grades", diagnostics),
        locales: folder(&items, "locales", diagnostics),
        version,
        digest,
        header,
        nodes,
        unread,
        since,
    })
}

/// The resolved form of a version: every item under its path, sorted, keys in the order in which they are written, and
/// beside them the earlier version that an item was inherited from.
pub(super) fn resolved(
    version: &str,
    nodes: &BTreeMap<String, Node>,
    since: &BTreeMap<String, String>,
) -> String {
    let since: serde_json::Map<String, Value> = since
        .iter()
        .filter(|(_, since)| *since != version)
        .map(|(path, since)| (path.clone(), since.clone().into()))
        .collect();
    let items: serde_json::Map<String, Value> =
        nodes.iter().map(|(path, node)| (path.clone(), node.to_json())).collect();
    let text = serde_json::to_string_pretty(&json!({ "version": version, "since": since, "items": items }));
    text.expect("a tree of texts is always JSON") + "\n"
}

/// Puts the items of a version over those of its ancestors.
fn gather(
    library: &Library,
    version: &str,
    chain: &mut Vec<String>,
    named_at: Option<(&Arc<Source>, std::ops::Range<usize>)>,
    items: &mut BTreeMap<String, Raw>,
    unread: &mut Vec<String>,
    diagnostics: &mut Diagnostics,
) -> Result<()> {
    if let (Some(position), Some((source, span))) = (chain.iter().position(|seen| seen == version), &named_at)
    {
        let circle = [&chain[position..], &[version.to_owned()]].concat().join(" extends ");
        let help = Some("a version extends an older one".to_owned());
        diagnostics.add(
            "cycle",
            source,
            span.clone(),
            format!("the versions extend each other: {circle}"),
            help,
        );
        return Ok(());
    }
    let files = library.read(version)?;
    if files.is_empty() || chain.len() > MAX_ANCESTORS {
        let versions = library.versions();
        let help = did_you_mean(version, versions.iter().map(String::as_str))
            .unwrap_or_else(|| format!("the versions here are {}", versions.join(", ")));
        let message = format!("there is no version `{version}`");
        return match named_at {
            Some((source, span)) => {
                diagnostics.add("unknown-version", source, span, message, Some(help));
                Ok(())
            }
            None => Err(Error::new(format!("{message}; {help}"))),
        };
    }
    chain.push(version.to_owned());
    let own = if matches!(library, Library::Resolved(_)) {
        read_resolved(&files, diagnostics)
    } else {
        read_files(version, files, unread, diagnostics)
    };

    let mut withdrawn = Vec::new();
    if let Some(header) = own.get("standard") {
        let mut silent = Diagnostics::default();
        let mut decoder = Decoder { source: &header.source, diagnostics: &mut silent };
        let read = item::Header::decode(&header.node, &mut decoder);
        if let (Some(parent), false) = (&read.extends, matches!(library, Library::Resolved(_))) {
            let named_at = Some((&header.source, parent.range()));
            gather(library, &parent.value, chain, named_at, items, unread, diagnostics)?;
        }
        withdrawn = read.withdraws.iter().map(|path| (Arc::clone(&header.source), path.clone())).collect();
    }
    if !matches!(library, Library::Resolved(_)) {
        for (source, path) in withdrawn {
            if items.remove(&path.value).is_none() {
                let help = did_you_mean(&path.value, items.keys().map(String::as_str));
                let message = format!("`{}` is withdrawn, but no earlier version has it", path.value);
                diagnostics.add("unknown-item", &source, path.range(), message, help);
            }
        }
    }
    items.extend(own);
    chain.pop();
    Ok(())
}

/// The items of the files of one version's folder.
fn read_files(
    version: &str,
    files: Vec<(String, Arc<Source>)>,
    unread: &mut Vec<String>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Raw> {
    let mut items: BTreeMap<String, Raw> = BTreeMap::new();
    for (inside, source) in files {
        let path = inside.trim_end_matches(".yaml").trim_end_matches(".yml").to_owned();
        check_path(&path, &inside, &source, diagnostics);
        if let Some(other) = items.get(&path) {
            let message = format!("`{path}` is defined twice");
            let help = Some(format!("it also stands in {}", other.source.path));
            diagnostics.add("duplicate-id", &source, 0..0, message, help);
        }
        match Node::parse(&source, diagnostics) {
            Some(Node { content: Content::Null, .. }) => {
                let help = Some("write the item, or remove the file".to_owned());
                diagnostics.add("empty", &source, 0..0, "the file is empty", help);
                unread.push(path);
            }
            Some(node) => {
                items.insert(path, Raw { since: version.to_owned(), source, node });
            }
            None => unread.push(path),
        }
    }
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (path, raw) in &items {
        // On a file system that ignores case, and in SDMX, `Beer` and `beer` are one id.
        if let Some(other) = seen.insert(path.to_lowercase(), path.clone()) {
            let message = format!("`{path}` and `{other}` differ only in case");
            diagnostics.add("duplicate-id", &raw.source, 0..0, message, None);
        }
    }
    items
}

/// The items of one resolved file.
fn read_resolved(files: &[(String, Arc<Source>)], diagnostics: &mut Diagnostics) -> BTreeMap<String, Raw> {
    let mut items = BTreeMap::new();
    for (_, source) in files {
        let Some(node) = Node::parse(source, diagnostics) else { continue };
        let version = match node.get("version").map(|node| &node.content) {
            Some(Content::Scalar(version)) => version.clone(),
            _ => String::new(),
        };
        let Some(Content::Mapping(entries)) = node.get("items").map(|node| node.content.clone()) else {
            let message = "not a resolved standard: it has no `items`";
            let help = Some("`sikes standard resolve FOLDER` writes one".to_owned());
            diagnostics.add("wrong-type", source, 0..0, message, help);
            continue;
        };
        for (path, item) in entries {
            let since =
                match node.get("since").and_then(|since| since.get(&path.value)).map(|node| &node.content) {
                    Some(Content::Scalar(since)) => since.clone(),
                    _ => version.clone(),
                };
            items.insert(path.value, Raw { since, source: Arc::clone(source), node: item });
        }
    }
    items
}

/// Reports a file whose place or name says nothing.
fn check_path(path: &str, inside: &str, source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    let (kind, id) = match path.split_once('/') {
        Some((kind, id)) => (kind, id),
        None if FILES.contains(&path) => return,
        None => {
            let help = did_you_mean(path, FILES)
                .unwrap_or_else(|| format!("an item stands in one of the folders {}", FOLDERS.join(", ")));
            diagnostics.add(
                "unknown-item",
                source,
                0..0,
                format!("`{inside}` is no part of a standard"),
                Some(help),
            );
            return;
        }
    };
    if !FOLDERS.contains(&kind) {
        let help =
            did_you_mean(kind, FOLDERS).unwrap_or_else(|| format!("the folders are {}", FOLDERS.join(", ")));
        diagnostics.add("unknown-item", source, 0..0, format!("`{kind}` is no kind of item"), Some(help));
        return;
    }
    let well_formed = id.starts_with(|first: char| first.is_ascii_lowercase())
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !well_formed {
        let help = Some("an id is lower-case letters, digits and `_`, and begins with a letter".to_owned());
        diagnostics.add("malformed-id", source, 0..0, format!("`{id}` cannot be an id"), help);
    } else if RESERVED.contains(&id) {
        let help = Some("ids stand in queries as they are: add a word".to_owned());
        diagnostics.add(
            "malformed-id",
            source,
            0..0,
            format!("`{id}` is a reserved word of SQL or VTL"),
            help,
        );
    }
}

fn folder<T: Decode>(items: &BTreeMap<String, Raw>, kind: &str, diagnostics: &mut Diagnostics) -> Items<T> {
    items
        .iter()
        .filter_map(|(path, raw)| {
            let id = path.strip_prefix(kind)?.strip_prefix('/')?;
            Some((id.to_owned(), held(id, raw, diagnostics)))
        })
        .collect()
}

fn single<T: Decode>(
    items: &BTreeMap<String, Raw>,
    path: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Held<T>> {
    items.get(path).map(|raw| held(path, raw, diagnostics))
}

fn held<T: Decode>(id: &str, raw: &Raw, diagnostics: &mut Diagnostics) -> Held<T> {
    let mut decoder = Decoder { source: &raw.source, diagnostics };
    Held {
        id: id.to_owned(),
        since: raw.since.clone(),
        source: Arc::clone(&raw.source),
        start: raw.node.span.start,
        value: T::decode(&raw.node, &mut decoder),
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
