//! Values of cells in words: `{{ by_stage.amount | usd0 }}`.

use crate::shown::{column, first_value};
use crate::state::State;
use almanac_engine::ResultSet;
use almanac_model::format::{self, MISSING, format_value};
use almanac_model::notebook::{CellKind, Notebook, Part, Template, ValueExpr, ValueSource, input_view_id};
use almanac_model::protocol::{ProseValue, SortBy};
use almanac_model::{Diagnostic, Span, Value};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The outcomes that values are read from.
pub(crate) struct Values<'a> {
    pub(crate) notebook: &'a Notebook,
    pub(crate) states: &'a BTreeMap<String, State>,
}

impl Values<'_> {
    /// All values of the prose, in order.
    pub(crate) fn of_prose(&self) -> Vec<ProseValue> {
        self.notebook
            .values
            .iter()
            .map(|value| match &value.expr {
                Some(expr) => match self.words(expr, value.span) {
                    Ok(text) => ProseValue { text, problem: None },
                    Err(problem) => ProseValue { text: MISSING.to_owned(), problem: Some(*problem) },
                },
                // What is wrong with its words is told with the notebook.
                None => ProseValue { text: MISSING.to_owned(), problem: None },
            })
            .collect()
    }

    /// Fills a text in. What cannot be had reads `n/a`.
    pub(crate) fn fill(&self, text: &str, place: Span, problems: &mut Vec<Diagnostic>) -> String {
        let (template, _) = Template::parse(text, 0);
        template
            .parts
            .iter()
            .map(|part| match part {
                Part::Text(words) => words.clone(),
                Part::Value(expr) => self.words(expr, place).unwrap_or_else(|problem| {
                    problems.push(Diagnostic { severity: almanac_model::Severity::Warning, ..*problem });
                    MISSING.to_owned()
                }),
            })
            .collect()
    }

    /// A value in words.
    pub(crate) fn words(&self, expr: &ValueExpr, place: Span) -> Result<String, Box<Diagnostic>> {
        let value = self.value(&expr.source, place)?;
        let number = format_value(&value, expr.format.as_deref());
        let Some((one, many)) = &expr.noun else { return Ok(number) };
        Ok(match (&value, &expr.format) {
            (Value::Int(count), None) => format::plural(*count, one, many),
            (Value::Int(1), Some(_)) => format!("{number} {one}"),
            _ => format!("{number} {many}"),
        })
    }

    fn value(&self, source: &ValueSource, place: Span) -> Result<Value, Box<Diagnostic>> {
        match source {
            ValueSource::First { cell, column: name } => {
                let result = self.result(cell, place)?;
                let at = self.column(&result, cell, name, place)?;
                Ok(first_value(&result, at, None).unwrap_or(Value::Null))
            }
            ValueSource::Extreme { cell, by, column: name, lowest } => {
                let result = self.result(cell, place)?;
                let by = self.column(&result, cell, by, place)?;
                let at = self.column(&result, cell, name, place)?;
                let sort = SortBy { column: u32::try_from(by).unwrap_or(u32::MAX), descending: !lowest };
                Ok(first_value(&result, at, Some(sort)).unwrap_or(Value::Null))
            }
            ValueSource::Rows { cell } => {
                let rows = self.result(cell, place)?.rows();
                Ok(Value::Int(i64::try_from(rows).unwrap_or(i64::MAX)))
            }
            ValueSource::Input { name } => {
                match self.states.get(&input_view_id(name)).and_then(|state| state.input.as_ref()) {
                    Some((Value::Text(_), text)) => Ok(Value::Text(text.clone())),
                    Some((value, _)) => Ok(value.clone()),
                    None => {
                        let names = self.notebook.inputs.iter().map(|input| input.name.as_str());
                        Err(Box::new(
                            Diagnostic::error("unknown-input", place, format!("there is no input `{name}`"))
                                .did_you_mean(name, names),
                        ))
                    }
                }
            }
        }
    }

    /// The rows of a SQL cell.
    pub(crate) fn result(&self, id: &str, place: Span) -> Result<Rc<ResultSet>, Box<Diagnostic>> {
        let sql = || self.notebook.cells().filter(|cell| matches!(cell.kind, CellKind::Sql(_)));
        let Some(cell) =
            sql().find(|cell| cell.id == id).or_else(|| sql().find(|cell| cell.id.eq_ignore_ascii_case(id)))
        else {
            let names = sql().filter(|cell| cell.named).map(|cell| cell.id.as_str());
            return Err(Box::new(
                Diagnostic::error("unknown-cell", place, format!("there is no SQL cell `{id}`"))
                    .did_you_mean(id, names),
            ));
        };
        match self.states.get(&cell.id) {
            Some(State { result: Some(result), .. }) => Ok(Rc::clone(result)),
            Some(state) => Err(Box::new(waits(&cell.id, state.fate.words(), place))),
            None => Err(Box::new(waits(&cell.id, "has not run", place))),
        }
    }

    fn column(&self, result: &ResultSet, cell: &str, name: &str, place: Span) -> Result<usize, Box<Diagnostic>> {
        column(result, name).ok_or_else(|| Box::new(unknown_column(result, cell, name, place)))
    }
}

/// The diagnostic of a part that reads a cell without an answer.
pub(crate) fn waits(id: &str, why: &str, place: Span) -> Diagnostic {
    Diagnostic::warning("waits-for-cell", place, format!("waits for `{id}`, which {why}"))
}

/// The diagnostic of a column that a result does not have.
pub(crate) fn unknown_column(result: &ResultSet, cell: &str, name: &str, place: Span) -> Diagnostic {
    let names: Vec<&str> = result.columns().iter().map(|(name, _)| name.as_str()).collect();
    let problem = Diagnostic::error("unknown-column", place, format!("`{cell}` has no column `{name}`"))
        .did_you_mean(name, names.iter().copied());
    if !problem.hints.is_empty() || names.is_empty() {
        return problem;
    }
    let shown: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > 12 { ", …" } else { "" };
    problem.hint(format!("its columns are {}{more}", shown.join(", ")))
}
