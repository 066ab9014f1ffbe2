//! Meta-analysis: estimates of one thing by several studies, pooled with what they differ by and with what may explain it.
//!
//! ```text
//! y = X b + u + e, var e = v known, var u = tau2       X the intercept alone where studies are only pooled
//! Q = sum w (y - x b)^2 with w = 1 / v                ~ chi-squared, k - p degrees, where tau2 is 0
//! I2 = max(0, (Q - (k - p)) / Q), H2 = Q / (k - p)     by Q
//! I2 = tau2 / (tau2 + s2), H2 = 1 + tau2 / s2          by tau2, with the typical variance s2 = (k - p) / tr P, w = 1 / v
//! Knapp and Hartung: cov b times s = sum w (y - x b)^2 / (k - p), w = 1 / (v + tau2), and t with k - p degrees;
//!                    truncated: s not below 1
//! Q-profile: the tau2 at which Q(tau2) is a quantile of chi-squared with k - p degrees; 0 where Q is below it from the start
//! prediction of a further study: b +- z sqrt(tau2 + se^2), or t with k - 2 degrees, or t with k - 1 and Knapp and Hartung's se
//! R2 = max(0, (tau2 without X - tau2 with X) / tau2 without X); of equal effects 1 - (Q_X / (k - p)) / (Q_1 / (k - 1))
//! ```
//! With two to five studies tau2 is hardly known, whatever the estimator: Knapp and Hartung's interval then keeps its level best,
//! and is wide. Truncation guards against studies that agree by chance.
//! Estimates that share a source or an input are not independent; [`Observations::correlated`] takes their covariances, and all
//! that is above holds with `W^-1 = S + tau2 I`.
//!
//! # References
//! W. Viechtbauer (2010), Conducting meta-analyses in R with the metafor package, Journal of Statistical Software 36(3).
//! J. P. T. Higgins, S. G. Thompson (2002), Quantifying heterogeneity in a meta-analysis, Statistics in Medicine 21(11), 1539-1558.
//! G. Knapp, J. Hartung (2003), Improved tests for a random effects meta-regression with a single covariate, Statistics in Medicine 22(17), 2693-2710.
//! W. Viechtbauer (2007), Confidence intervals for the amount of heterogeneity in meta-analysis, Statistics in Medicine 26(1), 37-52.
//! J. P. T. Higgins, S. G. Thompson, D. J. Spiegelhalter (2009), A re-evaluation of random-effects meta-analysis, Journal of the Royal Statistical Society A 172(1), 137-159.

pub mod effect_size;

use super::law::Law;
use super::random_effects::moment::{Between, Variance, between, where_quadratic_of};
use super::random_effects::{Fit, Observations};
use super::sample::sum;

/// The lower and the upper end.
pub type Interval = [f64; 2];

/// How much the studies differ beyond chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heterogeneity {
    /// Q.
    pub q: f64,
    /// Its degrees of freedom.
    pub degrees: usize,
    /// The probability of such a Q or a greater one where tau2 is 0.
    pub p_value: f64,
    /// I2 by Q, from 0 to 1.
    pub i2: f64,
    /// H2 by Q.
    pub h2: f64,
    /// The typical variance s2.
    pub typical: f64,
}

impl Heterogeneity {
    /// None where there are no more studies than coefficients.
    pub fn of(studies: &Observations) -> Option<Self> {
        let degrees = studies.degrees();
        let chi_squared = Law::chi_squared(degrees as f64).ok()?;
        let fit = studies.fit(0.0);
        let (q, expected) = (fit.quadratic, degrees as f64);
        Some(Self {
            q,
            degrees,
            p_value: chi_squared.sf(q),
            i2: if q > expected { (q - expected) / q } else { 0.0 },
            h2: q / expected,
            typical: expected / fit.trace(),
        })
    }

    /// I2 and H2 by tau2.
    pub fn by_variance(&self, tau2: f64) -> (f64, f64) {
        (tau2 / (tau2 + self.typical), 1.0 + tau2 / self.typical)
    }
}

/// The interval of tau2 that holds the probability `level`, by the Q-profile.
pub fn q_profile(studies: &Observations, level: f64) -> Option<Interval> {
    let chi_squared = Law::chi_squared(studies.degrees() as f64).ok()?;
    let tail = (1.0 - level) / 2.0;
    let at = |value: f64| where_quadratic_of(studies, value);
    Some([at(chi_squared.upper_quantile(tail)), at(chi_squared.quantile(tail))])
}

/// The coefficients by one estimator of tau2.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The variance between studies; none where it is taken as 0.
    pub variance: Option<Variance>,
    size: usize,
    fit: Fit,
    covariance: Vec<Vec<f64>>,
}

/// Where the standard errors come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errors {
    /// From the weights, with the normal law.
    Normal,
    /// From the weights and what is left, with Student's t.
    KnappHartung,
    /// The same, and never less than from the weights alone.
    KnappHartungTruncated,
}

/// A coefficient with its test and its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// Its value.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Value over standard error; none where the studies agree so that there is no error.
    pub statistic: Option<f64>,
    /// The probability of such a statistic or one further from 0, where the coefficient is 0.
    pub p_value: Option<f64>,
    /// The interval.
    pub interval: Interval,
}

/// A test that all coefficients but the first are 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Omnibus {
    /// Chi-squared; F where the errors are those of Knapp and Hartung.
    pub statistic: f64,
    /// How many coefficients.
    pub degrees: usize,
    /// Studies less coefficients; only F has them.
    pub denominator: Option<usize>,
    /// The probability of such a statistic or a greater one.
    pub p_value: f64,
}

/// What a prediction interval is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prediction {
    /// The normal law.
    Normal,
    /// Student's t with k - 2 degrees (Higgins, Thompson and Spiegelhalter).
    LessTwo,
    /// Student's t with k - 1 degrees and the standard error of Knapp and Hartung.
    KnappHartung,
}

impl Model {
    /// None where an estimator of tau2 has no degrees of freedom.
    pub fn new(studies: &Observations, method: Between) -> Option<Self> {
        let variance = between(studies, method);
        if variance.is_none() && method != Between::None {
            return None;
        }
        let fit = studies.fit(variance.map_or(0.0, |variance| variance.tau2));
        let covariance = fit.covariance();
        Some(Self { variance, size: studies.size(), fit, covariance })
    }

    /// The covariances of the coefficients, from the weights.
    pub fn covariance(&self) -> &[Vec<f64>] {
        &self.covariance
    }

    /// The variance between studies, 0 where it is taken as such.
    pub fn tau2(&self) -> f64 {
        self.variance.map_or(0.0, |variance| variance.tau2)
    }

    fn degrees(&self) -> usize {
        self.size - self.covariance.len()
    }

    /// What variances are multiplied by, and the law of a statistic.
    fn scale(&self, errors: Errors) -> Option<(f64, Law)> {
        if errors == Errors::Normal {
            return Some((1.0, Law::normal()));
        }
        let degrees = self.degrees() as f64;
        let law = Law::student_t(degrees).ok()?;
        let scale = self.fit.quadratic / degrees;
        Some((if errors == Errors::KnappHartung { scale } else { scale.max(1.0) }, law))
    }

    /// The coefficients with intervals that hold the probability `level`; none where no degrees of freedom are left.
    pub fn coefficients(&self, errors: Errors, level: f64) -> Option<Vec<Coefficient>> {
        let (scale, law) = self.scale(errors)?;
        let factor = law.upper_quantile((1.0 - level) / 2.0);
        let coefficient = |(i, value): (usize, &f64)| {
            let standard_error = libm::sqrt(scale * self.covariance[i][i]);
            let statistic = (standard_error > 0.0).then(|| value / standard_error);
            let reach = factor * standard_error;
            Coefficient {
                value: *value,
                standard_error,
                statistic,
                p_value: statistic.map(|statistic| 2.0 * law.sf(statistic.abs())),
                interval: [value - reach, value + reach],
            }
        };
        Some(self.fit.coefficients.iter().enumerate().map(coefficient).collect())
    }

    /// The first coefficient: the mean where there is no other.
    pub fn mean(&self, errors: Errors, level: f64) -> Option<Coefficient> {
        self.coefficients(errors, level)?.first().copied()
    }

    /// Tests the coefficients after the first together; none where there is none or nothing is left to test with.
    pub fn omnibus(&self, errors: Errors) -> Option<Omnibus> {
        let degrees = self.covariance.len() - 1;
        if degrees == 0 {
            return None;
        }
        let (scale, _) = self.scale(errors)?;
        let wald = self.fit.wald(1);
        if errors == Errors::Normal {
            let p_value = Law::chi_squared(degrees as f64).ok()?.sf(wald);
            return Some(Omnibus { statistic: wald, degrees, denominator: None, p_value });
        }
        let statistic = wald / (scale * degrees as f64);
        let p_value = Law::f(degrees as f64, self.degrees() as f64).ok()?.sf(statistic);
        let denominator = Some(self.degrees());
        (scale > 0.0).then_some(Omnibus { statistic, degrees, denominator, p_value })
    }

    /// Where the true value of a further study lies with the probability `level`; none where tau2 is taken as 0, or where
    /// the law has no degrees of freedom.
    pub fn prediction(&self, rule: Prediction, level: f64) -> Option<Interval> {
        let tau2 = self.variance?.tau2;
        let (errors, law) = match rule {
            Prediction::Normal => (Errors::Normal, Law::normal()),
            Prediction::LessTwo => (Errors::Normal, Law::student_t(self.size.checked_sub(2)? as f64).ok()?),
            Prediction::KnappHartung => {
                (Errors::KnappHartung, Law::student_t(self.size.checked_sub(1)? as f64).ok()?)
            }
        };
        let mean = self.mean(errors, level)?;
        let spread = libm::sqrt(tau2 + mean.standard_error * mean.standard_error);
        let reach = law.upper_quantile((1.0 - level) / 2.0) * spread;
        Some([mean.value - reach, mean.value + reach])
    }
}

/// The part of the variance between studies that the columns explain, from 0 to 1; none where there is nothing to explain.
pub fn explained(studies: &Observations, method: Between) -> Option<f64> {
    let alone = Observations::about_a_mean(studies.y().to_vec(), studies.variances().to_vec()).ok()?;
    let part = if method == Between::None {
        1.0 - Heterogeneity::of(studies)?.h2 / Heterogeneity::of(&alone)?.h2
    } else {
        let without = between(&alone, method)?.tau2;
        (without - between(studies, method)?.tau2) / without
    };
    part.is_finite().then(|| part.max(0.0))
}

/// The harmonic mean of sizes.
pub fn harmonic_mean(sizes: &[f64]) -> f64 {
    sizes.len() as f64 / sum(sizes.iter().map(|size| 1.0 / size))
}

#[cfg(test)]
mod tests;
