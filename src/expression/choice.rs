//! Choosing between values: `case`, `in` and `like`.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use sqlparser::ast::{CaseWhen, Expr};

use super::check::{Checker, Type, Typed};
use super::node::Node;
use super::vector::{Comparison, Scalar, Vector, compare, gather, or, order};

impl Checker<'_> {
    pub(crate) fn case(
        &mut self,
        subject: Option<&Expr>,
        branches: &[CaseWhen],
        otherwise: Option<&Expr>,
        span: Range<usize>,
    ) -> Typed {
        let subject = subject.map(|subject| self.check(subject));
        let has_subject = subject.is_some();
        let mut tests: Vec<Typed> = subject.into_iter().collect();
        let mut results = Vec::new();
        let mut fits = true;
        for CaseWhen { condition, result } in branches {
            let condition = self.check(condition);
            if !has_subject {
                fits &= self.is_boolean(&condition, "`when`");
            }
            tests.push(condition);
            results.push(self.check(result));
        }
        results.push(match otherwise {
            Some(otherwise) => self.check(otherwise),
            None => Typed::new(Type::Null, Node::Constant(Scalar::Null), span.clone()),
        });
        if has_subject {
            fits &= self.agree(&mut tests, "compare", None).is_some();
        }
        let kind = self.agree(&mut results, "choose between", None);
        let (true, Some(kind)) = (fits, kind) else { return Typed::fault(span) };
        let nodes = tests.into_iter().chain(results).map(|typed| typed.node).collect();
        let count = branches.len();
        let node = Node::apply(nodes, move |of, rows| {
            let (tests, results) = of.split_at(of.len() - count - 1);
            if has_subject {
                let equal = |test: &Vector| compare(Comparison::Equal, &tests[0], test);
                let tests: Vec<Vector> = tests[1..].iter().map(equal).collect();
                choose(&tests, results, rows)
            } else {
                choose(tests, results, rows)
            }
        });
        Typed::new(kind, node, span)
    }

    pub(crate) fn in_list(&mut self, operand: &Expr, items: &[Expr], negated: bool) -> Typed {
        let mut operands = vec![self.check(operand)];
        operands.extend(items.iter().map(|item| self.check(item)));
        let last = operands.last().map_or(0, |item| item.span.end);
        let span = operands[0].span.start..self.places.with_parentheses(&(last..last)).end;
        let fits = self.agree(&mut operands, "compare", None).is_some();
        let subject = operands.remove(0).node;
        let constants: Option<Vec<Scalar>> = operands
            .iter()
            .map(|item| match &item.node {
                Node::Constant(value) => Some(value.clone()),
                _ => None,
            })
            .collect();
        let node = if let Some(constants) = constants {
            let members = Members::new(constants);
            Node::apply(vec![subject], move |of, rows| members.test(&of[0], rows))
        } else {
            let nodes = std::iter::once(subject).chain(operands.into_iter().map(|item| item.node)).collect();
            Node::apply(nodes, |of, rows| {
                let equal = of[1..].iter().map(|item| compare(Comparison::Equal, &of[0], item));
                equal.reduce(|one, other| or(&one, &other, rows)).unwrap_or(Vector::Constant(Scalar::Null))
            })
        };
        Self::maybe_negated(fits, node, negated, span)
    }
}

/// The result of the first test that is true, or the last result.
fn choose(tests: &[Vector], results: &[Vector], rows: usize) -> Vector {
    let mut pick = vec![tests.len(); rows];
    for (branch, test) in tests.iter().enumerate().rev() {
        for (row, pick) in pick.iter_mut().enumerate() {
            if test.boolean(row) == Some(true) {
                *pick = branch;
            }
        }
    }
    gather(&results.iter().collect::<Vec<_>>(), &pick)
}

/// The literals of a list, sorted to be found fast.
struct Members {
    sorted: Vec<Scalar>,
    has_null: bool,
}

impl Members {
    fn new(mut items: Vec<Scalar>) -> Self {
        let count = items.len();
        items.retain(|item| *item != Scalar::Null);
        let has_null = items.len() < count;
        items.sort_by(|one, other| order(one, other).unwrap_or(Ordering::Equal));
        Self { sorted: items, has_null }
    }

    /// Whether rows are in the list; with a null in it, what is not found may still be that null.
    fn test(&self, subject: &Vector, rows: usize) -> Vector {
        let missed = if self.has_null { None } else { Some(false) };
        let found = |ordering: &dyn Fn(&Scalar) -> Ordering| {
            if self.sorted.binary_search_by(ordering).is_ok() { Some(true) } else { missed }
        };
        Vector::Boolean(
            (0..rows)
                .map(|row| match subject {
                    Vector::Text(_) => {
                        let text = subject.text(row)?;
                        found(&|item| match item {
                            Scalar::Text(item) => item.as_ref().cmp(text),
                            _ => Ordering::Less,
                        })
                    }
                    _ => match subject.scalar(row) {
                        Scalar::Null => None,
                        value => found(&|item| order(item, &value).unwrap_or(Ordering::Less)),
                    },
                })
                .collect(),
        )
    }
}

/// A pattern of `like`: `%` for any characters, `_` for one.
pub(crate) struct Like {
    parts: Vec<Part>,
}

enum Part {
    Any,
    One,
    Exactly(char),
}

impl Like {
    /// Nothing if the escape character ends the pattern or stands before a character that needs none.
    pub(crate) fn new(pattern: &Arc<str>, escape: Option<char>) -> Option<Self> {
        let mut parts = Vec::new();
        let mut characters = pattern.chars();
        while let Some(character) = characters.next() {
            parts.push(if Some(character) == escape {
                let next =
                    characters.next().filter(|next| matches!(next, '%' | '_') || Some(*next) == escape)?;
                Part::Exactly(next)
            } else {
                match character {
                    '%' => Part::Any,
                    '_' => Part::One,
                    character => Part::Exactly(character),
                }
            });
        }
        Some(Self { parts })
    }

    /// Whether all of a text is as the pattern says; upper and lower case differ.
    ///
    /// After a mismatch it is enough to let the last `%` take one character more, so time is never exponential.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut rest = text.chars();
        let mut part = 0;
        let mut last_any = None;
        loop {
            let before = rest.clone();
            let advanced = match self.parts.get(part) {
                Some(Part::Any) => {
                    part += 1;
                    last_any = Some((part, before));
                    continue;
                }
                Some(Part::One) => rest.next().is_some(),
                Some(Part::Exactly(wanted)) => rest.next() == Some(*wanted),
                None if rest.as_str().is_empty() => return true,
                None => false,
            };
            if advanced {
                part += 1;
                continue;
            }
            let Some((after_any, from)) = &mut last_any else { return false };
            if from.next().is_none() {
                return false;
            }
            part = *after_any;
            rest = from.clone();
        }
    }
}
