use super::*;
use crate::estimator::Records;
use crate::estimator::numeric::distribution::Distribution;
use crate::estimator::numeric::draw::Stream;
use crate::estimator::numeric::sample::Sample;
use crate::estimator::panel::fixture::{Owned, ask, economy, figure};
use proptest::prelude::*;

/// A made-up year; the seeds of the columns are whole numbers, so that other software can be given the same.
fn year(t: i32) -> Year {
    let f = |a: i32, m: i32| f64::from((t * a) % m);
    let (share, money) = (0.12 + 0.002 * f(7, 11) + 0.001 * f64::from(t), 1000.0 + 40.0 * f64::from(t));
    Year {
        cash: share * money,
        cash_share: share,
        money,
        tax_share: 0.18 + 0.01 * f(3, 7),
        wage_share: 0.5 + 0.01 * f(5, 9),
        deposit_rate: 3.0 - 0.4 * f(4, 13),
        output: 2000.0 + 90.0 * f64::from(t) + 10.0 * f(2, 5),
        price_index: 100.0 + 3.0 * f64::from(t),
    }
}

fn record(t: i32, year: &Year) -> Records {
    let columns = [
        ("cash_share", year.cash_share),
        ("cash", year.cash_share * year.money),
        ("broad_money", year.money),
        ("tax_share", year.tax_share),
        ("wage_share", year.wage_share),
        ("deposit_rate", year.deposit_rate),
        ("output", year.output),
        ("price_index", year.price_index),
    ];
    economy(("PA", 2000 + t), "PAB", &columns)
}

fn ratio(value: f64) -> Owned {
    figure("velocity_ratio", "velocity_ratio", ("PA", 2000), &[], value)
}

fn ask_years(years: &[Year], count: usize) -> Result<Estimate, Refusal> {
    let records: Vec<Records> = years.iter().zip(0..).map(|(year, t)| record(t, year)).collect();
    let last = 1999 + i32::try_from(years.len()).expect("few years");
    ask("untaxed_economy_value", ("PA", last), &[ratio(1.0)], &records, count, METHOD.run)
}

fn step(estimate: &Estimate, name: &str) -> f64 {
    estimate.steps.iter().find(|step| step.name.starts_with(name)).expect(name).value
}

fn near(found: f64, expected: f64, relative: f64) {
    assert!((found / expected - 1.0).abs() < relative, "{found:e}, expected {expected:e}");
}

/// statsmodels 0.15.0 (`OLS`) and numpy: coefficients, standard errors, the estimate, the delta method by differences, and
/// quantiles of four million draws of the coefficients.
#[test]
fn fourteen_years_of_statsmodels() {
    let years: Vec<Year> = (0..14).map(year).collect();
    let fit = demand(&years).expect("a fit");
    let covariance = fit.covariance(Errors::Alike).expect("a law");
    let expected = [
        (-3.856_854_297_715_657, 0.968_237_181_075_878_9),
        (0.628_686_123_397_335_1, 1.113_922_032_458_927_2),
        (0.370_206_860_722_379_6, 0.368_255_897_828_066_45),
        (-0.013_252_420_320_727_49, 0.008_473_606_848_944_425),
        (0.643_749_112_123_225_9, 0.311_282_280_196_321_37),
    ];
    for (j, (coefficient, standard_error)) in expected.into_iter().enumerate() {
        near(fit.coefficients[j], coefficient, 1e-10);
        near(covariance.matrix[(j, j)].sqrt(), standard_error, 1e-10);
    }
    let estimate = ask_years(&years, 100_000).expect("an estimate");
    near(step(&estimate, "illicit money"), 24.206_967_433_264_442, 1e-9);
    near(estimate.value, 51.463_106_701_124_78, 1e-9);
    near(step(&estimate, "untaxed economy, with cash as held"), 52.807_072_691_077_45, 1e-9);
    near(estimate.analytic.expect("exact figures"), 87.224_482_350_641_47, 1e-6);
    for ((found, error), expected) in
        [estimate.low, estimate.high].into_iter().zip(estimate.monte_carlo_error).zip([-183.904, 216.613])
    {
        assert!((found - expected).abs() < 4.0 * error + 0.3, "{found} for {expected}");
    }
    assert!(estimate.notes.iter().any(|note| note.contains("no effect of taxes")), "{:?}", estimate.notes);
}

/// Years made by the model without errors give the coefficients back, and Tanzi's arithmetic by hand.
#[test]
fn without_errors_the_model_comes_back() {
    let b = [-2.5, 1.8, 0.4, -0.02, 0.1];
    let years: Vec<Year> = (0..14)
        .map(year)
        .map(|year| {
            let log: f64 = year.row().iter().zip(b).map(|(x, b)| x * b).sum();
            Year { cash_share: log.exp(), ..year }
        })
        .collect();
    let estimate = ask_years(&years, 100).expect("an estimate");
    near(step(&estimate, "coefficient of tax"), 1.8, 1e-9);
    let last = years.last().expect("years");
    let cash = last.cash_share * last.money;
    let illicit = cash - cash / (1.0 + last.tax_share).powf(1.8);
    let by_hand = illicit * last.output / (last.money - illicit);
    near(estimate.value, by_hand, 1e-9);
    near(step(&estimate, "untaxed economy, with cash as held"), by_hand, 1e-9);
    assert!(estimate.high - estimate.low < 1e-6 * by_hand);
}

/// Of 400 series with normal errors 95 % hold the untaxed economy of the true coefficients: within 4 standard deviations of the
/// count, 363 to 397.
#[test]
fn intervals_hold_what_they_promise() {
    let stream = Stream::new(8, "currency coverage");
    let mut numbers = (0_u64..).map(|index| stream.normal(index));
    let b = [-2.5, 1.8, 0.4, -0.02, 0.1];
    let mut held = 0;
    for _ in 0..400 {
        let years: Vec<Year> = (0..16)
            .map(year)
            .map(|year| {
                let log: f64 = year.row().iter().zip(b).map(|(x, b)| x * b).sum();
                Year { cash_share: (log + 0.01 * numbers.next().expect("endless")).exp(), ..year }
            })
            .collect();
        let last = years[15];
        let truth = last.untaxed(last.illicit_money(&b), 1.0).expect("legal money");
        let estimate = ask_years(&years, 1000).expect("an estimate");
        held += i32::from(estimate.low <= truth && truth <= estimate.high);
    }
    assert!((363..=397).contains(&held), "{held}");
}

#[test]
fn the_delta_method_agrees_with_the_draws() {
    let mut owned = ratio(1.0);
    let law = Distribution::normal(1.0, 0.05).expect("a law");
    let stream = Stream::new(2, "ratio");
    owned.draws = (0..40_000_u64).map(|i| law.quantile(stream.uniform(i))).collect();
    owned.sd = Some(0.05);
    let b = [-2.5, 1.8, 0.4, -0.02, 0.1];
    let noise = Stream::new(3, "noise");
    let records: Vec<Records> = (0..40)
        .map(|t| {
            let year = year(t);
            let log: f64 = year.row().iter().zip(b).map(|(x, b)| x * b).sum();
            let error = 0.002 * noise.normal(u64::from(t.unsigned_abs()));
            record(t, &Year { cash_share: (log + error).exp(), ..year })
        })
        .collect();
    let estimate = ask("untaxed_economy_value", ("PA", 2039), &[owned], &records, 40_000, METHOD.run)
        .expect("an estimate");
    let spread = Sample::new(estimate.draws.clone()).expect("draws").sd();
    let analytic = estimate.analytic.expect("a standard deviation of the ratio");
    // Student's t with 35 degrees of freedom is wider than normal by sqrt(35/33).
    assert!((spread / analytic - 1.0).abs() < 0.05, "{spread} and {analytic}");
}

#[test]
fn what_cannot_be_told_is_refused() {
    let years: Vec<Year> = (0..14).map(year).collect();
    let refusal = |years: &[Year]| ask_years(years, 10).expect_err("a refusal").to_string();
    assert!(refusal(&years[..10]).contains("10 years have cash"), "{}", refusal(&years[..10]));
    assert!(refusal(&years[..10]).contains("11 are needed"));
    let still: Vec<Year> = years.iter().map(|year| Year { tax_share: 0.2, ..*year }).collect();
    assert!(
        refusal(&still).contains("the tax share is a combination of the constant"),
        "{}",
        refusal(&still)
    );
    let mut hole = years.clone();
    hole[13].wage_share = f64::NAN;
    assert!(refusal(&hole).contains("of this year is missing"));
    let records: Vec<Records> = years.iter().zip(0..).map(|(year, t)| record(t, year)).collect();
    let asked = |figures: &[Owned], records: &[Records]| {
        ask("untaxed_economy_value", ("PA", 2013), figures, records, 10, METHOD.run)
            .expect_err("a refusal")
            .to_string()
    };
    assert!(asked(&[], &records).contains("state the velocity ratio"));
    let mut two = records.clone();
    two.push({
        let columns = [
            ("cash_share", 0.1),
            ("cash", 1.0),
            ("broad_money", 10.0),
            ("tax_share", 0.2),
            ("wage_share", 0.5),
            ("deposit_rate", 1.0),
            ("output", 20.0),
            ("price_index", 100.0),
        ];
        economy(("PA", 2013), "USD", &columns)
    });
    assert!(asked(&[ratio(1.0)], &two).contains("given in PAB and USD"));
    // An effect of tax that is hardly known makes all money illicit in some draws.
    let wild: Vec<Year> = years
        .iter()
        .zip(0_u64..)
        .map(|(year, i)| Year { cash_share: 0.3 * (1.5 * Stream::new(1, "wild").normal(i)).exp(), ..*year })
        .collect();
    assert!(refusal(&wild).contains("illicit money is all money"), "{}", refusal(&wild));
}

#[test]
fn trends_that_only_seem_related_are_noted() {
    let years: Vec<Year> = (0..20)
        .map(|t| {
            let slow = if t < 10 { 0.0 } else { 1.0 };
            Year {
                cash_share: 0.1 * (0.5 * slow + 0.05 * f64::from(t)).exp(),
                tax_share: 0.15 + 0.004 * f64::from(t),
                ..year(t)
            }
        })
        .collect();
    let estimate = ask_years(&years, 50);
    let notes = estimate.map(|estimate| estimate.notes).expect("an estimate");
    assert!(notes.iter().any(|note| note.contains("may only seem related")), "{notes:?}");
}

proptest! {
    #[test]
    fn the_unit_of_money_changes_only_the_unit(unit in 1e-3..1e3_f64, b1 in 0.1..2.0_f64) {
        let b = [-2.5, b1, 0.4, -0.02, 0.1];
        let plain = year(5);
        let scaled = Year { money: plain.money * unit, output: plain.output * unit, ..plain };
        // The constant takes in the unit of output.
        let moved = [b[0] - b[4] * unit.ln(), b1, 0.4, -0.02, 0.1];
        let one = plain.untaxed(plain.illicit_money(&b), 1.0).expect("legal money");
        let other = scaled.untaxed(scaled.illicit_money(&moved), 1.0).expect("legal money");
        prop_assert!((other / unit / one - 1.0).abs() < 1e-10);
        prop_assert!(one > 0.0 && plain.untaxed(0.0, 1.0) == Some(0.0));
        let part = plain.part_for_tax(&b);
        prop_assert!(part > 0.0 && part < 1.0);
    }
}
