//! The auxiliary variables of a sample with their known totals.

use super::Margin;
use super::products::Products;
use crate::estimator::numeric::sample::{Running, sum};

/// More totals than this are a population and no margins.
const MOST_TOTALS: usize = 500;

/// The auxiliary variables of all rows: numbers, and groups as variables that are 1 in their rows and 0 elsewhere.
#[derive(Debug, Clone)]
pub(super) struct Auxiliary<'a> {
    margins: &'a [Margin<'a>],
    /// The place of the first variable of each margin.
    starts: Vec<usize>,
    count: usize,
    rows: usize,
}

impl<'a> Auxiliary<'a> {
    /// Refuses columns of different lengths, rows without a value or group, and groups that add up to different populations.
    pub(super) fn new(rows: usize, margins: &'a [Margin<'a>]) -> Result<Self, String> {
        let (mut starts, mut count) = (Vec::new(), 0);
        for margin in margins {
            margin.check(rows)?;
            starts.push(count);
            count += match margin {
                Margin::Number { .. } => 1,
                Margin::Groups { totals, .. } => totals.len(),
            };
        }
        if count == 0 || count > MOST_TOTALS {
            return Err(format!("there are {count} totals, and there must be 1 to {MOST_TOTALS}"));
        }
        let mut sums = margins.iter().filter_map(Margin::sum_of_groups);
        if let Some((first, whole)) = sums.next()
            && let Some((other, sum)) = sums.find(|(_, sum)| (sum - whole).abs() > SAME * whole.abs())
        {
            return Err(format!(
                "the totals of {other} add up to {sum} and those of {first} to {whole}, and must be of one population"
            ));
        }
        Ok(Self { margins, starts, count, rows })
    }

    /// The variables of a row that are not zero, with their places.
    fn of(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.margins.iter().zip(&self.starts).map(move |(margin, start)| match margin {
            Margin::Number { values, .. } => (*start, values[row]),
            Margin::Groups { group, .. } => (start + group[row] as usize, 1.0),
        })
    }

    /// What slopes of the variables make of a row.
    pub(super) fn predict(&self, row: usize, slopes: &[f64]) -> f64 {
        self.of(row).map(|(place, value)| slopes[place] * value).sum()
    }

    /// The totals of the variables with these weights.
    pub(super) fn totals(&self, weight: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut totals = vec![Running::default(); self.count];
        for row in 0..self.rows {
            for (place, value) in self.of(row) {
                totals[place].add(weight(row) * value);
            }
        }
        totals.into_iter().map(Running::value).collect()
    }

    /// The products of the variables with these weights.
    pub(super) fn products(&self, weight: impl Fn(usize) -> f64) -> Products {
        Products::new(self.count, (0..self.rows).map(|row| (weight(row), self.of(row))))
    }

    /// The known totals.
    pub(super) fn wanted(&self) -> Vec<f64> {
        self.margins
            .iter()
            .flat_map(|margin| match margin {
                Margin::Number { total, .. } => vec![*total],
                Margin::Groups { totals, .. } => totals.iter().map(|(_, total)| *total).collect(),
            })
            .collect()
    }

    /// What each total is measured by: itself, or what the sample adds up to whatever the signs.
    pub(super) fn scale(&self, weights: &[f64]) -> Vec<f64> {
        let mut scale = vec![0.0; self.count];
        for (row, weight) in weights.iter().enumerate() {
            for (place, value) in self.of(row) {
                scale[place] += weight * value.abs();
            }
        }
        scale
            .iter()
            .zip(self.wanted())
            .map(|(sampled, wanted)| sampled.max(wanted.abs()).max(f64::MIN_POSITIVE))
            .collect()
    }

    /// The name of a variable: the margin and, where it has any, the group.
    pub(super) fn name(&self, place: usize) -> String {
        let at = self.starts.partition_point(|start| *start <= place) - 1;
        match &self.margins[at] {
            Margin::Number { name, .. } => (*name).to_owned(),
            Margin::Groups { name, totals, .. } => format!("{name} {}", totals[place - self.starts[at]].0),
        }
    }

    /// Refuses totals that no weights of these rows can meet: of what the sample does not hold, or against each other.
    pub(super) fn check_against_sample(&self, weights: &[f64], products: &Products) -> Result<(), String> {
        let wanted = self.wanted();
        if let Some(place) = (0..self.count).find(|place| products.is_empty(*place) && wanted[*place] != 0.0)
        {
            let (name, total) = (self.name(place), wanted[place]);
            return Err(format!("the sample holds nothing of {name}, whose total is {total}"));
        }
        let scale = self.scale(weights);
        for (place, parts) in products.dependent() {
            let implied = sum(parts.iter().map(|(other, part)| part * wanted[*other]));
            let size =
                parts.iter().map(|(other, part)| (part * wanted[*other]).abs()).fold(scale[*place], f64::max);
            if (implied - wanted[*place]).abs() > SAME * size {
                let others: Vec<String> = parts.iter().map(|(other, _)| self.name(*other)).collect();
                return Err(format!(
                    "in the sample {} follows from {}, whose totals make {}, and its total is {}",
                    self.name(*place),
                    others.join(", "),
                    shown(implied),
                    wanted[*place]
                ));
            }
        }
        Ok(())
    }
}

/// Totals that differ by less come from one population; what is printed with few digits does not.
const SAME: f64 = 1e-8;

impl Margin<'_> {
    fn check(&self, rows: usize) -> Result<(), String> {
        let of_length = |name: &str, length: usize| {
            if length == rows {
                Ok(())
            } else {
                Err(format!("{name} has {length} rows, and the weights have {rows}"))
            }
        };
        match self {
            Margin::Number { name, values, total } => {
                of_length(name, values.len())?;
                if !total.is_finite() {
                    return Err(format!("the total of {name} is {total}, and must be a number"));
                }
                match values.iter().position(|value| !value.is_finite()) {
                    Some(row) => Err(format!("row {} has no {name}", row + 1)),
                    None => Ok(()),
                }
            }
            Margin::Groups { name, group, totals } => {
                of_length(name, group.len())?;
                if let Some((level, total)) =
                    totals.iter().find(|(_, total)| !(*total >= 0.0 && total.is_finite()))
                {
                    return Err(format!(
                        "the total of {name} {level} is {total}, and must be a number from 0"
                    ));
                }
                match group.iter().position(|group| *group as usize >= totals.len()) {
                    Some(row) => Err(format!("row {} is in no group of {name} that has a total", row + 1)),
                    None => Ok(()),
                }
            }
        }
    }

    fn sum_of_groups(&self) -> Option<(&str, f64)> {
        match self {
            Margin::Number { .. } => None,
            Margin::Groups { name, totals, .. } => Some((*name, sum(totals.iter().map(|(_, total)| *total)))),
        }
    }
}

/// A number without the digits that rounding left.
pub(super) fn shown(number: f64) -> f64 {
    format!("{number:.9e}").parse().unwrap_or(number)
}
