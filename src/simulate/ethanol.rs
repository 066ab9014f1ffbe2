//! Ethanol: what was made, imported and kept, and for what it was used. Some of it is diverted.

use super::world::Territory;
use super::{Observed, Table};

const SUPPLY: &[&str] = &[
    "period",
    "grade",
    "opening_stock",
    "production",
    "imports",
    "lost",
    "closing_stock",
    "producers",
    "status",
    "source",
];

const USE: &[&str] =
    &["period", "purpose", "grade", "pure_alcohol", "denatured", "users", "status", "source"];

/// The coefficients of variation of the books, and the law of what evaporates, as the standard states them.
const PRODUCTION_ERROR: f64 = 0.01;
pub(super) const IMPORTS_ERROR: f64 = 0.01;
const STOCK_ERROR: f64 = 0.02;
const USE_ERROR: f64 = 0.03;
const EVAPORATION: [f64; 3] = [0.0, 0.005, 0.02];

/// Ethanol made and imported and the stock at the start of the year, in litres for each person aged 15 and over.
const MADE: f64 = 6.0;
const IMPORTED: f64 = 3.0;
const STOCK: f64 = 0.8;

/// The part of it that the books write off.
const LOST: f64 = 0.004;

/// What it is used for: the part of each purpose, and the part of that which is denatured.
const PURPOSES: [(&str, f64, f64); 5] = [
    ("beverages", 0.35, 0.0),
    ("fuel", 0.35, 1.0),
    ("industry", 0.2, 0.9),
    ("pharmacy", 0.07, 0.3),
    ("export", 0.03, 0.0),
];

/// The ethanol that is imported in a year, in litres of pure alcohol.
pub(super) fn imported(territory: &Territory<'_>) -> f64 {
    IMPORTED * territory.adults()
}

/// Keeps the books of ethanol.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let mut random = territory.random("ethanol");
    let [low, mode, high] = EVAPORATION;
    let evaporates = random.pert(low, mode, high);
    let adults = territory.adults();
    let opening = STOCK * adults;
    let available = opening + MADE * adults + imported(territory);
    let diverted = territory.parameters.get("ethanol_diverted") * available;
    let lost = LOST * available;
    let closing = opening * (0.9 + 0.2 * random.uniform());
    let used = available * (1.0 - evaporates) - lost - closing - diverted;
    observed.truth("unaccounted_ethanol", diverted);
    let mut measured = |truth: f64, error: f64| truth * (1.0 + error * random.normal());
    let mut supply = Table::new("ethanol_supply", SUPPLY);
    supply.push(&[
        &territory.year,
        &"all",
        &measured(opening, STOCK_ERROR),
        &measured(MADE * adults, PRODUCTION_ERROR),
        &measured(imported(territory), IMPORTS_ERROR),
        &lost,
        &measured(closing, STOCK_ERROR),
        &6,
        &"A",
        &"simulation",
    ]);
    // Users declare more than they use where they hide what is diverted.
    let hidden = territory.parameters.get("diversion_hidden") * diverted;
    let declared = measured(used, USE_ERROR) + hidden;
    let mut uses = Table::new("ethanol_use", USE);
    for (purpose, part, denatured) in PURPOSES {
        let litres = declared * part;
        uses.push(&[
            &territory.year,
            &purpose,
            &"all",
            &litres,
            &(litres * denatured),
            &20,
            &"A",
            &"simulation",
        ]);
    }
    observed.tables.extend([supply, uses]);
}
