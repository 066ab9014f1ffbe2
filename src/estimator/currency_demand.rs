//! The untaxed economy, from the cash that people hold because there are taxes.

use super::numeric::fitted::Fitted;
use super::numeric::regression::covariance::{Covariance, Errors};
use super::numeric::regression::{Column as Regressor, Fit, Problem, fit};
use super::numeric::sample::sum;
use super::panel::{self, FEWEST_FREE, unfit};
use super::{
    Argument, Call, Column, Estimate, Holds, Input, Law, MOST_WITHOUT_DENOMINATOR, Measure, Need, Quantity,
    Reach, Refusal, Step, Takes,
};

method! {
    /// The untaxed economy, from the demand for cash.
    ///
    /// # Assumes
    /// Untaxed dealings are paid in cash. The share of cash in money follows the burden of tax, the share of wages in income, the
    /// rate on savings and real output with the same coefficients in all years; what else moves it has nothing to do with these, is
    /// normal, of one variance and independent from year to year. Without taxes there would be no untaxed economy, and the
    /// model holds down to no tax at all, far outside the years it was fitted to.
    /// So the effect of tax is identified by its movement over the years of one territory, apart from that of the other three.
    /// Illicit money changes hands k times as often as other money; the law of k is stated, with a source.
    /// All amounts of a year are exact.
    ///
    /// # Formula
    /// ```text
    /// ln(C / M) = b0 + b1 ln(1 + T) + b2 ln W + b3 R + b4 ln Y + e
    ///             C cash, M cash and deposits, T taxes over output, W wages over income, R rate on deposits, Y output at constant prices
    /// fitted    = M exp(b0 + b1 ln(1 + T) + b2 ln W + b3 R + b4 ln Y)
    /// IM        = fitted - fitted at T = 0 = fitted (1 - (1 + T)^-b1)          illicit money
    /// V         = output / (M - IM)                                            how often legal money changes hands
    /// U         = k V IM                                                       untaxed economy
    /// b         ~ Student's t in five dimensions, n - 5 degrees of freedom, classical covariance
    /// ```
    /// Tanzi takes ln R, which rates of 0 and below do not have, and the velocity of cash and demand deposits (M1); with the
    /// wider money M the velocity, and with it the estimate, is lower. Cash as held in place of cash as fitted
    /// keeps the year's own e; it is shown among the steps.
    /// The value is taken at the estimated b and the median of k, the interval from the quantiles of the draws.
    ///
    /// # Fails when
    /// There are fewer than 11 years with all figures, or tax moves only with the others: the column is named.
    /// Cards and telephones take the place of cash, notes are hoarded or held abroad: whatever moves cash over the years and goes with tax
    /// is counted as untaxed. A tax that rose steadily takes in every other trend.
    /// The series have trends: levels of unrelated series with trends seem related (Granger and Newbold); where the fit's R2 exceeds its
    /// Durbin-Watson statistic this is noted, and the interval is too narrow.
    /// The income elasticity of cash differs from 1: the velocities of the two economies then differ (Ahumada, Alvaredo and Canavese); k is to
    /// hold this.
    /// IM reaches M in more than 1 of 1,000 draws: there is no estimate then.
    ///
    /// # References
    /// V. Tanzi (1983), The underground economy in the United States: annual estimates, 1930-80, IMF Staff Papers 30(2), 283-305.
    /// H. Ahumada, F. Alvaredo, A. Canavese (2007), The monetary method and the size of the shadow economy: a critical assessment, Review of Income and Wealth 53(2), 363-371.
    /// C. W. J. Granger, P. Newbold (1974), Spurious regressions in econometrics, Journal of Econometrics 2(2), 111-120.
    METHOD {
        name: "currency_demand",
        reach: Reach::Series,
        inputs: &[
            Input { name: "economy", doc: "money, income and taxes of a year", need: Need::Always, takes: Takes::Records { columns: &[
                Column { name: "currency", doc: "currency of the amounts", holds: Holds::Texts, need: Need::Always },
                Column { name: "cash_share", doc: "cash over cash and deposits, C / M", holds: Holds::Numbers(Measure::Share), need: Need::Always },
                Column { name: "cash", doc: "cash outside banks, C", holds: Holds::Numbers(Measure::Alike("money")), need: Need::Always },
                Column { name: "broad_money", doc: "cash and deposits, M", holds: Holds::Numbers(Measure::Alike("money")), need: Need::Always },
                Column { name: "tax_share", doc: "taxes over output, T", holds: Holds::Numbers(Measure::Share), need: Need::Always },
                Column { name: "wage_share", doc: "wages over income, W", holds: Holds::Numbers(Measure::Share), need: Need::Always },
                Column { name: "deposit_rate", doc: "interest on savings deposits, R", holds: Holds::Numbers(Measure::Any), need: Need::Always },
                Column { name: "output", doc: "gross domestic product at current prices", holds: Holds::Numbers(Measure::Alike("money")), need: Need::Always },
                Column { name: "price_index", doc: "index of consumer prices", holds: Holds::Numbers(Measure::Any), need: Need::Always },
            ] } },
        ],
        assumptions: &[
            Law { name: "velocity_ratio", doc: "how often illicit money changes hands, beside other money, k", need: Need::Always },
        ],
        gives: &[
            Quantity { name: "untaxed_economy_value", doc: "value of what is paid in cash because there are taxes, U" },
        ],
        run: run,
    }
}

/// Money and what moves it in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Year {
    /// C.
    pub cash: f64,
    /// C / M.
    pub cash_share: f64,
    /// M.
    pub money: f64,
    /// T.
    pub tax_share: f64,
    /// W.
    pub wage_share: f64,
    /// R.
    pub deposit_rate: f64,
    /// Output at current prices.
    pub output: f64,
    /// The index of prices.
    pub price_index: f64,
}

impl Year {
    /// The row of the design: 1, ln(1 + T), ln W, R, ln Y.
    pub fn row(&self) -> [f64; 5] {
        let real = libm::log(self.output) - libm::log(self.price_index);
        [1.0, libm::log1p(self.tax_share), libm::log(self.wage_share), self.deposit_rate, real]
    }

    /// Cash as the coefficients have it, less cash without tax, IM.
    pub fn illicit_money(&self, b: &[f64]) -> f64 {
        self.fitted(b) * self.part_for_tax(b)
    }

    /// Cash as the coefficients have it.
    pub fn fitted(&self, b: &[f64]) -> f64 {
        self.money * libm::exp(sum(self.row().iter().zip(b).map(|(x, b)| x * b)))
    }

    /// The part of cash that is held because there is tax, 1 - (1 + T)^-b1.
    pub fn part_for_tax(&self, b: &[f64]) -> f64 {
        let slope = b.get(1).copied().unwrap_or(0.0);
        -libm::expm1(-slope * libm::log1p(self.tax_share))
    }

    /// The untaxed economy of so much illicit money, U; none where it leaves no legal money.
    pub fn untaxed(&self, illicit: f64, velocity_ratio: f64) -> Option<f64> {
        let legal = self.money - illicit;
        (legal > 0.0).then(|| velocity_ratio * illicit * self.output / legal)
    }
}

/// The demand for cash over years; refuses in words what cannot be told.
pub fn demand(years: &[Year]) -> Result<Fit, String> {
    let names = ["the constant", "the tax share", "the wage share", "the deposit rate", "real output"];
    let needed = names.len() + FEWEST_FREE;
    if years.len() < needed {
        return Err(format!(
            "{} years have cash, money, tax, wages, deposit rate, output and price index all together; {needed} are needed",
            years.len()
        ));
    }
    let rows: Vec<[f64; 5]> = years.iter().map(Year::row).collect();
    let response: Vec<f64> = years.iter().map(|year| libm::log(year.cash_share)).collect();
    let values: [Vec<f64>; 5] = [0, 1, 2, 3, 4].map(|j| rows.iter().map(|row| row[j]).collect());
    let columns: Vec<Regressor<'_>> =
        names.iter().zip(&values).map(|(name, values)| Regressor { name, values }).collect();
    fit(&Problem { response: &response, columns: &columns, ..Problem::default() })
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let ratio = call.one("velocity_ratio").map_err(|_| {
        Refusal::new(
            "it is not stated how often illicit money changes hands",
            "state the velocity ratio as a law, with its source",
        )
    })?;
    let asked = panel::asked(call)?;
    let (currency, years) = series(call, asked)?;
    let here = years.iter().find(|(year, _)| *year == asked).map(|(_, year)| *year);
    let year = here.ok_or_else(|| {
        Refusal::new(
            "a figure of the economy of this year is missing or not positive",
            "give all of its columns",
        )
    })?;
    let all: Vec<Year> = years.iter().map(|(_, year)| *year).collect();
    let fit = demand(&all).map_err(unfit)?;
    let covariance = fit.covariance(Errors::Alike).map_err(unfit)?;
    let count = panel::count(call)?;
    let scope = format!("{}|{currency}", call.place.territory);
    let coefficients = Fitted::new(&fit.coefficients, &covariance.matrix, covariance.degrees)
        .and_then(|law| law.draws(count, |part| panel::model_stream(call, METHOD.name, &scope, part)))
        .map_err(unfit)?;
    let no_legal_money = |how_many: String| {
        Refusal::new(
            format!("illicit money is all money {how_many}"),
            "give more years: the effect of tax on cash is not told well enough",
        )
    };
    let b = &fit.coefficients;
    let illicit = year.illicit_money(b);
    let value = year.untaxed(illicit, ratio.value).ok_or_else(|| no_legal_money("by the fit".to_owned()))?;
    let (draws, without) = draws(&year, &coefficients, ratio, count);
    if without as f64 > MOST_WITHOUT_DENOMINATOR * count as f64 {
        return Err(no_legal_money(format!("in {without} of {count} draws")));
    }
    let mut notes = notes(&fit, &covariance, &years, currency);
    if without > 0 {
        notes.push(format!(
            "{without} of {count} draws leave no legal money and count as the highest of the others"
        ));
    }
    let analytic = analytic(&year, b, &covariance, ratio);
    let steps = steps(&year, &fit, &covariance, ratio.value);
    let estimate = call.estimate(quantity, value, analytic, draws, steps, notes)?;
    // U is a ratio, whose law has no moments where legal money may come near to nothing.
    Ok(Estimate { standard_error: None, ..estimate })
}

/// A currency, and the years that are in it.
type Years<'a> = (&'a str, Vec<(i32, Year)>);

/// The years of the territory with all figures, in the one currency that the asked year has.
fn series<'a>(call: &Call<'a>, asked: i32) -> Result<Years<'a>, Refusal> {
    let economy = panel::economy(call)?;
    let complete = |row: &panel::Row<'_>| {
        Some(Year {
            cash: row.positive("cash")?,
            cash_share: row.positive("cash_share")?,
            money: row.positive("broad_money")?,
            tax_share: row.number("tax_share").filter(|share| *share >= 0.0)?,
            wage_share: row.positive("wage_share")?,
            deposit_rate: row.number("deposit_rate")?,
            output: row.positive("output")?,
            price_index: row.positive("price_index")?,
        })
    };
    let here =
        |(territory, year, _): &(&str, i32, &str)| *territory == call.place.territory && *year == asked;
    let currencies: Vec<&str> = economy
        .iter()
        .filter(|(key, row)| here(key) && complete(row).is_some())
        .map(|((_, _, currency), _)| *currency)
        .collect();
    let currency = match currencies[..] {
        [] => {
            return Err(Refusal::new(
                "a figure of the economy of this year is missing or not positive",
                "give cash, money, taxes, wages, income, deposit rate, output and price index of the year",
            ));
        }
        [currency] => currency,
        _ => {
            return Err(Refusal::new(
                format!("the economy of this year is given in {}", panel::listed(currencies)),
                "give it in one currency",
            ));
        }
    };
    let years = economy
        .iter()
        .filter(|((territory, _, known), _)| *territory == call.place.territory && *known == currency)
        .filter_map(|((_, year, _), row)| Some((*year, complete(row)?)))
        .collect();
    Ok((currency, years))
}

/// The untaxed economy of each draw, and how many draws leave no legal money.
fn draws(year: &Year, coefficients: &[Vec<f64>], ratio: &Argument<'_>, count: usize) -> (Vec<f64>, usize) {
    let drawn: Vec<Option<f64>> =
        (0..count).map(|i| year.untaxed(year.illicit_money(&coefficients[i]), ratio.draw(i))).collect();
    let without = drawn.iter().filter(|draw| draw.is_none()).count();
    let highest = drawn.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
    (drawn.into_iter().map(|draw| draw.unwrap_or(highest)).collect(), without)
}

/// By the delta method: U changes with IM by k output M / (M - IM)^2, IM with b, and U with k.
fn analytic(year: &Year, b: &[f64], covariance: &Covariance, ratio: &Argument<'_>) -> Option<f64> {
    let (illicit, fitted, part) = (year.illicit_money(b), year.fitted(b), year.part_for_tax(b));
    let legal = year.money - illicit;
    let by_illicit = ratio.value * year.output * year.money / (legal * legal);
    let row = year.row();
    let mut gradient: Vec<f64> = row.iter().map(|x| by_illicit * illicit * x).collect();
    // IM = fitted (1 - (1 + T)^-b1): with b1 the second factor changes too.
    gradient[1] += by_illicit * fitted * (1.0 - part) * row[1];
    let model = covariance.standard_error(&gradient);
    let own = illicit * year.output / legal * ratio.spread()?;
    Some(libm::sqrt(model * model + own * own))
}

fn steps(year: &Year, fit: &Fit, covariance: &Covariance, ratio: f64) -> Vec<Step> {
    let b = &fit.coefficients;
    let (fitted, illicit) = (year.fitted(b), year.illicit_money(b));
    let as_held = year.untaxed(year.cash * year.part_for_tax(b), ratio);
    let mut unit = [0.0; 5];
    unit[1] = 1.0;
    let mut steps = vec![
        Step { name: "cash C", value: year.cash },
        Step { name: "tax share T", value: year.tax_share },
        Step { name: "coefficient of tax b1", value: b[1] },
        Step { name: "standard error of b1", value: covariance.standard_error(&unit) },
        Step { name: "coefficient of wages b2", value: b[2] },
        Step { name: "coefficient of the deposit rate b3", value: b[3] },
        Step { name: "coefficient of real output b4", value: b[4] },
        Step { name: "degrees of freedom", value: fit.degrees },
        Step { name: "fitted cash", value: fitted },
        Step { name: "fitted cash without tax", value: fitted - illicit },
        Step { name: "illicit money IM", value: illicit },
        Step { name: "velocity of legal money V", value: year.output / (year.money - illicit) },
    ];
    steps.extend(as_held.map(|value| Step { name: "untaxed economy, with cash as held", value }));
    if let Some(value) = year.untaxed(illicit, ratio) {
        steps.push(Step { name: "untaxed economy over output", value: value / year.output });
    }
    steps
}

fn notes(fit: &Fit, covariance: &Covariance, years: &[(i32, Year)], currency: &str) -> Vec<String> {
    let mut notes = Vec::new();
    if let (Some((first, _)), Some((last, _))) = (years.first(), years.last()) {
        notes.push(format!("fitted to {} years from {first} to {last}, in {currency}", years.len()));
    }
    if let (Some(r2), Some(statistic)) = (fit.determination, fit.durbin_watson())
        && r2 > statistic
    {
        notes.push(format!(
            "R2 is {r2:.2} and the Durbin-Watson statistic {statistic:.2}: series with trends may only seem related, and the interval is too narrow"
        ));
    }
    if fit.coefficients[1] < 0.0 {
        notes.push("less cash is held where taxes are higher, which contradicts the model; the estimate is negative and is kept".to_owned());
    } else {
        let mut unit = [0.0; 5];
        unit[1] = 1.0;
        if fit.tell(&unit, covariance, 0.95).is_ok_and(|told| told.low <= 0.0) {
            notes.push("the figures agree with no effect of taxes on cash at all".to_owned());
        }
    }
    notes
}

#[cfg(test)]
mod tests;
