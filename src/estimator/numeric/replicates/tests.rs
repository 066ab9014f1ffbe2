use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::estimator::numeric::draw::Stream;

/// Two strata of three and two units, rows of several domains; the number 9 is no domain.
struct Sample {
    y: Vec<f64>,
    x: Vec<f64>,
    weights: Vec<f64>,
    domain: Vec<u32>,
    unit: Vec<u32>,
}

const STRATA: [u32; 5] = [7, 7, 7, 4, 4];

impl Sample {
    fn rows(&self) -> Rows<'_, 2> {
        Rows { variables: [&self.y, &self.x], weights: &self.weights, domain: &self.domain, domains: 3 }
    }

    fn jackknife(&self) -> Replication<'_> {
        Replication::Jackknife { unit: &self.unit, strata: &STRATA }
    }

    /// Every unit has two rows in every domain.
    fn full(values: &[f64]) -> Self {
        let count = 5 * 3 * 2 + 4;
        let take =
            |from: usize| (0..count).map(|row| values[(row * 7 + from) % values.len()]).collect::<Vec<f64>>();
        Self {
            y: take(0),
            x: take(3).iter().map(|x| x + 1.0).collect(),
            weights: take(5).iter().map(|w| w + 0.5).collect(),
            domain: (0..count).map(|row| if row < 30 { row as u32 % 3 } else { 9 }).collect(),
            unit: (0..count).map(|row| row as u32 / 3 % 5).collect(),
        }
    }
}

/// The weights of the jackknife written out.
fn jackknife_weights(sample: &Sample) -> Vec<Vec<f64>> {
    let size = |stratum: u32| STRATA.iter().filter(|other| **other == stratum).count() as f64;
    (0..5_u32)
        .map(|left| {
            let stratum = STRATA[left as usize];
            let factor = |unit: u32| match unit {
                unit if unit == left => 0.0,
                unit if STRATA[unit as usize] == stratum => size(stratum) / (size(stratum) - 1.0),
                _ => 1.0,
            };
            sample.weights.iter().zip(&sample.unit).map(|(w, unit)| w * factor(*unit)).collect()
        })
        .collect()
}

fn values(estimates: &[Result<Estimated, String>]) -> Vec<[f64; 2]> {
    estimates.iter().map(|e| e.as_ref().expect("an estimate")).map(|e| [e.value, e.standard_error]).collect()
}

fn agree(a: &[[f64; 2]], b: &[[f64; 2]]) -> bool {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-11 * (1e-3 + a.abs());
    a.len() == b.len() && a.iter().flatten().zip(b.iter().flatten()).all(near)
}

proptest! {
    #[test]
    fn every_way_to_give_the_weights_gives_the_same(values_in in proptest::collection::vec(0.01..9.0_f64, 40)) {
        let sample = Sample::full(&values_in);
        let scheme = jackknife_factors(&STRATA, None, Centre::Mean).expect("two strata");
        let of = |replication: &Replication<'_>| {
            values(&ratio_by_domain(&sample.rows(), replication, &scheme).expect("rows of one length"))
        };
        let by_units = of(&sample.jackknife());
        let columns = jackknife_weights(&sample);
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        prop_assert!(agree(&by_units, &of(&Replication::Columns(&slices))));
        let fill = |replicate: usize, rows: std::ops::Range<usize>, out: &mut [f64]| {
            out.copy_from_slice(&columns[replicate][rows]);
        };
        let made = of(&Replication::Made { count: 5, fill: &fill });
        prop_assert!(agree(&by_units, &made));
        // Multipliers of the units, from the weights of one row of each.
        let multipliers: Vec<Vec<f64>> = (0..5_usize)
            .map(|unit| {
                let row = sample.unit.iter().position(|u| *u as usize == unit).expect("a row of each unit");
                columns.iter().map(|column| column[row] / sample.weights[row]).collect()
            })
            .collect();
        let multipliers: Vec<&[f64]> = multipliers.iter().map(Vec::as_slice).collect();
        let multipliers = Multipliers::new(&multipliers).expect("five replicates");
        let multiplied = of(&Replication::Units { unit: &sample.unit, multipliers: &multipliers });
        prop_assert!(agree(&by_units, &multiplied));
    }

    #[test]
    fn neither_the_unit_of_weights_nor_the_order_of_rows_matters(
        values_in in proptest::collection::vec(0.01..9.0_f64, 40), unit in 1e-6..1e6_f64,
    ) {
        let sample = Sample::full(&values_in);
        let scheme = jackknife_factors(&STRATA, None, Centre::Estimate).expect("two strata");
        let of = |sample: &Sample| {
            values(&ratio_by_domain(&sample.rows(), &sample.jackknife(), &scheme).expect("rows"))
        };
        let mut other = Sample::full(&values_in);
        other.weights.iter_mut().for_each(|weight| *weight *= unit);
        for column in [&mut other.y, &mut other.x, &mut other.weights] {
            column.reverse();
        }
        other.domain.reverse();
        other.unit.reverse();
        prop_assert!(agree(&of(&sample), &of(&other)));
    }
}

/// The jackknife of a mean of n values is s^2/n, and of a total with weight N/n it is N^2 s^2/n.
#[test]
fn a_mean_by_hand() {
    let y = [3.0, 1.0, 4.0, 1.0, 5.0];
    let (ones, weights, domain, unit) = ([1.0; 5], [20.0; 5], [0; 5], [0, 1, 2, 3, 4]);
    let strata = [0; 5];
    // The mean is 2.8 and the squares of what deviates add up to 12.8.
    let variance = 12.8 / 4.0 / 5.0;
    for centre in [Centre::Estimate, Centre::Mean] {
        let scheme = jackknife_factors(&strata, None, centre).expect("one stratum");
        let replication = Replication::Jackknife { unit: &unit, strata: &strata };
        let rows = Rows { variables: [&y[..], &ones], weights: &weights, domain: &domain, domains: 1 };
        let mean = &ratio_by_domain(&rows, &replication, &scheme).expect("five rows")[0];
        let mean = mean.as_ref().expect("a mean");
        assert!((mean.value - 2.8).abs() < 1e-15);
        assert!((mean.standard_error * mean.standard_error - variance).abs() < 1e-14);
        let rows = Rows { variables: [&y[..]], weights: &weights, domain: &domain, domains: 1 };
        let total = &total_by_domain(&rows, &replication, &scheme).expect("five rows")[0];
        let total = total.as_ref().expect("a total").standard_error;
        assert!((total * total / 10_000.0 - variance).abs() < 1e-12);
    }
    let half: BTreeMap<u32, f64> = BTreeMap::from([(0, 10.0)]);
    let scheme = jackknife_factors(&strata, Some(&half), Centre::Mean).expect("one stratum");
    let known = Scheme::new(1.0, vec![0.4; 5], Centre::Mean).expect("factors");
    assert!((scheme.variance(0.0, &y).expect("five") - known.variance(0.0, &y).expect("five")).abs() < 1e-14);
}

/// Half samples give a total of two units a stratum the exact sum of squared differences, and so do Fay's.
#[test]
fn half_samples_by_hand() {
    let strata = [5, 5, 1, 1, 8, 8, 2, 2];
    let y = [3.0, 5.0, 1.0, 8.0, 2.0, 2.5, 9.0, 4.0];
    let unit: Vec<u32> = (0..8).collect();
    let rows = Rows { variables: [&y[..]], weights: &[1.0; 8], domain: &[0; 8], domains: 1 };
    let by_hand: f64 = 2.0 * 2.0 + 7.0 * 7.0 + 0.5 * 0.5 + 5.0 * 5.0;
    for (rho, centre) in [(0.0, Centre::Mean), (0.3, Centre::Estimate), (0.9, Centre::Mean)] {
        let built = balanced(&strata, rho, centre).expect("two units a stratum");
        assert_eq!((built.multipliers.units(), built.multipliers.replicates()), (8, 8));
        let replication = Replication::Units { unit: &unit, multipliers: &built.multipliers };
        let total = &total_by_domain(&rows, &replication, &built.scheme).expect("eight rows")[0];
        let total = total.as_ref().expect("a total");
        assert!((total.standard_error - by_hand.sqrt()).abs() < 1e-12, "{rho}");
    }
    assert!(
        balanced(&[1, 1, 1], 0.0, Centre::Mean).expect_err("three units").contains("half samples need two")
    );
    assert!(balanced(&strata, 1.0, Centre::Mean).expect_err("no change").contains("rho is 1"));
}

/// The bootstrap's variance of a total is, over many replicates, the sum over strata of (1 - f) n/(n-1) times the squares of
/// what deviates.
#[test]
fn the_bootstrap_finds_the_variance_of_a_total() {
    let strata = [0, 0, 0, 0, 1, 1, 1];
    let y = [3.0, 1.0, 4.0, 2.0, 10.0, 14.0, 12.0];
    let unit: Vec<u32> = (0..7).collect();
    let rows = Rows { variables: [&y[..]], weights: &[1.0; 7], domain: &[0; 7], domains: 1 };
    let replicates = 40_000;
    let variance = |population: Option<&BTreeMap<u32, f64>>| {
        let built =
            bootstrap(&strata, population, replicates, Stream::new(3, "bootstrap")).expect("two strata");
        let replication = Replication::Units { unit: &unit, multipliers: &built.multipliers };
        let total = &total_by_domain(&rows, &replication, &built.scheme).expect("seven rows")[0];
        let total = total.as_ref().expect("a total").standard_error;
        total * total
    };
    // Squares of what deviates: 5 about 2.5, and 8 about 12. The spread of a variance of so many draws is below 1 %.
    let whole = 4.0 / 3.0 * 5.0 + 3.0 / 2.0 * 8.0;
    assert!((variance(None) / whole - 1.0).abs() < 0.03, "{} {whole}", variance(None));
    let population = BTreeMap::from([(0, 8.0), (1, 12.0)]);
    let part = 0.5 * 4.0 / 3.0 * 5.0 + 0.75 * 3.0 / 2.0 * 8.0;
    assert!((variance(Some(&population)) / part - 1.0).abs() < 0.03);
    let all = BTreeMap::from([(0, 4.0), (1, 3.0)]);
    assert!(variance(Some(&all)) < 1e-20, "nothing was left to chance");
    let fewer = BTreeMap::from([(0, 3.0), (1, 12.0)]);
    let refused = bootstrap(&strata, Some(&fewer), 10, Stream::new(3, "b")).expect_err("more than there are");
    assert!(refused.contains("holds 3 units, of which 4"), "{refused}");
}

#[test]
fn a_total_keeps_what_a_large_unit_hides() {
    let y = [1e17, 0.0, 1.0, 2.0];
    let (strata, unit) = ([0, 0, 1, 1], [0, 1, 2, 3]);
    let rows = Rows { variables: [&y[..]], weights: &[1.0; 4], domain: &[0; 4], domains: 1 };
    let totals =
        Totals::new(&rows, &Replication::Jackknife { unit: &unit, strata: &strata }).expect("four rows");
    let left: Vec<f64> = totals.replicates().map(|t| t[0][0]).collect();
    assert_eq!(left[0].to_bits(), 3.0_f64.to_bits());
}

#[test]
fn what_cannot_be_answered_is_refused() {
    let mut sample = Sample::full(&[1.0, 2.0, 3.0, 5.0]);
    let scheme = jackknife_factors(&STRATA, None, Centre::Mean).expect("two strata");
    let of = |sample: &Sample| ratio_by_domain(&sample.rows(), &sample.jackknife(), &scheme);
    // The first domain is now in one unit only, the second in none.
    for (domain, unit) in sample.domain.iter_mut().zip(&sample.unit) {
        *domain = if *unit == 2 && *domain == 0 { 0 } else { 2 };
    }
    let estimates = of(&sample).expect("rows");
    let reason = |i: usize| estimates[i].as_ref().expect_err("a refusal").clone();
    assert!(reason(0).contains("1 of 5 replicates"), "{}", reason(0));
    assert!(reason(1).contains("nothing to estimate"), "{}", reason(1));
    assert!(estimates[2].is_ok());
    sample.y[3] = f64::NAN;
    assert!(of(&sample).expect_err("an empty cell").contains("row 4 holds NaN"));
    sample.y.pop();
    assert!(of(&sample).expect_err("a short column").contains("a column has 33 rows"));
    assert!(
        jackknife_factors(&[0, 0, 1], None, Centre::Mean).expect_err("a single unit").contains("stratum 1")
    );
    assert!(
        Scheme::new(1.0, vec![0.0; 3], Centre::Mean).expect_err("no weight").contains("0 replicates count")
    );
    assert!(Scheme::new(1.0, vec![1.0, -1.0], Centre::Mean).expect_err("negative").contains("replicate 2"));
    assert!(scheme.variance(1.0, &[1.0]).expect_err("one of five").contains("1 replicates"));
}

#[test]
fn weights_that_are_no_numbers_are_named() {
    let sample = Sample::full(&[1.0, 2.0]);
    let mut columns = jackknife_weights(&sample);
    columns[2][0] = f64::INFINITY;
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let refused =
        Totals::new(&sample.rows(), &Replication::Columns(&slices)).expect_err("an infinite weight");
    assert!(refused.contains("replicate 3"), "{refused}");
    let unit = [8_u32; 34];
    let refused = Totals::new(&sample.rows(), &Replication::Jackknife { unit: &unit, strata: &STRATA });
    assert!(refused.expect_err("no unit 8").contains("unit 8 has no replicates"));
}

/// Five units in two strata have three degrees of freedom; a column twice adds none.
#[test]
fn degrees_of_freedom_by_rank() {
    let columns = jackknife_weights(&Sample::full(&[1.0, 2.0, 4.0]));
    let mut slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    assert_eq!(degrees_of_freedom(&slices), Ok(3));
    slices.push(&columns[1]);
    assert_eq!(degrees_of_freedom(&slices), Ok(3));
    assert_eq!(degrees_of_freedom(&slices[..1]), Ok(0));
    assert_eq!(degrees_of_freedom(&[]), Ok(0));
    let long = vec![1.0; 3_000_000];
    let wide: Vec<&[f64]> = (0..40).map(|_| long.as_slice()).collect();
    assert!(degrees_of_freedom(&wide).expect_err("too many").contains("too many"));
}
