//! Text to syntax tree, by `sqlparser`, with the place of every word in bytes.

use std::ops::Range;

use sqlparser::ast::{Expr, ObjectName};
use sqlparser::dialect::Dialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan, Tokenizer, Whitespace};

use super::fault::{Fault, FaultKind};

/// The longest text that is read, in bytes: a check longer than this is not written by a person.
const LONGEST: usize = 10_000;
/// How deep parentheses and functions may stand in each other.
const DEEPEST: usize = 50;
/// How many words a text may have; sides of long chains of operators are nested too, and each costs stack.
const MOST_TOKENS: usize = 1_500;

/// SQL with the fewest extensions: what it does not read, no expression can contain.
#[derive(Debug)]
struct ExpressionDialect;

impl Dialect for ExpressionDialect {
    fn is_identifier_start(&self, character: char) -> bool {
        character.is_alphabetic() || character == '_'
    }

    fn is_identifier_part(&self, character: char) -> bool {
        character.is_alphanumeric() || character == '_'
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    /// So that what is wrong inside a `case` is said, and not that a column called `case` cannot be followed by a test.
    fn is_reserved_for_identifier(&self, keyword: Keyword) -> bool {
        PREFIX_WORDS.contains(&keyword) || INFIX_WORDS.contains(&keyword)
    }

    /// Reads names and calls plainly, so that `floor`, `trim` or `substr` are functions like all others and a column may be called `region`.
    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        let token = parser.peek_token();
        let Token::Word(word) = &token.token else { return None };
        if word.quote_style.is_none() {
            if INFIX_WORDS.contains(&word.keyword) {
                return Some(parser.expected("an expression", token));
            }
            if PREFIX_WORDS.contains(&word.keyword) {
                return None;
            }
        }
        match parser.peek_nth_token(1).token {
            // A typed literal such as date '2024-01-31'.
            Token::SingleQuotedString(_) if word.quote_style.is_none() => None,
            Token::LParen => {
                parser.advance_token();
                Some(parser.parse_function(ObjectName::from(vec![word.clone().into_ident(token.span)])))
            }
            _ => {
                parser.advance_token();
                Some(Ok(Expr::Identifier(word.clone().into_ident(token.span))))
            }
        }
    }
}

/// Words that continue or end an expression, or begin a query, and therefore never begin an expression.
const INFIX_WORDS: [Keyword; 16] = [
    Keyword::AND,
    Keyword::OR,
    Keyword::IS,
    Keyword::IN,
    Keyword::BETWEEN,
    Keyword::LIKE,
    Keyword::ESCAPE,
    Keyword::WHEN,
    Keyword::THEN,
    Keyword::ELSE,
    Keyword::END,
    Keyword::FROM,
    Keyword::WHERE,
    Keyword::AS,
    Keyword::SELECT,
    Keyword::WITH,
];

/// Words with a grammar of their own, left to the parser; most of what they begin is then refused by name.
const PREFIX_WORDS: [Keyword; 19] = [
    Keyword::CASE,
    Keyword::NOT,
    Keyword::NULL,
    Keyword::TRUE,
    Keyword::FALSE,
    Keyword::EXISTS,
    Keyword::CAST,
    Keyword::TRY_CAST,
    Keyword::SAFE_CAST,
    Keyword::CONVERT,
    Keyword::EXTRACT,
    Keyword::INTERVAL,
    Keyword::ARRAY,
    Keyword::STRUCT,
    Keyword::OVERLAY,
    Keyword::POSITION,
    Keyword::ANY,
    Keyword::ALL,
    Keyword::SOME,
];

/// A text that was read.
pub(crate) struct Parsed {
    /// Its syntax.
    pub expression: Expr,
    /// Where its words stand.
    pub places: Places,
}

/// Reads one expression, all of the text.
pub(crate) fn parse(text: &str) -> Result<Parsed, Fault> {
    let whole = 0..text.len();
    let syntax = |message: String| Fault::new(&whole, FaultKind::Syntax, message);
    if text.len() > LONGEST {
        return Err(syntax(format!("the expression has {} bytes; {LONGEST} is the most", text.len())));
    }
    let lines = Lines::of(text);
    let tokens = Tokenizer::new(&ExpressionDialect, text).tokenize_with_location().map_err(|error| {
        let start = lines.byte(error.location);
        Fault::new(&(start..text.len()), FaultKind::Syntax, in_our_voice(&error.message))
    })?;
    let places = Places::of(text, lines, &tokens);
    if places.tokens.is_empty() {
        return Err(syntax("the expression is empty".to_owned()));
    }
    if places.tokens.len() > MOST_TOKENS {
        return Err(syntax(format!("the expression has over {MOST_TOKENS} words")));
    }
    if let Some(fault) = refused_token(&tokens, &places) {
        return Err(fault);
    }
    let mut parser =
        Parser::new(&ExpressionDialect).with_recursion_limit(DEEPEST).with_tokens_with_locations(tokens);
    let expression = parser.parse_expr().map_err(|error| places.fault_of(error, text))?;
    let next = parser.peek_token();
    if next.token != Token::EOF {
        let span = places.bytes(next.span);
        let word = &text[span.clone()];
        return Err(Fault::new(
            &span,
            FaultKind::Syntax,
            format!("`{word}` does not continue the expression"),
        )
        .help(
            "an expression ends where its last value does; is an operator or a comma missing before this?",
        ));
    }
    Ok(Parsed { expression, places })
}

/// Comments would hide text from whoever reads the rule in a report, and parameters have no value here.
fn refused_token(tokens: &[TokenWithSpan], places: &Places) -> Option<Fault> {
    tokens.iter().find_map(|token| {
        let what = match &token.token {
            Token::Whitespace(Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_)) => {
                "a comment"
            }
            Token::Placeholder(_) => "a parameter",
            Token::SemiColon => "`;`",
            _ => return None,
        };
        let span = places.bytes(token.span);
        Some(Fault::new(&span, FaultKind::NotInTheLanguage, format!("{what} is not part of an expression")))
    })
}

/// Lower case without a full stop, and in words where the parser names tokens.
fn in_our_voice(message: &str) -> String {
    let message = message.trim().trim_end_matches('.').replace("Expected: ", "expected ");
    let message = message.replace("found: EOF", "found the end").replace("found: ", "found ");
    let mut characters = message.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => "the text cannot be read".to_owned(),
    }
}

/// Where the lines of a text start, to turn the parser's lines and columns into bytes.
struct Lines {
    /// The byte after every character, line by line.
    characters: Vec<Vec<usize>>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let mut characters = vec![Vec::new()];
        for (byte, character) in text.char_indices() {
            characters.last_mut().expect("there is always a last line").push(byte);
            if character == '\n' {
                characters.push(Vec::new());
            }
        }
        characters.last_mut().expect("there is always a last line").push(text.len());
        Self { characters }
    }

    /// The byte of a place that counts lines and characters from 1; past the end of a line, the start of the next one.
    fn byte(&self, location: Location) -> usize {
        let at = |number: u64| usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        let end = *self.characters.last().and_then(|line| line.last()).expect("the last line has an end");
        let line = self.characters.get(at(location.line));
        let next = self.characters.get(at(location.line).saturating_add(1));
        let past = next.and_then(|line| line.first()).copied().unwrap_or(end);
        line.map_or(end, |line| line.get(at(location.column)).copied().unwrap_or(past))
    }
}

/// The words of a text with the bytes that they span.
pub(crate) struct Places {
    lines: Lines,
    length: usize,
    tokens: Vec<(Token, Range<usize>)>,
}

impl Places {
    fn of(text: &str, lines: Lines, tokens: &[TokenWithSpan]) -> Self {
        let spans = |token: &TokenWithSpan| lines.byte(token.span.start)..lines.byte(token.span.end);
        let tokens = tokens
            .iter()
            .filter(|token| !matches!(token.token, Token::Whitespace(_) | Token::EOF))
            .map(|token| (token.token.clone(), spans(token)))
            .collect();
        Self { lines, length: text.len(), tokens }
    }

    /// The bytes of a span of the parser.
    pub(crate) fn bytes(&self, span: Span) -> Range<usize> {
        if span.start.line == 0 {
            return 0..self.length;
        }
        let start = self.lines.byte(span.start);
        start..self.lines.byte(span.end).max(start)
    }

    /// The whole of a call whose name starts at this byte: to its closing parenthesis, and that of its filter.
    pub(crate) fn call(&self, start: usize) -> Range<usize> {
        let Some(name) = self.tokens.iter().position(|(_, span)| span.start == start) else {
            return start..self.length;
        };
        let mut end = self.closing(name + 1);
        if let Some((Token::Word(word), _)) = self.tokens.get(end + 1)
            && word.keyword == Keyword::FILTER
        {
            end = self.closing(end + 2);
        }
        start..self.tokens.get(end).map_or(self.length, |(_, span)| span.end)
    }

    /// The span with the word right before it, as a minus sign or `not`.
    pub(crate) fn with_word_before(&self, span: &Range<usize>) -> Range<usize> {
        let before = self.tokens.iter().rev().find(|(_, token)| token.end <= span.start);
        before.map_or(span.start, |(_, token)| token.start)..span.end
    }

    /// The span with the parentheses around it.
    pub(crate) fn with_parentheses(&self, span: &Range<usize>) -> Range<usize> {
        let after = self.tokens.iter().find(|(_, token)| token.start >= span.end);
        self.with_word_before(span).start..after.map_or(span.end, |(_, token)| token.end)
    }

    /// The span up to the end of the first of these words after it.
    pub(crate) fn up_to(&self, span: &Range<usize>, ends: &[Keyword]) -> Range<usize> {
        let end = self
            .tokens
            .iter()
            .filter(|(_, place)| place.start >= span.end)
            .find(|(token, _)| matches!(token, Token::Word(word) if ends.contains(&word.keyword)));
        span.start..end.map_or(span.end, |(_, place)| place.end)
    }

    /// The index of the token that closes the parenthesis which opens at this index, or of the last one.
    fn closing(&self, opening: usize) -> usize {
        let mut depth = 0_usize;
        for (index, (token, _)) in self.tokens.iter().enumerate().skip(opening) {
            match token {
                Token::LParen => depth += 1,
                Token::RParen if depth <= 1 => return index,
                Token::RParen => depth -= 1,
                _ => {}
            }
        }
        self.tokens.len().saturating_sub(1)
    }

    /// The parser writes the place into its message; it is taken out again and points at a word.
    fn fault_of(&self, error: ParserError, text: &str) -> Fault {
        let end = text.trim_end().len();
        let message = match error {
            ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
            ParserError::RecursionLimitExceeded => {
                return Fault::new(&(0..end), FaultKind::Syntax, "the expression is nested too deeply");
            }
        };
        let place = message.rfind(" at Line: ").and_then(|cut| {
            let (line, column) = message[cut + " at Line: ".len()..].split_once(", Column: ")?;
            Some((cut, Location::new(line.parse().ok()?, column.trim().parse().ok()?)))
        });
        let Some((cut, location)) = place else {
            return Fault::new(&(end..end), FaultKind::Syntax, in_our_voice(&message));
        };
        let start = self.lines.byte(location);
        let token = self.tokens.iter().find(|(_, span)| span.start == start);
        let span = token.map_or(start..start, |(_, span)| span.clone());
        Fault::new(&span, FaultKind::Syntax, in_our_voice(&message[..cut]))
    }
}
