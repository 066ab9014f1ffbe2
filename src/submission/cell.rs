//! The text of one cell, read as a value of its column's type.
//!
//! Every reader of files and the examples of rules read their cells here, so that a text means the same everywhere.

mod calendar;
mod fault;
mod number;
mod words;

pub use fault::CellFault;

use crate::calendar::{Period, parse_date};
use crate::table::{Absence, DataType};

/// The longest text of one cell, in bytes.
pub const CELL_BYTES: usize = 64 * 1024;

/// Texts longer than this are not compared with the ways in which numbers and dates are commonly written.
///
/// It bounds the work and the memory of a fault; no number or date in use is longer.
const LOOKALIKE_BYTES: usize = 64;

/// The character between a number's whole part and its decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DecimalMark {
    /// `1250.5`
    #[default]
    Point,
    /// `1250,5`
    Comma,
}

impl DecimalMark {
    /// The mark that a character names, if it is one.
    pub fn from_char(character: char) -> Option<Self> {
        match character {
            '.' => Some(Self::Point),
            ',' => Some(Self::Comma),
            _ => None,
        }
    }

    /// The character.
    pub fn as_char(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

/// How the cells of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Notation {
    /// Between a number's whole part and its decimals.
    pub decimal: DecimalMark,
    /// Whether words such as `not_available` stand for an absent value in a text column.
    pub absence_words: bool,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'text> {
    /// No value, and the reason where the cell gives one.
    Absent(Option<Absence>),
    /// Of a boolean column.
    Boolean(bool),
    /// Of an integer or number column; finite.
    Number {
        /// The value.
        value: f64,
        /// The digits after the decimal mark as written: 2 for `3.50`, -2 for `1.2e3`.
        decimals: i8,
    },
    /// Of a text column, as written.
    Text(&'text str),
    /// Of a date column, in days since 1970-01-01.
    Date(i32),
    /// Of a period column, in the form that the standard writes it.
    Period(&'text str),
}

/// Reads the text of a cell.
///
/// # Errors
/// A text that is neither a value of the type nor an absence is a fault that says what it looks like and how to write it:
/// `1250,5` in a number column is a [`CellFault::WrongDecimalMark`] whose fix is `1250.5`.
pub fn parse(text: &str, data_type: DataType, notation: Notation) -> Result<Cell<'_>, CellFault> {
    if text.len() > CELL_BYTES {
        return Err(CellFault::TooLong { bytes: text.len(), limit: CELL_BYTES });
    }
    let trimmed = trim(text);
    if trimmed.is_empty() {
        return Ok(Cell::Absent(None));
    }
    match data_type {
        DataType::Text => read_text(text, trimmed, notation.absence_words),
        DataType::Number => match number::number(trimmed, notation.decimal) {
            Some(Ok((value, decimals))) => Ok(Cell::Number { value, decimals }),
            Some(Err(fault)) => Err(fault),
            None => otherwise(trimmed, |trimmed| number::fault(trimmed, notation.decimal)),
        },
        DataType::Integer => match number::integer(trimmed, notation.decimal) {
            Some(Ok((value, decimals))) => Ok(Cell::Number { value, decimals }),
            Some(Err(fault)) => Err(fault),
            None => otherwise(trimmed, |trimmed| number::fault(trimmed, notation.decimal)),
        },
        DataType::Date => match parse_date(trimmed) {
            Some(days) => Ok(Cell::Date(days)),
            None => otherwise(trimmed, calendar::date_fault),
        },
        DataType::Period => {
            if Period::parse(trimmed).is_some() {
                Ok(Cell::Period(trimmed))
            } else {
                otherwise(trimmed, calendar::period_fault)
            }
        }
        // Spreadsheets and R write TRUE, Python writes True, and neither can be told to do otherwise.
        DataType::Boolean if trimmed.eq_ignore_ascii_case("true") => Ok(Cell::Boolean(true)),
        DataType::Boolean if trimmed.eq_ignore_ascii_case("false") => Ok(Cell::Boolean(false)),
        DataType::Boolean => {
            otherwise(trimmed, |trimmed| CellFault::NotABoolean { suggested: words::boolean(trimmed) })
        }
    }
}

/// Spaces of every kind: pages and spreadsheets leave no-break spaces around numbers.
fn trim(text: &str) -> &str {
    match (text.as_bytes().first(), text.as_bytes().last()) {
        (Some(first), Some(last)) if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

fn read_text<'text>(text: &'text str, trimmed: &str, absence_words: bool) -> Result<Cell<'text>, CellFault> {
    if absence_words && let Some(absence) = Absence::from_word(trimmed) {
        return Ok(Cell::Absent(Some(absence)));
    }
    if text.as_bytes().contains(&0) {
        return Err(CellFault::NulByte);
    }
    // A text may well begin with `#`; only the exact words of a spreadsheet's failures are faults.
    if trimmed.starts_with('#') && words::is_spreadsheet_error(trimmed) {
        return Err(CellFault::SpreadsheetError { code: trimmed.to_owned() });
    }
    Ok(Cell::Text(text))
}

/// What a cell holds that is no value of its column's type: a reason for absence, or a fault.
#[cold]
fn otherwise<'text>(
    trimmed: &'text str,
    fault: impl FnOnce(&'text str) -> CellFault,
) -> Result<Cell<'text>, CellFault> {
    if let Some(absence) = Absence::from_word(trimmed) {
        return Ok(Cell::Absent(Some(absence)));
    }
    if trimmed.as_bytes().contains(&0) {
        return Err(CellFault::NulByte);
    }
    if trimmed.bytes().all(|byte| byte == b'#') {
        return Err(CellFault::ColumnTooNarrow);
    }
    if words::is_spreadsheet_error(trimmed) {
        return Err(CellFault::SpreadsheetError { code: trimmed.to_owned() });
    }
    if let Some(reasons) = words::placeholder(trimmed) {
        return Err(CellFault::Placeholder { reasons });
    }
    Err(fault(trimmed))
}

#[cfg(test)]
mod tests;
