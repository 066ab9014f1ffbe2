//! From indicators to comparable estimates: every estimator on every territory and period, graded, and set beside the
//! others that give the same quantity.
//!
//! Figures are drawn once, by name: two methods that read one figure see the same draws of it, so that the difference
//! between them carries no more uncertainty than it should.

mod appraise;
pub mod crosswalk;
mod grade;

use std::collections::{BTreeMap, BTreeSet};

pub use appraise::{Appraised, Refused, UsedAssumption, UsedFigure};

use crate::compile::{Estimator, Plan};
use crate::estimator::numeric::sample::Sample;
use crate::measure::Figure;
use crate::standard::item::GradeLetter;

/// What estimation depends on besides the plan and the figures.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The seed of all draws.
    pub seed: u64,
    /// How many draws.
    pub draws: usize,
    /// How many threads share the work; it changes nothing but the time.
    pub threads: usize,
    /// The probability of the intervals.
    pub level: f64,
}

/// What is known of one territory in one period.
#[derive(Debug, Clone, Default)]
pub struct Cell<'a> {
    /// The figures, by indicator; more than one where several submissions give it.
    pub figures: BTreeMap<&'a str, Vec<&'a Figure>>,
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
}

impl Difference {
    /// Whether the two agree: their difference may be nothing.
    pub fn agrees(&self) -> bool {
        self.low <= 0.0 && 0.0 <= self.high
    }
}

/// Estimates everything that the plan's estimators can give for the submissions.
pub fn compare(plan: &Plan, sources: &[Source<'_>], settings: Settings) -> Comparison {
    let cells = cells(plan, sources);
    let places: Vec<&(String, String)> = cells.keys().collect();
    let results =
        in_threads(&places, settings.threads, |place| one_place(plan, place, &cells[*place], settings));
    let mut comparison =
        Comparison { idle: plan.estimators.keys().cloned().collect(), ..Comparison::default() };
    for (estimates, refusals) in results {
        comparison.estimates.extend(estimates);
        comparison.refusals.extend(refusals);
    }
    for (_, sources) in cells.values() {
        comparison.idle.retain(|id| !has_data(plan, &plan.estimators[id], sources));
    }
    choose_headlines(&mut comparison.estimates);
    comparison
}

/// One method stands for a territory's quantity over all its periods, so that a change from one to the next is not a
/// change of method: the one that covers most periods, then the one whose worst grade is best, then the first by name.
/// A period that it does not cover is headed by the best of the others, which says so.
fn choose_headlines(estimates: &mut [Compared]) {
    let series =
        |compared: &Compared| (compared.appraised.territory.clone(), compared.appraised.quantity.clone());
    let mut methods: BTreeMap<(String, String), BTreeMap<String, (usize, GradeLetter)>> = BTreeMap::new();
    for compared in estimates.iter() {
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
        if headed.insert((series(compared), compared.appraised.period.clone())) {
            compared.headline = true;
            compared.appraised.estimate.notes.push(
                "other periods of this territory are by another method: a change between them may be a change of method"
                    .to_owned(),
            );
        }
    }
}

/// What is known of each territory and period that some submission is about, with the submissions that it came from.
type Known<'a> = BTreeMap<(String, String), (Cell<'a>, Vec<Source<'a>>)>;

fn cells<'a>(plan: &Plan, sources: &[Source<'a>]) -> Known<'a> {
    let mut cells: Known<'a> = BTreeMap::new();
    let wanted: BTreeSet<&str> = plan
        .estimators
        .values()
        .flat_map(|estimator| {
            estimator.inputs.iter().flat_map(|input| input.indicators().iter().map(String::as_str))
        })
        .collect();
    for source in sources {
        let mut found = false;
        for figure in source.figures.iter().filter(|figure| wanted.contains(figure.indicator.as_str())) {
            let (Some(territory), Some(period)) = (figure.dimension("territory"), figure.period()) else {
                continue;
            };
            let (cell, sources) = cells.entry((territory.to_owned(), period.to_owned())).or_default();
            cell.figures.entry(&figure.indicator).or_default().push(figure);
            if !sources.iter().any(|known| known.submission == source.submission) {
                sources.push(*source);
            }
            found |= period == source.period || source.period.contains('/');
        }
        // A territory that reports nothing of its own period that an estimator can read does not vanish: it is refused,
        // in words. A span of years may be filled by the years in it.
        if !found {
            let place = (source.territory.to_owned(), source.period.to_owned());
            cells.entry(place).or_default().1.push(*source);
        }
    }
    // What grades speak of is added to what there is to estimate; by itself it asks for no estimate.
    let facts = |figure: &&Figure| {
        plan.facts.contains(&figure.indicator) && !wanted.contains(figure.indicator.as_str())
    };
    for figure in sources.iter().flat_map(|source| source.figures).filter(facts) {
        let place = figure.dimension("territory").zip(figure.period());
        if let Some((territory, period)) = place
            && let Some((cell, _)) = cells.get_mut(&(territory.to_owned(), period.to_owned()))
        {
            cell.figures.entry(&figure.indicator).or_default().push(figure);
        }
    }
    cells
}

/// Every estimator on one territory and period.
fn one_place(
    plan: &Plan,
    (territory, period): &(String, String),
    (cell, sources): &(Cell<'_>, Vec<Source<'_>>),
    settings: Settings,
) -> (Vec<Compared>, Vec<Refused>) {
    let mut estimates = Vec::new();
    let mut refusals = Vec::new();
    for estimator in plan.estimators.values() {
        match appraise::appraise(plan, estimator, territory, period, cell, sources, settings) {
            Ok(appraised) => {
                let (grade, reasons) = grade::grade(plan, estimator, &appraised, cell, sources);
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
    let idle = |refused: &Refused| !has_data(plan, &plan.estimators[&refused.estimator], sources);
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

/// Whether some submission holds a dataset that the estimator cannot do without.
fn has_data(plan: &Plan, estimator: &Estimator, sources: &[Source<'_>]) -> bool {
    let required = estimator.inputs.iter().filter(|input| input.required);
    let datasets = required.flat_map(|input| input.indicators()).filter_map(|id| plan.indicators.get(id));
    let mut datasets = datasets.map(|indicator| &indicator.dataset);
    datasets.any(|dataset| sources.iter().any(|source| source.errors.contains_key(dataset)))
}

/// One estimate less another, draw by draw.
fn difference(one: &Appraised, other: &Appraised, level: f64) -> Option<Difference> {
    let (a, b) = (&one.estimate.draws, &other.estimate.draws);
    let count = a.len().max(b.len());
    // An estimate without uncertainty has one draw, which stands for all.
    let draw = |draws: &[f64], index: usize| draws.get(index).or(draws.first()).copied();
    let draws: Option<Vec<f64>> = (0..count).map(|index| Some(draw(a, index)? - draw(b, index)?)).collect();
    let sample = Sample::new(draws?).ok()?;
    Some(Difference {
        estimator: other.estimator.clone(),
        value: one.estimate.value - other.estimate.value,
        low: sample.quantile((1.0 - level) / 2.0),
        high: sample.quantile(f64::midpoint(1.0, level)),
    })
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
