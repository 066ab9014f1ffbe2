//! The kinds of fault.

use super::words::{Words, words};
use crate::language::{Language, count, fill, size};
use crate::submission::cell::CellFault;

/// What a file is that is not a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A workbook of Excel, or another ZIP archive.
    Workbook,
    /// A workbook of Excel as it was before 2007.
    OldWorkbook,
    /// A PDF document.
    Pdf,
    /// A page or table in HTML or XML.
    Markup,
    /// JSON.
    Json,
    /// A gzip archive.
    Gzip,
    /// Parquet.
    Parquet,
    /// Text of two bytes a character.
    Utf16,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Nothing in the file.
    EmptyFile,
    /// A header and nothing else.
    NoRows,
    /// Another format under the name of a CSV file.
    OtherFormat(Format),
    /// Cells are separated by another character than the declared one.
    WrongDelimiter {
        /// The character in the file.
        found: char,
        /// The declared one.
        declared: char,
    },
    /// Every line is one quoted cell.
    LinesInQuotes,
    /// The first row names no column of the dataset.
    HeaderNotFound {
        /// The names of the dataset's columns, separated by commas; cut if long.
        expected: String,
    },
    /// A header's name that is nearly one of the dataset.
    MisspeltColumn {
        /// The name in the dataset.
        meant: String,
    },
    /// A column that the dataset does not have.
    UnknownColumn,
    /// A column that the dataset requires.
    MissingColumn,
    /// A column named twice.
    DuplicateColumn {
        /// Where it was named first, counted from 1.
        first: usize,
    },
    /// A column without a name, before another with one.
    EmptyColumnName,
    /// More columns than can be read.
    TooManyColumns {
        /// How many can be.
        limit: usize,
    },
    /// A quote that is never closed, or not within what a row may hold.
    QuoteLeftOpen,
    /// A closing quote with text behind it.
    TextAfterQuote {
        /// The line of its opening quote.
        opened: u64,
        /// The line of its closing quote.
        closed: u64,
    },
    /// A quoted cell with spaces before its quote.
    SpaceBeforeQuote,
    /// A row with fewer cells than the header.
    TooFewCells {
        /// Cells in the row.
        found: usize,
        /// Cells in the header.
        expected: usize,
        /// The lines that the row takes.
        lines: u64,
    },
    /// A row with more cells than the header.
    TooManyCells {
        /// Cells in the row up to the last that is not empty.
        found: usize,
        /// Cells in the header.
        expected: usize,
        /// The lines that the row takes.
        lines: u64,
    },
    /// A row longer than can be read.
    RowTooLong {
        /// How many bytes can be.
        limit: usize,
    },
    /// A byte that UTF-8 does not have in this place.
    NotUtf8 {
        /// The byte.
        byte: u8,
        /// The letter that it is in Windows-1252, the encoding in which Excel saves a plain `CSV` in the West.
        letter: Option<char>,
    },
    /// A header with a NUL character: a file that is not text.
    NulInHeader,
    /// A cell that cannot be read.
    Cell(CellFault),
}

impl Kind {
    /// The name of the fault, which stays the same in every language and version.
    pub fn id(&self) -> &'static str {
        match self {
            Self::EmptyFile => "empty_file",
            Self::NoRows => "no_rows",
            Self::OtherFormat(Format::Utf16) => "utf16",
            Self::OtherFormat(_) => "other_format",
            Self::WrongDelimiter { .. } => "wrong_delimiter",
            Self::LinesInQuotes => "lines_in_quotes",
            Self::HeaderNotFound { .. } => "header_not_found",
            Self::MisspeltColumn { .. } => "misspelt_column",
            Self::UnknownColumn => "unknown_column",
            Self::MissingColumn => "missing_column",
            Self::DuplicateColumn { .. } => "duplicate_column",
            Self::EmptyColumnName => "empty_column_name",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::QuoteLeftOpen => "quote_left_open",
            Self::TextAfterQuote { .. } => "text_after_quote",
            Self::SpaceBeforeQuote => "space_before_quote",
            Self::TooFewCells { .. } => "too_few_cells",
            Self::TooManyCells { .. } => "too_many_cells",
            Self::RowTooLong { .. } => "row_too_long",
            Self::NotUtf8 { .. } => "not_utf8",
            Self::NulInHeader => "nul_byte",
            Self::Cell(fault) => fault.id(),
        }
    }

    /// What is wrong.
    pub fn message(&self, language: Language) -> String {
        let words = words(language);
        let phrase = match self {
            Self::EmptyFile => words.empty_file,
            Self::NoRows => words.no_rows,
            Self::OtherFormat(format) => {
                return fill(words.other_format, &[("format", format_name(words, *format))]);
            }
            Self::WrongDelimiter { found, declared } => {
                let (found, declared) = (delimiter_name(words, *found), delimiter_name(words, *declared));
                return fill(words.wrong_delimiter, &[("found", &found), ("declared", &declared)]);
            }
            Self::LinesInQuotes => words.lines_in_quotes,
            Self::HeaderNotFound { .. } => words.header_not_found,
            Self::MisspeltColumn { meant } => return fill(words.misspelt_column, &[("meant", meant)]),
            Self::UnknownColumn => words.unknown_column,
            Self::MissingColumn => words.missing_column,
            Self::DuplicateColumn { first } => {
                return fill(words.duplicate_column, &[("first", &first.to_string())]);
            }
            Self::EmptyColumnName => words.empty_column_name,
            Self::TooManyColumns { limit } => {
                return fill(words.too_many_columns, &[("limit", &limit.to_string())]);
            }
            Self::QuoteLeftOpen => words.quote_left_open,
            Self::TextAfterQuote { opened, closed } if opened == closed => words.text_after_quote,
            Self::TextAfterQuote { opened, closed } => {
                let (opened, closed) = (opened.to_string(), closed.to_string());
                return fill(words.quote_meets_quote, &[("opened", &opened), ("closed", &closed)]);
            }
            Self::SpaceBeforeQuote => words.space_before_quote,
            Self::TooFewCells { found, expected, lines } | Self::TooManyCells { found, expected, lines } => {
                let found = count(language, words.cells, *found as u64);
                let (expected, over) = (expected.to_string(), lines.to_string());
                let phrase = if *lines == 1 { words.row_of_cells } else { words.row_over_lines };
                return fill(phrase, &[("found", &found), ("expected", &expected), ("lines", &over)]);
            }
            Self::RowTooLong { limit } => {
                return fill(words.row_too_long, &[("limit", &size(language, *limit))]);
            }
            Self::NotUtf8 { byte, letter } => {
                let byte = format!("0x{byte:02X}");
                let letter = letter.map(String::from);
                let phrase = if letter.is_some() { words.windows_1252 } else { words.not_utf8 };
                return fill(phrase, &[("byte", &byte), ("letter", letter.as_deref().unwrap_or_default())]);
            }
            Self::NulInHeader => words.nul_in_header,
            Self::Cell(fault) => return fault.message(language),
        };
        phrase.to_owned()
    }

    /// How to mend it.
    pub fn fix(&self, language: Language) -> String {
        let words = words(language);
        let phrase = match self {
            Self::EmptyFile => words.send_again,
            Self::NoRows => words.add_rows,
            Self::OtherFormat(Format::Workbook | Format::OldWorkbook) => words.save_sheet,
            Self::OtherFormat(Format::Gzip) => words.unpack,
            Self::OtherFormat(Format::Utf16) => words.not_unicode_text,
            Self::OtherFormat(_) => words.export_table,
            Self::WrongDelimiter { found, declared } => {
                let found = if *found == '\t' { "\\t".to_owned() } else { found.to_string() };
                let declared = delimiter_name(words, *declared);
                return fill(words.declare_delimiter, &[("found", &found), ("declared", &declared)]);
            }
            Self::LinesInQuotes => words.remove_quotes,
            Self::HeaderNotFound { expected } => {
                return fill(words.begin_with_header, &[("expected", expected)]);
            }
            Self::MisspeltColumn { meant } => return fill(words.write_name, &[("meant", meant)]),
            Self::UnknownColumn => words.remove_column,
            Self::MissingColumn => words.add_column,
            Self::DuplicateColumn { .. } => words.keep_one,
            Self::EmptyColumnName => words.name_column,
            Self::TooManyColumns { .. } => words.remove_columns,
            Self::QuoteLeftOpen => words.close_quote,
            Self::TextAfterQuote { opened, closed } if opened == closed => words.double_quote,
            Self::TextAfterQuote { opened, .. } => {
                return fill(words.look_for_quote, &[("opened", &opened.to_string())]);
            }
            Self::SpaceBeforeQuote => words.remove_space,
            Self::TooFewCells { .. } => words.add_cells,
            Self::TooManyCells { .. } => words.quote_cells,
            Self::RowTooLong { .. } => words.end_lines,
            Self::NotUtf8 { .. } => words.save_as_utf8,
            Self::NulInHeader => words.export_as_utf8,
            Self::Cell(fault) => return fault.fix(language),
        };
        phrase.to_owned()
    }
}

fn format_name(words: &Words, format: Format) -> &'static str {
    match format {
        Format::Workbook => words.workbook,
        Format::OldWorkbook => words.old_workbook,
        Format::Pdf => words.pdf,
        Format::Markup => words.markup,
        Format::Json => words.json,
        Format::Gzip => words.gzip,
        Format::Parquet => words.parquet,
        Format::Utf16 => words.utf16,
    }
}

fn delimiter_name(words: &Words, character: char) -> String {
    let name = match character {
        ',' => words.comma,
        ';' => words.semicolon,
        '\t' => words.tab,
        '|' => words.bar,
        other => return format!("`{other}`"),
    };
    name.to_owned()
}
