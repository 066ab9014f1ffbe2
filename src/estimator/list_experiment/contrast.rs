//! What a list and the direct question say of a weighted sample, with the score of each row for a complex sample's variance.
//!
//! ```text
//! list       tau = Y_1 - Y_0                      weighted means of the answers with and without the sensitive statement
//! combined   mu  = X + (1 - X) (Y_10 - Y_00)      X the part that says yes openly, Y_10 and Y_00 the means of those who do not
//! scores     s_mu = (1 - beta) s_X + (1 - X) (s_10 - s_00),   beta = Y_10 - Y_00
//! ```
//! The combined estimate of Aronow and others weighs the direct answers by the people who admit it, and the list by the others. It has less
//! variance than the list alone, and needs two things more: nobody admits what is not so, and the list changes no direct answer.
//! Two tests look at them: those who say yes must count one more with the statement than without (beta_1 = 1), and
//! equally many must say yes in both groups (delta = 0). Who gives no direct answer counts as one who does not say yes.
//!
//! # References
//! P. M. Aronow, A. Coppock, F. W. Crawford, D. P. Green (2015), Combining List Experiment and Direct Question Estimates of
//! Sensitive Behavior Prevalence, Journal of Survey Statistics and Methodology 3(1), 43-66.

use crate::estimator::numeric::design::linear::{Linear, mean, within};

/// The answers of one list.
#[derive(Debug, Clone, Copy)]
pub struct Answers<'a> {
    /// The weight of each row; 0 where the row is no answer to this list.
    pub weights: &'a [f64],
    /// Whether the row has the sensitive statement in its list.
    pub treated: &'a [bool],
    /// The answer.
    pub count: &'a [f64],
    /// Whether the person says yes openly.
    pub admits: &'a [bool],
}

/// Which rows count.
pub type Inside<'a> = &'a dyn Fn(usize) -> bool;

impl Answers<'_> {
    /// The difference of the means of some values with and without the statement, among some rows.
    pub fn difference(&self, values: &[f64], inside: Inside<'_>) -> Result<Linear, String> {
        let group = |treated: bool| {
            let name = if treated { "with" } else { "without" };
            mean(&within(self.weights, |row| self.treated[row] == treated && inside(row)), values)
                .map_err(|reason| format!("of the people {name} the sensitive statement {reason}"))
        };
        let (one, zero) = (group(true)?, group(false)?);
        Ok(sum_of(one.value - zero.value, &[(1.0, &one), (-1.0, &zero)]))
    }

    /// tau, from the list alone.
    pub fn list(&self) -> Result<Linear, String> {
        self.difference(self.count, &|_| true)
    }

    /// X, the part that says yes openly.
    pub fn direct(&self) -> Result<Linear, String> {
        mean(self.weights, &self.yes())
    }

    /// mu, from the list and the direct answers.
    pub fn combined(&self) -> Result<Linear, String> {
        let direct = self.direct()?;
        let rest = self.difference(self.count, &|row| !self.admits[row])?;
        let value = direct.value + (1.0 - direct.value) * rest.value;
        Ok(sum_of(value, &[(1.0 - rest.value, &direct), (1.0 - direct.value, &rest)]))
    }

    /// beta_1: what the list says of those who say yes openly; 1 if nobody admits what is not so and the list is answered truly.
    pub fn list_of_those_who_admit(&self) -> Result<Linear, String> {
        self.difference(self.count, &|row| self.admits[row])
    }

    /// delta: how many more say yes openly among those with the sensitive statement; 0 if the list changes no direct answer.
    pub fn effect_on_direct(&self) -> Result<Linear, String> {
        self.difference(&self.yes(), &|_| true)
    }

    fn yes(&self) -> Vec<f64> {
        self.admits.iter().map(|admits| f64::from(u8::from(*admits))).collect()
    }
}

/// An estimate that depends on others, with its slopes in them.
pub fn sum_of(value: f64, parts: &[(f64, &Linear)]) -> Linear {
    let rows = parts.first().map_or(0, |(_, part)| part.scores.len());
    let score = |row: usize| parts.iter().map(|(slope, part)| slope * part.scores[row]).sum();
    Linear { value, scores: (0..rows).map(score).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::numeric::design::{Design, Lonely};
    use crate::estimator::numeric::draw::Stream;
    use proptest::prelude::*;

    fn error(estimate: &Linear) -> f64 {
        let design = Design::new(estimate.scores.len(), &[]).expect("a simple sample");
        design.variance(&estimate.scores, Lonely::Refuse).expect("many rows").sqrt()
    }

    /// The closed form of the paper: `[ d(1-mu)^2/(1-d) + (1-d)(v_1/g + v_0/(1-g)) ] / n`, with the divisors n_i - 1 in the v.
    #[test]
    fn the_closed_form_for_simple_samples() {
        let n = 4000;
        // Admits in 1 of 5, has it without admitting in 1 of 8 of the others.
        let admits: Vec<bool> = (0..n).map(|i| i % 5 == 0).collect();
        let treated: Vec<bool> = (0..n).map(|i| (i / 5) % 2 == 0).collect();
        let stream = Stream::new(2, "answers");
        let count: Vec<f64> = (0..n)
            .map(|i| {
                let has = i % 5 == 0 || (i / 10) % 8 == 0;
                (4.0 * stream.uniform(i as u64)).floor() + if treated[i] && has { 1.0 } else { 0.0 }
            })
            .collect();
        let weights = vec![2.5; n];
        let answers = Answers { weights: &weights, treated: &treated, count: &count, admits: &admits };
        let combined = answers.combined().expect("answers");
        let moments = |is_treated: bool| {
            let of: Vec<f64> =
                (0..n).filter(|i| !admits[*i] && treated[*i] == is_treated).map(|i| count[i]).collect();
            let mean = of.iter().sum::<f64>() / of.len() as f64;
            (mean, of.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (of.len() as f64 - 1.0))
        };
        let ((m1, v1), (m0, v0)) = (moments(true), moments(false));
        let d = 0.2;
        let mu = d + (1.0 - d) * (m1 - m0);
        let closed = ((1.0 - mu) * (1.0 - mu) / (1.0 - d) * d + (1.0 - d) * (v1 / 0.5 + v0 / 0.5)) / n as f64;
        assert!((combined.value - mu).abs() < 1e-12);
        assert!(
            (error(&combined) / closed.sqrt() - 1.0).abs() < 2e-3,
            "{} {}",
            error(&combined),
            closed.sqrt()
        );
        assert!(error(&combined) < error(&answers.list().expect("answers")));
        assert!((answers.direct().expect("answers").value - d).abs() < 1e-12);
        assert!((answers.effect_on_direct().expect("answers").value).abs() < 1e-12);
        assert!((answers.list_of_those_who_admit().expect("answers").value - 1.0).abs() < 0.25);
    }

    #[test]
    fn if_nobody_admits_it_the_list_stands_alone() {
        let (weights, count) = ([1.0, 2.0, 3.0, 1.0], [2.0, 3.0, 1.0, 2.0]);
        let answers = Answers {
            weights: &weights,
            treated: &[true, true, false, false],
            count: &count,
            admits: &[false; 4],
        };
        let (list, combined) = (answers.list().expect("answers"), answers.combined().expect("answers"));
        assert!((list.value - (8.0 / 3.0 - 1.25)).abs() < 1e-15);
        assert!((list.value - combined.value).abs() < 1e-15);
        for (one, other) in list.scores.iter().zip(&combined.scores) {
            assert!((one - other).abs() < 1e-15);
        }
        let everyone = Answers { admits: &[true; 4], ..answers };
        assert!(everyone.combined().expect_err("nobody is left").contains("with the sensitive statement"));
        let nobody = Answers { treated: &[true; 4], ..answers };
        assert!(nobody.list().expect_err("no control").contains("without the sensitive statement"));
    }

    proptest! {
        /// The score is the derivative by the row's weight, times the weight.
        #[test]
        fn scores_are_derivatives(
            rows in proptest::collection::vec((0.5..2.0_f64, 0_u8..4, proptest::bool::ANY), 8..16), pick in 0_usize..16,
        ) {
            let treated: Vec<bool> = (0..rows.len()).map(|i| i % 2 == 0).collect();
            let count: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
            let admits: Vec<bool> = rows.iter().enumerate().map(|(i, row)| row.2 && i > 3).collect();
            let pick = pick % rows.len();
            let at = |change: f64| {
                let mut weights: Vec<f64> = rows.iter().map(|row| row.0).collect();
                weights[pick] *= 1.0 + change;
                Answers { weights: &weights, treated: &treated, count: &count, admits: &admits }.combined().expect("answers")
            };
            let slope = (at(1e-5).value - at(-1e-5).value) / 2e-5;
            prop_assert!((slope - at(0.0).scores[pick]).abs() < 1e-7);
        }
    }
}
