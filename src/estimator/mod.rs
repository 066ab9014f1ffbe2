//! Estimation methods: numbers in, an estimate or a refusal out.
//!
//! A method knows nothing of YAML, tables or files. Adding one is one file beside this, a `mod` line and a line in [`METHODS`];
//! what methods share in numerics stands in [`numeric`]. The doc comment of a method is its documentation.

/// Declares a method; its doc comment becomes [`Method::doc`].
macro_rules! method {
    ($(#[doc = $line:literal])+ $name:ident { $($field:ident: $value:expr),+ $(,)? }) => {
        $(#[doc = $line])+
        pub static $name: $crate::estimator::Method =
            $crate::estimator::Method { doc: concat!($($line, "\n"),+), $($field: $value),+ };
    };
}

mod answer;
mod call;
mod panel;
mod sensitive;

pub mod apc_decomposition;
pub mod benchmarking;
pub mod bottom_up_market;
pub mod chao_lower_bound;
pub mod currency_demand;
pub mod demand_gap;
pub mod design_based;
pub mod discarded_containers;
pub mod expert_pool;
pub mod forecast_error;
pub mod gtric;
pub mod harm_residual;
pub mod horvitz_thompson;
pub mod imperfect_test;
pub mod interception_scaling;
mod ledger;
pub mod level_from_share;
pub mod list_experiment;
pub mod mimic;
pub mod mirror_asymmetry;
pub mod multiple_systems;

pub mod ethanol_balance;
pub mod numeric;
pub mod partial_verification;
pub mod randomised_response;
pub mod repeat_counts;
pub mod residual;
pub mod small_area;
pub mod stamp_reconciliation;
pub mod supply_balance;
pub mod survey_undercoverage;
pub mod suspended_discharge;
pub mod two_lists;

pub use answer::{Estimate, Part, Reading, Refusal, Step};
use call::delta_method;
pub use call::{Argument, Call, Draws, Place, Records, Texts, Values};

/// All methods, in the order of their names.
pub static METHODS: &[&Method] = &[
    &apc_decomposition::METHOD,
    &benchmarking::METHOD,
    &bottom_up_market::METHOD,
    &chao_lower_bound::METHOD,
    &currency_demand::METHOD,
    &demand_gap::METHOD,
    &design_based::METHOD,
    &discarded_containers::METHOD,
    &ethanol_balance::METHOD,
    &expert_pool::METHOD,
    &forecast_error::METHOD,
    &gtric::METHOD,
    &harm_residual::METHOD,
    &horvitz_thompson::METHOD,
    &imperfect_test::METHOD,
    &interception_scaling::METHOD,
    &level_from_share::METHOD,
    &list_experiment::METHOD,
    &mimic::METHOD,
    &mirror_asymmetry::METHOD,
    &multiple_systems::METHOD,
    &partial_verification::METHOD,
    &randomised_response::METHOD,
    &repeat_counts::METHOD,
    &residual::METHOD,
    &small_area::METHOD,
    &stamp_reconciliation::METHOD,
    &supply_balance::METHOD,
    &survey_undercoverage::METHOD,
    &suspended_discharge::METHOD,
    &two_lists::METHOD,
];

/// The method of this name.
pub fn method(name: &str) -> Option<&'static Method> {
    METHODS.iter().copied().find(|method| method.name == name)
}

/// A way from figures to an estimate.
#[derive(Debug)]
pub struct Method {
    /// Names the method in a standard; also the stem of its file.
    pub name: &'static str,
    /// The doc comment as written; [`Method::documentation`] is the text to print.
    pub doc: &'static str,
    /// How far it looks.
    pub reach: Reach,
    /// What it works from.
    pub inputs: &'static [Input],
    /// The laws that the standard must state, each with a source.
    pub assumptions: &'static [Law],
    /// The quantities it can give.
    pub gives: &'static [Quantity],
    /// Gives one of them, or says why not.
    pub run: fn(&Call<'_>) -> Result<Estimate, Refusal>,
}

impl Method {
    /// The first line of the documentation.
    pub fn title(&self) -> &'static str {
        self.doc.lines().next().unwrap_or_default().trim().trim_end_matches('.')
    }

    /// The documentation: a title, then what it assumes, its formula, when it fails and its references.
    pub fn documentation(&self) -> String {
        self.doc
            .lines()
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .fold(String::new(), |text, line| text + line + "\n")
    }
}

/// Up to this fraction of draws may have nothing to divide by; above it there is no estimate. The interval's ends are
/// quantiles far inside, so that such draws cannot move them.
const MOST_WITHOUT_DENOMINATOR: f64 = 0.001;

/// How far a method looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// At the territory and period that are asked for.
    Place,
    /// At all periods of the territory.
    Series,
    /// At all territories in the period.
    Peers,
    /// At everything.
    All,
}

/// Whether a method can do without an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The standard must name it, and without the figure there is no estimate.
    Always,
    /// The standard may leave it out; where it is named it is part of what is estimated, so that without the figure there
    /// is no estimate.
    WhereNamed,
    /// There is an estimate without it.
    Optional,
}

/// What a method asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// What the standard calls it.
    pub name: &'static str,
    /// What it is, in a line.
    pub doc: &'static str,
    /// Whether there is an estimate without it.
    pub need: Need,
    /// Its form.
    pub takes: Takes,
}

/// The form of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Figures: values of indicators.
    Figures {
        /// Whether several indicators may fill it.
        many: bool,
        /// The dimensions beside territory and period that each of its indicators has.
        by: &'static [&'static str],
        /// What they are measured in.
        unit: Measure,
    },
    /// The rows of a dataset.
    Records {
        /// The columns that are read of them.
        columns: &'static [Column],
    },
}

/// What numbers are measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// In one unit, whichever it is, with all others of the method that have this letter.
    Alike(&'static str),
    /// In exactly this unit.
    Of(&'static str),
    /// In none: a share or a count.
    Share,
    /// In any.
    Any,
}

/// A column of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// What the standard calls it.
    pub name: &'static str,
    /// What it is, in a line.
    pub doc: &'static str,
    /// What stands in it.
    pub holds: Holds,
    /// Whether the method can do without it.
    pub need: Need,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Numbers.
    Numbers(Measure),
    /// Names and codes; a date or a period is one too.
    Texts,
}

/// Something that a method takes as known only roughly; the standard states its distribution, with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Law {
    /// What the standard calls it.
    pub name: &'static str,
    /// What it is, in a line.
    pub doc: &'static str,
    /// Whether there is an estimate without it.
    pub need: Need,
}

/// Something that a method can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// What the standard calls it.
    pub name: &'static str,
    /// What it is, in a line.
    pub doc: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_file_is_a_method_and_every_method_a_file() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/estimator");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the folder of this file")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
            .map(|path| path.file_stem().expect("a stem").to_string_lossy().into_owned())
            .filter(|stem| stem != "mod")
            .collect();
        let names: Vec<String> = METHODS.iter().map(|method| method.name.to_owned()).collect();
        assert!(names.is_sorted(), "{names:?}");
        assert_eq!(names.into_iter().collect::<BTreeSet<_>>(), files);
    }

    #[test]
    fn every_method_says_what_it_assumes_computes_fails_at_and_rests_on() {
        for method in METHODS {
            let text = method.documentation();
            let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("# ")).collect();
            assert_eq!(
                headings,
                ["# Assumes", "# Formula", "# Fails when", "# References"],
                "{}",
                method.name
            );
            assert!(!method.title().is_empty() && !method.gives.is_empty());
        }
    }
}
