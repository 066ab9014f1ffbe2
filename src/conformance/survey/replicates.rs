//! Cases whose variance comes from replicate weights: given ones, or factors that multiply the weights.

use serde_json::{Map, Value};

use crate::conformance::Options;
use crate::conformance::case::{Case, entry, json, matrix, number, numbers, object};
use crate::conformance::compare::Actual;
use crate::estimator::numeric::replicates::{
    Centre, Estimated, Replication, Rows, Scheme, degrees_of_freedom, ratio_by_domain, total_by_domain,
};

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let data = entry(&case.inputs, "data")?.as_object().ok_or("data is no object")?;
    let mut out = Map::new();
    for (name, _) in case.inputs.as_object().into_iter().flatten() {
        if name == "rep_weights" {
            let sample = Sample::read(case, data, name, "")?;
            out.extend(sample.by_column()?);
            let slices: Vec<&[f64]> = sample.replicates.iter().map(Vec::as_slice).collect();
            let degrees = degrees_of_freedom(&slices).map_or(Value::Null, Value::from);
            out.insert("degf".to_owned(), degrees);
        } else if let Some(kind) = name.strip_suffix("_factors") {
            let sample = Sample::read(case, data, name, &format!("{kind}_"))?;
            out.insert(kind.to_owned(), sample.totals_and_ratio()?);
        }
    }
    Ok(Value::Object(out).into())
}

/// The sample with its weights and those of its replicates.
struct Sample<'a> {
    data: &'a Map<String, Value>,
    weights: Vec<f64>,
    replicates: Vec<Vec<f64>>,
    scheme: Scheme,
}

/// Which rows belong where: the names of the domains, and the place of each row's.
struct Domains<'a> {
    names: Vec<&'a str>,
    places: Vec<u32>,
}

/// In no domain.
const NONE: u32 = u32::MAX;

impl<'a> Sample<'a> {
    /// `key` holds the weights or factors, a row a row of data; `prefix` stands before the name of their scale.
    fn read(case: &Case, data: &'a Map<String, Value>, key: &str, prefix: &str) -> Result<Self, String> {
        let rows = matrix(&case.inputs, key)?;
        let weights = match case.params.get("weights").and_then(Value::as_str) {
            Some(column) => numbers(&case.inputs["data"], column)?,
            None => vec![1.0; rows.len()],
        };
        if rows.len() != weights.len() {
            return Err(format!("{key} has {} rows, and there are {} weights", rows.len(), weights.len()));
        }
        let count = rows.first().map_or(0, Vec::len);
        if rows.iter().any(|row| row.len() != count) {
            return Err(format!("the rows of {key} differ in length"));
        }
        let combined = case.params.get("combined_weights").and_then(Value::as_bool).unwrap_or(true);
        let weight = |row: usize, r: usize| rows[row][r] * if combined { 1.0 } else { weights[row] };
        let replicates = (0..count).map(|r| (0..rows.len()).map(|row| weight(row, r)).collect()).collect();
        let factors = match case.params.get("rscales") {
            Some(Value::Number(one)) => vec![one.as_f64().unwrap_or(f64::NAN); count],
            Some(_) => numbers(&case.params, "rscales")?,
            None => vec![1.0; count],
        };
        let mse = case.params.get("mse").and_then(Value::as_bool).unwrap_or(false);
        let centre = if mse { Centre::Estimate } else { Centre::Mean };
        let scheme = Scheme::new(number(&case.params, &format!("{prefix}scale"))?, factors, centre)?;
        Ok(Self { data, weights, replicates, scheme })
    }

    /// The mean, the total and the share in all litres of every column of numbers: of all rows, and by each column of names.
    fn by_column(&self) -> Result<Map<String, Value>, String> {
        let mut out = Map::new();
        for name in self.data.keys().filter(|name| self.is_numeric(name)) {
            self.describe(&mut out, name, "", &self.everything())?;
            for (by, values) in self.data.iter().filter(|(by, _)| !self.is_numeric(by)) {
                self.describe(&mut out, name, &format!("_by_{by}"), &Domains::of(values)?)?;
            }
        }
        Ok(out)
    }

    fn describe(
        &self,
        out: &mut Map<String, Value>,
        name: &str,
        suffix: &str,
        domains: &Domains<'_>,
    ) -> Result<(), String> {
        let mean = self.ratio(name, None, domains)?;
        out.insert(format!("mean_{name}{suffix}"), domains.show(&mean));
        out.insert(format!("prop_{name}{suffix}"), domains.show(&mean));
        out.insert(format!("total_{name}{suffix}"), domains.show(&self.total(name, domains)?));
        if self.data.contains_key("litres") {
            let share = self.ratio(name, Some("litres"), domains)?;
            out.insert(format!("share_{name}{suffix}"), domains.show(&share));
        }
        Ok(())
    }

    /// The totals of `alive` and `arrests`, and their ratio.
    fn totals_and_ratio(&self) -> Result<Value, String> {
        let all = self.everything();
        let (above, below) = ("alive", "arrests");
        let first =
            |estimates: Vec<Result<Estimated, String>>| estimates.into_iter().next().and_then(Result::ok);
        let ratio = first(self.ratio(above, Some(below), &all)?);
        let totals = [above, below].map(|name| self.total(name, &all).map(first));
        let [above_total, below_total] = totals;
        let totals = [(above, above_total?), (below, below_total?)];
        let each = |figure: fn(&Estimated) -> f64| {
            let shown = totals.iter().map(|(name, total)| {
                ((*name).to_owned(), total.as_ref().map_or(Value::Null, |total| json(figure(total))))
            });
            Value::Object(shown.collect())
        };
        Ok(object([
            ("ratio", ratio.as_ref().map_or(Value::Null, |ratio| json(ratio.value))),
            ("ratio_se", ratio.as_ref().map_or(Value::Null, |ratio| json(ratio.standard_error))),
            ("total", each(|total| total.value)),
            ("total_se", each(|total| total.standard_error)),
        ]))
    }

    fn total(&self, name: &str, domains: &Domains<'_>) -> Result<Vec<Result<Estimated, String>>, String> {
        let (y, places) = self.column(name, domains)?;
        let slices: Vec<&[f64]> = self.replicates.iter().map(Vec::as_slice).collect();
        let rows = Rows {
            variables: [&y[..]],
            weights: &self.weights,
            domain: &places,
            domains: domains.names.len(),
        };
        total_by_domain(&rows, &Replication::Columns(&slices), &self.scheme)
    }

    /// The ratio to another column, or the mean.
    fn ratio(
        &self,
        name: &str,
        to: Option<&str>,
        domains: &Domains<'_>,
    ) -> Result<Vec<Result<Estimated, String>>, String> {
        let (y, mut places) = self.column(name, domains)?;
        let (x, places_of_both) = match to {
            Some(to) => self.column(to, domains)?,
            None => (vec![1.0; y.len()], places.clone()),
        };
        for (place, other) in places.iter_mut().zip(places_of_both) {
            *place = (*place).max(other);
        }
        let slices: Vec<&[f64]> = self.replicates.iter().map(Vec::as_slice).collect();
        let rows = Rows {
            variables: [&y, &x],
            weights: &self.weights,
            domain: &places,
            domains: domains.names.len(),
        };
        ratio_by_domain(&rows, &Replication::Columns(&slices), &self.scheme)
    }

    /// The numbers of a column with the domains of its rows; a row without a number is in none.
    fn column(&self, name: &str, domains: &Domains<'_>) -> Result<(Vec<f64>, Vec<u32>), String> {
        let column = self.data.get(name).and_then(Value::as_array).ok_or(format!("{name} is no column"))?;
        let cells = column.iter().zip(&domains.places);
        Ok(cells.map(|(cell, place)| cell.as_f64().map_or((0.0, NONE), |cell| (cell, *place))).unzip())
    }

    fn is_numeric(&self, name: &str) -> bool {
        self.data.get(name).and_then(Value::as_array).is_some_and(|cells| !cells.iter().any(Value::is_string))
    }

    fn everything(&self) -> Domains<'static> {
        Domains { names: vec![""], places: vec![0; self.weights.len()] }
    }
}

impl<'a> Domains<'a> {
    fn of(column: &'a Value) -> Result<Self, String> {
        let cells = column.as_array().ok_or("a column is no array")?;
        let mut names: Vec<&str> = Vec::new();
        let mut places = Vec::with_capacity(cells.len());
        for cell in cells {
            places.push(match cell.as_str() {
                None => NONE,
                Some(name) => {
                    let place = names.iter().position(|known| *known == name).unwrap_or_else(|| {
                        names.push(name);
                        names.len() - 1
                    });
                    u32::try_from(place).map_err(|_| "too many domains")?
                }
            });
        }
        Ok(Self { names, places })
    }

    /// One estimate, or one a domain under its name.
    fn show(&self, estimates: &[Result<Estimated, String>]) -> Value {
        let shown = |estimate: &Result<Estimated, String>| {
            let figure =
                |figure: fn(&Estimated) -> f64| estimate.as_ref().map_or(Value::Null, |e| json(figure(e)));
            object([("estimate", figure(|e| e.value)), ("se", figure(|e| e.standard_error))])
        };
        match (&self.names[..], estimates) {
            ([""], [estimate]) => shown(estimate),
            _ => Value::Object(
                self.names.iter().map(|name| (*name).to_owned()).zip(estimates.iter().map(shown)).collect(),
            ),
        }
    }
}
