//! Whether people count the other statements differently once the sensitive one is among them: the test of Blair and Imai.
//!
//! ```text
//! J          how many other statements
//! F_1, F_0   the parts of the treated and of the control group whose answer is at most y
//! pi(y,1) = F_0(y) - F_1(y)       y = 0..J-1    count y of the others, and the sensitive one applies
//! pi(y,0) = F_1(y) - F_0(y-1)     y = 1..J      count y of the others, and it does not
//! ```
//! Without a design effect no pi is negative. For each of the two sets of J cells the distance of the estimates from what is
//! possible, `D = min over x >= 0 of (pi - x)' S^-1 (pi - x)`, has at worst a mixture of chi-squared laws. Cells that lie more than
//! `sqrt(ln n)` standard errors above 0 are left out, because they cannot be what is negative (the moment selection of Andrews
//! and Soares). The p-value is the smaller of the two sets', doubled where both have cells left (Bonferroni).
//!
//! The R package `list` of the same authors compares the cells with their spread in place of their standard errors, and so leaves
//! out nearly every positive one, and doubles always. For their data on race (624 and 589 people, J = 3) it prints 0.0443, and this test
//! gives 0.077. Of lists without a design effect (J = 3, 5 and 8, 400 people a group, 1,000 trials each) this test accuses 4.7, 5.3 and 4.9 % at
//! 5 %, and the rule of the package 2.6, 3.6 and 3.3 %, but 6.0, 6.9 and 8.2 % without the doubling that makes up for it.
//!
//! The groups were made by chance among those who answered, so that weights and clusters of the survey do not enter.
//!
//! # References
//! G. Blair, K. Imai (2012), Statistical Analysis of List Experiments, Political Analysis 20(1), 47-77.
//! D. W. K. Andrews, G. Soares (2010), Inference for Parameters Defined by Moment Inequalities Using Generalized Moment
//! Selection, Econometrica 78(1), 119-157.
//! A. Kudô (1963), A multivariate analogue of the one-sided test, Biometrika 50, 403-418 (the weights of the mixture).
//! C. L. Lawson, R. J. Hanson (1974), Solving Least Squares Problems, chapter 23.

use std::f64::consts::PI;

use nalgebra::{DMatrix, DVector};

use crate::estimator::numeric::draw::{BLOCK, Stream};
use crate::estimator::numeric::law::Law;
use crate::estimator::numeric::sample::sum;

/// Longer lists are no lists that anybody counts.
pub const MOST_ITEMS: usize = 20;

/// How many people gave each answer: the place in a list is the answer.
#[derive(Debug, Clone, Copy)]
pub struct Counts<'a> {
    /// With the sensitive statement: answers 0 to J+1.
    pub treated: &'a [u32],
    /// Without it: answers 0 to J.
    pub control: &'a [u32],
}

/// A cell: the part of people with an answer to the others and the sensitive statement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// How many of the other statements they count, y.
    pub others: usize,
    /// Whether the sensitive one applies.
    pub applies: bool,
    /// The estimated part of all people, pi.
    pub part: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// The test.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignEffect {
    /// All cells: those to whom the sensitive statement applies by their count, then the others.
    pub cells: Vec<Cell>,
    /// The probability of cells as negative as these, if there were no design effect.
    pub p_value: f64,
}

/// The test for a list with `items` other statements; refuses answers that cannot be.
pub fn test(counts: Counts<'_>, items: usize) -> Result<DesignEffect, String> {
    if !(1..=MOST_ITEMS).contains(&items) {
        return Err(format!("the list has {items} other statements, and must have 1 to {MOST_ITEMS}"));
    }
    let treated = Steps::of(counts.treated, items + 1)?;
    let control = Steps::of(counts.control, items)?;
    let applies: Vec<[f64; 2]> = (0..=items).map(|y| [treated.up_to(y), control.up_to(y)]).collect();
    let rest: Vec<[f64; 2]> = (0..=items).map(|y| [treated.up_to(y), control.below(y)]).collect();
    let sizes = [treated.size, control.size];
    let mut cells = Vec::new();
    for (steps, applies) in [(&applies, true), (&rest, false)] {
        for (others, [one, zero]) in steps.iter().enumerate() {
            let part = if applies { zero - one } else { one - zero };
            let standard_error = libm::sqrt(covariance([*one, *zero], [*one, *zero], sizes));
            cells.push(Cell { others, applies, part, standard_error });
        }
    }
    // The last cell of the first set and the first of the second are parts of one group, which cannot be negative.
    let p_values = [probability(&applies[..items], true, sizes), probability(&rest[1..], false, sizes)];
    let sets = p_values.iter().flatten().count();
    let least = p_values.into_iter().flatten().fold(1.0, f64::min);
    let p_value = if sets == 0 { 1.0 } else { (sets as f64 * least).min(1.0) };
    Ok(DesignEffect { cells, p_value })
}

/// The distribution of a group's answers.
struct Steps {
    size: f64,
    up_to: Vec<f64>,
}

impl Steps {
    fn of(counts: &[u32], most: usize) -> Result<Self, String> {
        if let Some(answer) = counts.iter().skip(most + 1).position(|count| *count > 0) {
            return Err(format!("an answer is {}, and must be at most {most}", answer + most + 1));
        }
        let size: f64 = sum(counts.iter().map(|count| f64::from(*count)));
        if size == 0.0 {
            return Err("a group has no answer".to_owned());
        }
        let mut reached = 0.0;
        let up_to = (0..=most)
            .map(|answer| {
                reached += f64::from(counts.get(answer).copied().unwrap_or(0));
                reached / size
            })
            .collect();
        Ok(Self { size, up_to })
    }

    fn up_to(&self, answer: usize) -> f64 {
        self.up_to.get(answer).copied().unwrap_or(1.0)
    }

    fn below(&self, answer: usize) -> f64 {
        answer.checked_sub(1).map_or(0.0, |answer| self.up_to(answer))
    }
}

/// The covariance of two cells of one set, from the parts of both groups up to each.
fn covariance(one: [f64; 2], other: [f64; 2], sizes: [f64; 2]) -> f64 {
    let of = |group: usize| {
        let (low, high) = (one[group].min(other[group]), one[group].max(other[group]));
        low * (1.0 - high) / sizes[group]
    };
    of(0) + of(1)
}

/// The probability of cells as far below 0 as these, if none were negative; none where all are clearly above 0.
fn probability(steps: &[[f64; 2]], applies: bool, sizes: [f64; 2]) -> Option<f64> {
    let part = |[one, zero]: [f64; 2]| if applies { zero - one } else { one - zero };
    let few = libm::sqrt(libm::log(sizes[0] + sizes[1]));
    let mut kept: Vec<[f64; 2]> = Vec::new();
    for step in steps {
        let variance = covariance(*step, *step, sizes);
        if variance <= 0.0 {
            // Both groups stand at 0 or 1 here: nothing to test, or nobody of one group where all of the other are.
            if part(*step) < 0.0 {
                return Some(0.0);
            }
            continue;
        }
        // An answer that nobody gave repeats the cell before it.
        if part(*step) <= few * libm::sqrt(variance) && kept.last() != Some(step) {
            kept.push(*step);
        }
    }
    let size = kept.len();
    if size == 0 {
        return None;
    }
    let cells = DVector::from_iterator(size, kept.iter().map(|step| part(*step)));
    let covariances = DMatrix::from_fn(size, size, |i, j| covariance(kept[i], kept[j], sizes));
    let cholesky = covariances.clone().cholesky()?;
    let precision = cholesky.inverse();
    let nearest = nearest_possible(&precision, &cells);
    let away = &cells - &nearest.place;
    let distance = away.dot(&(&precision * &away)).max(0.0);
    if nearest.positive == size {
        return Some(1.0);
    }
    let weights = weights(&covariances, &cholesky.l(), &precision);
    let tail = |degrees: usize| Law::chi_squared(degrees as f64).map_or(0.0, |law| law.sf(distance));
    // The probability that `degrees` of the cells are held at 0.
    Some(sum(weights.iter().enumerate().skip(1).map(|(degrees, weight)| weight * tail(degrees))).min(1.0))
}

/// How likely it is, where all cells are 0, that so many of them are held at 0 by the nearest possible place.
fn weights(covariances: &DMatrix<f64>, factor: &DMatrix<f64>, precision: &DMatrix<f64>) -> Vec<f64> {
    let size = covariances.nrows();
    let correlation = |m: &DMatrix<f64>, i: usize, j: usize| {
        (m[(i, j)] / libm::sqrt(m[(i, i)] * m[(j, j)])).clamp(-1.0, 1.0)
    };
    match size {
        1 => vec![0.5, 0.5],
        2 => {
            let held = libm::acos(correlation(covariances, 0, 1)) / (2.0 * PI);
            vec![0.5 - held, 0.5, held]
        }
        3 => {
            let pairs = [(0, 1), (0, 2), (1, 2)];
            let angles =
                |at: &dyn Fn(usize, usize) -> f64| sum(pairs.iter().map(|(i, j)| libm::acos(at(*i, *j))));
            let free = (2.0 * PI - angles(&|i, j| correlation(covariances, i, j))) / (4.0 * PI);
            // A partial correlation is that of the inverse, with the other sign.
            let one = (3.0 * PI - angles(&|i, j| -correlation(precision, i, j))) / (4.0 * PI);
            vec![free, one, 0.5 - free, 0.5 - one]
        }
        _ => drawn_weights(factor, precision),
    }
}

/// Draws for the weights of more than three cells, which have no closed form: their error is about 0.003.
const WEIGHT_DRAWS: u64 = 4 * BLOCK;

fn drawn_weights(factor: &DMatrix<f64>, precision: &DMatrix<f64>) -> Vec<f64> {
    let size = factor.nrows();
    let streams: Vec<Stream> = (0..size).map(|i| Stream::new(0, &format!("design effect|{i}"))).collect();
    let mut held = vec![0_u32; size + 1];
    for draw in 0..WEIGHT_DRAWS {
        let scores = DVector::from_iterator(size, streams.iter().map(|stream| stream.normal(draw)));
        held[size - nearest_possible(precision, &(factor * scores)).positive] += 1;
    }
    held.into_iter().map(|count| f64::from(count) / WEIGHT_DRAWS as f64).collect()
}

/// The nearest place without a negative cell.
struct Nearest {
    place: DVector<f64>,
    positive: usize,
}

/// Least squares without negative cells, in the metric of `precision` (Lawson and Hanson).
fn nearest_possible(precision: &DMatrix<f64>, cells: &DVector<f64>) -> Nearest {
    let size = cells.len();
    let wanted = precision * cells;
    let mut place = DVector::zeros(size);
    let mut free: Vec<usize> = Vec::new();
    // Each round frees a cell for good or shortens the distance; there are finitely many sets of cells.
    for _ in 0..10 * size {
        let pull = &wanted - precision * &place;
        let next = (0..size)
            .filter(|i| !free.contains(i))
            .map(|i| (i, pull[i] / libm::sqrt(precision[(i, i)])))
            .filter(|(_, pull)| *pull > 1e-9)
            .max_by(|one, other| one.1.total_cmp(&other.1));
        let Some((next, _)) = next else { break };
        free.push(next);
        loop {
            let target = solve(precision, &wanted, &free);
            let blocked = free
                .iter()
                .zip(target.iter())
                .filter(|(_, target)| **target <= 0.0)
                .map(|(i, target)| place[*i] / (place[*i] - target))
                .fold(f64::INFINITY, f64::min);
            if blocked.is_infinite() {
                free.iter().zip(target.iter()).for_each(|(i, target)| place[*i] = *target);
                break;
            }
            for (i, target) in free.iter().zip(target.iter()) {
                place[*i] += blocked * (target - place[*i]);
            }
            free.retain(|i| place[*i] > 1e-300);
            (0..size).filter(|i| !free.contains(i)).for_each(|i| place[i] = 0.0);
            if free.is_empty() {
                break;
            }
        }
    }
    Nearest { place, positive: free.len() }
}

/// The free cells' best place with the others at 0.
fn solve(precision: &DMatrix<f64>, wanted: &DVector<f64>, free: &[usize]) -> Vec<f64> {
    let part = DMatrix::from_fn(free.len(), free.len(), |i, j| precision[(free[i], free[j])]);
    let right = DVector::from_iterator(free.len(), free.iter().map(|i| wanted[*i]));
    part.cholesky()
        .map_or_else(|| vec![0.0; free.len()], |cholesky| cholesky.solve(&right).as_slice().to_vec())
}

/// How many of the control group count none of the statements, and how many all: there an answer gives the truth away.
pub fn edges(control: &[u32], items: usize) -> Option<[f64; 2]> {
    let size: f64 = sum(control.iter().map(|count| f64::from(*count)));
    let part = |answer: usize| f64::from(control.get(answer).copied().unwrap_or(0)) / size;
    (size > 0.0).then(|| [part(0), part(items)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RACE: Counts<'_> = Counts { treated: &[19, 123, 229, 219, 34], control: &[8, 132, 222, 227] };

    /// The table that the R package `list` prints for its data on race (`ict.test`).
    #[test]
    fn cells_of_the_data_on_race() {
        let found = test(RACE, 3).expect("answers");
        let printed = [
            (-0.0169, 0.0084),
            (0.0101, 0.0243),
            (0.0200, 0.0281),
            (0.0545, 0.0091),
            (0.0304, 0.0069),
            (0.2140, 0.0174),
            (0.3569, 0.0263),
            (0.3309, 0.0220),
        ];
        for (cell, (part, error)) in found.cells.iter().zip(printed) {
            assert!((cell.part - part).abs() < 5.1e-5, "{cell:?}");
            assert!((cell.standard_error - error).abs() < 5.1e-5, "{cell:?}");
        }
        let total: f64 = found.cells.iter().map(|cell| cell.part).sum();
        assert!((total - 1.0).abs() < 1e-12);
        // SciPy 1.17.1: distance 4.060614 by `optimize.nnls`, weights of three cells by 50,000 draws: 0.0770.
        assert!((found.p_value - 0.077).abs() < 0.001, "{}", found.p_value);
    }

    /// The first cell alone, one-sided: the package prints 0.0443 by a t-test, the normal law gives 0.0439.
    #[test]
    fn with_the_positive_cells_left_out_as_the_package_does() {
        let steps = [[19.0 / 624.0, 8.0 / 589.0]];
        let alone = 2.0 * probability(&steps, true, [624.0, 589.0]).expect("a cell");
        assert!((alone - 0.0443).abs() < 5e-4, "{alone}");
    }

    #[test]
    fn weights_by_draws_agree_with_the_closed_forms() {
        let covariances = DMatrix::from_row_slice(3, 3, &[1.0, 0.5, 0.2, 0.5, 2.0, 0.9, 0.2, 0.9, 1.5]);
        let cholesky = covariances.clone().cholesky().expect("positive");
        let closed = weights(&covariances, &cholesky.l(), &cholesky.inverse());
        let drawn = drawn_weights(&cholesky.l(), &cholesky.inverse());
        assert!((sum(closed.iter().copied()) - 1.0).abs() < 1e-12);
        for (one, other) in closed.iter().zip(&drawn) {
            assert!((one - other).abs() < 0.01, "{closed:?} {drawn:?}");
        }
        let two = covariances.view((0, 0), (2, 2)).into_owned();
        let cholesky = two.clone().cholesky().expect("positive");
        let closed = weights(&two, &cholesky.l(), &cholesky.inverse());
        for (one, other) in closed.iter().zip(drawn_weights(&cholesky.l(), &cholesky.inverse())) {
            assert!((one - other).abs() < 0.01, "{closed:?}");
        }
    }

    #[test]
    fn a_gross_design_effect_is_found_and_none_is_not() {
        // The sensitive statement makes people say nothing at all.
        let gross = Counts { treated: &[60, 20, 20], control: &[5, 50, 45] };
        assert!(test(gross, 2).expect("answers").p_value < 1e-6);
        // A part of 0.2 added to everybody's count, independently.
        let none = Counts { treated: &[80, 180, 340, 320, 80], control: &[100, 200, 400, 300] };
        assert!(test(none, 3).expect("answers").p_value > 0.9);
        // Nobody of the treated is where all of the control group are.
        let certain = Counts { treated: &[5, 0], control: &[0, 5] };
        assert!(test(certain, 1).expect("answers").p_value == 0.0);
    }

    #[test]
    fn answers_that_nobody_gives_do_not_hurt() {
        let gaps = Counts { treated: &[10, 0, 0, 20, 0, 3], control: &[12, 0, 0, 18] };
        let found = test(gaps, 4).expect("answers");
        assert!(found.p_value > 0.0 && found.p_value <= 1.0);
        let same = Counts { treated: &[0, 7], control: &[0, 7] };
        assert!((test(same, 3).expect("answers").p_value - 1.0).abs() < 1e-15);
    }

    #[test]
    fn answers_that_cannot_be_are_refused() {
        assert!(test(Counts { treated: &[1, 1, 1], control: &[1] }, 1).is_ok());
        assert!(
            test(Counts { treated: &[1], control: &[1, 1, 1] }, 1).expect_err("two of one").contains("is 2")
        );
        assert!(test(Counts { treated: &[], control: &[1] }, 1).expect_err("nobody").contains("no answer"));
        assert!(test(RACE, 0).is_err() && test(RACE, 21).is_err());
        assert_eq!(edges(&[3, 0, 1], 2), Some([0.75, 0.25]));
        assert_eq!(edges(&[], 2), None);
    }

    /// 600 experiments without a design effect, in the worst case that all tested cells are 0: at most 5 % are accused.
    #[test]
    fn the_level_is_held() {
        let mut accused = 0;
        for world in 0..600 {
            let stream = Stream::new(world, "world");
            let draw = |offset: u64, n: u64| {
                let mut counts = vec![0_u32; 4];
                for i in 0..n {
                    let u = stream.uniform(offset + i);
                    counts[usize::from(u > 0.2) + usize::from(u > 0.55) + usize::from(u > 0.9)] += 1;
                }
                counts
            };
            let (treated, control) = (draw(0, 200), draw(1000, 200));
            let found = test(Counts { treated: &treated, control: &control }, 3).expect("answers");
            accused += u32::from(found.p_value < 0.05);
        }
        assert!(accused < 45, "{accused} of 600");
    }

    proptest! {
        #[test]
        fn the_nearest_place_is_possible_and_nearest(
            cells in proptest::collection::vec(-2.0..2.0_f64, 2..7), mixing in proptest::collection::vec(-1.0..1.0_f64, 49),
            other in proptest::collection::vec(0.0..2.0_f64, 7),
        ) {
            let size = cells.len();
            let mix = DMatrix::from_fn(size, size, |i, j| mixing[7 * i + j]);
            let precision = &mix * mix.transpose() + DMatrix::identity(size, size) * 0.1;
            let cells = DVector::from_vec(cells);
            let nearest = nearest_possible(&precision, &cells);
            prop_assert!(nearest.place.iter().all(|cell| *cell >= 0.0));
            let far = |place: &DVector<f64>| { let away = &cells - place; away.dot(&(&precision * &away)) };
            let other = DVector::from_iterator(size, other.into_iter().take(size));
            prop_assert!(far(&nearest.place) <= far(&other) + 1e-9);
        }
    }
}
