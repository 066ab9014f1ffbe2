//! What raises or lowers a grade.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::inputs::of_territory_and_period;
use super::{Adjustment, FACTS};
use crate::compile::check::{sound, translated};
use crate::compile::indicator::Indicator;
use crate::diagnostic::{Diagnostics, Source, did_you_mean_of};
use crate::expression::{self, Context, Expected, Field, Kind, Scope, Template, Unit, Vocabulary};
use crate::standard::{Language, Standard};

/// Compiles what raises or lowers a grade.
pub(in crate::compile) fn adjustments(
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
        of_territory_and_period(indicator, found, "a fact of a grade", &[], &held.source, diagnostics);
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
