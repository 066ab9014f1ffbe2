//! Poisson regression with a logarithmic link: counts whose expectations are products of effects.
//!
//! ```text
//! n_i ~ Poisson(mu_i),  log mu_i = offset_i + sum_j x_ij b_j
//! l(b) = sum n log mu - mu - log n!      deviance = 2 sum n log(n / mu) - (n - mu)
//! step: (X'MX) d = X'(n - mu), M = diag(mu); halved until l grows; stop when the decrement d'X'(n - mu) is nothing
//! ```
//! The likelihood is concave. It has a finite maximum exactly where no direction d exists with x_i d = 0 wherever n_i > 0
//! and x_i d <= 0, not all 0, wherever n_i = 0; equivalently, where some strictly positive expectations meet the same
//! equations X'mu = X'n. [`has_finite_maximum`] decides this by linear programming. A fit that ends with a decrement far
//! below its smallest expectation is itself such a proof, for Newton's method then converges ([`Peak::is_proof`]).
//!
//! # References
//! P. McCullagh, J. A. Nelder (1989), Generalized Linear Models, second edition, Chapman and Hall, chapters 2 and 6.
//! S. J. Haberman (1974), The Analysis of Frequency Data, University of Chicago Press, chapter 2 (existence).
//! S. E. Fienberg, A. Rinaldo (2012), Maximum likelihood estimation in log-linear models, The Annals of Statistics 40(2), 996-1023.

use std::fmt;

use super::sample::sum;
use super::{normal, root};

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
            column.iter_mut().for_each(|x| *x /= largest);
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
            column.iter_mut().for_each(|x| *x /= rest);
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

    /// Solves for a unit vector with the information at the last step's start: a column of the covariance.
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
        // Written so that not a number fails too.
        if !(square > 1e-14 * whole) {
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
    // The information at the maximum itself.
    design.information(&work.fitted, &mut work.factor);
    factorise(&mut work.factor, design.columns).ok_or(NoFit::NotReached)?;
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

/// Whether the likelihood has a finite maximum, by the criterion of Haberman, Fienberg and Rinaldo.
///
/// Sought are `z` with `X'z = 0` and `z_i >= 1` wherever the count is 0; then `n + e z` are positive expectations for a small
/// `e` that meet the equations. Gauss-Jordan elimination takes out the rows with counts, whose `z` is free; what is left is
/// a linear program in the others, solved by the simplex method with Bland's rule.
pub fn has_finite_maximum(design: &Design, counts: &[f64]) -> bool {
    let (p, columns) = (design.columns, design.rows);
    // One equation a coefficient, scaled so that tolerances mean the same in each; one unknown a row of the design.
    let mut equations: Vec<Vec<f64>> = (0..p)
        .map(|j| {
            let column: Vec<f64> = design.rows().map(|row| row[j]).collect();
            let largest = column.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            column.iter().map(|x| if largest > 0.0 { x / largest } else { 0.0 }).collect()
        })
        .collect();
    let mut used = 0;
    for cell in (0..columns).filter(|cell| counts[*cell] > 0.0) {
        let best = (used..p).max_by(|i, j| equations[*i][cell].abs().total_cmp(&equations[*j][cell].abs()));
        let Some(best) = best.filter(|best| equations[*best][cell].abs() > NOTHING) else { continue };
        equations.swap(used, best);
        let pivot = equations[used].clone();
        for equation in &mut equations[used + 1..] {
            let multiple = equation[cell] / pivot[cell];
            if multiple != 0.0 {
                equation.iter_mut().zip(&pivot).for_each(|(x, y)| *x -= multiple * y);
            }
        }
        used += 1;
    }
    let empty: Vec<usize> = (0..columns).filter(|cell| counts[*cell] == 0.0).collect();
    let rest: Vec<Vec<f64>> =
        equations[used..].iter().map(|equation| empty.iter().map(|cell| equation[*cell]).collect()).collect();
    has_solution_from_one(rest)
}

/// Below this an entry is rounding: entries come from numbers near 1 by few eliminations.
const NOTHING: f64 = 1e-9;

/// Whether `A z = 0` has a solution with every `z >= 1`: with `w = z - 1 >= 0`, whether `A w = -A 1` has one.
fn has_solution_from_one(mut equations: Vec<Vec<f64>>) -> bool {
    equations.retain(|equation| equation.iter().any(|x| x.abs() > NOTHING));
    let Some(size) = equations.first().map(Vec::len) else { return true };
    // Phase one of the simplex method: the artificial variable of each equation is in the basis at first.
    for equation in &mut equations {
        let right = -equation.iter().sum::<f64>();
        equation.push(right);
        if right < 0.0 {
            equation.iter_mut().for_each(|x| *x = -*x);
        }
    }
    let mut basis: Vec<usize> = (size..size + equations.len()).collect();
    // Bland's rule cannot cycle; the bound is for rounding alone.
    for _ in 0..10_000 {
        let gain = |column: usize| -> f64 {
            equations
                .iter()
                .zip(&basis)
                .filter(|(_, basic)| **basic >= size)
                .map(|(row, _)| row[column])
                .sum()
        };
        if gain(size) <= NOTHING {
            return true;
        }
        let Some(entering) = (0..size).find(|column| !basis.contains(column) && gain(*column) > NOTHING)
        else {
            return false;
        };
        let ratio = |row: usize| equations[row][size] / equations[row][entering];
        let leaving = (0..equations.len())
            .filter(|row| equations[*row][entering] > NOTHING)
            .min_by(|a, b| ratio(*a).total_cmp(&ratio(*b)).then(basis[*a].cmp(&basis[*b])));
        // An artificial sum that falls without end is impossible: it is at least 0.
        let Some(leaving) = leaving else { return false };
        let scale = equations[leaving][entering];
        equations[leaving].iter_mut().for_each(|x| *x /= scale);
        let pivot = equations[leaving].clone();
        for (row, equation) in equations.iter_mut().enumerate() {
            let multiple = equation[entering];
            if row != leaving && multiple != 0.0 {
                equation.iter_mut().zip(&pivot).for_each(|(x, y)| *x -= multiple * y);
            }
        }
        basis[leaving] = entering;
    }
    false
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn design(rows: &[&[f64]]) -> Design {
        Design::new(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>()).expect("a design")
    }

    fn near(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-300), "{found} {expected}");
    }

    /// `glm(n ~ x + z, poisson)` of R 4.2.2 with epsilon 1e-15; the profile of x by `uniroot` over fits with an offset. The
    /// standard errors of glm are those of its last step but one.
    #[test]
    fn a_covariate_as_in_r() {
        let x = [0.5, 1.2, -0.3, 2.2, 1.9, 0.1, -1.4, 0.8];
        let z = [1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0];
        let counts = [3.0, 5.0, 0.0, 18.0, 11.0, 2.0, 0.0, 4.0];
        let rows: Vec<Vec<f64>> = x.iter().zip(z).map(|(x, z)| vec![1.0, *x, z]).collect();
        let design = Design::new(&rows).expect("a design");
        let fit = fit(&design, &counts).expect("a fit");
        for (found, expected) in fit.coefficients.iter().zip([
            0.213_351_607_541_201_8,
            1.231_880_938_420_627_7,
            -0.059_915_600_087_938_06,
        ]) {
            near(*found, expected, 1e-11);
        }
        near(fit.covariance[1][1], 0.094_523_409_984_121_9, 1e-8);
        near(fit.covariance[2][1], -0.106_402_489_201_302_53, 1e-8);
        near(fit.deviance, 2.929_837_903_993_684, 1e-12);
        near(fit.log_likelihood, -12.135_086_352_134_45, 1e-12);
        near(fit.pearson, 1.937_701_065_639_777, 1e-8);
        let [low, high] = profile_interval(&design, &counts, &fit, 1, 0.95).expect("an interval");
        near(low, 0.710_488_065_178_801_6, 1e-9);
        near(high, 1.929_955_708_616_375, 1e-9);
    }

    #[test]
    fn one_mean_in_closed_form() {
        let one = design(&[&[1.0], &[1.0], &[1.0], &[1.0]]);
        let fit = fit(&one, &[3.0, 0.0, 7.0, 2.0]).expect("a fit");
        near(fit.coefficients[0], libm::log(3.0), 1e-14);
        near(fit.covariance[0][0], 1.0 / 12.0, 1e-13);
        // Where 2 (12 log(3 / mu) - 12 + 4 mu) is the square of the quantile.
        let [low, high] = profile_interval(&one, &[3.0, 0.0, 7.0, 2.0], &fit, 0, 0.95).expect("an interval");
        let z = normal::coverage_factor(0.95);
        for end in [low, high] {
            let mu = libm::exp(end);
            near(2.0 * (12.0 * libm::log(3.0 / mu) - 12.0 + 4.0 * mu), z * z, 1e-9);
        }
        assert!(low < fit.coefficients[0] && fit.coefficients[0] < high);
    }

    #[test]
    fn as_many_coefficients_as_counts_leave_nothing_over() {
        let saturated = design(&[&[1.0, 0.0, 0.0], &[1.0, 1.0, 0.0], &[1.0, 1.0, 1.0]]);
        for counts in [[3.0, 5.0, 7.0], [1e-3, 1.0, 1e6], [2.5e11, 1e-3, 17.0]] {
            let fit = fit(&saturated, &counts).expect("a fit");
            for (mu, n) in fit.fitted.iter().zip(counts) {
                near(*mu, n, 1e-11);
            }
            assert!(fit.deviance.abs() < 1e-9 && fit.pearson < 1e-9, "{}", fit.deviance);
        }
        // The information is singular in all its sixteen digits.
        assert_eq!(fit(&saturated, &[1e-6, 1.0, 1e12]), Err(NoFit::NotReached));
    }

    #[test]
    fn what_has_no_fit_says_why() {
        let collinear = design(&[&[1.0, 0.0, 2.0], &[1.0, 1.0, 5.0], &[1.0, 2.0, 8.0], &[1.0, 0.0, 2.0]]);
        assert_eq!(fit(&collinear, &[1.0, 2.0, 3.0, 4.0]), Err(NoFit::Collinear(2)));
        let empty = design(&[&[1.0, 0.0], &[1.0, 1.0]]);
        assert_eq!(fit(&empty, &[5.0, 0.0]), Err(NoFit::NoFiniteMaximum));
        assert_eq!(fit(&empty, &[0.0, 0.0]), Err(NoFit::NoFiniteMaximum));
        let zero = design(&[&[1.0, 0.0], &[1.0, 0.0]]);
        assert_eq!(fit(&zero, &[5.0, 1.0]), Err(NoFit::Collinear(1)));
        for count in [-1.0, f64::NAN, f64::INFINITY, 1e13] {
            assert!(matches!(fit(&empty, &[5.0, count]), Err(NoFit::Impossible(_))), "{count}");
        }
        assert!(matches!(fit(&empty, &[5.0]), Err(NoFit::Impossible(_))));
        assert!(Design::new(&[]).is_err() && Design::new(&[vec![1.0], vec![1.0, 2.0]]).is_err());
        assert!(Design::new(&[vec![f64::NAN]]).is_err());
        assert!(NoFit::Collinear(2).to_string().contains("column 3"));
    }

    /// The classical table with positive margins and no finite maximum: two opposite empty corners of a 2 x 2 x 2 table, under
    /// the model of all pairs (Haberman 1974; Fienberg and Rinaldo 2012, section 2).
    #[test]
    fn opposite_empty_corners() {
        let rows: Vec<Vec<f64>> = (0..8_u8)
            .map(|cell| {
                let [a, b, c] = [0, 1, 2].map(|bit| f64::from(cell >> bit & 1));
                vec![1.0, a, b, c, a * b, a * c, b * c]
            })
            .collect();
        let pairs = Design::new(&rows).expect("a design");
        let mut counts = [4.0, 2.0, 3.0, 1.0, 5.0, 2.0, 6.0, 3.0];
        assert!(has_finite_maximum(&pairs, &counts));
        (counts[0], counts[7]) = (0.0, 0.0);
        assert!(!has_finite_maximum(&pairs, &counts));
        assert_eq!(fit(&pairs, &counts), Err(NoFit::NoFiniteMaximum));
        counts[7] = 3.0;
        assert!(has_finite_maximum(&pairs, &counts));
        // One empty corner is a cell that the others predict.
        assert!(fit(&pairs, &counts).expect("a fit").fitted[0] > 0.0);
        // Two empty neighbours empty a margin.
        let counts = [0.0, 0.0, 3.0, 1.0, 5.0, 2.0, 6.0, 3.0];
        assert!(!has_finite_maximum(&pairs, &counts));
    }

    fn tables() -> impl Strategy<Value = (usize, Vec<f64>)> {
        let count = prop_oneof![3 => Just(0.0), 2 => (1..20_u8).prop_map(f64::from)];
        (0..5_usize, prop::collection::vec(count, 8))
    }

    /// Models of three factors, from independence to all pairs.
    fn model(number: usize) -> Design {
        let rows: Vec<Vec<f64>> = (0..8_u8)
            .map(|cell| {
                let [a, b, c] = [0, 1, 2].map(|bit| f64::from(cell >> bit & 1));
                let pairs = [a * b, a * c, b * c];
                [&[1.0, a, b, c][..], &pairs[..number.min(3)]].concat()
            })
            .collect();
        Design::new(&rows).expect("a design")
    }

    proptest! {
        /// The climb and the linear program know nothing of each other. Where there is no finite maximum the climb ends, if it
        /// ends, at expectations that are nothing.
        #[test]
        fn the_climb_agrees_with_the_linear_program((number, counts) in tables()) {
            let design = model(number);
            let mut work = Workspace::new(8, design.columns);
            let mut coefficients = vec![0.0; design.columns];
            let how = Climb { is_warm: false, tolerance: 1e-12, most_steps: 200 };
            let peak = climb(&design, &counts, None, &mut coefficients, how, &mut work);
            let proof = peak.is_some_and(|peak| peak.is_proof());
            prop_assert_eq!(proof, has_finite_maximum(&design, &counts));
        }

        #[test]
        fn fitted_counts_meet_the_equations((number, counts) in tables()) {
            let design = model(number);
            let Ok(fit) = fit(&design, &counts) else { return Ok(()) };
            let (mut seen, mut expected) = (vec![0.0; design.columns], vec![0.0; design.columns]);
            design.gather(&counts, &mut seen);
            design.gather(&fit.fitted, &mut expected);
            for (a, b) in seen.iter().zip(&expected) {
                prop_assert!((a - b).abs() < 1e-9 * (1.0 + a));
            }
            prop_assert!(fit.deviance >= 0.0 && fit.pearson >= 0.0);
        }

        #[test]
        fn more_of_the_same_moves_the_intercept_alone((number, counts) in tables(), factor in 0.5..50.0_f64) {
            let design = model(number);
            let more: Vec<f64> = counts.iter().map(|n| n * factor).collect();
            let (Ok(one), Ok(other)) = (fit(&design, &counts), fit(&design, &more)) else { return Ok(()) };
            prop_assert!((other.coefficients[0] - one.coefficients[0] - libm::log(factor)).abs() < 1e-8);
            for j in 1..design.columns {
                prop_assert!((other.coefficients[j] - one.coefficients[j]).abs() < 1e-8);
                prop_assert!((other.covariance[j][j] * factor / one.covariance[j][j] - 1.0).abs() < 1e-8);
            }
        }

        #[test]
        fn rows_may_come_in_any_order((number, counts) in tables(), shift in 1..8_usize) {
            let design = model(number);
            let mut rows: Vec<Vec<f64>> = Design::rows(&design).map(<[f64]>::to_vec).collect();
            let mut moved = counts.clone();
            rows.rotate_left(shift);
            moved.rotate_left(shift);
            let other = fit(&Design::new(&rows).expect("a design"), &moved);
            match (fit(&design, &counts), other) {
                (Ok(one), Ok(other)) => {
                    for (a, b) in one.coefficients.iter().zip(&other.coefficients) {
                        prop_assert!((a - b).abs() < 1e-8);
                    }
                }
                (one, other) => prop_assert_eq!(one.err(), other.err()),
            }
        }
    }
}
