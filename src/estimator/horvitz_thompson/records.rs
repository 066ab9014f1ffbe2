//! Inspections as a table lists them, sorted by how likely each was.

use std::collections::BTreeMap;

use super::super::{Records, Refusal};
use super::total::{Design, Group};

/// A sample of inspections.
#[derive(Debug)]
pub(super) struct Inspections {
    pub(super) groups: Vec<Group>,
    pub(super) design: Design,
}

/// The groups of a table: of one stratum, one probability of being drawn and one measured detection probability.
pub(super) fn read(table: &Records) -> Result<Inspections, Refusal> {
    let (alcohol, probability) = (table.numbers("alcohol")?, table.numbers("probability")?);
    let optional = |name: &str| table.has(name).then(|| table.numbers(name)).transpose();
    let (detection, consignments) = (optional("detection")?, optional("consignments")?);
    let strata = table.has("stratum").then(|| table.texts("stratum")).transpose()?;
    // An empty cell is one consignment, and no trial.
    let cell =
        |column: Option<&[f64]>, row: usize| column.map(|column| column[row]).filter(|cell| !cell.is_nan());

    all("alcohol", "amounts from 0", alcohol.iter().copied(), |y| y.is_nan() || (y >= 0.0 && y.is_finite()))?;
    let is_probability = |p: f64| p > 0.0 && p <= 1.0;
    all("probability", "probabilities above 0 and up to 1", probability.iter().copied(), is_probability)?;
    let rows = || 0..table.rows();
    let measured = rows().filter_map(|row| cell(detection, row));
    all("detection", "probabilities above 0 and up to 1", measured, is_probability)?;
    let counts = rows().filter_map(|row| cell(consignments, row));
    all("consignments", "numbers from 1", counts, |n| n >= 1.0 && n.is_finite())?;

    let mut groups: BTreeMap<(Option<u32>, u64, Option<u64>), Group> = BTreeMap::new();
    for row in rows() {
        let (pi, d) = (probability[row], cell(detection, row));
        let stratum = strata.and_then(|strata| strata.code(row));
        let group = groups.entry((stratum, pi.to_bits(), d.map(f64::to_bits))).or_insert_with(|| Group {
            probability: pi,
            inspected: 0.0,
            finds: Vec::new(),
            unknown: 0,
            detection: d,
        });
        group.inspected += cell(consignments, row).unwrap_or(1.0);
        match alcohol[row] {
            y if y.is_nan() => group.unknown += 1,
            y if y > 0.0 => group.finds.push(y),
            _ => {}
        }
    }
    let design = if consignments.is_some() { Design::Stratified } else { Design::Poisson };
    Ok(Inspections { groups: groups.into_values().collect(), design })
}

/// Refuses a column that holds what it cannot.
fn all(
    column: &str,
    wanted: &str,
    values: impl Iterator<Item = f64>,
    is_possible: impl Fn(f64) -> bool,
) -> Result<(), Refusal> {
    let impossible: Vec<f64> = values.filter(|value| !is_possible(*value)).collect();
    match impossible.first() {
        None => Ok(()),
        Some(first) if first.is_nan() => Err(Refusal::new(
            format!("the {column} of {} inspections is not given", impossible.len()),
            format!("give {wanted}"),
        )),
        Some(first) => Err(Refusal::new(
            format!("the {column} of {} inspections cannot be, such as {first}", impossible.len()),
            format!("give {wanted}"),
        )),
    }
}
