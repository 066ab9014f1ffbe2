//! Records of a sample: its columns checked, and how its rows were drawn.

use crate::estimator::numeric::design::draws::{Streams, errors};
use crate::estimator::numeric::design::{Design, Drawn, Fault, FaultKind, Stage};
use crate::estimator::{Records, Refusal, Texts};

/// A table and how its rows were drawn.
///
/// Units are drawn in clusters and clusters in strata. Without `cluster` each unit was drawn by itself, without `unit` each
/// row of a cluster was. A column whose cells are all empty counts as left out.
pub(in crate::estimator) struct Sample<'a> {
    records: &'a Records,
    names: Names<'a>,
    /// The tree of strata, clusters and units.
    pub(in crate::estimator) design: Design,
    /// Whether sizes were left out where a cluster has one unit only.
    pub(in crate::estimator) widened: bool,
}

/// The columns that name what was drawn.
#[derive(Clone, Copy)]
struct Names<'a> {
    strata: Option<&'a Texts>,
    clusters: Option<&'a Texts>,
    units: Option<&'a Texts>,
}

/// What the rows of a cluster or unit are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estimator) enum Rows {
    /// Drawn from it.
    Drawn,
    /// All of it.
    Whole,
}

impl<'a> Sample<'a> {
    /// Reads the design of a table.
    pub(in crate::estimator) fn read(records: &'a Records, rows: Rows) -> Result<Self, Refusal> {
        let [strata, clusters, units] =
            [names(records, "stratum")?, names(records, "cluster")?, names(records, "unit")?];
        Self::named(records, [strata, clusters, units], rows)
    }

    /// Of a table whose strata, clusters and units have names that stand in no column of it.
    pub(in crate::estimator) fn named(
        records: &'a Records,
        [strata, clusters, units]: [Option<&'a Texts>; 3],
        rows: Rows,
    ) -> Result<Self, Refusal> {
        let names = Names { strata, clusters, units };
        let codes = |texts: Option<&Texts>| texts.map(|texts| numbered(texts, records.rows()));
        let (strata, clusters, units) = (codes(names.strata), codes(names.clusters), codes(names.units));
        let clusters_in_stratum = sizes(records, "clusters_in_stratum")?;
        let units_in_cluster = sizes(records, "units_in_cluster")?;
        let drawn = |sizes: Option<&'a [f64]>| sizes.map_or(Drawn::WithReplacement, Drawn::From);
        let mut stages = vec![Stage {
            strata: strata.as_deref(),
            units: clusters.as_deref().or(units.as_deref()),
            drawn: Drawn::WithReplacement,
        }];
        // Drawn with replacement, the clusters hold the error of all that was drawn within them.
        if clusters.is_some() && clusters_in_stratum.is_some() {
            stages[0].drawn = drawn(clusters_in_stratum);
            if units.is_some() || rows == Rows::Drawn {
                stages.push(Stage { strata: None, units: units.as_deref(), drawn: drawn(units_in_cluster) });
            }
            if units.is_some() && rows == Rows::Drawn {
                stages.push(Stage { strata: None, units: None, drawn: Drawn::WithReplacement });
            }
        }
        let design =
            |stages: &[Stage<'_>]| Design::new(records.rows(), stages).map_err(|fault| names.refusal(&fault));
        let mut full = design(&stages)?;
        if stages.len() == 3 && full.units(1) == records.rows() {
            // One row is one unit: there is nothing to draw within it.
            full = design(&stages[..2])?;
        }
        let (design, widened) = full.widened();
        Ok(Self { records, names, design, widened })
    }

    /// Draws of the errors of several estimates, from the deviations of each, in the streams of the table.
    pub(in crate::estimator) fn errors(&self, deviations: &[&[f64]], count: usize) -> Vec<Vec<f64>> {
        let named = |name: &str| self.records.stream(name);
        let unit = |stage: usize, row: usize| self.names.of_unit(stage, row);
        errors(&self.design, deviations, count, Streams { named: &named, unit: &unit })
    }

    /// A fault of the design, in the words of the table.
    pub(in crate::estimator) fn refusal(&self, fault: &Fault) -> Refusal {
        self.names.refusal(fault)
    }
}

impl Names<'_> {
    /// The name of the unit of a stage that a row lies in, with the strata and units above it.
    fn of_unit(&self, stage: usize, row: usize) -> String {
        let by_row = format!("row {row}");
        let given = [self.clusters, self.units].into_iter().flatten();
        let parts = given.filter_map(|texts| texts.get(row)).chain([by_row.as_str()]).take(stage + 1);
        parts.fold(name(self.strata, row).to_owned(), |name, part| name + "|" + part)
    }

    fn refusal(&self, fault: &Fault) -> Refusal {
        let mut place = match self.strata {
            Some(_) => format!("stratum {}", name(self.strata, fault.row)),
            None => "the sample".to_owned(),
        };
        if fault.stage > 0 {
            place = format!("cluster {} of {place}", name(self.clusters, fault.row));
        }
        if fault.stage > 1 {
            place = format!("unit {} of {place}", name(self.units, fault.row));
        }
        let remedy = match fault.kind {
            FaultKind::Single | FaultKind::AllSingle => {
                "join it with the stratum most like it, by what was known before the results; where it was taken for certain, name its parts as clusters"
            }
            FaultKind::SizesDiffer(..) => "give one size in all rows of a stratum or cluster",
            FaultKind::SizeTooSmall(..) => {
                "count the whole stratum or cluster in its size, and not what was drawn"
            }
            FaultKind::Chance(_) | FaultKind::Rows(..) | FaultKind::RowsInTheMiddle => {
                "look at the columns of the sample's design"
            }
        };
        Refusal::new(fault.words(&place), remedy)
    }
}

/// What a row is called in a column; nothing where there is none.
fn name(texts: Option<&Texts>, row: usize) -> &str {
    texts.and_then(|texts| texts.get(row)).unwrap_or_default()
}

/// A column of names; none where the standard or all rows leave it out.
pub(in crate::estimator) fn names<'a>(
    records: &'a Records,
    column: &str,
) -> Result<Option<&'a Texts>, Refusal> {
    if !records.has(column) {
        return Ok(None);
    }
    let texts = records.texts(column)?;
    match (0..records.rows()).filter(|row| texts.code(*row).is_none()).count() {
        0 => Ok(Some(texts)),
        empty if empty == records.rows() => Ok(None),
        empty => Err(gaps(column, empty, records.rows())),
    }
}

fn numbered(texts: &Texts, rows: usize) -> Vec<u32> {
    (0..rows).map(|row| texts.code(row).unwrap_or_default()).collect()
}

/// A column of numbers; none where the standard or all rows leave it out. Sizes may be known in some strata only.
fn sizes<'a>(records: &'a Records, column: &str) -> Result<Option<&'a [f64]>, Refusal> {
    if !records.has(column) {
        return Ok(None);
    }
    let sizes = records.numbers(column)?;
    Ok(sizes.iter().any(|size| !size.is_nan()).then_some(sizes))
}

/// The weights of all rows, checked; 1 where the standard or all rows leave them out.
pub(in crate::estimator) fn weights(records: &Records) -> Result<(Vec<f64>, bool), Refusal> {
    let given = if records.has("weight") { Some(records.numbers("weight")?) } else { None };
    let Some(weights) = given.filter(|weights| weights.iter().any(|weight| !weight.is_nan())) else {
        return Ok((vec![1.0; records.rows()], false));
    };
    let empty = weights.iter().filter(|weight| weight.is_nan()).count();
    if empty > 0 {
        return Err(gaps("weight", empty, records.rows()));
    }
    let wrong = weights.iter().filter(|weight| **weight < 0.0 || weight.is_infinite()).count();
    if wrong > 0 {
        return Err(Refusal::new(
            format!("the weight is negative or infinite in {wrong} of {} rows", records.rows()),
            "give how many units each row stands for",
        ));
    }
    Ok((weights.to_vec(), true))
}

fn gaps(column: &str, empty: usize, rows: usize) -> Refusal {
    Refusal::new(
        format!("{column} is empty in {empty} of {rows} rows"),
        format!("fill {column} in every row, or in none"),
    )
}
