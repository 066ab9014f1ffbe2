//! The law of the coefficients of a least-squares fit, under different assumptions on the errors.
//!
//! ```text
//! classical      s^2 (X'WX)^-1                                                        t with n - k - G
//! otherwise      (X'WX)^-1 M (X'WX)^-1, with the scores z_i = w_i e_i x_i:
//! HC1            M = n / (n - k - G) sum z_i z_i'                                     t with n - k - G
//! HC2, HC3       M = sum z_i z_i' / (1 - h_i), and / (1 - h_i)^2, h the leverage      t with n - k - G
//! CR1            M = C/(C - 1) (n - 1)/(n - K) sum over clusters of z_c z_c'          t with C - 1
//! CR3            (C - 1)/C sum over clusters of (b_-c - b)(b_-c - b)'                 t with C - 1
//! Newey-West     M = n / (n - k - G) sum over l from -L to L of (1 - |l| / (L + 1)) sum_i z_i z_{i-l}'
//! ```
//! `z_c` is the sum of the scores of a cluster, b_-c the fit without it (the jackknife), C the number of clusters. K counts the
//! coefficients and the constants of groups; constants of groups that lie within one cluster each count as one together.
//! Of these, only the classical law is exact, where errors are independent, normal and of one variance; CR1 is too narrow with
//! few clusters, and CR3 tends to be a little wide.
//!
//! # References
//! J. G. `MacKinnon`, H. White (1985), Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties, Journal of Econometrics 29(3), 305-325.
//! W. K. Newey, K. D. West (1987), A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent covariance matrix, Econometrica 55(3), 703-708.
//! A. C. Cameron, D. L. Miller (2015), A practitioner's guide to cluster-robust inference, Journal of Human Resources 50(2), 317-372.
//! J. G. `MacKinnon`, M. Ø. Nielsen, M. D. Webb (2023), Cluster-robust inference: a guide to empirical practice, Journal of Econometrics 232(2), 272-299.

use std::collections::{BTreeMap, BTreeSet};

use nalgebra::{DMatrix, DVector};

use super::Fit;
use crate::estimator::numeric::law::Law;
use crate::estimator::numeric::sample::sum;

/// What is assumed of the errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Errors<'a> {
    /// Independent and of one variance (over the weight).
    Alike,
    /// Independent, with variances of their own: HC1.
    Unequal1,
    /// The same, with each residual made up for its leverage: HC2.
    Unequal2,
    /// The same, as if the row had been left out: HC3.
    Unequal3,
    /// Related within clusters: CR1.
    Clustered(&'a [usize]),
    /// The same, by leaving out one cluster at a time: CR3.
    LeftOut(&'a [usize]),
    /// Related over so many rows that follow one another (Newey and West).
    Related {
        /// L.
        lags: usize,
    },
}

/// The law of coefficients about the fitted ones: Student's t with this covariance of the normal part.
#[derive(Debug, Clone, PartialEq)]
pub struct Covariance {
    /// One row and column a coefficient.
    pub matrix: DMatrix<f64>,
    /// The degrees of freedom of t.
    pub degrees: f64,
}

/// More fits than these, times rows, take too long.
const MOST_LEFT_OUT: usize = 50_000_000;

/// A number with its standard error and its interval by Student's t.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    /// The number itself.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

impl Fit {
    /// The law of the coefficients.
    pub fn covariance(&self, errors: Errors<'_>) -> Result<Covariance, String> {
        let n = self.rows() as f64;
        let matrix = match errors {
            Errors::Alike => &self.inverse * self.variance,
            Errors::Unequal1 => self.sandwich(&(self.spread(|_| 1.0)? * (n / self.degrees))),
            Errors::Unequal2 => self.sandwich(&self.spread(|h| 1.0 / (1.0 - h))?),
            Errors::Unequal3 => self.sandwich(&self.spread(|h| 1.0 / ((1.0 - h) * (1.0 - h)))?),
            Errors::Clustered(clusters) => return self.clustered(clusters),
            Errors::LeftOut(clusters) => return self.left_out(clusters),
            Errors::Related { lags } => self.sandwich(&(self.related(lags)? * (n / self.degrees))),
        };
        Ok(Covariance { matrix, degrees: self.degrees })
    }

    /// The scores, a row each.
    fn scores(&self) -> DMatrix<f64> {
        DMatrix::from_fn(self.rows(), self.coefficients.len(), |i, j| {
            self.weights[i] * self.residuals[i] * self.design[(i, j)]
        })
    }

    fn sandwich(&self, middle: &DMatrix<f64>) -> DMatrix<f64> {
        &self.inverse * middle * &self.inverse
    }

    /// The sum of the squares of the scores, each with a factor by its leverage.
    fn spread(&self, factor: impl Fn(f64) -> f64) -> Result<DMatrix<f64>, String> {
        let factors: Vec<f64> = self.leverages.iter().map(|h| factor(*h)).collect();
        if let Some(row) = self.leverages.iter().position(|h| *h > 1.0 - 1e-10)
            && factors[row] > 1.0
        {
            return Err(format!("row {} fits itself alone, so that its error cannot be seen", row + 1));
        }
        let scores = self.scores();
        Ok(products(&scores, |i| factors[i]))
    }

    fn clustered(&self, clusters: &[usize]) -> Result<Covariance, String> {
        let members = self.members(clusters)?;
        let scores = self.scores();
        let k = self.coefficients.len();
        let totals =
            DMatrix::from_fn(members.len(), k, |c, j| sum(members[c].iter().map(|i| scores[(*i, j)])));
        let (n, count) = (self.rows() as f64, members.len() as f64);
        let constants = if self.is_nested(clusters) { self.group_count.min(1) } else { self.group_count };
        let fitted = (k + constants) as f64;
        if n <= fitted {
            return Err(format!("{n} rows cannot tell {fitted} coefficients"));
        }
        let factor = count / (count - 1.0) * (n - 1.0) / (n - fitted);
        let matrix = self.sandwich(&(products(&totals, |_| 1.0) * factor));
        Ok(Covariance { matrix, degrees: count - 1.0 })
    }

    fn left_out(&self, clusters: &[usize]) -> Result<Covariance, String> {
        let members = self.members(clusters)?;
        if !self.is_nested(clusters) {
            return Err("a group with a constant of its own lies in more than one cluster".to_owned());
        }
        let k = self.coefficients.len();
        if members.len().saturating_mul(self.rows()) > MOST_LEFT_OUT {
            return Err(format!(
                "{} clusters of {} rows are too many to leave out",
                members.len(),
                self.rows()
            ));
        }
        let scores = self.scores();
        let mut changes = DMatrix::zeros(members.len(), k);
        for (c, rows) in members.iter().enumerate() {
            let kept: Vec<usize> = (0..self.rows()).filter(|i| clusters[*i] != clusters[rows[0]]).collect();
            let x = DMatrix::from_fn(kept.len(), k, |i, j| {
                libm::sqrt(self.weights[kept[i]]) * self.design[(kept[i], j)]
            });
            let lengths: Vec<f64> =
                (0..k).map(|j| libm::sqrt(sum(x.column(j).iter().map(|v| v * v)))).collect();
            let alone = || format!("without cluster {} the columns cannot be told apart", c + 1);
            if kept.len() < k || lengths.contains(&0.0) {
                return Err(alone());
            }
            let r = DMatrix::from_fn(kept.len(), k, |i, j| x[(i, j)] / lengths[j]).qr().r();
            if (0..k).any(|j| r[(j, j)] <= super::NEAREST) {
                return Err(alone());
            }
            // Without the cluster the normal equations lack its scores: R'R (b_-c - b) = - z_c.
            let lacking = DVector::from_fn(k, |j, _| -sum(rows.iter().map(|i| scores[(*i, j)])) / lengths[j]);
            let change = r
                .tr_solve_upper_triangular(&lacking)
                .and_then(|half| r.solve_upper_triangular(&half))
                .ok_or_else(alone)?;
            (0..k).for_each(|j| changes[(c, j)] = change[j] / lengths[j]);
        }
        let count = members.len() as f64;
        let matrix = products(&changes, |_| (count - 1.0) / count);
        Ok(Covariance { matrix, degrees: count - 1.0 })
    }

    fn related(&self, lags: usize) -> Result<DMatrix<f64>, String> {
        if lags >= self.rows() {
            return Err(format!("{lags} lags need more than {} rows", self.rows()));
        }
        let scores = self.scores();
        let k = self.coefficients.len();
        let mut middle = products(&scores, |_| 1.0);
        for lag in 1..=lags {
            let weight = 1.0 - lag as f64 / (lags as f64 + 1.0);
            let at =
                |a: usize, b: usize| sum((lag..self.rows()).map(|i| scores[(i, a)] * scores[(i - lag, b)]));
            middle += DMatrix::from_fn(k, k, |a, b| weight * (at(a, b) + at(b, a)));
        }
        Ok(middle)
    }

    /// The rows of each cluster.
    fn members(&self, clusters: &[usize]) -> Result<Vec<Vec<usize>>, String> {
        if clusters.len() != self.rows() {
            return Err(format!("there are clusters of {} rows, and {} rows", clusters.len(), self.rows()));
        }
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        clusters.iter().enumerate().for_each(|(i, cluster)| members.entry(*cluster).or_default().push(i));
        if members.len() < 2 {
            return Err("one cluster alone does not show how clusters differ".to_owned());
        }
        Ok(members.into_values().collect())
    }

    /// Whether each group with a constant lies within one cluster.
    fn is_nested(&self, clusters: &[usize]) -> bool {
        let Some(groups) = &self.groups else { return true };
        let pairs: BTreeSet<(usize, usize)> =
            groups.iter().zip(clusters).map(|(group, cluster)| (*group, *cluster)).collect();
        pairs.len() == self.group_count
    }

    /// A sum of coefficients with weights, such as a prediction, with its interval; a sum without error where it has none.
    pub fn tell(&self, weights: &[f64], covariance: &Covariance, level: f64) -> Result<Told, String> {
        let value = sum(weights.iter().zip(&self.coefficients).map(|(weight, b)| weight * b));
        let standard_error = covariance.standard_error(weights);
        let reach = Law::student_t(covariance.degrees)?.upper_quantile((1.0 - level) / 2.0) * standard_error;
        Ok(Told { value, standard_error, low: value - reach, high: value + reach })
    }
}

impl Covariance {
    /// The standard error of a sum of coefficients with weights.
    pub fn standard_error(&self, weights: &[f64]) -> f64 {
        let k = weights.len();
        let terms = (0..k).flat_map(|i| (0..k).map(move |j| weights[i] * weights[j] * self.matrix[(i, j)]));
        // Errors that cancel can leave a rounding below zero.
        libm::sqrt(sum(terms).max(0.0))
    }
}

/// The sum over rows of the products of a row's entries, each with a factor.
fn products(rows: &DMatrix<f64>, factor: impl Fn(usize) -> f64) -> DMatrix<f64> {
    DMatrix::from_fn(rows.ncols(), rows.ncols(), |a, b| {
        sum((0..rows.nrows()).map(|i| factor(i) * rows[(i, a)] * rows[(i, b)]))
    })
}
