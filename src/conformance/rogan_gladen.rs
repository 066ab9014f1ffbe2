//! Cases of `rogan_gladen`: a prevalence by formula with its intervals, or its law by draws.

use serde_json::{Map, Value};

use super::Options;
use super::case::{Case, json, number, number_or, object};
use super::compare::Actual;
use super::drawn::Drawn;
use crate::estimator::imperfect_test::rogan_gladen::{
    self as rogan_gladen, Errors, Panel, Proportion, bounded, lang_reiczigel, with_known_errors,
};
use crate::estimator::numeric::counted::Counted;
use crate::estimator::numeric::draw::Stream;
use crate::estimator::numeric::proportion;
use crate::estimator::numeric::sample::Sample;

pub(super) fn run(case: &Case, options: &Options) -> Result<Actual, String> {
    let inputs = &case.inputs;
    let get = |key: &str| number(inputs, key);
    let panel = Panel {
        true_positive: get("se_true_positive")?,
        bad: get("se_n")?,
        true_negative: get("sp_true_negative")?,
        good: get("sp_n")?,
    };
    if case.params.get("prior_add").is_some() {
        return by_draws(case, &panel, number(&case.params, "prior_add")?, options);
    }
    let level = number_or(&case.params, "level", 0.95)?;
    if !(level > 0.0 && level < 1.0) {
        return Err(format!("level is {level}, and must lie between 0 and 1"));
    }
    let counts = if inputs.get("n").is_some() { Some((get("x_positive")?, get("n")?)) } else { None };
    let apparent = match counts {
        Some((x, n)) => Proportion::counted(x, n),
        None => Proportion::measured(get("p")?, get("se_p")?),
    };
    Ok(Value::Object(by_formula(apparent.ok(), counts, &panel, level)).into())
}

fn by_formula(
    apparent: Option<Proportion>,
    counts: Option<(f64, f64)>,
    panel: &Panel,
    level: f64,
) -> Map<String, Value> {
    let (sensitivity, specificity) = (panel.sensitivity().ok(), panel.specificity().ok());
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    let value = |proportion: Option<Proportion>| proportion.map_or(Value::Null, |p| json(p.value));
    put("apparent_prevalence", value(apparent));
    put("sensitivity", value(sensitivity));
    put("specificity", value(specificity));
    let (Some(apparent), Some(sensitivity), Some(specificity)) = (apparent, sensitivity, specificity) else {
        return out;
    };
    put("youden_J", json(rogan_gladen::youden(sensitivity.value, specificity.value)));
    let Some(found) = rogan_gladen::assess(apparent, sensitivity, specificity, level) else { return out };
    let cut = bounded(found.prevalence);
    put("true_prevalence", json(found.prevalence));
    put("true_prevalence_truncated", json(cut));
    put("truncated", Value::Bool(!(0.0..=1.0).contains(&found.prevalence)));
    let by_source = |values: [f64; 3]| {
        let [p, se, sp] = values.map(json);
        object([("p", p), ("se", se), ("sp", sp)])
    };
    put("gradient", by_source(found.gradient));
    put("var_components", by_source(found.variances));
    put("se_delta", json(found.standard_error));
    put("ci_wald", interval(Some(found.wald)));
    put("ci_wald_truncated", interval(Some(found.wald.map(bounded))));
    if let Some((x, n)) = counts {
        let known = |ends| interval(with_known_errors(ends, sensitivity.value, specificity.value));
        let known = object([
            ("clopper_pearson", known(proportion::clopper_pearson(x, n, level))),
            ("wilson", known(proportion::wilson(x, n, level))),
        ]);
        put("known_se_sp_ci", known);
        if let Some(better) = lang_reiczigel(x, n, panel, level) {
            let better = object([
                ("center", json(better.centre)),
                ("p_prime", json(better.prevalence)),
                ("dP", json(better.shift)),
                ("se", json(better.standard_error)),
                ("ci_raw", interval(Some(better.interval))),
                ("ci", interval(Some(better.interval.map(bounded)))),
            ]);
            put("lang_reiczigel", better);
        }
    }
    out
}

fn interval(ends: Option<[f64; 2]>) -> Value {
    ends.map_or(Value::Null, |ends| ends.map(json).into_iter().collect())
}

fn by_draws(case: &Case, panel: &Panel, added: f64, options: &Options) -> Result<Actual, String> {
    let law = |x: f64, n: f64| Counted::with_prior(x, n, added);
    let apparent = law(number(&case.inputs, "x_positive")?, number(&case.inputs, "n")?)?;
    let errors = Errors::of(panel, law)?;
    let streams = ["p", "se", "sp"].map(|name| Stream::new(options.seed, name));
    let draw = |i: usize| {
        let [p, se, sp] = streams.map(|stream| stream.normal(i as u64));
        // A law with a prior is the same after either side of a coin.
        let [se, sp] = errors.at([0.0; 2], [se, sp]);
        rogan_gladen::prevalence(apparent.at(0.0, p), se, sp)
    };
    let draws: Vec<f64> = (0..options.draws).filter_map(draw).collect();
    if draws.len() < options.draws {
        return Err("the test is no better than a coin in some draws".to_owned());
    }
    let cut = Sample::new(draws.iter().copied().map(bounded).collect())?;
    let sample = Sample::new(draws)?;
    let (mut value, mut accepted) = (Map::new(), std::collections::BTreeMap::new());
    for (key, sample) in [("untruncated", &sample), ("truncated_to_0_1", &cut)] {
        let Some(expected) = case.expected.get(key) else { continue };
        let prefix = format!("{key}.");
        let mut out = Drawn::new(sample, expected, &prefix);
        out.moments(Some(sample.mean()), Some(sample.sd()));
        out.quantiles()?;
        out.probability("prob_below_0", sample.fraction_below(0.0));
        out.probability("prob_above_1", 1.0 - sample.fraction_to(1.0));
        accepted.extend(out.accepted);
        value.insert(key.to_owned(), Value::Object(out.value));
    }
    Ok(Actual { value: Value::Object(value), accepted })
}
