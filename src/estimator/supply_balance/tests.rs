use proptest::prelude::*;

use super::*;
use crate::estimator::Argument;
use crate::estimator::numeric::sample::Sample;

/// A figure of an input and beverage, as a test gives it.
struct Given {
    input: &'static str,
    name: String,
    dimensions: Vec<(String, String)>,
    value: f64,
}

fn given(input: &'static str, beverage: &str, value: f64) -> Given {
    Given {
        input,
        name: format!("{input}|{beverage}"),
        dimensions: vec![("beverage".to_owned(), beverage.to_owned())],
        value,
    }
}

fn arguments(given: &[Given], errors: [f64; 4]) -> Vec<Argument<'_>> {
    let laws = METHOD.assumptions.iter().zip(errors).map(|(law, value)| Argument::exact(law.name, value));
    let figures = given.iter().map(|given| Argument {
        input: given.input,
        name: &given.name,
        dimensions: &given.dimensions,
        value: given.value,
        sd: Some(0.0),
        draws: &[],
    });
    laws.chain(figures).collect()
}

fn run_with(arguments: &[Argument<'_>], count: usize) -> Result<Estimate, Refusal> {
    (METHOD.run)(&Call::of("unaccounted_alcohol", arguments, &[], count))
}

fn step(estimate: &Estimate, name: &str) -> f64 {
    estimate.steps.iter().find(|step| step.name.starts_with(name)).expect(name).value
}

/// Beer: 1,000 + 200 - 100 - 20 - 5 - 1,000 - 15 = 60. Spirits: 300 + 500 - 250 + 10 - 600 = -40.
fn two_beverages() -> Vec<Given> {
    vec![
        given("production", "beer", 1000.0),
        given("imports", "beer", 200.0),
        given("exports", "beer", 100.0),
        given("stock_change", "beer", 20.0),
        given("stock", "beer", 120.0),
        given("lost", "beer", 5.0),
        given("duty_paid", "beer", 1000.0),
        given("duty_free", "beer", 15.0),
        given("production", "spirits", 300.0),
        given("imports", "spirits", 500.0),
        given("exports", "spirits", 250.0),
        given("stock_change", "spirits", -10.0),
        given("stock", "spirits", 70.0),
        given("duty_paid", "spirits", 600.0),
        given("duty_paid", "whisky", 400.0),
    ]
}

const ERRORS: [f64; 4] = [0.02, 0.02, 0.05, 0.01];

#[test]
fn by_hand() {
    let figures = two_beverages();
    let estimate = run_with(&arguments(&figures, ERRORS), 20_000).expect("figures");
    assert!((estimate.value - 20.0).abs() < 1e-12);
    let values: Vec<(String, f64)> =
        estimate.parts.iter().map(|part| (part.of[0].1.clone(), part.value)).collect();
    assert_eq!(values, [("beer".to_owned(), 60.0), ("spirits".to_owned(), -40.0)]);
    let beer: f64 = [20.0, 4.0, 2.0, 6.0, 5.0, 0.25, 10.0, 0.15].iter().map(|sd: &f64| sd * sd).sum();
    let spirits: f64 = [6.0, 10.0, 5.0, 3.5, 4.0, 6.0].iter().map(|sd: &f64| sd * sd).sum();
    let by_hand = f64::sqrt(beer + spirits);
    assert!((estimate.analytic.expect("coefficients are stated") - by_hand).abs() < 1e-12);
    let spread = Sample::new(estimate.draws.clone()).expect("draws").sd();
    assert!((spread / by_hand - 1.0).abs() < 0.02);
    assert!((estimate.parts[0].high - 60.0 - 1.96 * beer.sqrt()).abs() < 1.5);
    assert!((step(&estimate, "sum of the X_b above") - 60.0).abs() < 1e-12);
    assert!((step(&estimate, "sum of the X_b below") + 40.0).abs() < 1e-12);
    // What Stone's balancing must come to where each figure is in one identity alone.
    let statistic = 3600.0 / beer + 1600.0 / spirits;
    assert!((step(&estimate, "misclosure") - statistic).abs() < 1e-12);
    assert!((step(&estimate, "degrees") - 2.0).abs() < 1e-15);
    // Chi-squared with two degrees of freedom.
    assert!((step(&estimate, "probability") - (-statistic / 2.0).exp()).abs() < 1e-15);
    assert!(
        !estimate.notes.iter().any(|note| note.contains("whisky") || note.contains("stocks are not given"))
    );
    assert!(
        estimate
            .notes
            .iter()
            .any(|note| note == "no figure of losses is given for spirits, and it counts as nil")
    );
}

#[test]
fn ledgers_that_close_are_told_and_stocks_that_are_not_given_too() {
    let mut figures = two_beverages();
    figures.retain(|figure| figure.input != "stock" && !figure.name.contains("spirits"));
    figures[0].value = 950.0;
    let estimate = run_with(&arguments(&figures, ERRORS), 2000).expect("figures");
    assert!((estimate.value - 10.0).abs() < 1e-12);
    assert!(estimate.notes.iter().any(|note| note.contains("the ledgers close within their errors")));
    assert!(estimate.notes.iter().any(|note| note.contains("stocks are not given")));
    assert!(estimate.notes.iter().any(|note| note.contains("the interval reaches 0")));
    let exact = run_with(&arguments(&figures, [0.0; 4]), 2000).expect("figures");
    assert!(exact.notes.iter().any(|note| note.contains("cannot be told")));
    assert!(exact.notes.iter().any(|note| note.contains("taken as exact, so the interval has no width")));
    assert_eq!([exact.low.to_bits(), exact.high.to_bits()], [exact.value.to_bits(); 2]);
}

/// A figure with an interval of its own keeps it.
#[test]
fn an_interval_takes_the_place_of_the_stated_error() {
    let figures = two_beverages();
    let mut arguments = arguments(&figures, ERRORS);
    let draws = [990.0, 1010.0];
    let cleared = arguments.iter_mut().find(|a| a.name == "duty_paid|beer").expect("clearances of beer");
    (cleared.sd, cleared.draws) = (Some(40.0), &draws);
    let estimate = run_with(&arguments, 7).expect("figures");
    assert_eq!(estimate.draws.len(), 2);
    let (beer, spirits) = (
        400.0 + 16.0 + 4.0 + 36.0 + 25.0 + 0.0625 + 1600.0 + 0.0225,
        36.0 + 100.0 + 25.0 + 12.25 + 16.0 + 36.0,
    );
    assert!(
        (estimate.analytic.expect("errors") - f64::sqrt(beer + spirits)).abs() < 1e-12,
        "{:?}",
        estimate.analytic
    );
    let vague = arguments.iter_mut().find(|a| a.name == "duty_paid|beer").expect("clearances of beer");
    vague.sd = None;
    let estimate = run_with(&arguments, 7).expect("figures");
    assert_eq!(estimate.analytic, None);
    assert!(estimate.notes.iter().any(|note| note.contains("without a standard deviation")));
}

#[test]
fn what_is_left_out_or_nil_is_named() {
    let mut figures = two_beverages();
    figures.push(given("duty_paid", "wine", 50.0));
    figures.push(given("imports", "cider", 5.0));
    figures.retain(|figure| figure.name != "imports|beer" && figure.input != "exports");
    let estimate = run_with(&arguments(&figures, ERRORS), 2).expect("figures");
    assert!((estimate.value - (20.0 - 200.0 + 350.0)).abs() < 1e-12);
    for expected in
        ["cider, wine left out", "no figure of imports is given for beer", "no figure of exports is given"]
    {
        assert!(estimate.notes.iter().any(|note| note.starts_with(expected)), "{:?}", estimate.notes);
    }
    assert_eq!(estimate.parts.len(), 2);
}

#[test]
fn refusals_say_why() {
    let figures = two_beverages();
    let without = |input: &str| {
        let all = arguments(&figures, ERRORS);
        let kept: Vec<Argument<'_>> = all.into_iter().filter(|argument| argument.input != input).collect();
        run_with(&kept, 2).expect_err("a refusal").to_string()
    };
    for (input, words) in [("production", "production"), ("imports", "imports"), ("duty_paid", "clearances")]
    {
        assert!(without(input).contains(&format!("no figure of {words} is given for any beverage")));
    }
    assert!(without("trade_error").contains("trade_error is missing"));
    let wild = run_with(&arguments(&figures, [0.02, -0.1, 0.05, 0.01]), 2).expect_err("a refusal");
    assert!(wild.reason.contains("trade_error is -0.1"));
    let apart =
        [given("production", "beer", 1.0), given("imports", "beer", 1.0), given("duty_paid", "wine", 1.0)];
    let refusal = run_with(&arguments(&apart, ERRORS), 2).expect_err("a refusal");
    assert!(refusal.reason.contains("of no beverage are both"));
}

proptest! {
    #[test]
    fn beverages_add_up_in_any_order_and_unit(
        values in proptest::collection::vec(1.0..1e6_f64, 15), unit in 1e-3..1e3_f64,
    ) {
        let with = |unit: f64| -> Vec<Given> {
            two_beverages().into_iter().zip(&values).map(|(figure, value)| Given { value: value * unit, ..figure }).collect()
        };
        let figures = with(1.0);
        let one = run_with(&arguments(&figures, ERRORS), 4).expect("figures");
        let size = 1e-12 * values.iter().sum::<f64>();
        prop_assert!((one.value - one.parts.iter().map(|part| part.value).sum::<f64>()).abs() <= size);
        let mut turned = arguments(&figures, ERRORS);
        turned.reverse();
        let turned = run_with(&turned, 4).expect("figures");
        prop_assert!((one.value - turned.value).abs() <= size && (one.low - turned.low).abs() <= size);
        let scaled_figures = with(unit);
        let scaled = run_with(&arguments(&scaled_figures, ERRORS), 4).expect("figures");
        prop_assert!((scaled.value - unit * one.value).abs() <= unit * size);
        prop_assert!((step(&scaled, "misclosure") - step(&one, "misclosure")).abs() <= 1e-9 * step(&one, "misclosure"));
    }
}
