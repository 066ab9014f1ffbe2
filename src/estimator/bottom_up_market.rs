//! An illicit market added up from what interviews say of each class of drinks.

use std::collections::BTreeMap;

use super::expert_pool::FEW_EXPERTS;
use super::expert_pool::panel::{Answer, Panel, panels};
use super::numeric::judgement::{Judgement, Pool};
use super::numeric::sample::sum;
use super::{
    Argument, Call, Column, Estimate, Holds, Input, Measure, Need, Part, Quantity, Reach, Records, Refusal,
    Step, Takes,
};

method! {
    /// Illicit market from interviews, class by class, on the scale of legal sales.
    ///
    /// # Assumes
    /// For each class of drinks people of the trade and officials judge which share of it is illicit, with 5, 50 and 95 % quantiles.
    /// Legal sales of the class are known, in pure alcohol, and of the same territory and period.
    /// In each class one of the people is right, and all are as likely to be; consultations count alike.
    /// Who is too low in one class is too low in all: a draw takes the same person, and the same point of the person's law,
    /// for every class. The interval is then wider than if classes were judged independently.
    /// Illicit drinks have no place in legal sales: a bottle that is refilled and sold with its stamp counts in neither.
    ///
    /// # Formula
    /// ```text
    /// V_il  = sum_k V_legal,k s_k / (1 - s_k)        s_k illicit share of class k: the linear pool of the judgements
    /// share = V_il / (V_il + sum_k V_legal,k)        over the classes that were judged
    /// ```
    /// The value is taken at the medians of the pools, the interval from the draws.
    /// It is a reconstruction: the sizing of markets by interviews and store checks, as in the studies of Euromonitor
    /// International, is described in words, its algorithm is not published, and this one was not checked against it.
    ///
    /// # Fails when
    /// Nobody gave an interval for a class, or legal sales of a judged class are missing, or the classes that were judged hold
    /// less than half of legal sales: there is no estimate then.
    /// A person holds it possible that a class is all illicit, though it is sold legally.
    /// The sponsor's wishes, or the first figure that somebody names, move all answers together: no interval shows that.
    /// People know the shops that they see; what is drunk at home or made there is not in their sight.
    ///
    /// # References
    /// Euromonitor International (2018), Size and Shape of the Global Illicit Alcohol Market (the approach, in words).
    /// A. O'Hagan and others (2006), Uncertain Judgements: Eliciting Experts' Probabilities (pools of judgements).
    METHOD {
        name: "bottom_up_market",
        reach: Reach::Place,
        inputs: &[
            Input { name: "judgements", doc: "illicit share of each class of drinks, as people judge it", need: Need::Always, takes: Takes::Records { columns: COLUMNS } },
            Input { name: "legal", doc: "legal sales of each class, V_legal", need: Need::Always, takes: Takes::Figures { many: false, by: &["beverage"], unit: Measure::Alike("volume") } },
        ],
        assumptions: &[],
        gives: &[
            Quantity { name: "illicit_share", doc: "illicit share of legal and illicit sales, V_il / (V_il + V_legal)" },
            Quantity { name: "illicit_level", doc: "illicit sales of the classes that were judged, V_il" },
        ],
        run: run,
    }
}

const COLUMNS: &[Column] = &[
    text("beverage", "the class of drinks", Need::Always),
    text("consultation", "the consultation or round of interviews", Need::Always),
    text("expert", "a number or name for the person", Need::Always),
    text("interest", "what the person has at stake; none where asked and nothing", Need::Optional),
    text("sponsor", "who pays for the consultation", Need::Optional),
    number("round", "the round, 1 for what was answered alone; the latest counts"),
    number("low", "5 % quantile of the share"),
    number("middle", "median of the share"),
    number("high", "95 % quantile of the share"),
];

const fn text(name: &'static str, doc: &'static str, need: Need) -> Column {
    Column { name, doc, holds: Holds::Texts, need }
}

const fn number(name: &'static str, doc: &'static str) -> Column {
    Column { name, doc, holds: Holds::Numbers(Measure::Share), need: Need::Always }
}

/// The probabilities of the quantiles, with their columns.
const QUANTILES: [(f64, &str, Need); 3] =
    [(0.05, "low", Need::Always), (0.5, "middle", Need::Always), (0.95, "high", Need::Always)];

/// A class inside another, here spirits: its legal sales are in those of the other.
const INSIDE_ANOTHER: &str = "whisky";

/// The classes that were judged must hold this part of legal sales.
const LEAST_JUDGED: f64 = 0.5;

/// Illicit sales beside legal ones, where the share `s` of both together is illicit.
///
/// A share that rounds to 1 counts as the number before it, for something is sold legally.
pub fn illicit(legal: f64, share: f64) -> f64 {
    let share = share.min(1.0 - f64::EPSILON / 2.0);
    legal * share / (1.0 - share)
}

/// A class of drinks: its legal sales and what is said of it.
struct Class<'a> {
    name: String,
    legal: &'a Argument<'a>,
    panels: BTreeMap<String, Panel>,
    pool: Pool,
}

fn run(call: &Call<'_>) -> Result<Estimate, Refusal> {
    let quantity = call.wanted(&METHOD)?;
    let table = call.table("judgements")?;
    call.one("legal")?;
    let legal = call.all("legal");
    let asked = panels(table, "beverage", &QUANTILES, |_| true)?;
    let mut notes = Vec::new();
    let classes = classes(asked, &legal, &mut notes)?;
    check_coverage(&classes, &legal, &mut notes)?;

    let is_share = quantity.name == "illicit_share";
    let at = |illicit: f64, legal: f64| if is_share { illicit / (illicit + legal) } else { illicit };
    let legal_at = |of: &dyn Fn(&Argument<'_>) -> f64| sum(classes.iter().map(|class| of(class.legal)));
    let medians = |class: &Class<'_>| illicit(class.legal.value, class.pool.quantile(0.5));
    let (v_illicit, v_legal) = (sum(classes.iter().map(medians)), legal_at(&|legal| legal.value));
    let (choice, chance) = (table.stream("expert"), table.stream("answer"));
    let draws = (0..call.count()?)
        .map(|i| {
            let (choice, chance) = (choice.spread(i as u64), chance.spread(i as u64));
            let of_class = |class: &Class<'_>| illicit(class.legal.draw(i), class.pool.draw(choice, chance));
            at(sum(classes.iter().map(of_class)), legal_at(&|legal| legal.draw(i)))
        })
        .collect();
    let mut steps = vec![
        Step { name: "classes that were judged", value: classes.len() as f64 },
        Step { name: "legal sales of these, V_legal", value: v_legal },
        Step { name: "illicit sales V_il", value: v_illicit },
        Step { name: "share V_il / (V_il + V_legal)", value: v_illicit / (v_illicit + v_legal) },
    ];
    if let Some(v_illicit) = disinterested(&classes) {
        let name = "value, people with nothing at stake";
        steps.push(Step { name, value: at(v_illicit, v_legal) });
    }
    notes.extend(sponsors(table));
    notes.push("the formula is a reconstruction of what studies by interviews describe in words".to_owned());
    let ends = [(1.0 - call.level) / 2.0, f64::midpoint(1.0, call.level)];
    let parts = classes.iter().map(|class| class.part(is_share, ends)).collect();
    let value = at(v_illicit, v_legal);
    let estimate = call.estimate(quantity, value, None, draws, steps, notes)?;
    // Near a share of 1 illicit sales have no bound, and the standard deviation of so few draws is chance.
    let standard_error = estimate.standard_error.filter(|_| is_share);
    Ok(Estimate { standard_error, parts, ..estimate })
}

/// The classes that were judged, each with its legal sales.
fn classes<'a>(
    asked: BTreeMap<String, BTreeMap<String, Panel>>,
    legal: &[&'a Argument<'a>],
    notes: &mut Vec<String>,
) -> Result<Vec<Class<'a>>, Refusal> {
    if asked.is_empty() {
        return Err(Refusal::new(
            "nobody was asked for a class of drinks",
            "send the answers of the interviews",
        ));
    }
    let mut classes = Vec::new();
    for (name, panels) in asked {
        let of_class = legal.iter().find(|legal| legal.of("beverage") == Some(&name)).ok_or_else(|| {
            Refusal::new(format!("legal sales of {name} are missing"), format!("give legal sales of {name}"))
        })?;
        if !(of_class.value > 0.0 && of_class.draws.iter().all(|draw| *draw > 0.0)) {
            return Err(Refusal::new(
                format!("legal sales of {name} are {} and must be positive", of_class.value),
                "give legal sales that are positive; what is not sold legally has no share by this method",
            ));
        }
        let pool = pool(&panels, |answer| answer.latest.as_ref()).ok_or_else(|| {
            Refusal::new(
                format!("nobody gave an interval for {name}"),
                "ask each person for a low, a middle and a high share, not for one figure",
            )
        })?;
        if pool.judgements().iter().any(|(_, judgement)| judgement.quantile(0.95) >= 1.0) {
            return Err(Refusal::new(
                format!("a person holds it possible that all {name} is illicit, though some is sold legally"),
                "ask the person again; the high share must be below 1",
            ));
        }
        let people: usize =
            panels.values().flat_map(BTreeMap::values).filter(|answer| answer.latest.is_some()).count();
        if people < FEW_EXPERTS {
            notes.push(format!(
                "{people} people judge {name}, and with fewer than {FEW_EXPERTS} one person's view decides"
            ));
        }
        classes.push(Class { name, legal: of_class, panels, pool });
    }
    Ok(classes)
}

/// The linear pool: consultations alike, and within each all of its people.
fn pool(panels: &BTreeMap<String, Panel>, take: impl Fn(&Answer) -> Option<&Judgement>) -> Option<Pool> {
    let mut judgements = Vec::new();
    for panel in panels.values() {
        let taken: Vec<&Judgement> = panel.values().filter_map(&take).collect();
        let weight = 1.0 / taken.len() as f64;
        judgements.extend(taken.into_iter().map(|judgement| (weight, judgement.clone())));
    }
    Pool::new(judgements).ok()
}

/// Illicit sales by the people who declare that they have nothing at stake; none where a class has none of them.
fn disinterested(classes: &[Class<'_>]) -> Option<f64> {
    let of_class = |class: &Class<'_>| {
        let pool = pool(&class.panels, |answer| answer.latest.as_ref().filter(|_| answer.nothing_at_stake))?;
        Some(illicit(class.legal.value, pool.quantile(0.5)))
    };
    let by_class: Option<Vec<f64>> = classes.iter().map(of_class).collect();
    by_class.map(sum)
}

/// Refuses where most legal sales are of classes that nobody judged, and notes them where some are.
fn check_coverage(
    classes: &[Class<'_>],
    legal: &[&Argument<'_>],
    notes: &mut Vec<String>,
) -> Result<(), Refusal> {
    let judged = |legal: &Argument<'_>| classes.iter().any(|class| legal.of("beverage") == Some(&class.name));
    let others: Vec<(&str, f64)> = legal
        .iter()
        .filter(|legal| !judged(legal))
        .filter_map(|legal| Some((legal.of("beverage")?, legal.value)))
        .filter(|(name, _)| *name != INSIDE_ANOTHER)
        .collect();
    let judged = sum(classes.iter().map(|class| class.legal.value));
    let part = judged / (judged + sum(others.iter().map(|(_, value)| *value)));
    let others: Vec<&str> = others.into_iter().map(|(name, _)| name).collect();
    if others.is_empty() {
        return Ok(());
    }
    if part.is_nan() || part < LEAST_JUDGED {
        return Err(Refusal::new(
            format!("the classes that were judged hold {:.0} % of legal sales", 100.0 * part),
            format!("ask for {} too", others.join(", ")),
        ));
    }
    notes.push(format!(
        "nobody judged {}; the estimate is of the other classes, with {:.1} % of legal sales",
        others.join(", "),
        100.0 * part
    ));
    Ok(())
}

fn sponsors(table: &Records) -> Option<String> {
    let texts = table.texts("sponsor").ok()?;
    let mut names: Vec<&str> = (0..table.rows()).filter_map(|row| texts.get(row)).collect();
    names.sort_unstable();
    names.dedup();
    (!names.is_empty()).then(|| format!("who paid for the interviews: {}", names.join(", ")))
}

impl Class<'_> {
    fn part(&self, is_share: bool, ends: [f64; 2]) -> Part {
        let at = |p: f64| {
            let share = self.pool.quantile(p);
            if is_share { share } else { illicit(self.legal.value, share) }
        };
        let [low, high] = ends.map(at);
        Part { of: vec![("beverage".to_owned(), self.name.clone())], value: at(0.5), low, high }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Texts, Values};
    use super::*;
    use proptest::prelude::*;

    /// A row: class, person, interest, low, middle, high.
    type Row = (&'static str, &'static str, &'static str, [f64; 3]);

    fn table(rows: &[Row]) -> Records {
        let texts = |name: &str, cell: fn(&Row) -> &'static str| {
            (name.to_owned(), Values::Texts(Texts::of(rows.iter().map(|row| Some(cell(row))))))
        };
        let numbers = |name: &str, cell: fn(&Row) -> f64| {
            (name.to_owned(), Values::Numbers(rows.iter().map(cell).collect()))
        };
        let columns = vec![
            texts("beverage", |row| row.0),
            texts("consultation", |_| "c"),
            texts("expert", |row| row.1),
            texts("interest", |row| row.2),
            texts("sponsor", |_| "alcohol_industry"),
            numbers("round", |_| 1.0),
            numbers("low", |row| row.3[0]),
            numbers("middle", |row| row.3[1]),
            numbers("high", |row| row.3[2]),
        ];
        Records::new("judgements", "expert_judgements", ("PA", "2024"), columns, 1).expect("of one length")
    }

    fn run_on(quantity: &str, rows: &[Row], legal: &[(&str, f64)]) -> Result<Estimate, Refusal> {
        run_with(quantity, rows, legal, 40_000)
    }

    fn run_with(
        quantity: &str,
        rows: &[Row],
        legal: &[(&str, f64)],
        count: usize,
    ) -> Result<Estimate, Refusal> {
        let dimensions: Vec<[(String, String); 1]> =
            legal.iter().map(|(class, _)| [("beverage".to_owned(), (*class).to_owned())]).collect();
        let arguments: Vec<Argument<'_>> = legal
            .iter()
            .zip(&dimensions)
            .map(|((_, value), dimensions)| Argument { dimensions, ..Argument::exact("legal", *value) })
            .collect();
        (METHOD.run)(&Call::of(quantity, &arguments, &[table(rows)], count))
    }

    const ROWS: [Row; 4] = [
        ("beer", "1", "none", [0.05, 0.1, 0.2]),
        ("beer", "2", "alcohol_industry", [0.05, 0.1, 0.2]),
        ("spirits", "1", "none", [0.3, 0.5, 0.6]),
        ("spirits", "2", "alcohol_industry", [0.3, 0.5, 0.6]),
    ];

    const LEGAL: [(&str, f64); 2] = [("beer", 90.0), ("spirits", 30.0)];

    fn step(estimate: &Estimate, name: &str) -> Option<f64> {
        estimate.steps.iter().find(|step| step.name == name).map(|step| step.value)
    }

    /// Beside 90 of beer 10 are illicit, beside 30 of spirits 30: 40 of 160.
    #[test]
    fn by_hand() {
        let share = run_on("illicit_share", &ROWS, &LEGAL).expect("two classes");
        assert!((share.value - 0.25).abs() < 1e-12);
        // Everybody says the same and all classes move together, so that the ends are those of each class.
        let end = |p: f64| {
            let at = |quantiles: [f64; 3]| {
                let points = [(0.05, quantiles[0]), (0.5, quantiles[1]), (0.95, quantiles[2])];
                Judgement::new(&points).expect("a law").quantile(p)
            };
            let v = illicit(90.0, at(ROWS[0].3)) + illicit(30.0, at(ROWS[2].3));
            v / (v + 120.0)
        };
        assert!((share.low - end(0.025)).abs() < 1e-3 && (share.high - end(0.975)).abs() < 1e-3);
        let level = run_on("illicit_level", &ROWS, &LEGAL).expect("two classes");
        assert!((level.value - 40.0).abs() < 1e-9);
        assert_eq!(level.parts.len(), 2);
        assert!((level.parts[1].value - 30.0).abs() < 1e-9 && (share.parts[1].value - 0.5).abs() < 1e-12);
        assert!(level.notes.iter().any(|note| note.contains("paid for the interviews: alcohol_industry")));
        assert!(level.notes.iter().any(|note| note.contains("2 people judge spirits")));
    }

    #[test]
    fn those_with_nothing_at_stake_are_shown_beside() {
        let mut rows = ROWS;
        rows[1].3 = [0.5, 0.6, 0.7];
        let name = "value, people with nothing at stake";
        let estimate = run_on("illicit_share", &rows, &LEGAL).expect("two classes");
        assert!((step(&estimate, name).expect("a step") - 0.25).abs() < 1e-12);
        assert!(estimate.value > 0.25);
        rows[2].2 = "not_asked";
        assert_eq!(step(&run_on("illicit_share", &rows, &LEGAL).expect("two classes"), name), None);
    }

    #[test]
    fn classes_that_nobody_judged_are_named_or_too_many() {
        let more = [("beer", 90.0), ("spirits", 30.0), ("wine", 30.0)];
        let estimate = run_on("illicit_share", &ROWS, &more).expect("most are judged");
        assert!((estimate.value - 0.25).abs() < 1e-12);
        assert!(
            estimate.notes.iter().any(|note| note.contains("nobody judged wine") && note.contains("80.0 %"))
        );
        let refused = run_on("illicit_share", &ROWS[2..], &more).expect_err("a fifth").to_string();
        assert!(
            refused.contains("hold 20 % of legal sales") && refused.contains("ask for beer, wine too"),
            "{refused}"
        );
    }

    #[test]
    fn refusals_say_why() {
        let refused = |rows: &[Row], legal: &[(&str, f64)]| {
            run_on("illicit_share", rows, legal).expect_err("a refusal").to_string()
        };
        assert!(refused(&ROWS, &LEGAL[..1]).contains("legal sales of spirits are missing"));
        assert!(refused(&ROWS, &[]).contains("legal is missing"));
        assert!(refused(&[], &LEGAL).contains("nobody was asked"));
        assert!(
            refused(&ROWS, &[("beer", 0.0), ("spirits", 1.0)]).contains("beer are 0 and must be positive")
        );
        let mut rows = ROWS;
        rows[3].3 = [0.3, 0.5, 1.0];
        assert!(refused(&rows, &LEGAL).contains("all spirits is illicit, though some is sold legally"));
        let point = [("beer", "1", "none", [f64::NAN, 0.2, f64::NAN])];
        assert!(refused(&point, &LEGAL).contains("nobody gave an interval for beer"));
        assert!(refused(&[ROWS[0], ROWS[0]], &LEGAL).contains("answered twice for beer in round 1"));
    }

    proptest! {
        #[test]
        fn the_share_does_not_depend_on_the_unit_and_rises_with_every_judgement(
            beer in 0.01..0.8_f64, spirits in 0.01..0.8_f64, unit in 1e-3..1e3_f64, more in 0.01..0.09_f64,
        ) {
            let around = |share: f64| [share * 0.9, share, share * 1.05];
            let rows = [("beer", "1", "none", around(beer)), ("spirits", "1", "none", around(spirits))];
            let scaled = LEGAL.map(|(class, legal)| (class, legal * unit));
            let value = |rows: &[Row], legal: &[(&str, f64)]| run_with("illicit_share", rows, legal, 1).map(|e| e.value);
            let (one, other) = (value(&rows, &LEGAL), value(&rows, &scaled));
            let (one, other) = (one.expect("two classes"), other.expect("two classes"));
            prop_assert!((one - other).abs() < 1e-12);
            prop_assert!(one >= beer.min(spirits) - 1e-12 && one <= beer.max(spirits) + 1e-12);
            let higher = [rows[0], ("spirits", "1", "none", around(spirits + more))];
            prop_assert!(value(&higher, &LEGAL).expect("two classes") > one);
        }
    }
}
