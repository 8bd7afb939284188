//! The YAML between two lines of `---` at the start: title, team, inputs.

use super::spec::{Fields, Notes, list};
use super::yaml::{Kind, Node, read_yaml};
use super::{Input, InputKind, Notebook, Options};
use crate::diagnostic::{Diagnostic, Span};

const CODE: &str = "broken-front-matter";
const KEYS: &[&str] = &["title", "description", "team", "audience", "status", "as_of", "inputs", "group", "order"];
const INPUT_KEYS: &[&str] = &["kind", "label", "options", "default", "min", "max", "step"];
const INPUT_KINDS: &[&str] = &["select", "number", "slider", "text", "date", "toggle"];

/// Where the YAML is and where the body begins.
pub(super) struct Fence {
    /// The YAML, without the lines of `---`.
    pub(super) yaml: Option<Span>,
    /// The first byte of the body.
    pub(super) body: usize,
}

/// Finds the front matter. A missing end takes no text away from the body.
pub(super) fn find(source: &str, diagnostics: &mut Vec<Diagnostic>) -> Fence {
    let start = source.len() - source.trim_start_matches('\u{feff}').len();
    let Some(first) = source[start..].split_inclusive('\n').next().filter(|line| line.trim_end() == "---") else {
        return Fence { yaml: None, body: start };
    };
    let yaml_start = start + first.len();
    let mut at = yaml_start;
    for line in source[yaml_start..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Fence { yaml: Some(Span::new(yaml_start, at)), body: at + line.len() };
        }
        at += line.len();
    }
    diagnostics.push(
        Diagnostic::error(CODE, Span::new(start, start + 3), "the front matter has no end")
            .hint("add a line `---` after its last key"),
    );
    Fence { yaml: None, body: yaml_start }
}

/// Reads the front matter into the notebook.
pub(super) fn read(source: &str, place: Span, notebook: &mut Notebook, diagnostics: &mut Vec<Diagnostic>) {
    if source[place.start..place.end].trim().is_empty() {
        return;
    }
    let node = match read_yaml(source, place, CODE) {
        Ok(node) => node,
        Err(problem) => {
            diagnostics.push(*problem);
            return;
        }
    };
    if node.kind == Kind::Null {
        return;
    }
    let mut notes = Notes::default();
    let fields = Fields::of(&node, "the front matter", CODE, KEYS, "", &mut notes);
    notebook.title = fields.text("title", &mut notes).unwrap_or_default();
    notebook.description = fields.text("description", &mut notes).unwrap_or_default();
    notebook.team = fields.text("team", &mut notes).unwrap_or_default();
    notebook.audience = fields.text("audience", &mut notes).unwrap_or_default();
    notebook.status = fields.text("status", &mut notes).unwrap_or_default();
    notebook.as_of = fields.text("as_of", &mut notes).filter(|day| {
        let ok = crate::format::parse_date(day).is_some();
        if !ok {
            let span = notes.places.get("as_of").copied().unwrap_or(place);
            notes.diagnostics.push(
                Diagnostic::error(CODE, span, format!("`as_of` should be a day, but this is `{day}`"))
                    .hint("write it as `2025-11-30`"),
            );
        }
        ok
    });
    if let Some(node) = fields.node("inputs", &mut notes) {
        match &node.kind {
            Kind::Map(entries) => {
                for (name, span, node) in entries {
                    notebook.inputs.extend(input(name, *span, node, &mut notes));
                }
            }
            _ => fields.misfit("inputs", node, "a map of names", &mut notes),
        }
    }
    diagnostics.append(&mut notes.diagnostics);
}

/// Reads the declaration of one input.
pub(super) fn input(name: &str, span: Span, node: &Node, notes: &mut Notes) -> Option<Input> {
    let good_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !good_name {
        notes.diagnostics.push(
            Diagnostic::error(CODE, span, format!("an input cannot be called `{name}`"))
                .hint("use letters, digits and `_`: SQL reads it as `$name`"),
        );
        return None;
    }
    let fields = Fields::of(node, "an input", CODE, INPUT_KEYS, "", notes);
    let label = fields.text("label", notes).unwrap_or_else(|| in_words(name));
    let default = fields.node("default", notes);
    let default = default.and_then(|node| match node.text() {
        Some(text) => Some((text.to_owned(), node.span)),
        None => {
            fields.misfit("default", node, "text or a number", notes);
            None
        }
    });
    let kind_name = fields.text("kind", notes).unwrap_or_else(|| {
        if fields.node("options", notes).is_some() { "select".to_owned() } else { "text".to_owned() }
    });
    let kind = match kind_name.as_str() {
        "select" => InputKind::Select(options(&fields, span, notes)),
        "number" => InputKind::Number {
            min: fields.number("min", notes),
            max: fields.number("max", notes),
            step: fields.number("step", notes),
        },
        "slider" => slider(&fields, span, notes),
        "text" => InputKind::Text,
        "date" => InputKind::Date,
        "toggle" => InputKind::Toggle,
        other => {
            let span = notes.places.get("kind").copied().unwrap_or(span);
            notes.diagnostics.push(
                Diagnostic::error(CODE, span, format!("there is no input of kind `{other}`"))
                    .did_you_mean(other, INPUT_KINDS.iter().copied())
                    .hint(format!("the kinds are {}", list(INPUT_KINDS))),
            );
            InputKind::Text
        }
    };
    let default = match default {
        Some((text, place)) => {
            let problem = misfit_default(&kind, &text);
            if let Some(problem) = problem {
                notes.diagnostics.push(Diagnostic::error(CODE, place, problem));
                fallback(&kind)
            } else {
                text
            }
        }
        None => fallback(&kind),
    };
    Some(Input { name: name.to_owned(), label, kind, default, span })
}

fn options(fields: &Fields<'_>, span: Span, notes: &mut Notes) -> Options {
    match fields.node("options", notes) {
        None => {
            notes.diagnostics.push(
                Diagnostic::error(CODE, span, "a select needs `options`")
                    .hint("write `options: [a, b]` or `options: {sql: \"select …\"}`"),
            );
            Options::List(Vec::new())
        }
        Some(node) if matches!(node.kind, Kind::Map(_)) => {
            let inner = Fields::of(node, "options", CODE, &["sql"], "options.", notes);
            let sql = inner.required("sql", notes);
            let span = notes.places.get("options.sql").copied().unwrap_or(node.span);
            Options::Sql { sql, span }
        }
        Some(_) => Options::List(fields.texts("options", notes)),
    }
}

fn slider(fields: &Fields<'_>, span: Span, notes: &mut Notes) -> InputKind {
    let min = fields.number("min", notes).unwrap_or(0.0);
    let mut max = fields.number("max", notes).unwrap_or(100.0);
    if max <= min {
        notes.diagnostics.push(
            Diagnostic::error(CODE, span, format!("a slider from {min} to {max} has no room"))
                .hint("`max` must be larger than `min`"),
        );
        max = min + 1.0;
    }
    let step = fields.number("step", notes).filter(|step| *step > 0.0).unwrap_or(1.0);
    InputKind::Slider { min, max, step }
}

fn misfit_default(kind: &InputKind, text: &str) -> Option<String> {
    match kind {
        InputKind::Number { .. } | InputKind::Slider { .. } if text.parse::<f64>().is_err() => {
            Some(format!("the default `{text}` is not a number"))
        }
        InputKind::Date if crate::format::parse_date(text).is_none() => {
            Some(format!("the default `{text}` is not a day such as `2025-11-30`"))
        }
        InputKind::Toggle if !matches!(text, "true" | "false") => {
            Some(format!("the default of a toggle is `true` or `false`, not `{text}`"))
        }
        _ => None,
    }
}

fn fallback(kind: &InputKind) -> String {
    match kind {
        InputKind::Select(Options::List(options)) => options.first().cloned().unwrap_or_default(),
        InputKind::Select(Options::Sql { .. }) | InputKind::Text | InputKind::Date => String::new(),
        InputKind::Number { min, .. } => min.unwrap_or(0.0).to_string(),
        InputKind::Slider { min, .. } => min.to_string(),
        InputKind::Toggle => "false".to_owned(),
    }
}

/// `plan_type` as "Plan type".
pub(super) fn in_words(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
