//! What Sikes says to people who make mistakes: each folder of `fixtures/broken` is one, each snapshot is the answer.

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use support::{Run, here, sikes};

/// Versions with which nothing is wrong.
const SOUND: [&str; 2] = ["base", "trade"];

/// Versions whose files cannot be read at all.
const UNREADABLE: [&str; 2] = ["no_header", "not_utf8"];

/// Submissions that are also shown in Spanish and as JSON.
const SHOWN_IN_ALL_FORMS: [&str; 3] = ["decimal_comma", "many_mistakes", "strengths_do_not_add_up"];

/// The names of the folders in a folder, sorted.
fn folders(path: &str) -> Vec<String> {
    let entries = fs::read_dir(here(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let names =
        entries.map(|entry| entry.expect("an entry of the folder")).filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> =
        names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert!(!names.is_empty(), "{path} is empty");
    names
}

/// Compares a text with the snapshot of a case.
fn compare(kind: &str, case: &str, call: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => format!("snapshots/broken/{kind}"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
        description => call,
    }, {
        insta::assert_snapshot!(case, text);
    });
}

/// Runs all cases, tells which fail, and makes sure that each snapshot has its case.
fn all(kind: &str, folder: &str, snapshots_of: impl Fn(&str) -> Vec<String>, judge: impl Fn(&str)) {
    let cases = folders(folder);
    let failed: Vec<&String> =
        cases.iter().filter(|case| catch_unwind(AssertUnwindSafe(|| judge(case))).is_err()).collect();
    assert!(failed.is_empty(), "{} of {} cases failed: {failed:?}", failed.len(), cases.len());

    let wanted: BTreeSet<String> = cases.iter().flat_map(|case| snapshots_of(case)).collect();
    let entries = fs::read_dir(here(&format!("tests/snapshots/broken/{kind}"))).expect("the snapshots");
    let found = entries.filter_map(|entry| {
        let name = entry.expect("an entry of the folder").file_name().to_string_lossy().into_owned();
        name.strip_suffix(".snap").map(str::to_owned)
    });
    let orphans: Vec<String> = found.filter(|name| !wanted.contains(name)).collect();
    assert!(orphans.is_empty(), "snapshots without a case: {orphans:?}");
}

/// Everything that a person sees of a run.
fn shown(run: &Run) -> String {
    let mut text = format!("exit code {}\n", run.code);
    for (stream, printed) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        if !printed.is_empty() {
            let _ = write!(text, "\n{stream}:\n{printed}");
        }
    }
    text
}

#[test]
fn broken_standards_are_explained() {
    let library = "fixtures/broken/standards";
    let snapshots = |case: &str| if SOUND.contains(&case) { Vec::new() } else { vec![case.to_owned()] };
    all("standards", library, snapshots, |case| {
        let path = format!("{library}/{case}");
        let run = sikes(["standard", "check", &path]);
        if SOUND.contains(&case) {
            assert_eq!(run.code, 0, "{}", run.stderr);
            return;
        }
        compare("standards", case, &format!("sikes standard check {path}"), &shown(&run));
        assert_eq!(run.stdout, "", "{case}");
        if UNREADABLE.contains(&case) {
            assert_eq!(run.code, 3, "{case}");
            return;
        }
        assert_eq!(run.code, 2, "{case}");
        let mistakes = run.stderr.matches("error[").count();
        assert!(mistakes > 0, "{case} is not found");
        // Each mistake has its place, with the caret under it.
        assert_eq!(run.stderr.matches(&format!("--> {library}/")).count(), mistakes, "{case}");
        let carets = run.stderr.lines().filter(|line| {
            let marks = line.split_once('|').map_or("", |(_, marks)| marks.trim());
            !marks.is_empty() && marks.chars().all(|mark| mark == '^')
        });
        assert_eq!(carets.count(), mistakes, "{case}");
    });
}

/// Case differs only where the file system tells `x` from `X`; so this case is made here, not kept.
#[test]
#[cfg(target_os = "linux")]
fn two_ids_that_differ_only_in_case_are_one_id() {
    let library = tempfile::tempdir().expect("a folder");
    let version = library.path().join("version");
    fs::create_dir_all(version.join("code-lists")).expect("a folder");
    fs::write(version.join("standard.yaml"), "title: A\nstatus: draft\nchanges: None.\n").expect("a file");
    for name in ["beer.yaml", "Beer.yaml"] {
        fs::write(version.join("code-lists").join(name), "title: B\nsource: C\ncodes: { d: D }\n")
            .expect("a file");
    }
    let run = sikes([&"standard".into(), &"check".into(), &version.into_os_string()]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("`code-lists/beer` and `code-lists/Beer` differ only in case"),
        "{}",
        run.stderr
    );
}

/// The verdict without what changes whenever the standard gains a rule: how many rules there are, and which of them
/// could not run for one and the same reason.
fn steady(verdict: &str) -> String {
    let mut text = String::new();
    let mut reasons = BTreeSet::new();
    for (index, line) in verdict.lines().enumerate() {
        // The third line counts the rules.
        if index == 2 {
            continue;
        }
        if let Some((_, reason)) =
            line.strip_prefix("  ").and_then(|line| line.split_once(" (in 1 submission): "))
        {
            if reasons.insert(reason) {
                let _ = writeln!(text, "  ...: {reason}");
            }
        } else {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// The findings of a report in JSON.
fn findings(report: &str) -> serde_json::Value {
    let mut report: serde_json::Value = serde_json::from_str(report).expect("the report is JSON");
    report["findings"].take()
}

#[test]
fn broken_submissions_are_explained() {
    let folder = "fixtures/broken/submissions";
    let snapshots = |case: &str| {
        let mut names = vec![case.to_owned()];
        if SHOWN_IN_ALL_FORMS.contains(&case) {
            names.extend([format!("{case}_in_spanish"), format!("{case}_as_json")]);
        }
        names
    };
    all("submissions", folder, snapshots, |case| {
        let path = format!("{folder}/{case}");
        let call = format!("sikes validate {path}");
        let run = sikes(["validate", &path]);
        let steadied = Run { code: run.code, stdout: steady(&run.stdout), stderr: run.stderr.clone() };
        compare("submissions", case, &call, &shown(&steadied));
        assert!((0..=1).contains(&run.code), "{case}");

        let report = sikes(["validate", &path, "--format", "json"]);
        assert_eq!(report.code, run.code, "{case}");
        let findings = findings(&report.stdout);
        let listed = findings.as_array().expect("a list of findings");
        for finding in listed {
            for field in ["rule", "message", "fix"] {
                assert!(finding[field].as_str().is_some_and(|text| !text.is_empty()), "{case}: {finding}");
            }
        }
        let errors = listed.iter().filter(|finding| finding["severity"] == "error").count();
        assert_eq!(errors > 0, run.code == 1, "{case}");

        let manifest = fs::read(here(&path).join("submission.yaml")).unwrap_or_default();
        assert_eq!(listed.is_empty(), manifest.starts_with(b"# Accepted"), "{case}");

        if SHOWN_IN_ALL_FORMS.contains(&case) {
            let spanish = sikes(["validate", &path, "--lang", "es"]);
            assert_eq!(spanish.code, run.code, "{case}");
            let steadied = Run { stdout: steady(&spanish.stdout), ..spanish };
            compare(
                "submissions",
                &format!("{case}_in_spanish"),
                &format!("{call} --lang es"),
                &shown(&steadied),
            );
            let text = serde_json::to_string_pretty(&findings).expect("findings are JSON");
            compare("submissions", &format!("{case}_as_json"), &format!("{call} --format json"), &text);
        }
    });
}

/// Rules over indicators, on submissions that do not fit together.
#[test]
fn runs_that_do_not_fit_together_are_explained() {
    let folder = "fixtures/broken/runs";
    let standard = ["--standard", "fixtures/broken/standards/trade"];
    all(
        "runs",
        folder,
        |case| vec![case.to_owned(), format!("{case}_as_json")],
        |case| {
            let path = format!("{folder}/{case}");
            let arguments = |more: &[&'static str]| {
                let given = ["validate", path.as_str()].into_iter().chain(standard);
                given.chain(more.iter().copied()).map(str::to_owned).collect::<Vec<_>>()
            };
            let run = sikes(arguments(&[]));
            compare("runs", case, &format!("sikes validate {path} {}", standard.join(" ")), &shown(&run));
            let report = sikes(arguments(&["--format", "json"]));
            assert_eq!(report.code, run.code, "{case}");
            let findings = findings(&report.stdout);
            let text = serde_json::to_string_pretty(&findings).expect("findings are JSON");
            compare(
                "runs",
                &format!("{case}_as_json"),
                &format!("sikes validate {path} --format json"),
                &text,
            );

            let manifests =
                folders(&path).into_iter().map(|name| here(&path).join(name).join("submission.yaml"));
            let accepted =
                manifests.map(|manifest| fs::read(manifest).expect("a manifest").starts_with(b"# Accepted"));
            let accepted: BTreeSet<bool> = accepted.collect();
            assert_eq!(BTreeSet::from([findings == serde_json::json!([])]), accepted, "{case}");
        },
    );
}

/// What cannot be validated cannot be estimated either, and says so in the same words.
#[test]
fn broken_submissions_do_not_break_the_estimate() {
    for case in folders("fixtures/broken/submissions") {
        let path = format!("fixtures/broken/submissions/{case}");
        let validated = sikes(["validate", &path]);
        let run = sikes(["estimate", &path, "--draws", "10000"]);
        assert_eq!(run.code, validated.code, "{case}");
        assert_eq!(run.stderr, validated.stdout, "{case}: the verdict");
    }
}
