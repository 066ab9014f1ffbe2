use super::*;
use crate::estimator::numeric::draw::Stream;
use crate::estimator::{Records, Texts, Values};

/// A row: form, person, treatment, answer, items, direct, weight.
type Row = (&'static str, u32, f64, f64, f64, f64, f64);

const NONE: f64 = f64::NAN;

fn table(rows: &[Row], seed: u64) -> Records {
    let numbers = |pick: fn(&Row) -> f64| Values::Numbers(rows.iter().map(pick).collect());
    let people: Vec<String> = rows.iter().map(|row| format!("p{}", row.1)).collect();
    let columns = vec![
        ("question".to_owned(), Values::Texts(Texts::of(rows.iter().map(|_| Some("q1"))))),
        ("form".to_owned(), Values::Texts(Texts::of(rows.iter().map(|row| Some(row.0))))),
        ("respondent".to_owned(), Values::Texts(Texts::of(people.iter().map(|name| Some(name.as_str()))))),
        ("treatment".to_owned(), numbers(|row| row.2)),
        ("answer".to_owned(), numbers(|row| row.3)),
        ("items".to_owned(), numbers(|row| row.4)),
        ("direct".to_owned(), numbers(|row| row.5)),
        ("weight".to_owned(), numbers(|row| row.6)),
    ];
    Records::new("records", "sensitive_questions", ("PA", "2024"), columns, seed).expect("of one length")
}

fn run_with(rows: &[Row], count: usize) -> Result<Estimate, Refusal> {
    (METHOD.run)(&Call::of("purchase_prevalence", &[], &[table(rows, 1)], count))
}

fn step(found: &Estimate, name: &str) -> Option<f64> {
    found.steps.iter().find(|step| step.name.contains(name)).map(|step| step.value)
}

/// Rows of one list from how many gave each answer.
fn tallied(treated: &[usize], control: &[usize], items: f64) -> Vec<Row> {
    let mut rows = Vec::new();
    for (treatment, tally) in [(1.0, treated), (0.0, control)] {
        for (answer, count) in tally.iter().enumerate() {
            for _ in 0..*count {
                rows.push(("single", rows.len() as u32, treatment, answer as f64, items, NONE, 2.0));
            }
        }
    }
    rows
}

/// The data on race of Blair and Imai: tau 0.0678, standard error 0.0496.
#[test]
fn the_data_on_race() {
    let rows = tallied(&[19, 123, 229, 219, 34], &[8, 132, 222, 227], 3.0);
    let found = run_with(&rows, 8192).expect("two groups");
    assert!((found.value - 0.0678).abs() < 5e-5, "{}", found.value);
    let error = found.analytic.expect("a closed form");
    assert!((error - 0.0496).abs() < 5e-5, "{error}");
    assert!((step(&found, "Neyman").expect("a step") - error).abs() < 1e-4);
    assert!((found.high - found.low - 2.0 * 1.962 * error).abs() < 0.003, "{} {}", found.low, found.high);
    assert!((step(&found, "design effect").expect("a step") - 0.077).abs() < 1e-3);
    assert!((step(&found, "ceiling").expect("a step") - 227.0 / 589.0).abs() < 1e-12);
    assert!(
        found
            .notes
            .iter()
            .any(|note| note.contains("39 % of those without the sensitive statement count all"))
    );
    assert_eq!(step(&found, "says yes directly"), None);
}

#[test]
fn a_gross_design_effect_is_told() {
    let found = run_with(&tallied(&[60, 20, 20, 0], &[5, 50, 45], 2.0), 1024).expect("two groups");
    assert!(found.value < 0.0);
    assert!(found.notes.iter().any(|note| note.contains("show a design effect")), "{:?}", found.notes);
    assert!(found.notes.iter().any(|note| note.contains("and is kept")));
}

/// A survey of 600: 30 % have it, of whom two thirds admit it.
fn survey(seed: u64, people: u32, affected: bool) -> Vec<Row> {
    let stream = Stream::new(seed, "survey");
    let mut next = 0;
    let mut chance = |p: f64| {
        next += 1;
        stream.uniform(next) < p
    };
    (0..people)
        .map(|person| {
            let has = chance(0.3);
            let treated = person % 2 == 0;
            let others = (0..4).filter(|_| chance(0.5)).count() as f64;
            // Where affected, people with the sensitive statement in the list no longer admit it.
            let admits = has && chance(2.0 / 3.0) && !(affected && treated);
            let truth = |is: bool| f64::from(u8::from(is));
            ("single", person, truth(treated), others + truth(has && treated), 4.0, truth(admits), 1.0)
        })
        .collect()
}

#[test]
fn direct_answers_sharpen_the_list() {
    let found = run_with(&survey(3, 4000, false), 1024).expect("two groups");
    let [list, mu] =
        ["standard error of tau", "standard error of mu"].map(|name| step(&found, name).expect("a step"));
    assert!(mu < 0.95 * list, "{mu} {list}");
    assert!((found.analytic.expect("a closed form") - mu).abs() < 1e-15);
    assert!((found.value - step(&found, "answers mu").expect("a step")).abs() < 1e-15);
    assert!((found.value - 0.3).abs() < 4.0 * mu);
    assert!((step(&found, "directly X").expect("a step") - 0.2).abs() < 0.03);
}

#[test]
fn direct_answers_that_the_list_changes_do_not_enter() {
    let found = run_with(&survey(3, 4000, true), 1024).expect("two groups");
    assert!((found.value - step(&found, "list alone").expect("a step")).abs() < 1e-15);
    assert!(
        found.notes.iter().any(|note| note.contains("the list changes who says yes directly")),
        "{:?}",
        found.notes
    );
    // Asked in the control group alone, which is a common design.
    let mut rows = survey(3, 4000, false);
    rows.iter_mut().filter(|row| row.2 > 0.5).for_each(|row| row.5 = NONE);
    let found = run_with(&rows, 1024).expect("two groups");
    assert_eq!(step(&found, "says yes directly"), None);
    assert!(found.notes.iter().any(|note| note.contains("too few of them")), "{:?}", found.notes);
    // Asked three times as often in one group.
    let mut rows = survey(3, 4000, false);
    rows.iter_mut().filter(|row| row.2 > 0.5 && row.1 % 3 > 0).for_each(|row| row.5 = NONE);
    let found = run_with(&rows, 1024).expect("two groups");
    assert!(
        found.notes.iter().any(|note| note.contains("were not asked directly alike")),
        "{:?}",
        found.notes
    );
}

/// 120 people with two lists each; the same figures as by the difference of each person's answers.
#[test]
fn a_double_list_keeps_what_a_person_answers_together() {
    let stream = Stream::new(5, "double");
    let mut rows: Vec<Row> = Vec::new();
    for person in 0..120 {
        let draw = |at: u64| stream.uniform(u64::from(person) * 10 + at);
        let first = person % 2 == 0;
        let base = (4.0 * draw(0)).floor();
        let has = f64::from(u8::from(draw(1) < 0.4));
        let truth = |is: bool| f64::from(u8::from(is));
        let [a, b] = [base + if first { has } else { 0.0 }, base + if first { 0.0 } else { has }];
        rows.push(("a", person, truth(first), a, 4.0, NONE, 1.0));
        rows.push(("b", person, truth(!first), b, 4.0, NONE, 1.0));
    }
    let found = run_with(&rows, 4096).expect("two lists");
    assert!((found.value - step(&found, "without weights").expect("a step")).abs() < 1e-12);
    let neyman = step(&found, "Neyman").expect("a step");
    // People are the units: the variance of the design has n/(n-1) of 120 where Neyman's has that of each half.
    assert!((found.analytic.expect("a closed form") / neyman - 1.0).abs() < 0.01);
    // Taken apart, without what a person's answers have in common, the error would be far larger.
    let apart: Vec<Row> = rows
        .iter()
        .enumerate()
        .map(|(i, row)| (row.0, i as u32, row.2, row.3, row.4, row.5, row.6))
        .collect();
    let apart = run_with(&apart, 64).expect("two lists");
    assert!(apart.analytic.expect("a closed form") > 2.0 * neyman);
    assert_eq!(step(&found, "lists"), Some(2.0));
}

#[test]
fn refusals_say_why() {
    let good = tallied(&[5, 5, 5], &[5, 5], 1.0);
    let refusal = |change: &dyn Fn(&mut Vec<Row>)| {
        let mut rows = good.clone();
        change(&mut rows);
        run_with(&rows, 16).expect_err("a refusal").to_string()
    };
    assert!(refusal(&|rows| rows.retain(|row| row.2 > 0.5)).contains("without the sensitive statement"));
    assert!(refusal(&|rows| rows.retain(|row| row.2 < 0.5)).contains("with the sensitive statement"));
    assert!(refusal(&|rows| rows[14].3 = 3.0).contains("an answer to question q1, form single is 3"));
    assert!(refusal(&|rows| rows[0].3 = 0.5).contains("whole number from 0 to 2"));
    assert!(refusal(&|rows| rows[0].2 = NONE).contains("it is not said of every answer"));
    assert!(refusal(&|rows| rows[0].5 = 3.0).contains("a direct answer is neither"));
    assert!(refusal(&|rows| rows[0].4 = 2.0).contains("items is"));
    assert!(
        refusal(&|rows| rows.iter_mut().for_each(|row| row.4 = NONE)).contains("NaN other statements")
            == false
    );
    assert!(refusal(&|rows| rows.iter_mut().for_each(|row| row.3 = 1.0)).contains("shows no error"));
    assert!(refusal(&|rows| rows.iter_mut().for_each(|row| row.3 = NONE)).contains("no row has an answer"));
}

/// 200 surveys of 80 people each: 30 % have it, and two thirds of them admit it.
#[test]
fn the_interval_holds_the_level() {
    let worlds = 200;
    let mut held = 0;
    for world in 0..worlds {
        let records = table(&survey(100 + world, 80, false), world);
        let found =
            (METHOD.run)(&Call::of("purchase_prevalence", &[], &[records], 1024)).expect("two groups");
        held += u32::from(found.low <= 0.3 && 0.3 <= found.high);
    }
    // Binomial standard error 0.015.
    assert!(f64::from(held) / worlds as f64 > 0.91, "{held}");
}
