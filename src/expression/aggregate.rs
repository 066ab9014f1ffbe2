//! Aggregates: one value from the rows of a group, built row by row and mergeable part by part.

use std::cmp::Ordering;

use super::Kind;
use super::node::Node;
use super::reference::Entry;
use super::vector::{Scalar, Vector, order};

/// A function of the rows of a group.
pub(crate) struct AggregateFunction {
    pub entry: Entry,
    pub operation: Operation,
}

/// What an aggregate does with its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Sum,
    Count,
    Least,
    Greatest,
    Mean,
    Only,
    Median,
    Deviation,
}

/// All aggregates, as documentation lists them.
pub(crate) static AGGREGATES: &[AggregateFunction] = &[
    AggregateFunction {
        entry: Entry {
            signature: "sum(x)",
            units: "keeps the unit",
            nulls: "rows where x is null are passed over; null if no row is left",
            summary: "the sum, compensated so that it does not depend on the size of what came before",
            example: "sum(volume)",
            result: "2000",
        },
        operation: Operation::Sum,
    },
    AggregateFunction {
        entry: Entry {
            signature: "count(*) or count(x)",
            units: "gives a number without unit",
            nulls: "rows where x is null are not counted; never null",
            summary: "how many rows there are, or how many where x is not null",
            example: "count(*) - count(stolen)",
            result: "2",
        },
        operation: Operation::Count,
    },
    AggregateFunction {
        entry: Entry {
            signature: "min(x)",
            units: "keeps the unit",
            nulls: "rows where x is null are passed over; null if no row is left",
            summary: "the least number, date, period or text",
            example: "min(volume)",
            result: "300",
        },
        operation: Operation::Least,
    },
    AggregateFunction {
        entry: Entry {
            signature: "max(x)",
            units: "keeps the unit",
            nulls: "rows where x is null are passed over; null if no row is left",
            summary: "the greatest number, date, period or text",
            example: "max(volume) filter (where beverage = 'beer')",
            result: "500",
        },
        operation: Operation::Greatest,
    },
    AggregateFunction {
        entry: Entry {
            signature: "mean(x)",
            units: "keeps the unit",
            nulls: "rows where x is null are passed over; null if no row is left",
            summary: "the sum divided by the count; also written avg(x)",
            example: "mean(strength)",
            result: "29",
        },
        operation: Operation::Mean,
    },
    AggregateFunction {
        entry: Entry {
            signature: "only(x)",
            units: "keeps the unit",
            nulls: "null if x is null in all rows, or not null in several",
            summary: "the value of the one row where x is not null",
            example: "only(volume) filter (where beverage = 'beer')",
            result: "500",
        },
        operation: Operation::Only,
    },
    AggregateFunction {
        entry: Entry {
            signature: "median(x)",
            units: "keeps the unit",
            nulls: "rows where x is null are passed over; null if no row is left",
            summary: "the middle number; half-way between the two middle ones where their count is even",
            example: "median(volume)",
            result: "500",
        },
        operation: Operation::Median,
    },
    AggregateFunction {
        entry: Entry {
            signature: "mad(x)",
            units: "keeps the unit",
            nulls: "rows where x is null are passed over; null if no row is left",
            summary: "the median of the distances from the median; times 1.4826 it estimates the standard deviation of normal numbers and heeds no outlier",
            example: "mad(volume)",
            result: "200",
        },
        operation: Operation::Deviation,
    },
];

/// The aggregate of a name.
pub(crate) fn aggregate(name: &str) -> Option<&'static AggregateFunction> {
    let name = if name == "avg" { "mean" } else { name };
    AGGREGATES.iter().find(|aggregate| aggregate.entry.name() == name)
}

/// An aggregate of an expression.
#[derive(Debug, Clone)]
pub(crate) struct Aggregate {
    pub operation: Operation,
    /// What is aggregated; nothing in `count(*)`.
    pub argument: Option<Node>,
    /// Which rows are; all if there is none.
    pub filter: Option<Node>,
    /// What comes out.
    pub kind: Kind,
}

/// An aggregate while rows are still coming in.
#[derive(Debug, Clone)]
pub(crate) enum State {
    Count(u64),
    Sum(Sum),
    Mean(Sum),
    /// The most extreme value so far, with the order in which another one replaces it.
    Extreme(Scalar, Ordering),
    Only(Scalar, u64),
    /// All values, for the median of them or of their distances from it.
    Values(Vec<f64>, Operation),
}

impl State {
    pub(crate) fn of(operation: Operation) -> Self {
        match operation {
            Operation::Count => Self::Count(0),
            Operation::Sum => Self::Sum(Sum::default()),
            Operation::Mean => Self::Mean(Sum::default()),
            Operation::Least => Self::Extreme(Scalar::Null, Ordering::Less),
            Operation::Greatest => Self::Extreme(Scalar::Null, Ordering::Greater),
            Operation::Only => Self::Only(Scalar::Null, 0),
            Operation::Median | Operation::Deviation => Self::Values(Vec::new(), operation),
        }
    }

    /// Takes in one row; `argument` is nothing in `count(*)`.
    pub(crate) fn add(&mut self, argument: Option<&Vector>, row: usize) {
        let Some(argument) = argument else {
            if let Self::Count(count) = self {
                *count += 1;
            }
            return;
        };
        // Sums come first: they are what most groups are asked for, and a number tells by itself that it is not null.
        if let Self::Sum(sum) | Self::Mean(sum) = self {
            if let Some(value) = argument.number(row) {
                sum.add(value);
            }
            return;
        }
        if argument.is_null(row) {
            return;
        }
        match self {
            Self::Values(values, _) => values.extend(argument.number(row)),
            Self::Sum(_) | Self::Mean(_) => {}
            Self::Count(count) => *count += 1,
            Self::Extreme(kept, wins) => {
                if replaces(argument, row, kept, *wins) {
                    *kept = argument.scalar(row);
                }
            }
            Self::Only(kept, count) => {
                if *count == 0 {
                    *kept = argument.scalar(row);
                }
                *count += 1;
            }
        }
    }

    /// Takes in what another part of the rows came to.
    pub(crate) fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Count(count), Self::Count(other)) => *count += other,
            (Self::Sum(sum), Self::Sum(other)) | (Self::Mean(sum), Self::Mean(other)) => sum.merge(other),
            (Self::Extreme(kept, wins), Self::Extreme(other, _)) => {
                let better = order(other, kept).is_some_and(|order| order == *wins);
                if better || (*kept == Scalar::Null && *other != Scalar::Null) {
                    *kept = other.clone();
                }
            }
            (Self::Only(kept, count), Self::Only(other, others)) => {
                if *count == 0 {
                    *kept = other.clone();
                }
                *count += others;
            }
            (Self::Values(values, _), Self::Values(others, _)) => values.extend(others),
            _ => unreachable!("parts of one program have the same aggregates in the same order"),
        }
    }

    /// What the rows came to.
    pub(crate) fn result(&self) -> Scalar {
        match self {
            Self::Count(count) => Scalar::Number(*count as f64),
            Self::Sum(sum) if sum.count > 0 => Scalar::Number(sum.total()),
            Self::Mean(sum) if sum.count > 0 => Scalar::Number(sum.total() / sum.count as f64),
            Self::Extreme(kept, _) | Self::Only(kept, 1) => kept.clone(),
            Self::Values(values, operation) => {
                let mut values = values.clone();
                let Some(middle) = median(&mut values) else { return Scalar::Null };
                if *operation == Operation::Median {
                    return Scalar::Number(middle);
                }
                let mut distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
                median(&mut distances).map_or(Scalar::Null, Scalar::Number)
            }
            Self::Sum(_) | Self::Mean(_) | Self::Only(..) => Scalar::Null,
        }
    }
}

/// The middle number; the numbers are sorted on the way.
fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let is_odd = values.len() % 2 == 1;
    Some(if is_odd { upper } else { f64::midpoint(values[values.len() / 2 - 1], upper) })
}

/// Whether a row's value wins over the one that was kept; numbers and texts are compared where they lie.
fn replaces(argument: &Vector, row: usize, kept: &Scalar, wins: Ordering) -> bool {
    match kept {
        Scalar::Null => true,
        Scalar::Number(kept) => {
            argument.number(row).is_some_and(|value| value.partial_cmp(kept) == Some(wins))
        }
        Scalar::Text(kept) => argument.text(row).is_some_and(|text| text.cmp(kept) == wins),
        Scalar::Date(kept) => argument.date(row).is_some_and(|days| days.cmp(kept) == wins),
        Scalar::Boolean(_) => false,
    }
}

/// A sum that also carries what rounding took from it, after Neumaier (1974).
#[derive(Debug, Clone, Default)]
pub(crate) struct Sum {
    rounded: f64,
    lost: f64,
    count: u64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        self.accumulate(value);
        self.count += 1;
    }

    fn merge(&mut self, other: &Self) {
        self.accumulate(other.rounded);
        self.lost += other.lost;
        self.count += other.count;
    }

    fn accumulate(&mut self, value: f64) {
        let sum = self.rounded + value;
        self.lost += if self.rounded.abs() >= value.abs() {
            (self.rounded - sum) + value
        } else {
            (value - sum) + self.rounded
        };
        self.rounded = sum;
    }

    fn total(&self) -> f64 {
        self.rounded + self.lost
    }
}
