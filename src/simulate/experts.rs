//! Experts who judge shares, and questions whose answers are known that show who judges well.

use super::random::Random;
use super::world::Territory;
use super::{Observed, Table};
use crate::estimator::numeric::normal;

const COLUMNS: &[&str] = &[
    "consultation",
    "method",
    "expert",
    "question",
    "round",
    "kind",
    "period",
    "quantity",
    "beverage",
    "q05",
    "q25",
    "q50",
    "q75",
    "q95",
    "realisation",
    "interest",
    "sponsor",
    "source",
];

/// How far experts are off, on the scale of logits, and how much farther those are who judge badly; all claim the same.
const ERROR: f64 = 0.3;
const WORSE: f64 = 3.0;

/// What experts have at stake, one after the other; the first judges well.
const INTERESTS: [&str; 6] =
    ["none", "revenue_or_customs", "none", "health_advocacy", "alcohol_industry", "police"];

/// A question with its true answer.
struct Question {
    name: String,
    quantity: &'static str,
    beverage: &'static str,
    truth: f64,
}

/// Asks experts.
pub(super) fn observe(territory: &Territory<'_>, observed: &mut Observed) {
    let drinks = territory.drinks();
    let [illicit, unrecorded] = [drinks.illicit(), drinks.unrecorded()].map(|part| part / drinks.total());
    observed.truth("illicit_share", illicit);
    observed.truth("unrecorded_share", unrecorded);
    let mut random = territory.random("experts");
    let mut questions: Vec<Question> = (0..territory.parameters.count("seed_questions"))
        .map(|seed| Question {
            name: format!("seed {}", seed + 1),
            quantity: "",
            beverage: "",
            truth: 0.05 + 0.6 * random.uniform(),
        })
        .collect();
    let target =
        |name: &str, quantity, beverage, truth| Question { name: name.to_owned(), quantity, beverage, truth };
    questions.push(target("illicit share", "illicit_share_volume", "", illicit));
    questions.push(target("unrecorded share", "unrecorded_share", "", unrecorded));
    for sold in drinks.sold {
        let truth = sold.illicit / (sold.legal + sold.illicit);
        questions.push(target(
            &format!("illicit share of {}", sold.beverage),
            "illicit_share_volume",
            sold.beverage,
            truth,
        ));
    }
    let mut table = Table::new("expert_judgements", COLUMNS);
    for expert in 0..territory.parameters.count("experts") {
        for question in &questions {
            answer(territory, &mut random, &mut table, (expert, question));
        }
    }
    observed.tables.push(table);
}

/// What an expert says: quantiles of a normal law of the logit.
fn answer(
    territory: &Territory<'_>,
    random: &mut Random,
    table: &mut Table,
    (expert, question): (usize, &Question),
) {
    let parameters = territory.parameters;
    let error = if expert == 0 { ERROR } else { WORSE * ERROR };
    let is_target = !question.quantity.is_empty();
    // Where they are led astray, all experts err alike on what is asked, and not on what is known.
    let led = if is_target { parameters.get("experts_led_astray") } else { 0.0 };
    let middle = logit(question.truth) + error * random.normal() + led;
    let claimed = ERROR * parameters.get("expert_doubt");
    let quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map(|p| share(middle + claimed * normal::quantile(p)));
    let realisation = if is_target { String::new() } else { question.truth.to_string() };
    table.push(&[
        &"consultation",
        &"classical_model",
        &format!("e{}", expert + 1),
        &question.name,
        &1,
        &if is_target { "target" } else { "seed" },
        &territory.year,
        &question.quantity,
        &question.beverage,
        &quantiles[0],
        &quantiles[1],
        &quantiles[2],
        &quantiles[3],
        &quantiles[4],
        &realisation,
        &INTERESTS[expert % INTERESTS.len()],
        &"government",
        &"simulation",
    ]);
}

fn logit(share: f64) -> f64 {
    let share = share.clamp(0.001, 0.999);
    libm::log(share / (1.0 - share))
}

fn share(logit: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-logit))
}
