//! Days and periods: reading, writing and counting them. Years have four digits and begin at 1000.

const FIRST_YEAR: i32 = 1000;
const LAST_YEAR: i32 = 9999;

/// Days since 1970-01-01 of a date written `2024-06-30`; nothing for any other form or a day that does not exist.
pub(crate) fn parse_date(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let (year, month, day) = (digits(&text[..4])?, digits(&text[5..7])?, digits(&text[8..])?);
    day_exists(year, month, day).then(|| day_number(year, month, day))
}

/// Whether there is such a day.
pub(crate) fn day_exists(year: i32, month: i32, day: i32) -> bool {
    (FIRST_YEAR..=LAST_YEAR).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
}

/// The date that so many days since 1970-01-01 are, as `2024-06-30`.
pub(crate) fn date_text(days: i32) -> String {
    let (year, month, day) = date_parts(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of so many days since 1970-01-01.
///
/// After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years that begin in March have their leap day last.
pub(crate) fn date_parts(days: i32) -> (i32, i32, i32) {
    let shifted = i64::from(days) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let narrow = |value: i64| i32::try_from(value).expect("days of 32 bits span years of 32 bits");
    (narrow(year), narrow(month), narrow(day))
}

/// Days since 1970-01-01 of a day that exists; the inverse of [`date_parts`].
pub(crate) fn day_number(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A period of one of its four lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Period {
    Year(i32),
    Quarter(i32, i32),
    Month(i32, i32),
    Span(i32, i32),
}

impl Period {
    /// Reads `2024`, `2024-Q2`, `2024-06` or `2016/2018`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if !text.is_ascii() || text.len() < 4 {
            return None;
        }
        let (year, rest) = text.split_at(4);
        let year = digits(year).filter(|year| *year >= FIRST_YEAR)?;
        if rest.is_empty() {
            return Some(Self::Year(year));
        }
        if let Some(last) = rest.strip_prefix('/') {
            let last = digits(last).filter(|last| rest.len() == 5 && *last >= year)?;
            return Some(Self::Span(year, last));
        }
        if let Some(quarter) = rest.strip_prefix("-Q") {
            let quarter = digits(quarter).filter(|quarter| rest.len() == 3 && (1..=4).contains(quarter))?;
            return Some(Self::Quarter(year, quarter));
        }
        let month =
            digits(rest.strip_prefix('-')?).filter(|month| rest.len() == 3 && (1..=12).contains(month))?;
        Some(Self::Month(year, month))
    }

    /// The year it lies in; a span of years lies in none.
    pub(crate) fn year(self) -> Option<i32> {
        match self {
            Self::Year(year) | Self::Quarter(year, _) | Self::Month(year, _) => Some(year),
            Self::Span(..) => None,
        }
    }

    /// The quarter it lies in; a year lies in none.
    pub(crate) fn quarter(self) -> Option<i32> {
        match self {
            Self::Quarter(_, quarter) => Some(quarter),
            Self::Month(_, month) => Some((month + 2) / 3),
            Self::Year(_) | Self::Span(..) => None,
        }
    }

    /// The month of a monthly period.
    pub(crate) fn month(self) -> Option<i32> {
        match self {
            Self::Month(_, month) => Some(month),
            _ => None,
        }
    }

    /// The months since year 0 of a monthly period.
    pub(crate) fn month_number(self) -> Option<i32> {
        match self {
            Self::Month(year, month) => Some(year * 12 + month),
            _ => None,
        }
    }
}

fn digits(text: &str) -> Option<i32> {
    let all_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_follows_the_last() {
        let mut expected = parse_date("1000-01-01").expect("a day");
        assert_eq!(expected, -354_285);
        for year in (1000..1402).chain([9999]) {
            if year == 9999 {
                expected = parse_date("9999-01-01").expect("a day");
            }
            for month in 1..=12 {
                for day in 1..=31 {
                    let text = format!("{year:04}-{month:02}-{day:02}");
                    if let Some(days) = parse_date(&text) {
                        assert_eq!(days, expected, "{text}");
                        assert_eq!(date_text(days), text);
                        expected += 1;
                    } else {
                        assert!(day > 28, "{text}");
                    }
                }
            }
        }
        assert_eq!(parse_date("1970-01-01"), Some(0));
        assert_eq!(parse_date("2000-02-29"), Some(11_016));
        assert_eq!(parse_date("9999-12-31"), Some(2_932_896));
        for text in
            ["1900-02-29", "2023-02-29", "2024-04-31", "0999-12-31", "2024-00-10", "2024-1-05", "2024-06-3x"]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn periods_have_four_forms() {
        for text in ["2024", "1000", "2024-Q1", "2024-Q4", "2024-01", "2024-12", "2016/2018", "2016/2016"] {
            assert!(Period::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "24",
            "0999",
            "20245",
            "2024-",
            "2024-Q",
            "2024-Q0",
            "2024-Q5",
            "2024-q1",
            "2024-00",
            "2024-13",
            "2024-1",
            "2018/2016",
            "2016/18",
            "2016-2018",
            "2024-06-30",
            "2024/",
        ] {
            assert!(Period::parse(text).is_none(), "{text}");
        }
    }
}
