//! How large the downloads are, and the budgets they keep.

use crate::failure::{AtPath, Failure};
use crate::project::Project;
use crate::site::{BEST, brotli, dist};
use crate::stamp::{files, sha256};
use std::path::Path;

/// One size and its bound.
pub(crate) struct Budget {
    /// What is measured.
    pub(crate) name: &'static str,
    /// Its size.
    pub(crate) bytes: u64,
    /// The most it may be.
    pub(crate) most: u64,
}

impl Budget {
    /// Whether it fits.
    pub(crate) fn kept(&self) -> bool {
        self.bytes <= self.most
    }

    /// One line for a reader.
    pub(crate) fn line(&self) -> String {
        let mark = if self.kept() { "✓" } else { "✗" };
        format!("{mark} {:<44} {:>10} of {:>10}", self.name, kilobytes(self.bytes), kilobytes(self.most))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a size for people")]
fn kilobytes(bytes: u64) -> String {
    format!("{:.1} KB", bytes as f64 / 1e3)
}

/// Measures the site in `dist/`.
pub(crate) fn measure(project: &Project) -> Result<Vec<Budget>, Failure> {
    let dist = dist(project);
    if !dist.join("index.html").is_file() {
        return Err(Failure::new("There is no site in dist/ yet.").by_hand("cargo xtask build"));
    }
    let mut engine = (0, 0);
    let mut page = 0;
    for file in files(&dist)? {
        let name = file.strip_prefix(&dist).unwrap_or(&file).to_string_lossy().into_owned();
        let kind = file.extension().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("almanac-worker") {
            if kind == "wasm" {
                engine = (std::fs::metadata(&file).at(&file)?.len(), small(project, &file)?);
            }
        } else if ["wasm", "js", "css"].contains(&kind.as_str())
            && !name.contains("editor")
            && !name.starts_with("data/")
        {
            page += small(project, &file)?;
        }
    }
    if engine.0 == 0 || page == 0 {
        return Err(Failure::new("The engine or the page is missing in dist/.").by_hand("cargo xtask build"));
    }
    // 25 MiB is the limit of several static hosts for one file.
    Ok(vec![
        Budget { name: "engine, raw", bytes: engine.0, most: 25 * 1024 * 1024 - 1 },
        Budget { name: "engine, brotli", bytes: engine.1, most: 3_500_000 },
        Budget { name: "page without the editor, brotli", bytes: page, most: 350_000 },
    ])
}

/// Length of a file's brotli copy, taken from the copies that a build keeps where it can.
fn small(project: &Project, file: &Path) -> Result<u64, Failure> {
    let bytes = std::fs::read(file).at(file)?;
    let kept = project.target.join("xtask/brotli").join(sha256(&bytes));
    match std::fs::metadata(&kept) {
        Ok(metadata) => Ok(metadata.len()),
        Err(_) => Ok(brotli(&bytes, BEST)?.len() as u64),
    }
}

/// `cargo xtask size`.
pub(crate) fn print(project: &Project) -> Result<(), Failure> {
    let budgets = measure(project)?;
    for budget in &budgets {
        println!("{}", budget.line());
    }
    if budgets.iter().all(Budget::kept) { Ok(()) } else { Err(Failure::new("A download is larger than its budget.")) }
}
