//! Litres from a share and from what is sold legally.

use super::design_based::{COLUMNS, share_of};
use super::numeric::sample::sum;
use super::{
    Argument, Call, Estimate, Input, MOST_WITHOUT_DENOMINATOR, Measure, Need, Quantity, Reach, Refusal, Step,
    Takes, delta_method,
};

method! {
    /// Illicit litres, from the illicit share of a sample and legal litres.
    ///
    /// # Assumes
    /// The share is that of a probability sample, with all that the method `design_based` assumes of it.
    /// `legal` is the legal part of the very market that the sample stands for: its whole is illicit and legal drinks together, and `legal`
    /// is all of the legal ones, of the same beverages, period and territory. A sample of outlets and duty-paid alcohol agree where
    /// outlets sell only duty-paid and illicit drinks, and sell all that is duty-paid. Legal drinks without duty that outlets sell
    /// belong to `legal` too; what travellers bring or people make at home is not sold in outlets and does not.
    /// Where some duty-paid drinks are sold outside the frame, as in restaurants, the share there is taken to be the same.
    /// The share and the legal litres have independent errors.
    ///
    /// # Formula
    /// ```text
    /// V   = L p / (1 - p)        L legal, the sum of all that is given; p illicit share of the whole; p / (1 - p) illicit per legal litre
    /// V_i = L_i p_i / (1 - p_i)  of each draw
    /// se  = sqrt( (L / (1 - p)^2 se_p)^2 + (p / (1 - p) se_L)^2 )
    /// ```
    /// The value is taken at the given figures, the interval from the quantiles of the draws. It is longer above than below, because 1 - p divides.
    ///
    /// # Fails when
    /// Everything that was found is illicit, or 1 - p is 0 in more than 1 of 1,000 draws: legal litres then say nothing of the illicit ones.
    /// In fewer draws such a one counts as the highest of the others. L is negative, in the value or in more than 1 of 1,000 draws: there is no estimate.
    /// p is large: with p = 0.5 an error of one point moves V by 4 %, with p = 0.9 by 11 %.
    /// What is cleared in one year is sold in the next; home-made drinks and sales from hand to hand are in neither figure, so that V is too low by them.
    /// V / (V + L) is the share of the sampled market. Where much is drunk that is legal and untaxed it is above the illicit share of consumption.
    ///
    /// # References
    /// W. G. Cochran (1977), Sampling Techniques, third edition, chapter 6.
    /// HM Revenue and Customs, Measuring tax gaps: methodological annex (illicit market shares and volumes).
    METHOD {
        name: "level_from_share",
        reach: Reach::Place,
        inputs: &[
            Input { name: "records", doc: "the rows of the sample, with the illicit part of each", need: Need::Always, takes: Takes::Records { columns: COLUMNS } },
            Input { name: "legal", doc: "legal alcohol of the market that the sample stands for, L; several are added", need: Need::Always, takes: Takes::Figures { many: true, by: &[], unit: Measure::Of("LPA") } },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "illicit_alcohol", doc: "illicit pure alcohol of the market that the sample stands for, V" },
        ],
        run: run,
    }
}

/// `L p / (1 - p)`; none where p is 1.
pub fn level(legal: f64, share: f64) -> Option<f64> {
    let level = legal * (share / (1.0 - share));
    level.is_finite().then_some(level)
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    call.one("legal")?;
    let legal = call.all("legal");
    let l = sum(legal.iter().map(|figure| figure.value));
    if l.is_nan() || l < 0.0 {
        return Err(negative(&format!("legal alcohol is {l}")));
    }
    let share = share_of(call)?;
    let p = share.value;
    let Some(value) = level(l, p) else {
        return Err(Refusal::new(
            "everything that the sample found is illicit, so that legal litres say nothing of how much there is",
            "estimate the litres from what is drunk in all, as by a residual",
        ));
    };
    let mut notes = share.notes;
    let draws = draws(&legal, &share.draws, &mut notes)?;
    // How V changes with p and with L.
    let (by_share, by_legal) = (l / ((1.0 - p) * (1.0 - p)), p / (1.0 - p));
    let gradient: Vec<(&Argument<'_>, f64)> = legal.iter().map(|figure| (*figure, by_legal)).collect();
    let analytic = share.standard_error.zip(delta_method(&gradient)).map(|(of_share, of_legal)| {
        libm::sqrt(sum([by_share * of_share * (by_share * of_share), of_legal * of_legal]))
    });
    let mut steps = share.steps;
    steps.push(Step { name: "illicit per legal litre p / (1 - p)", value: by_legal });
    steps.push(Step { name: "legal L", value: l });
    for (name, bound) in [
        ("litres if none of those without a verdict were illicit", share.bounds.map(|[low, _]| low)),
        ("litres if all of those without a verdict were illicit", share.bounds.map(|[_, high]| high)),
    ] {
        steps.extend(bound.and_then(|share| level(l, share)).map(|value| Step { name, value }));
    }
    let mut estimate = call.estimate(quantity, value, analytic, draws, steps, notes)?;
    // 1 - p divides, and may come near 0: the draws need have no variance.
    estimate.standard_error = None;
    Ok(estimate)
}

/// The level of each draw.
fn draws(legal: &[&Argument<'_>], shares: &[f64], notes: &mut Vec<String>) -> Result<Vec<f64>, Refusal> {
    let count = shares.len();
    let most = MOST_WITHOUT_DENOMINATOR * count as f64;
    let of = |draw: usize| sum(legal.iter().map(|figure| figure.draw(draw)));
    let below = (0..count).filter(|draw| of(*draw) < 0.0).count();
    if below as f64 > most {
        return Err(negative(&format!("legal alcohol is negative in {below} of {count} draws")));
    }
    let levels: Vec<Option<f64>> =
        shares.iter().enumerate().map(|(draw, share)| level(of(draw).max(0.0), *share)).collect();
    let without = levels.iter().filter(|level| level.is_none()).count();
    if without as f64 > most {
        return Err(Refusal::new(
            format!("next to nothing legal is left of the whole in {without} of {count} draws"),
            "take a larger sample, or estimate the litres from what is drunk in all, as by a residual",
        ));
    }
    if without > 0 {
        notes.push(format!(
            "{without} of {count} draws have nothing legal left and count as the highest of the others"
        ));
    }
    let highest = levels.iter().flatten().copied().fold(0.0, f64::max);
    Ok(levels.into_iter().map(|level| level.unwrap_or(highest)).collect())
}

fn negative(reason: &str) -> Refusal {
    Refusal::new(reason, "give legal alcohol as a figure from 0, with a law of such figures")
}

#[cfg(test)]
mod tests {
    use super::super::design_based::made::{bottles, table};
    use super::*;
    use proptest::prelude::*;

    fn run_with(arguments: &[Argument<'_>], part: &[f64]) -> Result<Estimate, Refusal> {
        let records = [table("records", &bottles(part))];
        (METHOD.run)(&Call::of("illicit_alcohol", arguments, &records, 4_000))
    }

    /// A quarter of what was found is illicit: one illicit litre for three legal ones.
    #[test]
    fn by_hand() {
        let part = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let estimate = run_with(&[Argument::exact("legal", 900.0)], &part).expect("a sample");
        assert!((estimate.value - 300.0).abs() < 1e-10);
        assert!(estimate.low < 300.0 && estimate.high > 300.0 && estimate.low >= 0.0);
        let two =
            [Argument::exact("legal", 400.0), Argument { name: "other", ..Argument::exact("legal", 500.0) }];
        assert!((run_with(&two, &part).expect("a sample").value - 300.0).abs() < 1e-10);
        // dV/dp = L / (1 - p)^2 = 1600.
        let se =
            estimate.steps.iter().find(|step| step.name.starts_with("standard error")).expect("a step").value;
        assert!((estimate.analytic.expect("an error") / (1_600.0 * se) - 1.0).abs() < 1e-12);
        assert_eq!(estimate.standard_error, None);
    }

    #[test]
    fn both_errors_count() {
        let draws: Vec<f64> = (0..4_000).map(|i| 900.0 + 90.0 * f64::from(i % 21 - 10) / 6.0).collect();
        let legal = Argument { sd: Some(90.0), draws: &draws, ..Argument::exact("legal", 900.0) };
        let part = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let (wide, narrow) = (
            run_with(&[legal], &part).expect("a sample").analytic.expect("an error"),
            run_with(&[Argument::exact("legal", 900.0)], &part)
                .expect("a sample")
                .analytic
                .expect("an error"),
        );
        assert!((wide * wide - narrow * narrow - 30.0 * 30.0).abs() < 1e-6, "{wide} {narrow}");
    }

    #[test]
    fn nothing_found_gives_litres_up_to_a_bound() {
        let estimate = run_with(&[Argument::exact("legal", 900.0)], &[0.0; 8]).expect("a sample");
        assert!(estimate.value == 0.0 && estimate.low == 0.0 && estimate.high > 100.0, "{}", estimate.high);
        assert_eq!(estimate.analytic, None);
    }

    #[test]
    fn what_is_unknown_bounds_the_litres() {
        let part = [1.0, 0.0, 0.0, f64::NAN, 0.0, 1.0, 0.0, f64::NAN];
        let estimate = run_with(&[Argument::exact("legal", 900.0)], &part).expect("a sample");
        let step =
            |name: &str| estimate.steps.iter().find(|step| step.name.contains(name)).expect("a step").value;
        assert!((estimate.value - 450.0).abs() < 1e-10);
        assert!(
            (step("litres if none") - 300.0).abs() < 1e-10 && (step("litres if all") - 900.0).abs() < 1e-10
        );
    }

    #[test]
    fn refusals_say_why() {
        let part = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let refusal = |arguments: &[Argument<'_>], part: &[f64]| {
            run_with(arguments, part).expect_err("a refusal").to_string()
        };
        assert!(refusal(&[], &part).contains("legal is missing"));
        assert!(refusal(&[Argument::exact("legal", -1.0)], &part).contains("legal alcohol is -1"));
        let legal = Argument::exact("legal", 900.0);
        assert!(refusal(&[legal], &[1.0; 8]).contains("everything"));
        assert!(refusal(&[legal], &[f64::NAN; 8]).contains("none of the 8 rows"));
        let draws = vec![-1.0; 4_000];
        assert!(refusal(&[Argument { draws: &draws, ..legal }], &part).contains("negative in 4000"));
    }

    proptest! {
        #[test]
        fn the_share_of_the_litres_is_the_share(legal in 0.0..1e9_f64, share in 0.0..0.999_f64) {
            let level = level(legal, share).expect("a share below 1");
            prop_assert!(level >= 0.0);
            if legal > 0.0 {
                prop_assert!((level / (level + legal) - share).abs() < 1e-12);
            }
        }
    }
}
