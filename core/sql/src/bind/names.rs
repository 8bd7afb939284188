//! Names of output columns, as DuckDB makes them from expressions.

use sqlparser::ast::{
    self, BinaryOperator, DuplicateTreatment, Expr as Ast, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArguments, UnaryOperator, Value,
};

/// The name of a column without an alias.
pub(crate) fn output_name(expr: &Ast) -> String {
    match expr {
        Ast::Identifier(ident) => ident.value.clone(),
        Ast::CompoundIdentifier(parts) => parts.last().map_or_else(String::new, |part| part.value.clone()),
        Ast::Nested(inner) => output_name(inner),
        Ast::Function(function) => function_name(function),
        Ast::BinaryOp { left, op, right } => {
            let op = match op {
                BinaryOperator::NotEq => "!=".to_owned(),
                other => other.to_string(),
            };
            format!("({} {op} {})", output_name(left), output_name(right))
        }
        Ast::UnaryOp { op: UnaryOperator::Minus, expr } => match expr.as_ref() {
            Ast::Value(value) => format!("-{value}"),
            other => format!("-({})", output_name(other)),
        },
        Ast::UnaryOp { op: UnaryOperator::Not, expr } => format!("(NOT {})", output_name(expr)),
        Ast::Cast { kind, expr, data_type, .. } => {
            let word =
                if matches!(kind, ast::CastKind::TryCast | ast::CastKind::SafeCast) { "TRY_CAST" } else { "CAST" };
            format!("{word}({} AS {})", output_name(expr), type_name(data_type))
        }
        Ast::TypedString(typed) => format!("CAST({} AS {})", typed.value, type_name(&typed.data_type)),
        Ast::Value(value) => match &value.value {
            Value::Null => "NULL".to_owned(),
            other => other.to_string(),
        },
        Ast::IsNull(inner) => format!("({} IS NULL)", output_name(inner)),
        Ast::IsNotNull(inner) => format!("({} IS NOT NULL)", output_name(inner)),
        Ast::IsDistinctFrom(a, b) => format!("({} IS DISTINCT FROM {})", output_name(a), output_name(b)),
        Ast::IsNotDistinctFrom(a, b) => format!("({} IS NOT DISTINCT FROM {})", output_name(a), output_name(b)),
        Ast::Between { expr, negated, low, high } => {
            let inner = format!("({} BETWEEN {} AND {})", output_name(expr), output_name(low), output_name(high));
            if *negated { format!("(NOT {inner})") } else { inner }
        }
        Ast::InList { expr, list, negated } => {
            let items: Vec<String> = list.iter().map(output_name).collect();
            format!("({} {}IN ({}))", output_name(expr), if *negated { "NOT " } else { "" }, items.join(", "))
        }
        Ast::Like { negated, expr, pattern, .. } => {
            format!("({} {} {})", output_name(expr), if *negated { "!~~" } else { "~~" }, output_name(pattern))
        }
        Ast::ILike { negated, expr, pattern, .. } => {
            format!("({} {} {})", output_name(expr), if *negated { "!~~*" } else { "~~*" }, output_name(pattern))
        }
        Ast::Case { operand, conditions, else_result, .. } => {
            let mut out = "CASE ".to_owned();
            for when in conditions {
                let condition = match operand {
                    Some(operand) => format!("({} = {})", output_name(operand), output_name(&when.condition)),
                    None => output_name(&when.condition),
                };
                out.push_str(&format!(" WHEN ({condition}) THEN ({})", output_name(&when.result)));
            }
            let otherwise = else_result.as_ref().map_or_else(|| "NULL".to_owned(), |expr| output_name(expr));
            format!("{out} ELSE {otherwise} END")
        }
        Ast::Ceil { expr, .. } => format!("ceil({})", output_name(expr)),
        Ast::Floor { expr, .. } => format!("floor({})", output_name(expr)),
        Ast::Extract { field, expr, .. } => {
            format!("date_part('{}', {})", field.to_string().to_lowercase(), output_name(expr))
        }
        Ast::Substring { expr, substring_from, substring_for, .. } => {
            let parts: Vec<String> = [Some(expr), substring_from.as_ref(), substring_for.as_ref()]
                .into_iter()
                .flatten()
                .map(|part| output_name(part))
                .collect();
            format!("substring({})", parts.join(", "))
        }
        Ast::Trim { trim_what, expr, trim_characters, .. } => {
            let what = trim_what.as_ref().map(|what| output_name(what));
            let more = trim_characters.iter().flatten().map(output_name);
            let parts: Vec<String> = std::iter::once(output_name(expr)).chain(what).chain(more).collect();
            format!("trim({})", parts.join(", "))
        }
        Ast::Position { expr, r#in } => format!("position({}, {})", output_name(r#in), output_name(expr)),
        Ast::Interval(interval) if interval.leading_field.is_none() => {
            format!("CAST({} AS INTERVAL)", output_name(&interval.value))
        }
        other => other.to_string(),
    }
}

fn type_name(ty: &ast::DataType) -> String {
    let written = ty.to_string().to_uppercase();
    match written.as_str() {
        "INT" | "INT4" => "INTEGER".to_owned(),
        "TEXT" | "STRING" => "VARCHAR".to_owned(),
        "INT8" => "BIGINT".to_owned(),
        "BOOL" => "BOOLEAN".to_owned(),
        "FLOAT8" | "DOUBLE PRECISION" => "DOUBLE".to_owned(),
        _ => written,
    }
}

fn argument(arg: &FunctionArg) -> String {
    match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => output_name(expr),
        other => other.to_string(),
    }
}

fn function_name(function: &ast::Function) -> String {
    let mut name = function.name.to_string().to_lowercase();
    let mut inner = String::new();
    if let FunctionArguments::List(list) = &function.args {
        let star = matches!(list.args.as_slice(), [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)]);
        if name == "count" && (star || list.args.is_empty()) {
            name = "count_star".to_owned();
        } else {
            if list.duplicate_treatment == Some(DuplicateTreatment::Distinct) {
                inner.push_str("DISTINCT ");
            }
            let args: Vec<String> = list.args.iter().map(argument).collect();
            inner.push_str(&args.join(", "));
        }
        for clause in &list.clauses {
            if let FunctionArgumentClause::OrderBy(_) = clause {
                inner.push_str(&format!(" {clause}"));
            }
        }
    }
    if name == "ifnull" || name == "coalesce" {
        name = "COALESCE".to_owned();
    }
    let mut out = if matches!(function.args, FunctionArguments::None) { name } else { format!("{name}({inner})") };
    if let Some(filter) = &function.filter {
        out.push_str(&format!(" FILTER (WHERE {})", output_name(filter)));
    }
    if let Some(over) = &function.over {
        out.push_str(&format!(" OVER {over}"));
    }
    out
}
