//! The rows of a dataset as a method reads them: columns of one length.

use crate::estimator::Refusal;
use crate::estimator::numeric::draw::Stream;

/// A table of one territory and period.
#[derive(Debug, Clone, PartialEq)]
pub struct Records {
    input: String,
    dataset: String,
    territory: String,
    period: String,
    seed: u64,
    rows: usize,
    columns: Vec<(String, Values)>,
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers; not a number where the cell is empty.
    Numbers(Vec<f64>),
    /// Names and codes.
    Texts(Texts),
}

impl Values {
    /// How many rows.
    pub fn rows(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts(texts) => texts.codes.len(),
        }
    }
}

/// A column of names, each kept once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    codes: Vec<Option<u32>>,
    names: Vec<String>,
}

impl Texts {
    /// A column by the place of each row's name; none where the cell is empty. Refuses a place that no name stands at.
    pub fn new(codes: Vec<Option<u32>>, names: Vec<String>) -> Result<Self, String> {
        let has_name = |code: &u32| usize::try_from(*code).is_ok_and(|code| code < names.len());
        match codes.iter().flatten().find(|code| !has_name(code)) {
            Some(code) => Err(format!("there is no name {code} among {}", names.len())),
            None => Ok(Self { codes, names }),
        }
    }

    /// A column from what stands in each row.
    pub fn of<'a>(cells: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut places = std::collections::BTreeMap::new();
        let mut texts = Self::default();
        for cell in cells {
            let code = cell.map(|cell| {
                *places.entry(cell.to_owned()).or_insert_with(|| {
                    texts.names.push(cell.to_owned());
                    u32::try_from(texts.names.len() - 1).expect("a table has fewer rows than 2^32")
                })
            });
            texts.codes.push(code);
        }
        texts
    }

    /// The name in a row; none where the cell is empty.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.code(row).map(|code| self.names[code as usize].as_str())
    }

    /// The place of a row's name among [`Self::names`].
    pub fn code(&self, row: usize) -> Option<u32> {
        self.codes.get(row).copied().flatten()
    }

    /// The names, each once, in the order in which they are first seen.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

impl Records {
    /// A table that fills an input; `dataset` names what its draws belong to. Refuses columns of different lengths.
    pub fn new(
        input: impl Into<String>,
        dataset: impl Into<String>,
        (territory, period): (&str, &str),
        columns: Vec<(String, Values)>,
        seed: u64,
    ) -> Result<Self, String> {
        let rows = columns.first().map_or(0, |(_, values)| values.rows());
        if let Some((name, values)) = columns.iter().find(|(_, values)| values.rows() != rows) {
            return Err(format!("the column {name} has {} rows, and the first has {rows}", values.rows()));
        }
        Ok(Self {
            input: input.into(),
            dataset: dataset.into(),
            territory: territory.to_owned(),
            period: period.to_owned(),
            seed,
            rows,
            columns,
        })
    }

    /// The name of the input that it fills.
    pub fn input(&self) -> &str {
        &self.input
    }

    /// The dataset, the territory and the period, which name its draws.
    pub fn name(&self) -> String {
        format!("{}|{}|{}", self.dataset, self.territory, self.period)
    }

    /// The territory.
    pub fn territory(&self) -> &str {
        &self.territory
    }

    /// The period.
    pub fn period(&self) -> &str {
        &self.period
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether the standard fills a column.
    pub fn has(&self, column: &str) -> bool {
        self.column(column).is_some()
    }

    /// The numbers of a column; not a number where the cell is empty.
    pub fn numbers(&self, column: &str) -> Result<&[f64], Refusal> {
        match self.column(column) {
            Some(Values::Numbers(numbers)) => Ok(numbers),
            found => Err(self.lacks(column, found, "numbers")),
        }
    }

    /// The names in a column.
    pub fn texts(&self, column: &str) -> Result<&Texts, Refusal> {
        match self.column(column) {
            Some(Values::Texts(texts)) => Ok(texts),
            found => Err(self.lacks(column, found, "texts")),
        }
    }

    /// A stream of numbers that belongs to the table: every method that reads the dataset here sees the same.
    pub fn stream(&self, part: &str) -> Stream {
        Stream::new(self.seed, &format!("{}|{part}", self.name()))
    }

    /// The same table with other draws.
    pub fn reseeded(&self, seed: u64) -> Self {
        Self { seed, ..self.clone() }
    }

    fn column(&self, name: &str) -> Option<&Values> {
        self.columns.iter().find(|(known, _)| known == name).map(|(_, values)| values)
    }

    fn lacks(&self, column: &str, found: Option<&Values>, wanted: &str) -> Refusal {
        let input = &self.input;
        let reason = match found {
            None => format!("the {input} have no column {column}"),
            Some(_) => format!("the column {column} of the {input} holds no {wanted}"),
        };
        Refusal::new(reason, format!("fill {column} in the item of the standard"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_keeps_each_name_once() {
        let texts = Texts::of([Some("north"), None, Some("south"), Some("north")]);
        assert_eq!((texts.get(3), texts.get(1), texts.code(2)), (Some("north"), None, Some(1)));
        assert_eq!(texts.names(), ["north", "south"]);
        assert!(Texts::new(vec![Some(1)], vec!["north".to_owned()]).is_err());
        let columns = vec![
            ("stratum".to_owned(), Values::Texts(texts)),
            ("part".to_owned(), Values::Numbers(vec![1.0, 2.0, f64::NAN, 4.0])),
        ];
        let table = Records::new("records", "bottles", ("PA", "2024"), columns, 1).expect("of one length");
        assert_eq!((table.rows(), table.has("weight")), (4, false));
        assert_eq!(table.numbers("part").map(<[f64]>::len), Ok(4));
        let refused = |column| table.numbers(column).expect_err("no numbers").reason;
        assert_eq!(refused("weight"), "the records have no column weight");
        assert_eq!(refused("stratum"), "the column stratum of the records holds no numbers");
        let other = table.reseeded(2);
        assert_ne!(table.stream("a").uniform(0).to_bits(), other.stream("a").uniform(0).to_bits());
    }

    #[test]
    fn columns_of_different_lengths_are_refused() {
        let columns = vec![
            ("a".to_owned(), Values::Numbers(vec![1.0])),
            ("b".to_owned(), Values::Numbers(vec![1.0, 2.0])),
        ];
        let refused =
            Records::new("records", "bottles", ("PA", "2024"), columns, 1).expect_err("two lengths");
        assert!(refused.contains("b has 2 rows"), "{refused}");
    }
}
