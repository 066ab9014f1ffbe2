//! The JSON Schemas of the standard's files, for editors: generated from the same code that reads the files.

use serde_json::{Value, json};

use super::item;
use crate::yaml::{Item, schema_of};

/// Each kind of file and its schema.
pub fn kinds() -> Vec<(&'static str, Value)> {
    vec![
        ("code-lists", titled::<item::CodeList>("A code list of the standard")),
        ("datasets", titled::<item::Dataset>("A dataset of the standard")),
        ("estimators", titled::<item::Estimator>("An estimator of the standard")),
        ("grades", titled::<item::Grades>("The grades of the standard")),
        ("indicators", titled::<item::Indicator>("An indicator of the standard")),
        ("locales", titled::<item::Locale>("A translation of the standard")),
        ("quantities", titled::<item::Quantity>("A quantity of the standard")),
        ("rules", titled::<item::Rule>("A rule of the standard")),
        ("standard", titled::<item::Header>("A version of the standard")),
        ("taxonomies", titled::<item::Taxonomy>("A taxonomy of the standard")),
        ("units", titled::<item::Units>("The units of the standard")),
    ]
}

fn titled<T: Item>(title: &str) -> Value {
    let mut schema = schema_of::<T>();
    schema["title"] = title.into();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema
}
