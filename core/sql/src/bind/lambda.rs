//! Lambdas over the elements of lists: `list_transform(l, x -> x + 1)`, `[x + 1 for x in l if x > 0]`.
//!
//! Parameters are numbered by how deep the lambda lies in others, three to a lambda, so that equal texts bind to equal expressions.

use almanac_model::{Diagnostic, Span, Type};
use sqlparser::ast::{self, Expr as Ast, FunctionArg, FunctionArgExpr, FunctionArguments, Ident};

use super::Binder;
use super::expr::Cx;
use crate::functions::{Nested, Scalar, Shorthand};
use crate::plan::{Expr, ExprKind};
use crate::walk;

/// Numbers that each lambda takes.
const EACH: u32 = 3;

impl Binder<'_> {
    /// A parameter of a lambda around.
    pub(crate) fn lambda_parameter(&self, name: &str, span: Span) -> Option<Expr> {
        let (_, found) = self.parameters.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(Expr { span, ..found.clone() })
    }

    /// `list_transform`, `list_filter` and `list_reduce`.
    pub(crate) fn lambda_call(
        &mut self,
        name: &str,
        shorthand: Shorthand,
        function: &ast::Function,
        span: Span,
        cx: &mut Cx,
    ) -> Expr {
        let texts = self.argument_texts(function, span);
        let reduces = shorthand == Shorthand::ListReduce;
        let [list, Ast::Lambda(lambda), start @ ..] = texts.as_slice() else {
            let code = if texts.len() < 2 { "argument-count" } else { "type-mismatch" };
            let problem = Diagnostic::error(code, span, format!("`{name}` takes a list and a lambda"));
            let example = if reduces { "(a, b) -> a + b" } else { "x -> x > 1" };
            self.report(problem.hint(format!("write `{name}(list, {example})`")));
            return Self::broken(span);
        };
        let list = self.expr(list, cx);
        let start = match start {
            [] => None,
            [start] if reduces => Some(self.expr(start, cx)),
            _ => {
                self.error("argument-count", span, format!("`{name}` does not take {} arguments", texts.len()));
                return Self::broken(span);
            }
        };
        let names: Vec<&Ident> = lambda.params.iter().map(|param| &param.name).collect();
        if reduces {
            self.reduce(list, start, &names, &lambda.body, span, cx)
        } else {
            self.each(shorthand == Shorthand::ListFilter, list, &names, &lambda.body, span, cx)
        }
    }

    /// `[x + 1 for x in l if x > 0]`, which comes as a marked call of a lambda, the list, and perhaps another lambda.
    pub(crate) fn comprehension(&mut self, function: &ast::Function, span: Span, cx: &mut Cx) -> Expr {
        let args: Vec<&Ast> = match &function.args {
            FunctionArguments::List(list) => list.args.iter().filter_map(plain).collect(),
            _ => Vec::new(),
        };
        let [Ast::Lambda(lambda), list, kept @ ..] = args.as_slice() else { return Self::broken(span) };
        let names: Vec<&Ident> = lambda.params.iter().map(|param| &param.name).collect();
        let mut list = self.expr(list, cx);
        if let [Ast::Lambda(kept)] = kept {
            list = self.each(true, list, &names, &kept.body, span, cx);
        }
        self.each(false, list, &names, &lambda.body, span, cx)
    }

    /// The elements that a lambda keeps, or what it makes of them.
    fn each(&mut self, keeps: bool, list: Expr, names: &[&Ident], body: &Ast, span: Span, cx: &mut Cx) -> Expr {
        let Some(element) = self.element_type(&list) else { return Self::broken(span) };
        let (first, body) = self.lambda_body(names, &[element, Type::BigInt], body, span, cx);
        if keeps {
            let body = if body.ty == Type::Null { walk::cast(body, Type::Boolean) } else { self.condition(body) };
            let ty = list.ty;
            return walk::call(Scalar::Nested(Nested::Filter(first)), vec![list, body], ty, span);
        }
        let ty = Type::list(body.ty);
        walk::call(Scalar::Nested(Nested::Transform(first)), vec![list, body], ty, span)
    }

    fn reduce(
        &mut self,
        list: Expr,
        start: Option<Expr>,
        names: &[&Ident],
        body: &Ast,
        span: Span,
        cx: &mut Cx,
    ) -> Expr {
        let Some(element) = self.element_type(&list) else { return Self::broken(span) };
        let ty = start.as_ref().map_or(element, |start| super::coerce::common(start.ty, element).unwrap_or(element));
        let start = start.map(|start| self.coerce(start, ty));
        let list = if start.is_some() { self.coerce(list, Type::list(ty)) } else { list };
        let (first, body) = self.lambda_body(names, &[ty, ty, Type::BigInt], body, span, cx);
        if !super::syntax::castable(body.ty, ty) {
            let message = format!("the lambda gives {}, the elements are {ty}", body.ty);
            self.report(Diagnostic::error("type-mismatch", body.span, message).hint("both must be of one type"));
            return Self::broken(span);
        }
        let args = [list, walk::cast(body, ty)].into_iter().chain(start).collect();
        walk::call(Scalar::Nested(Nested::Reduce(first)), args, ty, span)
    }

    /// The type of a list's elements; what is no list is reported.
    fn element_type(&mut self, list: &Expr) -> Option<Type> {
        if list.ty.element().is_none() && list.ty != Type::Null {
            let message = format!("a lambda goes through a list, this is {}", list.ty);
            self.error("type-mismatch", list.span, message);
        }
        list.ty.element()
    }

    /// The body of a lambda with up to so many parameters, at least all but the last, and the number of the first.
    fn lambda_body(&mut self, names: &[&Ident], types: &[Type], body: &Ast, span: Span, cx: &mut Cx) -> (u32, Expr) {
        let first = self.lambdas * EACH;
        if !(types.len() - 1..=types.len()).contains(&names.len()) {
            let message = format!(
                "this lambda has {} parameters; {} or {} are possible",
                names.len(),
                types.len() - 1,
                types.len()
            );
            self.error("argument-count", span, message);
            return (first, Self::broken(span));
        }
        let known = self.parameters.len();
        for ((name, ty), number) in names.iter().zip(types).zip(first..) {
            let place = self.lines.span(name.span);
            self.parameters.push((name.value.clone(), Expr { kind: ExprKind::Element(number), ty: *ty, span: place }));
        }
        self.lambdas += 1;
        let bound = self.expr(body, cx);
        self.lambdas -= 1;
        self.parameters.truncate(known);
        (first, bound)
    }

    /// A part of a lambda that is computed from other rows than its own is refused; true if it was.
    pub(crate) fn refuse_in_lambda(&mut self, exprs: &[Expr], span: Span, what: &str) -> bool {
        let reads = self.lambdas > 0 && exprs.iter().any(walk::reads_elements);
        if reads {
            self.unsupported(span, &format!("{what} of a lambda's parameter"));
        }
        reads
    }
}

fn plain(arg: &FunctionArg) -> Option<&Ast> {
    match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}
