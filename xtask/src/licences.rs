//! Licences of everything that is compiled in: `cargo deny` where it is installed, else this reading of `cargo metadata`.

use crate::failure::Failure;
use crate::process::{must, run};
use crate::project::Project;
use crate::report::Note;
use serde_json::Value;

/// Licences that ask for no more than a notice, or share changes of their own files only. `deny.toml` has the same list.
const ALLOWED: [&str; 15] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "0BSD",
    "CC0-1.0",
    "BSL-1.0",
    "Unlicense",
    "Apache-2.0 WITH LLVM-exception",
];

/// Checks all packages and returns how many there are.
pub(crate) fn check(project: &Project, note: &Note) -> Result<String, Failure> {
    let mut deny = project.command("cargo");
    deny.args(["deny", "--version"]);
    if crate::process::answer(deny).is_some() {
        let deny = project.cargo(&["deny", "--offline", "check", "licenses", "bans", "sources"]);
        return must(deny, "cargo deny", &project.logs(), note).map(|_| "cargo deny".into());
    }
    let metadata = project.cargo(&["metadata", "--format-version", "1", "--all-features"]);
    let ended = run(metadata, "cargo metadata", &project.logs(), note)?;
    let packages = ended
        .lines
        .iter()
        .find(|line| line.starts_with('{'))
        .and_then(|line| serde_json::from_str::<Value>(line).ok())
        .and_then(|mut value| value.get_mut("packages").map(Value::take))
        .ok_or_else(|| ended.failure("cargo metadata"))?;
    let packages = packages.as_array().cloned().unwrap_or_default();
    let wrong: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(allowed))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]).replace('"', ""))
        .collect();
    if wrong.is_empty() {
        Ok(format!("{} packages", packages.len()))
    } else {
        Err(Failure::new(format!("{} packages have a licence that deny.toml does not allow.", wrong.len()))
            .detail(&wrong))
    }
}

/// Whether an SPDX expression can be met with allowed licences alone.
fn allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let plain = expression.replace(['(', ')'], "");
    // `A OR B` needs one of them, `A AND B` both; brackets occur only around an OR next to an AND.
    if expression.contains('(') {
        return expression.split(" AND ").all(|part| allowed(&part.replace(['(', ')'], "")));
    }
    plain.split(" OR ").any(|choice| choice.split(" AND ").all(|one| ALLOWED.contains(&one.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_spdx_says() {
        assert!(allowed("MIT OR GPL-3.0"));
        assert!(allowed("MIT/Apache-2.0"));
        assert!(allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!allowed("MIT AND GPL-3.0"));
        assert!(!allowed("AGPL-3.0"));
    }
}
