use super::*;
use proptest::prelude::*;

fn about_a_mean(y: &[f64], v: &[f64]) -> Observations {
    Observations::about_a_mean(y.to_vec(), v.to_vec()).expect("studies")
}

/// The 13 trials of the BCG vaccine, events and others of both groups (Colditz and others 1994).
const BCG: [[f64; 4]; 13] = [
    [4.0, 119.0, 11.0, 128.0],
    [6.0, 300.0, 29.0, 274.0],
    [3.0, 228.0, 11.0, 209.0],
    [62.0, 13536.0, 248.0, 12619.0],
    [33.0, 5036.0, 47.0, 5761.0],
    [180.0, 1361.0, 372.0, 1079.0],
    [8.0, 2537.0, 10.0, 619.0],
    [505.0, 87886.0, 499.0, 87892.0],
    [29.0, 7470.0, 45.0, 7232.0],
    [17.0, 1699.0, 65.0, 1600.0],
    [186.0, 50448.0, 141.0, 27197.0],
    [5.0, 2493.0, 3.0, 2338.0],
    [27.0, 16886.0, 29.0, 17825.0],
];

fn bcg() -> Observations {
    let (y, v): (Vec<f64>, Vec<f64>) = BCG
        .iter()
        .map(|[events, others, control_events, control_others]| effect_size::Table {
            events: *events,
            others: *others,
            control_events: *control_events,
            control_others: *control_others,
        })
        .map(|table| effect_size::log_risk_ratio(table).expect("a table"))
        .map(|effect| (effect.estimate, effect.variance))
        .unzip();
    about_a_mean(&y, &v)
}

/// As the manual and the tests of metafor print them.
#[test]
fn the_vaccine_trials() {
    let trials = bcg();
    let found = Heterogeneity::of(&trials).expect("twelve degrees");
    assert!((found.q - 152.2330).abs() < 5e-5 && found.degrees == 12);
    for (method, tau2, mean, error) in [
        (Between::None, 0.0, -0.4303, 0.0405),
        (Between::DerSimonianLaird, 0.3088, -0.7141, 0.1787),
        (Between::RestrictedMaximumLikelihood, 0.3132, -0.7145, 0.1798),
        (Between::PauleMandel, 0.3181, -0.7150, 0.1809),
    ] {
        let model = Model::new(&trials, method).expect("twelve degrees");
        let pooled = model.mean(Errors::Normal, 0.95).expect("a mean");
        assert!((model.tau2() - tau2).abs() < 5e-5, "{method:?} {}", model.tau2());
        assert!((pooled.value - mean).abs() < 5e-5 && (pooled.standard_error - error).abs() < 5e-5);
    }
    let [low, high] = q_profile(&trials, 0.95).expect("twelve degrees");
    assert!((low - 0.1197).abs() < 5e-5 && (high - 1.1115).abs() < 5e-5);
}

/// Two studies: Student's t has one degree, and a prediction with k - 2 degrees none.
#[test]
fn two_studies_by_hand() {
    let pair = about_a_mean(&[0.0, 1.0], &[0.25, 0.25]);
    let model = Model::new(&pair, Between::DerSimonianLaird).expect("one degree");
    assert!((model.tau2() - 0.25).abs() < 1e-14);
    let normal = model.mean(Errors::Normal, 0.95).expect("a mean");
    assert!((normal.value - 0.5).abs() < 1e-15 && (normal.standard_error - 0.5).abs() < 1e-15);
    let student = model.mean(Errors::KnappHartung, 0.95).expect("one degree");
    assert!((student.standard_error - 0.5).abs() < 1e-14);
    // tan(0.95 pi / 2) standard errors each side.
    assert!((student.interval[1] - (0.5 + 12.706_204_736_174_69 * 0.5)).abs() < 1e-10);
    assert!(model.prediction(Prediction::LessTwo, 0.95).is_none());
    assert!(model.prediction(Prediction::KnappHartung, 0.95).is_some());
}

#[test]
fn one_study_is_itself_and_says_nothing_of_others() {
    let one = about_a_mean(&[0.4], &[0.04]);
    let model = Model::new(&one, Between::None).expect("a weighted mean");
    let mean = model.mean(Errors::Normal, 0.95).expect("a mean");
    assert!((mean.value - 0.4).abs() < 1e-15 && (mean.standard_error - 0.2).abs() < 1e-15);
    assert!(model.mean(Errors::KnappHartung, 0.95).is_none());
    assert!(model.prediction(Prediction::Normal, 0.95).is_none());
    assert!(Model::new(&one, Between::RestrictedMaximumLikelihood).is_none());
    assert!(Heterogeneity::of(&one).is_none() && q_profile(&one, 0.95).is_none());
}

#[test]
fn studies_that_agree_leave_an_error_of_nothing_and_no_test() {
    let same = about_a_mean(&[0.3; 3], &[0.1, 0.2, 0.3]);
    let model = Model::new(&same, Between::DerSimonianLaird).expect("two degrees");
    let mean = model.mean(Errors::KnappHartung, 0.95).expect("two degrees");
    assert!(mean.standard_error == 0.0 && mean.statistic.is_none() && mean.p_value.is_none(), "{mean:?}");
    let truncated = model.mean(Errors::KnappHartungTruncated, 0.95).expect("two degrees");
    let normal = model.mean(Errors::Normal, 0.95).expect("a mean");
    assert!(truncated.standard_error == normal.standard_error);
    let found = Heterogeneity::of(&same).expect("two degrees");
    assert!(found.i2 == 0.0 && found.h2 == 0.0 && found.by_variance(0.0) == (0.0, 1.0));
    assert!(q_profile(&same, 0.95) == Some([0.0, 0.0]));
}

/// Explained variance is undefined where there is none to explain.
#[test]
fn explained_variance() {
    let line = |y: &[f64]| {
        let columns = vec![vec![1.0; 4], vec![0.0, 1.0, 2.0, 3.0]];
        Observations::new(y.to_vec(), vec![0.01; 4], columns).expect("two coefficients")
    };
    let steep = line(&[0.0, 1.0, 2.0, 3.1]);
    let all = explained(&steep, Between::RestrictedMaximumLikelihood).expect("a variance");
    assert!((all - 1.0).abs() < 1e-15);
    assert!(explained(&line(&[0.01, 0.0, 0.01, 0.0]), Between::DerSimonianLaird).is_none());
    let model = Model::new(&steep, Between::None).expect("two coefficients");
    let slope = model.coefficients(Errors::Normal, 0.95).expect("two coefficients")[1];
    let test = model.omnibus(Errors::Normal).expect("one slope");
    assert!((test.statistic - slope.statistic.expect("an error").powi(2)).abs() < 1e-9 * test.statistic);
    assert!((test.p_value - slope.p_value.expect("an error")).abs() < 1e-12);
    assert!(
        bcg().is_about_a_mean()
            && Model::new(&bcg(), Between::None).expect("a mean").omnibus(Errors::Normal).is_none()
    );
}

proptest! {
    #[test]
    fn intervals_hold_the_mean_and_widen_with_the_level(
        rows in proptest::collection::vec((-2.0..2.0_f64, 0.01..2.0_f64), 3..15), level in 0.5..0.99_f64,
    ) {
        let (y, v): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        let studies = about_a_mean(&y, &v);
        let model = Model::new(&studies, Between::RestrictedMaximumLikelihood).expect("degrees");
        for errors in [Errors::Normal, Errors::KnappHartung, Errors::KnappHartungTruncated] {
            let [narrow, wide] = [level, level + 0.005].map(|level| model.mean(errors, level).expect("degrees"));
            prop_assert!(wide.interval[0] < narrow.interval[0] && narrow.interval[0] < narrow.value);
            prop_assert!(narrow.value < narrow.interval[1] && narrow.interval[1] < wide.interval[1]);
            let (least, most) = (y.iter().copied().fold(f64::MAX, f64::min), y.iter().copied().fold(f64::MIN, f64::max));
            prop_assert!(narrow.value >= least - 1e-12 && narrow.value <= most + 1e-12);
        }
        for rule in [Prediction::Normal, Prediction::LessTwo] {
            let [low, high] = model.prediction(rule, level).expect("degrees");
            let mean = model.mean(Errors::Normal, level).expect("a mean").interval;
            prop_assert!(low <= mean[0] + 1e-12 && high >= mean[1] - 1e-12);
        }
        let [low, high] = q_profile(&studies, level).expect("degrees");
        prop_assert!(low <= high);
    }

    #[test]
    fn a_study_of_no_weight_changes_nothing(
        rows in proptest::collection::vec((-2.0..2.0_f64, 0.01..2.0_f64), 3..10), far in -5.0..5.0_f64,
    ) {
        let (mut y, mut v): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        let before = Model::new(&about_a_mean(&y, &v), Between::None).expect("a mean").mean(Errors::Normal, 0.95);
        y.push(far);
        v.push(1e14);
        let after = Model::new(&about_a_mean(&y, &v), Between::None).expect("a mean").mean(Errors::Normal, 0.95);
        let (before, after) = (before.expect("a mean"), after.expect("a mean"));
        prop_assert!((before.value - after.value).abs() < 1e-12);
        prop_assert!((before.standard_error - after.standard_error).abs() < 1e-12);
    }
}
