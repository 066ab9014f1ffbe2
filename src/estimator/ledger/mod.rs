//! Figures of ledgers: they come without an interval and err by a part of themselves that the standard states.

use super::numeric::draw::Stream;
use super::{Argument, Call, Refusal};

/// A figure with its error.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    /// As it stands in the ledger.
    pub(super) value: f64,
    error: Error<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Error<'a> {
    /// Its own, which came with it.
    Own(&'a Argument<'a>),
    /// Normal, a coefficient of variation times the size of what was counted.
    Stated { coefficient: &'a Argument<'a>, size: f64, stream: Stream },
}

impl<'a> Entry<'a> {
    /// A sum of records, whose error is stated.
    pub(super) fn stated(value: f64, coefficient: &'a Argument<'a>, stream: Stream) -> Self {
        Self { value, error: Error::Stated { coefficient, size: value.abs(), stream } }
    }

    /// A figure with its own error, or where it came without one with the stated error of what was counted, of this size.
    pub(super) fn counted(
        figure: &'a Argument<'a>,
        size: f64,
        coefficient: &'a Argument<'a>,
        stream: Stream,
    ) -> Self {
        let is_exact = figure.draws.is_empty() && figure.sd.is_none_or(|sd| sd <= 0.0);
        let error = if is_exact { Error::Stated { coefficient, size, stream } } else { Error::Own(figure) };
        Self { value: figure.value, error }
    }

    /// A figure with its own error, or where it came without one with the stated one.
    pub(super) fn of(figure: &'a Argument<'a>, coefficient: &'a Argument<'a>, stream: Stream) -> Self {
        Self::counted(figure, figure.value.abs(), coefficient, stream)
    }

    /// The draw of this index.
    pub(super) fn draw(&self, index: usize) -> f64 {
        match self.error {
            Error::Own(figure) => figure.draw(index),
            Error::Stated { coefficient, size, stream } => {
                self.value + coefficient.draw(index) * size * stream.normal(index as u64)
            }
        }
    }

    /// Its standard deviation, where that is known.
    pub(super) fn sd(&self) -> Option<f64> {
        match self.error {
            Error::Own(figure) => figure.sd,
            Error::Stated { coefficient, size, .. } => Some(coefficient.value * size),
        }
    }
}

/// How many draws: entries err even where no argument has draws.
pub(super) fn count(call: &Call<'_>) -> Result<usize, Refusal> {
    Ok(match call.count()? {
        1 => call.draws.count.max(1),
        count => count,
    })
}

/// A coefficient of variation that the standard states, in all its draws at least 0 and below 1.
pub(super) fn coefficient<'a>(argument: &'a Argument<'a>, count: usize) -> Result<&'a Argument<'a>, Refusal> {
    let is_possible = |value: f64| (0.0..1.0).contains(&value);
    let all = (0..count).map(|i| argument.draw(i)).chain([argument.value]);
    match all.into_iter().find(|value| !is_possible(*value)) {
        None => Ok(argument),
        Some(value) => Err(Refusal::new(
            format!("the coefficient of variation {} is {value}", argument.input),
            "state an error as a part of the figure, at least 0 and below 1",
        )),
    }
}
