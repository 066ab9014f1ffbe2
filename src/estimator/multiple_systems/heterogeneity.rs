//! Models in which some units are found more easily than others, as columns in the number of lists that a unit is on.
//!
//! ```text
//! Poisson(theta)  theta^k - 1        Darroch  k^2 / 2        Gamma(theta)  log theta - log(theta + k)
//! Chao            max(k - j + 1, 0) for j = 3, ..., t: free beyond two lists, so that only a lower bound is left
//! ```
//! They fit about equally well and say very different numbers: data of lists cannot tell them apart (Link 2003).
//!
//! # References
//! S. Baillargeon, L.-P. Rivest (2007), Rcapture: loglinear models for capture-recapture in R, Journal of Statistical Software 19(5).
//! L.-P. Rivest, S. Baillargeon (2007), Applications and extensions of Chao's moment estimator for the size of a closed population, Biometrics 63(4), 999-1006.
//! J. N. Darroch, S. E. Fienberg, G. F. V. Glonek, B. W. Junker (1993), A three-sample multiple-recapture approach to census population estimation with heterogeneous catchability, Journal of the American Statistical Association 88(423), 1137-1148.
//! W. A. Link (2003), Nonidentifiability of population size from capture-recapture data with heterogeneous detection probabilities, Biometrics 59(4), 1123-1130.

use super::model::{Lattice, Set, Terms};
use super::table::Table;
use crate::estimator::numeric::poisson_regression::{self as regression, Design, Fit, NoFit};
use crate::estimator::numeric::unseen::Unseen;

/// How unlike units are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Heterogeneity {
    /// All alike.
    None,
    /// Anything; a lower bound.
    Chao,
    /// A column `theta^k - 1`, usually with 2.
    Poisson(f64),
    /// A column `k^2 / 2`: a normal law of the logit.
    Darroch,
    /// A column `log theta - log(theta + k)`, usually with 3.5: a gamma law of the logit.
    Gamma(f64),
}

/// Whether lists differ in how many units they find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lists {
    /// All find as many: one effect of the number of lists.
    Alike,
    /// Each has its own effect.
    Different,
}

impl Heterogeneity {
    /// What the columns hold for a unit that is on `k` of `t` lists.
    fn columns(self, k: f64, t: usize) -> Vec<f64> {
        match self {
            Self::None => Vec::new(),
            Self::Chao => (3..=t).map(|j| (k - j as f64 + 1.0).max(0.0)).collect(),
            Self::Poisson(theta) => vec![libm::pow(theta, k) - 1.0],
            Self::Darroch => vec![k * k / 2.0],
            Self::Gamma(theta) => vec![libm::log(theta) - libm::log(theta + k)],
        }
    }
}

/// Fits the effects of lists and the columns; units with a history of `apart` are left to coefficients of their own.
pub fn fit(
    table: &Table,
    lists: Lists,
    heterogeneity: Heterogeneity,
    apart: &[Set],
) -> Result<(Unseen, Fit), NoFit> {
    let main = Lattice::new(table.lists(), Terms::default()).rows();
    let rows: Vec<Vec<f64>> = main
        .into_iter()
        .zip(table.cells())
        .map(|(main, (history, _))| {
            let k = f64::from(history.count_ones());
            let mut row = match lists {
                Lists::Alike => vec![1.0, k],
                Lists::Different => main,
            };
            row.extend(heterogeneity.columns(k, table.lists()));
            row.extend(apart.iter().map(|other| if *other == history { 1.0 } else { 0.0 }));
            row
        })
        .collect();
    let fit = regression::fit(&Design::new(&rows)?, table.counts())?;
    let unseen = libm::exp(fit.coefficients[0]);
    let variance = unseen + unseen * unseen * fit.covariance[0][0];
    Ok((Unseen { observed: table.observed(), unseen, variance }, fit))
}

#[cfg(test)]
mod tests {
    use super::Heterogeneity::{Chao, Darroch, Gamma, None, Poisson};
    use super::*;

    /// Snowshoe hares, six occasions: J. Cormack's data in the package Rcapture.
    fn hares() -> Table {
        let histories = "111111:2 110010:1 110001:1 101100:1 101010:1 101000:1 100111:1 100100:2 100010:2 100001:1 \
             100000:3 011111:1 011101:2 011011:1 011001:2 010111:1 010101:3 010100:3 010011:1 010010:3 010001:1 \
             010000:6 001101:1 001011:1 001001:2 001000:5 000111:1 000110:1 000101:4 000100:3 000011:2 000010:4 \
             000001:4";
        let cells: Vec<(Set, f64)> = histories
            .split_whitespace()
            .map(|cell| {
                let (history, count) = cell.split_once(':').expect("a history and a count");
                let set =
                    history.bytes().enumerate().fold(0, |set, (place, digit)| set | (digit - b'0') << place);
                (set, count.parse().expect("a count"))
            })
            .collect();
        Table::of(6, &cells).expect("six lists")
    }

    /// N, its standard error, deviance and AIC, by `glm` of R 4.2.2 on the same columns; to the digits printed also by
    /// Rcapture 1.4-4, whose help says 81.1 (5.7) of Mth Poisson2, where 5.7 is the standard error of Mh Poisson2.
    #[test]
    fn snowshoe_hares() {
        let hares = hares();
        assert!((hares.observed() - 68.0).abs() < 1e-12);
        let aic = |fit: &Fit| 2.0 * (fit.coefficients.len() as f64 - fit.log_likelihood);
        for (lists, heterogeneity, expected) in [
            (
                Lists::Alike,
                None,
                [75.433_618_629_254_21, 3.454_999_953_320_429, 68.516_207_900_643_78, 154.706_624_874_758_7],
            ),
            (
                Lists::Different,
                None,
                [75.066_201_344_929_08, 3.352_330_990_592_571, 58.314_159_071_633_76, 154.504_576_045_748_7],
            ),
            (
                Lists::Alike,
                Poisson(2.0),
                [81.527_047_846_376_66, 5.711_489_584_797_174, 59.107_164_645_100_83, 147.297_581_619_215_8],
            ),
            (
                Lists::Different,
                Poisson(2.0),
                [81.079_281_408_782_75, 5.573_559_071_966_359, 48.136_513_366_962_28, 146.326_930_341_077_2],
            ),
            (
                Lists::Different,
                Darroch,
                [90.464_101_507_154_07, 11.657_899_883_807_31, 50.705_762_265_297_84, 148.896_179_239_412_8],
            ),
            (
                Lists::Different,
                Gamma(3.5),
                [101.553_867_704_799_9, 22.404_871_062_405_12, 51.956_338_029_611_59, 150.146_755_003_726_6],
            ),
            (
                Lists::Different,
                Chao,
                [79.571_457_388_310_02, 6.253_721_201_412_815, 47.115_030_405_784_48, 151.305_447_379_899_4],
            ),
        ] {
            let (law, fit) = fit(&hares, lists, heterogeneity, &[]).expect("a fit");
            // The standard error of glm is that of its last step but one.
            let found = [law.total(), law.standard_error(), fit.deviance, aic(&fit)];
            for ((found, expected), tolerance) in found.iter().zip(expected).zip([1e-9, 1e-8, 1e-9, 1e-9]) {
                assert!((found / expected - 1.0).abs() < tolerance, "{heterogeneity:?} {found} {expected}");
            }
        }
        let (law, without) = fit(&hares, Lists::Different, None, &[0b11_1111]).expect("a fit");
        assert!((law.total() - 76.777_609_454_650_08).abs() < 1e-9);
        assert!((law.standard_error() - 3.911_162_163_955_519).abs() < 1e-7);
        assert!((aic(&without) - 146.084_591_406_294_5).abs() < 1e-9);
    }

    /// With three lists, k^2 / 2 is half the number of lists and the number of pairs: all pairs with one common coefficient.
    #[test]
    fn one_column_for_all_pairs() {
        let counts = vec![312.0, 187.0, 41.0, 96.0, 29.0, 22.0, 11.0];
        let table = Table::new(3, counts.clone()).expect("three lists");
        let rows: Vec<Vec<f64>> = (1..8_u8)
            .map(|history| {
                let on = |list: u8| f64::from(history >> list & 1);
                let pairs = on(0) * on(1) + on(0) * on(2) + on(1) * on(2);
                vec![1.0, on(0), on(1), on(2), pairs]
            })
            .collect();
        let other = regression::fit(&Design::new(&rows).expect("a design"), &counts).expect("a fit");
        let (law, _) = fit(&table, Lists::Different, Darroch, &[]).expect("a fit");
        assert!((law.unseen / libm::exp(other.coefficients[0]) - 1.0).abs() < 1e-11);
        let (bound, _) = fit(&table, Lists::Different, Chao, &[]).expect("a fit");
        let singles = 312.0 * 187.0 + 312.0 * 96.0 + 187.0 * 96.0;
        assert!(bound.unseen > 0.8 * singles / 92.0 && bound.unseen < 1.25 * singles / 92.0);
    }
}
