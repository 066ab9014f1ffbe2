//! The columns of a dataset, typed.

use std::collections::BTreeMap;

use super::check::{Check, describe};
use super::shorthand;
use crate::diagnostic::{Diagnostics, did_you_mean_of};
use crate::expression::{Field, Kind, Unit, Vocabulary};
use crate::standard::item::{self, ColumnType};
use crate::standard::{Held, Language, Standard};
use crate::table::{Absence, DataType};

/// The name of the column that every dataset has without declaring it: the submission's territory.
const TERRITORY: &str = "territory";

/// The tiers of submission: 1 gives bounds, each further one asks for more and gives more.
pub const TIERS: std::ops::RangeInclusive<u8> = 1..=3;

/// A dataset, compiled.
#[derive(Debug)]
pub struct Dataset {
    /// Its id.
    pub id: String,
    /// What messages call it: "dataset `x`".
    pub called: String,
    /// Its title.
    pub title: String,
    /// The columns that its file holds.
    pub columns: Vec<Column>,
    /// What expressions see: the columns, then the submission's territory unless the dataset has one of its own.
    pub fields: Vec<Field>,
    /// The tier of submission from which on an agency sends it; none where it is never asked for.
    pub tier: Option<u8>,
    /// The columns that together name a row.
    pub key: Vec<usize>,
    /// Everything that is checked of it, sorted by id.
    pub checks: Vec<Check>,
}

impl Dataset {
    /// Whether the submission's territory stands behind the columns.
    pub fn has_implicit_territory(&self) -> bool {
        self.fields.len() > self.columns.len()
    }

    /// The position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// A column, compiled.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub title: String,
    /// The type of its values.
    pub data_type: DataType,
    /// Whether a cell may not be left empty.
    pub required: bool,
    /// Whether a word such as `not_available` in it is a reason for absence: always, but in free text.
    pub absence_words: bool,
}

/// Compiles all datasets with the checks that their columns declare.
pub(super) fn datasets(
    standard: &Standard,
    language: Language,
    vocabulary: &Vocabulary,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Dataset> {
    let mut datasets: BTreeMap<String, Dataset> = standard
        .datasets
        .iter()
        .map(|(id, held)| (id.clone(), dataset(standard, held, language, vocabulary, diagnostics)))
        .collect();
    for (id, held) in &standard.datasets {
        let checks = shorthand::checks(standard, held, language, vocabulary, &datasets, diagnostics);
        if let Some(dataset) = datasets.get_mut(id) {
            dataset.checks = checks;
        }
    }
    datasets
}

fn dataset(
    standard: &Standard,
    held: &Held<item::Dataset>,
    language: Language,
    vocabulary: &Vocabulary,
    diagnostics: &mut Diagnostics,
) -> Dataset {
    let path = format!("datasets/{}", held.id);
    let mut columns = Vec::new();
    let mut fields = Vec::new();
    for (name, column) in held.value.columns.iter() {
        let title = standard.text(language, &path, &format!("columns.{}.title", name.value));
        let title = title.unwrap_or_else(|| column.title.clone());
        let kind = kind(held, column, vocabulary, diagnostics);
        // A code list that has a code of that name means the code.
        let absence_words = match &kind {
            Kind::Text => false,
            Kind::Code(list) => vocabulary
                .code_lists
                .get(list)
                .is_none_or(|list| Absence::ALL.iter().all(|absence| !list.codes.contains(absence.word()))),
            _ => true,
        };
        fields.push(Field { name: name.value.clone(), kind, title: Some(title.clone()) });
        columns.push(Column {
            name: name.value.clone(),
            title,
            data_type: data_type(column.data_type),
            required: column.required,
            absence_words,
        });
    }
    let mut key = Vec::new();
    for name in &held.value.key {
        if let Some(position) = columns.iter().position(|column| column.name == name.value) {
            key.push(position);
        } else {
            let columns = columns.iter().map(|column| column.name.as_str());
            let help = did_you_mean_of(&name.value, "its columns", columns);
            let message =
                format!("the key names `{}`, but {} has no such column", name.value, describe(&held.id));
            diagnostics.add("unknown-column", &held.source, name.range(), message, help);
        }
    }
    if !columns.iter().any(|column| column.name == TERRITORY) && vocabulary.code_lists.contains_key(TERRITORY)
    {
        let title = Some("The submission's territory".to_owned());
        fields.push(Field { name: TERRITORY.to_owned(), kind: Kind::Code(TERRITORY.to_owned()), title });
    }
    for (part, name) in held.value.design.iter().flat_map(item::Design::parts) {
        if !columns.iter().any(|column| column.name == name.value) {
            let columns = columns.iter().map(|column| column.name.as_str());
            let help = did_you_mean_of(&name.value, "its columns", columns);
            let message = format!(
                "`{part}` of the design is `{}`, but {} has no such column",
                name.value,
                describe(&held.id)
            );
            diagnostics.add("unknown-column", &held.source, name.range(), message, help);
        }
    }
    if let Some(tier) = held.value.tier.as_ref().filter(|tier| !TIERS.contains(&tier.value)) {
        let message = format!("there is no tier {}", tier.value);
        let help = Some("the tiers are 1, 2 and 3".to_owned());
        diagnostics.add("out-of-range", &held.source, tier.range(), message, help);
    }
    let title = standard.text(language, &path, "title").unwrap_or_default();
    let tier = held.value.tier.as_ref().map(|tier| tier.value);
    let called = describe(&held.id);
    Dataset { id: held.id.clone(), called, title, tier, columns, fields, key, checks: Vec::new() }
}

fn data_type(column_type: ColumnType) -> DataType {
    match column_type {
        ColumnType::Text => DataType::Text,
        ColumnType::Number => DataType::Number,
        ColumnType::Integer => DataType::Integer,
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Date => DataType::Date,
        ColumnType::Period => DataType::Period,
    }
}

/// What an expression sees in a column.
fn kind(
    held: &Held<item::Dataset>,
    column: &item::Column,
    vocabulary: &Vocabulary,
    diagnostics: &mut Diagnostics,
) -> Kind {
    let is_number = matches!(column.data_type, ColumnType::Number | ColumnType::Integer);
    let mut misplaced = |what: &str, belongs: &str, span| {
        let message = format!("`{what}` belongs to a column of type {belongs}");
        diagnostics.add("ill-typed", &held.source, span, message, None);
    };
    if let (Some(unit), false) = (&column.unit, is_number) {
        misplaced("unit", "number or integer", unit.range());
    }
    for (what, bound) in [("min", &column.min), ("max", &column.max)] {
        if let (Some(bound), false) = (bound, is_number) {
            misplaced(what, "number or integer", bound.range());
        }
    }
    if let (Some(codes), false) = (&column.codes, column.data_type == ColumnType::Text) {
        misplaced("codes", "text", codes.range());
    }
    match column.data_type {
        ColumnType::Number | ColumnType::Integer => {
            Kind::Number(column.unit.as_ref().map_or_else(Unit::one, |unit| {
                vocabulary.units.parse(&unit.value).unwrap_or_else(|message| {
                    diagnostics.add("unknown-unit", &held.source, unit.range(), message, None);
                    Unit::one()
                })
            }))
        }
        ColumnType::Boolean => Kind::Boolean,
        ColumnType::Date => Kind::Date,
        ColumnType::Period => Kind::Period,
        ColumnType::Text => match &column.codes {
            Some(codes) if vocabulary.code_lists.contains_key(&codes.value) => {
                Kind::Code(codes.value.clone())
            }
            Some(codes) => {
                let known = vocabulary.code_lists.keys().map(String::as_str);
                let help = did_you_mean_of(&codes.value, "the code lists", known);
                let message = format!("there is no code list `{}`", codes.value);
                diagnostics.add("unknown-code-list", &held.source, codes.range(), message, help);
                Kind::Text
            }
            None => Kind::Text,
        },
    }
}
