//! The figures and records that an estimator reads for one territory and period, or why they are not all there.

use std::collections::BTreeMap;

use super::Source;
use super::place::{Cell, Place};
use crate::compile::{Estimator, Indicator, Input, Plan};
use crate::estimator::{Reach, Refusal};
use crate::measure::{Figure, Missing, Table};

/// A figure that is given to a method.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    /// The method's name for it.
    pub(super) input: &'a str,
    pub(super) figure: &'a Figure,
    pub(super) value: f64,
    /// Whether the estimate rests on it.
    pub(super) required: bool,
}

/// What is given to a method.
#[derive(Default)]
pub(super) struct Gathered<'a> {
    /// The figures.
    pub(super) figures: Vec<Given<'a>>,
    /// The records.
    pub(super) tables: Vec<&'a Table>,
    /// What other territories or periods lack.
    pub(super) notes: Vec<String>,
}

/// Why something is not there.
#[derive(Default)]
struct Lack {
    reasons: Vec<String>,
    remedies: Vec<String>,
    absence: Option<&'static str>,
}

impl Lack {
    fn add(&mut self, reason: String, remedy: String) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
        self.remedies.push(remedy);
    }
}

/// The figures and records within reach; the first of the places is the one that is asked for.
pub(super) fn gather<'a>(
    plan: &'a Plan,
    estimator: &'a Estimator,
    places: &[(&'a Place, &'a Cell<'a>)],
) -> Result<Gathered<'a>, (Refusal, Option<&'static str>)> {
    let mut gathered = Gathered::default();
    let mut lack = Lack::default();
    let mut elsewhere = 0_usize;
    for input in &estimator.inputs {
        let found = gathered.figures.len() + gathered.tables.len();
        let mut here = Lack::default();
        for (position, (_, cell)) in places.iter().enumerate() {
            let mut lacking = Lack::default();
            match input.records() {
                Some(records) => {
                    of_records(&records.dataset, estimator, input, cell, &mut gathered, &mut lacking);
                }
                None => {
                    for id in input.indicators() {
                        let Some(indicator) = plan.indicators.get(id) else { continue };
                        of_indicator(indicator, input, cell, &mut gathered, &mut lacking);
                    }
                }
            }
            if position == 0 {
                here = lacking;
            } else {
                elsewhere += usize::from(!lacking.reasons.is_empty());
            }
        }
        // A method that looks further than the place judges itself what it lacks, once it has something of an input.
        let is_given = gathered.figures.len() + gathered.tables.len() > found;
        if estimator.method.reach == Reach::Place || !is_given {
            lack.reasons.append(&mut here.reasons);
            lack.remedies.append(&mut here.remedies);
            lack.absence = lack.absence.or(here.absence);
        }
    }
    if !lack.reasons.is_empty() {
        lack.reasons.dedup();
        lack.remedies.sort();
        lack.remedies.dedup();
        return Err((Refusal::new(lack.reasons.join("; "), lack.remedies.join("; ")), lack.absence));
    }
    if elsewhere > 0 {
        gathered.notes.push(format!(
            "{elsewhere} times another territory or period lacks a figure that the method could have read"
        ));
    }
    Ok(gathered)
}

fn errors(sources: &[Source<'_>], dataset: &str) -> u64 {
    sources.iter().filter_map(|source| source.errors.get(dataset)).sum()
}

fn not_submitted(what: &str, dataset: &str, sources: &[Source<'_>], lack: &mut Lack) {
    let held = sources.iter().any(|source| source.errors.contains_key(dataset));
    let reason = if held {
        format!("{dataset} has no row for {what}")
    } else {
        format!("{what} needs the dataset {dataset}, which is not submitted")
    };
    lack.add(reason, format!("submit {dataset}"));
}

fn faulty(dataset: &str, errors: u64, lack: &mut Lack) {
    lack.add(
        format!("{dataset} has {errors} errors, and a figure with an error cannot be used"),
        format!("mend the errors in {dataset}"),
    );
}

/// The records of one place.
fn of_records<'a>(
    dataset: &str,
    estimator: &'a Estimator,
    input: &'a Input,
    cell: &'a Cell<'a>,
    gathered: &mut Gathered<'a>,
    lack: &mut Lack,
) {
    let tables = cell.tables.get(&(estimator.id.as_str(), input.name)).map_or(&[][..], Vec::as_slice);
    let faults = errors(&cell.sources, dataset);
    match tables {
        [first, others @ ..] if others.iter().any(|other| other.columns != first.columns) => {
            let files: Vec<&str> = tables.iter().map(|table| table.provenance.file.as_str()).collect();
            lack.add(
                format!("{dataset} is given more than once and not alike, in {}", files.join(" and ")),
                format!("send {dataset} once for a territory and period"),
            );
        }
        _ if faults > 0 && (input.required || !tables.is_empty()) => faulty(dataset, faults, lack),
        [first, ..] => gathered.tables.push(first),
        [] if !input.required => {}
        [] => not_submitted(input.name, dataset, &cell.sources, lack),
    }
}

/// The figures of one indicator in one place: one for each value of its further dimensions.
fn of_indicator<'a>(
    indicator: &Indicator,
    input: &'a Input,
    cell: &'a Cell<'a>,
    gathered: &mut Gathered<'a>,
    lack: &mut Lack,
) {
    let (id, dataset) = (indicator.id.as_str(), indicator.dataset.as_str());
    let faults = errors(&cell.sources, dataset);
    let all = cell.figures.get(id).map_or(&[][..], Vec::as_slice);
    let mut by_dimensions: BTreeMap<&[(String, String)], Vec<&'a Figure>> = BTreeMap::new();
    for figure in all {
        by_dimensions.entry(&figure.dimensions).or_default().push(figure);
    }
    if faults > 0 && (input.required || !all.is_empty()) {
        faulty(dataset, faults, lack);
    } else if all.is_empty() && input.required {
        not_submitted(id, dataset, &cell.sources, lack);
    }
    for (dimensions, figures) in by_dimensions {
        let name = described(id, dimensions);
        // Where one agency has no figure and another has, the figure counts.
        let given: Vec<&Figure> = figures.iter().copied().filter(|figure| figure.value.is_ok()).collect();
        let figures = if given.is_empty() { figures } else { given };
        let Some(first) = figures.first().copied() else { continue };
        match first.value {
            _ if figures.iter().any(|other| !same(first, other)) => {
                let files: Vec<&str> = figures.iter().map(|figure| figure.provenance.file.as_str()).collect();
                lack.add(
                    format!("{name} is given more than once and not alike, in {}", files.join(" and ")),
                    format!("agree on one figure of {id}"),
                );
            }
            _ if faults > 0 => {}
            Ok(_) if indicator.variance.is_some() && first.variance.is_none() && first.interval.is_none() => {
                lack.add(format!("the variance of {name} is unknown"), format!("fill in {dataset}"));
            }
            Ok(value) => {
                gathered.figures.push(Given {
                    input: input.name,
                    figure: first,
                    value,
                    required: input.required,
                });
            }
            Err(_) if !input.required => {}
            Err(Missing::Reason(reason)) => {
                lack.absence = lack.absence.or(Some(reason.word()));
                lack.add(
                    format!("{name} is {}", reason.word().replace('_', " ")),
                    format!("report {id} in {dataset}"),
                );
            }
            Err(_) => lack.add(format!("{name} has no value"), format!("fill in {dataset}")),
        }
    }
}

/// An indicator with the dimensions that tell its figures of one place apart.
pub(super) fn described(id: &str, dimensions: &[(String, String)]) -> String {
    let further: Vec<&str> = further(dimensions).map(|(_, value)| value.as_str()).collect();
    if further.is_empty() { id.to_owned() } else { format!("{id} of {}", further.join(", ")) }
}

/// The dimensions beside territory and period.
pub(super) fn further(dimensions: &[(String, String)]) -> impl Iterator<Item = &(String, String)> {
    dimensions.iter().filter(|(name, _)| !matches!(name.as_str(), "territory" | "period" | "year"))
}

/// Whether two submissions give the same figure.
fn same(one: &Figure, other: &Figure) -> bool {
    one.value == other.value && one.interval == other.interval && one.variance == other.variance
}
