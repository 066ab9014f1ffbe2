//! Cases of `mimic`: a covariance matrix with the names of signs and causes.

use nalgebra::DMatrix;
use serde_json::{Map, Value};

use super::Options;
use super::case::{Case, array, json, matrix, number, object, text};
use super::compare::Actual;
use crate::estimator::numeric::mimic::measures::{measures, standardised};
use crate::estimator::numeric::mimic::{self, Data, Solution};

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let estimator = text(&case.params, "estimator")?;
    if estimator != "ML" {
        return Err(format!("the estimator is {estimator}, and only ML is known"));
    }
    let [variables, signs, causes] = [
        names(&case.inputs, "variables")?,
        names(&case.params, "indicators")?,
        names(&case.params, "causes")?,
    ];
    let marker = text(&case.params, "marker")?;
    let marker =
        signs.iter().position(|sign| *sign == marker).ok_or("the marker is not one of the indicators")?;
    let chosen: Vec<String> = signs.iter().chain(&causes).cloned().collect();
    let places: Result<Vec<usize>, String> = chosen
        .iter()
        .map(|name| {
            variables
                .iter()
                .position(|known| known == name)
                .ok_or_else(|| format!("there is no variable {name}"))
        })
        .collect();
    let (places, rows) = (places?, matrix(&case.inputs, "S")?);
    let count = number(&case.inputs, "N")?;
    let complete = rows.len() == variables.len() && rows.iter().all(|row| row.len() == variables.len());
    if !complete {
        return Err(format!("S is not {0} by {0}", variables.len()));
    }
    // The cases give S with the divisor N - 1.
    let covariance = DMatrix::from_fn(places.len(), places.len(), |i, j| {
        rows[places[i]][places[j]] * (count - 1.0) / count
    });
    let data = Data { names: &chosen, signs: signs.len(), covariance, count };
    let solution = mimic::fit(&data, marker)?;
    let mut out = parameters(&data, &solution);
    fit(&mut out, &data, &solution, &variables, &places)?;
    Ok(Value::Object(out).into())
}

fn names(value: &Value, key: &str) -> Result<Vec<String>, String> {
    // One name may be written without brackets.
    if let Some(name) = value.get(key).and_then(Value::as_str) {
        return Ok(vec![name.to_owned()]);
    }
    array(value, key)?
        .iter()
        .map(|name| {
            name.as_str().map(str::to_owned).ok_or_else(|| format!("{key} holds {name}, and must hold names"))
        })
        .collect()
}

fn parameters(data: &Data<'_>, solution: &Solution) -> Map<String, Value> {
    let scales = standardised(data, solution);
    let error = |place: usize| json(solution.standard_error(place));
    let entry = |estimate: f64, error: Value, scaled: [Option<f64>; 2]| {
        let [latent, all] = scaled.map(|value| value.map_or(Value::Null, json));
        object([("est", json(estimate)), ("se", error), ("std_all", all), ("std_lv", latent)])
    };
    let both = |pick: &dyn Fn(&mimic::measures::Standardised) -> f64| {
        scales.as_ref().map_or([None; 2], |scales| [Some(pick(&scales[0])), Some(pick(&scales[1]))])
    };
    let (signs, causes) = data.names.split_at(data.signs);
    let loadings = signs.iter().enumerate().map(|(i, name)| {
        let error = solution.place_of_loading(i).map_or(Value::Null, error);
        (name.clone(), entry(solution.loadings[i], error, both(&|scale| scale.loadings[i])))
    });
    let slopes = causes.iter().enumerate().map(|(j, name)| {
        let error = error(solution.place_of_cause(j));
        (name.clone(), entry(solution.causes[j], error, both(&|scale| scale.causes[j])))
    });
    let residuals = signs.iter().enumerate().map(|(i, name)| {
        let error = error(solution.place_of_residual(i));
        (name.clone(), entry(solution.residuals[i], error, both(&|scale| scale.residuals[i])))
    });
    let disturbance =
        entry(solution.disturbance, error(solution.place_of_disturbance()), both(&|scale| scale.disturbance));
    Map::from_iter([
        ("loadings".to_owned(), Value::Object(loadings.collect())),
        ("causes".to_owned(), Value::Object(slopes.collect())),
        ("disturbance_variance".to_owned(), disturbance),
        ("residual_variances".to_owned(), Value::Object(residuals.collect())),
    ])
}

fn fit(
    out: &mut Map<String, Value>,
    data: &Data<'_>,
    solution: &Solution,
    variables: &[String],
    places: &[usize],
) -> Result<(), String> {
    let measures = measures(data, solution)?;
    // In the order of the case's own variables, of which the model may use some.
    let order: Vec<usize> =
        (0..variables.len()).filter_map(|place| places.iter().position(|known| *known == place)).collect();
    let implied: Value = order
        .iter()
        .map(|i| order.iter().map(|j| json(measures.implied[(*i, *j)])).collect::<Value>())
        .collect();
    let entries = [
        ("r2_eta", json(measures.determination)),
        ("chisq", json(measures.chi_squared)),
        ("df", measures.degrees.into()),
        ("pvalue", measures.p_value.map_or(Value::Null, json)),
        ("fmin_half", json(solution.discrepancy / 2.0)),
        ("baseline_chisq", json(measures.baseline)),
        ("baseline_df", measures.baseline_degrees.into()),
        ("cfi", json(measures.comparative)),
        ("tli", json(measures.tucker_lewis)),
        ("rmsea", json(measures.approximation)),
        ("rmsea_ci90", measures.approximation_interval.map(json).into_iter().collect()),
        ("srmr", json(measures.residual)),
        ("logl_conditional_on_x", json(measures.log_likelihood)),
        ("implied_cov", implied),
        ("max_abs_gradient", json(solution.slope)),
        ("implied_order", order.iter().map(|i| Value::from(data.names[*i].as_str())).collect()),
    ];
    out.extend(entries.into_iter().map(|(key, value)| (key.to_owned(), value)));
    Ok(())
}
