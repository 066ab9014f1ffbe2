use super::*;
use crate::estimator::numeric::distribution::Distribution;
use crate::estimator::numeric::draw::Stream;
use crate::estimator::numeric::propagation::{Settings, Uncertain, draw};
use crate::estimator::{Records, Texts, Values};
use proptest::prelude::*;

/// One row: alcohol, probability, detection, consignments, stratum.
type Row = (f64, f64, f64, f64, &'static str);

const EMPTY: f64 = f64::NAN;

fn table(rows: &[Row], columns: &[&str]) -> Records {
    let numbers = |of: fn(&Row) -> f64| Values::Numbers(rows.iter().map(of).collect());
    let all = [
        ("alcohol", numbers(|row| row.0)),
        ("probability", numbers(|row| row.1)),
        ("detection", numbers(|row| row.2)),
        ("consignments", numbers(|row| row.3)),
        ("stratum", Values::Texts(Texts::of(rows.iter().map(|row| Some(row.4))))),
    ];
    let kept = all.into_iter().filter(|(name, _)| columns.contains(name));
    let kept = kept.map(|(name, values)| (name.to_owned(), values)).collect();
    Records::new("inspections", "inspections", ("PA", "2024"), kept, 1).expect("columns of one length")
}

const ALL: &[&str] = &["alcohol", "probability", "detection", "consignments", "stratum"];

fn estimate(records: &[Records], arguments: &[Argument<'_>], count: usize) -> Result<Estimate, Refusal> {
    (METHOD.run)(&Call::of("illicit_consignments_alcohol", arguments, records, count))
}

fn step(estimate: &Estimate, name: &str) -> f64 {
    estimate.steps.iter().find(|step| step.name == name).unwrap_or_else(|| panic!("{name}")).value
}

/// One in fifty at sea, one in ten by land: 1,000 and 200 inspected.
fn rows() -> Vec<Row> {
    vec![
        (0.0, 0.02, EMPTY, 997.0, "sea"),
        (120.0, 0.02, EMPTY, 1.0, "sea"),
        (900.0, 0.02, EMPTY, 1.0, "sea"),
        (60.0, 0.02, EMPTY, 1.0, "sea"),
        (0.0, 0.1, EMPTY, 199.0, "land"),
        (36.0, 0.1, EMPTY, 1.0, "land"),
    ]
}

#[test]
fn a_find_stands_for_as_many_as_the_draw_says() {
    let detection = [Argument::exact("detection", 0.8)];
    let estimate = estimate(&[table(&rows(), ALL)], &detection, 4_096).expect("finds");
    // 1080 / 0.016 + 36 / 0.08.
    assert!((estimate.value - 67_950.0).abs() < 1e-9);
    // Stratified, by hand: N^2/n [(1 - pi) s^2 + pi (1 - d) q] / d^2 for 50,000 of which 1,000, and 2,000 of which 200.
    let squares = 120.0 * 120.0 + 900.0 * 900.0 + 60.0 * 60.0;
    let sea =
        50_000.0 * 50.0 * (0.98 * (squares - 1080.0 * 1.08) / 999.0 + 0.02 * 0.2 * squares / 1000.0) / 0.64;
    let land = 2_000.0 * 10.0 * (0.9 * (1296.0 - 36.0 * 0.18) / 199.0 + 0.1 * 0.2 * 1296.0 / 200.0) / 0.64;
    assert!((estimate.analytic.expect("in closed form") / libm::sqrt(sea + land) - 1.0).abs() < 1e-12);
    assert!(estimate.low > 1116.0 && estimate.low < estimate.value && estimate.value < estimate.high);
    assert_eq!((step(&estimate, "consignments inspected n"), step(&estimate, "finds m")), (1200.0, 4.0));
    assert!(estimate.notes.iter().any(|note| note.contains("4 finds say little")));
    // Drawn each by itself where the consignments are not known.
    let poisson = self::estimate(&[table(&rows(), &ALL[..2])], &detection, 1).expect("finds");
    let by_hand = 0.984 * squares / (0.016 * 0.016) + 0.92 * 1296.0 / (0.08 * 0.08);
    assert!((poisson.analytic.expect("in closed form") / libm::sqrt(by_hand) - 1.0).abs() < 1e-12);
    assert!((step(&poisson, "consignments inspected n") - 6.0).abs() < 1e-12);
}

#[test]
fn detection_that_was_measured_goes_before_the_assumed_one() {
    let mut rows = rows();
    for row in &mut rows {
        row.2 = 0.5;
    }
    let measured = estimate(&[table(&rows, ALL)], &[], 16).expect("finds");
    assert!((measured.value - (1080.0 / 0.01 + 36.0 / 0.05)).abs() < 1e-9);
    rows[5].2 = EMPTY;
    let mixed = estimate(&[table(&rows, ALL)], &[Argument::exact("detection", 0.9)], 16).expect("finds");
    assert!((mixed.value - (1080.0 / 0.01 + 36.0 / 0.09)).abs() < 1e-9);
    assert!(mixed.notes.iter().any(|note| note.contains("taken as exact")));
}

#[test]
fn an_uncertain_detection_widens_and_enters_the_standard_error() {
    let law = Uncertain { name: "d".to_owned(), law: Distribution::beta(30.0, 10.0).expect("a law") };
    let draws = draw(std::slice::from_ref(&law), None, Settings { draws: 8_192, seed: 1, threads: 1 })
        .expect("a law");
    let (median, sd) = (law.law.median(), law.law.sd());
    let detection = Argument { draws: &draws[0], sd: Some(sd), ..Argument::exact("detection", median) };
    let rows: Vec<Row> = (0..200).map(|_| (10.0, 0.1, EMPTY, 1.0, "sea")).collect();
    let records = [table(&rows, &ALL[..2])];
    let uncertain = estimate(&records, &[detection], 8_192).expect("finds");
    let exact = estimate(&records, &[Argument::exact("detection", median)], 8_192).expect("finds");
    assert_eq!(uncertain.value.to_bits(), exact.value.to_bits());
    let by_hand = exact.analytic.expect("se").hypot(exact.value * sd / median);
    assert!((uncertain.analytic.expect("se") / by_hand - 1.0).abs() < 1e-12);
    assert!(uncertain.high - uncertain.low > 1.3 * (exact.high - exact.low));
    // With two hundred equal finds the law is nearly normal.
    assert!((exact.standard_error.expect("draws") / exact.analytic.expect("se") - 1.0).abs() < 0.1);
}

#[test]
fn nothing_found_gives_a_bound_where_the_content_is_stated() {
    let rows = [(0.0, 0.02, EMPTY, 1_000.0, "sea")];
    let arguments = [Argument::exact("detection", 0.5), Argument::exact("content", 200.0)];
    let estimate = estimate(&[table(&rows, ALL)], &arguments, 8 * 4_096).expect("a bound");
    assert_eq!((estimate.value, estimate.low), (0.0, 0.0));
    // 0.99^n = 0.025 at n = 367.04.
    let most = libm::log(0.025) / libm::log(0.99);
    assert!((estimate.high / (200.0 * most) - 1.0).abs() < 0.01, "{}", estimate.high);
    assert!((step(&estimate, "most illicit consignments, at the upper end") - most).abs() < 1e-9);
    let refused = self::estimate(&[table(&rows, ALL)], &arguments[..1], 16).expect_err("no content");
    assert!(refused.reason.contains("up to 367 consignments"), "{refused}");
}

#[test]
fn finds_of_unknown_content_count_as_the_others() {
    let mut rows = rows();
    rows[3].0 = EMPTY;
    let detection = [Argument::exact("detection", 1.0)];
    let estimate = estimate(&[table(&rows, ALL)], &detection, 64).expect("finds");
    // Weights 50, 50, 10 are known and 50 is not: factor 160/110.
    assert!((estimate.value - (1020.0 * 50.0 + 360.0) * 160.0 / 110.0).abs() < 1e-6);
    assert!(estimate.notes.iter().any(|note| note.contains("of 1 of 4 finds")));
    rows[2].0 = EMPTY;
    rows[1].0 = EMPTY;
    let refused = self::estimate(&[table(&rows, ALL)], &detection, 64).expect_err("mostly unknown");
    assert!(refused.reason.contains("of 3 of 4 finds"), "{refused}");
    rows[5].0 = EMPTY;
    let refused = self::estimate(&[table(&rows, ALL)], &detection, 64).expect_err("all unknown");
    assert!(refused.reason.contains("of 4 finds nobody knows"), "{refused}");
}

#[test]
fn the_same_table_gives_the_same_draws_and_another_seed_others() {
    let detection = [Argument::exact("detection", 0.8)];
    let records = [table(&rows(), ALL)];
    let one = estimate(&records, &detection, 64).expect("finds");
    assert_eq!(one.draws, estimate(&records, &detection, 64).expect("finds").draws);
    let other = estimate(&[records[0].reseeded(2)], &detection, 64).expect("finds");
    assert_ne!(one.draws, other.draws);
}

#[test]
fn refusals_say_what_would_mend_them() {
    let detection = [Argument::exact("detection", 0.8)];
    let refusal = |rows: &[Row], arguments: &[Argument<'_>]| {
        estimate(&[table(rows, ALL)], arguments, 4).expect_err("no estimate").to_string()
    };
    assert!(
        estimate(&[], &detection, 4)
            .expect_err("no table")
            .reason
            .contains("no inspection was drawn by chance")
    );
    assert!(refusal(&[], &detection).contains("no inspection was drawn by chance"));
    assert!(refusal(&rows(), &[]).contains("not stated how likely"));
    assert!(refusal(&rows(), &[Argument::exact("detection", 0.0)]).contains("detection is 0"));
    assert!(refusal(&rows(), &[Argument::exact("detection", 1.2)]).contains("detection is 1.2"));
    let with = |row: Row| rows().into_iter().chain([row]).collect::<Vec<Row>>();
    assert!(
        refusal(&with((5.0, 0.0, EMPTY, 1.0, "sea")), &detection)
            .contains("probability of 1 inspections cannot be")
    );
    assert!(
        refusal(&with((5.0, EMPTY, EMPTY, 1.0, "sea")), &detection)
            .contains("probability of 1 inspections is not given")
    );
    assert!(
        refusal(&with((-5.0, 0.1, EMPTY, 1.0, "sea")), &detection)
            .contains("alcohol of 1 inspections cannot be")
    );
    assert!(
        refusal(&with((5.0, 0.1, 0.0, 1.0, "sea")), &detection)
            .contains("detection of 1 inspections cannot be")
    );
    assert!(
        refusal(&with((5.0, 0.1, EMPTY, 0.0, "sea")), &detection)
            .contains("consignments of 1 inspections cannot be")
    );
    let content = [Argument::exact("detection", 0.8), Argument::exact("content", -1.0)];
    assert!(refusal(&rows()[..1], &content).contains("content of an illicit consignment is -1"));
}

/// 400 years of a border, each drawn, inspected and estimated with the laws that made it: 20,000 consignments of which 600 are
/// illicit, one in forty inspected, found with 0.5 to 0.95.
#[test]
fn the_interval_holds_the_truth_as_often_as_it_says() {
    let law = Distribution::pert(0.5, 0.8, 0.95, 4.0).expect("a law");
    let laws = [Uncertain { name: "d".to_owned(), law }];
    let draws = draw(&laws, None, Settings { draws: 512, seed: 3, threads: 1 }).expect("a law");
    let detection =
        Argument { draws: &draws[0], sd: Some(law.sd()), ..Argument::exact("detection", law.median()) };
    let stream = Stream::new(29, "worlds");
    let mut next = 0_u64;
    let mut uniform = || {
        next += 1;
        stream.uniform(next)
    };
    let (years, mut held) = (400, 0);
    for year in 0..years {
        let d = law.quantile(uniform());
        let (mut rows, mut truth) = (vec![(0.0, 0.025, EMPTY, 490.0, "sea")], 0.0);
        for _ in 0..600 {
            let y = 50.0 * libm::exp(1.2 * normal::quantile(uniform()));
            truth += y;
            if uniform() < 0.025 * d {
                rows.push((y, 0.025, EMPTY, 1.0, "sea"));
            }
        }
        let records = [table(&rows, ALL).reseeded(year)];
        let estimate = estimate(&records, &[detection], 512).expect("about eleven finds");
        held += u32::from(estimate.low <= truth && truth <= estimate.high);
    }
    let part = f64::from(held) / 400.0;
    // Two standard errors of 400 years are 0.022.
    assert!((0.93..=1.0).contains(&part), "{part}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn bounds_contain_the_value_and_no_draw_is_below_what_was_found(
        finds in prop::collection::vec((0.001..1e4_f64, 0.001..1.0_f64), 1..12),
        d in 0.05..1.0_f64,
    ) {
        let rows: Vec<Row> = finds.iter().map(|(y, pi)| (*y, *pi, EMPTY, 1.0, "sea")).collect();
        let estimate = estimate(&[table(&rows, ALL)], &[Argument::exact("detection", d)], 512).expect("finds");
        let found: f64 = finds.iter().map(|find| find.0).sum();
        prop_assert!(estimate.low <= estimate.value && estimate.value <= estimate.high);
        prop_assert!(estimate.draws.iter().all(|draw| draw.is_finite() && *draw >= found * (1.0 - 1e-12)));
        // The order of rows does not matter to the value.
        let turned: Vec<Row> = rows.into_iter().rev().collect();
        let other = self::estimate(&[table(&turned, ALL)], &[Argument::exact("detection", d)], 1).expect("finds");
        prop_assert!((other.value - estimate.value).abs() <= 1e-12 * estimate.value);
    }
}
