//! The part of a normal law between two bounds, from whichever tail keeps its probabilities accurate.

use super::normal;

/// A normal law cut to an interval, in standard units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    low: f64,
    high: f64,
    /// The probability of the whole normal law that lies between.
    pub(super) mass: f64,
}

impl Cut {
    pub(super) fn new(mean: f64, sd: f64, low: f64, high: f64) -> Self {
        let (low, high) = ((low - mean) / sd, (high - mean) / sd);
        Self { low, high, mass: between(low, high) }
    }

    /// The probabilities below and above a score.
    pub(super) fn tails(self, z: f64) -> (f64, f64) {
        (between(self.low, z) / self.mass, between(z, self.high) / self.mass)
    }

    /// The score with probability `p` below and `q` above it.
    pub(super) fn score(self, p: f64, q: f64) -> f64 {
        // From whichever end the wanted probability of the whole law is small.
        let lower = normal::cdf(self.low) + p * self.mass;
        let upper = normal::sf(self.high) + q * self.mass;
        if lower <= upper { normal::quantile(lower) } else { normal::upper_quantile(upper) }
    }

    /// Mean and variance, in standard units.
    pub(super) fn moments(self) -> (f64, f64) {
        let edge =
            |z: f64| if z.is_finite() { (normal::density(z), z * normal::density(z)) } else { (0.0, 0.0) };
        let ((d0, m0), (d1, m1)) = (edge(self.low), edge(self.high));
        let mean = (d0 - d1) / self.mass;
        (mean, 1.0 + (m0 - m1) / self.mass - mean * mean)
    }
}

/// The probability of a normal score between `low` and `high`, from the tail in which both lie.
fn between(low: f64, high: f64) -> f64 {
    if low > 0.0 { normal::sf(low) - normal::sf(high) } else { normal::cdf(high) - normal::cdf(low) }
}
