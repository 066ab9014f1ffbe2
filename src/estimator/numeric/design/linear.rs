//! Totals, means and ratios of a weighted sample, with the score of each row: what the estimate would change by if the
//! row counted a little more.
//!
//! ```text
//! Y = sum of w y                s = w y                               total
//! R = Y / X                     s = w (y - R x) / X                   ratio of totals; a mean has x = 1
//! S = sum over strata of K_h y_h / x_h    s = (K_h / X_h) w (y - (Y_h / X_h) x)    separate ratio, K_h known totals of x
//! ```
//!
//! A row of weight 0 takes no part, whatever its values: an estimate for a domain is made with [`within`].
//! Sums are compensated, so that weights of any range keep their digits.
//!
//! # References
//! R. S. Woodruff (1971), A Simple Method for Approximating the Variance of a Complicated Estimate, JASA 66, 411-414.
//! D. A. Binder (1983), On the Variances of Asymptotically Normal Estimators from Complex Surveys, International Statistical Review 51, 279-292.
//! W. G. Cochran (1977), Sampling Techniques, third edition, 6.10 to 6.12 (separate and combined ratios).
//! L. Kish (1965), Survey Sampling (design effect).

use crate::estimator::numeric::sample::sum;

/// An estimate with the score of each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// The estimate.
    pub value: f64,
    /// One a row.
    pub scores: Vec<f64>,
}

/// The weights of a domain: 0 in the rows outside it.
pub fn within(weights: &[f64], inside: impl Fn(usize) -> bool) -> Vec<f64> {
    weights.iter().enumerate().map(|(row, weight)| if inside(row) { *weight } else { 0.0 }).collect()
}

/// How many rows have a weight.
pub fn rows_with_weight(weights: &[f64]) -> usize {
    weights.iter().filter(|weight| **weight != 0.0).count()
}

/// The total of `values`.
pub fn total(weights: &[f64], values: &[f64]) -> Result<Linear, String> {
    check(weights, &[values])?;
    let scores: Vec<f64> = products(weights, values).collect();
    let value = finite("total", sum(scores.iter().copied()))?;
    Ok(Linear { value, scores })
}

/// The mean of `values`.
pub fn mean(weights: &[f64], values: &[f64]) -> Result<Linear, String> {
    check(weights, &[values])?;
    let size = size(weights)?;
    let value = finite("mean", sum(products(weights, values)) / size)?;
    let scores = weights.iter().zip(values).map(|(w, y)| times(*w, (y - value) / size)).collect();
    Ok(Linear { value, scores })
}

/// The ratio of the total of `numerator` to that of `denominator`, over all strata together (combined).
pub fn ratio(weights: &[f64], numerator: &[f64], denominator: &[f64]) -> Result<Linear, String> {
    check(weights, &[numerator, denominator])?;
    let whole = finite("denominator", sum(products(weights, denominator)))?;
    if whole == 0.0 {
        return Err("the denominator adds up to 0".to_owned());
    }
    let value = finite("ratio", sum(products(weights, numerator)) / whole)?;
    let rows = weights.iter().zip(numerator.iter().zip(denominator));
    let scores = rows.map(|(w, (y, x))| times(*w, (y - value * x) / whole)).collect();
    Ok(Linear { value, scores })
}

/// The total of `numerator` from the ratio of each stratum and its known total of `denominator`, by stratum number.
///
/// For large strata only: the bias of each ratio is of the order of 1 over its units, and the biases add up.
pub fn separate_ratio(
    weights: &[f64],
    numerator: &[f64],
    denominator: &[f64],
    strata: &[u32],
    known: &[f64],
) -> Result<Linear, String> {
    check(weights, &[numerator, denominator])?;
    if strata.len() != weights.len() || strata.iter().any(|stratum| *stratum as usize >= known.len()) {
        return Err("a row has no stratum, or its stratum has no known total".to_owned());
    }
    let mut rows_of: Vec<Vec<usize>> = vec![Vec::new(); known.len()];
    for (row, stratum) in strata.iter().enumerate() {
        rows_of[*stratum as usize].push(row);
    }
    let mut scores = vec![0.0; weights.len()];
    let mut parts = Vec::with_capacity(known.len());
    for (stratum, rows) in rows_of.iter().enumerate() {
        if known[stratum] == 0.0 {
            continue;
        }
        let of = |values: &[f64]| sum(rows.iter().map(|row| times(weights[*row], values[*row])));
        let (part, whole) = (of(numerator), of(denominator));
        if whole == 0.0 {
            return Err(format!("the denominator of stratum {} adds up to 0", stratum + 1));
        }
        let (ratio, scale) = (part / whole, known[stratum] / whole);
        parts.push(known[stratum] * ratio);
        for row in rows {
            let residual = numerator[*row] - ratio * denominator[*row];
            scores[*row] = times(weights[*row], scale * residual);
        }
    }
    Ok(Linear { value: finite("total", sum(parts))?, scores })
}

/// How much larger a variance is than that of a simple random sample of as many rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DesignEffect {
    /// Against a sample without replacement from as many as the weights add up to; none where they add up to no more than the rows.
    pub without_replacement: Option<f64>,
    /// Against a sample with replacement.
    pub with_replacement: f64,
}

/// The design effect of a mean with this variance.
///
/// `V / (S^2 / n (1 - n / sum w))`, `S^2 = n/(n-1) sum w (y - ybar)^2 / sum w`, n the rows with a weight. None where all values are equal.
pub fn mean_design_effect(weights: &[f64], values: &[f64], variance: f64) -> Option<DesignEffect> {
    design_effect(weights, values, variance, 1.0)
}

/// The design effect of a total with this variance, against `S^2 (sum w)^2 / n`.
pub fn total_design_effect(weights: &[f64], values: &[f64], variance: f64) -> Option<DesignEffect> {
    design_effect(weights, values, variance, size(weights).ok()?)
}

fn design_effect(weights: &[f64], values: &[f64], variance: f64, scale: f64) -> Option<DesignEffect> {
    let n = rows_with_weight(weights) as f64;
    let centre = mean(weights, values).ok()?.value;
    let size = size(weights).ok()?;
    let squares = sum(weights.iter().zip(values).map(|(w, y)| times(*w, (y - centre) * (y - centre))));
    let simple = scale * scale * (n / (n - 1.0) * squares / size) / n;
    if !(n > 1.0 && simple > 0.0 && simple.is_finite()) {
        return None;
    }
    let left = 1.0 - n / size;
    let with_replacement = variance / simple;
    let without_replacement = (left > 0.0).then_some(with_replacement / left);
    Some(DesignEffect { without_replacement, with_replacement })
}

/// The sum of the weights.
fn size(weights: &[f64]) -> Result<f64, String> {
    let size = finite("sum of the weights", sum(weights.iter().copied()))?;
    if size == 0.0 { Err("the weights add up to 0".to_owned()) } else { Ok(size) }
}

/// Rows agree in number, someone has a weight, and who has one has values.
fn check(weights: &[f64], columns: &[&[f64]]) -> Result<(), String> {
    if columns.iter().any(|column| column.len() != weights.len()) {
        return Err("the columns and the weights have different numbers of rows".to_owned());
    }
    let mut empty = true;
    for (row, weight) in weights.iter().enumerate() {
        if *weight == 0.0 {
            continue;
        }
        empty = false;
        if !weight.is_finite() || columns.iter().any(|column| !column[row].is_finite()) {
            return Err(format!("row {} has no value or no weight", row + 1));
        }
    }
    if empty { Err("no row of the sample lies in it".to_owned()) } else { Ok(()) }
}

fn products<'a>(weights: &'a [f64], values: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    weights.iter().zip(values).map(|(w, y)| times(*w, *y))
}

/// `w y`, and 0 where the weight is 0, even if there is no value.
fn times(weight: f64, value: f64) -> f64 {
    if weight == 0.0 { 0.0 } else { weight * value }
}

fn finite(name: &str, value: f64) -> Result<f64, String> {
    if value.is_finite() { Ok(value) } else { Err(format!("the {name} is larger than numbers can be")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Two strata of ratios 5/10 and 12/8, known totals 100 and 40.
    #[test]
    fn separate_ratios_by_hand() {
        let (w, y, x) = ([1.0, 2.0, 2.0, 4.0], [1.0, 2.0, 2.0, 2.0], [4.0, 3.0, 2.0, 1.0]);
        let separate = separate_ratio(&w, &y, &x, &[0, 0, 1, 1], &[100.0, 40.0]).expect("two strata");
        assert!((separate.value - (100.0 * 0.5 + 40.0 * 1.5)).abs() < 1e-12);
        // 10 (1 - 0.5 * 4), 10 * 2 (2 - 0.5 * 3), 5 * 2 (2 - 1.5 * 2), 5 * 4 (2 - 1.5)
        for (score, expected) in separate.scores.iter().zip([-10.0, 10.0, -10.0, 10.0]) {
            assert!((score - expected).abs() < 1e-12, "{:?}", separate.scores);
        }
        let one = separate_ratio(&w, &y, &x, &[0; 4], &[18.0]).expect("one stratum").value;
        assert!((one - 17.0).abs() < 1e-12, "one stratum of known total X gives Y: {one}");
        assert!(
            separate_ratio(&w, &y, &[0.0; 4], &[0; 4], &[1.0]).expect_err("nothing").contains("stratum 1")
        );
    }

    #[test]
    fn a_row_without_weight_takes_no_part() {
        let weights = [2.0, 0.0, 3.0];
        let mean = mean(&weights, &[1.0, f64::NAN, 6.0]).expect("two rows");
        assert!((mean.value - 4.0).abs() < 1e-15 && mean.scores[1] == 0.0);
        let refused = total(&[2.0, 1.0], &[1.0, f64::NAN]).expect_err("no value");
        assert!(refused.contains("row 2"), "{refused}");
        let nobody = ratio(&within(&weights, |_| false), &[1.0; 3], &[1.0; 3]).expect_err("an empty domain");
        assert!(nobody.contains("no row"), "{nobody}");
        assert!(ratio(&weights, &[1.0; 3], &[0.0; 3]).expect_err("nothing below").contains("adds up to 0"));
        assert!(total(&[1e200, 1.0], &[1e200, 1.0]).expect_err("too large").contains("larger than"));
    }

    /// Nine orders of magnitude, and sums that cancel.
    #[test]
    fn weights_of_any_range_keep_their_digits() {
        let weights: Vec<f64> = (0..10).map(|i| libm::pow(10.0, f64::from(i))).collect();
        let whole: Vec<f64> = weights.iter().map(|w| 1.0 / w).collect();
        let part: Vec<f64> = whole.iter().map(|x| 0.3 * x).collect();
        let share = ratio(&weights, &part, &whole).expect("ten rows");
        assert!((share.value - 0.3).abs() < 1e-16);
        let mixed = total(&[1e9, 1.0, 1e9], &[1.0, 1e-7, -1.0]).expect("three rows");
        assert_eq!(mixed.value.to_bits(), 1e-7_f64.to_bits());
    }

    #[test]
    fn a_simple_sample_has_a_design_effect_of_one() {
        let (weights, values) = (vec![5.0; 4], [1.0, 2.0, 4.0, 9.0]);
        // S^2 = 38/3, n = 4 of 20.
        let simple = 38.0 / 3.0 / 4.0;
        let effect = mean_design_effect(&weights, &values, simple * 0.8).expect("spread");
        assert!((effect.without_replacement.expect("of 20") - 1.0).abs() < 1e-15);
        assert!((effect.with_replacement - 0.8).abs() < 1e-15);
        let effect = total_design_effect(&weights, &values, simple * 400.0).expect("spread");
        assert!((effect.with_replacement - 1.0).abs() < 1e-15);
        assert_eq!(mean_design_effect(&weights, &[3.0; 4], 0.0), None);
        let whole = mean_design_effect(&[1.0; 4], &values, 0.0).expect("spread");
        assert_eq!(whole.without_replacement, None);
    }

    proptest! {
        #[test]
        fn scores_of_a_ratio_add_up_to_nothing_and_change_with_no_unit(
            rows in proptest::collection::vec((1e-4..1e5_f64, 0.0..10.0_f64, 0.1..10.0_f64), 1..40), unit in 1e-3..1e3_f64,
        ) {
            let column = |pick: fn(&(f64, f64, f64)) -> f64| rows.iter().map(pick).collect::<Vec<f64>>();
            let (w, y, x) = (column(|row| row.0), column(|row| row.1), column(|row| row.2));
            let plain = ratio(&w, &y, &x).expect("rows");
            prop_assert!(sum(plain.scores.iter().copied()).abs() < 1e-12 * (1.0 + plain.value));
            let scaled: Vec<f64> = w.iter().map(|w| w * unit).collect();
            let other = ratio(&scaled, &y, &x).expect("rows");
            prop_assert!((plain.value - other.value).abs() <= 1e-12 * plain.value);
            for (one, other) in plain.scores.iter().zip(&other.scores) {
                prop_assert!((one - other).abs() <= 1e-12 * (1.0 + one.abs()));
            }
        }

        /// The score is the derivative of the estimate by the row's weight, times the weight.
        #[test]
        fn a_score_is_a_derivative(
            rows in proptest::collection::vec((0.5..2.0_f64, 0.0..10.0_f64, 0.5..10.0_f64), 2..9), pick in 0_usize..9,
        ) {
            let column = |pick: fn(&(f64, f64, f64)) -> f64| rows.iter().map(pick).collect::<Vec<f64>>();
            let (w, y, x) = (column(|row| row.0), column(|row| row.1), column(|row| row.2));
            let row = pick % rows.len();
            let step = 1e-5;
            let at = |change: f64| {
                let mut w = w.clone();
                w[row] *= 1.0 + change;
                ratio(&w, &y, &x).expect("rows").value
            };
            let slope = (at(step) - at(-step)) / (2.0 * step);
            prop_assert!((slope - ratio(&w, &y, &x).expect("rows").scores[row]).abs() < 1e-8);
        }
    }
}
