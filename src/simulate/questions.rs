//! Questions about buying illicit alcohol: asked openly, by lists of statements, and with a device that hides the answer.

use super::random::Random;
use super::world::Territory;
use super::{Observed, Table};

const COLUMNS: &[&str] = &[
    "survey",
    "period",
    "question",
    "item",
    "design",
    "form",
    "respondent",
    "stratum",
    "cluster",
    "weight",
    "treatment",
    "items",
    "answer",
    "truth_probability",
    "forced_yes_probability",
    "innocuous_prevalence",
    "direct_answer",
    "source",
];

/// The probability of each harmless statement of a list; those of one list differ, so that few people say none or all.
const HARMLESS: [[f64; 4]; 2] = [[0.1, 0.85, 0.45, 0.6], [0.15, 0.8, 0.5, 0.4]];

/// How many people stand in a primary sampling unit.
const IN_CLUSTER: usize = 20;

/// How alike people of one unit are: the size of the beta law of its part of buyers.
const ALIKE: f64 = 60.0;

/// The designs in which chance hides the answer, as the parameter `device` counts them.
const DEVICES: [&str; 4] = ["warner", "forced_response", "crosswise", "unrelated_question"];

/// The probability that a device asks for the truth (crosswise: that the harmless statement is true).
const TRUTH: [f64; 4] = [0.7, 0.75, 0.25, 0.7];
const FORCED_YES: f64 = 0.5;
const INNOCUOUS: f64 = 0.25;

/// A question with its answers.
struct Questionnaire<'a> {
    territory: &'a Territory<'a>,
    random: Random,
    table: &'a mut Table,
    /// The name of survey and question.
    name: &'static str,
}

/// A person who is asked.
struct Person {
    number: usize,
    cluster: usize,
    bought: bool,
}

/// What is written down of an answer.
#[derive(Default)]
struct Answer {
    form: &'static str,
    said: u32,
    treatment: Option<bool>,
    direct: Option<bool>,
    /// Probabilities of truth, of a forced yes and of the harmless statement.
    chances: [Option<f64>; 3],
}

/// Asks three samples of people, each in its own way.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    observed.truth("purchase_prevalence", territory.parameters.get("purchase_prevalence"));
    let mut table = Table::new("sensitive_questions", COLUMNS);
    let two = territory.parameters.count("lists_asked") == 2;
    let device = territory.parameters.count("device").clamp(1, 4) - 1;
    for (name, design) in
        [("open", "direct"), ("list", if two { "double_list" } else { "list" }), ("chance", DEVICES[device])]
    {
        let random = territory.random(&format!("questions {name}"));
        let mut asked = Questionnaire { territory, random, table: &mut table, name };
        for person in asked.people() {
            for answer in asked.answers(&person, design, device) {
                asked.write(&person, design, &answer);
            }
        }
    }
    observed.tables.push(table);
}

impl Questionnaire<'_> {
    fn people(&mut self) -> Vec<Person> {
        let [asked, prevalence] =
            ["people_asked", "purchase_prevalence"].map(|name| self.territory.parameters.get(name));
        let mut people = Vec::new();
        let mut part = 0.0;
        let mut number = 0;
        while f64::from(number) < asked {
            let place = people.len();
            if place.is_multiple_of(IN_CLUSTER) {
                part = self.random.beta(prevalence, ALIKE);
            }
            let bought = self.random.happens(part);
            people.push(Person { number: place + 1, cluster: place / IN_CLUSTER + 1, bought });
            number += 1;
        }
        people
    }

    fn answers(&mut self, person: &Person, design: &str, device: usize) -> Vec<Answer> {
        match design {
            "direct" => vec![self.openly(person)],
            "list" => {
                let treatment = person.number.is_multiple_of(2);
                vec![self.list(person, "single", 0, treatment)]
            }
            "double_list" => {
                let first = person.number.is_multiple_of(2);
                vec![self.list(person, "a", 0, first), self.list(person, "b", 1, !first)]
            }
            _ => vec![self.by_chance(person, device)],
        }
    }

    /// Some who bought deny it.
    fn openly(&mut self, person: &Person) -> Answer {
        let denies = self.random.happens(self.territory.parameters.get("denial"));
        let admits = person.bought && !denies;
        Answer { form: "single", said: u32::from(admits), direct: Some(admits), ..Answer::default() }
    }

    /// How many statements are true; some who hear the sensitive one leave out a harmless one.
    fn list(&mut self, person: &Person, form: &'static str, list: usize, treatment: bool) -> Answer {
        let mut answer = 0;
        for probability in HARMLESS[list] {
            answer += u32::from(self.random.happens(probability));
        }
        let shies = self.random.happens(self.territory.parameters.get("list_effect"));
        if treatment {
            answer = answer.saturating_sub(u32::from(shies)) + u32::from(person.bought);
        }
        Answer { form, said: answer, treatment: Some(treatment), ..Answer::default() }
    }

    /// Some say no whatever the device asks for.
    fn by_chance(&mut self, person: &Person, device: usize) -> Answer {
        let truth = TRUTH[device];
        let [asked, other, ignores] = [(); 3].map(|()| self.random.uniform());
        let yes = match device {
            0 | 2 => person.bought == (asked < truth),
            _ if asked < truth => person.bought,
            1 => other < FORCED_YES,
            _ => other < INNOCUOUS,
        };
        let ignores = ignores < self.territory.parameters.get("device_ignored");
        let forced = (device == 1).then_some(FORCED_YES);
        let innocuous = (device == 3).then_some(INNOCUOUS);
        let chances = [Some(truth), forced.map(|yes| yes * (1.0 - truth)), innocuous];
        Answer { form: "single", said: u32::from(yes && !ignores), chances, ..Answer::default() }
    }

    fn write(&mut self, person: &Person, design: &str, answer: &Answer) {
        let text = |chance: Option<f64>| chance.map_or(String::new(), |chance| chance.to_string());
        let [truth, forced, innocuous] = answer.chances.map(text);
        let yes_or_no = |given: Option<bool>| given.map_or(String::new(), |given| given.to_string());
        let items = if answer.treatment.is_some() { HARMLESS[0].len().to_string() } else { String::new() };
        let weight = 25.0;
        self.table.push(&[
            &format!("{} survey", self.name),
            &self.territory.year,
            &self.name,
            &"bought_illicit",
            &design,
            &answer.form,
            &format!("{}{}", self.name, person.number),
            &format!("s{}", person.cluster % 4 + 1),
            &format!("c{}", person.cluster),
            &weight,
            &yes_or_no(answer.treatment),
            &items,
            &answer.said,
            &truth,
            &forced,
            &innocuous,
            &yes_or_no(answer.direct),
            &"simulation",
        ]);
    }
}
