//! A rule's own examples: evidence that it finds what it says, run by `sikes standard check`.

use std::sync::Arc;

use super::dataset::fails;
use crate::compile::{Check, Dataset, Plan};
use crate::diagnostic::{Diagnostics, Source, did_you_mean};
use crate::standard::item::{Example, ExampleRow};
use crate::standard::{Held, Language, Standard, item};
use crate::submission::builder::ColumnBuilder;
use crate::submission::cell::{Cell, DecimalMark, Notation, parse};
use crate::table::Batch;

/// Runs the examples of every rule; a verdict that is not the one claimed is a diagnostic.
pub fn examples(standard: &Standard, plan: &Plan, diagnostics: &mut Diagnostics) {
    for held in standard.rules.values() {
        let table = match &held.value.dataset {
            Some(dataset) => plan.datasets.get(&dataset.value),
            None => plan.joins.get(&held.id).map(|join| &join.table),
        };
        let Some(table) = table else { continue };
        let Some(check) = table.checks.iter().find(|check| check.id == held.id) else { continue };
        for (claim, cases) in [(false, &held.value.examples.pass), (true, &held.value.examples.fail)] {
            for case in cases {
                judge(held, case, claim, table, check, diagnostics);
            }
        }
    }
}

fn judge(
    held: &Held<item::Rule>,
    case: &Example,
    should_fail: bool,
    dataset: &Dataset,
    check: &Check,
    diagnostics: &mut Diagnostics,
) {
    let Some(batch) = batch(&case.rows, dataset, &held.source, diagnostics) else { return };
    let verdict = fails(dataset, check, &batch);
    if verdict == should_fail {
        return;
    }
    let message = if should_fail {
        "this example must fail, but the rule lets it pass"
    } else {
        "this example must pass, but the rule finds fault with it"
    };
    let help = Some("mend the check or the example: the two say different things".to_owned());
    diagnostics.add("wrong-verdict", &held.source, case.place.0..case.place.1, message, help);
}

/// The rows of an example, their cells read as a reader of files would. None where a cell cannot be read.
fn batch(
    rows: &[ExampleRow],
    dataset: &Dataset,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Option<Batch> {
    let mut sound = true;
    for (name, _) in rows.iter().flat_map(ExampleRow::iter) {
        if dataset.column(&name.value).is_none() {
            let help = did_you_mean(&name.value, dataset.columns.iter().map(|column| column.name.as_str()));
            let message = format!("{} has no column `{}`", dataset.called, name.value);
            diagnostics.add("unknown-column", source, name.range(), message, help);
            sound = false;
        }
    }
    let mut columns = Vec::new();
    for column in &dataset.columns {
        let mut builder = ColumnBuilder::new(column.data_type);
        let notation = Notation { decimal: DecimalMark::Point, absence_words: column.absence_words };
        for row in rows {
            let Some(Some(text)) = row.get(&column.name) else {
                builder.push(&Cell::Absent(None));
                continue;
            };
            match parse(&text.value, column.data_type, notation) {
                Ok(cell) => builder.push(&cell),
                Err(fault) => {
                    let message = format!(
                        "`{}` cannot stand in `{}`: {}",
                        text.value,
                        column.name,
                        fault.message(Language::English)
                    );
                    diagnostics.add(
                        "wrong-type",
                        source,
                        text.range(),
                        message,
                        Some(fault.fix(Language::English)),
                    );
                    builder.push(&Cell::Absent(None));
                    sound = false;
                }
            }
        }
        columns.push(builder.finish());
    }
    let lines = (1..=rows.len() as u64).collect();
    sound.then_some(Batch { columns, lines })
}
