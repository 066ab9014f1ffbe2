//! From files to figures: the fixtures through the whole program, against what can be computed by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use sikes::estimator::numeric::distribution::Distribution;
use sikes::estimator::numeric::propagation::{Settings, Uncertain, draw};
use sikes::estimator::numeric::sample::Sample;
use tempfile::TempDir;

/// The 0.975 quantile of the normal law, by which half-widths of published intervals are divided.
const Z: f64 = 1.959_963_984_540_054;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// The report of a run, with its exit code.
fn run(command: &str, path: &Path, more: &[&str]) -> (Value, i32) {
    let mut arguments = vec![command, "--format", "json", "--quiet"];
    arguments.extend(more);
    let output = Command::new(env!("CARGO_BIN_EXE_sikes"))
        .args(arguments)
        .arg(path)
        .output()
        .expect("the program runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    let report =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {complaint}"));
    (report, output.status.code().expect("no signal ends it"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("`{key}` is a list"))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("`{key}` is a text in {value}"))
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("`{key}` is a number in {value}"))
}

/// The findings as their rule, line and message.
fn findings(report: &Value) -> Vec<(String, u64, String)> {
    let found = list(report, "findings").iter();
    found
        .map(|finding| {
            let line = finding["location"]["line"].as_u64().unwrap_or_default();
            (text(finding, "rule").to_owned(), line, text(finding, "message").to_owned())
        })
        .collect()
}

/// A fixture's copy, to be spoilt.
fn copy_of(name: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(fixture(name)).expect("a fixture") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, folder.path().join(path.file_name().expect("a name"))).expect("a copy");
    }
    folder
}

fn rewrite(file: &Path, change: impl FnOnce(&str) -> String) {
    let before = fs::read_to_string(file).expect("a text");
    let after = change(&before);
    assert_ne!(after, before, "{} was changed", file.display());
    fs::write(file, after).expect("a file");
}

fn close(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within, "{found} is not {expected} to within {within}");
}

// ---------------------------------------------------------------------------------------------------------------------
// The worked example: two methods on figures that can be checked by hand.

/// The quantiles of a PERT law, by adding up its density in a hundred thousand steps.
fn pert_quantiles(low: f64, mode: f64, high: f64, probabilities: [f64; 3]) -> [f64; 3] {
    const STEPS: u32 = 100_000;
    let a = 4.0 * (mode - low) / (high - low);
    let b = 4.0 * (high - mode) / (high - low);
    let density = |step: u32| {
        let x = (f64::from(step) + 0.5) / f64::from(STEPS);
        x.powf(a) * (1.0 - x).powf(b)
    };
    let whole: f64 = (0..STEPS).map(density).sum();
    probabilities.map(|probability| {
        let mut below = 0.0;
        for step in 0..STEPS {
            let part = density(step) / whole;
            if below + part >= probability {
                let x = (f64::from(step) + (probability - below) / part) / f64::from(STEPS);
                return low + (high - low) * x;
            }
            below += part;
        }
        high
    })
}

/// The 2.5 %, 50 % and 97.5 % points of the coverage in `estimators/residual.yaml`.
fn coverage() -> [f64; 3] {
    pert_quantiles(0.30, 0.37, 0.55, [0.025, 0.5, 0.975])
}

#[test]
fn the_integration_of_these_tests_is_right() {
    // PERT from 0 by 1/2 to 1 is Beta(3, 3), with cumulative x^3 (10 - 15 x + 6 x^2).
    let [low, middle, high] = pert_quantiles(0.0, 0.5, 1.0, [0.103_515_625, 0.5, 0.896_484_375]);
    close(low, 0.25, 1e-9);
    close(middle, 0.5, 1e-9);
    close(high, 0.75, 1e-9);
}

/// The refusals of a quantity; estimators of other quantities read the same datasets and may lack others.
fn refusals_of<'a>(report: &'a Value, quantity: &str) -> Vec<&'a Value> {
    list(report, "refusals").iter().filter(|refusal| text(refusal, "quantity") == quantity).collect()
}

fn worked<'a>(report: &'a Value, period: &str, method: &str) -> &'a Value {
    let mut found = list(report, "estimates")
        .iter()
        .filter(|estimate| text(estimate, "period") == period && text(estimate, "method") == method);
    let estimate = found.next().unwrap_or_else(|| panic!("{method} gives an estimate for {period}"));
    assert!(found.next().is_none(), "one only");
    estimate
}

#[test]
fn the_worked_example_comes_out_as_by_hand() {
    let (report, code) = run("estimate", &fixture("worked-example"), &[]);
    assert_eq!((code, findings(&report)), (0, Vec::new()), "made-up figures follow the standard");
    assert_eq!(list(&report, "estimates").len(), 4);
    assert!(refusals_of(&report, "unrecorded_share").is_empty());

    let exact = worked(&report, "2018", "apc_decomposition");
    for key in ["value", "low", "high"] {
        close(number(exact, key), 2.0 / 12.0, 1e-15);
    }
    close(number(worked(&report, "2019", "apc_decomposition"), "value"), 4.0 / 14.0, 1e-15);

    // 22.2, 11.1 and 0.0 % at a coverage of 0.35, 0.40 and 0.45, as the README of the example prints.
    let share = |coverage: f64| 1.0 - 10.0 * coverage / 4.5;
    for (coverage, printed) in [(0.35, 0.222), (0.40, 0.111), (0.45, 0.000)] {
        close(share(coverage), printed, 0.0005);
    }
    let [low, median, high] = coverage();
    close(median, 0.384_03, 0.000_005);
    let residual = worked(&report, "2018", "residual");
    close(number(residual, "value"), share(median), 1e-8);
    close(number(residual, "value"), 0.146_60, 0.000_005);
    // The share falls as the coverage rises, and nothing else is uncertain: the bounds change places.
    let error = number(residual, "monte_carlo_error");
    assert!(error < 0.001, "500,000 draws leave little doubt: {error}");
    close(number(residual, "low"), share(high), 4.0 * error);
    close(number(residual, "high"), share(low), 4.0 * error);
    let readme = fs::read_to_string(fixture("worked-example/README.md")).expect("a README");
    for percent in [share(median), 1.0 - 10.0 * median / 3.5] {
        let printed = format!("{:.2} %", 100.0 * percent);
        assert!(readme.contains(&printed), "the README prints {printed}");
    }
}

#[test]
fn a_negative_residual_is_kept() {
    let (report, _) = run("estimate", &fixture("worked-example"), &["--draws", "20000"]);
    let residual = worked(&report, "2019", "residual");
    let [_, median, _] = coverage();
    let by_hand = 1.0 - 10.0 * median / 3.5;
    assert!(by_hand < -0.09, "{by_hand}");
    close(number(residual, "value"), by_hand, 1e-8);
    assert!(number(residual, "low") < by_hand && by_hand < number(residual, "high"));
    assert!(
        list(residual, "notes")
            .iter()
            .any(|note| note.as_str().is_some_and(|note| note.contains("negative")))
    );
    let cut = list(residual, "steps").iter().find(|step| text(step, "name") == "value, cut at 0");
    close(number(cut.expect("the value as others publish it"), "value"), 0.0, 0.0);
}

/// The laws of `zz-2019`, by the names under which the program draws them.
fn laws() -> Vec<Uncertain> {
    let law = |name: &str, law: Result<Distribution, String>| Uncertain {
        // A figure is of a period; an assumption is one unknown for all periods of a territory and all who make it.
        name: if name.contains(',') { format!("{name}|ZZ") } else { format!("{name}|ZZ|2019") },
        law: law.expect("a law"),
    };
    vec![
        law("recorded_per_adult", Distribution::three_quantiles(8.0, 10.0, 12.0, 0.95)),
        law("unrecorded_per_adult", Distribution::three_quantiles(2.0, 4.0, 6.0, 0.95)),
        law("surveyed_per_adult", Distribution::three_quantiles(3.1, 3.5, 3.9, 0.95)),
        law("coverage, PERT, low 0.3, mode 0.37, high 0.55", Distribution::pert(0.30, 0.37, 0.55, 4.0)),
        // Nobody's figure: as uncertain as the recorded one, and independent of it.
        law("another_recorded_figure", Distribution::three_quantiles(8.0, 10.0, 12.0, 0.95)),
    ]
}

/// Both methods read the recorded figure. What one makes of a low draw of it the other makes too, so that their
/// difference is firmer than two strangers' would be.
#[test]
fn two_methods_see_the_same_draw_of_what_they_share() {
    const DRAWS: usize = 40_000;
    let (report, _) = run("estimate", &fixture("worked-example"), &["--draws", &DRAWS.to_string()]);
    let columns = draw(&laws(), None, Settings { draws: DRAWS, seed: 1, threads: 2 }).expect("five laws");
    let difference = |recorded_of_the_other: &[f64]| {
        let of_draw = |i: usize| {
            let by_components = columns[1][i] / (recorded_of_the_other[i] + columns[1][i]);
            let by_residual = 1.0 - columns[0][i] * columns[3][i] / columns[2][i];
            by_components - by_residual
        };
        Sample::new((0..DRAWS).map(of_draw).collect()).expect("finite draws")
    };
    let (shared, strangers) = (difference(&columns[0]), difference(&columns[4]));

    let components = worked(&report, "2019", "apc_decomposition");
    let [agreement] = list(components, "agreement") else { panic!("one other method") };
    assert_eq!(text(agreement, "estimator"), "residual");
    close(number(agreement, "low"), shared.quantile(0.025), 1e-9);
    close(number(agreement, "high"), shared.quantile(0.975), 1e-9);
    let width = number(agreement, "high") - number(agreement, "low");
    let strangers_width = strangers.quantile(0.975) - strangers.quantile(0.025);
    assert!(width < 0.97 * strangers_width, "{width} against {strangers_width}");

    // By hand, to first order: var(a - b) is smaller by twice the covariance, the product of the two slopes and var(L).
    let (l, u, s, sd) = (10.0, 4.0, 3.5, 2.0 / Z);
    let [_, c, _] = coverage();
    let slopes = [-u / ((l + u) * (l + u)), -c / s];
    let by_hand = 2.0 * slopes[0] * slopes[1] * sd * sd;
    let found = strangers.sd().powi(2) - shared.sd().powi(2);
    close(found, by_hand, 0.3 * by_hand);
}

#[test]
fn whether_two_methods_agree_is_said_from_both_sides() {
    let (report, _) = run("estimate", &fixture("worked-example"), &["--draws", "20000"]);
    for (period, agrees) in [("2018", true), ("2019", false)] {
        let methods = ["apc_decomposition", "residual"];
        let sides = methods.map(|method| worked(&report, period, method));
        for (side, other) in [(0, 1), (1, 0)] {
            let [agreement] = list(sides[side], "agreement") else { panic!("one other method") };
            assert_eq!(text(agreement, "estimator"), methods[other]);
            assert_eq!(agreement["agree"], agrees, "{period}");
            close(
                number(agreement, "difference"),
                number(sides[side], "value") - number(sides[other], "value"),
                1e-15,
            );
            let holds_zero = number(agreement, "low") <= 0.0 && 0.0 <= number(agreement, "high");
            assert_eq!(holds_zero, agrees, "{period}");
        }
        let headlines = sides.iter().filter(|side| side["headline"] == true).count();
        assert_eq!(headlines, 1, "{period}: one of the two stands for the year");
    }
}

#[test]
fn a_refusal_is_in_words() {
    let folder = copy_of("worked-example/zz-2018");
    rewrite(&folder.path().join("household_survey.csv"), |text| text.replace("2018,4.5,", "2018,0.0,"));
    let (report, code) = run("estimate", folder.path(), &["--draws", "10000"]);
    assert_eq!((code, findings(&report)), (0, Vec::new()), "nothing drunk is no fault of form");
    let [estimate] = list(&report, "estimates") else { panic!("the other method still answers") };
    assert_eq!(text(estimate, "method"), "apc_decomposition");
    let [refusal] = refusals_of(&report, "unrecorded_share")[..] else { panic!("one refusal") };
    assert_eq!(text(refusal, "method"), "residual");
    assert_eq!(text(refusal, "reason"), "the surveyed consumption is 0");
    assert_eq!(
        text(refusal, "remedy"),
        "give a positive surveyed consumption; apc_decomposition can still speak"
    );
    assert!(refusal["absence"].is_null(), "the figure is there");
}

// ---------------------------------------------------------------------------------------------------------------------
// The Americas: WHO's figures of 24 countries.

/// Value, low and high of a component as the file of a country prints them; none where they are not available.
fn published(country: &str, component: &str) -> Option<[f64; 3]> {
    let file = fixture("americas").join(country).join("consumption_per_adult.csv");
    let text = fs::read_to_string(file).expect("a fixture");
    let line = text.lines().find(|line| line.split(',').nth(1) == Some(component)).expect("the component");
    let cells: Vec<&str> = line.split(',').collect();
    let number = |cell: &str| cell.parse().ok();
    Some([number(cells[2])?, number(cells[3])?, number(cells[4])?])
}

#[test]
fn the_americas_come_out_as_by_hand() {
    let (report, code) = run("estimate", &fixture("americas"), &["--draws", "40000"]);
    assert_eq!(code, 0, "warnings alone");
    let estimates = list(&report, "estimates");
    assert_eq!(estimates.len(), 23);
    let territories: BTreeSet<&str> = estimates.iter().map(|estimate| text(estimate, "territory")).collect();
    assert_eq!(territories.len(), 23);
    let mut with_notes = 0;
    for estimate in estimates {
        let name = text(estimate, "territory_name");
        let file = text(&estimate["inputs"][0], "file");
        let (country, _) = file.split_once('/').expect("a submission and its file");
        assert!(
            country.starts_with(&text(estimate, "territory").to_lowercase()),
            "{country} is about {name}"
        );
        let [r, r_low, r_high] = published(country, "recorded").expect("a figure");
        let [u, u_low, u_high] = published(country, "unrecorded").expect("a figure");
        let (value, low, high) =
            (number(estimate, "value"), number(estimate, "low"), number(estimate, "high"));
        close(value, u / (r + u), 1e-12);
        assert!(low < value && value < high, "{name}: {low} to {high} holds {value}");
        assert_eq!(text(estimate, "quantity"), "unrecorded_share");
        assert_eq!(text(estimate, "method"), "apc_decomposition");
        assert_eq!(text(estimate, "period"), "2016/2018");
        assert_eq!(text(estimate, "grade"), "D", "{name}");
        close(number(estimate, "level"), 0.95, 0.0);
        if !list(estimate, "notes").is_empty() {
            with_notes += 1;
            continue;
        }
        let (r_sd, u_sd) = ((r_high - r_low) / (2.0 * Z), (u_high - u_low) / (2.0 * Z));
        let first_order = (u * r_sd).hypot(r * u_sd) / ((r + u) * (r + u));
        let ratio = (high - low) / (2.0 * Z * first_order);
        assert!((ratio - 1.0).abs() < 0.15, "{name}: the interval is {ratio} of what it is to first order");
    }
    assert!(with_notes < 5, "most intervals were compared: {with_notes} were not");
}

#[test]
fn a_country_without_figures_does_not_vanish() {
    let (report, _) = run("estimate", &fixture("americas"), &["--draws", "10000"]);
    let refusals = list(&report, "refusals");
    let of = |method: &str| -> Vec<&Value> {
        refusals.iter().filter(|refusal| text(refusal, "method") == method).collect()
    };
    let [bonaire] = of("apc_decomposition")[..] else { panic!("one country has no figures") };
    assert_eq!([text(bonaire, "territory"), text(bonaire, "period")], ["BQ", "2016/2018"]);
    assert_eq!(text(bonaire, "absence"), "not_available");
    assert!(text(bonaire, "reason").contains("recorded_per_adult is not available"), "{bonaire}");
    let residual = of("residual");
    let territories: BTreeSet<&str> = residual.iter().map(|refusal| text(refusal, "territory")).collect();
    assert_eq!((residual.len(), territories.len()), (24, 24), "nobody sent a survey");
    assert!(residual.iter().all(|refusal| text(refusal, "reason").contains("household_survey")));
}

#[test]
fn the_americas_have_three_intervals_that_miss_and_five_whose_sign_is_turned() {
    let (report, _) = run("validate", &fixture("americas"), &[]);
    let found: Vec<(&str, &str, &str)> = list(&report, "findings")
        .iter()
        .map(|finding| {
            (text(&finding["location"], "submission"), text(finding, "rule"), text(finding, "severity"))
        })
        .collect();
    let (outside, turned) = ("value_outside_interval", "tourist_sign_turned_in_interval");
    assert_eq!(
        found,
        [
            ("bb-barbados", outside, "warning"),
            ("gd-grenada", outside, "warning"),
            ("lc-saint-lucia", outside, "warning"),
            ("bb-barbados", turned, "info"),
            ("dm-dominica", turned, "info"),
            ("gd-grenada", turned, "info"),
            ("lc-saint-lucia", turned, "info"),
            ("vc-saint-vincent-and-the-grenadines", turned, "info"),
        ]
    );
    for finding in list(&report, "findings").iter().filter(|finding| text(finding, "rule") == outside) {
        let submission = text(&finding["location"], "submission");
        let [value, low, high] = published(submission, "total").expect("a figure");
        assert!(value < low && low < high, "the total of {submission} lies below its interval");
        assert_eq!(finding["location"]["line"], 5);
        let shown: f64 = text(finding, "value").parse().expect("the cell");
        close(shown, value, 0.0);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The United Kingdom: HMRC's clearances by month.

const STRENGTHS: &str = "strengths_do_not_add_up";
const ORIGINS: &str = "origins_do_not_add_up";
const KINDS: &str = "kinds_do_not_add_up";

#[test]
fn the_two_anomalies_of_the_united_kingdom_are_found_and_nothing_else() {
    let (report, code) = run("validate", &fixture("united-kingdom"), &[]);
    assert_eq!(code, 1);
    let found = findings(&report);
    let [(first_rule, _, first), (second_rule, _, second)] = &found[..] else {
        panic!("two findings: {found:#?}")
    };
    assert_eq!([first_rule, second_rule], [STRENGTHS; 2]);
    assert!(first.contains("2017-07") && first.contains(" 3445 hl"), "{first}");
    assert!(second.contains("2018-11") && second.contains(" -5641.8 hl"), "{second}");
    let wine = |month: &str| serde_json::json!([{ "column": "period", "value": month }, { "column": "beverage", "value": "wine" }]);
    for (finding, month) in list(&report, "findings").iter().zip(["2017-07", "2018-11"]) {
        assert_eq!(finding["key"], wine(month));
    }
    assert_eq!(report["verdict"]["rows"], 142 * 27 + 1, "27 series of 142 months, and the source");
}

/// The first digit that can be raised by one is.
fn raised(figure: &str) -> String {
    let place = figure.find(|digit: char| ('0'..='8').contains(&digit)).expect("a digit below 9");
    let digit = char::from(figure.as_bytes()[place] + 1);
    format!("{}{digit}{}", &figure[..place], &figure[place + 1..])
}

#[test]
fn one_digit_of_a_part_is_one_finding() {
    let parts = [
        ("2015-03,wine,strength,still,up_to_15,all,", STRENGTHS, ["wine", "2015-03"]),
        ("2010-01,wine,strength,all,over_15,all,", STRENGTHS, ["wine", "2010-01"]),
        ("2012-11,wine,origin,all,over_5_5,ex_ship,", ORIGINS, ["wine", "2012-11"]),
        ("2014-09,beer,origin,all,all,uk_registered,", ORIGINS, ["beer", "2014-09"]),
        ("2019-06,spirits,kind,ready_to_drink,all,all,", KINDS, ["spirits", "2019-06"]),
        ("2016-02,whisky,kind,malt,all,all,", KINDS, ["whisky", "2016-02"]),
        // Parts of it are not available: those that are may still not exceed the total.
        ("2013-05,made_wine,strength,still,over_5_5_to_15,all,", STRENGTHS, ["made_wine", "2013-05"]),
    ];
    let (before, _) = run("validate", &fixture("united-kingdom"), &[]);
    let before = findings(&before);
    for (part, rule, place) in parts {
        let folder = copy_of("united-kingdom");
        rewrite(&folder.path().join("clearances.csv"), |text| {
            let line =
                text.lines().find(|line| line.starts_with(part)).unwrap_or_else(|| panic!("the row {part}"));
            let figures = &line[part.len()..];
            let figure = figures.split(',').find(|cell| !cell.is_empty()).expect("a figure");
            text.replacen(line, &format!("{part}{}", figures.replacen(figure, &raised(figure), 1)), 1)
        });
        let (report, _) = run("validate", folder.path(), &[]);
        let more: Vec<_> =
            findings(&report).into_iter().filter(|finding| !before.contains(finding)).collect();
        let [(found_rule, _, message)] = &more[..] else { panic!("{part}: one more finding, not {more:#?}") };
        assert_eq!(found_rule, rule);
        assert!(place.iter().all(|word| message.contains(word)), "{message}");
        assert_eq!(list(&report, "findings").len(), before.len() + 1, "{part}: the old ones stay");
    }
}

#[test]
fn a_missing_month_is_missed_in_every_series() {
    let folder = copy_of("united-kingdom");
    rewrite(&folder.path().join("clearances.csv"), |text| {
        text.lines()
            .filter(|line| !line.starts_with("2015-03,"))
            .fold(String::new(), |kept, line| kept + line + "\n")
    });
    let (report, _) = run("validate", folder.path(), &["--samples", "100"]);
    let missed: Vec<&Value> =
        list(&report, "findings").iter().filter(|finding| text(finding, "rule") == "month_missing").collect();
    assert_eq!(missed.len(), 27);
    assert_eq!(list(&report, "findings").len(), 27 + 2, "and the two anomalies");
    let series: BTreeSet<String> = missed.iter().map(|finding| finding["key"].to_string()).collect();
    assert_eq!(series.len(), 27, "each series once");
    for finding in missed {
        let message = text(finding, "message");
        assert!(message.contains("2015-02") && message.contains("2015-04"), "{message}");
        assert_eq!(text(finding, "severity"), "warning");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// One mistake is one finding, and what is not known is no mistake.

#[test]
fn an_unreadable_cell_is_one_finding() {
    let cells = [
        (
            "worked-example/zz-2018",
            "consumption_per_adult",
            "unrecorded,2.0,",
            "unrecorded,2.0x,",
            "consumption_per_adult/value/type",
        ),
        ("united-kingdom", "clearances", "all,629930,", "all,629930x,", "clearances/volume/type"),
    ];
    for (submission, dataset, sound, spoilt, expected) in cells {
        let (before, _) = run("validate", &fixture(submission), &[]);
        let folder = copy_of(submission);
        rewrite(&folder.path().join(format!("{dataset}.csv")), |text| text.replacen(sound, spoilt, 1));
        let (report, code) = run("validate", folder.path(), &[]);
        let before = findings(&before);
        let more = findings(&report).into_iter().filter(|finding| !before.contains(finding));
        let rules: Vec<String> = more.map(|(rule, _, _)| rule).collect();
        assert_eq!((rules, code), (vec![expected.to_owned()], 1));
    }
}

#[test]
fn an_empty_month_is_one_finding() {
    let folder = copy_of("united-kingdom");
    rewrite(&folder.path().join("clearances.csv"), |text| {
        text.replacen("2010-01,cider,total,", ",cider,total,", 1)
    });
    let (report, _) = run("validate", folder.path(), &[]);
    let rules: Vec<String> = findings(&report).into_iter().map(|(rule, _, _)| rule).collect();
    assert_eq!(rules, ["clearances/period/required", STRENGTHS, STRENGTHS]);
}

#[test]
fn components_that_are_not_all_known_need_not_add_up() {
    let folder = copy_of("worked-example/zz-2018");
    rewrite(&folder.path().join("consumption_per_adult.csv"), |text| {
        text.replace("unrecorded,2.0,,", "unrecorded,not_available,,")
    });
    let (report, code) = run("estimate", folder.path(), &["--draws", "10000"]);
    assert_eq!((findings(&report), code), (Vec::new(), 0));
    let methods: Vec<&str> =
        list(&report, "estimates").iter().map(|estimate| text(estimate, "method")).collect();
    assert_eq!(methods, ["residual"], "the method that needs no unrecorded figure still answers");
}

// ---------------------------------------------------------------------------------------------------------------------
// Many rows.

#[test]
fn three_hundred_thousand_rows_are_counted_exactly() {
    const ROWS: usize = 300_000;
    let beverages = ["beer", "cider", "wine", "made_wine", "spirits", "whisky"];
    let breakdowns = ["total", "strength", "origin", "kind"];
    let kinds = ["all", "still", "sparkling", "malt", "grain_and_blend", "whisky", "ready_to_drink", "other"];
    let bands = ["all", "over_1_2_to_5_5", "over_5_5_to_15", "over_5_5", "up_to_15", "over_15"];
    let origins =
        ["all", "ex_ship", "ex_warehouse", "ex_warehouse_and_ex_ship", "uk_origin", "uk_registered"];
    let mut text =
        "period,beverage,breakdown,kind,strength_band,origin,volume,pure_alcohol,rounded_to,status,source\n"
            .to_owned();
    let mut groups: BTreeMap<&str, BTreeSet<(usize, &str)>> = BTreeMap::new();
    for row in 0..ROWS {
        // The indices of a row are the digits of its number, so that no key stands twice.
        let mut rest = row;
        let mut digit = |base: usize| {
            let digit = rest % base;
            rest /= base;
            digit
        };
        let (origin, band, kind) = (origins[digit(6)], bands[digit(6)], kinds[digit(8)]);
        let (breakdown, beverage) = (breakdowns[digit(4)], beverages[digit(6)]);
        let (year, month) = (2000 + rest / 12, 1 + rest % 12);
        // Volumes near each other: nothing jumps.
        let volume = 1_000_000 + row;
        writeln!(
            text,
            "{year}-{month:02},{beverage},{breakdown},{kind},{band},{origin},{volume},,,A,made_up"
        )
        .expect("a text");
        groups.entry(breakdown).or_default().insert((rest, beverage));
    }
    let first = text.lines().nth(1).expect("a row").to_owned();
    text += &(first + "\n");

    let folder = copy_of("worked-example/zz-2018");
    fs::remove_file(folder.path().join("consumption_per_adult.csv")).expect("a copy");
    fs::remove_file(folder.path().join("household_survey.csv")).expect("a copy");
    rewrite(&folder.path().join("submission.yaml"), |manifest| {
        manifest
            .replace("consumption_per_adult: consumption_per_adult.csv", "clearances: clearances.csv")
            .replace("  household_survey: household_survey.csv\n", "")
    });
    fs::write(folder.path().join("clearances.csv"), text).expect("a file");
    let (report, code) = run("validate", folder.path(), &[]);
    let rows = ROWS as u64 + 1;
    assert_eq!(code, 1);
    assert_eq!(report["verdict"]["rows"], rows + 1, "and the source");
    assert_eq!(report["verdict"]["errors"], 1);
    let all = findings(&report);
    let found: Vec<_> = all.iter().filter(|(rule, ..)| rule == "clearances/key").collect();
    let [(_, line, message)] = &found[..] else { panic!("one finding: {all:#?}") };
    assert_eq!(*line, rows + 1);
    assert!(message.contains("line 2"), "{message}");
    // The row that stands twice also stands where the next month would.
    let copied = all.iter().filter(|(rule, ..)| rule == "clearance_copied_forward").count();
    assert_eq!(copied, 1, "{all:#?}");

    let checked = |rule: &str| {
        let entry = list(&report, "ledger").iter().find(|entry| text_is(entry, "rule", rule));
        entry.unwrap_or_else(|| panic!("the rule {rule}"))["checked"].as_u64().expect("a count")
    };
    for rule in [
        "clearances/key",
        "clearances/beverage/codes",
        "clearances/source/references",
        "clearances/volume/type",
        "figure_missing",
        "month_missing",
    ] {
        assert_eq!(checked(rule), rows, "{rule}");
    }
    for (rule, part) in [(STRENGTHS, "strength"), (ORIGINS, "origin"), (KINDS, "kind")] {
        let looked_at: BTreeSet<_> = groups["total"].union(&groups[part]).collect();
        assert_eq!(checked(rule), looked_at.len() as u64, "{rule}: a month and a beverage each");
    }
}

fn text_is(value: &Value, key: &str, wanted: &str) -> bool {
    value[key] == wanted
}
