//! Shorthand of a dataset's columns (`required`, `min`, `max`, `codes`, `references`, `key`) as checks.

use std::collections::{BTreeMap, BTreeSet};

use super::check::{Check, CheckKind, describe, unknown_dataset};
use super::dataset::{Column, Dataset};
use super::words::{EngineWords, Words, words};
use crate::diagnostic::{Diagnostics, did_you_mean_of};
use crate::expression::{self, Context, Expected, Scope, Template, Vocabulary};
use crate::standard::item::{self, Severity};
use crate::standard::{Held, Language, Standard, Text};
use crate::yaml::Choice as _;

/// The checks that a dataset declares, and those that every dataset has: its file and its cells can be read.
pub(super) fn checks(
    standard: &Standard,
    held: &Held<item::Dataset>,
    language: Language,
    vocabulary: &Vocabulary,
    datasets: &BTreeMap<String, Dataset>,
    diagnostics: &mut Diagnostics,
) -> Vec<Check> {
    let Some(dataset) = datasets.get(&held.id) else { return Vec::new() };
    let words = words(language);
    let mut checks = of_whole(dataset, words);
    for (position, (name, declared)) in held.value.columns.iter().enumerate() {
        let column = &dataset.columns[position];
        let mut add = |what: &str, words: &Words, condition: String, kind: CheckKind| {
            let codes = declared.codes.as_ref().filter(|_| what == "codes");
            let list = codes.and_then(|codes| vocabulary.code_lists.get(&codes.value));
            checks.push(Check {
                id: format!("{}/{}/{what}", held.id, name.value),
                severity: Severity::Error,
                title: words.of(&name.value),
                fix: words.fix.replace("{column}", &name.value),
                why: words.why.to_owned(),
                condition,
                known: list.map_or_else(BTreeSet::new, |list| list.codes.clone()),
                kind,
            });
        };
        let type_name = item::ColumnType::CHOICES.iter().find(|(_, kind, _)| *kind == declared.data_type);
        let type_name = type_name.map_or("", |(word, _, _)| word);
        let condition = format!("{} is of type {type_name}", name.value);
        add("type", &words.readable, condition, CheckKind::Readable { column: position });
        if column.required {
            let reason_will_do = !dataset.key.contains(&position) && column.absence_words;
            let message = words.required.message.replace("{column}", &name.value);
            let kind = CheckKind::Required { column: position, reason_will_do, message };
            let (words, alternative) = if reason_will_do {
                (&words.required, format!(" or absence({}) is not null", name.value))
            } else {
                let in_key = dataset.key.contains(&position);
                (if in_key { &words.required_always } else { &words.required_text }, String::new())
            };
            add("required", words, format!("{} is not null{alternative}", name.value), kind);
        }
        let bounds = [("min", &declared.min, ">=", &words.min), ("max", &declared.max, "<=", &words.max)];
        for (what, bound, operator, words) in bounds {
            if let Some(bound) = bound {
                let check = format!("{} {operator} {}", name.value, bound.value);
                let message = words.message.replace("{bound}", &bound.value.to_string());
                if let Some(kind) = row(position, &check, &message, column, dataset, vocabulary) {
                    add(what, words, check, kind);
                }
            }
        }
        if let Some(list) = &declared.codes
            && vocabulary.code_lists.contains_key(&list.value)
        {
            let check = format!("is_code({}, '{}')", name.value, list.value);
            let title = standard.text(language, &format!("code-lists/{}", list.value), "title");
            let message = words.codes.message.replace("{list}", &title.unwrap_or_default());
            if let Some(kind) = row(position, &check, &message, column, dataset, vocabulary) {
                add("codes", &words.codes, check, kind);
            }
        }
        if let Some(reference) = &declared.references
            && let Some((other, target)) = target_of(reference, held, datasets, diagnostics)
        {
            let message = words.reference.message.replace("{column}", &name.value);
            let message = message.replace("{dataset}", &other);
            add(
                "references",
                &words.reference,
                format!("{} in {}", name.value, reference.value),
                CheckKind::Reference { column: position, dataset: other, target, message },
            );
        }
    }
    if !dataset.key.is_empty() {
        let names: Vec<&str> =
            dataset.key.iter().map(|column| dataset.columns[*column].name.as_str()).collect();
        checks.push(Check {
            id: format!("{}/key", held.id),
            severity: Severity::Error,
            title: words.key.title.to_owned(),
            fix: words.key.fix.replace("{columns}", &names.join(", ")),
            why: words.key.why.to_owned(),
            condition: format!("({}) occurs once", names.join(", ")),
            known: BTreeSet::new(),
            kind: CheckKind::Key { columns: dataset.key.clone(), message: words.key.message.to_owned() },
        });
    }
    checks
}

/// What is checked of a dataset as a whole: that it is sent, that its file is a table, and that the table has rows.
fn of_whole(dataset: &Dataset, words: &EngineWords) -> Vec<Check> {
    let check = |what: &str, severity: Severity, words: &Words, condition: String, kind: CheckKind| Check {
        id: format!("{}/{what}", dataset.id),
        severity,
        title: words.title.to_owned(),
        fix: words.fix.to_owned(),
        why: words.why.to_owned(),
        condition,
        known: BTreeSet::new(),
        kind,
    };
    let no_rows = CheckKind::Rows { message: words.rows.message.to_owned() };
    let mut checks = vec![
        check("file", Severity::Error, &words.file, String::new(), CheckKind::File),
        check("rows", Severity::Warning, &words.rows, String::new(), no_rows),
    ];
    if let Some(tier) = dataset.tier {
        let condition = format!("tier < {tier} or sent(\"{id}\") or absent(\"{id}\")", id = dataset.id);
        let kind = CheckKind::Sent { tier, message: words.sent.message.to_owned() };
        checks.push(check("sent", Severity::Warning, &words.sent, condition, kind));
    }
    checks
}

/// A check of one column of each row. None where the column itself is at fault, which has been reported.
fn row(
    position: usize,
    check: &str,
    message: &str,
    column: &Column,
    dataset: &Dataset,
    vocabulary: &Vocabulary,
) -> Option<CheckKind> {
    let scope =
        Scope { fields: &dataset.fields, vocabulary, context: Context::Row, table_name: &dataset.called };
    let check = expression::compile(check, &scope, Some(&Expected::Boolean)).ok()?;
    let message =
        message.replace("{column}", &column.name).replace("{value}", &format!("{{{}}}", column.name));
    let message = Template::compile(&message, &scope).ok()?;
    Some(CheckKind::Row { column: Some(position), applies: None, check, message })
}

/// The dataset and the column that `dataset.column` names.
fn target_of(
    target: &Text,
    held: &Held<item::Dataset>,
    datasets: &BTreeMap<String, Dataset>,
    diagnostics: &mut Diagnostics,
) -> Option<(String, usize)> {
    let Some((dataset, column)) = target.value.split_once('.') else {
        let message = format!("`{}` does not name a column of a dataset", target.value);
        let help = Some("write dataset.column".to_owned());
        diagnostics.add("wrong-type", &held.source, target.range(), message, help);
        return None;
    };
    let Some(other) = datasets.get(dataset) else {
        let name = Text { value: dataset.to_owned(), span: target.span };
        unknown_dataset(&held.source, &name, datasets, diagnostics);
        return None;
    };
    let position = other.column(column);
    if position.is_none() {
        let columns = other.columns.iter().map(|column| column.name.as_str());
        let help = did_you_mean_of(column, "its columns", columns);
        let message = format!("{} has no column `{column}`", describe(dataset));
        diagnostics.add("unknown-column", &held.source, target.range(), message, help);
    }
    position.map(|position| (dataset.to_owned(), position))
}
