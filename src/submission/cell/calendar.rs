//! Days and periods: the forms that are read, and the many forms in which people write them.

use super::{CellFault, LOOKALIKE_BYTES};
use crate::calendar::{Period, date_parts, day_exists, parse_date};
use crate::submission::fold::fold;

/// The number that spreadsheets give to 1970-01-01.
const SPREADSHEET_EPOCH: i32 = 25_569;

/// What a text in a date column looks like.
pub(super) fn date_fault(text: &str) -> CellFault {
    if has_date_form(text.as_bytes()) {
        return CellFault::NoSuchDay;
    }
    if text.len() > LOOKALIKE_BYTES {
        return CellFault::NotADate;
    }
    if Period::parse(text).is_some() {
        return CellFault::DayMissing;
    }
    if let Some(day) = spreadsheet_day(text) {
        return CellFault::SpreadsheetDay { rewritten: day.to_string() };
    }
    let (head, has_time) = without_time(text);
    if has_time && parse_date(head).is_some() {
        return CellFault::DateWithTime { rewritten: head.to_owned() };
    }
    let tokens = tokens(head);
    let readings = days(&tokens);
    if readings.is_empty() {
        CellFault::NotADate
    } else if tokens.iter().any(|token| matches!(token, Token::Month(_))) {
        CellFault::MonthName { readings: written(&readings) }
    } else {
        CellFault::DateOrder { readings: written(&readings) }
    }
}

/// What a text in a period column looks like.
pub(super) fn period_fault(text: &str) -> CellFault {
    if text.len() > LOOKALIKE_BYTES {
        return CellFault::NotAPeriod;
    }
    if let Some((first, last)) = text.split_once('/')
        && let (Some(first), Some(last)) = (year(first.as_bytes()), year(last.as_bytes()))
        && last < first
    {
        return CellFault::SpanReversed { rewritten: format!("{last}/{first}") };
    }
    if let Some(day) = spreadsheet_day(text) {
        return CellFault::SpreadsheetDay { rewritten: day.month_text() };
    }
    let tokens = tokens(without_time(text).0);
    let mut readings = periods(&tokens);
    readings.dedup();
    if readings.is_empty() {
        CellFault::NotAPeriod
    } else if tokens.iter().any(|token| matches!(token, Token::Month(_))) {
        CellFault::MonthName { readings }
    } else {
        CellFault::PeriodStyle { readings }
    }
}

/// Whether a text in a number column is a day or a month: a spreadsheet makes `5-ene` of 5.1.
pub(super) fn looks_like_date(text: &str) -> bool {
    let tokens = tokens(without_time(text).0);
    !days(&tokens).is_empty()
        || matches!(
            tokens.as_slice(),
            [Token::Digits(..), Token::Month(_)] | [Token::Month(_), Token::Digits(..)]
        )
}

/// A calendar day of the years 1000 to 9999.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Day {
    year: i32,
    month: i32,
    of_month: i32,
}

impl Day {
    fn of(year: i32, month: i32, day: i32) -> Option<Self> {
        day_exists(year, month, day).then_some(Self { year, month, of_month: day })
    }

    fn from_epoch(days: i32) -> Option<Self> {
        let (year, month, day) = date_parts(days);
        Self::of(year, month, day)
    }

    fn month_text(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.of_month)
    }
}

/// Whether a text has the form `dddd-dd-dd`, whether or not there is such a day.
fn has_date_form(bytes: &[u8]) -> bool {
    matches!(bytes, [b'1'..=b'9', _, _, _, b'-', _, _, b'-', _, _])
        && bytes.iter().enumerate().all(|(place, byte)| matches!(place, 4 | 7) || byte.is_ascii_digit())
}

/// A year of four digits that does not begin with a zero.
fn year(bytes: &[u8]) -> Option<i32> {
    let &[a @ b'1'..=b'9', b, c, d] = bytes else {
        return None;
    };
    Some(two_digits(a, b)? * 100 + two_digits(c, d)?)
}

fn two_digits(tens: u8, ones: u8) -> Option<i32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| i32::from(tens - b'0') * 10 + i32::from(ones - b'0'))
}

/// The day behind a number such as 45657, as a spreadsheet counts from 1900; five digits are 1927 to 2173.
fn spreadsheet_day(text: &str) -> Option<Day> {
    let number: i32 = text.strip_suffix(".0").unwrap_or(text).parse().ok()?;
    if !(10_000..=99_999).contains(&number) || text.starts_with('+') {
        return None;
    }
    Day::from_epoch(number - SPREADSHEET_EPOCH)
}

/// The text before a time of day, and whether there is one.
fn without_time(text: &str) -> (&str, bool) {
    let split = text.find(' ').or_else(|| text.find('T').filter(|&at| at == 10));
    if let Some(at) = split
        && let Some(time) = text.get(at + 1..)
        && time.contains(':')
    {
        return (text[..at].trim_end_matches(','), true);
    }
    (text, false)
}

enum Token {
    /// Its value and how many digits it has.
    Digits(i32, usize),
    Month(i32),
    /// The letter that stands for a quarter.
    Quarter,
}

/// Numbers, months and quarters between spaces, dashes, points, slashes and commas; nothing where there is anything else.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let folded = fold(text);
    let mut rest = folded.as_str();
    while let Some(first) = rest.chars().next() {
        let class = |character: char| (character.is_ascii_digit(), character.is_alphabetic());
        let end = rest.find(|character: char| class(character) != class(first)).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        rest = behind;
        let token = match class(first) {
            (true, _) => run.parse().ok().map(|value| Token::Digits(value, run.len())),
            (_, true) if matches!(run, "de" | "del" | "of" | "do" | "da") => continue,
            (_, true) if matches!(run, "q" | "t" | "tr" | "trim" | "trimestre" | "quarter" | "qtr") => {
                Some(Token::Quarter)
            }
            (_, true) => month(run).map(Token::Month),
            _ if run.chars().all(|character| " /-.,'\u{a0}\u{2013}\u{2014}".contains(character)) => continue,
            _ => None,
        };
        match token {
            Some(token) if tokens.len() < 4 => tokens.push(token),
            _ => return Vec::new(),
        }
    }
    tokens
}

/// The month that a folded word names in English, Spanish, Portuguese or French, whole or shortened.
fn month(word: &str) -> Option<i32> {
    const NAMES: [&[&str]; 12] = [
        &["january", "enero", "janeiro", "janvier"],
        &["february", "febrero", "fevereiro", "fevrier"],
        &["march", "marzo", "marco", "mars"],
        &["april", "abril", "avril"],
        &["may", "mayo", "maio", "mai"],
        &["june", "junio", "junho", "juin"],
        &["july", "julio", "julho", "juillet"],
        &["august", "agosto", "aout"],
        &["september", "septiembre", "setiembre", "setembro", "septembre"],
        &["october", "octubre", "outubro", "octobre"],
        &["november", "noviembre", "novembro", "novembre"],
        &["december", "diciembre", "dezembro", "decembre"],
    ];
    if word.len() < 3 {
        return None;
    }
    let mut months = (1..)
        .zip(NAMES)
        .filter(|(_, names)| names.iter().any(|name| name.starts_with(word)))
        .map(|(month, _)| month);
    // `jui` is June and July in French.
    let month = months.next()?;
    months.next().is_none().then_some(month)
}

/// The year that two digits stand for, as spreadsheets read them.
fn full_year(value: i32, digits: usize) -> Option<i32> {
    match digits {
        4 => Some(value),
        2 => Some(if value < 30 { 2000 + value } else { 1900 + value }),
        _ => None,
    }
}

/// The days that the parts may mean: none, one, or two where day and month can change places.
fn days(tokens: &[Token]) -> Vec<Day> {
    use Token::{Digits, Month};
    let candidates = match *tokens {
        [Digits(year, 4), Digits(first, 1 | 2), Digits(second, 1 | 2)] => {
            [Day::of(year, first, second).or_else(|| Day::of(year, second, first)), None]
        }
        [Digits(first, 1 | 2), Digits(second, 1 | 2), Digits(year, digits @ (2 | 4))] => {
            let Some(year) = full_year(year, digits) else {
                return Vec::new();
            };
            [Day::of(year, second, first), Day::of(year, first, second)]
        }
        [Digits(joined, 8)] => [Day::of(joined / 10_000, joined / 100 % 100, joined % 100), None],
        [Digits(day, 1 | 2), Month(month), Digits(year, digits @ (2 | 4))]
        | [Month(month), Digits(day, 1 | 2), Digits(year, digits @ 4)]
        | [Digits(year, digits @ 4), Month(month), Digits(day, 1 | 2)] => {
            [full_year(year, digits).and_then(|year| Day::of(year, month, day)), None]
        }
        _ => return Vec::new(),
    };
    let mut days: Vec<Day> = candidates.into_iter().flatten().collect();
    days.dedup();
    days
}

/// The periods that the parts may mean.
fn periods(tokens: &[Token]) -> Vec<String> {
    use Token::{Digits, Month, Quarter};
    let month = |year: i32, month: i32| Day::of(year, month, 1).map(Day::month_text);
    let candidates = match *tokens {
        // A spreadsheet or a program that holds years as decimals.
        [Digits(year, 4), Digits(0, 1)] => [year_text(year), None],
        // `2016/18` is a span of years; `2011/12` is that or a month.
        [Digits(year, 4), Digits(second, 1)] => [month(year, second), None],
        [Digits(year, 4), Digits(second, 2)] => [month(year, second), span(year, year / 100 * 100 + second)],
        [Digits(first, 1 | 2), Digits(year, 4)] => [month(year, first), None],
        [Digits(first, 4), Digits(last, 4)] => [span(first, last), None],
        [Digits(joined, 6)] => [month(joined / 100, joined % 100), None],
        [Month(named), Digits(year, digits @ (2 | 4))] | [Digits(year, digits @ 4), Month(named)] => {
            [full_year(year, digits).and_then(|year| month(year, named)), None]
        }
        [Quarter, Digits(quarter @ 1..=4, 1), Digits(year, 4)]
        | [Digits(quarter @ 1..=4, 1), Quarter, Digits(year, 4)]
        | [Digits(year, 4), Quarter, Digits(quarter @ 1..=4, 1)]
        | [Digits(year, 4), Digits(quarter @ 1..=4, 1), Quarter] => {
            [year_text(year).map(|year| format!("{year}-Q{quarter}")), None]
        }
        _ => return days(tokens).into_iter().map(Day::month_text).collect(),
    };
    candidates.into_iter().flatten().collect()
}

fn year_text(year: i32) -> Option<String> {
    (1000..=9999).contains(&year).then(|| year.to_string())
}

fn span(first: i32, last: i32) -> Option<String> {
    (first < last).then(|| Some(format!("{}/{}", year_text(first)?, year_text(last)?))).flatten()
}

fn written(days: &[Day]) -> Vec<String> {
    days.iter().map(ToString::to_string).collect()
}
