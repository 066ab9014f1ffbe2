//! What is wrong with the data, in the terms of the person who must mend it.

use std::fmt;

use serde::Serialize;

use crate::standard::item::Severity;

/// Where a finding is.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Location {
    /// The folder of the submission.
    pub submission: String,
    /// The file inside it; empty where the finding is about the submission as a whole.
    pub file: String,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column's number in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// The column's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl fmt::Display for Location {
    /// As editors take it: `submission/file:line:column`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = [self.submission.as_str(), &self.file];
        let path = path.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        formatter.write_str(&path)?;
        [self.line, self.column].into_iter().flatten().try_for_each(|number| write!(formatter, ":{number}"))
    }
}

/// One fault of the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Finding {
    /// The rule that found it; `sikes explain RULE` tells more.
    pub rule: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub location: Location,
    /// Where the other figures stand that it is about, where it is about several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Location>,
    /// The key of the record, each column with its value.
    pub key: Vec<KeyPart>,
    /// The value at fault, as it stands in the cell; null where the finding is about no one cell.
    pub value: Option<String>,
    /// How to mend it.
    pub fix: String,
}

/// One column of a record's key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct KeyPart {
    /// The column.
    pub column: String,
    /// Its value in this record.
    pub value: String,
}
