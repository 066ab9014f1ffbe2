//! One test in one sample: the share that has a property, from the share that the test finds.
//!
//! ```text
//! pi  = (p + Sp - 1) / J                          J = Se + Sp - 1, Youden's index
//! var = [ var(p) + pi^2 var(Se) + (1-pi)^2 var(Sp) ] / J^2
//! ```
//! Undefined where J is not positive: the test then tells no more than a coin.

use crate::estimator::numeric::counted::Counted;
use crate::estimator::numeric::normal;
use crate::estimator::numeric::proportion;
use crate::estimator::numeric::sample::sum;

/// The lower and the upper end.
pub type Interval = [f64; 2];

/// A proportion and its variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    /// The proportion.
    pub value: f64,
    /// Its variance.
    pub variance: f64,
}

impl Proportion {
    /// Of `x` found in `n`, with the binomial variance `P (1-P) / n`.
    pub fn counted(x: f64, n: f64) -> Result<Self, String> {
        proportion::check(x, n, 0.5)?;
        let value = x / n;
        Ok(Self { value, variance: value * ((n - x) / n) / n })
    }

    /// With a standard error of its own, such as that of a complex sample.
    pub fn measured(value: f64, standard_error: f64) -> Result<Self, String> {
        if !(0.0..=1.0).contains(&value) {
            return Err(format!("the proportion is {value}, and must lie from 0 to 1"));
        }
        if !(standard_error >= 0.0 && standard_error.is_finite()) {
            return Err(format!("the standard error is {standard_error}, and must be a number from 0"));
        }
        Ok(Self { value, variance: standard_error * standard_error })
    }
}

/// What a panel of samples says whose truth is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Panel {
    /// Samples that have the property and that the test found.
    pub true_positive: f64,
    /// All samples that have it.
    pub bad: f64,
    /// Samples that do not have it and that the test passed.
    pub true_negative: f64,
    /// All samples that do not have it.
    pub good: f64,
}

impl Panel {
    /// Se: how often the test finds what has the property.
    pub fn sensitivity(&self) -> Result<Proportion, String> {
        Proportion::counted(self.true_positive, self.bad)
    }

    /// Sp: how often the test passes what does not have it.
    pub fn specificity(&self) -> Result<Proportion, String> {
        Proportion::counted(self.true_negative, self.good)
    }
}

/// J = Se + Sp - 1.
pub fn youden(sensitivity: f64, specificity: f64) -> f64 {
    sensitivity - (1.0 - specificity)
}

/// pi from p, Se and Sp, not cut to 0..1; none where J is not positive.
pub fn prevalence(apparent: f64, sensitivity: f64, specificity: f64) -> Option<f64> {
    let j = youden(sensitivity, specificity);
    (j > 0.0).then(|| (apparent - (1.0 - specificity)) / j)
}

/// How pi changes with p, Se and Sp: `1/J`, `-pi/J` and `(1-pi)/J`.
pub fn gradient(prevalence: f64, youden: f64) -> [f64; 3] {
    [1.0 / youden, -prevalence / youden, (1.0 - prevalence) / youden]
}

/// The prevalence with its standard error by the delta method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assessment {
    /// pi, as it came out.
    pub prevalence: f64,
    /// J.
    pub youden: f64,
    /// How pi changes with p, Se and Sp.
    pub gradient: [f64; 3],
    /// What p, Se and Sp add to the variance.
    pub variances: [f64; 3],
    /// The square root of their sum.
    pub standard_error: f64,
    /// `pi -+ z se`, not cut. It covers far too little where prevalence or panels are small.
    pub wald: Interval,
}

/// The prevalence behind an apparent one; none where J is not positive.
pub fn assess(
    apparent: Proportion,
    sensitivity: Proportion,
    specificity: Proportion,
    level: f64,
) -> Option<Assessment> {
    let prevalence = prevalence(apparent.value, sensitivity.value, specificity.value)?;
    let youden = youden(sensitivity.value, specificity.value);
    let gradient = gradient(prevalence, youden);
    let sources = [apparent, sensitivity, specificity];
    let variances = std::array::from_fn(|i| gradient[i] * gradient[i] * sources[i].variance);
    let standard_error = libm::sqrt(sum(variances));
    let reach = normal::coverage_factor(level) * standard_error;
    let wald = [prevalence - reach, prevalence + reach];
    Some(Assessment { prevalence, youden, gradient, variances, standard_error, wald })
}

/// The interval of Lang and Reiczigel, which holds the level for panels of a few dozen samples, with what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LangReiczigel {
    /// pi from p, Se and Sp with added counts.
    pub prevalence: f64,
    /// How far the centre is shifted from it.
    pub shift: f64,
    /// The centre.
    pub centre: f64,
    /// The standard error.
    pub standard_error: f64,
    /// The interval, not cut.
    pub interval: Interval,
}

/// The interval of Lang and Reiczigel for `x` found in `n`: counted, or the effective counts of a complex sample.
///
/// ```text
/// n' = n + z^2, p' = (x + z^2/2) / n', Se' = (TP + 1) / (n_Se + 2), Sp' likewise, pi' and var' from these
/// dP = 2 z^2 [ pi' Se'(1-Se')/(n_Se+2) - (1-pi') Sp'(1-Sp')/(n_Sp+2) ]        pi' + dP -+ z sqrt(var')
/// ```
pub fn lang_reiczigel(x: f64, n: f64, panel: &Panel, level: f64) -> Option<LangReiczigel> {
    proportion::check(x, n, level).ok()?;
    panel.sensitivity().ok()?;
    panel.specificity().ok()?;
    let z = normal::coverage_factor(level);
    let square = z * z;
    let p = Proportion::counted(x + square / 2.0, n + square).ok()?;
    let se = Proportion::counted(panel.true_positive + 1.0, panel.bad + 2.0).ok()?;
    let sp = Proportion::counted(panel.true_negative + 1.0, panel.good + 2.0).ok()?;
    let assessed = assess(p, se, sp, level)?;
    let prevalence = assessed.prevalence;
    let shift = 2.0 * square * (prevalence * se.variance - (1.0 - prevalence) * sp.variance);
    let centre = prevalence + shift;
    let reach = z * assessed.standard_error;
    Some(LangReiczigel {
        prevalence,
        shift,
        centre,
        standard_error: assessed.standard_error,
        interval: [centre - reach, centre + reach],
    })
}

/// An interval of the apparent prevalence, such as Clopper and Pearson's, taken to pi with Se and Sp as known and cut to 0..1
/// (Reiczigel, Földi and Ózsvári).
pub fn with_known_errors(apparent: (f64, f64), sensitivity: f64, specificity: f64) -> Option<Interval> {
    let end = |p: f64| prevalence(p, sensitivity, specificity).map(bounded);
    Some([end(apparent.0)?, end(apparent.1)?])
}

/// Cut to 0..1.
pub fn bounded(prevalence: f64) -> f64 {
    prevalence.clamp(0.0, 1.0)
}

/// The laws of the errors of a test.
#[derive(Debug, Clone)]
pub struct Errors {
    /// Of Se.
    pub sensitivity: Counted,
    /// Of Sp.
    pub specificity: Counted,
}

impl Errors {
    /// Of a panel, with the law of `x` found in `n`.
    pub fn of(panel: &Panel, law: impl Fn(f64, f64) -> Result<Counted, String>) -> Result<Self, String> {
        Ok(Self {
            sensitivity: law(panel.true_positive, panel.bad)?,
            specificity: law(panel.true_negative, panel.good)?,
        })
    }

    /// A draw of Se and Sp from a coin and a normal score for each.
    pub fn at(&self, coins: [f64; 2], scores: [f64; 2]) -> [f64; 2] {
        [self.sensitivity.at(coins[0], scores[0]), self.specificity.at(coins[1], scores[1])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::numeric::draw::Stream;
    use crate::estimator::numeric::sample::Sample;
    use proptest::prelude::*;

    const PANEL: Panel = Panel { true_positive: 92.0, bad: 100.0, true_negative: 188.0, good: 200.0 };

    /// The examples of epiR's `epi.prev`, whose help prints them rounded to whole per cent (exact values by hand).
    #[test]
    fn printed_examples() {
        for (x, n, se, sp, expected) in [
            (45.0, 150.0, 0.96, 0.89, 0.223_529),
            (6.0, 151.0, 0.964, 0.927, -0.037_334),
            (80.0, 210.0, 0.60, 0.90, 0.561_905),
            (100.0, 189.0, 0.65, 0.95, 0.798_501),
            (50.0, 124.0, 0.70, 0.99, 0.569_892),
        ] {
            let found = prevalence(x / n, se, sp).expect("a useful test");
            assert!((found - expected).abs() < 5e-7, "{found} {expected}");
        }
        let mapped =
            with_known_errors(proportion::clopper_pearson(80.0, 210.0, 0.95), 0.60, 0.90).expect("useful");
        assert!((mapped[0] - 0.430).abs() < 5e-4 && (mapped[1] - 0.701).abs() < 5e-4, "{mapped:?}");
    }

    #[test]
    fn a_test_that_is_a_coin_tells_nothing() {
        assert_eq!(prevalence(0.5, 0.5, 0.5), None);
        assert_eq!(prevalence(0.5, 0.3, 0.5), None);
        let coin = Panel { true_positive: 10.0, bad: 20.0, true_negative: 10.0, good: 20.0 };
        assert_eq!(lang_reiczigel(5.0, 20.0, &coin, 0.95), None);
        assert_eq!(with_known_errors((0.1, 0.2), 0.5, 0.5), None);
    }

    #[test]
    fn a_perfect_test_changes_nothing() {
        let perfect = Panel { true_positive: 30.0, bad: 30.0, true_negative: 30.0, good: 30.0 };
        let [se, sp] = [perfect.sensitivity(), perfect.specificity()].map(|p| p.expect("a panel"));
        let found = assess(Proportion::counted(7.0, 50.0).expect("a sample"), se, sp, 0.95).expect("useful");
        assert!((found.prevalence - 0.14).abs() < 1e-15);
        assert!((found.standard_error - (0.14_f64 * 0.86 / 50.0).sqrt()).abs() < 1e-15);
        // With added counts the panel is no longer perfect, so its interval is wider than Wald's.
        let [low, high] = lang_reiczigel(7.0, 50.0, &perfect, 0.95).expect("useful").interval;
        assert!(high - low > found.wald[1] - found.wald[0]);
    }

    #[test]
    fn nothing_counted_is_undefined() {
        assert!(Proportion::counted(0.0, 0.0).is_err() && Proportion::counted(3.0, 2.0).is_err());
        assert!(Proportion::measured(1.2, 0.1).is_err() && Proportion::measured(0.2, f64::NAN).is_err());
        assert_eq!(lang_reiczigel(1.0, 9.0, &Panel { good: 0.0, true_negative: 0.0, ..PANEL }, 0.95), None);
        assert_eq!(lang_reiczigel(0.0, 0.0, &PANEL, 0.95), None);
    }

    /// 200 samples of 400 bottles with panels of 20: the draws hold 95 %, the interval of the delta method does not.
    #[test]
    fn draws_hold_the_level_where_the_delta_method_does_not() {
        let (truth, se, sp, n, bad, good) = (0.02, 0.95, 0.98, 400_u64, 20_u64, 20_u64);
        let (mut by_draws, mut by_delta) = (0, 0);
        let worlds = 200;
        for world in 0..worlds {
            let count = |what: &str, n: u64, p: f64| {
                let stream = Stream::new(world, what);
                (0..n).filter(|i| stream.uniform(*i) < p).count() as f64
            };
            let x = count("sample", n, truth * se + (1.0 - truth) * (1.0 - sp));
            let panel = Panel {
                true_positive: count("bad", bad, se),
                bad: bad as f64,
                true_negative: count("good", good, sp),
                good: good as f64,
            };
            let apparent_law = Counted::mid_p(x, n as f64).expect("a proportion");
            let errors = Errors::of(&panel, Counted::mid_p).expect("panels");
            let draw = |i: u64| {
                let stream = |what: &str| Stream::new(world, &format!("draw {what}"));
                let coins = ["b", "c"].map(|what| stream(what).spread(i));
                let [se, sp] = errors.at(coins, ["e", "f"].map(|what| stream(what).normal(i)));
                let p = apparent_law.at(stream("a").spread(i), stream("d").normal(i));
                prevalence(p, se, sp).expect("a useful test")
            };
            let sample = Sample::new((0..1000).map(draw).collect()).expect("draws");
            by_draws += u32::from(sample.quantile(0.025) <= truth && truth <= sample.quantile(0.975));
            let [sensitivity, specificity] =
                [panel.sensitivity(), panel.specificity()].map(|p| p.expect("counted"));
            let apparent = Proportion::counted(x, n as f64).expect("counted");
            let [low, high] = assess(apparent, sensitivity, specificity, 0.95).expect("useful").wald;
            by_delta += u32::from(low <= truth && truth <= high);
        }
        let part = |covered: u32| f64::from(covered) / worlds as f64;
        // Binomial standard error 0.015.
        assert!(part(by_draws) > 0.92, "{}", part(by_draws));
        assert!(part(by_delta) < 0.75, "{}", part(by_delta));
    }

    proptest! {
        /// Samples that are mixed have the mixed prevalence.
        #[test]
        fn prevalence_is_linear(p in 0.0..1.0_f64, q in 0.0..1.0_f64, part in 0.0..1.0_f64, se in 0.6..1.0_f64, sp in 0.6..1.0_f64) {
            let of = |p: f64| prevalence(p, se, sp).expect("useful");
            prop_assert!((of(part * p + (1.0 - part) * q) - part * of(p) - (1.0 - part) * of(q)).abs() < 1e-12);
        }

        /// What has the property and what has not change places with Se and Sp.
        #[test]
        fn the_other_side_is_the_rest(x in 0.0..50.0_f64, tp in 20.0..30.0_f64, tn in 30.0..40.0_f64) {
            let panel = Panel { true_positive: tp, bad: 30.0, true_negative: tn, good: 40.0 };
            let mirror = Panel { true_positive: tn, bad: 40.0, true_negative: tp, good: 30.0 };
            let one = lang_reiczigel(x, 50.0, &panel, 0.95).expect("useful").interval;
            let other = lang_reiczigel(50.0 - x, 50.0, &mirror, 0.95).expect("useful").interval;
            prop_assert!((one[0] - (1.0 - other[1])).abs() < 1e-12 && (one[1] - (1.0 - other[0])).abs() < 1e-12);
        }

        #[test]
        fn the_gradient_is_the_slope(p in 0.1..0.9_f64, se in 0.7..0.99_f64, sp in 0.7..0.99_f64) {
            let at = |x: [f64; 3]| prevalence(x[0], x[1], x[2]).expect("useful");
            let slopes = gradient(at([p, se, sp]), youden(se, sp));
            let h = 1e-5;
            for (i, slope) in slopes.into_iter().enumerate() {
                let (mut up, mut down) = ([p, se, sp], [p, se, sp]);
                up[i] += h;
                down[i] -= h;
                prop_assert!(((at(up) - at(down)) / (2.0 * h) - slope).abs() < 1e-5);
            }
        }
    }
}
