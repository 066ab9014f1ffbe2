//! Whether the ledgers close: Stone's balancing under the identities in which nothing is missing.

use super::Beverage;
use crate::estimator::numeric::balancing::{Balance, Constraint, Errors};

/// A misclosure with a smaller probability is more than the errors of the figures.
pub(super) const UNLIKELY: f64 = 0.05;

/// How far the ledgers are from closing, in units of their errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Closing {
    /// Q.
    pub(super) statistic: f64,
    /// As many as beverages.
    pub(super) degrees: f64,
    /// The probability of a Q at least as large, were nothing missing.
    pub(super) probability: f64,
}

/// Balances the ledgers of all beverages; why that cannot be told, in a sentence.
pub(super) fn close(beverages: &[Beverage<'_>]) -> Result<Closing, String> {
    let untold =
        |reason: &str| format!("whether the ledgers close within their errors cannot be told: {reason}");
    let mut figures = Vec::new();
    let mut variances = Vec::new();
    let mut ranges = Vec::new();
    for beverage in beverages {
        let start = figures.len();
        for (sign, entry) in beverage.signed() {
            let sd = entry
                .sd()
                .ok_or_else(|| untold("a figure comes with draws and without a standard deviation"))?;
            figures.push((sign, entry.value));
            variances.push(sd * sd);
        }
        ranges.push(start..figures.len());
    }
    let constraints = beverages.iter().zip(ranges).map(|(beverage, range)| Constraint {
        name: beverage.name.clone(),
        coefficients: figures
            .iter()
            .enumerate()
            .map(|(place, (sign, _))| if range.contains(&place) { *sign } else { 0.0 })
            .collect(),
        total: 0.0,
    });
    let balance = Balance::new(&Errors::Independent(variances), constraints.collect())
        .map_err(|reason| untold(&reason))?;
    let values: Vec<f64> = figures.iter().map(|(_, value)| *value).collect();
    let balanced = balance.at(&values).map_err(|reason| untold(&reason))?;
    let probability =
        balance.probability(balanced.statistic).ok_or_else(|| untold("every figure is taken as exact"))?;
    Ok(Closing { statistic: balanced.statistic, degrees: balance.rank() as f64, probability })
}
