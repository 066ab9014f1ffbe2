//! Several products, brought to litres of pure alcohol by their strength and added.
//!
//! Products are independent. The overall share is that of the sums, not a mean of shares.

use super::gap::{self, Figures, Gap, Measured, measure};
use crate::estimator::numeric::correlation::Correlation;
use crate::estimator::numeric::first_order::standard_uncertainty;
use crate::estimator::numeric::normal;
use crate::estimator::numeric::sample::sum;

/// A product: its figures by volume and its strength.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Alcohol by volume, as a fraction.
    pub strength: f64,
    /// In litres of the product.
    pub figures: Figures,
}

/// What comes out for all products together, in litres of pure alcohol.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// Each product by itself.
    pub products: Vec<Gap>,
    /// Consumption.
    pub total: f64,
    /// Legal supply.
    pub legal: f64,
    /// Consumption less legal supply.
    pub gap: Measured,
    /// The gap as a share of consumption; none where that is not positive.
    pub share: Option<Measured>,
    /// Gaps cut at 0 before they are added, which is at least the bounded gap.
    pub sum_of_bounded: f64,
}

/// Adds up products, with intervals that hold the probability `level`.
pub fn assess(products: &[Product], level: f64) -> Together {
    let z = normal::coverage_factor(level);
    let each: Vec<Gap> =
        products.iter().map(|product| gap::assess(&in_pure_alcohol(product), level)).collect();
    let total = sum(each.iter().map(|product| product.total.0));
    let legal = sum(products.iter().map(|product| product.strength * product.figures.legal));
    let gap_value = sum(each.iter().map(|product| product.gap.value));
    let gap_error = error(each.iter().map(|product| product.gap.standard_error));
    let share = (total > 0.0).then(|| {
        let errors = products.iter().map(|product| {
            let pure = in_pure_alcohol(product);
            // share = 1 - legal / total, and only this product's figures move.
            let slope_of_total = legal / (total * total);
            let gradient = [pure.uplift * slope_of_total, pure.survey * slope_of_total, -1.0 / total];
            standard_uncertainty(&gradient, &pure.standard_errors, &pure.correlation)
        });
        measure(1.0 - legal / total, error(errors), z, 1.0)
    });
    Together {
        total,
        legal,
        gap: measure(gap_value, gap_error, z, f64::INFINITY),
        share,
        sum_of_bounded: sum(each.iter().map(|product| product.gap.bounded)),
        products: each,
    }
}

/// The standard error of a sum of independent parts.
fn error(parts: impl Iterator<Item = f64>) -> f64 {
    let parts: Vec<f64> = parts.collect();
    standard_uncertainty(&vec![1.0; parts.len()], &parts, &Correlation::none(parts.len()))
}

/// Survey and legal supply times the strength; the uplift has no unit.
fn in_pure_alcohol(product: &Product) -> Figures {
    let Product { strength, figures } = product;
    let [survey, uplift, legal] = figures.standard_errors;
    Figures {
        survey: figures.survey * strength,
        legal: figures.legal * strength,
        standard_errors: [survey * strength, uplift, legal * strength],
        ..figures.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(strength: f64, survey: f64, legal: f64) -> Product {
        let figures = Figures {
            survey,
            uplift: 1.0,
            legal,
            standard_errors: [survey / 10.0, 0.0, 0.0],
            correlation: Correlation::none(3),
        };
        Product { strength, figures }
    }

    #[test]
    fn one_product_is_itself_and_a_surplus_does_not_hide_in_the_bounded_sum() {
        let alone = assess(&[product(0.4, 100.0, 80.0)], 0.95);
        assert_eq!(alone.share, alone.products[0].share.as_ref().map(|share| share.measured));
        let both = assess(&[product(0.4, 100.0, 80.0), product(0.05, 100.0, 160.0)], 0.95);
        assert!((both.gap.value - 5.0).abs() < 1e-12 && (both.sum_of_bounded - 8.0).abs() < 1e-12);
        assert!((both.gap.standard_error - (16.0_f64 + 0.25).sqrt()).abs() < 1e-12);
    }
}
