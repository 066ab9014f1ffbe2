//! `sikes conformance`: reference cases through the estimators.

use std::error::Error as _;
use std::path::PathBuf;

use clap::Args;

use super::estimate::all_processors;
use super::exit::Exit;
use super::output;
use crate::conformance;
use crate::error::{Error, Result};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder of cases; folders below it are read too.
    folder: PathBuf,
    /// How many threads to use; it changes nothing but the time.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit> {
    let threads = arguments.threads.map_or_else(all_processors, usize::from);
    let options = conformance::Options { threads, ..conformance::Options::default() };
    let outcome = conformance::run(&arguments.folder, &options).map_err(|error| {
        let reason = error.source().map_or_else(String::new, |source| format!(": {source}"));
        Error::new(format!("{error}{reason}"))
    })?;
    if outcome.cases.is_empty() {
        let folder = arguments.folder.display();
        return Err(Error::new(format!(
            "there is no case at {folder}: a case is a JSON file in it or below"
        )));
    }
    output::print(&outcome.to_string())?;
    Ok(if outcome.is_clean() { Exit::Clean } else { Exit::Findings })
}
