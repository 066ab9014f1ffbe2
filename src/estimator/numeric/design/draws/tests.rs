use super::*;
use crate::estimator::numeric::design::linear::{ratio, within};
use crate::estimator::numeric::design::{Drawn, Lonely, Stage};
use crate::estimator::numeric::law::Law;
use crate::estimator::numeric::normal;
use crate::estimator::numeric::sample::Sample;
use proptest::prelude::*;

const COUNT: usize = 40_000;

fn named(name: &str) -> Stream {
    Stream::new(11, &format!("bottles|PA|2024|{name}"))
}

/// Rows of three strata with several units each, with part and whole.
struct Made {
    strata: Vec<u32>,
    units: Vec<u32>,
    weights: Vec<f64>,
    part: Vec<f64>,
    whole: Vec<f64>,
}

fn made(rows: u32, units: u32) -> Made {
    let spread = |row: u32, salt: u32| {
        f64::from((row + 1).wrapping_mul(2_654_435_761).rotate_left(salt) >> 8) / 16_777_216.0
    };
    let of = |make: &dyn Fn(u32) -> f64| (0..rows).map(make).collect::<Vec<f64>>();
    Made {
        strata: (0..rows).map(|row| row % 3).collect(),
        units: (0..rows).map(|row| row / 3 % units).collect(),
        weights: of(&|row| 1.0 + 9.0 * spread(row, 3)),
        part: of(&|row| {
            if spread(row, 7) < 0.2 + 0.3 * spread(row / 3 % units, 11) { 0.5 + spread(row, 13) } else { 0.0 }
        }),
        whole: of(&|row| 0.5 + spread(row, 13)),
    }
}

/// Two shares of one table: of all rows, and of those in the first two strata.
fn two_shares(made: &Made) -> (Design, [Vec<f64>; 2]) {
    let stage = Stage { strata: Some(&made.strata), units: Some(&made.units), drawn: Drawn::WithReplacement };
    let design = Design::new(made.part.len(), &[stage]).expect("one stage");
    let domain = within(&made.weights, |row| made.strata[row] < 2);
    let deviations = [&made.weights, &domain].map(|weights| {
        let share = ratio(weights, &made.part, &made.whole).expect("rows");
        design.deviations(&share.scores, Lonely::Refuse).expect("units")
    });
    (design, deviations)
}

fn spread(draws: &[f64]) -> f64 {
    Sample::new(draws.to_vec()).expect("draws").sd()
}

fn correlation(one: &[f64], other: &[f64]) -> f64 {
    covariance(one, other) / libm::sqrt(covariance(one, one) * covariance(other, other))
}

/// The spread of the draws within 4 standard errors, `1/sqrt(2 N)` of the spread and `1/sqrt N` of a correlation.
#[test]
fn errors_have_the_linearised_covariance() {
    let made = made(240, 12);
    let (design, deviations) = two_shares(&made);
    let unit = |_: usize, row: usize| format!("{}|{}", made.strata[row], made.units[row]);
    let streams = Streams { named: &named, unit: &unit };
    let both = errors(&design, &[&deviations[0], &deviations[1]], COUNT, streams);
    for (errors, deviations) in both.iter().zip(&deviations) {
        let se = libm::sqrt(covariance(deviations, deviations));
        assert!((spread(errors) / se - 1.0).abs() < 4.0 / libm::sqrt(2.0 * COUNT as f64));
    }
    let expected = correlation(&deviations[0], &deviations[1]);
    assert!(
        (correlation(&both[0], &both[1]) - expected).abs() < 4.0 / libm::sqrt(COUNT as f64),
        "{expected}"
    );
    // Each alone, as another method would draw it, and from rows in another order: the same numbers.
    let alone = errors(&design, &[&deviations[1]], COUNT, streams);
    assert_eq!(alone[0], both[1]);
}

/// More units than streams: the variance stays exact in law, correlations within 3 times 0.06 and chance.
#[test]
fn many_units_share_streams() {
    let made = made(6_000, 2_000);
    let (design, deviations) = two_shares(&made);
    assert!(design.units_of_chance() > MOST_STREAMS);
    let unit = |_: usize, row: usize| format!("{}|{}", made.strata[row], made.units[row]);
    let count = 4_000;
    let both =
        errors(&design, &[&deviations[0], &deviations[1]], count, Streams { named: &named, unit: &unit });
    for (errors, deviations) in both.iter().zip(&deviations) {
        let se = libm::sqrt(covariance(deviations, deviations));
        assert!((spread(errors) / se - 1.0).abs() < 4.0 / libm::sqrt(2.0 * count as f64));
    }
    let expected = correlation(&deviations[0], &deviations[1]);
    let found = correlation(&both[0], &both[1]);
    assert!((found - expected).abs() < 0.18 + 4.0 / libm::sqrt(count as f64), "{found} {expected}");
}

/// Two units of 600 count, with opposite deviations, whichever group chance puts them into.
#[test]
fn units_that_cancel_keep_their_variance() {
    let design = Design::new(600, &[]).expect("600 rows");
    let unit = |_: usize, row: usize| row.to_string();
    for other in 1..600 {
        let mut deviations = vec![0.0; 600];
        (deviations[0], deviations[other]) = (3.0, -3.0);
        let drawn = errors(&design, &[&deviations], 4_096, Streams { named: &named, unit: &unit });
        // Two shuffled columns of 4,096 may correlate by 5 / sqrt(4096).
        assert!((spread(&drawn[0]) / libm::sqrt(18.0) - 1.0).abs() < 0.05, "{other}");
    }
}

/// The variance of Student's t is `df / (df - 2)`, and its 97.5 % point with 5 degrees 2.570582 in every printed table.
#[test]
fn scores_have_the_tails_of_student() {
    let normal: Vec<f64> = (0..COUNT).map(|draw| 3.0 * named("one").normal(draw as u64)).collect();
    let t = Sample::new(scores(&normal, 3.0, 5.0, &named).expect("five degrees")).expect("draws");
    let error = t.quantile_error(0.975);
    assert!((t.quantile(0.975) - 2.570_582).abs() < 4.0 * error, "{}", t.quantile(0.975));
    let of_ten = scores(&normal, 3.0, 10.0, &named).expect("ten degrees");
    // The fourth moment of t with 10 degrees is 4 times the squared second: the spread errs by sqrt(3 / (4 N)).
    assert!((spread(&of_ten) / libm::sqrt(1.25) - 1.0).abs() < 4.0 * libm::sqrt(0.75 / COUNT as f64));
    let plain = scores(&normal, 3.0, f64::INFINITY, &named).expect("normal");
    assert!((spread(&plain) - 1.0).abs() < 4.0 / libm::sqrt(2.0 * COUNT as f64));
    let wild = scores(&normal, 3.0, 1.0, &named).expect("one degree");
    assert!(wild.iter().all(|score| score.is_finite()));
    assert!(scores(&normal, 3.0, 0.0, &named).is_err());
}

/// `beta.ppf(norm.cdf(s), x + 0.5, m - x + 0.5)` of `scipy` 1.17.1.
#[test]
fn a_share_takes_the_beta_law() {
    for (share, count, score, expected) in SHARES {
        let draw = ShareLaw::new(share, count).expect("a share").at(score);
        assert!((draw / expected - 1.0).abs() < 1e-9, "{share} {count} {score}: {draw} {expected}");
    }
}

const SHARES: [(f64, f64, f64, f64); 5] = [
    (0.3, 50.0, 1.96, 0.435_530_467_749_447_54),
    (0.3, 50.0, -2.5, 0.160_259_264_956_845_56),
    (0.02, 60.0, -1.96, 0.002_614_726_970_463_582_3),
    (0.0, 40.0, 1.96, 0.060_499_676_739_241_97),
    (0.97, 300.0, 1.0, 0.978_350_254_515_19),
];

#[test]
fn nothing_found_is_not_nothing_there() {
    let none = ShareLaw::new(0.0, 40.0).expect("a share");
    assert_eq!(none.at(-1.0), 0.0);
    assert!(none.at(1.96) > 0.05 && none.at(1.96) < 0.09);
    let all = ShareLaw::new(1.0, 40.0).expect("a share");
    assert_eq!(all.at(1.0), 1.0);
    assert!((all.at(-1.96) - (1.0 - none.at(1.96))).abs() < 1e-12);
    assert!(
        ShareLaw::new(0.5, 0.0).is_err()
            && ShareLaw::new(1.2, 10.0).is_err()
            && ShareLaw::new(f64::NAN, 10.0).is_err()
    );
}

/// Ten rows of one size in each of four units: `40 / (1 + 9/6)`; with one row a unit nothing is alike.
#[test]
fn the_assumed_count_is_that_of_kish() {
    let units: Vec<u32> = (0..40).map(|row| row / 10).collect();
    let stage = Stage { strata: None, units: Some(&units), drawn: Drawn::WithReplacement };
    let design = Design::new(40, &[stage]).expect("four units");
    let count = assumed_count(&design, &[3.0; 40], |_| 1.0).expect("rows");
    assert!((count - 40.0 / 2.5).abs() < 1e-12);
    let simple = Design::new(40, &[]).expect("rows");
    assert!((assumed_count(&simple, &[3e200; 40], |_| 1.0).expect("rows") - 40.0).abs() < 1e-10);
    assert_eq!(assumed_count(&simple, &[0.0; 40], |_| 1.0), None);
    // Ten containers in one row are as ten rows of one.
    let units: Vec<u32> = (0..4).collect();
    let counted = Stage { strata: None, units: Some(&units), drawn: Drawn::WithReplacement };
    let counted = Design::new(4, &[counted]).expect("four units");
    assert!((assumed_count(&counted, &[30.0; 4], |_| 10.0).expect("rows") - 16.0).abs() < 1e-12);
    // One row outweighs all: it is as good as alone.
    let mut sizes = vec![1e-6; 40];
    sizes[0] = 1.0;
    assert!((assumed_count(&simple, &sizes, |_| 1.0).expect("rows") - 1.0).abs() < 1e-3);
}

/// 2 % in 3 strata of 6 clusters of 10 answers that are alike with a correlation of 0.2: the interval of t holds it in 70 of 100
/// samples, this one in 98 (20,000 samples with `numpy`); here in 400, within 4 standard errors.
#[test]
fn the_interval_of_a_small_share_holds_it() {
    let (strata, units): (Vec<u32>, Vec<u32>) = (0..180).map(|row| (row / 60, row / 10)).unzip();
    let stage = Stage { strata: Some(&strata), units: Some(&units), drawn: Drawn::WithReplacement };
    let design = Design::new(180, &[stage]).expect("18 units");
    let likely = Distribution::beta(0.02 * 4.0, 0.98 * 4.0).expect("a law of clusters");
    let t = Law::student_t(15.0).expect("15 degrees").upper_quantile(0.025);
    let (mut held, mut held_by_t) = (0, 0);
    for sample in 0..400 {
        let chance: Vec<f64> =
            (0..18).map(|unit| likely.quantile(named(&format!("chance {unit}")).uniform(sample))).collect();
        let found = |row: usize| named(&format!("row {row}")).uniform(sample) < chance[row / 10];
        let part: Vec<f64> = (0..180).map(|row| if found(row) { 1.0 } else { 0.0 }).collect();
        let share = ratio(&[1.0; 180], &part, &[1.0; 180]).expect("rows");
        let se = libm::sqrt(design.variance(&share.scores, Lonely::Refuse).expect("units"));
        let p = share.value;
        let (count, score) = if se > 0.0 {
            (p * (1.0 - p) / (se * se), t)
        } else {
            (assumed_count(&design, &[1.0; 180], |_| 1.0).expect("rows"), normal::coverage_factor(0.95))
        };
        let law = ShareLaw::new(p, count).expect("a share");
        held += usize::from(law.at(-score) <= 0.02 && law.at(score) >= 0.02);
        held_by_t += usize::from(p - t * se <= 0.02 && p + t * se >= 0.02);
    }
    assert!((380..=400).contains(&held) && (240..320).contains(&held_by_t), "{held} {held_by_t}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_share_stays_a_share_and_rises_with_the_score(
        share in 0.0..=1.0_f64, count in 0.3..1e12_f64, one in -50.0..50.0_f64, more in 0.0..5.0_f64,
    ) {
        let law = ShareLaw::new(share, count).expect("a share");
        let (low, high) = (law.at(one), law.at(one + more));
        prop_assert!((0.0..=1.0).contains(&low) && low <= high);
        prop_assert!(law.at(-0.1) <= share && law.at(0.1) >= share);
    }

    /// Middling shares: within 2 % of the normal law at two standard errors, for 400 rows and more.
    #[test]
    fn a_middling_share_is_normal(share in 0.3..0.7_f64, count in 400.0..1e7_f64, score in -2.0..2.0_f64) {
        let se = libm::sqrt(share * (1.0 - share) / count);
        let draw = ShareLaw::new(share, count).expect("a share").at(score);
        prop_assert!((draw - (share + se * score)).abs() < 0.08 * se);
    }

    #[test]
    fn a_level_is_positive_and_has_its_coefficient_of_variation(value in 1e-6..1e9_f64, cv in 1e-4..1.5_f64) {
        let law = LevelLaw::new(value, value * cv).expect("a level");
        let points: Vec<f64> = (0..999).map(|i| law.at(normal::quantile((f64::from(i) + 0.5) / 999.0))).collect();
        prop_assert!(points.iter().all(|draw| *draw >= 0.0 && draw.is_finite()));
        prop_assert!(points.is_sorted());
        // Shape k + 1/2 has the relative spread cv sqrt(1 + cv^2/2); the half-way clamp and the cut tails take a little.
        let expected = cv * libm::sqrt(1.0 + cv * cv / 2.0);
        prop_assert!((spread(&points) / value / expected - 1.0).abs() < 0.06, "{} {expected}", spread(&points) / value);
        prop_assert!(law.at(1e9).is_finite() && law.at(-1e9) >= 0.0);
    }
}
