//! What is checked of a dataset: the rules that authors wrote, and the form that shorthand takes too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::dataset::Dataset;
use super::place::report;
use crate::diagnostic::{Diagnostics, Source, did_you_mean_of};
use crate::expression::{
    self, Context, Expected, Field, GroupProgram, Program, Scope, SeriesProgram, Template, Vocabulary,
};
use crate::standard::item::{self, Severity};
use crate::standard::{Held, Language, Standard, Text};
use crate::yaml::Content;

/// One thing that must hold.
#[derive(Debug)]
pub struct Check {
    /// The rule's id, or `dataset/column/what` for shorthand.
    pub id: String,
    /// How much a finding weighs.
    pub severity: Severity,
    /// The problem, in a few words.
    pub title: String,
    /// How to mend it.
    pub fix: String,
    /// Why it matters.
    pub why: String,
    /// What must hold, as its author wrote it.
    pub condition: String,
    /// The words that a value may be, where it must be one of a list.
    pub known: BTreeSet<String>,
    /// How it is checked.
    pub kind: CheckKind,
}

impl Check {
    /// The dataset's fields that it reads, sorted.
    pub fn columns(&self) -> Vec<usize> {
        let of_scope = |scoped: &Scoped, read: Vec<usize>, own: usize| {
            let mut columns = read;
            columns.extend(&scoped.keys);
            columns.extend(scoped.applies.iter().flat_map(Program::columns));
            columns.extend(scoped.computed.iter().flat_map(|computed| computed.program.columns()));
            columns.retain(|column| *column < own);
            columns
        };
        let mut columns = match &self.kind {
            CheckKind::File | CheckKind::Rows { .. } | CheckKind::Sent { .. } => Vec::new(),
            CheckKind::Readable { column }
            | CheckKind::Required { column, .. }
            | CheckKind::Reference { column, .. } => vec![*column],
            CheckKind::Key { columns, .. } => columns.clone(),
            CheckKind::Row { applies, check, .. } => {
                applies.iter().chain([check]).flat_map(Program::columns).collect()
            }
            CheckKind::Group { scoped, check, .. } => {
                of_scope(scoped, check.columns(), scoped.fields.len() - scoped.computed.len())
            }
            CheckKind::Series { scoped, order, check, .. } => {
                let read = [check.columns(), vec![*order]].concat();
                of_scope(scoped, read, scoped.fields.len() - scoped.computed.len())
            }
        };
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

/// How a check is carried out.
#[derive(Debug)]
pub enum CheckKind {
    /// The file can be read: its encoding, its header, the shape of its rows.
    File,
    /// The file has rows.
    Rows {
        /// What to say.
        message: String,
    },
    /// A submission of this tier or a higher one holds the dataset, or says why not.
    Sent {
        /// The tier from which on it is asked for.
        tier: u8,
        /// What to say, with `{dataset}`, `{tier}` and `{from}`.
        message: String,
    },
    /// The cells of a column can be read as its type.
    Readable {
        /// The column.
        column: usize,
    },
    /// A cell holds a value or, outside the key, a reason for its absence.
    Required {
        /// The column.
        column: usize,
        /// Whether a reason will do.
        reason_will_do: bool,
        /// What to say.
        message: String,
    },
    /// Something holds of each row.
    Row {
        /// The column that a finding points at.
        column: Option<usize>,
        /// Which rows it applies to.
        applies: Option<Program>,
        /// What must hold; null passes.
        check: Program,
        /// What to say where it does not.
        message: Template<Program>,
    },
    /// No two rows have the same key.
    Key {
        /// The columns of the key.
        columns: Vec<usize>,
        /// What to say, with `{first}` for the line of the first of them.
        message: String,
    },
    /// Each value is found in a column of another dataset.
    Reference {
        /// The column.
        column: usize,
        /// The other dataset.
        dataset: String,
        /// Its column.
        target: usize,
        /// What to say, with `{value}`.
        message: String,
    },
    /// Something holds of each group of rows.
    Group {
        /// The groups.
        scoped: Scoped,
        /// What must hold; null passes.
        check: GroupProgram,
        /// What to say where it does not.
        message: Template<GroupProgram>,
    },
    /// Something holds of each row beside the row before it in its group.
    Series {
        /// The groups.
        scoped: Scoped,
        /// The field that puts the rows in order.
        order: usize,
        /// What must hold; null passes.
        check: SeriesProgram,
        /// What to say where it does not.
        message: Template<SeriesProgram>,
    },
}

/// Rows that are looked at together.
#[derive(Debug)]
pub struct Scoped {
    /// Which rows are looked at; all where there is none.
    pub applies: Option<Program>,
    /// Columns computed for the grouping, such as `year(period)`; they stand behind the dataset's fields.
    pub computed: Vec<Computed>,
    /// The fields that form the groups.
    pub keys: Vec<usize>,
    /// The dataset's fields and the computed ones.
    pub fields: Vec<Field>,
}

/// A column computed from the dataset's own.
#[derive(Debug)]
pub struct Computed {
    /// Its name.
    pub name: String,
    /// How.
    pub program: Program,
}

/// "dataset `x`", for messages.
pub(super) fn describe(dataset: &str) -> String {
    format!("dataset `{dataset}`")
}

/// Compiles all rules and adds them to their datasets.
pub(super) fn rules(
    standard: &Standard,
    language: Language,
    vocabulary: &Vocabulary,
    datasets: &mut BTreeMap<String, Dataset>,
    diagnostics: &mut Diagnostics,
) {
    for held in standard.rules.values() {
        require_examples(standard, held, diagnostics);
        // A rule over indicators is compiled once these are.
        let Some(name) = &held.value.dataset else { continue };
        // One that is about both has been reported.
        if held.value.over.iter().next().is_some() {
            continue;
        }
        let Some(dataset) = datasets.get(&name.value) else {
            unknown_dataset(&held.source, name, datasets, diagnostics);
            continue;
        };
        if let Some(check) = rule(standard, held, language, vocabulary, dataset, diagnostics) {
            datasets.get_mut(&name.value).expect("it was found above").checks.push(check);
        }
    }
}

/// Reports that a dataset is not there.
pub(super) fn unknown_dataset(
    source: &Arc<Source>,
    name: &Text,
    datasets: &BTreeMap<String, Dataset>,
    diagnostics: &mut Diagnostics,
) {
    // A field that is missing altogether has been reported as such.
    if name.value.is_empty() {
        return;
    }
    let help = did_you_mean_of(&name.value, "the datasets", datasets.keys().map(String::as_str));
    let message = format!("there is no dataset `{}`", name.value);
    diagnostics.add("unknown-dataset", source, name.range(), message, help);
}

fn require_examples(standard: &Standard, held: &Held<item::Rule>, diagnostics: &mut Diagnostics) {
    let examples = standard.nodes.get(&format!("rules/{}", held.id)).and_then(|rule| rule.get("examples"));
    for which in ["pass", "fail"] {
        // Where the field is missing altogether, that has been reported.
        let Some(cases) = examples.and_then(|examples| examples.get(which)) else { continue };
        if cases.content == Content::Sequence(Vec::new()) {
            let message = format!("the rule has no example that must {which}");
            let help =
                Some(format!("add one under `examples: {which}:`; a rule shows that it finds what it says"));
            diagnostics.add("missing-example", &held.source, cases.span.clone(), message, help);
        }
    }
}

/// Compiles a rule about the rows of a table.
pub(super) fn rule(
    standard: &Standard,
    held: &Held<item::Rule>,
    language: Language,
    vocabulary: &Vocabulary,
    dataset: &Dataset,
    diagnostics: &mut Diagnostics,
) -> Option<Check> {
    let rule = &held.value;
    let path = format!("rules/{}", held.id);
    let (message, message_source) =
        translated(standard, language, &path, "message", &rule.message, &held.source);
    let kind = if rule.by.is_empty() && rule.order.is_none() {
        let scope =
            Scope { fields: &dataset.fields, vocabulary, context: Context::Row, table_name: &dataset.called };
        let applies = boolean(rule.applies.as_ref(), &scope, &held.source, diagnostics);
        let check = sound(
            expression::compile(&rule.check.value, &scope, Some(&Expected::Boolean)),
            &rule.check,
            &held.source,
            diagnostics,
        );
        let message =
            sound(Template::compile(&message.value, &scope), &message, &message_source, diagnostics);
        let check = check?;
        CheckKind::Row { column: pointed_at(&check, dataset), applies: applies?, check, message: message? }
    } else {
        let scoped = scoped(&rule.by, rule.applies.as_ref(), dataset, vocabulary, &held.source, diagnostics)?;
        let fields = &scoped.fields;
        if let Some(order) = &rule.order {
            let scope = Scope { fields, vocabulary, context: Context::Series, table_name: &dataset.called };
            let check = sound(
                expression::compile_series(&rule.check.value, &scope, Some(&Expected::Boolean)),
                &rule.check,
                &held.source,
                diagnostics,
            );
            let message = sound(
                Template::compile_series(&message.value, &scope),
                &message,
                &message_source,
                diagnostics,
            );
            let position = fields.iter().position(|field| field.name == order.value);
            if position.is_none() {
                unknown_column(order, fields, dataset, &held.source, diagnostics);
            }
            CheckKind::Series { order: position?, check: check?, message: message?, scoped }
        } else {
            let context = Context::Group { keys: scoped.keys.clone() };
            let scope = Scope { fields, vocabulary, context, table_name: &dataset.called };
            let check = sound(
                expression::compile_group(&rule.check.value, &scope, Some(&Expected::Boolean)),
                &rule.check,
                &held.source,
                diagnostics,
            );
            let message = sound(
                Template::compile_group(&message.value, &scope),
                &message,
                &message_source,
                diagnostics,
            );
            CheckKind::Group { check: check?, message: message?, scoped }
        }
    };
    Some(Check {
        id: held.id.clone(),
        severity: rule.severity,
        title: standard.text(language, &path, "title").unwrap_or_default(),
        fix: standard.text(language, &path, "fix").unwrap_or_default(),
        why: standard.text(language, &path, "why").unwrap_or_default(),
        condition: rule.check.value.clone(),
        known: BTreeSet::new(),
        kind,
    })
}

/// A text in a language, with the file that it stands in.
pub(super) fn translated(
    standard: &Standard,
    language: Language,
    path: &str,
    field: &str,
    english: &Text,
    source: &Arc<Source>,
) -> (Text, Arc<Source>) {
    let translation = standard.locales.get(language.code()).and_then(|locale| {
        let text = locale.value.items.get(path)?.text.get(field)?;
        Some((text.clone(), Arc::clone(&locale.source)))
    });
    translation.unwrap_or_else(|| (english.clone(), Arc::clone(source)))
}

/// The program, or its faults as diagnostics.
pub(super) fn sound<T>(
    compiled: Result<T, Vec<expression::Fault>>,
    text: &Text,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    match compiled {
        Ok(program) => Some(program),
        // A field that is missing altogether has been reported as such.
        Err(_) if text.value.is_empty() => None,
        Err(faults) => {
            report(faults, text, source, diagnostics);
            None
        }
    }
}

/// A condition that may be left out; the outer none means that it is faulty.
#[expect(clippy::option_option, reason = "no condition and a faulty condition are two things")]
fn boolean(
    text: Option<&Text>,
    scope: &Scope<'_>,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Option<Option<Program>> {
    match text {
        None => Some(None),
        Some(text) => sound(
            expression::compile(&text.value, scope, Some(&Expected::Boolean)),
            text,
            source,
            diagnostics,
        )
        .map(Some),
    }
}

/// The groups of a rule or an indicator.
pub(super) fn scoped(
    by: &[Text],
    applies: Option<&Text>,
    dataset: &Dataset,
    vocabulary: &Vocabulary,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) -> Option<Scoped> {
    let scope =
        Scope { fields: &dataset.fields, vocabulary, context: Context::Row, table_name: &dataset.called };
    let applies = boolean(applies, &scope, source, diagnostics);
    let mut fields = dataset.fields.clone();
    let mut computed = Vec::new();
    let mut keys = Vec::new();
    let mut sound_so_far = true;
    for entry in by {
        if let Some(position) = dataset.fields.iter().position(|field| field.name == entry.value) {
            keys.push(position);
            continue;
        }
        let program = sound(expression::compile(&entry.value, &scope, None), entry, source, diagnostics);
        let name = expression::name_of(&entry.value).map_err(|fault| vec![fault]);
        // Where the text cannot be compiled, that fault says more than the lack of a name.
        let name = program.as_ref().and_then(|_| sound(name, entry, source, diagnostics));
        let (Some(program), Some(name)) = (program, name) else {
            sound_so_far = false;
            continue;
        };
        keys.push(fields.len());
        fields.push(Field { name: name.clone(), kind: program.kind().clone(), title: None });
        computed.push(Computed { name, program });
    }
    let applies = applies?;
    sound_so_far.then_some(Scoped { applies, computed, keys, fields })
}

fn unknown_column(
    name: &Text,
    fields: &[Field],
    dataset: &Dataset,
    source: &Arc<Source>,
    diagnostics: &mut Diagnostics,
) {
    let help = did_you_mean_of(&name.value, "its columns", fields.iter().map(|field| field.name.as_str()));
    let message = format!("{} has no column `{}`", dataset.called, name.value);
    diagnostics.add("unknown-column", source, name.range(), message, help);
}

/// The column that a finding of this check points at: the first that it reads and that is not part of the key.
fn pointed_at(check: &Program, dataset: &Dataset) -> Option<usize> {
    let read: Vec<usize> =
        check.columns().into_iter().filter(|column| *column < dataset.columns.len()).collect();
    read.iter().find(|column| !dataset.key.contains(column)).or(read.first()).copied()
}
