//! Typed columns, batch by batch: what readers produce and expressions evaluate.

use arrow_array::{Array, BooleanArray, Date32Array, Float64Array, StringArray};

/// What kind of value a column holds, as the standard declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataType {
    /// `true` or `false`.
    Boolean,
    /// A whole number; held as a 64-bit float, exact up to 2^53.
    Integer,
    /// A decimal number; held as a 64-bit float beside the count of decimals it was written with.
    Number,
    /// Characters, as written.
    Text,
    /// A calendar day, `2024-06-30`.
    Date,
    /// A year `2024`, a quarter `2024-Q2`, a month `2024-06`, or a span of whole years `2016/2018`.
    ///
    /// Held as text in exactly these forms, so that periods of one length sort as they follow in time.
    Period,
}

/// Why a value is not there, where its author says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Absence {
    /// The agency does not collect it.
    NotCollected,
    /// It is collected, but not available for this period.
    NotAvailable,
    /// It is known and must not be shown.
    Confidential,
    /// It has no meaning for this row.
    NotApplicable,
}

impl Absence {
    /// All reasons, in the order in which documentation lists them.
    pub const ALL: [Self; 4] =
        [Self::NotCollected, Self::NotAvailable, Self::Confidential, Self::NotApplicable];

    /// The word that stands in a cell in place of the value.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotCollected => "not_collected",
            Self::NotAvailable => "not_available",
            Self::Confidential => "confidential",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// The reason that a cell's text names, if it names one.
    pub fn from_word(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|absence| absence.word() == text)
    }
}

/// The values of one column; null where the cell holds none.
#[derive(Debug, Clone)]
pub enum Values {
    /// Of a [`DataType::Boolean`] column.
    Boolean(BooleanArray),
    /// Of a [`DataType::Integer`] or [`DataType::Number`] column; never NaN or infinite.
    Number(Float64Array),
    /// Of a [`DataType::Text`] or [`DataType::Period`] column.
    Text(StringArray),
    /// Of a [`DataType::Date`] column, in days since 1970-01-01.
    Date(Date32Array),
}

impl Values {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.array().len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the cell of this row holds no value.
    pub fn is_null(&self, row: usize) -> bool {
        self.array().is_null(row)
    }

    /// The truth of this row; none where the cell holds none, or another type of value.
    pub fn truth(&self, row: usize) -> Option<bool> {
        match self {
            Self::Boolean(array) if array.is_valid(row) => Some(array.value(row)),
            _ => None,
        }
    }

    fn array(&self) -> &dyn Array {
        match self {
            Self::Boolean(array) => array,
            Self::Number(array) => array,
            Self::Text(array) => array,
            Self::Date(array) => array,
        }
    }
}

/// One column of a batch.
#[derive(Debug, Clone)]
pub struct Column {
    /// The values, one a row.
    pub values: Values,
    /// For numbers: the digits after the decimal mark as written (`3.50` has 2, `1.2e3` has -2), one a row, 0 where null.
    ///
    /// Empty for other types and where nothing was read from text.
    pub decimals: Vec<i8>,
    /// Why a null is null, one a row; empty where no row of the batch gives a reason.
    pub absences: Vec<Option<Absence>>,
}

impl Column {
    /// A column of values alone: no decimals known, no reasons given.
    pub fn of(values: Values) -> Self {
        Self { values, decimals: Vec::new(), absences: Vec::new() }
    }

    /// A column of texts, none of them null.
    pub fn of_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::of(Values::Text(StringArray::from_iter_values(texts)))
    }
}

/// Some rows of one table, with the place of each in its file.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The columns in the order that the dataset declares them; one that the file lacks is all null.
    pub columns: Vec<Column>,
    /// The line of the file on which each row starts, counted from 1.
    pub lines: Vec<u64>,
}

impl Batch {
    /// How many rows.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }
}
