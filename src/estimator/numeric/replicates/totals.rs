//! Weighted totals by domain, for the whole sample and for every replicate of its weights.

use std::fmt;
use std::ops::Range;

use crate::estimator::numeric::sample::Running;

/// `K` variables, the weight and the domain of each row.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a, const K: usize> {
    /// What is added up.
    pub variables: [&'a [f64]; K],
    /// The weights of the whole sample.
    pub weights: &'a [f64],
    /// The domain of each row; a number from `domains` on is in none.
    pub domain: &'a [u32],
    /// How many domains.
    pub domains: usize,
}

/// Writes the weights of a replicate in some rows.
pub type Fill<'a> = dyn Fn(usize, Range<usize>, &mut [f64]) + 'a;

/// How the weights change from replicate to replicate.
#[derive(Clone, Copy)]
pub enum Replication<'a> {
    /// The rows of a unit together, by a multiplier a replicate.
    Units {
        /// The unit of each row.
        unit: &'a [u32],
        /// The multipliers of each unit.
        multipliers: &'a super::Multipliers,
    },
    /// One replicate a unit, without it; the others of its stratum stand in for it.
    Jackknife {
        /// The unit of each row.
        unit: &'a [u32],
        /// The stratum of each unit.
        strata: &'a [u32],
    },
    /// Row by row: the weights of each replicate.
    Columns(&'a [&'a [f64]]),
    /// Row by row, made or read as they are needed: so many replicates, a block of rows at a time.
    Made {
        /// How many replicates.
        count: usize,
        /// Writes a block.
        fill: &'a Fill<'a>,
    },
}

impl fmt::Debug for Replication<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Units { .. } => "Units",
            Self::Jackknife { .. } => "Jackknife",
            Self::Columns(_) => "Columns",
            Self::Made { .. } => "Made",
        })
    }
}

/// Totals of `K` variables by domain, of the whole sample and of each replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct Totals<const K: usize> {
    domains: usize,
    whole: Vec<[f64; K]>,
    replicates: Vec<[f64; K]>,
}

/// More totals than this would not fit beside the data.
const MOST_TOTALS: usize = 20_000_000;

/// A block of rows and the totals of a replicate stay in the cache together.
const BLOCK: usize = 2048;

impl<const K: usize> Totals<K> {
    /// Adds up. Refuses columns of different lengths, figures that are not numbers and sizes beyond memory.
    pub fn new(rows: &Rows<'_, K>, replication: &Replication<'_>) -> Result<Self, String> {
        rows.check()?;
        let count = replication.check(rows.weights.len())?;
        if count.saturating_mul(rows.domains) > MOST_TOTALS {
            return Err(format!("{count} replicates of {} domains are too many to keep", rows.domains));
        }
        let replicates = match *replication {
            Replication::Units { unit, multipliers } => of_units(rows, unit, multipliers),
            Replication::Jackknife { unit, strata } => of_jackknife(rows, unit, strata)?,
            Replication::Columns(columns) => by_blocks(rows, count, &Weights::Given(columns)),
            Replication::Made { count, fill } => by_blocks(rows, count, &Weights::Made(fill)),
        };
        if let Some(place) =
            replicates.iter().position(|totals| totals.iter().any(|total| !total.is_finite()))
        {
            let replicate = place / rows.domains + 1;
            return Err(format!("the weights of replicate {replicate} do not add up to numbers"));
        }
        let whole = by_blocks(rows, 1, &Weights::Given(&[rows.weights]));
        Ok(Self { domains: rows.domains, whole, replicates })
    }

    /// The totals of the whole sample, by domain.
    pub fn whole(&self) -> &[[f64; K]] {
        &self.whole
    }

    /// The totals of each replicate, by domain.
    pub fn replicates(&self) -> impl Iterator<Item = &[[f64; K]]> {
        // Without domains there is nothing to chunk, and nothing to estimate.
        self.replicates.chunks_exact(self.domains.max(1))
    }

    /// How many replicates.
    pub fn count(&self) -> usize {
        self.replicates.len() / self.domains.max(1)
    }
}

impl<const K: usize> Rows<'_, K> {
    fn check(&self) -> Result<(), String> {
        let rows = self.weights.len();
        if self.domains == 0 || self.domains > MOST_TOTALS {
            return Err(format!("there are {} domains, and there must be 1 to {MOST_TOTALS}", self.domains));
        }
        let columns = self.variables.iter().map(|variable| variable.len()).chain([self.domain.len()]);
        if let Some(other) = columns.into_iter().find(|length| *length != rows) {
            return Err(format!("a column has {other} rows, and the weights have {rows}"));
        }
        for column in self.variables.iter().chain([&self.weights]) {
            if let Some(row) = column.iter().position(|value| !value.is_finite()) {
                return Err(format!("row {} holds {}, and must hold a number", row + 1, column[row]));
            }
        }
        Ok(())
    }

    /// The place of a row's domain; rows in none come last.
    fn place(&self, row: usize) -> usize {
        (self.domain[row] as usize).min(self.domains)
    }
}

impl Replication<'_> {
    /// How many replicates, where every row has its weights.
    fn check(&self, rows: usize) -> Result<usize, String> {
        let of_units = |unit: &[u32], units: usize| {
            if unit.len() != rows {
                return Err(format!("{} rows have a unit, and {rows} a weight", unit.len()));
            }
            match unit.iter().find(|unit| **unit as usize >= units) {
                Some(unknown) => Err(format!("unit {unknown} has no replicates: there are {units} units")),
                None => Ok(()),
            }
        };
        match *self {
            Self::Units { unit, multipliers } => {
                of_units(unit, multipliers.units()).map(|()| multipliers.replicates())
            }
            Self::Jackknife { unit, strata } => of_units(unit, strata.len()).map(|()| strata.len()),
            Self::Columns(columns) => match columns.iter().find(|column| column.len() != rows) {
                Some(column) => {
                    Err(format!("a replicate has {} weights, and there are {rows} rows", column.len()))
                }
                None => Ok(columns.len()),
            },
            Self::Made { count, .. } => Ok(count),
        }
    }
}

/// The weights of each replicate, row by row.
enum Weights<'a> {
    Given(&'a [&'a [f64]]),
    Made(&'a Fill<'a>),
}

impl Weights<'_> {
    /// Those of a replicate in some rows, which may be written into a buffer of that many.
    fn block<'b>(&'b self, replicate: usize, rows: Range<usize>, buffer: &'b mut [f64]) -> &'b [f64] {
        match self {
            Self::Given(columns) => &columns[replicate][rows],
            Self::Made(fill) => {
                fill(replicate, rows, buffer);
                buffer
            }
        }
    }
}

/// Totals by replicate and domain, from weights row by row.
///
/// Each block is read once for all replicates, so that its variables stay near; the totals of a block are added to the
/// others with compensation.
fn by_blocks<const K: usize>(rows: &Rows<'_, K>, count: usize, weights: &Weights<'_>) -> Vec<[f64; K]> {
    let (domains, stride) = (rows.domains, rows.domains + 1);
    let mut totals = vec![[Running::default(); K]; count * domains];
    let mut cells = vec![[0.0; K]; LANES * stride];
    let size = BLOCK.max(domains);
    let mut buffer = vec![0.0; size];
    for start in (0..rows.weights.len()).step_by(size) {
        let block = start..rows.weights.len().min(start + size);
        let places: Vec<usize> = block.clone().map(|row| row % LANES * stride + rows.place(row)).collect();
        let values: Vec<[f64; K]> =
            block.clone().map(|row| rows.variables.map(|variable| variable[row])).collect();
        for replicate in 0..count {
            cells.fill([0.0; K]);
            let weights = weights.block(replicate, block.clone(), &mut buffer[..block.len()]);
            for ((place, value), weight) in places.iter().zip(&values).zip(weights) {
                let cell = &mut cells[*place];
                for (total, value) in cell.iter_mut().zip(value) {
                    *total += weight * value;
                }
            }
            for domain in 0..domains {
                let at = replicate * domains + domain;
                for k in 0..K {
                    let part: f64 = (0..LANES).map(|lane| cells[lane * stride + domain][k]).sum();
                    totals[at][k].add(part);
                }
            }
        }
    }
    totals.into_iter().map(|totals| totals.map(Running::value)).collect()
}

/// Rows of one domain follow one another; in turn they go to cells of their own, so that none waits for the one before.
const LANES: usize = 4;

/// The totals of each unit by domain.
fn unit_totals<const K: usize>(rows: &Rows<'_, K>, unit: &[u32], units: usize) -> Vec<[f64; K]> {
    let mut totals = vec![[0.0; K]; units * rows.domains];
    for (row, (unit, weight)) in unit.iter().zip(rows.weights).enumerate() {
        let domain = rows.place(row);
        if domain < rows.domains {
            let cell = &mut totals[*unit as usize * rows.domains + domain];
            for (total, variable) in cell.iter_mut().zip(&rows.variables) {
                *total += weight * variable[row];
            }
        }
    }
    totals
}

/// Totals by replicate and domain where the weights of a unit change together: the units' totals times their multipliers.
fn of_units<const K: usize>(
    rows: &Rows<'_, K>,
    unit: &[u32],
    multipliers: &super::Multipliers,
) -> Vec<[f64; K]> {
    let (domains, count) = (rows.domains, multipliers.replicates());
    // By domain, variable and replicate, so that all replicates of a total stand together.
    let mut sums = vec![0.0; domains * K * count];
    let mut spread = |unit: usize, domain: usize, values: [f64; K]| {
        let of_unit = multipliers.of(unit);
        for (k, value) in values.into_iter().enumerate().filter(|(_, value)| *value != 0.0) {
            let at = (domain * K + k) * count;
            for (total, multiplier) in sums[at..at + count].iter_mut().zip(of_unit) {
                *total += value * multiplier;
            }
        }
    };
    let collapsed = multipliers.units().saturating_mul(domains);
    if collapsed <= rows.weights.len().max(BLOCK).saturating_mul(4) {
        for (place, values) in unit_totals(rows, unit, multipliers.units()).into_iter().enumerate() {
            spread(place / domains, place % domains, values);
        }
    } else {
        // Nearly every row would have a total of its own.
        for (row, unit) in unit.iter().enumerate() {
            let domain = rows.place(row);
            if domain < domains {
                let values = rows.variables.map(|variable| rows.weights[row] * variable[row]);
                spread(*unit as usize, domain, values);
            }
        }
    }
    let at = |replicate: usize, domain: usize, k: usize| sums[(domain * K + k) * count + replicate];
    (0..count * domains)
        .map(|place| std::array::from_fn(|k| at(place / domains, place % domains, k)))
        .collect()
}

/// Totals by replicate and domain, a replicate leaving out one unit: sums of what is left, so that nothing cancels.
fn of_jackknife<const K: usize>(
    rows: &Rows<'_, K>,
    unit: &[u32],
    strata: &[u32],
) -> Result<Vec<[f64; K]>, String> {
    let domains = rows.domains;
    let units = unit_totals(rows, unit, strata.len());
    let of_unit = |unit: usize| &units[unit * domains..(unit + 1) * domains];
    let members = super::build::members(strata)?;
    let of_strata: Vec<Vec<[f64; K]>> = members
        .values()
        .map(|members| {
            members.iter().fold(vec![[0.0; K]; domains], |sum, unit| plus(sum, 1.0, of_unit(*unit)))
        })
        .collect();
    let parts: Vec<&[[f64; K]]> = of_strata.iter().map(Vec::as_slice).collect();
    let elsewhere = others(&parts, domains);
    let mut replicates = vec![[0.0; K]; strata.len() * domains];
    for (members, elsewhere) in members.values().zip(elsewhere) {
        let size = members.len() as f64;
        let parts: Vec<&[[f64; K]]> = members.iter().map(|unit| of_unit(*unit)).collect();
        for (unit, left) in members.iter().zip(others(&parts, domains)) {
            let totals = plus(elsewhere.clone(), size / (size - 1.0), &left);
            replicates[unit * domains..(unit + 1) * domains].copy_from_slice(&totals);
        }
    }
    Ok(replicates)
}

/// For each part the sum of all other parts.
fn others<const K: usize>(parts: &[&[[f64; K]]], domains: usize) -> Vec<Vec<[f64; K]>> {
    let mut before = vec![[0.0; K]; domains];
    let mut sums: Vec<Vec<[f64; K]>> = Vec::with_capacity(parts.len());
    for part in parts {
        let next = plus(before.clone(), 1.0, part);
        sums.push(std::mem::replace(&mut before, next));
    }
    let mut after = vec![[0.0; K]; domains];
    for (sum, part) in sums.iter_mut().zip(parts).rev() {
        *sum = plus(std::mem::take(sum), 1.0, &after);
        after = plus(after, 1.0, part);
    }
    sums
}

fn plus<const K: usize>(mut sum: Vec<[f64; K]>, factor: f64, part: &[[f64; K]]) -> Vec<[f64; K]> {
    for (total, part) in sum.iter_mut().flatten().zip(part.iter().flatten()) {
        *total += factor * part;
    }
    sum
}
