use super::*;
use crate::estimator::numeric::distribution::Distribution;
use crate::estimator::numeric::propagation::{Settings, Uncertain, draw};

/// A figure as the engine gives it, with its dimensions.
#[derive(Debug, Clone)]
struct Given {
    input: &'static str,
    name: String,
    dimensions: Vec<(String, String)>,
    value: f64,
}

fn given(input: &'static str, of: [&str; 5], value: f64) -> Given {
    let names = ["territory", "partner", "year", "commodity", "currency"];
    let dimensions = names.iter().zip(of).filter(|(_, value)| !value.is_empty());
    Given {
        input,
        name: of.join("|"),
        dimensions: dimensions.map(|(name, value)| ((*name).to_owned(), value.to_owned())).collect(),
        value,
    }
}

/// Pure alcohol that `exporter` declares to send to `importer`.
fn sent(exporter: &str, importer: &str, commodity: &str, value: f64) -> Given {
    given("exports", [exporter, importer, "2024", commodity, ""], value)
}

/// Pure alcohol that `importer` declares to get from `exporter`.
fn arrived(importer: &str, exporter: &str, commodity: &str, value: f64) -> Given {
    given("imports", [importer, exporter, "2024", commodity, ""], value)
}

fn arguments(given: &[Given], margin: f64, late: f64) -> Vec<Argument<'_>> {
    let figures = given.iter().map(|given| Argument {
        dimensions: &given.dimensions,
        name: &given.name,
        ..Argument::exact(given.input, given.value)
    });
    figures.chain([Argument::exact("margin", margin), Argument::exact("late", late)]).collect()
}

fn estimate_of(quantity: &str, arguments: &[Argument<'_>]) -> Result<Estimate, Refusal> {
    (METHOD.run)(&Call::of(quantity, arguments, &[], 1))
}

fn estimate(given: &[Given], margin: f64, late: f64) -> Result<Estimate, Refusal> {
    estimate_of("mirror_gap_alcohol", &arguments(given, margin, late))
}

fn step(estimate: &Estimate, name: &str) -> f64 {
    estimate.steps.iter().find(|step| step.name == name).unwrap_or_else(|| panic!("{name}")).value
}

fn part<'e>(estimate: &'e Estimate, dimension: &str, name: &str) -> &'e Part {
    let of = (dimension.to_owned(), name.to_owned());
    estimate.parts.iter().find(|part| part.of == [of.clone()]).expect("a part")
}

/// From GB 100 sent and 70 arrived of two goods, from CO 50 and 60, from MX nothing reported, to PA nothing declared from US.
fn trade() -> Vec<Given> {
    vec![
        sent("GB", "PA", "220830", 60.0),
        sent("GB", "PA", "220890", 40.0),
        arrived("PA", "GB", "220830", 20.0),
        arrived("PA", "GB", "220890", 50.0),
        sent("CO", "PA", "220300", 50.0),
        arrived("PA", "CO", "220300", 60.0),
        arrived("PA", "MX", "220890", 30.0),
        sent("US", "PA", "220300", 5.0),
        // Other lanes and other years are of no concern, nor are all goods together.
        sent("GB", "CO", "220830", 1e6),
        given("exports", ["GB", "PA", "2019", "220830", ""], 1e6),
        sent("GB", "PA", "TOTAL", 1e9),
    ]
}

#[test]
fn the_signal_adds_what_is_missing_on_each_lane() {
    let estimate = estimate(&trade(), 0.0, 0.0).expect("possible trade");
    // GB 100 - 70 and US 5 - 0; CO has too many.
    assert_eq!((estimate.value, estimate.reading), (35.0, Reading::Signal));
    assert_eq!((part(&estimate, "partner", "GB").value, part(&estimate, "partner", "CO").value), (30.0, 0.0));
    assert!((step(&estimate, "partners that report") - 3.0).abs() < 1e-12);
    assert!((step(&estimate, "too many on lanes") - 10.0).abs() < 1e-12);
    assert!((step(&estimate, "net of all lanes, arrived less sent") + 25.0).abs() < 1e-12);
    assert!((step(&estimate, "arrived from partners that do not report") - 30.0).abs() < 1e-12);
    assert!((step(&estimate, "part of the arrivals that can be compared") - 130.0 / 160.0).abs() < 1e-15);
    // By goods the code 220830 lacks 40, of which 220890 has 10 too many.
    assert!((part(&estimate, "commodity", "220830").value - 40.0).abs() < 1e-12);
    assert!((step(&estimate, "missing by partner and commodity") - 45.0).abs() < 1e-12);
    assert!((step(&estimate, "asymmetry index") - 45.0 / (130.0 + 155.0)).abs() < 1e-15);
    assert!(
        estimate.notes.iter().any(|note| note.contains("nothing at all arrived of what was sent from US"))
    );
    assert!(estimate.notes.iter().any(|note| note.contains("too few to say what difference is ordinary")));
}

#[test]
fn freight_is_taken_off_and_lateness_carried_over() {
    let mut trade = trade();
    // 70 / 1.25 = 56 and 60 / 1.25 = 48: GB lacks 44, CO 2, US 5.
    assert!((estimate(&trade, 0.25, 0.0).expect("possible trade").value - 51.0).abs() < 1e-12);
    // A tenth is still at sea, and nothing is known to have come from the year before: 90 - 70, 45 - 60, 4.5 - 0.
    let late = estimate(&trade, 0.0, 0.1).expect("possible trade");
    assert!((late.value - 24.5).abs() < 1e-12);
    assert!(late.notes.iter().any(|note| note.contains("of 3 partners the exports of the year before")));
    // GB reported 200 for the year before, of which 20 came in this one; of US that year is not known.
    trade.push(given("exports", ["GB", "PA", "2023", "220830", ""], 200.0));
    let carried = estimate(&trade, 0.0, 0.1).expect("possible trade");
    assert!((carried.value - 44.5).abs() < 1e-12);
    assert!(carried.notes.iter().any(|note| note.contains("of 2 partners")));
    // A margin of the partner's own goes before the one for all.
    trade.push(given("margins", ["PA", "GB", "2024", "", ""], 0.4));
    assert!((estimate(&trade, 0.0, 0.1).expect("possible trade").value - (110.0 - 50.0 + 4.5)).abs() < 1e-12);
}

#[test]
fn free_zones_re_exports_and_transit_move_the_ends() {
    let mut trade = trade();
    trade.push(given("free_zone_exits", ["CO", "PA", "2024", "220300", ""], 25.0));
    trade.push(given("re_exports", ["CO", "PA", "2024", "220300", ""], 5.0));
    trade.push(given("arrived_otherwise", ["PA", "GB", "2024", "220830", ""], 10.0));
    let estimate = estimate(&trade, 0.0, 0.0).expect("possible trade");
    assert!((part(&estimate, "partner", "CO").value - 20.0).abs() < 1e-12);
    assert!((part(&estimate, "partner", "GB").value - 20.0).abs() < 1e-12);
    // A partner whose free zones alone report has no mirror.
    trade.push(given("free_zone_exits", ["MX", "PA", "2024", "220890", ""], 100.0));
    let with_zone = self::estimate(&trade, 0.0, 0.0).expect("possible trade");
    assert!((with_zone.value - estimate.value).abs() < 1e-12);
}

#[test]
fn money_is_compared_in_one_currency() {
    let money = |input, of: [&str; 4], value| given(input, [of[0], of[1], "2024", of[2], of[3]], value);
    let mut trade = vec![
        money("imports", ["PA", "GB", "220830", "USD"], 106.0),
        money("exports", ["GB", "PA", "220830", "USD"], 150.0),
        money("exports", ["FR", "PA", "220421", "EUR"], 80.0),
        money("imports", ["PA", "FR", "220421", "USD"], 53.0),
    ];
    let call = |trade: &[Given]| estimate_of("mirror_gap_value", &arguments(trade, 0.06, 0.0));
    let estimate = call(&trade).expect("possible trade");
    assert!((estimate.value - 50.0).abs() < 1e-12);
    assert!((step(&estimate, "arrived from partners that do not report") - 53.0).abs() < 1e-12);
    assert!(estimate.notes.iter().any(|note| note.contains("exports of FR are in another currency")));
    trade.push(money("imports", ["PA", "FR", "220422", "EUR"], 1.0));
    assert!(call(&trade).expect_err("two currencies").reason.contains("EUR and USD"));
}

/// The United States, Canada and Argentina in 2018, as in the test of published gaps.
#[test]
fn all_goods_are_compared_where_nothing_else_is_given() {
    let money = |input, of: [&str; 3], value| given(input, [of[0], of[1], "2018", of[2], "USD"], value);
    let trade = [
        money("imports", ["US", "CA", "TOTAL"], 318_481_082_527.0),
        money("exports", ["CA", "US", "TOTAL"], 337_831_875_906.0),
        money("exports", ["CA", "US", "220830"], 1e12),
        money("imports", ["US", "AR", "TOTAL"], 4_861_438_385.0),
        money("exports", ["AR", "US", "TOTAL"], 4_182_197_000.0),
    ];
    let arguments = arguments(&trade, 0.06, 0.0);
    let place = crate::estimator::Place { territory: "US", period: "2018" };
    let call = Call { place, ..Call::of("mirror_gap_value", &arguments, &[], 1) };
    let estimate = (METHOD.run)(&call).expect("possible trade");
    assert!((estimate.value - 37_378_024_465.434).abs() < 0.005);
    assert!((step(&estimate, "too many on lanes") - 404_065_627.358_49).abs() < 0.005);
    assert!(estimate.notes[0].contains("all goods together"));
    assert_eq!(estimate.parts.len(), 2);
}

#[test]
fn a_lane_outside_the_ordinary_is_named() {
    // Nine lanes on which A / X is exp(-0.04), exp(-0.03) ... exp(0.04), and GB on which it is a half.
    let mut trade = vec![sent("GB", "PA", "220830", 100.0), arrived("PA", "GB", "220830", 50.0)];
    for (number, partner) in (-4_i32..=4).zip(["A", "B", "C", "D", "E", "F", "G", "H", "I"]) {
        let importer = if number < 0 { "PA" } else { "CO" };
        trade.push(sent(partner, importer, "220300", 100.0));
        trade.push(arrived(importer, partner, "220300", 100.0 * libm::exp(f64::from(number) / 100.0)));
    }
    let estimate = estimate(&trade, 0.0, 0.0).expect("possible trade");
    // Ten ratios: -0.693, -0.04 ... 0.04. Median -0.005; deviations .005 .005 .015 .015 .025 .025 .035 .035 .045 .688, median 0.025.
    assert!((step(&estimate, "ordinary ln(A / X), median") + 0.005).abs() < 1e-12);
    let scale = 1.482_602_218_505_602 * 0.025;
    assert!((step(&estimate, "ordinary ln(A / X), 1.4826 MAD") - scale).abs() < 1e-12);
    let z = (-std::f64::consts::LN_2 + 0.005) / scale;
    let note =
        estimate.notes.iter().find(|note| note.contains("far less arrived")).expect("one lane stands out");
    assert!(note.ends_with(&format!("from GB (z {z:.1})")), "{note}");
}

#[test]
fn the_interval_holds_the_laws_and_agrees_with_the_delta_method() {
    let laws = [
        Uncertain { name: "m".to_owned(), law: Distribution::normal(0.06, 0.01).expect("a law") },
        Uncertain { name: "l".to_owned(), law: Distribution::normal(0.05, 0.005).expect("a law") },
        Uncertain { name: "x".to_owned(), law: Distribution::normal(200.0, 4.0).expect("a law") },
    ];
    let draws = draw(&laws, None, Settings { draws: 40_000, seed: 1, threads: 1 }).expect("three laws");
    let trade = [sent("GB", "PA", "220830", 200.0), arrived("PA", "GB", "220830", 106.0)];
    let mut arguments = arguments(&trade, 0.06, 0.05);
    for (place, law) in [(2, 0), (3, 1), (0, 2)] {
        arguments[place].draws = &draws[law];
        arguments[place].sd = Some(laws[law].law.sd());
    }
    let estimate = estimate_of("mirror_gap_alcohol", &arguments).expect("possible trade");
    assert!((estimate.value - 90.0).abs() < 1e-12);
    // By hand: 106/1.06^2 x 0.01, 200 x 0.005, 0.95 x 4.
    let by_hand = libm::sqrt(0.943_396_226_f64.powi(2) + 1.0 + 3.8 * 3.8);
    assert!((estimate.analytic.expect("all spreads are known") / by_hand - 1.0).abs() < 1e-6);
    assert!((estimate.standard_error.expect("draws") / by_hand - 1.0).abs() < 0.02);
    // One lane alone is the whole; a part is made of fewer draws.
    let part = part(&estimate, "partner", "GB");
    assert!((part.low - estimate.low).abs() < 0.2 && (part.high - estimate.high).abs() < 0.2, "{part:?}");
}

#[test]
fn refusals_say_what_would_mend_them() {
    let refusal =
        |given: &[Given], margin, late| estimate(given, margin, late).expect_err("no estimate").to_string();
    let lone = [arrived("PA", "GB", "220830", 1.0)];
    assert!(refusal(&lone, 0.0, 0.0).contains("no partner reports its exports"));
    assert!(refusal(&[sent("GB", "PA", "220830", 1.0)], 0.0, 0.0).contains("reports no imports"));
    assert!(refusal(&trade(), -1.0, 0.0).contains("the margin is -1"));
    assert!(refusal(&trade(), 0.0, 1.5).contains("lies outside 0 to 1"));
    let negative = [sent("GB", "PA", "220830", -1.0), arrived("PA", "GB", "220830", 1.0)];
    assert!(refusal(&negative, 0.0, 0.0).contains("exports from GB to PA is -1"));
    let nowhere = [given("exports", ["GB", "", "2024", "220830", ""], 1.0), lone[0].clone()];
    assert!(refusal(&nowhere, 0.0, 0.0).contains("is not by partner"));
    let arguments = arguments(&[], 0.0, 0.0);
    let refused = estimate_of("mirror_gap_alcohol", &arguments[..1]).expect_err("no law");
    assert!(refused.reason.contains("late is missing"));
    assert!(
        estimate_of("illicit_share", &arguments)
            .expect_err("not its quantity")
            .reason
            .contains("does not give")
    );
}
