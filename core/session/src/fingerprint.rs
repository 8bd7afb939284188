//! What a cell's answer depends on, as one number. Equal numbers, equal answers.

use almanac_model::Value;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Gathers what an answer depends on. The hasher's keys are fixed, so that equal runs give equal numbers.
#[derive(Default)]
pub(crate) struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// Starts with the kind of the thing, so that a chart never passes for a table.
    pub(crate) fn of(kind: &str) -> Self {
        Self::default().text(kind)
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.0);
        self
    }

    pub(crate) fn number(mut self, number: u64) -> Self {
        number.hash(&mut self.0);
        self
    }

    pub(crate) fn value(mut self, value: &Value) -> Self {
        std::mem::discriminant(value).hash(&mut self.0);
        match value {
            Value::Null => {}
            Value::Boolean(value) => value.hash(&mut self.0),
            Value::Int(value) | Value::Time(value) | Value::Timestamp(value) => value.hash(&mut self.0),
            Value::Double(value) => value.to_bits().hash(&mut self.0),
            Value::Text(value) => value.hash(&mut self.0),
            Value::Date(value) => value.hash(&mut self.0),
            Value::Interval(value) => value.hash(&mut self.0),
            Value::List(items) => self = items.iter().fold(self.number(items.len() as u64), Self::value),
            Value::Struct(values) => {
                self = values.iter().fold(self, |all, (name, value)| all.text(name).value(value));
            }
        }
        self
    }

    pub(crate) fn finish(self) -> u64 {
        self.0.finish()
    }
}
