//! Mistakes in the text of an expression.

use std::fmt;
use std::ops::Range;

use crate::spelling::nearest;

/// One mistake in an expression, with the place that it stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: bytes of the expression's text.
    pub span: Range<usize>,
    /// What kind of mistake.
    pub code: FaultKind,
    /// What is wrong, in words.
    pub message: String,
    /// What to do about it, where that is known.
    pub help: Option<String>,
}

impl Fault {
    pub(crate) fn new(span: &Range<usize>, code: FaultKind, message: impl Into<String>) -> Self {
        Self { span: span.clone(), code, message: message.into(), help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The kinds of mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// The text cannot be read as an expression at all.
    Syntax,
    /// It is SQL, but no part of this language.
    NotInTheLanguage,
    /// No column has this name.
    UnknownColumn,
    /// No function has this name.
    UnknownFunction,
    /// No unit has this name.
    UnknownUnit,
    /// The code list lacks this code.
    UnknownCode,
    /// The code list lacks this group.
    UnknownGroup,
    /// No code list has this name.
    UnknownCodeList,
    /// The codes of the list carry no such property.
    UnknownProperty,
    /// Two units meet that do not agree.
    UnlikeUnits,
    /// A value of one kind stands where another belongs.
    IllTyped,
    /// A function has too few or too many arguments.
    WrongArguments,
    /// A text is not the date or period that its place asks for.
    BadLiteral,
    /// An aggregate, `lag` or a bare column stands where it has no meaning.
    WrongContext,
}

impl FaultKind {
    /// The kind as a word for machines, such as `unknown-column`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::NotInTheLanguage => "not-in-the-language",
            Self::UnknownColumn => "unknown-column",
            Self::UnknownFunction => "unknown-function",
            Self::UnknownUnit => "unknown-unit",
            Self::UnknownCode => "unknown-code",
            Self::UnknownGroup => "unknown-group",
            Self::UnknownProperty => "unknown-property",
            Self::UnknownCodeList => "unknown-code-list",
            Self::UnlikeUnits => "unlike-units",
            Self::IllTyped => "ill-typed",
            Self::WrongArguments => "wrong-arguments",
            Self::BadLiteral => "bad-literal",
            Self::WrongContext => "wrong-context",
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

/// How many known words a help lists.
const SHOWN: usize = 8;

/// The help that names the word which was probably meant, or else what could stand there.
pub(crate) fn suggest<'a>(
    word: &str,
    known: impl Iterator<Item = &'a str> + Clone,
    what: &str,
) -> Option<String> {
    if let Some(near) = nearest(word, known.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let shown: Vec<&str> = known.clone().take(SHOWN).collect();
    let more = if known.count() > SHOWN { ", ..." } else { "" };
    (!shown.is_empty()).then(|| format!("{what}: {}{more}", shown.join(", ")))
}
