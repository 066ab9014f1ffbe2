//! Methods with what they are given: `estimators/`.

use super::GradeLetter;
use super::Text;
use crate::yaml::{Choice, Content, Decode, Decoder, Fields, Item, Located, Map, Node};

/// What fills one input of a method: an indicator, several that it adds up, or the rows of a dataset.
#[derive(Debug, Clone)]
pub enum Inputs {
    /// Indicators.
    Indicators(Vec<Text>),
    /// Rows.
    Records(Records),
}

impl Default for Inputs {
    fn default() -> Self {
        Self::Indicators(Vec::new())
    }
}

impl Inputs {
    /// The indicators; none where it is rows.
    pub fn indicators(&self) -> &[Text] {
        match self {
            Self::Indicators(indicators) => indicators,
            Self::Records(_) => &[],
        }
    }
}

/// The rows of a dataset as a method reads them.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// The dataset.
    pub from: Text,
    /// Which rows; all where it is left out.
    pub applies: Option<Text>,
    /// What tells the estimates apart, such as the territory and the year.
    pub by: Vec<Text>,
    /// Each column that the method reads, as an expression over a row.
    pub columns: Map<Text>,
}

impl Item for Records {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            from: fields.required("from", "The dataset whose rows the method reads"),
            applies: fields.optional("where", "Which rows; all where it is left out"),
            by: fields
                .required("by", "What tells the estimates apart, such as territory and year(collected)"),
            columns: fields
                .required("columns", "Each column by the method's own name, as an expression over a row"),
        }
    }
}

impl Decode for Inputs {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        match node.content {
            Content::Sequence(_) => Self::Indicators(Vec::decode(node, decoder)),
            Content::Mapping(_) => Self::Records(Records::decode(node, decoder)),
            _ => Self::Indicators(vec![Text::decode(node, decoder)]),
        }
    }

    fn shape() -> serde_json::Value {
        serde_json::json!({ "anyOf": [Text::shape(), Vec::<Text>::shape(), Records::shape()] })
    }
}

/// How much of a category a method can see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sight {
    /// Nothing of it.
    #[default]
    None,
    /// Some of it.
    Partial,
    /// All of it.
    Full,
}

impl Choice for Sight {
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("full", Self::Full, "all of the category"),
        ("partial", Self::Partial, "some of it"),
        ("none", Self::None, "nothing of it"),
    ];
    const WHAT: &'static str = "how much a method sees";
}

/// `estimators/ID.yaml`: a method with the indicators and assumptions that it is given here.
#[derive(Debug, Clone, Default)]
pub struct Estimator {
    /// Its name.
    pub title: String,
    /// The method, one of those that `sikes standard show methods` lists.
    pub method: Text,
    /// The indicators it reads, by the method's own names.
    pub inputs: Map<Inputs>,
    /// What it takes as known only roughly.
    pub assumptions: Map<Assumption>,
    /// Which categories of illicit alcohol it can see.
    pub sees: Map<Sight>,
    /// What it gives.
    pub gives: Gives,
    /// The grade that it starts from.
    pub entry_grade: GradeLetter,
    /// What it is good for, and what it is not.
    pub why: String,
}

impl Item for Estimator {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The estimator's name"),
            method: fields.required("method", "The method that it uses"),
            inputs: fields.required(
                "inputs",
                "The indicators or the records that the method reads, by the method's own names",
            ),
            assumptions: fields
                .or_default("assumptions", "What is known only roughly, each a distribution with its source"),
            sees: fields.required("sees", "How much of each category the method can see"),
            gives: fields.required("gives", "What it gives"),
            entry_grade: fields.required("entry-grade", "The grade that an estimate of it starts from"),
            why: fields.required("why", "What the estimator is good for, and what it is not"),
        }
    }
}

/// What an estimator gives.
#[derive(Debug, Clone, Default)]
pub struct Gives {
    /// The quantity, an item of `quantities`.
    pub quantity: Text,
}

impl Item for Gives {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self { quantity: fields.required("quantity", "The quantity that the estimate is an estimate of") }
    }
}

/// The family of a distribution.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Family {
    /// One value, known exactly.
    #[default]
    Fixed,
    /// Normal, by mean and standard deviation.
    Normal,
    /// Uniform between two bounds.
    Uniform,
    /// Triangular, by bounds and mode.
    Triangular,
    /// PERT, by bounds and mode.
    Pert,
    /// Beta, by its two shapes.
    Beta,
}

impl Choice for Family {
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("fixed", Self::Fixed, "one value, known exactly: `value`"),
        ("normal", Self::Normal, "`mean` and `sd`"),
        ("uniform", Self::Uniform, "`low` and `high`"),
        ("triangular", Self::Triangular, "`low`, `mode` and `high`"),
        ("pert", Self::Pert, "`low`, `mode` and `high`, smoother than triangular"),
        ("beta", Self::Beta, "`alpha` and `beta`"),
    ];
    const WHAT: &'static str = "a distribution";
}

/// What an assumption rests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Basis {
    /// Somebody's judgement.
    #[default]
    Judged,
    /// A model.
    Modelled,
    /// A measurement of the same thing, in the same territory.
    Measured,
}

impl Choice for Basis {
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("judged", Self::Judged, "somebody's judgement"),
        ("modelled", Self::Modelled, "a model"),
        ("measured", Self::Measured, "a measurement of the same thing, in the same territory"),
    ];
    const WHAT: &'static str = "what an assumption rests on";
}

/// What is taken as known only roughly.
#[derive(Debug, Clone, Default)]
pub struct Assumption {
    /// The family.
    pub distribution: Located<Family>,
    /// The one value of a fixed assumption.
    pub value: Option<f64>,
    /// The least value.
    pub low: Option<f64>,
    /// The most likely value.
    pub mode: Option<f64>,
    /// The greatest value.
    pub high: Option<f64>,
    /// The mean.
    pub mean: Option<f64>,
    /// The standard deviation.
    pub sd: Option<f64>,
    /// The first shape.
    pub alpha: Option<f64>,
    /// The second shape.
    pub beta: Option<f64>,
    /// What it rests on.
    pub basis: Basis,
    /// Who says so.
    pub source: String,
}

impl Item for Assumption {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            distribution: fields.required("distribution", "The family of the distribution"),
            value: fields.optional("value", "The one value of a fixed assumption"),
            low: fields.optional("low", "The least value"),
            mode: fields.optional("mode", "The most likely value"),
            high: fields.optional("high", "The greatest value"),
            mean: fields.optional("mean", "The mean"),
            sd: fields.optional("sd", "The standard deviation"),
            alpha: fields.optional("alpha", "The first shape of a beta distribution"),
            beta: fields.optional("beta", "The second shape of a beta distribution"),
            basis: fields.or_default(
                "basis",
                "What it rests on: judged, modelled or measured; judged where nothing is said",
            ),
            source: fields
                .required("source", "Who says so: a study, a measurement, or whose judgement it is"),
        }
    }
}
