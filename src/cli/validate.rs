//! `sikes validate`: are the submissions in order?

use std::path::Path;

use clap::Args;

use super::exit::Exit;
use super::output::{self, colour, stderr_is_terminal, stdout_is_terminal};
use super::{Common, Format, Run};
use crate::compare::Comparison;
use crate::compile::{Plan, compile};
use crate::diagnostic::Diagnostics;
use crate::error::{Error, Result};
use crate::report::{self, Human, Report, Settings};
use crate::run::{Checked, Opened, Purpose, ledger, set_beside};
use crate::standard::source::Library;
use crate::standard::{Language, load};
use crate::submission::folder;
use crate::validate::Ledger;

/// The probability of all intervals.
pub(super) const LEVEL: f64 = 0.95;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    run: Run,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let run = &arguments.run;
    if let Some(objection) = output::objection(&run.output) {
        output::complain(&format!("error: {objection}\n"));
        return Ok(Exit::Usage);
    }
    let Some(read) = read(run, common, false)? else { return Ok(Exit::Usage) };
    let settings = Settings {
        seed: 0,
        draws: None,
        level: LEVEL,
        interval_meaning: report::interval_meaning(common.lang.language()).to_owned(),
        language: common.lang.language().code().to_owned(),
        samples: run.samples,
    };
    let report = report::assemble(&read.plan, read.checked, read.ledger, &Comparison::default(), settings);
    for target in &run.output {
        output::write(&target.path, &render(&report, target.format, common, false, true))?;
    }
    output::print(&render(&report, run.format, common, colour(common, stdout_is_terminal()), true))?;
    Ok(exit(&report, run))
}

/// Submissions, read and checked by a plan.
pub(super) struct Read {
    pub(super) plan: Plan,
    pub(super) checked: Vec<Checked>,
    pub(super) ledger: Ledger,
}

/// Reads and checks all submissions; none where the standard is faulty, which has been reported.
pub(super) fn read(run: &Run, common: &Common, estimates: bool) -> Result<Option<Read>> {
    let folders = folder::find(&run.path)?;
    let opened: Vec<Opened> = folders.iter().map(Opened::read).collect();
    let (library, version) = if let Some(path) = &run.standard {
        Library::of_version(path)?
    } else {
        (Library::Embedded, named(&opened, &Library::Embedded)?)
    };
    let Some(plan) = plan(&library, &version, common)? else { return Ok(None) };
    let versions = if run.standard.is_some() { vec![plan.version.clone()] } else { library.versions() };
    let samples = usize::try_from(run.samples).unwrap_or(usize::MAX);
    let purpose = Purpose { samples, estimates };
    let checked: Result<Vec<Checked>> =
        opened.into_iter().map(|opened| opened.check(&plan, &versions, purpose)).collect();
    let mut checked = checked?;
    set_beside(&plan, &mut checked, samples);
    let ledger = ledger(&plan, &checked);
    Ok(Some(Read { plan, checked, ledger }))
}

/// The version that the submissions name: the first that there is. One that names another is told so.
fn named(opened: &[Opened], library: &Library) -> Result<String> {
    let versions = library.versions();
    let named = opened
        .iter()
        .filter_map(Opened::version)
        .find(|version| versions.iter().any(|known| known == version));
    let newest = versions.last().ok_or_else(|| Error::new("this program was built without a standard"))?;
    Ok(named.unwrap_or(newest).to_owned())
}

/// Compiles a version; none where it is faulty, which has been reported.
pub(super) fn plan(library: &Library, version: &str, common: &Common) -> Result<Option<Plan>> {
    let mut diagnostics = Diagnostics::default();
    let standard = load(library, version, &mut diagnostics)?;
    let plan =
        standard.can_be_compiled().then(|| compile(&standard, common.lang.language(), &mut diagnostics));
    if diagnostics.is_empty() {
        return Ok(plan);
    }
    let found = diagnostics.into_sorted();
    output::complain(&report::diagnostic::render(&found, colour(common, stderr_is_terminal())));
    Ok(None)
}

/// A report in a format. Validation alone gives the verdict to people; estimation gives the estimates.
pub(super) fn render(
    report: &Report,
    format: Format,
    common: &Common,
    colour: bool,
    verdict: bool,
) -> String {
    match format {
        Format::Json => report::json(report),
        Format::Csv if verdict => report::findings_csv(report),
        Format::Csv => report::csv(report),
        Format::Human if verdict => report::verdict(report, human(common, colour)),
        Format::Human => report::human(report, human(common, colour)),
    }
}

/// How to lay out text for people.
pub(super) fn human(common: &Common, colour: bool) -> Human {
    Human { width: output::width(), colour, language: common.lang.language(), verbose: common.verbose }
}

/// The exit code that the findings call for.
pub(super) fn exit(report: &Report, run: &Run) -> Exit {
    let Some(least) = run.fail_on.severity() else { return Exit::Clean };
    let failed = report.ledger.iter().any(|entry| entry.failed > 0 && entry.severity >= least);
    if failed { Exit::Findings } else { Exit::Clean }
}

/// The plan of a path given on the command line, or of the newest built-in version.
pub(super) fn library(path: Option<&Path>) -> Result<(Library, String)> {
    if let Some(path) = path {
        return Library::of_version(path);
    }
    let library = Library::Embedded;
    let version = named(&[], &library)?;
    Ok((library, version))
}

/// The language of the command line.
pub(super) fn language(common: &Common) -> Language {
    common.lang.language()
}
