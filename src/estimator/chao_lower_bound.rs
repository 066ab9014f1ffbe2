//! The least number of units that lists allow, however unlike units are.

use super::multiple_systems::strata::{self, Answer, HISTORIES};
use super::multiple_systems::table::Table;
use super::numeric::sample::sum;
use super::numeric::unseen::Unseen;
use super::{Call, Estimate, Input, Need, Quantity, Reach, Reading, Refusal, Step};

method! {
    /// Least number of units, those on no list included.
    ///
    /// # Assumes
    /// The population is closed and all matches are right. Given how easily a unit is found, the lists find it independently of
    /// each other; units may differ in that as they like, and lists in how many they find, by the same factor of the odds for every unit.
    /// Positive dependence of lists lowers the bound and keeps it one. Strata are estimated apart, as if independent, and added.
    ///
    /// # Formula
    /// ```text
    /// n_i units on list i alone, n_ij on i and j alone; f1 = sum n_i, f2 = sum n_ij, A = sum over i < j of n_i n_j
    /// f0 >= A / f2,  without most of its bias: f0 = A / (f2 + 1)          N = D + f0
    /// var = f0 + sum n_i ((f1 - n_i) / (f2 + 1))^2 + f2 (f0 / (f2 + 1))^2
    /// ```
    /// By Cauchy and Schwarz: with odds `e^(a_i + theta)`, `E n_i = e^(a_i) A1` and `E n_ij = e^(a_i + a_j) A2` with `A1^2 <= A0 A2`, and A0 is f0.
    /// Where k lists find equally many, A is f1^2 (k - 1) / (2 k), and the bound is Chao's of 1987 for k occasions,
    /// (k - 1)/k f1^2 / (2 f2). Where lists differ, Chao's formula stands above this one (the squares of unequal numbers add up to
    /// more) and is no bound; it stands beside it. With two lists the bound is Chapman's estimate.
    /// Draws are those of the log-normal law of f0. The number is at least the value, as far as chance goes at least the lower end.
    /// Where the share of missed matches is given, the bound without them stands beside it.
    ///
    /// # Fails when
    /// All units stand on one list: there is no estimate then. No unit is on exactly two lists: the bound rests on none and a note says so.
    /// Matches were missed: one unit on two lists then counts as two on one, and the bound is too high to be one.
    /// Lists avoid each other's units (one takes what the other leaves): the bound is then too high too.
    ///
    /// # References
    /// A. Chao (1987), Estimating the population size for capture-recapture data with unequal catchability, Biometrics 43(4), 783-791.
    /// L.-P. Rivest, S. Baillargeon (2007), Applications and extensions of Chao's moment estimator for the size of a closed population, Biometrics 63(4), 999-1006 (the bound by maximum likelihood where lists differ).
    METHOD {
        name: "chao_lower_bound",
        reach: Reach::Place,
        inputs: &[
            Input { name: "histories", doc: "how many units stand on which of the lists", need: Need::Always, takes: HISTORIES },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "hidden_outlets", doc: "least number of illicit outlets, found and not found" },
            Quantity { name: "hidden_distilleries", doc: "least number of illicit distilleries, found and not found" },
        ],
        run: run,
    }
}

/// The units that each list found alone, and how many were found by exactly two.
#[derive(Debug, Clone, PartialEq)]
pub struct Singles {
    /// On each list alone, n_i.
    pub alone: Vec<f64>,
    /// On exactly two lists, f2.
    pub twice: f64,
    /// The different units, D.
    pub observed: f64,
}

impl From<&Table> for Singles {
    fn from(table: &Table) -> Self {
        let alone = (0..table.lists()).map(|list| table.count(1 << list)).collect();
        Self { alone, twice: table.times(2), observed: table.observed() }
    }
}

impl Singles {
    /// On one list alone, whichever, f1.
    pub fn once(&self) -> f64 {
        sum(self.alone.iter().copied())
    }

    /// The bound, for lists that find however many.
    pub fn bound(&self) -> Unseen {
        let (f1, more) = (self.once(), self.twice + 1.0);
        // Each pair of lists once.
        let pairs = sum(self.alone.iter().map(|n| n * (f1 - n))) / 2.0;
        let unseen = pairs / more;
        let by_alone = |n: &f64| n * ((f1 - n) / more) * ((f1 - n) / more);
        let by_twice = self.twice * (unseen / more) * (unseen / more);
        let variance = unseen + sum(self.alone.iter().map(by_alone)) + by_twice;
        Unseen { observed: self.observed, unseen, variance }
    }

    /// Chao's bound of 1987 for lists that find equally many, without most of its bias.
    pub fn bound_of_equal_lists(&self) -> f64 {
        let (f1, k) = (self.once(), self.alone.len() as f64);
        (k - 1.0) / k * (f1 * (f1 - 1.0)).max(0.0) / (2.0 * (self.twice + 1.0))
    }
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let records = call.table("histories")?;
    let strata = strata::read(records)?;
    let count = call.count()?;
    let (mut answers, mut notes, mut of_equal_lists, mut once, mut twice) =
        (Vec::new(), Vec::new(), 0.0, 0.0, 0.0);
    for stratum in &strata {
        if stratum.table.sizes().iter().filter(|size| **size > 0.0).count() < 2 {
            return Err(Refusal::new(
                format!("all units of {} stand on one list", stratum.called()),
                "match a second list, or join strata",
            ));
        }
        let singles = Singles::from(&stratum.table);
        let bound = singles.bound();
        if singles.twice == 0.0 {
            notes.push(format!(
                "no unit of {} stands on exactly two lists: its bound rests on their not meeting once",
                stratum.called()
            ));
        }
        of_equal_lists += singles.observed + singles.bound_of_equal_lists();
        once += singles.once();
        twice += singles.twice;
        let stream = records.stream(&stratum.key());
        let relinked = strata::without_missed_links(stratum, &mut notes, |table| {
            Some(Singles::from(table).bound().unseen)
        });
        answers.push(Answer {
            name: stratum.name.clone(),
            observed: bound.observed,
            unseen: bound.unseen,
            variance: bound.variance,
            draws: (0..count as u64).map(|i| bound.at_score(stream.normal(i))).collect(),
            relinked,
        });
    }
    if answers.iter().all(|answer| answer.unseen == 0.0) {
        notes.push("no two lists found units alone, so that the bound is the number found".to_owned());
    }
    let steps = vec![
        Step { name: "units on exactly one list f1", value: once },
        Step { name: "units on exactly two lists f2", value: twice },
        Step { name: "bound if all lists found equally many (Chao 1987)", value: of_equal_lists },
    ];
    let estimate = strata::together(call, quantity, &answers, steps, notes)?;
    Ok(Estimate { reading: Reading::Floor, ..estimate })
}
