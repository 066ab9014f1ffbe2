//! The pages of indicators, quantities, estimators, methods, units and grades.

use super::super::sheet::Sheet;
use super::super::words::{Words, fill};
use super::Book;
use crate::compile::CATEGORIES;
use crate::estimator::{METHODS, Need, Takes};
use crate::standard::Language;
use crate::standard::item::{
    Adjustment, Assumption, Basis, Estimator, Family, GradeLetter, Inputs, Records, Sight, Unit,
};
use crate::yaml::Map;

impl Book<'_> {
    /// The page of an indicator.
    pub(super) fn indicator(&self, id: &str) -> Option<String> {
        let held = self.standard.indicators.get(id)?;
        let declared = &held.value;
        let path = format!("indicators/{id}");
        let words = self.words;
        let mut sheet = self.sheet(words.indicator, id, &self.text(&path, "title"));
        sheet.field(words.what, self.text(&path, "definition"));
        sheet.field(words.unit, self.unit_title(&declared.unit.value));
        let by: Vec<&str> = declared.by.iter().map(|by| by.value.as_str()).collect();
        sheet.field(words.dimensions, by.join(", "));
        sheet.field(words.computed_from, self.titled("datasets", &declared.from.value));
        sheet.field(words.which_rows, declared.applies.as_ref().map_or("", |applies| &applies.value));
        sheet.field(words.formula, &declared.value.value);
        if let Some(interval) = &declared.interval {
            let level = (100.0 * interval.level.value).to_string();
            let values = [("low", &*interval.low.value), ("high", &interval.high.value), ("level", &level)];
            sheet.field(words.interval, fill(words.interval_from, &values));
        }
        sheet.field(words.variance, declared.variance.as_ref().map_or("", |variance| &variance.value));
        sheet.field(words.corresponds, self.text(&path, "corresponds"));
        sheet.field(words.serves, self.text(&path, "serves"));
        sheet.field(words.since, &held.since);
        let uses = |estimator: &Estimator| {
            estimator
                .inputs
                .iter()
                .any(|(_, inputs)| inputs.indicators().iter().any(|input| input.value == id))
        };
        sheet.list(words.estimators_with_it, &self.estimators(uses));
        let rules = self.standard.rules.values();
        let over =
            rules.filter(|held| held.value.over.iter().any(|(_, operand)| operand.indicator.value == id));
        sheet.list(words.rules_over_it, &over.map(|held| self.row("rules", &held.id)).collect::<Vec<_>>());
        Some(sheet.finish())
    }

    /// The page of a quantity.
    pub(super) fn quantity(&self, id: &str) -> Option<String> {
        let held = self.standard.quantities.get(id)?;
        let path = format!("quantities/{id}");
        let words = self.words;
        let mut sheet = self.sheet(words.quantity, id, &self.text(&path, "title"));
        sheet.field(words.what, self.text(&path, "definition"));
        sheet.field(words.numerator, self.text(&path, "numerator"));
        sheet.field(words.denominator, self.text(&path, "denominator"));
        let unit = held.value.unit.as_ref().map(|unit| self.unit_title(&unit.value));
        sheet.field(words.unit, unit.unwrap_or_else(|| words.unit_of_share.to_owned()));
        sheet.field(words.sign, self.text(&path, "sign"));
        sheet.field(words.since, &held.since);
        sheet
            .list(words.estimators_of_it, &self.estimators(|estimator| estimator.gives.quantity.value == id));
        Some(sheet.finish())
    }

    /// The estimators of which something holds, as rows of a table.
    pub(super) fn estimators(&self, holds: impl Fn(&Estimator) -> bool) -> Vec<Vec<String>> {
        let found = self.standard.estimators.values().filter(|held| holds(&held.value));
        found.map(|held| self.row("estimators", &held.id)).collect()
    }

    /// The page of an estimator.
    pub(super) fn estimator(&self, id: &str) -> Option<String> {
        let held = self.standard.estimators.get(id)?;
        let declared = &held.value;
        let path = format!("estimators/{id}");
        let words = self.words;
        let mut sheet = self.sheet(words.estimator, id, &self.text(&path, "title"));
        sheet.field(words.gives, self.titled("quantities", &declared.gives.quantity.value));
        let lacking = self.plan.unavailable.contains_key(id).then_some(words.not_here);
        let method = [Some(declared.method.value.as_str()), lacking];
        sheet.field(words.method, method.into_iter().flatten().collect::<Vec<_>>().join("\n"));
        sheet.field(words.entry_grade, self.grade_title(declared.entry_grade));
        sheet.field(words.why, self.text(&path, "why"));
        sheet.field(words.since, &held.since);
        let inputs: Vec<Vec<String>> = declared
            .inputs
            .iter()
            .map(|(name, inputs)| {
                let described = match inputs {
                    Inputs::Indicators(indicators) => {
                        let titled = indicators.iter().map(|input| self.titled("indicators", &input.value));
                        titled.collect::<Vec<_>>().join("\n+ ")
                    }
                    Inputs::Records(records) => self.records(records),
                };
                vec![name.value.clone(), described]
            })
            .collect();
        sheet.list(words.inputs, &inputs);
        let assumptions: Vec<Vec<String>> = declared
            .assumptions
            .iter()
            .map(|(name, assumption)| vec![name.value.clone(), self.assumption(assumption)])
            .collect();
        sheet.list(words.assumptions, &assumptions);
        let sees: Vec<Vec<String>> = declared
            .sees
            .iter()
            .map(|(category, sight)| {
                let word = match sight {
                    Sight::Full => words.sees_all,
                    Sight::Partial => words.sees_some,
                    Sight::None => words.sees_none,
                };
                let label = self.code_texts(CATEGORIES, &category.value).0;
                vec![category.value.clone(), word.to_owned(), label]
            })
            .collect();
        sheet.list(words.sees, &sees);
        Some(sheet.finish())
    }

    /// The rows that a method reads: of which dataset, which of them, and each column with its formula.
    fn records(&self, records: &Records) -> String {
        let words = self.words;
        let by: Vec<&str> = records.by.iter().map(|by| by.value.as_str()).collect();
        let mut lines = vec![self.titled("datasets", &records.from.value)];
        lines.extend(
            records.applies.as_ref().map(|applies| format!("{}: {}", words.which_rows, applies.value)),
        );
        lines.push(format!("{}: {}", words.for_each, by.join(", ")));
        lines.extend(
            records.columns.iter().map(|(name, column)| format!("{} = {}", name.value, column.value)),
        );
        lines.join("\n")
    }

    /// What is assumed, what it rests on, and who says so: a line each.
    fn assumption(&self, assumption: &Assumption) -> String {
        let words = self.words;
        let phrase = match assumption.distribution.value {
            Family::Fixed => words.fixed,
            Family::Normal => words.normal,
            Family::Uniform => words.uniform,
            Family::Triangular => words.triangular,
            Family::Pert => words.pert,
            Family::Beta => words.beta,
        };
        let values = [
            ("value", assumption.value),
            ("low", assumption.low),
            ("mode", assumption.mode),
            ("high", assumption.high),
            ("mean", assumption.mean),
            ("sd", assumption.sd),
            ("alpha", assumption.alpha),
            ("beta", assumption.beta),
        ];
        let basis = match assumption.basis {
            Basis::Judged => words.judged,
            Basis::Modelled => words.modelled,
            Basis::Measured => words.measured,
        };
        format!("{}\n{basis}\n{}", figures(phrase, &values), assumption.source)
    }

    /// The page of a method: its doc comment, which is in English alone.
    pub(super) fn method(&self, id: &str) -> Option<String> {
        let method = METHODS.iter().find(|method| method.name == id)?;
        let words = self.words;
        let documentation = method.documentation();
        let (title, rest) = documentation.split_once('\n').unwrap_or((&documentation, ""));
        let mut sheet = self.sheet(words.method, id, title);
        if self.language != Language::English {
            sheet.paragraph(words.documentation_is_english);
            sheet.blank();
        }
        documentation_of(rest, words, &mut sheet);
        let line = |name: String, doc: &str, need: Need| {
            let optional = if need == Need::Always { "" } else { words.may_be_left_out };
            vec![name, format!("{doc} {optional}")]
        };
        let mut inputs = Vec::new();
        for input in method.inputs {
            inputs.push(line(input.name.to_owned(), input.doc, input.need));
            let Takes::Records { columns } = input.takes else { continue };
            let columns = columns.iter();
            inputs.extend(columns.map(|c| line(format!("{}.{}", input.name, c.name), c.doc, c.need)));
        }
        inputs.extend(method.assumptions.iter().map(|law| line(law.name.to_owned(), law.doc, law.need)));
        sheet.list(words.inputs, &inputs);
        let users = self.estimators(|estimator| estimator.method.value == id);
        sheet.list(words.estimators, &users);
        Some(sheet.finish())
    }

    /// The page of a unit.
    pub(super) fn unit(&self, id: &str) -> Option<String> {
        let units = &self.standard.units.as_ref()?.value.units;
        let unit = units.get(id)?;
        let words = self.words;
        let mut sheet = self.sheet(words.unit, id, &self.text("units", &format!("units.{id}.title")));
        sheet.field(words.measures, &unit.dimension.value);
        let base = base_units(&unit.dimension.value, units);
        if base != id {
            sheet.field(words.is_worth, format!("{} {base}", unit.factor.value));
        }
        sheet.field(words.source, unit.source.as_deref().unwrap_or_default());
        Some(sheet.finish())
    }

    /// A unit with its name in words, where it has one: "hl (hectolitre)".
    fn unit_title(&self, unit: &str) -> String {
        match self.text("units", &format!("units.{unit}.title")) {
            title if title.is_empty() => unit.to_owned(),
            title => format!("{unit} ({title})"),
        }
    }

    /// A grade with its title: "C (Modelled)".
    fn grade_title(&self, grade: GradeLetter) -> String {
        let letter = grade.word();
        match self.text("grades", &format!("grades.{letter}.title")) {
            title if title.is_empty() => letter.to_owned(),
            title => format!("{letter} ({title})"),
        }
    }

    /// The page of a grade.
    pub(super) fn grade(&self, id: &str) -> Option<String> {
        let held = self.standard.grades.as_ref()?;
        let grade = held.value.grades.get(id)?;
        let words = self.words;
        let text = |field: &str| self.text("grades", &format!("grades.{id}.{field}"));
        let mut sheet = self.sheet(words.grade, id, &text("title"));
        sheet.field(words.requires, text("requires"));
        let bias = grade.bias.map(|bias| fill(words.bias_of, &[("sd", &bias.to_string())]));
        sheet.field(words.bias, bias.unwrap_or_else(|| words.never_pooled.to_owned()));
        sheet.field(words.since, &held.since);
        let adjustments = || held.value.adjustments.iter();
        let at_best = adjustments().filter(|one| one.at_best.is_some_and(|grade| grade.word() == id));
        let at_least = adjustments().filter(|one| one.at_least.is_some_and(|grade| grade.word() == id));
        sheet.list(words.at_best, &at_best.map(of_grade).collect::<Vec<_>>());
        sheet.list(words.at_least_grade, &at_least.map(of_grade).collect::<Vec<_>>());
        let users = self.estimators(|estimator| estimator.entry_grade.word() == id);
        sheet.list(words.entry_grade, &users);
        Some(sheet.finish())
    }
}

/// When an adjustment applies, and the estimators that it is about where it is not about all.
fn of_grade(adjustment: &Adjustment) -> Vec<String> {
    let of: Vec<&str> = adjustment.of.iter().map(|estimator| estimator.value.as_str()).collect();
    vec![format!("{}\n  {}", adjustment.when.value, of.join(", "))]
}

/// The base units of a dimension: `LPA/l` of `alcohol/volume`.
fn base_units(dimension: &str, units: &Map<Unit>) -> String {
    let is_base = |unit: &Unit, part: &str| unit.factor.value == "1" && unit.dimension.value == part;
    let named = dimension.split_inclusive(['/', '*']).map(|part| {
        let (part, sign) = part.split_at(part.trim_end_matches(['/', '*']).len());
        let base = units.iter().find(|(_, unit)| is_base(unit, part)).map_or("", |(name, _)| &name.value);
        format!("{base}{sign}")
    });
    named.collect()
}

/// Sets a method's doc comment: its lines are broken for whoever reads the source, and its formulas stand as they are.
fn documentation_of(text: &str, words: &Words, sheet: &mut Sheet) {
    let mut is_formula = false;
    let mut sentences = String::new();
    for line in text.trim().lines() {
        if let Some(section) = line.strip_prefix("# ") {
            sheet.section(match section {
                "Assumes" => words.assumes,
                "Formula" => words.formula,
                "Fails when" => words.fails_when,
                "References" => words.references,
                other => other,
            });
        } else if line.starts_with("```") {
            is_formula = !is_formula;
        } else if is_formula {
            sheet.verbatim(line);
        } else if line.is_empty() {
            sheet.blank();
        } else {
            sentences += line;
            sentences.push(' ');
            if line.ends_with(['.', ':']) {
                sheet.paragraph(&std::mem::take(&mut sentences));
            }
        }
    }
    sheet.paragraph(&sentences);
}

/// "from {low} to {high}" and the like, with figures as they are written in the standard.
fn figures(phrase: &str, values: &[(&str, Option<f64>)]) -> String {
    let written = |value: &Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let texts: Vec<(&str, String)> = values.iter().map(|(name, value)| (*name, written(value))).collect();
    let values: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    fill(phrase, &values)
}
