//! Cases of `balancing`: figures with variances or a covariance matrix, and the identities that they must satisfy.

use serde_json::{Map, Value};

use super::Options;
use super::case::{Case, json, matrix, numbers};
use super::compare::Actual;
use crate::estimator::numeric::balancing::{Balance, Constraint, Errors};

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let inputs = &case.inputs;
    let figures = numbers(inputs, "x")?;
    let errors = if inputs.get("V").is_some() {
        Errors::Joint(matrix(inputs, "V")?)
    } else {
        Errors::Independent(numbers(inputs, "variances")?)
    };
    let (rows, totals) = (matrix(inputs, "A")?, numbers(inputs, "b")?);
    if rows.len() != totals.len() {
        return Err(format!("A has {} rows, and b has {} entries", rows.len(), totals.len()));
    }
    let constraints: Vec<Constraint> = rows
        .into_iter()
        .zip(totals)
        .enumerate()
        .map(|(i, (coefficients, total))| Constraint { name: format!("{}", i + 1), coefficients, total })
        .collect();
    let misclosures: Vec<f64> =
        constraints.iter().map(|constraint| constraint.misclosure(&figures)).collect();
    let balance = Balance::new(&errors, constraints)?;
    let mut out = Map::new();
    out.insert("residual_before".to_owned(), list(&misclosures));
    // Contradictory constraints leave the rest undefined.
    if let Ok(balanced) = balance.at(&figures) {
        let covariance = balance.covariance();
        let variances: Vec<f64> = covariance.iter().enumerate().map(|(i, row)| row[i]).collect();
        out.insert("balanced".to_owned(), list(&balanced.figures));
        out.insert("adjustment".to_owned(), list(&balanced.adjustments));
        out.insert("variance_balanced".to_owned(), list(&variances));
        out.insert("covariance_balanced".to_owned(), covariance.iter().map(|row| list(row)).collect());
        out.insert("chi2".to_owned(), json(balanced.statistic));
        out.insert("df".to_owned(), Value::from(balance.rank()));
    }
    Ok(Value::Object(out).into())
}

fn list(values: &[f64]) -> Value {
    values.iter().map(|value| json(*value)).collect()
}
