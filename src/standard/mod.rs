//! From a folder of YAML to one resolved, self-contained standard.
//!
//! A version inherits every item of the version that it `extends`, puts its own in the place of those with the same
//! path, and gives up those that it `withdraws`. After this stage nobody sees a version any more.

pub mod item;
mod locale;
mod resolve;
pub mod schema;
pub mod source;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use item::Text;
pub use locale::english_of;
pub(crate) use resolve::hex;
pub use resolve::load;

use crate::diagnostic::Source;
pub use crate::language::Language;
use crate::yaml::Node;

/// One item of a standard, with the file that it stands in.
#[derive(Debug, Clone)]
pub struct Held<T> {
    /// Its id: the stem of its file.
    pub id: String,
    /// The version that it came with.
    pub since: String,
    /// Its file.
    pub source: Arc<Source>,
    /// Where it begins in that file.
    pub start: usize,
    /// What it says.
    pub value: T,
}

/// Items of one kind, by id.
pub type Items<T> = BTreeMap<String, Held<T>>;

/// A version with everything that it inherits.
#[derive(Debug)]
pub struct Standard {
    /// The version's name, such as `1.0`.
    pub version: String,
    /// The SHA-256 of the resolved form, in hexadecimal.
    pub digest: String,
    /// `standard.yaml`.
    pub header: Held<item::Header>,
    /// `code-lists/`.
    pub code_lists: Items<item::CodeList>,
    /// `taxonomies/`.
    pub taxonomies: Items<item::Taxonomy>,
    /// `units.yaml`.
    pub units: Option<Held<item::Units>>,
    /// `quantities/`.
    pub quantities: Items<item::Quantity>,
    /// `datasets/`.
    pub datasets: Items<item::Dataset>,
    /// `rules/`.
    pub rules: Items<item::Rule>,
    /// `indicators/`.
    pub indicators: Items<item::Indicator>,
    /// `estimators/`.
    pub estimators: Items<item::Estimator>,
    /// `grades.yaml`.
    pub grades: Option<Held<item::Grades>>,
    /// `locales/`.
    pub locales: Items<item::Locale>,
    /// Every item as it was written, by path such as `rules/month_missing`: the resolved form.
    pub nodes: BTreeMap<String, Node>,
    /// The version that each item came with, by path.
    pub since: BTreeMap<String, String>,
    /// The paths of files that could not be read as YAML, which has been reported.
    pub unread: Vec<String>,
}

impl Standard {
    /// Whether everything is there that other items speak of. Where a dataset could not be read, each rule about it
    /// would be called wrong.
    pub fn can_be_compiled(&self) -> bool {
        let stands_alone = ["rules/", "estimators/", "taxonomies/", "locales/", "grades"];
        self.unread.iter().all(|path| stands_alone.iter().any(|kind| path.starts_with(kind)))
    }

    /// The resolved form as one self-contained JSON text (which is YAML too), the form that is digested.
    pub fn resolved(&self) -> String {
        resolve::resolved(&self.version, &self.nodes, &self.since)
    }
}
