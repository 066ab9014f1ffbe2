//! Programs over groups of rows.

use crate::table::{Column, Values};

use super::Kind;
use super::aggregate::{Aggregate, State};
use super::program::{Output, columns_of};
use super::vector::{Scalar, Vector};

/// A compiled expression over groups of rows.
///
/// Batches come in as [`Inputs`], rows go to the [`Accumulators`] of their group, and [`GroupProgram::finish`] ends all groups at once.
#[derive(Debug, Clone)]
pub struct GroupProgram {
    pub(crate) keys: Vec<usize>,
    pub(crate) aggregates: Vec<Aggregate>,
    pub(crate) outputs: Vec<Output>,
}

/// What the aggregates of a program read from one batch.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// For each aggregate its filter and its argument.
    aggregates: Vec<(Option<Vector>, Option<Vector>)>,
}

/// What the rows of one group have come to so far.
#[derive(Debug, Clone)]
pub struct Accumulators {
    states: Vec<State>,
}

impl GroupProgram {
    /// The kind of the result.
    pub fn kind(&self) -> &Kind {
        &self.outputs[0].kind
    }

    /// The indices of the fields that are the groups' keys, as the scope gave them.
    pub fn keys(&self) -> &[usize] {
        &self.keys
    }

    /// The indices of the fields that are read, as keys or in aggregates: sorted, each once.
    pub fn columns(&self) -> Vec<usize> {
        let aggregates = self.aggregates.iter();
        let mut columns =
            columns_of(aggregates.flat_map(|aggregate| aggregate.argument.iter().chain(&aggregate.filter)));
        let places = columns_of(self.outputs.iter().map(|output| &output.node));
        columns.extend(places.into_iter().filter_map(|place| self.keys.get(place)));
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Evaluates the arguments and filters of all aggregates over a batch.
    pub fn inputs(&self, columns: &[&Column], rows: usize) -> Inputs {
        let aggregates = self.aggregates.iter().map(|aggregate| {
            let evaluate = |node: &super::node::Node| node.evaluate(columns, rows);
            (aggregate.filter.as_ref().map(evaluate), aggregate.argument.as_ref().map(evaluate))
        });
        Inputs { aggregates: aggregates.collect() }
    }

    /// A group without rows.
    pub fn accumulators(&self) -> Accumulators {
        Accumulators {
            states: self.aggregates.iter().map(|aggregate| State::of(aggregate.operation)).collect(),
        }
    }

    /// The results of all groups at once; `keys` are the columns of all the scope's keys in its order, one row a group.
    ///
    /// # Panics
    /// If there are not as many keys as in the scope.
    pub fn finish(&self, accumulators: &[&Accumulators], keys: &[Column]) -> Values {
        let output = &self.outputs[0];
        self.vectors(accumulators, keys).swap_remove(0).into_values(&output.kind, accumulators.len())
    }

    fn vectors(&self, accumulators: &[&Accumulators], keys: &[Column]) -> Vec<Vector> {
        assert_eq!(keys.len(), self.keys.len(), "every key of the scope has a column");
        let rows = accumulators.len();
        let results: Vec<Column> = self
            .aggregates
            .iter()
            .enumerate()
            .map(|(index, aggregate)| {
                let results = accumulators.iter().map(|accumulators| accumulators.states[index].result());
                Column::of(array_of(results, &aggregate.kind))
            })
            .collect();
        let columns: Vec<&Column> = keys.iter().chain(&results).collect();
        self.outputs.iter().map(|output| output.node.evaluate(&columns, rows)).collect()
    }

    pub(crate) fn scalars(&self, accumulators: &[&Accumulators], keys: &[Column]) -> Vec<Vec<Scalar>> {
        let vectors = self.vectors(accumulators, keys);
        (0..accumulators.len()).map(|row| vectors.iter().map(|vector| vector.scalar(row)).collect()).collect()
    }
}

impl Accumulators {
    /// Takes in one row of a batch.
    pub fn add(&mut self, inputs: &Inputs, row: usize) {
        for (state, (filter, argument)) in self.states.iter_mut().zip(&inputs.aggregates) {
            if filter.as_ref().is_none_or(|filter| filter.boolean(row) == Some(true)) {
                state.add(argument.as_ref(), row);
            }
        }
    }

    /// Takes in what other rows of the same group came to.
    pub fn merge(&mut self, other: &Self) {
        for (state, other) in self.states.iter_mut().zip(&other.states) {
            state.merge(other);
        }
    }
}

/// Results as a column; a sum that left what a float can hold is null.
pub(crate) fn array_of(results: impl Iterator<Item = Scalar>, kind: &Kind) -> Values {
    match kind {
        Kind::Boolean => Values::Boolean(
            results
                .map(|result| if let Scalar::Boolean(truth) = result { Some(truth) } else { None })
                .collect(),
        ),
        Kind::Number(_) => Values::Number(
            results
                .map(|result| match result {
                    Scalar::Number(number) if number.is_finite() => Some(number),
                    _ => None,
                })
                .collect(),
        ),
        Kind::Text | Kind::Code(_) | Kind::Period => Values::Text(
            results.map(|result| if let Scalar::Text(text) = result { Some(text) } else { None }).collect(),
        ),
        Kind::Date => Values::Date(
            results.map(|result| if let Scalar::Date(days) = result { Some(days) } else { None }).collect(),
        ),
    }
}
