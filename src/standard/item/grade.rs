//! What a grade means and what earns it: `grades.yaml`.

use super::Text;
use crate::yaml::{Choice, Fields, Item, Map};

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

/// `grades.yaml`: what a grade means and what earns it.
#[derive(Debug, Clone, Default)]
pub struct Grades {
    /// The grades, best first.
    pub grades: Map<Grade>,
    /// What raises or lowers the grade that an estimator starts from.
    pub adjustments: Vec<Adjustment>,
    /// Indicators that adjustments may speak of, by the names that they use.
    pub facts: Map<Text>,
}

impl Item for Grades {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            grades: fields.required("grades", "The grades, best first"),
            facts: fields
                .or_default("facts", "Indicators that adjustments may speak of, by the names that they use"),
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
    /// The estimators that it is about; all where it is left out.
    pub of: Vec<Text>,
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
            of: fields.or_default("of", "The estimators that it is about; all where it is left out"),
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
