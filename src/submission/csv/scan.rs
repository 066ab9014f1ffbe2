//! One row of a CSV text: where its cells are, or where its quotes go wrong.
//!
//! `csv-core` reads any bytes as some row or other. Here a quote at fault is told apart from a cell, with its line, because
//! one quote left open would otherwise swallow the rows behind it without a word.

/// Where a cell stands in the row's bytes, without its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether quotes are doubled in it.
    pub(super) doubled: bool,
}

/// The row that was scanned last; its memory is used again.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// The first cells, as many as were asked for.
    pub(super) cells: Vec<Span>,
    /// How many cells there are in all.
    pub(super) count: usize,
    /// How many cells there are up to the last that is not empty.
    pub(super) filled: usize,
    /// The row's bytes without its line end.
    pub(super) length: usize,
    /// The row's bytes with its line end.
    pub(super) whole: usize,
    /// The line ends inside quotes.
    pub(super) inner_lines: u64,
}

/// How the scan of a row ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scan {
    /// A row.
    Row,
    /// The data end outside quotes before the row does.
    Cut,
    /// The data end inside quotes: the place of the opening one, and its cell counted from 0.
    Open { quote: usize, cell: usize },
    /// Text behind a closing quote: the places of both quotes.
    TextAfterQuote { opening: usize, closing: usize, cell: usize },
    /// A quote behind spaces at the start of a cell.
    SpaceBeforeQuote { quote: usize, cell: usize },
}

/// Finds the cells of the row at the start of the data, keeping the places of the first `keep`; `last` if no data follow.
pub(super) fn scan(data: &[u8], last: bool, delimiter: u8, keep: usize, row: &mut Row) -> Scan {
    row.cells.clear();
    row.count = 0;
    row.filled = 0;
    row.inner_lines = 0;
    let mut at = 0;
    loop {
        let cell = row.count;
        let (span, next) = if data.get(at) == Some(&b'"') {
            match quoted(data, at, last, delimiter, row) {
                Ok(found) => found,
                Err(scan) => return scan,
            }
        } else {
            let start = at;
            loop {
                match data.get(at) {
                    Some(b'"') if at > start && is_blank(&data[start..at]) => {
                        return Scan::SpaceBeforeQuote { quote: at, cell };
                    }
                    Some(&byte) if byte != delimiter && byte != b'\n' && byte != b'\r' => at += 1,
                    Some(_) => break,
                    None if last => break,
                    None => return Scan::Cut,
                }
            }
            (Span { start, end: at, doubled: false }, at)
        };
        row.count += 1;
        if cell < keep {
            row.cells.push(span);
        }
        if !holds_nothing(&data[span.start..span.end]) {
            row.filled = row.count;
        }
        at = next;
        match data.get(at) {
            Some(&byte) if byte == delimiter => at += 1,
            _ => {
                // A carriage return at the end of what has been read may be the first half of a line end.
                let Some(whole) = line_end(data, at, last) else {
                    return Scan::Cut;
                };
                row.length = at;
                row.whole = whole;
                return Scan::Row;
            }
        }
    }
}

/// Whether a cell holds no value, by the rule by which cells are read: space of every kind counts for nothing.
fn holds_nothing(cell: &[u8]) -> bool {
    match cell.first() {
        None => true,
        Some(first) if first.is_ascii_graphic() => false,
        Some(_) => std::str::from_utf8(cell).is_ok_and(|text| text.trim().is_empty()),
    }
}

/// The cell whose opening quote stands at `opening`, and where it ends with its closing quote and the spaces behind it.
fn quoted(
    data: &[u8],
    opening: usize,
    last: bool,
    delimiter: u8,
    row: &mut Row,
) -> Result<(Span, usize), Scan> {
    let cell = row.count;
    let start = opening + 1;
    let mut at = start;
    let mut doubled = false;
    loop {
        match data.get(at) {
            Some(b'"') if data.get(at + 1) == Some(&b'"') => {
                doubled = true;
                at += 2;
            }
            Some(b'"') => break,
            Some(b'\n') => {
                row.inner_lines += 1;
                at += 1;
            }
            Some(b'\r') => {
                row.inner_lines += u64::from(data.get(at + 1) != Some(&b'\n'));
                at += 1;
            }
            Some(_) => at += 1,
            None => return Err(Scan::Open { quote: opening, cell }),
        }
    }
    let span = Span { start, end: at, doubled };
    let mut behind = at + 1;
    while data.get(behind) == Some(&b' ') && delimiter != b' ' {
        behind += 1;
    }
    match data.get(behind) {
        Some(&byte) if byte == delimiter || byte == b'\n' || byte == b'\r' => Ok((span, behind)),
        None if last => Ok((span, behind)),
        // The next byte may double the quote.
        None => Err(Scan::Open { quote: opening, cell }),
        Some(_) => Err(Scan::TextAfterQuote { opening, closing: at, cell }),
    }
}

/// The place behind the first line end from `from` on; the end of the data if they are the last; `None` if it is not known yet.
pub(super) fn line_end(data: &[u8], from: usize, last: bool) -> Option<usize> {
    let Some(found) = data[from..].iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
        return last.then_some(data.len());
    };
    let at = from + found;
    match (data[at], data.get(at + 1)) {
        (b'\r', Some(b'\n')) => Some(at + 2),
        (b'\r', None) if !last => None,
        _ => Some(at + 1),
    }
}

/// The line ends in the data.
pub(super) fn count_lines(data: &[u8]) -> u64 {
    let mut lines = 0;
    let mut at = 0;
    while let Some(end) = line_end(data, at, false) {
        lines += 1;
        at = end;
    }
    lines + u64::from(data[at..].ends_with(b"\r"))
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|&byte| byte == b' ')
}

#[cfg(test)]
mod tests;
