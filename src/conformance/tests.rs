//! The reference cases, where they are at hand, and cases made to fail.

use super::*;

const FAST: Options = Options { draws: 100_000, seed: 1, threads: 2 };

/// The folder of reference cases beside the crate; none in a clone without it.
fn reference() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference");
    let folder = std::env::var_os("SIKES_REFERENCE").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there are no reference cases at {}", folder.display());
    None
}

fn judge(case: &str) -> Verdict {
    judge_text("test", case, &FAST).verdict
}

fn reason(case: &str) -> String {
    match judge(case) {
        Verdict::NotComputed(reason) | Verdict::Unreadable(reason) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn reference_cases_pass() {
    let Some(folder) = reference() else { return };
    let outcome = run(&folder, &FAST).expect("the folder is there");
    assert!(outcome.is_clean(), "{outcome}");
    for (method, _) in METHODS {
        let of_method = |case: &&CaseResult| case.id.starts_with(&format!("{method}/"));
        let passed =
            outcome.cases.iter().filter(of_method).all(|case| matches!(case.verdict, Verdict::Passed(_)));
        assert!(passed && outcome.cases.iter().any(|case| of_method(&case)), "{method}");
    }
}

/// Every number of every expected value that is met exactly, altered in its eighth digit, must fail its case.
#[test]
fn an_altered_digit_fails() {
    let Some(folder) = reference() else { return };
    for file in [
        "distributions/p01_table",
        "residual_gap/p01_basic",
        "residual_gap/p04_uplift_series",
        "propagation/p15_gum_h1",
    ] {
        let text = fs::read_to_string(folder.join(file).with_extension("json")).expect("a reference case");
        let case: serde_json::Value = serde_json::from_str(&text).expect("a case");
        let mut places = Vec::new();
        numbers_of(&case["expected"], "/expected", &mut places);
        let altered = places.iter().filter(|place| !place.contains("scipy"));
        let mut count = 0;
        for place in altered {
            let mut changed = case.clone();
            let number = changed.pointer_mut(place).expect("a place of the case");
            let value = number.as_f64().expect("a number");
            if value.abs() < 1e-4 {
                continue;
            }
            *number = serde_json::json!(value * (1.0 + 1e-7));
            let verdict = judge(&changed.to_string());
            assert!(
                matches!(&verdict, Verdict::Failed(comparison) if comparison.mismatches.len() == 1),
                "{file} {place}: {verdict:?}"
            );
            count += 1;
        }
        assert!(count > 5, "{file}");
    }
}

fn numbers_of(value: &serde_json::Value, path: &str, places: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(map) => {
            map.iter().for_each(|(key, value)| numbers_of(value, &format!("{path}/{key}"), places));
        }
        serde_json::Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, value)| numbers_of(value, &format!("{path}/{i}"), places));
        }
        serde_json::Value::Number(_) => places.push(path.to_owned()),
        _ => {}
    }
}

#[test]
fn a_wrong_law_fails_a_monte_carlo_case() {
    let case = |mean: f64, quantile: f64, density: f64| {
        format!(
            r#"{{"id": "propagation/x", "method": "propagation", "params": {{}}, "tolerance": {{"rel": 1e-9, "abs": 1e-12}},
            "inputs": {{"quantities": [{{"name": "x", "dist": "normal", "mean": 10, "sd": 2}}], "model": "x"}},
            "expected": {{"mean": {mean}, "sd": 2, "quantiles": {{"p": [0.5], "quantile": [{quantile}], "density_at_quantile": [{density}]}}}}}}"#
        )
    };
    assert!(matches!(judge(&case(10.0, 10.0, 0.199_471_14)), Verdict::Passed(_)));
    assert!(matches!(judge(&case(10.1, 10.0, 0.199_471_14)), Verdict::Failed(_)));
    assert!(matches!(judge(&case(10.0, 10.1, 0.199_471_14)), Verdict::Failed(_)));
    assert!(matches!(judge(&case(10.0, 10.0, 0.24)), Verdict::Failed(_)));
}

#[test]
fn edge_cases_of_the_gap() {
    let case = |inputs: &str, expected: &str| {
        judge(&format!(
            r#"{{"id": "residual_gap/x", "method": "residual_gap", "params": {{"level": 0.9}},
            "tolerance": {{"rel": 1e-12, "abs": 1e-12}}, "inputs": {inputs}, "expected": {expected}}}"#
        ))
    };
    let passed = |verdict: Verdict| assert!(matches!(verdict, Verdict::Passed(_)), "{verdict:?}");
    // Exact figures: every interval is the value.
    passed(case(
        r#"{"C": 40, "se_C": 0, "u": 1.5, "se_u": 0, "L": 45, "se_L": 0}"#,
        r#"{"share": 0.25, "se_share": 0, "share_ci_logit": [0.25, 0.25], "share_ci_log_legit_ratio": [0.25, 0.25], "gap_ci_wald": [15, 15]}"#,
    ));
    // Nothing legal: the share is 1 and the transformed intervals are undefined.
    passed(case(
        r#"{"C": 40, "se_C": 1, "u": 1.5, "se_u": 0, "L": 0, "se_L": 0}"#,
        r#"{"share": 1, "share_bounded": 1, "share_ci_logit": [null, null], "share_ci_log_legit_ratio": null, "negative_gap": false}"#,
    ));
    // Nothing consumed: a gap, but no share.
    passed(case(
        r#"{"C": 0, "u": 1.5, "L": 3}"#,
        r#"{"gap": -3, "gap_bounded": 0, "share": null, "share_ci_wald": [null, null]}"#,
    ));
}

#[test]
fn undefined_moments_come_from_what_is_divided_by() {
    let case = |law: &str, expected: &str| {
        judge(&format!(
            r#"{{"id": "propagation/x", "method": "propagation", "params": {{}}, "tolerance": {{"rel": 1e-9}}, "inputs": {{"quantities":
            [{{"name": "a", "dist": "normal", "mean": 30, "sd": 3}}, {{"name": "b", {law}}}], "model": "a / b"}}, "expected": {expected}}}"#
        ))
    };
    let undefined = r#"{"mean": null, "sd": null}"#;
    assert!(matches!(case(r#""dist": "normal", "mean": 1200, "sd": 8"#, undefined), Verdict::Passed(_)));
    assert!(matches!(case(r#""dist": "uniform", "min": 1, "max": 2"#, undefined), Verdict::Failed(_)));
    // 30 ln 2, and sqrt(909 / 2 - mean^2).
    let ln_2 = std::f64::consts::LN_2;
    let sd = (909.0 / 2.0 - (30.0 * ln_2).powi(2)).sqrt();
    let defined = format!(r#"{{"mean": {}, "sd": {sd}}}"#, 30.0 * ln_2);
    assert!(matches!(case(r#""dist": "uniform", "min": 1, "max": 2"#, &defined), Verdict::Passed(_)));
}

#[test]
fn what_is_no_case_is_told() {
    assert!(reason("{").contains("EOF"));
    assert!(reason("[]").contains("no object"));
    assert!(reason("{}").contains("id is missing"));
    let with = |method: &str, rest: &str| {
        format!(r#"{{"id": "a/b", "method": "{method}", "expected": {{}}, {rest}}}"#)
    };
    assert!(reason(&with("distributions", r#""inputs": {}, "tolerance": {}"#)).contains("cases is missing"));
    assert!(
        reason(&with("distributions", r#""inputs": {"cases": []}, "tolerance": {"rel": "x"}"#))
            .contains("tolerance rel")
    );
    assert!(
        reason(&with("distributions", r#""inputs": {"cases": []}, "tolerance": {}"#))
            .contains("expects no value")
    );
    assert!(
        reason(&with(
            "propagation",
            r#""inputs": {"quantities": [{"dist": "cauchy", "name": "x"}], "model": "x"}, "tolerance": {}"#
        ))
        .contains("cauchy")
    );
    assert_eq!(
        judge(&with("astrology", r#""inputs": {}, "tolerance": {}"#)),
        Verdict::NotImplemented("astrology".to_owned())
    );
}

#[test]
fn a_folder_is_read_in_order_and_a_broken_file_stops_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("a file");
    fs::create_dir(folder.path().join("b")).expect("a folder");
    write(
        "b/two.json",
        br#"{"id": "b/two", "method": "unknown", "inputs": {}, "expected": {}, "tolerance": {}}"#,
    );
    write("a.json", b"\xff\xfe");
    write("notes.txt", b"not a case");
    let outcome = run(folder.path(), &FAST).expect("the folder is there");
    let ids: Vec<&str> = outcome.cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, ["a.json", "b/two"]);
    assert_eq!(outcome.counts(), [0, 1, 1]);
    assert!(outcome.to_string().ends_with("0 passed, 1 failed, 1 not implemented\n"));
    assert!(run(&folder.path().join("nowhere"), &FAST).is_err());
}

/// Whatever stands in place of an input, there is a verdict.
#[test]
fn no_input_panics() {
    let Some(folder) = reference() else { return };
    let quick = Options { draws: 50, ..FAST };
    for (method, _) in METHODS {
        let mut files = Vec::new();
        collect(&folder.join(method), &mut files).expect("the folder is there");
        for file in files {
            let text = fs::read_to_string(&file).expect("a reference case");
            let case: serde_json::Value = serde_json::from_str(&text).expect("a case");
            let mut places = Vec::new();
            numbers_of(&case["inputs"], "/inputs", &mut places);
            places.extend(
                ["/inputs/quantities", "/inputs/model", "/inputs/products", "/inputs/year", "/params"]
                    .map(str::to_owned),
            );
            let step = places.len().div_ceil(60);
            for place in places.iter().step_by(step) {
                for other in ["null", r#""x / y)""#, "-1", "0", "1e300", "1e-300", "[]", "{}", "[[1]]"] {
                    let mut changed = case.clone();
                    if let Some(value) = changed.pointer_mut(place) {
                        *value = serde_json::from_str(other).expect("JSON");
                        judge_text("changed", &changed.to_string(), &quick);
                    }
                }
            }
        }
    }
}
