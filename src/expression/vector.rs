//! The values of a subexpression over a batch of rows, and the loops that every operator is made of.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::{Array, BooleanArray, Date32Array, Float64Array, StringArray};

use crate::table::Values;

use super::Kind;

/// One value, or none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar {
    Null,
    Boolean(bool),
    Number(f64),
    Text(Arc<str>),
    Date(i32),
}

/// One value a row; a constant is held once, however many rows there are.
#[derive(Debug, Clone)]
pub(crate) enum Vector {
    Constant(Scalar),
    Boolean(BooleanArray),
    Number(Float64Array),
    Text(StringArray),
    Date(Date32Array),
}

impl From<&Values> for Vector {
    fn from(values: &Values) -> Self {
        match values {
            Values::Boolean(array) => Self::Boolean(array.clone()),
            Values::Number(array) => Self::Number(array.clone()),
            Values::Text(array) => Self::Text(array.clone()),
            Values::Date(array) => Self::Date(array.clone()),
        }
    }
}

impl Vector {
    /// The vector as a column of a kind; a constant is repeated for each row.
    pub(crate) fn into_values(self, kind: &Kind, rows: usize) -> Values {
        match self {
            Self::Boolean(array) => Values::Boolean(array),
            Self::Number(array) => Values::Number(array),
            Self::Text(array) => Values::Text(array),
            Self::Date(array) => Values::Date(array),
            Self::Constant(_) => match kind {
                Kind::Boolean => Values::Boolean(std::iter::repeat_n(self.boolean(0), rows).collect()),
                Kind::Number(_) => Values::Number(std::iter::repeat_n(self.number(0), rows).collect()),
                Kind::Text | Kind::Code(_) | Kind::Period => {
                    Values::Text(std::iter::repeat_n(self.text(0), rows).collect())
                }
                Kind::Date => Values::Date(std::iter::repeat_n(self.date(0), rows).collect()),
            },
        }
    }

    /// The truth of a row, if the vector holds truths and this row one.
    pub(crate) fn boolean(&self, row: usize) -> Option<bool> {
        match self {
            Self::Constant(Scalar::Boolean(value)) => Some(*value),
            Self::Boolean(array) if array.is_valid(row) => Some(array.value(row)),
            _ => None,
        }
    }

    /// The number of a row, if the vector holds numbers and this row one.
    pub(crate) fn number(&self, row: usize) -> Option<f64> {
        match self {
            Self::Constant(Scalar::Number(value)) => Some(*value),
            Self::Number(array) if array.is_valid(row) => Some(array.value(row)),
            _ => None,
        }
    }

    /// The text of a row, if the vector holds texts and this row one.
    pub(crate) fn text(&self, row: usize) -> Option<&str> {
        match self {
            Self::Constant(Scalar::Text(value)) => Some(value),
            Self::Text(array) if array.is_valid(row) => Some(array.value(row)),
            _ => None,
        }
    }

    /// The date of a row in days since 1970-01-01, if the vector holds dates and this row one.
    pub(crate) fn date(&self, row: usize) -> Option<i32> {
        match self {
            Self::Constant(Scalar::Date(value)) => Some(*value),
            Self::Date(array) if array.is_valid(row) => Some(array.value(row)),
            _ => None,
        }
    }

    /// The value of a row, whatever its type.
    pub(crate) fn scalar(&self, row: usize) -> Scalar {
        let value = match self {
            Self::Constant(value) => Some(value.clone()),
            Self::Boolean(_) => self.boolean(row).map(Scalar::Boolean),
            Self::Number(_) => self.number(row).map(Scalar::Number),
            Self::Text(_) => self.text(row).map(|text| Scalar::Text(text.into())),
            Self::Date(_) => self.date(row).map(Scalar::Date),
        };
        value.unwrap_or(Scalar::Null)
    }

    /// Whether a row holds no value.
    pub(crate) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Constant(value) => *value == Scalar::Null,
            Self::Boolean(array) => array.is_null(row),
            Self::Number(array) => array.is_null(row),
            Self::Text(array) => array.is_null(row),
            Self::Date(array) => array.is_null(row),
        }
    }

    fn array(&self) -> Option<&dyn Array> {
        match self {
            Self::Constant(_) => None,
            Self::Boolean(array) => Some(array),
            Self::Number(array) => Some(array),
            Self::Text(array) => Some(array),
            Self::Date(array) => Some(array),
        }
    }
}

const NULL: Vector = Vector::Constant(Scalar::Null);

fn finite(value: f64) -> Scalar {
    if value.is_finite() { Scalar::Number(value) } else { Scalar::Null }
}

/// Turns what is not finite into null; nearly always there is nothing to turn.
fn finite_array(array: Float64Array) -> Vector {
    if array.values().iter().all(|value| value.is_finite()) {
        return Vector::Number(array);
    }
    Vector::Number(array.iter().map(|value| value.filter(|value| value.is_finite())).collect())
}

/// A function of one number.
pub(crate) fn numbers(vector: &Vector, operation: impl Fn(f64) -> f64) -> Vector {
    match vector {
        Vector::Constant(Scalar::Number(value)) => Vector::Constant(finite(operation(*value))),
        Vector::Number(array) => finite_array(array.unary(operation)),
        _ => NULL,
    }
}

/// A function of two numbers.
pub(crate) fn number_pairs(left: &Vector, right: &Vector, operation: impl Fn(f64, f64) -> f64) -> Vector {
    match (left, right) {
        (Vector::Constant(Scalar::Number(left)), _) => numbers(right, |right| operation(*left, right)),
        (_, Vector::Constant(Scalar::Number(right))) => numbers(left, |left| operation(left, *right)),
        (Vector::Number(left), Vector::Number(right)) => {
            let pairs = left.values().iter().zip(right.values());
            let values: Vec<f64> = pairs.map(|(left, right)| operation(*left, *right)).collect();
            let nulls = match (left.nulls(), right.nulls()) {
                (Some(left), Some(right)) => Some((left.inner() & right.inner()).into()),
                (one, other) => one.or(other).cloned(),
            };
            finite_array(Float64Array::new(values.into(), nulls))
        }
        _ => NULL,
    }
}

/// Any function from rows to numbers.
pub(crate) fn numbers_by_row(rows: usize, value: impl FnMut(usize) -> Option<f64>) -> Vector {
    finite_array((0..rows).map(value).collect())
}

/// Any function from rows to texts.
pub(crate) fn texts_by_row<T: AsRef<str>>(rows: usize, value: impl FnMut(usize) -> Option<T>) -> Vector {
    Vector::Text((0..rows).map(value).collect())
}

/// Any test of one text.
pub(crate) fn test_texts(vector: &Vector, test: impl Fn(&str) -> bool) -> Vector {
    match vector {
        Vector::Constant(Scalar::Text(text)) => Vector::Constant(Scalar::Boolean(test(text))),
        Vector::Text(array) => Vector::Boolean(BooleanArray::from_unary(array, test)),
        _ => NULL,
    }
}

/// The six comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// What holds of the sides exchanged.
    fn mirrored(self) -> Self {
        match self {
            Self::Equal | Self::Unequal => self,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }
}

/// Compares row by row, with a constant on the right if there is one; each comparison is compiled into a loop of its own.
pub(crate) fn compare(comparison: Comparison, left: &Vector, right: &Vector) -> Vector {
    let left_is_constant = matches!(left, Vector::Constant(_)) && !matches!(right, Vector::Constant(_));
    let (comparison, left, right) =
        if left_is_constant { (comparison.mirrored(), right, left) } else { (comparison, left, right) };
    match comparison {
        Comparison::Equal => compare_with(left, right, Ordering::is_eq),
        Comparison::Unequal => compare_with(left, right, Ordering::is_ne),
        Comparison::Less => compare_with(left, right, Ordering::is_lt),
        Comparison::LessOrEqual => compare_with(left, right, Ordering::is_le),
        Comparison::Greater => compare_with(left, right, Ordering::is_gt),
        Comparison::GreaterOrEqual => compare_with(left, right, Ordering::is_ge),
    }
}

fn compare_with(left: &Vector, right: &Vector, test: impl Fn(Ordering) -> bool + Copy) -> Vector {
    use BooleanArray as Truths;
    Vector::Boolean(match (left, right) {
        (Vector::Constant(left), Vector::Constant(right)) => {
            let truth = order(left, right).map_or(Scalar::Null, |order| Scalar::Boolean(test(order)));
            return Vector::Constant(truth);
        }
        (Vector::Number(left), Vector::Number(right)) => {
            Truths::from_binary(left, right, |left, right| test(number_order(left, right)))
        }
        (Vector::Number(left), Vector::Constant(Scalar::Number(right))) => {
            Truths::from_unary(left, |left| test(number_order(left, *right)))
        }
        (Vector::Text(left), Vector::Text(right)) => {
            Truths::from_binary(left, right, |left: &str, right: &str| test(left.cmp(right)))
        }
        (Vector::Text(left), Vector::Constant(Scalar::Text(right))) => {
            Truths::from_unary(left, |left: &str| test(left.cmp(right)))
        }
        (Vector::Date(left), Vector::Date(right)) => {
            Truths::from_binary(left, right, |left: i32, right: i32| test(left.cmp(&right)))
        }
        (Vector::Date(left), Vector::Constant(Scalar::Date(right))) => {
            Truths::from_unary(left, |left: i32| test(left.cmp(right)))
        }
        (Vector::Boolean(left), Vector::Boolean(right)) => {
            Truths::from_binary(left, right, |left: bool, right: bool| test(left.cmp(&right)))
        }
        (Vector::Boolean(left), Vector::Constant(Scalar::Boolean(right))) => {
            Truths::from_unary(left, |left: bool| test(left.cmp(right)))
        }
        _ => return NULL,
    })
}

/// Numbers are finite wherever they are valid; what stands in a null's place may compare as it likes.
fn number_order(left: f64, right: f64) -> Ordering {
    left.partial_cmp(&right).unwrap_or(Ordering::Equal)
}

/// The order of two values of one type; none if one is null.
pub(crate) fn order(left: &Scalar, right: &Scalar) -> Option<Ordering> {
    match (left, right) {
        (Scalar::Number(left), Scalar::Number(right)) => Some(number_order(*left, *right)),
        (Scalar::Text(left), Scalar::Text(right)) => Some(left.cmp(right)),
        (Scalar::Date(left), Scalar::Date(right)) => Some(left.cmp(right)),
        (Scalar::Boolean(left), Scalar::Boolean(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// Where a vector of truths is true and where it is false; where it is neither, it is null.
fn truth_and_falsity(vector: &Vector, rows: usize) -> (BooleanArray, BooleanArray) {
    let Vector::Boolean(array) = vector else {
        let truth = vector.boolean(0);
        let all = |value: bool| BooleanArray::from(vec![value; rows]);
        return (all(truth == Some(true)), all(truth == Some(false)));
    };
    let values = array.values();
    match array.nulls() {
        None => (BooleanArray::new(values.clone(), None), BooleanArray::new(!values, None)),
        Some(nulls) => (
            BooleanArray::new(values & nulls.inner(), None),
            BooleanArray::new(&!values & nulls.inner(), None),
        ),
    }
}

fn from_truth_and_falsity(truth: &BooleanArray, falsity: &BooleanArray) -> Vector {
    let known = truth.values() | falsity.values();
    Vector::Boolean(BooleanArray::new(truth.values().clone(), Some(known.into())))
}

/// Both, in three-valued logic: false wins over null.
pub(crate) fn and(left: &Vector, right: &Vector, rows: usize) -> Vector {
    match (left, right) {
        (Vector::Constant(Scalar::Boolean(constant)), other)
        | (other, Vector::Constant(Scalar::Boolean(constant))) => {
            if *constant {
                other.clone()
            } else {
                Vector::Constant(Scalar::Boolean(false))
            }
        }
        _ => {
            let (left_true, left_false) = truth_and_falsity(left, rows);
            let (right_true, right_false) = truth_and_falsity(right, rows);
            let truth = BooleanArray::new(left_true.values() & right_true.values(), None);
            from_truth_and_falsity(
                &truth,
                &BooleanArray::new(left_false.values() | right_false.values(), None),
            )
        }
    }
}

/// Either, in three-valued logic: true wins over null.
pub(crate) fn or(left: &Vector, right: &Vector, rows: usize) -> Vector {
    match (left, right) {
        (Vector::Constant(Scalar::Boolean(constant)), other)
        | (other, Vector::Constant(Scalar::Boolean(constant))) => {
            if *constant {
                Vector::Constant(Scalar::Boolean(true))
            } else {
                other.clone()
            }
        }
        _ => {
            let (left_true, left_false) = truth_and_falsity(left, rows);
            let (right_true, right_false) = truth_and_falsity(right, rows);
            let truth = BooleanArray::new(left_true.values() | right_true.values(), None);
            from_truth_and_falsity(
                &truth,
                &BooleanArray::new(left_false.values() & right_false.values(), None),
            )
        }
    }
}

/// The opposite; null stays null.
pub(crate) fn not(vector: &Vector) -> Vector {
    match vector {
        Vector::Constant(Scalar::Boolean(value)) => Vector::Constant(Scalar::Boolean(!value)),
        Vector::Boolean(array) => Vector::Boolean(BooleanArray::new(!array.values(), array.nulls().cloned())),
        _ => NULL,
    }
}

/// Whether rows are null.
pub(crate) fn is_null(vector: &Vector) -> Vector {
    let Some(array) = vector.array() else {
        return Vector::Constant(Scalar::Boolean(vector.is_null(0)));
    };
    match array.nulls() {
        None => Vector::Constant(Scalar::Boolean(false)),
        Some(nulls) => Vector::Boolean(BooleanArray::new(!nulls.inner(), None)),
    }
}

/// Whether rows are exactly this truth; never null.
pub(crate) fn is_truth(vector: &Vector, truth: bool, rows: usize) -> Vector {
    let (truths, falsities) = truth_and_falsity(vector, rows);
    Vector::Boolean(if truth { truths } else { falsities })
}

/// For each row the value of the branch that `pick` names for it.
pub(crate) fn gather(branches: &[&Vector], pick: &[usize]) -> Vector {
    let sample = branches.iter().find(|branch| !matches!(branch, Vector::Constant(Scalar::Null)));
    let rows = pick.iter().enumerate();
    match sample {
        None => NULL,
        Some(Vector::Constant(Scalar::Boolean(_)) | Vector::Boolean(_)) => {
            Vector::Boolean(rows.map(|(row, branch)| branches[*branch].boolean(row)).collect())
        }
        Some(Vector::Constant(Scalar::Number(_)) | Vector::Number(_)) => {
            Vector::Number(rows.map(|(row, branch)| branches[*branch].number(row)).collect())
        }
        Some(Vector::Constant(Scalar::Text(_)) | Vector::Text(_)) => {
            Vector::Text(rows.map(|(row, branch)| branches[*branch].text(row)).collect())
        }
        Some(Vector::Constant(Scalar::Date(_)) | Vector::Date(_)) => {
            Vector::Date(rows.map(|(row, branch)| branches[*branch].date(row)).collect())
        }
        Some(Vector::Constant(Scalar::Null)) => unreachable!("the sample is not null"),
    }
}
