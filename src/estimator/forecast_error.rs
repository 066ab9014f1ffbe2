//! Legal sales lost to counterfeits, from errors of forecast that signs of counterfeiting explain.

use std::collections::{BTreeMap, BTreeSet};

use nalgebra::DMatrix;

use super::numeric::autoregression;
use super::numeric::fitted::Fitted;
use super::numeric::regression::covariance::{Covariance, Errors};
use super::numeric::regression::{Column as Regressor, Fit, Problem, fit};
use super::numeric::sample::sum;
use super::panel::{self, FEWEST_FREE, INSIDE_ANOTHER, listed, unfit};
use super::{
    Argument, Call, Column, Estimate, Holds, Input, Measure, Need, Quantity, Reach, Refusal, Step, Takes,
};

method! {
    /// Share of legal sales lost to counterfeits, from errors of forecast.
    ///
    /// # Assumes
    /// Sales go on as in their own past, but for changes of the real legal price, of real income per adult and of real output, for
    /// counterfeits, and for chance. What else moves sales has nothing to do with the signs of counterfeiting. A sign at 0 means that nothing is
    /// lost by it, and its effect grows in proportion, with the same factor in all territories and years.
    /// So the effect of counterfeits is identified by comparing territories and years whose signs differ; one territory alone gives nothing.
    /// Errors of different territories are independent; within a territory they may be related in any way.
    /// A sign whose figures all lie from 0 to 1 is a share and is taken as it is; any other is an amount and is divided by the adults.
    ///
    /// # Formula
    /// ```text
    /// first stage     y_t = ln(sales per adult); F_t = exp(forecast of y_t from the years before t that follow one another, seven or more):
    ///                 of a random walk with drift, AR(1) and ARIMA(1,1,0) with drift the one with the least AICc, one year ahead
    ///                 e_t = (F_t - S_t) / F_t                         S sales per adult; positive where less was sold than forecast
    /// second stage    e_it = b0 + b1 dln p + b2 dln y + b3 dln o + sum of g_j Z_ijt + u_it       least squares over territories and years
    /// lost share      L = sum of g_j Z_j                              of the territory and year, in parts of sales as forecast
    /// law of (b, g)   Student's t with the number of territories less one; covariance of the cluster jackknife (CR3)
    /// ```
    /// This is a reconstruction of the two stages of the European Union Intellectual Property Office (2016): the outline of its report is followed,
    /// the formulas of its appendices were not read, and nothing was checked against its figures. Its shares are of actual sales;
    /// these are of sales as forecast, because the quantity is so defined. With a share L of the forecast, L / (1 - e) is that of actual sales.
    /// The errors e are themselves estimated. They stand on the left, so that the noise of the forecasts adds to u and does
    /// not bias g. It differs between territories and is related over years, which the jackknife allows for; forecasts for a
    /// territory use nothing of another, so that leaving a territory out leaves out its first stage as well.
    ///
    /// # Fails when
    /// Fewer than ten territories have errors of forecast with all signs, prices, incomes and outputs; or a sign does not vary: it is named.
    /// Counterfeits that are always there are in the past that the forecast comes from: only what is new is an error, so that the estimate errs low.
    /// Whatever moves sales and goes with the signs is counted as counterfeiting, mostly too high. Seizures also rise with effort.
    /// Signs with errors have factors that are too small.
    ///
    /// # References
    /// European Union Intellectual Property Office (2016), The economic cost of IPR infringement in spirits and wine.
    /// R. L. Pacula, S. Kadiyala, P. Hunt, A. Malchiodi (2012), An alternative framework for empirically measuring the size of counterfeit markets, NBER Working Paper 18171.
    /// A. Pagan (1984), Econometric issues in the analysis of regressions with generated regressors, International Economic Review 25(1), 221-247.
    /// J. G. `MacKinnon`, M. Ø. Nielsen, M. D. Webb (2023), Cluster-robust inference: a guide to empirical practice, Journal of Econometrics 232(2), 272-299.
    METHOD {
        name: "forecast_error",
        reach: Reach::All,
        inputs: &[
            Input { name: "sales", doc: "duty-paid sales by beverage, S", need: Need::Always, takes: Takes::Figures { many: false, by: &["beverage"], unit: Measure::Of("LPA") } },
            Input { name: "price", doc: "legal price of pure alcohol by beverage and currency, p", need: Need::Always, takes: Takes::Figures { many: false, by: &["beverage", "currency"], unit: Measure::Any } },
            Input { name: "people", doc: "adults", need: Need::Always, takes: Takes::Figures { many: false, by: &[], unit: Measure::Of("person") } },
            Input { name: "economy", doc: "income, output and prices of a year", need: Need::Always, takes: Takes::Records { columns: &[
                Column { name: "currency", doc: "currency of the amounts", holds: Holds::Texts, need: Need::Always },
                Column { name: "income", doc: "disposable income of households, y", holds: Holds::Numbers(Measure::Any), need: Need::Always },
                Column { name: "output", doc: "gross domestic product, o", holds: Holds::Numbers(Measure::Any), need: Need::Always },
                Column { name: "price_index", doc: "index of consumer prices", holds: Holds::Numbers(Measure::Any), need: Need::Always },
            ] } },
            Input { name: "proxies", doc: "signs of counterfeiting, Z; several", need: Need::Always, takes: Takes::Figures { many: true, by: &[], unit: Measure::Any } },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "lost_sales_share", doc: "share of forecast sales that the signs explain as missing, L" },
        ],
        run: run,
    }
}

/// With fewer territories their errors do not show how they differ.
const FEWEST_TERRITORIES: usize = 10;

/// Years before these say nothing of the next.
const LONGEST_PAST: i32 = 100;

/// How many columns stand before the signs: the constant and three changes.
const CONTROLS: usize = 4;

/// A territory and year of the second stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    /// The territory, as a number.
    pub territory: usize,
    /// e.
    pub error: f64,
    /// The changes of the logarithms of real price, real income per adult and real output.
    pub changes: [f64; 3],
    /// Z.
    pub signs: Vec<f64>,
}

/// The part of a forecast by which sales fall short of it, e, for the last of a series of logarithms from all before it.
pub fn shortfall(series: &[f64]) -> Result<f64, String> {
    let (last, past) = series.split_last().ok_or("there is no year to forecast")?;
    let forecast = autoregression::forecast(past)?;
    Ok(-libm::expm1(last - forecast.value))
}

/// The second stage; refuses in words. `names` are the signs'.
pub fn explain(errors: &[Error], names: &[&str]) -> Result<(Fit, Covariance), String> {
    let clusters: Vec<usize> = errors.iter().map(|error| error.territory).collect();
    let territories = clusters.iter().collect::<BTreeSet<_>>().len();
    if territories < FEWEST_TERRITORIES {
        return Err(format!(
            "{territories} territories have errors of forecast with all signs; {FEWEST_TERRITORIES} are needed"
        ));
    }
    let needed = CONTROLS + names.len() + FEWEST_FREE;
    if errors.len() < needed {
        return Err(format!(
            "{} years of territories have errors of forecast with all signs; {needed} are needed",
            errors.len()
        ));
    }
    let response: Vec<f64> = errors.iter().map(|error| error.error).collect();
    let mut values: Vec<(&str, Vec<f64>)> = vec![("the constant", vec![1.0; errors.len()])];
    for (j, name) in
        ["the change of the price", "the change of income", "the change of output"].iter().enumerate()
    {
        values.push((name, errors.iter().map(|error| error.changes[j]).collect()));
    }
    for (j, name) in names.iter().enumerate() {
        values.push((name, errors.iter().map(|error| error.signs[j]).collect()));
    }
    let columns: Vec<Regressor<'_>> =
        values.iter().map(|(name, values)| Regressor { name, values }).collect();
    let fit = fit(&Problem { response: &response, columns: &columns, ..Problem::default() })?;
    let covariance = fit.covariance(Errors::LeftOut(&clusters))?;
    Ok((fit, covariance))
}

/// The weights of the coefficients in the lost share.
pub fn weights(signs: &[f64]) -> Vec<f64> {
    [0.0; CONTROLS].iter().chain(signs).copied().collect()
}

/// What is known of a territory and year.
struct Place<'a> {
    territory: &'a str,
    year: i32,
    error: Error,
    signs: Vec<&'a Argument<'a>>,
    people: &'a Argument<'a>,
}

/// The signs: their names, and which of them are divided by the adults.
struct Signs<'a> {
    names: Vec<&'a str>,
    by_place: Vec<BTreeMap<(&'a str, i32), &'a Argument<'a>>>,
    per_adult: Vec<bool>,
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let asked = panel::asked(call)?;
    let signs = signs(call)?;
    let (places, mut notes) = places(call, &signs)?;
    let errors: Vec<Error> = places.iter().map(|place| place.error.clone()).collect();
    let (fit, covariance) = explain(&errors, &signs.names).map_err(unfit)?;
    let here = places
        .iter()
        .find(|place| place.territory == call.place.territory && place.year == asked)
        .ok_or_else(|| {
            Refusal::new(
                "this year has no error of forecast with all signs",
                format!(
                    "give sales of {} years before it without a gap, and of the year and the one before prices, adults, income, output \
                     and price index, with every sign",
                    autoregression::FEWEST
                ),
            )
        })?;
    let all = weights(&here.error.signs);
    let told = fit.tell(&all, &covariance, call.level).map_err(unfit)?;
    let count = panel::count(call)?;
    let draws = draws(call, here, &signs, &fit, &covariance, count)?;
    notes.extend(sentences(&fit, &covariance, &signs, errors.len()));
    let territories = covariance.degrees + 1.0;
    let steps = vec![
        Step { name: "territories", value: territories },
        Step { name: "errors of forecast", value: errors.len() as f64 },
        Step { name: "error of forecast of this year e", value: here.error.error },
        Step { name: "part that the signs explain L", value: told.value },
        Step { name: "standard error of L", value: told.standard_error },
        Step {
            name: "the same in parts of actual sales L / (1 - e)",
            value: told.value / (1.0 - here.error.error),
        },
        Step {
            name: "mean error of forecast",
            value: sum(errors.iter().map(|error| error.error)) / errors.len() as f64,
        },
    ];
    let analytic = analytic(here, &signs, &fit, told.standard_error);
    if told.low <= 0.0 && told.high >= 0.0 {
        notes.push("the figures agree with no sales being lost to counterfeits".to_owned());
    }
    if told.value < 0.0 {
        notes.push(
            "more is sold where the signs are stronger, which contradicts the model; the estimate is kept"
                .to_owned(),
        );
    }
    call.estimate(quantity, told.value, analytic, draws, steps, notes)
}

fn signs<'a>(call: &Call<'a>) -> Result<Signs<'a>, Refusal> {
    let mut known: BTreeMap<&str, BTreeMap<(&str, i32), &Argument<'a>>> = BTreeMap::new();
    for figure in panel::figures(call, "proxies") {
        known
            .entry(panel::indicator(figure.argument))
            .or_default()
            .insert((figure.territory, figure.year), figure.argument);
    }
    if known.is_empty() {
        return Err(Refusal::new("there is no sign of counterfeiting", "give proxies"));
    }
    let is_share = |figures: &BTreeMap<(&str, i32), &Argument<'a>>| {
        figures.values().all(|figure| (0.0..=1.0).contains(&figure.value))
    };
    let per_adult = known.values().map(|figures| !is_share(figures)).collect();
    let (names, by_place) = known.into_iter().unzip();
    Ok(Signs { names, by_place, per_adult })
}

/// Every territory and year with an error of forecast, its changes and all signs.
fn places<'a>(call: &Call<'a>, signs: &Signs<'a>) -> Result<(Vec<Place<'a>>, Vec<String>), Refusal> {
    let people = panel::by_place(call, "people");
    let economy = panel::economy(call)?;
    let (sales, mut notes) = sales(call);
    let prices = prices(call);
    let mut places = Vec::new();
    for (number, (territory, volumes)) in sales.iter().enumerate() {
        let adults = |year: i32| people.get(&(*territory, year)).copied().filter(|adults| adults.value > 0.0);
        let logarithm = |year: i32| Some(libm::log(*volumes.get(&year)?) - libm::log(adults(year)?.value));
        for year in volumes.keys() {
            let run: Vec<f64> = (0..=LONGEST_PAST).map_while(|back| logarithm(year - back)).collect();
            let series: Vec<f64> = run.into_iter().rev().collect();
            // The year itself and as many before it as a forecast needs.
            if series.len() <= autoregression::FEWEST {
                continue;
            }
            let growth =
                adults(*year).zip(adults(year - 1)).map(|(now, before)| libm::log(now.value / before.value));
            let found: Option<Vec<&Argument<'a>>> =
                signs.by_place.iter().map(|sign| sign.get(&(*territory, *year)).copied()).collect();
            let changes = growth.and_then(|growth| changes(&economy, &prices, (territory, *year), growth));
            let (Some(changes), Some(found), Some(people)) = (changes, found, adults(*year)) else {
                continue;
            };
            let scaled = signs_of(&found, &signs.per_adult, people, None);
            let error = shortfall(&series).map_err(unfit)?;
            let error = Error { territory: number, error, changes, signs: scaled };
            places.push(Place { territory, year: *year, error, signs: found, people });
        }
    }
    let divided: Vec<&str> = signs
        .names
        .iter()
        .zip(&signs.per_adult)
        .filter(|(_, divided)| **divided)
        .map(|(name, _)| *name)
        .collect();
    if !divided.is_empty() {
        notes.push(format!("divided by the adults: {}", listed(divided)));
    }
    Ok((places, notes))
}

/// The values of the signs, at a draw or as they are given.
fn signs_of(
    signs: &[&Argument<'_>],
    per_adult: &[bool],
    people: &Argument<'_>,
    draw: Option<usize>,
) -> Vec<f64> {
    let value = |argument: &Argument<'_>| draw.map_or(argument.value, |i| argument.draw(i));
    signs
        .iter()
        .zip(per_adult)
        .map(|(sign, divided)| if *divided { value(sign) / value(people) } else { value(sign) })
        .collect()
}

/// Volumes by territory and year.
type Volumes<'a> = BTreeMap<&'a str, BTreeMap<i32, f64>>;

/// Sales of all beverages, of those that are given in every year of the territory.
fn sales<'a>(call: &Call<'a>) -> (Volumes<'a>, Vec<String>) {
    let mut known: BTreeMap<&str, BTreeMap<i32, BTreeMap<&str, f64>>> = BTreeMap::new();
    for figure in panel::figures(call, "sales") {
        let beverage = figure.argument.of("beverage").unwrap_or("all");
        if beverage == INSIDE_ANOTHER {
            continue;
        }
        let years = known.entry(figure.territory).or_default();
        years.entry(figure.year).or_default().insert(beverage, figure.argument.value);
    }
    let mut notes = Vec::new();
    let mut totals = BTreeMap::new();
    for (territory, years) in known {
        let all: BTreeSet<&str> = years.values().flat_map(|year| year.keys().copied()).collect();
        let (kept, dropped): (BTreeSet<&str>, BTreeSet<&str>) =
            all.into_iter().partition(|beverage| years.values().all(|year| year.contains_key(beverage)));
        if territory == call.place.territory && !dropped.is_empty() {
            notes.push(format!("left out, because not given every year: sales of {}", listed(dropped)));
        }
        let volumes: BTreeMap<i32, f64> = years
            .iter()
            .map(|(year, volumes)| (*year, sum(kept.iter().map(|beverage| volumes[beverage]))))
            .filter(|(_, volume)| *volume > 0.0)
            .collect();
        totals.insert(territory, volumes);
    }
    (totals, notes)
}

/// Legal prices by territory, year and currency, each with its beverage.
type Prices<'a> = BTreeMap<(&'a str, i32, &'a str), BTreeMap<&'a str, f64>>;

fn prices<'a>(call: &Call<'a>) -> Prices<'a> {
    let mut prices: Prices<'a> = BTreeMap::new();
    for figure in panel::figures(call, "price") {
        let Some(currency) = figure.argument.of("currency") else { continue };
        if figure.argument.value > 0.0 {
            let beverage = figure.argument.of("beverage").unwrap_or("all");
            let place = (figure.territory, figure.year, currency);
            prices.entry(place).or_default().insert(beverage, libm::log(figure.argument.value));
        }
    }
    prices
}

/// The changes of the logarithms of real price, real income per adult and real output since the year before, in a currency that
/// both years have; `growth` is that of the adults. The price is the mean over the beverages of both years.
fn changes(
    economy: &panel::Economy<'_>,
    prices: &Prices<'_>,
    (territory, year): (&str, i32),
    growth: f64,
) -> Option<[f64; 3]> {
    let both = [year - 1, year];
    let of_currency = |currency: &str| {
        let [before, now] = both.map(|year| economy.get(&(territory, year, currency)));
        let (before, now) = (before?, now?);
        let change =
            |column: &str| Some(libm::log(now.positive(column)?) - libm::log(before.positive(column)?));
        let inflation = change("price_index")?;
        let [old, new] = both.map(|year| prices.get(&(territory, year, currency)));
        let (old, new) = (old?, new?);
        let risen: Vec<f64> =
            new.iter().filter_map(|(beverage, price)| Some(price - old.get(beverage)?)).collect();
        let price = (!risen.is_empty()).then(|| sum(risen.iter().copied()) / risen.len() as f64)?;
        Some([price - inflation, change("income")? - growth - inflation, change("output")? - inflation])
    };
    economy
        .range((territory, year, "")..)
        .take_while(|((known, at, _), _)| *known == territory && *at == year)
        .find_map(|((_, _, currency), _)| of_currency(currency))
}

/// The lost share of each draw: of the factors' law, and of the signs' own draws.
fn draws(
    call: &Call<'_>,
    here: &Place<'_>,
    signs: &Signs<'_>,
    fit: &Fit,
    covariance: &Covariance,
    count: usize,
) -> Result<Vec<f64>, Refusal> {
    let size = signs.names.len();
    let block = DMatrix::from_fn(size, size, |i, j| covariance.matrix[(CONTROLS + i, CONTROLS + j)]);
    let factors = Fitted::new(&fit.coefficients[CONTROLS..], &block, covariance.degrees)
        .and_then(|law| law.draws(count, |part| panel::model_stream(call, METHOD.name, "", part)))
        .map_err(unfit)?;
    Ok(factors
        .iter()
        .enumerate()
        .map(|(i, factors)| {
            let signs = signs_of(&here.signs, &signs.per_adult, here.people, Some(i));
            sum(factors.iter().zip(&signs).map(|(factor, sign)| factor * sign))
        })
        .collect())
}

/// By the delta method, with the errors of the signs where they are known.
fn analytic(here: &Place<'_>, signs: &Signs<'_>, fit: &Fit, model: f64) -> Option<f64> {
    let mut gradient = Vec::new();
    for (j, sign) in here.signs.iter().enumerate() {
        let factor = fit.coefficients[CONTROLS + j];
        let people = here.people.value;
        if signs.per_adult[j] {
            gradient.push((*sign, factor / people));
            gradient.push((here.people, -factor * sign.value / (people * people)));
        } else {
            gradient.push((*sign, factor));
        }
    }
    let figures = super::delta_method(&gradient)?;
    Some(libm::sqrt(model * model + figures * figures))
}

fn sentences(fit: &Fit, covariance: &Covariance, signs: &Signs<'_>, errors: usize) -> Vec<String> {
    let factor = |(j, name): (usize, &&str)| {
        let mut unit = vec![0.0; CONTROLS + signs.names.len()];
        unit[CONTROLS + j] = 1.0;
        format!(
            "{name} {:.4e} (standard error {:.2e})",
            fit.coefficients[CONTROLS + j],
            covariance.standard_error(&unit)
        )
    };
    vec![
        format!(
            "factors of the signs, from {errors} errors of forecast in {} territories: {}",
            covariance.degrees + 1.0,
            signs.names.iter().enumerate().map(factor).collect::<Vec<_>>().join("; ")
        ),
        "a reconstruction of the method of the European Union Intellectual Property Office, not checked against its figures"
            .to_owned(),
    ]
}

#[cfg(test)]
mod tests;
