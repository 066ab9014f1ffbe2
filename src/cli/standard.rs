//! `sikes standard`: check, list and resolve a standard.

mod show;

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Subcommand;

use super::exit::Exit;
use super::output::{self, colour, stderr_is_terminal, stdout_is_terminal};
use super::validate::library;
use super::{Common, crosswalk, validate};
use crate::compile::compile;
use crate::diagnostic::Diagnostics;
use crate::error::Result;
use crate::report;
use crate::standard::{Language, Standard, load};
use crate::validate::examples;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check a version: its form, its words, its units, and every rule against its own examples.
    Check {
        /// The version's folder or a resolved file; the built-in version where it is left out.
        path: Option<PathBuf>,
    },
    /// List every item by kind.
    Show {
        /// The version's folder or a resolved file; the built-in version where it is left out.
        path: Option<PathBuf>,
        /// Only the items of this kind.
        #[arg(long, value_enum, value_name = "KIND")]
        kind: Option<show::Kind>,
    },
    /// Show how the categories of one taxonomy map to those of another.
    Crosswalk(crosswalk::Arguments),
    /// Print a version with all that it inherits as one self-contained file.
    Resolve {
        /// The version's folder; the built-in version where it is left out.
        path: Option<PathBuf>,
        /// Write it to a file instead.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
}

pub(super) fn run(command: &Command, common: &Common) -> Result<Exit> {
    let path = match command {
        Command::Check { path } | Command::Show { path, .. } | Command::Resolve { path, .. } => {
            path.as_deref()
        }
        Command::Crosswalk(arguments) => arguments.path.as_deref(),
    };
    let (library, version) = library(path)?;
    let mut diagnostics = Diagnostics::default();
    let standard = load(&library, &version, &mut diagnostics)?;
    if let Command::Check { .. } = command
        && standard.can_be_compiled()
    {
        standard.check_translations(&mut diagnostics);
        let plan = compile(&standard, Language::English, &mut diagnostics);
        examples(&standard, &plan, &mut diagnostics);
        // The messages of a translation are templates too; what is wrong in English has been reported.
        for language in
            Language::ALL.into_iter().filter(|language| standard.locales.contains_key(language.code()))
        {
            compile(&standard, language, &mut diagnostics);
        }
    }
    if !diagnostics.is_empty() {
        let found = diagnostics.into_sorted();
        output::complain(&report::diagnostic::render(&found, colour(common, stderr_is_terminal())));
        let files =
            found.iter().map(|mistake| &mistake.place.source.path).collect::<std::collections::BTreeSet<_>>();
        output::complain(&format!("\n{} in {}\n", many(found.len(), "mistake"), many(files.len(), "file")));
        return Ok(Exit::Usage);
    }
    let text = match command {
        Command::Check { .. } => checked(&standard),
        Command::Show { kind, .. } => {
            let page = (output::width(), colour(common, stdout_is_terminal()));
            show::show(&standard, *kind, validate::language(common), page)
        }
        Command::Crosswalk(arguments) => return crosswalk::run(arguments, &library, &version, common),
        Command::Resolve { to: None, .. } => standard.resolved(),
        Command::Resolve { to: Some(file), .. } => {
            output::write(file, &standard.resolved())?;
            return Ok(Exit::Clean);
        }
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}

fn many(count: usize, what: &str) -> String {
    match what.strip_suffix('y') {
        _ if count == 1 => format!("{count} {what}"),
        Some(stem) => format!("{count} {stem}ies"),
        None => format!("{count} {what}s"),
    }
}

/// What was checked, in numbers.
fn checked(standard: &Standard) -> String {
    let examples = |rule: &crate::standard::item::Rule| rule.examples.pass.len() + rule.examples.fail.len();
    let total: usize = standard.rules.values().map(|held| examples(&held.value)).sum();
    let mut text = format!(
        "{} {}: no mistake\n{}, {}, {}, {} with {}, {}, {}\n",
        standard.header.value.title,
        standard.version,
        many(standard.code_lists.len(), "code list"),
        many(standard.taxonomies.len(), "taxonomy"),
        many(standard.datasets.len(), "dataset"),
        many(standard.rules.len(), "rule"),
        many(total, "example"),
        many(standard.indicators.len(), "indicator"),
        many(standard.estimators.len(), "estimator"),
    );
    for coverage in standard.translation_coverage() {
        let _ = writeln!(
            text,
            "{}: {} of {} items translated, {} stale, {} missing",
            coverage.language.code(),
            coverage.translated,
            coverage.items,
            coverage.stale.len(),
            coverage.missing.len()
        );
        for (item, digest) in &coverage.stale {
            let _ = writeln!(text, "  stale: {item} (the English is now {digest})");
        }
        // A language that nobody has begun needs no list.
        if standard.locales.contains_key(coverage.language.code()) {
            for (item, digest) in &coverage.missing {
                let _ = writeln!(text, "  missing: {item} (of {digest})");
            }
        }
    }
    let _ = writeln!(text, "digest {}", standard.digest);
    text
}
