//! Cells, one below the other, become a column of a batch.

use arrow_array::builder::{BooleanBuilder, Date32Builder, Float64Builder, StringBuilder};
use arrow_array::{BooleanArray, Date32Array, Float64Array, StringArray};

use super::cell::Cell;
use crate::table::{Absence, Column, DataType, Values};

/// The column that grows while a batch is read.
pub(crate) struct ColumnBuilder {
    values: ValuesBuilder,
    /// Empty until the first reason is met: most columns of most files give none.
    absences: Vec<Option<Absence>>,
    rows: usize,
}

enum ValuesBuilder {
    Boolean(BooleanBuilder),
    Number(Float64Builder, Vec<i8>),
    Text(StringBuilder),
    Date(Date32Builder),
}

impl ColumnBuilder {
    /// An empty column.
    pub(crate) fn new(data_type: DataType) -> Self {
        let values = match data_type {
            DataType::Boolean => ValuesBuilder::Boolean(BooleanBuilder::new()),
            DataType::Integer | DataType::Number => ValuesBuilder::Number(Float64Builder::new(), Vec::new()),
            DataType::Text | DataType::Period => ValuesBuilder::Text(StringBuilder::new()),
            DataType::Date => ValuesBuilder::Date(Date32Builder::new()),
        };
        Self { values, absences: Vec::new(), rows: 0 }
    }

    /// Adds a cell of the column's own type; one of another type is null.
    pub(crate) fn push(&mut self, cell: &Cell) {
        match (&mut self.values, cell) {
            (ValuesBuilder::Number(values, written), &Cell::Number { value, decimals }) => {
                values.append_value(value);
                written.push(decimals);
            }
            (ValuesBuilder::Text(values), Cell::Text(text) | Cell::Period(text)) => values.append_value(text),
            (ValuesBuilder::Boolean(values), &Cell::Boolean(value)) => values.append_value(value),
            (ValuesBuilder::Date(values), &Cell::Date(days)) => values.append_value(days),
            (_, Cell::Absent(Some(reason))) => {
                self.absences.resize(self.rows, None);
                self.absences.push(Some(*reason));
                return self.push_null();
            }
            _ => return self.push_null(),
        }
        self.rows += 1;
    }

    /// Adds a cell without a value.
    pub(crate) fn push_null(&mut self) {
        match &mut self.values {
            ValuesBuilder::Boolean(values) => values.append_null(),
            ValuesBuilder::Number(values, decimals) => {
                values.append_null();
                decimals.push(0);
            }
            ValuesBuilder::Text(values) => values.append_null(),
            ValuesBuilder::Date(values) => values.append_null(),
        }
        self.rows += 1;
    }

    /// The column read since the last call.
    pub(crate) fn finish(&mut self) -> Column {
        let mut absences = std::mem::take(&mut self.absences);
        if !absences.is_empty() {
            absences.resize(self.rows, None);
        }
        self.rows = 0;
        let (values, decimals) = match &mut self.values {
            ValuesBuilder::Boolean(values) => (Values::Boolean(values.finish()), Vec::new()),
            ValuesBuilder::Number(values, decimals) => {
                (Values::Number(values.finish()), std::mem::take(decimals))
            }
            ValuesBuilder::Text(values) => (Values::Text(values.finish()), Vec::new()),
            ValuesBuilder::Date(values) => (Values::Date(values.finish()), Vec::new()),
        };
        Column { values, decimals, absences }
    }
}

/// A column that the file does not have.
pub(crate) fn null_column(data_type: DataType, rows: usize) -> Column {
    Column::of(match data_type {
        DataType::Boolean => Values::Boolean(BooleanArray::new_null(rows)),
        DataType::Integer | DataType::Number => Values::Number(Float64Array::new_null(rows)),
        DataType::Text | DataType::Period => Values::Text(StringArray::new_null(rows)),
        DataType::Date => Values::Date(Date32Array::new_null(rows)),
    })
}
