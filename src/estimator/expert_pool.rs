//! A share as experts judge it, weighed by how well they judge what is known.

use std::collections::BTreeMap;

use super::numeric::judgement::{Judgement, Pool};
use super::numeric::sample::sum;
use super::{
    Call, Column, Estimate, Holds, Input, Measure, Need, Part, Quantity, Reach, Refusal, Step, Takes,
};
use classical::{Seed, Weighing, weigh};
use panel::{Answer, Panel, Seeds, panels, seeds};

pub mod classical;
pub mod panel;

method! {
    /// Share that experts judge, weighed by their answers to questions whose truth is known.
    ///
    /// # Assumes
    /// Each expert gives quantiles of 5, 50 and 95 % (and of 25 and 75 % if asked) of a share, alone and with reasons.
    /// Whoever judges well what is known judges well what is not: the seed questions are about the same matter.
    /// One expert is right, and the weights say how likely each is the one: the pool is as wide as the experts are apart.
    /// Of several rounds the latest counts for the share, and the earliest for the seed questions, which are answered alone.
    /// Seed questions may be about any period; they belong to their consultation.
    /// Several consultations count alike, each with its own weights.
    ///
    /// # Formula
    /// ```text
    /// F     = sum_e w_e F_e           F_e through the logits of the expert's quantiles, straight in normal scores
    /// w_e   prop. to cal_e inf_e 1(cal_e >= alpha)
    /// cal_e = 1 - chi2_3( 2 m sum_b s_b ln(s_b / p_b) )        p = (.05, .45, .45, .05), s_b the parts of the truths in bin b
    /// inf_e = mean over seeds of ln(range) + sum_b p_b ln(p_b / width_b)
    /// ```
    /// m is the number of seed questions, the least that one of the experts answered. The range of a seed question runs from the least
    /// to the greatest of all quantiles and the truth and 10 % further; where these span more than a factor of 1,000, logarithms are taken.
    /// alpha is the cut-off whose pool scores best on the seed questions, as an expert of its own (cal times inf).
    /// The value is the median of F, the interval from draws of F. Beside it stand the median of the logarithmic pool
    /// (of the product of the experts' densities, each to the power of its weight), that of equal weights, that of the experts who declare that they have nothing at stake,
    /// and that of the answers of the first round.
    ///
    /// # Fails when
    /// Nobody gave an interval: a single figure does not say how sure the expert is, and none is invented.
    /// A consultation asks for the share in two questions. An expert's quantiles are out of order or no shares.
    /// Without seed questions all experts weigh alike, and nobody has tried how well they judge. From few seed questions the
    /// weights are mostly chance, and the pool is scored on the very questions that it was chosen by.
    /// Experts are mostly too sure of themselves, and all may share one error, which no weights can mend.
    ///
    /// # References
    /// R. M. Cooke (1991), Experts in Uncertainty: Opinion and Subjective Probability in Science.
    /// R. M. Cooke, L. H. J. Goossens (2008), TU Delft Expert Judgment Data Base, Reliability Engineering and System Safety 93, 657-674.
    /// A. O'Hagan and others (2006), Uncertain Judgements: Eliciting Experts' Probabilities.
    METHOD {
        name: "expert_pool",
        reach: Reach::Series,
        inputs: &[Input {
            name: "judgements",
            doc: "answers of experts to target and seed questions",
            need: Need::Always,
            takes: Takes::Records { columns: COLUMNS },
        }],
        assumptions: &[],
        gives: &[
            Quantity { name: "illicit_share", doc: "illicit share that the experts judge" },
            Quantity { name: "unrecorded_share", doc: "unrecorded share that the experts judge" },
        ],
        run: run,
    }
}

const COLUMNS: &[Column] = &[
    text("consultation", "the consultation", Need::Always),
    text("expert", "a number or name for the expert", Need::Always),
    text("question", "the question", Need::Always),
    text("kind", "target or seed", Need::Always),
    text("interest", "what the expert has at stake; none where asked and nothing", Need::Optional),
    number("round", "the round, 1 for what was answered alone", Need::Always),
    number("q05", "5 % quantile", Need::Always),
    number("q25", "25 % quantile", Need::Optional),
    number("q50", "median", Need::Always),
    number("q75", "75 % quantile", Need::Optional),
    number("q95", "95 % quantile", Need::Always),
    number("realisation", "the truth of a seed question", Need::Optional),
];

const fn text(name: &'static str, doc: &'static str, need: Need) -> Column {
    Column { name, doc, holds: Holds::Texts, need }
}

const fn number(name: &'static str, doc: &'static str, need: Need) -> Column {
    Column { name, doc, holds: Holds::Numbers(Measure::Share), need }
}

/// The probabilities of the quantiles, with their columns.
const QUANTILES: [(f64, &str, Need); 5] = [
    (0.05, "q05", Need::Always),
    (0.25, "q25", Need::Optional),
    (0.5, "q50", Need::Always),
    (0.75, "q75", Need::Optional),
    (0.95, "q95", Need::Always),
];

/// From fewer experts one person's view decides.
pub const FEW_EXPERTS: usize = 5;

/// From fewer seed questions good judges cannot be told from lucky ones.
pub const FEW_SEEDS: usize = 8;

/// Below this calibration the hypothesis that an expert is right as often as said is mostly rejected.
const POOR_CALIBRATION: f64 = 0.05;

/// What a consultation says of the share.
#[derive(Debug, Clone)]
struct Consultation {
    name: String,
    /// The answers that hold an interval, each with the expert's weight; the weights add up to 1.
    answers: Vec<(f64, Answer)>,
    /// How many experts gave no interval.
    without: usize,
    seeds: usize,
    /// None where all weigh alike for want of scores.
    weighing: Option<Weighing>,
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let table = call.table("judgements")?;
    let kinds = table.texts("kind")?;
    let asked = panels(table, "question", &QUANTILES, |row| kinds.get(row) == Some("target"))?;
    let seeds = seeds(&call.tables("judgements"))?;
    let consultations = consultations(asked, &seeds)?;
    let pool_by = |judgement: fn(&Answer) -> Option<&Judgement>| {
        pool(&consultations, |w, answer| Some((w, judgement(answer)?)))
    };
    let pooled = pool_by(|answer| answer.latest.as_ref()).ok_or_else(|| {
        Refusal::new("no expert gave an interval", "ask each expert for quantiles, not for one figure")
    })?;
    let (choice, chance) = (table.stream("expert"), table.stream("answer"));
    let draws = (0..call.count()? as u64).map(|i| pooled.draw(choice.spread(i), chance.spread(i))).collect();
    let mut steps = counts(&consultations);
    if let [Consultation { weighing: Some(weighing), .. }] = &consultations[..] {
        steps.extend(scores(weighing));
    }
    let median = |pool: Option<Pool>| pool.map(|pool| pool.quantile(0.5));
    let alike = pool(&consultations, |_, answer| Some((1.0, answer.latest.as_ref()?)));
    let disinterested = pool(&consultations, |weight, answer| {
        Some((weight, answer.latest.as_ref().filter(|_| answer.nothing_at_stake)?))
    });
    for (name, value) in [
        ("median, logarithmic pool", pooled.logarithmic_quantile(0.5)),
        ("median, equal weights", median(alike)),
        ("median, experts with nothing at stake", median(disinterested)),
        ("median, first round", median(pool_by(|answer| answer.first.as_ref()))),
    ] {
        steps.extend(value.map(|value| Step { name, value }));
    }
    let ends = [(1.0 - call.level) / 2.0, f64::midpoint(1.0, call.level)];
    let parts = parts(&consultations, ends);
    let mut estimate =
        call.estimate(quantity, pooled.quantile(0.5), None, draws, steps, notes(&consultations))?;
    estimate.parts = parts;
    Ok(estimate)
}

/// What each consultation says, with the weights of its experts.
fn consultations(
    asked: BTreeMap<String, BTreeMap<String, Panel>>,
    seeds: &BTreeMap<String, Seeds>,
) -> Result<Vec<Consultation>, Refusal> {
    let mut panels: BTreeMap<String, (String, Panel)> = BTreeMap::new();
    for (question, by_consultation) in asked {
        for (consultation, panel) in by_consultation {
            if let Some((other, _)) = panels.get(&consultation) {
                return Err(Refusal::new(
                    format!("consultation {consultation} asks for it twice, in {other} and in {question}"),
                    "send one question for the share of all beverages",
                ));
            }
            panels.insert(consultation, (question.clone(), panel));
        }
    }
    if panels.is_empty() {
        return Err(Refusal::new(
            "no expert was asked for it",
            "send the answers to a question about the share",
        ));
    }
    let none = Seeds::default();
    Ok(panels
        .into_iter()
        .map(|(name, (_, panel))| {
            let seeds = seeds.get(&name).unwrap_or(&none);
            Consultation::new(name, panel, seeds)
        })
        .collect())
}

impl Consultation {
    fn new(name: String, panel: Panel, seeds: &Seeds) -> Self {
        let all = panel.len();
        let answers: Vec<(String, Answer)> =
            panel.into_iter().filter(|(_, answer)| answer.latest.is_some()).collect();
        // Only those who judge the share are weighed; the best pool of others would be no help.
        let places: Vec<Option<usize>> = answers
            .iter()
            .map(|(expert, _)| seeds.experts.iter().position(|known| known == expert))
            .collect();
        let of_panel: Vec<Seed> = seeds
            .questions
            .iter()
            .map(|seed| Seed {
                truth: seed.truth,
                answers: places.iter().map(|place| place.and_then(|place| seed.answers[place])).collect(),
            })
            .filter(|seed| seed.answers.iter().any(Option::is_some))
            .collect();
        let weighing = weigh(&of_panel, None).ok();
        let even = 1.0 / answers.len() as f64;
        let weight = |place: usize| weighing.as_ref().map_or(even, |weighing| weighing.weights[place]);
        Self {
            name,
            without: all - answers.len(),
            answers: answers
                .into_iter()
                .enumerate()
                .map(|(place, (_, answer))| (weight(place), answer))
                .collect(),
            seeds: of_panel.len(),
            weighing,
        }
    }

    fn with_weight(&self) -> usize {
        self.answers.iter().filter(|(weight, _)| *weight > 0.0).count()
    }
}

/// The linear pool over all consultations, alike, of what is taken of each answer, with a weight within the consultation.
fn pool<'a>(
    consultations: &'a [Consultation],
    take: impl Fn(f64, &'a Answer) -> Option<(f64, &'a Judgement)>,
) -> Option<Pool> {
    let mut judgements = Vec::new();
    for consultation in consultations {
        let taken: Vec<(f64, &Judgement)> =
            consultation.answers.iter().filter_map(|(weight, answer)| take(*weight, answer)).collect();
        let whole = sum(taken.iter().map(|(weight, _)| *weight));
        if whole > 0.0 {
            judgements
                .extend(taken.into_iter().map(|(weight, judgement)| (weight / whole, judgement.clone())));
        }
    }
    Pool::new(judgements).ok()
}

/// Each of several consultations by itself.
fn parts(consultations: &[Consultation], ends: [f64; 2]) -> Vec<Part> {
    if consultations.len() < 2 {
        return Vec::new();
    }
    let part = |consultation: &Consultation| {
        let alone = std::slice::from_ref(consultation);
        let pool = pool(alone, |weight, answer| Some((weight, answer.latest.as_ref()?)))?;
        let [low, high] = ends.map(|p| pool.quantile(p));
        let of = vec![("consultation".to_owned(), consultation.name.clone())];
        Some(Part { of, value: pool.quantile(0.5), low, high })
    };
    consultations.iter().filter_map(part).collect()
}

fn counts(consultations: &[Consultation]) -> Vec<Step> {
    let total = |count: fn(&Consultation) -> usize| consultations.iter().map(count).sum::<usize>() as f64;
    vec![
        Step { name: "experts who gave an interval", value: total(|c| c.answers.len()) },
        Step { name: "experts with a weight", value: total(Consultation::with_weight) },
        Step { name: "seed questions m", value: total(|c| c.seeds) },
    ]
}

fn scores(weighing: &Weighing) -> Vec<Step> {
    let largest = weighing.weights.iter().copied().fold(0.0, f64::max);
    vec![
        Step { name: "cut-off of calibration alpha", value: weighing.cut_off },
        Step { name: "largest weight w_e", value: largest },
        Step { name: "calibration of the pool", value: weighing.pool.calibration },
        Step { name: "information of the pool", value: weighing.pool.information },
        Step { name: "calibration of equal weights", value: weighing.alike.calibration },
        Step { name: "information of equal weights", value: weighing.alike.information },
    ]
}

fn notes(consultations: &[Consultation]) -> Vec<String> {
    let mut notes = Vec::new();
    if consultations.len() > 1 {
        notes.push(format!("{} consultations count alike", consultations.len()));
    }
    for consultation in consultations {
        let Consultation { name, answers, without, seeds, weighing } = consultation;
        let experts = answers.len();
        if *without > 0 {
            notes.push(format!(
                "{without} experts of consultation {name} gave no interval and are left out, for none is invented"
            ));
        }
        if experts < FEW_EXPERTS {
            notes.push(format!(
                "{experts} experts judge it in consultation {name}, and with fewer than {FEW_EXPERTS} one person's view decides"
            ));
        }
        let Some(weighing) = weighing else {
            notes.push(if *seeds == 0 {
                format!("nobody tried how well the experts of consultation {name} judge, so that all weigh alike")
            } else {
                format!(
                    "no expert of consultation {name} answered half of the seed questions, so that all weigh alike"
                )
            });
            continue;
        };
        if *seeds < FEW_SEEDS {
            notes.push(format!(
                "the weights in consultation {name} rest on {seeds} seed questions, and from fewer than {FEW_SEEDS} good judges cannot be told from lucky ones"
            ));
        }
        let best = weighing.scores.iter().flatten().map(|score| score.calibration).fold(0.0, f64::max);
        if best < POOR_CALIBRATION {
            notes.push(format!(
                "no expert of consultation {name} judges the seed questions well: the best calibration is {best:.1e}"
            ));
        }
        if weighing.pool.combined() <= weighing.alike.combined() && consultation.with_weight() > 1 {
            notes.push(format!("in consultation {name} equal weights score as well on the seed questions"));
        }
        notes.push(format!(
            "{} of {experts} experts of consultation {name} carry weight",
            consultation.with_weight()
        ));
    }
    notes
}

#[cfg(test)]
mod tests;
