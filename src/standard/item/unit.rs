//! Units of measurement: `units.yaml`.

use super::Text;
use crate::yaml::{Fields, Item, Map};

/// `units.yaml`: all units.
#[derive(Debug, Clone, Default)]
pub struct Units {
    /// The units by the name that columns and formulas use.
    pub units: Map<Unit>,
}

impl Item for Units {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self { units: fields.required("units", "Each unit by the name that columns and formulas use") }
    }
}

/// One unit of measurement.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    /// Its name in words.
    pub title: String,
    /// What it measures, such as `volume` or `alcohol/volume`.
    pub dimension: Text,
    /// How many base units one of it is, as a decimal number.
    pub factor: Text,
    /// Where the factor comes from.
    pub source: Option<String>,
}

impl Item for Unit {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The unit's name in words"),
            dimension: fields.required("dimension", "What it measures, such as volume or alcohol/volume"),
            factor: fields.required("factor", "How many base units of the dimension one of it is"),
            source: fields.optional("source", "Where the factor comes from"),
        }
    }
}
