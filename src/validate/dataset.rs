//! The validation of one dataset of one submission, batch by batch.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use arrow_array::StringArray;

use super::finding::{Finding, KeyPart, Location};
use super::ledger::Outcome;
use super::state::{Occurrences, State, Tally};
use super::words::words;
use crate::compile::{Check, CheckKind, Dataset};
use crate::group::written;
use crate::language::{Language, fill};
use crate::spelling::nearest;
use crate::table::{Batch, Column, Values};

/// A place in the data.
#[derive(Debug, Clone)]
pub(super) struct Found {
    line: u64,
    /// The line of the row before it in its series.
    before: Option<u64>,
    column: Option<usize>,
    key: Vec<KeyPart>,
    value: Option<String>,
}

/// What checks need to know to say where they are.
pub(super) struct Context<'a> {
    dataset: &'a Dataset,
    fields: &'a [&'a Column],
    faulted: HashSet<(usize, usize)>,
}

impl Context<'_> {
    /// The rows of the batch in which one of these fields could not be read: what a check would say of them is unknown.
    pub(super) fn unreadable(&self, fields: &[usize]) -> HashSet<usize> {
        let touched = self.faulted.iter().filter(|(_, column)| fields.contains(column));
        touched.map(|(row, _)| *row).collect()
    }

    /// A row of the batch, and a cell of it.
    pub(super) fn found(&self, batch: &Batch, row: usize, column: Option<usize>) -> Found {
        let names =
            self.dataset.key.iter().map(|key| (self.dataset.columns[*key].name.as_str(), self.fields[*key]));
        Found {
            line: batch.lines[row],
            before: None,
            column,
            key: key_of(names, row),
            value: column.and_then(|column| written(self.fields[column], row)),
        }
    }
}

impl Found {
    /// A line of the file, for groups.
    pub(super) fn at(line: u64, key: Vec<KeyPart>) -> Self {
        Self { line, before: None, column: None, key, value: None }
    }

    /// A line of the file beside the one before it in its series.
    pub(super) fn after(self, before: Option<u64>) -> Self {
        Self { before, ..self }
    }
}

/// The key of a row of some columns, each with its name.
pub(super) fn key_of<'c>(columns: impl Iterator<Item = (&'c str, &'c Column)>, row: usize) -> Vec<KeyPart> {
    columns
        .map(|(name, column)| KeyPart {
            column: name.to_owned(),
            value: written(column, row).unwrap_or_default(),
        })
        .collect()
}

/// One dataset being validated.
pub struct DatasetValidation<'p> {
    dataset: &'p Dataset,
    territory: String,
    submission: String,
    file: String,
    /// For each column its position in the file, from 1; none where the file lacks it.
    positions: Vec<Option<u64>>,
    language: Language,
    checks: Vec<(&'p Check, State<'p>, Tally)>,
    targets: BTreeMap<usize, BTreeSet<String>>,
    rows: u64,
}

/// What validating a dataset came to.
pub struct DatasetOutcome<'p> {
    pub(super) dataset: &'p Dataset,
    pub(super) findings: Vec<Finding>,
    pub(super) outcomes: BTreeMap<String, Outcome>,
    pub(super) references: Vec<Pending<'p>>,
    pub(super) targets: BTreeMap<usize, BTreeSet<String>>,
    /// Whether the file was read to its end.
    pub(super) complete: bool,
    place: Place,
}

/// A reference to a dataset that may not have been read yet.
pub(super) struct Pending<'p> {
    pub(super) check: &'p Check,
    values: HashMap<String, Occurrences>,
    broken: Option<String>,
}

#[derive(Clone)]
struct Place {
    submission: String,
    file: String,
    positions: Vec<Option<u64>>,
    names: Vec<String>,
    language: Language,
}

impl Place {
    fn finding(&self, check: &Check, found: Found, message: String) -> Finding {
        Finding {
            rule: check.id.clone(),
            severity: check.severity,
            message,
            location: Location {
                submission: self.submission.clone(),
                file: self.file.clone(),
                line: Some(found.line),
                column: found.column.and_then(|column| self.positions.get(column).copied().flatten()),
                name: found.column.and_then(|column| self.names.get(column).cloned()),
            },
            beside: Vec::new(),
            key: found.key,
            fix: self.fix(check, found.value.as_deref()),
            value: found.value,
        }
    }

    /// How to mend it; where the value is nearly a code, that code first.
    fn fix(&self, check: &Check, value: Option<&str>) -> String {
        let meant = value.and_then(|value| nearest(value, check.known.iter().map(String::as_str)));
        meant.map_or_else(
            || check.fix.clone(),
            |code| format!("{} {}", fill(words(self.language).did_you_mean, &[("code", code)]), check.fix),
        )
    }
}

/// How a dataset's file stands in its submission.
pub struct DatasetFile {
    /// The submission's name.
    pub submission: String,
    /// The file's name in it.
    pub file: String,
    /// The submission's territory.
    pub territory: String,
    /// For each column of the dataset its position in the file, from 1.
    pub positions: Vec<Option<u64>>,
    /// The language of the reasons for which a rule is not checked.
    pub language: Language,
}

impl<'p> DatasetValidation<'p> {
    /// Begins; `targets` are the columns that other datasets refer to, `samples` how many findings of a rule are kept.
    pub fn new(dataset: &'p Dataset, file: DatasetFile, targets: &[usize], samples: usize) -> Self {
        let missing = |check: &Check| {
            let read = check.columns();
            let names = dataset.columns.iter().enumerate();
            names.filter(|(column, _)| read.contains(column)).find_map(|(column, declared)| {
                let is_missing = file.positions.get(column).copied().flatten().is_none();
                // An optional column that is left out reads as empty cells; only a check of that column alone is idle.
                let required = declared.required;
                (is_missing && (required || read.len() == 1))
                    .then(|| State::Missing { column: declared.name.clone(), required })
            })
        };
        let checks = dataset.checks.iter().map(|check| {
            let state = missing(check).unwrap_or_else(|| State::of(check));
            (check, state, Tally { samples, ..Tally::default() })
        });
        let checks = checks.collect();
        Self {
            dataset,
            territory: file.territory,
            submission: file.submission,
            file: file.file,
            positions: file.positions,
            language: file.language,
            checks,
            targets: targets.iter().map(|column| (*column, BTreeSet::new())).collect(),
            rows: 0,
        }
    }

    /// Takes in a batch; `faulted` are the cells, by row and column, that could not be read.
    pub fn observe(&mut self, batch: &Batch, faulted: &[(usize, usize)]) {
        let territory = territory_column(self.dataset, &self.territory, batch.rows());
        let fields: Vec<&Column> = batch.columns.iter().chain(&territory).collect();
        let context =
            Context { dataset: self.dataset, fields: &fields, faulted: faulted.iter().copied().collect() };
        for (check, state, tally) in &mut self.checks {
            let unreadable =
                if faulted.is_empty() { HashSet::new() } else { context.unreadable(&check.columns()) };
            state.observe(batch, &fields, &unreadable, &context, tally);
        }
        for (column, seen) in &mut self.targets {
            for row in 0..batch.rows() {
                if !fields[*column].values.is_null(row)
                    && let Some(value) = written(fields[*column], row)
                {
                    seen.insert(value);
                }
            }
        }
        self.rows += batch.rows() as u64;
    }

    /// Ends; `unreadable` are the findings of the reader, counted by column (none: the file as a whole).
    pub fn finish(self, unreadable: &[Unreadable], broken: Option<&str>) -> DatasetOutcome<'p> {
        let names = self.dataset.columns.iter().map(|column| column.name.clone()).collect();
        let language = self.language;
        let place = Place {
            submission: self.submission,
            file: self.file,
            positions: self.positions,
            names,
            language,
        };
        let outcome = |checked, failed, is_file| outcome(language, checked, failed, broken, is_file);
        let mut findings = Vec::new();
        let mut outcomes = BTreeMap::new();
        let mut references = Vec::new();
        for (check, state, mut tally) in self.checks {
            if let State::Missing { column, required } = &state {
                let reason = fill(words(language).no_column, &[("column", column)]);
                let outcome =
                    if *required { Outcome::NotRun { reason } } else { Outcome::NotApplicable { reason } };
                outcomes.insert(check.id.clone(), outcome);
                continue;
            }
            if let CheckKind::Rows { message } = &check.kind {
                // Of a file that could not be read, or whose rows could not, that is what there is to say.
                let is_empty = self.rows == 0 && broken.is_none() && unreadable.is_empty();
                let (message, fix) = (message.clone(), check.fix.clone());
                if is_empty {
                    let found =
                        UnreadableCell { line: None, position: None, name: None, value: None, message, fix };
                    findings.push(place.unreadable(check, None, &found));
                }
                let checked = u64::from(is_empty || self.rows > 0);
                outcomes.insert(check.id.clone(), outcome(checked, u64::from(is_empty), false));
                continue;
            }
            if let CheckKind::Sent { .. } = check.kind {
                outcomes.insert(check.id.clone(), Outcome::Passed { checked: 1 });
                continue;
            }
            let by_reader = match check.kind {
                CheckKind::File => Some(None),
                CheckKind::Readable { column } => Some(Some(column)),
                _ => None,
            };
            if let Some(column) = by_reader {
                let found = unreadable.iter().filter(|unreadable| unreadable.column == column);
                let mut failed = 0;
                for unreadable in found {
                    failed += unreadable.count;
                    for fault in &unreadable.shown {
                        findings.push(place.unreadable(check, column, fault));
                    }
                }
                let checked = if column.is_some() { self.rows } else { 1 };
                outcomes.insert(check.id.clone(), outcome(checked.max(failed), failed, column.is_none()));
                continue;
            }
            if let Some(values) = state.finish(&mut tally) {
                references.push(Pending { check, values, broken: broken.map(str::to_owned) });
                continue;
            }
            findings
                .extend(tally.shown.into_iter().map(|(found, message)| place.finding(check, found, message)));
            outcomes.insert(check.id.clone(), outcome(tally.checked, tally.failed, false));
        }
        let (targets, complete) = (self.targets, broken.is_none());
        DatasetOutcome { dataset: self.dataset, findings, outcomes, references, targets, complete, place }
    }
}

/// Faults that the reader met, of one column or of the file.
pub struct Unreadable {
    /// The column; none where the fault is the file's.
    pub column: Option<usize>,
    /// How many.
    pub count: u64,
    /// The first of them.
    pub shown: Vec<UnreadableCell>,
}

/// One fault that the reader met.
pub struct UnreadableCell {
    /// The line, where it has one.
    pub line: Option<u64>,
    /// The column's number in the file, where it has one.
    pub position: Option<u64>,
    /// The column's name, where it has one.
    pub name: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub fix: String,
}

impl Place {
    fn unreadable(&self, check: &Check, column: Option<usize>, fault: &UnreadableCell) -> Finding {
        Finding {
            rule: check.id.clone(),
            severity: check.severity,
            message: fault.message.clone(),
            location: Location {
                submission: self.submission.clone(),
                file: self.file.clone(),
                line: fault.line,
                column: fault
                    .position
                    .or_else(|| column.and_then(|column| self.positions.get(column).copied().flatten())),
                name: fault.name.clone(),
            },
            beside: Vec::new(),
            key: Vec::new(),
            value: fault.value.clone(),
            fix: fault.fix.clone(),
        }
    }
}

impl<'p> DatasetOutcome<'p> {
    /// Settles one reference: the values that `known` lacks are findings.
    pub(super) fn settle_reference(&mut self, pending: Pending<'p>, known: Known<'_>, samples: usize) {
        let CheckKind::Reference { dataset, message, .. } = &pending.check.kind else { return };
        let known = match known {
            Known::Values(known) => known,
            Known::Unread => {
                let reason = fill(words(self.place.language).dataset_unread, &[("dataset", dataset)]);
                self.outcomes.insert(pending.check.id.clone(), Outcome::NotRun { reason });
                return;
            }
            Known::NotHeld => return self.refers_to_nothing(pending, dataset),
        };
        let mut checked = 0;
        let mut failed = 0;
        let mut shown = Vec::new();
        for (value, occurrences) in pending.values.into_iter().collect::<BTreeMap<_, _>>() {
            checked += occurrences.count;
            if !known.contains(&value) {
                failed += occurrences.count;
                let places = occurrences.places.into_iter();
                shown.extend(places.map(|found| (found, message.replace("{value}", &value))));
            }
        }
        shown.sort_by_key(|(found, _)| found.line);
        shown.truncate(samples);
        let findings =
            shown.into_iter().map(|(found, message)| self.place.finding(pending.check, found, message));
        self.findings.extend(findings);
        let outcome = outcome(self.place.language, checked, failed, pending.broken.as_deref(), false);
        self.outcomes.insert(pending.check.id.clone(), outcome);
    }
}

impl<'p> DatasetOutcome<'p> {
    /// A dataset that others refer to is not there at all: that is one mistake, however many rows refer to it.
    fn refers_to_nothing(&mut self, pending: Pending<'p>, dataset: &str) {
        let CheckKind::Reference { column, .. } = pending.check.kind else { return };
        let words = words(self.place.language);
        let checked: u64 = pending.values.values().map(|occurrences| occurrences.count).sum();
        let places = pending.values.into_values().flat_map(|occurrences| occurrences.places);
        let outcome = match places.min_by_key(|found| found.line) {
            None => outcome(self.place.language, 0, 0, pending.broken.as_deref(), false),
            Some(first) => {
                let name = &self.dataset.columns[column].name;
                let message = fill(words.refers_to_nothing, &[("column", name), ("dataset", dataset)]);
                let mut finding = self.place.finding(pending.check, first, message);
                finding.fix = fill(words.add_dataset, &[("dataset", dataset)]);
                self.findings.push(finding);
                Outcome::Failed { checked, failed: 1 }
            }
        };
        self.outcomes.insert(pending.check.id.clone(), outcome);
    }
}

/// What is known of the values that a reference may have.
#[derive(Clone, Copy)]
pub(super) enum Known<'a> {
    /// These.
    Values(&'a BTreeSet<String>),
    /// The dataset is there, but could not be read to its end.
    Unread,
    /// The dataset is not there.
    NotHeld,
}

/// What a rule came to. A file that broke off half-way leaves its other rules unfinished: what they found stands, but
/// they cannot be said to have passed.
fn outcome(language: Language, checked: u64, failed: u64, broken: Option<&str>, is_file: bool) -> Outcome {
    match broken {
        _ if failed > 0 => Outcome::Failed { checked, failed },
        Some(reason) if !is_file => Outcome::NotRun { reason: reason.to_owned() },
        _ if checked == 0 => Outcome::NotApplicable { reason: words(language).no_row.to_owned() },
        _ => Outcome::Passed { checked },
    }
}

/// The submission's territory as a column, where the dataset has none of its own.
pub fn territory_column(dataset: &Dataset, territory: &str, rows: usize) -> Option<Column> {
    dataset.has_implicit_territory().then(|| {
        Column::of(Values::Text(StringArray::from_iter_values(std::iter::repeat_n(territory, rows))))
    })
}

/// A row of a table that a check finds fault with.
#[derive(Debug)]
pub struct Failure {
    /// The row.
    pub row: usize,
    /// The row before it in its series.
    pub before: Option<usize>,
    /// What is wrong.
    pub message: String,
}

/// Every row with which a check finds fault, of a table that stands in no file.
pub fn failures(table: &Dataset, check: &Check, columns: Vec<Column>, rows: usize) -> Vec<Failure> {
    // In such a table a row's line is its number.
    let lines = (0..rows as u64).collect();
    let row = |line: u64| usize::try_from(line).unwrap_or(usize::MAX);
    let failure = |(found, message): (Found, String)| Failure {
        row: row(found.line),
        before: found.before.map(row),
        message,
    };
    tally(table, check, &Batch { columns, lines }, usize::MAX).shown.into_iter().map(failure).collect()
}

/// Whether a check finds fault with some rows, taken as the whole of a dataset.
pub(super) fn fails(dataset: &Dataset, check: &Check, batch: &Batch) -> bool {
    tally(dataset, check, batch, 0).failed > 0
}

/// What a check comes to on some rows, taken as the whole of a dataset.
fn tally(dataset: &Dataset, check: &Check, batch: &Batch, samples: usize) -> Tally {
    // Examples are about no territory in particular; the code for examples stands in.
    let territory = territory_column(dataset, "ZZ", batch.rows());
    let fields: Vec<&Column> = batch.columns.iter().chain(&territory).collect();
    let context = Context { dataset, fields: &fields, faulted: HashSet::new() };
    let mut tally = Tally { samples, ..Tally::default() };
    let mut state = State::of(check);
    state.observe(batch, &fields, &HashSet::new(), &context, &mut tally);
    state.finish(&mut tally);
    tally
}
