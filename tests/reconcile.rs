//! Rules over indicators: what they find in the figures of many submissions, against what can be found by hand.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;
use serde_json::Value;
use sikes::compile::{Plan, compile};
use sikes::diagnostic::Diagnostics;
use sikes::measure::{Figure, Missing, Provenance};
use sikes::reconcile::{Reconciled, Source, reconcile};
use sikes::standard::source::Library;
use sikes::standard::{Language, load};
use sikes::table::Absence;
use sikes::validate::Outcome;
use support::{Run, here, sikes};

const STANDARD: &str = "fixtures/broken/standards/trade";

/// A command on a folder of `fixtures/broken/runs`.
fn run(command: &str, case: &str, more: &[&str]) -> Run {
    let path = format!("fixtures/broken/runs/{case}");
    let arguments = [command, &path, "--standard", STANDARD];
    sikes(arguments.into_iter().chain(more.iter().copied()))
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr))
}

/// What a report's ledger says of a rule.
fn entry<'a>(report: &'a Value, rule: &str) -> &'a Value {
    let ledger = report["ledger"].as_array().expect("a ledger");
    ledger.iter().find(|entry| entry["rule"] == rule).expect("every rule is in the ledger")
}

// ---------------------------------------------------------------------------------------------------------------------
// The program.

#[test]
fn a_rule_over_indicators_is_explained() {
    let explain =
        |more: &[&str]| sikes(["explain", more[0], "--standard", STANDARD].iter().chain(&more[1..])).stdout;
    let text = explain(&["mirror_flows_disagree"]);
    for part in [
        "imported: imported_from (Imported volume by partner)\n",
        "exported: exported_to (Exported volume by partner), territory = partner,\n",
        "territory, partner, year, beverage\n",
        "abs(imported - exported) <= 0.1 * imported\n",
        "PA         UY       2024  wine      100       111\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    assert!(explain(&["mirror_flows_disagree", "--lang", "es"]).contains("Dos territorios no concuerdan"));
    let jump = explain(&["sales_jump"]);
    assert!(jump.contains("in the order of      year\n"), "{jump}");
    let sold = explain(&["sold"]);
    let rules = sold.split("rules over it\n").nth(1).expect("a list of rules");
    for rule in ["figure_revised", "sales_jump", "supply_does_not_balance"] {
        assert!(rules.contains(rule), "{sold}");
    }
    assert!(sikes(["standard", "show", STANDARD]).stdout.contains("  mirror_flows_disagree "));
}

#[test]
fn the_fail_level_decides_of_findings_between_submissions_too() {
    assert_eq!(run("validate", "revised_figure", &[]).code, 0);
    assert_eq!(run("validate", "revised_figure", &["--fail-on", "info"]).code, 1);
    assert_eq!(run("validate", "mirror_flows", &["--fail-on", "info"]).code, 1);
    assert_eq!(run("validate", "supply_of_three_agencies", &[]).code, 1);
    assert_eq!(run("validate", "supply_of_three_agencies", &["--fail-on", "never"]).code, 0);
}

#[test]
fn one_submission_alone_is_compared_with_itself() {
    let alone = run("validate", "jump_between_years/pa", &["--format", "json"]);
    let among = run("validate", "jump_between_years", &["--format", "json"]);
    assert_eq!(json(&alone)["findings"], json(&among)["findings"]);
    assert_eq!(entry(&json(&alone), "sales_jump")["failed"], 1);
    // Half of the mirror is no mirror.
    let half = run("validate", "mirror_flows/pa", &["--format", "json"]);
    assert_eq!(entry(&json(&half), "mirror_flows_disagree")["status"], "passed");
}

#[test]
fn a_finding_between_submissions_is_a_row_in_a_table_of_findings() {
    let csv = run("validate", "supply_of_three_agencies", &["--format", "csv"]).stdout;
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 2, "{csv}");
    assert!(rows[0].ends_with(",fix,beside"), "{csv}");
    assert!(rows[1].starts_with(
        "error,supply_does_not_balance,revenue,sales.csv,5,,,territory=PA year=2024 beverage=beer,,"
    ));
    assert!(rows[1].ends_with(",excise/production.csv:3; customs/flows.csv:7"), "{csv}");
}

#[test]
fn findings_are_counted_however_many_are_listed() {
    let report = json(&run("validate", "mirror_flows", &["--format", "json", "--samples", "0"]));
    assert_eq!(report["findings"], serde_json::json!([]));
    assert_eq!(entry(&report, "mirror_flows_disagree")["failed"], 1);
    assert_eq!(report["verdict"]["warnings"], 1);
}

#[test]
fn the_ledger_tells_every_fate() {
    let of = |case: &str, rule: &str| {
        let report = json(&run("validate", case, &["--format", "json"]));
        let entry = entry(&report, rule);
        let submissions = ["passed", "failed", "not_applicable", "not_run"]
            .map(|what| entry[format!("submissions_{what}")].as_u64().expect("a count"));
        (entry["status"].as_str().expect("a status").to_owned(), submissions, entry["checked"].as_u64())
    };
    let is =
        |status: &str, submissions: [u64; 4], checked: u64| (status.to_owned(), submissions, Some(checked));
    assert_eq!(of("sound", "mirror_flows_disagree"), is("passed", [2, 0, 0, 0], 6));
    assert_eq!(of("sound", "supply_does_not_balance"), is("passed", [2, 0, 0, 0], 12));
    // A row is counted once, however many submissions it is made from.
    assert_eq!(of("supply_of_three_agencies", "supply_does_not_balance"), is("failed", [0, 3, 0, 0], 6));
    assert_eq!(of("supply_of_three_agencies", "sales_jump"), is("passed", [1, 0, 2, 0], 6));
    assert_eq!(of("disputed_figure", "supply_does_not_balance"), is("not_run", [0, 0, 0, 3], 0));
    assert_eq!(of("disputed_figure", "mirror_flows_disagree"), is("passed", [1, 0, 2, 0], 6));
    assert_eq!(of("file_breaks_off", "supply_does_not_balance"), is("not_run", [0, 0, 0, 2], 0));
    assert_eq!(of("unreadable_cell", "supply_does_not_balance"), is("not_run", [0, 0, 0, 1], 0));
    assert_eq!(of("one_manifest_wrong", "mirror_flows_disagree"), is("not_run", [1, 0, 0, 1], 6));
}

/// An error says that the figure cannot be used, wherever it was found.
#[test]
fn an_estimate_does_not_rest_on_what_does_not_balance() {
    let report =
        json(&run("estimate", "supply_of_three_agencies", &["--format", "json", "--draws", "10000"]));
    let reasons: Vec<&str> = report["refusals"]
        .as_array()
        .expect("refusals")
        .iter()
        .filter_map(|refusal| refusal["reason"].as_str())
        .filter(|reason| reason.contains("sales has 1 errors"))
        .collect();
    assert!(!reasons.is_empty(), "{}", report["refusals"]);
    let usable = |indicator: &str| {
        let rows = report["indicators"].as_array().expect("indicators").iter();
        let of = rows.filter(|row| row["indicator"] == indicator).map(|row| row["usable"] == true);
        of.collect::<BTreeSet<bool>>()
    };
    assert_eq!(usable("sold"), BTreeSet::from([false]));
    assert_eq!(usable("produced"), BTreeSet::from([false]));
    let warned = json(&run("estimate", "mirror_flows", &["--format", "json", "--draws", "10000"]));
    assert!(warned["indicators"].as_array().expect("indicators").iter().all(|row| row["usable"] == true));
}

/// Copies a folder with all that is in it, its tables changed.
fn copy(from: &Path, to: &Path, change: fn(&mut Vec<&str>)) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target, change);
            continue;
        }
        let text = fs::read_to_string(&path).expect("a text");
        let mut lines: Vec<&str> = text.lines().collect();
        if path.extension().is_some_and(|extension| extension == "csv") {
            change(&mut lines);
        }
        fs::write(target, lines.join("\n") + "\n").expect("a file");
    }
}

/// Where it is not known whether a row belongs to a figure, the figure is not known either.
#[test]
fn a_figure_of_rows_that_cannot_be_told_is_no_figure() {
    let folder = tempfile::tempdir().expect("a folder");
    let inside = |name: &str| folder.path().join(name);
    copy(&here("fixtures/broken/standards/base"), &inside("standards/base"), |_| {});
    copy(&here(STANDARD), &inside("standards/trade"), |_| {});
    copy(&here("fixtures/broken/runs/sound/pa"), &inside("pa"), |_| {});
    let rewrite = |name: &str, change: fn(&str) -> String| {
        let text = fs::read_to_string(inside(name)).expect("a text");
        fs::write(inside(name), change(&text)).expect("a file");
    };
    rewrite("standards/trade/indicators/sold.yaml", |text| {
        text.replace("by:", "where: pure_alcohol > 0\nby:")
    });
    rewrite("pa/sales.csv", |text| {
        let text = text.replace("source\n", "source,pure_alcohol\n").replace("register\n", "register,10\n");
        text.replace("2024,beer,10000,register,10", "2024,beer,10000,register,ten")
    });
    let (pa, standard) = (inside("pa"), inside("standards/trade"));
    let arguments = ["validate".as_ref(), pa.as_os_str(), "--standard".as_ref(), standard.as_os_str()];
    let report = json(&sikes(arguments.into_iter().chain(["--format".as_ref(), "json".as_ref()])));
    let findings = report["findings"].as_array().expect("findings").iter();
    assert_eq!(findings.map(|finding| &finding["rule"]).collect::<Vec<_>>(), ["sales/pure_alcohol/type"]);
    let rows = report["indicators"].as_array().expect("indicators").iter();
    let missing: Vec<&Value> = rows
        .filter(|row| row["indicator"] == "sold" && row["value"].is_null())
        .map(|row| &row["dimensions"])
        .collect();
    let part = |column: &str, value: &str| serde_json::json!({ "column": column, "value": value });
    let beer = [part("territory", "PA"), part("year", "2024"), part("beverage", "beer")];
    assert_eq!(missing, [&serde_json::json!(beer)]);
    assert_eq!(entry(&report, "supply_does_not_balance")["status"], "not_run");
}

#[test]
fn the_order_of_rows_changes_nothing_but_the_lines() {
    for case in ["mirror_flows", "supply_of_three_agencies", "revised_figure", "jump_between_years"] {
        let folder = tempfile::tempdir().expect("a folder");
        copy(&here(&format!("fixtures/broken/runs/{case}")), folder.path(), |lines| lines[1..].reverse());
        let path = folder.path().to_str().expect("a path in UTF-8");
        let turned = json(&sikes(["validate", path, "--standard", STANDARD, "--format", "json"]));
        let straight = json(&run("validate", case, &["--format", "json"]));
        let without_lines = |report: &Value| {
            let mut found = report["findings"].clone();
            for finding in found.as_array_mut().expect("findings") {
                let beside = finding["beside"].as_array_mut().expect("the other places");
                for place in beside {
                    place["line"] = Value::Null;
                }
                finding["location"]["line"] = Value::Null;
            }
            found
        };
        assert_eq!(without_lines(&turned), without_lines(&straight), "{case}");
        assert_eq!(turned["ledger"], straight["ledger"], "{case}");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Any figures.

fn plan() -> &'static Plan {
    static PLAN: OnceLock<Plan> = OnceLock::new();
    PLAN.get_or_init(|| {
        let mut diagnostics = Diagnostics::default();
        let (library, version) = Library::of_version(&here(STANDARD)).expect("a version");
        let standard = load(&library, &version, &mut diagnostics).expect("files that can be read");
        let plan = compile(&standard, Language::English, &mut diagnostics);
        assert!(diagnostics.is_empty());
        plan
    })
}

/// A submission made up.
#[derive(Debug, Clone)]
struct Made {
    name: String,
    prepared: Option<i32>,
    figures: Vec<Figure>,
    broken: BTreeSet<String>,
}

const TERRITORIES: [&str; 2] = ["PA", "UY"];
const BEVERAGES: [&str; 2] = ["beer", "wine"];
const INDICATORS: [(&str, &str); 6] = [
    ("sold", "sales"),
    ("produced", "production"),
    ("imported", "flows"),
    ("exported", "flows"),
    ("imported_from", "flows"),
    ("exported_to", "flows"),
];

/// Figures of one submission: of each indicator and dimensions at most one.
fn figures(name: String) -> impl Strategy<Value = Vec<Figure>> {
    let value = prop_oneof![
        8 => prop::sample::select(vec![0.0, 1.0, 2.0, 10.0, 100.0, 200.0]).prop_map(Ok),
        1 => Just(Err(Missing::Reason(Absence::Confidential))),
        1 => Just(Err(Missing::Unknown)),
        1 => Just(Err(Missing::Unreadable)),
    ];
    let place = (0..INDICATORS.len(), 0..2_usize, 2022..2025_u32, 0..2_usize);
    prop::collection::btree_map(place, value, 0..20).prop_map(move |figures| {
        let figure = |(line, ((indicator, territory, year, beverage), value)): (
            u64,
            ((usize, usize, u32, usize), _),
        )| {
            let (indicator, dataset): (&str, &str) = INDICATORS[indicator];
            let mut dimensions = vec![("territory".to_owned(), TERRITORIES[territory].to_owned())];
            if indicator.contains('_') {
                dimensions.push(("partner".to_owned(), TERRITORIES[1 - territory].to_owned()));
            }
            dimensions.push(("year".to_owned(), year.to_string()));
            dimensions.push(("beverage".to_owned(), BEVERAGES[beverage].to_owned()));
            Figure {
                indicator: indicator.to_owned(),
                dimensions,
                value,
                unit: "hl".to_owned(),
                interval: None,
                variance: None,
                provenance: Provenance { file: format!("{name}/{dataset}.csv"), rows: 1, lines: vec![line] },
            }
        };
        (2..).zip(figures).map(figure).collect()
    })
}

fn submissions() -> impl Strategy<Value = Vec<Made>> {
    let names = ["a", "b", "c"].map(|name| {
        let prepared = prop::option::of(20_000..20_003_i32);
        let broken = prop::option::weighted(0.1, prop::sample::select(vec!["sales", "production", "flows"]));
        (Just(name.to_owned()), prepared, figures(name.to_owned()), broken)
    });
    let made = |(name, prepared, figures, broken): (_, _, _, Option<&str>)| Made {
        name,
        prepared,
        figures,
        broken: broken.into_iter().map(str::to_owned).collect(),
    };
    Vec::from(names).prop_map(move |submissions| submissions.into_iter().map(made).collect())
}

/// What the rules come to, by submission.
fn reconciled(made: &[Made]) -> BTreeMap<String, Reconciled> {
    let sources: Vec<Source<'_>> = made
        .iter()
        .map(|made| Source {
            submission: &made.name,
            territory: "PA",
            prepared: made.prepared,
            figures: &made.figures,
            broken: &made.broken,
        })
        .collect();
    let names = made.iter().map(|made| made.name.clone());
    names.zip(reconcile(plan(), &sources, usize::MAX)).collect()
}

/// The figures of an indicator by submission and dimensions, those of files that could not be read left out.
fn given<'a>(
    made: &'a [Made],
    indicator: &str,
    dataset: &str,
) -> BTreeMap<Vec<&'a str>, Vec<(&'a Made, &'a Figure)>> {
    let mut given: BTreeMap<Vec<&str>, Vec<(&Made, &Figure)>> = BTreeMap::new();
    for made in made.iter().filter(|made| !made.broken.contains(dataset)) {
        for figure in made.figures.iter().filter(|figure| figure.indicator == indicator) {
            let key = figure.dimensions.iter().map(|(_, value)| value.as_str()).collect();
            given.entry(key).or_default().push((made, figure));
        }
    }
    given
}

/// What is known of the figure of an indicator at some dimensions: nothing certain, or the value, or that there is none.
fn known(made: &[Made], indicator: &str, dataset: &str, key: &[&str]) -> Result<Option<f64>, ()> {
    let given = given(made, indicator, dataset);
    let given = given.get(key).map_or(&[][..], Vec::as_slice);
    let mut values: Vec<f64> = given.iter().filter_map(|(_, figure)| figure.value.ok()).collect();
    values.dedup();
    match values.as_slice() {
        [value] => Ok(Some(*value)),
        [_, ..] => Err(()),
        // All submissions here are about PA.
        [] if given.is_empty() => {
            let lost = made.iter().any(|made| made.broken.contains(dataset));
            if lost && key[0] == "PA" { Err(()) } else { Ok(None) }
        }
        [] if given[0].1.value == Err(Missing::Unreadable) => Err(()),
        [] => Ok(None),
    }
}

/// The dimensions of the findings of a rule.
fn found(reconciled: &BTreeMap<String, Reconciled>, rule: &str) -> BTreeSet<Vec<String>> {
    let findings = reconciled.values().flat_map(|reconciled| &reconciled.findings);
    let of_rule: Vec<Vec<String>> = findings
        .filter(|finding| finding.rule == rule)
        .map(|finding| finding.key.iter().map(|part| part.value.clone()).collect())
        .collect();
    let keys: BTreeSet<Vec<String>> = of_rule.iter().cloned().collect();
    assert_eq!(keys.len(), of_rule.len(), "{rule} finds nothing twice");
    keys
}

fn owned(key: &[&str]) -> Vec<String> {
    key.iter().map(|part| (*part).to_owned()).collect()
}

/// Every combination of two territories, some years and beverages.
fn places() -> Vec<[&'static str; 3]> {
    let mut places = Vec::new();
    for territory in TERRITORIES {
        for year in ["2022", "2023", "2024"] {
            places.extend(BEVERAGES.map(|beverage| [territory, year, beverage]));
        }
    }
    places
}

proptest! {
    #[test]
    fn the_order_of_submissions_and_of_figures_changes_nothing(
        (made, turned) in submissions().prop_flat_map(|made| {
            let mut turned = made.clone();
            for made in &mut turned {
                made.figures.reverse();
            }
            (Just(made), Just(turned).prop_shuffle())
        })
    ) {
        let (straight, turned) = (reconciled(&made), reconciled(&turned));
        for (name, straight) in &straight {
            let turned = &turned[name];
            prop_assert_eq!(&straight.findings, &turned.findings);
            prop_assert_eq!(&straight.outcomes, &turned.outcomes);
            prop_assert_eq!(&straight.errors, &turned.errors);
        }
    }

    #[test]
    fn what_is_found_is_what_is_found_by_hand(made in submissions()) {
        let reconciled = reconciled(&made);

        let mut unbalanced = BTreeSet::new();
        for key in places() {
            let of = |indicator, dataset| known(&made, indicator, dataset, &key);
            let (Ok(Some(sold)), Ok(produced), Ok(imported), Ok(exported)) =
                (of("sold", "sales"), of("produced", "production"), of("imported", "flows"), of("exported", "flows"))
            else {
                continue;
            };
            if produced.or(imported).is_none() {
                continue;
            }
            let supply = produced.unwrap_or(0.0) + imported.unwrap_or(0.0) - exported.unwrap_or(0.0);
            if (100.0 * supply - sold).abs() > 0.05 * sold {
                unbalanced.insert(owned(&key));
            }
        }
        prop_assert_eq!(found(&reconciled, "supply_does_not_balance"), unbalanced);

        let mut unlike = BTreeSet::new();
        for [territory, year, beverage] in places() {
            let partner = if territory == "PA" { "UY" } else { "PA" };
            let imported = known(&made, "imported_from", "flows", &[territory, partner, year, beverage]);
            let exported = known(&made, "exported_to", "flows", &[partner, territory, year, beverage]);
            if let (Ok(Some(imported)), Ok(Some(exported))) = (imported, exported)
                && (imported - exported).abs() > 0.1 * imported
            {
                unlike.insert(owned(&[territory, partner, year, beverage]));
            }
        }
        prop_assert_eq!(found(&reconciled, "mirror_flows_disagree"), unlike);

        let mut jumps = BTreeSet::new();
        for [territory, year, beverage] in places() {
            // The year before is the one before that has a row at all.
            let series = given(&made, "sold", "sales");
            let before = ["2023", "2022"].into_iter().find(|before| {
                *before < year && series.contains_key(&vec![territory, before, beverage])
            });
            let Some(before) = before else { continue };
            if year.parse::<u32>().expect("a year") - before.parse::<u32>().expect("a year") > 1 {
                continue;
            }
            let of = |year| known(&made, "sold", "sales", &[territory, year, beverage]);
            if let (Ok(Some(sold)), Ok(Some(earlier))) = (of(year), of(before))
                && !(earlier / 3.0..=3.0 * earlier).contains(&sold)
            {
                jumps.insert(owned(&[territory, year, beverage]));
            }
        }
        prop_assert_eq!(found(&reconciled, "sales_jump"), jumps);

        let mut revised = BTreeSet::new();
        for (key, mut figures) in given(&made, "sold", "sales") {
            figures.sort_by_key(|(made, _)| (made.prepared, &made.name));
            for pair in figures.windows(2) {
                if let (Ok(earlier), Ok(later)) = (pair[0].1.value, pair[1].1.value)
                    && earlier.total_cmp(&later).is_ne()
                {
                    let mut key = owned(&key);
                    key.push(pair[1].0.name.clone());
                    revised.insert(key);
                }
            }
        }
        prop_assert_eq!(found(&reconciled, "figure_revised"), revised);
    }

    #[test]
    fn the_ledger_adds_up(made in submissions()) {
        let reconciled = reconciled(&made);
        for rule in plan().joins.keys() {
            let (mut checked, mut failed) = (0, 0);
            let (mut ran, mut failing) = (false, false);
            for part in reconciled.values() {
                match &part.outcomes[rule] {
                    Outcome::Passed { checked: some } => {
                        checked += some;
                        ran = true;
                    }
                    Outcome::Failed { checked: some, failed: wrong } => {
                        checked += some;
                        failed += wrong;
                        ran = true;
                        failing = true;
                    }
                    Outcome::NotApplicable { reason } | Outcome::NotRun { reason } => {
                        prop_assert!(!reason.is_empty());
                    }
                }
            }
            prop_assert_eq!(ran, checked > 0, "{}", rule);
            prop_assert_eq!(failing, failed > 0, "{}", rule);
            prop_assert!(failed <= checked, "{}", rule);
            prop_assert_eq!(found(&reconciled, rule).len() as u64, failed, "{}", rule);
        }
    }
}

#[test]
fn three_hundred_thousand_figures_are_compared_exactly() {
    const YEARS: u64 = 50_000;
    let figure = |territory: &str, indicator: &str, year: u64, value: f64| Figure {
        indicator: indicator.to_owned(),
        dimensions: vec![
            ("territory".to_owned(), territory.to_owned()),
            ("year".to_owned(), (1000 + year).to_string()),
            ("beverage".to_owned(), "beer".to_owned()),
        ],
        value: Ok(value),
        unit: "hl".to_owned(),
        interval: None,
        variance: None,
        provenance: Provenance { file: format!("{territory}/sales.csv"), rows: 1, lines: vec![year + 2] },
    };
    let made: Vec<Made> = TERRITORIES
        .map(|territory| {
            let of_year = |year: u64| {
                // Every tenth year ten times as much is sold, and is made too but for every hundredth.
                let sold = if year.is_multiple_of(10) { 1000.0 } else { 100.0 };
                let made = if year.is_multiple_of(100) { 1.0 } else { sold / 100.0 };
                let of = |indicator, value| figure(territory, indicator, year, value);
                [of("sold", sold), of("produced", made), of("imported", 0.0)]
            };
            let figures = (0..YEARS).flat_map(of_year).collect();
            Made { name: territory.to_owned(), prepared: None, figures, broken: BTreeSet::new() }
        })
        .to_vec();
    let reconciled = reconciled(&made);
    for part in reconciled.values() {
        let of = |rule: &str| part.outcomes[rule].clone();
        let failed = |failed| Outcome::Failed { checked: YEARS, failed };
        assert_eq!(of("supply_does_not_balance"), failed(YEARS / 100));
        // Up and down again each time, but for the first year.
        assert_eq!(of("sales_jump"), failed(2 * YEARS / 10 - 1));
        assert_eq!(of("figure_revised"), Outcome::Passed { checked: YEARS });
        assert!(matches!(of("mirror_flows_disagree"), Outcome::NotApplicable { .. }));
    }
}
