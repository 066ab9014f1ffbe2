//! Random expressions over random rows mean what they mean in `SQLite`, wherever both have the same types.
//!
//! Left out because `SQLite` differs by design: integer division (columns and literals are REAL here), numbers read from
//! text, `round` with digits (it rounds the decimal expansion), dates, and upper case beyond ASCII.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use arrow_array::{BooleanArray, Float64Array, StringArray};
use rusqlite::Connection;
use rusqlite::types::Value;
use sikes::expression::{
    Accumulators, Context, Field, Kind, Scope, Unit, Vocabulary, compile, compile_group,
};
use sikes::table::{Column, Values};

const NUMBERS: [&str; 3] = ["a", "b", "c"];
const TRUTHS: [&str; 2] = ["p", "q"];
const TEXTS: [&str; 3] = ["s", "t", "g"];
const WORDS: [&str; 9] = ["", "a", "ab", "Abc", "a%b", "b_", " x ", "B", "aab"];
const PATTERNS: [&str; 9] = ["%", "a%", "%b", "_", "a_b", "%a%b%", "A%", "", "a!%b"];
const ROWS: usize = 60;
const ROW_EXPRESSIONS: usize = 4_000;
const GROUP_EXPRESSIONS: usize = 1_500;

/// `SplitMix64`: the same expressions on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// Where an expression stands, which says what its leaves may be.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Row,
    /// In an aggregate: only operations that are exact in binary, so that sums do not depend on their order.
    Inside,
    /// Around aggregates.
    Outside,
}

struct Writer {
    random: Random,
    place: Place,
}

impl Writer {
    fn aggregate(&mut self, names: &[&str], argument: fn(&mut Self, usize) -> String) -> String {
        self.place = Place::Inside;
        let name = self.random.pick(names);
        let depth = self.random.below(3);
        let mut text = format!("{name}({})", argument(self, depth));
        if self.random.chance(30) {
            text = format!("{text} filter (where {})", self.truth(1));
        }
        self.place = Place::Outside;
        text
    }

    fn number_leaf(&mut self) -> String {
        if self.random.chance(25) {
            return self.random.pick(&["0.0", "1.0", "2.5", "0.25", "3.0", "null"]).to_owned();
        }
        if self.place != Place::Outside {
            return self.random.pick(&NUMBERS).to_owned();
        }
        match self.random.below(4) {
            0 => "(count(*) * 1.0)".to_owned(),
            1 => format!("({} * 1.0)", self.aggregate(&["count"], Self::text)),
            _ => self.aggregate(&["sum", "min", "max", "avg"], Self::number),
        }
    }

    fn number(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.chance(15) {
            return self.number_leaf();
        }
        let depth = depth - 1;
        let forms = if self.place == Place::Inside { 10 } else { 12 };
        match self.random.below(forms) {
            0 => format!("({} + {})", self.number(depth), self.number(depth)),
            1 => format!("({} - {})", self.number(depth), self.number(depth)),
            2 => format!("({} * {})", self.number(depth), self.number(depth)),
            3 => format!("(- {})", self.number(depth)),
            4 => format!("abs({})", self.number(depth)),
            5 => format!("round({})", self.number(depth)),
            6 => {
                let name = self.random.pick(&["min", "max"]);
                format!("{name}({}, {})", self.number(depth), self.number(depth))
            }
            7 => format!("coalesce({}, {})", self.number(depth), self.number(depth)),
            8 => format!("(length({}) * 1.0)", self.text(depth)),
            9 => self.case(depth, Self::number),
            10 => format!("({} / {})", self.number(depth), self.number(depth)),
            _ => format!("nullif({}, {})", self.number(depth), self.number(depth)),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.chance(20) {
            if self.random.chance(25) {
                return format!("'{}'", self.random.pick(&WORDS));
            }
            return match self.place {
                Place::Outside if self.random.chance(50) => self.aggregate(&["min", "max"], Self::text_leaf),
                Place::Outside => "g".to_owned(),
                _ => self.random.pick(&TEXTS).to_owned(),
            };
        }
        let depth = depth - 1;
        match self.random.below(8) {
            0 => format!("lower({})", self.text(depth)),
            1 => format!("upper({})", self.text(depth)),
            2 => format!("trim({})", self.text(depth)),
            3 => format!("({} || {})", self.text(depth), self.text(depth)),
            4 => {
                let (start, length) = (1 + self.random.below(3), self.random.below(4));
                format!("substr({}, {start}, {length})", self.text(depth))
            }
            5 => format!("coalesce({}, {})", self.text(depth), self.text(depth)),
            6 => format!("nullif({}, {})", self.text(depth), self.text(depth)),
            _ => self.case(depth, Self::text),
        }
    }

    fn text_leaf(&mut self, _: usize) -> String {
        self.text(0)
    }

    fn truth(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.chance(10) {
            if self.place == Place::Outside {
                return format!("({} > {})", self.number_leaf(), self.number_leaf());
            }
            return if self.random.chance(15) {
                self.random.pick(&["true", "false", "null"]).to_owned()
            } else {
                self.random.pick(&TRUTHS).to_owned()
            };
        }
        let depth = depth - 1;
        let not = if self.random.chance(30) { "not " } else { "" };
        match self.random.below(12) {
            0 | 1 => format!("({} and {})", self.truth(depth), self.truth(depth)),
            2 | 3 => format!("({} or {})", self.truth(depth), self.truth(depth)),
            4 => format!("(not {})", self.truth(depth)),
            5 => {
                let operator = self.random.pick(&["=", "<>", "<", "<=", ">", ">="]);
                format!("({} {operator} {})", self.number(depth), self.number(depth))
            }
            6 => {
                let operator = self.random.pick(&["=", "<>", "<", "<=", ">", ">="]);
                format!("({} {operator} {})", self.text(depth), self.text(depth))
            }
            7 => match self.random.below(3) {
                0 => format!("({} is {not}null)", self.number(depth)),
                1 => format!("({} is {not}null)", self.text(depth)),
                _ => {
                    let truth = self.random.pick(&["true", "false"]);
                    format!("({} is {not}{truth})", self.truth(depth))
                }
            },
            8 => {
                let (low, high) = (self.number(depth), self.number(depth));
                format!("({} {not}between {low} and {high})", self.number(depth))
            }
            9 => {
                let items: Vec<String> = (0..=self.random.below(3)).map(|_| self.number_item()).collect();
                format!("({} {not}in ({}))", self.number(depth), items.join(", "))
            }
            10 => {
                let items: Vec<String> = (0..=self.random.below(3)).map(|_| self.text(0)).collect();
                format!("({} {not}in ({}))", self.text(depth), items.join(", "))
            }
            _ => {
                let pattern = self.random.pick(&PATTERNS);
                let escape = if pattern.contains('!') { " escape '!'" } else { "" };
                format!("({} {not}like '{pattern}'{escape})", self.text(depth))
            }
        }
    }

    fn number_item(&mut self) -> String {
        if self.random.chance(60) {
            self.random.pick(&["0.0", "1.0", "2.0", "null"]).to_owned()
        } else {
            self.number(0)
        }
    }

    fn case(&mut self, depth: usize, result: fn(&mut Self, usize) -> String) -> String {
        let otherwise =
            if self.random.chance(60) { format!(" else {}", result(self, depth)) } else { String::new() };
        if self.random.chance(50) {
            let branches: Vec<String> = (0..=self.random.below(2))
                .map(|_| format!("when {} then {}", self.truth(depth), result(self, depth)))
                .collect();
            format!("case {}{otherwise} end", branches.join(" "))
        } else {
            let branches: Vec<String> = (0..=self.random.below(2))
                .map(|_| format!("when {} then {}", self.text(depth), result(self, depth)))
                .collect();
            format!("case {} {}{otherwise} end", self.text(depth), branches.join(" "))
        }
    }

    fn any(&mut self) -> String {
        let depth = 1 + self.random.below(4);
        match self.random.below(4) {
            0 => self.number(depth),
            1 => self.text(depth),
            _ => self.truth(depth),
        }
    }
}

struct Table {
    database: Connection,
    fields: Vec<Field>,
    columns: Vec<Column>,
    groups: Vec<Option<String>>,
}

fn table(random: &mut Random) -> Table {
    let database = Connection::open_in_memory().unwrap();
    database
        .execute_batch(
            "pragma case_sensitive_like = on;
             create table rows (a real, b real, c real, p integer, q integer, s text, t text, g text);",
        )
        .unwrap();
    let numbers: Vec<Vec<Option<f64>>> = NUMBERS
        .iter()
        .map(|_| {
            (0..ROWS).map(|_| (!random.chance(20)).then(|| random.below(25) as f64 / 4.0 - 3.0)).collect()
        })
        .collect();
    let truths: Vec<Vec<Option<bool>>> = TRUTHS
        .iter()
        .map(|_| (0..ROWS).map(|_| (!random.chance(25)).then(|| random.chance(50))).collect())
        .collect();
    let mut texts: Vec<Vec<Option<&str>>> = TEXTS
        .iter()
        .map(|_| (0..ROWS).map(|_| (!random.chance(20)).then(|| random.pick(&WORDS))).collect())
        .collect();
    texts[2] = (0..ROWS).map(|_| (!random.chance(15)).then(|| random.pick(&["u", "v", "w", "x"]))).collect();
    let mut insert = database.prepare("insert into rows values (?, ?, ?, ?, ?, ?, ?, ?)").unwrap();
    for row in 0..ROWS {
        insert
            .execute((
                numbers[0][row],
                numbers[1][row],
                numbers[2][row],
                truths[0][row],
                truths[1][row],
                texts[0][row],
                texts[1][row],
                texts[2][row],
            ))
            .unwrap();
    }
    drop(insert);
    let groups = texts[2].iter().map(|text| text.map(str::to_owned)).collect();
    let kinds =
        [(&NUMBERS[..], Kind::Number(Unit::one())), (&TRUTHS[..], Kind::Boolean), (&TEXTS[..], Kind::Text)];
    let fields = kinds
        .into_iter()
        .flat_map(|(names, kind)| {
            names.iter().map(move |name| Field { name: (*name).to_owned(), kind: kind.clone(), title: None })
        })
        .collect();
    let numbers = numbers.into_iter().map(|values| Column::of(Values::Number(Float64Array::from(values))));
    let truths = truths.into_iter().map(|values| Column::of(Values::Boolean(BooleanArray::from(values))));
    let texts = texts.into_iter().map(|values| Column::of(Values::Text(StringArray::from(values))));
    let columns = numbers.chain(truths).chain(texts).collect();
    Table { database, fields, columns, groups }
}

/// A row of our result as `SQLite` has it.
fn ours(values: &Values, row: usize) -> Value {
    if values.is_null(row) {
        return Value::Null;
    }
    match values {
        Values::Boolean(array) => Value::Integer(i64::from(array.value(row))),
        Values::Number(array) => Value::Real(array.value(row)),
        Values::Text(array) => Value::Text(array.value(row).to_owned()),
        Values::Date(_) => panic!("there are no dates here"),
    }
}

#[test]
fn rows_come_to_what_sqlite_says() {
    let mut random = Random(2024);
    let table = table(&mut random);
    let vocabulary = Vocabulary::default();
    let scope =
        Scope { fields: &table.fields, vocabulary: &vocabulary, context: Context::Row, table_name: "rows" };
    let columns: Vec<&Column> = table.columns.iter().collect();
    let mut writer = Writer { random, place: Place::Row };
    let mut known = 0;
    for _ in 0..ROW_EXPRESSIONS {
        let text = writer.any();
        let program = compile(&text, &scope, None).unwrap_or_else(|faults| panic!("{text}\n{faults:?}"));
        let values = program.evaluate(&columns, ROWS);
        let mut query = table.database.prepare(&format!("select {text} from rows order by rowid")).unwrap();
        let theirs: Vec<Value> =
            query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        for (row, theirs) in theirs.into_iter().enumerate() {
            known += usize::from(theirs != Value::Null);
            assert_eq!(ours(&values, row), theirs, "row {row} of {text}");
        }
    }
    assert!(
        known > ROW_EXPRESSIONS * ROWS / 2,
        "most results are values, so the comparison says something: {known}"
    );
}

#[test]
fn groups_come_to_what_sqlite_says() {
    let mut random = Random(1816);
    let table = table(&mut random);
    let vocabulary = Vocabulary::default();
    let context = Context::Group { keys: vec![7] };
    let scope = Scope { fields: &table.fields, vocabulary: &vocabulary, context, table_name: "rows" };
    let columns: Vec<&Column> = table.columns.iter().collect();
    let mut writer = Writer { random, place: Place::Outside };
    let mut known = 0;
    for _ in 0..GROUP_EXPRESSIONS {
        let text = writer.any();
        let program =
            compile_group(&text, &scope, None).unwrap_or_else(|faults| panic!("{text}\n{faults:?}"));
        let inputs = program.inputs(&columns, ROWS);
        // Two parts of the rows, merged.
        let mut parts: [BTreeMap<Option<String>, Accumulators>; 2] = Default::default();
        for (row, group) in table.groups.iter().enumerate() {
            let accumulators = parts[row % 2].entry(group.clone());
            accumulators.or_insert_with(|| program.accumulators()).add(&inputs, row);
        }
        let [mut groups, other] = parts;
        for (group, part) in other {
            groups.entry(group).or_insert_with(|| program.accumulators()).merge(&part);
        }
        let keys = [Column::of(Values::Text(groups.keys().map(Option::as_deref).collect()))];
        let values = program.finish(&groups.values().collect::<Vec<_>>(), &keys);
        let query = format!("select {text} from rows group by g order by g nulls first");
        let mut query = table.database.prepare(&query).unwrap();
        let theirs: Vec<Value> =
            query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        assert_eq!(theirs.len(), groups.len());
        for (row, theirs) in theirs.into_iter().enumerate() {
            known += usize::from(theirs != Value::Null);
            assert_eq!(ours(&values, row), theirs, "group {row} of {text}");
        }
    }
    assert!(
        known > GROUP_EXPRESSIONS * 2,
        "most results are values, so the comparison says something: {known}"
    );
}
