//! How many units have each history: the table that every model is fitted to.

use super::model::{FEWEST_LISTS, MOST_LISTS, Set};
use crate::estimator::numeric::poisson_regression::MOST_COUNT;
use crate::estimator::numeric::sample::sum;

/// Counts by history, without the units that are on no list.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    lists: usize,
    /// Of the histories 1 to `2^k - 1`, in order.
    counts: Vec<f64>,
}

impl Table {
    /// Counts of the histories 1, 2, ... `2^k - 1` of so many lists; they need not be whole numbers.
    pub fn new(lists: usize, counts: Vec<f64>) -> Result<Self, String> {
        if !(FEWEST_LISTS..=MOST_LISTS).contains(&lists) {
            return Err(format!("there are {lists} lists, and must be {FEWEST_LISTS} to {MOST_LISTS}"));
        }
        if counts.len() != (1 << lists) - 1 {
            return Err(format!("there are {} counts for the histories of {lists} lists", counts.len()));
        }
        match counts.iter().find(|count| !(0.0..=MOST_COUNT).contains(*count)) {
            Some(count) => Err(format!("a count is {count}, and must lie from 0 to {MOST_COUNT:e}")),
            None => Ok(Self { lists, counts }),
        }
    }

    /// From histories with their counts; a history that is left out has none.
    pub fn of(lists: usize, cells: &[(Set, f64)]) -> Result<Self, String> {
        let mut table = Self::new(lists, vec![0.0; (1_usize << lists.min(MOST_LISTS)) - 1])?;
        for (history, count) in cells {
            let cell = usize::from(*history).checked_sub(1).and_then(|place| table.counts.get_mut(place));
            *cell.ok_or_else(|| format!("there is no history {history:b} of {lists} lists"))? += count;
        }
        Self::new(lists, table.counts)
    }

    /// How many lists, k.
    pub fn lists(&self) -> usize {
        self.lists
    }

    /// The counts of the histories 1, 2, ...
    pub fn counts(&self) -> &[f64] {
        &self.counts
    }

    /// The histories that can be seen, with their counts.
    pub fn cells(&self) -> impl Iterator<Item = (Set, f64)> {
        (1..=u8::MAX).zip(self.counts.iter().copied())
    }

    /// The count of one history.
    pub fn count(&self, history: Set) -> f64 {
        usize::from(history).checked_sub(1).and_then(|place| self.counts.get(place)).copied().unwrap_or(0.0)
    }

    /// The different units that were seen, D.
    pub fn observed(&self) -> f64 {
        sum(self.counts.iter().copied())
    }

    /// The units that stand on every list of a set, whatever else they stand on.
    pub fn on(&self, set: Set) -> f64 {
        sum(self.cells().filter(|(history, _)| history & set == set).map(|(_, count)| count))
    }

    /// The units on each list.
    pub fn sizes(&self) -> Vec<f64> {
        (0..self.lists).map(|list| self.on(1 << list)).collect()
    }

    /// The units that stand on so many lists, whichever.
    pub fn times(&self, times: u32) -> f64 {
        sum(self.cells().filter(|(history, _)| history.count_ones() == times).map(|(_, count)| count))
    }

    /// The pairs of lists that share no unit.
    pub fn pairs_without_overlap(&self) -> Vec<Set> {
        let all = 1_u8 << self.lists;
        (1..all).filter(|set| set.count_ones() == 2 && self.on(*set) == 0.0).collect()
    }

    /// The same units with the lists in another order: list `i` becomes `order[i]`.
    #[cfg(test)]
    pub(super) fn reordered(&self, order: &[usize]) -> Self {
        use super::model::members;
        let moved = |history: Set| members(history).into_iter().fold(0, |set, list| set | 1 << order[list]);
        let cells: Vec<(Set, f64)> = self.cells().map(|(history, count)| (moved(history), count)).collect();
        Self::of(self.lists, &cells).expect("the same counts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_by_hand() {
        let table = Table::of(3, &[(0b001, 5.0), (0b010, 4.0), (0b011, 3.0), (0b110, 2.0), (0b111, 1.0)])
            .expect("three lists");
        let sizes = table.sizes();
        let is_near = |(found, size): (&f64, f64)| (found - size).abs() < 1e-15;
        assert!(sizes.iter().zip([9.0, 10.0, 3.0]).all(is_near), "{sizes:?}");
        assert!((table.observed() - 15.0).abs() < 1e-15 && (table.on(0b011) - 4.0).abs() < 1e-15);
        for (times, units) in [(1, 9.0), (2, 5.0), (3, 1.0)] {
            assert!((table.times(times) - units).abs() < 1e-15);
        }
        assert!(
            table.pairs_without_overlap().is_empty() && table.count(0b100) == 0.0 && table.count(0) == 0.0
        );
        let apart = Table::of(3, &[(0b001, 5.0), (0b110, 4.0)]).expect("three lists");
        assert_eq!(apart.pairs_without_overlap(), [0b011, 0b101]);
    }

    #[test]
    fn impossible_tables_are_refused() {
        assert!(Table::new(1, vec![3.0]).is_err() && Table::new(7, vec![1.0; 127]).is_err());
        assert!(Table::of(2, &[(0b100, 1.0)]).is_err() && Table::of(2, &[(0, 1.0)]).is_err());
        assert!(Table::of(200, &[]).is_err());
        for count in [-1.0, f64::NAN, f64::INFINITY, 1e13] {
            assert!(Table::of(2, &[(1, count)]).is_err(), "{count}");
        }
    }
}
