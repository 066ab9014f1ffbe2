//! The answers of experts, as a table of judgements holds them.

use std::collections::BTreeMap;

use super::super::numeric::judgement::Judgement;
use super::super::{Need, Records, Refusal};
use super::classical::Seed;

/// What the experts of a consultation say of one thing, by expert.
pub type Panel = BTreeMap<String, Answer>;

/// What one expert says of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// In the latest round; none where only a point was given, or nothing.
    pub latest: Option<Judgement>,
    /// In the first round, alone and before any discussion.
    pub first: Option<Judgement>,
    /// Whether the expert was asked, and said that there is nothing at stake.
    pub nothing_at_stake: bool,
    first_round: f64,
    latest_round: f64,
}

/// The panels, by what they were asked and then by consultation.
///
/// `subject` is the column that says what is judged, `quantiles` the probabilities with their columns; where one that is
/// optional is empty or not there, the others count. Rows that `keep` refuses, or that do not say whose
/// they are, are passed over.
pub fn panels(
    table: &Records,
    subject: &str,
    quantiles: &[(f64, &str, Need)],
    keep: impl Fn(usize) -> bool,
) -> Result<BTreeMap<String, BTreeMap<String, Panel>>, Refusal> {
    let [subjects, consultations, experts] =
        [subject, "consultation", "expert"].map(|column| table.texts(column));
    let (subjects, consultations, experts) = (subjects?, consultations?, experts?);
    let interest = table.has("interest").then(|| table.texts("interest")).transpose()?;
    let rounds = table.numbers("round")?;
    let columns: Result<Vec<Quantiles<'_>>, Refusal> = quantiles
        .iter()
        .filter(|(_, column, need)| *need == Need::Always || table.has(column))
        .map(|(probability, column, need)| {
            let is_needed = *need == Need::Always;
            Ok(Quantiles { probability: *probability, is_needed, values: table.numbers(column)? })
        })
        .collect();
    let columns = columns?;
    let mut panels: BTreeMap<String, BTreeMap<String, Panel>> = BTreeMap::new();
    for row in (0..table.rows()).filter(|row| keep(*row)) {
        let (Some(subject), Some(consultation), Some(expert)) =
            (subjects.get(row), consultations.get(row), experts.get(row))
        else {
            continue;
        };
        let judgement = judgement(&columns, row).map_err(|reason| {
            let reason =
                format!("an answer to {subject} in consultation {consultation} is impossible: {reason}");
            Refusal::new(reason, "ask the expert again; a share may have been given in per cent")
        })?;
        let answer = Answer {
            latest: judgement.clone(),
            first: judgement,
            nothing_at_stake: interest.is_some_and(|interest| interest.get(row) == Some("none")),
            first_round: rounds[row],
            latest_round: rounds[row],
        };
        let panel = panels.entry(subject.to_owned()).or_default().entry(consultation.to_owned()).or_default();
        match panel.get_mut(expert) {
            None => {
                panel.insert(expert.to_owned(), answer);
            }
            Some(known) => known.join(answer).map_err(|round| {
                let reason = format!(
                    "an expert of consultation {consultation} answered twice for {subject} in round {round}"
                );
                Refusal::new(reason, "send one answer of each expert to each question in each round")
            })?,
        }
    }
    Ok(panels)
}

impl Answer {
    /// Keeps the first and the latest of two; gives the round where it is the same.
    fn join(&mut self, other: Self) -> Result<(), f64> {
        let beside_latest = other.latest_round.total_cmp(&self.latest_round);
        let beside_first = other.first_round.total_cmp(&self.first_round);
        if beside_latest.is_eq() || beside_first.is_eq() {
            return Err(other.latest_round);
        }
        if beside_latest.is_gt() {
            (self.latest, self.latest_round) = (other.latest, other.latest_round);
            // What was declared last holds.
            self.nothing_at_stake = other.nothing_at_stake;
        }
        if beside_first.is_lt() {
            (self.first, self.first_round) = (other.first, other.first_round);
        }
        Ok(())
    }
}

/// A column of quantiles of one probability.
struct Quantiles<'a> {
    probability: f64,
    is_needed: bool,
    values: &'a [f64],
}

/// The law of a row; none where the outer quantiles or the median are not all given, or all are one figure.
fn judgement(columns: &[Quantiles<'_>], row: usize) -> Result<Option<Judgement>, String> {
    if columns.iter().any(|column| column.is_needed && column.values[row].is_nan()) {
        return Ok(None);
    }
    let cells = columns.iter().map(|column| (column.probability, column.values[row]));
    let given: Vec<(f64, f64)> = cells.filter(|(_, value)| !value.is_nan()).collect();
    let is_point = given.iter().all(|(_, value)| value.total_cmp(&given[0].1).is_eq());
    match given.first() {
        Some((_, value)) if is_point && (0.0..=1.0).contains(value) => Ok(None),
        _ => Judgement::new(&given).map(Some),
    }
}

/// The seed questions of a consultation, and the experts whose answers they hold, in order.
#[derive(Debug, Clone, Default)]
pub struct Seeds {
    /// The experts.
    pub experts: Vec<String>,
    /// The questions whose truth is known.
    pub questions: Vec<Seed>,
}

/// The seed questions of each consultation, with the experts whose answers they hold, from tables of any period.
///
/// An expert's earliest answer counts, which was given alone.
pub fn seeds(tables: &[&Records]) -> Result<BTreeMap<String, Seeds>, Refusal> {
    // By consultation and question: the truth, and by expert the round with the quantiles.
    type Answers = BTreeMap<String, (f64, [f64; 3])>;
    let mut questions: BTreeMap<(String, String), (Option<f64>, Answers)> = BTreeMap::new();
    for table in tables.iter().filter(|table| table.has("realisation")) {
        let [kinds, consultations, names, experts] =
            ["kind", "consultation", "question", "expert"].map(|column| table.texts(column));
        let (kinds, consultations, names, experts) = (kinds?, consultations?, names?, experts?);
        let [truths, rounds, low, middle, high] =
            ["realisation", "round", "q05", "q50", "q95"].map(|column| table.numbers(column));
        let (truths, rounds, low, middle, high) = (truths?, rounds?, low?, middle?, high?);
        for row in (0..table.rows()).filter(|row| kinds.get(*row) == Some("seed")) {
            let (Some(consultation), Some(name), Some(expert)) =
                (consultations.get(row), names.get(row), experts.get(row))
            else {
                continue;
            };
            let question = questions.entry((consultation.to_owned(), name.to_owned())).or_default();
            let truth = Some(truths[row]).filter(|truth| truth.is_finite());
            if let (Some(one), Some(other)) = (question.0, truth)
                && one.total_cmp(&other).is_ne()
            {
                return Err(Refusal::new(
                    format!(
                        "seed question {name} of consultation {consultation} has two truths, {one} and {other}"
                    ),
                    "give one true answer for each seed question",
                ));
            }
            question.0 = question.0.or(truth);
            let answer = [low[row], middle[row], high[row]];
            if answer.iter().any(|quantile| !quantile.is_finite()) {
                continue;
            }
            if !answer.is_sorted() {
                let [low, middle, high] = answer;
                return Err(Refusal::new(
                    format!(
                        "the quantiles {low}, {middle} and {high} of seed question {name} of consultation {consultation} are not in order"
                    ),
                    "ask the expert again; low and high may be exchanged",
                ));
            }
            let of_expert = question.1.entry(expert.to_owned()).or_insert((rounds[row], answer));
            if rounds[row] < of_expert.0 {
                *of_expert = (rounds[row], answer);
            }
        }
    }
    let mut by_consultation: BTreeMap<String, Seeds> = BTreeMap::new();
    for ((consultation, _), (_, answers)) in &questions {
        by_consultation.entry(consultation.clone()).or_default().experts.extend(answers.keys().cloned());
    }
    for seeds in by_consultation.values_mut() {
        seeds.experts.sort_unstable();
        seeds.experts.dedup();
    }
    for ((consultation, _), (truth, answers)) in &questions {
        if let (Some(truth), Some(seeds)) = (truth, by_consultation.get_mut(consultation)) {
            let answer = |expert: &String| answers.get(expert).map(|(_, answer)| *answer);
            let answers = seeds.experts.iter().map(answer).collect();
            seeds.questions.push(Seed { truth: *truth, answers });
        }
    }
    Ok(by_consultation)
}
