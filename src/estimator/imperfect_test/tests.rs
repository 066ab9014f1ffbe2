use super::*;
use crate::estimator::numeric::draw::Stream;
use crate::estimator::{Texts, Values};

/// Rows as (accused, test, weight, cluster), all of size 1.5.
fn bottles(rows: &[(bool, &str, f64, u32)], seed: u64) -> Records {
    let number =
        |pick: &dyn Fn(&(bool, &str, f64, u32)) -> f64| Values::Numbers(rows.iter().map(pick).collect());
    let clusters: Vec<String> = rows.iter().map(|row| format!("outlet {}", row.3)).collect();
    let columns = vec![
        ("part".to_owned(), number(&|row| if row.0 { 1.5 } else { 0.0 })),
        ("whole".to_owned(), number(&|_| 1.5)),
        ("test".to_owned(), Values::Texts(Texts::of(rows.iter().map(|row| Some(row.1))))),
        ("weight".to_owned(), number(&|row| row.2)),
        ("cluster".to_owned(), Values::Texts(Texts::of(clusters.iter().map(|name| Some(name.as_str()))))),
    ];
    Records::new("records", "market_bottles", ("PA", "2024"), columns, seed).expect("of one length")
}

/// Panels as (test, laboratory, true positive, bad, true negative, good).
fn panels(rows: &[(&str, &str, f64, f64, f64, f64)], seed: u64) -> Records {
    let number =
        |pick: fn(&(&str, &str, f64, f64, f64, f64)) -> f64| Values::Numbers(rows.iter().map(pick).collect());
    let columns = vec![
        ("test".to_owned(), Values::Texts(Texts::of(rows.iter().map(|row| Some(row.0))))),
        ("laboratory".to_owned(), Values::Texts(Texts::of(rows.iter().map(|row| Some(row.1))))),
        ("true_positive".to_owned(), number(|row| row.2)),
        ("false_negative".to_owned(), number(|row| row.3 - row.2)),
        ("true_negative".to_owned(), number(|row| row.4)),
        ("false_positive".to_owned(), number(|row| row.5 - row.4)),
    ];
    Records::new("panels", "test_panels", ("PA", "2024"), columns, seed).expect("of one length")
}

fn run_with(bottles: Records, panels: Records, count: usize) -> Result<Estimate, Refusal> {
    (METHOD.run)(&Call::of("illicit_share", &[], &[bottles, panels], count))
}

/// 86 of 412 rows accused, each its own outlet.
fn simple(test: &'static str) -> Vec<(bool, &'static str, f64, u32)> {
    (0..412).map(|i| (i < 86, test, 2.0, i)).collect()
}

const READER: (&str, &str, f64, f64, f64, f64) = ("stamp_reader", "L1", 92.0, 100.0, 188.0, 200.0);

/// The first reference case, as a sample: 86 of 412, panels of 100 and 200.
#[test]
fn the_reference_case_as_a_sample() {
    let found =
        run_with(bottles(&simple("stamp_reader"), 1), panels(&[READER], 1), 40_960).expect("one test");
    assert!((found.value - 0.172_951_004_741_476).abs() < 1e-12);
    // The design's variance has the factor n/(n-1).
    let error =
        (0.000_542_035_212_480_251 * 412.0 / 411.0 + 2.976_645_325_884_19e-5 + 0.000_260_804_261_002_425_f64)
            .sqrt();
    assert!((found.analytic.expect("a closed form") / error - 1.0).abs() < 1e-9);
    // Beside Wald's, Lang and Reiczigel's and that of a Jeffreys prior in the cases.
    assert!(
        (found.low - 0.1147).abs() < 0.003 && (found.high - 0.2300).abs() < 0.003,
        "{} {}",
        found.low,
        found.high
    );
    let step = |name: &str| found.steps.iter().find(|step| step.name.contains(name)).expect("a step").value;
    assert!((step("Lang-Reiczigel interval, lower") - 0.114_739_526_937_87).abs() < 2e-4);
    assert!((step("J = ") - 0.86).abs() < 1e-12);
    assert!(
        found.parts.is_empty() && found.notes.is_empty() && found.standard_error.is_none(),
        "{:?}",
        found.notes
    );
}

#[test]
fn a_negative_share_is_kept_with_its_bound_beside() {
    let rows: Vec<_> = (0..150).map(|i| (i < 3, "strip", 1.0, i)).collect();
    let found = run_with(bottles(&rows, 1), panels(&[("strip", "L1", 45.0, 50.0, 92.0, 100.0)], 1), 8192)
        .expect("one test");
    assert!((found.value + 0.073_170_731_707_317).abs() < 1e-12);
    assert!(
        found.notes.iter().any(|note| note.contains("fewer rows than its errors alone")),
        "{:?}",
        found.notes
    );
    let step = found.steps.iter().find(|step| step.name == "value, cut to 0..1").expect("a step");
    assert!(step.value == 0.0 && found.low < 0.0);
}

/// 60 rows with each of two tests, of weights 1 and 3: a quarter and three quarters of the whole.
#[test]
fn several_tests_are_corrected_each_by_its_own_panel() {
    let mut rows: Vec<_> = (0..60).map(|i| (i < 12, "reader", 1.0, i)).collect();
    rows.extend((0..60).map(|i| (i < 30, "strip", 3.0, 100 + i)));
    let both = [("reader", "L1", 90.0, 100.0, 90.0, 100.0), ("strip", "L1", 95.0, 100.0, 95.0, 100.0)];
    let found = run_with(bottles(&rows, 1), panels(&both, 1), 8192).expect("two tests");
    let [reader, strip] = [(0.2 - 0.1) / 0.8, (0.5 - 0.05) / 0.9];
    assert!((found.value - (0.25 * reader + 0.75 * strip)).abs() < 1e-12);
    assert_eq!(found.parts.len(), 2);
    assert!((found.parts[0].value - reader).abs() < 1e-12 && (found.parts[1].value - strip).abs() < 1e-12);
    assert!(found.parts.iter().all(|part| part.low < part.value && part.value < part.high));
    let spread = (found.high - found.low) / (2.0 * 1.96 * found.analytic.expect("a closed form"));
    assert!((spread - 1.0).abs() < 0.1, "{spread}");
    // One of them without a panel: three quarters cannot be left out.
    let refusal = run_with(bottles(&rows, 1), panels(&both[..1], 1), 16).expect_err("a refusal");
    assert!(refusal.reason.contains("no panel says how often the test strip errs"), "{refusal}");
    assert!(refusal.remedy.contains("send a panel"));
}

#[test]
fn a_rare_test_that_cannot_be_corrected_is_left_out() {
    let mut rows = simple("stamp_reader");
    rows.extend([(true, "brand_owner", 2.0, 900), (false, "brand_owner", 2.0, 900)]);
    let perfect = ("brand_owner", "L1", 50.0, 50.0, 50.0, 50.0);
    for table in [panels(&[READER], 1), panels(&[READER, perfect], 1)] {
        let found = run_with(bottles(&rows, 1), table, 1024).expect("one test");
        assert!((found.value - 0.172_951_004_741_476).abs() < 1e-12);
        assert!(
            found.notes[0].contains("the rows of the test brand_owner, 0.5 % of the whole, are left out")
        );
    }
}

/// The same test in two tables of bottles: the draws of Se and Sp are the same, so that the estimates go together.
#[test]
fn estimates_that_use_a_test_move_together_with_it() {
    let large = |name: &str, part: u32| {
        let rows: Vec<_> = (0..3000).map(|i| (i % part == 0, "reader", 1.0, i)).collect();
        let table = bottles(&rows, 1);
        let columns = ["part", "whole", "weight"]
            .map(|c| (c.to_owned(), Values::Numbers(table.numbers(c).expect("numbers").to_vec())));
        let mut columns = columns.to_vec();
        columns.push(("test".to_owned(), Values::Texts(table.texts("test").expect("texts").clone())));
        Records::new("records", name, ("PA", "2024"), columns, 1).expect("of one length")
    };
    let panel = || panels(&[("reader", "L1", 45.0, 50.0, 45.0, 50.0)], 1);
    let one = run_with(large("shelves", 5), panel(), 4096).expect("one test").draws;
    let other = run_with(large("bins", 4), panel(), 4096).expect("one test").draws;
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let (a, b) = (mean(&one), mean(&other));
    let covariance =
        |x: &[f64], p: f64, y: &[f64], q: f64| x.iter().zip(y).map(|(x, y)| (x - p) * (y - q)).sum::<f64>();
    let correlation = covariance(&one, a, &other, b)
        / (covariance(&one, a, &one, a) * covariance(&other, b, &other, b)).sqrt();
    assert!(correlation > 0.9, "{correlation}");
}

#[test]
fn laboratories_that_disagree_widen_the_interval() {
    let one = [("stamp_reader", "L1", 170.0, 200.0, 370.0, 400.0)];
    let two = [
        ("stamp_reader", "L1", 98.0, 100.0, 200.0, 200.0),
        ("stamp_reader", "L2", 72.0, 100.0, 170.0, 200.0),
    ];
    let alike = run_with(bottles(&simple("stamp_reader"), 1), panels(&one, 1), 8192).expect("one laboratory");
    let apart =
        run_with(bottles(&simple("stamp_reader"), 1), panels(&two, 1), 8192).expect("two laboratories");
    assert!((alike.value - apart.value).abs() < 1e-12);
    assert!(apart.high - apart.low > 1.2 * (alike.high - alike.low));
    assert!(apart.notes.iter().any(|note| note.contains("2 laboratories differ")), "{:?}", apart.notes);
}

#[test]
fn refusals_say_why() {
    let sample = || bottles(&simple("stamp_reader"), 1);
    let refusal = |panel: (&str, &str, f64, f64, f64, f64)| {
        run_with(sample(), panels(&[panel], 1), 4096).expect_err("a refusal").to_string()
    };
    assert!(refusal(("stamp_reader", "L1", 0.0, 0.0, 9.0, 10.0)).contains("hold no bad sample"));
    assert!(refusal(("stamp_reader", "L1", 9.0, 10.0, 0.0, 0.0)).contains("hold no good sample"));
    assert!(refusal(("stamp_reader", "L1", 10.0, 100.0, 50.0, 100.0)).contains("no more than a coin"));
    assert!(refusal(("stamp_reader", "L1", 6.0, 10.0, 6.0, 10.0)).contains("of 4096 draws"));
    assert!(refusal(("stamp_reader", "L1", f64::NAN, 10.0, 6.0, 10.0)).contains("is empty in a row"));
    let wrong = |part: f64| {
        let columns = vec![
            ("part".to_owned(), Values::Numbers(vec![part; 2])),
            ("whole".to_owned(), Values::Numbers(vec![1.0; 2])),
            ("test".to_owned(), Values::Texts(Texts::of([Some("stamp_reader"); 2]))),
            ("weight".to_owned(), Values::Numbers(vec![1.0; 2])),
        ];
        let table = Records::new("records", "market", ("PA", "2024"), columns, 1).expect("of one length");
        run_with(table, panels(&[READER], 1), 16).expect_err("a refusal").to_string()
    };
    assert!(wrong(0.5).contains("neither 0 nor the whole"));
    assert!(wrong(f64::NAN).contains("no row has a weight"));
    let missing = (METHOD.run)(&Call::of("illicit_share", &[], &[sample()], 16)).expect_err("a refusal");
    assert!(missing.reason.contains("there are no panels"), "{missing}");
}

/// 120 markets of 40 outlets with 10 bottles of which 5 % are illicit, with panels of 60 and 120.
#[test]
fn the_interval_holds_the_level_in_clusters() {
    let mut held = 0;
    let worlds = 120;
    for world in 0..worlds {
        let stream = Stream::new(world, "market");
        let mut next = 0;
        let mut chance = |p: f64| {
            next += 1;
            stream.uniform(next) < p
        };
        let mut rows = Vec::new();
        for outlet in 0..40 {
            let sells = chance(0.25);
            for _ in 0..10 {
                let illicit = sells && chance(0.2);
                rows.push((chance(if illicit { 0.9 } else { 0.06 }), "reader", 1.0, outlet));
            }
        }
        let mut count = |n: u32, p: f64| f64::from((0..n).map(|_| u32::from(chance(p))).sum::<u32>());
        let panel = ("reader", "L1", count(60, 0.9), 60.0, count(120, 0.94), 120.0);
        let found = run_with(bottles(&rows, world), panels(&[panel], world), 1024).expect("one test");
        held += u32::from(found.low <= 0.05 && 0.05 <= found.high);
    }
    let part = f64::from(held) / worlds as f64;
    // Binomial standard error 0.02.
    assert!(part > 0.90, "{part}");
}
