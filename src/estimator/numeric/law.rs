//! The laws of statistical tables: probabilities and quantiles, relatively accurate in both tails.
//!
//! They serve tests and intervals; the laws that uncertain quantities are drawn from are [`super::distribution`].

use super::incomplete::{Tails, beta_quantile_logit, beta_tails, expit, gamma_quantile_ln, gamma_tails};
use super::normal;

/// A law with its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Law(Shape);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Normal,
    StudentT { df: f64 },
    Gamma { shape: f64, scale: f64 },
    Beta { a: f64, b: f64 },
    F { d1: f64, d2: f64 },
    LogNormal { meanlog: f64, sdlog: f64 },
    Poisson { mean: f64 },
    Binomial { n: f64, p: f64 },
}

impl Law {
    /// The standard normal law.
    pub fn normal() -> Self {
        Self(Shape::Normal)
    }

    /// Student's t; with infinitely many degrees of freedom the normal law.
    pub fn student_t(df: f64) -> Result<Self, String> {
        if df == f64::INFINITY {
            return Ok(Self::normal());
        }
        shape("degrees of freedom", df)?;
        Ok(Self(Shape::StudentT { df }))
    }

    /// Chi-squared.
    pub fn chi_squared(df: f64) -> Result<Self, String> {
        shape("degrees of freedom", df)?;
        Ok(Self(Shape::Gamma { shape: df / 2.0, scale: 2.0 }))
    }

    /// Gamma, of mean `shape * scale`.
    pub fn gamma(shape: f64, scale: f64) -> Result<Self, String> {
        self::shape("shape", shape)?;
        positive("scale", scale)?;
        Ok(Self(Shape::Gamma { shape, scale }))
    }

    /// Beta on (0, 1), of mean `a / (a + b)`.
    pub fn beta(a: f64, b: f64) -> Result<Self, String> {
        shape("first shape", a)?;
        shape("second shape", b)?;
        Ok(Self(Shape::Beta { a, b }))
    }

    /// Fisher's F, with the degrees of freedom of numerator and denominator.
    pub fn f(d1: f64, d2: f64) -> Result<Self, String> {
        shape("degrees of freedom", d1)?;
        shape("degrees of freedom", d2)?;
        Ok(Self(Shape::F { d1, d2 }))
    }

    /// The exponential of a normal law.
    pub fn log_normal(meanlog: f64, sdlog: f64) -> Result<Self, String> {
        if !meanlog.is_finite() {
            return Err(format!("the mean of the logarithm is {meanlog}, and must be finite"));
        }
        positive("standard deviation of the logarithm", sdlog)?;
        Ok(Self(Shape::LogNormal { meanlog, sdlog }))
    }

    /// Poisson.
    pub fn poisson(mean: f64) -> Result<Self, String> {
        shape("mean", mean)?;
        Ok(Self(Shape::Poisson { mean }))
    }

    /// The count of successes in `n` trials.
    pub fn binomial(n: f64, p: f64) -> Result<Self, String> {
        if !((0.0..=LARGEST_SHAPE).contains(&n) && libm::floor(n) == n) {
            return Err(format!(
                "the number of trials is {n}, and must be a whole number from 0 to {LARGEST_SHAPE:e}"
            ));
        }
        if !(0.0..=1.0).contains(&p) {
            return Err(format!("the probability is {p}, and must lie from 0 to 1"));
        }
        Ok(Self(Shape::Binomial { n, p }))
    }

    /// The probability of at most `x`.
    pub fn cdf(self, x: f64) -> f64 {
        self.tails(x).lower()
    }

    /// The probability of more than `x`.
    pub fn sf(self, x: f64) -> f64 {
        self.tails(x).upper()
    }

    /// The lowest point with probability `p` at or below it.
    pub fn quantile(self, p: f64) -> f64 {
        self.quantile_of_tails(p, 1.0 - p)
    }

    /// The lowest point with probability at most `q` above it.
    pub fn upper_quantile(self, q: f64) -> f64 {
        self.quantile_of_tails(1.0 - q, q)
    }

    fn tails(self, x: f64) -> Tails {
        match self.0 {
            Shape::Normal => normal_tails(x),
            Shape::LogNormal { meanlog, sdlog } => {
                if x <= 0.0 {
                    normal_tails(f64::NEG_INFINITY)
                } else {
                    normal_tails((libm::log(x) - meanlog) / sdlog)
                }
            }
            Shape::StudentT { df } => {
                let root = x / libm::sqrt(df);
                let (inside, rest) = parts(root * root);
                let both = beta_tails(df / 2.0, 0.5, rest, inside);
                let outside = libm::exp(both.ln_lower) / 2.0;
                let (lower, upper) =
                    if x < 0.0 { (outside, 1.0 - outside) } else { (1.0 - outside, outside) };
                Tails { ln_lower: libm::log(lower), ln_upper: libm::log(upper) }
            }
            Shape::Gamma { shape, scale } => gamma_tails(shape, x / scale),
            Shape::Beta { a, b } => beta_tails(a, b, x, 1.0 - x),
            Shape::F { d1, d2 } => {
                if x <= 0.0 {
                    return beta_tails(d1 / 2.0, d2 / 2.0, 0.0, 1.0);
                }
                let (above, below) = parts(d1 / d2 * x);
                beta_tails(d1 / 2.0, d2 / 2.0, above, below)
            }
            Shape::Poisson { mean } => {
                let count = libm::floor(x);
                if count < 0.0 {
                    return gamma_tails(1.0, 0.0);
                }
                let tails = gamma_tails(count + 1.0, mean);
                Tails { ln_lower: tails.ln_upper, ln_upper: tails.ln_lower }
            }
            Shape::Binomial { n, p } => {
                let count = libm::floor(x);
                if count < 0.0 {
                    return beta_tails(1.0, 1.0, 0.0, 1.0);
                }
                if count >= n {
                    return beta_tails(1.0, 1.0, 1.0, 0.0);
                }
                beta_tails(n - count, count + 1.0, 1.0 - p, p)
            }
        }
    }

    fn quantile_of_tails(self, p: f64, q: f64) -> f64 {
        match self.0 {
            Shape::Normal => normal_score(p, q),
            Shape::LogNormal { meanlog, sdlog } => libm::exp(meanlog + sdlog * normal_score(p, q)),
            Shape::StudentT { df } => student_t_quantile(df, p, q),
            Shape::Gamma { shape, scale } => scale * libm::exp(gamma_quantile_ln(shape, p, q)),
            Shape::Beta { a, b } => expit(beta_quantile_logit(a, b, p, q)).0,
            Shape::F { d1, d2 } => d2 / d1 * libm::exp(beta_quantile_logit(d1 / 2.0, d2 / 2.0, p, q)),
            Shape::Poisson { mean } => self.first_count(p, q, mean, libm::sqrt(mean), f64::INFINITY),
            Shape::Binomial { n, p: chance } => {
                self.first_count(p, q, n * chance, libm::sqrt(n * chance * (1.0 - chance)), n)
            }
        }
    }

    /// The smallest count, up to `most`, whose probability reaches `p`: bounds found by doubling steps, then halved.
    fn first_count(self, p: f64, q: f64, mean: f64, sd: f64, most: f64) -> f64 {
        // A probability that equals a step up to rounding is that step.
        let slack = 64.0 * f64::EPSILON;
        let reaches = |count: f64| {
            if p <= q { self.cdf(count) >= p * (1.0 - slack) } else { self.sf(count) <= q * (1.0 + slack) }
        };
        if q <= 0.0 {
            return most;
        }
        let guess = libm::floor(mean + sd * normal_score(p, q)).clamp(0.0, most);
        let (mut below, mut enough) = (guess, guess);
        let mut step = 1.0;
        while !reaches(enough) {
            below = enough;
            enough = (enough + step).min(most);
            step *= 2.0;
        }
        step = 1.0;
        while below >= 0.0 && reaches(below) {
            enough = below;
            below -= step;
            step *= 2.0;
        }
        below = below.max(-1.0);
        while enough - below > 1.0 {
            let middle = libm::floor(f64::midpoint(below, enough));
            if reaches(middle) {
                enough = middle;
            } else {
                below = middle;
            }
        }
        enough
    }
}

/// `odds / (1 + odds)` and `1 / (1 + odds)`, also where the odds are infinite.
fn parts(odds: f64) -> (f64, f64) {
    (1.0 / (1.0 + 1.0 / odds), 1.0 / (1.0 + odds))
}

fn normal_tails(z: f64) -> Tails {
    Tails { ln_lower: libm::log(normal::cdf(z)), ln_upper: libm::log(normal::sf(z)) }
}

/// The normal score of a point known by both its tails, from the smaller one.
pub(super) fn normal_score(p: f64, q: f64) -> f64 {
    if p <= q { normal::quantile(p) } else { normal::upper_quantile(q) }
}

/// Through `df / (df + t^2)`, which is beta with shapes `df/2` and `1/2`.
fn student_t_quantile(df: f64, p: f64, q: f64) -> f64 {
    let tail = p.min(q);
    let size = if tail > 0.25 {
        // Near the middle `t^2 / (df + t^2)` is the small number, and its probability 1 - 2 tail is exact.
        let inside = 2.0 * (0.5 - tail);
        libm::sqrt(df) * libm::exp(0.5 * beta_quantile_logit(0.5, df / 2.0, inside, 2.0 * tail))
    } else {
        libm::sqrt(df) * libm::exp(-0.5 * beta_quantile_logit(df / 2.0, 0.5, 2.0 * tail, 1.0 - 2.0 * tail))
    };
    if p < q { -size } else { size }
}

/// The series and fractions of a larger shape would take millions of terms.
const LARGEST_SHAPE: f64 = 1e10;

/// Refuses a shape that is not positive, or too large to compute with.
pub(super) fn shape(name: &str, value: f64) -> Result<(), String> {
    positive(name, value)?;
    if value > LARGEST_SHAPE {
        return Err(format!(
            "the {name} is {value:e}, and can be computed with only up to {LARGEST_SHAPE:e}"
        ));
    }
    Ok(())
}

/// Refuses a parameter that is not a positive number.
pub(super) fn positive(name: &str, value: f64) -> Result<(), String> {
    if value > 0.0 && value.is_finite() {
        Ok(())
    } else {
        Err(format!("the {name} is {value}, and must be a positive number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law(name: &str, parameters: &[f64]) -> Law {
        match (name, parameters) {
            ("normal", []) => Ok(Law::normal()),
            ("t", [df]) => Law::student_t(*df),
            ("chi2", [df]) => Law::chi_squared(*df),
            ("gamma", [shape, scale]) => Law::gamma(*shape, *scale),
            ("beta", [a, b]) => Law::beta(*a, *b),
            ("f", [d1, d2]) => Law::f(*d1, *d2),
            ("lognormal", [meanlog, sdlog]) => Law::log_normal(*meanlog, *sdlog),
            ("poisson", [mean]) => Law::poisson(*mean),
            ("binomial", [n, p]) => Law::binomial(*n, *p),
            _ => Err(format!("{name} {parameters:?}")),
        }
        .expect("a law of the table")
    }

    /// Every line of `law_values.csv`, forwards and, for continuous laws, backwards.
    #[test]
    fn values_of_mpmath() {
        for line in include_str!("law_values.csv").lines().filter(|line| !line.starts_with('#')) {
            let [name, parameters, function, argument, expected] =
                line.split(',').collect::<Vec<_>>().try_into().expect("five cells");
            let parameters: Vec<f64> =
                parameters.split_whitespace().map(|p| p.parse().expect("a number")).collect();
            let (argument, expected): (f64, f64) =
                (argument.parse().expect("a number"), expected.parse().expect("a number"));
            let law = law(name, &parameters);
            let actual = if function == "cdf" { law.cdf(argument) } else { law.sf(argument) };
            let mut off = (actual / expected - 1.0).abs();
            if !matches!(name, "poisson" | "binomial") && expected < 0.5 {
                let back =
                    if function == "cdf" { law.quantile(expected) } else { law.upper_quantile(expected) };
                off = off.max((back / argument - 1.0).abs());
            }
            assert!(off < 1e-10, "{line}: {actual:e}, off by {off:e}");
        }
    }

    /// The smallest count whose probability reaches `p`, by adding up the terms of the law.
    #[test]
    fn counts_by_hand() {
        for (n, chance) in [(1_u32, 0.3_f64), (9, 0.5), (20, 0.15), (60, 0.97)] {
            let law = law("binomial", &[f64::from(n), chance]);
            for p in [1e-6, 0.025, 0.3, 0.5, 0.9, 0.999_999] {
                let mut term = (1.0 - chance).powi(n.cast_signed());
                let (mut count, mut reached) = (0_u32, term);
                while reached < p * (1.0 - 1e-13) {
                    term *= f64::from(n - count) / f64::from(count + 1) * chance / (1.0 - chance);
                    count += 1;
                    reached += term;
                }
                assert_eq!(law.quantile(p), f64::from(count), "binomial({n}, {chance}) at {p}");
                assert_eq!(
                    law.upper_quantile(1.0 - p),
                    f64::from(count),
                    "binomial({n}, {chance}) above {p}"
                );
            }
        }
        let poisson = law("poisson", &[120.0]);
        assert_eq!(poisson.quantile(0.0), 0.0);
        assert!(poisson.quantile(1.0).is_infinite());
        assert_eq!([poisson.cdf(-0.5), poisson.sf(-0.5)], [0.0, 1.0]);
        let certain = law("binomial", &[20.0, 1.0]);
        assert_eq!([certain.quantile(0.5), certain.cdf(19.0), certain.cdf(20.0)], [20.0, 0.0, 1.0]);
        assert_eq!(law("binomial", &[0.0, 0.5]).quantile(0.3), 0.0);
    }

    #[test]
    fn impossible_parameters_are_refused_in_words() {
        assert!(Law::student_t(0.0).expect_err("no degrees of freedom").contains("positive number"));
        assert_eq!(Law::student_t(f64::INFINITY), Ok(Law::normal()));
        assert!(Law::binomial(2.5, 0.1).expect_err("half a trial").contains("whole number"));
        assert!(Law::binomial(2.0, 1.1).expect_err("more than certain").contains("from 0 to 1"));
        assert!(Law::log_normal(f64::NAN, 1.0).expect_err("no mean").contains("finite"));
    }
}
