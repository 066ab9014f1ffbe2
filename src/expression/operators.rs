//! Operators and literals: how each form of syntax is typed, and what it computes.

use std::ops::Range;
use std::sync::Arc;

use sqlparser::ast::{BinaryOperator, DataType, Expr, InTarget, Spanned, TypedString, UnaryOperator, Value};
use sqlparser::keywords::Keyword;

use super::Kind;
use super::check::{Checker, Type, Typed};
use super::choice::Like;
use super::fault::FaultKind;
use super::node::Node;
use super::unit::Unit;
use super::vector::{
    Comparison, Scalar, Vector, and, compare, is_null, is_truth, not, number_pairs, numbers, or, test_texts,
    texts_by_row,
};
use crate::calendar::parse_date;

impl Checker<'_> {
    /// Checks one form of syntax.
    pub(crate) fn operator(&mut self, expression: &Expr) -> Typed {
        match expression {
            Expr::Identifier(name) => {
                let quoted = name.quote_style.is_some();
                self.column(&name.value, quoted, self.places.bytes(name.span))
            }
            Expr::Value(value) => self.literal(&value.value, self.places.bytes(value.span)),
            Expr::TypedString(typed) => self.typed_literal(typed),
            Expr::Nested(inner) => {
                let inner = self.check(inner);
                Typed { span: self.places.with_parentheses(&inner.span), ..inner }
            }
            Expr::UnaryOp { op, expr } => self.unary(*op, expr),
            Expr::BinaryOp { .. } => self.binary_chain(expression),
            Expr::IsNull(operand) => self.is_null(operand, false),
            Expr::IsNotNull(operand) => self.is_null(operand, true),
            Expr::IsTrue(operand) => self.is_truth(operand, true, false),
            Expr::IsNotTrue(operand) => self.is_truth(operand, true, true),
            Expr::IsFalse(operand) => self.is_truth(operand, false, false),
            Expr::IsNotFalse(operand) => self.is_truth(operand, false, true),
            Expr::Between { expr, negated, low, high } => self.between(expr, *negated, low, high),
            Expr::In { expr, target: InTarget::List(items), negated, global: false } => {
                self.in_list(expr, items, *negated)
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                self.like(expr, pattern, escape_char.as_deref(), *negated)
            }
            Expr::Case { operand, conditions, else_result, case_token, end_token } => {
                let start = self.places.bytes(case_token.0.span).start;
                let span = start..self.places.bytes(end_token.0.span).end;
                self.case(operand.as_deref(), conditions, else_result.as_deref(), span)
            }
            Expr::Function(function) => self.call(function),
            other => self.refuse(other),
        }
    }

    /// Names what is SQL but no part of this language.
    fn refuse(&mut self, expression: &Expr) -> Typed {
        let (what, help) = match expression {
            Expr::Subquery(_) | Expr::Exists { .. } | Expr::In { .. } => {
                ("a query", "a check sees one dataset at a time")
            }
            Expr::Cast { .. } | Expr::Convert { .. } => {
                ("a cast", "a column has the type that the dataset declares")
            }
            Expr::CompoundIdentifier(_) | Expr::CompoundFieldAccess { .. } => {
                ("a name with dots", "write the name of the column alone")
            }
            Expr::Extract { .. } => ("extract", "write year(x), quarter(x) or month(x)"),
            Expr::Interval(_) => ("an interval", "count with days(later, earlier) or months(later, earlier)"),
            Expr::Position { .. } => ("position", "write x like '%text%'"),
            Expr::ILike { .. } => ("ilike", "write lower(x) like 'text'"),
            Expr::RLike { .. } | Expr::SimilarTo { .. } => ("a regular expression", "write x like 'text%'"),
            Expr::IsDistinctFrom(..) | Expr::IsNotDistinctFrom(..) => {
                ("is distinct from", "write coalesce(a = b, a is null and b is null)")
            }
            Expr::IsUnknown(_) | Expr::IsNotUnknown(_) => ("is unknown", "write x is null"),
            Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => ("a wildcard", "it stands only in count(*)"),
            Expr::Tuple(_) => ("a tuple", "compare columns one by one, joined by and"),
            Expr::Array(_) | Expr::Struct { .. } | Expr::Map(_) | Expr::Dictionary(_) => {
                ("a nested value", "")
            }
            Expr::JsonAccess { .. } => ("access to JSON", ""),
            Expr::AnyOp { .. } | Expr::AllOp { .. } => ("any or all", "write x in (a, b)"),
            Expr::Collate { .. } => ("collate", "texts are compared character by character"),
            Expr::AtTimeZone { .. } => ("a time zone", ""),
            Expr::Like { .. } => ("like any", "join several like by or"),
            _ => ("this form of SQL", ""),
        };
        let span = self.places.bytes(expression.span());
        let message = format!("{what} is not part of the language");
        if help.is_empty() {
            self.report(&span, FaultKind::NotInTheLanguage, message);
        } else {
            self.report_with_help(&span, FaultKind::NotInTheLanguage, message, help);
        }
        Typed::fault(span)
    }

    fn literal(&mut self, value: &Value, span: Range<usize>) -> Typed {
        let (kind, scalar) = match value {
            Value::Number(digits, false) => match digits.parse::<f64>() {
                Ok(number) if number.is_finite() => (Type::Constant, Scalar::Number(number)),
                _ => {
                    self.report(&span, FaultKind::Syntax, format!("the number {digits} is too large"));
                    return Typed::fault(span);
                }
            },
            Value::SingleQuotedString(text) => (Type::Literal, Scalar::Text(text.as_str().into())),
            Value::Boolean(truth) => (Type::BOOLEAN, Scalar::Boolean(*truth)),
            Value::Null => (Type::Null, Scalar::Null),
            _ => {
                let message = "this literal is not part of the language";
                let help = "write numbers as 1.5, texts as 'text' and dates as date '2024-06-30'";
                self.report_with_help(&span, FaultKind::NotInTheLanguage, message, help);
                return Typed::fault(span);
            }
        };
        Typed::new(kind, Node::Constant(scalar), span)
    }

    fn typed_literal(&mut self, typed: &TypedString) -> Typed {
        let literal = self.places.bytes(typed.value.span);
        let span = self.places.with_word_before(&literal);
        let (DataType::Date, Value::SingleQuotedString(text)) = (&typed.data_type, &typed.value.value) else {
            let message = format!("a literal of type {} is not part of the language", typed.data_type);
            self.report_with_help(
                &span,
                FaultKind::NotInTheLanguage,
                message,
                "a date is written date '2024-06-30'",
            );
            return Typed::fault(span);
        };
        let Some(days) = parse_date(text) else {
            let message = format!("'{text}' is not a date");
            self.report_with_help(&literal, FaultKind::BadLiteral, message, "write a date as '2024-06-30'");
            return Typed::fault(span);
        };
        Typed::new(Type::Known(Kind::Date), Node::Constant(Scalar::Date(days)), span)
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &Expr) -> Typed {
        let operand = self.check(operand);
        let span = self.places.with_word_before(&operand.span);
        let (fits, kind) = match operator {
            UnaryOperator::Minus | UnaryOperator::Plus => {
                (self.is_number(&operand, "a sign"), operand.kind.clone())
            }
            UnaryOperator::Not => (self.is_boolean(&operand, "`not`"), Type::BOOLEAN),
            other => {
                self.report(
                    &span,
                    FaultKind::NotInTheLanguage,
                    format!("operator `{other}` is not part of the language"),
                );
                (false, Type::Fault)
            }
        };
        if !fits {
            return Typed::fault(span);
        }
        let node = match operator {
            UnaryOperator::Minus => Node::apply(vec![operand.node], |of, _| numbers(&of[0], |value| -value)),
            UnaryOperator::Not => Node::apply(vec![operand.node], |of, _| not(&of[0])),
            _ => operand.node,
        };
        Typed::new(kind, node, span)
    }

    /// A chain such as `a + b + c` nests to the left as deep as it is long, so it is walked and not recursed into.
    fn binary_chain(&mut self, expression: &Expr) -> Typed {
        let mut rest = Vec::new();
        let mut leftmost = expression;
        while let Expr::BinaryOp { left, op, right } = leftmost {
            rest.push((op, right.as_ref()));
            leftmost = left;
        }
        let mut result = self.check(leftmost);
        while let Some((operator, right)) = rest.pop() {
            let right = self.check(right);
            result = self.binary(result, operator, right);
        }
        result
    }

    fn binary(&mut self, left: Typed, operator: &BinaryOperator, right: Typed) -> Typed {
        let span = left.span.start.min(right.span.start)..right.span.end.max(left.span.end);
        let result = match operator {
            BinaryOperator::Plus => self.sum(left, right, &span, false),
            BinaryOperator::Minus => self.sum(left, right, &span, true),
            BinaryOperator::Multiply => self.product(left, right, &span, false),
            BinaryOperator::Divide => self.product(left, right, &span, true),
            BinaryOperator::And => self.connect(left, right, "`and`", and),
            BinaryOperator::Or => self.connect(left, right, "`or`", or),
            BinaryOperator::StringConcat => self.concatenate(left, right),
            BinaryOperator::Eq => self.comparison(left, right, &span, Comparison::Equal),
            BinaryOperator::NotEq => self.comparison(left, right, &span, Comparison::Unequal),
            BinaryOperator::Lt => self.comparison(left, right, &span, Comparison::Less),
            BinaryOperator::LtEq => self.comparison(left, right, &span, Comparison::LessOrEqual),
            BinaryOperator::Gt => self.comparison(left, right, &span, Comparison::Greater),
            BinaryOperator::GtEq => self.comparison(left, right, &span, Comparison::GreaterOrEqual),
            other => {
                self.report(
                    &span,
                    FaultKind::NotInTheLanguage,
                    format!("operator `{other}` is not part of the language"),
                );
                None
            }
        };
        match result {
            Some((kind, node)) => Typed::new(kind, node, span),
            None => Typed::fault(span),
        }
    }

    fn sum(
        &mut self,
        left: Typed,
        right: Typed,
        span: &Range<usize>,
        subtract: bool,
    ) -> Option<(Type, Node)> {
        let (place, verb) = if subtract { ("`-`", "subtract") } else { ("`+`", "add") };
        let fits = self.is_number(&left, place);
        if !self.is_number(&right, place) || !fits {
            return None;
        }
        let mut operands = [left, right];
        let kind = self.agree(&mut operands, verb, Some(span))?;
        let nodes = operands.map(|operand| operand.node).to_vec();
        let node = if subtract {
            Node::apply(nodes, |of, _| number_pairs(&of[0], &of[1], |one, other| one - other))
        } else {
            Node::apply(nodes, |of, _| number_pairs(&of[0], &of[1], |one, other| one + other))
        };
        Some((kind, node))
    }

    fn product(
        &mut self,
        left: Typed,
        right: Typed,
        span: &Range<usize>,
        divide: bool,
    ) -> Option<(Type, Node)> {
        let place = if divide { "`/`" } else { "`*`" };
        let fits = self.is_number(&left, place);
        if !self.is_number(&right, place) || !fits {
            return None;
        }
        let kind = match (unit_of(&left.kind), unit_of(&right.kind)) {
            (None, None) => Type::Constant,
            (one, other) => {
                let (one, other) = (one.unwrap_or_default(), other.unwrap_or_default());
                let unit = if divide { one.over(&other) } else { one.times(&other) };
                match unit {
                    Ok(unit) => Type::number(unit),
                    Err((atom, twin)) => {
                        let by = if divide { "divided" } else { "multiplied" };
                        let message = format!(
                            "{one} {by} by {other}: {atom} and {twin} measure the same in different sizes"
                        );
                        let help = format!("convert one with to_unit(x, '{atom}')");
                        self.report_with_help(span, FaultKind::UnlikeUnits, message, help);
                        return None;
                    }
                }
            }
        };
        let nodes = vec![left.node, right.node];
        let node = if divide {
            Node::apply(nodes, |of, _| number_pairs(&of[0], &of[1], |one, other| one / other))
        } else {
            Node::apply(nodes, |of, _| number_pairs(&of[0], &of[1], |one, other| one * other))
        };
        Some((kind, node))
    }

    fn connect(
        &mut self,
        left: Typed,
        right: Typed,
        place: &str,
        logic: fn(&Vector, &Vector, usize) -> Vector,
    ) -> Option<(Type, Node)> {
        let fits = self.is_boolean(&left, place);
        if !self.is_boolean(&right, place) || !fits {
            return None;
        }
        let node = Node::apply(vec![left.node, right.node], move |of, rows| logic(&of[0], &of[1], rows));
        Some((Type::BOOLEAN, node))
    }

    fn concatenate(&mut self, left: Typed, right: Typed) -> Option<(Type, Node)> {
        // Who writes `||` for `or` learns it once, and not from each side.
        let misfit = [&left, &right]
            .into_iter()
            .find(|side| !matches!(side.kind, Type::Fault | Type::Null) && !side.kind.is_text());
        if let Some(side) = misfit {
            let message = format!("`||` takes text, but this is {}", side.kind.words());
            let help = "write `or` between conditions; `||` joins texts";
            self.report_with_help(&side.span, FaultKind::IllTyped, message, help);
            return None;
        }
        if left.kind == Type::Fault || right.kind == Type::Fault {
            return None;
        }
        let node = Node::apply(vec![left.node, right.node], |of, rows| {
            texts_by_row(rows, |row| Some([of[0].text(row)?, of[1].text(row)?].concat()))
        });
        Some((Type::TEXT, node))
    }

    fn comparison(
        &mut self,
        left: Typed,
        right: Typed,
        span: &Range<usize>,
        comparison: Comparison,
    ) -> Option<(Type, Node)> {
        let ordered = !matches!(comparison, Comparison::Equal | Comparison::Unequal);
        let mut operands = [left, right];
        let common = self.agree(&mut operands, "compare", Some(span))?;
        if ordered && common == Type::BOOLEAN {
            self.report(span, FaultKind::IllTyped, "true and false have no order");
            return None;
        }
        let nodes = operands.map(|operand| operand.node).to_vec();
        Some((Type::BOOLEAN, Node::apply(nodes, move |of, _| compare(comparison, &of[0], &of[1]))))
    }

    fn is_null(&mut self, operand: &Expr, negated: bool) -> Typed {
        let operand = self.check(operand);
        let span = self.places.up_to(&operand.span, &[Keyword::NULL]);
        let node = Node::apply(vec![operand.node], |of, _| is_null(&of[0]));
        Self::maybe_negated(operand.kind != Type::Fault, node, negated, span)
    }

    fn is_truth(&mut self, operand: &Expr, truth: bool, negated: bool) -> Typed {
        let operand = self.check(operand);
        let span = self.places.up_to(&operand.span, &[Keyword::TRUE, Keyword::FALSE]);
        let fits = self.is_boolean(&operand, "`is true`");
        let node = Node::apply(vec![operand.node], move |of, rows| is_truth(&of[0], truth, rows));
        Self::maybe_negated(fits, node, negated, span)
    }

    fn between(&mut self, operand: &Expr, negated: bool, low: &Expr, high: &Expr) -> Typed {
        let mut operands = [self.check(operand), self.check(low), self.check(high)];
        let span = operands[0].span.start..operands[2].span.end;
        let common = self.agree(&mut operands, "compare", None);
        if common == Some(Type::BOOLEAN) {
            self.report(&span, FaultKind::IllTyped, "true and false have no order");
        }
        let fits = common.is_some_and(|common| common != Type::BOOLEAN);
        let nodes = operands.map(|operand| operand.node).to_vec();
        let node = Node::apply(nodes, |of, rows| {
            let above = compare(Comparison::GreaterOrEqual, &of[0], &of[1]);
            and(&above, &compare(Comparison::LessOrEqual, &of[0], &of[2]), rows)
        });
        Self::maybe_negated(fits, node, negated, span)
    }

    fn like(&mut self, operand: &Expr, pattern: &Expr, escape: Option<&Expr>, negated: bool) -> Typed {
        let operand = self.check(operand);
        let pattern = self.check(pattern);
        let escape = escape.map(|escape| self.check(escape));
        let end = escape.as_ref().map_or(pattern.span.end, |escape| escape.span.end);
        let span = operand.span.start..end;
        let mut fits = self.is_text(&operand, "`like`");
        let Some(text) = pattern.literal() else {
            if pattern.kind != Type::Fault {
                self.report(
                    &pattern.span,
                    FaultKind::IllTyped,
                    "the pattern of `like` is a text literal such as 'ES%'",
                );
            }
            return Typed::fault(span);
        };
        let escape = escape.and_then(|escape| {
            let mut characters =
                escape.literal().into_iter().flat_map(|text| text.chars().collect::<Vec<_>>());
            let character = characters.next();
            if character.is_none() || characters.next().is_some() {
                self.report(&escape.span, FaultKind::IllTyped, "`escape` takes a literal of one character");
                fits = false;
            }
            character
        });
        let Some(like) = Like::new(&text, escape) else {
            let message = "the escape character stands before nothing that it escapes";
            self.report(&pattern.span, FaultKind::BadLiteral, message);
            return Typed::fault(span);
        };
        let like = Arc::new(like);
        let node =
            Node::apply(vec![operand.node], move |of, _| test_texts(&of[0], |text| like.matches(text)));
        Self::maybe_negated(fits, node, negated, span)
    }

    /// A truth, or its opposite where `not` stands inside the operator.
    pub(crate) fn maybe_negated(fits: bool, node: Node, negated: bool, span: Range<usize>) -> Typed {
        if !fits {
            return Typed::fault(span);
        }
        let node = if negated { Node::apply(vec![node], |of, _| not(&of[0])) } else { node };
        Typed::new(Type::BOOLEAN, node, span)
    }
}

/// The unit of a number; none for one made of literals alone.
pub(crate) fn unit_of(kind: &Type) -> Option<Unit> {
    match kind {
        Type::Known(Kind::Number(unit)) => Some(unit.clone()),
        _ => None,
    }
}
