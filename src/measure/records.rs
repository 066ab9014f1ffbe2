//! From tables to the records that methods read: the rows of a dataset, a table a territory and period.

use std::collections::HashMap;

use super::{LINES, Provenance};
use crate::calendar::date_text;
use crate::compile::{Dataset, Records};
use crate::group::{Groups, written};
use crate::table::{Batch, Column, Values};
use crate::validate::state::{borrow, extend, is};
use crate::validate::territory_column;

/// The rows of one territory and period, as an estimator reads them.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The estimator.
    pub estimator: String,
    /// The input of its method.
    pub input: String,
    /// The dataset that the rows are of.
    pub dataset: String,
    /// The territory.
    pub territory: String,
    /// The period.
    pub period: String,
    /// The columns by the method's names, all of one length.
    pub columns: Vec<(String, Cells)>,
    /// Where the rows came from.
    pub provenance: Provenance,
}

/// The cells of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Numbers; not a number where the cell is empty.
    Numbers(Vec<f64>),
    /// Texts, each kept once: the place of each row's text among the names; none where the cell is empty.
    Texts(Vec<Option<u32>>, Vec<String>),
}

/// The rows of a dataset being gathered for one input of an estimator.
pub struct Gathering<'p> {
    estimator: &'p str,
    input: &'p str,
    records: &'p Records,
    dataset: &'p Dataset,
    territory: String,
    file: String,
    tables: Groups<Growing>,
}

/// A table that grows by rows.
struct Growing {
    columns: Vec<GrowingColumn>,
    rows: u64,
    lines: Vec<u64>,
}

#[derive(Default)]
struct GrowingColumn {
    numbers: Vec<f64>,
    codes: Vec<Option<u32>>,
    names: Vec<String>,
    places: HashMap<String, u32>,
}

impl GrowingColumn {
    fn push(&mut self, values: &Values, row: usize) {
        let there = !values.is_null(row);
        match values {
            Values::Number(array) => self.numbers.push(if there { array.value(row) } else { f64::NAN }),
            Values::Boolean(array) => {
                self.numbers.push(if there { f64::from(array.value(row)) } else { f64::NAN });
            }
            Values::Text(array) => self.push_text(there.then(|| array.value(row))),
            Values::Date(array) => {
                let text = there.then(|| date_text(array.value(row)));
                self.push_text(text.as_deref());
            }
        }
    }

    fn push_text(&mut self, text: Option<&str>) {
        let code = text.map(|text| {
            if let Some(place) = self.places.get(text) {
                return *place;
            }
            // A table has fewer different texts than rows, and a file fewer rows than 2^32.
            let place = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            self.names.push(text.to_owned());
            self.places.insert(text.to_owned(), place);
            place
        });
        self.codes.push(code);
    }

    fn finish(self) -> Cells {
        // A column is of one type throughout.
        if self.codes.is_empty() {
            Cells::Numbers(self.numbers)
        } else {
            Cells::Texts(self.codes, self.names)
        }
    }
}

impl<'p> Gathering<'p> {
    /// Begins; `file` names the submission and the file in it.
    pub fn new(
        (estimator, input): (&'p str, &'p str),
        records: &'p Records,
        dataset: &'p Dataset,
        territory: &str,
        file: &str,
    ) -> Self {
        Self {
            estimator,
            input,
            records,
            dataset,
            territory: territory.to_owned(),
            file: file.to_owned(),
            tables: Groups::default(),
        }
    }

    /// Takes in a batch. A cell that could not be read is empty here; its finding keeps the table from being used.
    pub fn observe(&mut self, batch: &Batch) {
        let rows = batch.rows();
        let territory = territory_column(self.dataset, &self.territory, rows);
        let fields: Vec<&Column> = batch.columns.iter().chain(&territory).collect();
        let scoped = &self.records.scoped;
        let extended = extend(scoped, &fields, rows);
        let columns: Vec<Values> =
            self.records.columns.iter().map(|(_, program)| program.evaluate(&fields, rows)).collect();
        let fields = borrow(&fields, &extended.columns);
        let keys: Vec<&Column> = scoped.keys.iter().map(|key| fields[*key]).collect();
        for row in 0..rows {
            let applies = extended.applies.as_ref().is_none_or(|applies| is(applies, row, true));
            // Rows of no known period or territory are nobody's; the empty cell is a finding of its own.
            if !applies || keys.iter().any(|key| key.values.is_null(row)) {
                continue;
            }
            let table = self.tables.of(&keys, row, || Growing {
                columns: columns.iter().map(|_| GrowingColumn::default()).collect(),
                rows: 0,
                lines: Vec::new(),
            });
            for (growing, values) in table.columns.iter_mut().zip(&columns) {
                growing.push(values, row);
            }
            table.rows += 1;
            if table.lines.len() < LINES {
                table.lines.push(batch.lines[row]);
            }
        }
    }

    /// Ends: one table a territory and period, sorted by them.
    pub fn finish(self) -> Vec<Table> {
        let (keys, tables) = self.tables.finish();
        let scoped = &self.records.scoped;
        let dimension = |wanted: &[&str], place: usize| {
            let key = scoped.keys.iter().position(|key| wanted.contains(&scoped.fields[*key].name.as_str()));
            key.and_then(|key| written(&keys[key], place)).unwrap_or_default()
        };
        let mut finished: Vec<Table> = tables
            .into_iter()
            .enumerate()
            .map(|(place, table)| Table {
                estimator: self.estimator.to_owned(),
                input: self.input.to_owned(),
                dataset: self.dataset.id.clone(),
                territory: dimension(&["territory"], place),
                period: dimension(&["period", "year"], place),
                columns: self
                    .records
                    .columns
                    .iter()
                    .zip(table.columns)
                    .map(|((name, _), column)| (name.clone(), column.finish()))
                    .collect(),
                provenance: Provenance { file: self.file.clone(), rows: table.rows, lines: table.lines },
            })
            .collect();
        finished.sort_by(|a, b| (&a.territory, &a.period).cmp(&(&b.territory, &b.period)));
        finished
    }
}
