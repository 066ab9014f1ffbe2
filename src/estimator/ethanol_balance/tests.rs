use proptest::prelude::*;

use super::*;
use crate::estimator::numeric::distribution::Distribution;
use crate::estimator::numeric::propagation::{Settings, Uncertain, draw};
use crate::estimator::numeric::sample::Sample;
use crate::estimator::{Records, Texts, Values};

/// Grade, opening stock, production, imports, lost, closing stock.
type SupplyRow = (&'static str, [f64; 5]);
/// Purpose, grade, delivered.
type UseRow = (&'static str, &'static str, f64);

fn supply(rows: &[SupplyRow]) -> Records {
    let numbers = |place: usize| Values::Numbers(rows.iter().map(|(_, row)| row[place]).collect());
    let columns = vec![
        ("grade".to_owned(), Values::Texts(Texts::of(rows.iter().map(|(grade, _)| Some(*grade))))),
        ("opening_stock".to_owned(), numbers(0)),
        ("production".to_owned(), numbers(1)),
        ("imports".to_owned(), numbers(2)),
        ("lost".to_owned(), numbers(3)),
        ("closing_stock".to_owned(), numbers(4)),
    ];
    Records::new("supply", "ethanol_supply", ("PA", "2024"), columns, 1).expect("columns of one length")
}

fn uses(rows: &[UseRow]) -> Records {
    let columns = vec![
        ("purpose".to_owned(), Values::Texts(Texts::of(rows.iter().map(|row| Some(row.0))))),
        ("grade".to_owned(), Values::Texts(Texts::of(rows.iter().map(|row| Some(row.1))))),
        ("delivered".to_owned(), Values::Numbers(rows.iter().map(|row| row.2).collect())),
    ];
    Records::new("use", "ethanol_use", ("PA", "2024"), columns, 1).expect("columns of one length")
}

const YEAR: &[SupplyRow] = &[("neutral", [100.0, 1000.0, 200.0, 5.0, 80.0])];
const USES: &[UseRow] =
    &[("fuel", "denatured", 900.0), ("export", "neutral", 150.0), ("unknown", "neutral", 20.0)];

fn assumptions(coefficients: [f64; 4], evaporation: f64) -> Vec<Argument<'static>> {
    ["production_error", "imports_error", "stock_error", "use_error"]
        .into_iter()
        .zip(coefficients)
        .chain([("evaporation", evaporation)])
        .map(|(name, value)| Argument::exact(name, value))
        .collect()
}

fn run_with(
    arguments: &[Argument<'_>],
    supply_rows: &[SupplyRow],
    use_rows: &[UseRow],
    count: usize,
) -> Result<Estimate, Refusal> {
    let records = [supply(supply_rows), uses(use_rows)];
    (METHOD.run)(&Call::of("unaccounted_ethanol", arguments, &records, count))
}

fn step(estimate: &Estimate, name: &str) -> f64 {
    estimate.steps.iter().find(|step| step.name.starts_with(name)).expect(name).value
}

/// 1,300 were there, 13 evaporated, 5 were lost, 1,050 used and 80 kept: 152 by hand.
#[test]
fn by_hand() {
    let estimate =
        run_with(&assumptions([0.01, 0.01, 0.02, 0.03], 0.01), YEAR, USES, 20_000).expect("figures");
    assert!((estimate.value - 152.0).abs() < 1e-12);
    let squares = [0.99 * 2.0, 0.99 * 10.0, 0.99 * 2.0, 31.5, 1.6].map(|sd: f64| sd * sd);
    let by_hand = squares.iter().sum::<f64>().sqrt();
    let analytic = estimate.analytic.expect("coefficients are stated");
    assert!(
        (analytic - by_hand).abs() < 1e-12
            && (step(&estimate, "standard error of X") - by_hand).abs() < 1e-12
    );
    let spread = Sample::new(estimate.draws.clone()).expect("draws").sd();
    assert!((spread / by_hand - 1.0).abs() < 0.02, "{spread} {by_hand}");
    assert!(((estimate.high - estimate.low) / (2.0 * 1.96 * by_hand) - 1.0).abs() < 0.02);
    assert!((step(&estimate, "delivered without") - 20.0).abs() < 1e-12);
    assert!((step(&estimate, "exported") - 150.0).abs() < 1e-12);
    assert!(estimate.notes.iter().any(|note| note.contains("no imports by customs")));
}

/// By hand: variances 4 and 4.41, so that customs weigh 4 / 8.41.
#[test]
fn two_counts_of_imports_are_reconciled_and_their_contradiction_is_told() {
    let mut arguments = assumptions([0.01, 0.01, 0.02, 0.03], 0.01);
    arguments.push(Argument::exact("imports_by_customs", 210.0));
    let estimate = run_with(&arguments, YEAR, USES, 20_000).expect("figures");
    let imports = 200.0 + 10.0 * 4.0 / 8.41;
    assert!((step(&estimate, "imports, reconciled") - imports).abs() < 1e-12);
    assert!((step(&estimate, "misclosure") - 100.0 / 8.41).abs() < 1e-12);
    // SciPy 1.17: chi2.sf(100 / 8.41, 1).
    assert!((step(&estimate, "probability") - 5.641_775_015_7e-4).abs() < 1e-13);
    assert!((estimate.value - (152.0 + 0.99 * (imports - 200.0))).abs() < 1e-12);
    assert!((step(&estimate, "X with the imports by customs") - 161.9).abs() < 1e-12);
    assert!(estimate.notes.iter().any(|note| note.contains("by more than their errors")));
    let spread = Sample::new(estimate.draws.clone()).expect("draws").sd();
    assert!((spread / estimate.analytic.expect("coefficients are stated") - 1.0).abs() < 0.02);

    // Customs' own interval takes the place of the stated error.
    let draws = [209.0, 211.0];
    let own = Argument { sd: Some(1.0), draws: &draws, ..Argument::exact("imports_by_customs", 210.0) };
    *arguments.last_mut().expect("customs") = own;
    let estimate = run_with(&arguments, YEAR, USES, 2).expect("figures");
    assert!((step(&estimate, "imports, reconciled") - (200.0 + 10.0 * 4.0 / 5.0)).abs() < 1e-12);
    *arguments.last_mut().expect("customs") = Argument { sd: None, ..own };
    assert!(
        run_with(&arguments, YEAR, USES, 2).expect_err("no variance").reason.contains("standard deviation")
    );
}

/// A stock that closes one month and opens the next is one count: three months err like the one row of their quarter.
#[test]
fn months_add_up_to_their_year_with_its_error() {
    let months: &[SupplyRow] = &[
        ("neutral", [100.0, 300.0, 70.0, 5.0, 90.0]),
        ("neutral", [120.0, 400.0, 60.0, 0.0, 80.0]),
        ("neutral", [90.0, 300.0, 70.0, 0.0, 120.0]),
    ];
    let arguments = assumptions([0.01, 0.01, 0.02, 0.03], 0.01);
    let year = run_with(&arguments, YEAR, USES, 2).expect("figures");
    let together = run_with(&arguments, months, USES, 2).expect("figures");
    assert!((together.value - year.value).abs() < 1e-12);
    assert!((together.analytic.expect("errors") - year.analytic.expect("errors")).abs() < 1e-12);
    assert!(together.notes.iter().any(|note| note.contains("3 rows of one grade")));
    // Stocks that never change are still counted at the start and at the end.
    let still: &[SupplyRow] =
        &[("neutral", [50.0, 0.0, 0.0, 0.0, 50.0]), ("neutral", [50.0, 0.0, 0.0, 0.0, 50.0])];
    let estimate = run_with(&assumptions([0.0, 0.0, 0.02, 0.0], 0.0), still, &[], 2).expect("figures");
    assert!(estimate.value.abs() < 1e-12);
    assert!((estimate.analytic.expect("errors") - 2.0_f64.sqrt()).abs() < 1e-12);
}

#[test]
fn a_row_of_all_grades_is_not_added_to_the_grades() {
    let arguments = assumptions([0.01; 4], 0.0);
    let both: &[SupplyRow] = &[YEAR[0], ("all", [100.0, 1000.0, 210.0, 5.0, 80.0])];
    let estimate = run_with(&arguments, both, USES, 2).expect("figures");
    assert!((step(&estimate, "imports by the regulator") - 210.0).abs() < 1e-12);
    let some: &[SupplyRow] = &[YEAR[0], YEAR[0], ("all", [100.0, 1000.0, 210.0, 5.0, 80.0])];
    assert!(
        run_with(&arguments, some, USES, 2)
            .expect_err("a month is missing")
            .reason
            .contains("2 rows of grade neutral")
    );
    let fuel: &[UseRow] = &[("fuel", "all", 900.0), ("fuel", "denatured", 880.0), ("food", "neutral", 7.0)];
    let estimate = run_with(&arguments, YEAR, fuel, 2).expect("figures");
    assert!((step(&estimate, "declared uses") - 907.0).abs() < 1e-12);
}

#[test]
fn a_negative_difference_is_kept_and_explained() {
    let more: &[UseRow] = &[("fuel", "denatured", 1300.0)];
    let estimate = run_with(&assumptions([0.01; 4], 0.0), YEAR, more, 2).expect("figures");
    assert!((estimate.value + 85.0).abs() < 1e-12);
    assert!(estimate.notes.iter().any(|note| note.contains("more was used than there was")));
    let nothing: &[SupplyRow] = &[("neutral", [0.0; 5])];
    let estimate = run_with(&assumptions([0.01; 4], 0.0), nothing, &[], 2).expect("figures");
    assert!(estimate.value == 0.0 && estimate.low == 0.0 && estimate.high == 0.0);
}

#[test]
fn refusals_say_why() {
    let good = assumptions([0.01; 4], 0.01);
    let refusal = |arguments: &[Argument<'_>], supply: &[SupplyRow], uses: &[UseRow]| {
        run_with(arguments, supply, uses, 2).expect_err("a refusal").to_string()
    };
    assert!(refusal(&good[1..], YEAR, USES).contains("production_error is missing"));
    assert!(refusal(&assumptions([1.0; 4], 0.01), YEAR, USES).contains("variation imports_error is 1"));
    assert!(refusal(&assumptions([0.01; 4], -0.1), YEAR, USES).contains("evaporation"));
    let mut laws = assumptions([0.01; 4], 0.01);
    laws[4] = Argument { draws: &[0.01, 1.2], ..laws[4] };
    assert!(refusal(&laws, YEAR, USES).contains("evaporation"));
    let empty: &[SupplyRow] = &[("neutral", [100.0, f64::NAN, 200.0, 5.0, 80.0])];
    assert!(refusal(&good, empty, USES).contains("production is unknown in 1 of 1 rows"));
    let unknown: &[UseRow] = &[("fuel", "denatured", f64::NAN)];
    assert!(refusal(&good, YEAR, unknown).contains("delivered is unknown"));
    assert!(refusal(&good, &[], USES).contains("no rows"));
    let mut exact = assumptions([0.0; 4], 0.0);
    exact.push(Argument::exact("imports_by_customs", 210.0));
    assert!(refusal(&exact, YEAR, USES).contains("cannot be reconciled"));
    let alone =
        (METHOD.run)(&Call::of("unaccounted_ethanol", &good, &[supply(YEAR)], 2)).expect_err("a refusal");
    assert!(alone.reason.contains("there are no use"));
    let other = (METHOD.run)(&Call::of("illicit_share", &good, &[], 2)).expect_err("a refusal");
    assert!(other.remedy.contains("unaccounted_ethanol"));
}

/// Draws of laws reach the estimate at their own index.
#[test]
fn a_draw_is_a_function_of_the_draws() {
    let laws = [Uncertain {
        name: "evaporation".to_owned(),
        law: Distribution::pert(0.0, 0.005, 0.02, 4.0).expect("a law"),
    }];
    let draws = draw(&laws, None, Settings { draws: 64, seed: 1, threads: 1 }).expect("a law");
    let mut arguments = assumptions([0.0; 4], 0.0);
    arguments[4] = Argument { value: 0.006, sd: Some(laws[0].law.sd()), draws: &draws[0], ..arguments[4] };
    let estimate = run_with(&arguments, YEAR, USES, 64).expect("figures");
    for (drawn, evaporation) in estimate.draws.iter().zip(&draws[0]) {
        assert!((drawn - (165.0 - 1300.0 * evaporation)).abs() < 1e-9);
    }
    assert!((estimate.analytic.expect("sd") - 1300.0 * laws[0].law.sd()).abs() < 1e-9);
}

proptest! {
    #[test]
    fn neither_units_nor_the_order_of_rows_matter(
        figures in proptest::collection::vec(0.0..1e6_f64, 10), unit in 1e-3..1e3_f64,
    ) {
        let rows = |unit: f64| -> [SupplyRow; 2] {
            [0, 5].map(|start| ("neutral", std::array::from_fn(|i| figures[start + i] * unit)))
        };
        let arguments = assumptions([0.01, 0.01, 0.02, 0.03], 0.01);
        let one = run_with(&arguments, &rows(1.0), USES, 4).expect("figures");
        let [first, second] = rows(1.0);
        let turned = run_with(&arguments, &[second, first], USES, 4).expect("figures");
        let size = 1e-9 * (1e3 + figures.iter().sum::<f64>());
        prop_assert!((one.value - turned.value).abs() < size && (one.high - turned.high).abs() < size);
        let used: Vec<UseRow> = USES.iter().map(|(purpose, grade, delivered)| (*purpose, *grade, delivered * unit)).collect();
        let scaled = run_with(&arguments, &rows(unit), &used, 4).expect("figures");
        prop_assert!((scaled.value - one.value * unit).abs() < size * unit);
        prop_assert!((scaled.low - one.low * unit).abs() < size * unit);
    }
}
