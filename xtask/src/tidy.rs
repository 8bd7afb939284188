//! Rules of the house that no compiler checks, each with the place that breaks it.

use crate::failure::{AtPath, Failure};
use crate::project::Project;
use crate::stamp::files;
use std::path::Path;

/// Most lines of a file.
const LINES: usize = 400;
/// Kinds of file that keep to it.
const CODE: [&str; 6] = ["rs", "js", "mjs", "ts", "css", "py"];
/// A longer file says why in a comment that starts with this.
const LONG: &str = "// tidy: long file, ";
/// Folders with our own text.
const OURS: [&str; 14] = [
    "app",
    "core",
    "cli",
    "tests",
    "xtask",
    "bench",
    "fuzz",
    "public/notebooks",
    "docs",
    ".ci",
    ".cargo",
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
];
/// Kinds of file that are read.
const KINDS: [&str; 13] = ["rs", "md", "toml", "yml", "yaml", "js", "mjs", "ts", "css", "html", "sh", "py", "slt"];

/// All breaches, sorted by file.
pub(crate) fn breaches(project: &Project) -> Result<Vec<String>, Failure> {
    let roadmap = project.root.join("docs/roadmap.md");
    let roadmap = std::fs::read_to_string(&roadmap).unwrap_or_default();
    let mut found = Vec::new();
    for place in OURS {
        for file in files(&project.root.join(place))? {
            if !KINDS.iter().any(|kind| file.extension().is_some_and(|extension| extension == *kind)) {
                continue;
            }
            let text = std::fs::read_to_string(&file).at(&file)?;
            let name = file.strip_prefix(&project.root).unwrap_or(&file).to_owned();
            found.extend(breaches_of(&name, &text, &roadmap));
        }
    }
    Ok(found)
}

fn breaches_of(name: &Path, text: &str, roadmap: &str) -> Vec<String> {
    let kind = name.extension().unwrap_or_default().to_string_lossy();
    let rust = kind == "rs";
    let shown = name.display();
    let mut found = Vec::new();
    let lines = text.lines().count();
    if CODE.contains(&kind.as_ref()) && lines > LINES && !text.contains(LONG) {
        found.push(format!("{shown}: {lines} lines; a file has at most {LINES}, or `{LONG}reason`"));
    }
    if rust && !text.trim_start().starts_with("//!") && !text.trim_start().starts_with("#!") {
        found.push(format!("{shown}: opens without a `//!` that says what it is"));
    }
    // This file has to name what it looks for.
    if name == Path::new("xtask/src/tidy.rs") {
        return found;
    }
    for (index, line) in text.lines().enumerate() {
        let place = format!("{shown}:{}", index + 1);
        if let Some(at) = line.find("TODO").filter(|_| rust) {
            let subject = line[at + "TODO".len()..].trim_matches([':', ' ', '(', ')']).trim();
            if subject.is_empty() || !roadmap.contains(subject) {
                found.push(format!("{place}: TODO without an entry in docs/roadmap.md"));
            }
        }
        if ["root", "home", "work", "Users"].iter().any(|folder| line.contains(&format!("/{folder}/"))) {
            found.push(format!("{place}: names a folder of one machine"));
        }
        if ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark)) {
            found.push(format!("{place}: a merge was left unfinished"));
        }
    }
    found
}

/// `cargo xtask tidy`.
pub(crate) fn print(project: &Project) -> Result<(), Failure> {
    project.report.step("licences", |note| crate::licences::check(project, note).map(crate::report::Outcome::Done))?;
    let found = breaches(project)?;
    for breach in &found {
        println!("{breach}");
    }
    if found.is_empty() { Ok(()) } else { Err(Failure::new(format!("{} breaches of the house rules.", found.len()))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, text: &str) -> Vec<String> {
        breaches_of(Path::new(name), text, "- windows over ranges")
    }

    #[test]
    fn a_file_without_header_is_named() {
        assert_eq!(of("a.rs", "fn main() {}").len(), 1);
        assert!(of("a.rs", "//! A.\nfn main() {}").is_empty());
    }

    #[test]
    fn a_long_file_needs_a_reason() {
        let long = format!("//! A.\n{}", "//\n".repeat(LINES));
        assert_eq!(of("a.rs", &long).len(), 1);
        assert!(of("a.rs", &format!("{long}{LONG}one table")).is_empty());
    }

    #[test]
    fn a_promise_needs_the_roadmap() {
        assert!(of("a.rs", "//! A.\n// TODO: windows over ranges").is_empty());
        assert_eq!(of("a.rs", "//! A.\n// TODO: more").len(), 1);
    }

    #[test]
    fn a_machine_is_not_named() {
        assert_eq!(of("a.md", "see /home/ann/notes"), ["a.md:1: names a folder of one machine"]);
    }
}
