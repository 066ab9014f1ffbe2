//! Several proportions of one sample that go into one estimate: measured each, and drawn together.

use crate::estimator::numeric::design::linear::{Linear, ratio, within};
use crate::estimator::numeric::sampled::{Sampled, Unmeasured};
use crate::estimator::{Records, Refusal};

use super::sample::Sample;

/// A proportion of a sample with its scores.
pub(in crate::estimator) struct Proportion {
    /// Names it among those of its table, and its coin.
    pub(in crate::estimator) name: String,
    /// The ratio with the score of each row.
    pub(in crate::estimator) linear: Linear,
    /// Its error and law.
    pub(in crate::estimator) sampled: Sampled,
}

/// Rows of a table: what each is a part of, and how many it stands for.
pub(in crate::estimator) struct Rows<'a> {
    /// The table.
    pub(in crate::estimator) records: &'a Records,
    /// How it was drawn.
    pub(in crate::estimator) sample: &'a Sample<'a>,
    /// The weights; 0 in rows that are left out.
    pub(in crate::estimator) weights: &'a [f64],
    /// How much there is in a row.
    pub(in crate::estimator) whole: &'a [f64],
}

impl Rows<'_> {
    /// The part of the whole that is `found`, of the rows that are `inside`.
    pub(in crate::estimator) fn proportion(
        &self,
        name: impl Into<String>,
        inside: impl Fn(usize) -> bool,
        found: impl Fn(usize) -> bool,
    ) -> Result<Proportion, Refusal> {
        let name = name.into();
        let weights = within(self.weights, inside);
        let part = |(row, whole): (usize, &f64)| if found(row) { *whole } else { 0.0 };
        let part: Vec<f64> = self.whole.iter().enumerate().map(part).collect();
        let linear = ratio(&weights, &part, self.whole).map_err(|reason| {
            Refusal::new(
                format!("{name} cannot be told: {reason}"),
                "look for sizes that are 0 or out of all proportion",
            )
        })?;
        let size = |(weight, whole): (&f64, &f64)| if *weight == 0.0 { 0.0 } else { weight * whole };
        let sizes: Vec<f64> = weights.iter().zip(self.whole).map(size).collect();
        let sampled = Sampled::new(&self.sample.design, &linear, &sizes).map_err(|unmeasured| {
            match unmeasured {
                Unmeasured::Design(fault) => self.sample.refusal(&fault),
                Unmeasured::Alone => Refusal::new(
                    format!("all rows that tell {name} lie in one cluster of each stratum, and nothing shows how clusters differ"),
                    "send such rows of more clusters, or join strata that are alike",
                ),
                Unmeasured::Sizes(reason) => Refusal::new(
                    format!("{name} has no error that could be told: {reason}"),
                    "look for sizes and weights that are out of all proportion",
                ),
            }
        })?;
        Ok(Proportion { name, linear, sampled })
    }

    /// Draws of several proportions, which move together as their units do.
    pub(in crate::estimator) fn draws(
        &self,
        proportions: &[&Proportion],
        count: usize,
    ) -> Result<Vec<Vec<f64>>, Refusal> {
        let deviations: Vec<&[f64]> =
            proportions.iter().map(|proportion| proportion.sampled.deviations.as_slice()).collect();
        let errors = self.sample.errors(&deviations, count);
        let named = |name: &str| self.records.stream(name);
        proportions
            .iter()
            .zip(errors)
            .map(|(proportion, errors)| {
                proportion.sampled.draws(&errors, &proportion.name, &named).map_err(|reason| {
                    Refusal::new(reason, "look for sizes and weights that are out of all proportion")
                })
            })
            .collect()
    }
}
