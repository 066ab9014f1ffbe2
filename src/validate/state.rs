//! How each kind of check is carried out over batches: what it keeps between them, and what it finds.

use std::collections::{HashMap, HashSet};

use arrow_array::{Array as _, BooleanArray};

use super::dataset::{Context, Found, key_of};
use crate::compile::{Check, CheckKind, Scoped};
use crate::expression::{Accumulators, GroupProgram, Program, SeriesProgram, Template};
use crate::group::{Groups, Growing, encode, written};
use crate::table::{Batch, Column, Values};

/// One check at work.
pub(super) enum State<'p> {
    /// The reader does the work; its faults are counted by the dataset.
    ByReader,
    /// It cannot be carried out: the file lacks this column.
    Missing { column: String, required: bool },
    /// A cell must hold something.
    Required { column: usize, reason_will_do: bool, message: &'p str },
    /// Something holds of each row.
    Row {
        column: Option<usize>,
        applies: Option<&'p Program>,
        check: &'p Program,
        message: &'p Template<Program>,
    },
    /// No key occurs twice.
    Key { columns: &'p [usize], message: &'p str, seen: HashMap<Box<[u8]>, u64>, buffer: Vec<u8> },
    /// Each value occurs elsewhere.
    Reference { column: usize, values: HashMap<String, Occurrences> },
    /// Something holds of each group.
    Group {
        scoped: &'p Scoped,
        check: &'p GroupProgram,
        message: &'p Template<GroupProgram>,
        groups: Groups<Group>,
    },
    /// Something holds of each row beside the one before it.
    Series {
        scoped: &'p Scoped,
        order: usize,
        check: &'p SeriesProgram,
        message: &'p Template<SeriesProgram>,
        rows: Rows,
    },
}

/// Where a value that refers to another dataset was seen.
#[derive(Default)]
pub(super) struct Occurrences {
    /// How often.
    pub count: u64,
    /// The first places, as many as may be listed.
    pub places: Vec<Found>,
}

/// One group of a group check.
pub(super) struct Group {
    check: Accumulators,
    message: Accumulators,
    line: u64,
    /// A cell that the check reads could not be read, so that nothing is known of the group.
    unknown: bool,
}

/// The rows of a series check: the columns that it reads, all rows of them.
pub(super) struct Rows {
    /// The fields that are kept; the others are null.
    kept: Vec<usize>,
    columns: Vec<Growing>,
    /// A null column of each field's type, for those that are not kept.
    templates: Vec<Growing>,
    lines: Vec<u64>,
    /// Each row's group as bytes.
    groups: Vec<Box<[u8]>>,
    /// Groups in which a cell that the check reads could not be read, so that nothing is known of them.
    unknown: HashSet<Box<[u8]>>,
}

impl Rows {
    /// Takes in the rows of a batch that the series looks at.
    fn observe(&mut self, scoped: &Scoped, batch: &Batch, fields: &[&Column], unreadable: &HashSet<usize>) {
        let rows = batch.rows();
        let Extended { columns, applies } = extend(scoped, fields, rows);
        let fields = borrow(fields, &columns);
        if self.templates.is_empty() {
            self.templates = fields.iter().map(|column| Growing::like(column)).collect();
            self.columns = self.kept.iter().map(|field| Growing::like(fields[*field])).collect();
        }
        let keys: Vec<&Column> = scoped.keys.iter().map(|key| fields[*key]).collect();
        let mut buffer = Vec::new();
        for row in 0..rows {
            if applies.as_ref().is_some_and(|applies| !is(applies, row, true)) {
                continue;
            }
            for (growing, field) in self.columns.iter_mut().zip(&self.kept) {
                growing.push(fields[*field], row);
            }
            encode(&keys, row, &mut buffer);
            if unreadable.contains(&row) {
                self.unknown.insert(buffer.clone().into_boxed_slice());
            }
            self.groups.push(buffer.clone().into_boxed_slice());
            self.lines.push(batch.lines[row]);
        }
    }
}

impl<'p> State<'p> {
    /// A check with nothing seen yet.
    pub(super) fn of(check: &'p Check) -> Self {
        match &check.kind {
            CheckKind::File
            | CheckKind::Rows { .. }
            | CheckKind::Sent { .. }
            | CheckKind::Readable { .. } => Self::ByReader,
            CheckKind::Required { column, reason_will_do, message } => {
                Self::Required { column: *column, reason_will_do: *reason_will_do, message }
            }
            CheckKind::Row { column, applies, check, message } => {
                Self::Row { column: *column, applies: applies.as_ref(), check, message }
            }
            CheckKind::Key { columns, message } => {
                Self::Key { columns, message, seen: HashMap::new(), buffer: Vec::new() }
            }
            CheckKind::Reference { column, .. } => {
                Self::Reference { column: *column, values: HashMap::new() }
            }
            CheckKind::Group { scoped, check, message } => {
                Self::Group { scoped, check, message, groups: Groups::default() }
            }
            CheckKind::Series { scoped, order, check, message } => {
                let mut kept = check.columns();
                kept.extend(message.columns());
                kept.extend(&scoped.keys);
                kept.push(*order);
                kept.sort_unstable();
                kept.dedup();
                let rows = Rows {
                    kept,
                    columns: Vec::new(),
                    templates: Vec::new(),
                    lines: Vec::new(),
                    groups: Vec::new(),
                    unknown: HashSet::new(),
                };
                Self::Series { scoped, order: *order, check, message, rows }
            }
        }
    }

    /// Takes in a batch. `fields` are the dataset's fields over it; `unreadable` are the rows in which a cell that the
    /// check reads could not be read. That has been reported, and what the check would say of them is unknown.
    pub(super) fn observe(
        &mut self,
        batch: &Batch,
        fields: &[&Column],
        unreadable: &HashSet<usize>,
        context: &Context<'_>,
        tally: &mut Tally,
    ) {
        let rows = batch.rows();
        match self {
            Self::ByReader | Self::Missing { .. } => {}
            Self::Required { column, reason_will_do, message } => {
                tally.checked += rows as u64;
                let cells = fields[*column];
                for row in 0..rows {
                    let reason = cells.absences.get(row).copied().flatten();
                    if cells.values.is_null(row)
                        && !(*reason_will_do && reason.is_some())
                        && !unreadable.contains(&row)
                    {
                        tally.fail(|| (context.found(batch, row, Some(*column)), (*message).to_owned()));
                    }
                }
            }
            Self::Row { column, applies, check, message } => {
                let applies = applies.map(|applies| truths(applies.evaluate(fields, rows)));
                let holds = truths(check.evaluate(fields, rows));
                for row in 0..rows {
                    if applies.as_ref().is_some_and(|applies| !is(applies, row, true)) {
                        continue;
                    }
                    tally.checked += 1;
                    if is(&holds, row, false) && !unreadable.contains(&row) {
                        tally.fail(|| (context.found(batch, row, *column), message.render(fields, row)));
                    }
                }
            }
            Self::Key { columns, message, seen, buffer } => {
                let cells: Vec<&Column> = columns.iter().map(|column| fields[*column]).collect();
                for row in 0..rows {
                    // A key that is not whole is a finding of its own; two such rows need not be the same.
                    if cells.iter().any(|column| column.values.is_null(row)) {
                        continue;
                    }
                    tally.checked += 1;
                    encode(&cells, row, buffer);
                    if let Some(first) = seen.get(buffer.as_slice()) {
                        tally.fail(|| {
                            (context.found(batch, row, None), message.replace("{first}", &first.to_string()))
                        });
                    } else {
                        seen.insert(buffer.clone().into_boxed_slice(), batch.lines[row]);
                    }
                }
            }
            Self::Reference { column, values } => {
                let cells = fields[*column];
                for row in 0..rows {
                    if cells.values.is_null(row) {
                        continue;
                    }
                    let Some(value) = written(cells, row) else { continue };
                    let occurrences = values.entry(value).or_default();
                    occurrences.count += 1;
                    if occurrences.places.len() < tally.samples {
                        occurrences.places.push(context.found(batch, row, Some(*column)));
                    }
                }
            }
            Self::Group { scoped, check, message, groups } => {
                let Extended { columns, applies } = extend(scoped, fields, rows);
                let fields = borrow(fields, &columns);
                let keys: Vec<&Column> = scoped.keys.iter().map(|key| fields[*key]).collect();
                let of_check = check.inputs(&fields, rows);
                let of_message = message.program().inputs(&fields, rows);
                for row in 0..rows {
                    if applies.as_ref().is_some_and(|applies| !is(applies, row, true)) {
                        continue;
                    }
                    let group = groups.of(&keys, row, || Group {
                        check: check.accumulators(),
                        message: message.program().accumulators(),
                        line: batch.lines[row],
                        unknown: false,
                    });
                    group.unknown |= unreadable.contains(&row);
                    group.check.add(&of_check, row);
                    group.message.add(&of_message, row);
                }
            }
            Self::Series { scoped, rows, .. } => rows.observe(scoped, batch, fields, unreadable),
        }
    }

    /// Ends a check that speaks of groups.
    pub(super) fn finish(self, tally: &mut Tally) -> Option<HashMap<String, Occurrences>> {
        match self {
            Self::Reference { values, .. } => return Some(values),
            Self::Group { scoped, check, message, groups } => {
                let (keys, kept) = groups.finish();
                let of_check: Vec<&Accumulators> = kept.iter().map(|group| &group.check).collect();
                let of_message: Vec<&Accumulators> = kept.iter().map(|group| &group.message).collect();
                tally.checked += kept.len() as u64;
                if kept.is_empty() {
                    return None;
                }
                let holds = truths(check.finish(&of_check, &keys));
                let messages = message.render(&of_message, &keys);
                for (group, kept) in kept.iter().enumerate() {
                    if is(&holds, group, false) && !kept.unknown {
                        tally.fail(|| {
                            let names = scoped.keys.iter().map(|key| scoped.fields[*key].name.as_str());
                            let key = key_of(names.zip(keys.iter()), group);
                            (Found::at(kept.line, key), messages[group].clone())
                        });
                    }
                }
            }
            Self::Series { scoped, order, check, message, rows } => {
                series(scoped, order, check, message, rows, tally);
            }
            Self::ByReader
            | Self::Missing { .. }
            | Self::Required { .. }
            | Self::Row { .. }
            | Self::Key { .. } => {}
        }
        None
    }
}

/// How often a check was made and failed, and the first failures.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) checked: u64,
    pub(super) failed: u64,
    pub(super) samples: usize,
    pub(super) shown: Vec<(Found, String)>,
}

impl Tally {
    /// Counts a failure, and keeps it while there is room.
    pub(super) fn fail(&mut self, make: impl FnOnce() -> (Found, String)) {
        self.failed += 1;
        if self.shown.len() < self.samples {
            self.shown.push(make());
        }
    }
}

/// Sorts the rows by group and order, and checks each beside the one before it.
fn series(
    scoped: &Scoped,
    order: usize,
    check: &SeriesProgram,
    message: &Template<SeriesProgram>,
    rows: Rows,
    tally: &mut Tally,
) {
    let count = rows.lines.len();
    if count == 0 {
        return;
    }
    let kept: Vec<Column> = rows.columns.into_iter().map(Growing::finish).collect();
    let position = |field: usize| rows.kept.iter().position(|kept| *kept == field);
    let by = &kept[position(order).expect("the order is among the fields that are kept")];
    let mut sequence: Vec<usize> = (0..count).collect();
    sequence.sort_by(|a, b| {
        rows.groups[*a]
            .cmp(&rows.groups[*b])
            .then_with(|| compare(&by.values, *a, *b))
            .then_with(|| rows.lines[*a].cmp(&rows.lines[*b]))
    });
    let sorted: Vec<Column> = rows
        .templates
        .into_iter()
        .enumerate()
        .map(|(field, mut growing)| {
            match position(field) {
                Some(place) => sequence.iter().for_each(|row| growing.push(&kept[place], *row)),
                None => sequence.iter().for_each(|_| growing.push_null()),
            }
            growing.finish()
        })
        .collect();
    let fields: Vec<&Column> = sorted.iter().collect();
    let starts: Vec<bool> = (0..count)
        .map(|row| row == 0 || rows.groups[sequence[row]] != rows.groups[sequence[row - 1]])
        .collect();
    let holds = truths(check.evaluate(&fields, count, &starts));
    tally.checked += count as u64;
    let known = |row: usize| !rows.unknown.contains(&rows.groups[sequence[row]]);
    let mut failed: Vec<usize> = (0..count).filter(|row| is(&holds, *row, false) && known(*row)).collect();
    failed.sort_by_key(|row| rows.lines[sequence[*row]]);
    if failed.is_empty() {
        return;
    }
    let holes = message.holes(&fields, &starts);
    for row in failed {
        tally.fail(|| {
            let names = scoped.keys.iter().chain([&order]);
            let key = names.map(|key| (scoped.fields[*key].name.as_str(), fields[*key]));
            let key = key_of(key, row);
            let before = (!starts[row]).then(|| rows.lines[sequence[row - 1]]);
            let found = Found::at(rows.lines[sequence[row]], key).after(before);
            (found, message.render(&holes, row))
        });
    }
}

/// Nulls first, then by value.
fn compare(values: &Values, a: usize, b: usize) -> std::cmp::Ordering {
    values.is_null(b).cmp(&values.is_null(a)).then_with(|| match values {
        _ if values.is_null(a) => std::cmp::Ordering::Equal,
        Values::Boolean(array) => array.value(a).cmp(&array.value(b)),
        Values::Number(array) => array.value(a).total_cmp(&array.value(b)),
        Values::Text(array) => array.value(a).cmp(array.value(b)),
        Values::Date(array) => array.value(a).cmp(&array.value(b)),
    })
}

/// The computed columns of a grouping over a batch, and which rows it looks at.
pub(crate) struct Extended {
    /// The computed columns, which stand behind the dataset's fields.
    pub(crate) columns: Vec<Column>,
    /// Where the grouping applies.
    pub(crate) applies: Option<BooleanArray>,
}

/// Computes what a grouping needs besides the dataset's fields.
pub(crate) fn extend(scoped: &Scoped, fields: &[&Column], rows: usize) -> Extended {
    let applies = scoped.applies.as_ref().map(|applies| truths(applies.evaluate(fields, rows)));
    let computed = scoped.computed.iter().map(|computed| Column::of(computed.program.evaluate(fields, rows)));
    Extended { columns: computed.collect(), applies }
}

/// The dataset's fields, then the computed ones.
pub(crate) fn borrow<'c>(fields: &[&'c Column], computed: &'c [Column]) -> Vec<&'c Column> {
    fields.iter().copied().chain(computed).collect()
}

/// The truths of a check, which the compiler has made sure are truths.
pub(crate) fn truths(values: Values) -> BooleanArray {
    match values {
        Values::Boolean(array) => array,
        other => BooleanArray::new_null(other.len()),
    }
}

/// Whether a row is known to be this.
pub(crate) fn is(truths: &BooleanArray, row: usize, truth: bool) -> bool {
    !truths.is_null(row) && truths.value(row) == truth
}
