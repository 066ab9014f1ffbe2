//! Proportions of a complex sample, made ready for draws that go into a difference, a product or a ratio.
//!
//! ```text
//! m     = min( p (1-p) / se^2, (sum a)^2 / sum a^2 )      a = w x, what a row stands for
//! df    = min( units less strata, 2 / (q(d) - lambda q(s)) )      d of the units, s of the rows;  q(x) = sum x^4 / (sum x^2)^2 - 1/k
//! law     mid-P of m p found in m (see [`super::counted`]), at a coin and at the probability of the score e / se sqrt(df / chi2)
//! ```
//! The effective count m is that of Korn and Graubard, but not more than Kish's for the weights and sizes alone. The degrees of
//! freedom are Satterthwaite's from the fourth powers of the deviations of the units first drawn (k of them): about twice the number
//! of those that hold what was found. Taken off is what the fourth powers of the rows' scores would say without clusters, as far as units are rows
//! (lambda, units over rows), because the mid-P law knows already how the error of a binomial proportion goes with it.
//! Both stand against one thing: where few were found the standard error is found from few too, and is mostly too small
//! where the proportion is.
//! In samples of 12 to 100 clusters of 1 to 10 rows of unequal size, with proportions of 1 to 5 % and correlations of 0 to 0.3 within
//! clusters (11 kinds, 1,200 trials each) the 95 % interval covered the proportion in 93.8 % or more, and with the clusters less
//! one as degrees of freedom in as few as 87.5 %. Without Kish's limit it was as few as 90.9 % even where clusters were no matter.
//!
//! Where nothing was found, or everything, m is [`assumed_count`]'s, and where all units were taken there is no error.
//! Kish's limit takes no account of how much of the population was taken: of large parts the interval is rather too wide.
//!
//! # References
//! F. E. Satterthwaite (1946), An Approximate Distribution of Estimates of Variance Components, Biometrics Bulletin 2(6), 110-114.
//! L. Kish (1965), Survey Sampling, 11.7 (the loss by unequal weights).
//! E. L. Korn, B. I. Graubard (1998), Confidence Intervals for Proportions with Small Expected Number of Positive Counts
//! Estimated from Survey Data, Survey Methodology 24(2), 193-201.

use super::counted::Counted;
use super::design::draws::{assumed_count, scores};
use super::design::linear::Linear;
use super::design::{Design, Fault, Lonely, covariance};
use super::draw::Stream;
use super::sample::sum;

/// A proportion of a complex sample.
#[derive(Debug, Clone)]
pub struct Sampled {
    /// p.
    pub value: f64,
    /// Its standard error by linearisation; none where nothing or everything was found, which shows none.
    pub standard_error: Option<f64>,
    /// The effective count m; infinite where all units were taken.
    pub count: f64,
    /// The degrees of freedom of the standard error; infinite where there is none.
    pub degrees: f64,
    /// The deviations of the units, whose errors [`Self::draws`] takes.
    pub deviations: Vec<f64>,
    law: Option<Counted>,
}

/// Why a proportion has no error that could be drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Unmeasured {
    /// The design is none.
    Design(Fault),
    /// No two units of a stratum have rows in it.
    Alone,
    /// Sizes or weights are out of all proportion.
    Sizes(String),
}

/// Normal scores beyond it have a probability of 1e-16; few degrees of freedom give wild ones.
const LARGEST_SCORE: f64 = 8.2;

/// No sample is worth more rows: such a standard error is a rounding of 0.
const MOST_ROWS: f64 = 1e10;

impl Sampled {
    /// Of a ratio of the sample, with `sizes` what each row stands for in its denominator and 0 where it has no part in it.
    pub fn new(design: &Design, share: &Linear, sizes: &[f64]) -> Result<Self, Unmeasured> {
        let value = share.value.clamp(0.0, 1.0);
        let deviations = design.deviations(&share.scores, Lonely::Refuse).map_err(Unmeasured::Design)?;
        if design.is_census() {
            let (count, degrees) = (f64::INFINITY, f64::INFINITY);
            return Ok(Self { value, standard_error: Some(0.0), count, degrees, deviations, law: None });
        }
        let degrees = design.degrees_of_chance(sizes) as f64;
        if degrees == 0.0 {
            return Err(Unmeasured::Alone);
        }
        let error = libm::sqrt(covariance(&deviations, &deviations));
        let worth = value * (1.0 - value) / (error * error);
        let law = |count: f64| Counted::mid_p(count * value, count).map_err(Unmeasured::Sizes);
        if worth < MOST_ROWS {
            let count = worth.min(kish(sizes));
            let degrees = degrees.min(degrees_of_error(design, &deviations, &share.scores, sizes));
            let law = Some(law(count)?);
            return Ok(Self { value, standard_error: Some(error), count, degrees, deviations, law });
        }
        let count = assumed_count(design, sizes, |_| 1.0)
            .ok_or_else(|| Unmeasured::Sizes("the sizes of the rows are out of all proportion".to_owned()))?;
        // What is not seen still moves with the units that it would be in.
        let mut deviations = design.totals(0, sizes);
        deviations.resize(design.drawn().count(), 0.0);
        Ok(Self {
            value,
            standard_error: None,
            count,
            degrees: f64::INFINITY,
            deviations,
            law: Some(law(count)?),
        })
    }

    /// The draws, from the errors of [`Self::deviations`]; `named` gives the streams of the table, and `name` names this proportion
    /// within it.
    pub fn draws(
        &self,
        errors: &[f64],
        name: &str,
        named: &dyn Fn(&str) -> Stream,
    ) -> Result<Vec<f64>, String> {
        let Some(law) = &self.law else { return Ok(vec![self.value; errors.len()]) };
        let spread = libm::sqrt(covariance(&self.deviations, &self.deviations));
        let coins = named(&format!("coin|{name}"));
        let scores = scores(errors, spread, self.degrees, named)?;
        let draw = |(i, score): (usize, f64)| {
            law.at(coins.spread(i as u64), score.clamp(-LARGEST_SCORE, LARGEST_SCORE))
        };
        Ok(scores.into_iter().enumerate().map(draw).collect())
    }
}

/// The degrees of freedom of the standard error beyond what the binomial law knows of it; infinite where there is nothing more.
fn degrees_of_error(design: &Design, deviations: &[f64], scores: &[f64], sizes: &[f64]) -> f64 {
    let count = |sizes: &[f64]| sizes.iter().filter(|size| **size > 0.0).count() as f64;
    let units_per_row = count(&design.totals(0, sizes)) / count(sizes);
    let excess = fourth_powers(deviations) - units_per_row * fourth_powers(scores);
    if excess > 0.0 { 2.0 / excess } else { f64::INFINITY }
}

/// `sum x^4 / (sum x^2)^2 - 1/k` of the k values that are not 0: 2/k for normal ones.
fn fourth_powers(values: &[f64]) -> f64 {
    let count = values.iter().filter(|value| **value != 0.0).count() as f64;
    let squares = covariance(values, values);
    // In parts of the sum, so that fourth powers stay numbers.
    let parts = values.iter().map(|value| value / squares * value);
    if squares > 0.0 { sum(parts.map(|part| part * part)) - 1.0 / count } else { 0.0 }
}

/// How many rows of one size the rows are worth for their unequal sizes.
pub fn kish(sizes: &[f64]) -> f64 {
    // In parts of the largest, so that squares stay numbers.
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    let whole = sum(sizes.iter().map(|size| size / largest));
    whole * (whole / sum(sizes.iter().map(|size| size / largest * (size / largest))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::numeric::design::draws::{Streams, errors};
    use crate::estimator::numeric::design::linear::ratio;
    use crate::estimator::numeric::design::{Drawn, Stage};
    use crate::estimator::numeric::sample::Sample;

    fn simple(found: &[f64]) -> (Design, Linear, Vec<f64>) {
        let sizes = vec![1.0; found.len()];
        let design = Design::new(found.len(), &[]).expect("a sample");
        (design, ratio(&sizes, found, &sizes).expect("rows"), sizes)
    }

    fn drawn(design: &Design, sampled: &Sampled) -> Sample {
        let named = |name: &str| Stream::new(3, name);
        let unit = |_: usize, row: usize| format!("row {row}");
        let errors = errors(design, &[&sampled.deviations], 8192, Streams { named: &named, unit: &unit });
        Sample::new(sampled.draws(&errors[0], "found", &named).expect("a law")).expect("draws")
    }

    /// 6 of 60 rows: se^2 = p (1-p) / 59, so that 59 count, on 59 degrees of freedom.
    #[test]
    fn a_simple_sample_is_worth_its_rows() {
        let found: Vec<f64> = (0..60).map(|i| f64::from(u8::from(i % 10 == 0))).collect();
        let (design, share, sizes) = simple(&found);
        let sampled = Sampled::new(&design, &share, &sizes).expect("a proportion");
        assert!((sampled.count - 59.0).abs() < 1e-9 && (sampled.degrees - 59.0).abs() < 1e-9);
        let sample = drawn(&design, &sampled);
        let (low, high) = super::super::proportion::mid_p(5.9, 59.0, 0.95);
        assert!(
            (sample.quantile(0.025) - low).abs() < 0.008 && (sample.quantile(0.975) - high).abs() < 0.012
        );
    }

    #[test]
    fn nothing_found_is_not_nothing_there() {
        let (design, share, sizes) = simple(&[0.0; 30]);
        let sampled = Sampled::new(&design, &share, &sizes).expect("a proportion");
        assert_eq!((sampled.standard_error, sampled.degrees), (None, f64::INFINITY));
        // Rows that were drawn by themselves are not alike with any other.
        assert!((sampled.count - 30.0).abs() < 1e-9);
        let sample = drawn(&design, &sampled);
        assert_eq!(sample.quantile(0.025).to_bits(), 0.0_f64.to_bits());
        // 1 - 0.05^(1/30): half of the draws are 0.
        assert!((sample.quantile(0.975) - 0.095).abs() < 0.01, "{}", sample.quantile(0.975));
    }

    #[test]
    fn a_sample_of_all_has_no_error_and_a_single_cluster_none_that_shows() {
        let size = [4.0; 4];
        let all =
            Design::new(4, &[Stage { strata: None, units: None, drawn: Drawn::From(&size) }]).expect("all");
        let ones = [1.0; 4];
        let share = ratio(&ones, &[1.0, 0.0, 0.0, 1.0], &ones).expect("rows");
        let sampled = Sampled::new(&all, &share, &ones).expect("a proportion");
        assert_eq!((sampled.standard_error, sampled.count), (Some(0.0), f64::INFINITY));
        assert_eq!(sampled.draws(&[1.0, -1.0], "found", &|name| Stream::new(1, name)), Ok(vec![0.5, 0.5]));
        let strata = [0, 1, 2, 3];
        let single = Stage { strata: Some(&strata), units: None, drawn: Drawn::WithReplacement };
        let single = Design::new(4, &[single]).expect("four strata");
        assert!(matches!(Sampled::new(&single, &share, &ones), Err(Unmeasured::Design(_))));
        let clusters = [0, 0, 1, 1];
        let two = Stage { strata: None, units: Some(&clusters), drawn: Drawn::WithReplacement };
        let two = Design::new(4, &[two]).expect("two clusters");
        let sizes = [1.0, 1.0, 0.0, 0.0];
        let share = ratio(&sizes, &[1.0, 0.0, 0.0, 0.0], &sizes).expect("rows");
        assert!(matches!(Sampled::new(&two, &share, &sizes), Err(Unmeasured::Alone)));
    }

    #[test]
    fn fourth_powers_tell_how_many_units_hold_the_error() {
        // One unit of ten holds all, nine hold next to nothing.
        let mut one = vec![1e-9; 9];
        one.push(1.0);
        assert!((fourth_powers(&one) - 0.9).abs() < 1e-12);
        assert!(fourth_powers(&[0.5, -0.5, 0.5, 0.0]).abs() < 1e-15 && fourth_powers(&[0.0; 2]) == 0.0);
        // Normal values have the fourth moment 3.
        let stream = Stream::new(6, "deviations");
        let normal: Vec<f64> = (0..4096).map(|i| 1e-100 * stream.normal(i)).collect();
        assert!((fourth_powers(&normal) * 4096.0 / 2.0 - 1.0).abs() < 0.02);
    }

    /// 3 of 60 clusters of 10 rows hold the 24 that were found: deviations 7.6 and -0.4, scores 0.96 and -0.04, by hand 7.13
    /// degrees of freedom and not 59.
    #[test]
    fn few_clusters_with_findings_are_few_degrees_of_freedom() {
        let clusters: Vec<u32> = (0..600).map(|row| row / 10).collect();
        let stage = Stage { strata: None, units: Some(&clusters), drawn: Drawn::WithReplacement };
        let design = Design::new(600, &[stage]).expect("clusters");
        let found: Vec<f64> = (0..600).map(|row| f64::from(u8::from(row % 200 < 8))).collect();
        let sizes = vec![1.0; 600];
        let share = ratio(&sizes, &found, &sizes).expect("rows");
        let sampled = Sampled::new(&design, &share, &sizes).expect("a proportion");
        let of_units = (3.0 * 7.6_f64.powi(4) + 57.0 * 0.4_f64.powi(4)) / 182.4_f64.powi(2) - 1.0 / 60.0;
        let of_rows = (24.0 * 0.96_f64.powi(4) + 576.0 * 0.04_f64.powi(4)) / 23.04_f64.powi(2) - 1.0 / 600.0;
        assert!((sampled.degrees - 2.0 / (of_units - of_rows / 10.0)).abs() < 1e-9);
        assert!((sampled.degrees - 7.129).abs() < 1e-3);
    }

    #[test]
    fn unequal_sizes_are_worth_less() {
        assert!((kish(&[1.0, 1.0, 0.0, 2.0]) - 16.0 / 6.0).abs() < 1e-12);
        assert!((kish(&[1e300, 1e300]) - 2.0).abs() < 1e-12);
        // The large row has it alone: its standard error is known from one row, and m is not above Kish's count.
        let (found, sizes) = ([0.0, 0.0, 0.0, 0.0, 0.1], [1.0, 1.0, 1.0, 1.0, 0.1]);
        let design = Design::new(5, &[]).expect("a sample");
        let share = ratio(&[1.0; 5], &found, &sizes).expect("rows");
        let sampled = Sampled::new(&design, &share, &sizes).expect("a proportion");
        let raw = sampled.value * (1.0 - sampled.value) / sampled.standard_error.expect("one found").powi(2);
        assert!(raw > 5.0 && (sampled.count - kish(&sizes)).abs() < 1e-12, "{raw}");
    }
}
