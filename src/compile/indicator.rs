//! Indicators: declared formulas over groups of rows, with the unit that the compiler makes sure of.

use std::collections::BTreeMap;

use super::check::{Scoped, scoped, sound, unknown_dataset};
use super::dataset::Dataset;
use crate::diagnostic::Diagnostics;
use crate::expression::{self, Context, Expected, GroupProgram, Kind, Scope, Unit, Vocabulary};
use crate::standard::{Held, Language, Standard, Text, item};

/// An indicator, compiled.
#[derive(Debug)]
pub struct Indicator {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// The dataset it is computed from.
    pub dataset: String,
    /// Its dimensions, as groups of rows.
    pub scoped: Scoped,
    /// The formula.
    pub value: GroupProgram,
    /// The interval that the source gives.
    pub bounds: Option<Bounds>,
    /// The formula of the variance, in the square of the unit.
    pub variance: Option<GroupProgram>,
}

impl Indicator {
    /// The names of its dimensions.
    pub fn dimensions(&self) -> impl Iterator<Item = &str> {
        self.scoped.keys.iter().map(|key| self.scoped.fields[*key].name.as_str())
    }

    /// The dataset's fields that its dimensions are read from.
    pub fn columns_of_dimensions(&self) -> Vec<usize> {
        let own = self.scoped.fields.len() - self.scoped.computed.len();
        let of = |key: &usize| match key.checked_sub(own) {
            None => vec![*key],
            Some(computed) => self.scoped.computed[computed].program.columns(),
        };
        self.scoped.keys.iter().flat_map(of).collect()
    }
}

/// The formulas of an interval.
#[derive(Debug)]
pub struct Bounds {
    /// The lower bound.
    pub low: GroupProgram,
    /// The upper bound.
    pub high: GroupProgram,
    /// The probability between them.
    pub level: f64,
}

/// Compiles all indicators.
pub(super) fn indicators(
    standard: &Standard,
    language: Language,
    vocabulary: &Vocabulary,
    datasets: &BTreeMap<String, Dataset>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Indicator> {
    let compiled = standard.indicators.iter().filter_map(|(id, held)| {
        let indicator = indicator(standard, held, language, vocabulary, datasets, diagnostics)?;
        Some((id.clone(), indicator))
    });
    compiled.collect()
}

fn indicator(
    standard: &Standard,
    held: &Held<item::Indicator>,
    language: Language,
    vocabulary: &Vocabulary,
    datasets: &BTreeMap<String, Dataset>,
    diagnostics: &mut Diagnostics,
) -> Option<Indicator> {
    let declared = &held.value;
    let Some(dataset) = datasets.get(&declared.from.value) else {
        unknown_dataset(&held.source, &declared.from, datasets, diagnostics);
        return None;
    };
    let unit = match vocabulary.units.parse(&declared.unit.value) {
        Ok(unit) => Some(unit),
        Err(message) => {
            diagnostics.add("unknown-unit", &held.source, declared.unit.range(), message, None);
            None
        }
    };
    let applies = declared.applies.as_ref();
    let scoped = scoped(&declared.by, applies, dataset, vocabulary, &held.source, diagnostics)?;
    let expected = unit.clone().map(|unit| Expected::Kind(Kind::Number(unit)));
    let context = Context::Group { keys: scoped.keys.clone() };
    let scope = Scope { fields: &scoped.fields, vocabulary, context, table_name: &dataset.called };
    let mut formula = |text: &Text, expected: Option<&Expected>| {
        let compiled = expression::compile_group(&text.value, &scope, expected);
        sound(compiled, text, &held.source, diagnostics)
    };
    let value = formula(&declared.value, expected.as_ref());
    let squared = unit.as_ref().and_then(|unit| unit.power(2));
    let squared = squared.map(|unit| Expected::Kind(Kind::Number(unit)));
    let variance = match &declared.variance {
        None => Some(None),
        Some(variance) => formula(variance, squared.as_ref()).map(Some),
    };
    let bounds = match &declared.interval {
        None => Some(None),
        Some(interval) => {
            let (low, high) =
                (formula(&interval.low, expected.as_ref()), formula(&interval.high, expected.as_ref()));
            let level = interval.level.value;
            if !(level > 0.0 && level < 1.0) {
                let message = format!("the level {level} is not between 0 and 1");
                diagnostics.add("out-of-range", &held.source, interval.level.range(), message, None);
            }
            low.zip(high).map(|(low, high)| Some(Bounds { low, high, level }))
        }
    };
    let title = standard.text(language, &format!("indicators/{}", held.id), "title").unwrap_or_default();
    Some(Indicator {
        id: held.id.clone(),
        title,
        unit: unit?,
        dataset: dataset.id.clone(),
        value: value?,
        bounds: bounds?,
        variance: variance?,
        scoped,
    })
}
