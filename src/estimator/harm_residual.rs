//! The change of unrecorded consumption, from harm that recorded consumption does not explain.

use std::collections::{BTreeMap, BTreeSet};

use nalgebra::DMatrix;

use super::numeric::fitted::Fitted;
use super::numeric::regression::{Column as Regressor, Problem, fit};
use super::numeric::sample::sum;
use super::panel::{self, FEWEST_FREE, listed, unfit};
use super::{
    Argument, Call, Estimate, Input, MOST_WITHOUT_DENOMINATOR, Measure, Need, Quantity, Reach, Refusal, Step,
    Takes, delta_method,
};

method! {
    /// Change of unrecorded consumption per adult, from alcohol deaths and recorded consumption.
    ///
    /// # Assumes
    /// Deaths per adult by causes that are alcohol by definition move with all that is drunk, recorded A and unrecorded U alike, a
    /// litre by the same factor whatever is drunk and by whom, in the year itself. Nothing else has a lasting effect on them: no trend of
    /// treatment, of
    /// certification or of ages. So the level of U is not identified, and its change is: it takes in all that A does not explain.
    /// The effect b of a litre is identified by the changes of A from year to year, after their mean; changes of U have nothing to do with
    /// changes of A. Other movements v of a year, and the chance of counts, are independent, normal and of one variance.
    ///
    /// # Formula
    /// ```text
    /// ln M_t          = a_t + b (A_t + U_t)                        M deaths per adult; a_t - a_t-1 = v_t
    /// ln M_t - ln M_t-1 = c + b (A_t - A_t-1) + v_t                fitted by least squares; the mean of U's changes goes into c
    /// D               = ln M_t - mean of ln M in the first three years
    /// dA              = A_t - mean of A in the first three years
    /// dU              = D / b - dA                                 change of unrecorded consumption
    /// draws           (D - N) / b' - dA        b' = b - s T1, N = s T2, (T1, T2) Student's t with n - 2 degrees of freedom
    ///                 and covariance [w.w, w.u; w.u, u.u], w the weights of the v in b, u those in D: 1/3, 2/3, 1, ..., 1
    /// ```
    /// The quantiles of the draws are the interval of Fieller: all dU that the figures do not contradict. N is what the movements v add
    /// up to since the first years. U's own changes are among the v that s is measured from, so that the interval is rather too wide than too narrow.
    /// Deaths are taken as counted: their chance is part of v.
    ///
    /// # Fails when
    /// There are fewer than nine years one after the other with deaths, recorded consumption and adults; or no deaths in a year.
    /// b is not told from 0: more than 1 of 1,000 draws of it are 0 or less. There is no estimate then.
    /// Cirrhosis follows drinking by years: b of the same year is then too small and dU too large. Harm of a spree, such as poisoning, follows
    /// at once.
    /// Treatment, certification, ages or the way of drinking change: their trend is counted as unrecorded consumption, in either direction.
    /// Recorded and unrecorded consumption replace each other: b is then too small.
    /// Norström found an error of 12 % on average against surveys, with several harms together. The formula is a reconstruction in that
    /// line, from memory of the literature, and was not checked against it.
    ///
    /// # References
    /// T. Norström (1998), Estimating changes in unrecorded alcohol consumption in Norway using indicators of harm, Addiction 93(10), 1531-1538.
    /// T. Norström, P. Mäkelä (2019), The connection between per capita alcohol consumption and alcohol-specific mortality accounting for unrecorded alcohol consumption: the case of Finland 1975-2015, Drug and Alcohol Review.
    /// E. C. Fieller (1954), Some problems in interval estimation, Journal of the Royal Statistical Society B 16(2), 175-185.
    METHOD {
        name: "harm_residual",
        reach: Reach::Series,
        inputs: &[
            Input { name: "harm", doc: "deaths by cause, of causes that are alcohol by definition, M", need: Need::Always, takes: Takes::Figures { many: false, by: &["cause"], unit: Measure::Share } },
            Input { name: "recorded", doc: "recorded consumption per adult, A", need: Need::Always, takes: Takes::Figures { many: false, by: &[], unit: Measure::Of("LPA/person") } },
            Input { name: "people", doc: "adults", need: Need::Always, takes: Takes::Figures { many: false, by: &[], unit: Measure::Of("person") } },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "unrecorded_change_per_adult", doc: "change since the first three years, dU" },
        ],
        run: run,
    }
}

/// No figure is of a later year.
const LAST_YEAR: i32 = 9999;

/// The years that the change is counted from.
const BASE: usize = 3;

/// Years one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// ln M.
    pub harm: Vec<f64>,
    /// A.
    pub recorded: Vec<f64>,
}

/// What the changes from year to year say of the effect of a litre.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// b.
    pub litre: f64,
    /// c.
    pub drift: f64,
    /// s.
    pub scatter: f64,
    /// n - 2.
    pub degrees: f64,
    /// w, the weights of the v in b.
    pub weights: Vec<f64>,
    /// The statistic of Durbin and Watson of the changes.
    pub durbin_watson: Option<f64>,
}

impl Effect {
    /// The standard error of b.
    pub fn standard_error(&self) -> f64 {
        self.scatter * libm::sqrt(sum(self.weights.iter().map(|w| w * w)))
    }

    /// The covariance of b's error and of what the v add up to until year `t`, over s^2.
    fn covariance(&self, t: usize) -> [f64; 3] {
        let u = accumulation(self.weights.len(), t);
        let product = |one: &[f64], other: &[f64]| sum(one.iter().zip(other).map(|(a, b)| a * b));
        [product(&self.weights, &self.weights), product(&self.weights, &u), product(&u, &u)]
    }
}

/// The weights u with which the changes add up to year `t` less the mean of the first three years.
fn accumulation(changes: usize, t: usize) -> Vec<f64> {
    (1..=changes)
        .map(|s| {
            let until = if s <= t { 1.0 } else { 0.0 };
            until - BASE.saturating_sub(s) as f64 / BASE as f64
        })
        .collect()
}

/// Fits the effect of a litre; refuses in words.
pub fn effect(series: &Series) -> Result<Effect, String> {
    let needed = 1 + 2 + FEWEST_FREE;
    let years = series.harm.len();
    if years < needed {
        return Err(format!(
            "{years} years one after the other have deaths, recorded consumption and adults; {needed} are needed"
        ));
    }
    let changes = |values: &[f64]| -> Vec<f64> { values.windows(2).map(|pair| pair[1] - pair[0]).collect() };
    let (harm, recorded) = (changes(&series.harm), changes(&series.recorded));
    let ones = vec![1.0; harm.len()];
    let columns = [("the constant", &ones), ("the change of recorded consumption", &recorded)]
        .map(|(name, values)| Regressor { name, values });
    let fit = fit(&Problem { response: &harm, columns: &columns, ..Problem::default() })?;
    Ok(Effect {
        litre: fit.coefficients[1],
        drift: fit.coefficients[0],
        scatter: libm::sqrt(fit.variance),
        degrees: fit.degrees,
        weights: fit.influence(1),
        durbin_watson: fit.durbin_watson(),
    })
}

/// What year `t` has more than the mean of the first three years.
pub fn since_base(values: &[f64], t: usize) -> f64 {
    values[t] - sum(values[..BASE].iter().copied()) / BASE as f64
}

/// The change of unrecorded consumption, dU; none where harm does not rise with a litre.
pub fn change(harm: f64, recorded: f64, litre: f64) -> Option<f64> {
    (litre > 0.0).then(|| harm / litre - recorded)
}

/// The series of the territory about the asked year, with the figures that vary by draw.
struct Found<'a> {
    first: i32,
    /// The place of the asked year.
    place: usize,
    series: Series,
    recorded: Vec<&'a Argument<'a>>,
    people: Vec<&'a Argument<'a>>,
    notes: Vec<String>,
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let found = find(call)?;
    let Found { place, series, .. } = &found;
    let effect = effect(series).map_err(unfit)?;
    if *place < BASE {
        return Err(Refusal::new(
            "this is one of the three years that the change is counted from",
            "ask for a later year, or give earlier ones",
        ));
    }
    let not_told = |how: String| {
        Refusal::new(
            format!(
                "the effect of a litre on deaths is {:.4} with a standard error of {:.4}, {how}",
                effect.litre,
                effect.standard_error()
            ),
            "give more years, or deaths by causes that follow drinking more closely",
        )
    };
    let (harm, recorded) = (since_base(&series.harm, *place), since_base(&series.recorded, *place));
    let value = change(harm, recorded, effect.litre)
        .ok_or_else(|| not_told("and a litre cannot be told by it".to_owned()))?;
    let count = panel::count(call)?;
    let (draws, without) = draws(call, &found, &effect, harm, count)?;
    if without as f64 > MOST_WITHOUT_DENOMINATOR * count as f64 {
        return Err(not_told(format!("and 0 or less in {without} of {count} draws")));
    }
    let mut notes = found.notes.clone();
    notes.push(format!(
        "the change is counted from {} to {}, and {} years are fitted",
        found.first,
        found.first + 2,
        series.harm.len()
    ));
    if without > 0 {
        notes.push(format!(
            "{without} of {count} draws have no effect of a litre and count as the farthest of the others"
        ));
    }
    if let Some(alike) = effect.durbin_watson.filter(|statistic| *statistic < 1.0) {
        notes.push(format!(
            "movements of neighbouring years are alike (Durbin-Watson {alike:.2}), so that the interval is too narrow"
        ));
    }
    let scatter = effect.scatter * libm::sqrt(effect.covariance(*place)[2]);
    let steps = vec![
        Step { name: "effect of a litre b", value: effect.litre },
        Step { name: "standard error of b", value: effect.standard_error() },
        Step { name: "drift c", value: effect.drift },
        Step { name: "degrees of freedom", value: effect.degrees },
        Step { name: "scatter s of a year's change of log deaths", value: effect.scatter },
        Step { name: "change of log deaths D", value: harm },
        Step { name: "of it explained by recorded consumption b dA", value: effect.litre * recorded },
        Step { name: "change of recorded consumption dA", value: recorded },
        Step { name: "change of unrecorded consumption dU", value },
        Step {
            name: "change that the scatter alone may make, one standard deviation",
            value: scatter / effect.litre,
        },
    ];
    let analytic = analytic(&found, &effect, harm);
    let estimate = call.estimate(quantity, value, analytic, draws, steps, notes)?;
    // A ratio with an uncertain denominator has no standard deviation.
    Ok(Estimate { standard_error: None, ..estimate })
}

/// The years about the asked one, one after the other, that have all figures.
fn find<'a>(call: &Call<'a>) -> Result<Found<'a>, Refusal> {
    let asked = panel::asked(call)?;
    let here = |input: &str| -> Result<BTreeMap<i32, &'a Argument<'a>>, Refusal> {
        let all = panel::by_place(call, input);
        Ok(all
            .into_iter()
            .filter(|((territory, _), _)| *territory == call.place.territory)
            .map(|((_, year), argument)| (year, argument))
            .collect())
    };
    let (recorded, people) = (here("recorded")?, here("people")?);
    let mut deaths: BTreeMap<i32, BTreeMap<&str, f64>> = BTreeMap::new();
    for figure in panel::figures(call, "harm") {
        if figure.territory == call.place.territory {
            let cause = figure.argument.of("cause").unwrap_or("all");
            deaths.entry(figure.year).or_default().insert(cause, figure.argument.value);
        }
    }
    let complete = |year: &i32| {
        deaths.contains_key(year)
            && recorded.contains_key(year)
            && people.get(year).is_some_and(|people| people.value > 0.0)
    };
    if !complete(&asked) {
        return Err(Refusal::new(
            "deaths, recorded consumption or adults of this year are missing",
            "give all three, each year",
        ));
    }
    let before = (0..asked).rev().take_while(complete);
    let first = before.last().unwrap_or(asked);
    let years: Vec<i32> = (first..=LAST_YEAR).take_while(complete).collect();
    let (kept, dropped) = causes(&years, &deaths);
    if kept.is_empty() {
        return Err(Refusal::new(
            "no cause of death is given in all of these years",
            "give deaths of the same causes every year",
        ));
    }
    let mut harm = Vec::new();
    for year in &years {
        let total = sum(kept.iter().map(|cause| deaths[year][cause]));
        if total.is_nan() || total <= 0.0 {
            return Err(Refusal::new(
                format!("there are no deaths in {year}, and the logarithm of none is not a number"),
                "give more causes, or a larger territory",
            ));
        }
        harm.push(libm::log(total) - libm::log(people[year].value));
    }
    let notes = if dropped.is_empty() {
        Vec::new()
    } else {
        vec![format!("left out, because not given every year: deaths by {}", listed(dropped.iter().copied()))]
    };
    Ok(Found {
        first,
        place: usize::try_from(asked - first).unwrap_or(0),
        series: Series { harm, recorded: years.iter().map(|year| recorded[year].value).collect() },
        recorded: years.iter().map(|year| recorded[year]).collect(),
        people: years.iter().map(|year| people[year]).collect(),
        notes,
    })
}

/// The causes that are given in all years, and the others.
fn causes<'a>(
    years: &[i32],
    deaths: &BTreeMap<i32, BTreeMap<&'a str, f64>>,
) -> (BTreeSet<&'a str>, BTreeSet<&'a str>) {
    let all: BTreeSet<&str> = years.iter().flat_map(|year| deaths[year].keys().copied()).collect();
    all.into_iter().partition(|cause| years.iter().all(|year| deaths[year].contains_key(cause)))
}

/// The change of each draw, and how many draws have no effect of a litre.
fn draws(
    call: &Call<'_>,
    found: &Found<'_>,
    effect: &Effect,
    harm: f64,
    count: usize,
) -> Result<(Vec<f64>, usize), Refusal> {
    let square = effect.scatter * effect.scatter;
    let [own, shared, added] = effect.covariance(found.place).map(|part| part * square);
    let covariance = DMatrix::from_row_slice(2, 2, &[own, shared, shared, added]);
    let scope = call.place.territory;
    let errors = Fitted::new(&[0.0, 0.0], &covariance, effect.degrees)
        .and_then(|law| law.draws(count, |part| panel::model_stream(call, METHOD.name, scope, part)))
        .map_err(unfit)?;
    let log_people = |t: usize, i: usize| libm::log(found.people[t].draw(i) / found.people[t].value);
    let drawn: Vec<Option<f64>> = errors
        .iter()
        .enumerate()
        .map(|(i, error)| {
            let years = 0..found.series.harm.len();
            let recorded: Vec<f64> = years.clone().map(|t| found.recorded[t].draw(i)).collect();
            let people: Vec<f64> = years.map(|t| log_people(t, i)).collect();
            let harm = harm - since_base(&people, found.place) - error[1];
            change(harm, since_base(&recorded, found.place), effect.litre - error[0])
        })
        .collect();
    let without = drawn.iter().filter(|draw| draw.is_none()).count();
    // As b goes to 0 the change goes beyond all others, to the side that deaths went to.
    let farthest = drawn
        .iter()
        .flatten()
        .copied()
        .reduce(if harm < 0.0 { f64::min } else { f64::max })
        .unwrap_or(f64::NAN);
    Ok((drawn.into_iter().map(|draw| draw.unwrap_or(farthest)).collect(), without))
}

/// By the delta method: `(s / b) sqrt(u.u - 2 X w.u + X^2 w.w)` with `X = D / b`, and the errors of recorded consumption and adults.
fn analytic(found: &Found<'_>, effect: &Effect, harm: f64) -> Option<f64> {
    let [own, shared, added] = effect.covariance(found.place);
    let all = harm / effect.litre;
    let model =
        effect.scatter / effect.litre * libm::sqrt((added - 2.0 * all * shared + all * all * own).max(0.0));
    let mut gradient = Vec::new();
    for t in 0..found.series.harm.len() {
        let until = if t == found.place { 1.0 } else { 0.0 };
        let weight = until - if t < BASE { 1.0 / BASE as f64 } else { 0.0 };
        if weight != 0.0 {
            gradient.push((found.recorded[t], -weight));
            gradient.push((found.people[t], -weight / (effect.litre * found.people[t].value)));
        }
    }
    let figures = delta_method(&gradient)?;
    Some(libm::sqrt(model * model + figures * figures))
}

#[cfg(test)]
mod tests;
