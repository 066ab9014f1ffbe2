//! The kinds of item that a standard is made of, one folder each, as their authors write them.
//!
//! What is read here is the form alone; [`crate::compile`] checks what the words mean to each other.

use crate::yaml::{Choice, Decode, Decoder, Fields, Item, Located, Map, Node, read_item, schema_of};

/// A text with its place, for words that later stages may find fault with.
pub type Text = Located<String>;

macro_rules! decode_items {
    ($($item:ty),* $(,)?) => {
        $(impl Decode for $item {
            fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
                read_item(node, decoder)
            }

            fn shape() -> serde_json::Value {
                schema_of::<Self>()
            }
        })*
    };
}

decode_items!(
    Header,
    CodeList,
    Group,
    Units,
    Unit,
    Quantity,
    Dataset,
    Column,
    Rule,
    Examples,
    Indicator,
    Interval,
    Estimator,
    Assumption,
    Gives,
    Grades,
    Grade,
    Adjustment,
    Locale,
    Translation,
);

/// Whether a version may still change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    /// It may change.
    #[default]
    Draft,
    /// It is frozen.
    Published,
    /// It is frozen, and another should be used.
    Retired,
}

impl Choice for Status {
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("draft", Self::Draft, "may still change"),
        ("published", Self::Published, "frozen"),
        ("retired", Self::Retired, "frozen, and replaced by another"),
    ];
    const WHAT: &'static str = "a status";
}

/// `standard.yaml`: what this version is.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// The standard's name.
    pub title: String,
    /// Whether it may still change.
    pub status: Status,
    /// What changed since the version that it extends.
    pub changes: String,
    /// The version whose items it inherits.
    pub extends: Option<Text>,
    /// Inherited items that it gives up, such as `rules/old_rule`.
    pub withdraws: Vec<Text>,
}

impl Item for Header {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The standard's name"),
            status: fields.required("status", "Whether this version may still change"),
            changes: fields
                .required("changes", "What changed since the version before, in a sentence or two"),
            extends: fields.optional("extends", "The version whose items this one inherits"),
            withdraws: fields.or_default(
                "withdraws",
                "Inherited items that this version gives up, such as rules/old_rule",
            ),
        }
    }
}

/// `code-lists/ID.yaml`: the codes that a column may hold.
#[derive(Debug, Clone, Default)]
pub struct CodeList {
    /// What the codes are codes of.
    pub title: String,
    /// Who publishes the list, and which edition this is.
    pub source: String,
    /// The codes.
    pub codes: Map<Code>,
    /// Named sets of them.
    pub groups: Map<Group>,
}

impl Item for CodeList {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "What the codes are codes of"),
            source: fields.required("source", "Who publishes the list, and which edition this is"),
            codes: fields.required("codes", "Each code with its label"),
            groups: fields.or_default(
                "groups",
                "Named sets of codes, for checks such as in_group(territory, 'summit')",
            ),
        }
    }
}

/// One code of a list.
#[derive(Debug, Clone, Default)]
pub struct Code {
    /// What it is called.
    pub title: String,
    /// What it covers, where the label does not say it all.
    pub definition: Option<String>,
}

impl Item for Code {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "What the code stands for"),
            definition: fields.optional("definition", "What it covers, where the title does not say it all"),
        }
    }
}

impl Decode for Code {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        // Most codes need a label and nothing else: `AR: Argentina`.
        match &node.content {
            crate::yaml::Content::Scalar(title) => {
                Self { title: title.trim_end().to_owned(), definition: None }
            }
            _ => read_item(node, decoder),
        }
    }

    fn shape() -> serde_json::Value {
        serde_json::json!({ "anyOf": [String::shape(), schema_of::<Self>()] })
    }
}

/// A named set of codes.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// What the set is.
    pub title: String,
    /// Its codes.
    pub codes: Vec<Text>,
}

impl Item for Group {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "What the set is"),
            codes: fields.required("codes", "The codes that belong to it"),
        }
    }
}

/// `units.yaml`: all units.
#[derive(Debug, Clone, Default)]
pub struct Units {
    /// The units by the name that columns and formulas use.
    pub units: Map<Unit>,
}

impl Item for Units {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self { units: fields.required("units", "Each unit by the name that columns and formulas use") }
    }
}

/// One unit of measurement.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    /// Its name in words.
    pub title: String,
    /// What it measures, such as `volume` or `alcohol/volume`.
    pub dimension: Text,
    /// How many base units one of it is, as a decimal number.
    pub factor: Text,
    /// Where the factor comes from.
    pub source: Option<String>,
}

impl Item for Unit {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The unit's name in words"),
            dimension: fields.required("dimension", "What it measures, such as volume or alcohol/volume"),
            factor: fields.required("factor", "How many base units of the dimension one of it is"),
            source: fields.optional("source", "Where the factor comes from"),
        }
    }
}

/// `quantities/ID.yaml`: what an estimate is an estimate of; figures of two quantities never stand in one column.
#[derive(Debug, Clone, Default)]
pub struct Quantity {
    /// Its name.
    pub title: String,
    /// What it is, exactly.
    pub definition: String,
    /// What stands above the line of a share.
    pub numerator: Option<String>,
    /// What stands below it.
    pub denominator: Option<String>,
    /// The unit of a level; shares have none.
    pub unit: Option<Text>,
    /// What a negative value means, and when one can occur.
    pub sign: String,
}

impl Item for Quantity {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The quantity's name"),
            definition: fields.required("definition", "What it is, exactly, and of which population"),
            numerator: fields.optional("numerator", "What stands above the line of a share"),
            denominator: fields.optional("denominator", "What stands below the line of a share"),
            unit: fields.optional("unit", "The unit of a level; a share has none"),
            sign: fields.required("sign", "What a negative value means, and when one can occur"),
        }
    }
}

/// `datasets/ID.yaml`: one table that an agency sends.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// Its name.
    pub title: String,
    /// What it holds and who keeps such figures.
    pub definition: String,
    /// What one row is.
    pub grain: String,
    /// The columns that together name a row.
    pub key: Vec<Text>,
    /// The columns, in the order of the file that a template gives.
    pub columns: Map<Column>,
}

impl Item for Dataset {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The dataset's name"),
            definition: fields.required("definition", "What it holds, and who keeps such figures"),
            grain: fields.required("grain", "What one row is"),
            key: fields.required("key", "The columns that together name a row"),
            columns: fields.required("columns", "The columns by name"),
        }
    }
}

/// What kind of value a column holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColumnType {
    /// Characters.
    #[default]
    Text,
    /// A decimal number.
    Number,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A year, quarter, month or span of years.
    Period,
}

impl Choice for ColumnType {
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("text", Self::Text, "characters, as written"),
        ("number", Self::Number, "a decimal number"),
        ("integer", Self::Integer, "a whole number"),
        ("boolean", Self::Boolean, "true or false"),
        ("date", Self::Date, "a day, 2024-06-30"),
        ("period", Self::Period, "a year 2024, quarter 2024-Q2, month 2024-06 or span of years 2016/2018"),
    ];
    const WHAT: &'static str = "a type of column";
}

/// One column of a dataset.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// What it holds, in a few words.
    pub title: String,
    /// The type of its values.
    pub data_type: ColumnType,
    /// The unit of its numbers.
    pub unit: Option<Text>,
    /// The code list that its texts come from.
    pub codes: Option<Text>,
    /// Whether a cell may not be left empty.
    pub required: bool,
    /// The least value.
    pub min: Option<Located<f64>>,
    /// The greatest value.
    pub max: Option<Located<f64>>,
    /// The column of another dataset in which its values must be found.
    pub references: Option<Text>,
}

impl Item for Column {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "What the column holds, in a few words"),
            data_type: fields.required("type", "The type of its values"),
            unit: fields.optional("unit", "The unit of its numbers, such as hl or LPA/person"),
            codes: fields.optional("codes", "The code list that its texts come from"),
            required: fields.or_default(
                "required",
                "Whether a cell may not be left empty; outside the key it may give a reason for absence instead",
            ),
            min: fields.optional("min", "The least value"),
            max: fields.optional("max", "The greatest value"),
            references: fields.optional("references", "The column of another dataset that must hold its values, as dataset.column"),
        }
    }
}

/// How much a finding weighs.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// The figure may be used, and someone should look at it.
    Warning,
    /// The figure cannot be used as it stands.
    #[default]
    Error,
}

impl Severity {
    /// The word that files and reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Choice for Severity {
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("error", Self::Error, "the figure cannot be used as it stands"),
        ("warning", Self::Warning, "the figure may be used, and someone should look at it"),
        ("info", Self::Info, "worth knowing"),
    ];
    const WHAT: &'static str = "a severity";
}

/// `rules/ID.yaml`: what must hold of a dataset.
///
/// Without `by` it is checked on each row; with `by` on each group of rows; with `by` and `order` on each row beside
/// the row before it in its group.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    /// The problem, not the cure.
    pub title: String,
    /// The dataset it is about.
    pub dataset: Text,
    /// How much a finding weighs.
    pub severity: Severity,
    /// Which rows it looks at; all where it is left out.
    pub applies: Option<Text>,
    /// What forms a group.
    pub by: Vec<Text>,
    /// What puts the rows of a group in order.
    pub order: Option<Text>,
    /// What must hold; null passes.
    pub check: Text,
    /// What to say where it does not, with `{expressions}`.
    pub message: Text,
    /// How to mend it.
    pub fix: String,
    /// Why it matters.
    pub why: String,
    /// Rows that pass and rows that fail.
    pub examples: Examples,
}

impl Item for Rule {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The problem that the rule finds, in a few words"),
            dataset: fields.required("dataset", "The dataset that the rule is about"),
            severity: fields.required("severity", "How much a finding weighs"),
            applies: fields.optional("where", "Which rows the rule looks at; all rows where it is left out"),
            by: fields.or_default("by", "What forms a group, where the check is about groups of rows"),
            order: fields
                .optional("order", "What puts the rows of a group in order, where the check uses lag"),
            check: fields.required("check", "What must hold, in the expression language; unknown passes"),
            message: fields
                .required("message", "What to say where it does not hold, with {expressions} in braces"),
            fix: fields.required("fix", "How to mend it, in the terms of the person who must"),
            why: fields.required("why", "Why it matters"),
            examples: fields.required("examples", "Rows that pass and rows that fail"),
        }
    }
}

/// The rows of one example: a row rule has one, a group rule several.
pub type ExampleRow = Map<Option<Text>>;

/// Evidence that a rule does what it says.
#[derive(Debug, Clone, Default)]
pub struct Examples {
    /// Where they stand.
    pub pass: Vec<Example>,
    /// Cases that must give a finding.
    pub fail: Vec<Example>,
}

impl Item for Examples {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            pass: fields.required("pass", "Cases that the rule must let pass"),
            fail: fields.required("fail", "Cases in which the rule must find fault"),
        }
    }
}

/// One case: a row, or a list of rows where the rule is about groups.
#[derive(Debug, Clone, Default)]
pub struct Example {
    /// The rows.
    pub rows: Vec<ExampleRow>,
    /// Where the case stands.
    pub place: (usize, usize),
}

impl Decode for Example {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        let rows = match node.content {
            crate::yaml::Content::Sequence(_) => Vec::decode(node, decoder),
            _ => vec![ExampleRow::decode(node, decoder)],
        };
        Self { rows, place: (node.span.start, node.span.end) }
    }

    fn shape() -> serde_json::Value {
        serde_json::json!({ "anyOf": [ExampleRow::shape(), Vec::<ExampleRow>::shape()] })
    }
}

impl Decode for Option<Text> {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        (node.content != crate::yaml::Content::Null).then(|| Text::decode(node, decoder))
    }

    fn shape() -> serde_json::Value {
        serde_json::json!({ "type": ["string", "number", "boolean", "null"] })
    }
}

/// `indicators/ID.yaml`: a figure computed from a dataset.
#[derive(Debug, Clone, Default)]
pub struct Indicator {
    /// Its name.
    pub title: String,
    /// What it is, exactly.
    pub definition: String,
    /// Its unit.
    pub unit: Text,
    /// The dataset it is computed from.
    pub from: Text,
    /// Which rows.
    pub applies: Option<Text>,
    /// Its dimensions.
    pub by: Vec<Text>,
    /// The formula.
    pub value: Text,
    /// How far off it may be, where the data say so.
    pub interval: Option<Interval>,
    /// The international series that it corresponds to, and how it differs.
    pub corresponds: Option<String>,
}

impl Item for Indicator {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The indicator's name"),
            definition: fields.required("definition", "What it is, exactly"),
            unit: fields.required("unit", "The unit of the value"),
            from: fields.required("from", "The dataset that it is computed from"),
            applies: fields.optional("where", "Which rows it is computed from; all where it is left out"),
            by: fields.required("by", "Its dimensions, such as territory and year(period)"),
            value: fields.required("value", "The formula, over the rows of a group"),
            interval: fields.optional("interval", "The interval that its source gives with the value"),
            corresponds: fields.optional(
                "corresponds",
                "The international series that it corresponds to, and how it differs",
            ),
        }
    }
}

/// The interval that a source publishes with a value.
#[derive(Debug, Clone, Default)]
pub struct Interval {
    /// The formula of the lower bound.
    pub low: Text,
    /// The formula of the upper bound.
    pub high: Text,
    /// The probability between them.
    pub level: Located<f64>,
}

impl Item for Interval {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            low: fields.required("low", "The formula of the lower bound"),
            high: fields.required("high", "The formula of the upper bound"),
            level: fields.required("level", "The probability between the bounds, such as 0.95"),
        }
    }
}

/// One indicator, or several that a method adds up.
#[derive(Debug, Clone, Default)]
pub struct Inputs(pub Vec<Text>);

impl Decode for Inputs {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Self {
        match node.content {
            crate::yaml::Content::Sequence(_) => Self(Vec::decode(node, decoder)),
            _ => Self(vec![Text::decode(node, decoder)]),
        }
    }

    fn shape() -> serde_json::Value {
        serde_json::json!({ "anyOf": [Text::shape(), Vec::<Text>::shape()] })
    }
}

/// How much of a category a method can see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sight {
    /// Nothing of it.
    #[default]
    None,
    /// Some of it.
    Partial,
    /// All of it.
    Full,
}

impl Choice for Sight {
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("full", Self::Full, "all of the category"),
        ("partial", Self::Partial, "some of it"),
        ("none", Self::None, "nothing of it"),
    ];
    const WHAT: &'static str = "how much a method sees";
}

/// A grade of comparability.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GradeLetter {
    /// The best.
    A,
    /// Good.
    B,
    /// Modelled.
    C,
    /// Judged.
    D,
    /// Shown only.
    #[default]
    E,
}

impl GradeLetter {
    /// The letter itself.
    pub fn word(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
        }
    }
}

impl Choice for GradeLetter {
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("A", Self::A, "the best"),
        ("B", Self::B, "good"),
        ("C", Self::C, "modelled"),
        ("D", Self::D, "judged"),
        ("E", Self::E, "shown only"),
    ];
    const WHAT: &'static str = "a grade";
}

/// `estimators/ID.yaml`: a method with the indicators and assumptions that it is given here.
#[derive(Debug, Clone, Default)]
pub struct Estimator {
    /// Its name.
    pub title: String,
    /// The method, one of those that `sikes standard show methods` lists.
    pub method: Text,
    /// The indicators it reads, by the method's own names.
    pub inputs: Map<Inputs>,
    /// What it takes as known only roughly.
    pub assumptions: Map<Assumption>,
    /// Which categories of illicit alcohol it can see.
    pub sees: Map<Sight>,
    /// What it gives.
    pub gives: Gives,
    /// The grade that it starts from.
    pub entry_grade: GradeLetter,
    /// What it is good for, and what it is not.
    pub why: String,
}

impl Item for Estimator {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "The estimator's name"),
            method: fields.required("method", "The method that it uses"),
            inputs: fields
                .required("inputs", "The indicators that the method reads, by the method's own names"),
            assumptions: fields
                .or_default("assumptions", "What is known only roughly, each a distribution with its source"),
            sees: fields.required("sees", "How much of each category the method can see"),
            gives: fields.required("gives", "What it gives"),
            entry_grade: fields.required("entry-grade", "The grade that an estimate of it starts from"),
            why: fields.required("why", "What the estimator is good for, and what it is not"),
        }
    }
}

/// What an estimator gives.
#[derive(Debug, Clone, Default)]
pub struct Gives {
    /// The quantity, an item of `quantities`.
    pub quantity: Text,
}

impl Item for Gives {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self { quantity: fields.required("quantity", "The quantity that the estimate is an estimate of") }
    }
}

/// The family of a distribution.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Family {
    /// One value, known exactly.
    #[default]
    Fixed,
    /// Normal, by mean and standard deviation.
    Normal,
    /// Uniform between two bounds.
    Uniform,
    /// Triangular, by bounds and mode.
    Triangular,
    /// PERT, by bounds and mode.
    Pert,
    /// Beta, by its two shapes.
    Beta,
}

impl Choice for Family {
    const CHOICES: &'static [(&'static str, Self, &'static str)] = &[
        ("fixed", Self::Fixed, "one value, known exactly: `value`"),
        ("normal", Self::Normal, "`mean` and `sd`"),
        ("uniform", Self::Uniform, "`low` and `high`"),
        ("triangular", Self::Triangular, "`low`, `mode` and `high`"),
        ("pert", Self::Pert, "`low`, `mode` and `high`, smoother than triangular"),
        ("beta", Self::Beta, "`alpha` and `beta`"),
    ];
    const WHAT: &'static str = "a distribution";
}

/// What is taken as known only roughly.
#[derive(Debug, Clone, Default)]
pub struct Assumption {
    /// The family.
    pub distribution: Located<Family>,
    /// The one value of a fixed assumption.
    pub value: Option<f64>,
    /// The least value.
    pub low: Option<f64>,
    /// The most likely value.
    pub mode: Option<f64>,
    /// The greatest value.
    pub high: Option<f64>,
    /// The mean.
    pub mean: Option<f64>,
    /// The standard deviation.
    pub sd: Option<f64>,
    /// The first shape.
    pub alpha: Option<f64>,
    /// The second shape.
    pub beta: Option<f64>,
    /// Who says so.
    pub source: String,
}

impl Item for Assumption {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            distribution: fields.required("distribution", "The family of the distribution"),
            value: fields.optional("value", "The one value of a fixed assumption"),
            low: fields.optional("low", "The least value"),
            mode: fields.optional("mode", "The most likely value"),
            high: fields.optional("high", "The greatest value"),
            mean: fields.optional("mean", "The mean"),
            sd: fields.optional("sd", "The standard deviation"),
            alpha: fields.optional("alpha", "The first shape of a beta distribution"),
            beta: fields.optional("beta", "The second shape of a beta distribution"),
            source: fields
                .required("source", "Who says so: a study, a measurement, or whose judgement it is"),
        }
    }
}

/// `grades.yaml`: what a grade means and what earns it.
#[derive(Debug, Clone, Default)]
pub struct Grades {
    /// The grades, best first.
    pub grades: Map<Grade>,
    /// What raises or lowers the grade that an estimator starts from.
    pub adjustments: Vec<Adjustment>,
}

impl Item for Grades {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            grades: fields.required("grades", "The grades, best first"),
            adjustments: fields
                .required("adjustments", "What raises or lowers the grade that an estimator starts from"),
        }
    }
}

/// One grade.
#[derive(Debug, Clone, Default)]
pub struct Grade {
    /// What it means.
    pub title: String,
    /// What earns it.
    pub requires: String,
    /// The standard deviation of the bias that an estimate of this grade carries, on the logit scale; none where it is never pooled.
    pub bias: Option<f64>,
}

impl Item for Grade {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            title: fields.required("title", "What the grade means"),
            requires: fields.required("requires", "What earns it"),
            bias: fields.optional("bias", "The standard deviation of the bias it carries on the logit scale; none where it is never pooled"),
        }
    }
}

/// One reason to change a grade.
#[derive(Debug, Clone, Default)]
pub struct Adjustment {
    /// A check over the facts of an estimate.
    pub when: Text,
    /// The grade is at best this one.
    pub at_best: Option<GradeLetter>,
    /// The grade is at least this one.
    pub at_least: Option<GradeLetter>,
    /// What the report says of it, with `{facts}`.
    pub because: Text,
}

impl Item for Adjustment {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            when: fields.required("when", "A check over the facts of an estimate"),
            at_best: fields.optional("at-best", "The grade is then no better than this"),
            at_least: fields.optional(
                "at-least",
                "The grade is then no worse than this, unless something else lowers it",
            ),
            because: fields.required("because", "What the report says of it, with {facts} in braces"),
        }
    }
}

/// `locales/LANGUAGE.yaml`: translations, by item.
#[derive(Debug, Clone, Default)]
pub struct Locale {
    /// The language's own name.
    pub language: String,
    /// The translations, by item such as `rules/month_missing`.
    pub items: Map<Translation>,
}

impl Item for Locale {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            language: fields.required("language", "The language's own name"),
            items: fields.required("items", "The translations, by item such as rules/month_missing"),
        }
    }
}

/// The translation of one item.
#[derive(Debug, Clone, Default)]
pub struct Translation {
    /// The digest of the English that it translates: the first 12 digits of its SHA-256.
    pub of: Text,
    /// Each translated field, by its path in the item, such as `message` or `columns.value.title`.
    pub text: Map<Text>,
}

impl Item for Translation {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            of: fields.required(
                "of",
                "The digest of the English that it translates, as `standard check` prints it",
            ),
            text: fields.required(
                "text",
                "Each translated field by its path in the item, such as message or columns.value.title",
            ),
        }
    }
}
