//! From the figures of all submissions to what does not fit together: rules over indicators, across datasets, years,
//! agencies and submissions.
//!
//! The figures are joined in a table, and the rule is checked on it by the same code that checks a dataset. Figures of a
//! dataset with errors are compared all the same: what does not balance is often how such an error shows, and the one
//! finding explains the other. What could not be read is not: half a sum is no figure, and a figure that may stand in
//! the part of a file that was not read is not known to be missing.

mod table;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::compile::{Check, CheckKind, Join, Plan};
use crate::language::fill;
use crate::measure::Figure;
use crate::standard::item::Severity;
use crate::table::Column;
use crate::validate::state::{is, truths};
use crate::validate::{Failure, Finding, KeyPart, Location, Outcome, failures};
use table::{Cell, Doubt, Given, Table};
use words::words;

/// A submission as this stage sees it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its folder's name.
    pub submission: &'a str,
    /// Its territory.
    pub territory: &'a str,
    /// The day on which it was prepared, in days since 1970-01-01.
    pub prepared: Option<i32>,
    /// Its figures.
    pub figures: &'a [Figure],
    /// The datasets whose files could not be read whole.
    pub broken: &'a BTreeSet<String>,
}

/// What the rules over indicators came to in one submission.
#[derive(Debug, Default)]
pub struct Reconciled {
    /// The findings whose first figure is its own.
    pub findings: Vec<Finding>,
    /// What became of each rule. A row of a joined table is counted in one of the submissions that it is made from.
    pub outcomes: BTreeMap<String, Outcome>,
    /// The datasets whose figures took part in findings that are errors, each with how many.
    pub errors: BTreeMap<String, u64>,
}

/// Checks all rules over indicators; what they came to in each submission, in the order of the submissions. Of each rule
/// at most as many findings are kept as `samples` says.
pub fn reconcile(plan: &Plan, sources: &[Source<'_>], samples: usize) -> Vec<Reconciled> {
    let mut reconciled: Vec<Reconciled> = sources.iter().map(|_| Reconciled::default()).collect();
    let wanted: BTreeSet<&str> = plan
        .joins
        .values()
        .flat_map(|join| join.operands.iter().map(|operand| operand.indicator.as_str()))
        .collect();
    // The order in which submissions are given says nothing.
    let mut places: Vec<usize> = (0..sources.len()).collect();
    places.sort_by_key(|place| sources[*place].submission);
    let mut figures: BTreeMap<&str, Vec<Given<'_>>> = BTreeMap::new();
    for source in places {
        let own = sources[source].figures.iter();
        for figure in own.filter(|figure| wanted.contains(figure.indicator.as_str())) {
            figures.entry(&figure.indicator).or_default().push(Given { source, figure });
        }
    }
    for join in plan.joins.values() {
        for check in &join.table.checks {
            let table = Table::join(join, &figures, sources);
            Reconciling { plan, join, check, table: &table, sources }.settle(samples, &mut reconciled);
        }
    }
    reconciled
}

/// One rule at work.
struct Reconciling<'a> {
    plan: &'a Plan,
    join: &'a Join,
    check: &'a Check,
    table: &'a Table<'a>,
    sources: &'a [Source<'a>],
}

/// What became of a rule in one submission.
#[derive(Debug, Clone, Default)]
struct Fate<'a> {
    /// Whether a figure of it took part in a row that was checked.
    took_part: bool,
    /// Whether a figure of it took part in a row that failed.
    failed: bool,
    /// Why a row in which a figure of it took part was not checked.
    doubt: Option<Doubt<'a>>,
}

impl<'a> Reconciling<'a> {
    fn settle(&self, samples: usize, reconciled: &mut [Reconciled]) {
        let doubts = self.doubts();
        let rows = self.rows(&doubts);
        let (checked, doubtful): (Vec<usize>, Vec<usize>) =
            rows.into_iter().partition(|row| doubts[*row].is_empty());
        let mut failed = Vec::new();
        if !checked.is_empty() {
            let columns = self.table.columns(self.join, Cell::value);
            failed = failures(&self.join.table, self.check, columns, self.table.rows());
            failed.retain(|failure| doubts[failure.row].is_empty());
        }
        let mut fates = self.fates(&checked, &failed);
        for row in doubtful {
            for source in self.sources_of(row) {
                fates[source].doubt = fates[source].doubt.or(doubts[row].first().map(|(_, doubt)| *doubt));
            }
        }
        let mut counts = vec![(0, 0); self.sources.len()];
        let outcome_of = |source: usize| self.outcome(&fates[source], source);
        for row in &checked {
            let is_counted = |source: &usize| fates[*source].failed || outcome_of(*source).is_ok();
            if let Some(source) = self.sources_of(*row).find(is_counted) {
                counts[source].0 += 1;
            }
        }
        for failure in &failed {
            counts[self.first(failure.row).source].1 += 1;
            if self.check.severity == Severity::Error {
                for (source, dataset) in self.datasets_of(failure) {
                    *reconciled[source].errors.entry(dataset.to_owned()).or_default() += 1;
                }
            }
        }
        let id = &self.check.id;
        for (source, (checked, failed)) in counts.into_iter().enumerate() {
            let outcome = match outcome_of(source) {
                _ if fates[source].failed => Outcome::Failed { checked, failed },
                Ok(()) => Outcome::Passed { checked },
                Err(outcome) => outcome,
            };
            reconciled[source].outcomes.insert(id.clone(), outcome);
        }

        let mut findings: Vec<(usize, Finding)> = failed
            .into_iter()
            .map(|failure| (self.first(failure.row).source, self.finding(failure)))
            .collect();
        findings.sort_by(|(_, a), (_, b)| {
            (&a.location, &a.message, &a.key).cmp(&(&b.location, &b.message, &b.key))
        });
        findings.truncate(samples);
        for (source, finding) in findings {
            reconciled[source].findings.push(finding);
        }
    }

    /// The rows that the rule looks at, and those of which it is not known whether it does.
    fn rows(&self, doubts: &[Vec<(usize, Doubt<'a>)>]) -> Vec<usize> {
        let rows = self.table.rows();
        let applies = match &self.check.kind {
            CheckKind::Row { applies, .. } => applies.as_ref(),
            CheckKind::Series { scoped, .. } | CheckKind::Group { scoped, .. } => scoped.applies.as_ref(),
            _ => None,
        };
        let Some(applies) = applies else { return (0..rows).collect() };
        // Of a disputed figure the first will do: it is not what the rule will judge.
        let columns = self.table.columns(self.join, Cell::first_value);
        let fields: Vec<&Column> = columns.iter().collect();
        let truths = truths(applies.evaluate(&fields, rows));
        let read = applies.columns();
        let first = self.join.table.key.len();
        let is_open = |row: usize| {
            let mut unknown = doubts[row].iter().filter(|(_, doubt)| !matches!(doubt, Doubt::Disputed(_)));
            unknown.any(|(operand, _)| read.contains(&(first + operand)))
        };
        (0..rows).filter(|row| is(&truths, *row, true) || is_open(*row)).collect()
    }

    fn fates(&self, checked: &[usize], failed: &[Failure]) -> Vec<Fate<'a>> {
        let mut fates = vec![Fate::default(); self.sources.len()];
        for row in checked {
            for source in self.sources_of(*row) {
                fates[source].took_part = true;
            }
        }
        for failure in failed {
            for row in [Some(failure.row), failure.before].into_iter().flatten() {
                for source in self.sources_of(row) {
                    fates[source].failed = true;
                }
            }
        }
        fates
    }

    /// Whether the rule passed in a submission in which it did not fail; otherwise why it is not checked there.
    fn outcome(&self, fate: &Fate<'_>, source: usize) -> Result<(), Outcome> {
        let words = words(self.plan.language);
        let own =
            self.join.operands.iter().find(|operand| self.sources[source].broken.contains(&operand.dataset));
        let doubt = own.map(|operand| Doubt::NotWhole(&operand.dataset)).or(fate.doubt);
        let (phrase, gap, name) = match doubt {
            Some(Doubt::Disputed(indicator)) => (words.disputed, "indicator", indicator),
            Some(Doubt::Unreadable(indicator)) => (words.unreadable, "indicator", indicator),
            Some(Doubt::NotWhole(dataset)) => (words.not_whole, "dataset", dataset),
            None if fate.took_part => return Ok(()),
            None => return Err(Outcome::NotApplicable { reason: words.no_figure.to_owned() }),
        };
        Err(Outcome::NotRun { reason: fill(phrase, &[(gap, name)]) })
    }

    /// The submissions that a row is made from, in the order in which the rule names its indicators.
    fn sources_of(&self, row: usize) -> impl Iterator<Item = usize> {
        self.table.cells(row).iter().flat_map(|cell| cell.given.iter().map(|given| given.source))
    }

    /// For each row why it cannot be judged. A check that looks at whole groups cannot judge any row of a group in which
    /// one figure is in doubt: what the others come to is not what the group comes to.
    fn doubts(&self) -> Vec<Vec<(usize, Doubt<'a>)>> {
        let (check, keys) = match &self.check.kind {
            CheckKind::Series { check, scoped, .. } => (check, &scoped.keys),
            _ => return self.table.doubts(self.join, self.sources, false),
        };
        let mut doubts = self.table.doubts(self.join, self.sources, check.sees_whole_groups());
        if !check.sees_whole_groups() {
            return doubts;
        }
        let group = |row: usize| -> Vec<&str> { keys.iter().map(|key| self.table.key(row)[*key]).collect() };
        let mut of_groups: BTreeMap<Vec<&str>, (usize, Doubt<'a>)> = BTreeMap::new();
        for row in (0..doubts.len()).rev() {
            of_groups.extend(doubts[row].first().map(|doubt| (group(row), *doubt)));
        }
        for (row, doubts) in doubts.iter_mut().enumerate().filter(|(_, doubts)| doubts.is_empty()) {
            doubts.extend(of_groups.get(&group(row)));
        }
        doubts
    }

    /// The datasets that a failure is made from, each once.
    fn datasets_of(&self, failure: &Failure) -> BTreeSet<(usize, &'a str)> {
        let rows = [Some(failure.row), failure.before].into_iter().flatten();
        let cells = rows.flat_map(|row| self.table.cells(row).iter().zip(&self.join.operands));
        let given = cells.flat_map(|(cell, operand)| {
            cell.given.iter().map(|given| (given.source, operand.dataset.as_str()))
        });
        given.collect()
    }

    /// The figures of a row, one an operand, those with a value first: at their places the row is found.
    fn figures(&self, row: usize) -> Vec<Given<'a>> {
        let mut figures: Vec<Given<'a>> = self.table.cells(row).iter().filter_map(Cell::figure).collect();
        figures.sort_by_key(|given| given.figure.value.is_err());
        figures
    }

    fn first(&self, row: usize) -> Given<'a> {
        self.figures(row)[0]
    }

    fn location(&self, given: Given<'_>) -> Location {
        let submission = self.sources[given.source].submission;
        let file = &given.figure.provenance.file;
        Location {
            submission: submission.to_owned(),
            file: file
                .strip_prefix(submission)
                .map_or(file.as_str(), |file| file.trim_start_matches('/'))
                .to_owned(),
            line: given.figure.provenance.lines.first().copied(),
            ..Location::default()
        }
    }

    fn finding(&self, failure: Failure) -> Finding {
        let rows = [Some(failure.row), failure.before].into_iter().flatten();
        let mut places: Vec<Location> = Vec::new();
        for given in rows.flat_map(|row| self.figures(row)) {
            let place = self.location(given);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let beside = places.split_off(1);
        let names = self.join.table.key.iter().map(|key| self.join.table.fields[*key].name.as_str());
        let key = names
            .zip(self.table.key(failure.row))
            .map(|(name, value)| KeyPart { column: name.to_owned(), value: (*value).to_owned() });
        Finding {
            rule: self.check.id.clone(),
            severity: self.check.severity,
            message: failure.message,
            location: places.remove(0),
            beside,
            key: key.collect(),
            value: None,
            fix: self.check.fix.clone(),
        }
    }
}
