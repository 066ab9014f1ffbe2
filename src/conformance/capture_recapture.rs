//! Cases of `capture_recapture`: two lists, how often units were seen, or three lists and more with log-linear models.

use serde_json::{Map, Value};

use super::Options;
use super::case::{Case, array, entry, json, number, number_or, numbers, object};
use super::compare::Actual;
use crate::estimator::multiple_systems::fitted::{Average, Fitted, average, weights};
use crate::estimator::multiple_systems::model::{Set, Terms, hierarchical_models, name};
use crate::estimator::multiple_systems::profile::{multinomial_profile, poisson_interval};
use crate::estimator::multiple_systems::table::Table;
use crate::estimator::numeric::unseen::Unseen;
use crate::estimator::repeat_counts::frequencies::Frequencies;
use crate::estimator::two_lists::TwoLists;

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let level = number_or(&case.params, "level", 0.95)?;
    if !(level > 0.0 && level < 1.0) {
        return Err(format!("level is {level}, and must lie between 0 and 1"));
    }
    let value = if case.inputs.get("cells").is_some() {
        several(case, level)?
    } else if case.inputs.get("f").is_some() {
        repeated(&case.inputs, level)?
    } else {
        two(&case.inputs, level)?
    };
    Ok(value.into())
}

fn two(inputs: &Value, level: f64) -> Result<Value, String> {
    let figure = |key| number(inputs, key);
    let lists = TwoLists::new(figure("n1")?, figure("n2")?, figure("m")?)?;
    let (petersen, chapman) = (lists.lincoln_petersen(), lists.chapman());
    let of = |get: fn(&Unseen) -> f64| optional(petersen.as_ref().map(get));
    let (alone_first, alone_second) = lists.alone();
    let table = Table::of(2, &[(0b01, alone_first), (0b10, alone_second), (0b11, lists.both)])?;
    let model = Fitted::new(&table, Terms::default()).ok();
    Ok(object([
        ("observed", json(lists.observed())),
        ("lincoln_petersen", of(Unseen::total)),
        ("lincoln_petersen_var", of(|law| law.variance)),
        ("lincoln_petersen_se", of(Unseen::standard_error)),
        ("lp_ci_lognormal", interval(petersen.and_then(|law| law.log_normal_interval(level)))),
        ("chapman", json(chapman.total())),
        ("chapman_var", json(chapman.variance)),
        ("chapman_se", json(chapman.standard_error())),
        ("chapman_ci_normal", interval(Some(chapman.wald_interval(level)))),
        ("chapman_ci_lognormal", interval(chapman.log_normal_interval(level))),
        ("glm_poisson_N", optional(model.map(|model| model.law().total()))),
    ]))
}

fn repeated(inputs: &Value, level: f64) -> Result<Value, String> {
    let frequencies = Frequencies::new(numbers(inputs, "f")?)?;
    let law = |law: &Unseen| {
        vec![
            ("N", json(law.total())),
            ("var", json(law.variance)),
            ("se", json(law.standard_error())),
            ("ci_lognormal", interval(law.log_normal_interval(level))),
        ]
    };
    let nothing = |_: &Unseen| Value::Null;
    let corrected = frequencies.chao_bias_corrected();
    let mut corrected_entries = law(&corrected.law);
    corrected_entries.push(("vegan_chao1", json(corrected.law.total())));
    corrected_entries.push(("vegan_se", json(libm::sqrt(corrected.multinomial_variance))));
    let chao = frequencies.chao();
    let zelterman = frequencies.zelterman();
    let truncated = frequencies.zero_truncated();
    let occasions = match inputs.get("t") {
        Some(_) => frequencies.chao_of_occasions(number(inputs, "t")?),
        None => None,
    };
    let total =
        |law: Option<Unseen>| law.as_ref().map_or_else(|| nothing(&corrected.law), |law| json(law.total()));
    Ok(object([
        ("observed", json(frequencies.observed())),
        ("f1", json(frequencies.times(1))),
        ("f2", json(frequencies.times(2))),
        ("chao_classic", chao.as_ref().map_or(Value::Null, |chao| map(law(chao)))),
        ("chao_bias_corrected", map(corrected_entries)),
        ("chao_t_occasions_N", total(occasions)),
        ("zelterman_N", total(zelterman)),
        ("zelterman", zelterman.as_ref().map_or(Value::Null, |zelterman| map(law(zelterman)))),
        ("truncated_poisson_lambda", optional(truncated.map(|fit| fit.rate))),
        ("truncated_poisson_N", total(truncated.map(|fit| fit.law))),
    ]))
}

fn several(case: &Case, level: f64) -> Result<Value, String> {
    let lists: Vec<String> = array(&case.params, "lists")?
        .iter()
        .map(|list| {
            list.as_str().map(str::to_owned).ok_or_else(|| format!("a list is {list}, and must be a text"))
        })
        .collect::<Result<_, _>>()?;
    let table = read_table(&case.inputs, &lists)?;
    // Of three lists every model has terms of two lists alone; of more, the cases search among these.
    let models = hierarchical_models(lists.len(), 2);
    let fits: Vec<Fitted> = models.iter().filter_map(|terms| Fitted::new(&table, *terms).ok()).collect();
    let report = Report { table: &table, lists: &lists, level };
    let mut out = Map::new();
    out.insert("observed".to_owned(), json(table.observed()));
    if lists.len() == 3 {
        let all = models.iter().map(|terms| report.full(*terms));
        out.insert("models".to_owned(), all.collect());
    }
    out.insert("independence".to_owned(), report.full(Terms::default()));
    let all = models.last().copied().unwrap_or_default();
    out.insert("all_two_way".to_owned(), report.full(all));
    let triples = (0..1_u8 << lists.len()).filter(|set| set.count_ones() == 3 && lists.len() > 3);
    for triple in triples {
        let terms = Terms::of(all.sets().into_iter().chain([triple]));
        let key = format!("three_way_{}_plus_all_two_way", name(triple, &lists).replace(':', ""));
        out.insert(key, report.full(terms));
    }
    let mut by_aic: Vec<&Fitted> = fits.iter().collect();
    by_aic.sort_by(|a, b| a.aic().total_cmp(&b.aic()));
    let by_bic = fits.iter().min_by(|a, b| a.bic_of_units().total_cmp(&b.bic_of_units()));
    let brief =
        |fitted: &&Fitted| object([("terms", report.names(fitted)), ("N", json(fitted.law().total()))]);
    out.insert("best_AIC".to_owned(), by_aic.first().map_or(Value::Null, brief));
    out.insert("best_BIC_observed".to_owned(), by_bic.as_ref().map_or(Value::Null, brief));
    let best = by_aic.first().map_or(Value::Null, |best| report.full(best.terms));
    out.insert("best_AIC_two_way".to_owned(), best);
    out.insert("top5_AIC".to_owned(), by_aic.iter().take(5).map(|fitted| report.row(fitted)).collect());
    let weights = weights(&fits.iter().map(Fitted::aic).collect::<Vec<_>>());
    let laws: Vec<(f64, f64)> =
        fits.iter().map(|fitted| (fitted.law().total(), fitted.law().variance)).collect();
    let Average { value, standard_error, mixture_error } = average(&weights, &laws);
    let averaged = object([
        ("weights", weights.iter().copied().map(json).collect()),
        ("N", json(value)),
        ("se_burnham_anderson_1998", json(standard_error)),
        ("se_buckland_var", json(mixture_error)),
    ]);
    out.insert(format!("aic_average_{}", models.len()), averaged.clone());
    out.insert("aic_average".to_owned(), averaged);
    Ok(Value::Object(out))
}

/// How the models of a table are written.
struct Report<'a> {
    table: &'a Table,
    lists: &'a [String],
    level: f64,
}

impl Report<'_> {
    fn names(&self, fitted: &Fitted) -> Value {
        fitted.terms.sets().into_iter().map(|set| Value::String(name(set, self.lists))).collect()
    }

    fn row(&self, fitted: &Fitted) -> Value {
        object([
            ("terms", self.names(fitted)),
            ("AIC", json(fitted.aic())),
            ("BIC_observed", json(fitted.bic_of_units())),
            ("N", json(fitted.law().total())),
            ("se_unconditional", json(fitted.law().standard_error())),
            ("df", json(fitted.degrees())),
            ("deviance", json(fitted.fit.deviance)),
        ])
    }

    /// Null for a model that cannot be estimated.
    fn full(&self, terms: Terms) -> Value {
        let Ok(fitted) = Fitted::new(self.table, terms) else { return Value::Null };
        let name_of = |set: &Set| if *set == 0 { "(Intercept)".to_owned() } else { name(*set, self.lists) };
        let by_set = |values: Vec<f64>| -> Value {
            Value::Object(fitted.sets.iter().map(name_of).zip(values.into_iter().map(json)).collect())
        };
        let errors = (0..fitted.sets.len()).map(|i| libm::sqrt(fitted.fit.covariance[i][i])).collect();
        let profile = multinomial_profile(self.table, &fitted, self.level).ok();
        let profile = profile.map_or(Value::Null, |profile| {
            object([("N_max", json(profile.total)), ("ci", interval(Some(profile.interval)))])
        });
        object([
            ("terms", self.names(&fitted)),
            ("n_param", json(fitted.parameters())),
            ("df", json(fitted.degrees())),
            ("deviance", json(fitted.fit.deviance)),
            ("pearson_X2", json(fitted.fit.pearson)),
            ("loglik", json(fitted.fit.log_likelihood)),
            ("AIC", json(fitted.aic())),
            ("AICc_cells", optional(fitted.aic_corrected())),
            ("BIC_cells", json(fitted.bic_of_cells())),
            ("BIC_observed", json(fitted.bic_of_units())),
            ("n00", json(fitted.unseen())),
            ("N", json(fitted.law().total())),
            ("se_unconditional", json(fitted.law().standard_error())),
            ("se_conditional", json(fitted.conditional_error())),
            ("ci_wald_log_b0", interval(Some(fitted.wald_interval(self.level)))),
            ("ci_lognormal_unconditional", interval(fitted.law().log_normal_interval(self.level))),
            ("coef", by_set(fitted.fit.coefficients.clone())),
            ("se_coef", by_set(errors)),
            ("ci_profile_b0", interval(poisson_interval(self.table, &fitted, self.level).ok())),
            ("multinomial_profile", profile),
        ])
    }
}

/// The counts of the histories; a column of zeros and ones for each list, and the column n.
fn read_table(inputs: &Value, lists: &[String]) -> Result<Table, String> {
    let cells = entry(inputs, "cells")?;
    let counts = numbers(cells, "n")?;
    let mut rows: Vec<(Set, f64)> = counts.into_iter().map(|count| (0, count)).collect();
    for (place, list) in lists.iter().enumerate().take(8) {
        let column = numbers(cells, list)?;
        if column.len() != rows.len() {
            return Err(format!("{list} has {} rows, and n has {}", column.len(), rows.len()));
        }
        for ((history, _), on) in rows.iter_mut().zip(column) {
            *history |= u8::from(on != 0.0) << place;
        }
    }
    Table::of(lists.len(), &rows)
}

fn map(entries: Vec<(&str, Value)>) -> Value {
    Value::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn interval(ends: Option<[f64; 2]>) -> Value {
    ends.map_or(Value::Null, |ends| ends.map(json).into_iter().collect())
}

fn optional(number: Option<f64>) -> Value {
    number.map_or(Value::Null, json)
}
