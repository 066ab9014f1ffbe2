//! Two lists.

use super::numeric::poisson_regression::MOST_COUNT;
use super::numeric::unseen::Unseen;

/// How many units stand on each of two lists and on both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoLists {
    /// On the first list, n1.
    pub first: f64,
    /// On the second list, n2.
    pub second: f64,
    /// On both, m.
    pub both: f64,
}

impl TwoLists {
    /// Refuses counts that two lists cannot have.
    pub fn new(first: f64, second: f64, both: f64) -> Result<Self, String> {
        if [first, second, both].iter().any(|count| !(0.0..=MOST_COUNT).contains(count)) {
            return Err(format!(
                "the counts are {first}, {second} and {both}, and must lie from 0 to {MOST_COUNT:e}"
            ));
        }
        if both > first.min(second) {
            return Err(format!("{both} units are on both lists, and {} on one of them", first.min(second)));
        }
        Ok(Self { first, second, both })
    }

    /// The different units, D.
    pub fn observed(&self) -> f64 {
        self.first + self.second - self.both
    }

    /// The units that are on the first list alone and on the second alone.
    pub fn alone(&self) -> (f64, f64) {
        (self.first - self.both, self.second - self.both)
    }

    /// Lincoln and Petersen: the part of one list that is on the other shows how much of all units the other holds. None where
    /// no unit is on both.
    pub fn lincoln_petersen(&self) -> Option<Unseen> {
        let Self { first, second, both } = *self;
        let (a, b) = self.alone();
        (both > 0.0).then(|| Unseen {
            observed: self.observed(),
            unseen: a * b / both,
            variance: (first / both) * (second / both) * (a * b / both),
        })
    }

    /// Chapman, with the variance of Seber; nearly without bias where at least seven units are on both.
    pub fn chapman(&self) -> Unseen {
        let Self { first, second, both } = *self;
        let (a, b) = self.alone();
        let more = both + 1.0;
        Unseen {
            observed: self.observed(),
            unseen: a * b / more,
            variance: ((first + 1.0) / more) * ((second + 1.0) / more) * (a * b / (both + 2.0)),
        }
    }
}
