//! Cases of `fay_herriot`: areas with direct estimates, their variances and the rows of X.

use serde_json::{Map, Value};

use super::Options;
use super::case::{Case, array, entry, json, matrix, object, text};
use super::compare::Actual;
use crate::estimator::numeric::fay_herriot::{Method, Model, areas};

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let data = entry(&case.inputs, "data")?;
    let column = |role: &str, otherwise: &str| {
        let name = text(&case.params, role).unwrap_or_else(|_| otherwise.to_owned());
        let cells = array(data, &name)?;
        Ok::<_, String>(cells.iter().map(|cell| cell.as_f64().unwrap_or(f64::NAN)).collect::<Vec<f64>>())
    };
    let (y, d) = (column("y", "y")?, column("sampling_variance", "D")?);
    let rows = matrix(&case.inputs, "X")?;
    let is_table = rows.iter().all(|row| row.len() == rows[0].len());
    if rows.len() != y.len() || d.len() != y.len() || !is_table {
        return Err(format!("{} estimates, {} variances and {} rows of X", y.len(), d.len(), rows.len()));
    }
    let methods = [
        ("REML", Method::RestrictedMaximumLikelihood),
        ("ML", Method::MaximumLikelihood),
        ("FH_moment", Method::FayHerriotMoments),
        ("prasad_rao_moment", Method::PrasadRaoMoments),
    ];
    Ok(object(methods.map(|(name, method)| (name, fitted(&y, &d, &rows, method)))).into())
}

fn fitted(y: &[f64], d: &[f64], rows: &[Vec<f64>], method: Method) -> Value {
    // An area without a direct estimate has no sample.
    let sampled: Vec<usize> = (0..y.len()).filter(|i| !y[*i].is_nan() && !d[*i].is_nan()).collect();
    let pick = |values: &[f64]| sampled.iter().map(|i| values[*i]).collect::<Vec<f64>>();
    let width = rows.first().map_or(0, Vec::len);
    let columns = (0..width)
        .map(|j| sampled.iter().map(|i| rows[*i].get(j).copied().unwrap_or(f64::NAN)).collect::<Vec<f64>>());
    let Some(model) =
        areas(pick(y), pick(d), columns.collect()).ok().and_then(|areas| Model::new(&areas, method))
    else {
        return Value::Null;
    };
    let mut out = Map::new();
    out.insert("A".to_owned(), json(model.variance));
    out.insert("beta".to_owned(), model.coefficients.iter().copied().map(json).collect());
    out.insert("se_beta".to_owned(), model.standard_errors.iter().copied().map(json).collect());
    let mut all = vec![Vec::new(); 8];
    for (i, row) in rows.iter().enumerate() {
        let area = model.area(row, y[i], d[i]);
        let values = if sampled.contains(&i) {
            let known = area.g1 + area.g2;
            [area.gamma, area.synthetic, area.eblup, libm::sqrt(known), area.g1, area.g2, area.g3, area.mse]
        } else {
            let (value, mse) = (model.synthetic(row), model.synthetic_mse(row));
            let line = mse - model.variance;
            [0.0, value, value, libm::sqrt(mse), model.variance, line, 0.0, mse]
        };
        all.iter_mut().zip(values).for_each(|(list, value)| list.push(json(value)));
    }
    let names = ["gamma", "synthetic", "eblup", "se_no_A_uncertainty", "g1", "g2", "g3", "mse"];
    for (name, list) in names.into_iter().zip(all) {
        out.insert(name.to_owned(), Value::Array(list));
    }
    Value::Object(out)
}
