//! Seizures, each with its goods and the operator behind it; some operators are caught again, and many never.

use super::world::Territory;
use super::{Observed, Table};

const SEIZURES: &[&str] = &[
    "seizure",
    "date",
    "seizure_status",
    "counted",
    "place_type",
    "direction",
    "conveyance",
    "selection_mode",
    "entity_key",
    "case_open",
    "confidentiality",
];

const GOODS: &[&str] = &[
    "seizure",
    "line",
    "date",
    "counted",
    "goods_kind",
    "commodity",
    "hs_edition",
    "beverage",
    "container_type",
    "container_volume",
    "containers",
    "volume",
    "strength",
    "strength_tier",
    "pure_alcohol",
    "stamp_status",
    "duty",
    "origin",
    "authenticity",
    "ethanol",
];

/// Lets operators run the risk of a seizure for a year.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let parameters = territory.parameters;
    let mut random = territory.random("seizures");
    let operators = parameters.count("operators");
    let [rate, unlike, renamed] =
        ["caught", "operators_unlike", "operators_rename"].map(|name| parameters.get(name));
    observed.truth("hidden_operators", operators as f64);
    let mut seizures = Table::new("seizures", SEIZURES);
    let mut goods = Table::new("seizure_goods", GOODS);
    let mut number = 0_u64;
    for operator in 0..operators {
        let risk = rate * random.log_normal(unlike) * libm::exp(-unlike * unlike / 2.0);
        let mut name = 0;
        let mut times = random.poisson(risk);
        while times > 0.0 {
            times -= 1.0;
            number += 1;
            let seizure = format!("z{number}");
            let date = format!("{}-{:02}-{:02}", territory.year, 1 + random.below(12), 1 + random.below(28));
            seizures.push(&[
                &seizure,
                &date,
                &"seized",
                &true,
                &"land",
                &"import",
                &"road",
                &"risk",
                &format!("{operator:032x}{name:032x}"),
                &false,
                &"F",
            ]);
            let bottles = 12.0 + (100.0 * random.log_normal(1.0)).round();
            let volume = 0.7 * bottles;
            goods.push(&[
                &seizure,
                &1,
                &date,
                &true,
                &"beverage",
                &"220840",
                &"2022",
                &"spirits",
                &"glass_bottle",
                &700,
                &bottles,
                &volume,
                &40,
                &"A",
                &(volume * 0.4),
                &"none",
                &"unpaid_here",
                &"import_undeclared",
                &"genuine",
                &"potable_agricultural",
            ]);
            // Whoever was caught may go on under another name.
            name += u32::from(random.happens(renamed));
        }
    }
    observed.tables.extend([seizures, goods]);
}
