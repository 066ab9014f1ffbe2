//! The flows of each beverage, read from figures by beverage.

use std::collections::BTreeMap;

use super::Entry;
use crate::estimator::numeric::sample::sum;
use crate::estimator::{Argument, Call, Need, Refusal, Step};

/// A flow of the balance.
#[derive(Debug)]
struct Flow {
    /// The input.
    name: &'static str,
    /// How a sentence names it.
    words: &'static str,
    /// Its sum over the beverages.
    step: &'static str,
    /// With which sign it enters X.
    sign: f64,
    /// Which of the stated errors is its.
    error: usize,
}

const PRODUCTION_ERROR: usize = 0;
const TRADE_ERROR: usize = 1;
const STOCK_ERROR: usize = 2;
const CLEARANCE_ERROR: usize = 3;

static FLOWS: [Flow; 7] = [
    Flow {
        name: "production",
        words: "production",
        step: "production P",
        sign: 1.0,
        error: PRODUCTION_ERROR,
    },
    Flow { name: "imports", words: "imports", step: "imports M", sign: 1.0, error: TRADE_ERROR },
    Flow { name: "exports", words: "exports", step: "exports E", sign: -1.0, error: TRADE_ERROR },
    Flow {
        name: "stock_change",
        words: "the change of stocks",
        step: "change of stocks S",
        sign: -1.0,
        error: STOCK_ERROR,
    },
    Flow { name: "lost", words: "losses", step: "lost B", sign: -1.0, error: STOCK_ERROR },
    Flow { name: "duty_paid", words: "clearances", step: "duty-paid D", sign: -1.0, error: CLEARANCE_ERROR },
    Flow {
        name: "duty_free",
        words: "duty-free sales",
        step: "duty-free F",
        sign: -1.0,
        error: CLEARANCE_ERROR,
    },
];

/// It is inside spirits.
const WHISKY: &str = "whisky";

/// The ledger of a beverage.
#[derive(Debug)]
pub(super) struct Beverage<'a> {
    pub(super) name: String,
    /// One a flow, in the order of [`FLOWS`]; none where the flow is nil.
    entries: Vec<Option<Entry<'a>>>,
}

impl<'a> Beverage<'a> {
    /// The entries that are there, with their signs.
    pub(super) fn signed(&self) -> impl Iterator<Item = (f64, &Entry<'a>)> {
        FLOWS.iter().zip(&self.entries).filter_map(|(flow, entry)| Some((flow.sign, entry.as_ref()?)))
    }

    /// What is unaccounted for, `X_b`.
    pub(super) fn unaccounted(&self) -> f64 {
        sum(self.signed().map(|(sign, entry)| sign * entry.value))
    }

    pub(super) fn draw(&self, i: usize) -> f64 {
        sum(self.signed().map(|(sign, entry)| sign * entry.draw(i)))
    }

    /// The variance of `X_b`, where every error is known.
    pub(super) fn variance(&self) -> Option<f64> {
        let squares: Option<Vec<f64>> =
            self.signed().map(|(_, entry)| entry.sd().map(|sd| sd * sd)).collect();
        squares.map(sum)
    }
}

/// The sum of each flow over the beverages.
pub(super) fn totals(beverages: &[Beverage<'_>]) -> Vec<Step> {
    let total = |place: usize| {
        sum(beverages.iter().filter_map(|beverage| Some(beverage.entries.get(place)?.as_ref()?.value)))
    };
    FLOWS.iter().enumerate().map(|(place, flow)| Step { name: flow.step, value: total(place) }).collect()
}

/// The beverages that can be balanced, and what a reader must know of the others.
pub(super) fn read<'a>(
    call: &Call<'a>,
    errors: &[&'a Argument<'a>],
) -> Result<(Vec<Beverage<'a>>, Vec<String>), Refusal> {
    let figures: Vec<BTreeMap<&str, &Argument<'_>>> =
        FLOWS.iter().map(|flow| by_beverage(call, flow.name)).collect();
    let stocks = by_beverage(call, "stock");
    let mut notes = Vec::new();
    for (flow, _) in FLOWS.iter().zip(&figures).filter(|(_, figures)| figures.is_empty()) {
        let input = super::METHOD.inputs.iter().find(|input| input.name == flow.name);
        if input.is_some_and(|input| input.need == Need::Always) {
            return Err(Refusal::new(
                format!("no figure of {} is given for any beverage", flow.words),
                format!("give {} by beverage", flow.name),
            ));
        }
        notes.push(format!(
            "no figure of {} is given, so that it is within what is unaccounted for",
            flow.words
        ));
    }
    let [production, imports, .., duty_paid, _] = &figures[..] else { return Ok((Vec::new(), notes)) };
    let mut names: Vec<&str> = figures.iter().flat_map(|figures| figures.keys().copied()).collect();
    names.sort_unstable();
    names.dedup();
    let (kept, left): (Vec<&str>, Vec<&str>) = names.into_iter().partition(|name| {
        duty_paid.contains_key(name) && (production.contains_key(name) || imports.contains_key(name))
    });
    if !left.is_empty() {
        notes.push(format!("{} left out, because no clearances or no supply are given", listed(&left)));
    }
    if kept.is_empty() {
        return Err(Refusal::new(
            "of no beverage are both clearances and supply given",
            "give clearances, production and imports of the same beverages",
        ));
    }
    let mut without_stock = false;
    let beverages = kept
        .iter()
        .map(|name| {
            let entry = |(flow, figures): (&Flow, &BTreeMap<&str, &'a Argument<'a>>)| {
                let figure = *figures.get(name)?;
                let stream = call.stream(&format!("{}|{name}", flow.name));
                let error = errors[flow.error];
                if flow.name == "stock_change" {
                    let end = stocks.get(name).map(|stock| stock.value);
                    without_stock |= end.is_none();
                    let size = end.map_or(figure.value.abs(), |end| libm::hypot(end, end - figure.value));
                    return Some(Entry::counted(figure, size, error, stream));
                }
                Some(Entry::of(figure, error, stream))
            };
            Beverage { name: (*name).to_owned(), entries: FLOWS.iter().zip(&figures).map(entry).collect() }
        })
        .collect();
    for (flow, figures) in FLOWS.iter().zip(&figures).filter(|(_, figures)| !figures.is_empty()) {
        let nil: Vec<&str> = kept.iter().copied().filter(|name| !figures.contains_key(name)).collect();
        if !nil.is_empty() {
            notes.push(format!(
                "no figure of {} is given for {}, and it counts as nil",
                flow.words,
                listed(&nil)
            ));
        }
    }
    if without_stock {
        notes.push(
            "stocks are not given, so that their change errs by a part of itself alone, which is too little"
                .to_owned(),
        );
    }
    Ok((beverages, notes))
}

/// The figures of an input by beverage, without whisky.
fn by_beverage<'a>(call: &Call<'a>, input: &str) -> BTreeMap<&'a str, &'a Argument<'a>> {
    let figures = call.all(input).into_iter();
    figures
        .filter_map(|figure| Some((figure.of("beverage")?, figure)))
        .filter(|(beverage, _)| *beverage != WHISKY)
        .collect()
}

fn listed(names: &[&str]) -> String {
    names.join(", ")
}
