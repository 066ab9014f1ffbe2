//! The lanes that lead to a territory: what each partner declares as sent, and what the territory declares as arrived.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Argument, Call, Refusal};
use crate::estimator::numeric::robust::Spread;
use crate::estimator::numeric::sample::sum;

/// The code of all goods together, as in UN Comtrade: beside single commodities it would count them twice.
const ALL_GOODS: &str = "TOTAL";

/// More lanes are no foreign trade in alcohol.
const MOST_LANES: usize = 20_000;

/// From fewer lanes the ordinary disagreement is not known.
const FEWEST_RATIOS: usize = 8;

/// Some figures that are added.
#[derive(Debug, Clone, Default)]
pub(super) struct Side<'a> {
    exact: Vec<f64>,
    uncertain: Vec<&'a Argument<'a>>,
}

impl<'a> Side<'a> {
    fn add(&mut self, figure: &'a Argument<'a>) {
        if figure.draws.is_empty() {
            self.exact.push(figure.value);
        } else {
            self.uncertain.push(figure);
        }
    }

    fn extend(&mut self, other: &Self) {
        self.exact.extend(&other.exact);
        self.uncertain.extend(&other.uncertain);
    }

    /// The sum at the given figures.
    pub(super) fn value(&self) -> f64 {
        sum(self.exact.iter().copied().chain(self.uncertain.iter().map(|figure| figure.value)))
    }

    /// Its exact part once and its uncertain figures apart, so that a draw need not add what does not change.
    pub(super) fn settled(&self) -> Settled<'_, 'a> {
        Settled { exact: sum(self.exact.iter().copied()), uncertain: &self.uncertain }
    }

    /// The uncertain figures.
    pub(super) fn uncertain(&self) -> &[&'a Argument<'a>] {
        &self.uncertain
    }
}

/// A sum whose exact part is added up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settled<'s, 'a> {
    exact: f64,
    uncertain: &'s [&'a Argument<'a>],
}

impl Settled<'_, '_> {
    /// The sum in a draw.
    pub(super) fn draw(&self, index: usize) -> f64 {
        self.uncertain.iter().fold(self.exact, |sum, figure| sum + figure.draw(index))
    }
}

/// What goes from one partner to the territory.
#[derive(Debug, Clone, Default)]
pub(super) struct Lane<'a> {
    /// Declared as sent in the period, X.
    pub(super) sent: Side<'a>,
    /// Declared as sent in the period before, X'; none where the partner reported nothing then.
    pub(super) before: Option<Side<'a>>,
    /// Declared as arrived, M.
    pub(super) arrived: Side<'a>,
    /// The partner's own margin, where one is given.
    pub(super) margin: Option<&'a Argument<'a>>,
}

/// All lanes to the territory.
#[derive(Debug, Default)]
pub(super) struct Lanes<'a> {
    /// By partner, over all goods; partners that report their exports.
    pub(super) by_partner: BTreeMap<&'a str, Lane<'a>>,
    /// The same by partner and commodity; empty where the figures are not by commodity.
    pub(super) by_goods: BTreeMap<(&'a str, &'a str), Lane<'a>>,
    /// Arrived from partners that report no exports, without freight and insurance being taken off.
    pub(super) unmatched: Side<'a>,
    /// Whether all goods are compared together, because nothing else is given.
    pub(super) of_all_goods: bool,
    /// Partners whose exports are in another currency.
    pub(super) other_currency: BTreeSet<&'a str>,
    /// `ln(A / X)` of each lane to the territory in the period of which both ends record something.
    pub(super) log_ratios: BTreeMap<&'a str, f64>,
    /// How the two ends ordinarily differ, over all lanes and periods that are given.
    pub(super) ordinary: Option<Spread>,
    /// Over how many lanes and periods.
    pub(super) compared: usize,
}

/// Where a figure belongs.
#[derive(Debug, Clone, Copy)]
struct Of<'a> {
    period: &'a str,
    exporter: &'a str,
    importer: &'a str,
    commodity: &'a str,
    currency: &'a str,
    is_sent: bool,
}

/// Sorts the figures into lanes.
pub(super) fn collect<'a>(call: &Call<'a>, margin: &Argument<'_>) -> Result<Lanes<'a>, Refusal> {
    let (figures, of_all_goods) = of_one_kind(call, figures(call)?);
    let here = |of: &Of<'_>| of.importer == call.place.territory && of.exporter != call.place.territory;
    let currency = currency(call, &figures)?;
    let margins = margins(call);
    let period = call.place.period;
    let before = before(period);
    let reports = reports(call, &figures);
    let reported = |exporter: &str, period: &str| reports.contains(&(exporter, period));

    let mut lanes = Lanes { of_all_goods, ..Lanes::default() };
    for (of, _) in figures.iter().filter(|(of, _)| of.is_sent && of.period == period && here(of)) {
        if of.currency != currency {
            lanes.other_currency.insert(of.exporter);
        }
    }
    let mut arrived_without: BTreeMap<&str, Side<'_>> = BTreeMap::new();
    for &(of, figure) in figures.iter().filter(|(of, _)| here(of) && of.currency == currency) {
        let is_before = before.as_deref() == Some(of.period);
        if of.period != period && !(is_before && of.is_sent) {
            continue;
        }
        if lanes.other_currency.contains(of.exporter) || !reported(of.exporter, period) {
            if !of.is_sent {
                arrived_without.entry(of.exporter).or_default().add(figure);
            }
            continue;
        }
        let keys = (of.exporter, of.commodity);
        let by_goods =
            (!of_all_goods && !of.commodity.is_empty()).then(|| lanes.by_goods.entry(keys).or_default());
        let by_partner = lanes.by_partner.entry(of.exporter).or_default();
        for lane in [Some(by_partner), by_goods].into_iter().flatten() {
            match (of.is_sent, is_before) {
                (true, false) => lane.sent.add(figure),
                (true, true) => lane.before.get_or_insert_default().add(figure),
                (false, _) => lane.arrived.add(figure),
            }
        }
    }
    let partners = lanes.by_partner.iter_mut().map(|(partner, lane)| (*partner, lane));
    let goods = lanes.by_goods.iter_mut().map(|((partner, _), lane)| (*partner, lane));
    for (partner, lane) in partners.chain(goods) {
        lane.margin = margins.get(&(call.place.territory, partner, period)).copied();
        // A partner that reported then and sent nothing sent zero.
        if before.as_deref().is_some_and(|before| reported(partner, before)) {
            lane.before.get_or_insert_default();
        }
    }
    for side in arrived_without.values() {
        lanes.unmatched.extend(side);
    }
    if lanes.by_goods.len() > MOST_LANES {
        return Err(Refusal::new(
            format!("there are {} lanes of a partner and a commodity", lanes.by_goods.len()),
            format!("give figures of at most {MOST_LANES} lanes, such as by heading"),
        ));
    }
    ratios(call, &figures, &margins, margin, &mut lanes);
    Ok(lanes)
}

/// The figures of single commodities, or of all goods together where the territory's imports are given for nothing else.
fn of_one_kind<'f, 'a>(
    call: &Call<'_>,
    mut figures: Vec<(Of<'f>, &'a Argument<'a>)>,
) -> (Vec<(Of<'f>, &'a Argument<'a>)>, bool) {
    let place = call.place;
    let mut imports = figures.iter().filter(|(of, figure)| {
        figure.input == "imports" && of.importer == place.territory && of.period == place.period
    });
    let of_all_goods = imports.clone().next().is_some() && imports.all(|(of, _)| of.commodity == ALL_GOODS);
    figures.retain(|(of, _)| (of.commodity == ALL_GOODS) == of_all_goods);
    (figures, of_all_goods)
}

/// All figures of flows with where they belong.
fn figures<'a>(call: &Call<'a>) -> Result<Vec<(Of<'a>, &'a Argument<'a>)>, Refusal> {
    let mut figures = Vec::new();
    for figure in call.arguments {
        let is_sent = match figure.input {
            "exports" | "free_zone_exits" | "re_exports" => true,
            "imports" | "arrived_otherwise" => false,
            _ => continue,
        };
        let territory = figure.of("territory").unwrap_or(call.place.territory);
        let partner = figure.of("partner").ok_or_else(|| {
            Refusal::new(
                format!("{} is not by partner", figure.name),
                "give figures by territory, partner and period",
            )
        })?;
        let (exporter, importer) = if is_sent { (territory, partner) } else { (partner, territory) };
        let commodity = figure.of("commodity").unwrap_or_default();
        if !(figure.value >= 0.0 && figure.value.is_finite()) {
            return Err(Refusal::new(
                format!("{} from {exporter} to {importer} is {}", figure.input, figure.value),
                "give amounts that are numbers from 0",
            ));
        }
        let period = period_of(figure).unwrap_or(call.place.period);
        let currency = figure.of("currency").unwrap_or_default();
        figures.push((Of { period, exporter, importer, commodity, currency, is_sent }, figure));
    }
    Ok(figures)
}

/// The period of a figure, which an indicator may call its year.
fn period_of<'a>(figure: &'a Argument<'_>) -> Option<&'a str> {
    figure.of("period").or_else(|| figure.of("year"))
}

/// The one currency of the territory's imports; empty where they are in none.
fn currency<'a>(call: &Call<'_>, figures: &[(Of<'a>, &Argument<'_>)]) -> Result<&'a str, Refusal> {
    let place = call.place;
    let imports = figures.iter().filter(|(of, figure)| {
        figure.input == "imports" && of.importer == place.territory && of.period == place.period
    });
    let currencies: BTreeSet<&str> = imports.map(|(of, _)| of.currency).collect();
    let mut listed = currencies.iter().copied();
    match (listed.next(), listed.next()) {
        (Some(currency), None) => Ok(currency),
        (None, _) => Err(Refusal::new(
            "the territory reports no imports of the period",
            "give its imports by partner: without them nothing can be missing from them",
        )),
        (Some(_), Some(_)) => Err(Refusal::new(
            format!("the imports are in {}", currencies.into_iter().collect::<Vec<_>>().join(" and ")),
            "give them in one currency",
        )),
    }
}

/// The margins of single partners, by territory, partner and period.
fn margins<'a>(call: &Call<'a>) -> BTreeMap<(&'a str, &'a str, &'a str), &'a Argument<'a>> {
    let given = call.arguments.iter().filter(|figure| figure.input == "margins");
    let keyed = given.filter_map(|figure| {
        let territory = figure.of("territory").unwrap_or(call.place.territory);
        Some(((territory, figure.of("partner")?, period_of(figure).unwrap_or(call.place.period)), figure))
    });
    keyed.collect()
}

/// Who reported exports in which period, whatever their destination: what it then does not list it did not send.
fn reports<'a>(call: &Call<'_>, figures: &[(Of<'a>, &Argument<'_>)]) -> BTreeSet<(&'a str, &'a str)> {
    let exports = figures.iter().filter(|(_, figure)| figure.input == "exports");
    exports.map(|(of, _)| (of.exporter, of.period)).filter(|(who, _)| *who != call.place.territory).collect()
}

/// The year before; none where periods are not years.
fn before(period: &str) -> Option<String> {
    let year: i32 = period.parse().ok().filter(|_| period.len() == 4)?;
    Some((year - 1).to_string())
}

/// The log ratio of every lane and period of which both ends record something, and how far they spread.
fn ratios<'a>(
    call: &Call<'_>,
    figures: &[(Of<'a>, &Argument<'_>)],
    margins: &BTreeMap<(&str, &str, &str), &Argument<'_>>,
    margin: &Argument<'_>,
    lanes: &mut Lanes<'a>,
) {
    let mut ends: BTreeMap<(&str, &str, &str, &str), [Vec<f64>; 2]> = BTreeMap::new();
    for (of, figure) in figures.iter().filter(|(of, _)| of.exporter != of.importer) {
        let lane = ends.entry((of.period, of.exporter, of.importer, of.currency)).or_default();
        lane[usize::from(of.is_sent)].push(figure.value);
    }
    let mut all = Vec::new();
    for ((period, exporter, importer, _), [arrived, sent]) in ends {
        let m = margins.get(&(importer, exporter, period)).map_or(margin.value, |own| own.value);
        let (a, x) = (sum(arrived) / (1.0 + m), sum(sent));
        if a > 0.0 && x > 0.0 && a.is_finite() && x.is_finite() {
            let log_ratio = libm::log(a / x);
            all.push(log_ratio);
            if importer == call.place.territory && period == call.place.period {
                lanes.log_ratios.insert(exporter, log_ratio);
            }
        }
    }
    lanes.compared = all.len();
    lanes.ordinary = (all.len() >= FEWEST_RATIOS).then(|| Spread::of(&all)).flatten();
}
