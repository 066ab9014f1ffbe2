//! Balancing of figures that must satisfy linear identities, each moved by as much as its error allows.
//!
//! ```text
//! x* = x - V A'(A V A')^-1 (A x - b)          the figures nearest to x, in units of their errors, with A x* = b
//! V* = V - V A'(A V A')^-1 A V                their covariance
//! Q  = (A x - b)'(A V A')^-1 (A x - b)        chi-squared with rank(A V A') degrees of freedom where the identities hold
//! ```
//!
//! A figure of variance 0 stays where it is. A constraint that follows from others is left out and named. One that no
//! movement of the figures can satisfy is a contradiction: there is no balance then.
//!
//! With V = L L' the figures move by L u, and u is the shortest vector that meets the constraints: the part of it along
//! their normals A L, which are made orthogonal one after another, each twice. That neither squares the condition of the
//! system nor leaves a variance below zero, because V* is the square of what is orthogonal to all normals. All of it is
//! computed with 32 digits: ledgers set thousands of litres beside thousands of millions, and a figure that nobody knows is
//! given an enormous variance.
//!
//! Where figures must not be negative, [`Balance::not_negative`] adds their bounds as constraints one at a time, the most
//! violated first, and gives up those whose multiplier falls to zero (Goldfarb and Idnani). It ends at the one nearest point.
//!
//! # References
//! R. Stone, D. G. Champernowne, J. E. Meade (1942), The precision of national income estimates, Review of Economic Studies
//! 9(2), 111-125.
//! R. P. Byron (1978), The estimation of large social account matrices, Journal of the Royal Statistical Society A 141(3), 359-367.
//! D. Goldfarb, A. Idnani (1983), A numerically stable dual method for solving strictly convex quadratic programs,
//! Mathematical Programming 27, 1-33.

mod basis;
mod bounds;

use self::basis::{Basis, LARGEST, TOLERANCE};
use super::double_double::{DoubleDouble, dot};
use super::law::Law;

/// More figures, or more constraints, are refused: the work grows with the third power of their number.
pub const MOST: usize = 200;

/// What is known of the errors of the figures.
#[derive(Debug, Clone, PartialEq)]
pub enum Errors {
    /// The variance of each figure; the figures are independent.
    Independent(Vec<f64>),
    /// The covariance matrix.
    Joint(Vec<Vec<f64>>),
}

/// An identity of the figures: the sum of each times its coefficient is the total.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// Names it where it contradicts another.
    pub name: String,
    /// One a figure.
    pub coefficients: Vec<f64>,
    /// What they come to.
    pub total: f64,
}

impl Constraint {
    /// What figures lack of the total; negative where they come to more.
    pub fn misclosure(&self, figures: &[f64]) -> f64 {
        self.missing(figures).value()
    }

    fn missing(&self, figures: &[f64]) -> DoubleDouble {
        let terms = self.coefficients.iter().zip(figures);
        let sum: DoubleDouble = terms.map(|(a, x)| DoubleDouble::from(*a) * (*x).into()).sum();
        DoubleDouble::from(self.total) - sum
    }

    /// The size of what is added up: its rounding is what the misclosure may be off by.
    fn size(&self, figures: &[f64]) -> f64 {
        self.total.abs() + self.coefficients.iter().zip(figures).map(|(a, x)| (a * x).abs()).sum::<f64>()
    }
}

/// Errors and constraints, ready to balance figures.
#[derive(Debug, Clone)]
pub struct Balance {
    /// The standard deviations.
    sds: Vec<DoubleDouble>,
    /// By figure: how it moves with u, in units of its standard deviation.
    moves: Vec<Vec<DoubleDouble>>,
    constraints: Vec<Constraint>,
    /// By constraint: the power of two that brings its normal to a size of about one.
    scales: Vec<f64>,
    /// Which constraints are in `normals`.
    kept: Vec<usize>,
    normals: Basis,
    /// The constraints that follow from those kept, each with its coefficients on them.
    implied: Vec<(usize, Vec<DoubleDouble>)>,
}

/// Balanced figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Balanced {
    /// The figures that satisfy the constraints.
    pub figures: Vec<f64>,
    /// How far each was moved.
    pub adjustments: Vec<f64>,
    /// The squared distance that they were moved, in units of their errors.
    pub statistic: f64,
    /// By constraint: half of what the statistic would change with its total; 0 for one that follows from others.
    pub multipliers: Vec<f64>,
}

/// Balanced figures of which some must not be negative.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounded {
    /// With the bounds.
    pub balanced: Balanced,
    /// The figures that would be negative without their bound; they are 0.
    pub binding: Vec<usize>,
    /// By figure: half of what the statistic would change with its bound; positive where it binds, else 0.
    pub bound_multipliers: Vec<f64>,
    /// As if the binding figures were known to be 0. That is less than the truth.
    pub covariance: Vec<Vec<f64>>,
}

impl Balance {
    /// Checks errors and constraints and finds which constraints follow from others.
    pub fn new(errors: &Errors, constraints: Vec<Constraint>) -> Result<Self, String> {
        let (sds, moves) = basis::factor(errors)?;
        check(sds.len(), &constraints)?;
        let mut balance = Self {
            normals: Basis::default(),
            scales: Vec::new(),
            kept: Vec::new(),
            implied: Vec::new(),
            sds,
            moves,
            constraints,
        };
        for place in 0..balance.constraints.len() {
            let normal = balance.normal(place)?;
            let part = balance.normals.split(&normal);
            if part.is_within {
                balance.implied.push((place, part.coefficients));
            } else {
                balance.normals.push(normal, part);
                balance.kept.push(place);
            }
        }
        Ok(balance)
    }

    /// How many figures.
    pub fn size(&self) -> usize {
        self.sds.len()
    }

    /// How many constraints are independent: the degrees of freedom of the statistic.
    pub fn rank(&self) -> usize {
        self.kept.len()
    }

    /// The names of the constraints that follow from others, or that no figure can change.
    pub fn redundant(&self) -> impl Iterator<Item = &str> {
        self.implied.iter().filter_map(|(place, _)| Some(self.constraints.get(*place)?.name.as_str()))
    }

    /// The nearest figures that satisfy the constraints; why there are none, where constraints contradict each other.
    pub fn at(&self, figures: &[f64]) -> Result<Balanced, String> {
        self.check_figures(figures)?;
        let (position, lengths) = self.nearest(figures);
        Ok(self.balanced(figures, &position, &self.normals.on_given(&lengths)))
    }

    /// The covariance of the balanced figures.
    pub fn covariance(&self) -> Vec<Vec<f64>> {
        self.covariance_beside(&self.normals)
    }

    /// The probability that figures whose identities hold are at least as far from them; none without constraints.
    pub fn probability(&self, statistic: f64) -> Option<f64> {
        let law = Law::chi_squared(self.rank() as f64).ok()?;
        Some(law.sf(statistic))
    }

    /// How the constraint changes with u, scaled to a size of about one.
    fn normal(&mut self, place: usize) -> Result<Vec<DoubleDouble>, String> {
        let Constraint { name, coefficients, .. } = &self.constraints[place];
        let reaches: Vec<DoubleDouble> =
            coefficients.iter().zip(&self.sds).map(|(a, sd)| *sd * (*a).into()).collect();
        let largest = reaches.iter().fold(0.0_f64, |most, reach| most.max(reach.value().abs()));
        if largest > LARGEST {
            return Err(format!("the coefficients of the constraint {name} are out of all proportion"));
        }
        // A power of two, so that nothing is rounded; 1 where no figure can move.
        let scale = if largest > 0.0 { libm::scalbn(1.0, libm::ilogb(largest)) } else { 1.0 };
        self.scales.push(scale);
        let entry = |k: usize| {
            let terms = reaches.iter().zip(&self.moves);
            terms.map(|(reach, moves)| *reach / scale.into() * moves[k]).sum()
        };
        Ok((0..self.width()).map(entry).collect())
    }

    /// The length of u.
    fn width(&self) -> usize {
        self.moves.first().map_or(0, Vec::len)
    }

    fn check_figures(&self, figures: &[f64]) -> Result<(), String> {
        if figures.len() != self.size() {
            return Err(format!("{} figures are given for {} errors", figures.len(), self.size()));
        }
        if let Some(figure) = figures.iter().find(|x| x.is_nan() || x.abs() > LARGEST) {
            return Err(format!("a figure is {figure}"));
        }
        for (place, coefficients) in &self.implied {
            self.check_implied(figures, &self.constraints[*place], self.scales[*place], coefficients)?;
        }
        Ok(())
    }

    /// A constraint that follows from others must come to what they say.
    fn check_implied(
        &self,
        figures: &[f64],
        constraint: &Constraint,
        scale: f64,
        coefficients: &[DoubleDouble],
    ) -> Result<(), String> {
        let (mut left, mut size) = (constraint.missing(figures), constraint.size(figures));
        let mut others = Vec::new();
        for (place, coefficient) in self.kept.iter().zip(coefficients) {
            let (other, factor) =
                (&self.constraints[*place], *coefficient * (scale / self.scales[*place]).into());
            left = left - factor * other.missing(figures);
            size += (factor.value() * other.size(figures)).abs();
            if coefficient.value().abs() > TOLERANCE {
                others.push(other.name.as_str());
            }
        }
        if left.value().abs() <= TOLERANCE * size {
            return Ok(());
        }
        let by = in_six_digits(left.value().abs());
        Err(if others.is_empty() {
            format!("no figure of the constraint {} can move, and it is missed by {by}", constraint.name)
        } else {
            format!("the constraint {} contradicts {}, by {by}", constraint.name, others.join(" with "))
        })
    }

    /// The shortest u that meets the constraints, and its lengths along their orthogonal normals.
    fn nearest(&self, figures: &[f64]) -> (Vec<DoubleDouble>, Vec<DoubleDouble>) {
        let wanted: Vec<DoubleDouble> = self
            .kept
            .iter()
            .map(|place| self.constraints[*place].missing(figures) / self.scales[*place].into())
            .collect();
        let lengths = self.normals.lengths(&wanted);
        (self.normals.along(&lengths, self.width()), lengths)
    }

    /// What u makes of the figures; `on_normals` is u as a combination of the constraints' normals.
    fn balanced(&self, figures: &[f64], u: &[DoubleDouble], on_normals: &[DoubleDouble]) -> Balanced {
        let moved: Vec<DoubleDouble> =
            self.moves.iter().zip(&self.sds).map(|(moves, sd)| dot(moves, u) * *sd).collect();
        let mut multipliers = vec![0.0; self.constraints.len()];
        for (place, weight) in self.kept.iter().zip(on_normals) {
            multipliers[*place] = weight.value() / self.scales[*place];
        }
        Balanced {
            figures: figures
                .iter()
                .zip(&moved)
                .map(|(x, by)| (DoubleDouble::from(*x) + *by).value())
                .collect(),
            adjustments: moved.iter().map(|by| by.value()).collect(),
            statistic: dot(u, u).value(),
            multipliers,
        }
    }

    /// What is left of the covariance beside some directions.
    fn covariance_beside(&self, directions: &Basis) -> Vec<Vec<f64>> {
        let free: Vec<Vec<DoubleDouble>> =
            self.moves.iter().map(|moves| directions.split(moves).free()).collect();
        let entry = |i: usize, j: usize| (dot(&free[i], &free[j]) * self.sds[i] * self.sds[j]).value();
        (0..self.size()).map(|i| (0..self.size()).map(|j| entry(i.min(j), i.max(j))).collect()).collect()
    }
}

fn in_six_digits(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

fn check(size: usize, constraints: &[Constraint]) -> Result<(), String> {
    if size > MOST || constraints.len() > MOST {
        return Err(format!(
            "{size} figures with {} constraints are too many to balance, at most {MOST} of each",
            constraints.len()
        ));
    }
    for Constraint { name, coefficients, total } in constraints {
        if coefficients.len() != size {
            return Err(format!(
                "the constraint {name} has {} coefficients for {size} figures",
                coefficients.len()
            ));
        }
        if let Some(number) = coefficients.iter().chain([total]).find(|x| x.is_nan() || x.abs() > LARGEST) {
            return Err(format!("the constraint {name} holds {number}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
