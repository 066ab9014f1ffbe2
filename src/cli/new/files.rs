//! The files of a new submission, by name: its description, its tables, and the guide.

use std::fmt::Write as _;

use super::words::fill;
use super::{Request, guide};
use crate::cli::explain::Book;
use crate::compile::Dataset;
use crate::report::prose::one_line;
use crate::standard::Language;
use crate::submission::folder::MANIFEST;

/// Who may see a submission until its agency says so: nobody.
const MOST_CONFIDENTIAL: &str = "C";

/// Every file with its text.
pub(super) fn all(request: &Request<'_>, book: &Book<'_>) -> Vec<(String, String)> {
    let mut files = vec![
        (MANIFEST.to_owned(), manifest(request, book)),
        (request.words.guide.to_owned(), guide::text(request, book)),
    ];
    files.extend(request.datasets.iter().map(|dataset| (table_name(dataset), header(dataset))));
    files
}

/// The file of a dataset.
pub(super) fn table_name(dataset: &Dataset) -> String {
    format!("{}.csv", dataset.id)
}

/// A table without rows: RFC 4180, its line ended by LF.
fn header(dataset: &Dataset) -> String {
    let names: Vec<&str> = dataset.columns.iter().map(|column| column.name.as_str()).collect();
    names.join(",") + "\n"
}

/// A command as it is typed, with what it has to know: the folder, the language, and a standard that is not built in.
pub(super) fn command(name: &str, of: &str, standard: Option<&str>, language: Language) -> String {
    let mut command = format!("sikes {name} {}", quoted(of));
    if let Some(standard) = standard {
        let _ = write!(command, " --standard {}", quoted(standard));
    }
    if language != Language::English {
        let _ = write!(command, " --lang {}", language.code());
    }
    command
}

/// An argument that a shell reads as one.
fn quoted(argument: &str) -> String {
    if argument.starts_with('-') {
        // It would be taken for an option.
        return quoted(&format!("./{argument}"));
    }
    let is_plain = |character: char| character.is_alphanumeric() || "_-./\\:%".contains(character);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        return argument.to_owned();
    }
    if cfg!(windows) { format!("\"{argument}\"") } else { format!("'{}'", argument.replace('\'', "'\\''")) }
}

/// `submission.yaml`, with a note above every field. What has to be filled in stands here too, so that an agency reads
/// it once from the top.
fn manifest(request: &Request<'_>, book: &Book<'_>) -> String {
    let words = request.words;
    let plan = book.plan;
    let mut text = String::new();
    let values = [("standard", plan.title.as_str()), ("version", &plan.version)];
    note(&mut text, &fill(words.says_who, &values));
    note(&mut text, words.notes);
    let name = plan.territories.get(request.territory).map_or(request.territory, String::as_str);
    let territory = fill(words.territory, &[("code", request.territory), ("name", name)]);
    let codes = book.standard.code_lists.get("confidentiality");
    let mut codes: Vec<&str> = codes.iter().flat_map(|held| held.value.codes.keys()).collect();
    if codes.is_empty() {
        codes.push(MOST_CONFIDENTIAL);
    }
    let confidentiality =
        codes.iter().find(|code| **code == MOST_CONFIDENTIAL).unwrap_or(&codes[codes.len() - 1]);
    let meanings =
        codes.iter().map(|code| format!("  {code}: {}", book.code_texts("confidentiality", code).0));
    let confidential: Vec<String> =
        std::iter::once(words.confidentiality.to_owned()).chain(meanings).collect();

    let tier = request.tier.map(|tier| tier.to_string());
    let fields: [(&[String], &str, String); 7] = [
        (&[words.standard.to_owned()], "standard", quote(&plan.version)),
        (&[words.agency.to_owned()], "agency", quote(request.agency.unwrap_or(words.agency_here))),
        (&[territory], "territory", quote(request.territory)),
        (&[words.tier.to_owned()], "tier", tier.clone().unwrap_or_default()),
        (&[words.period.to_owned()], "period", request.year.to_owned()),
        (&[words.language.to_owned()], "language", book.language.code().to_owned()),
        (&confidential, "confidentiality", quote(confidentiality)),
    ];
    // Without a tier nothing is promised, and nothing can be missing.
    let given = fields.into_iter().filter(|(_, name, _)| *name != "tier" || tier.is_some());
    for (notes, name, value) in given {
        text.push('\n');
        for line in notes {
            note(&mut text, line);
        }
        let _ = writeln!(text, "{name}: {value}");
    }
    // There is no clock here: the agency itself says when it was done.
    text.push('\n');
    note(&mut text, words.prepared);
    let next_year = request.year.parse().map_or(0, |year: u32| year + 1);
    note(&mut text, &format!("prepared: {next_year}-06-30"));
    text.push('\n');
    note(&mut text, words.datasets);
    note(&mut text, words.dialect);
    note(&mut text, &format!("  {}", dialect(request)));
    text += "datasets:\n";
    for dataset in &request.datasets {
        let _ = writeln!(text, "  # {}\n  {}: {}", one_line(&dataset.title), dataset.id, table_name(dataset));
    }
    if tier.is_some() {
        text.push('\n');
        note(&mut text, words.absent);
        // An empty mapping, `{}`, could not be continued on the next line.
        let first = request.datasets.first().map_or("", |dataset| &dataset.id);
        let _ = writeln!(text, "absent:\n  # {first}: not_collected");
    }
    text
}

/// How the first table's line says that its cells are separated by semicolons.
pub(super) fn dialect(request: &Request<'_>) -> String {
    let id = request.datasets.first().map_or("", |dataset| &dataset.id);
    format!("{id}: {{ file: {id}.csv, delimiter: \";\", decimal: \",\" }}")
}

/// A comment line; what is set in stays set in.
fn note(text: &mut String, line: &str) {
    let indent = line.len() - line.trim_start().len();
    let _ = writeln!(text, "# {}{}", " ".repeat(indent), one_line(line));
}

/// A text as YAML, in double quotes: JSON's escapes are YAML's.
fn quote(text: &str) -> String {
    let is_word = text.chars().all(|character| character.is_ascii_uppercase()) && !WORDS.contains(&text);
    if is_word && !text.is_empty() { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

/// What other readers of YAML take for no text at all; `NO` is Norway.
const WORDS: [&str; 8] = ["N", "NO", "OFF", "ON", "TRUE", "Y", "YES", "NULL"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_where_another_reader_would_misread_them() {
        assert_eq!(quote("PA"), "PA");
        assert_eq!(quote("NO"), "\"NO\"");
        assert_eq!(quote("1.0"), "\"1.0\"");
        assert_eq!(quote("Aduana \"Sur\": 1 # 2"), "\"Aduana \\\"Sur\\\": 1 # 2\"");
        assert_eq!(quote(""), "\"\"");
    }

    #[test]
    fn commands_can_be_copied() {
        assert_eq!(command("validate", "pa-2025", None, Language::English), "sikes validate pa-2025");
        assert_eq!(command("explain", "sales", None, Language::French), "sikes explain sales --lang fr");
        let quoted = if cfg!(windows) { "\"my figures\"" } else { "'my figures'" };
        let command = command("validate", "my figures", Some("s/1.0"), Language::Spanish);
        assert_eq!(command, format!("sikes validate {quoted} --standard s/1.0 --lang es"));
    }
}
