//! Complex samples: how the rows of a table were drawn, and what that says of the error of an estimate.
//!
//! A sample is drawn in stages: units within strata, then units within those, down to the rows. An estimate that is nearly
//! linear has a score `s` in each row ([`linear`]); the scores of all rows below a unit add up to its total `u`. Then
//!
//! ```text
//! V   = sum over stages, strata and units of d^2                        the variance of the estimate
//! C   = sum over stages, strata and units of d d'                       the covariance of two estimates
//! d   = sqrt(F (1 - f) n / (n - 1)) (u - ubar)                          the deviation of a unit
//! n, N, f = n / N    units drawn of a stratum, units in it; f = 0 where N is not known
//! ubar               mean of u over the n units
//! F                  product of the fractions f of the stages above, 1 for the first
//! ```
//!
//! With f = 0 in the first stage F is 0 below it: the totals of the units first drawn (the ultimate clusters) hold the
//! error of all later stages, whatever these were. With all N known the sum is that of multistage sampling without replacement.
//! With unequal chances pi and without replacement, `1 - pi` and `pi` of each unit stand for `1 - f` and `f` (Brewer).
//! An estimate for a domain is that of the whole sample with weights of 0 outside it: a unit without a row in the
//! domain has the total 0 and still counts in n. Taking the rows out instead would lose such units, and with them variance.
//!
//! # References
//! W. G. Cochran (1977), Sampling Techniques, third edition, chapters 10 and 11.
//! C.-E. Särndal, B. Swensson, J. Wretman (1992), Model Assisted Survey Sampling, chapters 4 and 5.
//! K. R. W. Brewer (2002), Combined Survey Sampling Inference: Weighing Basu's Elephants, chapter 9.
//! T. Lumley (2010), Complex Surveys: A Guide to Analysis Using R, whose package survey is the reference of the conformance cases.

use std::fmt;

use super::sample::sum;

pub mod change;
pub mod draws;
pub mod interval;
pub mod linear;
pub mod pps;
mod tree;

/// One stage of the drawing, as it is written in each row.
#[derive(Debug, Clone, Copy)]
pub struct Stage<'a> {
    /// The stratum, a number within the unit of the stage above; one stratum where there is none.
    pub strata: Option<&'a [u32]>,
    /// The unit, a number within its stratum; each row is a unit where there is none.
    pub units: Option<&'a [u32]>,
    /// How the units were drawn.
    pub drawn: Drawn<'a>,
}

/// How the units of a stage were drawn from each stratum.
#[derive(Debug, Clone, Copy)]
pub enum Drawn<'a> {
    /// With replacement, or from so many that it is alike.
    WithReplacement,
    /// Without replacement and with equal chances, from so many units of the stratum; where that is not a number or infinite,
    /// as with replacement.
    From(&'a [f64]),
    /// Without replacement, with the chance pi of the unit.
    WithChance(&'a [f64]),
}

/// What becomes of a stratum from which one unit was drawn of several, so that nothing shows how they differ.
///
/// [`Lonely::Refuse`] is the default for what agencies send. Whether such a stratum is like its neighbours is a question
/// about the field, which whoever drew the sample can answer by joining strata before the results are seen, and a formula
/// cannot. `Certain` is wrong, for it counts the unknown as nothing. `Centre` is mostly too wide, for it takes the
/// differences between strata for differences within, and the most honest of the others where an answer must be had;
/// `Average` is right if strata became lonely by chance, such as by refusals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lonely {
    /// There is no variance.
    #[default]
    Refuse,
    /// It adds none.
    Certain,
    /// Its deviation is counted from 0 (R's `adjust`): for totals this takes all of it for error.
    Zero,
    /// Its deviation is counted from the mean of all units of the stage within the same unit above (Stata's `centered`).
    ///
    /// For means and ratios the first stage's mean is 0, so that this and [`Lonely::Zero`] agree.
    Centre,
    /// It adds what the other strata of the stage within the same unit above add on average.
    Average,
}

/// Where and why a sample cannot be what it is said to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fault {
    /// The stage, from 0.
    pub stage: usize,
    /// A row of the stratum.
    pub row: usize,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong with a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FaultKind {
    /// A column has so many rows and another has as many as the second number.
    Rows(usize, usize),
    /// Rows are the units, and another stage follows.
    RowsInTheMiddle,
    /// The stratum has two sizes.
    SizesDiffer(f64, f64),
    /// The size is none that a stratum can have, or less than the units drawn.
    SizeTooSmall(f64, u32),
    /// The chance of a unit is none, or differs between its rows.
    Chance(f64),
    /// One unit was drawn of several.
    Single,
    /// Only such strata are there, so that none can stand for the others.
    AllSingle,
}

impl Fault {
    /// The fault in words, with the name of its stratum, such as `stratum north`.
    pub fn words(&self, stratum: &str) -> String {
        let stage = self.stage + 1;
        match self.kind {
            FaultKind::Rows(found, needed) => {
                format!("a column of stage {stage} has {found} rows, and must have {needed}")
            }
            FaultKind::RowsInTheMiddle => {
                format!("the rows are the units of stage {stage}, and another stage follows")
            }
            FaultKind::SizesDiffer(one, other) => {
                let [one, other] =
                    [one, other].map(|size| if size.is_nan() { "none".to_owned() } else { size.to_string() });
                format!("{stratum} has two sizes at stage {stage}: {one} and {other}")
            }
            FaultKind::SizeTooSmall(size, drawn) => {
                format!("{stratum} has {size} units at stage {stage}, and {drawn} were drawn")
            }
            FaultKind::Chance(chance) => format!(
                "a unit of {stratum} was drawn with the chance {chance} at stage {stage}, and must have one chance above 0 and up to 1"
            ),
            FaultKind::Single => {
                format!(
                    "one unit was drawn of {stratum} at stage {stage}, which cannot show how its units differ"
                )
            }
            FaultKind::AllSingle => {
                format!("no stratum of stage {stage} beside {stratum} has two units that could stand for it")
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(&format!("the stratum of row {}", self.row + 1)))
    }
}

/// How the rows of a table were drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    /// The rows, sorted by strata and units of all stages.
    order: Vec<u32>,
    levels: Vec<Level>,
}

/// A stage. Its units stand in the order of the rows, those of a stratum and the strata of a unit above beside one another.
#[derive(Debug, Clone, PartialEq)]
struct Level {
    strata: Vec<Stratum>,
    /// Where in the order of rows each unit begins, and where the last ends.
    starts: Vec<u32>,
    /// The chance of each unit; empty where chances are equal.
    chances: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Stratum {
    /// The unit of the stage above.
    parent: u32,
    /// Its first unit.
    first: u32,
    /// How many units were drawn of it, n.
    count: u32,
    /// Of how many, N; infinite where drawn with replacement.
    size: f64,
    /// F.
    above: f64,
}

impl Stratum {
    fn units(&self) -> std::ops::Range<usize> {
        self.first as usize..self.first as usize + self.count as usize
    }
}

impl Level {
    /// The rows of a unit, as a range of the order.
    fn rows(&self, unit: usize) -> std::ops::Range<usize> {
        self.starts[unit] as usize..self.starts[unit + 1] as usize
    }

    /// `1 - f` of a unit: what chance left to draw.
    fn left(&self, stratum: &Stratum, unit: usize) -> f64 {
        match self.chances.get(unit) {
            Some(chance) => 1.0 - chance,
            None if stratum.size.is_infinite() => 1.0,
            None => (stratum.size - f64::from(stratum.count)) / stratum.size,
        }
    }

    /// `f` of a unit.
    fn fraction(&self, stratum: &Stratum, unit: usize) -> f64 {
        match self.chances.get(unit) {
            Some(chance) => *chance,
            None => f64::from(stratum.count) / stratum.size,
        }
    }

    /// Whether every unit of the stratum was taken, so that chance had no part in it.
    fn is_census(&self, stratum: &Stratum) -> bool {
        stratum.units().all(|unit| self.left(stratum, unit) <= 0.0)
    }

    /// Whether it has one unit and chance had a part in it.
    fn is_single(&self, stratum: &Stratum) -> bool {
        stratum.count == 1 && !self.is_census(stratum)
    }
}

impl Design {
    /// A sample of `rows` rows, drawn in stages, the first first; without a stage, each row was drawn by itself with replacement.
    pub fn new(rows: usize, stages: &[Stage<'_>]) -> Result<Self, Fault> {
        tree::build(rows, stages)
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.order.len()
    }

    /// How many units were drawn at a stage, the first being 0.
    pub fn units(&self, stage: usize) -> usize {
        self.levels.get(stage).map_or(0, |level| level.starts.len() - 1)
    }

    /// How many strata there are at a stage.
    pub fn strata(&self, stage: usize) -> usize {
        self.levels.get(stage).map_or(0, |level| level.strata.len())
    }

    /// The stage of each unit and a row of it, in the order of [`Self::deviations`].
    pub fn drawn(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.levels.iter().enumerate().flat_map(move |(stage, level)| {
            let units = &level.starts[..level.starts.len() - 1];
            units.iter().map(move |start| (stage, self.order[*start as usize] as usize))
        })
    }

    /// How many units have a deviation that need not be 0.
    pub fn units_of_chance(&self) -> usize {
        let counts = |level: &Level, stratum: &Stratum| stratum.above > 0.0 && !level.is_census(stratum);
        let of_level = |level: &Level| -> usize {
            level
                .strata
                .iter()
                .filter(|stratum| counts(level, stratum))
                .map(|stratum| stratum.units().len())
                .sum()
        };
        self.levels.iter().map(of_level).sum()
    }

    /// The total of the scores in each unit of a stage.
    pub fn totals(&self, stage: usize, scores: &[f64]) -> Vec<f64> {
        let level = &self.levels[stage];
        (0..self.units(stage))
            .map(|unit| sum(self.order[level.rows(unit)].iter().map(|row| scores[*row as usize])))
            .collect()
    }

    /// The deviation `d` of each unit of each stage.
    ///
    /// Their squares add up to the variance, and their products with those of another estimate to the covariance.
    pub fn deviations(&self, scores: &[f64], lonely: Lonely) -> Result<Vec<f64>, Fault> {
        if scores.len() != self.rows() {
            let kind = FaultKind::Rows(scores.len(), self.rows());
            return Err(Fault { stage: 0, row: 0, kind });
        }
        let mut deviations = Vec::with_capacity((0..self.levels.len()).map(|stage| self.units(stage)).sum());
        for (stage, level) in self.levels.iter().enumerate() {
            if level.strata.iter().all(|stratum| stratum.above == 0.0) {
                deviations.resize(deviations.len() + self.units(stage), 0.0);
                continue;
            }
            let totals = self.totals(stage, scores);
            for siblings in level.strata.chunk_by(|one, next| one.parent == next.parent) {
                self.of_siblings((stage, level), siblings, &totals, lonely, &mut deviations)?;
            }
        }
        Ok(deviations)
    }

    /// The deviations in the strata of one unit above.
    fn of_siblings(
        &self,
        (stage, level): (usize, &Level),
        siblings: &[Stratum],
        totals: &[f64],
        lonely: Lonely,
        deviations: &mut Vec<f64>,
    ) -> Result<(), Fault> {
        let begin = deviations.len();
        let span = siblings[0].units().start..siblings[siblings.len() - 1].units().end;
        let mut singles = 0;
        for stratum in siblings {
            let units = &totals[stratum.units()];
            let n = f64::from(stratum.count);
            let row = self.order[level.rows(stratum.units().start).start] as usize;
            let mut centre = sum(units.iter().copied()) / n;
            let mut inflation = n / (n - 1.0);
            if stratum.above == 0.0 || level.is_census(stratum) {
                deviations.resize(deviations.len() + units.len(), 0.0);
                continue;
            }
            if stratum.count == 1 {
                singles += 1;
                inflation = 1.0;
                match lonely {
                    Lonely::Refuse => return Err(Fault { stage, row, kind: FaultKind::Single }),
                    Lonely::Certain | Lonely::Average => {}
                    Lonely::Zero => centre = 0.0,
                    Lonely::Centre => {
                        centre = sum(totals[span.clone()].iter().copied()) / span.len() as f64;
                    }
                }
            }
            deviations.extend(units.iter().zip(stratum.units()).map(|(total, unit)| {
                let scale = stratum.above * level.left(stratum, unit) * inflation;
                libm::sqrt(scale) * (total - centre)
            }));
        }
        if lonely == Lonely::Average && singles > 0 {
            let others = siblings.len() - singles;
            if others == 0 {
                let row = self.order[level.rows(span.start).start] as usize;
                return Err(Fault { stage, row, kind: FaultKind::AllSingle });
            }
            let scale = libm::sqrt(siblings.len() as f64 / others as f64);
            deviations[begin..].iter_mut().for_each(|deviation| *deviation *= scale);
        }
        Ok(())
    }

    /// The variance of the estimate with these scores.
    pub fn variance(&self, scores: &[f64], lonely: Lonely) -> Result<f64, Fault> {
        let deviations = self.deviations(scores, lonely)?;
        Ok(covariance(&deviations, &deviations))
    }

    /// Units of the first stage less its strata, of those that have a row with a weight.
    ///
    /// The usual degrees of freedom of a variance; with a domain's weights, those of the domain.
    pub fn degrees(&self, weights: &[f64]) -> usize {
        let level = &self.levels[0];
        level.strata.iter().map(|stratum| self.units_with(0, stratum, weights).saturating_sub(1)).sum()
    }

    /// The same, but where all units of a stratum were taken, chance began at the next stage, and its units count instead.
    pub fn degrees_of_chance(&self, weights: &[f64]) -> usize {
        let mut degrees = 0;
        // Whether chance has had no part so far in each unit of the stage above.
        let mut open = vec![true];
        for (stage, level) in self.levels.iter().enumerate() {
            let mut next = vec![false; self.units(stage)];
            for stratum in level.strata.iter().filter(|stratum| open[stratum.parent as usize]) {
                if level.is_census(stratum) {
                    next[stratum.units()].fill(true);
                } else {
                    degrees += self.units_with(stage, stratum, weights).saturating_sub(1);
                }
            }
            open = next;
        }
        degrees
    }

    /// How many units of a stratum have a row with a weight.
    fn units_with(&self, stage: usize, stratum: &Stratum, weights: &[f64]) -> usize {
        let level = &self.levels[stage];
        let counts =
            |unit: &usize| self.order[level.rows(*unit)].iter().any(|row| weights[*row as usize] != 0.0);
        stratum.units().filter(counts).count()
    }

    /// Whether all units of all stages were taken, so that the sample is the whole and has no sampling error.
    pub fn is_census(&self) -> bool {
        self.units_of_chance() == 0
    }

    /// The same sample, taken as drawn with replacement where the stage below cannot be measured.
    ///
    /// Where one unit was drawn of several below a unit, nothing shows what that stage adds to the variance. The stratum of the unit
    /// above is then taken as drawn with replacement, whose variance holds all that lies below and is larger. That may leave
    /// a single unit further up, and so on; what is left of the first stage is for [`Lonely`]. Tells whether anything changed.
    pub fn widened(mut self) -> (Self, bool) {
        let mut changed = false;
        for stage in (1..self.levels.len()).rev() {
            let (upper, lower) = self.levels.split_at_mut(stage);
            let (above, below) = (&mut upper[stage - 1], &lower[0]);
            let single = |stratum: &&Stratum| stratum.above > 0.0 && below.is_single(stratum);
            for stratum in below.strata.iter().filter(single) {
                let at = above.strata.partition_point(|candidate| candidate.first <= stratum.parent) - 1;
                let units = above.strata[at].units();
                above.strata[at].size = f64::INFINITY;
                if let Some(chances) = above.chances.get_mut(units) {
                    chances.fill(0.0);
                }
                changed = true;
            }
        }
        tree::fill_fractions(&mut self.levels);
        (self, changed)
    }
}

/// The covariance of two estimates from one sample, or the variance of one, from their deviations.
pub fn covariance(one: &[f64], other: &[f64]) -> f64 {
    sum(one.iter().zip(other).map(|(a, b)| a * b))
}

#[cfg(test)]
mod tests;
