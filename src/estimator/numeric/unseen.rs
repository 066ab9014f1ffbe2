//! The law of a number of units of which some were seen: those seen are certain, those unseen are log-normal.
//!
//! ```text
//! N = D + f0        K = exp(z sqrt(log(1 + var / f0^2)))        interval [D + f0 / K, D + f0 K]
//! draw of normal score z: D + f0 exp(z sqrt(log(1 + var / f0^2)))
//! ```
//! So the number is never below what was seen, and its median is the estimate.
//!
//! # References
//! A. Chao (1987), Estimating the population size for capture-recapture data with unequal catchability, Biometrics 43(4), 783-791.

use super::normal;

/// A number of units: those seen and an estimate of those unseen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unseen {
    /// The different units that were seen, D.
    pub observed: f64,
    /// Those unseen, f0.
    pub unseen: f64,
    /// The variance of the estimate.
    pub variance: f64,
}

impl Unseen {
    /// All units, N.
    pub fn total(&self) -> f64 {
        self.observed + self.unseen
    }

    /// The standard error of N.
    pub fn standard_error(&self) -> f64 {
        libm::sqrt(self.variance)
    }

    /// The standard deviation of the logarithm of f0; none where f0 is not positive or the figures are no numbers.
    pub fn spread(&self) -> Option<f64> {
        // The root first: the square of a small f0 may be 0.
        let relative = libm::sqrt(self.variance) / self.unseen;
        let spread = libm::sqrt(libm::log1p(relative * relative));
        (self.unseen > 0.0 && spread.is_finite()).then_some(spread)
    }

    /// The interval of N that holds the probability `level` and does not reach below D.
    pub fn log_normal_interval(&self, level: f64) -> Option<[f64; 2]> {
        let factor = libm::exp(normal::coverage_factor(level) * self.spread()?);
        Some([self.observed + self.unseen / factor, self.observed + self.unseen * factor])
    }

    /// The interval of N that is symmetric about it, which can reach below D.
    pub fn wald_interval(&self, level: f64) -> [f64; 2] {
        let reach = normal::coverage_factor(level) * self.standard_error();
        [self.total() - reach, self.total() + reach]
    }

    /// N at a score of the standard normal law; where nothing is unseen, D.
    pub fn at_score(&self, z: f64) -> f64 {
        self.observed + self.spread().map_or(0.0, |spread| self.unseen * libm::exp(z * spread))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_interval_is_made_of_the_quantiles_of_the_law() {
        let law = Unseen { observed: 318.0, unseen: 600.0, variance: 16_250.0 };
        let [low, high] = law.log_normal_interval(0.95).expect("some are unseen");
        let z = normal::coverage_factor(0.95);
        assert!((law.at_score(-z) / low - 1.0).abs() < 1e-14 && (law.at_score(z) / high - 1.0).abs() < 1e-14);
        assert!((law.at_score(0.0) - 918.0).abs() < 1e-12);
    }

    #[test]
    fn without_unseen_units_or_a_variance_there_is_no_interval() {
        let law = |unseen, variance| Unseen { observed: 10.0, unseen, variance };
        assert_eq!(law(0.0, 0.0).log_normal_interval(0.95), None);
        assert_eq!(law(-2.0, 1.0).log_normal_interval(0.95), None);
        assert_eq!(law(5.0, f64::NAN).log_normal_interval(0.95), None);
        assert!((law(0.0, 0.0).at_score(1.5) - 10.0).abs() < 1e-15);
        let [low, high] = law(5.0, 0.0).log_normal_interval(0.95).expect("some are unseen");
        assert!((low - 15.0).abs() < 1e-12 && (high - 15.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn never_below_what_was_seen(d in 0.0..1e6_f64, f0 in 1e-3..1e6_f64, cv in 0.0..3.0_f64, z in -6.0..6.0_f64) {
            let law = Unseen { observed: d, unseen: f0, variance: cv * cv * f0 * f0 };
            prop_assert!(law.at_score(z) >= d);
            let [low, high] = law.log_normal_interval(0.95).expect("some are unseen");
            prop_assert!(low >= d && low <= law.total() * (1.0 + 1e-12) && high * (1.0 + 1e-12) >= law.total());
        }
    }
}
