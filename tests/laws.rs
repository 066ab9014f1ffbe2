//! The laws of the estimators against `statrs`, which shares no code with them.
//!
//! They are ours, and not `statrs`' own, for two reasons that estimates depend on: both tails stay accurate however small
//! they are, and the elementary functions come from `libm`, so that a draw has the same digits on every machine.

use sikes::estimator::numeric::law::Law;
use statrs::distribution::{
    Beta, Binomial, ChiSquared, ContinuousCDF, DiscreteCDF, FisherSnedecor, Gamma, LogNormal, Normal,
    Poisson, StudentsT,
};

/// The tail of `statrs`' F law is itself off by 2e-8.
const TOLERANCE: f64 = 1e-7;

fn near(name: &str, ours: f64, theirs: f64) {
    let difference = (ours - theirs).abs();
    assert!(difference <= TOLERANCE * theirs.abs().max(1e-6), "{name}: {ours} here, {theirs} there");
}

fn continuous(name: &str, law: Law, other: &impl ContinuousCDF<f64, f64>) {
    for p in [0.01, 0.05, 0.2, 0.5, 0.7, 0.95, 0.99] {
        let x = law.quantile(p);
        near(&format!("{name}, cdf at its quantile of {p}"), law.cdf(x), other.cdf(x));
        near(&format!("{name}, sf at its quantile of {p}"), law.sf(x), other.sf(x));
        near(&format!("{name}, cdf of the quantile of {p}"), law.cdf(x), p);
    }
}

#[test]
fn continuous_laws_agree() {
    for (a, b) in [(0.7, 0.4), (2.0, 5.0), (12.0, 88.0), (300.0, 40.0)] {
        continuous("beta", Law::beta(a, b).unwrap(), &Beta::new(a, b).unwrap());
        // `statrs` takes a rate where we take a scale.
        continuous("gamma", Law::gamma(a, b).unwrap(), &Gamma::new(a, 1.0 / b).unwrap());
        continuous("F", Law::f(a, b).unwrap(), &FisherSnedecor::new(a, b).unwrap());
    }
    for degrees in [1.0, 4.5, 30.0, 120.0] {
        continuous("t", Law::student_t(degrees).unwrap(), &StudentsT::new(0.0, 1.0, degrees).unwrap());
        continuous("chi-squared", Law::chi_squared(degrees).unwrap(), &ChiSquared::new(degrees).unwrap());
    }
    continuous("normal", Law::normal(), &Normal::new(0.0, 1.0).unwrap());
    continuous("log-normal", Law::log_normal(0.4, 0.7).unwrap(), &LogNormal::new(0.4, 0.7).unwrap());
}

#[test]
fn discrete_laws_agree() {
    for mean in [0.3, 4.2, 130.0] {
        let (ours, theirs) = (Law::poisson(mean).unwrap(), Poisson::new(mean).unwrap());
        for k in 0..20_u32 {
            near("Poisson", ours.cdf(f64::from(k)), theirs.cdf(u64::from(k)));
        }
    }
    let (ours, theirs) = (Law::binomial(40.0, 0.12).unwrap(), Binomial::new(0.12, 40).unwrap());
    for k in 0..40_u32 {
        near("binomial", ours.cdf(f64::from(k)), theirs.cdf(u64::from(k)));
    }
}
