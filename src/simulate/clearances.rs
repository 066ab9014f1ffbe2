//! What tax and customs authorities count: what was cleared, the duty on it, and what travellers bring in and buy duty-free.

use super::world::{Sold, Territory};
use super::{Observed, Table};

const CLEARANCES: &[&str] = &[
    "period",
    "beverage",
    "breakdown",
    "kind",
    "strength_band",
    "origin",
    "volume",
    "pure_alcohol",
    "status",
    "source",
];

const REVENUE: &[&str] =
    &["period", "beverage", "band", "currency", "pure_alcohol", "assessed", "collected", "status", "source"];

const DUTY_FREE: &[&str] = &["period", "outlet", "beverage", "volume", "pure_alcohol", "status", "source"];

const CROSS_BORDER: &[&str] = &[
    "period",
    "direction",
    "beverage",
    "partner",
    "pure_alcohol",
    "pure_alcohol_low",
    "pure_alcohol_high",
    "respondents",
    "status",
    "source",
];

/// The part of what travellers bring in and buy duty-free that is bought duty-free.
const DUTY_FREE_PART: f64 = 0.3;

/// The coefficient of variation of what travellers say that they bring in.
const CROSS_BORDER_ERROR: f64 = 0.1;

/// The duty on a litre of pure alcohol, in US dollars.
fn rate(beverage: &str) -> f64 {
    match beverage {
        "beer" => 6.0,
        "wine" => 9.0,
        _ => 15.0,
    }
}

/// Clears what is legal, and counts what travellers say.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let drinks = territory.drinks();
    let sum = |amount: fn(&Sold) -> f64| {
        drinks.sold.iter().map(|sold| amount(sold) * rate(sold.beverage)).sum::<f64>()
    };
    let (unpaid, paid) = (sum(|sold| sold.illicit), sum(|sold| sold.legal));
    observed.truth("tax_gap_value", unpaid);
    observed.truth("tax_gap_share", unpaid / (unpaid + paid));
    observed.tables.push(clearances(territory));
    observed.tables.push(revenue(territory));
    observed.tables.extend([duty_free_sales(territory), cross_border(territory)]);
}

fn clearances(territory: &Territory<'_>) -> Table {
    let mut clearances = Table::new("clearances", CLEARANCES);
    for Sold { beverage, legal, volume, .. } in territory.drinks().sold {
        for month in 1..=12 {
            // More towards the end of the year; the twelve parts add up to 1. In hectolitres.
            let part = f64::from(41 + 2 * month) / 648.0;
            let [volume, alcohol] = [volume, legal].map(|litres| litres / 100.0 * part);
            let period = format!("{}-{month:02}", territory.year);
            clearances.push(&[
                &period,
                &beverage,
                &"total",
                &"all",
                &"all",
                &"all",
                &volume,
                &alcohol,
                &"A",
                &"simulation",
            ]);
        }
    }
    clearances
}

fn revenue(territory: &Territory<'_>) -> Table {
    let mut revenue = Table::new("revenue", REVENUE);
    for Sold { beverage, legal, .. } in territory.drinks().sold {
        let duty = legal * rate(beverage);
        revenue.push(&[
            &territory.year,
            &beverage,
            &"all",
            &"USD",
            &(legal / 100.0),
            &duty,
            &duty,
            &"A",
            &"simulation",
        ]);
    }
    revenue
}

/// The litres of pure alcohol that shops sell without duty, all of it spirits.
pub(super) fn duty_free(territory: &Territory<'_>) -> f64 {
    DUTY_FREE_PART * territory.drinks().travellers
}

fn duty_free_sales(territory: &Territory<'_>) -> Table {
    let mut sales = Table::new("duty_free_sales", DUTY_FREE);
    let alcohol = duty_free(territory);
    let volume = alcohol / 0.4;
    sales.push(&[&territory.year, &"all", &"spirits", &volume, &alcohol, &"A", &"simulation"]);
    sales
}

/// What travellers say that they bring in, all of it spirits.
fn cross_border(territory: &Territory<'_>) -> Table {
    let mut random = territory.random("cross border");
    let mut purchases = Table::new("cross_border_purchases", CROSS_BORDER);
    let truth = (1.0 - DUTY_FREE_PART) * territory.drinks().travellers;
    let said = truth * random.log_normal(CROSS_BORDER_ERROR);
    let [low, high] = [-1.96, 1.96].map(|end| said * libm::exp(end * CROSS_BORDER_ERROR));
    let neighbour = if territory.code == "CR" { "PA" } else { "CR" };
    // Nobody takes anything out.
    for (direction, [said, low, high]) in [("brought_in", [said, low, high]), ("taken_out", [0.0; 3])] {
        purchases.push(&[
            &territory.year,
            &direction,
            &"spirits",
            &neighbour,
            &said,
            &low,
            &high,
            &2000,
            &"A",
            &"simulation",
        ]);
    }
    purchases
}
