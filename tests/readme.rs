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

/// The lines of the README's blocks of text.
fn shown() -> Vec<Vec<String>> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let blocks = readme.split("```text\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap().lines().map(str::to_owned).collect()).collect()
}

#[test]
fn the_table_and_the_findings_are_those_that_are_printed() {
    let shown = shown();
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
