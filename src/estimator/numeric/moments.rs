//! Whether the mean and the standard deviation of a result exist at all.
//!
//! A ratio whose divisor can come near zero often enough has no mean: the mean of the draws then never settles, and no
//! number may stand for it. Quantiles always exist.
//!
//! # Assumes
//! Quantities have a density over the whole of their support, and a divisor is made of sums, differences and products in
//! which each quantity stands once, so that its extremes lie at corners of the supports. Correlations do not change a support.
//!
//! # Formula
//! Where a divisor takes both signs it crosses zero inside the support, its density there is positive, and the moment of
//! order `m` exists for `m < 1` only. Where it only touches zero, at a corner, the probability within a distance `e` of the
//! corner shrinks like `e^k`, with `k` the sum of the orders of the laws that meet there, and the result grows like `e^-r`:
//! the moment of order `m` exists for `m < k/r`.
//!
//! # Fails when
//! A quantity stands twice in a divisor, or the result has no moments for a reason other than a division.

use super::distribution::Distribution;
use super::propagation::{Model, Uncertain};

/// The order that every existing moment of the model's result stays below; infinite where nothing is divided by what can be zero.
pub fn order(quantities: &[Uncertain], model: &Model<'_>) -> Result<f64, String> {
    let laws: Vec<&Distribution> = quantities.iter().map(|quantity| &quantity.law).collect();
    let mut lowest = f64::INFINITY;
    for divisor in model.divisors {
        let corner = Corner::new(&laws);
        let values = corner.values(divisor)?;
        let (low, high) = extremes(&values);
        if low < 0.0 && high > 0.0 {
            lowest = lowest.min(1.0);
        } else if low == 0.0 || high == 0.0 {
            for (touching, k) in corner.touching(divisor)? {
                let r = growth(&laws, &touching, model)?;
                if r > 0.01 {
                    lowest = lowest.min(k / r);
                }
            }
        }
    }
    Ok(lowest)
}

/// Which end of its law a quantity stands at, where it is held at one.
type Held = Option<bool>;

/// The corners of the supports, infinite ends replaced by a large number.
struct Corner<'a> {
    laws: &'a [&'a Distribution],
    ends: Vec<[f64; 2]>,
}

const FAR: f64 = 1e30;
/// More quantities have too many corners, 2 to that power.
const MOST_FOR_CORNERS: usize = 16;
/// And too many ways of holding some of them at an end, 3 to that power.
const MOST_FOR_WAYS: usize = 8;

impl<'a> Corner<'a> {
    fn new(laws: &'a [&'a Distribution]) -> Self {
        let ends = laws
            .iter()
            .map(|law| {
                let (low, high) = law.support();
                [low.max(-FAR), high.min(FAR)]
            })
            .collect();
        Self { laws, ends }
    }

    fn values(&self, divisor: &super::propagation::Function<'_>) -> Result<Vec<f64>, String> {
        self.values_with(divisor, &vec![None; self.laws.len()])
    }

    /// The divisor at every corner that agrees with the held ends.
    fn values_with(
        &self,
        divisor: &super::propagation::Function<'_>,
        held: &[Held],
    ) -> Result<Vec<f64>, String> {
        let size = self.laws.len();
        few_enough(size, MOST_FOR_CORNERS)?;
        let columns: Vec<Vec<f64>> = (0..size)
            .map(|i| {
                (0..1_usize << size)
                    .map(|corner| self.ends[i][usize::from(held[i].unwrap_or(corner >> i & 1 == 1))])
                    .collect()
            })
            .collect();
        divisor(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    /// The ways of holding quantities at ends that make the divisor zero wherever the others are, each with the order at
    /// which the probability thins out there; only those that no smaller way is part of.
    fn touching(&self, divisor: &super::propagation::Function<'_>) -> Result<Vec<(Vec<Held>, f64)>, String> {
        let size = self.laws.len();
        few_enough(size, MOST_FOR_WAYS)?;
        let mut ways: Vec<Vec<Held>> = (0..3_usize.pow(size as u32))
            .map(|code| {
                (0..size)
                    .map(|i| match code / 3_usize.pow(i as u32) % 3 {
                        0 => None,
                        1 => Some(false),
                        _ => Some(true),
                    })
                    .collect()
            })
            .collect();
        ways.sort_by_key(|way: &Vec<Held>| way.iter().flatten().count());
        let mut found: Vec<(Vec<Held>, f64)> = Vec::new();
        for way in ways {
            let includes = |part: &[Held]| part.iter().zip(&way).all(|(a, b)| a.is_none() || a == b);
            if found.iter().any(|(part, _)| includes(part)) {
                continue;
            }
            if self.values_with(divisor, &way)?.iter().all(|value| *value == 0.0) {
                let order =
                    way.iter().zip(self.laws).filter_map(|(held, law)| held.map(|end| law.order_at_end(end)));
                let order = order.sum();
                found.push((way, order));
            }
        }
        Ok(found)
    }
}

fn few_enough(size: usize, most: usize) -> Result<(), String> {
    if size <= most {
        return Ok(());
    }
    Err(format!("whether the result has a mean is not analysed for {size} quantities, at most {most}"))
}

fn extremes(values: &[f64]) -> (f64, f64) {
    values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
}

/// How fast the result grows as the held quantities near their ends together, the others at their medians.
fn growth(laws: &[&Distribution], held: &[Held], model: &Model<'_>) -> Result<f64, String> {
    let distances = [1e-6, 1e-9];
    let columns: Vec<Vec<f64>> = laws
        .iter()
        .zip(held)
        .map(|(law, held)| {
            let (low, high) = law.support();
            let width = (law.median() - if *held == Some(true) { high } else { low }).abs();
            let near = |distance: &f64| match held {
                None => law.median(),
                Some(false) => low + width * distance,
                Some(true) => high - width * distance,
            };
            distances.iter().map(near).collect()
        })
        .collect();
    let values = (model.value)(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
    let [far, near] = [values[0].abs(), values[1].abs()];
    if far == 0.0 || near == 0.0 {
        return Ok(0.0);
    }
    Ok(libm::log(near / far) / libm::log(distances[0] / distances[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order_of_ratio(numerator: Distribution, denominator: Distribution) -> f64 {
        let quantities = [
            Uncertain { name: "a".to_owned(), law: numerator },
            Uncertain { name: "b".to_owned(), law: denominator },
        ];
        let ratio = |columns: &[&[f64]]| Ok(columns[0].iter().zip(columns[1]).map(|(a, b)| a / b).collect());
        let divisor = |columns: &[&[f64]]| Ok(columns[1].to_vec());
        order(&quantities, &Model { value: &ratio, divisors: &[&divisor] }).expect("two quantities")
    }

    #[test]
    fn a_ratio_by_what_stands_below() {
        let law = |made: Result<Distribution, String>| made.expect("a possible law");
        let top = law(Distribution::normal(30.0, 3.0));
        let cases = [
            (law(Distribution::normal(1200.0, 8.0)), 1.0),
            (law(Distribution::log_normal(6.35, 0.05)), f64::INFINITY),
            (law(Distribution::uniform(1.5, 1.8)), f64::INFINITY),
            (law(Distribution::uniform(0.0, 1.0)), 1.0),
            (law(Distribution::triangular(0.0, 1.0, 2.0)), 2.0),
            (law(Distribution::gamma(2.5, 1.0)), 2.5),
            (law(Distribution::beta(12.0, 88.0)), 12.0),
            (law(Distribution::truncated_normal(2.0, 1.0, 0.0, f64::INFINITY)), 1.0),
            (law(Distribution::fixed(3.0)), f64::INFINITY),
        ];
        for (bottom, expected) in cases {
            let order = order_of_ratio(top, bottom);
            assert!(
                (order - expected).abs() < 1e-3 || order == expected,
                "{bottom:?}: {order} for {expected}"
            );
        }
    }

    #[test]
    fn a_share_of_positive_parts_has_every_moment() {
        let part = |name: &str| Uncertain {
            name: name.to_owned(),
            law: Distribution::gamma(0.4, 1.0).expect("a possible law"),
        };
        let share =
            |columns: &[&[f64]]| Ok(columns[0].iter().zip(columns[1]).map(|(a, b)| a / (a + b)).collect());
        let divisor =
            |columns: &[&[f64]]| Ok(columns[0].iter().zip(columns[1]).map(|(a, b)| a + b).collect());
        let model = Model { value: &share, divisors: &[&divisor] };
        assert!(order(&[part("a"), part("b")], &model).expect("two quantities").is_infinite());
    }
}
