//! Small areas: direct estimates drawn towards what the areas' other figures let expect (Fay and Herriot).
//!
//! ```text
//! y_i = x_i' b + u_i + e_i ; var u = A ; var e = D_i known       b by the weights 1 / (A + D)
//! gamma = A / (A + D) ; EBLUP = gamma y + (1 - gamma) x' b
//! g1 = gamma D ; g2 = (1 - gamma)^2 x' (sum x x' / (A + D))^-1 x ; g3 = D^2 / (A + D)^3 var A
//! var A = 2 / sum (A + D)^-2                    REML, ML
//!         2 m / (sum (A + D)^-1)^2              Fay and Herriot's moments: sum (y - x' b)^2 / (A + D) = m - p
//!         2 sum (A + D)^2 / m^2                 Prasad and Rao's moments, without weights
//! mse = g1 + g2 + 2 g3 - (1 - gamma)^2 bias A
//! bias A = - tr[(sum x x' / V)^-1 sum x x' / V^2] / sum V^-2      ML, with V = A + D
//!          2 [m sum V^-2 - (sum V^-1)^2] / (sum V^-1)^3           Fay and Herriot's moments
//!          0                                                      REML, Prasad and Rao
//! ```
//! Where A is 0, every area is given the line's value and the mse is what the line and A are not known by. An area without a
//! sample is the line's value too, with mse `A + x' (sum x x' / (A + D))^-1 x`.
//! The mse holds on average over areas that are like one another but for x, and not for an area known to be unlike them.
//! An area that was counted in full has D = 0 and keeps its figure; where the line is fitted it stands for a variance that is 10^-12 of
//! the least of the others.
//! The mse of Fay and Herriot's moments can come out below 0 for an area of large D where A is near 0; it is then undefined.
//!
//! # References
//! R. E. Fay, R. A. Herriot (1979), Estimates of income for small places, Journal of the American Statistical Association 74(366), 269-277.
//! N. G. N. Prasad, J. N. K. Rao (1990), The estimation of the mean squared error of small-area estimators, Journal of the American
//! Statistical Association 85(409), 163-171.
//! G. S. Datta, P. Lahiri (2000), A unified measure of uncertainty of estimated best linear unbiased predictors, Statistica Sinica 10(2), 613-627.
//! G. S. Datta, J. N. K. Rao, D. D. Smith (2005), On measuring the variability of small area estimators under a basic area level model,
//! Biometrika 92(1), 183-196.
//! J. N. K. Rao, I. Molina (2015), Small Area Estimation, second edition, Wiley, chapter 6.

use super::random_effects::moment::{Between, between};
use super::random_effects::{Fit, Observations};
use super::sample::sum;

/// How the variance between areas, A, is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Restricted maximum likelihood.
    RestrictedMaximumLikelihood,
    /// Maximum likelihood.
    MaximumLikelihood,
    /// The moments of Fay and Herriot.
    FayHerriotMoments,
    /// The moments of Prasad and Rao.
    PrasadRaoMoments,
}

/// The line with the variance between areas.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// A.
    pub variance: f64,
    /// Its sampling variance.
    pub variance_of_variance: f64,
    bias: f64,
    fit: Fit,
    /// b.
    pub coefficients: Vec<f64>,
    /// The standard errors of b.
    pub standard_errors: Vec<f64>,
}

/// An area with a direct estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// The weight of the direct estimate, from 0 to 1.
    pub gamma: f64,
    /// The line's value.
    pub synthetic: f64,
    /// The estimate.
    pub eblup: f64,
    /// What is left where A and b are known.
    pub g1: f64,
    /// What b adds.
    pub g2: f64,
    /// What A adds, once.
    pub g3: f64,
    /// The mean squared error; can be negative by Fay and Herriot's moments.
    pub mse: f64,
}

/// A variance of 0 stands for this part of the least other one.
const COUNTED_IN_FULL: f64 = 1e-12;

/// Areas with their direct estimates, the variances of these and the columns of x, ready to be fitted.
pub fn areas(y: Vec<f64>, variances: Vec<f64>, columns: Vec<Vec<f64>>) -> Result<Observations, String> {
    let least = variances.iter().copied().filter(|d| *d > 0.0).fold(f64::INFINITY, f64::min);
    let stands_for = |d: f64| if d == 0.0 && least.is_finite() { COUNTED_IN_FULL * least } else { d };
    Observations::new(y, variances.into_iter().map(stands_for).collect(), columns)
}

impl Model {
    /// None where there are no more areas than coefficients.
    pub fn new(areas: &Observations, method: Method) -> Option<Self> {
        let variance = between(areas, method.between())?.tau2;
        let fit = areas.fit(variance);
        let covariance = fit.covariance();
        let of_all = |value: &dyn Fn(f64) -> f64| sum(areas.variances().iter().map(|d| value(variance + d)));
        let (first, second) = (of_all(&|v| 1.0 / v), of_all(&|v| 1.0 / (v * v)));
        let size = areas.size() as f64;
        let (variance_of_variance, bias) = match method {
            Method::RestrictedMaximumLikelihood => (2.0 / second, 0.0),
            Method::MaximumLikelihood => {
                // Row by row, x' (X' W X)^-1 x w^2 is the leverage times the weight.
                let lost = sum(fit.weights().enumerate().map(|(i, weight)| weight * fit.leverage(i)));
                (2.0 / second, -lost / second)
            }
            Method::FayHerriotMoments => (
                2.0 * size / (first * first),
                2.0 * (size * second - first * first) / (first * first * first),
            ),
            Method::PrasadRaoMoments => (2.0 * of_all(&|v| v * v) / (size * size), 0.0),
        };
        Some(Self {
            variance,
            variance_of_variance,
            bias,
            coefficients: fit.coefficients.clone(),
            standard_errors: (0..covariance.len()).map(|j| libm::sqrt(covariance[j][j])).collect(),
            fit,
        })
    }

    /// An area with the row `x`, the direct estimate `y` and its variance `d`.
    pub fn area(&self, x: &[f64], y: f64, d: f64) -> Area {
        let total = self.variance + d;
        let (gamma, rest) = if d == 0.0 { (1.0, 0.0) } else { (self.variance / total, d / total) };
        let synthetic = self.synthetic(x);
        let g1 = gamma * d;
        let g2 = rest * rest * self.fit.variance_of(x);
        let g3 = if d == 0.0 { 0.0 } else { rest * rest / total * self.variance_of_variance };
        Area {
            gamma,
            synthetic,
            eblup: gamma * y + rest * synthetic,
            g1,
            g2,
            g3,
            mse: g1 + g2 + 2.0 * g3 - rest * rest * self.bias,
        }
    }

    /// The line's value at the row `x`.
    pub fn synthetic(&self, x: &[f64]) -> f64 {
        sum(self.coefficients.iter().zip(x).map(|(b, x)| b * x))
    }

    /// The mean squared error of the line's value at a row `x` of an area without a sample.
    pub fn synthetic_mse(&self, x: &[f64]) -> f64 {
        self.variance + self.fit.variance_of(x)
    }
}

impl Method {
    fn between(self) -> Between {
        match self {
            Self::RestrictedMaximumLikelihood => Between::RestrictedMaximumLikelihood,
            Self::MaximumLikelihood => Between::MaximumLikelihood,
            Self::FayHerriotMoments => Between::PauleMandel,
            Self::PrasadRaoMoments => Between::Hedges,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Method; 4] = [
        Method::RestrictedMaximumLikelihood,
        Method::MaximumLikelihood,
        Method::FayHerriotMoments,
        Method::PrasadRaoMoments,
    ];

    fn areas(y: &[f64], d: &[f64], x: &[f64]) -> Observations {
        super::areas(y.to_vec(), d.to_vec(), vec![vec![1.0; y.len()], x.to_vec()]).expect("areas")
    }

    /// Equal variances by hand: the residuals of y on x have the sum of squares 1.916, so A = 1.916 / (5 - 2) - 0.3 by every
    /// moment and by REML, and 1.916 / 5 - 0.3 by ML.
    #[test]
    fn equal_variances_by_hand() {
        let x = [-2.0, -1.0, 0.0, 1.0, 2.0];
        let y = [1.0, 0.4, 3.0, 3.0, 4.6];
        let line: Vec<f64> = x.iter().map(|x| 2.4 + 0.98 * x).collect();
        let squares: f64 = y.iter().zip(&line).map(|(y, line)| (y - line) * (y - line)).sum();
        let set = areas(&y, &[0.3; 5], &x);
        for method in ALL {
            let model = Model::new(&set, method).expect("three degrees");
            let degrees = if method == Method::MaximumLikelihood { 5.0 } else { 3.0 };
            assert!((model.variance - (squares / degrees - 0.3)).abs() < 1e-13, "{method:?} {model:?}");
            assert!((model.coefficients[1] - 0.98).abs() < 1e-14);
            let total = model.variance + 0.3;
            let area = model.area(&[1.0, 2.0], y[4], 0.3);
            assert!((area.g1 - model.variance * 0.3 / total).abs() < 1e-14);
            let rest = 0.3 / total;
            assert!((area.g2 - rest * rest * total * (0.2 + 4.0 / 10.0)).abs() < 1e-14);
            assert!((area.g3 - rest * rest * 2.0 * total / 5.0).abs() < 1e-14);
            // ML: bias -p V / m. The moments have none where all variances are equal.
            let bias = if method == Method::MaximumLikelihood { -2.0 * total / 5.0 } else { 0.0 };
            assert!((area.mse - (area.g1 + area.g2 + 2.0 * area.g3 - rest * rest * bias)).abs() < 1e-13);
        }
    }

    #[test]
    fn without_variance_between_areas_each_is_the_line() {
        let set = areas(&[1.0, 2.0, 3.1, 3.9], &[0.5, 1.0, 0.2, 2.0], &[1.0, 2.0, 3.0, 4.0]);
        for method in ALL {
            let model = Model::new(&set, method).expect("two degrees");
            assert!(model.variance == 0.0);
            let area = model.area(&[1.0, 4.0], 3.9, 2.0);
            assert!(area.gamma == 0.0 && area.g1 == 0.0 && area.eblup == area.synthetic);
            assert!((area.g2 - model.synthetic_mse(&[1.0, 4.0])).abs() < 1e-15);
        }
    }

    /// mpmath in 40 digits, with the variance of the first area taken as 1e-30.
    #[test]
    fn an_area_counted_in_full_keeps_its_figure() {
        let (y, d, x) = ([1.0, 2.5, 2.9, 5.9, 4.0], [0.0, 0.3, 0.2, 0.5, 0.4], [1.0, 2.0, 3.0, 4.0, 5.0]);
        let model =
            Model::new(&areas(&y, &d, &x), Method::RestrictedMaximumLikelihood).expect("three degrees");
        let area = model.area(&[1.0, 1.0], 1.0, 0.0);
        assert!(area.gamma == 1.0 && area.mse == 0.0 && (area.eblup - 1.0).abs() < 1e-15);
        let other = [model.variance, model.coefficients[0], model.coefficients[1]];
        let expected = [0.880_305_740_948_466_1, 0.344_369_969_823_855_3, 0.952_162_512_846_937_3];
        assert!(other.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{other:?}");
        let refused = super::areas(vec![1.0, 2.0], vec![0.0; 2], vec![vec![1.0; 2]]);
        assert!(refused.expect_err("no variance").contains("a variance is 0"));
    }

    #[test]
    fn no_more_areas_than_coefficients_give_nothing() {
        let set = areas(&[1.0, 2.0], &[0.5, 1.0], &[1.0, 2.0]);
        assert!(ALL.iter().all(|method| Model::new(&set, *method).is_none()));
    }

    proptest! {
        #[test]
        fn an_estimate_lies_between_line_and_direct_figure(
            rows in proptest::collection::vec((-3.0..3.0_f64, 0.01..4.0_f64, 0.0..10.0_f64), 4..20), unit in 0.1..10.0_f64,
        ) {
            let y: Vec<f64> = rows.iter().map(|row| row.0).collect();
            let d: Vec<f64> = rows.iter().map(|row| row.1).collect();
            let x: Vec<f64> = rows.iter().map(|row| row.2).collect();
            prop_assume!(x.iter().any(|value| (value - x[0]).abs() > 0.1));
            let model = Model::new(&areas(&y, &d, &x), Method::RestrictedMaximumLikelihood).expect("degrees");
            let scaled: Vec<f64> = y.iter().map(|y| y * unit).collect();
            let wide: Vec<f64> = d.iter().map(|d| d * unit * unit).collect();
            let other = Model::new(&areas(&scaled, &wide, &x), Method::RestrictedMaximumLikelihood).expect("degrees");
            for i in 0..y.len() {
                let area = model.area(&[1.0, x[i]], y[i], d[i]);
                let (low, high) = (y[i].min(area.synthetic), y[i].max(area.synthetic));
                prop_assert!(area.eblup >= low - 1e-12 && area.eblup <= high + 1e-12);
                prop_assert!(area.mse > 0.0 && area.g1 <= d[i]);
                // Less is known of an area without a sample, as far as A is known.
                prop_assert!(model.synthetic_mse(&[1.0, x[i]]) >= area.g1 + area.g2 - 1e-12);
                let again = other.area(&[1.0, x[i]], scaled[i], wide[i]);
                prop_assert!((again.eblup - unit * area.eblup).abs() < 1e-6 * unit);
            }
        }
    }
}
