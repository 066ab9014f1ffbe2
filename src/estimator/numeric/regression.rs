//! Least squares: ordinary, weighted, and with a constant for each group (fixed effects).
//!
//! ```text
//! y = X b + e          b minimises sum w e^2
//! s^2 = sum w e^2 / (n - k - G)          n rows, k columns, G groups with a constant of their own
//! ```
//! The columns are brought to length 1 and taken apart by Householder reflections, with one step of refinement; normal equations
//! are never formed. A constant of each group is taken out as the (weighted) mean of the group, which gives the same
//! coefficients as a column of zeros and ones for each group. The laws of the coefficients are in [`covariance`].
//!
//! # References
//! G. H. Golub, C. F. Van Loan (2013), Matrix Computations, 4th ed., Johns Hopkins University Press, 5.3.
//! Y. Mundlak (1978), On the pooling of time series and cross section data, Econometrica 46(1), 69-85.

use nalgebra::{DMatrix, DVector};

use super::sample::sum;

pub mod covariance;

/// A column of the design, with the name that a message calls it by.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// What it is called.
    pub name: &'a str,
    /// One number a row.
    pub values: &'a [f64],
}

/// What is to be fitted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Problem<'a> {
    /// One number a row, y.
    pub response: &'a [f64],
    /// The columns of X; a constant is one of them, unless groups have constants.
    pub columns: &'a [Column<'a>],
    /// How much each row counts; all alike where there are none.
    pub weights: Option<&'a [f64]>,
    /// The group of each row, where each group has a constant of its own.
    pub groups: Option<&'a [usize]>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// One a column, b.
    pub coefficients: Vec<f64>,
    /// What the fit leaves of each row, not weighted.
    pub residuals: Vec<f64>,
    /// How much each row pulls the fit to itself, from 0 to 1, its group's constant included.
    pub leverages: Vec<f64>,
    /// Residual degrees of freedom, n - k - G.
    pub degrees: f64,
    /// The variance of a row of weight 1, s^2.
    pub variance: f64,
    /// The part of the (weighted) variation of y about its mean, within groups where there are groups, that is explained;
    /// none where y does not vary.
    pub determination: Option<f64>,
    /// How many groups have a constant.
    pub group_count: usize,
    /// The constant of each group, in the order of their first rows; empty without groups.
    pub constants: Vec<f64>,
    /// X as it was fitted: less the means of its groups.
    design: DMatrix<f64>,
    weights: Vec<f64>,
    /// Of (X'WX).
    inverse: DMatrix<f64>,
    /// The place of each row's group among [`Self::constants`].
    groups: Option<Vec<usize>>,
}

/// More numbers than these take too long.
const MOST_NUMBERS: usize = 20_000_000;

/// More columns than these are no model of figures.
const MOST_COLUMNS: usize = 200;

/// A column of length 1 that is nearer than this to what the others make up is one of their combinations.
const NEAREST: f64 = 1e-10;

/// Fits by least squares; refuses in words what has no single answer.
pub fn fit(problem: &Problem<'_>) -> Result<Fit, String> {
    let Problem { response, columns, weights, groups } = *problem;
    check(problem)?;
    let (n, k) = (response.len(), columns.len());
    let weights = weights.map_or_else(|| vec![1.0; n], <[f64]>::to_vec);
    let groups = groups.map(in_order);
    let group_count = groups.as_ref().map_or(0, |groups| groups.iter().max().map_or(0, |last| last + 1));
    let free = n.checked_sub(k + group_count).filter(|free| *free > 0).ok_or_else(|| {
        let constants =
            if group_count > 0 { format!(" and {group_count} constants of groups") } else { String::new() };
        format!(
            "{n} rows cannot tell {k} coefficients{constants}; {} rows are the fewest",
            k + group_count + 1
        )
    })?;
    let within = |values: &[f64]| match &groups {
        Some(groups) => less_group_means(values, &weights, groups, group_count),
        None => values.to_vec(),
    };
    let y = within(response);
    let mut design = DMatrix::zeros(n, k);
    let mut lengths = Vec::with_capacity(k);
    for (j, column) in columns.iter().enumerate() {
        let values = within(column.values);
        let (length, whole) = (length(&values, &weights), length(column.values, &weights));
        if length <= NEAREST * whole {
            return Err(match groups {
                Some(_) => format!("{} does not vary within any group", column.name),
                None => format!("{} is 0 everywhere", column.name),
            });
        }
        lengths.push(length);
        design.set_column(j, &DVector::from_vec(values));
    }
    let roots: Vec<f64> = weights.iter().map(|w| libm::sqrt(*w)).collect();
    let scaled = DMatrix::from_fn(n, k, |i, j| design[(i, j)] * roots[i] / lengths[j]);
    let decomposed = scaled.clone().qr();
    let (q, r) = (decomposed.q(), decomposed.r());
    if let Some(j) = (0..k).find(|j| r[(*j, *j)] <= NEAREST) {
        return Err(combination(columns, &r, j));
    }
    let solve = |y: &[f64]| {
        let target = DVector::from_fn(n, |i, _| y[i] * roots[i]);
        r.solve_upper_triangular(&(q.transpose() * target)).ok_or("the columns cannot be told apart")
    };
    let residuals_of = |b: &DVector<f64>| -> Vec<f64> {
        (0..n).map(|i| y[i] - sum((0..k).map(|j| design[(i, j)] * b[j] / lengths[j]))).collect()
    };
    let mut b = solve(&y)?;
    b += solve(&residuals_of(&b))?;
    let residuals = residuals_of(&b);
    let coefficients: Vec<f64> = (0..k).map(|j| b[j] / lengths[j]).collect();
    let squares = |values: &[f64]| sum(values.iter().zip(&weights).map(|(v, w)| w * v * v));
    let left = squares(&residuals);
    let about_mean =
        if groups.is_some() { squares(&y) } else { squares(&less_group_means(&y, &weights, &vec![0; n], 1)) };
    let degrees = free as f64;
    let constants = groups.as_ref().map_or_else(Vec::new, |groups| {
        let rest: Vec<f64> = (0..n)
            .map(|i| response[i] - sum((0..k).map(|j| columns[j].values[i] * coefficients[j])))
            .collect();
        group_means(&rest, &weights, groups, group_count)
    });
    let root =
        r.solve_upper_triangular(&DMatrix::identity(k, k)).ok_or("the columns cannot be told apart")?;
    let inverse = &root * root.transpose();
    Ok(Fit {
        leverages: leverages(&q, &weights, groups.as_deref(), group_count),
        coefficients,
        residuals,
        degrees,
        variance: left / degrees,
        determination: (about_mean > 0.0).then(|| 1.0 - left / about_mean),
        group_count,
        constants,
        inverse: DMatrix::from_fn(k, k, |i, j| inverse[(i, j)] / (lengths[i] * lengths[j])),
        design,
        weights,
        groups,
    })
}

fn check(problem: &Problem<'_>) -> Result<(), String> {
    let Problem { response, columns, weights, groups } = *problem;
    let n = response.len();
    if n.saturating_mul(columns.len() + 1) > MOST_NUMBERS || columns.len() > MOST_COLUMNS {
        return Err(format!(
            "{n} rows of {} columns are too many; {MOST_NUMBERS} numbers in {MOST_COLUMNS} columns are the most",
            columns.len()
        ));
    }
    let lengths = columns.iter().map(|column| (column.name, column.values.len()));
    let others = [("weights", weights.map(<[f64]>::len)), ("groups", groups.map(<[usize]>::len))];
    let lengths = lengths.chain(others.into_iter().filter_map(|(name, length)| Some((name, length?))));
    for (name, length) in lengths {
        if length != n {
            return Err(format!("{name} has {length} rows, and the response has {n}"));
        }
    }
    let response = Column { name: "the response", values: response };
    for column in columns.iter().chain([&response]) {
        if let Some(row) = column.values.iter().position(|value| !value.is_finite()) {
            return Err(format!("{} is {} in row {}", column.name, column.values[row], row + 1));
        }
    }
    let bad = weights.and_then(|weights| weights.iter().position(|w| !(w.is_finite() && *w > 0.0)));
    match (bad, weights) {
        (Some(row), Some(weights)) => {
            Err(format!("the weight of row {} is {}, and must be positive", row + 1, weights[row]))
        }
        _ => Ok(()),
    }
}

/// Groups numbered from 0 in the order of their first rows.
fn in_order(groups: &[usize]) -> Vec<usize> {
    let mut known = std::collections::BTreeMap::new();
    groups
        .iter()
        .map(|group| {
            let next = known.len();
            *known.entry(*group).or_insert(next)
        })
        .collect()
}

fn group_means(values: &[f64], weights: &[f64], groups: &[usize], count: usize) -> Vec<f64> {
    let mut terms = vec![(Vec::new(), Vec::new()); count];
    for ((value, weight), group) in values.iter().zip(weights).zip(groups) {
        terms[*group].0.push(value * weight);
        terms[*group].1.push(*weight);
    }
    terms.into_iter().map(|(values, weights)| sum(values) / sum(weights)).collect()
}

fn less_group_means(values: &[f64], weights: &[f64], groups: &[usize], count: usize) -> Vec<f64> {
    let mut values = values.to_vec();
    // The second pass takes out what rounding left of a mean that is large beside the variation.
    for _ in 0..2 {
        let means = group_means(&values, weights, groups, count);
        values.iter_mut().zip(groups).for_each(|(value, group)| *value -= means[*group]);
    }
    values
}

fn length(values: &[f64], weights: &[f64]) -> f64 {
    // In units of the largest, so that squares stay numbers.
    let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    largest * libm::sqrt(sum(values.iter().zip(weights).map(|(v, w)| w * (v / largest) * (v / largest))))
}

/// Which columns make up column `j`, by the coefficients of its fit to those before it.
fn combination(columns: &[Column<'_>], r: &DMatrix<f64>, j: usize) -> String {
    let name = columns[j].name;
    let before = r.view((0, 0), (j, j)).solve_upper_triangular(&r.view((0, j), (j, 1)));
    let parts: Vec<&str> = before.map_or_else(Vec::new, |before| {
        (0..j).filter(|i| before[(*i, 0)].abs() > 1e-6).map(|i| columns[i].name).collect()
    });
    if parts.is_empty() {
        format!("{name} says nothing that the other columns do not")
    } else {
        format!("{name} is a combination of {}", parts.join(" and "))
    }
}

fn leverages(q: &DMatrix<f64>, weights: &[f64], groups: Option<&[usize]>, count: usize) -> Vec<f64> {
    let totals = groups.map(|groups| {
        let mut totals = vec![0.0; count];
        groups.iter().zip(weights).for_each(|(group, weight)| totals[*group] += weight);
        totals
    });
    (0..q.nrows())
        .map(|i| {
            let own = match (groups, &totals) {
                (Some(groups), Some(totals)) => weights[i] / totals[groups[i]],
                _ => 0.0,
            };
            (own + sum(q.row(i).iter().map(|part| part * part))).min(1.0)
        })
        .collect()
}

impl Fit {
    /// How many rows.
    pub fn rows(&self) -> usize {
        self.residuals.len()
    }

    /// What each row's response adds to coefficient `j`: the coefficient is the sum of these numbers times y.
    pub fn influence(&self, j: usize) -> Vec<f64> {
        (0..self.rows())
            .map(|i| {
                self.weights[i]
                    * sum((0..self.coefficients.len()).map(|l| self.inverse[(j, l)] * self.design[(i, l)]))
            })
            .collect()
    }

    /// The statistic of Durbin and Watson: 2 where residuals of neighbouring rows are unrelated, less where they are alike.
    /// None where all residuals are 0. Rows are in the order of time, within each group where there are groups.
    pub fn durbin_watson(&self) -> Option<f64> {
        let squares = sum(self.residuals.iter().map(|e| e * e));
        let is_same = |row: usize| self.groups.as_ref().is_none_or(|groups| groups[row] == groups[row - 1]);
        let steps = (1..self.rows()).filter(|row| is_same(*row)).map(|row| {
            let step = self.residuals[row] - self.residuals[row - 1];
            step * step
        });
        (squares > 0.0).then(|| sum(steps) / squares)
    }
}

#[cfg(test)]
mod tests;
