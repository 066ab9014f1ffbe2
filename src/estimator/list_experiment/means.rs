//! Means of two groups whose members were put there by chance: their difference, with the standard errors in use.
//!
//! ```text
//! d = ybar_1 - ybar_0         1 with the sensitive statement, 0 without
//! Neyman   s_1^2/n_1 + s_0^2/n_0, s^2 with the divisor n-1 (also called Welch and HC2)
//! pooled   s^2 (1/n_1 + 1/n_0), s^2 of both groups with the divisor n-2
//! HC0      S_1/n_1^2 + S_0/n_0^2, S the sum of squared deviations; HC1 = HC0 n/(n-2); HC3 = S_1/(n_1-1)^2 + S_0/(n_0-1)^2
//! Welch    df = (v_1 + v_0)^2 / (v_1^2/(n_1-1) + v_0^2/(n_0-1)), v = s^2/n
//! ```
//!
//! # References
//! B. L. Welch (1947), The Generalization of 'Student's' Problem when Several Different Population Variances are Involved, Biometrika 34, 28-35.
//! J. G. MacKinnon, H. White (1985), Some Heteroskedasticity-Consistent Covariance Matrix Estimators, Journal of Econometrics 29, 305-325.

use crate::estimator::numeric::law::Law;
use crate::estimator::numeric::normal;
use crate::estimator::numeric::sample::sum;

/// The answers of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// How many answered, n.
    pub count: f64,
    /// The mean.
    pub mean: f64,
    /// The sum of squared deviations from it, S.
    pub squares: f64,
}

impl Group {
    /// None without an answer.
    pub fn of(answers: &[f64]) -> Option<Self> {
        let count = answers.len() as f64;
        if answers.is_empty() {
            return None;
        }
        let mean = sum(answers.iter().copied()) / count;
        let squares = sum(answers.iter().map(|answer| (answer - mean) * (answer - mean)));
        Some(Self { count, mean, squares })
    }

    /// The variance of the mean, s^2/n; none for a single answer, which shows no spread.
    pub fn variance_of_mean(&self) -> Option<f64> {
        (self.count > 1.0).then(|| self.squares / (self.count - 1.0) / self.count)
    }
}

/// The difference of two means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The first group.
    pub treated: Group,
    /// The group that is taken off.
    pub control: Group,
}

/// Student's test and interval of a difference with the standard error of Neyman.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Welch {
    /// Degrees of freedom.
    pub degrees: f64,
    /// The difference over its standard error.
    pub t: f64,
    /// The probability of a difference as large if there were none.
    pub p_value: f64,
    /// The interval.
    pub interval: [f64; 2],
}

impl Difference {
    /// None where a group is empty.
    pub fn of(treated: &[f64], control: &[f64]) -> Option<Self> {
        Some(Self { treated: Group::of(treated)?, control: Group::of(control)? })
    }

    /// d.
    pub fn value(&self) -> f64 {
        self.treated.mean - self.control.mean
    }

    fn groups(&self) -> [Group; 2] {
        [self.treated, self.control]
    }

    /// The variance of Neyman; none where a group has a single answer.
    pub fn variance(&self) -> Option<f64> {
        Some(self.treated.variance_of_mean()? + self.control.variance_of_mean()?)
    }

    /// The standard error of Neyman.
    pub fn standard_error(&self) -> Option<f64> {
        self.variance().map(libm::sqrt)
    }

    /// The standard error of a common variance; none from fewer than three answers.
    pub fn pooled(&self) -> Option<f64> {
        let [one, zero] = self.groups();
        let degrees = one.count + zero.count - 2.0;
        let variance = (one.squares + zero.squares) / degrees * (1.0 / one.count + 1.0 / zero.count);
        (degrees > 0.0).then(|| libm::sqrt(variance))
    }

    /// The standard error HC0.
    pub fn hc0(&self) -> f64 {
        let part = |group: Group| group.squares / group.count / group.count;
        libm::sqrt(part(self.treated) + part(self.control))
    }

    /// The standard error HC1; none from fewer than three answers.
    pub fn hc1(&self) -> Option<f64> {
        let all = self.treated.count + self.control.count;
        (all > 2.0).then(|| self.hc0() * libm::sqrt(all / (all - 2.0)))
    }

    /// The standard error HC3; none where a group has a single answer.
    pub fn hc3(&self) -> Option<f64> {
        let part = |group: Group| group.squares / (group.count - 1.0) / (group.count - 1.0);
        self.groups()
            .iter()
            .all(|group| group.count > 1.0)
            .then(|| libm::sqrt(part(self.treated) + part(self.control)))
    }

    /// Student's test and interval; none where the standard error is none or 0.
    pub fn welch(&self, level: f64) -> Option<Welch> {
        let [v1, v0] = [self.treated.variance_of_mean()?, self.control.variance_of_mean()?];
        let variance = v1 + v0;
        if !(variance > 0.0 && variance.is_finite()) {
            return None;
        }
        // As parts of the variance, so that squares stay numbers.
        let loss = |v: f64, n: f64| v / variance * (v / variance) / (n - 1.0);
        let degrees = 1.0 / (loss(v1, self.treated.count) + loss(v0, self.control.count));
        let law = Law::student_t(degrees).ok()?;
        let t = self.value() / libm::sqrt(variance);
        let reach = law.upper_quantile((1.0 - level) / 2.0) * libm::sqrt(variance);
        Some(Welch {
            degrees,
            t,
            p_value: (2.0 * law.sf(t.abs())).min(1.0),
            interval: [self.value() - reach, self.value() + reach],
        })
    }

    /// The interval `d -+ z se`.
    pub fn normal_interval(&self, level: f64) -> Option<[f64; 2]> {
        let reach = normal::coverage_factor(level) * self.standard_error()?;
        Some([self.value() - reach, self.value() + reach])
    }
}

/// The mean of the differences in strata, weighed by their parts n_h/n of all who answered.
#[derive(Debug, Clone, PartialEq)]
pub struct PostStratified {
    /// The difference in each stratum.
    pub differences: Vec<f64>,
    /// Their weighted mean.
    pub value: f64,
    /// Its standard error; none where a group of a stratum has a single answer.
    pub standard_error: Option<f64>,
}

/// None without strata.
pub fn post_stratified(strata: &[Difference]) -> Option<PostStratified> {
    let size = |stratum: &Difference| stratum.treated.count + stratum.control.count;
    let all = sum(strata.iter().map(size));
    if strata.is_empty() {
        return None;
    }
    let part = |stratum: &Difference| size(stratum) / all;
    let variances: Option<Vec<f64>> =
        strata.iter().map(|stratum| Some(part(stratum) * part(stratum) * stratum.variance()?)).collect();
    Some(PostStratified {
        differences: strata.iter().map(Difference::value).collect(),
        value: sum(strata.iter().map(|stratum| part(stratum) * stratum.value())),
        standard_error: variances.map(|variances| libm::sqrt(sum(variances))),
    })
}

/// A double list: the first group has the sensitive statement in list A, the second in list B.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DoubleList {
    /// By list A and by list B.
    pub lists: [f64; 2],
    /// Their mean.
    pub value: f64,
    /// Of the difference of each person's two answers, which halves to the mean of the lists; it keeps how they go together.
    pub difference: Difference,
}

/// From each person's answers to lists A and B, in the group with the statement in A and in the one with it in B.
pub fn double_list(in_a: &[[f64; 2]], in_b: &[[f64; 2]]) -> Option<DoubleList> {
    let column =
        |group: &[[f64; 2]], list: usize| group.iter().map(|answers| answers[list]).collect::<Vec<f64>>();
    let less = |group: &[[f64; 2]]| group.iter().map(|answers| answers[0] - answers[1]).collect::<Vec<f64>>();
    let a = Difference::of(&column(in_a, 0), &column(in_b, 0))?.value();
    let b = Difference::of(&column(in_b, 1), &column(in_a, 1))?.value();
    let difference = Difference::of(&less(in_a), &less(in_b))?;
    Some(DoubleList { lists: [a, b], value: difference.value() / 2.0, difference })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        // Means 3 and 1, squares 8 and 2, n 5 and 3.
        let found = Difference::of(&[1.0, 2.0, 3.0, 4.0, 5.0], &[0.0, 1.0, 2.0]).expect("two groups");
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-14, "{a} {b}");
        close(found.value(), 2.0);
        let square = |x: Option<f64>| x.map_or(f64::NAN, |x| x * x);
        close(square(found.standard_error()), 10.0 / 20.0 + 2.0 / 6.0);
        close(square(found.pooled()), 12.0 / 6.0 * (1.0 / 5.0 + 1.0 / 3.0));
        close(found.hc0() * found.hc0(), 10.0 / 25.0 + 2.0 / 9.0);
        close(square(found.hc1()), (10.0 / 25.0 + 2.0 / 9.0) * 8.0 / 6.0);
        close(square(found.hc3()), 10.0 / 16.0 + 2.0 / 4.0);
        let (v1, v0): (f64, f64) = (0.5, 1.0 / 3.0);
        let welch = found.welch(0.95).expect("spread");
        close(welch.degrees, (v1 + v0).powi(2) / (v1 * v1 / 4.0 + v0 * v0 / 2.0));
    }

    #[test]
    fn what_is_undefined_is_none() {
        assert!(Difference::of(&[], &[1.0]).is_none() && Group::of(&[]).is_none());
        let single = Difference::of(&[1.0], &[1.0, 2.0]).expect("two groups");
        assert_eq!((single.standard_error(), single.hc3(), single.welch(0.95)), (None, None, None));
        assert!(single.pooled().is_some() && single.hc1().is_some());
        let two = Difference::of(&[1.0], &[1.0]).expect("two groups");
        assert_eq!((two.pooled(), two.hc1()), (None, None));
        let equal = Difference::of(&[2.0; 4], &[1.0; 3]).expect("two groups");
        assert_eq!((equal.standard_error(), equal.welch(0.95)), (Some(0.0), None));
        assert_eq!(equal.normal_interval(0.95), Some([1.0, 1.0]));
        assert_eq!(post_stratified(&[]), None);
        let strata = post_stratified(&[equal, single]).expect("two strata");
        assert_eq!(strata.standard_error, None);
        assert!((strata.value - (7.0 * 1.0 + 3.0 * -0.5) / 10.0).abs() < 1e-15);
    }

    #[test]
    fn a_double_list_is_the_mean_of_its_lists() {
        let in_a = [[3.0, 1.0], [2.0, 1.0], [2.0, 0.0]];
        let in_b = [[1.0, 2.0], [2.0, 2.0]];
        let found = double_list(&in_a, &in_b).expect("two groups");
        assert!((found.lists[0] - (7.0 / 3.0 - 1.5)).abs() < 1e-15);
        assert!((found.lists[1] - (2.0 - 2.0 / 3.0)).abs() < 1e-15);
        assert!((found.value - f64::midpoint(found.lists[0], found.lists[1])).abs() < 1e-15);
        assert_eq!(double_list(&in_a, &[]), None);
    }

    proptest! {
        #[test]
        fn order_and_a_common_shift_change_nothing(
            one in proptest::collection::vec(0_u8..5, 2..30), zero in proptest::collection::vec(0_u8..5, 2..30), shift in -10.0..10.0_f64,
        ) {
            let of = |values: &[u8]| values.iter().map(|v| f64::from(*v)).collect::<Vec<f64>>();
            let (one, zero) = (of(&one), of(&zero));
            let plain = Difference::of(&one, &zero).expect("two groups");
            let moved = |values: &[f64]| values.iter().rev().map(|v| v + shift).collect::<Vec<f64>>();
            let other = Difference::of(&moved(&one), &moved(&zero)).expect("two groups");
            prop_assert!((plain.value() - other.value()).abs() < 1e-12);
            prop_assert!((plain.variance().expect("two each") - other.variance().expect("two each")).abs() < 1e-12);
            // HC0 < Neyman < HC3 for any data.
            let error = plain.standard_error().expect("two each");
            prop_assert!(plain.hc0() <= error && error <= plain.hc3().expect("two each"));
        }
    }
}
