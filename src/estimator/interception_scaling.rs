//! What passed the border unseen: what random inspections say was there, less what all inspections found.

use super::{
    Argument, Call, Estimate, Input, Law, Measure, Need, Quantity, Reach, Refusal, Step, Takes, delta_method,
    horvitz_thompson,
};

method! {
    /// Illicit alcohol that passed the border, from what was found and what random inspections say was there.
    ///
    /// # Assumes
    /// `found` is all that inspections of every kind found in a period, also those drawn by chance, and is known exactly or with its law.
    /// What was there comes from inspections drawn by chance: as `inspections`, the rows themselves, or as `present`, a figure made from
    /// them (finds divided by their selection probabilities). Both speak of the same offices and the same kinds of goods.
    /// Rows take d from each row where trials measured it. A figure takes it from `measured_detection`, as exact unless it comes with an
    /// interval. Elsewhere d is the assumed law. What was found was taken out and did not reach the market.
    ///
    /// # Formula
    /// ```text
    /// V      = present / d      attempted; with rows V = sum_i y_i / (pi_i d_i) as in horvitz_thompson
    /// rho    = S / V            S found; the part that is intercepted
    /// missed = V - S = S (1 - rho) / rho
    /// se     = sqrt(se(present)^2 / d^2 + (V se(d)/d)^2 + se(S)^2)
    /// ```
    /// The difference and not the ratio is computed, so that it needs no rho where V is small. Draw by draw V and S are
    /// those of every other method that reads the same table, figure or law. With rows the interval is that of
    /// `horvitz_thompson`, made for few finds of very different sizes. With a figure it is that of the figure's own law: a
    /// normal law from a variance is too narrow and too low where finds are few.
    ///
    /// # Fails when
    /// There is no random stream, or it found nothing: rho is then not known, and no saying such as "customs finds one in ten" takes
    /// its place. More was found than random inspections say was there: the difference is negative and is kept, because cutting it would
    /// hide that targeting went right by luck, or that the selection was not by chance.
    /// A few large hauls move S much in a year. The rate of one kind of place or goods says nothing of others.
    ///
    /// # References
    /// D. G. Horvitz, D. J. Thompson (1952), A Generalization of Sampling Without Replacement From a Finite Universe, Journal of the American Statistical Association 47, 663-685.
    METHOD {
        name: "interception_scaling",
        reach: Reach::Place,
        inputs: &[
            Input { name: "found", doc: "illicit alcohol that all inspections found, S", need: Need::Always, takes: ALCOHOL },
            Input { name: "present", doc: "illicit alcohol in all consignments as far as inspections find it, from random ones", need: Need::Optional, takes: ALCOHOL },
            Input { name: "inspections", doc: "the random inspections themselves, in place of `present`", need: Need::Optional, takes: horvitz_thompson::INSPECTIONS },
            Input { name: "measured_detection", doc: "the probability that an inspection finds what is there, from trials, for `present`", need: Need::Optional, takes: Takes::Figures { many: false, by: &[], unit: Measure::Share } },
        ],
        assumptions: &[
            Law { name: "detection", doc: "the probability that an inspection finds what is there, d; where trials did not measure it", need: Need::Optional },
        ],
        gives: &[
            Quantity { name: "missed_illicit_alcohol", doc: "illicit alcohol in consignments that no inspection found, V - S" },
        ],
        run: run,
    }
}

/// An amount of pure alcohol.
const ALCOHOL: Takes = Takes::Figures { many: false, by: &[], unit: Measure::Of("LPA") };

/// What was there, V.
#[derive(Debug)]
struct Attempted {
    value: f64,
    /// Its standard error, where it is known.
    analytic: Option<f64>,
    draws: Vec<f64>,
    steps: Vec<Step>,
    notes: Vec<String>,
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let found = call.one("found")?;
    if !(found.value >= 0.0 && found.value.is_finite()) {
        return Err(Refusal::new(
            format!("the alcohol that inspections found is {}", found.value),
            "give an amount from 0",
        ));
    }
    let Attempted { value, analytic, draws, mut steps, mut notes } = attempted(call)?;
    if !(value > 0.0 && value.is_finite()) {
        return Err(Refusal::new(
            "random inspections found nothing, so that the part which is intercepted is not known",
            "inspect more consignments drawn by chance; a bound of what may have been there is given by horvitz_thompson",
        ));
    }
    let missed = value - found.value;
    let rho = found.value / value;
    steps.extend([
        Step { name: "attempted V", value },
        Step { name: "found by all inspections S", value: found.value },
        Step { name: "intercepted part rho = S / V", value: rho },
    ]);
    if rho > 1.0 {
        notes.push(
            "more was found than random inspections say was there; the difference is negative and is kept"
                .to_owned(),
        );
    }
    let draws: Vec<f64> = draws.iter().enumerate().map(|(draw, v)| v - found.draw(draw)).collect();
    let below = draws.iter().filter(|missed| **missed < 0.0).count();
    if rho <= 1.0 && below as f64 > (1.0 - call.level) / 2.0 * draws.len() as f64 {
        notes.push(
            "the interval reaches below 0 and is kept: the figures agree with everything being found"
                .to_owned(),
        );
    }
    // What was there and what was found are different figures, drawn apart.
    let analytic = analytic.zip(found.spread()).map(|(v, s)| libm::hypot(v, s));
    call.estimate(quantity, missed, analytic, draws, steps, notes)
}

/// From the rows of random inspections, or else from the figure made of them.
fn attempted(call: &Call<'_>) -> Result<Attempted, Refusal> {
    if call.table("inspections").is_ok() {
        let horvitz_thompson::Present { value, analytic, draws, steps, notes } =
            horvitz_thompson::present(call)?;
        return Ok(Attempted { value, analytic, draws, steps, notes });
    }
    let present = call.optional("present").ok_or_else(|| {
        Refusal::new(
            "no inspection was drawn by chance, and finds of other inspections do not tell which part they are",
            "draw some consignments by chance with a known probability, and inspect them",
        )
    })?;
    let measured = call.optional("measured_detection");
    let detection = measured.or_else(|| call.optional("detection")).ok_or_else(|| {
        Refusal::new(
            "it is not stated how likely an inspection finds what is there",
            "make trials with known consignments, or state `detection` as a law above 0 and up to 1, with its source",
        )
    })?;
    let count = call.count()?;
    horvitz_thompson::is_detection(detection, count)?;
    let d = detection.value;
    let value = present.value / d;
    let draws = (0..count).map(|draw| present.draw(draw) / detection.draw(draw)).collect::<Vec<f64>>();
    let mut notes = Vec::new();
    if measured.is_some_and(|measured| measured.draws.is_empty()) {
        notes.push("detection that trials measured is taken as exact".to_owned());
    }
    let below = draws.iter().filter(|v| **v <= 0.0).count();
    if below as f64 > (1.0 - call.level) / 2.0 * count as f64 {
        notes.push(format!(
            "what was there is 0 or less in {below} of {count} draws: finds are few, and the law of the figure does not fit them; give the inspections themselves"
        ));
    }
    let steps = vec![
        Step { name: "present, as far as inspections find it", value: present.value },
        Step { name: "detection d", value: d },
    ];
    Ok(Attempted { value, analytic: spread(present, detection), draws, steps, notes })
}

fn spread(present: &Argument<'_>, detection: &Argument<'_>) -> Option<f64> {
    let d = detection.value;
    delta_method(&[(present, 1.0 / d), (detection, -present.value / (d * d))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::numeric::distribution::Distribution;
    use crate::estimator::numeric::propagation::{Settings, Uncertain, draw};
    use crate::estimator::numeric::sample::Sample;
    use crate::estimator::{Records, Values};
    use proptest::prelude::*;

    fn estimate(arguments: &[Argument<'_>], records: &[Records], count: usize) -> Result<Estimate, Refusal> {
        (METHOD.run)(&Call::of("missed_illicit_alcohol", arguments, records, count))
    }

    fn figures(found: f64, present: f64, detection: f64) -> [Argument<'static>; 3] {
        [
            Argument::exact("found", found),
            Argument::exact("present", present),
            Argument::exact("detection", detection),
        ]
    }

    fn table(alcohol: &[f64], probability: f64) -> Records {
        let columns = vec![
            ("alcohol".to_owned(), Values::Numbers(alcohol.to_vec())),
            ("probability".to_owned(), Values::Numbers(vec![probability; alcohol.len()])),
        ];
        Records::new("inspections", "inspections", ("PA", "2024"), columns, 1).expect("columns of one length")
    }

    fn step(estimate: &Estimate, name: &str) -> f64 {
        estimate.steps.iter().find(|step| step.name == name).unwrap_or_else(|| panic!("{name}")).value
    }

    #[test]
    fn by_hand() {
        // 800 / 0.8 = 1000 were there, 150 were found.
        let estimate = estimate(&figures(150.0, 800.0, 0.8), &[], 1).expect("possible figures");
        assert!((estimate.value - 850.0).abs() < 1e-12);
        assert!((step(&estimate, "intercepted part rho = S / V") - 0.15).abs() < 1e-15);
        assert_eq!((estimate.low, estimate.high), (850.0, 850.0));
    }

    #[test]
    fn trials_go_before_the_assumed_law() {
        let mut arguments = figures(150.0, 800.0, 0.8).to_vec();
        arguments.push(Argument::exact("measured_detection", 0.5));
        let estimate = estimate(&arguments, &[], 1).expect("possible figures");
        assert!((estimate.value - 1450.0).abs() < 1e-12);
        assert!(estimate.notes[0].contains("taken as exact"));
    }

    #[test]
    fn rows_give_what_horvitz_thompson_gives_draw_by_draw() {
        let alcohol: Vec<f64> =
            (0..100).map(|row| if row < 9 { f64::from(row + 1) * 10.0 } else { 0.0 }).collect();
        let records = [table(&alcohol, 0.05)];
        let arguments = figures(2_000.0, 1.0, 0.9);
        let missed = estimate(&arguments, &records, 256).expect("finds");
        let call = Call::of("illicit_consignments_alcohol", &arguments, &records, 256);
        let present = (horvitz_thompson::METHOD.run)(&call).expect("finds");
        assert!((missed.value - (450.0 / 0.045 - 2_000.0)).abs() < 1e-9);
        for (missed, present) in missed.draws.iter().zip(&present.draws) {
            assert!((missed + 2_000.0 - present).abs() < 1e-9);
        }
        assert_eq!(missed.analytic, present.analytic);
    }

    #[test]
    fn the_interval_agrees_with_the_delta_method() {
        let laws = [
            Uncertain { name: "s".to_owned(), law: Distribution::normal(150.0, 5.0).expect("a law") },
            Uncertain { name: "p".to_owned(), law: Distribution::normal(800.0, 40.0).expect("a law") },
            Uncertain { name: "d".to_owned(), law: Distribution::normal(0.8, 0.02).expect("a law") },
        ];
        let draws = draw(&laws, None, Settings { draws: 40_000, seed: 1, threads: 1 }).expect("three laws");
        let mut arguments = figures(150.0, 800.0, 0.8);
        for (argument, (draws, law)) in arguments.iter_mut().zip(draws.iter().zip(&laws)) {
            *argument = Argument { draws, sd: Some(law.law.sd()), ..*argument };
        }
        let estimate = estimate(&arguments, &[], 1).expect("possible figures");
        // 40/0.8, 1000 x 0.02/0.8, 5.
        let by_hand = libm::sqrt(50.0 * 50.0 + 25.0 * 25.0 + 25.0);
        assert!((estimate.analytic.expect("spreads are known") / by_hand - 1.0).abs() < 1e-12);
        let spread = Sample::new(estimate.draws.clone()).expect("draws").sd();
        assert!((spread / by_hand - 1.0).abs() < 0.02, "{spread} {by_hand}");
    }

    #[test]
    fn a_negative_difference_is_kept_and_said() {
        let estimate = estimate(&figures(1_200.0, 800.0, 0.8), &[], 1).expect("possible figures");
        assert!((estimate.value + 200.0).abs() < 1e-12);
        assert!(estimate.notes.iter().any(|note| note.contains("negative and is kept")));
    }

    #[test]
    fn a_law_that_does_not_fit_few_finds_is_named() {
        let law = Distribution::normal(100.0, 80.0).expect("a law");
        let laws = [Uncertain { name: "p".to_owned(), law }];
        let draws = draw(&laws, None, Settings { draws: 4_096, seed: 1, threads: 1 }).expect("a law");
        let mut arguments = figures(10.0, 100.0, 0.8);
        arguments[1] = Argument { draws: &draws[0], sd: Some(80.0), ..arguments[1] };
        let estimate = estimate(&arguments, &[], 1).expect("possible figures");
        assert!(estimate.notes.iter().any(|note| note.contains("give the inspections themselves")));
        assert!(estimate.notes.iter().any(|note| note.contains("reaches below 0")));
    }

    #[test]
    fn refusals_say_what_would_mend_them() {
        let refusal = |arguments: &[Argument<'_>], records: &[Records]| {
            estimate(arguments, records, 4).expect_err("no estimate").to_string()
        };
        let all = figures(150.0, 800.0, 0.8);
        assert!(refusal(&all[1..], &[]).contains("found is missing"));
        assert!(refusal(&all[..1], &[]).contains("no inspection was drawn by chance"));
        assert!(refusal(&all[..2], &[]).contains("not stated how likely"));
        assert!(refusal(&figures(150.0, 800.0, 0.0), &[]).contains("detection is 0"));
        assert!(refusal(&figures(150.0, 0.0, 0.8), &[]).contains("random inspections found nothing"));
        assert!(refusal(&figures(-1.0, 800.0, 0.8), &[]).contains("found is -1"));
        let nothing = [Argument::exact("found", 5.0), all[2], Argument::exact("content", 10.0)];
        assert!(refusal(&nothing, &[table(&[0.0, 0.0], 0.1)]).contains("random inspections found nothing"));
        // A table without rows is no random stream, also beside a figure.
        assert!(refusal(&all, &[table(&[], 0.1)]).contains("no inspection was drawn by chance"));
    }

    proptest! {
        #[test]
        fn the_difference_is_the_ratio_form_and_has_a_unit(
            s in 0.1..1e3_f64, present in 0.1..1e3_f64, d in 0.05..1.0_f64, unit in 1e-3..1e3_f64,
        ) {
            let missed = |unit: f64| estimate(&figures(s * unit, present * unit, d), &[], 1).expect("figures").value;
            let rho = s * d / present;
            let scale = s + present / d;
            prop_assert!((missed(1.0) - s * (1.0 - rho) / rho).abs() < 1e-9 * scale);
            prop_assert!((missed(unit) - unit * missed(1.0)).abs() < 1e-9 * unit * scale);
        }
    }
}
