//! Benchmarking by regression: the short periods follow the indicators as far as the long periods show that they do.
//!
//! ```text
//! x = Z b + u, cov u = s2 Q, Y = C x          V = C Q C'
//! b = (Z' C' V^-1 C Z)^-1 Z' C' V^-1 Y ; x = Z b + Q C' V^-1 (Y - C Z b)
//! Chow and Lin: u_t = rho u_(t-1) + e_t, stationary
//! Fernandez:    u_t = u_(t-1) + e_t, u_0 = 0
//! Litterman:    u_t = u_(t-1) + v_t, v_t = rho v_(t-1) + e_t, u_0 = v_0 = 0
//! rho maximises - m/2 ln s2 - 1/2 ln det V, s2 = (Y - C Z b)' V^-1 (Y - C Z b) / m, over 0 to 0.999
//! ```
//! rho is sought on a grid first, because the likelihood can have several maxima; at an end of its range it is hardly known.
//! Use it only where indicator and benchmarks move together over many long periods; b is otherwise chance.
//!
//! # References
//! G. C. Chow, A. Lin (1971), Best linear unbiased interpolation, distribution, and extrapolation of time series by related series,
//! Review of Economics and Statistics 53(4), 372-375.
//! R. B. Fernandez (1981), A methodological note on the estimation of time series, Review of Economics and Statistics 63(3), 471-476.
//! R. B. Litterman (1983), A random walk, Markov model for the distribution of time series, Journal of Business and Economic Statistics 1(2), 169-173.
//! C. Sax, P. Steiner (2013), Temporal disaggregation of time series, The R Journal 5(2), 80-87.

use super::Calendar;
use crate::estimator::numeric::random_effects::Observations;
use crate::estimator::numeric::sample::sum;

/// More long periods are refused.
pub const MOST_BENCHMARKS: usize = 300;

/// The law of what the indicators leave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rest {
    /// Chow and Lin; with the likeliest rho where none is given.
    ChowLin(Option<f64>),
    /// Fernandez.
    Fernandez,
    /// Litterman; with the likeliest rho where none is given.
    Litterman(Option<f64>),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// The short periods.
    pub series: Vec<f64>,
    /// The coefficients of the columns of Z.
    pub coefficients: Vec<f64>,
    /// Their standard errors, with the divisor m - p.
    pub standard_errors: Vec<f64>,
    /// rho; 0 where the law has none.
    pub rho: f64,
    /// The logarithm of the likelihood of the long periods.
    pub log_likelihood: f64,
}

const LARGEST_RHO: f64 = 0.999;
const STEPS: usize = 100;

/// Brings the columns of Z, of which a constant one is the intercept, to the benchmarks of the first long periods.
pub fn regress(
    columns: &[Vec<f64>],
    benchmarks: &[f64],
    calendar: Calendar,
    rest: Rest,
) -> Result<Regression, String> {
    let periods = columns.first().map_or(0, Vec::len);
    calendar.check(periods, benchmarks.len())?;
    if benchmarks.len() <= columns.len() || benchmarks.len() > MOST_BENCHMARKS {
        return Err(format!(
            "{} benchmarks are given, and {} coefficients need from {} to {MOST_BENCHMARKS}",
            benchmarks.len(),
            columns.len(),
            columns.len() + 1
        ));
    }
    let long = columns
        .iter()
        .map(|column| (0..benchmarks.len()).map(|j| calendar.figure(column, j)).collect())
        .collect();
    // Checks numbers, lengths and whether the coefficients can be told apart.
    let observations = Observations::new(benchmarks.to_vec(), vec![1.0; benchmarks.len()], long)?;
    if columns.iter().any(|column| column.len() != periods) {
        return Err("the indicators are of different lengths".to_owned());
    }
    let problem = Problem { columns, observations: &observations, calendar, periods };
    let at = |rho| Law {
        rho,
        is_walk: !matches!(rest, Rest::ChowLin(_)),
        is_stationary: matches!(rest, Rest::ChowLin(_)),
    };
    let rho = match rest {
        Rest::Fernandez => 0.0,
        Rest::ChowLin(Some(rho)) | Rest::Litterman(Some(rho)) => {
            if !(0.0..=LARGEST_RHO).contains(&rho) {
                return Err(format!("rho is {rho}, and must lie from 0 to {LARGEST_RHO}"));
            }
            rho
        }
        Rest::ChowLin(None) | Rest::Litterman(None) => likeliest(|rho| {
            problem.fit(at(rho)).map_or(f64::NEG_INFINITY, |fit| fit.log_likelihood(&problem))
        }),
    };
    let fit = problem.fit(at(rho)).ok_or("the benchmarks cannot be told apart by the law of the rest")?;
    Ok(problem.regression(&fit, rho))
}

/// The best point of a grid, refined between its neighbours.
fn likeliest(log_likelihood: impl Fn(f64) -> f64) -> f64 {
    let grid = |i: usize| LARGEST_RHO * i as f64 / STEPS as f64;
    let heights: Vec<f64> = (0..=STEPS).map(|i| log_likelihood(grid(i))).collect();
    let best = (0..=STEPS).fold(0, |best, i| if heights[i] > heights[best] { i } else { best });
    let (mut low, mut high) = (grid(best.saturating_sub(1)), grid((best + 1).min(STEPS)));
    // Golden sections: 80 of them leave nothing between the ends.
    let golden = (libm::sqrt(5.0) - 1.0) / 2.0;
    let mut points = [high - golden * (high - low), low + golden * (high - low)];
    let mut values = points.map(&log_likelihood);
    for _ in 0..80 {
        if values[0] >= values[1] {
            high = points[1];
            (points[1], values[1]) = (points[0], values[0]);
            points[0] = high - golden * (high - low);
            values[0] = log_likelihood(points[0]);
        } else {
            low = points[0];
            (points[0], values[0]) = (points[1], values[1]);
            points[1] = low + golden * (high - low);
            values[1] = log_likelihood(points[1]);
        }
    }
    let inside = f64::midpoint(low, high);
    // A maximum at an end of the range is no point inside.
    let ends = [grid(best), inside];
    if log_likelihood(ends[1]) > heights[best] { ends[1] } else { ends[0] }
}

/// The law of the rest: `Q = K K'`, with K the recursion of its shocks.
#[derive(Debug, Clone, Copy)]
struct Law {
    rho: f64,
    is_walk: bool,
    is_stationary: bool,
}

impl Law {
    /// `K' v`, in place.
    fn back(self, v: &mut [f64]) {
        if self.is_walk {
            for t in (1..v.len()).rev() {
                v[t - 1] += v[t];
            }
        }
        for t in (1..v.len()).rev() {
            v[t - 1] += self.rho * v[t];
        }
        if let (true, Some(first)) = (self.is_stationary, v.first_mut()) {
            *first *= self.start();
        }
    }

    /// `K v`, in place.
    fn forth(self, v: &mut [f64]) {
        if let (true, Some(first)) = (self.is_stationary, v.first_mut()) {
            *first *= self.start();
        }
        for t in 1..v.len() {
            v[t] += self.rho * v[t - 1];
        }
        if self.is_walk {
            for t in 1..v.len() {
                v[t] += v[t - 1];
            }
        }
    }

    /// The first value of a stationary series varies as all others do.
    fn start(self) -> f64 {
        1.0 / libm::sqrt(1.0 - self.rho * self.rho)
    }
}

struct Problem<'a> {
    columns: &'a [Vec<f64>],
    observations: &'a Observations,
    calendar: Calendar,
    periods: usize,
}

/// Estimates at one rho, on the scale on which the long periods are independent.
struct Fit {
    /// The lower factor of V.
    factor: Vec<Vec<f64>>,
    /// `Q C'`, one column a long period.
    spread: Vec<Vec<f64>>,
    coefficients: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    squares: f64,
}

impl Problem<'_> {
    fn fit(&self, law: Law) -> Option<Fit> {
        let count = self.observations.size();
        let spread: Vec<Vec<f64>> = (0..count)
            .map(|j| {
                let mut column = vec![0.0; self.periods];
                let own = column.iter_mut().skip(j * self.calendar.within);
                own.zip(self.calendar.weights()).for_each(|(value, weight)| *value = weight);
                law.back(&mut column);
                law.forth(&mut column);
                column
            })
            .collect();
        let v = |i: usize, j: usize| self.calendar.figure(&spread[j], i);
        let factor = cholesky(count, v)?;
        let mut y = self.observations.y().to_vec();
        forward(&factor, &mut y);
        let columns: Vec<Vec<f64>> = self
            .observations
            .columns()
            .iter()
            .map(|column| {
                let mut column = column.clone();
                forward(&factor, &mut column);
                column
            })
            .collect();
        let fit = Observations::new(y, vec![1.0; count], columns).ok()?.fit(0.0);
        Some(Fit {
            factor,
            spread,
            covariance: fit.covariance(),
            squares: fit.quadratic,
            coefficients: fit.coefficients,
        })
    }

    fn regression(&self, fit: &Fit, rho: f64) -> Regression {
        let line = |columns: &[Vec<f64>], t: usize| {
            sum(columns.iter().zip(&fit.coefficients).map(|(column, b)| column[t] * b))
        };
        let long = self.observations.columns();
        let mut left: Vec<f64> =
            self.observations.y().iter().enumerate().map(|(j, y)| y - line(long, j)).collect();
        forward(&fit.factor, &mut left);
        backward(&fit.factor, &mut left);
        let series = (0..self.periods)
            .map(|t| {
                let spread = sum(fit.spread.iter().zip(&left).map(|(column, left)| column[t] * left));
                line(self.columns, t) + spread
            })
            .collect();
        let scale = fit.squares / self.observations.degrees() as f64;
        Regression {
            series,
            coefficients: fit.coefficients.clone(),
            standard_errors: (0..fit.covariance.len())
                .map(|j| libm::sqrt(scale * fit.covariance[j][j]))
                .collect(),
            rho,
            log_likelihood: fit.log_likelihood(self),
        }
    }
}

impl Fit {
    fn log_likelihood(&self, problem: &Problem<'_>) -> f64 {
        let count = problem.observations.size() as f64;
        let logs = sum(self.factor.iter().enumerate().map(|(j, row)| libm::log(row[j])));
        // What the indicators explain wholly leaves nothing; a sum of squares of 0 would be infinitely likely at any rho.
        let squares = self.squares.max(f64::MIN_POSITIVE);
        let circle = 2.0 * std::f64::consts::PI;
        -0.5 * count * (1.0 + libm::log(circle * squares / count)) - logs
    }
}

/// The lower factor of a positive matrix; none where it is not.
fn cholesky(size: usize, entry: impl Fn(usize, usize) -> f64) -> Option<Vec<Vec<f64>>> {
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(size);
    for i in 0..size {
        let mut row: Vec<f64> = Vec::with_capacity(i + 1);
        for (j, above) in factor.iter().enumerate() {
            let known = sum(row.iter().zip(above).map(|(a, b)| a * b));
            row.push((entry(i, j) - known) / above[j]);
        }
        let own = entry(i, i);
        let rest = own - sum(row.iter().map(|value| value * value));
        if rest.is_nan() || rest <= 1e-14 * own {
            return None;
        }
        row.push(libm::sqrt(rest));
        factor.push(row);
    }
    Some(factor)
}

fn forward(factor: &[Vec<f64>], right: &mut [f64]) {
    for (i, row) in factor.iter().enumerate() {
        let known = sum(row[..i].iter().zip(&*right).map(|(a, b)| a * b));
        right[i] = (right[i] - known) / row[i];
    }
}

fn backward(factor: &[Vec<f64>], right: &mut [f64]) {
    for i in (0..factor.len()).rev() {
        let below = factor.iter().zip(&*right).skip(i + 1);
        let known = sum(below.map(|(row, value)| row[i] * value));
        right[i] = (right[i] - known) / factor[i][i];
    }
}
