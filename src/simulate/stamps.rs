//! Tax stamps of the beverages that must bear them: how many were put on containers, some of which nobody declared.

use super::world::{Sold, Territory};
use super::{Observed, Table};

const COLUMNS: &[&str] = &[
    "period",
    "holder",
    "stamp_type",
    "beverage",
    "container_volume",
    "strength",
    "strength_tier",
    "opening_stock",
    "issued",
    "affixed",
    "spoiled",
    "returned",
    "closing_stock",
    "status",
    "source",
];

/// The beverages that must bear stamps, each with the litres of a container and its strength.
const STAMPED: [(&str, f64, f64); 2] = [("spirits", 0.7, 40.0), ("wine", 0.75, 12.5)];

/// The standard deviations of the error of the ledger's strength and of the part of a year's stamps whose goods are cleared in
/// another year, as the standard states them.
const STRENGTH_ERROR: f64 = 0.02;
const TIMING: f64 = 0.02;

/// Puts stamps on what is cleared and on what leaves the legal chain.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let parameters = territory.parameters;
    let mut random = territory.random("stamps");
    let strength_ratio = 1.0 + STRENGTH_ERROR * random.normal();
    let elsewhere = TIMING * random.normal() + parameters.get("stamped_early");
    let mut table = Table::new("stamps", COLUMNS);
    let mut undeclared = 0.0;
    for (beverage, volume, strength) in STAMPED {
        let legal: f64 = territory
            .drinks()
            .sold
            .iter()
            .filter_map(|Sold { beverage: sold, legal, .. }| (*sold == beverage).then_some(legal))
            .sum();
        let leaked = parameters.get("leakage") * legal;
        undeclared += leaked;
        let in_ledger = (legal + leaked) / (strength_ratio * (1.0 - elsewhere));
        let affixed = (in_ledger / (volume * strength / 100.0)).round();
        let opening = (0.1 * affixed).round();
        let spoiled = random.poisson(0.001 * affixed);
        let issued = (affixed * (1.0 + 0.05 * random.uniform())).round();
        table.push(&[
            &territory.year,
            &"all",
            &beverage,
            &beverage,
            &volume,
            &strength,
            &"C",
            &opening,
            &issued,
            &affixed,
            &spoiled,
            &0,
            &(opening + issued - affixed - spoiled),
            &"A",
            &"simulation",
        ]);
    }
    observed.truth("stamp_gap_alcohol", undeclared);
    observed.tables.push(table);
}
