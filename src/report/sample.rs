//! Reports for the tests of the renderers: what 24 submissions of WHO's figures for the Americas give.

use super::*;
use crate::standard::item::Severity;
use crate::validate::{KeyPart, Location, Status};

/// Code, name, unrecorded litres with their bounds, recorded litres.
const FIGURES: [(&str, &str, [f64; 3], f64); 23] = [
    ("AR", "Argentina", [1.4, 0.5, 2.2], 8.3),
    ("BB", "Barbados", [1.4, 0.5, 2.3], 9.3),
    ("BO", "Bolivia", [1.1, 0.4, 1.9], 3.4),
    ("BR", "Brazil", [1.2, 0.3, 2.0], 6.3),
    ("CA", "Canada", [0.9, 0.3, 1.7], 8.2),
    ("CL", "Chile", [1.3, 0.5, 2.1], 7.8),
    ("CO", "Colombia", [1.4, 0.5, 2.2], 4.4),
    ("CR", "Costa Rica", [1.2, 0.4, 2.0], 3.8),
    ("DM", "Dominica", [2.4, 1.2, 3.6], 9.7),
    ("DO", "Dominican Republic", [1.3, 0.5, 2.2], 5.6),
    ("EC", "Ecuador", [1.0, 0.4, 1.9], 3.2),
    ("GD", "Grenada", [1.5, 0.6, 2.5], 9.0),
    ("GT", "Guatemala", [0.9, 0.3, 1.6], 1.6),
    ("JM", "Jamaica", [1.1, 0.4, 1.9], 3.5),
    ("LC", "Saint Lucia", [1.6, 0.6, 2.6], 10.3),
    ("MX", "Mexico", [1.1, 0.4, 1.9], 4.3),
    ("NI", "Nicaragua", [1.4, 0.5, 2.3], 3.8),
    ("PE", "Peru", [1.1, 0.4, 1.9], 5.3),
    ("SV", "El Salvador", [1.2, 0.4, 1.9], 2.8),
    ("TT", "Trinidad and Tobago", [0.9, 0.2, 1.6], 5.9),
    ("US", "United States", [0.8, 0.2, 1.6], 8.8),
    ("UY", "Uruguay", [1.2, 0.4, 2.1], 5.8),
    ("VC", "Saint Vincent and the Grenadines", [1.6, 0.7, 2.6], 8.1),
];

const MODEL_NOTE: &str = "the unrecorded figure is a model's, and holds legal home-made alcohol too";

/// One estimate by the decomposition.
pub(super) fn estimate(code: &str, name: &str, unrecorded: [f64; 3], recorded: f64) -> EstimateRow {
    let [value, low, high] = unrecorded.map(|litres| litres / (litres + recorded));
    EstimateRow {
        territory: code.to_owned(),
        territory_name: name.to_owned(),
        period: "2016/2018".to_owned(),
        quantity: "unrecorded_share".to_owned(),
        reading: "level".to_owned(),
        value,
        low,
        high,
        level: 0.95,
        unit: None,
        method: "apc_decomposition".to_owned(),
        estimator: "apc_decomposition".to_owned(),
        grade: "D".to_owned(),
        grade_reasons: vec!["the method enters at D".to_owned()],
        findings: 0,
        headline: true,
        agreement: Vec::new(),
        standard_error: None,
        analytic_standard_error: None,
        monte_carlo_error: 0.0004,
        draws: 10_000,
        parts: Vec::new(),
        steps: Vec::new(),
        notes: vec![MODEL_NOTE.to_owned()],
        inputs: Vec::new(),
        records: Vec::new(),
        assumptions: Vec::new(),
        influences: Vec::new(),
    }
}

fn refusal(
    code: &str,
    name: &str,
    method: &str,
    absence: Option<&str>,
    reason: &str,
    remedy: &str,
) -> RefusalRow {
    RefusalRow {
        territory: code.to_owned(),
        territory_name: name.to_owned(),
        period: if absence.is_some() { "2016/2018".to_owned() } else { String::new() },
        quantity: "unrecorded_share".to_owned(),
        method: method.to_owned(),
        estimator: method.to_owned(),
        reason: reason.to_owned(),
        remedy: remedy.to_owned(),
        absence: absence.map(str::to_owned),
        others: Vec::new(),
        findings: 0,
    }
}

/// A finding about one cell.
fn finding(
    rule: &str,
    severity: Severity,
    message: &str,
    fix: &str,
    place: (&str, u64, u64, &str, &str),
) -> Finding {
    let (submission, line, column, component, value) = place;
    Finding {
        rule: rule.to_owned(),
        severity,
        message: message.to_owned(),
        location: Location {
            submission: submission.to_owned(),
            file: "consumption_per_adult.csv".to_owned(),
            line: Some(line),
            column: Some(column),
            name: Some("value".to_owned()),
        },
        beside: Vec::new(),
        key: [("period", "2016/2018"), ("component", component)]
            .map(|(column, value)| KeyPart { column: column.to_owned(), value: value.to_owned() })
            .to_vec(),
        value: Some(value.to_owned()),
        fix: fix.to_owned(),
    }
}

/// What became of a rule in 24 submissions.
fn entry(rule: &str, severity: Severity, status: Status, failed: u64, reasons: &[&str]) -> Entry {
    let there = |wanted: Status, number: u64| if status == wanted { number } else { 0 };
    Entry {
        rule: rule.to_owned(),
        severity,
        status,
        checked: there(Status::Passed, 96) + there(Status::Failed, 96),
        failed,
        submissions_passed: there(Status::Passed, 24) + there(Status::Failed, 22),
        submissions_failed: there(Status::Failed, 2),
        submissions_not_applicable: there(Status::NotApplicable, 24),
        submissions_not_run: there(Status::NotRun, 1),
        reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
    }
}

/// A report in which nothing was read.
pub(super) fn empty() -> Report {
    Report {
        tool: Tool { name: "sikes".to_owned(), version: "0.1.0".to_owned() },
        standard: StandardName {
            title: "Alcohol Illicit Trade Measurement Standard".to_owned(),
            version: "1.0".to_owned(),
            status: "draft".to_owned(),
            digest: "3f2a91c07b5588e1a0d3c4b5f6071829".to_owned(),
        },
        settings: Settings {
            seed: 1,
            draws: Some(10_000),
            level: 0.95,
            interval_meaning: String::new(),
            language: "en".to_owned(),
            samples: 20,
        },
        verdict: Verdict::default(),
        quantities: vec![QuantityMeaning {
            quantity: "unrecorded_share".to_owned(),
            title: "Unrecorded share of consumption".to_owned(),
            definition: "The part of the pure alcohol drunk that is in no official statistics.".to_owned(),
            numerator: Some("Unrecorded litres of pure alcohol".to_owned()),
            denominator: Some("Recorded plus unrecorded litres of pure alcohol".to_owned()),
            unit: None,
            sign: "Between 0 and 1.".to_owned(),
        }],
        indicators: Vec::new(),
        estimates: Vec::new(),
        refusals: Vec::new(),
        not_estimated: vec![NotEstimated {
            estimator: "wastewater_total".to_owned(),
            title: "Alcohol in wastewater".to_owned(),
            method: "wastewater".to_owned(),
            because: Idleness::NoData,
        }],
        findings: Vec::new(),
        ledger: Vec::new(),
        inputs: Vec::new(),
    }
}

/// The report of a real run: 23 estimates, a territory without figures, and a method that nobody sent the data for.
pub(super) fn report() -> Report {
    let mut report = empty();
    report.estimates = FIGURES
        .iter()
        .map(|(code, name, litres, recorded)| estimate(code, name, *litres, *recorded))
        .collect();
    for row in &mut report.estimates {
        if matches!(row.territory.as_str(), "BB" | "GD" | "LC") {
            row.findings = 1;
        }
        if row.territory == "GT" {
            row.grade_reasons.push("its interval is 36 percentage points wide".to_owned());
            row.notes.push("the unrecorded figure is more than a third of the total".to_owned());
            row.monte_carlo_error = 0.0012;
        }
    }
    let surveyed = "there is no household survey (surveyed_per_adult)";
    let send = "Send the dataset household_survey; one wave of a national survey is enough.";
    let names = FIGURES.iter().map(|(code, name, _, _)| (*code, *name));
    let bonaire = ("BQ", "Bonaire, Sint Eustatius and Saba");
    let mut territories: Vec<(&str, &str)> = names.chain([bonaire]).collect();
    territories.sort_unstable();
    report.refusals = territories
        .iter()
        .map(|(code, name)| refusal(code, name, "residual", None, surveyed, send))
        .collect();
    report.refusals.insert(
        0,
        refusal(
            bonaire.0,
            bonaire.1,
            "apc_decomposition",
            Some("not_available"),
            "recorded, unrecorded and tourist consumption are not available for this territory",
            "Send the figures of consumption_per_adult, or those of the country that the territory is counted with.",
        ),
    );
    report.verdict = Verdict { submissions: 24, rows: 3834, errors: 2, warnings: 45, infos: 0 };
    let sum = "Check the four figures against their source; tourist consumption is negative where visitors drink more \
               than residents do abroad.";
    let outside = "Check the three figures against their source; they may stand in the wrong columns.";
    let at =
        |message: &str, place| finding("value_outside_interval", Severity::Warning, message, outside, place);
    report.findings = vec![
        at("the value 9.5 is not between its bounds 9.9 and 13.2", ("gd-grenada", 5, 3, "total", "9.5")),
        at("the value 9.7 is not between its bounds 10.0 and 13.5", ("bb-barbados", 5, 3, "total", "9.7")),
        at(
            "the value 10.6 is not between its bounds 11.3 and 15.2",
            ("lc-saint-lucia", 5, 3, "total", " 10.6"),
        ),
        finding(
            "components_do_not_add_up",
            Severity::Error,
            "recorded, unrecorded and net tourist consumption add up to 9.8, but the total says 10.9; rounding explains at most 0.2",
            sum,
            ("ar-argentina", 5, 3, "total", "10.9"),
        ),
        finding(
            "components_do_not_add_up",
            Severity::Error,
            "recorded, unrecorded and net tourist consumption add up to 9.1, but the total says 91; rounding explains at most 0.7",
            sum,
            ("cl-chile", 5, 3, "total", "91"),
        ),
    ];
    let none = "no submission has this dataset";
    report.ledger = vec![
        entry("component_missing", Severity::Warning, Status::Passed, 0, &[]),
        entry("component_negative", Severity::Error, Status::Passed, 0, &[]),
        entry("components_do_not_add_up", Severity::Error, Status::Failed, 2, &[]),
        entry("figure_missing", Severity::Error, Status::NotApplicable, 0, &[none]),
        entry("month_missing", Severity::Warning, Status::NotApplicable, 0, &[none]),
        entry(
            "strengths_do_not_add_up",
            Severity::Error,
            Status::NotRun,
            0,
            &["the dataset clearances has no column strength"],
        ),
        entry("value_outside_interval", Severity::Warning, Status::Failed, 45, &[]),
    ];
    report
}

/// Compares with the reviewed text in `snapshots/`, whatever the crate is called.
pub(super) fn snapshot(name: &str, text: &str) {
    insta::with_settings!({prepend_module_to_snapshot => false, snapshot_path => "snapshots", omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}

/// Two quantities and three methods in two countries that disagree, in a share and in a level.
pub(super) fn disagreement() -> Report {
    let mut report = empty();
    let [mut bottom_up, mut residual] =
        [estimate("UY", "Uruguay", [1.2, 0.4, 2.1], 5.8), estimate("UY", "Uruguay", [3.1, 2.4, 3.9], 5.8)];
    residual.method = "residual".to_owned();
    residual.estimator = "residual".to_owned();
    residual.grade = "C".to_owned();
    residual.grade_reasons = vec!["the method enters at C".to_owned()];
    residual.notes = Vec::new();
    residual.headline = true;
    bottom_up.headline = false;
    let agreement = |estimator: &str, difference: f64, low: f64, high: f64| Agreement {
        estimator: estimator.to_owned(),
        difference,
        low,
        high,
        agree: false,
    };
    residual.agreement = vec![agreement("apc_decomposition", 0.177, 0.021, 0.312)];
    bottom_up.agreement = vec![agreement("residual", -0.177, -0.312, -0.021)];
    let level = |row: &EstimateRow, value: f64, low: f64, high: f64| EstimateRow {
        quantity: "illicit_volume".to_owned(),
        unit: Some("hl LPA".to_owned()),
        value,
        low,
        high,
        agreement: Vec::new(),
        ..row.clone()
    };
    let levels =
        [level(&residual, 31_240.0, -1_480.0, 64_100.0), level(&bottom_up, 8_412.0, 2_240.0, 14_730.0)];
    report.estimates.extend(levels);
    report.estimates[0].agreement = vec![agreement("apc_decomposition", 22_828.0, 1_934.0, 47_310.0)];
    report.estimates.push(estimate("PE", "Peru", [1.1, 0.4, 1.9], 5.3));
    report.estimates.extend([bottom_up, residual]);
    report.refusals = vec![
        refusal("PE", "Peru", "residual", None, "the survey has no weights", "Give the column weight."),
        refusal("PY", "Paraguay", "residual", None, "the survey has no weights", "Give the column weight."),
        refusal("UY", "Uruguay", "capture_recapture", Some("confidential"), "the lists are confidential", ""),
    ];
    report
}
