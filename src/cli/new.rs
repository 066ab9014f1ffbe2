//! `sikes new`: an empty submission for an agency to fill in, and how to fill it in, in the agency's language.

mod files;
mod guide;
mod words;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Common;
use super::exit::Exit;
use super::explain::Book;
use super::output::{self, Taken, colour, stdout_is_terminal};
use super::sheet::Sheet;
use super::validate::{library, plan};
use crate::calendar::Period;
use crate::compile::{CheckKind, Dataset, Plan, TIERS};
use crate::error::Result;
use crate::run::wrong_territory;
use crate::spelling::nearest;
use crate::standard::load;
use words::{Words, count, fill, words};

/// Of the files that stand in the way so many are named.
const NAMED: usize = 5;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder to write, one that is not there yet or is empty; nothing is ever overwritten.
    folder: PathBuf,
    /// The territory that the figures will be about, such as PA.
    #[arg(long, value_name = "CODE")]
    territory: String,
    /// The year that the figures will be about.
    #[arg(long)]
    year: String,
    /// Include the datasets that agencies of this tier are asked for: 1 gives bounds, 2 adds stamps, inspections and
    /// ledgers, 3 adds samples and surveys.
    #[arg(long, value_parser = clap::value_parser!(u8).range(i64::from(*TIERS.start())..=i64::from(*TIERS.end())), required_unless_present = "dataset")]
    tier: Option<u8>,
    /// Include this dataset, whatever its tier; may be given several times.
    #[arg(long, value_name = "ID")]
    dataset: Vec<String>,
    /// The name of the agency that will send the submission.
    #[arg(long, value_name = "NAME")]
    agency: Option<String>,
    /// The standard to go by, a version's folder or a resolved file; the built-in version where it is left out.
    #[arg(long, value_name = "PATH")]
    standard: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let (library, version) = library(arguments.standard.as_deref())?;
    let Some(plan) = plan(&library, &version, common)? else { return Ok(Exit::Usage) };
    let standard = load(&library, &version, &mut crate::diagnostic::Diagnostics::default())?;
    let words = words(plan.language);
    let page = (output::width(), colour(common, stdout_is_terminal()));
    let request = match Request::of(arguments, &plan, words) {
        Ok(request) => request,
        Err(complaint) => return Ok(refuse(words, complaint)),
    };
    if let Some(taken) = output::taken(&arguments.folder)? {
        return Ok(refuse(words, in_the_way(&arguments.folder, &taken, plan.language, words)));
    }
    let book = Book::new(&standard, &plan, page);
    let files = files::all(&request, &book);
    output::write_folder(&arguments.folder, &files)?;
    output::print(&told(arguments, &request, &book))?;
    Ok(Exit::Clean)
}

/// What is wrong with the arguments, and what to do.
type Complaint = (String, String);

fn refuse(words: &Words, (message, help): Complaint) -> Exit {
    output::complain(&(fill(words.complaint, &[("message", &message), ("help", &help)]) + "\n"));
    Exit::Usage
}

/// What is asked for, made sure of.
struct Request<'a> {
    territory: &'a str,
    year: &'a str,
    /// The agency's name, where it is given.
    agency: Option<&'a str>,
    /// Whether the standard is the one that the program finds by itself.
    is_built_in: bool,
    /// The tier that the agency reports at, where it names one.
    tier: Option<u8>,
    /// The datasets to write: by tier, then by id.
    datasets: Vec<&'a Dataset>,
    words: &'static Words,
}

impl<'a> Request<'a> {
    fn of(
        arguments: &'a Arguments,
        plan: &'a Plan,
        words: &'static Words,
    ) -> std::result::Result<Self, Complaint> {
        if let Some(wrong) = wrong_territory(&arguments.territory, plan) {
            return Err(wrong);
        }
        if !matches!(Period::parse(&arguments.year), Some(Period::Year(_))) {
            let message = fill(words.not_a_year, &[("year", &arguments.year)]);
            return Err((message, words.write_year.to_owned()));
        }
        let agency = arguments.agency.as_deref().map(str::trim);
        if agency.is_some_and(|agency| agency.is_empty() || agency.chars().any(char::is_control)) {
            return Err((words.not_an_agency.to_owned(), words.write_agency.to_owned()));
        }
        let request = Self {
            territory: &arguments.territory,
            year: &arguments.year,
            agency,
            is_built_in: arguments.standard.is_none(),
            tier: arguments.tier,
            datasets: datasets(arguments, plan, words)?,
            words,
        };
        let names = request.datasets.iter().flat_map(|dataset| {
            dataset.columns.iter().map(|column| &column.name).chain(std::iter::once(&dataset.id))
        });
        // A resolved standard may come from anywhere: its names may not lead out of the folder, nor be formulas.
        if let Some(name) = names.into_iter().find(|name| !is_plain(name)) {
            return Err((fill(words.unsafe_name, &[("name", name)]), words.rename_in_standard.to_owned()));
        }
        Ok(request)
    }
}

/// Whether a name can stand in a file's name and in a header as it is.
fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// The datasets that the tier asks for, those that are named, and those that these refer to.
fn datasets<'a>(
    arguments: &Arguments,
    plan: &'a Plan,
    words: &Words,
) -> std::result::Result<Vec<&'a Dataset>, Complaint> {
    let asked = |dataset: &Dataset| dataset.tier.is_some_and(|tier| Some(tier) <= arguments.tier);
    let mut wanted: BTreeSet<&str> =
        plan.datasets.values().filter(|dataset| asked(dataset)).map(|dataset| dataset.id.as_str()).collect();
    for id in &arguments.dataset {
        let Some(dataset) = plan.datasets.get(id) else {
            let near = nearest(id, plan.datasets.keys().map(String::as_str));
            let help = near.map_or_else(
                || words.datasets_are_listed.to_owned(),
                |id| fill(words.did_you_mean, &[("id", id)]),
            );
            return Err((fill(words.unknown_dataset, &[("id", id)]), help));
        };
        wanted.insert(&dataset.id);
    }
    if wanted.is_empty() {
        let tier = arguments.tier.unwrap_or(*TIERS.end()).to_string();
        return Err((fill(words.nothing_asked, &[("tier", &tier)]), words.name_datasets.to_owned()));
    }
    let mut new: Vec<&str> = wanted.iter().copied().collect();
    while let Some(id) = new.pop() {
        for check in plan.datasets.get(id).iter().flat_map(|dataset| &dataset.checks) {
            if let CheckKind::Reference { dataset, .. } = &check.kind
                && wanted.insert(dataset)
            {
                new.push(dataset);
            }
        }
    }
    let mut datasets: Vec<&Dataset> = wanted.into_iter().filter_map(|id| plan.datasets.get(id)).collect();
    datasets.sort_by_key(|dataset| (dataset.tier.unwrap_or(u8::MAX), &dataset.id));
    Ok(datasets)
}

/// Why the folder cannot be written.
fn in_the_way(folder: &Path, taken: &Taken, language: crate::standard::Language, words: &Words) -> Complaint {
    let folder = folder.display().to_string();
    let message = match taken {
        Taken::By(names) => {
            let mut shown = names[..names.len().min(NAMED)].join(", ");
            if names.len() > NAMED {
                let more = crate::language::whole(language, (names.len() - NAMED) as u64);
                shown = fill(words.and_more, &[("names", &shown), ("n", &more)]);
            }
            fill(words.taken, &[("folder", &folder), ("names", &shown)])
        }
        Taken::NoFolder => fill(words.not_a_folder, &[("folder", &folder)]),
        Taken::Here => fill(words.stands_in_it, &[("folder", &folder)]),
    };
    (message, words.name_new_folder.to_owned())
}

/// What was written, and what to do next.
fn told(arguments: &Arguments, request: &Request<'_>, book: &Book<'_>) -> String {
    let words = request.words;
    let folder = arguments.folder.display().to_string();
    let tables = count(book.language, words.empty_tables, request.datasets.len() as u64);
    let mut sheet = Sheet::new(book.page.0, book.page.1);
    let values = [("folder", folder.as_str()), ("guide", words.guide), ("tables", &tables)];
    sheet.paragraph(&fill(words.written, &values));
    let rows: Vec<Vec<String>> = request
        .datasets
        .iter()
        .map(|dataset| vec![files::table_name(dataset), dataset.title.clone()])
        .collect();
    sheet.table(&[], &rows);
    sheet.blank();
    sheet.paragraph(&fill(words.fill_in, &[("guide", words.guide)]));
    let standard = arguments.standard.as_ref().map(|path| path.display().to_string());
    sheet.verbatim(&files::command("validate", &folder, standard.as_deref(), book.language));
    sheet.finish()
}
