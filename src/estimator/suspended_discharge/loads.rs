//! The loads of a register, and what is missing of them at a natural loss.

use std::collections::BTreeSet;

use super::{Records, Refusal};

/// What became of a load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// The consignee says what arrived.
    Received,
    /// Under way after the day by which it was due.
    Overdue,
    /// Under way and not yet due.
    InTime,
    /// An officer closed it without a report of receipt.
    ClosedByHand,
    /// Refused, wholly or what did not arrive of it.
    Refused,
    /// Stopped by an authority.
    Interrupted,
    /// Called off, or another movement goes on from it.
    Elsewhere,
    /// Something that must be known is not.
    Unknown,
}

/// A load.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Load {
    pub(super) beverage: String,
    pub(super) fate: Fate,
    pub(super) dispatched: f64,
    pub(super) received: Option<f64>,
    pub(super) explained: f64,
    pub(super) overdue_days: f64,
    pub(super) goes_abroad: bool,
}

impl Load {
    pub(super) fn is_overdue(&self) -> bool {
        self.fate == Fate::Overdue
    }

    /// What did not arrive and was not explained, natural loss among it; none below 0.
    pub(super) fn rest(&self, _: f64) -> f64 {
        (self.dispatched - self.received.unwrap_or(0.0) - self.explained).max(0.0)
    }

    /// What is missing at a natural loss.
    pub(super) fn missing(&self, loss: f64) -> f64 {
        match (self.fate, self.received) {
            (Fate::Received | Fate::ClosedByHand, Some(_)) => {
                (self.rest(loss) - loss * self.dispatched).max(0.0)
            }
            (Fate::ClosedByHand, None) | (Fate::Overdue, _) => self.rest(loss),
            _ => 0.0,
        }
    }

    /// Whether a part of it may have been lost on the way without fault.
    fn is_lessened(&self) -> bool {
        matches!(self.fate, Fate::Received | Fate::ClosedByHand) && self.received.is_some()
    }
}

/// The loads of a table.
pub(super) fn read(table: &Records) -> Result<Vec<Load>, Refusal> {
    if table.rows() == 0 {
        return Err(Refusal::new("the register holds no movement", "give the movements of the year"));
    }
    let states = table.texts("state")?;
    let (dispatched, received) = (table.numbers("dispatched")?, table.numbers("received")?);
    let overdue = table.numbers("overdue_days")?;
    let explained = if table.has("explained") { Some(table.numbers("explained")?) } else { None };
    let texts = |name: &str| if table.has(name) { table.texts(name).map(Some) } else { Ok(None) };
    let (beverages, destinations) = (texts("beverage")?, texts("destination")?);
    if let Some(movements) = texts("movement")? {
        let mut seen = BTreeSet::new();
        if (0..table.rows()).filter_map(|row| movements.code(row)).any(|code| !seen.insert(code)) {
            // The reference itself is confidential.
            return Err(Refusal::new(
                "a movement stands twice in the register",
                "give each movement once, in its last state",
            ));
        }
    }
    let load = |row: usize| {
        let known = |value: f64| (!value.is_nan()).then_some(value);
        let fate = fate(states.get(row), overdue[row]);
        let destination = destinations.and_then(|destinations| destinations.get(row));
        Load {
            beverage: beverages.and_then(|texts| texts.get(row)).unwrap_or("unknown").to_owned(),
            fate: if dispatched[row].is_nan() { Fate::Unknown } else { fate },
            dispatched: known(dispatched[row]).unwrap_or(0.0),
            received: known(received[row]),
            explained: explained.and_then(|explained| known(explained[row])).unwrap_or(0.0),
            overdue_days: overdue[row],
            goes_abroad: destination.is_some_and(|place| {
                matches!(place, "export" | "free_zone" | "ship_supplies" | "duty_free_shop")
            }),
        }
    };
    Ok((0..table.rows()).map(load).collect())
}

fn fate(state: Option<&str>, overdue_days: f64) -> Fate {
    match state {
        Some("open") if overdue_days > 0.0 => Fate::Overdue,
        Some("open") if overdue_days <= 0.0 => Fate::InTime,
        Some("received") => Fate::Received,
        Some("received_in_part" | "refused") => Fate::Refused,
        Some("interrupted") => Fate::Interrupted,
        Some("closed_by_hand") => Fate::ClosedByHand,
        Some("cancelled" | "diverted") => Fate::Elsewhere,
        _ => Fate::Unknown,
    }
}

/// What is missing of some loads, as a function of the natural loss: a sum of `max(0, rest - n d)`, which is a line between
/// the losses at which a load stops being short. So a draw costs a search and not a pass over the register.
#[derive(Debug)]
pub(super) struct Shortfall {
    /// Of loads that no natural loss lessens.
    whole: f64,
    /// The losses up to which loads are short, falling.
    until: Vec<f64>,
    /// Of the first so many of them: the sums of what is missing at no loss, and of what was dispatched.
    sums: Vec<(f64, f64)>,
}

impl Shortfall {
    pub(super) fn of<'a>(loads: impl IntoIterator<Item = &'a Load>) -> Self {
        let (lessened, whole): (Vec<&Load>, Vec<&Load>) =
            loads.into_iter().partition(|load| load.is_lessened());
        let mut short: Vec<(f64, f64)> = lessened
            .into_iter()
            .map(|load| (load.rest(0.0), load.dispatched))
            .filter(|(rest, _)| *rest > 0.0)
            .collect();
        short.sort_by(|(a, d), (b, e)| (b / e).total_cmp(&(a / d)).then(b.total_cmp(a)));
        let mut sums = vec![(0.0, 0.0)];
        let mut so_far = (0.0, 0.0);
        for (rest, dispatched) in &short {
            so_far = (so_far.0 + rest, so_far.1 + dispatched);
            sums.push(so_far);
        }
        Self {
            whole: super::sum(whole.into_iter().map(|load| load.missing(0.0))),
            until: short.into_iter().map(|(rest, dispatched)| rest / dispatched).collect(),
            sums,
        }
    }

    /// What is missing at a natural loss.
    pub(super) fn at(&self, loss: f64) -> f64 {
        let (rest, dispatched) = self.short(loss);
        self.whole + (rest - loss * dispatched).max(0.0)
    }

    /// What was dispatched in the loads that are short at a natural loss: how fast the missing falls with it.
    pub(super) fn short_loads(&self, loss: f64) -> f64 {
        self.short(loss).1
    }

    fn short(&self, loss: f64) -> (f64, f64) {
        self.sums[self.until.partition_point(|until| *until > loss)]
    }
}
