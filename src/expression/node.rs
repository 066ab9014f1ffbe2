//! A checked expression as a tree of vector operations, and its evaluation.

use std::fmt;
use std::sync::Arc;

use crate::table::Column;

use super::vector::{Scalar, Vector, numbers_by_row, texts_by_row};

/// What an operator or function does with the vectors of its operands, for this many rows.
pub(crate) type Kernel = Arc<dyn Fn(&[Vector], usize) -> Vector + Send + Sync>;

/// One step of a program, with the steps that feed it.
#[derive(Clone)]
pub(crate) enum Node {
    /// A column by its place.
    Column(usize),
    /// The same value in all rows.
    Constant(Scalar),
    /// The reasons why cells of a column are empty.
    Absence(usize),
    /// How far written numbers may be from what they were rounded from.
    Rounding(Vec<usize>),
    /// An operation.
    Apply(Kernel, Vec<Node>),
}

impl fmt::Debug for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column(index) => write!(formatter, "Column({index})"),
            Self::Constant(value) => write!(formatter, "Constant({value:?})"),
            Self::Absence(index) => write!(formatter, "Absence({index})"),
            Self::Rounding(indices) => write!(formatter, "Rounding({indices:?})"),
            Self::Apply(_, operands) => formatter.debug_tuple("Apply").field(operands).finish(),
        }
    }
}

impl Node {
    /// An operation on operands; on constants alone it is done here and now.
    pub(crate) fn apply(
        operands: Vec<Self>,
        kernel: impl Fn(&[Vector], usize) -> Vector + Send + Sync + 'static,
    ) -> Self {
        let constants: Option<Vec<Vector>> = operands
            .iter()
            .map(|operand| match operand {
                Self::Constant(value) => Some(Vector::Constant(value.clone())),
                _ => None,
            })
            .collect();
        match constants {
            Some(constants) => Self::Constant(kernel(&constants, 1).scalar(0)),
            None => Self::Apply(Arc::new(kernel), operands),
        }
    }

    /// The values over the rows of these columns.
    pub(crate) fn evaluate(&self, columns: &[&Column], rows: usize) -> Vector {
        match self {
            Self::Column(index) => Vector::from(&columns[*index].values),
            Self::Constant(value) => Vector::Constant(value.clone()),
            Self::Absence(index) => absences(columns[*index], rows),
            Self::Rounding(indices) => rounding(indices, columns, rows),
            Self::Apply(kernel, operands) => {
                let operands: Vec<Vector> =
                    operands.iter().map(|operand| operand.evaluate(columns, rows)).collect();
                kernel(&operands, rows)
            }
        }
    }

    /// Adds the columns that are read.
    pub(crate) fn read_columns(&self, into: &mut Vec<usize>) {
        match self {
            Self::Column(index) | Self::Absence(index) => into.push(*index),
            Self::Rounding(indices) => into.extend(indices),
            Self::Constant(_) => {}
            Self::Apply(_, operands) => operands.iter().for_each(|operand| operand.read_columns(into)),
        }
    }
}

fn absences(column: &Column, rows: usize) -> Vector {
    if column.absences.is_empty() {
        return Vector::Constant(Scalar::Null);
    }
    texts_by_row(rows, |row| column.absences[row].map(crate::table::Absence::word))
}

/// Half a unit of the last written digit of each number, plus what arithmetic in binary may lose.
///
/// An empty cell adds nothing: where it matters, the sum that is compared is null already.
/// A column that was computed and not read from text has no digits, so only the guard remains.
fn rounding(indices: &[usize], columns: &[&Column], rows: usize) -> Vector {
    let mut sum = vec![0.0; rows];
    for index in indices {
        let column = columns[*index];
        let values = Vector::from(&column.values);
        for (row, sum) in sum.iter_mut().enumerate() {
            let Some(value) = values.number(row) else { continue };
            let half = column.decimals.get(row).map_or(0.0, |decimals| half_unit(*decimals));
            *sum += half + 4.0 * f64::EPSILON * value.abs();
        }
    }
    numbers_by_row(rows, |row| Some(sum[row]))
}

/// Half of ten to the power of minus this many decimals; powers of ten are exact in floats up to 22.
fn half_unit(decimals: i8) -> f64 {
    let power = (0..decimals.unsigned_abs()).fold(1.0, |power, _| power * 10.0);
    if decimals < 0 { 0.5 * power } else { 0.5 / power }
}
