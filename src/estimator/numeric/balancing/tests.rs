use proptest::prelude::*;

use super::*;

fn constraint(name: &str, coefficients: &[f64], total: f64) -> Constraint {
    Constraint { name: name.to_owned(), coefficients: coefficients.to_vec(), total }
}

fn independent(variances: &[f64], constraints: &[Constraint]) -> Result<Balance, String> {
    Balance::new(&Errors::Independent(variances.to_vec()), constraints.to_vec())
}

fn is_near(actual: f64, expected: f64) -> bool {
    (actual - expected).abs() <= 1e-14 * expected.abs()
}

fn variances(covariance: &[Vec<f64>]) -> Vec<f64> {
    covariance.iter().enumerate().map(|(i, row)| row[i]).collect()
}

/// By mpmath 1.3 with 300 digits.
#[test]
fn one_identity() {
    let balance = independent(&[16.0, 1.0, 25.0], &[constraint("a", &[1.0, -1.0, -1.0], 0.0)]).expect("one");
    let balanced = balance.at(&[100.0, 70.0, 40.0]).expect("no contradiction");
    for (actual, expected) in
        balanced.figures.iter().zip([103.809_523_809_523_81, 69.761_904_761_904_76, 34.047_619_047_619_05])
    {
        assert!(is_near(*actual, expected), "{actual}");
    }
    for (actual, expected) in variances(&balance.covariance()).into_iter().zip([
        9.904_761_904_761_905,
        0.976_190_476_190_476_2,
        10.119_047_619_047_62,
    ]) {
        assert!(is_near(actual, expected), "{actual}");
    }
    assert!(is_near(balanced.statistic, 100.0 / 42.0) && balance.rank() == 1);
    // Chi-squared with one degree of freedom: 2 (1 - Phi(10 / sqrt 42)).
    let p = balance.probability(balanced.statistic).expect("one constraint");
    assert!((p - 0.122_823).abs() < 1e-6, "{p}");
}

/// Variances thirty orders apart, by mpmath 1.3 with 300 digits: one figure is unknown, and two known ones must differ by 5.
#[test]
fn a_figure_that_nobody_knows() {
    let constraints = [constraint("a", &[1.0, 1.0, 0.0], 10.0), constraint("b", &[1.0, 0.0, 1.0], 5.0)];
    let balance = independent(&[1e20, 1e-10, 1e-10], &constraints).expect("two constraints");
    assert_eq!(balance.rank(), 2);
    let balanced = balance.at(&[1.0, 3.0, 9.0]).expect("no contradiction");
    assert_eq!(balanced.figures, [1.5, 8.5, 3.5]);
    for variance in variances(&balance.covariance()) {
        assert!(is_near(variance, 5e-11), "{variance:e}");
    }
    assert!(is_near(balanced.statistic, 604_999_999_999.999_98));
}

/// By mpmath 1.3 with 300 digits.
#[test]
fn constraints_that_nearly_agree_are_two_constraints() {
    let constraints = [constraint("a", &[1.0, -1.0], 0.0), constraint("b", &[1.0 + 1e-9, -1.0], 1e-8)];
    let balance = independent(&[4.0, 9.0], &constraints).expect("two constraints");
    let balanced = balance.at(&[10.0, 12.0]).expect("no contradiction");
    assert_eq!(balance.rank(), 2);
    assert!(balanced.figures.iter().all(|x| is_near(*x, 9.999_999_172_596_36)), "{balanced:?}");
    assert!(is_near(balanced.statistic, 0.444_444_812_179_643_4));
    assert_eq!(variances(&balance.covariance()), [0.0; 2]);
}

#[test]
fn what_follows_is_left_out_and_what_contradicts_is_named() {
    let a = constraint("beer", &[1.0, -1.0, 0.0], 2.0);
    let b = constraint("wine", &[0.0, 1.0, -0.1], 1.0);
    // 0.3 times the first plus 3 times the second, as floats have it.
    let follows = |total| constraint("all", &[0.3, 2.7, -0.3], total);
    let balance = independent(&[1.0, 2.0, 3.0], &[a.clone(), b.clone(), follows(3.6)]).expect("three");
    assert_eq!((balance.rank(), balance.redundant().collect::<Vec<_>>()), (2, vec!["all"]));
    let alone = independent(&[1.0, 2.0, 3.0], &[a.clone(), b.clone()]).expect("two");
    let figures = [5.0, 7.0, 9.0];
    let balanced = balance.at(&figures).expect("no contradiction");
    assert_eq!(balanced.figures, alone.at(&figures).expect("no contradiction").figures);
    assert_eq!(balanced.multipliers[2], 0.0);

    let wrong = independent(&[1.0, 2.0, 3.0], &[a.clone(), b, follows(3.5)]).expect("three");
    let message = wrong.at(&figures).expect_err("a contradiction");
    assert!(message.contains("all contradicts beer with wine, by 0.1"), "{message}");
    let twice = independent(&[1.0; 3], &[a.clone(), Constraint { total: 3.0, ..a }]).expect("two");
    assert!(twice.at(&figures).expect_err("a contradiction").contains("beer contradicts beer"));
}

#[test]
fn a_figure_without_error_stays() {
    let all = constraint("all", &[1.0, 1.0, -1.0], 0.0);
    let balance = independent(&[4.0, 0.0, 0.0], std::slice::from_ref(&all)).expect("one");
    let balanced = balance.at(&[3.0, 5.0, 10.0]).expect("one figure can move");
    assert_eq!(balanced.figures, [5.0, 5.0, 10.0]);
    assert_eq!(variances(&balance.covariance()), [0.0; 3]);

    let fixed = independent(&[0.0; 3], std::slice::from_ref(&all)).expect("one");
    assert_eq!((fixed.rank(), fixed.probability(0.0)), (0, None));
    assert_eq!(fixed.at(&[0.1, 0.2, 0.3]).expect("it holds but for rounding").figures, [0.1, 0.2, 0.3]);
    let message = fixed.at(&[0.1, 0.2, 0.4]).expect_err("nothing can move");
    assert!(message.contains("no figure of the constraint all can move"), "{message}");
}

/// Two figures that move together: by mpmath 1.3, with the covariance 2 of variances 4 and 1.
#[test]
fn a_covariance_without_full_rank() {
    let joint = |c: f64| Errors::Joint(vec![vec![4.0, c, 0.0], vec![c, 1.0, 0.0], vec![0.0, 0.0, 9.0]]);
    let all = constraint("all", &[1.0, 1.0, 1.0], 25.0);
    let balance = Balance::new(&joint(2.0), vec![all.clone()]).expect("possible covariances");
    let balanced = balance.at(&[10.0, 5.0, 7.0]).expect("no contradiction");
    assert_eq!(balanced.figures, [11.0, 5.5, 8.5]);
    assert!(variances(&balance.covariance()).into_iter().zip([2.0, 0.5, 4.5]).all(|(a, e)| is_near(a, e)));
    // They differ by twice what either is above 0, which no movement changes.
    let differ = constraint("differ", &[1.0, -2.0, 0.0], 1.0);
    let stuck = Balance::new(&joint(2.0), vec![differ]).expect("possible covariances");
    assert!(stuck.at(&[10.0, 5.0, 7.0]).expect_err("they cannot").contains("can move"));

    assert!(
        Balance::new(&joint(2.1), vec![]).expect_err("impossible").contains("more than the variances allow")
    );
    let cycle = |c: f64| vec![vec![1.0, c, -c], vec![c, 1.0, c], vec![-c, c, 1.0]];
    assert!(
        Balance::new(&Errors::Joint(cycle(0.9)), vec![]).expect_err("impossible").contains("semidefinite")
    );
    let lopsided = Errors::Joint(vec![vec![1.0, 0.5], vec![0.4, 1.0]]);
    assert!(Balance::new(&lopsided, vec![]).expect_err("impossible").contains("mirror"));
}

#[test]
fn nothing_to_satisfy_changes_nothing() {
    let balance = independent(&[1.0, 4.0], &[]).expect("no constraint");
    let balanced = balance.at(&[3.0, -5.0]).expect("no constraint");
    assert_eq!((balanced.figures, balanced.statistic), (vec![3.0, -5.0], 0.0));
    assert_eq!(balance.covariance(), [[1.0, 0.0], [0.0, 4.0]]);
    let bounded = balance.not_negative(&[3.0, -5.0], &[true, true]).expect("0 is possible");
    assert_eq!((bounded.balanced.figures, bounded.binding), (vec![3.0, 0.0], vec![1]));
    assert!(is_near(bounded.balanced.statistic, 25.0 / 4.0));
    assert!(independent(&[], &[]).expect("nothing").at(&[]).expect("nothing").figures.is_empty());
}

#[test]
fn nonsense_is_refused() {
    let all = constraint("all", &[1.0, 1.0], 0.0);
    assert!(
        independent(&[1.0], std::slice::from_ref(&all)).expect_err("a mistake").contains("2 coefficients")
    );
    assert!(independent(&[1.0, -1.0], &[]).expect_err("a mistake").contains("variance is -1"));
    assert!(independent(&[1.0, f64::NAN], &[]).expect_err("a mistake").contains("variance is NaN"));
    assert!(independent(&vec![1.0; MOST + 1], &[]).expect_err("a mistake").contains("too many"));
    let huge = constraint("all", &[1e120, 1.0], 0.0);
    assert!(independent(&[1e100, 1.0], &[huge]).expect_err("a mistake").contains("proportion"));
    let endless = constraint("all", &[1.0, f64::INFINITY], 0.0);
    assert!(independent(&[1.0, 1.0], &[endless]).expect_err("a mistake").contains("holds inf"));
    let balance = independent(&[1.0, 1.0], &[all]).expect("one");
    assert!(balance.at(&[1.0]).expect_err("a mistake").contains("1 figures"));
    assert!(balance.at(&[1.0, f64::NAN]).expect_err("a mistake").contains("NaN"));
    assert!(balance.not_negative(&[1.0, 1.0], &[true]).expect_err("a mistake").contains("1 bounds"));
}

/// By quadprog 1.5.8. In the first system the identity pulls a negative figure up; in the second a bound binds.
#[test]
fn bounds_bind_only_where_the_balance_would_pass_them() {
    let identity = constraint("identity", &[1.0, 1.0, 1.0, -1.0, -1.0, -1.0], 0.0);
    let balance = independent(&[16.0, 9.0, 900.0, 225.0, 4.0, 25.0], &[identity]).expect("one");
    let figures = [820.0, 240.0, -60.0, 1010.0, 132.0, 30.0];
    let bounded = balance.not_negative(&figures, &[true; 6]).expect("possible");
    assert!(bounded.binding.is_empty());
    assert_eq!(bounded.balanced, balance.at(&figures).expect("possible"));
    assert!((bounded.balanced.figures[2] - 71.297_709_923_664).abs() < 1e-11);

    let constraints = [
        constraint("a", &[1.0, 1.0, 1.0, 1.0, -1.0], 0.0),
        constraint("b", &[0.0, 1.0, -1.0, 0.0, 0.0], 0.5),
    ];
    let balance = independent(&[1.0, 4.0, 9.0, 1.0, 16.0], &constraints).expect("two");
    let bounded = balance.not_negative(&[5.0, -3.0, -4.0, 2.0, 10.0], &[true; 5]).expect("possible");
    assert_eq!(bounded.binding, [2]);
    for (actual, expected) in
        bounded.balanced.figures.iter().zip([185.0 / 36.0, 0.5, 0.0, 77.0 / 36.0, 70.0 / 9.0])
    {
        assert!((actual - expected).abs() <= 1e-14, "{actual}");
    }
    assert!(is_near(bounded.balanced.statistic, 5.1875));
    assert!(is_near(bounded.bound_multipliers[2], 1.041_666_666_666_666_7));
    assert_eq!(bounded.covariance[2], [0.0; 5]);
}

#[test]
fn bounds_that_cannot_hold_are_refused() {
    let sum = |total| constraint("sum", &[1.0, 1.0], total);
    let balance = independent(&[1.0, 1.0], &[sum(-5.0)]).expect("one");
    let message = balance.not_negative(&[1.0, 2.0], &[true, true]).expect_err("impossible");
    assert!(message.contains("satisfy sum"), "{message}");
    assert_eq!(
        balance.not_negative(&[1.0, 2.0], &[true, false]).expect("possible").balanced.figures,
        [0.0, -5.0]
    );
    // Both are 0 then, and the second bound follows from the first.
    let zero = independent(&[1.0, 1.0], &[sum(0.0)]).expect("one");
    assert_eq!(
        zero.not_negative(&[3.0, -2.0], &[true, true]).expect("possible").balanced.figures,
        [0.0, 0.0]
    );
    let fixed = independent(&[0.0, 1.0], &[]).expect("none");
    assert!(fixed.not_negative(&[-1.0, 0.0], &[true, true]).expect_err("fixed").contains("figure 1 is -1"));
}

/// A system of whole coefficients, with figures of both signs.
fn systems() -> impl Strategy<Value = (Vec<f64>, Vec<f64>, Vec<Constraint>)> {
    (2..7_usize, 1..4_usize).prop_flat_map(|(size, rows)| {
        let variances =
            proptest::collection::vec(prop_oneof![4 => -12.0..12.0_f64, 1 => Just(f64::NEG_INFINITY)], size)
                .prop_map(|logs| logs.into_iter().map(f64::exp).collect());
        let figures = proptest::collection::vec(-20.0..100.0_f64, size);
        let constraints =
            proptest::collection::vec((proptest::collection::vec(-1..2_i8, size), -10.0..60.0_f64), rows)
                .prop_map(|rows| {
                    rows.iter()
                        .enumerate()
                        .map(|(i, (coefficients, total))| Constraint {
                            name: format!("constraint {i}"),
                            coefficients: coefficients.iter().map(|a| f64::from(*a)).collect(),
                            total: *total,
                        })
                        .collect()
                });
        (figures, variances, constraints)
    })
}

/// Whether figures satisfy the constraints but for the rounding of each figure.
fn closes(constraints: &[Constraint], figures: &[f64]) -> bool {
    constraints
        .iter()
        .all(|constraint| constraint.misclosure(figures).abs() <= f64::EPSILON * constraint.size(figures))
}

/// The figures must be moved by V times a combination of the constraints and of the bounds that bind, which push upwards.
fn is_stationary(
    balanced: &Balanced,
    bound_multipliers: &[f64],
    variances: &[f64],
    constraints: &[Constraint],
) -> bool {
    (0..variances.len()).all(|i| {
        let terms = constraints.iter().zip(&balanced.multipliers).map(|(c, m)| c.coefficients[i] * m);
        let terms: Vec<f64> = terms.chain([bound_multipliers[i]]).map(|term| term * variances[i]).collect();
        let size: f64 = terms.iter().map(|term| term.abs()).sum::<f64>() + balanced.adjustments[i].abs();
        (balanced.adjustments[i] - terms.iter().sum::<f64>()).abs() <= 1e-13 * size
    })
}

proptest! {
    #[test]
    fn the_nearest_figures_close((figures, variances, constraints) in systems()) {
        let balance = independent(&variances, &constraints).expect("a possible system");
        if let Ok(balanced) = balance.at(&figures) {
            prop_assert!(closes(&constraints, &balanced.figures), "{balanced:?}");
            let none = vec![0.0; figures.len()];
            prop_assert!(is_stationary(&balanced, &none, &variances, &constraints), "{balanced:?}");
            let after = balance.covariance();
            for (i, before) in variances.iter().enumerate() {
                prop_assert!(after[i][i] >= 0.0 && after[i][i] <= before * (1.0 + 1e-14));
            }
            // Balanced figures need no balancing.
            let again = balance.at(&balanced.figures).expect("no contradiction");
            let size = balanced.figures.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            prop_assert!(again.adjustments.iter().all(|by| by.abs() <= 1e-9 * size));
        }
    }

    /// The conditions of Karush, Kuhn and Tucker are sufficient here, so that whoever meets them is the nearest point; where
    /// it is refused, no choice of active bounds meets them.
    #[test]
    fn bounds_by_their_conditions((figures, variances, constraints) in systems()) {
        let balance = independent(&variances, &constraints).expect("a possible system");
        let size = figures.len();
        match balance.not_negative(&figures, &vec![true; size]) {
            Ok(bounded) => {
                let Bounded { balanced, binding, bound_multipliers, .. } = &bounded;
                prop_assert!(balanced.figures.iter().all(|x| *x >= 0.0), "{bounded:?}");
                prop_assert!(closes(&constraints, &balanced.figures), "{bounded:?}");
                prop_assert!(is_stationary(balanced, bound_multipliers, &variances, &constraints), "{bounded:?}");
                for (i, multiplier) in bound_multipliers.iter().enumerate() {
                    let is_binding = binding.contains(&i);
                    prop_assert!(*multiplier >= 0.0 && (is_binding || *multiplier == 0.0));
                    prop_assert!(!is_binding || balanced.figures[i] == 0.0);
                }
                let without = balance.at(&figures).expect("no contradiction");
                prop_assert!(without.statistic <= balanced.statistic * (1.0 + 1e-12));
            }
            Err(_) => {
                for held in 0..1_usize << size {
                    let mut with_bounds = constraints.clone();
                    with_bounds.extend((0..size).filter(|i| held >> i & 1 == 1).map(|i| {
                        let unit: Vec<f64> = (0..size).map(|j| f64::from(u8::from(i == j))).collect();
                        constraint("bound", &unit, 0.0)
                    }));
                    let other = independent(&variances, &with_bounds).expect("a possible system");
                    let least = other.at(&figures).ok().map(|b| b.figures.iter().fold(f64::INFINITY, |a, b| a.min(*b)));
                    prop_assert!(least.is_none_or(|least| least < 0.0), "{held} gives {least:?}");
                }
            }
        }
    }

    #[test]
    fn neither_units_nor_order_change_a_balance(
        (figures, variances, constraints) in systems(), units in proptest::collection::vec(-20..20_i32, 7), factor in 1e-6..1e6_f64,
    ) {
        let unit: Vec<f64> = units.iter().map(|power| f64::from(*power).exp2()).collect();
        let times = |values: &[f64], power: i32| -> Vec<f64> {
            values.iter().zip(&unit).map(|(x, unit)| x * unit.powi(power)).collect()
        };
        let in_units: Vec<Constraint> = constraints
            .iter()
            .map(|c| Constraint { coefficients: times(&c.coefficients, -1), ..c.clone() })
            .collect();
        let one = independent(&variances, &constraints).expect("a system").at(&figures);
        let other = independent(&times(&variances, 2), &in_units).expect("a system").at(&times(&figures, 1));
        prop_assert_eq!(one.is_ok(), other.is_ok());
        // Constraints in another order and on another scale are the same constraints.
        let turned: Vec<Constraint> = constraints
            .iter()
            .rev()
            .map(|c| Constraint {
                coefficients: c.coefficients.iter().map(|a| a * factor).collect(),
                total: c.total * factor,
                ..c.clone()
            })
            .collect();
        let third = independent(&variances, &turned).expect("a system").at(&figures);
        prop_assert_eq!(one.is_ok(), third.is_ok());
        if let (Ok(one), Ok(other), Ok(third)) = (one, other, third) {
            let most = one.figures.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            for ((x, y), z) in one.figures.iter().zip(times(&other.figures, -1)).zip(&third.figures) {
                prop_assert!((x - y).abs() <= 1e-13 * most && (x - z).abs() <= 1e-13 * most, "{x} {y} {z}");
            }
            prop_assert!((one.statistic - other.statistic).abs() <= 1e-12 * one.statistic);
            prop_assert!((one.statistic - third.statistic).abs() <= 1e-9 * one.statistic + 1e-20);
        }
    }
}
