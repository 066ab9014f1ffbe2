//! The index of one kind of category, products or provenances: where seizures fall against where imports fall.
//!
//! Letters as in the annex of the OECD: reporting economy i, category k, seizures v, imports m.

use crate::estimator::numeric::distribution::Distribution;
use crate::estimator::numeric::sample::sum;

/// What a reporting economy's seizures are weighted by. The annex words it both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// Its share of all imports, `omega_i = m_i / sum m`.
    Economy,
    /// Its share of the category's imports, `omega_ik = m_ik / sum_i m_ik`.
    Category,
}

/// What the variance of the log factors divides by. The annex does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divisor {
    /// The number of categories.
    Count,
    /// One less.
    CountLessOne,
}

/// The first three steps: the counterfeiting factor of each category.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    /// `Gamma_k = sum_i omega gamma_ik`; none where a weight is not defined, because nothing of the category was imported.
    pub intensity: Vec<Option<f64>>,
    /// `s_k`, the category's share of all imports.
    pub import_share: Vec<f64>,
    /// `CP_k = Gamma_k / s_k`; none where nothing of the category was imported.
    pub factor: Vec<Option<f64>>,
}

/// The fourth step: the index of each category.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// The spread of the log factors.
    pub sigma: f64,
    /// How likely a category's goods are counterfeit beside others, from 0 to 1.
    pub gtric: Vec<f64>,
    /// The same beside the category with the highest.
    pub relative_to_max: Vec<f64>,
}

/// The imports that seizures are set against, a row a reporting economy and a column a category.
#[derive(Debug, Clone, PartialEq)]
pub struct Imports {
    cells: Vec<Vec<f64>>,
    by_economy: Vec<f64>,
    by_category: Vec<f64>,
    /// `s_k`.
    shares: Vec<f64>,
}

impl Imports {
    /// Refuses rows of different lengths, amounts below zero, and imports of nothing.
    pub fn new(cells: Vec<Vec<f64>>) -> Result<Self, String> {
        let categories = cells.first().map_or(0, Vec::len);
        check("imports", &cells, cells.len(), categories)?;
        let by_category: Vec<f64> =
            (0..categories).map(|k| sum(cells.iter().map(|economy| economy[k]))).collect();
        let all = sum(by_category.iter().copied());
        if !(all > 0.0 && all.is_finite()) {
            return Err(format!("all imports together are {all}, and must be positive"));
        }
        let by_economy = cells.iter().map(|economy| sum(economy.iter().copied())).collect();
        let shares = by_category.iter().map(|imports| imports / all).collect();
        Ok(Self { cells, by_economy, by_category, shares })
    }

    /// The counterfeiting factors of seizures of the same shape.
    ///
    /// An economy without seizures counts with `gamma = 0` and its weight.
    pub fn factors(&self, seizures: &[Vec<f64>], weights: Weights) -> Result<Factors, String> {
        self.factors_resampled(seizures, weights, &vec![1.0; self.cells.len()])
    }

    /// The same with each economy's seizures counting `times` over; the imports of the world stay as they are.
    pub fn factors_resampled(
        &self,
        seizures: &[Vec<f64>],
        weights: Weights,
        times: &[f64],
    ) -> Result<Factors, String> {
        check("seizures", seizures, self.cells.len(), self.by_category.len())?;
        if times.len() != self.cells.len() {
            return Err(format!("{} of {} economies have a weight", times.len(), self.cells.len()));
        }
        let gamma: Vec<Vec<f64>> = seizures.iter().map(|economy| shares(economy)).collect();
        let mean = |omega: &[f64], whole: f64, k: usize| {
            (whole > 0.0)
                .then(|| sum(omega.iter().zip(&gamma).map(|(omega, gamma)| omega * gamma[k])) / whole)
        };
        let resampled = |imports: &dyn Fn(usize) -> f64| -> (Vec<f64>, f64) {
            let omega: Vec<f64> = times.iter().enumerate().map(|(i, times)| times * imports(i)).collect();
            let whole = sum(omega.iter().copied());
            (omega, whole)
        };
        let categories = 0..self.by_category.len();
        let intensity: Vec<Option<f64>> = match weights {
            Weights::Economy => {
                let (omega, whole) = resampled(&|i| self.by_economy[i]);
                categories.map(|k| mean(&omega, whole, k)).collect()
            }
            Weights::Category => categories
                .map(|k| {
                    let (omega, whole) = resampled(&|i| self.cells[i][k]);
                    mean(&omega, whole, k)
                })
                .collect(),
        };
        let factor = intensity
            .iter()
            .zip(&self.shares)
            .map(|(intensity, share)| intensity.filter(|_| *share > 0.0).map(|intensity| intensity / share));
        Ok(Factors { factor: factor.collect(), intensity, import_share: self.shares.clone() })
    }
}

/// `gamma_k = v_k / sum v`, the shares of one economy's seizures; zeros where it has none.
fn shares(seizures: &[f64]) -> Vec<f64> {
    let all = sum(seizures.iter().copied());
    seizures.iter().map(|seized| if all > 0.0 { seized / all } else { 0.0 }).collect()
}

impl Factors {
    /// The log factors, where the factor of every category is defined.
    pub fn log_factors(&self) -> Option<Vec<f64>> {
        self.factor.iter().map(|factor| factor.map(log_factor)).collect()
    }
}

/// `cp = ln(CP + 1)`, which is 0 for what was never seized.
pub fn log_factor(factor: f64) -> f64 {
    libm::log1p(factor)
}

/// The spread of the log factors; none where there is nothing to divide by.
pub fn sigma(log_factors: &[f64], divisor: Divisor) -> Option<f64> {
    let mu = mean(log_factors)?;
    let squares = sum(log_factors.iter().map(|cp| (cp - mu) * (cp - mu)));
    let over = match divisor {
        Divisor::Count => log_factors.len() as f64,
        Divisor::CountLessOne => log_factors.len() as f64 - 1.0,
    };
    (over > 0.0).then(|| libm::sqrt(squares / over))
}

/// `mu`, the mean of the log factors; none without categories.
pub fn mean(log_factors: &[f64]) -> Option<f64> {
    (!log_factors.is_empty()).then(|| sum(log_factors.iter().copied()) / log_factors.len() as f64)
}

/// The index: the law of a normal variable of the log factors' mean and variance, cut off below 0, at each log factor.
///
/// `GTRIC_k = [Phi((cp_k - mu)/sigma) - Phi(-mu/sigma)] / [1 - Phi(-mu/sigma)]`. None where all log factors are equal, and with
/// fewer than two: there is then no spread to measure a category by.
pub fn index(log_factors: &[f64], divisor: Divisor) -> Option<Index> {
    let mu = mean(log_factors)?;
    let sigma = sigma(log_factors, divisor)?;
    // Equal factors that were computed in different ways differ in their last digits.
    let most = log_factors.iter().copied().fold(0.0, f64::max);
    if !(sigma > 1e-12 * most && sigma.is_finite()) {
        return None;
    }
    let law = Distribution::truncated_normal(mu, sigma, 0.0, f64::INFINITY).ok()?;
    let gtric: Vec<f64> = log_factors.iter().map(|cp| law.cdf(*cp)).collect();
    // Two different numbers from 0 have a positive greater one, at which the law is positive.
    let highest = gtric.iter().copied().fold(0.0, f64::max);
    let relative_to_max = gtric.iter().map(|index| index / highest).collect();
    Some(Index { sigma, gtric, relative_to_max })
}

/// The index of each pair of a product and a provenance: the product of their indices.
pub fn pairs(products: &[f64], provenances: &[f64]) -> Vec<Vec<f64>> {
    products
        .iter()
        .map(|product| provenances.iter().map(|provenance| product * provenance).collect())
        .collect()
}

/// `alpha sum P_kj M_kj`, what a fixed point makes of the indices of all pairs and their imports.
pub fn ceiling(alpha: f64, pairs: &[Vec<f64>], imports: &[Vec<f64>]) -> f64 {
    let rows = pairs.iter().zip(imports);
    alpha * sum(rows.flat_map(|(p, m)| p.iter().zip(m).map(|(p, m)| p * m)))
}

/// The pairs scaled so that the highest is 1; none where all are 0.
pub fn scaled_to_max(pairs: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let highest = pairs.iter().flatten().copied().fold(0.0, f64::max);
    let scale = |row: &Vec<f64>| row.iter().map(|pair| pair / highest).collect();
    (highest > 0.0).then(|| pairs.iter().map(scale).collect())
}

/// Refuses tables that are not of one shape, and amounts that cannot be.
fn check(name: &str, table: &[Vec<f64>], rows: usize, columns: usize) -> Result<(), String> {
    if table.len() != rows || table.iter().any(|row| row.len() != columns) {
        return Err(format!("the {name} are no table of {rows} economies and {columns} categories"));
    }
    match table.iter().flatten().find(|amount| !(**amount >= 0.0 && amount.is_finite())) {
        Some(amount) => Err(format!("the {name} hold {amount}, and must hold numbers from 0")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    fn close(actual: &[f64], expected: &[f64], tolerance: f64) {
        assert_eq!(actual.len(), expected.len());
        for (a, e) in actual.iter().zip(expected) {
            assert!((a - e).abs() <= tolerance, "{actual:?}, expected {expected:?}");
        }
    }

    fn factors(seizures: &[Vec<f64>], imports: &[Vec<f64>], weights: Weights) -> Result<Factors, String> {
        Imports::new(imports.to_vec())?.factors(seizures, weights)
    }

    fn indices(seizures: &[Vec<f64>], imports: &[Vec<f64>]) -> Vec<f64> {
        let factors = factors(seizures, imports, Weights::Economy).expect("a table");
        let log_factors = factors.log_factors().expect("all were imported");
        index(&log_factors, Divisor::CountLessOne).expect("they differ").gtric
    }

    /// Two reporters, three products, two provenances; figures computed by hand from the formulas, six digits.
    #[test]
    fn worked_example() {
        let seized = [vec![(30.0, 10.0), (8.0, 2.0), (0.0, 0.0)], vec![(20.0, 10.0), (1.0, 4.0), (9.0, 6.0)]];
        let imported = [
            vec![(60.0, 40.0), (120.0, 80.0), (200.0, 100.0)],
            vec![(100.0, 50.0), (40.0, 60.0), (30.0, 20.0)],
        ];
        let products = |table: &[Vec<(f64, f64)>]| -> Vec<Vec<f64>> {
            table.iter().map(|rows| rows.iter().map(|(a, b)| a + b).collect()).collect()
        };
        let provenances = |table: &[Vec<(f64, f64)>]| -> Vec<Vec<f64>> {
            let total = |rows: &Vec<(f64, f64)>| rows.iter().fold((0.0, 0.0), |t, r| (t.0 + r.0, t.1 + r.1));
            table.iter().map(total).map(|(a, b)| vec![a, b]).collect()
        };
        let factors = factors(&products(&seized), &products(&imported), Weights::Economy).expect("a table");
        let defined =
            |values: &[Option<f64>]| values.iter().map(|v| v.expect("defined")).collect::<Vec<f64>>();
        close(&defined(&factors.intensity), &[0.733_333, 0.166_667, 0.1], 1e-6);
        close(&factors.import_share, &[0.277_778, 0.333_333, 0.388_889], 1e-6);
        close(&defined(&factors.factor), &[2.64, 0.5, 0.257_143], 1e-6);
        let log_factors = factors.log_factors().expect("all were imported");
        close(&log_factors, &[1.291_984, 0.405_465, 0.228_842], 1e-6);
        close(&[mean(&log_factors).expect("three")], &[0.642_097], 1e-6);
        let p = index(&log_factors, Divisor::CountLessOne).expect("they differ");
        close(&[p.sigma], &[0.569_705], 1e-6);
        close(&p.gtric, &[0.854_060, 0.240_286, 0.119_809], 1e-6);
        let e = indices(&provenances(&seized), &provenances(&imported));
        close(&e, &[0.760_249, 0.239_748], 1e-6);
        let imports: Vec<Vec<f64>> = (0..3)
            .map(|k| vec![imported[0][k].0 + imported[1][k].0, imported[0][k].1 + imported[1][k].1])
            .collect();
        let pairs = pairs(&p.gtric, &e);
        close(&[ceiling(0.2, &pairs, &imports)], &[36.8012], 5e-5);
        let scaled = scaled_to_max(&pairs).expect("some are positive");
        close(&[ceiling(0.2, &scaled, &imports)], &[56.6784], 5e-5);
    }

    #[test]
    fn two_categories_by_hand() {
        // Shares 3/4 and 1/4 of seizures, a half of imports each: CP 1.5 and 0.5, cp ln 2.5 and ln 1.5.
        let cp = [2.5_f64.ln(), 1.5_f64.ln()];
        let (mu, d) = (f64::midpoint(cp[0], cp[1]), (cp[0] - cp[1]) / 2.0);
        let index = index(&cp, Divisor::Count).expect("they differ");
        assert!((index.sigma - d).abs() < 1e-15);
        // (Phi(1) - Phi(-mu/d)) / Phi(mu/d), with Phi of statrs.
        let phi = |z: f64| Normal::standard().cdf(z);
        close(&index.gtric, &[1.0, -1.0].map(|z| (phi(z) - phi(-mu / d)) / phi(mu / d)), 1e-10);
        close(&index.relative_to_max, &[1.0, index.gtric[1] / index.gtric[0]], 1e-15);
    }

    #[test]
    fn what_is_undefined_is_none() {
        assert_eq!(mean(&[]), None);
        for equal in [&[][..], &[0.7], &[0.0, 0.0], &[0.3, 0.1 + 0.2]] {
            assert_eq!(index(equal, Divisor::CountLessOne), None, "{equal:?}");
            assert_eq!(index(equal, Divisor::Count), None, "{equal:?}");
        }
        assert_eq!((sigma(&[0.7], Divisor::Count), sigma(&[0.7], Divisor::CountLessOne)), (Some(0.0), None));
        let seizures = [vec![1.0, 1.0]];
        let not_imported = factors(&seizures, &[vec![5.0, 0.0]], Weights::Category).expect("a table");
        assert_eq!((not_imported.intensity[1], not_imported.factor[1]), (None, None));
        assert_eq!(not_imported.log_factors(), None);
        let by_economy = factors(&seizures, &[vec![5.0, 0.0]], Weights::Economy).expect("a table");
        assert_eq!((by_economy.intensity[1], by_economy.factor[1]), (Some(0.5), None));
        // Without any seizure all factors are 0, and no category stands out.
        let unseized = factors(&[vec![0.0, 0.0]], &[vec![5.0, 3.0]], Weights::Economy).expect("a table");
        assert_eq!(unseized.log_factors(), Some(vec![0.0, 0.0]));
        assert_eq!(scaled_to_max(&[vec![0.0, 0.0]]), None);
    }

    #[test]
    fn tables_that_cannot_be_are_refused() {
        let refused = |seizures: &[Vec<f64>], imports: &[Vec<f64>]| {
            factors(seizures, imports, Weights::Economy).expect_err("no table")
        };
        assert!(refused(&[vec![1.0]], &[vec![1.0, 2.0]]).contains("seizures are no table"));
        assert!(
            refused(&[vec![1.0, 1.0]], &[vec![1.0, 2.0], vec![1.0]]).contains("imports are no table of 2")
        );
        assert!(refused(&[vec![1.0, 1.0]], &vec![vec![1.0, 2.0]; 2]).contains("seizures are no table of 2"));
        assert!(refused(&[vec![-1.0, 1.0]], &[vec![1.0, 2.0]]).contains("-1"));
        assert!(refused(&[vec![1.0, 1.0]], &[vec![0.0, 0.0]]).contains("together are 0"));
        assert!(refused(&[], &[]).contains("together are 0"));
    }

    fn table(economies: usize, categories: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
        prop::collection::vec(prop::collection::vec(0.1..100.0_f64, categories), economies)
    }

    proptest! {
        #[test]
        fn units_and_order_do_not_matter(
            seizures in table(3, 4),
            imports in table(3, 4),
            unit in 1e-3..1e3_f64,
        ) {
            let one = indices(&seizures, &imports);
            prop_assert!(one.iter().all(|index| (0.0..=1.0).contains(index)));
            let scale = |table: &[Vec<f64>], by: &[f64]| -> Vec<Vec<f64>> {
                table.iter().zip(by).map(|(row, by)| row.iter().map(|v| v * by).collect()).collect()
            };
            // Seizures may be in a unit of each economy's own, imports in one of all.
            let other = indices(&scale(&seizures, &[unit, 1.0, 7.0]), &scale(&imports, &[unit; 3]));
            close(&other, &one, 1e-9);
            let turned = |table: &[Vec<f64>]| -> Vec<Vec<f64>> {
                table.iter().rev().map(|row| row.iter().rev().copied().collect()).collect()
            };
            let mut reversed = indices(&turned(&seizures), &turned(&imports));
            reversed.reverse();
            close(&reversed, &one, 1e-9);
        }

        #[test]
        fn a_higher_factor_has_a_higher_index(log_factors in prop::collection::vec(0.0..5.0_f64, 2..9)) {
            let Some(found) = index(&log_factors, Divisor::Count) else { return Ok(()) };
            for (a, x) in log_factors.iter().zip(&found.gtric) {
                for (b, y) in log_factors.iter().zip(&found.gtric) {
                    prop_assert!(a >= b || x <= y);
                }
            }
            prop_assert!(found.relative_to_max.iter().any(|index| *index >= 1.0));
        }

        #[test]
        fn an_economy_that_counts_twice_is_two_economies(seizures in table(2, 4), imports in table(2, 4)) {
            let twice = Imports::new(imports.clone())
                .and_then(|imports| imports.factors_resampled(&seizures, Weights::Economy, &[2.0, 1.0]))
                .expect("a table");
            let copy = |table: &[Vec<f64>]| vec![table[0].clone(), table[0].clone(), table[1].clone()];
            let three = factors(&copy(&seizures), &copy(&imports), Weights::Economy).expect("a table");
            for (a, b) in twice.intensity.iter().zip(&three.intensity) {
                prop_assert!((a.expect("weighted") - b.expect("weighted")).abs() < 1e-12);
            }
        }

        #[test]
        fn one_economy_has_no_weights(seizures in table(1, 5), imports in table(1, 5)) {
            let [economy, category] = [Weights::Economy, Weights::Category]
                .map(|weights| factors(&seizures, &imports, weights).expect("a table"));
            for (a, b) in economy.factor.iter().zip(&category.factor) {
                prop_assert!((a.expect("imported") - b.expect("imported")).abs() < 1e-9);
            }
        }
    }
}
