//! Mirror trade: what partners declare as sent to a territory, against what it declares as arrived.

use std::collections::BTreeMap;

use super::{
    Argument, Call, Estimate, Input, Law, Measure, Need, Part, Quantity, Reach, Reading, Refusal, Step,
    Takes, delta_method,
};
use crate::estimator::numeric::sample::{Sample, sum};
use flows::Flow;
use lanes::{Lane, Lanes, Settled};

pub mod flows;
mod lanes;

method! {
    /// Exports to a territory that its imports do not show.
    ///
    /// # Assumes
    /// Exporters declare truthfully, and to the territory that the goods go to; what both ends hide stays unseen.
    /// A partner that reports its exports of a period and lists none to the territory sent none; the same holds for the
    /// territory's imports. A partner that reports nothing is left out, and its goods are shown as unmatched.
    /// Goods that two ends may code differently are pooled by partner; by commodity the gaps stand beside. The commodity `TOTAL`, all
    /// goods, is left out, save where the territory's imports are given for nothing else: all goods are then compared.
    /// The part l of a period's exports arrives in the next one. Where the partner's exports of the year before are given, the
    /// same part of them arrived in this one; otherwise nothing counts as having come late, so that the signal is too low by it.
    /// The margin m of freight and insurance is one unknown for all partners, save those for which `margins` gives one;
    /// for quantities it is 0. `imports` and `exports` are in one unit, and money is in one currency.
    /// `free_zone_exits` and `re_exports` hold what partners sent and their exports leave out; `arrived_otherwise` holds what
    /// came and the imports leave out, such as entries into the territory's own free zones and transit.
    ///
    /// # Formula
    /// ```text
    /// X_j = exports + exits from free zones + re-exports, of partner j to the territory
    /// M_j = imports from j + what arrived from j otherwise
    /// g_j = M_j / (1 + m) - (1 - l) X_j - l X'_j        X' of the year before, 0 where not reported
    /// S   = sum_j max(0, -g_j)                          the signal; sum_j max(0, g_j) stands beside it
    /// asymmetry index = sum_j |g_j| / sum_j (A_j + E_j)  A = M / (1 + m), E = (1 - l) X + l X'
    /// z_j = (ln(A_j / X_j) - median) / (1.4826 MAD)     median and MAD over all lanes and years that are given
    /// ```
    /// The value is taken at the medians of m and l, the interval from the quantiles of the draws. It holds the margin, the
    /// lateness and the given errors of the figures, and not the honest errors of trade statistics: for those look at z,
    /// which says how far a lane lies outside what the two ends of lanes ordinarily differ by.
    ///
    /// # Fails when
    /// The territory or all partners report nothing: there is no estimate then. Free zones: under the special trade system
    /// goods that enter a zone are in no import figure, and a hub seems to lose all that it passes on.
    /// Imports are recorded by origin and exports by destination: goods that go through a hub are missing on the lane from the hub
    /// and too many on the lane from the origin. The net gap beside the signal shows how much of it that may be.
    /// The sum of positive parts never is negative: errors that cancel in a total add up in it.
    /// Do not compare two territories of which one has many partners that report and the other few.
    ///
    /// # References
    /// United Nations Statistics Division (2013), International Merchandise Trade Statistics: Compilers Manual, Revision 1.
    /// International Monetary Fund (2017), Direction of Trade Statistics Yearbook (imports without margin: divided by 1.06).
    METHOD {
        name: "mirror_asymmetry",
        reach: Reach::All,
        inputs: &[
            Input { name: "imports", doc: "imports of the territory by partner, M", need: Need::Always, takes: FLOW },
            Input { name: "exports", doc: "exports of the partners by destination, X", need: Need::Always, takes: FLOW },
            Input { name: "free_zone_exits", doc: "what left the partners' free zones for the territory and is not in their exports; added to X", need: Need::Optional, takes: FLOWS },
            Input { name: "re_exports", doc: "re-exports of the partners that are not in their exports; added to X", need: Need::Optional, takes: FLOWS },
            Input { name: "arrived_otherwise", doc: "what arrived from the partners without being imported, such as entries into the territory's own free zones and transit; added to M", need: Need::Optional, takes: FLOWS },
            Input { name: "margins", doc: "the margin of freight and insurance on a partner's goods, where it is known", need: Need::Optional, takes: Takes::Figures { many: false, by: &["partner"], unit: Measure::Share } },
        ],
        assumptions: &[
            Law { name: "margin", doc: "freight and insurance as a part of the value free on board, m; 0 for quantities", need: Need::Always },
            Law { name: "late", doc: "the part of a period's exports that arrives in the next, l", need: Need::Always },
        ],
        gives: &[
            Quantity { name: "mirror_gap_alcohol", doc: "the signal S in pure alcohol" },
            Quantity { name: "mirror_gap_value", doc: "the signal S in money" },
        ],
        run: run,
    }
}

/// A flow of goods by partner and commodity.
const FLOW: Takes = Takes::Figures { many: false, by: BY, unit: Measure::Alike("flow") };
const FLOWS: Takes = Takes::Figures { many: true, by: BY, unit: Measure::Alike("flow") };
const BY: &[&str] = &["partner", "commodity", "currency"];

/// A lane whose robust z lies below this is named.
const CONSPICUOUS: f64 = -3.0;
/// So many of them at most.
const MOST_NAMED: usize = 10;

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let (margin, late) = (call.one("margin")?, call.one("late")?);
    let count = call.count()?;
    let lanes = lanes::collect(call, margin)?;
    check(&lanes, margin, late, count)?;

    let laws = Laws { margin, late };
    let missing = |lane: &Lane<'_>| laws.missing(lane);
    let value = sum(lanes.by_partner.values().map(|lane| missing(lane).max(0.0)));
    let mut draws = vec![0.0; count];
    let mut parts = Vec::new();
    for (partner, lane) in &lanes.by_partner {
        let drawn = laws.drawn(lane, count);
        draws.iter_mut().zip(&drawn).for_each(|(total, part)| *total += part);
        parts.push(part("partner", partner, missing(lane).max(0.0), first(drawn), call.level)?);
    }
    let (goods, by_goods) = by_goods(&lanes, &laws, count, call.level)?;
    parts.extend(goods);

    let analytic = delta_method(&gradient(&lanes, &laws));
    let steps = steps(&lanes, &laws, value, by_goods)?;
    let notes = notes(&lanes, &laws);
    let estimate = call.estimate(quantity, value, analytic, draws, steps, notes)?;
    Ok(Estimate { reading: Reading::Signal, parts, ..estimate })
}

/// What is known only roughly.
#[derive(Debug, Clone, Copy)]
struct Laws<'a> {
    margin: &'a Argument<'a>,
    late: &'a Argument<'a>,
}

impl<'a> Laws<'a> {
    /// The margin on a lane, m.
    fn margin_of(&self, lane: &Lane<'a>) -> &'a Argument<'a> {
        lane.margin.unwrap_or(self.margin)
    }

    /// What should have arrived, E, at the given figures.
    fn expected(&self, lane: &Lane<'_>) -> f64 {
        let l = self.late.value;
        (1.0 - l) * lane.sent.value() + l * lane.before.as_ref().map_or(0.0, lanes::Side::value)
    }

    /// The lane as a flow with two ends.
    fn flow(&self, lane: &Lane<'a>) -> Flow {
        Flow {
            exported: Some(self.expected(lane)),
            imported: Some(lane.arrived.value()),
            factor: 1.0 + self.margin_of(lane).value,
            weight: 1.0,
        }
    }

    /// What is missing on the lane, `-g`, at the given figures; negative where more arrived than was sent.
    fn missing(&self, lane: &Lane<'a>) -> f64 {
        flows::compare(&self.flow(lane)).map_or(0.0, |asymmetry| -asymmetry.gap)
    }

    /// What is missing on the lane in each draw; 0 where nothing is.
    fn drawn(&self, lane: &Lane<'a>, count: usize) -> Vec<f64> {
        let (sent, arrived) = (lane.sent.settled(), lane.arrived.settled());
        let before = lane.before.as_ref().map(lanes::Side::settled);
        let margin = self.margin_of(lane);
        let at = |side: &Settled<'_, '_>, i: usize| side.draw(i);
        (0..count)
            .map(|i| {
                let l = self.late.draw(i);
                let expected = (1.0 - l) * at(&sent, i) + l * before.as_ref().map_or(0.0, |side| at(side, i));
                (expected - at(&arrived, i) / (1.0 + margin.draw(i))).max(0.0)
            })
            .collect()
    }
}

/// How the signal changes with each uncertain figure and law, at the given figures.
fn gradient<'a>(lanes: &Lanes<'a>, laws: &Laws<'a>) -> Vec<(&'a Argument<'a>, f64)> {
    let mut gradient = Vec::new();
    for lane in lanes.by_partner.values().filter(|lane| laws.missing(lane) > 0.0) {
        let (l, c) = (laws.late.value, 1.0 + laws.margin_of(lane).value);
        let before = lane.before.as_ref();
        gradient.push((laws.late, before.map_or(0.0, lanes::Side::value) - lane.sent.value()));
        gradient.push((laws.margin_of(lane), lane.arrived.value() / (c * c)));
        gradient.extend(lane.sent.uncertain().iter().map(|figure| (*figure, 1.0 - l)));
        gradient.extend(before.iter().flat_map(|side| side.uncertain()).map(|figure| (*figure, l)));
        gradient.extend(lane.arrived.uncertain().iter().map(|figure| (*figure, -1.0 / c)));
    }
    gradient
}

/// The signal of one partner or commodity.
fn part(dimension: &str, name: &str, value: f64, draws: Vec<f64>, level: f64) -> Result<Part, Refusal> {
    let sample = Sample::new(draws)
        .map_err(|reason| Refusal::new(reason, "look for figures that are out of all proportion"))?;
    let [low, high] = [(1.0 - level) / 2.0, f64::midpoint(1.0, level)].map(|p| sample.quantile(p));
    Ok(Part { of: vec![(dimension.to_owned(), name.to_owned())], value, low, high })
}

/// Parts are made of so many draws at most: their ends are for ranking lanes and goods.
const DRAWS_OF_PARTS: usize = 1 << 14;

fn first(mut draws: Vec<f64>) -> Vec<f64> {
    draws.truncate(DRAWS_OF_PARTS);
    draws
}

/// The signal of each commodity, with the goods of each partner taken by themselves, and the sum of all.
fn by_goods<'a>(
    lanes: &Lanes<'a>,
    laws: &Laws<'a>,
    count: usize,
    level: f64,
) -> Result<(Vec<Part>, Option<f64>), Refusal> {
    let mut goods: BTreeMap<&str, Vec<&Lane<'a>>> = BTreeMap::new();
    for ((_, commodity), lane) in &lanes.by_goods {
        goods.entry(commodity).or_default().push(lane);
    }
    let mut parts = Vec::new();
    for (commodity, lanes) in goods {
        let value = sum(lanes.iter().map(|lane| laws.missing(lane).max(0.0)));
        let mut draws = vec![0.0; count.min(DRAWS_OF_PARTS)];
        for lane in lanes {
            let drawn = laws.drawn(lane, draws.len());
            draws.iter_mut().zip(drawn).for_each(|(total, part)| *total += part);
        }
        parts.push(part("commodity", commodity, value, draws, level)?);
    }
    let total = (!parts.is_empty()).then(|| sum(parts.iter().map(|part| part.value)));
    Ok((parts, total))
}

fn steps<'a>(
    lanes: &Lanes<'a>,
    laws: &Laws<'a>,
    value: f64,
    by_goods: Option<f64>,
) -> Result<Vec<Step>, Refusal> {
    let flows: Vec<Flow> = lanes.by_partner.values().map(|lane| laws.flow(lane)).collect();
    let together = flows::together(&flows)
        .map_err(|reason| Refusal::new(reason, "give amounts from 0 and a margin above -1"))?;
    let sent = sum(lanes.by_partner.values().map(|lane| lane.sent.value()));
    let arrived = sum(lanes.by_partner.values().map(|lane| lane.arrived.value()));
    let unmatched = lanes.unmatched.value();
    let mut steps = vec![
        Step { name: "partners that report", value: lanes.by_partner.len() as f64 },
        Step { name: "declared as sent X", value: sent },
        Step { name: "part that arrives late l", value: laws.late.value },
        Step { name: "declared as arrived M", value: arrived },
        Step { name: "margin m", value: laws.margin.value },
        Step { name: "missing on lanes, the signal S", value },
        Step { name: "too many on lanes", value: together.import_over },
        Step { name: "net of all lanes, arrived less sent", value: together.gap },
        Step { name: "arrived from partners that do not report", value: unmatched },
    ];
    let mut put =
        |name: &'static str, value: Option<f64>| steps.extend(value.map(|value| Step { name, value }));
    put(
        "part of the arrivals that can be compared",
        (arrived + unmatched > 0.0).then(|| arrived / (arrived + unmatched)),
    );
    put("asymmetry index", together.index);
    put("missing by partner and commodity", by_goods);
    put("mean ln(A / X)", together.mean_log_ratio);
    put("ordinary ln(A / X), median", lanes.ordinary.map(|ordinary| ordinary.median));
    put("ordinary ln(A / X), 1.4826 MAD", lanes.ordinary.map(|ordinary| ordinary.scale));
    Ok(steps)
}

fn notes<'a>(lanes: &Lanes<'a>, laws: &Laws<'a>) -> Vec<String> {
    let mut notes = Vec::new();
    let listed = |names: &[String]| {
        let rest = names.len().saturating_sub(MOST_NAMED);
        let shown = names[..names.len() - rest].join(", ");
        if rest == 0 { shown } else { format!("{shown} and {rest} more") }
    };
    if lanes.of_all_goods {
        notes.push("the figures are of all goods together, and not of alcohol".to_owned());
    }
    if !lanes.other_currency.is_empty() {
        let names: Vec<String> = lanes.other_currency.iter().map(|name| (*name).to_owned()).collect();
        notes.push(format!("the exports of {} are in another currency and are left out", listed(&names)));
    }
    let vanished =
        lanes.by_partner.iter().filter(|(_, lane)| lane.arrived.value() <= 0.0 && laws.expected(lane) > 0.0);
    let vanished: Vec<String> = vanished.map(|(partner, _)| (*partner).to_owned()).collect();
    if !vanished.is_empty() {
        notes.push(format!("nothing at all arrived of what was sent from {}", listed(&vanished)));
    }
    match lanes.ordinary {
        Some(ordinary) => {
            let mut low: Vec<(f64, &str)> = lanes
                .log_ratios
                .iter()
                .map(|(partner, ratio)| (ordinary.score(*ratio), *partner))
                .filter(|(z, _)| *z < CONSPICUOUS)
                .collect();
            low.sort_by(|one, other| one.0.total_cmp(&other.0));
            let low: Vec<String> = low.iter().map(|(z, partner)| format!("{partner} (z {z:.1})")).collect();
            if !low.is_empty() {
                notes.push(format!("far less arrived than on ordinary lanes from {}", listed(&low)));
            }
        }
        None => notes.push(format!(
            "{} lanes and years have figures at both ends, too few to say what difference is ordinary",
            lanes.compared
        )),
    }
    let is_before_known = |lane: &Lane<'_>| lane.before.is_some();
    let without = lanes.by_partner.values().filter(|lane| !is_before_known(lane)).count();
    if without > 0 && laws.late.value > 0.0 {
        notes.push(format!(
            "of {without} partners the exports of the year before are not given, so that nothing counts as having come late"
        ));
    }
    notes
}

fn check(lanes: &Lanes<'_>, margin: &Argument<'_>, late: &Argument<'_>, count: usize) -> Result<(), Refusal> {
    if lanes.by_partner.is_empty() {
        let reason = if lanes.other_currency.is_empty() {
            "no partner reports its exports of the period".to_owned()
        } else {
            "all partners that report do so in another currency".to_owned()
        };
        return Err(Refusal::new(reason, "give the reports of other territories for the same period"));
    }
    let margins = lanes.by_partner.values().filter_map(|lane| lane.margin).chain([margin]);
    for law in margins {
        let impossible = |m: f64| !(m > -1.0 && m.is_finite());
        let outside = (0..count).filter(|i| impossible(law.draw(*i))).count();
        if outside > 0 || impossible(law.value) {
            return Err(Refusal::new(
                format!("the margin is {} and lies at -1 or below in {outside} draws", law.value),
                "state a margin above -1, such as 0.06",
            ));
        }
    }
    let impossible = |l: f64| !(0.0..=1.0).contains(&l);
    let outside = (0..count).filter(|i| impossible(late.draw(*i))).count();
    if outside > 0 || impossible(late.value) {
        return Err(Refusal::new(
            format!(
                "the part that arrives late is {} and lies outside 0 to 1 in {outside} draws",
                late.value
            ),
            "state a law between 0 and 1",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
