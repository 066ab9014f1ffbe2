//! All models of a table at once: which can be estimated, how well they fit, and how many units they leave unseen.
//!
//! A model whose likelihood has no finite maximum is left out: some overlap that it needs is empty. This is decided exactly
//! (see [`poisson_regression`](crate::estimator::numeric::poisson_regression)): an overlap that is a term of the model and
//! empty proves it, a fit that converged to positive expectations disproves it, and linear programming decides the rest.

use super::model::{Lattice, Terms};
use crate::estimator::numeric::poisson_regression::{Design, Matrix, Peak, Workspace, climb, has_finite_maximum};

/// What a model says of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// How many units are on no list: the exponential of the intercept.
    pub unseen: f64,
    /// Its variance where the intercept alone is uncertain, `f0^2 var(b0)`.
    pub variance: f64,
    /// Twice the number of coefficients less twice the logarithm of the likelihood, without the terms `log n!` that all
    /// models of a table share.
    pub aic: f64,
    /// How many coefficients.
    pub parameters: usize,
}

/// Models with room to fit them again and again.
#[derive(Debug, Clone)]
pub struct Search {
    lists: usize,
    terms: Vec<Terms>,
    lattices: Vec<Lattice>,
    /// Where the climb for each model starts: its coefficients for the table that was given last to [`Self::start_from`].
    starts: Vec<Option<Vec<f64>>>,
    work: Workspace,
    coefficients: Vec<f64>,
}

/// Fits for a choice between models need not be finer: it changes AIC by far less than rounding shows.
const ROUGH: f64 = 1e-8;

impl Search {
    /// Of these models on so many lists.
    pub fn new(lists: usize, terms: Vec<Terms>) -> Self {
        let lattices: Vec<Lattice> = terms.iter().map(|terms| Lattice::new(lists, *terms)).collect();
        let columns = lattices.iter().map(Matrix::columns).max().unwrap_or(0);
        let starts = vec![None; terms.len()];
        let work = Workspace::new((1 << lists) - 1, columns);
        Self { lists, terms, lattices, starts, work, coefficients: vec![0.0; columns] }
    }

    /// The models, in order.
    pub fn terms(&self) -> &[Terms] {
        &self.terms
    }

    /// What each model says of the counts; none where it cannot be estimated.
    pub fn findings<'a>(&'a mut self, counts: &'a [f64]) -> impl Iterator<Item = Option<Finding>> + 'a {
        let margins = self.margins(counts);
        let is_full = counts.iter().all(|count| *count > 0.0);
        (0..self.lattices.len()).map(move |model| {
            let peak = self.fit(model, counts, is_full, &margins)?;
            let parameters = self.lattices[model].columns();
            let unseen = libm::exp(self.coefficients[0]);
            let variance = unseen * unseen * self.work.covariance_column(0, parameters)[0];
            let aic = 2.0 * (parameters as f64 - peak.kernel);
            [unseen, variance, aic].iter().all(|x| x.is_finite()).then_some(Finding { unseen, variance, aic, parameters })
        })
    }

    /// Lets later climbs start from the coefficients for these counts.
    pub fn start_from(&mut self, counts: &[f64]) {
        let margins = self.margins(counts);
        let is_full = counts.iter().all(|count| *count > 0.0);
        for model in 0..self.lattices.len() {
            let found = self.fit(model, counts, is_full, &margins).is_some();
            let columns = self.lattices[model].columns();
            self.starts[model] = found.then(|| self.coefficients[..columns].to_vec());
        }
    }

    /// How many units stand on all lists of each set, whatever else they stand on.
    fn margins(&self, counts: &[f64]) -> Vec<f64> {
        (0..1_usize << self.lists)
            .map(|set| (1..=counts.len()).filter(|history| history & set == set).map(|history| counts[history - 1]).sum())
            .collect()
    }

    fn fit(&mut self, model: usize, counts: &[f64], is_full: bool, margins: &[f64]) -> Option<Peak> {
        let lattice = &self.lattices[model];
        if !is_full && lattice.sets().iter().any(|set| margins[usize::from(*set)] == 0.0) {
            return None;
        }
        let Self { starts, work, coefficients, .. } = self;
        let coefficients = &mut coefficients[..lattice.columns()];
        let mut peak = None;
        if let Some(start) = &starts[model] {
            coefficients.copy_from_slice(start);
            peak = climb(lattice, counts, None, coefficients, true, ROUGH, work);
        }
        let peak = peak.or_else(|| climb(lattice, counts, None, coefficients, false, ROUGH, work))?;
        (is_full || peak.is_proof() || has_finite_maximum(&Design::new(&lattice.rows()).ok()?, counts)).then_some(peak)
    }
}
