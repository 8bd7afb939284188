//! The registry as the documentation page shows it.

use almanac_model::reference::{Function, Reference, Section};

use super::{Category, Entry, Target, all};

/// Sections in the order of the page, and their headings.
const SECTIONS: &[(Category, &str)] = &[
    (Category::Aggregate, "Aggregates"),
    (Category::Statistics, "Statistics"),
    (Category::Window, "Window functions"),
    (Category::Temporal, "Dates and times"),
    (Category::Text, "Text"),
    (Category::Pattern, "Patterns"),
    (Category::Numeric, "Numbers"),
    (Category::List, "Lists and structs"),
    (Category::Conditional, "Choice"),
    (Category::Operator, "Arithmetic"),
    (Category::Comparison, "Comparison"),
    (Category::Logic, "Logic"),
];

/// Every function and operator.
#[must_use]
pub fn reference() -> Reference {
    let section = |(category, title): &(Category, &str)| Section {
        title: (*title).to_owned(),
        functions: all().filter(|entry| entry.category == *category).map(function).collect(),
    };
    Reference { sections: SECTIONS.iter().map(section).collect() }
}

fn function(entry: &'static Entry) -> Function {
    Function {
        names: entry.names.iter().map(|name| (*name).to_owned()).collect(),
        signatures: entry.calls().collect(),
        description: entry.description.to_owned(),
        example: entry.example.to_owned(),
        answer: entry.answer.to_owned(),
    }
}

impl Entry {
    /// Each way to call it: `('part', DATE) -> BIGINT`.
    pub fn calls(&self) -> impl Iterator<Item = String> + '_ {
        self.signatures.iter().map(|signature| {
            let call = signature.to_string();
            match self.target {
                Target::WithPart(_) => call.replacen('(', "('part', ", 1),
                _ => call,
            }
        })
    }
}
