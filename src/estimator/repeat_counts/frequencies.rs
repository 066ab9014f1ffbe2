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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frequencies(f: &[f64]) -> Frequencies {
        Frequencies::new(f.to_vec()).expect("counts")
    }

    /// Illegal immigrants in the Netherlands (van der Heijden and others 2003; `ill` of Rcapture), f = 1645 183 37 13 1 1.
    #[test]
    fn illegal_immigrants() {
        let seen = frequencies(&[1645.0, 183.0, 37.0, 13.0, 1.0, 1.0]);
        let near = |found: &[f64], printed: &[f64], half_digit: f64| {
            let is_near = |(found, printed): (&f64, &f64)| (found - printed).abs() <= half_digit;
            assert!(found.iter().zip(printed).all(is_near), "{found:?} {printed:?}");
        };
        near(&[seen.observed()], &[1880.0], 0.0);
        let chao = seen.chao().expect("some seen twice");
        near(&[chao.total(), chao.standard_error()], &[9273.51, 662.59], 0.005);
        // Printed with 1.96 for the normal quantile.
        near(&chao.log_normal_interval(0.95).expect("some unseen"), &[8084.7, 10_690.1], 0.1);
        near(&[seen.chao_bias_corrected().law.total()], &[9228.86], 0.005);
        near(&[seen.zelterman().expect("some seen twice").total()], &[9424.56], 0.005);
        let truncated = seen.zero_truncated().expect("some seen twice");
        assert!((truncated.rate - 0.308_619).abs() < 5e-7);
        near(&[truncated.law.total()], &[7079.93], 0.005);
    }

    /// By mpmath at 60 digits: in plain form a double loses its digits near zero.
    #[test]
    fn rates_near_zero_and_far_out() {
        for (rate, mean, growth) in [
            (1e-9, 5.000_000_000_833_333e-10, 5.000_000_001_666_667e-19),
            (0.05, 0.025_208_324_653_294_445, 0.001_271_096_376_024_039_7),
            (0.2, 0.103_331_113_225_398_96, 0.021_402_758_160_169_83),
            (30.0, 29.000_000_000_002_807, 10_686_474_581_493.463),
        ] {
            assert!((mean_above_one(rate) / mean - 1.0).abs() < 1e-12, "{rate} {}", mean_above_one(rate));
            assert!(
                (growth_above_line(rate) / growth - 1.0).abs() < 1e-12,
                "{rate} {}",
                growth_above_line(rate)
            );
        }
        let barely = frequencies(&[1e6 - 1.0, 1.0]).zero_truncated().expect("one seen twice");
        // The mean exceeds 1 by 1e-6, which is half the rate and a twelfth of its square.
        assert!((barely.rate / 1.999_999_333_333_778e-6 - 1.0).abs() < 1e-9, "{}", barely.rate);
    }

    #[test]
    fn what_is_undefined_is_none() {
        let once = frequencies(&[12.0]);
        assert!(once.chao().is_none() && once.zelterman().is_none() && once.zero_truncated().is_none());
        assert!((once.chao_bias_corrected().law.unseen - 66.0).abs() < 1e-12);
        let never_once = frequencies(&[0.0, 5.0, 2.0]);
        assert!(never_once.zelterman().is_none() && never_once.zero_truncated().is_some());
        let chao = never_once.chao().expect("some seen twice");
        assert!(chao.unseen == 0.0 && chao.variance == 0.0 && chao.log_normal_interval(0.95).is_none());
        let single = frequencies(&[1.0]).chao_bias_corrected();
        assert!(single.law.unseen == 0.0 && single.multinomial_variance >= 0.0);
        assert!(Frequencies::new(vec![]).is_err() && Frequencies::new(vec![0.0, 0.0]).is_err());
        assert!(Frequencies::new(vec![f64::NAN]).is_err() && Frequencies::new(vec![-1.0]).is_err());
        assert!(once.chao_of_occasions(0.0).is_none() && once.chao_of_occasions(f64::INFINITY).is_none());
        assert!(once.chao_of_occasions(1.0).expect("one occasion").unseen == 0.0);
    }

    proptest! {
        #[test]
        fn the_estimates_are_ordered(f1 in 1..400_u16, f2 in 1..400_u16, f3 in 0..50_u16, f4 in 0..50_u16) {
            let seen = frequencies(&[f1, f2, f3, f4].map(f64::from));
            let chao = seen.chao().expect("some seen twice");
            prop_assert!(seen.chao_bias_corrected().law.unseen <= chao.unseen);
            let zelterman = seen.zelterman().expect("some seen once and twice");
            // At a rate of hundreds nobody is missed.
            let is_missed = 2 * f2 / f1 < 700;
            prop_assert_eq!((zelterman.unseen > 0.0, zelterman.variance > 0.0), (is_missed, is_missed));
            let rate = seen.zero_truncated().expect("some seen twice").rate;
            prop_assert!(rate > 0.0 && rate < 4.0);
        }

        #[test]
        fn a_thousand_times_the_counts_is_a_thousand_times_the_units(f1 in 50..400_u16, f2 in 1..400_u16, f3 in 0..50_u16) {
            let f = [f1, f2, f3].map(f64::from);
            let (one, many) = (frequencies(&f), frequencies(&f.map(|count| 1000.0 * count)));
            for of in [Frequencies::chao, Frequencies::zelterman, |f: &Frequencies| f.zero_truncated().map(|fit| fit.law)] {
                let (one, many) = (of(&one).expect("defined"), of(&many).expect("defined"));
                prop_assert!((many.total() / one.total() / 1000.0 - 1.0).abs() < 1e-9);
                prop_assert!((many.variance / one.variance / 1000.0 - 1.0).abs() < 1e-7);
            }
        }
    }
}
