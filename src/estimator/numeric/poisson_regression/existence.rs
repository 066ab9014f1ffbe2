//! Whether the likelihood has a finite maximum.

use super::Design;

/// Whether the likelihood has a finite maximum, by the criterion of Haberman, Fienberg and Rinaldo.
///
/// Sought are `z` with `X'z = 0` and `z_i >= 1` wherever the count is 0; then `n + e z` are positive expectations for a small
/// `e` that meet the equations. Gauss-Jordan elimination takes out the rows with counts, whose `z` is free; what is left is
/// a linear program in the others, solved by the simplex method with Bland's rule.
pub fn has_finite_maximum(design: &Design, counts: &[f64]) -> bool {
    let (p, columns) = (design.columns, design.rows);
    // One equation a coefficient, scaled so that tolerances mean the same in each; one unknown a row of the design.
    let mut equations: Vec<Vec<f64>> = (0..p)
        .map(|j| {
            let column: Vec<f64> = design.rows().map(|row| row[j]).collect();
            let largest = column.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            column.iter().map(|x| if largest > 0.0 { x / largest } else { 0.0 }).collect()
        })
        .collect();
    let mut used = 0;
    for cell in (0..columns).filter(|cell| counts[*cell] > 0.0) {
        let best = (used..p).max_by(|i, j| equations[*i][cell].abs().total_cmp(&equations[*j][cell].abs()));
        let Some(best) = best.filter(|best| equations[*best][cell].abs() > NOTHING) else { continue };
        equations.swap(used, best);
        let pivot = equations[used].clone();
        for equation in &mut equations[used + 1..] {
            let multiple = equation[cell] / pivot[cell];
            if multiple != 0.0 {
                equation.iter_mut().zip(&pivot).for_each(|(x, y)| *x -= multiple * y);
            }
        }
        used += 1;
    }
    let empty: Vec<usize> = (0..columns).filter(|cell| counts[*cell] == 0.0).collect();
    let rest: Vec<Vec<f64>> =
        equations[used..].iter().map(|equation| empty.iter().map(|cell| equation[*cell]).collect()).collect();
    has_solution_from_one(rest)
}

/// Below this an entry is rounding: entries come from numbers near 1 by few eliminations.
const NOTHING: f64 = 1e-9;

/// Whether `A z = 0` has a solution with every `z >= 1`: with `w = z - 1 >= 0`, whether `A w = -A 1` has one.
fn has_solution_from_one(mut equations: Vec<Vec<f64>>) -> bool {
    equations.retain(|equation| equation.iter().any(|x| x.abs() > NOTHING));
    let Some(size) = equations.first().map(Vec::len) else { return true };
    // Phase one of the simplex method: the artificial variable of each equation is in the basis at first.
    for equation in &mut equations {
        let right = -equation.iter().sum::<f64>();
        equation.push(right);
        if right < 0.0 {
            for x in equation.iter_mut() {
                *x = -*x;
            }
        }
    }
    let mut basis: Vec<usize> = (size..size + equations.len()).collect();
    // Bland's rule cannot cycle; the bound is for rounding alone.
    for _ in 0..10_000 {
        let gain = |column: usize| -> f64 {
            equations
                .iter()
                .zip(&basis)
                .filter(|(_, basic)| **basic >= size)
                .map(|(row, _)| row[column])
                .sum()
        };
        if gain(size) <= NOTHING {
            return true;
        }
        let Some(entering) = (0..size).find(|column| !basis.contains(column) && gain(*column) > NOTHING)
        else {
            return false;
        };
        let ratio = |row: usize| equations[row][size] / equations[row][entering];
        let leaving = (0..equations.len())
            .filter(|row| equations[*row][entering] > NOTHING)
            .min_by(|a, b| ratio(*a).total_cmp(&ratio(*b)).then(basis[*a].cmp(&basis[*b])));
        // An artificial sum that falls without end is impossible: it is at least 0.
        let Some(leaving) = leaving else { return false };
        let scale = equations[leaving][entering];
        equations[leaving].iter_mut().for_each(|x| *x /= scale);
        let pivot = equations[leaving].clone();
        for (row, equation) in equations.iter_mut().enumerate() {
            let multiple = equation[entering];
            if row != leaving && multiple != 0.0 {
                equation.iter_mut().zip(&pivot).for_each(|(x, y)| *x -= multiple * y);
            }
        }
        basis[leaving] = entering;
    }
    false
}
