//! Poisson regression with a logarithmic link: counts whose expectations are products of effects.
//!
//! ```text
//! n_i ~ Poisson(mu_i),  log mu_i = offset_i + sum_j x_ij b_j
//! l(b) = sum n log mu - mu - log n!      deviance = 2 sum n log(n / mu) - (n - mu)
//! step: (X'MX) d = X'(n - mu), M = diag(mu); halved until l grows; stop when the decrement d'X'(n - mu) is nothing
//! ```
//! The likelihood is concave. It has a finite maximum exactly where no direction `d` exists with `x_i d = 0` wherever
//! `n_i > 0` and `x_i d <= 0`, not all 0, wherever `n_i = 0`; equivalently, where some strictly positive expectations meet the
//! same equations `X'mu = X'n`. [`has_finite_maximum`] decides this by linear programming. A fit that ends with a decrement
//! far below its smallest expectation is itself such a proof, for Newton's method then converges ([`Peak::is_proof`]).
//!
//! # References
//! P. `McCullagh`, J. A. Nelder (1989), Generalized Linear Models, second edition, Chapman and Hall, chapters 2 and 6.
//! S. J. Haberman (1974), The Analysis of Frequency Data, University of Chicago Press, chapter 2 (existence).
//! S. E. Fienberg, A. Rinaldo (2012), Maximum likelihood estimation in log-linear models, The Annals of Statistics 40(2), 996-1023.

use std::fmt;

use super::sample::sum;
use super::{normal, root};
pub use climb::{Climb, Peak, Workspace, climb};
pub use existence::has_finite_maximum;

mod climb;
mod existence;

/// A matrix of explanatory columns, which need not be written out.
pub trait Matrix {
    /// How many rows: the counts.
    fn rows(&self) -> usize;
    /// How many columns: the coefficients.
    fn columns(&self) -> usize;
    /// `X b`.
    fn times(&self, coefficients: &[f64], predictors: &mut [f64]);
    /// `X'v`.
    fn gather(&self, values: &[f64], sums: &mut [f64]);
    /// The lower triangle of `X' diag(w) X`, row after row.
    fn information(&self, weights: &[f64], triangle: &mut [f64]);
}

/// A matrix that is written out.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

/// Why there is no fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoFit {
    /// A count or an entry of the design is impossible: which.
    Impossible(String),
    /// This column is a sum of multiples of those before it, so that its coefficient can be anything.
    Collinear(usize),
    /// The likelihood grows without end as some expectation goes to zero.
    NoFiniteMaximum,
    /// The maximum is finite but was not reached: the figures are out of all proportion.
    NotReached,
}

impl fmt::Display for NoFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Impossible(reason) => f.write_str(reason),
            Self::Collinear(column) => {
                write!(f, "column {} of the design is made of those before it", column + 1)
            }
            Self::NoFiniteMaximum => f.write_str("the likelihood has no finite maximum"),
            Self::NotReached => f.write_str("the maximum of the likelihood was not reached"),
        }
    }
}

/// A fit with all that is said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// One a column.
    pub coefficients: Vec<f64>,
    /// The covariance of the coefficients, the inverse of the information.
    pub covariance: Vec<Vec<f64>>,
    /// The expectations, one a row.
    pub fitted: Vec<f64>,
    /// Twice the distance to the saturated model in the logarithm of the likelihood.
    pub deviance: f64,
    /// Pearson's sum of squares, `sum (n - mu)^2 / mu`.
    pub pearson: f64,
    /// The logarithm of the likelihood, with the term `log n!`.
    pub log_likelihood: f64,
}

impl Design {
    /// From its rows, which must be of one length and hold finite numbers.
    pub fn new(rows: &[Vec<f64>]) -> Result<Self, NoFit> {
        let columns = rows.first().map_or(0, Vec::len);
        if columns == 0 {
            return Err(NoFit::Impossible("the design is empty".to_owned()));
        }
        if rows.iter().any(|row| row.len() != columns || row.iter().any(|x| !x.is_finite())) {
            return Err(NoFit::Impossible(
                "the rows of the design must be of one length and hold finite numbers".to_owned(),
            ));
        }
        Ok(Self { rows: rows.len(), columns, values: rows.concat() })
    }

    /// The same design without a column, and that column.
    fn without(&self, column: usize) -> (Self, Vec<f64>) {
        let taken = self.rows().map(|row| row[column]).collect();
        let kept =
            self.rows().flat_map(|row| row[..column].iter().chain(&row[column + 1..])).copied().collect();
        (Self { rows: self.rows, columns: self.columns - 1, values: kept }, taken)
    }

    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        (0..self.rows).map(|row| &self.values[row * self.columns..(row + 1) * self.columns])
    }

    /// The first column that those before it make up, by the modified Gram-Schmidt process on columns of length 1.
    fn first_collinear(&self) -> Option<usize> {
        let mut kept: Vec<Vec<f64>> = Vec::new();
        for j in 0..self.columns {
            let mut column: Vec<f64> = self.rows().map(|row| row[j]).collect();
            let scale = |column: &[f64]| column.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            let length = |column: &[f64]| libm::sqrt(sum(column.iter().map(|x| x * x)));
            let largest = scale(&column);
            if largest == 0.0 {
                return Some(j);
            }
            for x in &mut column {
                *x /= largest;
            }
            let whole = length(&column);
            // Twice, because the first pass leaves rounding of what it takes away.
            for _ in 0..2 {
                for other in &kept {
                    let shared = sum(column.iter().zip(other).map(|(x, y)| x * y));
                    column.iter_mut().zip(other).for_each(|(x, y)| *x -= shared * y);
                }
            }
            let rest = length(&column);
            if rest <= 1e-10 * whole {
                return Some(j);
            }
            for x in &mut column {
                *x /= rest;
            }
            kept.push(column);
        }
        None
    }
}

impl Matrix for Design {
    fn rows(&self) -> usize {
        self.rows
    }

    fn columns(&self) -> usize {
        self.columns
    }

    fn times(&self, coefficients: &[f64], predictors: &mut [f64]) {
        for (row, predictor) in self.rows().zip(predictors) {
            *predictor = row.iter().zip(coefficients).map(|(x, b)| x * b).sum();
        }
    }

    fn gather(&self, values: &[f64], sums: &mut [f64]) {
        sums.fill(0.0);
        for (row, value) in self.rows().zip(values) {
            for (sum, x) in sums.iter_mut().zip(row) {
                *sum += x * value;
            }
        }
    }

    fn information(&self, weights: &[f64], triangle: &mut [f64]) {
        triangle.fill(0.0);
        for (row, weight) in self.rows().zip(weights) {
            let mut entries = triangle.iter_mut();
            for (i, x) in row.iter().enumerate() {
                let scaled = x * weight;
                for (y, entry) in row[..=i].iter().zip(&mut entries) {
                    *entry += scaled * y;
                }
            }
        }
    }
}

/// As near to the maximum as the rounding of the counts lets it be found.
fn finest(counts: &[f64], is_warm: bool) -> Climb {
    Climb { is_warm, tolerance: 1e-15 * (1.0 + 1e-10 * counts.iter().sum::<f64>()), most_steps: 200 }
}

/// The fit of counts, which need not be whole numbers.
pub fn fit(design: &Design, counts: &[f64]) -> Result<Fit, NoFit> {
    check(design, counts)?;
    if let Some(column) = design.first_collinear() {
        return Err(NoFit::Collinear(column));
    }
    if !has_finite_maximum(design, counts) {
        return Err(NoFit::NoFiniteMaximum);
    }
    let mut work = Workspace::new(design.rows, design.columns);
    let mut coefficients = vec![0.0; design.columns];
    climb(design, counts, None, &mut coefficients, finest(counts, false), &mut work)
        .ok_or(NoFit::NotReached)?;
    work.inform(design).ok_or(NoFit::NotReached)?;
    let covariance =
        (0..design.columns).map(|j| work.covariance_column(j, design.columns).to_vec()).collect();
    let pairs = || counts.iter().zip(&work.fitted);
    Ok(Fit {
        coefficients,
        covariance,
        deviance: 2.0 * sum(pairs().map(|(n, mu)| half_deviance(*n, *mu))),
        pearson: sum(pairs().map(|(n, mu)| (n - mu) * (n - mu) / mu)),
        log_likelihood: sum(pairs().map(|(n, mu)| log_probability(*n, *mu))),
        fitted: work.fitted,
    })
}

fn check(design: &Design, counts: &[f64]) -> Result<(), NoFit> {
    if counts.len() != design.rows {
        return Err(NoFit::Impossible(format!("there are {} counts for {} rows", counts.len(), design.rows)));
    }
    match counts.iter().find(|count| !(0.0..=MOST_COUNT).contains(*count)) {
        Some(count) => {
            Err(NoFit::Impossible(format!("a count is {count}, and must lie from 0 to {MOST_COUNT:e}")))
        }
        None => Ok(()),
    }
}

/// Larger counts are no counts of anything, and their rounding hides what is fitted.
pub const MOST_COUNT: f64 = 1e12;

/// `n log(n / mu) - (n - mu)`, to its last digits where the two are near.
fn half_deviance(n: f64, mu: f64) -> f64 {
    if n == 0.0 {
        return mu;
    }
    let beyond = (mu - n) / n;
    n * (beyond - libm::log1p(beyond))
}

fn log_probability(n: f64, mu: f64) -> f64 {
    let kernel = if n == 0.0 { 0.0 } else { n * libm::log(mu) };
    kernel - mu - libm::lgamma(n + 1.0)
}

/// The interval of a coefficient by the profile of the likelihood: where twice its logarithm falls short of the maximum by no
/// more than the square of the normal quantile.
pub fn profile_interval(
    design: &Design,
    counts: &[f64],
    fit: &Fit,
    column: usize,
    level: f64,
) -> Result<[f64; 2], NoFit> {
    let (others, taken) = design.without(column);
    let mut work = Workspace::new(design.rows, design.columns);
    let kernel: f64 = sum(counts
        .iter()
        .zip(&fit.fitted)
        .map(|(n, mu)| if *n == 0.0 { -mu } else { n * libm::log(*mu) - mu }));
    let best = fit.coefficients[column];
    let z = normal::coverage_factor(level);
    let error = libm::sqrt(fit.covariance[column][column]);
    let mut warm: Vec<f64> = fit.coefficients.clone();
    warm.remove(column);
    let mut root_of_fall = |at: f64| -> f64 {
        let offset: Vec<f64> = taken.iter().map(|x| x * at).collect();
        let mut coefficients = warm.clone();
        let mut ends = |is_warm: bool| {
            climb(&others, counts, Some(&offset), &mut coefficients, finest(counts, is_warm), &mut work)
        };
        let there = ends(true).or_else(|| ends(false)).map_or(f64::NAN, |peak| peak.kernel);
        // Not a number stays one, which ends the search.
        let fall = kernel - there;
        libm::sqrt(if fall < 0.0 { 0.0 } else { 2.0 * fall }) - z
    };
    let mut end = |direction: f64| {
        root::crossing_from(&mut root_of_fall, best, direction * z * error, 60).ok_or(NoFit::NotReached)
    };
    Ok([end(-1.0)?, end(1.0)?])
}

#[cfg(test)]
mod tests;
