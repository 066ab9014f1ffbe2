//! Intervals from an estimate, its standard error and its degrees of freedom.
//!
//! ```text
//! t        estimate +- t se
//! arcsine  sin^2( asin(sqrt p) +- t se / (2 sqrt(p (1-p))) )        the angle cut to 0..pi/2
//! ```
//!
//! The logit interval and that of Korn and Graubard stand in [`proportion`](crate::estimator::numeric::proportion).

use crate::estimator::numeric::law::Law;

/// Student's interval; none without a degree of freedom.
pub fn student(value: f64, se: f64, df: f64, level: f64) -> Option<[f64; 2]> {
    let half = quantile(df, level)? * se;
    half.is_finite().then_some([value - half, value + half])
}

/// The interval of a share on the scale of the arcsine of its root; none for a share of 0 or 1, whose error there cannot be told.
pub fn arcsine(p: f64, se: f64, df: f64, level: f64) -> Option<[f64; 2]> {
    let half = quantile(df, level)? * se / (2.0 * libm::sqrt(p * (1.0 - p)));
    if !(p > 0.0 && p < 1.0 && half.is_finite()) {
        return None;
    }
    let angle = libm::asin(libm::sqrt(p));
    let back = |angle: f64| {
        let side = libm::sin(angle.clamp(0.0, std::f64::consts::FRAC_PI_2));
        side * side
    };
    Some([back(angle - half), back(angle + half)])
}

/// How many standard errors hold the level on each side.
fn quantile(df: f64, level: f64) -> Option<f64> {
    let is_level = level > 0.0 && level < 1.0;
    if !is_level {
        return None;
    }
    Some(Law::student_t(df).ok()?.upper_quantile((1.0 - level) / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_stay_where_a_share_can_be() {
        let [low, high] = arcsine(0.02, 0.03, 5.0, 0.99).expect("a share");
        assert!(low == 0.0 && high > 0.02 && high < 1.0);
        let [low, high] = arcsine(0.5, 2.0, 1.0, 0.95).expect("a share");
        assert_eq!((low, high), (0.0, 1.0));
        assert_eq!(arcsine(0.0, 0.0, 5.0, 0.95), None);
        assert_eq!(student(1.0, 0.1, 0.0, 0.95), None);
        assert_eq!(student(1.0, f64::NAN, 4.0, 0.95), None);
        assert_eq!(student(1.0, 0.1, 4.0, 1.0), None);
    }

    /// t with 4 degrees of freedom at 95 % is 2.776445 in every printed table.
    #[test]
    fn of_a_table() {
        let [low, high] = student(10.0, 2.0, 4.0, 0.95).expect("four degrees");
        assert!((low - 4.447_110).abs() < 1e-6 && (high - 15.552_890).abs() < 1e-6);
    }
}
