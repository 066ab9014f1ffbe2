//! Changes between two estimates that move together, such as two periods of a sample that share outlets.
//!
//! ```text
//! d = e2 - e1            V(d) = V1 + V2 - 2 C
//! q = e2 / e1            V(ln q) = V1/e1^2 + V2/e2^2 - 2 C/(e1 e2),   V(q) = q^2 V(ln q)
//! C = (c/(n1 n2) - 1/N) r S1 S2        means of two simple samples of n1 and n2 with c common units, from N
//! ```
//!
//! For complex samples C is the [`covariance`](super::covariance) of the two periods as domains of the two samples put together: a unit in
//! one period only has the total 0 in the other.
//!
//! # References
//! L. Kish (1965), Survey Sampling, 12.4.
//! S. M. Tam (1984), On Covariances from Overlapping Samples, The American Statistician 38(4), 288-289.

/// Two estimates with their variances and their covariance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Before and after.
    pub values: [f64; 2],
    /// Their variances.
    pub variances: [f64; 2],
    /// Their covariance.
    pub covariance: f64,
}

/// A figure with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The figure.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl Pair {
    /// The later less the earlier.
    pub fn difference(&self) -> Measured {
        let [before, after] = self.values;
        let [v1, v2] = self.variances;
        Measured { value: after - before, standard_error: root(v1 + v2 - 2.0 * self.covariance) }
    }

    /// The standard error of the difference, if the two did not move together.
    pub fn error_if_independent(&self) -> f64 {
        root(self.variances[0] + self.variances[1])
    }

    /// The correlation; none where one of them has no error.
    pub fn correlation(&self) -> Option<f64> {
        let [v1, v2] = self.variances;
        (v1 > 0.0 && v2 > 0.0).then(|| self.covariance / (libm::sqrt(v1) * libm::sqrt(v2)))
    }

    /// The later by the earlier; none where that is 0.
    pub fn ratio(&self) -> Option<Measured> {
        let [before, after] = self.values;
        let [v1, v2] = self.variances;
        let value = after / before;
        let standard_error = root(v2 + value * value * v1 - 2.0 * value * self.covariance) / before.abs();
        (value.is_finite() && standard_error.is_finite()).then_some(Measured { value, standard_error })
    }

    /// The logarithm of the ratio; none unless both are positive.
    pub fn log_ratio(&self) -> Option<Measured> {
        let [before, after] = self.values;
        if !(before > 0.0 && after > 0.0) {
            return None;
        }
        let ratio = self.ratio()?;
        Some(Measured { value: libm::log(ratio.value), standard_error: ratio.standard_error / ratio.value })
    }
}

/// Two simple random samples of one population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Simple {
    /// The means.
    pub means: [f64; 2],
    /// The standard deviations among units.
    pub deviations: [f64; 2],
    /// How many units each has.
    pub sizes: [f64; 2],
    /// How many units both have.
    pub common: f64,
    /// The correlation of a unit with itself.
    pub correlation: f64,
    /// How many units the population has; infinite where it is large.
    pub population: f64,
}

impl Simple {
    /// The means with their variances and covariance.
    pub fn pair(&self) -> Result<Pair, String> {
        let [n1, n2] = self.sizes;
        let fits =
            self.common >= 0.0 && self.common <= n1.min(n2) && n1 + n2 - self.common <= self.population;
        if !(n1 > 0.0 && n2 > 0.0 && fits) {
            return Err(format!(
                "samples of {n1} and {n2} with {} in common do not fit into {}",
                self.common, self.population
            ));
        }
        if !(-1.0..=1.0).contains(&self.correlation) || self.deviations.iter().any(|s| s.is_nan() || *s < 0.0)
        {
            return Err(
                "a correlation lies from -1 to 1, and a standard deviation is not negative".to_owned()
            );
        }
        let [s1, s2] = self.deviations;
        let of = |s: f64, n: f64| s * s * (1.0 / n - 1.0 / self.population);
        let common = self.common / (n1 * n2) - 1.0 / self.population;
        Ok(Pair {
            values: self.means,
            variances: [of(s1, n1), of(s2, n2)],
            covariance: common * self.correlation * s1 * s2,
        })
    }
}

/// Estimates that move wholly together can leave a rounding below 0.
fn root(variance: f64) -> f64 {
    libm::sqrt(variance.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares .20 and .16 of 400 each: z = -1.47, -1.76 and -2.32 without overlap, with half, and with all and r = .6.
    #[test]
    fn panels_pay() {
        let root_of = |p: f64| libm::sqrt(p * (1.0 - p));
        for (common, z) in [(0.0, -1.47), (200.0, -1.76), (400.0, -2.32)] {
            let pair = Simple {
                means: [0.20, 0.16],
                deviations: [root_of(0.2), root_of(0.16)],
                sizes: [400.0; 2],
                common,
                correlation: 0.6,
                population: f64::INFINITY,
            };
            let change = pair.pair().expect("two samples").difference();
            assert!((change.value / change.standard_error - z).abs() < 0.005, "{common}");
        }
    }

    /// All of the population twice: nothing is left to chance.
    #[test]
    fn a_census_twice_has_no_error() {
        let census = Simple {
            means: [1.0, 2.0],
            deviations: [1.0, 3.0],
            sizes: [10.0; 2],
            common: 10.0,
            correlation: 0.3,
            population: 10.0,
        };
        let pair = census.pair().expect("a census");
        assert!(pair.difference().standard_error < 1e-15);
        assert_eq!(pair.correlation(), None);
        assert!(Simple { common: 9.0, ..census }.pair().is_err());
        assert!(Simple { correlation: 1.1, ..census }.pair().is_err());
    }

    #[test]
    fn what_cannot_be_divided_has_no_ratio() {
        let pair = Pair { values: [0.0, 1.0], variances: [0.1; 2], covariance: 0.0 };
        assert_eq!((pair.ratio(), pair.log_ratio()), (None, None));
        let turned = Pair { values: [-1.0, 1.0], ..pair };
        assert!(turned.ratio().is_some() && turned.log_ratio().is_none());
        let same = Pair { values: [2.0, 2.0], variances: [0.1; 2], covariance: 0.1 };
        assert!(same.difference().standard_error == 0.0);
    }
}
