//! How many units were seen once, twice and more often, and what that says of those never seen.

use crate::estimator::numeric::poisson_regression::MOST_COUNT;
use crate::estimator::numeric::root::crossing;
use crate::estimator::numeric::sample::sum;
use crate::estimator::numeric::unseen::Unseen;

/// How many units were seen exactly once, twice, three times, ...
#[derive(Debug, Clone, PartialEq)]
pub struct Frequencies {
    f: Vec<f64>,
}

/// The bias-corrected estimate of Chao with two variances.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BiasCorrected {
    /// With the variance that is commonly used.
    pub law: Unseen,
    /// The variance by the delta method, where the frequencies are multinomial counts among the estimated units.
    pub multinomial_variance: f64,
}

/// The fit of a Poisson law from which zero is left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZeroTruncated {
    /// How often a unit is seen on average, also those never seen.
    pub rate: f64,
    /// All units.
    pub law: Unseen,
}

impl Frequencies {
    /// Of the numbers of units seen once, twice, ...; refuses what is no count, and where no unit was seen.
    pub fn new(f: Vec<f64>) -> Result<Self, String> {
        if let Some(count) = f.iter().find(|count| !(0.0..=MOST_COUNT).contains(*count)) {
            return Err(format!("a number of units is {count}, and must lie from 0 to {MOST_COUNT:e}"));
        }
        let frequencies = Self { f };
        if frequencies.observed() > 0.0 { Ok(frequencies) } else { Err("no unit was seen".to_owned()) }
    }

    /// The units that were seen so many times.
    pub fn times(&self, times: usize) -> f64 {
        times.checked_sub(1).and_then(|place| self.f.get(place)).copied().unwrap_or(0.0)
    }

    /// The different units that were seen, D.
    pub fn observed(&self) -> f64 {
        sum(self.f.iter().copied())
    }

    fn f1_f2(&self) -> (f64, f64) {
        (self.times(1), self.times(2))
    }

    fn law(&self, unseen: f64, variance: f64) -> Unseen {
        Unseen { observed: self.observed(), unseen, variance }
    }

    /// Chao's lower bound of 1987: `f1^2 / (2 f2)` units were never seen; none where no unit was seen twice.
    pub fn chao(&self) -> Option<Unseen> {
        let (f1, f2) = self.f1_f2();
        let r = f1 / f2;
        (f2 > 0.0).then(|| self.law(f1 * r / 2.0, f2 * r * r * (r * r / 4.0 + r + 0.5)))
    }

    /// Chao's bound without most of its bias: `f1 (f1 - 1) / (2 (f2 + 1))` units were never seen.
    pub fn chao_bias_corrected(&self) -> BiasCorrected {
        let (f1, f2) = self.f1_f2();
        let more = f2 + 1.0;
        // A fraction of a unit, which corrected counts may have, would leave less than none.
        let unseen = (f1 * (f1 - 1.0) / (2.0 * more)).max(0.0);
        // How it changes with f1 and f2.
        let (by_f1, by_f2) = ((2.0 * f1 - 1.0) / (2.0 * more), -unseen / more);
        let variance = unseen + f1 * by_f1 * by_f1 + f2 * by_f2 * by_f2;
        let observed = self.observed();
        // Every unit that is seen once more adds 1, and what it changes in those unseen.
        let squares = observed + f1 * by_f1 * (by_f1 + 2.0) + f2 * by_f2 * (by_f2 + 2.0);
        let mean = observed + f1 * by_f1 + f2 * by_f2;
        let multinomial_variance = (squares - mean * mean / (observed + unseen)).max(0.0);
        BiasCorrected { law: self.law(unseen, variance), multinomial_variance }
    }

    /// The bias-corrected bound where there were only so many occasions: those unseen times `(t - 1) / t`.
    pub fn chao_of_occasions(&self, occasions: f64) -> Option<Unseen> {
        let BiasCorrected { law, .. } = self.chao_bias_corrected();
        let part = (occasions - 1.0) / occasions;
        (occasions >= 1.0 && occasions.is_finite()).then(|| {
            self.law(part * law.unseen, part * part * (law.variance - law.unseen) + part * law.unseen)
        })
    }

    /// Zelterman: each unit is seen as often as those seen once and twice are, `lambda = 2 f2 / f1`, with the variance of
    /// Boehning. None where no unit was seen once, or none twice.
    pub fn zelterman(&self) -> Option<Unseen> {
        let (f1, f2) = self.f1_f2();
        if f1 == 0.0 || f2 == 0.0 {
            return None;
        }
        let n = self.observed();
        let lambda = 2.0 * f2 / f1;
        let seen = -libm::expm1(-lambda);
        let unseen = n * libm::exp(-lambda) / seen;
        let g = libm::exp(-lambda) / (seen * seen);
        Some(self.law(unseen, n * g * (1.0 + n * g * lambda * lambda * (1.0 / f1 + 1.0 / f2))))
    }

    /// The maximum of the likelihood where all units are seen equally often, with its asymptotic variance; none where no unit
    /// was seen twice or more.
    pub fn zero_truncated(&self) -> Option<ZeroTruncated> {
        let n = self.observed();
        // The mean count less 1, without the loss of digits of the difference.
        let excess = sum(self.f.iter().enumerate().map(|(more, count)| more as f64 * count)) / n;
        if excess <= 0.0 {
            return None;
        }
        // The rate lies between the mean count less 1 and the mean count.
        let rate = crossing(|rate| mean_above_one(rate) - excess, excess, excess + 1.0)?;
        let unseen = n / libm::expm1(rate);
        let variance = (n + unseen) / growth_above_line(rate);
        Some(ZeroTruncated { rate, law: self.law(unseen, variance) })
    }
}

/// The mean of a Poisson law without zero, less 1: `rate / (1 - exp(-rate)) - 1`.
fn mean_above_one(rate: f64) -> f64 {
    if rate < 0.1 {
        // Bernoulli's series; the next term is below 1e-13 of the first.
        let square = rate * rate;
        rate * (0.5 + rate / 12.0 * (1.0 - square / 60.0 * (1.0 - square / 42.0 * (1.0 - square / 40.0))))
    } else {
        rate / -libm::expm1(-rate) - 1.0
    }
}

/// `exp(rate) - 1 - rate`.
fn growth_above_line(rate: f64) -> f64 {
    if rate < 0.1 {
        let series = |sum: f64, k: f64| 1.0 + rate / k * sum;
        rate * rate / 2.0 * [9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0].into_iter().fold(1.0, series)
    } else {
        libm::expm1(rate) - rate
    }
}
