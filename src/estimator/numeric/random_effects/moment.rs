//! The estimators of the variance between estimates, by their names in the literature.
//!
//! ```text
//! DL    (Q - (k - p)) / tr P                      with w = 1 / v
//! HE    (y' M y - tr M V) / (k - p)                M the projection with w = 1
//! HS    (Q - k) / sum w                            with w = 1 / v
//! SJ    s0 Q / (k - p), s0 = sum (y - mean)^2 / k   with w = 1 / (v + s0)
//! PM    Q(tau2) = k - p, also called empirical Bayes
//! ML, REML    the greatest likelihood, see `search`
//! ```
//! All are cut at 0. Their standard errors take the effects as normal:
//! ```text
//! DL    sqrt(2 (k - p) + 4 tau2 tr P + 2 tau2^2 tr PP) / tr P         HS the same over sum w
//! HE    sqrt(2 tr MVMV + 4 tau2 tr MV + 2 tau2^2 (k - p)) / (k - p)
//! SJ    s0 sqrt(2 tr PVPV + 4 tau2 tr PVP + 2 tau2^2 tr PP) / (k - p)
//! PM    sqrt(2 k^2 / (k - p)) / sum w ;  ML sqrt(2 / sum w^2) ;  REML sqrt(2 / tr PP)
//! ```
//!
//! # References
//! R. `DerSimonian`, N. Laird (1986), Meta-analysis in clinical trials, Controlled Clinical Trials 7(3), 177-188.
//! L. V. Hedges, I. Olkin (1985), Statistical Methods for Meta-Analysis, Academic Press.
//! J. E. Hunter, F. L. Schmidt (2004), Methods of Meta-Analysis, second edition, Sage.
//! K. Sidik, J. N. Jonkman (2005), A note on variance estimation in random effects meta-regression, Journal of Biopharmaceutical Statistics 15(5), 823-838.
//! R. C. Paule, J. Mandel (1982), Consensus values and weighting factors, Journal of Research of the National Bureau of Standards 87(5), 377-385.
//! W. Viechtbauer (2005), Bias and efficiency of meta-analytic variance estimators in the random-effects model, Journal of
//! Educational and Behavioral Statistics 30(3), 261-293.

use super::mean::Mean;
use super::search::{Likelihood, greatest, where_quadratic_is};
use super::{Fit, Line, Observations};
use crate::estimator::numeric::sample::sum;

/// How the variance between estimates is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// Not at all: the estimates are of one and the same value.
    None,
    /// DL.
    DerSimonianLaird,
    /// HE, also of Prasad and Rao.
    Hedges,
    /// HS.
    HunterSchmidt,
    /// SJ.
    SidikJonkman,
    /// PM, the same as empirical Bayes and as the moment estimator of Fay and Herriot.
    PauleMandel,
    /// ML.
    MaximumLikelihood,
    /// REML.
    RestrictedMaximumLikelihood,
}

/// The variance between estimates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variance {
    /// Its estimate, not below 0.
    pub tau2: f64,
    /// What the formula gave before it was cut at 0; the same where it cannot be negative.
    pub uncut: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// Estimates the variance between estimates; none where nothing is left beside the coefficients.
pub fn between(observations: &Observations, method: Between) -> Option<Variance> {
    let degrees = observations.degrees() as f64;
    if degrees == 0.0 {
        return None;
    }
    Some(match method {
        Between::None => return None,
        Between::DerSimonianLaird | Between::HunterSchmidt => weighted(observations, method, degrees),
        Between::Hedges => hedges(observations, degrees),
        Between::SidikJonkman => sidik_jonkman(observations, degrees),
        Between::PauleMandel => {
            let tau2 = where_quadratic_of(observations, degrees);
            let weights = sum(observations.variances().iter().map(|variance| 1.0 / (variance + tau2)));
            let standard_error = libm::sqrt(2.0 / degrees) * observations.size() as f64 / weights;
            Variance { tau2, uncut: tau2, standard_error }
        }
        Between::MaximumLikelihood => {
            let tau2 = likeliest(observations, Likelihood::Full);
            let squares = sum(observations.variances().iter().map(|variance| {
                let weight = 1.0 / (variance + tau2);
                weight * weight
            }));
            Variance { tau2, uncut: tau2, standard_error: libm::sqrt(2.0 / squares) }
        }
        Between::RestrictedMaximumLikelihood => {
            let tau2 = likeliest(observations, Likelihood::Restricted);
            let information = observations.fit(tau2).trace_of_square_with(|_| 1.0, |_| 1.0);
            Variance { tau2, uncut: tau2, standard_error: libm::sqrt(2.0 / information) }
        }
    })
}

/// The variance between estimates at which `Q` has a value; 0 where Q is not above it without any.
pub fn where_quadratic_of(observations: &Observations, value: f64) -> f64 {
    match loaded(observations) {
        Some(mut mean) => where_quadratic_is(&mut mean, value),
        None => where_quadratic_is(&mut Line(observations), value),
    }
}

fn likeliest(observations: &Observations, kind: Likelihood) -> f64 {
    match loaded(observations) {
        Some(mut mean) => greatest(&mut mean, kind),
        None => greatest(&mut Line(observations), kind),
    }
}

/// Estimates about a mean have a form without matrices.
fn loaded(observations: &Observations) -> Option<Mean> {
    let mut mean = Mean::default();
    let is_loaded =
        observations.is_about_a_mean() && mean.load(observations.y(), observations.variances()).is_ok();
    is_loaded.then_some(mean)
}

fn cut(uncut: f64, spread: impl Fn(f64) -> f64) -> Variance {
    let tau2 = uncut.max(0.0);
    Variance { tau2, uncut, standard_error: libm::sqrt(spread(tau2)) }
}

fn weighted(observations: &Observations, method: Between, degrees: f64) -> Variance {
    let fit = observations.fit(0.0);
    let (trace, square) = (fit.trace(), fit.trace_of_square_with(|_| 1.0, |_| 1.0));
    let (expected, divisor) = if method == Between::HunterSchmidt {
        (observations.size() as f64, sum(fit.weights()))
    } else {
        (degrees, trace)
    };
    cut((fit.quadratic - expected) / divisor, |tau2| {
        (2.0 * degrees + 4.0 * tau2 * trace + 2.0 * tau2 * tau2 * square) / (divisor * divisor)
    })
}

fn hedges(observations: &Observations, degrees: f64) -> Variance {
    let fit = observations.fit_unweighted();
    let variance = |i: usize| observations.variances()[i];
    let trace = fit.trace_with(variance);
    let square = fit.trace_of_square_with(variance, variance);
    cut((fit.quadratic - trace) / degrees, |tau2| {
        (2.0 * square + 4.0 * tau2 * trace + 2.0 * tau2 * tau2 * degrees) / (degrees * degrees)
    })
}

fn sidik_jonkman(observations: &Observations, degrees: f64) -> Variance {
    let start = observations.spread();
    let fit: Fit = observations.fit(start);
    let variance = |i: usize| observations.variances()[i];
    let squares = [
        fit.trace_of_square_with(variance, variance),
        fit.trace_of_square_with(variance, |_| 1.0),
        fit.trace_of_square_with(|_| 1.0, |_| 1.0),
    ];
    cut(start * fit.quadratic / degrees, |tau2| {
        let [both, one, none] = squares;
        start * start * (2.0 * both + 4.0 * tau2 * one + 2.0 * tau2 * tau2 * none) / (degrees * degrees)
    })
}
