//! A share of a sample: part of whole, its error by linearisation, and its draws.

use crate::estimator::numeric::design::draws::{ShareLaw, assumed_count, scores};
use crate::estimator::numeric::design::linear::{
    DesignEffect, mean_design_effect, ratio, rows_with_weight, within,
};
use crate::estimator::numeric::design::{Lonely, covariance};
use crate::estimator::numeric::proportion::korn_graubard;
use crate::estimator::numeric::sample::sum;
use crate::estimator::{Records, Refusal, Step};

use super::sample::Sample;

/// What a share is made of, row by row; not a number where it is unknown.
pub(in crate::estimator) struct Rows {
    /// What is counted.
    pub(in crate::estimator) part: Vec<f64>,
    /// Of which it is a part.
    pub(in crate::estimator) whole: Vec<f64>,
    /// How many units of the population a row stands for.
    pub(in crate::estimator) weights: Vec<f64>,
    /// How many answers a row holds, where not one.
    pub(in crate::estimator) pieces: Option<Vec<f64>>,
}

/// The share, with all that can be said of it.
pub(in crate::estimator) struct Share {
    /// Y / X over the rows that are known.
    pub(in crate::estimator) value: f64,
    /// Its standard error by linearisation; none where nothing or everything was found, which shows none.
    pub(in crate::estimator) standard_error: Option<f64>,
    /// Draws between 0 and 1 with the median `value`.
    pub(in crate::estimator) draws: Vec<f64>,
    /// The share if no unknown row were part, and if every one were; none where all rows are known.
    pub(in crate::estimator) bounds: Option<[f64; 2]>,
    /// Figures on the way.
    pub(in crate::estimator) steps: Vec<Step>,
    /// What a reader must know.
    pub(in crate::estimator) notes: Vec<String>,
}

/// Rounding of a part that equals its whole.
const SLACK: f64 = 1e-9;

/// Below it the National Center for Health Statistics looks at each proportion before it is printed.
const FEW_DEGREES: usize = 8;

/// No sample is worth more rows: such a standard error is a rounding of 0.
const MOST_ROWS: f64 = 1e15;

/// The share, from the rows that are known; `count` draws.
pub(in crate::estimator) fn estimate(
    records: &Records,
    sample: &Sample<'_>,
    rows: &Rows,
    level: f64,
    count: usize,
) -> Result<Share, Refusal> {
    check(rows)?;
    let known = |row: usize| !(rows.part[row].is_nan() || rows.whole[row].is_nan());
    let weights = within(&rows.weights, known);
    let n = rows_with_weight(&weights);
    if n == 0 {
        return Err(Refusal::new(
            format!("none of the {} rows has a weight, a part and a whole", rows.part.len()),
            "send rows with a verdict and a size",
        ));
    }
    let share = ratio(&weights, &rows.part, &rows.whole)
        .map_err(|reason| Refusal::new(reason, "look for sizes that are 0 or out of all proportion"))?;
    let p = share.value.clamp(0.0, 1.0);
    let deviations =
        sample.design.deviations(&share.scores, Lonely::Refuse).map_err(|fault| sample.refusal(&fault))?;
    let se = libm::sqrt(covariance(&deviations, &deviations));
    let df = sample.design.degrees_of_chance(&weights);
    let pieces = |row: usize| rows.pieces.as_ref().map_or(1.0, |pieces| pieces[row]);
    let answers = sum((0..weights.len()).filter(|row| weights[*row] != 0.0).map(pieces));
    let sizes: Vec<f64> =
        weights.iter().zip(&rows.whole).map(|(w, x)| if *w == 0.0 { 0.0 } else { w * x }).collect();
    let whole = sum(sizes.iter().copied());
    let step = |name, value| Step { name, value };
    let mut steps = vec![
        step("rows with an answer n", n as f64),
        step("units first drawn", sample.design.units(0) as f64),
        step("strata", sample.design.strata(0) as f64),
        step("whole X, sum of weights times whole", whole),
        step("part Y, sum of weights times part", p * whole),
        step("share p = Y / X", p),
    ];
    let mut notes = Vec::new();
    let bounds = unknown(rows, p, whole, &mut steps, &mut notes);
    let mut result = Share { value: p, standard_error: None, draws: Vec::new(), bounds, steps, notes };
    if sample.widened {
        result.notes.push(
            "a cluster has one unit or row only: its stratum counts as drawn with replacement, and the interval is rather too wide"
                .to_owned(),
        );
    }
    if sample.design.is_census() {
        result.notes.push("every unit was taken, so that the sample has no error of chance".to_owned());
        result.standard_error = Some(0.0);
        result.draws = vec![p; count];
        return Ok(result);
    }
    if df == 0 {
        return Err(Refusal::new(
            "the rows with an answer lie in one cluster of each stratum, and nothing shows how clusters differ",
            "send the answers of more clusters, or join strata that are alike",
        ));
    }
    result.steps.push(step("degrees of freedom df, units less strata", df as f64));
    if df < FEW_DEGREES {
        result
            .notes
            .push(format!("the standard error rests on {df} degrees of freedom, and is itself known badly"));
    }
    let worth = p * (1.0 - p) / (se * se);
    if worth < MOST_ROWS {
        result.standard_error = Some(se);
        let effect = design_effect(rows, &weights, p, whole, se);
        result.steps.extend(
            [
                Some(step("standard error se by linearisation", se)),
                effect.map(|effect| step("design effect", effect.with_replacement)),
                Some(step("effective count m = p (1 - p) / se^2", worth)),
            ]
            .into_iter()
            .flatten(),
        );
        if let Ok((low, high)) = korn_graubard(p, se, answers, df as f64, level) {
            result.steps.push(step("Korn-Graubard interval, lower end", low));
            result.steps.push(step("Korn-Graubard interval, upper end", high));
        }
        let errors = sample.errors(&[&deviations], count).pop().unwrap_or_default();
        result.draws = draw(records, p, worth, &errors, se, df as f64)?;
    } else {
        result.unseen(records, sample, &sizes, pieces, count)?;
    }
    Ok(result)
}

impl Share {
    /// Where nothing or everything was found, or all answers are alike: the rows are worth what they would be if alike
    /// within units first drawn.
    fn unseen(
        &mut self,
        records: &Records,
        sample: &Sample<'_>,
        sizes: &[f64],
        pieces: impl Fn(usize) -> f64,
        count: usize,
    ) -> Result<(), Refusal> {
        let worth = assumed_count(&sample.design, sizes, pieces).ok_or_else(|| {
            Refusal::new("the sizes of the rows are out of all proportion", "look at whole and weight")
        })?;
        self.steps.push(Step { name: "assumed effective count m", value: worth });
        self.notes.push(format!(
            "the clusters do not differ in what was found, so that their error does not show; the interval is that of {worth:.1} answers drawn by themselves, taking answers in a cluster for alike with a correlation of 1/6"
        ));
        let mut deviations = sample.design.totals(0, sizes);
        deviations.resize(sample.design.drawn().count(), 0.0);
        let spread = libm::sqrt(covariance(&deviations, &deviations));
        let errors = sample.errors(&[&deviations], count).pop().unwrap_or_default();
        self.draws = draw(records, self.value, worth, &errors, spread, f64::INFINITY)?;
        Ok(())
    }
}

/// Draws of a share that is worth so many rows, from its errors.
fn draw(
    records: &Records,
    share: f64,
    worth: f64,
    errors: &[f64],
    se: f64,
    df: f64,
) -> Result<Vec<f64>, Refusal> {
    let refuse = |reason| Refusal::new(reason, "look for sizes and weights that are out of all proportion");
    let law = ShareLaw::new(share, worth).map_err(refuse)?;
    let scores = scores(errors, se, df, &|name| records.stream(name)).map_err(refuse)?;
    Ok(scores.into_iter().map(|score| law.at(score)).collect())
}

/// The design effect of the share: that of the mean of `part - p whole`.
fn design_effect(rows: &Rows, weights: &[f64], p: f64, whole: f64, se: f64) -> Option<DesignEffect> {
    let residuals: Vec<f64> =
        rows.part.iter().zip(&rows.whole).map(|(part, whole)| part - p * whole).collect();
    let se_of_mean = se * whole / sum(weights.iter().copied());
    mean_design_effect(weights, &residuals, se_of_mean * se_of_mean)
}

/// How much is unknown, and how far it could move the share.
fn unknown(
    rows: &Rows,
    p: f64,
    whole: f64,
    steps: &mut Vec<Step>,
    notes: &mut Vec<String>,
) -> Option<[f64; 2]> {
    let counts = |row: &usize| rows.weights[*row] != 0.0;
    let without_size = (0..rows.part.len()).filter(counts).filter(|row| rows.whole[*row].is_nan()).count();
    if without_size > 0 {
        notes.push(format!(
            "{without_size} rows have no size and are left out: nothing bounds what they would change"
        ));
        steps.push(Step { name: "rows without a size", value: without_size as f64 });
    }
    let open: Vec<usize> = (0..rows.part.len())
        .filter(counts)
        .filter(|row| rows.part[*row].is_nan() && !rows.whole[*row].is_nan())
        .collect();
    if open.is_empty() {
        return None;
    }
    let unknown = sum(open.iter().map(|row| rows.weights[*row] * rows.whole[*row]));
    let all = whole + unknown;
    let bounds = [p * whole / all, (p * whole + unknown) / all];
    steps.extend([
        Step { name: "rows without a verdict", value: open.len() as f64 },
        Step { name: "part of the whole without a verdict", value: unknown / all },
        Step { name: "share if none of these were part", value: bounds[0] },
        Step { name: "share if all of these were part", value: bounds[1] },
    ]);
    notes.push(format!(
        "{} rows, {:.1} % of the whole, have no verdict and are left out, as if they were like the others; without any belief about them the share of the sample lies between {:.1} % and {:.1} %",
        open.len(),
        100.0 * unknown / all,
        100.0 * bounds[0],
        100.0 * bounds[1]
    ));
    Some(bounds)
}

/// Parts and wholes that can be.
fn check(rows: &Rows) -> Result<(), Refusal> {
    let count = |wrong: &dyn Fn(f64, f64) -> bool| {
        rows.part.iter().zip(&rows.whole).filter(|(part, whole)| wrong(**part, **whole)).count()
    };
    let total = rows.part.len();
    let below = count(&|part, whole| part < 0.0 || whole < 0.0 || part.is_infinite() || whole.is_infinite());
    if below > 0 {
        return Err(Refusal::new(
            format!("part or whole is negative or infinite in {below} of {total} rows"),
            "give sizes from 0",
        ));
    }
    let above = count(&|part, whole| part > whole * (1.0 + SLACK));
    if above > 0 {
        return Err(Refusal::new(
            format!("the part is greater than the whole in {above} of {total} rows"),
            "measure part and whole in one unit, and count in the part nothing that is not in the whole",
        ));
    }
    Ok(())
}
