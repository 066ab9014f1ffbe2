use super::made::{Cell, bottles, table};
use super::*;
use crate::estimator::numeric::sample::Sample as Draws;
use proptest::prelude::*;

const COUNT: usize = 8_000;

fn run_on(columns: &[(&str, Cell)]) -> Result<Estimate, Refusal> {
    run_with(columns, COUNT)
}

fn run_with(columns: &[(&str, Cell)], count: usize) -> Result<Estimate, Refusal> {
    let records = [table("records", columns)];
    (METHOD.run)(&Call::of("illicit_share", &[], &records, count))
}

fn refusal(columns: &[(&str, Cell)]) -> String {
    run_on(columns).expect_err("a refusal").to_string()
}

fn step(estimate: &Estimate, name: &str) -> f64 {
    estimate.steps.iter().find(|step| step.name.starts_with(name)).expect("a step").value
}

fn with(mut columns: Vec<(&'static str, Cell)>, name: &'static str, cell: Cell) -> Vec<(&'static str, Cell)> {
    columns.retain(|(known, _)| *known != name);
    columns.push((name, cell));
    columns
}

const FOUND: [f64; 8] = [1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0];

/// p = 1/2; scores (part - 1/2) / 8; clusters 0, -1/8 and 1/8, 0: each stratum 2 (2 (1/16)^2), se^2 = 1/32.
#[test]
fn by_hand() {
    let estimate = run_on(&bottles(&FOUND)).expect("a sample");
    assert!((estimate.value - 0.5).abs() < 1e-15);
    let se = estimate.analytic.expect("clusters differ");
    assert!((se * se - 1.0 / 32.0).abs() < 1e-15, "{se}");
    assert_eq!((step(&estimate, "degrees of freedom"), step(&estimate, "strata")), (2.0, 2.0));
    // p (1 - p) / se^2
    assert!((step(&estimate, "effective count") - 8.0).abs() < 1e-12);
    assert!(estimate.notes.iter().any(|note| note.contains("2 degrees of freedom")));
    // The median of the draws is the share, and its interval about beta at t of 2 degrees.
    let draws = Draws::new(estimate.draws.clone()).expect("draws");
    assert!((draws.quantile(0.5) - 0.5).abs() < 0.02);
    assert!(estimate.low > 0.0 && estimate.low < 0.1 && estimate.high > 0.9 && estimate.high < 1.0);
}

/// N = 4 clusters a stratum, 3 units a cluster: (1 - 1/2) 1/32 and, of two units in each, 1/2 (1 - 2/3) 2 sum (u - ubar)^2.
#[test]
fn sizes_make_two_stages() {
    let sized = with(bottles(&FOUND), "clusters_in_stratum", Cell::Numbers(vec![4.0; 8]));
    let sized = with(sized, "units_in_cluster", Cell::Numbers(vec![3.0; 8]));
    let se = run_on(&sized).expect("two stages").analytic.expect("an error");
    // Units of scores 1/16 and -1/16 in the clusters north 1 and south 2; the others do not differ.
    let second = 2.0 * (0.5 * (1.0 / 3.0) * 2.0 * (2.0 / 256.0));
    assert!((se * se - (1.0 / 64.0 + second)).abs() < 1e-15, "{}", se * se);
    // Sizes of units that are not told count as endless: no factor 1/3.
    let unknown = with(sized.clone(), "units_in_cluster", Cell::Numbers(vec![f64::NAN; 8]));
    let se = run_on(&unknown).expect("two stages").analytic.expect("an error");
    assert!((se * se - (1.0 / 64.0 + 3.0 * second)).abs() < 1e-15);
    // All clusters and all units taken: no chance was left.
    let whole = with(sized, "clusters_in_stratum", Cell::Numbers(vec![2.0; 8]));
    let whole = with(whole, "units_in_cluster", Cell::Numbers(vec![2.0; 8]));
    let census = run_on(&whole).expect("a census");
    assert_eq!((census.low, census.value, census.high), (0.5, 0.5, 0.5));
    assert!(census.notes.iter().any(|note| note.contains("every unit was taken")));
}

/// Outlets with several bottles: these are drawn too. Where one outlet has a single bottle, its cluster is taken as drawn with replacement.
#[test]
fn bottles_in_outlets_are_a_third_stage() {
    let sized = |unit: Vec<&'static str>| {
        let columns = with(bottles(&FOUND), "clusters_in_stratum", Cell::Numbers(vec![2.0; 8]));
        let columns = with(columns, "units_in_cluster", Cell::Numbers(vec![1.0; 8]));
        with(columns, "unit", Cell::Texts(unit))
    };
    // One outlet a cluster, taken whole; two bottles in each, whose scores differ by 1/8 in two of them: 2 (2/256) each.
    let estimate = run_on(&sized(vec!["a", "a", "b", "b", "c", "c", "d", "d"])).expect("three stages");
    let se = estimate.analytic.expect("bottles differ");
    assert!((se * se - 2.0 * 2.0 * (2.0 / 256.0)).abs() < 1e-15, "{}", se * se);
    // Four outlets of one bottle and two of two: those of the first cluster have a bottle each.
    let columns = with(
        sized(vec!["a", "b", "c", "c", "d", "d", "e", "e"]),
        "units_in_cluster",
        Cell::Numbers(vec![4.0, 4.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
    );
    let estimate = run_on(&columns).expect("three stages");
    assert!(estimate.notes.iter().any(|note| note.contains("one unit or row only")));
    let wider = estimate.analytic.expect("bottles differ");
    // 2 (2/256) between the two outlets of the first cluster, without their factor 1/2; the last cluster as before.
    assert!((wider * wider - 2.0 * 2.0 * (2.0 / 256.0)).abs() < 1e-15, "{}", wider * wider);
}

/// Two of eight unknown: 4 of 6 known in part; bounds 3/8 and 5/8.
#[test]
fn the_unknown_bound_the_share() {
    let mut part = FOUND;
    (part[1], part[4]) = (f64::NAN, f64::NAN);
    let estimate = run_on(&bottles(&part)).expect("six known rows");
    assert!((estimate.value - 0.5).abs() < 1e-15);
    assert!((step(&estimate, "rows without a verdict") - 2.0).abs() < 1e-15);
    assert!((step(&estimate, "share if none") - 3.0 / 8.0).abs() < 1e-15);
    assert!((step(&estimate, "share if all") - 5.0 / 8.0).abs() < 1e-15);
    assert!(
        estimate.notes.iter().any(|note| note.contains("25.0 % of the whole") && note.contains("37.5 %"))
    );
    // Scores of the known (part - 1/2) / 6: clusters 1/12, -1/6 and 1/12, 0. The unknown rows keep their clusters.
    let se = estimate.analytic.expect("clusters differ");
    let by_hand = (0.25 * 0.25 + (1.0 / 12.0) * (1.0 / 12.0)) * 4.0 / 4.0;
    assert!((se * se - by_hand).abs() < 1e-15, "{} {by_hand}", se * se);
    assert!(refusal(&bottles(&[f64::NAN; 8])).contains("none of the 8 rows"));
}

/// A cluster of unknown rows only still counts among the clusters of its stratum.
#[test]
fn a_cluster_without_an_answer_stays() {
    let mut columns = bottles(&FOUND);
    columns = with(columns, "cluster", Cell::Texts(vec!["1", "1", "2", "3", "1", "1", "2", "2"]));
    let part = [1.0, 0.0, 0.0, f64::NAN, 1.0, 1.0, 0.0, 1.0];
    let kept = run_on(&with(columns.clone(), "part", Cell::Numbers(part.to_vec()))).expect("five clusters");
    assert_eq!((step(&kept, "units first drawn"), step(&kept, "degrees of freedom")), (5.0, 2.0));
    // p = 4/7, scores (part - 4/7) / 7: clusters -1/49, -4/49, 0 and 6/49, -1/49.
    let north: [f64; 3] = [-1.0 / 49.0, -4.0 / 49.0, 0.0];
    let mean = north.iter().sum::<f64>() / 3.0;
    let by_hand = 1.5 * north.iter().map(|u| (u - mean).powi(2)).sum::<f64>() + (7.0_f64 / 49.0).powi(2);
    let se = kept.analytic.expect("clusters differ");
    assert!((se * se - by_hand).abs() < 1e-15, "{} {by_hand}", se * se);
}

#[test]
fn nothing_and_everything_found() {
    let none = run_on(&bottles(&[0.0; 8])).expect("eight rows");
    assert_eq!((none.value, none.low, none.analytic), (0.0, 0.0, None));
    // 8 rows in 4 clusters of 2: 8 / (1 + 1/6).
    assert!((step(&none, "assumed effective count") - 48.0 / 7.0).abs() < 1e-12);
    // Beta(1/2, 48/7 + 1/2) has its 97.5 % point at 0.297 32 (scipy 1.17.1).
    assert!((none.high - 0.297_32).abs() < 6.0 * none.monte_carlo_error[1], "{}", none.high);
    let all = run_on(&bottles(&[1.0; 8])).expect("eight rows");
    assert_eq!((all.value, all.high), (1.0, 1.0));
    assert!(
        (all.low - (1.0 - none.high)).abs()
            < 6.0 * all.monte_carlo_error[0] + 6.0 * none.monte_carlo_error[1]
    );
    // Every row a third: the clusters do not differ, which is no proof that none would.
    let alike = run_on(&bottles(&[1.0 / 3.0; 8])).expect("eight rows");
    assert_eq!(alike.analytic, None);
    assert!(alike.low < 0.2 && alike.high > 0.5);
}

/// Eight orders of magnitude between weights: the heavy row decides, and nothing is lost or not a number.
#[test]
fn weights_far_apart() {
    let weights = vec![1e-4, 1.0, 1e5, 1.0, 1e-3, 1.0, 1.0, 1e4];
    let estimate = run_on(&with(bottles(&FOUND), "weight", Cell::Numbers(weights))).expect("eight rows");
    let expected = (1e-4 + 1e-3 + 1.0 + 1e4) / (1e-4 + 1.0 + 1e5 + 1.0 + 1e-3 + 1.0 + 1.0 + 1e4);
    assert!((estimate.value / expected - 1.0).abs() < 1e-15);
    assert!(
        estimate.low >= 0.0
            && estimate.high <= 1.0
            && estimate.low <= estimate.value
            && estimate.value <= estimate.high
    );
}

/// All rows in one stratum and nothing said of clusters: simple random sampling, s^2 / n with n - 1 degrees.
#[test]
fn without_a_design_rows_are_drawn_by_themselves() {
    let plain: Vec<_> =
        bottles(&FOUND).into_iter().filter(|(name, _)| ["part", "whole", "weight"].contains(name)).collect();
    let estimate = run_on(&plain).expect("eight rows");
    let se = estimate.analytic.expect("rows differ");
    assert!((se * se - 0.25 / 7.0).abs() < 1e-15);
    assert!((step(&estimate, "design effect") - 1.0).abs() < 1e-12);
    // The same with columns whose cells are all empty.
    let empty = with(with(plain, "stratum", Cell::Texts(vec![""; 8])), "cluster", Cell::Texts(vec![""; 8]));
    let same = run_on(&empty).expect("eight rows");
    assert_eq!((same.value.to_bits(), same.analytic), (estimate.value.to_bits(), estimate.analytic));
}

/// The stream of a cluster has the cluster's names, which other methods that read the table may use.
#[test]
fn draws_come_from_the_streams_of_the_clusters() {
    let part = [1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0];
    let records = table("records", &bottles(&part));
    let sample = sample::Sample::read(&records, sample::Rows::Drawn).expect("a design");
    // All the error is of one cluster, the second of the south.
    let errors = sample.errors(&[&[0.0, 0.0, 0.0, 2.0]], 100).remove(0);
    let stream = records.stream("south|2");
    for (draw, error) in errors.iter().enumerate() {
        let one = stream.normal(draw as u64);
        // Draws of the outermost parts differ by more.
        assert!((error / 2.0 - one).abs() < 0.01 || one.abs() > 2.0, "{error} {one}");
    }
}

#[test]
fn refusals_say_why() {
    let sample = || bottles(&FOUND);
    let lonely = with(sample(), "cluster", Cell::Texts(vec!["1", "1", "2", "2", "1", "1", "1", "1"]));
    let said = refusal(&lonely);
    assert!(said.contains("one unit was drawn of stratum south") && said.contains("join it"), "{said}");
    let gap = with(
        sample(),
        "stratum",
        Cell::Texts(vec!["north", "", "north", "north", "south", "south", "south", "south"]),
    );
    assert!(refusal(&gap).contains("stratum is empty in 1 of 8 rows"));
    let weight = |weights: Vec<f64>| refusal(&with(sample(), "weight", Cell::Numbers(weights)));
    assert!(
        weight(vec![1.0, 1.0, 1.0, f64::NAN, 1.0, 1.0, 1.0, 1.0]).contains("weight is empty in 1 of 8 rows")
    );
    assert!(weight(vec![f64::NAN; 8]).contains("no row has a weight"));
    assert!(weight(vec![-1.0; 8]).contains("negative or infinite in 8"));
    assert!(weight(vec![0.0; 8]).contains("none of the 8 rows"));
    assert!(refusal(&bottles(&[2.0; 8])).contains("greater than the whole in 8 of 8"));
    assert!(refusal(&bottles(&[-1.0; 8])).contains("negative or infinite in 8 of 8"));
    let sizeless = with(bottles(&[0.0; 8]), "whole", Cell::Numbers(vec![0.0; 8]));
    assert!(refusal(&sizeless).contains("adds up to 0"));
    let sizes = |sizes: Vec<f64>| refusal(&with(sample(), "clusters_in_stratum", Cell::Numbers(sizes)));
    assert!(sizes(vec![1.0; 8]).contains("stratum north has 1 units at stage 1, and 2 were drawn"));
    assert!(sizes(vec![4.0, 5.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0]).contains("two sizes at stage 1: 4 and 5"));
    let mut one_each = FOUND;
    (one_each[0], one_each[1], one_each[6], one_each[7]) = (f64::NAN, f64::NAN, f64::NAN, f64::NAN);
    assert!(refusal(&bottles(&one_each)).contains("lie in one cluster of each stratum"));
    let empty: Vec<(&str, Cell)> =
        ["part", "whole", "weight"].map(|name| (name, Cell::Numbers(Vec::new()))).into();
    assert!(refusal(&empty).contains("no rows"));
    assert!((METHOD.run)(&Call::of("illicit_share", &[], &[], 1)).is_err());
    let records = [table("records", &sample())];
    assert!(
        (METHOD.run)(&Call::of("litres", &[], &records, 1))
            .expect_err("no such")
            .remedy
            .contains("illicit_share")
    );
}

/// Two shares of one table: of all bottles, and of those in one stratum. Their draws have the correlation of their scores.
#[test]
fn shares_of_one_table_move_together() {
    let all = run_on(&bottles(&FOUND)).expect("eight rows");
    let mut part = FOUND;
    part[..4].fill(f64::NAN);
    let columns = with(bottles(&part), "whole", Cell::Numbers(vec![1.0; 8]));
    let south = run_on(&columns).expect("four known rows");
    let rank = |draws: &[f64]| {
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        draws.iter().map(|draw| draw - mean).collect::<Vec<f64>>()
    };
    let (one, other) = (rank(&all.draws), rank(&south.draws));
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let correlation = product(&one, &other) / (product(&one, &one) * product(&other, &other)).sqrt();
    // Half of the variance of all is that of the south, whose score is the same: 1 / sqrt 2 before t and beta bend it.
    assert!((0.5..0.9).contains(&correlation), "{correlation}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_share_does_not_depend_on_units_nor_on_the_order_of_rows(
        part in proptest::collection::vec(0.0..1.0_f64, 8), unit in 1e-3..1e3_f64, shift in 0_usize..8,
    ) {
        let plain = run_with(&bottles(&part), 400).expect("eight rows");
        let scaled = with(bottles(&part.iter().map(|part| part * unit).collect::<Vec<f64>>()), "whole", Cell::Numbers(vec![unit; 8]));
        let scaled = with(scaled, "weight", Cell::Numbers(vec![3.0 * unit; 8]));
        let other = run_with(&scaled, 400).expect("eight rows");
        prop_assert!((plain.value - other.value).abs() < 1e-14);
        prop_assert!((plain.low - other.low).abs() < 1e-9 && (plain.high - other.high).abs() < 1e-9);
        let turned: Vec<(&str, Cell)> = bottles(&part)
            .into_iter()
            .map(|(name, cell)| match cell {
                Cell::Numbers(mut numbers) => { numbers.rotate_left(shift); (name, Cell::Numbers(numbers)) }
                Cell::Texts(mut texts) => { texts.rotate_left(shift); (name, Cell::Texts(texts)) }
            })
            .collect();
        let turned = run_with(&turned, 400).expect("eight rows");
        prop_assert!((plain.value - turned.value).abs() < 1e-14);
        // The draws belong to the names of clusters and not to their places.
        prop_assert!((plain.low - turned.low).abs() < 1e-9 && (plain.high - turned.high).abs() < 1e-9);
    }

    #[test]
    fn the_interval_holds_the_share_and_stays_within_its_bounds(
        part in proptest::collection::vec(prop_oneof![Just(0.0), Just(1.0), 0.0..1.0_f64], 8),
        weights in proptest::collection::vec(1e-4..1e5_f64, 8),
    ) {
        let estimate = run_with(&with(bottles(&part), "weight", Cell::Numbers(weights)), 400).expect("eight rows");
        prop_assert!(0.0 <= estimate.low && estimate.low <= estimate.value + 1e-12);
        prop_assert!(estimate.value <= estimate.high + 1e-12 && estimate.high <= 1.0);
    }
}
