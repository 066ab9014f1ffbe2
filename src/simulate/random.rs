//! Random numbers one after the other, for building a world: each part of it has a sequence of its own.

use crate::estimator::numeric::draw::Stream;
use crate::estimator::numeric::law::Law;
use crate::estimator::numeric::normal;

/// A sequence of random numbers.
#[derive(Debug, Clone)]
pub(super) struct Random {
    stream: Stream,
    next: u64,
}

impl Random {
    pub(super) fn new(seed: u64, name: &str) -> Self {
        Self { stream: Stream::new(seed, name), next: 0 }
    }

    /// Between 0 and 1.
    pub(super) fn uniform(&mut self) -> f64 {
        let value = self.stream.uniform(self.next);
        self.next += 1;
        value
    }

    pub(super) fn normal(&mut self) -> f64 {
        normal::quantile(self.uniform())
    }

    /// Log-normal with median 1.
    pub(super) fn log_normal(&mut self, sd_of_logarithm: f64) -> f64 {
        libm::exp(sd_of_logarithm * self.normal())
    }

    /// Whether something of this probability happens.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A whole number below `count`.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number from 0 to below the count"
    )]
    pub(super) fn below(&mut self, count: usize) -> usize {
        ((self.uniform() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// From a law; a law that parameters make impossible gives its nearest sensible value, 0.
    pub(super) fn of(&mut self, law: &Result<Law, String>) -> f64 {
        let uniform = self.uniform();
        law.as_ref().map_or(0.0, |law| law.quantile(uniform))
    }

    pub(super) fn binomial(&mut self, trials: f64, probability: f64) -> f64 {
        self.of(&Law::binomial(trials, probability.clamp(0.0, 1.0)))
    }

    pub(super) fn poisson(&mut self, mean: f64) -> f64 {
        if mean > 0.0 { self.of(&Law::poisson(mean)) } else { 0.0 }
    }

    pub(super) fn beta(&mut self, mean: f64, size: f64) -> f64 {
        self.of(&Law::beta(mean * size, (1.0 - mean) * size))
    }

    /// From a PERT law.
    pub(super) fn pert(&mut self, low: f64, mode: f64, high: f64) -> f64 {
        let [below, above] = [mode - low, high - mode].map(|part| 1.0 + 4.0 * part / (high - low));
        low + (high - low) * self.of(&Law::beta(below, above))
    }

    /// Some of the places below `count`, each set as likely, in order.
    pub(super) fn sample(&mut self, count: usize, wanted: usize) -> Vec<usize> {
        let mut places: Vec<usize> = (0..count).collect();
        let wanted = wanted.min(count);
        for place in 0..wanted {
            let other = place + self.below(count - place);
            places.swap(place, other);
        }
        places.truncate(wanted);
        places.sort_unstable();
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_sampled_equally_often() {
        let mut random = Random::new(1, "sample");
        let mut counts = [0_u32; 6];
        for _ in 0..6000 {
            for place in random.sample(6, 2) {
                counts[place] += 1;
            }
        }
        // 2,000 each, within four standard deviations.
        assert!(counts.iter().all(|count| count.abs_diff(2000) < 150), "{counts:?}");
        assert_eq!(random.sample(3, 9), [0, 1, 2]);
    }
}
