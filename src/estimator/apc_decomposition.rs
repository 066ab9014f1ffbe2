//! Recorded, unrecorded and tourist consumption per adult.

use super::{
    Argument, Call, Estimate, Input, MOST_WITHOUT_DENOMINATOR, Measure, Need, Quantity, Reach, Refusal, Step,
    Takes, delta_method,
};

method! {
    /// Unrecorded share of alcohol consumption per adult.
    ///
    /// # Assumes
    /// All figures are litres of pure alcohol a year per person of 15 years and over, for one territory and one period.
    /// Recorded and unrecorded consumption do not overlap and leave nothing out.
    /// The tourist figure is net and signed: positive when residents drink more abroad than visitors drink in the territory.
    /// It is not split into recorded and unrecorded, so the share leaves it out: its denominator is what is drunk in the territory.
    /// Different figures are independent; a figure given twice under one name moves together with itself.
    ///
    /// # Formula
    /// ```text
    /// share = U / (R + U)        R recorded, U unrecorded
    /// T     = R + U + tau        T total of residents, tau tourist (0 where not given)
    /// se    = sqrt((U se_R)^2 + (R se_U)^2) / (R + U)^2
    /// ```
    /// The value is taken at the given figures, the interval from the quantiles of the draws.
    ///
    /// # Fails when
    /// R + U is not positive, or is not in more than 1 of 1,000 draws: there is no estimate then.
    /// In fewer draws, one with R + U of 0 or less counts as 1 where U is the larger part and as 0 where it is not.
    /// Recorded figures that already hold unrecorded drinks (as food balance sheets may) count them twice.
    /// The interval holds the uncertainty that is given and no more: U is often a judgement without one.
    ///
    /// # References
    /// World Health Organization (2018), Global status report on alcohol and health 2018.
    /// World Health Organization, Global Health Observatory, indicator metadata: alcohol, total per capita (15+) consumption.
    METHOD {
        name: "apc_decomposition",
        reach: Reach::Place,
        inputs: &[
            Input { name: "recorded", doc: "recorded consumption per adult, R", need: Need::Always, takes: Takes::Figures { many: false, by: &[], unit: Measure::Alike("volume") } },
            Input { name: "unrecorded", doc: "unrecorded consumption per adult, U", need: Need::Always, takes: Takes::Figures { many: false, by: &[], unit: Measure::Alike("volume") } },
            Input { name: "tourist", doc: "net consumption of residents abroad less that of visitors here, tau", need: Need::Optional, takes: Takes::Figures { many: false, by: &[], unit: Measure::Alike("volume") } },
            Input { name: "total", doc: "published total per adult of residents, to compare with R + U + tau", need: Need::Optional, takes: Takes::Figures { many: false, by: &[], unit: Measure::Alike("volume") } },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "unrecorded_share", doc: "unrecorded share of the consumption in the territory, U / (R + U)" },
            Quantity { name: "unrecorded_level", doc: "unrecorded consumption per adult, U" },
        ],
        run: run,
    }
}

/// The unrecorded share of what is drunk in the territory.
pub fn share(recorded: f64, unrecorded: f64) -> f64 {
    unrecorded / (recorded + unrecorded)
}

/// The lowest and highest share of figures that were rounded, such as to half a unit of 0.05 for one decimal.
pub fn rounding_interval(recorded: f64, unrecorded: f64, half_unit: f64) -> (f64, f64) {
    let least = |figure: f64| (figure - half_unit).max(0.0);
    let most = |figure: f64| figure + half_unit;
    (share(most(recorded), least(unrecorded)), share(least(recorded), most(unrecorded)))
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let (recorded, unrecorded) = (call.one("recorded")?, call.one("unrecorded")?);
    let (r, u) = (recorded.value, unrecorded.value);
    let tau = call.optional("tourist").map_or(0.0, |tourist| tourist.value);
    let published = call.optional("total");
    let mut steps = steps(r, u, tau);
    let mut notes = Vec::new();
    if let Some(total) = published {
        notes.extend(compare_total(total, r + u + tau, call.optional("tourist").is_some(), &mut steps));
    }
    let count = call.count()?;
    if quantity.name == "unrecorded_level" {
        let draws = (0..count).map(|i| unrecorded.draw(i)).collect();
        return call.estimate(quantity, u, delta_method(&[(unrecorded, 1.0)]), draws, steps, notes);
    }
    let within = r + u;
    if within.is_nan() || within <= 0.0 {
        return Err(Refusal::new(
            format!("recorded and unrecorded consumption add up to {within}"),
            "give figures whose sum is positive",
        ));
    }
    let (draws, without) = share_draws(recorded, unrecorded, count);
    if without as f64 > MOST_WITHOUT_DENOMINATOR * count as f64 {
        return Err(Refusal::new(
            format!("recorded and unrecorded consumption add up to 0 or less in {without} of {count} draws"),
            "give laws that are positive, or narrower",
        ));
    }
    if without > 0 {
        notes.push(format!(
            "{without} of {count} draws have no consumption left and count as a share of 0 or 1"
        ));
    }
    let outside = draws.iter().filter(|share| !(0.0..=1.0).contains(*share)).count();
    // A stray draw below zero is what any law with tails gives; it matters once it reaches the interval.
    if outside as f64 > (1.0 - call.level) / 2.0 * count as f64 {
        notes.push(format!(
            "{outside} of {count} draws lie outside 0 to 1, because a part of them is negative; they are kept"
        ));
    }
    if !(0.0..=1.0).contains(&share(r, u)) {
        notes.push("a negative part puts the share outside 0 to 1; it is kept".to_owned());
    }
    let analytic = delta_method(&[(recorded, -u / (within * within)), (unrecorded, r / (within * within))]);
    let has_moments = recorded.draws.is_empty() && unrecorded.draws.is_empty();
    let estimate = call.estimate(quantity, share(r, u), analytic, draws, steps, notes)?;
    Ok(Estimate { standard_error: estimate.standard_error.filter(|_| has_moments), ..estimate })
}

fn steps(r: f64, u: f64, tau: f64) -> Vec<Step> {
    let total = r + u + tau;
    let mut steps = vec![
        Step { name: "recorded R", value: r },
        Step { name: "unrecorded U", value: u },
        Step { name: "tourist tau", value: tau },
        Step { name: "consumption in the territory R + U", value: r + u },
        Step { name: "total of residents T = R + U + tau", value: total },
    ];
    if r + u > 0.0 {
        steps.push(Step { name: "unrecorded share U / (R + U)", value: share(r, u) });
    }
    if total > 0.0 {
        steps.push(Step { name: "unrecorded per total of residents U / T", value: u / total });
    }
    steps
}

/// The published total beside the sum of the parts, and a note where rounding cannot explain the difference.
fn compare_total(
    published: &Argument<'_>,
    sum: f64,
    with_tourists: bool,
    steps: &mut Vec<Step>,
) -> Option<String> {
    let difference = published.value - sum;
    steps.push(Step { name: "published total", value: published.value });
    steps.push(Step { name: "published total less R + U + tau", value: difference });
    // One decimal leaves 0.05 in each figure.
    let figures = if with_tourists { 4.0 } else { 3.0 };
    let rounding = 0.05 * figures;
    (difference.abs() > rounding + 1e-9).then(|| {
        format!(
            "the published total {} differs from the sum of its parts {sum:.3} by {difference:.3}, more than figures of one decimal can",
            published.value
        )
    })
}

/// The share of each draw, and how many draws have no consumption to share.
fn share_draws(recorded: &Argument<'_>, unrecorded: &Argument<'_>, count: usize) -> (Vec<f64>, usize) {
    let mut without = 0;
    let draws = (0..count)
        .map(|i| {
            let (r, u) = (recorded.draw(i), unrecorded.draw(i));
            if r + u > 0.0 {
                return share(r, u);
            }
            without += 1;
            if u > r { 1.0 } else { 0.0 }
        })
        .collect();
    (draws, without)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::numeric::distribution::Distribution;
    use crate::estimator::numeric::propagation::{Settings, Uncertain, draw};
    use crate::estimator::numeric::sample::Sample;
    use proptest::prelude::*;

    fn exact(input: &str, value: f64) -> Argument<'_> {
        Argument::exact(input, value)
    }

    fn run_with(quantity: &str, arguments: &[Argument<'_>]) -> Result<Estimate, Refusal> {
        (METHOD.run)(&Call::of(quantity, arguments, &[], 1))
    }

    /// WHO African Region 2010, litres per adult: recorded, unrecorded, share in per cent.
    #[test]
    fn world_health_organization_african_region() {
        let countries = [
            ("Angola", 5.9, 1.6, 21.3),
            ("Kenya", 1.8, 2.5, 58.1),
            ("Chad", 0.4, 4.0, 90.9),
            ("Botswana", 5.4, 3.0, 35.7),
            ("Ghana", 1.8, 3.0, 62.5),
        ];
        for (country, recorded, unrecorded, expected) in countries {
            let arguments = [exact("recorded", recorded), exact("unrecorded", unrecorded)];
            let estimate = run_with("unrecorded_share", &arguments).expect(country);
            assert!(
                (100.0 * estimate.value - expected).abs() <= 0.05 + 1e-9,
                "{country}: {}",
                estimate.value
            );
            assert_eq!([estimate.low, estimate.high].map(f64::to_bits), [estimate.value.to_bits(); 2]);
            assert_eq!(estimate.notes.len(), 1);
        }
    }

    #[test]
    fn one_decimal_leaves_an_interval() {
        let kenya = rounding_interval(1.8, 2.5, 0.05);
        assert!((kenya.0 - 0.570).abs() < 5e-4 && (kenya.1 - 0.593).abs() < 5e-4, "{kenya:?}");
        let chad = rounding_interval(0.4, 4.0, 0.05);
        assert!((chad.0 - 3.95 / 4.4).abs() < 1e-12 && (chad.1 - 4.05 / 4.4).abs() < 1e-12, "{chad:?}");
        assert!(
            (rounding_interval(0.02, 3.0, 0.05).1 - 1.0).abs() < 1e-15,
            "a figure is not negative before rounding"
        );
    }

    #[test]
    fn tourists_enter_the_total_and_not_the_share() {
        let arguments =
            [exact("recorded", 6.0), exact("unrecorded", 2.0), exact("tourist", -0.5), exact("total", 8.0)];
        let estimate = run_with("unrecorded_share", &arguments).expect("positive figures");
        assert!((estimate.value - 0.25).abs() < 1e-15);
        let step = |name: &str| {
            estimate.steps.iter().find(|step| step.name.starts_with(name)).expect("a step").value
        };
        assert!((step("total of residents") - 7.5).abs() < 1e-15);
        assert!((step("published total less") - 0.5).abs() < 1e-15);
        assert!(estimate.notes[0].contains("differs"));
        let level = run_with("unrecorded_level", &arguments).expect("positive figures");
        assert!((level.value - 2.0).abs() < 1e-15);
    }

    #[test]
    fn the_interval_agrees_with_the_delta_method() {
        let laws = [
            Uncertain { name: "r".to_owned(), law: Distribution::normal(6.0, 0.2).expect("a law") },
            Uncertain { name: "u".to_owned(), law: Distribution::normal(2.0, 0.1).expect("a law") },
        ];
        let draws = draw(&laws, None, Settings { draws: 50_000, seed: 1, threads: 1 }).expect("two laws");
        let argument = |input, i: usize| Argument {
            input,
            name: input,
            dimensions: &[],
            value: laws[i].law.median(),
            sd: Some(laws[i].law.sd()),
            draws: &draws[i],
        };
        let estimate = run_with("unrecorded_share", &[argument("recorded", 0), argument("unrecorded", 1)])
            .expect("positive figures");
        let by_hand = (0.4_f64 * 0.4 + 0.6 * 0.6).sqrt() / 64.0;
        assert!((estimate.analytic.expect("standard deviations are given") - by_hand).abs() < 1e-15);
        let spread = Sample::new(estimate.draws.clone()).expect("draws").sd();
        assert!(estimate.standard_error.is_none());
        assert!((spread / by_hand - 1.0).abs() < 0.02);
        assert!(((estimate.high - estimate.low) / (2.0 * 1.96 * by_hand) - 1.0).abs() < 0.02);
        assert!(estimate.monte_carlo_error.iter().all(|error| *error > 0.0 && *error < by_hand / 20.0));
    }

    proptest! {
        #[test]
        fn a_share_does_not_depend_on_the_unit(r in 0.01..20.0_f64, u in 0.0..20.0_f64, unit in 1e-3..1e3_f64) {
            prop_assert!((share(r * unit, u * unit) - share(r, u)).abs() < 1e-14);
            prop_assert!((share(r, u) + share(u, r) - 1.0).abs() < 1e-14 || u == 0.0);
            let (low, high) = rounding_interval(r, u, 0.05);
            prop_assert!(low <= share(r, u) && share(r, u) <= high);
        }
    }

    #[test]
    fn refusals_say_why() {
        let refusal = |quantity, arguments: &[Argument<'_>]| {
            run_with(quantity, arguments).expect_err("a refusal").to_string()
        };
        assert!(refusal("illicit_share", &[]).contains("unrecorded_share or unrecorded_level"));
        assert!(refusal("unrecorded_share", &[exact("recorded", 1.0)]).contains("unrecorded is missing"));
        let nothing = [exact("recorded", 0.0), exact("unrecorded", 0.0)];
        assert!(refusal("unrecorded_share", &nothing).contains("add up to 0"));
        let draws =
            |negative: usize| (0..1000).map(|i| if i < negative { -2.0 } else { 1.0 }).collect::<Vec<f64>>();
        let (one, two) = (draws(1), draws(2));
        let recorded = |draws| Argument { draws, ..exact("recorded", 1.0) };
        let kept = run_with("unrecorded_share", &[recorded(&one), exact("unrecorded", 1.0)])
            .expect("1 of 1,000 is let through");
        assert!(kept.notes[0].contains("1 of 1000") && (kept.draws[0] - 1.0).abs() < 1e-15);
        assert!(
            refusal("unrecorded_share", &[recorded(&two), exact("unrecorded", 1.0)])
                .contains("2 of 1000 draws")
        );
        let uneven = [
            Argument { draws: &[1.0, 2.0], ..exact("recorded", 1.0) },
            Argument { draws: &[1.0, 2.0, 3.0], ..exact("unrecorded", 1.0) },
        ];
        assert!(refusal("unrecorded_share", &uneven).contains("different numbers of draws"));
    }
}
