//! The seizures of one economy as its table lists them.

use std::collections::BTreeMap;

use super::super::{Records, Refusal};
use crate::estimator::numeric::draw::Stream;

/// Seizures of one economy beyond this are drawn in so many groups, each with one fate in a draw.
const MOST_GROUPS: usize = 64;

/// One line of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    seizure: Option<&'a str>,
    pub(super) product: &'a str,
    pub(super) provenance: &'a str,
    pub(super) value: f64,
}

/// Seizures that are drawn together: one, unless the economy has very many.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) stream: Stream,
    /// Value by product and provenance.
    pub(super) cells: Vec<(usize, usize, f64)>,
}

/// The complete lines of a table, in the currency that most of them have.
pub(super) fn lines(table: &Records) -> Result<Vec<Line<'_>>, Refusal> {
    let (products, provenances) = (table.texts("product")?, table.texts("provenance")?);
    let values = table.numbers("value")?;
    let column = |name: &str| table.has(name).then(|| table.texts(name)).transpose();
    let (seizures, currencies) = (column("seizure")?, column("currency")?);
    let currency = |row: usize| currencies.and_then(|texts| texts.get(row));
    let mut often: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    let mut lines = Vec::new();
    for (row, value) in values.iter().copied().enumerate() {
        if let (Some(product), Some(provenance), true) =
            (products.get(row), provenances.get(row), value >= 0.0 && value.is_finite())
        {
            *often.entry(currency(row)).or_default() += 1;
            let seizure = seizures.and_then(|texts| texts.get(row));
            lines.push((currency(row), Line { seizure, product, provenance, value }));
        }
    }
    // Of currencies that are equally frequent the first by name.
    let most = often.iter().rev().max_by_key(|(_, count)| **count).map(|(currency, _)| *currency);
    Ok(lines.into_iter().filter(|(of, _)| Some(*of) == most).map(|(_, line)| line).collect())
}

/// The lines by seizure, in order; those of a table without numbers of seizures each by itself.
pub(super) fn groups(
    table: &Records,
    lines: &[Line<'_>],
    place: impl Fn(&Line<'_>) -> Option<(usize, usize)>,
) -> Vec<Group> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        let Some((product, provenance)) = place(line) else { continue };
        let next = groups.len();
        let at = line.seizure.map_or(next, |seizure| *places.entry(seizure).or_insert(next));
        if at == next {
            let name =
                line.seizure.map_or_else(|| format!("line {row}"), |seizure| format!("seizure {seizure}"));
            groups.push(Group { stream: table.stream(&name), cells: Vec::new() });
        }
        groups[at].cells.push((product, provenance, line.value));
    }
    if groups.len() > MOST_GROUPS {
        let rest = groups.split_off(MOST_GROUPS);
        for (place, group) in rest.into_iter().enumerate() {
            groups[place % MOST_GROUPS].cells.extend(group.cells);
        }
    }
    groups
}
