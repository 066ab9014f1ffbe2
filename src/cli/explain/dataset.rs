//! The pages of datasets and of their columns.

use super::super::words::fill;
use super::Book;
use crate::compile::{Check, CheckKind, Column, Dataset, Indicator};
use crate::expression::{self, Context, GroupProgram, Program, Scope};
use crate::standard::Text;
use crate::standard::item::{self, ColumnType, Estimator, Inputs, Records};

impl Book<'_> {
    /// The page of a dataset.
    pub(super) fn dataset(&self, id: &str) -> Option<String> {
        let held = self.standard.datasets.get(id)?;
        let dataset = self.plan.datasets.get(id)?;
        let path = format!("datasets/{id}");
        let words = self.words;
        let mut sheet = self.sheet(words.dataset, id, &dataset.title);
        sheet.field(words.what, self.text(&path, "definition"));
        sheet.field(words.rows, self.text(&path, "grain"));
        let key: Vec<&str> =
            dataset.key.iter().map(|column| dataset.columns[*column].name.as_str()).collect();
        sheet.field(words.key, key.join(", "));
        sheet.field(words.tier, self.tier(dataset));
        if dataset.has_implicit_territory() {
            sheet.field(words.territory, words.territory_implied);
        }
        sheet.field(words.design, self.design(held.value.design.as_ref()));
        sheet.field(words.since, &held.since);

        sheet.section(words.columns);
        let columns: Vec<Vec<String>> = held
            .value
            .columns
            .iter()
            .zip(&dataset.columns)
            .enumerate()
            .map(|(position, ((_, declared), column))| self.column_of(dataset, position, declared, column))
            .collect();
        sheet.table(&[words.name, words.type_, words.unit, words.required, words.holds], &columns);
        if self.reason_will_do_in(dataset) {
            sheet.blank();
            sheet.paragraph(words.reason_will_do);
        }
        sheet.section(words.header);
        sheet.verbatim(&held.value.columns.keys().collect::<Vec<_>>().join(","));

        let (declared, rules): (Vec<&Check>, Vec<&Check>) =
            dataset.checks.iter().partition(|check| !self.standard.rules.contains_key(&check.id));
        let over =
            self.plan.joins.values().filter(|join| join.operands.iter().any(|operand| operand.dataset == id));
        let rules = rules.into_iter().chain(over.flat_map(|join| &join.table.checks));
        let rules: Vec<Vec<String>> = rules.map(|check| self.rule_row(check)).collect();
        sheet.list(words.rules_on_it, &rules);
        let indicators = self.plan.indicators.values().filter(|indicator| indicator.dataset == id);
        let indicators: Vec<Vec<String>> =
            indicators.map(|indicator| self.row("indicators", &indicator.id)).collect();
        sheet.list(words.indicators_from_it, &indicators);
        let of_rows = |one: &Estimator| records(one).any(|rows| rows.from.value == id);
        sheet.list(words.estimators_of_rows, &self.estimators(of_rows));
        let referring = self
            .plan
            .datasets
            .values()
            .filter(|other| other.id != id && other.checks.iter().any(|check| refers_to(check, id)));
        let referring: Vec<Vec<String>> = referring.map(|other| self.row("datasets", &other.id)).collect();
        sheet.list(words.datasets_to_it, &referring);
        let checks: Vec<Vec<String>> =
            declared.into_iter().map(|check| vec![check.id.clone(), check.title.clone()]).collect();
        sheet.list(words.of_columns, &checks);
        Some(sheet.finish())
    }

    /// A column as the row of its dataset's table.
    fn column_of(
        &self,
        dataset: &Dataset,
        position: usize,
        declared: &item::Column,
        column: &Column,
    ) -> Vec<String> {
        let words = self.words;
        let mut holds = vec![column.title.clone()];
        holds.extend(declared.codes.as_ref().map(|codes| fill(words.codes_of, &[("list", &codes.value)])));
        holds.extend(
            declared
                .references
                .as_ref()
                .map(|target| fill(words.refers_to_column, &[("column", &target.value)])),
        );
        holds.extend(Some(self.bounds(declared)).filter(|bounds| !bounds.is_empty()));
        let unit = declared.unit.as_ref().map_or_else(String::new, |unit| unit.value.clone());
        holds.extend(declared.confidential.then(|| words.not_published.to_owned()));
        let required = self.required_word(dataset, position);
        let type_word = self.type_word(declared.data_type).to_owned();
        vec![column.name.clone(), type_word, unit, required, holds.join("\n")]
    }

    /// How the rows of a sample were drawn: each part with its column.
    fn design(&self, design: Option<&item::Design>) -> String {
        let words = self.words;
        let parts = design.into_iter().flat_map(item::Design::parts).map(|(part, column)| {
            let phrase = match part {
                "strata" => words.stratum,
                "cluster" => words.cluster,
                "unit" => words.unit_drawn,
                "weight" => words.weight,
                "population" => words.stratum_size,
                _ => words.cluster_size,
            };
            fill(phrase, &[("column", &column.value)])
        });
        parts.collect::<Vec<_>>().join(", ")
    }

    /// From which tier on a dataset is asked for.
    pub(in crate::cli) fn tier(&self, dataset: &Dataset) -> String {
        dataset.tier.map_or_else(
            || self.words.tier_never.to_owned(),
            |tier| fill(self.words.tier_from, &[("tier", &tier.to_string())]),
        )
    }

    /// Whether a cell may be empty: "yes" where it must hold a value, with a star where a reason will do.
    pub(in crate::cli) fn required_word(&self, dataset: &Dataset, column: usize) -> String {
        match (dataset.columns[column].required, reason_will_do(dataset, column)) {
            (false, _) => String::new(),
            (true, false) => self.words.yes.to_owned(),
            (true, true) => format!("{}*", self.words.yes),
        }
    }

    /// Whether some column of a dataset has that star.
    pub(in crate::cli) fn reason_will_do_in(&self, dataset: &Dataset) -> bool {
        (0..dataset.columns.len()).any(|column| self.required_word(dataset, column).ends_with('*'))
    }

    /// A type in a word.
    pub(in crate::cli) fn type_word(&self, data_type: ColumnType) -> &'static str {
        let words = self.words;
        match data_type {
            ColumnType::Text => words.text,
            ColumnType::Number => words.number,
            ColumnType::Integer => words.integer,
            ColumnType::Boolean => words.boolean,
            ColumnType::Date => words.date,
            ColumnType::Period => words.period,
        }
    }

    /// "at least 0, at most 100"
    pub(in crate::cli) fn bounds(&self, column: &item::Column) -> String {
        let bounds = [(self.words.at_least, &column.min), (self.words.at_most, &column.max)];
        let said = bounds.into_iter().filter_map(|(phrase, bound)| {
            let bound = bound.as_ref()?.value.to_string();
            Some(fill(phrase, &[("bound", &bound)]))
        });
        said.collect::<Vec<_>>().join(", ")
    }

    /// A type with what it means.
    pub(super) fn type_is(&self, data_type: ColumnType) -> &'static str {
        let words = self.words;
        match data_type {
            ColumnType::Text => words.text_is,
            ColumnType::Number => words.number_is,
            ColumnType::Integer => words.integer_is,
            ColumnType::Boolean => words.boolean_is,
            ColumnType::Date => words.date_is,
            ColumnType::Period => words.period_is,
        }
    }

    /// The page of one column, asked for as `dataset.column`.
    pub(super) fn column(&self, id: &str) -> Option<String> {
        let (dataset, name) = id.split_once('.')?;
        let held = self.standard.datasets.get(dataset)?;
        let declared = held.value.columns.get(name)?;
        let dataset = self.plan.datasets.get(dataset)?;
        let position = dataset.column(name)?;
        let words = self.words;
        let mut sheet = self.sheet(words.column, id, &dataset.columns[position].title);
        sheet.field(words.dataset, self.titled("datasets", &dataset.id));
        sheet.field(words.type_, self.type_is(declared.data_type));
        if let Some(unit) = &declared.unit {
            let title = self.text("units", &format!("units.{}.title", unit.value));
            let title = if title.is_empty() { title } else { format!(" ({title})") };
            sheet.field(words.unit, format!("{}{title}", unit.value));
        }
        if let Some(codes) = &declared.codes {
            sheet.field(words.codes, self.titled("code-lists", &codes.value));
        }
        sheet.field(words.refers_to, declared.references.as_ref().map_or("", |target| &target.value));
        sheet.field(words.bounds, self.bounds(declared));
        sheet.field(
            words.required,
            match (declared.required, reason_will_do(dataset, position)) {
                (false, _) => words.not_required,
                (true, false) => words.required_always,
                (true, true) => words.required_or_reason,
            },
        );
        if dataset.key.contains(&position) {
            sheet.field(words.key, words.yes);
        }
        if declared.confidential {
            sheet.field(words.confidential, words.not_published);
        }
        let collected = format!("columns.{name}.collected");
        sheet.field(words.collected, self.text(&format!("datasets/{}", dataset.id), &collected));
        sheet.field(words.since, &held.since);

        let own = format!("{}/{name}/", dataset.id);
        let key = format!("{}/key", dataset.id);
        let is_own = |check: &Check| check.id.starts_with(&own) || check.id == key;
        let (own, others): (Vec<&Check>, Vec<&Check>) = dataset
            .checks
            .iter()
            .filter(|check| check.columns().contains(&position))
            .partition(|check| is_own(check));
        let rules: Vec<Vec<String>> = others.into_iter().map(|check| self.rule_row(check)).collect();
        sheet.list(words.rules_of_column, &rules);
        let readers =
            self.plan.indicators.values().filter(|indicator| {
                indicator.dataset == dataset.id && columns_of(indicator).contains(&position)
            });
        let readers: Vec<Vec<String>> =
            readers.map(|indicator| self.row("indicators", &indicator.id)).collect();
        sheet.list(words.indicators_of_column, &readers);
        let reads = |one: &Estimator| {
            let rows = records(one).filter(|rows| rows.from.value == dataset.id);
            rows.flat_map(texts_of).any(|text| self.reads(dataset, &text.value, position))
        };
        sheet.list(words.estimators_of_column, &self.estimators(reads));
        sheet.list(words.columns_to_it, &self.columns_referring(&dataset.id, name));
        let checks: Vec<Vec<String>> =
            own.into_iter().map(|check| vec![check.id.clone(), check.title.clone()]).collect();
        sheet.list(words.of_column, &checks);
        Some(sheet.finish())
    }

    /// Whether an expression over the rows of a dataset reads a column.
    fn reads(&self, dataset: &Dataset, text: &str, column: usize) -> bool {
        let scope = Scope {
            fields: &dataset.fields,
            vocabulary: &self.plan.vocabulary,
            context: Context::Row,
            table_name: &dataset.called,
        };
        expression::compile(text, &scope, None).is_ok_and(|program| program.columns().contains(&column))
    }

    /// The columns whose values must be found in this one.
    fn columns_referring(&self, dataset: &str, column: &str) -> Vec<Vec<String>> {
        let target = format!("{dataset}.{column}");
        let all = self.standard.datasets.values().flat_map(|held| {
            let referring = held.value.columns.iter().filter(|(_, column)| {
                column.references.as_ref().is_some_and(|reference| reference.value == target)
            });
            referring.map(|(name, _)| self.column_row(&held.id, &name.value))
        });
        all.collect()
    }

    /// A column as the row of a table: `clearances.volume` and its title.
    pub(super) fn column_row(&self, dataset: &str, column: &str) -> Vec<String> {
        let title = self.text(&format!("datasets/{dataset}"), &format!("columns.{column}.title"));
        vec![format!("{dataset}.{column}"), title]
    }
}

/// Whether a reason for absence may stand in the place of the value that a column requires.
fn reason_will_do(dataset: &Dataset, column: usize) -> bool {
    dataset.checks.iter().any(|check| match &check.kind {
        CheckKind::Required { column: own, reason_will_do, .. } => *own == column && *reason_will_do,
        _ => false,
    })
}

/// The rows of datasets that an estimator reads.
fn records(estimator: &Estimator) -> impl Iterator<Item = &Records> {
    estimator.inputs.iter().filter_map(|(_, inputs)| match inputs {
        Inputs::Records(records) => Some(records),
        Inputs::Indicators(_) => None,
    })
}

/// The expressions by which they are read.
fn texts_of(records: &Records) -> impl Iterator<Item = &Text> {
    records.columns.iter().map(|(_, text)| text).chain(&records.by).chain(&records.applies)
}

/// Whether a check looks values up in a dataset.
fn refers_to(check: &Check, dataset: &str) -> bool {
    matches!(&check.kind, CheckKind::Reference { dataset: other, .. } if other == dataset)
}

/// The columns that an indicator reads.
fn columns_of(indicator: &Indicator) -> Vec<usize> {
    let scoped = &indicator.scoped;
    let mut columns = indicator.value.columns();
    columns.extend(&scoped.keys);
    columns.extend(scoped.applies.iter().flat_map(Program::columns));
    columns.extend(scoped.computed.iter().flat_map(|computed| computed.program.columns()));
    let bounds = indicator.bounds.iter().flat_map(|bounds| [&bounds.low, &bounds.high]);
    columns.extend(bounds.chain(&indicator.variance).flat_map(GroupProgram::columns));
    columns
}
