//! Closed forms, R, and properties.

use super::*;
use proptest::prelude::*;

fn design(rows: &[&[f64]]) -> Design {
    Design::new(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>()).expect("a design")
}

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-300), "{found} {expected}");
}

/// `glm(n ~ x + z, poisson)` of R 4.2.2 with epsilon 1e-15; the profile of x by `uniroot` over fits with an offset. The
/// standard errors of glm are those of its last step but one.
#[test]
fn a_covariate_as_in_r() {
    let x = [0.5, 1.2, -0.3, 2.2, 1.9, 0.1, -1.4, 0.8];
    let z = [1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0];
    let counts = [3.0, 5.0, 0.0, 18.0, 11.0, 2.0, 0.0, 4.0];
    let rows: Vec<Vec<f64>> = x.iter().zip(z).map(|(x, z)| vec![1.0, *x, z]).collect();
    let design = Design::new(&rows).expect("a design");
    let fit = fit(&design, &counts).expect("a fit");
    for (found, expected) in fit.coefficients.iter().zip([
        0.213_351_607_541_201_8,
        1.231_880_938_420_627_7,
        -0.059_915_600_087_938_06,
    ]) {
        near(*found, expected, 1e-11);
    }
    near(fit.covariance[1][1], 0.094_523_409_984_121_9, 1e-8);
    near(fit.covariance[2][1], -0.106_402_489_201_302_53, 1e-8);
    near(fit.deviance, 2.929_837_903_993_684, 1e-12);
    near(fit.log_likelihood, -12.135_086_352_134_45, 1e-12);
    near(fit.pearson, 1.937_701_065_639_777, 1e-8);
    let [low, high] = profile_interval(&design, &counts, &fit, 1, 0.95).expect("an interval");
    near(low, 0.710_488_065_178_801_6, 1e-9);
    near(high, 1.929_955_708_616_375, 1e-9);
}

#[test]
fn one_mean_in_closed_form() {
    let one = design(&[&[1.0], &[1.0], &[1.0], &[1.0]]);
    let fit = fit(&one, &[3.0, 0.0, 7.0, 2.0]).expect("a fit");
    near(fit.coefficients[0], libm::log(3.0), 1e-14);
    near(fit.covariance[0][0], 1.0 / 12.0, 1e-13);
    // Where 2 (12 log(3 / mu) - 12 + 4 mu) is the square of the quantile.
    let [low, high] = profile_interval(&one, &[3.0, 0.0, 7.0, 2.0], &fit, 0, 0.95).expect("an interval");
    let z = normal::coverage_factor(0.95);
    for end in [low, high] {
        let mu = libm::exp(end);
        near(2.0 * (12.0 * libm::log(3.0 / mu) - 12.0 + 4.0 * mu), z * z, 1e-9);
    }
    assert!(low < fit.coefficients[0] && fit.coefficients[0] < high);
}

#[test]
fn as_many_coefficients_as_counts_leave_nothing_over() {
    let saturated = design(&[&[1.0, 0.0, 0.0], &[1.0, 1.0, 0.0], &[1.0, 1.0, 1.0]]);
    for counts in [[3.0, 5.0, 7.0], [1e-3, 1.0, 1e6], [2.5e11, 1e-3, 17.0]] {
        let fit = fit(&saturated, &counts).expect("a fit");
        for (mu, n) in fit.fitted.iter().zip(counts) {
            near(*mu, n, 1e-11);
        }
        assert!(fit.deviance.abs() < 1e-9 && fit.pearson < 1e-9, "{}", fit.deviance);
    }
    // The information is singular in all its sixteen digits.
    assert_eq!(fit(&saturated, &[1e-6, 1.0, 1e12]), Err(NoFit::NotReached));
}

#[test]
fn what_has_no_fit_says_why() {
    let collinear = design(&[&[1.0, 0.0, 2.0], &[1.0, 1.0, 5.0], &[1.0, 2.0, 8.0], &[1.0, 0.0, 2.0]]);
    assert_eq!(fit(&collinear, &[1.0, 2.0, 3.0, 4.0]), Err(NoFit::Collinear(2)));
    let empty = design(&[&[1.0, 0.0], &[1.0, 1.0]]);
    assert_eq!(fit(&empty, &[5.0, 0.0]), Err(NoFit::NoFiniteMaximum));
    assert_eq!(fit(&empty, &[0.0, 0.0]), Err(NoFit::NoFiniteMaximum));
    let zero = design(&[&[1.0, 0.0], &[1.0, 0.0]]);
    assert_eq!(fit(&zero, &[5.0, 1.0]), Err(NoFit::Collinear(1)));
    for count in [-1.0, f64::NAN, f64::INFINITY, 1e13] {
        assert!(matches!(fit(&empty, &[5.0, count]), Err(NoFit::Impossible(_))), "{count}");
    }
    assert!(matches!(fit(&empty, &[5.0]), Err(NoFit::Impossible(_))));
    assert!(Design::new(&[]).is_err() && Design::new(&[vec![1.0], vec![1.0, 2.0]]).is_err());
    assert!(Design::new(&[vec![f64::NAN]]).is_err());
    assert!(NoFit::Collinear(2).to_string().contains("column 3"));
}

/// The classical table with positive margins and no finite maximum: two opposite empty corners of a 2 x 2 x 2 table, under
/// the model of all pairs (Haberman 1974; Fienberg and Rinaldo 2012, section 2).
#[test]
fn opposite_empty_corners() {
    let rows: Vec<Vec<f64>> = (0..8_u8)
        .map(|cell| {
            let [a, b, c] = [0, 1, 2].map(|bit| f64::from(cell >> bit & 1));
            vec![1.0, a, b, c, a * b, a * c, b * c]
        })
        .collect();
    let pairs = Design::new(&rows).expect("a design");
    let mut counts = [4.0, 2.0, 3.0, 1.0, 5.0, 2.0, 6.0, 3.0];
    assert!(has_finite_maximum(&pairs, &counts));
    (counts[0], counts[7]) = (0.0, 0.0);
    assert!(!has_finite_maximum(&pairs, &counts));
    assert_eq!(fit(&pairs, &counts), Err(NoFit::NoFiniteMaximum));
    counts[7] = 3.0;
    assert!(has_finite_maximum(&pairs, &counts));
    // One empty corner is a cell that the others predict.
    assert!(fit(&pairs, &counts).expect("a fit").fitted[0] > 0.0);
    // Two empty neighbours empty a margin.
    let counts = [0.0, 0.0, 3.0, 1.0, 5.0, 2.0, 6.0, 3.0];
    assert!(!has_finite_maximum(&pairs, &counts));
}

fn tables() -> impl Strategy<Value = (usize, Vec<f64>)> {
    let count = prop_oneof![3 => Just(0.0), 2 => (1..20_u8).prop_map(f64::from)];
    (0..5_usize, prop::collection::vec(count, 8))
}

/// Models of three factors, from independence to all pairs.
fn model(number: usize) -> Design {
    let rows: Vec<Vec<f64>> = (0..8_u8)
        .map(|cell| {
            let [a, b, c] = [0, 1, 2].map(|bit| f64::from(cell >> bit & 1));
            let pairs = [a * b, a * c, b * c];
            [&[1.0, a, b, c][..], &pairs[..number.min(3)]].concat()
        })
        .collect();
    Design::new(&rows).expect("a design")
}

proptest! {
    /// The climb and the linear program know nothing of each other. Where there is no finite maximum the climb ends, if it
    /// ends, at expectations that are nothing.
    #[test]
    fn the_climb_agrees_with_the_linear_program((number, counts) in tables()) {
        let design = model(number);
        let mut work = Workspace::new(8, design.columns);
        let mut coefficients = vec![0.0; design.columns];
        let how = Climb { is_warm: false, tolerance: 1e-12, most_steps: 200 };
        let peak = climb(&design, &counts, None, &mut coefficients, how, &mut work);
        let proof = peak.is_some_and(|peak| peak.is_proof());
        prop_assert_eq!(proof, has_finite_maximum(&design, &counts));
    }

    #[test]
    fn fitted_counts_meet_the_equations((number, counts) in tables()) {
        let design = model(number);
        let Ok(fit) = fit(&design, &counts) else { return Ok(()) };
        let (mut seen, mut expected) = (vec![0.0; design.columns], vec![0.0; design.columns]);
        design.gather(&counts, &mut seen);
        design.gather(&fit.fitted, &mut expected);
        for (a, b) in seen.iter().zip(&expected) {
            prop_assert!((a - b).abs() < 1e-9 * (1.0 + a));
        }
        prop_assert!(fit.deviance >= 0.0 && fit.pearson >= 0.0);
    }

    #[test]
    fn more_of_the_same_moves_the_intercept_alone((number, counts) in tables(), factor in 0.5..50.0_f64) {
        let design = model(number);
        let more: Vec<f64> = counts.iter().map(|n| n * factor).collect();
        let (Ok(one), Ok(other)) = (fit(&design, &counts), fit(&design, &more)) else { return Ok(()) };
        prop_assert!((other.coefficients[0] - one.coefficients[0] - libm::log(factor)).abs() < 1e-8);
        for j in 1..design.columns {
            prop_assert!((other.coefficients[j] - one.coefficients[j]).abs() < 1e-8);
            prop_assert!((other.covariance[j][j] * factor / one.covariance[j][j] - 1.0).abs() < 1e-8);
        }
    }

    #[test]
    fn rows_may_come_in_any_order((number, counts) in tables(), shift in 1..8_usize) {
        let design = model(number);
        let mut rows: Vec<Vec<f64>> = Design::rows(&design).map(<[f64]>::to_vec).collect();
        let mut moved = counts.clone();
        rows.rotate_left(shift);
        moved.rotate_left(shift);
        let other = fit(&Design::new(&rows).expect("a design"), &moved);
        match (fit(&design, &counts), other) {
            (Ok(one), Ok(other)) => {
                for (a, b) in one.coefficients.iter().zip(&other.coefficients) {
                    prop_assert!((a - b).abs() < 1e-8);
                }
            }
            (one, other) => prop_assert_eq!(one.err(), other.err()),
        }
    }
}
