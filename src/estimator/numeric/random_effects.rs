//! Estimates with known variances about a line, of which each may truly differ: `y = X b + u + e`.
//!
//! ```text
//! var e_i = v_i known ; var u_i = tau2, to be estimated ; w_i = 1 / (v_i + tau2) ; W = diag(w)
//! P = W - W X (X' W X)^-1 X' W          the projection: P y = W (y - X b)
//! b = (X' W X)^-1 X' W y ; cov b = (X' W X)^-1 ; Q = y' P y = sum w (y - x b)^2
//! ```
//! Meta-analysis calls them studies and small-area estimation areas; the numerics are the same.
//! `W^(1/2) X` is factored by Gram and Schmidt with every column taken off twice, so that heavy weights leave `1 - h` accurate.
//!
//! # References
//! W. Viechtbauer (2005), Bias and efficiency of meta-analytic variance estimators in the random-effects model, Journal of
//! Educational and Behavioral Statistics 30(3), 261-293.
//! S. R. Searle, G. Casella, C. E. `McCulloch` (1992), Variance Components, Wiley, chapter 6 and appendix M (P and its derivatives).

pub mod mean;
pub mod moment;
pub mod search;

use nalgebra::{DMatrix, SymmetricEigen};

use super::sample::sum;
use search::{Forms, Profile};

/// More estimates or coefficients than this are refused, so that no table can hold up a machine.
pub const MOST_ESTIMATES: usize = 10_000;
/// See [`MOST_ESTIMATES`].
pub const MOST_COEFFICIENTS: usize = 40;
/// See [`MOST_ESTIMATES`]: of the table X.
pub const MOST_CELLS: usize = 100_000;

/// More correlated estimates are refused: their matrix has as many columns.
pub const MOST_CORRELATED: usize = 200;

/// A direction in which correlated estimates vary less than this part of the most is none of its own.
const DEPENDENT: f64 = 1e-12;

/// A matrix of that size takes a few turns a column to its axes.
const MOST_TURNS: usize = 100 * MOST_CORRELATED;

/// Outside of this range variances, and outside of its root estimates, are out of all proportion; their powers would overflow.
const RANGE: f64 = 1e60;

/// A column that keeps less of its length than this beside the columns before it says nothing of its own.
const COLLINEAR: f64 = 1e-8;

/// From this leverage on `1 - h` is formed from the other rows, because the difference would lose digits.
const HEAVY: f64 = 0.9;

/// Estimates with their variances and what may explain them.
#[derive(Debug, Clone, PartialEq)]
pub struct Observations {
    y: Vec<f64>,
    variances: Vec<f64>,
    columns: Vec<Vec<f64>>,
    about_a_mean: bool,
    /// The mean square of the estimates about their mean.
    spread: f64,
}

impl Observations {
    /// Estimates about one mean.
    pub fn about_a_mean(y: Vec<f64>, variances: Vec<f64>) -> Result<Self, String> {
        let intercept = vec![1.0; y.len()];
        Ok(Self { about_a_mean: true, ..Self::new(y, variances, vec![intercept])? })
    }

    /// Estimates about a line with these columns, of which a constant one is the intercept.
    pub fn new(y: Vec<f64>, variances: Vec<f64>, columns: Vec<Vec<f64>>) -> Result<Self, String> {
        check(&y, &variances)?;
        if columns.is_empty() || columns.len() > MOST_COEFFICIENTS {
            return Err(format!(
                "there are {} coefficients, and must be from 1 to {MOST_COEFFICIENTS}",
                columns.len()
            ));
        }
        for (j, column) in columns.iter().enumerate() {
            if column.len() != y.len() {
                return Err(format!("column {} has {} rows, and must have {}", j + 1, column.len(), y.len()));
            }
            if let Some(value) = column.iter().find(|value| !value.is_finite() || value.abs() > RANGE) {
                return Err(format!("column {} holds {value}, and must hold finite numbers", j + 1));
            }
        }
        if y.len() * columns.len() > MOST_CELLS {
            return Err(format!(
                "{} estimates with {} coefficients are a table of more than {MOST_CELLS} cells",
                y.len(),
                columns.len()
            ));
        }
        if y.len() < columns.len() {
            return Err(format!("{} estimates cannot tell {} coefficients", y.len(), columns.len()));
        }
        let mut unweighted = Projection::sized(y.len(), columns.len());
        if let Some(j) = unweighted.factor(&columns, |_| 1.0) {
            return Err(format!(
                "column {} is a sum of multiples of the columns before it, so that their coefficients cannot be told apart",
                j + 1
            ));
        }
        Ok(Self { spread: spread(&y), y, variances, columns, about_a_mean: false })
    }

    /// Estimates about one mean whose errors are correlated, such as those that share an input.
    ///
    /// Turned to the axes of the covariance matrix S they are independent: `S = U L U'`, `U'y = U'1 mu + U'u + U'e`, and
    /// `var U'u = tau2 I` as before. Everything but the leverage of a single estimate is what it was.
    pub fn correlated(y: &[f64], covariance: &[Vec<f64>]) -> Result<Self, String> {
        let size = y.len();
        let own: Vec<f64> =
            covariance.iter().enumerate().filter_map(|(i, row)| row.get(i).copied()).collect();
        check(y, &own)?;
        if size > MOST_CORRELATED {
            return Err(format!("{size} estimates are correlated, and at most {MOST_CORRELATED} can be"));
        }
        for (i, row) in covariance.iter().enumerate() {
            if row.len() != size {
                return Err(format!(
                    "row {} of the covariances has {} entries, and must have {size}",
                    i + 1,
                    row.len()
                ));
            }
            for (j, value) in row.iter().enumerate() {
                let scale = libm::sqrt(own[i]) * libm::sqrt(own[j]);
                if value.is_nan() || (value - covariance[j][i]).abs() > 1e-12 * scale {
                    return Err(format!(
                        "the covariance in row {}, column {} is {value}, and must be its mirror image",
                        i + 1,
                        j + 1
                    ));
                }
            }
        }
        let matrix = DMatrix::from_fn(size, size, |i, j| f64::midpoint(covariance[i][j], covariance[j][i]));
        let turned = SymmetricEigen::try_new(matrix, f64::EPSILON, MOST_TURNS)
            .ok_or("the covariances are out of all proportion")?;
        let largest = turned.eigenvalues.iter().fold(0.0_f64, |most, value| most.max(*value));
        if turned.eigenvalues.iter().any(|value| *value <= DEPENDENT * largest) {
            return Err("an estimate follows wholly from the others, or the covariances cannot be together"
                .to_owned());
        }
        let turn = |values: &dyn Fn(usize) -> f64| -> Vec<f64> {
            (0..size).map(|a| sum((0..size).map(|i| turned.eigenvectors[(i, a)] * values(i)))).collect()
        };
        let variances = turned.eigenvalues.iter().copied().collect();
        let independent = Self::new(turn(&|i| y[i]), variances, vec![turn(&|_| 1.0)])?;
        Ok(Self { spread: spread(y), ..independent })
    }

    /// The estimates.
    pub fn y(&self) -> &[f64] {
        &self.y
    }

    /// Their variances.
    pub fn variances(&self) -> &[f64] {
        &self.variances
    }

    /// The columns of X.
    pub fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }

    /// How many estimates there are.
    pub fn size(&self) -> usize {
        self.y.len()
    }

    /// Estimates less coefficients.
    pub fn degrees(&self) -> usize {
        self.y.len() - self.columns.len()
    }

    /// The mean square of the estimates about their mean, without weights.
    pub(super) fn spread(&self) -> f64 {
        self.spread
    }

    /// Whether the only column is the intercept.
    pub fn is_about_a_mean(&self) -> bool {
        self.about_a_mean
    }

    /// What weights that belong to a variance `tau2` between the estimates say.
    pub fn fit(&self, tau2: f64) -> Fit {
        self.fit_weighted(|i| 1.0 / (self.variances[i] + tau2))
    }

    /// What equal weights say.
    pub(super) fn fit_unweighted(&self) -> Fit {
        self.fit_weighted(|_| 1.0)
    }

    fn fit_weighted(&self, weight: impl Fn(usize) -> f64) -> Fit {
        let mut projection = Projection::sized(self.size(), self.columns.len());
        projection.factor(&self.columns, weight);
        let (parts, mut rest) = projection.split(&self.y);
        // What rounding leaves of estimates that lie on the line is nothing.
        let of_all = sum(parts.iter().map(|part| part * part));
        if sum(rest.iter().map(|r| r * r)) <= 64.0 * f64::EPSILON * f64::EPSILON * of_all {
            rest.fill(0.0);
        }
        let residuals = rest.iter().zip(&projection.roots).map(|(rest, root)| rest / root).collect();
        Fit {
            coefficients: projection.solve(&parts),
            parts,
            residuals,
            quadratic: sum(rest.iter().map(|r| r * r)),
            projection,
        }
    }
}

fn spread(y: &[f64]) -> f64 {
    let size = y.len() as f64;
    let mean = sum(y.iter().copied()) / size;
    sum(y.iter().map(|y| (y - mean) * (y - mean))) / size
}

/// Checks estimates and variances, without a look at what may explain them.
pub(super) fn check(y: &[f64], variances: &[f64]) -> Result<(), String> {
    if y.len() != variances.len() {
        return Err(format!("there are {} estimates and {} variances", y.len(), variances.len()));
    }
    if y.is_empty() || y.len() > MOST_ESTIMATES {
        return Err(format!("there are {} estimates, and must be from 1 to {MOST_ESTIMATES}", y.len()));
    }
    let most = libm::sqrt(RANGE);
    if let Some(value) = y.iter().find(|value| value.is_nan() || value.abs() > most) {
        return Err(format!("an estimate is {value}, and must be a number of at most {most:e}"));
    }
    if let Some(value) = variances.iter().find(|value| !(1.0 / RANGE..=RANGE).contains(*value)) {
        return Err(format!("a variance is {value}, and must be a positive number"));
    }
    Ok(())
}

/// The coefficients and the projection at one set of weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The coefficients b.
    pub coefficients: Vec<f64>,
    /// `y - X b`.
    pub residuals: Vec<f64>,
    /// `Q = y' P y`.
    pub quadratic: f64,
    /// What each column takes off `y' W y` after the columns before it, as a root.
    parts: Vec<f64>,
    projection: Projection,
}

impl Fit {
    /// The weights w.
    pub fn weights(&self) -> impl Iterator<Item = f64> + '_ {
        self.projection.roots.iter().map(|root| root * root)
    }

    /// `b' (cov b)^-1 b` of all coefficients but the first ones: what they take off Q.
    pub fn wald(&self, first: usize) -> f64 {
        sum(self.parts.iter().skip(first).map(|part| part * part))
    }

    /// `(X' W X)^-1`, as rows.
    pub fn covariance(&self) -> Vec<Vec<f64>> {
        let inverse = self.projection.inverse();
        let size = inverse.len();
        let product = |i: usize, j: usize| sum((i.max(j)..size).map(|m| inverse[i][m] * inverse[j][m]));
        (0..size).map(|i| (0..size).map(|j| product(i, j)).collect()).collect()
    }

    /// `x' (X' W X)^-1 x` of a row of X.
    pub fn variance_of(&self, row: &[f64]) -> f64 {
        let inverse = self.projection.inverse();
        sum((0..inverse.len()).map(|m| {
            let part = sum(inverse.iter().zip(row).map(|(upper, x)| upper[m] * x));
            part * part
        }))
    }

    /// How much of a row's fitted value is its own estimate, `h`.
    pub fn leverage(&self, i: usize) -> f64 {
        1.0 - self.projection.own(i)
    }

    /// `tr P`.
    pub fn trace(&self) -> f64 {
        self.trace_with(|_| 1.0)
    }

    /// `tr (P A)` with a diagonal A.
    pub fn trace_with(&self, a: impl Fn(usize) -> f64) -> f64 {
        let projection = &self.projection;
        sum(self.weights().enumerate().map(|(i, weight)| weight * a(i) * projection.own(i)))
    }

    /// `tr (P A P A)` with a diagonal A.
    pub fn trace_of_square_with(&self, a: impl Fn(usize) -> f64, b: impl Fn(usize) -> f64) -> f64 {
        let [a, b]: [Vec<f64>; 2] = {
            let times =
                |f: &dyn Fn(usize) -> f64| self.weights().enumerate().map(|(i, w)| w * f(i)).collect();
            [times(&a), times(&b)]
        };
        self.projection.square(&a, &b)
    }

    /// `ln det (X' W X)`.
    pub fn log_determinant(&self) -> f64 {
        self.projection.log_determinant()
    }
}

/// `W^(1/2) X = basis * upper`, with orthonormal columns in the basis.
#[derive(Debug, Clone, PartialEq)]
struct Projection {
    /// Square roots of the weights.
    roots: Vec<f64>,
    basis: Vec<Vec<f64>>,
    upper: Vec<Vec<f64>>,
}

impl Projection {
    fn sized(rows: usize, columns: usize) -> Self {
        Self {
            roots: vec![0.0; rows],
            basis: vec![vec![0.0; rows]; columns],
            upper: vec![vec![0.0; columns]; columns],
        }
    }

    /// Factors anew; gives the first column that depends on those before it.
    fn factor(&mut self, columns: &[Vec<f64>], weight: impl Fn(usize) -> f64) -> Option<usize> {
        for (i, root) in self.roots.iter_mut().enumerate() {
            *root = libm::sqrt(weight(i));
        }
        let mut dependent = None;
        for (j, column) in columns.iter().enumerate() {
            let (before, rest) = self.basis.split_at_mut(j);
            let Some(own) = rest.first_mut() else { break };
            own.iter_mut().zip(column).zip(&self.roots).for_each(|((own, x), root)| *own = x * root);
            let length = norm(own);
            let upper = &mut self.upper;
            take_off(before, own, |m, part, is_first| {
                upper[m][j] = if is_first { part } else { upper[m][j] + part };
            });
            let left = norm(own);
            if left <= COLLINEAR * length && dependent.is_none() {
                dependent = Some(j);
            }
            upper[j][j] = left;
            if left > 0.0 {
                for value in own {
                    *value /= left;
                }
            }
        }
        dependent
    }

    /// The parts of the weighted `y` along the basis, and what is left of it.
    fn split(&self, y: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut rest: Vec<f64> = y.iter().zip(&self.roots).map(|(y, root)| y * root).collect();
        let mut parts = vec![0.0; self.basis.len()];
        take_off(&self.basis, &mut rest, |m, part, _| parts[m] += part);
        (parts, rest)
    }

    /// The coefficients that have these parts.
    fn solve(&self, parts: &[f64]) -> Vec<f64> {
        let size = parts.len();
        let mut coefficients = parts.to_vec();
        for i in (0..size).rev() {
            let known = sum((i + 1..size).map(|m| self.upper[i][m] * coefficients[m]));
            coefficients[i] = (coefficients[i] - known) / self.upper[i][i];
        }
        coefficients
    }

    /// The inverse of the upper factor.
    fn inverse(&self) -> Vec<Vec<f64>> {
        let size = self.basis.len();
        let mut inverse = vec![vec![0.0; size]; size];
        for (j, upper) in self.upper.iter().enumerate() {
            inverse[j][j] = 1.0 / upper[j];
            for i in (0..j).rev() {
                let known = sum((i + 1..=j).map(|m| self.upper[i][m] * inverse[m][j]));
                inverse[i][j] = -known / self.upper[i][i];
            }
        }
        inverse
    }

    fn log_determinant(&self) -> f64 {
        2.0 * sum((0..self.basis.len()).map(|j| libm::log(self.upper[j][j])))
    }

    /// The inner product of two rows of the basis.
    fn between(&self, i: usize, j: usize) -> f64 {
        self.basis.iter().map(|column| column[i] * column[j]).sum()
    }

    /// `1 - h` of a row.
    fn own(&self, i: usize) -> f64 {
        let leverage = self.between(i, i);
        if leverage <= HEAVY {
            return 1.0 - leverage;
        }
        // The row of I - QQ' has the square length 1 - h, most of which stands beside the diagonal where h is near 1.
        let beside =
            sum((0..self.roots.len()).filter(|j| *j != i).map(|j| self.between(i, j) * self.between(i, j)));
        2.0 * beside / (1.0 + libm::sqrt((1.0 - 4.0 * beside).max(0.0)))
    }

    /// The sum over all pairs of `a_i b_j (I - QQ')_ij^2`.
    fn square(&self, a: &[f64], b: &[f64]) -> f64 {
        let (rows, size) = (self.roots.len(), self.basis.len());
        let is_heavy: Vec<bool> = (0..rows).map(|i| self.between(i, i) > HEAVY).collect();
        let diagonal = sum((0..rows).map(|i| a[i] * b[i] * self.own(i) * self.own(i)));
        // Pairs with a heavy row one by one, and the rest through the small matrices Q'AQ and Q'BQ.
        let with_heavy = sum((0..rows).filter(|i| is_heavy[*i]).flat_map(|i| {
            let is_heavy = &is_heavy;
            (0..rows).filter(move |j| *j != i).map(move |j| {
                let both = self.between(i, j) * self.between(i, j);
                if is_heavy[j] { a[i] * b[j] * both } else { (a[i] * b[j] + a[j] * b[i]) * both }
            })
        }));
        let light = || (0..rows).filter(|i| !is_heavy[*i]);
        let small = |weights: &[f64], m: usize, n: usize| {
            sum(light().map(|i| weights[i] * self.basis[m][i] * self.basis[n][i]))
        };
        let all_light = sum((0..size)
            .flat_map(|m| (0..size).map(move |n| (m, n)))
            .map(|(m, n)| small(a, m, n) * small(b, m, n)));
        let light_diagonal = sum(light().map(|i| {
            let leverage = self.between(i, i);
            a[i] * b[i] * leverage * leverage
        }));
        diagonal + with_heavy + (all_light - light_diagonal)
    }
}

fn norm(values: &[f64]) -> f64 {
    libm::sqrt(sum(values.iter().map(|value| value * value)))
}

/// Takes what lies in the basis off a vector, twice, so that what is left is orthogonal to working precision.
fn take_off(basis: &[Vec<f64>], vector: &mut [f64], mut found: impl FnMut(usize, f64, bool)) {
    for is_first in [true, false] {
        for (m, column) in basis.iter().enumerate() {
            let part = sum(column.iter().zip(vector.iter()).map(|(a, b)| a * b));
            found(m, part, is_first);
            vector.iter_mut().zip(column).for_each(|(value, column)| *value -= part * column);
        }
    }
}

/// The likelihood of a line as a function of the variance between the estimates.
#[derive(Debug)]
pub struct Line<'a>(pub &'a Observations);

impl Profile for Line<'_> {
    fn forms(&mut self, tau2: f64) -> Forms {
        let fit = self.0.fit(tau2);
        let mut once: Vec<f64> =
            fit.residuals.iter().zip(fit.weights()).map(|(residual, weight)| residual * weight).collect();
        let square = sum(once.iter().map(|value| value * value));
        once.iter_mut().zip(&fit.projection.roots).for_each(|(value, root)| *value *= root);
        take_off(&fit.projection.basis, &mut once, |_, _, _| ());
        Forms {
            trace: fit.trace(),
            trace_of_square: fit.trace_of_square_with(|_| 1.0, |_| 1.0),
            weights: sum(fit.weights()),
            weights_of_square: sum(fit.weights().map(|weight| weight * weight)),
            quadratic: fit.quadratic,
            square,
            cube: sum(once.iter().map(|value| value * value)),
        }
    }

    fn log_likelihood(&mut self, kind: search::Likelihood, tau2: f64) -> f64 {
        let fit = self.0.fit(tau2);
        let logs = sum(self.0.variances.iter().map(|variance| libm::log(variance + tau2)));
        let restriction = match kind {
            search::Likelihood::Full => 0.0,
            search::Likelihood::Restricted => fit.log_determinant(),
        };
        -0.5 * (logs + restriction + fit.quadratic)
    }

    fn size(&self) -> usize {
        self.0.size()
    }

    fn degrees(&self) -> usize {
        self.0.degrees()
    }

    fn residual_squares(&self) -> f64 {
        self.0.fit_unweighted().quadratic
    }

    fn variances(&self) -> (f64, f64) {
        search::extremes(&self.0.variances)
    }
}

#[cfg(test)]
mod tests;
