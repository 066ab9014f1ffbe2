//! Figures as people read them: no more digits than they are good for, a point for the decimal mark everywhere.

use super::words::whole;
use crate::standard::Language;

/// A share in percent with one decimal, its sign left out: `14.4`.
pub(super) fn percent(share: f64) -> String {
    fixed(100.0 * share, 1)
}

/// A probability in percent, with a decimal only where it has one: `95`, `97.5`.
pub(super) fn probability(level: f64) -> String {
    percent(level).trim_end_matches(".0").to_owned()
}

/// A figure and its bounds with three significant digits of the figure, all to the same decimal.
pub(super) fn levels(language: Language, figure: f64, others: [f64; 2]) -> [String; 3] {
    let scale =
        [figure, others[0], others[1]].into_iter().map(f64::abs).find(|size| *size > 0.0).unwrap_or(1.0);
    let decimals = 2 - decade(scale);
    [figure, others[0], others[1]].map(|value| to_decimal(language, value, decimals))
}

/// The power of ten of the first digit of a positive number.
fn decade(size: f64) -> i32 {
    let (_, exponent) = scientific(size, 2);
    exponent
}

/// The digits and the power of ten of a number, rounded to some decimals: `1.23e-4` is `("1.23", -4)`.
fn scientific(value: f64, decimals: usize) -> (String, i32) {
    let text = format!("{value:.decimals$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (digits.to_owned(), exponent.parse().unwrap_or(0))
}

fn to_decimal(language: Language, value: f64, decimals: i32) -> String {
    // Beyond this, digits before or after the point are zeros that nobody counts.
    if !value.is_finite() || decimals > 8 || value.abs() >= 1e15 {
        let (digits, exponent) = scientific(value, 2);
        return if exponent == 0 { digits } else { format!("{digits}e{exponent}") };
    }
    if let Ok(decimals) = usize::try_from(decimals) {
        return grouped(language, &fixed(value, decimals));
    }
    let unit = 10_f64.powi(-decimals);
    grouped(language, &fixed((value / unit).round() * unit, 0))
}

/// A number with some decimals; nothing is never negative.
fn fixed(value: f64, decimals: usize) -> String {
    if value.abs() >= 1e15 {
        let (digits, exponent) = scientific(value, decimals);
        return format!("{digits}e{exponent}");
    }
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|digit| matches!(digit, '0' | '.')) => digits.to_owned(),
        _ => text,
    }
}

/// The thousands of a number set apart.
fn grouped(language: Language, text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (integer, decimals) = digits.find('.').map_or((digits, ""), |point| digits.split_at(point));
    integer.parse().map_or(text.to_owned(), |number| format!("{sign}{}{decimals}", whole(language, number)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shares_have_one_decimal_and_no_negative_nothing() {
        assert_eq!([0.1443, -0.0321, -0.0004, 1.0].map(percent), ["14.4", "-3.2", "0.0", "100.0"]);
        assert_eq!([0.95, 0.975, 0.9].map(probability), ["95", "97.5", "90"]);
    }

    #[test]
    fn levels_have_three_digits() {
        let english = |figure, low, high| levels(Language::English, figure, [low, high]);
        assert_eq!(english(1.404, 0.523, 2.189), ["1.40", "0.52", "2.19"]);
        assert_eq!(english(1_234_567.0, 987_654.0, 2_000_000.0), ["1,230,000", "990,000", "2,000,000"]);
        assert_eq!(english(0.0, 0.0, 0.012), ["0.0000", "0.0000", "0.0120"]);
        assert_eq!(english(-51.96, -60.0, -0.01), ["-52.0", "-60.0", "0.0"]);
        assert_eq!(english(1.5e-12, 0.0, 3e20), ["1.50e-12", "0.00", "3.00e20"]);
        assert_eq!(
            levels(Language::Spanish, 12_345.0, [1.0, 99_999.0]),
            ["12\u{a0}300", "0", "100\u{a0}000"]
        );
    }

    proptest! {
        #[test]
        fn any_number_can_be_shown(value in prop::num::f64::ANY, low in prop::num::f64::ANY) {
            prop_assert!(percent(value).len() < 32);
            for text in levels(Language::English, value, [low, value]) {
                prop_assert!(text.len() < 32, "{text}");
            }
        }
    }
}
