//! `COLUMNS(…)`: an expression written once for several columns.

use almanac_model::{Diagnostic, Span};
use sqlparser::ast::{self, Expr as Ast, FunctionArg, FunctionArgExpr, FunctionArguments};

use regex::Regex;

use super::Binder;
use super::star::{Item, Source};
use crate::parse::rewrite::MARK;

impl Binder<'_> {
    /// The expression once for each column that its `COLUMNS(…)` stands for; `None` if it has none.
    pub(crate) fn for_columns(&mut self, expr: &Ast) -> Option<Vec<Meant>> {
        if !self.mentions_columns {
            return None;
        }
        let mut calls = Vec::new();
        let mut copy = expr.clone();
        find(&mut copy, &mut calls);
        let call = calls.first()?;
        if calls.iter().any(|other| other != call) {
            let span = self.span(expr);
            let problem =
                Diagnostic::error("unsupported", span, "different COLUMNS in one expression are not supported");
            self.report(problem.hint("use the same columns everywhere in the expression"));
        }
        let meant = self.columns_meant(call);
        Some(meant.into_iter().map(|meant| Meant { text: replaced(expr, &meant.text), ..meant }).collect())
    }

    /// `where columns(*) > 0`: the condition holds for all of them.
    pub(crate) fn for_all_columns(&mut self, expr: &Ast) -> Option<Vec<Ast>> {
        Some(self.for_columns(expr)?.into_iter().map(|meant| meant.text).collect())
    }

    /// Keeps the columns that a list of COLUMNS names, in the order of the tables.
    fn only_named(&mut self, list: &[Ast], span: Span, items: &mut Vec<Item>) {
        let mut names = Vec::new();
        for element in list {
            match element {
                Ast::Value(ast::ValueWithSpan { value: ast::Value::SingleQuotedString(name), .. }) => {
                    names.push(name.as_str());
                }
                _ => self.error("not-a-constant", span, "a list of COLUMNS holds names in quotes"),
            }
        }
        for name in &names {
            if !items.iter().any(|item| item.name.eq_ignore_ascii_case(name)) {
                let problem = Diagnostic::error("unknown-column", span, format!("there is no column `{name}`"));
                self.report(problem.did_you_mean(name, items.iter().map(|item| item.name.as_str())));
            }
        }
        items.retain(|item| names.iter().any(|name| name.eq_ignore_ascii_case(&item.name)));
    }

    fn columns_meant(&mut self, call: &ast::Function) -> Vec<Meant> {
        let span = self.span(&Ast::Function(call.clone()));
        let args = match &call.args {
            FunctionArguments::List(list) => list.args.as_slice(),
            _ => &[],
        };
        let all = ast::WildcardAdditionalOptions::default();
        let mut items: Vec<Item> = Vec::new();
        let mut pattern = None;
        match args {
            [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)] => self.star(None, &all, span, &mut items),
            [FunctionArg::Unnamed(FunctionArgExpr::WildcardWithOptions(options))] => {
                self.star(None, options, span, &mut items);
            }
            [FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(name))] => {
                let table = name.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.clone());
                self.star(Some(&table.unwrap_or_default()), &all, span, &mut items);
            }
            [FunctionArg::Unnamed(FunctionArgExpr::Expr(Ast::Array(list)))] => {
                self.star(None, &all, span, &mut items);
                self.only_named(&list.elem, span, &mut items);
            }
            [FunctionArg::Unnamed(FunctionArgExpr::Expr(test))] => {
                self.star(table_of(test).as_deref().filter(|table| !table.is_empty()), &all, span, &mut items);
                pattern = self.only_passing(test, span, &mut items);
            }
            _ => {
                let problem = Diagnostic::error("argument-count", span, "COLUMNS takes one argument");
                self.report(problem.hint("write `columns(*)`, `columns('pattern')` or `columns(['a', 'b'])`"));
            }
        }
        let as_written = |item: Item| {
            let text = match item.source {
                Source::Text(text) | Source::Column { text, .. } => *text,
            };
            let found = pattern.as_ref().and_then(|pattern| pattern.captures(&item.name));
            let part = |part: Option<regex::Match<'_>>| part.map_or_else(String::new, |part| part.as_str().to_owned());
            let groups = found.map_or_else(Vec::new, |found| found.iter().map(part).collect());
            Meant { name: item.name, text, groups }
        };
        items.into_iter().map(as_written).collect()
    }

    /// Keeps the columns whose names pass a test: a regular expression, a lambda, or what LIKE behind a star became.
    fn only_passing(&mut self, test: &Ast, span: Span, items: &mut Vec<Item>) -> Option<Regex> {
        let mut pattern = None;
        let kept: Option<Vec<bool>> = match test {
            Ast::Value(ast::ValueWithSpan { value: ast::Value::SingleQuotedString(text), .. }) => {
                match compiled(text) {
                    Ok(regex) => {
                        let kept = items.iter().map(|item| regex.is_match(&item.name)).collect();
                        pattern = Some(regex);
                        Some(kept)
                    }
                    Err(error) => {
                        self.error("bad-pattern", span, format!("'{text}' is not a regular expression: {error}"));
                        return None;
                    }
                }
            }
            Ast::Lambda(lambda) => {
                let parameter = lambda.params.first().map_or("", |parameter| parameter.name.value.as_str());
                items.iter().map(|item| passes(&lambda.body, parameter, &item.name)).collect()
            }
            test => {
                let parameter = format!("{MARK}{}", table_of(test).unwrap_or_default());
                items.iter().map(|item| passes(test, &parameter, &item.name)).collect()
            }
        };
        let Some(kept) = kept else {
            let problem = Diagnostic::error("unsupported", span, "this test of a column's name is not supported");
            self.report(problem.hint("write a regular expression, or a lambda with LIKE, IN, `=`, AND, OR and NOT"));
            return None;
        };
        if !items.is_empty() && !kept.contains(&true) {
            let names: Vec<String> = items.iter().map(|item| item.name.clone()).collect();
            let problem = Diagnostic::error("unknown-column", span, "no column has such a name");
            self.report(problem.hint(format!("columns here are {}", super::scope::list(&names))));
        }
        let mut kept = kept.into_iter();
        items.retain(|_| kept.next().unwrap_or(false));
        pattern
    }
}

/// A column that COLUMNS stands for.
pub(crate) struct Meant {
    /// Its name.
    pub(crate) name: String,
    /// The expression of it.
    pub(crate) text: Ast,
    /// What the pattern's groups found in the name, the whole of it first.
    groups: Vec<String>,
}

impl Meant {
    /// An expression under a name.
    pub(crate) fn one(name: String, text: Ast) -> Self {
        Self { name, text, groups: Vec::new() }
    }

    /// The name that an alias gives: `\1` is a group of the pattern.
    pub(crate) fn renamed(&self, alias: &str) -> String {
        let mut out = String::new();
        let mut letters = alias.chars().peekable();
        while let Some(letter) = letters.next() {
            match letters.peek().and_then(|digit| digit.to_digit(10)) {
                Some(group) if letter == '\\' => {
                    letters.next();
                    out.push_str(self.groups.get(group as usize).map_or("", String::as_str));
                }
                _ => out.push(letter),
            }
        }
        out
    }
}

fn compiled(pattern: &str) -> Result<Regex, String> {
    regex::RegexBuilder::new(pattern).size_limit(1 << 20).build().map_err(|error| error.to_string())
}

/// The table whose star LIKE stands behind; empty for a star of all.
fn table_of(test: &Ast) -> Option<String> {
    match test {
        Ast::Like { expr, .. } | Ast::ILike { expr, .. } | Ast::SimilarTo { expr, .. } => match expr.as_ref() {
            Ast::Identifier(name) => name.value.strip_prefix(MARK).map(str::to_owned),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a name passes a test of it; `None` for a test that is not understood.
fn passes(test: &Ast, parameter: &str, name: &str) -> Option<bool> {
    let text = |expr: &Ast| text_of(expr, parameter, name);
    let like = |expr: &Ast, pattern: &Ast, start: &str| {
        let pattern = text(pattern)?;
        let one = |letter: char| match letter {
            '%' => ".*".to_owned(),
            '_' => ".".to_owned(),
            letter => regex::escape(letter.encode_utf8(&mut [0; 4])),
        };
        let pattern: String = pattern.chars().map(one).collect();
        Some(compiled(&format!("(?s{start})\\A{pattern}\\z")).ok()?.is_match(&text(expr)?))
    };
    Some(match test {
        Ast::Nested(inner) => passes(inner, parameter, name)?,
        Ast::UnaryOp { op: ast::UnaryOperator::Not, expr } => !passes(expr, parameter, name)?,
        Ast::BinaryOp { left, op, right } => match op {
            ast::BinaryOperator::And => passes(left, parameter, name)? && passes(right, parameter, name)?,
            ast::BinaryOperator::Or => passes(left, parameter, name)? || passes(right, parameter, name)?,
            ast::BinaryOperator::Eq => text(left)? == text(right)?,
            ast::BinaryOperator::NotEq => text(left)? != text(right)?,
            _ => return None,
        },
        Ast::Like { negated, expr, pattern, escape_char: None, .. } => like(expr, pattern, "")? != *negated,
        Ast::ILike { negated, expr, pattern, escape_char: None, .. } => like(expr, pattern, "i")? != *negated,
        Ast::SimilarTo { negated, expr, pattern, escape_char: None } => {
            compiled(&format!("\\A(?:{})\\z", text(pattern)?)).ok()?.is_match(&text(expr)?) != *negated
        }
        Ast::InList { expr, list, negated } => {
            let wanted = text(expr)?;
            let list = list.iter().map(text).collect::<Option<Vec<_>>>()?;
            list.contains(&wanted) != *negated
        }
        Ast::Function(call) => {
            let args: Vec<&Ast> = arguments(call);
            let [a, b] = args.as_slice() else { return None };
            let (a, b) = (text(a)?, text(b)?);
            match call.name.to_string().to_lowercase().as_str() {
                "starts_with" | "prefix" => a.starts_with(&b),
                "ends_with" | "suffix" => a.ends_with(&b),
                "contains" => a.contains(&b),
                "regexp_matches" => compiled(&b).ok()?.is_match(&a),
                _ => return None,
            }
        }
        _ => return None,
    })
}

fn text_of(expr: &Ast, parameter: &str, name: &str) -> Option<String> {
    match expr {
        Ast::Nested(inner) => text_of(inner, parameter, name),
        Ast::Identifier(ident) if ident.value.eq_ignore_ascii_case(parameter) => Some(name.to_owned()),
        Ast::Value(ast::ValueWithSpan { value: ast::Value::SingleQuotedString(text), .. }) => Some(text.clone()),
        Ast::Function(call) => {
            let args = arguments(call);
            let [arg] = args.as_slice() else { return None };
            let text = text_of(arg, parameter, name)?;
            match call.name.to_string().to_lowercase().as_str() {
                "lower" => Some(text.to_lowercase()),
                "upper" => Some(text.to_uppercase()),
                _ => None,
            }
        }
        _ => None,
    }
}

fn arguments(call: &ast::Function) -> Vec<&Ast> {
    let FunctionArguments::List(list) = &call.args else { return Vec::new() };
    fn plain(arg: &FunctionArg) -> Option<&Ast> {
        if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg { Some(expr) } else { None }
    }
    list.args.iter().filter_map(plain).collect()
}

fn is_columns(expr: &Ast) -> bool {
    matches!(expr, Ast::Function(call) if call.over.is_none() && call.name.to_string().eq_ignore_ascii_case("columns"))
}

fn find(expr: &mut Ast, out: &mut Vec<ast::Function>) {
    if is_columns(expr) {
        if let Ast::Function(call) = expr {
            out.push(call.clone());
        }
        return;
    }
    children(expr).into_iter().for_each(|child| find(child, out));
}

fn replaced(expr: &Ast, column: &Ast) -> Ast {
    fn replace(expr: &mut Ast, column: &Ast) {
        if is_columns(expr) {
            *expr = column.clone();
            return;
        }
        children(expr).into_iter().for_each(|child| replace(child, column));
    }
    let mut expr = expr.clone();
    replace(&mut expr, column);
    expr
}

/// The parts of an expression in which COLUMNS is looked for.
fn children(expr: &mut Ast) -> Vec<&mut Ast> {
    match expr {
        Ast::Nested(inner)
        | Ast::UnaryOp { expr: inner, .. }
        | Ast::Cast { expr: inner, .. }
        | Ast::IsNull(inner)
        | Ast::IsNotNull(inner)
        | Ast::IsTrue(inner)
        | Ast::IsNotTrue(inner)
        | Ast::IsFalse(inner)
        | Ast::IsNotFalse(inner) => vec![inner],
        Ast::BinaryOp { left, right, .. } | Ast::IsDistinctFrom(left, right) | Ast::IsNotDistinctFrom(left, right) => {
            vec![left, right]
        }
        Ast::Between { expr, low, high, .. } => vec![expr, low, high],
        Ast::InList { expr, list, .. } => std::iter::once(expr.as_mut()).chain(list).collect(),
        Ast::Like { expr, pattern, .. } | Ast::ILike { expr, pattern, .. } => vec![expr, pattern],
        Ast::Case { operand, conditions, else_result, .. } => operand
            .iter_mut()
            .chain(else_result)
            .map(Box::as_mut)
            .chain(conditions.iter_mut().flat_map(|when| [&mut when.condition, &mut when.result]))
            .collect(),
        Ast::Function(call) => match &mut call.args {
            FunctionArguments::List(list) => list
                .args
                .iter_mut()
                .filter_map(|arg| match arg {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
