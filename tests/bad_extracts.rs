//! Extracts that are not what the manifest says: the cells that read them say so, with what to do; the others answer.

use almanac_model::Diagnostic;
use almanac_model::manifest::Manifest;
use almanac_native::{Told, manifest_of, run_notebook};
use almanac_tests::project::project;
use std::path::{Path, PathBuf};

const NOTEBOOK: &str = "# Two tables\n\n```sql people\nselect count(*) as n, sum(salary) as pay from emp\n```\n\n```sql departments\nselect count(*) as n from dept\n```\n";

/// Runs the notebook on a copy of the fixtures that `spoil` has changed.
fn run_spoilt(name: &str, spoil: impl FnOnce(&Path, &mut Manifest)) -> Told {
    let folder = copy_of_fixtures(name);
    let mut manifest = manifest_of(&folder).expect("the fixtures have a manifest");
    spoil(&folder, &mut manifest);
    let text = serde_json::to_string(&manifest).expect("a manifest is plain data");
    std::fs::write(folder.join("datapackage.json"), text).expect("the copy can be written");
    let manifest = manifest_of(&folder).expect("a manifest was written");
    run_notebook(&folder, manifest, NOTEBOOK)
}

fn copy_of_fixtures(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bad_extracts").join(name);
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    for entry in std::fs::read_dir(project("tests/slt/fixtures")).expect("the fixtures are there").flatten() {
        std::fs::copy(entry.path(), folder.join(entry.file_name())).expect("the copy can be written");
    }
    folder
}

/// The one problem of the cell that reads the spoilt file; the other cell must have answered.
fn problem_of(told: &Told) -> Diagnostic {
    assert_eq!(told.rows("departments"), Some(&[vec![Some("4".to_owned())]][..]), "the other cell answers");
    assert_eq!(told.rows("people"), None, "the cell must not answer");
    let problems = &told.views["people"].diagnostics;
    assert_eq!(problems.len(), 1, "one problem, not {problems:?}");
    assert_eq!(told.problems().len(), 1, "no problem elsewhere");
    let problem = problems[0].clone();
    assert!(problem.message.contains("emp"), "the file is named: {}", problem.message);
    assert!(!problem.hints.is_empty(), "it says what to do");
    problem
}

fn emp(folder: &Path) -> PathBuf {
    folder.join("emp.parquet")
}

#[test]
fn an_untouched_extract_answers() {
    let told = run_spoilt("untouched", |_, _| {});
    assert_eq!(told.problems(), Vec::<&Diagnostic>::new());
    // 9 people, 1225.0 in all: DuckDB over slt/fixtures.sql.
    assert_eq!(told.rows("people").map(|rows| rows[0][0].clone()), Some(Some("9".to_owned())));
}

#[test]
fn a_missing_file() {
    let problem =
        problem_of(&run_spoilt("missing", |folder, _| std::fs::remove_file(emp(folder)).expect("it was there")));
    assert_eq!(problem.code.0, "file-missing");
}

#[test]
fn a_file_cut_off_in_the_middle() {
    let problem = problem_of(&run_spoilt("truncated", |folder, _| {
        let bytes = std::fs::read(emp(folder)).expect("it was there");
        std::fs::write(emp(folder), &bytes[..bytes.len() / 2]).expect("the copy can be written");
    }));
    assert_eq!(problem.code.0, "file-changed");
}

#[test]
fn an_empty_file() {
    let problem = problem_of(&run_spoilt("empty", |folder, _| {
        std::fs::write(emp(folder), b"").expect("the copy can be written");
    }));
    assert_eq!(problem.code.0, "file-changed");
}

#[test]
fn a_file_of_another_kind() {
    let problem = problem_of(&run_spoilt("foreign", |folder, _| {
        let length = std::fs::metadata(emp(folder)).expect("it was there").len();
        let letter = b"Dear reader, this is a letter. "
            .iter()
            .copied()
            .cycle()
            .take(usize::try_from(length).expect("small"))
            .collect::<Vec<u8>>();
        std::fs::write(emp(folder), letter).expect("the copy can be written");
    }));
    assert_eq!(problem.code.0, "file-changed");
}

#[test]
fn a_file_with_one_bit_turned() {
    let problem = problem_of(&run_spoilt("flipped", |folder, _| {
        let mut bytes = std::fs::read(emp(folder)).expect("it was there");
        bytes[40] ^= 1;
        std::fs::write(emp(folder), bytes).expect("the copy can be written");
    }));
    assert_eq!(problem.code.0, "file-changed");
}

#[test]
fn a_manifest_with_another_hash() {
    let problem = problem_of(&run_spoilt("hash", |_, manifest| {
        let resource = manifest.resources.iter_mut().find(|resource| resource.name == "emp").expect("a fixture");
        resource.files[0].sha256 = "0".repeat(64);
    }));
    assert_eq!(problem.code.0, "file-changed");
}

#[test]
fn a_manifest_with_columns_the_file_lacks() {
    let problem = problem_of(&run_spoilt("column", |folder, manifest| {
        // The other table's file with its own length and hash, under this one's name and columns.
        std::fs::copy(folder.join("dept.parquet"), emp(folder)).expect("the copy can be written");
        let mut other =
            manifest.resources.iter().find(|resource| resource.name == "dept").expect("a fixture").files.clone();
        other[0].path = "emp.parquet".into();
        manifest.resources.iter_mut().find(|resource| resource.name == "emp").expect("a fixture").files = other;
    }));
    assert_eq!(problem.code.0, "file-changed");
    assert!(problem.message.contains("salary"), "{}", problem.message);
}

#[test]
fn a_query_of_200_kilobytes() {
    let long = format!("select 1 as n /* {} */", "x".repeat(200 << 10));
    let source = format!("```sql long\n{long}\n```\n\n```sql short\nselect 2 as n\n```\n");
    let folder = project("tests/slt/fixtures");
    let told = run_notebook(&folder, manifest_of(&folder).expect("the fixtures have a manifest"), &source);
    assert_eq!(told.rows("short"), Some(&[vec![Some("2".to_owned())]][..]));
    let [problem] = &told.views["long"].diagnostics[..] else {
        panic!("one problem: {:?}", told.views["long"].diagnostics)
    };
    assert_eq!(problem.code.0, "sql-too-long");
    assert!(problem.message.contains("201 KiB") && problem.message.contains("64 KiB"), "{}", problem.message);
    assert!(!problem.hints.is_empty());
    let place = problem.span.and_then(|span| source.get(span.start..span.end)).expect("a place in the text");
    assert!(long.starts_with(place), "{place}");
}

#[test]
fn an_expression_nested_ten_thousand_deep() {
    let source = format!(
        "```sql deep\nselect {}1{} as n\n```\n\n```sql flat\nselect 2 as n\n```\n",
        "(".repeat(10_000),
        ")".repeat(10_000)
    );
    let folder = project("tests/slt/fixtures");
    let told = run_notebook(&folder, manifest_of(&folder).expect("the fixtures have a manifest"), &source);
    assert_eq!(told.rows("flat"), Some(&[vec![Some("2".to_owned())]][..]));
    assert_eq!(told.views["deep"].diagnostics.len(), 1);
}
