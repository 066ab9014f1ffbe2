//! From tables to indicators: the value, its unit and interval, and which rows of which file it came from.

mod records;

use std::collections::HashSet;

use arrow_array::Array as _;

pub use records::{Cells, Gathering, Table};

use crate::compile::{Dataset, Indicator};
use crate::expression::{Accumulators, GroupProgram, Program};
use crate::group::{Groups, written};
use crate::table::{Absence, Batch, Column, Values};
use crate::validate::state::{borrow, extend, is};
use crate::validate::territory_column;

/// How many of an indicator's lines are named; all are counted.
const LINES: usize = 10;

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The indicator.
    pub indicator: String,
    /// Its dimensions, each with its value.
    pub dimensions: Vec<(String, String)>,
    /// The value, in the indicator's unit; or why there is none.
    pub value: Result<f64, Missing>,
    /// The unit.
    pub unit: String,
    /// The interval that its source gives: lower bound, upper bound, and the probability between them.
    pub interval: Option<(f64, f64, f64)>,
    /// Its variance, in the square of the unit, where the standard says how to compute it.
    pub variance: Option<f64>,
    /// Where it came from.
    pub provenance: Provenance,
}

/// Why a figure is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The agency says why.
    Reason(Absence),
    /// The cells are empty, or the formula has no result for them.
    Unknown,
    /// A cell could not be read, which is a finding of its own.
    Unreadable,
}

/// The rows that a figure was computed from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The submission and the file in it.
    pub file: String,
    /// How many rows.
    pub rows: u64,
    /// The first of their lines.
    pub lines: Vec<u64>,
}

impl Figure {
    /// The period that it is about: a year is one.
    pub fn period(&self) -> Option<&str> {
        self.dimension("period").or_else(|| self.dimension("year"))
    }

    /// The value of a dimension.
    pub fn dimension(&self, name: &str) -> Option<&str> {
        self.dimensions.iter().find(|(dimension, _)| dimension == name).map(|(_, value)| value.as_str())
    }
}

/// One indicator being measured over the batches of a dataset.
pub struct Measurement<'p> {
    indicator: &'p Indicator,
    dataset: &'p Dataset,
    territory: String,
    file: String,
    /// The columns of the formula, whose reasons for absence are the figure's.
    read: Vec<usize>,
    /// Whether a row was seen of which it cannot be read whose figure it belongs to.
    lost: bool,
    groups: Groups<Group>,
}

struct Group {
    value: Accumulators,
    low: Option<Accumulators>,
    high: Option<Accumulators>,
    variance: Option<Accumulators>,
    rows: u64,
    lines: Vec<u64>,
    absence: Option<Absence>,
    /// Whether a cell of the formula could not be read, so that its result is none.
    unreadable: bool,
}

impl<'p> Measurement<'p> {
    /// Begins; `file` names the submission and the file in it.
    pub fn new(indicator: &'p Indicator, dataset: &'p Dataset, territory: &str, file: &str) -> Self {
        let read =
            indicator.value.columns().into_iter().filter(|column| !indicator.scoped.keys.contains(column));
        Self {
            indicator,
            dataset,
            territory: territory.to_owned(),
            file: file.to_owned(),
            read: read.collect(),
            lost: false,
            groups: Groups::default(),
        }
    }

    /// Takes in a batch; `faulted` are the cells, by row and column, that could not be read.
    pub fn observe(&mut self, batch: &Batch, faulted: &[(usize, usize)]) {
        let of = |read: &[usize]| -> HashSet<usize> {
            faulted.iter().filter(|(_, column)| read.contains(column)).map(|(row, _)| *row).collect()
        };
        let unreadable = of(&self.read);
        // Whether the figure is computed from such a row too, nobody knows.
        let uncertain = of(&self.indicator.scoped.applies.as_ref().map_or(Vec::new(), Program::columns));
        // Whose figure such a row belongs to, nobody knows: it may be any.
        self.lost |= !of(&self.indicator.columns_of_dimensions()).is_empty();
        let rows = batch.rows();
        let territory = territory_column(self.dataset, &self.territory, rows);
        let fields: Vec<&Column> = batch.columns.iter().chain(&territory).collect();
        let scoped = &self.indicator.scoped;
        let extended = extend(scoped, &fields, rows);
        let fields = borrow(&fields, &extended.columns);
        let keys: Vec<&Column> = scoped.keys.iter().map(|key| fields[*key]).collect();
        let bounds = self.indicator.bounds.as_ref();
        let value = self.indicator.value.inputs(&fields, rows);
        let low = bounds.map(|bounds| bounds.low.inputs(&fields, rows));
        let high = bounds.map(|bounds| bounds.high.inputs(&fields, rows));
        let variance = self.indicator.variance.as_ref();
        let of_variance = variance.map(|variance| variance.inputs(&fields, rows));
        for row in 0..rows {
            let applies = extended.applies.as_ref().is_none_or(|applies| is(applies, row, true));
            if !applies && !uncertain.contains(&row) {
                continue;
            }
            // A figure of no known period or territory is nobody's; the empty cell is a finding of its own.
            if keys.iter().any(|key| key.values.is_null(row)) {
                continue;
            }
            let group = self.groups.of(&keys, row, || Group {
                value: self.indicator.value.accumulators(),
                low: bounds.map(|bounds| bounds.low.accumulators()),
                high: bounds.map(|bounds| bounds.high.accumulators()),
                variance: variance.map(GroupProgram::accumulators),
                rows: 0,
                lines: Vec::new(),
                absence: None,
                unreadable: false,
            });
            group.value.add(&value, row);
            let parts =
                [(&mut group.low, &low), (&mut group.high, &high), (&mut group.variance, &of_variance)];
            for (accumulators, inputs) in parts {
                if let (Some(accumulators), Some(inputs)) = (accumulators, inputs) {
                    accumulators.add(inputs, row);
                }
            }
            group.unreadable |= unreadable.contains(&row) || uncertain.contains(&row);
            group.rows += 1;
            if group.lines.len() < LINES {
                group.lines.push(batch.lines[row]);
            }
            let reasons = self.read.iter().map(|column| fields[*column].absences.get(row).copied().flatten());
            group.absence = group.absence.or(reasons.flatten().next());
        }
    }

    /// Ends: one figure a group, sorted by its dimensions.
    pub fn finish(self) -> Vec<Figure> {
        let (keys, groups) = self.groups.finish();
        if groups.is_empty() {
            return Vec::new();
        }
        let all = |part: fn(&Group) -> Option<&Accumulators>, program: &GroupProgram| {
            let accumulators: Vec<&Accumulators> = groups.iter().filter_map(part).collect();
            numbers(&program.finish(&accumulators, &keys))
        };
        let values = all(|group| Some(&group.value), &self.indicator.value);
        let bounds = self.indicator.bounds.as_ref().map(|bounds| {
            let low = all(|group| group.low.as_ref(), &bounds.low);
            (low, all(|group| group.high.as_ref(), &bounds.high), bounds.level)
        });
        let variances =
            self.indicator.variance.as_ref().map(|variance| all(|group| group.variance.as_ref(), variance));
        let names: Vec<&str> = self.indicator.dimensions().collect();
        let mut figures: Vec<Figure> = groups
            .iter()
            .enumerate()
            .map(|(place, group)| Figure {
                indicator: self.indicator.id.clone(),
                dimensions: names
                    .iter()
                    .zip(&keys)
                    .map(|(name, key)| ((*name).to_owned(), written(key, place).unwrap_or_default()))
                    .collect(),
                value: match (values[place], group.absence) {
                    _ if group.unreadable || self.lost => Err(Missing::Unreadable),
                    (Some(value), _) => Ok(value),
                    (None, Some(reason)) => Err(Missing::Reason(reason)),
                    (None, None) => Err(Missing::Unknown),
                },
                unit: self.indicator.unit.to_string(),
                interval: bounds
                    .as_ref()
                    .and_then(|(low, high, level)| Some((low[place]?, high[place]?, *level))),
                variance: variances
                    .as_ref()
                    .and_then(|variances| variances[place])
                    .filter(|variance| *variance >= 0.0),
                provenance: Provenance {
                    file: self.file.clone(),
                    rows: group.rows,
                    lines: group.lines.clone(),
                },
            })
            .collect();
        figures.sort_by(|a, b| a.dimensions.cmp(&b.dimensions));
        figures
    }
}

fn numbers(values: &Values) -> Vec<Option<f64>> {
    match values {
        Values::Number(array) => {
            (0..array.len()).map(|row| (!array.is_null(row)).then(|| array.value(row))).collect()
        }
        other => vec![None; other.len()],
    }
}
