//! Whether intervals hold the truth as often as they say: made-up worlds, reported as submissions, validated, measured and
//! estimated as any other, over and over.
//!
//! Where a method's assumptions hold, its 95 % intervals must hold the truth in 93 to 97 of 100 worlds; where one is broken,
//! the table says how far they fall. It takes minutes, so it runs only when asked for: `cargo test --release --test
//! coverage -- --ignored`.
#![allow(clippy::print_stderr, reason = "a test of minutes says how far it is")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sikes::compare::{Settings, Source, compare};
use sikes::compile::{Plan, compile};
use sikes::diagnostic::Diagnostics;
use sikes::run::{Checked, Opened, Purpose};
use sikes::simulate::{Observed, Parameters, Request, simulate};
use sikes::standard::source::Library;
use sikes::standard::{Language, load};
use sikes::submission::folder;

/// How many worlds each row of the table is made of; `SIKES_WORLDS` asks for another number, for a first look.
const WORLDS: u64 = 1000;
/// How many draws each interval is made of: its ends are then off by less than a fiftieth of its width.
const DRAWS: usize = 1 << 14;

/// One row of the table.
#[derive(Clone, Copy)]
struct Experiment {
    estimator: &'static str,
    /// The territories of the world; the estimate is that of the first.
    territories: &'static [&'static str],
    /// What agencies observe.
    observe: &'static [&'static str],
    /// How the world differs from the one that the program makes unless told otherwise.
    world: &'static [(&'static str, f64)],
    /// Which assumption is broken; none where all hold.
    broken: Option<&'static str>,
}

/// A frame small enough to be made a thousand times.
const SMALL: [(&str, f64); 3] = [("clusters", 24.0), ("outlets", 6.0), ("outlets_sampled", 3.0)];

/// A smaller one, where nobody looks at the market.
const SMALLEST: [(&str, f64); 3] = [("strata", 2.0), ("clusters", 5.0), ("outlets", 5.0)];

const HERE: &[&str] = &["PA"];

const fn holds(estimator: &'static str, observe: &'static [&'static str]) -> Experiment {
    Experiment { estimator, territories: HERE, observe, world: &[], broken: None }
}

/// Like `holds`, in a world that differs and breaks nothing.
const fn holds_in(
    estimator: &'static str,
    observe: &'static [&'static str],
    world: &'static [(&'static str, f64)],
) -> Experiment {
    Experiment { estimator, territories: HERE, observe, world, broken: None }
}

/// The same in a world of two territories.
const fn of_two(experiment: Experiment) -> Experiment {
    Experiment { territories: &["PA", "CR"], ..experiment }
}

const fn broken(
    estimator: &'static str,
    observe: &'static [&'static str],
    world: &'static [(&'static str, f64)],
    assumption: &'static str,
) -> Experiment {
    Experiment { estimator, territories: HERE, observe, world, broken: Some(assumption) }
}

const EXPERIMENTS: &[Experiment] = &[
    holds("market_sample", &["market"]),
    broken(
        "market_sample",
        &["market"],
        &[("frame_coverage", 0.8)],
        "a fifth of illicit goods is not where the frame looks",
    ),
    holds("imperfect_test", &["market"]),
    broken(
        "imperfect_test",
        &["market"],
        &[("test_drift", 0.05)],
        "the test is 5 points less sensitive in the field than on its panel",
    ),
    holds("illicit_volume", &["clearances", "market"]),
    holds("multiple_systems_outlets", &["lists"]),
    broken(
        "multiple_systems_outlets",
        &["lists"],
        &[("heterogeneity", 1.0)],
        "some sellers are found far more easily than others",
    ),
    broken(
        "multiple_systems_outlets",
        &["lists"],
        &[("missed_links", 0.05)],
        "one match in twenty is missed",
    ),
    holds("chao_lower_bound_outlets", &["lists"]),
    broken(
        "chao_lower_bound_outlets",
        &["lists"],
        &[("missed_links", 0.05)],
        "one match in twenty is missed",
    ),
    holds_in("two_lists_outlets", &["lists"], &[("lists", 2.0)]),
    broken(
        "two_lists_outlets",
        &["lists"],
        &[("lists", 2.0), ("heterogeneity", 1.0)],
        "some sellers are found far more easily than others",
    ),
    broken(
        "two_lists_outlets",
        &["lists"],
        &[("lists", 2.0), ("missed_links", 0.05)],
        "one match in twenty is missed",
    ),
    holds("unstamped_share", &["market"]),
    broken(
        "unstamped_share",
        &["market"],
        &[("frame_coverage", 0.8)],
        "a fifth of illicit goods is not where the frame looks",
    ),
    holds("market_shelves", &["market"]),
    broken(
        "market_shelves",
        &["market"],
        &[("frame_coverage", 0.8)],
        "a fifth of illicit goods is not where the frame looks",
    ),
    holds("partial_verification", &["market"]),
    broken(
        "partial_verification",
        &["market"],
        &[("verified_suspects", 3.0)],
        "of bottles that passed the test, suspect ones go to the laboratory three times as often",
    ),
    broken(
        "partial_verification",
        &["market"],
        &[("laboratory_misses", 0.1)],
        "the laboratory misses one illicit bottle in ten",
    ),
    holds_in("test_purchase", &["market"], &[("test_purchases", 4.0)]),
    broken(
        "test_purchase",
        &["market"],
        &[("test_purchases", 4.0), ("strangers_refused", 0.3)],
        "strangers are refused three illicit bottles in ten",
    ),
    broken("market_sample", &["market"], &[("travellers", 0.1)], "a tenth of what is drunk is in no outlet"),
    holds("tax_gap_share", &["clearances", "market"]),
    holds("tax_gap_value", &["clearances", "market"]),
    broken(
        "tax_gap_value",
        &["clearances", "market"],
        &[("frame_coverage", 0.8)],
        "a fifth of illicit goods is not where the frame looks",
    ),
    holds("horvitz_thompson", &["inspections"]),
    broken(
        "horvitz_thompson",
        &["inspections"],
        &[("random_favours", 2.0)],
        "those who draw favour illicit consignments twofold",
    ),
    broken(
        "horvitz_thompson",
        &["inspections"],
        &[("detection_overstated", 0.15)],
        "inspections find 80 of 100, and 95 are stated",
    ),
    broken(
        "horvitz_thompson",
        &["inspections"],
        &[("content_spread", 2.0)],
        "few consignments hold most of all (log-normal, sigma 2)",
    ),
    holds("interception_scaling", &["inspections"]),
    broken(
        "interception_scaling",
        &["inspections"],
        &[("random_favours", 2.0)],
        "those who draw favour illicit consignments twofold",
    ),
    broken(
        "interception_scaling",
        &["inspections"],
        &[("detection_overstated", 0.15)],
        "inspections find 80 of 100, and 95 are stated",
    ),
    holds("direct_question", &["questions"]),
    broken("direct_question", &["questions"], &[("denial", 0.3)], "three buyers in ten deny it"),
    holds("list_experiment", &["questions"]),
    holds_in("list_experiment", &["questions"], &[("lists_asked", 2.0)]),
    broken(
        "list_experiment",
        &["questions"],
        &[("list_effect", 0.1)],
        "one person in ten leaves out a harmless statement beside the sensitive one",
    ),
    holds("randomised_response", &["questions"]),
    holds_in("randomised_response", &["questions"], &[("device", 2.0)]),
    holds_in("randomised_response", &["questions"], &[("device", 3.0)]),
    holds_in("randomised_response", &["questions"], &[("device", 4.0)]),
    broken(
        "randomised_response",
        &["questions"],
        &[("device", 2.0), ("device_ignored", 0.1)],
        "one person in ten says no whatever falls",
    ),
    broken(
        "randomised_response",
        &["questions"],
        &[("device", 3.0), ("device_ignored", 0.1)],
        "one person in ten says no whatever the answers are",
    ),
    holds("unrecorded_from_answers", &["household", "population"]),
    broken(
        "unrecorded_from_answers",
        &["household", "population"],
        &[("unrecorded_told", 0.6)],
        "unrecorded drinks are told four times in ten less",
    ),
    holds("small_area", &["household", "population"]),
    broken(
        "small_area",
        &["household", "population"],
        &[("unrecorded_told", 0.6)],
        "unrecorded drinks are told four times in ten less",
    ),
    holds_in("residual", &["household", "population"], &[("tourists", -0.4)]),
    broken(
        "residual",
        &["household", "population"],
        &[("survey_coverage", 0.6)],
        "the survey finds 60 %, above the stated law",
    ),
    holds("apc_decomposition", &["household", "population"]),
    broken(
        "apc_decomposition",
        &["household", "population"],
        &[("unrecorded_understated", 0.4)],
        "the health ministry puts unrecorded consumption 40 % too low",
    ),
    holds_in("survey_undercoverage", &["household", "population"], &[("survey_coverage", 0.75)]),
    broken(
        "survey_undercoverage",
        &["household", "population"],
        &[("survey_coverage", 0.2)],
        "the survey finds less than the least that the bounds allow",
    ),
    holds_in("top_down_gap", &["clearances", "household", "population"], &[("travellers", 0.08)]),
    broken(
        "top_down_gap",
        &["clearances", "household", "population"],
        &[("coverage_overstated", 0.05)],
        "the coverage of the survey is measured 5 points too high",
    ),
    broken(
        "top_down_gap",
        &["clearances", "household", "population"],
        &[("home_made", 0.1)],
        "a tenth of what is drunk is made at home within the law",
    ),
    broken(
        "top_down_tax_gap",
        &["clearances", "household", "population"],
        &[("travellers", 0.08)],
        "illicit alcohol is spirits more often than legal alcohol",
    ),
    holds_in("discarded_containers", &["clearances", "containers"], &[("travellers", 0.08)]),
    broken(
        "discarded_containers",
        &["clearances", "containers"],
        &[("travellers", 0.08), ("sites_near_border", 1.5)],
        "sites lie where foreign containers are half as many again",
    ),
    broken(
        "discarded_containers",
        &["clearances", "containers"],
        &[("refilled", 0.3)],
        "three illicit containers in ten are refills",
    ),
    holds("suspended_discharge", &["suspended"]),
    broken(
        "suspended_discharge",
        &["suspended"],
        &[("receipts_untrue", 0.3)],
        "three in ten missing loads are reported as received",
    ),
    holds("stamp_reconciliation", &["clearances", "stamps"]),
    broken(
        "stamp_reconciliation",
        &["clearances", "stamps"],
        &[("stamped_early", 0.1)],
        "a tenth of the stamped goods is cleared in the next year",
    ),
    holds("supply_balance", &["clearances", "supply", "trade"]),
    broken(
        "supply_balance",
        &["clearances", "supply", "trade"],
        &[("unseen_stock", 0.05)],
        "stocks in no book grew by 5 % of what was cleared",
    ),
    broken(
        "supply_balance",
        &["clearances", "supply", "trade"],
        &[("trade_error", 0.1)],
        "imports and exports err by 10 % and 2 % are stated",
    ),
    holds("ethanol_balance", &["ethanol", "trade"]),
    broken(
        "ethanol_balance",
        &["ethanol", "trade"],
        &[("diversion_hidden", 0.5)],
        "half of what is diverted stands in false declarations",
    ),
    of_two(holds_in("mirror_asymmetry", &["trade"], &[("trade_error", 0.0)])),
    of_two(broken("mirror_asymmetry", &["trade"], &[("trade_error", 0.05)], "the two ends err by 5 % each")),
    of_two(broken(
        "mirror_asymmetry",
        &["trade"],
        &[("trade_error", 0.0), ("carried_over", 1.0)],
        "as much arrives from the year before as is late this year",
    )),
    of_two(holds_in("mirror_asymmetry_value", &["trade"], &[("trade_error", 0.0)])),
    of_two(broken(
        "mirror_asymmetry_value",
        &["trade"],
        &[("trade_error", 0.05)],
        "the two ends err by 5 % each",
    )),
    holds("wastewater_total", &["population", "wastewater"]),
    broken(
        "wastewater_total",
        &["population", "wastewater"],
        &[("towns_drink_more", 0.2)],
        "the towns sampled drink a fifth more than the country",
    ),
    broken(
        "wastewater_total",
        &["population", "wastewater"],
        &[("sewer_loss", 0.2)],
        "a fifth of the ethyl sulfate is lost in the sewer unmeasured",
    ),
    holds("wastewater_unrecorded", &["clearances", "population", "wastewater"]),
    broken(
        "wastewater_unrecorded",
        &["clearances", "population", "wastewater"],
        &[("towns_drink_more", 0.2)],
        "the towns sampled drink a fifth more than the country",
    ),
    holds("expert_pool", &["experts"]),
    broken(
        "expert_pool",
        &["experts"],
        &[("expert_doubt", 0.4)],
        "experts claim intervals of two fifths of their errors",
    ),
    broken("expert_pool", &["experts"], &[("experts_led_astray", 0.7)], "all experts err in one direction"),
    holds("expert_pool_unrecorded", &["experts"]),
    broken(
        "expert_pool_unrecorded",
        &["experts"],
        &[("expert_doubt", 0.4)],
        "experts claim intervals of two fifths of their errors",
    ),
    broken(
        "expert_pool_unrecorded",
        &["experts"],
        &[("experts_led_astray", 0.7)],
        "all experts err in one direction",
    ),
    broken(
        "bottom_up_market",
        &["clearances", "experts"],
        &[("experts_led_astray", 0.7)],
        "all experts err in one direction",
    ),
    holds("repeat_counts", &["seizures"]),
    broken(
        "repeat_counts",
        &["seizures"],
        &[("operators_unlike", 1.0)],
        "some operators are caught far more easily than others",
    ),
    broken(
        "repeat_counts",
        &["seizures"],
        &[("operators_rename", 0.3)],
        "three in ten go on under another name once caught",
    ),
];

/// What became of the worlds of an experiment.
#[derive(Default)]
struct Tally {
    held: u32,
    below: u32,
    above: u32,
    refused: u32,
    /// The sum of the estimates less the truths, each as a part of the truth.
    bias: f64,
    /// The sum of the widths of the intervals, each as a part of the truth.
    width: f64,
}

impl Tally {
    fn answers(&self) -> f64 {
        f64::from(self.held + self.below + self.above)
    }

    fn coverage(&self) -> f64 {
        100.0 * f64::from(self.held) / self.answers()
    }

    fn add(&mut self, other: &Self) {
        self.held += other.held;
        self.below += other.below;
        self.above += other.above;
        self.refused += other.refused;
        self.bias += other.bias;
        self.width += other.width;
    }
}

fn plan() -> Plan {
    let mut mistakes = Diagnostics::default();
    let version = Library::Embedded.versions().pop().expect("a version");
    let standard = load(&Library::Embedded, &version, &mut mistakes).expect("the built-in standard");
    let plan = compile(&standard, Language::English, &mut mistakes);
    assert!(mistakes.is_empty());
    plan
}

/// Writes a world's report as an agency would send it, and reads it as any other.
fn checked(plan: &Plan, territory: &str, observed: &Observed, folder: &Path) -> Checked {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).expect("a folder");
    let mut manifest = format!(
        "standard: \"1.0\"\nagency: A made-up agency\nterritory: {territory}\nperiod: 2024\nlanguage: en\n\
         confidentiality: F\ndatasets:\n"
    );
    for table in &observed.tables {
        let _ = writeln!(manifest, "  {0}: {0}.csv", table.dataset);
        fs::write(folder.join(table.dataset).with_extension("csv"), table.csv()).expect("a file");
    }
    fs::write(folder.join("submission.yaml"), manifest).expect("a file");
    let found = folder::find(folder).expect("a submission");
    let purpose = Purpose { samples: 1, estimates: true };
    let checked =
        Opened::read(&found[0]).check(plan, std::slice::from_ref(&plan.version), purpose).expect("readable");
    let errors: Vec<_> = checked.errors.iter().filter(|(_, errors)| **errors > 0).collect();
    assert!(errors.is_empty(), "{errors:?} {:?}", checked.outcome.findings.first());
    checked
}

/// One world.
fn world(plan: &Plan, experiment: &Experiment, seed: u64, folder: &Path) -> Tally {
    let mut parameters = Parameters::default();
    let frame = if experiment.observe.contains(&"market") { SMALL } else { SMALLEST };
    for (name, value) in frame.iter().chain(experiment.world) {
        parameters.set(name, *value).expect("a parameter");
    }
    let (territories, observe) = (experiment.territories.to_vec(), experiment.observe.to_vec());
    let worlds = simulate(&Request { territories, year: 2024, observe, seed, parameters });
    let checked: Vec<Checked> = worlds
        .iter()
        .map(|(territory, observed)| checked(plan, territory, observed, &folder.join(territory)))
        .collect();
    let sources: Vec<Source<'_>> = checked
        .iter()
        .map(|checked| Source {
            submission: &checked.name,
            territory: &checked.territory,
            period: &checked.period,
            confidentiality: &checked.confidentiality,
            figures: &checked.figures,
            tables: &checked.tables,
            errors: &checked.errors,
        })
        .collect();
    let settings = Settings { seed, draws: Some(DRAWS), sensitivity: false, threads: 1, level: 0.95 };
    let comparison = compare(plan, &sources, settings);
    let mut tally = Tally::default();
    let (here, observed) = &worlds[0];
    let Some(compared) = comparison.estimates.iter().find(|compared| compared.appraised.territory == *here)
    else {
        tally.refused = 1;
        return tally;
    };
    let (estimate, quantity) = (&compared.appraised.estimate, &compared.appraised.quantity);
    let truth = observed.truths.iter().find(|truth| truth.quantity == quantity).expect("a truth").value;
    tally.bias = estimate.value / truth - 1.0;
    tally.width = (estimate.high - estimate.low) / truth;
    match () {
        () if truth < estimate.low => tally.above = 1,
        () if truth > estimate.high => tally.below = 1,
        () => tally.held = 1,
    }
    tally
}

fn worlds() -> u64 {
    std::env::var("SIKES_WORLDS").ok().and_then(|text| text.parse().ok()).unwrap_or(WORLDS)
}

fn run(experiment: &Experiment) -> Tally {
    let mut plan = plan();
    plan.estimators.retain(|id, _| id == experiment.estimator);
    assert_eq!(plan.estimators.len(), 1, "{}", experiment.estimator);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get) as u64;
    let folders = tempfile::tempdir().expect("a folder");
    let mut whole = Tally::default();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let (plan, folder) = (&plan, folders.path().join(thread.to_string()));
                scope.spawn(move || {
                    let seeds = (1..=worlds()).filter(|seed| seed % threads == thread);
                    seeds.map(|seed| world(plan, experiment, seed, &folder)).collect::<Vec<Tally>>()
                })
            })
            .collect();
        let tallies: Vec<Vec<Tally>> =
            workers.into_iter().map(|worker| worker.join().expect("no panic")).collect();
        tallies.iter().flatten().for_each(|tally| whole.add(tally));
    });
    whole
}

#[test]
#[ignore = "takes minutes"]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let mut table = "| estimator | assumption broken | worlds | refused | in the interval | below it | above it | bias | width |\n\
                     | --- | --- | --: | --: | --: | --: | --: | --: | --: |\n"
        .to_owned();
    let mut faults = Vec::new();
    for experiment in EXPERIMENTS {
        let tally = run(experiment);
        let answers = tally.answers();
        let percent = |count: u32| format!("{:.1} %", 100.0 * f64::from(count) / answers);
        let broken = experiment.broken.unwrap_or("none");
        let _ = writeln!(
            table,
            "| {} | {broken} | {} | {} | {} | {} | {} | {:+.1} % | {:.1} % |",
            experiment.estimator,
            worlds(),
            tally.refused,
            percent(tally.held),
            percent(tally.above),
            percent(tally.below),
            100.0 * tally.bias / answers,
            100.0 * tally.width / answers,
        );
        eprintln!("{}", table.lines().last().unwrap_or_default());
        if experiment.broken.is_none() && !(93.0..=97.0).contains(&tally.coverage()) {
            faults.push(format!("{}: {:.1} %", experiment.estimator, tally.coverage()));
        }
    }
    if worlds() != WORLDS {
        return;
    }
    insta::assert_snapshot!("coverage", table);
    assert!(faults.is_empty(), "{faults:?}");
}
