//! The program as a process: exit codes, streams, files.

mod support;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use support::{Run, command, finish, here, of, sikes};

const SOUND: &str = "fixtures/broken/submissions/sound";
const WRONG: &str = "fixtures/broken/submissions/component_negative";
const ONLY_WARNINGS: &str = "fixtures/broken/submissions/value_outside_interval";
const BROKEN_STANDARD: &str = "fixtures/broken/standards/unknown_choice";

/// A run that may be repeated: few draws, one thread.
fn estimate(path: &str, more: &[&str]) -> Run {
    let mut arguments = vec!["estimate", path];
    if !more.contains(&"--draws") {
        arguments.extend(["--draws", "10000"]);
    }
    arguments.extend(more);
    sikes(arguments)
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A copy of a submission that a test may spoil.
fn copy_of(submission: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(here(submission)).expect("the submission") {
        let entry = entry.expect("an entry of the folder");
        fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("a copy");
    }
    folder
}

fn files_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn text_of(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn help_and_version_go_to_stdout() {
    let commands: [&[&str]; 10] = [
        &[],
        &["new"],
        &["estimate"],
        &["validate"],
        &["explain"],
        &["standard"],
        &["standard", "check"],
        &["standard", "crosswalk"],
        &["schema"],
        &["conformance"],
    ];
    for command in commands {
        let run = sikes(command.iter().copied().chain(["--help"]));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{command:?}");
        assert!(run.stdout.contains("Usage: sikes"), "{command:?}: {}", run.stdout);
        assert!(run.stdout.contains("--lang"), "{command:?}");
    }
    assert!(sikes(["--help"]).stdout.contains("Exit codes: 0 "));
    let version = sikes(["--version"]);
    assert_eq!(version.stdout, format!("sikes {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!((version.code, version.stderr.as_str()), (0, ""));
}

#[test]
fn mistakes_of_usage_are_explained_on_stderr() {
    let cases: [(&[&str], &str); 17] = [
        (&[], "Usage: sikes"),
        (&["estimat"], "'estimate'"),
        (&["estimate"], "<PATH>"),
        (&["estimate", SOUND, "--sead", "2"], "'--seed'"),
        (&["estimate", SOUND, "--seed", "two"], "two"),
        (&["estimate", SOUND, "--draws", "0"], "--draws"),
        (&["estimate", SOUND, "--threads", "0"], "--threads"),
        (&["estimate", SOUND, "--format", "jsn"], "'json'"),
        (&["estimate", SOUND, "--output", "report.json"], "FORMAT=PATH"),
        (&["estimate", SOUND, "--output", "jsn=report.json"], "`jsn` is no format"),
        (&["estimate", SOUND, "--output", "json="], "the path is empty"),
        (&["validate", SOUND, "--fail-on", "errors"], "'error'"),
        (&["validate", SOUND, "--lang", "eng"], "possible values: en, es, pt, fr"),
        (&["standard"], "Usage: sikes standard"),
        (&["standard", "chek"], "'check'"),
        (&["schema"], "<OF>"),
        (&["conformance"], "<FOLDER>"),
    ];
    for (arguments, expected) in cases {
        let run = sikes(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(expected), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn what_is_not_there_cannot_be_read() {
    let empty = tempfile::tempdir().expect("a folder");
    let empty = text_of(empty.path());
    let cases: [(&[&str], &str); 13] = [
        (&["validate", "no/such/folder"], "no/such/folder: there is no such file or folder"),
        (&["estimate", "no/such/folder"], "no/such/folder: there is no such file or folder"),
        (&["validate", "Cargo.toml"], "Cargo.toml is a file: name the folder of a submission"),
        (
            &["validate", "fixtures/broken/submissions/sound/submission.yaml"],
            "name the folder that it stands in",
        ),
        (&["validate", empty], "a submission is a folder with a submission.yaml"),
        (
            &["validate", SOUND, "--standard", "no/such/standard"],
            "no/such/standard: there is no such file or folder",
        ),
        (&["standard", "check", "no/such/standard"], "no/such/standard: there is no such file or folder"),
        (&["standard", "check", empty], "it has no standard.yaml"),
        (&["standard", "check", "standard"], "name a version in it: 1.0"),
        (&["standard", "resolve", "--to", "no/such/folder/resolved.json"], "could not write"),
        (&["explain", "residual", "--standard", "no/such/standard"], "no/such/standard"),
        (&["conformance", "no/such/folder"], "no/such/folder"),
        (&["conformance", empty], "there is no case"),
    ];
    for (arguments, expected) in cases {
        let run = sikes(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{arguments:?}");
        assert!(
            run.stderr.starts_with("error: ") && run.stderr.contains(expected),
            "{arguments:?}: {}",
            run.stderr
        );
        assert_eq!(run.stderr.lines().count(), 1, "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn a_broken_standard_is_no_finding_of_the_submission() {
    for subcommand in ["validate", "estimate"] {
        let run = sikes([subcommand, SOUND, "--standard", BROKEN_STANDARD, "--quiet"]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{subcommand}");
        assert!(run.stderr.contains("error[unknown-choice]"), "{subcommand}: {}", run.stderr);
    }
    let run = sikes(["explain", "residual", "--standard", BROKEN_STANDARD]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("error[unknown-choice]"), "{}", run.stderr);
}

#[test]
fn findings_make_the_exit_code_one_and_nothing_else() {
    for (path, code) in [(SOUND, 0), (ONLY_WARNINGS, 0), (WRONG, 1)] {
        assert_eq!(sikes(["validate", path]).code, code, "{path}");
        assert_eq!(estimate(path, &[]).code, code, "{path}");
    }
}

#[test]
fn the_fail_level_decides_the_exit_code() {
    let cases = [
        (ONLY_WARNINGS, [("error", 0), ("warning", 1), ("info", 1), ("never", 0)]),
        (WRONG, [("error", 1), ("warning", 1), ("info", 1), ("never", 0)]),
        (SOUND, [("error", 0), ("warning", 0), ("info", 0), ("never", 0)]),
    ];
    for (path, levels) in cases {
        for (level, code) in levels {
            assert_eq!(sikes(["validate", path, "--fail-on", level]).code, code, "{path} {level}");
            assert_eq!(estimate(path, &["--fail-on", level]).code, code, "{path} {level}");
        }
    }
}

#[test]
fn results_go_to_stdout_and_the_verdict_to_stderr() {
    let run = estimate(WRONG, &["--format", "json"]);
    let report = json(&run.stdout);
    for part in ["standard", "estimates", "refusals", "findings", "ledger", "inputs"] {
        assert!(!report[part].is_null(), "{part}");
    }
    assert!(report["findings"].as_array().is_some_and(|findings| !findings.is_empty()));
    assert!(run.stderr.contains("component_negative") && !run.stderr.contains('{'), "{}", run.stderr);

    let quiet = estimate(WRONG, &["--format", "json", "-q"]);
    assert_eq!((quiet.code, quiet.stderr.as_str(), &quiet.stdout), (1, "", &run.stdout));

    // Validation has one result, the verdict.
    let verdict = sikes(["validate", WRONG]);
    assert_eq!(verdict.stderr, "");
    assert!(verdict.stdout.contains("component_negative"));
    assert_eq!(json(&sikes(["validate", WRONG, "--format", "json"]).stdout)["findings"], report["findings"]);
}

#[test]
fn tables_come_as_csv() {
    let run = estimate("fixtures/broken/submissions/two_submissions", &["--format", "csv", "-q"]);
    let mut lines = run.stdout.lines();
    let header = lines.next().expect("a header");
    assert!(header.starts_with("territory,") && header.contains(",quantity,value,low,high,"), "{header}");
    assert!(lines.count() >= 2, "{}", run.stdout);
    assert_eq!(run.stderr, "");

    // Where nothing is estimated, the findings are the table.
    let run = sikes(["validate", WRONG, "--format", "csv"]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let mut lines = run.stdout.lines();
    assert!(lines.next().is_some_and(|header| header.starts_with("severity,rule,")), "{}", run.stdout);
    assert!(lines.any(|line| line.starts_with("error,component_negative,")), "{}", run.stdout);
}

#[test]
fn reports_are_written_whole_beside_stdout() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("report.json");
    let table = folder.path().join("table.csv");
    fs::write(&report, "an older report").expect("a file");
    let to = |format: &str, path: &Path| format!("{format}={}", text_of(path));
    let outputs = [to("json", &report), to("csv", &table)];
    let run = estimate(WRONG, &["--output", &outputs[0], "--output", &outputs[1]]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("Example territory") && !run.stdout.starts_with('{'));
    assert_eq!(files_in(folder.path()), ["report.json", "table.csv"]);
    assert_eq!(fs::read_to_string(&report).unwrap(), estimate(WRONG, &["--format", "json"]).stdout);
    assert_eq!(fs::read_to_string(&table).unwrap(), estimate(WRONG, &["--format", "csv"]).stdout);
}

#[test]
fn nothing_is_left_behind_where_a_report_cannot_be_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("missing").join("report.json");
    let run = estimate(SOUND, &["-q", "--output", &format!("json={}", text_of(&path))]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.contains("could not write") && run.stderr.contains("report.json"), "{}", run.stderr);
    assert_eq!(files_in(folder.path()), [""; 0]);

    // A folder stands where the file should.
    let taken = folder.path().join("taken");
    fs::create_dir(&taken).expect("a folder");
    let run = estimate(SOUND, &["-q", "--output", &format!("json={}", text_of(&taken))]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert_eq!(files_in(folder.path()), ["taken"]);
    assert_eq!(files_in(&taken), [""; 0]);
}

/// The superuser may write everywhere, so this test has nothing to say where it runs as one.
#[test]
#[cfg(unix)]
fn a_folder_that_may_not_be_written_to_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).expect("permissions");
    if fs::write(folder.path().join("probe"), "").is_ok() {
        return;
    }
    let path = folder.path().join("report.json");
    let run = estimate(SOUND, &["-q", "--output", &format!("json={}", text_of(&path))]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.contains("could not write"), "{}", run.stderr);
    assert_eq!(files_in(folder.path()), [""; 0]);
}

#[test]
fn a_report_is_as_readable_as_any_other_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (report, plain) = (folder.path().join("report.json"), folder.path().join("plain"));
    fs::write(&plain, "").expect("a file");
    let run = estimate(SOUND, &["-q", "--output", &format!("json={}", text_of(&report))]);
    assert_eq!(run.code, 0);
    let permissions = |path: &Path| fs::metadata(path).expect("the file").permissions();
    assert_eq!(permissions(&report), permissions(&plain));
}

#[test]
fn no_color_wins() {
    let coloured = |run: &Run| run.stdout.contains('\u{1b}') || run.stderr.contains('\u{1b}');
    for arguments in [["validate", WRONG], ["standard", "check"], ["explain", "residual"]] {
        let arguments: Vec<&str> = arguments.into_iter().chain(["--color", "always"]).collect();
        assert!(!coloured(&finish(command().args(&arguments).env("NO_COLOR", "1"))), "{arguments:?}");
    }
    for more in [["--color", "never"], ["--color", "auto"]] {
        assert!(!coloured(&sikes(["validate", WRONG].into_iter().chain(more))), "{more:?}");
    }
    assert!(coloured(&sikes(["validate", WRONG, "--color", "always"])));
    // As no-color.org has it, an empty value is none.
    assert!(coloured(&finish(command().args(["validate", WRONG, "--color", "always"]).env("NO_COLOR", ""))));
    let standard = ["standard", "check", BROKEN_STANDARD, "--color", "always"];
    assert!(coloured(&sikes(standard)));
    assert!(!coloured(&finish(command().args(standard).env("NO_COLOR", "1"))));
    // A report for machines has no colour in any case.
    assert!(!coloured(&estimate(WRONG, &["-q", "--format", "json", "--color", "always"])));
}

#[test]
fn the_seed_decides_the_digits_and_threads_do_not() {
    let run = |seed: &str, threads: &str| {
        let run = estimate(
            SOUND,
            &["-q", "--format", "json", "--seed", seed, "--threads", threads, "--draws", "20000"],
        );
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        run.stdout
    };
    let first = run("1", "1");
    for threads in ["1", "2", "5"] {
        assert!(run("1", threads) == first, "{threads} threads change the report");
    }
    let estimates = |text: &str| json(text)["estimates"].clone();
    assert_ne!(estimates(&first), estimates(&run("2", "1")));
    assert_eq!(json(&run("7", "1"))["settings"]["seed"], 7);
}

#[test]
fn samples_are_bounded_and_counts_are_not() {
    let path = "fixtures/united-kingdom";
    let all = json(&sikes(["validate", path, "--format", "json"]).stdout);
    let all = all["findings"].as_array().expect("findings").len();
    assert_eq!(all, 2);
    let one = sikes(["validate", path, "--format", "json", "--samples", "1"]);
    assert_eq!(one.code, 1);
    let report = json(&one.stdout);
    assert_eq!(report["findings"].as_array().expect("findings").len(), 1);
    let rule = |entry: &&serde_json::Value| entry["rule"] == "strengths_do_not_add_up";
    let entry = report["ledger"].as_array().expect("a ledger").iter().find(rule).expect("the rule");
    assert_eq!(entry["failed"], 2);
    assert_eq!(sikes(["validate", path, "--samples", "0"]).code, 1);
}

#[test]
fn explain_tells_of_everything() {
    let cases = [
        ("components_do_not_add_up", "rule components_do_not_add_up"),
        ("consumption_per_adult/value/max", "value <= 50"),
        ("submission/manifest", "submission.yaml"),
        ("apc_decomposition", "\nformula\n"),
        ("residual", "\nfails when\n"),
        ("clearances", "dataset clearances"),
        ("recorded_per_adult", "LPA/person"),
        ("unrecorded_share", "quantity unrecorded_share"),
        ("who", "taxonomy who"),
        ("hl", "hectolitre"),
        ("%vol", "per cent"),
        ("D", "Judged"),
        ("beverage", "Spirits"),
        ("beverage.beer", "code beverage.beer\nBeer\n"),
        ("clearances.volume", "column clearances.volume\nVolume of product\n"),
        ("expressions", "# Expressions"),
    ];
    for (id, expected) in cases {
        for language in ["en", "es"] {
            let run = sikes(["explain", id, "--lang", language]);
            assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{id} {language}");
            assert!(language == "es" || run.stdout.contains(expected), "{id}: {}", run.stdout);
        }
    }
    let run = sikes(["explain", "consumption_per_adult/value/max", "--lang", "es"]);
    assert!(run.stdout.contains("demasiado grande"), "{}", run.stdout);
}

#[test]
fn explain_suggests_what_was_meant() {
    for language in ["en", "es"] {
        let run = sikes(["explain", "month_mising", "--lang", language]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.contains("month_missing"), "{}", run.stderr);
    }
    let run = sikes(["explain", "nothing_of_this_kind"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("sikes standard show"), "{}", run.stderr);
    let run = sikes(["explain", "pure_alcohol", "--lang", "fr"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("demandez `clearances.pure_alcohol`"), "{}", run.stderr);
}

#[test]
fn schemas_are_json() {
    let kinds = [
        "report",
        "standard",
        "code-lists",
        "units",
        "quantities",
        "datasets",
        "rules",
        "indicators",
        "estimators",
        "grades",
        "locales",
        "taxonomies",
        "crosswalk",
    ];
    for kind in kinds {
        let run = sikes(["schema", kind]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{kind}");
        let schema = json(&run.stdout);
        assert!(schema["type"] == "object" && schema["properties"].is_object(), "{kind}");
    }
    for (kind, expected) in
        [("repotr", "did you mean `report`?"), ("nothing", "the schemas are report, crosswalk, ")]
    {
        let run = sikes(["schema", kind]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
}

/// The digest that `standard check` prints.
fn digest(run: &Run) -> &str {
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let digest = run.stdout.lines().find_map(|line| line.strip_prefix("digest ")).expect("a digest");
    assert!(digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digest}");
    digest
}

#[test]
fn a_resolved_standard_is_the_same_standard() {
    let folder = tempfile::tempdir().expect("a folder");
    let cases: [(&str, &[&str]); 3] = [
        ("built_in", &[]),
        ("from_the_folder", &["standard/1.0"]),
        ("small", &["fixtures/broken/standards/base"]),
    ];
    for (name, path) in cases {
        let checked = sikes(["standard", "check"].iter().chain(path));
        let resolved = sikes(["standard", "resolve"].iter().chain(path));
        assert_eq!((resolved.code, resolved.stderr.as_str()), (0, ""));
        let file = folder.path().join(format!("{name}.json"));
        let to = ["--to", text_of(&file)];
        let written = sikes(["standard", "resolve"].iter().chain(path).chain(&to));
        assert_eq!((written.code, written.stdout.as_str(), written.stderr.as_str()), (0, "", ""));
        assert!(fs::read_to_string(&file).unwrap() == resolved.stdout, "{name}");
        let again = sikes(["standard", "check", text_of(&file)]);
        assert_eq!(digest(&again), digest(&checked), "{name}");
        assert_eq!(again.stdout, checked.stdout, "{name}");
    }
    let file = folder.path().join("built_in.json");
    let by_file = estimate(SOUND, &["-q", "--format", "json", "--standard", text_of(&file)]);
    assert!(by_file.stdout == estimate(SOUND, &["-q", "--format", "json"]).stdout);
}

#[test]
fn a_standard_is_listed() {
    let run = sikes(["standard", "show"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for expected in ["\nrules (", "month_missing", "\nunits (", "\nmethods (", "apc_decomposition"] {
        assert!(run.stdout.contains(expected), "{expected}");
    }
    // Rules stand under the dataset that they are about.
    let rules = sikes(["standard", "show", "--kind", "rules", "--lang", "fr"]);
    assert_eq!((rules.code, rules.stderr.as_str()), (0, ""));
    let heading = rules.stdout.find("\nclearances (").expect("the dataset");
    assert!(rules.stdout.find("month_missing").is_some_and(|rule| heading < rule), "{}", rules.stdout);
    assert!(rules.stdout.contains("avertissement"), "{}", rules.stdout);
    assert!(!rules.stdout.contains("hectolitre"), "only rules: {}", rules.stdout);
    let run = sikes(["standard", "show", "fixtures/broken/standards/base", "--lang", "es"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("beverage_missing"));
}

/// C u = 150, less L = 30, and 30 / 150 = 0.2: arithmetic that is exact.
const CASE: &str = r#"{
  "id": "residual_gap/by_hand",
  "method": "residual_gap",
  "description": "By hand.",
  "inputs": { "C": 100.0, "u": 1.5, "L": 120.0 },
  "expected": { "total": 150.0, "gap": 30.0, "share": 0.2, "negative_gap": false },
  "tolerance": { "rel": 1e-12, "abs": 0.0 }
}"#;

#[test]
fn conformance_judges_each_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = text_of(folder.path()).to_owned();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    fs::create_dir(folder.path().join("below")).expect("a folder");
    write("below/by_hand.json", CASE);
    let run = sikes(["conformance", &path]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    assert!(
        run.stdout.contains("residual_gap/by_hand") && run.stdout.contains("1 passed, 0 failed"),
        "{}",
        run.stdout
    );

    // A method that is not here is named, and fails nothing.
    write("other.json", &CASE.replace("residual_gap", "astrology"));
    let run = sikes(["conformance", &path, "--threads", "2"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(
        run.stdout.contains("no method astrology") && run.stdout.contains("1 not implemented"),
        "{}",
        run.stdout
    );

    write("altered.json", &CASE.replace("by_hand", "altered").replace("\"gap\": 30.0", "\"gap\": 30.1"));
    let run = sikes(["conformance", &path]);
    assert_eq!(run.code, 1);
    let line = run.stdout.lines().find(|line| line.contains("residual_gap/altered")).expect("the case");
    assert!(line.starts_with("failed") && line.contains("gap") && line.contains("30.1"), "{line}");
    assert!(run.stdout.contains("1 passed, 1 failed, 1 not implemented"), "{}", run.stdout);
}

#[test]
fn conformance_names_what_is_no_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).expect("a file");
    write("cut_off.json", &CASE.as_bytes()[..100]);
    write("empty.json", b"");
    write("latin1.json", b"{ \"id\": \"\xf3\" }");
    write("list.json", b"[1, 2]");
    write("no_method.json", b"{ \"id\": \"a\" }");
    write("deep.json", "[".repeat(100_000).as_bytes());
    let run = sikes(["conformance", text_of(folder.path())]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    for name in ["cut_off.json", "empty.json", "latin1.json", "list.json", "no_method.json", "deep.json"] {
        let line = run.stdout.lines().find(|line| line.contains(name));
        assert!(
            line.is_some_and(|line| line.starts_with("failed") && line.contains("not a case")),
            "{name}: {line:?}"
        );
    }
}

#[test]
fn a_hundred_megabytes_on_one_line_are_refused_in_words() {
    let lines = [
        "",
        "period,component,value,low,high,source\n2024,recorded,",
        "period,component,value,low,high,source\n\"",
    ];
    for start in lines {
        let submission = copy_of(SOUND);
        let path = submission.path().join("consumption_per_adult.csv");
        let mut file = fs::File::create(path).expect("a file");
        file.write_all(start.as_bytes()).expect("the start of the line");
        let megabyte = vec![b'7'; 1_000_000];
        for _ in 0..100 {
            file.write_all(&megabyte).expect("a piece of the line");
        }
        let run = sikes(["validate", text_of(submission.path())]);
        assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{start:?}");
        assert!(run.stdout.contains("consumption_per_adult.csv"), "{start:?}: {}", run.stdout);
        assert!(run.stdout.contains("the row is longer than"), "{start:?}: {}", run.stdout);
        assert!(run.stdout.len() < 20_000, "{start:?}");
    }
}

#[test]
fn a_manifest_of_many_megabytes_is_refused_in_words() {
    let submission = copy_of(SOUND);
    fs::write(submission.path().join("submission.yaml"), "a: 1\n".repeat(2_000_000)).expect("a file");
    let run = sikes(["validate", text_of(submission.path())]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    assert!(run.stdout.contains("larger than 4 MiB"), "{}", run.stdout);
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let long: [&[&str]; 3] = [&["standard", "resolve"], &["explain", "expressions"], &["schema", "report"]];
    for arguments in long {
        let mut child =
            command().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let run = of(&child.wait_with_output().unwrap());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
    }
    let mut command = command();
    command.args(["estimate", WRONG, "--draws", "10000"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// A pipe in the place of a file holds the program in the middle of its work, where the interrupt meets it.
#[test]
#[cfg(unix)]
fn an_interrupted_run_leaves_nothing_behind() {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::Command;

    let submission = copy_of(SOUND);
    let pipe = submission.path().join("sources.csv");
    fs::remove_file(&pipe).expect("the file");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let folder = tempfile::tempdir().expect("a folder");
    let output = format!("json={}", text_of(&folder.path().join("report.json")));
    let arguments = ["estimate", text_of(submission.path()), "--draws", "10000000", "--output", &output];
    let child = command().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // This waits until the program has opened the pipe to read.
    let writer = fs::OpenOptions::new().write(true).open(&pipe).expect("the pipe");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    drop(writer);
    assert_eq!(ended.status.signal(), Some(2));
    assert_eq!(ended.stdout, b"");
    assert!(!String::from_utf8_lossy(&ended.stderr).contains("panicked"));
    assert_eq!(files_in(folder.path()), [""; 0]);
}

/// A target that is a link is followed, one in a submission's folder or named twice is refused, and nothing is written.
#[test]
fn output_goes_where_it_harms_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let inside = format!("json={SOUND}/report.json");
    let run = sikes(["validate", SOUND, "--output", &inside]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("into a submission"), "{}", run.stderr);
    let twice = format!("json={}", folder.path().join("twice").display());
    let run = sikes(["validate", SOUND, "--output", &twice, "--output", &twice]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("twice"), "{}", run.stderr);
    assert!(!folder.path().join("twice").exists());
    #[cfg(unix)]
    {
        let target = folder.path().join("target");
        std::fs::write(&target, "old").expect("a file");
        std::os::unix::fs::symlink(&target, folder.path().join("link")).expect("a link");
        let linked = format!("json={}", folder.path().join("link").display());
        assert_eq!(sikes(["validate", SOUND, "--output", &linked]).code, 0);
        assert!(std::fs::read_to_string(&target).expect("a report").starts_with('{'));
        assert!(std::fs::symlink_metadata(folder.path().join("link")).expect("a link").is_symlink());
    }
}
