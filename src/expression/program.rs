//! Programs over rows, and over rows in order.

use arrow_array::Array;

use crate::table::{Column, Values};

use super::Kind;
use super::aggregate::{Aggregate, State};
use super::group::array_of;
use super::node::Node;
use super::vector::{Scalar, Vector, gather};

/// The end of a program: one result.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub node: Node,
    pub kind: Kind,
}

/// A compiled expression over the columns of one row.
#[derive(Debug, Clone)]
pub struct Program {
    pub(crate) outputs: Vec<Output>,
}

impl Program {
    /// The kind of the result.
    pub fn kind(&self) -> &Kind {
        &self.outputs[0].kind
    }

    /// The indices of the fields that are read: sorted, each once.
    pub fn columns(&self) -> Vec<usize> {
        columns_of(self.outputs.iter().map(|output| &output.node))
    }

    /// The results over a batch; `columns` are those of the scope, in its order.
    pub fn evaluate(&self, columns: &[&Column], rows: usize) -> Values {
        let output = &self.outputs[0];
        output.node.evaluate(columns, rows).into_values(&output.kind, rows)
    }

    pub(crate) fn scalars(&self, columns: &[&Column], row: usize) -> Vec<Scalar> {
        let read = self.columns();
        let rows = slice(columns, &read, row, 1);
        let rows: Vec<&Column> = rows.iter().collect();
        self.outputs.iter().map(|output| output.node.evaluate(&rows, 1).scalar(0)).collect()
    }
}

/// A compiled expression over rows in order, which may look at the row before and at the whole group.
#[derive(Debug, Clone)]
pub struct SeriesProgram {
    /// How many fields the scope has: what is computed beside the rows comes after them.
    pub(crate) fields: usize,
    pub(crate) beside: Vec<Beside>,
    pub(crate) outputs: Vec<Output>,
}

/// A column computed beside the rows of a series.
#[derive(Debug, Clone)]
pub(crate) enum Beside {
    /// The value in the row before.
    Lag(Output),
    /// What the rows of the group come to, the same in each of them.
    Aggregate(Aggregate),
}

impl Beside {
    fn nodes(&self) -> impl Iterator<Item = &Node> {
        match self {
            Self::Lag(lag) => [Some(&lag.node), None],
            Self::Aggregate(aggregate) => [aggregate.argument.as_ref(), aggregate.filter.as_ref()],
        }
        .into_iter()
        .flatten()
    }

    fn column(&self, columns: &[&Column], rows: usize, group_starts: &[bool]) -> Column {
        Column::of(match self {
            Self::Lag(lag) => {
                let values = lag.node.evaluate(columns, rows).into_values(&lag.kind, rows);
                shifted(&values, group_starts).into_values(&lag.kind, rows)
            }
            Self::Aggregate(aggregate) => over_groups(aggregate, columns, rows, group_starts),
        })
    }
}

/// What the rows of each group come to, in each of them.
fn over_groups(aggregate: &Aggregate, columns: &[&Column], rows: usize, group_starts: &[bool]) -> Values {
    let evaluate = |node: &Node| node.evaluate(columns, rows);
    let (argument, filter) =
        (aggregate.argument.as_ref().map(evaluate), aggregate.filter.as_ref().map(evaluate));
    let mut results: Vec<Scalar> = Vec::with_capacity(rows);
    let mut start = 0;
    while start < rows {
        let next = (start + 1..rows).find(|row| group_starts[*row]).unwrap_or(rows);
        let mut state = State::of(aggregate.operation);
        for row in start..next {
            if filter.as_ref().is_none_or(|filter| filter.boolean(row) == Some(true)) {
                state.add(argument.as_ref(), row);
            }
        }
        results.extend(std::iter::repeat_n(state.result(), next - start));
        start = next;
    }
    array_of(results.into_iter(), &aggregate.kind)
}

impl SeriesProgram {
    /// The kind of the result.
    pub fn kind(&self) -> &Kind {
        &self.outputs[0].kind
    }

    /// The indices of the fields that are read: sorted, each once.
    pub fn columns(&self) -> Vec<usize> {
        let outputs = self.outputs.iter().map(|output| &output.node);
        let mut columns = columns_of(outputs.chain(self.beside.iter().flat_map(Beside::nodes)));
        columns.retain(|column| *column < self.fields);
        columns
    }

    /// The results over all rows, which are sorted by group and within it by order; the first row of each group has a `true`.
    pub fn evaluate(&self, columns: &[&Column], rows: usize, group_starts: &[bool]) -> Values {
        let output = &self.outputs[0];
        self.vectors(columns, rows, group_starts).swap_remove(0).into_values(&output.kind, rows)
    }

    pub(crate) fn vectors(&self, columns: &[&Column], rows: usize, group_starts: &[bool]) -> Vec<Vector> {
        let beside: Vec<Column> =
            self.beside.iter().map(|beside| beside.column(columns, rows, group_starts)).collect();
        let columns: Vec<&Column> = columns.iter().copied().chain(&beside).collect();
        self.outputs.iter().map(|output| output.node.evaluate(&columns, rows)).collect()
    }

    /// Whether it looks at whole groups, and not only at a row and the one before.
    pub fn sees_whole_groups(&self) -> bool {
        self.beside.iter().any(|beside| matches!(beside, Beside::Aggregate(_)))
    }
}

/// Each row's value moved to the next row, unless a group starts there.
fn shifted(values: &Values, group_starts: &[bool]) -> Vector {
    let own = Vector::from(values);
    let before = match &own {
        Vector::Boolean(array) => Vector::Boolean(shift(array.len(), |row| own.boolean(row))),
        Vector::Number(array) => Vector::Number(shift(array.len(), |row| own.number(row))),
        Vector::Text(array) => Vector::Text(shift(array.len(), |row| own.text(row))),
        Vector::Date(array) => Vector::Date(shift(array.len(), |row| own.date(row))),
        Vector::Constant(_) => own.clone(),
    };
    let pick: Vec<usize> = group_starts.iter().map(|starts| usize::from(*starts)).collect();
    gather(&[&before, &Vector::Constant(Scalar::Null)], &pick)
}

fn shift<T, A: FromIterator<Option<T>>>(rows: usize, value: impl Fn(usize) -> Option<T>) -> A {
    (0..rows).map(|row| if row == 0 { None } else { value(row - 1) }).collect()
}

/// The columns that nodes read: sorted, each once.
pub(crate) fn columns_of<'a>(nodes: impl Iterator<Item = &'a Node>) -> Vec<usize> {
    let mut columns = Vec::new();
    nodes.for_each(|node| node.read_columns(&mut columns));
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// Some rows of the columns that are read; the others, which nothing looks at, stay empty.
fn slice(columns: &[&Column], read: &[usize], first: usize, rows: usize) -> Vec<Column> {
    columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            if read.binary_search(&index).is_err() {
                return Column::of(Values::Boolean(arrow_array::BooleanArray::new_null(0)));
            }
            let values = match &column.values {
                Values::Boolean(array) => Values::Boolean(array.slice(first, rows)),
                Values::Number(array) => Values::Number(array.slice(first, rows)),
                Values::Text(array) => Values::Text(array.slice(first, rows)),
                Values::Date(array) => Values::Date(array.slice(first, rows)),
            };
            Column {
                values,
                decimals: column.decimals.get(first..first + rows).unwrap_or_default().to_vec(),
                absences: column.absences.get(first..first + rows).unwrap_or_default().to_vec(),
            }
        })
        .collect()
}
