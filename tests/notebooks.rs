//! Notebooks as tests: those of `notebooks/` on the fixtures, the published ones on the demo extracts when these are there.
//!
//! What a notebook states about itself is described in `notebooks/README.md`.

use almanac_model::Diagnostic;
use almanac_model::manifest::FILE_NAME;
use almanac_native::{manifest_of, run_notebook};
use almanac_tests::project::project;
use libtest_mimic::{Arguments, Failed, Trial};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let mut trials: Vec<Trial> = notebooks_in(&project("tests/notebooks"))
        .into_iter()
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "README"))
        .map(|path| Trial::test(name(&path, "tests"), move || check(&project("tests/slt/fixtures"), &path)))
        .collect();
    let data = project("public/data");
    // Without the extracts there is nothing to run them on; `almanac check public` covers them once xtask has made the data.
    let missing = !data.join(FILE_NAME).is_file();
    for path in notebooks_in(&project("public/notebooks")) {
        let data = data.clone();
        let trial = Trial::test(name(&path, "public"), move || {
            if missing { Err("public/data is missing: run cargo xtask demo first".into()) } else { check(&data, &path) }
        });
        trials.push(trial.with_ignored_flag(missing));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn name(path: &Path, group: &str) -> String {
    format!("{group}/{}", path.file_stem().unwrap_or_default().to_string_lossy())
}

/// Markdown files below a folder, sorted.
fn notebooks_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(notebooks_in(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn check(data: &Path, path: &Path) -> Result<(), Failed> {
    let source = std::fs::read_to_string(path)?;
    let told = run_notebook(data, manifest_of(data)?, &source);
    let mut unexpected = told.problems();
    let mut failures = String::new();
    for line in expected_problems(&source) {
        match unexpected.iter().position(|problem| is(problem, line, &source)) {
            Some(at) => {
                unexpected.remove(at);
            }
            None => {
                let _ = writeln!(failures, "not reported: {line}");
            }
        }
    }
    for problem in unexpected {
        let _ = writeln!(
            failures,
            "reported: {} | {} | {}\n          {}",
            problem.code,
            place(problem, &source),
            problem.hints.join(" "),
            problem.message
        );
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.into()) }
}

/// The lines of the `problems` fence.
fn expected_problems(source: &str) -> impl Iterator<Item = &str> {
    let body = source
        .split_once("\n```problems\n")
        .map_or("", |(_, rest)| rest.split_once("\n```\n").map_or(rest, |(body, _)| body));
    body.lines().map(|line| line.trim_end_matches('`')).filter(|line| !line.trim().is_empty())
}

/// Whether a problem is the one a line `code | place | hint` speaks of.
fn is(problem: &Diagnostic, line: &str, source: &str) -> bool {
    let parts: Vec<&str> = line.splitn(3, " | ").map(str::trim).collect();
    let [code, at, hint] = parts[..] else { return false };
    let hinted =
        if hint == "-" { problem.hints.is_empty() } else { problem.hints.iter().any(|one| one.contains(hint)) };
    problem.code.0 == code && place(problem, source) == at && hinted
}

/// The text a problem points at; `-` when it points at nothing, the first line of several.
fn place<'a>(problem: &Diagnostic, source: &'a str) -> &'a str {
    let text = problem.span.and_then(|span| source.get(span.start..span.end)).unwrap_or_default();
    text.lines().next().filter(|line| !line.trim().is_empty()).map_or("-", str::trim)
}
