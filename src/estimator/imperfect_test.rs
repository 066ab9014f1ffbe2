//! The share that has a property, from a test that errs.

use std::collections::BTreeMap;

use super::design_based::proportions::{Proportion, Rows};
use super::design_based::sample::{self, Sample};
use super::list_experiment::contrast::sum_of;
use super::numeric::design::Lonely;
use super::numeric::design::linear::{Linear, rows_with_weight, within};
use super::numeric::sample::sum;
use super::{
    Call, Column, Estimate, Holds, Input, Measure, Need, Part, Quantity, Reach, Records, Refusal, Step, Takes,
};
use corrected::Corrected;
use panels::Pooled;

mod corrected;
pub mod panels;
pub mod rogan_gladen;

method! {
    /// Share that a test finds, corrected for how often the test errs.
    ///
    /// # Assumes
    /// A test finds what has the property with the probability Se and passes what has it not with Sp, the same for every row of the
    /// sample, and panels of samples whose truth is known show both. Each test that was used has its own panel; the panels of
    /// several laboratories for one test count together, and for less where laboratories differ more than chance explains.
    /// `part` is the whole of a row that the test accuses, and 0 of one that it passes.
    /// Weights, strata, clusters and units are those of the sample, as in `design_based`. Rows without `part`, `whole` or `test` are left out.
    ///
    /// # Formula
    /// ```text
    /// p    = sum of w part / sum of w whole          what the test accuses
    /// pi   = (p + Sp - 1) / J,   J = Se + Sp - 1     (Rogan and Gladen)
    /// se^2 = [ var(p) + pi^2 var(Se) + (1-pi)^2 var(Sp) ] / J^2      var(p) of the design
    /// with several tests: the mean of their pi, by the part of the whole that each tested
    /// ```
    /// pi is not cut to 0..1; beside it stand the value and the interval that are. Each draw takes p from the mid-P law of its
    /// effective count, moved by the errors of its units, and Se and Sp from the mid-P laws of their panels, in streams that belong to the panels:
    /// all estimates that use a test move together with it. Of worlds with pi from 0 to 40 %, samples of 50 and 400 and panels from 20,
    /// the 95 % interval covered 93.7 % of the truths or more. The interval of the delta method, `pi -+ 1.96 se`, covered as few as 38 %, most
    /// of all where a small panel shows no error; that of Lang and Reiczigel, which stands beside, 93.9 % or more.
    ///
    /// # Fails when
    /// J is not positive, or is not in more than 1 of 1,000 draws: the test tells no more than a coin, or its panel is too small to show it.
    /// In fewer draws, one counts as the lowest or highest of the others.
    /// A test has no panel of bad or of good samples: there is no estimate; where it tested less than 5 % of the whole, its rows are left out.
    /// The panel is easier or harder than the field: pi is then wrong and nothing shows it, unless it comes out below 0 or above 1.
    /// Where pi is near 0 it rests on Sp alone: with Sp from 100 good samples the interval is some 4 points wide, whatever the sample.
    /// The errors depend on what is tested, such as one test that misses refills: pi is then off by what they are.
    ///
    /// # References
    /// W. J. Rogan, B. Gladen (1978), Estimating Prevalence from the Results of a Screening Test, American Journal of Epidemiology 107(1), 71-76.
    /// Z. Lang, J. Reiczigel (2014), Confidence limits for prevalence of disease adjusted for estimated sensitivity and specificity, Preventive Veterinary Medicine 113(1), 13-22.
    /// J. Reiczigel, J. Földi, L. Ózsvári (2010), Exact confidence limits for prevalence of a disease with an imperfect diagnostic test, Epidemiology and Infection 138(11), 1674-1678.
    /// D. M. Bayer, M. P. Fay, B. I. Graubard (2023), Confidence intervals for prevalence estimates from complex surveys with imperfect assays, Statistics in Medicine 42(11), 1822-1867.
    METHOD {
        name: "imperfect_test",
        reach: Reach::Place,
        inputs: &[
            Input { name: "records", doc: "the rows of the sample", need: Need::Always, takes: Takes::Records { columns: COLUMNS } },
            Input { name: "panels", doc: "panels of samples whose truth is known", need: Need::Always, takes: Takes::Records { columns: PANEL_COLUMNS } },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "illicit_share", doc: "part of the whole that is illicit, pi" },
            Quantity { name: "unstamped_share", doc: "part of the whole without a valid stamp, pi, with panels for the stamp" },
        ],
        run: run,
    }
}

const fn texts(name: &'static str, doc: &'static str, need: Need) -> Column {
    Column { name, doc, holds: Holds::Texts, need }
}

const fn numbers(name: &'static str, doc: &'static str, measure: Measure, need: Need) -> Column {
    Column { name, doc, holds: Holds::Numbers(measure), need }
}

static COLUMNS: &[Column] = &[
    numbers(
        "part",
        "the whole where the test accuses the row, 0 where it passes it",
        Measure::Alike("size"),
        Need::Always,
    ),
    numbers("whole", "how much there is in the row", Measure::Alike("size"), Need::Always),
    texts("test", "the test that was made", Need::Always),
    numbers("weight", "how many units of the population the row stands for, w", Measure::Any, Need::Always),
    texts("stratum", "the stratum", Need::Optional),
    texts("cluster", "the cluster that was drawn first", Need::Optional),
    texts("unit", "the unit that was drawn in the cluster", Need::Optional),
    numbers(
        "clusters_in_stratum",
        "how many clusters the stratum has, where they were drawn without putting back",
        Measure::Any,
        Need::Optional,
    ),
    numbers(
        "units_in_cluster",
        "how many units the cluster has, where they were drawn without putting back",
        Measure::Any,
        Need::Optional,
    ),
];

static PANEL_COLUMNS: &[Column] = &[
    texts("test", "the test", Need::Always),
    texts("laboratory", "the laboratory or team", Need::Optional),
    numbers("true_positive", "bad samples that the test found", Measure::Share, Need::Always),
    numbers("false_negative", "bad samples that it missed", Measure::Share, Need::Always),
    numbers("true_negative", "good samples that it passed", Measure::Share, Need::Always),
    numbers("false_positive", "good samples that it accused", Measure::Share, Need::Always),
];

/// The rows of a test that cannot be corrected are left out where it tested less of the whole.
const LITTLE: f64 = 0.05;

/// With fewer samples, all judged rightly, a rate of error may still be above 10 %.
const FEW_SAMPLES: f64 = 30.0;

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let records = call.table("records")?;
    let panels = call.table("panels")?;
    let by_test = panels::by_test(panels)?;
    let bottles = Bottles::read(records)?;
    let drawn = Sample::read(records, sample::Rows::Drawn)?;
    let mut notes = bottles.notes();

    let mut weights = bottles.weights.clone();
    let mut tests = Vec::new();
    for (test, part) in bottles.tests() {
        let found = Corrected::of(&bottles, &drawn, &weights, test, by_test.get(test));
        match found {
            Ok(corrected) => tests.push(corrected),
            Err(refusal) if part < LITTLE => {
                notes.push(format!(
                    "the rows of the test {test}, {:.1} % of the whole, are left out, because {}",
                    100.0 * part,
                    refusal.reason
                ));
                weights = within(&weights, |row| bottles.test.get(row) != Some(test));
            }
            Err(refusal) => return Err(refusal),
        }
    }
    if tests.is_empty() {
        return Err(Refusal::new("no row has a test that could be corrected", "send panels of the tests"));
    }
    let mixture = Mixture::measure(&bottles, &drawn, &weights, tests)?;
    let drawn_tests = mixture.draws(call, &bottles.rows(&drawn, &weights), panels)?;
    let analytic = mixture.standard_error(&drawn)?;
    let steps = mixture.steps(rows_with_weight(&weights), call.level);
    notes.extend(mixture.tests.iter().flat_map(Corrected::notes));
    notes.extend(drawn_tests.notes);
    let value = mixture.value();
    let mut estimate = call.estimate(quantity, value, Some(analytic), drawn_tests.mixed, steps, notes)?;
    // A ratio with an estimated J has no variance in theory, and the draws' then depends on chance.
    estimate.standard_error = None;
    estimate.parts = drawn_tests.parts;
    for (name, value) in [
        ("value, cut to 0..1", estimate.value),
        ("lower end, cut to 0..1", estimate.low),
        ("upper end, cut to 0..1", estimate.high),
    ] {
        estimate.steps.push(Step { name, value: rogan_gladen::bounded(value) });
    }
    if !(0.0..=1.0).contains(&value) {
        let side = if value < 0.0 {
            "fewer rows than its errors alone would accuse"
        } else {
            "more rows than it would find if all were bad"
        };
        estimate.notes.push(format!(
            "the share is {value:.3} and is kept: the test accuses {side}, by chance or because the panel is not like the field"
        ));
    }
    Ok(estimate)
}

/// The rows of the sample.
pub(super) struct Bottles<'a> {
    records: &'a Records,
    accused: Vec<bool>,
    whole: &'a [f64],
    test: &'a super::Texts,
    weights: Vec<f64>,
    left_out: usize,
}

impl<'a> Bottles<'a> {
    fn read(records: &'a Records) -> Result<Self, Refusal> {
        let (part, whole) = (records.numbers("part")?, records.numbers("whole")?);
        let test = records.texts("test")?;
        let (weights, _) = sample::weights(records)?;
        if whole.iter().any(|size| *size < 0.0 || size.is_infinite()) {
            return Err(Refusal::new("a size is negative or infinite", "give sizes from 0"));
        }
        let is_verdict = |(part, whole): (&f64, &f64)| {
            part.is_nan() || whole.is_nan() || *part == 0.0 || (part - whole).abs() <= 1e-9 * whole
        };
        if !part.iter().zip(whole).all(is_verdict) {
            return Err(Refusal::new(
                "a part is neither 0 nor the whole of its row",
                "give as part the whole of a row that the test accuses, and 0 of one that it passes",
            ));
        }
        let known = |row: usize| !(part[row].is_nan() || whole[row].is_nan() || test.code(row).is_none());
        let kept = within(&weights, known);
        let left_out = rows_with_weight(&weights) - rows_with_weight(&kept);
        let weighs = |row: usize| kept[row] != 0.0 && whole[row] > 0.0;
        if !(0..kept.len()).any(weighs) {
            return Err(Refusal::new(
                "no row has a weight, a size and a result of a test",
                "send the rows of the sample with their tests",
            ));
        }
        let accused = part.iter().map(|part| *part > 0.0).collect();
        Ok(Self { records, accused, whole, test, weights: kept, left_out })
    }

    fn notes(&self) -> Vec<String> {
        let left_out = self.left_out;
        (left_out > 0)
            .then(|| {
                format!(
                    "{left_out} rows without a result or a size are left out, as if they were like the others"
                )
            })
            .into_iter()
            .collect()
    }

    /// The tests with the part of the whole that each tested, by name.
    fn tests(&self) -> Vec<(&'a str, f64)> {
        let mut sizes: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for (row, weight) in self.weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
            if let Some(test) = self.test.get(row) {
                sizes.entry(test).or_default().push(weight * self.whole[row]);
            }
        }
        let whole = sum(sizes.values().flatten().copied());
        sizes
            .into_iter()
            .map(|(test, sizes)| (test, sum(sizes) / whole))
            .filter(|(_, part)| *part > 0.0)
            .collect()
    }

    fn rows<'b>(&'b self, sample: &'b Sample<'b>, weights: &'b [f64]) -> Rows<'b> {
        Rows { records: self.records, sample, weights, whole: self.whole }
    }
}

/// All tests of the sample, with the part of the whole that each tested; none for a single test, which tested all.
struct Mixture {
    tests: Vec<Corrected>,
    parts: Vec<Proportion>,
}

/// Draws of each test and of all.
struct Drawn {
    mixed: Vec<f64>,
    parts: Vec<Part>,
    notes: Vec<String>,
}

impl Mixture {
    fn measure(
        bottles: &Bottles<'_>,
        drawn: &Sample<'_>,
        weights: &[f64],
        tests: Vec<Corrected>,
    ) -> Result<Self, Refusal> {
        let rows = bottles.rows(drawn, weights);
        let mut parts = Vec::new();
        if tests.len() > 1 {
            for test in &tests {
                let is_this = |row: usize| bottles.test.get(row) == Some(test.name.as_str());
                parts.push(rows.proportion(format!("tested with {}", test.name), |_| true, is_this)?);
            }
        }
        Ok(Self { tests, parts })
    }

    /// The part of the whole that each test saw.
    fn weights(&self) -> Vec<f64> {
        if self.parts.is_empty() {
            vec![1.0]
        } else {
            self.parts.iter().map(|part| part.linear.value).collect()
        }
    }

    fn value(&self) -> f64 {
        sum(self.tests.iter().zip(self.weights()).map(|(test, weight)| weight * test.prevalence))
    }

    /// By linearisation of the sample, and of each panel.
    fn standard_error(&self, drawn: &Sample<'_>) -> Result<f64, Refusal> {
        let weights = self.weights();
        let of_test = |(test, weight): (&Corrected, &f64)| weight / test.youden;
        let mut slopes: Vec<(f64, &Linear)> =
            self.tests.iter().zip(&weights).map(|pair| (of_test(pair), &pair.0.apparent.linear)).collect();
        slopes.extend(self.tests.iter().zip(&self.parts).map(|(test, part)| (test.prevalence, &part.linear)));
        let scores = sum_of(self.value(), &slopes).scores;
        let variance =
            drawn.design.variance(&scores, Lonely::Refuse).map_err(|fault| drawn.refusal(&fault))?;
        let panels =
            self.tests.iter().zip(&weights).map(|(test, weight)| weight * weight * test.panel_variance());
        Ok(libm::sqrt(sum(panels) + variance))
    }

    fn draws(&self, call: &Call<'_>, rows: &Rows<'_>, panels: &Records) -> Result<Drawn, Refusal> {
        let count = call.count()?;
        let all: Vec<&Proportion> = self.tests.iter().map(|test| &test.apparent).chain(&self.parts).collect();
        let mut drawn = rows.draws(&all, count)?;
        let shares = drawn.split_off(self.tests.len());
        let mut notes = Vec::new();
        let mut by_test = Vec::with_capacity(self.tests.len());
        for (test, apparent) in self.tests.iter().zip(drawn) {
            let (prevalences, note) = test.draws(panels, &apparent)?;
            by_test.push(prevalences);
            notes.extend(note);
        }
        let mix = |i: usize| {
            let weight = |test: usize| shares.get(test).map_or(1.0, |share| share[i]);
            let whole = sum((0..by_test.len()).map(weight));
            // Where no draw of a part is left, the parts are those of the sample.
            let of = |test: usize| if whole > 0.0 { weight(test) / whole } else { self.weights()[test] };
            sum(by_test.iter().enumerate().map(|(test, draws)| of(test) * draws[i]))
        };
        let mixed = (0..count).map(mix).collect();
        let parts = if self.parts.is_empty() {
            Vec::new()
        } else {
            let pairs = self.tests.iter().zip(by_test);
            pairs.map(|(test, draws)| test.part(draws, call.level)).collect::<Result<Vec<Part>, Refusal>>()?
        };
        Ok(Drawn { mixed, parts, notes })
    }

    fn steps(&self, rows: usize, level: f64) -> Vec<Step> {
        let step = |name, value| Step { name, value };
        let weights = self.weights();
        let apparent =
            self.tests.iter().zip(&weights).map(|(test, weight)| weight * test.apparent.linear.value);
        let mut steps = vec![
            step("rows with a result n", rows as f64),
            step("share that the tests accuse p", sum(apparent)),
        ];
        match &self.tests[..] {
            [only] => steps.extend(only.steps(level)),
            several => {
                steps.push(step("tests", several.len() as f64));
                let mean = |of: &dyn Fn(&Corrected) -> f64| {
                    sum(several.iter().zip(&weights).map(|(test, w)| w * of(test)))
                };
                steps.push(step("sensitivity Se, mean of the tests", mean(&|test| test.sensitivity)));
                steps.push(step("specificity Sp, mean of the tests", mean(&|test| test.specificity)));
            }
        }
        steps.push(step("corrected share pi", self.value()));
        steps
    }
}

/// The panel of a test that can be used.
fn usable<'a>(test: &str, pooled: Option<&'a Pooled>) -> Result<&'a Pooled, Refusal> {
    let remedy = format!("send a panel of bad and good samples for the test {test}");
    let Some(pooled) = pooled else {
        return Err(Refusal::new(format!("no panel says how often the test {test} errs"), remedy));
    };
    for (count, kind, what) in
        [(pooled.panel.bad, "bad", "finds what it should"), (pooled.panel.good, "good", "accuses wrongly")]
    {
        if count <= 0.0 {
            return Err(Refusal::new(
                format!(
                    "the panels of the test {test} hold no {kind} sample, so that nothing says how often it {what}"
                ),
                remedy,
            ));
        }
    }
    Ok(pooled)
}

#[cfg(test)]
mod tests;
