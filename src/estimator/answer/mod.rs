//! What a method gives: an estimate, or a refusal in its place.

/// An estimate with its interval, and the figures to check it by hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Which [`Quantity`](super::Quantity) it is.
    pub quantity: &'static str,
    /// How it is to be read.
    pub reading: Reading,
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
    /// The standard error by the delta method or in closed form, where there is one; different arguments count as independent.
    pub analytic: Option<f64>,
    /// How far each end of the interval may be off because the draws are few: one standard error.
    pub monte_carlo_error: [f64; 2],
    /// The draws, aligned with those of the arguments.
    pub draws: Vec<f64>,
    /// The same quantity for parts of the territory, the period or the goods, in order.
    pub parts: Vec<Part>,
    /// Figures on the way, in order.
    pub steps: Vec<Step>,
    /// What a reader must know, in sentences.
    pub notes: Vec<String>,
}

/// How an estimate is to be read, and so what it may be set beside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reading {
    /// As the quantity itself.
    #[default]
    Level,
    /// The quantity is at least this.
    Floor,
    /// The quantity is at most this.
    Ceiling,
    /// The quantity lies somewhere in the interval, and nothing says where.
    Range,
    /// A sign of the quantity, and never its size.
    Signal,
}

impl Reading {
    /// How a report names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Level => "level",
            Self::Floor => "floor",
            Self::Ceiling => "ceiling",
            Self::Range => "range",
            Self::Signal => "signal",
        }
    }
}

/// An estimate for a part.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Which part: dimensions with their values.
    pub of: Vec<(String, String)>,
    /// The estimate.
    pub value: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end of its interval.
    pub high: f64,
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
