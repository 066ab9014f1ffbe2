//! Intervals for a proportion: `x` of `n`, counted or, after a complex sample, as effective counts.
//!
//! Counts are real numbers. Every function holds for `0 <= x <= n` and a level between 0 and 1, which [`check`] tells; where
//! nothing was counted (`n = 0`) nothing is known, and every interval is from 0 to 1. `z` is the normal coverage factor.
//!
//! ```text
//! Wald             p +- z sqrt(p (1-p) / n)                              p = x / n; may leave 0..1
//! Wilson           the P with |p - P| <= z sqrt(P (1-P) / n)
//! ... corrected    the same about p -+ c/n, c = min(1/2, |x - n/2|)      the rule of R's prop.test
//! Clopper-Pearson  Beta(x, n-x+1) and Beta(x+1, n-x) quantiles
//! Jeffreys         Beta(x+1/2, n-x+1/2) quantiles
//! Agresti-Coull    Wald about (x + z^2/2) / (n + z^2), of n + z^2; may leave 0..1
//! mid-P            the P with Pr(X > x) + Pr(X = x)/2 = (1-level)/2, and its mirror image
//! logit            ln(p/(1-p)) +- z sqrt(1 / (n p (1-p)))
//! Korn-Graubard    Clopper-Pearson of p n* and n*, n* = p(1-p)/se^2 (t[n-1] / t[df])^2
//! ```
//!
//! Clopper-Pearson holds at least the level for every proportion, and more than it for most; Wilson, Jeffreys and mid-P hold it on
//! average. Wald holds far less near 0 and 1, and has no width there: it is here to be compared with.
//!
//! # References
//! E. B. Wilson (1927), Probable Inference, the Law of Succession, and Statistical Inference, JASA 22, 209-212.
//! C. J. Clopper, E. S. Pearson (1934), The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial, Biometrika 26, 404-413.
//! L. D. Brown and others (2001), Interval Estimation for a Binomial Proportion, Statistical Science 16(2), 101-133.
//! E. L. Korn, B. I. Graubard (1998), Confidence Intervals for Proportions with Small Expected Number of Positive Counts
//! Estimated from Survey Data, Survey Methodology 24(2), 193-201.
//! J. D. Parker and others (2017), National Center for Health Statistics Data Presentation Standards for Proportions, Vital
//! and Health Statistics 2(175) (which does not let the effective count exceed the count).

use super::incomplete::{beta_quantile_logit, beta_tails, expit};
use super::law::Law;
use super::normal;

/// Nothing is known.
const EVERYTHING: (f64, f64) = (0.0, 1.0);

/// Larger counts are beyond the precision of the beta law.
const LARGEST_COUNT: f64 = 1e10;

/// Whether the intervals of this module can be asked for `x` of `n` at a level.
pub fn check(x: f64, n: f64, level: f64) -> Result<(), String> {
    if !(n > 0.0 && n <= LARGEST_COUNT) {
        return Err(format!(
            "{n} were counted, and a proportion needs more than 0 and up to {LARGEST_COUNT:e}"
        ));
    }
    if !(0.0..=n).contains(&x) {
        return Err(format!("{x} of {n} is no proportion"));
    }
    check_level(level)
}

fn check_level(level: f64) -> Result<(), String> {
    if level > 0.0 && level < 1.0 {
        Ok(())
    } else {
        Err(format!("the level is {level}, and must lie between 0 and 1, as 0.95 does"))
    }
}

/// Wald's interval: symmetric, and not cut to 0..1.
pub fn wald(x: f64, n: f64, level: f64) -> (f64, f64) {
    if n <= 0.0 {
        return EVERYTHING;
    }
    let p = x / n;
    let half = normal::coverage_factor(level) * libm::sqrt(p * ((n - x) / n) / n);
    (p - half, p + half)
}

/// Wilson's score interval.
pub fn wilson(x: f64, n: f64, level: f64) -> (f64, f64) {
    if n <= 0.0 {
        return EVERYTHING;
    }
    (score_low(x, n, level), score_high(x, n, level))
}

/// Wilson's score interval with the continuity correction of R's `prop.test`, which shrinks where x is next to n/2.
pub fn wilson_corrected(x: f64, n: f64, level: f64) -> (f64, f64) {
    if n <= 0.0 {
        return EVERYTHING;
    }
    let correction = (x - n / 2.0).abs().min(0.5);
    (score_low((x - correction).max(0.0), n, level), score_high((x + correction).min(n), n, level))
}

/// The smaller root of `(n + z^2) P^2 - (2x + z^2) P + x^2/n`, from the larger one so that nothing cancels.
fn score_low(x: f64, n: f64, level: f64) -> f64 {
    2.0 * x * (x / n) / score_sum(x, n, level)
}

fn score_high(x: f64, n: f64, level: f64) -> f64 {
    let z = normal::coverage_factor(level);
    if x >= n { 1.0 } else { (score_sum(x, n, level) / (2.0 * (n + z * z))).min(1.0) }
}

fn score_sum(x: f64, n: f64, level: f64) -> f64 {
    let z = normal::coverage_factor(level);
    2.0 * x + z * z + z * libm::sqrt(z * z + 4.0 * x * ((n - x) / n))
}

/// The exact interval of Clopper and Pearson.
pub fn clopper_pearson(x: f64, n: f64, level: f64) -> (f64, f64) {
    if n <= 0.0 {
        return EVERYTHING;
    }
    let tail = (1.0 - level) / 2.0;
    let low = match x {
        x if x <= 0.0 => 0.0,
        // P^n, which the beta law loses digits of where n is large.
        x if x >= n => libm::exp(libm::log(tail) / n),
        x => beta_quantile(x, n - x + 1.0, tail, 1.0 - tail),
    };
    let high = match x {
        x if x >= n => 1.0,
        x if x <= 0.0 => -libm::expm1(libm::log(tail) / n),
        x => beta_quantile(x + 1.0, n - x, 1.0 - tail, tail),
    };
    (low, high)
}

/// The equal-tailed interval of Jeffreys' prior, which holds neither 0 at `x = 0` nor 1 at `x = n`.
pub fn jeffreys(x: f64, n: f64, level: f64) -> (f64, f64) {
    if n <= 0.0 {
        return EVERYTHING;
    }
    let tail = (1.0 - level) / 2.0;
    let quantile = |p, q| beta_quantile(x + 0.5, n - x + 0.5, p, q);
    (quantile(tail, 1.0 - tail), quantile(1.0 - tail, tail))
}

/// Jeffreys' interval from 0 where `x = 0` and up to 1 where `x = n`, as Brown and others define it.
///
/// What they call the modified interval changes the other end of these, and that of `x = 1` and `n - 1`, too.
pub fn jeffreys_modified(x: f64, n: f64, level: f64) -> (f64, f64) {
    let (low, high) = jeffreys(x, n, level);
    (if x <= 0.0 { 0.0 } else { low }, if x >= n { 1.0 } else { high })
}

/// The interval of Agresti and Coull, not cut to 0..1.
pub fn agresti_coull(x: f64, n: f64, level: f64) -> (f64, f64) {
    if n <= 0.0 {
        return EVERYTHING;
    }
    let z = normal::coverage_factor(level);
    wald(x + z * z / 2.0, n + z * z, level)
}

/// The interval of Agresti and Coull, cut to 0..1.
pub fn agresti_coull_clipped(x: f64, n: f64, level: f64) -> (f64, f64) {
    let (low, high) = agresti_coull(x, n, level);
    (low.max(0.0), high.min(1.0))
}

/// The mid-P interval: Clopper and Pearson's with half of the probability of what was seen.
pub fn mid_p(x: f64, n: f64, level: f64) -> (f64, f64) {
    if n <= 0.0 {
        return EVERYTHING;
    }
    let tail = (1.0 - level) / 2.0;
    (mid_p_low(x, n, tail).0, mid_p_low(n - x, n, tail).1)
}

/// The proportion at which seeing more than `x`, and half of seeing `x`, has the probability `tail`; with one minus it.
fn mid_p_low(x: f64, n: f64, tail: f64) -> (f64, f64) {
    if x <= 0.0 {
        return EVERYTHING;
    }
    if x >= n {
        // Half of P^n.
        let ln = libm::log(2.0 * tail) / n;
        return (libm::exp(ln), -libm::expm1(ln));
    }
    // The mean of two probabilities reaches the tail between the points where each does.
    let mut low = beta_quantile_logit(x, n - x + 1.0, tail, 1.0 - tail).max(-LARGEST_LOGIT);
    let mut high = beta_quantile_logit(x + 1.0, n - x, tail, 1.0 - tail).min(LARGEST_LOGIT);
    for _ in 0..MOST_HALVINGS {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        let (p, q) = expit(middle);
        let seen_or_more = beta_tails(x, n - x + 1.0, p, q).lower();
        let more = beta_tails(x + 1.0, n - x, p, q).lower();
        if f64::midpoint(seen_or_more, more) < tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    expit(f64::midpoint(low, high))
}

/// Beyond it a proportion cannot be told from 0 or 1.
const LARGEST_LOGIT: f64 = 745.0;

/// A number has 53 bits and the bracket a few binary orders.
const MOST_HALVINGS: usize = 80;

/// The interval on the logit scale; where `x` is 0 or `n` its error there has no bound, and it is from 0 to 1.
pub fn logit(x: f64, n: f64, level: f64) -> (f64, f64) {
    let variance = n * (x / n) * ((n - x) / n);
    if variance.is_nan() || variance <= 0.0 {
        return EVERYTHING;
    }
    let half = normal::coverage_factor(level) / libm::sqrt(variance);
    let centre = libm::log(x / (n - x));
    (expit(centre - half).0, expit(centre + half).0)
}

/// The interval on the logit scale from a standard error on `df` degrees of freedom: `ln(p/(1-p)) +- t se / (p (1-p))`.
///
/// None where p is 0 or 1, where the error there cannot be told.
pub fn logit_by_error(p: f64, se: f64, df: f64, level: f64) -> Option<(f64, f64)> {
    let t = Law::student_t(df).ok()?.upper_quantile((1.0 - level) / 2.0);
    let half = t * se / (p * (1.0 - p));
    if !(p > 0.0 && p < 1.0 && half.is_finite()) {
        return None;
    }
    let centre = libm::log(p / (1.0 - p));
    Some((expit(centre - half).0, expit(centre + half).0))
}

/// How many independent answers a complex sample is worth for a proportion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effective {
    /// `p (1-p) / se^2`; the count itself where p is 0 or 1, which show no design effect, and infinite where se is 0.
    pub count: f64,
    /// `(t[n-1] / t[df])^2`: the loss by few degrees of freedom.
    pub adjustment: f64,
    /// Their product.
    pub adjusted: f64,
    /// The product, or the count `n` where it is less.
    pub truncated: f64,
}

/// The effective count of Korn and Graubard: a proportion with its standard error, from `n` answers on `df` degrees of freedom.
pub fn effective(p: f64, se: f64, n: f64, df: f64, level: f64) -> Result<Effective, String> {
    check(p * n, n, level)?;
    if n <= 1.0 {
        return Err("a single answer has no degree of freedom".to_owned());
    }
    let tail = (1.0 - level) / 2.0;
    let [of_count, of_design] =
        [Law::student_t(n - 1.0)?, Law::student_t(df)?].map(|t| t.upper_quantile(tail));
    let adjustment = (of_count / of_design) * (of_count / of_design);
    let certain = p <= 0.0 || p >= 1.0;
    if !(certain || se >= 0.0 && se.is_finite()) {
        return Err(format!("the standard error is {se}, and must be a number from 0"));
    }
    let count = if certain { n } else { p * (1.0 - p) / (se * se) };
    let adjusted = count * adjustment;
    Ok(Effective { count, adjustment, adjusted, truncated: adjusted.min(n) })
}

/// The interval of Korn and Graubard, with the effective count as it is: the rule of R's survey package.
///
/// [`korn_graubard_truncated`] is the safer one where the sample seems worth more than a simple one.
pub fn korn_graubard(p: f64, se: f64, n: f64, df: f64, level: f64) -> Result<(f64, f64), String> {
    of_effective(p, effective(p, se, n, df, level)?.adjusted, level)
}

/// The interval of Korn and Graubard with an effective count of at most `n`: the rule of the National Center for Health Statistics.
pub fn korn_graubard_truncated(p: f64, se: f64, n: f64, df: f64, level: f64) -> Result<(f64, f64), String> {
    of_effective(p, effective(p, se, n, df, level)?.truncated, level)
}

fn of_effective(p: f64, count: f64, level: f64) -> Result<(f64, f64), String> {
    if count.is_infinite() {
        return Err(
            "the standard error is 0, so the sample would be worth infinitely many answers".to_owned()
        );
    }
    check(p * count, count, level)?;
    Ok(clopper_pearson(p * count, count, level))
}

fn beta_quantile(a: f64, b: f64, p: f64, q: f64) -> f64 {
    expit(beta_quantile_logit(a, b, p, q)).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Interval = fn(f64, f64, f64) -> (f64, f64);

    /// The binomial probability of `k` of `n`, term by term.
    fn binomial(k: u32, n: u32, p: f64) -> f64 {
        (0..k).fold((1.0 - p).powi((n - k).cast_signed()), |term, i| {
            term * f64::from(n - i) / f64::from(i + 1) * p
        })
    }

    fn close(actual: (f64, f64), expected: (f64, f64)) {
        for (a, e) in [(actual.0, expected.0), (actual.1, expected.1)] {
            assert!((a - e).abs() <= 1e-12 * (1.0 + e.abs()), "{actual:?} {expected:?}");
        }
    }

    /// scipy 1.17.1: `binomtest(k, n).proportion_ci(0.95, method)`, and `beta.ppf` for Jeffreys.
    #[test]
    fn of_scipy() {
        close(wilson(3.0, 47.0, 0.95), (0.021_945_385_205_433_265, 0.171_626_141_831_244_36));
        close(clopper_pearson(3.0, 47.0, 0.95), (0.013_361_769_496_881_545, 0.175_392_430_012_923_3));
        close(jeffreys(3.0, 47.0, 0.95), (0.018_303_842_933_285_77, 0.160_636_911_009_834_88));
        close(wilson_corrected(3.0, 47.0, 0.95), (0.016_630_813_861_350_402, 0.185_622_712_063_689_47));
    }

    /// Nothing seen: closed forms, to the last digit also where the bound is small.
    #[test]
    fn nothing_seen() {
        let z = normal::coverage_factor(0.95);
        for n in [1.0, 10.0, 1e4, 1e9] {
            let relative = |actual: (f64, f64), high: f64| {
                assert_eq!(actual.0.to_bits(), 0.0_f64.to_bits());
                assert!((actual.1 / high - 1.0).abs() < 1e-9, "{n}: {actual:?} {high}");
            };
            relative(wilson(0.0, n, 0.95), z * z / (n + z * z));
            relative(clopper_pearson(0.0, n, 0.95), -libm::expm1(libm::log(0.025) / n));
            relative(mid_p(0.0, n, 0.95), -libm::expm1(libm::log(0.05) / n));
            assert_eq!(mid_p(n, n, 0.95).1.to_bits(), 1.0_f64.to_bits());
            assert_eq!(wald(0.0, n, 0.95), (0.0, 0.0));
            assert_eq!(logit(0.0, n, 0.95), (0.0, 1.0));
        }
    }

    #[test]
    fn nothing_counted_says_nothing() {
        let all: [Interval; 10] = [
            wald,
            wilson,
            wilson_corrected,
            clopper_pearson,
            jeffreys,
            jeffreys_modified,
            agresti_coull,
            agresti_coull_clipped,
            mid_p,
            logit,
        ];
        for interval in all {
            assert_eq!(interval(0.0, 0.0, 0.95), (0.0, 1.0));
        }
        assert!(check(0.0, 0.0, 0.95).expect_err("no count").contains("0 were counted"));
        assert!(check(3.0, 2.0, 0.95).expect_err("three of two").contains("3 of 2"));
        assert!(check(1.0, 2.0, 95.0).expect_err("a per cent").contains("the level is 95"));
        assert!(check(1.0, f64::NAN, 0.95).is_err() && check(f64::NAN, 2.0, 0.95).is_err());
        assert!(check(0.0, 1e11, 0.95).is_err() && check(0.5, 1.5, 0.95).is_ok());
    }

    /// Both ends of the mid-P interval by its definition, with binomial terms added up.
    #[test]
    fn mid_p_by_its_definition() {
        for (x, n) in [(1, 10), (4, 9), (13, 20), (19, 20)] {
            let (low, high) = mid_p(f64::from(x), f64::from(n), 0.9);
            let above = ((x + 1)..=n).map(|k| binomial(k, n, low)).sum::<f64>() + binomial(x, n, low) / 2.0;
            let below = (0..x).map(|k| binomial(k, n, high)).sum::<f64>() + binomial(x, n, high) / 2.0;
            assert!(
                (above - 0.05).abs() < 1e-12 && (below - 0.05).abs() < 1e-12,
                "{x} of {n}: {above} {below}"
            );
        }
    }

    /// Clopper and Pearson's interval holds every proportion at least as often as the level says; Wald's does not.
    #[test]
    fn the_exact_interval_keeps_its_level() {
        let coverage = |interval: Interval, n: u32, p: f64| -> f64 {
            (0..=n)
                .filter(|x| {
                    let (low, high) = interval(f64::from(*x), f64::from(n), 0.95);
                    low <= p && p <= high
                })
                .map(|x| binomial(x, n, p))
                .sum()
        };
        for step in 1..100 {
            let p = f64::from(step) / 100.0;
            assert!(coverage(clopper_pearson, 17, p) >= 0.95 - 1e-12, "{p}");
        }
        assert!(coverage(wald, 17, 0.02) < 0.3);
    }

    /// By hand: n* = 0.2 * 0.8 / 0.04^2 = 100, and on infinitely many degrees of freedom a little more.
    #[test]
    fn effective_counts() {
        let whole = effective(0.2, 0.04, 500.0, f64::INFINITY, 0.95).expect("a proportion");
        assert!((whole.count - 100.0).abs() < 1e-10 && whole.adjustment > 1.0 && whole.adjustment < 1.01);
        let same = korn_graubard(0.2, 0.04, 500.0, 499.0, 0.95).expect("a proportion");
        close(same, clopper_pearson(20.0, 100.0, 0.95));
        let rich = effective(0.5, 0.001, 50.0, 49.0, 0.95).expect("a proportion");
        assert_eq!(rich.truncated.to_bits(), 50.0_f64.to_bits());
        close(
            korn_graubard_truncated(0.5, 0.001, 50.0, 49.0, 0.95).expect("a proportion"),
            clopper_pearson(25.0, 50.0, 0.95),
        );
    }

    #[test]
    fn effective_counts_at_the_edges() {
        let none = effective(0.0, 0.0, 60.0, 59.0, 0.95).expect("no positive answer");
        assert!((none.adjusted - 60.0).abs() < 1e-9);
        assert_eq!(korn_graubard(0.0, 0.0, 60.0, 7.0, 0.95).expect("no positive answer").0.to_bits(), 0);
        let exact = korn_graubard(0.5, 0.0, 60.0, 7.0, 0.95).expect_err("no error");
        assert!(exact.contains("standard error is 0"), "{exact}");
        close(
            korn_graubard_truncated(0.5, 0.0, 60.0, 7.0, 0.95).expect("no more than counted"),
            clopper_pearson(30.0, 60.0, 0.95),
        );
        for (p, se, n, df) in
            [(0.5, 0.1, 1.0, 7.0), (0.5, 0.1, 60.0, 0.0), (1.5, 0.1, 60.0, 7.0), (0.5, f64::NAN, 60.0, 7.0)]
        {
            assert!(effective(p, se, n, df, 0.95).is_err(), "{p} {se} {n} {df}");
        }
        assert_eq!(logit_by_error(0.0, 0.1, 5.0, 0.95), None);
        assert_eq!(logit_by_error(0.5, 0.1, 0.0, 0.95), None);
        close(
            logit_by_error(0.3, libm::sqrt(0.3 * 0.7 / 50.0), f64::INFINITY, 0.95).expect("a proportion"),
            logit(15.0, 50.0, 0.95),
        );
    }

    proptest! {
        #[test]
        fn what_is_not_seen_mirrors_what_is(n in 0.5..500.0_f64, part in 0.0..=1.0_f64, level in 0.5..0.999_f64) {
            let x = n * part;
            let all: [Interval; 8] =
                [wald, wilson, wilson_corrected, clopper_pearson, jeffreys_modified, agresti_coull, mid_p, logit];
            for (i, interval) in all.into_iter().enumerate() {
                let ((low, high), (low_of_rest, high_of_rest)) = (interval(x, n, level), interval(n - x, n, level));
                prop_assert!((low + high_of_rest - 1.0).abs() < 1e-9, "{} {} {}", i, low, high_of_rest);
                prop_assert!((high + low_of_rest - 1.0).abs() < 1e-9, "{} {} {}", i, high, low_of_rest);
                prop_assert!(low <= high);
            }
        }

        #[test]
        fn intervals_hold_the_proportion_and_widen_with_the_level(n in 1_u32..400, part in 0.0..=1.0_f64, level in 0.5..0.99_f64) {
            let (x, n) = ((f64::from(n) * part).floor(), f64::from(n));
            let holding: [Interval; 6] = [wald, wilson, wilson_corrected, clopper_pearson, mid_p, logit];
            for interval in holding {
                let ((low, high), wider) = (interval(x, n, level), interval(x, n, level + 0.005));
                prop_assert!(low <= x / n + 1e-12 && x / n <= high + 1e-12, "{} {} {} {}", x, n, low, high);
                prop_assert!(wider.0 <= low + 1e-12 && high <= wider.1 + 1e-12);
            }
            let (inner, outer) = (mid_p(x, n, level), clopper_pearson(x, n, level));
            prop_assert!(outer.0 <= inner.0 + 1e-12 && inner.1 <= outer.1 + 1e-12);
        }
    }
}
