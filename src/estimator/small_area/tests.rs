use super::*;
use crate::estimator::numeric::draw::Stream;
use crate::estimator::{Argument, Records, Texts, Values};

/// A respondent.
#[derive(Debug, Clone)]
struct Person {
    area: String,
    stratum: String,
    cluster: String,
    part: f64,
    whole: f64,
    weight: f64,
}

fn sample(people: &[Person]) -> Records {
    let numbers = |pick: fn(&Person) -> f64| Values::Numbers(people.iter().map(pick).collect());
    let texts = |pick: fn(&Person) -> &String| {
        Values::Texts(Texts::of(people.iter().map(|p| Some(pick(p).as_str()))))
    };
    let columns = vec![
        ("area".to_owned(), texts(|p| &p.area)),
        ("stratum".to_owned(), texts(|p| &p.stratum)),
        ("cluster".to_owned(), texts(|p| &p.cluster)),
        ("part".to_owned(), numbers(|p| p.part)),
        ("whole".to_owned(), numbers(|p| p.whole)),
        ("weight".to_owned(), numbers(|p| p.weight)),
    ];
    Records::new("records", "household_respondents", ("PA", "2024"), columns, 1).expect("of one length")
}

fn seized(rows: &[(&str, f64)]) -> Records {
    let areas = rows.iter().map(|(area, _)| Some(*area).filter(|area| !area.is_empty()));
    let columns = vec![
        ("area".to_owned(), Values::Texts(Texts::of(areas))),
        ("alcohol".to_owned(), Values::Numbers(rows.iter().map(|(_, litres)| *litres).collect())),
    ];
    Records::new("seizures", "seizure_goods", ("PA", "2024"), columns, 1).expect("of one length")
}

fn ask(arguments: &[Argument<'_>], records: &[Records]) -> Result<Estimate, Refusal> {
    (METHOD.run)(&Call::of("unrecorded_share", arguments, records, 64))
}

/// Each area a stratum, each person a cluster, of whole 1: an area's share is the mean of its parts.
fn plain(parts: &[&[f64]]) -> Vec<Person> {
    let person = |a: usize, i: usize, part: f64| Person {
        area: format!("A{a}"),
        stratum: format!("S{a}"),
        cluster: format!("C{i}"),
        part,
        whole: 1.0,
        weight: 100.0,
    };
    parts
        .iter()
        .enumerate()
        .flat_map(|(a, parts)| parts.iter().enumerate().map(move |(i, part)| person(a, i, *part)))
        .collect()
}

const SIX: [&[f64]; 6] = [
    &[0.1, 0.3, 0.2, 0.2],
    &[0.0, 0.2, 0.1, 0.1],
    &[0.5, 0.3, 0.2, 0.6],
    &[0.2, 0.2, 0.4, 0.0],
    &[0.7, 0.5, 0.9, 0.7],
    &[0.3, 0.1, 0.2, 0.2],
];

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn step(estimate: &Estimate, name: &str) -> f64 {
    estimate.steps.iter().find(|step| step.name.starts_with(name)).expect("a step").value
}

/// By hand: with samples of one size and no seizures D is the mean of `s^2 / 4`, A the variance of the means less D, and each area
/// moves from the mean of all by A / (A + D) of its distance. The areas' mean is the territory's share, so that f is 1.
#[test]
fn areas_of_one_size_by_hand() {
    let estimate = ask(&[], &[sample(&plain(&SIX))]).expect("six areas");
    let y: Vec<f64> = SIX.iter().map(|parts| mean(parts)).collect();
    let centre = mean(&y);
    let squares = |values: &[f64], about: f64| values.iter().map(|v| (v - about) * (v - about)).sum::<f64>();
    let d = mean(&SIX.iter().zip(&y).map(|(parts, y)| squares(parts, *y) / 3.0 / 4.0).collect::<Vec<f64>>());
    let a = squares(&y, centre) / 5.0 - d;
    assert!((step(&estimate, "variance between areas A") - a).abs() < 1e-12);
    assert!((estimate.value - centre).abs() < 1e-14);
    assert!((step(&estimate, "factor") - 1.0).abs() < 1e-12);
    let gamma = a / (a + d);
    for (part, y) in estimate.parts.iter().zip(&y) {
        assert!((part.value - (centre + gamma * (y - centre))).abs() < 1e-12, "{part:?}");
        assert!(part.low < part.value && part.value < part.high);
        assert!(part.low >= 0.0 && part.high <= 1.0);
    }
    assert_eq!(estimate.parts[2].of, [("area".to_owned(), "A2".to_owned())]);
    assert!(estimate.notes.iter().any(|note| note.contains("no seizures are given")));
    assert!(estimate.notes.iter().any(|note| note.contains("known badly")));
}

#[test]
fn areas_that_differ_by_chance_alone_are_given_the_line() {
    let same: [&[f64]; 6] = [
        &[0.1, 0.5, 0.3, 0.1],
        &[0.5, 0.1, 0.1, 0.3],
        &[0.3, 0.1, 0.5, 0.1],
        &[0.2, 0.4, 0.2, 0.2],
        &[0.3, 0.3, 0.3, 0.1],
        &[0.1, 0.1, 0.5, 0.3],
    ];
    let estimate = ask(&[], &[sample(&plain(&same))]).expect("six areas");
    assert!(step(&estimate, "variance between areas A") == 0.0);
    assert!(estimate.parts.iter().all(|part| (part.value - 0.25).abs() < 1e-12));
    assert!(estimate.notes.iter().any(|note| note.contains("line's value")));
}

/// Seizures per person that rise with the share make the line steep, and an area whose answers are few follows them.
#[test]
fn seizures_move_an_area_with_few_answers() {
    let mut people = plain(&SIX);
    people.extend(plain(&[&[], &[], &[], &[], &[], &[], &[0.0, 0.4]]));
    let table = sample(&people);
    let without = ask(&[], std::slice::from_ref(&table)).expect("seven areas");
    let much = seized(&[
        ("A0", 40.0),
        ("A1", 5.0),
        ("A2", 90.0),
        ("A3", 30.0),
        ("A4", 300.0),
        ("A5", 20.0),
        ("A5", 20.0),
        ("A6", 150.0),
    ]);
    let with = ask(&[], &[table, much]).expect("seven areas");
    assert!(step(&with, "slope b1") > 0.0);
    assert!(with.parts[6].value > without.parts[6].value);
    assert!(with.parts[6].of[0].1 == "A6" && with.value.to_bits() == without.value.to_bits());
}

#[test]
fn an_area_without_respondents_needs_people() {
    let table = sample(&plain(&SIX));
    let rows = [
        ("A0", 10.0),
        ("A1", 50.0),
        ("A2", 8.0),
        ("A3", 30.0),
        ("A4", 40.0),
        ("A5", 9.0),
        ("A9", 20.0),
        ("", 4.0),
    ];
    let tables = [table, seized(&rows)];
    let weights = ask(&[], &tables).expect("six areas");
    assert_eq!(weights.parts.len(), 6);
    assert!(weights.notes.iter().any(|note| note.contains("no share for A9")));
    assert!(weights.notes.iter().any(|note| note.contains("1 of 8 seized goods")));
    let codes = ["A0", "A1", "A2", "A3", "A4", "A5", "A9"];
    let dimensions: Vec<Vec<(String, String)>> =
        codes.iter().map(|code| vec![("subdivision".to_owned(), (*code).to_owned())]).collect();
    let people: Vec<Argument<'_>> = dimensions
        .iter()
        .map(|dimensions| Argument { dimensions, ..Argument::exact("people", 400.0) })
        .collect();
    let known = ask(&people, &tables).expect("six areas");
    assert_eq!(known.parts.len(), 7);
    assert!(known.notes.iter().any(|note| note.contains("given for A9")));
    let width = |part: &Part| part.high - part.low;
    assert!(step(&known, "variance between areas A") > 0.0);
    assert!(known.parts[..6].iter().all(|part| width(&known.parts[6]) > width(part)));
    let some = ask(&people[1..], &tables).expect("six areas");
    assert!(some.notes.iter().any(|note| note.contains("the people of A0 are not given")));
    let none = [Argument { value: 0.0, ..people[0] }];
    assert!(ask(&none, &tables).expect_err("a refusal").reason.contains("A0 has 0 people"));
}

#[test]
fn seizures_that_do_not_differ_leave_the_line_level() {
    let table = sample(&plain(&SIX));
    let rows = ["A0", "A1", "A2", "A3", "A4", "A5"].map(|area| (area, 7.0));
    let level = ask(&[], &[table.clone(), seized(&rows)]).expect("six areas");
    assert!(level.notes.iter().any(|note| note.contains("does not differ")));
    let nothing = ask(&[], &[table, seized(&[("A0", 0.0)])]).expect("six areas");
    assert_eq!(level.parts, nothing.parts);
}

#[test]
fn refusals_say_why() {
    let refusal = |records: &[Records]| ask(&[], records).expect_err("a refusal").to_string();
    assert!(
        refusal(&[sample(&plain(&SIX[..3]))])
            .contains("3 areas have a share of their own, and a line with 1 coefficients needs 4")
    );
    let single: Vec<Person> = plain(&SIX)
        .into_iter()
        .map(|person| Person { stratum: "S".to_owned(), cluster: person.area.clone(), ..person })
        .collect();
    assert!(refusal(&[sample(&single)]).contains("no area has rows in two clusters"));
    let alike: [&[f64]; 5] = [&[0.1, 0.1], &[0.2, 0.2], &[0.3, 0.3], &[0.4, 0.4], &[0.2, 0.2]];
    assert!(refusal(&[sample(&plain(&alike))]).contains("answers do not differ"));
    let lost = [sample(&plain(&SIX)), seized(&[("A0", -1.0)])];
    assert!(refusal(&lost).contains("-1 litres"));
    let mut many = plain(&SIX);
    for (i, person) in many.clone().into_iter().cycle().take(210).enumerate() {
        many.push(Person { area: format!("B{i}"), ..person });
    }
    assert!(refusal(&[sample(&many)]).contains("at most 200"));
    assert!(refusal(&[]).contains("there are no records"));
}

/// An area where nobody drank has people and no share: it is given the line's value and weighs nothing.
#[test]
fn an_area_where_nobody_drank() {
    let mut people = plain(&SIX);
    people.extend(
        plain(&[&[], &[], &[], &[], &[], &[], &[0.0, 0.0]]).into_iter().map(|p| Person { whole: 0.0, ..p }),
    );
    let estimate = ask(&[], &[sample(&people)]).expect("six areas");
    assert_eq!(estimate.parts.len(), 7);
    assert!(estimate.notes.iter().any(|note| note.contains("given for A6")));
}

/// A made-up country: areas about a line, clusters about their area, people about their cluster.
fn country(world: usize, truth: &mut Vec<f64>) -> [Records; 2] {
    let stream = |name: &str, i: usize| Stream::new(world as u64, name).normal(i as u64);
    let (mut people, mut seizures) = (Vec::new(), Vec::new());
    for a in 0..18 {
        let x = 1.5 + 0.5 * stream("x", a);
        let share = (0.2 + 0.12 * x + 0.04 * stream("u", a)).clamp(0.01, 0.9);
        truth.push(share);
        let clusters = 2 + (a * 7) % 5;
        for c in 0..clusters {
            let own = share + 0.05 * stream("c", 100 * a + c);
            for i in 0..5 {
                let whole = libm::exp(0.6 * stream("w", 1000 * a + 10 * c + i));
                let part = (own + 0.1 * stream("e", 1000 * a + 10 * c + i)).clamp(0.0, 1.0) * whole;
                people.push(Person {
                    area: format!("A{a:02}"),
                    stratum: format!("S{a}"),
                    cluster: format!("C{c}"),
                    part,
                    whole,
                    weight: 1000.0 / (clusters * 5) as f64,
                });
            }
        }
        seizures.push((format!("A{a:02}"), libm::expm1(x).max(0.0)));
    }
    let seizures: Vec<(&str, f64)> = seizures.iter().map(|(area, litres)| (area.as_str(), *litres)).collect();
    [sample(&people), seized(&seizures)]
}

/// The interval holds the truth as often as it says, and the areas' shares are nearer to it than their own rows are.
#[test]
fn intervals_hold_the_truth() {
    let (mut held, mut total) = (0, 0);
    let (mut drawn, mut alone) = (0.0, 0.0);
    for world in 0..150 {
        let mut truth = Vec::new();
        let records = country(world, &mut truth);
        let estimate = ask(&[], &records).expect("18 areas");
        let areas = {
            let call = Call::of("unrecorded_share", &[], &records, 1);
            let table = call.table("records").expect("a sample");
            let rows = Rows {
                part: table.numbers("part").expect("parts").to_vec(),
                whole: table.numbers("whole").expect("wholes").to_vec(),
                weights: weights(table).expect("weights").0,
                pieces: None,
            };
            areas::read(&call, table, &Sample::read(table, Drawn::Drawn).expect("a design"), &rows)
                .expect("areas")
        };
        // What is drunk in each area makes the parts agree with the whole.
        let whole: Vec<f64> = areas.list.iter().map(|area| area.direct.expect("rows").whole).collect();
        let together = estimate.parts.iter().zip(&whole).map(|(part, whole)| part.value * whole).sum::<f64>();
        assert!((together / whole.iter().sum::<f64>() - estimate.value).abs() < 1e-12);
        for ((part, truth), area) in estimate.parts.iter().zip(&truth).zip(&areas.list) {
            total += 1;
            held += i32::from(part.low <= *truth && *truth <= part.high);
            drawn += (part.value - truth) * (part.value - truth);
            alone += (area.direct.expect("rows").share - truth) * (area.direct.expect("rows").share - truth);
        }
    }
    let coverage = f64::from(held) / f64::from(total);
    assert!((0.93..=0.96).contains(&coverage), "{coverage}");
    assert!(drawn < 0.75 * alone, "{drawn} {alone}");
}
