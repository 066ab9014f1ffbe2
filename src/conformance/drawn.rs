//! What draws say of the exact law of a result, with the expected values that they agree with.
//!
//! With N draws the mean must agree within `4 sd / sqrt(N)` and a quantile within `4 sqrt(p(1-p)/N) / density`, with the
//! case's own standard deviation and densities. Where a case gives no density the expected quantile must lie between the sorted draws
//! that stand 4 binomial standard deviations to each side. A standard deviation must agree within 4 of its standard errors from the
//! draws' fourth moment, a probability within `4 sqrt(p(1-p)/N)`, a density within what [`Sample::density`] leaves open.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::case::{json, numbers, object};
use crate::estimator::numeric::sample::Sample;

const SIGMAS: f64 = 4.0;

/// What the draws say, with the expected values that they agree with.
pub(super) struct Drawn<'a> {
    sample: &'a Sample,
    expected: &'a Value,
    /// Where the values stand in the case, with a full stop behind it.
    prefix: &'a str,
    /// In the shape of what is expected.
    pub(super) value: Map<String, Value>,
    /// By path, the expected values that the draws agree with.
    pub(super) accepted: BTreeMap<String, [f64; 2]>,
}

impl<'a> Drawn<'a> {
    /// Of a sample, beside the values that are expected of it.
    pub(super) fn new(sample: &'a Sample, expected: &'a Value, prefix: &'a str) -> Self {
        Self { sample, expected, prefix, value: Map::new(), accepted: BTreeMap::new() }
    }

    /// Mean and standard deviation, where the law has them.
    pub(super) fn moments(&mut self, mean: Option<f64>, sd: Option<f64>) {
        let expected_sd = self.expected.get("sd").and_then(Value::as_f64);
        let mean_error =
            expected_sd.map_or(self.sample.mean_error(), |sd| sd / libm::sqrt(self.sample.count()));
        self.put("mean", mean, SIGMAS * mean_error);
        self.put("sd", sd, SIGMAS * self.sample.sd_error());
    }

    /// A value that may be undefined, with how far it may be off.
    pub(super) fn put(&mut self, key: &str, value: Option<f64>, reach: f64) {
        self.value.insert(key.to_owned(), value.map_or(Value::Null, json));
        if let Some(value) = value {
            self.accept(key, [value - reach, value + reach]);
        }
    }

    /// Quantiles, with the densities at them.
    pub(super) fn quantiles(&mut self) -> Result<(), String> {
        let Some(expected) = self.expected.get("quantiles") else { return Ok(()) };
        let probabilities = numbers(expected, "p")?;
        if let Some(p) = probabilities.iter().find(|p| !(**p > 0.0 && **p < 1.0)) {
            return Err(format!("a quantile of probability {p} is asked for"));
        }
        let at = |key: &str, i: usize| match expected.get(key) {
            Some(Value::Array(items)) => items.get(i).and_then(Value::as_f64),
            Some(single) if i == 0 => single.as_f64(),
            _ => None,
        };
        let (mut quantiles, mut densities) = (Vec::new(), Vec::new());
        for (i, p) in probabilities.iter().enumerate() {
            let density = at("density_at_quantile", i);
            let (quantile, accepted) = self.quantile(*p, density);
            quantiles.push(json(quantile));
            self.accept(&format!("quantiles.quantile.{i}"), accepted);
            let near = at("quantile", i).and_then(|x| self.sample.density(x, *p, SIGMAS));
            if let (Some(_), Some((density, reach))) = (density, near) {
                let accepted = [density - reach, density + reach];
                self.accept(&format!("quantiles.density_at_quantile.{i}"), accepted);
                densities.push(json(density));
            } else {
                densities.push(Value::Null);
            }
        }
        let probabilities = probabilities.into_iter().map(json).collect();
        let quantiles = object([
            ("p", probabilities),
            ("quantile", Value::Array(quantiles)),
            ("density_at_quantile", Value::Array(densities)),
        ]);
        self.value.insert("quantiles".to_owned(), quantiles);
        Ok(())
    }

    /// A quantile, with the expected values that it agrees with.
    pub(super) fn quantile(&self, p: f64, density: Option<f64>) -> (f64, [f64; 2]) {
        let quantile = self.sample.quantile(p);
        match density {
            Some(density) if density > 0.0 => {
                let reach = SIGMAS * libm::sqrt(p * (1.0 - p) / self.sample.count()) / density;
                (quantile, [quantile - reach, quantile + reach])
            }
            _ => {
                let (low, high) = self.sample.quantile_bounds(p, SIGMAS);
                (quantile, [low, high])
            }
        }
    }

    /// A probability, which the fraction of the draws must agree with.
    pub(super) fn probability(&mut self, key: &str, fraction: f64) {
        let p = self.expected.get(key).and_then(Value::as_f64).unwrap_or(fraction);
        let reach = SIGMAS * libm::sqrt((p * (1.0 - p)).max(0.0) / self.sample.count());
        self.put(key, Some(fraction), reach);
    }

    /// The expected values that a drawn one agrees with.
    pub(super) fn accept(&mut self, key: &str, accepted: [f64; 2]) {
        self.accepted.insert(format!("{}{key}", self.prefix), accepted);
    }
}
