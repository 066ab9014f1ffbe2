use super::*;
use crate::estimator::numeric::draw::Stream;
use crate::estimator::numeric::law::Law;
use crate::estimator::panel::fixture::{Owned, ask, figure};
use proptest::prelude::*;

const PEOPLE: f64 = 3e6;

/// Figures of years from 2000 on: log deaths per adult and recorded consumption.
fn inputs(harm: &[f64], recorded: &[f64]) -> Vec<Owned> {
    let mut figures = Vec::new();
    for ((harm, recorded), year) in harm.iter().zip(recorded).zip(2000..) {
        let place = ("PA", year);
        let deaths = PEOPLE * harm.exp();
        figures.push(figure("harm", "alcohol_deaths", place, &[("cause", "K70")], 0.7 * deaths));
        figures.push(figure("harm", "alcohol_deaths", place, &[("cause", "F10")], 0.3 * deaths));
        figures.push(figure("recorded", "recorded", place, &[], *recorded));
        figures.push(figure("people", "people", place, &[], PEOPLE));
    }
    figures
}

fn ask_of(figures: &[Owned], year: i32, count: usize) -> Result<Estimate, Refusal> {
    ask("unrecorded_change_per_adult", ("PA", year), figures, &[], count, METHOD.run)
}

fn step(estimate: &Estimate, name: &str) -> f64 {
    estimate.steps.iter().find(|step| step.name.starts_with(name)).expect(name).value
}

/// Recorded consumption that moves.
fn recorded(years: usize) -> Vec<f64> {
    (0..years).map(|t| 8.0 + ((t * 7) % 5) as f64 * 0.5 - 0.05 * t as f64).collect()
}

fn noise(index: usize) -> f64 {
    0.01 * Stream::new(21, "harm").normal(index as u64)
}

/// statsmodels 0.15.0 (`OLS` of the differences) and numpy.
#[test]
fn twenty_years_of_statsmodels() {
    let recorded = recorded(20);
    let harm: Vec<f64> = recorded
        .iter()
        .zip(0..)
        .map(|(a, t)| -9.0 + 0.2 * a + 0.03 * f64::from(2 * t).sin() + 0.01 * f64::from((t * 3) % 7))
        .collect();
    let estimate = ask_of(&inputs(&harm, &recorded), 2015, 1000).expect("an estimate");
    for (found, expected) in [
        (step(&estimate, "effect of a litre"), 0.205_467_190_600_628_04),
        (step(&estimate, "standard error of b"), 0.009_058_971_901_700_564),
        (step(&estimate, "drift"), 0.000_836_005_396_365_043_6),
        (step(&estimate, "scatter"), 0.047_619_163_687_584_97),
        (estimate.value, -0.106_448_498_920_721_95),
        (estimate.analytic.expect("exact figures"), 0.848_331_364_253_582_2),
    ] {
        assert!((found / expected - 1.0).abs() < 1e-8, "{found} for {expected}");
    }
}

/// Deaths that follow recorded consumption and a rise of 1 litre after the tenth year, and nothing else.
#[test]
fn a_rise_that_recorded_consumption_does_not_explain_is_found() {
    // The rise comes in a year in which recorded consumption changes as on average, so that b stays what it is.
    let recorded: Vec<f64> = vec![8.0, 8.4, 8.1, 8.6, 8.2, 8.5, 8.0, 8.3, 8.7, 8.1, 8.1, 8.5, 8.2, 8.6, 8.0];
    let unrecorded = |t: usize| if t < 10 { 0.5 } else { 1.5 };
    let harm: Vec<f64> =
        recorded.iter().enumerate().map(|(t, a)| -9.0 + 0.15 * (a + unrecorded(t))).collect();
    let estimate = ask_of(&inputs(&harm, &recorded), 2014, 2000).expect("an estimate");
    assert!((step(&estimate, "effect of a litre") - 0.15).abs() < 1e-9, "{estimate:?}");
    assert!((estimate.value - 1.0).abs() < 1e-9, "{}", estimate.value);
    assert!(estimate.low < 1.0 && estimate.high > 1.0);
    let before = ask_of(&inputs(&harm, &recorded), 2009, 2000).expect("an estimate");
    assert!(before.value.abs() < 1e-9 && before.low < 0.0 && before.high > 0.0);
}

/// The interval is that of Fieller: its ends solve `(D - b X)^2 = t^2 s^2 (u.u - 2 X w.u + X^2 w.w)`, with `X = dA + dU`.
#[test]
fn the_interval_is_that_of_fieller() {
    let recorded = recorded(20);
    let harm: Vec<f64> = recorded.iter().enumerate().map(|(t, a)| -9.0 + 0.2 * a + noise(t)).collect();
    let estimate = ask_of(&inputs(&harm, &recorded), 2019, 200_000).expect("an estimate");
    let series = Series { harm, recorded };
    let effect = effect(&series).expect("an effect");
    let (change, recorded) = (since_base(&series.harm, 19), since_base(&series.recorded, 19));
    let t = Law::student_t(effect.degrees).expect("a law").quantile(0.975);
    let [own, shared, added] = effect.covariance(19).map(|part| part * (t * effect.scatter).powi(2));
    let (a, b, c) =
        (effect.litre * effect.litre - own, effect.litre * change - shared, change * change - added);
    let root = (b * b - a * c).sqrt();
    for ((found, error), all) in [estimate.low, estimate.high]
        .into_iter()
        .zip(estimate.monte_carlo_error)
        .zip([(b - root) / a, (b + root) / a])
    {
        assert!((found - (all - recorded)).abs() < 4.0 * error, "{found} for {}", all - recorded);
    }
    // By hand: eighteen changes, of which the first two count by a third and two thirds.
    assert!((effect.covariance(19)[2] - (1.0 / 9.0 + 4.0 / 9.0 + 17.0)).abs() < 1e-12);
}

/// Of 300 territories whose unrecorded consumption did not change, 95 % or more have 0 in the interval, and of those where it
/// rose by 2 litres from one year to the next as many have 2: 270 and more are within 4 standard deviations of 95 %.
#[test]
fn intervals_hold_what_they_promise() {
    let stream = Stream::new(6, "harm coverage");
    let mut numbers = (0_u64..).map(|index| stream.normal(index));
    let mut normal = || numbers.next().expect("an endless stream");
    for rise in [0.0, 2.0] {
        let (mut held, mut given) = (0, 0);
        for _ in 0..300 {
            let (mut other, mut recorded, mut harm) = (0.0, Vec::new(), Vec::new());
            for t in 0..25 {
                other += 0.02 * normal();
                let a = 8.0 + 0.6 * normal();
                let u = if t < 12 { 1.0 } else { 1.0 + rise };
                recorded.push(a);
                harm.push(-9.0 + 0.2 * (a + u) + other);
            }
            let Ok(estimate) = ask_of(&inputs(&harm, &recorded), 2024, 500) else { continue };
            given += 1;
            held += i32::from(estimate.low <= rise && rise <= estimate.high);
        }
        assert!(given > 290 && held >= given * 270 / 300, "{rise}: {held} of {given}");
    }
}

#[test]
fn a_litre_that_cannot_be_told_is_refused() {
    let recorded = recorded(15);
    let refusal =
        |harm: &[f64]| ask_of(&inputs(harm, &recorded), 2014, 1000).expect_err("a refusal").to_string();
    let against: Vec<f64> = recorded.iter().map(|a| -9.0 - 0.1 * a).collect();
    assert!(refusal(&against).contains("cannot be told by it"), "{}", refusal(&against));
    let loose: Vec<f64> =
        recorded.iter().zip(0..).map(|(a, t)| -9.0 + 0.1 * a + 0.2 * f64::from(2 * t).sin()).collect();
    assert!(refusal(&loose).contains("of 1000 draws"), "{}", refusal(&loose));
    let still = vec![8.0; 15];
    let harm: Vec<f64> = (0..15).map(|t| -9.0 + noise(t)).collect();
    let reason = ask_of(&inputs(&harm, &still), 2014, 10).expect_err("a refusal").to_string();
    assert!(reason.contains("the change of recorded consumption is 0 everywhere"), "{reason}");
}

#[test]
fn short_broken_and_empty_series_are_refused_and_causes_must_last() {
    let recorded = recorded(14);
    let harm: Vec<f64> = recorded.iter().enumerate().map(|(t, a)| -9.0 + 0.2 * a + noise(t)).collect();
    let whole = inputs(&harm, &recorded);
    let refusal = |figures: &[Owned], year| ask_of(figures, year, 1000).expect_err("a refusal").to_string();
    let short = inputs(&harm[..8], &recorded[..8]);
    assert!(refusal(&short, 2007).contains("8 years one after the other"), "{}", refusal(&short, 2007));
    assert!(refusal(&short, 2007).contains("9 are needed"));
    // Without recorded consumption of 2005 the years after it stand alone.
    let broken: Vec<Owned> =
        whole.iter().enumerate().filter(|(i, _)| *i != 5 * 4 + 2).map(|(_, owned)| owned.clone()).collect();
    assert!(refusal(&broken, 2013).contains("8 years one after the other"));
    assert!(refusal(&broken, 2005).contains("of this year are missing"));
    assert!(refusal(&whole, 2001).contains("one of the three years"));
    let mut nobody = whole.clone();
    (nobody[4].value, nobody[5].value) = (0.0, 0.0);
    assert!(refusal(&nobody, 2013).contains("no deaths in 2001"));
    // A cause that comes late is left out: K70 alone has the same changes.
    let late: Vec<Owned> = whole
        .iter()
        .enumerate()
        .filter(|(i, _)| *i >= 12 || i % 4 != 1)
        .map(|(_, owned)| owned.clone())
        .collect();
    let (one, other) = (ask_of(&whole, 2013, 1000), ask_of(&late, 2013, 1000));
    let (one, other) = (one.expect("an estimate"), other.expect("an estimate"));
    assert!((one.value - other.value).abs() < 1e-9);
    assert!(other.notes[0].contains("deaths by F10"), "{:?}", other.notes);
}

#[test]
fn errors_of_recorded_consumption_widen_the_interval() {
    let recorded = recorded(20);
    let harm: Vec<f64> = recorded.iter().enumerate().map(|(t, a)| -9.0 + 0.2 * a + 0.1 * noise(t)).collect();
    let exact = inputs(&harm, &recorded);
    let mut rough = exact.clone();
    let last = rough.len() - 2;
    let stream = Stream::new(30, "recorded");
    rough[last].draws = (0..20_000).map(|i| recorded[19] + 0.5 * stream.normal(i)).collect();
    rough[last].sd = Some(0.5);
    let (exact, rough) =
        (ask_of(&exact, 2019, 20_000).expect("one"), ask_of(&rough, 2019, 20_000).expect("one"));
    let analytic = |estimate: &Estimate| estimate.analytic.expect("known errors");
    assert!((analytic(&rough).powi(2) - analytic(&exact).powi(2) - 0.25).abs() < 1e-9);
    assert!(rough.high - rough.low > 1.9 && rough.value.to_bits() == exact.value.to_bits());
}

proptest! {
    #[test]
    fn more_people_with_as_many_deaths_each_change_nothing(factor in 0.01..100.0_f64, litres in 0.1..10.0_f64) {
        let recorded = recorded(16);
        let harm: Vec<f64> = recorded.iter().enumerate().map(|(t, a)| -9.0 + 0.2 * a + 0.1 * noise(t)).collect();
        let plain = inputs(&harm, &recorded);
        let mut moved = plain.clone();
        for owned in &mut moved {
            owned.value *= if owned.input == "recorded" { litres } else { factor };
        }
        let (one, other) = (ask_of(&plain, 2015, 200).expect("one"), ask_of(&moved, 2015, 200).expect("one"));
        for (one, other) in [(one.value, other.value), (one.low, other.low), (one.high, other.high)] {
            prop_assert!((other / litres - one).abs() < 1e-8 * (1.0 + one.abs()));
        }
    }
}
