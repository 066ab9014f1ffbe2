//! A quantile function tabulated against normal scores, so that a draw costs a look-up.
//!
//! The logit of a beta quantile and the logarithm of a gamma quantile are smooth in the normal score of their probability.
//! Value, slope and curvature at each node are exact, and between nodes runs the polynomial of degree five that meets them.

use super::incomplete::{beta_quantile_logit, expit, gamma_quantile_ln, ln_beta_kernel, ln_gamma_kernel};
use super::normal;

/// Values, slopes and curvatures at equally spaced normal scores.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    nodes: Vec<[f64; 3]>,
}

/// Draws stay within 8.3: the smallest uniform number is 2^-53.
const REACH: f64 = 8.5;
const NODES_PER_UNIT: f64 = 32.0;

impl Curve {
    /// The logit of the quantile of a beta law.
    pub(super) fn of_beta(a: f64, b: f64) -> Option<Self> {
        Self::build(
            |p, q| beta_quantile_logit(a, b, p, q),
            |logit| {
                let (x, y) = expit(logit);
                (ln_beta_kernel(a, b, x, y), a * y - b * x)
            },
        )
    }

    /// The logarithm of the quantile of a gamma law of scale 1.
    pub(super) fn of_gamma(shape: f64) -> Option<Self> {
        Self::build(
            |p, q| gamma_quantile_ln(shape, p, q),
            |ln_x| {
                let x = libm::exp(ln_x);
                (ln_gamma_kernel(shape, x), shape - x)
            },
        )
    }

    /// From the quantile by both tails, and from the logarithm of the density with its slope.
    ///
    /// None where the quantile leaves the range of numbers within reach, as for shapes near zero.
    fn build(quantile: impl Fn(f64, f64) -> f64, ln_density: impl Fn(f64) -> (f64, f64)) -> Option<Self> {
        let last = (2.0 * REACH * NODES_PER_UNIT) as usize;
        let mut nodes = Vec::with_capacity(last + 1);
        for node in 0..=last {
            let z = node as f64 / NODES_PER_UNIT - REACH;
            let value = quantile(normal::cdf(z), normal::sf(z));
            if value.abs() > 700.0 {
                return None;
            }
            let (height, fall) = ln_density(value);
            let slope = libm::exp(-0.5 * z * z - height) / libm::sqrt(2.0 * std::f64::consts::PI);
            let curvature = slope * (-z - fall * slope);
            nodes.push([value, slope / NODES_PER_UNIT, curvature / (NODES_PER_UNIT * NODES_PER_UNIT)]);
        }
        Some(Self { nodes })
    }

    /// The value at a normal score; none beyond the table.
    pub(super) fn at(&self, z: f64) -> Option<f64> {
        let place = (z + REACH) * NODES_PER_UNIT;
        if !(place >= 0.0 && place < (self.nodes.len() - 1) as f64) {
            return None;
        }
        let t = place - libm::floor(place);
        let node = place as usize;
        let [f0, g0, h0] = self.nodes[node];
        let [f1, g1, h1] = self.nodes[node + 1];
        // In powers of t, from the conditions at 0 and 1.
        let c2 = h0 / 2.0;
        let value = f1 - f0 - g0 - c2;
        let slope = g1 - g0 - h0;
        let curve = h1 - h0;
        let c3 = 10.0 * value - 4.0 * slope + 0.5 * curve;
        let c4 = -15.0 * value + 7.0 * slope - curve;
        let c5 = 6.0 * value - 3.0 * slope + 0.5 * curve;
        Some(f0 + t * (g0 + t * (c2 + t * (c3 + t * (c4 + t * c5)))))
    }
}
