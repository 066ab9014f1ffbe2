//! The illicit share as a hidden variable with causes and signs, brought to a measured level.

use super::numeric::draw::Stream;
use super::numeric::fitted::Fitted;
use super::numeric::mimic::measures::Measures;
use super::numeric::sample::sum;
use super::panel::{self, unfit};
use super::{
    Argument, Call, Estimate, Input, MOST_WITHOUT_DENOMINATOR, Measure, Need, Quantity, Reach, Reading,
    Refusal, Step, Takes,
};

pub mod index;
mod variables;

use index::{Index, Parameters};
use variables::Variables;

method! {
    /// Illicit share as a hidden cause of many signs.
    ///
    /// # Assumes
    /// One hidden variable, the illicit share up to a factor, has the causes x and shows in the signs y; the signs have nothing else in common, and
    /// the causes reach them only through it. All is linear and the same in all years of the territory; what is left over is normal and
    /// independent from year to year. The first sign rises with the illicit share: it gives the hidden variable its direction and unit.
    /// Two signs and one cause are the least that identify the model. It has p(p+1)/2 + pq covariances to 2p + q parameters (p signs, q causes).
    /// Covariances identify how the hidden variable moves, and neither its origin nor its unit. A level needs both, from outside: the share
    /// of one measured year or more gives the factor, and that the share is 0 where all causes are 0 gives the origin. Nothing in the data can
    /// test the latter.
    /// The figures of a year are taken as exact; their errors are part of what is left over. A figure by beverages, causes of death or the
    /// like is the mean of
    /// those given in every year used.
    ///
    /// # Formula
    /// ```text
    /// eta = gamma' x + zeta, var psi         y - mean = lambda (eta - mean) + e, var theta        lambda = 1 for the first sign
    /// z_t     = gamma' x_t + k' (y_t - mean y - lambda gamma' (x_t - mean x))    index: E(eta_t | x_t, y_t)
    /// k       = left lambda / theta,  left = psi / (1 + psi sum lambda^2 / theta)
    /// index   = (z_t - mean z) / sd(eta)
    /// share_t = z_t (sum of measured shares) / (sum of z of the measured years)
    /// draws   lambda, gamma, ln psi, ln theta ~ Student's t about their estimates, T - 2p - q degrees of freedom;
    ///         each year's z then has an error of variance left; this and the covariance of the estimates times T / (T - q - 1)
    /// ```
    /// The parameters maximise the likelihood of the covariance matrix. Many papers use the causes alone, gamma' x; this is shown among
    /// the steps. Their law is that of long series. The logarithms keep variances positive (with standard deviations of at most 1), and
    /// Student's t and the factor widen it for short series, by rule of thumb: in made-up series in which all this holds, intervals of
    /// 95 % held the share in 92 of 100 series of 20 years, 94 of 30 and of 60, and 95 of 120.
    ///
    /// # Fails when
    /// Fewer than 20 years, or than parameters and five more, have all figures; the shortest is named. A variable is a combination of others,
    /// or does not vary.
    /// A variance comes out negative (a Heywood case), or the likelihood has no highest point: the model does not fit, and there is no estimate.
    /// The measured years' index is not told from 0 in more than 1 of 1,000 draws: then it gives no factor. Without a measured year there is
    /// an index and no share.
    /// The level is arbitrary without the measured year, and another year or another origin gives another level (Breusch).
    /// Series with trends, and signs that follow effort, make a hidden variable of whatever they share, such as the budget of inspections.
    ///
    /// # References
    /// K. G. Jöreskog, A. S. Goldberger (1975), Estimation of a model with multiple indicators and multiple causes of a single latent variable, Journal of the American Statistical Association 70(351), 631-639.
    /// B. S. Frey, H. Weck-Hannemann (1984), The hidden economy as an 'unobserved' variable, European Economic Review 26(1-2), 33-53.
    /// D. E. A. Giles, L. M. Tedds (2002), Taxes and the Canadian Underground Economy, Canadian Tax Foundation.
    /// T. Breusch (2005), Estimating the underground economy using MIMIC models, Australian National University (in 2016: Journal of Tax Administration 2(1)).
    METHOD {
        name: "mimic",
        reach: Reach::Series,
        inputs: &[
            Input { name: "causes", doc: "what makes the illicit share rise or fall, x; several", need: Need::Always, takes: Takes::Figures { many: true, by: DIMENSIONS, unit: Measure::Any } },
            Input { name: "signs", doc: "what shows it, y; several, and the first rises with it", need: Need::Always, takes: Takes::Figures { many: true, by: DIMENSIONS, unit: Measure::Any } },
            Input { name: "benchmark", doc: "the illicit share as measured, in some years", need: Need::Optional, takes: Takes::Figures { many: false, by: &[], unit: Measure::Share } },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "illicit_share", doc: "the share, at the level of the measured years" },
            Quantity { name: "illicit_index", doc: "how the share stands among the years, in standard deviations; 0 is the mean" },
        ],
        run: run,
    }
}

/// The dimensions that causes and signs may have beside territory and year.
const DIMENSIONS: &[&str] = &["beverage", "currency", "cause", "selection_mode"];

/// A measured year.
struct Measured<'a> {
    /// Its place among the years.
    place: usize,
    share: &'a Argument<'a>,
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let asked = panel::asked(call)?;
    let variables = variables::gather(call)?;
    let place = variables.years.iter().position(|year| *year == asked).ok_or_else(|| {
        Refusal::new(
            "a cause or a sign of this year is missing",
            format!("give all of {} each year", panel::listed(variables.names.iter().map(String::as_str))),
        )
    })?;
    let index = Index::new(&variables).map_err(unfit)?;
    let measures = index.measures().map_err(unfit)?;
    let drawn = Drawn::new(call, &variables, &index)?;
    let fitted = index.fitted();
    let score = index.score(&fitted, place);
    let mut steps = steps(&index, &measures, place);
    let mut notes = notes(&variables, &index, &measures);
    if quantity.name == "illicit_index" {
        let draws = drawn.map(&index, |i, parameters| {
            (drawn.score(&index, parameters, place, i) - parameters.mean) / index.spread()
        });
        let value = (score - fitted.mean) / index.spread();
        let estimate = call.estimate(quantity, value, None, draws, steps, notes)?;
        return Ok(Estimate { reading: Reading::Signal, ..estimate });
    }
    let measured = measured(call, &variables)?;
    let found = Level {
        share: sum(measured.iter().map(|one| one.share.value)),
        index: sum(measured.iter().map(|one| index.score(&fitted, one.place))),
    };
    // The share of each draw; none where the index of the measured years has turned.
    let draws: Vec<Option<f64>> = drawn.map(&index, |i, parameters| {
        let level = Level {
            share: sum(measured.iter().map(|one| one.share.draw(i))),
            index: sum(measured.iter().map(|one| drawn.score(&index, parameters, one.place, i))),
        };
        let is_told = level.index * found.index > 0.0;
        is_told.then(|| drawn.score(&index, parameters, place, i) * level.factor())
    });
    let turned = draws.iter().filter(|draw| draw.is_none()).count();
    if turned as f64 > MOST_WITHOUT_DENOMINATOR * draws.len() as f64 {
        return Err(Refusal::new(
            format!(
                "the index of the measured years is {:.4} and of the other sign in {turned} of {} draws, so that it gives no factor",
                found.index,
                draws.len()
            ),
            "give more years, or causes and signs that tell the index better; without a factor there is the index alone",
        ));
    }
    let value = score * found.factor();
    steps.extend([
        Step { name: "measured years", value: measured.len() as f64 },
        Step { name: "index of the measured years, summed", value: found.index },
        Step { name: "measured shares, summed", value: found.share },
        Step {
            name: "share from the causes alone, in many papers",
            value: index.from_causes(place) * causes_factor(&measured, &index),
        },
    ]);
    notes.extend(level_notes(&measured, &variables, &index, place, value));
    let estimate = call.estimate(quantity, value, None, put_farthest(&draws, value), steps, notes)?;
    Ok(Estimate { standard_error: None, ..estimate })
}

/// Draws whose index of the measured years has turned count as the farthest of the others: as it goes to 0 the share goes
/// beyond all bounds.
fn put_farthest(draws: &[Option<f64>], value: f64) -> Vec<f64> {
    let farthest = draws.iter().flatten().copied().reduce(if value < 0.0 { f64::min } else { f64::max });
    draws.iter().map(|draw| draw.or(farthest).unwrap_or(f64::NAN)).collect()
}

/// The parameters' draws, and the error of each year's index.
struct Drawn {
    draws: Vec<Vec<f64>>,
    errors: Vec<Stream>,
}

impl Drawn {
    fn new(call: &Call<'_>, variables: &Variables, index: &Index) -> Result<Self, Refusal> {
        let count = panel::count(call)?;
        let scope = call.place.territory;
        let stream = |part: &str| panel::model_stream(call, METHOD.name, scope, part);
        let (centre, covariance, degrees) = index.law();
        let draws = Fitted::new(&centre, &covariance, degrees)
            .and_then(|law| law.draws(count, stream))
            .map_err(unfit)?;
        let errors = variables.years.iter().map(|year| stream(&format!("year {year}"))).collect();
        Ok(Self { draws, errors })
    }

    /// Something of each draw's number and parameters.
    fn map<T>(&self, index: &Index, of: impl Fn(usize, &Parameters) -> T) -> Vec<T> {
        self.draws.iter().enumerate().map(|(i, draw)| of(i, &index.drawn(draw))).collect()
    }

    /// The index of a year at a draw, with its error.
    fn score(&self, index: &Index, parameters: &Parameters, place: usize, draw: usize) -> f64 {
        let error = libm::sqrt(parameters.left) * self.errors[place].normal(draw as u64);
        index.score(parameters, place) + error
    }
}

/// What the measured years say of the factor.
struct Level {
    share: f64,
    index: f64,
}

impl Level {
    fn factor(&self) -> f64 {
        self.share / self.index
    }
}

fn causes_factor(measured: &[Measured<'_>], index: &Index) -> f64 {
    sum(measured.iter().map(|one| one.share.value))
        / sum(measured.iter().map(|one| index.from_causes(one.place)))
}

/// The measured years among those of the fit.
fn measured<'a>(call: &Call<'a>, variables: &Variables) -> Result<Vec<Measured<'a>>, Refusal> {
    let figures = panel::by_place(call, "benchmark");
    let measured: Vec<Measured<'a>> = variables
        .years
        .iter()
        .enumerate()
        .filter_map(|(place, year)| {
            Some(Measured { place, share: figures.get(&(call.place.territory, *year))? })
        })
        .collect();
    if measured.is_empty() {
        return Err(Refusal::new(
            "no year with all causes and signs has a measured share, and without one the level is arbitrary",
            "give a benchmark of one such year, or ask for illicit_index, which has no level",
        ));
    }
    Ok(measured)
}

fn steps(index: &Index, measures: &Measures, place: usize) -> Vec<Step> {
    let fitted = index.fitted();
    let mut steps = vec![
        Step { name: "years", value: index.years() as f64 },
        Step { name: "index z", value: index.score(&fitted, place) },
        Step { name: "index from the causes alone gamma' x", value: index.from_causes(place) },
        Step { name: "mean index", value: fitted.mean },
        Step { name: "standard deviation of the hidden variable", value: index.spread() },
        Step { name: "part of its variance that the causes explain", value: measures.determination },
        Step { name: "chi-squared", value: measures.chi_squared },
        Step { name: "degrees of freedom", value: measures.degrees as f64 },
    ];
    steps.extend(measures.p_value.map(|value| Step { name: "p-value", value }));
    steps.extend([
        Step { name: "root mean square error of approximation", value: measures.approximation },
        Step { name: "comparative fit index", value: measures.comparative },
    ]);
    steps
}

fn notes(variables: &Variables, index: &Index, measures: &Measures) -> Vec<String> {
    let mut notes = vec![index.sentence(&variables.names)];
    if let (Some(first), Some(last)) = (variables.years.first(), variables.years.last()) {
        notes.push(format!("fitted to {} years from {first} to {last}", variables.years.len()));
    }
    if let Some(p) = measures.p_value.filter(|p| *p < 0.05) {
        notes.push(format!("the figures contradict the model (chi-squared test, p = {p:.3})"));
    }
    if let Some((name, statistic)) =
        index.most_alike(&variables.names).filter(|(_, statistic)| *statistic < 1.0)
    {
        notes.push(format!(
            "what the model leaves of {name} is alike in neighbouring years (Durbin-Watson {statistic:.2}), so that the interval is too narrow"
        ));
    }
    notes.extend(variables.notes.iter().cloned());
    notes
}

/// How much the level hangs on the measured year, and whether it is possible.
fn level_notes(
    measured: &[Measured<'_>],
    variables: &Variables,
    index: &Index,
    place: usize,
    value: f64,
) -> Vec<String> {
    let years: Vec<String> = measured.iter().map(|one| variables.years[one.place].to_string()).collect();
    let mut notes = vec![format!(
        "the level comes from the measured share of {} and from taking it as 0 where all causes are 0; the course alone comes from the model",
        panel::listed(years.iter().map(String::as_str))
    )];
    let fitted = index.fitted();
    let score = |place: usize| index.score(&fitted, place);
    let single = measured.iter().map(|one| one.share.value * score(place) / score(one.place));
    let (low, high) =
        single.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), one| (low.min(one), high.max(one)));
    if measured.len() > 1 && low.is_finite() && high.is_finite() {
        notes.push(format!(
            "by the year that the level is taken from alone, the share is from {low:.4} to {high:.4}"
        ));
    }
    if measured.iter().any(|one| one.place == place) {
        notes.push(
            "the share of this year is measured; the measured figure is better than this one".to_owned(),
        );
    }
    if !(0.0..=1.0).contains(&value) {
        notes.push(
            "the share lies outside 0 to 1 and is kept: the origin or the factor cannot hold".to_owned(),
        );
    }
    notes
}

#[cfg(test)]
mod tests;
