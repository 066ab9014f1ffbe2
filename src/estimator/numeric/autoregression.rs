//! The next value of a short series, from its own past.
//!
//! ```text
//! walk       y_t - y_t-1 = c + e                                 a random walk with drift, ARIMA(0,1,0)
//! level      y_t = c + f y_t-1 + e, |f| < 1                      AR(1) about a mean
//! growth     y_t - y_t-1 = c + f (y_t-1 - y_t-2) + e, |f| < 1    ARIMA(1,1,0) with drift
//! AICc       = m (ln(2 pi RSS / m) + 1) + 2 k m / (m - k - 1)    m = T - 2 values, k coefficients with the variance
//! ```
//! All three are fitted by least squares to the values from the third on, given the first two: the conditional likelihood of the
//! same values, so that their criteria can be compared although two of them are of differences. The least is taken; of equals the
//! one that stands first. A fit with |f| of 1 or more is left out. The variance of the forecast is `s^2 (1 + x (X'X)^-1 x')`, s^2
//! with m less the coefficients of the mean as divisor; it does not hold that the model was chosen.
//!
//! # References
//! G. E. P. Box, G. M. Jenkins, G. C. Reinsel, G. M. Ljung (2015), Time Series Analysis: Forecasting and Control, 5th ed., Wiley, chapters 5 and 7.
//! C. M. Hurvich, C.-L. Tsai (1989), Regression and time series model selection in small samples, Biometrika 76(2), 297-307.

use super::regression::covariance::Errors;
use super::regression::{Column, Fit, Problem, fit};
use super::sample::sum;

/// How a series goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// A random walk with drift.
    Walk,
    /// About a mean.
    Level,
    /// Its changes about a mean change.
    Growth,
}

/// The next value.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The course that was chosen.
    pub course: Course,
    /// The value.
    pub value: f64,
    /// Its standard error, with that of the coefficients.
    pub standard_error: f64,
    /// The corrected criterion of Akaike for walk, level and growth; none where a course is left out.
    pub criteria: [Option<f64>; 3],
}

/// With fewer values growth has no criterion: 5 of them are left, for 3 parameters.
pub const FEWEST: usize = 7;

/// A spread below this part of the series' own is rounding.
const ROUNDING: f64 = 1e-12;

/// Forecasts the value after the last.
pub fn forecast(series: &[f64]) -> Result<Forecast, String> {
    if series.len() < FEWEST {
        return Err(format!("{} values are too few to forecast from; {FEWEST} are the fewest", series.len()));
    }
    if let Some(place) = series.iter().position(|value| !value.is_finite()) {
        return Err(format!("value {} of the series is {}", place + 1, series[place]));
    }
    let candidates = [Course::Walk, Course::Level, Course::Growth].map(|course| candidate(series, course));
    let criteria = [0, 1, 2].map(|i| candidates[i].as_ref().map(|(criterion, _)| *criterion));
    // `min_by` keeps the first of equals.
    let best = candidates.into_iter().flatten().min_by(|(one, _), (other, _)| one.total_cmp(other));
    match best {
        Some((_, forecast)) => Ok(Forecast { criteria, ..forecast }),
        None => Err("no course can be fitted to the series".to_owned()),
    }
}

fn candidate(series: &[f64], course: Course) -> Option<(f64, Forecast)> {
    let (count, last) = (series.len() - 2, series[series.len() - 1]);
    let change = |t: usize| series[t] - series[t - 1];
    let ones = vec![1.0; count];
    let values = || 2..series.len();
    let (response, past, next): (Vec<f64>, Option<Vec<f64>>, Option<f64>) = match course {
        Course::Walk => (values().map(change).collect(), None, None),
        Course::Level => (
            values().map(|t| series[t]).collect(),
            Some(values().map(|t| series[t - 1]).collect()),
            Some(last),
        ),
        Course::Growth => (
            values().map(change).collect(),
            Some(values().map(|t| change(t - 1)).collect()),
            Some(change(series.len() - 1)),
        ),
    };
    let mut columns = vec![Column { name: "the mean", values: &ones }];
    columns.extend(past.as_deref().map(|values| Column { name: "the past", values }));
    let fit = fit(&Problem { response: &response, columns: &columns, ..Problem::default() }).ok()?;
    if fit.coefficients.get(1).is_some_and(|f| f.abs() >= 1.0) {
        return None;
    }
    let row: Vec<f64> = [Some(1.0), next].into_iter().flatten().collect();
    let covariance = fit.covariance(Errors::Alike).ok()?;
    let own = sum(row.iter().zip(&fit.coefficients).map(|(x, b)| x * b));
    let error = covariance.standard_error(&row);
    let value = if course == Course::Level { own } else { last + own };
    let standard_error = libm::sqrt(fit.variance + error * error);
    let forecast = Forecast { course, value, standard_error, criteria: [None; 3] };
    Some((criterion(&fit, series), forecast))
}

fn criterion(fit: &Fit, series: &[f64]) -> f64 {
    let (m, k) = (fit.rows() as f64, fit.coefficients.len() as f64 + 1.0);
    // A series on a line fits any of the courses up to rounding, which must not choose among them.
    let largest = series.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    let floor = m * (ROUNDING * largest) * (ROUNDING * largest);
    let left = sum(fit.residuals.iter().map(|e| e * e)).max(floor).max(f64::MIN_POSITIVE);
    m * (libm::log(2.0 * std::f64::consts::PI * left / m) + 1.0) + 2.0 * k * m / (m - k - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-10, "{found}, expected {expected}");
    }

    /// statsmodels 0.15.0: `OLS` of each course, the criterion from its `llf`, `get_prediction`.
    #[test]
    fn forecasts_of_statsmodels() {
        let about_a_mean = [9.1, 9.4, 9.0, 8.7, 8.9, 9.3, 9.2, 8.8, 8.6, 8.9, 9.0, 9.1];
        let walking = [10.0, 10.4, 11.1, 11.3, 11.4, 11.9, 12.6, 13.2, 13.3, 13.9, 14.1, 14.8];
        let growing = [5.0, 5.3, 5.9, 6.7, 7.4, 7.9, 8.1, 8.2, 8.4, 8.9, 9.7, 10.6, 11.3];
        for (series, course, criteria, value, standard_error) in [
            (
                &about_a_mean[..],
                Course::Level,
                [Some(8.335_986_237_234_213), Some(6.105_765_918_818_925), Some(12.529_509_322_128_789)],
                8.976_174_496_644_292,
                0.236_085_809_858_802_2,
            ),
            (
                &walking,
                Course::Walk,
                [Some(6.025_394_637_965_468), Some(10.309_484_214_048_034), Some(9.431_783_805_070_14)],
                15.24,
                0.271_702_451_630_864_1,
            ),
            (
                &growing,
                Course::Growth,
                // About a mean the series would leave it for ever: f is 1.01.
                [Some(7.135_224_028_687_62), None, Some(4.596_319_763_261_773)],
                11.970_921_985_815_604,
                0.229_125_827_251_807_3,
            ),
        ] {
            let found = forecast(series).expect("a forecast");
            assert_eq!(found.course, course);
            for (found, expected) in found.criteria.iter().zip(criteria) {
                assert_eq!(found.is_some(), expected.is_some());
                near(found.unwrap_or(1.0), expected.unwrap_or(1.0));
            }
            near(found.value, value);
            near(found.standard_error, standard_error);
        }
    }

    #[test]
    fn a_line_goes_on_as_a_walk_without_error() {
        let line: Vec<f64> = (0..9).map(|t| 2.0 + 0.25 * f64::from(t)).collect();
        let found = forecast(&line).expect("a forecast");
        assert_eq!(found.course, Course::Walk);
        assert!((found.value - 4.25).abs() < 1e-12 && found.standard_error < 1e-12);
        let still = forecast(&[3.0; 8]).expect("a forecast");
        assert!(still.course == Course::Walk && still.value == 3.0 && still.standard_error == 0.0);
    }

    #[test]
    fn short_and_broken_series_are_refused() {
        assert!(forecast(&[1.0; 6]).expect_err("a refusal").contains("6 values are too few"));
        let broken = [1.0, 2.0, f64::NAN, 3.0, 4.0, 5.0, 6.0];
        assert!(forecast(&broken).expect_err("a refusal").contains("value 3"));
    }

    proptest! {
        #[test]
        fn units_and_origin_change_no_course(
            series in proptest::collection::vec(-3.0..3.0_f64, 7..25), unit in 1e-3..1e3_f64, origin in -10.0..10.0_f64,
        ) {
            let one = forecast(&series).expect("a forecast");
            let moved: Vec<f64> = series.iter().map(|value| unit * (value + origin)).collect();
            let other = forecast(&moved).expect("a forecast");
            let mut known: Vec<f64> = one.criteria.iter().flatten().copied().collect();
            known.sort_by(f64::total_cmp);
            prop_assume!(known.windows(2).all(|pair| pair[1] - pair[0] > 1e-6));
            prop_assert_eq!(one.course, other.course);
            prop_assert!((other.value / unit - origin - one.value).abs() < 1e-8 * (1.0 + one.value.abs()));
            prop_assert!((other.standard_error / unit - one.standard_error).abs() < 1e-8);
        }
    }
}
