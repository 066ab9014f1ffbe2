//! Cases of `benchmarking`: an indicator, benchmarks from the first long period on, and every aim.

use serde_json::{Map, Value};

use super::Options;
use super::case::{Case, array, entry, json, text};
use super::compare::Actual;
use crate::estimator::numeric::benchmarking::{
    Aim, Calendar, Conversion, Form, Start, benchmarked, pro_rata,
};

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let cells = |key: &str| -> Result<Vec<Option<f64>>, String> {
        Ok(array(&case.inputs, key)?.iter().map(Value::as_f64).collect())
    };
    let indicator: Vec<f64> =
        cells("indicator")?.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect();
    let benchmarks = cells("benchmarks")?;
    let conversion = match text(&case.params, "conversion")?.as_str() {
        "sum" => Conversion::Sum,
        "average" => Conversion::Average,
        "first" => Conversion::First,
        "last" => Conversion::Last,
        other => return Err(format!("the conversion {other} is not one of sum, average, first, last")),
    };
    let ratio = entry(&case.params, "frequency_ratio")?;
    let within = ratio.as_u64().and_then(|ratio| usize::try_from(ratio).ok());
    let within = within.ok_or_else(|| format!("frequency_ratio is {ratio}, and must be a whole number"))?;
    let calendar = Calendar { within, conversion };
    let mut out = Map::new();
    for (form, form_name) in [(Form::Additive, "additive"), (Form::Proportional, "proportional")] {
        for (start, start_name) in [(Start::Free, "cholette"), (Start::Original, "denton_original")] {
            for order in 0..=2 {
                let aim = Aim { form, start, order };
                let series = benchmarked(&indicator, &benchmarks, calendar, aim).ok();
                let series = series.map_or(Value::Null, |series| series.into_iter().map(json).collect());
                out.insert(format!("{form_name}_{start_name}_h{order}"), series);
            }
        }
    }
    let shared = pro_rata(&indicator, &benchmarks, calendar).ok();
    let optional = |value: Option<f64>| value.map_or(Value::Null, json);
    let shared = shared.map_or(Value::Null, |shared| shared.into_iter().map(optional).collect());
    out.insert("pro_rata".to_owned(), shared);
    Ok(Value::Object(out).into())
}
