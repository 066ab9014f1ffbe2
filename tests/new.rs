//! `sikes new`: what it writes can be read, validates, and harms nothing that was there before.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use sikes::compile::compile;
use sikes::diagnostic::{Diagnostics, Source};
use sikes::standard::source::Library;
use sikes::standard::{Language, load};
use sikes::submission::manifest::Manifest;
use support::{Run, command, finish, here, of, sikes};
use tempfile::TempDir;

/// A standard with a dataset for each tier, one without, and codes that Markdown could misread.
const SMALL: &str = "tests/small/1.0";

/// Each language with the file that says how to fill in the tables.
const GUIDES: [(&str, &str); 4] =
    [("en", "README.md"), ("es", "LEEME.md"), ("pt", "LEIAME.md"), ("fr", "LISEZMOI.md")];

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn text_of(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// A run for Panama in 2025.
fn new(path: &Path, more: &[&str]) -> Run {
    sikes(["new", "--territory", "PA", "--year", "2025", text_of(path)].iter().chain(more))
}

/// The files of a folder by name.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).expect("the folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let read = paths.map(|path| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(&path).expect("a text"))
    });
    read.collect()
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().collect()
}

/// The datasets of a standard, each with its tier and the header that a file of it has.
fn headers(standard: Option<&str>) -> BTreeMap<String, (Option<u8>, String)> {
    let (library, version) = match standard {
        Some(path) => Library::of_version(&here(path)).expect("a standard"),
        None => (Library::Embedded, Library::Embedded.versions().pop().expect("a version")),
    };
    let mut mistakes = Diagnostics::default();
    let standard = load(&library, &version, &mut mistakes).expect("files that can be read");
    let plan = compile(&standard, Language::English, &mut mistakes);
    assert!(mistakes.is_empty());
    let headers = plan.datasets.values().map(|dataset| {
        let names: Vec<&str> = dataset.columns.iter().map(|column| column.name.as_str()).collect();
        (dataset.id.clone(), (dataset.tier, names.join(",") + "\n"))
    });
    headers.collect()
}

/// Asserts that a submission gives nothing but a warning for each table, that it has no rows.
fn assert_only_empty(path: &Path, more: &[&str]) {
    let run = sikes(["validate", text_of(path), "--format", "json"].iter().chain(more));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    for finding in findings {
        assert_eq!(finding["severity"], "warning", "{finding}");
        assert!(finding["rule"].as_str().is_some_and(|rule| rule.ends_with("/rows")), "{finding}");
    }
    let ledger = report["ledger"].as_array().expect("a ledger");
    let not_run: Vec<_> = ledger.iter().filter(|entry| entry["submissions_not_run"] != 0).collect();
    assert!(not_run.is_empty(), "a table without rows has been read whole: {not_run:?}");
    let tables = names(path).iter().filter(|name| name.split('.').next_back() == Some("csv")).count();
    assert_eq!(findings.len(), tables, "{findings:?}");
}

#[test]
fn the_files_are_those_of_the_snapshots() {
    for language in ["en", "es"] {
        let place = folder();
        let path = place.path().join("panama");
        let run = new(&path, &["--tier", "2", "--standard", SMALL, "--lang", language]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        let texts = files(&path).into_iter().map(|(name, text)| format!("==> {name} <==\n{text}"));
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(format!("new_{language}"), texts.collect::<Vec<_>>().join("\n"));
        });
    }
}

#[test]
fn every_tier_in_every_language_is_valid() {
    let headers = headers(Some(SMALL));
    let of_tier: [&[&str]; 3] = [
        &["sales", "sources"],
        &["inspections", "sales", "sources"],
        &["bottles", "inspections", "sales", "sources"],
    ];
    for (language, guide) in GUIDES {
        for (tier, datasets) in ["1", "2", "3"].into_iter().zip(of_tier) {
            let place = folder();
            let path = place.path().join("panama");
            let run = new(&path, &["--tier", tier, "--lang", language, "--standard", SMALL]);
            assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{language} {tier}");
            assert!(run.stdout.contains("sikes validate"), "{}", run.stdout);
            let mut wanted: Vec<String> = datasets.iter().map(|id| format!("{id}.csv")).collect();
            wanted.extend([guide.to_owned(), "submission.yaml".to_owned()]);
            wanted.sort();
            let written = files(&path);
            assert_eq!(written.keys().cloned().collect::<Vec<_>>(), wanted, "{language} {tier}");
            for id in datasets {
                assert_eq!(written[&format!("{id}.csv")], headers[*id].1, "{language} {tier}");
            }
            assert_only_empty(&path, &["--standard", SMALL, "--lang", language]);
        }
    }
}

#[test]
fn every_dataset_of_the_built_in_standard_can_be_written() {
    let headers = headers(None);
    let datasets: Vec<&str> = headers.keys().flat_map(|id| ["--dataset", id]).collect();
    for (language, guide) in GUIDES {
        let place = folder();
        let path = place.path().join("panama");
        let run = new(&path, &[&datasets[..], &["--lang", language]].concat());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{language}");
        let written = files(&path);
        for (id, (_, header)) in &headers {
            assert_eq!(&written[&format!("{id}.csv")], header, "{language}");
            assert!(written[guide].contains(&format!("`{id}.csv`")), "{language} {id}");
            assert!(written["submission.yaml"].contains(&format!("\n  {id}: {id}.csv\n")), "{language} {id}");
        }
        assert_only_empty(&path, &["--lang", language]);
        assert_own_words(language, &written[guide], &written["submission.yaml"]);
    }
}

/// What a tier asks for, and nothing that it does not, but for what that refers to.
#[test]
fn every_tier_of_the_built_in_standard_can_be_written() {
    let headers = headers(None);
    for tier in 1..=3 {
        let place = folder();
        let path = place.path().join("panama");
        let run = new(&path, &["--tier", &tier.to_string()]);
        let asked: Vec<&String> = headers
            .iter()
            .filter(|(_, (from, _))| from.is_some_and(|from| from <= tier))
            .map(|(id, _)| id)
            .collect();
        if asked.is_empty() {
            assert_eq!(run.code, 2, "{}", run.stderr);
            continue;
        }
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        let written = files(&path);
        assert!(asked.iter().all(|id| written.contains_key(&format!("{id}.csv"))), "tier {tier}");
        assert!(written["submission.yaml"].contains(&format!("\ntier: {tier}\n")));
        assert_only_empty(&path, &[]);
    }
}

/// Asserts that what the program itself says is in the language: the guide's opening, and the notes of `submission.yaml`.
fn assert_own_words(language: &str, guide: &str, manifest: &str) {
    let opening: String = guide.split("\n## ").take(3).collect();
    let notes = manifest.lines().filter(|line| line.starts_with('#'));
    let said = opening.split('`').step_by(2).chain(notes).collect::<Vec<_>>().join(" ");
    let english =
        ["the", "of", "and", "with", "which", "is", "this", "your", "who", "what", "lines", "table"];
    let found: Vec<&str> =
        said.split(|letter: char| !letter.is_alphabetic()).filter(|word| english.contains(word)).collect();
    assert_eq!(found.is_empty(), language != "en", "{language}: {found:?}");
}

#[test]
fn what_others_refer_to_comes_with_them() {
    let place = folder();
    let path = place.path().join("panama");
    assert_eq!(new(&path, &["--dataset", "clearances"]).code, 0);
    assert_eq!(names(&path), ["README.md", "clearances.csv", "sources.csv", "submission.yaml"]);
}

/// What the notes of `submission.yaml` say can be done by taking a line away, and a # before another.
#[test]
fn a_dataset_that_is_not_sent_can_say_why() {
    let place = folder();
    let path = place.path().join("panama");
    assert_eq!(new(&path, &["--tier", "2", "--standard", SMALL]).code, 0);
    let manifest = path.join("submission.yaml");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    let changed = text
        .replace("  sales: sales.csv\n", "")
        .replace("  # sales: not_collected", "  sales: not_collected")
        .replace("# prepared:", "prepared:");
    fs::write(&manifest, &changed).expect("a manifest");
    fs::remove_file(path.join("sales.csv")).expect("the table");
    assert_only_empty(&path, &["--standard", SMALL]);
    // Without the reason, the tier is not kept.
    fs::write(&manifest, changed.replace("  sales: not_collected\n", "")).expect("a manifest");
    let run = sikes(["validate", text_of(&path), "--standard", SMALL]);
    assert!(run.stdout.contains("warning[sales/sent]"), "{}", run.stdout);
}

/// Rules over indicators set the figures of such tables beside others, and find none.
#[test]
fn rules_over_indicators_run_on_empty_tables() {
    const TRADE: &str = "fixtures/broken/standards/trade";
    let place = folder();
    let path = place.path().join("panama");
    let headers = headers(Some(TRADE));
    let datasets = headers.keys().flat_map(|id| ["--dataset", id]);
    let arguments: Vec<&str> = datasets.chain(["--standard", TRADE]).collect();
    assert_eq!(new(&path, &arguments).code, 0);
    assert_only_empty(&path, &["--standard", TRADE]);
}

#[test]
fn the_agency_is_written_as_it_is_named() {
    for name in ["Dirección: \"Aduanas\" # Sur", "- x", "{{a}}", "yes", "O'Higgins & hijos", "C:\\n"] {
        let place = folder();
        let path = place.path().join("panama");
        let agency = format!("--agency={name}");
        assert_eq!(new(&path, &["--tier", "1", "--standard", SMALL, &agency]).code, 0, "{name}");
        let source =
            Source { path: "submission.yaml".to_owned(), text: files(&path)["submission.yaml"].clone() };
        let mut mistakes = Diagnostics::default();
        let manifest = Manifest::read(&Arc::new(source), &mut mistakes).expect("a manifest");
        assert!(mistakes.is_empty(), "{name}");
        assert_eq!(manifest.agency, name);
        assert_eq!((manifest.territory.value.as_str(), manifest.period.value.as_str()), ("PA", "2025"));
        assert_eq!(manifest.confidentiality.value, "C", "nobody sees it until its agency says so");
    }
}

#[test]
fn a_territory_that_is_a_word_of_yaml_stays_a_territory() {
    let place = folder();
    let path = place.path().join("norway");
    let arguments = ["new", "--territory", "NO", "--year", "2025", "--tier", "1", "--standard", SMALL];
    assert_eq!(sikes(arguments.iter().chain(&[text_of(&path)])).code, 0);
    assert!(files(&path)["submission.yaml"].contains("\nterritory: \"NO\"\n"));
    assert_only_empty(&path, &["--standard", SMALL]);
}

#[test]
fn nothing_is_ever_overwritten() {
    let place = folder();
    let path = place.path().join("panama");
    fs::create_dir(&path).expect("a folder");
    for number in 1..=7 {
        fs::write(path.join(format!("{number}.csv")), "mine").expect("a file");
    }
    let cases = [("en", "and 2 more"), ("es", "y 2 más"), ("pt", "e mais 2"), ("fr", "et 2 de plus")];
    for (language, more) in cases {
        let run = new(&path, &["--dataset", "sources", "--lang", language]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{language}");
        assert!(run.stderr.contains("1.csv, 2.csv, 3.csv, 4.csv, 5.csv"), "{}", run.stderr);
        assert!(run.stderr.contains(more) && !run.stderr.contains("6.csv"), "{}", run.stderr);
        assert!(files(&path).values().all(|text| text == "mine"));
        assert_eq!(files(&path).len(), 7);
    }
    // Neither is a file in the place of the folder, nor a link that leads nowhere.
    let file = path.join("1.csv");
    let run = new(&file, &["--dataset", "sources"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("is not a folder"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(&file).expect("the file"), "mine");
    #[cfg(unix)]
    {
        let link = place.path().join("link");
        std::os::unix::fs::symlink("nowhere", &link).expect("a link");
        assert_eq!(new(&link, &["--dataset", "sources"]).code, 2);
        assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
    }
}

#[test]
fn an_empty_folder_is_taken_unless_somebody_stands_in_it() {
    let place = folder();
    let path = place.path().join("panama");
    fs::create_dir(&path).expect("a folder");
    let arguments = ["new", "--territory", "PA", "--year", "2025", "--dataset", "sources"];
    for name in [".", "../panama"] {
        let run = finish(command().args(arguments).arg(name).current_dir(&path));
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{name}");
        assert!(run.stderr.contains("running inside"), "{}", run.stderr);
        assert_eq!(names(&path), [""; 0]);
    }
    let run = finish(command().args(arguments).arg("panama").current_dir(place.path()));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(names(&path), ["README.md", "sources.csv", "submission.yaml"]);
    assert_eq!(fs::read_dir(place.path()).expect("the folder").count(), 1, "nothing is left beside it");
    assert_only_empty(&path, &[]);
}

#[test]
#[cfg(unix)]
fn the_folder_is_as_open_as_any_other() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = folder();
    let (written, plain) = (place.path().join("written"), place.path().join("plain"));
    assert_eq!(new(&written, &["--dataset", "sources"]).code, 0);
    fs::create_dir(&plain).expect("a folder");
    let mode = |path: &Path| fs::metadata(path).expect("a folder").permissions().mode();
    assert_eq!(mode(&written), mode(&plain));
}

#[test]
fn where_it_cannot_be_written_nothing_is_left() {
    let place = folder();
    let run = new(&place.path().join("missing").join("panama"), &["--dataset", "sources"]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.contains("could not write"), "{}", run.stderr);
    assert_eq!(names(place.path()), [""; 0]);
}

#[test]
fn what_is_asked_for_wrongly_is_said_in_the_users_language() {
    let place = folder();
    let path = place.path().join("panama");
    let path = text_of(&path);
    let run = |territory: &str, year: &str, more: &[&str]| {
        sikes(["new", "--territory", territory, "--year", year, path].iter().chain(more))
    };
    let cases = [
        (run("Panamá", "2025", &["--tier", "1", "--lang", "es"]), "Escriba `PA` para Panamá."),
        (run("pa", "2025", &["--tier", "1", "--lang", "fr"]), "Écrivez `PA` pour Panama."),
        (run("Panma", "2025", &["--tier", "1"]), "Write `PA` for Panama."),
        (run("Terra do Nunca", "2025", &["--tier", "1", "--lang", "pt"]), "`sikes explain territory`"),
        (run("PA", "25", &["--tier", "1", "--lang", "es"]), "`25` no es un año"),
        (run("PA", "2025-06", &["--tier", "1", "--lang", "pt"]), "`2025-06` não é um ano"),
        (run("PA", "2016/2018", &["--tier", "1"]), "`2016/2018` is not a year"),
        (run("PA", "2025", &["--dataset", "clearence", "--lang", "fr"]), "Vouliez-vous dire `clearances` ?"),
        (run("PA", "2025", &["--dataset", "gin"]), "standard show --kind datasets"),
        (run("PA", "2025", &["--tier", "1", "--agency", " ", "--lang", "es"]), "el nombre de la institución"),
        (run("PA", "2025", &["--tier", "1", "--agency", "A\nB"]), "in one line"),
        (run("PA", "2025", &["--tier", "4"]), "--tier"),
        (run("PA", "2025", &["--tier", "0"]), "--tier"),
        (run("PA", "2025", &[]), "--tier"),
        (run("PA", "2025", &["--tier", "3", "--lang", "es", "--standard", BASE]), "--dataset"),
    ];
    for (run, expected) in cases {
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{expected}: {}", run.stderr);
        assert!(run.stderr.contains(expected), "{expected}: {}", run.stderr);
    }
    assert_eq!(names(place.path()), [""; 0]);
}

/// A standard whose datasets have no tier.
const BASE: &str = "fixtures/broken/standards/base";

/// A resolved standard is one file from anywhere: it may not make the program write outside the folder, nor a formula.
#[test]
fn a_hostile_standard_writes_nothing() {
    let resolved: serde_json::Value =
        serde_json::from_str(&sikes(["standard", "resolve", BASE]).stdout).expect("JSON");
    let place = folder();
    let inside = place.path().join("inside");
    fs::create_dir(&inside).expect("a folder");
    for (dataset, column) in [("../../outside", "title"), ("sources", "=cmd|x"), ("sources", "a,b")] {
        let mut hostile = resolved.clone();
        let items = hostile["items"].as_object_mut().expect("items");
        let mut sources = items.remove("datasets/sources").expect("the dataset");
        let columns = sources["columns"].as_object_mut().expect("columns");
        let title = columns.remove("title").expect("the column");
        columns.insert(column.to_owned(), title);
        items.insert(format!("datasets/{dataset}"), sources);
        items["datasets/sales"]["columns"].as_object_mut().expect("columns").remove("source");
        let standard = place.path().join("standard.json");
        fs::write(&standard, hostile.to_string()).expect("a file");
        let run = new(&inside.join("panama"), &["--dataset", dataset, "--standard", text_of(&standard)]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{dataset} {column}");
        let name = if dataset == "sources" { column } else { dataset };
        assert!(run.stderr.contains(&format!("`{name}` of the standard cannot be")), "{}", run.stderr);
        fs::remove_file(&standard).expect("the file");
        assert_eq!(names(&inside), [""; 0]);
        assert_eq!(fs::read_dir(place.path()).expect("the folder").count(), 1);
    }
}

/// A pipe in the place of a file of the standard holds the program in the middle of its work.
#[test]
#[cfg(unix)]
fn an_interrupted_run_leaves_no_folder() {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::Command;

    let place = folder();
    let standard = place.path().join("1.0");
    fs::create_dir(&standard).expect("a folder");
    fs::copy(here(SMALL).join("standard.yaml"), standard.join("standard.yaml")).expect("a copy");
    let pipe = standard.join("units.yaml");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let path = place.path().join("panama");
    let mut command = command();
    command.args([
        "new",
        "--territory",
        "PA",
        "--year",
        "2025",
        "--tier",
        "1",
        "--standard",
        text_of(&standard),
    ]);
    let child = command.arg(&path).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process");
    // This waits until the program has opened the pipe to read.
    let writer = fs::OpenOptions::new().write(true).open(&pipe).expect("the pipe");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill").success());
    let ended = child.wait_with_output().expect("the process");
    drop(writer);
    assert_eq!(ended.status.signal(), Some(2));
    let left: Vec<_> = fs::read_dir(place.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(left, ["1.0"]);
}

/// The commands that the guide shows do what it says, in the folder that it lies in.
#[test]
fn the_guides_commands_run() {
    for (language, guide) in GUIDES {
        let place = folder();
        let path = place.path().join("panama");
        assert_eq!(new(&path, &["--dataset", "consumption_per_adult", "--lang", language]).code, 0);
        let text = files(&path).remove(guide).expect("a guide");
        let shown = text.lines().filter_map(|line| line.split_once(". `sikes ")?.1.strip_suffix('`'));
        let mut commands = 0;
        for shown in shown {
            let output = command().args(shown.split(' ')).current_dir(&path).output().expect("a process");
            assert_eq!(of(&output).code, 0, "{shown}: {}", of(&output).stderr);
            commands += 1;
        }
        assert_eq!(commands, 3, "{text}");
    }
}
