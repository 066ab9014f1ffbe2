use super::*;
use crate::estimator::numeric::draw::Stream;
use crate::estimator::{Texts, Values};

/// One form of a question: its name, design, P, P_yes, u, and the answers with their weights.
struct Form<'a> {
    form: &'a str,
    design: &'a str,
    numbers: [f64; 3],
    answers: Vec<(f64, f64)>,
}

const NONE: f64 = f64::NAN;

fn form<'a>(form: &'a str, design: &'a str, numbers: [f64; 3], yes: usize, n: usize) -> Form<'a> {
    Form { form, design, numbers, answers: (0..n).map(|i| (f64::from(u8::from(i < yes)), 2.0)).collect() }
}

fn table(forms: &[Form<'_>], seed: u64) -> Records {
    let each = || forms.iter().flat_map(|form| form.answers.iter().map(move |answer| (form, answer)));
    let texts = |pick: &dyn Fn(&Form<'_>) -> String| {
        let names: Vec<String> = each().map(|(form, _)| pick(form)).collect();
        Values::Texts(Texts::of(names.iter().map(|name| Some(name.as_str()))))
    };
    let numbers = |at: usize| Values::Numbers(each().map(|(form, _)| form.numbers[at]).collect());
    let people: Vec<String> = (0..each().count()).map(|i| format!("p{i}")).collect();
    let columns = vec![
        ("question".to_owned(), texts(&|_| "q1".to_owned())),
        ("form".to_owned(), texts(&|form| form.form.to_owned())),
        ("design".to_owned(), texts(&|form| form.design.to_owned())),
        ("respondent".to_owned(), Values::Texts(Texts::of(people.iter().map(|name| Some(name.as_str()))))),
        ("truth_probability".to_owned(), numbers(0)),
        ("forced_yes_probability".to_owned(), numbers(1)),
        ("innocuous_prevalence".to_owned(), numbers(2)),
        ("answer".to_owned(), Values::Numbers(each().map(|(_, answer)| answer.0).collect())),
        ("weight".to_owned(), Values::Numbers(each().map(|(_, answer)| answer.1).collect())),
    ];
    Records::new("records", "sensitive_questions", ("PA", "2024"), columns, seed).expect("of one length")
}

fn run_with(forms: &[Form<'_>], count: usize) -> Result<Estimate, Refusal> {
    (METHOD.run)(&Call::of("purchase_prevalence", &[], &[table(forms, 1)], count))
}

fn step(found: &Estimate, name: &str) -> f64 {
    found.steps.iter().find(|step| step.name.contains(name)).expect("a step").value
}

/// The reference cases as samples: value, standard error with the divisor n-1, and the mapped exact interval nearly.
#[test]
fn the_reference_cases_as_samples() {
    for (design, numbers, yes, n, value, error) in [
        ("warner", [0.7, NONE, NONE], 178, 400, 0.3625, 0.062_198_521_003_618_7),
        (
            "forced_response",
            [0.75, 0.166_666_666_7, NONE],
            131,
            420,
            0.193_650_793_606_349,
            0.030_176_370_545_485,
        ),
        ("unrelated_question", [0.6, NONE, 0.25], 96, 310, 0.349_462_365_591_398, 0.043_837_958_305_862_3),
        ("crosswise", [0.25, NONE, NONE], 330, 500, 0.18, 0.042_412_234_027_346_2),
    ] {
        let found = run_with(&[form("single", design, numbers, yes, n)], 8192).expect(design);
        assert!((found.value - value).abs() < 1e-12, "{design}: {}", found.value);
        let analytic = found.analytic.expect("a closed form");
        assert!((analytic / error - 1.0).abs() < 1e-9, "{design}: {analytic}");
        let spread = found.standard_error.expect("draws");
        assert!((spread / error - 1.0).abs() < 0.03, "{design}: {spread}");
        assert!((found.high - found.low) / (2.0 * 1.96 * error) < 1.05);
        let outer = [
            step(&found, "Clopper-Pearson interval, lower"),
            step(&found, "Clopper-Pearson interval, upper"),
        ];
        assert!(outer[0] < found.low + 0.003 && found.high < outer[1] + 0.003, "{design}: {outer:?}");
    }
}

#[test]
fn two_samples_tell_the_harmless_prevalence_too() {
    let forms = [
        form("a", "unrelated_question", [0.75, NONE, NONE], 120, 300),
        form("b", "unrelated_question", [0.3, NONE, NONE], 95, 280),
    ];
    let found = run_with(&forms, 8192).expect("two samples");
    assert!((found.value - 0.433_730_158_730_159).abs() < 1e-12);
    // With the divisors n and one n/(n-1) of the whole design: n = 580.
    let closed = 0.046_721_563_024_615_6 * (580.0_f64 / 579.0).sqrt();
    assert!((found.analytic.expect("a closed form") / closed - 1.0).abs() < 1e-9);
    assert!(found.parts.is_empty());
    let alone = run_with(&forms[..1], 16).expect_err("one sample");
    assert!(alone.reason.contains("has 1 samples that could tell it"), "{alone}");
    let same = [
        form("a", "unrelated_question", [0.3, NONE, NONE], 120, 300),
        form("b", "unrelated_question", [0.3, NONE, NONE], 95, 280),
    ];
    assert!(run_with(&same, 16).expect_err("equal").reason.contains("cannot tell the two questions apart"));
}

/// Two forms of Warner's design: weights 400 * 0.16 and 100 * 0.36.
#[test]
fn forms_are_weighed_by_what_they_tell() {
    let forms =
        [form("a", "warner", [0.7, NONE, NONE], 178, 400), form("b", "warner", [0.2, NONE, NONE], 60, 100)];
    let found = run_with(&forms, 1024).expect("two forms");
    let [one, two] = [0.3625, (0.6 - 0.8) / -0.6];
    assert!((found.value - (0.64 * one + 0.36 * two)).abs() < 1e-12);
    assert_eq!(found.parts.len(), 2);
    assert!(found.parts[0].of.contains(&("form".to_owned(), "a".to_owned())));
    assert!(
        (found.parts[1].value - two).abs() < 1e-12 && found.parts[1].low < two && two < found.parts[1].high
    );
}

#[test]
fn a_negative_share_is_kept_and_explained() {
    let found = run_with(&[form("single", "forced_response", [0.75, 1.0 / 6.0, NONE], 20, 400)], 1024)
        .expect("answers");
    assert!(found.value < 0.0 && found.notes.iter().any(|note| note.contains("say no whatever falls")));
    assert!(step(&found, "value, cut") == 0.0);
    // Nobody says yes: lambda shows no error, and the interval still has a width.
    let none = run_with(&[form("single", "forced_response", [0.75, 1.0 / 6.0, NONE], 0, 40)], 1024)
        .expect("answers");
    assert!(none.high > none.low);
}

/// 200 people of weight 1 of whom half say yes, and 100 of weight 4 of whom three tenths do.
#[test]
fn weights_enter_as_horvitz_and_thompson_do() {
    let mut asked = form("single", "warner", [0.8, NONE, NONE], 0, 0);
    asked.answers = (0..200).map(|i| (f64::from(u8::from(i < 100)), 1.0)).collect();
    asked.answers.extend((0..100).map(|i| (f64::from(u8::from(i < 30)), 4.0)));
    let found = run_with(&[asked], 1024).expect("answers");
    let yes = (100.0 + 120.0) / 600.0;
    assert!((found.value - (yes - 0.2) / 0.6).abs() < 1e-12);
    assert!((step(&found, "sum of w r") - 600.0 * found.value).abs() < 1e-9);
    let device = 0.8 * 0.2 / 0.36 * (200.0 + 1600.0) / 360_000.0_f64;
    assert!((step(&found, "by the chance device") - device.sqrt()).abs() < 1e-12);
    assert!(found.analytic.expect("a closed form") > device.sqrt());
}

#[test]
fn refusals_say_why() {
    let refusal = |forms: &[Form<'_>]| run_with(forms, 16).expect_err("a refusal").to_string();
    assert!(
        refusal(&[form("single", "warner", [0.5, NONE, NONE], 10, 40)])
            .contains("does not depend on the truth")
    );
    assert!(refusal(&[form("single", "warner", [NONE; 3], 10, 40)]).contains("has no truth_probability"));
    assert!(
        refusal(&[form("single", "forced_response", [0.7, NONE, NONE], 10, 40)])
            .contains("no forced_yes_probability")
    );
    assert!(
        refusal(&[form("single", "list", [0.7, NONE, NONE], 10, 40)]).contains("the design list is none")
    );
    let two =
        [form("a", "warner", [0.7, NONE, NONE], 10, 40), form("a", "warner", [0.8, NONE, NONE], 10, 40)];
    assert!(refusal(&two).contains("truth_probability is 0.7 for some people"));
    let two =
        [form("a", "warner", [0.7, NONE, NONE], 10, 40), form("a", "crosswise", [0.7, NONE, NONE], 10, 40)];
    assert!(refusal(&two).contains("asked by two designs"));
    let mut wrong = form("single", "warner", [0.7, NONE, NONE], 10, 40);
    wrong.answers[3].0 = 2.0;
    assert!(refusal(&[wrong]).contains("an answer is 2"));
    assert!(refusal(&[form("single", "warner", [0.7, NONE, NONE], 1, 1)]).contains("one unit"));
}

/// 150 surveys of 60 people, of whom 5 % have it.
#[test]
fn the_interval_holds_the_level() {
    let worlds = 150;
    let mut held = 0;
    for world in 0..worlds {
        let stream = Stream::new(world, "survey");
        let says_yes = 0.75 * 0.05 + 1.0 / 6.0;
        let yes = (0..60).filter(|i| stream.uniform(*i) < says_yes).count();
        let records = table(&[form("single", "forced_response", [0.75, 1.0 / 6.0, NONE], yes, 60)], world);
        let found = (METHOD.run)(&Call::of("purchase_prevalence", &[], &[records], 1024)).expect("answers");
        held += u32::from(found.low <= 0.05 && 0.05 <= found.high);
    }
    // Binomial standard error 0.018.
    assert!(f64::from(held) / worlds as f64 > 0.91, "{held}");
}
