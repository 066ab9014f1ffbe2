//! The rows of a file one by one, with the lines on which they start.

use std::io::{self, Read};

use super::scan::{Row, Scan, Span, count_lines, line_end, scan};
use super::source::Source;

/// What comes next in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// A row, in [`Rows::row`] and [`Rows::data`].
    Row,
    /// A row with a quote at fault. Reading goes on behind the line of the fault.
    Broken(Broken),
    /// A row longer than the limit. Nothing is read behind it.
    TooLong,
    /// The end of the file.
    End,
}

/// A quote at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) scan: Scan,
    /// The cell, counted from 0.
    pub(super) cell: usize,
    /// The line of the quote, the opening one where there are two.
    pub(super) line: u64,
    /// The line of the closing quote, or the same.
    pub(super) closed: u64,
    /// The place of the quote in [`Rows::data`].
    pub(super) quote: usize,
}

/// Rows over a source.
pub(super) struct Rows<R> {
    pub(super) source: Source<R>,
    delimiter: u8,
    /// The longest row in bytes.
    pub(super) limit: usize,
    /// How many cells of each row are wanted.
    pub(super) keep: usize,
    /// The row found last.
    pub(super) row: Row,
    /// The line on which it starts, counted from 1.
    pub(super) line: u64,
    /// The bytes and lines to pass before the next.
    passed: (usize, u64),
}

impl<R: Read> Rows<R> {
    pub(super) fn new(source: Source<R>, delimiter: u8, limit: usize, keep: usize) -> Self {
        Self { source, delimiter, limit, keep, row: Row::default(), line: 1, passed: (0, 0) }
    }

    /// The data from the start of the row found last, and beyond it.
    pub(super) fn data(&self) -> &[u8] {
        self.source.data()
    }

    /// Passes so many bytes before the first row.
    pub(super) fn skip(&mut self, bytes: usize, lines: u64) {
        self.passed.0 += bytes;
        self.passed.1 += lines;
    }

    /// Goes to the next row.
    pub(super) fn next(&mut self) -> io::Result<Next> {
        let (bytes, lines) = std::mem::take(&mut self.passed);
        self.source.pass(bytes);
        self.line += lines;
        loop {
            // No more than the limit and a line end is looked at, so that a fault does not depend on how much has been read.
            let data = self.source.data();
            let window = self.limit.saturating_add(2);
            let full = data.len() >= window;
            let data = &data[..data.len().min(window)];
            let last = self.source.finished() && data.len() == self.source.data().len();
            if data.is_empty() && last {
                return Ok(Next::End);
            }
            let found = scan(data, last, self.delimiter, self.keep, &mut self.row);
            let broken = match found {
                Scan::Row if self.row.length > self.limit => return Ok(Next::TooLong),
                Scan::Row => {
                    self.passed = (self.row.whole, self.row.inner_lines + 1);
                    return Ok(Next::Row);
                }
                Scan::Open { quote, cell } if last || full => Some((quote, quote, quote, cell)),
                Scan::TextAfterQuote { opening, closing, cell } => Some((opening, closing, opening, cell)),
                Scan::SpaceBeforeQuote { quote, cell } => Some((quote, quote, quote, cell)),
                Scan::Open { .. } | Scan::Cut => None,
            };
            // The row behind a quote at fault begins behind the line of the opening quote: most cells are of one line, and a quote
            // that pairs with one in a later row must not take the rows between with it.
            if let Some((quote, closing, from, cell)) = broken
                && let Some(resume) = line_end(data, from, last)
            {
                let line = self.line + count_lines(&data[..quote]);
                let closed = self.line + count_lines(&data[..closing]);
                self.passed = (resume, count_lines(&data[..resume]));
                return Ok(Next::Broken(Broken { scan: found, cell, line, closed, quote }));
            }
            if full {
                return Ok(Next::TooLong);
            }
            self.source.more()?;
        }
    }

    /// The bytes of a cell of the row found last, its doubled quotes still double.
    pub(super) fn bytes(&self, span: Span) -> &[u8] {
        &self.data()[span.start..span.end]
    }
}
