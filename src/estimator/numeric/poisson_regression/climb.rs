//! Newton's method on the likelihood, without allocation, for any matrix that can be multiplied.

use super::Matrix;

/// Room for the steps of a fit, to be used again.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The expectations, one a row.
    pub fitted: Vec<f64>,
    predictors: Vec<f64>,
    residuals: Vec<f64>,
    score: Vec<f64>,
    step: Vec<f64>,
    trial: Vec<f64>,
    factor: Vec<f64>,
}

impl Workspace {
    /// For designs of up to so many rows and columns.
    pub fn new(rows: usize, columns: usize) -> Self {
        let [fitted, predictors, residuals] = [rows; 3].map(|size| vec![0.0; size]);
        let [score, step, trial] = [columns; 3].map(|size| vec![0.0; size]);
        let factor = vec![0.0; columns * (columns + 1) / 2];
        Self { fitted, predictors, residuals, score, step, trial, factor }
    }

    /// Factors the information at the expectations themselves; none where it cannot be inverted.
    pub(super) fn inform(&mut self, matrix: &impl Matrix) -> Option<()> {
        let columns = matrix.columns();
        let triangle = &mut self.factor[..columns * (columns + 1) / 2];
        matrix.information(&self.fitted[..matrix.rows()], triangle);
        factorise(triangle, columns)
    }

    /// Solves for a unit vector with the information of the last step, or of [`Self::inform`]: a column of the covariance.
    pub fn covariance_column(&mut self, column: usize, columns: usize) -> &[f64] {
        let unit = &mut self.trial[..columns];
        unit.fill(0.0);
        unit[column] = 1.0;
        solve(&self.factor, unit);
        &self.trial[..columns]
    }
}

/// Where a fit ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// The logarithm of the likelihood, without the term `log n!`.
    pub kernel: f64,
    /// What the last step was to add to twice the logarithm of the likelihood.
    pub decrement: f64,
    /// The smallest expectation.
    pub least: f64,
}

impl Peak {
    /// Whether the fit proves that the maximum is finite.
    ///
    /// No predictor can have moved by more than `sqrt(decrement / least)` in the last step. Below 0.01, the next moves are
    /// less than its square, and so on: Newton's method converges, to expectations that are positive.
    pub fn is_proof(&self) -> bool {
        self.decrement < 1e-4 * self.least
    }
}

/// How to climb.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Climb {
    /// Whether to start from the given coefficients; otherwise from the counts themselves.
    pub is_warm: bool,
    /// A step that adds no more than this to twice the logarithm of the likelihood is the last.
    pub tolerance: f64,
    /// After so many steps the climb is given up.
    pub most_steps: usize,
}

const MOST_HALVINGS: usize = 40;

/// Climbs to the maximum of the likelihood.
///
/// The coefficients are left where the climb ended. None where it did not end: there is no finite maximum, or the
/// information cannot be inverted.
pub fn climb(
    matrix: &impl Matrix,
    counts: &[f64],
    offset: Option<&[f64]>,
    coefficients: &mut [f64],
    how: Climb,
    work: &mut Workspace,
) -> Option<Peak> {
    let Climb { is_warm, tolerance, most_steps } = how;
    let (rows, columns) = (matrix.rows(), matrix.columns());
    if !is_warm {
        start(matrix, counts, offset, coefficients, work)?;
    }
    let mut kernel = evaluate(matrix, counts, offset, coefficients, work);
    for _ in 0..most_steps {
        if !kernel.is_finite() {
            return None;
        }
        let Workspace { fitted, residuals, score, step, factor, .. } = work;
        for ((residual, count), mu) in residuals[..rows].iter_mut().zip(counts).zip(&fitted[..rows]) {
            *residual = count - mu;
        }
        let triangle = &mut factor[..columns * (columns + 1) / 2];
        matrix.gather(&residuals[..rows], &mut score[..columns]);
        matrix.information(&fitted[..rows], triangle);
        factorise(triangle, columns)?;
        step[..columns].copy_from_slice(&score[..columns]);
        solve(triangle, &mut step[..columns]);
        let decrement: f64 = step[..columns].iter().zip(&score[..columns]).map(|(d, s)| d * s).sum();
        let mut length = 1.0;
        let mut halvings = 0;
        loop {
            let Workspace { step, trial, .. } = work;
            for ((trial, b), d) in trial.iter_mut().zip(&*coefficients).zip(&step[..columns]) {
                *trial = b + length * d;
            }
            let there = std::mem::take(&mut work.trial);
            let value = evaluate(matrix, counts, offset, &there[..columns], work);
            work.trial = there;
            // Near the top a step gains less than the rounding of the sum.
            if value >= kernel - 1e-12 * (1.0 + kernel.abs()) {
                coefficients.copy_from_slice(&work.trial[..columns]);
                kernel = value;
                break;
            }
            length /= 2.0;
            halvings += 1;
            if halvings > MOST_HALVINGS {
                return None;
            }
        }
        if halvings == 0 && decrement <= tolerance {
            let least = work.fitted[..rows].iter().copied().fold(f64::INFINITY, f64::min);
            return Some(Peak { kernel, decrement, least });
        }
    }
    None
}

/// The coefficients of the regression of `log(n + 0.1)`, weighted by `n + 0.1`: where iteration usually starts.
fn start(
    matrix: &impl Matrix,
    counts: &[f64],
    offset: Option<&[f64]>,
    coefficients: &mut [f64],
    work: &mut Workspace,
) -> Option<()> {
    let (rows, columns) = (matrix.rows(), matrix.columns());
    let Workspace { fitted, residuals, factor, .. } = work;
    for (i, count) in counts.iter().enumerate() {
        let mu = count + 0.1;
        fitted[i] = mu;
        let shift = offset.map_or(0.0, |offset| offset[i]);
        residuals[i] = mu * (libm::log(mu) - shift) - 0.1;
    }
    let triangle = &mut factor[..columns * (columns + 1) / 2];
    matrix.gather(&residuals[..rows], coefficients);
    matrix.information(&fitted[..rows], triangle);
    factorise(triangle, columns)?;
    solve(triangle, coefficients);
    Some(())
}

/// Sets the expectations and gives the logarithm of the likelihood without the term `log n!`.
fn evaluate(
    matrix: &impl Matrix,
    counts: &[f64],
    offset: Option<&[f64]>,
    coefficients: &[f64],
    work: &mut Workspace,
) -> f64 {
    let rows = matrix.rows();
    let (predictors, fitted) = (&mut work.predictors[..rows], &mut work.fitted[..rows]);
    matrix.times(coefficients, predictors);
    if let Some(offset) = offset {
        predictors.iter_mut().zip(offset).for_each(|(predictor, shift)| *predictor += shift);
    }
    let mut kernel = 0.0;
    for ((mu, predictor), count) in fitted.iter_mut().zip(&*predictors).zip(counts) {
        *mu = libm::exp(*predictor);
        kernel += count * predictor - *mu;
    }
    kernel
}

/// Cholesky's factor in place of a lower triangle; none where a column is nearly made of those before it.
fn factorise(triangle: &mut [f64], size: usize) -> Option<()> {
    let mut start = 0;
    for i in 0..size {
        let (above, rest) = triangle.split_at_mut(start);
        let row = &mut rest[..=i];
        let whole = row[i];
        let mut other_start = 0;
        for j in 0..i {
            let other = &above[other_start..=other_start + j];
            let shared: f64 = row[..j].iter().zip(other).map(|(x, y)| x * y).sum();
            row[j] = (row[j] - shared) / other[j];
            other_start += j + 1;
        }
        let square = whole - row[..i].iter().map(|x| x * x).sum::<f64>();
        if square.is_nan() || square <= 1e-14 * whole {
            return None;
        }
        row[i] = libm::sqrt(square);
        start += i + 1;
    }
    Some(())
}

/// Solves with Cholesky's factor, in place.
fn solve(factor: &[f64], vector: &mut [f64]) {
    let size = vector.len();
    let mut start = 0;
    for i in 0..size {
        let row = &factor[start..=start + i];
        let shared: f64 = row[..i].iter().zip(&vector[..i]).map(|(x, y)| x * y).sum();
        vector[i] = (vector[i] - shared) / row[i];
        start += i + 1;
    }
    for i in (0..size).rev() {
        start -= i + 1;
        let row = &factor[start..=start + i];
        let value = vector[i] / row[i];
        vector[i] = value;
        for (x, y) in vector[..i].iter_mut().zip(&row[..i]) {
            *x -= y * value;
        }
    }
}
