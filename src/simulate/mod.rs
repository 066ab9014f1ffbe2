//! Worlds with a known truth: territories with outlets, drinkers, flows and offenders, and what agencies would report of them.
//!
//! A world is drawn once from a seed and its parameters; agencies then observe it as their parameters say, with errors,
//! gaps and samples, and report it as ordinary submissions. Estimates made from these can be held against the truth.
//! What is true is true of one territory: what outlets sell, people drink, travellers bring and makers clear is one and the same.
//! Adding something that agencies observe is one file beside this and a line in [`OBSERVERS`]; no two write the same dataset.

mod clearances;
mod containers;
mod ethanol;
mod experts;
mod household;
mod inspections;
mod lists;
mod market;
mod parameter;
mod population;
mod questions;
mod random;
mod seizures;
mod stamps;
mod supply;
mod suspended;
mod table;
mod trade;
mod wastewater;
mod world;

pub use parameter::{PARAMETERS, Parameter, Parameters};
pub use table::{Table, Truth};
use world::Territory;

/// What agencies report of one thing that they observe, and what is true of it.
type Observer = fn(&Territory<'_>, &mut Observed);

/// Everything that agencies observe, by name.
static OBSERVERS: &[(&str, Observer)] = &[
    ("clearances", clearances::observe),
    ("containers", containers::observe),
    ("ethanol", ethanol::observe),
    ("experts", experts::observe),
    ("household", household::observe),
    ("inspections", inspections::observe),
    ("lists", lists::observe),
    ("market", market::observe),
    ("population", population::observe),
    ("questions", questions::observe),
    ("seizures", seizures::observe),
    ("stamps", stamps::observe),
    ("supply", supply::observe),
    ("suspended", suspended::observe),
    ("trade", trade::observe),
    ("wastewater", wastewater::observe),
];

/// The names of what agencies can observe.
pub fn observers() -> impl Iterator<Item = &'static str> {
    OBSERVERS.iter().map(|(name, _)| *name)
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The territories, by code.
    pub territories: Vec<&'a str>,
    /// The year.
    pub year: i32,
    /// What agencies observe, by name; everything where it is empty.
    pub observe: Vec<&'a str>,
    /// Another seed is another world.
    pub seed: u64,
    /// How the world is and how agencies report it.
    pub parameters: Parameters,
}

/// What the agency of one territory reports.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    /// Its datasets.
    pub tables: Vec<Table>,
    /// What is true.
    pub truths: Vec<Truth>,
}

impl Observed {
    /// States what is true; once, where several observers see the same thing.
    fn truth(&mut self, quantity: &'static str, value: f64) {
        if self.truths.iter().all(|truth| truth.quantity != quantity) {
            self.truths.push(Truth { quantity, value });
        }
    }
}

/// The reports of every territory, in the order asked for.
pub fn simulate(request: &Request<'_>) -> Vec<(String, Observed)> {
    request.territories.iter().map(|code| ((*code).to_owned(), one(request, code))).collect()
}

/// The reports of one territory.
fn one<'a>(request: &'a Request<'a>, code: &'a str) -> Observed {
    let territory = Territory::new(code, request);
    let mut observed = Observed::default();
    let mut sources = Table::new("sources", &["source", "publisher", "title", "edition"]);
    sources.push(&[&"simulation", &"sikes simulate", &"A made-up world", &format!("seed {}", request.seed)]);
    observed.tables.push(sources);
    for (name, observe) in OBSERVERS {
        if request.observe.is_empty() || request.observe.contains(name) {
            observe(&territory, &mut observed);
        }
    }
    observed.tables.sort_by(|a, b| a.dataset.cmp(b.dataset));
    observed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(seed: u64) -> Request<'static> {
        let parameters = Parameters::default();
        Request { territories: vec!["PA", "CR"], year: 2024, observe: Vec::new(), seed, parameters }
    }

    #[test]
    fn a_world_depends_on_its_seed_and_on_nothing_else() {
        let worlds = simulate(&request(1));
        assert_eq!(worlds, simulate(&request(1)));
        assert_ne!(worlds, simulate(&request(2)));
        let no_trade: Vec<&str> = observers().filter(|name| !["supply", "trade"].contains(name)).collect();
        let both = simulate(&Request { observe: no_trade.clone(), ..request(1) });
        let alone = Request { territories: vec!["CR"], observe: no_trade, ..request(1) };
        assert_eq!(simulate(&alone)[0], both[1], "one territory does not depend on another");
    }

    #[test]
    fn what_is_observed_does_not_depend_on_what_else_is() {
        let all = &simulate(&request(1))[0].1;
        for name in observers() {
            let alone = &simulate(&Request { observe: vec![name], ..request(1) })[0].1;
            assert!(alone.tables.len() > 1, "{name}");
            assert!(alone.tables.iter().all(|table| all.tables.contains(table)), "{name}");
            assert!(alone.truths.iter().all(|truth| all.truths.contains(truth)), "{name}");
        }
    }

    #[test]
    fn every_dataset_has_one_observer() {
        for (_, observed) in simulate(&request(4)) {
            let datasets: Vec<&str> = observed.tables.iter().map(|table| table.dataset).collect();
            assert!(datasets.windows(2).all(|pair| pair[0] < pair[1]), "{datasets:?}");
            let mut quantities: Vec<&str> = observed.truths.iter().map(|truth| truth.quantity).collect();
            quantities.sort_unstable();
            assert!(quantities.windows(2).all(|pair| pair[0] < pair[1]), "{quantities:?}");
        }
    }

    #[test]
    fn what_partners_send_and_customs_miss_is_what_was_smuggled() {
        let mut parameters = Parameters::default();
        for (name, value) in [("trade_error", 0.0), ("carried_over", 1.0)] {
            parameters.set(name, value).expect("a parameter");
        }
        let worlds = simulate(&Request { observe: vec!["trade"], parameters, ..request(5) });
        let alcohol = |place: usize, flow: &str, partner: &str| -> f64 {
            let cells = |row: &str| row.split(',').map(str::to_owned).collect::<Vec<_>>();
            let table =
                worlds[place].1.tables.iter().find(|table| table.dataset == "trade_flows").expect("trade");
            let rows = table.csv().lines().map(cells).filter(|row| row[1] == flow && row[4] == partner);
            rows.filter(|row| !row[6].is_empty()).map(|row| row[11].parse::<f64>().expect("litres")).sum()
        };
        let missing = alcohol(1, "export", "PA") - alcohol(0, "import", "CR");
        let truth =
            worlds[0].1.truths.iter().find(|truth| truth.quantity == "mirror_gap_alcohol").expect("one");
        assert!(missing > 0.0 && (missing / truth.value - 1.0).abs() < 1e-9, "{missing} {}", truth.value);
    }

    #[test]
    fn truths_are_numbers() {
        for (_, observed) in simulate(&request(3)) {
            assert!(!observed.truths.is_empty());
            assert!(observed.truths.iter().all(|truth| truth.value.is_finite()), "{:?}", observed.truths);
        }
    }
}
