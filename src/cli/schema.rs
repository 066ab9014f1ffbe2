//! `sikes schema`: the published JSON Schemas.

use clap::Args;

use super::exit::Exit;
use super::output;
use crate::error::Result;
use crate::report;
use crate::standard::schema;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// `report`, `crosswalk`, or a kind of file of the standard such as `rules` or `datasets`.
    of: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit> {
    let kinds = schema::kinds();
    let schema = match arguments.of.as_str() {
        "report" => Some(report::json_schema()),
        "crosswalk" => Some(report::crosswalk::json_schema()),
        of => kinds.iter().find(|(kind, _)| *kind == of).map(|(_, schema)| schema.clone()),
    };
    let Some(schema) = schema else {
        let results = ["report", "crosswalk"].into_iter();
        let known: Vec<&str> = results.chain(kinds.iter().map(|(kind, _)| *kind)).collect();
        let help = crate::diagnostic::did_you_mean(&arguments.of, known.iter().copied())
            .unwrap_or_else(|| format!("the schemas are {}", known.join(", ")));
        output::complain(&format!("error: there is no schema of `{}`; {help}\n", arguments.of));
        return Ok(Exit::Usage);
    };
    output::print(&(serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n"))?;
    Ok(Exit::Clean)
}
