//! Figures computed from datasets: `indicators/`.

use super::Text;
use crate::yaml::{Fields, Item, Located};

/// `indicators/ID.yaml`: a figure computed from a dataset.
#[derive(Debug, Clone, Default)]
pub struct Indicator {
    /// Its name.
    pub title: String,
    /// What it is, exactly.
    pub definition: String,
    /// Its unit.
    pub unit: Text,
    /// The dataset it is computed from.
    pub from: Text,
    /// Which rows.
    pub applies: Option<Text>,
    /// Its dimensions.
    pub by: Vec<Text>,
    /// The formula.
    pub value: Text,
    /// How far off it may be, where the data say so.
    pub interval: Option<Interval>,
    /// Its variance, in the square of its unit, where it can be computed.
    pub variance: Option<Text>,
    /// The international series that it corresponds to, and how it differs.
    pub corresponds: Option<String>,
    /// Whom it serves, where no estimator uses it.
    pub serves: Option<String>,
}

impl Item for Indicator {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The indicator's name"),
            definition: fields.required("definition", "What it is, exactly"),
            unit: fields.required("unit", "The unit of the value"),
            from: fields.required("from", "The dataset that it is computed from"),
            applies: fields.optional("where", "Which rows it is computed from; all where it is left out"),
            by: fields.required("by", "Its dimensions, such as territory and year(period)"),
            value: fields.required("value", "The formula, over the rows of a group"),
            interval: fields.optional("interval", "The interval that its source gives with the value"),
            variance: fields.optional(
                "variance",
                "The formula of its variance, in the square of its unit, where there is one",
            ),
            corresponds: fields.optional(
                "corresponds",
                "The international series that it corresponds to, and how it differs",
            ),
            serves: fields.optional("serves", "Whom it serves, where no estimator uses it"),
        }
    }
}

/// The interval that a source publishes with a value.
#[derive(Debug, Clone, Default)]
pub struct Interval {
    /// The formula of the lower bound.
    pub low: Text,
    /// The formula of the upper bound.
    pub high: Text,
    /// The probability between them.
    pub level: Located<f64>,
}

impl Item for Interval {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            low: fields.required("low", "The formula of the lower bound"),
            high: fields.required("high", "The formula of the upper bound"),
            level: fields.required("level", "The probability between the bounds, such as 0.95"),
        }
    }
}
