//! A mistake in a standard: what, where, and how to mend it. How it is printed is the business of [`crate::report`].

use std::ops::Range;
use std::sync::Arc;

use crate::spelling::nearest;

/// One file of a standard: its path as shown to people, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path as the person who named the folder would write it.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// The line and the column, both from 1, of a byte offset; columns count characters.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..self.text.floor_char_boundary(offset.min(self.text.len()))];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// A stretch of a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes at fault.
    pub span: Range<usize>,
}

/// One mistake in a standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable name of this kind of mistake, such as `unknown-field`.
    pub code: &'static str,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub place: Place,
    /// How to mend it, such as "did you mean `age`?".
    pub help: Option<String>,
}

/// All mistakes found so far; a stage adds to them and goes on.
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a mistake.
    pub fn add(
        &mut self,
        code: &'static str,
        source: &Arc<Source>,
        span: Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let place = Place { source: Arc::clone(source), span };
        self.found.push(Diagnostic { code, message: message.into(), place, help });
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether a mistake of some kind has been found.
    pub fn has(&self, code: &str) -> bool {
        self.found.iter().any(|mistake| mistake.code == code)
    }

    /// The mistakes in the order of their files and places, each once.
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut found = self.found;
        found.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.place.source.path.clone(), d.place.span.start, d.code);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        found.dedup();
        found
    }
}

/// "did you mean `x`?" for the nearest of the known words, if one is near.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, known).map(|found| format!("did you mean `{found}`?"))
}

/// "did you mean `x`?", or all that there is where nothing is near; nothing where there is too much of it to list.
pub fn did_you_mean_of<'a>(
    word: &str,
    what: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    did_you_mean(word, known.clone()).or_else(|| {
        let all: Vec<&str> = known.into_iter().collect();
        (1..=20).contains(&all.len()).then(|| format!("{what} are {}", all.join(", ")))
    })
}
