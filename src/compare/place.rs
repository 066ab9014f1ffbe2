//! What is known of each territory in each period, and how far from it an estimator looks.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use crate::compile::{Estimator, Plan};
use crate::estimator::Reach;
use crate::measure::{Figure, Table};

/// A territory and a period.
pub(super) type Place = (String, String);

/// What is known of one territory in one period.
#[derive(Debug, Clone, Default)]
pub struct Cell<'a> {
    /// The figures, by indicator: several where they have further dimensions or several submissions give them.
    pub figures: BTreeMap<&'a str, Vec<&'a Figure>>,
    /// The records, by estimator and input: several where several submissions give them.
    pub tables: BTreeMap<(&'a str, &'a str), Vec<&'a Table>>,
    /// The submissions that they came from.
    pub sources: Vec<Source<'a>>,
}

impl<'a> Cell<'a> {
    fn came_from(&mut self, source: &Source<'a>) {
        if !self.sources.iter().any(|known| known.submission == source.submission) {
            self.sources.push(*source);
        }
    }
}

/// What is known of each territory and period that some submission is about.
pub(super) struct Known<'a> {
    /// By territory and period.
    pub(super) cells: BTreeMap<Place, Cell<'a>>,
}

impl<'a> Known<'a> {
    pub(super) fn new(plan: &Plan, sources: &[Source<'a>]) -> Self {
        let mut cells: BTreeMap<Place, Cell<'a>> = BTreeMap::new();
        let inputs = plan.estimators.values().flat_map(|estimator| &estimator.inputs);
        let wanted: BTreeSet<&str> =
            inputs.flat_map(|input| input.indicators().iter().map(String::as_str)).collect();
        for source in sources {
            let mut found = false;
            let mut is_own = |period: &str| found |= period == source.period || source.period.contains('/');
            for figure in source.figures.iter().filter(|figure| wanted.contains(figure.indicator.as_str())) {
                let (Some(territory), Some(period)) = (figure.dimension("territory"), figure.period()) else {
                    continue;
                };
                let cell = cells.entry((territory.to_owned(), period.to_owned())).or_default();
                cell.figures.entry(&figure.indicator).or_default().push(figure);
                cell.came_from(source);
                is_own(period);
            }
            for table in source.tables {
                let cell = cells.entry((table.territory.clone(), table.period.clone())).or_default();
                cell.tables.entry((&table.estimator, &table.input)).or_default().push(table);
                cell.came_from(source);
                is_own(&table.period);
            }
            // A territory that reports nothing of its own period that an estimator can read does not vanish: it is refused,
            // in words. A span of years may be filled by the years in it.
            if !found {
                let place = (source.territory.to_owned(), source.period.to_owned());
                cells.entry(place).or_default().came_from(source);
            }
        }
        // What grades speak of is added to what there is to estimate; by itself it asks for no estimate.
        let facts = |figure: &&Figure| {
            plan.facts.contains(&figure.indicator) && !wanted.contains(figure.indicator.as_str())
        };
        for figure in sources.iter().flat_map(|source| source.figures).filter(facts) {
            let place = figure.dimension("territory").zip(figure.period());
            if let Some((territory, period)) = place
                && let Some(cell) = cells.get_mut(&(territory.to_owned(), period.to_owned()))
            {
                cell.figures.entry(&figure.indicator).or_default().push(figure);
            }
        }
        Self { cells }
    }

    /// The places that an estimator looks at for one: itself first, then the others in order.
    pub(super) fn within_reach(&self, reach: Reach, place: &Place) -> Vec<(&Place, &Cell<'a>)> {
        let is_near = |other: &Place| match reach {
            Reach::Place => false,
            Reach::Series => other.0 == place.0,
            Reach::Peers => other.1 == place.1,
            Reach::All => true,
        };
        let others = self.cells.iter().filter(|(other, _)| *other != place && is_near(other));
        self.cells.get_key_value(place).into_iter().chain(others).collect()
    }
}

/// Whether submissions hold at least half of the datasets that the estimator cannot do without: who sends so much has asked
/// for its estimate, and is told what else it takes.
pub(super) fn has_data(plan: &Plan, estimator: &Estimator, sources: &[Source<'_>]) -> bool {
    let mut datasets: BTreeSet<&str> = BTreeSet::new();
    for input in estimator.inputs.iter().filter(|input| input.required) {
        let indicators = input.indicators().iter().filter_map(|id| plan.indicators.get(id));
        datasets.extend(indicators.map(|indicator| indicator.dataset.as_str()));
        datasets.extend(input.records().map(|records| records.dataset.as_str()));
    }
    let is_held = |dataset: &&&str| sources.iter().any(|source| source.errors.contains_key(**dataset));
    let held = datasets.iter().filter(is_held).count();
    held > 0 && 2 * held >= datasets.len()
}
