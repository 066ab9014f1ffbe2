//! Values as people read them in messages.

use super::vector::Scalar;
use crate::calendar::date_text;

/// What stands for a value that is not there.
const NOTHING: &str = "–";
/// As many digits as a person would compare; more would show the noise of binary arithmetic.
const DIGITS_SHOWN: usize = 12;

/// The value in words and digits.
pub(crate) fn text_of(value: &Scalar) -> String {
    match value {
        Scalar::Null => NOTHING.to_owned(),
        Scalar::Boolean(truth) => truth.to_string(),
        Scalar::Number(number) => number_text(*number),
        Scalar::Text(text) => text.to_string(),
        Scalar::Date(days) => date_text(*days),
    }
}

/// The number in its shortest form after rounding to 12 digits; with an exponent only where there would be rows of zeros.
fn number_text(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let rounded = format!("{number:.*e}", DIGITS_SHOWN - 1).parse().unwrap_or(number);
    if (1e-7..1e16).contains(&rounded.abs()) { rounded.to_string() } else { format!("{rounded:e}") }
}
