//! All models of a table at once: which can be estimated, how well they fit, and how many units they leave unseen.
//!
//! A model whose likelihood has no finite maximum is left out: some overlap that it needs is empty. This is decided exactly
//! (see [`poisson_regression`](crate::estimator::numeric::poisson_regression)): an overlap that is a term of the model and
//! empty proves it, a fit that converged to positive expectations disproves it, and linear programming decides the rest.

use std::collections::BTreeMap;

use super::model::{Lattice, Set, Terms};
use crate::estimator::numeric::poisson_regression::{
    Climb, Design, Matrix, Peak, Workspace, climb, has_finite_maximum,
};

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
    /// Where the climb for each model starts: its coefficients for the table of the last [`Self::survey`].
    starts: Vec<Option<Vec<f64>>>,
    /// Whether the likelihood of a model has a finite maximum: it depends on which histories are empty alone.
    verdicts: BTreeMap<(u64, usize), bool>,
    work: Workspace,
    coefficients: Vec<f64>,
}

/// Which histories are empty, as the bits of a word, and how many units stand on all lists of each set.
#[derive(Debug, Clone, PartialEq)]
pub struct Support {
    empty: u64,
    margins: Vec<f64>,
}

/// A fit takes about five steps; one that takes more runs after a maximum that is not there, or is a hard one.
const USUAL_STEPS: usize = 15;
const HARD_STEPS: usize = 200;

/// Fits for a choice between models need not be finer: it changes AIC by far less than rounding shows.
const ROUGH: Climb = Climb { is_warm: false, tolerance: 1e-8, most_steps: USUAL_STEPS };

impl Search {
    /// Of these models on so many lists.
    pub fn new(lists: usize, terms: Vec<Terms>) -> Self {
        let lattices: Vec<Lattice> = terms.iter().map(|terms| Lattice::new(lists, *terms)).collect();
        let columns = lattices.iter().map(Matrix::columns).max().unwrap_or(0);
        let starts = vec![None; terms.len()];
        let work = Workspace::new((1 << lists) - 1, columns);
        Self {
            lists,
            terms,
            lattices,
            starts,
            verdicts: BTreeMap::new(),
            work,
            coefficients: vec![0.0; columns],
        }
    }

    /// The models, in order.
    pub fn terms(&self) -> &[Terms] {
        &self.terms
    }

    /// What each model says of the counts; none where it cannot be estimated. Later climbs start from where these end.
    pub fn survey(&mut self, counts: &[f64]) -> Vec<Option<Finding>> {
        let support = self.support(counts);
        (0..self.lattices.len())
            .map(|model| {
                let finding = self.finding(model, counts, &support);
                let columns = self.lattices[model].columns();
                self.starts[model] = finding.is_some().then(|| self.coefficients[..columns].to_vec());
                finding
            })
            .collect()
    }

    /// Keeps these models, in this order.
    pub fn keep(&mut self, models: &[usize]) {
        self.terms = models.iter().map(|model| self.terms[*model]).collect();
        self.lattices = models.iter().map(|model| self.lattices[*model].clone()).collect();
        self.starts = models.iter().map(|model| self.starts[*model].take()).collect();
        self.verdicts.clear();
    }

    /// What one model says of the counts.
    pub fn finding(&mut self, model: usize, counts: &[f64], support: &Support) -> Option<Finding> {
        if self.lacks(model, support) {
            return None;
        }
        let peak = self.fit(model, counts, support)?;
        let parameters = self.lattices[model].columns();
        let unseen = libm::exp(self.coefficients[0]);
        let variance = unseen * unseen * self.work.covariance_column(0, parameters)[0];
        let aic = 2.0 * (parameters as f64 - peak.kernel);
        let is_number = [unseen, variance, aic].iter().all(|x| x.is_finite());
        is_number.then_some(Finding { unseen, variance, aic, parameters })
    }

    /// Whether an overlap that is a list or a term of the model is empty.
    pub fn lacks(&self, model: usize, support: &Support) -> bool {
        let is_empty = |set: &Set| support.margins[usize::from(*set)] == 0.0;
        support.empty != 0 && self.lattices[model].sets().iter().any(is_empty)
    }

    /// Which histories of a table are empty.
    pub fn support(&self, counts: &[f64]) -> Support {
        let on = |set: usize| {
            (1..=counts.len()).filter(|history| history & set == set).map(|history| counts[history - 1]).sum()
        };
        let is_empty = |place: &usize| counts[*place] == 0.0;
        Support {
            empty: (0..counts.len()).filter(is_empty).fold(0, |bits, place| bits | 1 << place),
            margins: (0..1_usize << self.lists).map(on).collect(),
        }
    }

    fn fit(&mut self, model: usize, counts: &[f64], support: &Support) -> Option<Peak> {
        let Self { starts, verdicts, work, coefficients, lattices, .. } = self;
        let lattice = &lattices[model];
        let key = (support.empty, model);
        if verdicts.get(&key) == Some(&false) {
            return None;
        }
        let coefficients = &mut coefficients[..lattice.columns()];
        let mut peak = None;
        if let Some(start) = &starts[model] {
            coefficients.copy_from_slice(start);
            peak = climb(lattice, counts, None, coefficients, Climb { is_warm: true, ..ROUGH }, work);
        }
        let peak = peak.or_else(|| climb(lattice, counts, None, coefficients, ROUGH, work));
        if support.empty == 0 || peak.is_some_and(|peak| peak.is_proof()) || verdicts.get(&key) == Some(&true)
        {
            return peak;
        }
        let is_finite = Design::new(&lattice.rows()).is_ok_and(|design| has_finite_maximum(&design, counts));
        verdicts.insert(key, is_finite);
        let hard = Climb { most_steps: HARD_STEPS, ..ROUGH };
        if is_finite { peak.or_else(|| climb(lattice, counts, None, coefficients, hard, work)) } else { None }
    }
}
