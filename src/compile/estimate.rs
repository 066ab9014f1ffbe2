//! Quantities, estimators and grades.

mod assumptions;
mod grades;
mod inputs;

use std::collections::BTreeMap;

use super::dataset::Dataset;
use super::indicator::Indicator;
use crate::diagnostic::{Diagnostics, did_you_mean_of};
use crate::estimator::numeric::distribution::Distribution;
use crate::estimator::{METHODS, Method, method};
use crate::expression::{Program, Template, Vocabulary};
use crate::spelling::nearest;
use crate::standard::item::{self, Basis, GradeLetter};
use crate::standard::{Held, Language, Standard};

pub(super) use grades::adjustments;
pub use inputs::{FilledBy, Input, Records};

/// What an estimate is an estimate of.
#[derive(Debug)]
pub struct Quantity {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is, exactly, and of which population.
    pub definition: String,
    /// What stands above the line of a share.
    pub numerator: Option<String>,
    /// What stands below the line of a share.
    pub denominator: Option<String>,
    /// The unit of a level; a share has none.
    pub unit: Option<String>,
    /// What a negative value means.
    pub sign: String,
}

/// A method with what it is given.
#[derive(Debug)]
pub struct Estimator {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The method.
    pub method: &'static Method,
    /// The indicators, by the method's own names, in the method's order.
    pub inputs: Vec<Input>,
    /// What it takes as known only roughly, in the method's order.
    pub assumptions: Vec<Assumption>,
    /// The quantity that it gives.
    pub quantity: String,
    /// The grade that it starts from.
    pub entry_grade: GradeLetter,
}

/// Something that an estimator takes as known only roughly.
#[derive(Debug)]
pub struct Assumption {
    /// Its name.
    pub name: String,
    /// Its distribution.
    pub distribution: Distribution,
    /// The distribution in words.
    pub description: String,
    /// What it rests on.
    pub basis: Basis,
    /// Who says so.
    pub source: String,
}

/// One reason to change a grade.
#[derive(Debug)]
pub struct Adjustment {
    /// The estimators that it is about; all where there is none.
    pub of: Vec<String>,
    /// Whether it applies.
    pub when: Program,
    /// The grade is then no better than this.
    pub at_best: Option<GradeLetter>,
    /// The grade is then no worse than this.
    pub at_least: Option<GradeLetter>,
    /// What the report says of it.
    pub because: Template<Program>,
}

/// An estimator whose method this program does not have.
#[derive(Debug)]
pub struct Unavailable {
    /// Its title.
    pub title: String,
    /// The method that it asks for.
    pub method: String,
}

/// The estimators whose methods this program does not have, by id.
pub(super) fn unavailable(standard: &Standard, language: Language) -> BTreeMap<String, Unavailable> {
    let lacking = standard.estimators.iter().filter(|(_, held)| method(&held.value.method.value).is_none());
    let described = lacking.map(|(id, held)| {
        let title = standard.text(language, &format!("estimators/{id}"), "title").unwrap_or_default();
        (id.clone(), Unavailable { title, method: held.value.method.value.clone() })
    });
    described.collect()
}

/// The facts of an estimate that `grades.yaml` may speak of, each with what it is.
pub const FACTS: [(&str, &str); 5] = [
    ("inputs", "how many figures the estimate rests on; those that are only shown beside it do not count"),
    ("inputs_without_interval", "how many of them came without an interval, or with one that has no width"),
    ("interval_width", "the width of a share's interval, as a fraction; unknown for a level"),
    ("assumptions", "how many assumptions the estimate rests on"),
    (
        "measured_coverage_cv",
        "the coefficient of variation of the coverage; unknown where it was not measured",
    ),
];

/// The code list of the categories that a method can see.
pub const CATEGORIES: &str = "category";

/// Compiles all quantities.
pub(super) fn quantities(
    standard: &Standard,
    language: Language,
    vocabulary: &Vocabulary,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Quantity> {
    let mut quantities = BTreeMap::new();
    for (id, held) in &standard.quantities {
        if let Some(unit) = &held.value.unit
            && let Err(message) = vocabulary.units.parse(&unit.value)
        {
            diagnostics.add("unknown-unit", &held.source, unit.range(), message, None);
        }
        let text = |field: &str| standard.text(language, &format!("quantities/{id}"), field);
        let quantity = Quantity {
            id: id.clone(),
            title: text("title").unwrap_or_default(),
            definition: text("definition").unwrap_or_default(),
            numerator: text("numerator"),
            denominator: text("denominator"),
            unit: held.value.unit.as_ref().map(|unit| unit.value.clone()),
            sign: text("sign").unwrap_or_default(),
        };
        quantities.insert(id.clone(), quantity);
    }
    quantities
}

/// What an estimator may name.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub indicators: &'a BTreeMap<String, Indicator>,
    pub quantities: &'a BTreeMap<String, Quantity>,
    pub datasets: &'a BTreeMap<String, Dataset>,
    pub vocabulary: &'a Vocabulary,
}

/// Compiles all estimators.
pub(super) fn estimators(
    standard: &Standard,
    language: Language,
    known: &Known<'_>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Estimator> {
    let compiled = standard.estimators.iter().filter_map(|(id, held)| {
        sees_categories(standard, held, diagnostics);
        let estimator = estimator(standard, held, language, known, diagnostics)?;
        Some((id.clone(), estimator))
    });
    compiled.collect()
}

fn estimator(
    standard: &Standard,
    held: &Held<item::Estimator>,
    language: Language,
    known: &Known<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Estimator> {
    let Known { quantities, .. } = *known;
    let declared = &held.value;
    let quantity = &declared.gives.quantity;
    if !quantities.contains_key(&quantity.value) && !quantity.value.is_empty() {
        let help = did_you_mean_of(&quantity.value, "the quantities", quantities.keys().map(String::as_str));
        let message = format!("there is no quantity `{}`", quantity.value);
        diagnostics.add("unknown-quantity", &held.source, quantity.range(), message, help);
    }
    let Some(method) = method(&declared.method.value) else {
        // A standard may ask for more than this program has; a name that is nearly right is a slip.
        if let Some(meant) = nearest(&declared.method.value, METHODS.iter().map(|method| method.name)) {
            let message = format!("there is no method `{}`", declared.method.value);
            let help = Some(format!("did you mean `{meant}`?"));
            diagnostics.add("unknown-method", &held.source, declared.method.range(), message, help);
        }
        inputs::inputs(standard, held, None, known, diagnostics);
        for (_, given) in declared.assumptions.iter() {
            if let Err(message) = assumptions::distribution(given) {
                let place = given.distribution.range();
                diagnostics.add("ill-formed-distribution", &held.source, place, message, None);
            }
        }
        return None;
    };
    let inputs = inputs::inputs(standard, held, Some(method), known, diagnostics);
    let assumptions = assumptions::assumptions(held, method, diagnostics);
    let title = standard.text(language, &format!("estimators/{}", held.id), "title").unwrap_or_default();
    Some(Estimator {
        id: held.id.clone(),
        title,
        method,
        inputs,
        assumptions,
        quantity: quantity.value.clone(),
        entry_grade: declared.entry_grade,
    })
}

/// Whether one of the names given is nearly, and not quite, the one that is wanted.
fn misspelt<'a>(mut given: impl Iterator<Item = &'a str>, wanted: &str) -> bool {
    given.any(|given| given != wanted && nearest(given, [wanted]).is_some())
}

/// What an estimator sees is said of the categories, where the standard has a list of them.
fn sees_categories(standard: &Standard, held: &Held<item::Estimator>, diagnostics: &mut Diagnostics) {
    let Some(list) = standard.code_lists.get(CATEGORIES) else { return };
    let codes: Vec<&str> = list.value.codes.keys().collect();
    for (category, _) in held.value.sees.iter() {
        if !codes.contains(&category.value.as_str()) {
            let help = did_you_mean_of(&category.value, "the categories", codes.iter().copied());
            let message = format!("`{}` is no code of `{CATEGORIES}`", category.value);
            diagnostics.add("unknown-code", &held.source, category.range(), message, help);
        }
    }
}
