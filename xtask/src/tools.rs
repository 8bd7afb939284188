//! The programs a build needs beside the compiler, at pinned versions: a clang for the browser, wasm-bindgen, trunk,
//! the npm packages, and for the tests a Chromium.

use crate::failure::{AtPath, Failure};
use crate::process::{answer, must};
use crate::project::Project;
use crate::report::{Note, Outcome};
use crate::stamp::Inputs;
use crate::toolchain::{WASM, apt_install};
use std::path::{Path, PathBuf};

/// The version of trunk the project is built with.
const TRUNK: &str = "0.21.14";

/// A C compiler for the browser: zstd is written in C.
pub(crate) fn clang(project: &Project) -> Result<(), Failure> {
    project.report.step("C compiler for the browser", |note| {
        if clang_works(project) {
            return Ok(Outcome::Skipped("clang".into()));
        }
        if !project.has("apt-get") {
            return Err(Failure::new("No clang on the path can compile for wasm32; zstd needs one.")
                .by_hand("brew install llvm && export PATH=\"$(brew --prefix llvm)/bin:$PATH\""));
        }
        apt_install(project, &["clang-22"], note).or_else(|_| apt_install(project, &["clang"], note))?;
        if clang_works(project) {
            Ok(Outcome::done())
        } else {
            Err(Failure::new("The clang that was installed cannot compile for wasm32."))
        }
    })
}

fn clang_works(project: &Project) -> bool {
    let source = project.target.join("xtask/empty.c");
    let object = project.target.join("xtask/empty.o");
    let compiler = project.wasm_compiler();
    let written = std::fs::create_dir_all(project.target.join("xtask"))
        .and_then(|()| match project.chosen_wasm_compiler() {
            Some(_) => Ok(()),
            None => std::fs::copy(project.root.join(".cargo/wasm-cc"), &compiler).map(|_| ()),
        })
        .and_then(|()| std::fs::write(&source, "int empty;\n"));
    if written.is_err() {
        return false;
    }
    let mut command = project.command(&compiler.to_string_lossy());
    command.arg(format!("--target={WASM}")).arg("-c").arg(&source).arg("-o").arg(&object);
    answer(command).is_some()
}

/// wasm-bindgen's command, at the version of the library in `Cargo.lock`: they must be equal.
pub(crate) fn wasm_bindgen(project: &Project) -> Result<(), Failure> {
    let lock = project.root.join("Cargo.lock");
    let text = std::fs::read_to_string(&lock).at(&lock)?;
    let version =
        locked(&text, "wasm-bindgen").ok_or_else(|| Failure::new("Cargo.lock names no version of wasm-bindgen."))?;
    // Optimised enough to read a module of 25 MB in seconds.
    install(project, "wasm-bindgen", "wasm-bindgen-cli", version, false, "1")
}

/// Trunk, which builds the page.
pub(crate) fn trunk(project: &Project) -> Result<(), Failure> {
    // Without its lock file this version does not compile. It copies and starts other programs: not optimised, it is there in half
    // the time, and a build takes two seconds more.
    install(project, "trunk", "trunk", TRUNK, true, "0")
}

/// The version a lock file gives a package.
fn locked<'text>(lock: &'text str, package: &str) -> Option<&'text str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

fn install(
    project: &Project,
    program: &str,
    package: &str,
    version: &str,
    lock: bool,
    optimisation: &str,
) -> Result<(), Failure> {
    project.report.step(&format!("{program} {version}"), |note| {
        let mut ask = project.command(program);
        ask.arg("--version");
        if answer(ask).is_some_and(|found| found.split_whitespace().any(|word| word == version)) {
            return Ok(Outcome::Skipped(String::new()));
        }
        let mut arguments = vec!["install", package, "--version", version, "--debug", "--force"];
        if lock {
            arguments.push("--locked");
        }
        let by_hand = format!("cargo {}", arguments.join(" "));
        let mut command = project.patient_cargo(&arguments);
        // A third of the compile time of a release build, or less.
        command
            .env("CARGO_PROFILE_DEV_OPT_LEVEL", optimisation)
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .env("CARGO_PROFILE_DEV_CODEGEN_UNITS", "16")
            .env("CARGO_TARGET_DIR", project.target.join("xtask/tools"));
        if let Some(root) = project.tools_root() {
            command.arg("--root").arg(root);
        }
        must(command, &format!("install {package}"), &project.logs(), note).map_err(|failure| {
            failure.because(format!("{package} {version} could not be installed")).by_hand(by_hand)
        })?;
        Ok(Outcome::done())
    })
}

/// The npm packages of a folder's lock file, without running any of their scripts.
pub(crate) fn npm(project: &Project, name: &str, folder: &Path) -> Result<(), Failure> {
    project.report.step(name, |note| npm_ci(project, folder, note))
}

fn npm_ci(project: &Project, folder: &Path, note: &Note) -> Result<Outcome, Failure> {
    let lock = folder.join("package-lock.json");
    let stamp = Inputs::default().content(&lock)?.finish();
    let step = format!("npm-{}", folder.file_name().unwrap_or_default().to_string_lossy());
    if folder.join("node_modules/.package-lock.json").is_file() && project.stamps.same(&step, &stamp) {
        return Ok(Outcome::Skipped(String::new()));
    }
    let by_hand =
        format!("npm ci --ignore-scripts --prefix {}", folder.strip_prefix(&project.root).unwrap_or(folder).display());
    if !project.has("npm") {
        return Err(Failure::new("Node.js 20 or later with npm is needed and was not found.")
            .by_hand("see https://nodejs.org/en/download"));
    }
    let mut command = project.command("npm");
    command.current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    must(command, &step, &project.logs(), note)
        .map_err(|failure| failure.because("The npm packages could not be installed").by_hand(by_hand))?;
    project.stamps.keep(&step, &stamp)?;
    Ok(Outcome::done())
}

/// A PostgreSQL server for the tests of `almanac extract`, which start it themselves.
pub(crate) fn postgres(project: &Project) -> Result<(), Failure> {
    project.report.step("PostgreSQL", |note| {
        if project.has("initdb") || Path::new("/usr/lib/postgresql").is_dir() && project.has("psql") {
            return Ok(Outcome::Skipped(String::new()));
        }
        if !project.has("apt-get") {
            return Err(Failure::new("The tests start a PostgreSQL server, and there is no `initdb` on the path.")
                .by_hand("brew install postgresql"));
        }
        apt_install(project, &["postgresql"], note)?;
        Ok(Outcome::done())
    })
}

/// A Chromium for the browser tests.
pub(crate) fn chromium(project: &Project) -> Result<PathBuf, Failure> {
    let mut found = None;
    project.report.step("Chromium for the tests", |note| {
        found = find_chromium(project);
        if let Some(path) = &found {
            return Ok(Outcome::Skipped(path.display().to_string()));
        }
        apt_install(project, &["chromium"], note)?;
        found = find_chromium(project);
        Ok(Outcome::done())
    })?;
    found.ok_or_else(|| {
        Failure::new("Chromium was installed but is not on the path.").by_hand("export CHROMIUM=/path/to/chromium")
    })
}

fn find_chromium(project: &Project) -> Option<PathBuf> {
    std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|path| path.is_file()).or_else(|| {
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
            .iter()
            .find_map(|name| project.find(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_a_version() {
        let lock = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n\n[[package]]\nname = \"web-sys\"\nversion = \"0.3.1\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(lock, "leptos"), None);
    }
}
