//! The language described: every operator and function with an example that a test runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use arrow_array::{Date32Array, Float64Array, StringArray};

use crate::table::{Absence, Column, Values};

use super::aggregate::AGGREGATES;
use super::functions::FUNCTIONS;
use super::{CodeList, Context, Field, Kind, Property, Unit, Vocabulary};
use crate::calendar::parse_date;

/// One operator or function, described.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// How it is written.
    pub signature: &'static str,
    /// What it asks of units and does with them.
    pub units: &'static str,
    /// What it does with null.
    pub nulls: &'static str,
    /// What it is.
    pub summary: &'static str,
    /// An expression over the example's rows.
    pub example: &'static str,
    /// What the example comes to, as messages print it.
    pub result: &'static str,
}

impl Entry {
    /// The name of a function; of an operator, all of its signature.
    pub fn name(&self) -> &'static str {
        self.signature.split('(').next().unwrap_or(self.signature)
    }
}

const SAME: &str = "both sides have one unit; a literal number takes it";
const NONE: &str = "none";
const ANY_NULL: &str = "null if an operand is null";

const fn operator(
    signature: &'static str,
    units: &'static str,
    nulls: &'static str,
    summary: &'static str,
    example: &'static str,
    result: &'static str,
) -> Entry {
    Entry { signature, units, nulls, summary, example, result }
}

/// All operators, as documentation lists them.
static OPERATORS: &[Entry] = &[
    operator("x + y", SAME, ANY_NULL, "sum", "volume + 0.5", "1200.5"),
    operator("x - y", SAME, ANY_NULL, "difference", "volume - 200", "1000"),
    operator("-x", "keeps the unit", ANY_NULL, "the opposite number", "-volume", "-1200"),
    operator(
        "x * y",
        "multiplies the units; two sizes of one measure do not meet",
        ANY_NULL,
        "product",
        "volume * strength / 100",
        "480",
    ),
    operator(
        "x / y",
        "divides the units; two sizes of one measure do not meet",
        "null if an operand is null or y is 0",
        "quotient, exact also between whole numbers",
        "1 / 2",
        "0.5",
    ),
    operator("x = y", SAME, ANY_NULL, "whether both are equal", "beverage = 'pisco'", "true"),
    operator("x <> y", SAME, ANY_NULL, "whether they differ", "volume <> 1200", "false"),
    operator(
        "x < y, x <= y, x > y, x >= y",
        SAME,
        ANY_NULL,
        "order of numbers, dates, texts, or periods of one length",
        "month >= '2024-01'",
        "true",
    ),
    operator(
        "x and y",
        NONE,
        "false if an operand is false, else null if one is null",
        "both",
        "volume > 0 and stolen > 0",
        "–",
    ),
    operator(
        "x or y",
        NONE,
        "true if an operand is true, else null if one is null",
        "either",
        "volume > 0 or stolen > 0",
        "true",
    ),
    operator("not x", NONE, ANY_NULL, "the opposite", "not volume > 0", "false"),
    operator(
        "x is null, x is not null",
        NONE,
        "never null",
        "whether a value is missing",
        "stolen is null",
        "true",
    ),
    operator(
        "x is true, x is false, x is not true, x is not false",
        NONE,
        "never null",
        "whether a truth is known to be so",
        "(stolen > 0) is not false",
        "true",
    ),
    operator(
        "x between low and high, x not between low and high",
        "all three have one unit; a literal number takes it",
        "as x >= low and x <= high",
        "whether x is neither below nor above",
        "strength between 0 and 100",
        "true",
    ),
    operator(
        "x in (a, b, ...), x not in (a, b, ...)",
        "all have one unit; a literal number takes it",
        "null if x is null, or if it is not found and the list has a null",
        "whether x is one of a list",
        "beverage in ('beer', 'pisco')",
        "true",
    ),
    operator(
        "x like 'pattern' [escape 'c'], x not like 'pattern' [escape 'c']",
        NONE,
        ANY_NULL,
        "whether a text is as a pattern says: % stands for any characters and _ for one; upper and lower case differ",
        "beverage like 'pi%'",
        "true",
    ),
    operator(
        "case when test then x ... [else y] end",
        "all results have one unit",
        "null if no test is true and there is no else; a test that is null is not true",
        "the result of the first test that is true",
        "case when volume > 1000 then 'large' else 'small' end",
        "large",
    ),
    operator(
        "case x when a then y ... [else z] end",
        "x and what it is compared with have one unit, and all results have one",
        "as above; nothing equals null",
        "the result of the first value that x equals",
        "case beverage when 'beer' then 0.05 when 'pisco' then 0.4 end",
        "0.4",
    ),
    operator(
        "x || y",
        NONE,
        ANY_NULL,
        "one text after the other",
        "beverage || ' ' || month",
        "pisco 2024-06",
    ),
    operator(
        "date '2024-06-30'",
        NONE,
        "never null",
        "a day; beside a date, a text literal is read as one too",
        "day < date '2024-07-01'",
        "true",
    ),
];

/// The one function of series.
static LAG: Entry = Entry {
    signature: "lag(x)",
    units: "keeps the unit",
    nulls: "null in the first row of a group, and where x was null",
    summary: "the value of x in the row before",
    example: "volume - lag(volume)",
    result: "-700",
};

/// All entries, each with the context in which its example is run: of rows the first, of groups all, of series the second.
pub fn entries() -> Vec<(Context, &'static Entry)> {
    let rows = OPERATORS.iter().chain(FUNCTIONS.iter().map(|function| &function.entry));
    let rows = rows.map(|entry| (Context::Row, entry));
    let groups = AGGREGATES.iter().map(|aggregate| (Context::Group { keys: Vec::new() }, &aggregate.entry));
    rows.chain(groups).chain([(Context::Series, &LAG)]).collect()
}

/// The rows that examples are about, with what their columns are.
#[derive(Debug, Clone)]
pub struct Example {
    /// The columns' names and kinds.
    pub fields: Vec<Field>,
    /// The units and the code list that they use.
    pub vocabulary: Vocabulary,
    /// The columns.
    pub columns: Vec<Column>,
}

/// Three rows of seizures.
///
/// # Panics
/// Never: its units are defined once and well.
pub fn example() -> Example {
    let mut vocabulary = Vocabulary::default();
    let dimension = |powers: &[(&str, i32)]| -> BTreeMap<String, i32> {
        powers.iter().map(|(name, power)| ((*name).to_owned(), *power)).collect()
    };
    let volume = dimension(&[("volume", 1)]);
    let strength = dimension(&[("alcohol", 1), ("volume", -1)]);
    let units = [
        ("l", "litre", volume.clone(), 1.0),
        ("hl", "hectolitre", volume, 100.0),
        ("LPA", "litre of pure alcohol", dimension(&[("alcohol", 1)]), 1.0),
        ("%vol", "alcohol by volume", strength, 0.01),
    ];
    for (id, title, dimension, factor) in units {
        vocabulary.units.define(id, title, &dimension, factor).expect("the example's units are well defined");
    }
    let unit = |text: &str| vocabulary.units.parse(text).unwrap_or_else(|_| Unit::one());
    let field = |name: &str, kind: Kind| Field { name: name.to_owned(), kind, title: None };
    let fields = vec![
        field("month", Kind::Period),
        field("day", Kind::Date),
        field("beverage", Kind::Code("beverage".to_owned())),
        field("volume", Kind::Number(unit("l"))),
        field("parts", Kind::Number(unit("l"))),
        field("strength", Kind::Number(unit("%vol"))),
        field("stolen", Kind::Number(unit("l"))),
    ];
    let codes =
        |codes: &[&str]| -> BTreeSet<String> { codes.iter().map(|code| (*code).to_owned()).collect() };
    let beverages = CodeList {
        codes: codes(&["beer", "wine", "pisco"]),
        groups: BTreeMap::from([("distilled".to_owned(), codes(&["pisco"]))]),
        properties: BTreeMap::from([(
            "usual_strength".to_owned(),
            Property::Number(unit("%vol"), BTreeMap::from([("pisco".to_owned(), 40.0)])),
        )]),
    };
    vocabulary.code_lists.insert("beverage".to_owned(), beverages);

    let numbers = |values: [Option<f64>; 3], decimals: i8| Column {
        decimals: vec![decimals; 3],
        ..Column::of(Values::Number(Float64Array::from(values.to_vec())))
    };
    let texts = |values: [&str; 3]| Column::of(Values::Text(StringArray::from(values.to_vec())));
    let days = ["2024-06-30", "2024-07-31", "2024-08-31"].map(parse_date);
    let columns = vec![
        texts(["2024-06", "2024-07", "2024-08"]),
        Column::of(Values::Date(Date32Array::from(days.to_vec()))),
        texts(["pisco", "beer", "pisco"]),
        numbers([Some(1200.0), Some(500.0), Some(300.0)], 1),
        numbers([Some(0.25), Some(0.5), Some(0.75)], 2),
        numbers([Some(40.0), Some(5.0), Some(42.0)], 0),
        Column {
            absences: vec![Some(Absence::Confidential), None, None],
            ..numbers([None, Some(7.0), None], 0)
        },
    ];
    Example { fields, vocabulary, columns }
}

/// The reference of the language in Markdown.
pub fn reference() -> String {
    let mut text = String::from(INTRODUCTION);
    section(&mut text, "Operators", "", OPERATORS.iter());
    let functions = "These see one row.";
    section(&mut text, "Functions", functions, FUNCTIONS.iter().map(|function| &function.entry));
    let aggregates = "These see the rows of a group. Each takes `filter (where test)`, which passes over rows where the test is not true. In a rule with `order` they stand beside each row and see all rows of its group.";
    section(&mut text, "Aggregates", aggregates, AGGREGATES.iter().map(|aggregate| &aggregate.entry));
    section(&mut text, "Series", "This sees rows in order.", std::iter::once(&LAG));
    text
}

const INTRODUCTION: &str = "\
# Expressions

Checks and formulas are written as SQL writes expressions. Every value has a type, every number a unit, and any value may be null.
All numbers are floats of 64 bits; a result that is not finite, as that of a division by zero, is null. Nothing depends on the clock or on chance.

The examples are about these rows. Those of aggregates take all three, that of `lag` is the second row, all others are the first row.

| month | day | beverage | volume (l) | parts (l) | strength (%vol) | stolen (l) |
| --- | --- | --- | --- | --- | --- | --- |
| 2024-06 | 2024-06-30 | pisco | 1200.0 | 0.25 | 40 | confidential |
| 2024-07 | 2024-07-31 | beer | 500.0 | 0.50 | 5 | 7 |
| 2024-08 | 2024-08-31 | pisco | 300.0 | 0.75 | 42 | |
";

fn section<'a>(text: &mut String, title: &str, introduction: &str, entries: impl Iterator<Item = &'a Entry>) {
    write!(text, "\n## {title}\n").expect("writing to a string never fails");
    if !introduction.is_empty() {
        write!(text, "\n{introduction}\n").expect("writing to a string never fails");
    }
    let header = "| Written | Is | Units | Null | Example | Gives |";
    write!(text, "\n{header}\n| --- | --- | --- | --- | --- | --- |\n")
        .expect("writing to a string never fails");
    for entry in entries {
        // A bar would end the cell.
        let cell = |content: &str| content.replace('|', "\\|");
        let (signature, example) = (cell(entry.signature), cell(entry.example));
        let Entry { summary, units, nulls, result, .. } = entry;
        writeln!(text, "| `{signature}` | {summary} | {units} | {nulls} | `{example}` | {result} |")
            .expect("writing to a string never fails");
    }
}
