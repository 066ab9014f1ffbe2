//! Stamps against clearances: pure alcohol under stamps, less pure alcohol declared as cleared.

use std::collections::BTreeMap;

use super::numeric::sample::sum;
use super::{
    Argument, Call, Estimate, Input, Law, Measure, Need, Quantity, Reach, Refusal, Step, Takes, delta_method,
};

method! {
    /// Alcohol under stamps that was not declared.
    ///
    /// # Assumes
    /// Stamps on containers, times their size and strength, are the pure alcohol stamped in a territory and year, by beverage.
    /// The beverages compared are those that bear stamps and of which clearances are given; others are outside, and named where
    /// they are stamped and no clearances are given. Whisky is inside spirits, in both ledgers.
    /// The true strength of what was stamped is r times the strength in the ledger, and a part t of the year's stamps, net,
    /// stands on goods that are cleared in another year. Both are the same unknown for all beverages, so that they do not
    /// average out; the ledgers themselves are complete counts.
    ///
    /// # Formula
    /// ```text
    /// G_b = r (1 - t) V_b - D_b       V stamped, D duty-paid; b beverage
    /// G   = sum of G_b
    /// G1  = sum of G_b above 0        more was stamped than declared
    /// G2  = -sum of G_b below 0       more was cleared than stamped
    /// se  = sqrt(((1 - t) V sd r)^2 + (r V sd t)^2 + (r (1 - t))^2 var V + var D)     where V is the sum of V_b
    /// ```
    /// The value is taken at the given figures and the medians of r and t, the interval from the quantiles of the draws.
    /// A negative G is kept.
    ///
    /// # Fails when
    /// No beverage has both figures: there is no estimate then. Beverages that need no stamp stand within clearances, such as
    /// beer in barrels: G is too low then. Genuine stamps on refilled containers, cloned stamps and bottles that never had one
    /// are not in it. Sizes or strengths that are wrong in one ledger look like undeclared goods.
    ///
    /// # References
    /// S. Dutta, editor (2019), Confronting illicit tobacco trade: a global review of country experiences, World Bank (on tax stamps and the control of production).
    METHOD {
        name: "stamp_reconciliation",
        reach: Reach::Place,
        inputs: &[
            Input { name: "stamped", doc: "pure alcohol in containers on which stamps were put, V", need: Need::Always, takes: Takes::Figures { many: false, by: &["beverage"], unit: Measure::Of("LPA") } },
            Input { name: "duty_paid", doc: "cleared with duty paid, D", need: Need::Always, takes: Takes::Figures { many: false, by: &["beverage"], unit: Measure::Of("LPA") } },
        ],
        assumptions: &[
            Law { name: "strength_ratio", doc: "true mean strength of what was stamped over the strength in the ledger, r", need: Need::Always },
            Law { name: "timing", doc: "net part of a year's stamps whose goods are cleared in another year, t", need: Need::Always },
        ],
        gives: &[
            Quantity { name: "stamp_gap_alcohol", doc: "pure alcohol stamped less pure alcohol cleared, G" },
        ],
        run: run,
    }
}

/// The pure alcohol that stamps show beyond clearances, `r (1 - t) V - D`.
pub fn gap(strength_ratio: f64, timing: f64, stamped: f64, cleared: f64) -> f64 {
    strength_ratio * (1.0 - timing) * stamped - cleared
}

/// It is inside spirits.
const WHISKY: &str = "whisky";

/// Both ledgers of a beverage.
struct Pair<'a> {
    beverage: &'a str,
    stamped: &'a Argument<'a>,
    cleared: &'a Argument<'a>,
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let (ratio, timing) = (call.one("strength_ratio")?, call.one("timing")?);
    let count = call.count()?;
    check(ratio, timing, count)?;
    let (pairs, notes) = pairs(call)?;
    let by_beverage: Vec<Vec<f64>> = pairs
        .iter()
        .map(|pair| {
            let at = |i| gap(ratio.draw(i), timing.draw(i), pair.stamped.draw(i), pair.cleared.draw(i));
            (0..count).map(at).collect()
        })
        .collect();
    let draws = (0..count).map(|i| sum(by_beverage.iter().map(|draws| draws[i]))).collect();
    let (r, t) = (ratio.value, timing.value);
    let each: Vec<f64> = pairs.iter().map(|pair| gap(r, t, pair.stamped.value, pair.cleared.value)).collect();
    let value = sum(each.iter().copied());
    let stamped = sum(pairs.iter().map(|pair| pair.stamped.value));
    let cleared = sum(pairs.iter().map(|pair| pair.cleared.value));
    let mut gradient = vec![(ratio, (1.0 - t) * stamped), (timing, -r * stamped)];
    gradient.extend(pairs.iter().flat_map(|pair| [(pair.stamped, r * (1.0 - t)), (pair.cleared, -1.0)]));
    let mut steps = vec![
        Step { name: "stamped V", value: stamped },
        Step { name: "strength ratio r", value: r },
        Step { name: "timing t", value: t },
        Step { name: "duty-paid D", value: cleared },
        Step { name: "gap G = r (1 - t) V - D", value },
        Step { name: "stamped and not declared G1", value: sum(each.iter().map(|gap| gap.max(0.0))) },
        Step { name: "cleared without stamps G2", value: sum(each.iter().map(|gap| (-gap).max(0.0))) },
    ];
    if cleared > 0.0 {
        steps.push(Step { name: "gap as a part of what was cleared G / D", value: value / cleared });
    }
    let mut estimate = call.estimate(quantity, value, delta_method(&gradient), draws, steps, notes)?;
    for ((pair, value), draws) in pairs.iter().zip(each).zip(by_beverage) {
        estimate.parts.push(call.part("beverage", pair.beverage, value, draws)?);
    }
    if value < 0.0 {
        estimate.notes.push(
            "more was cleared than stamped: goods were cleared without stamps, or need none, or strengths are too low".to_owned(),
        );
    }
    if estimate.low <= 0.0 && estimate.high >= 0.0 {
        estimate.notes.push(
            "the interval holds 0: strength and timing alone can explain the difference of the ledgers"
                .to_owned(),
        );
    }
    Ok(estimate)
}

fn check(ratio: &Argument<'_>, timing: &Argument<'_>, count: usize) -> Result<(), Refusal> {
    let all = |argument: &Argument<'_>, is_possible: fn(f64) -> bool| {
        is_possible(argument.value) && (0..count).all(|i| is_possible(argument.draw(i)))
    };
    if !all(ratio, |r| r > 0.0 && r.is_finite()) {
        return Err(Refusal::new(
            "the strength ratio is not always positive",
            "state a narrow law about 1, because it is a true strength over a written one",
        ));
    }
    if !all(timing, |t| t > -1.0 && t < 1.0) {
        return Err(Refusal::new(
            "the timing does not always lie between -1 and 1",
            "state a narrow law about 0, because it is a part of a year's stamps",
        ));
    }
    Ok(())
}

/// The beverages of which both ledgers are given, and what a reader must know of the others.
fn pairs<'a>(call: &Call<'a>) -> Result<(Vec<Pair<'a>>, Vec<String>), Refusal> {
    let by_beverage = |input: &str| -> BTreeMap<&'a str, &'a Argument<'a>> {
        call.all(input).into_iter().filter_map(|figure| Some((figure.of("beverage")?, figure))).collect()
    };
    let (mut stamped, cleared) = (by_beverage("stamped"), by_beverage("duty_paid"));
    let mut notes = Vec::new();
    if stamped.remove(WHISKY).is_some() {
        notes.push(
            "stamps of whisky are taken to be counted with those of spirits: where they are not, the gap is too low by them".to_owned(),
        );
    }
    let (with, without): (Vec<&str>, Vec<&str>) =
        stamped.keys().partition(|beverage| cleared.contains_key(*beverage));
    if !without.is_empty() {
        notes.push(format!("{} left out, because no clearances of it are given", without.join(", ")));
    }
    let pairs: Vec<Pair<'a>> = with
        .into_iter()
        .filter_map(|beverage| {
            Some(Pair { beverage, stamped: stamped.get(beverage)?, cleared: cleared.get(beverage)? })
        })
        .collect();
    if pairs.is_empty() {
        return Err(Refusal::new(
            "of no beverage are both stamped and duty-paid alcohol given",
            "give stamps and clearances of the same beverages",
        ));
    }
    Ok((pairs, notes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::numeric::draw::Stream;
    use crate::estimator::numeric::sample::Sample;
    use proptest::prelude::*;

    type Given = (&'static str, String, Vec<(String, String)>, f64);

    fn given(input: &'static str, beverage: &str, value: f64) -> Given {
        (input, format!("{input}|{beverage}"), vec![("beverage".to_owned(), beverage.to_owned())], value)
    }

    fn arguments<'a>(given: &'a [Given], ratio: &'a [f64], timing: &'a [f64]) -> Vec<Argument<'a>> {
        let law = |input, value, sd, draws| Argument { sd: Some(sd), draws, ..Argument::exact(input, value) };
        let laws = [law("strength_ratio", 1.0, 0.02, ratio), law("timing", 0.0, 0.03, timing)];
        let figures = given.iter().map(|(input, name, dimensions, value)| Argument {
            name,
            dimensions,
            ..Argument::exact(input, *value)
        });
        laws.into_iter().chain(figures).collect()
    }

    fn run_with(arguments: &[Argument<'_>]) -> Result<Estimate, Refusal> {
        (METHOD.run)(&Call::of("stamp_gap_alcohol", arguments, &[], 1))
    }

    fn step(estimate: &Estimate, name: &str) -> f64 {
        estimate.steps.iter().find(|step| step.name.contains(name)).expect(name).value
    }

    fn normal(name: &str, mean: f64, sd: f64, count: u64) -> Vec<f64> {
        (0..count).map(|i| mean + sd * Stream::new(1, name).normal(i)).collect()
    }

    fn ledgers() -> Vec<Given> {
        vec![
            given("stamped", "spirits", 1100.0),
            given("duty_paid", "spirits", 1000.0),
            given("stamped", "wine", 450.0),
            given("duty_paid", "wine", 500.0),
            given("duty_paid", "beer", 3000.0),
        ]
    }

    /// By hand: 100 of spirits too much and 50 of wine too little; beer bears no stamps.
    #[test]
    fn by_hand() {
        let figures = ledgers();
        let (ratio, timing) = (normal("r", 1.0, 0.02, 8192), normal("t", 0.0, 0.03, 8192));
        let estimate = run_with(&arguments(&figures, &ratio, &timing)).expect("figures");
        assert!((estimate.value - 50.0).abs() < 1e-12);
        assert!(
            (step(&estimate, "G1") - 100.0).abs() < 1e-12 && (step(&estimate, "G2") - 50.0).abs() < 1e-12
        );
        let values: Vec<f64> = estimate.parts.iter().map(|part| part.value).collect();
        assert_eq!(values, [100.0, -50.0]);
        // One unknown for both beverages: the errors of 1,550 add up and do not average out.
        let by_hand = 1550.0 * (0.02_f64 * 0.02 + 0.03 * 0.03).sqrt();
        assert!((estimate.analytic.expect("laws have standard deviations") - by_hand).abs() < 1e-12);
        let spread = Sample::new(estimate.draws.clone()).expect("draws").sd();
        assert!((spread / by_hand - 1.0).abs() < 0.02);
        for (i, drawn) in estimate.draws.iter().enumerate() {
            assert!((drawn - (ratio[i] * (1.0 - timing[i]) * 1550.0 - 1500.0)).abs() < 1e-9);
        }
        assert!(estimate.notes.iter().any(|note| note.contains("the interval holds 0")));
    }

    #[test]
    fn a_negative_gap_is_kept_and_beverages_without_clearances_are_named() {
        let mut figures = ledgers();
        figures.extend([given("stamped", "cider", 10.0), given("stamped", "whisky", 300.0)]);
        figures[0].3 = 800.0;
        let estimate = run_with(&arguments(&figures, &[], &[])).expect("figures");
        assert!((estimate.value + 250.0).abs() < 1e-12);
        for part in ["cider left out", "stamps of whisky", "more was cleared than stamped"] {
            assert!(estimate.notes.iter().any(|note| note.contains(part)), "{part}: {:?}", estimate.notes);
        }
        let none = [given("stamped", "wine", 0.0), given("duty_paid", "wine", 0.0)];
        let estimate = run_with(&arguments(&none, &[], &[])).expect("nothing of either");
        assert!(estimate.value == 0.0 && !estimate.steps.iter().any(|step| step.name.contains("G / D")));
    }

    #[test]
    fn refusals_say_why() {
        let figures = ledgers();
        let refusal = |arguments: &[Argument<'_>]| run_with(arguments).expect_err("a refusal").to_string();
        assert!(
            refusal(&arguments(&figures, &[1.0, -0.1], &[]))
                .contains("strength ratio is not always positive")
        );
        assert!(refusal(&arguments(&figures, &[], &[0.0, 1.0])).contains("timing does not"));
        assert!(refusal(&arguments(&figures[..1], &[], &[])).contains("of no beverage"));
        assert!(refusal(&arguments(&figures, &[], &[])[1..]).contains("strength_ratio is missing"));
    }

    proptest! {
        #[test]
        fn neither_unit_nor_order_matters(
            values in proptest::collection::vec(0.0..1e6_f64, 5), unit in 1e-3..1e3_f64,
        ) {
            let with = |unit: f64| -> Vec<Given> {
                ledgers().into_iter().zip(&values).map(|(figure, value)| (figure.0, figure.1, figure.2, value * unit)).collect()
            };
            let (one, other) = (with(1.0), with(unit));
            let draws = [0.97, 1.01, 1.02];
            let first = run_with(&arguments(&one, &draws, &[])).expect("figures");
            let scaled = run_with(&arguments(&other, &draws, &[])).expect("figures");
            let mut turned = arguments(&one, &draws, &[]);
            turned.reverse();
            let turned = run_with(&turned).expect("figures");
            let size = 1e-12 * values.iter().sum::<f64>();
            prop_assert!((scaled.value - unit * first.value).abs() <= unit * size);
            prop_assert!((scaled.low - unit * first.low).abs() <= unit * size);
            prop_assert!((turned.value - first.value).abs() <= size && (turned.high - first.high).abs() <= size);
        }
    }
}
