//! Cases whose weights are turned to known totals, of a sample of clusters.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::conformance::Options;
use crate::conformance::case::{Case, array, entry, json, number, number_or, numbers, object, text};
use crate::conformance::compare::Actual;
use crate::estimator::numeric::calibration::{Calibration, Distance, Linearised, Margin, calibrate};
use crate::estimator::numeric::design::{Design, Drawn, Lonely, Stage};
use crate::estimator::numeric::law::Law;

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let (inputs, params) = (&case.inputs, &case.params);
    let data = entry(inputs, "data")?;
    let weights = numbers(data, &text(params, "weights")?)?;
    let design = design(data, params, weights.len())?;
    let sample = Sample { data, design, level: number_or(params, "level", 0.95)? };
    let (types, wide) = (Groups::read(inputs, "stype")?, Groups::read(inputs, "sch_wide")?);
    let (of_types, of_wide) = (types.totals(), wide.totals());
    let by_type = Margin::Groups { name: "stype", group: &types.places, totals: &of_types };
    let by_wide = Margin::Groups { name: "sch_wide", group: &wide.places, totals: &of_wide };
    let values = numbers(data, "meals")?;
    let meals = Margin::Number { name: "meals", values: &values, total: number(inputs, "pop_total_meals")? };
    let [low, high] = numbers(params, "logit_bounds")?[..] else {
        return Err("logit_bounds must be two numbers".to_owned());
    };
    let bounded = Distance::Bounded(low, high);
    let mut out = Map::new();
    for (name, margins, distance) in [
        ("poststratify_stype", vec![by_type], Distance::Linear),
        ("rake_stype_schwide", vec![by_type, by_wide], Distance::Raking),
        ("linear_stype", vec![by_type], Distance::Linear),
        ("linear_stype_meals", vec![by_type, meals], Distance::Linear),
        ("raking_calfun_stype_schwide", vec![by_type, by_wide], Distance::Raking),
        ("logit_bounded_stype_meals", vec![by_type, meals], bounded),
    ] {
        let value = match calibrate(&weights, &margins, distance) {
            Ok(calibration) => sample.estimates(&calibration)?,
            Err(_) => Value::Null,
        };
        out.insert(name.to_owned(), value);
    }
    Ok(Value::Object(out).into())
}

/// One stage of clusters, within strata and without replacement where the case names their columns.
fn design(data: &Value, params: &Value, rows: usize) -> Result<Design, String> {
    let column = |key| params.get(key).and_then(Value::as_str);
    let clusters = places(data, &text(params, "ids")?)?.0;
    let strata = column("strata").map(|strata| places(data, strata)).transpose()?;
    let sizes = column("fpc").map(|sizes| numbers(data, sizes)).transpose()?;
    let stage = Stage {
        strata: strata.as_ref().map(|(places, _)| &places[..]),
        units: Some(&clusters),
        drawn: sizes.as_ref().map_or(Drawn::WithReplacement, |sizes| Drawn::From(sizes)),
    };
    Design::new(rows, &[stage]).map_err(|fault| fault.to_string())
}

/// What the estimates are made of beside their weights.
struct Sample<'a> {
    data: &'a Value,
    design: Design,
    level: f64,
}

impl Sample<'_> {
    fn estimates(&self, calibration: &Calibration<'_>) -> Result<Value, String> {
        let [scores, pupils, tested] = ["api00", "enroll", "api_stu"].map(|name| numbers(self.data, name));
        let pupils = pupils?;
        let ones = vec![1.0; pupils.len()];
        let show = |estimate: Result<Linearised, String>| {
            estimate.ok().and_then(|estimate| self.shown(calibration, &estimate)).unwrap_or(Value::Null)
        };
        Ok(object([
            ("total_enroll", show(calibration.total(&pupils))),
            ("mean_api00", show(calibration.ratio(&scores?, &ones))),
            ("ratio_api_stu_enroll", show(calibration.ratio(&tested?, &pupils))),
            ("g_weights", calibration.factors().iter().copied().map(json).collect()),
        ]))
    }

    /// An estimate with its error and its interval by Student's t.
    fn shown(&self, calibration: &Calibration<'_>, estimate: &Linearised) -> Option<Value> {
        let error = libm::sqrt(self.design.variance(&estimate.scores, Lonely::Refuse).ok()?);
        let degrees = self.design.degrees(&calibration.weights());
        let half = Law::student_t(degrees as f64).ok()?.upper_quantile((1.0 - self.level) / 2.0) * error;
        Some(object([
            ("estimate", json(estimate.value)),
            ("se", json(error)),
            ("df", Value::from(degrees)),
            ("ci_t", Value::Array(vec![json(estimate.value - half), json(estimate.value + half)])),
        ]))
    }
}

/// The place of each row's value among those of a column, and the values in the order in which they are first seen.
fn places(data: &Value, name: &str) -> Result<(Vec<u32>, Vec<String>), String> {
    let (mut known, mut names) = (BTreeMap::new(), Vec::new());
    let mut of_row = Vec::new();
    for cell in array(data, name)? {
        let cell = cell.as_str().map_or_else(|| cell.to_string(), str::to_owned);
        let next = u32::try_from(names.len()).map_err(|_| "too many names")?;
        of_row.push(*known.entry(cell.clone()).or_insert_with(|| {
            names.push(cell);
            next
        }));
    }
    Ok((of_row, names))
}

/// Groups of the population with their sizes, and the group of each row.
struct Groups {
    places: Vec<u32>,
    names: Vec<String>,
    totals: Vec<f64>,
}

impl Groups {
    fn read(inputs: &Value, name: &str) -> Result<Self, String> {
        let population = entry(inputs, &format!("pop_{name}"))?;
        let (_, names) = places(population, name)?;
        let (of_row, seen) = places(entry(inputs, "data")?, name)?;
        let place = |code: u32| {
            let known = seen.get(code as usize).and_then(|group| names.iter().position(|name| name == group));
            // A group without a size stands behind all others.
            known.and_then(|place| u32::try_from(place).ok()).unwrap_or(u32::MAX)
        };
        Ok(Self {
            places: of_row.into_iter().map(place).collect(),
            names,
            totals: numbers(population, "Freq")?,
        })
    }

    fn totals(&self) -> Vec<(&str, f64)> {
        self.names.iter().map(String::as_str).zip(self.totals.iter().copied()).collect()
    }
}
