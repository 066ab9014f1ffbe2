//! Shares of the parts of a territory, from few respondents in each and what else is known of it.

use super::design_based;
use super::design_based::sample::{Rows as Drawn, Sample, weights};
use super::design_based::share::{Rows, Share, estimate};
use super::numeric::distribution::Distribution;
use super::numeric::fay_herriot::{Method as Fitting, Model};
use super::numeric::law::Law;
use super::numeric::normal;
use super::numeric::random_effects::Observations;
use super::numeric::sample::sum;
use super::{
    Call, Column, Estimate, Holds, Input, Measure, Need, Part, Quantity, Reach, Refusal, Step, Takes,
};
use areas::{Area, Areas};

pub mod areas;

method! {
    /// Shares of small areas.
    ///
    /// # Assumes
    /// The sample is one of the whole territory, drawn as in `design_based`; areas cut across its clusters or do not.
    /// The true shares of areas lie about a line, `b0 + b1 x`, with one variance A, near a normal law. An area that is unlike the others for a
    /// reason of its own is drawn to the line like any other.
    /// Seized alcohol per person says something of the share, alike in all areas. It enters as `x = ln(1 + s / sbar)`, which has no
    /// unit, lets an area without seizures stand at 0 and keeps one large seizure from ruling the line. It shows effort as well as trade:
    /// where no seizures are given, or none differ, the line is level.
    /// Respondents of one area differ as much about its share as those of another: the sampling variance of an area is that of all
    /// areas together, divided by what its answers are worth.
    ///
    /// # Formula
    /// ```text
    /// y    = direct share of the area, Y / X of its rows ; V its variance, df its clusters less strata (design_based)
    /// m    = (sum a)^2 / ((1 - r) sum a^2 + r sum over clusters of A^2), a = w whole, A their sum in a cluster, r = 1/6
    /// D    = K / m, K = sum of df m V / sum of df over areas                   smoothed sampling variance
    /// s    = litres seized per person, sbar that of all areas together ; persons: `people`, else the sum of weights
    /// y    = b0 + b1 x + u + e, var u = A, var e = D                           A by restricted maximum likelihood
    /// g    = A / (A + D) ; t = g y + (1 - g) (b0 + b1 x) ; without respondents t = b0 + b1 x
    /// mse  = g D + (1 - g)^2 x' C x + 2 D^2 / (A + D)^3 var A ; without respondents A + x' C x ; C = cov b
    /// part = f t, f = P / (sum of X t / sum of X)                              P direct share of the territory
    /// ```
    /// The territory's figure is the direct share P of its whole sample: it rests on no model. The areas' shares are scaled so that, weighed by what is drunk in
    /// each, they come to it. The interval of an area is that of a beta law with its share and mse, at the scores of Student's t with as many degrees as areas
    /// less coefficients. It holds on average over areas: in made-up countries of 18 and 8 areas it held the truth 94 and 98 times in 100.
    /// V itself is not used area by area: an area in which little was found shows a small V by chance and would count for too much.
    ///
    /// # Fails when
    /// Fewer than three areas remain beside the line's coefficients, no area has two clusters, or answers do not differ: there is no estimate.
    /// A is put at 0 because the direct shares differ no more than chance lets them: all areas then lie on the line, which is too even.
    /// Areas differ in how unlike their clusters are: the interval of those that are more unlike is too narrow.
    /// An area without respondents needs `people`; nothing of its own is then in its share.
    ///
    /// # References
    /// R. E. Fay, R. A. Herriot (1979), Estimates of income for small places, Journal of the American Statistical Association 74(366), 269-277.
    /// N. G. N. Prasad, J. N. K. Rao (1990), The estimation of the mean squared error of small-area estimators, Journal of the American Statistical Association 85(409), 163-171.
    /// G. S. Datta, P. Lahiri (2000), A unified measure of uncertainty of estimated best linear unbiased predictors, Statistica Sinica 10(2), 613-627.
    /// J. N. K. Rao, I. Molina (2015), Small Area Estimation, second edition, Wiley, chapters 6 (smoothed variances, ratio benchmarking) and 7.
    /// S. Gabler, S. Häder, P. Lahiri (1999), A Model Based Justification of Kish's Formula for Design Effects for Weighting and Clustering, Survey Methodology 25(1), 105-106.
    METHOD {
        name: "small_area",
        reach: Reach::Place,
        inputs: &[
            Input { name: "records", doc: "the rows of the sample, with their areas", need: Need::Always, takes: Takes::Records { columns: &COLUMNS } },
            Input { name: "seizures", doc: "what was seized, with its areas", need: Need::Optional, takes: Takes::Records { columns: &SEIZURES } },
            Input { name: "people", doc: "the people of each area; without it, the sum of weights", need: Need::Optional, takes: Takes::Figures { many: false, by: &["subdivision"], unit: Measure::Of("person") } },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "unrecorded_share", doc: "unrecorded part of the whole" },
            Quantity { name: "illicit_share", doc: "illicit part of the whole" },
        ],
        run: run,
    }
}

static COLUMNS: [Column; 9] = [
    Column { name: "area", doc: "the part of the territory", holds: Holds::Texts, need: Need::Always },
    design_based::COLUMNS[0],
    design_based::COLUMNS[1],
    design_based::COLUMNS[2],
    design_based::COLUMNS[3],
    design_based::COLUMNS[4],
    design_based::COLUMNS[5],
    design_based::COLUMNS[6],
    design_based::COLUMNS[7],
];

static SEIZURES: [Column; 2] = [
    Column { name: "area", doc: "the part of the territory", holds: Holds::Texts, need: Need::Always },
    Column {
        name: "alcohol",
        doc: "pure alcohol seized",
        holds: Holds::Numbers(Measure::Any),
        need: Need::Always,
    },
];

/// Fewer areas beside the coefficients say nothing of how areas differ.
const LEAST_DEGREES: usize = 3;

/// The beta law of more answers is normal.
const MANY_ANSWERS: f64 = 1e9;

/// With fewer, A is known badly.
const FEW_DEGREES: usize = 10;

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let records = call.table("records")?;
    if records.rows() == 0 {
        return Err(Refusal::new("the records have no rows", "send the rows of the sample"));
    }
    let (weights, given) = weights(records)?;
    if !given {
        return Err(Refusal::new("no row has a weight", "give how many units each row stands for"));
    }
    let rows = Rows {
        part: records.numbers("part")?.to_vec(),
        whole: records.numbers("whole")?.to_vec(),
        weights,
        pieces: None,
    };
    let sample = Sample::read(records, Drawn::Drawn)?;
    let Share { value, standard_error, draws, mut steps, mut notes, .. } =
        estimate(records, &sample, &rows, call.level, call.count()?)?;
    let areas = areas::read(call, records, &sample, &rows)?;
    let fitted = fit(&areas)?;
    let parts = parts(&areas, &fitted, value, call.level, &mut steps);
    notes.extend(tell(&areas, &fitted));
    let estimate = call.estimate(quantity, value, standard_error, draws, steps, notes)?;
    Ok(Estimate { parts, ..estimate })
}

/// The line and the smoothed variances.
struct Fitted {
    model: Model,
    /// K.
    unit_variance: f64,
    degrees: usize,
}

fn fit(areas: &Areas) -> Result<Fitted, Refusal> {
    let direct = || areas.list.iter().filter_map(|area| Some((area, area.direct?)));
    let degrees = sum(direct().map(|(_, direct)| direct.degrees as f64));
    if degrees == 0.0 {
        return Err(Refusal::new(
            "no area has rows in two clusters of a stratum, so that nothing shows the error of an area's share",
            "send the answers of more clusters, or take larger areas",
        ));
    }
    let unit_variance = sum(direct().map(|(_, d)| d.degrees as f64 / degrees * d.count * d.variance));
    if unit_variance <= 0.0 {
        return Err(Refusal::new(
            "answers do not differ within any area, so that nothing shows the error of an area's share",
            "use the share of the whole territory",
        ));
    }
    let y = direct().map(|(_, direct)| direct.share).collect();
    let d = direct().map(|(_, direct)| unit_variance / direct.count).collect();
    let rows: Vec<Vec<f64>> = direct().map(|(area, _)| areas.row(area)).collect();
    let width = areas.width();
    let remaining = rows.len().saturating_sub(width);
    if remaining < LEAST_DEGREES {
        return Err(Refusal::new(
            format!(
                "{} areas have a share of their own, and a line with {width} coefficients needs {} to show how areas differ",
                rows.len(),
                width + LEAST_DEGREES
            ),
            "use the share of the whole territory, or smaller areas",
        ));
    }
    let columns = (0..width).map(|j| rows.iter().map(|row| row[j]).collect()).collect();
    let model = Observations::new(y, d, columns)
        .map_err(|reason| Refusal::new(reason, "look at the seizures and the shares of the areas"))
        .map(|observations| Model::new(&observations, Fitting::RestrictedMaximumLikelihood))?;
    let model = model.ok_or_else(|| Refusal::new("there are too few areas", "use smaller areas"))?;
    Ok(Fitted { model, unit_variance, degrees: remaining })
}

/// The share of an area with its mean squared error; none where nothing is known of it.
fn of_area(areas: &Areas, area: &Area, fitted: &Fitted) -> Option<(f64, f64)> {
    let row = areas.row(area);
    if row.iter().any(|x| x.is_nan()) {
        return None;
    }
    Some(match &area.direct {
        Some(direct) => {
            let drawn = fitted.model.area(&row, direct.share, fitted.unit_variance / direct.count);
            (drawn.eblup, drawn.mse)
        }
        None => (fitted.model.synthetic(&row), fitted.model.synthetic_mse(&row)),
    })
}

fn parts(areas: &Areas, fitted: &Fitted, territory: f64, level: f64, steps: &mut Vec<Step>) -> Vec<Part> {
    let found: Vec<(&Area, f64, f64)> = areas
        .list
        .iter()
        .filter_map(|area| {
            of_area(areas, area, fitted).map(|(share, mse)| (area, share.clamp(0.0, 1.0), mse))
        })
        .collect();
    let drunk = |area: &Area| area.direct.map_or(0.0, |direct| direct.whole);
    let together = sum(found.iter().map(|(area, share, _)| drunk(area) * share))
        / sum(found.iter().map(|(area, ..)| drunk(area)));
    let factor = if together > 0.0 { territory / together } else { 1.0 };
    let model = &fitted.model;
    let step = |name, value| Step { name, value };
    steps.extend([
        step(
            "areas with a share of their own",
            areas.list.iter().filter(|a| a.direct.is_some()).count() as f64,
        ),
        step("variance of one answer within areas K", fitted.unit_variance),
        step("variance between areas A", model.variance),
        step("standard error of A", libm::sqrt(model.variance_of_variance)),
        step("line at x = 0, b0", model.coefficients[0]),
    ]);
    if let (Some(slope), Some(error)) = (model.coefficients.get(1), model.standard_errors.get(1)) {
        steps.push(step("slope b1 by ln(1 + s / sbar)", *slope));
        steps.push(step("standard error of b1", *error));
    }
    steps.push(step("share of the territory by the areas' shares before scaling", together));
    steps.push(step("factor of the areas' shares f", factor));
    let part = |(area, share, mse): (&Area, f64, f64)| {
        let value = (factor * share).min(1.0);
        let [low, high] = interval(value, factor * factor * mse, fitted.degrees, level);
        Part { of: vec![("area".to_owned(), area.name.clone())], value, low, high }
    };
    found.into_iter().map(part).collect()
}

/// The interval of a share with a mean squared error that rests on so many degrees: that of the beta law of as many answers
/// as would give the error, at the scores of Student's t.
fn interval(share: f64, mse: f64, degrees: usize, level: f64) -> [f64; 2] {
    let tail = (1.0 - level) / 2.0;
    let score = Law::student_t(degrees as f64).map_or(f64::NAN, |law| law.upper_quantile(tail));
    let count = share * (1.0 - share) / mse;
    match Distribution::beta(count * share + 0.5, count * (1.0 - share) + 0.5) {
        Ok(law) if count > 0.0 && count < MANY_ANSWERS => {
            let [low, high] = [normal::sf(score), normal::cdf(score)].map(|p| law.quantile(p));
            [low.min(share), high.max(share)]
        }
        // At the ends of the scale no count of answers gives an error, and that of many is normal.
        _ => {
            let reach = score * libm::sqrt(mse);
            [(share - reach).max(0.0), (share + reach).min(1.0)]
        }
    }
}

fn tell(areas: &Areas, fitted: &Fitted) -> Vec<String> {
    let mut notes = areas.notes.clone();
    if fitted.model.variance == 0.0 {
        notes.push(
            "the areas' own shares differ no more than chance lets them, so that every area is given the line's value".to_owned(),
        );
    }
    if fitted.degrees < FEW_DEGREES {
        notes.push(format!(
            "{} areas remain beside the line's coefficients: how much areas differ is known badly",
            fitted.degrees
        ));
    }
    let names = |wanted: &dyn Fn(&&Area) -> bool| -> Vec<&str> {
        areas.list.iter().filter(wanted).map(|area| area.name.as_str()).collect()
    };
    let is_given = |area: &Area| of_area(areas, area, fitted).is_some();
    let lines = names(&|area| area.direct.is_none() && is_given(area));
    if !lines.is_empty() {
        notes.push(format!("no answers: the line's value is given for {}", lines.join(", ")));
    }
    let unknown = names(&|area| !is_given(area));
    if !unknown.is_empty() {
        notes.push(format!(
            "no respondents, and nobody says how many people live there: no share for {}",
            unknown.join(", ")
        ));
    }
    notes
}

#[cfg(test)]
mod tests;
