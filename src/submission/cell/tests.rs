use std::fmt::Write as _;

use super::*;
use crate::language::Language;

fn read(text: &str, data_type: DataType) -> Result<Cell<'_>, CellFault> {
    parse(text, data_type, Notation::default())
}

fn number(value: f64, decimals: i8) -> Cell<'static> {
    Cell::Number { value, decimals }
}

#[test]
fn numbers_keep_the_decimals_as_written() {
    for (text, value, decimals) in [
        ("0", 0.0, 0),
        ("-0.00", 0.0, 2),
        ("3.50", 3.5, 2),
        ("+12", 12.0, 0),
        (" 12 ", 12.0, 0),
        ("\u{a0}12\u{202f}", 12.0, 0),
        (".5", 0.5, 1),
        ("5.", 5.0, 0),
        ("1.2E+06", 1_200_000.0, -5),
        ("1e3", 1000.0, -3),
        ("1.25e-2", 0.0125, 4),
        ("0.1", 0.1, 1),
        ("-1250.5", -1250.5, 1),
        ("123456789012345678901234567890", 123_456_789_012_345_678_901_234_567_890.0, 0),
        ("2.2250738585072011e-308", 2.225_073_858_507_201e-308, 127),
        ("0e999999999999999999999", 0.0, -128),
    ] {
        assert_eq!(read(text, DataType::Number), Ok(number(value, decimals)), "{text}");
    }
    let negative_zero = read("-0", DataType::Number);
    assert!(matches!(negative_zero, Ok(Cell::Number { value, .. }) if value.is_sign_positive()));
}

#[test]
fn whole_numbers_are_judged_by_their_digits() {
    for (text, value, decimals) in [
        ("12.0", 12.0, 1),
        ("1.2e3", 1200.0, -2),
        ("1200e-2", 12.0, 2),
        ("9007199254740992", 9_007_199_254_740_992.0, 0),
        ("-9007199254740992", -9_007_199_254_740_992.0, 0),
        ("1.00000000000000000000000000", 1.0, 26),
        ("0000000000000000000000000000007", 7.0, 0),
        ("0e5", 0.0, -5),
    ] {
        assert_eq!(read(text, DataType::Integer), Ok(number(value, decimals)), "{text}");
    }
    for text in ["9007199254740993", "1e16", "1e99999999999999999999", "90071992547409920000000000001"] {
        assert_eq!(read(text, DataType::Integer), Err(CellFault::TooLarge { whole: true }), "{text}");
    }
    for text in
        ["12.5", "9007199254740991.4", "1e-3", "1.00000000000000000000000001", "1e-99999999999999999999"]
    {
        assert_eq!(read(text, DataType::Integer), Err(CellFault::NotWhole), "{text}");
    }
    assert_eq!(read("1e400", DataType::Number), Err(CellFault::TooLarge { whole: false }));
    assert_eq!(read("1e-400", DataType::Number), Err(CellFault::TooSmall));
}

#[test]
fn a_declared_decimal_comma_is_read() {
    let comma = Notation { decimal: DecimalMark::Comma, absence_words: false };
    let read = |text| parse(text, DataType::Number, comma);
    assert_eq!(read("1250,50"), Ok(number(1250.5, 2)));
    assert_eq!(read("1,2E+06"), Ok(number(1_200_000.0, -5)));
    assert_eq!(read("0,1234567890123456789"), Ok(number(0.123_456_789_012_345_68, 19)));
    for (text, id, fix) in [
        (
            "1250.5",
            "decimal_point",
            "Write `1250,5`, or declare `decimal: '.'` for this file in submission.yaml.",
        ),
        ("1.250", "thousands_separator", "Write `1250` or `1,250`, whichever is meant."),
        ("1.250,5", "thousands_separator", "Write `1250,5`."),
        ("1.250.000", "thousands_separator", "Write `1250000`."),
    ] {
        let fault = read(text).expect_err(text);
        assert_eq!((fault.id(), fault.fix(Language::English).as_str()), (id, fix), "{text}");
    }
}

#[test]
fn absence_is_empty_or_a_word() {
    for data_type in [
        DataType::Boolean,
        DataType::Integer,
        DataType::Number,
        DataType::Text,
        DataType::Date,
        DataType::Period,
    ] {
        for text in ["", " ", "\u{a0} "] {
            assert_eq!(read(text, data_type), Ok(Cell::Absent(None)));
        }
        for reason in Absence::ALL {
            let word = format!(" {} ", reason.word());
            let absent = Ok(Cell::Absent(Some(reason)));
            let expected =
                if data_type == DataType::Text { Ok(Cell::Text(word.as_str())) } else { absent.clone() };
            assert_eq!(read(&word, data_type), expected);
            let words = Notation { absence_words: true, ..Notation::default() };
            assert_eq!(parse(&word, data_type, words), absent);
        }
    }
}

#[test]
fn text_stays_as_written() {
    for text in [" ron añejo ", "-", "n/a", "1,250", "#1 Rum", "#null", "NaN", "=\"0012\""] {
        assert_eq!(read(text, DataType::Text), Ok(Cell::Text(text)));
    }
    for (text, id) in [("#N/A", "spreadsheet_error"), ("#¡REF!", "spreadsheet_error"), ("a\0b", "nul_byte")]
    {
        assert_eq!(read(text, DataType::Text).expect_err(text).id(), id);
    }
    let longest = "x".repeat(CELL_BYTES);
    assert_eq!(read(&longest, DataType::Text), Ok(Cell::Text(&longest)));
    let longer = "x".repeat(CELL_BYTES + 1);
    assert_eq!(read(&longer, DataType::Text).expect_err("too long").id(), "cell_too_long");
}

#[test]
fn booleans_dates_and_periods_are_read() {
    for (text, value) in [("true", true), ("FALSE", false), ("True", true)] {
        assert_eq!(read(text, DataType::Boolean), Ok(Cell::Boolean(value)));
    }
    assert_eq!(read("1969-12-31", DataType::Date), Ok(Cell::Date(-1)));
    assert_eq!(read(" 2024-Q2 ", DataType::Period), Ok(Cell::Period("2024-Q2")));
}

const NUMBERS: &[&str] = &[
    "1250,5",
    "0,250",
    "1250,500",
    "-1250,5",
    ",5",
    "1,250",
    "1.250.000",
    "1,250,000",
    "1,250.5",
    "1.250,5",
    "1 250",
    "1\u{a0}250\u{202f}000",
    "1\u{2009}250,5",
    "1'250",
    "12,5,3",
    "1.2.3",
    "1,25.5",
    "12 50",
    "40%",
    "40 %",
    "1,250%",
    "$1250",
    "US$ 1.250,50",
    "1250 EUR",
    "€-5",
    "-$5",
    "12 hl",
    "12hl",
    "40 % vol",
    "12,5 L",
    "7 m3",
    "40°",
    "(1250)",
    "1250-",
    "(1,250)",
    "\u{2212}5",
    "#N/A",
    "#¡DIV/0!",
    "#VALUE!",
    "######",
    "-",
    "n/a",
    "s/d",
    "..",
    "NaN",
    "null",
    "c",
    "no aplica",
    "Sin datos",
    "inf",
    "-inf",
    "infinity",
    "0x1F",
    "1_000",
    "1e",
    "1e5x",
    "--5",
    "+-5",
    "twelve",
    "12 approx 13",
    "1e400",
    "1e-400",
    "31/12/2024",
    "5-ene",
    "Jul-17",
    "2024-06-30",
    "1;5",
    "'1250",
    "１２",
    "5\u{0}5",
    "=1+1",
    "Not_Available",
];
const INTEGERS: &[&str] = &["12.5", "9007199254740993", "12,5", "1,250", "12 cajas"];
const DATES: &[&str] = &[
    "31/12/2024",
    "12/31/2024",
    "05/06/2024",
    "5/5/2024",
    "31-12-24",
    "31.12.2024",
    "2024/12/31",
    "2024/31/12",
    "2024-1-5",
    "20241231",
    "45657",
    "45657.0",
    "2024-12-31 00:00:00",
    "2024-12-31T10:00:00Z",
    "31/12/2024 0:00",
    "31-dic-2024",
    "31 de diciembre de 2024",
    "December 31, 2024",
    "31 août 24",
    "2023-02-29",
    "2024-13-01",
    "0999-01-01",
    "31/02/2024",
    "2024",
    "2024-06",
    "2024-Q2",
    "yesterday",
    "n/d",
    "#N/A",
    "31/12",
    "00/00/0000",
];
const PERIODS: &[&str] = &[
    "Jul-17",
    "jul-2017",
    "julio 2017",
    "jul. de 2017",
    "2017 July",
    "2017-7",
    "07/2017",
    "7-2017",
    "2017/07",
    "2011/12",
    "2016/18",
    "2016-18",
    "2016-2018",
    "2016–2018",
    "2018/2016",
    "201706",
    "2017.0",
    "Q2 2024",
    "2024Q2",
    "2024-q2",
    "2T2024",
    "2024-T2",
    "2.º trimestre 2024",
    "2024-13",
    "2024-00",
    "2024-Q5",
    "2024-06-30",
    "30/06/2024",
    "05/06/2024",
    "42917",
    "17-jul",
    "24",
    "2024-S1",
    "last year",
    "s/d",
    "#REF!",
    "jui 2024",
];
const BOOLEANS: &[&str] = &[
    "yes",
    "No",
    "sí",
    "SI",
    "1",
    "0",
    "VERDADERO",
    "falso",
    "V",
    "oui",
    "não",
    "perhaps",
    "2",
    "-",
    "#N/A",
];

/// Every fault, with its message and fix as they are shown, reviewed like code.
#[test]
fn faults_say_what_to_write() {
    let mut shown = String::new();
    for (data_type, texts) in [
        (DataType::Number, NUMBERS),
        (DataType::Integer, INTEGERS),
        (DataType::Date, DATES),
        (DataType::Period, PERIODS),
        (DataType::Boolean, BOOLEANS),
    ] {
        for text in texts {
            let fault = read(text, data_type).expect_err(text);
            let (id, message, fix) =
                (fault.id(), fault.message(Language::English), fault.fix(Language::English));
            writeln!(shown, "{data_type:?} {text:?}: {id}: {message}; {fix}")
                .expect("a text takes what is written");
        }
    }
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("cell_faults", shown);
    });
}

/// A fix that writes something is read without a fault, or is told to be a choice.
#[test]
fn what_a_fix_says_to_write_can_be_read() {
    for (data_type, texts) in [
        (DataType::Number, ["1250,5", "1,250.5", "40%", "US$ 1.250,50", "(1250)", "12 hl", "1 250 000"]),
        (
            DataType::Date,
            ["31/12/2024", "20241231", "45657", "31-dic-2024", "2024-1-5", "1/1/24", "2024-12-31 00:00"],
        ),
        (DataType::Period, ["Jul-17", "07/2017", "2024Q2", "2018/2016", "2016-2018", "201706", "42917"]),
    ] {
        for text in texts {
            let fix = read(text, data_type).expect_err(text).fix(Language::English);
            for (index, written) in fix.split('`').enumerate().filter(|(index, _)| index % 2 == 1) {
                assert!(read(written, data_type).is_ok() || index > 1, "{text}: {fix}");
            }
        }
    }
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn numbers_are_those_of_the_standard_library(text in "[+-]?([0-9]{1,22}(\\.[0-9]{0,22})?|\\.[0-9]{1,9})([eE][+-]?[0-9]{1,2})?") {
            let expected: f64 = text.parse().expect("a number");
            match read(&text, DataType::Number) {
                Ok(Cell::Number { value, .. }) => prop_assert_eq!(value.to_bits(), (expected + 0.0).to_bits()),
                other => prop_assert!(false, "{:?}", other),
            }
            let comma = Notation { decimal: DecimalMark::Comma, absence_words: false };
            let with_comma = text.replace('.', ",");
            prop_assert_eq!(parse(&with_comma, DataType::Number, comma), read(&text, DataType::Number));
        }

        #[test]
        fn whole_numbers_come_back(value in -(1_i64 << 53)..=(1 << 53), zeros in 0_usize..30) {
            let text = format!("{value}.{}", "0".repeat(zeros));
            let expected = Cell::Number { value: value as f64, decimals: i8::try_from(zeros).expect("few") };
            prop_assert_eq!(read(&text, DataType::Integer), Ok(expected));
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,40}|[-0-9.,/ QTa-z%$()#:]{0,70}|(?s).{0,20}") {
            for data_type in [DataType::Boolean, DataType::Integer, DataType::Number, DataType::Text, DataType::Date, DataType::Period] {
                for decimal in [DecimalMark::Point, DecimalMark::Comma] {
                    if let Err(fault) = parse(&text, data_type, Notation { decimal, absence_words: true }) {
                        for language in Language::ALL {
                            let (message, fix) = (fault.message(language), fault.fix(language));
                            prop_assert!(!message.is_empty() && !message.ends_with('.'), "{}", message);
                            prop_assert!(fix.ends_with('.'), "{}", fix);
                        }
                    }
                }
            }
        }
    }
}
