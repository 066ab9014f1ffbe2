//! Tables for tests.

use crate::estimator::{Records, Texts, Values};

/// A column.
#[derive(Debug, Clone)]
pub(in crate::estimator) enum Cell {
    Numbers(Vec<f64>),
    Texts(Vec<&'static str>),
}

/// A table of the place that tests ask for; an empty text is an empty cell.
pub(in crate::estimator) fn table(input: &str, columns: &[(&str, Cell)]) -> Records {
    let columns = columns
        .iter()
        .map(|(name, cell)| {
            let values = match cell {
                Cell::Numbers(numbers) => Values::Numbers(numbers.clone()),
                Cell::Texts(texts) => Values::Texts(Texts::of(
                    texts.iter().map(|text| Some(*text).filter(|text| !text.is_empty())),
                )),
            };
            ((*name).to_owned(), values)
        })
        .collect();
    Records::new(input, "bottles", ("PA", "2024"), columns, 1).expect("columns of one length")
}

/// Eight bottles of one size in two strata of two clusters, one a unit.
pub(in crate::estimator) fn bottles(part: &[f64]) -> Vec<(&'static str, Cell)> {
    vec![
        ("part", Cell::Numbers(part.to_vec())),
        ("whole", Cell::Numbers(vec![1.0; 8])),
        ("weight", Cell::Numbers(vec![2.0; 8])),
        (
            "stratum",
            Cell::Texts(vec!["north", "north", "north", "north", "south", "south", "south", "south"]),
        ),
        ("cluster", Cell::Texts(vec!["1", "1", "2", "2", "1", "1", "2", "2"])),
        ("unit", Cell::Texts(vec!["a", "b", "c", "d", "e", "f", "g", "h"])),
    ]
}
