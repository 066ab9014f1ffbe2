//! Median and median absolute deviation: the middle and the spread of most of the values, however far off the others are.
//!
//! # References
//! F. R. Hampel (1974), The Influence Curve and Its Role in Robust Estimation, Journal of the American Statistical
//! Association 69, 383-393.

/// What the median absolute deviation is multiplied by so that it estimates the standard deviation of a normal law:
/// one over the normal score of 3/4.
pub const NORMAL_CONSISTENCY: f64 = 1.482_602_218_505_602;

/// The middle value, or the mean of the two in the middle; none without values or where one is not a number.
pub fn median(values: &[f64]) -> Option<f64> {
    if values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let above = *sorted.get(sorted.len() / 2)?;
    let below = *sorted.get((sorted.len() - 1) / 2)?;
    Some(f64::midpoint(below, above))
}

/// The middle and the spread of values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The median.
    pub median: f64,
    /// The median absolute deviation from it, times 1.4826.
    pub scale: f64,
}

impl Spread {
    /// The spread of some values; none without values, where one is not finite, or where more than half are equal.
    pub fn of(values: &[f64]) -> Option<Self> {
        if values.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let median = median(values)?;
        let deviations: Vec<f64> = values.iter().map(|value| (value - median).abs()).collect();
        let scale = NORMAL_CONSISTENCY * self::median(&deviations)?;
        (scale > 0.0).then_some(Self { median, scale })
    }

    /// How many robust standard deviations a value lies above the median: the robust z.
    pub fn score(self, value: f64) -> f64 {
        (value - self.median) / self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[1.0, f64::NAN]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        // Deviations from 3: 2, 1, 0, 1, 97; their median is 1.
        let spread = Spread::of(&[1.0, 2.0, 3.0, 4.0, 100.0]).expect("five values");
        assert_eq!((spread.median, spread.scale), (3.0, NORMAL_CONSISTENCY));
        assert!((spread.score(100.0) - 97.0 / NORMAL_CONSISTENCY).abs() < 1e-12);
        assert_eq!(Spread::of(&[2.0, 2.0, 2.0, 5.0]), None);
        assert_eq!(Spread::of(&[2.0]), None);
    }

    #[test]
    fn the_constant_is_that_of_the_normal_law() {
        let upper_quartile = super::super::normal::quantile(0.75);
        assert!((NORMAL_CONSISTENCY * upper_quartile - 1.0).abs() < 1e-14);
    }

    proptest! {
        #[test]
        fn a_score_does_not_depend_on_origin_unit_or_order(
            values in prop::collection::vec(-1e3..1e3_f64, 3..20),
            shift in -1e3..1e3_f64,
            unit in 0.1..10.0_f64,
        ) {
            let Some(spread) = Spread::of(&values) else { return Ok(()) };
            prop_assume!(spread.scale > 1e-3);
            let moved: Vec<f64> = values.iter().rev().map(|value| shift + unit * value).collect();
            let other = Spread::of(&moved).expect("the same spread in another unit");
            prop_assert!((spread.score(values[0]) - other.score(shift + unit * values[0])).abs() < 1e-6);
        }
    }
}
