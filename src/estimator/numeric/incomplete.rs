//! The incomplete gamma and beta functions and their inverses, accurate in both tails.
//!
//! Both tails are carried as logarithms: a tail of 1e-400 still has a slope, and the inverse is found by Newton's method
//! on the logarithm of the smaller tail. In the logarithm of `x` (gamma) or of `x/(1-x)` (beta) that function is concave,
//! so the method converges from any start without brackets.
//!
//! # References
//! C. Loader (2000), Fast and Accurate Computation of Binomial Probabilities.
//! W. H. Press, S. A. Teukolsky, W. T. Vetterling, B. P. Flannery (2007), Numerical Recipes, third edition, 6.2 and 6.4
//! (series and continued fractions).

use std::f64::consts::PI;

/// The probabilities below and above a point, both accurate however small, with their logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tails {
    /// Logarithm of the probability below.
    pub ln_lower: f64,
    /// Logarithm of the probability above.
    pub ln_upper: f64,
}

impl Tails {
    const NOTHING_BELOW: Self = Self { ln_lower: f64::NEG_INFINITY, ln_upper: 0.0 };
    const NOTHING_ABOVE: Self = Self { ln_lower: 0.0, ln_upper: f64::NEG_INFINITY };

    /// The probability below.
    pub fn lower(self) -> f64 {
        libm::exp(self.ln_lower)
    }

    /// The probability above.
    pub fn upper(self) -> f64 {
        libm::exp(self.ln_upper)
    }

    fn from_lower(ln_lower: f64) -> Self {
        // Not `min`, which would turn NaN into 0.
        let ln_lower = if ln_lower > 0.0 { 0.0 } else { ln_lower };
        Self { ln_lower, ln_upper: ln_complement(ln_lower) }
    }

    fn flip(self) -> Self {
        Self { ln_lower: self.ln_upper, ln_upper: self.ln_lower }
    }
}

/// The tails of the gamma law of this shape and scale 1 at `x`: the regularised incomplete gamma functions P and Q.
pub fn gamma_tails(shape: f64, x: f64) -> Tails {
    if x <= 0.0 {
        return Tails::NOTHING_BELOW;
    }
    if x.is_infinite() {
        return Tails::NOTHING_ABOVE;
    }
    let ln_kernel = ln_gamma_kernel(shape, x);
    if shape < 1.0 && x < 1.5 {
        // Near zero a small shape leaves little above `x`; 1 - P would lose it.
        let ln_lower = ln_kernel - libm::log(shape) + libm::log(gamma_series(shape, x));
        let ln_growth = shape * libm::log(x) - ln_gamma_1p(shape);
        let upper = -libm::expm1(ln_growth) - libm::exp(ln_growth) * shape * alternating_series(shape, x);
        return Tails { ln_lower: ln_lower.min(0.0), ln_upper: libm::log(upper) };
    }
    if x < shape + 1.0 {
        return Tails::from_lower(ln_kernel - libm::log(shape) + libm::log(gamma_series(shape, x)));
    }
    Tails::from_lower(ln_kernel + libm::log(gamma_fraction(shape, x))).flip()
}

/// The tails of the beta law at `x`, where `y` is `1 - x`, given beside it so that neither is lost near the other end.
pub fn beta_tails(a: f64, b: f64, x: f64, y: f64) -> Tails {
    if x <= 0.0 {
        return Tails::NOTHING_BELOW;
    }
    if y <= 0.0 {
        return Tails::NOTHING_ABOVE;
    }
    let ln_kernel = ln_beta_kernel(a, b, x, y);
    let ln_below = || ln_kernel - libm::log(a) + libm::log(beta_fraction(a, b, x));
    let ln_above = || ln_kernel - libm::log(b) + libm::log(beta_fraction(b, a, y));
    // The continued fraction converges fast on the near side of the mean; where it says that nearly everything lies there
    // the rest is computed from its own side too.
    let most = -0.1;
    if x <= (a + 1.0) / (a + b + 2.0) {
        let tails = Tails::from_lower(ln_below());
        if tails.ln_lower > most { Tails { ln_upper: ln_above().min(0.0), ..tails } } else { tails }
    } else {
        let tails = Tails::from_lower(ln_above()).flip();
        if tails.ln_upper > most { Tails { ln_lower: ln_below().min(0.0), ..tails } } else { tails }
    }
}

/// The logarithm of the point below which a gamma law of scale 1 has probability `p`, and above which it has `q`.
///
/// Minus infinity where the point is too small for a number.
pub fn gamma_quantile_ln(shape: f64, p: f64, q: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if q <= 0.0 {
        return f64::INFINITY;
    }
    // Near zero P(x) = x^a / Gamma(a + 1).
    let near_zero = (libm::log(p) + ln_gamma_1p(shape)) / shape;
    if near_zero < LN_SMALLEST {
        return f64::NEG_INFINITY;
    }
    let start = if shape < 1.0 { near_zero.min(libm::log(shape + 1.0)) } else { libm::log(shape) };
    // Far above the mean the tail falls like exp(-x): a tangent overshoots, and each step back would cover 1.
    newton(p, q, start, 1.0, |ln_x| {
        let x = libm::exp(ln_x);
        (gamma_tails(shape, x), ln_gamma_kernel(shape, x))
    })
}

/// The logit `ln(x / (1 - x))` of the point below which a beta law has probability `p`, and above which it has `q`.
///
/// Infinite where the point cannot be told from 0 or 1.
pub fn beta_quantile_logit(a: f64, b: f64, p: f64, q: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if q <= 0.0 {
        return f64::INFINITY;
    }
    // Near zero the probability below is x^a / (a B(a, b)), near one likewise.
    let ln_beta = ln_beta(a, b);
    let near_zero = (libm::log(p) + libm::log(a) + ln_beta) / a;
    let near_one = (libm::log(q) + libm::log(b) + ln_beta) / b;
    if near_zero < LN_SMALLEST {
        return f64::NEG_INFINITY;
    }
    if near_one < LN_SMALLEST {
        return f64::INFINITY;
    }
    let middle = libm::log(a / b);
    let start = if a < 1.0 && p <= q {
        near_zero.min(middle)
    } else if b < 1.0 && q < p {
        (-near_one).max(middle)
    } else {
        middle
    };
    newton(p, q, start, f64::INFINITY, |logit| {
        let (x, y) = expit(logit);
        (beta_tails(a, b, x, y), ln_beta_kernel(a, b, x, y))
    })
}

/// `x = 1/(1 + exp(-logit))` and `1 - x`, both accurate.
pub fn expit(logit: f64) -> (f64, f64) {
    let small = libm::exp(-logit.abs());
    let (less, more) = (small / (1.0 + small), 1.0 / (1.0 + small));
    if logit < 0.0 { (less, more) } else { (more, less) }
}

/// `ln(x^shape exp(-x) / Gamma(shape))`: the density of the gamma law in the logarithm of `x`.
pub fn ln_gamma_kernel(shape: f64, x: f64) -> f64 {
    0.5 * libm::log(shape / (2.0 * PI)) - stirling_error(shape) - deviance(shape, x)
}

/// `ln(x^a y^b / B(a, b))`: the density of the beta law in the logit of `x`.
pub fn ln_beta_kernel(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, n * x) - deviance(b, n * y)
        + 0.5 * (libm::log(a / n) + libm::log(b) - libm::log(2.0 * PI))
}

/// The logarithm of the beta function, without the cancellation of three large log-gammas.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let n = a + b;
    a * libm::log(a / n) + b * libm::log(b / n) - ln_beta_kernel(a, b, a / n, b / n)
}

/// The smallest logarithm that is a positive number at full precision.
const LN_SMALLEST: f64 = -708.0;

/// Solves `tail(u) = p` (or `q`, whichever is smaller) by Newton's method on the logarithm; a step up is at most `most_up`.
fn newton(p: f64, q: f64, start: f64, most_up: f64, at: impl Fn(f64) -> (Tails, f64)) -> f64 {
    let mut u = start;
    for _ in 0..200 {
        let (tails, ln_density) = at(u);
        let step = if p <= q {
            (libm::log(p) - tails.ln_lower) * libm::exp(tails.ln_lower - ln_density)
        } else {
            (tails.ln_upper - libm::log(q)) * libm::exp(tails.ln_upper - ln_density)
        }
        .min(most_up);
        // One step may not leave the range of numbers; the next ones return.
        u = (u + step).clamp(LN_SMALLEST, -LN_SMALLEST);
        if u.is_nan() || step.abs() <= 1e-9 * (1.0 + u.abs() * 1e-3) {
            break;
        }
    }
    u
}

/// `ln(1 - exp(l))` for `l <= 0`.
fn ln_complement(l: f64) -> f64 {
    if l > -std::f64::consts::LN_2 { libm::log(-libm::expm1(l)) } else { libm::log1p(-libm::exp(l)) }
}

/// `ln Gamma(1 + a)`, relatively accurate near 0.
fn ln_gamma_1p(a: f64) -> f64 {
    let sum = 1.0 + a;
    // Rounding 1 + a moves a small `a`; the ratio undoes it, as in the classical evaluation of ln(1 + a).
    if a < 0.1 && sum > 1.0 {
        libm::lgamma(sum) * (a / (sum - 1.0))
    } else if sum > 1.0 {
        libm::lgamma(sum)
    } else {
        -EULER * a
    }
}

const EULER: f64 = 0.577_215_664_901_532_9;

/// `ln Gamma(n + 1)` minus Stirling's formula for it.
fn stirling_error(n: f64) -> f64 {
    if n <= 15.0 {
        return ln_gamma_1p(n) - (n + 0.5) * libm::log(n) + n - 0.5 * libm::log(2.0 * PI);
    }
    let s = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / s) / s) / s) / s) / n
}

/// `x ln(x/m) + m - x`, without cancellation where the two are close.
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * libm::log(x / m) + m - x;
    }
    let v = (x - m) / (x + m);
    let mut sum = (x - m) * v;
    let mut power = 2.0 * x * v;
    for j in 1..1000 {
        power *= v * v;
        let next = sum + power / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

const MOST_TERMS: usize = 1_000_000;

/// `1 + x/(a+1) + x^2/((a+1)(a+2)) + ...`
fn gamma_series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0, 1.0, a);
    for _ in 0..MOST_TERMS {
        n += 1.0;
        term *= x / n;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

/// The sum over n from 1 of `(-x)^n / ((a + n) n!)`, for small `x`.
fn alternating_series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 0.0);
    for n in 1..60 {
        let n = f64::from(n);
        term *= -x / n;
        sum += term / (a + n);
        if term.abs() < 1e-18 {
            break;
        }
    }
    sum
}

/// Legendre's continued fraction of `Q(a, x)` over its kernel.
fn gamma_fraction(a: f64, x: f64) -> f64 {
    let mut fraction = Lentz::new(x + 1.0 - a);
    for i in 1..MOST_TERMS {
        let i = i as f64;
        if fraction.converged_after(-i * (i - a), x + 1.0 - a + 2.0 * i) {
            break;
        }
    }
    fraction.value
}

/// The continued fraction of the incomplete beta function over its kernel and `a`.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut fraction = Lentz::new(1.0);
    for m in 0..MOST_TERMS {
        let m = m as f64;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        fraction.converged_after(odd, 1.0);
        let k = m + 1.0;
        let even = k * (b - k) * x / ((a + 2.0 * k - 1.0) * (a + 2.0 * k));
        if fraction.converged_after(even, 1.0) {
            break;
        }
    }
    fraction.value
}

/// The modified Lentz evaluation of `1 / (b0 + a1/(b1 + a2/(b2 + ...)))`.
struct Lentz {
    value: f64,
    c: f64,
    d: f64,
}

impl Lentz {
    const TINY: f64 = 1e-300;

    fn new(b0: f64) -> Self {
        let d = 1.0 / Self::off_zero(b0);
        Self { value: d, c: f64::INFINITY, d }
    }

    fn converged_after(&mut self, a: f64, b: f64) -> bool {
        self.d = 1.0 / Self::off_zero(b + a * self.d);
        self.c = Self::off_zero(b + a / self.c);
        let change = self.c * self.d;
        self.value *= change;
        // Also where there is no number left to converge.
        change.is_nan() || (change - 1.0).abs() < 4e-16
    }

    fn off_zero(x: f64) -> f64 {
        if x.abs() < Self::TINY { Self::TINY } else { x }
    }
}
