//! Cases of `meta_analysis`: studies as effect sizes or as counts, pooled by every estimator, and regressed on each other column.

use serde_json::{Map, Value};

use super::Options;
use super::case::{Case, array, entry, json, number_or, object};
use super::compare::Actual;
use crate::estimator::numeric::meta_analysis::effect_size::{self, Effect, Table};
use crate::estimator::numeric::meta_analysis::{
    Coefficient, Errors, Heterogeneity, Interval, Model, Prediction, explained, harmonic_mean, q_profile,
};
use crate::estimator::numeric::random_effects::Observations;
use crate::estimator::numeric::random_effects::moment::Between;

const METHODS: [(&str, Between); 9] = [
    ("FE", Between::None),
    ("DL", Between::DerSimonianLaird),
    ("HE", Between::Hedges),
    ("HS", Between::HunterSchmidt),
    ("SJ", Between::SidikJonkman),
    ("PM", Between::PauleMandel),
    ("EB", Between::PauleMandel),
    ("ML", Between::MaximumLikelihood),
    ("REML", Between::RestrictedMaximumLikelihood),
];

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let level = number_or(&case.params, "level", 0.95)?;
    let data = entry(&case.inputs, "data")?;
    let columns = data.as_object().ok_or("data is no table")?;
    let measure = case.params.get("measure").and_then(Value::as_str);
    let mut out = Map::new();
    let effects = effects(columns, measure)?;
    if let (Some(_), Some(effects)) = (measure, &effects) {
        out.insert("escalc".to_owned(), listed(effects));
    }
    let effects = match effects {
        Some(effects) => effects,
        None => given(data)?,
    };
    // What cannot be pooled is undefined throughout.
    let Ok((studies, kept)) = observations(&effects, &[]) else { return Ok(Value::Object(out).into()) };
    out.insert("heterogeneity".to_owned(), heterogeneity(&studies, level));
    let models = METHODS.map(|(name, method)| (name, pooled(&studies, method, level)));
    if measure == Some("PLO") {
        let back = METHODS.map(|(name, method)| (name, shares(&studies, method, level)));
        out.insert("backtransformed".to_owned(), object(back));
        out.insert("freeman_tukey_DL".to_owned(), freeman_tukey(columns, level)?);
        out.insert("arcsine_DL".to_owned(), arcsine(columns, level)?);
    }
    out.insert("models".to_owned(), object(models));
    for (name, column) in columns.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
        let regressed = regressed(&effects, &kept, (name, column), level);
        out.insert(format!("metareg_{name}"), regressed.clone());
        out.insert(name.clone(), regressed);
    }
    Ok(Value::Object(out).into())
}

/// Columns that say what a study found, and so explain nothing.
const OWN: [&str; 10] = ["trial", "study", "yi", "vi", "tpos", "tneg", "cpos", "cneg", "xi", "ni"];

fn column(columns: &Map<String, Value>, name: &str) -> Option<Vec<f64>> {
    // A cell without a number is a study without one.
    let cells = columns.get(name)?.as_array()?;
    Some(cells.iter().map(|cell| cell.as_f64().unwrap_or(f64::NAN)).collect())
}

/// The effect sizes of the measure that a case names.
fn effects(
    columns: &Map<String, Value>,
    measure: Option<&str>,
) -> Result<Option<Vec<Option<Effect>>>, String> {
    let Some(measure) = measure else { return Ok(None) };
    let of_share: Option<fn(f64, f64) -> Option<Effect>> = match measure {
        "PLO" => Some(effect_size::logit_share),
        "PAS" => Some(effect_size::arcsine_share),
        "PFT" => Some(effect_size::freeman_tukey_share),
        _ => None,
    };
    if let Some(of_share) = of_share {
        return of_shares(columns, of_share).map(Some);
    }
    let of_table = match measure {
        "RR" => effect_size::log_risk_ratio,
        "OR" => effect_size::log_odds_ratio,
        other => return Err(format!("the measure {other} is not known")),
    };
    let [Some(a), Some(b), Some(c), Some(d)] =
        ["tpos", "tneg", "cpos", "cneg"].map(|name| column(columns, name))
    else {
        return Ok(None);
    };
    let tables = a.iter().zip(&b).zip(&c).zip(&d).map(|(((a, b), c), d)| Table {
        events: *a,
        others: *b,
        control_events: *c,
        control_others: *d,
    });
    Ok(Some(tables.map(of_table).collect()))
}

fn of_shares(
    columns: &Map<String, Value>,
    of_share: fn(f64, f64) -> Option<Effect>,
) -> Result<Vec<Option<Effect>>, String> {
    let (Some(x), Some(n)) = (column(columns, "xi"), column(columns, "ni")) else {
        return Err("xi and ni are missing".to_owned());
    };
    Ok(x.iter().zip(&n).map(|(x, n)| of_share(*x, *n)).collect())
}

fn given(data: &Value) -> Result<Vec<Option<Effect>>, String> {
    let [y, v] = ["yi", "vi"].map(|name| array(data, name));
    let effect = |(y, v): (&Value, &Value)| Some(Effect { estimate: y.as_f64()?, variance: v.as_f64()? });
    Ok(y?.iter().zip(v?).map(effect).collect())
}

fn listed(effects: &[Option<Effect>]) -> Value {
    let get = |part: fn(&Effect) -> f64| {
        effects.iter().map(|effect| optional(effect.as_ref().map(part))).collect::<Value>()
    };
    object([("yi", get(|effect| effect.estimate)), ("vi", get(|effect| effect.variance))])
}

/// The studies that have an effect and every column, with their places.
fn observations(
    effects: &[Option<Effect>],
    explaining: &[Vec<f64>],
) -> Result<(Observations, Vec<usize>), String> {
    let is_known = |i: &usize| explaining.iter().all(|column| column.get(*i).is_some_and(|x| x.is_finite()));
    let kept: Vec<usize> = (0..effects.len()).filter(|i| effects[*i].is_some()).filter(is_known).collect();
    let (y, v): (Vec<f64>, Vec<f64>) =
        kept.iter().filter_map(|i| effects[*i]).map(|effect| (effect.estimate, effect.variance)).unzip();
    let studies = if explaining.is_empty() {
        Observations::about_a_mean(y, v)?
    } else {
        let chosen = |column: &Vec<f64>| kept.iter().map(|i| column[*i]).collect();
        let columns = std::iter::once(vec![1.0; y.len()]).chain(explaining.iter().map(chosen)).collect();
        Observations::new(y, v, columns)?
    };
    Ok((studies, kept))
}

fn heterogeneity(studies: &Observations, level: f64) -> Value {
    let Some(found) = Heterogeneity::of(studies) else { return Value::Null };
    let profile = q_profile(studies, level);
    let ends = profile.map(|ends| ends.map(|tau2| found.by_variance(tau2)));
    object([
        ("Q", json(found.q)),
        ("df", Value::from(found.degrees)),
        ("Q_pval", json(found.p_value)),
        ("I2_Q", json(100.0 * found.i2)),
        ("H2_Q", json(found.h2)),
        (
            "q_profile",
            object([
                ("tau2_ci", interval(profile)),
                ("I2_ci_metafor", interval(ends.map(|ends| ends.map(|(i2, _)| 100.0 * i2)))),
                ("H2_ci_metafor", interval(ends.map(|ends| ends.map(|(_, h2)| h2)))),
            ]),
        ),
    ])
}

fn pooled(studies: &Observations, method: Between, level: f64) -> Value {
    let Some(model) = Model::new(studies, method) else { return Value::Null };
    let mut out = Map::new();
    out.insert("k".to_owned(), Value::from(studies.size()));
    put(&mut out, model.mean(Errors::Normal, level), "zval", "ci_z");
    if let Some(variance) = model.variance {
        out.insert("tau2".to_owned(), json(variance.tau2));
        out.insert("se_tau2".to_owned(), json(variance.standard_error));
        let (i2, h2) = Heterogeneity::of(studies).map(|found| found.by_variance(variance.tau2)).unzip();
        out.insert("I2_metafor".to_owned(), optional(i2.map(|i2| 100.0 * i2)));
        out.insert("H2_metafor".to_owned(), optional(h2));
    }
    let prediction = |rule| interval(model.prediction(rule, level));
    out.insert("pi_z".to_owned(), prediction(Prediction::Normal));
    out.insert("pi_t_k_minus_2".to_owned(), prediction(Prediction::LessTwo));
    for (name, errors) in
        [("knapp_hartung", Errors::KnappHartung), ("knapp_hartung_adhoc", Errors::KnappHartungTruncated)]
    {
        let mut inner = Map::new();
        put(&mut inner, model.mean(errors, level), "tval", "ci_t");
        inner.insert("df".to_owned(), Value::from(studies.degrees()));
        inner.insert("pi_t_k_minus_1".to_owned(), prediction(Prediction::KnappHartung));
        out.insert(name.to_owned(), Value::Object(inner));
    }
    Value::Object(out)
}

fn put(out: &mut Map<String, Value>, mean: Option<Coefficient>, statistic: &str, ends: &str) {
    out.insert("estimate".to_owned(), optional(mean.map(|mean| mean.value)));
    out.insert("se".to_owned(), optional(mean.map(|mean| mean.standard_error)));
    out.insert(statistic.to_owned(), optional(mean.and_then(|mean| mean.statistic)));
    out.insert("pval".to_owned(), optional(mean.and_then(|mean| mean.p_value)));
    out.insert(ends.to_owned(), interval(mean.map(|mean| mean.interval)));
}

fn shares(studies: &Observations, method: Between, level: f64) -> Value {
    let Some(model) = Model::new(studies, method) else { return Value::Null };
    let mean = model.mean(Errors::Normal, level);
    let back = |ends: Interval| ends.map(effect_size::share_of_logit);
    object([
        ("pred", optional(mean.map(|mean| effect_size::share_of_logit(mean.value)))),
        ("ci", interval(mean.map(|mean| back(mean.interval)))),
        ("pi", interval(model.prediction(Prediction::Normal, level).map(back))),
    ])
}

fn freeman_tukey(columns: &Map<String, Value>, level: f64) -> Result<Value, String> {
    let effects = of_shares(columns, effect_size::freeman_tukey_share)?;
    let Ok((studies, kept)) = observations(&effects, &[]) else { return Ok(Value::Null) };
    let sizes = column(columns, "ni").ok_or("ni is missing")?;
    let size = harmonic_mean(&kept.iter().map(|i| sizes[*i]).collect::<Vec<f64>>());
    let back = |value: f64| effect_size::share_of_freeman_tukey(value, size);
    let Value::Object(mut out) = transformed(&studies, level, back) else { return Ok(Value::Null) };
    if let Value::Object(listed) = listed(&effects) {
        out.extend(listed);
    }
    out.insert("harmonic_mean_n".to_owned(), json(size));
    Ok(Value::Object(out))
}

fn arcsine(columns: &Map<String, Value>, level: f64) -> Result<Value, String> {
    let effects = of_shares(columns, effect_size::arcsine_share)?;
    let Ok((studies, _)) = observations(&effects, &[]) else { return Ok(Value::Null) };
    Ok(transformed(&studies, level, effect_size::share_of_arcsine))
}

fn transformed(studies: &Observations, level: f64, back: impl Fn(f64) -> f64) -> Value {
    let Some(model) = Model::new(studies, Between::DerSimonianLaird) else { return Value::Null };
    let Some(mean) = model.mean(Errors::Normal, level) else { return Value::Null };
    object([
        ("estimate", json(mean.value)),
        ("se", json(mean.standard_error)),
        ("tau2", json(model.tau2())),
        ("backtransformed", json(back(mean.value))),
        ("ci", interval(Some(mean.interval.map(back)))),
    ])
}

/// A regression on a column of numbers, or on the levels of a column of texts of which the first is the reference.
fn regressed(
    effects: &[Option<Effect>],
    pooled: &[usize],
    (name, column): (&str, &Value),
    level: f64,
) -> Value {
    let Some(cells) = column.as_array() else { return Value::Null };
    let texts: Option<Vec<&str>> = cells.iter().map(Value::as_str).collect();
    let mut names = vec!["intercept"];
    let mut columns: Vec<Vec<f64>> = Vec::new();
    if let Some(texts) = texts {
        let mut levels: Vec<&str> = pooled.iter().filter_map(|i| texts.get(*i).copied()).collect();
        levels.sort_unstable();
        levels.dedup();
        for level in levels.iter().skip(1) {
            names.push(*level);
            columns.push(texts.iter().map(|text| f64::from(u8::from(text == level))).collect());
        }
    } else {
        names.push(name);
        columns.push(cells.iter().map(|cell| cell.as_f64().unwrap_or(f64::NAN)).collect());
    }
    if columns.is_empty() {
        return Value::Null;
    }
    let Ok((studies, _)) = observations(effects, &columns) else { return Value::Null };
    object(METHODS.map(|(name, method)| (name, regression(&studies, &names, method, level))))
}

fn regression(studies: &Observations, names: &[&str], method: Between, level: f64) -> Value {
    let (Some(model), Some(left)) = (Model::new(studies, method), Heterogeneity::of(studies)) else {
        return Value::Null;
    };
    let mut out = Map::new();
    out.insert("coef_names".to_owned(), names.to_vec().into());
    coefficients(&mut out, model.coefficients(Errors::Normal, level));
    let covariance = model.covariance().iter().map(|row| row.iter().copied().map(json).collect::<Value>());
    out.insert("vcov".to_owned(), covariance.collect());
    out.insert("QE".to_owned(), json(left.q));
    out.insert("QE_df".to_owned(), Value::from(left.degrees));
    out.insert("QE_pval".to_owned(), json(left.p_value));
    let omnibus = model.omnibus(Errors::Normal);
    out.insert("QM".to_owned(), optional(omnibus.map(|test| test.statistic)));
    out.insert("QM_df".to_owned(), omnibus.map_or(Value::Null, |test| Value::from(test.degrees)));
    out.insert("QM_pval".to_owned(), optional(omnibus.map(|test| test.p_value)));
    out.insert("tau2".to_owned(), json(model.tau2()));
    let by_variance = model.variance.map(|variance| left.by_variance(variance.tau2));
    let (i2, h2) = by_variance.unwrap_or((left.i2, left.h2));
    out.insert("I2_metafor".to_owned(), json(100.0 * i2));
    out.insert("H2_metafor".to_owned(), json(h2));
    out.insert("R2".to_owned(), optional(explained(studies, method).map(|part| 100.0 * part)));
    let mut inner = Map::new();
    coefficients(&mut inner, model.coefficients(Errors::KnappHartung, level));
    let omnibus = model.omnibus(Errors::KnappHartung);
    inner.insert("F".to_owned(), optional(omnibus.map(|test| test.statistic)));
    let degrees = omnibus.and_then(|test| Some([test.degrees, test.denominator?]));
    inner.insert("F_df".to_owned(), degrees.map_or(Value::Null, |degrees| degrees.to_vec().into()));
    inner.insert("F_pval".to_owned(), optional(omnibus.map(|test| test.p_value)));
    out.insert("knapp_hartung".to_owned(), Value::Object(inner));
    Value::Object(out)
}

fn coefficients(out: &mut Map<String, Value>, found: Option<Vec<Coefficient>>) {
    let found = found.unwrap_or_default();
    let mut each = |name: &str, get: fn(&Coefficient) -> Option<f64>| {
        out.insert(name.to_owned(), found.iter().map(|one| optional(get(one))).collect());
    };
    each("beta", |one| Some(one.value));
    each("se", |one| Some(one.standard_error));
    each("tval", |one| one.statistic);
    each("pval", |one| one.p_value);
    each("ci_lb", |one| Some(one.interval[0]));
    each("ci_ub", |one| Some(one.interval[1]));
}

fn interval(ends: Option<Interval>) -> Value {
    ends.map_or(Value::Null, |ends| ends.map(json).into_iter().collect())
}

fn optional(number: Option<f64>) -> Value {
    number.map_or(Value::Null, json)
}
