//! The discrepancy of a MIMIC model on correlations, its slope, its expected second derivatives, and the way down.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::{factor, omega};
use crate::estimator::numeric::sample::sum;

/// What the correlations say, reduced to the regression of the signs on the causes.
#[derive(Debug)]
pub(super) struct Reduced {
    /// The sign whose lambda is 1: at first the one that shares most with the others, which conditions the fit best.
    marker: usize,
    /// B, p by q.
    slopes: DMatrix<f64>,
    /// W.
    residual: DMatrix<f64>,
    /// The lower factor C of the causes' correlations.
    causes: DMatrix<f64>,
    /// ln |W| + p.
    constant: f64,
}

/// The parameters on correlations, with what they give.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub(super) lambda: Vec<f64>,
    pub(super) gamma: Vec<f64>,
    pub(super) psi: f64,
    pub(super) theta: Vec<f64>,
    pub(super) discrepancy: f64,
    /// The largest slope of the discrepancy; not yet known where it is not a number.
    pub(super) slope: f64,
}

/// A step of scoring from a point.
struct Scored {
    step: DVector<f64>,
    /// What the step would gain if the discrepancy were a parabola, twice.
    gain: f64,
    /// The largest slope.
    slope: f64,
}

/// Scoring converges by a constant factor a step, which is the smaller the better the model fits.
const MOST_STEPS: usize = 2000;

/// The part of a standard error's square (for one row) that a step may still gain when scoring has arrived.
const ARRIVED: f64 = 1e-24;

/// The part from which on rounding hides what a step gains.
const CLOSE: f64 = 1e-10;

impl Reduced {
    /// None where the correlations are singular.
    pub(super) fn new(correlations: &DMatrix<f64>, signs: usize) -> Option<Self> {
        let q = correlations.nrows() - signs;
        let yx = correlations.view((0, signs), (signs, q));
        let xx = factor(correlations.view((signs, signs), (q, q)).into_owned())?;
        let slopes = xx.solve(&yx.transpose()).transpose();
        let residual = correlations.view((0, 0), (signs, signs)) - &slopes * yx.transpose();
        let constant = log_determinant(&factor(residual.clone())?) + signs as f64;
        let marker = leading(&correlations.view((0, 0), (signs, signs)).into_owned()).iamax();
        Some(Self { marker, slopes, residual, causes: xx.l(), constant })
    }

    /// The same with eta in the unit of another sign.
    pub(super) fn marked_by(self, marker: usize) -> Self {
        Self { marker, ..self }
    }

    fn signs(&self) -> usize {
        self.slopes.nrows()
    }

    /// What the model leaves of the slopes, in units of the causes' spread: (B - lambda gamma') C.
    fn left(&self, lambda: &[f64], gamma: &[f64]) -> DMatrix<f64> {
        DMatrix::from_fn(self.signs(), gamma.len(), |i, j| self.slopes[(i, j)] - lambda[i] * gamma[j])
            * &self.causes
    }

    /// The discrepancy; none where Omega is no covariance matrix.
    pub(super) fn at(&self, lambda: Vec<f64>, gamma: Vec<f64>, psi: f64, theta: Vec<f64>) -> Option<Point> {
        let factor = factor(omega(&lambda, psi, &theta))?;
        let left = self.left(&lambda, &gamma);
        let misfit = &self.residual + &left * left.transpose();
        let discrepancy = log_determinant(&factor) + factor.solve(&misfit).trace() - self.constant;
        discrepancy.is_finite().then_some(Point { lambda, gamma, psi, theta, discrepancy, slope: f64::NAN })
    }

    /// How Omega and lambda gamma' C change with each parameter, in units of Omega's spread: one column a parameter, whose
    /// products are the expected second derivatives.
    fn changes(&self, point: &Point, root: &DMatrix<f64>) -> DMatrix<f64> {
        let Point { lambda, gamma, psi, theta, .. } = point;
        let (p, q) = (self.signs(), gamma.len());
        let unit = |i: usize| root.column(i).into_owned();
        let l = root * DVector::from_column_slice(lambda);
        let g = self.causes.transpose() * DVector::from_column_slice(gamma);
        let mut columns: Vec<DVector<f64>> = Vec::new();
        let root_two = std::f64::consts::SQRT_2;
        let stack = |variance: &DMatrix<f64>, slopes: &DMatrix<f64>| {
            let both = variance.iter().copied().chain(slopes.iter().map(|slope| root_two * slope));
            DVector::from_iterator(p * p + p * q, both)
        };
        for i in (0..p).filter(|i| *i != self.marker) {
            let one = unit(i) * l.transpose() * *psi;
            columns.push(stack(&(&one + one.transpose()), &(unit(i) * g.transpose())));
        }
        for j in 0..q {
            columns.push(stack(&DMatrix::zeros(p, p), &(&l * self.causes.row(j))));
        }
        columns.push(stack(&(&l * l.transpose()), &DMatrix::zeros(p, q)));
        for i in 0..theta.len() {
            columns.push(stack(&(unit(i) * unit(i).transpose()), &DMatrix::zeros(p, q)));
        }
        DMatrix::from_columns(&columns)
    }

    /// L^-1 of Omega = L L'.
    fn inverse_root(point: &Point) -> Option<DMatrix<f64>> {
        let p = point.lambda.len();
        factor(omega(&point.lambda, point.psi, &point.theta))?
            .l()
            .solve_lower_triangular(&DMatrix::identity(p, p))
    }

    /// The slope of the discrepancy: `tr(Omega^-1 (Omega - M) Omega^-1 dOmega) - 2 tr(Omega^-1 (B - lambda gamma') S_xx dB')`.
    fn slope(&self, point: &Point, changes: &DMatrix<f64>, root: &DMatrix<f64>) -> DVector<f64> {
        let p = self.signs();
        let left = root * self.left(&point.lambda, &point.gamma);
        let misfit = root * &self.residual * root.transpose() + &left * left.transpose();
        let variance = DMatrix::identity(p, p) - misfit;
        let slopes = left * -std::f64::consts::SQRT_2;
        let both = DVector::from_iterator(changes.nrows(), variance.iter().chain(slopes.iter()).copied());
        changes.tr_mul(&both)
    }

    /// The slope at a point, for tests.
    #[cfg(test)]
    pub(super) fn slope_at(&self, point: &Point) -> DVector<f64> {
        let root = Self::inverse_root(point).expect("a point has a discrepancy only where Omega has a root");
        self.slope(point, &self.changes(point, &root), &root)
    }

    /// The expected second derivatives of the discrepancy.
    pub(super) fn information(&self, point: &Point) -> DMatrix<f64> {
        let root = Self::inverse_root(point).expect("a point has a discrepancy only where Omega has a root");
        let changes = self.changes(point, &root);
        changes.tr_mul(&changes)
    }

    /// Lowers the discrepancy by scoring, as far as rounding lets it.
    pub(super) fn descend(&self, start: Point) -> Result<Point, String> {
        let astray = || {
            "the likelihood has no highest point that can be found: the model does not fit these variables"
                .to_owned()
        };
        let mut point = start;
        for _ in 0..MOST_STEPS {
            let Scored { step, gain, slope } = self.score(&point).ok_or_else(astray)?;
            point.slope = slope;
            if gain < ARRIVED {
                return Ok(point);
            }
            if gain >= CLOSE {
                point = self.lower(&point, &step, gain).ok_or_else(astray)?;
                continue;
            }
            // So near the end differences of the discrepancy are all rounding; a step counts while steps get shorter.
            let closer = [1.0, 0.5, 0.25].into_iter().find_map(|part| {
                let next = self.moved(&point, &step, part)?;
                self.score(&next).is_some_and(|scored| scored.gain < gain).then_some(next)
            });
            match closer {
                Some(next) => point = next,
                None => return Ok(point),
            }
        }
        Err(format!(
            "the fit has not settled after {MOST_STEPS} steps: the model hardly tells its parameters apart"
        ))
    }

    /// The step of scoring; none where the discrepancy has no slope or the step no length.
    fn score(&self, point: &Point) -> Option<Scored> {
        let root = Self::inverse_root(point)?;
        let changes = self.changes(point, &root);
        let slope = self.slope(point, &changes, &root);
        let step = -solve(&changes.tr_mul(&changes), &slope)?;
        let gain = -slope.dot(&step);
        (!gain.is_nan()).then_some(Scored { step, gain, slope: slope.amax() })
    }

    /// A point that is lower along a step, which is halved until one is found.
    fn lower(&self, point: &Point, step: &DVector<f64>, gain: f64) -> Option<Point> {
        let mut part = 1.0;
        for _ in 0..40 {
            if let Some(next) = self.moved(point, step, part)
                && next.discrepancy < point.discrepancy - 1e-4 * part * gain
            {
                return Some(next);
            }
            part /= 2.0;
        }
        None
    }

    fn moved(&self, point: &Point, step: &DVector<f64>, part: f64) -> Option<Point> {
        let mut steps = step.iter().map(|step| part * step);
        let mut next = |value: &f64| value + steps.next().unwrap_or(0.0);
        let lambda = point
            .lambda
            .iter()
            .enumerate()
            .map(|(i, l)| if i == self.marker { 1.0 } else { next(l) })
            .collect();
        let gamma = point.gamma.iter().map(&mut next).collect();
        let psi = next(&point.psi);
        let theta = point.theta.iter().map(&mut next).collect();
        self.at(lambda, gamma, psi, theta)
    }

    /// Where to start from: what the signs share most, what the causes move most, and all signs alike.
    pub(super) fn starts(&self) -> Vec<Point> {
        let p = self.signs();
        let moved = &self.slopes * &self.causes;
        let shared = &self.residual + &moved * moved.transpose();
        let signs: Vec<f64> =
            (0..p).map(|i| if shared[(i, self.marker)] < 0.0 { -1.0 } else { 1.0 }).collect();
        [leading(&shared), leading(&(&moved * moved.transpose())), signs.into()]
            .into_iter()
            .filter_map(|direction| self.start(&direction, &shared))
            .collect()
    }

    /// A start whose loadings go in a direction, with half of each sign its own.
    fn start(&self, direction: &DVector<f64>, shared: &DMatrix<f64>) -> Option<Point> {
        let p = self.signs();
        let longest = direction.amax();
        let own = direction[self.marker];
        // A marker that hardly takes part would send the other loadings off.
        let unit = if own.abs() > 0.2 * longest { own } else { libm::copysign(0.2 * longest, own) };
        let lambda: Vec<f64> =
            (0..p).map(|i| if i == self.marker { 1.0 } else { direction[i] / unit }).collect();
        let squares = sum(lambda.iter().map(|l| l * l));
        let gamma: Vec<f64> = (0..self.slopes.ncols())
            .map(|j| sum((0..p).map(|i| lambda[i] * self.slopes[(i, j)])) / squares)
            .collect();
        let theta: Vec<f64> = (0..p).map(|i| 0.5 * shared[(i, i)]).collect();
        self.at(lambda, gamma, 0.25, theta)
    }
}

impl Point {
    /// The same model with eta in the unit of another sign; none where that sign has no part in eta.
    pub(super) fn marked_by(&self, marker: usize) -> Option<Self> {
        let unit = self.lambda[marker];
        let marked = Self {
            lambda: self.lambda.iter().map(|l| l / unit).collect(),
            gamma: self.gamma.iter().map(|g| g * unit).collect(),
            psi: self.psi * unit * unit,
            ..self.clone()
        };
        marked.lambda.iter().all(|l| l.is_finite()).then_some(marked)
    }
}

/// The direction in which a matrix is longest.
fn leading(matrix: &DMatrix<f64>) -> DVector<f64> {
    let decomposed = matrix.clone().symmetric_eigen();
    decomposed.eigenvectors.column(decomposed.eigenvalues.imax()).into_owned()
}

fn log_determinant(factor: &Cholesky<f64, Dyn>) -> f64 {
    2.0 * sum(factor.l_dirty().diagonal().iter().map(|d| libm::log(*d)))
}

/// Solves with a little added to the diagonal where the information is singular, so that the step still goes down.
fn solve(information: &DMatrix<f64>, slope: &DVector<f64>) -> Option<DVector<f64>> {
    let units: DVector<f64> = information.diagonal().map(|v| libm::sqrt(v).max(1e-150));
    let scaled =
        DMatrix::from_fn(units.len(), units.len(), |a, b| information[(a, b)] / (units[a] * units[b]));
    let target = slope.component_div(&units);
    [0.0, 1e-8, 1e-4, 1.0].into_iter().find_map(|more| {
        let mut ridged = scaled.clone();
        (0..units.len()).for_each(|a| ridged[(a, a)] += more);
        let solved = factor(ridged)?.solve(&target).component_div(&units);
        solved.iter().all(|step| step.is_finite()).then_some(solved)
    })
}
