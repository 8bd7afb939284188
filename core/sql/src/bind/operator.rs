//! Operators and the choice among a function's signatures.

use almanac_model::{Diagnostic, Span, Type, Value};
use sqlparser::ast::BinaryOperator;

use super::Binder;
use super::coerce::{common, distance, is_text_literal};
use crate::functions::{self, Nested, Param, Scalar, Signature};
use crate::plan::Expr;
use crate::walk;

impl Binder<'_> {
    pub(crate) fn binary(&mut self, op: &BinaryOperator, left: Expr, right: Expr, span: Span) -> Expr {
        use BinaryOperator as B;
        let function = match op {
            B::Plus => Scalar::Add,
            B::Minus => Scalar::Sub,
            B::Multiply => Scalar::Mul,
            B::Divide => Scalar::Div,
            B::DuckIntegerDivide | B::MyIntegerDivide => Scalar::IntDiv,
            B::Modulo => Scalar::Mod,
            B::BitwiseXor | B::PGExp => Scalar::Pow,
            B::BitwiseAnd => Scalar::BitAnd,
            B::BitwiseOr => Scalar::BitOr,
            B::PGBitwiseShiftLeft => Scalar::ShiftLeft,
            B::PGBitwiseShiftRight => Scalar::ShiftRight,
            B::PGStartsWith => Scalar::StartsWith,
            B::PGRegexMatch => Scalar::RegexpFullMatch,
            B::PGOverlap => Scalar::Nested(Nested::HasAny),
            B::AtArrow => Scalar::Nested(Nested::HasAll),
            B::ArrowAt => return self.binary(&B::AtArrow, right, left, span),
            B::Eq | B::NotEq | B::Lt | B::LtEq | B::Gt | B::GtEq => {
                let (args, _) = self.unify(vec![left, right], span, "values of type");
                let function = match op {
                    B::Eq => Scalar::Eq,
                    B::NotEq => Scalar::NotEq,
                    B::Lt => Scalar::Lt,
                    B::LtEq => Scalar::LtEq,
                    B::Gt => Scalar::Gt,
                    _ => Scalar::GtEq,
                };
                return walk::call(function, args, Type::Boolean, span);
            }
            B::And | B::Or => {
                let args = vec![self.condition(left), self.condition(right)];
                let function = if matches!(op, B::And) { Scalar::And } else { Scalar::Or };
                return walk::call(function, args, Type::Boolean, span);
            }
            // As in DuckDB, a NULL without a type takes the type away.
            B::StringConcat if left.ty == Type::Null || right.ty == Type::Null => return Self::broken(span),
            B::StringConcat if left.ty.element().is_some() || right.ty.element().is_some() => {
                return self.resolve(&[Scalar::Nested(Nested::Concat)], "||", vec![left, right], span);
            }
            B::StringConcat => {
                let args = vec![walk::cast(left, Type::Varchar), walk::cast(right, Type::Varchar)];
                return walk::call(Scalar::Concat, args, Type::Varchar, span);
            }
            _ => {
                self.unsupported(span, &format!("the operator `{op}`"));
                return Self::broken(span);
            }
        };
        self.resolve(&[function], &op.to_string(), vec![left, right], span)
    }

    /// Calls an operator with converted arguments.
    pub(crate) fn resolve(&mut self, functions: &[Scalar], sign: &str, args: Vec<Expr>, span: Span) -> Expr {
        let candidates: Vec<(Scalar, &'static Signature)> = functions
            .iter()
            .filter_map(|function| functions::of_scalar(*function).map(|entry| (*function, entry)))
            .flat_map(|(function, entry)| entry.signatures.iter().map(move |signature| (function, signature)))
            .collect();
        let signatures: Vec<&Signature> = candidates.iter().map(|(_, signature)| *signature).collect();
        match self.choose(sign, &signatures, args, span) {
            Some((at, args, ty)) => walk::call(candidates[at].0, args, ty, span),
            None => Self::broken(span),
        }
    }

    /// The cheapest signature for the arguments: which, the converted arguments, the result type. None is reported.
    pub(crate) fn choose(
        &mut self,
        name: &str,
        signatures: &[&Signature],
        args: Vec<Expr>,
        span: Span,
    ) -> Option<(usize, Vec<Expr>, Type)> {
        let best = signatures
            .iter()
            .enumerate()
            .filter_map(|(at, signature)| cost(signature, &args).map(|cost| (cost, at)))
            .min();
        let Some((_, at)) = best else {
            self.no_match(name, signatures, &args, span);
            return None;
        };
        let signature = signatures[at];
        let same: Vec<Expr> = args
            .iter()
            .enumerate()
            .filter_map(|(at, arg)| match param(signature, at)? {
                Param::Same => Some(arg.clone()),
                // A list stands for its elements.
                Param::SameList => Some(walk::literal(Value::Null, arg.ty.element().unwrap_or(Type::Null), arg.span)),
                _ => None,
            })
            .collect();
        let (_, shared) = self.unify(same, span, "values of type");
        let first = args.first().map_or(Type::Null, |arg| arg.ty);
        let args = args
            .into_iter()
            .enumerate()
            .map(|(at, arg)| match param(signature, at) {
                Some(Param::Is(ty)) => self.coerce(arg, ty),
                Some(Param::Same) => self.coerce(arg, shared),
                Some(Param::SameList) => self.coerce(arg, Type::list(shared)),
                Some(Param::Any | Param::Lambda) | None => arg,
            })
            .collect();
        let ty = match signature.result {
            Param::Is(ty) => ty,
            Param::Same => shared,
            Param::SameList => Type::list(shared),
            Param::Any | Param::Lambda => first,
        };
        Some((at, args, ty))
    }

    fn no_match(&mut self, name: &str, signatures: &[&Signature], args: &[Expr], span: Span) {
        let given: Vec<String> = args.iter().map(|arg| arg.ty.to_string()).collect();
        let arity = signatures.iter().any(|signature| fits_arity(signature, args.len()));
        let message = if arity {
            format!("`{name}` does not take ({})", given.join(", "))
        } else {
            format!("`{name}` does not take {} argument{}", args.len(), if args.len() == 1 { "" } else { "s" })
        };
        let code = if arity { "type-mismatch" } else { "argument-count" };
        let mut problem = Diagnostic::error(code, span, message);
        for signature in signatures.iter().take(4) {
            problem = problem.hint(format!("it takes {signature}"));
        }
        self.report(problem);
    }
}

fn fits_arity(signature: &Signature, args: usize) -> bool {
    args == signature.params.len() || signature.repeats && args > signature.params.len()
}

fn param(signature: &Signature, at: usize) -> Option<Param> {
    signature.params.get(at).or_else(|| signature.params.last().filter(|_| signature.repeats)).copied()
}

/// How much conversion a signature asks for; `None` when it cannot be called so.
fn cost(signature: &Signature, args: &[Expr]) -> Option<u32> {
    if !fits_arity(signature, args.len()) {
        return None;
    }
    let mut total = 0;
    let mut shared = Type::Null;
    for (at, arg) in args.iter().enumerate() {
        match param(signature, at)? {
            Param::Is(ty) => total += distance(arg, ty)?,
            Param::Same if is_text_literal(arg) => {}
            // What does not go together is told by `unify`, with its place.
            Param::Same => shared = common(shared, arg.ty).unwrap_or(shared),
            Param::SameList => match arg.ty {
                Type::List(_) => {}
                Type::Null => total += 1,
                _ => return None,
            },
            Param::Any | Param::Lambda => {}
        }
    }
    Some(total)
}
