//! What fills the inputs of a method: indicators, or the rows of a dataset.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Known, misspelt};
use crate::compile::check::{Scoped, scoped, sound, unknown_dataset};
use crate::compile::indicator::Indicator;
use crate::compile::join::in_words;
use crate::diagnostic::{Diagnostics, Source, did_you_mean_of};
use crate::estimator::{self, Holds, Measure, Method, Need, Takes};
use crate::expression::{self, Context, Kind, Program, Scope, Unit, Vocabulary};
use crate::standard::item;
use crate::standard::{Held, Standard, Text};

/// One input of an estimator.
#[derive(Debug)]
pub struct Input {
    /// The method's name for it.
    pub name: &'static str,
    /// Whether the method refuses without it.
    pub required: bool,
    /// What fills it.
    pub filled_by: FilledBy,
}

/// What fills an input.
#[derive(Debug)]
pub enum FilledBy {
    /// Figures: indicators by their ids.
    Indicators(Vec<String>),
    /// Records: the rows of a dataset.
    Records(Records),
}

/// The rows of a dataset as a method reads them.
#[derive(Debug)]
pub struct Records {
    /// The dataset.
    pub dataset: String,
    /// Which rows, and what tells the tables apart: a territory and a period.
    pub scoped: Scoped,
    /// The columns by the method's own names.
    pub columns: Vec<(String, Program)>,
}

impl Input {
    /// The indicators; none where it is filled by rows.
    pub fn indicators(&self) -> &[String] {
        match &self.filled_by {
            FilledBy::Indicators(indicators) => indicators,
            FilledBy::Records(_) => &[],
        }
    }

    /// The rows; none where it is filled by indicators.
    pub fn records(&self) -> Option<&Records> {
        match &self.filled_by {
            FilledBy::Indicators(_) => None,
            FilledBy::Records(records) => Some(records),
        }
    }
}

/// Compiles what fills the inputs of an estimator; without a method only what stands by itself is checked.
pub(super) fn inputs(
    standard: &Standard,
    held: &Held<item::Estimator>,
    method: Option<&'static Method>,
    known: &Known<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Input> {
    let declared = &held.value.inputs;
    let mut units = Units::default();
    let mut inputs = Vec::new();
    for (name, given) in declared.iter() {
        let asked = method.and_then(|method| method.inputs.iter().find(|input| input.name == name.value));
        if let (Some(method), None) = (method, asked) {
            let names = method.inputs.iter().map(|input| input.name);
            let help = did_you_mean_of(&name.value, "its inputs", names);
            let message = format!("the method `{}` has no input `{}`", method.name, name.value);
            diagnostics.add("unknown-input", &held.source, name.range(), message, help);
        }
        let filled_by = match given {
            item::Inputs::Indicators(ids) => {
                check_indicators(standard, held, ids, asked, known, &mut units, diagnostics);
                Some(FilledBy::Indicators(ids.iter().map(|id| id.value.clone()).collect()))
            }
            item::Inputs::Records(records) => {
                compile_records(held, records, asked, known, &mut units, diagnostics).map(FilledBy::Records)
            }
        };
        if let (Some(asked), Some(filled_by)) = (asked, filled_by) {
            inputs.push(Input { name: asked.name, required: asked.need != Need::Optional, filled_by });
        }
    }
    if let Some(method) = method {
        let missing = method.inputs.iter().filter(|input| {
            // An input under a misspelt name is not missing as well.
            let is_given = declared.get(input.name).is_some() || misspelt(declared.keys(), input.name);
            input.need == Need::Always && !is_given
        });
        for input in missing {
            let message =
                format!("the method `{}` needs the input `{}`: {}", method.name, input.name, input.doc);
            diagnostics.add("missing-field", &held.source, held.value.method.range(), message, None);
        }
        let place = |name: &str| method.inputs.iter().position(|input| input.name == name);
        inputs.sort_by_key(|input| place(input.name));
    }
    inputs
}

fn check_indicators(
    standard: &Standard,
    held: &Held<item::Estimator>,
    ids: &[Text],
    asked: Option<&estimator::Input>,
    known: &Known<'_>,
    units: &mut Units,
    diagnostics: &mut Diagnostics,
) {
    let takes = asked.map(|asked| asked.takes);
    if let (Some(asked), Some(Takes::Records { .. }), Some(first)) = (asked, takes, ids.first()) {
        let message =
            format!("the input `{}` is filled by the rows of a dataset, not by indicators", asked.name);
        diagnostics.add("ill-typed", &held.source, first.range(), message, None);
    }
    if let (Some(asked), Some(Takes::Figures { many: false, .. }), Some(second)) = (asked, takes, ids.get(1))
    {
        let message = format!("the input `{}` takes one indicator", asked.name);
        diagnostics.add("ill-typed", &held.source, second.range(), message, None);
    }
    for id in ids {
        let Some(indicator) = known.indicators.get(&id.value) else {
            // An indicator that is there and faulty has been reported where it stands.
            if !standard.indicators.contains_key(&id.value) {
                let names = known.indicators.keys().map(String::as_str);
                let help = did_you_mean_of(&id.value, "the indicators", names);
                let message = format!("there is no indicator `{}`", id.value);
                diagnostics.add("unknown-indicator", &held.source, id.range(), message, help);
            }
            continue;
        };
        if let Some(Takes::Figures { by, unit, .. }) = takes {
            of_territory_and_period(id, indicator, "an input of this method", by, &held.source, diagnostics);
            units.check(unit, &indicator.unit, id, known.vocabulary, &held.source, diagnostics);
        }
    }
}

/// A figure is of one territory and period, and beside these only of the dimensions that are asked for.
pub(super) fn of_territory_and_period(
    name: &Text,
    indicator: &Indicator,
    what: &str,
    by: &[&str],
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) {
    let dimensions: Vec<&str> = indicator.dimensions().collect();
    let is_period = |name: &str| matches!(name, "period" | "year");
    let periods = dimensions.iter().filter(|name| is_period(name)).count();
    let is_known = |name: &&str| *name == "territory" || is_period(name) || by.contains(name);
    if periods == 1 && dimensions.contains(&"territory") && dimensions.iter().all(is_known) {
        return;
    }
    let beside = if by.is_empty() { String::new() } else { format!(", and may be by {}", by.join(", ")) };
    let message = format!(
        "`{}` is by {}, but {what} is by territory and period or year{beside}",
        name.value,
        dimensions.join(", ")
    );
    diagnostics.add("wrong-dimensions", source, name.range(), message, None);
}

fn compile_records(
    held: &Held<item::Estimator>,
    records: &item::Records,
    asked: Option<&estimator::Input>,
    known: &Known<'_>,
    units: &mut Units,
    diagnostics: &mut Diagnostics,
) -> Option<Records> {
    let columns = match asked.map(|asked| (asked.name, asked.takes)) {
        None => None,
        Some((_, Takes::Records { columns })) => Some(columns),
        Some((name, Takes::Figures { .. })) => {
            let message = format!("the input `{name}` is filled by indicators, not by the rows of a dataset");
            diagnostics.add("ill-typed", &held.source, records.from.range(), message, None);
            None
        }
    };
    let Some(dataset) = known.datasets.get(&records.from.value) else {
        unknown_dataset(&held.source, &records.from, known.datasets, diagnostics);
        return None;
    };
    let (vocabulary, source) = (known.vocabulary, &held.source);
    let scoped = scoped(&records.by, records.applies.as_ref(), dataset, vocabulary, source, diagnostics);
    if let Some(scoped) = &scoped {
        one_place(records, scoped, source, diagnostics);
    }
    let scope =
        Scope { fields: &dataset.fields, vocabulary, context: Context::Row, table_name: &dataset.called };
    let mut compiled = Vec::new();
    for (name, text) in records.columns.iter() {
        let program = sound(expression::compile(&text.value, &scope, None), text, source, diagnostics);
        let column = columns.map(|columns| columns.iter().find(|column| column.name == name.value));
        if let (Some(columns), Some(None)) = (columns, column) {
            let help = did_you_mean_of(&name.value, "its columns", columns.iter().map(|column| column.name));
            let message = format!("the method reads no column `{}`", name.value);
            diagnostics.add("unknown-input", source, name.range(), message, help);
        }
        if let (Some(Some(column)), Some(program)) = (column, program) {
            units.check_column(column, program.kind(), text, vocabulary, source, diagnostics);
            compiled.push((name.value.clone(), program));
        }
    }
    for column in columns.into_iter().flatten() {
        let is_given =
            records.columns.get(column.name).is_some() || misspelt(records.columns.keys(), column.name);
        if column.need == Need::Always && !is_given {
            let message = format!("the method needs the column `{}`: {}", column.name, column.doc);
            diagnostics.add("missing-field", source, records.from.range(), message, None);
        }
    }
    Some(Records { dataset: dataset.id.clone(), scoped: scoped?, columns: compiled })
}

/// A table of records is of one territory and period.
fn one_place(records: &item::Records, scoped: &Scoped, source: &Arc<Source>, diagnostics: &mut Diagnostics) {
    let names: Vec<&str> = scoped.keys.iter().map(|key| scoped.fields[*key].name.as_str()).collect();
    let is_period = |name: &&str| matches!(*name, "period" | "year");
    if names.len() != 2 || !names.contains(&"territory") || !names.iter().any(is_period) {
        let message = format!(
            "the rows are told apart by {}, but a method takes those of one territory and period or year",
            names.join(", ")
        );
        diagnostics.add("wrong-dimensions", source, records.from.range(), message, None);
    }
}

/// The unit that each letter of a method stands for, by the first of its inputs.
#[derive(Debug, Default)]
struct Units {
    letters: BTreeMap<&'static str, (String, Unit)>,
}

impl Units {
    /// Whether a unit is what the method asks for.
    fn check(
        &mut self,
        asked: Measure,
        unit: &Unit,
        name: &Text,
        vocabulary: &Vocabulary,
        source: &Arc<Source>,
        diagnostics: &mut Diagnostics,
    ) {
        let message = match asked {
            Measure::Any => return,
            Measure::Share if unit.same_as(&Unit::one()) => return,
            Measure::Share => format!("`{}` is in {unit}, but this input is a pure number", name.value),
            Measure::Of(wanted) => match vocabulary.units.parse(wanted) {
                Ok(wanted) if wanted.same_as(unit) => return,
                Ok(wanted) => format!("`{}` is in {unit}, but this input is in {wanted}", name.value),
                Err(message) => message,
            },
            Measure::Alike(letter) => match self.letters.get(letter) {
                None => {
                    self.letters.insert(letter, (name.value.clone(), unit.clone()));
                    return;
                }
                Some((_, first)) if first.same_as(unit) => return,
                Some((first, wanted)) => format!(
                    "`{}` is in {unit}, but `{first}` is in {wanted}: these inputs of a method share one unit",
                    name.value
                ),
            },
        };
        diagnostics.add("unlike-units", source, name.range(), message, None);
    }

    fn check_column(
        &mut self,
        column: &estimator::Column,
        kind: &Kind,
        text: &Text,
        vocabulary: &Vocabulary,
        source: &Arc<Source>,
        diagnostics: &mut Diagnostics,
    ) {
        match (column.holds, kind) {
            (Holds::Numbers(measure), Kind::Number(unit)) => {
                self.check(measure, unit, text, vocabulary, source, diagnostics);
            }
            // A truth is 1 where it holds and 0 where it does not.
            (Holds::Numbers(_), Kind::Boolean)
            | (Holds::Texts, Kind::Text | Kind::Code(_) | Kind::Period | Kind::Date) => {}
            (holds, kind) => {
                let wanted = if matches!(holds, Holds::Texts) { "texts" } else { "numbers" };
                let message =
                    format!("the column `{}` holds {wanted}, but this gives {}", column.name, in_words(kind));
                diagnostics.add("ill-typed", source, text.range(), message, None);
            }
        }
    }
}
