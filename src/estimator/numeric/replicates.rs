//! The variance of an estimate from replicates of the sample: jackknife, balanced half samples, bootstrap, or given weights.
//!
//! ```text
//! theta_r  the estimate with the weights of replicate r,  theta with those of the whole sample
//! V = scale sum_r factor_r (theta_r - c)^2        c = theta, or the mean of the theta_r with factor_r > 0
//!
//! jackknife  one replicate a unit i of stratum h: its weights 0, the others' of h times n_h/(n_h - 1)
//!            scale 1, factor (1 - f_h) (n_h - 1)/n_h              (one stratum: JK1; several: JKn)
//! balanced   two units a stratum: one times 2 - rho, one times rho, by the signs of a Hadamard matrix
//!            scale 1/(R (1 - rho)^2), factor 1                    (rho 0: half samples; else Fay)
//! bootstrap  n_h - 1 units drawn with replacement, drawn t_i times: the weight times 1 - l + l t_i n_h/(n_h - 1),
//!            l = sqrt(1 - f_h)
//!            scale 1/(R - 1), factor 1, c the mean                (Rao and Wu; l = 1 where no sizes are given)
//! ```
//! The units are the first-stage units of the sample, and `f_h` is the fraction of them that was drawn. Every total of a
//! domain is found for all replicates at once; the estimate may be any smooth function of such totals. Where a replicate
//! leaves a domain empty, its ratio is undefined there and so is the variance: leaving such replicates out would make it
//! too small without a bound.
//!
//! # References
//! J. N. K. Rao, C. F. J. Wu (1988), Resampling Inference with Complex Survey Data, JASA 83, 231-241.
//! K. M. Wolter (2007), Introduction to Variance Estimation, second edition (jackknife, balanced half samples).
//! D. R. Judkins (1990), Fay's Method for Variance Estimation, Journal of Official Statistics 6, 223-239.
//! T. Lumley (2010), Complex Surveys, and the R package survey (conventions for given weights).

mod build;
mod hadamard;
mod totals;

pub use build::{Built, Multipliers, balanced, bootstrap, jackknife_factors};
pub use totals::{Fill, Replication, Rows, Totals};

use super::sample::sum;

/// How the estimates of the replicates make a variance.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheme {
    scale: f64,
    factors: Vec<f64>,
    centre: Centre,
}

/// What the estimates of the replicates are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Centre {
    /// The estimate of the whole sample, so that a bias counts as error.
    Estimate,
    /// The mean over the replicates whose factor is positive.
    Mean,
}

impl Scheme {
    /// A scheme with one factor a replicate. Refuses factors that are negative or all zero.
    pub fn new(scale: f64, factors: Vec<f64>, centre: Centre) -> Result<Self, String> {
        if !(scale > 0.0 && scale.is_finite()) {
            return Err(format!("the scale of the replicates is {scale}, and must be a positive number"));
        }
        if let Some(place) = factors.iter().position(|factor| !(*factor >= 0.0 && factor.is_finite())) {
            let factor = factors[place];
            return Err(format!(
                "the factor of replicate {} is {factor}, and must be a number from 0",
                place + 1
            ));
        }
        let counting = factors.iter().filter(|factor| **factor > 0.0).count();
        let needed = if centre == Centre::Mean { 2 } else { 1 };
        if counting < needed {
            return Err(format!("{counting} replicates count, and a variance needs at least {needed}"));
        }
        Ok(Self { scale, factors, centre })
    }

    /// How many replicates.
    pub fn replicates(&self) -> usize {
        self.factors.len()
    }

    /// The variance of an estimate from the estimates of the replicates, which must be as many as the factors.
    pub fn variance(&self, estimate: f64, replicates: &[f64]) -> Result<f64, String> {
        if replicates.len() != self.factors.len() {
            let (found, needed) = (replicates.len(), self.factors.len());
            return Err(format!("there are {found} replicates, and the scheme is of {needed}"));
        }
        let pairs = || self.factors.iter().zip(replicates);
        let centre = match self.centre {
            Centre::Estimate => estimate,
            Centre::Mean => {
                let counting = || pairs().filter(|(factor, _)| **factor > 0.0).map(|(_, theta)| *theta);
                sum(counting()) / counting().count() as f64
            }
        };
        let variance =
            self.scale * sum(pairs().map(|(factor, theta)| factor * (theta - centre) * (theta - centre)));
        if variance.is_finite() {
            Ok(variance)
        } else {
            Err(format!("the replicates have no variance: it comes out as {variance}"))
        }
    }
}

/// An estimate with its standard error and what it was in each replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimated {
    /// The estimate of the whole sample.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The estimate of each replicate.
    pub replicates: Vec<f64>,
}

impl<const K: usize> Totals<K> {
    /// Any function of the totals by domain, with its standard error; it gives none where it is undefined.
    pub fn estimate(
        &self,
        scheme: &Scheme,
        function: impl Fn(&[[f64; K]]) -> Option<f64>,
    ) -> Result<Estimated, String> {
        let finite = |totals: &[[f64; K]]| function(totals).filter(|value| value.is_finite());
        let value = finite(self.whole()).ok_or("the sample holds nothing to estimate it from")?;
        let replicates: Vec<f64> = self.replicates().filter_map(finite).collect();
        let undefined = self.count() - replicates.len();
        if undefined > 0 {
            return Err(format!(
                "{undefined} of {} replicates hold nothing to estimate it from, because too few units do",
                self.count()
            ));
        }
        let standard_error = libm::sqrt(scheme.variance(value, &replicates)?);
        Ok(Estimated { value, standard_error, replicates })
    }
}

/// The total of a variable in each domain.
pub fn total_by_domain(
    rows: &Rows<'_, 1>,
    replication: &Replication<'_>,
    scheme: &Scheme,
) -> Result<Vec<Result<Estimated, String>>, String> {
    let totals = Totals::new(rows, replication)?;
    Ok((0..rows.domains).map(|domain| totals.estimate(scheme, |t| Some(t[domain][0]))).collect())
}

/// The ratio of the totals of two variables in each domain; a mean is the ratio to a variable that is 1 everywhere.
///
/// The time is that of one pass over the rows with all replicates at once; where the weights of a unit's rows change
/// together, of one pass over the rows and one over units times domains times replicates.
pub fn ratio_by_domain(
    rows: &Rows<'_, 2>,
    replication: &Replication<'_>,
    scheme: &Scheme,
) -> Result<Vec<Result<Estimated, String>>, String> {
    let totals = Totals::new(rows, replication)?;
    Ok((0..rows.domains).map(|domain| totals.estimate(scheme, |t| ratio(t[domain]))).collect())
}

/// The first total by the second, where that is not zero.
pub fn ratio([above, below]: [f64; 2]) -> Option<f64> {
    (below != 0.0).then(|| above / below)
}

/// The degrees of freedom of given replicate weights: the rank of their matrix, less one.
///
/// A column counts where what the columns before it leave of it is longer than 1e-5 of its length, as in R's `qr`.
pub fn degrees_of_freedom(columns: &[&[f64]]) -> Result<usize, String> {
    let rows = columns.first().map_or(0, |column| column.len());
    let work = rows.saturating_mul(columns.len()).saturating_mul(columns.len());
    if work > MOST_WORK {
        return Err(format!("{rows} rows with {} replicates are too many to find their rank", columns.len()));
    }
    let mut independent: Vec<(usize, Vec<f64>)> = Vec::new();
    for (j, column) in columns.iter().enumerate() {
        let product = |i: usize| sum(columns[i].iter().zip(*column).map(|(a, b)| a * b));
        // Cholesky's factor of the products, row by row, of the columns that count.
        let mut row: Vec<f64> = Vec::with_capacity(independent.len() + 1);
        for (i, earlier) in &independent {
            let known = sum(earlier.iter().zip(&row).map(|(a, b)| a * b));
            let pivot = earlier.last().copied().unwrap_or(1.0);
            row.push((product(*i) - known) / pivot);
        }
        let length = product(j);
        let rest = length - sum(row.iter().map(|part| part * part));
        if rest > LEAST_REST * LEAST_REST * length {
            row.push(libm::sqrt(rest));
            independent.push((j, row));
        }
    }
    Ok(independent.len().saturating_sub(1))
}

/// What must remain of a column's length.
const LEAST_REST: f64 = 1e-5;

/// Some seconds.
const MOST_WORK: usize = 4_000_000_000;

#[cfg(test)]
mod tests;
