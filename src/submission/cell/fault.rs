//! What is wrong with the text of a cell, and how to mend it.

mod words;

use super::DecimalMark;
use crate::language::{Language, fill, size};
use crate::table::Absence;
use words::{Words, words};

/// Why a cell's text is not a value of its column's type.
///
/// The data are what its words need, in whatever language.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CellFault {
    /// `1250,5` where the file's decimal mark is a point, or the other way round.
    WrongDecimalMark {
        /// The number with the file's mark.
        rewritten: String,
        /// The file's mark.
        declared: DecimalMark,
    },
    /// `1.250.000`, `1 250`, `1,250.5`.
    ThousandsSeparator {
        /// The character between the groups.
        separator: char,
        /// The number without groups.
        rewritten: String,
        /// The number that it is if the separator is a decimal mark, where the text can mean either.
        alternative: Option<String>,
    },
    /// `40%`
    PercentSign {
        /// The number alone.
        number: String,
    },
    /// `$1250` or `1250 EUR`
    CurrencySign {
        /// The sign or code.
        sign: String,
        /// The number alone.
        number: String,
    },
    /// `12 hl`
    UnitInCell {
        /// The unit as written.
        unit: String,
        /// The number alone.
        number: String,
    },
    /// `(1250)` or `1250-`, or a minus sign that keyboards do not have.
    NegativeStyle {
        /// The number with a plain minus sign.
        rewritten: String,
    },
    /// `12.5` in a column of whole numbers.
    NotWhole,
    /// Beyond what a number can hold.
    TooLarge {
        /// Whether the limit is that of whole numbers, 2^53.
        whole: bool,
    },
    /// Not zero, but too small to be held as anything else.
    TooSmall,
    /// A day or a month in a column of numbers.
    DateForNumber,
    /// Not a number in any notation known here.
    NotANumber {
        /// The file's mark.
        mark: DecimalMark,
    },
    /// `#N/A`, `#¡REF!`: the formula behind the cell failed.
    SpreadsheetError {
        /// The error as written.
        code: String,
    },
    /// `#####`: the column was too narrow when the sheet was saved.
    ColumnTooNarrow,
    /// `-`, `n/a`, `s/d` and their like.
    Placeholder {
        /// The reasons for absence that it may stand for, the likeliest first.
        reasons: &'static [Absence],
    },
    /// Neither `true` nor `false`.
    NotABoolean {
        /// The value that the word stands for, where it does.
        suggested: Option<bool>,
    },
    /// `31/12/2024` and other orders of day, month and year.
    DateOrder {
        /// The days that it may mean, one or two.
        readings: Vec<String>,
    },
    /// `2024-12-31 00:00:00`
    DateWithTime {
        /// The day alone.
        rewritten: String,
    },
    /// The number by which a spreadsheet holds a day, such as 45657.
    SpreadsheetDay {
        /// The day or month behind it.
        rewritten: String,
    },
    /// A month in words.
    MonthName {
        /// What it may mean.
        readings: Vec<String>,
    },
    /// `2023-02-29`
    NoSuchDay,
    /// A month or year in a column of days.
    DayMissing,
    /// Not a day in any notation known here.
    NotADate,
    /// `07/2017`, `2024Q2`, `2016-2018` and other ways to write a period.
    PeriodStyle {
        /// The periods that it may mean.
        readings: Vec<String>,
    },
    /// `2018/2016`
    SpanReversed {
        /// The earlier year first.
        rewritten: String,
    },
    /// Not a period in any notation known here.
    NotAPeriod,
    /// The cell holds a NUL character, which no text has.
    NulByte,
    /// More text than a cell may hold.
    TooLong {
        /// The bytes that it has.
        bytes: usize,
        /// The bytes that it may have.
        limit: usize,
    },
}

impl CellFault {
    /// The name of the fault, which stays the same in every language and version.
    pub fn id(&self) -> &'static str {
        match self {
            Self::WrongDecimalMark { declared: DecimalMark::Point, .. } => "decimal_comma",
            Self::WrongDecimalMark { declared: DecimalMark::Comma, .. } => "decimal_point",
            Self::ThousandsSeparator { .. } => "thousands_separator",
            Self::PercentSign { .. } => "percent_sign",
            Self::CurrencySign { .. } => "currency_sign",
            Self::UnitInCell { .. } => "unit_in_cell",
            Self::NegativeStyle { .. } => "negative_style",
            Self::NotWhole => "not_whole",
            Self::TooLarge { .. } => "too_large",
            Self::TooSmall => "too_small",
            Self::DateForNumber => "date_for_number",
            Self::NotANumber { .. } => "not_a_number",
            Self::SpreadsheetError { .. } => "spreadsheet_error",
            Self::ColumnTooNarrow => "column_too_narrow",
            Self::Placeholder { .. } => "placeholder",
            Self::NotABoolean { .. } => "not_a_boolean",
            Self::DateOrder { .. } => "date_order",
            Self::DateWithTime { .. } => "date_with_time",
            Self::SpreadsheetDay { .. } => "spreadsheet_day",
            Self::MonthName { .. } => "month_name",
            Self::NoSuchDay => "no_such_day",
            Self::DayMissing => "day_missing",
            Self::NotADate => "not_a_date",
            Self::PeriodStyle { .. } => "period_style",
            Self::SpanReversed { .. } => "span_reversed",
            Self::NotAPeriod => "not_a_period",
            Self::NulByte => "nul_byte",
            Self::TooLong { .. } => "cell_too_long",
        }
    }

    /// What is wrong.
    pub fn message(&self, language: Language) -> String {
        let words = words(language);
        let phrase = match self {
            Self::WrongDecimalMark { declared: DecimalMark::Point, .. } => words.decimal_comma,
            Self::WrongDecimalMark { declared: DecimalMark::Comma, .. } => words.decimal_point,
            Self::ThousandsSeparator { separator, rewritten, alternative: Some(alternative) } => {
                let separator = character_name(words, *separator);
                let values = [("separator", &*separator), ("first", rewritten), ("second", alternative)];
                return fill(words.two_numbers, &values);
            }
            Self::ThousandsSeparator { separator, .. } => {
                return fill(words.thousands, &[("separator", &character_name(words, *separator))]);
            }
            Self::PercentSign { .. } => words.percent_sign,
            Self::CurrencySign { sign, .. } => return fill(words.currency, &[("sign", sign)]),
            Self::UnitInCell { unit, .. } => return fill(words.unit, &[("unit", unit)]),
            Self::NegativeStyle { .. } => words.negative,
            Self::NotWhole => words.not_whole,
            Self::TooLarge { whole: true } => words.too_large_whole,
            Self::TooLarge { whole: false } => words.too_large,
            Self::TooSmall => words.too_small,
            Self::DateForNumber => words.date_for_number,
            Self::NotANumber { .. } => words.not_a_number,
            Self::SpreadsheetError { code } => return fill(words.spreadsheet_error, &[("code", code)]),
            Self::ColumnTooNarrow => words.column_too_narrow,
            Self::Placeholder { .. } => words.placeholder,
            Self::NotABoolean { .. } => words.not_a_boolean,
            Self::DateOrder { readings } if readings.len() > 1 => {
                return fill(words.date_can_mean, &[("readings", &listed(readings, words.or))]);
            }
            Self::DateOrder { .. } => words.date_order,
            Self::DateWithTime { .. } => words.date_with_time,
            Self::SpreadsheetDay { rewritten } => return fill(words.spreadsheet_day, &[("day", rewritten)]),
            Self::MonthName { .. } => words.month_name,
            Self::NoSuchDay => words.no_such_day,
            Self::DayMissing => words.day_missing,
            Self::NotADate => words.not_a_date,
            Self::PeriodStyle { readings } if readings.len() > 1 => {
                return fill(words.period_can_mean, &[("readings", &listed(readings, words.or))]);
            }
            Self::PeriodStyle { .. } => words.period_style,
            Self::SpanReversed { .. } => words.span_reversed,
            Self::NotAPeriod => words.not_a_period,
            Self::NulByte => words.nul,
            Self::TooLong { limit, .. } => {
                return fill(words.too_long, &[("limit", &size(language, *limit))]);
            }
        };
        phrase.to_owned()
    }

    /// How to mend it.
    pub fn fix(&self, language: Language) -> String {
        let words = words(language);
        let phrase = match self {
            Self::WrongDecimalMark { rewritten, declared } => {
                let other = match declared {
                    DecimalMark::Point => ",",
                    DecimalMark::Comma => ".",
                };
                return fill(words.write_or_declare, &[("rewritten", rewritten), ("mark", other)]);
            }
            Self::ThousandsSeparator { rewritten, alternative: Some(alternative), .. } => {
                return write_one_of(words, &[rewritten.clone(), alternative.clone()]);
            }
            Self::PercentSign { number } => return fill(words.write_alone, &[("number", number)]),
            Self::CurrencySign { number, .. } | Self::UnitInCell { number, .. } => {
                return fill(words.write_converted, &[("number", number)]);
            }
            Self::ThousandsSeparator { rewritten, .. }
            | Self::NegativeStyle { rewritten }
            | Self::DateWithTime { rewritten }
            | Self::SpreadsheetDay { rewritten }
            | Self::SpanReversed { rewritten } => return fill(words.write, &[("text", rewritten)]),
            Self::NotWhole => words.write_whole,
            Self::TooLarge { .. } => words.check_digits,
            Self::TooSmall => words.write_zero,
            Self::DateForNumber => words.enter_again,
            Self::NotANumber { mark } => {
                return fill(words.write_digits, &[("mark", &mark.as_char().to_string())]);
            }
            Self::SpreadsheetError { .. } => words.mend_formula,
            Self::ColumnTooNarrow => words.widen_column,
            Self::Placeholder { reasons } => {
                let reasons: Vec<String> = reasons.iter().map(|reason| reason.word().to_owned()).collect();
                return fill(words.write_or_leave_empty, &[("readings", &listed(&reasons, words.or))]);
            }
            Self::NotABoolean { suggested: Some(value) } => {
                return fill(words.write, &[("text", if *value { "true" } else { "false" })]);
            }
            Self::NotABoolean { suggested: None } => {
                let truths = ["true".to_owned(), "false".to_owned()];
                return fill(words.write_or_leave_empty, &[("readings", &listed(&truths, words.or))]);
            }
            Self::DateOrder { readings } | Self::MonthName { readings } | Self::PeriodStyle { readings } => {
                return write_one_of(words, readings);
            }
            Self::NoSuchDay => words.check_day,
            Self::DayMissing | Self::NotADate => words.write_day,
            Self::NotAPeriod => words.write_period,
            Self::NulByte => words.save_as_utf8,
            Self::TooLong { .. } => words.shorten,
        };
        phrase.to_owned()
    }
}

fn write_one_of(words: &Words, readings: &[String]) -> String {
    match readings {
        [reading] => fill(words.write, &[("text", reading)]),
        readings => fill(words.write_one_of, &[("readings", &listed(readings, words.or))]),
    }
}

fn listed(items: &[String], conjunction: &str) -> String {
    let quoted: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
    match quoted.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} {conjunction} {last}", others.join(", ")),
        _ => quoted.concat(),
    }
}

fn character_name(words: &Words, character: char) -> String {
    let name = match character {
        ',' => words.comma,
        '.' => words.point,
        ' ' => words.space,
        '\'' | '\u{2019}' => words.apostrophe,
        '\u{a0}' | '\u{202f}' | '\u{2007}' => words.no_break_space,
        '\u{2009}' => words.thin_space,
        other => return format!("`{other}`"),
    };
    name.to_owned()
}
