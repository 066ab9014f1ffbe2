//! The kinds of fault, in words.

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
    pub fn message(&self) -> String {
        match self {
            Self::EmptyFile => "the file is empty".into(),
            Self::NoRows => "the file has a header and no rows".into(),
            Self::OtherFormat(format) => format!("the file is not CSV but {}", name(*format)),
            Self::WrongDelimiter { found, declared } => format!(
                "the cells are separated by a {}, and a {} is declared",
                delimiter_name(*found),
                delimiter_name(*declared)
            ),
            Self::LinesInQuotes => "each line stands in quotes as a single cell".into(),
            Self::HeaderNotFound { .. } => "the first row names no column of this dataset".into(),
            Self::MisspeltColumn { meant } => {
                format!("the dataset has no column of this name; did you mean `{meant}`?")
            }
            Self::UnknownColumn => "the dataset has no column of this name".into(),
            Self::MissingColumn => "the dataset requires this column, and the header does not name it".into(),
            Self::DuplicateColumn { first } => format!("column {first} already has this name"),
            Self::EmptyColumnName => "the column has no name".into(),
            Self::TooManyColumns { limit } => format!("the header has more than {limit} columns"),
            Self::QuoteLeftOpen => "a quote is opened here and not closed".into(),
            Self::TextAfterQuote { opened, closed } if opened == closed => {
                "a cell in quotes has text behind its closing quote".into()
            }
            Self::TextAfterQuote { opened, closed } => {
                format!(
                    "a quote opened on line {opened} meets the next quote on line {closed}, with text behind it"
                )
            }
            Self::SpaceBeforeQuote => "a cell in quotes has a space before its opening quote".into(),
            Self::TooFewCells { found, expected, lines } | Self::TooManyCells { found, expected, lines } => {
                let cells = if *found == 1 { "1 cell".to_owned() } else { format!("{found} cells") };
                let lines = if *lines == 1 { String::new() } else { format!("takes {lines} lines and ") };
                format!("the row {lines}has {cells}, and the header has {expected}")
            }
            Self::RowTooLong { limit } => {
                format!("the row is longer than {limit} bytes, and the file is not read further")
            }
            Self::NotUtf8 { byte, letter: Some(letter) } => {
                format!("the text is not UTF-8: byte 0x{byte:02X} is `{letter}` in Windows-1252")
            }
            Self::NotUtf8 { byte, letter: None } => format!("the text is not UTF-8: byte 0x{byte:02X}"),
            Self::NulInHeader => "the header holds a NUL character, so the file is not text".into(),
            Self::Cell(fault) => fault.message(),
        }
    }

    /// How to mend it.
    pub fn fix(&self) -> String {
        match self {
            Self::EmptyFile => "check that the export has finished, and send the file again".into(),
            Self::NoRows => "add the rows; if there is nothing to report, leave the file out".into(),
            Self::OtherFormat(Format::Workbook | Format::OldWorkbook) => {
                "open it in the spreadsheet and save the sheet as `CSV UTF-8`, or give the file its own ending".into()
            }
            Self::OtherFormat(Format::Gzip) => "unpack it first".into(),
            Self::OtherFormat(Format::Utf16) => "save the file as `CSV UTF-8`, not as `Unicode text`".into(),
            Self::OtherFormat(_) => "export the table as `CSV UTF-8`, or give the file its own ending".into(),
            Self::WrongDelimiter { found, declared } => {
                let found = if *found == '\t' { "\\t".to_owned() } else { found.to_string() };
                format!(
                    "declare `delimiter: '{found}'` for this file, or save it with a {} between the cells",
                    delimiter_name(*declared)
                )
            }
            Self::LinesInQuotes => {
                "open the file as text, remove the quotes around each line, and make `\"` of each `\"\"`".into()
            }
            Self::HeaderNotFound { expected } => format!("let the first row be the header: {expected}"),
            Self::MisspeltColumn { meant } => format!("write `{meant}` in the header"),
            Self::UnknownColumn => "remove the column, or give it a name of this dataset".into(),
            Self::MissingColumn => "add the column; a cell whose value is not known may be empty".into(),
            Self::DuplicateColumn { .. } => "keep one of the two, or rename the other".into(),
            Self::EmptyColumnName => "name the column, or remove it".into(),
            Self::TooManyColumns { .. } => "remove the columns that this dataset does not have".into(),
            Self::QuoteLeftOpen => {
                "add the closing quote, or remove the opening one; a quote inside a quoted cell is written `\"\"`".into()
            }
            Self::TextAfterQuote { opened, closed } if opened == closed => {
                "write a quote inside a quoted cell as `\"\"`".into()
            }
            Self::TextAfterQuote { opened, .. } => format!(
                "look for a quote on line {opened} that is not closed; a quote inside a quoted cell is written `\"\"`"
            ),
            Self::SpaceBeforeQuote => "remove the space, so that the quote is the cell's first character".into(),
            Self::TooFewCells { .. } => {
                "give the row a cell for each column, empty where there is no value; if it runs over several lines, look for a quote that is not closed".into()
            }
            Self::TooManyCells { .. } => {
                "a cell that holds the delimiter stands in quotes; a decimal comma or a comma between thousands is the usual cause".into()
            }
            Self::RowTooLong { .. } => {
                "check that the file has line ends, and that each quote is closed".into()
            }
            Self::NotUtf8 { .. } => "save the file as `CSV UTF-8`".into(),
            Self::NulInHeader => "export the table as `CSV UTF-8`".into(),
            Self::Cell(fault) => fault.fix(),
        }
    }
}

fn name(format: Format) -> &'static str {
    match format {
        Format::Workbook => "an Excel workbook or another ZIP archive",
        Format::OldWorkbook => "an Excel workbook of the format before 2007",
        Format::Pdf => "a PDF document",
        Format::Markup => "an HTML or XML page",
        Format::Json => "JSON",
        Format::Gzip => "a gzip archive",
        Format::Parquet => "a Parquet file",
        Format::Utf16 => "text in UTF-16",
    }
}

fn delimiter_name(character: char) -> String {
    match character {
        ',' => "comma".into(),
        ';' => "semicolon".into(),
        '\t' => "tab".into(),
        '|' => "vertical bar".into(),
        other => format!("`{other}`"),
    }
}
