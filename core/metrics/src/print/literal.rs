//! Values as text.

use super::{Dialect, Printer};
use almanac_model::Value;
use almanac_model::format::civil_from_days;

impl Printer {
    /// A value of the question: a parameter where the text is run, else a literal.
    pub(super) fn value(&mut self, value: &Value) -> String {
        let Some(bound) = &mut self.bound else { return self.literal(value) };
        let at = bound.iter().position(|known| known == value).unwrap_or_else(|| {
            bound.push(value.clone());
            bound.len() - 1
        });
        format!("$p{}", at + 1)
    }

    /// A literal.
    pub(super) fn literal(&self, value: &Value) -> String {
        match value {
            Value::Boolean(value) => value.to_string(),
            Value::Int(value) => value.to_string(),
            Value::Double(value) if value.is_finite() => match self.dialect {
                // Without the letter it would be a decimal, whose mean has five digits.
                Dialect::Spark => format!("{value:?}D"),
                _ => format!("{value:?}"),
            },
            Value::Text(text) => self.text(text),
            Value::Date(day) => {
                let (year, month, day) = civil_from_days(i64::from(*day));
                format!("date '{year:04}-{month:02}-{day:02}'")
            }
            // No question and no catalogue holds a value of another type.
            _ => "null".to_owned(),
        }
    }

    /// Spark reads `\` as an escape and joins neighbouring literals, so a quote cannot be written twice there.
    fn text(&self, text: &str) -> String {
        match self.dialect {
            Dialect::Spark => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
            _ => format!("'{}'", text.replace('\'', "''")),
        }
    }
}
