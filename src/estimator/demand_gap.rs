//! Legal sales that cheaper illicit alcohol displaced, from a model of demand with the price gap.

use std::collections::{BTreeMap, BTreeSet};

use nalgebra::DMatrix;

use super::numeric::fitted;
use super::numeric::regression::covariance::{Errors, Told};
use super::numeric::regression::{Column as Regressor, Fit, Problem, fit};
use super::numeric::sample::{Sample, sum};
use super::panel::{self, FEWEST_FREE, INSIDE_ANOTHER, unfit};
use super::{
    Argument, Call, Column, Estimate, Holds, Input, Measure, Need, Part, Quantity, Reach, Refusal, Step,
    Takes, delta_method,
};

method! {
    /// Legal sales displaced by the price gap to illicit alcohol.
    ///
    /// # Assumes
    /// In each beverage, sales per adult follow the real legal price, real income per adult and the price gap with the same
    /// elasticities in all territories and years; each territory (and currency) has a constant of its own, which takes in all that
    /// does not change there. What the model leaves of a year has nothing to do with prices, income or the gap of that year, is
    /// normal and of one variance. It is independent from year to year; with ten territories or more it may be
    /// related within each of them in any way.
    /// So the effect of the gap is identified by its movement within territories, apart from that of the legal price itself and of income.
    /// The gap is exogenous: illicit sellers do not set prices by how much is sold legally. Prices are those that buyers pay, of drinks of like kind.
    ///
    /// # Formula
    /// ```text
    /// ln q_it = a_i + b ln p_it + c ln y_it + d G_it + e_it     q sales per adult, p and y at constant prices
    /// G       = ln(legal price / illicit price) = -ln(1 - discount)
    /// S0      = S exp(-d G)                                     S sales; S0 at zero gap, with the same e
    /// D       = S0 - S = S (exp(-d G) - 1)                      displaced, summed over beverages
    /// se(D)   = S exp(-d G) |G| se(d)                           and the errors of S and of the discount
    /// d       ~ Student's t about its estimate: with the classical standard error and as many degrees of freedom as there are rows less
    ///           coefficients and constants; with ten territories or more with the standard error of the cluster jackknife (CR3)
    ///           and the number of territories less one
    /// ```
    /// What would have been sold in the year is told from what was sold in it: the year's e stays, for nothing but the gap is
    /// changed, and only the error of d remains. The other reading, fitted sales at zero gap less actual sales, lets e pass for
    /// displacement; it is shown among the steps.
    /// Each beverage has its own fit. How their errors are related is not estimated: in the total they are taken as moving
    /// together, with the fewest degrees of freedom of them all, which gives the widest interval.
    /// The form is the usual one of models of demand; no published estimate of displaced alcohol was found to check it against.
    ///
    /// # Fails when
    /// A beverage has fewer rows than three coefficients, the constants and six more: for one territory, ten years.
    /// The gap moves only with the legal price, as where the illicit price stands still: b and d cannot then be told apart.
    /// Elasticities absorb quality: where cheap legal drinks replace dear ones, the mean price falls and volumes stay.
    /// A trend in habits that goes with the gap passes for displacement, and prices that sellers set by demand bias b and d in either direction.
    /// Errors of the figures that explain draw d towards 0. The level hangs on the form: with G in shares instead of logarithms it differs.
    ///
    /// # References
    /// A. Deaton, J. Muellbauer (1980), Economics and Consumer Behavior, Cambridge University Press, chapters 1 and 3.
    /// M. Bertrand, E. Duflo, S. Mullainathan (2004), How much should we trust differences-in-differences estimates?, Quarterly Journal of Economics 119(1), 249-275.
    METHOD {
        name: "demand_gap",
        reach: Reach::All,
        inputs: &[
            Input { name: "sales", doc: "duty-paid sales by beverage, S", need: Need::Always, takes: Takes::Figures { many: false, by: &["beverage"], unit: Measure::Of("LPA") } },
            Input { name: "price", doc: "legal price of pure alcohol by beverage and currency, p", need: Need::Always, takes: Takes::Figures { many: false, by: &["beverage", "currency"], unit: Measure::Any } },
            Input { name: "discount", doc: "how far the illicit price lies below the legal price, as a part of it", need: Need::Always, takes: Takes::Figures { many: false, by: &["beverage", "currency"], unit: Measure::Share } },
            Input { name: "people", doc: "adults", need: Need::Always, takes: Takes::Figures { many: false, by: &[], unit: Measure::Of("person") } },
            Input { name: "economy", doc: "income and prices of a year", need: Need::Always, takes: Takes::Records { columns: &[
                Column { name: "currency", doc: "currency of the amounts", holds: Holds::Texts, need: Need::Always },
                Column { name: "income", doc: "disposable income of households", holds: Holds::Numbers(Measure::Any), need: Need::Always },
                Column { name: "price_index", doc: "index of consumer prices", holds: Holds::Numbers(Measure::Any), need: Need::Always },
            ] } },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "displaced_sales_alcohol", doc: "sales at zero price gap less sales, D" },
        ],
        run: run,
    }
}

/// With fewer territories their errors do not show how they are related within each.
const FEWEST_CLUSTERS: usize = 10;

/// A beverage in a territory and year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sale {
    /// The territory and currency, which have a constant of their own.
    pub unit: usize,
    /// The territory.
    pub territory: usize,
    /// ln q.
    pub quantity: f64,
    /// ln p.
    pub price: f64,
    /// ln y.
    pub income: f64,
    /// G.
    pub gap: f64,
}

/// The fitted demand for a beverage.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    /// The elasticity of the price, b.
    pub price: Told,
    /// The elasticity of income, c.
    pub income: Told,
    /// That of the gap, d.
    pub gap: Told,
    /// The degrees of freedom of their laws.
    pub degrees: f64,
    /// The fit, with a residual for each sale.
    pub fit: Fit,
    /// How many territories it rests on.
    pub territories: usize,
}

/// Fits the demand for one beverage; refuses in words.
pub fn demand(sales: &[Sale], level: f64) -> Result<Demand, String> {
    let column = |value: fn(&Sale) -> f64| sales.iter().map(value).collect::<Vec<f64>>();
    let (quantity, units) = (column(|sale| sale.quantity), sales.iter().map(|sale| sale.unit));
    let units: Vec<usize> = units.collect();
    let clusters: Vec<usize> = sales.iter().map(|sale| sale.territory).collect();
    let territories = clusters.iter().collect::<BTreeSet<_>>().len();
    let needed = units.iter().collect::<BTreeSet<_>>().len() + 3 + FEWEST_FREE;
    if sales.len() < needed {
        return Err(format!(
            "{} years of sales, prices, discounts, people, income and price index in {territories} territories are too few; \
             {needed} are needed",
            sales.len()
        ));
    }
    let (price, income, gap) =
        (column(|sale| sale.price), column(|sale| sale.income), column(|sale| sale.gap));
    let columns = [("the legal price", &price), ("income", &income), ("the price gap", &gap)]
        .map(|(name, values)| Regressor { name, values });
    let fit =
        fit(&Problem { response: &quantity, columns: &columns, groups: Some(&units), ..Problem::default() })?;
    let errors = if territories < FEWEST_CLUSTERS { Errors::Alike } else { Errors::LeftOut(&clusters) };
    let covariance = fit.covariance(errors)?;
    let told = |j: usize| {
        let weights: Vec<f64> = (0..3).map(|l| if l == j { 1.0 } else { 0.0 }).collect();
        fit.tell(&weights, &covariance, level)
    };
    Ok(Demand {
        price: told(0)?,
        income: told(1)?,
        gap: told(2)?,
        degrees: covariance.degrees,
        territories,
        fit,
    })
}

/// The price gap G of a discount; none where the illicit price is not positive.
pub fn price_gap(discount: f64) -> Option<f64> {
    (discount < 1.0).then(|| -libm::log1p(-discount))
}

/// What the gap displaced of sales that are as they are.
pub fn displaced(sales: f64, coefficient: f64, gap: f64) -> f64 {
    sales * libm::expm1(-coefficient * gap)
}

/// A row of the panel with the figures of its place.
struct Observation<'a> {
    territory: &'a str,
    year: i32,
    currency: &'a str,
    sales: &'a Argument<'a>,
    discount: &'a Argument<'a>,
    quantity: f64,
    price: f64,
    income: f64,
    gap: f64,
}

/// A beverage at the place that is asked for, with its fit.
struct Fitted<'a> {
    beverage: &'a str,
    sales: &'a Argument<'a>,
    discount: &'a Argument<'a>,
    gap: f64,
    residual: f64,
    demand: Demand,
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let (fitted, mut notes) = fit_all(call)?;
    let count = panel::count(call)?;
    let scores = scores(call, &fitted, count)?;
    let mut parts = Vec::new();
    let mut draws = vec![0.0; count];
    let ends = [(1.0 - call.level) / 2.0, f64::midpoint(1.0, call.level)];
    for one in &fitted {
        let d = one.demand.gap;
        let own: Vec<f64> = scores
            .iter()
            .enumerate()
            .map(|(i, score)| {
                // The volumes are to move together, and those of a gap below 0 rise with the coefficient.
                let coefficient = d.value + d.standard_error * if one.gap < 0.0 { -score } else { *score };
                let gap = price_gap(one.discount.draw(i)).unwrap_or(f64::NAN);
                displaced(one.sales.draw(i), coefficient, gap)
            })
            .collect();
        if own.iter().any(|draw| !draw.is_finite()) {
            return Err(Refusal::new(
                format!("draws of the discount of {} reach the whole price", one.beverage),
                "give the discount a law below 1",
            ));
        }
        draws.iter_mut().zip(&own).for_each(|(total, own)| *total += own);
        let sample = Sample::new(own).map_err(unfit)?;
        parts.push(Part {
            of: vec![("beverage".to_owned(), one.beverage.to_owned())],
            value: displaced(one.sales.value, d.value, one.gap),
            low: sample.quantile(ends[0]),
            high: sample.quantile(ends[1]),
        });
        notes.extend(sentences(one));
    }
    let value = sum(parts.iter().map(|part| part.value));
    let estimate = call.estimate(quantity, value, analytic(&fitted), draws, steps(&fitted), notes)?;
    Ok(Estimate { parts, ..estimate })
}

/// Draws of Student's t by which the coefficients move together, with the fewest degrees of freedom of them all.
fn scores(call: &Call<'_>, fitted: &[Fitted<'_>], count: usize) -> Result<Vec<f64>, Refusal> {
    let degrees = fitted.iter().map(|one| one.demand.degrees).fold(f64::INFINITY, f64::min);
    let draws = fitted::Fitted::new(&[0.0], &DMatrix::identity(1, 1), degrees)
        .and_then(|law| law.draws(count, |part| panel::model_stream(call, METHOD.name, "", part)))
        .map_err(unfit)?;
    Ok(draws.into_iter().flatten().collect())
}

/// The fit of each beverage that is sold at the place, and what must be said of the others.
fn fit_all<'a>(call: &Call<'a>) -> Result<(Vec<Fitted<'a>>, Vec<String>), Refusal> {
    let asked = panel::asked(call)?;
    let panel = observations(call)?;
    let sold: BTreeSet<&str> = panel::figures(call, "sales")
        .iter()
        .filter(|figure| figure.territory == call.place.territory && figure.year == asked)
        .filter_map(|figure| figure.argument.of("beverage"))
        .filter(|beverage| *beverage != INSIDE_ANOTHER)
        .collect();
    if sold.is_empty() {
        return Err(Refusal::new("there are no sales of this year", "give sales by beverage"));
    }
    let (mut fitted, mut left_out) = (Vec::new(), Vec::new());
    for beverage in sold {
        let observations = panel.get(beverage).map_or(&[][..], Vec::as_slice);
        let here = observations
            .iter()
            .position(|one| one.territory == call.place.territory && one.year == asked)
            .ok_or_else(|| {
                "its legal price, its discount, adults, income or price index of this year is missing"
                    .to_owned()
            });
        let found = here.and_then(|here| Ok((here, demand(&numbered(observations), call.level)?)));
        match found {
            Ok((here, demand)) => fitted.push(Fitted {
                beverage,
                sales: observations[here].sales,
                discount: observations[here].discount,
                gap: observations[here].gap,
                residual: demand.fit.residuals[here],
                demand,
            }),
            Err(reason) => left_out.push(format!("{beverage}: {reason}")),
        }
    }
    if fitted.is_empty() {
        return Err(unfit(format!("no beverage has a model ({})", left_out.join("; "))));
    }
    let notes = if left_out.is_empty() {
        Vec::new()
    } else {
        vec![format!("not all beverages are in the total; left out are {}", left_out.join("; "))]
    };
    Ok((fitted, notes))
}

/// The complete rows of each beverage, in the order of territories and years, each year in one currency.
fn observations<'a>(call: &Call<'a>) -> Result<BTreeMap<&'a str, Vec<Observation<'a>>>, Refusal> {
    let people = panel::by_place(call, "people");
    let economy = panel::economy(call)?;
    let keyed = |input: &str| -> Result<BTreeMap<_, _>, Refusal> {
        let figures = panel::figures(call, input);
        Ok(figures
            .into_iter()
            .filter_map(|figure| {
                let (beverage, currency) = (figure.argument.of("beverage")?, figure.argument.of("currency")?);
                Some(((beverage, figure.territory, currency, figure.year), figure.argument))
            })
            .collect())
    };
    let (prices, discounts) = (keyed("price")?, keyed("discount")?);
    let sales: BTreeMap<_, _> = panel::figures(call, "sales")
        .into_iter()
        .filter_map(|figure| {
            Some(((figure.argument.of("beverage")?, figure.territory, figure.year), figure.argument))
        })
        .collect();
    let log = |value: f64| (value > 0.0).then(|| libm::log(value));
    let complete = |(beverage, territory, currency, year)| {
        let key = (beverage, territory, currency, year);
        let (sales, discount) = (*sales.get(&(beverage, territory, year))?, *discounts.get(&key)?);
        let people = log(people.get(&(territory, year))?.value)?;
        let row = economy.get(&(territory, year, currency))?;
        let index = libm::log(row.positive("price_index")?);
        let income = libm::log(row.positive("income")?) - people - index;
        let price = log(prices.get(&key)?.value)? - index;
        let gap = price_gap(discount.value).filter(|gap| gap.is_finite())?;
        let quantity = log(sales.value)? - people;
        Some(Observation { territory, year, currency, sales, discount, quantity, price, income, gap })
    };
    let mut rows: BTreeMap<&str, Vec<Observation<'a>>> = BTreeMap::new();
    for key in prices.keys() {
        rows.entry(key.0).or_default().extend(complete(*key));
    }
    rows.values_mut().for_each(one_currency);
    Ok(rows)
}

/// Keeps of a territory's year in several currencies the one that it has most years in.
fn one_currency(rows: &mut Vec<Observation<'_>>) {
    let mut years: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in rows.iter() {
        *years.entry((row.territory, row.currency)).or_default() += 1;
    }
    rows.sort_by_key(|row| {
        (row.territory, row.year, std::cmp::Reverse(years[&(row.territory, row.currency)]), row.currency)
    });
    rows.dedup_by_key(|row| (row.territory, row.year));
}

/// The rows with numbers for their territories and units.
fn numbered(rows: &[Observation<'_>]) -> Vec<Sale> {
    let (mut units, mut territories) = (BTreeMap::new(), BTreeMap::new());
    rows.iter()
        .map(|row| {
            let (unit, territory) = (units.len(), territories.len());
            Sale {
                unit: *units.entry((row.territory, row.currency)).or_insert(unit),
                territory: *territories.entry(row.territory).or_insert(territory),
                quantity: row.quantity,
                price: row.price,
                income: row.income,
                gap: row.gap,
            }
        })
        .collect()
}

/// The standard error by the delta method: coefficients that move together, and the figures of the place.
fn analytic(fitted: &[Fitted<'_>]) -> Option<f64> {
    let at_zero =
        |one: &Fitted<'_>| one.sales.value + displaced(one.sales.value, one.demand.gap.value, one.gap);
    let model = sum(fitted.iter().map(|one| at_zero(one) * one.gap.abs() * one.demand.gap.standard_error));
    let mut gradient = Vec::new();
    for one in fitted {
        let d = one.demand.gap.value;
        gradient.push((one.sales, displaced(1.0, d, one.gap)));
        // G changes by 1 / (1 - discount) with the discount.
        gradient.push((one.discount, -d * at_zero(one) / (1.0 - one.discount.value)));
    }
    let figures = delta_method(&gradient)?;
    Some(libm::sqrt(model * model + figures * figures))
}

fn steps(fitted: &[Fitted<'_>]) -> Vec<Step> {
    let total = |figure: &dyn Fn(&Fitted<'_>) -> f64| sum(fitted.iter().map(figure));
    let sales = total(&|one| one.sales.value);
    let displaced_of = |one: &Fitted<'_>| displaced(one.sales.value, one.demand.gap.value, one.gap);
    let at_zero = sales + total(&displaced_of);
    // Without the year's own residual: what the model expects at zero gap.
    let expected = total(&|one| (one.sales.value + displaced_of(one)) * libm::exp(-one.residual));
    let mut steps = vec![
        Step { name: "sales S", value: sales },
        Step { name: "sales at zero price gap S0", value: at_zero },
        Step { name: "displaced D = S0 - S", value: at_zero - sales },
        Step { name: "fitted sales at zero price gap, less S", value: expected - sales },
    ];
    if let [one] = fitted {
        steps.extend([
            Step { name: "price gap G", value: one.gap },
            Step { name: "elasticity of the legal price b", value: one.demand.price.value },
            Step { name: "elasticity of income c", value: one.demand.income.value },
            Step { name: "coefficient of the price gap d", value: one.demand.gap.value },
            Step { name: "standard error of d", value: one.demand.gap.standard_error },
            Step { name: "degrees of freedom", value: one.demand.degrees },
        ]);
    }
    steps
}

/// What a reader must know of the fit of a beverage.
fn sentences(one: &Fitted<'_>) -> Vec<String> {
    let Fitted { beverage, demand, .. } = one;
    let Demand { price, income, gap, degrees, territories, fit } = demand;
    let mut notes = vec![format!(
        "{beverage}: {} years of {territories} territories; elasticity of the legal price {:.3} (standard error {:.3}), of income {:.3} ({:.3}), \
         coefficient of the price gap {:.3} ({:.3}), on {degrees} degrees of freedom",
        fit.rows(),
        price.value,
        price.standard_error,
        income.value,
        income.standard_error,
        gap.value,
        gap.standard_error,
    )];
    let is_classical = *territories < FEWEST_CLUSTERS;
    if let Some(alike) = fit.durbin_watson().filter(|statistic| is_classical && *statistic < 1.0) {
        notes.push(format!(
            "{beverage}: what the model leaves of neighbouring years is alike (Durbin-Watson {alike:.2}), so that the interval is too narrow"
        ));
    }
    if gap.low <= 0.0 && gap.high >= 0.0 {
        notes.push(format!("{beverage}: the figures agree with no effect of the price gap at all"));
    }
    if gap.value > 0.0 {
        notes.push(format!("{beverage}: legal sales rise with the discount of illicit alcohol, which contradicts the model; the figure is kept"));
    }
    if price.value > 0.0 {
        notes.push(format!("{beverage}: sales rise with the legal price, which no demand does; something that moves both is not in the model"));
    }
    notes
}

#[cfg(test)]
mod tests;
