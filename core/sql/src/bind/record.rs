//! Structs from named values and from other structs, and lists of them.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::{self, Expr as Ast, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::Binder;
use super::expr::Cx;
use super::nested::nested;
use crate::functions::{Nested, Scalar, Shorthand};
use crate::plan::{Expr, ExprKind};
use crate::walk;

/// Names and values.
type Fields = Vec<(String, Expr)>;

impl Binder<'_> {
    /// `struct_pack(a := 1)`, `struct_insert(x, b := 2)`, `struct_update(x, a := 2)`.
    pub(crate) fn struct_call(
        &mut self,
        name: &str,
        shorthand: Shorthand,
        function: &ast::Function,
        span: Span,
        cx: &mut Cx,
    ) -> Expr {
        let args = match &function.args {
            FunctionArguments::List(list) => list.args.as_slice(),
            _ => &[],
        };
        let (of, named) = match (shorthand, args) {
            (Shorthand::StructPack, named) => (None, named),
            (_, [FunctionArg::Unnamed(FunctionArgExpr::Expr(of)), named @ ..]) => (Some(of), named),
            (_, named) => (None, named),
        };
        let mut values: Vec<(String, &Ast)> = Vec::new();
        for arg in named {
            if let FunctionArg::Named { name, arg: FunctionArgExpr::Expr(value), .. } = arg {
                values.push((name.value.clone(), value));
            }
        }
        if values.is_empty() || values.len() != named.len() || of.is_none() != (shorthand == Shorthand::StructPack) {
            let (takes, example) = match shorthand {
                Shorthand::StructPack => ("named values", "struct_pack(a := 1)` or `{'a': 1}"),
                Shorthand::StructInsert => ("a struct and named values", "struct_insert(x, b := 2)"),
                _ => ("a struct and named values", "struct_update(x, a := 2)"),
            };
            let problem = Diagnostic::error("argument-count", span, format!("`{name}` takes {takes}"));
            self.report(problem.hint(format!("write `{example}`")));
            return Self::broken(span);
        }
        let Some(of) = of else { return self.record(values, span, cx) };
        let of = self.expr(of, cx);
        let Some(mut fields) = self.fields_of(&of, name) else { return Self::broken(span) };
        for (name, value) in values {
            let value = self.expr(value, cx);
            let known = fields.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&name));
            match known.filter(|_| shorthand == Shorthand::StructUpdate) {
                Some((_, held)) => *held = value,
                None => fields.push((name, value)),
            }
        }
        self.record_of(fields, span)
    }

    /// `struct_concat(x, y)`.
    pub(crate) fn struct_concat(&mut self, args: &[Expr], span: Span) -> Expr {
        let mut fields = Vec::new();
        for arg in args {
            match self.fields_of(arg, "struct_concat") {
                Some(more) => fields.extend(more),
                None => return Self::broken(span),
            }
        }
        self.record_of(fields, span)
    }

    /// The fields of a struct as values; what is no struct is reported.
    fn fields_of(&mut self, value: &Expr, name: &str) -> Option<Fields> {
        let Type::Struct(record) = value.ty else {
            if value.ty != Type::Null {
                self.error("type-mismatch", value.span, format!("`{name}` takes a struct, this is {}", value.ty));
            }
            return None;
        };
        let field = |(at, (name, ty)): (usize, &(String, Type))| {
            let place = u32::try_from(at).unwrap_or(u32::MAX);
            (name.clone(), nested(Nested::Field(place), vec![value.clone()], *ty, value.span))
        };
        Some(record.fields().iter().enumerate().map(field).collect())
    }

    /// A struct of these fields.
    pub(crate) fn record_of(&mut self, fields: Fields, span: Span) -> Expr {
        let mut types: Vec<(String, Type)> = Vec::new();
        let mut values = Vec::new();
        for (name, value) in fields {
            // A NULL that nothing gave a type is INTEGER, as in DuckDB.
            let value = if value.ty == Type::Null { walk::cast(value, Type::Integer) } else { value };
            if types.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
                self.error("duplicate-field", span, format!("the struct has two fields `{name}`"));
            }
            types.push((name, value.ty));
            values.push(value);
        }
        nested(Nested::Struct, values, Type::record(types), span)
    }

    /// `(1, 'a')`, `row(1, 'a')`: a struct without names.
    pub(crate) fn row(&mut self, values: Vec<Expr>, span: Span) -> Expr {
        let typed = |value: Expr| if value.ty == Type::Null { walk::cast(value, Type::Integer) } else { value };
        let values: Vec<Expr> = values.into_iter().map(typed).collect();
        let types = values.iter().map(|value| (String::new(), value.ty)).collect();
        nested(Nested::Struct, values, Type::record(types), span)
    }

    /// `regexp_extract(text, pattern, ['a', 'b'])`: the groups of the first match as a struct.
    pub(crate) fn named_groups(&mut self, mut args: Vec<Expr>, span: Span) -> Expr {
        let options = args.split_off(3);
        let ExprKind::Call(_, names) = args.remove(2).kind else {
            return self.no_expr(span, "names that are computed");
        };
        let mut fields = Vec::new();
        for (at, name) in names.into_iter().enumerate() {
            let ExprKind::Literal(Value::Text(name)) = name.kind else {
                return self.no_expr(span, "names that are computed");
            };
            let group = walk::literal(Value::Int(i64::try_from(at).unwrap_or(i64::MAX) + 1), Type::BigInt, span);
            let args = args.iter().cloned().chain([group]).chain(options.iter().cloned()).collect();
            fields.push((name, self.resolve(&[Scalar::RegexpExtract], "regexp_extract", args, span)));
        }
        let found = self.record_of(fields, span);
        let ty = found.ty;
        let none = walk::call(Scalar::IsNull, vec![args.remove(0)], Type::Boolean, span);
        let branches = vec![(none, walk::literal(Value::Null, ty, span))];
        Expr { kind: ExprKind::Case { branches, otherwise: Box::new(found) }, ty, span }
    }

    /// `flatten([[1], [2, 3]])`
    pub(crate) fn flatten(&mut self, mut args: Vec<Expr>, span: Span) -> Expr {
        let Some(list) = args.pop().filter(|_| args.is_empty()) else {
            self.error("argument-count", span, "`flatten` takes one list of lists");
            return Self::broken(span);
        };
        match list.ty.element() {
            Some(Type::List(inner)) => nested(Nested::Flatten, vec![list], Type::List(inner), span),
            // Of no elements, or NULLs alone, there is nothing.
            Some(Type::Null) => nested(Nested::Flatten, vec![list], Type::list(Type::Null), span),
            _ => {
                if list.ty != Type::Null {
                    let message = format!("`flatten` takes a list of lists, this is {}", list.ty);
                    self.error("type-mismatch", list.span, message);
                }
                Self::broken(span)
            }
        }
    }

    /// `list_zip([1, 2], ['a', 'b'])`: structs without names; with `true` behind the lists as many as the shortest has.
    pub(crate) fn list_zip(&mut self, mut lists: Vec<Expr>, span: Span) -> Expr {
        let cut = match lists.last() {
            Some(Expr { kind: ExprKind::Literal(Value::Boolean(cut)), .. }) => Some(*cut),
            _ => None,
        };
        if cut.is_some() {
            lists.pop();
        }
        let mut types = Vec::new();
        for list in &mut lists {
            let element = match list.ty {
                Type::List(of) => of.element(),
                Type::Null => Type::Null,
                ty => {
                    self.error("type-mismatch", list.span, format!("`list_zip` takes lists, this is {ty}"));
                    return Self::broken(span);
                }
            };
            let element = if element == Type::Null { Type::Integer } else { element };
            *list = self.coerce(list.clone(), Type::list(element));
            types.push((String::new(), element));
        }
        if lists.is_empty() {
            self.error("argument-count", span, "`list_zip` needs a list");
            return Self::broken(span);
        }
        let ty = Type::list(Type::record(types));
        nested(Nested::Zip(cut == Some(true)), lists, ty, span)
    }
}
