//! Whether intervals hold the truth as often as they say: made-up worlds, reported as submissions, validated, measured and
//! estimated as any other, over and over.
//!
//! Where a method's assumptions hold, its 95 % intervals must hold the truth in 93 to 97 of 100 worlds; where one is broken,
//! the table says how far they fall. It takes minutes, so it runs only when asked for: `cargo test --release --test
//! coverage -- --ignored`.
#![allow(clippy::print_stderr, reason = "a test of minutes says how far it is")]

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
struct Experiment {
    estimator: &'static str,
    /// What agencies observe.
    observe: &'static [&'static str],
    /// How the world differs from the one that the program makes unless told otherwise.
    world: &'static [(&'static str, f64)],
    /// Which assumption is broken; none where all hold.
    broken: Option<&'static str>,
}

/// A frame small enough to be made a thousand times.
const SMALL: [(&str, f64); 3] = [("clusters", 24.0), ("outlets", 6.0), ("outlets_sampled", 3.0)];

const fn holds(estimator: &'static str, observe: &'static [&'static str]) -> Experiment {
    Experiment { estimator, observe, world: &[], broken: None }
}

const fn broken(
    estimator: &'static str,
    observe: &'static [&'static str],
    world: &'static [(&'static str, f64)],
    assumption: &'static str,
) -> Experiment {
    Experiment { estimator, observe, world, broken: Some(assumption) }
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
    holds("illicit_volume", &["market"]),
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
fn checked(plan: &Plan, observed: &Observed, folder: &Path) -> Checked {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).expect("a folder");
    let mut manifest = "standard: \"1.0\"\nagency: A made-up agency\nterritory: PA\nperiod: 2024\nlanguage: en\nconfidentiality: F\ndatasets:\n".to_owned();
    for table in &observed.tables {
        manifest += &format!("  {0}: {0}.csv\n", table.dataset);
        fs::write(folder.join(table.dataset).with_extension("csv"), table.csv()).expect("a file");
    }
    fs::write(folder.join("submission.yaml"), manifest).expect("a file");
    let found = folder::find(folder).expect("a submission");
    let purpose = Purpose { samples: 1, estimates: true };
    let checked = Opened::read(&found[0]).check(plan, &[plan.version.clone()], purpose).expect("readable");
    let errors: Vec<_> = checked.errors.iter().filter(|(_, errors)| **errors > 0).collect();
    assert!(errors.is_empty(), "{errors:?} {:?}", checked.outcome.findings.first());
    checked
}

/// One world.
fn world(plan: &Plan, experiment: &Experiment, seed: u64, folder: &Path) -> Tally {
    let mut parameters = Parameters::default();
    for (name, value) in SMALL.iter().chain(experiment.world) {
        parameters.set(name, *value).expect("a parameter");
    }
    let observe = experiment.observe.to_vec();
    let request = Request { territories: vec!["PA"], year: 2024, observe, seed, parameters };
    let (_, observed) = simulate(&request).remove(0);
    let checked = checked(plan, &observed, folder);
    let source = Source {
        submission: &checked.name,
        territory: &checked.territory,
        period: &checked.period,
        confidentiality: &checked.confidentiality,
        figures: &checked.figures,
        tables: &checked.tables,
        errors: &checked.errors,
    };
    let settings = Settings { seed, draws: Some(DRAWS), sensitivity: false, threads: 1, level: 0.95 };
    let comparison = compare(plan, &[source], settings);
    let mut tally = Tally::default();
    let Some(compared) = comparison.estimates.first() else {
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
        table += &format!(
            "| {} | {broken} | {} | {} | {} | {} | {} | {:+.1} % | {:.1} % |\n",
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
