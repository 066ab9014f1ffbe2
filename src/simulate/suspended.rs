//! Loads that leave a warehouse with the duty suspended: some never arrive, some arrive short.

use super::world::Territory;
use super::{Observed, Table};

const COLUMNS: &[&str] = &[
    "movement",
    "partner",
    "destination",
    "beverage",
    "commodity",
    "dispatched",
    "due",
    "received",
    "registered",
    "state",
    "dispatched_volume",
    "dispatched_alcohol",
    "received_volume",
    "received_alcohol",
    "explained_loss",
    "source",
];

/// The part of a load that is lost without fault, a law that the standard states.
const NATURAL_LOSS: [f64; 3] = [0.0, 0.002, 0.005];

/// The part of all that is drunk that moves under suspension, and how unlike loads are.
const MOVED: f64 = 0.5;
const UNLIKE: f64 = 0.6;

/// The part of loads of which something breaks and is explained, and the part of such a load.
const BROKEN: f64 = 0.05;
const BREAKAGE: f64 = 0.03;

/// The part of a short load that does not arrive.
const SHORT: f64 = 0.2;

const KINDS: [(&str, &str, f64); 3] =
    [("beer", "220300", 0.05), ("spirits", "220840", 0.4), ("wine", "220421", 0.125)];

/// Sends loads, and writes down what comes of them.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let parameters = territory.parameters;
    let mut random = territory.random("suspended movements");
    let natural = random.pert(NATURAL_LOSS[0], NATURAL_LOSS[1], NATURAL_LOSS[2]);
    let [missing, short, untrue] =
        ["loads_missing", "loads_short", "receipts_untrue"].map(|name| parameters.get(name));
    let loads = parameters.count("loads");
    let mean = MOVED * territory.drinks().total() / loads as f64;
    let registered = format!("{}-09-30", territory.year + 1);
    let mut table = Table::new("suspended_movements", COLUMNS);
    let mut undischarged = 0.0;
    for load in 0..loads {
        let (beverage, commodity, strength) = KINDS[random.below(KINDS.len())];
        let sent = mean * random.log_normal(UNLIKE);
        let (day, month) = (1 + random.below(28), 1 + load * 12 / loads);
        let dispatched = format!("{}-{month:02}-{day:02}", territory.year);
        let due = format!("{}-{:02}-{day:02}", territory.year + i32::from(month == 12), month % 12 + 1);
        let explained = if random.happens(BROKEN) { BREAKAGE * sent } else { 0.0 };
        let arrives = sent * (1.0 - natural) - explained;
        let [is_missing, is_untrue, is_short] = [missing, untrue, short].map(|part| random.happens(part));
        let received = match (is_missing, is_untrue) {
            (true, true) => Some(arrives),
            (true, false) => None,
            _ => Some(if is_short { arrives - SHORT * sent } else { arrives }),
        };
        undischarged += match (is_missing, is_short) {
            (true, _) => sent,
            (false, true) => SHORT * sent,
            _ => 0.0,
        };
        let explained = if received.is_some() { explained } else { 0.0 };
        let state = if received.is_some() { "received" } else { "open" };
        let day_of_receipt = if received.is_some() { due.as_str() } else { "" };
        let text = |litres: Option<f64>| litres.map_or(String::new(), |litres| litres.to_string());
        table.push(&[
            &format!("m{}", load + 1),
            &territory.code,
            &"tax_warehouse",
            &beverage,
            &commodity,
            &dispatched,
            &due,
            &day_of_receipt,
            &registered,
            &state,
            &(sent / strength),
            &sent,
            &text(received.map(|litres| litres / strength)),
            &text(received),
            &explained,
            &"simulation",
        ]);
    }
    observed.truth("undischarged_alcohol", undischarged);
    observed.tables.push(table);
}
