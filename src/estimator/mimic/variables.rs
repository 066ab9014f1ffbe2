//! The causes and signs of a territory, year by year.

use std::collections::{BTreeMap, BTreeSet};

use crate::estimator::numeric::sample::sum;
use crate::estimator::panel::{self, listed};
use crate::estimator::{Argument, Call, Refusal};

/// With fewer years the covariances say next to nothing of so many parameters.
const FEWEST_YEARS: usize = 20;

/// So many years more than parameters are the least.
const FEWEST_FREE: usize = 5;

/// Series of one length.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variables {
    /// The years that all have.
    pub(super) years: Vec<i32>,
    /// The indicators, signs first.
    pub(super) names: Vec<String>,
    /// A series a sign, the first of which gives the hidden variable its direction.
    pub(super) signs: Vec<Vec<f64>>,
    /// A series a cause.
    pub(super) causes: Vec<Vec<f64>>,
    /// What was left out.
    pub(super) notes: Vec<String>,
}

/// An indicator by its dimensions and years.
struct Indicator<'a> {
    name: &'a str,
    cells: BTreeMap<Vec<&'a str>, BTreeMap<i32, f64>>,
}

impl Indicator<'_> {
    fn years(&self) -> BTreeSet<i32> {
        self.cells.values().flat_map(|cell| cell.keys().copied()).collect()
    }
}

/// The indicators of an input in the order in which they are first given.
fn indicators<'a>(call: &Call<'a>, input: &str) -> Vec<Indicator<'a>> {
    let mut found: Vec<Indicator<'a>> = Vec::new();
    for figure in panel::figures(call, input) {
        if figure.territory != call.place.territory {
            continue;
        }
        let argument: &Argument<'a> = figure.argument;
        let name = panel::indicator(argument);
        let place = found.iter().position(|known| known.name == name).unwrap_or_else(|| {
            found.push(Indicator { name, cells: BTreeMap::new() });
            found.len() - 1
        });
        let is_place = |name: &str| matches!(name, "territory" | "period" | "year");
        let cell: Vec<&str> = argument
            .dimensions
            .iter()
            .filter(|(name, _)| !is_place(name))
            .map(|(_, value)| value.as_str())
            .collect();
        found[place].cells.entry(cell).or_default().insert(figure.year, argument.value);
    }
    found
}

/// Series of the years in which every cause and every sign has a figure; refuses too few, and names the shortest.
pub(super) fn gather(call: &Call<'_>) -> Result<Variables, Refusal> {
    let (signs, causes) = (indicators(call, "signs"), indicators(call, "causes"));
    if signs.len() < 2 {
        return Err(Refusal::new(
            "the hidden variable has fewer than two signs, and cannot be told from the error of its sign",
            "give two signs or more",
        ));
    }
    if causes.is_empty() {
        return Err(Refusal::new("the hidden variable has no cause", "give one cause or more"));
    }
    let all = || signs.iter().chain(&causes);
    let years: Vec<i32> = all()
        .map(Indicator::years)
        .reduce(|shared, years| shared.intersection(&years).copied().collect())
        .unwrap_or_default()
        .into_iter()
        .collect();
    let needed = FEWEST_YEARS.max(2 * signs.len() + causes.len() + FEWEST_FREE);
    if years.len() < needed {
        let shortest =
            all().min_by_key(|indicator| indicator.years().len()).map_or("", |shortest| shortest.name);
        return Err(Refusal::new(
            format!(
                "{} years have all causes and signs, and {needed} are needed for {} signs and {} causes; the shortest series is {shortest}",
                years.len(),
                signs.len(),
                causes.len()
            ),
            "give more years, or fewer causes and signs",
        ));
    }
    let mut notes = Vec::new();
    let mut series = |of: &[Indicator<'_>]| -> Result<Vec<Vec<f64>>, Refusal> {
        of.iter().map(|indicator| one_series(indicator, &years, &mut notes)).collect()
    };
    let (y, x) = (series(&signs)?, series(&causes)?);
    let names = all().map(|indicator| indicator.name.to_owned()).collect();
    Ok(Variables { years, names, signs: y, causes: x, notes })
}

/// The mean of the cells that have all years.
fn one_series(
    indicator: &Indicator<'_>,
    years: &[i32],
    notes: &mut Vec<String>,
) -> Result<Vec<f64>, Refusal> {
    let is_whole = |cell: &BTreeMap<i32, f64>| years.iter().all(|year| cell.contains_key(year));
    let (whole, broken): (Vec<_>, Vec<_>) = indicator.cells.iter().partition(|(_, cell)| is_whole(cell));
    let name = indicator.name;
    let words = |cells: &[(&Vec<&str>, &BTreeMap<i32, f64>)]| {
        let cells: Vec<String> = cells.iter().map(|(cell, _)| cell.join(" ")).collect();
        listed(cells.iter().map(String::as_str))
    };
    if whole.is_empty() {
        return Err(Refusal::new(
            format!("{name} has no part that is given in every year: {} come and go", words(&broken)),
            "give the same parts every year",
        ));
    }
    if !broken.is_empty() {
        notes.push(format!("left out of {name}, because not given every year: {}", words(&broken)));
    }
    let mean = |year: &i32| sum(whole.iter().map(|(_, cell)| cell[year])) / whole.len() as f64;
    Ok(years.iter().map(mean).collect())
}
