//! What agencies report: tables of text, and the truths beside them.

use std::fmt::Write as _;

/// The rows of one dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The dataset.
    pub dataset: &'static str,
    columns: &'static [&'static str],
    text: String,
}

/// What is true of a quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// The quantity, an item of the standard.
    pub quantity: &'static str,
    /// Its value, in the quantity's unit.
    pub value: f64,
}

impl Table {
    /// A table with its header. The rest of a dataset's columns is not reported.
    pub(super) fn new(dataset: &'static str, columns: &'static [&'static str]) -> Self {
        Self { dataset, columns, text: columns.join(",") + "\n" }
    }

    /// Adds a row; no cell holds a comma, a quotation mark or the end of a line.
    pub(super) fn push(&mut self, cells: &[&dyn std::fmt::Display]) {
        debug_assert_eq!(cells.len(), self.columns.len(), "{}", self.dataset);
        for (place, cell) in cells.iter().enumerate() {
            let separator = if place == 0 { "" } else { "," };
            let _ = write!(self.text, "{separator}{cell}");
        }
        self.text.push('\n');
    }

    /// The table as CSV.
    pub fn csv(&self) -> &str {
        &self.text
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.text.lines().count() - 1
    }
}
