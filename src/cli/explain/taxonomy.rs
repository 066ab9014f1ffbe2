//! What a taxonomy is: what it covers, its categories, and how many combinations of attributes each takes.

use std::fmt::Write as _;

use super::{field, heading};
use crate::compile::Plan;
use crate::standard::Standard;

/// The explanation of the taxonomy of this name, if there is one.
pub(super) fn taxonomy(id: &str, standard: &Standard, plan: &Plan) -> Option<String> {
    let (held, taxonomy) = (standard.taxonomies.get(id)?, plan.taxonomies.get(id)?);
    let mut text = heading("taxonomy", id, &taxonomy.title);
    field(&mut text, "what", &taxonomy.definition);
    field(&mut text, "source", &taxonomy.source);
    field(&mut text, "since", &held.since);
    field(&mut text, "covers", &held.value.covers.value);
    let all = plan.attributes.combinations();
    let covered = all - taxonomy.size(None);
    let (unknown, placed) = taxonomy.with_unknown(&plan.attributes);
    let combinations = format!(
        "{covered} of {all} combinations of known codes are covered\n\
         {} meet the condition of more than one category: they belong to the first in the order below\n\
         of {unknown} more with an attribute unknown, {placed} have a category all the same",
        taxonomy.meeting_several()
    );
    field(&mut text, "combinations", &combinations);
    for (place, (category, (name, declared))) in
        taxonomy.categories.iter().zip(held.value.categories.iter()).enumerate()
    {
        let _ = writeln!(text);
        let verdict = if category.illicit { "illicit" } else { "not illicit" };
        let taken = match taxonomy.taken_before(place) {
            0 => String::new(),
            taken => format!("; {taken} more meet its condition and belong to a category before it"),
        };
        let combinations = taxonomy.size(Some(place));
        let said = format!(
            "{} ({verdict})\n{}\nwhere {}\n{combinations} combination{}{taken}",
            category.title,
            category.definition,
            declared.when.value,
            if combinations == 1 { "" } else { "s" }
        );
        field(&mut text, &name.value, &said);
    }
    let others: Vec<&str> = plan.taxonomies.keys().map(String::as_str).filter(|other| *other != id).collect();
    if let Some(other) = others.first() {
        let _ = writeln!(text);
        let said = format!(
            "`sikes standard crosswalk {id} {other}` maps it to another taxonomy: {}",
            others.join(", ")
        );
        field(&mut text, "crosswalk", &said);
    }
    Some(text)
}
