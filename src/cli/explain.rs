//! `sikes explain`: what an item is, why it is there, an example, and how to mend what it finds.

mod taxonomy;

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::Common;
use super::exit::Exit;
use super::output;
use super::validate::{library, plan};
use crate::compile::{Check, MANIFEST_RULE, Plan};
use crate::diagnostic::did_you_mean;
use crate::error::Result;
use crate::estimator::{METHODS, Need};
use crate::expression;
use crate::report::prose::{Page, Style};
use crate::standard::item::{Example, Rule, Severity};
use crate::standard::{Language, Standard, load};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A rule, dataset, indicator, estimator, method, quantity, taxonomy, code list, unit or grade; or `expressions`.
    id: String,
    /// The standard to look in, a version's folder or a resolved file; the built-in version where it is left out.
    #[arg(long, value_name = "PATH")]
    standard: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Result<Exit> {
    let (library, version) = library(arguments.standard.as_deref())?;
    let Some(plan) = plan(&library, &version, common)? else { return Ok(Exit::Usage) };
    let standard = load(&library, &version, &mut crate::diagnostic::Diagnostics::default())?;
    let language = common.lang.language();
    if let Some(text) = explain(&arguments.id, &standard, &plan, language) {
        output::print(&text)?;
        return Ok(Exit::Clean);
    }
    let known = known(&standard, &plan);
    let help = did_you_mean(&arguments.id, known.iter().map(String::as_str))
        .unwrap_or_else(|| "`sikes standard show` lists everything that there is".to_owned());
    output::complain(&format!("error: there is nothing called `{}`; {help}\n", arguments.id));
    Ok(Exit::Usage)
}

/// Everything that can be explained.
fn known(standard: &Standard, plan: &Plan) -> Vec<String> {
    let items = standard.nodes.keys().filter_map(|path| path.split_once('/')).map(|(_, id)| id.to_owned());
    let checks = plan.rules().map(|check| check.id.clone());
    let methods = METHODS.iter().map(|method| method.name.to_owned());
    let units = standard.units.iter().flat_map(|units| units.value.units.keys().map(str::to_owned));
    let mut known: Vec<String> = items
        .chain(checks)
        .chain(methods)
        .chain(units)
        .chain(["expressions".to_owned(), MANIFEST_RULE.to_owned()])
        .collect();
    known.sort();
    known.dedup();
    known
}

/// The explanation; everything of that name, where several things share one.
fn explain(id: &str, standard: &Standard, plan: &Plan, language: Language) -> Option<String> {
    let mut parts = Vec::new();
    if id == "expressions" {
        parts.push(expression::reference());
    }
    if id == MANIFEST_RULE {
        parts.push(manifest());
    }
    parts.extend(plan.rules().find(|check| check.id == id).map(|check| rule(check, standard, language)));
    parts.extend(code_list(id, standard, language));
    parts.extend(dataset(id, standard, language));
    parts.extend(indicator(id, standard, language));
    parts.extend(quantity(id, standard, language));
    parts.extend(estimator(id, standard, plan, language));
    parts.extend(taxonomy::taxonomy(id, standard, plan));
    parts.extend(METHODS.iter().find(|method| method.name == id).map(|method| {
        let mut text = format!("method {}\n\n{}", method.name, method.documentation());
        let _ = writeln!(text, "\n# Inputs");
        for input in method.inputs.iter().chain(method.assumptions) {
            let optional = if input.need == Need::Always { "" } else { " (may be left out)" };
            let _ = writeln!(text, "{}: {}{optional}", input.name, input.doc);
        }
        text
    }));
    parts.extend(unit(id, standard, language));
    parts.extend(grade(id, standard, language));
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// The column at which the texts of fields stand.
const MARGIN: usize = 16;

fn heading(kind: &str, id: &str, title: &str) -> String {
    format!("{kind} {id}\n{title}\n\n")
}

/// A field with its name in the margin, wrapped to the page; the lines of the value stay lines.
fn field(text: &mut String, name: &str, value: &str) {
    let page = Page { width: output::width().min(100) - MARGIN, colour: false };
    let mut name = name;
    if name.len() >= MARGIN && !value.trim().is_empty() {
        let _ = writeln!(text, "{name}");
        name = "";
    }
    for line in value.trim().lines() {
        let indent = line.len() - line.trim_start().len();
        for wrapped in page.paragraph(indent, 0, (Style::Plain, ""), line).lines() {
            let _ = writeln!(text, "{name:MARGIN$}{wrapped}");
            name = "";
        }
    }
}

fn manifest() -> String {
    let mut text = heading("rule", MANIFEST_RULE, "submission.yaml is wrong");
    field(&mut text, "severity", Severity::Error.word());
    field(
        &mut text,
        "what",
        "submission.yaml says who reports, about which territory and period, under which version of the standard, and in which files.",
    );
    field(&mut text, "why", "Without it nobody can tell what the figures are about.");
    field(
        &mut text,
        "example",
        "standard: \"1.0\"\nagency: Ministry of Finance\nterritory: PA\nperiod: 2025\nlanguage: es\nconfidentiality: F\nprepared: 2025-03-31\ndatasets:\n  clearances: clearances.csv",
    );
    text
}

fn rule(check: &Check, standard: &Standard, language: Language) -> String {
    let mut text = heading("rule", &check.id, &check.title);
    field(&mut text, "severity", check.severity.word());
    let path = format!("rules/{}", check.id);
    if let Some(held) = standard.rules.get(&check.id) {
        field(&mut text, "dataset", held.value.dataset.as_ref().map_or("", |dataset| &dataset.value));
        field(&mut text, "over", &over(&held.value));
        field(&mut text, "since", &held.since);
        field(&mut text, "where", held.value.applies.as_ref().map_or("", |applies| &applies.value));
        let by: Vec<&str> = held.value.by.iter().map(|by| by.value.as_str()).collect();
        field(&mut text, "by", &by.join(", "));
        field(&mut text, "order", held.value.order.as_ref().map_or("", |order| &order.value));
        field(&mut text, "must hold", &held.value.check.value);
    } else if let Some((dataset, _)) = check.id.split_once('/') {
        field(&mut text, "dataset", dataset);
        field(&mut text, "must hold", &check.condition);
    }
    field(&mut text, "why", &check.why);
    field(&mut text, "fix", &check.fix);
    if let Some(held) = standard.rules.get(&check.id) {
        field(&mut text, "says", &standard.text(language, &path, "message").unwrap_or_default());
        for (what, cases) in [("passes", &held.value.examples.pass), ("fails", &held.value.examples.fail)] {
            for case in cases {
                field(&mut text, what, &example(case));
            }
        }
    }
    text
}

/// The indicators that a rule is over, one a line: what the check calls it, and which of its dimensions it calls otherwise.
fn over(rule: &Rule) -> String {
    let lines = rule.over.iter().map(|(name, operand)| {
        let called =
            operand.dimensions.iter().map(|(rules, own)| format!("{} as {}", own.value, rules.value));
        let called = called.collect::<Vec<_>>().join(", ");
        let called = if called.is_empty() { called } else { format!(" ({called})") };
        format!("{} = {}{called}", name.value, operand.indicator.value)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The rows of an example, one a line.
fn example(case: &Example) -> String {
    let rows = case.rows.iter().map(|row| {
        let cells = row.iter().map(|(name, value)| {
            format!("{} {}", name.value, value.as_ref().map_or("(empty)", |value| value.value.as_str()))
        });
        cells.collect::<Vec<_>>().join(", ")
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn code_list(id: &str, standard: &Standard, language: Language) -> Option<String> {
    let held = standard.code_lists.get(id)?;
    let path = format!("code-lists/{id}");
    let mut text = heading("code list", id, &standard.text(language, &path, "title")?);
    field(&mut text, "source", &held.value.source);
    let _ = writeln!(text);
    let width = held.value.codes.keys().map(str::len).max().unwrap_or(0);
    for (code, declared) in held.value.codes.iter() {
        let title = standard.text(language, &path, &format!("codes.{}", code.value)).unwrap_or_default();
        let definition = declared.definition.as_ref().map(|_| {
            standard.text(language, &path, &format!("codes.{}.definition", code.value)).unwrap_or_default()
        });
        let definition = definition.map_or_else(String::new, |definition| format!(": {definition}"));
        let _ = writeln!(text, "{:width$}  {title}{definition}", code.value);
    }
    for (name, group) in held.value.groups.iter() {
        let codes: Vec<&str> = group.codes.iter().map(|code| code.value.as_str()).collect();
        let title =
            standard.text(language, &path, &format!("groups.{}.title", name.value)).unwrap_or_default();
        let _ = writeln!(text, "\ngroup {}: {title}\n{}", name.value, codes.join(" "));
    }
    Some(text)
}

fn dataset(id: &str, standard: &Standard, language: Language) -> Option<String> {
    let held = standard.datasets.get(id)?;
    let path = format!("datasets/{id}");
    let mut text = heading("dataset", id, &standard.text(language, &path, "title")?);
    field(&mut text, "what", &standard.text(language, &path, "definition").unwrap_or_default());
    field(&mut text, "grain", &standard.text(language, &path, "grain").unwrap_or_default());
    let key: Vec<&str> = held.value.key.iter().map(|key| key.value.as_str()).collect();
    field(&mut text, "key", &key.join(", "));
    field(&mut text, "header", &held.value.columns.keys().collect::<Vec<_>>().join(","));
    let _ = writeln!(text);
    let width = held.value.columns.keys().map(str::len).max().unwrap_or(0);
    for (name, column) in held.value.columns.iter() {
        let title =
            standard.text(language, &path, &format!("columns.{}.title", name.value)).unwrap_or_default();
        let mut notes = Vec::new();
        notes.extend(column.unit.as_ref().map(|unit| format!("in {}", unit.value)));
        notes.extend(column.codes.as_ref().map(|codes| format!("codes of {}", codes.value)));
        notes.extend(column.references.as_ref().map(|target| format!("refers to {}", target.value)));
        if column.required {
            notes.push("required".to_owned());
        }
        let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
        let _ = writeln!(text, "{:width$}  {title}{notes}", name.value);
    }
    let rules: Vec<&str> = standard
        .rules
        .values()
        .filter(|rule| rule.value.dataset.as_ref().is_some_and(|dataset| dataset.value == id))
        .map(|rule| rule.id.as_str())
        .collect();
    field(&mut text, "rules", &rules.join(", "));
    Some(text)
}

fn indicator(id: &str, standard: &Standard, language: Language) -> Option<String> {
    let held = standard.indicators.get(id)?;
    let path = format!("indicators/{id}");
    let mut text = heading("indicator", id, &standard.text(language, &path, "title")?);
    field(&mut text, "what", &standard.text(language, &path, "definition").unwrap_or_default());
    field(&mut text, "unit", &held.value.unit.value);
    field(&mut text, "from", &held.value.from.value);
    field(&mut text, "where", held.value.applies.as_ref().map_or("", |applies| &applies.value));
    let by: Vec<&str> = held.value.by.iter().map(|by| by.value.as_str()).collect();
    field(&mut text, "by", &by.join(", "));
    field(&mut text, "value", &held.value.value.value);
    if let Some(interval) = &held.value.interval {
        let interval =
            format!("{} to {}, at {}", interval.low.value, interval.high.value, interval.level.value);
        field(&mut text, "interval", &interval);
    }
    field(&mut text, "corresponds to", &standard.text(language, &path, "corresponds").unwrap_or_default());
    let users = standard.estimators.values().filter(|estimator| {
        estimator
            .value
            .inputs
            .iter()
            .any(|(_, inputs)| inputs.indicators().iter().any(|input| input.value == id))
    });
    field(&mut text, "used by", &users.map(|user| user.id.as_str()).collect::<Vec<_>>().join(", "));
    let rules = standard
        .rules
        .values()
        .filter(|rule| rule.value.over.iter().any(|(_, operand)| operand.indicator.value == id));
    field(&mut text, "rules", &rules.map(|rule| rule.id.as_str()).collect::<Vec<_>>().join(", "));
    Some(text)
}

fn quantity(id: &str, standard: &Standard, language: Language) -> Option<String> {
    standard.quantities.get(id)?;
    let path = format!("quantities/{id}");
    let mut text = heading("quantity", id, &standard.text(language, &path, "title")?);
    for (name, key) in
        [("what", "definition"), ("numerator", "numerator"), ("denominator", "denominator"), ("sign", "sign")]
    {
        field(&mut text, name, &standard.text(language, &path, key).unwrap_or_default());
    }
    let users = standard.estimators.values().filter(|estimator| estimator.value.gives.quantity.value == id);
    field(&mut text, "given by", &users.map(|user| user.id.as_str()).collect::<Vec<_>>().join(", "));
    Some(text)
}

fn estimator(id: &str, standard: &Standard, plan: &Plan, language: Language) -> Option<String> {
    let held = standard.estimators.get(id)?;
    let path = format!("estimators/{id}");
    let mut text = heading("estimator", id, &standard.text(language, &path, "title")?);
    field(&mut text, "gives", &held.value.gives.quantity.value);
    field(&mut text, "method", &held.value.method.value);
    for (name, inputs) in held.value.inputs.iter() {
        let indicators: Vec<&str> = inputs.indicators().iter().map(|input| input.value.as_str()).collect();
        field(&mut text, &format!("input {}", name.value), &indicators.join(" + "));
    }
    for assumption in plan.estimators.get(id).iter().flat_map(|estimator| &estimator.assumptions) {
        let said = format!("{}\n{}", assumption.description, assumption.source);
        field(&mut text, &format!("assumption {}", assumption.name), &said);
    }
    let sees = held.value.sees.iter().map(|(category, sight)| {
        let word = match sight {
            crate::standard::item::Sight::Full => "all",
            crate::standard::item::Sight::Partial => "some",
            crate::standard::item::Sight::None => "none",
        };
        format!("{} {word}", category.value)
    });
    field(&mut text, "sees", &sees.collect::<Vec<_>>().join(", "));
    field(&mut text, "entry grade", held.value.entry_grade.word());
    field(&mut text, "why", &standard.text(language, &path, "why").unwrap_or_default());
    Some(text)
}

fn unit(id: &str, standard: &Standard, language: Language) -> Option<String> {
    let unit = standard.units.as_ref()?.value.units.get(id)?;
    let title = standard.text(language, "units", &format!("units.{id}.title"))?;
    let mut text = heading("unit", id, &title);
    field(&mut text, "measures", &unit.dimension.value);
    field(&mut text, "base units in one of it", &unit.factor.value);
    field(&mut text, "source", unit.source.as_deref().unwrap_or_default());
    Some(text)
}

fn grade(id: &str, standard: &Standard, language: Language) -> Option<String> {
    let grade = standard.grades.as_ref()?.value.grades.get(id)?;
    let title = standard.text(language, "grades", &format!("grades.{id}.title"))?;
    let mut text = heading("grade", id, &title);
    let requires = standard.text(language, "grades", &format!("grades.{id}.requires")).unwrap_or_default();
    field(&mut text, "requires", &requires);
    let bias = grade.bias.map_or_else(
        || "never pooled".to_owned(),
        |bias| format!("{bias} on the logit scale (standard deviation)"),
    );
    field(&mut text, "bias", &bias);
    Some(text)
}
