//! All that is drunk, between bounds, from what a survey finds and what it must have missed.

use super::numeric::sample::Sample;
use super::{
    Argument, Call, Estimate, Input, Law, MOST_WITHOUT_DENOMINATOR, Measure, Need, Quantity, Reach, Reading,
    Refusal, Step, Takes,
};

pub mod bounds;

method! {
    /// Total consumption between bounds, from a survey and the parts that it misses.
    ///
    /// # Assumes
    /// A survey finds S litres of pure alcohol per adult, for N adults, of which it sees the fraction c of what these people drink.
    /// c is a product of three components: the part of consumption that belongs to people in the survey's frame, the part
    /// of it for which those who answer stand after weighting, and the part of that which people recall and admit.
    /// Each component lies between the ends of its law, and nothing is assumed of where it lies nor of how the three go together.
    /// A law without ends has ends here: its outermost draws. State a law that has them, such as a uniform, triangular or PERT one.
    /// Visitors are not in it, and what residents drink abroad is.
    ///
    /// # Formula
    /// ```text
    /// R = S N                              what people report
    /// L = R / (f_U r_U m_U)                f frame, r response, m recall: at their upper ends
    /// U = R / (f_L r_L m_L)                and at their lower ends
    /// L <= C <= U                          identified; where R has an error, for C itself:
    /// [ R(Phi(-k)) / c_U, R(Phi(k)) / c_L ],   Phi(k + ln(U/L)/s) - Phi(-k) = level
    /// ```
    /// R(p) is the quantile of the draws of R, and s the standard deviation of ln R (Imbens and Manski, on the scale of logarithms,
    /// where the width of the bounds has no error). The answer is a range; its value stands at the medians of the laws and is no best guess.
    /// The draws are those of R / (f r m) under the three laws, for methods that share them.
    ///
    /// # Fails when
    /// S or N is not positive, or R is not in more than 1 of 1,000 draws, or a component lies outside (0, 1] in any draw.
    /// The ends of a component are guessed too narrow: the range holds the truth only if each end does. Figures of coverage that
    /// were measured as a whole (survey over sales) hold all three losses at once and must not be taken for one of them.
    ///
    /// # References
    /// C. F. Manski (2003), Partial Identification of Probability Distributions.
    /// G. W. Imbens, C. F. Manski (2004), Confidence Intervals for Partially Identified Parameters, Econometrica 72(6), 1845-1857.
    /// J. Stoye (2009), More on Confidence Intervals for Partially Identified Parameters, Econometrica 77(4), 1299-1315.
    METHOD {
        name: "survey_undercoverage",
        reach: Reach::Place,
        inputs: &[
            Input { name: "surveyed", doc: "consumption per adult that respondents report, S", need: Need::Always, takes: Takes::Figures { many: false, by: &[], unit: Measure::Of("LPA/person") } },
            Input { name: "people", doc: "adults of the survey's population, N", need: Need::Always, takes: Takes::Figures { many: false, by: &[], unit: Measure::Of("person") } },
        ],
        assumptions: &[
            Law { name: "frame", doc: "part of consumption that belongs to people in the survey's frame, f", need: Need::Always },
            Law { name: "response", doc: "part of it for which those who answer stand after weighting, r", need: Need::Always },
            Law { name: "recall", doc: "part of that which people recall and admit, m", need: Need::Always },
        ],
        gives: &[
            Quantity { name: "total_consumption_alcohol", doc: "pure alcohol drunk in a year, C" },
        ],
        run: run,
    }
}

const COMPONENTS: [&str; 3] = ["frame", "response", "recall"];

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let (surveyed, people) = (call.one("surveyed")?, call.one("people")?);
    let mut components = Vec::with_capacity(COMPONENTS.len());
    for name in COMPONENTS {
        let component = call.one(name).map_err(|_| {
            Refusal::new(
                format!("it is not stated between which ends the component {name} of the coverage lies"),
                format!("state {name} as a law with ends above 0 and up to 1, with its source"),
            )
        })?;
        components.push((component, ends(name, component)?));
    }
    let count = call.count()?;
    let reported = Reported::of(surveyed, people, count)?;
    let coverage = bounds::product(&components.iter().map(|(_, ends)| *ends).collect::<Vec<_>>());
    let identified = bounds::identified(reported.value, coverage)
        .expect("each component is above 0 and its lower end is not above its upper one");
    let width = if reported.log_error > 0.0 {
        libm::log(coverage[1] / coverage[0]) / reported.log_error
    } else {
        f64::INFINITY
    };
    let factor = bounds::factor(width, call.level);
    let (interval, errors) = reported.interval(coverage, factor);

    let at = |pick: &dyn Fn(&Argument<'_>) -> f64| {
        components.iter().fold(1.0, |product, (component, _)| product * pick(component))
    };
    let medians = at(&|component| component.value);
    let draws = (0..count).map(|i| reported.draws[i] / at(&|component| component.draw(i))).collect();
    let steps = vec![
        Step { name: "surveyed per adult S", value: surveyed.value },
        Step { name: "adults N", value: people.value },
        Step { name: "reported consumption R = S N", value: reported.value },
        Step { name: "least coverage c_L", value: coverage[0] },
        Step { name: "greatest coverage c_U", value: coverage[1] },
        Step { name: "identified from L = R / c_U", value: identified[0] },
        Step { name: "identified to U = R / c_L", value: identified[1] },
        Step { name: "standard errors beyond each bound k", value: factor },
    ];
    let notes = vec![
        "the interval is a range: each value in it agrees with the survey and the bounds, and the value shown, at the medians of the laws, is no best guess"
            .to_owned(),
    ];
    let estimate = call.estimate(quantity, reported.value / medians, None, draws, steps, notes)?;
    Ok(Estimate {
        reading: Reading::Range,
        low: interval[0],
        high: interval[1],
        standard_error: None,
        monte_carlo_error: errors,
        ..estimate
    })
}

/// The ends of a component: its outermost draws.
fn ends(name: &str, component: &Argument<'_>) -> Result<[f64; 2], Refusal> {
    let values = || component.draws.iter().copied().chain([component.value]);
    let low = values().fold(f64::INFINITY, f64::min);
    let high = values().fold(f64::NEG_INFINITY, f64::max);
    if values().all(|value| value > 0.0 && value <= 1.0) {
        Ok([low, high])
    } else {
        Err(Refusal::new(
            format!(
                "the component {name} of the coverage reaches from {low} to {high}, and a part lies above 0 and up to 1"
            ),
            format!("state {name} as a law with ends above 0 and up to 1"),
        ))
    }
}

/// What people report, all of them.
struct Reported {
    value: f64,
    draws: Vec<f64>,
    sample: Sample,
    /// The standard deviation of its logarithm.
    log_error: f64,
}

impl Reported {
    fn of(surveyed: &Argument<'_>, people: &Argument<'_>, count: usize) -> Result<Self, Refusal> {
        let positive = |value: f64| value > 0.0 && value.is_finite();
        for (name, figure) in [("the surveyed consumption", surveyed), ("the number of people", people)] {
            if !positive(figure.value) {
                let remedy = format!("give a positive number for {name}");
                return Err(Refusal::new(format!("{name} is {}", figure.value), remedy));
            }
        }
        let mut draws: Vec<f64> = (0..count).map(|i| surveyed.draw(i) * people.draw(i)).collect();
        let without = draws.iter().filter(|draw| !positive(**draw)).count();
        if without as f64 > MOST_WITHOUT_DENOMINATOR * count as f64 {
            return Err(Refusal::new(
                format!("the reported consumption is 0 or less in {without} of {count} draws"),
                "give figures with laws of positive numbers, such as log-normal ones",
            ));
        }
        // So few draws cannot move a quantile far inside; they count as the lowest of the others.
        let lowest = draws.iter().copied().filter(|draw| positive(*draw)).fold(f64::INFINITY, f64::min);
        draws.iter_mut().filter(|draw| !positive(**draw)).for_each(|draw| *draw = lowest);
        let of_draws = |draws: Vec<f64>| {
            Sample::new(draws)
                .map_err(|reason| Refusal::new(reason, "look for figures out of all proportion"))
        };
        let log_error = of_draws(draws.iter().map(|draw| libm::log(*draw)).collect())?.sd();
        let sample = of_draws(draws.clone())?;
        Ok(Self { value: surveyed.value * people.value, draws, sample, log_error })
    }

    /// The interval of the total and how far each end may be off because the draws are few.
    fn interval(&self, [least, most]: [f64; 2], factor: f64) -> ([f64; 2], [f64; 2]) {
        if self.log_error == 0.0 {
            return ([self.value / most, self.value / least], [0.0; 2]);
        }
        let below = super::numeric::normal::cdf(-factor);
        let ends = |sample: &Sample| [sample.quantile(below) / most, sample.quantile(1.0 - below) / least];
        let alone =
            || [self.sample.quantile_error(below) / most, self.sample.quantile_error(1.0 - below) / least];
        (ends(&self.sample), self.sample.block_errors(ends).unwrap_or_else(alone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::numeric::draw::Stream;

    fn exact(input: &str, value: f64) -> Argument<'_> {
        Argument::exact(input, value)
    }

    fn run_with(arguments: &[Argument<'_>]) -> Result<Estimate, Refusal> {
        (METHOD.run)(&Call::of("total_consumption_alcohol", arguments, &[], 1))
    }

    /// A uniform law between two ends, evenly spread.
    fn between(name: &str, low: f64, high: f64) -> Vec<f64> {
        let stream = Stream::new(7, name);
        (0..8192).map(|i| low + (high - low) * stream.spread(i)).collect()
    }

    fn law<'a>(input: &'a str, draws: &'a [f64], value: f64) -> Argument<'a> {
        Argument { draws, value, ..exact(input, value) }
    }

    /// 2.7 litres per adult, a million adults, coverage from 0.9 * 0.75 * 0.4 = 0.27 to 0.9.
    #[test]
    fn exact_reports_leave_the_identified_bounds() {
        let frame = between("frame", 0.9, 1.0);
        let response = between("response", 0.75, 1.0);
        let recall = between("recall", 0.4, 0.9);
        let arguments = [
            exact("surveyed", 2.7),
            exact("people", 1e6),
            law("frame", &frame, 0.95),
            law("response", &response, 0.875),
            law("recall", &recall, 0.65),
        ];
        let found = run_with(&arguments).expect("possible figures");
        assert_eq!(found.reading, Reading::Range);
        assert!((found.low / 3e6 - 1.0).abs() < 1e-3 && found.low >= 3e6, "{}", found.low);
        assert!((found.high / 1e7 - 1.0).abs() < 2e-3 && found.high <= 1e7, "{}", found.high);
        assert!((found.value - 2.7e6 / (0.95 * 0.875 * 0.65)).abs() < 1e-6);
        assert!(found.draws.iter().all(|draw| (found.low..=found.high).contains(draw)));
        assert_eq!((found.standard_error, found.monte_carlo_error), (None, [0.0; 2]));
    }

    /// Without any room in the coverage the range is the interval of the survey.
    #[test]
    fn known_coverage_leaves_the_interval_of_the_survey() {
        let stream = Stream::new(8, "surveyed");
        let surveyed: Vec<f64> = (0..40_960).map(|i| 3.0 * libm::exp(0.1 * stream.normal(i))).collect();
        let components = ["frame", "response", "recall"].map(|name| exact(name, 0.5));
        let mut arguments = vec![law("surveyed", &surveyed, 3.0), exact("people", 10.0)];
        arguments.extend(components);
        let found = run_with(&arguments).expect("possible figures");
        for (end, sign) in [(found.low, -1.0), (found.high, 1.0)] {
            let expected = 240.0 * libm::exp(sign * 0.195_996_4);
            assert!((end / expected - 1.0).abs() < 2e-3, "{end} {expected}");
        }
        // With wide bounds each end lies 1.64 standard errors out.
        let wide = between("recall", 0.1, 1.0);
        arguments[4] = Argument { draws: &wide[..], value: 0.55, ..exact("recall", 0.55) };
        let surveyed = &surveyed[..wide.len()];
        arguments[0] = law("surveyed", surveyed, 3.0);
        let found = run_with(&arguments).expect("possible figures");
        assert!((found.low / (120.0 * libm::exp(-0.164_485)) - 1.0).abs() < 5e-3, "{}", found.low);
        assert!((found.high / (1200.0 * libm::exp(0.164_485)) - 1.0).abs() < 5e-3, "{}", found.high);
        assert!(found.monte_carlo_error.iter().all(|error| *error > 0.0));
    }

    #[test]
    fn refusals_say_why() {
        let whole = |name| exact(name, 0.8);
        let all = [
            exact("surveyed", 3.0),
            exact("people", 10.0),
            whole("frame"),
            whole("response"),
            whole("recall"),
        ];
        let refusal = |arguments: &[Argument<'_>]| run_with(arguments).expect_err("a refusal").to_string();
        assert!(refusal(&all[1..]).contains("surveyed is missing"));
        assert!(refusal(&all[..4]).contains("the component recall"));
        let with = |place: usize, argument| {
            let mut changed = all;
            changed[place] = argument;
            refusal(&changed)
        };
        assert!(with(0, exact("surveyed", 0.0)).contains("surveyed consumption is 0"));
        assert!(with(1, exact("people", f64::NAN)).contains("number of people is NaN"));
        assert!(with(2, exact("frame", 1.2)).contains("frame of the coverage reaches from 1.2"));
        assert!(with(3, law("response", &[0.4, 0.0], 0.4)).contains("from 0 to 0.4"));
        assert!(with(0, law("surveyed", &[1.0, -1.0], 1.0)).contains("0 or less in 1 of 2 draws"));
    }
}
