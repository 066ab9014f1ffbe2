//! From a standard to a plan: every check, indicator and estimator call as a program, before any data are seen.
//!
//! What an author wrote short (`min`, `max`, `codes`, `required`, `key`, `references`) becomes the same [`Check`] as a
//! rule. After this stage nobody reads YAML, and nobody asks which version a rule came with.

mod check;
mod dataset;
mod estimate;
mod indicator;
mod join;
mod place;
mod shorthand;
mod taxonomy;
mod vocabulary;
mod words;

use std::collections::BTreeMap;

pub use check::{Check, CheckKind, Computed, Scoped};
pub use dataset::{Column, Dataset, TIERS};
pub use estimate::{
    Adjustment, Assumption, CATEGORIES, Estimator, FACTS, FilledBy, Input, Quantity, Records, Unavailable,
};
pub use indicator::{Bounds, Indicator};
pub use join::{Join, Operand};
pub use taxonomy::{ATTRIBUTES, Attributes, Category, Standing, Taxonomy, condition};

use crate::diagnostic::Diagnostics;
use crate::expression::Vocabulary;
use crate::standard::{Language, Standard};

/// The name of the rule under which a submission's own description is checked.
pub const MANIFEST_RULE: &str = "submission/manifest";

/// A standard, compiled.
#[derive(Debug)]
pub struct Plan {
    /// The standard's title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// `draft`, `published` or `retired`.
    pub status: &'static str,
    /// The SHA-256 of its resolved form.
    pub digest: String,
    /// The language of all messages.
    pub language: Language,
    /// Units and code lists.
    pub vocabulary: Vocabulary,
    /// The names of the territories, by code.
    pub territories: BTreeMap<String, String>,
    /// The datasets, each with all its checks.
    pub datasets: BTreeMap<String, Dataset>,
    /// The indicators.
    pub indicators: BTreeMap<String, Indicator>,
    /// The rules over indicators.
    pub joins: BTreeMap<String, Join>,
    /// The quantities.
    pub quantities: BTreeMap<String, Quantity>,
    /// The estimators.
    pub estimators: BTreeMap<String, Estimator>,
    /// The estimators whose methods this program does not have.
    pub unavailable: BTreeMap<String, Unavailable>,
    /// What raises or lowers a grade, in order.
    pub adjustments: Vec<Adjustment>,
    /// The indicators that grades speak of, in the order of their fields after [`FACTS`].
    pub facts: Vec<String>,
    /// The attributes of goods that taxonomies speak of.
    pub attributes: Attributes,
    /// The taxonomies.
    pub taxonomies: BTreeMap<String, Taxonomy>,
}

impl Plan {
    /// Every rule of the plan with its severity: what the ledger accounts for.
    pub fn rules(&self) -> impl Iterator<Item = &Check> {
        let tables = self.datasets.values().chain(self.joins.values().map(|join| &join.table));
        tables.flat_map(|table| table.checks.iter())
    }
}

/// Compiles a standard; what is wrong with it is added to the diagnostics, and the rest is compiled all the same.
pub fn compile(standard: &Standard, language: Language, diagnostics: &mut Diagnostics) -> Plan {
    let vocabulary = vocabulary::vocabulary(standard, diagnostics);
    let mut datasets = dataset::datasets(standard, language, &vocabulary, diagnostics);
    check::rules(standard, language, &vocabulary, &mut datasets, diagnostics);
    for dataset in datasets.values_mut() {
        dataset.checks.sort_by(|a, b| a.id.cmp(&b.id));
    }
    let indicators = indicator::indicators(standard, language, &vocabulary, &datasets, diagnostics);
    let joins = join::joins(standard, language, &vocabulary, &datasets, &indicators, diagnostics);
    let quantities = estimate::quantities(standard, language, &vocabulary, diagnostics);
    let known = estimate::Known {
        indicators: &indicators,
        quantities: &quantities,
        datasets: &datasets,
        vocabulary: &vocabulary,
    };
    let estimators = estimate::estimators(standard, language, &known, diagnostics);
    let (adjustments, facts) =
        estimate::adjustments(standard, language, &vocabulary, &indicators, diagnostics);
    let (attributes, taxonomies) = taxonomy::taxonomies(standard, language, &vocabulary, diagnostics);
    let territories = standard.code_lists.get("territory").map_or_else(BTreeMap::new, |list| {
        let codes = list.value.codes.keys();
        codes
            .map(|code| {
                let name = standard.text(language, "code-lists/territory", &format!("codes.{code}"));
                (code.to_owned(), name.unwrap_or_else(|| code.to_owned()))
            })
            .collect()
    });
    Plan {
        title: standard.text(language, "standard", "title").unwrap_or_default(),
        version: standard.version.clone(),
        status: match standard.header.value.status {
            crate::standard::item::Status::Draft => "draft",
            crate::standard::item::Status::Published => "published",
            crate::standard::item::Status::Retired => "retired",
        },
        digest: standard.digest.clone(),
        language,
        vocabulary,
        territories,
        datasets,
        indicators,
        joins,
        quantities,
        estimators,
        unavailable: estimate::unavailable(standard, language),
        adjustments,
        facts,
        attributes,
        taxonomies,
    }
}
