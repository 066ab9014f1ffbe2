//! The kinds of item that a standard is made of, one folder of the standard and one file here each, as their authors
//! write them.
//!
//! What is read here is the form alone; [`crate::compile`] checks what the words mean to each other.

mod code_list;
mod dataset;
mod estimator;
mod grade;
mod header;
mod indicator;
mod locale;
mod quantity;
mod rule;
mod unit;

pub use code_list::{Code, CodeList, Correspondence, Group, Property};
pub use dataset::{Column, ColumnType, Dataset, Design};
pub use estimator::{Assumption, Basis, Estimator, Family, Gives, Inputs, Records, Sight};
pub use grade::{Adjustment, Grade, GradeLetter, Grades};
pub use header::{Header, Status};
pub use indicator::{Indicator, Interval};
pub use locale::{Locale, Translation};
pub use quantity::Quantity;
pub use rule::{Example, ExampleRow, Examples, Operand, Rule, Severity};
pub use unit::{Unit, Units};

use crate::yaml::{Decode, Decoder, Located, Node, read_item, schema_of};

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
    Property,
    Correspondence,
    Units,
    Unit,
    Quantity,
    Dataset,
    Column,
    Design,
    Rule,
    Examples,
    Indicator,
    Interval,
    Estimator,
    Records,
    Assumption,
    Gives,
    Grades,
    Grade,
    Adjustment,
    Locale,
    Translation,
);
