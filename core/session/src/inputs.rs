//! From the text in the address to a typed value that SQL can bind.

use almanac_model::data::Table;
use almanac_model::format::{parse_date, parse_timestamp, plain};
use almanac_model::notebook::{Input, InputKind, Options};
use almanac_model::view::{Control, InputView};
use almanac_model::{Diagnostic, Type, Value};

/// Most choices a select offers.
pub(crate) const MAX_OPTIONS: usize = 1_000;

/// An input with its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Resolved {
    /// What the page shows.
    pub(crate) view: InputView,
    /// What SQL binds.
    pub(crate) value: Value,
    /// A value of the address that was refused, choices that were left out.
    pub(crate) problems: Vec<Diagnostic>,
}

/// Resolves an input. `given` is the text in the address, `rows` the answer of its options query.
pub(crate) fn resolve(input: &Input, given: Option<&str>, rows: Option<&Table>) -> Resolved {
    let mut problems = Vec::new();
    let choices = match &input.kind {
        InputKind::Select(Options::List(options)) => Some(Choices::of_list(input, options)),
        InputKind::Select(Options::Sql { .. }) => Some(Choices::of_rows(input, rows, &mut problems)),
        _ => None,
    };
    let ty = choices.as_ref().map_or_else(|| type_of(input), |choices| choices.ty);
    let fits = |text: &str| typed(text, ty).filter(|value| in_bounds(input, value));
    let offered = |text: &str| {
        choices.as_ref().is_none_or(|choices| !choices.complete || choices.texts.iter().any(|option| option == text))
    };
    let chosen = given.and_then(|text| fits(text).filter(|_| offered(text)).map(|value| (text.to_owned(), value)));
    if let (Some(text), None) = (given, &chosen) {
        let what = if choices.is_some() { "is not among its options" } else { "does not fit it" };
        problems.push(
            Diagnostic::warning(
                "bad-input-value",
                input.span,
                format!("the value `{}` of `{}` {what}; its default is used", shorten(text), input.name),
            )
            .hint("choose another value: the address then says so"),
        );
    }
    let (text, value) =
        chosen.unwrap_or_else(|| (input.default.clone(), typed(&input.default, ty).unwrap_or(Value::Null)));
    let view = InputView {
        name: input.name.clone(),
        label: input.label.clone(),
        control: Control::of(&input.kind, choices.map(|choices| choices.texts).unwrap_or_default()),
        value: text,
        default: input.default.clone(),
    };
    Resolved { view, value, problems }
}

/// The choices of a select.
struct Choices {
    texts: Vec<String>,
    ty: Type,
    /// Whether these are all: a value that is not among them can be refused.
    complete: bool,
}

impl Choices {
    /// Whole numbers when all are, and so on: `year = $year` then compares numbers.
    fn of_list(input: &Input, options: &[String]) -> Self {
        let all = || options.iter().chain((!input.default.is_empty()).then_some(&input.default));
        let ty = [Type::BigInt, Type::Double, Type::Date]
            .into_iter()
            .find(|ty| all().next().is_some() && all().all(|text| typed(text, *ty).is_some()));
        Self { texts: with_default(input, options.to_vec()), ty: ty.unwrap_or(Type::Varchar), complete: true }
    }

    /// The type of the column, unless the default is a word such as `all`.
    fn of_rows(input: &Input, rows: Option<&Table>, problems: &mut Vec<Diagnostic>) -> Self {
        let Some((table, column)) = rows.and_then(|table| table.columns.first().map(|column| (table, column))) else {
            return Self { texts: with_default(input, Vec::new()), ty: Type::Varchar, complete: false };
        };
        if table.rows > MAX_OPTIONS {
            problems.push(
                Diagnostic::warning(
                    "many-options",
                    input.span,
                    format!(
                        "the options of `{}` are more than {MAX_OPTIONS}; the first {MAX_OPTIONS} are offered",
                        input.name
                    ),
                )
                .hint("a text input suits so many values better"),
            );
        }
        let mut texts: Vec<String> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for row in 0..table.rows.min(MAX_OPTIONS) {
            let value = column.values.get(row);
            let text = plain(&value);
            if value != Value::Null && seen.insert(text.clone()) {
                texts.push(text);
            }
        }
        let ty = match column.ty {
            Type::Integer | Type::BigInt => Type::BigInt,
            ty @ (Type::Double | Type::Date | Type::Timestamp | Type::Boolean) => ty,
            _ => Type::Varchar,
        };
        let fits = input.default.is_empty() || typed(&input.default, ty).is_some();
        let mut choices =
            Self { texts, ty: if fits { ty } else { Type::Varchar }, complete: table.rows <= MAX_OPTIONS };
        if input.default.is_empty() {
            return choices;
        }
        choices.texts = with_default(input, choices.texts);
        choices
    }
}

/// The default is always a choice, first unless it has a place of its own.
fn with_default(input: &Input, mut texts: Vec<String>) -> Vec<String> {
    if !input.default.is_empty() && !texts.contains(&input.default) {
        texts.insert(0, input.default.clone());
    }
    texts
}

fn type_of(input: &Input) -> Type {
    match input.kind {
        InputKind::Number { .. } | InputKind::Slider { .. } => Type::Double,
        InputKind::Date => Type::Date,
        InputKind::Toggle => Type::Boolean,
        InputKind::Text | InputKind::Select(_) => Type::Varchar,
    }
}

/// A text as a value of a type; an empty text is NULL unless it is a text.
fn typed(text: &str, ty: Type) -> Option<Value> {
    if text.is_empty() && ty != Type::Varchar {
        return Some(Value::Null);
    }
    match ty {
        Type::Integer | Type::BigInt => text.parse().ok().map(Value::Int),
        // A whole number stays one, so that `limit $n` and `year = $year` work.
        Type::Double => text
            .parse()
            .ok()
            .map(Value::Int)
            .or_else(|| text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Double)),
        Type::Date => parse_date(text).map(Value::Date),
        Type::Timestamp => parse_timestamp(text).map(Value::Timestamp),
        Type::Boolean => match text {
            "true" => Some(Value::Boolean(true)),
            "false" => Some(Value::Boolean(false)),
            _ => None,
        },
        _ => Some(Value::Text(text.to_owned())),
    }
}

#[expect(clippy::cast_precision_loss, reason = "bounds of controls are small numbers")]
fn in_bounds(input: &Input, value: &Value) -> bool {
    let number = match value {
        Value::Int(number) => *number as f64,
        Value::Double(number) => *number,
        _ => return true,
    };
    match input.kind {
        InputKind::Number { min, max, .. } => {
            min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
        }
        InputKind::Slider { min, max, .. } => (min..=max).contains(&number),
        _ => true,
    }
}

/// Whether [`resolve`] found this problem: such ones are found anew in every run.
pub(crate) fn is_about_value(problem: &Diagnostic) -> bool {
    matches!(problem.code.0.as_ref(), "bad-input-value" | "many-options")
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(40).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use almanac_model::data::{Column, Values};
    use almanac_model::notebook::parse;

    fn input(yaml: &str) -> Input {
        parse(&format!("---\ninputs:\n  x: {yaml}\n---\n")).value.inputs.remove(0)
    }

    fn value(yaml: &str, given: Option<&str>) -> (Value, usize) {
        let resolved = resolve(&input(yaml), given, None);
        (resolved.value, resolved.problems.len())
    }

    #[test]
    fn texts_become_typed_values() {
        assert_eq!(value("{kind: number, default: 5}", None), (Value::Int(5), 0));
        assert_eq!(value("{kind: number, default: 5}", Some("2.5")), (Value::Double(2.5), 0));
        assert_eq!(value("{kind: number, default: 5, max: 9}", Some("10")), (Value::Int(5), 1));
        assert_eq!(value("{kind: number, default: 5}", Some("1; drop table x")), (Value::Int(5), 1));
        assert_eq!(value("{kind: date, default: 2025-01-04}", None), (Value::Date(20_092), 0));
        assert_eq!(value("{kind: date}", None), (Value::Null, 0));
        assert_eq!(value("{kind: toggle, default: false}", Some("true")), (Value::Boolean(true), 0));
        assert_eq!(value("{kind: text, default: \"it's\"}", None), (Value::Text("it's".into()), 0));
        assert_eq!(value("{kind: select, options: [2024, 2025]}", Some("2025")), (Value::Int(2025), 0));
        assert_eq!(value("{kind: select, options: [all, 2025]}", Some("2025")), (Value::Text("2025".into()), 0));
        assert_eq!(value("{kind: select, options: [a, b]}", Some("c")), (Value::Text("a".into()), 1));
    }

    #[test]
    fn options_from_rows() {
        let table = |ty, values| Table { rows: 3, columns: vec![Column { name: "r".into(), ty, values }] };
        let years = table(Type::Integer, Values::Int(vec![Some(2024), None, Some(2025)]));
        let resolved =
            resolve(&input("{kind: select, options: {sql: \"select 1\"}, default: 2025}"), None, Some(&years));
        assert_eq!(resolved.value, Value::Int(2025));
        assert_eq!(resolved.view.control, Control::Select { options: vec!["2024".into(), "2025".into()] });
        let resolved =
            resolve(&input("{kind: select, options: {sql: \"select 1\"}, default: all}"), Some("2024"), Some(&years));
        assert_eq!(resolved.value, Value::Text("2024".into()));
        assert_eq!(
            resolved.view.control,
            Control::Select { options: vec!["all".into(), "2024".into(), "2025".into()] }
        );
        let resolved =
            resolve(&input("{kind: select, options: {sql: \"select 1\"}, default: all}"), Some("2023"), Some(&years));
        assert_eq!((resolved.value, resolved.problems.len()), (Value::Text("all".into()), 1));
        // While the options are not known, what the address says is believed.
        let resolved =
            resolve(&input("{kind: select, options: {sql: \"select 1\"}, default: all}"), Some("2023"), None);
        assert_eq!((resolved.value, resolved.problems.len()), (Value::Text("2023".into()), 0));
    }
}
