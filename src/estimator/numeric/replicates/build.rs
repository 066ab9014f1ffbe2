//! Replicates of a sample of units in strata.

use std::collections::BTreeMap;

use super::hadamard::Signs;
use super::{Centre, Scheme};
use crate::estimator::numeric::draw::Stream;

/// By how much each replicate multiplies the weights of each unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Multipliers {
    units: usize,
    replicates: usize,
    values: Vec<f64>,
}

/// Replicates with the scheme that makes a variance of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Built {
    /// What each replicate does to the weights.
    pub multipliers: Multipliers,
    /// How they are read.
    pub scheme: Scheme,
}

/// More multipliers than this would not fit beside the data.
const MOST_MULTIPLIERS: usize = 20_000_000;

impl Multipliers {
    /// Multipliers from those of each unit, all of one length. Refuses what is not a number from 0.
    pub fn new(by_unit: &[&[f64]]) -> Result<Self, String> {
        let replicates = by_unit.first().map_or(0, |unit| unit.len());
        if let Some(other) = by_unit.iter().find(|unit| unit.len() != replicates) {
            return Err(format!("a unit has {} multipliers, and the first has {replicates}", other.len()));
        }
        let values = by_unit.concat();
        match values.iter().find(|value| !(**value >= 0.0 && value.is_finite())) {
            Some(value) => Err(format!("a multiplier is {value}, and must be a number from 0")),
            None => Ok(Self { units: by_unit.len(), replicates, values }),
        }
    }

    /// How many units.
    pub fn units(&self) -> usize {
        self.units
    }

    /// How many replicates.
    pub fn replicates(&self) -> usize {
        self.replicates
    }

    /// Those of a unit, by replicate.
    pub fn of(&self, unit: usize) -> &[f64] {
        &self.values[unit * self.replicates..(unit + 1) * self.replicates]
    }

    fn room(units: usize, replicates: usize) -> Result<Self, String> {
        if units.saturating_mul(replicates) > MOST_MULTIPLIERS {
            return Err(format!("{replicates} replicates of {units} units are too many to keep"));
        }
        Ok(Self { units, replicates, values: vec![0.0; units * replicates] })
    }

    fn set(&mut self, unit: usize, replicate: usize, value: f64) {
        self.values[unit * self.replicates + replicate] = value;
    }
}

/// The units of each stratum. Refuses a stratum of one unit, which shows no variance.
pub(super) fn members(strata: &[u32]) -> Result<BTreeMap<u32, Vec<usize>>, String> {
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (unit, stratum) in strata.iter().enumerate() {
        members.entry(*stratum).or_default().push(unit);
    }
    match members.iter().find(|(_, units)| units.len() < 2) {
        Some((stratum, _)) => Err(format!("stratum {stratum} has a single unit, and one shows no variance")),
        None if members.is_empty() => Err("there are no units".to_owned()),
        None => Ok(members),
    }
}

/// The fraction of each stratum that was drawn, from the number of units that it holds.
fn fractions(
    members: &BTreeMap<u32, Vec<usize>>,
    population: Option<&BTreeMap<u32, f64>>,
) -> Result<Vec<f64>, String> {
    let Some(population) = population else {
        return Ok(vec![0.0; members.len()]);
    };
    let fraction = |(stratum, units): (&u32, &Vec<usize>)| {
        let held =
            *population.get(stratum).ok_or_else(|| format!("the size of stratum {stratum} is missing"))?;
        let drawn = units.len() as f64;
        if held >= drawn && held.is_finite() {
            Ok(drawn / held)
        } else {
            Err(format!("stratum {stratum} holds {held} units, of which {drawn} were drawn"))
        }
    };
    members.iter().map(fraction).collect()
}

/// The scheme of [`Replication::Jackknife`](super::Replication): one replicate a unit, JK1 for one stratum and `JKn` for several.
///
/// `population` is how many units each stratum holds, where it is known and counts.
pub fn jackknife_factors(
    strata: &[u32],
    population: Option<&BTreeMap<u32, f64>>,
    centre: Centre,
) -> Result<Scheme, String> {
    let members = members(strata)?;
    let mut factors = vec![0.0; strata.len()];
    for (units, fraction) in members.values().zip(fractions(&members, population)?) {
        let size = units.len() as f64;
        for unit in units {
            factors[*unit] = (1.0 - fraction) * (size - 1.0) / size;
        }
    }
    Scheme::new(1.0, factors, centre)
}

/// Balanced half samples of two units a stratum, `rho` 0; or Fay's milder ones, in which no unit falls out, `rho` up to 1.
pub fn balanced(strata: &[u32], rho: f64, centre: Centre) -> Result<Built, String> {
    if !(0.0..1.0).contains(&rho) {
        return Err(format!("Fay's rho is {rho}, and must lie from 0 to below 1"));
    }
    let members = members(strata)?;
    let signs = Signs::above(members.len())?;
    let replicates = signs.order();
    let mut multipliers = Multipliers::room(strata.len(), replicates)?;
    for (h, (stratum, units)) in members.iter().enumerate() {
        let [first, second] = units[..] else {
            return Err(format!("stratum {stratum} has {} units, and half samples need two", units.len()));
        };
        for replicate in 0..replicates {
            // The first column of signs is constant: with it a stratum would not be balanced.
            let (taken, left) = if signs.plus(replicate, h + 1) { (first, second) } else { (second, first) };
            multipliers.set(taken, replicate, 2.0 - rho);
            multipliers.set(left, replicate, rho);
        }
    }
    let scale = 1.0 / (replicates as f64 * (1.0 - rho) * (1.0 - rho));
    Ok(Built { multipliers, scheme: Scheme::new(scale, vec![1.0; replicates], centre)? })
}

/// Rao and Wu's rescaled bootstrap, of one unit less than a stratum has.
///
/// With the number of units that each stratum holds, the variance of a total is that of a sample without replacement.
pub fn bootstrap(
    strata: &[u32],
    population: Option<&BTreeMap<u32, f64>>,
    replicates: usize,
    stream: Stream,
) -> Result<Built, String> {
    let members = members(strata)?;
    let fractions = fractions(&members, population)?;
    let mut multipliers = Multipliers::room(strata.len(), replicates)?;
    let mut index = 0;
    for replicate in 0..replicates {
        for (units, fraction) in members.values().zip(&fractions) {
            let size = units.len();
            let mut times = vec![0.0; size];
            for _ in 1..size {
                times[(stream.uniform(index) * size as f64) as usize] += 1.0;
                index += 1;
            }
            let weight = libm::sqrt(1.0 - fraction);
            let ratio = size as f64 / (size - 1) as f64;
            for (unit, times) in units.iter().zip(times) {
                multipliers.set(*unit, replicate, 1.0 - weight + weight * ratio * times);
            }
        }
    }
    let scale = 1.0 / (replicates as f64 - 1.0);
    Ok(Built { multipliers, scheme: Scheme::new(scale, vec![1.0; replicates], Centre::Mean)? })
}
