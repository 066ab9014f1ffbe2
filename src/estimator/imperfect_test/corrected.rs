//! One test of a sample, corrected by its panels.

use super::panels::Pooled;
use super::rogan_gladen::{self, Errors, Panel, bounded, lang_reiczigel};
use super::{Bottles, FEW_SAMPLES, usable};
use crate::estimator::design_based::proportions::Proportion;
use crate::estimator::design_based::sample::Sample;
use crate::estimator::numeric::counted::Counted;
use crate::estimator::numeric::sample;
use crate::estimator::{MOST_WITHOUT_DENOMINATOR, Part, Records, Refusal, Step};

/// A test with what it accuses and how often it errs.
pub(in crate::estimator) struct Corrected {
    /// The test.
    pub(super) name: String,
    /// p.
    pub(super) apparent: Proportion,
    /// Se.
    pub(super) sensitivity: f64,
    /// Sp.
    pub(super) specificity: f64,
    /// J.
    pub(super) youden: f64,
    /// pi.
    pub(super) prevalence: f64,
    pooled: Pooled,
}

impl Corrected {
    pub(super) fn of(
        bottles: &Bottles<'_>,
        drawn: &Sample<'_>,
        weights: &[f64],
        name: &str,
        pooled: Option<&Pooled>,
    ) -> Result<Self, Refusal> {
        let pooled = usable(name, pooled)?.clone();
        let Panel { true_positive, bad, true_negative, good } = pooled.panel;
        let (sensitivity, specificity) = (true_positive / bad, true_negative / good);
        let youden = rogan_gladen::youden(sensitivity, specificity);
        if youden <= 0.0 {
            return Err(Refusal::new(
                format!(
                    "the test {name} finds {:.1} % of the bad samples of its panels and accuses {:.1} % of the good ones, which tells no more than a coin",
                    100.0 * sensitivity,
                    100.0 * (1.0 - specificity)
                ),
                "look whether the panels' columns are mixed up, or use another test",
            ));
        }
        let rows = bottles.rows(drawn, weights);
        let apparent = rows.proportion(
            format!("accused by {name}"),
            |row| bottles.test.get(row) == Some(name),
            |row| bottles.accused[row],
        )?;
        let prevalence = (apparent.linear.value - (1.0 - specificity)) / youden;
        Ok(Self { name: name.to_owned(), apparent, sensitivity, specificity, youden, prevalence, pooled })
    }

    /// What the panels add to the variance of pi.
    pub(super) fn panel_variance(&self) -> f64 {
        let Panel { bad, good, .. } = self.pooled.effective();
        let [_, by_sensitivity, by_specificity] = rogan_gladen::gradient(self.prevalence, self.youden);
        let part = |slope: f64, rate: f64, n: f64| slope * slope * rate * (1.0 - rate) / n;
        part(by_sensitivity, self.sensitivity, bad) + part(by_specificity, self.specificity, good)
    }

    /// Draws of pi from those of p, with a note where a few tell no more than a coin.
    pub(super) fn draws(
        &self,
        panels: &Records,
        apparent: &[f64],
    ) -> Result<(Vec<f64>, Option<String>), Refusal> {
        let errors = Errors::of(&self.pooled.effective(), Counted::mid_p)
            .map_err(|reason| Refusal::new(reason, "look at the counts of the panels"))?;
        // The counts stand in the name, because the same test may have other panels for another purpose.
        let names = [
            format!(
                "sensitivity|{}|{}|{}",
                self.name, self.pooled.panel.true_positive, self.pooled.panel.bad
            ),
            format!(
                "specificity|{}|{}|{}",
                self.name, self.pooled.panel.true_negative, self.pooled.panel.good
            ),
        ];
        let streams = names.each_ref().map(|name| panels.stream(name));
        let coins = names.each_ref().map(|name| panels.stream(&format!("coin|{name}")));
        let mut draws: Vec<f64> = apparent
            .iter()
            .enumerate()
            .map(|(i, p)| {
                let i = i as u64;
                let [se, sp] =
                    errors.at(coins.map(|coin| coin.spread(i)), streams.map(|stream| stream.normal(i)));
                rogan_gladen::prevalence(*p, se, sp).unwrap_or(if *p > 1.0 - sp {
                    f64::INFINITY
                } else {
                    f64::NEG_INFINITY
                })
            })
            .collect();
        let count = draws.len();
        let without = draws.iter().filter(|draw| draw.is_infinite()).count();
        if without as f64 > MOST_WITHOUT_DENOMINATOR * count as f64 {
            return Err(Refusal::new(
                format!(
                    "the test {} tells no more than a coin in {without} of {count} draws of its sensitivity and specificity",
                    self.name
                ),
                "send larger panels for it, or use another test",
            ));
        }
        let finite = || draws.iter().copied().filter(|draw| draw.is_finite());
        let (low, high) =
            (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
        draws.iter_mut().filter(|draw| draw.is_infinite()).for_each(|draw| *draw = draw.clamp(low, high));
        let note = (without > 0).then(|| {
            format!(
                "in {without} of {count} draws the test {} tells no more than a coin; they count as the lowest or highest of the others",
                self.name
            )
        });
        Ok((draws, note))
    }

    /// The estimate for what this test has seen.
    pub(super) fn part(&self, draws: Vec<f64>, level: f64) -> Result<Part, Refusal> {
        let sample = sample::Sample::new(draws)
            .map_err(|reason| Refusal::new(reason, "look for figures out of all proportion"))?;
        Ok(Part {
            of: vec![("test".to_owned(), self.name.clone())],
            value: self.prevalence,
            low: sample.quantile((1.0 - level) / 2.0),
            high: sample.quantile(f64::midpoint(1.0, level)),
        })
    }

    pub(super) fn steps(&self, level: f64) -> Vec<Step> {
        let step = |name, value| Step { name, value };
        let sampled = &self.apparent.sampled;
        let mut steps = Vec::new();
        steps.extend(sampled.standard_error.map(|error| step("standard error of p", error)));
        steps.extend([
            step("effective count of p", sampled.count),
            step("bad samples of the panels", self.pooled.panel.bad),
            step("good samples of the panels", self.pooled.panel.good),
            step("sensitivity Se", self.sensitivity),
            step("specificity Sp", self.specificity),
            step("J = Se + Sp - 1", self.youden),
        ]);
        let found = sampled.count * sampled.value;
        if let Some(better) = lang_reiczigel(found, sampled.count, &self.pooled.effective(), level) {
            let [low, high] = better.interval.map(bounded);
            steps.push(step("Lang-Reiczigel interval, lower end", low));
            steps.push(step("Lang-Reiczigel interval, upper end", high));
        }
        steps
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let Panel { bad, good, .. } = self.pooled.panel;
        if bad < FEW_SAMPLES || good < FEW_SAMPLES {
            notes.push(format!(
                "the panels of the test {} hold {bad} bad and {good} good samples; with fewer than 30 of a kind the correction is known badly",
                self.name
            ));
        }
        if self.pooled.dispersion.iter().any(|phi| *phi > 1.0) {
            let [bad, good] = self.pooled.dispersion;
            notes.push(format!(
                "{} laboratories differ in the test {} more than chance explains, {bad:.1} times as much on bad samples and {good:.1} times on good ones; the panels count so much less",
                self.pooled.laboratories, self.name
            ));
        }
        notes
    }
}
