//! What is wrong with a file before any rule is asked, and where.

mod kind;
mod words;

use std::collections::BTreeMap;

pub use kind::{Format, Kind};

use crate::language::Language;

/// The characters of a text that a fault quotes.
const EXCERPT_CHARACTERS: usize = 80;

/// One thing that is wrong, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: Kind,
    /// The line on which the row of the place starts, or the line of the fault itself, counted from 1.
    pub line: Option<u64>,
    /// The column of the file, counted from 1.
    pub column: Option<usize>,
    /// The column's name in the standard, or in the file where the standard has no such column.
    pub column_name: Option<String>,
    /// The text at fault, cut after 80 characters; as found, so that whoever prints it must escape it.
    pub text: Option<String>,
}

impl Fault {
    /// A fault of the file as a whole.
    pub fn of_file(kind: Kind) -> Self {
        Self { kind, line: None, column: None, column_name: None, text: None }
    }

    /// A fault of one line.
    pub fn of_line(kind: Kind, line: u64) -> Self {
        Self { line: Some(line), ..Self::of_file(kind) }
    }

    /// What is wrong.
    pub fn message(&self, language: Language) -> String {
        self.kind.message(language)
    }

    /// How to mend it.
    pub fn fix(&self, language: Language) -> String {
        self.kind.fix(language)
    }
}

/// Faults of one kind in one place of the file: all counted, the first kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// How often it was met.
    pub count: u64,
    /// The first of them, at least one.
    pub samples: Vec<Fault>,
}

/// The faults of one file, in groups, in the order in which each group was first met.
///
/// Cells are grouped by kind and column, rows by kind, faults of the header stand alone.
/// However many cells are at fault, the memory held is that of the samples, and the counts are exact.
#[derive(Debug, Clone)]
pub struct Faults {
    groups: Vec<Group>,
    places: BTreeMap<(usize, &'static str), usize>,
    sample_limit: usize,
}

impl Faults {
    /// None yet; each group will keep so many samples, and never less than one.
    pub fn new(sample_limit: usize) -> Self {
        Self { groups: Vec::new(), places: BTreeMap::new(), sample_limit: sample_limit.max(1) }
    }

    /// The groups.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// All samples of all groups.
    pub fn samples(&self) -> impl Iterator<Item = &Fault> {
        self.groups.iter().flat_map(|group| &group.samples)
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// How many faults there are, samples or not.
    pub fn count(&self) -> u64 {
        self.groups.iter().map(|group| group.count).sum()
    }

    /// Adds a fault that stands alone.
    pub fn add(&mut self, fault: Fault) {
        self.groups.push(Group { count: 1, samples: vec![fault] });
    }

    /// Counts a fault in the group of its kind and place (0 for the file's rows), and keeps it if that is among the first.
    pub fn tally(&mut self, place: usize, kind: Kind, fault: impl FnOnce(Kind) -> Fault) {
        let next = self.groups.len();
        let index = *self.places.entry((place, kind.id())).or_insert(next);
        if index == next {
            self.groups.push(Group { count: 0, samples: Vec::new() });
        }
        let group = &mut self.groups[index];
        group.count += 1;
        if group.samples.len() < self.sample_limit {
            group.samples.push(fault(kind));
        }
    }
}

/// The beginning of a text, short enough to be kept and shown.
pub fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
