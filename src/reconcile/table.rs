//! The joined table of a rule: one row a combination of dimensions, with the figure of each operand beside the others.

use std::collections::BTreeMap;

use super::Source;
use crate::calendar::parse_date;
use crate::compile::Join;
use crate::expression::Kind;
use crate::measure::{Figure, Missing};
use crate::table::{Absence, Column, Values};

/// A figure and the submission that gives it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    /// The place of its submission among all.
    pub(super) source: usize,
    pub(super) figure: &'a Figure,
}

/// The figures that the submissions give for one operand and combination of dimensions, in the order of their names.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell<'a> {
    pub(super) given: Vec<Given<'a>>,
}

impl<'a> Cell<'a> {
    /// The figure that stands for the cell: where one submission has no value and another has, the value counts.
    pub(super) fn figure(&self) -> Option<Given<'a>> {
        self.given.iter().find(|given| given.figure.value.is_ok()).or(self.given.first()).copied()
    }

    /// Whether two submissions give different values, so that nobody knows which is right.
    pub(super) fn is_disputed(&self) -> bool {
        let mut values = self.given.iter().filter_map(|given| given.figure.value.ok());
        let first = values.next();
        values.any(|value| Some(value) != first)
    }

    /// The value; null where there is none or it is disputed.
    fn value(&self) -> Option<f64> {
        self.figure().filter(|_| !self.is_disputed()).and_then(|given| given.figure.value.ok())
    }

    /// Why there is none, where the agency says so.
    fn absence(&self) -> Option<Absence> {
        match self.figure()?.figure.value {
            Err(Missing::Reason(absence)) => Some(absence),
            _ => None,
        }
    }
}

/// The joined table.
#[derive(Debug)]
pub(super) struct Table<'a> {
    /// For each row the value of each dimension; sorted.
    keys: Vec<Vec<&'a str>>,
    /// For each row the cell of each operand.
    cells: Vec<Vec<Cell<'a>>>,
    /// For each row the day on which its submission was prepared, where the submission is a dimension.
    prepared: Vec<Option<i32>>,
}

impl<'a> Table<'a> {
    /// Joins figures, which are held by indicator, each with its submission.
    pub(super) fn join(
        join: &Join,
        figures: &BTreeMap<&str, Vec<Given<'a>>>,
        sources: &[Source<'a>],
    ) -> Self {
        let mut rows: BTreeMap<Vec<&'a str>, (Vec<Cell<'a>>, Option<i32>)> = BTreeMap::new();
        for (place, operand) in join.operands.iter().enumerate() {
            for given in figures.get(operand.indicator.as_str()).into_iter().flatten() {
                let source = &sources[given.source];
                // Sums over half a file are no figures.
                if source.broken.contains(&operand.dataset) {
                    continue;
                }
                let dimension = |own: &Option<usize>| {
                    own.map_or(source.submission, |own| given.figure.dimensions[own].1.as_str())
                };
                let key = operand.dimensions.iter().map(dimension).collect();
                let row = rows.entry(key).or_insert_with(|| {
                    let prepared = join.submission.and(source.prepared);
                    (vec![Cell::default(); join.operands.len()], prepared)
                });
                row.0[place].given.push(*given);
            }
        }
        let mut table = Self { keys: Vec::new(), cells: Vec::new(), prepared: Vec::new() };
        for (key, (cells, prepared)) in rows {
            table.keys.push(key);
            table.cells.push(cells);
            table.prepared.push(prepared);
        }
        table
    }

    /// How many rows.
    pub(super) fn rows(&self) -> usize {
        self.keys.len()
    }

    /// The cells of a row.
    pub(super) fn cells(&self, row: usize) -> &[Cell<'a>] {
        &self.cells[row]
    }

    /// The dimensions of a row.
    pub(super) fn key(&self, row: usize) -> &[&'a str] {
        &self.keys[row]
    }

    /// The columns that the rule's check is compiled for.
    pub(super) fn columns(&self, join: &Join) -> Vec<Column> {
        let dimensions = (0..join.table.key.len()).map(|place| {
            let texts = self.keys.iter().map(|key| key[place]);
            Column::of(typed(texts, &join.table.fields[place].kind))
        });
        let operands = (0..join.operands.len()).map(|place| {
            let cells = || self.cells.iter().map(|cells| &cells[place]);
            let absences: Vec<Option<Absence>> = cells().map(Cell::absence).collect();
            let absences = if absences.iter().any(Option::is_some) { absences } else { Vec::new() };
            Column { absences, ..Column::of(Values::Number(cells().map(Cell::value).collect())) }
        });
        let prepared =
            join.submission.map(|_| Column::of(Values::Date(self.prepared.iter().copied().collect())));
        dimensions.chain(operands).chain(prepared).collect()
    }
}

/// The values of a dimension, of which figures hold the text.
fn typed<'t>(texts: impl Iterator<Item = &'t str>, kind: &Kind) -> Values {
    match kind {
        Kind::Boolean => Values::Boolean(texts.map(|text| text.parse::<bool>().ok()).collect()),
        Kind::Number(_) => Values::Number(texts.map(|text| text.parse::<f64>().ok()).collect()),
        Kind::Text | Kind::Code(_) | Kind::Period => Values::Text(texts.map(Some).collect()),
        Kind::Date => Values::Date(texts.map(parse_date).collect()),
    }
}
