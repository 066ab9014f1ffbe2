//! What all models of a table say together, and how the search is bounded where there are very many.
//!
//! ```text
//! w_m = exp(-(AIC_m - least AIC) / 2) / sum        log f0 = sum w_m log f0_m
//! se(log f0) = sum w_m sqrt(s_m^2 + (log f0_m - log f0)^2),  s_m^2 = log(1 + (f0_m + f0_m^2 var(b0)) / f0_m^2)
//! ```
//! The mean is taken of logarithms, in which a model's error is nearly normal: one model that flies off takes the mean of N
//! with it at a weight of a few hundredths, and not this one.
//!
//! # References
//! S. T. Buckland, K. P. Burnham, N. H. Augustin (1997), Model selection: an integral part of inference, Biometrics 53(2), 603-618.

use super::fitted::weights;
use super::model::{Terms, hierarchical_models};
use super::search::{Finding, Search};
use super::table::Table;

/// Up to so many lists all hierarchical models are tried, beyond it those with terms of two lists alone.
const MOST_LISTS_WITH_LARGE_TERMS: usize = 5;

/// How many models are averaged, the best: all 113 of four lists.
pub const MOST_AVERAGED: usize = 113;

/// After so many models whose overlaps are all there, others are not looked for in a replicate.
const MOST_REFITTED: usize = 5 * MOST_AVERAGED;

/// The models that are tried on a table of so many lists.
pub fn models_tried(lists: usize) -> Vec<Terms> {
    hierarchical_models(lists, if lists <= MOST_LISTS_WITH_LARGE_TERMS { lists } else { 2 })
}

/// Models of one table and what they say of it.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Every model that can be estimated, that of least AIC first.
    search: Search,
    /// What the best of them say.
    findings: Vec<Finding>,
    /// The model of least BIC of all, with the number of units as the sample's size.
    pub best_by_units: (Terms, Finding),
    /// How many models were tried.
    pub tried: usize,
    /// Of these, how many could not be estimated, because an overlap that they need is empty.
    pub left_out: usize,
}

/// The mean over models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Consensus {
    /// The units unseen, f0.
    pub unseen: f64,
    /// The standard error of the logarithm of f0.
    pub log_error: f64,
}

impl Choice {
    /// Fits every model to a table; none where none can be estimated.
    pub fn of(table: &Table) -> Option<Self> {
        let mut search = Search::new(table.lists(), models_tried(table.lists()));
        let surveyed = search.survey(table.counts());
        let tried = surveyed.len();
        let mut ranked: Vec<(usize, Finding)> =
            surveyed.into_iter().enumerate().filter_map(|(model, found)| Some((model, found?))).collect();
        // Ties keep the order of the models, so that fewer terms come first.
        ranked.sort_by(|a, b| a.1.aic.total_cmp(&b.1.aic));
        let order: Vec<usize> = ranked.iter().map(|(model, _)| *model).collect();
        search.keep(&order);
        let more = libm::log(table.observed()) - 2.0;
        let bic = |found: &Finding| found.aic + more * found.parameters as f64;
        let with_terms = search.terms().iter().copied().zip(ranked.iter().map(|(_, found)| *found));
        let best_by_units = with_terms.min_by(|a, b| bic(&a.1).total_cmp(&bic(&b.1)))?;
        let findings: Vec<Finding> = ranked.iter().take(MOST_AVERAGED).map(|(_, found)| *found).collect();
        let left_out = tried - ranked.len();
        Some(Self { search, findings, best_by_units, tried, left_out })
    }

    /// How many models are averaged.
    pub fn averaged(&self) -> usize {
        self.findings.len()
    }

    /// What each model that is averaged says of the table, with its weight: that of least AIC first.
    pub fn weighted(&self) -> Vec<(Terms, Finding, f64)> {
        let weights = weights(&self.findings.iter().map(|found| found.aic).collect::<Vec<_>>());
        let with_terms = self.search.terms().iter().zip(&self.findings).zip(weights);
        with_terms.map(|((terms, found), weight)| (*terms, *found, weight)).collect()
    }

    /// The mean over models.
    pub fn consensus(&self) -> Option<Consensus> {
        consensus(&self.findings)
    }

    /// The units unseen by the mean over models, with weights of their own, for other counts of the same lists.
    ///
    /// The models are those that were best for the table itself of all that can be estimated now. None where none can.
    pub fn unseen_of(&mut self, counts: &[f64], room: &mut Vec<Finding>) -> Option<f64> {
        let support = self.search.support(counts);
        room.clear();
        let mut refitted = 0;
        for model in 0..self.search.terms().len() {
            if room.len() == MOST_AVERAGED || refitted == MOST_REFITTED {
                break;
            }
            if !self.search.lacks(model, &support) {
                refitted += 1;
                room.extend(self.search.finding(model, counts, &support));
            }
        }
        Some(log_mean(room)?.mean).map(libm::exp)
    }
}

/// The weighted mean of the logarithm of f0, and what the weights are made of.
struct LogMean {
    mean: f64,
    least_aic: f64,
    total: f64,
}

fn log_mean(findings: &[Finding]) -> Option<LogMean> {
    let least_aic = findings.iter().map(|found| found.aic).fold(f64::INFINITY, f64::min);
    let (mut total, mut sum) = (0.0, 0.0);
    for found in findings {
        let weight = libm::exp((least_aic - found.aic) / 2.0);
        total += weight;
        // A model far from the best cannot move the mean.
        if weight > 1e-12 {
            sum += weight * libm::log(found.unseen);
        }
    }
    let mean = sum / total;
    mean.is_finite().then_some(LogMean { mean, least_aic, total })
}

fn consensus(findings: &[Finding]) -> Option<Consensus> {
    let LogMean { mean, least_aic, total } = log_mean(findings)?;
    let error = findings.iter().filter(|found| found.unseen > 0.0).map(|found| {
        let (f0, off) = (found.unseen, libm::log(found.unseen) - mean);
        let relative = libm::sqrt(f0 + found.variance) / f0;
        let weight = libm::exp((least_aic - found.aic) / 2.0) / total;
        if weight > 1e-12 { weight * libm::sqrt(libm::log1p(relative * relative) + off * off) } else { 0.0 }
    });
    let log_error: f64 = error.sum();
    log_error.is_finite().then_some(Consensus { unseen: libm::exp(mean), log_error })
}
