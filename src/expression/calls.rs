//! Calls: which function, aggregate or `lag` a name means where it stands.

use std::ops::Range;

use sqlparser::ast::{
    Expr, Function as Syntax, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectNamePart, Spanned,
};

use super::aggregate::{AGGREGATES, Aggregate, AggregateFunction, Operation, aggregate};
use super::check::{Checker, Type, Typed};
use super::fault::FaultKind;
use super::functions::{Call, FUNCTIONS, Function, function};
use super::node::Node;
use super::program::{Beside, Output};
use super::unit::Unit;
use super::vector::Scalar;
use super::{Context, Kind};

/// The argument list of a call.
enum Arguments<'a> {
    /// As in `count(*)`.
    Star,
    List(Vec<&'a Expr>),
}

impl Checker<'_> {
    /// Checks a call of anything.
    pub(crate) fn call(&mut self, syntax: &Syntax) -> Typed {
        let [ObjectNamePart::Identifier(ident)] = syntax.name.0.as_slice() else {
            let message = "a name with dots is not part of the language";
            let span = self.places.bytes(syntax.name.span());
            self.report(&span, FaultKind::NotInTheLanguage, message);
            return Typed::fault(span);
        };
        let name_span = self.places.bytes(ident.span);
        let span = self.places.call(name_span.start);
        let Some(arguments) = self.arguments(syntax, &span) else { return Typed::fault(span) };
        let name = ident.value.to_lowercase();
        let count = match &arguments {
            Arguments::Star => 1,
            Arguments::List(list) => list.len(),
        };
        let found = match (name.as_str(), count) {
            ("min", 2..) => function("least"),
            ("max", 2..) => function("greatest"),
            _ => function(&name),
        };
        if let Some(function) = found {
            return self.scalar(function, syntax, arguments, &name_span, span);
        }
        if let Some(aggregate) = aggregate(&name) {
            return self.aggregate(aggregate, syntax, &arguments, &name_span, span);
        }
        if name == "lag" {
            return self.lag(syntax, &arguments, &name_span, span);
        }
        self.unknown_function(ident, &name_span);
        if let Arguments::List(list) = arguments {
            for argument in list {
                self.check(argument);
            }
        }
        Typed::fault(span)
    }

    /// The arguments, without what SQL allows around them and this language does not.
    fn arguments<'s>(&mut self, syntax: &'s Syntax, span: &Range<usize>) -> Option<Arguments<'s>> {
        let refused = if syntax.over.is_some() {
            Some("a window (`over`)")
        } else if !syntax.within_group.is_empty() {
            Some("`within group`")
        } else if syntax.null_treatment.is_some() {
            Some("`ignore nulls`")
        } else if syntax.uses_odbc_syntax || !matches!(syntax.parameters, FunctionArguments::None) {
            Some("this form of call")
        } else {
            None
        };
        let list = match &syntax.args {
            FunctionArguments::List(list) if refused.is_none() => list,
            _ => {
                let what = refused.unwrap_or("a query");
                self.report(span, FaultKind::NotInTheLanguage, format!("{what} is not part of the language"));
                return None;
            }
        };
        if list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
            let message = "`distinct`, `order by` and other words inside a call are not part of the language";
            self.report(span, FaultKind::NotInTheLanguage, message);
            return None;
        }
        let mut arguments = Vec::new();
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => arguments.push(expression),
                FunctionArg::Unnamed(FunctionArgExpr::Wildcard) if list.args.len() == 1 => {
                    return Some(Arguments::Star);
                }
                _ => {
                    self.report(
                        span,
                        FaultKind::NotInTheLanguage,
                        "arguments with names or wildcards are not part of the language",
                    );
                    return None;
                }
            }
        }
        Some(Arguments::List(arguments))
    }

    fn unknown_function(&mut self, ident: &Ident, span: &Range<usize>) {
        let names = FUNCTIONS.iter().map(|function| function.entry.name());
        let names = names.chain(AGGREGATES.iter().map(|aggregate| aggregate.entry.name())).chain(["lag"]);
        let message = format!("there is no function `{}`", ident.value);
        self.report_unknown(span, FaultKind::UnknownFunction, message, &ident.value, names, "functions are");
    }

    fn scalar(
        &mut self,
        function: &'static Function,
        syntax: &Syntax,
        arguments: Arguments<'_>,
        name_span: &Range<usize>,
        span: Range<usize>,
    ) -> Typed {
        let name = function.entry.name();
        if syntax.filter.is_some() {
            let message = format!("{name} looks at one row, so it takes no filter");
            self.report_with_help(
                &span,
                FaultKind::WrongContext,
                message,
                "filter belongs to aggregates such as sum",
            );
        }
        let Arguments::List(arguments) = arguments else {
            self.report(
                &span,
                FaultKind::WrongArguments,
                format!("{name} takes no `*`; write {}", function.entry.signature),
            );
            return Typed::fault(span);
        };
        let count = arguments.len();
        let arguments: Vec<Typed> = arguments.into_iter().map(|argument| self.check(argument)).collect();
        let (least, most) = function.arguments;
        if !(least..=most).contains(&count) {
            let message =
                format!("{name} does not take {count} {}", if count == 1 { "argument" } else { "arguments" });
            self.report_with_help(
                name_span,
                FaultKind::WrongArguments,
                message,
                format!("write {}", function.entry.signature),
            );
            return Typed::fault(span);
        }
        if arguments.iter().any(|argument| argument.kind == Type::Fault) {
            return Typed::fault(span);
        }
        match (function.build)(self, Call { name, arguments, span: span.clone() }) {
            Some((kind, node)) => Typed::new(kind, node, span),
            None => Typed::fault(span),
        }
    }

    fn aggregate(
        &mut self,
        aggregate: &'static AggregateFunction,
        syntax: &Syntax,
        arguments: &Arguments<'_>,
        name_span: &Range<usize>,
        span: Range<usize>,
    ) -> Typed {
        let name = aggregate.entry.name();
        if let Some(outer) = self.inside {
            let message = format!("{name} stands inside {outer}, which takes the values of single rows");
            let help = format!("compute {name} in an indicator of its own and use that");
            self.report_with_help(name_span, FaultKind::WrongContext, message, help);
            return Typed::fault(span);
        }
        if self.scope.context == Context::Row {
            let message = format!("{name} is an aggregate, and this expression sees one row at a time");
            let groups = "give the rule a `by`, so that it is about groups";
            let help = match name {
                "min" | "max" => format!("of several values in one row it is {name}(x, y); else {groups}"),
                _ => groups.to_owned(),
            };
            self.report_with_help(name_span, FaultKind::WrongContext, message, help);
            return Typed::fault(span);
        }
        self.inside = Some(name);
        let argument = match arguments {
            Arguments::Star => None,
            Arguments::List(list) => {
                Some(list.iter().map(|argument| self.check(argument)).collect::<Vec<_>>())
            }
        };
        let filter = syntax.filter.as_deref().map(|filter| self.check(filter));
        self.inside = None;

        let fits = filter.as_ref().is_none_or(|filter| self.is_boolean(filter, "filter"));
        let argument = match argument {
            None if aggregate.operation == Operation::Count => None,
            Some(mut list) if list.len() == 1 => list.pop(),
            _ => {
                let message = format!("{name} takes one argument");
                self.report_with_help(
                    name_span,
                    FaultKind::WrongArguments,
                    message,
                    format!("write {}", aggregate.entry.signature),
                );
                return Typed::fault(span);
            }
        };
        let Some(kind) = self.aggregate_kind(aggregate.operation, name, argument.as_ref()) else {
            return Typed::fault(span);
        };
        if !fits {
            return Typed::fault(span);
        }
        let place = self.prepare_aggregate(
            syntax.to_string(),
            Aggregate {
                operation: aggregate.operation,
                argument: argument.map(|argument| argument.node),
                filter: filter.map(|filter| filter.node),
                kind: kind.clone(),
            },
        );
        Typed::new(Type::Known(kind), Node::Column(place), span)
    }

    /// What an aggregate of this argument is; nothing if it was reported that there is no such thing.
    fn aggregate_kind(&mut self, operation: Operation, name: &str, argument: Option<&Typed>) -> Option<Kind> {
        let Some(argument) = argument.filter(|_| operation != Operation::Count) else {
            let faulty = argument.is_some_and(|argument| argument.kind == Type::Fault);
            return (!faulty).then(|| Kind::Number(Unit::one()));
        };
        match operation {
            Operation::Sum | Operation::Mean | Operation::Median | Operation::Deviation
                if !self.is_number(argument, name) =>
            {
                return None;
            }
            Operation::Sum | Operation::Mean | Operation::Median | Operation::Deviation => {}
            _ if argument.kind == Type::BOOLEAN && operation != Operation::Only => {
                let message = "true and false have no order";
                let help = "count the rows with count(*) filter (where x)";
                self.report_with_help(&argument.span, FaultKind::IllTyped, message, help);
                return None;
            }
            _ => {}
        }
        match &argument.kind {
            Type::Fault => None,
            Type::Known(kind) => Some(kind.clone()),
            Type::Literal => Some(Kind::Text),
            Type::Null | Type::Constant => Some(Kind::Number(Unit::one())),
        }
    }

    /// The column that an aggregate will be: after those of the keys of groups, or beside the rows of a series.
    fn prepare_aggregate(&mut self, text: String, aggregate: Aggregate) -> usize {
        let Context::Group { keys } = &self.scope.context else {
            return self.prepare_beside(text, Beside::Aggregate(aggregate));
        };
        let keys = keys.len();
        let aggregates = &mut self.prepared.aggregates;
        let known = aggregates.iter().position(|(known, _)| *known == text);
        keys + known.unwrap_or_else(|| {
            aggregates.push((text, aggregate));
            aggregates.len() - 1
        })
    }

    /// The column after the fields of a series that something computed beside them will be.
    fn prepare_beside(&mut self, text: String, beside: Beside) -> usize {
        let known = self.prepared.beside.iter().position(|(known, _)| *known == text);
        let place = known.unwrap_or_else(|| {
            self.prepared.beside.push((text, beside));
            self.prepared.beside.len() - 1
        });
        self.scope.fields.len() + place
    }

    fn lag(
        &mut self,
        syntax: &Syntax,
        arguments: &Arguments<'_>,
        name_span: &Range<usize>,
        span: Range<usize>,
    ) -> Typed {
        if let Some(outer) = self.inside {
            let message = format!("lag stands inside {outer}, which takes the values of single rows");
            self.report(name_span, FaultKind::WrongContext, message);
            return Typed::fault(span);
        }
        if self.scope.context != Context::Series {
            let message = "lag looks at the row before, and the rows of this expression have no order";
            self.report_with_help(name_span, FaultKind::WrongContext, message, "give the rule an `order`");
            return Typed::fault(span);
        }
        let (Arguments::List(list), None) = (arguments, &syntax.filter) else {
            self.report(name_span, FaultKind::WrongArguments, "lag takes one argument and no filter");
            return Typed::fault(span);
        };
        let [argument] = list.as_slice() else {
            self.report_with_help(
                name_span,
                FaultKind::WrongArguments,
                "lag takes one argument",
                "write lag(x)",
            );
            return Typed::fault(span);
        };
        self.inside = Some("lag");
        let argument = self.check(argument);
        self.inside = None;
        if argument.kind == Type::Fault {
            return Typed::fault(span);
        }
        let kind = match argument.kind {
            Type::Literal => Type::TEXT,
            Type::Null | Type::Constant => Type::number(Unit::one()),
            kind => kind,
        };
        if let Node::Constant(Scalar::Null) = argument.node {
            return Typed::new(kind, argument.node, span);
        }
        let lag = Beside::Lag(Output { node: argument.node, kind: kind.clone().settle() });
        let place = self.prepare_beside(syntax.to_string(), lag);
        Typed::new(kind, Node::Column(place), span)
    }
}
