//! Ethyl sulfate in the wastewater of some towns, a week at each.

use super::world::Territory;
use super::{Observed, Table, population};

const COLUMNS: &[&str] = &[
    "site",
    "campaign",
    "date",
    "sample",
    "concentration",
    "quantification_limit",
    "flow",
    "population_served",
    "population_basis",
    "in_sewer_loss",
    "laboratory",
    "status",
    "source",
];

/// Molecules of ethyl sulfate for each molecule of alcohol drunk, a law that the standard states.
const EXCRETION: [f64; 3] = [0.000_10, 0.000_12, 0.000_16];

/// Grams of ethyl sulfate for a litre of pure alcohol, were every molecule turned into one: the density of ethanol in grams a
/// litre, and the two molar masses.
const GRAMS: f64 = 789.24 * 126.13 / 46.07;

/// How much more is drunk on each day of the week, from Monday; 1 on average.
const DAYS: [f64; 7] = [0.8, 0.8, 0.85, 0.95, 1.15, 1.35, 1.1];

/// How unlike towns are, and one day is to the next (standard deviations of the logarithm).
const UNLIKE_TOWNS: f64 = 0.15;
const UNLIKE_DAYS: f64 = 0.08;

/// The part of ethyl sulfate that is lost in the sewer, as measured.
const LOSS: f64 = 0.05;

/// Samples the wastewater of some towns.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let parameters = territory.parameters;
    let drinks = territory.drinks();
    observed.truth("total_consumption_alcohol", drinks.total());
    observed.truth("unrecorded_share", drinks.unrecorded() / drinks.total());
    let mut random = territory.random("wastewater");
    let excretion = random.pert(EXCRETION[0], EXCRETION[1], EXCRETION[2]);
    let [more, lost] = ["towns_drink_more", "sewer_loss"].map(|name| parameters.get(name));
    let people = population::people(territory);
    let a_day = drinks.total() / people / 365.0 * (1.0 + more);
    let sites = parameters.count("wastewater_sites");
    // Together the towns hold half of all people.
    let served = (0.5 * people / sites as f64).round().max(1.0);
    let mut table = Table::new("wastewater", COLUMNS);
    for site in 0..sites {
        let town = mean_one(&mut random, UNLIKE_TOWNS);
        for (weekday, factor) in DAYS.into_iter().enumerate() {
            let drunk = a_day * served * town * factor * mean_one(&mut random, UNLIKE_DAYS);
            let flow = 0.2 * served * random.log_normal(0.1);
            let grams = drunk * GRAMS * excretion * (1.0 - LOSS) * (1.0 - lost);
            table.push(&[
                &format!("w{}", site + 1),
                &format!("{}-spring", territory.year),
                &day(territory.year, weekday),
                &"composite_flow",
                // Micrograms a litre, from grams and cubic metres.
                &(grams / flow * 1000.0),
                &0.1,
                &flow,
                &served,
                &"census",
                &LOSS,
                &"laboratory 1",
                &"A",
                &"simulation",
            ]);
        }
    }
    observed.tables.push(table);
}

/// Log-normal with mean 1.
fn mean_one(random: &mut super::random::Random, sd_of_logarithm: f64) -> f64 {
    random.log_normal(sd_of_logarithm) * libm::exp(-sd_of_logarithm * sd_of_logarithm / 2.0)
}

/// A day of a week of May, from Monday.
fn day(year: i32, weekday: usize) -> String {
    // 1 May 2000 was a Monday; each year moves it by one day, a leap year before May by two.
    let years = i64::from(year) - 2000;
    let first = (years + years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400)).rem_euclid(7);
    let monday = 1 + (7 - first).rem_euclid(7);
    format!("{year}-05-{:02}", monday + i64::try_from(weekday).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday() {
        // By the calendar: Mondays of May.
        for (year, monday) in
            [(2000, "2000-05-01"), (2023, "2023-05-01"), (2024, "2024-05-06"), (2025, "2025-05-05")]
        {
            assert_eq!(day(year, 0), monday);
        }
        assert!((DAYS.iter().sum::<f64>() - 7.0).abs() < 1e-12);
    }
}
