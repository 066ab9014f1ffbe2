//! The laws that uncertain quantities are drawn from.
//!
//! A [`Distribution`] is checked when it is made, so nothing that uses one can meet an impossible parameter.
//! Draws are made by inversion: one uniform number, or one normal score, gives one value.

use super::curve::Curve;
use super::incomplete::{beta_quantile_logit, beta_tails, expit, gamma_quantile_ln, gamma_tails};
use super::law::{normal_score, positive, shape};
use super::normal;
use super::truncated::Cut;

/// A checked law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distribution(Shape);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Fixed {
        value: f64,
    },
    Normal {
        mean: f64,
        sd: f64,
    },
    LogNormal {
        meanlog: f64,
        sdlog: f64,
    },
    Uniform {
        low: f64,
        high: f64,
    },
    Triangular {
        low: f64,
        mode: f64,
        high: f64,
    },
    /// Beta stretched to `low..high`; PERT is one too.
    Beta {
        a: f64,
        b: f64,
        low: f64,
        high: f64,
    },
    Gamma {
        shape: f64,
        scale: f64,
    },
    TruncatedNormal {
        mean: f64,
        sd: f64,
        low: f64,
        high: f64,
    },
    /// Normal below and above its median, with a spread for each side.
    TwoSided {
        median: f64,
        below: f64,
        above: f64,
    },
}

impl Distribution {
    /// A value without uncertainty.
    pub fn fixed(value: f64) -> Result<Self, String> {
        finite("value", value)?;
        Ok(Self(Shape::Fixed { value }))
    }

    /// Normal; fixed where `sd` is zero.
    pub fn normal(mean: f64, sd: f64) -> Result<Self, String> {
        finite("mean", mean)?;
        spread("standard deviation", sd)?;
        Ok(Self(if sd == 0.0 { Shape::Fixed { value: mean } } else { Shape::Normal { mean, sd } }))
    }

    /// The exponential of a normal law with this mean and standard deviation; fixed where `sdlog` is zero.
    pub fn log_normal(meanlog: f64, sdlog: f64) -> Result<Self, String> {
        finite("mean of the logarithm", meanlog)?;
        spread("standard deviation of the logarithm", sdlog)?;
        if sdlog == 0.0 {
            return Self::fixed(libm::exp(meanlog));
        }
        Ok(Self(Shape::LogNormal { meanlog, sdlog }))
    }

    /// Every value from `low` to `high` alike; fixed where they are equal.
    pub fn uniform(low: f64, high: f64) -> Result<Self, String> {
        range(low, high)?;
        Ok(Self(if low == high { Shape::Fixed { value: low } } else { Shape::Uniform { low, high } }))
    }

    /// Rising in a line from `low` to `mode` and falling in one to `high`; fixed where all are equal.
    pub fn triangular(low: f64, mode: f64, high: f64) -> Result<Self, String> {
        range_with_mode(low, mode, high)?;
        Ok(Self(if low == high {
            Shape::Fixed { value: low }
        } else {
            Shape::Triangular { low, mode, high }
        }))
    }

    /// Beta from `low` to `high`, whose mean weighs the mode `lambda` times as much as each end (4 is usual).
    pub fn pert(low: f64, mode: f64, high: f64, lambda: f64) -> Result<Self, String> {
        range_with_mode(low, mode, high)?;
        if !(lambda >= 0.0 && lambda.is_finite()) {
            return Err(format!("the weight of the mode is {lambda}, and must be a number from 0"));
        }
        if low == high {
            return Self::fixed(low);
        }
        let a = 1.0 + lambda * (mode - low) / (high - low);
        let b = 1.0 + lambda * (high - mode) / (high - low);
        shape("larger shape", a.max(b))?;
        Ok(Self(Shape::Beta { a, b, low, high }))
    }

    /// Beta on (0, 1), of mean `a / (a + b)`.
    pub fn beta(a: f64, b: f64) -> Result<Self, String> {
        shape("first shape", a)?;
        shape("second shape", b)?;
        Ok(Self(Shape::Beta { a, b, low: 0.0, high: 1.0 }))
    }

    /// Gamma, of mean `shape * scale`.
    pub fn gamma(shape: f64, scale: f64) -> Result<Self, String> {
        super::law::shape("shape", shape)?;
        positive("scale", scale)?;
        Ok(Self(Shape::Gamma { shape, scale }))
    }

    /// The part of a normal law between two bounds, which may be infinite.
    ///
    /// `mean` and `sd` are those of the whole normal law. Fixed where `sd` is zero and the mean lies within.
    pub fn truncated_normal(mean: f64, sd: f64, low: f64, high: f64) -> Result<Self, String> {
        finite("mean", mean)?;
        spread("standard deviation", sd)?;
        if low.is_nan() || high.is_nan() || low >= high {
            return Err(format!("the bounds {low} and {high} leave nothing between them"));
        }
        if sd == 0.0 {
            return if (low..=high).contains(&mean) {
                Self::fixed(mean)
            } else {
                Err(format!("the value {mean} without uncertainty lies outside the bounds {low} and {high}"))
            };
        }
        let cut = Cut::new(mean, sd, low, high);
        if cut.mass < 1e-300 {
            return Err(format!(
                "a normal law of mean {mean} and standard deviation {sd} has next to nothing between {low} and {high}"
            ));
        }
        Ok(Self(Shape::TruncatedNormal { mean, sd, low, high }))
    }

    /// A value published with an interval that need not be symmetric: `value` is the median, and `low` and `high` are the
    /// quantiles that hold the probability `level` between them. Fixed where all three are equal.
    ///
    /// With `z` the coverage factor of the level (1.96 for 0.95) and Z a normal score,
    /// `X = value + (value - low)/z * Z` for Z below 0 and `value + (high - value)/z * Z` above.
    pub fn three_quantiles(low: f64, value: f64, high: f64, level: f64) -> Result<Self, String> {
        finite("low bound", low)?;
        finite("value", value)?;
        finite("high bound", high)?;
        if low > value {
            return Err(format!("the low bound {low} lies above the value {value}"));
        }
        if value > high {
            return Err(format!("the value {value} lies above the high bound {high}"));
        }
        if !(level > 0.0 && level < 1.0) {
            return Err(format!("the level is {level}, and must lie between 0 and 1, as 0.95 does"));
        }
        if low == high {
            return Self::fixed(value);
        }
        let z = normal::coverage_factor(level);
        Ok(Self(Shape::TwoSided { median: value, below: (value - low) / z, above: (high - value) / z }))
    }

    /// The value, where there is no uncertainty.
    pub fn fixed_value(&self) -> Option<f64> {
        if let Shape::Fixed { value } = self.0 { Some(value) } else { None }
    }

    /// The two shapes of a beta or PERT law.
    pub fn beta_shapes(&self) -> Option<(f64, f64)> {
        if let Shape::Beta { a, b, .. } = self.0 { Some((a, b)) } else { None }
    }

    /// Mean and standard deviation of the logarithm of a log-normal law.
    pub fn log_moments(&self) -> Option<(f64, f64)> {
        if let Shape::LogNormal { meanlog, sdlog } = self.0 { Some((meanlog, sdlog)) } else { None }
    }

    /// Whether the law is a normal one.
    pub fn is_normal(&self) -> bool {
        matches!(self.0, Shape::Normal { .. })
    }

    /// The value in the middle, which a point estimate uses: half of the probability lies on each side.
    ///
    /// The median is the centre that any change of scale keeps: a coverage and its inverse give one estimate.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The smallest and largest possible values; infinite where there is none.
    pub fn support(&self) -> (f64, f64) {
        match self.0 {
            Shape::Fixed { value } => (value, value),
            Shape::Normal { .. } => (f64::NEG_INFINITY, f64::INFINITY),
            Shape::LogNormal { .. } | Shape::Gamma { .. } => (0.0, f64::INFINITY),
            Shape::Uniform { low, high }
            | Shape::Triangular { low, high, .. }
            | Shape::Beta { low, high, .. }
            | Shape::TruncatedNormal { low, high, .. } => (low, high),
            Shape::TwoSided { median, below, above } => (
                if below == 0.0 { median } else { f64::NEG_INFINITY },
                if above == 0.0 { median } else { f64::INFINITY },
            ),
        }
    }

    /// How fast the law thins out towards its lower (`false`) or upper (`true`) end: the probability within a distance
    /// `e` of that end shrinks like `e` to this power. Infinite where it shrinks faster than every power, 0 where the end has a probability of its own.
    pub fn order_at_end(&self, upper: bool) -> f64 {
        match self.0 {
            Shape::Fixed { .. } => 0.0,
            Shape::Normal { .. } | Shape::LogNormal { .. } => f64::INFINITY,
            Shape::Uniform { .. } => 1.0,
            Shape::TruncatedNormal { low, high, .. } => {
                if (if upper { high } else { low }).is_finite() {
                    1.0
                } else {
                    f64::INFINITY
                }
            }
            Shape::Triangular { low, mode, high } => {
                if mode == (if upper { high } else { low }) {
                    1.0
                } else {
                    2.0
                }
            }
            Shape::Beta { a, b, .. } => {
                if upper {
                    b
                } else {
                    a
                }
            }
            Shape::Gamma { shape, .. } => {
                if upper {
                    f64::INFINITY
                } else {
                    shape
                }
            }
            Shape::TwoSided { below, above, .. } => {
                // Without spread on one side, half of the probability stands on the median.
                if (if upper { above } else { below }) == 0.0 { 0.0 } else { f64::INFINITY }
            }
        }
    }

    /// The probability of at most `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        self.tails(x).0
    }

    /// The probability of more than `x`.
    pub fn sf(&self, x: f64) -> f64 {
        self.tails(x).1
    }

    /// The value with probability `p` at or below it.
    pub fn quantile(&self, p: f64) -> f64 {
        self.quantile_of_tails(p, 1.0 - p)
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        match self.0 {
            Shape::Fixed { value } => value,
            Shape::Normal { mean, .. } => mean,
            Shape::LogNormal { meanlog, sdlog } => libm::exp(meanlog + sdlog * sdlog / 2.0),
            Shape::Uniform { low, high } => f64::midpoint(low, high),
            Shape::Triangular { low, mode, high } => (low + mode + high) / 3.0,
            Shape::Beta { a, b, low, high } => low + (high - low) * (a / (a + b)),
            Shape::Gamma { shape, scale } => shape * scale,
            Shape::TruncatedNormal { mean, sd, low, high } => {
                mean + sd * Cut::new(mean, sd, low, high).moments().0
            }
            Shape::TwoSided { median, below, above } => median + (above - below) * normal::density(0.0),
        }
    }

    /// The standard deviation.
    pub fn sd(&self) -> f64 {
        match self.0 {
            Shape::Fixed { .. } => 0.0,
            Shape::Normal { sd, .. } => sd,
            Shape::LogNormal { sdlog, .. } => self.mean() * libm::sqrt(libm::expm1(sdlog * sdlog)),
            Shape::Uniform { low, high } => (high - low) / libm::sqrt(12.0),
            Shape::Triangular { low, mode, high } => {
                let (left, right) = (mode - low, high - mode);
                libm::sqrt((left * left + left * right + right * right) / 18.0)
            }
            Shape::Beta { a, b, low, high } => (high - low) / (a + b) * libm::sqrt(a * b / (a + b + 1.0)),
            Shape::Gamma { shape, scale } => libm::sqrt(shape) * scale,
            Shape::TruncatedNormal { mean, sd, low, high } => {
                sd * libm::sqrt(Cut::new(mean, sd, low, high).moments().1)
            }
            Shape::TwoSided { below, above, .. } => {
                let shift = (above - below) * normal::density(0.0);
                libm::sqrt(f64::midpoint(below * below, above * above) - shift * shift)
            }
        }
    }

    /// The probabilities of at most and of more than `x`, each accurate when small.
    fn tails(&self, x: f64) -> (f64, f64) {
        let of_score = |z: f64| (normal::cdf(z), normal::sf(z));
        match self.0 {
            Shape::Fixed { value } => {
                if x < value {
                    (0.0, 1.0)
                } else {
                    (1.0, 0.0)
                }
            }
            Shape::Normal { mean, sd } => of_score((x - mean) / sd),
            Shape::LogNormal { meanlog, sdlog } => {
                if x <= 0.0 {
                    (0.0, 1.0)
                } else {
                    of_score((libm::log(x) - meanlog) / sdlog)
                }
            }
            Shape::Uniform { low, high } => {
                let x = x.clamp(low, high);
                ((x - low) / (high - low), (high - x) / (high - low))
            }
            Shape::Triangular { low, mode, high } => {
                let x = x.clamp(low, high);
                if x < mode {
                    let lower = (x - low) * (x - low) / ((high - low) * (mode - low));
                    (lower, 1.0 - lower)
                } else {
                    let upper = if mode == high {
                        0.0
                    } else {
                        (high - x) * (high - x) / ((high - low) * (high - mode))
                    };
                    (1.0 - upper, upper)
                }
            }
            Shape::Beta { a, b, low, high } => {
                let x = x.clamp(low, high);
                let tails = beta_tails(a, b, (x - low) / (high - low), (high - x) / (high - low));
                (tails.lower(), tails.upper())
            }
            Shape::Gamma { shape, scale } => {
                let tails = gamma_tails(shape, x / scale);
                (tails.lower(), tails.upper())
            }
            Shape::TruncatedNormal { mean, sd, low, high } => {
                let cut = Cut::new(mean, sd, low, high);
                cut.tails((x.clamp(low, high) - mean) / sd)
            }
            Shape::TwoSided { median, below, above } => {
                let side = if x < median { below } else { above };
                let from = x - median;
                of_score(if from == 0.0 {
                    // Where one side has no spread, its half of the probability stands on the median itself.
                    if above == 0.0 { f64::INFINITY } else { 0.0 }
                } else if side == 0.0 {
                    from * f64::INFINITY
                } else {
                    from / side
                })
            }
        }
    }

    fn quantile_of_tails(&self, p: f64, q: f64) -> f64 {
        match self.0 {
            Shape::Fixed { value } => value,
            Shape::Uniform { low, high } => {
                if p <= q {
                    low + (high - low) * p
                } else {
                    high - (high - low) * q
                }
            }
            Shape::Triangular { low, mode, high } => {
                if p * (high - low) <= mode - low {
                    low + libm::sqrt(p * (high - low) * (mode - low))
                } else {
                    high - libm::sqrt(q * (high - low) * (high - mode))
                }
            }
            Shape::Beta { a, b, low, high } => stretch(beta_quantile_logit(a, b, p, q), low, high),
            Shape::Gamma { shape, scale } => scale * libm::exp(gamma_quantile_ln(shape, p, q)),
            Shape::TruncatedNormal { mean, sd, low, high } => {
                (mean + sd * Cut::new(mean, sd, low, high).score(p, q)).clamp(low, high)
            }
            _ => self.at_score(normal_score(p, q)),
        }
    }

    /// The value at a normal score, for the laws that are made from one.
    fn at_score(&self, z: f64) -> f64 {
        match self.0 {
            Shape::Normal { mean, sd } => mean + sd * z,
            Shape::LogNormal { meanlog, sdlog } => libm::exp(meanlog + sdlog * z),
            Shape::TwoSided { median, below, above } => median + z * if z < 0.0 { below } else { above },
            _ => self.quantile_of_tails(normal::cdf(z), normal::sf(z)),
        }
    }
}

/// A law made ready for many draws.
#[derive(Debug, Clone)]
pub struct Sampler {
    distribution: Distribution,
    curve: Option<Curve>,
}

impl Sampler {
    /// Tabulates what is slow to invert.
    pub fn new(distribution: Distribution) -> Self {
        let curve = match distribution.0 {
            Shape::Beta { a, b, .. } => Curve::of_beta(a, b),
            Shape::Gamma { shape, .. } => Curve::of_gamma(shape),
            _ => None,
        };
        Self { distribution, curve }
    }

    /// The value at a uniform number of the open interval (0, 1).
    pub fn at(&self, uniform: f64) -> f64 {
        if self.curve.is_some() {
            self.at_score(normal::quantile(uniform))
        } else {
            self.distribution.quantile(uniform)
        }
    }

    /// The value at a normal score.
    pub fn at_score(&self, z: f64) -> f64 {
        let Some(place) = self.curve.as_ref().and_then(|curve| curve.at(z)) else {
            return self.distribution.at_score(z);
        };
        match self.distribution.0 {
            Shape::Beta { low, high, .. } => stretch(place, low, high),
            Shape::Gamma { scale, .. } => scale * libm::exp(place),
            _ => unreachable!("only beta and gamma laws have a curve"),
        }
    }
}

/// From the logit of a number of (0, 1) to `low..high`, from the nearer end.
fn stretch(logit: f64, low: f64, high: f64) -> f64 {
    let (x, y) = expit(logit);
    if x <= y { low + (high - low) * x } else { high - (high - low) * y }
}

fn finite(name: &str, value: f64) -> Result<(), String> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(format!("the {name} is {value}, and must be a finite number"))
    }
}

fn spread(name: &str, value: f64) -> Result<(), String> {
    if value >= 0.0 && value.is_finite() {
        Ok(())
    } else {
        Err(format!("the {name} is {value}, and must be a number from 0"))
    }
}

fn range(low: f64, high: f64) -> Result<(), String> {
    finite("low end", low)?;
    finite("high end", high)?;
    if low > high { Err(format!("the low end {low} lies above the high end {high}")) } else { Ok(()) }
}

fn range_with_mode(low: f64, mode: f64, high: f64) -> Result<(), String> {
    range(low, high)?;
    if (low..=high).contains(&mode) {
        Ok(())
    } else {
        Err(format!("the most likely value {mode} lies outside {low} to {high}"))
    }
}

#[cfg(test)]
mod tests;
