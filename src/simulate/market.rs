//! The market: a two-stage sample of outlets with every container on their shelves, and a test with its panel.

use super::random::Random;
use super::world::{Item, Outlet, Territory};
use super::{Observed, Table};

const OUTLETS: &[&str] = &[
    "period",
    "outlet",
    "stratum",
    "cluster",
    "stratum_clusters",
    "cluster_outlets",
    "cluster_sample",
    "inclusion_probability",
    "weight",
    "frame",
    "outcome",
    "visited",
    "source",
];

const BOTTLES: &[&str] = &[
    "bottle",
    "period",
    "outlet",
    "stratum",
    "cluster",
    "stratum_clusters",
    "cluster_outlets",
    "weight",
    "sales_weight",
    "collected",
    "acquisition",
    "beverage",
    "container_volume",
    "strength",
    "stamp_status",
    "test_1",
    "test_1_positive",
    "test_2",
    "test_2_positive",
    "laboratory",
    "price",
    "currency",
    "duty",
    "origin",
    "authenticity",
    "ethanol",
    "illicit",
    "source",
];

const PANELS: &[&str] = &[
    "period",
    "test",
    "target",
    "laboratory",
    "panel",
    "true_positive",
    "false_negative",
    "true_negative",
    "false_positive",
    "blind",
    "source",
];

/// Draws the sample, and tries the test.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let drinks = territory.drinks();
    let in_outlets = drinks.legal() + drinks.illicit();
    observed.truth("illicit_alcohol", drinks.illicit());
    observed.truth("illicit_share", drinks.illicit() / drinks.total());
    observed.truth("unstamped_share", drinks.illicit() / in_outlets);
    sample(territory, observed);
    panel(territory, observed);
}

fn sample(territory: &Territory<'_>, observed: &mut Observed) {
    let parameters = territory.parameters;
    let mut random = territory.random("market sample");
    let mut purchases = territory.random("test purchases");
    let mut bottles = Bottles::new(territory);
    let mut outlets = Table::new("market_outlets", OUTLETS);
    let day = bottles.day.clone();
    for (s, stratum) in territory.strata().iter().enumerate() {
        let clusters = stratum.clusters.len();
        let drawn = random.sample(clusters, parameters.count("clusters_sampled"));
        for c in &drawn {
            let cluster = &stratum.clusters[*c];
            let visited = random.sample(cluster.len(), parameters.count("outlets_sampled"));
            let probability =
                drawn.len() as f64 / clusters as f64 * visited.len() as f64 / cluster.len() as f64;
            for o in &visited {
                let (stratum, name) = (format!("s{s}"), format!("s{s}c{c}"));
                let visit = Visit {
                    outlet: format!("{name}o{o}"),
                    stratum,
                    cluster: name,
                    clusters,
                    outlets: cluster.len(),
                    weight: 1.0 / probability,
                };
                outlets.push(&[
                    &territory.year,
                    &visit.outlet,
                    &visit.stratum,
                    &visit.cluster,
                    &clusters,
                    &cluster.len(),
                    &visited.len(),
                    &probability,
                    &visit.weight,
                    &"area_listing",
                    &"visited",
                    &day,
                    &"simulation",
                ]);
                bottles.shelves(&visit, &cluster[*o], &mut random);
                bottles.purchases(&visit, &cluster[*o], &mut purchases);
            }
        }
    }
    observed.tables.extend([outlets, bottles.table]);
}

/// An outlet that a collector visits.
struct Visit {
    outlet: String,
    stratum: String,
    cluster: String,
    clusters: usize,
    outlets: usize,
    weight: f64,
}

/// The bottles that are written down.
struct Bottles<'a> {
    territory: &'a Territory<'a>,
    table: Table,
    day: String,
    /// Which bottles go to a laboratory.
    sent: Random,
    number: u64,
}

/// What is written down of a bottle beside what it is.
struct Seen {
    weight: f64,
    sales: Option<f64>,
    acquisition: &'static str,
    /// What the first test says, where it was tried, and what the laboratory says.
    tests: [Option<bool>; 2],
}

impl<'a> Bottles<'a> {
    fn new(territory: &'a Territory<'a>) -> Self {
        let table = Table::new("market_bottles", BOTTLES);
        let day = format!("{}-06-15", territory.year);
        Self { territory, table, day, sent: territory.random("verified bottles"), number: 0 }
    }

    /// Every bottle on the shelves of an outlet.
    fn shelves(&mut self, visit: &Visit, outlet: &Outlet, random: &mut Random) {
        let parameters = self.territory.parameters;
        let [sensitivity, specificity] = ["sensitivity", "specificity"].map(|name| parameters.get(name));
        let coverage = parameters.get("frame_coverage");
        for item in &outlet.items {
            // What the frame misses is not there when the collector comes.
            let mut left = if item.illicit { random.binomial(item.shelf, coverage) } else { item.shelf };
            while left > 0.0 {
                left -= 1.0;
                let positive = random.happens(if item.illicit { sensitivity } else { 1.0 - specificity });
                let seen = Seen {
                    weight: visit.weight,
                    sales: Some(item.turnover),
                    acquisition: "shelf_audit",
                    tests: [Some(positive), self.verify(positive, item.illicit)],
                };
                self.push(visit, item, &seen);
            }
        }
    }

    /// What the laboratory says, where the bottle goes there.
    fn verify(&mut self, positive: bool, illicit: bool) -> Option<bool> {
        let parameters = self.territory.parameters;
        let part = parameters.get(if positive { "verified_positives" } else { "verified_negatives" });
        // Where those who choose see more than the quick test says, they send what looks suspect.
        let suspect = if illicit { parameters.get("verified_suspects") } else { 1.0 };
        let missed = self.sent.happens(parameters.get("laboratory_misses"));
        self.sent.happens((part * suspect).min(1.0)).then_some(illicit && !missed)
    }

    /// Bottles that a stranger buys: each as likely as its kind is sold there.
    fn purchases(&mut self, visit: &Visit, outlet: &Outlet, random: &mut Random) {
        let parameters = self.territory.parameters;
        let bought = parameters.count("test_purchases");
        let refused = parameters.get("strangers_refused");
        let sold = |item: &Item| item.shelf * item.turnover;
        let all: f64 = outlet.items.iter().map(sold).sum();
        let offered = |item: &Item| sold(item) * if item.illicit { 1.0 - refused } else { 1.0 };
        let on_offer: f64 = outlet.items.iter().map(offered).sum();
        for _ in 0..bought {
            let mut left = random.uniform() * on_offer;
            let hit = |item: &&Item| {
                left -= offered(item);
                left <= 0.0
            };
            let Some(item) = outlet.items.iter().find(hit).or(outlet.items.last()) else { return };
            let weight = visit.weight * all / bought as f64;
            let seen = Seen { weight, sales: None, acquisition: "test_purchase", tests: [None; 2] };
            self.push(visit, item, &seen);
        }
    }

    fn push(&mut self, visit: &Visit, item: &Item, seen: &Seen) {
        self.number += 1;
        let [stamp, duty, origin] = if item.illicit {
            ["none", "unpaid_here", "domestic_unlicensed"]
        } else {
            ["valid", "paid", "domestic_licensed"]
        };
        let authenticity = if item.illicit { "unbranded" } else { "genuine" };
        let [test_1, test_2] = seen.tests.map(|test| test.map_or(String::new(), |says| says.to_string()));
        let price = match seen.acquisition {
            "test_purchase" => format!("{:.2}", item.alcohol() * if item.illicit { 35.0 } else { 60.0 }),
            _ => String::new(),
        };
        let sales = seen.sales.map_or(String::new(), |sales| sales.to_string());
        self.table.push(&[
            &format!("b{}", self.number),
            &self.territory.year,
            &visit.outlet,
            &visit.stratum,
            &visit.cluster,
            &visit.clusters,
            &visit.outlets,
            &seen.weight,
            &sales,
            &self.day,
            &seen.acquisition,
            &item.beverage,
            &item.volume,
            &item.strength,
            &stamp,
            &if test_1.is_empty() { "" } else { "stamp_reader" },
            &test_1,
            &if test_2.is_empty() { "" } else { "gas_chromatography" },
            &test_2,
            &if test_2.is_empty() { "" } else { "laboratory 1" },
            &price,
            &if price.is_empty() { "" } else { "USD" },
            &duty,
            &origin,
            &authenticity,
            &"potable_agricultural",
            &item.illicit,
            &"simulation",
        ]);
    }
}

fn panel(territory: &Territory<'_>, observed: &mut Observed) {
    let parameters = territory.parameters;
    let mut random = territory.random("test panel");
    let size = parameters.get("panel").round();
    let found = random.binomial(size, parameters.get("sensitivity") + parameters.get("test_drift"));
    let passed = random.binomial(size, parameters.get("specificity"));
    let mut panels = Table::new("test_panels", PANELS);
    panels.push(&[
        &territory.year,
        &"stamp_reader",
        &"illicit",
        &"field",
        &"p1",
        &found,
        &(size - found),
        &passed,
        &(size - passed),
        &true,
        &"simulation",
    ]);
    observed.tables.push(panels);
}
