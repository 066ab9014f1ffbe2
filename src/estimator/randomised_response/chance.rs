//! What chance does to an answer: `lambda = a pi + b`, the probability of a yes where a part pi is to say it.
//!
//! ```text
//! Warner               a = 2P-1        b = 1-P          P: the question itself, 1-P: its opposite
//! forced response      a = P           b = P_yes        P: the truth, P_yes: yes whatever it is
//! unrelated question   a = P           b = (1-P) u      P: the question, else a harmless one that u would affirm
//! crosswise            a = 2p-1        b = 1-p          p would affirm the harmless statement; a yes is "both the same"
//! pi = (lambda - b) / a,   var = lambda (1-lambda) / (n a^2)
//! ```
//! Where u is not known, two samples with different P give both: `lambda_i = P_i pi + (1 - P_i) u`.
//!
//! With unequal weights each answer z gives `r = (z - b) / a`, whose expectation over the chance device is 1 or 0, and r takes the
//! place of the truth in any estimate. What chance adds to the variance of `sum w r` is `sum w^2 v`, with
//! `v = [ (a+b)(1-a-b) r + b(1-b)(1-r) ] / a^2`, which for Warner's design is `P(1-P)/(2P-1)^2` whatever the answer.
//!
//! # References
//! S. L. Warner (1965), Randomized Response: A Survey Technique for Eliminating Evasive Answer Bias, JASA 60, 63-69.
//! B. G. Greenberg, A. A. Abul-Ela, W. R. Simmons, D. G. Horvitz (1969), The Unrelated Question Randomized Response Model, JASA 64, 520-539.
//! R. F. Boruch (1971), Assuring Confidentiality of Responses in Social Research, The American Sociologist 6, 308-311.
//! J.-W. Yu, G.-L. Tian, M.-L. Tang (2008), Two new models for survey sampling with sensitive characteristic, Metrika 67, 251-263.
//! A. Chaudhuri (2011), Randomized Response and Indirect Questioning Techniques in Surveys.

use crate::estimator::numeric::normal;
use crate::estimator::numeric::proportion;
use crate::estimator::numeric::sample::sum;

/// How chance hides an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Design {
    /// The question with the probability P, its opposite otherwise.
    Warner(f64),
    /// The truth with the first probability, a yes with the second, a no otherwise.
    Forced(f64, f64),
    /// The question with the probability P, otherwise a harmless one that the part u would affirm.
    Unrelated(f64, f64),
    /// Whether the answers to both are the same, where the part p would affirm the harmless statement.
    Crosswise(f64),
}

/// `lambda = a pi + b`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// a: how much more often those to whom it applies say yes.
    pub slope: f64,
    /// b: how often the others do.
    pub base: f64,
}

impl Design {
    /// What the design does; refuses probabilities that are none, and those that let no truth through.
    pub fn chance(self) -> Result<Chance, String> {
        let check = |name: &str, p: f64| {
            if (0.0..=1.0).contains(&p) {
                Ok(p)
            } else {
                Err(format!("the probability of {name} is {p}, and must lie from 0 to 1"))
            }
        };
        let (slope, base) = match self {
            Self::Warner(p) => {
                let p = check("the question itself", p)?;
                (2.0 * p - 1.0, 1.0 - p)
            }
            Self::Forced(truth, yes) => {
                let (truth, yes) = (check("the truth", truth)?, check("a yes", yes)?);
                // Figures such as 5/6 and 1/6 are rounded.
                if truth + yes > 1.0 + 1e-6 {
                    return Err(format!(
                        "the probabilities of the truth, {truth}, and of a yes, {yes}, exceed 1"
                    ));
                }
                (truth, yes)
            }
            Self::Unrelated(p, innocuous) => {
                let innocuous = check("a yes to the harmless question", innocuous)?;
                let p = check("the sensitive question", p)?;
                (p, (1.0 - p) * innocuous)
            }
            Self::Crosswise(p) => {
                let p = check("the harmless statement", p)?;
                (2.0 * p - 1.0, 1.0 - p)
            }
        };
        if slope == 0.0 {
            return Err(
                "the answer does not depend on the truth, so nothing can be learnt from it".to_owned()
            );
        }
        Ok(Chance { slope, base })
    }
}

impl Chance {
    /// pi from the part lambda who say yes, not cut to 0..1.
    pub fn prevalence(self, yes: f64) -> f64 {
        (yes - self.base) / self.slope
    }

    /// What the design adds to the variance of one answer, where the truth is estimated by `r`.
    pub fn added_variance(self, r: f64) -> f64 {
        let Self { slope, base } = self;
        let applies = (slope + base) * (1.0 - slope - base);
        (applies * r + base * (1.0 - base) * (1.0 - r)) / (slope * slope)
    }
}

/// The prevalence from `x` answers of yes in `n`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assessment {
    /// lambda, the part of yes.
    pub yes: f64,
    /// pi, as it came out.
    pub prevalence: f64,
    /// With the divisor n.
    pub standard_error: f64,
    /// With the divisor n-1, which makes the variance unbiased; none for a single answer.
    pub standard_error_unbiased: Option<f64>,
    /// `pi -+ z se`, not cut.
    pub wald: [f64; 2],
    /// Clopper and Pearson's interval of lambda taken to pi, cut to 0..1.
    pub clopper_pearson: [f64; 2],
}

/// The prevalence behind `x` answers of yes in `n`.
pub fn assess(x: f64, n: f64, chance: Chance, level: f64) -> Result<Assessment, String> {
    proportion::check(x, n, level)?;
    let yes = x / n;
    let prevalence = chance.prevalence(yes);
    let spread = yes * ((n - x) / n);
    let error = |divisor: f64| libm::sqrt(spread / divisor) / chance.slope.abs();
    let reach = normal::coverage_factor(level) * error(n);
    let (low, high) = proportion::clopper_pearson(x, n, level);
    let ends = [chance.prevalence(low), chance.prevalence(high)].map(bounded);
    Ok(Assessment {
        yes,
        prevalence,
        standard_error: error(n),
        standard_error_unbiased: (n > 1.0).then(|| error(n - 1.0)),
        wald: [prevalence - reach, prevalence + reach],
        // Where the slope is negative more answers of yes mean fewer to whom it applies.
        clopper_pearson: [ends[0].min(ends[1]), ends[0].max(ends[1])],
    })
}

/// Cut to 0..1.
pub fn bounded(prevalence: f64) -> f64 {
    prevalence.clamp(0.0, 1.0)
}

/// How pi and u follow from the parts of yes of two samples, which ask the question with different probabilities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoSamples {
    questions: [f64; 2],
}

impl TwoSamples {
    /// Refuses probabilities that are none, and equal ones.
    pub fn new(questions: [f64; 2]) -> Result<Self, String> {
        if let Some(p) = questions.iter().find(|p| !(0.0..=1.0).contains(*p)) {
            return Err(format!(
                "the probability of the sensitive question is {p}, and must lie from 0 to 1"
            ));
        }
        if questions[0] - questions[1] == 0.0 {
            return Err(format!(
                "both samples ask the sensitive question with the probability {}, which cannot tell the two questions apart",
                questions[0]
            ));
        }
        Ok(Self { questions })
    }

    /// How pi changes with each part of yes: `(1-P_2)/(P_1-P_2)` and `-(1-P_1)/(P_1-P_2)`.
    pub fn gradient(self) -> [f64; 2] {
        let [p, q] = self.questions;
        [(1.0 - q) / (p - q), -(1.0 - p) / (p - q)]
    }

    /// pi.
    pub fn prevalence(self, yes: [f64; 2]) -> f64 {
        let [one, two] = self.gradient();
        one * yes[0] + two * yes[1]
    }

    /// u.
    pub fn innocuous(self, yes: [f64; 2]) -> f64 {
        let [p, q] = self.questions;
        (p * yes[1] - q * yes[0]) / (p - q)
    }

    /// The standard error of pi for `n` answers in each sample, with the divisor n.
    pub fn standard_error(self, yes: [f64; 2], counts: [f64; 2]) -> f64 {
        let gradient = self.gradient();
        let part = |i: usize| gradient[i] * gradient[i] * yes[i] * (1.0 - yes[i]) / counts[i];
        libm::sqrt(part(0) + part(1))
    }
}

/// A total of weighted answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HorvitzThompson {
    /// `sum w r`: how many people it applies to.
    pub total: f64,
    /// What chance adds to its variance, beside the variance of the sample.
    pub added_variance: f64,
}

/// The total with weights `w = 1 / inclusion probability`; answers are 1 for yes and 0 for no.
pub fn horvitz_thompson(
    answers: impl Iterator<Item = (f64, f64)> + Clone,
    chance: Chance,
) -> HorvitzThompson {
    let r = |answer: f64| chance.prevalence(answer);
    HorvitzThompson {
        total: sum(answers.clone().map(|(weight, answer)| weight * r(answer))),
        added_variance: sum(
            answers.map(|(weight, answer)| weight * weight * chance.added_variance(r(answer)))
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Warner's design on a drinking question (R package RRTCS, data `WarnerData`): 60 of 125 say yes, P = 0.7,
    /// inclusion probability 0.15586 (N = 802). By hand: theta = (0.48 - 0.3)/0.4.
    #[test]
    fn drinking_question() {
        let chance = Design::Warner(0.7).chance().expect("a design");
        let found = assess(60.0, 125.0, chance, 0.95).expect("answers");
        assert!((found.prevalence - 0.45).abs() < 1e-12);
        let error = found.standard_error_unbiased.expect("many answers");
        assert!((error - 0.1122).abs() < 5e-5, "{error}");
        let answers = (0..125).map(|i| (1.0 / 0.155_86, if i < 60 { 1.0 } else { 0.0 }));
        let total = horvitz_thompson(answers, chance);
        assert!((total.total - 360.9).abs() < 0.05, "{}", total.total);
        let each = 0.7 * 0.3 / 0.16 / (0.155_86 * 0.155_86);
        assert!((total.added_variance / (125.0 * each) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn designs_that_let_no_truth_through_are_refused() {
        let refused = |design: Design| design.chance().expect_err("a refusal");
        assert!(refused(Design::Warner(0.5)).contains("does not depend on the truth"));
        assert!(refused(Design::Crosswise(0.5)).contains("does not depend"));
        assert!(refused(Design::Forced(0.0, 0.2)).contains("does not depend"));
        assert!(refused(Design::Forced(0.9, 0.2)).contains("exceed 1"));
        assert!(refused(Design::Unrelated(0.6, 1.2)).contains("harmless question is 1.2"));
        assert!(refused(Design::Warner(f64::NAN)).contains("NaN"));
        assert!(TwoSamples::new([0.4, 0.4]).expect_err("equal").contains("apart"));
        assert!(TwoSamples::new([0.4, 1.4]).is_err());
        let warner = Design::Warner(0.7).chance().expect("a design");
        assert!(assess(0.0, 0.0, warner, 0.95).is_err() && assess(5.0, 4.0, warner, 0.95).is_err());
    }

    #[test]
    fn a_negative_slope_turns_the_interval() {
        let (low, high) = (Design::Crosswise(0.25), Design::Crosswise(0.75));
        let [low, high] = [low, high].map(|design| design.chance().expect("a design"));
        let one = assess(330.0, 500.0, low, 0.95).expect("answers");
        let other = assess(170.0, 500.0, high, 0.95).expect("answers");
        assert!((one.prevalence - other.prevalence).abs() < 1e-15);
        for end in 0..2 {
            assert!((one.clopper_pearson[end] - other.clopper_pearson[end]).abs() < 1e-12);
            assert!((one.wald[end] - other.wald[end]).abs() < 1e-12);
        }
        assert!(one.clopper_pearson[0] < one.prevalence && one.prevalence < one.clopper_pearson[1]);
    }

    proptest! {
        /// Whatever the truth, r has it as its expectation and v as its variance over the chance device.
        #[test]
        fn the_answer_of_one_person(truth in 0.3..0.7_f64, yes in 0.0..0.3_f64, applies in proptest::bool::ANY) {
            let chance = Design::Forced(truth, yes).chance().expect("a design");
            let is_true = f64::from(u8::from(applies));
            let says_yes = chance.slope * is_true + chance.base;
            let [r1, r0] = [chance.prevalence(1.0), chance.prevalence(0.0)];
            let mean = says_yes * r1 + (1.0 - says_yes) * r0;
            prop_assert!((mean - is_true).abs() < 1e-12);
            let variance = says_yes * (r1 - mean).powi(2) + (1.0 - says_yes) * (r0 - mean).powi(2);
            let estimated = says_yes * chance.added_variance(r1) + (1.0 - says_yes) * chance.added_variance(r0);
            prop_assert!((variance - estimated).abs() < 1e-9 * (1.0 + variance), "{} {}", variance, estimated);
        }

        #[test]
        fn two_samples_give_both_prevalences_back(p in 0.0..1.0_f64, q in 0.0..1.0_f64, truth in 0.0..1.0_f64, innocuous in 0.0..1.0_f64) {
            prop_assume!((p - q).abs() > 0.01);
            let two = TwoSamples::new([p, q]).expect("different");
            let yes = [p, q].map(|p| p * truth + (1.0 - p) * innocuous);
            prop_assert!((two.prevalence(yes) - truth).abs() < 1e-10 && (two.innocuous(yes) - innocuous).abs() < 1e-10);
        }

        /// A harmless question that nobody affirms is a forced no.
        #[test]
        fn designs_agree_where_they_meet(p in 0.01..1.0_f64, x in 0.0..100.0_f64) {
            let [one, other] = [Design::Unrelated(p, 0.0), Design::Forced(p, 0.0)].map(|d| d.chance().expect("a design"));
            prop_assert_eq!(one, other);
            let found = assess(x, 100.0, one, 0.95).expect("answers");
            prop_assert!((found.prevalence - x / 100.0 / p).abs() < 1e-12);
        }
    }
}
