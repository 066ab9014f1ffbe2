//! A year's figure spread over its months as a monthly figure moves.

use std::collections::BTreeMap;

use super::numeric::benchmarking::{Aim, Benchmarker, Calendar, Conversion, Form, Start};
use super::numeric::sample::{Sample, sum};
use super::{
    Argument, Call, Estimate, Input, Measure, Need, Part, Quantity, Reach, Refusal, Step, Takes, delta_method,
};

method! {
    /// A year's figure, by month.
    ///
    /// # Assumes
    /// Within a year what is estimated moves as the monthly figure does: their ratio changes little from month to month, and its changes
    /// are as likely upwards as downwards. Whether that is so the method cannot see; it copies the movement, real or not.
    /// The annual figure is the sum of its months. It may rest on anything; its uncertainty goes to all months alike.
    /// The monthly figure may be in any unit and may be a rate: only its ratios count.
    ///
    /// # Formula
    /// ```text
    /// minimise  sum over months of (x_t / p_t - x_(t-1) / p_(t-1))^2     p monthly figure, x the months sought
    /// so that   the months of each year that has an annual figure Y add up to Y
    /// ```
    /// This is the proportional form of Denton with Cholette's free start. It leaves no step between December and January, as dividing
    /// each year by itself does. The years that follow one another without a gap in the monthly figure are taken together, up
    /// to ten on each side: a year further away moves a month by less than a hundred-thousandth of its own change. A year among
    /// them without an annual figure moves with its neighbours' ratios. With one year alone, each month has its part of the monthly figure.
    /// The value is the annual figure itself. Months are given beside it; each draw of the annual and monthly figures gives all months.
    ///
    /// # Fails when
    /// A month of the year is missing, or its monthly figure is 0, next to 0 or negative: a ratio to nothing is no ratio.
    /// The annual figures change so fast that a month would come out negative; there is no estimate then.
    /// The monthly figure moves for reasons of its own, such as campaigns and holidays of officers: the months then show those.
    /// The last year moves again when the next one comes in: its months are provisional.
    ///
    /// # References
    /// F. T. Denton (1971), Adjustment of monthly or quarterly series to annual totals, Journal of the American Statistical Association 66(333), 99-102.
    /// P. A. Cholette (1984), Adjusting sub-annual series to yearly benchmarks, Survey Methodology 10(1), 35-49.
    /// E. B. Dagum, P. A. Cholette (2006), Benchmarking, Temporal Distribution, and Reconciliation Methods for Time Series, Springer, chapter 6.
    METHOD {
        name: "benchmarking",
        reach: Reach::Series,
        inputs: &[
            Input { name: "annual", doc: "the year's figure, Y", need: Need::Always, takes: Takes::Figures { many: false, by: &[], unit: Measure::Of("LPA") } },
            Input { name: "monthly", doc: "what moves as it does within the year, by month, p", need: Need::Always, takes: Takes::Figures { many: false, by: &["month"], unit: Measure::Any } },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "illicit_consignments_alcohol", doc: "pure alcohol of illicit goods in imported consignments, with `annual` an estimate of it" },
            Quantity { name: "illicit_alcohol", doc: "illicit pure alcohol, with `annual` an estimate of it" },
        ],
        run: run,
    }
}

const MONTHS: usize = 12;
const YEAR: Calendar = Calendar { within: MONTHS, conversion: Conversion::Sum };
const AIM: Aim = Aim { form: Form::Proportional, start: Start::Free, order: 1 };

/// Years further away than this do not move a month.
const MOST_YEARS_ASIDE: usize = 10;

/// The years that are taken together.
struct Years<'a> {
    first: i32,
    /// Which of them is asked for.
    asked: usize,
    annual: Vec<Option<&'a Argument<'a>>>,
    /// Twelve a year.
    monthly: Vec<&'a Argument<'a>>,
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let years = years(call)?;
    let Some(annual) = years.annual[years.asked] else {
        return Err(Refusal::new(
            format!("there is no annual figure of {}", call.place.period),
            "give the annual figure",
        ));
    };
    let at_value = months(&years, |argument| argument.value)?;
    if annual.value >= 0.0
        && let Some(month) = at_value.iter().position(|x| *x < 0.0)
    {
        return Err(Refusal::new(
            format!(
                "the annual figures change so fast that month {} comes out as {}",
                month + 1,
                at_value[month]
            ),
            "leave the year whole, or use a monthly figure that changes with it",
        ));
    }
    let count = call.count()?;
    let draws = month_draws(&years, count)?;
    let ratios: Vec<f64> = at_value.iter().zip(years.own()).map(|(x, p)| x / p.value).collect();
    let monthly = sum(years.own().iter().map(|p| p.value));
    let extreme = |pick: fn(f64, f64) -> f64| ratios.iter().copied().fold(ratios[0], pick);
    let steps = vec![
        Step { name: "annual figure Y", value: annual.value },
        Step { name: "sum of the monthly figure", value: monthly },
        Step { name: "ratio of the year, Y / sum p", value: annual.value / monthly },
        Step { name: "least ratio of a month, x / p", value: extreme(f64::min) },
        Step { name: "greatest ratio of a month, x / p", value: extreme(f64::max) },
        Step { name: "years taken together", value: years.annual.len() as f64 },
    ];
    let notes = notes(&years);
    let of_year = (0..count).map(|i| annual.draw(i)).collect();
    let analytic = delta_method(&[(annual, 1.0)]);
    let mut estimate = call.estimate(quantity, annual.value, analytic, of_year, steps, notes)?;
    let ends = [(1.0 - call.level) / 2.0, f64::midpoint(1.0, call.level)];
    for (month, (value, draws)) in at_value.iter().zip(draws).enumerate() {
        let sample = Sample::new(draws).map_err(|reason| {
            Refusal::new(reason, "look for figures that are zero or out of all proportion")
        })?;
        let [low, high] = ends.map(|p| sample.quantile(p));
        let name = format!("{}-{:02}", years.asked_year(), month + 1);
        let of = vec![("month".to_owned(), name)];
        estimate.parts.push(Part { of, value: *value, low, high });
    }
    Ok(estimate)
}

impl<'a> Years<'a> {
    fn asked_year(&self) -> i32 {
        self.annual.iter().take(self.asked).fold(self.first, |year, _| year + 1)
    }

    /// The monthly figure of the year that is asked for.
    fn own(&self) -> &[&'a Argument<'a>] {
        &self.monthly[self.asked * MONTHS..(self.asked + 1) * MONTHS]
    }
}

fn notes(years: &Years<'_>) -> Vec<String> {
    let mut notes = vec![
        "the months copy the movement of the monthly figure, whether it is real or not; mark them as estimated".to_owned(),
    ];
    if years.annual.iter().flatten().count() == 1 {
        notes.push(
            "no other year is near: each month has its part of the monthly figure, and the turns of the year are not smoothed".to_owned(),
        );
    } else if years.annual[years.asked + 1..].iter().all(Option::is_none) {
        notes.push("the months are provisional: the next year's figure will move them".to_owned());
    }
    notes
}

/// The year that is asked for and those around it, up to where a month is missing or no ratio.
fn years<'a>(call: &Call<'a>) -> Result<Years<'a>, Refusal> {
    let Some(asked) = year_of(call.place.period) else {
        return Err(Refusal::new(
            format!("{} is not a year, and months are those of a year", call.place.period),
            "ask for a year",
        ));
    };
    let of_year = |argument: &Argument<'_>| argument.of("period").and_then(year_of);
    let annual: BTreeMap<i32, &Argument<'_>> =
        call.all("annual").into_iter().filter_map(|figure| Some((of_year(figure)?, figure))).collect();
    let mut monthly: BTreeMap<i32, [Option<&Argument<'_>>; MONTHS]> = BTreeMap::new();
    for figure in call.all("monthly") {
        let (Some(year), Some(month)) = (of_year(figure), figure.of("month").and_then(month_of)) else {
            continue;
        };
        monthly.entry(year).or_default()[month] = Some(figure);
    }
    let own = monthly.get(&asked).copied().unwrap_or_default();
    if let Some(month) = own.iter().position(Option::is_none) {
        return Err(Refusal::new(
            format!("the monthly figure of month {} of {asked} is missing", month + 1),
            "give the monthly figure of every month of the year",
        ));
    }
    // A year whose monthly figure is incomplete or holds a zero ends the series; that of the year asked for is refused in words.
    let complete = |year: i32| {
        let figures: Option<Vec<&Argument<'_>>> = monthly.get(&year)?.iter().copied().collect();
        figures.filter(|figures| year == asked || figures.iter().all(|figure| figure.value > 0.0))
    };
    let reach = i32::try_from(MOST_YEARS_ASIDE).expect("a small number");
    let before = (1..=reach).take_while(|back| complete(asked - back).is_some()).count();
    let after = (1..=reach).take_while(|on| complete(asked + on).is_some()).count();
    let first = (0..before).fold(asked, |year, _| year - 1);
    let taken = (first..).take(before + 1 + after);
    Ok(Years {
        first,
        asked: before,
        annual: taken.clone().map(|year| annual.get(&year).copied()).collect(),
        monthly: taken.filter_map(complete).flatten().collect(),
    })
}

/// A year as it is written, such as 2024.
fn year_of(period: &str) -> Option<i32> {
    period.parse().ok().filter(|year| (1000..=9999).contains(year))
}

/// The place of a month from its number.
fn month_of(month: &str) -> Option<usize> {
    month.parse::<usize>().ok()?.checked_sub(1).filter(|place| *place < MONTHS)
}

fn cannot(reason: String) -> Refusal {
    Refusal::new(
        reason,
        "leave the year whole, or use a monthly figure that is known and above 0 in every month",
    )
}

fn benchmarker(years: &Years<'_>, figure: &impl Fn(&Argument<'_>) -> f64) -> Result<Benchmarker, Refusal> {
    let indicator: Vec<f64> = years.monthly.iter().map(|argument| figure(argument)).collect();
    let has_benchmark: Vec<bool> = years.annual.iter().map(Option::is_some).collect();
    Benchmarker::new(&indicator, &has_benchmark, YEAR, AIM).map_err(cannot)
}

/// The months of the year that is asked for.
fn months(years: &Years<'_>, figure: impl Fn(&Argument<'_>) -> f64) -> Result<Vec<f64>, Refusal> {
    let benchmarks: Vec<f64> = years.annual.iter().map(|annual| annual.map_or(f64::NAN, &figure)).collect();
    let series = benchmarker(years, &figure)?.series(&benchmarks).map_err(cannot)?;
    Ok(series[years.asked * MONTHS..(years.asked + 1) * MONTHS].to_vec())
}

/// The draws of each month.
fn month_draws(years: &Years<'_>, count: usize) -> Result<Vec<Vec<f64>>, Refusal> {
    let mut draws = vec![Vec::new(); MONTHS];
    if years.monthly.iter().any(|argument| !argument.draws.is_empty()) {
        for i in 0..count {
            let of_draw = months(years, |argument| argument.draw(i))
                .map_err(|refusal| Refusal::new(format!("in a draw, {}", refusal.reason), refusal.remedy))?;
            draws.iter_mut().zip(of_draw).for_each(|(draws, x)| draws.push(x));
        }
        return Ok(draws);
    }
    // With an exact monthly figure the months are linear in the annual ones: their weights are those of years of 1.
    let ready = benchmarker(years, &|argument| argument.value)?;
    let weights: Result<Vec<(&Argument<'_>, Vec<f64>)>, Refusal> = years
        .annual
        .iter()
        .enumerate()
        .filter_map(|(j, annual)| Some((j, (*annual)?)))
        .map(|(j, annual)| {
            let one: Vec<f64> = (0..years.annual.len()).map(|k| f64::from(u8::from(k == j))).collect();
            Ok((annual, ready.series(&one).map_err(cannot)?))
        })
        .collect();
    let weights = weights?;
    for i in 0..count {
        for (month, draws) in draws.iter_mut().enumerate() {
            let t = years.asked * MONTHS + month;
            draws.push(sum(weights.iter().map(|(annual, weights)| weights[t] * annual.draw(i))));
        }
    }
    Ok(draws)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::Place;
    use crate::estimator::numeric::benchmarking::benchmarked;
    use crate::estimator::numeric::draw::Stream;
    use proptest::prelude::*;

    type Dimensions = Vec<(String, String)>;

    fn dimensions(year: i32, month: Option<usize>) -> Dimensions {
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let mut all = vec![pair("territory", "PA".to_owned()), pair("period", year.to_string())];
        all.extend(month.map(|month| pair("month", month.to_string())));
        all
    }

    /// A series of figures, with their dimensions.
    struct Given {
        annual: Vec<(Dimensions, f64, Vec<f64>)>,
        monthly: Vec<(Dimensions, f64, Vec<f64>)>,
    }

    impl Given {
        fn new(years: &[(i32, Option<f64>, [f64; 12])]) -> Self {
            let mut given = Self { annual: vec![], monthly: vec![] };
            for (year, annual, months) in years {
                given.annual.extend(annual.map(|value| (dimensions(*year, None), value, vec![])));
                let months = months.iter().enumerate();
                given.monthly.extend(months.map(|(i, p)| (dimensions(*year, Some(i + 1)), *p, vec![])));
            }
            given
        }

        fn arguments(&self) -> Vec<Argument<'_>> {
            let annual = self.annual.iter().map(|figure| argument("annual", figure));
            annual.chain(self.monthly.iter().map(|figure| argument("monthly", figure))).collect()
        }

        fn ask(&self, period: &str) -> Result<Estimate, Refusal> {
            (METHOD.run)(&call(&self.arguments(), period))
        }
    }

    fn call<'a>(arguments: &'a [Argument<'a>], period: &'a str) -> Call<'a> {
        let place = Place { territory: "PA", period };
        Call { place, ..Call::of("illicit_consignments_alcohol", arguments, &[], 1) }
    }

    fn argument<'a>(input: &'a str, figure: &'a (Dimensions, f64, Vec<f64>)) -> Argument<'a> {
        let (dimensions, value, draws) = figure;
        Argument { dimensions, draws, ..Argument::exact(input, *value) }
    }

    const SEASON: [f64; 12] = [3.0, 3.5, 4.0, 4.0, 3.0, 2.0, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0];

    #[test]
    fn the_months_of_a_year_alone_are_its_parts() {
        let estimate = Given::new(&[(2024, Some(90.0), SEASON)]).ask("2024").expect("a year");
        assert!((estimate.value - 90.0).abs() < 1e-15 && estimate.parts.len() == 12);
        for (part, p) in estimate.parts.iter().zip(SEASON) {
            assert!((part.value - 2.0 * p).abs() < 1e-12 && (part.low - part.value).abs() < 1e-12);
        }
        assert_eq!(estimate.parts[11].of, [("month".to_owned(), "2024-12".to_owned())]);
        assert!(estimate.notes.iter().any(|note| note.contains("no other year")));
    }

    /// The same as the pure function with the years in a row; a year with a zero month parts the series.
    #[test]
    fn neighbouring_years_are_taken_together() {
        let years = [(2022, Some(60.0), SEASON), (2023, None, SEASON), (2024, Some(90.0), SEASON)];
        let estimate = Given::new(&years).ask("2024").expect("three years");
        let expected =
            benchmarked(&SEASON.repeat(3), &[Some(60.0), None, Some(90.0)], YEAR, AIM).expect("two");
        for (part, expected) in estimate.parts.iter().zip(&expected[24..]) {
            assert!((part.value - expected).abs() < 1e-12);
        }
        assert!(estimate.notes.iter().any(|note| note.contains("provisional")));
        let mut broken = years;
        broken[1].2[5] = 0.0;
        let parted = Given::new(&broken).ask("2024").expect("one year");
        assert!((parted.parts[0].value - 6.0).abs() < 1e-12);
    }

    #[test]
    fn months_add_up_to_the_year_in_every_draw() {
        let mut given = Given::new(&[(2023, Some(60.0), SEASON), (2024, Some(90.0), SEASON)]);
        let noise = |name: &str, value: f64| {
            let stream = Stream::new(1, name);
            (0..4_000).map(|i| value * (1.0 + 0.1 * stream.normal(i))).collect::<Vec<f64>>()
        };
        given.annual[0].2 = noise("a", 60.0);
        given.annual[1].2 = noise("b", 90.0);
        let add_up = |given: &Given| {
            let arguments = given.arguments();
            let years = years(&call(&arguments, "2024")).expect("two years");
            let draws = month_draws(&years, 4_000).expect("positive figures");
            (0..4_000).all(|i| {
                let total: f64 = draws.iter().map(|month| month[i]).sum();
                (total / given.annual[1].2[i] - 1.0).abs() < 1e-11
            })
        };
        assert!(add_up(&given));
        let exact = given.ask("2024").expect("two years");
        assert_eq!(exact.draws, given.annual[1].2);
        for (i, figure) in given.monthly.iter_mut().enumerate() {
            figure.2 = noise(&format!("p{i}"), figure.1).into_iter().map(|p| p.max(0.01)).collect();
        }
        assert!(add_up(&given));
        let both = given.ask("2024").expect("two years");
        let width = |part: &Part| part.high - part.low;
        assert!(both.parts.iter().zip(&exact.parts).all(|(both, exact)| width(both) > width(exact)));
    }

    #[test]
    fn refusals_say_why() {
        let refusal = |given: &Given, period: &str| given.ask(period).expect_err("a refusal").to_string();
        let year = |p: [f64; 12]| Given::new(&[(2024, Some(90.0), p)]);
        let with = |month: usize, value: f64| {
            let mut season = SEASON;
            season[month] = value;
            year(season)
        };
        assert!(
            refusal(&with(3, 0.0), "2024").contains("value 4 of the indicator is 0, which is as good as 0")
        );
        assert!(refusal(&with(3, -1.0), "2024").contains("negative"));
        let mut short = year(SEASON);
        short.monthly.remove(6);
        assert!(refusal(&short, "2024").contains("month 7 of 2024 is missing"));
        assert!(refusal(&year(SEASON), "2023").contains("month 1 of 2023 is missing"));
        assert!(refusal(&year(SEASON), "2022/2024").contains("2022/2024 is not a year"));
        let none = Given::new(&[(2023, Some(90.0), SEASON), (2024, None, SEASON)]);
        assert!(refusal(&none, "2024").contains("no annual figure of 2024"));
        let steep = Given::new(&[(2023, Some(1000.0), SEASON), (2024, Some(1.0), SEASON)]);
        assert!(refusal(&steep, "2024").contains("change so fast that month"));
    }

    #[test]
    fn a_year_of_nothing_has_months_of_nothing() {
        let estimate = Given::new(&[(2024, Some(0.0), SEASON)]).ask("2024").expect("a year");
        assert!(estimate.value == 0.0 && estimate.parts.iter().all(|part| part.value == 0.0));
    }

    proptest! {
        #[test]
        fn only_the_ratios_of_the_monthly_figure_count(
            p in proptest::array::uniform12(0.5..2.0_f64), q in proptest::array::uniform12(0.5..2.0_f64), unit in 0.01..100.0_f64,
        ) {
            let ask = |unit: f64| {
                let [p, q] = [p, q].map(|months| months.map(|p| p * unit));
                Given::new(&[(2023, Some(80.0), p), (2024, Some(90.0), q)]).ask("2024").expect("two years")
            };
            let (one, other) = (ask(1.0), ask(unit));
            for (one, other) in one.parts.iter().zip(&other.parts) {
                prop_assert!((one.value - other.value).abs() < 1e-9);
            }
            prop_assert!((one.parts.iter().map(|part| part.value).sum::<f64>() - 90.0).abs() < 1e-9);
        }
    }
}
