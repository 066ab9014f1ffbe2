//! `sikes estimate`: validate the submissions and estimate shares from them.

use std::num::NonZeroUsize;

use clap::Args;

use super::exit::Exit;
use super::output::{self, colour, stderr_is_terminal, stdout_is_terminal};
use super::validate::{LEVEL, exit, human, read, render};
use super::{Common, Run};
use crate::compare::{self, Source, compare};
use crate::error::Result;
use crate::report::{self, Settings};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    run: Run,
    /// The seed of all random draws; the same seed gives the same digits on every machine.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// How many draws each estimate is made of. Where it is left out, as many as two digits of its standard error take.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(10_000..=10_000_000))]
    draws: Option<u32>,
    /// Say what part of each estimate's variance every input brings in: what to measure next.
    #[arg(long)]
    sensitivity: bool,
    /// How many threads to use; it changes nothing but the time. All processors where it is left out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let run = &arguments.run;
    if let Some(objection) = output::objection(&run.output) {
        output::complain(&format!("error: {objection}\n"));
        return Ok(Exit::Usage);
    }
    let Some(read) = read(run, common, true)? else { return Ok(Exit::Usage) };
    let sources: Vec<Source<'_>> = read
        .checked
        .iter()
        .filter(|checked| !checked.territory.is_empty())
        .map(|checked| Source {
            submission: &checked.name,
            territory: &checked.territory,
            period: &checked.period,
            confidentiality: &checked.confidentiality,
            figures: &checked.figures,
            tables: &checked.tables,
            errors: &checked.errors,
        })
        .collect();
    let threads = arguments.threads.map_or_else(all_processors, usize::from);
    let draws = arguments.draws;
    let settings = compare::Settings {
        seed: arguments.seed,
        draws: draws.map(|draws| draws as usize),
        sensitivity: arguments.sensitivity,
        threads: threads.min(256),
        level: LEVEL,
    };
    let comparison = compare(&read.plan, &sources, settings);
    let settings = Settings {
        seed: arguments.seed,
        draws: draws.map(u64::from),
        level: LEVEL,
        interval_meaning: report::interval_meaning(common.lang.language()).to_owned(),
        language: common.lang.language().code().to_owned(),
        samples: run.samples,
    };
    let report = report::assemble(&read.plan, read.checked, read.ledger, &comparison, settings);
    if !common.quiet {
        output::complain(&report::verdict(&report, human(common, colour(common, stderr_is_terminal()))));
    }
    for target in &run.output {
        output::write(&target.path, &render(&report, target.format, common, false, false))?;
    }
    output::print(&render(&report, run.format, common, colour(common, stdout_is_terminal()), false))?;
    Ok(exit(&report, run))
}

/// As many threads as there are processors to run them.
pub(super) fn all_processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}
