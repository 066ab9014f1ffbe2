//! The law of the estimate: the whole procedure, choice of the model included, on tables that could as well have come out.
//!
//! ```text
//! n* ~ multinomial(N, (f0, n_1, n_2, ...) / N),  N = D + f0        N_i = max(D, D* + f0*)
//! ```
//! The cells seen are drawn with the shares that were seen, which no choice of a model has smoothed, and the unseen one with
//! the estimate. Every model is fitted to each table anew, and weighed anew.
//!
//! Drawn from the fit of the best model instead, the tables know less of the dependence that the choice overlooked, and the
//! interval misses the truth where lists depend on each other moderately. The test of coverage in
//! [`multiple_systems`](crate::estimator::multiple_systems) gives figures.
//!
//! # References
//! B. Efron (2014), Estimation and accuracy after model selection, Journal of the American Statistical Association 109(507), 991-1007.
//! E. A. Cornish, R. A. Fisher (1938), Moments and cumulants in the specification of distributions, Revue de l'Institut International de Statistique 5(4), 307-320.

use super::choice::Choice;
use super::model::Set;
use super::table::Table;
use crate::estimator::numeric::normal;

/// What the estimate would have been: N of each replicate; infinite where no model can be estimated.
///
/// `uniform` gives the number between 0 and 1 that draws the count of a history in a replicate.
pub fn replicates(
    table: &Table,
    choice: &mut Choice,
    unseen: f64,
    count: usize,
    uniform: impl Fn(Set, u64) -> f64,
) -> Vec<f64> {
    let observed = table.observed();
    let mut counts = vec![0.0; table.counts().len()];
    let mut room = Vec::new();
    (0..count as u64)
        .map(|replicate| {
            redraw(table, unseen, &mut counts, |history| uniform(history, replicate));
            let seen: f64 = counts.iter().sum();
            let all = choice.unseen_of(&counts, &mut room).map_or(f64::INFINITY, |unseen| seen + unseen);
            all.max(observed)
        })
        .collect()
}

/// Draws a table: each history in turn has a binomial part of the units that are left.
fn redraw(table: &Table, unseen: f64, counts: &mut [f64], uniform: impl Fn(Set) -> f64) {
    let mut units = libm::round(table.observed() + unseen);
    let mut share = table.observed() + unseen;
    for ((history, mean), count) in table.cells().zip(counts) {
        *count = if mean > 0.0 { binomial(uniform(history), units, (mean / share).min(1.0)) } else { 0.0 };
        units -= *count;
        share -= mean;
    }
}

/// Up to this mean a binomial quantile is summed up exactly; above it Cornish and Fisher's expansion to the third order is
/// within one of it.
const MOST_SUMMED: f64 = 50.0;

/// The quantile of a binomial law.
fn binomial(u: f64, units: f64, share: f64) -> f64 {
    if units <= 0.0 {
        return 0.0;
    }
    if share > 0.5 {
        return units - binomial(1.0 - u, units, 1.0 - share);
    }
    let mean = units * share;
    if mean > MOST_SUMMED {
        let variance = mean * (1.0 - share);
        let (sd, z) = (libm::sqrt(variance), normal::quantile(u));
        let skewness = (1.0 - 2.0 * share) / sd;
        let excess = (1.0 - 6.0 * share * (1.0 - share)) / variance;
        let bend = skewness * (z * z - 1.0) / 6.0 + excess * z * (z * z - 3.0) / 24.0
            - skewness * skewness * z * (2.0 * z * z - 5.0) / 36.0;
        return libm::round(mean + sd * (z + bend)).clamp(0.0, units);
    }
    let odds = share / (1.0 - share);
    let (mut count, mut probability) = (0.0, libm::exp(units * libm::log1p(-share)));
    let mut below = probability;
    // Where the sum stops short of `u` by rounding, the probability has long been nothing.
    while below < u && count < units && probability > 1e-300 {
        probability *= odds * (units - count) / (count + 1.0);
        count += 1.0;
        below += probability;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::numeric::law::Law;

    #[test]
    fn binomial_quantiles_are_those_of_the_law() {
        for (units, share) in [(1.0, 0.3), (12.0, 0.5), (400.0, 0.02), (400.0, 0.98), (90.0, 0.5)] {
            let law = Law::binomial(units, share).expect("a law");
            for step in 1..200 {
                let u = f64::from(step) / 200.0 + 1e-7;
                assert!((binomial(u, units, share) - law.quantile(u)).abs() < 0.5, "{units} {share} {u}");
            }
        }
        for (units, share) in [(1000.0, 0.06), (1e4, 0.3), (1e6, 0.9999), (1e6, 0.001)] {
            let law = Law::binomial(units, share).expect("a law");
            let off = |u: f64| (binomial(u, units, share) - law.quantile(u)).abs();
            let offs: Vec<f64> = (1..2000).map(|step| off(f64::from(step) / 2000.0)).collect();
            assert!(offs.iter().all(|off| *off < 1.5), "{units} {share}");
            // Nearly always the same, and off by one where the law jumps near u.
            assert!(offs.iter().sum::<f64>() < 20.0, "{units} {share} {}", offs.iter().sum::<f64>());
        }
        let rare = Law::poisson(0.1).expect("a law");
        assert!((binomial(0.999_999_9, 1e12, 1e-13) - rare.quantile(0.999_999_9)).abs() < 0.5);
        assert!(binomial(0.5, 0.0, 0.5) == 0.0);
    }

    #[test]
    fn a_table_is_drawn_around_itself() {
        use crate::estimator::numeric::draw::Stream;
        let cells =
            [(0b001, 312.0), (0b010, 187.0), (0b011, 41.0), (0b101, 5.0), (0b110, 0.0), (0b111, 11.0)];
        let table = Table::of(3, &cells).expect("three lists");
        let mut counts = vec![0.0; 7];
        let mut sums = [[0.0; 7]; 2];
        let rounds = 4096_u64;
        for round in 0..rounds {
            let uniform = |history: Set| Stream::new(5, &history.to_string()).spread(round);
            redraw(&table, 400.0, &mut counts, uniform);
            for (place, count) in counts.iter().enumerate() {
                sums[0][place] += count / rounds as f64;
                sums[1][place] += count * count / rounds as f64;
            }
        }
        for (place, n) in table.counts().iter().enumerate() {
            let (mean, variance) = (sums[0][place], sums[1][place] - sums[0][place] * sums[0][place]);
            let law = n * (1.0 - n / 956.0);
            assert!(
                (mean - n).abs() < 0.1 + 0.01 * n && (variance - law).abs() < 0.1 * law + 1e-12,
                "{place}"
            );
        }
    }
}
