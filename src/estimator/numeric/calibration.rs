//! Weights turned so that the sample adds up to known totals, and the variance that is left.
//!
//! ```text
//! d_i   the weights of the design,  x_i  the auxiliary variables,  T  their known totals
//! w_i = d_i g_i,  g_i = F(x_i' l),  l solves  sum w_i x_i = T
//! linear     F(u) = 1 + u                                   (GREG; with groups alone, post-stratification)
//! raking     F(u) = exp(u)                                  (with groups, the limit of iterative proportional fitting)
//! bounded    F(u) = (L (U-1) + U (1-L) e^(Au)) / ((U-1) + (1-L) e^(Au)),  A = (U-L) / ((1-L) (U-1))        (L < g < U)
//!
//! V    of an estimate with influence u_i = that of the design for the scores  w_i e_i
//! e_i  the residual of u on x, by least squares with the weights d           (u = y for a total, (y - R x)/X for a ratio)
//! ```
//! All of them give the same variance in large samples, which is that of the residuals: what the known totals explain is
//! no longer left to chance. The linear form always has a solution and may give weights below 0; the bounded one keeps
//! weights within bounds and may have none.
//!
//! Weights that come from the totals of other surveys carry the errors of those, which this variance does not hold.
//!
//! # References
//! J.-C. Deville, C.-E. Särndal (1992), Calibration Estimators in Survey Sampling, JASA 87, 376-382.
//! J.-C. Deville, C.-E. Särndal, O. Sautory (1993), Generalized Raking Procedures in Survey Sampling, JASA 88, 1013-1020.
//! W. E. Deming, F. F. Stephan (1940), On a Least Squares Adjustment of a Sampled Frequency Table When the Expected Marginal
//! Totals Are Known, Annals of Mathematical Statistics 11, 427-444.

use super::sample::sum;
use auxiliary::Auxiliary;
use products::Products;

mod auxiliary;
mod products;

/// Something whose total is known.
#[derive(Debug, Clone, Copy)]
pub enum Margin<'a> {
    /// A variable with its total.
    Number {
        /// What it is called.
        name: &'a str,
        /// Its value in each row.
        values: &'a [f64],
        /// What it adds up to.
        total: f64,
    },
    /// Groups that every row is in one of, with what the weights of each add up to.
    Groups {
        /// What they are called together.
        name: &'a str,
        /// The place of each row's group.
        group: &'a [u32],
        /// The groups with their totals.
        totals: &'a [(&'a str, f64)],
    },
}

/// How the weights may move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distance {
    /// In a line.
    Linear,
    /// By factors that are never negative.
    Raking,
    /// By factors between a lower bound below 1 and an upper bound above 1.
    Bounded(f64, f64),
}

/// Weights that meet the totals.
#[derive(Debug, Clone)]
pub struct Calibration<'a> {
    auxiliary: Auxiliary<'a>,
    weights: &'a [f64],
    factors: Vec<f64>,
    products: Products,
}

/// Newton's method doubles the digits with each step; where it has not met the totals by then it will not.
const MOST_STEPS: usize = 100;

/// How often a step that makes things worse is halved.
const MOST_HALVINGS: usize = 30;

/// How near the totals must be met, in parts of what adds up to them.
const PRECISION: f64 = 1e-11;

/// Finds factors of the weights that meet the totals of all margins. Refuses in words, naming the margin.
pub fn calibrate<'a>(
    weights: &'a [f64],
    margins: &'a [Margin<'a>],
    distance: Distance,
) -> Result<Calibration<'a>, String> {
    if let Some(row) = weights.iter().position(|weight| !(*weight >= 0.0 && weight.is_finite())) {
        let weight = weights[row];
        return Err(format!("the weight of row {} is {weight}, and must be a number from 0", row + 1));
    }
    if let Distance::Bounded(low, high) = distance
        && !(low < 1.0 && high > 1.0 && low.is_finite() && high.is_finite())
    {
        return Err(format!("the bounds are {low} and {high}, and must lie below and above 1"));
    }
    let auxiliary = Auxiliary::new(weights.len(), margins)?;
    let products = auxiliary.products(|row| weights[row]);
    auxiliary.check_against_sample(weights, &products)?;
    let factors = solve(&auxiliary, weights, distance, &products)?;
    Ok(Calibration { auxiliary, weights, factors, products })
}

/// An estimate with the scores of its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Linearised {
    /// The estimate.
    pub value: f64,
    /// Those whose variance the design gives.
    pub scores: Vec<f64>,
}

impl Calibration<'_> {
    /// By how much each weight was multiplied, g.
    pub fn factors(&self) -> &[f64] {
        &self.factors
    }

    /// The weights that meet the totals, w = d g.
    pub fn weights(&self) -> Vec<f64> {
        self.weights.iter().zip(&self.factors).map(|(weight, factor)| weight * factor).collect()
    }

    /// The total of a variable; within a domain, of one that is 0 outside it.
    pub fn total(&self, values: &[f64]) -> Result<Linearised, String> {
        let scores = self.scores(values)?;
        Ok(Linearised { value: self.add_up(values), scores })
    }

    /// The ratio of two totals; a mean is the ratio to a variable that is 1 everywhere.
    pub fn ratio(&self, above: &[f64], below: &[f64]) -> Result<Linearised, String> {
        if above.len() != below.len() {
            return Err(format!("the variables have {} and {} rows", above.len(), below.len()));
        }
        let whole = self.add_up(below);
        let value = self.add_up(above) / whole;
        if !value.is_finite() {
            return Err(format!("a ratio to {whole} is none"));
        }
        let influence: Vec<f64> = above.iter().zip(below).map(|(y, x)| (y - value * x) / whole).collect();
        Ok(Linearised { value, scores: self.scores(&influence)? })
    }

    fn add_up(&self, values: &[f64]) -> f64 {
        sum(self
            .weights
            .iter()
            .zip(&self.factors)
            .zip(values)
            .map(|((weight, factor), value)| weight * factor * value))
    }

    /// The scores `w_i e_i`, of which the design gives the variance, from the influence of each row on the estimate.
    pub fn scores(&self, influence: &[f64]) -> Result<Vec<f64>, String> {
        let residuals = self.residuals(influence)?;
        Ok(residuals.iter().zip(self.weights()).map(|(residual, weight)| weight * residual).collect())
    }

    /// What the auxiliary variables leave of a variable, by least squares with the weights of the design.
    pub fn residuals(&self, values: &[f64]) -> Result<Vec<f64>, String> {
        if values.len() != self.weights.len() {
            return Err(format!(
                "a variable has {} rows, and the weights {}",
                values.len(),
                self.weights.len()
            ));
        }
        let mut residuals = values.to_vec();
        // The second round takes off what rounding left in the first.
        for _ in 0..2 {
            let cross = self.auxiliary.totals(|row| self.weights[row] * residuals[row]);
            let slopes = self.products.solve(&cross);
            for (row, residual) in residuals.iter_mut().enumerate() {
                *residual -= self.auxiliary.predict(row, &slopes);
            }
        }
        Ok(residuals)
    }
}

/// Newton's method, with steps halved while they lead away from the totals.
fn solve(
    auxiliary: &Auxiliary<'_>,
    weights: &[f64],
    distance: Distance,
    products: &Products,
) -> Result<Vec<f64>, String> {
    let totals = auxiliary.wanted();
    let mut scale = auxiliary.scale(weights);
    for (place, _) in products.dependent() {
        // It was compared with the totals that it follows from, which may have been rounded.
        scale[*place] = f64::INFINITY;
    }
    let mut slopes = vec![0.0; totals.len()];
    let mut state = State::at(auxiliary, weights, distance, &slopes, &totals, &scale);
    // The first step is that of the linear form for all.
    let mut matrix = products.clone();
    for _ in 0..MOST_STEPS {
        if state.misfit <= PRECISION {
            return Ok(state.factors);
        }
        let step = matrix.solve(&state.missing);
        let Some((next_slopes, next)) = (0..MOST_HALVINGS).find_map(|halving| {
            let part = libm::ldexp(1.0, -i32::try_from(halving).unwrap_or(i32::MAX));
            let tried: Vec<f64> = slopes.iter().zip(&step).map(|(slope, step)| slope + part * step).collect();
            let next = State::at(auxiliary, weights, distance, &tried, &totals, &scale);
            (next.misfit < state.misfit).then_some((tried, next))
        }) else {
            break;
        };
        (slopes, state) = (next_slopes, next);
        matrix = auxiliary.products(|row| weights[row] * state.growth[row]);
    }
    // Rounding may stop it a little earlier.
    if state.misfit <= 100.0 * PRECISION {
        return Ok(state.factors);
    }
    let misfit = |place: usize| state.missing[place].abs() / scale[place];
    let worst = (0..totals.len()).max_by(|a, b| misfit(*a).total_cmp(&misfit(*b))).unwrap_or(0);
    let bounds = match distance {
        Distance::Bounded(low, high) => format!(" and factors from {low} to {high}"),
        Distance::Linear | Distance::Raking => String::new(),
    };
    Err(format!(
        "no weights meet all totals{bounds}: {} should add up to {} and comes to {}",
        auxiliary.name(worst),
        totals[worst],
        auxiliary::shown(totals[worst] - state.missing[worst])
    ))
}

/// Where Newton's method stands.
struct State {
    factors: Vec<f64>,
    /// How each factor changes with its argument.
    growth: Vec<f64>,
    missing: Vec<f64>,
    misfit: f64,
}

impl State {
    fn at(
        auxiliary: &Auxiliary<'_>,
        weights: &[f64],
        distance: Distance,
        slopes: &[f64],
        totals: &[f64],
        scale: &[f64],
    ) -> Self {
        let (factors, growth): (Vec<f64>, Vec<f64>) =
            (0..weights.len()).map(|row| distance.factor(auxiliary.predict(row, slopes))).unzip();
        let reached = auxiliary.totals(|row| weights[row] * factors[row]);
        let missing: Vec<f64> = totals.iter().zip(reached).map(|(total, reached)| total - reached).collect();
        let misfit = missing.iter().zip(scale).map(|(missing, scale)| missing.abs() / scale);
        // Not `max`, which would pass over what is not a number.
        let misfit = misfit.fold(0.0, |worst, part| if part > worst || part.is_nan() { part } else { worst });
        Self { factors, growth, missing, misfit }
    }
}

impl Distance {
    /// `F(u)` and its slope.
    fn factor(self, u: f64) -> (f64, f64) {
        match self {
            Self::Linear => (1.0 + u, 1.0),
            Self::Raking => {
                let factor = libm::exp(u);
                (factor, factor)
            }
            Self::Bounded(low, high) => {
                let rate = (high - low) / ((1.0 - low) * (high - 1.0));
                // With the exponential that does not grow beyond numbers.
                let small = libm::exp(-(rate * u).abs());
                let (before, after) = if u > 0.0 { (small, 1.0) } else { (1.0, small) };
                let (below, above) = ((high - 1.0) * before, (1.0 - low) * after);
                let factor = (low * below + high * above) / (below + above);
                (factor, rate * (high - low) * (below / (below + above)) * (above / (below + above)))
            }
        }
    }
}

#[cfg(test)]
mod tests;
