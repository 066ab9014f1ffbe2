use proptest::prelude::*;

use super::*;
use crate::estimator::numeric::distribution::Distribution;
use crate::estimator::numeric::propagation::{Settings, Uncertain, draw};
use crate::estimator::numeric::sample::Sample;
use crate::estimator::{Texts, Values};

/// Beverage, destination, state, dispatched, received, explained, days overdue.
type Row = (&'static str, &'static str, &'static str, f64, f64, f64, f64);

const NONE: f64 = f64::NAN;

fn register(rows: &[Row], movements: &[&str]) -> Records {
    let texts =
        |cell: fn(&Row) -> &'static str| Values::Texts(Texts::of(rows.iter().map(|row| Some(cell(row)))));
    let numbers = |cell: fn(&Row) -> f64| Values::Numbers(rows.iter().map(cell).collect());
    let columns = vec![
        ("movement", Values::Texts(Texts::of(movements.iter().map(|name| Some(*name))))),
        ("beverage", texts(|row| row.0)),
        ("destination", texts(|row| row.1)),
        ("state", texts(|row| row.2)),
        ("dispatched", numbers(|row| row.3)),
        ("received", numbers(|row| row.4)),
        ("explained", numbers(|row| row.5)),
        ("overdue_days", numbers(|row| row.6)),
    ];
    let columns = columns
        .into_iter()
        .filter(|(name, _)| *name != "movement" || !movements.is_empty())
        .map(|(name, values)| (name.to_owned(), values))
        .collect();
    Records::new("movements", "suspended_movements", ("PA", "2024"), columns, 1)
        .expect("columns of one length")
}

fn run_with(loss: Argument<'_>, rows: &[Row], count: usize) -> Result<Estimate, Refusal> {
    (METHOD.run)(&Call::of("undischarged_alcohol", &[loss], &[register(rows, &[])], count))
}

fn exact(loss: f64) -> Argument<'static> {
    Argument::exact("natural_loss", loss)
}

fn step(estimate: &Estimate, name: &str) -> f64 {
    estimate.steps.iter().find(|step| step.name.starts_with(name)).expect(name).value
}

const ROWS: &[Row] = &[
    ("spirits", "tax_warehouse", "received", 1000.0, 950.0, 10.0, 90.0),
    ("spirits", "export", "received", 1000.0, 999.0, NONE, 90.0),
    ("spirits", "export", "open", 500.0, NONE, 20.0, 100.0),
    ("beer", "tax_warehouse", "open", 300.0, NONE, NONE, 400.0),
    ("beer", "tax_warehouse", "open", 80.0, NONE, NONE, 0.0),
    ("beer", "tax_warehouse", "closed_by_hand", 70.0, NONE, 5.0, 30.0),
    ("beer", "tax_warehouse", "closed_by_hand", 100.0, 90.0, NONE, 30.0),
    ("beer", "tax_warehouse", "refused", 60.0, 0.0, NONE, 30.0),
    ("beer", "tax_warehouse", "received_in_part", 60.0, 40.0, NONE, 30.0),
    ("beer", "tax_warehouse", "interrupted", 40.0, NONE, NONE, 30.0),
    ("beer", "tax_warehouse", "received", 50.0, NONE, NONE, 30.0),
    ("beer", "tax_warehouse", "received", 50.0, 55.0, NONE, 30.0),
    ("beer", "tax_warehouse", "cancelled", 50.0, NONE, NONE, 30.0),
    ("beer", "tax_warehouse", "open", 10.0, NONE, NONE, NONE),
];

/// At a loss of 0.002: 40 - 2 = 38 short, 1 - 2 within the loss, 480 and 300 overdue, 65 and 10 - 0.2 closed by hand.
#[test]
fn by_hand() {
    let estimate = run_with(exact(0.002), ROWS, 3).expect("a register");
    assert!((estimate.value - (38.0 + 480.0 + 300.0 + 65.0 + 9.8)).abs() < 1e-12);
    assert_eq!(estimate.reading, Reading::Floor);
    let parts: Vec<(&str, f64)> =
        estimate.parts.iter().map(|part| (part.of[0].1.as_str(), part.value)).collect();
    assert_eq!(parts[1], ("spirits", 518.0));
    assert!(parts[0].0 == "beer" && (parts[0].1 - 374.8).abs() < 1e-12);
    for (name, value) in [
        ("short on arrival", 38.0),
        ("open and overdue", 780.0),
        ("of these, overdue by less", 480.0),
        ("closed by hand", 74.8),
        ("of S, on the way abroad", 480.0),
        ("open and not yet due", 80.0),
        ("refused", 80.0),
        ("interrupted", 40.0),
        ("loads", 14.0),
    ] {
        assert!((step(&estimate, name) - value).abs() < 1e-12, "{name}: {}", step(&estimate, name));
    }
    for words in ["1 of 14 loads cannot be judged", "without a quantity", "more than left", "not yet due"] {
        assert!(estimate.notes.iter().any(|note| note.contains(words)), "{words}: {:?}", estimate.notes);
    }
}

#[test]
fn the_interval_is_that_of_the_natural_loss() {
    let law = Distribution::pert(0.0, 0.002, 0.005, 4.0).expect("a law");
    let laws = [Uncertain { name: "natural_loss".to_owned(), law }];
    let draws = draw(&laws, None, Settings { draws: 20_000, seed: 3, threads: 1 }).expect("a law");
    let loss = Argument { value: law.median(), sd: Some(law.sd()), draws: &draws[0], ..exact(0.0) };
    let estimate = run_with(loss, ROWS, 20_000).expect("a register");
    for (drawn, loss) in estimate.draws.iter().zip(&draws[0]) {
        let by_load: f64 = loads::read(&register(ROWS, &[]))
            .expect("a register")
            .iter()
            .map(|load| load.missing(*loss))
            .sum();
        assert!((drawn - by_load).abs() < 1e-9);
    }
    // Of the two loads that are short by more than any loss; a third is short by a thousandth, which the loss may reach.
    assert!((estimate.analytic.expect("a law has a standard deviation") - 1100.0 * law.sd()).abs() < 1e-12);
    let spread = Sample::new(estimate.draws.clone()).expect("draws").sd();
    // The third adds to it where the loss stays below a thousandth: 1.063 of it, by 200,000 draws of the law in Python.
    assert!((spread / (1100.0 * law.sd()) - 1.063).abs() < 0.02);
}

#[test]
fn nothing_missing_is_nothing() {
    let whole: &[Row] = &[
        ("beer", "export", "received", 100.0, 100.0, NONE, 1.0),
        ("beer", "export", "received", 0.0, 0.0, NONE, 1.0),
    ];
    let estimate = run_with(exact(0.0), whole, 3).expect("a register");
    assert!(estimate.value == 0.0 && estimate.high == 0.0 && estimate.notes.is_empty());
    // All that is short is within the loss, exactly.
    let within: &[Row] = &[("beer", "export", "received", 100.0, 98.0, NONE, 1.0)];
    assert!(run_with(exact(0.02), within, 3).expect("a register").value.abs() < 1e-12);
    // All of an empty report is missing, but not more than all.
    let gone: &[Row] = &[("beer", "export", "received", 100.0, 0.0, 150.0, 1.0)];
    assert!(run_with(exact(0.02), gone, 3).expect("a register").value == 0.0);
}

#[test]
fn refusals_say_why() {
    let refusal =
        |loss: Argument<'_>, rows: &[Row]| run_with(loss, rows, 2).expect_err("a refusal").to_string();
    assert!(refusal(exact(0.0), &[]).contains("holds no movement"));
    assert!(refusal(exact(-0.1), ROWS).contains("natural loss"));
    assert!(refusal(Argument { draws: &[0.1, 1.0], ..exact(0.1) }, ROWS).contains("natural loss"));
    let twice = register(&ROWS[..2], &["AB1", "AB1"]);
    let refused =
        (METHOD.run)(&Call::of("undischarged_alcohol", &[exact(0.0)], &[twice], 2)).expect_err("a refusal");
    assert!(refused.reason.contains("stands twice") && !refused.to_string().contains("AB1"));
    assert!(
        (METHOD.run)(&Call::of("undischarged_alcohol", &[exact(0.0)], &[], 2))
            .expect_err("a refusal")
            .reason
            .contains("no movements")
    );
    assert!(
        (METHOD.run)(&Call::of("undischarged_alcohol", &[], &[register(ROWS, &[])], 2))
            .expect_err("a refusal")
            .reason
            .contains("natural_loss is missing")
    );
}

proptest! {
    #[test]
    fn a_search_gives_what_a_pass_over_the_register_gives(
        loads in proptest::collection::vec((0.0..100.0_f64, 0.0..110.0_f64, 0.0..10.0_f64, 0..4_usize), 1..40),
        loss in 0.0..0.9_f64, more in 0.0..0.09_f64, unit in 1e-3..1e3_f64,
    ) {
        let states = ["received", "open", "closed_by_hand", "refused"];
        let rows = |unit: f64| -> Vec<Row> {
            loads.iter().map(|(d, r, x, state)| ("beer", "export", states[*state], d * unit, r * unit, x * unit, 5.0)).collect()
        };
        let read = loads::read(&register(&rows(1.0), &[])).expect("a register");
        let by_load: f64 = read.iter().map(|load| load.missing(loss)).sum();
        let one = run_with(exact(loss), &rows(1.0), 2).expect("a register");
        prop_assert!((one.value - by_load).abs() < 1e-9);
        let scaled = run_with(exact(loss), &rows(unit), 2).expect("a register");
        prop_assert!((scaled.value - unit * one.value).abs() < 1e-9 * unit);
        prop_assert!(run_with(exact(loss + more), &rows(1.0), 2).expect("a register").value <= one.value + 1e-9);
        let mut turned = rows(1.0);
        turned.reverse();
        prop_assert!((run_with(exact(loss), &turned, 2).expect("a register").value - one.value).abs() < 1e-9);
        prop_assert!(one.value >= 0.0 && one.value <= read.iter().map(|load| load.dispatched).sum::<f64>() + 1e-9);
    }
}
