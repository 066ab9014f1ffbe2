//! From tables and a plan to findings, and a ledger of what became of every rule.
//!
//! Rows stream through; what is kept is the keys, the values that refer to other datasets, and the groups.

mod dataset;
mod example;
mod finding;
mod ledger;
pub(crate) mod state;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub use dataset::{
    DatasetFile, DatasetOutcome, DatasetValidation, Failure, Unreadable, UnreadableCell, failures,
    territory_column,
};
pub use example::examples;
pub use finding::{Finding, KeyPart, Location};
pub use ledger::{Entry, Ledger, Outcome, Status};

use crate::compile::{CheckKind, Plan};
use dataset::Known;

/// What validating a submission came to.
#[derive(Debug, Default)]
pub struct SubmissionOutcome {
    /// What is wrong, sorted by file, place and rule.
    pub findings: Vec<Finding>,
    /// What became of each rule that was reached.
    pub outcomes: BTreeMap<String, Outcome>,
}

/// The columns of a dataset that other datasets refer to.
pub fn targets(plan: &Plan, dataset: &str) -> Vec<usize> {
    let referred = plan.rules().filter_map(|check| match &check.kind {
        CheckKind::Reference { dataset: to, target, .. } if to == dataset => Some(*target),
        _ => None,
    });
    referred.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Puts the datasets of a submission together and settles the references between them.
pub fn settle(mut datasets: Vec<DatasetOutcome<'_>>, samples: usize) -> SubmissionOutcome {
    let held: BTreeMap<String, bool> =
        datasets.iter().map(|outcome| (outcome.dataset.id.clone(), outcome.complete)).collect();
    let known: BTreeMap<(String, usize), BTreeSet<String>> = datasets
        .iter_mut()
        .flat_map(|outcome| {
            let id = outcome.dataset.id.clone();
            std::mem::take(&mut outcome.targets)
                .into_iter()
                .map(move |(column, values)| ((id.clone(), column), values))
        })
        .collect();
    let mut whole = SubmissionOutcome::default();
    for mut outcome in datasets {
        for pending in std::mem::take(&mut outcome.references) {
            let CheckKind::Reference { dataset, target, .. } = &pending.check.kind else { continue };
            let known = match (known.get(&(dataset.clone(), *target)), held.get(dataset)) {
                (Some(values), Some(true)) => Known::Values(values),
                (_, Some(_)) => Known::Unread,
                (_, None) => Known::NotHeld,
            };
            outcome.settle_reference(pending, known, samples);
        }
        whole.findings.append(&mut outcome.findings);
        whole.outcomes.append(&mut outcome.outcomes);
    }
    whole.findings.sort_by(|a, b| a.location.cmp(&b.location).then_with(|| a.rule.cmp(&b.rule)));
    whole
}
