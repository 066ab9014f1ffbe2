//! One product in one period: the gap between consumption and legal supply, with its intervals by the delta method.
//!
//! `total = C u`, `gap = total - L`, `share = 1 - L / total`, with surveyed consumption C, uplift u and legal supply L.

use crate::estimator::numeric::correlation::Correlation;
use crate::estimator::numeric::first_order::standard_uncertainty;
use crate::estimator::numeric::normal;

/// The figures, with their standard errors in the order survey, uplift, legal.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Consumption that the survey sees, C.
    pub survey: f64,
    /// What turns it into all consumption, u.
    pub uplift: f64,
    /// Legal supply, L.
    pub legal: f64,
    /// The standard errors of the three.
    pub standard_errors: [f64; 3],
    /// The correlations of the three.
    pub correlation: Correlation,
}

/// The lower and the upper end.
pub type Interval = [f64; 2];

/// A figure with its standard error, as it came out and cut to what is possible.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// As it came out.
    pub value: f64,
    /// By the delta method.
    pub standard_error: f64,
    /// Cut to the possible.
    pub bounded: f64,
    /// Symmetric about the value.
    pub wald: Interval,
    /// The symmetric interval, cut to the possible.
    pub wald_bounded: Interval,
}

/// The gap as a quantity and as a share.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Consumption, with its standard error.
    pub total: (f64, f64),
    /// Consumption less legal supply; not below 0 where bounded.
    pub gap: Measured,
    /// As a share of consumption, from 0 to 1 where bounded; none where consumption is not positive.
    pub share: Option<Share>,
}

/// The share of a gap.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// The share itself.
    pub measured: Measured,
    /// How it changes with survey, uplift and legal supply.
    pub gradient: [f64; 3],
    /// Symmetric in the logit, `expit(logit s -+ z se / (s (1 - s)))`; none where the share is not between 0 and 1.
    pub logit: Option<Interval>,
    /// Symmetric in the logarithm of the legal share, `1 - (1 - s) exp(+-z se / (1 - s))`; none where nothing is legal.
    pub log_legal: Option<Interval>,
}

/// Consumption less legal supply.
pub fn gap(survey: f64, uplift: f64, legal: f64) -> f64 {
    survey * uplift - legal
}

/// The gap as a share of consumption.
pub fn share(survey: f64, uplift: f64, legal: f64) -> f64 {
    1.0 - legal / (survey * uplift)
}

/// How the gap changes with survey, uplift and legal supply.
pub fn gap_gradient(survey: f64, uplift: f64) -> [f64; 3] {
    [uplift, survey, -1.0]
}

/// How the share changes with survey, uplift and legal supply.
pub fn share_gradient(survey: f64, uplift: f64, legal: f64) -> [f64; 3] {
    let total = survey * uplift;
    [legal / (survey * total), legal / (uplift * total), -1.0 / total]
}

/// The gap of one product, with intervals that hold the probability `level`.
pub fn assess(figures: &Figures, level: f64) -> Gap {
    let Figures { survey, uplift, legal, standard_errors, correlation } = figures;
    let error = |gradient: &[f64; 3]| standard_uncertainty(gradient, standard_errors, correlation);
    let z = normal::coverage_factor(level);
    let total = survey * uplift;
    let share = (total > 0.0).then(|| {
        let gradient = share_gradient(*survey, *uplift, *legal);
        let measured = measure(share(*survey, *uplift, *legal), error(&gradient), z, 1.0);
        Share {
            gradient,
            logit: logit_interval(&measured, z),
            log_legal: log_legal_interval(&measured, z),
            measured,
        }
    });
    Gap {
        total: (total, error(&[*uplift, *survey, 0.0])),
        gap: measure(gap(*survey, *uplift, *legal), error(&gap_gradient(*survey, *uplift)), z, f64::INFINITY),
        share,
    }
}

/// A value with its symmetric interval, both also cut to the range from 0 to `most`.
pub(super) fn measure(value: f64, standard_error: f64, z: f64, most: f64) -> Measured {
    let wald = [value - z * standard_error, value + z * standard_error];
    let cut = |x: f64| x.clamp(0.0, most);
    Measured { value, standard_error, bounded: cut(value), wald, wald_bounded: wald.map(cut) }
}

/// The revenue lost to a gap at a duty per unit, with its standard error before bounding.
pub fn revenue_loss(gap: &Measured, duty: f64) -> Measured {
    let scale = |interval: Interval| {
        let ends = interval.map(|end| end * duty);
        if duty < 0.0 { [ends[1], ends[0]] } else { ends }
    };
    Measured {
        value: gap.value * duty,
        standard_error: gap.standard_error * duty.abs(),
        bounded: gap.bounded * duty,
        wald: scale(gap.wald),
        wald_bounded: scale(gap.wald_bounded),
    }
}

fn logit_interval(share: &Measured, z: f64) -> Option<Interval> {
    let (s, rest) = (share.value, 1.0 - share.value);
    if s <= 0.0 || rest <= 0.0 {
        return None;
    }
    let reach = z * share.standard_error / (s * rest);
    // In terms of the odds, which do not overflow where the logit is far out.
    let end = |sign: f64| 1.0 / (1.0 + rest / s * libm::exp(-sign * reach));
    Some([end(-1.0), end(1.0)])
}

fn log_legal_interval(share: &Measured, z: f64) -> Option<Interval> {
    let legal = 1.0 - share.value;
    if legal <= 0.0 {
        return None;
    }
    let reach = z * share.standard_error / legal;
    Some([1.0 - legal * libm::exp(reach), 1.0 - legal * libm::exp(-reach)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(survey: f64, uplift: f64, legal: f64, standard_errors: [f64; 3]) -> Figures {
        Figures { survey, uplift, legal, standard_errors, correlation: Correlation::none(3) }
    }

    #[test]
    fn by_hand() {
        let gap = assess(&figures(40.0, 1.5, 45.0, [4.0, 0.0, 0.0]), 0.95);
        let share = gap.share.expect("positive consumption");
        assert!((gap.total.0 - 60.0).abs() < 1e-12 && (gap.total.1 - 6.0).abs() < 1e-12);
        assert!((gap.gap.value - 15.0).abs() < 1e-12 && (gap.gap.standard_error - 6.0).abs() < 1e-12);
        assert!((share.measured.value - 0.25).abs() < 1e-15);
        assert!((share.measured.standard_error - 0.075).abs() < 1e-15);
        let [low, high] = share.logit.expect("between 0 and 1");
        assert!(low > 0.0 && low < 0.25 && high > 0.25 && high < 1.0);
        assert!((revenue_loss(&gap.gap, 10.0).standard_error - 60.0).abs() < 1e-12);
    }

    #[test]
    fn without_errors_every_interval_is_the_value() {
        let share = assess(&figures(40.0, 1.5, 45.0, [0.0; 3]), 0.95).share.expect("positive consumption");
        for interval in [
            share.measured.wald,
            share.measured.wald_bounded,
            share.logit.expect("inside"),
            share.log_legal.expect("inside"),
        ] {
            assert!(interval.iter().all(|end| (end - 0.25).abs() < 1e-15), "{interval:?}");
        }
    }

    #[test]
    fn what_is_undefined_is_none() {
        let negative = assess(&figures(30.0, 1.0, 45.0, [1.0; 3]), 0.95).share.expect("positive consumption");
        assert!(negative.logit.is_none() && negative.log_legal.is_some());
        assert!(negative.measured.bounded == 0.0 && negative.measured.value < 0.0);
        let nothing_legal =
            assess(&figures(30.0, 1.0, 0.0, [1.0; 3]), 0.95).share.expect("positive consumption");
        assert!(nothing_legal.logit.is_none() && nothing_legal.log_legal.is_none());
        assert!(assess(&figures(0.0, 1.0, 45.0, [1.0; 3]), 0.95).share.is_none());
    }
}
