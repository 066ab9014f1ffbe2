//! A survey of drinking: the answers of each person of a sample, the same survey as a table, and consumption per adult as a
//! health ministry adds it up.

use super::random::Random;
use super::world::Territory;
use super::{Observed, Table};

const RESPONDENTS: &[&str] = &[
    "survey",
    "period",
    "respondent",
    "stratum",
    "cluster",
    "weight",
    "subdivision",
    "age",
    "recall_days",
    "days_drunk",
    "pure_alcohol",
    "unrecorded",
    "source",
];

const SURVEY: &[&str] = &[
    "period",
    "value",
    "low",
    "high",
    "coverage",
    "coverage_low",
    "coverage_high",
    "coverage_basis",
    "coverage_period",
    "survey",
    "mode",
    "instrument",
    "sampling_frame",
    "age_from",
    "institutions",
    "population",
    "respondents",
    "drinkers",
    "response_rate",
    "nonresponse_studied",
    "design_effect",
    "status",
    "source",
];

const PER_ADULT: &[&str] = &[
    "period",
    "component",
    "value",
    "low",
    "high",
    "basis",
    "years_averaged",
    "age_from",
    "status",
    "source",
];

/// Strata of the sample, units drawn in each, and people asked in each unit.
const STRATA: usize = 7;
const CLUSTERS: usize = 8;
const ASKED: usize = 14;

/// The name of the survey.
const SURVEY_NAME: &str = "drinking survey";

/// Parts of some countries, as many as strata; elsewhere answers are not told apart by them.
const SUBDIVISIONS: [(&str, [&str; STRATA]); 5] = [
    ("CO", ["ANT", "ATL", "BOL", "CUN", "NAR", "SAN", "VAC"]),
    ("CR", ["A", "C", "G", "H", "L", "P", "SJ"]),
    ("GT", ["01", "02", "03", "04", "05", "06", "07"]),
    ("MX", ["AGU", "BCN", "CHH", "CMX", "JAL", "MEX", "MIC"]),
    ("PA", ["1", "2", "3", "4", "5", "6", "7"]),
];

/// The part of people who drink, and of drinkers who drink anything unrecorded.
const DRINKERS: f64 = 0.6;
const OF_UNRECORDED: f64 = 0.35;

/// How unlike drinkers and units are in how much they drink (standard deviations of the logarithm), and how alike people of one
/// unit are in whether they drink anything unrecorded (size of a beta law).
const UNLIKE: f64 = 0.9;
const UNLIKE_CLUSTERS: f64 = 0.2;
const ALIKE: f64 = 15.0;

/// Coefficients of variation of recorded and unrecorded consumption, and the standard error of the measured coverage.
const RECORDED_ERROR: f64 = 0.01;
const UNRECORDED_ERROR: f64 = 0.15;
const COVERAGE_ERROR: f64 = 0.02;

/// Asks people, and adds up.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let drinks = territory.drinks();
    observed.truth("total_consumption_alcohol", drinks.total());
    observed.truth("unrecorded_share", drinks.unrecorded() / drinks.total());
    observed.truth("illicit_share", drinks.illicit() / drinks.total());
    let coverage = coverage(territory);
    let (respondents, answers) = respondents(territory, coverage);
    observed.tables.extend([respondents, survey(territory, coverage, &answers), per_adult(territory)]);
}

/// The part of what people drink that they tell. Where it is not set it comes from the law that the standard states.
fn coverage(territory: &Territory<'_>) -> f64 {
    let set = territory.parameters.get("survey_coverage");
    if set > 0.0 { set } else { territory.random("coverage").pert(0.30, 0.37, 0.55) }
}

/// What the answers of a sample add up to.
struct Answers {
    /// Litres of pure alcohol told per person.
    value: f64,
    /// Its standard error.
    error: f64,
    drinkers: usize,
}

/// Asks the people of a sample of units, stratum by stratum; every stratum is a part of the country.
fn respondents(territory: &Territory<'_>, coverage: f64) -> (Table, Answers) {
    let mut random = territory.random("household");
    let (parameters, drinks) = (territory.parameters, territory.drinks());
    let per_adult = [drinks.legal(), drinks.unrecorded()].map(|litres| litres / territory.adults());
    // Residents are asked, who also drink abroad, while visitors drink here.
    let per_adult = [(per_adult[0] + parameters.get("tourists")).max(0.0), per_adult[1]];
    let told = [coverage, coverage * parameters.get("unrecorded_told")];
    let weight = territory.adults() / (STRATA * CLUSTERS * ASKED) as f64;
    let areas = SUBDIVISIONS.iter().find(|(code, _)| *code == territory.code).map(|(_, areas)| areas);
    let mut table = Table::new("household_respondents", RESPONDENTS);
    let mut answers = Answers { value: 0.0, error: 0.0, drinkers: 0 };
    for stratum in 0..STRATA {
        let area = areas.map_or(String::new(), |areas| format!("{}-{}", territory.code, areas[stratum]));
        // From 0.7 to 1.3, 1 on average.
        let in_area = 0.7 + 0.6 * stratum as f64 / (STRATA - 1) as f64;
        let mut means = Vec::new();
        for cluster in 0..CLUSTERS {
            let much = mean_one(&mut random, UNLIKE_CLUSTERS);
            let some = random.beta(OF_UNRECORDED, ALIKE);
            let mut of_cluster = 0.0;
            for person in 0..ASKED {
                let drinks = random.happens(DRINKERS);
                let amount = if drinks { much * mean_one(&mut random, UNLIKE) / DRINKERS } else { 0.0 };
                let of_unrecorded = if random.happens(some) { in_area / OF_UNRECORDED } else { 0.0 };
                let [legal, unrecorded] = [per_adult[0] * told[0], per_adult[1] * told[1] * of_unrecorded]
                    .map(|litres| (litres * amount * 1e6).round() / 1e6);
                let days = if legal + unrecorded > 0.0 { 1 + random.below(364) } else { 0 };
                answers.drinkers += usize::from(days > 0);
                of_cluster += (legal + unrecorded) / ASKED as f64;
                table.push(&[
                    &SURVEY_NAME,
                    &territory.year,
                    &format!("h{stratum}-{cluster}-{person}"),
                    &format!("s{stratum}"),
                    &format!("s{stratum}c{cluster}"),
                    &weight,
                    &area,
                    &(15 + random.below(65)),
                    &365,
                    &days,
                    &(legal + unrecorded),
                    &unrecorded,
                    &"simulation",
                ]);
            }
            means.push(of_cluster);
        }
        let mean = means.iter().sum::<f64>() / CLUSTERS as f64;
        let squares: f64 = means.iter().map(|of_cluster| (of_cluster - mean) * (of_cluster - mean)).sum();
        answers.value += mean / STRATA as f64;
        answers.error += squares / (CLUSTERS * (CLUSTERS - 1) * STRATA * STRATA) as f64;
    }
    answers.error = libm::sqrt(answers.error);
    (table, answers)
}

/// Log-normal with mean 1.
fn mean_one(random: &mut Random, sd_of_logarithm: f64) -> f64 {
    random.log_normal(sd_of_logarithm) * libm::exp(-sd_of_logarithm * sd_of_logarithm / 2.0)
}

/// The same survey as a table, with the part of drinking that people tell, as the agency measured it.
fn survey(territory: &Territory<'_>, coverage: f64, answers: &Answers) -> Table {
    let mut random = territory.random("survey");
    let Answers { value, error, drinkers } = answers;
    let [low, high] = [-1.96, 1.96].map(|end| value + end * error);
    let measured =
        coverage + territory.parameters.get("coverage_overstated") + COVERAGE_ERROR * random.normal();
    let measured = measured.clamp(0.05, 0.95);
    let [coverage_low, coverage_high] = [-1.96, 1.96].map(|end| measured + end * COVERAGE_ERROR);
    let mut table = Table::new("household_survey", SURVEY);
    table.push(&[
        &territory.year,
        value,
        &low,
        &high,
        &measured,
        &coverage_low,
        &coverage_high.min(1.0),
        &"recorded_sales",
        &territory.year,
        &SURVEY_NAME,
        &"face_to_face",
        &"graduated_frequency",
        &"census_areas",
        &15,
        &true,
        &territory.adults(),
        &(STRATA * CLUSTERS * ASKED),
        drinkers,
        &0.85,
        &true,
        &2,
        &"A",
        &"simulation",
    ]);
    table
}

fn per_adult(territory: &Territory<'_>) -> Table {
    let mut random = territory.random("per adult");
    let drinks = territory.drinks();
    let adults = territory.adults();
    let seen = 1.0 - territory.parameters.get("unrecorded_understated");
    let mut table = Table::new("consumption_per_adult", PER_ADULT);
    let tourists = territory.parameters.get("tourists");
    let (mut total, mut variance) = (0.0, 0.0);
    for (component, basis, truth, error) in [
        ("recorded", "government", drinks.legal() / adults, RECORDED_ERROR),
        ("unrecorded", "experts", seen * drinks.unrecorded() / adults, UNRECORDED_ERROR),
        ("tourist", "survey", tourists, UNRECORDED_ERROR),
        ("total", "model", 0.0, 0.0),
    ] {
        let is_total = component == "total";
        let value = if is_total { total } else { truth * (1.0 + error * random.normal()) };
        let error = if is_total { libm::sqrt(variance) } else { (value * error).abs() };
        total += value;
        variance += error * error;
        let [low, high] = [-1.96, 1.96].map(|end| value + end * error);
        table.push(&[&territory.year, &component, &value, &low, &high, &basis, &1, &15, &"A", &"simulation"]);
    }
    table
}
