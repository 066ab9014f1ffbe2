use super::*;
use crate::estimator::Records;
use crate::estimator::numeric::draw::Stream;
use crate::estimator::panel::fixture::{Owned, ask, economy, figure};
use proptest::prelude::*;

/// One row of a made-up panel.
#[derive(Debug, Clone, Copy)]
struct Made {
    territory: &'static str,
    year: i32,
    beverage: &'static str,
    sales: f64,
    price: f64,
    discount: f64,
}

const PEOPLE: f64 = 1e6;

fn income(year: i32) -> f64 {
    1e9 * (1.0 + 0.02 * f64::from(year - 2000) + 0.05 * f64::from((year * 7) % 5))
}

fn index(year: i32) -> f64 {
    100.0 * 1.03_f64.powi(year - 2000)
}

/// Sales as the model has them, with b = -0.6, c = 0.4 and d = -0.3, times a residual.
fn made(territory: &'static str, beverage: &'static str, year: i32, shift: i32, residual: f64) -> Made {
    let price = 20.0 * index(year) / 100.0 * (1.0 + 0.1 * f64::from((year * 3 + shift) % 4));
    let discount = 0.2 + 0.1 * f64::from((year * 5 + shift) % 6);
    let real = price / index(year);
    let per_adult = income(year) / PEOPLE / index(year);
    let gap = -(1.0 - discount).ln();
    let log = 1.5 + 0.1 * f64::from(shift) - 0.6 * real.ln() + 0.4 * per_adult.ln() - 0.3 * gap + residual;
    Made { territory, year, beverage, sales: PEOPLE * log.exp(), price, discount }
}

fn inputs(panel: &[Made]) -> (Vec<Owned>, Vec<Records>) {
    let mut figures = Vec::new();
    let mut records = Vec::new();
    for row in panel {
        let place = (row.territory, row.year);
        let money = [("beverage", row.beverage), ("currency", "PAB")];
        figures.push(figure("sales", "duty_paid_alcohol", place, &money[..1], row.sales));
        figures.push(figure("price", "price_legal", place, &money, row.price));
        figures.push(figure("discount", "price_discount", place, &money, row.discount));
        figures.push(figure("people", "population", place, &[], PEOPLE));
        records.push(economy(
            place,
            "PAB",
            &[("income", income(row.year)), ("price_index", index(row.year))],
        ));
    }
    (figures, records)
}

fn ask_panel(panel: &[Made], place: (&str, i32), count: usize) -> Result<Estimate, Refusal> {
    let (figures, records) = inputs(panel);
    ask("displaced_sales_alcohol", place, &figures, &records, count, METHOD.run)
}

fn step(estimate: &Estimate, name: &str) -> f64 {
    estimate.steps.iter().find(|step| step.name.starts_with(name)).expect(name).value
}

#[test]
fn without_residuals_the_coefficients_come_back() {
    let panel: Vec<Made> = (2001..2013).map(|year| made("PA", "spirits", year, 0, 0.0)).collect();
    let estimate = ask_panel(&panel, ("PA", 2012), 200).expect("an estimate");
    let last = panel.last().expect("twelve rows");
    let expected = last.sales * ((1.0 - last.discount).powf(-0.3) - 1.0);
    assert!((estimate.value / expected - 1.0).abs() < 1e-9, "{} for {expected}", estimate.value);
    assert!((step(&estimate, "coefficient of the price gap") + 0.3).abs() < 1e-9);
    assert!((step(&estimate, "elasticity of the legal price") + 0.6).abs() < 1e-9);
    assert!((step(&estimate, "elasticity of income") - 0.4).abs() < 1e-9);
    assert!(estimate.high - estimate.low < 1e-6 * expected);
    assert_eq!(estimate.parts.len(), 1);
}

fn noise(index: u64) -> f64 {
    0.05 * Stream::new(9, "demand").normal(index)
}

/// The interval is that of Student's t: of d with 11 - 4 = 7 degrees of freedom, carried through the formula.
#[test]
fn the_interval_is_that_of_t() {
    let panel: Vec<Made> =
        (2001..2012).zip(0..).map(|(year, i)| made("PA", "spirits", year, 0, noise(i))).collect();
    let estimate = ask_panel(&panel, ("PA", 2011), 100_000).expect("an estimate");
    let (d, se) = (step(&estimate, "coefficient of the price gap"), step(&estimate, "standard error of d"));
    assert!((step(&estimate, "degrees of freedom") - 7.0).abs() < 1e-15);
    let last = panel.last().expect("eleven rows");
    // Quantile of t with 7 degrees of freedom at 0.975, from a table.
    let end = |sign: f64| last.sales * ((1.0 - last.discount).powf(d - sign * 2.364_624 * se) - 1.0);
    let ends = [end(-1.0), end(1.0)];
    for ((found, error), expected) in
        [estimate.low, estimate.high].into_iter().zip(estimate.monte_carlo_error).zip(ends)
    {
        assert!((found - expected).abs() < 4.0 * error, "{found} for {expected}");
    }
    let slope = last.sales * (1.0 - last.discount).powf(d) * (1.0 - last.discount).ln().abs();
    assert!((estimate.analytic.expect("exact figures") / (slope * se) - 1.0).abs() < 1e-9);
    // The year's own residual stays: what is fitted at zero gap differs by it alone.
    assert!((step(&estimate, "fitted sales at zero") - estimate.value).abs() > 1e-3 * estimate.value.abs());
}

/// Of 600 panels with normal errors 95 % hold d: within 4 standard deviations of the count, 549 to 591. With twelve
/// territories whose years are related the jackknife holds at least as many, and not nearly all.
#[test]
fn intervals_hold_what_they_promise() {
    let stream = Stream::new(4, "demand coverage");
    let mut numbers = (0_u64..).map(|index| stream.normal(index));
    let mut normal = || numbers.next().expect("an endless stream");
    let mut held = [0; 2];
    for (territories, held) in [1, 12].into_iter().zip(&mut held) {
        for _ in 0..600 {
            let mut sales = Vec::new();
            for territory in 0..territories {
                let shared = normal();
                for _ in 0..12 {
                    let (price, income) = (normal(), normal());
                    let gap = 0.3 * price + 0.5 * normal() + if territories > 1 { 0.3 * shared } else { 0.0 };
                    let related = if territories > 1 { 0.1 * shared * gap } else { 0.0 };
                    let quantity = 1.0 - 0.6 * price + 0.4 * income - 0.3 * gap + related + 0.2 * normal();
                    sales.push(Sale { unit: territory, territory, quantity, price, income, gap });
                }
            }
            let d = demand(&sales, 0.95).expect("a fit").gap;
            *held += i32::from(d.low <= -0.3 && -0.3 <= d.high);
        }
    }
    assert!((549..=591).contains(&held[0]), "{held:?}");
    assert!((549..=595).contains(&held[1]), "{held:?}");
}

/// Two beverages: parts add up, and the total's interval is the sum of the parts' intervals, because they move together.
#[test]
fn beverages_add_up() {
    let panel: Vec<Made> = (2001..2013)
        .zip(0_u64..)
        .flat_map(|(year, i)| {
            [made("PA", "beer", year, 1, noise(i)), made("PA", "spirits", year, 0, noise(100 + i))]
        })
        .collect();
    let estimate = ask_panel(&panel, ("PA", 2012), 4000).expect("an estimate");
    assert_eq!(
        estimate.parts.iter().map(|part| part.of[0].1.as_str()).collect::<Vec<_>>(),
        ["beer", "spirits"]
    );
    let total = |end: fn(&Part) -> f64| estimate.parts.iter().map(end).sum::<f64>();
    for (whole, parts) in [
        (estimate.value, total(|part| part.value)),
        (estimate.low, total(|part| part.low)),
        (estimate.high, total(|part| part.high)),
    ] {
        assert!((whole / parts - 1.0).abs() < 1e-9, "{whole} and {parts}");
    }
}

#[test]
fn years_of_a_territory_share_the_error_of_its_coefficient() {
    let panel: Vec<Made> =
        (2001..2013).zip(0..).map(|(year, i)| made("PA", "spirits", year, 0, noise(i))).collect();
    let (one, other) = (
        ask_panel(&panel, ("PA", 2011), 500).expect("an estimate"),
        ask_panel(&panel, ("PA", 2012), 500).expect("an estimate"),
    );
    let above = |estimate: &Estimate| -> Vec<bool> {
        let middle = Sample::new(estimate.draws.clone()).expect("draws").quantile(0.5);
        estimate.draws.iter().map(|draw| *draw > middle).collect()
    };
    assert_eq!(above(&one), above(&other));
}

#[test]
fn short_series_and_what_does_not_vary_are_refused() {
    let refusal = |panel: &[Made]| ask_panel(panel, ("PA", 2009), 10).expect_err("a refusal").to_string();
    let short: Vec<Made> = (2001..2010).map(|year| made("PA", "spirits", year, 0, 0.0)).collect();
    assert!(refusal(&short).contains("9 years of sales"), "{}", refusal(&short));
    assert!(refusal(&short).contains("10 are needed"));
    let still: Vec<Made> =
        (2000..2012).map(|year| Made { discount: 0.3, ..made("PA", "spirits", year, 0, 0.0) }).collect();
    assert!(refusal(&still).contains("the price gap does not vary"), "{}", refusal(&still));
    let elsewhere: Vec<Made> = (2001..2013).map(|year| made("CR", "spirits", year, 0, 0.0)).collect();
    assert!(refusal(&elsewhere).contains("no sales of this year"));
    // A beverage without prices is left out, and said to be.
    let mut panel: Vec<Made> = (2000..2012).map(|year| made("PA", "spirits", year, 0, 0.0)).collect();
    panel.push(Made { price: 0.0, ..made("PA", "wine", 2009, 1, 0.0) });
    let estimate = ask_panel(&panel, ("PA", 2009), 10).expect("an estimate");
    assert!(estimate.notes[0].contains("left out are wine"), "{:?}", estimate.notes);
}

#[test]
fn a_year_counts_in_one_currency() {
    let mut panel: Vec<Made> = (2001..2013).map(|year| made("PA", "spirits", year, 0, 0.0)).collect();
    let (mut figures, mut records) = inputs(&panel);
    let twice = panel.remove(3);
    let dollars = [("beverage", "spirits"), ("currency", "USD")];
    let place = ("PA", twice.year);
    figures.push(figure("price", "price_legal", place, &dollars, 999.0));
    figures.push(figure("discount", "price_discount", place, &dollars, 0.9));
    records.push(economy(place, "USD", &[("income", 1.0), ("price_index", 1.0)]));
    let estimate =
        ask("displaced_sales_alcohol", ("PA", 2012), &figures, &records, 10, METHOD.run).expect("one");
    assert!((step(&estimate, "coefficient of the price gap") + 0.3).abs() < 1e-9);
}

proptest! {
    #[test]
    fn no_gap_displaces_nothing_and_a_unit_changes_nothing(
        sales in 1.0..1e6_f64, d in -2.0..0.0_f64, discount in 0.0..0.9_f64, unit in 1e-3..1e3_f64,
    ) {
        let gap = price_gap(discount).expect("below 1");
        prop_assert!(gap >= 0.0 && displaced(sales, d, 0.0) == 0.0);
        let volume = displaced(sales, d, gap);
        prop_assert!(volume >= 0.0);
        prop_assert!((displaced(sales * unit, d, gap) / unit - volume).abs() <= 1e-12 * volume);
        prop_assert!((volume - sales * ((1.0 - discount).powf(d) - 1.0)).abs() <= 1e-9 * (volume + sales));
        prop_assert!(displaced(sales, d - 0.1, gap) >= volume);
    }
}
