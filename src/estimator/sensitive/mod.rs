//! Answers to sensitive questions: whose they are, how the people were drawn, and which of them belong together.
//!
//! A table may hold several surveys, questions and forms. People were drawn within their survey, in clusters where it has them, with
//! replacement or from so many that it is alike; a person's answers to several forms belong to one drawing. Where there is one survey its name
//! stands in no stratum, so that a person or cluster has the same draws here as in other estimates from the table.

use std::collections::BTreeMap;

use super::design_based::sample::{Rows, Sample, weights};
use super::numeric::design::linear::rows_with_weight;
use super::{Column, Holds, Measure, Need, Records, Refusal, Texts};

/// A column of names.
pub(super) const fn texts(name: &'static str, doc: &'static str, need: Need) -> Column {
    Column { name, doc, holds: Holds::Texts, need }
}

/// A column of pure numbers.
pub(super) const fn shares(name: &'static str, doc: &'static str, need: Need) -> Column {
    Column { name, doc, holds: Holds::Numbers(Measure::Share), need }
}

/// How the people of a table were drawn.
pub(super) struct People {
    strata: Option<Texts>,
    first: Texts,
    /// The weight of each row; 0 where there is no answer.
    pub(super) weights: Vec<f64>,
    /// Rows without an answer.
    pub(super) silent: usize,
}

/// A question of a survey in one form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    /// The survey.
    pub(super) survey: String,
    /// The question.
    pub(super) question: String,
    /// The form of the questionnaire.
    pub(super) form: String,
}

impl Asked {
    /// How a message names it.
    pub(super) fn words(&self) -> String {
        let Self { survey, question, form } = self;
        let named = [("question", question), ("form", form), ("survey", survey)];
        let parts: Vec<String> = named
            .iter()
            .filter(|(_, name)| !name.is_empty())
            .map(|(what, name)| format!("{what} {name}"))
            .collect();
        if parts.is_empty() { "the question".to_owned() } else { parts.join(", ") }
    }

    /// Its dimensions, for a part of an estimate.
    pub(super) fn dimensions(&self) -> Vec<(String, String)> {
        [("survey", &self.survey), ("question", &self.question), ("form", &self.form)]
            .into_iter()
            .filter(|(_, name)| !name.is_empty())
            .map(|(what, name)| (what.to_owned(), name.clone()))
            .collect()
    }
}

impl People {
    /// Reads weights and design; `answers` are not a number where there is none.
    pub(super) fn read(records: &Records, answers: &[f64]) -> Result<Self, Refusal> {
        let (mut weights, _) = weights(records)?;
        let sent = rows_with_weight(&weights);
        weights
            .iter_mut()
            .zip(answers)
            .filter(|(_, answer)| answer.is_nan())
            .for_each(|(weight, _)| *weight = 0.0);
        let kept = rows_with_weight(&weights);
        if kept == 0 {
            return Err(Refusal::new(
                "no row has an answer and a weight",
                "send the answers to the question",
            ));
        }
        let columns = Columns::of(records)?;
        let several = columns.survey.is_some_and(|surveys| surveys.names().len() > 1);
        let rows = 0..records.rows();
        let name = |texts: Option<&Texts>, row: usize| {
            texts.and_then(|texts| texts.get(row)).unwrap_or_default().to_owned()
        };
        let strata = (several || columns.stratum.is_some()).then(|| {
            let names: Vec<String> = rows
                .clone()
                .map(|row| {
                    let stratum = name(columns.stratum, row);
                    if several { format!("{}|{stratum}", name(columns.survey, row)) } else { stratum }
                })
                .collect();
            Texts::of(names.iter().map(|name| Some(name.as_str())))
        });
        let first: Vec<String> = rows
            .map(|row| {
                let person = || columns.respondent.and_then(|texts| texts.get(row)).map(str::to_owned);
                let cluster = columns.cluster.and_then(|texts| texts.get(row)).map(str::to_owned);
                cluster.or_else(person).unwrap_or_else(|| format!("row {row}"))
            })
            .collect();
        let first = Texts::of(first.iter().map(|name| Some(name.as_str())));
        Ok(Self { strata, first, weights, silent: sent - kept })
    }

    /// The drawing of the people.
    pub(super) fn sample<'a>(&'a self, records: &'a Records) -> Result<Sample<'a>, Refusal> {
        Sample::named(records, [self.strata.as_ref(), Some(&self.first), None], Rows::Drawn)
    }

    /// The rows of each question and form that have a weight.
    pub(super) fn asked(&self, records: &Records) -> Result<BTreeMap<Asked, Vec<usize>>, Refusal> {
        let column = |name: &str| if records.has(name) { records.texts(name).map(Some) } else { Ok(None) };
        let (survey, question, form) = (column("survey")?, column("question")?, column("form")?);
        let mut asked: BTreeMap<Asked, Vec<usize>> = BTreeMap::new();
        for row in (0..records.rows()).filter(|row| self.weights[*row] != 0.0) {
            let name =
                |texts: Option<&Texts>| texts.and_then(|texts| texts.get(row)).unwrap_or_default().to_owned();
            let key = Asked { survey: name(survey), question: name(question), form: name(form) };
            asked.entry(key).or_default().push(row);
        }
        Ok(asked)
    }

    /// What a reader must know of it.
    pub(super) fn notes(&self) -> Vec<String> {
        let silent = self.silent;
        (silent > 0)
            .then(|| {
                format!("{silent} people without an answer are left out, as if they were like the others")
            })
            .into_iter()
            .collect()
    }
}

/// The columns of the design; each is full within a survey, or empty there.
struct Columns<'a> {
    survey: Option<&'a Texts>,
    stratum: Option<&'a Texts>,
    cluster: Option<&'a Texts>,
    respondent: Option<&'a Texts>,
}

impl<'a> Columns<'a> {
    fn of(records: &'a Records) -> Result<Self, Refusal> {
        let column = |name: &str| if records.has(name) { records.texts(name).map(Some) } else { Ok(None) };
        let survey = column("survey")?;
        let checked = |name: &str| {
            let texts = column(name)?;
            let mut rows_of: BTreeMap<Option<&str>, [usize; 2]> = BTreeMap::new();
            for row in 0..records.rows() {
                let is_empty = texts.is_none_or(|texts| texts.code(row).is_none());
                rows_of.entry(survey.and_then(|texts| texts.get(row))).or_default()[usize::from(is_empty)] +=
                    1;
            }
            match rows_of.values().find(|[full, empty]| *full > 0 && *empty > 0) {
                None => Ok(texts.filter(|_| rows_of.values().any(|[full, _]| *full > 0))),
                Some([full, empty]) => Err(Refusal::new(
                    format!("{name} is empty in {empty} of {} rows of a survey", full + empty),
                    format!("fill {name} in every row of the survey, or in none"),
                )),
            }
        };
        Ok(Self {
            survey,
            stratum: checked("stratum")?,
            cluster: checked("cluster")?,
            respondent: checked("respondent")?,
        })
    }
}

/// The one number in some rows of a column; none where all are empty.
pub(super) fn constant(
    name: &str,
    numbers: Option<&[f64]>,
    rows: &[usize],
    asked: &Asked,
) -> Result<Option<f64>, Refusal> {
    let Some(numbers) = numbers else { return Ok(None) };
    let mut seen = rows.iter().map(|row| numbers[*row]);
    let first = seen.next().unwrap_or(f64::NAN);
    let same = |other: f64| other.to_bits() == first.to_bits() || (other.is_nan() && first.is_nan());
    match seen.find(|other| !same(*other)) {
        None => Ok(Some(first).filter(|first| !first.is_nan())),
        Some(other) => Err(Refusal::new(
            format!("{name} is {first} for some people of {} and {other} for others", asked.words()),
            "ask a question in one way within a form, and give another form another name",
        )),
    }
}

/// How estimates of one share are weighed: by what each tells, if people answered yes and no alike, which no answer can change.
pub(super) fn parts(information: &[f64]) -> Vec<f64> {
    let whole = super::numeric::sample::sum(information.iter().copied());
    information.iter().map(|information| information / whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::Values;

    fn table(columns: &[(&str, &[Option<&str>])], weights: &[f64]) -> Records {
        let texts = |cells: &[Option<&str>]| Values::Texts(Texts::of(cells.iter().copied()));
        let mut all: Vec<(String, Values)> =
            columns.iter().map(|(name, cells)| ((*name).to_owned(), texts(cells))).collect();
        all.push(("weight".to_owned(), Values::Numbers(weights.to_vec())));
        Records::new("records", "sensitive_questions", ("PA", "2024"), all, 1).expect("of one length")
    }

    #[test]
    fn people_are_drawn_within_their_survey() {
        let records = table(
            &[
                ("survey", &[Some("x"), Some("x"), Some("x"), Some("y"), Some("y")]),
                ("respondent", &[Some("1"), Some("1"), Some("2"), Some("1"), Some("2")]),
                ("cluster", &[None, None, None, Some("c"), Some("d")]),
            ],
            &[1.0; 5],
        );
        let people = People::read(&records, &[1.0, 0.0, 1.0, f64::NAN, 2.0]).expect("answers");
        assert_eq!((people.silent, people.weights[3].to_bits()), (1, 0));
        let sample = people.sample(&records).expect("two surveys");
        // Persons 1 and 2 of the first survey, clusters c and d of the second.
        assert_eq!((sample.design.strata(0), sample.design.units(0)), (2, 4));
        assert_eq!(people.asked(&records).expect("questions").len(), 2);
        assert!(people.notes()[0].contains("1 people without"));
    }

    #[test]
    fn gaps_within_a_survey_are_refused() {
        let records = table(&[("stratum", &[Some("u"), None])], &[1.0; 2]);
        let refusal = People::read(&records, &[1.0; 2]).map(|_| ()).expect_err("a refusal");
        assert!(refusal.reason.contains("stratum is empty in 1 of 2 rows"), "{refusal}");
        let silent = table(&[], &[1.0; 2]);
        let refusal = People::read(&silent, &[f64::NAN; 2]).map(|_| ()).expect_err("a refusal");
        assert!(refusal.reason.contains("no row has an answer"));
    }

    #[test]
    fn a_question_is_asked_in_one_way() {
        let asked = Asked { survey: String::new(), question: "q1".to_owned(), form: "a".to_owned() };
        let numbers = [0.7, f64::NAN, 0.7, 0.6];
        assert_eq!(constant("P", Some(&numbers), &[0, 2], &asked), Ok(Some(0.7)));
        assert_eq!(constant("P", Some(&numbers), &[1], &asked), Ok(None));
        assert_eq!(constant("P", None, &[1], &asked), Ok(None));
        let refusal = constant("P", Some(&numbers), &[0, 3], &asked).expect_err("two ways");
        assert!(
            refusal.reason.contains("P is 0.7 for some people of question q1, form a and 0.6"),
            "{refusal}"
        );
        assert!(constant("P", Some(&numbers), &[0, 1], &asked).is_err());
    }
}
