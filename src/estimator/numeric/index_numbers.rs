//! Index numbers: how prices, or quantities, of many items changed together.
//!
//! ```text
//! p0, q0 prices and quantities of the base, p, q of the other period ; s0, s shares of the items in the value
//! Laspeyres          sum p q0 / sum p0 q0
//! Paasche            sum p q / sum p0 q
//! Fisher             sqrt(Laspeyres Paasche)
//! Tornqvist          exp sum (s0 + s)/2 ln(p / p0)
//! Walsh              sum p sqrt(q0 q) / sum p0 sqrt(q0 q)
//! Marshall-Edgeworth sum p (q0 + q) / sum p0 (q0 + q)
//! Carli mean (p / p0) ; Dutot sum p / sum p0 ; Jevons (product of p / p0)^(1/n)
//! ```
//! An index of quantities is the same with prices and quantities exchanged; Fisher's two multiply to the ratio of values.
//! A chained index multiplies the steps from period to period. It follows new items and drifts where prices bounce:
//! a price that falls and rises again to where it was need not leave a chained index at 1.
//!
//! An item with weight 0 in a sum takes no part, whether or not its price is known. An item that takes part and whose price is
//! unknown, or a ratio to nothing, leaves the index undefined.
//!
//! # References
//! International Labour Office, International Monetary Fund and others (2004), Consumer Price Index Manual: Theory and Practice, chapters 1, 15 to 17 and 20.

use super::sample::sum;

/// How items are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula {
    /// By the quantities of the base.
    Laspeyres,
    /// By the quantities of the other period.
    Paasche,
    /// The geometric mean of both.
    Fisher,
    /// By the mean share in the value, ratios multiplied.
    Tornqvist,
    /// By the geometric mean of the quantities.
    Walsh,
    /// By the mean of the quantities.
    MarshallEdgeworth,
    /// Not at all: the mean of the ratios.
    Carli,
    /// Not at all: the ratio of the sums.
    Dutot,
    /// Not at all: the geometric mean of the ratios.
    Jevons,
}

/// Prices and quantities of the same items in one period; NaN where unknown.
#[derive(Debug, Clone, Copy)]
pub struct Basket<'a> {
    prices: &'a [f64],
    quantities: &'a [f64],
}

impl<'a> Basket<'a> {
    /// Refuses negative and infinite figures and lists of different lengths.
    pub fn new(prices: &'a [f64], quantities: &'a [f64]) -> Result<Self, String> {
        if prices.len() != quantities.len() || prices.is_empty() {
            return Err(format!("there are {} prices and {} quantities", prices.len(), quantities.len()));
        }
        match prices.iter().chain(quantities).find(|figure| **figure < 0.0 || figure.is_infinite()) {
            Some(figure) => Err(format!("a price or quantity is {figure}, and must be a number from 0")),
            None => Ok(Self { prices, quantities }),
        }
    }

    /// Prices and quantities exchanged, for an index of quantities.
    #[must_use]
    pub fn exchanged(self) -> Self {
        Self { prices: self.quantities, quantities: self.prices }
    }

    /// What the items are worth.
    pub fn value(self) -> Option<f64> {
        weighed(self.prices, self.quantities.iter().copied())
    }
}

/// The index of `now` where `base` is 1; none where it is undefined or the baskets hold different numbers of items.
pub fn index(formula: Formula, base: Basket<'_>, now: Basket<'_>) -> Option<f64> {
    if base.prices.len() != now.prices.len() {
        return None;
    }
    let quantities = || base.quantities.iter().zip(now.quantities);
    let result = match formula {
        Formula::Laspeyres => fixed(base, now, base.quantities.iter().copied())?,
        Formula::Paasche => fixed(base, now, now.quantities.iter().copied())?,
        Formula::Fisher => {
            let both = [Formula::Laspeyres, Formula::Paasche].map(|formula| index(formula, base, now));
            libm::sqrt(both[0]?) * libm::sqrt(both[1]?)
        }
        Formula::Walsh => fixed(base, now, quantities().map(|(a, b)| libm::sqrt(*a) * libm::sqrt(*b)))?,
        Formula::MarshallEdgeworth => fixed(base, now, quantities().map(|(a, b)| a + b))?,
        Formula::Tornqvist => tornqvist(base, now)?,
        Formula::Dutot => fixed(base, now, base.prices.iter().map(|_| 1.0))?,
        Formula::Carli => sum(ratios(base, now)) / base.prices.len() as f64,
        Formula::Jevons => libm::exp(sum(ratios(base, now).map(libm::log)) / base.prices.len() as f64),
    };
    result.is_finite().then_some(result)
}

/// The indices of all periods where the period `base` is 1, each compared with it directly.
pub fn from_base(formula: Formula, periods: &[Basket<'_>], base: usize) -> Vec<Option<f64>> {
    let Some(first) = periods.get(base) else { return vec![None; periods.len()] };
    periods.iter().map(|now| index(formula, *first, *now)).collect()
}

/// The indices of all periods where the period `base` is 1, multiplied from step to step; none beyond a step that is undefined.
pub fn chained(formula: Formula, periods: &[Basket<'_>], base: usize) -> Vec<Option<f64>> {
    let mut chain = vec![None; periods.len()];
    if base >= periods.len() {
        return chain;
    }
    chain[base] = Some(1.0);
    for t in base + 1..periods.len() {
        let step = index(formula, periods[t - 1], periods[t]);
        chain[t] = chain[t - 1].zip(step).map(|(so_far, step)| so_far * step);
    }
    for t in (0..base).rev() {
        let step = index(formula, periods[t], periods[t + 1]).filter(|step| *step > 0.0);
        chain[t] = chain[t + 1].zip(step).map(|(so_far, step)| so_far / step);
    }
    chain
}

/// The sum of prices by weights; an item of weight 0 takes no part.
fn weighed(prices: &[f64], weights: impl Iterator<Item = f64>) -> Option<f64> {
    let total = sum(prices
        .iter()
        .zip(weights)
        .filter(|(_, weight)| *weight != 0.0)
        .map(|(price, weight)| price * weight));
    total.is_finite().then_some(total)
}

fn fixed(base: Basket<'_>, now: Basket<'_>, weights: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let before = weighed(base.prices, weights.clone())?;
    Some(weighed(now.prices, weights)? / before)
}

fn ratios<'a>(base: Basket<'a>, now: Basket<'a>) -> impl Iterator<Item = f64> + 'a {
    base.prices.iter().zip(now.prices).map(|(before, after)| after / before)
}

fn tornqvist(base: Basket<'_>, now: Basket<'_>) -> Option<f64> {
    let (all_before, all_now) = (base.value()?, now.value()?);
    if all_before == 0.0 || all_now == 0.0 {
        return None;
    }
    let share = |basket: Basket<'_>, i: usize, all: f64| {
        if basket.quantities[i] == 0.0 { 0.0 } else { basket.prices[i] * basket.quantities[i] / all }
    };
    let logs = ratios(base, now).enumerate().filter_map(|(i, ratio)| {
        let weight = f64::midpoint(share(base, i, all_before), share(now, i, all_now));
        (weight != 0.0).then(|| weight * libm::log(ratio))
    });
    Some(libm::exp(sum(logs)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Formula; 9] = [
        Formula::Laspeyres,
        Formula::Paasche,
        Formula::Fisher,
        Formula::Tornqvist,
        Formula::Walsh,
        Formula::MarshallEdgeworth,
        Formula::Carli,
        Formula::Dutot,
        Formula::Jevons,
    ];

    fn basket<'a>(prices: &'a [f64], quantities: &'a [f64]) -> Basket<'a> {
        Basket::new(prices, quantities).expect("a basket")
    }

    /// By hand: prices 1 and 4 become 2 and 2, quantities 8 and 2 become 2 and 8.
    #[test]
    fn two_items_by_hand() {
        let (base, now) = (basket(&[1.0, 4.0], &[8.0, 2.0]), basket(&[2.0, 2.0], &[2.0, 8.0]));
        for (formula, expected) in [
            (Formula::Laspeyres, 20.0 / 16.0),
            (Formula::Paasche, 20.0 / 34.0),
            (Formula::Fisher, (20.0_f64 / 16.0 * 20.0 / 34.0).sqrt()),
            // Shares of 1/2 and 1/5 of the first item, whose price doubles while the other's halves.
            (Formula::Tornqvist, 2.0_f64.powf(0.35 - 0.65)),
            (Formula::Walsh, 16.0 / 20.0),
            (Formula::MarshallEdgeworth, 40.0 / 50.0),
            (Formula::Carli, 1.25),
            (Formula::Dutot, 0.8),
            (Formula::Jevons, 1.0),
        ] {
            let found = index(formula, base, now).expect("defined");
            assert!((found - expected).abs() < 1e-14, "{formula:?} {found} {expected}");
        }
    }

    /// A price that falls and comes back leaves a direct index at 1 and a chained one of Laspeyres above it.
    #[test]
    fn a_chain_drifts() {
        let (high, low) = (([10.0, 1.0], [1.0, 10.0]), ([5.0, 1.0], [9.0, 10.0]));
        let periods = [high, low, high].map(|(p, q)| (p.to_vec(), q.to_vec()));
        let baskets: Vec<Basket<'_>> = periods.iter().map(|(p, q)| basket(p, q)).collect();
        assert_eq!(from_base(Formula::Laspeyres, &baskets, 0)[2], Some(1.0));
        let chain = chained(Formula::Laspeyres, &baskets, 0);
        assert!((chain[2].expect("defined") - 15.0 / 20.0 * 100.0 / 55.0).abs() < 1e-14, "{chain:?}");
        let back = chained(Formula::Laspeyres, &baskets, 2);
        assert!((back[0].expect("defined") * chain[2].expect("defined") - 1.0).abs() < 1e-14);
    }

    #[test]
    fn what_takes_part_must_be_known() {
        let base = basket(&[1.0, f64::NAN], &[8.0, 0.0]);
        let now = basket(&[2.0, 3.0], &[2.0, 8.0]);
        assert_eq!(index(Formula::Laspeyres, base, now), Some(2.0));
        for formula in
            ALL.into_iter().filter(|formula| !matches!(formula, Formula::Laspeyres | Formula::Walsh))
        {
            assert!(index(formula, base, now).is_none(), "{formula:?}");
        }
        let gone = basket(&[2.0, f64::NAN], &[2.0, 0.0]);
        for formula in [Formula::Fisher, Formula::Tornqvist, Formula::Walsh, Formula::MarshallEdgeworth] {
            assert!((index(formula, base, gone).expect("one item") - 2.0).abs() < 1e-15);
        }
        let nothing = basket(&[1.0, 4.0], &[0.0, 0.0]);
        assert!(ALL[..6].iter().all(|formula| index(*formula, nothing, nothing).is_none()));
        let free = basket(&[0.0, 4.0], &[1.0, 1.0]);
        assert!(
            index(Formula::Jevons, free, now).is_none() && index(Formula::Tornqvist, now, free).is_none()
        );
        assert!(index(Formula::Laspeyres, free, basket(&[1.0], &[1.0])).is_none());
        assert!(Basket::new(&[1.0, -1.0], &[1.0, 1.0]).is_err() && Basket::new(&[], &[]).is_err());
        assert!(Basket::new(&[1.0], &[1.0, 1.0]).is_err());
        assert_eq!(from_base(Formula::Fisher, &[base], 1), [None]);
        assert_eq!(chained(Formula::Fisher, &[base], 1), [None]);
    }

    proptest! {
        #[test]
        fn the_axioms(
            rows in proptest::collection::vec((0.1..10.0_f64, 0.1..10.0_f64, 0.1..10.0_f64, 0.1..10.0_f64), 1..8),
            unit in 0.1..10.0_f64,
        ) {
            let column = |pick: fn(&(f64, f64, f64, f64)) -> f64| rows.iter().map(pick).collect::<Vec<f64>>();
            let (p0, q0, p, q) = (column(|r| r.0), column(|r| r.1), column(|r| r.2), column(|r| r.3));
            let (base, now) = (basket(&p0, &q0), basket(&p, &q));
            let dearer: Vec<f64> = p.iter().map(|p| p * unit).collect();
            for formula in ALL {
                let found = index(formula, base, now).expect("defined");
                let (least, most) = ratios(base, now)
                    .fold((f64::MAX, 0.0_f64), |(least, most), ratio| (least.min(ratio), most.max(ratio)));
                prop_assert!(found >= least * (1.0 - 1e-12) && found <= most * (1.0 + 1e-12), "{formula:?}");
                prop_assert!((index(formula, base, base).expect("defined") - 1.0).abs() < 1e-13);
                let scaled = index(formula, base, basket(&dearer, &q)).expect("defined");
                prop_assert!((scaled / (unit * found) - 1.0).abs() < 1e-12, "{formula:?}");
                // All but Laspeyres, Paasche and Carli can be turned round.
                if !matches!(formula, Formula::Laspeyres | Formula::Paasche | Formula::Carli) {
                    let turned = index(formula, now, base).expect("defined");
                    prop_assert!((turned * found - 1.0).abs() < 1e-12, "{formula:?}");
                }
            }
            let prices = index(Formula::Fisher, base, now).expect("defined");
            let quantities = index(Formula::Fisher, base.exchanged(), now.exchanged()).expect("defined");
            let values = now.value().expect("known") / base.value().expect("known");
            prop_assert!((prices * quantities / values - 1.0).abs() < 1e-12);
        }
    }
}
