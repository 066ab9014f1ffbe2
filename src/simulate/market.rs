//! The market: a two-stage sample of outlets with every container on their shelves, and a test with its panel.

use super::world::Territory;
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
    let [sensitivity, specificity] = ["sensitivity", "specificity"].map(|name| parameters.get(name));
    let coverage = parameters.get("frame_coverage");
    let (mut outlets, mut bottles) =
        (Table::new("market_outlets", OUTLETS), Table::new("market_bottles", BOTTLES));
    let (year, mut bottle) = (territory.year, 0_u64);
    let day = format!("{year}-06-15");
    for (s, stratum) in territory.strata().iter().enumerate() {
        let clusters = stratum.clusters.len();
        let drawn = random.sample(clusters, parameters.count("clusters_sampled"));
        for c in &drawn {
            let cluster = &stratum.clusters[*c];
            let visited = random.sample(cluster.len(), parameters.count("outlets_sampled"));
            let probability =
                drawn.len() as f64 / clusters as f64 * visited.len() as f64 / cluster.len() as f64;
            let weight = 1.0 / probability;
            for o in &visited {
                let (stratum, name) = (format!("s{s}"), format!("s{s}c{c}"));
                let outlet = format!("{name}o{o}");
                outlets.push(&[
                    &year,
                    &outlet,
                    &stratum,
                    &name,
                    &clusters,
                    &cluster.len(),
                    &visited.len(),
                    &probability,
                    &weight,
                    &"area_listing",
                    &"visited",
                    &day,
                    &"simulation",
                ]);
                for item in &cluster[*o].items {
                    // What the frame misses is not there when the collector comes.
                    let seen = if item.illicit { random.binomial(item.shelf, coverage) } else { item.shelf };
                    let mut left = seen;
                    while left > 0.0 {
                        left -= 1.0;
                        bottle += 1;
                        let positive =
                            random.happens(if item.illicit { sensitivity } else { 1.0 - specificity });
                        let [stamp, duty, origin] = if item.illicit {
                            ["none", "unpaid_here", "domestic_unlicensed"]
                        } else {
                            ["valid", "paid", "domestic_licensed"]
                        };
                        let authenticity = if item.illicit { "unbranded" } else { "genuine" };
                        bottles.push(&[
                            &format!("b{bottle}"),
                            &year,
                            &outlet,
                            &stratum,
                            &name,
                            &clusters,
                            &cluster.len(),
                            &weight,
                            &item.turnover,
                            &day,
                            &"shelf_audit",
                            &item.beverage,
                            &item.volume,
                            &item.strength,
                            &stamp,
                            &"stamp_reader",
                            &positive,
                            &duty,
                            &origin,
                            &authenticity,
                            &"potable_agricultural",
                            &item.illicit,
                            &"simulation",
                        ]);
                    }
                }
            }
        }
    }
    observed.tables.extend([outlets, bottles]);
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
