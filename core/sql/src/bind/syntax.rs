//! Expressions with a syntax of their own: CASE, CAST, IN, BETWEEN, LIKE, EXTRACT, SUBSTRING, …

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{self, CastKind, DataType, Expr as Ast, TrimWhereField};

use super::expr::Cx;
use super::{Binder, Parameter};
use crate::functions::Scalar;
use crate::plan::{Expr, ExprKind};
use crate::walk;

impl Binder<'_> {
    pub(crate) fn other_expr(&mut self, expr: &Ast, cx: &mut Cx) -> Expr {
        let span = self.span(expr);
        if self.lambdas > 0 && reads_rows(expr) {
            return self.no_expr(span, "a subquery inside a lambda");
        }
        match expr {
            Ast::IsNull(inner) | Ast::IsUnknown(inner) => self.test(Scalar::IsNull, inner, span, cx),
            Ast::IsNotNull(inner) | Ast::IsNotUnknown(inner) => self.test(Scalar::IsNotNull, inner, span, cx),
            Ast::IsTrue(inner) => self.is_truth(inner, true, Scalar::IsNotDistinctFrom, span, cx),
            Ast::IsNotTrue(inner) => self.is_truth(inner, true, Scalar::IsDistinctFrom, span, cx),
            Ast::IsFalse(inner) => self.is_truth(inner, false, Scalar::IsNotDistinctFrom, span, cx),
            Ast::IsNotFalse(inner) => self.is_truth(inner, false, Scalar::IsDistinctFrom, span, cx),
            Ast::IsDistinctFrom(a, b) => self.distinct_from(Scalar::IsDistinctFrom, a, b, span, cx),
            Ast::IsNotDistinctFrom(a, b) => self.distinct_from(Scalar::IsNotDistinctFrom, a, b, span, cx),
            Ast::Between { expr, negated, low, high } => {
                let value = self.expr(expr, cx);
                let (low, high) = (self.expr(low, cx), self.expr(high, cx));
                let at_least = self.binary(&ast::BinaryOperator::GtEq, value.clone(), low, span);
                let at_most = self.binary(&ast::BinaryOperator::LtEq, value, high, span);
                negate(walk::call(Scalar::And, vec![at_least, at_most], Type::Boolean, span), *negated)
            }
            Ast::InList { expr, list, negated } => self.in_list(expr, list, *negated, span, cx),
            Ast::Like { negated, any: false, expr, pattern, escape_char } => {
                self.like(Scalar::Like, expr, pattern, escape_char.as_ref(), *negated, span, cx)
            }
            Ast::ILike { negated, any: false, expr, pattern, escape_char } => {
                self.like(Scalar::ILike, expr, pattern, escape_char.as_ref(), *negated, span, cx)
            }
            Ast::SimilarTo { negated, expr, pattern, escape_char: None } => {
                self.like(Scalar::RegexpFullMatch, expr, pattern, None, *negated, span, cx)
            }
            Ast::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), span, cx)
            }
            Ast::Cast { kind, expr, data_type, .. } => self.cast(kind, expr, data_type, span, cx),
            Ast::Extract { field, expr, .. } => {
                let value = self.expr(expr, cx);
                match self.part(&field.to_string(), span) {
                    Some(part) => self.call_part("date_part", part, vec![value], span),
                    None => Self::broken(span),
                }
            }
            Ast::Ceil { expr, .. } => self.call_named("ceil", &[expr], span, cx),
            Ast::Floor { expr, .. } => self.call_named("floor", &[expr], span, cx),
            Ast::Position { expr, r#in } => self.call_named("strpos", &[r#in, expr], span, cx),
            Ast::Substring { expr, substring_from, substring_for, .. } => {
                let one = Ast::value(ast::Value::Number("1".into(), false));
                let mut args = vec![expr.as_ref(), substring_from.as_deref().unwrap_or(&one)];
                args.extend(substring_for.as_deref());
                self.call_named("substring", &args, span, cx)
            }
            Ast::Trim { trim_where, trim_what, expr, trim_characters } => {
                let name = match trim_where {
                    Some(TrimWhereField::Leading) => "ltrim",
                    Some(TrimWhereField::Trailing) => "rtrim",
                    Some(TrimWhereField::Both) | None => "trim",
                };
                let mut args = vec![expr.as_ref()];
                args.extend(trim_what.as_deref());
                args.extend(trim_characters.iter().flatten());
                self.call_named(name, &args, span, cx)
            }
            Ast::CompoundFieldAccess { root, access_chain } => self.subscript(root, access_chain, span, cx),
            Ast::Subquery(query) => self.scalar_subquery(query, span, cx),
            Ast::Exists { subquery, negated } => {
                let found = self.exists_mark(subquery, span, cx);
                negate(found, *negated)
            }
            Ast::InSubquery { expr, subquery, negated } => {
                let found = self.in_mark(expr, subquery, span, cx);
                negate(found, *negated)
            }
            Ast::AnyOp { left, compare_op, right, .. } => match right.as_ref() {
                Ast::Subquery(query) => self.quantified(left, compare_op, query, false, span, cx),
                list if matches!(compare_op, ast::BinaryOperator::Eq) => {
                    self.call_named("list_contains", &[list, left], span, cx)
                }
                _ => self.no_expr(span, "this comparison with ANY of a list"),
            },
            Ast::AllOp { left, compare_op, right } => match right.as_ref() {
                Ast::Subquery(query) => self.quantified(left, compare_op, query, true, span, cx),
                _ => self.no_expr(span, "ALL over a list"),
            },
            Ast::Collate { expr, .. } => {
                self.unsupported(span, "COLLATE");
                self.expr(expr, cx)
            }
            Ast::AtTimeZone { .. } => self.no_expr(span, "AT TIME ZONE"),
            Ast::Tuple(items) => {
                let items: Vec<Expr> = items.iter().map(|item| self.expr(item, cx)).collect();
                self.row(items, span)
            }
            Ast::Array(array) => self.list(&array.elem, span, cx),
            Ast::Dictionary(fields) => {
                let fields = fields.iter().map(|field| (field.key.value.clone(), field.value.as_ref())).collect();
                self.record(fields, span, cx)
            }
            Ast::Struct { .. } | Ast::Map(_) => self.no_expr(span, "a map"),
            Ast::Lambda(_) => {
                self.no_expr(span, "a lambda outside of `list_transform`, `list_filter` and `list_reduce`")
            }
            _ => self.no_expr(span, "this expression"),
        }
    }

    pub(crate) fn no_expr(&mut self, span: Span, what: &str) -> Expr {
        self.unsupported(span, what);
        Self::broken(span)
    }

    fn test(&mut self, function: Scalar, inner: &Ast, span: Span, cx: &mut Cx) -> Expr {
        let inner = self.expr(inner, cx);
        walk::call(function, vec![inner], Type::Boolean, span)
    }

    fn is_truth(&mut self, inner: &Ast, truth: bool, function: Scalar, span: Span, cx: &mut Cx) -> Expr {
        let inner = self.expr(inner, cx);
        let inner = self.condition(inner);
        walk::call(
            function,
            vec![inner, walk::literal(Value::Boolean(truth), Type::Boolean, span)],
            Type::Boolean,
            span,
        )
    }

    fn distinct_from(&mut self, function: Scalar, a: &Ast, b: &Ast, span: Span, cx: &mut Cx) -> Expr {
        let sides = vec![self.expr(a, cx), self.expr(b, cx)];
        let (sides, _) = self.unify(sides, span, "values of type");
        walk::call(function, sides, Type::Boolean, span)
    }

    fn in_list(&mut self, value: &Ast, list: &[Ast], negated: bool, span: Span, cx: &mut Cx) -> Expr {
        if let Some(items) = super::expr::tuple_items(value) {
            let parts: Vec<Expr> = list
                .iter()
                .map(|row| {
                    let op = ast::BinaryOperator::Eq;
                    let whole =
                        Ast::BinaryOp { left: Box::new(Ast::Tuple(items.to_vec())), op, right: Box::new(row.clone()) };
                    self.expr(&whole, cx)
                })
                .collect();
            return negate(walk::any_of(parts).unwrap_or_else(|| Self::broken(span)), negated);
        }
        let mut all = vec![self.expr(value, cx)];
        for item in list {
            if let Ast::Value(ast::ValueWithSpan { value: ast::Value::Placeholder(name), span: place }) = item {
                let place = self.lines.span(*place);
                match self.parameter_value(name, place) {
                    Some(Parameter::List(values)) if values.len() > self.options.limits.literals => {
                        self.error(
                            "list-parameter",
                            place,
                            format!("`{name}` holds more than {} values", self.options.limits.literals),
                        );
                    }
                    Some(Parameter::List(values)) => {
                        all.extend(values.iter().map(|value| super::literals::parameter_literal(value, place)));
                    }
                    Some(Parameter::One(value)) => all.push(super::literals::parameter_literal(&value, place)),
                    None => {}
                }
                continue;
            }
            all.push(self.expr(item, cx));
        }
        let (all, _) = self.unify(all, span, "values of type");
        let mut items = all.into_iter();
        let Some(input) = items.next() else { return Self::broken(span) };
        let (mut constants, mut others) = (Vec::new(), Vec::new());
        for item in items {
            match crate::optimise::fold::folded(item) {
                Expr { kind: ExprKind::Literal(value), .. } => constants.push(value),
                other => others.push(walk::call(Scalar::Eq, vec![input.clone(), other], Type::Boolean, span)),
            }
        }
        let list = Expr {
            kind: ExprKind::InList { input: Box::new(input), list: constants.clone() },
            ty: Type::Boolean,
            span,
        };
        // An empty list parameter matches nothing, as `in ()` would.
        let parts = if constants.is_empty() && !others.is_empty() {
            others
        } else {
            std::iter::once(list).chain(others).collect()
        };
        negate(walk::any_of(parts).unwrap_or_else(|| Self::broken(span)), negated)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one syntax")]
    fn like(
        &mut self,
        function: Scalar,
        value: &Ast,
        pattern: &Ast,
        escape: Option<&ast::ValueWithSpan>,
        negated: bool,
        span: Span,
        cx: &mut Cx,
    ) -> Expr {
        let mut args = Vec::new();
        for side in [value, pattern] {
            let side = self.expr(side, cx);
            args.push(self.coerce(side, Type::Varchar));
        }
        if let Some(escape) = escape {
            let place = self.lines.span(escape.span);
            let escape = self.value(&escape.value, place);
            if let ExprKind::Literal(Value::Text(text)) = &escape.kind
                && text.chars().count() > 1
            {
                self.error("invalid-literal", place, "ESCAPE takes one character");
            }
            args.push(self.coerce(escape, Type::Varchar));
        }
        negate(walk::call(function, args, Type::Boolean, span), negated)
    }

    fn case(
        &mut self,
        operand: Option<&Ast>,
        whens: &[ast::CaseWhen],
        otherwise: Option<&Ast>,
        span: Span,
        cx: &mut Cx,
    ) -> Expr {
        let operand = operand.map(|operand| self.expr(operand, cx));
        let mut conditions = Vec::new();
        let mut results = Vec::new();
        for when in whens {
            let condition = self.expr(&when.condition, cx);
            conditions.push(match &operand {
                Some(operand) => {
                    let place = condition.span;
                    self.binary(&ast::BinaryOperator::Eq, operand.clone(), condition, place)
                }
                None => self.condition(condition),
            });
            results.push(self.expr(&when.result, cx));
        }
        results
            .push(otherwise.map_or_else(|| walk::literal(Value::Null, Type::Null, span), |expr| self.expr(expr, cx)));
        let (mut results, ty) = self.unify(results, span, "results of type");
        let otherwise = Box::new(results.pop().unwrap_or_else(|| Self::broken(span)));
        let branches = conditions.into_iter().zip(results).collect();
        Expr { kind: ExprKind::Case { branches, otherwise }, ty, span }
    }

    fn cast(&mut self, kind: &CastKind, inner: &Ast, data_type: &DataType, span: Span, cx: &mut Cx) -> Expr {
        let input = self.expr(inner, cx);
        let Some(ty) = self.data_type(data_type, span) else { return Self::broken(span) };
        let lenient = matches!(kind, CastKind::TryCast | CastKind::SafeCast);
        if !castable(input.ty, ty) {
            self.report(Diagnostic::error("type-mismatch", span, format!("{} cannot be converted to {ty}", input.ty)));
            return walk::literal(Value::Null, ty, span);
        }
        if input.ty == ty {
            return input;
        }
        // A number written with decimals is exact in DuckDB: its halves go away from zero, those of a DOUBLE to the even side.
        if let (ExprKind::Literal(Value::Double(number)), true) = (&input.kind, ty.is_integer() && is_decimal(inner)) {
            return walk::cast(walk::literal(Value::Double(number.round()), Type::Double, input.span), ty);
        }
        if let ExprKind::Literal(Value::Text(text)) = &input.kind
            && !lenient
            && let Ok(value) = crate::literal::convert(text, ty)
        {
            return walk::literal(value, ty, span);
        }
        Expr { kind: ExprKind::Cast { input: Box::new(input), lenient }, ty, span }
    }

    /// A type of the text; those narrower or exact are widened, as loading a file does.
    pub(crate) fn data_type(&mut self, data_type: &DataType, span: Span) -> Option<Type> {
        if let Some(nested) = self.nested_type(data_type, span) {
            return nested;
        }
        let written = data_type.to_string().to_uppercase();
        let name = written.split(['(', ' ', '[']).next().unwrap_or_default();
        let plain = !written.ends_with(']');
        Some(match name {
            "BOOLEAN" | "BOOL" | "LOGICAL" if plain => Type::Boolean,
            "TINYINT" | "SMALLINT" | "INT" | "INTEGER" | "INT1" | "INT2" | "INT4" | "INT16" | "INT32" | "SIGNED"
            | "SHORT" | "UTINYINT" | "USMALLINT" | "MEDIUMINT"
                if plain =>
            {
                Type::Integer
            }
            "BIGINT" | "INT8" | "INT64" | "LONG" | "HUGEINT" | "UINTEGER" | "UBIGINT" | "UHUGEINT" if plain => {
                Type::BigInt
            }
            "DOUBLE" | "FLOAT" | "FLOAT4" | "FLOAT8" | "REAL" | "DECIMAL" | "NUMERIC" | "DEC" if plain => Type::Double,
            "VARCHAR" | "TEXT" | "STRING" | "CHAR" | "CHARACTER" | "BPCHAR" | "NVARCHAR" if plain => Type::Varchar,
            "DATE" if plain => Type::Date,
            "TIME" if plain && !written.contains("ZONE") => Type::Time,
            "TIMESTAMP" | "DATETIME" | "TIMESTAMP_S" | "TIMESTAMP_MS" | "TIMESTAMP_NS"
                if plain && !written.contains("WITH TIME ZONE") =>
            {
                Type::Timestamp
            }
            "INTERVAL" if plain => Type::Interval,
            _ => {
                let known =
                    ["BOOLEAN", "INTEGER", "BIGINT", "DOUBLE", "VARCHAR", "DATE", "TIME", "TIMESTAMP", "INTERVAL"];
                let problem = Diagnostic::error("unknown-type", span, format!("there is no type `{data_type}`"));
                let problem = if almanac_model::diagnostic::closest(name, known).is_some() {
                    problem.did_you_mean(name, known)
                } else {
                    problem.hint(format!("types are {}", known.join(", ")))
                };
                self.report(problem);
                return None;
            }
        })
    }
}

/// Whether a number is written with decimals and no exponent.
fn is_decimal(expr: &Ast) -> bool {
    match expr {
        Ast::Nested(inner) | Ast::UnaryOp { expr: inner, .. } => is_decimal(inner),
        Ast::Value(value) => {
            matches!(&value.value, ast::Value::Number(digits, _) if digits.contains('.') && !digits.contains(['e', 'E']))
        }
        _ => false,
    }
}

/// Whether it is a subquery, or a comparison with one.
fn reads_rows(expr: &Ast) -> bool {
    match expr {
        Ast::Subquery(_) | Ast::Exists { .. } | Ast::InSubquery { .. } => true,
        Ast::AnyOp { right, .. } | Ast::AllOp { right, .. } => matches!(right.as_ref(), Ast::Subquery(_)),
        _ => false,
    }
}

/// NOT around it, or not.
pub(crate) fn negate(expr: Expr, negated: bool) -> Expr {
    let span = expr.span;
    if negated { walk::call(Scalar::Not, vec![expr], Type::Boolean, span) } else { expr }
}

/// Whether CAST converts between them.
pub(crate) fn castable(from: Type, to: Type) -> bool {
    use Type::{Boolean, Date, Null, Time, Timestamp, Varchar};
    match (from, to) {
        _ if from == to => true,
        (Null, _) | (_, Varchar) => true,
        (Varchar, to) => !to.is_nested(),
        (Date, Timestamp) | (Timestamp, Date | Time) => true,
        (Boolean, to) => to.is_numeric(),
        (from, Boolean) => from.is_numeric(),
        (Type::List(from), Type::List(to)) => castable(from.element(), to.element()),
        (Type::Struct(from), Type::Struct(to)) => {
            let (from, to) = (from.fields(), to.fields());
            from.len() == to.len() && from.iter().zip(to).all(|((_, from), (_, to))| castable(*from, *to))
        }
        (from, to) => from.is_numeric() && to.is_numeric(),
    }
}
