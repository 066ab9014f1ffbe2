//! The result of a run, and how it is shown. JSON comes first: every other format is rendered from the same [`Report`].

mod arrangement;
mod assemble;
pub mod crosswalk;
mod csv;
pub mod diagnostic;
mod figures;
mod human;
pub(crate) mod prose;
#[cfg(test)]
mod sample;
mod table;
mod verdict;
mod words;

use schemars::JsonSchema;
use serde::Serialize;

pub use assemble::assemble;
pub use csv::{csv, findings_csv};
pub use human::{Human, human};
pub use verdict::verdict;

use crate::validate::{Entry, Finding, KeyPart};

/// Everything that a run found.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "Report of sikes", description = "Everything that a run of sikes found.")]
pub struct Report {
    /// The program that made the report.
    pub tool: Tool,
    /// The standard that it went by.
    pub standard: StandardName,
    /// What else the figures depend on.
    pub settings: Settings,
    /// How many submissions were read, and how many findings there are of each severity.
    pub verdict: Verdict,
    /// What the quantities of the estimates are, exactly.
    pub quantities: Vec<QuantityMeaning>,
    /// The figures that the submissions come to, sorted by submission, indicator and dimensions.
    pub indicators: Vec<IndicatorRow>,
    /// The estimates, one a territory, period, quantity and method, sorted.
    pub estimates: Vec<EstimateRow>,
    /// Where a method could not answer, and why.
    pub refusals: Vec<RefusalRow>,
    /// The estimators of the standard that were not asked, and why.
    pub not_estimated: Vec<NotEstimated>,
    /// What is wrong with the data; of each rule at most the number of samples that the settings say.
    pub findings: Vec<Finding>,
    /// What became of every rule of the standard.
    pub ledger: Vec<Entry>,
    /// Every file that was read.
    pub inputs: Vec<InputFile>,
}

/// The program that made a report.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The standard that a run went by.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StandardName {
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// `draft`, `published` or `retired`.
    pub status: String,
    /// The SHA-256 of its resolved form, translations left out, in hexadecimal.
    pub digest: String,
}

/// What the figures depend on besides the standard and the inputs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Settings {
    /// The seed of all random draws.
    pub seed: u64,
    /// How many draws each estimate is made of; null where it is as many as two digits of its standard error take.
    pub draws: Option<u64>,
    /// The probability that intervals are meant to hold, as a fraction.
    pub level: f64,
    /// What the intervals hold, and what they do not.
    pub interval_meaning: String,
    /// The language of the texts.
    pub language: String,
    /// The most findings of one rule that are listed; counts are always exact.
    pub samples: u64,
}

/// The verdict in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verdict {
    /// Submissions read.
    pub submissions: u64,
    /// Rows read.
    pub rows: u64,
    /// Findings that make a figure unusable.
    pub errors: u64,
    /// Findings that someone should look at.
    pub warnings: u64,
    /// Findings worth knowing.
    pub infos: u64,
}

/// What a quantity is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuantityMeaning {
    /// The item of the standard.
    pub quantity: String,
    /// Its title.
    pub title: String,
    /// What it is, and of which population.
    pub definition: String,
    /// What stands above the line of a share.
    pub numerator: Option<String>,
    /// What stands below the line of a share.
    pub denominator: Option<String>,
    /// The unit of a level; null for a share.
    pub unit: Option<String>,
    /// What a negative value means.
    pub sign: String,
}

/// One figure computed from a submission.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IndicatorRow {
    /// The indicator; an item of the standard.
    pub indicator: String,
    /// Its dimensions, each with its value.
    pub dimensions: Vec<KeyPart>,
    /// Its value; null where there is none.
    pub value: Option<f64>,
    /// Why there is none, where the agency says so.
    pub absence: Option<String>,
    /// Its unit.
    pub unit: String,
    /// The lower bound that its source gives.
    pub low: Option<f64>,
    /// The upper bound.
    pub high: Option<f64>,
    /// The probability between the bounds, as a fraction.
    pub level: Option<f64>,
    /// Whether estimates may use it: its dataset has no finding that makes figures unusable.
    pub usable: bool,
    /// The file that it comes from.
    pub file: String,
    /// How many rows it was computed from.
    pub rows: u64,
    /// The lines of those rows, at most ten.
    pub lines: Vec<u64>,
}

/// One estimate.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EstimateRow {
    /// ISO 3166-1 alpha-2 code.
    pub territory: String,
    /// Its name in the report's language.
    pub territory_name: String,
    /// The period, such as `2018` or `2016/2018`.
    pub period: String,
    /// What is estimated; an item of the standard's quantities.
    pub quantity: String,
    /// How it is to be read: `level`, `floor` (at least this), `ceiling`, `range` (somewhere in the interval) or `signal`
    /// (a sign of the quantity, never its size).
    pub reading: String,
    /// The estimate; a share is a fraction.
    pub value: f64,
    /// The lower bound of its interval.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
    /// The probability of the interval, as a fraction.
    pub level: f64,
    /// The unit of a level; null for a share.
    pub unit: Option<String>,
    /// The method.
    pub method: String,
    /// The item of the standard that set the method up.
    pub estimator: String,
    /// The grade of comparability, A to E.
    pub grade: String,
    /// Why that grade.
    pub grade_reasons: Vec<String>,
    /// Findings of the submission that the estimate was made from.
    pub findings: u64,
    /// Whether this is the row that stands for the territory, period and quantity where several methods gave one.
    pub headline: bool,
    /// How it stands to the other methods' estimates of the same quantity.
    pub agreement: Vec<Agreement>,
    /// Standard deviation of the draws; null for a share whose denominator is uncertain, because its law need not have one.
    pub standard_error: Option<f64>,
    /// Standard error by the delta method, where the method has one.
    pub analytic_standard_error: Option<f64>,
    /// Standard error of the bounds that comes from the number of draws.
    pub monte_carlo_error: f64,
    /// How many draws it is made of.
    pub draws: u64,
    /// The same quantity for parts of the territory, the period or the goods.
    pub parts: Vec<PartRow>,
    /// What the method computed on the way, to check it by hand.
    pub steps: Vec<Step>,
    /// What the reader should know.
    pub notes: Vec<String>,
    /// The figures that went in.
    pub inputs: Vec<InputFigure>,
    /// The records that went in.
    pub records: Vec<RecordsUsed>,
    /// The assumptions that went in.
    pub assumptions: Vec<AssumptionUsed>,
    /// What part of the variance each input brings in, the largest first; empty unless it was asked for.
    pub influences: Vec<InfluenceRow>,
}

/// An estimate for a part.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PartRow {
    /// Which part: dimensions with their values.
    pub dimensions: Vec<KeyPart>,
    /// The estimate.
    pub value: f64,
    /// The lower bound of its interval.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

/// Records that went into an estimate.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RecordsUsed {
    /// The method's name for them.
    pub input: String,
    /// The dataset.
    pub dataset: String,
    /// The territory.
    pub territory: String,
    /// The period.
    pub period: String,
    /// The file that they come from.
    pub file: String,
    /// How many rows.
    pub rows: u64,
}

/// What an input brings into the variance of an estimate.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InfluenceRow {
    /// The figure, the assumption or the records; empty for the error of the method itself.
    pub input: String,
    /// The part of the variance that would go if it alone were known exactly (first-order Sobol' index).
    pub first: f64,
    /// The standard error of `first`.
    pub first_error: f64,
    /// The part that would stay if all else were known exactly (total Sobol' index).
    pub total: f64,
    /// The standard error of `total`.
    pub total_error: f64,
}

/// How two methods' estimates of one quantity stand to each other, from the same draws.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Agreement {
    /// The other estimator.
    pub estimator: String,
    /// This estimate less the other.
    pub difference: f64,
    /// The lower bound of the difference, shared inputs taken into account.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
    /// Whether both can be true: two levels where the interval of the difference holds zero, a floor where it need not lie
    /// above a level, and so on.
    pub agree: bool,
}

/// One step of a computation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Step {
    /// What it is.
    pub name: String,
    /// Its value.
    pub value: f64,
}

/// A figure that went into an estimate.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InputFigure {
    /// The method's name for it.
    pub input: String,
    /// The indicator.
    pub indicator: String,
    /// Its dimensions, each with its value.
    pub dimensions: Vec<KeyPart>,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// The lower bound that its source gives.
    pub low: Option<f64>,
    /// The upper bound.
    pub high: Option<f64>,
    /// The file that it comes from.
    pub file: String,
    /// How many rows it was computed from.
    pub rows: u64,
    /// The lines of those rows, at most ten.
    pub lines: Vec<u64>,
}

/// An assumption that went into an estimate.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AssumptionUsed {
    /// Its name.
    pub name: String,
    /// Its distribution in words.
    pub distribution: String,
    /// Who says so.
    pub source: String,
}

/// A method that could not answer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RefusalRow {
    /// ISO 3166-1 alpha-2 code.
    pub territory: String,
    /// Its name in the report's language.
    pub territory_name: String,
    /// The period; empty where none is known.
    pub period: String,
    /// What was to be estimated.
    pub quantity: String,
    /// The method.
    pub method: String,
    /// The item of the standard that set the method up.
    pub estimator: String,
    /// Why there is no estimate.
    pub reason: String,
    /// What would mend it.
    pub remedy: String,
    /// Why the figures are not there, where the agency said so: `not_available`, `confidential` and so on.
    pub absence: Option<String>,
    /// The estimators that do give the quantity for the territory and period.
    pub others: Vec<String>,
    /// Findings of the submission.
    pub findings: u64,
}

/// An estimator of the standard that was not asked.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NotEstimated {
    /// The item of the standard.
    pub estimator: String,
    /// Its title in the report's language.
    pub title: String,
    /// The method that it asks for.
    pub method: String,
    /// Why it was not asked.
    pub because: Idleness,
}

/// Why an estimator was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Idleness {
    /// No submission holds a dataset that it reads.
    NoData,
    /// This version of the program does not have its method.
    NoMethod,
}

/// A file that was read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InputFile {
    /// The submission's folder and the file's name in it.
    pub path: String,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Its rows, where it holds a table.
    pub rows: Option<u64>,
    /// The dataset that it holds, where it holds a table.
    pub dataset: Option<String>,
}

/// The report as JSON.
///
/// # Panics
/// Never: a report holds texts and finite numbers, which JSON can hold.
pub fn json(report: &Report) -> String {
    serde_json::to_string_pretty(report).expect("a report holds texts and finite numbers") + "\n"
}

/// What intervals hold, and what they do not, in a language.
pub fn interval_meaning(language: crate::language::Language) -> &'static str {
    words::words(language).interval_meaning
}

/// The JSON Schema of the report.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}
