//! Figures and records over territories and years, as the econometric methods read them.

use std::collections::BTreeMap;

use super::numeric::draw::Stream;
use super::{Argument, Call, Records, Refusal};

/// A regression needs so many rows more than it has coefficients: with fewer, Student's t gives no interval of use.
pub(super) const FEWEST_FREE: usize = 6;

/// A figure of one territory and year.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figure<'a> {
    pub(super) territory: &'a str,
    pub(super) year: i32,
    pub(super) argument: &'a Argument<'a>,
}

/// A beverage that is inside another, here spirits, and is never added to it.
pub(super) const INSIDE_ANOTHER: &str = "whisky";

/// All figures of an input that are of a single year, with their territories and years.
pub(super) fn figures<'a>(call: &Call<'a>, input: &str) -> Vec<Figure<'a>> {
    call.all(input)
        .into_iter()
        .filter_map(|argument| {
            let territory = argument.of("territory").unwrap_or(call.place.territory);
            let period = argument.of("period").unwrap_or(call.place.period);
            Some(Figure { territory, year: single_year(period)?, argument })
        })
        .collect()
}

/// The year that a period is; none where it is another span.
fn single_year(period: &str) -> Option<i32> {
    period.parse().ok().filter(|year| (1..=9999).contains(year))
}

/// The year that is asked for.
pub(super) fn asked(call: &Call<'_>) -> Result<i32, Refusal> {
    let period = call.place.period;
    single_year(period).ok_or_else(|| {
        Refusal::new(
            format!("{period} is no single year"),
            "give figures of single years, one after the other, for this method",
        )
    })
}

/// The figures of an input by territory and year, where an input has one for each.
pub(super) fn by_place<'a>(call: &Call<'a>, input: &str) -> BTreeMap<(&'a str, i32), &'a Argument<'a>> {
    figures(call, input)
        .into_iter()
        .map(|figure| ((figure.territory, figure.year), figure.argument))
        .collect()
}

/// The name of the indicator that an argument is a figure of: its own up to the place.
pub(super) fn indicator<'a>(argument: &Argument<'a>) -> &'a str {
    argument.name.split('|').next().unwrap_or(argument.name)
}

/// A row of the table of the economy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Records,
    row: usize,
}

impl Row<'_> {
    /// A number that is there and positive.
    pub(super) fn positive(&self, column: &str) -> Option<f64> {
        self.number(column).filter(|value| *value > 0.0)
    }

    /// A number that is there.
    pub(super) fn number(&self, column: &str) -> Option<f64> {
        let value = *self.table.numbers(column).ok()?.get(self.row)?;
        value.is_finite().then_some(value)
    }
}

/// Rows by territory, year and currency.
pub(super) type Economy<'a> = BTreeMap<(&'a str, i32, &'a str), Row<'a>>;

/// The rows of the economy.
pub(super) fn economy<'a>(call: &Call<'a>) -> Result<Economy<'a>, Refusal> {
    let mut rows = Economy::new();
    for table in call.tables("economy") {
        let currencies = table.texts("currency")?;
        let Some(year) = single_year(table.period()) else { continue };
        for row in 0..table.rows() {
            if let Some(currency) = currencies.get(row) {
                rows.entry((table.territory(), year, currency)).or_insert(Row { table, row });
            }
        }
    }
    Ok(rows)
}

/// How many draws a fitted model has: as many as its figures, and where all of these are exact, as many as are asked for.
pub(super) fn count(call: &Call<'_>) -> Result<usize, Refusal> {
    let count = call.count()?;
    Ok(if count == 1 { call.draws.count.max(1) } else { count })
}

/// A stream of a fitted model's own. `scope` names what the model was fitted to, so that all that is computed from one fit,
/// such as the years of a territory, shares its error.
pub(super) fn model_stream(call: &Call<'_>, method: &str, scope: &str, part: &str) -> Stream {
    Stream::new(call.draws.seed, &format!("{method}|{scope}|{part}"))
}

/// A refusal of a fit, in its own words.
pub(super) fn unfit(reason: String) -> Refusal {
    Refusal::new(reason, "give more years, or figures that vary apart from one another")
}

/// Names in a sentence.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// Figures and tables for the tests of the methods that read panels.
#[cfg(test)]
pub(super) mod fixture {
    use super::super::{Argument, Call, Draws, Place, Records, Texts, Values};

    /// A figure that owns what an argument borrows.
    #[derive(Debug, Clone)]
    pub(in crate::estimator) struct Owned {
        pub(in crate::estimator) input: &'static str,
        pub(in crate::estimator) name: String,
        dimensions: Vec<(String, String)>,
        pub(in crate::estimator) value: f64,
        pub(in crate::estimator) sd: Option<f64>,
        pub(in crate::estimator) draws: Vec<f64>,
    }

    /// An exact figure of an indicator, with its dimensions beside territory and year.
    pub(in crate::estimator) fn figure(
        input: &'static str,
        indicator: &str,
        (territory, year): (&str, i32),
        dimensions: &[(&str, &str)],
        value: f64,
    ) -> Owned {
        let year = year.to_string();
        let mut all = vec![("territory", territory), ("period", &year)];
        all.extend(dimensions);
        let name =
            all.iter().map(|(_, value)| *value).fold(indicator.to_owned(), |name, part| name + "|" + part);
        let dimensions = all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Owned { input, name, dimensions, value, sd: None, draws: Vec::new() }
    }

    /// A row of the economy.
    pub(in crate::estimator) fn economy(
        (territory, year): (&str, i32),
        currency: &str,
        columns: &[(&str, f64)],
    ) -> Records {
        let mut all = vec![("currency".to_owned(), Values::Texts(Texts::of([Some(currency)])))];
        all.extend(columns.iter().map(|(name, value)| ((*name).to_owned(), Values::Numbers(vec![*value]))));
        Records::new("economy", "economy", (territory, &year.to_string()), all, 1).expect("one row")
    }

    /// Asks a method about a place, with so many draws.
    pub(in crate::estimator) fn ask<T>(
        quantity: &str,
        (territory, year): (&str, i32),
        figures: &[Owned],
        records: &[Records],
        count: usize,
        run: impl Fn(&Call<'_>) -> T,
    ) -> T {
        let arguments: Vec<Argument<'_>> = figures
            .iter()
            .map(|owned| Argument {
                input: owned.input,
                name: &owned.name,
                dimensions: &owned.dimensions,
                value: owned.value,
                sd: owned.sd,
                draws: &owned.draws,
            })
            .collect();
        let period = year.to_string();
        let place = Place { territory, period: &period };
        let draws = Draws { count, seed: 1 };
        run(&Call { quantity, place, level: 0.95, draws, arguments: &arguments, records })
    }
}
