//! Function calls.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{self, Expr as Ast, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::Binder;
use super::expr::Cx;
use crate::functions::{self, Aggregate, DatePart, Entry, Nested, Scalar, Shorthand, Signature, Target};
use crate::parse::rewrite::MARK;
use crate::plan::{Expr, ExprKind};
use crate::walk;

impl Binder<'_> {
    pub(crate) fn function(&mut self, function: &ast::Function, whole: &Ast, cx: &mut Cx) -> Expr {
        let span = self.span(whole);
        let written = function.name.to_string();
        let name = function
            .name
            .0
            .last()
            .and_then(|part| part.as_ident())
            .map_or_else(|| written.clone(), |ident| ident.value.clone());
        if name.strip_prefix(MARK) == Some("each") {
            return self.comprehension(function, span, cx);
        }
        let entries: Vec<&'static Entry> =
            if function.name.0.len() == 1 { functions::lookup(&name).collect() } else { Vec::new() };
        if entries.is_empty() {
            self.unknown_function(&written, span);
            return Self::broken(span);
        }
        if !matches!(function.parameters, FunctionArguments::None) || function.uses_odbc_syntax {
            self.unsupported(span, "this way to call a function");
        }
        match entries[0].target {
            Target::Aggregate(_) if function.over.is_none() => self.aggregate(&name, function, &entries, span, cx),
            Target::Aggregate(_) | Target::Window(_) => self.window(&name, function, &entries, span, cx),
            Target::Shorthand(Shorthand::Grouping) => {
                let args = self.arguments(function, span, cx);
                self.grouping_call(args, span, cx)
            }
            Target::Shorthand(Shorthand::Unnest) => {
                let args = self.arguments(function, span, cx);
                self.unnest_call(args, span, cx)
            }
            Target::Shorthand(
                shorthand @ (Shorthand::ListTransform | Shorthand::ListFilter | Shorthand::ListReduce),
            ) => self.lambda_call(&name, shorthand, function, span, cx),
            Target::Shorthand(
                shorthand @ (Shorthand::StructPack | Shorthand::StructInsert | Shorthand::StructUpdate),
            ) => self.struct_call(&name, shorthand, function, span, cx),
            Target::Scalar(_) | Target::WithPart(_) | Target::Shorthand(_) => {
                if function.over.is_some() || function.filter.is_some() || !function.within_group.is_empty() {
                    let problem = Diagnostic::error(
                        "not-an-aggregate",
                        span,
                        format!("`{name}` is not an aggregate or window function"),
                    );
                    self.report(problem.hint("OVER and FILTER belong to functions such as `sum` or `row_number`"));
                }
                let args = self.arguments(function, span, cx);
                self.call_entries(&name, &entries, args, span)
            }
        }
    }

    fn unknown_function(&mut self, name: &str, span: Span) {
        let problem = Diagnostic::error("unknown-function", span, format!("there is no function `{name}`"));
        let problem = match name.to_lowercase().as_str() {
            "current_time" | "localtime" | "get_current_time" => {
                problem.hint("the site knows the date of its data, not the time: use `current_date`")
            }
            "getdate" | "sysdate" => problem.hint("use `current_date`"),
            "random" | "rand" | "setseed" | "uuid" | "gen_random_uuid" | "uuidv4" | "uuidv7" => {
                problem.hint("answers are the same each time they are computed: nothing is random")
            }
            "isnull" | "nvl" => problem.hint("use `coalesce(value, other)`"),
            "convert" => problem.hint("use `cast(value as type)`"),
            "charindex" => problem.hint("use `strpos(text, part)`"),
            "to_char" | "format_date" | "date_format" => problem.hint("use `strftime(date, '%Y-%m-%d')`"),
            "to_date" => problem.hint("use `strptime(text, format)::date`"),
            _ => {
                let known =
                    functions::all().filter(|entry| entry.is_callable()).flat_map(|entry| entry.names.iter().copied());
                problem.did_you_mean(name, known)
            }
        };
        self.report(problem);
    }

    /// The arguments in the text; named ones are not known.
    pub(crate) fn argument_texts<'t>(&mut self, function: &'t ast::Function, span: Span) -> Vec<&'t Ast> {
        match &function.args {
            FunctionArguments::None => Vec::new(),
            FunctionArguments::Subquery(_) => {
                self.unsupported(span, "a subquery as the argument of a function");
                Vec::new()
            }
            FunctionArguments::List(list) => {
                let mut texts = Vec::new();
                for arg in &list.args {
                    match arg {
                        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => texts.push(expr),
                        FunctionArg::Unnamed(_) => {
                            self.error("argument-count", span, "`*` is an argument of `count` only");
                        }
                        FunctionArg::Named { .. } | FunctionArg::ExprNamed { .. } => {
                            self.unsupported(span, "a named argument");
                        }
                    }
                }
                texts
            }
        }
    }

    fn arguments(&mut self, function: &ast::Function, span: Span, cx: &mut Cx) -> Vec<Expr> {
        let texts = self.argument_texts(function, span);
        texts.into_iter().map(|text| self.expr(text, cx)).collect()
    }

    /// A call of a function by name on arguments of the text.
    pub(crate) fn call_named(&mut self, name: &str, args: &[&Ast], span: Span, cx: &mut Cx) -> Expr {
        let args = args.iter().map(|arg| self.expr(arg, cx)).collect();
        let entries: Vec<&'static Entry> = functions::lookup(name).collect();
        self.call_entries(name, &entries, args, span)
    }

    /// A call of a function that is chosen by a part.
    pub(crate) fn call_part(&mut self, name: &str, part: DatePart, args: Vec<Expr>, span: Span) -> Expr {
        let entries: Vec<&'static Entry> = functions::lookup(name).collect();
        let Some(Target::WithPart(make)) = entries.first().map(|entry| entry.target) else { return Self::broken(span) };
        let function = make(part);
        let timeless = args.first().is_some_and(|arg| matches!(arg.ty, Type::Interval | Type::Time));
        if matches!(part, DatePart::Era | DatePart::Julian) && timeless {
            self.error("unknown-date-part", span, format!("only dates and timestamps have `{part}`"));
            return Self::broken(span);
        }
        if matches!(function, Scalar::DateDiff(_) | Scalar::DateSub(_)) && !part.is_unit() {
            self.error("unknown-date-part", span, format!("`{name}` cannot count in `{part}`"));
            return Self::broken(span);
        }
        let signatures: Vec<&Signature> = entries[0].signatures.iter().collect();
        let Some((_, args, ty)) = self.choose(name, &signatures, args, span) else { return Self::broken(span) };
        let ty = match function {
            Scalar::DateTrunc(part) if part.is_day_or_longer() && ty != Type::Interval => Type::Date,
            Scalar::DatePart(part) if part.is_double() => Type::Double,
            _ => ty,
        };
        walk::call(function, args, ty, span)
    }

    fn call_entries(&mut self, name: &str, entries: &[&'static Entry], mut args: Vec<Expr>, span: Span) -> Expr {
        if let Target::WithPart(_) = entries[0].target {
            if args.is_empty() {
                self.error("argument-count", span, format!("`{name}` needs a part such as 'month' and a date"));
                return Self::broken(span);
            }
            let part = args.remove(0);
            let ExprKind::Literal(Value::Text(text)) = &part.kind else {
                let problem = Diagnostic::error(
                    "not-a-constant",
                    part.span,
                    format!("the first argument of `{name}` must be a constant text"),
                );
                self.report(problem.hint("write `'month'`"));
                return Self::broken(span);
            };
            return match self.part(&text.clone(), part.span) {
                Some(part) => self.call_part(name, part, args, span),
                None => Self::broken(span),
            };
        }
        if let Target::Shorthand(Shorthand::DateAdd) = entries[0].target
            && args.len() == 3
        {
            self.error("argument-count", span, "`date_add` takes a date and an interval");
            return Self::broken(span);
        }
        match entries[0].target {
            Target::Shorthand(Shorthand::NullIf) if args.len() == 2 => return self.null_if(args, span),
            Target::Shorthand(Shorthand::ListAggregate) => return self.list_aggregate(name, args, span),
            Target::Shorthand(Shorthand::StructExtract) => return self.struct_extract(&args, span),
            Target::Shorthand(Shorthand::Row) => return self.row(args, span),
            Target::Shorthand(Shorthand::StructConcat) => return self.struct_concat(&args, span),
            Target::Shorthand(Shorthand::ListZip) => return self.list_zip(args, span),
            Target::Shorthand(Shorthand::Flatten) => return self.flatten(args, span),
            _ => {}
        }
        if let (Target::Scalar(Scalar::RegexpExtract), Some(Type::Varchar)) =
            (entries[0].target, args.get(2).and_then(|names| names.ty.element()))
        {
            return self.named_groups(args, span);
        }
        let candidates: Vec<(&'static Entry, &'static Signature)> = entries
            .iter()
            .flat_map(|entry| entry.signatures.iter().map(move |signature| (*entry, signature)))
            .collect();
        let signatures: Vec<&Signature> = candidates.iter().map(|(_, signature)| *signature).collect();
        let Some((at, args, ty)) = self.choose(name, &signatures, args, span) else { return Self::broken(span) };
        match candidates[at].0.target {
            Target::Scalar(function) => walk::call(function, args, ty, span),
            Target::Shorthand(shorthand) => self.shorthand(shorthand, args, ty, span),
            Target::WithPart(_) | Target::Aggregate(_) | Target::Window(_) => Self::broken(span),
        }
    }

    /// `nullif(a, b)`: of the type of the first, whatever it is compared with.
    fn null_if(&mut self, args: Vec<Expr>, span: Span) -> Expr {
        let Ok([a, b]) = <[Expr; 2]>::try_from(args) else { return Self::broken(span) };
        let ty = a.ty;
        let equal = self.binary(&ast::BinaryOperator::Eq, a.clone(), b, span);
        let branches = vec![(equal, walk::literal(Value::Null, ty, span))];
        Expr { kind: ExprKind::Case { branches, otherwise: Box::new(a) }, ty, span }
    }

    fn shorthand(&mut self, shorthand: Shorthand, args: Vec<Expr>, ty: Type, span: Span) -> Expr {
        let null = || walk::literal(Value::Null, ty, span);
        match (shorthand, args.as_slice()) {
            (Shorthand::If, [condition, yes, no]) => Expr {
                kind: ExprKind::Case {
                    branches: vec![(condition.clone(), yes.clone())],
                    otherwise: Box::new(no.clone()),
                },
                ty,
                span,
            },
            (Shorthand::TypeOf, [value]) => {
                let name = if value.ty == Type::Null { "\"NULL\"".to_owned() } else { value.ty.to_string() };
                walk::literal(Value::Text(name), Type::Varchar, span)
            }
            (Shorthand::DateAdd, _) => walk::call(Scalar::Add, args, ty, span),
            (Shorthand::PopBack | Shorthand::PopFront, [list]) => {
                let (from, to) = if shorthand == Shorthand::PopBack { (1, -2) } else { (2, -1) };
                let place = |at| walk::literal(Value::Int(at), Type::BigInt, span);
                walk::call(Scalar::Nested(Nested::Slice), vec![list.clone(), place(from), place(to)], ty, span)
            }
            (Shorthand::Today, _) => self.today(span),
            (Shorthand::Now, _) => walk::cast(self.today(span), Type::Timestamp),
            (Shorthand::AgeToday, [since]) => {
                let today = walk::cast(self.today(span), Type::Timestamp);
                walk::call(Scalar::Age, vec![today, since.clone()], ty, span)
            }
            _ => null(),
        }
    }

    /// The aggregate a set of entries and arguments means, with converted arguments.
    pub(crate) fn choose_aggregate(
        &mut self,
        name: &str,
        entries: &[&'static Entry],
        args: Vec<Expr>,
        span: Span,
    ) -> Option<(Target, Vec<Expr>, Type)> {
        let candidates: Vec<(&'static Entry, &'static Signature)> = entries
            .iter()
            .flat_map(|entry| entry.signatures.iter().map(move |signature| (*entry, signature)))
            .collect();
        let signatures: Vec<&Signature> = candidates.iter().map(|(_, signature)| *signature).collect();
        let (at, args, ty) = self.choose(name, &signatures, args, span)?;
        let target = candidates[at].0.target;
        // Over bare NULLs the result still needs a type that can be stored.
        let ty = if ty == Type::Null && matches!(target, Target::Aggregate(Aggregate::Min | Aggregate::Max)) {
            Type::Integer
        } else {
            ty
        };
        Some((
            target,
            args.into_iter().map(|arg| if arg.ty == Type::Null { walk::cast(arg, ty) } else { arg }).collect(),
            ty,
        ))
    }
}
