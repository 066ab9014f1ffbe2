//! The guide that lies beside the tables: how to fill them in, what each column holds, and which commands to run.

use std::fmt::Write as _;

use super::Request;
use super::files::{command, dialect, table_name};
use super::words::{count, fill};
use crate::cli::explain::Book;
use crate::compile::Dataset;
use crate::language::whole;
use crate::report::prose::one_line;
use crate::standard::Language;
use crate::standard::item::Column;

/// Of the codes of a column so many are shown; the rest a command lists.
const FEW: usize = 4;

/// The whole guide, as Markdown.
pub(super) fn text(request: &Request<'_>, book: &Book<'_>) -> String {
    let words = request.words;
    let plan = book.plan;
    let name = plan.territories.get(request.territory).map_or(request.territory, String::as_str);
    let tables = count(book.language, words.empty_tables, request.datasets.len() as u64);
    let title = fill(words.guide_title, &[("territory", name), ("year", request.year)]);
    let values = [("standard", plan.title.as_str()), ("version", &plan.version), ("tables", &tables)];
    let mut text = format!("# {}\n\n{}\n", plain(&title), plain(&fill(words.guide_intro, &values)));

    let _ = writeln!(text, "\n## {}\n\n{}\n\n{}\n", words.to_do, words.do_fill, words.do_run);
    let standard = (!request.is_built_in).then_some(words.standard_path);
    let first = request.datasets.first().map_or("", |dataset| &dataset.id);
    let column = request.datasets.first().and_then(|dataset| dataset.columns.first());
    let column = column.map_or_else(String::new, |column| format!("{first}.{}", column.name));
    let steps = [
        ("validate", ".", words.do_validate.to_owned()),
        ("explain", first, fill(words.do_explain, &[("column", &column)])),
        ("estimate", ".", words.do_estimate.to_owned()),
    ];
    for (number, (name, of, does)) in steps.into_iter().enumerate() {
        let _ = writeln!(text, "{}. `{}`\n   {does}", number + 1, command(name, of, standard, book.language));
    }
    if let Some(standard) = standard {
        let _ = writeln!(text, "\n{}", fill(words.standard_is, &[("name", standard)]));
    }

    let _ = writeln!(text, "\n## {}\n", words.values);
    let file = fill(words.value_file, &[("example", &dialect(request))]);
    let rules = [
        &file,
        words.value_number,
        words.value_period,
        words.value_boolean,
        words.value_absent,
        words.value_nothing,
    ];
    for rule in rules {
        let _ = writeln!(text, "- {rule}");
    }
    for dataset in &request.datasets {
        section(&mut text, dataset, request, book);
    }
    text
}

/// What a dataset is, and each of its columns.
fn section(text: &mut String, dataset: &Dataset, request: &Request<'_>, book: &Book<'_>) {
    let labels = book.words;
    let item = format!("datasets/{}", dataset.id);
    let colon = if book.language == Language::French { " :" } else { ":" };
    let _ = writeln!(text, "\n## {}\n\n`{}`\n", plain(&dataset.title), table_name(dataset));
    let _ = writeln!(text, "{}\n", plain(&book.text(&item, "definition")));
    let _ = writeln!(text, "- {}{colon} {}", labels.rows, plain(&book.text(&item, "grain")));
    if !dataset.key.is_empty() {
        let key = dataset.key.iter().map(|column| format!("`{}`", dataset.columns[*column].name));
        let _ = writeln!(text, "- {}{colon} {}", labels.key, key.collect::<Vec<_>>().join(", "));
    }
    let _ = writeln!(text, "- {}{colon} {}\n", labels.tier, book.tier(dataset));
    let titles = [labels.column, labels.holds, labels.type_, labels.unit, labels.required, labels.codes];
    let _ = writeln!(text, "| {} |\n|{}", titles.join(" | "), " --- |".repeat(titles.len()));
    let Some(held) = book.standard.datasets.get(&dataset.id) else { return };
    for (position, (name, declared)) in held.value.columns.iter().enumerate() {
        let holds = one_line(&dataset.columns[position].title);
        let bounds = book.bounds(declared);
        let cells = [
            format!("`{}`", name.value),
            plain(&if bounds.is_empty() { holds } else { format!("{holds} ({bounds})") }),
            book.type_word(declared.data_type).to_owned(),
            declared.unit.as_ref().map_or_else(String::new, |unit| plain(&unit.value)),
            book.required_word(dataset, position).replace('*', "\\*"),
            codes(declared, request, book),
        ];
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    if book.reason_will_do_in(dataset) {
        let _ = writeln!(text, "\n{}", labels.reason_will_do.replacen('*', "\\*", 1));
    }
}

/// The first codes of a column, and the command that lists all; or the column that its values come from.
fn codes(column: &Column, request: &Request<'_>, book: &Book<'_>) -> String {
    let words = request.words;
    if let Some(target) = &column.references {
        return plain(&fill(book.words.refers_to_column, &[("column", &target.value)]));
    }
    let Some(list) = &column.codes else { return String::new() };
    let Some(held) = book.standard.code_lists.get(&list.value) else { return String::new() };
    let codes: Vec<&str> = held.value.codes.keys().collect();
    let shown = codes
        .iter()
        .take(FEW)
        .map(|code| format!("`{}` {}", plain(code), plain(&book.code_texts(&list.value, code).0)));
    let shown = shown.collect::<Vec<_>>().join(", ");
    let standard = (!request.is_built_in).then_some(words.standard_path);
    let command = command("explain", &list.value, standard, book.language);
    let more = whole(book.language, codes.len().saturating_sub(FEW) as u64);
    let phrase = if codes.len() > FEW { words.more_codes } else { words.all_codes };
    fill(phrase, &[("codes", &shown), ("n", &more), ("command", &command)])
}

/// A text in one line that Markdown takes for nothing else.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for character in one_line(text).chars() {
        if matches!(character, '|' | '<') {
            plain.push('\\');
        }
        plain.push(character);
    }
    plain
}
