//! The formula of a propagation case: a text, read by the engine's own expression language.

use super::case::{array, numbers, text};
use crate::expression::{Context, Field, Kind, Scope, Unit, Vocabulary, compile};
use crate::table::{Column, Values};
use arrow_array::{Array, Float64Array};
use serde_json::Value;

/// A formula that owns what it needs.
pub(super) type Formula = Box<dyn Fn(&[&[f64]]) -> Result<Vec<f64>, String> + Sync>;

/// A formula and everything that it divides by.
pub(super) struct Parsed {
    pub(super) value: Formula,
    pub(super) divisors: Vec<Formula>,
}

/// Reads the formula of the inputs over quantities of these names; `extra` holds the lists beside the quantities.
pub(super) fn parse(inputs: &Value, names: &[String], extra: &[&Value]) -> Result<Parsed, String> {
    let written = text(inputs, "model")?;
    match written.split_whitespace().collect::<String>().as_str() {
        "sum_ic_ix_i" => {
            Ok(weighted_sum(weights(inputs, names.len(), extra, "coefficients", "coefficient")?))
        }
        "prod_ix_i^exponent_i" => {
            Ok(product_of_powers(weights(inputs, names.len(), extra, "exponents", "exponent")?))
        }
        _ => {
            let renamed = rename(&written, names);
            let divisors: Result<Vec<Formula>, String> =
                divisors(&renamed).into_iter().map(|divisor| formula(divisor, names.len())).collect();
            Ok(Parsed { value: formula(&renamed, names.len())?, divisors: divisors? })
        }
    }
}

/// One number a quantity: from a list beside the quantities, from each quantity, or 1.
fn weights(
    inputs: &Value,
    count: usize,
    extra: &[&Value],
    list: &str,
    single: &str,
) -> Result<Vec<f64>, String> {
    let weights = if let Some(holder) = extra.iter().find(|holder| holder.get(list).is_some()) {
        numbers(holder, list)?
    } else {
        array(inputs, "quantities")?
            .iter()
            .filter(|quantity| quantity.get("dist").is_some())
            .map(|quantity| super::case::number_or(quantity, single, 1.0))
            .collect::<Result<_, _>>()?
    };
    if weights.len() == count {
        Ok(weights)
    } else {
        Err(format!("there are {} {list} for {count} quantities", weights.len()))
    }
}

fn weighted_sum(weights: Vec<f64>) -> Parsed {
    let value: Formula = Box::new(move |columns| {
        Ok(rows(columns, |row| weights.iter().zip(row).map(|(weight, x)| weight * x).sum()))
    });
    Parsed { value, divisors: Vec::new() }
}

fn product_of_powers(exponents: Vec<f64>) -> Parsed {
    let divisors = (0..exponents.len())
        .filter(|i| exponents[*i] < 0.0)
        .map(|i| -> Formula { Box::new(move |columns| Ok(columns[i].to_vec())) })
        .collect();
    let value: Formula = Box::new(move |columns| {
        Ok(rows(columns, |row| {
            exponents.iter().zip(row).map(|(exponent, x)| libm::pow(*x, *exponent)).product()
        }))
    });
    Parsed { value, divisors }
}

/// A function of one row, over all rows.
fn rows(columns: &[&[f64]], of_row: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let count = columns.first().map_or(0, |column| column.len());
    let mut row = vec![0.0; columns.len()];
    (0..count)
        .map(|i| {
            for (place, column) in row.iter_mut().zip(columns) {
                *place = column[i];
            }
            of_row(&row)
        })
        .collect()
}

/// Compiles a text over `quantity_0`, `quantity_1`, ...; where it has no value, as after a division by zero, the result is NaN.
fn formula(text: &str, count: usize) -> Result<Formula, String> {
    let fields: Vec<Field> = (0..count)
        .map(|i| Field { name: name_of(i), kind: Kind::Number(Unit::one()), title: None })
        .collect();
    let vocabulary = Vocabulary::default();
    let scope =
        Scope { fields: &fields, vocabulary: &vocabulary, context: Context::Row, table_name: "quantities" };
    let program = compile(text, &scope, None).map_err(|faults| {
        let messages: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
        format!("the model {text} cannot be read: {}", messages.join("; "))
    })?;
    Ok(Box::new(move |columns| {
        let rows = columns.first().map_or(0, |column| column.len());
        let columns: Vec<Column> = columns
            .iter()
            .map(|column| Column::of(Values::Number(Float64Array::from(column.to_vec()))))
            .collect();
        match program.evaluate(&columns.iter().collect::<Vec<_>>(), rows) {
            Values::Number(values) => Ok((0..rows)
                .map(|row| if values.is_null(row) { f64::NAN } else { values.value(row) })
                .collect()),
            _ => Err("the model gives no numbers".to_owned()),
        }
    }))
}

fn name_of(place: usize) -> String {
    format!("quantity_{place}")
}

/// Gives every quantity a name that no word of the language has.
fn rename(text: &str, names: &[String]) -> String {
    words(text)
        .map(|word| names.iter().position(|name| name == word).map_or_else(|| word.to_owned(), name_of))
        .collect()
}

/// The text in pieces: names, numbers and single other characters.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        // A dot belongs to a number, and its digits keep an exponent's letter from being a name.
        let length = if is_word(first) || first == '.' {
            rest.find(|c: char| !(is_word(c) || c == '.')).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(length);
        rest = after;
        Some(word)
    })
}

/// What stands after each `/`: a name, a call or a part in brackets; a number cannot be zero by chance.
fn divisors(text: &str) -> Vec<&str> {
    text.match_indices('/')
        .filter_map(|(place, _)| {
            let after = text[place + 1..].trim_start_matches([' ', '+', '-']);
            let head =
                after.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(after.len());
            let length = if after[head..].starts_with('(') { head + bracketed(&after[head..]) } else { head };
            let is_number = after.starts_with(|c: char| c.is_ascii_digit() || c == '.');
            (length > 0 && !is_number).then(|| &after[..length])
        })
        .collect()
}

/// The length of the part in brackets that the text starts with.
fn bracketed(text: &str) -> usize {
    let mut depth = 0_usize;
    for (place, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return place + c.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_and_nothing_else() {
        let names = ["e".to_owned(), "S".to_owned(), "max".to_owned()];
        assert_eq!(
            rename("max(0, e) / (S*1.5e3 - see)", &names),
            "quantity_2(0, quantity_0) / (quantity_1*1.5e3 - see)"
        );
        assert_eq!(
            rename("1 - L/(S*u)", &["L".to_owned(), "S".to_owned(), "u".to_owned()]),
            "1 - quantity_0/(quantity_1*quantity_2)"
        );
    }

    #[test]
    fn divisors_are_found() {
        assert_eq!(
            divisors("1 - a/(b*(c+d)) + e / f * g / 2 + h/-max(0, k)"),
            ["(b*(c+d))", "f", "max(0, k)"]
        );
        assert!(divisors("a * b").is_empty());
    }

    #[test]
    fn formulas_are_evaluated() {
        let inputs = serde_json::json!({"model": "1 - L/(S*u)"});
        let names = ["L", "S", "u"].map(str::to_owned);
        let parsed = parse(&inputs, &names, &[]).expect("a formula");
        let columns: [&[f64]; 3] = [&[100.0, 1.0], &[50.0, 0.0], &[2.5, 1.0]];
        let values = (parsed.value)(&columns).expect("numbers");
        assert!((values[0] - 0.2).abs() < 1e-15 && values[1].is_nan());
        assert!(((parsed.divisors[0])(&columns).expect("numbers")[0] - 125.0).abs() < 1e-12);
        assert!(parse(&serde_json::json!({"model": "1 - "}), &names, &[]).is_err());
        assert!(parse(&serde_json::json!({"model": "1 - nobody"}), &names, &[]).is_err());
    }
}
