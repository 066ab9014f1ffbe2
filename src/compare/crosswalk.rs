//! From the categories of one taxonomy to those of another, combination by combination.

use schemars::JsonSchema;
use serde::Serialize;

use crate::compile::{Attributes, Plan, Taxonomy, condition};

/// How the categories of one taxonomy map to those of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(
    title = "Crosswalk of sikes",
    description = "How the categories of one taxonomy of the standard map to those of another."
)]
pub struct Crosswalk {
    /// The version of the standard.
    pub version: String,
    /// The SHA-256 of its resolved form, translations left out, in hexadecimal.
    pub digest: String,
    /// The taxonomy whose categories are mapped.
    pub from: Side,
    /// The taxonomy that they are mapped to.
    pub to: Side,
    /// How many combinations of known codes of duty, origin, authenticity and ethanol there are.
    pub combinations: u64,
    /// The categories of the one taxonomy in order of precedence, then what it does not cover.
    pub rows: Vec<Row>,
}

/// A taxonomy of a crosswalk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Side {
    /// The taxonomy; an item of the standard.
    pub taxonomy: String,
    /// Its title.
    pub title: String,
    /// Where its body says so.
    pub source: String,
    /// How many combinations it covers.
    pub covered: u64,
}

/// A category of a taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CategoryName {
    /// The category.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whether the body counts it as illicit.
    pub illicit: bool,
}

/// Where the combinations of one category stand in the other taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Row {
    /// The category; null for what the taxonomy does not cover.
    pub category: Option<CategoryName>,
    /// How many combinations belong to it.
    pub combinations: u64,
    /// Where they stand: the categories in order of precedence, then what the other taxonomy does not cover.
    pub cells: Vec<Cell>,
}

/// The combinations that belong to a category of each taxonomy; there is at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cell {
    /// The category of the other taxonomy; null for what that does not cover.
    pub category: Option<CategoryName>,
    /// How many combinations belong to both.
    pub combinations: u64,
    /// Whether these are all combinations of the row.
    pub all: bool,
    /// Which combinations of the row they are, as a check; null where they are all.
    #[serde(rename = "where")]
    pub applies: Option<String>,
}

/// The crosswalk between two taxonomies of a plan.
///
/// # Panics
/// If the plan has no taxonomy of that name.
pub fn crosswalk(plan: &Plan, from: &str, to: &str) -> Crosswalk {
    let attributes = &plan.attributes;
    let (from, to) = (&plan.taxonomies[from], &plan.taxonomies[to]);
    let rows = choices(from).map(|category| row(attributes, from, category, to));
    Crosswalk {
        version: plan.version.clone(),
        digest: plan.digest.clone(),
        from: side(from, attributes),
        to: side(to, attributes),
        combinations: attributes.combinations() as u64,
        rows: rows.filter(|row| row.combinations > 0).collect(),
    }
}

/// The categories of a taxonomy, then none.
fn choices(taxonomy: &Taxonomy) -> impl Iterator<Item = Option<usize>> {
    (0..taxonomy.categories.len()).map(Some).chain([None])
}

fn side(taxonomy: &Taxonomy, attributes: &Attributes) -> Side {
    Side {
        taxonomy: taxonomy.id.clone(),
        title: taxonomy.title.clone(),
        source: taxonomy.source.clone(),
        covered: (attributes.combinations() - taxonomy.size(None)) as u64,
    }
}

fn name(taxonomy: &Taxonomy, category: Option<usize>) -> Option<CategoryName> {
    let category = &taxonomy.categories[category?];
    Some(CategoryName { id: category.id.clone(), title: category.title.clone(), illicit: category.illicit })
}

fn row(attributes: &Attributes, from: &Taxonomy, category: Option<usize>, to: &Taxonomy) -> Row {
    let all = 0..attributes.combinations();
    let own: Vec<bool> = all.map(|combination| from.category(combination) == category).collect();
    let total = count(&own);
    let cells = choices(to).filter_map(|other| {
        let both: Vec<bool> = own
            .iter()
            .enumerate()
            .map(|(combination, own)| *own && to.category(combination) == other)
            .collect();
        let combinations = count(&both);
        (combinations > 0).then(|| Cell {
            category: name(to, other),
            combinations,
            all: combinations == total,
            applies: (combinations < total).then(|| condition(attributes, &both, &own)),
        })
    });
    Row { category: name(from, category), combinations: total, cells: cells.collect() }
}

fn count(combinations: &[bool]) -> u64 {
    combinations.iter().filter(|own| **own).count() as u64
}
