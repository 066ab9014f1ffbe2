//! The pipeline over submissions: read, validate and measure each dataset in one pass.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::compile::{Dataset, MANIFEST_RULE, Plan};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, did_you_mean};
use crate::error::{Error, Result};
use crate::measure::{Figure, Measurement};
use crate::standard::item::Severity;
use crate::standard::source::read_file;
use crate::standard::{Language, hex};
use crate::submission::cell::DecimalMark;
use crate::submission::csv::{Dialect, Limits, Reader};
use crate::submission::fault::{Fault, Faults, Kind};
use crate::submission::folder::{Folder, MANIFEST};
use crate::submission::layout::{ColumnSpec, Layout};
use crate::submission::manifest::{self, Manifest};
use crate::validate::{
    DatasetFile, DatasetOutcome, DatasetValidation, Finding, Ledger, Location, Outcome, SubmissionOutcome,
    Unreadable, UnreadableCell, settle, targets,
};

/// A submission, read and checked.
#[derive(Debug)]
pub struct Checked {
    /// Its folder's name.
    pub name: String,
    /// Its territory; empty where the manifest does not tell.
    pub territory: String,
    /// Its period.
    pub period: String,
    /// The findings and what became of each rule.
    pub outcome: SubmissionOutcome,
    /// The figures of all indicators.
    pub figures: Vec<Figure>,
    /// The datasets that it holds, each with how many of its findings are errors.
    pub errors: BTreeMap<String, u64>,
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

/// A submission's manifest, before a plan is chosen by the version that it names.
#[derive(Debug)]
pub struct Opened {
    folder: Folder,
    source: Option<Arc<Source>>,
    manifest: Option<Manifest>,
    mistakes: Diagnostics,
    failure: Option<String>,
}

impl Opened {
    /// Reads the manifest.
    pub fn read(folder: &Folder) -> Self {
        let mut mistakes = Diagnostics::default();
        match read_file(&folder.path.join(MANIFEST)) {
            Ok(source) => {
                let source = Arc::new(Source { path: MANIFEST.to_owned(), text: source.text });
                let manifest = Manifest::read(&source, &mut mistakes);
                Self { folder: folder.clone(), source: Some(source), manifest, mistakes, failure: None }
            }
            Err(error) => {
                let failure = Some(error.to_string());
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
    pub fn check(mut self, plan: &Plan, versions: &[String], samples: usize) -> Result<Checked> {
        let name = self.folder.name.clone();
        if let (Some(manifest), Some(source)) = (&self.manifest, &self.source) {
            check_manifest(manifest, source, plan, versions, &mut self.mistakes);
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
            .map(|mistake| manifest_finding(&name, &mistake))
            .collect();
        manifest_findings.extend(self.failure.map(|failure| unreadable_manifest(&name, failure)));

        let mut checked = Checked {
            name: name.clone(),
            territory: String::new(),
            period: String::new(),
            outcome: SubmissionOutcome::default(),
            figures: Vec::new(),
            errors: BTreeMap::new(),
            files,
            rows: 0,
        };
        let Some(manifest) = self.manifest.filter(|_| manifest_findings.is_empty()) else {
            let reason = format!("{MANIFEST} has to be mended first");
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

        let mut outcomes = Vec::new();
        for (id, file) in manifest.datasets.iter() {
            let Some(dataset) = plan.datasets.get(&id.value) else { continue };
            let read = read_dataset(&self.folder, &manifest, dataset, file, plan, samples)?;
            checked.rows += read.file.as_ref().and_then(|file| file.rows).unwrap_or(0);
            checked.files.extend(read.file);
            checked.figures.extend(read.figures);
            outcomes.push(read.outcome);
        }
        checked.outcome = settle(outcomes, samples);
        checked.outcome.outcomes.insert(MANIFEST_RULE.to_owned(), Outcome::Passed { checked: 1 });
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

/// The ledger of a run: every rule of the plan, and the submissions' own description.
pub fn ledger(plan: &Plan, checked: &[Checked]) -> Ledger {
    let rules = plan.rules().map(|check| (check.id.clone(), check.severity));
    let mut ledger = Ledger::of(rules.chain([(MANIFEST_RULE.to_owned(), Severity::Error)]));
    for submission in checked {
        ledger.record(submission.outcome.outcomes.clone(), "the submission does not hold the dataset");
    }
    ledger
}

/// What reading a dataset's file came to.
struct DatasetRead<'p> {
    outcome: DatasetOutcome<'p>,
    figures: Vec<Figure>,
    file: Option<ReadFile>,
}

fn read_dataset<'p>(
    folder: &Folder,
    manifest: &Manifest,
    dataset: &'p Dataset,
    declared: &manifest::File,
    plan: &'p Plan,
    samples: usize,
) -> Result<DatasetRead<'p>> {
    let name = declared.file.value.clone();
    let path = folder.path.join(&name);
    let territory = manifest.territory.value.clone();
    let targets = targets(plan, &dataset.id);
    let begin = |positions: Vec<Option<u64>>| {
        let submission = folder.name.clone();
        let file = DatasetFile { submission, file: name.clone(), territory: territory.clone(), positions };
        DatasetValidation::new(dataset, file, &targets, samples)
    };
    let opened = if path.is_dir() {
        Err("it is a folder".to_owned())
    } else {
        File::open(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file beside submission.yaml".to_owned(),
            std::io::ErrorKind::PermissionDenied => "it may not be opened by this user".to_owned(),
            _ => error.to_string(),
        })
    };
    let source = match opened {
        Ok(source) => source,
        Err(reason) => {
            let present = vec![Some(0); dataset.columns.len()];
            let unreadable = missing_file(folder, &name, &reason);
            let outcome = begin(present).finish(&[unreadable], Some("its file could not be opened"));
            return Ok(DatasetRead { outcome, figures: Vec::new(), file: None });
        }
    };
    let failed = |error: std::io::Error| Error::io("read", &path, &error);
    let dialect = Dialect {
        delimiter: declared.delimiter_byte().unwrap_or(b','),
        decimal: DecimalMark::from_char(declared.decimal_mark()).unwrap_or(DecimalMark::Point),
    };
    let layout = Layout {
        columns: dataset
            .columns
            .iter()
            .map(|column| ColumnSpec {
                name: column.name.clone(),
                data_type: column.data_type,
                required: column.required,
                absence_words: column.absence_words,
            })
            .collect(),
    };
    let limits = Limits { samples, ..Limits::default() };
    let mut reader = Reader::open(BufReader::with_capacity(1 << 16, source), &name, &layout, dialect, limits)
        .map_err(failed)?;
    let positions = reader.header_columns().iter().map(|position| position.map(|position| position as u64));
    let mut validation = begin(positions.collect());
    let file = format!("{}/{name}", folder.name);
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
            measurement.observe(&chunk.batch);
        }
    }
    let (summary, faults) = reader.finish().map_err(failed)?;
    let broken = (!summary.complete).then_some("its file could not be read to the end");
    let outcome = validation.finish(&unreadable(&faults, dataset), broken);
    let figures = measurements.into_iter().flat_map(Measurement::finish).collect();
    let file = ReadFile {
        name,
        sha256: hex(&summary.digest),
        bytes: summary.bytes,
        rows: Some(summary.rows),
        dataset: Some(dataset.id.clone()),
    };
    Ok(DatasetRead { outcome, figures, file: Some(file) })
}

/// The reader's faults by the check that they belong to: a cell's to its column, all others to the file.
fn unreadable(faults: &Faults, dataset: &Dataset) -> Vec<Unreadable> {
    let of_column = |fault: &Fault| match (&fault.kind, &fault.column_name) {
        (Kind::Cell(_), Some(name)) => dataset.column(name),
        _ => None,
    };
    let groups = faults.groups().iter().filter_map(|group| {
        let column = of_column(group.samples.first()?);
        let shown = group.samples.iter().map(|fault| UnreadableCell {
            line: fault.line,
            position: fault.column.map(|column| column as u64),
            name: fault.column_name.clone(),
            value: fault.text.clone(),
            message: fault.message(),
            fix: fault.fix(),
        });
        Some(Unreadable { column, count: group.count, shown: shown.collect() })
    });
    groups.collect()
}

fn missing_file(folder: &Folder, name: &str, reason: &str) -> Unreadable {
    let beside: Vec<String> = std::fs::read_dir(&folder.path)
        .into_iter()
        .flatten()
        .filter_map(std::result::Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let mut others: Vec<&str> = beside.iter().map(String::as_str).filter(|file| *file != MANIFEST).collect();
    others.sort_unstable();
    let fix = did_you_mean(name, others.iter().copied())
        .unwrap_or_else(|| "put the file into the folder, or correct its name in submission.yaml".to_owned());
    let shown = UnreadableCell {
        line: None,
        position: None,
        name: None,
        value: None,
        message: format!("{name} cannot be opened: {reason}"),
        fix,
    };
    Unreadable { column: None, count: 1, shown: vec![shown] }
}

/// Checks what the manifest says against the standard.
fn check_manifest(
    manifest: &Manifest,
    source: &Arc<Source>,
    plan: &Plan,
    versions: &[String],
    mistakes: &mut Diagnostics,
) {
    let mut wrong = |span, message: String, known: Vec<&str>, word: &str| {
        let help = did_you_mean(word, known.iter().copied())
            .or_else(|| (known.len() <= 12).then(|| format!("it is one of {}", known.join(", "))));
        mistakes.add("unknown", source, span, message, help);
    };
    let version = &manifest.standard;
    if version.value != plan.version && !version.value.is_empty() {
        let known: Vec<&str> = versions.iter().map(String::as_str).collect();
        let message = if known.contains(&version.value.as_str()) {
            format!(
                "the submission follows version {} of the standard, but this run goes by {}",
                version.value, plan.version
            )
        } else {
            format!("there is no version `{}` of the standard", version.value)
        };
        wrong(version.range(), message, known, &version.value);
    }
    let territory = &manifest.territory;
    if !plan.territories.is_empty()
        && !plan.territories.contains_key(&territory.value)
        && !territory.value.is_empty()
    {
        let known: Vec<&str> = plan.territories.keys().map(String::as_str).collect();
        let upper = territory.value.to_uppercase();
        let message = if known.contains(&upper.as_str()) {
            format!("`{}` is not a territory's code: codes are in capitals, {upper}", territory.value)
        } else {
            format!("`{}` is not a territory's code in the standard", territory.value)
        };
        wrong(territory.range(), message, known, &territory.value);
    }
    let language = &manifest.language;
    if Language::from_code(&language.value).is_none() && !language.value.is_empty() {
        let known = Language::ALL.iter().map(|language| language.code()).collect();
        wrong(language.range(), format!("`{}` is not a language of the standard", language.value), known, "");
    }
    if let Some(list) = plan.vocabulary.code_lists.get("confidentiality") {
        let status = &manifest.confidentiality;
        if !list.codes.contains(&status.value) && !status.value.is_empty() {
            let known = list.codes.iter().map(String::as_str).collect();
            wrong(
                status.range(),
                format!("`{}` is not a confidentiality status", status.value),
                known,
                &status.value,
            );
        }
    }
    let period = &manifest.period;
    if !period.value.is_empty() && !is_period(&period.value) {
        let message = format!("`{}` is not a period", period.value);
        let help =
            "write a year 2024, a quarter 2024-Q2, a month 2024-06 or a span of years 2016/2018".to_owned();
        mistakes.add("unknown", source, period.range(), message, Some(help));
        return;
    }
    for (dataset, _) in manifest.datasets.iter() {
        if !plan.datasets.contains_key(&dataset.value) {
            let known: Vec<&str> = plan.datasets.keys().map(String::as_str).collect();
            let help = did_you_mean(&dataset.value, known.iter().copied())
                .unwrap_or_else(|| format!("the datasets are {}", known.join(", ")));
            let message = format!("the standard has no dataset `{}`", dataset.value);
            mistakes.add("unknown", source, dataset.range(), message, Some(help));
        }
    }
}

fn is_period(text: &str) -> bool {
    use crate::submission::cell::{Notation, parse};
    let notation = Notation { decimal: DecimalMark::Point, absence_words: false };
    parse(text, crate::table::DataType::Period, notation).is_ok()
}

fn manifest_finding(submission: &str, mistake: &Diagnostic) -> Finding {
    let (line, column) = mistake.place.source.line_and_column(mistake.place.span.start);
    Finding {
        rule: MANIFEST_RULE.to_owned(),
        severity: Severity::Error,
        message: mistake.message.clone(),
        location: Location {
            submission: submission.to_owned(),
            file: MANIFEST.to_owned(),
            line: Some(line as u64),
            column: Some(column as u64),
            name: None,
        },
        key: Vec::new(),
        value: mistake
            .place
            .source
            .text
            .get(mistake.place.span.clone())
            .filter(|text| !text.is_empty())
            .map(str::to_owned),
        fix: mistake.help.clone().unwrap_or_else(|| "Correct it, and run the check again.".to_owned()),
    }
}

fn unreadable_manifest(submission: &str, failure: String) -> Finding {
    Finding {
        rule: MANIFEST_RULE.to_owned(),
        severity: Severity::Error,
        message: failure,
        location: Location {
            submission: submission.to_owned(),
            file: MANIFEST.to_owned(),
            ..Location::default()
        },
        key: Vec::new(),
        value: None,
        fix: format!("Save {MANIFEST} as plain text in UTF-8."),
    }
}
