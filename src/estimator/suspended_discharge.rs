//! Movements under duty suspension that did not arrive.

use std::collections::BTreeMap;

use super::numeric::sample::sum;
use super::{
    Argument, Call, Column, Estimate, Holds, Input, Law, Measure, Need, Quantity, Reach, Reading, Records,
    Refusal, Step, Takes,
};

mod loads;

use loads::{Fate, Load, Shortfall};

method! {
    /// Alcohol under duty suspension that did not arrive.
    ///
    /// # Assumes
    /// The register holds every load that left under suspension in the territory and year, and its state on a day. Without
    /// proof of arrival, of refusal or of seizure a load did not arrive: one that is open after the day by which it was due,
    /// and one that an officer closed by hand without a quantity received. Of a load that arrived, what is short and was
    /// neither explained nor within the natural loss n did not arrive; n is the same unknown for all loads.
    /// What is not counted: loads that are open and not yet due, refused, received in part (the rest was refused), interrupted
    /// by an authority, cancelled or diverted; and where a load was received and no quantity is given, that it was short.
    ///
    /// # Formula
    /// ```text
    /// S   = sum of max(0, d - r - x - n d) over received loads     d dispatched, r received, x explained, n natural loss
    ///     + sum of max(0, d - x)           over loads that are open and overdue
    ///     + sum of max(0, d - r - x)       over loads closed by hand; r is 0 where none is given, n as above where it is
    /// se  = sd n times the sum of d over the received loads that are short by more than n d
    /// ```
    /// It is a count of known loads, without an error of sampling: the interval is that of n alone. It is a floor, because a
    /// load that was reported as received and never came is not in it.
    ///
    /// # Fails when
    /// Reports of receipt come late: loads of the last months then seem missing, so that those overdue by less than half a year
    /// are shown apart. A movement stands twice in the register: there is no estimate then. A load of which more
    /// arrived than left is a mistake in the record and counts as nothing missing.
    ///
    /// # References
    /// HM Revenue and Customs, Measuring tax gaps: methodological annex (alcohol), whose lower estimate for beer is the supply diverted from duty-suspended trade.
    METHOD {
        name: "suspended_discharge",
        reach: Reach::Place,
        inputs: &[
            Input { name: "movements", doc: "loads that left under duty suspension, a row each", need: Need::Always, takes: Takes::Records { columns: &[
                Column { name: "movement", doc: "the reference, by which a load that stands twice is found", holds: Holds::Texts, need: Need::Optional },
                Column { name: "beverage", doc: "the beverage", holds: Holds::Texts, need: Need::Optional },
                Column { name: "destination", doc: "the kind of place that the load went to", holds: Holds::Texts, need: Need::Optional },
                Column { name: "state", doc: "open, received, received_in_part, refused, interrupted or closed_by_hand", holds: Holds::Texts, need: Need::Always },
                Column { name: "dispatched", doc: "pure alcohol that left, d", holds: Holds::Numbers(Measure::Of("LPA")), need: Need::Always },
                Column { name: "received", doc: "pure alcohol that arrived, r", holds: Holds::Numbers(Measure::Of("LPA")), need: Need::Always },
                Column { name: "explained", doc: "pure alcohol that did not arrive and was explained, x", holds: Holds::Numbers(Measure::Of("LPA")), need: Need::Optional },
                Column { name: "overdue_days", doc: "days from the day it was due to the day of the register; above 0 where it is overdue", holds: Holds::Numbers(Measure::Share), need: Need::Always },
            ] } },
        ],
        assumptions: &[
            Law { name: "natural_loss", doc: "part of a load that is lost on the way without fault, n", need: Need::Always },
        ],
        gives: &[
            Quantity { name: "undischarged_alcohol", doc: "pure alcohol that left under suspension and neither arrived nor was explained, S" },
        ],
        run: run,
    }
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let table = call.table("movements")?;
    let loss = natural_loss(call)?;
    let count = call.count()?;
    let loads = loads::read(table)?;
    let (steps, notes) = account(&loads, loss.value);
    let mut by_beverage: BTreeMap<&str, Vec<&Load>> = BTreeMap::new();
    for load in &loads {
        by_beverage.entry(load.beverage.as_str()).or_default().push(load);
    }
    let shortfalls: Vec<(&str, Shortfall)> =
        by_beverage.into_iter().map(|(beverage, loads)| (beverage, Shortfall::of(loads))).collect();
    let at = |loss: f64| sum(shortfalls.iter().map(|(_, shortfall)| shortfall.at(loss)));
    let draws = (0..count).map(|i| at(loss.draw(i))).collect();
    let analytic = loss
        .spread()
        .map(|sd| sd * sum(shortfalls.iter().map(|(_, shortfall)| shortfall.short_loads(loss.value))));
    let mut estimate = call.estimate(quantity, at(loss.value), analytic, draws, steps, notes)?;
    estimate.reading = Reading::Floor;
    if table.has("beverage") {
        for (beverage, shortfall) in &shortfalls {
            let draws = (0..count).map(|i| shortfall.at(loss.draw(i))).collect();
            estimate.parts.push(call.part("beverage", beverage, shortfall.at(loss.value), draws)?);
        }
    }
    Ok(estimate)
}

/// The law of the natural loss, in all its draws at least 0 and below 1.
fn natural_loss<'a>(call: &Call<'a>) -> Result<&'a Argument<'a>, Refusal> {
    let loss = call.one("natural_loss")?;
    let is_possible = |n: f64| (0.0..1.0).contains(&n);
    if is_possible(loss.value) && loss.draws.iter().all(|n| is_possible(*n)) {
        return Ok(loss);
    }
    Err(Refusal::new("the natural loss is not always a part from 0 to 1", "state a law between 0 and 1"))
}

/// A report of receipt that is missing for so long will hardly come.
const HALF_A_YEAR: f64 = 183.0;

fn account(loads: &[Load], loss: f64) -> (Vec<Step>, Vec<String>) {
    let of = |is_wanted: &dyn Fn(&Load) -> bool, what: fn(&Load, f64) -> f64| {
        sum(loads.iter().filter(|load| is_wanted(load)).map(|load| what(load, loss)))
    };
    let left: fn(&Load, f64) -> f64 = |load, _| load.dispatched;
    let missing: fn(&Load, f64) -> f64 = Load::missing;
    let steps = vec![
        Step { name: "loads", value: loads.len() as f64 },
        Step { name: "dispatched d", value: of(&|_| true, left) },
        Step { name: "natural loss n", value: loss },
        Step { name: "short on arrival", value: of(&|load| load.fate == Fate::Received, missing) },
        Step { name: "open and overdue", value: of(&|load| load.is_overdue(), missing) },
        Step {
            name: "of these, overdue by less than half a year, which may still be reported",
            value: of(&|load| load.is_overdue() && load.overdue_days < HALF_A_YEAR, missing),
        },
        Step {
            name: "closed by hand without arrival",
            value: of(&|load| load.fate == Fate::ClosedByHand, missing),
        },
        Step {
            name: "of S, on the way abroad or to travellers",
            value: of(&|load| load.goes_abroad, missing),
        },
        Step {
            name: "open and not yet due, not counted",
            value: of(&|load| load.fate == Fate::InTime, left),
        },
        Step {
            name: "refused, in part or in whole, not counted",
            value: of(&|load| load.fate == Fate::Refused, Load::rest),
        },
        Step {
            name: "interrupted by an authority, not counted",
            value: of(&|load| load.fate == Fate::Interrupted, Load::rest),
        },
    ];
    let count = |is_counted: &dyn Fn(&Load) -> bool| loads.iter().filter(|load| is_counted(load)).count();
    let mut notes = Vec::new();
    let told = [
        (
            count(&|load| load.fate == Fate::Unknown),
            "cannot be judged, because state, quantity or days are empty, and are not counted",
        ),
        (
            count(&|load| load.fate == Fate::Received && load.received.is_none()),
            "were received without a quantity, and count as whole",
        ),
        (
            count(&|load| load.received.is_some_and(|received| received > load.dispatched)),
            "arrived with more than left: a mistake in the record, and nothing is missing of them",
        ),
        (count(&|load| load.fate == Fate::InTime), "are open and not yet due, and are not counted"),
    ];
    for (number, words) in told.into_iter().filter(|(number, _)| *number > 0) {
        notes.push(format!("{number} of {} loads {words}", loads.len()));
    }
    (steps, notes)
}

#[cfg(test)]
mod tests;
