//! What estimates are estimates of: `quantities/`.

use super::Text;
use crate::yaml::{Fields, Item};

/// `quantities/ID.yaml`: what an estimate is an estimate of; figures of two quantities never stand in one column.
#[derive(Debug, Clone, Default)]
pub struct Quantity {
    /// Its name.
    pub title: String,
    /// What it is, exactly.
    pub definition: String,
    /// What stands above the line of a share.
    pub numerator: Option<String>,
    /// What stands below it.
    pub denominator: Option<String>,
    /// The unit of a level; shares have none.
    pub unit: Option<Text>,
    /// What a negative value means, and when one can occur.
    pub sign: String,
}

impl Item for Quantity {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The quantity's name"),
            definition: fields.required("definition", "What it is, exactly, and of which population"),
            numerator: fields.optional("numerator", "What stands above the line of a share"),
            denominator: fields.optional("denominator", "What stands below the line of a share"),
            unit: fields.optional("unit", "The unit of a level; a share has none"),
            sign: fields.required("sign", "What a negative value means, and when one can occur"),
        }
    }
}
