//! Trade between territories: what each counts as its imports and its exports. Some of what is sent to a territory is smuggled
//! in, and some is still on its way when the year ends.

use super::world::{Sold, Territory};
use super::{Observed, Table, ethanol};

const COLUMNS: &[&str] = &[
    "period",
    "flow",
    "hs_edition",
    "commodity",
    "partner",
    "regime",
    "beverage",
    "value",
    "valuation",
    "currency",
    "volume",
    "pure_alcohol",
    "strength",
    "strength_tier",
    "status",
    "source",
];

/// Imports beside what is cleared, and exports to the rest of the world beside it.
const IMPORTED: f64 = 0.4;
const EXPORTED: f64 = 0.1;

/// The part of imports that comes from the rest of the world, where there are other territories.
const REST: f64 = 0.5;

/// The part of a year's exports that arrives in the next, and freight and insurance as a part of the value: laws that the
/// standard states.
const LATE: [f64; 3] = [0.0, 0.04, 0.12];
const MARGIN: [f64; 3] = [0.02, 0.06, 0.15];

/// Drinks of one kind that go from one territory to another.
pub(super) struct Lane {
    /// The territory that sends them.
    from: String,
    pub(super) beverage: &'static str,
    /// Litres of pure alcohol that the sender sees leave.
    sent: f64,
    /// Litres of pure alcohol that customs see come in.
    pub(super) arrived: f64,
    /// Litres of pure alcohol that come in beside customs.
    smuggled: f64,
}

/// Where the rest of the world lies: a territory that is none of the world's own.
fn rest_of_world(territory: &Territory<'_>) -> &'static str {
    let taken = |code: &str| code == territory.code || territory.others().any(|other| other.code == code);
    ["US", "ES", "CL"].into_iter().find(|code| !taken(code)).unwrap_or("CN")
}

/// What comes to a territory.
pub(super) fn lanes(territory: &Territory<'_>) -> Vec<Lane> {
    let parameters = territory.parameters;
    let mut random = territory.random("lanes");
    let late = random.pert(LATE[0], LATE[1], LATE[2]);
    let [smuggled, carried_over] = ["smuggled", "carried_over"].map(|name| parameters.get(name));
    let mut partners: Vec<(String, f64)> =
        territory.others().map(|other| (other.code.to_owned(), random.log_normal(0.5))).collect();
    let weights: f64 = partners.iter().map(|(_, weight)| weight).sum();
    let rest = if partners.is_empty() { 1.0 } else { REST };
    for (_, weight) in &mut partners {
        *weight *= (1.0 - rest) / weights;
    }
    partners.push((rest_of_world(territory).to_owned(), rest));
    let mut lanes = Vec::new();
    for Sold { beverage, legal, .. } in territory.drinks().sold {
        for (from, weight) in &partners {
            let arrived = IMPORTED * legal * weight;
            // What of last year's exports comes late fills up what comes late this year.
            let sent = arrived / (1.0 - late * (1.0 - carried_over) - smuggled);
            lanes.push(Lane { from: from.clone(), beverage, sent, arrived, smuggled: smuggled * sent });
        }
    }
    lanes
}

/// What a territory sends: partner, beverage and litres of pure alcohol.
pub(super) fn exports(territory: &Territory<'_>) -> Vec<(String, &'static str, f64)> {
    let mut exports = Vec::new();
    for other in territory.others() {
        let here = lanes(&other).into_iter().filter(|lane| lane.from == territory.code);
        exports.extend(here.map(|lane| (other.code.to_owned(), lane.beverage, lane.sent)));
    }
    let rest = rest_of_world(territory);
    let to_rest = territory.drinks().sold.map(|sold| (rest.to_owned(), sold.beverage, EXPORTED * sold.legal));
    exports.extend(to_rest);
    exports
}

/// Counts imports and exports.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let mut book = Book { territory, table: Table::new("trade_flows", COLUMNS) };
    let lanes = lanes(territory);
    let rest = rest_of_world(territory);
    let missing = lanes.iter().filter(|lane| lane.from != rest);
    let (litres, money) = missing.fold((0.0, 0.0), |(litres, money), lane| {
        (litres + lane.smuggled, money + lane.smuggled * price(lane.beverage))
    });
    observed.truth("mirror_gap_alcohol", litres);
    observed.truth("mirror_gap_value", money);
    let [low, mode, high] = MARGIN;
    let margin = territory.random("margin").pert(low, mode, high);
    for lane in &lanes {
        book.push("import", &lane.from, lane.beverage, lane.arrived, 1.0 + margin);
    }
    for (partner, beverage, sent) in exports(territory) {
        book.push("export", &partner, beverage, sent, 1.0);
    }
    book.ethanol(rest);
    observed.tables.push(book.table);
}

/// The value of a litre of pure alcohol, in US dollars, free on board.
fn price(beverage: &str) -> f64 {
    match beverage {
        "beer" => 18.0,
        "wine" => 25.0,
        _ => 12.0,
    }
}

struct Book<'a> {
    territory: &'a Territory<'a>,
    table: Table,
}

impl Book<'_> {
    /// A row, with the error that the book makes of all of a beverage alike.
    fn push(&mut self, flow: &str, partner: &str, beverage: &str, litres: f64, margin: f64) {
        let error = self.territory.random(&format!("trade {flow} {beverage}")).normal();
        let litres = litres * (1.0 + self.territory.parameters.get("trade_error") * error);
        let (commodity, strength) = match beverage {
            "beer" => ("220300", 5.0),
            "wine" => ("220421", 12.5),
            _ => ("220840", 40.0),
        };
        let (regime, valuation) = if flow == "import" { ("home_use", "cif") } else { ("export", "fob") };
        self.table.push(&[
            &self.territory.year,
            &flow,
            &"2022",
            &commodity,
            &partner,
            &regime,
            &beverage,
            &(litres * price(beverage) * margin),
            &valuation,
            &"USD",
            &(litres / (strength / 100.0)),
            &litres,
            &strength,
            &"A",
            &"A",
            &"simulation",
        ]);
    }

    /// The imports of ethanol, as customs count them.
    fn ethanol(&mut self, partner: &str) {
        let mut random = self.territory.random("trade ethanol");
        let litres = ethanol::imported(self.territory) * (1.0 + ethanol::IMPORTS_ERROR * random.normal());
        self.table.push(&[
            &self.territory.year,
            &"import",
            &"2022",
            &"220710",
            &partner,
            &"home_use",
            &"",
            &(litres * 0.9),
            &"cif",
            &"USD",
            &(litres / 0.96),
            &litres,
            &96,
            &"A",
            &"A",
            &"simulation",
        ]);
    }
}
