//! A reference case as it is read, and how its figures are looked up.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// One case.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) inputs: Value,
    pub(super) params: Value,
    pub(super) expected: Value,
    pub(super) tolerance: Tolerance,
}

/// How far a value may be from the expected one.
#[derive(Debug, Default)]
pub(super) struct Tolerance {
    pub(super) rel: f64,
    pub(super) abs: f64,
    /// By key: another relative tolerance, or none where the value is not to be compared.
    pub(super) per_key: BTreeMap<String, Option<f64>>,
}

impl Case {
    /// Reads a case; the reason where the text is none.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let Value::Object(mut case) = serde_json::from_str(text).map_err(|error| error.to_string())? else {
            return Err("the file holds no object".to_owned());
        };
        let mut take = |key: &str| case.remove(key).ok_or_else(|| format!("{key} is missing"));
        Ok(Self {
            id: string(&take("id")?, "id")?,
            method: string(&take("method")?, "method")?,
            inputs: take("inputs")?,
            expected: take("expected")?,
            tolerance: Tolerance::parse(&take("tolerance")?)?,
            params: take("params").unwrap_or(Value::Null),
        })
    }
}

impl Tolerance {
    fn parse(value: &Value) -> Result<Self, String> {
        let map = value.as_object().ok_or("tolerance is no object")?;
        let number = |key: &str| match map.get(key) {
            None => Ok(0.0),
            Some(value) => value
                .as_f64()
                .filter(|number| *number >= 0.0)
                .ok_or_else(|| format!("tolerance {key} is {value}, and must be a number from 0")),
        };
        let mut per_key = BTreeMap::new();
        for (key, value) in map.get("per_key").and_then(Value::as_object).into_iter().flatten() {
            let rel = match value {
                Value::String(word) if word == "ignore" || word == "information only" => None,
                _ => Some(value.as_f64().ok_or_else(|| {
                    format!("tolerance of {key} is {value}, and must be a number, \"ignore\" or \"information only\"")
                })?),
            };
            per_key.insert(key.clone(), rel);
        }
        Ok(Self { rel: number("rel")?, abs: number("abs")?, per_key })
    }
}

/// The entry of an object.
pub(super) fn entry<'a>(value: &'a Value, key: &str) -> Result<&'a Value, String> {
    value.get(key).ok_or_else(|| format!("{key} is missing"))
}

/// The number at a key.
pub(super) fn number(value: &Value, key: &str) -> Result<f64, String> {
    let entry = entry(value, key)?;
    entry.as_f64().ok_or_else(|| format!("{key} is {entry}, and must be a number"))
}

/// The number at a key that may be left out.
pub(super) fn number_or(value: &Value, key: &str, default: f64) -> Result<f64, String> {
    if value.get(key).is_none() { Ok(default) } else { number(value, key) }
}

/// The array at a key.
pub(super) fn array<'a>(value: &'a Value, key: &str) -> Result<&'a [Value], String> {
    entry(value, key)?.as_array().map(Vec::as_slice).ok_or_else(|| format!("{key} is no array"))
}

/// The numbers of the array at a key, or the one number that stands for an array of one.
pub(super) fn numbers(value: &Value, key: &str) -> Result<Vec<f64>, String> {
    let entry = entry(value, key)?;
    if let Some(number) = entry.as_f64() {
        return Ok(vec![number]);
    }
    array(value, key)?
        .iter()
        .map(|item| item.as_f64().ok_or_else(|| format!("{key} holds {item}, and must hold numbers")))
        .collect()
}

/// The rows of the matrix at a key.
pub(super) fn matrix(value: &Value, key: &str) -> Result<Vec<Vec<f64>>, String> {
    array(value, key)?
        .iter()
        .map(|row| {
            let row = row.as_array().ok_or_else(|| format!("{key} holds {row}, and must hold rows"))?;
            row.iter()
                .map(|item| item.as_f64().ok_or_else(|| format!("{key} holds {item}, and must hold numbers")))
                .collect()
        })
        .collect()
}

/// The text at a key.
pub(super) fn text(value: &Value, key: &str) -> Result<String, String> {
    string(entry(value, key)?, key)
}

fn string(value: &Value, key: &str) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("{key} is {value}, and must be a text"))
}

/// A number as JSON; null where it is none.
pub(super) fn json(number: f64) -> Value {
    serde_json::Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// An object from its entries.
pub(super) fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}
