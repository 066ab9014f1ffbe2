//! The laws against each other: quantiles, probabilities, moments, tables.

use super::*;
use crate::estimator::numeric::sample::{Sample, sum};
use proptest::prelude::*;

fn law(made: Result<Distribution, String>) -> Distribution {
    made.expect("a possible law")
}

fn laws() -> Vec<Distribution> {
    vec![
        law(Distribution::normal(412.5, 12.4)),
        law(Distribution::log_normal(3.2, 0.25)),
        law(Distribution::uniform(-1.5, 1.8)),
        law(Distribution::triangular(2.0, 5.0, 11.0)),
        law(Distribution::triangular(1.0, 1.0, 7.0)),
        law(Distribution::triangular(1.0, 7.0, 7.0)),
        law(Distribution::pert(5.0, 12.0, 40.0, 4.0)),
        law(Distribution::pert(0.3, 0.3, 0.55, 4.0)),
        law(Distribution::beta(12.0, 88.0)),
        law(Distribution::beta(0.4, 0.7)),
        law(Distribution::gamma(2.3, 1.7)),
        law(Distribution::gamma(0.3, 1.0)),
        law(Distribution::truncated_normal(0.08, 0.06, 0.0, 1.0)),
        law(Distribution::truncated_normal(2.0, 3.0, 0.0, f64::INFINITY)),
        law(Distribution::truncated_normal(-5.0, 1.0, 0.0, 1.0)),
        law(Distribution::three_quantiles(6.6, 7.5, 8.3, 0.95)),
    ]
}

#[test]
fn quantile_inverts_cdf() {
    for law in laws() {
        for p in [1e-6, 0.005, 0.025, 0.2, 0.5, 0.8, 0.975, 0.995] {
            let x = law.quantile(p);
            assert!((law.cdf(x) - p).abs() < 1e-9 * p + 1e-13, "{law:?} at {p}: {x}");
            assert!((law.cdf(x) + law.sf(x) - 1.0).abs() < 1e-12);
        }
    }
}

/// Mean and standard deviation against the quantile function, integrated by the midpoint rule over normal scores.
#[test]
fn moments_agree_with_quantiles() {
    for law in laws() {
        let scores = || (-16_000..16_000).map(|i| (f64::from(i) + 0.5) / 2000.0);
        let weigh = |z: f64| normal::density(z) / 2000.0;
        let mean = sum(scores().map(|z| weigh(z) * law.at_score(z)));
        let square = sum(scores().map(|z| weigh(z) * (law.at_score(z) - law.mean()).powi(2)));
        assert!((mean - law.mean()).abs() < 1e-6 * law.sd(), "{law:?}: {mean} for {}", law.mean());
        assert!((square.sqrt() / law.sd() - 1.0).abs() < 1e-6, "{law:?}: {} for {}", square.sqrt(), law.sd());
    }
}

#[test]
fn the_table_agrees_with_the_inverse() {
    let shapes =
        [(1.8, 4.2), (1.0, 5.0), (12.0, 88.0), (0.4, 0.7), (0.05, 3.0), (900.0, 40.0), (20_000.0, 1e5)];
    let betas = shapes.map(|(a, b)| law(Distribution::beta(a, b)));
    let gammas = [0.05, 0.3, 1.0, 2.3, 60.0, 1e5].map(|shape| law(Distribution::gamma(shape, 1.7)));
    for law in betas.into_iter().chain(gammas) {
        let sampler = Sampler::new(law);
        let mut worst = 0.0_f64;
        for i in 0..2000 {
            let u = (f64::from(i) + 0.37) / 2000.0;
            let u = if i % 7 == 0 { u * u * u * u * u } else { u };
            worst = worst.max((sampler.at(u) / law.quantile(u) - 1.0).abs());
        }
        assert!(worst < 1e-10, "{law:?}: {worst:e}");
    }
}

#[test]
fn published_intervals_come_back() {
    // Angola 2010, litres per adult: 7.5 (6.6-8.3).
    let angola = law(Distribution::three_quantiles(6.6, 7.5, 8.3, 0.95));
    for (p, expected) in [(0.025, 6.6), (0.5, 7.5), (0.975, 8.3)] {
        assert!((angola.quantile(p) - expected).abs() < 1e-12);
        assert!((angola.cdf(expected) - p).abs() < 1e-12);
    }
    assert_eq!(law(Distribution::three_quantiles(2.0, 2.0, 2.0, 0.95)).fixed_value(), Some(2.0));
    let one_sided = law(Distribution::three_quantiles(2.0, 2.0, 3.0, 0.9));
    assert!((one_sided.cdf(2.0) - 0.5).abs() < 1e-15 && one_sided.cdf(1.99) == 0.0);
    assert!((one_sided.quantile(0.2) - 2.0).abs() < 1e-15 && (one_sided.quantile(0.95) - 3.0).abs() < 1e-12);
}

#[test]
fn impossible_parameters_are_refused_in_words() {
    let refusals = [
        (Distribution::three_quantiles(3.0, 2.0, 4.0, 0.95), "the low bound 3 lies above the value 2"),
        (Distribution::three_quantiles(1.0, 5.0, 4.0, 0.95), "the value 5 lies above the high bound 4"),
        (
            Distribution::three_quantiles(1.0, 2.0, 4.0, 95.0),
            "the level is 95, and must lie between 0 and 1, as 0.95 does",
        ),
        (Distribution::normal(f64::NAN, 1.0), "the mean is NaN, and must be a finite number"),
        (Distribution::normal(0.0, -1.0), "the standard deviation is -1, and must be a number from 0"),
        (Distribution::uniform(2.0, 1.0), "the low end 2 lies above the high end 1"),
        (Distribution::pert(0.3, 0.2, 0.5, 4.0), "the most likely value 0.2 lies outside 0.3 to 0.5"),
        (
            Distribution::pert(0.3, 0.4, 0.5, -1.0),
            "the weight of the mode is -1, and must be a number from 0",
        ),
        (Distribution::beta(0.0, 1.0), "the first shape is 0, and must be a positive number"),
        (Distribution::gamma(1.0, f64::INFINITY), "the scale is inf, and must be a positive number"),
        (Distribution::truncated_normal(0.0, 1.0, 1.0, 1.0), "the bounds 1 and 1 leave nothing between them"),
        (
            Distribution::truncated_normal(0.0, 1.0, 50.0, 60.0),
            "a normal law of mean 0 and standard deviation 1 has next to nothing between 50 and 60",
        ),
    ];
    for (made, expected) in refusals {
        assert_eq!(made, Err(expected.to_owned()));
    }
}

#[test]
fn no_spread_is_a_fixed_value() {
    for made in [
        Distribution::normal(3.0, 0.0),
        Distribution::uniform(3.0, 3.0),
        Distribution::triangular(3.0, 3.0, 3.0),
        Distribution::pert(3.0, 3.0, 3.0, 4.0),
        Distribution::truncated_normal(3.0, 0.0, 0.0, f64::INFINITY),
    ] {
        let fixed = law(made);
        assert_eq!(fixed.fixed_value(), Some(3.0));
        assert!(fixed.sd() == 0.0 && fixed.cdf(3.0) == 1.0 && fixed.cdf(2.9) == 0.0);
    }
}

#[test]
fn a_hundred_thousand_draws() {
    let started = std::time::Instant::now();
    let sampler = Sampler::new(law(Distribution::pert(0.3, 0.37, 0.55, 4.0)));
    let draws = (0..100_000_u32).map(|i| sampler.at((f64::from(i) + 0.5) / 100_000.0)).collect();
    let sample = Sample::new(draws).expect("finite draws");
    // 0.02 s when optimised; unoptimised and on a busy machine still far from this.
    assert!(started.elapsed().as_secs_f64() < 2.0, "{:?}", started.elapsed());
    assert!((sample.mean() - (0.3 + 4.0 * 0.37 + 0.55) / 6.0).abs() < 1e-6);
}

proptest! {
    #[test]
    fn three_quantiles_reproduces_its_three_quantiles(
        value in -1e3..1e3_f64, below in 0.0..1e3_f64, above in 0.0..1e3_f64, level in 0.5..0.999_f64,
    ) {
        let law = law(Distribution::three_quantiles(value - below, value, value + above, level));
        let tail = (1.0 - level) / 2.0;
        for (p, expected) in [(tail, value - below), (0.5, value), (1.0 - tail, value + above)] {
            prop_assert!((law.quantile(p) - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn beta_quantile_inverts_cdf(a in 0.2..500.0_f64, b in 0.2..500.0_f64, p in 1e-6..0.999_999_f64) {
        let law = law(Distribution::beta(a, b));
        let x = law.quantile(p);
        prop_assert!(x > 0.9999 || (law.cdf(x) / p - 1.0).abs() < 1e-10);
    }

    #[test]
    fn gamma_quantile_inverts_cdf(shape in 0.05..5000.0_f64, p in 1e-6..0.999_999_f64) {
        let law = law(Distribution::gamma(shape, 2.0));
        prop_assert!((law.cdf(law.quantile(p)) / p - 1.0).abs() < 1e-10);
    }

    #[test]
    fn quantiles_rise(index in 0..16_usize, p in 0.001..0.99_f64, step in 0.0001..0.009_f64) {
        let law = laws()[index];
        prop_assert!(law.quantile(p) < law.quantile(p + step));
    }
}
