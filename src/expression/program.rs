//! Programs over rows, and over rows in order.

use arrow_array::Array;

use crate::table::{Column, Values};

use super::Kind;
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

/// A compiled expression over rows in order, which may look at the row before.
#[derive(Debug, Clone)]
pub struct SeriesProgram {
    /// How many fields the scope has: lags come after them.
    pub(crate) fields: usize,
    pub(crate) lags: Vec<Output>,
    pub(crate) outputs: Vec<Output>,
}

impl SeriesProgram {
    /// The kind of the result.
    pub fn kind(&self) -> &Kind {
        &self.outputs[0].kind
    }

    /// The indices of the fields that are read: sorted, each once.
    pub fn columns(&self) -> Vec<usize> {
        let mut columns = columns_of(self.outputs.iter().chain(&self.lags).map(|output| &output.node));
        columns.retain(|column| *column < self.fields);
        columns
    }

    /// The results over all rows, which are sorted by group and within it by order; the first row of each group has a `true`.
    pub fn evaluate(&self, columns: &[&Column], rows: usize, group_starts: &[bool]) -> Values {
        let output = &self.outputs[0];
        self.vectors(columns, rows, group_starts).swap_remove(0).into_values(&output.kind, rows)
    }

    fn vectors(&self, columns: &[&Column], rows: usize, group_starts: &[bool]) -> Vec<Vector> {
        let lagged: Vec<Column> = self
            .lags
            .iter()
            .map(|lag| {
                let values = lag.node.evaluate(columns, rows).into_values(&lag.kind, rows);
                Column::of(shifted(&values, group_starts).into_values(&lag.kind, rows))
            })
            .collect();
        let columns: Vec<&Column> = columns.iter().copied().chain(&lagged).collect();
        self.outputs.iter().map(|output| output.node.evaluate(&columns, rows)).collect()
    }

    pub(crate) fn scalars(&self, columns: &[&Column], group_starts: &[bool], row: usize) -> Vec<Scalar> {
        let read = self.columns();
        let first = if group_starts[row] { row } else { row - 1 };
        let rows = slice(columns, &read, first, row - first + 1);
        let rows: Vec<&Column> = rows.iter().collect();
        let vectors = self.vectors(&rows, row - first + 1, &group_starts[first..=row]);
        vectors.iter().map(|vector| vector.scalar(row - first)).collect()
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
