//! How many people there are.

use super::world::Territory;
use super::{Observed, Table};

const COLUMNS: &[&str] = &["period", "sex", "age_group", "people", "reference", "status", "source"];

/// The part of people who are aged 15 and over.
const ADULT: f64 = 0.75;

/// How many people live in a territory.
pub(super) fn people(territory: &Territory<'_>) -> f64 {
    (territory.adults() / ADULT).round()
}

/// Counts people.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let (all, adults) = (people(territory), territory.adults());
    let mut table = Table::new("population", COLUMNS);
    for (group, people) in [("all", all), ("from_15", adults), ("under_15", all - adults)] {
        table.push(&[&territory.year, &"all", &group, &people, &"mid_year", &"A", &"simulation"]);
    }
    observed.tables.push(table);
}
