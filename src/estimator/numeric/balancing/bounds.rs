//! Balancing with figures that must not be negative: the dual active-set method of Goldfarb and Idnani.

use super::basis::{Basis, Split, TOLERANCE};
use super::{Balance, Bounded};
use crate::estimator::numeric::double_double::{DoubleDouble, dot};

/// A bound may be missed by this part of what it is computed from, which is the rounding of 32 digits.
const ROUNDING: f64 = 1e-26;

/// The point on its way, with the bounds that hold it.
struct Search<'a> {
    balance: &'a Balance,
    figures: &'a [f64],
    /// The normals of the constraints, then of the active bounds.
    normals: Basis,
    u: Vec<DoubleDouble>,
    /// The point as a combination of the constraints' normals.
    on_constraints: Vec<DoubleDouble>,
    /// The active bounds with their multipliers, in the units of u.
    active: Vec<(usize, DoubleDouble)>,
}

impl Balance {
    /// The nearest figures that satisfy the constraints and of which some, one flag a figure, are not negative.
    ///
    /// Their statistic has no chi-squared law; that of [`Self::at`] tests the identities.
    pub fn not_negative(&self, figures: &[f64], is_bounded: &[bool]) -> Result<Bounded, String> {
        self.check_figures(figures)?;
        if is_bounded.len() != self.size() {
            return Err(format!("{} bounds are given for {} figures", is_bounded.len(), self.size()));
        }
        let is_free = |i: usize| self.sds[i] > DoubleDouble::ZERO;
        for (i, figure) in figures.iter().enumerate().filter(|(i, _)| is_bounded[*i]) {
            if !is_free(i) && *figure < 0.0 {
                return Err(format!("figure {} is {figure} without error, and must not be negative", i + 1));
            }
        }
        let bounded: Vec<usize> = (0..self.size()).filter(|i| is_bounded[*i] && is_free(*i)).collect();
        let (u, lengths) = self.nearest(figures);
        let mut search = Search {
            on_constraints: self.normals.on_given(&lengths),
            normals: self.normals.clone(),
            active: Vec::new(),
            balance: self,
            figures,
            u,
        };
        let mut met = vec![false; self.size()];
        // Each bound is taken in at most a few times; more would mean that rounding leads in a circle.
        for _ in 0..10 * (bounded.len() + 1) {
            let Some(worst) = search.most_violated(&bounded, &met) else { return Ok(search.end()) };
            if search.take_in(worst)? {
                met[worst] = true;
            } else {
                // The point has moved, and what held before need not hold now.
                met.fill(false);
            }
        }
        Err("no figures were found that satisfy the bounds within the steps that are allowed".to_owned())
    }
}

impl Search<'_> {
    /// The bounded figure in units of its standard deviation, and the size of what it is computed from.
    fn height(&self, i: usize) -> (DoubleDouble, f64) {
        let start = DoubleDouble::from(self.figures[i]) / self.balance.sds[i];
        let moves = &self.balance.moves[i];
        let size: f64 = moves.iter().zip(&self.u).map(|(a, b)| (a.value() * b.value()).abs()).sum();
        (start + dot(moves, &self.u), start.value().abs() + size)
    }

    fn most_violated(&self, bounded: &[usize], met: &[bool]) -> Option<usize> {
        let is_active = |i: usize| self.active.iter().any(|(other, _)| *other == i);
        let mut worst: Option<(usize, DoubleDouble)> = None;
        for i in bounded.iter().copied().filter(|i| !met[*i] && !is_active(*i)) {
            let (height, size) = self.height(i);
            if height.value() < -ROUNDING * size && worst.is_none_or(|(_, lowest)| height < lowest) {
                worst = Some((i, height));
            }
        }
        worst.map(|(i, _)| i)
    }

    /// Moves until the bound holds, giving up others on the way; true where it already held as well as figures can tell.
    fn take_in(&mut self, i: usize) -> Result<bool, String> {
        let mut multiplier = DoubleDouble::ZERO;
        loop {
            let normal = &self.balance.moves[i];
            let split = self.normals.split(normal);
            let constraints = self.balance.rank();
            let (height, size) = self.height(i);
            // How far until the first active bound lets go.
            let loosened = self
                .active
                .iter()
                .zip(&split.coefficients[constraints..])
                .enumerate()
                .filter(|(_, (_, fall))| fall.value() > TOLERANCE)
                .map(|(place, ((_, held), fall))| (place, *held / *fall))
                .min_by(|(_, a), (_, b)| a.value().total_cmp(&b.value()));
            let squared = dot(&split.remainder, &split.remainder);
            let reached = (!split.is_within).then(|| -height / squared);
            let (step, dropped) = match (reached, loosened) {
                (None, None) if height.value() >= -TOLERANCE * size => return Ok(true),
                (None, None) => return Err(self.contradiction(i, &split)),
                (Some(step), None) => (step, None),
                (None, Some((place, step))) => (step, Some(place)),
                (Some(reached), Some((place, step))) => {
                    if step < reached {
                        (step, Some(place))
                    } else {
                        (reached, None)
                    }
                }
            };
            multiplier = multiplier + step;
            for (weight, part) in self.on_constraints.iter_mut().zip(&split.coefficients) {
                *weight = *weight - step * *part;
            }
            for ((_, held), part) in self.active.iter_mut().zip(&split.coefficients[constraints..]) {
                *held = *held - step * *part;
            }
            if !split.is_within {
                for (part, direction) in self.u.iter_mut().zip(&split.remainder) {
                    *part = *part + step * *direction;
                }
            }
            let Some(place) = dropped else {
                self.active.push((i, multiplier));
                self.normals.push(normal.clone(), split);
                return Ok(false);
            };
            self.active.remove(place);
            self.normals = self.balance.normals.clone();
            for (other, _) in &self.active {
                let normal = &self.balance.moves[*other];
                let split = self.normals.split(normal);
                self.normals.push(normal.clone(), split);
            }
        }
    }

    /// The constraints whose combination leaves the bounded figure negative whatever the others are.
    fn contradiction(&self, i: usize, split: &Split) -> String {
        let kept = self.balance.kept.iter().zip(&split.coefficients);
        let names: Vec<&str> = kept
            .filter(|(_, weight)| weight.value().abs() > TOLERANCE)
            .map(|(place, _)| self.balance.constraints[*place].name.as_str())
            .collect();
        let satisfied = if names.is_empty() { "the covariances".to_owned() } else { names.join(" with ") };
        format!("no figures that are not negative satisfy {satisfied}: figure {} would have to be", i + 1)
    }

    fn end(self) -> Bounded {
        let mut balanced = self.balance.balanced(self.figures, &self.u, &self.on_constraints);
        let mut bound_multipliers = vec![0.0; self.figures.len()];
        for (i, multiplier) in &self.active {
            bound_multipliers[*i] = (*multiplier / self.balance.sds[*i]).value();
            balanced.figures[*i] = 0.0;
            balanced.adjustments[*i] = -self.figures[*i];
        }
        let mut binding: Vec<usize> = self.active.iter().map(|(i, _)| *i).collect();
        binding.sort_unstable();
        Bounded {
            binding,
            bound_multipliers,
            covariance: self.balance.covariance_beside(&self.normals),
            balanced,
        }
    }
}
