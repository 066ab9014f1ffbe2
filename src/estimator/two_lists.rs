//! Units that stand on neither of two lists.

use super::multiple_systems::strata::{self, Answer, HISTORIES, Stratum};
use super::multiple_systems::table::Table;
use super::numeric::normal;
use super::numeric::poisson_regression::MOST_COUNT;
use super::numeric::sample::sum;
use super::numeric::unseen::Unseen;
use super::{Call, Estimate, Input, Need, Quantity, Reach, Refusal, Step};

method! {
    /// Number of units, those on neither of two lists included.
    ///
    /// # Assumes
    /// The population is closed: who could stand on one list could stand on the other.
    /// The lists find units independently of each other, and on one of the two at least all units are equally likely to stand.
    /// Every record of one unit was matched, and none of different units. Strata are estimated apart, as if independent, and added.
    ///
    /// # Formula
    /// ```text
    /// n1, n2 units on each list, m on both, D = n1 + n2 - m
    /// Lincoln-Petersen  N = n1 n2 / m                             var = n1 n2 (n1 - m)(n2 - m) / m^3
    /// Chapman           N = (n1 + 1)(n2 + 1) / (m + 1) - 1        var = (n1 + 1)(n2 + 1)(n1 - m)(n2 - m) / ((m + 1)^2 (m + 2))
    /// draws             N_i = D + max(0, g exp(z_i s) - 1/2),  a = n1 - m + 1/2, b = n2 - m + 1/2, c = m + 1/2,
    ///                   g = a b / c, s^2 = 1/a + 1/b + 1/c + 1/g,  z_i standard normal
    /// log-normal        f0 = N - D, K = exp(1.96 sqrt(log(1 + var / f0^2))), [D + f0 / K, D + f0 K]
    /// Wald              N -+ 1.96 sqrt(var)
    /// ```
    /// The value is Chapman's, the variance Seber's, the draws those of Sadinle's transformed logit. Lincoln and Petersen's N and
    /// Chapman's log-normal and Wald intervals stand beside; the last can reach below D. How often 95 % intervals held the truth
    /// in 2,000 simulated worlds each (those where the lists do not overlap left out):
    ///
    /// | units, part on each list | 500: 30, 40 % | 100: 30, 30 % | 1,000: 10, 10 % | 300: 10, 15 % | 40: 20, 20 % | 2,000: 2, 3 % |
    /// | --- | --- | --- | --- | --- | --- | --- |
    /// COVERAGE TABLE
    ///
    /// Where the share of missed matches is given, the estimate without them stands beside it: the overlap is then
    /// m / (1 - missed), and the interval is moved in proportion of f0. The value itself is not changed, because the trial
    /// of the matching comes without its own uncertainty.
    ///
    /// # Fails when
    /// No unit of a stratum is on both lists: there is no estimate then.
    /// Fewer than seven units are on both: Chapman's N is then too low on average (a note says so).
    /// Tip-offs between the agencies make the overlap large and N too low; a list of those whom the other does not look at makes
    /// it too high, and so do missed matches. Two lists cannot show which of these happened.
    ///
    /// # References
    /// D. G. Chapman (1951), Some properties of the hypergeometric distribution with applications to zoological sample censuses, University of California Publications in Statistics 1, 131-160.
    /// G. A. F. Seber (1982), The Estimation of Animal Abundance and Related Parameters, second edition, Griffin, section 3.1.
    /// D. S. Robson, H. A. Regier (1964), Sample size in Petersen mark-recapture experiments, Transactions of the American Fisheries Society 93(3), 215-226.
    /// A. Chao (1987), Estimating the population size for capture-recapture data with unequal catchability, Biometrics 43(4), 783-791.
    /// M. Sadinle (2009), Transformed logit confidence intervals for small populations in single capture-recapture estimation, Communications in Statistics: Simulation and Computation 38(9), 1909-1924.
    METHOD {
        name: "two_lists",
        reach: Reach::Place,
        inputs: &[
            Input { name: "histories", doc: "how many units stand on the first list, on the second and on both", need: Need::Always, takes: HISTORIES },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "hidden_outlets", doc: "illicit outlets, found and not found, N" },
            Quantity { name: "hidden_distilleries", doc: "illicit distilleries, found and not found, N" },
        ],
        run: run,
    }
}

/// With fewer units on both lists Chapman's estimate is too low on average (Robson and Regier 1964).
const FEWEST_ON_BOTH: f64 = 7.0;

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

impl TwoLists {
    /// The median of the law of the unseen units, less a half, and the standard deviation of its logarithm (Sadinle).
    ///
    /// With a half more in each cell it has a width also where one list lies wholly inside the other.
    fn transformed_logit(&self) -> (f64, f64) {
        let (a, b) = self.alone();
        let [a, b, m] = [a, b, self.both].map(|count| count + 0.5);
        let median = a * b / m;
        (median, libm::sqrt(1.0 / a + 1.0 / b + 1.0 / m + 1.0 / median))
    }

    /// N at a score of the standard normal law, by the transformed logit; never below D.
    pub fn at_score(&self, z: f64) -> f64 {
        let (median, spread) = self.transformed_logit();
        self.observed() + (median * libm::exp(z * spread) - 0.5).max(0.0)
    }

    /// The interval of N by the transformed logit.
    pub fn transformed_logit_interval(&self, level: f64) -> [f64; 2] {
        let z = normal::coverage_factor(level);
        [-z, z].map(|z| self.at_score(z))
    }
}

impl TryFrom<&Table> for TwoLists {
    type Error = String;

    fn try_from(table: &Table) -> Result<Self, String> {
        match table.sizes()[..] {
            [first, second] => Self::new(first, second, table.on(0b11)),
            _ => Err(format!("there are {} lists, and must be two", table.lists())),
        }
    }
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let records = call.table("histories")?;
    let strata = strata::read(records)?;
    let pairs: Vec<TwoLists> = strata.iter().map(pair).collect::<Result<_, _>>()?;
    let mut notes = Vec::new();
    let count = call.count()?;
    let mut answers = Vec::new();
    for (stratum, pair) in strata.iter().zip(&pairs) {
        let chapman = pair.chapman();
        if pair.both < FEWEST_ON_BOTH {
            notes.push(format!(
                "only {} units of {} are on both lists; with fewer than {FEWEST_ON_BOTH} the estimate is too low on average",
                pair.both,
                stratum.called()
            ));
        }
        if chapman.unseen == 0.0 {
            notes.push(format!(
                "one list of {} lies wholly inside the other, so that no unit seems to be missed there; if it was made from the other, it shows nothing",
                stratum.called()
            ));
        }
        let stream = records.stream(&stratum.key());
        let relinked = strata::without_missed_links(stratum, &mut notes, |table| {
            TwoLists::try_from(table).ok().map(|pair| pair.chapman().unseen)
        });
        answers.push(Answer {
            name: stratum.name.clone(),
            observed: chapman.observed,
            unseen: chapman.unseen,
            variance: chapman.variance,
            draws: (0..count as u64).map(|i| pair.at_score(stream.normal(i))).collect(),
            relinked,
        });
    }
    let mut steps = vec![
        Step { name: "on the first list n1", value: sum(pairs.iter().map(|pair| pair.first)) },
        Step { name: "on the second list n2", value: sum(pairs.iter().map(|pair| pair.second)) },
        Step { name: "on both m", value: sum(pairs.iter().map(|pair| pair.both)) },
    ];
    let petersen = sum(pairs.iter().filter_map(TwoLists::lincoln_petersen).map(|law| law.total()));
    steps.push(Step { name: "N by Lincoln and Petersen", value: petersen });
    let whole = Unseen {
        observed: sum(answers.iter().map(|answer| answer.observed)),
        unseen: sum(answers.iter().map(|answer| answer.unseen)),
        variance: sum(answers.iter().map(|answer| answer.variance)),
    };
    let mut ends = |names: [&'static str; 2], ends: [f64; 2]| {
        steps.extend(names.into_iter().zip(ends).map(|(name, value)| Step { name, value }));
    };
    if let Some(interval) = whole.log_normal_interval(call.level) {
        ends(["lower end, log-normal (Chao)", "upper end, log-normal (Chao)"], interval);
    }
    ends(["lower end, symmetric (Wald)", "upper end, symmetric (Wald)"], whole.wald_interval(call.level));
    strata::together(call, quantity, &answers, steps, notes)
}

/// The two lists of a stratum, which overlap.
fn pair(stratum: &Stratum) -> Result<TwoLists, Refusal> {
    let called = stratum.called();
    let pair = TwoLists::try_from(&stratum.table).map_err(|reason| {
        Refusal::new(
            format!("in {called} {reason}"),
            "use the method for several lists, or choose two of them",
        )
    })?;
    if pair.both == 0.0 {
        return Err(Refusal::new(
            format!("no unit of {called} stands on both lists, so that there may be any number of units"),
            "check the matching, join strata, or report the least number (chao_lower_bound)",
        ));
    }
    Ok(pair)
}

#[cfg(test)]
mod tests {
    use super::strata::records;
    use super::*;
    use crate::estimator::numeric::draw::Stream;
    use proptest::prelude::*;

    const NONE: f64 = f64::NAN;

    fn lists(first: f64, second: f64, both: f64) -> TwoLists {
        TwoLists::new(first, second, both).expect("possible counts")
    }

    fn run_with(rows: &[(&str, &str, &str, f64, f64)], count: usize) -> Result<Estimate, Refusal> {
        (METHOD.run)(&Call::of("hidden_outlets", &[], &[records(rows)], count))
    }

    fn step(estimate: &Estimate, name: &str) -> f64 {
        estimate.steps.iter().find(|step| step.name == name).expect("a step").value
    }

    /// Seber (1982), p. 107, as in the manual of Rcapture; both estimates with their intervals.
    #[test]
    fn seber() {
        let seber = lists(948.0, 421.0, 167.0);
        let petersen = seber.lincoln_petersen().expect("an overlap");
        let chapman = seber.chapman();
        let near = |found: [f64; 2], printed: [f64; 2], half_digit: f64| {
            let is_near = |(found, printed): (&f64, f64)| (found - printed).abs() < half_digit;
            assert!(found.iter().zip(printed).all(is_near), "{found:?}");
        };
        near([petersen.total(), petersen.standard_error()], [2389.87, 130.38], 0.005);
        near([chapman.total(), chapman.standard_error()], [2382.80, 129.06], 0.005);
        // Printed with 1.96 for the normal quantile.
        near(chapman.log_normal_interval(0.95).expect("some unseen"), [2155.7, 2664.0], 0.06);
        near(chapman.wald_interval(0.95), [2129.8, 2635.7], 0.06);
    }

    /// By hand: a = b = 9.5, c = 1.5 and their median 60.1667.
    #[test]
    fn the_transformed_logit_by_hand() {
        let small = lists(10.0, 10.0, 1.0);
        assert!((small.at_score(0.0) - (19.0 + 9.5 * 9.5 / 1.5 - 0.5)).abs() < 1e-12);
        let spread = (2.0 / 9.5 + 1.0 / 1.5 + 1.5 / 90.25_f64).sqrt();
        let at_one = 18.5 + 60.166_666_666_666_67 * spread.exp();
        assert!((small.at_score(1.0) - at_one).abs() < 1e-9);
        assert!((small.at_score(-40.0) - 19.0).abs() < 1e-12);
    }

    #[test]
    fn a_list_inside_the_other_leaves_an_upper_end() {
        let inside = lists(50.0, 200.0, 50.0);
        let [low, high] = inside.transformed_logit_interval(0.95);
        // At 1 - 0.975^(1/50) misses a unit, all 50 would be found with probability 0.025 in 215 units.
        assert!((low - 200.0).abs() < 1e-12 && high > 205.0 && high < 260.0, "{high}");
        let rows = [("all", "a+b", "11", 50.0, NONE), ("all", "a+b", "01", 150.0, NONE)];
        let estimate = run_with(&rows, 4096).expect("an estimate");
        assert!((estimate.value - 200.0).abs() < 1e-12 && estimate.low >= 200.0 && estimate.high > 205.0);
        assert!(estimate.notes.iter().any(|note| note.contains("inside the other")));
    }

    #[test]
    fn the_estimate_is_chapmans_with_the_others_beside() {
        let rows = [
            ("all", "customs+tax", "11", 32.0, 0.05),
            ("all", "customs+tax", "10", 168.0, 0.05),
            ("all", "customs+tax", "01", 118.0, NONE),
        ];
        let estimate = run_with(&rows, 1 << 15).expect("an estimate");
        assert!((estimate.value - 918.727_272_727_273).abs() < 1e-9);
        assert!((step(&estimate, "units found D") - 318.0).abs() < 1e-9);
        assert!((step(&estimate, "units on no list f0") - 600.727_272_727_273).abs() < 1e-9);
        assert!((step(&estimate, "N by Lincoln and Petersen") - 937.5).abs() < 1e-9);
        assert!((estimate.analytic.expect("Seber's") - 127.476_094_206_204).abs() < 1e-9);
        assert!((step(&estimate, "upper end, log-normal (Chao)") - 1_224.399_267_303_39).abs() < 1e-8);
        let [low, high] = lists(200.0, 150.0, 32.0).transformed_logit_interval(0.95);
        assert!((estimate.low / low - 1.0).abs() < 0.002 && (estimate.high / high - 1.0).abs() < 0.002);
        // The overlap was 32 / 0.95, so 33.684, and the numbers on each list stay.
        let m = 32.0 / 0.95;
        let corrected = 201.0 * 151.0 / (m + 1.0) - 1.0;
        assert!((step(&estimate, "all units N, without missed matches") - corrected).abs() < 1e-9);
        assert!(step(&estimate, "its lower end") < corrected && corrected < step(&estimate, "its upper end"));
        assert!(estimate.notes.iter().any(|note| note.contains("too high")) && estimate.parts.is_empty());
    }

    #[test]
    fn strata_are_added_and_shown() {
        let rows = [
            ("north", "a+b", "11", 20.0, NONE),
            ("north", "a+b", "10", 40.0, NONE),
            ("north", "a+b", "01", 30.0, NONE),
            ("south", "a+c", "11", 10.0, NONE),
            ("south", "a+c", "10", 15.0, NONE),
            ("south", "a+c", "01", 25.0, NONE),
        ];
        let whole = run_with(&rows, 1 << 14).expect("an estimate");
        let parts = [&rows[..3], &rows[3..]].map(|rows| run_with(rows, 1 << 14).expect("an estimate"));
        assert!((whole.value - parts[0].value - parts[1].value).abs() < 1e-9);
        assert_eq!(whole.parts.len(), 2);
        for (part, alone) in whole.parts.iter().zip(&parts) {
            assert!((part.value - alone.value).abs() < 1e-9 && (part.high - alone.high).abs() < 1e-9);
        }
        for i in [0, 7, 4095] {
            assert!((whole.draws[i] - parts[0].draws[i] - parts[1].draws[i]).abs() < 1e-9);
        }
        let width = |estimate: &Estimate| estimate.high - estimate.low;
        assert!(width(&whole) < width(&parts[0]) + width(&parts[1]));
    }

    #[test]
    fn refusals() {
        let apart = [("all", "a+b", "10", 45.0, NONE), ("all", "a+b", "01", 38.0, NONE)];
        let refusal = run_with(&apart, 16).expect_err("no overlap");
        assert!(
            refusal.reason.contains("any number") && refusal.remedy.contains("chao_lower_bound"),
            "{refusal}"
        );
        let three = [("all", "a+b+c", "110", 45.0, NONE)];
        let refusal = run_with(&three, 16).expect_err("three lists");
        assert!(
            refusal.reason.contains("there are 3 lists") && refusal.remedy.contains("several lists"),
            "{refusal}"
        );
        let none = (METHOD.run)(&Call::of("hidden_outlets", &[], &[], 16)).expect_err("no records");
        assert!(none.reason.contains("there are no histories"));
        assert!(TwoLists::new(3.0, 5.0, 4.0).is_err() && TwoLists::new(3.0, f64::NAN, 1.0).is_err());
        let few = [
            ("all", "a+b", "11", 3.0, NONE),
            ("all", "a+b", "10", 9.0, NONE),
            ("all", "a+b", "01", 8.0, NONE),
        ];
        let estimate = run_with(&few, 16).expect("an estimate");
        assert!(
            estimate.notes.iter().any(|note| note.contains("too low on average")),
            "{:?}",
            estimate.notes
        );
    }

    /// Of 1,000 worlds with 300 units and lists of a tenth and a seventh, where four or five are on both.
    #[test]
    fn the_interval_holds_the_truth_as_often_as_it_says() {
        let (units, worlds) = (300_u64, 1000_u64);
        let (mut held, mut answers) = (0, 0);
        for world in 0..worlds {
            let [first, second] = ["first", "second"].map(|list| Stream::new(world, list));
            let on = |stream: Stream, share: f64, unit| stream.uniform(unit) < share;
            let mut counts = [0.0; 3];
            for unit in 0..units {
                let (a, b) = (on(first, 0.1, unit), on(second, 0.15, unit));
                for (count, is_in) in counts.iter_mut().zip([a, b, a && b]) {
                    *count += f64::from(u8::from(is_in));
                }
            }
            if counts[2] > 0.0 {
                let [low, high] = lists(counts[0], counts[1], counts[2]).transformed_logit_interval(0.95);
                answers += 1;
                held += i32::from(low <= units as f64 && units as f64 <= high);
            }
        }
        let coverage = f64::from(held) / f64::from(answers);
        assert!((0.94..0.98).contains(&coverage), "{coverage}");
    }

    proptest! {
        #[test]
        fn the_lists_may_come_in_any_order(a in 0..500_u16, b in 0..500_u16, m in 1..500_u16, z in -3.0..3.0_f64) {
            let [a, b, m] = [a, b, m].map(f64::from);
            let (one, other) = (lists(a + m, b + m, m), lists(b + m, a + m, m));
            prop_assert!((one.at_score(z) / other.at_score(z) - 1.0).abs() < 1e-12);
            prop_assert_eq!(one.chapman().total().to_bits(), other.chapman().total().to_bits());
            prop_assert!(one.at_score(z) >= one.observed() && one.at_score(z + 0.5) >= one.at_score(z));
            prop_assert!(one.chapman().total() <= one.lincoln_petersen().expect("an overlap").total() + 1e-9);
        }

        #[test]
        fn a_larger_overlap_means_fewer_units(a in 1..500_u16, b in 1..500_u16, m in 1..400_u16) {
            let (first, second) = (f64::from(a + m + 1), f64::from(b + m + 1));
            let at = |m: f64| lists(first, second, m).chapman().total();
            prop_assert!(at(f64::from(m) + 1.0) < at(f64::from(m)));
        }
    }
}
