//! The overlaps of lists as records, by stratum, and how strata are put together.

use std::collections::BTreeMap;

use super::linkage::relinked;
use super::model::{MOST_LISTS, Set};
use super::table::Table;
use crate::estimator::numeric::sample::{Sample, sum};
use crate::estimator::{
    Call, Column, Estimate, Holds, Measure, Need, Part, Quantity, Records, Refusal, Step, Takes,
};

/// The overlaps of lists: one row a history.
pub(in crate::estimator) const HISTORIES: Takes = Takes::Records {
    columns: &[
        Column {
            name: "stratum",
            doc: "what is estimated by itself, such as the region; strata are added",
            holds: Holds::Texts,
            need: Need::Always,
        },
        Column {
            name: "lists",
            doc: "the names of the lists in order, joined by a plus sign",
            holds: Holds::Texts,
            need: Need::Always,
        },
        Column {
            name: "history",
            doc: "one digit a list in order: 1 where the units stand on it, 0 where not",
            holds: Holds::Texts,
            need: Need::Always,
        },
        Column {
            name: "count",
            doc: "how many units have this history; none where it is left out",
            holds: Holds::Numbers(Measure::Share),
            need: Need::Always,
        },
        Column {
            name: "missed_links",
            doc: "the share of true matches that the matching missed; the estimate without them then stands beside",
            holds: Holds::Numbers(Measure::Share),
            need: Need::Optional,
        },
    ],
};

/// Of more strata none holds enough units.
const MOST_STRATA: usize = 200;

/// A stratum with the lists that are used of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stratum {
    /// What it is called.
    pub name: String,
    /// The names of the lists.
    pub lists: Vec<String>,
    /// Who stands on them.
    pub table: Table,
    /// The share of matches that were missed; none where no trial says.
    pub missed: Option<f64>,
}

impl Stratum {
    /// Names the draws that belong to the table: the same for every method that reads it.
    pub fn key(&self) -> String {
        format!("{}|{}", self.name, self.lists.join("+"))
    }

    /// How the stratum is called in a sentence.
    pub fn called(&self) -> String {
        format!("stratum {}", self.name)
    }
}

/// Reads the strata in the order of their names.
pub fn read(records: &Records) -> Result<Vec<Stratum>, Refusal> {
    let columns = (records.texts("stratum")?, records.texts("lists")?, records.texts("history")?);
    let counts = records.numbers("count")?;
    let missed = if records.has("missed_links") { records.numbers("missed_links")? } else { &[] };
    // By stratum and lists: the cells, and the largest share of missed links.
    let mut tables: BTreeMap<(&str, &str), (BTreeMap<Set, f64>, Option<f64>)> = BTreeMap::new();
    for (row, count) in counts.iter().enumerate() {
        let (Some(stratum), Some(lists), Some(history)) =
            (columns.0.get(row), columns.1.get(row), columns.2.get(row))
        else {
            return Err(Refusal::new(
                format!("row {} of the histories has no stratum, lists or history", row + 1),
                "fill them in every row",
            ));
        };
        let set = set_of(history, lists)?;
        let (cells, most_missed) = tables.entry((stratum, lists)).or_default();
        if !(*count >= 0.0 && *count == libm::floor(*count)) {
            return Err(Refusal::new(
                format!("the count of history {history} in stratum {stratum} is {}", shown(*count)),
                "give every history that is sent a whole number of units",
            ));
        }
        if cells.insert(set, *count).is_some() {
            return Err(Refusal::new(
                format!("history {history} of the lists {lists} stands twice in stratum {stratum}"),
                "send each history once",
            ));
        }
        if let Some(share) = missed.get(row).filter(|share| !share.is_nan()) {
            *most_missed = Some(most_missed.unwrap_or(0.0).max(*share));
        }
    }
    let strata = tables.into_iter().map(|((name, lists), (cells, missed))| {
        let lists: Vec<String> = lists.split('+').map(str::to_owned).collect();
        let cells: Vec<(Set, f64)> = cells.into_iter().collect();
        let table = Table::of(lists.len(), &cells).map_err(|reason| {
            Refusal::new(format!("in stratum {name}, {reason}"), "correct the counts of the histories")
        })?;
        Ok(Stratum { name: name.to_owned(), lists, table, missed })
    });
    apart(strata.collect::<Result<_, _>>()?)
}

fn shown(count: f64) -> String {
    if count.is_nan() { "empty".to_owned() } else { count.to_string() }
}

/// The lists on which units of a history stand.
fn set_of(history: &str, lists: &str) -> Result<Set, Refusal> {
    let count = lists.split('+').count();
    if !(2..=MOST_LISTS).contains(&count) {
        return Err(Refusal::new(
            format!("{count} lists are named in {lists}, and 2 to {MOST_LISTS} can be estimated together"),
            "join lists that find the same units into one",
        ));
    }
    let is_digit = |digit: &u8| matches!(digit, b'0' | b'1');
    if history.len() != count
        || !history.as_bytes().iter().all(|digit| is_digit(digit))
        || !history.contains('1')
    {
        return Err(Refusal::new(
            format!("the history {history} is not one of the lists {lists}"),
            "write one digit a list, 1 where the units stand on it and 0 where not, with a 1 among them",
        ));
    }
    let bits = history.bytes().enumerate().filter(|(_, digit)| *digit == b'1');
    Ok(bits.fold(0, |set, (place, _)| set | 1 << place))
}

/// One table a stratum: where lists were also matched among fewer, the table of all of them.
fn apart(mut strata: Vec<Stratum>) -> Result<Vec<Stratum>, Refusal> {
    strata.retain(|stratum| stratum.table.observed() > 0.0);
    if strata.is_empty() {
        return Err(Refusal::new("no unit stands on any list", "give the counts of the histories"));
    }
    strata.sort_by(|a, b| a.name.cmp(&b.name).then(b.lists.len().cmp(&a.lists.len())));
    let mut kept: Vec<Stratum> = Vec::new();
    for stratum in strata {
        match kept.last().filter(|last| last.name == stratum.name) {
            Some(last)
                if stratum.lists.iter().all(|list| last.lists.contains(list))
                    && last.lists.len() > stratum.lists.len() => {}
            Some(last) => {
                return Err(Refusal::new(
                    format!(
                        "{} has the lists {} and the lists {}, whose units would count twice",
                        stratum.called(),
                        last.lists.join("+"),
                        stratum.lists.join("+")
                    ),
                    "match all lists of a stratum together, or part the stratum by where they look",
                ));
            }
            None => kept.push(stratum),
        }
    }
    if kept.len() > 1 && kept.iter().any(|stratum| stratum.name == "all") {
        return Err(Refusal::new(
            "the stratum all stands beside others, whose units would count twice",
            "send the whole or its strata",
        ));
    }
    if kept.len() > MOST_STRATA {
        return Err(Refusal::new(
            format!("there are {} strata, and at most {MOST_STRATA} are estimated", kept.len()),
            "join strata, so that the lists overlap in each",
        ));
    }
    Ok(kept)
}

/// The estimate of a stratum.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::estimator) struct Answer {
    /// The stratum's name.
    pub name: String,
    /// The units seen, D.
    pub observed: f64,
    /// The units unseen, f0.
    pub unseen: f64,
    /// The variance of f0 in closed form.
    pub variance: f64,
    /// The draws of N.
    pub draws: Vec<f64>,
    /// The units seen and unseen if no match had been missed; none where no trial says how many were.
    pub relinked: Option<[f64; 2]>,
}

/// The units seen and unseen of a stratum without missed matches, by `unseen`; a note where they cannot be put back.
pub(in crate::estimator) fn without_missed_links(
    stratum: &Stratum,
    notes: &mut Vec<String>,
    unseen: impl Fn(&Table) -> Option<f64>,
) -> Option<[f64; 2]> {
    let missed = stratum.missed?;
    let found = relinked(&stratum.table, missed)
        .and_then(|table| Ok([table.observed(), unseen(&table).ok_or("there is then no estimate")?]));
    if let Err(reason) = &found {
        notes.push(format!("missed matches of {} cannot be put back: {reason}", stratum.called()));
    }
    found.ok()
}

/// Adds the strata up.
pub(in crate::estimator) fn together(
    call: &Call<'_>,
    quantity: &'static Quantity,
    answers: &[Answer],
    mut more_steps: Vec<Step>,
    notes: Vec<String>,
) -> Result<Estimate, Refusal> {
    let total = |of: fn(&Answer) -> f64| sum(answers.iter().map(of));
    let (observed, unseen) = (total(|answer| answer.observed), total(|answer| answer.unseen));
    let draws = (0..call.count()?).map(|i| sum(answers.iter().map(|answer| answer.draws[i]))).collect();
    let mut steps = vec![
        Step { name: "units found D", value: observed },
        Step { name: "units on no list f0", value: unseen },
        Step { name: "all units N = D + f0", value: observed + unseen },
    ];
    steps.append(&mut more_steps);
    let analytic = libm::sqrt(total(|answer| answer.variance));
    let mut estimate = call.estimate(quantity, observed + unseen, Some(analytic), draws, steps, notes)?;
    if answers.iter().any(|answer| answer.relinked.is_some()) {
        let linked = |place: usize, or: fn(&Answer) -> f64| {
            sum(answers.iter().map(|answer| answer.relinked.map_or(or(answer), |relinked| relinked[place])))
        };
        let (found, hidden) = (linked(0, |answer| answer.observed), linked(1, |answer| answer.unseen));
        // The interval keeps its width in proportion to what is unseen.
        let moved = |end: f64| found + (end - observed) * if unseen > 0.0 { hidden / unseen } else { 1.0 };
        estimate.notes.push(format!(
            "matches between the lists were missed, which makes the estimate too high: without them it would be {:.0}, from {:.0} to {:.0}",
            found + hidden,
            moved(estimate.low),
            moved(estimate.high)
        ));
        for (name, value) in [
            ("units found, without missed matches", found),
            ("all units N, without missed matches", found + hidden),
            ("its lower end", moved(estimate.low)),
            ("its upper end", moved(estimate.high)),
        ] {
            estimate.steps.push(Step { name, value });
        }
    }
    if answers.len() > 1 {
        estimate.parts = parts(call, answers)?;
    }
    Ok(estimate)
}

fn parts(call: &Call<'_>, answers: &[Answer]) -> Result<Vec<Part>, Refusal> {
    let ends = [(1.0 - call.level) / 2.0, f64::midpoint(1.0, call.level)];
    answers
        .iter()
        .map(|answer| {
            let sample = Sample::new(answer.draws.clone())
                .map_err(|reason| Refusal::new(reason, "look for figures that are out of all proportion"))?;
            let [low, high] = ends.map(|p| sample.quantile(p));
            let of = vec![("stratum".to_owned(), answer.name.clone())];
            Ok(Part { of, value: answer.observed + answer.unseen, low, high })
        })
        .collect()
}

/// Histories as a table, for tests: stratum, lists, history, count and the share of missed links.
#[cfg(test)]
pub(in crate::estimator) fn records(rows: &[(&str, &str, &str, f64, f64)]) -> Records {
    use crate::estimator::{Texts, Values};
    let texts = |get: fn(&(&str, &str, &str, f64, f64)) -> String| {
        let cells: Vec<String> = rows.iter().map(get).collect();
        Values::Texts(Texts::of(cells.iter().map(|cell| Some(cell.as_str()).filter(|cell| !cell.is_empty()))))
    };
    let columns = vec![
        ("stratum".to_owned(), texts(|row| row.0.to_owned())),
        ("lists".to_owned(), texts(|row| row.1.to_owned())),
        ("history".to_owned(), texts(|row| row.2.to_owned())),
        ("count".to_owned(), Values::Numbers(rows.iter().map(|row| row.3).collect())),
        ("missed_links".to_owned(), Values::Numbers(rows.iter().map(|row| row.4).collect())),
    ];
    Records::new("histories", "list_overlaps", ("PA", "2024"), columns, 1).expect("columns of one length")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: f64 = f64::NAN;

    fn refused(rows: &[(&str, &str, &str, f64, f64)]) -> String {
        read(&records(rows)).expect_err("a refusal").to_string()
    }

    #[test]
    fn strata_are_read_by_name_and_histories_by_digit() {
        let strata = read(&records(&[
            ("south", "customs+tax", "11", 3.0, 0.02),
            ("north", "customs+tax+police", "101", 4.0, NONE),
            ("south", "customs+tax", "10", 5.0, 0.05),
            ("north", "customs+tax+police", "001", 6.0, NONE),
        ]))
        .expect("two strata");
        assert_eq!(
            strata.iter().map(|stratum| stratum.name.as_str()).collect::<Vec<_>>(),
            ["north", "south"]
        );
        assert!(
            (strata[0].table.count(0b101) - 4.0).abs() < 1e-15
                && (strata[0].table.count(0b100) - 6.0).abs() < 1e-15
        );
        assert!((strata[1].table.count(0b01) - 5.0).abs() < 1e-15);
        assert_eq!((strata[0].missed, strata[1].missed), (None, Some(0.05)));
        assert_eq!(strata[1].key(), "south|customs+tax");
    }

    #[test]
    fn the_table_of_most_lists_is_used() {
        let strata = read(&records(&[
            ("all", "customs+tax", "11", 3.0, NONE),
            ("all", "customs+tax+police", "110", 3.0, NONE),
            ("all", "customs+tax", "10", 4.0, NONE),
        ]))
        .expect("one stratum");
        assert_eq!((strata.len(), strata[0].lists.len()), (1, 3));
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_words() {
        assert!(refused(&[]).contains("no unit stands on any list"));
        assert!(refused(&[("all", "a+b", "11", 0.0, NONE)]).contains("no unit stands on any list"));
        assert!(refused(&[("all", "a+b", "111", 1.0, NONE)]).contains("history 111"));
        assert!(refused(&[("all", "a+b", "00", 1.0, NONE)]).contains("history 00"));
        assert!(refused(&[("all", "a+b", "1x", 1.0, NONE)]).contains("history 1x"));
        assert!(refused(&[("all", "a+b", "", 1.0, NONE)]).contains("row 1"));
        assert!(refused(&[("all", "a", "1", 1.0, NONE)]).contains("1 lists"));
        assert!(refused(&[("all", "a+b+c+d+e+f+g", "1111111", 1.0, NONE)]).contains("join lists"));
        assert!(refused(&[("all", "a+b", "11", NONE, NONE)]).contains("is empty"));
        assert!(refused(&[("all", "a+b", "11", 2.5, NONE)]).contains("is 2.5"));
        assert!(refused(&[("all", "a+b", "11", -2.0, NONE)]).contains("is -2"));
        assert!(refused(&[("all", "a+b", "11", f64::INFINITY, NONE)]).contains("1e12"));
        let twice = [("all", "a+b", "11", 2.0, NONE), ("all", "a+b", "11", 3.0, NONE)];
        assert!(refused(&twice).contains("stands twice"));
        let whole = [("all", "a+b", "11", 2.0, NONE), ("north", "a+b", "11", 3.0, NONE)];
        assert!(refused(&whole).contains("count twice"));
        let others = [("all", "a+b", "11", 2.0, NONE), ("all", "a+c", "11", 3.0, NONE)];
        assert!(refused(&others).contains("count twice"));
    }

    #[test]
    fn more_strata_than_can_be_estimated_are_refused() {
        let names: Vec<String> = (0..=MOST_STRATA).map(|i| format!("s{i:03}")).collect();
        let rows: Vec<_> = names.iter().map(|name| (name.as_str(), "a+b", "11", 2.0, NONE)).collect();
        assert!(refused(&rows).contains("201 strata"));
    }
}
