//! Expected against actual values, by the rules of the cases' README.
//!
//! - A number passes within `max(abs, rel * |expected|)`; an array of one may be a number.
//! - A key of `per_key` holds for every path in which its parts follow one another, whether they start it, end it or stand
//!   within; positions in arrays do not count as parts. Of several keys the loosest holds.
//! - Null means undefined: the actual value must be null or absent.
//! - A value from draws passes where the draws cannot tell the expected value from theirs.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::case::{Case, Tolerance};

/// What a method computed for a case.
#[derive(Debug, Default)]
pub(super) struct Actual {
    /// In the shape of what is expected.
    pub(super) value: Value,
    /// For values from draws, by path: the expected values that the draws agree with.
    pub(super) accepted: BTreeMap<String, [f64; 2]>,
}

impl From<Value> for Actual {
    fn from(value: Value) -> Self {
        Self { value, accepted: BTreeMap::new() }
    }
}

/// How the values of a case compare.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// How many values were compared.
    pub compared: usize,
    /// The largest difference, as a part of what is allowed.
    pub worst: f64,
    /// Those that do not agree.
    pub mismatches: Vec<Mismatch>,
}

/// A value that does not agree.
#[derive(Debug, Clone, PartialEq)]
pub struct Mismatch {
    /// Where it stands in the case's expected values.
    pub path: String,
    /// What the case expects.
    pub expected: String,
    /// What came out.
    pub actual: String,
    /// How far from the expected value it may be.
    pub tolerance: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, expected, actual, tolerance } = self;
        write!(f, "{path} expected {expected}, got {actual}, tolerance {tolerance}")
    }
}

/// Compares every expected value that is not information only.
pub(super) fn compare(case: &Case, actual: &Actual) -> Comparison {
    let mut comparer =
        Comparer { tolerance: &case.tolerance, accepted: &actual.accepted, result: Comparison::default() };
    comparer.visit(&Path::default(), &case.expected, Some(&actual.value));
    comparer.result
}

/// A place in the expected values, with and without positions in arrays.
#[derive(Debug, Clone, Default)]
struct Path {
    full: Vec<String>,
    keys: Vec<String>,
}

impl Path {
    fn key(&self, key: &str) -> Self {
        let mut next = self.clone();
        next.full.push(key.to_owned());
        next.keys.push(key.to_owned());
        next
    }

    fn item(&self, position: usize) -> Self {
        let mut next = self.clone();
        next.full.push(position.to_string());
        next
    }

    fn holds(&self, key: &str) -> bool {
        let parts: Vec<&str> = key.split('.').collect();
        self.keys.windows(parts.len()).any(|window| window == parts)
    }
}

struct Comparer<'a> {
    tolerance: &'a Tolerance,
    accepted: &'a BTreeMap<String, [f64; 2]>,
    result: Comparison,
}

impl Comparer<'_> {
    fn visit(&mut self, path: &Path, expected: &Value, actual: Option<&Value>) {
        let Some(rel) = self.rel(path) else { return };
        match (expected, actual) {
            (Value::Object(entries), _) => {
                for (key, value) in entries {
                    self.visit(&path.key(key), value, actual.and_then(|actual| actual.get(key)));
                }
            }
            (Value::Array(items), Some(Value::Array(found))) => {
                if found.len() > items.len() {
                    self.differ(
                        path,
                        format!("{} items", items.len()),
                        format!("{} items", found.len()),
                        "none",
                    );
                }
                for (position, item) in items.iter().enumerate() {
                    self.visit(&path.item(position), item, found.get(position));
                }
            }
            (Value::Array(items), Some(Value::Number(_) | Value::Bool(_) | Value::String(_))) => {
                match &items[..] {
                    [item] => self.visit(&path.item(0), item, actual),
                    _ => self.differ(path, format!("{} items", items.len()), shown(actual), "none"),
                }
            }
            (Value::Array(items), None | Some(Value::Null)) => {
                for (position, item) in items.iter().enumerate() {
                    self.visit(&path.item(position), item, None);
                }
            }
            (_, Some(Value::Array(found))) if found.len() == 1 => self.visit(path, expected, found.first()),
            (Value::Number(number), Some(Value::Number(found))) => {
                let read = |number: &serde_json::Number| number.as_f64().unwrap_or(f64::NAN);
                self.numbers(path, read(number), read(found), rel);
            }
            (Value::Null, None | Some(Value::Null)) => self.result.compared += 1,
            _ if Some(expected) == actual => self.result.compared += 1,
            _ => {
                self.result.compared += 1;
                self.differ(path, expected.to_string(), shown(actual), "none");
            }
        }
    }

    /// The relative tolerance at a place; none where nothing is compared.
    fn rel(&self, path: &Path) -> Option<f64> {
        let mut found: Option<f64> = None;
        for (_, rel) in self.tolerance.per_key.iter().filter(|(key, _)| path.holds(key)) {
            found = Some(found.unwrap_or(0.0).max((*rel)?));
        }
        Some(found.unwrap_or(self.tolerance.rel))
    }

    fn numbers(&mut self, path: &Path, expected: f64, actual: f64, rel: f64) {
        self.result.compared += 1;
        let difference = (actual - expected).abs();
        let allowed = self.tolerance.abs.max(rel * expected.abs());
        let full = path.full.join(".");
        let mut ratio = if difference == 0.0 { 0.0 } else { difference / allowed };
        let mut tolerance = format!("{allowed:.1e}");
        if let Some([low, high]) = self.accepted.get(&full) {
            // The part of the way from the actual value to the end of what is accepted on that side.
            let room = if expected < actual { actual - low } else { high - actual };
            ratio = ratio.min(difference / room.max(allowed));
            tolerance = format!("the draws agree with {low:e} to {high:e}");
        }
        if ratio <= 1.0 {
            self.result.worst = self.result.worst.max(ratio);
        } else {
            self.differ(path, expected.to_string(), actual.to_string(), &tolerance);
        }
    }

    fn differ(&mut self, path: &Path, expected: String, actual: String, tolerance: &str) {
        let path = path.full.join(".");
        self.result.mismatches.push(Mismatch { path, expected, actual, tolerance: tolerance.to_owned() });
    }
}

fn shown(actual: Option<&Value>) -> String {
    actual.map_or_else(|| "nothing".to_owned(), Value::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn compared(expected: &Value, tolerance: &Value, actual: Value) -> Comparison {
        let case =
            json!({"id": "a/b", "method": "a", "inputs": {}, "expected": expected, "tolerance": tolerance});
        compare(&Case::parse(&case.to_string()).expect("a case"), &actual.into())
    }

    fn agrees(expected: &Value, actual: Value) -> bool {
        compared(expected, &json!({"rel": 1e-6, "abs": 1e-9}), actual).mismatches.is_empty()
    }

    #[test]
    fn numbers_within_the_larger_tolerance() {
        assert!(agrees(&json!({"x": 100.0}), json!({"x": 100.000_09, "more": 3})));
        assert!(!agrees(&json!({"x": 100.0}), json!({"x": 100.000_11})));
        assert!(agrees(&json!({"x": 0.0}), json!({"x": 9e-10})));
        assert!(agrees(&json!({"x": 3}), json!({"x": 3.0})));
        assert!(!agrees(&json!({"x": 3}), json!({})));
        assert!(!agrees(&json!({"x": 3}), json!({"x": null})));
        assert!(!agrees(&json!({"x": 3}), json!({"x": "3"})));
    }

    #[test]
    fn null_is_never_a_number() {
        assert!(agrees(&json!({"x": null, "y": [null, null]}), json!({})));
        assert!(agrees(&json!({"x": [null, null]}), json!({"x": [null, null]})));
        assert!(agrees(&json!({"x": [null, null]}), json!({"x": null})));
        assert!(!agrees(&json!({"x": null}), json!({"x": 0.0})));
        assert!(!agrees(&json!({"x": [null, null]}), json!({"x": [0.1, null]})));
    }

    #[test]
    fn arrays_texts_and_truths() {
        assert!(agrees(&json!({"x": [1.0]}), json!({"x": 1.0})));
        assert!(agrees(&json!({"x": 1.0}), json!({"x": [1.0]})));
        assert!(!agrees(&json!({"x": [1.0, 2.0]}), json!({"x": 1.0})));
        assert!(!agrees(&json!({"x": [1.0, 2.0]}), json!({"x": [1.0]})));
        assert!(!agrees(&json!({"x": [1.0]}), json!({"x": [1.0, 2.0]})));
        assert!(agrees(&json!({"x": true, "y": "beer"}), json!({"x": true, "y": "beer"})));
        assert!(!agrees(&json!({"x": true}), json!({"x": 1})));
        assert!(!agrees(&json!({"y": "beer"}), json!({"y": "wine"})));
    }

    #[test]
    fn looser_by_key() {
        let expected = json!({"models": {"REML": {"tau2": [1.0]}, "DL": {"tau2": [1.0], "seen": 5.0}}});
        let off = |reml: f64, dl: f64| json!({"models": {"REML": {"tau2": [reml]}, "DL": {"tau2": [dl]}}});
        for key in ["REML", "models.REML", "models.REML.tau2", "REML.tau2"] {
            let tolerance = json!({"rel": 1e-9, "per_key": {key: 1e-2, "seen": "ignore"}});
            assert!(compared(&expected, &tolerance, off(1.001, 1.0)).mismatches.is_empty(), "{key}");
            let mismatches = compared(&expected, &tolerance, off(1.001, 1.001)).mismatches;
            assert_eq!(mismatches.len(), 1, "{key}");
            assert_eq!(mismatches[0].path, "models.DL.tau2.0");
        }
        let last = json!({"rel": 1e-9, "per_key": {"tau2": 1e-2, "seen": "information only"}});
        assert!(compared(&expected, &last, off(1.001, 1.001)).mismatches.is_empty());
        let part_of_a_word = json!({"rel": 1e-9, "per_key": {"RE": 1e-2, "seen": "ignore"}});
        assert_eq!(compared(&expected, &part_of_a_word, off(1.001, 1.0)).mismatches.len(), 1);
    }

    #[test]
    fn draws_widen_what_is_accepted() {
        let case = json!({"id": "a/b", "method": "a", "inputs": {}, "expected": {"q": [1.0]}, "tolerance": {"rel": 1e-9}});
        let case = Case::parse(&case.to_string()).expect("a case");
        let with = |low: f64| {
            let accepted = BTreeMap::from([("q.0".to_owned(), [low, 1.3])]);
            compare(&case, &Actual { value: json!({"q": [1.1]}), accepted }).mismatches.len()
        };
        assert_eq!((with(0.95), with(1.05)), (0, 1));
    }
}
