//! What a fitted MIMIC model says of its fit, and its solution on other scales.
//!
//! ```text
//! chi2  = N F                                   p-value from chi-squared; none without degrees of freedom
//! base  = N (sum ln s_ii + ln |S_xx| - ln |S|)  of signs that share nothing, with p(p-1)/2 + pq degrees
//! CFI   = 1 - max(chi2 - df, 0) / max(chi2 - df, base - df_base, 0)
//! TLI   = (base / df_base - chi2 / df) / (base / df_base - 1)
//! RMSEA = sqrt(max(chi2 - df, 0) / (N df))      interval from the noncentral chi-squared that has chi2 at its tails
//! SRMR  = sqrt(mean of ((s_ij - sigma_ij) / sqrt(s_ii s_jj))^2)      over i >= j, the causes included
//! R2    = 1 - psi / var(eta)
//! ```
//! Without degrees of freedom the model fits exactly whatever the truth: RMSEA is then 0 and TLI 1 by convention, and say nothing.
//!
//! # References
//! J. H. Steiger (1990), Structural model evaluation and modification: an interval estimation approach, Multivariate Behavioral Research 25(2), 173-180.
//! P. M. Bentler (1990), Comparative fit indexes in structural models, Psychological Bulletin 107(2), 238-246.
//! Y. Rosseel (2012), lavaan: an R package for structural equation modeling, Journal of Statistical Software 48(2).

use nalgebra::DMatrix;

use super::{Data, Solution, factor};
use crate::estimator::numeric::law::Law;
use crate::estimator::numeric::sample::sum;

/// How well the model fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Measures {
    /// N F.
    pub chi_squared: f64,
    /// Its degrees of freedom.
    pub degrees: usize,
    /// The probability of a larger one where the model holds; none without degrees of freedom.
    pub p_value: Option<f64>,
    /// The chi-squared of signs that share nothing.
    pub baseline: f64,
    /// Its degrees of freedom.
    pub baseline_degrees: usize,
    /// Comparative fit index.
    pub comparative: f64,
    /// Tucker-Lewis index.
    pub tucker_lewis: f64,
    /// Root mean square error of approximation.
    pub approximation: f64,
    /// Its interval of 90 %.
    pub approximation_interval: [f64; 2],
    /// Standardised root mean square residual.
    pub residual: f64,
    /// The logarithm of the likelihood of the signs where the causes are known.
    pub log_likelihood: f64,
    /// The part of the variance of eta that the causes explain.
    pub determination: f64,
    /// The covariance matrix that the model implies, signs first.
    pub implied: DMatrix<f64>,
}

/// The solution with eta, or all, brought to variance 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardised {
    /// One a sign.
    pub loadings: Vec<f64>,
    /// One a cause.
    pub causes: Vec<f64>,
    /// The part of eta that the causes leave.
    pub disturbance: f64,
    /// One a sign.
    pub residuals: Vec<f64>,
}

/// The variance of eta that the model implies, `gamma' S_xx gamma + psi`; not positive only where a variance came out negative.
pub fn variance_of_eta(data: &Data<'_>, solution: &Solution) -> f64 {
    let causes = data.of_causes();
    let gamma = &solution.causes;
    let terms = (0..gamma.len())
        .flat_map(|i| (0..gamma.len()).map(move |j| (i, j)))
        .map(|(i, j)| gamma[i] * gamma[j] * causes[(i, j)]);
    sum(terms) + solution.disturbance
}

/// The covariance matrix that the model implies.
pub fn implied(data: &Data<'_>, solution: &Solution) -> DMatrix<f64> {
    let p = data.signs;
    let causes = data.of_causes();
    let eta = variance_of_eta(data, solution);
    // The covariances of eta with the causes.
    let with: Vec<f64> = (0..solution.causes.len())
        .map(|j| sum(solution.causes.iter().enumerate().map(|(l, gamma)| gamma * causes[(l, j)])))
        .collect();
    let lambda = &solution.loadings;
    DMatrix::from_fn(data.names.len(), data.names.len(), |i, j| match (i < p, j < p) {
        (true, true) => lambda[i] * lambda[j] * eta + if i == j { solution.residuals[i] } else { 0.0 },
        (true, false) => lambda[i] * with[j - p],
        (false, true) => lambda[j] * with[i - p],
        (false, false) => causes[(i - p, j - p)],
    })
}

/// The solution with eta of variance 1, and with all variables of variance 1; none where eta's variance is not positive.
pub fn standardised(data: &Data<'_>, solution: &Solution) -> Option<[Standardised; 2]> {
    let eta = Some(variance_of_eta(data, solution)).filter(|variance| *variance > 0.0)?;
    let unit = libm::sqrt(eta);
    let implied = implied(data, solution);
    let scale = |i: usize| libm::sqrt(implied[(i, i)]);
    let latent = Standardised {
        loadings: solution.loadings.iter().map(|l| l * unit).collect(),
        causes: solution.causes.iter().map(|g| g / unit).collect(),
        disturbance: solution.disturbance / eta,
        residuals: solution.residuals.clone(),
    };
    let all = Standardised {
        loadings: latent.loadings.iter().enumerate().map(|(i, l)| l / scale(i)).collect(),
        causes: latent.causes.iter().enumerate().map(|(j, g)| g * scale(data.signs + j)).collect(),
        disturbance: latent.disturbance,
        residuals: latent.residuals.iter().enumerate().map(|(i, v)| v / implied[(i, i)]).collect(),
    };
    Some([latent, all])
}

/// How well the model fits; refuses a covariance matrix that none of these can be computed of.
pub fn measures(data: &Data<'_>, solution: &Solution) -> Result<Measures, String> {
    let (p, q) = (data.signs, data.names.len() - data.signs);
    let n = data.count;
    let chi_squared = n * solution.discrepancy;
    let degrees = data.degrees();
    let singular = || "the covariance matrix is singular".to_owned();
    let whole = log_determinant(data.covariance.clone()).ok_or_else(singular)?;
    let causes = log_determinant(data.of_causes()).ok_or_else(singular)?;
    let alone = sum((0..p).map(|i| libm::log(data.covariance[(i, i)])));
    let baseline = (n * (alone + causes - whole)).max(0.0);
    let baseline_degrees = p * (p - 1) / 2 + p * q;
    let (df, base_df) = (degrees as f64, baseline_degrees as f64);
    let excess = (chi_squared - df).max(0.0);
    let worst = excess.max(baseline - base_df);
    let tucker_lewis =
        if degrees == 0 { 1.0 } else { (baseline / base_df - chi_squared / df) / (baseline / base_df - 1.0) };
    let implied = implied(data, solution);
    let eta = variance_of_eta(data, solution);
    let given_causes = log_determinant(solution.sign_variance()).ok_or_else(singular)?;
    // tr(Omega^-1 M) = F - ln |Omega| + ln |W| + p, and ln |W| is what the causes leave of ln |S|.
    let trace = solution.discrepancy - given_causes + whole - causes + p as f64;
    Ok(Measures {
        chi_squared,
        degrees,
        p_value: if degrees == 0 { None } else { Some(Law::chi_squared(df)?.sf(chi_squared)) },
        baseline,
        baseline_degrees,
        comparative: if excess == 0.0 { 1.0 } else { 1.0 - excess / worst },
        tucker_lewis,
        approximation: if degrees == 0 { 0.0 } else { libm::sqrt(excess / (n * df)) },
        approximation_interval: approximation_interval(chi_squared, degrees, n, 0.9)?,
        residual: root_mean_square(&data.covariance, &implied),
        log_likelihood: -n / 2.0 * (p as f64 * libm::log(2.0 * std::f64::consts::PI) + given_causes + trace),
        determination: 1.0 - solution.disturbance / eta,
        implied,
    })
}

fn log_determinant(matrix: DMatrix<f64>) -> Option<f64> {
    Some(2.0 * sum(factor(matrix)?.l_dirty().diagonal().iter().map(|d| libm::log(*d))))
}

fn root_mean_square(observed: &DMatrix<f64>, implied: &DMatrix<f64>) -> f64 {
    let size = observed.nrows();
    let squares = (0..size).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|(i, j)| {
        let rest = (observed[(i, j)] - implied[(i, j)]) / libm::sqrt(observed[(i, i)] * observed[(j, j)]);
        rest * rest
    });
    libm::sqrt(sum(squares) / (size * (size + 1) / 2) as f64)
}

/// The interval of RMSEA: noncentralities under which the chi-squared found stands at the upper and at the lower tail.
fn approximation_interval(chi_squared: f64, degrees: usize, n: f64, level: f64) -> Result<[f64; 2], String> {
    if degrees == 0 {
        return Ok([0.0; 2]);
    }
    let df = degrees as f64;
    let ends = [f64::midpoint(1.0, level), (1.0 - level) / 2.0];
    let mut interval = [0.0; 2];
    for (end, p) in interval.iter_mut().zip(ends) {
        *end = libm::sqrt(noncentrality(chi_squared, df, p)? / (n * df));
    }
    Ok(interval)
}

/// The noncentrality under which a chi-squared is at most `x` with probability `p`; 0 where even none gives less.
fn noncentrality(x: f64, df: f64, p: f64) -> Result<f64, String> {
    if noncentral_cdf(x, df, 0.0)? <= p {
        return Ok(0.0);
    }
    let (mut low, mut high) = (0.0, x.max(1.0));
    while noncentral_cdf(x, df, high)? > p {
        (low, high) = (high, 2.0 * high);
    }
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if noncentral_cdf(x, df, middle)? > p {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(f64::midpoint(low, high))
}

/// Chi-squared with `df + 2 J` degrees, J Poisson of mean half the noncentrality; terms outward from the mean of J.
fn noncentral_cdf(x: f64, df: f64, noncentrality: f64) -> Result<f64, String> {
    if noncentrality == 0.0 {
        return Ok(Law::chi_squared(df)?.cdf(x));
    }
    let half = noncentrality / 2.0;
    let middle = libm::floor(half);
    let weight = libm::exp(middle * libm::log(half) - half - libm::lgamma(middle + 1.0));
    let term = |j: f64, weight: f64| Ok::<f64, String>(weight * Law::chi_squared(df + 2.0 * j)?.cdf(x));
    let mut terms = vec![term(middle, weight)?];
    let (mut j, mut up) = (middle, weight);
    while up > 1e-18 {
        j += 1.0;
        up *= half / j;
        terms.push(term(j, up)?);
    }
    let (mut j, mut down) = (middle, weight);
    while j > 0.0 && down > 1e-18 {
        down *= j / half;
        j -= 1.0;
        terms.push(term(j, down)?);
    }
    Ok(sum(terms))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.ncx2.cdf` of scipy 1.17.1.
    #[test]
    fn noncentral_chi_squared_of_scipy() {
        for (x, df, noncentrality, expected) in [
            (78.007_216_6, 11.0, 50.0, 0.870_478_400_584_407_2),
            (3.638_263_8, 2.0, 1e-3, 0.837_686_035_683_166_7),
            (1.0, 1.0, 10.0, 0.015_282_635_860_871_635),
            (900.0, 12.0, 800.0, 0.936_608_338_467_057_4),
        ] {
            let found = noncentral_cdf(x, df, noncentrality).expect("a probability");
            assert!((found / expected - 1.0).abs() < 1e-11, "{found:e}");
        }
    }
}
