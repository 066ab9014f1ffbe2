//! Numbers of about 32 digits, each the sum of two floats.
//!
//! For small systems whose figures and errors differ by many orders of magnitude, where sixteen digits would leave the
//! difference of large numbers, or the sign of a small one, to rounding. Products are split after Dekker, because a fused
//! multiplication is not the same instruction on every machine.
//!
//! # References
//! T. J. Dekker (1971), A floating-point technique for extending the available precision, Numerische Mathematik 18, 224-242.
//! Y. Hida, X. S. Li, D. H. Bailey (2001), Algorithms for quad-double precision floating point arithmetic, Proceedings of the
//! 15th IEEE Symposium on Computer Arithmetic, 155-162.

use std::iter::Sum;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// The sum of two floats, the second too small to change the first. Finite numbers below 1e300 are meant.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct DoubleDouble {
    high: f64,
    low: f64,
}

impl DoubleDouble {
    /// Nothing.
    pub const ZERO: Self = Self { high: 0.0, low: 0.0 };
    /// The unit.
    pub const ONE: Self = Self { high: 1.0, low: 0.0 };

    /// The nearest float.
    pub fn value(self) -> f64 {
        self.high
    }

    /// Without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        if self.high < 0.0 { -self } else { self }
    }

    /// The root of a number that is not negative.
    #[must_use]
    pub fn sqrt(self) -> Self {
        if self.high <= 0.0 {
            return Self::ZERO;
        }
        // One step of Newton's method doubles the digits of the root of a float.
        let root = Self::from(libm::sqrt(self.high));
        root + (self - root * root) / (root + root)
    }
}

/// The sum of products, one from each side.
pub fn dot(left: &[DoubleDouble], right: &[DoubleDouble]) -> DoubleDouble {
    left.iter().zip(right).map(|(a, b)| *a * *b).sum()
}

/// A sum and what its rounding lost.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// The same where `a` is the larger.
fn ordered_sum(a: f64, b: f64) -> DoubleDouble {
    let high = a + b;
    DoubleDouble { high, low: b - (high - a) }
}

/// Two parts of a float of half its digits each.
fn halves(a: f64) -> (f64, f64) {
    let shifted = 134_217_729.0 * a;
    let high = shifted - (shifted - a);
    (high, a - high)
}

/// A product and what its rounding lost.
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    let ((a_high, a_low), (b_high, b_low)) = (halves(a), halves(b));
    (product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low)
}

impl From<f64> for DoubleDouble {
    fn from(high: f64) -> Self {
        Self { high, low: 0.0 }
    }
}

impl Neg for DoubleDouble {
    type Output = Self;
    fn neg(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }
}

impl Add for DoubleDouble {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (high, lost) = two_sum(self.high, other.high);
        let (low, lost_of_low) = two_sum(self.low, other.low);
        let sum = ordered_sum(high, lost + low);
        ordered_sum(sum.high, sum.low + lost_of_low)
    }
}

impl Sub for DoubleDouble {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for DoubleDouble {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let (high, lost) = two_product(self.high, other.high);
        ordered_sum(high, lost + (self.high * other.low + self.low * other.high))
    }
}

impl Div for DoubleDouble {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        // Long division: each float is the next digit of the quotient.
        let first = self.high / other.high;
        let rest = self - other * first.into();
        let second = rest.high / other.high;
        let rest = rest - other * second.into();
        ordered_sum(first, second) + (rest.high / other.high).into()
    }
}

impl Sum for DoubleDouble {
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        terms.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(value: f64) -> DoubleDouble {
        value.into()
    }

    #[test]
    fn what_a_float_forgets_is_kept() {
        let sum = of(1e20) + of(1.0) - of(1e20);
        assert_eq!(sum, DoubleDouble::ONE);
        let third = DoubleDouble::ONE / of(3.0);
        // 1/3 less the nearest float is 1.850371707708594e-17.
        assert!((third.low / 1.850_371_707_708_594e-17 - 1.0).abs() < 1e-15);
        let root = of(2.0).sqrt();
        assert!((root * root - of(2.0)).abs().value() < 1e-31);
        assert_eq!(of(0.0).sqrt(), DoubleDouble::ZERO);
        assert!(of(1.0) < of(1.0) + of(1e-30) && (of(-3.0)).abs() == of(3.0));
    }

    proptest! {
        #[test]
        fn a_quotient_gives_its_numerator_back(a in -1e12..1e12_f64, b in 1e-9..1e9_f64, c in -1e-6..1e-6_f64) {
            let (a, b) = (of(a) + of(c), of(b));
            let back = a / b * b - a;
            prop_assert!(back.abs().value() <= 1e-30 * a.abs().value());
            prop_assert!(((a + b) - b - a).abs().value() <= 1e-31 * (a.abs() + b).value());
        }
    }
}
