use super::*;
use crate::estimator::{Place, Records, Texts, Values};

/// A cell of imports: territory, provenance, product, value.
type Import = (&'static str, &'static str, &'static str, f64);
/// A line of seizures: seizure, product, provenance, value.
type Line = (String, &'static str, &'static str, f64);

const PRODUCTS: [&str; 3] = ["220300", "220421", "220830"];
const PROVENANCES: [&str; 2] = ["CN", "TR"];

/// The worked example: value by product and provenance of the economies CO and PA.
const SEIZED: [[[f64; 2]; 3]; 2] =
    [[[30.0, 10.0], [8.0, 2.0], [0.0, 0.0]], [[20.0, 10.0], [1.0, 4.0], [9.0, 6.0]]];
const IMPORTED: [[[f64; 2]; 3]; 2] =
    [[[60.0, 40.0], [120.0, 80.0], [200.0, 100.0]], [[100.0, 50.0], [40.0, 60.0], [30.0, 20.0]]];

fn imports() -> Vec<Import> {
    let mut imports = Vec::new();
    for (territory, cells) in ["CO", "PA"].into_iter().zip(IMPORTED) {
        for (product, row) in PRODUCTS.into_iter().zip(cells) {
            for (provenance, value) in PROVENANCES.into_iter().zip(row) {
                imports.push((territory, provenance, product, value));
            }
        }
    }
    imports
}

/// Each cell of an economy as so many equal seizures.
fn lines(economy: usize, each: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for (product, row) in PRODUCTS.into_iter().zip(SEIZED[economy]) {
        for (provenance, value) in PROVENANCES.into_iter().zip(row) {
            for number in 0..each {
                let part = value / each as f64;
                lines.push((format!("{product}{provenance}{number}"), product, provenance, part));
            }
        }
    }
    lines
}

fn table(territory: &str, lines: &[Line], currency: &str) -> Records {
    let texts = |of: fn(&Line) -> &str| Values::Texts(Texts::of(lines.iter().map(|line| Some(of(line)))));
    let columns = vec![
        ("product".to_owned(), texts(|line| line.1)),
        ("provenance".to_owned(), texts(|line| line.2)),
        ("value".to_owned(), Values::Numbers(lines.iter().map(|line| line.3).collect())),
        ("currency".to_owned(), Values::Texts(Texts::of(lines.iter().map(|_| Some(currency))))),
        ("seizure".to_owned(), texts(|line| &line.0)),
    ];
    Records::new("seized", "seizure_goods", (territory, "2024"), columns, 1).expect("columns of one length")
}

fn worked(each: usize) -> Vec<Records> {
    vec![table("CO", &lines(0, each), "USD"), table("PA", &lines(1, each), "USD")]
}

/// What the method says of a territory, with these laws and so many draws.
fn estimate(
    quantity: &str,
    territory: &str,
    imports: &[Import],
    records: &[Records],
    laws: &[(&str, f64)],
    count: usize,
) -> Result<Estimate, Refusal> {
    let dimensions: Vec<Vec<(String, String)>> = imports
        .iter()
        .map(|(territory, partner, commodity, _)| {
            let dimensions = [
                ("territory", *territory),
                ("partner", *partner),
                ("commodity", *commodity),
                ("year", "2024"),
            ];
            let currency = if *partner == "MX" { "EUR" } else { "USD" };
            let dimensions = dimensions.into_iter().chain([("currency", currency)]);
            dimensions.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        })
        .collect();
    let mut arguments: Vec<Argument<'_>> = imports
        .iter()
        .zip(&dimensions)
        .map(|(import, dimensions)| Argument { dimensions, ..Argument::exact("imports", import.3) })
        .collect();
    arguments.extend(laws.iter().map(|(name, value)| Argument::exact(name, *value)));
    let place = Place { territory, period: "2024" };
    (METHOD.run)(&Call { place, ..Call::of(quantity, &arguments, records, count) })
}

const RISK: &str = "relative_counterfeit_risk";
const CEILING: &str = "counterfeit_imports_ceiling";

fn step(estimate: &Estimate, name: &str) -> f64 {
    estimate.steps.iter().find(|step| step.name == name).unwrap_or_else(|| panic!("{name}")).value
}

#[test]
fn the_worked_example_as_records() {
    let ceiling = |territory| {
        estimate(CEILING, territory, &imports(), &worked(1), &[("fixed_point", 0.2)], 1)
            .expect("two economies")
    };
    let both = ["CO", "PA"].map(ceiling);
    assert!((both[0].value + both[1].value - 36.8012).abs() < 5e-5);
    assert_eq!(both[0].reading, Reading::Ceiling);
    let scaled = both.iter().map(|one| step(one, "ceiling with P relative to its highest value"));
    assert!((scaled.sum::<f64>() - 56.6784).abs() < 5e-5);
    let risk = estimate(RISK, "PA", &imports(), &worked(1), &[], 1).expect("two economies");
    assert!((risk.value - both[1].value / 0.2 / 300.0).abs() < 1e-12);
    // p e of beer (0.854060 and 0.760249, 0.239748), weighted by 100 and 50.
    let beer = risk.parts.iter().find(|part| part.of[0].1 == "220300").expect("a commodity");
    assert!((beer.value - 0.854_060 * (100.0 * 0.760_249 + 50.0 * 0.239_748) / 150.0).abs() < 2e-6);
    assert_eq!(risk.parts.len(), 5);
    assert!((step(&risk, "spread of products sigma_p") - 0.569_705).abs() < 1e-6);
    assert!((step(&risk, "spread of provenances sigma_e") - 0.145_920).abs() < 1e-6);
}

#[test]
fn the_interval_narrows_with_more_seizures_and_holds_the_value() {
    let width = |each: usize, economies: &[&str]| {
        let records: Vec<Records> =
            worked(each).into_iter().filter(|table| economies.contains(&table.territory())).collect();
        let estimate = estimate(RISK, "PA", &imports(), &records, &[], 4_000).expect("an index");
        assert!(estimate.low < estimate.value && estimate.value < estimate.high, "{estimate:?}");
        for part in &estimate.parts {
            assert!(0.0 <= part.low && part.low <= part.value && part.value <= part.high && part.high <= 1.0);
        }
        estimate.high - estimate.low
    };
    let (few, many) = (width(4, &["PA"]), width(32, &["PA"]));
    assert!(few > 1.35 * many, "{few} {many}");
    width(25, &["CO", "PA"]);
}

/// The law of the same index by numpy 2.4 and scipy 1.17: the cells of PA times gamma variables of shape `each`, which sums of
/// exponential weights are; 200,000 resamples, moved on the logit scale so that their median is the value. By `each`: standard
/// deviation, quantiles 0.025 and 0.975, and how far the median was below the value.
#[test]
fn the_draws_are_a_bayesian_bootstrap() {
    for (each, sd, low, high, shift) in
        [(4, 0.0479, 0.1793, 0.3432, -0.1738), (8, 0.0410, 0.1830, 0.3227, -0.1084)]
    {
        let records = [table("PA", &lines(1, each), "USD")];
        let estimate = estimate(RISK, "PA", &imports(), &records, &[], 8_000).expect("an index");
        assert!((estimate.value - 0.258_377_017_995_667_1).abs() < 1e-12);
        assert!((estimate.standard_error.expect("draws") / sd - 1.0).abs() < 0.05, "{estimate:?}");
        assert!((estimate.low - low).abs() < 0.004 && (estimate.high - high).abs() < 0.005, "{each}");
        let moved = step(&estimate, "median of the resamples less the value, in logits");
        assert!((moved - shift).abs() < 0.015, "{moved}");
    }
}

#[test]
fn floors_hold_for_pairs_never_seized() {
    let mut imports = imports();
    imports.push(("PA", "TR", "220890", 300.0));
    let of = |laws: &[(&str, f64)]| estimate(RISK, "PA", &imports, &worked(1), laws, 1).expect("an index");
    let bare = of(&[]);
    let rum = |estimate: &Estimate| {
        estimate.parts.iter().find(|part| part.of[0].1 == "220890").expect("a commodity").value
    };
    assert!(rum(&bare).abs() < 1e-12);
    let floored = of(&[("product_floor", 0.05), ("provenance_floor", 0.05)]);
    assert!((rum(&floored) - 0.0025).abs() < 1e-15);
    assert!((floored.value - bare.value - 0.00125).abs() < 1e-15);
    assert!((step(&floored, "pairs imported and never seized") - 1.0).abs() < 1e-12);
    // A floor on one side alone is none on the pair.
    assert!((of(&[("product_floor", 0.05)]).value - bare.value).abs() < 1e-12);
}

#[test]
fn an_economy_without_seizures_keeps_its_weight() {
    let mut imports = imports();
    imports.extend([("CR", "CN", "220300", 500.0), ("CR", "TR", "220830", 100.0)]);
    let mut records = worked(1);
    let without = estimate(RISK, "PA", &imports, &records, &[], 1).expect("an index");
    records.push(table("CR", &[], "USD"));
    let with = estimate(RISK, "PA", &imports, &records, &[], 1).expect("an index");
    assert_eq!((step(&with, "economies that report"), step(&with, "economies with seizures")), (3.0, 2.0));
    assert!((step(&without, "economies that report") - 2.0).abs() < 1e-12);
    assert!((with.value - without.value).abs() > 1e-3);
}

#[test]
fn order_of_rows_and_unit_of_seizures_do_not_matter() {
    let of = |records: &[Records]| estimate(RISK, "PA", &imports(), records, &[], 50).expect("an index");
    let one = of(&worked(3));
    let mut turned = lines(1, 3);
    turned.reverse();
    for line in &mut turned {
        line.3 *= 20.0;
    }
    // An economy's own currency: its seizures enter as shares.
    let other = of(&[table("PA", &turned, "PAB"), table("CO", &lines(0, 3), "USD")]);
    for (a, b) in one.draws.iter().zip(&other.draws) {
        assert!((a - b).abs() < 1e-12, "{a} {b}");
    }
}

#[test]
fn very_many_seizures_are_drawn_in_groups() {
    let estimate = |each| {
        let records = [table("PA", &lines(1, each), "USD")];
        estimate(RISK, "PA", &imports(), &records, &[], 2_000).expect("an index")
    };
    let (some, many) = (estimate(5), estimate(300));
    assert_eq!(
        (step(&some, "seizures, or groups of them"), step(&many, "seizures, or groups of them")),
        (30.0, 64.0)
    );
    assert!((some.value - many.value).abs() < 1e-12);
}

#[test]
fn what_cannot_be_compared_is_left_out_and_said() {
    let mut imports = imports();
    imports.push(("CR", "MX", "220300", 1e9));
    imports.push(("PA", "CN", "TOTAL", 1e9));
    let mut lines = lines(1, 1);
    lines.push(("x".to_owned(), "240220", "CN", 1e6));
    lines.push(("y".to_owned(), "220300", "CN", f64::NAN));
    let records =
        [table("CO", &self::lines(0, 1), "USD"), table("PA", &lines, "USD"), table("CR", &[], "EUR")];
    let estimate = estimate(RISK, "PA", &imports, &records, &[], 1).expect("an index");
    let plain = self::estimate(RISK, "PA", &self::imports(), &worked(1), &[], 1).expect("an index");
    assert!((estimate.value - plain.value).abs() < 1e-12);
    let said =
        |text: &str| assert!(estimate.notes.iter().any(|note| note.contains(text)), "{:?}", estimate.notes);
    said("the imports of CR are in another currency");
    said("1 of 14 lines of seizures lack a commodity");
    said("1 of 13 lines of seizures are of goods or from territories that nobody imported");
}

#[test]
fn refusals_say_what_would_mend_them() {
    let refusal = |territory, imports: &[Import], records: &[Records]| {
        estimate(RISK, territory, imports, records, &[], 1).expect_err("no estimate").to_string()
    };
    assert!(refusal("CR", &imports(), &worked(1)).contains("reports no imports"));
    assert!(refusal("PA", &imports(), &[]).contains("no territory reports both"));
    let line = |product, provenance| ("a".to_owned(), product, provenance, 1.0);
    let of = |lines: &[Line]| refusal("PA", &imports(), &[table("PA", lines, "USD")]);
    assert!(of(&[]).contains("counterfeits of 0 of the imported products"));
    assert!(of(&[line("220300", "CN"), line("220300", "TR")]).contains("1 of the imported products"));
    assert!(of(&[line("220300", "CN"), line("220830", "CN")]).contains("1 of the imported provenances"));
    // Seizures that fall as imports do.
    let even: Vec<Line> = imports()
        .into_iter()
        .filter(|import| import.0 == "PA")
        .map(|(_, provenance, product, value)| (format!("{product}{provenance}"), product, provenance, value))
        .collect();
    assert!(of(&even).contains("exactly as imports do"));
    let mixed: Vec<Import> = imports().into_iter().chain([("PA", "MX", "220300", 1.0)]).collect();
    assert!(refusal("PA", &mixed, &worked(1)).contains("EUR and USD"));
    let negative: Vec<Import> = imports().into_iter().chain([("PA", "CN", "220890", -1.0)]).collect();
    assert!(refusal("PA", &negative, &worked(1)).contains("are -1"));
    let law = |laws: &[(&str, f64)], quantity| {
        estimate(quantity, "PA", &imports(), &worked(1), laws, 1).expect_err("no estimate").to_string()
    };
    assert!(law(&[], CEILING).contains("no fixed point is stated"));
    assert!(law(&[("fixed_point", 1.2)], CEILING).contains("fixed_point is 1.2"));
    assert!(law(&[("product_floor", -0.1)], RISK).contains("product_floor is -0.1"));
}
