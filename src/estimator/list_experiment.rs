//! How many people a sensitive statement applies to, from lists.

use super::design_based::sample::Sample;
use super::numeric::design::Lonely;
use super::numeric::design::draws::scores;
use super::numeric::design::linear::Linear;
use super::numeric::normal;
use super::numeric::sample::sum;
use super::sensitive::{People, parts, shares, texts};
use super::{Call, Column, Estimate, Holds, Input, Measure, Need, Quantity, Reach, Refusal, Step, Takes};
use contrast::sum_of;
use lists::{List, Lists};

pub mod contrast;
pub mod design_effect;
mod lists;
pub mod means;

method! {
    /// Part of people to whom the sensitive statement of a list applies.
    ///
    /// # Assumes
    /// Chance decided who has the sensitive statement in the list; people with it count the other statements as they would without it (no
    /// design effect) and answer truly for it (no liars). Weights, strata and clusters are those of the survey, whose people were drawn with
    /// replacement or from so many that it is alike. A person's answers to two lists belong together.
    /// Where people were also asked directly: nobody admits what is not so, and the list changes no direct answer.
    ///
    /// # Formula
    /// ```text
    /// tau = Y_1 - Y_0                       weighted mean counts with and without the sensitive statement
    /// mu  = X + (1 - X)(Y_10 - Y_00)        X the part that says yes directly, Y_10 and Y_00 of those who do not (Aronow and others)
    /// se^2 by the design;  in simple groups  s_1^2/n_1 + s_0^2/n_0
    /// several lists (double list): the mean weighed by n_1 n_0 / (n_1 + n_0) of each
    /// draws  value + se t,   t of Student with units less strata as degrees of freedom, moved by the errors of people or clusters
    /// ```
    /// The estimate is mu where people were asked directly in both groups alike, and tau where not, or where a test of the two further
    /// assumptions fails at 1 %. It is not cut to 0..1; beside it stand the value and the interval that are. Beside it stand too: the list alone, the
    /// direct answers, the tests, the test of Blair and Imai for a design effect, and how many count none or all of the other statements.
    ///
    /// # Fails when
    /// A group is missing, an answer exceeds what can be counted, or all answers of each group are alike: there is no estimate.
    /// People who would have to count all statements count one less, and those who would count none feel seen: tau is too low (ceiling, floor).
    /// People with the sensitive statement count the others differently: the test finds gross cases only.
    /// n is small: with counts that vary by 1, two groups of 1,000 give a standard error of 4.5 points.
    ///
    /// # References
    /// G. Blair, K. Imai (2012), Statistical Analysis of List Experiments, Political Analysis 20(1), 47-77.
    /// P. M. Aronow, A. Coppock, F. W. Crawford, D. P. Green (2015), Combining List Experiment and Direct Question Estimates of Sensitive Behavior Prevalence, Journal of Survey Statistics and Methodology 3(1), 43-66.
    /// A. N. Glynn (2013), What Can We Learn with Statistical Truth Serum? Design and Analysis of the List Experiment, Public Opinion Quarterly 77(S1), 159-172.
    METHOD {
        name: "list_experiment",
        reach: Reach::Place,
        inputs: &[Input { name: "records", doc: "the answers", need: Need::Always, takes: Takes::Records { columns: COLUMNS } }],
        assumptions: &[],
        gives: &[Quantity { name: "purchase_prevalence", doc: "part of the people to whom the sensitive statement applies, mu or tau" }],
        run: run,
    }
}

static COLUMNS: &[Column] = &[
    texts("survey", "the survey", Need::Optional),
    texts("question", "the question", Need::Optional),
    texts("form", "the list, where a person answers two", Need::Optional),
    texts("design", "list or double_list", Need::Optional),
    texts("respondent", "the person", Need::Optional),
    shares("treatment", "whether the list has the sensitive statement", Need::Always),
    shares("answer", "how many statements are true", Need::Always),
    shares("items", "how many other statements the list has, J", Need::Always),
    shares(
        "direct",
        "whether the person says yes when asked directly; empty where not asked",
        Need::Optional,
    ),
    Column {
        name: "weight",
        doc: "how many people the person stands for, w",
        holds: Holds::Numbers(Measure::Any),
        need: Need::Optional,
    },
    texts("stratum", "the stratum in which the person was drawn", Need::Optional),
    texts("cluster", "the cluster that was drawn first", Need::Optional),
];

/// Below this probability an assumption of the direct answers is given up.
const BROKEN: f64 = 0.01;

/// Below this probability a test is mentioned.
const DOUBTFUL: f64 = 0.05;

/// Where more of the control group count none or all of the statements, the list hides little.
const MANY_AT_AN_EDGE: f64 = 0.25;

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let records = call.table("records")?;
    let people = People::read(records, records.numbers("answer")?)?;
    let lists = Lists::read(records, &people)?;
    let drawn = people.sample(records)?;
    let found = Found::of(&lists, &drawn)?;
    let mut notes = people.notes();
    let headline = found.headline(&lists, &mut notes);

    let degrees = drawn.design.degrees_of_chance(&people.weights);
    if degrees == 0 {
        return Err(Refusal::new(
            "the answers lie in one cluster of each stratum, and nothing shows how clusters differ",
            "send the answers of more clusters, or join strata that are alike",
        ));
    }
    if headline.error <= 0.0 {
        return Err(Refusal::new(
            "all people of a group give one answer, which shows no error",
            "look whether the answers are those of the people",
        ));
    }
    let value = headline.linear.value;
    let deviations = drawn
        .design
        .deviations(&headline.linear.scores, Lonely::Refuse)
        .map_err(|fault| drawn.refusal(&fault))?;
    let errors = drawn.errors(&[&deviations], call.count()?).pop().unwrap_or_default();
    let refuse = |reason| Refusal::new(reason, "look for weights out of all proportion");
    let draws =
        scores(&errors, headline.error, degrees as f64, &|name| records.stream(name)).map_err(refuse)?;
    let draws = draws.into_iter().map(|score| value + headline.error * score).collect();

    let mut steps = lists.steps();
    steps.extend(found.steps());
    steps.push(Step { name: "degrees of freedom", value: degrees as f64 });
    steps.extend(lists.without_design(records, call.level)?);
    lists.test(&mut steps, &mut notes)?;
    if !(0.0..=1.0).contains(&value) {
        notes.push(format!("the share is {value:.3} and is kept: a difference of means can leave 0 to 1 by chance, or by a broken list"));
    }
    let mut estimate = call.estimate(quantity, value, Some(headline.error), draws, steps, notes)?;
    for (name, value) in [
        ("value, cut to 0..1", estimate.value),
        ("lower end, cut to 0..1", estimate.low),
        ("upper end, cut to 0..1", estimate.high),
    ] {
        estimate.steps.push(Step { name, value: value.clamp(0.0, 1.0) });
    }
    Ok(estimate)
}

/// An estimate with its standard error by the design.
struct Measured {
    linear: Linear,
    error: f64,
}

impl Measured {
    fn of(linear: Linear, drawn: &Sample<'_>) -> Result<Self, Refusal> {
        let variance =
            drawn.design.variance(&linear.scores, Lonely::Refuse).map_err(|fault| drawn.refusal(&fault))?;
        Ok(Self { linear, error: libm::sqrt(variance) })
    }

    /// The probability of a value as far from `expected`; none where the error is 0.
    fn p_value(&self, expected: f64) -> Option<f64> {
        let score = (self.linear.value - expected) / self.error;
        (self.error > 0.0).then(|| 2.0 * normal::sf(score.abs()))
    }
}

/// What the lists and the direct answers say, over all lists.
struct Found {
    list: Measured,
    direct: Option<Direct>,
}

/// What the direct answers add; none of a part where it cannot be told.
struct Direct {
    share: Measured,
    combined: Measured,
    /// beta_1 and delta, and how much more often one group was asked at all.
    tests: [Option<Measured>; 3],
}

impl Found {
    fn of(lists: &Lists, drawn: &Sample<'_>) -> Result<Self, Refusal> {
        let alpha = parts(&lists.lists.iter().map(List::information).collect::<Vec<_>>());
        let pooled = |estimate: &dyn Fn(&List) -> Result<Linear, String>| {
            let each: Result<Vec<Linear>, String> = lists.lists.iter().map(estimate).collect();
            each.map(|each| {
                let value = sum(alpha.iter().zip(&each).map(|(part, linear)| part * linear.value));
                sum_of(value, &alpha.iter().copied().zip(&each).collect::<Vec<_>>())
            })
        };
        let refuse = |reason| Refusal::new(reason, "send the answers of both groups");
        let list = Measured::of(pooled(&|list| list.answers().list()).map_err(refuse)?, drawn)?;
        if !lists.lists.iter().all(List::was_asked_directly) {
            return Ok(Self { list, direct: None });
        }
        let (share, combined) =
            (pooled(&|list| list.answers().direct()), pooled(&|list| list.answers().combined()));
        let (Ok(share), Ok(combined)) = (share, combined) else { return Ok(Self { list, direct: None }) };
        let test = |estimate: Result<Linear, String>| {
            estimate.ok().map(|estimate| Measured::of(estimate, drawn)).transpose()
        };
        let tests = [
            test(pooled(&|list| list.answers().list_of_those_who_admit()))?,
            test(pooled(&|list| list.answers().effect_on_direct()))?,
            test(pooled(&|list| list.answers().difference(&list.asked, &|_| true)))?,
        ];
        let direct =
            Direct { share: Measured::of(share, drawn)?, combined: Measured::of(combined, drawn)?, tests };
        Ok(Self { list, direct: Some(direct) })
    }

    /// The estimate: with the direct answers where they can be used.
    fn headline(&self, lists: &Lists, notes: &mut Vec<String>) -> &Measured {
        let Some(direct) = &self.direct else {
            if lists.lists.iter().any(|list| list.asked.iter().any(|asked| *asked > 0.0)) {
                notes.push(
                    "the direct answers do not enter, because a group or list has too few of them".to_owned(),
                );
            }
            return &self.list;
        };
        let said = [
            (1.0, "those who say yes directly do not count one more with the sensitive statement"),
            (0.0, "the list changes who says yes directly"),
            (0.0, "the groups were not asked directly alike"),
        ];
        let mut broken = false;
        for (test, (expected, what)) in direct.tests.iter().zip(said) {
            let Some(p) = test.as_ref().and_then(|test| test.p_value(expected)) else { continue };
            if p < BROKEN {
                notes.push(format!("{what} (p = {p:.4}), so that the direct answers do not enter"));
                broken = true;
            } else if p < DOUBTFUL {
                notes.push(format!("it may be that {what} (p = {p:.3})"));
            }
        }
        if broken { &self.list } else { &direct.combined }
    }

    fn steps(&self) -> Vec<Step> {
        let step = |name, value| Step { name, value };
        let mut steps = vec![
            step("list alone tau", self.list.linear.value),
            step("standard error of tau", self.list.error),
        ];
        let Some(direct) = &self.direct else { return steps };
        steps.extend([
            step("says yes directly X", direct.share.linear.value),
            step("standard error of X", direct.share.error),
            step("list and direct answers mu", direct.combined.linear.value),
            step("standard error of mu", direct.combined.error),
        ]);
        let [admits, effect, _] = &direct.tests;
        if let Some(p) = admits.as_ref().and_then(|test| test.p_value(1.0)) {
            steps.push(step("p-value that those who say yes count one more", p));
        }
        if let Some(p) = effect.as_ref().and_then(|test| test.p_value(0.0)) {
            steps.push(step("p-value that the list changes no direct answer", p));
        }
        steps
    }
}

#[cfg(test)]
mod tests;
