//! Linear equations whose matrix is zero away from its diagonal, by elimination with row exchanges.

/// A factored matrix.
#[derive(Debug, Clone)]
pub(super) struct Banded {
    size: usize,
    /// How far from the diagonal an entry can stand.
    half: usize,
    /// Row by row from `half` left of the diagonal to `2 half` right of it: exchanges move entries to the right.
    rows: Vec<f64>,
    /// The factors that were taken of the pivot's row, and which row was exchanged.
    factors: Vec<f64>,
    exchanged: Vec<usize>,
}

impl Banded {
    /// Factors the sum of entries (row, column, value); none where the matrix is singular to working precision.
    pub(super) fn factor(size: usize, entries: &[(usize, usize, f64)]) -> Option<Self> {
        let half = entries.iter().map(|(i, j, _)| i.abs_diff(*j)).max().unwrap_or(0);
        let width = 3 * half + 1;
        let mut matrix = Self {
            size,
            half,
            rows: vec![0.0; size * width],
            factors: vec![0.0; size * half.max(1)],
            exchanged: vec![0; size],
        };
        for (i, j, value) in entries {
            let place = matrix.place(*i, *j);
            matrix.rows[place] += value;
        }
        let largest = matrix.rows.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        for k in 0..size {
            let last = (k + half).min(size - 1);
            let mut pivot = k;
            for i in k + 1..=last {
                if matrix.at(i, k).abs() > matrix.at(pivot, k).abs() {
                    pivot = i;
                }
            }
            // An entry of a singular matrix comes out as a rounding of its largest.
            if matrix.at(pivot, k).abs() <= 1e-13 * largest {
                return None;
            }
            matrix.exchanged[k] = pivot;
            let end = (k + 2 * half).min(size - 1);
            if pivot != k {
                for j in k..=end {
                    let (a, b) = (matrix.place(k, j), matrix.place(pivot, j));
                    matrix.rows.swap(a, b);
                }
            }
            for i in k + 1..=last {
                let factor = matrix.at(i, k) / matrix.at(k, k);
                matrix.factors[k * half + (i - k - 1)] = factor;
                if factor != 0.0 {
                    for j in k..=end {
                        let (own, of_pivot) = (matrix.place(i, j), matrix.place(k, j));
                        matrix.rows[own] -= factor * matrix.rows[of_pivot];
                    }
                }
            }
        }
        Some(matrix)
    }

    fn place(&self, i: usize, j: usize) -> usize {
        i * (3 * self.half + 1) + (j + self.half - i)
    }

    fn at(&self, i: usize, j: usize) -> f64 {
        self.rows[self.place(i, j)]
    }

    /// Replaces a right-hand side by the solution.
    pub(super) fn solve(&self, right: &mut [f64]) {
        for k in 0..self.size {
            right.swap(k, self.exchanged[k]);
            let last = (k + self.half).min(self.size - 1);
            for i in k + 1..=last {
                right[i] -= self.factors[k * self.half + (i - k - 1)] * right[k];
            }
        }
        for k in (0..self.size).rev() {
            let end = (k + 2 * self.half).min(self.size - 1);
            let known: f64 = (k + 1..=end).map(|j| self.at(k, j) * right[j]).sum();
            right[k] = (right[k] - known) / self.at(k, k);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_zero_on_the_diagonal_is_exchanged() {
        // 2 y = 4 ; 3 x + y = 5
        let system = Banded::factor(2, &[(0, 1, 2.0), (1, 0, 3.0), (1, 1, 1.0)]).expect("regular");
        let mut right = [4.0, 5.0];
        system.solve(&mut right);
        assert!((right[0] - 1.0).abs() < 1e-15 && (right[1] - 2.0).abs() < 1e-15);
        assert!(Banded::factor(2, &[(0, 0, 1.0), (0, 1, 1.0), (1, 0, 1.0), (1, 1, 1.0)]).is_none());
        assert!(Banded::factor(1, &[(0, 0, 0.0)]).is_none());
    }

    proptest! {
        #[test]
        fn a_solution_solves(values in proptest::collection::vec(-1.0..1.0_f64, 60), half in 0_usize..4) {
            let size = 12_usize;
            let entry = |i: usize, j: usize| values[(7 * i + 5 * j) % 60] + if i == j { 1.5 } else { 0.0 };
            let entries: Vec<(usize, usize, f64)> = (0..size)
                .flat_map(|i| (0..size).map(move |j| (i, j)))
                .filter(|(i, j)| i.abs_diff(*j) <= half)
                .map(|(i, j)| (i, j, entry(i, j)))
                .collect();
            let solution: Vec<f64> = (0..size).map(|i| values[i]).collect();
            let mut right = vec![0.0; size];
            for (i, j, value) in &entries {
                right[*i] += value * solution[*j];
            }
            let Some(system) = Banded::factor(size, &entries) else { return Ok(()) };
            system.solve(&mut right);
            prop_assert!(right.iter().zip(&solution).all(|(a, b)| (a - b).abs() < 1e-7));
        }
    }
}
