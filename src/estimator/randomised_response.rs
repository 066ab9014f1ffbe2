//! How many people a sensitive question applies to, from answers that chance hides.

use std::collections::BTreeMap;

use super::design_based::proportions::{Proportion, Rows};
use super::design_based::sample::Sample;
use super::list_experiment::contrast::sum_of;
use super::numeric::design::Lonely;
use super::numeric::design::linear::Linear;
use super::numeric::sample::{self, sum};
use super::sensitive::{Asked, People, constant, parts, shares, texts};
use super::{
    Call, Column, Estimate, Holds, Input, Measure, Need, Part, Quantity, Reach, Records, Refusal, Step, Takes,
};
use chance::{Chance, Design, TwoSamples};

pub mod chance;

method! {
    /// Part of people to whom a question applies that chance protects.
    ///
    /// # Assumes
    /// The chance device works as stated, people follow it, and nobody knows the other's outcome. The harmless prevalence, where given, is known exactly;
    /// where it is left empty, two samples that ask the sensitive question with different probabilities tell both.
    /// Weights, strata and clusters are those of the survey, whose people were drawn with replacement or from so many that it is alike.
    ///
    /// # Formula
    /// ```text
    /// lambda = a pi + b                    the part that says yes;  pi = (lambda - b) / a
    /// Warner               a = 2P-1,  b = 1-P             crosswise         a = 2p-1, b = 1-p, yes for "both the same"
    /// forced response      a = P,     b = P_yes           unrelated         a = P,    b = (1-P) u
    /// two samples          pi = [ (1-P_2) lambda_1 - (1-P_1) lambda_2 ] / (P_1 - P_2)
    /// se(pi) = se(lambda) / |a|            se of the design; it holds the error of the sample and of the chance device
    /// of it, by the device  sum w^2 v / (sum w)^2,   v = [ (a+b)(1-a-b) pi + b(1-b)(1-pi) ] / a^2
    /// ```
    /// With weights this is the Horvitz-Thompson form: r = (answer - b)/a takes the place of the truth, and sum w r is the number of people.
    /// Several questions or forms of one item are weighed by n a^2, which no answer can change. Draws of lambda come from the mid-P law of its
    /// effective count, moved by the errors of its people or clusters; those of pi follow, and are not cut to 0..1.
    ///
    /// # Fails when
    /// a is 0, such as P = 1/2 in Warner's design: the answer does not depend on the truth, and there is no estimate.
    /// The probabilities differ within a form, or an answer is neither 0 nor 1: there is no estimate.
    /// People do not trust the game and say no whatever falls: pi is too low and can be negative; nothing in one sample shows it.
    /// n is small: the error of pi is that of a direct question divided by |a|, and more; with P = 0.7 in Warner's design 2.5 times.
    ///
    /// # References
    /// S. L. Warner (1965), Randomized Response: A Survey Technique for Eliminating Evasive Answer Bias, JASA 60, 63-69.
    /// B. G. Greenberg, A. A. Abul-Ela, W. R. Simmons, D. G. Horvitz (1969), The Unrelated Question Randomized Response Model, JASA 64, 520-539.
    /// R. F. Boruch (1971), Assuring Confidentiality of Responses in Social Research, The American Sociologist 6, 308-311.
    /// J.-W. Yu, G.-L. Tian, M.-L. Tang (2008), Two new models for survey sampling with sensitive characteristic, Metrika 67, 251-263.
    /// A. Chaudhuri (2011), Randomized Response and Indirect Questioning Techniques in Surveys.
    METHOD {
        name: "randomised_response",
        reach: Reach::Place,
        inputs: &[Input { name: "records", doc: "the answers", need: Need::Always, takes: Takes::Records { columns: COLUMNS } }],
        assumptions: &[],
        gives: &[Quantity { name: "purchase_prevalence", doc: "part of the people to whom the sensitive statement applies, pi" }],
        run: run,
    }
}

static COLUMNS: &[Column] = &[
    texts("survey", "the survey", Need::Optional),
    texts("question", "the question", Need::Optional),
    texts("form", "the form: one sample, or one of two", Need::Optional),
    texts("design", "warner, forced_response, unrelated_question or crosswise", Need::Always),
    texts("respondent", "the person", Need::Optional),
    shares("answer", "1 for yes, 0 for no; crosswise: 1 for the same", Need::Always),
    shares(
        "truth_probability",
        "probability of the sensitive question; crosswise: part whose harmless statement is true, P",
        Need::Always,
    ),
    shares("forced_yes_probability", "probability of a yes whatever is true, P_yes", Need::Optional),
    shares(
        "innocuous_prevalence",
        "part that would say yes to the harmless question, u, where it is known",
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

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let records = call.table("records")?;
    let answers = records.numbers("answer")?;
    if let Some(wrong) =
        answers.iter().find(|answer| !(answer.is_nan() || **answer == 0.0 || **answer == 1.0))
    {
        return Err(Refusal::new(
            format!("an answer is {wrong}, and must be 1 for yes or 0 for no"),
            "send the answers as they were given",
        ));
    }
    let people = People::read(records, answers)?;
    let drawn = people.sample(records)?;
    let ones = vec![1.0; records.rows()];
    let rows = Rows { records, sample: &drawn, weights: &people.weights, whole: &ones };
    let questions = read(records, &people, &rows, answers)?;
    let alpha = parts(&questions.iter().map(Question::information).collect::<Vec<_>>());

    let count = call.count()?;
    let all: Vec<&Proportion> = questions.iter().flat_map(|question| &question.yes).collect();
    let mut drawn_yes = rows.draws(&all, count)?.into_iter();
    let by_question: Vec<Vec<f64>> = questions
        .iter()
        .map(|question| {
            let yes: Vec<Vec<f64>> = drawn_yes.by_ref().take(question.yes.len()).collect();
            (0..count)
                .map(|i| question.prevalence(&yes.iter().map(|yes| yes[i]).collect::<Vec<_>>()))
                .collect()
        })
        .collect();
    let draws = (0..count)
        .map(|i| sum(alpha.iter().zip(&by_question).map(|(part, draws)| part * draws[i])))
        .collect();
    let value = sum(alpha.iter().zip(&questions).map(|(part, question)| part * question.value()));
    let analytic = standard_error(&questions, &alpha, &drawn)?;
    let mut notes = people.notes();
    if value < 0.0 {
        notes.push(
            "the share is negative and is kept: fewer people say yes than chance alone would make them, which is what happens when people say no whatever falls"
                .to_owned(),
        );
    } else if value > 1.0 {
        notes.push("the share is above 1 and is kept: more people say yes than the design allows".to_owned());
    }
    let mut estimate =
        call.estimate(quantity, value, Some(analytic), draws, steps(&questions, &people, call.level), notes)?;
    if questions.len() > 1 {
        let ends = |draws: Vec<f64>| {
            sample::Sample::new(draws)
                .map(|sample| {
                    [(1.0 - call.level) / 2.0, f64::midpoint(1.0, call.level)].map(|p| sample.quantile(p))
                })
                .map_err(|reason| Refusal::new(reason, "look for probabilities out of all proportion"))
        };
        for (question, draws) in questions.iter().zip(by_question) {
            let [low, high] = ends(draws)?;
            estimate.parts.push(Part { of: question.asked.dimensions(), value: question.value(), low, high });
        }
    }
    for (name, value) in [
        ("value, cut to 0..1", estimate.value),
        ("lower end, cut to 0..1", estimate.low),
        ("upper end, cut to 0..1", estimate.high),
    ] {
        estimate.steps.push(Step { name, value: chance::bounded(value) });
    }
    Ok(estimate)
}

/// A question with one estimate: of one sample, or of two that tell it together.
struct Question {
    asked: Asked,
    /// How pi follows from the parts that say yes: its slope in each, and what is taken off.
    slopes: Vec<f64>,
    offset: f64,
    /// The chance device, where there is one sample.
    chance: Option<Chance>,
    /// The part that says yes, in each sample.
    yes: Vec<Proportion>,
    /// How many answered, in each sample.
    counts: Vec<f64>,
}

impl Question {
    fn prevalence(&self, yes: &[f64]) -> f64 {
        self.slopes.iter().zip(yes).map(|(slope, yes)| slope * yes).sum::<f64>() - self.offset
    }

    fn value(&self) -> f64 {
        self.prevalence(&self.yes.iter().map(|yes| yes.linear.value).collect::<Vec<_>>())
    }

    /// One over the variance of pi, up to a factor, if yes and no were alike.
    fn information(&self) -> f64 {
        1.0 / sum(self.slopes.iter().zip(&self.counts).map(|(slope, count)| slope * slope / count))
    }
}

/// All questions of the table.
fn read(
    records: &Records,
    people: &People,
    rows: &Rows<'_>,
    answers: &[f64],
) -> Result<Vec<Question>, Refusal> {
    let mut questions = Vec::new();
    // Samples that do not know the harmless prevalence, by survey and question.
    let mut open: BTreeMap<Asked, Vec<Sample2>> = BTreeMap::new();
    for (asked, of) in people.asked(records)? {
        let mut inside = vec![false; records.rows()];
        of.iter().for_each(|row| inside[*row] = true);
        let name = format!("yes|{}|{}|{}", asked.survey, asked.question, asked.form);
        let yes = rows.proportion(name, |row| inside[row], |row| answers[row] > 0.5)?;
        let count = of.len() as f64;
        match device(records, &asked, &of)? {
            Device::Known(chance) => questions.push(Question {
                asked,
                slopes: vec![1.0 / chance.slope],
                offset: chance.base / chance.slope,
                chance: Some(chance),
                yes: vec![yes],
                counts: vec![count],
            }),
            Device::Open(probability) => {
                let both = Asked { form: String::new(), ..asked };
                open.entry(both).or_default().push(Sample2 { probability, yes, count });
            }
        }
    }
    for (asked, samples) in open {
        questions.push(two_samples(asked, samples)?);
    }
    Ok(questions)
}

/// One of two samples.
struct Sample2 {
    probability: f64,
    yes: Proportion,
    count: f64,
}

fn two_samples(asked: Asked, samples: Vec<Sample2>) -> Result<Question, Refusal> {
    let found = samples.len();
    let Ok([one, two]) = <[Sample2; 2]>::try_from(samples) else {
        return Err(Refusal::new(
            format!(
                "{} does not say how many would say yes to the harmless question, and has {found} samples that could tell it",
                asked.words()
            ),
            "give the innocuous prevalence, or send two forms that ask the sensitive question with different probabilities",
        ));
    };
    let both = TwoSamples::new([one.probability, two.probability]).map_err(|reason| {
        Refusal::new(format!("in {} {reason}", asked.words()), "ask with different probabilities")
    })?;
    Ok(Question {
        asked,
        slopes: both.gradient().to_vec(),
        offset: 0.0,
        chance: None,
        counts: vec![one.count, two.count],
        yes: vec![one.yes, two.yes],
    })
}

/// What chance does to the answers of a form.
enum Device {
    Known(Chance),
    /// The sensitive question with this probability, else one whose prevalence is not known.
    Open(f64),
}

fn device(records: &Records, asked: &Asked, rows: &[usize]) -> Result<Device, Refusal> {
    let number = |name: &str| {
        let numbers = if records.has(name) { Some(records.numbers(name)?) } else { None };
        constant(name, numbers, rows, asked)
    };
    let needed = |name: &str| {
        number(name)?.ok_or_else(|| {
            Refusal::new(format!("{} has no {name}", asked.words()), format!("give {name} in its rows"))
        })
    };
    let designs = records.texts("design")?;
    let design = rows.first().and_then(|row| designs.get(*row)).unwrap_or_default();
    if rows.iter().any(|row| designs.get(*row) != Some(design)) {
        return Err(Refusal::new(
            format!("{} is asked by two designs", asked.words()),
            "ask a question in one way within a form, and give another form another name",
        ));
    }
    let truth = needed("truth_probability")?;
    let design = match design {
        "warner" => Design::Warner(truth),
        "crosswise" => Design::Crosswise(truth),
        "forced_response" => Design::Forced(truth, needed("forced_yes_probability")?),
        "unrelated_question" => match number("innocuous_prevalence")? {
            Some(innocuous) => Design::Unrelated(truth, innocuous),
            None => return Ok(Device::Open(truth)),
        },
        other => {
            return Err(Refusal::new(
                format!("the design {other} is none in which chance hides the answer"),
                "send questions of the designs warner, forced_response, unrelated_question and crosswise",
            ));
        }
    };
    let refuse = |reason| {
        Refusal::new(format!("in {} {reason}", asked.words()), "look at the probabilities of the design")
    };
    design.chance().map(Device::Known).map_err(refuse)
}

/// By linearisation.
fn standard_error(questions: &[Question], alpha: &[f64], drawn: &Sample<'_>) -> Result<f64, Refusal> {
    let slopes: Vec<(f64, &Linear)> = questions
        .iter()
        .zip(alpha)
        .flat_map(|(question, part)| {
            question.slopes.iter().zip(&question.yes).map(move |(slope, yes)| (part * slope, &yes.linear))
        })
        .collect();
    let scores = sum_of(0.0, &slopes).scores;
    let variance = drawn.design.variance(&scores, Lonely::Refuse).map_err(|fault| drawn.refusal(&fault))?;
    Ok(libm::sqrt(variance))
}

fn steps(questions: &[Question], people: &People, level: f64) -> Vec<Step> {
    let step = |name, value| Step { name, value };
    let answered = sum(questions.iter().flat_map(|question| question.counts.iter().copied()));
    let mut steps = vec![step("answers n", answered), step("questions", questions.len() as f64)];
    let [only] = questions else { return steps };
    if let [one, two] = &only.yes[..] {
        steps.push(step("part of yes in the first sample", one.linear.value));
        steps.push(step("part of yes in the second sample", two.linear.value));
        return steps;
    }
    let (Some(chance), Some(yes)) = (only.chance, only.yes.first()) else { return steps };
    steps.push(step("part of yes lambda", yes.linear.value));
    steps.extend(yes.sampled.standard_error.map(|error| step("standard error of lambda", error)));
    steps.push(step("effective count of lambda", yes.sampled.count));
    steps.push(step("slope a", chance.slope));
    steps.push(step("base b", chance.base));
    let whole = sum(people.weights.iter().copied());
    let squares = sum(people.weights.iter().map(|weight| weight / whole * (weight / whole)));
    let by_device = chance.added_variance(chance::bounded(only.value())) * squares;
    steps.push(step("of the standard error, by the chance device", libm::sqrt(by_device)));
    steps.push(step("people to whom it applies, sum of w r", whole * only.value()));
    let count = yes.sampled.count;
    if let Ok(found) = chance::assess(count * yes.sampled.value, count, chance, level) {
        steps.push(step("Clopper-Pearson interval, lower end", found.clopper_pearson[0]));
        steps.push(step("Clopper-Pearson interval, upper end", found.clopper_pearson[1]));
    }
    steps
}

#[cfg(test)]
mod tests;
