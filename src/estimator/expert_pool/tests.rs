use super::super::{Records, Texts, Values};
use super::*;

/// A row: consultation, expert, question, kind, interest, round, quantiles, truth.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, f64, [f64; 5], f64);

const NONE: f64 = f64::NAN;

fn table_of(period: &str, rows: &[Row]) -> Records {
    let texts = |name: &str, cell: fn(&Row) -> &'static str| {
        (name.to_owned(), Values::Texts(Texts::of(rows.iter().map(|row| Some(cell(row))))))
    };
    let numbers = |name: &str, cell: fn(&Row) -> f64| {
        (name.to_owned(), Values::Numbers(rows.iter().map(cell).collect()))
    };
    let columns = vec![
        texts("consultation", |row| row.0),
        texts("expert", |row| row.1),
        texts("question", |row| row.2),
        texts("kind", |row| row.3),
        texts("interest", |row| row.4),
        numbers("round", |row| row.5),
        numbers("q05", |row| row.6[0]),
        numbers("q25", |row| row.6[1]),
        numbers("q50", |row| row.6[2]),
        numbers("q75", |row| row.6[3]),
        numbers("q95", |row| row.6[4]),
        numbers("realisation", |row| row.7),
    ];
    Records::new("judgements", "expert_judgements", ("PA", period), columns, 1).expect("of one length")
}

fn target(expert: &'static str, round: f64, [low, middle, high]: [f64; 3]) -> Row {
    ("c", expert, "share", "target", "none", round, [low, NONE, middle, NONE, high], NONE)
}

fn seed(expert: &'static str, question: &'static str, [low, middle, high]: [f64; 3]) -> Row {
    ("c", expert, question, "seed", "none", 1.0, [low, NONE, middle, NONE, high], 100.0)
}

fn run_on(rows: &[Row]) -> Result<Estimate, Refusal> {
    (METHOD.run)(&Call::of("illicit_share", &[], &[table_of("2024", rows)], 40_000))
}

fn step(estimate: &Estimate, name: &str) -> Option<f64> {
    estimate.steps.iter().find(|step| step.name == name).map(|step| step.value)
}

const QUESTIONS: [&str; 10] = ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9"];

/// Two experts: a good one who says 20 %, and one who is far too sure and says 40 %.
fn two_experts() -> Vec<Row> {
    let mut rows = vec![target("1", 1.0, [0.15, 0.2, 0.26]), target("2", 1.0, [0.38, 0.4, 0.42])];
    for (i, question) in QUESTIONS.into_iter().enumerate() {
        let side = if i % 2 == 0 { 1.0 } else { -1.0 };
        let (good, sure) = (100.0 + 8.0 * side, 100.0 + 20.0 * side);
        rows.push(seed("1", question, [good - 20.0, good, good + 20.0]));
        rows.push(seed("2", question, [sure - 2.0, sure, sure + 2.0]));
    }
    rows
}

#[test]
fn the_expert_who_judges_well_decides() {
    let estimate = run_on(&two_experts()).expect("two experts and ten seed questions");
    assert!((estimate.value - 0.2).abs() < 1e-6, "{}", estimate.value);
    // The interval of 95 % of that law: the logits reach 1.96 / 1.645 as far as those of 90 %.
    let law = Judgement::new(&[(0.05, 0.15), (0.5, 0.2), (0.95, 0.26)]).expect("a law");
    for (end, p) in [(estimate.low, 0.025), (estimate.high, 0.975)] {
        assert!((end - law.quantile(p)).abs() < 1e-3, "{end}");
    }
    assert_eq!(step(&estimate, "seed questions m"), Some(10.0));
    assert!(step(&estimate, "largest weight w_e").expect("a step") > 0.999);
    let alike = step(&estimate, "median, equal weights").expect("a step");
    assert!(alike > 0.26 && alike < 0.38, "{alike}");
    assert!(
        estimate
            .notes
            .iter()
            .any(|note| note.contains("2 experts judge it") && note.contains("fewer than 5"))
    );
    assert!(
        !estimate
            .notes
            .iter()
            .any(|note| note.contains("weigh alike") || note.contains("seed questions, and from fewer"))
    );
}

#[test]
fn without_seed_questions_all_weigh_alike() {
    let rows: Vec<Row> = two_experts().into_iter().filter(|row| row.3 == "target").collect();
    let estimate = run_on(&rows).expect("two experts");
    assert!(estimate.notes.iter().any(|note| note.contains("so that all weigh alike")));
    assert_eq!(step(&estimate, "median, equal weights").map(f64::to_bits), Some(estimate.value.to_bits()));
    assert_eq!(step(&estimate, "experts with a weight"), Some(2.0));
    assert_eq!(step(&estimate, "cut-off of calibration alpha"), None);
    // A truth that is not known yet weighs nobody.
    let unknown: Vec<Row> = two_experts()
        .into_iter()
        .map(|mut row| {
            row.7 = NONE;
            row
        })
        .collect();
    assert_eq!(run_on(&unknown).expect("two experts").value.to_bits(), estimate.value.to_bits());
}

#[test]
fn the_latest_round_counts_and_the_first_is_shown() {
    let rows = [
        target("1", 1.0, [0.1, 0.2, 0.3]),
        target("2", 2.0, [0.2, 0.3, 0.4]),
        target("1", 2.0, [0.2, 0.3, 0.4]),
        target("2", 1.0, [0.1, 0.2, 0.3]),
    ];
    let estimate = run_on(&rows).expect("two experts");
    assert!((estimate.value - 0.3).abs() < 1e-12);
    assert!((step(&estimate, "median, first round").expect("a step") - 0.2).abs() < 1e-12);
    let twice = [rows[0], rows[0]];
    let refused = run_on(&twice).expect_err("one round twice").reason;
    assert!(refused.contains("answered twice for share in round 1"), "{refused}");
}

#[test]
fn those_with_nothing_at_stake_are_shown_beside() {
    let mut rows = vec![target("1", 1.0, [0.1, 0.2, 0.3]), target("2", 1.0, [0.5, 0.6, 0.7])];
    rows[1].4 = "alcohol_industry";
    let estimate = run_on(&rows).expect("two experts");
    assert!((step(&estimate, "median, experts with nothing at stake").expect("a step") - 0.2).abs() < 1e-12);
    rows[0].4 = "not_asked";
    assert_eq!(step(&run_on(&rows).expect("two experts"), "median, experts with nothing at stake"), None);
}

#[test]
fn seed_questions_of_another_year_weigh_too() {
    let (targets, seeds): (Vec<Row>, Vec<Row>) = two_experts().into_iter().partition(|row| row.3 == "target");
    let tables = [table_of("2023", &seeds), table_of("2024", &targets)];
    let estimate = (METHOD.run)(&Call::of("unrecorded_share", &[], &tables, 1000)).expect("an estimate");
    assert!((estimate.value - 0.2).abs() < 1e-6);
    assert_eq!(step(&estimate, "seed questions m"), Some(10.0));
}

#[test]
fn consultations_count_alike_whatever_their_size() {
    let mut rows = vec![target("1", 1.0, [0.1, 0.2, 0.3])];
    for expert in ["1", "2", "3", "4", "5"] {
        let mut row = target(expert, 1.0, [0.5, 0.6, 0.7]);
        row.0 = "d";
        rows.push(row);
    }
    let estimate = run_on(&rows).expect("two consultations");
    assert_eq!(estimate.parts.len(), 2);
    assert!((estimate.parts[0].value - 0.2).abs() < 1e-12 && (estimate.parts[1].value - 0.6).abs() < 1e-12);
    let below = estimate.draws.iter().filter(|draw| **draw < 0.4).count() as f64;
    assert!((below / 40_000.0 - 0.5).abs() < 0.01, "{below}");
    assert!(estimate.notes.iter().any(|note| note.contains("2 consultations count alike")));
}

#[test]
fn a_point_is_left_out_and_no_interval_invented() {
    let rows = [
        target("1", 1.0, [0.1, 0.2, 0.3]),
        target("2", 1.0, [NONE, 0.7, NONE]),
        target("3", 1.0, [0.7, 0.7, 0.7]),
    ];
    let estimate = run_on(&rows).expect("one interval");
    assert!((estimate.value - 0.2).abs() < 1e-12);
    assert!(estimate.notes.iter().any(|note| note.contains("2 experts of consultation c gave no interval")));
    let refused = run_on(&rows[1..]).expect_err("two points").to_string();
    assert!(refused.contains("no expert gave an interval") && refused.contains("quantiles"), "{refused}");
}

#[test]
fn refusals_say_why() {
    let refused = |rows: &[Row]| run_on(rows).expect_err("a refusal").to_string();
    assert!(refused(&two_experts()[2..]).contains("no expert was asked for it"));
    let in_per_cent = refused(&[target("1", 1.0, [10.0, 20.0, 30.0])]);
    assert!(in_per_cent.contains("10 is no share") && in_per_cent.contains("per cent"), "{in_per_cent}");
    assert!(refused(&[target("1", 1.0, [0.3, 0.2, 0.4])]).contains("not in order"));
    let mut twice = vec![target("1", 1.0, [0.1, 0.2, 0.3]); 2];
    twice[1].2 = "other";
    assert!(refused(&twice).contains("asks for it twice, in other and in share"));
    let mut rows = two_experts();
    rows[5].7 = 101.0;
    assert!(refused(&rows).contains("two truths"));
    let mut rows = two_experts();
    rows[5].6 = [3.0, NONE, 2.0, NONE, 4.0];
    assert!(refused(&rows).contains("are not in order"));
    let none = (METHOD.run)(&Call::of("illicit_share", &[], &[], 10)).expect_err("no table");
    assert!(none.reason.contains("there are no judgements"));
    let other = Call::of("illicit_level", &[], &[], 10);
    assert!((METHOD.run)(&other).expect_err("a level").remedy.contains("illicit_share or unrecorded_share"));
}

/// All five quantiles shape the law, and the order of rows does not.
#[test]
fn quartiles_count_and_order_does_not() {
    let mut rows = two_experts();
    rows[0].6 = [0.1, 0.19, 0.2, 0.21, 0.4];
    let estimate = run_on(&rows).expect("two experts");
    let quarter = estimate.draws.iter().filter(|draw| **draw > 0.19 && **draw < 0.21).count() as f64;
    assert!((quarter / 40_000.0 - 0.5).abs() < 0.01, "{quarter}");
    rows.reverse();
    let reversed = run_on(&rows).expect("two experts");
    assert_eq!(reversed.draws, estimate.draws);
    assert_eq!(reversed.steps, estimate.steps);
}
