//! What a study says on the scale on which studies are pooled, with its variance; and the way back.
//!
//! ```text
//! log risk ratio       ln (a / (a + b)) - ln (c / (c + d)) ; 1/a - 1/(a + b) + 1/c - 1/(c + d)
//! log odds ratio       ln (a d / (b c)) ; 1/a + 1/b + 1/c + 1/d
//! logit of a share     ln (x / (n - x)) ; 1/x + 1/(n - x)
//! arcsine              asin sqrt(x / n) ; 1 / (4 n)
//! Freeman and Tukey    (asin sqrt(x / (n + 1)) + asin sqrt((x + 1) / (n + 1))) / 2 ; 1 / (4 n + 2)
//! ```
//! Where a cell is 0, one half is added to every cell of that study, and to that study only; arcsine and Freeman and Tukey need none.
//! A share or a ratio of a group without members is undefined.
//! The way back from Freeman and Tukey's scale is Miller's, at the harmonic mean of the sizes; it misleads where sizes differ much.
//!
//! # References
//! M. F. Freeman, J. W. Tukey (1950), Transformations related to the angular and the square root, Annals of Mathematical Statistics 21(4), 607-611.
//! J. J. Miller (1978), The inverse of the Freeman-Tukey double arcsine transformation, The American Statistician 32(4), 138.
//! G. Schwarzer, H. Chemaitelly, L. J. Abu-Raddad, G. Ruecker (2019), Seriously misleading results using inverse of Freeman-Tukey double
//! arcsine transformation in meta-analysis of single proportions, Research Synthesis Methods 10(3), 476-483.

use std::f64::consts::FRAC_PI_2;

use crate::estimator::numeric::incomplete;

/// An estimate and its variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// The estimate.
    pub estimate: f64,
    /// Its variance.
    pub variance: f64,
}

/// Events and others in two groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Table {
    /// Events in the first group, a.
    pub events: f64,
    /// Others in the first group, b.
    pub others: f64,
    /// Events in the second group, c.
    pub control_events: f64,
    /// Others in the second group, d.
    pub control_others: f64,
}

impl Table {
    /// The cells, each more by one half where one of them is 0; none where a group is empty or a cell is no count.
    fn cells(self) -> Option<[f64; 4]> {
        let cells = [self.events, self.others, self.control_events, self.control_others];
        let [a, b, c, d] = cells;
        let is_table = cells.iter().all(|cell| is_count(*cell)) && a + b > 0.0 && c + d > 0.0;
        let add = if cells.contains(&0.0) { 0.5 } else { 0.0 };
        is_table.then(|| cells.map(|cell| cell + add))
    }
}

fn is_count(value: f64) -> bool {
    value >= 0.0 && value.is_finite()
}

/// The logarithm of the ratio of two risks.
pub fn log_risk_ratio(table: Table) -> Option<Effect> {
    let [a, b, c, d] = table.cells()?;
    Some(Effect {
        estimate: libm::log(a / (a + b)) - libm::log(c / (c + d)),
        // 1/a - 1/(a + b) without the difference of near numbers.
        variance: b / (a * (a + b)) + d / (c * (c + d)),
    })
}

/// The logarithm of the ratio of two odds.
pub fn log_odds_ratio(table: Table) -> Option<Effect> {
    let [a, b, c, d] = table.cells()?;
    Some(Effect {
        estimate: libm::log(a / b) - libm::log(c / d),
        variance: 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d,
    })
}

/// The logit of `x` of `n`.
pub fn logit_share(x: f64, n: f64) -> Option<Effect> {
    let (x, rest) = share(x, n)?;
    let add = if x == 0.0 || rest == 0.0 { 0.5 } else { 0.0 };
    let (x, rest) = (x + add, rest + add);
    Some(Effect { estimate: libm::log(x / rest), variance: 1.0 / x + 1.0 / rest })
}

/// The arcsine of the root of `x` of `n`.
pub fn arcsine_share(x: f64, n: f64) -> Option<Effect> {
    share(x, n)?;
    Some(Effect { estimate: libm::asin(libm::sqrt(x / n)), variance: 1.0 / (4.0 * n) })
}

/// The double arcsine of Freeman and Tukey of `x` of `n`.
pub fn freeman_tukey_share(x: f64, n: f64) -> Option<Effect> {
    share(x, n)?;
    Some(Effect { estimate: freeman_tukey(x, n), variance: 1.0 / (4.0 * n + 2.0) })
}

fn freeman_tukey(x: f64, n: f64) -> f64 {
    let arc = |x: f64| libm::asin(libm::sqrt(x / (n + 1.0)));
    f64::midpoint(arc(x), arc(x + 1.0))
}

/// `x` and `n - x` of a group with members.
fn share(x: f64, n: f64) -> Option<(f64, f64)> {
    (is_count(x) && is_count(n) && n > 0.0 && x <= n).then_some((x, n - x))
}

/// The share of a logit.
pub fn share_of_logit(logit: f64) -> f64 {
    incomplete::expit(logit).0
}

/// The share of an arcsine; 0 or 1 beyond the ends of the scale.
pub fn share_of_arcsine(arcsine: f64) -> f64 {
    let sine = libm::sin(arcsine.clamp(0.0, FRAC_PI_2));
    sine * sine
}

/// The share of a double arcsine at the size `n`; 0 or 1 beyond what shares of that size can have.
pub fn share_of_freeman_tukey(double_arcsine: f64, n: f64) -> f64 {
    if double_arcsine <= freeman_tukey(0.0, n) {
        return 0.0;
    }
    if double_arcsine >= freeman_tukey(n, n) {
        return 1.0;
    }
    let (sine, cosine) = (libm::sin(2.0 * double_arcsine), libm::cos(2.0 * double_arcsine));
    let inner = sine + (sine - 1.0 / sine) / n;
    let root = libm::sqrt((1.0 - inner * inner).max(0.0));
    if cosine < 0.0 { f64::midpoint(1.0, root) } else { (1.0 - root) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(actual: f64, expected: f64) -> bool {
        (actual - expected).abs() <= 1e-13 * (1.0 + expected.abs())
    }

    /// By hand.
    #[test]
    fn a_zero_cell_gets_one_half_everywhere_in_its_study() {
        let table = Table { events: 0.0, others: 10.0, control_events: 5.0, control_others: 5.0 };
        let ratio = log_risk_ratio(table).expect("a table");
        assert!(close(ratio.estimate, ((0.5_f64 / 11.0) / (5.5 / 11.0)).ln()));
        assert!(close(ratio.variance, 2.0 - 1.0 / 11.0 + 1.0 / 5.5 - 1.0 / 11.0));
        let odds = log_odds_ratio(table).expect("a table");
        assert!(close(odds.estimate, (0.5_f64 / 10.5).ln()));
        assert!(close(odds.variance, 2.0 + 1.0 / 10.5 + 2.0 / 5.5));
        let full = logit_share(12.0, 12.0).expect("a share");
        assert!(close(full.estimate, 25.0_f64.ln()) && close(full.variance, 2.08));
        assert!(close(arcsine_share(12.0, 12.0).expect("a share").estimate, FRAC_PI_2));
        assert!(close(freeman_tukey_share(4.0, 8.0).expect("a share").estimate, FRAC_PI_2 / 2.0));
    }

    #[test]
    fn what_is_no_share_is_none() {
        for (x, n) in [(1.0, 0.0), (0.0, 0.0), (3.0, 2.0), (-1.0, 2.0), (f64::NAN, 2.0), (1.0, f64::INFINITY)]
        {
            let all = [logit_share(x, n), arcsine_share(x, n), freeman_tukey_share(x, n)];
            assert!(all.iter().all(Option::is_none), "{x} {n}");
        }
        let empty = Table { events: 0.0, others: 0.0, control_events: 5.0, control_others: 5.0 };
        assert!(log_risk_ratio(empty).is_none() && log_odds_ratio(empty).is_none());
        assert!(log_odds_ratio(Table { events: -1.0, others: 9.0, ..empty }).is_none());
    }

    #[test]
    fn beyond_the_ends_of_a_scale_is_its_end() {
        assert_eq!([-0.1, 0.0, FRAC_PI_2, 1.6].map(share_of_arcsine).map(f64::round), [0.0, 0.0, 1.0, 1.0]);
        assert!(share_of_freeman_tukey(0.0, 10.0) == 0.0 && share_of_freeman_tukey(1.57, 10.0) == 1.0);
    }

    proptest! {
        #[test]
        fn the_way_back_leads_back(n in 1_u32..500, part in 0.0..=1.0_f64) {
            let n = f64::from(n);
            let x = libm::floor(part * n);
            let double = freeman_tukey_share(x, n).expect("a share").estimate;
            prop_assert!((share_of_freeman_tukey(double, n) - x / n).abs() < 1e-7);
            let arc = arcsine_share(x, n).expect("a share").estimate;
            prop_assert!((share_of_arcsine(arc) - x / n).abs() < 1e-12);
            if x > 0.0 && x < n {
                let logit = logit_share(x, n).expect("a share").estimate;
                prop_assert!((share_of_logit(logit) - x / n).abs() < 1e-12);
            }
        }

        #[test]
        fn groups_and_events_change_sides(a in 0_u32..50, b in 0_u32..50, c in 0_u32..50, d in 0_u32..50) {
            let [a, b, c, d] = [a, b, c, d].map(f64::from);
            let table = Table { events: a, others: b, control_events: c, control_others: d };
            let turned = Table { events: c, others: d, control_events: a, control_others: b };
            for measure in [log_risk_ratio, log_odds_ratio] {
                match (measure(table), measure(turned)) {
                    (Some(one), Some(other)) => {
                        prop_assert!(close(one.estimate, -other.estimate) && close(one.variance, other.variance));
                    }
                    (one, other) => prop_assert!(one.is_none() && other.is_none()),
                }
            }
        }
    }
}
