//! Correlations between quantities, checked, with the factor that turns independent normal scores into correlated ones.

/// A symmetric matrix with a unit diagonal that some law can have.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    matrix: Vec<Vec<f64>>,
    factor: Vec<Vec<f64>>,
}

impl Correlation {
    /// Checks the matrix and factors it (Cholesky; a variable that depends wholly on earlier ones is allowed).
    pub fn new(matrix: Vec<Vec<f64>>) -> Result<Self, String> {
        let size = matrix.len();
        for (i, row) in matrix.iter().enumerate() {
            if row.len() != size {
                return Err(format!(
                    "row {} of the correlations has {} entries, and must have {size}",
                    i + 1,
                    row.len()
                ));
            }
            for (j, value) in row.iter().enumerate() {
                let place = format!("the correlation in row {}, column {} is {value}", i + 1, j + 1);
                if i == j && *value != 1.0 {
                    return Err(format!("{place}, and must be 1"));
                }
                if !(-1.0..=1.0).contains(value) {
                    return Err(format!("{place}, and must lie from -1 to 1"));
                }
                if (value - matrix[j][i]).abs() > 1e-12 {
                    return Err(format!("{place}, but its mirror image is {}", matrix[j][i]));
                }
            }
        }
        let factor = cholesky(&matrix)?;
        Ok(Self { matrix, factor })
    }

    /// No correlation among `size` quantities.
    pub fn none(size: usize) -> Self {
        let unit: Vec<Vec<f64>> =
            (0..size).map(|i| (0..size).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect();
        Self { factor: unit.clone(), matrix: unit }
    }

    /// How many quantities.
    pub fn size(&self) -> usize {
        self.matrix.len()
    }

    /// The correlation of two quantities.
    pub fn of(&self, i: usize, j: usize) -> f64 {
        self.matrix[i][j]
    }

    /// The score of quantity `i` from independent ones.
    pub fn score(&self, i: usize, independent: &[f64]) -> f64 {
        self.factor[i].iter().zip(independent).map(|(weight, score)| weight * score).sum()
    }
}

/// The lower factor of a matrix without negative directions; rounding as large as 1e-10 is forgiven.
fn cholesky(matrix: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, String> {
    let size = matrix.len();
    let slack = 1e-10;
    let impossible = || {
        Err("no quantities can have these correlations together: the matrix is not positive semidefinite"
            .to_owned())
    };
    let mut factor = vec![vec![0.0; size]; size];
    for i in 0..size {
        for j in 0..=i {
            let shared: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            let rest = matrix[i][j] - shared;
            if i == j {
                if rest < -slack {
                    return impossible();
                }
                factor[i][i] = if rest > slack { libm::sqrt(rest) } else { 0.0 };
            } else if factor[j][j] > 0.0 {
                factor[i][j] = rest / factor[j][j];
            } else if rest.abs() > 1e-5 {
                return impossible();
            }
        }
    }
    Ok(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_gives_the_matrix_back() {
        let matrix = vec![vec![1.0, 0.6, -0.2], vec![0.6, 1.0, 0.1], vec![-0.2, 0.1, 1.0]];
        let correlation = Correlation::new(matrix.clone()).expect("a possible matrix");
        for (i, row) in matrix.iter().enumerate() {
            for (j, value) in row.iter().enumerate() {
                let product: f64 = (0..3).map(|k| correlation.factor[i][k] * correlation.factor[j][k]).sum();
                assert!((product - value).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn equal_and_opposite_quantities_are_possible_and_contradictions_are_not() {
        let same = Correlation::new(vec![vec![1.0, 1.0], vec![1.0, 1.0]]).expect("two equal quantities");
        assert!((same.score(1, &[0.7, -3.0]) - 0.7).abs() < 1e-15);
        let contradiction = vec![vec![1.0, 0.9, 0.9], vec![0.9, 1.0, -0.9], vec![0.9, -0.9, 1.0]];
        assert!(
            Correlation::new(contradiction)
                .expect_err("an impossible matrix")
                .contains("positive semidefinite")
        );
        assert!(
            Correlation::new(vec![vec![1.0, 0.5], vec![0.4, 1.0]])
                .expect_err("an impossible matrix")
                .contains("mirror")
        );
        assert!(
            Correlation::new(vec![vec![1.0, 1.5], vec![1.5, 1.0]])
                .expect_err("an impossible matrix")
                .contains("-1 to 1")
        );
        assert!(Correlation::new(vec![vec![2.0]]).expect_err("an impossible matrix").contains("must be 1"));
        assert!(
            Correlation::new(vec![vec![1.0, 0.0]]).expect_err("an impossible matrix").contains("entries")
        );
    }
}
