//! The law of what a model was fitted to, as draws: Student's t in several dimensions.
//!
//! ```text
//! b = centre + L z / sqrt(c / nu)          L L' the covariance, z normal, c chi-squared on nu degrees of freedom
//! ```
//! Its contrasts have Student's t with nu degrees of freedom, so that quantiles of the draws are the intervals of a regression.
//! Without an end of nu it is the normal law. For whole nu up to 100, c is `-2 ln (u_1 ... u_m)` of nu/2 uniform numbers, and
//! where nu is odd the square of a normal one more; otherwise it is read from the quantile function, which takes longer.

use nalgebra::DMatrix;

use super::draw::Stream;
use super::law::Law;
use super::sample::sum;

/// Coefficients about the fitted ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    centre: Vec<f64>,
    factor: DMatrix<f64>,
    degrees: f64,
}

impl Fitted {
    /// Refuses a matrix that is no covariance, and degrees of freedom that are not positive.
    pub fn new(centre: &[f64], covariance: &DMatrix<f64>, degrees: f64) -> Result<Self, String> {
        if covariance.nrows() != centre.len() || covariance.ncols() != centre.len() {
            return Err(format!("{} coefficients have a covariance of {}", centre.len(), covariance.nrows()));
        }
        if degrees != f64::INFINITY {
            Law::chi_squared(degrees)?;
        }
        Ok(Self { centre: centre.to_vec(), factor: factor(covariance)?, degrees })
    }

    /// The draws, each with all coefficients; `stream` gives the numbers of a part, such as `coefficient 2`.
    pub fn draws(&self, count: usize, stream: impl Fn(&str) -> Stream) -> Result<Vec<Vec<f64>>, String> {
        let normal: Vec<Stream> =
            (0..self.centre.len()).map(|j| stream(&format!("coefficient {j}"))).collect();
        let scale = Scale::new(self.degrees, &stream)?;
        let draw = |index: u64| {
            let scores: Vec<f64> = normal.iter().map(|stream| stream.normal(index)).collect();
            let spread = scale.draw(index);
            let about = |j: usize| sum((0..=j).map(|l| self.factor[(j, l)] * scores[l]));
            self.centre.iter().enumerate().map(|(j, centre)| centre + spread * about(j)).collect()
        };
        Ok((0..count as u64).map(draw).collect())
    }
}

/// The most degrees of freedom whose draws are made from uniform numbers.
const MOST_DEGREES: f64 = 100.0;

/// Draws of sqrt(nu / c).
enum Scale {
    /// Without an end of nu.
    One,
    /// From uniform numbers, one for two degrees of freedom, and a normal one where they are odd.
    Made { degrees: f64, uniform: Vec<Stream>, normal: Option<Stream> },
    /// From the quantile function.
    Read { degrees: f64, law: Law, uniform: Stream },
}

impl Scale {
    fn new(degrees: f64, stream: &impl Fn(&str) -> Stream) -> Result<Self, String> {
        if degrees == f64::INFINITY {
            return Ok(Self::One);
        }
        if degrees > MOST_DEGREES || degrees != libm::floor(degrees) {
            return Ok(Self::Read { degrees, law: Law::chi_squared(degrees)?, uniform: stream("scale") });
        }
        let pairs = libm::floor(degrees / 2.0);
        let uniform = (0..pairs as u32).map(|pair| stream(&format!("scale {pair}"))).collect();
        let normal = (2.0 * pairs < degrees).then(|| stream("scale"));
        Ok(Self::Made { degrees, uniform, normal })
    }

    fn draw(&self, index: u64) -> f64 {
        match self {
            Self::One => 1.0,
            Self::Made { degrees, uniform, normal } => {
                let pairs = -2.0 * sum(uniform.iter().map(|stream| libm::log(stream.spread(index))));
                let odd = normal.map_or(0.0, |stream| stream.normal(index));
                libm::sqrt(degrees / (pairs + odd * odd))
            }
            Self::Read { degrees, law, uniform } => libm::sqrt(degrees / law.quantile(uniform.spread(index))),
        }
    }
}

/// The lower factor; a direction without variance is allowed, as of a fit that leaves nothing.
fn factor(covariance: &DMatrix<f64>) -> Result<DMatrix<f64>, String> {
    let size = covariance.nrows();
    let mut factor = DMatrix::<f64>::zeros(size, size);
    for j in 0..size {
        let own = covariance[(j, j)];
        let rest = own - sum((0..j).map(|k| factor[(j, k)] * factor[(j, k)]));
        if !own.is_finite() || rest < -1e-8 * own.abs() {
            return Err(format!("coefficient {j} has the variance {own}, which no law has"));
        }
        if rest <= 1e-14 * own {
            continue;
        }
        factor[(j, j)] = libm::sqrt(rest);
        for i in j + 1..size {
            let shared = covariance[(i, j)] - sum((0..j).map(|k| factor[(i, k)] * factor[(j, k)]));
            factor[(i, j)] = shared / factor[(j, j)];
        }
    }
    Ok(factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::numeric::sample::Sample;

    fn stream(part: &str) -> Stream {
        Stream::new(5, part)
    }

    fn covariance() -> DMatrix<f64> {
        DMatrix::from_row_slice(3, 3, &[4.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
    }

    #[test]
    fn contrasts_have_the_quantiles_of_t() {
        // Even, odd, one alone, not whole, and more than are made from uniform numbers.
        for degrees in [6.0, 7.0, 1.0, 6.5, 101.0] {
            let fitted = Fitted::new(&[1.0, 2.0, 3.0], &covariance(), degrees).expect("a law");
            let draws = fitted.draws(40_000, stream).expect("draws");
            // b0 - 2 b1 has the variance 4 + 4 - 4 = 4.
            let contrast = Sample::new(draws.iter().map(|b| b[0] - 2.0 * b[1]).collect()).expect("draws");
            let t = Law::student_t(degrees).expect("a law");
            for p in [0.005, 0.025, 0.25, 0.5, 0.9, 0.975] {
                let (low, high) = contrast.quantile_bounds(p, 4.0);
                let expected = -3.0 + 2.0 * t.quantile(p);
                assert!(low <= expected && expected <= high, "{degrees}, {p}: {expected}, {low} to {high}");
            }
            assert!(draws.iter().all(|b| b[2] == 3.0), "what has no variance stands still");
        }
    }

    #[test]
    fn without_an_end_of_the_degrees_the_law_is_normal() {
        let fitted = Fitted::new(&[0.0; 3], &covariance(), f64::INFINITY).expect("a law");
        let draws = fitted.draws(40_000, stream).expect("draws");
        let first = Sample::new(draws.iter().map(|b| b[0]).collect()).expect("draws");
        let (low, high) = first.quantile_bounds(0.975, 4.0);
        let expected = 2.0 * 1.959_963_984_540_054;
        assert!(low <= expected && expected <= high);
    }

    #[test]
    fn what_is_no_covariance_is_refused() {
        let wrong = DMatrix::from_row_slice(2, 2, &[1.0, 2.0, 2.0, 1.0]);
        assert!(Fitted::new(&[0.0; 2], &wrong, 5.0).expect_err("a refusal").contains("coefficient 1"));
        assert!(Fitted::new(&[0.0; 2], &covariance(), 5.0).is_err());
        assert!(Fitted::new(&[0.0; 3], &covariance(), 0.0).is_err());
    }
}
