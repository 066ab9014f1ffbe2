//! How a body sorts alcohol: `taxonomies/`.

use super::Text;
use crate::yaml::{Fields, Item, Map};

/// `taxonomies/ID.yaml`: the categories into which a body sorts alcohol, said of four attributes of the goods.
#[derive(Debug, Clone, Default)]
pub struct Taxonomy {
    /// Its name.
    pub title: String,
    /// What the body measures.
    pub definition: String,
    /// Where the body says so.
    pub source: String,
    /// Which goods it speaks of.
    pub covers: Text,
    /// Its categories, in order of precedence.
    pub categories: Map<Category>,
}

impl Item for Taxonomy {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The taxonomy's name, with the body whose it is"),
            definition: fields.required("definition", "What the body measures, and what it leaves out"),
            source: fields.required("source", "Where the body says so"),
            covers: fields.required(
                "covers",
                "Which goods it speaks of: a check over duty, origin, authenticity and ethanol",
            ),
            categories: fields.required(
                "categories",
                "Its categories in order of precedence: goods belong to the first whose `when` holds",
            ),
        }
    }
}

/// One category of a taxonomy.
#[derive(Debug, Clone, Default)]
pub struct Category {
    /// Its name.
    pub title: String,
    /// What belongs to it.
    pub definition: String,
    /// Which goods belong to it, unless a category before it takes them.
    pub when: Text,
    /// Whether the body counts it as illicit.
    pub illicit: bool,
}

impl Item for Category {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The category's name"),
            definition: fields.required("definition", "What belongs to it"),
            when: fields.required(
                "when",
                "Which goods belong to it, unless a category before it takes them: a check over the same attributes",
            ),
            illicit: fields.required("illicit", "Whether the body counts it as illicit"),
        }
    }
}
