//! `sikes explain`: what an item is, why it is there, an example, and how to mend what it finds.

mod codes;
mod dataset;
mod estimate;
mod rule;
mod taxonomy;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::Args;

use super::Common;
use super::exit::Exit;
use super::output::{self, colour, stdout_is_terminal};
use super::sheet::{Sheet, WIDEST};
use super::validate::{library, plan};
use super::words::{Words, fill, words};
use crate::compile::{MANIFEST_RULE, Plan};
use crate::error::Result;
use crate::estimator::METHODS;
use crate::expression;
use crate::spelling::nearest;
use crate::standard::item::Severity;
use crate::standard::{Language, Standard, load};

/// Of the places in which a column or a code stands so many are named.
const MOST_PLACES: usize = 5;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A rule, dataset, dataset.column, indicator, estimator, method, quantity, taxonomy, code list, list.code, unit or grade; or
    /// `expressions`.
    id: String,
    /// The standard to look in, a version's folder or a resolved file; the built-in version where it is left out.
    #[arg(long, value_name = "PATH")]
    standard: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let (library, version) = library(arguments.standard.as_deref())?;
    let Some(plan) = plan(&library, &version, common)? else { return Ok(Exit::Usage) };
    let standard = load(&library, &version, &mut crate::diagnostic::Diagnostics::default())?;
    let page = (output::width(), colour(common, stdout_is_terminal()));
    let book = Book::new(&standard, &plan, page);
    if let Some(text) = book.explain(&arguments.id) {
        output::print(&text)?;
        return Ok(Exit::Clean);
    }
    let values = [("id", arguments.id.as_str()), ("help", &book.meant(&arguments.id))];
    output::complain(&(fill(book.words.nothing_called, &values) + "\n"));
    Ok(Exit::Usage)
}

/// Everything that explanations are taken from.
pub(super) struct Book<'a> {
    pub(super) standard: &'a Standard,
    pub(super) plan: &'a Plan,
    pub(super) language: Language,
    pub(super) words: &'static Words,
    /// The width of a page, and whether it has colour.
    pub(super) page: (usize, bool),
}

impl<'a> Book<'a> {
    /// The book of a standard, in the language that its plan was compiled for.
    pub(super) fn new(standard: &'a Standard, plan: &'a Plan, page: (usize, bool)) -> Self {
        Self { standard, plan, language: plan.language, words: words(plan.language), page }
    }

    /// The explanation; everything of that name, where several things share one.
    fn explain(&self, id: &str) -> Option<String> {
        let mut pages = Vec::new();
        if id == "expressions" {
            pages.push(self.expressions());
        }
        if id == MANIFEST_RULE {
            pages.push(self.manifest());
        }
        pages.extend(self.rule(id));
        pages.extend(self.dataset(id));
        pages.extend(self.column(id));
        pages.extend(self.code_list(id));
        pages.extend(self.code(id));
        pages.extend(self.indicator(id));
        pages.extend(self.quantity(id));
        pages.extend(self.estimator(id));
        pages.extend(self.taxonomy(id));
        pages.extend(self.method(id));
        pages.extend(self.unit(id));
        pages.extend(self.grade(id));
        let between = format!("\n{}\n\n", "─".repeat(self.page.0.min(WIDEST)));
        (!pages.is_empty()).then(|| pages.join(&between))
    }

    /// Everything that can be explained, sorted.
    fn known(&self) -> Vec<String> {
        let items = self.standard.nodes.keys().filter(|path| !path.starts_with("locales/"));
        let items = items.filter_map(|path| path.split_once('/')).map(|(_, id)| id.to_owned());
        let checks = self.plan.rules().map(|check| check.id.clone());
        let methods = METHODS.iter().map(|method| method.name.to_owned());
        let units = self.standard.units.iter().flat_map(|held| held.value.units.keys().map(str::to_owned));
        let grades = self.standard.grades.iter().flat_map(|held| held.value.grades.keys().map(str::to_owned));
        let others = ["expressions".to_owned(), MANIFEST_RULE.to_owned()];
        let mut known: Vec<String> = items
            .chain(checks)
            .chain(methods)
            .chain(units)
            .chain(grades)
            .chain(self.inside().map(|(of, name)| format!("{of}.{name}")))
            .chain(others)
            .collect();
        known.sort();
        known.dedup();
        known
    }

    /// The columns of datasets and the codes of lists, each with what it is inside of.
    fn inside(&self) -> impl Iterator<Item = (&str, &str)> {
        let columns = self
            .standard
            .datasets
            .values()
            .flat_map(|held| held.value.columns.keys().map(|column| (held.id.as_str(), column)));
        let codes = self
            .standard
            .code_lists
            .values()
            .flat_map(|held| held.value.codes.keys().map(|code| (held.id.as_str(), code)));
        columns.chain(codes)
    }

    /// What somebody may have meant who asked for what is not there: a column or a code by its name alone, or a word
    /// nearly right.
    fn meant(&self, id: &str) -> String {
        let known = self.known();
        let names = || self.inside().map(|(_, name)| name);
        let near = || nearest(id, known.iter().map(String::as_str));
        if let Some(name) = names().find(|name| *name == id) {
            self.places_of(name)
        } else if let Some(word) = near() {
            fill(self.words.did_you_mean, &[("word", word)])
        } else if let Some(name) = nearest(id, names()) {
            self.places_of(name)
        } else {
            self.words.show_lists_all.to_owned()
        }
    }

    /// "ask for `clearances.volume`"
    fn places_of(&self, name: &str) -> String {
        let places = self.inside().filter(|(_, other)| *other == name).take(MOST_PLACES);
        let places: Vec<String> = places.map(|(of, name)| format!("`{of}.{name}`")).collect();
        fill(self.words.is_inside, &[("words", &places.join(&format!(" {} ", self.words.or)))])
    }

    /// A text of the standard; empty where there is none.
    pub(super) fn text(&self, item: &str, field: &str) -> String {
        self.standard.text(self.language, item, field).unwrap_or_default()
    }

    /// An id with its title: "clearances (Duty-paid clearances)".
    fn titled(&self, kind: &str, id: &str) -> String {
        match self.standard.text(self.language, &format!("{kind}/{id}"), "title") {
            Some(title) if title != id => format!("{id} ({title})"),
            _ => id.to_owned(),
        }
    }

    /// An id and its title, as the row of a table.
    fn row(&self, kind: &str, id: &str) -> Vec<String> {
        vec![id.to_owned(), self.text(&format!("{kind}/{id}"), "title")]
    }

    /// A page with its heading.
    fn sheet(&self, kind: &str, id: &str, title: &str) -> Sheet {
        let mut sheet = Sheet::new(self.page.0, self.page.1);
        sheet.heading(kind, id, title);
        sheet
    }

    /// How the expression language is written.
    fn expressions(&self) -> String {
        if self.language == Language::English {
            return expression::reference();
        }
        format!("{}\n\n{}", self.words.reference_is_english, expression::reference())
    }

    fn severity(&self, severity: Severity) -> &'static str {
        severity_word(self.words, severity)
    }
}

/// A severity in a language, in a word.
pub(super) fn severity_word(words: &Words, severity: Severity) -> &'static str {
    match severity {
        Severity::Error => words.error,
        Severity::Warning => words.warning,
        Severity::Info => words.info,
    }
}
