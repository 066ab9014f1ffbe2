//! What agencies send: `datasets/`.

use super::Text;
use crate::yaml::{Choice, Fields, Item, Located, Map};

/// `datasets/ID.yaml`: one table that an agency sends.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// Its name.
    pub title: String,
    /// What it holds and who keeps such figures.
    pub definition: String,
    /// What one row is.
    pub grain: String,
    /// The columns that together name a row.
    pub key: Vec<Text>,
    /// The columns, in the order of the file that a template gives.
    pub columns: Map<Column>,
    /// The tier from which on an agency is asked for it; where it is left out it never is.
    pub tier: Option<Located<f64>>,
}

impl Item for Dataset {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The dataset's name"),
            definition: fields.required("definition", "What it holds, and who keeps such figures"),
            grain: fields.required("grain", "What one row is"),
            key: fields.required("key", "The columns that together name a row"),
            columns: fields.required("columns", "The columns by name"),
            tier: fields.optional(
                "tier",
                "The tier from which on an agency is asked for it, 1 to 3; never where it is left out",
            ),
        }
    }
}

/// What kind of value a column holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColumnType {
    /// Characters.
    #[default]
    Text,
    /// A decimal number.
    Number,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A year, quarter, month or span of years.
    Period,
}

impl Choice for ColumnType {
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("text", Self::Text, "characters, as written"),
        ("number", Self::Number, "a decimal number"),
        ("integer", Self::Integer, "a whole number"),
        ("boolean", Self::Boolean, "true or false"),
        ("date", Self::Date, "a day, 2024-06-30"),
        ("period", Self::Period, "a year 2024, quarter 2024-Q2, month 2024-06 or span of years 2016/2018"),
    ];
    const WHAT: &'static str = "a type of column";
}

/// One column of a dataset.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// What it holds, in a few words.
    pub title: String,
    /// The type of its values.
    pub data_type: ColumnType,
    /// The unit of its numbers.
    pub unit: Option<Text>,
    /// The code list that its texts come from.
    pub codes: Option<Text>,
    /// Whether a cell may not be left empty.
    pub required: bool,
    /// The least value.
    pub min: Option<Located<f64>>,
    /// The greatest value.
    pub max: Option<Located<f64>>,
    /// The column of another dataset in which its values must be found.
    pub references: Option<Text>,
}

impl Item for Column {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "What the column holds, in a few words"),
            data_type: fields.required("type", "The type of its values"),
            unit: fields.optional("unit", "The unit of its numbers, such as hl or LPA/person"),
            codes: fields.optional("codes", "The code list that its texts come from"),
            required: fields.or_default(
                "required",
                "Whether a cell may not be left empty; outside the key it may give a reason for absence instead",
            ),
            min: fields.optional("min", "The least value"),
            max: fields.optional("max", "The greatest value"),
            references: fields.optional("references", "The column of another dataset that must hold its values, as dataset.column"),
        }
    }
}
