//! One model of a table, with all that is reported of it.

use super::model::{Lattice, Set, Terms};
use super::table::Table;
use crate::estimator::numeric::normal;
use crate::estimator::numeric::poisson_regression::{self as regression, Design, Fit, NoFit};
use crate::estimator::numeric::unseen::Unseen;

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The terms beside the intercept and the lists.
    pub terms: Terms,
    /// The intercept, the lists and the terms, in the order of the coefficients.
    pub sets: Vec<Set>,
    /// The regression.
    pub fit: Fit,
    /// The units seen.
    pub observed: f64,
}

impl Fitted {
    /// Fits the terms to a table.
    pub fn new(table: &Table, terms: Terms) -> Result<Self, NoFit> {
        let lattice = Lattice::new(table.lists(), terms);
        let fit = regression::fit(&Design::new(&lattice.rows())?, table.counts())?;
        Ok(Self { terms, sets: lattice.sets().to_vec(), fit, observed: table.observed() })
    }

    /// The units on no list, f0.
    pub fn unseen(&self) -> f64 {
        libm::exp(self.fit.coefficients[0])
    }

    /// The law of N, with the variance `f0 + f0^2 var(b0)`: that of the intercept and that of a Poisson count.
    pub fn law(&self) -> Unseen {
        let unseen = self.unseen();
        Unseen {
            observed: self.observed,
            unseen,
            variance: unseen + unseen * unseen * self.fit.covariance[0][0],
        }
    }

    /// The standard error of f0 where the intercept alone is uncertain.
    pub fn conditional_error(&self) -> f64 {
        self.unseen() * libm::sqrt(self.fit.covariance[0][0])
    }

    /// How many coefficients.
    pub fn parameters(&self) -> f64 {
        self.sets.len() as f64
    }

    /// How many cells the table has more than the model has coefficients.
    pub fn degrees(&self) -> f64 {
        self.cells() - self.parameters()
    }

    fn cells(&self) -> f64 {
        self.fit.fitted.len() as f64
    }

    /// Akaike's criterion.
    pub fn aic(&self) -> f64 {
        self.criterion(2.0)
    }

    /// Akaike's criterion with the correction for few cells; none where they are too few.
    pub fn aic_corrected(&self) -> Option<f64> {
        let (p, rest) = (self.parameters(), self.degrees() - 1.0);
        (rest > 0.0).then(|| self.aic() + 2.0 * p * (p + 1.0) / rest)
    }

    /// The Bayesian criterion with the number of cells as the sample's size.
    pub fn bic_of_cells(&self) -> f64 {
        self.criterion(libm::log(self.cells()))
    }

    /// The Bayesian criterion with the number of units seen as the sample's size.
    pub fn bic_of_units(&self) -> f64 {
        self.criterion(libm::log(self.observed))
    }

    /// Twice the logarithm of the likelihood, taken off from what the coefficients cost.
    fn criterion(&self, each: f64) -> f64 {
        each * self.parameters() - 2.0 * self.fit.log_likelihood
    }

    /// The interval `D + exp(b0 -+ z se(b0))`.
    pub fn wald_interval(&self, level: f64) -> [f64; 2] {
        let reach = normal::coverage_factor(level) * libm::sqrt(self.fit.covariance[0][0]);
        [-reach, reach].map(|reach| self.observed + libm::exp(self.fit.coefficients[0] + reach))
    }
}

/// The weights `exp(-difference / 2)` of models by a criterion, which sum to 1.
pub fn weights(criteria: &[f64]) -> Vec<f64> {
    let least = criteria.iter().copied().fold(f64::INFINITY, f64::min);
    let raw: Vec<f64> = criteria.iter().map(|criterion| libm::exp((least - criterion) / 2.0)).collect();
    let total: f64 = raw.iter().sum();
    raw.into_iter().map(|weight| weight / total).collect()
}

/// A mean over models, and its standard error with the spread between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Average {
    /// The weighted mean.
    pub value: f64,
    /// `sum w sqrt(var + (N - mean)^2)`: Buckland, Burnham and Augustin (1997), and Burnham and Anderson (1998).
    pub standard_error: f64,
    /// `sqrt(sum w (var + (N - mean)^2))`: the variance of the mixture of the models.
    pub mixture_error: f64,
}

/// The mean of what models say, each with its variance, by weights that sum to 1.
pub fn average(weights: &[f64], laws: &[(f64, f64)]) -> Average {
    let mean = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        weights.iter().zip(laws).map(|(weight, (value, variance))| weight * of(*value, *variance)).sum()
    };
    let value = mean(&|value, _| value);
    let spread = |other: f64, variance: f64| variance + (other - value) * (other - value);
    Average {
        value,
        standard_error: mean(&|other, variance| libm::sqrt(spread(other, variance))),
        mixture_error: libm::sqrt(mean(&spread)),
    }
}
