//! `sikes simulate`: submissions of a made-up world, with the truth beside them.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::Common;
use super::exit::Exit;
use super::output::{self, Taken, colour, stdout_is_terminal};
use super::sheet::Sheet;
use super::validate::{library, plan};
use crate::calendar::Period;
use crate::compile::Plan;
use crate::error::Result;
use crate::run::wrong_territory;
use crate::simulate::{Observed, PARAMETERS, Parameters, Request, observers, simulate};
use crate::submission::folder::MANIFEST;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder to write, one that is not there yet or is empty: a submission a territory, and `truth.csv`.
    #[arg(required_unless_present = "parameters")]
    folder: Option<PathBuf>,
    /// The territories, such as PA,CR.
    #[arg(long, value_name = "CODES", value_delimiter = ',', default_value = "PA")]
    territories: Vec<String>,
    /// The year.
    #[arg(long, default_value = "2024")]
    year: String,
    /// What the agencies observe, such as lists,market; everything where it is left out.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = clap::builder::PossibleValuesParser::new(observers()))]
    observe: Vec<String>,
    /// Another seed is another world.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Sets a parameter of the world or of how agencies report it; may be given several times.
    #[arg(long = "set", value_name = "NAME=NUMBER", value_parser = setting)]
    settings: Vec<(String, f64)>,
    /// List the parameters, each with its value unless another is set, its bounds and what it is.
    #[arg(long)]
    parameters: bool,
}

fn setting(text: &str) -> std::result::Result<(String, f64), String> {
    let (name, value) = text.split_once('=').ok_or("write it as name=number, such as illicit_share=0.3")?;
    let value = value.parse().map_err(|_| format!("{value} is not a number"))?;
    Ok((name.to_owned(), value))
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let Some(folder) = arguments.folder.as_ref().filter(|_| !arguments.parameters) else {
        output::print(&listed(common))?;
        return Ok(Exit::Clean);
    };
    let mut parameters = Parameters::default();
    for (name, value) in &arguments.settings {
        if let Err(message) = parameters.set(name, *value) {
            return Ok(refuse(&message, "`sikes simulate --parameters` lists them"));
        }
    }
    let (library, version) = library(None)?;
    let Some(plan) = plan(&library, &version, common)? else { return Ok(Exit::Usage) };
    for territory in &arguments.territories {
        if let Some((message, help)) = wrong_territory(territory, &plan) {
            return Ok(refuse(&message, &help));
        }
    }
    let Some(Period::Year(year)) = Period::parse(&arguments.year) else {
        return Ok(refuse(
            &format!("{} is not a year", arguments.year),
            "write it with four digits, such as 2024",
        ));
    };
    if let Some(taken) = output::taken(folder)? {
        let place = folder.display();
        let message = match taken {
            Taken::By(names) => format!("{place} holds {}", names.join(", ")),
            Taken::NoFolder => format!("{place} is no folder"),
            Taken::Here => format!("this program runs in {place}"),
        };
        return Ok(refuse(&message, "name a folder that is not there yet"));
    }
    let territories: Vec<&str> = arguments.territories.iter().map(String::as_str).collect();
    let observe = arguments.observe.iter().map(String::as_str).collect();
    let request = Request { territories, year, observe, seed: arguments.seed, parameters };
    let worlds = simulate(&request);
    let mut files = vec![("truth.csv".to_owned(), truth(&worlds, year))];
    for (territory, observed) in &worlds {
        let name = format!("{}-{year}", territory.to_lowercase());
        files.push((format!("{name}/{MANIFEST}"), manifest(&plan, territory, year, observed)));
        let tables = observed.tables.iter();
        files.extend(tables.map(|table| (format!("{name}/{}.csv", table.dataset), table.csv().to_owned())));
    }
    output::write_folder(folder, &files)?;
    let rows: usize =
        worlds.iter().flat_map(|(_, observed)| &observed.tables).map(crate::simulate::Table::rows).sum();
    let place = folder.display();
    output::print(&format!(
        "{place}: {} submissions, {rows} rows; what is true stands in truth.csv\n",
        worlds.len()
    ))?;
    Ok(Exit::Clean)
}

fn refuse(message: &str, help: &str) -> Exit {
    output::complain(&format!("error: {message}\n  help: {help}\n"));
    Exit::Usage
}

/// The parameters, a line each.
fn listed(common: &Common) -> String {
    let mut sheet = Sheet::new(output::width(), colour(common, stdout_is_terminal()));
    let rows: Vec<Vec<String>> = PARAMETERS
        .iter()
        .map(|known| {
            let bounds = format!("{} to {}", known.low, known.high);
            vec![known.name.to_owned(), known.default.to_string(), bounds, known.doc.to_owned()]
        })
        .collect();
    sheet.table(&["parameter", "unless set", "bounds", "what it is"], &rows);
    sheet.finish()
}

/// What is true, a row a territory and quantity.
fn truth(worlds: &[(String, Observed)], year: i32) -> String {
    let mut text = "territory,period,quantity,value\n".to_owned();
    for (territory, observed) in worlds {
        for truth in &observed.truths {
            let _ = writeln!(text, "{territory},{year},{},{}", truth.quantity, truth.value);
        }
    }
    text
}

/// The description of a submission.
fn manifest(plan: &Plan, territory: &str, year: i32, observed: &Observed) -> String {
    let mut text = format!(
        "# A made-up world: see `sikes simulate`\nstandard: \"{}\"\nagency: A made-up agency\nterritory: {territory}\n\
         period: {year}\nlanguage: en\nconfidentiality: F\ndatasets:\n",
        plan.version
    );
    for table in &observed.tables {
        let _ = writeln!(text, "  {0}: {0}.csv", table.dataset);
    }
    text
}
