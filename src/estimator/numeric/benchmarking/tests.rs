//! "numpy" marks figures of the full system of equations, solved by `numpy.linalg` in a program of its own.

use super::regression::{Rest, regress};
use super::*;
use proptest::prelude::*;

const QUARTERS: Calendar = Calendar { within: 4, conversion: Conversion::Sum };
const FREE: Aim = Aim { form: Form::Proportional, start: Start::Free, order: 1 };

fn all(benchmarks: &[f64]) -> Vec<Option<f64>> {
    benchmarks.iter().copied().map(Some).collect()
}

fn assert_near(actual: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(actual.len(), expected.len());
    for (t, (a, e)) in actual.iter().zip(expected).enumerate() {
        assert!((a - e).abs() <= tolerance, "value {}: {a} {e}", t + 1);
    }
}

/// Five years of 50, 100, 150, 100; figures of the tests of tempdisagg and, in whole numbers, of Denton (1971).
#[test]
fn five_years_of_one_season() {
    let indicator = [50.0, 100.0, 150.0, 100.0].repeat(5);
    let years = all(&[500.0, 400.0, 300.0, 400.0, 500.0]);
    let run = |form, start, order| {
        benchmarked(&indicator, &years, QUARTERS, Aim { form, start, order }).expect("five benchmarks")
    };
    let cholette = [
        64.334_796, 127.806_16, 187.823_79, 120.035_26, 56.563_894, 105.975_68, 147.501_44, 89.958_987,
        40.547_201, 74.445_963, 108.344_73, 76.662_11, 42.763_347, 94.146_64, 153.415_96, 109.674_05,
        58.290_761, 122.625_56, 190.414_09, 128.669_59,
    ];
    assert_near(&run(Form::Proportional, Start::Free, 1), &cholette, 5.1e-6);
    let denton = [
        56.763_91, 124.184_69, 193.649_53, 125.401_86, 57.981_08, 106.653_58, 146.410_93, 88.954_41,
        40.281_91, 74.319_03, 108.548_84, 76.850_22, 42.813_09, 94.170_59, 153.377_82, 109.638_49, 58.280_99,
        122.620_05, 190.420_85, 128.678_11,
    ];
    assert_near(&run(Form::Proportional, Start::Original, 1), &denton, 5.1e-6);
    let additive = [
        67.0, 127.0, 180.0, 126.0, 65.0, 105.0, 145.0, 85.0, 27.0, 73.0, 123.0, 78.0, 37.0, 96.0, 154.0,
        112.0, 69.0, 124.0, 178.0, 129.0,
    ];
    assert_near(&run(Form::Additive, Start::Original, 1), &additive, 0.51);
    let levels = [
        75.0, 125.0, 175.0, 125.0, 50.0, 100.0, 150.0, 100.0, 25.0, 75.0, 125.0, 75.0, 50.0, 100.0, 150.0,
        100.0, 75.0, 125.0, 175.0, 125.0,
    ];
    assert_near(&run(Form::Additive, Start::Original, 0), &levels, 1e-11);
}

/// Manual of quarterly national accounts, example 6.2, as printed.
#[test]
fn quarterly_national_accounts() {
    let indicator = [98.2, 100.8, 102.2, 100.8, 99.0, 101.6, 102.7, 101.5, 100.5, 103.0, 103.5, 101.5];
    let found = benchmarked(&indicator, &all(&[4000.0, 4161.4]), QUARTERS, FREE).expect("two benchmarks");
    let printed =
        [969.8, 998.4, 1018.3, 1013.4, 1007.2, 1042.9, 1060.3, 1051.0, 1040.6, 1066.5, 1071.7, 1051.0];
    // The manual's sixth figure is rounded up from 1042.8485.
    assert_near(&found, &printed, 0.052);
}

/// numpy.
#[test]
fn years_without_a_benchmark_follow_their_neighbours() {
    let indicator = [3.0, 5.0, 4.0, 6.0, 2.0, 4.0, 8.0, 7.0, 5.0, 6.0, 9.0, 3.0, 4.0, 4.5, 6.0, 7.0];
    let years = [None, Some(30.0), None, Some(50.0)];
    let run = |form, start, order| {
        benchmarked(&indicator, &years, QUARTERS, Aim { form, start, order }).expect("two benchmarks")
    };
    let proportional = [
        4.078_933_673_839_033,
        6.798_222_789_731_721,
        5.438_578_231_785_377,
        8.157_867_347_678_067,
        2.719_289_115_892_689,
        5.489_815_905_524_378,
        11.287_057_853_482_76,
        10.503_837_125_100_173,
        8.175_235_271_467_363,
        10.617_275_687_150_094,
        17.136_403_572_809_03,
        6.115_631_204_964_306,
        8.692_170_514_211_91,
        10.271_333_124_685_327,
        14.183_060_307_242_156,
        16.853_436_053_860_605,
    ];
    assert_near(&run(Form::Proportional, Start::Free, 1), &proportional, 1e-11);
    let second = run(Form::Additive, Start::Free, 2);
    assert_near(&second[..3], &[1.898_437_499_999_9, 4.507_812_499_999_9, 4.117_187_499_999_9], 1e-10);
    let original = run(Form::Proportional, Start::Original, 2);
    assert_near(
        &original[13..],
        &[10.048_544_884_457_687, 14.142_528_743_095_466, 17.370_076_493_636_59],
        1e-10,
    );
}

#[test]
fn refusals_say_why() {
    let refusal = |indicator: &[f64], years: &[Option<f64>], aim| {
        benchmarked(indicator, years, QUARTERS, aim).expect_err("a refusal")
    };
    let additive = Aim { form: Form::Additive, ..FREE };
    let (four, year) = ([1.0, 2.0, 3.0, 4.0], [Some(10.0)]);
    assert!(
        refusal(&[1.0, 0.0, 3.0, 4.0], &year, FREE)
            .contains("value 2 of the indicator is 0, which is as good as 0")
    );
    assert!(refusal(&[1.0, 1e-12, 3.0, 4.0], &year, FREE).contains("as good as 0"));
    assert!(refusal(&[1.0, -2.0, 3.0, 4.0], &year, FREE).contains("negative"));
    assert!(refusal(&[0.0; 4], &year, FREE).contains("as good as 0"));
    assert!(benchmarked(&[1.0, -2.0, 0.0, 4.0], &year, QUARTERS, additive).is_ok());
    assert!(refusal(&[1.0, f64::NAN, 3.0, 4.0], &year, additive).contains("NaN"));
    assert!(refusal(&four, &[Some(f64::INFINITY)], FREE).contains("benchmark 1 is inf"));
    assert!(refusal(&four, &[None], FREE).contains("0 benchmarks"));
    assert!(
        refusal(&four, &year, Aim { order: 2, ..FREE }).contains("1 benchmarks are given, and at least 2")
    );
    assert!(refusal(&four, &year, Aim { order: 0, ..FREE }).contains("order 1 to 2"));
    assert!(refusal(&four, &year, Aim { order: 3, start: Start::Original, ..FREE }).contains("order 0 to 2"));
    assert!(refusal(&four[..3], &year, FREE).contains("1 benchmarks need 4"));
    assert!(refusal(&[], &[], FREE).contains("0 values"));
    let none = Calendar { within: 0, ..QUARTERS };
    assert!(benchmarked(&four, &year, none, FREE).expect_err("a refusal").contains("0 short ones"));
    assert!(pro_rata(&four, &year, none).is_err());
}

#[test]
fn pro_rata_has_nothing_to_say_where_nothing_is_shared_out() {
    let shared = pro_rata(
        &[1.0, 3.0, 0.0, 0.0, 1.0, 1.0],
        &[Some(8.0), Some(5.0), None],
        Calendar { within: 2, ..QUARTERS },
    )
    .expect("three long periods");
    assert_eq!(shared, [Some(2.0), Some(6.0), None, None, None, None]);
}

/// Ten years of days, and fifty of months with second differences: the longest that is let in.
#[test]
fn long_series_agree_with_their_benchmarks() {
    for (within, years, order) in [(300, 10, 1), (12, 250, 2)] {
        let indicator: Vec<f64> =
            (0..within * years).map(|t| 2.0 + libm::sin(t as f64 / 7.0) + t as f64 / 900.0).collect();
        let calendar = Calendar { within, conversion: Conversion::Sum };
        let figures: Vec<f64> =
            (0..years).map(|j| calendar.figure(&indicator, j) * (1.0 + 0.1 * libm::cos(j as f64))).collect();
        for form in [Form::Additive, Form::Proportional] {
            let aim = Aim { form, start: Start::Free, order };
            let found = benchmarked(&indicator, &all(&figures), calendar, aim).expect("benchmarks");
            for (j, figure) in figures.iter().enumerate() {
                assert!((calendar.figure(&found, j) / figure - 1.0).abs() < 1e-11, "{within} {form:?}");
            }
        }
    }
}

const INDICATOR: [f64; 50] = [
    44.79, 45.78, 36.69, 30.64, 28.7, 33.13, 25.26, 22.94, 30.81, 39.99, 37.29, 32.13, 39.71, 49.23, 42.27,
    39.1, 43.97, 53.29, 45.78, 39.88, 45.96, 51.74, 41.82, 37.9, 42.54, 46.82, 41.36, 37.01, 36.57, 46.22,
    38.64, 26.91, 31.67, 41.04, 34.49, 34.14, 43.81, 46.22, 33.83, 25.12, 33.68, 36.23, 26.7, 17.69, 22.69,
    27.61, 25.23, 23.19, 25.4, 29.93,
];
const YEARS: [f64; 12] =
    [237.69, 179.13, 243.96, 274.32, 286.31, 281.63, 279.14, 246.13, 243.74, 249.96, 183.89, 156.96];

fn line() -> Vec<Vec<f64>> {
    vec![vec![1.0; 50], INDICATOR.to_vec()]
}

fn picked(series: &[f64]) -> [f64; 6] {
    [0, 1, 25, 47, 48, 49].map(|t| series[t])
}

/// numpy, with rho by `scipy.optimize.minimize_scalar` about the best point of a grid.
#[test]
fn regressions_with_the_likeliest_rho() {
    let chow_lin = regress(&line(), &YEARS, QUARTERS, Rest::ChowLin(None)).expect("twelve years");
    assert!((chow_lin.rho - 0.711_555_2).abs() < 1e-6, "{}", chow_lin.rho);
    assert_near(&chow_lin.coefficients, &[3.530_718_2, 1.523_921_18], 2e-6);
    assert_near(&chow_lin.standard_errors, &[4.746_223_2, 0.127_058_705], 2e-6);
    assert!((chow_lin.log_likelihood + 43.203_778_623_936_69).abs() < 1e-11);
    let expected = [67.744_671_8, 68.722_279_3, 77.392_245_7, 37.232_818_2, 41.073_050_6, 48.312_528_3];
    assert_near(&picked(&chow_lin.series), &expected, 2e-6);
    let litterman = regress(&line(), &YEARS, QUARTERS, Rest::Litterman(None)).expect("twelve years");
    assert!((litterman.rho - 0.298_029_4).abs() < 1e-6, "{}", litterman.rho);
    let expected = [67.004_810_2, 68.721_943_9, 77.411_437_1, 36.971_791_4, 40.335_037_8, 47.227_558_6];
    assert_near(&picked(&litterman.series), &expected, 2e-6);
}

/// numpy.
#[test]
fn regressions_with_a_known_rho() {
    let fernandez = regress(&line(), &YEARS, QUARTERS, Rest::Fernandez).expect("twelve years");
    assert_near(&fernandez.coefficients, &[-0.527_961_072_938_357, 1.506_318_989_408_195_2], 1e-9);
    assert!((fernandez.log_likelihood + 44.864_529_241_990_13).abs() < 1e-10);
    let expected = [
        66.940_066_462_654_71,
        68.626_729_848_588_75,
        77.314_952_446_267_91,
        36.960_902_589_886_73,
        40.289_867_556_478_846,
        47.113_492_578_497_976,
    ];
    assert_near(&picked(&fernandez.series), &expected, 1e-9);
    let zero = regress(&line(), &YEARS, QUARTERS, Rest::Litterman(Some(0.0))).expect("twelve years");
    assert_eq!(zero.series, fernandez.series);
    let ends = [46.19, 41.16, 55.85, 66.14, 63.79, 61.71, 64.79, 48.96, 60.94, 45.23, 29.69, 38.8];
    let last = Calendar { within: 4, conversion: Conversion::Last };
    let stocks = regress(&line(), &ends, last, Rest::ChowLin(Some(0.7))).expect("twelve years");
    assert_near(&stocks.standard_errors, &[4.091_030_862_296_312_5, 0.130_173_502_811_402_25], 1e-10);
    let expected = [
        72.231_826_139_017_16,
        72.954_446_783_097_23,
        77.877_433_699_565_17,
        38.8,
        42.686_788_818_826_116,
        50.108_392_543_121_14,
    ];
    assert_near(&picked(&stocks.series), &expected, 1e-9);
}

#[test]
fn regressions_that_cannot_be() {
    let refusal = |columns: &[Vec<f64>], years: &[f64], rest| {
        regress(columns, years, QUARTERS, rest).expect_err("a refusal")
    };
    let constant = vec![vec![1.0; 50], vec![3.0; 50]];
    assert!(refusal(&constant, &YEARS, Rest::Fernandez).contains("column 2 is a sum of multiples"));
    assert!(refusal(&line(), &YEARS[..2], Rest::Fernandez).contains("2 benchmarks are given"));
    assert!(refusal(&line(), &YEARS, Rest::ChowLin(Some(1.0))).contains("rho is 1"));
    assert!(refusal(&[], &YEARS, Rest::Fernandez).contains("0 values"));
    let ragged = vec![vec![1.0; 50], INDICATOR[..49].to_vec()];
    assert!(refusal(&ragged, &YEARS, Rest::Fernandez).contains("different lengths"));
    // An indicator that explains all leaves nothing to judge rho by.
    let exact: Vec<f64> = (0..12).map(|j| QUARTERS.figure(&INDICATOR, j)).collect();
    let found = regress(&line(), &exact, QUARTERS, Rest::ChowLin(None)).expect("twelve years");
    assert_near(&found.series, &INDICATOR, 1e-9);
    assert!(found.log_likelihood.is_finite());
}

fn series() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    (2_usize..6, 0_usize..4).prop_flat_map(|(years, more)| {
        (
            proptest::collection::vec(1.0..10.0_f64, years * 4 + more),
            proptest::collection::vec(5.0..50.0_f64, years),
        )
    })
}

fn aims() -> Vec<Aim> {
    let mut aims = Vec::new();
    for form in [Form::Additive, Form::Proportional] {
        for (start, order) in [
            (Start::Free, 1),
            (Start::Free, 2),
            (Start::Original, 0),
            (Start::Original, 1),
            (Start::Original, 2),
        ] {
            aims.push(Aim { form, start, order });
        }
    }
    aims
}

/// What is made least.
fn cost(series: &[f64], indicator: &[f64], aim: Aim) -> f64 {
    let moved = series.iter().zip(indicator).map(|(x, p)| match aim.form {
        Form::Additive => x - p,
        Form::Proportional => (x - p) / p,
    });
    let mut d: Vec<f64> = moved.collect();
    if aim.start == Start::Original {
        d.splice(0..0, std::iter::repeat_n(0.0, aim.order));
    }
    for _ in 0..aim.order {
        d = d.windows(2).map(|pair| pair[1] - pair[0]).collect();
    }
    sum(d.iter().map(|d| d * d))
}

proptest! {
    #[test]
    fn the_result_agrees_and_nothing_near_it_costs_less(
        (indicator, years) in series(), conversion in 0_usize..4, shift in -0.1..0.1_f64, place in 0_usize..4,
    ) {
        let conversion = [Conversion::Sum, Conversion::Average, Conversion::First, Conversion::Last][conversion];
        let calendar = Calendar { within: 4, conversion };
        for aim in aims() {
            let found = benchmarked(&indicator, &all(&years), calendar, aim).expect("benchmarks");
            for (j, year) in years.iter().enumerate() {
                prop_assert!((calendar.figure(&found, j) - year).abs() < 1e-9, "{aim:?}");
            }
            // A move within the first long period that its figure does not see.
            let mut other = found.clone();
            match conversion {
                Conversion::Sum | Conversion::Average => {
                    other[place] += shift;
                    other[(place + 1) % 4] -= shift;
                }
                Conversion::First => other[1 + place % 3] += shift,
                Conversion::Last => other[place % 3] += shift,
            }
            let (least, more) = (cost(&found, &indicator, aim), cost(&other, &indicator, aim));
            prop_assert!(least <= more * (1.0 + 1e-9) + 1e-12, "{aim:?} {least} {more}");
        }
    }

    #[test]
    fn benchmarks_that_agree_already_move_nothing((indicator, years) in series(), factor in 0.1..10.0_f64) {
        let own: Vec<f64> = (0..years.len()).map(|j| QUARTERS.figure(&indicator, j)).collect();
        for aim in aims() {
            let same = benchmarked(&indicator, &all(&own), QUARTERS, aim).expect("benchmarks");
            prop_assert!(same.iter().zip(&indicator).all(|(a, b)| (a - b).abs() < 1e-10));
        }
        // With a free start a proportional result does not know the indicator's unit.
        let scaled: Vec<f64> = indicator.iter().map(|p| p * factor).collect();
        let [a, b] = [&indicator, &scaled].map(|p| benchmarked(p, &all(&years), QUARTERS, FREE).expect("benchmarks"));
        prop_assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-9 * (1.0 + a.abs())));
    }
}
