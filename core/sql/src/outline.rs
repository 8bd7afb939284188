//! A plan as a list of steps in words, for EXPLAIN: columns by name, operators as they are written.

use std::collections::{BTreeMap, BTreeSet};

use crate::functions::Scalar;
use crate::plan::{AggregateCall, ColumnId, Expr, ExprKind, Field, Plan, Query, SortKey, WindowCall};

/// One step of a plan; its inputs follow it, one deeper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// How many steps are above it.
    pub depth: u32,
    /// What it does: `read sales`, `inner join`.
    pub title: String,
    /// With which columns or conditions.
    pub detail: String,
    /// The address of the step, by which what was measured on it is found.
    pub key: usize,
}

/// Longest detail; the rest of it is not worth the space.
const LONGEST: usize = 300;

/// The steps of a query, each before its inputs. What several steps share is told once.
#[must_use]
pub fn outline(query: &Query) -> Vec<Outline> {
    let mut writer = Writer::default();
    writer.name(&query.root);
    writer.step(&query.root, 0);
    writer.steps
}

/// The address of a step.
#[must_use]
pub fn key(plan: &Plan) -> usize {
    std::ptr::from_ref(plan).addr()
}

#[derive(Default)]
struct Writer {
    names: BTreeMap<ColumnId, String>,
    named: BTreeSet<u32>,
    told: BTreeSet<u32>,
    steps: Vec<Outline>,
}

impl Writer {
    /// Gives names to the columns a plan makes, inputs first.
    fn name(&mut self, plan: &Plan) {
        if let Plan::Shared { id, .. } = plan
            && !self.named.insert(*id)
        {
            return;
        }
        plan.inputs().into_iter().for_each(|input| self.name(input));
        match plan {
            Plan::Scan { columns, .. } => columns.iter().for_each(|(name, field)| self.call(field, name.clone())),
            Plan::Project { columns, .. } => self.name_all(columns, Self::expr),
            Plan::Aggregate { keys, aggregates, .. } => {
                self.name_all(keys, Self::expr);
                self.name_all(aggregates, Self::aggregate);
            }
            Plan::Window { columns, .. } => self.name_all(columns, Self::window),
            Plan::Series { field, .. } => self.call(field, String::new()),
            Plan::Unnest { columns, .. } => self.name_all(columns, Self::expr),
            Plan::Union { fields, .. }
            | Plan::Values { fields, .. }
            | Plan::Recursive { fields, .. }
            | Plan::Working { fields, .. } => fields.iter().for_each(|field| self.call(field, String::new())),
            _ => {}
        }
    }

    fn name_all<T>(&mut self, columns: &[(Field, T)], words: fn(&Self, &T) -> String) {
        for (field, made) in columns {
            let words = if field.name.is_empty() { words(self, made) } else { String::new() };
            self.call(field, words);
        }
    }

    fn call(&mut self, field: &Field, otherwise: String) {
        let name = if field.name.is_empty() { otherwise } else { field.name.clone() };
        self.names.insert(field.id, if name.is_empty() { format!("#{}", field.id.0) } else { name });
    }

    fn step(&mut self, plan: &Plan, depth: u32) {
        let (title, detail) = self.words(plan);
        let cut = detail.char_indices().nth(LONGEST).map(|(at, _)| format!("{}…", &detail[..at]));
        self.steps.push(Outline { depth, title, detail: cut.unwrap_or(detail), key: key(plan) });
        if let Plan::Shared { id, .. } = plan
            && !self.told.insert(*id)
        {
            return;
        }
        plan.inputs().into_iter().for_each(|input| self.step(input, depth + 1));
    }

    fn words(&self, plan: &Plan) -> (String, String) {
        let fields = |fields: &[Field]| list(fields.iter().map(|field| self.column(field.id)));
        let (title, detail) = match plan {
            Plan::Scan { table, columns } => {
                return (format!("read {table}"), list(columns.iter().map(|(name, _)| name.clone())));
            }
            Plan::Values { fields: made, rows } => ("values", format!("{} rows of {}", rows.len(), fields(made))),
            Plan::Filter { predicate, .. } => ("filter", self.expr(predicate)),
            Plan::Project { columns, .. } => {
                ("compute", list(columns.iter().map(|(field, expr)| self.made(field, self.expr(expr)))))
            }
            Plan::Aggregate { keys, aggregates, .. } => {
                let made = list(aggregates.iter().map(|(_, call)| self.aggregate(call)));
                let by = list(keys.iter().map(|(_, key)| self.expr(key)));
                (
                    "group",
                    if by.is_empty() { made } else { format!("by {by}: {made}").trim_end_matches(": ").to_owned() },
                )
            }
            Plan::Window { columns, .. } => ("window", list(columns.iter().map(|(_, call)| self.window(call)))),
            Plan::Join { kind, on, residual, .. } => {
                let on = on.iter().map(|(a, b)| format!("{} = {}", self.expr(a), self.expr(b)));
                let all = on.chain(residual.iter().map(|residual| self.expr(residual)));
                let detail = all.collect::<Vec<_>>().join(" and ");
                return (format!("{kind:?} join").to_lowercase(), detail);
            }
            Plan::Sort { keys, .. } => ("sort", list(keys.iter().map(|key| self.sort_key(key)))),
            Plan::Limit { offset, limit, .. } => {
                let limit = limit.map_or_else(|| "all".to_owned(), |limit| limit.to_string());
                ("limit", if *offset > 0 { format!("{limit} after {offset}") } else { limit })
            }
            Plan::Distinct { on, .. } => ("distinct", list(on.iter().map(|expr| self.expr(expr)))),
            Plan::Union { fields: made, .. } => ("append", fields(made)),
            Plan::Shared { id, .. } if self.told.contains(id) => ("shared", format!("{id}, as above")),
            Plan::Shared { id, .. } => ("shared", id.to_string()),
            Plan::SingleRow { .. } => ("single row", String::new()),
            Plan::Unnest { columns, .. } => ("unnest", list(columns.iter().map(|(_, expr)| self.expr(expr)))),
            Plan::Series { bounds, .. } => ("series", list(bounds.iter().map(|bound| self.expr(bound)))),
            Plan::Recursive { fields: made, .. } => ("repeat", fields(made)),
            Plan::Working { .. } => ("rows of the last round", String::new()),
        };
        (title.to_owned(), detail)
    }

    /// `total = price * qty`, or the name alone where that says it.
    fn made(&self, field: &Field, words: String) -> String {
        let name = self.column(field.id);
        if name == words { words } else { format!("{name} = {words}") }
    }

    fn column(&self, id: ColumnId) -> String {
        self.names.get(&id).cloned().unwrap_or_else(|| format!("#{}", id.0))
    }

    fn sort_key(&self, key: &SortKey) -> String {
        format!("{}{}", self.expr(&key.expr), if key.descending { " desc" } else { "" })
    }

    fn aggregate(&self, call: &AggregateCall) -> String {
        let distinct = if call.distinct { "distinct " } else { "" };
        let args = list(call.args.iter().map(|arg| self.expr(arg)));
        let filter = call.filter.as_ref().map(|filter| format!(" where {}", self.expr(filter))).unwrap_or_default();
        format!("{}({distinct}{args}){filter}", snake(&format!("{:?}", call.function)))
    }

    fn window(&self, call: &WindowCall) -> String {
        let name = match call.function {
            crate::plan::WindowFunction::Window(function) => format!("{function:?}"),
            crate::plan::WindowFunction::Aggregate(function) => format!("{function:?}"),
        };
        let args = list(call.args.iter().map(|arg| self.expr(arg)));
        let by = list(call.partition_by.iter().map(|key| self.expr(key)));
        let order = list(call.order_by.iter().map(|key| self.sort_key(key)));
        let by = if by.is_empty() { by } else { format!(" by {by}") };
        let order = if order.is_empty() { order } else { format!(" in order of {order}") };
        format!("{}({args}){by}{order}", snake(&name))
    }

    fn expr(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Column(id) => self.column(*id),
            ExprKind::Literal(_) | ExprKind::Element(_) => expr.to_string(),
            ExprKind::Call(function, args) => self.call_words(*function, args),
            // A conversion that the binder made says nothing to a reader.
            ExprKind::Cast { input, lenient: false } if input.ty.is_numeric() && expr.ty.is_numeric() => {
                self.expr(input)
            }
            ExprKind::Cast { input, .. } => format!("cast({} as {})", self.expr(input), expr.ty),
            ExprKind::Case { branches, otherwise } => {
                let branch = |(when, then): &(Expr, Expr)| format!("when {} then {}", self.expr(when), self.expr(then));
                let branches: Vec<String> = branches.iter().map(branch).collect();
                format!("case {} else {} end", branches.join(" "), self.expr(otherwise))
            }
            ExprKind::InList { input, list: values } => format!("{} in ({} values)", self.expr(input), values.len()),
        }
    }

    fn call_words(&self, function: Scalar, args: &[Expr]) -> String {
        let sign = match function {
            Scalar::Eq => "=",
            Scalar::NotEq => "<>",
            Scalar::Lt => "<",
            Scalar::LtEq => "<=",
            Scalar::Gt => ">",
            Scalar::GtEq => ">=",
            Scalar::And => "and",
            Scalar::Or => "or",
            Scalar::Add => "+",
            Scalar::Sub => "-",
            Scalar::Mul => "*",
            Scalar::Div => "/",
            _ => "",
        };
        let nested = |arg: &Expr| match &arg.kind {
            ExprKind::Call(inner, parts) if parts.len() == 2 && *inner != function => format!("({})", self.expr(arg)),
            _ => self.expr(arg),
        };
        match (function, args) {
            (_, [a, b]) if !sign.is_empty() => format!("{} {sign} {}", nested(a), nested(b)),
            (Scalar::Not, [inner]) => format!("not ({})", self.expr(inner)),
            (Scalar::IsNull, [inner]) => format!("{} is null", self.expr(inner)),
            (Scalar::IsNotNull, [inner]) => format!("{} is not null", self.expr(inner)),
            _ => format!("{}({})", snake(&format!("{function:?}")), list(args.iter().map(|arg| self.expr(arg)))),
        }
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// `CountStar` as `count_star`; what a name carries in brackets is left as it is.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !out.is_empty() && !out.ends_with(['(', '_']) {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}
