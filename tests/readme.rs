//! What the README shows is what the program prints.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// What the program prints in a run of the README.
fn printed(arguments: &[&str], width: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sikes"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("COLUMNS", width)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The lines of the README's blocks of a kind.
fn shown(kind: &str) -> Vec<Vec<String>> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let fence = format!("```{kind}\n");
    let blocks = readme.split(fence.as_str()).skip(1);
    blocks.map(|block| block.split("```").next().unwrap().lines().map(str::to_owned).collect()).collect()
}

#[test]
fn the_table_and_the_findings_are_those_that_are_printed() {
    let shown = shown("text");
    let runs = [
        printed(&["estimate", "fixtures/americas", "--quiet"], "140"),
        printed(&["validate", "fixtures/united-kingdom"], "110"),
    ];
    for (block, printed) in shown.iter().zip(&runs) {
        assert!(block.len() > 5, "{block:?}");
        for line in block.iter().filter(|line| *line != "…") {
            assert!(
                printed.lines().any(|other| other == line),
                "the README shows {line:?}, which is not in\n{printed}"
            );
        }
    }
}

#[test]
fn the_estimate_in_json_is_the_first_that_is_printed() {
    let printed = printed(&["estimate", "fixtures/americas", "--quiet", "--format", "json"], "140");
    let estimates = printed.split("\"estimates\": [").nth(1).unwrap();
    let begins: String = estimates.split_whitespace().collect();
    let shown: String = shown("json")[0].concat().split_whitespace().collect();
    assert!(begins.starts_with(&shown), "the README shows {shown}");
}

#[test]
fn the_rule_is_that_of_the_standard() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shown = shown("yaml");
    let rule = shown.iter().find(|block| block[0].starts_with("# standard/")).unwrap();
    let written = fs::read_to_string(root.join(rule[0].trim_start_matches("# "))).unwrap();
    assert_eq!(rule[1..].join("\n"), written.trim_end());
}

/// The submission that the README makes is made, holds what the README says, and is valid as it stands.
#[test]
fn the_new_submission_is_valid() {
    let shown = shown("sh");
    let lines = shown.iter().flatten();
    let line = lines.map(String::as_str).find(|line| line.starts_with("sikes new ")).unwrap();
    let arguments: Vec<&str> = line.split(' ').skip(1).collect();
    let name = arguments.last().unwrap();
    let place = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sikes"));
        command.args(arguments).current_dir(place.path()).status().unwrap().code()
    };
    assert_eq!(run(&arguments), Some(0), "{line}");
    assert!(place.path().join(name).join("LEEME.md").is_file());
    assert_eq!(run(&["validate", name]), Some(0));
    assert_eq!(run(&arguments), Some(2), "nothing is overwritten");
}
