//! Where a continuous function crosses zero.
//!
//! # References
//! T. R. Chandrupatla (1997), A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function
//! without using derivatives, Advances in Engineering Software 28(3), 145-149.

/// More steps than halving would take over the whole range of numbers of one sign.
const MOST_STEPS: usize = 1100;

/// A zero between two points at which the function has different signs; none where it has not, or gives no number.
///
/// The zero is as near as the numbers at its place allow.
pub fn crossing(mut function: impl FnMut(f64) -> f64, low: f64, high: f64) -> Option<f64> {
    let (mut a, mut b) = (low, high);
    let (mut fa, mut fb) = (function(a), function(b));
    if fa == 0.0 {
        return Some(a);
    }
    if fb == 0.0 {
        return Some(b);
    }
    if fa.is_nan() || fb.is_nan() || (fa > 0.0) == (fb > 0.0) {
        return None;
    }
    let mut part = 0.5;
    for _ in 0..MOST_STEPS {
        let x = a + part * (b - a);
        let f = function(x);
        if f.is_nan() {
            return None;
        }
        // The point that is left out, c, still bends the curve through the other two.
        let (c, fc);
        if (f > 0.0) == (fa > 0.0) {
            (c, fc) = (a, fa);
        } else {
            (c, fc) = (b, fb);
            (b, fb) = (a, fa);
        }
        (a, fa) = (x, f);
        let nearest = if fa.abs() < fb.abs() { a } else { b };
        let least = 2.0 * f64::EPSILON * nearest.abs() + f64::MIN_POSITIVE;
        let span = (b - a).abs();
        if fa == 0.0 || span <= least {
            return Some(nearest);
        }
        let (xi, phi) = ((a - b) / (c - b), (fa - fb) / (fc - fb));
        let bends = 1.0 - phi;
        let smooth = phi * phi < xi && bends * bends < 1.0 - xi;
        let wanted = if smooth {
            fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        } else {
            0.5
        };
        let margin = 0.5 * least / span;
        part = wanted.max(margin).min(1.0 - margin);
    }
    Some(if fa.abs() < fb.abs() { a } else { b })
}

/// A zero that lies from `start` in the direction of `step`, which is doubled until the sign changes.
///
/// None where it has not changed after `doublings`.
pub fn crossing_from(
    mut function: impl FnMut(f64) -> f64,
    start: f64,
    step: f64,
    doublings: usize,
) -> Option<f64> {
    let sign = function(start) > 0.0;
    let (mut near, mut step) = (start, step);
    for _ in 0..doublings {
        let far = near + step;
        let value = function(far);
        if value.is_nan() {
            return None;
        }
        if (value > 0.0) != sign {
            return crossing(function, near.min(far), near.max(far));
        }
        (near, step) = (far, 2.0 * step);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_of_easy_flat_and_steep_functions() {
        let root = crossing(|x| x * x - 2.0, 0.0, 2.0).expect("signs differ");
        assert!((root - 2.0_f64.sqrt()).abs() < 1e-15, "{root}");
        let flat = crossing(|x| (x - 1.0) * (x - 1.0) * (x - 1.0), -4.0, 4.0 / 3.0).expect("signs differ");
        assert!((flat - 1.0).abs() < 1e-5, "{flat}");
        let steep = crossing(|x| if x < 0.3 { -1.0 } else { 1.0 }, 0.0, 1.0).expect("signs differ");
        assert!((steep - 0.3).abs() < 1e-15, "{steep}");
        let wide = crossing(|x| libm::log(x) - 1.0, 1e-300, 1e300).expect("signs differ");
        assert!((wide / libm::exp(1.0) - 1.0).abs() < 1e-14, "{wide}");
    }

    #[test]
    fn few_steps_where_the_function_is_smooth() {
        let mut steps = 0;
        let root = crossing(
            |x| {
                steps += 1;
                libm::exp(x) - 5.0
            },
            0.0,
            4.0,
        );
        assert!((root.expect("signs differ") - libm::log(5.0)).abs() < 1e-15 && steps < 15, "{steps}");
    }

    #[test]
    fn without_a_change_of_sign_there_is_none() {
        assert_eq!(crossing(|x| x * x + 1.0, -1.0, 1.0), None);
        assert_eq!(crossing(|_| f64::NAN, -1.0, 1.0), None);
        assert_eq!(crossing(|x| x, 0.0, 1.0), Some(0.0));
        assert_eq!(crossing_from(|x| x + 1.0, 0.0, 1.0, 60), None);
        let far = crossing_from(|x| x - 1000.0, 0.0, 1.0, 60).expect("it crosses at 1000");
        assert!((far - 1000.0).abs() < 1e-9);
    }
}
