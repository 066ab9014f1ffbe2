use super::linear::{mean, ratio, total, within};
use super::*;
use proptest::prelude::*;

fn close(actual: f64, expected: f64, relative: f64) {
    assert!((actual - expected).abs() <= relative * expected.abs(), "{actual} and not {expected}");
}

fn stage<'a>(strata: &'a [u32], units: &'a [u32], drawn: Drawn<'a>) -> Stage<'a> {
    Stage { strata: Some(strata), units: Some(units), drawn }
}

/// Columns that belong to the rows of a table, as they are written.
#[derive(Debug, Clone, Default)]
struct Table {
    strata: Vec<u32>,
    units: Vec<u32>,
    inner_strata: Vec<u32>,
    inner_units: Vec<u32>,
    sizes: [Vec<f64>; 3],
    weights: Vec<f64>,
    y: Vec<f64>,
    x: Vec<f64>,
}

impl Table {
    fn stages(&self) -> [Stage<'_>; 3] {
        let [n, m, k] = &self.sizes;
        [
            stage(&self.strata, &self.units, Drawn::From(n)),
            stage(&self.inner_strata, &self.inner_units, Drawn::From(m)),
            Stage { strata: None, units: None, drawn: Drawn::From(k) },
        ]
    }

    fn design(&self) -> Design {
        Design::new(self.y.len(), &self.stages()).expect("a sample in three stages")
    }

    fn made() -> Self {
        let mut table = Self::default();
        for line in include_str!("three_stages.csv").lines().filter(|line| !line.starts_with('#')) {
            let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().expect("a number")).collect();
            for (column, cell) in
                [&mut table.strata, &mut table.units, &mut table.inner_strata, &mut table.inner_units]
                    .into_iter()
                    .zip(&cells)
            {
                column.push(*cell as u32);
            }
            for (column, cell) in table.sizes.iter_mut().zip(&cells[4..]) {
                column.push(*cell);
            }
            table.weights.push(cells[7]);
            table.y.push(cells[8]);
            table.x.push(cells[9]);
        }
        table
    }

    fn permuted(&self, order: &[usize]) -> Self {
        let codes = |column: &[u32]| order.iter().map(|row| column[*row]).collect::<Vec<u32>>();
        let numbers = |column: &[f64]| order.iter().map(|row| column[*row]).collect::<Vec<f64>>();
        Self {
            strata: codes(&self.strata),
            units: codes(&self.units),
            inner_strata: codes(&self.inner_strata),
            inner_units: codes(&self.inner_units),
            sizes: [0, 1, 2].map(|stage| numbers(&self.sizes[stage])),
            weights: numbers(&self.weights),
            y: numbers(&self.y),
            x: numbers(&self.x),
        }
    }
}

/// Computed apart, by plain recursion over strata and units, with `numpy` 2.4.6.
#[test]
fn three_stages_of_numpy() {
    let table = Table::made();
    let design = table.design();
    let of = |scores: &[f64]| design.variance(scores, Lonely::Refuse).expect("two units everywhere");
    let y = total(&table.weights, &table.y).expect("rows");
    close(y.value, 858.931_388_888_888_9, 1e-14);
    close(of(&y.scores), 21_145.236_430_632_718, 1e-12);
    let share = ratio(&table.weights, &table.y, &table.x).expect("rows");
    close(share.value, 0.223_161_566_609_060_4, 1e-14);
    close(of(&share.scores), 0.000_344_367_972_186_655_77, 1e-12);
    let domain = within(&table.weights, |row| table.x[row] > 6.0);
    let of_domain = ratio(&domain, &table.y, &table.x).expect("rows");
    close(of_domain.value, 0.241_111_605_964_356_38, 1e-14);
    close(of(&of_domain.scores), 0.000_791_154_825_229_956, 1e-12);
    let [one, other] = [&share, &of_domain]
        .map(|estimate| design.deviations(&estimate.scores, Lonely::Refuse).expect("two units everywhere"));
    close(covariance(&one, &other), 0.000_457_873_757_689_246, 1e-12);
    // The third stratum is taken whole: its 2 units are the strata of the units that chance drew.
    assert_eq!((design.degrees(&table.weights), design.strata(0), design.units(0)), (9 - 3, 3, 9));
    assert_eq!(design.degrees_of_chance(&table.weights), 5 + inner_degrees(&table));
}

/// Units less strata of the second stage in the units of the third stratum.
fn inner_degrees(table: &Table) -> usize {
    use std::collections::BTreeSet;
    let rows = || (0..table.y.len()).filter(|row| table.strata[*row] == 2);
    let strata: BTreeSet<_> = rows().map(|row| (table.units[row], table.inner_strata[row])).collect();
    let units: BTreeSet<_> =
        rows().map(|row| (table.units[row], table.inner_strata[row], table.inner_units[row])).collect();
    units.len() - strata.len()
}

/// Every sample that the design can draw from a small population, each as likely: the variances average to the variance of
/// the totals, which is what design-unbiased means. Two of three units, two of three units in each, two of three rows in each.
#[test]
fn the_variance_is_unbiased_over_all_samples() {
    let pairs = [[0_usize, 1], [0, 2], [1, 2]];
    let value = |i: usize, j: usize, k: usize| ((i * 31 + j * 17 + k * 7) % 13) as f64 + (i * j) as f64;
    let (mut totals, mut variances) = (Vec::new(), Vec::new());
    for first in pairs {
        // One choice of second units for each first unit, one of rows for each second unit: 9 choices times 9, twice.
        for choice in 0..729_usize {
            let mut table = Table::default();
            let mut digits = choice;
            let mut pick = || {
                let pair = pairs[digits % 3];
                digits /= 3;
                pair
            };
            for i in first {
                for j in pick() {
                    for k in pick() {
                        table.strata.push(0);
                        table.units.push(i as u32);
                        table.inner_strata.push(0);
                        table.inner_units.push(j as u32);
                        table.sizes.iter_mut().for_each(|sizes| sizes.push(3.0));
                        table.weights.push(27.0 / 8.0);
                        table.y.push(value(i, j, k));
                    }
                }
            }
            let y = total(&table.weights, &table.y).expect("eight rows");
            totals.push(y.value);
            variances.push(table.design().variance(&y.scores, Lonely::Refuse).expect("pairs"));
        }
    }
    let average = |values: &[f64]| sum(values.iter().copied()) / values.len() as f64;
    let centre = average(&totals);
    let true_total: f64 = (0..27).map(|i| value(i / 9, i / 3 % 3, i % 3)).sum();
    close(centre, true_total, 1e-12);
    let spread: Vec<f64> = totals.iter().map(|total| (total - centre) * (total - centre)).collect();
    close(average(&variances), average(&spread), 1e-12);
}

/// `mu284` of R's survey package: 5 of 50 units, 3 rows in each; total 15,080, variance 5,172,234, of which 37,324.44 of stage two.
#[test]
fn mu284() {
    let units: Vec<u32> = (0..15).map(|row| row / 3).collect();
    let inside: Vec<f64> = units.iter().map(|unit| [5.0, 8.0, 5.0, 9.0, 7.0][*unit as usize]).collect();
    let y = [41.0, 49.0, 49.0, 49.0, 49.0, 45.0, 31.0, 31.0, 35.0, 39.0, 41.0, 61.0, 49.0, 51.0, 33.0];
    let weights: Vec<f64> = inside.iter().map(|m| 10.0 * m / 3.0).collect();
    let first = |drawn| Stage { strata: None, units: Some(&units), drawn };
    let second = Stage { strata: None, units: None, drawn: Drawn::From(&inside) };
    let sizes = [50.0; 15];
    let design = Design::new(15, &[first(Drawn::From(&sizes)), second]).expect("two stages");
    let y = total(&weights, &y).expect("rows");
    close(y.value, 15_080.0, 1e-12);
    let deviations = design.deviations(&y.scores, Lonely::Refuse).expect("three rows a unit");
    close(covariance(&deviations, &deviations), 5_172_234.0, 1e-6);
    close(covariance(&deviations[5..], &deviations[5..]), 37_324.44, 1e-6);
    // Without sizes the first units hold the error of all stages.
    let endless = Design::new(15, &[first(Drawn::WithReplacement), second]).expect("two stages");
    let alone = Design::new(15, &[first(Drawn::WithReplacement)]).expect("one stage");
    let [one, other] =
        [endless, alone].map(|design| design.variance(&y.scores, Lonely::Refuse).expect("five units"));
    assert_eq!(one.to_bits(), other.to_bits());
}

/// `fpc` of R's survey package: mean 5.4481, standard error 0.7413 without sizes and 0.616 with them.
#[test]
fn stratified_with_and_without_sizes() {
    let strata = [1_u32, 1, 1, 1, 1, 2, 2, 2];
    let x = [2.8, 4.1, 6.8, 6.8, 9.2, 3.7, 6.6, 4.2];
    let weights = strata.map(|stratum| if stratum == 1 { 3.0 } else { 4.0 });
    let sizes = strata.map(|stratum| if stratum == 1 { 15.0 } else { 12.0 });
    let mean = mean(&weights, &x).expect("rows");
    assert!((mean.value - 5.4481).abs() < 5e-5);
    for (drawn, se) in [(Drawn::WithReplacement, 0.7413), (Drawn::From(&sizes), 0.616)] {
        let stage = Stage { strata: Some(&strata), units: None, drawn };
        let design = Design::new(8, &[stage]).expect("one stage");
        let variance = design.variance(&mean.scores, Lonely::Refuse).expect("two strata");
        assert!((libm::sqrt(variance) - se).abs() < 5e-5, "{se}");
        assert_eq!(design.degrees(&weights), 6);
    }
}

/// Two strata of two units and one of one, with scores by hand.
#[test]
fn a_lonely_unit() {
    let (strata, units) = ([0_u32, 0, 1, 1, 2], [0_u32, 1, 0, 1, 0]);
    let scores = [1.0, 3.0, 2.0, 8.0, 7.0];
    let sizes = [4.0, 4.0, 4.0, 4.0, 5.0];
    let of = |drawn, lonely| {
        Design::new(5, &[stage(&strata, &units, drawn)]).expect("a stage").variance(&scores, lonely)
    };
    let plain = |lonely| of(Drawn::WithReplacement, lonely).expect("another rule");
    // 2/(2-1) (1 + 1) and 2/(2-1) (9 + 9); the mean of all five is 4.2.
    close(plain(Lonely::Certain), 4.0 + 36.0, 1e-15);
    close(plain(Lonely::Zero), 40.0 + 49.0, 1e-15);
    close(plain(Lonely::Centre), 40.0 + 2.8 * 2.8, 1e-14);
    close(plain(Lonely::Average), 40.0 * 3.0 / 2.0, 1e-14);
    let halved = 0.5 * 40.0;
    close(of(Drawn::From(&sizes), Lonely::Zero).expect("sizes"), halved + 0.8 * 49.0, 1e-14);
    let fault = of(Drawn::From(&sizes), Lonely::Refuse).expect_err("one unit");
    assert_eq!((fault.stage, fault.row, fault.kind), (0, 4, FaultKind::Single));
    assert!(fault.to_string().contains("stratum of row 5"), "{fault}");
    // The only unit that there is was taken: it has no part in the error, and is no reason to refuse.
    let whole = [4.0, 4.0, 4.0, 4.0, 1.0];
    close(of(Drawn::From(&whole), Lonely::Refuse).expect("taken whole"), halved, 1e-14);
    close(of(Drawn::From(&whole), Lonely::Average).expect("taken whole"), halved, 1e-14);
    let alone = Design::new(1, &[]).expect("one row");
    assert_eq!(
        alone.variance(&[1.0], Lonely::Average).map_err(|fault| fault.kind),
        Err(FaultKind::AllSingle)
    );
}

/// Two units of four; the first has two rows of six, the second one row of three.
#[test]
fn a_stage_that_cannot_be_measured_widens_the_one_above() {
    let units = [0_u32, 0, 1];
    let (sizes, inside) = ([4.0; 3], [6.0, 6.0, 3.0]);
    let stages = [
        Stage { strata: None, units: Some(&units), drawn: Drawn::From(&sizes) },
        Stage { strata: None, units: None, drawn: Drawn::From(&inside) },
    ];
    let design = Design::new(3, &stages).expect("two stages");
    let scores = [1.0, 2.0, 9.0];
    let fault = design.variance(&scores, Lonely::Refuse).expect_err("one row in the second unit");
    assert_eq!((fault.stage, fault.row), (1, 2));
    let (wider, changed) = design.widened();
    assert!(changed);
    // Units of 3 and 9 as with replacement: 2 (9 + 9).
    close(wider.variance(&scores, Lonely::Refuse).expect("two units"), 36.0, 1e-15);
    // All three rows taken of the second unit: nothing to widen. 2 (1 - 1/2) 18 and 1/2 (1 - 2/6) 2 (1/4 + 1/4).
    let taken = [6.0, 6.0, 1.0];
    let stages = [stages[0], Stage { drawn: Drawn::From(&taken), ..stages[1] }];
    let (same, changed) = Design::new(3, &stages).expect("two stages").widened();
    assert!(!changed);
    close(same.variance(&scores, Lonely::Refuse).expect("measured"), 18.0 + 1.0 / 3.0, 1e-15);
    // A unit taken for certain whose only row is one of three: it becomes lonely itself.
    let certain = [1.0; 3];
    let stages = [
        Stage { strata: Some(&[0, 0, 1]), units: Some(&units), drawn: Drawn::From(&certain) },
        Stage { strata: None, units: None, drawn: Drawn::From(&inside) },
    ];
    let (wider, changed) = Design::new(3, &stages).expect("two stages").widened();
    assert!(changed);
    let fault = wider.variance(&scores, Lonely::Refuse).expect_err("one unit of one");
    assert_eq!((fault.stage, fault.row), (0, 2));
}

#[test]
fn what_was_taken_whole_has_no_error() {
    let units = [0_u32, 0, 1, 1, 1];
    let (sizes, inside) = ([2.0; 5], [2.0, 2.0, 3.0, 3.0, 3.0]);
    let stages = [
        Stage { strata: None, units: Some(&units), drawn: Drawn::From(&sizes) },
        Stage { strata: None, units: None, drawn: Drawn::From(&inside) },
    ];
    let census = Design::new(5, &stages).expect("two stages");
    assert!(census.is_census());
    assert_eq!(census.variance(&[1.0, 5.0, 2.0, 9.0, 4.0], Lonely::Refuse), Ok(0.0));
    assert_eq!((census.degrees(&[1.0; 5]), census.degrees_of_chance(&[1.0; 5])), (1, 0));
    let first = Design::new(5, &stages[..1]).expect("one stage");
    assert!(first.is_census());
}

/// A unit without a row in the domain counts: 2 of 3 units have one. Taking rows out would give 2 (1/4 + 1/4) = 1.
#[test]
fn a_domain_keeps_its_empty_units() {
    let units = [0_u32, 1, 1, 2];
    let design =
        Design::new(4, &[Stage { strata: None, units: Some(&units), drawn: Drawn::WithReplacement }])
            .expect("one stage");
    let weights = within(&[1.0; 4], |row| row != 3);
    let y = total(&weights, &[1.0, 1.0, 1.0, f64::NAN]).expect("three rows");
    // Totals 1, 2, 0 about 1: 3/2 (0 + 1 + 1).
    close(design.variance(&y.scores, Lonely::Refuse).expect("three units"), 3.0, 1e-15);
    assert_eq!((design.degrees(&[1.0; 4]), design.degrees(&weights)), (2, 1));
}

/// Brewer: chances 1/2, 1/4 and 1; n = 3, mean 3: 3/2 (1/2 4 + 3/4 0 + 0).
#[test]
fn unequal_chances() {
    let (units, chances) = ([0_u32, 1, 1, 2], [0.5, 0.25, 0.25, 1.0]);
    let of = |chances: &[f64]| {
        let stage = Stage { strata: None, units: Some(&units), drawn: Drawn::WithChance(chances) };
        Design::new(4, &[stage])
    };
    let design = of(&chances).expect("chances");
    close(design.variance(&[1.0, 1.0, 2.0, 5.0], Lonely::Refuse).expect("three units"), 3.0, 1e-15);
    assert_eq!(of(&[0.5, 0.25, 0.5, 1.0]).map_err(|fault| fault.kind), Err(FaultKind::Chance(0.5)));
    assert_eq!(of(&[0.5, 0.25, 0.25, 0.0]).map_err(|fault| fault.kind), Err(FaultKind::Chance(0.0)));
    assert!(of(&[1.0; 4]).expect("certain").is_census());
}

#[test]
fn impossible_samples_are_refused_in_words() {
    let units = [0_u32, 0, 1];
    let of = |sizes: [f64; 3]| {
        Design::new(3, &[Stage { strata: None, units: Some(&units), drawn: Drawn::From(&sizes) }])
            .map_err(|fault| fault.words("stratum north"))
    };
    assert_eq!(of([4.0, 4.0, 5.0]), Err("stratum north has two sizes at stage 1: 4 and 5".to_owned()));
    assert!(of([4.0, f64::NAN, 4.0]).expect_err("one is missing").contains("4 and none"));
    assert_eq!(of([1.0; 3]), Err("stratum north has 1 units at stage 1, and 2 were drawn".to_owned()));
    assert!(of([-4.0; 3]).is_err() && of([0.0; 3]).is_err());
    let unknown = of([f64::NAN; 3]).expect("as with replacement");
    assert_eq!(Ok(&unknown), of([f64::INFINITY; 3]).as_ref());
    assert!(Design::new(0, &[]).is_err());
    let rows = Stage { strata: None, units: None, drawn: Drawn::WithReplacement };
    assert_eq!(Design::new(3, &[rows, rows]).map_err(|fault| fault.kind), Err(FaultKind::RowsInTheMiddle));
    let short = Stage { strata: Some(&units[..2]), ..rows };
    assert_eq!(Design::new(3, &[short]).map_err(|fault| fault.kind), Err(FaultKind::Rows(2, 3)));
    let plain = Design::new(3, &[rows]).expect("rows");
    assert!(plain.variance(&[1.0], Lonely::Refuse).is_err());
}

/// Numbers of strata and units may be anything; only which rows share them counts.
#[test]
fn numbers_far_beyond_the_rows_are_names_like_any() {
    let strata = [4_000_000_000_u32, 7, 4_000_000_000, 7, 70_000];
    let units = [u32::MAX, 0, 65_536, 65_536, 3];
    let design = Design::new(5, &[stage(&strata, &units, Drawn::WithReplacement)]).expect("five units");
    assert_eq!((design.strata(0), design.units(0)), (3, 5));
    let rows: Vec<usize> = design.drawn().map(|(_, row)| row).collect();
    assert_eq!(rows, [1, 3, 4, 2, 0]);
    // 2 (1/4 + 1/4) in each pair: totals 1 and 3, and 2 and 4, differ by 2.
    let variance = design.variance(&[1.0, 2.0, 3.0, 4.0, 9.0], Lonely::Certain).expect("certain");
    close(variance, 8.0, 1e-15);
}

proptest! {
    #[test]
    fn the_order_of_rows_does_not_matter(keys in proptest::collection::vec(0_u32..1_000_000, 80)) {
        let table = Table::made();
        let mut order: Vec<usize> = (0..80).collect();
        order.sort_by_key(|row| keys[*row]);
        let shuffled = table.permuted(&order);
        let of = |table: &Table| {
            let share = ratio(&table.weights, &table.y, &table.x).expect("rows");
            table.design().variance(&share.scores, Lonely::Refuse).expect("pairs")
        };
        prop_assert!((of(&table) / of(&shuffled) - 1.0).abs() < 1e-13);
    }

    /// Of one stage only the totals of units matter: each may be one row.
    #[test]
    fn units_may_be_put_into_one_row_each(
        rows in proptest::collection::vec((0_u32..3, 0_u32..4, -5.0..5.0_f64), 1..60),
    ) {
        let strata: Vec<u32> = rows.iter().map(|row| row.0).collect();
        let units: Vec<u32> = rows.iter().map(|row| row.1).collect();
        let scores: Vec<f64> = rows.iter().map(|row| row.2).collect();
        let design = Design::new(rows.len(), &[stage(&strata, &units, Drawn::WithReplacement)]).expect("rows");
        let totals = design.totals(0, &scores);
        let merged: Vec<u32> = design.drawn().map(|(_, row)| strata[row]).collect();
        let each = Stage { strata: Some(&merged), units: None, drawn: Drawn::WithReplacement };
        let small = Design::new(totals.len(), &[each]).expect("units");
        for lonely in [Lonely::Certain, Lonely::Zero, Lonely::Centre] {
            let [one, other] = [design.variance(&scores, lonely), small.variance(&totals, lonely)]
                .map(|variance| variance.expect("not refused"));
            prop_assert!((one - other).abs() <= 1e-12 * (1.0 + one), "{one} {other}");
        }
        prop_assert_eq!(design.degrees(&scores.iter().map(|_| 1.0).collect::<Vec<f64>>()), small.degrees(&vec![1.0; totals.len()]));
    }

    /// Weights over nine orders of magnitude, against sums of whole numbers, which are exact.
    #[test]
    fn weights_of_any_range_keep_their_digits(
        rows in proptest::collection::vec((0_u32..3, 0_u32..9, 0_i64..9), 12..80),
    ) {
        let units: Vec<u32> = rows.iter().map(|row| row.0).collect();
        let weights: Vec<f64> = rows.iter().map(|row| libm::pow(10.0, f64::from(row.1))).collect();
        let values: Vec<f64> = rows.iter().map(|row| row.2 as f64).collect();
        let stage = Stage { strata: None, units: Some(&units), drawn: Drawn::WithReplacement };
        let design = Design::new(rows.len(), &[stage]).expect("rows");
        let y = total(&weights, &values).expect("rows");
        let mut exact = std::collections::BTreeMap::new();
        for (unit, power, value) in &rows {
            *exact.entry(*unit).or_insert(0_i128) += i128::from(*value) * 10_i128.pow(*power);
        }
        let n = exact.len() as i128;
        let whole: i128 = exact.values().sum();
        prop_assert_eq!(y.value.to_bits(), (whole as f64).to_bits());
        if n > 1 {
            // n/(n-1) sum (u - ubar)^2 = sum (n u - whole)^2 / (n (n-1))
            let squares: i128 = exact.values().map(|u| (n * u - whole).pow(2)).sum();
            let expected = squares as f64 / (n * (n - 1)) as f64;
            let variance = design.variance(&y.scores, Lonely::Refuse).expect("units");
            prop_assert!((variance - expected).abs() <= 1e-14 * expected, "{variance} {expected}");
        }
    }
}

/// A million rows in 200 strata with 4,000 clusters, and 131,072 draws; prints how long they take.
#[test]
#[ignore = "measures time; run it in release"]
fn a_million_rows() {
    let rows = 1_000_000_u32;
    let scatter = |row: u32| row.wrapping_mul(2_654_435_761) >> 8;
    let strata: Vec<u32> = (0..rows).map(|row| scatter(row) % 200).collect();
    let units: Vec<u32> = (0..rows).map(|row| scatter(row) / 200 % 20).collect();
    let sizes = vec![40.0; rows as usize];
    let y: Vec<f64> = (0..rows).map(|row| f64::from(row % 7)).collect();
    let x: Vec<f64> = (0..rows).map(|row| f64::from(7 + row % 3)).collect();
    let weights: Vec<f64> = (0..rows).map(|row| f64::from(1 + row % 100)).collect();
    let start = std::time::Instant::now();
    let design = Design::new(rows as usize, &[stage(&strata, &units, Drawn::From(&sizes))]).expect("units");
    let built = start.elapsed();
    let share = ratio(&weights, &y, &x).expect("rows");
    let variance = design.variance(&share.scores, Lonely::Refuse).expect("units");
    let estimated = start.elapsed();
    let deviations = design.deviations(&share.scores, Lonely::Refuse).expect("units");
    let named = |name: &str| crate::estimator::numeric::draw::Stream::new(1, name);
    let unit = |_: usize, row: usize| format!("{}|{}", strata[row], units[row]);
    let streams = draws::Streams { named: &named, unit: &unit };
    let errors = draws::errors(&design, &[&deviations], 131_072, streams);
    println!("design {built:?}, with estimate {estimated:?}, with draws {:?}", start.elapsed());
    println!("{} {variance} {}", share.value, covariance(&errors[0], &errors[0]) / 131_072.0);
}
