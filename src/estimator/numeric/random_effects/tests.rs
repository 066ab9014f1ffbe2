//! Figures marked "mpmath" are roots of the slope in 40 digits, bracketed on a grid over 17 decades, with the best of them taken.

use super::mean::Mean;
use super::moment::{Between, between, where_quadratic_of};
use super::search::{Forms, Likelihood, Profile, greatest};
use super::*;
use proptest::prelude::*;

const BOTH: [Likelihood; 2] = [Likelihood::Full, Likelihood::Restricted];

/// Two precise estimates agree with each other and not with the rest.
const INSIDE_WINS: ([f64; 6], [f64; 6]) = (
    [17.616, 0.0028, 0.0226, 0.0011, -0.0401, 0.0039],
    [75.917_681_7, 1.07e-5, 6.77e-5, 4.18e-5, 0.000_278_1, 1.4e-5],
);
const ZERO_WINS: ([f64; 7], [f64; 7]) = (
    [0.0416, -0.7422, -1.5156, 6.7191, 0.607, 0.0068, -0.2682],
    [0.014_067_8, 3.353_861_4, 0.263_332_2, 78.663_462_5, 0.769_684_4, 7.28e-5, 0.065_813_5],
);

fn fit(y: &[f64], v: &[f64], kind: Likelihood) -> mean::Pooled {
    let mut set = Mean::default();
    set.load(y, v).expect("a set of estimates");
    set.fit(kind)
}

fn close(actual: f64, expected: f64, tolerance: f64) -> bool {
    (actual - expected).abs() <= tolerance * expected.abs().max(1e-300)
}

/// mpmath.
#[test]
fn the_greatest_of_several_maxima_is_found() {
    let (y, v) = INSIDE_WINS;
    let found = fit(&y, &v, Likelihood::Restricted);
    assert!(close(found.tau2, 0.000_129_620_941_163_993_5, 1e-12), "{found:?}");
    assert!(close(found.mean, 0.002_548_539_556_639_975_2, 1e-12), "{found:?}");
    let found = fit(&y, &v, Likelihood::Full);
    assert!(found.tau2 == 0.0 && close(found.mean, 0.003_651_153_413_513_478, 1e-13), "{found:?}");
    let (y, v) = ZERO_WINS;
    let found = fit(&y, &v, Likelihood::Restricted);
    assert!(found.tau2 == 0.0 && close(found.mean, 0.006_305_044_092_223_163, 1e-13), "{found:?}");
}

/// mpmath; the sums of `DerSimonian` and Laird in 40 digits, where one estimate outweighs all others 10^12 times.
#[test]
fn one_estimate_that_outweighs_all_others() {
    let (y, v) = ([1.0, 2.0, 4.0, -1.0], [1e-12, 0.5, 0.25, 1.0]);
    let found = fit(&y, &v, Likelihood::Restricted);
    assert!(close(found.tau2, 3.592_060_321_035_629_3, 1e-14), "{found:?}");
    assert!(close(found.mean, 1.589_194_171_253_618_4, 1e-14), "{found:?}");
    let found = fit(&y, &v, Likelihood::Full);
    assert!(close(found.tau2, 2.510_415_648_965_903_7, 1e-14), "{found:?}");
    let observations = Observations::about_a_mean(y.to_vec(), v.to_vec()).expect("four estimates");
    let plain = observations.fit(0.0);
    assert!(close(plain.quadratic, 41.999_999_999_856, 1e-13), "{}", plain.quadratic);
    assert!(close(plain.trace(), 13.999_999_999_93, 1e-13), "{}", plain.trace());
    assert!(close(plain.trace_of_square_with(|_| 1.0, |_| 1.0), 111.999_999_998_58, 1e-13));
    let laird = between(&observations, Between::DerSimonianLaird).expect("three degrees of freedom");
    assert!(close(laird.tau2, 2.785_714_285_717_928_6, 1e-13), "{laird:?}");
}

/// mpmath.
#[test]
fn a_line_through_the_estimates() {
    let (y, v) = ZERO_WINS;
    let order: Vec<f64> = (0..7).map(f64::from).collect();
    let line =
        Observations::new(y.to_vec(), v.to_vec(), vec![vec![1.0; 7], order]).expect("two coefficients");
    let tau2 = between(&line, Between::RestrictedMaximumLikelihood).expect("five degrees").tau2;
    assert!(close(tau2, 0.366_980_675_777_637_78, 1e-13), "{tau2}");
    let fitted = line.fit(tau2);
    assert!(close(fitted.coefficients[0], -0.350_577_112_131_541_8, 1e-12), "{:?}", fitted.coefficients);
    assert!(close(fitted.coefficients[1], 0.033_972_203_629_041_439, 1e-12), "{:?}", fitted.coefficients);
    let tau2 = between(&line, Between::MaximumLikelihood).expect("five degrees").tau2;
    assert!(tau2 == 0.0);
    let fitted = line.fit(0.0);
    assert!(close(fitted.coefficients[0], 0.004_765_739_755_973_253, 1e-12), "{:?}", fitted.coefficients);
    assert!(close(fitted.coefficients[1], 0.000_309_445_862_905_053_1, 1e-11), "{:?}", fitted.coefficients);
}

/// Of two estimates the restricted likelihood has its top at `d^2 / 2 - (v1 + v2) / 2`.
#[test]
fn two_estimates_by_hand() {
    assert!(close(fit(&[0.0, 1.0], &[0.1, 0.2], Likelihood::Restricted).tau2, 0.35, 1e-14));
    assert!(fit(&[0.0, 0.5], &[0.1, 0.2], Likelihood::Restricted).tau2 == 0.0);
    assert!(close(fit(&[0.0, 1.0], &[0.1, 0.2], Likelihood::Full).tau2, 0.089_064_189_798_917_8, 1e-13));
    let pair = Observations::about_a_mean(vec![0.0, 1.0], vec![0.1, 0.2]).expect("two estimates");
    for method in [Between::Hedges, Between::DerSimonianLaird, Between::PauleMandel] {
        assert!(close(between(&pair, method).expect("one degree").tau2, 0.35, 1e-13), "{method:?}");
    }
}

#[test]
fn estimates_that_agree_leave_nothing_between_them() {
    let same = Observations::about_a_mean(vec![0.3; 4], vec![0.1, 0.2, 0.3, 0.4]).expect("four estimates");
    for method in [
        Between::DerSimonianLaird,
        Between::Hedges,
        Between::HunterSchmidt,
        Between::SidikJonkman,
        Between::PauleMandel,
        Between::MaximumLikelihood,
        Between::RestrictedMaximumLikelihood,
    ] {
        let variance = between(&same, method).expect("three degrees");
        assert!(variance.tau2 == 0.0 && variance.standard_error.is_finite(), "{method:?} {variance:?}");
    }
    assert!(between(&same, Between::DerSimonianLaird).expect("three degrees").uncut < 0.0);
    let exact = Observations::new(vec![1.0, 2.0], vec![0.1; 2], vec![vec![1.0; 2], vec![0.0, 1.0]])
        .expect("as many coefficients as estimates");
    assert!(between(&exact, Between::RestrictedMaximumLikelihood).is_none());
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let refusal = |y: &[f64], v: &[f64], columns: Vec<Vec<f64>>| {
        Observations::new(y.to_vec(), v.to_vec(), columns).expect_err("a refusal")
    };
    let ones = || vec![vec![1.0; 3]];
    assert!(refusal(&[1.0, 2.0, 3.0], &[1.0, 0.0, 1.0], ones()).contains("a variance is 0"));
    assert!(refusal(&[1.0, 2.0, 3.0], &[1.0, f64::NAN, 1.0], ones()).contains("NaN"));
    assert!(refusal(&[1.0, f64::INFINITY, 3.0], &[1.0; 3], ones()).contains("inf"));
    assert!(refusal(&[1.0, 2.0], &[1.0; 3], ones()).contains("2 estimates and 3 variances"));
    assert!(refusal(&[], &[], ones()).contains("0 estimates"));
    assert!(refusal(&[1.0, 2.0, 3.0], &[1.0; 3], vec![]).contains("0 coefficients"));
    let twice = vec![vec![1.0; 3], vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0]];
    assert!(refusal(&[1.0, 2.0, 3.0], &[1.0; 3], twice).contains("column 3 is a sum of multiples"));
    assert!(refusal(&[1.0, 2.0, 3.0], &[1.0; 3], vec![vec![0.0; 3]]).contains("column 1"));
    assert!(refusal(&[1.0], &[1.0], vec![vec![1.0], vec![2.0]]).contains("1 estimates cannot tell 2"));
    let mut set = Mean::default();
    assert!(set.load(&[1.0], &[1.0]).expect_err("a refusal").contains("one estimate"));
    assert!(set.load(&[1.0, 2.0], &[1.0, -1.0]).is_err());
}

const PLAIN: [f64; 3] = [0.609_090_909_090_909, 0.011_515_151_515_151_515, 13.745_454_545_454_55];
/// The variance between estimates, the mean, its variance.
const CORRELATED: [(Between, [f64; 3]); 6] = [
    (
        Between::DerSimonianLaird,
        [0.097_417_582_417_582_46, 0.481_530_023_756_896_96, 0.040_145_514_373_627_49],
    ),
    (Between::Hedges, [0.085_833_333_333_333_32, 0.486_613_621_812_164_06, 0.037_092_625_508_736_69]),
    (Between::PauleMandel, [0.093_792_950_249_137_34, 0.483_027_580_270_510_6, 0.039_193_216_241_456_275]),
    (
        Between::RestrictedMaximumLikelihood,
        [0.099_087_670_386_552_82, 0.480_865_849_845_625_9, 0.040_583_484_203_566_95],
    ),
    (
        Between::MaximumLikelihood,
        [0.070_503_840_737_510_97, 0.494_947_696_943_638_4, 0.033_001_889_383_403_99],
    ),
    (Between::SidikJonkman, [0.094_573_613_685_538_35, 0.482_698_337_753_331_6, 0.039_398_530_320_892_876]),
];

/// numpy, with the matrices as they are: `V = S + tau2 I` inverted, and the slope of the restricted likelihood solved by `scipy.optimize.brentq`.
#[test]
fn estimates_that_share_an_input() {
    let y = [0.2, 0.5, 0.9, 0.1];
    let s = [[0.04, 0.03, 0.0, 0.0], [0.03, 0.05, 0.0, 0.01], [0.0, 0.0, 0.02, 0.0], [0.0, 0.01, 0.0, 0.09]];
    let rows: Vec<Vec<f64>> = s.iter().map(|row| row.to_vec()).collect();
    let set = Observations::correlated(&y, &rows).expect("four estimates");
    let plain = set.fit(0.0);
    let found = [plain.coefficients[0], plain.covariance()[0][0], plain.quadratic];
    assert!(found.iter().zip(PLAIN).all(|(a, b)| close(*a, b, 1e-12)), "{found:?}");
    for (method, expected) in CORRELATED {
        let tau2 = between(&set, method).expect("three degrees").tau2;
        let fit = set.fit(tau2);
        let found = [tau2, fit.coefficients[0], fit.covariance()[0][0]];
        assert!(found.iter().zip(expected).all(|(a, b)| close(*a, b, 1e-9)), "{method:?} {found:?}");
    }
    let refusal = |rows: &[Vec<f64>]| Observations::correlated(&y, rows).expect_err("a refusal");
    let with = |i: usize, j: usize, value: f64| {
        let mut rows = rows.clone();
        rows[i][j] = value;
        rows[j][i] = value;
        refusal(&rows)
    };
    assert!(with(0, 1, 0.2).contains("cannot be together"));
    assert!(with(2, 2, 0.0).contains("a variance is 0"));
    assert!(with(2, 3, f64::NAN).contains("row 3, column 4 is NaN"));
    assert!(refusal(&rows[..3]).contains("4 estimates and 3 variances"));
}

/// Counts how often the forms are asked for.
struct Counted<P>(P, usize);

impl<P: Profile> Profile for Counted<P> {
    fn forms(&mut self, tau2: f64) -> Forms {
        self.1 += 1;
        self.0.forms(tau2)
    }
    fn log_likelihood(&mut self, kind: Likelihood, tau2: f64) -> f64 {
        self.0.log_likelihood(kind, tau2)
    }
    fn size(&self) -> usize {
        self.0.size()
    }
    fn degrees(&self) -> usize {
        self.0.degrees()
    }
    fn residual_squares(&self) -> f64 {
        self.0.residual_squares()
    }
    fn variances(&self) -> (f64, f64) {
        self.0.variances()
    }
}

/// Estimates whose variances spread over many decades, which is what makes several maxima.
fn sets() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    proptest::collection::vec((-3.0..3.0_f64, -6.0..3.0_f64), 2..12).prop_map(|rows| {
        let variances: Vec<f64> = rows.iter().map(|(_, decade)| libm::pow(10.0, *decade)).collect();
        let y = rows.iter().zip(&variances).map(|((z, _), v)| z * v.sqrt()).collect();
        (y, variances)
    })
}

fn agree(a: &Forms, b: &Forms) -> bool {
    [
        (a.trace, b.trace),
        (a.trace_of_square, b.trace_of_square),
        (a.weights, b.weights),
        (a.weights_of_square, b.weights_of_square),
        (a.quadratic, b.quadratic),
        (a.square, b.square),
        (a.cube, b.cube),
    ]
    .iter()
    .all(|(a, b)| (a - b).abs() <= 1e-9 * b.abs() + 1e-12)
}

proptest! {
    #[test]
    fn no_point_of_a_grid_is_likelier((y, v) in sets()) {
        for kind in BOTH {
            let mut set = Mean::default();
            set.load(&y, &v).expect("a set");
            let mut counted = Counted(set, 0);
            let tau2 = greatest(&mut counted, kind);
            // Most sets take about 20; a maximum that is just vanishing takes hundreds.
            prop_assert!(counted.1 < 2_000, "{} points", counted.1);
            let top = counted.log_likelihood(kind, tau2);
            let grid = (0..600).map(|i| libm::pow(10.0, -10.0 + f64::from(i) / 40.0)).chain([0.0]);
            for point in grid {
                let other = counted.log_likelihood(kind, point);
                prop_assert!(other <= top + 1e-10 * (1.0 + top.abs()), "{kind:?} {tau2} {top} {point} {other}");
            }
        }
    }

    #[test]
    fn a_mean_is_a_line_with_one_column((y, v) in sets(), tau2 in 0.0..10.0_f64) {
        let observations = Observations::about_a_mean(y.clone(), v.clone()).expect("a set");
        let mut set = Mean::default();
        set.load(&y, &v).expect("a set");
        let (a, b) = (set.forms(tau2), Line(&observations).forms(tau2));
        prop_assert!(agree(&a, &b), "{a:?} {b:?}");
        let line = Observations { about_a_mean: false, ..observations.clone() };
        for method in [Between::MaximumLikelihood, Between::RestrictedMaximumLikelihood, Between::PauleMandel] {
            let [a, b] = [&observations, &line].map(|set| between(set, method).expect("degrees are left").tau2);
            prop_assert!((a - b).abs() <= 1e-6 * b + 1e-9 * v[0].max(v[1]), "{method:?} {a} {b}");
        }
    }

    /// On the way up a form only falls: that is what the search rests on.
    #[test]
    fn forms_fall((y, v) in sets(), tau2 in 0.0..10.0_f64, more in 0.01..10.0_f64) {
        let mut set = Mean::default();
        set.load(&y, &v).expect("a set");
        let (a, b) = (set.forms(tau2), set.forms(tau2 + more));
        prop_assert!(a.trace >= b.trace && a.trace_of_square >= b.trace_of_square && a.square >= b.square);
        prop_assert!(a.cube >= b.cube && a.quadratic >= b.quadratic && a.weights >= b.weights);
    }

    #[test]
    fn units_origin_and_order_do_not_matter((y, v) in sets(), unit in 0.01..100.0_f64) {
        for kind in BOTH {
            let plain = fit(&y, &v, kind);
            let scaled: (Vec<f64>, Vec<f64>) =
                y.iter().zip(&v).rev().map(|(y, v)| (y * unit, v * unit * unit)).unzip();
            let other = fit(&scaled.0, &scaled.1, kind);
            // The place of a maximum is known to half the digits where it is flat.
            prop_assert!((other.tau2 / (unit * unit) - plain.tau2).abs() <= 1e-7 * (plain.tau2 + v[0]));
        }
    }

    #[test]
    fn without_covariances_correlated_estimates_are_independent((y, v) in sets()) {
        let diagonal: Vec<Vec<f64>> =
            (0..v.len()).map(|i| (0..v.len()).map(|j| if i == j { v[i] } else { 0.0 }).collect()).collect();
        let plain = Observations::about_a_mean(y.clone(), v.clone()).expect("a set");
        let Ok(turned) = Observations::correlated(&y, &diagonal) else { return Ok(()) };
        for method in [Between::RestrictedMaximumLikelihood, Between::SidikJonkman, Between::DerSimonianLaird] {
            let [a, b] = [&plain, &turned].map(|set| between(set, method).expect("degrees are left").tau2);
            prop_assert!((a - b).abs() <= 1e-6 * (a + b) + 1e-9 * v[0], "{method:?} {a} {b}");
        }
    }

    #[test]
    fn the_quadratic_form_is_met((y, v) in sets(), value in 0.1..20.0_f64) {
        let observations = Observations::about_a_mean(y, v).expect("a set");
        let tau2 = where_quadratic_of(&observations, value);
        let met = observations.fit(tau2).quadratic;
        if tau2 == 0.0 {
            prop_assert!(met <= value);
        } else {
            prop_assert!((met / value - 1.0).abs() < 1e-9, "{met} {value}");
        }
    }
}
