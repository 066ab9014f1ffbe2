use proptest::prelude::*;

use super::*;

const WEIGHTS: [f64; 6] = [10.0, 12.0, 9.0, 11.0, 14.0, 8.0];
const TOWN: [u32; 6] = [0, 0, 1, 1, 2, 2];
const KIND: [u32; 6] = [0, 1, 0, 1, 0, 1];
const SALES: [f64; 6] = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0];

fn towns<'a>(totals: &'a [(&'a str, f64)]) -> Margin<'a> {
    Margin::Groups { name: "town", group: &TOWN, totals }
}

fn kinds<'a>(totals: &'a [(&'a str, f64)]) -> Margin<'a> {
    Margin::Groups { name: "kind", group: &KIND, totals }
}

fn sales(total: f64) -> Margin<'static> {
    Margin::Number { name: "sales", values: &SALES, total }
}

fn reached(weights: &[f64], values: impl Fn(usize) -> f64) -> f64 {
    weights.iter().enumerate().map(|(row, weight)| weight * values(row)).sum()
}

/// The groups weigh 22, 20 and 22: every factor is the total by that, and residuals are what deviates from the group's mean.
#[test]
fn one_margin_is_post_stratification() {
    let margins = [towns(&[("a", 44.0), ("b", 10.0), ("c", 0.0)])];
    let calibration = calibrate(&WEIGHTS, &margins, Distance::Linear).expect("every town is there");
    for (factor, by_hand) in calibration.factors().iter().zip([2.0, 2.0, 0.5, 0.5, 0.0, 0.0]) {
        assert!((factor - by_hand).abs() < 1e-12, "{factor}");
    }
    let mean = (30.0 + 12.0) / 22.0;
    let scores = calibration.scores(&SALES).expect("six rows");
    assert!((scores[0] - 20.0 * (3.0 - mean)).abs() < 1e-12);
    assert!(calibration.scores(&SALES[1..]).expect_err("five rows").contains("5 rows"));
}

/// A total that is known has no error, a ratio to it has that of its numerator, and an empty domain has no ratio.
#[test]
fn totals_and_ratios() {
    let (of_towns, ones, none) = ([("a", 44.0), ("b", 10.0), ("c", 46.0)], [1.0; 6], [0.0; 6]);
    let margins = [towns(&of_towns)];
    let calibration = calibrate(&WEIGHTS, &margins, Distance::Linear).expect("every town is there");
    let (count, sold) = (calibration.total(&ones).expect("rows"), calibration.total(&SALES).expect("rows"));
    assert!((count.value - 100.0).abs() < 1e-11 && count.scores.iter().all(|score| score.abs() < 1e-11));
    let mean = calibration.ratio(&SALES, &ones).expect("rows");
    assert!((mean.value - sold.value / 100.0).abs() < 1e-13);
    assert!(mean.scores.iter().zip(&sold.scores).all(|(mean, total)| (mean - total / 100.0).abs() < 1e-12));
    assert!(calibration.ratio(&SALES, &none).expect_err("an empty domain").contains("a ratio to 0"));
}

/// Against iterative proportional fitting, which is raking in its first form.
#[test]
fn raking_is_iterative_proportional_fitting() {
    let (of_towns, of_kinds) = ([40.0, 70.0, 30.0], [80.0, 60.0]);
    let names = ["a", "b", "c"];
    let by_town: Vec<(&str, f64)> = names.into_iter().zip(of_towns).collect();
    let by_kind: Vec<(&str, f64)> = names.into_iter().zip(of_kinds).collect();
    let margins = [towns(&by_town), kinds(&by_kind)];
    let weights = calibrate(&WEIGHTS, &margins, Distance::Raking).expect("possible totals").weights();
    let mut fitted = WEIGHTS;
    for _ in 0..200 {
        for (group, totals) in [(&TOWN, &of_towns[..]), (&KIND, &of_kinds[..])] {
            for (place, total) in totals.iter().enumerate() {
                let in_group = |row: usize| f64::from(u8::from(group[row] as usize == place));
                let sum = reached(&fitted, in_group);
                (0..6).filter(|row| in_group(*row) > 0.0).for_each(|row| fitted[row] *= total / sum);
            }
        }
    }
    for (weight, fitted) in weights.iter().zip(fitted) {
        assert!((weight - fitted).abs() < 1e-9, "{weight} {fitted}");
    }
}

/// `w = d (1 + x' l)` with one variable: `l = (T - sum d x) / sum d x^2`.
#[test]
fn one_number_by_hand() {
    let margins = [sales(300.0)];
    let calibration = calibrate(&WEIGHTS, &margins, Distance::Linear).expect("possible");
    let (sampled, squares) =
        (reached(&WEIGHTS, |row| SALES[row]), reached(&WEIGHTS, |row| SALES[row] * SALES[row]));
    let slope = (300.0 - sampled) / squares;
    for (factor, sales) in calibration.factors().iter().zip(SALES) {
        assert!((factor - (1.0 + slope * sales)).abs() < 1e-13);
    }
    // A multiple of the variable has no residual.
    let twice: Vec<f64> = SALES.iter().map(|sales| 2.0 * sales).collect();
    assert!(calibration.scores(&twice).expect("six rows").iter().all(|score| score.abs() < 1e-12));
}

#[test]
fn bounds_are_kept_or_refused() {
    let totals = [("a", 30.0), ("b", 20.0), ("c", 25.0)];
    let margins = [towns(&totals), sales(310.0)];
    let free = calibrate(&WEIGHTS, &margins, Distance::Linear).expect("always possible");
    assert!(free.factors().iter().any(|factor| *factor > 1.6));
    let within = calibrate(&WEIGHTS, &margins, Distance::Bounded(0.4, 1.9)).expect("possible within bounds");
    assert!(within.factors().iter().all(|factor| *factor > 0.4 && *factor < 1.9));
    let weights = within.weights();
    assert!((reached(&weights, |row| SALES[row]) - 310.0).abs() < 1e-8);
    assert!((weights[0] + weights[1] - 30.0).abs() < 1e-9);
    let refused = calibrate(&WEIGHTS, &margins, Distance::Bounded(0.9, 1.1)).expect_err("too narrow");
    assert!(refused.contains("factors from 0.9 to 1.1") && refused.contains("should add up to"), "{refused}");
    let refused = calibrate(&WEIGHTS, &margins, Distance::Bounded(1.0, 2.0)).expect_err("no room below");
    assert!(refused.contains("the bounds are 1 and 2"), "{refused}");
}

#[test]
fn totals_that_follow_from_others_must_agree_with_them() {
    let (of_towns, of_kinds) = ([("a", 40.0), ("b", 70.0), ("c", 30.0)], [("x", 80.0), ("y", 60.0)]);
    let all = |total: f64| Margin::Number { name: "outlets", values: &[1.0; 6], total };
    let margins = [towns(&of_towns), kinds(&of_kinds), all(140.0)];
    assert!(calibrate(&WEIGHTS, &margins, Distance::Linear).is_ok());
    let margins = [towns(&of_towns), kinds(&of_kinds), all(150.0)];
    let refused = calibrate(&WEIGHTS, &margins, Distance::Linear).expect_err("10 too many");
    assert!(refused.contains("outlets follows from town a, town b, town c"), "{refused}");
    assert!(refused.contains("whose totals make 140") && refused.contains("its total is 150"), "{refused}");
    let margins = [towns(&of_towns), kinds(&[("x", 80.0), ("y", 61.0)])];
    let refused = calibrate(&WEIGHTS, &margins, Distance::Raking).expect_err("two populations");
    assert!(refused.contains("kind add up to 141 and those of town to 140"), "{refused}");
}

#[test]
fn what_the_sample_does_not_hold_cannot_be_weighted_up() {
    let totals = [("a", 40.0), ("b", 70.0), ("c", 30.0), ("d", 5.0)];
    let refused = |margin: Margin<'_>, distance| {
        calibrate(&WEIGHTS, &[margin], distance).map(|c| c.factors().to_vec()).expect_err("a refusal")
    };
    assert!(refused(towns(&totals), Distance::Linear).contains("nothing of town d, whose total is 5"));
    assert!(refused(towns(&totals[..2]), Distance::Linear).contains("row 5 is in no group of town"));
    assert!(
        refused(towns(&[("a", -1.0), ("b", 1.0), ("c", 1.0)]), Distance::Linear).contains("town a is -1")
    );
    let empty = Margin::Number { name: "sales", values: &[f64::NAN; 6], total: 1.0 };
    assert!(refused(empty, Distance::Linear).contains("row 1 has no sales"));
    assert!(refused(sales(f64::NAN), Distance::Linear).contains("total of sales is NaN"));
    // Factors above 0 cannot turn positive sales negative.
    assert!(refused(sales(-5.0), Distance::Raking).contains("sales should add up to -5"));
    assert!(calibrate(&[1.0, -1.0], &[], Distance::Linear).expect_err("negative").contains("row 2 is -1"));
    assert!(calibrate(&WEIGHTS, &[], Distance::Linear).expect_err("nothing known").contains("0 totals"));
}

/// Every outlet of kind x is in town a and every one of kind y in town b, while more are wanted of x than of a.
#[test]
fn margins_that_exclude_each_other_are_refused() {
    let (town, kind) = ([0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1]);
    let margins = [
        Margin::Groups { name: "town", group: &town, totals: &[("a", 50.0), ("b", 50.0)] },
        Margin::Groups { name: "kind", group: &kind, totals: &[("x", 20.0), ("y", 80.0)] },
    ];
    let refused = calibrate(&WEIGHTS, &margins, Distance::Raking).expect_err("a has 50, all of kind x");
    assert!(refused.contains("no weights meet all totals"), "{refused}");
    let negative = calibrate(&WEIGHTS, &margins, Distance::Linear).expect("with weights below 0");
    assert!(negative.factors()[2] < 0.0);
}

proptest! {
    #[test]
    fn weights_of_the_sample_itself_stay(weights in proptest::collection::vec(0.1..1e4_f64, 6)) {
        let of_town = |town: u32| reached(&weights, |row| f64::from(u8::from(TOWN[row] == town)));
        let totals = [("a", of_town(0)), ("b", of_town(1)), ("c", of_town(2))];
        let margins = [towns(&totals), sales(reached(&weights, |row| SALES[row]))];
        for distance in [Distance::Linear, Distance::Raking, Distance::Bounded(0.5, 2.0)] {
            let calibration = calibrate(&weights, &margins, distance).expect("the sample itself");
            prop_assert!(calibration.factors().iter().all(|factor| (factor - 1.0).abs() < 1e-9));
        }
    }

    #[test]
    fn totals_are_met_and_units_do_not_matter(
        factor in proptest::collection::vec(0.7..1.4_f64, 6), unit in 1e-4..1e4_f64,
    ) {
        // Totals that some weights between the bounds do meet.
        let target: Vec<f64> = WEIGHTS.iter().zip(&factor).map(|(w, f)| w * f).collect();
        let of_town = |town: u32| reached(&target, |row| f64::from(u8::from(TOWN[row] == town)));
        let totals = [("a", of_town(0)), ("b", of_town(1)), ("c", of_town(2))];
        let total = reached(&target, |row| SALES[row]);
        let in_unit: Vec<f64> = SALES.iter().map(|sales| sales * unit).collect();
        for distance in [Distance::Linear, Distance::Raking, Distance::Bounded(0.5, 2.0)] {
            let margins = [towns(&totals), sales(total)];
            let weights = calibrate(&WEIGHTS, &margins, distance).expect("possible").weights();
            prop_assert!((reached(&weights, |row| SALES[row]) / total - 1.0).abs() < 1e-9);
            let scaled = [towns(&totals), Margin::Number { name: "sales", values: &in_unit, total: total * unit }];
            let same = calibrate(&WEIGHTS, &scaled, distance).expect("possible").weights();
            prop_assert!(weights.iter().zip(same).all(|(a, b)| (a - b).abs() < 1e-7));
        }
    }
}
