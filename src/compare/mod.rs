//! From indicators to comparable estimates: every estimator on every territory and period, graded, and set beside the
//! others that give the same quantity.
//!
//! Figures are drawn once, by name: two methods that read one figure see the same draws of it, so that the difference
//! between them carries no more uncertainty than it should.

mod appraise;
pub mod crosswalk;
mod gather;
mod grade;
mod place;
mod question;
mod sensitivity;

use std::collections::{BTreeMap, BTreeSet};

pub use appraise::{Appraised, Refused, UsedAssumption, UsedFigure, UsedRecords};
pub use place::Cell;
pub use sensitivity::Influence;

pub use crate::estimator::Reading;

use crate::compile::Plan;
use crate::estimator::numeric::sample::Sample;
use crate::measure::{Figure, Table};
use crate::standard::item::GradeLetter;
use place::{Known, Place, has_data};

/// What estimation depends on besides the plan and the figures.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The seed of all draws.
    pub seed: u64,
    /// How many draws; as many as it takes for two digits of a standard error where nothing is said.
    pub draws: Option<usize>,
    /// Whether the influence of every input is wanted.
    pub sensitivity: bool,
    /// How many threads share the work; it changes nothing but the time.
    pub threads: usize,
    /// The probability of the intervals.
    pub level: f64,
}

/// A submission as this stage sees it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its folder's name.
    pub submission: &'a str,
    /// Its territory.
    pub territory: &'a str,
    /// The period that it is about.
    pub period: &'a str,
    /// Who may see it.
    pub confidentiality: &'a str,
    /// Its figures.
    pub figures: &'a [Figure],
    /// The records that estimators read.
    pub tables: &'a [Table],
    /// The datasets that it holds, each with how many of its findings are errors.
    pub errors: &'a BTreeMap<String, u64>,
}

/// The estimates and refusals of a run, sorted by territory, period, quantity and estimator.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The estimates.
    pub estimates: Vec<Compared>,
    /// Where there is none.
    pub refusals: Vec<Refused>,
    /// The estimators that no territory and period has any data for.
    pub idle: BTreeSet<String>,
}

/// An estimate beside the others of its quantity.
#[derive(Debug)]
pub struct Compared {
    /// The estimate.
    pub appraised: Appraised,
    /// Its grade.
    pub grade: GradeLetter,
    /// Why that grade.
    pub reasons: Vec<String>,
    /// Whether it stands for its territory, period and quantity.
    pub headline: bool,
    /// How it stands to each of the others.
    pub agreement: Vec<Difference>,
}

/// The difference between two estimates of one quantity, from the same draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The other estimator.
    pub estimator: String,
    /// This estimate less the other.
    pub value: f64,
    /// The lower bound of the difference.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
    /// Whether both can be true: two levels where their difference may be nothing, a floor where it need not lie above
    /// a level, and so on.
    pub agrees: bool,
}

/// Estimates everything that the plan's estimators can give for the submissions.
pub fn compare(plan: &Plan, sources: &[Source<'_>], settings: Settings) -> Comparison {
    let known = Known::new(plan, sources);
    let places: Vec<&Place> = known.cells.keys().collect();
    let results = in_threads(&places, settings.threads, |place| one_place(plan, place, &known, settings));
    let mut comparison =
        Comparison { idle: plan.estimators.keys().cloned().collect(), ..Comparison::default() };
    for (estimates, refusals) in results {
        comparison.estimates.extend(estimates);
        comparison.refusals.extend(refusals);
    }
    for cell in known.cells.values() {
        comparison.idle.retain(|id| !has_data(plan, &plan.estimators[id], &cell.sources));
    }
    choose_headlines(&mut comparison.estimates);
    comparison
}

/// One method stands for a territory's quantity over all its periods, so that a change from one to the next is not a
/// change of method: the one that covers most periods, then the one whose worst grade is best, then the first by name.
/// A period that it does not cover is headed by the best of the others, which says so. A sign of a quantity heads nothing,
/// and a bound of it only where there is no level.
fn choose_headlines(estimates: &mut [Compared]) {
    let series =
        |compared: &Compared| (compared.appraised.territory.clone(), compared.appraised.quantity.clone());
    let is_level = |compared: &&Compared| compared.appraised.estimate.reading == Reading::Level;
    let with_level: BTreeSet<(String, String)> = estimates.iter().filter(is_level).map(series).collect();
    let may_head = |compared: &Compared| match compared.appraised.estimate.reading {
        Reading::Level => true,
        Reading::Signal => false,
        Reading::Floor | Reading::Ceiling | Reading::Range => !with_level.contains(&series(compared)),
    };
    let mut methods: BTreeMap<(String, String), BTreeMap<String, (usize, GradeLetter)>> = BTreeMap::new();
    for compared in estimates.iter().filter(|compared| may_head(compared)) {
        let of_series = methods.entry(series(compared)).or_default();
        let (periods, worst) =
            of_series.entry(compared.appraised.estimator.clone()).or_insert((0, GradeLetter::A));
        *periods += 1;
        *worst = (*worst).max(compared.grade);
    }
    let chosen: BTreeMap<(String, String), String> = methods
        .into_iter()
        .filter_map(|(series, methods)| {
            let best = methods
                .into_iter()
                .min_by_key(|(name, (periods, worst))| (usize::MAX - periods, *worst, name.clone()));
            best.map(|(name, _)| (series, name))
        })
        .collect();
    let mut headed = BTreeSet::new();
    for compared in estimates.iter_mut() {
        compared.headline = chosen.get(&series(compared)) == Some(&compared.appraised.estimator);
        if compared.headline {
            headed.insert((series(compared), compared.appraised.period.clone()));
        }
    }
    // Within a period the estimates stand in the order of their grades.
    for compared in estimates.iter_mut() {
        if may_head(compared) && headed.insert((series(compared), compared.appraised.period.clone())) {
            compared.headline = true;
            compared.appraised.estimate.notes.push(
                "other periods of this territory are by another method: a change between them may be a change of method"
                    .to_owned(),
            );
        }
    }
}

/// Every estimator on one territory and period.
fn one_place(
    plan: &Plan,
    place: &Place,
    known: &Known<'_>,
    settings: Settings,
) -> (Vec<Compared>, Vec<Refused>) {
    let mut estimates: Vec<Compared> = Vec::new();
    let mut refusals = Vec::new();
    let cell = &known.cells[place];
    for estimator in plan.estimators.values() {
        match appraise::appraise(plan, estimator, place, known, settings) {
            Ok(appraised) => {
                let (grade, reasons) = grade::grade(plan, estimator, &appraised, cell);
                estimates.push(Compared {
                    appraised,
                    grade,
                    reasons,
                    headline: false,
                    agreement: Vec::new(),
                });
            }
            Err(refused) => refusals.push(*refused),
        }
    }
    let idle = |refused: &Refused| !has_data(plan, &plan.estimators[&refused.estimator], &cell.sources);
    if !estimates.is_empty() || refusals.iter().any(|refused| !idle(refused)) {
        // An agency that sends nothing of what a method reads has not asked for it.
        refusals.retain(|refused| !idle(refused));
    } else {
        // Nothing can be estimated at all: of each quantity the method that would serve best says what it lacks.
        refusals.sort_by_key(|refused| {
            (
                refused.quantity.clone(),
                plan.estimators[&refused.estimator].entry_grade,
                refused.estimator.clone(),
            )
        });
        refusals.dedup_by(|later, first| later.quantity == first.quantity);
    }
    for refused in &mut refusals {
        let same = estimates.iter().filter(|compared| compared.appraised.quantity == refused.quantity);
        refused.others = same.map(|compared| compared.appraised.estimator.clone()).collect();
    }
    // Quantities that differ in definition are never set beside each other.
    estimates.sort_by(|a, b| {
        let key = |compared: &Compared| {
            (compared.appraised.quantity.clone(), compared.grade, compared.appraised.estimator.clone())
        };
        key(a).cmp(&key(b))
    });
    for place in 0..estimates.len() {
        let quantity = estimates[place].appraised.quantity.clone();
        let differences = estimates
            .iter()
            .enumerate()
            .filter(|(other, compared)| *other != place && compared.appraised.quantity == quantity)
            .filter_map(|(_, other)| {
                difference(&estimates[place].appraised, &other.appraised, settings.level)
            })
            .collect();
        estimates[place].agreement = differences;
    }
    // The draws have served; a hundred territories' worth of them would fill the memory.
    for compared in &mut estimates {
        compared.appraised.estimate.draws = Vec::new();
    }
    (estimates, refusals)
}

/// One estimate less another, draw by draw; none where one of them is only a sign.
fn difference(one: &Appraised, other: &Appraised, level: f64) -> Option<Difference> {
    let (a, b) = (&one.estimate, &other.estimate);
    // An estimate without uncertainty has one draw, which stands for all; of two with different numbers of draws the
    // first ones belong together.
    let count = match (a.draws.len(), b.draws.len()) {
        (1, count) | (count, 1) => count,
        (one, other) => one.min(other),
    };
    let draw = |draws: &[f64], index: usize| draws.get(index).or(draws.first()).copied();
    let draws: Option<Vec<f64>> =
        (0..count).map(|index| Some(draw(&a.draws, index)? - draw(&b.draws, index)?)).collect();
    let sample = Sample::new(draws?).ok()?;
    let (low, high) = (sample.quantile((1.0 - level) / 2.0), sample.quantile(f64::midpoint(1.0, level)));
    let (may_be_less, may_be_more) = (low <= 0.0, high >= 0.0);
    let agrees = match (a.reading, b.reading) {
        (Reading::Signal, _) | (_, Reading::Signal) => return None,
        (Reading::Level, Reading::Level) => may_be_less && may_be_more,
        (Reading::Range, _) | (_, Reading::Range) => a.low <= b.high && b.low <= a.high,
        (Reading::Floor, Reading::Floor) | (Reading::Ceiling, Reading::Ceiling) => true,
        (Reading::Floor, _) | (_, Reading::Ceiling) => may_be_less,
        (Reading::Ceiling, _) | (_, Reading::Floor) => may_be_more,
    };
    let value = a.value - b.value;
    Some(Difference { estimator: other.estimator.clone(), value, low, high, agrees })
}

/// Maps a function over places with some threads; the results are in the order of the places.
fn in_threads<T: Sync, R: Send>(places: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let share = places.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = places
            .chunks(share)
            .map(|chunk| scope.spawn(|| chunk.iter().map(&work).collect::<Vec<R>>()))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
