//! The matrix of weighted products of variables, some of which may follow from others, and its equations.

use crate::estimator::numeric::sample::Running;

/// `sum w x x'` with Cholesky's factor of the variables that do not follow from those before them.
#[derive(Debug, Clone)]
pub(super) struct Products {
    count: usize,
    /// One by the length of each variable, so that all have length 1; 0 where a variable is 0 everywhere.
    units: Vec<f64>,
    /// The variables that count, in order, each with its row of the factor.
    kept: Vec<(usize, Vec<f64>)>,
    /// The others with the variables that they follow from.
    dependent: Vec<(usize, Vec<(usize, f64)>)>,
}

/// A variable follows from others where they leave less than this of its squared length.
const LEAST_REST: f64 = 1e-10;

/// A part smaller than this is rounding.
const LEAST_PART: f64 = 1e-6;

impl Products {
    /// From the rows: the weight of each, and its variables that are not zero.
    pub(super) fn new(
        count: usize,
        rows: impl Iterator<Item = (f64, impl Iterator<Item = (usize, f64)>)>,
    ) -> Self {
        let mut matrix = vec![Running::default(); count * count];
        let mut of_row: Vec<(usize, f64)> = Vec::new();
        for (weight, variables) in rows {
            of_row.clear();
            of_row.extend(variables);
            for (i, x) in &of_row {
                for (j, y) in &of_row {
                    matrix[i * count + j].add(weight * x * y);
                }
            }
        }
        let matrix: Vec<f64> = matrix.into_iter().map(Running::value).collect();
        Self::factor(count, &matrix)
    }

    fn factor(count: usize, matrix: &[f64]) -> Self {
        let length = |place: usize| matrix[place * count + place];
        let units: Vec<f64> = (0..count)
            .map(|place| if length(place) > 0.0 { 1.0 / libm::sqrt(length(place)) } else { 0.0 })
            .collect();
        let mut products = Self { count, units, kept: Vec::new(), dependent: Vec::new() };
        for place in 0..count {
            let mut row: Vec<f64> = Vec::with_capacity(products.kept.len() + 1);
            for (other, earlier) in &products.kept {
                let known: f64 = earlier.iter().zip(&row).map(|(a, b)| a * b).sum();
                let product = matrix[place * count + other] * products.units[place] * products.units[*other];
                row.push((product - known) / earlier[row.len()]);
            }
            let rest = 1.0 - row.iter().map(|part| part * part).sum::<f64>();
            if products.units[place] > 0.0 && rest > LEAST_REST {
                row.push(libm::sqrt(rest));
                products.kept.push((place, row));
            } else if products.units[place] > 0.0 {
                let parts = products.parts(place, row);
                products.dependent.push((place, parts));
            }
        }
        products
    }

    /// How a variable follows from those that count, from its row of the factor.
    fn parts(&self, place: usize, row: Vec<f64>) -> Vec<(usize, f64)> {
        let others = self.kept.iter().map(|(other, _)| *other);
        let parts = self.back(row).into_iter().zip(others).filter(|(part, _)| part.abs() > LEAST_PART);
        parts.map(|(part, other)| (other, part * self.units[other] / self.units[place])).collect()
    }

    /// The last half of solving: backwards through the factor.
    fn back(&self, mut values: Vec<f64>) -> Vec<f64> {
        for i in (0..values.len()).rev() {
            let later: f64 = (i + 1..values.len()).map(|j| self.kept[j].1[i] * values[j]).sum();
            values[i] = (values[i] - later) / self.kept[i].1[i];
        }
        values
    }

    /// The slopes that solve `matrix slopes = right`; 0 for variables that follow from others.
    pub(super) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut values: Vec<f64> = Vec::with_capacity(self.kept.len());
        for (i, (place, row)) in self.kept.iter().enumerate() {
            let known: f64 = row.iter().zip(&values).map(|(a, b)| a * b).sum();
            values.push((right[*place] * self.units[*place] - known) / row[i]);
        }
        let mut slopes = vec![0.0; self.count];
        for ((place, _), value) in self.kept.iter().zip(self.back(values)) {
            slopes[*place] = value * self.units[*place];
        }
        slopes
    }

    /// Whether a variable is 0 in every row that has a weight.
    pub(super) fn is_empty(&self, place: usize) -> bool {
        self.units[place] == 0.0
    }

    /// The variables that follow from others, with what each of those adds to them.
    pub(super) fn dependent(&self) -> &[(usize, Vec<(usize, f64)>)] {
        &self.dependent
    }
}
