//! First-order propagation of uncertainty: the delta method, and the law of the GUM.
//!
//! `u(y)^2 = sum over i, j of c_i c_j u_i u_j r_ij`, with the sensitivities `c`, the standard uncertainties `u` and the
//! correlations `r`.
//!
//! # References
//! JCGM 100:2008, Guide to the expression of uncertainty in measurement, 5.1, 5.2 and G.4 (Welch-Satterthwaite).
//! C. J. F. Ridders (1982), Accurate computation of F'(x) and F'(x)F''(x), Advances in Engineering Software 4(2), 75-76.

use super::correlation::Correlation;
use super::law::Law;
use super::normal;
use super::propagation::Function;
use super::sample::sum;

/// The standard uncertainty of a result, from how it changes with each quantity and their standard uncertainties.
pub fn standard_uncertainty(gradient: &[f64], sds: &[f64], correlation: &Correlation) -> f64 {
    let share = |i: usize| gradient[i] * sds[i];
    let size = gradient.len();
    let variance = sum((0..size).map(|i| share(i) * share(i)))
        + 2.0 * sum((0..size).flat_map(|i| (0..i).map(move |j| share(i) * share(j) * correlation.of(i, j))));
    // Quantities that cancel can leave a rounding below zero.
    libm::sqrt(variance.max(0.0))
}

/// One source of uncertainty of a result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    /// How much the result changes with the quantity.
    pub sensitivity: f64,
    /// The standard uncertainty of the quantity.
    pub uncertainty: f64,
    /// On how many degrees of freedom that uncertainty rests; infinite where it is taken as known.
    pub degrees: f64,
}

/// A standard uncertainty and its effective degrees of freedom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Combined {
    /// The combined standard uncertainty.
    pub uncertainty: f64,
    /// By the formula of Welch and Satterthwaite; infinite where every part that counts is known.
    pub degrees: f64,
}

/// Combines independent components.
pub fn combine(components: &[Component]) -> Combined {
    let part = |component: &Component| component.sensitivity * component.uncertainty;
    let uncertainty = libm::sqrt(sum(components.iter().map(|c| part(c) * part(c))));
    // Relative to the whole, so that fourth powers stay numbers.
    let loss = sum(components.iter().map(|c| {
        let relative = if uncertainty == 0.0 { 0.0 } else { part(c) / uncertainty };
        relative * relative * relative * relative / c.degrees
    }));
    Combined { uncertainty, degrees: if loss == 0.0 { f64::INFINITY } else { 1.0 / loss } }
}

/// How many standard uncertainties each side of a result hold the probability `level`, by Student's t.
pub fn coverage_factor(level: f64, degrees: f64) -> Result<f64, String> {
    if degrees == f64::INFINITY {
        return Ok(normal::coverage_factor(level));
    }
    Ok(Law::student_t(degrees)?.upper_quantile((1.0 - level) / 2.0))
}

/// How the result of a function changes with each quantity at a point, by central differences taken to step zero.
///
/// The step starts at `scales`, the quantities' standard uncertainties, or at a tenth of the value where that is less;
/// a quantity with scale 0 gets the change 0, for it cannot change.
pub fn gradient(function: &Function<'_>, point: &[f64], scales: &[f64]) -> Result<Vec<f64>, String> {
    (0..point.len()).map(|i| slope(function, point, i, scales[i])).collect()
}

fn slope(function: &Function<'_>, point: &[f64], i: usize, scale: f64) -> Result<f64, String> {
    if scale == 0.0 {
        return Ok(0.0);
    }
    let tenth = 0.1 * point[i].abs();
    let widest = if tenth > 0.0 { scale.min(tenth) } else { scale };
    let steps: Vec<f64> = (0..STEPS).map(|k| widest / libm::pow(SHRINK, k as f64)).collect();
    let columns: Vec<Vec<f64>> = (0..point.len())
        .map(|j| {
            let both = |step: &f64| if j == i { [point[j] - step, point[j] + step] } else { [point[j]; 2] };
            steps.iter().flat_map(both).collect()
        })
        .collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let values = function(&columns)?;
    // Ridders: each row removes one more power of the step; the entry that agrees best with its neighbours is taken.
    let mut previous: Vec<f64> = Vec::new();
    let (mut best, mut best_error) = (f64::NAN, f64::INFINITY);
    for (k, step) in steps.iter().enumerate() {
        // The step as it was rounded into the arguments.
        let width = (point[i] + step) - (point[i] - step);
        let mut row = vec![(values[2 * k + 1] - values[2 * k]) / width];
        let mut factor = 1.0;
        for (m, coarse) in previous.iter().enumerate() {
            factor *= SHRINK * SHRINK;
            let finer = (row[m] * factor - coarse) / (factor - 1.0);
            let error = (finer - row[m]).abs().max((finer - coarse).abs());
            if error < best_error {
                (best, best_error) = (finer, error);
            }
            row.push(finer);
        }
        previous = row;
    }
    if best.is_finite() {
        Ok(best)
    } else {
        Err(format!("the result does not change smoothly with quantity {}", i + 1))
    }
}

const STEPS: usize = 14;
const SHRINK: f64 = 1.4;

#[cfg(test)]
mod tests {
    use super::*;

    /// JCGM 100:2008, H.1: 32 nm, 16 degrees of freedom, 93 nm at 99 %.
    #[test]
    fn end_gauge() {
        let component = |sensitivity, uncertainty, degrees| Component { sensitivity, uncertainty, degrees };
        let combined = combine(&[
            component(1.0, 25.0, 18.0),
            component(1.0, 9.7, 25.6),
            component(50.0, 0.058, 50.0),
            component(50.0, 0.3335, 2.0),
        ]);
        assert!((combined.uncertainty - 31.71).abs() < 0.005);
        assert!((combined.degrees - 16.7).abs() < 0.05);
        let factor = coverage_factor(0.99, combined.degrees.floor()).expect("16 degrees of freedom");
        assert!((factor * combined.uncertainty - 93.0).abs() < 0.5);
    }

    #[test]
    fn known_components_have_infinite_degrees() {
        let known = Component { sensitivity: 2.0, uncertainty: 3.0, degrees: f64::INFINITY };
        let combined = combine(&[known, Component { uncertainty: 0.0, degrees: 4.0, ..known }]);
        assert!(combined.degrees.is_infinite());
        assert!((combined.uncertainty - 6.0).abs() < 1e-15);
        assert!(
            (coverage_factor(0.95, combined.degrees).expect("normal") - 1.959_963_984_540_054).abs() < 1e-14
        );
    }

    #[test]
    fn slopes_of_a_ratio() {
        let ratio = |columns: &[&[f64]]| Ok(columns[0].iter().zip(columns[1]).map(|(a, b)| a / b).collect());
        let slopes = gradient(&ratio, &[30.0, 120.0], &[3.0, 8.0]).expect("smooth");
        assert!((slopes[0] * 120.0 - 1.0).abs() < 1e-11, "{slopes:?}");
        assert!((slopes[1] * 480.0 + 1.0).abs() < 1e-11, "{slopes:?}");
    }

    #[test]
    fn what_cancels_leaves_nothing() {
        let same = Correlation::new(vec![vec![1.0, 1.0], vec![1.0, 1.0]]).expect("two equal quantities");
        assert_eq!(standard_uncertainty(&[1.0, -1.0], &[0.1, 0.1], &same).to_bits(), 0.0_f64.to_bits());
        assert!((standard_uncertainty(&[3.0, 4.0], &[1.0, 1.0], &Correlation::none(2)) - 5.0).abs() < 1e-15);
    }
}
