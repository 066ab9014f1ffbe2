//! One hidden variable with several causes and several signs, by maximum likelihood (a MIMIC model).
//!
//! ```text
//! y = lambda eta + e          p signs; e independent of one another, with variances theta
//! eta = gamma' x + zeta       q causes, as observed; psi the variance of zeta
//! Omega = psi lambda lambda' + diag(theta)           the variance of y where x is known
//! F = ln |Omega| + tr(Omega^-1 M) - ln |W| - p       M = W + (B - lambda gamma') S_xx (B - lambda gamma')'
//! ```
//! B is the regression of y on x and W its residual covariance, both from the covariance matrix with the divisor N. The unit of eta
//! is that of one sign, the marker, whose lambda is 1. F is the usual discrepancy of the whole covariance matrix with the causes'
//! part taken as observed; N F is chi-squared on `p(p+1)/2 + pq - (2p + q)` degrees of freedom where the model holds.
//!
//! All is computed on correlations, so that units change nothing but the units of the result. F is lowered by scoring with the
//! expected information and halved steps, from three starts; the lowest end counts. Variances are free to come out negative
//! (Heywood cases), as long as Omega is a covariance matrix: a negative one says that the model does not fit, or that there are
//! too few rows, and [`Solution::improper`] names it. Standard errors come from the expected information, `2/N A^-1`.
//!
//! # References
//! R. M. Hauser, A. S. Goldberger (1971), The treatment of unobservable variables in path analysis, Sociological Methodology 3, 81-117.
//! K. G. Jöreskog, A. S. Goldberger (1975), Estimation of a model with multiple indicators and multiple causes of a single latent variable, Journal of the American Statistical Association 70(351), 631-639.
//! K. A. Bollen (1989), Structural Equations with Latent Variables, Wiley, chapters 4, 7 and 8.
//! Y. Rosseel (2012), lavaan: an R package for structural equation modeling, Journal of Statistical Software 48(2).

use nalgebra::{Cholesky, DMatrix, Dyn};

use super::sample::sum;

mod likelihood;
pub mod measures;

use likelihood::{Point, Reduced};

/// What the model is fitted to.
#[derive(Debug, Clone, PartialEq)]
pub struct Data<'a> {
    /// The names of the variables, the signs first.
    pub names: &'a [String],
    /// How many of them are signs, p.
    pub signs: usize,
    /// Their covariance matrix with the divisor N.
    pub covariance: DMatrix<f64>,
    /// How many rows it comes from, N.
    pub count: f64,
}

/// The fitted model, in the units of the variables.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Which sign gives eta its unit.
    pub marker: usize,
    /// One a sign, lambda; 1 for the marker.
    pub loadings: Vec<f64>,
    /// One a cause, gamma.
    pub causes: Vec<f64>,
    /// The variance of eta that the causes leave, psi.
    pub disturbance: f64,
    /// The variance of each sign that eta leaves, theta.
    pub residuals: Vec<f64>,
    /// The least discrepancy, F.
    pub discrepancy: f64,
    /// The covariance of what was estimated: the loadings but the marker's, the causes, the disturbance, the residual variances.
    pub covariance: DMatrix<f64>,
    /// The largest slope of F left, on correlations.
    pub slope: f64,
    /// Variances that came out negative, by name: `disturbance`, or the sign.
    pub improper: Vec<String>,
}

/// More variables than these are no model of figures.
const MOST_VARIABLES: usize = 60;

/// A variable of which less than this part is not a combination of the others makes the covariance matrix singular.
const LEAST_OWN_PART: f64 = 1e-10;

/// With an expected information whose least eigenvalue is below this, for parameters of unit information, the parameters
/// cannot be told apart.
const LEAST_INFORMATION: f64 = 1e-9;

/// Fits the model with the unit of eta that of one sign; refuses in words what has no single answer.
pub fn fit(data: &Data<'_>, marker: usize) -> Result<Solution, String> {
    check(data, marker)?;
    let scales: Vec<f64> = data.covariance.diagonal().iter().map(|v| libm::sqrt(*v)).collect();
    let size = scales.len();
    let correlations = DMatrix::from_fn(size, size, |i, j| data.covariance[(i, j)] / (scales[i] * scales[j]));
    positive_definite(&correlations, data.names)?;
    let reduced = Reduced::new(&correlations, data.signs)
        .ok_or("the covariance matrix of these variables is singular")?;
    let mut best: Option<Point> = None;
    let mut reasons = Vec::new();
    for start in reduced.starts() {
        match reduced.descend(start) {
            Ok(point) if best.as_ref().is_none_or(|best| point.discrepancy < best.discrepancy) => {
                best = Some(point);
            }
            Ok(_) => {}
            Err(reason) => reasons.push(reason),
        }
    }
    let Some(point) = best else {
        reasons.dedup();
        return Err(reasons.join("; "));
    };
    let point = point.marked_by(marker).ok_or_else(|| {
        format!("{} has no part in the hidden variable; take another marker", data.names[marker])
    })?;
    let covariance = invert(&reduced.marked_by(marker).information(&point), data.count)?;
    Ok(in_units(&point, &covariance, data, marker, &scales))
}

fn check(data: &Data<'_>, marker: usize) -> Result<(), String> {
    let Data { names, signs, covariance, count } = data;
    let size = covariance.nrows();
    let causes = size.saturating_sub(*signs);
    if size != covariance.ncols() || size != names.len() || *signs > size {
        return Err(format!(
            "the covariance matrix is {size} by {}, for {} variables",
            covariance.ncols(),
            names.len()
        ));
    }
    if size > MOST_VARIABLES {
        return Err(format!("{size} variables are too many; {MOST_VARIABLES} are the most"));
    }
    if *signs < 2 {
        return Err(
            "a hidden variable with fewer than two signs cannot be told from the error of its sign; \
                    give two signs or more"
                .to_owned(),
        );
    }
    if causes == 0 {
        return Err("the hidden variable has no cause; give one or more".to_owned());
    }
    if marker >= *signs {
        return Err("the marker is not one of the signs".to_owned());
    }
    if !(count.is_finite() && *count > size as f64) {
        return Err(format!(
            "{count} rows give no covariance of {size} variables; {} are the fewest",
            size + 1
        ));
    }
    for i in 0..size {
        for j in 0..size {
            let (one, other) = (covariance[(i, j)], covariance[(j, i)]);
            if !one.is_finite()
                || (one - other).abs() > 1e-8 * libm::sqrt(covariance[(i, i)] * covariance[(j, j)])
            {
                return Err(format!("the covariance of {} and {} is {one} and {other}", names[i], names[j]));
            }
        }
        if covariance[(i, i)] <= 0.0 {
            return Err(format!("{} does not vary", names[i]));
        }
    }
    Ok(())
}

/// Refuses variables that make up one another, by name.
fn positive_definite(correlations: &DMatrix<f64>, names: &[String]) -> Result<(), String> {
    let size = correlations.nrows();
    let mut factor = DMatrix::<f64>::zeros(size, size);
    for i in 0..size {
        for j in 0..=i {
            let rest = correlations[(i, j)] - sum((0..j).map(|k| factor[(i, k)] * factor[(j, k)]));
            if i != j {
                factor[(i, j)] = rest / factor[(j, j)];
            } else if rest > LEAST_OWN_PART {
                factor[(i, i)] = libm::sqrt(rest);
            } else if rest > -LEAST_OWN_PART {
                return Err(format!("{} is a combination of the variables before it", names[i]));
            } else {
                return Err(format!(
                    "no variables have these covariances: {} cannot vary so little",
                    names[i]
                ));
            }
        }
    }
    Ok(())
}

/// The covariance of the parameters from the expected second derivatives of F, `2/N A^-1`.
fn invert(information: &DMatrix<f64>, count: f64) -> Result<DMatrix<f64>, String> {
    let unidentified = || {
        "the signs and causes do not tell the parameters apart: the model is not identified here, \
                           as where two signs share nothing that the causes move"
            .to_owned()
    };
    let size = information.nrows();
    let units: Vec<f64> = information.diagonal().iter().map(|v| libm::sqrt(*v)).collect();
    if units.iter().any(|unit| unit.is_nan() || *unit <= 0.0) {
        return Err(unidentified());
    }
    let scaled = DMatrix::from_fn(size, size, |a, b| information[(a, b)] / (units[a] * units[b]));
    if scaled.symmetric_eigenvalues().min() < LEAST_INFORMATION {
        return Err(unidentified());
    }
    let inverse = Cholesky::new(scaled).ok_or_else(unidentified)?.inverse();
    Ok(DMatrix::from_fn(size, size, |a, b| 2.0 / count * inverse[(a, b)] / (units[a] * units[b])))
}

/// From correlations to the units of the variables; eta takes that of the marker.
fn in_units(
    point: &Point,
    covariance: &DMatrix<f64>,
    data: &Data<'_>,
    marker: usize,
    scales: &[f64],
) -> Solution {
    let (y, x) = scales.split_at(data.signs);
    let unit = y[marker];
    let mut factors: Vec<f64> =
        y.iter().enumerate().filter(|(i, _)| *i != marker).map(|(_, scale)| scale / unit).collect();
    factors.extend(x.iter().map(|scale| unit / scale));
    factors.push(unit * unit);
    factors.extend(y.iter().map(|scale| scale * scale));
    let residuals: Vec<f64> = point.theta.iter().zip(y).map(|(theta, scale)| theta * scale * scale).collect();
    let mut improper = Vec::new();
    if point.psi < 0.0 {
        improper.push("disturbance".to_owned());
    }
    improper
        .extend(residuals.iter().zip(data.names).filter(|(v, _)| **v < 0.0).map(|(_, name)| name.clone()));
    Solution {
        marker,
        loadings: (0..data.signs)
            .map(|i| if i == marker { 1.0 } else { point.lambda[i] * y[i] / unit })
            .collect(),
        causes: point.gamma.iter().zip(x).map(|(gamma, scale)| gamma * unit / scale).collect(),
        disturbance: point.psi * unit * unit,
        residuals,
        discrepancy: point.discrepancy.max(0.0),
        covariance: DMatrix::from_fn(factors.len(), factors.len(), |a, b| {
            covariance[(a, b)] * factors[a] * factors[b]
        }),
        slope: point.slope,
        improper,
    }
}

impl Data<'_> {
    /// The degrees of freedom of the model's chi-squared.
    pub fn degrees(&self) -> usize {
        let (p, q) = (self.signs, self.names.len() - self.signs);
        (p * (p + 1) / 2 + p * q).saturating_sub(2 * p + q)
    }

    /// The covariances of the causes.
    pub fn of_causes(&self) -> DMatrix<f64> {
        let causes = self.names.len() - self.signs;
        self.covariance.view((self.signs, self.signs), (causes, causes)).into_owned()
    }
}

impl Solution {
    /// Where the standard errors stand in [`Self::covariance`]: of a sign's loading (none for the marker), ...
    pub fn place_of_loading(&self, sign: usize) -> Option<usize> {
        (sign != self.marker).then(|| if sign < self.marker { sign } else { sign - 1 })
    }

    /// ... of a cause, ...
    pub fn place_of_cause(&self, cause: usize) -> usize {
        self.loadings.len() - 1 + cause
    }

    /// ... of the disturbance, ...
    pub fn place_of_disturbance(&self) -> usize {
        self.place_of_cause(self.causes.len())
    }

    /// ... of the residual variance of a sign.
    pub fn place_of_residual(&self, sign: usize) -> usize {
        self.place_of_disturbance() + 1 + sign
    }

    /// The standard error of what stands at a place of [`Self::covariance`].
    pub fn standard_error(&self, place: usize) -> f64 {
        libm::sqrt(self.covariance[(place, place)].max(0.0))
    }

    /// The variance of the signs where the causes are known, Omega.
    pub fn sign_variance(&self) -> DMatrix<f64> {
        omega(&self.loadings, self.disturbance, &self.residuals)
    }

    /// [`regression_weights`] of the fitted model; none where a variance is negative, for then the model gives no law of eta.
    pub fn regression_weights(&self) -> Option<(Vec<f64>, f64)> {
        self.improper
            .is_empty()
            .then(|| regression_weights(&self.loadings, self.disturbance, &self.residuals))
    }
}

/// What the signs of a row say of its eta beyond its causes: weights of `y - lambda gamma' x`, and the variance that is left.
///
/// `E(eta | x, y) = gamma' x + k' (y - lambda gamma' x)` with `k = psi Omega^-1 lambda`, and `psi (1 - k' lambda)` is left; as Omega
/// is a diagonal matrix and one product, `left = psi / (1 + psi sum lambda^2 / theta)` and `k = left lambda / theta`.
pub fn regression_weights(lambda: &[f64], psi: f64, theta: &[f64]) -> (Vec<f64>, f64) {
    let told = sum(lambda.iter().zip(theta).map(|(l, v)| l * l / v));
    let left = psi / (1.0 + psi * told);
    (lambda.iter().zip(theta).map(|(l, v)| left * l / v).collect(), left)
}

fn omega(lambda: &[f64], psi: f64, theta: &[f64]) -> DMatrix<f64> {
    DMatrix::from_fn(lambda.len(), lambda.len(), |i, j| {
        psi * lambda[i] * lambda[j] + if i == j { theta[i] } else { 0.0 }
    })
}

fn factor(matrix: DMatrix<f64>) -> Option<Cholesky<f64, Dyn>> {
    Cholesky::new(matrix)
        .filter(|factor| factor.l_dirty().diagonal().iter().all(|d| d.is_finite() && *d > 0.0))
}

#[cfg(test)]
mod tests;
