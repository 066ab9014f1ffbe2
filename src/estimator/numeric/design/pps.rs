//! Variance of totals after drawing with unequal chances and without replacement, from the chances of pairs.
//!
//! ```text
//! V  = sum over i, j of D_ij z_i z_j                     Horvitz-Thompson
//! V  = -1/2 sum over i /= j of D_ij (z_i - z_j)^2        Yates-Grundy, for a sample of fixed size
//! z_i = y_i / pi_i,   D_ij = 1 - pi_i pi_j / pi_ij,   D_ii = 1 - pi_i
//! ```
//!
//! Where the chances of pairs are not known:
//!
//! ```text
//! pi_i pi_j / pi_ij = (n - (pi_i + pi_j) / 2) / (n - 1)           Overton
//!                   = (n - pi_i - pi_j + c) / (n - 1)             Hartley-Rao, c = sum over the population of pi^2 / n
//! ```
//!
//! Brewer's approximation needs no pairs and is a stage drawn [`WithChance`](super::Drawn::WithChance); drawing with
//! replacement (Hansen-Hurwitz) is a stage of its own too. Yates-Grundy is rarely negative, Horvitz-Thompson may well be:
//! a negative variance is given as it is, and has no standard error.
//!
//! # References
//! D. G. Horvitz, D. J. Thompson (1952), A Generalization of Sampling Without Replacement from a Finite Universe, JASA 47, 663-685.
//! F. Yates, P. M. Grundy (1953), Selection Without Replacement from Within Strata with Probability Proportional to Size, JRSS B 15, 253-261.
//! H. O. Hartley, J. N. K. Rao (1962), Sampling with Unequal Probabilities and without Replacement, Annals of Mathematical Statistics 33, 350-374.
//! W. S. Overton, S. V. Stehman (1995), The Horvitz-Thompson Theorem as a Unifying Perspective for Probability Sampling, The American Statistician 49, 261-268.

use crate::estimator::numeric::sample::sum;

/// What is known of the chances that two units are both drawn.
#[derive(Debug, Clone, Copy)]
pub enum Pairs<'a> {
    /// Each of them.
    Known(&'a [Vec<f64>]),
    /// By Overton's approximation.
    Overton,
    /// By that of Hartley and Rao; c as given, or estimated by the mean chance of the units drawn.
    HartleyRao(Option<f64>),
}

/// The form of the variance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Of products.
    HorvitzThompson,
    /// Of differences.
    YatesGrundy,
}

/// The work grows with the square of the units.
const MOST_UNITS: usize = 20_000;

/// The covariance of two totals, or the variance of one, from the weighted values `z` of the units drawn and their chances.
pub fn covariance(
    one: &[f64],
    other: &[f64],
    chances: &[f64],
    pairs: Pairs<'_>,
    form: Form,
) -> Result<f64, String> {
    let count = chances.len();
    check(one, other, chances, pairs)?;
    let n = count as f64;
    let estimated = sum(chances.iter().copied()) / n;
    let d = |i: usize, j: usize| {
        let (a, b) = (chances[i], chances[j]);
        match pairs {
            _ if i == j => 1.0 - a,
            Pairs::Known(known) => 1.0 - a * b / known[i][j],
            Pairs::Overton => 1.0 - (n - f64::midpoint(a, b)) / (n - 1.0),
            Pairs::HartleyRao(c) => 1.0 - (n - a - b + c.unwrap_or(estimated)) / (n - 1.0),
        }
    };
    let value = match form {
        Form::HorvitzThompson => {
            sum((0..count).map(|i| sum((0..count).map(|j| d(i, j) * one[i] * other[j]))))
        }
        Form::YatesGrundy => {
            let term = |i: usize, j: usize| d(i, j) * (one[i] - one[j]) * (other[i] - other[j]);
            -0.5 * sum((0..count).map(|i| sum((0..count).filter(|j| *j != i).map(|j| term(i, j)))))
        }
    };
    if value.is_finite() { Ok(value) } else { Err(format!("the variance is {value}")) }
}

fn check(one: &[f64], other: &[f64], chances: &[f64], pairs: Pairs<'_>) -> Result<(), String> {
    let count = chances.len();
    if one.len() != count || other.len() != count {
        return Err("each unit has one value and one chance".to_owned());
    }
    if !(2..=MOST_UNITS).contains(&count) {
        return Err(format!("{count} units were drawn, and pairs need from 2 to {MOST_UNITS}"));
    }
    let is_chance = |chance: f64| chance > 0.0 && chance <= 1.0;
    if let Some(chance) = chances.iter().find(|chance| !is_chance(**chance)) {
        return Err(format!("a unit was drawn with the chance {chance}, which must be above 0 and up to 1"));
    }
    let Pairs::Known(known) = pairs else { return Ok(()) };
    if known.len() != count || known.iter().any(|row| row.len() != count) {
        return Err(format!("the chances of pairs are no square of {count}"));
    }
    for (i, row) in known.iter().enumerate() {
        for (j, chance) in row.iter().enumerate() {
            // Printed chances are rounded.
            let most = chances[i].min(chances[j]) * (1.0 + 1e-6);
            if !(is_chance(*chance) && *chance <= most && (chance - known[j][i]).abs() <= 1e-6 * chance) {
                return Err(format!(
                    "the chance of the pair {}, {} is {chance}, and must be above 0, at most that of each, and the same both ways",
                    i + 1,
                    j + 1
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Simple sampling of n from N has pi = n/N and pi_ij = n(n-1) / (N(N-1)): both forms give N^2 (1 - f) s^2 / n.
        #[test]
        fn equal_chances_give_simple_sampling(values in proptest::collection::vec(-10.0..10.0_f64, 2..12), more in 0_u32..30) {
            let n = values.len() as f64;
            let size = n + f64::from(more);
            let z: Vec<f64> = values.iter().map(|y| y * size / n).collect();
            let known: Vec<Vec<f64>> = (0..values.len())
                .map(|i| (0..values.len())
                    .map(|j| if i == j { n / size } else { n * (n - 1.0) / (size * (size - 1.0)) })
                    .collect())
                .collect();
            let mean = sum(values.iter().copied()) / n;
            let s2 = sum(values.iter().map(|y| (y - mean) * (y - mean))) / (n - 1.0);
            let expected = size * size * (1.0 - n / size) * s2 / n;
            let chances = vec![n / size; values.len()];
            for pairs in [Pairs::Known(&known), Pairs::Overton, Pairs::HartleyRao(None)] {
                let yates = covariance(&z, &z, &chances, pairs, Form::YatesGrundy).expect("a sample");
                prop_assert!((yates - expected).abs() < 1e-9 * (1.0 + expected), "{yates} {expected}");
            }
            let plain = covariance(&z, &z, &chances, Pairs::Known(&known), Form::HorvitzThompson).expect("a sample");
            prop_assert!((plain - expected).abs() < 1e-8 * (1.0 + expected), "{plain} {expected}");
        }

        #[test]
        fn a_total_that_is_known_has_no_variance(chances in proptest::collection::vec(0.05..1.0_f64, 2..12)) {
            // A value in proportion to the chance: every sample of this size gives the same total.
            let z = vec![3.0; chances.len()];
            for pairs in [Pairs::Overton, Pairs::HartleyRao(None)] {
                let variance = covariance(&z, &z, &chances, pairs, Form::YatesGrundy).expect("a sample");
                prop_assert!(variance == 0.0);
            }
        }
    }

    /// Every sample of two of four units, with the chance of each: both variances average to that of the totals.
    #[test]
    fn both_forms_are_unbiased_over_all_samples() {
        let samples = [(0, 1, 0.10), (0, 2, 0.20), (0, 3, 0.15), (1, 2, 0.25), (1, 3, 0.05), (2, 3, 0.25)];
        let y = [3.0, 7.0, 1.0, 12.0];
        let chance_of = |unit| -> f64 {
            samples.iter().filter(|(i, j, _)| *i == unit || *j == unit).map(|sample| sample.2).sum()
        };
        let total: f64 = y.iter().sum();
        let (mut spread, mut plain, mut yates) = (0.0, 0.0, 0.0);
        for (i, j, chance) in samples {
            let chances = [chance_of(i), chance_of(j)];
            let z = [y[i] / chances[0], y[j] / chances[1]];
            let known = [vec![chances[0], chance], vec![chance, chances[1]]];
            let of = |form| covariance(&z, &z, &chances, Pairs::Known(&known), form).expect("a sample");
            spread += chance * (z[0] + z[1] - total) * (z[0] + z[1] - total);
            plain += chance * of(Form::HorvitzThompson);
            yates += chance * of(Form::YatesGrundy);
        }
        assert!((plain / spread - 1.0).abs() < 1e-12 && (yates / spread - 1.0).abs() < 1e-12);
    }

    #[test]
    fn impossible_chances_are_refused() {
        let refused = |chances: &[f64], pairs| {
            covariance(&[1.0, 2.0], &[1.0, 2.0], chances, pairs, Form::HorvitzThompson).expect_err("refused")
        };
        assert!(refused(&[0.5, 0.0], Pairs::Overton).contains("chance 0"));
        assert!(refused(&[0.5], Pairs::Overton).contains("one value"));
        let known = [vec![0.5, 0.0], vec![0.0, 0.5]];
        assert!(refused(&[0.5, 0.5], Pairs::Known(&known)).contains("pair 1, 2"));
        assert!(covariance(&[1.0], &[1.0], &[0.5], Pairs::Overton, Form::YatesGrundy).is_err());
    }
}
