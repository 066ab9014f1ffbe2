//! Quantities, estimators and grades.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::check::{scoped, sound, translated, unknown_dataset};
use super::dataset::Dataset;
use super::indicator::Indicator;
use crate::diagnostic::{Diagnostics, Source, did_you_mean_of};
use crate::estimator::numeric::distribution::Distribution;
use crate::estimator::{METHODS, Method, Need, method};
use crate::expression::{self, Context, Expected, Field, Kind, Program, Scope, Template, Unit, Vocabulary};
use crate::spelling::nearest;
use crate::standard::item::{self, Basis, Family, GradeLetter};
use crate::standard::{Held, Language, Standard, Text};

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

/// One input of an estimator.
#[derive(Debug)]
pub struct Input {
    /// The method's name for it.
    pub name: &'static str,
    /// Whether the method refuses without it.
    pub required: bool,
    /// The indicators that are added up.
    pub indicators: Vec<String>,
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
    let Known { indicators, quantities, .. } = *known;
    let declared = &held.value;
    let quantity = &declared.gives.quantity;
    if !quantities.contains_key(&quantity.value) && !quantity.value.is_empty() {
        let help = did_you_mean_of(&quantity.value, "the quantities", quantities.keys().map(String::as_str));
        let message = format!("there is no quantity `{}`", quantity.value);
        diagnostics.add("unknown-quantity", &held.source, quantity.range(), message, help);
    }
    known_inputs(standard, held, known, diagnostics);
    let Some(method) = method(&declared.method.value) else {
        // A standard may ask for more than this program has; a name that is nearly right is a slip.
        if let Some(meant) = nearest(&declared.method.value, METHODS.iter().map(|method| method.name)) {
            let message = format!("there is no method `{}`", declared.method.value);
            let help = Some(format!("did you mean `{meant}`?"));
            diagnostics.add("unknown-method", &held.source, declared.method.range(), message, help);
        }
        for (_, given) in declared.assumptions.iter() {
            if let Err(message) = distribution(given) {
                let place = given.distribution.range();
                diagnostics.add("ill-formed-distribution", &held.source, place, message, None);
            }
        }
        return None;
    };
    let known_input = |name: &str| method.inputs.iter().any(|input| input.name == name);
    for (name, input) in declared.inputs.iter() {
        if !known_input(&name.value) {
            let known = method.inputs.iter().map(|input| input.name);
            let help = did_you_mean_of(&name.value, "its inputs", known);
            let message = format!("the method `{}` has no input `{}`", method.name, name.value);
            diagnostics.add("unknown-input", &held.source, name.range(), message, help);
        }
        if let item::Inputs::Records(records) = input {
            let message = format!("the method `{}` reads indicators, not records", method.name);
            diagnostics.add("ill-typed", &held.source, records.from.range(), message, None);
        }
    }
    let mut inputs = Vec::new();
    for input in method.inputs {
        match declared.inputs.get(input.name) {
            Some(given) => {
                let indicators = given.indicators().iter().map(|indicator| indicator.value.clone()).collect();
                inputs.push(Input { name: input.name, required: input.need != Need::Optional, indicators });
            }
            // An input under a misspelt name is not missing as well.
            None if input.need == Need::Always && !misspelt(declared.inputs.keys(), input.name) => {
                let message =
                    format!("the method `{}` needs the input `{}`: {}", method.name, input.name, input.doc);
                diagnostics.add("missing-field", &held.source, declared.method.range(), message, None);
            }
            None => {}
        }
    }
    like_units(held, indicators, diagnostics);
    of_territory_and_period(held, indicators, diagnostics);
    let assumptions = assumptions(held, method, diagnostics);
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

/// The indicators that an estimator reads are there, and the records that it reads can be computed.
fn known_inputs(
    standard: &Standard,
    held: &Held<item::Estimator>,
    known: &Known<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Known { indicators, datasets, vocabulary, .. } = *known;
    for (_, input) in held.value.inputs.iter() {
        // An indicator that is there and faulty has been reported where it stands.
        let unknown = input.indicators().iter().filter(|name| !standard.indicators.contains_key(&name.value));
        for indicator in unknown {
            let known = indicators.keys().map(String::as_str);
            let help = did_you_mean_of(&indicator.value, "the indicators", known);
            let message = format!("there is no indicator `{}`", indicator.value);
            diagnostics.add("unknown-indicator", &held.source, indicator.range(), message, help);
        }
        let item::Inputs::Records(records) = input else { continue };
        let Some(dataset) = datasets.get(&records.from.value) else {
            unknown_dataset(&held.source, &records.from, datasets, diagnostics);
            continue;
        };
        let applies = records.applies.as_ref();
        // What is wrong is reported; the programs are made anew by the method that reads them.
        let _ = scoped(&records.by, applies, dataset, vocabulary, &held.source, diagnostics);
        let scope =
            Scope { fields: &dataset.fields, vocabulary, context: Context::Row, table_name: &dataset.called };
        for (_, column) in records.columns.iter() {
            let compiled = expression::compile(&column.value, &scope, None);
            let _ = sound(compiled, column, &held.source, diagnostics);
        }
    }
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

/// All inputs of a decomposition are in one unit: litres are not added to hectolitres, nor totals to figures per person.
fn like_units(
    held: &Held<item::Estimator>,
    indicators: &BTreeMap<String, Indicator>,
    diagnostics: &mut Diagnostics,
) {
    let all = held.value.inputs.iter().flat_map(|(_, input)| input.indicators().iter());
    let mut given = all.filter_map(|name| Some((name, &indicators.get(&name.value)?.unit)));
    let Some((first, unit)) = given.next() else { return };
    for (other, other_unit) in given {
        if !unit.same_as(other_unit) {
            let message = format!(
                "`{}` is in {other_unit}, but `{}` is in {unit}: the inputs of a method share one unit",
                other.value, first.value
            );
            diagnostics.add("unlike-units", &held.source, other.range(), message, None);
        }
    }
}

/// An estimate is one figure a territory and period, and so is each of its inputs.
fn of_territory_and_period(
    held: &Held<item::Estimator>,
    indicators: &BTreeMap<String, Indicator>,
    diagnostics: &mut Diagnostics,
) {
    for name in held.value.inputs.iter().flat_map(|(_, input)| input.indicators().iter()) {
        let Some(indicator) = indicators.get(&name.value) else { continue };
        by_territory_and_period(name, indicator, "an input of an estimator", &held.source, diagnostics);
    }
}

fn by_territory_and_period(
    name: &Text,
    indicator: &Indicator,
    what: &str,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) {
    let dimensions: Vec<&str> = indicator.dimensions().collect();
    let is_period = |name: &&str| matches!(*name, "period" | "year");
    if dimensions.len() != 2 || !dimensions.contains(&"territory") || !dimensions.iter().any(is_period) {
        let message = format!(
            "`{}` is by {}, but {what} is by territory and period or year",
            name.value,
            dimensions.join(", ")
        );
        diagnostics.add("wrong-dimensions", source, name.range(), message, None);
    }
}

fn assumptions(
    held: &Held<item::Estimator>,
    method: &'static Method,
    diagnostics: &mut Diagnostics,
) -> Vec<Assumption> {
    let declared = &held.value.assumptions;
    for (name, _) in declared.iter() {
        if !method.assumptions.iter().any(|known| known.name == name.value) {
            let known = method.assumptions.iter().map(|known| known.name);
            let help = did_you_mean_of(&name.value, "its assumptions", known);
            let message = format!("the method `{}` makes no assumption `{}`", method.name, name.value);
            diagnostics.add("unknown-input", &held.source, name.range(), message, help);
        }
    }
    let mut assumptions = Vec::new();
    for known in method.assumptions {
        let Some(given) = declared.get(known.name) else {
            if misspelt(declared.keys(), known.name) {
                continue;
            }
            let message =
                format!("the method `{}` needs the assumption `{}`: {}", method.name, known.name, known.doc);
            diagnostics.add("missing-field", &held.source, held.value.method.range(), message, None);
            continue;
        };
        match distribution(given) {
            Ok((distribution, description)) => assumptions.push(Assumption {
                name: known.name.to_owned(),
                distribution,
                description,
                basis: given.basis,
                source: given.source.clone(),
            }),
            Err(message) => {
                diagnostics.add(
                    "ill-formed-distribution",
                    &held.source,
                    given.distribution.range(),
                    message,
                    None,
                );
            }
        }
    }
    assumptions
}

/// The distribution that an assumption declares, and the same in words.
fn distribution(given: &item::Assumption) -> Result<(Distribution, String), String> {
    let parameters = [
        ("value", given.value),
        ("low", given.low),
        ("mode", given.mode),
        ("high", given.high),
        ("mean", given.mean),
        ("sd", given.sd),
        ("alpha", given.alpha),
        ("beta", given.beta),
    ];
    let (name, wanted): (&str, &[&str]) = match given.distribution.value {
        Family::Fixed => ("fixed", &["value"]),
        Family::Normal => ("normal", &["mean", "sd"]),
        Family::Uniform => ("uniform", &["low", "high"]),
        Family::Triangular => ("triangular", &["low", "mode", "high"]),
        Family::Pert => ("PERT", &["low", "mode", "high"]),
        Family::Beta => ("beta", &["alpha", "beta"]),
    };
    for (parameter, value) in parameters {
        if value.is_some() && !wanted.contains(&parameter) {
            return Err(format!("a {name} distribution has no `{parameter}`; it has {}", wanted.join(", ")));
        }
    }
    let mut values = Vec::new();
    for wanted in wanted {
        let value =
            parameters.iter().find(|(parameter, _)| parameter == wanted).and_then(|(_, value)| *value);
        values.push(value.ok_or_else(|| format!("a {name} distribution needs `{wanted}`"))?);
    }
    let distribution = match given.distribution.value {
        Family::Fixed => Distribution::fixed(values[0]),
        Family::Normal => Distribution::normal(values[0], values[1]),
        Family::Uniform => Distribution::uniform(values[0], values[1]),
        Family::Triangular => Distribution::triangular(values[0], values[1], values[2]),
        Family::Pert => Distribution::pert(values[0], values[1], values[2], 4.0),
        Family::Beta => Distribution::beta(values[0], values[1]),
    }?;
    let described: Vec<String> =
        wanted.iter().zip(&values).map(|(wanted, value)| format!("{wanted} {value}")).collect();
    Ok((distribution, format!("{name}, {}", described.join(", "))))
}

/// Compiles what raises or lowers a grade.
pub(super) fn adjustments(
    standard: &Standard,
    language: Language,
    vocabulary: &Vocabulary,
    indicators: &BTreeMap<String, Indicator>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Adjustment>, Vec<String>) {
    let Some(held) = &standard.grades else { return (Vec::new(), Vec::new()) };
    let mut facts = Vec::new();
    let mut measured = Vec::new();
    for (name, indicator) in held.value.facts.iter() {
        if expression::name_of(&name.value).ok().as_ref() != Some(&name.value) {
            let message = format!("`{}` cannot be a name in a check", name.value);
            let help = Some("a name is lower-case letters, digits and `_`, and no word of SQL".to_owned());
            diagnostics.add("malformed-id", &held.source, name.range(), message, help);
        } else if FACTS.iter().any(|(fact, _)| *fact == name.value) {
            let message = format!("`{}` is a fact of every estimate already", name.value);
            diagnostics.add("duplicate-id", &held.source, name.range(), message, None);
        }
        let Some(found) = indicators.get(&indicator.value) else {
            // An indicator that is there and faulty has been reported where it stands.
            if !standard.indicators.contains_key(&indicator.value) {
                let help = did_you_mean_of(
                    &indicator.value,
                    "the indicators",
                    indicators.keys().map(String::as_str),
                );
                let message = format!("there is no indicator `{}`", indicator.value);
                diagnostics.add("unknown-indicator", &held.source, indicator.range(), message, help);
            }
            continue;
        };
        by_territory_and_period(indicator, found, "a fact of a grade", &held.source, diagnostics);
        facts.push(indicator.value.clone());
        measured.push(Field {
            name: name.value.clone(),
            kind: Kind::Number(found.unit.clone()),
            title: Some(found.title.clone()),
        });
    }
    let fields: Vec<Field> = FACTS
        .iter()
        .map(|(name, title)| Field {
            name: (*name).to_owned(),
            kind: Kind::Number(Unit::one()),
            title: Some((*title).to_owned()),
        })
        .chain(measured)
        .collect();
    let scope = Scope { fields: &fields, vocabulary, context: Context::Row, table_name: "an estimate" };
    let compiled = held.value.adjustments.iter().enumerate().filter_map(|(index, adjustment)| {
        let source: &Arc<Source> = &held.source;
        let when = expression::compile(&adjustment.when.value, &scope, Some(&Expected::Boolean));
        let when = sound(when, &adjustment.when, source, diagnostics);
        let field = format!("adjustments.{index}.because");
        let (because, source) = translated(standard, language, "grades", &field, &adjustment.because, source);
        let because = sound(Template::compile(&because.value, &scope), &because, &source, diagnostics);
        for name in &adjustment.of {
            if !standard.estimators.contains_key(&name.value) {
                let known = standard.estimators.keys().map(String::as_str);
                let help = did_you_mean_of(&name.value, "the estimators", known);
                let message = format!("there is no estimator `{}`", name.value);
                diagnostics.add("unknown-estimator", &held.source, name.range(), message, help);
            }
        }
        Some(Adjustment {
            of: adjustment.of.iter().map(|name| name.value.clone()).collect(),
            when: when?,
            at_best: adjustment.at_best,
            at_least: adjustment.at_least,
            because: because?,
        })
    });
    (compiled.collect(), facts)
}
