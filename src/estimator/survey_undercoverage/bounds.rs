//! Bounds of a quantity of which only a part is seen, where nothing but the ends of that part are known.
//!
//! ```text
//! C = R / c,  c = product of the components, each between its ends      R / prod(c_U) <= C <= R / prod(c_L)
//! ```
//! Nothing is assumed of how the components go together: each may stand at its worst end at once.
//!
//! An interval for C itself, where R has an error, is narrower than one for both bounds, because C cannot be near both:
//! ```text
//! [ L - k se, U + k se ],   Phi(k + (U - L)/se) - Phi(-k) = level       k from 1.64 (wide bounds) to 1.96 (none) at 95 %
//! ```
//! The width U - L has no error of its own here (on the scale of logarithms it is that of c), which is when the formula holds
//! its level for bounds of any width.
//!
//! # References
//! C. F. Manski (2003), Partial Identification of Probability Distributions.
//! G. W. Imbens, C. F. Manski (2004), Confidence Intervals for Partially Identified Parameters, Econometrica 72(6), 1845-1857.
//! J. Stoye (2009), More on Confidence Intervals for Partially Identified Parameters, Econometrica 77(4), 1299-1315.

use crate::estimator::numeric::normal;

/// The least and the greatest product of components that lie between their ends, all from 0 up.
pub fn product(components: &[[f64; 2]]) -> [f64; 2] {
    components.iter().fold([1.0, 1.0], |[least, most], [low, high]| [least * low, most * high])
}

/// The bounds of `reported / coverage` for a coverage between `least` and `most`; none where the least is not positive.
pub fn identified(reported: f64, [least, most]: [f64; 2]) -> Option<[f64; 2]> {
    (least > 0.0 && least <= most).then(|| [reported / most, reported / least])
}

/// How many standard errors beyond each bound hold the probability `level` for the parameter itself, where the bounds are `width`
/// standard errors apart.
pub fn factor(width: f64, level: f64) -> f64 {
    // Between the one-sided and the two-sided normal quantile.
    let (mut low, mut high) = (normal::quantile(level), normal::coverage_factor(level));
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if normal::cdf(middle + width) - normal::cdf(-middle) < level {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

const HALVINGS: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::numeric::draw::Stream;
    use proptest::prelude::*;

    #[test]
    fn the_factor_lies_between_one_sided_and_two_sided() {
        assert!((factor(0.0, 0.95) - 1.959_963_984_540_054).abs() < 1e-12);
        assert!((factor(50.0, 0.95) - 1.644_853_626_951_472_2).abs() < 1e-12);
        assert!((factor(f64::INFINITY, 0.9) - normal::quantile(0.9)).abs() < 1e-12);
        // SciPy 1.17.1, optimize.brentq.
        assert!((factor(1.0, 0.95) - 1.681_477_442_328_154_9).abs() < 1e-12, "{}", factor(1.0, 0.95));
    }

    #[test]
    fn by_hand() {
        let [least, most] = product(&[[0.9, 1.0], [0.75, 1.0], [0.4, 0.8]]);
        assert!((least - 0.27).abs() < 1e-15 && (most - 0.8).abs() < 1e-15);
        let [low, high] = identified(54.0, [least, most]).expect("a coverage");
        assert!((low - 67.5).abs() < 1e-12 && (high - 200.0).abs() < 1e-12);
        assert_eq!(identified(54.0, [0.0, 0.5]), None);
        assert_eq!(identified(54.0, [f64::NAN, 0.5]), None);
        assert_eq!(product(&[]), [1.0, 1.0]);
    }

    /// The truth at either bound, the bounds a standard error apart: 95 % of 20,000 trials.
    #[test]
    fn the_interval_holds_the_truth_wherever_it_is() {
        let (width, k) = (1.0, factor(1.0, 0.95));
        let stream = Stream::new(4, "trials");
        for truth in [0.0, 0.5, 1.0] {
            let held = (0..20_000)
                .filter(|i| {
                    let error = stream.normal(*i);
                    error - k <= truth && truth <= width + error + k
                })
                .count();
            assert!(held >= 18_900, "{truth}: {held}");
        }
    }

    proptest! {
        #[test]
        fn bounds_hold_every_possible_coverage(
            ends in proptest::collection::vec((0.01..1.0_f64, 0.0..=1.0_f64, 0.0..=1.0_f64), 1..5), reported in 0.1..1e6_f64,
        ) {
            let components: Vec<[f64; 2]> = ends.iter().map(|(low, up, _)| [*low, low + (1.0 - low) * up]).collect();
            let inside: f64 = ends.iter().zip(&components).map(|((_, _, at), [low, high])| low + (high - low) * at).product();
            let [low, high] = identified(reported, product(&components)).expect("a coverage");
            prop_assert!(low <= reported / inside * (1.0 + 1e-12) && reported / inside <= high * (1.0 + 1e-12));
        }
    }
}
