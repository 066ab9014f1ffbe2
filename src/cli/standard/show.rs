//! `sikes standard show`: every item by kind, with its title.

use std::collections::BTreeMap;

use clap::ValueEnum;

use super::super::explain::severity_word;
use super::super::sheet::Sheet;
use super::super::words::{Words, whole, words};
use crate::estimator::{METHODS, method};
use crate::standard::item::{self, Dataset, Status};
use crate::standard::{Held, Language, Standard};

/// A kind of item, as `--kind` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Kind {
    /// What columns may hold.
    CodeLists,
    /// Bodies' categories of alcohol.
    Taxonomies,
    /// What estimates are estimates of.
    Quantities,
    /// What agencies send.
    Datasets,
    /// What must hold of it.
    Rules,
    /// Figures computed from it.
    Indicators,
    /// Methods with what they are given.
    Estimators,
    /// Units of measurement.
    Units,
    /// Grades of comparability.
    Grades,
    /// Ways from figures to an estimate.
    Methods,
}

/// The items of one kind, or of all.
pub(super) fn show(
    standard: &Standard,
    only: Option<Kind>,
    language: Language,
    page: (usize, bool),
) -> String {
    let words = words(language);
    let status = match standard.header.value.status {
        Status::Draft => words.draft,
        Status::Published => words.published,
        Status::Retired => words.retired,
    };
    let mut sheet = Sheet::new(page.0, page.1);
    let title = standard.text(language, "standard", "title").unwrap_or_default();
    sheet.paragraph(&format!("{title} {} ({status})", standard.version));
    for (kind, name) in kinds(words) {
        if only.is_some_and(|only| only != kind) {
            continue;
        }
        let blocks = rows(standard, kind, language);
        let total: usize = blocks.iter().map(|(_, rows)| rows.len()).sum();
        if total == 0 {
            continue;
        }
        sheet.section(&format!("{name} ({})", whole(language, total as u64)));
        let all: Vec<Vec<String>> = blocks.iter().flat_map(|(_, rows)| rows.clone()).collect();
        for (heading, rows) in blocks {
            if let Some(heading) = heading {
                sheet.blank();
                sheet.paragraph(&heading);
            }
            sheet.part_of_table(&[], &rows, &all);
        }
    }
    sheet.blank();
    sheet.paragraph(words.explain_tells);
    sheet.finish()
}

/// The kinds of item in the order of the list, each with its name in a language.
fn kinds(words: &Words) -> [(Kind, &'static str); 10] {
    [
        (Kind::CodeLists, words.code_lists),
        (Kind::Taxonomies, words.taxonomies),
        (Kind::Quantities, words.quantities),
        (Kind::Datasets, words.datasets),
        (Kind::Rules, words.rules),
        (Kind::Indicators, words.indicators),
        (Kind::Estimators, words.estimators),
        (Kind::Units, words.units),
        (Kind::Grades, words.grades),
        (Kind::Methods, words.methods),
    ]
}

/// Rows of a list under their heading, where they have one.
type Block = (Option<String>, Vec<Vec<String>>);

/// The items of a kind, each as the row of a table; rules by the dataset that they are about.
fn rows(standard: &Standard, kind: Kind, language: Language) -> Vec<Block> {
    let text = |item: &str, field: &str| standard.text(language, item, field).unwrap_or_default();
    let of_folder = |folder: &str| {
        let prefix = format!("{folder}/");
        let paths = standard.nodes.keys().filter(|path| path.starts_with(&prefix));
        paths.map(|path| vec![path[prefix.len()..].to_owned(), text(path, "title")]).collect()
    };
    let rows = match kind {
        Kind::CodeLists => of_folder("code-lists"),
        Kind::Taxonomies => of_folder("taxonomies"),
        Kind::Quantities => of_folder("quantities"),
        Kind::Indicators => of_folder("indicators"),
        Kind::Estimators => return estimators(standard, language),
        Kind::Rules => return rules(standard, language),
        Kind::Datasets => {
            let row = |held: &Held<Dataset>| {
                let tier = held.value.tier.as_ref();
                let tier =
                    tier.map_or_else(String::new, |tier| format!("{} {}", words(language).tier, tier.value));
                vec![held.id.clone(), tier, text(&format!("datasets/{}", held.id), "title")]
            };
            standard.datasets.values().map(row).collect()
        }
        Kind::Units => {
            let units = standard.units.iter().flat_map(|held| held.value.units.keys());
            units.map(|id| vec![id.to_owned(), text("units", &format!("units.{id}.title"))]).collect()
        }
        Kind::Grades => {
            let grades = standard.grades.iter().flat_map(|held| held.value.grades.keys());
            grades.map(|id| vec![id.to_owned(), text("grades", &format!("grades.{id}.title"))]).collect()
        }
        Kind::Methods => {
            METHODS.iter().map(|method| vec![method.name.to_owned(), method.title().to_owned()]).collect()
        }
    };
    vec![(None, rows)]
}

/// The estimators that this program can compute, then those whose methods it does not have.
fn estimators(standard: &Standard, language: Language) -> Vec<Block> {
    let words = words(language);
    let row = |held: &Held<item::Estimator>| {
        let title = standard.text(language, &format!("estimators/{}", held.id), "title");
        vec![held.id.clone(), title.unwrap_or_default()]
    };
    let (here, lacking): (Vec<_>, Vec<_>) =
        standard.estimators.values().partition(|held| method(&held.value.method.value).is_some());
    let blocks = [(None, here), (Some(words.method_not_here.to_owned()), lacking)];
    let listed = blocks.map(|(heading, held)| (heading, held.into_iter().map(row).collect::<Vec<_>>()));
    listed.into_iter().filter(|(_, rows)| !rows.is_empty()).collect()
}

/// The rules by dataset, each with its severity.
fn rules(standard: &Standard, language: Language) -> Vec<Block> {
    let text = |item: &str| standard.text(language, item, "title").unwrap_or_default();
    let mut blocks: BTreeMap<Option<&str>, Vec<Vec<String>>> = BTreeMap::new();
    for held in standard.rules.values() {
        let severity = severity_word(words(language), held.value.severity).to_owned();
        let row = vec![held.id.clone(), severity, text(&format!("rules/{}", held.id))];
        blocks
            .entry(held.value.dataset.as_ref().map(|dataset| dataset.value.as_str()))
            .or_default()
            .push(row);
    }
    // Rules over indicators come last, after those of single datasets.
    let over = blocks.remove(&None);
    let headed = blocks.into_iter().filter_map(|(dataset, rows)| {
        let dataset = dataset?;
        Some((Some(format!("{dataset} ({})", text(&format!("datasets/{dataset}")))), rows))
    });
    headed.chain(over.map(|rows| (Some(words(language).over_indicators.to_owned()), rows))).collect()
}
