//! What is wrong with the text of a cell, and how to mend it.

use super::DecimalMark;
use crate::table::Absence;

/// Why a cell's text is not a value of its column's type.
///
/// The data are what a translation needs; [`CellFault::message`] and [`CellFault::fix`] are the English one.
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
    pub fn message(&self) -> String {
        match self {
            Self::WrongDecimalMark { declared, .. } => match declared {
                DecimalMark::Point => {
                    "the number has a decimal comma, and this file's decimal mark is a point".into()
                }
                DecimalMark::Comma => {
                    "the number has a decimal point, and this file's decimal mark is a comma".into()
                }
            },
            Self::ThousandsSeparator { separator, rewritten, alternative: Some(alternative) } => {
                format!(
                    "with {} in it the number can be {rewritten} or {alternative}",
                    character_name(*separator)
                )
            }
            Self::ThousandsSeparator { separator, .. } => {
                format!("the number has {} between its thousands", character_name(*separator))
            }
            Self::PercentSign { .. } => "the number has a per cent sign".into(),
            Self::CurrencySign { sign, .. } => format!("the number has the currency `{sign}` with it"),
            Self::UnitInCell { unit, .. } => format!("the number has the unit `{unit}` with it"),
            Self::NegativeStyle { .. } => "the negative number has no plain minus sign before it".into(),
            Self::NotWhole => "the number has decimals, and this column holds whole numbers".into(),
            Self::TooLarge { whole: true } => "the whole number is larger than 9007199254740992".into(),
            Self::TooLarge { whole: false } => "the number is too large to be held".into(),
            Self::TooSmall => "the number is not zero, but too small to be held".into(),
            Self::DateForNumber => "the cell holds a date, and this column holds numbers".into(),
            Self::NotANumber { .. } => "the text is not a number".into(),
            Self::SpreadsheetError { code } => format!("the spreadsheet could not compute this cell: {code}"),
            Self::ColumnTooNarrow => {
                "the spreadsheet wrote `#` signs because the column was too narrow for its value".into()
            }
            Self::Placeholder { .. } => "the text stands for a value that is not there".into(),
            Self::NotABoolean { .. } => "the text is neither `true` nor `false`".into(),
            Self::DateOrder { readings } if readings.len() > 1 => {
                format!("the date can mean {}", listed(readings, "or"))
            }
            Self::DateOrder { .. } => "the date is not written year-month-day".into(),
            Self::DateWithTime { .. } => "the date has a time of day with it".into(),
            Self::SpreadsheetDay { rewritten } => {
                format!("the number is how a spreadsheet holds {rewritten}")
            }
            Self::MonthName { .. } => "the month is a word".into(),
            Self::NoSuchDay => "there is no such day in the calendar".into(),
            Self::DayMissing => "the text is a period, and this column holds days".into(),
            Self::NotADate => "the text is not a date".into(),
            Self::PeriodStyle { readings } if readings.len() > 1 => {
                format!("the period can mean {}", listed(readings, "or"))
            }
            Self::PeriodStyle { .. } => "the period is not written as the standard writes it".into(),
            Self::SpanReversed { .. } => "the span ends before it begins".into(),
            Self::NotAPeriod => "the text is not a period".into(),
            Self::NulByte => "the cell holds a NUL character".into(),
            Self::TooLong { bytes, limit } => {
                format!("the cell holds {bytes} bytes, and {limit} is the limit")
            }
        }
    }

    /// How to mend it.
    pub fn fix(&self) -> String {
        match self {
            Self::WrongDecimalMark { rewritten, declared } => {
                let other = match declared {
                    DecimalMark::Point => ',',
                    DecimalMark::Comma => '.',
                };
                format!("write `{rewritten}`, or declare `decimal: '{other}'` for this file")
            }
            Self::ThousandsSeparator { rewritten, alternative: Some(alternative), .. } => {
                format!("write `{rewritten}` or `{alternative}`, whichever is meant")
            }
            Self::PercentSign { number } => {
                format!("write `{number}` alone, if it is in the unit that the standard gives for this column")
            }
            Self::CurrencySign { number, .. } | Self::UnitInCell { number, .. } => {
                format!("write `{number}` alone, converted to the unit that the standard gives for this column")
            }
            Self::ThousandsSeparator { rewritten, .. }
            | Self::NegativeStyle { rewritten }
            | Self::DateWithTime { rewritten }
            | Self::SpreadsheetDay { rewritten }
            | Self::SpanReversed { rewritten } => format!("write `{rewritten}`"),
            Self::NotWhole => "write a whole number, or ask whether this figure belongs in another column".into(),
            Self::TooLarge { .. } => "check the digits, and the unit that the standard gives for this column".into(),
            Self::TooSmall => "write `0` if zero is meant".into(),
            Self::DateForNumber => {
                "a spreadsheet may have made a date of a number: format the column as numbers and enter the figure again".into()
            }
            Self::NotANumber { mark } => format!(
                "write digits with at most one decimal mark, such as `1250{}5`, or leave the cell empty",
                mark.as_char()
            ),
            Self::SpreadsheetError { .. } => {
                "mend the formula, or leave the cell empty, or write `not_available`".into()
            }
            Self::ColumnTooNarrow => "widen the column in the spreadsheet and save the file again".into(),
            Self::Placeholder { reasons } => {
                let words: Vec<String> = reasons.iter().map(|reason| reason.word().to_owned()).collect();
                format!("write {}, or leave the cell empty", listed(&words, "or"))
            }
            Self::NotABoolean { suggested: Some(value) } => format!("write `{value}`"),
            Self::NotABoolean { suggested: None } => {
                "write `true` or `false`, or leave the cell empty".into()
            }
            Self::DateOrder { readings } | Self::MonthName { readings } | Self::PeriodStyle { readings } => {
                match readings.as_slice() {
                    [reading] => format!("write `{reading}`"),
                    readings => format!("write {}, whichever is meant", listed(readings, "or")),
                }
            }
            Self::NoSuchDay => "check the day and the month".into(),
            Self::DayMissing | Self::NotADate => "write year, month and day, such as `2024-06-30`".into(),
            Self::NotAPeriod => {
                "write a year `2024`, a quarter `2024-Q2`, a month `2024-06` or a span of years `2016/2018`".into()
            }
            Self::NulByte => "save the file again as `CSV UTF-8`".into(),
            Self::TooLong { .. } => {
                "shorten the text; if it runs over many cells, look for a quote that is not closed".into()
            }
        }
    }
}

fn listed(items: &[String], conjunction: &str) -> String {
    let quoted: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
    match quoted.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} {conjunction} {last}", others.join(", ")),
        _ => quoted.concat(),
    }
}

fn character_name(character: char) -> String {
    match character {
        ',' => "a comma".into(),
        '.' => "a point".into(),
        ' ' => "a space".into(),
        '\'' | '\u{2019}' => "an apostrophe".into(),
        '\u{a0}' | '\u{202f}' | '\u{2007}' => "a no-break space".into(),
        '\u{2009}' => "a thin space".into(),
        other => format!("`{other}`"),
    }
}
