//! Translations: `locales/`.

use super::Text;
use crate::yaml::{Fields, Item, Map};

/// `locales/LANGUAGE.yaml`: translations, by item.
#[derive(Debug, Clone, Default)]
pub struct Locale {
    /// The language's own name.
    pub language: String,
    /// The translations, by item such as `rules/month_missing`.
    pub items: Map<Translation>,
}

impl Item for Locale {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            language: fields.required("language", "The language's own name"),
            items: fields.required("items", "The translations, by item such as rules/month_missing"),
        }
    }
}

/// The translation of one item.
#[derive(Debug, Clone, Default)]
pub struct Translation {
    /// The digest of the English that it translates: the first 12 digits of its SHA-256.
    pub of: Text,
    /// Each translated field, by its path in the item, such as `message` or `columns.value.title`.
    pub text: Map<Text>,
}

impl Item for Translation {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            of: fields.required(
                "of",
                "The digest of the English that it translates, as `standard check` prints it",
            ),
            text: fields.required(
                "text",
                "Each translated field by its path in the item, such as message or columns.value.title",
            ),
        }
    }
}
