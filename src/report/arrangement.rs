//! Which estimate or refusal stands in which row of which table.

use std::collections::{BTreeMap, BTreeSet};

use super::{EstimateRow, RefusalRow, Report};

/// The rows of one table: one quantity in one unit, so that nothing stands in a column that cannot be compared.
#[derive(Debug)]
pub(super) struct Section<'a> {
    /// The quantity.
    pub(super) quantity: &'a str,
    /// The unit of a level; none for a share.
    pub(super) unit: Option<&'a str>,
    /// The rows, in the order of the report.
    pub(super) lines: Vec<Line<'a>>,
    /// Refusals without a row, since the territory has one from another method.
    pub(super) without_row: Vec<&'a RefusalRow>,
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Whether it stands below the headline of its territory and period.
    pub(super) secondary: bool,
    /// What it shows.
    pub(super) answer: Answer<'a>,
}

/// What a method said.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer<'a> {
    /// A figure.
    Estimate(&'a EstimateRow),
    /// Why there is none.
    Refusal(&'a RefusalRow),
}

/// All answers for one territory and period.
struct Place<'a> {
    territory: &'a str,
    period: &'a str,
    estimates: Vec<&'a EstimateRow>,
    refusals: Vec<&'a RefusalRow>,
}

/// The tables of a report, one a quantity and unit, in the order in which the report names them.
/// Unless `all`, each territory and period has one row.
pub(super) fn sections(report: &Report, all: bool) -> Vec<Section<'_>> {
    let mut keys: Vec<(&str, Option<&str>)> = Vec::new();
    for row in &report.estimates {
        let key = (row.quantity.as_str(), row.unit.as_deref());
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    for row in &report.refusals {
        if !keys.iter().any(|(quantity, _)| *quantity == row.quantity) {
            keys.push((&row.quantity, None));
        }
    }
    let mut seen = BTreeSet::new();
    let section = |(quantity, unit)| {
        let estimates =
            report.estimates.iter().filter(|row| row.quantity == quantity && row.unit.as_deref() == unit);
        // A refusal has no unit; it stands in the first table of its quantity.
        let here = seen.insert(quantity);
        let refusals = report.refusals.iter().filter(|row| here && row.quantity == quantity);
        arrange(quantity, unit, &estimates.collect::<Vec<_>>(), &refusals.collect::<Vec<_>>(), all)
    };
    keys.into_iter().map(section).collect()
}

fn arrange<'a>(
    quantity: &'a str,
    unit: Option<&'a str>,
    estimates: &[&'a EstimateRow],
    refusals: &[&'a RefusalRow],
    all: bool,
) -> Section<'a> {
    let mut places: Vec<Place<'a>> = Vec::new();
    let mut index = BTreeMap::new();
    for row in estimates {
        let key = (row.territory.as_str(), row.period.as_str());
        let at = *index.entry(key).or_insert_with(|| {
            places.push(Place {
                territory: key.0,
                period: key.1,
                estimates: Vec::new(),
                refusals: Vec::new(),
            });
            places.len() - 1
        });
        places[at].estimates.push(row);
    }
    let silent = silent_methods(estimates, refusals);
    let is_silent = |row: &RefusalRow| silent.contains(row.estimator.as_str());
    let mut answered: BTreeSet<&str> = estimates.iter().map(|row| row.territory.as_str()).collect();
    let mut without_row = Vec::new();
    for row in refusals.iter().filter(|row| !is_silent(row)) {
        answered.insert(&row.territory);
        place_of(&mut places, row).refusals.push(row);
    }
    for row in refusals.iter().filter(|row| is_silent(row)) {
        // The first method that is silent everywhere takes the place of an answer; a second one need not say it again.
        let first = place_index(&places, row)
            .is_none_or(|at| places[at].refusals.iter().all(|other| other.estimator == row.estimator));
        if answered.contains(row.territory.as_str()) || !first {
            without_row.push(*row);
        } else {
            place_of(&mut places, row).refusals.push(row);
        }
    }
    // By name, as a reader looks for them; the report itself is sorted by code.
    places.sort_by(|a, b| (a.name(), a.period).cmp(&(b.name(), b.period)));
    let mut lines = Vec::new();
    for place in &places {
        lines.extend(place.lines(all, &mut without_row));
    }
    Section { quantity, unit, lines, without_row }
}

impl Place<'_> {
    fn name(&self) -> &str {
        let estimate = self.estimates.first().map(|row| row.territory_name.as_str());
        estimate.or(self.refusals.first().map(|row| row.territory_name.as_str())).unwrap_or_default()
    }
}

/// Methods that answered nowhere, always for the same reason: it is said once, not in a row each.
fn silent_methods<'a>(estimates: &[&'a EstimateRow], refusals: &[&'a RefusalRow]) -> BTreeSet<&'a str> {
    let answering: BTreeSet<&str> = estimates.iter().map(|row| row.estimator.as_str()).collect();
    let mut reasons: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for row in refusals {
        reasons.entry(&row.estimator).or_default().insert((&row.reason, &row.remedy));
    }
    let silent = |(estimator, reasons): (&'a str, BTreeSet<_>)| {
        (reasons.len() == 1 && !answering.contains(estimator)).then_some(estimator)
    };
    reasons.into_iter().filter_map(silent).collect()
}

/// Where a refusal belongs, if there is such a place yet; a refusal that knows no period belongs to the territory.
fn place_index(places: &[Place<'_>], row: &RefusalRow) -> Option<usize> {
    places.iter().position(|place| {
        place.territory == row.territory && (row.period.is_empty() || place.period == row.period)
    })
}

/// The place of a refusal; a new one stands before the first place of a later territory or period.
fn place_of<'b, 'a>(places: &'b mut Vec<Place<'a>>, row: &'a RefusalRow) -> &'b mut Place<'a> {
    let at = place_index(places, row).unwrap_or_else(|| {
        let key = (row.territory.as_str(), row.period.as_str());
        let at =
            places.iter().position(|place| (place.territory, place.period) > key).unwrap_or(places.len());
        places.insert(
            at,
            Place { territory: key.0, period: key.1, estimates: Vec::new(), refusals: Vec::new() },
        );
        at
    });
    &mut places[at]
}

impl<'a> Place<'a> {
    /// Its rows, the headline first; what gets no row is left for the lines below the table.
    fn lines(&self, all: bool, without_row: &mut Vec<&'a RefusalRow>) -> Vec<Line<'a>> {
        let headline = self.estimates.iter().position(|row| row.headline).unwrap_or(0);
        let first = self.estimates.get(headline);
        let others = self.estimates.iter().enumerate().filter(|(at, _)| *at != headline).map(|(_, row)| *row);
        let answers = first
            .into_iter()
            .copied()
            .chain(others)
            .map(Answer::Estimate)
            .chain(self.refusals.iter().copied().map(Answer::Refusal));
        let mut lines = Vec::new();
        for answer in answers {
            let secondary = !lines.is_empty();
            match answer {
                Answer::Refusal(row) if secondary && !all => without_row.push(row),
                Answer::Estimate(_) if secondary && !all => {}
                _ => lines.push(Line { secondary, answer }),
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use proptest::prelude::*;

    /// What a method said in the test: its name and whether it answered, in a territory and a period.
    type Said = (u8, u8, u8, Option<u8>);

    fn report_of(answers: &[Said]) -> Report {
        let mut report = sample::empty();
        let model = sample::report();
        let mut seen = BTreeSet::new();
        for (territory, period, method, refused) in answers {
            let [territory, period, method] = [territory, period, method].map(ToString::to_string);
            if !seen.insert((territory.clone(), period.clone(), method.clone())) {
                continue;
            }
            if let Some(reason) = refused {
                let reason = reason.to_string();
                let period = if period == "0" { String::new() } else { period };
                let row =
                    RefusalRow { territory, period, estimator: method, reason, ..model.refusals[0].clone() };
                report.refusals.push(row);
            } else {
                let row = EstimateRow { territory, period, estimator: method, ..model.estimates[0].clone() };
                report.estimates.push(row);
            }
        }
        report
    }

    #[test]
    fn of_two_methods_that_never_answer_one_has_the_rows() {
        let report =
            report_of(&[(1, 1, 1, Some(0)), (2, 1, 1, Some(0)), (1, 1, 2, Some(1)), (2, 1, 2, Some(1))]);
        let section = &sections(&report, true)[0];
        assert_eq!((section.lines.len(), section.without_row.len()), (2, 2));
        assert!(section.without_row.iter().all(|row| row.estimator == "2"));
    }

    proptest! {
        #[test]
        fn nothing_is_left_out_or_said_twice(
            answers in prop::collection::vec((0_u8..4, 0_u8..3, 0_u8..3, prop::option::of(0_u8..2)), 0..30),
        ) {
            let report = report_of(&answers);
            for all in [false, true] {
                let sections = sections(&report, all);
                prop_assert!(sections.len() <= 1);
                let lines: Vec<Line<'_>> = sections.iter().flat_map(|section| section.lines.clone()).collect();
                let estimates = lines.iter().filter(|line| matches!(line.answer, Answer::Estimate(_))).count();
                let without_row: usize = sections.iter().map(|section| section.without_row.len()).sum();
                prop_assert_eq!(lines.len() - estimates + without_row, report.refusals.len());
                if all {
                    prop_assert_eq!(estimates, report.estimates.len());
                }
                // Each territory and period with an estimate has one row that is not below another.
                let places: BTreeSet<_> = report.estimates.iter().map(|row| (&row.territory, &row.period)).collect();
                let primary = lines.iter().filter_map(|line| match line.answer {
                    Answer::Estimate(row) if !line.secondary => Some((&row.territory, &row.period)),
                    _ => None,
                });
                let primary: Vec<_> = primary.collect();
                prop_assert_eq!(primary.len(), places.len());
                prop_assert_eq!(primary.into_iter().collect::<BTreeSet<_>>(), places);
            }
        }
    }
}
