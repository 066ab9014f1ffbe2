//! The ledgers of drinks: what licensed makers made, and what stood in store. Some of it leaves the legal chain.

use super::world::{Sold, Territory};
use super::{Observed, Table, clearances, trade};

const PRODUCTION: &[&str] = &[
    "period",
    "beverage",
    "kind",
    "colour",
    "volume",
    "pure_alcohol",
    "strength",
    "strength_tier",
    "producers",
    "status",
    "source",
];

const STOCKS: &[&str] = &[
    "period",
    "holder",
    "beverage",
    "opening_stock",
    "received",
    "released",
    "lost",
    "closing_stock",
    "status",
    "source",
];

/// The coefficients of variation of the ledgers, as the standard states them.
const PRODUCTION_ERROR: f64 = 0.02;
const STOCK_ERROR: f64 = 0.05;
const CLEARANCE_ERROR: f64 = 0.01;

/// The stock at the start of the year and what is lost in store, beside what is cleared.
const STOCK: f64 = 0.05;
const LOST: f64 = 0.005;

/// Makes what is missing beside imports, and keeps the books.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let parameters = territory.parameters;
    let mut random = territory.random("supply");
    let mut production = Table::new("production", PRODUCTION);
    let mut stocks = Table::new("stocks", STOCKS);
    let (imports, exports) = (trade::lanes(territory), trade::exports(territory));
    let mut unaccounted = 0.0;
    for Sold { beverage, legal, volume, .. } in territory.drinks().sold {
        let mut measured = |truth: f64, error: f64| truth * (1.0 + error * random.normal());
        let duty_free = if beverage == "spirits" { clearances::duty_free(territory) } else { 0.0 };
        // The books hold what is cleared with an error; they are what is given, so that the truth lies beside them.
        let cleared = measured(legal + duty_free, CLEARANCE_ERROR);
        let leaked = parameters.get("leakage") * legal;
        unaccounted += leaked;
        let opening = STOCK * legal;
        let closing = opening * measured(1.0, 0.1);
        let lost = LOST * legal;
        let imported: f64 =
            imports.iter().filter(|lane| lane.beverage == beverage).map(|lane| lane.arrived).sum();
        let exported: f64 = exports.iter().filter(|(_, sent, _)| *sent == beverage).map(|sent| sent.2).sum();
        // Goods that no ledger of stocks sees fill up, or run down.
        let unseen = parameters.get("unseen_stock") * legal;
        let made = cleared + leaked + exported + lost + closing - opening + unseen - imported;
        let made = measured(made.max(0.0), PRODUCTION_ERROR);
        let strength = 100.0 * legal / volume;
        production.push(&[
            &territory.year,
            &beverage,
            &"all",
            &"all",
            &(made / (strength / 100.0)),
            &made,
            &strength,
            &"C",
            &12,
            &"A",
            &"simulation",
        ]);
        let [opening, lost, closing] = [opening, lost, closing].map(|litres| measured(litres, STOCK_ERROR));
        stocks.push(&[
            &territory.year,
            &"all",
            &beverage,
            &opening,
            &(legal + closing + lost - opening),
            &legal,
            &lost,
            &closing,
            &"A",
            &"simulation",
        ]);
    }
    observed.truth("unaccounted_alcohol", unaccounted);
    observed.tables.extend([production, stocks]);
}
