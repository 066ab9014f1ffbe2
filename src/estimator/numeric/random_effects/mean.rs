//! The likelihood of estimates about one mean, without a matrix and without asking for memory.
//!
//! The estimate of least variance stands apart: the others are measured from it, and what it alone would cancel
//! (`1 - w / sum w`, its residual) is formed from the others. So the forms stay accurate where it outweighs all others together.

use super::check;
use super::search::{Forms, Likelihood, Profile, extremes, greatest};

/// A set of estimates with their variances; the memory is used again for the next set.
#[derive(Debug, Clone, Default)]
pub struct Mean {
    heaviest: f64,
    variance: f64,
    /// The other estimates, less the heaviest, with their variances and the weights of the moment.
    offsets: Vec<f64>,
    variances: Vec<f64>,
    weights: Vec<f64>,
}

/// What came of a set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pooled {
    /// The variance between the estimates.
    pub tau2: f64,
    /// Their mean.
    pub mean: f64,
    /// The mean's standard error, `(sum w)^(-1/2)`.
    pub standard_error: f64,
}

impl Mean {
    /// Takes in a set of at least two estimates with positive variances.
    pub fn load(&mut self, y: &[f64], variances: &[f64]) -> Result<(), String> {
        check(y, variances)?;
        if y.len() < 2 {
            return Err("one estimate says nothing of how estimates differ".to_owned());
        }
        let mut place = 0;
        for (i, variance) in variances.iter().enumerate() {
            if *variance < variances[place] {
                place = i;
            }
        }
        (self.heaviest, self.variance) = (y[place], variances[place]);
        let others = |i: usize| i != place;
        self.offsets.clear();
        self.offsets.extend((0..y.len()).filter(|i| others(*i)).map(|i| y[i] - y[place]));
        self.variances.clear();
        self.variances.extend((0..y.len()).filter(|i| others(*i)).map(|i| variances[i]));
        self.weights.clear();
        self.weights.resize(self.offsets.len(), 0.0);
        Ok(())
    }

    /// The mean with the variance of greatest likelihood.
    pub fn fit(&mut self, kind: Likelihood) -> Pooled {
        let tau2 = greatest(self, kind);
        let (own, weights, mean) = self.weigh(tau2);
        Pooled { tau2, mean: self.heaviest + mean, standard_error: 1.0 / libm::sqrt(own + weights) }
    }

    /// Sets the weights; gives that of the heaviest, the sum of the others', and the mean less the heaviest.
    fn weigh(&mut self, tau2: f64) -> (f64, f64, f64) {
        let own = 1.0 / (self.variance + tau2);
        for (weight, variance) in self.weights.iter_mut().zip(&self.variances) {
            *weight = 1.0 / (variance + tau2);
        }
        let (mut others, mut offset) = (0.0, 0.0);
        for (weight, z) in self.weights.iter().zip(&self.offsets) {
            others += weight;
            offset += weight * z;
        }
        (own, others, offset / (own + others))
    }
}

impl Profile for Mean {
    fn forms(&mut self, tau2: f64) -> Forms {
        let (own, others, mean) = self.weigh(tau2);
        let all = own + others;
        let inverse = 1.0 / all;
        // Row of P y of the heaviest: the centre that the cube is taken about.
        let own_row = -own * mean;
        let own_part = own * (others * inverse);
        let (mut trace, mut diagonal) = (own_part, own_part * own_part);
        let (mut seconds, mut fourths) = (0.0, 0.0);
        let (mut quadratic, mut square) = (own * mean * mean, own_row * own_row);
        let (mut first, mut second) = (0.0, 0.0);
        for (weight, z) in self.weights.iter().zip(&self.offsets) {
            let part = weight * (1.0 - weight * inverse);
            trace += part;
            diagonal += part * part;
            let weight_of_square = weight * weight;
            seconds += weight_of_square;
            fourths += weight_of_square * weight_of_square;
            let residual = z - mean;
            let row = weight * residual;
            quadratic += row * residual;
            square += row * row;
            let apart = row - own_row;
            first += weight * apart;
            second += weight * apart * apart;
        }
        let own_of_square = own * own;
        let beside = 2.0 * own_of_square * seconds + (seconds * seconds - fourths);
        Forms {
            trace,
            trace_of_square: diagonal + beside * inverse * inverse,
            weights: all,
            weights_of_square: own_of_square + seconds,
            quadratic,
            square,
            cube: second - first * first * inverse,
        }
    }

    fn log_likelihood(&mut self, kind: Likelihood, tau2: f64) -> f64 {
        let (own, others, _) = self.weigh(tau2);
        let logs: f64 = self.variances.iter().map(|variance| libm::log(variance + tau2)).sum();
        let restriction = match kind {
            Likelihood::Full => 0.0,
            Likelihood::Restricted => libm::log(own + others),
        };
        let quadratic = self.forms(tau2).quadratic;
        -0.5 * (logs + libm::log(self.variance + tau2) + restriction + quadratic)
    }

    fn size(&self) -> usize {
        self.offsets.len() + 1
    }

    fn degrees(&self) -> usize {
        self.offsets.len()
    }

    fn residual_squares(&self) -> f64 {
        let mean = self.offsets.iter().sum::<f64>() / self.size() as f64;
        let others: f64 = self.offsets.iter().map(|z| (z - mean) * (z - mean)).sum();
        others + mean * mean
    }

    fn variances(&self) -> (f64, f64) {
        (self.variance, extremes(&self.variances).1)
    }
}
