//! Cases of `gtric`: the index of products, and where provenances are given also theirs and that of each pair.

use serde_json::{Map, Value};

use super::Options;
use super::case::{Case, json, matrix, number, object, text};
use super::compare::Actual;
use crate::estimator::gtric::index::{self, Divisor, Factors, Imports, Index, Weights};

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let inputs = &case.inputs;
    let products = Categories::read(inputs, "product")?;
    let mut out = Map::new();
    out.insert("gtric_p".to_owned(), products.all());
    if inputs.get("seizures_by_reporter_provenance").is_some() {
        let provenances = Categories::read(inputs, "provenance")?;
        out.insert("gtric_e".to_owned(), provenances.all());
        let (weights, divisor) = variant(&text(&case.params, "matrix_uses")?)?;
        let indices = [&products, &provenances].map(|categories| categories.index(weights, divisor));
        if let [Some(p), Some(e)] = indices {
            let pairs = index::pairs(&p.gtric, &e.gtric);
            let rows = pairs.iter().map(|row| numbers(row));
            out.insert("matrix_product_by_provenance".to_owned(), rows.collect());
            if inputs.get("fixed_point_alpha").is_some() {
                let imports = matrix(inputs, "imports_product_by_provenance")?;
                let alpha = number(inputs, "fixed_point_alpha")?;
                let ceiling = |pairs: &[Vec<f64>]| json(index::ceiling(alpha, pairs, &imports));
                out.insert("illicit_value_ceiling".to_owned(), ceiling(&pairs));
                let scaled = index::scaled_to_max(&pairs);
                let scaled = scaled.map_or(Value::Null, |scaled| ceiling(&scaled));
                out.insert("illicit_value_ceiling_matrix_scaled_to_max_1".to_owned(), scaled);
            }
        }
    }
    Ok(Value::Object(out).into())
}

/// The factors of one kind of category by both ways of weighting.
struct Categories([Factors; 2]);

const WEIGHTS: [Weights; 2] = [Weights::Economy, Weights::Category];

impl Categories {
    fn read(inputs: &Value, kind: &str) -> Result<Self, String> {
        let seizures = matrix(inputs, &format!("seizures_by_reporter_{kind}"))?;
        let imports = Imports::new(matrix(inputs, &format!("imports_by_reporter_{kind}"))?)?;
        let [economy, category] = WEIGHTS.map(|weights| imports.factors(&seizures, weights));
        Ok(Self([economy?, category?]))
    }

    fn index(&self, weights: Weights, divisor: Divisor) -> Option<Index> {
        let place = usize::from(weights == Weights::Category);
        self.0[place].log_factors().and_then(|log_factors| index::index(&log_factors, divisor))
    }

    fn all(&self) -> Value {
        let [economy, category] = WEIGHTS.map(|weights| self.variants(weights));
        object([("economy_total", economy), ("product", category)])
    }

    fn variants(&self, weights: Weights) -> Value {
        let factors = &self.0[usize::from(weights == Weights::Category)];
        let log_factors = factors.log_factors();
        let mu = log_factors.as_ref().and_then(|log_factors| index::mean(log_factors));
        let by_divisor = |divisor| {
            let sigma = log_factors.as_ref().and_then(|log_factors| index::sigma(log_factors, divisor));
            let index = self.index(weights, divisor);
            let figures = |figures: fn(&Index) -> &[f64]| {
                index.as_ref().map_or(Value::Null, |index| numbers(figures(index)))
            };
            object([
                ("sigma", sigma.map_or(Value::Null, json)),
                ("gtric", figures(|index| &index.gtric)),
                ("relative_to_max", figures(|index| &index.relative_to_max)),
            ])
        };
        object([
            ("general_seizure_intensity", optional(&factors.intensity)),
            ("import_share", numbers(&factors.import_share)),
            ("counterfeiting_factor", optional(&factors.factor)),
            (
                "log_factor",
                optional(&factors.factor.iter().map(|f| f.map(index::log_factor)).collect::<Vec<_>>()),
            ),
            ("mu", mu.map_or(Value::Null, json)),
            ("var_divisor_n_minus_1", by_divisor(Divisor::CountLessOne)),
            ("var_divisor_n", by_divisor(Divisor::Count)),
        ])
    }
}

/// Which of the variants the matrix is made of, such as `economy_total weights, n-1 variance`.
fn variant(words: &str) -> Result<(Weights, Divisor), String> {
    let (weights, divisor) = match words.split_once(", ") {
        Some((weights, variance)) => (weights.strip_suffix(" weights"), variance.strip_suffix(" variance")),
        None => (None, None),
    };
    let weights = match weights {
        Some("economy_total") => Weights::Economy,
        Some("product") => Weights::Category,
        _ => return Err(format!("matrix_uses is {words:?}, and names no weights")),
    };
    match divisor {
        Some("n-1") => Ok((weights, Divisor::CountLessOne)),
        Some("n") => Ok((weights, Divisor::Count)),
        _ => Err(format!("matrix_uses is {words:?}, and names no variance")),
    }
}

fn numbers(values: &[f64]) -> Value {
    values.iter().copied().map(json).collect()
}

fn optional(values: &[Option<f64>]) -> Value {
    values.iter().map(|value| value.map_or(Value::Null, json)).collect()
}
