//! Rules over indicators: the table in which their figures are joined, and what is checked of it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::check::rule;
use super::dataset::{Column, Dataset};
use super::indicator::Indicator;
use super::place::report;
use crate::diagnostic::{Diagnostics, did_you_mean_of};
use crate::expression::{self, Field, Kind, Unit, Vocabulary};
use crate::standard::{Held, Language, Standard, Text, item};
use crate::table::DataType;
use crate::yaml::{Content, Located};

/// The dimension that tells the submissions of a run apart; no indicator has it of itself.
const SUBMISSION: &str = "submission";

/// The column that stands beside the submission: the day on which it was prepared, by which submissions are in order.
const PREPARED: &str = "prepared";

/// A rule over indicators, compiled.
#[derive(Debug)]
pub struct Join {
    /// The joined table: the dimensions, which are its key, then a number for each operand, then, where the submission is
    /// a dimension, the day on which it was prepared. Its one check is the rule.
    pub table: Dataset,
    /// What is joined, in the order in which the rule names it.
    pub operands: Vec<Operand>,
    /// Which of the dimensions is the submission.
    pub submission: Option<usize>,
}

/// One of the indicators that are joined.
#[derive(Debug)]
pub struct Operand {
    /// The indicator.
    pub indicator: String,
    /// The dataset that it is computed from.
    pub dataset: String,
    /// For each dimension of the joined table which of the indicator's it is; none for the submission.
    pub dimensions: Vec<Option<usize>>,
    /// Which dimension of the joined table is the territory that a submission is about; none where its rows name their
    /// own, or figures are of all territories together.
    pub territory: Option<usize>,
}

/// Compiles all rules over indicators.
pub(super) fn joins(
    standard: &Standard,
    language: Language,
    vocabulary: &Vocabulary,
    datasets: &BTreeMap<String, Dataset>,
    indicators: &BTreeMap<String, Indicator>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Join> {
    let over = standard.rules.iter().filter(|(_, held)| held.value.dataset.is_none());
    let compiled = over.filter_map(|(id, held)| {
        let mut joining = Joining { standard, held, datasets, indicators, diagnostics: &mut *diagnostics };
        let (mut join, as_if) = joining.join()?;
        let check = rule(standard, &as_if, language, vocabulary, &join.table, diagnostics)?;
        join.table.checks.push(check);
        Some((id.clone(), join))
    });
    compiled.collect()
}

/// One rule over indicators while it is compiled.
struct Joining<'a, 'd> {
    standard: &'a Standard,
    held: &'a Held<item::Rule>,
    datasets: &'a BTreeMap<String, Dataset>,
    indicators: &'a BTreeMap<String, Indicator>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Joining<'a, '_> {
    /// The joined table without its check, and the rule as it would be written about a dataset of that form.
    fn join(&mut self) -> Option<(Join, Held<item::Rule>)> {
        let rule = &self.held.value;
        let has_dimensions = self.has_dimensions();
        let mut kinds: Vec<Option<(Kind, String)>> = vec![None; rule.by.len()];
        let mut operands = Vec::new();
        let mut fields = Vec::new();
        for (name, operand) in rule.over.iter() {
            let is_named = self.is_named(name);
            let Some(indicator) = self.indicator(&operand.indicator) else { continue };
            if !has_dimensions {
                continue;
            }
            let Some(dimensions) = self.dimensions(indicator, operand) else { continue };
            if self.are_alike(indicator, operand, &dimensions, &mut kinds) && is_named {
                let kind = Kind::Number(indicator.unit.clone());
                let title = Some(indicator.title.clone());
                fields.push(Field { name: name.value.clone(), kind, title });
                let territory = self.territory(indicator, &dimensions);
                let (indicator, dataset) = (indicator.id.clone(), indicator.dataset.clone());
                operands.push(Operand { indicator, dataset, dimensions, territory });
            }
        }
        let order = self.order();
        // An operand that is at fault has been reported; without it the check would be called wrong too.
        if !has_dimensions || operands.is_empty() || operands.len() < rule.over.iter().count() {
            return None;
        }
        let order = order?;
        let names = rule.by.iter().map(|dimension| dimension.value.clone());
        let dimensions = names.zip(kinds).map(|(name, kind)| {
            let kind = kind.map_or(Kind::Text, |(kind, _)| kind);
            Field { name, kind, title: None }
        });
        let mut fields: Vec<Field> = dimensions.chain(fields).collect();
        let submission = self.position(SUBMISSION);
        if submission.is_some() {
            fields.push(Field { name: PREPARED.to_owned(), kind: Kind::Date, title: None });
        }
        let table = Dataset {
            id: self.held.id.clone(),
            called: "the joined table".to_owned(),
            title: rule.title.clone(),
            tier: None,
            columns: fields.iter().map(column).collect(),
            fields,
            key: (0..rule.by.len()).collect(),
            checks: Vec::new(),
        };
        Some((Join { table, operands, submission }, self.as_if(order)))
    }

    /// The rule about the joined table as if that were a dataset: row by row, or in series within all dimensions but the
    /// one that gives the order.
    fn as_if(&self, order: Option<&Text>) -> Held<item::Rule> {
        let mut held = self.held.clone();
        let is_order = |dimension: &Text| order.is_some_and(|order| order.value == dimension.value);
        held.value.by.retain(|dimension| order.is_some() && !is_order(dimension));
        held.value.order = order.map(|order| match order.value.as_str() {
            SUBMISSION => Text { value: PREPARED.to_owned(), span: order.span },
            _ => order.clone(),
        });
        held
    }

    fn position(&self, dimension: &str) -> Option<usize> {
        self.held.value.by.iter().position(|by| by.value == dimension)
    }

    fn add(&mut self, code: &'static str, at: &Text, message: String, help: Option<String>) {
        self.diagnostics.add(code, &self.held.source, at.range(), message, help);
    }

    /// The place of the word `over`, and how many indicators it names.
    fn over(&self) -> Option<(Range<usize>, usize)> {
        let Content::Mapping(fields) = &self.standard.nodes.get(&format!("rules/{}", self.held.id))?.content
        else {
            return None;
        };
        let (key, over) = fields.iter().find(|(key, _)| key.value == "over")?;
        let Content::Mapping(operands) = &over.content else { return None };
        Some((key.range(), operands.len()))
    }

    /// Whether there are dimensions to join on, each a name and each once.
    fn has_dimensions(&mut self) -> bool {
        let rule = &self.held.value;
        // What is no mapping, or is not there at all, has been reported.
        let Some((place, over)) = self.over() else { return false };
        if over == 0 {
            let help = Some("write name: indicator, such as cleared: duty_paid_alcohol".to_owned());
            self.diagnostics.add(
                "missing-indicator",
                &self.held.source,
                place,
                "`over` names no indicator",
                help,
            );
            return false;
        }
        if rule.by.is_empty() {
            let message = "the rule does not say on which dimensions its indicators are joined";
            let help = Some("add by: with the dimensions that each of them has".to_owned());
            self.diagnostics.add("missing-dimension", &self.held.source, place, message, help);
            return false;
        }
        let mut sound = true;
        for (place, dimension) in rule.by.iter().enumerate() {
            match expression::name_of(&dimension.value) {
                Ok(name) if name == dimension.value => {
                    if rule.by[..place].iter().any(|earlier| earlier.value == dimension.value) {
                        let message = format!("`by` names `{name}` twice");
                        self.add("duplicate-name", dimension, message, None);
                        sound = false;
                    }
                }
                Ok(name) => {
                    let message = format!(
                        "indicators are joined on dimensions that they have, and `{}` is computed",
                        dimension.value
                    );
                    self.add("unknown-dimension", dimension, message, Some(format!("write {name}")));
                    sound = false;
                }
                Err(fault) => {
                    report(vec![fault], dimension, &Arc::clone(&self.held.source), self.diagnostics);
                    sound = false;
                }
            }
        }
        sound
    }

    /// Whether the check can call an operand by this name.
    fn is_named(&mut self, name: &Located<String>) -> bool {
        if expression::name_of(&name.value).ok().as_ref() != Some(&name.value) {
            let message = format!("`{}` cannot be a name in a check", name.value);
            let help = "a name is lower-case letters, digits and `_`, and no word of SQL".to_owned();
            self.add("malformed-id", name, message, Some(help));
            return false;
        }
        let stands_for = match name.value.as_str() {
            SUBMISSION => "the submission",
            PREPARED if self.position(SUBMISSION).is_some() => "the day on which the submission was prepared",
            name if self.position(name).is_some() => "a dimension",
            _ => return true,
        };
        let message = format!("`{}` already stands for {stands_for}", name.value);
        self.add("duplicate-name", name, message, Some("choose another name for the indicator".to_owned()));
        false
    }

    fn indicator(&mut self, name: &Text) -> Option<&'a Indicator> {
        let found = self.indicators.get(&name.value);
        // An indicator that is there and faulty has been reported where it stands.
        if found.is_none() && !name.value.is_empty() && !self.standard.indicators.contains_key(&name.value) {
            let known = self.indicators.keys().map(String::as_str);
            let help = did_you_mean_of(&name.value, "the indicators", known);
            self.add("unknown-indicator", name, format!("there is no indicator `{}`", name.value), help);
        }
        found
    }

    /// For each dimension of the rule which of the indicator's it is; all of the indicator's are taken, each once.
    fn dimensions(&mut self, indicator: &Indicator, operand: &item::Operand) -> Option<Vec<Option<usize>>> {
        let names: Vec<&str> = indicator.dimensions().collect();
        let by = &self.held.value.by;
        let shared = || by.iter().map(|by| by.value.as_str()).filter(|by| *by != SUBMISSION);
        let mut sound = true;
        for (rules, indicators) in operand.dimensions.iter() {
            if !shared().any(|by| by == rules.value) {
                let help = did_you_mean_of(&rules.value, "its dimensions", shared());
                let message = format!("the rule has no dimension `{}`", rules.value);
                self.add("unknown-dimension", rules, message, help);
                sound = false;
            }
            if !names.contains(&indicators.value.as_str()) {
                let known = names.iter().copied();
                let help = did_you_mean_of(&indicators.value, "its dimensions", known);
                let message = format!("`{}` has no dimension `{}`", indicator.id, indicators.value);
                self.add("unknown-dimension", indicators, message, help);
                sound = false;
            }
        }
        if !sound {
            return None;
        }
        let own = |by: &'a str| operand.dimensions.get(by).map_or(by, |own| own.value.as_str());
        let taken: Vec<&str> = shared().map(own).collect();
        let lacking: Vec<&str> = shared().filter(|by| !names.contains(&own(by))).collect();
        let left: Vec<&str> = names.iter().copied().filter(|name| !taken.contains(name)).collect();
        let twice: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| taken.iter().filter(|taken| *taken == name).count() > 1)
            .collect();
        if lacking.is_empty() && left.is_empty() && twice.is_empty() {
            let place = |by: &'a Text| names.iter().position(|name| *name == own(&by.value));
            return Some(by.iter().map(place).collect());
        }
        let message = format!(
            "`{}` has the dimensions {}, but the rule joins on {}",
            indicator.id,
            names.join(", "),
            shared().collect::<Vec<_>>().join(", ")
        );
        let parts = [("it lacks", &lacking), ("it has too much:", &left), ("it gives twice:", &twice)];
        let parts = parts.into_iter().filter(|(_, names)| !names.is_empty());
        let mut help = parts.map(|(what, names)| format!("{what} {}", names.join(", "))).collect::<Vec<_>>();
        if let ([rules, ..], [own, ..]) = (lacking.as_slice(), left.as_slice()) {
            help.push(format!("where one stands for the other, write as: {{ {rules}: {own} }}"));
        }
        self.add("unlike-dimensions", &operand.indicator, message, Some(help.join("; ")));
        None
    }

    /// Which dimension of the rule is the territory that stands behind the columns of the indicator's dataset.
    fn territory(&self, indicator: &Indicator, dimensions: &[Option<usize>]) -> Option<usize> {
        let dataset =
            self.datasets.get(&indicator.dataset).filter(|dataset| dataset.has_implicit_territory())?;
        let implicit = dataset.columns.len();
        dimensions.iter().position(|own| own.is_some_and(|own| indicator.scoped.keys[own] == implicit))
    }

    /// Whether the indicator's dimensions are of the kinds that those of the indicators before it are.
    fn are_alike(
        &mut self,
        indicator: &Indicator,
        operand: &item::Operand,
        dimensions: &[Option<usize>],
        kinds: &mut [Option<(Kind, String)>],
    ) -> bool {
        let mut alike = true;
        for (place, dimension) in dimensions.iter().enumerate() {
            let Some(dimension) = dimension else { continue };
            let field = &indicator.scoped.fields[indicator.scoped.keys[*dimension]];
            let (kind, first) =
                kinds[place].get_or_insert_with(|| (field.kind.clone(), indicator.id.clone()));
            if *kind != field.kind {
                let message = format!(
                    "`{}` of `{}` is {}, but that of `{first}` is {}",
                    field.name,
                    indicator.id,
                    in_words(&field.kind),
                    in_words(kind)
                );
                let help = "indicators are joined where their dimensions are equal".to_owned();
                self.add("unlike-dimensions", &operand.indicator, message, Some(help));
                alike = false;
            }
        }
        alike
    }

    /// The dimension that puts the rows in series; the outer none means that it is none of the rule's.
    #[expect(clippy::option_option, reason = "no order and a faulty order are two things")]
    fn order(&mut self) -> Option<Option<&'a Text>> {
        let rule = &self.held.value;
        let Some(order) = &rule.order else { return Some(None) };
        if self.position(&order.value).is_some() {
            return Some(Some(order));
        }
        if !rule.by.is_empty() {
            let known = rule.by.iter().map(|dimension| dimension.value.as_str());
            let help = did_you_mean_of(&order.value, "its dimensions", known);
            let message = format!("the rule has no dimension `{}`", order.value);
            self.add("unknown-dimension", order, message, help);
        }
        None
    }
}

/// What values a dimension has, in words.
pub(super) fn in_words(kind: &Kind) -> String {
    match kind {
        Kind::Boolean => "true or false".to_owned(),
        Kind::Number(unit) if *unit == Unit::one() => "a number".to_owned(),
        Kind::Number(unit) => format!("a number in {unit}"),
        Kind::Text => "text".to_owned(),
        Kind::Code(list) => format!("a code of `{list}`"),
        Kind::Date => "a date".to_owned(),
        Kind::Period => "a period".to_owned(),
    }
}

/// A column of the joined table.
fn column(field: &Field) -> Column {
    let data_type = match &field.kind {
        Kind::Boolean => DataType::Boolean,
        Kind::Number(_) => DataType::Number,
        Kind::Text | Kind::Code(_) => DataType::Text,
        Kind::Date => DataType::Date,
        Kind::Period => DataType::Period,
    };
    Column {
        name: field.name.clone(),
        title: field.title.clone().unwrap_or_default(),
        data_type,
        required: false,
        absence_words: matches!(field.kind, Kind::Number(_)),
    }
}
