//! The beginning of a file: what it is, and which columns it has.

use std::io::{self, Read};

use super::rows::{Next, Rows};
use super::scan::{Row, Scan, line_end, scan};
use super::source::Source;
use super::{Dialect, Limits, quote_fault, sniff, too_long};
use crate::submission::fault::{Fault, Faults, Kind, excerpt};
use crate::submission::header::{count_known, match_names};
use crate::submission::layout::Layout;

/// The delimiters in use.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// A file behind its header.
pub(super) struct Opened<R> {
    pub(super) rows: Rows<R>,
    /// For each column of the layout its cell, counted from 0.
    pub(super) positions: Vec<Option<usize>>,
    /// The cells that each row must have.
    pub(super) width: usize,
    /// Whether there is anything to read behind the header.
    pub(super) readable: bool,
}

/// Reads up to the header and the header itself.
pub(super) fn open<R: Read>(
    source: R,
    layout: &Layout,
    dialect: Dialect,
    limits: Limits,
    faults: &mut Faults,
) -> io::Result<Opened<R>> {
    let mut source = Source::new(source);
    source.more()?;
    let mut rows = Rows::new(source, dialect.delimiter, limits.row_bytes, limits.columns.saturating_add(1));
    let nothing = vec![None; layout.columns.len()];
    let header = header(&mut rows, layout, dialect, limits, faults)?;
    let Some(names) = header else {
        return Ok(Opened { rows, positions: nothing, width: 0, readable: false });
    };
    let positions = match_names(&names, rows.line, layout, faults);
    let readable = positions.iter().any(Option::is_some);
    Ok(Opened { rows, positions, width: names.len(), readable })
}

/// The names of the header, without the empty ones behind the last; `None` where the file is given up.
fn header<R: Read>(
    rows: &mut Rows<R>,
    layout: &Layout,
    dialect: Dialect,
    limits: Limits,
    faults: &mut Faults,
) -> io::Result<Option<Vec<String>>> {
    let mark = if rows.data().starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    if let Some(format) = sniff::other_format(&rows.data()[mark..]) {
        faults.add(Fault::of_file(Kind::OtherFormat(format)));
        return Ok(None);
    }
    rows.skip(mark, 0);
    if let Some((found, bytes)) = sniff::separator_line(&rows.data()[mark..]) {
        if found != dialect.delimiter {
            faults.add(wrong_delimiter(found, dialect, 1));
            return Ok(None);
        }
        rows.skip(bytes, 1);
    }
    loop {
        let next = rows.next()?;
        match next {
            Next::Row if rows.row.filled == 0 => continue,
            Next::End => faults.add(Fault::of_file(Kind::EmptyFile)),
            Next::TooLong => faults.add(too_long(rows)),
            Next::Row | Next::Broken(_) => {
                if let Some(fault) = other_delimiter(rows, next, layout, dialect) {
                    faults.add(fault);
                } else if let Next::Broken(broken) = next {
                    faults.add(quote_fault(rows, broken));
                } else {
                    return Ok(names(rows, limits, faults));
                }
            }
        }
        return Ok(None);
    }
}

fn names<R: Read>(rows: &Rows<R>, limits: Limits, faults: &mut Faults) -> Option<Vec<String>> {
    let line = rows.line;
    if rows.row.filled > limits.columns {
        faults.add(Fault::of_line(Kind::TooManyColumns { limit: limits.columns }, line));
        return None;
    }
    let mut names = Vec::with_capacity(rows.row.filled);
    for (index, &span) in rows.row.cells[..rows.row.filled].iter().enumerate() {
        let (mut name, bad) = sniff::decode(rows.bytes(span));
        if span.doubled {
            name = name.replace("\"\"", "\"");
        }
        let place = |kind| Fault {
            column: Some(index + 1),
            column_name: Some(excerpt(&name)),
            text: Some(excerpt(&name)),
            ..Fault::of_line(kind, line)
        };
        if let Some(byte) = bad {
            let kind = Kind::NotUtf8 { byte, letter: sniff::windows_1252(byte) };
            faults.tally(0, kind, place);
        }
        if name.contains('\0') {
            faults.add(place(Kind::NulInHeader));
            return None;
        }
        names.push(name);
    }
    Some(names)
}

/// The fault of a file whose header is one of the layout's if read with another delimiter, or without quotes around the line.
fn other_delimiter<R: Read>(rows: &Rows<R>, next: Next, layout: &Layout, dialect: Dialect) -> Option<Fault> {
    let data = rows.data();
    let end = line_end(data, 0, true).unwrap_or(data.len());
    let line = &data[..end];
    let split = |line: &[u8], delimiter: u8| {
        let mut row = Row::default();
        match scan(line, true, delimiter, rows.keep, &mut row) {
            Scan::Row => row.cells.iter().map(|span| sniff::decode(&line[span.start..span.end]).0).collect(),
            _ => Vec::new(),
        }
    };
    let declared = match next {
        Next::Row => count_known(&split(line, dialect.delimiter), layout),
        _ => 0,
    };
    let better = |names: &[String]| {
        let known = count_known(names, layout);
        known > declared && known >= 2
    };
    let others = DELIMITERS.into_iter().filter(|&delimiter| delimiter != dialect.delimiter);
    if let Some(found) = others.into_iter().find(|&delimiter| better(&split(line, delimiter))) {
        return Some(wrong_delimiter(found, dialect, rows.line));
    }
    if let [only] = split(line, dialect.delimiter).as_slice()
        && better(&split(only.replace("\"\"", "\"").as_bytes(), dialect.delimiter))
    {
        return Some(Fault { text: Some(excerpt(only)), ..Fault::of_line(Kind::LinesInQuotes, rows.line) });
    }
    None
}

fn wrong_delimiter(found: u8, dialect: Dialect, line: u64) -> Fault {
    let kind = Kind::WrongDelimiter { found: char::from(found), declared: char::from(dialect.delimiter) };
    Fault::of_line(kind, line)
}
