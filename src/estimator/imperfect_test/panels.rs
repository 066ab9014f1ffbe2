//! Panels of samples whose truth is known: how often each test is right, over all laboratories that took part.
//!
//! ```text
//! Se = sum x_l / sum n_l          x_l of n_l found by laboratory l; Sp likewise
//! phi = max( 1, sum (x_l - n_l Se)^2 / (n_l Se (1-Se)) / (k-1) )          k laboratories
//! ```
//! Where laboratories differ more than chance explains, `phi` is above 1, and the panel counts as `x/phi` of `n/phi`: the rates of a mean
//! laboratory are known less well than so many samples of one would tell. The sample does not say which laboratory tested what, so that
//! one rate stands for all.
//!
//! # References
//! P. McCullagh, J. A. Nelder (1989), Generalized Linear Models, second edition, 4.5 (over-dispersion).

use std::collections::BTreeMap;

use super::rogan_gladen::Panel;
use crate::estimator::numeric::sample::sum;
use crate::estimator::{Records, Refusal};

/// All panels of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Pooled {
    /// The counts of all laboratories.
    pub panel: Panel,
    /// How many laboratories.
    pub laboratories: usize,
    /// phi of the sensitivity and of the specificity.
    pub dispersion: [f64; 2],
}

impl Pooled {
    /// From the panels of each laboratory.
    pub fn of(laboratories: &[Panel]) -> Self {
        let add = |count: fn(&Panel) -> f64| sum(laboratories.iter().map(count));
        let panel = Panel {
            true_positive: add(|panel| panel.true_positive),
            bad: add(|panel| panel.bad),
            true_negative: add(|panel| panel.true_negative),
            good: add(|panel| panel.good),
        };
        let counts = |pick: fn(&Panel) -> (f64, f64)| laboratories.iter().map(pick).collect::<Vec<_>>();
        Self {
            panel,
            laboratories: laboratories.len(),
            dispersion: [
                dispersion(&counts(|panel| (panel.true_positive, panel.bad))),
                dispersion(&counts(|panel| (panel.true_negative, panel.good))),
            ],
        }
    }

    /// What the panels are worth where laboratories differ.
    pub fn effective(&self) -> Panel {
        let Panel { true_positive, bad, true_negative, good } = self.panel;
        let [of_bad, of_good] = self.dispersion;
        Panel {
            true_positive: true_positive / of_bad,
            bad: bad / of_bad,
            true_negative: true_negative / of_good,
            good: good / of_good,
        }
    }
}

/// phi of groups with `x` found in `n` each; 1 where chance explains their differences.
pub fn dispersion(groups: &[(f64, f64)]) -> f64 {
    let groups: Vec<(f64, f64)> = groups.iter().copied().filter(|(_, n)| *n > 0.0).collect();
    let (found, all) = (sum(groups.iter().map(|group| group.0)), sum(groups.iter().map(|group| group.1)));
    let p = found / all;
    if groups.len() < 2 || found <= 0.0 || found >= all {
        return 1.0;
    }
    let distance = |(x, n): &(f64, f64)| (x - n * p) / (n * p * (1.0 - p)) * (x - n * p);
    (sum(groups.iter().map(distance)) / (groups.len() - 1) as f64).max(1.0)
}

/// The panels of each test.
pub fn by_test(records: &Records) -> Result<BTreeMap<String, Pooled>, Refusal> {
    let columns = ["true_positive", "false_negative", "true_negative", "false_positive"];
    let mut counts = Vec::with_capacity(columns.len());
    for column in columns {
        let numbers = records.numbers(column)?;
        if let Some(wrong) = numbers.iter().find(|number| !(**number >= 0.0 && number.is_finite())) {
            let what = if wrong.is_nan() { "is empty".to_owned() } else { format!("is {wrong}") };
            return Err(Refusal::new(
                format!("{column} {what} in a row of the panels"),
                "give all four counts of each panel, as numbers from 0",
            ));
        }
        counts.push(numbers);
    }
    let tests = records.texts("test")?;
    let laboratories = if records.has("laboratory") { Some(records.texts("laboratory")?) } else { None };
    let mut found: BTreeMap<String, BTreeMap<String, Panel>> = BTreeMap::new();
    for row in 0..records.rows() {
        let Some(test) = tests.get(row) else { continue };
        let laboratory = laboratories.and_then(|texts| texts.get(row)).unwrap_or_default();
        let panels = found.entry(test.to_owned()).or_default();
        let panel = panels.entry(laboratory.to_owned()).or_insert(Panel {
            true_positive: 0.0,
            bad: 0.0,
            true_negative: 0.0,
            good: 0.0,
        });
        let [true_positive, false_negative, true_negative, false_positive] =
            [0, 1, 2, 3].map(|column: usize| counts[column][row]);
        panel.true_positive += true_positive;
        panel.bad += true_positive + false_negative;
        panel.true_negative += true_negative;
        panel.good += true_negative + false_positive;
    }
    let pool = |panels: BTreeMap<String, Panel>| Pooled::of(&panels.into_values().collect::<Vec<_>>());
    Ok(found.into_iter().map(|(test, panels)| (test, pool(panels))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn panel(true_positive: f64, bad: f64, true_negative: f64, good: f64) -> Panel {
        Panel { true_positive, bad, true_negative, good }
    }

    /// 48 and 20 of 50: p = 0.68, (14^2 + 14^2) / (50 * 0.68 * 0.32) = 36.03 on one degree of freedom.
    #[test]
    fn laboratories_that_disagree_count_less() {
        let pooled = Pooled::of(&[panel(48.0, 50.0, 90.0, 100.0), panel(20.0, 50.0, 90.0, 100.0)]);
        assert_eq!(pooled.panel, panel(68.0, 100.0, 180.0, 200.0));
        let phi = 392.0 / 10.88;
        assert!((pooled.dispersion[0] - phi).abs() < 1e-12 && (pooled.dispersion[1] - 1.0).abs() < 1e-15);
        let effective = pooled.effective();
        assert!(
            (effective.bad - 100.0 / phi).abs() < 1e-12
                && (effective.true_positive - 68.0 / phi).abs() < 1e-12
        );
        assert!((effective.good - 200.0).abs() < 1e-12);
    }

    #[test]
    fn one_laboratory_and_perfect_ones_do_not_disagree() {
        assert!((dispersion(&[(5.0, 10.0)]) - 1.0).abs() < 1e-15);
        assert!((dispersion(&[(10.0, 10.0), (20.0, 20.0)]) - 1.0).abs() < 1e-15);
        assert!((dispersion(&[(0.0, 10.0), (0.0, 0.0)]) - 1.0).abs() < 1e-15);
        assert!((dispersion(&[]) - 1.0).abs() < 1e-15);
    }

    proptest! {
        #[test]
        fn the_rates_of_the_effective_panel_are_those_of_all(
            counts in proptest::collection::vec((0_u8..30, 1_u8..30, 0_u8..30, 1_u8..30), 1..5),
        ) {
            let laboratories: Vec<Panel> = counts
                .iter()
                .map(|(tp, fnn, tn, fp)| panel(f64::from(*tp), f64::from(*tp) + f64::from(*fnn), f64::from(*tn), f64::from(*tn) + f64::from(*fp)))
                .collect();
            let pooled = Pooled::of(&laboratories);
            let (all, effective) = (pooled.panel, pooled.effective());
            prop_assert!((all.true_positive / all.bad - effective.true_positive / effective.bad).abs() < 1e-12);
            prop_assert!((all.true_negative / all.good - effective.true_negative / effective.good).abs() < 1e-12);
            prop_assert!(effective.bad <= all.bad && effective.good <= all.good);
        }
    }
}
