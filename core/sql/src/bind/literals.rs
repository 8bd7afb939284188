//! Constants of the text: numbers, strings, typed strings, intervals, parameters.

use almanac_model::{Diagnostic, Interval, Span, Type, Value};
use sqlparser::ast::{self, Expr as Ast};

use super::expr::Cx;
use super::{Binder, Parameter};
use crate::functions::{DatePart, Scalar};
use crate::literal;
use crate::plan::{Expr, ExprKind};
use crate::walk;

impl Binder<'_> {
    pub(crate) fn value(&mut self, value: &ast::Value, span: Span) -> Expr {
        use ast::Value as V;
        match value {
            V::Number(digits, _) => self.number(digits, span),
            V::SingleQuotedString(text) | V::EscapedStringLiteral(text) | V::NationalStringLiteral(text) => {
                walk::literal(Value::Text(text.clone()), Type::Varchar, span)
            }
            V::DollarQuotedString(text) => walk::literal(Value::Text(text.value.clone()), Type::Varchar, span),
            V::Boolean(value) => walk::literal(Value::Boolean(*value), Type::Boolean, span),
            V::Null => walk::literal(Value::Null, Type::Null, span),
            V::Placeholder(name) => self.parameter(name, span),
            _ => self.no_literal(span),
        }
    }

    fn no_literal(&mut self, span: Span) -> Expr {
        self.unsupported(span, "this kind of literal");
        Self::broken(span)
    }

    fn number(&mut self, digits: &str, span: Span) -> Expr {
        let digits = digits.replace('_', "");
        if let Ok(number) = digits.parse::<i64>() {
            return integer(number, span);
        }
        match digits.parse::<f64>() {
            // Beyond the largest double is infinity, as in DuckDB.
            Ok(number) => walk::literal(Value::Double(number), Type::Double, span),
            Err(_) => {
                self.error("invalid-literal", span, format!("`{digits}` is not a number"));
                Self::broken(span)
            }
        }
    }

    /// `$name` as a literal.
    fn parameter(&mut self, name: &str, span: Span) -> Expr {
        match self.parameter_value(name, span) {
            Some(Parameter::One(value)) => parameter_literal(&value, span),
            Some(Parameter::List(_)) => {
                let problem = Diagnostic::error("list-parameter", span, format!("`{name}` holds several values"))
                    .hint(format!("write `in {name}`"));
                self.report(problem);
                Self::broken(span)
            }
            None => Self::broken(span),
        }
    }

    /// The value of `$name`; a missing one is reported.
    pub(crate) fn parameter_value(&mut self, name: &str, span: Span) -> Option<Parameter> {
        let bare = name.trim_start_matches(['$', ':']);
        if let Some((_, found)) = self.options.parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(bare)) {
            return Some(found.clone());
        }
        let mut problem = if bare.is_empty() || bare == "?" {
            Diagnostic::error("unknown-parameter", span, "parameters need a name").hint("write `$name`")
        } else {
            Diagnostic::error("unknown-parameter", span, format!("there is no parameter `${bare}`"))
        };
        let known: Vec<&str> = self.options.parameters.keys().map(String::as_str).collect();
        problem = match almanac_model::diagnostic::closest(bare, known.iter().copied()) {
            Some(near) => problem.hint(format!("did you mean `${near}`?")),
            None => problem.hint("declare it under `inputs` of the notebook"),
        };
        self.report(problem);
        None
    }

    /// `date '2024-01-31'`.
    pub(crate) fn typed_string(&mut self, typed: &ast::TypedString, span: Span) -> Expr {
        let Some(ty) = self.data_type(&typed.data_type, span) else { return Self::broken(span) };
        let text = self.value(&typed.value.value, span);
        self.text_literal_to(text, ty)
    }

    /// `interval '1 month'`, `interval 1 month`, `interval (n) month`.
    pub(crate) fn interval(&mut self, interval: &ast::Interval, span: Span, cx: &mut Cx) -> Expr {
        if interval.last_field.is_some() {
            self.unsupported(span, "an interval of a range of fields");
            return Self::broken(span);
        }
        let unit = match &interval.leading_field {
            None => None,
            Some(field) => match self.part(&field.to_string(), span) {
                Some(unit) if unit.is_unit() => Some(unit),
                Some(_) => {
                    self.error("unknown-date-part", span, format!("intervals cannot be counted in `{field}`"));
                    return Self::broken(span);
                }
                None => return Self::broken(span),
            },
        };
        let amount = self.expr(&interval.value, cx);
        let constant =
            |value: Option<Interval>| value.map(|value| walk::literal(Value::Interval(value), Type::Interval, span));
        #[expect(clippy::cast_precision_loss, reason = "amounts of intervals are far below 2^53")]
        let made = match (&amount.kind, unit) {
            (ExprKind::Literal(Value::Text(text)), None) => constant(literal::interval(text)),
            (ExprKind::Literal(Value::Text(text)), Some(unit)) => {
                constant(text.trim().parse().ok().and_then(|amount| literal::of_unit(amount, unit)))
            }
            (ExprKind::Literal(Value::Int(amount)), Some(unit)) => constant(literal::of_unit(*amount as f64, unit)),
            (ExprKind::Literal(Value::Double(amount)), Some(unit)) => constant(literal::of_unit(*amount, unit)),
            (_, Some(unit)) => {
                let ty =
                    if matches!(unit, DatePart::Second | DatePart::Millisecond) { Type::Double } else { Type::BigInt };
                let amount = self.coerce(amount, ty);
                return walk::call(Scalar::ToInterval(unit), vec![amount], Type::Interval, span);
            }
            (_, None) => None,
        };
        made.unwrap_or_else(|| {
            let problem = Diagnostic::error("invalid-literal", span, "this is not an interval")
                .hint("write `interval 1 month` or `interval '1 month 2 days'`");
            self.report(problem);
            walk::literal(Value::Null, Type::Interval, span)
        })
    }

    /// A part of a date by name; an unknown one is reported.
    pub(crate) fn part(&mut self, name: &str, span: Span) -> Option<DatePart> {
        let name = name.trim_matches(['\'', '"']);
        let found = DatePart::parse(name);
        if found.is_none() {
            let problem = Diagnostic::error("unknown-date-part", span, format!("`{name}` is not a part of a date"));
            let problem = if almanac_model::diagnostic::closest(name, DatePart::names()).is_some() {
                problem.did_you_mean(name, DatePart::names())
            } else {
                problem.hint("parts are `year`, `quarter`, `month`, `week`, `day`, `hour`, `minute`, `second`")
            };
            self.report(problem);
        }
        found
    }

    /// `limit`, `offset`, a frame's bound: a whole number that is known.
    pub(crate) fn constant_count(&mut self, expr: &Ast, what: &str) -> Option<u64> {
        let span = self.span(expr);
        let mut cx = Cx::plain("a constant");
        let bound = self.expr(expr, &mut cx);
        let bound = crate::optimise::fold::folded(bound);
        let count = match &bound.kind {
            ExprKind::Literal(Value::Int(count)) => u64::try_from(*count).ok(),
            ExprKind::Literal(Value::Null) => return None,
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked right before")]
            ExprKind::Literal(Value::Double(count)) if *count >= 0.0 && *count < 9e15 => Some(count.round() as u64),
            ExprKind::Literal(Value::Text(text)) => text.trim().parse().ok(),
            _ => None,
        };
        if count.is_none() {
            self.error("not-a-count", span, format!("{what} must be a whole number that is not negative"));
        }
        count
    }
}

/// A whole number in the narrowest type.
pub(crate) fn integer(number: i64, span: Span) -> Expr {
    let ty = if i32::try_from(number).is_ok() { Type::Integer } else { Type::BigInt };
    walk::literal(Value::Int(number), ty, span)
}

/// A parameter's value as a literal.
pub(crate) fn parameter_literal(value: &Value, span: Span) -> Expr {
    match value {
        Value::Int(number) => integer(*number, span),
        other => walk::literal(other.clone(), other.ty(), span),
    }
}
