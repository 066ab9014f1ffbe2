//! Inspections of imported consignments: some drawn by chance with a known probability, some chosen by risk; an inspection
//! finds what is there or misses it.

use super::random::Random;
use super::world::Territory;
use super::{Observed, Table};

const COLUMNS: &[&str] = &[
    "inspection",
    "date",
    "place_type",
    "direction",
    "selection_mode",
    "selection_probability",
    "consignments",
    "outcome",
    "illicit_alcohol",
    "detection_probability",
    "seizure",
];

/// The offices of import: the type of place, its part of all consignments, how often they are drawn by chance and how
/// often they are illicit, each beside the mean.
const PLACES: [(&str, f64, f64, f64); 3] =
    [("sea", 0.5, 1.0, 1.0), ("land", 0.3, 1.4, 1.3), ("air", 0.2, 0.4, 0.55)];

/// The part of lawful and of illicit consignments that risk analysis picks, of those that were not drawn by chance.
const PICKED: [f64; 2] = [0.02, 0.2];

/// Median litres of pure alcohol in an illicit consignment.
const CONTENT: f64 = 400.0;

/// What is observed of one kind of place.
struct Place {
    name: &'static str,
    /// The stated probability that chance draws a consignment.
    probability: f64,
    /// Finds by chance and by risk: litres of each.
    finds: [Vec<f64>; 2],
    /// How many inspections by chance and by risk found nothing.
    nothing: [usize; 2],
}

/// Lets consignments come, and inspects some.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let mut random = territory.random("inspections");
    let (mut there, mut found) = (0.0, 0.0);
    let mut places = Vec::new();
    for (name, part, drawn, illicit) in PLACES {
        let consignments = part * territory.parameters.get("consignments");
        let illicit =
            random.binomial(consignments, illicit * territory.parameters.get("consignments_illicit"));
        let (place, held) = inspect(territory, &mut random, name, [consignments, illicit, drawn]);
        there += held;
        found += place.finds.iter().flatten().sum::<f64>();
        places.push(place);
    }
    observed.truth("illicit_consignments_alcohol", there);
    observed.truth("missed_illicit_alcohol", there - found);
    observed.tables.push(report(territory, &places));
}

/// Inspects the consignments of one place: how many there are, how many of them are illicit, and how often chance draws.
/// Gives also what all of them held.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of consignments within the bounds of their parameters"
)]
fn inspect(
    territory: &Territory<'_>,
    random: &mut Random,
    name: &'static str,
    [consignments, illicit, drawn]: [f64; 3],
) -> (Place, f64) {
    let parameters = territory.parameters;
    let [detection, favoured] = ["detection", "random_favours"].map(|name| parameters.get(name));
    let spread = parameters.get("content_spread");
    let consignments = consignments.round();
    let by_chance = (consignments * (drawn * parameters.get("drawn_by_chance")).min(1.0)).round();
    let probability = by_chance / consignments;
    let (mut left, mut to_draw, mut held) = (consignments, by_chance, 0.0);
    let (mut finds, mut inspected) = ([Vec::new(), Vec::new()], 0.0);
    for _ in 0..illicit as usize {
        let content = CONTENT * random.log_normal(spread);
        held += content;
        // One after the other, so that as many are drawn as were to be.
        let is_drawn = random.happens((favoured * to_draw / left).min(1.0)) && to_draw > 0.0;
        left -= 1.0;
        to_draw -= f64::from(u8::from(is_drawn));
        let is_picked = random.happens(PICKED[1]) && !is_drawn;
        inspected += f64::from(u8::from(is_picked));
        if random.happens(detection) && (is_drawn || is_picked) {
            finds[usize::from(is_picked)].push((content * 10.0).round() / 10.0);
        }
    }
    let picked = random.binomial(consignments - by_chance - inspected, PICKED[0]);
    let nothing = [by_chance as usize - finds[0].len(), (inspected + picked) as usize - finds[1].len()];
    (Place { name, probability, finds, nothing }, held)
}

/// A row for each find; inspections that found nothing stand together, month by month.
fn report(territory: &Territory<'_>, places: &[Place]) -> Table {
    let mut table = Table::new("inspections", COLUMNS);
    let stated = territory.parameters.get("detection") + territory.parameters.get("detection_overstated");
    let stated = stated.clamp(0.01, 1.0);
    let mut number = 0;
    for place in places {
        let probability = place.probability.to_string();
        for (mode, selected) in ["random", "risk"].into_iter().enumerate() {
            let probability = if mode == 0 { probability.as_str() } else { "" };
            let mut add = |date: String, consignments: usize, found: Option<&f64>| {
                number += 1;
                let (outcome, seizure) = match found {
                    Some(_) => ("alcohol_offence", format!("of-i{number}")),
                    None => ("nothing_found", String::new()),
                };
                table.push(&[
                    &format!("i{number}"),
                    &date,
                    &place.name,
                    &"import",
                    &selected,
                    &probability,
                    &consignments,
                    &outcome,
                    &found.unwrap_or(&0.0),
                    &stated,
                    &seizure,
                ]);
            };
            for (place, litres) in place.finds[mode].iter().enumerate() {
                let date = format!("{}-{:02}-{:02}", territory.year, place % 12 + 1, place / 12 % 28 + 1);
                add(date, 1, Some(litres));
            }
            for month in 0..12 {
                let consignments = (place.nothing[mode] + month) / 12;
                if consignments > 0 {
                    add(format!("{}-{:02}-28", territory.year, month + 1), consignments, None);
                }
            }
        }
    }
    table
}
