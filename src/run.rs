//! The pipeline over submissions: read, validate and measure each dataset in one pass.

mod manifest;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::compile::{Dataset, MANIFEST_RULE, Plan};
use crate::diagnostic::{Diagnostics, Source};
use crate::error::{Error, Result};
use crate::language::{Language, fill};
use crate::measure::{Figure, Gathering, Measurement, Table};
use crate::reconcile::{Source as Measured, reconcile};
use crate::spelling::nearest;
use crate::standard::hex;
use crate::standard::item::Severity;
use crate::standard::source::{Unreadable as UnreadableText, read_text};
use crate::submission::cell::DecimalMark;
use crate::submission::csv::{Dialect, Limits, Reader};
use crate::submission::fault::{Fault, Faults, Kind};
use crate::submission::folder::{Folder, MANIFEST};
use crate::submission::layout::{ColumnSpec, Layout};
use crate::submission::manifest::{File as DeclaredFile, Manifest};
use crate::validate::{
    DatasetFile, DatasetOutcome, DatasetValidation, Finding, Ledger, Outcome, SubmissionOutcome, Unreadable,
    UnreadableCell, settle, targets,
};
pub(crate) use manifest::wrong_territory;
use words::words;

/// A submission, read and checked.
#[derive(Debug)]
pub struct Checked {
    /// Its folder's name.
    pub name: String,
    /// Its territory; empty where the manifest does not tell.
    pub territory: String,
    /// Its period.
    pub period: String,
    /// Who may see it, as a code.
    pub confidentiality: String,
    /// The day on which it was prepared, in days since 1970-01-01, where the manifest tells.
    pub prepared: Option<i32>,
    /// The findings and what became of each rule.
    pub outcome: SubmissionOutcome,
    /// The figures of all indicators.
    pub figures: Vec<Figure>,
    /// The records that estimators read; none where nothing is to be estimated.
    pub tables: Vec<Table>,
    /// The datasets that it holds, each with how many of its findings are errors.
    pub errors: BTreeMap<String, u64>,
    /// The datasets whose files could not be read whole.
    pub broken: BTreeSet<String>,
    /// The files that were read.
    pub files: Vec<ReadFile>,
    /// Rows read.
    pub rows: u64,
}

/// A file that was read.
#[derive(Debug, Clone)]
pub struct ReadFile {
    /// Its name in the submission.
    pub name: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Its rows, for a table.
    pub rows: Option<u64>,
    /// Its dataset, for a table.
    pub dataset: Option<String>,
}

/// What a submission is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose {
    /// How many findings of one rule are listed.
    pub samples: usize,
    /// Whether estimates follow, so that the records they read are kept.
    pub estimates: bool,
}

/// A submission's manifest, before a plan is chosen by the version that it names.
#[derive(Debug)]
pub struct Opened {
    folder: Folder,
    source: Option<Arc<Source>>,
    manifest: Option<Manifest>,
    mistakes: Diagnostics,
    failure: Option<UnreadableText>,
}

impl Opened {
    /// Reads the manifest.
    pub fn read(folder: &Folder) -> Self {
        let mut mistakes = Diagnostics::default();
        match read_text(&folder.path.join(MANIFEST)) {
            Ok(text) => {
                let source = Arc::new(Source { path: MANIFEST.to_owned(), text });
                let manifest = Manifest::read(&source, &mut mistakes);
                Self { folder: folder.clone(), source: Some(source), manifest, mistakes, failure: None }
            }
            Err(failure) => {
                let failure = Some(failure);
                Self { folder: folder.clone(), source: None, manifest: None, mistakes, failure }
            }
        }
    }

    /// The version that the submission names.
    pub fn version(&self) -> Option<&str> {
        self.manifest
            .as_ref()
            .map(|manifest| manifest.standard.value.as_str())
            .filter(|version| !version.is_empty())
    }

    /// Validates and measures the submission. `versions` are those that could have been named.
    pub fn check(mut self, plan: &Plan, versions: &[String], purpose: Purpose) -> Result<Checked> {
        let name = self.folder.name.clone();
        if let (Some(manifest), Some(source)) = (&self.manifest, &self.source) {
            manifest::check(manifest, source, plan, versions, &mut self.mistakes);
        }
        let mut files = Vec::new();
        if let Some(source) = &self.source {
            files.push(ReadFile {
                name: MANIFEST.to_owned(),
                sha256: hex(&Sha256::digest(source.text.as_bytes())),
                bytes: source.text.len() as u64,
                rows: None,
                dataset: None,
            });
        }
        let mut manifest_findings: Vec<Finding> = self
            .mistakes
            .into_sorted()
            .into_iter()
            .map(|mistake| manifest::finding(&name, &mistake, plan.language))
            .collect();
        manifest_findings
            .extend(self.failure.map(|failure| manifest::unreadable(&name, &failure, plan.language)));

        let mut checked = Checked {
            name: name.clone(),
            territory: String::new(),
            period: String::new(),
            confidentiality: String::new(),
            prepared: None,
            outcome: SubmissionOutcome::default(),
            figures: Vec::new(),
            tables: Vec::new(),
            errors: BTreeMap::new(),
            broken: BTreeSet::new(),
            files,
            rows: 0,
        };
        let Some(manifest) = self.manifest.filter(|_| manifest_findings.is_empty()) else {
            let reason = words(plan.language).mend_first.to_owned();
            for check in plan.rules() {
                checked.outcome.outcomes.insert(check.id.clone(), Outcome::NotRun { reason: reason.clone() });
            }
            let failed = manifest_findings.len() as u64;
            checked
                .outcome
                .outcomes
                .insert(MANIFEST_RULE.to_owned(), Outcome::Failed { checked: failed, failed });
            checked.outcome.findings = manifest_findings;
            return Ok(checked);
        };
        checked.territory.clone_from(&manifest.territory.value);
        checked.period.clone_from(&manifest.period.value);
        checked.confidentiality.clone_from(&manifest.confidentiality.value);
        checked.prepared = manifest.prepared_day();

        let mut outcomes = Vec::new();
        for (id, file) in manifest.datasets.iter() {
            let Some(dataset) = plan.datasets.get(&id.value) else { continue };
            let read = read_dataset(&self.folder, &manifest, dataset, file, plan, purpose)?;
            checked.rows += read.file.as_ref().and_then(|file| file.rows).unwrap_or(0);
            checked.files.extend(read.file);
            checked.figures.extend(read.figures);
            checked.tables.extend(read.tables);
            if !read.whole {
                checked.broken.insert(id.value.clone());
            }
            outcomes.push(read.outcome);
        }
        checked.outcome = settle(outcomes, purpose.samples);
        checked.outcome.outcomes.insert(MANIFEST_RULE.to_owned(), Outcome::Passed { checked: 1 });
        let lacking = plan.datasets.values().filter(|dataset| manifest.datasets.get(&dataset.id).is_none());
        for (dataset, check) in
            lacking.flat_map(|dataset| dataset.checks.iter().map(move |check| (dataset, check)))
        {
            let Some(source) = &self.source else { continue };
            let became = manifest::not_sent(&name, &manifest, source, &dataset.id, check, plan.language);
            if let Some((outcome, finding)) = became {
                checked.outcome.outcomes.insert(check.id.clone(), outcome);
                checked.outcome.findings.extend(finding);
            }
        }
        for (id, _) in manifest.datasets.iter() {
            let Some(dataset) = plan.datasets.get(&id.value) else { continue };
            let errors = dataset.checks.iter().filter(|check| check.severity == Severity::Error);
            let failed = errors.map(|check| match checked.outcome.outcomes.get(&check.id) {
                Some(Outcome::Failed { failed, .. }) => *failed,
                _ => 0,
            });
            checked.errors.insert(id.value.clone(), failed.sum());
        }
        Ok(checked)
    }
}

/// Checks the rules over indicators on the figures of all submissions, and adds what they came to to each of them.
/// A submission whose description is at fault has no figures, and says so already.
pub fn set_beside(plan: &Plan, checked: &mut [Checked], samples: usize) {
    let mut readable: Vec<&mut Checked> =
        checked.iter_mut().filter(|checked| !checked.territory.is_empty()).collect();
    let measured: Vec<Measured<'_>> = readable
        .iter()
        .map(|checked| Measured {
            submission: &checked.name,
            territory: &checked.territory,
            prepared: checked.prepared,
            figures: &checked.figures,
            broken: &checked.broken,
        })
        .collect();
    let reconciled = reconcile(plan, &measured, samples);
    for (checked, reconciled) in readable.iter_mut().zip(reconciled) {
        checked.outcome.outcomes.extend(reconciled.outcomes);
        checked.outcome.findings.extend(reconciled.findings);
        for (dataset, errors) in reconciled.errors {
            *checked.errors.entry(dataset).or_default() += errors;
        }
    }
}

/// The ledger of a run: every rule of the plan, and the submissions' own description.
pub fn ledger(plan: &Plan, checked: &[Checked]) -> Ledger {
    let rules = plan.rules().map(|check| (check.id.clone(), check.severity));
    let mut ledger = Ledger::of(rules.chain([(MANIFEST_RULE.to_owned(), Severity::Error)]));
    for submission in checked {
        ledger.record(submission.outcome.outcomes.clone(), words(plan.language).no_dataset);
    }
    ledger
}

/// Whether a link leads out of the submission's folder: a submission speaks of its own files alone.
fn leads_outside(folder: &Folder, path: &Path) -> bool {
    let (Ok(home), Ok(target)) = (folder.path.canonicalize(), path.canonicalize()) else { return false };
    !target.starts_with(home)
}

/// What reading a dataset's file came to.
struct DatasetRead<'p> {
    outcome: DatasetOutcome<'p>,
    figures: Vec<Figure>,
    tables: Vec<Table>,
    file: Option<ReadFile>,
    /// Whether every row of the file was read.
    whole: bool,
}

fn read_dataset<'p>(
    folder: &Folder,
    manifest: &Manifest,
    dataset: &'p Dataset,
    declared: &DeclaredFile,
    plan: &'p Plan,
    purpose: Purpose,
) -> Result<DatasetRead<'p>> {
    let samples = purpose.samples;
    let name = declared.file.value.clone();
    let path = folder.path.join(&name);
    let territory = manifest.territory.value.clone();
    let targets = targets(plan, &dataset.id);
    let begin = |positions: Vec<Option<u64>>| {
        let submission = folder.name.clone();
        let file = DatasetFile {
            submission,
            file: name.clone(),
            territory: territory.clone(),
            positions,
            language: plan.language,
        };
        DatasetValidation::new(dataset, file, &targets, samples)
    };
    let words = words(plan.language);
    // A header of which nothing is known says nothing of the columns: the file's own fault is told, and no other.
    let whole = vec![Some(0); dataset.columns.len()];
    let similar = || similar_file(folder, &name, plan.language);
    let opened = if path.is_dir() {
        Err((words.is_folder.to_owned(), similar().unwrap_or_else(|| words.name_file.to_owned())))
    } else if leads_outside(folder, &path) {
        Err((words.leads_outside.to_owned(), words.put_file.to_owned()))
    } else {
        File::open(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                (words.no_such_file.to_owned(), similar().unwrap_or_else(|| words.put_file.to_owned()))
            }
            std::io::ErrorKind::PermissionDenied => (words.not_permitted.to_owned(), words.permit.to_owned()),
            _ => (error.to_string(), words.put_file.to_owned()),
        })
    };
    let source = match opened {
        Ok(source) => source,
        Err((reason, fix)) => {
            let message = fill(words.cannot_open, &[("name", &name), ("reason", &reason)]);
            let shown =
                vec![UnreadableCell { line: None, position: None, name: None, value: None, message, fix }];
            let unreadable = Unreadable { column: None, count: 1, shown };
            let outcome = begin(whole).finish(&[unreadable], Some(words.not_opened));
            return Ok(DatasetRead {
                outcome,
                figures: Vec::new(),
                tables: Vec::new(),
                file: None,
                whole: false,
            });
        }
    };
    let failed = |error: std::io::Error| Error::io("read", &path, &error);
    let dialect = Dialect {
        delimiter: declared.delimiter_byte().unwrap_or(b','),
        decimal: DecimalMark::from_char(declared.decimal_mark()).unwrap_or(DecimalMark::Point),
    };
    let layout = layout(dataset);
    let limits = Limits { samples, ..Limits::default() };
    let mut reader = Reader::open(BufReader::with_capacity(1 << 16, source), &name, &layout, dialect, limits)
        .map_err(failed)?;
    let header = reader.header_columns();
    let is_table = header.iter().any(Option::is_some);
    let positions = header.iter().map(|position| position.map(|position| position as u64)).collect();
    let mut validation = begin(if is_table { positions } else { whole });
    let file = format!("{}/{name}", folder.name);
    let mut gatherings =
        if purpose.estimates { gatherings(plan, dataset, &territory, &file) } else { Vec::new() };
    let mut measurements: Vec<Measurement<'p>> = plan
        .indicators
        .values()
        .filter(|indicator| indicator.dataset == dataset.id)
        .map(|indicator| Measurement::new(indicator, dataset, &territory, &file))
        .collect();
    while let Some(chunk) = reader.next_batch().map_err(failed)? {
        let faulted: Vec<(usize, usize)> =
            chunk.faulted.iter().map(|(row, column)| (*row as usize, *column as usize)).collect();
        validation.observe(&chunk.batch, &faulted);
        for measurement in &mut measurements {
            measurement.observe(&chunk.batch, &faulted);
        }
        for gathering in &mut gatherings {
            gathering.observe(&chunk.batch);
        }
    }
    let (summary, faults) = reader.finish().map_err(failed)?;
    let broken = match (is_table, summary.complete) {
        (false, _) => Some(words.not_a_table),
        (true, false) => Some(words.broken_off),
        (true, true) => None,
    };
    let whole = broken.is_none() && !faults.samples().any(|fault| takes_rows(&fault.kind));
    let outcome = validation.finish(&unreadable(&faults, dataset, plan.language), broken);
    let figures = measurements.into_iter().flat_map(Measurement::finish).collect();
    let tables = gatherings.into_iter().flat_map(Gathering::finish).collect();
    let file = ReadFile {
        name,
        sha256: hex(&summary.digest),
        bytes: summary.bytes,
        rows: Some(summary.rows),
        dataset: Some(dataset.id.clone()),
    };
    Ok(DatasetRead { outcome, figures, tables, file: Some(file), whole })
}

/// What the estimators read of a dataset's rows.
fn gatherings<'p>(plan: &'p Plan, dataset: &'p Dataset, territory: &str, file: &str) -> Vec<Gathering<'p>> {
    let inputs =
        plan.estimators.values().flat_map(|of| of.inputs.iter().map(move |input| (of.id.as_str(), input)));
    let read = inputs.filter_map(|(id, input)| Some(((id, input.name), input.records()?)));
    let of_dataset = read.filter(|(_, records)| records.dataset == dataset.id);
    of_dataset.map(|(names, records)| Gathering::new(names, records, dataset, territory, file)).collect()
}

/// The columns that the reader is asked for.
fn layout(dataset: &Dataset) -> Layout {
    let columns = dataset.columns.iter().map(|column| ColumnSpec {
        name: column.name.clone(),
        data_type: column.data_type,
        required: column.required,
        absence_words: column.absence_words,
    });
    Layout { columns: columns.collect() }
}

/// Whether a fault takes rows away. A column that nobody asked for does not, an unreadable cell is known to whom it
/// concerns, and a table without rows has been read whole.
fn takes_rows(kind: &Kind) -> bool {
    !matches!(kind, Kind::Cell(_) | Kind::UnknownColumn | Kind::EmptyColumnName | Kind::NoRows)
}

/// The reader's faults by the check that they belong to: a cell's to its column, all others to the file. A table
/// without rows is a table, and has a check of its own.
fn unreadable(faults: &Faults, dataset: &Dataset, language: Language) -> Vec<Unreadable> {
    let of_column = |fault: &Fault| match (&fault.kind, &fault.column_name) {
        (Kind::Cell(_), Some(name)) => dataset.column(name),
        _ => None,
    };
    let groups = faults
        .groups()
        .iter()
        .filter(|group| group.samples.iter().all(|fault| !matches!(fault.kind, Kind::NoRows)));
    let groups = groups.filter_map(|group| {
        let column = of_column(group.samples.first()?);
        let shown = group.samples.iter().map(|fault| UnreadableCell {
            line: fault.line,
            position: fault.column.map(|column| column as u64),
            name: fault.column_name.clone(),
            value: fault.text.clone(),
            message: fault.message(language),
            fix: fault.fix(language),
        });
        Some(Unreadable { column, count: group.count, shown: shown.collect() })
    });
    groups.collect()
}

/// The file of the submission whose name is nearly this one, as a question; a folder is not a file.
fn similar_file(folder: &Folder, name: &str, language: Language) -> Option<String> {
    let beside = std::fs::read_dir(&folder.path).into_iter().flatten().filter_map(std::result::Result::ok);
    let mut files: Vec<String> = beside
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|file| file != MANIFEST && file != name)
        .collect();
    files.sort_unstable();
    let meant = nearest(name, files.iter().map(String::as_str))?;
    Some(fill(words(language).did_you_mean, &[("word", meant)]))
}
