//! The lists of a table: who answered which, and what each shows by itself.

use std::collections::BTreeMap;

use super::contrast::Answers;
use super::design_effect::{self, Counts, MOST_ITEMS};
use super::means::{self, Difference};
use super::{DOUBTFUL, MANY_AT_AN_EDGE};
use crate::estimator::sensitive::{Asked, People, constant};
use crate::estimator::{Records, Refusal, Step};

/// All lists of a table.
pub(super) struct Lists {
    pub(super) lists: Vec<List>,
}

/// One list.
pub(super) struct List {
    name: Asked,
    rows: Vec<usize>,
    /// J.
    items: usize,
    weights: Vec<f64>,
    treated: Vec<bool>,
    count: Vec<f64>,
    admits: Vec<bool>,
    /// 1 where the person was asked directly.
    pub(super) asked: Vec<f64>,
    /// How many people gave each answer, with and without the sensitive statement.
    tallies: [Vec<u32>; 2],
}

impl Lists {
    pub(super) fn read(records: &Records, people: &People) -> Result<Self, Refusal> {
        let treatment = records.numbers("treatment")?;
        let items = records.numbers("items")?;
        let direct = if records.has("direct") { Some(records.numbers("direct")?) } else { None };
        let says = |row: usize| direct.map_or(f64::NAN, |direct| direct[row]);
        for row in 0..records.rows() {
            if people.weights[row] == 0.0 {
                continue;
            }
            let is_truth = |value: f64| value == 0.0 || value == 1.0;
            if !is_truth(treatment[row]) {
                return Err(Refusal::new(
                    "it is not said of every answer whether its list has the sensitive statement",
                    "fill treatment with 1 or 0 in every row",
                ));
            }
            if !(says(row).is_nan() || is_truth(says(row))) {
                return Err(Refusal::new(
                    "a direct answer is neither 0 nor 1",
                    "fill direct with 1 for yes and 0 for no",
                ));
            }
        }
        let treated: Vec<bool> = treatment.iter().map(|treatment| *treatment > 0.5).collect();
        let count = records.numbers("answer")?.to_vec();
        let admits: Vec<bool> = (0..records.rows()).map(|row| says(row) > 0.5).collect();
        let asked: Vec<f64> =
            (0..records.rows()).map(|row| f64::from(u8::from(!says(row).is_nan()))).collect();
        let mut lists = Vec::new();
        for (name, rows) in people.asked(records)? {
            let remedy = "give in items how many statements beside the sensitive one the list has";
            let Some(length) = constant("items", Some(items), &rows, &name)? else {
                let reason = format!("{} does not say how many other statements its list has", name.words());
                return Err(Refusal::new(reason, remedy));
            };
            let Some(items) = (1..=MOST_ITEMS).find(|items| (*items as f64 - length).abs() < 1e-9) else {
                let words = name.words();
                let reason = format!(
                    "the list of {words} has {length} other statements, and must have 1 to {MOST_ITEMS}"
                );
                return Err(Refusal::new(reason, remedy));
            };
            let tallies = tally(&name, &rows, items, &treated, &count)?;
            let mut weights = vec![0.0; records.rows()];
            rows.iter().for_each(|row| weights[*row] = people.weights[*row]);
            lists.push(List {
                name,
                rows,
                items,
                weights,
                treated: treated.clone(),
                count: count.clone(),
                admits: admits.clone(),
                asked: asked.clone(),
                tallies,
            });
        }
        Ok(Self { lists })
    }

    pub(super) fn steps(&self) -> Vec<Step> {
        let people = |group: usize| {
            self.lists
                .iter()
                .flat_map(|list| &list.tallies[group])
                .map(|count| f64::from(*count))
                .sum::<f64>()
        };
        let mut steps = vec![
            Step { name: "answers with the sensitive statement n_1", value: people(0) },
            Step { name: "answers without it n_0", value: people(1) },
        ];
        if self.lists.len() > 1 {
            steps.push(Step { name: "lists", value: self.lists.len() as f64 });
        }
        steps
    }

    /// What the answers would say without weights and design: of one list, and of a double list.
    pub(super) fn without_design(&self, records: &Records, level: f64) -> Result<Vec<Step>, Refusal> {
        let step = |name, value| Step { name, value };
        let mut steps = Vec::new();
        let difference = match &self.lists[..] {
            [only] => only.difference(only.rows.iter().copied()).map(|difference| (difference, 1.0)),
            [a, b] if a.name.survey == b.name.survey && a.name.question == b.name.question => {
                double(records, a, b)?.map(|double| (double.difference, 2.0))
            }
            _ => None,
        };
        if let Some((difference, lists)) = difference {
            steps.push(step("without weights and design", difference.value() / lists));
            if let Some(error) = difference.standard_error() {
                steps.push(step("its standard error by Neyman's formula", error / lists));
            }
            if let Some(welch) = difference.welch(level) {
                steps.push(step("its interval by Welch's formula, lower end", welch.interval[0] / lists));
                steps.push(step("its interval by Welch's formula, upper end", welch.interval[1] / lists));
            }
        }
        if let ([only], true) = (&self.lists[..], records.has("stratum")) {
            let strata = records.texts("stratum")?;
            let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for row in &only.rows {
                if let Some(stratum) = strata.get(*row) {
                    groups.entry(stratum).or_default().push(*row);
                }
            }
            let differences: Option<Vec<Difference>> =
                groups.into_values().map(|rows| only.difference(rows.into_iter())).collect();
            if let Some(found) = differences.and_then(|differences| means::post_stratified(&differences)) {
                steps.push(step("mean of the strata by their answers, without weights", found.value));
                steps.extend(
                    found.standard_error.map(|error| step("standard error of the mean of the strata", error)),
                );
            }
        }
        Ok(steps)
    }

    /// Tests each list for a design effect, and looks at its edges.
    pub(super) fn test(&self, steps: &mut Vec<Step>, notes: &mut Vec<String>) -> Result<(), Refusal> {
        let mut least = 1.0_f64;
        for list in &self.lists {
            let counts = Counts { treated: &list.tallies[0], control: &list.tallies[1] };
            let found = design_effect::test(counts, list.items)
                .map_err(|reason| Refusal::new(reason, "look at the answers of the list"))?;
            least = least.min(found.p_value);
            let edges = design_effect::edges(&list.tallies[1], list.items).unwrap_or_default();
            for (part, what) in edges.into_iter().zip(["none", "all"]) {
                if part > MANY_AT_AN_EDGE {
                    notes.push(format!(
                        "{:.0} % of those without the sensitive statement count {what} of the other statements of {}, where an answer can give it away",
                        100.0 * part,
                        list.name.words()
                    ));
                }
            }
            if let [_] = &self.lists[..] {
                steps.push(Step { name: "counts none of the other statements (floor)", value: edges[0] });
                steps.push(Step { name: "counts all of the other statements (ceiling)", value: edges[1] });
            }
        }
        let p = (least * self.lists.len() as f64).min(1.0);
        steps.push(Step { name: "p-value of the test for a design effect", value: p });
        if p < DOUBTFUL {
            notes.push(format!(
                "the answers show a design effect (p = {p:.4}): people with the sensitive statement seem to count the others differently, and the difference of the means is then not its share"
            ));
        }
        Ok(())
    }
}

impl List {
    pub(super) fn answers(&self) -> Answers<'_> {
        Answers { weights: &self.weights, treated: &self.treated, count: &self.count, admits: &self.admits }
    }

    /// `n_1 n_0 / (n_1 + n_0)`: one over the variance of the difference, up to a factor that the lists share.
    pub(super) fn information(&self) -> f64 {
        let [treated, control] = self.tallies.each_ref().map(|tally| f64::from(tally.iter().sum::<u32>()));
        treated * control / (treated + control)
    }

    /// Whether people of both groups were asked directly.
    pub(super) fn was_asked_directly(&self) -> bool {
        [true, false].iter().all(|treated| {
            self.rows.iter().any(|row| self.treated[*row] == *treated && self.asked[*row] > 0.0)
        })
    }

    /// The difference of the means of some rows, without weights.
    fn difference(&self, rows: impl Iterator<Item = usize>) -> Option<Difference> {
        let mut groups = [Vec::new(), Vec::new()];
        rows.for_each(|row| groups[usize::from(self.treated[row])].push(self.count[row]));
        let [control, treated] = groups;
        Difference::of(&treated, &control)
    }
}

/// How many people gave each answer, with and without the sensitive statement.
fn tally(
    name: &Asked,
    rows: &[usize],
    items: usize,
    treated: &[bool],
    count: &[f64],
) -> Result<[Vec<u32>; 2], Refusal> {
    let mut tallies = [vec![0; items + 2], vec![0; items + 1]];
    for row in rows {
        let tally = &mut tallies[usize::from(!treated[*row])];
        let most = tally.len() - 1;
        let Some(answer) = (0..=most).find(|answer| (*answer as f64 - count[*row]).abs() < 1e-9) else {
            return Err(Refusal::new(
                format!(
                    "an answer to {} is {}, and must be a whole number from 0 to {most}",
                    name.words(),
                    count[*row]
                ),
                "look whether answers, items and treatment belong together",
            ));
        };
        tally[answer] += 1;
    }
    for (tally, kind) in tallies.iter().zip(["with", "without"]) {
        if tally.iter().all(|count| *count == 0) {
            return Err(Refusal::new(
                format!("nobody answered {} {kind} the sensitive statement", name.words()),
                "send the answers of both groups",
            ));
        }
    }
    Ok(tallies)
}

/// A double list of people who all answered both, each with the sensitive statement in one; none where it is something else.
fn double(records: &Records, a: &List, b: &List) -> Result<Option<means::DoubleList>, Refusal> {
    if !records.has("respondent") || a.rows.len() != b.rows.len() {
        return Ok(None);
    }
    let respondents = records.texts("respondent")?;
    let mut second: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &b.rows {
        let Some(person) = respondents.get(*row) else { return Ok(None) };
        second.insert(person, *row);
    }
    let mut groups = [Vec::new(), Vec::new()];
    for row in &a.rows {
        let Some(other) = respondents.get(*row).and_then(|person| second.get(person)) else {
            return Ok(None);
        };
        if a.treated[*row] == a.treated[*other] {
            return Ok(None);
        }
        groups[usize::from(a.treated[*row])].push([a.count[*row], a.count[*other]]);
    }
    let [in_b, in_a] = groups;
    Ok(means::double_list(&in_a, &in_b))
}
