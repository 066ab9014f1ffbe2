//! What part of an estimate's variance each of its inputs brings in: what to measure next.
//!
//! # Formula
//! ```text
//! A, B    two sets of N draws of all inputs;  AB_i: as A, with input i from B;  f the method
//! V       variance of f over A and B
//! first_i = mean( f(B) (f(AB_i) - f(A)) ) / V         of input i alone
//! total_i = mean( (f(A) - f(AB_i))^2 ) / (2 V)        of input i with all that it does together with others
//! ```
//! Results are cut at the outermost thousandths of the draws, because the law of a ratio need not have a variance.
//!
//! # References
//! A. Saltelli, P. Annoni, I. Azzini, F. Campolongo, M. Ratto, S. Tarantola (2010), Variance based sensitivity analysis of
//! model output, Computer Physics Communications 181(2), 259-270 (the estimators of first and total order; total by Jansen 1999).

use std::collections::BTreeMap;

use super::question::{OF_THE_METHOD, Question, Seeds};
use crate::estimator::Records;
use crate::estimator::numeric::sample::{FEWEST_DRAWS, Sample, sum};

/// What an input brings into the variance of an estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Influence {
    /// The figure, the assumption or the records; empty for the error of the method itself.
    pub name: String,
    /// The part of the variance that would go if it alone were known exactly.
    pub first: f64,
    /// The part that would stay if all else were known exactly.
    pub total: f64,
    /// The standard error of the first.
    pub first_error: f64,
    /// The standard error of the second.
    pub total_error: f64,
}

/// How many draws of each set.
const DRAWS: usize = FEWEST_DRAWS / 2;
/// More inputs are not looked at one by one.
const MOST_INPUTS: usize = 64;

/// The influence of every uncertain input, the largest total first; none where nothing is uncertain or the method refuses
/// other draws of its inputs.
pub(super) fn influences(question: &Question<'_>) -> Vec<Influence> {
    let uncertain = question.quantities.iter().filter(|quantity| quantity.law.fixed_value().is_none());
    let tables = question.tables.iter().map(Records::name);
    let mut names: Vec<String> = uncertain.map(|quantity| quantity.name.clone()).chain(tables).collect();
    names.push(OF_THE_METHOD.to_owned());
    names.sort();
    names.dedup();
    if names.len() > MOST_INPUTS {
        return Vec::new();
    }
    let with = |other: &BTreeMap<String, u64>, all: u64| {
        let draws = question.answer(Seeds { all, other }, DRAWS).ok()?.draws;
        (draws.len() == DRAWS).then_some(draws)
    };
    // Any two seeds give unrelated draws.
    let (seed_a, seed_b) = (0xA, 0xB);
    let none = BTreeMap::new();
    let (Some(a), Some(b)) = (with(&none, seed_a), with(&none, seed_b)) else { return Vec::new() };
    let Some(scale) = Scale::of(&a, &b) else { return Vec::new() };
    let (a, b) = (scale.apply(&a), scale.apply(&b));
    let mut influences: Vec<Influence> = names
        .into_iter()
        .filter_map(|name| {
            let swapped = with(&BTreeMap::from([(name.clone(), seed_b)]), seed_a)?;
            let influence = influence(name, &a, &b, &scale.apply(&swapped));
            (influence.total > 0.0).then_some(influence)
        })
        .collect();
    influences
        .sort_by(|one, other| other.total.total_cmp(&one.total).then_with(|| one.name.cmp(&other.name)));
    influences
}

/// How results are cut and set on a scale of mean 0 and variance 1.
struct Scale {
    low: f64,
    high: f64,
    mean: f64,
    sd: f64,
}

impl Scale {
    fn of(a: &[f64], b: &[f64]) -> Option<Self> {
        let both = Sample::new([a, b].concat()).ok()?;
        let (low, high) = (both.quantile(0.001), both.quantile(0.999));
        let cut = Sample::new(both.draws().iter().map(|draw| draw.clamp(low, high)).collect()).ok()?;
        (cut.sd() > 0.0).then_some(Self { low, high, mean: cut.mean(), sd: cut.sd() })
    }

    fn apply(&self, draws: &[f64]) -> Vec<f64> {
        draws.iter().map(|draw| (draw.clamp(self.low, self.high) - self.mean) / self.sd).collect()
    }
}

fn influence(name: String, a: &[f64], b: &[f64], swapped: &[f64]) -> Influence {
    let triples = || a.iter().zip(b).zip(swapped).map(|((a, b), s)| (*a, *b, *s));
    let (first, first_error) = mean(triples().map(|(a, b, s)| b * (s - a)));
    let (total, total_error) = mean(triples().map(|(a, _, s)| (a - s) * (a - s) / 2.0));
    Influence { name, first, total, first_error, total_error }
}

/// A mean and its standard error.
fn mean(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = DRAWS as f64;
    let mean = sum(values.clone()) / count;
    let squares = sum(values.map(|value| (value - mean) * (value - mean)));
    (mean, libm::sqrt(squares / (count - 1.0) / count))
}
