//! The grade of an estimate: where its estimator starts, and what the facts make of it.

use arrow_array::{Array as _, Float64Array};

use super::Cell;
use super::appraise::Appraised;
use crate::compile::{Adjustment, Estimator, FACTS, Plan};
use crate::standard::item::{Basis, GradeLetter};
use crate::table::{Column, Values};

/// The grade, and why.
pub(super) fn grade(
    plan: &Plan,
    estimator: &Estimator,
    appraised: &Appraised,
    cell: &Cell<'_>,
) -> (GradeLetter, Vec<String>) {
    let facts = facts(plan, appraised).into_iter().chain(measured(plan, cell));
    let columns: Vec<Column> =
        facts.map(|fact| Column::of(Values::Number(Float64Array::from(vec![fact])))).collect();
    let columns: Vec<&Column> = columns.iter().collect();
    let mut grade = estimator.entry_grade;
    let mut reasons = vec![format!("{} estimates start at {}", estimator.method.name, grade.word())];
    let about = |adjustment: &&Adjustment| adjustment.of.is_empty() || adjustment.of.contains(&estimator.id);
    for adjustment in plan.adjustments.iter().filter(about) {
        let applies = match adjustment.when.evaluate(&columns, 1) {
            Values::Boolean(array) => !array.is_null(0) && array.value(0),
            _ => false,
        };
        if !applies {
            continue;
        }
        // A is the least in the order of letters.
        let raised = adjustment.at_least.map_or(grade, |least| grade.min(least));
        let adjusted = adjustment.at_best.map_or(raised, |best| raised.max(best));
        if adjusted != grade {
            let because = adjustment.because.render(&columns, 0);
            reasons.push(format!("{} because {because}", adjusted.word()));
            grade = adjusted;
        }
    }
    (grade, reasons)
}

/// The indicators that grades speak of; unknown where agencies give none, do not agree, or sent them with errors.
fn measured(plan: &Plan, cell: &Cell<'_>) -> impl Iterator<Item = Option<f64>> {
    plan.facts.iter().map(|indicator| {
        let dataset = &plan.indicators.get(indicator)?.dataset;
        if cell.sources.iter().any(|source| source.errors.get(dataset).is_some_and(|errors| *errors > 0)) {
            return None;
        }
        let figures = cell.figures.get(indicator.as_str())?;
        let mut values: Vec<f64> = figures.iter().filter_map(|figure| figure.value.ok()).collect();
        values.dedup();
        if let [value] = values[..] { Some(value) } else { None }
    })
}

/// The facts in the order of [`FACTS`].
fn facts(plan: &Plan, appraised: &Appraised) -> [Option<f64>; FACTS.len()] {
    let rests_on = appraised.figures.iter().filter(|figure| figure.required);
    let without =
        rests_on.clone().filter(|figure| figure.bounds.is_none_or(|(low, high)| low >= high)).count();
    let coverage = appraised
        .assumptions
        .iter()
        .find(|assumption| assumption.name == "coverage" && assumption.basis == Basis::Measured);
    let is_share = plan.quantities.get(&appraised.quantity).is_some_and(|quantity| quantity.unit.is_none());
    [
        Some(rests_on.count() as f64),
        Some(without as f64),
        is_share.then_some(appraised.estimate.high - appraised.estimate.low),
        Some(appraised.assumptions.len() as f64),
        coverage.map(|coverage| coverage.variation),
    ]
}
