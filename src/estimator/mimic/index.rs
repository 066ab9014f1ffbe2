//! The index of the hidden variable: what a year's causes and signs say of it.

use nalgebra::DMatrix;

use super::variables::Variables;
use crate::estimator::numeric::mimic::measures::{self, Measures, standardised, variance_of_eta};
use crate::estimator::numeric::mimic::{Data, Solution, fit};
use crate::estimator::numeric::sample::sum;

/// A fitted model with its series.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    names: Vec<String>,
    covariance: DMatrix<f64>,
    solution: Solution,
    /// A row a year: the signs less their means, and the causes.
    signs: Vec<Vec<f64>>,
    causes: Vec<Vec<f64>>,
    means: Vec<f64>,
    /// k.
    weights: Vec<f64>,
    /// psi (1 - k' lambda).
    left: f64,
    spread: f64,
}

impl Index {
    /// Fits the model; refuses one that gives the hidden variable no law.
    pub(super) fn new(variables: &Variables) -> Result<Self, String> {
        let series: Vec<&Vec<f64>> = variables.signs.iter().chain(&variables.causes).collect();
        let count = variables.years.len();
        let means: Vec<f64> = series.iter().map(|one| sum(one.iter().copied()) / count as f64).collect();
        let covariance = DMatrix::from_fn(series.len(), series.len(), |i, j| {
            sum((0..count).map(|t| (series[i][t] - means[i]) * (series[j][t] - means[j]))) / count as f64
        });
        let data = Data {
            names: &variables.names,
            signs: variables.signs.len(),
            covariance: covariance.clone(),
            count: count as f64,
        };
        let solution = fit(&data, 0)?;
        if let Some(name) = solution.improper.first() {
            let what =
                if name == "disturbance" { "what the causes leave of the hidden variable" } else { name };
            return Err(format!(
                "the variance of {what} comes out negative (a Heywood case): the model does not fit these figures"
            ));
        }
        let (weights, left) =
            solution.regression_weights().ok_or("the fitted variances give the hidden variable no law")?;
        let spread = libm::sqrt(variance_of_eta(&data, &solution));
        let (of_signs, of_causes) = means.split_at(variables.signs.len());
        let row = |series: &[Vec<f64>], t: usize| series.iter().map(|one| one[t]).collect::<Vec<f64>>();
        let centred =
            |t: usize| row(&variables.signs, t).iter().zip(of_signs).map(|(y, mean)| y - mean).collect();
        Ok(Self {
            names: variables.names.clone(),
            covariance,
            signs: (0..count).map(centred).collect(),
            causes: (0..count).map(|t| row(&variables.causes, t)).collect(),
            means: of_causes.to_vec(),
            solution,
            weights,
            left,
            spread,
        })
    }

    fn data(&self) -> Data<'_> {
        Data {
            names: &self.names,
            signs: self.weights.len(),
            covariance: self.covariance.clone(),
            count: self.years() as f64,
        }
    }

    /// How well the model fits.
    pub fn measures(&self) -> Result<Measures, String> {
        measures::measures(&self.data(), &self.solution)
    }

    /// How many years.
    pub fn years(&self) -> usize {
        self.causes.len()
    }

    /// The standard deviation of the hidden variable.
    pub fn spread(&self) -> f64 {
        self.spread
    }

    /// The variance of the hidden variable that a year's causes and signs leave.
    pub fn left(&self) -> f64 {
        self.left
    }

    /// Loadings but the first, and causes: their estimates, covariance and degrees of freedom.
    pub fn law(&self) -> (Vec<f64>, DMatrix<f64>, f64) {
        let solution = &self.solution;
        let centre: Vec<f64> = solution.loadings.iter().skip(1).chain(&solution.causes).copied().collect();
        let size = centre.len();
        let covariance = solution.covariance.view((0, 0), (size, size)).into_owned();
        let parameters = solution.covariance.nrows();
        (centre, covariance, self.years().saturating_sub(parameters).max(1) as f64)
    }

    /// gamma' x of a year.
    pub fn from_causes(&self, year: usize) -> f64 {
        product(&self.solution.causes, &self.causes[year])
    }

    /// z of a year.
    pub fn score(&self, year: usize) -> f64 {
        self.score_with(&self.law().0, year)
    }

    /// The mean of z.
    pub fn mean(&self) -> f64 {
        product(&self.solution.causes, &self.means)
    }

    /// z of a year with other loadings and causes, in the order of [`Self::law`].
    pub fn score_with(&self, coefficients: &[f64], year: usize) -> f64 {
        let (loadings, gamma) = coefficients.split_at(self.weights.len() - 1);
        let moved = product(gamma, &self.causes[year]);
        let centred = moved - product(gamma, &self.means);
        let loading = |sign: usize| if sign == 0 { 1.0 } else { loadings[sign - 1] };
        let said = self.weights.iter().zip(&self.signs[year]).enumerate();
        moved + sum(said.map(|(sign, (weight, y))| weight * (y - loading(sign) * centred)))
    }

    /// The mean of z with other causes.
    pub fn mean_with(&self, coefficients: &[f64]) -> f64 {
        product(&coefficients[self.weights.len() - 1..], &self.means)
    }

    /// The sign whose rest is most alike from year to year, with the statistic of Durbin and Watson.
    pub(super) fn most_alike<'a>(&self, names: &'a [String]) -> Option<(&'a str, f64)> {
        let rest = |sign: usize, year: usize| {
            let centred = self.from_causes(year) - self.mean();
            self.signs[year][sign] - self.solution.loadings[sign] * centred
        };
        (0..self.weights.len())
            .filter_map(|sign| {
                let squares = sum((0..self.years()).map(|t| rest(sign, t) * rest(sign, t)));
                let step = |t: usize| rest(sign, t) - rest(sign, t - 1);
                let steps = sum((1..self.years()).map(|t| step(t) * step(t)));
                (squares > 0.0).then(|| (names[sign].as_str(), steps / squares))
            })
            .min_by(|one, other| one.1.total_cmp(&other.1))
    }

    /// The loadings and causes in words, standardised, with the standard errors of what is not.
    pub(super) fn sentence(&self, names: &[String]) -> String {
        let solution = &self.solution;
        let all = standardised(&self.data(), solution).map(|[_, all]| all);
        let scaled =
            |value: Option<f64>| value.map_or_else(String::new, |value| format!(", standardised {value:.2}"));
        let (signs, causes) = names.split_at(self.weights.len());
        let signs: Vec<String> = signs
            .iter()
            .enumerate()
            .map(|(i, name)| {
                let error = solution.place_of_loading(i).map(|place| solution.standard_error(place));
                let error =
                    error.map_or_else(|| "unit".to_owned(), |error| format!("standard error {error:.3e}"));
                let scale = scaled(all.as_ref().map(|all| all.loadings[i]));
                format!("{name} {:.3e} ({error}{scale})", solution.loadings[i])
            })
            .collect();
        let causes: Vec<String> = causes
            .iter()
            .enumerate()
            .map(|(j, name)| {
                let error = solution.standard_error(solution.place_of_cause(j));
                let scale = scaled(all.as_ref().map(|all| all.causes[j]));
                format!("{name} {:.3e} (standard error {error:.3e}{scale})", solution.causes[j])
            })
            .collect();
        format!("signs: {}; causes: {}", signs.join(", "), causes.join(", "))
    }
}

fn product(one: &[f64], other: &[f64]) -> f64 {
    sum(one.iter().zip(other).map(|(a, b)| a * b))
}
