//! `sikes standard crosswalk`: how the categories of one taxonomy map to those of another.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Common;
use super::exit::Exit;
use super::output::{self, colour, stdout_is_terminal};
use super::validate::{human, plan};
use crate::compare::crosswalk::crosswalk;
use crate::diagnostic::did_you_mean_of;
use crate::error::Result;
use crate::report;
use crate::standard::source::Library;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The taxonomy whose categories are mapped.
    from: String,
    /// The taxonomy that they are mapped to.
    to: String,
    /// The version's folder or a resolved file; the built-in version where it is left out.
    pub(super) path: Option<PathBuf>,
    /// The form of the result.
    #[arg(long, value_enum, default_value = "human")]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people.
    Human,
    /// Everything; `sikes schema crosswalk` describes it.
    Json,
    /// A table of pairs of categories.
    Csv,
}

pub(super) fn run(arguments: &Arguments, library: &Library, version: &str, common: &Common) -> Result<Exit> {
    let Some(plan) = plan(library, version, common)? else { return Ok(Exit::Usage) };
    for name in [&arguments.from, &arguments.to] {
        if !plan.taxonomies.contains_key(name) {
            let known = plan.taxonomies.keys().map(String::as_str);
            let help = did_you_mean_of(name, "the taxonomies", known)
                .unwrap_or_else(|| format!("version {version} of the standard has none"));
            output::complain(&format!("error: there is no taxonomy `{name}`; {help}\n"));
            return Ok(Exit::Usage);
        }
    }
    let crosswalk = crosswalk(&plan, &arguments.from, &arguments.to);
    output::print(&match arguments.format {
        Form::Human => {
            report::crosswalk::human(&crosswalk, human(common, colour(common, stdout_is_terminal())))
        }
        Form::Json => report::crosswalk::json(&crosswalk),
        Form::Csv => report::crosswalk::csv(&crosswalk),
    })?;
    Ok(Exit::Clean)
}
