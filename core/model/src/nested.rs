//! Types inside of types: lists and structs, their texts, and how they stay small enough to copy.

use crate::types::Type;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// The type of a list's elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ListType(&'static Type);

/// Names and types of a struct's fields; those of `row(1, 2)` have no names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StructType(&'static [(String, Type)]);

/// Inner types are kept for ever, each once: a program meets few, and a type that can be copied keeps the rest of the code simple.
static ELEMENTS: Mutex<Vec<&'static Type>> = Mutex::new(Vec::new());
static FIELDS: Mutex<Vec<&'static [(String, Type)]>> = Mutex::new(Vec::new());

/// Deepest nesting that crosses a boundary.
pub const DEEPEST: usize = 16;

impl ListType {
    /// Of elements of a type that is known when the program is compiled.
    #[must_use]
    pub const fn of(element: &'static Type) -> Self {
        Self(element)
    }

    /// The type of the elements.
    #[must_use]
    pub fn element(self) -> Type {
        *self.0
    }
}

impl StructType {
    /// Names and types, in order.
    #[must_use]
    pub fn fields(self) -> &'static [(String, Type)] {
        self.0
    }
}

impl Type {
    /// A list of such elements.
    #[must_use]
    pub fn list(element: Self) -> Self {
        let mut known = ELEMENTS.lock().unwrap_or_else(PoisonError::into_inner);
        let held = known.iter().copied().find(|held| **held == element).unwrap_or_else(|| {
            let made: &'static Self = Box::leak(Box::new(element));
            known.push(made);
            made
        });
        Self::List(ListType(held))
    }

    /// A struct of such fields.
    #[must_use]
    pub fn record(fields: Vec<(String, Self)>) -> Self {
        let mut known = FIELDS.lock().unwrap_or_else(PoisonError::into_inner);
        let held = known.iter().copied().find(|held| **held == *fields).unwrap_or_else(|| {
            let made: &'static [(String, Self)] = Box::leak(fields.into_boxed_slice());
            known.push(made);
            made
        });
        Self::Struct(StructType(held))
    }

    /// The element type of a list.
    #[must_use]
    pub fn element(self) -> Option<Self> {
        if let Self::List(list) = self { Some(list.element()) } else { None }
    }

    /// Whether it is a list or a struct.
    #[must_use]
    pub fn is_nested(self) -> bool {
        matches!(self, Self::List(_) | Self::Struct(_))
    }

    /// How many types are inside of each other.
    #[must_use]
    pub fn depth(self) -> usize {
        match self {
            Self::List(list) => list.element().depth() + 1,
            Self::Struct(record) => record.fields().iter().map(|(_, ty)| ty.depth()).max().unwrap_or(0) + 1,
            _ => 0,
        }
    }

    /// The type that [`fmt::Display`] writes so; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let ty = read(&mut rest, 0)?;
        rest.is_empty().then_some(ty)
    }
}

/// Types without a type inside, and their names.
const PLAIN: [(Type, &str); 10] = [
    (Type::Null, "NULL"),
    (Type::Boolean, "BOOLEAN"),
    (Type::Integer, "INTEGER"),
    (Type::BigInt, "BIGINT"),
    (Type::Double, "DOUBLE"),
    (Type::Varchar, "VARCHAR"),
    (Type::Date, "DATE"),
    (Type::Timestamp, "TIMESTAMP"),
    (Type::Time, "TIME"),
    (Type::Interval, "INTERVAL"),
];

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(list) => write!(f, "{}[]", list.element()),
            Self::Struct(record) => {
                f.write_str("STRUCT(")?;
                for (at, (name, ty)) in record.fields().iter().enumerate() {
                    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
                        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    if name.is_empty() {
                        write!(f, "{ty}")?;
                    } else if plain {
                        write!(f, "{name} {ty}")?;
                    } else {
                        write!(f, "\"{}\" {ty}", name.replace('"', "\"\""))?;
                    }
                }
                f.write_str(")")
            }
            plain => f.write_str(PLAIN.iter().find(|(ty, _)| ty == plain).map_or("", |(_, name)| *name)),
        }
    }
}

fn read(rest: &mut &str, depth: usize) -> Option<Type> {
    if depth > DEEPEST {
        return None;
    }
    let mut ty = if let Some(fields) = rest.strip_prefix("STRUCT(") {
        *rest = fields;
        Type::record(read_fields(rest, depth)?)
    } else {
        let (ty, name) = PLAIN.iter().find(|(_, name)| rest.starts_with(name))?;
        *rest = &rest[name.len()..];
        *ty
    };
    let mut lists = 0;
    while let Some(after) = rest.strip_prefix("[]") {
        *rest = after;
        lists += 1;
        if lists > DEEPEST {
            return None;
        }
        ty = Type::list(ty);
    }
    Some(ty)
}

/// `a BIGINT, "b c" VARCHAR)`
fn read_fields(rest: &mut &str, depth: usize) -> Option<Vec<(String, Type)>> {
    let mut fields = Vec::new();
    loop {
        let mut name = String::new();
        // Names that are not quoted begin with a small letter, types with a capital one: a field may have no name.
        if rest.starts_with(|first: char| first.is_ascii_uppercase()) {
        } else if let Some(quoted) = rest.strip_prefix('"') {
            let mut letters = quoted.char_indices().peekable();
            let end = loop {
                match letters.next()? {
                    (_, '"') if letters.next_if(|(_, letter)| *letter == '"').is_some() => name.push('"'),
                    (at, '"') => break at + 1,
                    (_, letter) => name.push(letter),
                }
            };
            *rest = quoted[end..].strip_prefix(' ')?;
        } else {
            let (plain, after) = rest.split_once(' ')?;
            name.push_str(plain);
            *rest = after;
        }
        fields.push((name, read(rest, depth + 1)?));
        if let Some(after) = rest.strip_prefix(", ") {
            *rest = after;
        } else {
            *rest = rest.strip_prefix(')')?;
            return Some(fields);
        }
    }
}

impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format_args!("`{text}` is not a type")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_types_go_both_ways() {
        let record = Type::record(vec![
            ("a".into(), Type::BigInt),
            ("Key \"x\"".into(), Type::list(Type::record(vec![("b".into(), Type::Time)]))),
        ]);
        for (ty, text) in [
            (Type::Null, "NULL"),
            (Type::Timestamp, "TIMESTAMP"),
            (Type::list(Type::list(Type::Varchar)), "VARCHAR[][]"),
            (Type::record(vec![(String::new(), Type::BigInt), (String::new(), Type::Date)]), "STRUCT(BIGINT, DATE)"),
            (record, r#"STRUCT(a BIGINT, "Key ""x""" STRUCT(b TIME)[])"#),
        ] {
            assert_eq!(ty.to_string(), text);
            assert_eq!(Type::parse(text), Some(ty));
        }
        for bad in
            ["", "bigint", "BIGINT[", "STRUCT()", "STRUCT(a)", "STRUCT(a BIGINT", "BIGINTS", &"STRUCT(a ".repeat(99)]
        {
            assert_eq!(Type::parse(bad), None, "{bad}");
        }
        assert_eq!(Type::parse(&format!("BIGINT{}", "[]".repeat(999))), None);
    }

    #[test]
    fn equal_types_are_one() {
        assert_eq!(Type::list(Type::Varchar), Type::List(ListType::of(&Type::Varchar)));
        let (Type::List(a), Type::List(b)) = (Type::list(Type::Date), Type::list(Type::Date)) else { panic!("lists") };
        assert!(std::ptr::eq(a.0, b.0));
    }
}
