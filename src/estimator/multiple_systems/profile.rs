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
    if low.is_none() && !(root_of_fall(top - 40.0) < 0.0) {
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
