//! Propagation of laws through a formula by counted draws.
//!
//! Each quantity is drawn once per index from the stream of its own name, so that every formula which uses it sees the
//! same value. Correlated quantities share a Gaussian copula: independent normal scores are combined by the factor of the
//! correlation matrix and each quantity is read off its own law. For normal laws the matrix is the correlation of the
//! quantities, for log-normal laws that of their logarithms.
//!
//! # References
//! JCGM 101:2008, Propagation of distributions using a Monte Carlo method.

use super::correlation::Correlation;
use super::distribution::{Distribution, Sampler};
use super::draw::Stream;
use super::first_order::{gradient, standard_uncertainty};
use super::sample::Sample;
use super::{moments, normal};

/// A quantity with a law.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertain {
    /// Names the quantity and its stream of draws.
    pub name: String,
    /// What is known of its value.
    pub law: Distribution,
}

/// How draws are made. The number of threads changes nothing but the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How many draws of each quantity.
    pub draws: usize,
    /// Another seed gives other draws.
    pub seed: u64,
    /// How many threads share the work.
    pub threads: usize,
}

/// A formula over columns of draws: one value a row.
pub type Function<'a> = dyn Fn(&[&[f64]]) -> Result<Vec<f64>, String> + Sync + 'a;

/// A formula, with what it divides by.
#[derive(Clone, Copy)]
pub struct Model<'a> {
    /// The result.
    pub value: &'a Function<'a>,
    /// Each divisor in it: where one can be zero, the result may have no mean.
    pub divisors: &'a [&'a Function<'a>],
}

/// The result of a formula over uncertain quantities.
#[derive(Debug, Clone, PartialEq)]
pub struct Propagated {
    /// The draws of the result; its quantiles are estimates of the law's.
    pub sample: Sample,
    /// The mean, where the law has one.
    pub mean: Option<f64>,
    /// The standard deviation, where the law has one.
    pub sd: Option<f64>,
}

/// Draws each quantity `settings.draws` times: one column a quantity.
pub fn draw(
    quantities: &[Uncertain],
    correlation: Option<&Correlation>,
    settings: Settings,
) -> Result<Vec<Vec<f64>>, String> {
    for (place, quantity) in quantities.iter().enumerate() {
        if quantities[..place].iter().any(|earlier| earlier.name == quantity.name) {
            return Err(format!("the quantity {} is given twice", quantity.name));
        }
    }
    if let Some(correlation) = correlation
        && correlation.size() != quantities.len()
    {
        return Err(format!(
            "there are correlations of {} quantities, but {} quantities",
            correlation.size(),
            quantities.len()
        ));
    }
    let streams: Vec<Stream> =
        quantities.iter().map(|quantity| Stream::new(settings.seed, &quantity.name)).collect();
    let samplers: Vec<Sampler> = quantities.iter().map(|quantity| Sampler::new(quantity.law)).collect();
    let parts = in_parts(settings.draws, settings.threads, |rows| {
        let mut columns = vec![Vec::with_capacity(rows.len()); quantities.len()];
        let mut scores = vec![0.0; quantities.len()];
        for row in rows {
            let spread = |i: usize| streams[i].spread(row as u64);
            if let Some(correlation) = correlation {
                for (i, score) in scores.iter_mut().enumerate() {
                    *score = normal::quantile(spread(i));
                }
                for (i, column) in columns.iter_mut().enumerate() {
                    column.push(samplers[i].at_score(correlation.score(i, &scores)));
                }
            } else {
                for (i, column) in columns.iter_mut().enumerate() {
                    column.push(samplers[i].at(spread(i)));
                }
            }
        }
        Ok(columns)
    })?;
    let mut whole = vec![Vec::with_capacity(settings.draws); quantities.len()];
    for part in parts {
        for (column, rows) in whole.iter_mut().zip(part) {
            column.extend(rows);
        }
    }
    Ok(whole)
}

/// Draws the quantities and evaluates the formula on each row.
pub fn propagate(
    quantities: &[Uncertain],
    correlation: Option<&Correlation>,
    model: &Model<'_>,
    settings: Settings,
) -> Result<Propagated, String> {
    let columns = draw(quantities, correlation, settings)?;
    let parts = in_parts(settings.draws, settings.threads, |rows| {
        let part: Vec<&[f64]> = columns.iter().map(|column| &column[rows.clone()]).collect();
        (model.value)(&part)
    })?;
    let sample = Sample::new(parts.concat())?;
    let order = if model.divisors.is_empty() { f64::INFINITY } else { moments::order(quantities, model)? };
    Ok(Propagated {
        mean: (order > 1.0).then(|| sample.mean()),
        sd: (order > 2.0).then(|| sample.sd()),
        sample,
    })
}

/// The result at the means of the quantities and its standard uncertainty to first order, as the GUM has them.
pub fn first_order(
    quantities: &[Uncertain],
    correlation: Option<&Correlation>,
    model: &Model<'_>,
) -> Result<(f64, f64), String> {
    let means: Vec<f64> = quantities.iter().map(|quantity| quantity.law.mean()).collect();
    let sds: Vec<f64> = quantities.iter().map(|quantity| quantity.law.sd()).collect();
    let correlation = match correlation {
        None => Correlation::none(quantities.len()),
        Some(copula) => linear_correlation(quantities, copula)?,
    };
    let point: Vec<&[f64]> = means.iter().map(std::slice::from_ref).collect();
    let value = (model.value)(&point)?[0];
    let gradient = gradient(model.value, &means, &sds)?;
    Ok((value, standard_uncertainty(&gradient, &sds, &correlation)))
}

/// The correlations of quantities whose normal scores have those of the copula: known for normal and log-normal laws.
fn linear_correlation(quantities: &[Uncertain], copula: &Correlation) -> Result<Correlation, String> {
    let one = |i: usize, j: usize| -> Result<f64, String> {
        let (a, b, r) = (&quantities[i].law, &quantities[j].law, copula.of(i, j));
        if i == j || r == 0.0 {
            return Ok(r);
        }
        match (a.is_normal(), a.log_moments(), b.is_normal(), b.log_moments()) {
            (true, _, true, _) => Ok(r),
            (_, Some((_, s)), _, Some((_, t))) => {
                Ok(libm::expm1(r * s * t) / libm::sqrt(libm::expm1(s * s) * libm::expm1(t * t)))
            }
            (true, _, _, Some((_, s))) | (_, Some((_, s)), true, _) => {
                Ok(r * s / libm::sqrt(libm::expm1(s * s)))
            }
            _ => Err(format!(
                "the correlation of {} and {} is known only for normal and log-normal laws",
                quantities[i].name, quantities[j].name
            )),
        }
    };
    let matrix: Result<Vec<Vec<f64>>, String> =
        (0..copula.size()).map(|i| (0..copula.size()).map(|j| one(i, j)).collect()).collect();
    Correlation::new(matrix?)
}

/// Splits `0..rows` among threads and gathers their results in order.
fn in_parts<T: Send>(
    rows: usize,
    threads: usize,
    work: impl Fn(std::ops::Range<usize>) -> Result<T, String> + Sync,
) -> Result<Vec<T>, String> {
    let size = rows.div_ceil(threads.max(1)).max(1);
    let ranges: Vec<_> = (0..rows).step_by(size).map(|start| start..(start + size).min(rows)).collect();
    if ranges.len() <= 1 {
        return ranges.into_iter().map(work).collect();
    }
    std::thread::scope(|scope| {
        let work = &work;
        let handles: Vec<_> = ranges.into_iter().map(|range| scope.spawn(move || work(range))).collect();
        handles
            .into_iter()
            .map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quantities() -> Vec<Uncertain> {
        let law = |name: &str, law: Result<Distribution, String>| Uncertain {
            name: name.to_owned(),
            law: law.expect("a possible law"),
        };
        vec![
            law("legal", Distribution::normal(820.0, 10.0)),
            law("surveyed", Distribution::log_normal(6.35, 0.05)),
            law("uplift", Distribution::pert(1.5, 1.6, 1.8, 4.0)),
        ]
    }

    fn share(columns: &[&[f64]]) -> Result<Vec<f64>, String> {
        let [legal, surveyed, uplift] = columns else { return Err("three columns are needed".to_owned()) };
        Ok((0..legal.len()).map(|i| 1.0 - legal[i] / (surveyed[i] * uplift[i])).collect())
    }

    fn bits(columns: &[Vec<f64>]) -> Vec<Vec<u64>> {
        columns.iter().map(|column| column.iter().map(|x| x.to_bits()).collect()).collect()
    }

    #[test]
    fn threads_change_no_bit() {
        let correlation =
            Correlation::new(vec![vec![1.0, 0.3, 0.0], vec![0.3, 1.0, -0.2], vec![0.0, -0.2, 1.0]])
                .expect("possible");
        let model = Model { value: &share, divisors: &[] };
        for correlation in [None, Some(&correlation)] {
            let with = |threads| {
                let settings = Settings { draws: 1001, seed: 9, threads };
                let columns = draw(&quantities(), correlation, settings).expect("three quantities");
                let result = propagate(&quantities(), correlation, &model, settings).expect("a share");
                let summary =
                    [result.sample.mean(), result.sample.sd(), result.sample.quantile(0.3)].map(f64::to_bits);
                (bits(&columns), bits(&[result.sample.draws().to_vec()]), summary)
            };
            let alone = with(1);
            for threads in [2, 3, 8] {
                assert!(with(threads) == alone, "{threads} threads");
            }
        }
    }

    #[test]
    fn a_quantity_keeps_its_draws_in_any_company_and_any_number() {
        let settings = Settings { draws: 100, seed: 9, threads: 1 };
        let all = draw(&quantities(), None, settings).expect("three quantities");
        let alone =
            draw(&quantities()[1..2], None, Settings { draws: 50, ..settings }).expect("one quantity");
        assert_eq!(bits(&alone)[0][..], bits(&all)[1][..50]);
        let mut reversed = quantities();
        reversed.reverse();
        let other_way = draw(&reversed, None, settings).expect("three quantities");
        assert_eq!(bits(&other_way)[2], bits(&all)[0]);
    }

    #[test]
    fn copula_correlations_arrive() {
        let correlation = Correlation::new(vec![vec![1.0, 0.6], vec![0.6, 1.0]]).expect("possible");
        let pair = &quantities()[..2];
        let columns = draw(pair, Some(&correlation), Settings { draws: 50_000, seed: 2, threads: 2 })
            .expect("two quantities");
        let sample = |values: Vec<f64>| Sample::new(values).expect("finite draws");
        let (a, b) = (sample(columns[0].clone()), sample(columns[1].iter().map(|x| x.ln()).collect()));
        let products = (0..50_000).map(|i| (a.draws()[i] - a.mean()) * (b.draws()[i] - b.mean()));
        let r = super::super::sample::sum(products) / (49_999.0 * a.sd() * b.sd());
        // The standard error of a correlation is (1 - r^2) / sqrt(N).
        assert!((r - 0.6).abs() < 4.0 * 0.64 / 50_000_f64.sqrt(), "{r}");
        let product =
            |columns: &[&[f64]]| Ok(columns[0].iter().zip(columns[1]).map(|(a, b)| a * b).collect());
        let model = Model { value: &product, divisors: &[] };
        let first = first_order(pair, Some(&correlation), &model).expect("normal and log-normal");
        let exact =
            propagate(pair, Some(&correlation), &model, Settings { draws: 50_000, seed: 2, threads: 1 })
                .expect("a product");
        assert!((first.1 / exact.sample.sd() - 1.0).abs() < 0.03);
    }

    #[test]
    fn mistakes_are_told() {
        let settings = Settings { draws: 10, seed: 1, threads: 1 };
        let twice = [quantities()[0].clone(), quantities()[0].clone()];
        assert!(draw(&twice, None, settings).expect_err("a mistake").contains("legal is given twice"));
        assert!(
            draw(&quantities(), Some(&Correlation::none(2)), settings)
                .expect_err("a mistake")
                .contains("2 quantities, but 3")
        );
        let infinite = |columns: &[&[f64]]| Ok(columns[0].iter().map(|_| f64::INFINITY).collect());
        let model = Model { value: &infinite, divisors: &[] };
        assert!(propagate(&quantities(), None, &model, settings).expect_err("a mistake").contains("finite"));
    }

    proptest! {
        #[test]
        fn the_order_of_quantities_does_not_matter(seed in any::<u64>()) {
            let settings = Settings { draws: 20, seed, threads: 1 };
            let forward = draw(&quantities(), None, settings).expect("three quantities");
            let mut reversed = quantities();
            reversed.reverse();
            let mut backward = draw(&reversed, None, settings).expect("three quantities");
            backward.reverse();
            prop_assert_eq!(bits(&forward), bits(&backward));
        }
    }
}
