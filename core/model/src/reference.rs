//! The reference of SQL functions as the documentation page shows it: what the registry of `core/sql` says of each function.
//!
//! The page fetches it as [`FILE_NAME`], which lies among its static files. A test of the project keeps that file equal to the
//! registry, so that neither the page nor the engine has to carry the words.

use serde::{Deserialize, Serialize};

/// Name of the file beside the page.
pub const FILE_NAME: &str = "functions.json";

/// All functions and operators, section by section.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reference {
    /// Sections in the order of the page.
    pub sections: Vec<Section>,
}

/// Functions that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// Its functions.
    pub functions: Vec<Function>,
}

/// One function or operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// Names, the preferred one first.
    pub names: Vec<String>,
    /// Ways to call it: `(VARCHAR, BIGINT) -> VARCHAR`.
    pub signatures: Vec<String>,
    /// One sentence.
    pub description: String,
    /// An expression, or a query that starts with `select`.
    pub example: String,
    /// The example's answer as text.
    pub answer: String,
}

impl Reference {
    /// Number of functions and operators.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sections.iter().map(|section| section.functions.len()).sum()
    }

    /// The part in which every word of a search occurs in a name or the sentence; letter case aside. Sections without a match
    /// are left out, and a function whose name is the search comes first in its section.
    #[must_use]
    pub fn matching(&self, search: &str) -> Self {
        let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
        let fits = |function: &&Function| {
            let description = function.description.to_lowercase();
            words.iter().all(|word| {
                function.names.iter().any(|name| name.contains(word.as_str())) || description.contains(word.as_str())
            })
        };
        let named = |function: &Function| words.len() == 1 && function.names.contains(&words[0]);
        let sections = self.sections.iter().filter_map(|section| {
            let mut functions: Vec<Function> = section.functions.iter().filter(fits).cloned().collect();
            functions.sort_by_key(|function| !named(function));
            (!functions.is_empty()).then(|| Section { title: section.title.clone(), functions })
        });
        Self { sections: sections.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(names: &[&str], description: &str) -> Function {
        Function {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            signatures: Vec::new(),
            description: description.to_owned(),
            example: String::new(),
            answer: String::new(),
        }
    }

    #[test]
    fn a_search_looks_at_names_and_sentences() {
        let section = |title: &str, functions| Section { title: title.to_owned(), functions };
        let reference = Reference {
            sections: vec![
                section(
                    "Text",
                    vec![function(&["upper", "ucase"], "Upper case."), function(&["trim"], "Without spaces.")],
                ),
                section("Dates", vec![function(&["to_days"], "An interval of days."), function(&["day"], "The day.")]),
            ],
        };
        let names = |search: &str| -> Vec<String> {
            reference
                .matching(search)
                .sections
                .into_iter()
                .flat_map(|s| s.functions)
                .map(|f| f.names[0].clone())
                .collect()
        };
        assert_eq!(reference.count(), 4);
        assert_eq!(names(""), ["upper", "trim", "to_days", "day"]);
        assert_eq!(names("UCase"), ["upper"]);
        assert_eq!(names("spaces"), ["trim"]);
        assert_eq!(names("interval day"), ["to_days"]);
        assert_eq!(names("day"), ["day", "to_days"], "the one of that name first");
        assert_eq!(reference.matching("nothing at all").sections, vec![]);
    }
}
