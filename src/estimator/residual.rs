//! The top-down residual: what surveys say is drunk, less what is known to be sold legally.

use super::{
    Argument, Call, Estimate, Input, Law, MOST_WITHOUT_DENOMINATOR, Measure, Need, Quantity, Reach, Refusal,
    Step, Takes, delta_method,
};

pub mod gap;
pub mod products;
pub mod series;

method! {
    /// Share of consumption that legal sales leave unexplained.
    ///
    /// # Assumes
    /// All figures are litres of pure alcohol of one territory and period, without change of stocks.
    /// The survey asks residents, who also drink abroad, while visitors drink here: tau, net and signed as in the
    /// decomposition of consumption, is taken off, so that both methods speak of what is drunk in the territory.
    /// The survey sees the fraction c of what is drunk; c lies between 0 and 1 and its law is stated, with a source.
    /// `legal` holds every legal supply that the wanted quantity is to leave out: recorded sales alone leave what is unrecorded,
    /// recorded sales with legal cross-border shopping and duty-free leave what is illicit.
    /// Different figures are independent; a figure given twice under one name moves together with itself.
    ///
    /// # Formula
    /// ```text
    /// C     = S / c - tau     S surveyed, c coverage, 1/c the uplift, tau net tourist consumption (0 where not given)
    /// I     = C - L           L legal, the sum of all that is given
    /// share = I / C = 1 - L / C
    /// se    = (1 - share) sqrt(cv(S)^2 + cv(c)^2 + cv(L)^2)          where tau is 0
    /// ```
    /// The value is taken at the given figures and the median of c, the interval from the quantiles of the draws.
    /// A negative residual is kept. Beside it stand the value and the interval cut at 0.
    ///
    /// # Fails when
    /// S or C is not positive, or is not in more than 1 of 1,000 draws, or a draw of c lies outside (0, 1]: there is no
    /// estimate then. In fewer draws, one with C of 0 or less counts as the lowest of the others.
    /// c is not known well: to know a share of 10 % within 5 points at 95 % its coefficient of variation must be below 2.8 %.
    /// The survey misses other people this year than it did before; a constant error of c cancels in a trend, not in a level.
    /// Stocks are run up before a rise of the duty: legal sales then precede what is drunk.
    ///
    /// # References
    /// HM Revenue and Customs, Measuring tax gaps: methodological annex (alcohol).
    /// M. Thackray (2017), The Revenue Administration-Gap Analysis Program: an analytical framework for excise duty gap estimation, International Monetary Fund.
    METHOD {
        name: "residual",
        reach: Reach::Place,
        inputs: &[
            Input { name: "surveyed", doc: "consumption that respondents report, for the whole population, S", need: Need::Always, takes: Takes::Figures { many: false, by: &[], unit: Measure::Alike("volume") } },
            Input { name: "legal", doc: "legal supply, L; several are added", need: Need::Always, takes: Takes::Figures { many: true, by: &[], unit: Measure::Alike("volume") } },
            Input { name: "tourist", doc: "net consumption of residents abroad less that of visitors here, tau", need: Need::WhereNamed, takes: Takes::Figures { many: false, by: &[], unit: Measure::Alike("volume") } },
        ],
        assumptions: &[
            Law { name: "coverage", doc: "fraction of consumption that the survey sees, c", need: Need::Always },
        ],
        gives: &[
            Quantity { name: "unrecorded_share", doc: "share of consumption that recorded supply leaves, with `legal` the recorded supply alone" },
            Quantity { name: "illicit_share", doc: "share of consumption that all legal supply leaves, with `legal` all of it" },
            Quantity { name: "unrecorded_level", doc: "consumption that recorded supply leaves, in the unit of the figures" },
            Quantity { name: "illicit_level", doc: "consumption that all legal supply leaves, in the unit of the figures" },
        ],
        run: run,
    }
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let surveyed = call.one("surveyed")?;
    let coverage = call.one("coverage").map_err(|_| {
        Refusal::new(
            "it is not stated how much of consumption the survey sees",
            "state the coverage as a law between 0 and 1, with its source",
        )
    })?;
    call.one("legal")?;
    let legal = call.all("legal");
    let count = call.count()?;
    let tourist = call.optional("tourist");
    check(surveyed, coverage, tourist, count)?;

    let (s, u) = (surveyed.value, 1.0 / coverage.value);
    let tau = tourist.map_or(0.0, |tourist| tourist.value);
    // What a survey would find if residents drank at home alone and nobody visited.
    let at_home = |s: f64, c: f64, tau: f64| s - tau * c;
    let s_here = at_home(s, coverage.value, tau);
    let l = total(legal.iter().map(|figure| figure.value));
    let is_share = quantity.name.ends_with("share");
    let at = |s: f64, u: f64, l: f64| if is_share { gap::share(s, u, l) } else { gap::gap(s, u, l) };
    let value = at(s_here, u, l);
    let mut draws: Vec<f64> = (0..count)
        .map(|i| {
            let (c, tau) = (coverage.draw(i), tourist.map_or(0.0, |tourist| tourist.draw(i)));
            let legal = total(legal.iter().map(|figure| figure.draw(i)));
            let here = at_home(surveyed.draw(i), c, tau);
            if here > 0.0 { at(here, 1.0 / c, legal) } else { f64::NEG_INFINITY }
        })
        .collect();
    let mut notes = Vec::new();
    let without = draws.iter().filter(|draw| draw.is_infinite()).count();
    if without > 0 {
        // Where nothing is drunk, all that is legal is too much: such a draw stands below all others.
        let lowest = draws.iter().copied().filter(|draw| draw.is_finite()).fold(f64::INFINITY, f64::min);
        draws.iter_mut().filter(|draw| draw.is_infinite()).for_each(|draw| *draw = lowest);
        notes.push(format!(
            "{without} of {count} draws have no consumption left and count as the lowest of the others"
        ));
    }

    let [by_s, by_u, by_l] =
        if is_share { gap::share_gradient(s_here, u, l) } else { gap::gap_gradient(s_here, u) };
    // The uplift is 1/c, so it changes by -1/c^2 with c; what is drunk here changes by -tau with c and by -c with tau.
    let mut gradient = vec![(surveyed, by_s), (coverage, -by_u * u * u - by_s * tau)];
    gradient.extend(tourist.map(|tourist| (tourist, -by_s * coverage.value)));
    gradient.extend(legal.iter().map(|figure| (*figure, by_l)));

    let steps = vec![
        Step { name: "surveyed S", value: s },
        Step { name: "coverage c", value: coverage.value },
        Step { name: "uplift 1/c", value: u },
        Step { name: "tourist tau", value: tau },
        Step { name: "consumption C = S / c - tau", value: s_here * u },
        Step { name: "legal L", value: l },
        Step { name: "residual I = C - L", value: gap::gap(s_here, u, l) },
        Step { name: "share 1 - L / C", value: gap::share(s_here, u, l) },
    ];
    let mut estimate = call.estimate(quantity, value, delta_method(&gradient), draws, steps, notes)?;
    let is_certain = surveyed.draws.is_empty() && tourist.is_none_or(|tau| tau.draws.is_empty());
    estimate.standard_error = estimate.standard_error.filter(|_| !is_share || is_certain);
    for (name, value) in [
        ("value, cut at 0", estimate.value),
        ("lower end, cut at 0", estimate.low),
        ("upper end, cut at 0", estimate.high),
    ] {
        estimate.steps.push(Step { name, value: value.max(0.0) });
    }
    if value < 0.0 {
        estimate.notes.push(
            "the residual is negative and is kept: legal supply exceeds consumption, so a figure or the coverage is off".to_owned(),
        );
    } else if estimate.low < 0.0 {
        estimate.notes.push(
            "the interval reaches below 0 and is kept: the figures agree with nothing being left at all"
                .to_owned(),
        );
    }
    Ok(estimate)
}

fn total(values: impl Iterator<Item = f64>) -> f64 {
    super::numeric::sample::sum(values)
}

fn check(
    surveyed: &Argument<'_>,
    coverage: &Argument<'_>,
    tourist: Option<&Argument<'_>>,
    count: usize,
) -> Result<(), Refusal> {
    let is_coverage = |c: f64| c > 0.0 && c <= 1.0;
    if surveyed.value.is_nan() || surveyed.value <= 0.0 {
        return Err(Refusal::new(
            format!("the surveyed consumption is {}", surveyed.value),
            "give a positive surveyed consumption",
        ));
    }
    if !is_coverage(coverage.value) {
        return Err(Refusal::new(
            format!(
                "the coverage is {}, and a survey sees more than none and at most all of what is drunk",
                coverage.value
            ),
            "state a coverage above 0 and up to 1",
        ));
    }
    let most = MOST_WITHOUT_DENOMINATOR * count as f64;
    let below = (0..count).filter(|i| surveyed.draw(*i) <= 0.0).count();
    if below as f64 > most {
        return Err(Refusal::new(
            format!("the surveyed consumption is 0 or less in {below} of {count} draws"),
            "give it a law of positive numbers, such as a log-normal one",
        ));
    }
    let outside = (0..count).filter(|i| !is_coverage(coverage.draw(*i))).count();
    if outside > 0 {
        return Err(Refusal::new(
            format!("the coverage lies outside (0, 1] in {outside} of {count} draws"),
            "state a law between 0 and 1, such as a PERT, a beta or a truncated normal one",
        ));
    }
    let Some(tourist) = tourist else { return Ok(()) };
    let nothing_left = |s: f64, c: f64, tau: f64| s - tau * c <= 0.0;
    let without =
        (0..count).filter(|i| nothing_left(surveyed.draw(*i), coverage.draw(*i), tourist.draw(*i))).count();
    if without as f64 > most || nothing_left(surveyed.value, coverage.value, tourist.value) {
        return Err(Refusal::new(
            format!(
                "net tourist consumption leaves nothing that is drunk here in {without} of {count} draws"
            ),
            "look at the sign of the tourist figure: it is positive where residents drink more abroad than visitors do here",
        ));
    }
    Ok(())
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

    fn exact_share(s: f64, c: f64, legal: &[f64]) -> f64 {
        let mut arguments = vec![exact("surveyed", s), exact("coverage", c)];
        arguments.extend(legal.iter().map(|l| exact("legal", *l)));
        run_with("illicit_share", &arguments).expect("possible figures").value
    }

    #[test]
    fn worked_numbers() {
        for (c, per_cent) in [(0.35, 22.2), (0.40, 11.1), (0.45, 0.0)] {
            assert!((100.0 * exact_share(45.0, c, &[100.0]) - per_cent).abs() < 0.05);
            assert!((100.0 * exact_share(45.0, c, &[60.0, 40.0]) - per_cent).abs() < 0.05);
        }
    }

    /// Residents drink 45 / 0.45 = 100, of which 20 abroad net of visitors: 80 here, of which 60 are legal.
    #[test]
    fn what_residents_drink_abroad_is_taken_off() {
        let arguments =
            [exact("surveyed", 45.0), exact("coverage", 0.45), exact("legal", 60.0), exact("tourist", 20.0)];
        let share = run_with("unrecorded_share", &arguments).expect("possible figures").value;
        assert!((share - 0.25).abs() < 1e-12);
        let level = run_with("unrecorded_level", &arguments).expect("possible figures").value;
        assert!((level - 20.0).abs() < 1e-12);
        let [s, c, l, _] = arguments;
        let refusal =
            run_with("unrecorded_share", &[s, c, l, exact("tourist", 101.0)]).expect_err("a refusal");
        assert!(refusal.reason.contains("leaves nothing"), "{refusal}");
    }

    #[test]
    fn the_gradient_holds_with_tourists() {
        let made = [
            ("surveyed", Distribution::normal(45.0, 0.4)),
            ("coverage", Distribution::truncated_normal(0.45, 0.004, 0.0, 1.0)),
            ("legal", Distribution::normal(60.0, 0.6)),
            ("tourist", Distribution::normal(20.0, 1.5)),
        ];
        let laws: Vec<Uncertain> = made
            .into_iter()
            .map(|(name, law)| Uncertain { name: name.to_owned(), law: law.expect("a law") })
            .collect();
        let draws = draw(&laws, None, Settings { draws: 100_000, seed: 5, threads: 2 }).expect("four laws");
        let arguments: Vec<Argument<'_>> = laws
            .iter()
            .zip(&draws)
            .map(|(law, draws)| Argument {
                input: &law.name,
                name: &law.name,
                dimensions: &[],
                value: law.law.median(),
                sd: Some(law.law.sd()),
                draws,
            })
            .collect();
        for quantity in ["unrecorded_share", "unrecorded_level"] {
            let estimate = run_with(quantity, &arguments).expect("possible figures");
            let analytic = estimate.analytic.expect("standard deviations are given");
            let spread = Sample::new(estimate.draws.clone()).expect("draws").sd();
            assert!((spread / analytic - 1.0).abs() < 0.02, "{quantity}");
            assert_eq!(estimate.standard_error.is_some(), quantity == "unrecorded_level");
        }
    }

    #[test]
    fn a_negative_residual_is_kept_with_its_bound_beside() {
        let arguments = [exact("surveyed", 45.0), exact("coverage", 0.5), exact("legal", 100.0)];
        let estimate = run_with("illicit_level", &arguments).expect("possible figures");
        assert!((estimate.value + 10.0).abs() < 1e-12);
        let bounded = estimate.steps.iter().find(|step| step.name == "value, cut at 0").expect("a step");
        assert!(bounded.value == 0.0);
        assert!(estimate.notes.iter().any(|note| note.contains("negative and is kept")));
    }

    #[test]
    fn the_interval_agrees_with_the_delta_method() {
        let made = [
            ("surveyed", Distribution::normal(45.0, 0.9)),
            ("coverage", Distribution::truncated_normal(0.40, 0.008, 0.0, 1.0)),
            ("legal", Distribution::normal(70.0, 0.7)),
            ("legal", Distribution::normal(30.0, 0.5)),
        ];
        let laws: Vec<Uncertain> = made
            .into_iter()
            .enumerate()
            .map(|(i, (input, law))| Uncertain { name: format!("{input}{i}"), law: law.expect("a law") })
            .collect();
        let draws = draw(&laws, None, Settings { draws: 50_000, seed: 3, threads: 2 }).expect("four laws");
        let arguments: Vec<Argument<'_>> = laws
            .iter()
            .zip(&draws)
            .map(|(law, draws)| Argument {
                input: law.name.trim_end_matches(|c: char| c.is_ascii_digit()),
                name: &law.name,
                dimensions: &[],
                value: law.law.median(),
                sd: Some(law.law.sd()),
                draws,
            })
            .collect();
        let estimate = run_with("illicit_share", &arguments).expect("possible figures");
        let cv_legal = (0.7_f64 * 0.7 + 0.5 * 0.5).sqrt() / 100.0;
        let by_hand = (1.0 - estimate.value) * (0.02_f64 * 0.02 * 2.0 + cv_legal * cv_legal).sqrt();
        assert!((estimate.analytic.expect("standard deviations are given") / by_hand - 1.0).abs() < 1e-9);
        let spread = Sample::new(estimate.draws.clone()).expect("draws").sd();
        assert!((spread / by_hand - 1.0).abs() < 0.02);
        assert!(((estimate.high - estimate.low) / (2.0 * 1.96 * by_hand) - 1.0).abs() < 0.02);
    }

    #[test]
    fn refusals_say_why() {
        let refusal = |arguments: &[Argument<'_>]| {
            run_with("illicit_share", arguments).expect_err("a refusal").to_string()
        };
        let (s, c, l) = (exact("surveyed", 45.0), exact("coverage", 0.4), exact("legal", 100.0));
        assert!(refusal(&[s, l]).contains("state the coverage"));
        assert!(refusal(&[s, c]).contains("legal is missing"));
        assert!(refusal(&[c, l]).contains("surveyed is missing"));
        assert!(refusal(&[Argument { value: 0.0, ..s }, c, l]).contains("surveyed consumption is 0"));
        assert!(refusal(&[s, Argument { value: 40.0, ..c }, l]).contains("coverage is 40"));
        assert!(refusal(&[s, Argument { draws: &[0.4, 1.1], ..c }, l]).contains("1 of 2 draws"));
        assert!(refusal(&[Argument { draws: &[45.0, -1.0], ..s }, c, l]).contains("0 or less in 1 of 2"));
        assert!(run_with("total", &[s, c, l]).expect_err("a refusal").remedy.contains("illicit_share"));
    }

    proptest! {
        #[test]
        fn a_share_does_not_depend_on_the_unit_nor_on_the_order_of_legal_supplies(
            s in 1.0..1e3_f64, c in 0.05..1.0_f64, legal in proptest::collection::vec(0.0..1e3_f64, 1..5), unit in 1e-3..1e3_f64,
        ) {
            let share = exact_share(s, c, &legal);
            let scaled: Vec<f64> = legal.iter().map(|l| l * unit).collect();
            prop_assert!((exact_share(s * unit, c, &scaled) - share).abs() < 1e-12 * (1.0 + share.abs()));
            let reversed: Vec<f64> = legal.iter().rev().copied().collect();
            prop_assert!((exact_share(s, c, &reversed) - share).abs() < 1e-12 * (1.0 + share.abs()));
        }
    }
}
