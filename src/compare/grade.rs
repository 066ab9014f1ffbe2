//! The grade of an estimate: where its estimator starts, and what the facts make of it.

use arrow_array::{Array as _, Float64Array};

use super::appraise::Appraised;
use crate::compile::{Estimator, FACTS, Plan};
use crate::standard::item::{Basis, GradeLetter};
use crate::table::{Column, Values};

/// The grade, and why.
pub(super) fn grade(plan: &Plan, estimator: &Estimator, appraised: &Appraised) -> (GradeLetter, Vec<String>) {
    let facts = facts(plan, appraised);
    let columns: Vec<Column> =
        facts.iter().map(|fact| Column::of(Values::Number(Float64Array::from(vec![*fact])))).collect();
    let columns: Vec<&Column> = columns.iter().collect();
    let mut grade = estimator.entry_grade;
    let mut reasons = vec![format!("{} estimates start at {}", estimator.method.name, grade.word())];
    for adjustment in &plan.adjustments {
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
