//! What became of every rule: nothing that was not run may pass for passed.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::standard::item::Severity;

/// What became of one rule in one submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was checked this many times and held.
    Passed {
        /// How many rows or groups were checked.
        checked: u64,
    },
    /// It was checked and did not hold this many times.
    Failed {
        /// How many rows or groups were checked.
        checked: u64,
        /// In how many it did not hold.
        failed: u64,
    },
    /// There was nothing to check.
    NotApplicable {
        /// Why not.
        reason: String,
    },
    /// It could not be checked.
    NotRun {
        /// Why not.
        reason: String,
    },
}

/// What became of one rule over all submissions of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Entry {
    /// The rule.
    pub rule: String,
    /// How much its findings weigh.
    pub severity: Severity,
    /// `failed` if it failed anywhere, else `not_run` if it could not be checked somewhere, else `passed` if it was
    /// checked anywhere, else `not_applicable`.
    pub status: Status,
    /// Rows or groups checked.
    pub checked: u64,
    /// Findings, all of them counted, however many are shown.
    pub failed: u64,
    /// How many submissions it passed in.
    pub submissions_passed: u64,
    /// How many it failed in.
    pub submissions_failed: u64,
    /// How many it had nothing to check in.
    pub submissions_not_applicable: u64,
    /// How many it could not be checked in.
    pub submissions_not_run: u64,
    /// Why it was not run or had nothing to check, where that was so; each reason once.
    pub reasons: Vec<String>,
}

/// The four things that can become of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Checked, and it held.
    Passed,
    /// Checked, and it did not hold.
    Failed,
    /// Nothing to check.
    NotApplicable,
    /// Could not be checked.
    NotRun,
}

/// Collects outcomes over submissions; knows every rule from the start, so that none can go missing.
#[derive(Debug, Default)]
pub struct Ledger {
    entries: BTreeMap<String, Entry>,
}

impl Ledger {
    /// A ledger of these rules, nothing checked yet.
    pub fn of(rules: impl IntoIterator<Item = (String, Severity)>) -> Self {
        let entries = rules.into_iter().map(|(rule, severity)| {
            let entry = Entry {
                rule: rule.clone(),
                severity,
                status: Status::NotApplicable,
                checked: 0,
                failed: 0,
                submissions_passed: 0,
                submissions_failed: 0,
                submissions_not_applicable: 0,
                submissions_not_run: 0,
                reasons: Vec::new(),
            };
            (rule, entry)
        });
        Self { entries: entries.collect() }
    }

    /// Writes down what became of each rule in one submission; a rule without an outcome is not applicable there.
    pub fn record(&mut self, mut outcomes: BTreeMap<String, Outcome>, otherwise: &str) {
        for (rule, entry) in &mut self.entries {
            let outcome = outcomes
                .remove(rule)
                .unwrap_or_else(|| Outcome::NotApplicable { reason: otherwise.to_owned() });
            match outcome {
                Outcome::Passed { checked } => {
                    entry.submissions_passed += 1;
                    entry.checked += checked;
                }
                Outcome::Failed { checked, failed } => {
                    entry.submissions_failed += 1;
                    entry.checked += checked;
                    entry.failed += failed;
                }
                Outcome::NotApplicable { reason } => {
                    entry.submissions_not_applicable += 1;
                    entry.note(reason);
                }
                Outcome::NotRun { reason } => {
                    entry.submissions_not_run += 1;
                    entry.note(reason);
                }
            }
        }
        debug_assert!(outcomes.is_empty(), "every rule of the plan is in the ledger: {outcomes:?}");
    }

    /// The entries, sorted by rule.
    pub fn entries(self) -> Vec<Entry> {
        let settle = |mut entry: Entry| {
            entry.status = if entry.submissions_failed > 0 {
                Status::Failed
            } else if entry.submissions_not_run > 0 {
                Status::NotRun
            } else if entry.submissions_passed > 0 {
                Status::Passed
            } else {
                Status::NotApplicable
            };
            entry
        };
        self.entries.into_values().map(settle).collect()
    }
}

impl Entry {
    fn note(&mut self, reason: String) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }
}
