//! CSV files, read in batches with the line of every row.
//!
//! The memory held is that of one batch, one row and the samples of faults, whatever the file.

mod opening;
mod rows;
mod scan;
mod sniff;
mod source;

use std::io::{self, Read};

use super::builder::{ColumnBuilder, null_column};
use super::cell::{self, DecimalMark, Notation};
use super::fault::{Fault, Faults, Kind, excerpt};
use super::layout::Layout;
use crate::table::{Batch, DataType};
use rows::{Broken, Next, Rows};
use scan::Scan;

/// The rows of a full batch.
pub const BATCH_ROWS: usize = 8192;

/// The bytes of text at which a batch ends before it is full.
const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Between the cells of a row.
    pub delimiter: u8,
    /// Between a number's whole part and its decimals.
    pub decimal: DecimalMark,
}

impl Default for Dialect {
    fn default() -> Self {
        Self { delimiter: b',', decimal: DecimalMark::Point }
    }
}

/// What a file may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The bytes of one row, with all its lines.
    pub row_bytes: usize,
    /// The columns of the file.
    pub columns: usize,
    /// The samples kept of each group of faults.
    pub samples: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { row_bytes: 1024 * 1024, columns: 1024, samples: 10 }
    }
}

/// Some rows of a file.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// The columns of the layout.
    pub batch: Batch,
    /// The cells that hold a text that could not be read: row of the batch and column of the layout, both counted from 0.
    ///
    /// They are null in the batch without being absent, so that a required value is not reported twice. In order of rows.
    pub faulted: Vec<(u32, u32)>,
}

/// What a file came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The SHA-256 of the file's bytes.
    pub digest: [u8; 32],
    /// The file's bytes.
    pub bytes: u64,
    /// The rows given in batches.
    pub rows: u64,
    /// The rows left out because of a fault of their own: quotes, or the count of cells.
    pub refused_rows: u64,
    /// The lines and rows left out because all their cells are empty.
    pub blank_rows: u64,
    /// Whether the file was read to its end, and not given up at a fault that leaves nothing to read.
    pub complete: bool,
}

/// A CSV file that is being read.
pub struct Reader<R> {
    name: String,
    rows: Rows<R>,
    columns: Vec<ReadColumn>,
    positions: Vec<Option<usize>>,
    width: usize,
    faults: Faults,
    state: State,
    counts: Counts,
    scratch: String,
}

struct ReadColumn {
    name: String,
    data_type: DataType,
    notation: Notation,
    /// The cell of each row, counted from 0.
    position: Option<usize>,
    builder: ColumnBuilder,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    AtEnd,
    GivenUp,
}

#[derive(Default)]
struct Counts {
    rows: u64,
    refused: u64,
    blank: u64,
}

impl<R: Read> Reader<R> {
    /// Opens a file and reads its header.
    ///
    /// Whatever is wrong with the file is among [`Reader::faults`]; where nothing can be read, no batch follows.
    ///
    /// # Errors
    /// Only if the source fails.
    pub fn open(
        source: R,
        name: &str,
        layout: &Layout,
        dialect: Dialect,
        limits: Limits,
    ) -> io::Result<Self> {
        let mut faults = Faults::new(limits.samples);
        let opened = opening::open(source, layout, dialect, limits, &mut faults)?;
        let columns = layout.columns.iter().zip(&opened.positions).map(|(column, &position)| ReadColumn {
            name: column.name.clone(),
            data_type: column.data_type,
            notation: Notation { decimal: dialect.decimal, absence_words: column.absence_words },
            position,
            builder: ColumnBuilder::new(column.data_type),
        });
        let mut rows = opened.rows;
        rows.keep = opened.width;
        Ok(Self {
            name: name.to_owned(),
            rows,
            columns: columns.collect(),
            positions: opened.positions.iter().map(|position| position.map(|index| index + 1)).collect(),
            width: opened.width,
            faults,
            state: if opened.readable { State::Reading } else { State::GivenUp },
            counts: Counts::default(),
            scratch: String::new(),
        })
    }

    /// The name under which the file was opened.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// For each column of the layout its column in the file, counted from 1, if the header names it.
    pub fn header_columns(&self) -> &[Option<usize>] {
        &self.positions
    }

    /// What is wrong with what has been read so far.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The next rows; `None` at the end, and where nothing more can be read.
    ///
    /// # Errors
    /// Only if the source fails.
    pub fn next_batch(&mut self) -> io::Result<Option<Chunk>> {
        let mut lines = Vec::new();
        let mut faulted = Vec::new();
        let mut bytes = 0;
        while self.state == State::Reading && lines.len() < BATCH_ROWS && bytes < BATCH_BYTES {
            let next = self.rows.next();
            if next.is_err() {
                self.state = State::GivenUp;
            }
            match next? {
                Next::Row => {
                    if self.is_row() {
                        bytes += self.rows.row.length;
                        self.read_row(lines.len(), &mut faulted);
                        lines.push(self.rows.line);
                    }
                }
                Next::Broken(broken) => {
                    self.counts.refused += 1;
                    let fault = self.quote_fault(broken);
                    self.faults.tally(0, fault.kind.clone(), |_| fault);
                }
                Next::TooLong => {
                    self.counts.refused += 1;
                    self.state = State::GivenUp;
                    self.faults.add(too_long(&self.rows));
                }
                Next::End => {
                    self.state = State::AtEnd;
                    if self.counts.rows == 0 && self.counts.refused == 0 && lines.is_empty() {
                        self.faults.add(Fault::of_file(Kind::NoRows));
                    }
                }
            }
        }
        if lines.is_empty() {
            return Ok(None);
        }
        self.counts.rows += lines.len() as u64;
        let columns = self.columns.iter_mut().map(|column| match column.position {
            Some(_) => column.builder.finish(),
            None => null_column(column.data_type, lines.len()),
        });
        Ok(Some(Chunk { batch: Batch { columns: columns.collect(), lines }, faulted }))
    }

    /// Reads what is left of the bytes, for their digest alone, and gives the counts and all faults.
    ///
    /// # Errors
    /// Only if the source fails.
    pub fn finish(self) -> io::Result<(Summary, Faults)> {
        let (digest, bytes) = self.rows.source.finish()?;
        let summary = Summary {
            digest,
            bytes,
            rows: self.counts.rows,
            refused_rows: self.counts.refused,
            blank_rows: self.counts.blank,
            complete: self.state == State::AtEnd,
        };
        Ok((summary, self.faults))
    }

    /// Whether the row is one to read: not blank, and as wide as the header.
    fn is_row(&mut self) -> bool {
        let row = &self.rows.row;
        // Spreadsheets write the rows that were once filled as delimiters alone.
        if row.filled == 0 {
            self.counts.blank += 1;
            return false;
        }
        let (expected, lines) = (self.width, row.inner_lines + 1);
        let kind = if row.filled > expected {
            Kind::TooManyCells { found: row.filled, expected, lines }
        } else if row.count < expected {
            Kind::TooFewCells { found: row.count, expected, lines }
        } else {
            return true;
        };
        self.counts.refused += 1;
        let (rows, line) = (&self.rows, self.rows.line);
        self.faults.tally(0, kind, |kind| {
            let text = sniff::decode(&rows.data()[..rows.row.length]).0;
            Fault { text: Some(excerpt(&text)), ..Fault::of_line(kind, line) }
        });
        false
    }

    fn read_row(&mut self, number: usize, faulted: &mut Vec<(u32, u32)>) {
        let Self { rows, columns, faults, scratch, .. } = self;
        // One look at the whole row is cheaper than one at each cell.
        let whole = std::str::from_utf8(&rows.data()[..rows.row.length]).ok();
        for (index, column) in columns.iter_mut().enumerate() {
            let Some(position) = column.position else { continue };
            let span = rows.row.cells[position];
            let bytes = rows.bytes(span);
            // The bytes around a cell are ASCII, so a cell begins and ends where characters do.
            let text = match whole {
                Some(row) => row.get(span.start..span.end),
                None => std::str::from_utf8(bytes).ok(),
            };
            let (place, kind) = match text {
                None => (0, not_utf8(bytes)),
                Some(text) => {
                    let text = if span.doubled { unquoted(text, scratch) } else { text };
                    match cell::parse(text, column.data_type, column.notation) {
                        Ok(cell) => {
                            column.builder.push(&cell);
                            continue;
                        }
                        Err(fault) => (position + 1, Kind::Cell(fault)),
                    }
                }
            };
            column.builder.push_null();
            faulted.push((as_u32(number), as_u32(index)));
            faults.tally(place, kind, |kind| {
                let text = sniff::decode(bytes).0;
                let text = if span.doubled { text.replace("\"\"", "\"") } else { text };
                Fault {
                    kind,
                    line: Some(rows.line),
                    column: Some(position + 1),
                    column_name: Some(column.name.clone()),
                    text: Some(excerpt(&text)),
                }
            });
        }
    }

    fn quote_fault(&self, broken: Broken) -> Fault {
        let names = |column: &&ReadColumn| column.position == Some(broken.cell);
        Fault {
            column_name: self.columns.iter().find(names).map(|column| column.name.clone()),
            ..quote_fault(&self.rows, broken)
        }
    }
}

/// A fault of quotes, in a file whose columns have no names yet.
fn quote_fault<R: Read>(rows: &Rows<R>, broken: Broken) -> Fault {
    let kind = match broken.scan {
        Scan::TextAfterQuote { .. } => Kind::TextAfterQuote { opened: broken.line, closed: broken.closed },
        Scan::SpaceBeforeQuote { .. } => Kind::SpaceBeforeQuote,
        Scan::Row | Scan::Cut | Scan::Open { .. } => Kind::QuoteLeftOpen,
    };
    let data = rows.data();
    let line = data[broken.quote..].split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    Fault {
        column: Some(broken.cell + 1),
        text: Some(excerpt(&sniff::decode(&line[..line.len().min(1024)]).0)),
        ..Fault::of_line(kind, broken.line)
    }
}

fn too_long<R: Read>(rows: &Rows<R>) -> Fault {
    let data = rows.data();
    let text = sniff::decode(&data[..data.len().min(1024)]).0;
    Fault { text: Some(excerpt(&text)), ..Fault::of_line(Kind::RowTooLong { limit: rows.limit }, rows.line) }
}

fn not_utf8(bytes: &[u8]) -> Kind {
    let byte = sniff::decode(bytes).1.unwrap_or_default();
    Kind::NotUtf8 { byte, letter: sniff::windows_1252(byte) }
}

/// The text with its doubled quotes made single.
fn unquoted<'text>(text: &str, scratch: &'text mut String) -> &'text str {
    scratch.clear();
    // `""` inside quotes stands for one `"`; a quote never stands alone there.
    for (index, part) in text.split("\"\"").enumerate() {
        if index > 0 {
            scratch.push('"');
        }
        scratch.push_str(part);
    }
    scratch
}

/// A batch has far fewer rows and columns than this can count.
fn as_u32(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
