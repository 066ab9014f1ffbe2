//! Lists of illicit sellers that several agencies keep, matched to each other.

use std::collections::BTreeMap;

use super::world::Territory;
use super::{Observed, Table};

const COLUMNS: &[&str] = &[
    "period",
    "stratum",
    "unit_kind",
    "lists",
    "list_count",
    "history",
    "count",
    "linkage",
    "missed_links",
    "confidentiality",
    "source",
];

/// The agencies that keep lists.
const AGENCIES: [&str; 6] = ["customs", "tax", "police", "health", "industry", "local"];

/// Finds sellers list by list, and counts by which lists each was found.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let parameters = territory.parameters;
    let mut random = territory.random("lists");
    let (lists, sellers) = (parameters.count("lists"), parameters.count("sellers"));
    let coverage = parameters.get("list_coverage");
    let spread = parameters.get("heterogeneity");
    let missed = parameters.get("missed_links");
    let mut histories: BTreeMap<String, u64> = BTreeMap::new();
    for _ in 0..sellers {
        let odds = coverage / (1.0 - coverage) * libm::exp(spread * random.normal());
        let found: Vec<bool> = (0..lists).map(|_| random.happens(odds / (1.0 + odds))).collect();
        let history =
            |found: &[bool]| found.iter().map(|found| if *found { '1' } else { '0' }).collect::<String>();
        let count = found.iter().filter(|found| **found).count();
        if count > 1 && random.happens(missed) {
            // Its entries pass for different sellers.
            for list in (0..lists).filter(|list| found[*list]) {
                let alone: Vec<bool> = (0..lists).map(|other| other == list).collect();
                *histories.entry(history(&alone)).or_default() += 1;
            }
        } else if count > 0 {
            *histories.entry(history(&found)).or_default() += 1;
        }
    }
    observed.truth("hidden_outlets", sellers as f64);
    let names = AGENCIES[..lists].join("+");
    let mut table = Table::new("list_overlaps", COLUMNS);
    for code in 1..1_usize << lists {
        let history: String = (0..lists).map(|list| if code >> list & 1 == 1 { '1' } else { '0' }).collect();
        let count = histories.get(&history).copied().unwrap_or(0);
        table.push(&[
            &territory.year,
            &"all",
            &"outlet",
            &names,
            &lists,
            &history,
            &count,
            &"shared_number",
            &0,
            &"F",
            &"simulation",
        ]);
    }
    observed.tables.push(table);
}
