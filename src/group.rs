//! Rows that belong together: by their values in some columns.

use std::collections::HashMap;

use arrow_array::builder::{BooleanBuilder, Date32Builder, Float64Builder, StringBuilder};

use crate::calendar::date_text;
use crate::table::{Absence, Column, Values};

/// A column that grows by rows of other columns of its type.
#[derive(Debug)]
pub struct Growing {
    values: Builder,
    /// Whether the column is read from text; a computed number has no decimals of its own.
    has_decimals: bool,
    decimals: Vec<i8>,
    absences: Vec<Option<Absence>>,
}

#[derive(Debug)]
enum Builder {
    Boolean(BooleanBuilder),
    Number(Float64Builder),
    Text(StringBuilder),
    Date(Date32Builder),
}

impl Growing {
    /// An empty column of the same type as another.
    pub fn like(column: &Column) -> Self {
        let values = match &column.values {
            Values::Boolean(_) => Builder::Boolean(BooleanBuilder::new()),
            Values::Number(_) => Builder::Number(Float64Builder::new()),
            Values::Text(_) => Builder::Text(StringBuilder::new()),
            Values::Date(_) => Builder::Date(Date32Builder::new()),
        };
        let has_decimals = !column.decimals.is_empty();
        Self { values, has_decimals, decimals: Vec::new(), absences: Vec::new() }
    }

    /// Adds a row of a column; one of another type counts as null.
    pub fn push(&mut self, column: &Column, row: usize) {
        let there = !column.values.is_null(row);
        match (&mut self.values, &column.values) {
            (Builder::Boolean(builder), Values::Boolean(array)) => {
                builder.append_option(there.then(|| array.value(row)));
            }
            (Builder::Number(builder), Values::Number(array)) => {
                builder.append_option(there.then(|| array.value(row)));
            }
            (Builder::Text(builder), Values::Text(array)) => {
                builder.append_option(there.then(|| array.value(row)));
            }
            (Builder::Date(builder), Values::Date(array)) => {
                builder.append_option(there.then(|| array.value(row)));
            }
            (Builder::Boolean(builder), _) => builder.append_null(),
            (Builder::Number(builder), _) => builder.append_null(),
            (Builder::Text(builder), _) => builder.append_null(),
            (Builder::Date(builder), _) => builder.append_null(),
        }
        if self.has_decimals {
            self.decimals.push(column.decimals.get(row).copied().unwrap_or(0));
        }
        self.absences.push(column.absences.get(row).copied().flatten());
    }

    /// Adds a row without a value.
    pub fn push_null(&mut self) {
        match &mut self.values {
            Builder::Boolean(builder) => builder.append_null(),
            Builder::Number(builder) => {
                builder.append_null();
                if self.has_decimals {
                    self.decimals.push(0);
                }
            }
            Builder::Text(builder) => builder.append_null(),
            Builder::Date(builder) => builder.append_null(),
        }
        self.absences.push(None);
    }

    /// The column as it has grown.
    pub fn finish(mut self) -> Column {
        let values = match &mut self.values {
            Builder::Boolean(builder) => Values::Boolean(builder.finish()),
            Builder::Number(builder) => Values::Number(builder.finish()),
            Builder::Text(builder) => Values::Text(builder.finish()),
            Builder::Date(builder) => Values::Date(builder.finish()),
        };
        Column { values, decimals: self.decimals, absences: self.absences }
    }
}

/// Writes the values of some columns in a row as bytes that are equal exactly where the values are.
pub fn encode(columns: &[&Column], row: usize, bytes: &mut Vec<u8>) {
    bytes.clear();
    for column in columns {
        if column.values.is_null(row) {
            bytes.push(0);
            continue;
        }
        bytes.push(1);
        match &column.values {
            Values::Boolean(array) => bytes.push(u8::from(array.value(row))),
            // Adding zero makes -0 into 0.
            Values::Number(array) => bytes.extend((array.value(row) + 0.0).to_bits().to_le_bytes()),
            Values::Text(array) => {
                let text = array.value(row);
                bytes.extend((text.len() as u64).to_le_bytes());
                bytes.extend(text.as_bytes());
            }
            Values::Date(array) => bytes.extend(array.value(row).to_le_bytes()),
        }
    }
}

/// Groups of rows, in the order in which each was first seen, with something kept for each.
#[derive(Debug)]
pub struct Groups<T> {
    places: HashMap<Box<[u8]>, usize>,
    keys: Vec<Growing>,
    kept: Vec<T>,
    buffer: Vec<u8>,
}

impl<T> Default for Groups<T> {
    fn default() -> Self {
        Self { places: HashMap::new(), keys: Vec::new(), kept: Vec::new(), buffer: Vec::new() }
    }
}

impl<T> Groups<T> {
    /// What is kept for the group of a row; made where the group is new.
    pub fn of(&mut self, columns: &[&Column], row: usize, make: impl FnOnce() -> T) -> &mut T {
        encode(columns, row, &mut self.buffer);
        let place = if let Some(place) = self.places.get(self.buffer.as_slice()) {
            *place
        } else {
            if self.keys.is_empty() {
                self.keys = columns.iter().map(|column| Growing::like(column)).collect();
            }
            for (key, column) in self.keys.iter_mut().zip(columns) {
                key.push(column, row);
            }
            self.places.insert(self.buffer.clone().into_boxed_slice(), self.kept.len());
            self.kept.push(make());
            self.kept.len() - 1
        };
        &mut self.kept[place]
    }

    /// The key columns, a row a group, and what is kept for each.
    pub fn finish(self) -> (Vec<Column>, Vec<T>) {
        (self.keys.into_iter().map(Growing::finish).collect(), self.kept)
    }
}

/// A value as its author would write it; none where the cell holds none.
pub fn written(column: &Column, row: usize) -> Option<String> {
    if column.values.is_null(row) {
        return column.absences.get(row).copied().flatten().map(|absence| absence.word().to_owned());
    }
    Some(match &column.values {
        Values::Boolean(array) => array.value(row).to_string(),
        Values::Number(array) => match column.decimals.get(row) {
            Some(decimals) => format!("{:.*}", usize::try_from(*decimals).unwrap_or(0), array.value(row)),
            None => array.value(row).to_string(),
        },
        Values::Text(array) => array.value(row).to_owned(),
        Values::Date(array) => date_text(array.value(row)),
    })
}
