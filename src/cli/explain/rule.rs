//! The pages of rules, of the checks that columns declare, and of `submission.yaml`.

use super::super::sheet::Sheet;
use super::Book;
use crate::compile::{Check, CheckKind, MANIFEST_RULE};
use crate::standard::Text;
use crate::standard::item::{Example, ExampleRow, Rule, Severity};

impl Book<'_> {
    /// The page of `submission/manifest`, which is no rule of the standard but stands in every ledger.
    pub(super) fn manifest(&self) -> String {
        let words = self.words;
        let mut sheet = self.sheet(words.rule, MANIFEST_RULE, words.manifest_title);
        sheet.field(words.severity, words.severity_error);
        sheet.field(words.what, words.manifest_what);
        sheet.field(words.fix, words.manifest_fix);
        sheet.field(words.why, words.manifest_why);
        sheet.section(words.example);
        let mut datasets = self.plan.datasets.keys().map(String::as_str);
        let (dataset, absent) =
            (datasets.next().unwrap_or("clearances"), datasets.next().unwrap_or("stamps"));
        let territory = self.plan.territories.keys().find(|code| *code == "PA");
        sheet.verbatim(&format!(
            "standard: \"{}\"\nagency: {}\nterritory: {}\nperiod: 2025\nlanguage: {}\nconfidentiality: F\n\
             prepared: 2026-03-31\ntier: 1\ndatasets:\n  {dataset}: {dataset}.csv\nabsent:\n  {absent}: not_collected",
            self.plan.version,
            words.manifest_agency,
            territory.or_else(|| self.plan.territories.keys().next()).map_or("PA", String::as_str),
            self.language.code(),
        ));
        sheet.finish()
    }

    /// The page of a rule, or of a check that a column declares.
    pub(super) fn rule(&self, id: &str) -> Option<String> {
        let check = self.plan.rules().find(|check| check.id == id)?;
        let words = self.words;
        let mut sheet = self.sheet(words.rule, id, &check.title);
        sheet.field(
            words.severity,
            match check.severity {
                Severity::Error => words.severity_error,
                Severity::Warning => words.severity_warning,
                Severity::Info => words.severity_info,
            },
        );
        let Some(held) = self.standard.rules.get(id) else {
            self.of_column(check, &mut sheet);
            sheet.field(words.fix, &check.fix);
            sheet.field(words.why, &check.why);
            return Some(sheet.finish());
        };
        let rule = &held.value;
        let dataset = rule.dataset.as_ref().map(|dataset| self.titled("datasets", &dataset.value));
        sheet.field(words.dataset, dataset.unwrap_or_default());
        sheet.field(words.over, self.over(rule));
        sheet.field(words.since, &held.since);
        sheet.field(words.which_rows, rule.applies.as_ref().map_or("", |applies| &applies.value));
        let by: Vec<&str> = rule.by.iter().map(|by| by.value.as_str()).collect();
        sheet.field(words.for_each, by.join(", "));
        sheet.field(words.in_order_of, rule.order.as_ref().map_or("", |order| &order.value));
        sheet.field(words.must_hold, &rule.check.value);
        sheet.field(words.says, self.text(&format!("rules/{id}"), "message"));
        sheet.field(words.fix, &check.fix);
        sheet.field(words.why, &check.why);
        self.examples(rule, &mut sheet);
        Some(sheet.finish())
    }

    /// The indicators that a rule is over, one a line: what the check calls it, and which of its dimensions it calls otherwise.
    fn over(&self, rule: &Rule) -> String {
        let lines = rule.over.iter().map(|(name, operand)| {
            let indicator = self.titled("indicators", &operand.indicator.value);
            let mapped: Vec<String> = operand
                .dimensions
                .iter()
                .map(|(dimension, own)| format!("{} = {}", dimension.value, own.value))
                .collect();
            let mapped = if mapped.is_empty() { String::new() } else { format!(", {}", mapped.join(", ")) };
            format!("{}: {indicator}{mapped}", name.value)
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// What a column declares, in the words of the declaration.
    fn of_column(&self, check: &Check, sheet: &mut Sheet) {
        let words = self.words;
        let mut parts = check.id.split('/');
        let dataset = parts.next().unwrap_or_default();
        sheet.field(words.dataset, self.titled("datasets", dataset));
        let columns = self.plan.datasets.get(dataset).map_or(&[][..], |dataset| &dataset.columns);
        if let (Some(name), Some(_)) = (parts.next(), parts.next()) {
            let title = columns.iter().find(|column| column.name == name).map_or("", |column| &column.title);
            sheet.field(words.column, format!("{dataset}.{name} ({title})"));
            self.declared(dataset, name, &check.kind, sheet);
        }
        match &check.kind {
            CheckKind::Key { columns: key, .. } => {
                let names: Vec<&str> = key.iter().map(|column| columns[*column].name.as_str()).collect();
                sheet.field(words.key, names.join(", "));
            }
            CheckKind::Row { .. } | CheckKind::Required { .. } | CheckKind::Sent { .. } => {
                sheet.field(words.must_hold, &check.condition);
            }
            _ => {}
        }
        match &check.kind {
            CheckKind::Required { message, .. }
            | CheckKind::Key { message, .. }
            | CheckKind::Reference { message, .. }
            | CheckKind::Rows { message }
            | CheckKind::Sent { message, .. } => sheet.field(words.says, message),
            _ => {}
        }
    }

    /// What the column says of itself that a check of it makes sure of.
    fn declared(&self, dataset: &str, name: &str, kind: &CheckKind, sheet: &mut Sheet) {
        let words = self.words;
        let held = self.standard.datasets.get(dataset);
        let Some(column) = held.and_then(|held| held.value.columns.get(name)) else { return };
        match kind {
            CheckKind::Readable { .. } => sheet.field(words.type_, self.type_is(column.data_type)),
            CheckKind::Reference { .. } => {
                sheet.field(words.refers_to, column.references.as_ref().map_or("", |target| &target.value));
            }
            CheckKind::Row { .. } => {
                sheet.field(words.unit, column.unit.as_ref().map_or("", |unit| &unit.value));
                if let Some(codes) = &column.codes {
                    sheet.field(words.codes, self.titled("code-lists", &codes.value));
                }
            }
            _ => {}
        }
    }

    /// The cases of a rule. Those of one row stand in one table, those of several in a table each.
    fn examples(&self, rule: &Rule, sheet: &mut Sheet) {
        let words = self.words;
        for (name, cases) in [(words.passes, &rule.examples.pass), (words.fails, &rule.examples.fail)] {
            if cases.is_empty() {
                continue;
            }
            sheet.section(name);
            if cases.iter().all(|case| case.rows.len() == 1) {
                self.rows(cases, sheet);
                continue;
            }
            for (number, case) in cases.iter().enumerate() {
                if number > 0 {
                    sheet.blank();
                }
                self.rows(std::slice::from_ref(case), sheet);
            }
        }
    }

    /// The rows of some cases, with every column that one of them has.
    fn rows(&self, cases: &[Example], sheet: &mut Sheet) {
        let rows = || cases.iter().flat_map(|case| &case.rows);
        let mut titles: Vec<&str> = Vec::new();
        for name in rows().flat_map(ExampleRow::keys) {
            if !titles.contains(&name) {
                titles.push(name);
            }
        }
        let cell = |value: Option<&Option<Text>>| match value {
            None => String::new(),
            Some(None) => self.words.empty.to_owned(),
            Some(Some(text)) => text.value.clone(),
        };
        let cells: Vec<Vec<String>> =
            rows().map(|row| titles.iter().map(|title| cell(row.get(title))).collect()).collect();
        sheet.grid(&titles, &cells);
    }

    /// A rule as the row of a table.
    pub(super) fn rule_row(&self, check: &Check) -> Vec<String> {
        vec![check.id.clone(), self.severity(check.severity).to_owned(), check.title.clone()]
    }
}
