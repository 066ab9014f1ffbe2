//! One estimator on one territory and period: its figures as draws, the method, and its answer or refusal.

use super::Settings;
use super::gather::{Given, gather};
use super::place::{Known, Place};
use super::question::Question;
use super::sensitivity::{Influence, influences};
use crate::compile::{Estimator, Plan};
use crate::estimator::{Estimate, Refusal};
use crate::measure::{Provenance, Table};
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
    /// How many draws it is made of.
    pub draws: usize,
    /// The figures that went in.
    pub figures: Vec<UsedFigure>,
    /// The records that went in.
    pub records: Vec<UsedRecords>,
    /// The assumptions that went in.
    pub assumptions: Vec<UsedAssumption>,
    /// What part of its variance each input brings in, where that was asked for.
    pub influences: Vec<Influence>,
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
    /// Its dimensions, each with its value.
    pub dimensions: Vec<(String, String)>,
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

/// Records that went into an estimate.
#[derive(Debug, Clone)]
pub struct UsedRecords {
    /// The method's name for them.
    pub input: String,
    /// The dataset.
    pub dataset: String,
    /// The territory.
    pub territory: String,
    /// The period.
    pub period: String,
    /// Where they came from.
    pub provenance: Provenance,
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
    /// The estimators that do give the quantity for the territory and period.
    pub others: Vec<String>,
    /// The submissions that were looked at.
    pub submissions: Vec<String>,
}

/// Asks one estimator about one territory and period.
pub(super) fn appraise(
    plan: &Plan,
    estimator: &Estimator,
    place: &Place,
    known: &Known<'_>,
    settings: Settings,
) -> Result<Appraised, Box<Refused>> {
    let (territory, period) = place;
    let places = known.within_reach(estimator.method.reach, place);
    let sources = places.iter().flat_map(|(_, cell)| &cell.sources);
    let mut submissions: Vec<String> = Vec::new();
    for source in sources.clone() {
        if !submissions.iter().any(|known| known == source.submission) {
            submissions.push(source.submission.to_owned());
        }
    }
    let refused = |refusal: Refusal, absence: Option<&'static str>| {
        Box::new(Refused {
            territory: territory.clone(),
            period: period.clone(),
            quantity: estimator.quantity.clone(),
            estimator: estimator.id.clone(),
            method: estimator.method.name,
            refusal,
            absence,
            others: Vec::new(),
            submissions: submissions.clone(),
        })
    };
    let gathered =
        gather(plan, estimator, &places).map_err(|(refusal, absence)| refused(refusal, absence))?;
    let mut question =
        Question::new(estimator, place, &gathered, settings).map_err(|refusal| refused(refusal, None))?;
    let mut estimate = question.answer_precisely(settings).map_err(|refusal| refused(refusal, None))?;
    let influences = if settings.sensitivity { influences(&question) } else { Vec::new() };
    estimate.notes.append(&mut question.notes);
    estimate.notes.extend(gathered.notes);
    let mut closed: Vec<String> = sources
        .filter(|source| source.confidentiality != "F")
        .map(|source| {
            format!("made from {}, whose confidentiality is {}", source.submission, source.confidentiality)
        })
        .collect();
    closed.dedup();
    estimate.notes.append(&mut closed);
    Ok(Appraised {
        territory: territory.clone(),
        period: period.clone(),
        quantity: estimator.quantity.clone(),
        estimator: estimator.id.clone(),
        method: estimator.method.name,
        draws: estimate.draws.len(),
        estimate,
        figures: question.kept.iter().map(used).collect(),
        records: gathered.tables.iter().map(|table| used_records(table)).collect(),
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
        influences,
        submissions,
    })
}

/// Half the width of the 95 % interval of a normal law, in standard deviations.
const HALF_WIDTH: f64 = 1.959_963_984_540_054;

fn used(given: &Given<'_>) -> UsedFigure {
    let Given { input, figure, value, required } = *given;
    UsedFigure {
        required,
        input: input.to_owned(),
        indicator: figure.indicator.clone(),
        dimensions: figure.dimensions.clone(),
        value,
        unit: figure.unit.clone(),
        bounds: figure.interval.map(|(low, high, _)| (low, high)).or_else(|| {
            let half = HALF_WIDTH * libm::sqrt(figure.variance.filter(|variance| *variance > 0.0)?);
            Some((value - half, value + half))
        }),
        provenance: figure.provenance.clone(),
    }
}

fn used_records(table: &Table) -> UsedRecords {
    UsedRecords {
        input: table.input.clone(),
        dataset: table.dataset.clone(),
        territory: table.territory.clone(),
        period: table.period.clone(),
        provenance: table.provenance.clone(),
    }
}
