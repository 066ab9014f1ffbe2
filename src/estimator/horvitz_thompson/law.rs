//! What is known of a total from few finds of very different sizes, as a law to draw from.
//!
//! A total of finds is a sum of independent counts with unequal weights. Fay and Feuer give it an interval of two gamma laws:
//! the lower end from the law with the mean and the variance of the sum, the upper end from the law of the sum and one
//! more count of the greatest weight. With equal weights they are the exact ends of a Poisson count.
//! Here each half of a draw's probability reads its own law, so that the quantiles of draws are these ends at every level.
//!
//! # References
//! M. P. Fay, E. J. Feuer (1997), Confidence intervals for directly standardized rates: a method based on the gamma distribution, Statistics in Medicine 16(7), 791-801.

use super::total::{Moments, Unseen};
use crate::estimator::numeric::law::Law;

/// The law of a total.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TotalLaw {
    /// What was found, which the total is at least.
    found: f64,
    lower: Part,
    upper: Part,
}

/// The law of the rest, by one of the two.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Known(f64),
    Gamma(Law),
}

impl Part {
    /// The gamma law of this mean and variance; a point where there is no variance, or too little for numbers.
    fn of(mean: f64, variance: f64) -> Self {
        if !(mean > 0.0 && variance > 0.0) {
            return Self::Known(mean.max(0.0));
        }
        Law::gamma(mean * (mean / variance), variance / mean).map_or(Self::Known(mean), Self::Gamma)
    }

    fn quantile(self, p: f64) -> f64 {
        match self {
            Self::Known(value) => value,
            Self::Gamma(law) => law.quantile(p),
        }
    }
}

impl TotalLaw {
    /// From the moments of the total and the find that stands for those never seen.
    pub fn new(moments: &Moments, unseen: &Unseen, detection: f64) -> Self {
        let Moments { found, rest, variance } = *moments;
        let (more, spread) = unseen.adds(detection);
        Self { found, lower: Part::of(rest, variance), upper: Part::of(rest + more, variance + spread) }
    }

    /// The total that this probability lies below: by the lower law up to one half, by the upper one above.
    pub fn quantile(&self, p: f64) -> f64 {
        self.found + if p < 0.5 { self.lower.quantile(p) } else { self.upper.quantile(p) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::total::{Design, Group, Summary, caution};
    use super::*;
    use crate::estimator::numeric::draw::Stream;
    use crate::estimator::numeric::normal;

    fn ends(groups: &[Group], detection: f64) -> [f64; 2] {
        let summary = Summary::of(groups, Design::Poisson, detection);
        let unseen = summary.unseen.expect("finds");
        let law = TotalLaw::new(&summary.at(detection), &unseen, detection);
        [0.025, 0.975].map(|p| law.quantile(p))
    }

    /// With equal weights and one more find of that weight the ends are those of Garwood: for 10 finds 4.795389 and 18.390356.
    #[test]
    fn equal_weights_give_the_exact_ends_of_a_poisson_count() {
        let moments = Moments { found: 0.0, rest: 10.0, variance: 10.0 };
        let unseen = Unseen { content: 1e-9, probability: 1e-9, detection: None };
        let law = TotalLaw::new(&moments, &unseen, 1.0);
        assert!((law.quantile(0.025) - 4.795_389).abs() < 1e-6);
        assert!((law.quantile(0.975) - 18.390_356).abs() < 1e-6);
    }

    #[test]
    fn what_is_certain_has_no_width() {
        let all =
            [Group { probability: 1.0, inspected: 5.0, finds: vec![2.0, 3.0], unknown: 0, detection: None }];
        assert_eq!(ends(&all, 1.0), [5.0, 5.0]);
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
        let size = (expected / pi) as usize;
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
                let all = [
                    ("log-normal, 1", coverage("a", expected, 0.02, is_mixed, log_normal(1.0)), 0.95),
                    ("log-normal, 1.5", coverage("b", expected, 0.02, is_mixed, log_normal(1.5)), 0.93),
                    ("exponential", coverage("c", expected, 0.02, is_mixed, |u, _| -libm::log(u)), 0.95),
                    ("all equal", coverage("d", expected, 0.02, is_mixed, |_, _| 1.0), 0.94),
                    (
                        "log-normal, 1, one in four",
                        coverage("e", expected, 0.25, is_mixed, log_normal(1.0)),
                        0.94,
                    ),
                ];
                for (name, [held, textbook], least) in all {
                    println!("{name} {expected} {is_mixed}: {held} {textbook}");
                    assert!(held >= least, "{name}, {expected} finds, mixed {is_mixed}: {held}");
                    assert!(textbook <= held, "{name}: {textbook}");
                }
            }
        }
        assert!((caution(15) - 2.5).abs() < 1e-15);
    }
}
