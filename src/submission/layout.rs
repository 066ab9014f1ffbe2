//! What a reader needs to know of a dataset: its columns and their types.

use crate::table::DataType;

/// One column that a file of the dataset may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnSpec {
    /// The name in the header, matched exactly.
    pub name: String,
    /// What its cells hold.
    pub data_type: DataType,
    /// Whether the header must name it.
    pub required: bool,
    /// Whether words such as `not_available` stand for an absent value in a text column.
    ///
    /// Columns of other types know these words whatever is set here.
    pub absence_words: bool,
}

/// The columns of a dataset, in the order that it declares them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// One a column; names are unique.
    pub columns: Vec<ColumnSpec>,
}
