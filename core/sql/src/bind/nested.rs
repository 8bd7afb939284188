//! Lists and structs: literals, places and fields of them, and aggregates over elements.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{AccessExpr, ArrayElemTypeDef, DataType, Expr as Ast, Ident, Subscript};

use super::Binder;
use super::expr::Cx;
use super::scope::Found;
use crate::functions::{self, Entry, Nested, Scalar, Signature, Target};
use crate::plan::{Expr, ExprKind};
use crate::walk;

pub(super) fn nested(function: Nested, args: Vec<Expr>, ty: Type, span: Span) -> Expr {
    walk::call(Scalar::Nested(function), args, ty, span)
}

impl Binder<'_> {
    /// `[1, 2]`
    pub(crate) fn list(&mut self, items: &[Ast], span: Span, cx: &mut Cx) -> Expr {
        let items = items.iter().map(|item| self.expr(item, cx)).collect();
        let (items, ty) = self.unify(items, span, "elements of type");
        nested(Nested::List, items, Type::list(ty), span)
    }

    /// `{'a': 1}`
    pub(crate) fn record(&mut self, fields: Vec<(String, &Ast)>, span: Span, cx: &mut Cx) -> Expr {
        let fields = fields.into_iter().map(|(name, value)| (name, self.expr(value, cx))).collect();
        self.record_of(fields, span)
    }

    /// `a.b.c`: a column, or fields of a struct.
    pub(crate) fn compound(&mut self, parts: &[Ident], span: Span) -> Expr {
        let [first, second, rest @ ..] = parts else { return Self::broken(span) };
        if let Some(parameter) = self.lambda_parameter(&first.value, span) {
            return parts[1..].iter().fold(parameter, |value, field| self.field_of(value, &field.value, span));
        }
        if self.is_table(&first.value) {
            let column = self.qualified_name(first, second, span);
            return rest.iter().fold(column, |value, field| self.field_of(value, &field.value, span));
        }
        // A column is only looked for where it can be one: an unknown table is told as such.
        if self.is_struct_column(&first.value)
            && let Found::Column(column) = self.bare_name(first, span)
        {
            return parts[1..].iter().fold(column, |value, field| self.field_of(value, &field.value, span));
        }
        if rest.is_empty() {
            return self.qualified_name(first, second, span);
        }
        let written: Vec<&str> = parts.iter().map(|part| part.value.as_str()).collect();
        self.error("unknown-column", span, format!("there is no column `{}`", written.join(".")));
        Self::broken(span)
    }

    fn is_table(&self, name: &str) -> bool {
        let is = |table: &Option<String>| table.as_ref().is_some_and(|table| table.eq_ignore_ascii_case(name));
        self.scopes.iter().any(|scope| scope.columns.iter().any(|column| is(&column.table)))
    }

    fn is_struct_column(&self, name: &str) -> bool {
        self.scopes
            .iter()
            .flat_map(|scope| &scope.columns)
            .any(|column| column.name.eq_ignore_ascii_case(name) && matches!(column.ty, Type::Struct(_)))
    }

    /// `value.name`
    fn field_of(&mut self, value: Expr, name: &str, span: Span) -> Expr {
        let Type::Struct(record) = value.ty else {
            if value.ty != Type::Null {
                self.error("type-mismatch", span, format!("a value of type {} has no field `{name}`", value.ty));
            }
            return Self::broken(span);
        };
        let fields = record.fields();
        match fields.iter().position(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some(at) => {
                let place = u32::try_from(at).unwrap_or(u32::MAX);
                nested(Nested::Field(place), vec![value], fields[at].1, span)
            }
            None => {
                let known = fields.iter().map(|(name, _)| name.as_str());
                let problem = Diagnostic::error("unknown-column", span, format!("the struct has no field `{name}`"));
                self.report(problem.did_you_mean(name, known));
                Self::broken(span)
            }
        }
    }

    /// `'apple'[1]`, `x[2:3]`, `x['a']`, `(x).a`: characters of a text, elements of a list, fields of a struct.
    pub(crate) fn subscript(&mut self, root: &Ast, chain: &[AccessExpr], span: Span, cx: &mut Cx) -> Expr {
        let mut value = self.expr(root, cx);
        for access in chain {
            value = match access {
                AccessExpr::Dot(Ast::Identifier(name)) => self.field_of(value, &name.value, span),
                AccessExpr::Dot(_) => return self.no_expr(span, "this kind of field"),
                AccessExpr::Subscript(Subscript::Index { index }) => {
                    let index = self.expr(index, cx);
                    match (&index.kind, value.ty) {
                        (ExprKind::Literal(Value::Text(name)), Type::Struct(_)) => {
                            self.field_of(value, &name.clone(), span)
                        }
                        (ExprKind::Literal(Value::Int(at)), Type::Struct(record)) => {
                            let place = u32::try_from(at - 1).ok();
                            match place.and_then(|place| record.fields().get(place as usize)) {
                                Some((_, ty)) => nested(Nested::Field(place.unwrap_or(0)), vec![value], *ty, span),
                                None => {
                                    let message = format!("the struct has {} fields", record.fields().len());
                                    self.error("unknown-position", span, message);
                                    Self::broken(span)
                                }
                            }
                        }
                        _ => self.element(value, index, span),
                    }
                }
                AccessExpr::Subscript(Subscript::Slice { lower_bound, upper_bound, stride }) => {
                    let mut bound = |bound: &Option<Ast>, otherwise: i64| match bound {
                        Some(bound) => {
                            let bound = self.expr(bound, cx);
                            self.coerce(bound, Type::BigInt)
                        }
                        None => walk::literal(Value::Int(otherwise), Type::BigInt, span),
                    };
                    let (from, to) = (bound(lower_bound, 1), bound(upper_bound, -1));
                    let step = stride.is_some().then(|| bound(stride, 1));
                    self.slice(value, from, to, upper_bound.is_some(), step, span)
                }
            };
        }
        value
    }

    fn element(&mut self, value: Expr, index: Expr, span: Span) -> Expr {
        match value.ty {
            Type::Varchar => {
                let index = self.coerce(index, Type::BigInt);
                let one = walk::literal(Value::Int(1), Type::BigInt, span);
                walk::call(Scalar::Substring, vec![value, index, one], Type::Varchar, span)
            }
            Type::List(list) => {
                let index = self.coerce(index, Type::BigInt);
                nested(Nested::Element, vec![value, index], list.element(), span)
            }
            Type::Null => Self::broken(span),
            ty => {
                self.error("type-mismatch", span, format!("a value of type {ty} has no elements"));
                Self::broken(span)
            }
        }
    }

    fn slice(&mut self, value: Expr, from: Expr, to: Expr, ends: bool, step: Option<Expr>, span: Span) -> Expr {
        match value.ty {
            Type::List(_) => {
                let ty = value.ty;
                nested(Nested::Slice, [value, from, to].into_iter().chain(step).collect(), ty, span)
            }
            Type::Varchar if step.is_none() => {
                let count = ends.then(|| {
                    let length = walk::call(Scalar::Sub, vec![to, from.clone()], Type::BigInt, span);
                    let one = walk::literal(Value::Int(1), Type::BigInt, span);
                    walk::call(Scalar::Add, vec![length, one], Type::BigInt, span)
                });
                let args = [value, from].into_iter().chain(count).collect();
                walk::call(Scalar::Substring, args, Type::Varchar, span)
            }
            Type::Varchar => self.no_expr(span, "a step in a slice of a text"),
            Type::Null => Self::broken(span),
            ty => {
                self.error("type-mismatch", span, format!("a value of type {ty} has no elements"));
                Self::broken(span)
            }
        }
    }

    /// A list or struct type of the text; `None` for any other.
    pub(crate) fn nested_type(&mut self, data_type: &DataType, span: Span) -> Option<Option<Type>> {
        match data_type {
            DataType::Array(
                ArrayElemTypeDef::SquareBracket(element, None)
                | ArrayElemTypeDef::AngleBracket(element)
                | ArrayElemTypeDef::Parenthesis(element),
            ) => Some(self.data_type(element, span).map(Type::list)),
            DataType::Struct(fields, _) => {
                let mut types = Vec::new();
                for field in fields {
                    let name = field.field_name.as_ref()?.value.clone();
                    match self.data_type(&field.field_type, span) {
                        Some(ty) => types.push((name, ty)),
                        None => return Some(None),
                    }
                }
                Some(Some(Type::record(types)))
            }
            _ => None,
        }
    }

    /// `list_sum(x)`, `list_aggregate(x, 'sum')`: the aggregate of that name over the elements.
    pub(crate) fn list_aggregate(&mut self, name: &str, mut args: Vec<Expr>, span: Span) -> Expr {
        let name = name.to_lowercase();
        let wanted = match name.as_str() {
            "list_aggregate" | "list_aggr" | "array_aggregate" | "array_aggr" => {
                let Some(Expr { kind: ExprKind::Literal(Value::Text(wanted)), .. }) = args.get(1) else {
                    self.error("not-a-constant", span, format!("`{name}` takes a list and the name of an aggregate"));
                    return Self::broken(span);
                };
                let wanted = wanted.clone();
                args.remove(1);
                wanted
            }
            other => other.trim_start_matches("list_").to_owned(),
        };
        let Some(list) = args.first().cloned() else {
            self.error("argument-count", span, format!("`{name}` needs a list"));
            return Self::broken(span);
        };
        if list.ty == Type::Null {
            return Self::broken(span);
        }
        let Some(element) = list.ty.element() else {
            self.error("type-mismatch", list.span, format!("`{name}` takes a list, this is {}", list.ty));
            return Self::broken(span);
        };
        let entries: Vec<&'static Entry> = functions::lookup(&wanted).collect();
        if !entries.iter().any(|entry| matches!(entry.target, Target::Aggregate(_))) {
            self.error("unknown-function", span, format!("there is no aggregate `{wanted}`"));
            return Self::broken(span);
        }
        // The signature is chosen for a column of elements.
        let mut stands = args;
        stands[0] = Expr { kind: ExprKind::Column(crate::plan::ColumnId(u32::MAX)), ty: element, span: list.span };
        let candidates: Vec<(&'static Entry, &'static Signature)> = entries
            .iter()
            .flat_map(|entry| entry.signatures.iter().map(move |signature| (*entry, signature)))
            .collect();
        let signatures: Vec<&Signature> = candidates.iter().map(|(_, signature)| *signature).collect();
        let Some((at, mut chosen, ty)) = self.choose(&wanted, &signatures, stands, span) else {
            return Self::broken(span);
        };
        let Target::Aggregate(aggregate) = candidates[at].0.target else { return Self::broken(span) };
        if chosen.is_empty() {
            return Self::broken(span);
        }
        if matches!(
            aggregate,
            functions::Aggregate::QuantileCont
                | functions::Aggregate::QuantileDisc
                | functions::Aggregate::ApproxQuantile
        ) {
            self.check_quantile(&mut chosen);
        }
        if candidates[at].1.result == functions::Param::SameList && aggregate != functions::Aggregate::List {
            return self.no_expr(span, "several greatest or smallest elements of a list");
        }
        let wanted = Type::list(chosen[0].ty);
        chosen[0] = self.coerce(list, wanted);
        nested(Nested::Aggregate(aggregate), chosen, ty, span)
    }

    /// `struct_extract(x, 'a')`
    pub(crate) fn struct_extract(&mut self, args: &[Expr], span: Span) -> Expr {
        match args {
            [value, Expr { kind: ExprKind::Literal(Value::Text(name)), .. }] => {
                self.field_of(value.clone(), name, span)
            }
            _ => {
                self.error("not-a-constant", span, "`struct_extract` takes a struct and the name of a field");
                Self::broken(span)
            }
        }
    }
}
