//! Estimation methods: numbers in, an estimate or a refusal out.
//!
//! A method knows nothing of YAML, tables or files. Adding one is one file beside this, a `mod` line and a line in [`METHODS`];
//! what methods share in numerics stands in [`numeric`]. The doc comment of a method is its documentation.

use numeric::sample::Sample;

/// Declares a method; its doc comment becomes [`Method::doc`].
macro_rules! method {
    ($(#[doc = $line:literal])+ $name:ident { $($field:ident: $value:expr),+ $(,)? }) => {
        $(#[doc = $line])+
        pub static $name: $crate::estimator::Method =
            $crate::estimator::Method { doc: concat!($($line, "\n"),+), $($field: $value),+ };
    };
}

pub mod apc_decomposition;
pub mod numeric;
pub mod residual;

/// All methods, in the order of their names.
pub static METHODS: &[&Method] = &[&apc_decomposition::METHOD, &residual::METHOD];

/// The method of this name.
pub fn method(name: &str) -> Option<&'static Method> {
    METHODS.iter().copied().find(|method| method.name == name)
}

/// A way from figures to an estimate.
#[derive(Debug)]
pub struct Method {
    /// Names the method in a standard; also the stem of its file.
    pub name: &'static str,
    /// The doc comment as written; [`Method::documentation`] is the text to print.
    pub doc: &'static str,
    /// The figures it works from.
    pub inputs: &'static [Input],
    /// The laws that the standard must state, each with a source.
    pub assumptions: &'static [Input],
    /// The quantities it can give.
    pub gives: &'static [Quantity],
    /// Gives one of them, or says why not.
    pub run: fn(&Call<'_>) -> Result<Estimate, Refusal>,
}

impl Method {
    /// The first line of the documentation.
    pub fn title(&self) -> &'static str {
        self.doc.lines().next().unwrap_or_default().trim().trim_end_matches('.')
    }

    /// The documentation: a title, then what it assumes, its formula, when it fails and its references.
    pub fn documentation(&self) -> String {
        self.doc
            .lines()
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .fold(String::new(), |text, line| text + line + "\n")
    }
}

/// Up to this fraction of draws may have nothing to divide by; above it there is no estimate. The interval's ends are
/// quantiles far inside, so that such draws cannot move them.
const MOST_WITHOUT_DENOMINATOR: f64 = 0.001;

/// Whether a method can do without an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The standard must name it, and without the figure there is no estimate.
    Always,
    /// The standard may leave it out; where it is named it is part of what is estimated, so that without the figure there
    /// is no estimate.
    WhereNamed,
    /// It only adds to what is shown beside the estimate.
    Optional,
}

/// A figure or a law that a method asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// What the standard calls it.
    pub name: &'static str,
    /// What it is, in a line.
    pub doc: &'static str,
    /// Whether there is an estimate without it.
    pub need: Need,
    /// Whether several may be given, which are added.
    pub many: bool,
}

/// Something that a method can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// What the standard calls it.
    pub name: &'static str,
    /// What it is, in a line.
    pub doc: &'static str,
}

/// What a method is asked, with the figures it is given.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The name of the wanted [`Quantity`].
    pub quantity: &'a str,
    /// The probability that the interval is to hold, such as 0.95.
    pub level: f64,
    /// The figures and laws; several may fill one input that takes many.
    pub arguments: &'a [Argument<'a>],
}

/// A figure or a law, as a value and draws.
#[derive(Debug, Clone, Copy)]
pub struct Argument<'a> {
    /// The name of the [`Input`] that it fills.
    pub input: &'a str,
    /// Names the figure itself: two arguments of one name are the same uncertain quantity.
    pub name: &'a str,
    /// The figure, or the median of the law.
    pub value: f64,
    /// Its standard deviation, where known.
    pub sd: Option<f64>,
    /// Draws of it, aligned with those of every other argument; empty where the value is exact.
    pub draws: &'a [f64],
}

/// An estimate with its interval, and the figures to check it by hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Which [`Quantity`] it is.
    pub quantity: &'static str,
    /// At the values of the arguments.
    pub value: f64,
    /// The lower end of the interval, a quantile of the draws.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
    /// The probability that the interval holds.
    pub level: f64,
    /// The standard deviation of the draws; none for a share whose denominator is uncertain, because a ratio's law need
    /// not have one and the draws' then depends on chance.
    pub standard_error: Option<f64>,
    /// The standard error by the delta method, where the arguments' standard deviations are known; different arguments count as independent.
    pub analytic: Option<f64>,
    /// How far each end of the interval may be off because the draws are few: one standard error.
    pub monte_carlo_error: [f64; 2],
    /// The draws, aligned with those of the arguments.
    pub draws: Vec<f64>,
    /// Figures on the way, in order.
    pub steps: Vec<Step>,
    /// What a reader must know, in sentences.
    pub notes: Vec<String>,
}

/// A figure on the way to an estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it is, with the letters of the formula.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
}

/// Why there is no estimate: a result that a report prints in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Follows "no estimate, because".
    pub reason: String,
    /// What would give one.
    pub remedy: String,
}

impl Refusal {
    /// A refusal with its remedy.
    pub fn new(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { reason: reason.into(), remedy: remedy.into() }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no estimate, because {}; {}", self.reason, self.remedy)
    }
}

impl<'a> Call<'a> {
    /// The quantity that is asked, of those that a method gives.
    fn wanted(&self, method: &Method) -> Result<&'static Quantity, Refusal> {
        method.gives.iter().find(|quantity| quantity.name == self.quantity).ok_or_else(|| {
            let names: Vec<&str> = method.gives.iter().map(|quantity| quantity.name).collect();
            Refusal::new(
                format!("the method {} does not give {}", method.name, self.quantity),
                format!("ask it for {}", names.join(" or ")),
            )
        })
    }

    /// All arguments of an input.
    fn all(&self, input: &str) -> Vec<&'a Argument<'a>> {
        self.arguments.iter().filter(|argument| argument.input == input).collect()
    }

    /// The argument of an input that may be left out.
    fn optional(&self, input: &str) -> Option<&'a Argument<'a>> {
        self.arguments.iter().find(|argument| argument.input == input)
    }

    /// The argument of an input that must be there.
    fn one(&self, input: &str) -> Result<&'a Argument<'a>, Refusal> {
        self.optional(input)
            .ok_or_else(|| Refusal::new(format!("{input} is missing"), format!("give {input}")))
    }

    /// How many draws there are: those of the uncertain arguments, which must agree.
    fn count(&self) -> Result<usize, Refusal> {
        let mut counts: Vec<usize> =
            self.arguments.iter().map(|a| a.draws.len()).filter(|count| *count > 0).collect();
        counts.dedup();
        match counts[..] {
            [] => Ok(1),
            [count] => Ok(count),
            _ => Err(Refusal::new(
                format!("the arguments come with different numbers of draws: {counts:?}"),
                "draw every quantity equally often",
            )),
        }
    }

    /// Wraps up a value, its standard error by the delta method and its draws.
    fn estimate(
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
        if self.arguments.iter().all(|argument| argument.draws.is_empty()) {
            notes.push("every figure is taken as exact, so the interval has no width".to_owned());
        }
        let ends = [(1.0 - self.level) / 2.0, f64::midpoint(1.0, self.level)];
        let [low, high] = ends.map(|p| sample.quantile(p));
        Ok(Estimate {
            quantity: quantity.name,
            value,
            low,
            high,
            level: self.level,
            standard_error: Some(sample.sd()),
            analytic,
            monte_carlo_error: ends.map(|p| sample.quantile_error(p)),
            draws: sample.into_draws(),
            steps,
            notes,
        })
    }
}

impl Argument<'_> {
    /// The draw of this index; the value where it is exact.
    fn draw(&self, index: usize) -> f64 {
        self.draws.get(index).copied().unwrap_or(self.value)
    }

    /// The standard deviation, which an exact value has too.
    fn spread(&self) -> Option<f64> {
        self.sd.or(self.draws.is_empty().then_some(0.0))
    }
}

/// The standard error by the delta method, if every argument has a standard deviation.
///
/// Arguments of one name move together, others are independent.
fn delta_method(gradient: &[(&Argument<'_>, f64)]) -> Option<f64> {
    let mut parts: Vec<(&str, f64)> = Vec::new();
    for (argument, slope) in gradient {
        let part = slope * argument.spread()?;
        match parts.iter_mut().find(|(name, _)| *name == argument.name) {
            Some((_, sum)) => *sum += part,
            None => parts.push((argument.name, part)),
        }
    }
    let squares = parts.iter().map(|(_, part)| part * part);
    Some(libm::sqrt(numeric::sample::sum(squares)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_file_is_a_method_and_every_method_a_file() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/estimator");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the folder of this file")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
            .map(|path| path.file_stem().expect("a stem").to_string_lossy().into_owned())
            .filter(|stem| stem != "mod")
            .collect();
        let names: Vec<String> = METHODS.iter().map(|method| method.name.to_owned()).collect();
        assert!(names.is_sorted(), "{names:?}");
        assert_eq!(names.into_iter().collect::<BTreeSet<_>>(), files);
    }

    #[test]
    fn every_method_says_what_it_assumes_computes_fails_at_and_rests_on() {
        for method in METHODS {
            let text = method.documentation();
            let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("# ")).collect();
            assert_eq!(
                headings,
                ["# Assumes", "# Formula", "# Fails when", "# References"],
                "{}",
                method.name
            );
            assert!(!method.title().is_empty() && !method.gives.is_empty());
        }
    }

    #[test]
    fn the_same_figure_twice_moves_together() {
        let argument =
            |name| Argument { input: "legal", name, value: 1.0, sd: Some(3.0), draws: &[1.0, 2.0] };
        let (a, b) = (argument("a"), argument("b"));
        assert_eq!(delta_method(&[(&a, 1.0), (&a, 1.0)]), Some(6.0));
        assert_eq!(delta_method(&[(&a, 1.0), (&Argument { sd: Some(4.0), ..b }, 1.0)]), Some(5.0));
        assert_eq!(delta_method(&[(&Argument { sd: None, ..a }, 1.0)]), None);
    }
}
