//! One model of a table, with all that is reported of it.

use super::model::{Lattice, Set, Terms};
use super::table::Table;
use crate::estimator::numeric::normal;
use crate::estimator::numeric::poisson_regression::{self as regression, Design, Fit, NoFit};
use crate::estimator::numeric::unseen::Unseen;

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The terms beside the intercept and the lists.
    pub terms: Terms,
    /// The intercept, the lists and the terms, in the order of the coefficients.
    pub sets: Vec<Set>,
    /// The regression.
    pub fit: Fit,
    /// The units seen.
    pub observed: f64,
}

impl Fitted {
    /// Fits the terms to a table.
    pub fn new(table: &Table, terms: Terms) -> Result<Self, NoFit> {
        let lattice = Lattice::new(table.lists(), terms);
        let fit = regression::fit(&Design::new(&lattice.rows())?, table.counts())?;
        Ok(Self { terms, sets: lattice.sets().to_vec(), fit, observed: table.observed() })
    }

    /// The units on no list, f0.
    pub fn unseen(&self) -> f64 {
        libm::exp(self.fit.coefficients[0])
    }

    /// The law of N, with the variance `f0 + f0^2 var(b0)`: that of the intercept and that of a Poisson count.
    pub fn law(&self) -> Unseen {
        let unseen = self.unseen();
        Unseen {
            observed: self.observed,
            unseen,
            variance: unseen + unseen * unseen * self.fit.covariance[0][0],
        }
    }

    /// The standard error of f0 where the intercept alone is uncertain.
    pub fn conditional_error(&self) -> f64 {
        self.unseen() * libm::sqrt(self.fit.covariance[0][0])
    }

    /// How many coefficients.
    pub fn parameters(&self) -> f64 {
        self.sets.len() as f64
    }

    /// How many cells the table has more than the model has coefficients.
    pub fn degrees(&self) -> f64 {
        self.cells() - self.parameters()
    }

    fn cells(&self) -> f64 {
        self.fit.fitted.len() as f64
    }

    /// Akaike's criterion.
    pub fn aic(&self) -> f64 {
        self.criterion(2.0)
    }

    /// Akaike's criterion with the correction for few cells; none where they are too few.
    pub fn aic_corrected(&self) -> Option<f64> {
        let (p, rest) = (self.parameters(), self.degrees() - 1.0);
        (rest > 0.0).then(|| self.aic() + 2.0 * p * (p + 1.0) / rest)
    }

    /// The Bayesian criterion with the number of cells as the sample's size.
    pub fn bic_of_cells(&self) -> f64 {
        self.criterion(libm::log(self.cells()))
    }

    /// The Bayesian criterion with the number of units seen as the sample's size.
    pub fn bic_of_units(&self) -> f64 {
        self.criterion(libm::log(self.observed))
    }

    /// Twice the logarithm of the likelihood, taken off from what the coefficients cost.
    fn criterion(&self, each: f64) -> f64 {
        each * self.parameters() - 2.0 * self.fit.log_likelihood
    }

    /// The interval `D + exp(b0 -+ z se(b0))`.
    pub fn wald_interval(&self, level: f64) -> [f64; 2] {
        let reach = normal::coverage_factor(level) * libm::sqrt(self.fit.covariance[0][0]);
        [-reach, reach].map(|reach| self.observed + libm::exp(self.fit.coefficients[0] + reach))
    }
}

/// The weights `exp(-difference / 2)` of models by a criterion, which sum to 1.
pub fn weights(criteria: &[f64]) -> Vec<f64> {
    let least = criteria.iter().copied().fold(f64::INFINITY, f64::min);
    let raw: Vec<f64> = criteria.iter().map(|criterion| libm::exp((least - criterion) / 2.0)).collect();
    let total: f64 = raw.iter().sum();
    raw.into_iter().map(|weight| weight / total).collect()
}

/// A mean over models, and its standard error with the spread between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Average {
    /// The weighted mean.
    pub value: f64,
    /// `sum w sqrt(var + (N - mean)^2)`: Buckland, Burnham and Augustin (1997), and Burnham and Anderson (1998).
    pub standard_error: f64,
    /// `sqrt(sum w (var + (N - mean)^2))`: the variance of the mixture of the models.
    pub mixture_error: f64,
}

/// The mean of what models say, each with its variance, by weights that sum to 1.
pub fn average(weights: &[f64], laws: &[(f64, f64)]) -> Average {
    let mean = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        weights.iter().zip(laws).map(|(weight, (value, variance))| weight * of(*value, *variance)).sum()
    };
    let value = mean(&|value, _| value);
    let spread = |other: f64, variance: f64| variance + (other - value) * (other - value);
    Average {
        value,
        standard_error: mean(&|other, variance| libm::sqrt(spread(other, variance))),
        mixture_error: libm::sqrt(mean(&spread)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// HIV in the region of Rome, four reporting centres (Abeni, Brancato and Perucci 1994; `HIV` of Rcapture).
    fn rome() -> Table {
        let counts = [403, 545, 33, 621, 20, 35, 3, 205, 6, 10, 1, 11, 0, 3, 0];
        Table::new(4, counts.map(f64::from).to_vec()).expect("four lists")
    }

    /// Cases of modern slavery in the United Kingdom in 2013: local authorities, other organisations, police, government,
    /// the public and the National Crime Agency, of which the last is joined with the police where `joined`.
    fn slavery(joined: bool) -> Table {
        let names = ["LA", "NG", "PF", "GO", "GP", "NCA"];
        let text = "LA54 NG463 PF907 GO695 GP316 NCA57 LA-NG15 LA-PF19 LA-GO3 NG-PF56 NG-GO19 NG-GP1 NG-NCA3 PF-GO69 \
             PF-GP10 PF-NCA31 GO-GP8 GO-NCA6 GP-NCA1 LA-NG-PF1 LA-NG-GO1 NG-PF-GO4 NG-PF-NCA3 PF-GO-NCA1 LA-NG-PF-GO1";
        let cells: Vec<(Set, f64)> = text
            .split_whitespace()
            .map(|cell| {
                let (history, count) =
                    cell.split_at(cell.find(|c: char| c.is_ascii_digit()).expect("a count"));
                let set = history.split('-').fold(0, |set, list| {
                    let place = names.iter().position(|name| *name == list).expect("a list");
                    set | 1 << if joined && place == 5 { 2 } else { place }
                });
                (set, count.parse().expect("a number"))
            })
            .collect();
        Table::of(if joined { 5 } else { 6 }, &cells).expect("five or six lists")
    }

    fn terms(words: &str) -> Terms {
        let list = |letter: u8| 1 << (letter - b'A');
        Terms::of(words.split_whitespace().map(|word| word.bytes().map(list).fold(0, |set, bit| set | bit)))
    }

    /// As printed: within half of the last digit.
    fn near(found: [f64; 2], printed: [f64; 2], half_digit: f64) {
        let is_near = |(found, printed): (&f64, f64)| (found - printed).abs() <= half_digit;
        assert!(found.iter().zip(printed).all(is_near), "{found:?} {printed:?}");
    }

    #[test]
    fn hiv_in_rome() {
        let rome = rome();
        let pairs = "AB AC AD BC BD CD";
        for (words, total, error, deviance, degrees, aic) in [
            ("", 11_124.58, 904.75, 13.026, 10.0, 90.062),
            ("AB", 12_318.47, 1_188.72, 7.614, 9.0, 86.650),
            (pairs, 23_443.54, 9_594.88, 3.037, 4.0, 92.073),
        ] {
            let fitted = Fitted::new(&rome, terms(words)).expect("a fit");
            let law = fitted.law();
            near([law.total(), law.standard_error()], [total, error], 0.005);
            near([fitted.fit.deviance, fitted.aic()], [deviance, aic], 0.0005);
            assert!((fitted.degrees() - degrees).abs() < 1e-12);
        }
        let main = Fitted::new(&rome, Terms::default()).expect("a fit");
        assert!((main.bic_of_units() - 117.8).abs() < 0.0005);
        // The centres A, C and D have no unit in common, with B or without.
        assert_eq!(Fitted::new(&rome, terms("AC AD CD ACD")), Err(NoFit::NoFiniteMaximum));
    }

    #[test]
    fn modern_slavery_in_the_united_kingdom() {
        let (six, five) = (slavery(false), slavery(true));
        assert!((six.observed() - 2744.0).abs() < 1e-9 && (five.observed() - 2744.0).abs() < 1e-9);
        let of = |table: &Table, terms: Terms| {
            let law = Fitted::new(table, terms).expect("a fit").law();
            [law.total(), law.standard_error()]
        };
        near(of(&six, Terms::default()), [12_214.0, 676.0], 0.5);
        near(of(&five, Terms::default()), [13_444.0, 807.0], 0.5);
        // Local authorities and the public (A and E) share no unit: half of the 1,024 models cannot be estimated.
        let models = super::super::model::hierarchical_models(5, 2);
        let fits: Vec<Fitted> = models.iter().filter_map(|terms| Fitted::new(&five, *terms).ok()).collect();
        assert_eq!(fits.len(), 512);
        let best = |criterion: fn(&Fitted) -> f64| {
            let mut sorted: Vec<&Fitted> = fits.iter().collect();
            sorted.sort_by(|a, b| criterion(a).total_cmp(&criterion(b)));
            [sorted[0].terms, sorted[1].terms]
        };
        let [by_aic, _] = best(Fitted::aic);
        assert_eq!(by_aic, terms("AB AC BD BE CE DE"));
        near(of(&five, by_aic), [11_313.0, 803.0], 0.5);
        let [by_bic, second] = best(Fitted::bic_of_units);
        near(of(&five, by_bic), [22_991.0, 3_022.0], 0.5);
        assert!((of(&five, second)[0] - 12_262.0).abs() < 0.5);
    }

    #[test]
    fn weights_and_means_by_hand() {
        let weights = weights(&[102.0, 100.0]);
        let odds = (-1.0_f64).exp();
        assert!(
            (weights[0] - odds / (1.0 + odds)).abs() < 1e-15 && (weights[0] + weights[1] - 1.0).abs() < 1e-15
        );
        let mean = average(&[0.25, 0.75], &[(10.0, 7.0), (14.0, 3.0)]);
        assert!((mean.value - 13.0).abs() < 1e-15);
        assert!((mean.standard_error - (0.25 * 4.0 + 0.75 * 2.0)).abs() < 1e-12);
        assert!((mean.mixture_error - (0.25 * 16.0 + 0.75 * 4.0_f64).sqrt()).abs() < 1e-12);
    }

    proptest! {
        /// With two lists, independence is Lincoln and Petersen's estimate, and its delta method theirs.
        #[test]
        fn two_lists_are_lincoln_and_petersens(a in 1..500_u16, b in 1..500_u16, m in 1..500_u16) {
            use crate::estimator::two_lists::TwoLists;
            let [a, b, m] = [a, b, m].map(f64::from);
            let table = Table::of(2, &[(0b01, a), (0b10, b), (0b11, m)]).expect("two lists");
            let law = Fitted::new(&table, Terms::default()).expect("a fit").law();
            let petersen = TwoLists::new(a + m, b + m, m).expect("possible").lincoln_petersen().expect("an overlap");
            prop_assert!((law.total() / petersen.total() - 1.0).abs() < 1e-11);
            prop_assert!((law.variance / petersen.variance - 1.0).abs() < 1e-10);
        }

        /// With all pairs, three lists are fitted exactly: f0 is the ratio of the odd to the even cells.
        #[test]
        fn three_lists_with_all_pairs_in_closed_form(counts in prop::collection::vec(1..400_u16, 7)) {
            let n: Vec<f64> = counts.into_iter().map(f64::from).collect();
            let table = Table::new(3, n.clone()).expect("three lists");
            let fitted = Fitted::new(&table, terms("AB AC BC")).expect("a fit");
            let expected = n[0] * n[1] * n[3] * n[6] / (n[2] * n[4] * n[5]);
            prop_assert!((fitted.unseen() / expected - 1.0).abs() < 1e-9);
            let relative: f64 = n.iter().map(|n| 1.0 / n).sum();
            prop_assert!((fitted.conditional_error() / (expected * relative.sqrt()) - 1.0).abs() < 1e-9);
        }

        #[test]
        fn lists_may_come_in_any_order(counts in prop::collection::vec(0..200_u16, 7)) {
            let table = Table::new(3, counts.into_iter().map(f64::from).collect()).expect("three lists");
            let turned = table.reordered(&[1, 2, 0]);
            // A becomes B, B becomes C and C becomes A.
            let one = Fitted::new(&table, terms("AB AC"));
            let other = Fitted::new(&turned, terms("BC AB"));
            match (one, other) {
                (Ok(one), Ok(other)) => prop_assert!((one.unseen() / other.unseen() - 1.0).abs() < 1e-8),
                (one, other) => prop_assert_eq!(one.is_ok(), other.is_ok()),
            }
        }
    }
}
