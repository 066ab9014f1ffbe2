//! The report as other programs read it: real runs of the binary against the JSON Schema that it publishes, and figures
//! of the report against each other and against the files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sikes::compile::{MANIFEST_RULE, compile};
use sikes::diagnostic::Diagnostics;
use sikes::standard::source::Library;
use sikes::standard::{Language, load};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fixture(name: &str) -> PathBuf {
    root().join("fixtures").join(name)
}

fn sikes(arguments: &[&str], path: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sikes"));
    command.args(arguments).args(path).env_remove("COLUMNS").output().expect("the program runs")
}

fn json_of(output: &Output) -> Value {
    let complaint = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {complaint}"))
}

/// A run to be looked at: its name, its report, the folder that its inputs' paths start from, and its exit code.
struct Run {
    name: &'static str,
    report: Value,
    base: PathBuf,
    code: i32,
}

fn run(name: &'static str, command: &str, path: &Path, base: &Path) -> Run {
    let mut arguments = vec![command, "--format", "json", "--quiet"];
    if command == "estimate" {
        arguments.extend(["--draws", "10000"]);
    }
    let output = sikes(&arguments, Some(path));
    let code = output.status.code().expect("no signal ends it");
    Run { name, report: json_of(&output), base: base.to_owned(), code }
}

/// Four submissions: one sound, one with an unreadable cell, one without its file, one whose manifest is wrong.
fn broken(folder: &Path) {
    for name in ["a_sound", "b_unreadable", "c_without_file", "d_manifest"] {
        let target = folder.join(name);
        fs::create_dir(&target).expect("a folder");
        for entry in fs::read_dir(fixture("americas/ar-argentina")).expect("a fixture") {
            let path = entry.expect("an entry").path();
            fs::copy(&path, target.join(path.file_name().expect("a name"))).expect("a copy");
        }
    }
    let change = |file: &str, old: &str, new: &str| {
        let text = fs::read_to_string(folder.join(file)).expect("a text");
        assert!(text.contains(old), "{file} holds {old}");
        fs::write(folder.join(file), text.replacen(old, new, 1)).expect("a file");
    };
    change("b_unreadable/consumption_per_adult.csv", ",1.4,", ",1.4x,");
    fs::remove_file(folder.join("c_without_file/consumption_per_adult.csv")).expect("the file was there");
    change("d_manifest/submission.yaml", "territory: AR", "territory: ar");
}

/// All runs that the tests look at; the folder holds the broken submissions.
fn runs(folder: &Path) -> Vec<Run> {
    broken(folder);
    let fixtures = root().join("fixtures");
    vec![
        run("americas", "estimate", &fixture("americas"), &fixture("americas")),
        run("worked example", "estimate", &fixture("worked-example"), &fixture("worked-example")),
        run("united kingdom", "validate", &fixture("united-kingdom"), &fixtures),
        run("broken, validated", "validate", folder, folder),
        run("broken, estimated", "estimate", folder, folder),
    ]
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("`{key}` is a list"))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("`{key}` is a text in {value}"))
}

fn count(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap_or_else(|| panic!("`{key}` is a count in {value}"))
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn validator() -> jsonschema::Validator {
    let schema = json_of(&sikes(&["schema", "report"], None));
    jsonschema::validator_for(&schema).expect("a schema")
}

#[test]
fn reports_follow_the_published_schema() {
    let validator = validator();
    let folder = tempfile::tempdir().expect("a folder");
    for run in runs(folder.path()) {
        let errors = validator.iter_errors(&run.report);
        let found: Vec<String> =
            errors.map(|error| format!("{error} at {}", error.instance_path())).collect();
        assert!(found.is_empty(), "{}: {found:#?}", run.name);
    }
}

/// The schema promises what the issue asks for: take any of it away, and the report does not follow it any more.
#[test]
fn the_schema_notices_what_is_missing() {
    let validator = validator();
    let folder = tempfile::tempdir().expect("a folder");
    let report = run("americas", "estimate", &fixture("americas"), folder.path()).report;
    assert!(validator.is_valid(&report));
    let mut promised: Vec<String> = ["standard", "estimates", "refusals", "findings", "ledger", "inputs"]
        .map(|key| format!("/{key}"))
        .into();
    for key in ["territory", "period", "quantity", "value", "low", "high", "level", "method", "grade"] {
        promised.push(format!("/estimates/0/{key}"));
    }
    for key in ["rule", "severity", "message", "location", "key", "fix"] {
        promised.push(format!("/findings/0/{key}"));
    }
    for pointer in promised {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let mut without = report.clone();
        let object = without.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
        assert!(object.remove(key).is_some(), "{pointer} is there");
        assert!(!validator.is_valid(&without), "the schema lets {pointer} go missing");
        let mut empty = report.clone();
        *empty.pointer_mut(&pointer).expect("the value") = Value::Null;
        assert!(!validator.is_valid(&empty), "the schema lets {pointer} be null");
    }
    let mut unknown = report.clone();
    unknown["findings"][0]["severity"] = json!("dreadful");
    assert!(!validator.is_valid(&unknown), "the schema knows the severities");
}

#[test]
fn the_keys_are_those_that_were_agreed() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seen = (0, 0);
    for run in runs(folder.path()) {
        let top: BTreeSet<&str> =
            BTreeSet::from(["standard", "estimates", "refusals", "findings", "ledger", "inputs"]);
        assert!(keys(&run.report).is_superset(&top), "{}: {:?}", run.name, keys(&run.report));
        for estimate in list(&run.report, "estimates") {
            let wanted: BTreeSet<&str> = BTreeSet::from([
                "territory",
                "period",
                "quantity",
                "value",
                "low",
                "high",
                "level",
                "method",
                "grade",
            ]);
            assert!(keys(estimate).is_superset(&wanted), "{}: {:?}", run.name, keys(estimate));
            for number in ["value", "low", "high", "level", "monte_carlo_error"] {
                // JSON has no NaN: a number that is none would be written as null.
                assert!(estimate[number].is_number(), "{}: {number} is {}", run.name, estimate[number]);
            }
            for step in list(estimate, "steps") {
                assert!(step["value"].is_number(), "{}: {step}", run.name);
            }
            seen.0 += 1;
        }
        for finding in list(&run.report, "findings") {
            let wanted = BTreeSet::from(["rule", "severity", "message", "location", "key", "value", "fix"]);
            assert_eq!(keys(finding), wanted, "{}", run.name);
            for words in ["rule", "message", "fix"] {
                assert!(!text(finding, words).is_empty(), "{}: {finding}", run.name);
            }
            assert!(!text(&finding["location"], "submission").is_empty());
            seen.1 += 1;
        }
        for refusal in list(&run.report, "refusals") {
            for words in ["territory", "quantity", "method", "reason", "remedy"] {
                assert!(!text(refusal, words).is_empty(), "{}: {refusal}", run.name);
            }
        }
    }
    assert!(seen.0 > 23 && seen.1 > 5, "estimates and findings were seen: {seen:?}");
}

#[test]
fn the_ledger_accounts_for_every_rule_in_every_submission() {
    let mut diagnostics = Diagnostics::default();
    let standard = load(&Library::Embedded, "1.0", &mut diagnostics).expect("the built-in standard");
    let plan = compile(&standard, Language::English, &mut diagnostics);
    let mut rules: BTreeMap<String, &str> =
        plan.rules().map(|check| (check.id.clone(), check.severity.word())).collect();
    assert_eq!(rules.len(), plan.rules().count(), "no rule's id stands twice");
    rules.insert(MANIFEST_RULE.to_owned(), "error");

    let mut statuses = BTreeSet::new();
    let folder = tempfile::tempdir().expect("a folder");
    for run in runs(folder.path()) {
        let name = run.name;
        let submissions = count(&run.report["verdict"], "submissions");
        let ledger = list(&run.report, "ledger");
        let found: BTreeMap<String, &str> =
            ledger.iter().map(|entry| (text(entry, "rule").to_owned(), text(entry, "severity"))).collect();
        assert_eq!(ledger.len(), found.len(), "{name}: no rule stands twice");
        assert_eq!(found, rules, "{name}");
        for entry in ledger {
            let of = ["passed", "failed", "not_applicable", "not_run"]
                .map(|what| count(entry, &format!("submissions_{what}")));
            assert_eq!(of.iter().sum::<u64>(), submissions, "{name}: {entry}");
            let [passed, failed, not_applicable, not_run] = of;
            let status = text(entry, "status");
            let expected = match of {
                _ if failed > 0 => "failed",
                _ if not_run > 0 => "not_run",
                _ if passed > 0 => "passed",
                _ => "not_applicable",
            };
            assert_eq!(status, expected, "{name}: {entry}");
            assert_eq!(count(entry, "failed") > 0, failed > 0, "{name}: {entry}");
            assert!(count(entry, "failed") <= count(entry, "checked"), "{name}: {entry}");
            assert_eq!(count(entry, "checked") > 0, passed + failed > 0, "{name}: {entry}");
            assert_eq!(list(entry, "reasons").is_empty(), not_applicable + not_run == 0, "{name}: {entry}");
            statuses.insert(status.to_owned());
        }
        assert_eq!(
            ledger.iter().map(|entry| text(entry, "rule")).collect::<Vec<_>>(),
            rules.keys().collect::<Vec<_>>(),
            "{name}: in order"
        );
    }
    let all = ["failed", "not_applicable", "not_run", "passed"].map(str::to_owned);
    assert_eq!(statuses, BTreeSet::from(all), "every fate of a rule was seen");
}

#[test]
fn the_verdict_is_the_sum_of_the_ledger() {
    let folder = tempfile::tempdir().expect("a folder");
    for run in runs(folder.path()) {
        let name = run.name;
        let verdict = &run.report["verdict"];
        let ledger = list(&run.report, "ledger");
        for (severity, counted) in [("error", "errors"), ("warning", "warnings"), ("info", "infos")] {
            let of_severity = ledger.iter().filter(|entry| text(entry, "severity") == severity);
            let failed: u64 = of_severity.map(|entry| count(entry, "failed")).sum();
            assert_eq!(count(verdict, counted), failed, "{name}: {counted}");
        }
        let samples = count(&run.report["settings"], "samples");
        for entry in ledger {
            let rule = text(entry, "rule");
            let listed = list(&run.report, "findings").iter().filter(|finding| text(finding, "rule") == rule);
            let severities: Vec<&str> = listed.map(|finding| text(finding, "severity")).collect();
            assert_eq!(severities.len() as u64, count(entry, "failed").min(samples), "{name}: {rule}");
            assert!(severities.iter().all(|severity| *severity == text(entry, "severity")), "{name}: {rule}");
        }
        let rows: u64 = list(&run.report, "inputs").iter().filter_map(|input| input["rows"].as_u64()).sum();
        assert_eq!(count(verdict, "rows"), rows, "{name}");
        assert_eq!(
            run.code,
            i32::from(count(verdict, "errors") > 0),
            "{name}: the exit code says whether there are errors"
        );
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[test]
fn inputs_are_named_by_what_they_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    for run in runs(folder.path()) {
        let inputs = list(&run.report, "inputs");
        let mut paths = BTreeSet::new();
        for input in inputs {
            let path = text(input, "path");
            let bytes =
                fs::read(run.base.join(path)).unwrap_or_else(|error| panic!("{}: {path}: {error}", run.name));
            let digest = hexadecimal(&Sha256::digest(&bytes));
            assert_eq!(text(input, "sha256"), digest, "{}: {path}", run.name);
            assert_eq!(count(input, "bytes"), bytes.len() as u64, "{}: {path}", run.name);
            let lines = String::from_utf8(bytes).expect("a text").lines().count() as u64;
            let is_table = Path::new(path).extension().is_some_and(|extension| extension == "csv");
            assert_eq!(input["rows"].as_u64(), is_table.then_some(lines - 1), "{}: {path}", run.name);
            assert_eq!(input["dataset"].is_string(), is_table, "{}: {path}", run.name);
            paths.insert(path);
        }
        assert_eq!(paths.len(), inputs.len(), "{}: no file stands twice", run.name);
        let submissions =
            inputs.iter().filter(|input| text(input, "path").ends_with("/submission.yaml")).count();
        assert_eq!(submissions as u64, count(&run.report["verdict"], "submissions"), "{}", run.name);
    }
}

#[test]
fn a_report_tells_what_it_rests_on() {
    let arguments = ["estimate", "--format", "json", "--quiet", "--draws", "10000", "--seed", "7"];
    let report = json_of(&sikes(&arguments, Some(&fixture("worked-example"))));
    let standard =
        load(&Library::Embedded, "1.0", &mut Diagnostics::default()).expect("the built-in standard");
    assert_eq!(text(&report["standard"], "version"), "1.0");
    assert_eq!(text(&report["standard"], "digest"), standard.digest);
    assert_eq!(text(&report["tool"], "version"), env!("CARGO_PKG_VERSION"));
    assert_eq!(count(&report["settings"], "seed"), 7);
    assert_eq!(count(&report["settings"], "draws"), 10_000);
}

/// No clock, no number of threads and no language moves a digit; another seed moves the bounds alone.
#[test]
fn the_same_question_has_the_same_answer() {
    let ask = |more: &[&str]| {
        let first = ["estimate", "--format", "json", "--quiet", "--draws", "10000"];
        sikes(&[&first[..], more].concat(), Some(&fixture("americas"))).stdout
    };
    let alone = ask(&["--threads", "1"]);
    assert!(alone == ask(&["--threads", "1"]), "twice the same");
    assert!(alone == ask(&["--threads", "5"]), "whatever the threads");
    let numbers = |bytes: &[u8]| {
        let report: Value = serde_json::from_slice(bytes).expect("a report");
        let of = |estimate: &Value| {
            ["value", "low", "high"].map(|key| estimate[key].as_f64().expect("a number").to_bits())
        };
        list(&report, "estimates").iter().map(of).collect::<Vec<[u64; 3]>>()
    };
    let spanish = ask(&["--lang", "es"]);
    assert!(spanish != alone, "the words are Spanish");
    assert_eq!(numbers(&spanish), numbers(&alone));
    let other = numbers(&ask(&["--seed", "2"]));
    assert_eq!(other.len(), 23);
    for (one, other) in numbers(&alone).iter().zip(&other) {
        assert_eq!(one[0], other[0], "a value is no draw");
        assert!(one[1] != other[1] && one[2] != other[2], "bounds are");
    }
}

#[test]
fn a_report_in_a_file_is_the_report_on_stdout() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report.json");
    let target = format!("json={}", file.display());
    let arguments = ["validate", "--format", "json", "--quiet", "--output", &target];
    let output = sikes(&arguments, Some(&fixture("united-kingdom")));
    assert!(output.stdout == fs::read(&file).expect("the report"));
}
