use super::covariance::Errors;
use super::*;
use crate::estimator::numeric::draw::Stream;
use proptest::prelude::*;

const EMPLOYED: [f64; 16] = [
    60323.0, 61122.0, 60171.0, 61187.0, 63221.0, 63639.0, 64989.0, 63761.0, 66019.0, 67857.0, 68169.0,
    66513.0, 68655.0, 69564.0, 69331.0, 70551.0,
];
const DEFLATOR: [f64; 16] =
    [83.0, 88.5, 88.2, 89.5, 96.2, 98.1, 99.0, 100.0, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9];
const PRODUCT: [f64; 16] = [
    234_289.0, 259_426.0, 258_054.0, 284_599.0, 328_975.0, 346_999.0, 365_385.0, 363_112.0, 397_469.0,
    419_180.0, 442_769.0, 444_546.0, 482_704.0, 502_601.0, 518_173.0, 554_894.0,
];
const UNEMPLOYED: [f64; 16] = [
    2356.0, 2325.0, 3682.0, 3351.0, 2099.0, 1932.0, 1870.0, 3578.0, 2904.0, 2822.0, 2936.0, 4681.0, 3813.0,
    3931.0, 4806.0, 4007.0,
];
const ARMED: [f64; 16] = [
    1590.0, 1456.0, 1616.0, 1650.0, 3099.0, 3594.0, 3547.0, 3350.0, 3048.0, 2857.0, 2798.0, 2637.0, 2552.0,
    2514.0, 2572.0, 2827.0,
];
const PEOPLE: [f64; 16] = [
    107_608.0, 108_632.0, 109_773.0, 110_929.0, 112_075.0, 113_270.0, 115_094.0, 116_219.0, 117_388.0,
    118_734.0, 120_445.0, 121_950.0, 123_366.0, 125_368.0, 127_852.0, 130_081.0,
];
const WEIGHTS: [f64; 16] = [1.0, 2.0, 1.0, 3.0, 1.0, 1.0, 2.0, 1.0, 4.0, 1.0, 1.0, 2.0, 1.0, 1.0, 3.0, 1.0];
const CLUSTERS: [usize; 16] = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4];
const GROUPS: [usize; 16] = [7, 7, 7, 7, 7, 3, 3, 3, 3, 5, 5, 5, 5, 5, 5, 3];
const ONES: [f64; 16] = [1.0; 16];

fn near(found: f64, expected: f64, relative: f64) {
    assert!((found / expected - 1.0).abs() < relative, "{found:e}, expected {expected:e}");
}

fn standard_errors(fit: &Fit, errors: Errors<'_>) -> Vec<f64> {
    let covariance = fit.covariance(errors).expect("a covariance");
    (0..fit.coefficients.len()).map(|j| covariance.matrix[(j, j)].sqrt()).collect()
}

/// The certified values of the National Institute of Standards and Technology, Statistical Reference Datasets, Longley.
#[test]
fn longley() {
    let years: Vec<f64> = (1947..1963).map(f64::from).collect();
    let columns = [
        ("constant", &ONES[..]),
        ("deflator", &DEFLATOR),
        ("product", &PRODUCT),
        ("unemployed", &UNEMPLOYED),
        ("armed", &ARMED),
        ("people", &PEOPLE),
        ("year", &years),
    ]
    .map(|(name, values)| Column { name, values });
    let fit = fit(&Problem { response: &EMPLOYED, columns: &columns, ..Problem::default() }).expect("a fit");
    let certified = [
        (-3_482_258.634_595_82, 890_420.383_607_373),
        (15.061_872_271_373_3, 84.914_925_774_766_9),
        (-0.035_819_179_292_591_0, 0.033_491_007_772_243_2),
        (-2.020_229_803_816_83, 0.488_399_681_651_699),
        (-1.033_226_867_173_59, 0.214_274_163_161_675),
        (-0.051_104_105_653_580_7, 0.226_073_200_069_370),
        (1_829.151_464_613_55, 455.478_499_142_212),
    ];
    let found = standard_errors(&fit, Errors::Alike);
    for (j, (coefficient, standard_error)) in certified.into_iter().enumerate() {
        near(fit.coefficients[j], coefficient, 1e-10);
        near(found[j], standard_error, 1e-10);
    }
    near(fit.variance.sqrt(), 304.854_073_561_965, 1e-12);
    near(fit.determination.expect("y varies"), 0.995_479_004_577_296, 1e-13);
    near(fit.degrees, 9.0, 1e-15);
}

struct Expected {
    coefficients: &'static [f64],
    variance: f64,
    standard_errors: Vec<(Errors<'static>, &'static [f64])>,
}

fn compare(problem: &Problem<'_>, expected: &Expected) {
    let fit = fit(problem).expect("a fit");
    for (found, expected) in fit.coefficients.iter().zip(expected.coefficients) {
        near(*found, *expected, 1e-10);
    }
    near(fit.variance, expected.variance, 1e-10);
    for (errors, expected) in &expected.standard_errors {
        let found = standard_errors(&fit, *errors);
        assert_eq!(found.len(), expected.len());
        found.iter().zip(*expected).for_each(|(found, expected)| near(*found, *expected, 1e-9));
    }
}

fn billions() -> Vec<f64> {
    PRODUCT.iter().map(|x| x / 1000.0).collect()
}

/// statsmodels 0.15.0, `OLS` and `WLS` with `cov_type` HC1, HC2, HC3, cluster and HAC (`use_correction`); CR3 by refitting
/// without each cluster.
#[test]
fn standard_errors_of_statsmodels() {
    let product = billions();
    let columns = [("constant", &ONES[..]), ("product", &product), ("unemployed", &UNEMPLOYED)]
        .map(|(name, values)| Column { name, values });
    let problem = Problem { response: &EMPLOYED, columns: &columns, ..Problem::default() };
    compare(
        &problem,
        &Expected {
            coefficients: &[52_382.167_050_146_46, 37.840_327_017_450_22, -0.543_574_332_077_085_4],
            variance: 275_312.689_928_323_3,
            standard_errors: vec![
                (Errors::Alike, &[573.549_864_659_058_9, 1.710_650_368_619_522_2, 0.181_954_512_974_035]),
                (
                    Errors::Unequal1,
                    &[471.518_662_726_506_9, 1.471_101_197_186_081_5, 0.165_338_581_841_636_22],
                ),
                (
                    Errors::Unequal2,
                    &[479.080_472_161_051_03, 1.471_230_797_585_973_7, 0.163_388_077_090_422_75],
                ),
                (
                    Errors::Unequal3,
                    &[540.582_517_650_211_3, 1.637_490_470_212_640_3, 0.179_412_123_496_021_3],
                ),
                (
                    Errors::Clustered(&CLUSTERS),
                    &[662.132_733_723_743_9, 2.160_531_817_186_623, 0.279_039_206_222_576_6],
                ),
                (
                    Errors::LeftOut(&CLUSTERS),
                    &[1_233.831_369_313_762_7, 3.276_802_243_284_679_5, 0.427_735_365_100_277_43],
                ),
                (
                    Errors::Related { lags: 2 },
                    &[580.128_948_133_058_3, 1.712_316_874_336_453_6, 0.214_260_000_135_290_37],
                ),
            ],
        },
    );
    compare(
        &Problem { weights: Some(&WEIGHTS), ..problem },
        &Expected {
            coefficients: &[52_414.171_146_947_91, 38.014_673_474_501_38, -0.574_216_986_836_447_2],
            variance: 292_357.328_634_269_4,
            standard_errors: vec![
                (Errors::Alike, &[468.476_042_074_244_4, 1.479_949_280_952_478, 0.145_503_045_166_498_42]),
                (
                    Errors::Unequal1,
                    &[327.281_310_969_290_87, 1.182_902_110_995_568, 0.124_399_087_325_109_56],
                ),
                (
                    Errors::Unequal2,
                    &[325.839_678_026_633_5, 1.169_563_707_137_044_6, 0.122_668_979_791_636_14],
                ),
                (Errors::Unequal3, &[361.698_369_106_362_4, 1.292_388_177_775_208, 0.135_202_913_824_904_76]),
                (
                    Errors::Clustered(&CLUSTERS),
                    &[456.795_707_754_967_2, 1.750_743_495_486_444_8, 0.221_361_770_101_074_75],
                ),
                (
                    Errors::LeftOut(&CLUSTERS),
                    &[861.338_868_759_966_1, 2.694_073_715_733_360_5, 0.313_763_219_870_512_64],
                ),
                (
                    Errors::Related { lags: 2 },
                    &[422.081_301_520_300_77, 1.394_340_555_774_616_7, 0.165_761_073_972_254_5],
                ),
            ],
        },
    );
    let fit = fit(&problem).expect("a fit");
    near(fit.determination.expect("y varies"), 0.980_654_625_801_110_3, 1e-13);
    near(fit.durbin_watson().expect("residuals"), 0.976_187_708_494_661_9, 1e-10);
    let leverages = [0.221_453_060_391_171_94, 0.175_875_202_564_840_82, 0.356_432_970_756_044_1];
    fit.leverages.iter().zip(leverages).for_each(|(found, expected)| near(*found, expected, 1e-10));
    let told =
        fit.tell(&[0.0, 1.0, 0.0], &fit.covariance(Errors::Alike).expect("a law"), 0.95).expect("told");
    near(told.low, 34.144_691_578_918_085, 1e-10);
    near(told.high, 41.535_962_455_982_36, 1e-10);
}

/// statsmodels 0.15.0, with a column of zeros and ones for each group.
#[test]
fn constants_of_groups_are_columns_of_zeros_and_ones() {
    let product = billions();
    let columns = [("product", &product[..]), ("unemployed", &UNEMPLOYED)]
        .map(|(name, values)| Column { name, values });
    let problem = Problem { response: &EMPLOYED, columns: &columns, groups: Some(&GROUPS), weights: None };
    // Nested in the groups, CR1 counts one constant: 3/2 15/(16 - 3) times the squares of CR0.
    let nested = |cr0: [f64; 2]| cr0.map(|se| se * (1.5_f64 * 15.0 / 13.0).sqrt());
    let check = |problem: &Problem<'_>, cr0: [f64; 2], constants: [f64; 3], expected: &Expected| {
        compare(problem, expected);
        let fit = fit(problem).expect("a fit");
        let found = standard_errors(&fit, Errors::Clustered(&GROUPS));
        found.iter().zip(nested(cr0)).for_each(|(found, expected)| near(*found, expected, 1e-9));
        fit.constants.iter().zip(constants).for_each(|(found, expected)| near(*found, expected, 1e-11));
    };
    check(
        &problem,
        [1.911_737_693_345_420_4, 0.169_838_093_722_958_8],
        [53_311.026_536_662_96, 53_218.194_515_500_22, 54_191.307_728_039_27],
        &Expected {
            coefficients: &[35.810_947_078_482_826, -0.682_354_202_583_905_3],
            variance: 152_174.497_758_892_57,
            standard_errors: vec![
                (Errors::Alike, &[2.216_433_709_818_969, 0.149_832_600_040_565_67]),
                (Errors::Unequal1, &[1.999_871_217_735_623_5, 0.147_549_264_892_404_89]),
                (Errors::Unequal2, &[2.357_277_080_230_977_3, 0.153_561_593_529_567_41]),
                (Errors::Unequal3, &[3.607_629_008_423_344, 0.193_918_058_222_611_82]),
                (Errors::Clustered(&CLUSTERS), &[1.512_857_286_798_493_7, 0.196_396_901_436_598_63]),
                (Errors::LeftOut(&GROUPS), &[4.317_107_335_552_543, 0.232_983_628_971_598_63]),
            ],
        },
    );
    check(
        &Problem { weights: Some(&WEIGHTS), ..problem },
        [1.717_400_010_767_997, 0.168_206_119_764_615_25],
        [53_333.185_664_593_824, 53_387.374_664_523_435, 54_124.424_028_897_29],
        &Expected {
            coefficients: &[35.999_228_744_420_89, -0.706_068_529_223_346_2],
            variance: 222_589.797_661_968_24,
            standard_errors: vec![
                (Errors::Alike, &[2.537_821_002_787_203_4, 0.157_351_249_290_101_05]),
                (Errors::Unequal1, &[1.971_754_807_736_529, 0.147_571_144_574_999_2]),
                (Errors::Unequal2, &[2.029_833_330_796_235_3, 0.149_799_390_022_647_8]),
                (Errors::Unequal3, &[2.536_116_327_733_934_5, 0.184_623_906_255_803_85]),
                (Errors::Clustered(&CLUSTERS), &[1.430_803_103_656_839_6, 0.211_769_010_859_449_9]),
                (Errors::LeftOut(&GROUPS), &[3.022_254_698_375_548, 0.225_646_980_408_503_1]),
            ],
        },
    );
}

/// Residuals 1, -1 and 1, -1 in two groups: two steps of 4 over four squares, and not the step from one group to the next.
#[test]
fn neighbours_are_of_one_group() {
    let x = [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0];
    let y = [1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0];
    let columns = [Column { name: "x", values: &x }];
    let problem = Problem { response: &y, columns: &columns, ..Problem::default() };
    let whole = fit(&problem).expect("a fit").durbin_watson().expect("residuals");
    let groups = [0, 0, 0, 0, 1, 1, 1, 1];
    let grouped = fit(&Problem { groups: Some(&groups), ..problem }).expect("a fit");
    near(whole, 7.0 * 4.0 / 8.0, 1e-12);
    near(grouped.durbin_watson().expect("residuals"), 6.0 * 4.0 / 8.0, 1e-12);
}

#[test]
fn a_coefficient_is_the_sum_of_influences() {
    let product = billions();
    let columns = [("product", &product[..]), ("unemployed", &UNEMPLOYED)]
        .map(|(name, values)| Column { name, values });
    let problem =
        Problem { response: &EMPLOYED, columns: &columns, groups: Some(&GROUPS), weights: Some(&WEIGHTS) };
    let fit = fit(&problem).expect("a fit");
    for j in 0..2 {
        let total: f64 = fit.influence(j).iter().zip(EMPLOYED).map(|(share, y)| share * y).sum();
        near(total, fit.coefficients[j], 1e-9);
    }
}

#[test]
fn what_cannot_be_fitted_is_refused_by_name() {
    let twice: Vec<f64> = DEFLATOR.iter().zip(UNEMPLOYED).map(|(a, b)| 2.0 * a - b + 7.0).collect();
    let column = |name, values| Column { name, values };
    let columns = [
        column("constant", &ONES[..]),
        column("deflator", &DEFLATOR),
        column("product", &PRODUCT),
        column("unemployed", &UNEMPLOYED),
        column("made up", &twice),
    ];
    let refused = |problem: Problem<'_>| fit(&problem).expect_err("a refusal");
    let problem = Problem { response: &EMPLOYED, columns: &columns, ..Problem::default() };
    assert_eq!(refused(problem), "made up is a combination of constant and deflator and unemployed");
    let grouped = Problem { columns: &columns[..2], groups: Some(&GROUPS), ..problem };
    assert_eq!(refused(grouped), "constant does not vary within any group");
    let zero = [column("nothing", &[0.0; 16][..])];
    assert_eq!(refused(Problem { columns: &zero, ..problem }), "nothing is 0 everywhere");
    let few = Problem { response: &EMPLOYED[..1], columns: &[column("constant", &ONES[..1])], ..problem };
    assert_eq!(refused(few), "1 rows cannot tell 1 coefficients; 2 rows are the fewest");
    let short = [column("short", &ONES[..3])];
    assert!(refused(Problem { columns: &short, ..problem }).contains("short has 3 rows"));
    let mut hole = EMPLOYED;
    hole[4] = f64::NAN;
    assert_eq!(refused(Problem { response: &hole, ..problem }), "the response is NaN in row 5");
    let weights = [0.0; 16];
    assert!(refused(Problem { weights: Some(&weights), ..problem }).contains("weight of row 1 is 0"));
    let alone: Vec<f64> = (0..16).map(|i| if i == 3 { 1.0 } else { 0.0 }).collect();
    let columns = [column("constant", &ONES[..]), column("alone", &alone)];
    let fit = fit(&Problem { response: &EMPLOYED, columns: &columns, ..Problem::default() }).expect("a fit");
    let refused = |errors| fit.covariance(errors).expect_err("a refusal");
    assert_eq!(refused(Errors::Unequal3), "row 4 fits itself alone, so that its error cannot be seen");
    let mut clusters = CLUSTERS;
    clusters[3] = 9;
    assert!(refused(Errors::LeftOut(&clusters)).contains("cannot be told apart"));
    assert!(refused(Errors::Clustered(&[1; 16])).contains("one cluster alone"));
    assert!(refused(Errors::Related { lags: 16 }).contains("need more than 16 rows"));
}

/// Of 2,000 samples with normal errors 95 % hold the slope: within 4 standard deviations of the count, 1,861 to 1,939.
#[test]
fn exact_intervals_hold_what_they_promise() {
    let stream = Stream::new(3, "coverage");
    let x: Vec<f64> = (0..8).map(|i| f64::from(i * i)).collect();
    let ones = [1.0; 8];
    let columns = [Column { name: "constant", values: &ones }, Column { name: "x", values: &x }];
    let held = (0..2000_u64)
        .filter(|sample| {
            let y: Vec<f64> = x
                .iter()
                .zip(0_u64..)
                .map(|(x, i)| 3.0 - 0.5 * x + 2.0 * stream.normal(8 * sample + i))
                .collect();
            let fit = fit(&Problem { response: &y, columns: &columns, ..Problem::default() }).expect("a fit");
            let law = fit.covariance(Errors::Alike).expect("a law");
            let told = fit.tell(&[0.0, 1.0], &law, 0.95).expect("told");
            told.low <= -0.5 && -0.5 <= told.high
        })
        .count();
    assert!((1861..1939).contains(&held), "{held}");
}

proptest! {
    #[test]
    fn units_and_order_change_nothing(
        rows in proptest::collection::vec((-5.0..5.0_f64, -5.0..5.0_f64, -5.0..5.0_f64), 6..20),
        scale in 1e-6..1e6_f64,
        shift in -10.0..10.0_f64,
    ) {
        let solve = |rows: &[(f64, f64, f64)], scale: f64, shift: f64| {
            let ones = vec![1.0; rows.len()];
            let (a, b): (Vec<f64>, Vec<f64>) = rows.iter().map(|row| (row.0 * scale + shift * scale, row.1)).unzip();
            let y: Vec<f64> = rows.iter().map(|row| row.2).collect();
            let columns = [("1", &ones), ("a", &a), ("b", &b)].map(|(name, values)| Column { name, values });
            let fit = fit(&Problem { response: &y, columns: &columns, ..Problem::default() })?;
            let se = standard_errors(&fit, Errors::Unequal2);
            Ok::<_, String>((fit.coefficients[1] * scale, fit.coefficients[2], se[1] * scale, se[2]))
        };
        let plain = solve(&rows, 1.0, 0.0);
        prop_assume!(plain.as_ref().is_ok_and(|(.., sa, sb)| *sa < 10.0 && *sb < 10.0));
        let plain = plain.expect("just looked at");
        let moved = solve(&rows, scale, shift).expect("the same columns in another unit");
        let reversed: Vec<_> = rows.iter().rev().copied().collect();
        let turned = solve(&reversed, 1.0, 0.0).expect("the same rows in another order");
        for (name, one, other) in [
            ("a", plain.0, moved.0), ("b", plain.1, moved.1), ("se a", plain.2, moved.2), ("se b", plain.3, moved.3),
            ("a", plain.0, turned.0), ("b", plain.1, turned.1), ("se a", plain.2, turned.2), ("se b", plain.3, turned.3),
        ] {
            prop_assert!((one - other).abs() < 1e-9 * (1.0 + one.abs()), "{name}: {one} and {other}");
        }
    }
}
