//! Everything of the built-in standard in every language, on pages that fit.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr as _;

use super::super::words::{Words, words};
use super::Book;
use crate::compile::compile;
use crate::diagnostic::Diagnostics;
use crate::standard::source::Library;
use crate::standard::{Language, Standard, load};

fn standard() -> Standard {
    let library = Library::Embedded;
    let version = library.versions().pop().expect("a version");
    load(&library, &version, &mut Diagnostics::default()).expect("the built-in standard")
}

/// Calls with the book in each language, at a width.
fn in_every_language(width: usize, mut look: impl FnMut(&Book<'_>)) {
    let standard = standard();
    for language in Language::ALL {
        let mut diagnostics = Diagnostics::default();
        let plan = compile(&standard, language, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{language:?}");
        look(&Book::new(&standard, &plan, (width, false)));
    }
}

/// What the English pages say in places where a page in another language says something else.
fn english_labels(language: Language) -> BTreeSet<&'static str> {
    let pairs = words(Language::English).all().into_iter().zip(words(language).all());
    let translated: BTreeSet<&str> = words(language).all().into_iter().map(|(_, text)| text).collect();
    let english = pairs.map(|((_, english), _)| english);
    english.filter(|english| !translated.contains(english)).collect()
}

/// The words of a page that are the program's own: what stands in the margin, headings, and titles of tables.
fn labels(page: &str) -> Vec<String> {
    let lines: Vec<&str> = page.lines().collect();
    let mut labels = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let is_titles = lines.get(number + 1).is_some_and(|next| next.trim_start().starts_with('─'));
        if is_titles {
            labels.extend(line.split("  ").map(|title| title.trim().to_owned()));
        } else if !line.starts_with(' ') {
            let label = line.split("  ").next().unwrap_or_default();
            labels.push(label.split(" (").next().unwrap_or_default().to_owned());
        }
    }
    labels
}

fn kinds(words: &Words) -> Vec<&'static str> {
    let of_items = [words.rule, words.code_list, words.code, words.dataset, words.column, words.indicator];
    let others = [words.estimator, words.method, words.quantity, words.taxonomy, words.unit, words.grade];
    of_items.into_iter().chain(others).collect()
}

/// A text in one line, whatever it was broken into.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn everything_is_explained_in_every_language() {
    in_every_language(100, |book| {
        let english = english_labels(book.language);
        assert_eq!(english.is_empty(), book.language == Language::English);
        for id in book.known() {
            let page = book.explain(&id).unwrap_or_else(|| panic!("{id} in {:?}", book.language));
            if id == "expressions" {
                continue;
            }
            let first = page.lines().next().expect("a heading");
            let kinds = kinds(book.words);
            assert!(
                kinds.iter().any(|kind| first == format!("{kind} {id}")),
                "{first} in {:?}",
                book.language
            );
            for label in labels(&page) {
                assert!(!english.contains(label.as_str()), "`{label}` in {:?}:\n{page}", book.language);
            }
        }
    });
}

#[test]
fn every_page_has_its_title() {
    in_every_language(100, |book| {
        let shown = |id: &str, title: &str| {
            let page = book.explain(id).unwrap_or_else(|| panic!("{id}"));
            assert!(!title.is_empty() && joined(&page).contains(&joined(title)), "{id}, {title}:\n{page}");
        };
        let mut seen = 0;
        for path in book.standard.nodes.keys() {
            let Some((kind, id)) = path.split_once('/').filter(|(kind, _)| *kind != "locales") else {
                continue;
            };
            shown(id, &book.text(path, "title"));
            seen += 1;
            let inside = match kind {
                "code-lists" => "codes",
                "datasets" => "columns",
                _ => continue,
            };
            for (_, name) in book.inside().filter(|(of, _)| *of == id) {
                let title = if inside == "codes" { String::new() } else { ".title".to_owned() };
                shown(&format!("{id}.{name}"), &book.text(path, &format!("{inside}.{name}{title}")));
            }
        }
        assert!(seen > 30, "{seen}");
    });
}

#[test]
fn pages_fit_eighty_columns() {
    in_every_language(80, |book| {
        for id in book.known().iter().filter(|id| *id != "expressions") {
            let page = book.explain(id).expect("a page");
            // What is there to be copied is not broken: the header of a file, and a formula.
            let is_method = crate::estimator::method(id).is_some();
            for line in page.lines().filter(|line| line.width() > 80) {
                let is_formula = is_method && line.starts_with("  ");
                assert!(is_formula || !line.trim().contains(' '), "{id} in {:?}: {line}", book.language);
            }
        }
    });
}

#[test]
fn what_is_asked_for_by_half_is_named_whole() {
    let standard = standard();
    let plan = compile(&standard, Language::Spanish, &mut Diagnostics::default());
    let book = Book::new(&standard, &plan, (80, false));
    assert_eq!(book.meant("month_mising"), "¿quiso decir `month_missing`?");
    assert!(book.meant("volume").contains("`clearances.volume`"), "{}", book.meant("volume"));
    assert!(book.meant("pure_alcohl").contains("`clearances.pure_alcohol`"), "{}", book.meant("pure_alcohl"));
    assert_eq!(book.meant("no hay nada de esto"), book.words.show_lists_all);
}
