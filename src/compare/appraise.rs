//! One estimator on one territory and period: its figures as draws, the method, and its answer or refusal.

use super::{Cell, Settings, Source};
use crate::compile::{Estimator, Plan};
use crate::estimator::numeric::distribution::Distribution;
use crate::estimator::numeric::propagation::{self, Uncertain};
use crate::estimator::{Argument, Call, Draws, Estimate, Place, Refusal};
use crate::measure::{Figure, Missing, Provenance};
use crate::standard::item::Basis;

/// An estimate with what it was made from.
#[derive(Debug)]
pub struct Appraised {
    /// The territory.
    pub territory: String,
    /// The period.
    pub period: String,
    /// The quantity.
    pub quantity: String,
    /// The estimator.
    pub estimator: String,
    /// The method.
    pub method: &'static str,
    /// The estimate itself.
    pub estimate: Estimate,
    /// The figures that went in.
    pub figures: Vec<UsedFigure>,
    /// The assumptions that went in.
    pub assumptions: Vec<UsedAssumption>,
    /// The submissions that the figures came from.
    pub submissions: Vec<String>,
}

/// A figure that went into an estimate.
#[derive(Debug, Clone)]
pub struct UsedFigure {
    /// The method's name for it.
    pub input: String,
    /// The indicator.
    pub indicator: String,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// The bounds that its source gives.
    pub bounds: Option<(f64, f64)>,
    /// Where it came from.
    pub provenance: Provenance,
    /// Whether the estimate rests on it; otherwise it is only shown beside it.
    pub required: bool,
}

/// An assumption that went into an estimate.
#[derive(Debug, Clone)]
pub struct UsedAssumption {
    /// Its name.
    pub name: String,
    /// Its distribution in words.
    pub description: String,
    /// What it rests on.
    pub basis: Basis,
    /// Who says so.
    pub source: String,
    /// Its coefficient of variation.
    pub variation: f64,
}

/// No estimate, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The territory.
    pub territory: String,
    /// The period.
    pub period: String,
    /// The quantity.
    pub quantity: String,
    /// The estimator.
    pub estimator: String,
    /// The method.
    pub method: &'static str,
    /// The reason and the remedy.
    pub refusal: Refusal,
    /// Why the figures are not there, where the agency says so.
    pub absence: Option<&'static str>,
    /// The submissions that were looked at.
    pub submissions: Vec<String>,
}

/// Asks one estimator about one territory and period.
pub(super) fn appraise(
    plan: &Plan,
    estimator: &Estimator,
    territory: &str,
    period: &str,
    cell: &Cell<'_>,
    sources: &[Source<'_>],
    settings: Settings,
) -> Result<Appraised, Box<Refused>> {
    let submissions: Vec<String> = sources.iter().map(|source| source.submission.to_owned()).collect();
    let refused = |refusal: Refusal, absence: Option<&'static str>| {
        Box::new(Refused {
            territory: territory.to_owned(),
            period: period.to_owned(),
            quantity: estimator.quantity.clone(),
            estimator: estimator.id.clone(),
            method: estimator.method.name,
            refusal,
            absence,
            submissions: submissions.clone(),
        })
    };
    let figures =
        gather(plan, estimator, cell, sources).map_err(|(refusal, absence)| refused(refusal, absence))?;
    let plain = |reason: String| {
        refused(Refusal::new(reason, "correct the figure or its interval in the submission"), None)
    };

    let mut quantities = Vec::new();
    let mut kept = Vec::new();
    let mut notes = Vec::new();
    for given in figures {
        let Given { input, figure, value, required } = given;
        let law = match law(figure, value) {
            Ok(law) => law,
            Err(reason) if required => {
                return Err(plain(format!("{} ({input}): {reason}", figure.indicator)));
            }
            Err(reason) => {
                notes.push(format!("{} ({input}) is left out: {reason}", figure.indicator));
                continue;
            }
        };
        kept.push(given);
        let name = format!("{}|{territory}|{period}", figure.indicator);
        quantities.push(Uncertain { name, law });
    }
    for assumption in &estimator.assumptions {
        // An assumption is one unknown for all periods of a territory: its error is the same every year.
        let name = format!("{}.{}|{territory}", estimator.id, assumption.name);
        quantities.push(Uncertain { name, law: assumption.distribution });
    }
    let draws = propagation::draw(
        &distinct(&quantities),
        None,
        propagation::Settings { draws: settings.draws, seed: settings.seed, threads: 1 },
    )
    .map_err(plain)?;
    let names: Vec<&str> = distinct_names(&quantities);
    let column =
        |name: &str| names.iter().position(|known| *known == name).map_or(&[][..], |place| &draws[place]);

    let inputs = kept.iter().map(|given| (given.input, Some(given.value)));
    let assumed = estimator.assumptions.iter().map(|assumption| (assumption.name.as_str(), None));
    let arguments: Vec<Argument<'_>> = inputs
        .chain(assumed)
        .zip(&quantities)
        .map(|((input, value), quantity)| Argument {
            input,
            name: &quantity.name,
            dimensions: &[],
            value: value.unwrap_or_else(|| quantity.law.median()),
            sd: Some(quantity.law.sd()),
            draws: if quantity.law.fixed_value().is_some() { &[] } else { column(&quantity.name) },
        })
        .collect();
    let call = Call {
        quantity: &estimator.quantity,
        place: Place { territory, period },
        level: settings.level,
        draws: Draws { count: settings.draws, seed: settings.seed },
        arguments: &arguments,
        records: &[],
    };
    let mut estimate = (estimator.method.run)(&call).map_err(|refusal| refused(refusal, None))?;
    estimate.notes.extend(notes);
    let closed = sources.iter().filter(|source| source.confidentiality != "F");
    estimate.notes.extend(closed.map(|source| {
        format!("made from {}, whose confidentiality is {}", source.submission, source.confidentiality)
    }));
    Ok(Appraised {
        territory: territory.to_owned(),
        period: period.to_owned(),
        quantity: estimator.quantity.clone(),
        estimator: estimator.id.clone(),
        method: estimator.method.name,
        estimate,
        figures: kept.into_iter().map(used).collect(),
        assumptions: estimator
            .assumptions
            .iter()
            .map(|assumption| UsedAssumption {
                name: assumption.name.clone(),
                description: assumption.description.clone(),
                basis: assumption.basis,
                source: assumption.source.clone(),
                variation: assumption.distribution.sd() / assumption.distribution.mean().abs(),
            })
            .collect(),
        submissions,
    })
}

/// Half the width of the 95 % interval of a normal law, in standard deviations.
const HALF_WIDTH: f64 = 1.959_963_984_540_054;

/// A figure that is given to a method.
#[derive(Clone, Copy)]
struct Given<'a> {
    /// The method's name for it.
    input: &'a str,
    figure: &'a Figure,
    value: f64,
    /// Whether the estimate rests on it.
    required: bool,
}

/// The figures that the estimator reads, or why they are not all there.
fn gather<'a>(
    plan: &Plan,
    estimator: &'a Estimator,
    cell: &Cell<'a>,
    sources: &[Source<'_>],
) -> Result<Vec<Given<'a>>, (Refusal, Option<&'static str>)> {
    let mut given = Vec::new();
    let mut missing = Vec::new();
    let mut remedies = Vec::new();
    let mut absence = None;
    for input in &estimator.inputs {
        for id in input.indicators() {
            let Some(indicator) = plan.indicators.get(id) else { continue };
            let dataset = &indicator.dataset;
            let faulty = sources.iter().filter_map(|source| source.errors.get(dataset)).sum::<u64>();
            let all = cell.figures.get(id.as_str()).map_or(&[][..], Vec::as_slice);
            // Where one agency has no figure and another has, the figure counts.
            let given_ones: Vec<&Figure> =
                all.iter().copied().filter(|figure| figure.value.is_ok()).collect();
            let figures = if given_ones.is_empty() { all } else { &given_ones };
            let figure = figures.first();
            let value = figure.map(|figure| figure.value);
            match (figure, value) {
                (Some(first), _) if figures.iter().any(|other| !same(first, other)) => {
                    let files: Vec<&str> =
                        figures.iter().map(|figure| figure.provenance.file.as_str()).collect();
                    missing.push(format!(
                        "{id} is given more than once and not alike, in {}",
                        files.join(" and ")
                    ));
                    remedies.push(format!("agree on one figure of {id}"));
                }
                _ if faulty > 0 && (input.required || figure.is_some()) => {
                    missing.push(format!(
                        "{dataset} has {faulty} errors, and a figure with an error cannot be used"
                    ));
                    remedies.push(format!("mend the errors in {dataset}"));
                }
                (Some(figure), Some(Ok(_)))
                    if indicator.variance.is_some()
                        && figure.variance.is_none()
                        && figure.interval.is_none() =>
                {
                    missing.push(format!("the variance of {id} is unknown"));
                    remedies.push(format!("fill in {dataset}"));
                }
                (Some(figure), Some(Ok(value))) => {
                    given.push(Given { input: input.name, figure, value, required: input.required });
                }
                _ if !input.required => {}
                (Some(_), Some(Err(Missing::Reason(reason)))) => {
                    absence = absence.or(Some(reason.word()));
                    missing.push(format!("{id} is {}", reason.word().replace('_', " ")));
                    remedies.push(format!("report {id} in {dataset}"));
                }
                (Some(_), _) => {
                    missing.push(format!("{id} has no value"));
                    remedies.push(format!("fill in {dataset}"));
                }
                (None, _) => {
                    let held = sources.iter().any(|source| source.errors.contains_key(dataset));
                    missing.push(if held {
                        format!("{dataset} has no row for {id}")
                    } else {
                        format!("{id} needs the dataset {dataset}, which is not submitted")
                    });
                    remedies.push(format!("submit {dataset}"));
                }
            }
        }
    }
    if missing.is_empty() {
        return Ok(given);
    }
    missing.dedup();
    remedies.sort();
    remedies.dedup();
    Err((Refusal::new(missing.join("; "), remedies.join("; ")), absence))
}

/// Whether two submissions give the same figure.
fn same(one: &Figure, other: &Figure) -> bool {
    one.value == other.value && one.interval == other.interval && one.variance == other.variance
}

/// What is known of a figure: the three quantiles that its source gives, the variance that the standard computes, or
/// exactly its value.
fn law(figure: &Figure, value: f64) -> Result<Distribution, String> {
    match figure.interval {
        Some((low, high, level)) => Distribution::three_quantiles(low, value, high, level),
        None => match figure.variance {
            Some(variance) if variance != 0.0 => Distribution::normal(value, libm::sqrt(variance)),
            _ => Distribution::fixed(value),
        },
    }
}

fn used(given: Given<'_>) -> UsedFigure {
    let Given { input, figure, value, required } = given;
    UsedFigure {
        required,
        input: input.to_owned(),
        indicator: figure.indicator.clone(),
        value,
        unit: figure.unit.clone(),
        bounds: figure.interval.map(|(low, high, _)| (low, high)).or_else(|| {
            let half = HALF_WIDTH * libm::sqrt(figure.variance.filter(|variance| *variance > 0.0)?);
            Some((value - half, value + half))
        }),
        provenance: figure.provenance.clone(),
    }
}

/// Each quantity once: a figure that fills two inputs is one unknown.
fn distinct(quantities: &[Uncertain]) -> Vec<Uncertain> {
    let names = distinct_names(quantities);
    names
        .iter()
        .filter_map(|name| quantities.iter().find(|quantity| quantity.name == *name).cloned())
        .collect()
}

fn distinct_names(quantities: &[Uncertain]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for quantity in quantities {
        if !names.contains(&quantity.name.as_str()) {
            names.push(&quantity.name);
        }
    }
    names
}
