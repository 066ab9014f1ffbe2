//! Numbers: the form that is read, and the many forms in which people write them.

use super::{CellFault, DecimalMark, LOOKALIKE_BYTES, calendar};
use crate::submission::fold::fold;

/// The largest whole number that a float holds with all its neighbours.
const LARGEST_INTEGER: u64 = 1 << 53;

/// Digits that always fit the mantissa of [`Written`].
const KEPT_DIGITS: u32 = 19;

/// Powers of ten that a float holds exactly.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// A number as written: `mantissa / 10^scale`, and the digits that did not fit.
struct Written {
    negative: bool,
    mantissa: u64,
    /// Digits behind those of the mantissa.
    dropped: i64,
    /// Whether one of them is not zero.
    inexact: bool,
    /// Digits after the decimal mark, less the exponent.
    decimals: i64,
}

/// A decimal number and its count of decimals; `None` where the text has another form.
pub(super) fn number(text: &str, mark: DecimalMark) -> Option<Result<(f64, i8), CellFault>> {
    let written = scan(text.as_bytes(), mark)?;
    Some(value(&written, text, mark).map(|value| (value, clamped(written.decimals))))
}

/// A whole number and its count of decimals; `None` where the text has another form.
pub(super) fn integer(text: &str, mark: DecimalMark) -> Option<Result<(f64, i8), CellFault>> {
    let written = scan(text.as_bytes(), mark)?;
    let magnitude = match whole(&written) {
        Ok(magnitude) => magnitude,
        Err(fault) => return Some(Err(fault)),
    };
    let magnitude = magnitude as f64;
    let value = if written.negative && magnitude > 0.0 { -magnitude } else { magnitude };
    Some(Ok((value, clamped(written.decimals))))
}

/// Sign, digits, mark, digits, exponent; at least one digit, and nothing else.
fn scan(bytes: &[u8], mark: DecimalMark) -> Option<Written> {
    let mark = if mark == DecimalMark::Comma { b',' } else { b'.' };
    let (negative, bytes) = match bytes.first()? {
        b'-' => (true, &bytes[1..]),
        b'+' => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    let mut written = Written { negative, mantissa: 0, dropped: 0, inexact: false, decimals: 0 };
    let mut significant = 0;
    let mut digits = 0_usize;
    let mut after_mark = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            digits += 1;
            if significant < KEPT_DIGITS {
                written.mantissa = written.mantissa * 10 + u64::from(digit);
                significant += u32::from(written.mantissa != 0);
            } else {
                written.dropped += 1;
                written.inexact |= digit != 0;
            }
            written.decimals += i64::from(after_mark);
        } else if byte == mark && !after_mark {
            after_mark = true;
        } else {
            break;
        }
        at += 1;
    }
    if digits == 0 {
        return None;
    }
    if at < bytes.len() {
        written.decimals = written.decimals.saturating_sub(exponent(&bytes[at..])?);
    }
    Some(written)
}

fn exponent(bytes: &[u8]) -> Option<i64> {
    let (b'e' | b'E', bytes) = bytes.split_first()? else {
        return None;
    };
    let (negative, bytes) = match bytes.first()? {
        b'-' => (true, &bytes[1..]),
        b'+' => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    if bytes.is_empty() || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let magnitude = bytes
        .iter()
        .fold(0_i64, |exponent, byte| exponent.saturating_mul(10).saturating_add(i64::from(byte - b'0')));
    Some(if negative { -magnitude } else { magnitude })
}

fn value(written: &Written, text: &str, mark: DecimalMark) -> Result<f64, CellFault> {
    if written.mantissa == 0 {
        return Ok(0.0);
    }
    if written.dropped == 0
        && written.mantissa <= LARGEST_INTEGER
        && let Ok(power) = usize::try_from(written.decimals.unsigned_abs())
        && let Some(&power) = EXACT_POWERS.get(power)
    {
        // Both are exact, so the one operation rounds once, as reading the decimal would.
        let mantissa = written.mantissa as f64;
        let magnitude = if written.decimals >= 0 { mantissa / power } else { mantissa * power };
        return Ok(if written.negative { -magnitude } else { magnitude });
    }
    let value = match mark {
        DecimalMark::Point => text.parse::<f64>(),
        DecimalMark::Comma => text.replace(',', ".").parse::<f64>(),
    };
    match value {
        Ok(value) if value.is_infinite() => Err(CellFault::TooLarge { whole: false }),
        // A figure that is not zero must not become zero.
        Ok(0.0) => Err(CellFault::TooSmall),
        Ok(value) => Ok(value),
        Err(_) => Err(CellFault::NotANumber { mark }),
    }
}

/// The magnitude of a whole number, from its digits and not from a rounded float.
fn whole(written: &Written) -> Result<u64, CellFault> {
    let mut magnitude = written.mantissa;
    let mut scale = written.decimals.saturating_sub(written.dropped);
    if magnitude == 0 {
        return Ok(0);
    }
    if written.inexact {
        // More than 19 digits count: either some of them are decimals, or the number is beyond 10^19.
        return Err(if written.decimals > 0 {
            CellFault::NotWhole
        } else {
            CellFault::TooLarge { whole: true }
        });
    }
    while scale > 0 {
        if !magnitude.is_multiple_of(10) {
            return Err(CellFault::NotWhole);
        }
        magnitude /= 10;
        scale -= 1;
    }
    while scale < 0 && magnitude <= LARGEST_INTEGER {
        magnitude *= 10;
        scale += 1;
    }
    if magnitude > LARGEST_INTEGER { Err(CellFault::TooLarge { whole: true }) } else { Ok(magnitude) }
}

fn clamped(decimals: i64) -> i8 {
    i8::try_from(decimals).unwrap_or(if decimals < 0 { i8::MIN } else { i8::MAX })
}

/// What a text that is no number looks like.
pub(super) fn fault(text: &str, mark: DecimalMark) -> CellFault {
    if text.len() > LOOKALIKE_BYTES {
        return CellFault::NotANumber { mark };
    }
    if let Some(amount) = amount(text, mark) {
        return amount.fault(mark);
    }
    if let Some(fault) = negative(text, mark) {
        return fault;
    }
    if calendar::looks_like_date(text) {
        return CellFault::DateForNumber;
    }
    affixed(text, mark).unwrap_or(CellFault::NotANumber { mark })
}

/// A number in another notation, rewritten in the declared one.
struct Amount {
    rewritten: String,
    /// The other number that it may mean.
    alternative: Option<String>,
    /// The character between groups of digits, where there are groups.
    separator: Option<char>,
}

impl Amount {
    fn fault(self, mark: DecimalMark) -> CellFault {
        match self.separator {
            Some(separator) => CellFault::ThousandsSeparator {
                separator,
                rewritten: self.rewritten,
                alternative: self.alternative,
            },
            None => CellFault::WrongDecimalMark { rewritten: self.rewritten, declared: mark },
        }
    }
}

/// Reads digits with marks and separators between them, in any of the notations in use.
fn amount(text: &str, mark: DecimalMark) -> Option<Amount> {
    if scan(text.as_bytes(), mark).is_some() {
        return Some(Amount { rewritten: text.to_owned(), alternative: None, separator: None });
    }
    let (sign, body) = match text.strip_prefix('-') {
        Some(body) => ("-", body),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    // `,5` is `0,5`.
    let padded = if body.starts_with(['.', ',']) { format!("0{body}") } else { body.to_owned() };
    let mut groups: Vec<&str> = Vec::new();
    let mut separators: Vec<char> = Vec::new();
    let mut rest = padded.as_str();
    loop {
        let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
        if end == 0 {
            return None;
        }
        groups.push(&rest[..end]);
        let Some(separator) = rest[end..].chars().next() else { break };
        if !is_separator(separator) {
            return None;
        }
        // Spaces of several kinds in one number look alike, and are.
        let alike = separators.iter().find(|other| separator.is_whitespace() && other.is_whitespace());
        separators.push(*alike.unwrap_or(&separator));
        rest = &rest[end + separator.len_utf8()..];
    }
    let (&last, earlier) = separators.split_last()?;
    let join = |groups: &[&str], fraction: Option<&str>| {
        let mut joined = format!("{sign}{}", groups.concat());
        if let Some(fraction) = fraction {
            joined.push(mark.as_char());
            joined.push_str(fraction);
        }
        joined
    };
    let (fraction, whole) = groups.split_last()?;
    match earlier.first() {
        // `1250,5`, `0,250` and `1250,500` can only be decimals; `1,250` can be either.
        None if matches!(last, '.' | ',') && !is_grouped(&groups) => {
            Some(Amount { rewritten: join(whole, Some(fraction)), alternative: None, separator: None })
        }
        None if matches!(last, '.' | ',') => Some(Amount {
            rewritten: join(&groups, None),
            alternative: Some(join(whole, Some(fraction))),
            separator: Some(last),
        }),
        None if is_grouped(&groups) => {
            Some(Amount { rewritten: join(&groups, None), alternative: None, separator: Some(last) })
        }
        Some(&separator) if earlier.iter().all(|&other| other == separator) => {
            if separator == last && is_grouped(&groups) {
                Some(Amount { rewritten: join(&groups, None), alternative: None, separator: Some(last) })
            } else if separator != last && matches!(last, '.' | ',') && is_grouped(whole) {
                Some(Amount {
                    rewritten: join(whole, Some(fraction)),
                    alternative: None,
                    separator: Some(separator),
                })
            } else {
                None
            }
        }
        _ => None,
    }
}

/// Points and commas, apostrophes, and spaces: plain, no-break, thin, narrow no-break, figure.
fn is_separator(character: char) -> bool {
    matches!(character, '.' | ',' | '\'' | '\u{2019}' | ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2007}')
}

/// Whether digits stand in groups of three as in `1 250 000`; a number so written does not begin with a zero.
fn is_grouped(groups: &[&str]) -> bool {
    let Some((first, others)) = groups.split_first() else {
        return false;
    };
    first.len() <= 3 && !first.starts_with('0') && others.iter().all(|group| group.len() == 3)
}

/// `(1250)`, `1250-` and numbers with the minus sign of typographers.
fn negative(text: &str, mark: DecimalMark) -> Option<CellFault> {
    let body = if let Some(body) = text.strip_prefix('(') {
        body.strip_suffix(')')?
    } else if let Some(body) = text.strip_suffix('-') {
        body
    } else {
        text.strip_prefix(['\u{2212}', '\u{2013}'])?
    };
    let body = body.trim();
    if !body.starts_with(|character: char| character.is_ascii_digit()) {
        return None;
    }
    let amount = amount(body, mark)?;
    let rewritten = format!("-{}", amount.rewritten);
    Some(match (amount.separator, amount.alternative) {
        (Some(separator), Some(alternative)) => CellFault::ThousandsSeparator {
            separator,
            rewritten,
            alternative: Some(format!("-{alternative}")),
        },
        _ => CellFault::NegativeStyle { rewritten },
    })
}

/// A number with something before or behind it: a currency, a per cent sign, a unit.
fn affixed(text: &str, mark: DecimalMark) -> Option<CellFault> {
    let start = text.find(|character: char| character.is_ascii_digit())?;
    let (before, rest) = text.split_at(start);
    let (before, sign) = match before.trim().strip_suffix('-').or(before.trim().strip_prefix('-')) {
        Some(before) => (before.trim(), "-"),
        None => (before.trim(), ""),
    };
    let end = rest
        .find(|character: char| !character.is_ascii_digit() && !is_separator(character))
        .unwrap_or(rest.len());
    let (digits, behind) = rest.split_at(end);
    let digits = digits.trim_end_matches(is_separator);
    let behind = behind.trim();
    let written = format!("{sign}{digits}");
    let amount = amount(&written, mark)?;
    let is_sign = is_currency(before) && behind.is_empty() || before.is_empty() && is_currency(behind);
    let is_unit = before.is_empty() && is_unit(behind);
    match amount {
        _ if !is_sign && !is_unit => None,
        // What the number is comes first: whoever mends that leaves the rest away.
        Amount { alternative: Some(_), .. } => Some(amount.fault(mark)),
        Amount { rewritten: number, .. } if is_sign => {
            Some(CellFault::CurrencySign { sign: format!("{before}{behind}"), number })
        }
        Amount { rewritten: number, .. } if behind == "%" => Some(CellFault::PercentSign { number }),
        Amount { rewritten: number, .. } => Some(CellFault::UnitInCell { unit: behind.to_owned(), number }),
    }
}

fn is_currency(text: &str) -> bool {
    match fold(text).as_str() {
        "us$" | "r$" | "c$" | "mx$" | "a$" | "rd$" | "u$s" | "s/" | "s/." | "bs" | "bs." | "usd" | "eur"
        | "gbp" | "mxn" | "cop" | "clp" | "pen" | "ars" | "brl" | "crc" | "dop" | "gtq" | "hnl" | "nio"
        | "pab" | "pyg" | "uyu" | "bob" | "ves" | "cad" | "chf" | "euros" | "dolares" | "pesos" | "soles" => {
            true
        }
        other => {
            let mut characters = other.chars();
            matches!(characters.next(), Some('$' | '€' | '£' | '¥' | '¢' | '₡' | '₲' | '₱' | '₹' | '₽'))
                && characters.next().is_none()
        }
    }
}

/// Letters, as in `hl`, `% vol`, `°` or `m3`; a digit may only end it, or `0x1F` would be a number of `x1F`.
fn is_unit(text: &str) -> bool {
    let body = text.strip_suffix(['2', '3', '²', '³']).unwrap_or(text);
    body.chars().count() <= 24
        && body.starts_with(|character: char| character.is_alphabetic() || matches!(character, '°' | '%'))
        && body
            .chars()
            .all(|character| character.is_alphabetic() || matches!(character, '°' | '%' | ' ' | '.' | '/'))
        && !matches!(body, "e" | "E")
}
