//! Benchmarking: a series of short periods is moved as little as can be so that it agrees with figures of long periods.
//!
//! ```text
//! p indicator, x result, Y benchmarks, d = x - p (additive) or d = (x - p) / p (proportional)
//! minimise  sum (D^h d)^2    subject to   C x = Y       D takes first differences, h = 0, 1, 2
//! original start (Denton):    d is 0 before the first period, so that its first h values cost too
//! free start (Cholette):      the first h rows of D^h are left out
//! C: the sum, the average, the first or the last value of a long period
//! pro rata: x = p Y / (C p) within each long period, with a step between them
//! ```
//! With a free start and h = 1 the proportional result keeps the indicator's growth rates as well as the benchmarks let it; the
//! original start pulls the first values to the indicator's own level, which shows as a wave where levels differ.
//! Long periods without a benchmark, and short periods after the last one, follow from the same minimum: they are extrapolated
//! with the last difference or ratio (h = 1). Nothing here tells whether the indicator's movement is real: it is copied.
//!
//! The minimum solves `[M A'; A 0] [d; lambda] = [0; Y - C p]`, or `[x / p; lambda] = [0; Y]` for a ratio with a free start, with `M = D^h' D^h` and `A = C` or `C diag(p)`. Each multiplier stands
//! after its long period, so that the matrix is banded, and is factored once for an indicator.
//!
//! # References
//! F. T. Denton (1971), Adjustment of monthly or quarterly series to annual totals, Journal of the American Statistical Association 66(333), 99-102.
//! P. A. Cholette (1984), Adjusting sub-annual series to yearly benchmarks, Survey Methodology 10(1), 35-49.
//! E. B. Dagum, P. A. Cholette (2006), Benchmarking, Temporal Distribution, and Reconciliation Methods for Time Series, Springer, chapter 6.

mod banded;
pub mod regression;

use super::sample::sum;
use banded::Banded;

/// Longer series are refused.
pub const MOST_PERIODS: usize = 3_000;
/// No long period has more short ones, such as the days of a year.
pub const MOST_WITHIN: usize = 366;

/// An indicator below this part of the largest is as good as zero to a ratio.
const NEXT_TO_NOTHING: f64 = 1e-9;

/// How a long period's figure comes of its short ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// Their sum: flows.
    Sum,
    /// Their average: rates and indices.
    Average,
    /// The first: stocks at the beginning.
    First,
    /// The last: stocks at the end.
    Last,
}

impl Conversion {
    /// The weight of the short period at a place within its long one.
    fn weight(self, place: usize, within: usize) -> f64 {
        match self {
            Self::Sum => 1.0,
            Self::Average => 1.0 / within as f64,
            Self::First => f64::from(u8::from(place == 0)),
            Self::Last => f64::from(u8::from(place + 1 == within)),
        }
    }
}

/// What is kept even.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The difference from the indicator.
    Additive,
    /// The ratio to the indicator.
    Proportional,
}

/// What is known of the time before the first period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The series agreed with the indicator (Denton).
    Original,
    /// Nothing (Cholette).
    Free,
}

/// How periods lie in one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// How many short periods a long one has.
    pub within: usize,
    /// How its figure comes of theirs.
    pub conversion: Conversion,
}

impl Calendar {
    /// The weights of the short periods of one long period.
    fn weights(self) -> impl Iterator<Item = f64> + Clone {
        (0..self.within).map(move |place| self.conversion.weight(place, self.within))
    }

    /// The figure of the long period `j` of a series.
    fn figure(self, series: &[f64], j: usize) -> f64 {
        let own = series.iter().skip(j * self.within);
        sum(own.zip(self.weights()).map(|(value, weight)| value * weight))
    }

    fn check(self, periods: usize, benchmarks: usize) -> Result<(), String> {
        if self.within == 0 || self.within > MOST_WITHIN {
            return Err(format!(
                "a long period has {} short ones, and must have from 1 to {MOST_WITHIN}",
                self.within
            ));
        }
        if periods == 0 || periods > MOST_PERIODS {
            return Err(format!(
                "the indicator has {periods} values, and must have from 1 to {MOST_PERIODS}"
            ));
        }
        if benchmarks * self.within > periods {
            return Err(format!(
                "the indicator has {periods} values, and {benchmarks} benchmarks need {}",
                benchmarks * self.within
            ));
        }
        Ok(())
    }
}

/// What is made least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aim {
    /// Differences or ratios.
    pub form: Form,
    /// The time before the first period.
    pub start: Start,
    /// How often differences are taken: 0 (original start only), 1 or 2.
    pub order: usize,
}

/// An indicator that is ready to be brought to benchmarks.
#[derive(Debug, Clone)]
pub struct Benchmarker {
    indicator: Vec<f64>,
    calendar: Calendar,
    form: Form,
    /// What the unknowns are counted from: differences do not see the level of a ratio with a free start, which is then the unknown.
    from: f64,
    /// The long periods that have a benchmark, with the place of their multiplier and the scale of their row.
    bound: Vec<(usize, usize, f64)>,
    /// The place of each short period among the unknowns.
    places: Vec<usize>,
    system: Banded,
}

impl Benchmarker {
    /// Makes ready; `has_benchmark` says of each long period, from the first on, whether it has one.
    pub fn new(
        indicator: &[f64],
        has_benchmark: &[bool],
        calendar: Calendar,
        aim: Aim,
    ) -> Result<Self, String> {
        calendar.check(indicator.len(), has_benchmark.len())?;
        check_aim(aim, has_benchmark)?;
        check_indicator(indicator, aim.form)?;
        let (places, multipliers) = arrange(indicator.len(), has_benchmark, calendar);
        let size = indicator.len() + multipliers.len();
        let mut entries = differences(&places, aim);
        let mut bound = Vec::with_capacity(multipliers.len());
        for (j, place) in multipliers {
            let row = row(indicator, &places, j, calendar, aim.form);
            let scale = row.iter().fold(0.0_f64, |most, (_, value)| most.max(value.abs()));
            if scale == 0.0 {
                return Err(format!("the indicator is 0 throughout the long period {}", j + 1));
            }
            for (column, value) in row.into_iter().filter(|(_, value)| *value != 0.0) {
                entries.push((place, column, value / scale));
                entries.push((column, place, value / scale));
            }
            bound.push((j, place, scale));
        }
        let system = Banded::factor(size, &entries)
            .ok_or("the benchmarks are too few, or the indicator too uneven, to settle the series")?;
        let is_ratio = aim.form == Form::Proportional && aim.start == Start::Free;
        let from = if is_ratio { 0.0 } else { 1.0 };
        Ok(Self { indicator: indicator.to_vec(), calendar, form: aim.form, from, bound, places, system })
    }

    /// The series that has these benchmarks, of which those of long periods without one are not read.
    pub fn series(&self, benchmarks: &[f64]) -> Result<Vec<f64>, String> {
        let mut right = vec![0.0; self.indicator.len() + self.bound.len()];
        for (j, place, scale) in &self.bound {
            let benchmark = benchmarks.get(*j).copied().unwrap_or(f64::NAN);
            if !benchmark.is_finite() {
                return Err(format!("benchmark {} is {benchmark}, and must be a number", j + 1));
            }
            let known = self.from * self.calendar.figure(&self.indicator, *j);
            right[*place] = (benchmark - known) / scale;
        }
        self.system.solve(&mut right);
        let moved = self.indicator.iter().zip(&self.places).map(|(p, place)| match self.form {
            Form::Additive => p + right[*place],
            Form::Proportional => p * (self.from + right[*place]),
        });
        Ok(moved.collect())
    }
}

/// Benchmarks that are there.
pub fn benchmarked(
    indicator: &[f64],
    benchmarks: &[Option<f64>],
    calendar: Calendar,
    aim: Aim,
) -> Result<Vec<f64>, String> {
    let has_benchmark: Vec<bool> = benchmarks.iter().map(Option::is_some).collect();
    let values: Vec<f64> = benchmarks.iter().map(|benchmark| benchmark.unwrap_or(f64::NAN)).collect();
    Benchmarker::new(indicator, &has_benchmark, calendar, aim)?.series(&values)
}

/// Each long period by itself; none where it has no benchmark or its indicator comes to 0.
pub fn pro_rata(
    indicator: &[f64],
    benchmarks: &[Option<f64>],
    calendar: Calendar,
) -> Result<Vec<Option<f64>>, String> {
    calendar.check(indicator.len(), benchmarks.len())?;
    check_indicator(indicator, Form::Additive)?;
    Ok((0..benchmarks.len() * calendar.within)
        .map(|t| {
            let j = t / calendar.within;
            let figure = calendar.figure(indicator, j);
            benchmarks[j].filter(|_| figure != 0.0).map(|benchmark| indicator[t] * (benchmark / figure))
        })
        .collect())
}

fn check_aim(aim: Aim, has_benchmark: &[bool]) -> Result<(), String> {
    let count = has_benchmark.iter().filter(|has| **has).count();
    let orders = if aim.start == Start::Free { 1..=2 } else { 0..=2 };
    if !orders.contains(&aim.order) {
        return Err(format!(
            "differences of order {} are asked for, and must be of order {} to {}",
            aim.order,
            orders.start(),
            orders.end()
        ));
    }
    // What no difference sees, a level and a slope, must come from the benchmarks.
    let least = if aim.start == Start::Free { aim.order } else { 1 };
    if count < least {
        return Err(format!("{count} benchmarks are given, and at least {least} are needed"));
    }
    Ok(())
}

fn check_indicator(indicator: &[f64], form: Form) -> Result<(), String> {
    if let Some(t) = indicator.iter().position(|p| !p.is_finite()) {
        return Err(format!("value {} of the indicator is {}, and must be a number", t + 1, indicator[t]));
    }
    if form == Form::Additive {
        return Ok(());
    }
    let most = indicator.iter().fold(0.0_f64, |most, p| most.max(p.abs()));
    let Some(t) = indicator.iter().position(|p| *p <= NEXT_TO_NOTHING * most) else { return Ok(()) };
    let what = if indicator[t] < 0.0 { "negative" } else { "as good as 0" };
    Err(format!(
        "value {} of the indicator is {}, which is {what}, and a series cannot keep its ratio to that",
        t + 1,
        indicator[t]
    ))
}

/// The places of the short periods among the unknowns, and of the multipliers with their long periods.
fn arrange(periods: usize, has_benchmark: &[bool], calendar: Calendar) -> (Vec<usize>, Vec<(usize, usize)>) {
    let (mut places, mut multipliers) = (Vec::with_capacity(periods), Vec::new());
    for t in 0..periods {
        places.push(t + multipliers.len());
        let j = t / calendar.within;
        if (t + 1) % calendar.within == 0 && has_benchmark.get(j).is_some_and(|has| *has) {
            multipliers.push((j, t + multipliers.len() + 1));
        }
    }
    (places, multipliers)
}

/// What a long period's figure takes of each unknown.
fn row(indicator: &[f64], places: &[usize], j: usize, calendar: Calendar, form: Form) -> Vec<(usize, f64)> {
    let first = j * calendar.within;
    let parts = calendar.weights().enumerate().map(|(place, weight)| {
        let t = first + place;
        let value = if form == Form::Additive { weight } else { weight * indicator[t] };
        (places[t], value)
    });
    parts.collect()
}

/// The entries of `D^h' D^h`.
fn differences(places: &[usize], aim: Aim) -> Vec<(usize, usize, f64)> {
    let stencil: &[f64] = match aim.order {
        0 => &[1.0],
        1 => &[1.0, -1.0],
        _ => &[1.0, -2.0, 1.0],
    };
    let first = if aim.start == Start::Free { aim.order } else { 0 };
    let mut entries = Vec::new();
    for t in first..places.len() {
        // Values before the first period are 0.
        let reach = stencil.len().min(t + 1);
        for (a, left) in stencil[..reach].iter().enumerate() {
            for (b, right) in stencil[..reach].iter().enumerate() {
                entries.push((places[t - a], places[t - b], left * right));
            }
        }
    }
    entries
}

#[cfg(test)]
mod tests;
