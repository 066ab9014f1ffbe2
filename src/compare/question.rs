//! What a method is asked about one place: its figures as laws, its records, and draws of both.

use std::collections::BTreeMap;

use super::Settings;
use super::gather::{Gathered, Given, further};
use super::place::Place;
use crate::compile::Estimator;
use crate::estimator::numeric::distribution::Distribution;
use crate::estimator::numeric::propagation::{self, Uncertain};
use crate::estimator::numeric::sample::{FEWEST_DRAWS, Sample};
use crate::estimator::{Argument, Call, Draws, Estimate, Records, Refusal, Texts, Values};
use crate::measure::{Cells, Figure, Table};

/// An estimator's question, ready to be asked with any number of draws.
pub(super) struct Question<'a> {
    estimator: &'a Estimator,
    place: &'a Place,
    level: f64,
    /// The figures that are given.
    pub(super) kept: Vec<Given<'a>>,
    /// What had to be left out.
    pub(super) notes: Vec<String>,
    /// Each uncertain or exact quantity once: a figure that fills two inputs is one unknown.
    pub(super) quantities: Vec<Uncertain>,
    /// What fills the method's inputs.
    fillings: Vec<Filling<'a>>,
    /// The records.
    pub(super) tables: Vec<Records>,
}

/// A quantity in an input of the method.
struct Filling<'a> {
    input: &'a str,
    /// The dimensions with the period under its one name.
    dimensions: Vec<(String, String)>,
    /// The place of the quantity.
    quantity: usize,
    value: f64,
}

/// Whose draws a quantity, a table or the method itself gets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seeds<'a> {
    /// Of everything that is not named otherwise.
    pub(super) all: u64,
    /// By name: another seed.
    pub(super) other: &'a BTreeMap<String, u64>,
}

impl Seeds<'_> {
    fn of(&self, name: &str) -> u64 {
        self.other.get(name).copied().unwrap_or(self.all)
    }
}

/// The name under which the draws of the method itself are known.
pub(super) const OF_THE_METHOD: &str = "";

impl<'a> Question<'a> {
    pub(super) fn new(
        estimator: &'a Estimator,
        place: &'a Place,
        gathered: &Gathered<'a>,
        settings: Settings,
    ) -> Result<Self, Refusal> {
        let mut question = Self {
            estimator,
            place,
            level: settings.level,
            kept: Vec::new(),
            notes: Vec::new(),
            quantities: Vec::new(),
            fillings: Vec::new(),
            tables: Vec::new(),
        };
        let mut places = BTreeMap::new();
        for given in &gathered.figures {
            let Given { input, figure, value, required } = *given;
            match law(figure, value) {
                Ok(law) => {
                    question.kept.push(*given);
                    let (name, dimensions) = (name_of(figure), renamed(figure));
                    question.fill(input, name, law, Some(value), dimensions, &mut places);
                }
                Err(reason) if required => {
                    return Err(plain(format!("{} ({input}): {reason}", figure.indicator)));
                }
                Err(reason) => {
                    question.notes.push(format!("{} ({input}) is left out: {reason}", figure.indicator));
                }
            }
        }
        for assumption in &estimator.assumptions {
            // An assumption is one unknown for all periods of a territory and all estimators that make it: its error is
            // the same every year.
            let name = format!("{}, {}|{}", assumption.name, assumption.description, place.0);
            question.fill(&assumption.name, name, assumption.distribution, None, Vec::new(), &mut places);
        }
        for table in &gathered.tables {
            question.tables.push(records(table, settings.seed).map_err(plain)?);
        }
        Ok(question)
    }

    fn fill(
        &mut self,
        input: &'a str,
        name: String,
        law: Distribution,
        value: Option<f64>,
        dimensions: Vec<(String, String)>,
        places: &mut BTreeMap<String, usize>,
    ) {
        let value = value.unwrap_or_else(|| law.median());
        let quantity = *places.entry(name.clone()).or_insert_with(|| {
            self.quantities.push(Uncertain { name, law });
            self.quantities.len() - 1
        });
        self.fillings.push(Filling { input, dimensions, quantity, value });
    }

    /// Asks with some draws.
    pub(super) fn answer(&self, seeds: Seeds<'_>, count: usize) -> Result<Estimate, Refusal> {
        let columns: Result<Vec<Vec<f64>>, String> = self
            .quantities
            .iter()
            .map(|quantity| {
                if quantity.law.fixed_value().is_some() {
                    return Ok(Vec::new());
                }
                let settings =
                    propagation::Settings { draws: count, seed: seeds.of(&quantity.name), threads: 1 };
                Ok(propagation::draw(std::slice::from_ref(quantity), None, settings)?.remove(0))
            })
            .collect();
        let columns = columns.map_err(plain)?;
        let arguments: Vec<Argument<'_>> = self
            .fillings
            .iter()
            .map(|filling| Argument {
                input: filling.input,
                name: &self.quantities[filling.quantity].name,
                dimensions: &filling.dimensions,
                value: filling.value,
                sd: Some(self.quantities[filling.quantity].law.sd()),
                draws: &columns[filling.quantity],
            })
            .collect();
        let tables: Vec<Records> =
            self.tables.iter().map(|table| table.reseeded(seeds.of(&table.name()))).collect();
        let (territory, period) = self.place;
        (self.estimator.method.run)(&Call {
            quantity: &self.estimator.quantity,
            place: crate::estimator::Place { territory, period },
            level: self.level,
            draws: Draws { count, seed: seeds.of(OF_THE_METHOD) },
            arguments: &arguments,
            records: &tables,
        })
    }

    /// Asks with as many draws as are wanted, or as many as it takes.
    pub(super) fn answer_precisely(&self, settings: Settings) -> Result<Estimate, Refusal> {
        let seeds = Seeds { all: settings.seed, other: &BTreeMap::new() };
        if let Some(count) = settings.draws {
            return self.answer(seeds, count);
        }
        let mut count = FIRST_DRAWS;
        loop {
            let estimate = self.answer(seeds, count)?;
            let lacking = lacking(&estimate);
            if lacking <= 1.0 || count >= MOST_DRAWS {
                return Ok(estimate);
            }
            // Errors shrink with the square root of the count.
            let wanted = (count as f64 * lacking * lacking).min(MOST_DRAWS as f64);
            while (count as f64) < wanted {
                count *= 2;
            }
            count = count.min(MOST_DRAWS);
        }
    }
}

/// The first number of draws that is tried.
const FIRST_DRAWS: usize = FEWEST_DRAWS;
/// No estimate is made of more.
const MOST_DRAWS: usize = 1 << 20;

/// How many times larger the Monte Carlo error of an interval's ends is than two significant digits of the standard error
/// allow (JCGM 101:2008, 7.9): twice the error is to be below half a unit of the second digit.
fn lacking(estimate: &Estimate) -> f64 {
    let Ok(sample) = Sample::new(estimate.draws.clone()) else { return 0.0 };
    if estimate.draws.len() == 1 {
        return 0.0;
    }
    // A ratio's law need not have a standard deviation; the interval's width stands for it.
    let spread = estimate.standard_error.unwrap_or((estimate.high - estimate.low) / 4.0);
    if spread <= 0.0 {
        return 0.0;
    }
    let tolerance = 0.5 * libm::pow(10.0, libm::floor(libm::log10(spread)) - 1.0);
    let ends = [(1.0 - estimate.level) / 2.0, f64::midpoint(1.0, estimate.level)];
    let has_moments = estimate.standard_error.is_some();
    let figures = |sample: &Sample| {
        let [low, high] = ends.map(|p| sample.quantile(p));
        if has_moments { [low, high, sample.mean(), sample.sd()] } else { [low, high, 0.0, 0.0] }
    };
    let errors = sample.block_errors(figures).unwrap_or([f64::INFINITY; 4]);
    2.0 * errors.into_iter().fold(0.0, f64::max) / tolerance
}

fn plain(reason: String) -> Refusal {
    Refusal::new(reason, "correct the figure or its interval in the submission")
}

/// Names a figure and its stream of draws.
fn name_of(figure: &Figure) -> String {
    let territory = figure.dimension("territory").unwrap_or_default();
    let mut name = format!("{}|{territory}|{}", figure.indicator, figure.period().unwrap_or_default());
    for (dimension, value) in further(&figure.dimensions) {
        name = name + "|" + dimension + "=" + value;
    }
    name
}

/// The dimensions of a figure, with the period under one name whether it is a year or not.
fn renamed(figure: &Figure) -> Vec<(String, String)> {
    let name = |name: &str| if name == "year" { "period".to_owned() } else { name.to_owned() };
    figure.dimensions.iter().map(|(dimension, value)| (name(dimension), value.clone())).collect()
}

/// What is known of a figure: the three quantiles that its source gives, the variance that the standard computes, or
/// exactly its value.
fn law(figure: &Figure, value: f64) -> Result<Distribution, String> {
    match figure.interval {
        Some((low, high, level)) => Distribution::three_quantiles(low, value, high, level),
        None => match figure.variance {
            Some(variance) if variance != 0.0 => Distribution::normal(value, libm::sqrt(variance)),
            _ => Distribution::fixed(value),
        },
    }
}

/// A table as a method reads it.
fn records(table: &Table, seed: u64) -> Result<Records, String> {
    let columns: Result<Vec<(String, Values)>, String> = table
        .columns
        .iter()
        .map(|(name, cells)| {
            let values = match cells {
                Cells::Numbers(numbers) => Values::Numbers(numbers.clone()),
                Cells::Texts(codes, names) => Values::Texts(Texts::new(codes.clone(), names.clone())?),
            };
            Ok((name.clone(), values))
        })
        .collect();
    let place = (table.territory.as_str(), table.period.as_str());
    Records::new(table.input.as_str(), table.dataset.as_str(), place, columns?, seed)
}
