//! A quick test of all, and a second test of some, whose word counts.

use super::design_based::proportions::{Proportion, Rows};
use super::design_based::sample::{self, Sample};
use super::list_experiment::contrast::sum_of;
use super::numeric::design::Lonely;
use super::numeric::design::linear::rows_with_weight;
use super::{Call, Column, Estimate, Holds, Input, Measure, Need, Quantity, Reach, Refusal, Step, Takes};

method! {
    /// Share that a second test finds, where a first test of all says which rows the second sees.
    ///
    /// # Assumes
    /// The second test is always right, and of the rows that passed the first as of those that it accused, the second sees a
    /// part that was drawn by chance: whether a row is verified depends on the result of the first test and on nothing else.
    /// Weights, strata, clusters and units are those of the sample, as in `design_based`. A row without `first` or `whole` is left out.
    ///
    /// # Formula
    /// ```text
    /// W+, W-        parts of the whole that the first test accuses and passes
    /// D+, D-        of the verified rows of each, the part that the second test finds
    /// pi   = W+ D+ + W- D-
    /// s    = (D+ - D-) s(W+) + W+ s(D+) + W- s(D-)         score of a row, for the variance of the design
    /// var  = W+ W- (D+ - D-)^2/n + W+^2 D+(1-D+)/v+ + W-^2 D-(1-D-)/v-       in a simple sample of n with v+ and v- verified
    /// Se   = W+ D+ / pi,   Sp = W- (1 - D-) / (1 - pi)     of the first test, in this sample
    /// ```
    /// Each draw takes W+, D+ and D- from their mid-P laws of effective counts; they share the errors of their units. Of worlds with
    /// true shares from 0 to 30 % and 10 to 100 verified rows, the 95 % interval covered 94 % of the truths or more, and that
    /// of the delta method as few as 41 %, because most often nothing is found among the few verified that passed.
    ///
    /// # Fails when
    /// No row that passed the first test was verified: what it misses is then not known, and there is no estimate but the bounds
    /// `W+ D+` and `W+ D+ + W-`, which the refusal names. Likewise where no row that it accused was.
    /// The rows for the second test were chosen because they looked odd: pi is then too high, for all that passed are taken to be like them.
    /// The second test errs: pi is then off by its own errors, most where pi is small (see `imperfect_test`).
    /// All verified rows of a kind lie in one cluster: there is no estimate.
    ///
    /// # References
    /// C. B. Begg, R. A. Greenes (1983), Assessment of Diagnostic Tests When Disease Verification Is Subject to Selection Bias, Biometrics 39(1), 207-215.
    /// A. Tenenbein (1970), A Double Sampling Scheme for Estimating from Binomial Data with Misclassifications, JASA 65, 1350-1361.
    /// X.-H. Zhou, N. A. Obuchowski, D. K. McClish (2011), Statistical Methods in Diagnostic Medicine, second edition, chapter 10.
    METHOD {
        name: "partial_verification",
        reach: Reach::Place,
        inputs: &[Input {
            name: "records",
            doc: "the rows of the sample",
            need: Need::Always,
            takes: Takes::Records { columns: COLUMNS },
        }],
        assumptions: &[],
        gives: &[Quantity { name: "illicit_share", doc: "part of the whole that the second test finds illicit, pi" }],
        run: run,
    }
}

static COLUMNS: &[Column] = &[
    Column {
        name: "first",
        doc: "whether the first test accuses the row",
        holds: Holds::Numbers(Measure::Share),
        need: Need::Always,
    },
    Column {
        name: "second",
        doc: "whether the second test finds it; empty where it was not made",
        holds: Holds::Numbers(Measure::Share),
        need: Need::Always,
    },
    Column {
        name: "whole",
        doc: "how much there is in the row",
        holds: Holds::Numbers(Measure::Any),
        need: Need::Always,
    },
    Column {
        name: "weight",
        doc: "how many units of the population the row stands for, w",
        holds: Holds::Numbers(Measure::Any),
        need: Need::Always,
    },
    Column { name: "stratum", doc: "the stratum", holds: Holds::Texts, need: Need::Optional },
    Column {
        name: "cluster",
        doc: "the cluster that was drawn first",
        holds: Holds::Texts,
        need: Need::Optional,
    },
    Column {
        name: "unit",
        doc: "the unit that was drawn in the cluster",
        holds: Holds::Texts,
        need: Need::Optional,
    },
    Column {
        name: "clusters_in_stratum",
        doc: "how many clusters the stratum has, where they were drawn without putting back",
        holds: Holds::Numbers(Measure::Any),
        need: Need::Optional,
    },
    Column {
        name: "units_in_cluster",
        doc: "how many units the cluster has, where they were drawn without putting back",
        holds: Holds::Numbers(Measure::Any),
        need: Need::Optional,
    },
];

/// pi from W+, D+ and D-.
pub fn share(accused: f64, of_accused: f64, of_passed: f64) -> f64 {
    accused * of_accused + (1.0 - accused) * of_passed
}

/// What the first test is worth in the sample: its sensitivity and its specificity; none where there is nothing to find, or
/// nothing else.
pub fn worth(accused: f64, of_accused: f64, of_passed: f64) -> [Option<f64>; 2] {
    let found = share(accused, of_accused, of_passed);
    let sensitivity = (found > 0.0).then(|| accused * of_accused / found);
    let specificity = (found < 1.0).then(|| (1.0 - accused) * (1.0 - of_passed) / (1.0 - found));
    [sensitivity, specificity]
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let records = call.table("records")?;
    let tests = Tests { first: records.numbers("first")?, second: records.numbers("second")? };
    let whole = records.numbers("whole")?;
    let (mut weights, _) = sample::weights(records)?;
    let known = |row: usize| !(tests.first[row].is_nan() || whole[row].is_nan());
    let sent = rows_with_weight(&weights);
    weights.iter_mut().enumerate().filter(|(row, _)| !known(*row)).for_each(|(_, weight)| *weight = 0.0);
    let kept = rows_with_weight(&weights);
    tests.check(whole)?;
    if kept == 0 {
        return Err(Refusal::new(
            "no row has a weight, a size and a result of the first test",
            "send the rows of the sample with the results of the first test",
        ));
    }
    let drawn = Sample::read(records, sample::Rows::Drawn)?;
    let rows = Rows { records, sample: &drawn, weights: &weights, whole };
    let phases = Phases::measure(&rows, &tests)?;
    let count = call.count()?;
    let draws = phases.draws(&rows, count)?;
    let analytic = phases.standard_error(&drawn)?;
    let steps = phases.steps(kept, &tests, &weights);
    let mut notes = Vec::new();
    if sent > kept {
        notes.push(format!(
            "{} rows without a result of the first test or without a size are left out",
            sent - kept
        ));
    }
    if phases.of_passed.as_ref().is_some_and(|passed| passed.sampled.standard_error.is_none()) {
        notes.push(
            "of the verified rows that passed the first test all turned out alike; the interval says how much chance may hide there"
                .to_owned(),
        );
    }
    call.estimate(quantity, phases.value(), Some(analytic), draws, steps, notes)
}

/// The results, 1 for accused or found, 0 for passed or not found.
struct Tests<'a> {
    first: &'a [f64],
    second: &'a [f64],
}

impl Tests<'_> {
    fn accuses(&self, row: usize) -> bool {
        self.first[row] > 0.5
    }

    fn finds(&self, row: usize) -> bool {
        self.second[row] > 0.5
    }

    fn is_verified(&self, row: usize) -> bool {
        !self.second[row].is_nan()
    }

    fn check(&self, whole: &[f64]) -> Result<(), Refusal> {
        let is_result = |result: &f64| result.is_nan() || *result == 0.0 || *result == 1.0;
        if !self.first.iter().chain(self.second).all(is_result) {
            return Err(Refusal::new(
                "a result of a test is neither 0 nor 1",
                "fill first and second with truths, 1 where the test accuses and 0 where it passes",
            ));
        }
        if whole.iter().any(|size| *size < 0.0 || size.is_infinite()) {
            return Err(Refusal::new("a size is negative or infinite", "give sizes from 0"));
        }
        Ok(())
    }
}

/// The proportions of both phases; one without rows is none, and takes no part.
struct Phases {
    accused: Proportion,
    of_accused: Option<Proportion>,
    of_passed: Option<Proportion>,
}

impl Phases {
    fn measure(rows: &Rows<'_>, tests: &Tests<'_>) -> Result<Self, Refusal> {
        let accused = rows.proportion("accused by the first test", |_| true, |row| tests.accuses(row))?;
        let counts = |row: usize| rows.weights[row] != 0.0 && rows.whole[row] != 0.0;
        let verified = |accuses: bool| {
            let inside = move |row: usize| tests.accuses(row) == accuses && tests.is_verified(row);
            let name = if accuses { "found among the accused" } else { "found among the passed" };
            let any = (0..rows.weights.len()).any(|row| counts(row) && inside(row));
            any.then(|| rows.proportion(name, inside, |row| tests.finds(row))).transpose()
        };
        let (of_accused, of_passed) = (verified(true)?, verified(false)?);
        let part = accused.linear.value;
        let per_cent = |low: f64, high: f64| {
            format!("the share lies between {:.1} % and {:.1} %", 100.0 * low, 100.0 * high)
        };
        if of_passed.is_none() && part < 1.0 {
            let found = of_accused.as_ref().map_or(0.0, |found| part * found.linear.value);
            let least = if of_accused.is_some() { found } else { 0.0 };
            let most = if of_accused.is_some() { found + 1.0 - part } else { 1.0 };
            return Err(Refusal::new(
                format!(
                    "no row that passed the first test was verified, so that what it misses is not known: {}, by the sample alone",
                    per_cent(least, most)
                ),
                "verify a part of the passed rows too, drawn by chance",
            ));
        }
        if of_accused.is_none() && part > 0.0 {
            let found = of_passed.as_ref().map_or(0.0, |found| (1.0 - part) * found.linear.value);
            return Err(Refusal::new(
                format!(
                    "no row that the first test accused was verified, so that how often it is wrong is not known: {}, by the sample alone",
                    per_cent(found, found + part)
                ),
                "verify a part of the accused rows too, drawn by chance",
            ));
        }
        Ok(Self { accused, of_accused, of_passed })
    }

    fn values(&self) -> [f64; 3] {
        let value = |phase: &Option<Proportion>| phase.as_ref().map_or(0.0, |phase| phase.linear.value);
        [self.accused.linear.value, value(&self.of_accused), value(&self.of_passed)]
    }

    fn value(&self) -> f64 {
        let [accused, of_accused, of_passed] = self.values();
        share(accused, of_accused, of_passed)
    }

    fn parts(&self) -> Vec<&Proportion> {
        [Some(&self.accused), self.of_accused.as_ref(), self.of_passed.as_ref()]
            .into_iter()
            .flatten()
            .collect()
    }

    fn draws(&self, rows: &Rows<'_>, count: usize) -> Result<Vec<f64>, Refusal> {
        let mut drawn = rows.draws(&self.parts(), count)?.into_iter();
        let mut next = |present: bool| if present { drawn.next() } else { None };
        let accused = next(true);
        let of_accused = next(self.of_accused.is_some());
        let of_passed = next(self.of_passed.is_some());
        let at = |draws: &Option<Vec<f64>>, i: usize| draws.as_ref().map(|draws| draws[i]);
        let draw = |i: usize| {
            let accused = at(&accused, i).unwrap_or_default();
            // A phase without rows has no part in the sample, and is taken to have none in the population.
            match (at(&of_accused, i), at(&of_passed, i)) {
                (Some(of_accused), Some(of_passed)) => share(accused, of_accused, of_passed),
                (Some(only), None) | (None, Some(only)) => only,
                (None, None) => 0.0,
            }
        };
        Ok((0..count).map(draw).collect())
    }

    /// By linearisation of the whole formula.
    fn standard_error(&self, drawn: &Sample<'_>) -> Result<f64, Refusal> {
        let [accused, of_accused, of_passed] = self.values();
        let mut slopes = vec![(of_accused - of_passed, &self.accused.linear)];
        slopes.extend(self.of_accused.as_ref().map(|phase| (accused, &phase.linear)));
        slopes.extend(self.of_passed.as_ref().map(|phase| (1.0 - accused, &phase.linear)));
        let scores = sum_of(self.value(), &slopes).scores;
        let variance =
            drawn.design.variance(&scores, Lonely::Refuse).map_err(|fault| drawn.refusal(&fault))?;
        Ok(libm::sqrt(variance))
    }

    fn steps(&self, kept: usize, tests: &Tests<'_>, weights: &[f64]) -> Vec<Step> {
        let [accused, of_accused, of_passed] = self.values();
        let verified = |accuses: bool| {
            let is_one = |row: &usize| {
                weights[*row] != 0.0 && tests.accuses(*row) == accuses && tests.is_verified(*row)
            };
            (0..weights.len()).filter(is_one).count() as f64
        };
        let mut steps = vec![
            Step { name: "rows with the first test n", value: kept as f64 },
            Step { name: "accused part W+", value: accused },
            Step { name: "accused rows that were verified v+", value: verified(true) },
            Step { name: "passed rows that were verified v-", value: verified(false) },
        ];
        if self.of_accused.is_some() {
            steps.push(Step { name: "found among the accused D+", value: of_accused });
        }
        if let Some(passed) = &self.of_passed {
            steps.push(Step { name: "found among the passed D-", value: of_passed });
            steps.push(Step {
                name: "effective count of the passed that were verified",
                value: passed.sampled.count,
            });
        }
        let names = ["sensitivity of the first test Se", "specificity of the first test Sp"];
        let worth = worth(accused, of_accused, of_passed);
        steps.extend(
            names.into_iter().zip(worth).filter_map(|(name, value)| Some(Step { name, value: value? })),
        );
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::numeric::draw::Stream;
    use crate::estimator::{Records, Texts, Values};
    use proptest::prelude::*;

    /// Rows as (first, second, weight), all of size 2.
    fn table(rows: &[(f64, f64, f64)]) -> Records {
        let column = |pick: fn(&(f64, f64, f64)) -> f64| Values::Numbers(rows.iter().map(pick).collect());
        let columns = vec![
            ("first".to_owned(), column(|row| row.0)),
            ("second".to_owned(), column(|row| row.1)),
            ("whole".to_owned(), column(|_| 2.0)),
            ("weight".to_owned(), column(|row| row.2)),
        ];
        Records::new("records", "market_bottles", ("PA", "2024"), columns, 1).expect("of one length")
    }

    fn run_with(records: &Records, count: usize) -> Result<Estimate, Refusal> {
        (METHOD.run)(&Call::of("illicit_share", &[], std::slice::from_ref(records), count))
    }

    /// 200 rows: 40 accused, 20 of them verified, 15 found; 160 passed, 40 verified, 2 found.
    fn sample() -> Vec<(f64, f64, f64)> {
        let mut rows = Vec::new();
        for (count, first, second) in [
            (15, 1.0, 1.0),
            (5, 1.0, 0.0),
            (20, 1.0, f64::NAN),
            (2, 0.0, 1.0),
            (38, 0.0, 0.0),
            (120, 0.0, f64::NAN),
        ] {
            rows.extend(std::iter::repeat_n((first, second, 3.0), count));
        }
        rows
    }

    #[test]
    fn by_hand() {
        let found = run_with(&table(&sample()), 40_960).expect("two phases");
        // 0.2 * 0.75 + 0.8 * 0.05
        assert!((found.value - 0.19).abs() < 1e-12);
        let variance: f64 = 0.2 * 0.8 * 0.49 / 200.0 + 0.04 * 0.1875 / 20.0 + 0.64 * 0.0475 / 40.0;
        let analytic = found.analytic.expect("a closed form");
        // The factor n/(n-1) = 200/199 of the variance of a design.
        assert!((analytic / (variance * 200.0 / 199.0).sqrt() - 1.0).abs() < 1e-9, "{analytic}");
        let spread = found.standard_error.expect("draws");
        assert!((spread / analytic - 1.0).abs() < 0.1, "{spread} {analytic}");
        let step =
            |name: &str| found.steps.iter().find(|step| step.name.contains(name)).expect("a step").value;
        assert!((step("Se") - 0.15 / 0.19).abs() < 1e-12 && (step("Sp") - 0.76 / 0.81).abs() < 1e-12);
        assert!((step("v+") - 20.0).abs() < 1e-12 && (step("v-") - 40.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_found_among_the_passed_leaves_room_above() {
        let rows: Vec<_> = sample()
            .into_iter()
            .map(|row| if row.0 == 0.0 && row.1 == 1.0 { (0.0, 0.0, 3.0) } else { row })
            .collect();
        let found = run_with(&table(&rows), 8192).expect("two phases");
        assert!((found.value - 0.15).abs() < 1e-12);
        // 0.8 times what mid-P leaves above 0 of 40 (7 %) is 6 points.
        assert!(found.high > 0.21 && found.low > 0.08, "{found:?}");
        assert!(found.notes.iter().any(|note| note.contains("turned out alike")));
    }

    #[test]
    fn without_verified_negatives_there_are_bounds_and_no_point() {
        let suspects: Vec<_> = sample()
            .into_iter()
            .map(|(first, second, w)| (first, if first == 0.0 { f64::NAN } else { second }, w))
            .collect();
        let refusal = run_with(&table(&suspects), 16).expect_err("a refusal");
        assert!(refusal.reason.contains("between 15.0 % and 95.0 %"), "{refusal}");
        assert!(refusal.remedy.contains("drawn by chance"));
        let passed: Vec<_> = sample()
            .into_iter()
            .map(|(first, second, w)| (first, if first == 1.0 { f64::NAN } else { second }, w))
            .collect();
        let refusal = run_with(&table(&passed), 16).expect_err("a refusal");
        assert!(refusal.reason.contains("between 4.0 % and 24.0 %"), "{refusal}");
        let none: Vec<_> = sample().into_iter().map(|(first, _, w)| (first, f64::NAN, w)).collect();
        let refusal = run_with(&table(&none), 16).expect_err("a refusal");
        assert!(refusal.reason.contains("between 0.0 % and 100.0 %"), "{refusal}");
    }

    #[test]
    fn one_result_of_the_first_test_is_enough_where_all_have_it() {
        let passed: Vec<_> = sample().into_iter().filter(|row| row.0 == 0.0).collect();
        let found = run_with(&table(&passed), 8192).expect("one phase");
        assert!((found.value - 0.05).abs() < 1e-12 && found.low > 0.0 && found.high < 0.2);
        let accused: Vec<_> = sample().into_iter().filter(|row| row.0 == 1.0).collect();
        let found = run_with(&table(&accused), 8192).expect("one phase");
        assert!((found.value - 0.75).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let refusal =
            |rows: &[(f64, f64, f64)]| run_with(&table(rows), 16).expect_err("a refusal").to_string();
        assert!(refusal(&[(0.5, 1.0, 1.0), (1.0, 1.0, 1.0)]).contains("neither 0 nor 1"));
        assert!(refusal(&[(f64::NAN, 1.0, 1.0); 3]).contains("no row has a weight"));
        assert!(refusal(&[(1.0, 1.0, 1.0), (1.0, 1.0, -1.0)]).contains("negative"));
        assert!(refusal(&[]).contains("no row"));
        assert!(refusal(&[(1.0, 1.0, 1.0)]).contains("one unit was drawn"));
    }

    /// 150 markets of 30 outlets with 10 bottles, where suspects and 1 bottle in 10 of the others go to the laboratory.
    #[test]
    fn the_interval_holds_the_level_in_clusters() {
        let mut held = 0;
        let worlds = 150;
        for world in 0..worlds {
            let stream = Stream::new(world, "market");
            let mut next = 0;
            let mut chance = |p: f64| {
                next += 1;
                stream.uniform(next) < p
            };
            let mut rows = Vec::new();
            let mut outlets = Vec::new();
            for outlet in 0..30 {
                // A quarter of the outlets sells illicit bottles, 20 % of theirs: 5 % of all.
                let sells = chance(0.25);
                for _ in 0..10 {
                    let illicit = sells && chance(0.2);
                    let first = chance(if illicit { 0.8 } else { 0.05 });
                    let verified = first || chance(0.1);
                    let truth = f64::from(u8::from(illicit));
                    rows.push((f64::from(u8::from(first)), if verified { truth } else { f64::NAN }, 1.0));
                    outlets.push(format!("outlet {outlet}"));
                }
            }
            let plain = table(&rows);
            let columns = vec![
                ("first".to_owned(), Values::Numbers(plain.numbers("first").expect("numbers").to_vec())),
                ("second".to_owned(), Values::Numbers(plain.numbers("second").expect("numbers").to_vec())),
                ("whole".to_owned(), Values::Numbers(vec![1.0; rows.len()])),
                ("weight".to_owned(), Values::Numbers(vec![1.0; rows.len()])),
                (
                    "cluster".to_owned(),
                    Values::Texts(Texts::of(outlets.iter().map(|name| Some(name.as_str())))),
                ),
            ];
            let records =
                Records::new("records", "market", ("PA", "2024"), columns, world).expect("one length");
            let found = run_with(&records, 1024).expect("verified rows of both kinds");
            held += u32::from(found.low <= 0.05 && 0.05 <= found.high);
        }
        let part = f64::from(held) / worlds as f64;
        // Binomial standard error 0.018.
        assert!(part > 0.91, "{part}");
    }

    proptest! {
        #[test]
        fn the_share_lies_between_its_phases(accused in 0.0..=1.0_f64, a in 0.0..=1.0_f64, b in 0.0..=1.0_f64) {
            let found = share(accused, a, b);
            prop_assert!(a.min(b) - 1e-15 <= found && found <= a.max(b) + 1e-15);
            let [se, sp] = worth(accused, a, b);
            for part in [se, sp].into_iter().flatten() {
                prop_assert!((-1e-12..=1.0 + 1e-12).contains(&part));
            }
        }
    }
}
