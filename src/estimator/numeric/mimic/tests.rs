use super::*;
use crate::estimator::numeric::draw::Stream;
use measures::{measures, standardised, variance_of_eta};
use nalgebra::DVector;
use proptest::prelude::*;

fn names(size: usize) -> Vec<String> {
    (0..size).map(|i| format!("v{i}")).collect()
}

fn data<'a>(names: &'a [String], signs: usize, rows: &[&[f64]], count: f64) -> Data<'a> {
    let covariance = DMatrix::from_fn(rows.len(), rows.len(), |i, j| rows[i][j]);
    Data { names, signs, covariance, count }
}

fn near(found: &[f64], expected: &[f64], relative: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= relative * expected.abs(), "{found:e}, expected {expected:e}");
    }
}

/// Loadings but the marker's, causes, disturbance, residual variances, as in the covariance.
fn parameters(solution: &Solution) -> Vec<f64> {
    let free = (0..solution.loadings.len()).filter(|i| *i != solution.marker).map(|i| solution.loadings[i]);
    let rest = solution.causes.iter().copied().chain([solution.disturbance]);
    free.chain(rest).chain(solution.residuals.iter().copied()).collect()
}

fn standard_errors(solution: &Solution) -> Vec<f64> {
    (0..solution.covariance.nrows()).map(|place| solution.standard_error(place)).collect()
}

/// Expected values of the tests below: the discrepancy of the whole covariance matrix minimised with numpy from 30 starts, with
/// derivatives by complex steps.
#[test]
fn a_negative_residual_variance_is_reported() {
    let names = names(5);
    let data = data(
        &names,
        3,
        &[
            &[1.0, 0.85, 0.8, 0.3, 0.2],
            &[0.85, 1.0, 0.5, 0.25, 0.1],
            &[0.8, 0.5, 1.0, 0.2, 0.2],
            &[0.3, 0.25, 0.2, 1.0, 0.1],
            &[0.2, 0.1, 0.2, 0.1, 1.0],
        ],
        80.0,
    );
    let solution = fit(&data, 0).expect("a fit");
    assert!((solution.discrepancy - 0.032_763_967_908_125_3).abs() < 1e-13);
    near(
        &parameters(&solution),
        &[
            0.654_323_150_646_1,
            0.616_512_853_047_9,
            0.221_000_430_381_7,
            0.146_377_855_588_5,
            1.230_548_887_155,
            -0.307_286_467_807_5,
            0.440_299_959_409_7,
            0.503_115_972_944_8,
        ],
        1e-10,
    );
    near(
        &standard_errors(&solution),
        &[
            0.073_117_924_228_1,
            0.077_378_873_977_6,
            0.088_728_765_768_7,
            0.086_786_789_072_8,
            0.163_786_689_57,
            0.092_413_266_621_5,
            0.075_810_083_095,
            0.083_102_162_306_3,
        ],
        1e-10,
    );
    assert_eq!(solution.improper, ["v0"]);
    assert!(solution.regression_weights().is_none());
}

#[test]
fn a_negative_disturbance_is_reported() {
    let names = names(4);
    let data = data(
        &names,
        2,
        &[&[1.0, 0.2, 0.55, 0.5], &[0.2, 1.0, 0.5, 0.55], &[0.55, 0.5, 1.0, 0.1], &[0.5, 0.55, 0.1, 1.0]],
        100.0,
    );
    let solution = fit(&data, 0).expect("a fit");
    assert!((solution.discrepancy - 0.003_478_264_376_323_814).abs() < 1e-13);
    // By symmetry the loading is 1 and the causes are alike.
    near(
        &parameters(&solution),
        &[1.0, 0.477_272_727_272_7, 0.477_272_727_272_7, -0.301_136_363_636_4, 0.8, 0.8],
        1e-10,
    );
    assert_eq!(solution.improper, ["disturbance"]);
    // The standardised disturbance is negative too, and the causes explain more than all.
    let measures = measures(&data, &solution).expect("measures");
    assert!(measures.determination > 1.0);
}

#[test]
fn units_of_all_sizes_negative_loadings_and_a_marker_in_the_middle() {
    let names = names(4);
    let rows: [&[f64]; 4] = [
        &[2e-6, -1.8e-3, 2e-3, 4e-4],
        &[-1.8e-3, 9.0, -3.5, -1.0],
        &[2e-3, -3.5, 16.0, 0.9],
        &[4e-4, -1.0, 0.9, 5.0],
    ];
    let solution = fit(&data(&names, 3, &rows, 60.0), 1).expect("a fit");
    near(
        &parameters(&solution),
        &[
            -0.000_547_129_515_313_5,
            -1.093_045_691_692,
            -0.165_981_734_777_7,
            3.152_805_711_099,
            1.014_969_918_389e-6,
            5.709_444_607_502,
            12.068_612_616_65,
        ],
        1e-9,
    );
    near(
        &standard_errors(&solution),
        &[
            0.000_225_701_319_61,
            0.435_199_136_429,
            0.134_678_007_961,
            1.741_314_308_74,
            4.264_155_590_01e-7,
            1.661_343_990_69,
            2.715_375_800_07,
        ],
        1e-9,
    );
}

/// Two signs and one cause have as many covariances as parameters: by hand, the loading is the ratio of the covariances with
/// the cause, and the disturbance what the signs share beyond it.
#[test]
fn as_many_covariances_as_parameters() {
    let names = names(3);
    let data = data(&names, 2, &[&[4.0, 1.5, 1.2], &[1.5, 2.0, 0.8], &[1.2, 0.8, 1.0]], 50.0);
    let solution = fit(&data, 0).expect("a fit");
    near(&parameters(&solution), &[2.0 / 3.0, 1.2, 0.81, 1.75, 1.0], 1e-10);
    let measures = measures(&data, &solution).expect("measures");
    assert_eq!((measures.degrees, measures.p_value), (0, None));
    assert!(measures.chi_squared < 1e-10 && measures.approximation == 0.0 && measures.comparative == 1.0);
}

#[test]
fn what_has_no_answer_is_refused() {
    let names = names(4);
    let whole: [&[f64]; 4] =
        [&[1.0, 0.5, 0.4, 0.3], &[0.5, 1.0, 0.3, 0.2], &[0.4, 0.3, 1.0, 0.1], &[0.3, 0.2, 0.1, 1.0]];
    let refused = |data: &Data<'_>| fit(data, 0).expect_err("a refusal");
    assert!(refused(&data(&names, 1, &whole, 50.0)).contains("two signs or more"));
    assert!(refused(&data(&names, 4, &whole, 50.0)).contains("no cause"));
    assert!(refused(&data(&names, 2, &whole, 4.0)).contains("5 are the fewest"));
    assert!(fit(&data(&names, 2, &whole, 50.0), 2).expect_err("no such sign").contains("marker"));
    // The last variable is the sum of the two causes before it.
    let made_up: [&[f64]; 5] = [
        &[1.0, 0.5, 0.4, 0.3, 0.7],
        &[0.5, 1.0, 0.3, 0.2, 0.5],
        &[0.4, 0.3, 1.0, 0.1, 1.1],
        &[0.3, 0.2, 0.1, 1.0, 1.1],
        &[0.7, 0.5, 1.1, 1.1, 2.2],
    ];
    let five = self::names(5);
    assert_eq!(refused(&data(&five, 2, &made_up, 50.0)), "v4 is a combination of the variables before it");
    let impossible: [&[f64]; 3] = [&[1.0, 0.9, -0.9], &[0.9, 1.0, 0.9], &[-0.9, 0.9, 1.0]];
    assert!(refused(&data(&names[..3], 2, &impossible, 50.0)).contains("cannot vary so little"));
    let mut still = data(&names, 2, &whole, 50.0);
    still.covariance[(3, 3)] = 0.0;
    assert!(refused(&still).contains("v3"));
    // Signs that the causes do not move, and that share something: only one number tells of psi, lambda and theta.
    let unmoved: [&[f64]; 3] = [&[1.0, 0.5, 0.0], &[0.5, 1.0, 0.0], &[0.0, 0.0, 1.0]];
    let reason = refused(&data(&names[..3], 2, &unmoved, 50.0));
    assert!(reason.contains("not identified") || reason.contains("settled"), "{reason}");
}

#[test]
fn the_slope_is_that_of_the_discrepancy() {
    let matrix = DMatrix::from_row_slice(
        5,
        5,
        &[
            1.0, 0.5, 0.4, 0.3, 0.1, 0.5, 1.0, 0.3, 0.2, 0.2, 0.4, 0.3, 1.0, 0.1, 0.3, 0.3, 0.2, 0.1, 1.0,
            0.2, 0.1, 0.2, 0.3, 0.2, 1.0,
        ],
    );
    let reduced = Reduced::new(&matrix, 3).expect("positive definite").marked_by(1);
    let at = |t: &[f64]| {
        let lambda = vec![t[0], 1.0, t[1]];
        reduced.at(lambda, t[2..4].to_vec(), t[4], t[5..].to_vec()).expect("a covariance matrix")
    };
    let t = [0.7, 1.2, 0.3, -0.1, 0.5, 0.6, 0.4, 0.8];
    let slope = reduced.slope_at(&at(&t));
    for a in 0..t.len() {
        let moved = |step: f64| {
            let mut t = t;
            t[a] += step;
            at(&t).discrepancy
        };
        let by_differences = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        assert!((slope[a] - by_differences).abs() < 1e-8, "{a}: {} and {by_differences}", slope[a]);
    }
}

/// Of 400 samples of 300 rows, 95 % hold each parameter: within 4 standard deviations of the count, 363 to 397.
#[test]
fn intervals_of_long_series_hold_what_they_promise() {
    let stream = Stream::new(11, "mimic");
    let names = names(5);
    let truth = [0.8, 1.3, 0.6, -0.4, 0.5, 0.5, 0.7, 1.0];
    let mut held = [0; 8];
    let rows = 300;
    let mut next = (0_u64..).map(|index| stream.normal(index));
    let mut normal = || next.next().expect("an endless stream");
    for _ in 0..400 {
        let values: Vec<[f64; 5]> = (0..rows)
            .map(|_| {
                let (a, b) = (normal(), normal());
                let x = [a, 0.3 * a + b];
                let eta = 0.6 * x[0] - 0.4 * x[1] + 0.5_f64.sqrt() * normal();
                let e = [0.5, 0.7, 1.0].map(|v: f64| v.sqrt() * normal());
                [eta + e[0], 0.8 * eta + e[1], 1.3 * eta + e[2], x[0], x[1]]
            })
            .collect();
        let n = f64::from(rows);
        let mean = |i: usize| values.iter().map(|row| row[i]).sum::<f64>() / n;
        let means: Vec<f64> = (0..5).map(mean).collect();
        let covariance = DMatrix::from_fn(5, 5, |i, j| {
            values.iter().map(|row| (row[i] - means[i]) * (row[j] - means[j])).sum::<f64>() / n
        });
        let solution = fit(&Data { names: &names, signs: 3, covariance, count: n }, 0).expect("a fit");
        let found = parameters(&solution);
        for (place, held) in held.iter_mut().enumerate() {
            let reach = 1.96 * solution.standard_error(place);
            *held += i32::from((found[place] - truth[place]).abs() <= reach);
        }
    }
    assert!(held.iter().all(|held| (360..=397).contains(held)), "{held:?}");
}

/// A covariance matrix that the model implies, from its parameters.
fn implied(lambda: &[f64], gamma: &[f64], psi: f64, theta: &[f64], correlation: f64) -> DMatrix<f64> {
    let (p, q) = (lambda.len(), gamma.len());
    let causes = DMatrix::from_fn(q, q, |i, j| if i == j { 1.0 } else { correlation });
    let gamma = DVector::from_column_slice(gamma);
    let with = &causes * &gamma;
    let eta = gamma.dot(&with) + psi;
    DMatrix::from_fn(p + q, p + q, |i, j| match (i < p, j < p) {
        (true, true) => lambda[i] * lambda[j] * eta + if i == j { theta[i] } else { 0.0 },
        (true, false) => lambda[i] * with[j - p],
        (false, true) => lambda[j] * with[i - p],
        (false, false) => causes[(i - p, j - p)],
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_covariance_that_the_model_implies_gives_it_back(
        lambda in proptest::collection::vec(0.4..1.5_f64, 3),
        gamma in proptest::collection::vec(0.3..1.0_f64, 2),
        psi in 0.2..1.0_f64,
        theta in proptest::collection::vec(0.3..2.0_f64, 4),
        correlation in -0.3..0.6_f64,
        marker in 0..4_usize,
        scales in proptest::collection::vec(1e-4..1e4_f64, 6),
    ) {
        let mut loadings = lambda;
        loadings.insert(marker, 1.0);
        // One sign runs against the others.
        if marker != 2 {
            loadings[2] = -loadings[2];
        }
        let plain = implied(&loadings, &gamma, psi, &theta, correlation);
        let names = names(6);
        let covariance = DMatrix::from_fn(6, 6, |i, j| plain[(i, j)] * scales[i] * scales[j]);
        let data = Data { names: &names, signs: 4, covariance, count: 100.0 };
        let solution = fit(&data, marker).expect("a fit");
        prop_assert!(solution.discrepancy < 1e-12, "{:e}", solution.discrepancy);
        let unit = scales[marker];
        for i in 0..4 {
            let found = solution.loadings[i] * unit / scales[i];
            prop_assert!((found - loadings[i]).abs() < 1e-7, "{found} for {}", loadings[i]);
            prop_assert!((solution.residuals[i] / (scales[i] * scales[i]) - theta[i]).abs() < 1e-7);
        }
        for j in 0..2 {
            prop_assert!((solution.causes[j] * scales[4 + j] / unit - gamma[j]).abs() < 1e-7);
        }
        prop_assert!((solution.disturbance / (unit * unit) - psi).abs() < 1e-7);
        prop_assert!(solution.improper.is_empty());
        let (weights, left) = solution.regression_weights().expect("a proper solution");
        prop_assert!(left > 0.0 && left < solution.disturbance);
        // Solved with the whole matrix.
        let lambda = DVector::from_column_slice(&solution.loadings);
        let solved = Cholesky::new(solution.sign_variance()).expect("positive definite").solve(&lambda);
        for i in 0..4 {
            prop_assert!((weights[i] / (solution.disturbance * solved[i]) - 1.0).abs() < 1e-9);
        }
        let told: f64 = weights.iter().zip(&solution.loadings).map(|(k, l)| k * l).sum();
        prop_assert!((left / (solution.disturbance * (1.0 - told)) - 1.0).abs() < 1e-8);
    }

    #[test]
    fn units_and_the_marker_change_no_fit(
        noise in proptest::collection::vec(-0.15..0.15_f64, 15),
        scales in proptest::collection::vec(1e-3..1e3_f64, 5),
    ) {
        let mut matrix = implied(&[1.0, 0.8, 1.2], &[0.6, 0.4], 0.5, &[0.5, 0.6, 0.7], 0.2);
        let mut noise = noise.into_iter();
        for i in 0..5 {
            for j in 0..=i {
                let value = matrix[(i, j)] + noise.next().expect("fifteen numbers");
                (matrix[(i, j)], matrix[(j, i)]) = (value, value);
            }
        }
        let names = names(5);
        let solve = |matrix: &DMatrix<f64>, marker| {
            fit(&Data { names: &names, signs: 3, covariance: matrix.clone(), count: 100.0 }, marker)
        };
        let one = solve(&matrix, 0);
        prop_assume!(one.is_ok());
        let one = one.expect("just looked at");
        let scaled = DMatrix::from_fn(5, 5, |i, j| matrix[(i, j)] * scales[i] * scales[j]);
        let other = solve(&scaled, 0).expect("the same variables in other units");
        prop_assert!((one.discrepancy - other.discrepancy).abs() < 1e-11);
        let marked = solve(&matrix, 1).expect("the same model with another unit of eta");
        prop_assert!((one.discrepancy - marked.discrepancy).abs() < 1e-11);
        let of = |matrix: &DMatrix<f64>, solution: &Solution| {
            let data = Data { names: &names, signs: 3, covariance: matrix.clone(), count: 100.0 };
            (variance_of_eta(&data, solution), standardised(&data, solution))
        };
        let ((_, Some([_, all])), (_, Some([_, again])), (_, Some([_, third]))) =
            (of(&matrix, &one), of(&scaled, &other), of(&matrix, &marked)) else { return Ok(()) };
        for i in 0..3 {
            prop_assert!((all.loadings[i] - again.loadings[i]).abs() < 1e-7);
            prop_assert!((all.loadings[i].abs() - third.loadings[i].abs()).abs() < 1e-7);
            prop_assert!((all.residuals[i] - third.residuals[i]).abs() < 1e-7);
        }
        for place in 0..one.covariance.nrows() {
            let relative = |s: &Solution| s.standard_error(place) / parameters(s)[place].abs();
            let (a, b) = (relative(&one), relative(&other));
            prop_assert!((a - b).abs() < 1e-6 * (1.0 + a) || a > 1e4, "{place}: {a} and {b}");
        }
    }
}
