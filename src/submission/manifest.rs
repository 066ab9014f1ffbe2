//! `submission.yaml`: who reports, about what, under which version, and in which files.

use std::path::{Component, Path};
use std::sync::Arc;

use crate::calendar::parse_date;
use crate::diagnostic::{Diagnostics, Source};
use crate::yaml::{Content, Decode, Decoder, Fields, Item, Located, Map, Node, read_item, schema_of};

/// What an agency says of its submission.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// The version of the standard that it follows.
    pub standard: Located<String>,
    /// Who sends it.
    pub agency: String,
    /// The territory that the figures are about.
    pub territory: Located<String>,
    /// The period that they are about.
    pub period: Located<String>,
    /// The language of its free texts.
    pub language: Located<String>,
    /// Who may see it.
    pub confidentiality: Located<String>,
    /// The tier that the agency reports at, 1 to 3.
    pub tier: Option<Located<String>>,
    /// The day on which it was prepared, which puts submissions that give the same figures in order.
    pub prepared: Option<Located<String>>,
    /// The datasets that it holds, each with its file.
    pub datasets: Map<File>,
    /// Datasets of the tier that it does not hold, each with the reason.
    pub absent: Map<Located<String>>,
}

impl Item for Manifest {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            standard: fields.required(
                "standard",
                "The version of the standard that the submission follows, such as \"1.0\"",
            ),
            agency: fields.required("agency", "Who sends the submission"),
            territory: fields.required(
                "territory",
                "The territory that the figures are about, as an ISO 3166-1 alpha-2 code",
            ),
            period: fields.required(
                "period",
                "The year 2024 or the span of years 2016/2018 that the figures are about",
            ),
            language: fields
                .required("language", "The language of the submission's free texts: en, es, pt or fr"),
            confidentiality: fields.required(
                "confidentiality",
                "Who may see the submission: F free, N internal, C confidential",
            ),
            prepared: fields.optional(
                "prepared",
                "The day on which the submission was prepared, such as 2024-06-30; a later one revises an earlier one",
            ),
            tier: fields.optional(
                "tier",
                "The tier that the agency reports at: 1 gives bounds, 2 adds stamps and inspections, 3 market samples and laboratories",
            ),
            datasets: fields.required(
                "datasets",
                "Each dataset of the standard that the submission holds, with its file",
            ),
            absent: fields.or_default(
                "absent",
                "Each dataset of the tier that the submission does not hold, with the reason: not_collected, not_available, confidential or not_applicable",
            ),
        }
    }
}

/// The file of one dataset.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// Its name, beside `submission.yaml` or in a folder below.
    pub file: Located<String>,
    /// What stands between its cells, where that is not a comma.
    pub delimiter: Option<Located<String>>,
    /// The decimal mark, where that is not a point.
    pub decimal: Option<Located<String>>,
}

impl Item for File {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            file: fields.required("file", "The file's name, beside submission.yaml"),
            delimiter: fields.optional(
                "delimiter",
                "What stands between the cells, where that is not a comma: \";\" or \"\\t\"",
            ),
            decimal: fields.optional("decimal", "The decimal mark, where that is not a point: \",\""),
        }
    }
}

impl Decode for File {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        // `clearances: clearances.csv` is all that most agencies need.
        match node.content {
            Content::Scalar(_) => {
                Self { file: Located::decode(node, decoder), delimiter: None, decimal: None }
            }
            _ => read_item(node, decoder),
        }
    }

    fn shape() -> serde_json::Value {
        serde_json::json!({ "anyOf": [String::shape(), schema_of::<Self>()] })
    }
}

impl Manifest {
    /// The tier as a number; none where it is not given or no number.
    pub fn tier_number(&self) -> Option<u8> {
        self.tier.as_ref()?.value.parse().ok()
    }

    /// Reads the manifest and reports what is wrong with its form.
    pub fn read(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let node = Node::parse(source, diagnostics)?;
        if node.content == Content::Null {
            diagnostics.add("empty", source, 0..0, "the file is empty", None);
            return None;
        }
        let manifest: Self = read_item(&node, &mut Decoder { source, diagnostics });
        for (_, file) in manifest.datasets.iter() {
            file.check(source, diagnostics);
        }
        Some(manifest)
    }

    /// The day on which it was prepared, in days since 1970-01-01; none where that is not said, or is no date.
    pub fn prepared_day(&self) -> Option<i32> {
        self.prepared.as_ref().and_then(|prepared| parse_date(&prepared.value))
    }
}

impl File {
    fn check(&self, source: &Arc<Source>, diagnostics: &mut Diagnostics) {
        let path = Path::new(&self.file.value);
        // A submission speaks of its own files alone, whoever runs the program.
        let inside = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !self.file.value.is_empty() && (!inside || self.file.value.contains('\\')) {
            let message = format!("`{}` is not a file inside the submission's folder", self.file.value);
            let help = Some("put the file beside submission.yaml and give its name".to_owned());
            diagnostics.add("outside", source, self.file.range(), message, help);
        }
        if let Some(delimiter) = &self.delimiter
            && self.delimiter_byte().is_none()
        {
            let message = format!("`{}` cannot stand between cells", delimiter.value);
            let help = Some("it is one of \",\", \";\", \"|\" and \"\\t\"".to_owned());
            diagnostics.add("unknown-choice", source, delimiter.range(), message, help);
        }
        if let Some(decimal) = &self.decimal
            && !matches!(decimal.value.as_str(), "." | ",")
        {
            let message = format!("`{}` is no decimal mark", decimal.value);
            diagnostics.add(
                "unknown-choice",
                source,
                decimal.range(),
                message,
                Some("it is \".\" or \",\"".to_owned()),
            );
        }
    }

    /// What stands between the cells; none where it cannot.
    pub fn delimiter_byte(&self) -> Option<u8> {
        match self.delimiter.as_ref().map(|delimiter| delimiter.value.as_str()) {
            None | Some(",") => Some(b','),
            Some(";") => Some(b';'),
            Some("|") => Some(b'|'),
            Some("\t" | "\\t" | "tab") => Some(b'\t'),
            Some(_) => None,
        }
    }

    /// The decimal mark.
    pub fn decimal_mark(&self) -> char {
        match &self.decimal {
            Some(decimal) if decimal.value == "," => ',',
            _ => '.',
        }
    }
}
