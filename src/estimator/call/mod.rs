//! What a method is asked, with the figures and the records that it is given.

use super::numeric::draw::Stream;
use super::numeric::sample::{Sample, sum};
use super::{Estimate, Method, Part, Quantity, Reading, Refusal, Step};

mod records;

pub use records::{Records, Texts, Values};

/// What a method is asked, with what it is given.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The name of the wanted [`Quantity`].
    pub quantity: &'a str,
    /// The territory and period that the estimate is for.
    pub place: Place<'a>,
    /// The probability that the interval is to hold, such as 0.95.
    pub level: f64,
    /// How many draws, and of which seed.
    pub draws: Draws,
    /// The figures and laws; several may fill one input that takes many.
    pub arguments: &'a [Argument<'a>],
    /// The records, one table a territory and period.
    pub records: &'a [Records],
}

/// A territory and a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place<'a> {
    /// The territory's code.
    pub territory: &'a str,
    /// The period, as it is written.
    pub period: &'a str,
}

/// How a method draws what its arguments have not drawn for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// How many.
    pub count: usize,
    /// Another seed gives other draws.
    pub seed: u64,
}

/// A figure or a law, as a value and draws.
#[derive(Debug, Clone, Copy)]
pub struct Argument<'a> {
    /// The name of the [`Input`](super::Input) or [`Law`](super::Law) that it fills.
    pub input: &'a str,
    /// Names the figure itself: two arguments of one name are the same uncertain quantity.
    pub name: &'a str,
    /// Its dimensions, each with its value; a law has none.
    pub dimensions: &'a [(String, String)],
    /// The figure, or the median of the law.
    pub value: f64,
    /// Its standard deviation, where known.
    pub sd: Option<f64>,
    /// Draws of it, aligned with those of every other argument; empty where the value is exact.
    pub draws: &'a [f64],
}

impl<'a> Call<'a> {
    /// The quantity that is asked, of those that a method gives.
    pub(super) fn wanted(&self, method: &Method) -> Result<&'static Quantity, Refusal> {
        method.gives.iter().find(|quantity| quantity.name == self.quantity).ok_or_else(|| {
            let names: Vec<&str> = method.gives.iter().map(|quantity| quantity.name).collect();
            Refusal::new(
                format!("the method {} does not give {}", method.name, self.quantity),
                format!("ask it for {}", names.join(" or ")),
            )
        })
    }

    /// All arguments of an input.
    pub(super) fn all(&self, input: &str) -> Vec<&'a Argument<'a>> {
        self.arguments.iter().filter(|argument| argument.input == input).collect()
    }

    /// The argument of an input that may be left out.
    pub(super) fn optional(&self, input: &str) -> Option<&'a Argument<'a>> {
        self.arguments.iter().find(|argument| argument.input == input)
    }

    /// The argument of an input that must be there.
    pub(super) fn one(&self, input: &str) -> Result<&'a Argument<'a>, Refusal> {
        self.optional(input)
            .ok_or_else(|| Refusal::new(format!("{input} is missing"), format!("give {input}")))
    }

    /// The records of an input, a table a territory and period.
    pub(super) fn tables(&self, input: &str) -> Vec<&'a Records> {
        self.records.iter().filter(|records| records.input() == input).collect()
    }

    /// The records of an input for the territory and period that are asked for.
    pub(super) fn table(&self, input: &str) -> Result<&'a Records, Refusal> {
        let here = |records: &&Records| {
            records.territory() == self.place.territory && records.period() == self.place.period
        };
        let tables = self.tables(input);
        tables
            .into_iter()
            .find(here)
            .ok_or_else(|| Refusal::new(format!("there are no {input}"), format!("give {input}")))
    }

    /// A stream of numbers that belongs to the place and to nothing that is given, such as the error of a figure that came without.
    pub(super) fn stream(&self, name: &str) -> Stream {
        let Place { territory, period } = self.place;
        Stream::new(self.draws.seed, &format!("{name}|{territory}|{period}"))
    }

    /// How many draws there are: one where all is exact, and otherwise as many as the uncertain arguments have, which must agree.
    pub(super) fn count(&self) -> Result<usize, Refusal> {
        let mut counts: Vec<usize> =
            self.arguments.iter().map(|a| a.draws.len()).filter(|count| *count > 0).collect();
        if !self.records.is_empty() {
            counts.push(self.draws.count);
        }
        counts.dedup();
        match counts[..] {
            [] => Ok(1),
            [count] if count > 0 => Ok(count),
            _ => Err(Refusal::new(
                format!("the arguments come with different numbers of draws: {counts:?}"),
                "draw every quantity equally often",
            )),
        }
    }

    /// Wraps up a value, its standard error by the delta method or in closed form, and its draws.
    pub(super) fn estimate(
        &self,
        quantity: &'static Quantity,
        value: f64,
        analytic: Option<f64>,
        draws: Vec<f64>,
        steps: Vec<Step>,
        mut notes: Vec<String>,
    ) -> Result<Estimate, Refusal> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Refusal::new(
                format!("the level is {}", self.level),
                "give a level between 0 and 1, such as 0.95",
            ));
        }
        let not_a_number =
            |reason| Refusal::new(reason, "look for figures that are zero or out of all proportion");
        if !value.is_finite() {
            return Err(not_a_number(format!("the result is {value}")));
        }
        let sample = Sample::new(draws).map_err(not_a_number)?;
        // A method may draw errors of its own, as a fitted model does, for figures that came without any.
        let is_exact =
            self.records.is_empty() && self.arguments.iter().all(|argument| argument.draws.is_empty());
        if is_exact && sample.sd() <= 0.0 {
            notes.push("every figure is taken as exact, so the interval has no width".to_owned());
        }
        let ends = self.ends();
        let quantiles = |sample: &Sample| ends.map(|p| sample.quantile(p));
        let [low, high] = quantiles(&sample);
        let errors = sample.block_errors(quantiles);
        Ok(Estimate {
            quantity: quantity.name,
            reading: Reading::Level,
            value,
            low,
            high,
            level: self.level,
            standard_error: Some(sample.sd()),
            analytic,
            monte_carlo_error: errors.unwrap_or_else(|| ends.map(|p| sample.quantile_error(p))),
            draws: sample.into_draws(),
            parts: Vec::new(),
            steps,
            notes,
        })
    }
}

impl Call<'_> {
    /// The estimate for a part that has this value of a dimension, with the interval of its own draws.
    pub(super) fn part(
        &self,
        dimension: &str,
        of: &str,
        value: f64,
        draws: Vec<f64>,
    ) -> Result<Part, Refusal> {
        let sample = Sample::new(draws).map_err(|reason| {
            Refusal::new(
                format!("for {dimension} {of}, {reason}"),
                "look for figures that are zero or out of all proportion",
            )
        })?;
        let [low, high] = self.ends().map(|p| sample.quantile(p));
        Ok(Part { of: vec![(dimension.to_owned(), of.to_owned())], value, low, high })
    }

    /// The probabilities below the ends of the interval.
    fn ends(&self) -> [f64; 2] {
        [(1.0 - self.level) / 2.0, f64::midpoint(1.0, self.level)]
    }
}

impl Argument<'_> {
    /// The draw of this index; the value where it is exact.
    pub(super) fn draw(&self, index: usize) -> f64 {
        self.draws.get(index).copied().unwrap_or(self.value)
    }

    /// The standard deviation, which an exact value has too.
    pub(super) fn spread(&self) -> Option<f64> {
        self.sd.or(self.draws.is_empty().then_some(0.0))
    }

    /// The value of a dimension, such as `beverage`.
    pub(super) fn of(&self, dimension: &str) -> Option<&str> {
        self.dimensions.iter().find(|(name, _)| name == dimension).map(|(_, value)| value.as_str())
    }
}

/// The standard error by the delta method, if every argument has a standard deviation.
///
/// Arguments of one name move together, others are independent.
pub(super) fn delta_method(gradient: &[(&Argument<'_>, f64)]) -> Option<f64> {
    let mut parts: Vec<(&str, f64)> = Vec::new();
    for (argument, slope) in gradient {
        let part = slope * argument.spread()?;
        match parts.iter_mut().find(|(name, _)| *name == argument.name) {
            Some((_, sum)) => *sum += part,
            None => parts.push((argument.name, part)),
        }
    }
    Some(libm::sqrt(sum(parts.iter().map(|(_, part)| part * part))))
}

/// What a test asks: with one draw of each table's streams where nothing else says how many.
#[cfg(test)]
impl<'a> Call<'a> {
    pub(super) fn of(
        quantity: &'a str,
        arguments: &'a [Argument<'a>],
        records: &'a [Records],
        count: usize,
    ) -> Self {
        let place = Place { territory: "PA", period: "2024" };
        Self { quantity, place, level: 0.95, draws: Draws { count, seed: 1 }, arguments, records }
    }
}

#[cfg(test)]
impl<'a> Argument<'a> {
    /// A figure or law that is known exactly, named as the input.
    pub(super) fn exact(input: &'a str, value: f64) -> Self {
        Self { input, name: input, dimensions: &[], value, sd: None, draws: &[] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argument(name: &'static str) -> Argument<'static> {
        Argument { input: "legal", name, dimensions: &[], value: 1.0, sd: Some(3.0), draws: &[1.0, 2.0] }
    }

    #[test]
    fn the_same_figure_twice_moves_together() {
        let (a, b) = (argument("a"), argument("b"));
        assert_eq!(delta_method(&[(&a, 1.0), (&a, 1.0)]), Some(6.0));
        assert_eq!(delta_method(&[(&a, 1.0), (&Argument { sd: Some(4.0), ..b }, 1.0)]), Some(5.0));
        assert_eq!(delta_method(&[(&Argument { sd: None, ..a }, 1.0)]), None);
    }
}
