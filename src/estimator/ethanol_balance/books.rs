//! The two books of ethanol: what was there, and what it was delivered for.

use std::collections::BTreeMap;

use crate::estimator::numeric::sample::sum;
use crate::estimator::{Records, Refusal, Texts};

/// The grade of a row that holds every grade.
const WHOLE: &str = "all";

/// Two stocks within this part of the larger are one count, written down twice.
const SAME_COUNT: f64 = 1e-3;

/// The book of supply, over all its rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Supply {
    /// The stock at the start of the first row.
    pub(super) opening: f64,
    /// The stock at the end of the last row.
    pub(super) closing: f64,
    pub(super) production: f64,
    pub(super) imports: f64,
    pub(super) lost: f64,
    pub(super) notes: Vec<String>,
}

impl Supply {
    pub(super) fn read(table: &Records) -> Result<Self, Refusal> {
        if table.rows() == 0 {
            return Err(Refusal::new("the supply of ethanol has no rows", "give the supply of the year"));
        }
        let grades = table.texts("grade")?;
        let chosen = Chosen::of(table, |_| String::new(), grades)?;
        let column = |name: &str| chosen.known(table, name);
        let (opening, closing) = (column("opening_stock")?, column("closing_stock")?);
        let mut ends = (Vec::new(), Vec::new());
        for rows in chosen.by_grade.values() {
            let (first, last) = ends_of_stocks(pick(rows, opening), pick(rows, closing));
            ends.0.extend(first);
            ends.1.extend(last);
        }
        let total = |name: &str| Ok::<f64, Refusal>(sum(chosen.pick(column(name)?)));
        let lost = if table.has("lost") { total("lost")? } else { 0.0 };
        let rows_of_a_grade = chosen.by_grade.values().map(Vec::len).max().unwrap_or(0);
        let mut notes = Vec::new();
        if !matches!(rows_of_a_grade, 1 | 4 | 12) {
            notes.push(format!(
                "the supply has {rows_of_a_grade} rows of one grade, which are neither a year nor its quarters nor its months"
            ));
        }
        Ok(Self {
            opening: sum(ends.0),
            closing: sum(ends.1),
            production: total("production")?,
            imports: total("imports")?,
            lost,
            notes,
        })
    }
}

/// The book of deliveries, over all its rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Use {
    /// For a declared purpose, exports among them.
    pub(super) declared: f64,
    /// Of these, for export.
    pub(super) exported: f64,
    /// Of these, denatured before use; none where that is not told.
    pub(super) denatured: Option<f64>,
    /// Without a declared purpose.
    pub(super) undeclared: f64,
    pub(super) notes: Vec<String>,
}

impl Use {
    pub(super) fn read(table: &Records) -> Result<Self, Refusal> {
        let (purposes, grades) = (table.texts("purpose")?, table.texts("grade")?);
        let purpose = |row: usize| purposes.get(row).unwrap_or("unknown").to_owned();
        let chosen = Chosen::of(table, purpose, grades)?;
        let delivered = chosen.known(table, "delivered")?;
        let of = |is_wanted: &dyn Fn(&str) -> bool| {
            sum(chosen.rows().filter(|row| is_wanted(&purpose(*row))).map(|row| delivered[row]))
        };
        let declared = of(&|purpose| purpose != "unknown");
        let denatured = if table.has("denatured") {
            let denatured = table.numbers("denatured")?;
            let known = chosen.rows().map(|row| denatured[row]).filter(|value| !value.is_nan());
            Some(sum(known))
        } else {
            None
        };
        let mut notes = Vec::new();
        if chosen.by_grade.is_empty() {
            notes.push(
                "no use of ethanol is declared at all, so that everything counts as unaccounted".to_owned(),
            );
        }
        Ok(Self {
            declared,
            exported: of(&|purpose| purpose == "export"),
            denatured,
            undeclared: of(&|purpose| purpose == "unknown"),
            notes,
        })
    }
}

/// The rows that add up: of each kind those of all grades, or else those of each grade.
struct Chosen {
    by_grade: BTreeMap<(String, String), Vec<usize>>,
}

impl Chosen {
    fn of(table: &Records, kind: impl Fn(usize) -> String, grades: &Texts) -> Result<Self, Refusal> {
        let mut by_grade: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for row in 0..table.rows() {
            let grade = grades.get(row).unwrap_or_default().to_owned();
            by_grade.entry((kind(row), grade)).or_default().push(row);
        }
        let whole: BTreeMap<String, usize> = by_grade
            .iter()
            .filter(|((_, grade), _)| grade == WHOLE)
            .map(|((kind, _), rows)| (kind.clone(), rows.len()))
            .collect();
        for ((kind, grade), rows) in &by_grade {
            if let Some(most) = whole.get(kind).filter(|most| rows.len() > **most) {
                return Err(Refusal::new(
                    format!(
                        "the {} of ethanol has {} rows of grade {grade} and {most} of all grades together, so that some periods would be left out",
                        table.input(),
                        rows.len()
                    ),
                    "give all grades together for every period, or for none",
                ));
            }
        }
        by_grade.retain(|(kind, grade), _| grade == WHOLE || !whole.contains_key(kind));
        Ok(Self { by_grade })
    }

    fn rows(&self) -> impl Iterator<Item = usize> {
        self.by_grade.values().flatten().copied()
    }

    fn pick(&self, column: &[f64]) -> Vec<f64> {
        self.rows().map(|row| column[row]).collect()
    }

    /// A column that is known in every chosen row.
    fn known<'t>(&self, table: &'t Records, name: &str) -> Result<&'t [f64], Refusal> {
        let numbers = table.numbers(name)?;
        let unknown = self.rows().filter(|row| numbers[*row].is_nan()).count();
        if unknown == 0 {
            return Ok(numbers);
        }
        let rows = self.rows().count();
        Err(Refusal::new(
            format!("{name} is unknown in {unknown} of {rows} rows of the {} of ethanol", table.input()),
            format!("give {name} in every row"),
        ))
    }
}

fn pick(rows: &[usize], column: &[f64]) -> Vec<f64> {
    rows.iter().map(|row| column[*row]).collect()
}

/// The opening and closing stocks that no other row repeats as the end before it or the start after it.
fn ends_of_stocks(mut opening: Vec<f64>, mut closing: Vec<f64>) -> (Vec<f64>, Vec<f64>) {
    opening.sort_unstable_by(f64::total_cmp);
    closing.sort_unstable_by(f64::total_cmp);
    // Of n rows in a line at most n - 1 follow another.
    let mut left = opening.len().saturating_sub(1);
    let mut ends = (Vec::new(), Vec::new());
    let (mut opens, mut closes) = (opening.into_iter().peekable(), closing.into_iter().peekable());
    while let (Some(open), Some(close)) = (opens.peek().copied(), closes.peek().copied()) {
        if left > 0 && (open - close).abs() <= SAME_COUNT * open.max(close) {
            left -= 1;
            opens.next();
            closes.next();
        } else if open <= close {
            ends.0.extend(opens.next());
        } else {
            ends.1.extend(closes.next());
        }
    }
    ends.0.extend(opens);
    ends.1.extend(closes);
    ends
}
