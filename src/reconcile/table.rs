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
    fn is_disputed(&self) -> bool {
        let mut values = self.given.iter().filter_map(|given| given.figure.value.ok());
        let first = values.next();
        values.any(|value| Some(value) != first)
    }

    /// The value; null where there is none or it is disputed.
    pub(super) fn value(&self) -> Option<f64> {
        self.first_value().filter(|_| !self.is_disputed())
    }

    /// The value, and of a disputed one the first that is given.
    pub(super) fn first_value(&self) -> Option<f64> {
        self.figure().and_then(|given| given.figure.value.ok())
    }

    /// Why there is none, where the agency says so.
    fn absence(&self) -> Option<Absence> {
        match self.figure()?.figure.value {
            Err(Missing::Reason(absence)) => Some(absence),
            _ => None,
        }
    }
}

/// Why it is not known what figure an operand has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Doubt<'a> {
    /// Submissions give different figures of this indicator.
    Disputed(&'a str),
    /// A cell that this indicator is computed from could not be read.
    Unreadable(&'a str),
    /// A figure is missing, and a file of this dataset could not be read whole.
    NotWhole(&'a str),
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

    /// For each row the operands of which it is not known what figure they have, and why.
    ///
    /// Where a rule looks at whole groups, a figure that was lost with a part of a file may be any of the group's.
    pub(super) fn doubts(
        &self,
        join: &'a Join,
        sources: &[Source<'a>],
        whole_groups: bool,
    ) -> Vec<Vec<(usize, Doubt<'a>)>> {
        // A figure that is not there may stand in the part of a file that was not read.
        let lost: Vec<Vec<&Source<'a>>> = join
            .operands
            .iter()
            .map(|operand| sources.iter().filter(|source| source.broken.contains(&operand.dataset)).collect())
            .collect();
        let doubt = |key: &[&str], place: usize, cell: &Cell<'a>| {
            let operand = &join.operands[place];
            let concerns = |source: &&Source<'_>| {
                operand.territory.is_none_or(|territory| key[territory] == source.territory)
                    && join.submission.is_none_or(|place| key[place] == source.submission)
            };
            let is_lost = || lost[place].iter().any(concerns).then_some(Doubt::NotWhole(&operand.dataset));
            match cell.figure().map(|given| given.figure.value) {
                Some(Ok(_)) if whole_groups && !cell.is_disputed() => is_lost(),
                Some(Ok(_)) => cell.is_disputed().then_some(Doubt::Disputed(&operand.indicator)),
                Some(Err(Missing::Unreadable)) => Some(Doubt::Unreadable(&operand.indicator)),
                Some(Err(_)) => None,
                None => is_lost(),
            }
        };
        let doubts_of = |(key, cells): (&Vec<&'a str>, &Vec<Cell<'a>>)| {
            let cells = cells.iter().enumerate();
            cells.filter_map(|(place, cell)| Some((place, doubt(key, place, cell)?))).collect()
        };
        self.keys.iter().zip(&self.cells).map(doubts_of).collect()
    }

    /// The columns that the rule's check is compiled for, the cells of its operands with these values.
    pub(super) fn columns(&self, join: &Join, value: fn(&Cell<'a>) -> Option<f64>) -> Vec<Column> {
        let dimensions = (0..join.table.key.len()).map(|place| {
            let texts = self.keys.iter().map(|key| key[place]);
            Column::of(typed(texts, &join.table.fields[place].kind))
        });
        let operands = (0..join.operands.len()).map(|place| {
            let cells = || self.cells.iter().map(|cells| &cells[place]);
            let absences: Vec<Option<Absence>> = cells().map(Cell::absence).collect();
            let absences = if absences.iter().any(Option::is_some) { absences } else { Vec::new() };
            Column { absences, ..Column::of(Values::Number(cells().map(value).collect())) }
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
