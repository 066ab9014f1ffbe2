//! Cases of `index_numbers`: prices and quantities of items, a row a period.

use serde_json::{Map, Value};

use super::Options;
use super::case::{Case, array, json, object};
use super::compare::Actual;
use crate::estimator::numeric::index_numbers::{Basket, Formula, chained, from_base};

const WEIGHTED: [(&str, Formula); 6] = [
    ("laspeyres", Formula::Laspeyres),
    ("paasche", Formula::Paasche),
    ("fisher", Formula::Fisher),
    ("tornqvist", Formula::Tornqvist),
    ("walsh", Formula::Walsh),
    ("marshall_edgeworth", Formula::MarshallEdgeworth),
];
const UNWEIGHTED: [(&str, Formula); 3] =
    [("carli", Formula::Carli), ("dutot", Formula::Dutot), ("jevons", Formula::Jevons)];

pub(super) fn run(case: &Case, _: &Options) -> Result<Actual, String> {
    let rows = |key: &str| -> Result<Vec<Vec<f64>>, String> {
        let row = |row: &Value| {
            let cells = row.as_array().ok_or_else(|| format!("{key} holds {row}, and must hold rows"))?;
            Ok(cells.iter().map(|cell| cell.as_f64().unwrap_or(f64::NAN)).collect())
        };
        array(&case.inputs, key)?.iter().map(row).collect()
    };
    let (prices, quantities) = (rows("prices")?, rows("quantities")?);
    if prices.len() != quantities.len() {
        return Err(format!(
            "there are {} periods of prices, {} of quantities",
            prices.len(),
            quantities.len()
        ));
    }
    let base = case.params.get("base_period").and_then(Value::as_u64).unwrap_or(0);
    let base = usize::try_from(base).map_err(|_| format!("the base period is {base}"))?;
    let baskets: Result<Vec<Basket<'_>>, String> =
        prices.iter().zip(&quantities).map(|(p, q)| Basket::new(p, q)).collect();
    let baskets = baskets?;
    let exchanged: Vec<Basket<'_>> = baskets.iter().map(|basket| basket.exchanged()).collect();
    let direct = |periods: &[Basket<'_>], formulas: &[(&str, Formula)]| {
        named(formulas, |formula| from_base(formula, periods, base))
    };
    let values: Vec<Option<f64>> = baskets.iter().map(|basket| basket.value()).collect();
    let first = values.get(base).copied().flatten();
    let ratios = values.into_iter().map(|value| value.zip(first).map(|(value, first)| value / first));
    Ok(object([
        ("price_index_fixed_base", direct(&baskets, &WEIGHTED)),
        ("price_index_chained", named(&WEIGHTED, |formula| chained(formula, &baskets, base))),
        ("unweighted_fixed_base", direct(&baskets, &UNWEIGHTED)),
        ("value_ratio", listed(ratios.collect())),
        ("quantity_index_fixed_base", direct(&exchanged, &WEIGHTED)),
        ("quantity_index_chained", named(&WEIGHTED, |formula| chained(formula, &exchanged, base))),
    ])
    .into())
}

fn named(formulas: &[(&str, Formula)], indices: impl Fn(Formula) -> Vec<Option<f64>>) -> Value {
    let entry = |(name, formula): &(&str, Formula)| ((*name).to_owned(), listed(indices(*formula)));
    Value::Object(formulas.iter().map(entry).collect::<Map<_, _>>())
}

fn listed(numbers: Vec<Option<f64>>) -> Value {
    numbers.into_iter().map(|number| number.map_or(Value::Null, json)).collect()
}
