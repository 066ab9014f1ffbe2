//! The expression language from outside: types, units, faults with their places, nulls, groups, series and messages.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use arrow_array::{Array, BooleanArray, Date32Array, Float64Array, StringArray};
use proptest::prelude::*;
use sikes::expression::{
    Accumulators, CodeList, Context, Expected, Fault, FaultKind, Field, Kind, Property, Scope, Template,
    Unit, Units, Vocabulary, compile, compile_group, compile_series, entries, example, name_of, reference,
};
use sikes::table::{Absence, Column, Values};

type Powers<'a> = &'a [(&'a str, i32)];

fn vocabulary() -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    let units: [(&str, Powers, f64); 12] = [
        ("l", &[("volume", 1)], 1.0),
        ("litre", &[("volume", 1)], 1.0),
        ("hl", &[("volume", 1)], 100.0),
        ("ml", &[("volume", 1)], 0.001),
        ("LPA", &[("alcohol", 1)], 1.0),
        ("hl_pa", &[("alcohol", 1)], 100.0),
        ("%vol", &[("alcohol", 1), ("volume", -1)], 0.01),
        ("%", &[], 0.01),
        ("person", &[("person", 1)], 1.0),
        ("USD", &[("currency", 1)], 1.0),
        ("kg", &[("mass", 1)], 1.0),
        ("proof_gallon", &[("alcohol", 1)], 1.892_705_892),
    ];
    for (id, dimension, factor) in units {
        let dimension = dimension.iter().map(|(name, power)| ((*name).to_owned(), *power)).collect();
        vocabulary.units.define(id, id, &dimension, factor).unwrap();
    }
    let set = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<BTreeSet<_>>();
    vocabulary.code_lists.insert(
        "beverage".to_owned(),
        CodeList {
            codes: set(&["beer", "wine", "spirits", "pisco"]),
            groups: BTreeMap::from([("distilled".to_owned(), set(&["spirits", "pisco"]))]),
            properties: BTreeMap::from([
                (
                    "strength".to_owned(),
                    Property::Number(
                        vocabulary.units.parse("%vol").unwrap(),
                        BTreeMap::from([("pisco".to_owned(), 40.0), ("wine".to_owned(), 12.0)]),
                    ),
                ),
                (
                    "carried".to_owned(),
                    Property::Code(
                        "mode".to_owned(),
                        BTreeMap::from([("pisco".to_owned(), "sea".to_owned())]),
                    ),
                ),
            ]),
        },
    );
    vocabulary.code_lists.insert("mode".to_owned(), CodeList { codes: set(&["sea"]), ..CodeList::default() });
    vocabulary
}

fn fields(vocabulary: &Vocabulary) -> Vec<Field> {
    let number = |unit: &str| Kind::Number(vocabulary.units.parse(unit).unwrap());
    [
        ("x", number("1")),
        ("y", number("1")),
        ("volume", number("l")),
        ("large", number("hl")),
        ("strength", number("%vol")),
        ("alcohol", number("LPA")),
        ("each", number("hl/person")),
        ("share", number("%")),
        ("flag", Kind::Boolean),
        ("other", Kind::Boolean),
        ("name", Kind::Text),
        ("beverage", Kind::Code("beverage".to_owned())),
        ("mode", Kind::Code("mode".to_owned())),
        ("day", Kind::Date),
        ("month", Kind::Period),
    ]
    .into_iter()
    .map(|(name, kind)| Field { name: name.to_owned(), kind, title: None })
    .collect()
}

fn numbers(values: &[Option<f64>]) -> Column {
    Column::of(Values::Number(Float64Array::from(values.to_vec())))
}

fn texts(values: &[Option<&str>]) -> Column {
    Column::of(Values::Text(StringArray::from(values.to_vec())))
}

fn truths(values: &[Option<bool>]) -> Column {
    Column::of(Values::Boolean(BooleanArray::from(values.to_vec())))
}

/// Four rows: ordinary ones and one without values.
fn columns() -> Vec<Column> {
    let written =
        |values: &[Option<f64>], decimals: [i8; 4]| Column { decimals: decimals.to_vec(), ..numbers(values) };
    vec![
        numbers(&[Some(1.0), Some(-2.5), Some(0.0), None]),
        numbers(&[Some(3.0), Some(2.0), Some(0.0), None]),
        written(&[Some(1200.0), Some(500.5), Some(0.0), None], [0, 1, 0, 0]),
        written(&[Some(12.0), Some(5.0), Some(0.0), None], [-1, 0, 0, 0]),
        numbers(&[Some(40.0), Some(5.0), Some(0.0), None]),
        numbers(&[Some(480.0), Some(25.025), Some(0.0), None]),
        numbers(&[Some(1.0), Some(2.0), Some(3.0), None]),
        numbers(&[Some(50.0), Some(5.0), Some(0.0), None]),
        truths(&[Some(true), Some(false), None, None]),
        truths(&[Some(true), Some(true), Some(false), None]),
        texts(&[Some("Pisco Sour"), Some("ä%b_c"), Some(""), None]),
        texts(&[Some("pisco"), Some("beer"), Some("wine"), None]),
        texts(&[Some("sea"), Some("sea"), None, None]),
        Column {
            absences: vec![None, None, Some(Absence::Confidential), None],
            ..Column::of(Values::Date(Date32Array::from(vec![Some(19_782), Some(0), None, None])))
        },
        texts(&[Some("2024-02"), Some("2024"), Some("2016/2018"), None]),
    ]
}

fn with_scope<T>(context: Context, run: impl FnOnce(&Scope<'_>) -> T) -> T {
    let vocabulary = vocabulary();
    let fields = fields(&vocabulary);
    run(&Scope { fields: &fields, vocabulary: &vocabulary, context, table_name: "dataset `seizures`" })
}

/// The values of an expression over the four rows, as messages print them.
fn values(text: &str) -> Vec<String> {
    with_scope(Context::Row, |scope| {
        let template = Template::compile(&format!("{{{text}}}"), scope)
            .unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
        let columns = columns();
        let columns: Vec<&Column> = columns.iter().collect();
        let rendered: Vec<String> = (0..4).map(|row| template.render(&columns, row)).collect();
        // A batch evaluated at once comes to the same as its rows one by one.
        let program = compile(text, scope, None).unwrap();
        let values = program.evaluate(&columns, 4);
        assert_eq!(values.len(), 4, "{text}");
        for (row, rendered) in rendered.iter().enumerate() {
            assert_eq!(values.is_null(row), rendered == "–", "{text}, row {row}");
        }
        let empty: Vec<Column> = columns.iter().map(|column| emptied(column)).collect();
        let empty: Vec<&Column> = empty.iter().collect();
        assert!(program.evaluate(&empty, 0).is_empty(), "{text}");
        rendered
    })
}

fn emptied(column: &Column) -> Column {
    Column::of(match &column.values {
        Values::Boolean(array) => Values::Boolean(array.slice(0, 0)),
        Values::Number(array) => Values::Number(array.slice(0, 0)),
        Values::Text(array) => Values::Text(array.slice(0, 0)),
        Values::Date(array) => Values::Date(array.slice(0, 0)),
    })
}

fn faults(text: &str) -> Vec<Fault> {
    faults_in(&Context::Row, text)
}

fn faults_in(context: &Context, text: &str) -> Vec<Fault> {
    with_scope(context.clone(), |scope| {
        match context {
            Context::Row => compile(text, scope, None).err(),
            Context::Group { .. } => compile_group(text, scope, None).err(),
            Context::Series => compile_series(text, scope, None).err(),
        }
        .unwrap_or_else(|| panic!("{text} has no fault"))
    })
}

/// The one fault of an expression: its kind and the word that it stands under.
fn fault(text: &str) -> (FaultKind, String) {
    let faults = faults(text);
    assert_eq!(faults.len(), 1, "{text}: {faults:?}");
    (faults[0].code, text[faults[0].span.clone()].to_owned())
}

fn kind(text: &str) -> Kind {
    with_scope(Context::Row, |scope| match compile(text, scope, None) {
        Ok(program) => program.kind().clone(),
        Err(faults) => panic!("{text}: {faults:?}"),
    })
}

fn unit(text: &str) -> String {
    match kind(text) {
        Kind::Number(unit) => unit.to_string(),
        other => panic!("{text} is {other:?}"),
    }
}

#[test]
fn every_example_of_the_reference_gives_what_it_says() {
    let example = example();
    let columns: Vec<&Column> = example.columns.iter().collect();
    for (context, entry) in entries() {
        let text = format!("{{{}}}", entry.example);
        let scope = Scope {
            fields: &example.fields,
            vocabulary: &example.vocabulary,
            context: context.clone(),
            table_name: "seizures",
        };
        let fail = |faults: Vec<Fault>| -> String { panic!("{}: {faults:?}", entry.example) };
        let result = match context {
            Context::Row => Template::compile(&text, &scope).map(|template| template.render(&columns, 0)),
            Context::Series => {
                let starts = [true, false, false];
                Template::compile_series(&text, &scope)
                    .map(|template| template.render(&template.holes(&columns, &starts), 1))
            }
            Context::Group { .. } => Template::compile_group(&text, &scope).map(|template| {
                let inputs = template.program().inputs(&columns, 3);
                let mut accumulators = template.program().accumulators();
                (0..3).for_each(|row| accumulators.add(&inputs, row));
                template.render(&[&accumulators], &[]).remove(0)
            }),
        };
        assert_eq!(result.unwrap_or_else(fail), entry.result, "{}", entry.example);
    }
}

#[test]
fn the_reference_lists_every_entry_once() {
    let text = reference();
    let mut seen = BTreeSet::new();
    for (_, entry) in entries() {
        assert!(seen.insert(entry.signature), "{} is listed twice", entry.signature);
        assert!(
            text.contains(&format!("| `{}` |", entry.signature.replace('|', "\\|"))),
            "{}",
            entry.signature
        );
    }
}

#[test]
fn arithmetic_passes_nulls_on_and_never_leaves_the_numbers() {
    assert_eq!(values("x + y"), ["4", "-0.5", "0", "–"]);
    assert_eq!(values("x / y"), ["0.333333333333", "-1.25", "–", "–"]);
    assert_eq!(values("1 / 2"), ["0.5"; 4]);
    assert_eq!(values("1 / 0"), ["–"; 4]);
    assert_eq!(values("1e308 * 10"), ["–"; 4]);
    assert_eq!(values("-x"), ["-1", "2.5", "0", "–"]);
    assert_eq!(values("+x - -x"), ["2", "-5", "0", "–"]);
    assert_eq!(values("x + null"), ["–"; 4]);
    assert_eq!(values("2 + 3 * 4 - (1 - 2)"), ["15"; 4]);
    assert_eq!(values("ln(x)"), ["0", "–", "–", "–"]);
    assert_eq!(values("sqrt(x)"), ["1", "–", "0", "–"]);
    assert_eq!(values("exp(x * 1000)"), ["–", "0", "1", "–"]);
    assert_eq!(values("power(x, 2)"), ["1", "6.25", "0", "–"]);
}

#[test]
fn three_valued_logic_is_that_of_sql() {
    let cases = [("true", Some(true)), ("false", Some(false)), ("null", None)];
    let print = |truth: Option<bool>| truth.map_or("–".to_owned(), |truth| truth.to_string());
    let column = |truth: Option<bool>| truths(&[truth]);
    let vocabulary = vocabulary();
    let fields: Vec<Field> =
        ["a", "b"].map(|name| Field { name: name.to_owned(), kind: Kind::Boolean, title: None }).into();
    let scope = Scope { fields: &fields, vocabulary: &vocabulary, context: Context::Row, table_name: "t" };
    for (one_word, one) in cases {
        for (other_word, other) in cases {
            let both = if one == Some(false) || other == Some(false) {
                Some(false)
            } else {
                one.and(other).and(Some(true))
            };
            let either = if one == Some(true) || other == Some(true) {
                Some(true)
            } else {
                one.and(other).and(Some(false))
            };
            let columns = [column(one), column(other)];
            for (left, right) in [("a", "b"), (one_word, "b"), ("a", other_word), (one_word, other_word)] {
                let text = format!(
                    "{{{left} and {right}}} {{{left} or {right}}} {{not {left}}} {{{left} = {right}}}"
                );
                let template = Template::compile(&text, &scope).unwrap();
                let equal = one.zip(other).map(|(one, other)| one == other);
                let expected = [both, either, one.map(|one| !one), equal].map(print).join(" ");
                assert_eq!(template.render(&[&columns[0], &columns[1]], 0), expected, "{text}");
            }
        }
        let template = Template::compile(
            "{a is true} {a is not true} {a is false} {a is not false} {a is null}",
            &scope,
        )
        .unwrap();
        let expected =
            [one == Some(true), one != Some(true), one == Some(false), one != Some(false), one.is_none()];
        let own = column(one);
        assert_eq!(template.render(&[&own, &own], 0), expected.map(|truth| truth.to_string()).join(" "));
    }
}

#[test]
fn choices_pick_the_first_that_holds() {
    assert_eq!(
        values("case when x > 0 then 'up' when x < 0 then 'down' else 'level' end"),
        ["up", "down", "level", "level"]
    );
    assert_eq!(values("case when x > 0 then 'up' end"), ["up", "–", "–", "–"]);
    assert_eq!(values("case beverage when 'beer' then 1 when 'wine' then 2 end"), ["–", "1", "2", "–"]);
    assert_eq!(values("case x when null then 1 else 2 end"), ["2"; 4]);
    assert_eq!(values("coalesce(x, 7)"), ["1", "-2.5", "0", "7"]);
    assert_eq!(values("coalesce(name, beverage, 'none')"), ["Pisco Sour", "ä%b_c", "", "none"]);
    assert_eq!(
        values("coalesce(day, date '2024-01-31')"),
        ["2024-02-29", "1970-01-01", "2024-01-31", "2024-01-31"]
    );
    assert_eq!(values("nullif(x, 0)"), ["1", "-2.5", "–", "–"]);
    assert_eq!(values("least(x, y, 0.5)"), ["0.5", "-2.5", "0", "–"]);
    assert_eq!(values("max(x, y)"), ["3", "2", "0", "–"]);
    assert_eq!(values("min(name, 'Q')"), ["Pisco Sour", "Q", "", "–"]);
    assert_eq!(values("greatest(day, date '2000-01-01')"), ["2024-02-29", "2000-01-01", "–", "–"]);
}

#[test]
fn membership_and_ranges_know_null() {
    assert_eq!(values("x in (1, 0)"), ["true", "false", "true", "–"]);
    assert_eq!(values("x not in (1, 0)"), ["false", "true", "false", "–"]);
    assert_eq!(values("x in (1, null)"), ["true", "–", "–", "–"]);
    assert_eq!(values("x in (y, 1)"), ["true", "false", "true", "–"]);
    assert_eq!(values("beverage in ('beer', 'wine')"), ["false", "true", "true", "–"]);
    assert_eq!(values("day in ('1970-01-01')"), ["false", "true", "–", "–"]);
    assert_eq!(values("x between -3 and 0"), ["false", "true", "true", "–"]);
    assert_eq!(values("x not between 0 and y"), ["false", "true", "false", "–"]);
    assert_eq!(values("in_group(beverage, 'distilled')"), ["true", "false", "false", "–"]);
    assert_eq!(values("property(beverage, 'strength')"), ["40", "–", "12", "–"]);
    assert_eq!(values("property(beverage, 'carried')"), ["sea", "–", "–", "–"]);
    assert_eq!(
        values("to_unit(volume * property(beverage, 'strength'), 'LPA') > 0"),
        ["true", "–", "false", "–"]
    );
    assert_eq!(values("is_code(lower(name), 'beverage')"), ["false", "false", "false", "–"]);
    assert_eq!(values("x between null and 0"), ["false", "–", "–", "–"]);
}

#[test]
fn texts_are_characters() {
    assert_eq!(values("length(name)"), ["10", "5", "0", "–"]);
    assert_eq!(values("upper(name) || '!'"), ["PISCO SOUR!", "Ä%B_C!", "!", "–"]);
    assert_eq!(values("substr(name, 1, 2)"), ["Pi", "ä%", "", "–"]);
    assert_eq!(values("substr(name, 3)"), ["sco Sour", "b_c", "", "–"]);
    assert_eq!(values("substr(name, 0, 2)"), ["P", "ä", "", "–"]);
    assert_eq!(values("name like 'P%r'"), ["true", "false", "false", "–"]);
    assert_eq!(values("name like 'p%'"), ["false", "false", "false", "–"]);
    assert_eq!(values("name like '__b%'"), ["false", "true", "false", "–"]);
    assert_eq!(values("name not like '%'"), ["false", "false", "false", "–"]);
    assert_eq!(values("name like '_!%b!_c' escape '!'"), ["false", "true", "false", "–"]);
    assert_eq!(values("name like '%o%o%'"), ["true", "false", "false", "–"]);
    assert_eq!(values("starts_with(name, 'Pisco')"), ["true", "false", "false", "–"]);
    assert_eq!(values("trim('  a ') = 'a'"), ["true"; 4]);
}

#[test]
fn dates_and_periods_are_counted() {
    assert_eq!(values("year(day)"), ["2024", "1970", "–", "–"]);
    assert_eq!(values("month(day)"), ["2", "1", "–", "–"]);
    assert_eq!(values("quarter(day)"), ["1", "1", "–", "–"]);
    assert_eq!(values("days(day, '2024-02-28')"), ["1", "-19781", "–", "–"]);
    assert_eq!(values("day > '2000-01-01'"), ["true", "false", "–", "–"]);
    assert_eq!(values("day = date '2024-02-29'"), ["true", "false", "–", "–"]);
    assert_eq!(values("year(month)"), ["2024", "2024", "–", "–"]);
    assert_eq!(values("quarter(month)"), ["1", "–", "–", "–"]);
    assert_eq!(values("month(month)"), ["2", "–", "–", "–"]);
    assert_eq!(values("months(month, '2022-12')"), ["14", "–", "–", "–"]);
    assert_eq!(values("month = '2016/2018'"), ["false", "false", "true", "–"]);
    assert_eq!(values("days('2024-03-01', '1600-02-29')"), ["154864"; 4]);
    assert_eq!(values("absence(day)"), ["–", "–", "confidential", "–"]);
}

#[test]
fn rounding_is_half_a_unit_of_the_last_digit_written() {
    assert_eq!(values("round(rounding(volume), 9)"), ["0.5", "0.05", "0.5", "0"]);
    assert_eq!(values("round(rounding(large), 9)"), ["5", "0.5", "0.5", "0"]);
    assert_eq!(values("rounding(x)"), ["8.881784197e-16", "2.22044604925e-15", "0", "0"]);
    // Three parts that were rounded to whole numbers miss their rounded total by up to (3 + 1) / 2.
    let fields: Vec<Field> = ["a", "b", "c", "total"]
        .map(|name| Field { name: name.to_owned(), kind: Kind::Number(Unit::one()), title: None })
        .into();
    let vocabulary = vocabulary();
    let scope = Scope { fields: &fields, vocabulary: &vocabulary, context: Context::Row, table_name: "t" };
    let check = "abs(a + b + c - total) <= rounding(a, b, c, total)";
    let program = compile(check, &scope, Some(&Expected::Boolean)).unwrap();
    let columns = [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [5.0, 6.0]]
        .map(|values| Column { decimals: vec![0, 0], ..numbers(&values.map(Some)) });
    let Values::Boolean(passes) = program.evaluate(&columns.each_ref(), 2) else {
        panic!("a check is a truth")
    };
    assert_eq!((passes.value(0), passes.value(1)), (true, false));
}

#[test]
fn units_follow_from_formulas() {
    assert_eq!(unit("volume + 1"), "l");
    assert_eq!(unit("volume * strength / 100"), "%vol*l");
    assert_eq!(unit("to_unit(volume * strength, 'LPA')"), "LPA");
    assert_eq!(unit("alcohol / volume"), "LPA/l");
    assert_eq!(unit("volume / volume"), "1");
    assert_eq!(unit("1 / each"), "person/hl");
    assert_eq!(unit("sqrt(volume * volume)"), "l");
    assert_eq!(unit("power(volume, 2) / volume"), "l");
    assert_eq!(unit("coalesce(null, volume, 0)"), "l");
    assert_eq!(unit("case when flag then volume else 0 end"), "l");
    assert_eq!(unit("length(name)"), "1");
    assert_eq!(unit("2 * 3"), "1");
    assert_eq!(values("to_unit(volume * strength, 'LPA') = alcohol"), ["true", "true", "true", "–"]);
    assert_eq!(values("to_unit(large, 'l')"), ["1200", "500", "0", "–"]);
    assert_eq!(values("to_unit(volume, 'hl')"), ["12", "5.005", "0", "–"]);
    assert_eq!(values("to_unit(large, 'ml')"), ["1200000", "500000", "0", "–"]);
    assert_eq!(values("to_unit(share, '1')"), ["0.5", "0.05", "0", "–"]);
    assert_eq!(values("to_unit(5, 'hl') < large"), ["true", "false", "false", "–"]);
}

#[test]
fn units_are_parsed_printed_and_compared() {
    let units = vocabulary().units;
    let print = |text: &str| units.parse(text).unwrap().to_string();
    assert_eq!(print(" LPA / person "), "LPA/person");
    assert_eq!(print("l*%vol"), "%vol*l");
    assert_eq!(print("1/person"), "1/person");
    assert_eq!(print("l^2/l"), "l");
    assert_eq!(print("l/l"), "1");
    assert_eq!(print("USD/l/person^2"), "USD/l/person^2");
    assert!(units.parse("l").unwrap().same_as(&units.parse("litre").unwrap()));
    assert!(units.parse("hl*%vol").unwrap().same_as(&units.parse("LPA").unwrap()), "exactly 100 * 0.01");
    assert!(!units.parse("l").unwrap().same_as(&units.parse("LPA").unwrap()));
    assert_eq!(units.parse("litr").unwrap_err(), "unknown unit `litr`; did you mean `litre`?");
    assert_eq!(
        units.parse("l/hl").unwrap_err(),
        "unit `l/hl` mixes `l` and `hl`, which measure the same: use one of them"
    );
    assert_eq!(
        units.parse("l^x").unwrap_err(),
        "the power `x` in unit `l^x` is not a whole number from -9 to 9"
    );
    assert_eq!(units.parse("l*").unwrap_err(), "unit `l*` lacks a name where one should stand");
    assert_eq!(units.parse("person*l/%vol").unwrap().dimension_text(), "person*volume^2/alcohol");
    let mut units = Units::default();
    assert!(units.define("x", "x", &BTreeMap::new(), 0.0).is_err());
    assert!(units.define("x", "x", &BTreeMap::new(), 1.0).is_ok());
    assert!(units.define("x", "x", &BTreeMap::new(), 1.0).is_err());
}

#[test]
fn unlike_units_are_named_with_what_to_do() {
    let only = |text: &str| {
        let mut faults = faults(text);
        assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        let fault = faults.remove(0);
        assert_eq!(fault.code, FaultKind::UnlikeUnits, "{text}");
        (text[fault.span].to_owned(), fault.message, fault.help.unwrap_or_default())
    };
    let of = |span: &str, message: &str, help: &str| (span.to_owned(), message.to_owned(), help.to_owned());
    assert_eq!(
        only("x = 1 and volume + large > 0"),
        of("volume + large", "cannot add l and hl", "convert one with to_unit(x, 'l')")
    );
    assert_eq!(
        only("alcohol <= volume"),
        of("alcohol <= volume", "cannot compare LPA and l", "LPA measures alcohol, l measures volume")
    );
    assert_eq!(
        only("volume / each"),
        of(
            "volume / each",
            "l divided by hl/person: l and hl measure the same in different sizes",
            "convert one with to_unit(x, 'l')"
        )
    );
    assert_eq!(
        only("abs(alcohol - volume * strength)"),
        of(
            "alcohol - volume * strength",
            "cannot subtract LPA and %vol*l",
            "convert one with to_unit(x, 'LPA')"
        )
    );
    assert_eq!(only("volume in (1, large)").0, "large");
    assert_eq!(only("volume between 0 and large").0, "large");
    assert_eq!(only("case when flag then volume else large end").0, "large");
    assert_eq!(only("coalesce(volume, large)").1, "cannot choose between l and hl");
    assert_eq!(only("ln(volume)").2, "divide it by an amount that also measures volume");
    assert_eq!(only("exp(share)").2, "convert it with to_unit(x, '1')");
    assert_eq!(only("sqrt(volume)").0, "volume");
    assert_eq!(only("x + volume").2, "1 has no dimension, l measures volume");
    assert_eq!(only("rounding(volume, large)").0, "large");
    assert_eq!(only("to_unit(volume, 'LPA')").1, "cannot convert between l and LPA");
}

#[test]
fn each_kind_of_fault_stands_under_its_word() {
    use FaultKind as F;
    let cases = [
        ("volum > 1", F::UnknownColumn, "volum"),
        ("x > 1 and\n  strenght < 3", F::UnknownColumn, "strenght"),
        ("'ä' = name or nme = 'ä'", F::UnknownColumn, "nme"),
        ("rond(x)", F::UnknownFunction, "rond"),
        ("x + now()", F::UnknownFunction, "now"),
        ("to_unit(volume, 'litr')", F::UnknownUnit, "'litr'"),
        ("beverage = 'wein'", F::UnknownCode, "'wein'"),
        ("beverage in ('beer', 'vine')", F::UnknownCode, "'vine'"),
        ("case beverage when 'bier' then 1 end", F::UnknownCode, "'bier'"),
        ("in_group(beverage, 'distiled')", F::UnknownGroup, "'distiled'"),
        ("is_code(name, 'beverag')", F::UnknownCodeList, "'beverag'"),
        ("x + name", F::IllTyped, "name"),
        ("x and flag", F::IllTyped, "x"),
        ("not x", F::IllTyped, "x"),
        ("x = name", F::IllTyped, "x = name"),
        ("x = 'a'", F::IllTyped, "x = 'a'"),
        ("1 = 'a'", F::IllTyped, "1 = 'a'"),
        ("flag < other", F::IllTyped, "flag < other"),
        ("beverage = mode", F::IllTyped, "beverage = mode"),
        ("day - 1 > day", F::IllTyped, "day"),
        ("day = month", F::IllTyped, "day = month"),
        ("name like beverage", F::IllTyped, "beverage"),
        ("name like 'a' escape 'bc'", F::IllTyped, "'bc'"),
        ("absence(x + 1) is null", F::IllTyped, "x + 1"),
        ("rounding(x + 1)", F::IllTyped, "x + 1"),
        ("in_group(name, 'distilled')", F::IllTyped, "name"),
        ("(x is null) + 1", F::IllTyped, "(x is null)"),
        ("case when x then 1 end", F::IllTyped, "x"),
        ("year(x)", F::IllTyped, "x"),
        ("day > '2024-02-30'", F::BadLiteral, "'2024-02-30'"),
        ("day > date '2024-2-1'", F::BadLiteral, "'2024-2-1'"),
        ("month = '2024-13'", F::BadLiteral, "'2024-13'"),
        ("name like 'a!' escape '!'", F::BadLiteral, "'a!'"),
        ("abs(x, y)", F::WrongArguments, "abs"),
        ("least(x)", F::WrongArguments, "least"),
        ("abs(*)", F::WrongArguments, "abs(*)"),
        ("sum(x) > 1", F::WrongContext, "sum"),
        ("lag(x) > 1", F::WrongContext, "lag"),
        ("abs(x) filter (where flag) > 1", F::WrongContext, "abs(x) filter (where flag)"),
        ("x > 1 )", F::Syntax, ")"),
        ("x y", F::Syntax, "y"),
        ("x + and", F::Syntax, "and"),
        ("x +", F::Syntax, ""),
        ("(x + 1", F::Syntax, ""),
        ("case when x > 1 then 2", F::Syntax, ""),
        ("select 1", F::Syntax, "select"),
        ("name = 'abc", F::Syntax, "'abc"),
        ("", F::Syntax, ""),
    ];
    for (text, code, word) in cases {
        assert_eq!(fault(text), (code, word.to_owned()), "{text}");
    }
}

#[test]
fn what_is_sql_but_not_the_language_is_named() {
    let cases = [
        "cast(x as integer) > 1",
        "x::integer > 1",
        "x in (select 1)",
        "exists (select 1)",
        "(select 1)",
        "sum(x) over (partition by y) > 1",
        "count(distinct x)",
        "seizures.x > 1",
        "extract(year from day) = 2024",
        "interval '1' day",
        "name ilike 'a'",
        "name similar to 'a'",
        "x % 2 = 0",
        "x & 1 = 0",
        "x is distinct from y",
        "(x, y) = (1, 2)",
        "name = N'a'",
        "name = X'41'",
        "timestamp '2024-01-01 00:00:00' > day",
        "x > ? ",
        "x > $1",
        "x -- comment",
        "name collate nocase = 'a'",
        "x is unknown",
        "flag xor other",
        "x = any (y)",
        "position('a' in name)",
        "abs(x => 1)",
    ];
    for text in cases {
        let faults = faults(text);
        assert!(
            faults.iter().any(|fault| matches!(fault.code, FaultKind::NotInTheLanguage)),
            "{text}: {faults:?}"
        );
    }
}

#[test]
fn all_faults_are_reported_and_none_follows_from_another() {
    let text = "volum + strength > 1 and beverage = 'bear' and year(x) = 2024";
    let places: Vec<(FaultKind, &str)> =
        faults(text).iter().map(|fault| (fault.code, &text[fault.span.clone()])).collect();
    assert_eq!(
        places,
        [(FaultKind::UnknownColumn, "volum"), (FaultKind::UnknownCode, "'bear'"), (FaultKind::IllTyped, "x")]
    );
    assert_eq!(fault("abs(volum) + large < volume * 3 and not flag").0, FaultKind::UnknownColumn);
}

#[test]
fn unknown_words_are_answered_with_the_nearest() {
    let help = |text: &str| faults(text)[0].help.clone().unwrap();
    assert_eq!(help("volum > 1"), "did you mean `volume`?");
    assert_eq!(help("STRENGTH > 1"), "did you mean `strength`?");
    assert_eq!(help("beverage = 'bear'"), "did you mean `beer`?");
    assert_eq!(help("beverage = 'kvass'"), "its codes are: beer, pisco, spirits, wine");
    assert_eq!(help("rond(x)"), "did you mean `round`?");
    assert_eq!(help("name = \"beer\""), "a text stands in single quotes: 'beer'");
    assert_eq!(help("avrage(x) = 1"), "functions are: abs, round, floor, ceil, sqrt, ln, exp, power, ...");
}

#[test]
fn what_has_no_meaning_where_it_stands_is_told_where_it_has() {
    let only = |context: &Context, text: &str| {
        let faults = faults_in(context, text);
        assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        (text[faults[0].span.clone()].to_owned(), faults[0].help.clone().unwrap_or_default())
    };
    let row = |text: &str| only(&Context::Row, text).1;
    assert_eq!(
        row("sum(x) > 1"),
        "give the rule a `by`, so that it is about groups; one over indicators needs an `order`"
    );
    assert_eq!(
        row("max(x) > 1"),
        "of several values in one row it is max(x, y); else give the rule a `by`, so that it is about groups; one over indicators needs an `order`"
    );
    assert_eq!(row("lag(x) > 1"), "give the rule an `order`");
    let or = "write `or` between conditions; `||` joins texts";
    for (text, word) in [("x = 0 || y = 0", "0"), ("flag || other", "flag"), ("x > 0 || name = 'a'", "0")] {
        assert_eq!(only(&Context::Row, text), (word.to_owned(), or.to_owned()), "{text}");
    }
    assert_eq!(fault("volum || name").0, FaultKind::UnknownColumn);
}

#[test]
fn messages_quote_the_words_of_a_standard_as_all_others_do() {
    let message = |text: &str| faults(text)[0].message.clone();
    assert_eq!(message("volum > 1"), "dataset `seizures` has no column `volum`");
    assert_eq!(message("beverage = 'wein'"), "code list `beverage` has no code `wein`");
    assert_eq!(message("x and flag"), "`and` takes true or false, but this is a number");
    assert_eq!(message("day > '2024-02-30'"), "'2024-02-30' is not a date");
    assert_eq!(message("name 'a'"), "`'a'` does not continue the expression");
}

#[test]
fn the_result_is_what_its_place_expects() {
    with_scope(Context::Row, |scope| {
        let unit = |text: &str| Expected::Kind(Kind::Number(scope.vocabulary.units.parse(text).unwrap()));
        let code = |text: &str, expected: &Expected| {
            compile(text, scope, Some(expected)).err().map(|faults| faults[0].code)
        };
        assert_eq!(code("x > 1", &Expected::Boolean), None);
        assert_eq!(code("null", &Expected::Boolean), None);
        assert_eq!(code("x", &Expected::Boolean), Some(FaultKind::IllTyped));
        assert_eq!(code("volume", &Expected::Number), None);
        assert_eq!(code("flag", &Expected::Number), Some(FaultKind::IllTyped));
        assert_eq!(code("alcohol", &unit("LPA")), None);
        assert_eq!(code("0", &unit("LPA")), None);
        assert_eq!(code("volume * strength", &unit("LPA")), Some(FaultKind::UnlikeUnits));
        assert_eq!(code("volume", &unit("litre")), None);
        assert_eq!(code("beverage", &Expected::Kind(Kind::Text)), None);
        assert_eq!(code("name", &Expected::Kind(Kind::Date)), Some(FaultKind::IllTyped));
        let program = compile("null", scope, Some(&unit("LPA"))).unwrap();
        assert!(matches!(program.evaluate(&[], 3), Values::Number(array) if array.null_count() == 3));
    });
}

#[test]
fn programs_say_which_columns_they_read() {
    with_scope(Context::Row, |scope| {
        let program =
            compile("y > 1 and (x < y or absence(day) is null) and rounding(volume) > 0", scope, None)
                .unwrap();
        assert_eq!(program.columns(), [0, 1, 2, 13]);
    });
    with_scope(Context::Group { keys: vec![11, 10] }, |scope| {
        let program = compile_group("sum(x) filter (where flag) > 1 and name = 'a'", scope, None).unwrap();
        assert_eq!(program.columns(), [0, 8, 10]);
        assert_eq!(program.keys(), [11, 10]);
    });
    with_scope(Context::Series, |scope| {
        let program = compile_series("lag(x) + y", scope, None).unwrap();
        assert_eq!(program.columns(), [0, 1]);
    });
}

/// The rows of two groups, with nulls.
fn grouped() -> (Vec<Column>, Vec<usize>) {
    let mut columns: Vec<Column> = columns().iter().map(emptied).collect();
    let rows = 7;
    columns[0] = numbers(&[Some(1e16), Some(1.0), None, Some(2.5), Some(-1e16), Some(1.0), Some(4.0)]);
    columns[2] = numbers(&[Some(1.0), None, None, None, None, Some(2.0), Some(3.0)]);
    columns[8] = truths(&[Some(true), Some(true), Some(false), None, Some(true), Some(true), Some(false)]);
    columns[10] = texts(&[Some("b"), Some("a"), Some("c"), None, Some("d"), None, Some("x")]);
    columns[13] = Column::of(Values::Date(Date32Array::from(vec![
        Some(5),
        Some(3),
        None,
        Some(9),
        Some(4),
        None,
        None,
    ])));
    (columns, (0..rows).map(|row| usize::from(row == 3 || row == 6)).collect())
}

/// The results of both groups, and of a third one without rows, from batches of some size whose parts are merged.
fn group_results(text: &str, size: usize) -> Vec<String> {
    with_scope(Context::Group { keys: vec![11] }, |scope| {
        let template = Template::compile_group(&format!("{{{text}}}"), scope)
            .unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
        let program = template.program();
        let (columns, groups) = grouped();
        let mut totals: Vec<Accumulators> = (0..3).map(|_| program.accumulators()).collect();
        for start in (0..groups.len()).step_by(size) {
            let rows = start..(start + size).min(groups.len());
            let batch: Vec<Column> = columns.iter().map(|column| sliced(column, &rows)).collect();
            let batch: Vec<&Column> = batch.iter().collect();
            let inputs = program.inputs(&batch, rows.len());
            let mut parts: Vec<Accumulators> = (0..3).map(|_| program.accumulators()).collect();
            for (row, group) in groups[rows].iter().enumerate() {
                parts[*group].add(&inputs, row);
            }
            for (total, part) in totals.iter_mut().zip(&parts) {
                total.merge(part);
            }
        }
        let keys = [texts(&[Some("beer"), Some("wine"), None])];
        template.render(&totals.iter().collect::<Vec<_>>(), &keys)
    })
}

fn sliced(column: &Column, rows: &Range<usize>) -> Column {
    if column.values.is_empty() {
        return column.clone();
    }
    Column::of(match &column.values {
        Values::Boolean(array) => Values::Boolean(array.slice(rows.start, rows.len())),
        Values::Number(array) => Values::Number(array.slice(rows.start, rows.len())),
        Values::Text(array) => Values::Text(array.slice(rows.start, rows.len())),
        Values::Date(array) => Values::Date(array.slice(rows.start, rows.len())),
    })
}

#[test]
fn groups_come_to_the_same_in_parts_of_any_size() {
    let cases: [(&str, [&str; 3]); 20] = [
        // 1 and 1 would be lost beside 1e16 without compensation.
        ("sum(x)", ["2", "6.5", "–"]),
        ("sum(x) filter (where flag)", ["2", "–", "–"]),
        ("sum(x) filter (where x < 10)", ["-1e16", "6.5", "–"]),
        ("count(*)", ["5", "2", "0"]),
        ("count(x)", ["4", "2", "0"]),
        ("count(*) filter (where flag is null)", ["0", "1", "0"]),
        ("min(x)", ["-1e16", "2.5", "–"]),
        ("max(x)", ["1e16", "4", "–"]),
        ("mean(x)", ["0.5", "3.25", "–"]),
        ("avg(x)", ["0.5", "3.25", "–"]),
        ("min(name)", ["a", "x", "–"]),
        ("max(name)", ["d", "x", "–"]),
        ("max(day)", ["1970-01-06", "1970-01-10", "–"]),
        ("only(volume)", ["–", "3", "–"]),
        ("only(name) filter (where x = 1)", ["a", "–", "–"]),
        ("only(flag)", ["–", "false", "–"]),
        ("sum(x) / count(x) = mean(x)", ["true", "true", "–"]),
        ("case when beverage = 'beer' then sum(volume) else count(*) * to_unit(2, 'l') end", ["3", "4", "0"]),
        ("coalesce(sum(x), 0) + 1", ["3", "7.5", "1"]),
        ("round(sum(rounding(volume)), 6)", ["0", "0", "–"]),
    ];
    for (text, expected) in cases {
        for size in [1, 2, 3, 7] {
            assert_eq!(group_results(text, size), expected, "{text} in parts of {size}");
        }
    }
}

#[test]
fn groups_have_faults_of_their_own() {
    let context = Context::Group { keys: vec![11] };
    let only = |text: &str| {
        let faults = faults_in(&context, text);
        assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        (faults[0].code, text[faults[0].span.clone()].to_owned(), faults[0].help.clone().unwrap_or_default())
    };
    assert_eq!(
        only("volume > sum(volume)"),
        (
            FaultKind::WrongContext,
            "volume".to_owned(),
            "group by it, or take sum(volume), min(volume), max(volume) or only(volume)".to_owned()
        )
    );
    assert_eq!(only("day is null").2, "group by it, or take min(day), max(day) or only(day)");
    assert_eq!(only("flag").2, "group by it, or take only(flag)");
    assert_eq!(only("lag(x) > 1").2, "give the rule an `order`");
    assert_eq!(only("mean(sum(x))").1, "sum");
    assert_eq!(only("sum(lag(x))").1, "lag");
    assert_eq!(only("sum(name)").0, FaultKind::IllTyped);
    assert_eq!(only("min(flag)").0, FaultKind::IllTyped);
    assert_eq!(only("sum(x) filter (where x)").1, "x");
    assert_eq!(only("sum(*)").0, FaultKind::WrongArguments);
    assert_eq!(only("sum()").0, FaultKind::WrongArguments);
    assert_eq!(only("sum(x) + sum(volume)").0, FaultKind::UnlikeUnits);
    assert_eq!(only("lag(sum(x))").1, "lag");
    assert_eq!(only("rounding(sum(x))").1, "sum(x)");
}

#[test]
fn lag_looks_at_the_row_before_in_its_group() {
    with_scope(Context::Series, |scope| {
        let mut columns: Vec<Column> = columns().iter().map(emptied).collect();
        columns[0] = numbers(&[Some(1.0), Some(2.0), None, Some(4.0), Some(8.0)]);
        columns[10] = texts(&[Some("a"), Some("b"), Some("c"), Some("d"), None]);
        columns[8] = truths(&[Some(true), None, None, Some(false), None]);
        columns[13] = Column::of(Values::Date(Date32Array::from(vec![0, 1, 2, 3, 4])));
        let columns: Vec<&Column> = columns.iter().collect();
        let starts = [true, false, false, true, false];
        let cases = [
            ("x - lag(x)", ["–", "1", "–", "–", "4"]),
            ("lag(x * 2)", ["–", "2", "4", "–", "8"]),
            ("coalesce(lag(name), 'none')", ["none", "a", "b", "none", "d"]),
            ("lag(flag)", ["–", "true", "–", "–", "false"]),
            ("days(day, lag(day))", ["–", "1", "1", "–", "1"]),
            ("lag(1)", ["–", "1", "1", "–", "1"]),
            ("x > 1", ["false", "true", "–", "true", "true"]),
        ];
        for (text, expected) in cases {
            let template = Template::compile_series(&format!("{{{text}}}"), scope).unwrap();
            let rendered: Vec<String> =
                (0..5).map(|row| template.render(&template.holes(&columns, &starts), row)).collect();
            assert_eq!(rendered, expected, "{text}");
            let values = compile_series(text, scope, None).unwrap().evaluate(&columns, 5, &starts);
            let nulls: Vec<bool> = (0..5).map(|row| values.is_null(row)).collect();
            assert_eq!(nulls, expected.map(|value| value == "–"), "{text}");
        }
    });
    let codes =
        |text: &str| faults_in(&Context::Series, text).iter().map(|fault| fault.code).collect::<Vec<_>>();
    assert_eq!(codes("lag(lag(x))"), [FaultKind::WrongContext]);
    assert_eq!(codes("sum(lag(x))"), [FaultKind::WrongContext]);
    assert_eq!(codes("median(name)"), [FaultKind::IllTyped]);
    assert_eq!(codes("lag(volume) + lag(large)"), [FaultKind::UnlikeUnits]);
    assert_eq!(codes("lag(x, 2)"), [FaultKind::WrongArguments]);
    assert_eq!(codes("lag(volum)"), [FaultKind::UnknownColumn]);
}

#[test]
fn aggregates_stand_beside_the_rows_of_a_series() {
    with_scope(Context::Series, |scope| {
        let mut columns: Vec<Column> = columns().iter().map(emptied).collect();
        columns[0] = numbers(&[Some(1.0), Some(2.0), Some(30.0), None, Some(4.0), Some(8.0)]);
        let columns: Vec<&Column> = columns.iter().collect();
        let starts = [true, false, false, false, true, false];
        let cases = [
            ("median(x)", ["2", "2", "2", "2", "6", "6"]),
            ("mad(x)", ["1", "1", "1", "1", "2", "2"]),
            ("x / median(x)", ["0.5", "1", "15", "–", "0.666666666667", "1.33333333333"]),
            ("count(x) filter (where x > 1)", ["2", "2", "2", "2", "2", "2"]),
            ("x - lag(x) > mean(x)", ["–", "false", "true", "–", "–", "false"]),
            ("sum(x) filter (where x > 10)", ["30", "30", "30", "30", "–", "–"]),
        ];
        for (text, expected) in cases {
            let template = Template::compile_series(&format!("{{{text}}}"), scope).unwrap();
            let rendered: Vec<String> =
                (0..6).map(|row| template.render(&template.holes(&columns, &starts), row)).collect();
            assert_eq!(rendered, expected, "{text}");
            let values = compile_series(text, scope, None).unwrap().evaluate(&columns, 6, &starts);
            let nulls: Vec<bool> = (0..6).map(|row| values.is_null(row)).collect();
            assert_eq!(nulls, expected.map(|value| value == "–"), "{text}");
        }
    });
}

#[test]
fn messages_hold_expressions() {
    with_scope(Context::Row, |scope| {
        let columns = columns();
        let columns: Vec<&Column> = columns.iter().collect();
        let text =
            "pure alcohol {alcohol} l, but {to_unit(volume * strength, 'LPA')} l {{sic}} of {name || '}'}";
        let template = Template::compile(text, scope).unwrap();
        assert_eq!(template.render(&columns, 0), "pure alcohol 480 l, but 480 l {sic} of Pisco Sour}");
        assert_eq!(template.render(&columns, 3), "pure alcohol – l, but – l {sic} of –");
        assert_eq!(template.columns(), [2, 4, 5, 10]);

        let text = "größer: {volum} und {x + name}";
        let faults = Template::compile(text, scope).unwrap_err();
        let words: Vec<&str> = faults.iter().map(|fault| &text[fault.span.clone()]).collect();
        assert_eq!(words, ["volum", "name"]);
        for (text, word) in [("a {x", "{x"), ("a } b", "}"), ("a {} b", "")] {
            let faults = Template::compile(text, scope).unwrap_err();
            assert_eq!((faults.len(), &text[faults[0].span.clone()]), (1, word), "{text}");
        }
    });
}

#[test]
fn numbers_print_as_people_write_them() {
    let print = |text: &str| values(text).remove(0);
    assert_eq!(print("0.1 + 0.2"), "0.3");
    assert_eq!(print("1 / 3"), "0.333333333333");
    assert_eq!(print("123456789012"), "123456789012");
    assert_eq!(print("1e15"), "1000000000000000");
    assert_eq!(print("1e21"), "1e21");
    assert_eq!(print("0.000001"), "0.000001");
    assert_eq!(print("1e-9"), "1e-9");
    assert_eq!(print("0 * -1"), "0");
    assert_eq!(print("1 = 1"), "true");
}

#[test]
fn programs_cross_threads() {
    fn crosses<T: Send + Sync + Clone + std::fmt::Debug>() {}
    crosses::<sikes::expression::Program>();
    crosses::<sikes::expression::GroupProgram>();
    crosses::<sikes::expression::SeriesProgram>();
    crosses::<sikes::expression::Inputs>();
    crosses::<Accumulators>();
}

#[test]
fn grouping_keys_are_named_after_what_they_are() {
    assert_eq!(name_of("beverage").unwrap(), "beverage");
    assert_eq!(name_of("YEAR(month)").unwrap(), "year");
    assert_eq!(name_of("x + 1").unwrap_err().code, FaultKind::IllTyped);
    assert_eq!(name_of("x +").unwrap_err().code, FaultKind::Syntax);
}

#[test]
fn long_and_deep_texts_are_refused_or_read_but_never_overflow() {
    let chain = vec!["x"; 750].join("+");
    assert_eq!(values(&chain)[0], "750");
    assert_eq!(fault(&vec!["x"; 4_999].join("+")).0, FaultKind::Syntax);
    assert_eq!(fault(&"x".repeat(10_001)).0, FaultKind::Syntax);
    assert_eq!(fault(&format!("{}x{}", "(".repeat(3000), ")".repeat(3000))).0, FaultKind::Syntax);
    assert_eq!(fault(&format!("{}x", "not ".repeat(2000))).0, FaultKind::Syntax);
    assert_eq!(fault(&format!("x{}", " is null".repeat(700))).0, FaultKind::Syntax);
    assert_eq!(fault(&format!("x{}", "::int".repeat(700))).0, FaultKind::NotInTheLanguage);
    assert_eq!(fault(&format!("{}x{}", "abs(".repeat(45), ")".repeat(44))).0, FaultKind::Syntax);
    let deep = format!("{}x{}", "abs(".repeat(20), ")".repeat(20));
    assert_eq!(values(&deep)[1], "2.5");
}

const WORDS: [&str; 60] = [
    "x",
    "volume",
    "name",
    "beverage",
    "day",
    "flag",
    "1",
    "0.5",
    "'a'",
    "'beer'",
    "null",
    "true",
    "date '2024-01-31'",
    "+",
    "-",
    "*",
    "/",
    "=",
    "<>",
    "<",
    "||",
    "(",
    ")",
    "(",
    ")",
    ",",
    "and",
    "or",
    "not",
    "is",
    "null",
    "in",
    "between",
    "like",
    "escape",
    "case",
    "when",
    "then",
    "else",
    "end",
    "abs",
    "round",
    "sum",
    "lag",
    "count(*)",
    "filter",
    "where",
    "select",
    "cast",
    "interval",
    "exists",
    "[",
    "]",
    "::",
    "over",
    "as",
    "distinct",
    "ä",
    "\n",
    "trim",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_compiler_panic(text in "\\PC{0,60}") {
        compiles_without_panic(&text);
    }

    #[test]
    fn no_row_of_words_makes_the_compiler_panic(words in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..30)) {
        compiles_without_panic(&words.join(" "));
    }
}

/// Compiles and runs in every context; spans must lie in the text and between its characters.
fn compiles_without_panic(text: &str) {
    let all = columns();
    let all: Vec<&Column> = all.iter().collect();
    for context in [Context::Row, Context::Group { keys: vec![11] }, Context::Series] {
        with_scope(context.clone(), |scope| {
            let faults = match context {
                Context::Row => {
                    compile(text, scope, None).map(|program| drop(program.evaluate(&all, 4))).err()
                }
                Context::Group { .. } => {
                    compile_group(text, scope, None).map(|program| drop(program.inputs(&all, 4))).err()
                }
                Context::Series => compile_series(text, scope, None)
                    .map(|program| drop(program.evaluate(&all, 4, &[true, false, true, false])))
                    .err(),
            };
            for fault in faults.into_iter().flatten() {
                assert!(text.get(fault.span.clone()).is_some(), "{text:?}: {fault:?}");
            }
        });
    }
    let _ = with_scope(Context::Row, |scope| Template::compile(text, scope));
}
