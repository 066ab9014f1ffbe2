//! What agencies send: `datasets/`.

use super::Text;
use crate::yaml::{Choice, Fields, Item, Located, Map};

/// `datasets/ID.yaml`: one table that an agency sends.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// Its name.
    pub title: String,
    /// What it holds and who keeps such figures.
    pub definition: String,
    /// What one row is.
    pub grain: String,
    /// The tier of submission from which on an agency sends it, 1 to 3; none where it is never asked for.
    pub tier: Option<Located<u8>>,
    /// The columns that together name a row.
    pub key: Vec<Text>,
    /// How the rows were drawn, where they are a sample.
    pub design: Option<Design>,
    /// The columns, in the order of the file that a template gives.
    pub columns: Map<Column>,
}

impl Item for Dataset {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The dataset's name"),
            definition: fields.required("definition", "What it holds, and who keeps such figures"),
            grain: fields.required("grain", "What one row is"),
            tier: fields.optional(
                "tier",
                "From which tier on an agency sends it, 1 to 3; never asked for where it is left out",
            ),
            key: fields.required("key", "The columns that together name a row"),
            design: fields.optional("design", "How the rows were drawn, where they are a sample"),
            columns: fields.required("columns", "The columns by name"),
        }
    }
}

/// What kind of value a column holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColumnType {
    /// Characters.
    #[default]
    Text,
    /// A decimal number.
    Number,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A year, quarter, month or span of years.
    Period,
}

impl Choice for ColumnType {
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("text", Self::Text, "characters, as written"),
        ("number", Self::Number, "a decimal number"),
        ("integer", Self::Integer, "a whole number"),
        ("boolean", Self::Boolean, "true or false"),
        ("date", Self::Date, "a day, 2024-06-30"),
        ("period", Self::Period, "a year 2024, quarter 2024-Q2, month 2024-06 or span of years 2016/2018"),
    ];
    const WHAT: &'static str = "a type of column";
}

/// One column of a dataset.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// What it holds, in a few words.
    pub title: String,
    /// The type of its values.
    pub data_type: ColumnType,
    /// The unit of its numbers.
    pub unit: Option<Text>,
    /// The code list that its texts come from.
    pub codes: Option<Text>,
    /// Whether a cell may not be left empty.
    pub required: bool,
    /// The least value.
    pub min: Option<Located<f64>>,
    /// The greatest value.
    pub max: Option<Located<f64>>,
    /// The column of another dataset in which its values must be found.
    pub references: Option<Text>,
    /// Whether its cells are not for publication.
    pub confidential: bool,
    /// Why it is collected, where nothing is computed from it.
    pub collected: Option<String>,
}

impl Item for Column {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "What the column holds, in a few words"),
            data_type: fields.required("type", "The type of its values"),
            unit: fields.optional("unit", "The unit of its numbers, such as hl or LPA/person"),
            codes: fields.optional("codes", "The code list that its texts come from"),
            required: fields.or_default(
                "required",
                "Whether a cell may not be left empty; outside the key it may give a reason for absence instead",
            ),
            min: fields.optional("min", "The least value"),
            max: fields.optional("max", "The greatest value"),
            references: fields.optional("references", "The column of another dataset that must hold its values, as dataset.column"),
            confidential: fields.or_default(
                "confidential",
                "Whether its cells are not for publication, such as those that name an operator or an open case",
            ),
            collected: fields.optional(
                "collected",
                "Why the column is collected, where no rule, indicator or estimator uses it",
            ),
        }
    }
}

/// How the rows of a sample were drawn: the column that plays each part.
#[derive(Debug, Clone, Default)]
pub struct Design {
    /// The stratum.
    pub strata: Option<Text>,
    /// The cluster that was drawn first, within the stratum.
    pub cluster: Option<Text>,
    /// The unit that was drawn within the cluster.
    pub unit: Option<Text>,
    /// How many units of the population a row stands for.
    pub weight: Option<Text>,
    /// How many clusters, or units where there are none, the stratum has.
    pub population: Option<Text>,
    /// How many units the cluster has.
    pub cluster_population: Option<Text>,
}

impl Design {
    /// The parts that are given, each with its column.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, &Text)> {
        let parts = [
            ("strata", &self.strata),
            ("cluster", &self.cluster),
            ("unit", &self.unit),
            ("weight", &self.weight),
            ("population", &self.population),
            ("cluster_population", &self.cluster_population),
        ];
        parts.into_iter().filter_map(|(part, column)| Some((part, column.as_ref()?)))
    }
}

impl Item for Design {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            strata: fields.optional("strata", "The column of the stratum"),
            cluster: fields
                .optional("cluster", "The column of the cluster that was drawn first, within the stratum"),
            unit: fields.optional("unit", "The column of the unit that was drawn within the cluster"),
            weight: fields
                .optional("weight", "The column that says how many units of the population a row stands for"),
            population: fields.optional(
                "population",
                "The column that says how many clusters, or units where there are none, the stratum has",
            ),
            cluster_population: fields
                .optional("cluster_population", "The column that says how many units the cluster has"),
        }
    }
}
