//! What is known of each area: its direct share, its people and what was seized there.

use std::collections::BTreeMap;

use super::{Rows, Sample};
use crate::estimator::numeric::design::draws::assumed_count;
use crate::estimator::numeric::design::linear::{ratio, within};
use crate::estimator::numeric::design::{Lonely, covariance};
use crate::estimator::numeric::sample::sum;
use crate::estimator::{Call, Records, Refusal};

/// More areas are refused: each costs a look at every row.
const MOST_AREAS: usize = 200;

/// All areas, by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Areas {
    /// In the order of their names.
    pub list: Vec<Area>,
    /// What is seized per person in all areas together; none where nothing tells areas apart.
    pub seized: Option<f64>,
    /// What a reader must know.
    pub notes: Vec<String>,
}

/// An area.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Its name or code.
    pub name: String,
    /// Its share by its own rows; none where none of them answers.
    pub direct: Option<Direct>,
    /// How many people it has, where known.
    pub people: Option<f64>,
    /// Litres of pure alcohol seized there.
    pub seized: f64,
}

/// A share by the rows of an area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Direct {
    /// y.
    pub share: f64,
    /// V.
    pub variance: f64,
    /// df.
    pub degrees: usize,
    /// What the answers are worth, m.
    pub count: f64,
    /// X.
    pub whole: f64,
}

impl Areas {
    /// How many coefficients the line has.
    pub fn width(&self) -> usize {
        1 + usize::from(self.seized.is_some())
    }

    /// The row of X of an area; not a number where its people are not known.
    pub fn row(&self, area: &Area) -> Vec<f64> {
        let Some(all) = self.seized else { return vec![1.0] };
        let relative = area.people.map_or(f64::NAN, |people| area.seized / people / all);
        vec![1.0, libm::log1p(relative)]
    }
}

/// Reads what the call knows of the areas.
pub(super) fn read(
    call: &Call<'_>,
    records: &Records,
    sample: &Sample<'_>,
    rows: &Rows,
) -> Result<Areas, Refusal> {
    let area_of = records.texts("area")?;
    let empty = (0..records.rows()).filter(|row| area_of.code(*row).is_none()).count();
    if empty > 0 {
        return Err(Refusal::new(
            format!("area is empty in {empty} of {} rows", records.rows()),
            "fill area in every row",
        ));
    }
    let mut areas: BTreeMap<String, Area> = BTreeMap::new();
    let fresh = |name: &str| Area { name: name.to_owned(), direct: None, people: None, seized: 0.0 };
    let mut notes = Vec::new();
    if area_of.names().len() > MOST_AREAS {
        return Err(Refusal::new(
            format!("there are {} areas, and at most {MOST_AREAS} are taken", area_of.names().len()),
            "use larger areas",
        ));
    }
    for (code, name) in area_of.names().iter().enumerate() {
        let is_here = |row: usize| area_of.code(row).is_some_and(|own| own as usize == code);
        let inside = within(&rows.weights, is_here);
        let people = sum(inside.iter().copied());
        if people > 0.0 {
            let direct = direct(sample, rows, &inside)?;
            areas.insert(name.clone(), Area { direct, people: Some(people), ..fresh(name) });
        }
    }
    let counted = seizures(call, &mut notes)?;
    let is_given = counted.is_some();
    for (name, litres) in counted.into_iter().flatten() {
        areas.entry(name.clone()).or_insert_with(|| fresh(&name)).seized = litres;
    }
    people(call, &mut areas, &mut notes)?;
    let known = || areas.values().filter_map(|area| Some((area.seized, area.people?)));
    let seized = sum(known().map(|(seized, _)| seized)) / sum(known().map(|(_, people)| people));
    let list: Vec<Area> = areas.into_values().collect();
    let mut all = Areas { list, seized: (seized > 0.0).then_some(seized), notes };
    let rates: Vec<f64> =
        all.list.iter().filter(|a| a.direct.is_some()).map(|a| all.row(a)[all.width() - 1]).collect();
    // A level column says no more than the intercept.
    if rates.iter().all(|rate| (rate - rates[0]).abs() <= 1e-9 * rates[0].abs()) {
        all.seized = None;
    }
    if all.seized.is_none() {
        all.notes.push(
            if is_given {
                "what was seized per person does not differ between areas, so that the line is level"
            } else {
                "no seizures are given by area, so that the line is level"
            }
            .to_owned(),
        );
    }
    Ok(all)
}

/// The share of the rows that lie in an area; none where none of them answers.
fn direct(sample: &Sample<'_>, rows: &Rows, inside: &[f64]) -> Result<Option<Direct>, Refusal> {
    let is_known = |row: usize| !(rows.part[row].is_nan() || rows.whole[row].is_nan());
    let weights = within(inside, is_known);
    let sizes: Vec<f64> =
        weights.iter().zip(&rows.whole).map(|(w, x)| if *w == 0.0 { 0.0 } else { w * x }).collect();
    let whole = sum(sizes.iter().copied());
    if whole <= 0.0 {
        return Ok(None);
    }
    let Ok(share) = ratio(&weights, &rows.part, &rows.whole) else { return Ok(None) };
    let deviations =
        sample.design.deviations(&share.scores, Lonely::Refuse).map_err(|fault| sample.refusal(&fault))?;
    let Some(count) = assumed_count(&sample.design, &sizes, |_| 1.0) else { return Ok(None) };
    Ok(Some(Direct {
        share: share.value,
        variance: covariance(&deviations, &deviations),
        degrees: sample.design.degrees_of_chance(&weights),
        count,
        whole,
    }))
}

/// Litres seized in each area; none where no seizures are given.
fn seizures(call: &Call<'_>, notes: &mut Vec<String>) -> Result<Option<BTreeMap<String, f64>>, Refusal> {
    let Ok(records) = call.table("seizures") else { return Ok(None) };
    let (area_of, alcohol) = (records.texts("area")?, records.numbers("alcohol")?);
    if let Some(wrong) = alcohol.iter().find(|litres| **litres < 0.0 || litres.is_infinite()) {
        return Err(Refusal::new(
            format!("a seizure holds {wrong} litres of pure alcohol"),
            "give volumes from 0",
        ));
    }
    let mut litres: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut lost = 0;
    for (row, alcohol) in alcohol.iter().enumerate() {
        match area_of.get(row).filter(|_| !alcohol.is_nan()) {
            Some(area) => litres.entry(area.to_owned()).or_default().push(*alcohol),
            None => lost += 1,
        }
    }
    if litres.len() > MOST_AREAS {
        return Err(Refusal::new(
            format!("seizures lie in {} areas, and at most {MOST_AREAS} are taken", litres.len()),
            "use larger areas",
        ));
    }
    if lost > 0 {
        notes.push(format!(
            "{lost} of {} seized goods have no volume or no area and are left out",
            alcohol.len()
        ));
    }
    Ok(Some(litres.into_iter().map(|(area, litres)| (area, sum(litres))).collect()))
}

/// Takes the people of areas from the figures, where these know all of them; otherwise weights stand for people.
fn people(
    call: &Call<'_>,
    areas: &mut BTreeMap<String, Area>,
    notes: &mut Vec<String>,
) -> Result<(), Refusal> {
    let figures: BTreeMap<&str, f64> = call
        .all("people")
        .into_iter()
        .filter_map(|figure| Some((figure.of("subdivision")?, figure.value)))
        .collect();
    if figures.is_empty() {
        return Ok(());
    }
    if let Some((area, people)) = figures.iter().find(|(_, people)| !(**people > 0.0 && people.is_finite())) {
        return Err(Refusal::new(
            format!("{area} has {people} people"),
            "give a positive number of people for each area",
        ));
    }
    let lacking: Vec<&str> =
        areas.keys().map(String::as_str).filter(|name| !figures.contains_key(name)).collect();
    if !lacking.is_empty() {
        notes.push(format!(
            "the people of {} are not given, so that weights stand for people in all areas",
            lacking.join(", ")
        ));
        return Ok(());
    }
    for (name, people) in figures {
        let fresh = || Area { name: name.to_owned(), direct: None, people: None, seized: 0.0 };
        areas.entry(name.to_owned()).or_insert_with(fresh).people = Some(people);
    }
    Ok(())
}
