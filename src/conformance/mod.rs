//! Conformance: reference cases run through the same estimator code that submissions use.
//!
//! A folder holds cases as JSON files; `run` gives a verdict on each. A method's cases are mapped to calls of the estimator
//! by one file here and one line in [`METHODS`]; no formula of an estimator is repeated.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

mod balancing;
mod benchmarking;
mod binomial_ci;
mod capture_recapture;
mod case;
mod change_overlap;
mod compare;
mod distributions;
mod drawn;
mod fay_herriot;
mod gtric;
mod index_numbers;
mod list_experiment;
mod meta_analysis;
mod mimic;
mod mirror_trade;
mod model;
mod propagation;
mod randomized_response;
mod residual_gap;
mod rogan_gladen;
mod survey;
#[cfg(test)]
mod tests;

use case::Case;
pub use compare::{Comparison, Mismatch};

/// What a method's file offers: the name of the method in the cases, and what computes a case.
type Runner = fn(&Case, &Options) -> Result<compare::Actual, String>;

/// The methods that can be run, in the order of their names.
static METHODS: &[(&str, Runner)] = &[
    ("balancing", balancing::run),
    ("benchmarking", benchmarking::run),
    ("binomial_ci", binomial_ci::run),
    ("capture_recapture", capture_recapture::run),
    ("change_overlap", change_overlap::run),
    ("distributions", distributions::run),
    ("fay_herriot", fay_herriot::run),
    ("gtric", gtric::run),
    ("index_numbers", index_numbers::run),
    ("list_experiment", list_experiment::run),
    ("meta_analysis", meta_analysis::run),
    ("mimic", mimic::run),
    ("mirror_trade", mirror_trade::run),
    ("propagation", propagation::run),
    ("randomized_response", randomized_response::run),
    ("residual_gap", residual_gap::run),
    ("rogan_gladen", rogan_gladen::run),
    ("survey", survey::run),
];

/// A larger file is no case.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// How Monte Carlo cases are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How many draws of each quantity.
    pub draws: usize,
    /// Another seed gives other draws.
    pub seed: u64,
    /// How many threads draw; their number changes no result.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { draws: 1_000_000, seed: 1, threads: 1 }
    }
}

/// The verdict on every file, in the order of their paths.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// One a file.
    pub cases: Vec<CaseResult>,
}

/// The verdict on one file.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseResult {
    /// The case's own id; the path inside the folder where the file is no case.
    pub id: String,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Every value agrees.
    Passed(Comparison),
    /// Some values do not agree.
    Failed(Comparison),
    /// The case's method is here, but gave nothing: why.
    NotComputed(String),
    /// No method of this name is here.
    NotImplemented(String),
    /// The file is not a case: why.
    Unreadable(String),
}

/// The folder could not be read.
#[derive(Debug)]
pub struct Error {
    path: PathBuf,
    source: io::Error,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read {}", self.path.display())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// The methods whose cases can be run.
pub fn methods() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|(name, _)| *name)
}

/// Runs every case in a folder and the folders within it.
///
/// # Errors
/// If a folder cannot be listed; a file that cannot be read is a verdict on that file.
pub fn run(folder: &Path, options: &Options) -> Result<Outcome, Error> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let cases = files.iter().map(|file| judge(folder, file, options)).collect();
    Ok(Outcome { cases })
}

/// The verdict on the text of one case; `name` stands for it where it has no id.
pub fn judge_text(name: &str, text: &str, options: &Options) -> CaseResult {
    let case = match Case::parse(text) {
        Ok(case) => case,
        Err(reason) => return CaseResult { id: name.to_owned(), verdict: Verdict::Unreadable(reason) },
    };
    let verdict = match METHODS.iter().find(|(method, _)| *method == case.method) {
        None => Verdict::NotImplemented(case.method.clone()),
        Some((_, runner)) => match runner(&case, options) {
            Err(reason) => Verdict::NotComputed(reason),
            Ok(actual) => {
                let comparison = compare::compare(&case, &actual);
                if comparison.compared == 0 && comparison.mismatches.is_empty() {
                    Verdict::NotComputed("the case expects no value".to_owned())
                } else if comparison.mismatches.is_empty() {
                    Verdict::Passed(comparison)
                } else {
                    Verdict::Failed(comparison)
                }
            }
        },
    };
    CaseResult { id: case.id, verdict }
}

fn judge(folder: &Path, file: &Path, options: &Options) -> CaseResult {
    let name = file.strip_prefix(folder).unwrap_or(file).display().to_string();
    match read(file) {
        Ok(text) => judge_text(&name, &text, options),
        Err(reason) => CaseResult { id: name, verdict: Verdict::Unreadable(reason) },
    }
}

/// The text of a file of bounded size.
fn read(file: &Path) -> Result<String, String> {
    let size = fs::metadata(file).map_err(|error| error.to_string())?.len();
    if size > MOST_BYTES {
        return Err(format!("the file has {size} bytes, and a case at most {MOST_BYTES}"));
    }
    fs::read_to_string(file).map_err(|error| error.to_string())
}

/// Links to folders are not followed, so that none leads back here.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let at = |source| Error { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(at)? {
        let entry = entry.map_err(at)?;
        let path = entry.path();
        if entry.file_type().map_err(at)?.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}

impl Outcome {
    /// Passed, failed and not implemented; what is unreadable or gave nothing has failed.
    pub fn counts(&self) -> [usize; 3] {
        let count =
            |wanted: fn(&Verdict) -> bool| self.cases.iter().filter(|case| wanted(&case.verdict)).count();
        let passed = count(|verdict| matches!(verdict, Verdict::Passed(_)));
        let open = count(|verdict| matches!(verdict, Verdict::NotImplemented(_)));
        [passed, self.cases.len() - passed - open, open]
    }

    /// Whether nothing failed.
    pub fn is_clean(&self) -> bool {
        self.counts()[1] == 0
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for case in &self.cases {
            writeln!(f, "{case}")?;
        }
        let [passed, failed, open] = self.counts();
        writeln!(f, "{passed} passed, {failed} failed, {open} not implemented")
    }
}

impl fmt::Display for CaseResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = &self.id;
        match &self.verdict {
            Verdict::Passed(comparison) => {
                let Comparison { compared, worst, .. } = comparison;
                write!(f, "passed           {id}: {compared} values, at most {worst:.3} of the tolerance")
            }
            Verdict::Failed(comparison) => {
                let Comparison { compared, mismatches, .. } = comparison;
                write!(f, "failed           {id}: {} of {compared} values", mismatches.len())?;
                mismatches.iter().try_for_each(|mismatch| write!(f, "; {mismatch}"))
            }
            Verdict::NotComputed(reason) => write!(f, "failed           {id}: {reason}"),
            Verdict::NotImplemented(method) => write!(f, "not implemented  {id}: no method {method}"),
            Verdict::Unreadable(reason) => write!(f, "failed           {id}: not a case: {reason}"),
        }
    }
}
