//! Intervals of the number of units by the profile of the likelihood.
//!
//! ```text
//! Poisson       the intercept b0 is held, all else fitted to the cells seen:  2 (l - l(b0)) = z^2,  N = D + exp(b0)
//! multinomial   l(N) = log N! - log (N - D)! + sum n log p,  p the model's fit to the table with N - D in the unseen cell
//!               dl/dN = psi(N + 1) - psi(N - D + 1) + log p0(N) = 0 at the maximum,  2 (l - l(N)) = z^2 at the ends
//! ```
//! N need not be a whole number. The lower end of the second is D where the likelihood does not fall far enough down to there.
//!
//! # References
//! R. M. Cormack (1992), Interval estimation for mark-recapture studies of closed populations, Biometrics 48(2), 567-576.

use super::fitted::Fitted;
use super::model::Lattice;
use super::table::Table;
use crate::estimator::numeric::normal;
use crate::estimator::numeric::poisson_regression::{self as regression, Design, NoFit};
use crate::estimator::numeric::root;

/// The interval of N by the Poisson likelihood of the cells seen.
pub fn poisson_interval(table: &Table, fitted: &Fitted, level: f64) -> Result<[f64; 2], NoFit> {
    let design = Design::new(&Lattice::new(table.lists(), fitted.terms).rows())?;
    let ends = regression::profile_interval(&design, table.counts(), &fitted.fit, 0, level)?;
    Ok(ends.map(|end| fitted.observed + libm::exp(end)))
}

/// The maximum of the multinomial likelihood in N, and its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MultinomialProfile {
    /// Where the likelihood is largest.
    pub total: f64,
    /// Where it is less by the square of the normal quantile.
    pub interval: [f64; 2],
}

/// The profile of the multinomial likelihood in N.
pub fn multinomial_profile(table: &Table, fitted: &Fitted, level: f64) -> Result<MultinomialProfile, NoFit> {
    let lattice = Lattice::new(table.lists(), fitted.terms);
    let mut rows = vec![vec![0.0; fitted.sets.len()]];
    rows[0][0] = 1.0;
    rows.extend(lattice.rows());
    let design = Design::new(&rows)?;
    let mut counts = vec![0.0];
    counts.extend(table.counts());
    let observed = fitted.observed;

    // The slope of the likelihood and its height at the logarithm of the number unseen; not a number where there is no fit.
    let mut at = |log_unseen: f64| -> [f64; 2] {
        let unseen = libm::exp(log_unseen);
        let total = observed + unseen;
        counts[0] = unseen;
        let Ok(fit) = regression::fit(&design, &counts) else { return [f64::NAN; 2] };
        // The expectations add up to N, as the intercept is in the model.
        let log_p0 = libm::log1p(-fit.fitted[1..].iter().sum::<f64>() / total);
        let slope = digamma(total + 1.0) - digamma(unseen + 1.0) + log_p0;
        let seen = table.counts().iter().zip(&fit.fitted[1..]).filter(|(n, _)| **n > 0.0);
        let kernel: f64 = seen.map(|(n, mu)| n * libm::log(mu / total)).sum();
        [slope, log_rising(unseen, observed) + kernel + unseen * log_p0]
    };
    let start = libm::log(fitted.unseen());
    let direction = if at(start)[0] > 0.0 { 0.25 } else { -0.25 };
    let top = root::crossing_from(|u| at(u)[0], start, direction, 12).ok_or(NoFit::NotReached)?;
    let height = at(top)[1];
    let z = normal::coverage_factor(level);
    let mut root_of_fall = |u: f64| {
        let fall = height - at(u)[1];
        libm::sqrt(if fall < 0.0 { 0.0 } else { 2.0 * fall }) - z
    };
    let high = root::crossing_from(&mut root_of_fall, top, 0.5, 12).ok_or(NoFit::NotReached)?;
    let low = root::crossing_from(&mut root_of_fall, top, -0.5, 8);
    // There is no lower end above D only if the likelihood is still high where a part of 1e-17 is left of what is unseen.
    let is_high = |fall: f64| fall < 0.0;
    if low.is_none() && !is_high(root_of_fall(top - 40.0)) {
        return Err(NoFit::NotReached);
    }
    let ends = [low.map_or(0.0, libm::exp), libm::exp(high)];
    Ok(MultinomialProfile { total: observed + libm::exp(top), interval: ends.map(|end| observed + end) })
}

/// `log (unseen + more)! - log unseen!`, without the loss of digits of the difference where `unseen` is large.
fn log_rising(unseen: f64, more: f64) -> f64 {
    let (a, b) = (unseen + 1.0, unseen + more + 1.0);
    if a < 100.0 {
        return libm::lgamma(b) - libm::lgamma(a);
    }
    // Stirling's series of both.
    let tail = |x: f64| (1.0 - (1.0 - 2.0 / (7.0 * x * x)) / (30.0 * x * x)) / (12.0 * x);
    (a - 0.5) * libm::log1p(more / a) + more * libm::log(b) - more + tail(b) - tail(a)
}

/// The slope of the logarithm of the gamma function.
fn digamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < 12.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let s = 1.0 / (x * x);
    let series = s * (1.0 / 12.0 - s * (1.0 / 120.0 - s * (1.0 / 252.0 - s * (1.0 / 240.0 - s / 132.0))));
    sum + libm::log(x) - 0.5 / x - series
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::multiple_systems::model::Terms;

    /// Two independent lists: the multinomial likelihood of the table completed with N - D is known in closed form.
    fn closed_form(a: f64, b: f64, m: f64, total: f64) -> f64 {
        let (first, second) = (a + m, b + m);
        let entropy = |n: f64| n * (n / total).ln() + (total - n) * (1.0 - n / total).ln();
        libm::lgamma(total + 1.0) - libm::lgamma(total - a - b - m + 1.0) + entropy(first) + entropy(second)
    }

    #[test]
    fn two_independent_lists_in_closed_form() {
        let (a, b, m) = (168.0, 118.0, 32.0);
        let table = Table::of(2, &[(0b01, a), (0b10, b), (0b11, m)]).expect("two lists");
        let fitted = Fitted::new(&table, Terms::default()).expect("a fit");
        let profile = multinomial_profile(&table, &fitted, 0.95).expect("a profile");
        let top = closed_form(a, b, m, profile.total);
        assert!(
            closed_form(a, b, m, profile.total + 1.0) < top
                && closed_form(a, b, m, profile.total - 1.0) < top
        );
        let z = normal::coverage_factor(0.95);
        for end in profile.interval {
            assert!((2.0 * (top - closed_form(a, b, m, end)) - z * z).abs() < 1e-7, "{end}");
        }
        let [low, high] = poisson_interval(&table, &fitted, 0.95).expect("an interval");
        assert!(low < fitted.law().total() && fitted.law().total() < high);
    }

    #[test]
    fn where_nearly_all_are_seen_the_interval_begins_with_what_is_seen() {
        let table = Table::new(3, vec![2.0, 1.0, 20.0, 1.0, 25.0, 22.0, 300.0]).expect("three lists");
        let fitted = Fitted::new(&table, Terms::default()).expect("a fit");
        assert!(fitted.unseen() < 0.5);
        let profile = multinomial_profile(&table, &fitted, 0.95);
        // The top itself lies at D: the slope is negative everywhere above it, or nearly so.
        if let Ok(profile) = profile {
            assert!(
                profile.interval[0] >= 371.0 && profile.interval[0] < 371.5 && profile.interval[1] < 374.0
            );
        }
    }

    #[test]
    fn differences_of_gamma_functions() {
        assert!((digamma(1.0) + 0.577_215_664_901_532_9).abs() < 1e-14);
        assert!((digamma(0.5) + 1.963_510_026_021_423_5).abs() < 1e-14);
        assert!((digamma(1e9) - 20.723_265_836_446_41).abs() < 1e-12);
        for (unseen, more) in [(98.999, 700.0), (99.001, 700.0), (5000.0, 300.0)] {
            let plain = libm::lgamma(unseen + more + 1.0) - libm::lgamma(unseen + 1.0);
            assert!((log_rising(unseen, more) / plain - 1.0).abs() < 1e-12, "{unseen}");
        }
        // 1e12 times 1e12 + 1: the difference of the logarithms of their factorials keeps no digit.
        assert!((log_rising(1e12, 2.0) - 2.0 * libm::log(1e12)).abs() < 1e-10);
    }
}
