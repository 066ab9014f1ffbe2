//! The command line: arguments in, one call of the pipeline, an exit code out. One file a command.

mod conformance;
mod crosswalk;
mod estimate;
mod exit;
mod explain;
mod new;
mod output;
mod schema;
mod sheet;
mod simulate;
mod standard;
mod validate;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use exit::Exit;

use crate::error::Result;
use crate::standard::Language;
use crate::standard::item::Severity;

/// A standards engine for measuring illicit trade in alcohol.
///
/// Exit codes: 0 nothing at or above the fail level, 1 findings, 2 usage or a faulty standard, 3 could not complete.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
struct Common {
    /// The language of all texts.
    #[arg(long, global = true, value_enum, default_value = "en", value_name = "LANGUAGE")]
    lang: Lang,
    /// When to use colour; the variable `NO_COLOR` turns it off whatever is said here.
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    color: Colour,
    /// Show every method's estimate beside the headline, and the rules that had nothing to check.
    #[arg(long, short, global = true)]
    verbose: bool,
    /// Print nothing on stderr but errors.
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Validate submissions and estimate shares from them.
    Estimate(estimate::Arguments),
    /// Validate submissions.
    Validate(validate::Arguments),
    /// Explain a rule, dataset, indicator, estimator, method, taxonomy, code list or unit: what, why, example, fix.
    Explain(explain::Arguments),
    /// Write an empty submission for an agency to fill in, with a guide in its language.
    New(new::Arguments),
    /// Check, list or resolve a standard, or map one of its taxonomies to another.
    #[command(subcommand)]
    Standard(standard::Command),
    /// Print a JSON Schema: of the report, of a crosswalk, or of a kind of file of the standard.
    Schema(schema::Arguments),
    /// Run reference cases through the estimators.
    Conformance(conformance::Arguments),
    /// Write submissions of a made-up world, with the truth beside them.
    Simulate(simulate::Arguments),
}

/// What commands that read submissions take.
#[derive(Debug, Args)]
struct Run {
    /// A submission's folder, or a folder of such folders.
    path: PathBuf,
    /// The standard to go by, a version's folder or a resolved file; else the built-in version that the submissions name.
    #[arg(long, value_name = "PATH")]
    standard: Option<PathBuf>,
    /// The form of the result on stdout.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// Write the result to a file too, such as json=report.json; may be given several times.
    #[arg(long, value_name = "FORMAT=PATH", value_parser = output::target)]
    output: Vec<output::Target>,
    /// The least severity of a finding that makes the exit code 1.
    #[arg(long, value_enum, default_value = "error", value_name = "SEVERITY")]
    fail_on: FailOn,
    /// How many findings of each rule to list; they are counted exactly whatever this says.
    #[arg(long, default_value_t = 20, value_name = "N")]
    samples: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    /// English.
    En,
    /// Spanish.
    Es,
    /// Portuguese.
    Pt,
    /// French.
    Fr,
}

impl Lang {
    fn language(self) -> Language {
        match self {
            Self::En => Language::English,
            Self::Es => Language::Spanish,
            Self::Pt => Language::Portuguese,
            Self::Fr => Language::French,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// The whole report; `sikes schema report` describes it.
    Json,
    /// A table: the estimates; the findings where nothing is estimated.
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Errors.
    Error,
    /// Warnings and errors.
    Warning,
    /// Any finding.
    Info,
    /// Nothing.
    Never,
}

impl FailOn {
    /// The least severity that fails.
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

/// Runs the program that the arguments of this process ask for.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are what was asked for; anything else is a mistake of usage.
            let wanted = !error.use_stderr();
            let _ = error.print();
            return if wanted { Exit::Clean } else { Exit::Usage }.into();
        }
    };
    match dispatch(&cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::complain(&format!("error: {error}\n"));
            Exit::Incomplete.into()
        }
    }
}

fn dispatch(cli: &Cli) -> Result<Exit> {
    let common = &cli.common;
    match &cli.command {
        Command::Estimate(arguments) => estimate::run(arguments, common),
        Command::Validate(arguments) => validate::run(arguments, common),
        Command::Explain(arguments) => explain::run(arguments, common),
        Command::New(arguments) => new::run(arguments, common),
        Command::Standard(command) => standard::run(command, common),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Conformance(arguments) => conformance::run(arguments),
        Command::Simulate(arguments) => simulate::run(arguments, common),
    }
}
