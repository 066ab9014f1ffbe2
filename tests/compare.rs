//! Two submissions about one territory and period: one figure where they agree, none where they do not.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn submission(folder: &Path, recorded: &str) {
    fs::create_dir_all(folder).unwrap();
    fs::write(
        folder.join("submission.yaml"),
        "standard: \"1.0\"\nagency: Test\nterritory: ZZ\nperiod: 2018\nlanguage: en\nconfidentiality: F\ndatasets:\n  \
         consumption_per_adult: consumption.csv\n  sources: sources.csv\n",
    )
    .unwrap();
    fs::write(
        folder.join("consumption.csv"),
        format!(
            "period,component,value,low,high,source\n2018,recorded,{recorded},,,made_up\n2018,unrecorded,1.0,0.5,1.5,made_up\n\
             2018,tourist,0.0,,,made_up\n2018,total,not_available,,,made_up\n"
        ),
    )
    .unwrap();
    fs::write(
        folder.join("sources.csv"),
        "source,publisher,title,edition,licence\nmade_up,Test,Made-up figures,1,none\n",
    )
    .unwrap();
}

fn estimate(folder: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_sikes"))
        .args(["estimate", "--format", "json", "--draws", "10000", "--quiet"])
        .arg(folder)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn agencies_that_agree_give_one_estimate() {
    let folder = tempfile::tempdir().unwrap();
    submission(&folder.path().join("customs"), "4.0");
    submission(&folder.path().join("health"), "4.0");
    let report = estimate(folder.path());
    assert_eq!(report["estimates"].as_array().unwrap().len(), 1);
    assert_eq!(report["estimates"][0]["value"], 0.2);
}

#[test]
fn agencies_that_differ_are_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    submission(&folder.path().join("customs"), "4.0");
    submission(&folder.path().join("health"), "4.5");
    let report = estimate(folder.path());
    assert_eq!(report["estimates"].as_array().unwrap().len(), 0);
    let refusals = report["refusals"].as_array().unwrap();
    let refusal = refusals.iter().find(|refusal| refusal["method"] == "apc_decomposition").unwrap();
    let reason = refusal["reason"].as_str().unwrap();
    assert_eq!(
        reason,
        "recorded_per_adult is given more than once and not alike, in customs/consumption.csv and health/consumption.csv"
    );
}
