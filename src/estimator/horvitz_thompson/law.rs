//! What is known of a total from few finds of very different sizes, as a law to draw from.
//!
//! Below its middle the logarithm of the rest follows Student's t with as many degrees of freedom as there are finds, and the rest's
//! coefficient of variation: where the finds happen to be too heavy their variance is too high as well, so that symmetric
//! and gamma laws reach too far down.
//! Above its middle it is the upper one of the two gamma laws of Fay and Feuer, with the mean and the variance of
//! the total and of one more find that was not made: where the heaviest happen to be missing the variance is too low as
//! well, so that an upper end from it alone lies too low. With equal weights and one more of them that end is exact
//! for a Poisson count. The two laws meet nowhere: no draw lies between the total and the middle of the upper law.
//!
//! # References
//! M. P. Fay, E. J. Feuer (1997), Confidence intervals for directly standardized rates: a method based on the gamma
//! distribution, Statistics in Medicine 16(7), 791-801.

use super::total::{Moments, Unseen};
use crate::estimator::numeric::law::Law;

/// The law of a total.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TotalLaw {
    /// What was found, which the total is at least.
    found: f64,
    /// The rest, R.
    rest: f64,
    /// The law of the logarithm of the rest below the middle, times its scale.
    log_sd: f64,
    lower: Law,
    /// The law of the rest above the middle; none where all is known.
    upper: Option<Law>,
}

impl TotalLaw {
    /// From the moments of the total of so many finds and the find that stands for those never seen.
    pub fn new(moments: &Moments, finds: usize, unseen: &Unseen, detection: f64) -> Self {
        let Moments { found, rest, variance } = *moments;
        let (more, spread) = unseen.adds(detection);
        let (mean, variance_with) = (rest + more, variance + spread);
        // Too little variance for numbers is none.
        let upper = (mean > 0.0 && variance_with > 0.0)
            .then(|| Law::gamma(mean * (mean / variance_with), variance_with / mean).ok());
        let log_sd = if rest > 0.0 { libm::sqrt(libm::log1p(variance / rest / rest)) } else { 0.0 };
        // Without a find there is no such law, and with more than 10 thousand million it is normal.
        let lower = Law::student_t(finds as f64).unwrap_or(Law::normal());
        Self { found, rest, log_sd, lower, upper: upper.flatten() }
    }

    /// The total that this probability lies below.
    pub fn quantile(&self, p: f64) -> f64 {
        match self.upper {
            Some(law) if p >= 0.5 => self.found + law.quantile(p),
            _ if p >= 0.5 => self.found + self.rest,
            _ => self.found + self.rest * libm::exp(self.log_sd * self.lower.quantile(p)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::total::{Design, Group, Summary};
    use super::*;
    use crate::estimator::numeric::draw::Stream;
    use crate::estimator::numeric::normal;

    fn ends(groups: &[Group], detection: f64) -> [f64; 2] {
        let summary = Summary::of(groups, Design::Poisson, detection);
        let unseen = summary.unseen.expect("finds");
        let law = TotalLaw::new(&summary.at(detection), summary.finds, &unseen, detection);
        [0.025, 0.975].map(|p| law.quantile(p))
    }

    /// With equal weights and one more find of that weight the upper end is that of Garwood: for 10 finds 18.390356.
    #[test]
    fn equal_weights_give_the_exact_upper_end_of_a_poisson_count() {
        let moments = Moments { found: 0.0, rest: 10.0, variance: 10.0 };
        let unseen = Unseen { content: 1e-9, probability: 1e-9, detection: None };
        let law = TotalLaw::new(&moments, 10, &unseen, 1.0);
        let below = 10.0 * libm::exp(-2.228_138_852 * libm::sqrt(libm::log(1.1)));
        assert!((law.quantile(0.025) - below).abs() < 1e-6);
        assert!((law.quantile(0.975) - 18.390_356).abs() < 1e-6);
    }

    #[test]
    fn what_is_certain_has_no_width() {
        let all =
            [Group { probability: 1.0, inspected: 5.0, finds: vec![2.0, 3.0], unknown: 0, detection: None }];
        assert!(ends(&all, 1.0).iter().all(|end| (end - 5.0).abs() < 1e-12));
        // Only detection is uncertain: at least what was found.
        let [low, high] = ends(&all, 0.9);
        assert!(low >= 5.0 && high > 5.0);
    }

    /// How often the interval holds the truth in 1,000 worlds: `expected` finds of contents from `content`, drawn with `pi`,
    /// or by turns with 0.4 and 1.6 times it; and how often the textbook interval `V -+ 1.96 se` does.
    fn coverage(
        name: &str,
        expected: f64,
        pi: f64,
        is_mixed: bool,
        content: impl Fn(f64, f64) -> f64,
    ) -> [f64; 2] {
        let stream = Stream::new(17, name);
        let (mut next, mut held, mut textbook, mut worlds) = (0_u64, 0, 0, 0);
        let mut uniform = || {
            next += 1;
            stream.uniform(next)
        };
        // As many as give the expected number of finds.
        let whole = |x: f64| (0..1_000_000).take_while(|n| f64::from(*n) < x).count();
        let size = whole(expected / pi);
        while worlds < 1_000 {
            let probabilities = if is_mixed { [0.4 * pi, 1.6 * pi] } else { [pi, pi] };
            let mut groups = probabilities.map(|probability| Group {
                probability,
                inspected: 1e3,
                finds: Vec::new(),
                unknown: 0,
                detection: None,
            });
            let mut truth = 0.0;
            for number in 0..size {
                let y = content(uniform(), uniform());
                truth += y;
                if uniform() < probabilities[number % 2] {
                    groups[number % 2].finds.push(y);
                }
            }
            let summary = Summary::of(&groups, Design::Poisson, 1.0);
            if summary.finds == 0 {
                continue;
            }
            worlds += 1;
            let [low, high] = ends(&groups, 1.0);
            held += u32::from(low <= truth && truth <= high);
            let moments = summary.at(1.0);
            let off = (moments.total() - truth).abs();
            textbook += u32::from(off <= 1.96 * moments.variance.sqrt());
        }
        [held, textbook].map(|held| f64::from(held) / 1_000.0)
    }

    /// At 95 % a thousand worlds are off by 0.014 in two standard errors.
    #[test]
    fn the_interval_holds_where_the_textbook_one_does_not() {
        let normal = |u: f64, _: f64| normal::quantile(u);
        let log_normal = |sigma: f64| move |u: f64, v: f64| libm::exp(sigma * normal(u, v));
        for expected in [3.0, 8.0, 20.0, 60.0] {
            for is_mixed in [false, true] {
                let of = |name, pi, content: &dyn Fn(f64, f64) -> f64| {
                    coverage(name, expected, pi, is_mixed, content)
                };
                let worlds = [
                    ("log-normal, sigma 1", of("a", 0.02, &log_normal(1.0)), 0.95),
                    ("log-normal, sigma 1.5", of("b", 0.02, &log_normal(1.5)), 0.905),
                    ("exponential", of("c", 0.02, &|u, _| -libm::log(u)), 0.955),
                    ("all equal", of("d", 0.02, &|_, _| 1.0), 0.94),
                    ("log-normal, sigma 1, one in four", of("e", 0.25, &log_normal(1.0)), 0.93),
                ];
                for (name, [held, textbook], least) in worlds {
                    println!("{name}, {expected} finds, mixed {is_mixed}: {held}, textbook {textbook}");
                    assert!((least..=0.99).contains(&held), "{name}, {expected} finds, {is_mixed}: {held}");
                    assert!(textbook <= held + 0.01, "{name}, {expected} finds, {is_mixed}: {textbook}");
                }
            }
        }
    }
}
