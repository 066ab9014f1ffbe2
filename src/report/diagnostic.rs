//! Mistakes in a standard, shown in the text where they stand, as compilers do.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::prose::one_line;
use crate::diagnostic::{Diagnostic, Source};

/// Source lines are trimmed around the mistake to this width.
const WIDTH: usize = 100;

/// The mistakes one below the other, each with its place and how to mend it; an empty line between two.
pub fn render(diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    let rendered: Vec<String> = diagnostics.iter().map(|diagnostic| one(&renderer, diagnostic)).collect();
    rendered.join("\n")
}

fn one(renderer: &Renderer, diagnostic: &Diagnostic) -> String {
    let source = &diagnostic.place.source;
    let annotation = AnnotationKind::Primary.span(visible(source, &diagnostic.place.span));
    let snippet = Snippet::source(source.text.as_str()).path(source.path.as_str()).annotation(annotation);
    let title = Level::ERROR.primary_title(one_line(&diagnostic.message)).id(diagnostic.code);
    let mut group: Group<'_> = title.element(snippet);
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(one_line(help)));
    }
    let mut text = String::new();
    for line in renderer.render(&[group]).lines() {
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// The bytes to underline: inside the text, whole characters, and no blanks at the end, since a span that takes in
/// the line's end would be drawn over two lines.
fn visible(source: &Source, span: &Range<usize>) -> Range<usize> {
    let text = &source.text;
    let whole = |offset: &usize| text.is_char_boundary(*offset);
    let start = (0..=span.start.min(text.len())).rev().find(whole).unwrap_or(0);
    let end = (span.end.clamp(start, text.len())..=text.len()).find(whole).unwrap_or(start);
    let kept = text[start..end].trim_end().len();
    start..start + kept
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::diagnostic::Place;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn mistake(text: &str, span: Range<usize>, help: Option<&str>) -> Diagnostic {
        let source =
            Source { path: "standard/1.0/rules/adult_missing.yaml".to_owned(), text: text.to_owned() };
        Diagnostic {
            code: "unknown-column",
            message: "dataset `survey` has no column `agee`".to_owned(),
            place: Place { source: Arc::new(source), span },
            help: help.map(str::to_owned),
        }
    }

    fn at(text: &str, word: &str) -> Diagnostic {
        let start = text.find(word).expect("the word stands in the text");
        mistake(text, start..start + word.len(), Some("did you mean `age`?"))
    }

    #[test]
    fn mistakes_are_as_they_were() {
        let plain = "title: An adult is missing\ndataset: survey\ncheck: agee >= 15\nfix: Add it.\n";
        let long = format!(
            "check: {} and agee >= 15 and {}\n",
            "weight > 0 and ".repeat(20),
            "age < 120 and ".repeat(20)
        );
        let cases = [
            at(plain, "agee"),
            at(&plain.replace('\n', "\r\n"), "agee"),
            at("título: Falta un «adulto»\n\tcheck:\tagee >= 15\n", "agee"),
            at("title: 成人 agee\n", "agee"),
            at(&long, "agee"),
            at(plain, "dataset: survey\ncheck: agee >= 15\n"),
            mistake(plain, 0..0, None),
            mistake("", 0..0, None),
            mistake("\n\ntitle: x\n", 0..0, None),
            mistake(plain, plain.len()..plain.len(), Some("add `age`")),
            mistake("a: é\n", 4..999, None),
        ];
        sample::snapshot("diagnostics", &render(&cases, false));
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(render(&[], true), "");
    }

    #[test]
    fn colour_is_only_where_it_is_wanted() {
        let cases = [at("check: agee >= 15\n", "agee")];
        assert!(render(&cases, true).contains('\u{1b}') && !render(&cases, false).contains('\u{1b}'));
    }

    proptest! {
        #[test]
        fn any_span_of_any_text_is_shown_where_it_is(text in "(?s).{0,80}|([ab\u{e9}\t]{0,5}\r?\n){0,6}", start in 0_usize..120, length in 0_usize..120) {
            let diagnostic = mistake(&text, start..start.saturating_add(length), None);
            let shown = render(std::slice::from_ref(&diagnostic), false);
            let start = visible(&diagnostic.place.source, &diagnostic.place.span).start;
            let (line, column) = diagnostic.place.source.line_and_column(start);
            let place = format!("{}:{line}:{column}\n", diagnostic.place.source.path);
            // At the end of the last line the two may differ by how they count what is not there.
            prop_assert!(start >= text.len() || shown.contains(&place), "{shown} {place}");
            for line in shown.lines() {
                prop_assert_eq!(line.trim_end(), line);
            }
        }
    }
}
