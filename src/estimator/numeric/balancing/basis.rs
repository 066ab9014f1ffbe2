//! Directions made orthogonal one after another, and the factor of a covariance matrix.

use super::{Errors, MOST};
use crate::estimator::numeric::double_double::{DoubleDouble, dot};

/// Coefficients and figures are written with about this accuracy: what depends on others within it depends on them.
pub(super) const TOLERANCE: f64 = 1e-12;

/// What 32 digits may leave of a vector that is taken off as a whole, as a part of its length.
const ROUNDING: f64 = 1e-22;

/// A larger number could leave the range of floats within the computation.
pub(super) const LARGEST: f64 = 1e150;

/// Independent vectors, with the orthogonal unit vectors that span the same space.
#[derive(Debug, Clone, Default)]
pub(super) struct Basis {
    given: Vec<Vec<DoubleDouble>>,
    unit: Vec<Vec<DoubleDouble>>,
    /// By given vector: its lengths along the unit vectors up to its own.
    triangle: Vec<Vec<DoubleDouble>>,
}

/// A vector, split by a basis.
#[derive(Debug)]
pub(super) struct Split {
    /// Its lengths along the unit vectors.
    lengths: Vec<DoubleDouble>,
    /// The combination of the given vectors that comes nearest to it.
    pub(super) coefficients: Vec<DoubleDouble>,
    /// What is orthogonal to all of them.
    pub(super) remainder: Vec<DoubleDouble>,
    /// Whether the vector is that combination, as far as its numbers tell.
    pub(super) is_within: bool,
}

impl Split {
    /// What is orthogonal to the basis; nothing where that is rounding.
    pub(super) fn free(mut self) -> Vec<DoubleDouble> {
        if self.is_within {
            self.remainder.fill(DoubleDouble::ZERO);
        }
        self.remainder
    }
}

impl Basis {
    pub(super) fn split(&self, vector: &[DoubleDouble]) -> Split {
        let mut remainder = vector.to_vec();
        let mut lengths = vec![DoubleDouble::ZERO; self.unit.len()];
        // The second time takes off what rounding left in the first.
        for _ in 0..2 {
            for (unit, length) in self.unit.iter().zip(&mut lengths) {
                let along = dot(unit, &remainder);
                *length = *length + along;
                for (rest, part) in remainder.iter_mut().zip(unit) {
                    *rest = *rest - along * *part;
                }
            }
        }
        let coefficients = self.on_given(&lengths);
        let length = |vector: &[DoubleDouble]| dot(vector, vector).sqrt().value();
        let (whole, lengths_of_given): (f64, Vec<f64>) =
            (length(vector), self.given.iter().map(|given| length(given)).collect());
        let is_within = (0..vector.len()).all(|row| {
            // Row by row, because rows may differ by many orders of magnitude and a small one can matter alone.
            let (mut size, mut rounding) = (vector[row].value().abs(), 0.0_f64);
            for ((given, coefficient), length) in self.given.iter().zip(&coefficients).zip(&lengths_of_given)
            {
                size += (given[row] * *coefficient).value().abs();
                rounding = rounding.max(whole * given[row].value().abs() / length);
            }
            remainder[row].value().abs() <= TOLERANCE * size + ROUNDING * rounding
        });
        Split { lengths, coefficients, remainder, is_within }
    }

    /// Takes in a vector that is not within.
    pub(super) fn push(&mut self, vector: Vec<DoubleDouble>, split: Split) {
        let Split { mut lengths, remainder, .. } = split;
        let length = dot(&remainder, &remainder).sqrt();
        self.unit.push(remainder.iter().map(|part| *part / length).collect());
        lengths.push(length);
        self.triangle.push(lengths);
        self.given.push(vector);
    }

    /// From lengths along the unit vectors to coefficients on the given ones.
    pub(super) fn on_given(&self, lengths: &[DoubleDouble]) -> Vec<DoubleDouble> {
        let mut coefficients = lengths.to_vec();
        for (place, column) in self.triangle.iter().enumerate().rev() {
            let coefficient = coefficients[place] / column[place];
            coefficients[place] = coefficient;
            for (rest, part) in coefficients[..place].iter_mut().zip(column) {
                *rest = *rest - coefficient * *part;
            }
        }
        coefficients
    }

    /// The lengths along the unit vectors of the vector whose products with the given ones are wanted.
    pub(super) fn lengths(&self, wanted: &[DoubleDouble]) -> Vec<DoubleDouble> {
        let mut lengths: Vec<DoubleDouble> = Vec::with_capacity(wanted.len());
        for (column, product) in self.triangle.iter().zip(wanted) {
            let rest = *product - dot(column, &lengths);
            let own = column.last().copied().unwrap_or(DoubleDouble::ONE);
            lengths.push(rest / own);
        }
        lengths
    }

    /// The vector of these lengths along the unit vectors.
    pub(super) fn along(&self, lengths: &[DoubleDouble], width: usize) -> Vec<DoubleDouble> {
        let mut vector = vec![DoubleDouble::ZERO; width];
        for (unit, length) in self.unit.iter().zip(lengths) {
            for (sum, part) in vector.iter_mut().zip(unit) {
                *sum = *sum + *length * *part;
            }
        }
        vector
    }
}

/// Standard deviations, and the rows of a matrix whose products with each other are the correlations.
pub(super) fn factor(errors: &Errors) -> Result<(Vec<DoubleDouble>, Vec<Vec<DoubleDouble>>), String> {
    let variances: Vec<f64> = match errors {
        Errors::Independent(variances) => variances.clone(),
        Errors::Joint(rows) => {
            rows.iter().enumerate().map(|(i, row)| row.get(i).copied().unwrap_or(f64::NAN)).collect()
        }
    };
    if variances.len() > MOST {
        return Err(format!("{} figures are too many to balance, at most {MOST}", variances.len()));
    }
    if let Some(variance) = variances.iter().find(|variance| !(0.0..=LARGEST).contains(*variance)) {
        return Err(format!("a variance is {variance}, and must be a number from 0 to {LARGEST:e}"));
    }
    let sds: Vec<DoubleDouble> =
        variances.iter().map(|variance| DoubleDouble::from(*variance).sqrt()).collect();
    let rows = match errors {
        Errors::Independent(_) => {
            let unit = |i: usize| (0..sds.len()).map(|j| f64::from(u8::from(i == j)).into()).collect();
            (0..sds.len()).map(unit).collect()
        }
        Errors::Joint(rows) => cholesky(correlations(&sds, rows)?)?,
    };
    Ok((sds, rows))
}

/// The correlations of a covariance matrix; zeros beside a figure without error.
fn correlations(sds: &[DoubleDouble], rows: &[Vec<f64>]) -> Result<Vec<Vec<DoubleDouble>>, String> {
    let impossible = |i: usize, j: usize, what: &str| {
        Err(format!("the covariance in row {}, column {} {what}", i + 1, j + 1))
    };
    let mut correlations = vec![vec![DoubleDouble::ZERO; sds.len()]; sds.len()];
    for (i, row) in rows.iter().enumerate() {
        if row.len() != sds.len() {
            return Err(format!("row {} of the covariances has {} entries", i + 1, row.len()));
        }
        for (j, covariance) in row.iter().enumerate() {
            let most = sds[i] * sds[j];
            let slack = TOLERANCE * most.value();
            if covariance.is_nan() || covariance.abs() > most.value() + slack {
                return impossible(i, j, &format!("is {covariance}, more than the variances allow"));
            }
            if (covariance - rows[j].get(i).copied().unwrap_or(f64::NAN)).abs() > slack {
                return impossible(i, j, "is not that of its mirror image");
            }
            if most > DoubleDouble::ZERO {
                correlations[i][j] = DoubleDouble::from(*covariance) / most;
            }
        }
    }
    Ok(correlations)
}

/// The factor of correlations, the figure of which most is left over first; its columns are as many as the rank.
fn cholesky(mut rest: Vec<Vec<DoubleDouble>>) -> Result<Vec<Vec<DoubleDouble>>, String> {
    let size = rest.len();
    let mut factor: Vec<Vec<DoubleDouble>> = vec![Vec::new(); size];
    loop {
        let left = |i: usize| rest[i][i].value();
        let Some(pivot) = (0..size).max_by(|a, b| left(*a).total_cmp(&left(*b))) else { return Ok(factor) };
        if (0..size).any(|i| left(i) < -SLACK) {
            return Err("no figures can have these covariances together: the matrix is not positive \
                        semidefinite"
                .to_owned());
        }
        if left(pivot) <= SLACK {
            return Ok(factor);
        }
        let root = rest[pivot][pivot].sqrt();
        let column: Vec<DoubleDouble> = (0..size).map(|i| rest[i][pivot] / root).collect();
        for (i, row) in rest.iter_mut().enumerate() {
            for (entry, other) in row.iter_mut().zip(&column) {
                *entry = *entry - column[i] * *other;
            }
            factor[i].push(column[i]);
        }
    }
}

/// Covariances are floats, so that a correlation matrix without some direction has it still, by as much as this.
const SLACK: f64 = 1e-13;
