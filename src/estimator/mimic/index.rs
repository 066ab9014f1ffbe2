//! The index of the hidden variable: what a year's causes and signs say of it.

use nalgebra::DMatrix;

use super::variables::Variables;
use crate::estimator::numeric::mimic::measures::{self, Measures, standardised, variance_of_eta};
use crate::estimator::numeric::mimic::{Data, Solution, fit, regression_weights};
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
    spread: f64,
}

/// Parameters as they were fitted or drawn, with what they make of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    loadings: Vec<f64>,
    causes: Vec<f64>,
    /// k.
    weights: Vec<f64>,
    /// The mean of z.
    pub mean: f64,
    /// The variance of the hidden variable that a year's causes and signs leave.
    pub left: f64,
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
            spread,
        })
    }

    fn data(&self) -> Data<'_> {
        Data {
            names: &self.names,
            signs: self.solution.loadings.len(),
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

    /// The law of the parameters: loadings but the first, causes, and the logarithms of the disturbance and of the residual
    /// variances; their estimates, covariance and degrees of freedom.
    pub fn law(&self) -> (Vec<f64>, DMatrix<f64>, f64) {
        let Solution { loadings, causes, disturbance, residuals, covariance, .. } = &self.solution;
        let variances: Vec<f64> = std::iter::once(*disturbance).chain(residuals.iter().copied()).collect();
        let first = covariance.nrows() - variances.len();
        let centre = loadings.iter().skip(1).chain(causes).copied();
        let centre: Vec<f64> = centre.chain(variances.iter().map(|v| libm::log(*v))).collect();
        // From a variance to its logarithm, whose standard deviation is not let grow beyond 1.
        let factor = |place: usize| match place.checked_sub(first) {
            None => 1.0,
            Some(variance) => 1.0 / variances[variance].max(self.solution.standard_error(place)),
        };
        let widened = self.widened();
        let covariance = DMatrix::from_fn(centre.len(), centre.len(), |a, b| {
            widened * covariance[(a, b)] * factor(a) * factor(b)
        });
        let degrees = self.years().saturating_sub(centre.len()).max(1) as f64;
        (centre, covariance, degrees)
    }

    /// Maximum likelihood divides by the years; the means and the regression on the causes take some of them.
    fn widened(&self) -> f64 {
        let years = self.years() as f64;
        years / (years - self.means.len() as f64 - 1.0)
    }

    /// The parameters as they were fitted.
    pub fn fitted(&self) -> Parameters {
        let Solution { loadings, causes, disturbance, residuals, .. } = &self.solution;
        self.parameters(loadings.clone(), causes.clone(), *disturbance, residuals)
    }

    /// The parameters of a draw of [`Self::law`].
    pub fn drawn(&self, draw: &[f64]) -> Parameters {
        let (signs, causes) = (self.solution.loadings.len(), self.means.len());
        let (loadings, rest) = draw.split_at(signs - 1);
        let (gamma, logarithms) = rest.split_at(causes);
        let variances: Vec<f64> = logarithms.iter().map(|v| libm::exp(*v)).collect();
        let loadings = std::iter::once(1.0).chain(loadings.iter().copied()).collect();
        self.parameters(loadings, gamma.to_vec(), variances[0], &variances[1..])
    }

    fn parameters(
        &self,
        loadings: Vec<f64>,
        causes: Vec<f64>,
        disturbance: f64,
        residuals: &[f64],
    ) -> Parameters {
        let (weights, left) = regression_weights(&loadings, disturbance, residuals);
        let mean = product(&causes, &self.means);
        Parameters { loadings, causes, weights, mean, left: self.widened() * left }
    }

    /// gamma' x of a year.
    pub fn from_causes(&self, year: usize) -> f64 {
        product(&self.solution.causes, &self.causes[year])
    }

    /// z of a year.
    pub fn score(&self, parameters: &Parameters, year: usize) -> f64 {
        let Parameters { loadings, causes, weights, mean, .. } = parameters;
        let moved = product(causes, &self.causes[year]);
        let said = weights.iter().zip(loadings).zip(&self.signs[year]);
        moved + sum(said.map(|((weight, loading), y)| weight * (y - loading * (moved - mean))))
    }

    /// The sign whose rest is most alike from year to year, with the statistic of Durbin and Watson.
    pub(super) fn most_alike<'a>(&self, names: &'a [String]) -> Option<(&'a str, f64)> {
        let rest = |sign: usize, year: usize| {
            let centred = self.from_causes(year) - product(&self.solution.causes, &self.means);
            self.signs[year][sign] - self.solution.loadings[sign] * centred
        };
        (0..self.solution.loadings.len())
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
        let (signs, causes) = names.split_at(self.solution.loadings.len());
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
