//! The standard normal law, accurate in both tails.
//!
//! # References
//! M. J. Wichura (1988), Algorithm AS 241: The Percentage Points of the Normal Distribution, Applied Statistics 37(3), 477-484.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// The density at `z`.
pub fn density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * PI)
}

/// The probability below `z`.
pub fn cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// The probability above `z`.
pub fn sf(z: f64) -> f64 {
    cdf(-z)
}

/// The value that is exceeded with probability `q`.
pub fn upper_quantile(q: f64) -> f64 {
    -quantile(q)
}

/// How many standard deviations each side of the mean hold the probability `level`: 1.96 for 0.95.
pub fn coverage_factor(level: f64) -> f64 {
    upper_quantile((1.0 - level) / 2.0)
}

/// The value below which lies probability `p`; infinite at 0 and 1.
pub fn quantile(p: f64) -> f64 {
    let from_middle = p - 0.5;
    if from_middle.abs() <= 0.425 {
        let r = 0.180_625 - from_middle * from_middle;
        return from_middle * ratio(&MIDDLE, r);
    }
    let r = libm::sqrt(-libm::log(if from_middle < 0.0 { p } else { 1.0 - p }));
    let size = if r.is_infinite() {
        f64::INFINITY
    } else if r <= 5.0 {
        ratio(&NEAR_TAIL, r - 1.6)
    } else {
        ratio(&FAR_TAIL, r - 5.0)
    };
    if from_middle < 0.0 { -size } else { size }
}

/// Numerator and denominator of a rational approximation, highest power first.
type Rational = [[f64; 8]; 2];

fn ratio([above, below]: &Rational, r: f64) -> f64 {
    let polynomial = |coefficients: &[f64; 8]| coefficients.iter().fold(0.0, |sum, c| sum * r + c);
    polynomial(above) / polynomial(below)
}

const MIDDLE: Rational = [
    [
        2_509.080_928_730_122_7,
        33_430.575_583_588_13,
        67_265.770_927_008_7,
        45_921.953_931_549_87,
        13_731.693_765_509_46,
        1_971.590_950_306_551_3,
        133.141_667_891_784_38,
        3.387_132_872_796_366_5,
    ],
    [
        5_226.495_278_852_545,
        28_729.085_735_721_943,
        39_307.895_800_092_71,
        21_213.794_301_586_597,
        5_394.196_021_424_751,
        687.187_007_492_057_9,
        42.313_330_701_600_91,
        1.0,
    ],
];

const NEAR_TAIL: Rational = [
    [
        7.745_450_142_783_414e-4,
        0.022_723_844_989_269_184,
        0.241_780_725_177_450_6,
        1.270_458_252_452_368_4,
        3.647_848_324_763_204_5,
        5.769_497_221_460_691,
        4.630_337_846_156_546,
        1.423_437_110_749_683_5,
    ],
    [
        1.050_750_071_644_416_9e-9,
        5.475_938_084_995_345e-4,
        0.015_198_666_563_616_457,
        0.148_103_976_427_480_08,
        0.689_767_334_985_1,
        1.676_384_830_183_803_8,
        2.053_191_626_637_759,
        1.0,
    ],
];

const FAR_TAIL: Rational = [
    [
        2.010_334_399_292_288_1e-7,
        2.711_555_568_743_487_6e-5,
        0.001_242_660_947_388_078_4,
        0.026_532_189_526_576_124,
        0.296_560_571_828_504_87,
        1.784_826_539_917_291_3,
        5.463_784_911_164_114,
        6.657_904_643_501_103,
    ],
    [
        2.044_263_103_389_939_8e-15,
        1.421_511_758_316_446e-7,
        1.846_318_317_510_054_8e-5,
        7.868_691_311_456_133e-4,
        0.014_875_361_290_850_615,
        0.136_929_880_922_735_8,
        0.599_832_206_555_888,
        1.0,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantile_inverts_cdf_into_the_far_tails() {
        for exponent in [1, 2, 5, 10, 50, 100, 200, 300] {
            let p = libm::pow(10.0, -f64::from(exponent));
            let back = cdf(quantile(p));
            // A tail's relative error is |z| times the error of z, and z reaches 37.
            assert!((back / p - 1.0).abs() < 1e-12, "{p}: {back}");
        }
        for p in [0.1, 0.2, 0.4, 0.5, 0.7, 0.92, 0.95, 0.999] {
            assert!((cdf(quantile(p)) - p).abs() < 1e-15, "{p}");
        }
    }

    #[test]
    fn known_points() {
        assert!((coverage_factor(0.95) - 1.959_963_984_540_054).abs() < 1e-14);
        assert!((cdf(-20.0) / 2.753_624_118_606_234e-89 - 1.0).abs() < 1e-12);
        assert!(quantile(0.0) == f64::NEG_INFINITY && quantile(1.0) == f64::INFINITY);
        assert!(quantile(0.5) == 0.0);
    }
}
