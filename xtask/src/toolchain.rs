//! A Rust compiler that can build for the browser. In this order: the one that is active has the target; rustup adds it;
//! on Debian, as root, the distribution's own compiler plus a standard library built from its sources.

use crate::failure::{AtPath, Failure};
use crate::process::{answer, must, run};
use crate::project::{Project, is_root};
use crate::report::{Note, Outcome};
use crate::stamp::sha256;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target of browser builds.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";
/// The name under which rustup knows Debian's compiler.
const LINKED: &str = "almanac-debian";
/// Debian's compiler, its sources and what they need to build the standard library for the browser.
const PACKAGES: [&str; 8] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy", "rustfmt-web", "lld-22", "clang-22"];
/// What [`build_std`] compiles: an empty library, whose dependencies are the standard library.
const EMPTY: &str = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[lib]\ncrate-type = [\"rlib\"]\n\n[workspace]\n";

/// How programs are to be started so that they use the compiler.
#[derive(Debug, Default)]
pub(crate) struct Toolchain {
    /// Environment variables to set or to remove.
    pub(crate) variables: Vec<(String, Option<String>)>,
    /// Folder of the compiler's programs, if it is to be searched first.
    pub(crate) programs: Option<PathBuf>,
}

impl Toolchain {
    /// The one this program was started with.
    fn active() -> Self {
        Self::default()
    }

    /// The one rustup would choose in the project's folder, had cargo not already chosen.
    fn folder() -> Self {
        Self { variables: vec![("RUSTUP_TOOLCHAIN".into(), None)], programs: None }
    }

    /// One that rustup knows by name.
    fn named(name: &str) -> Self {
        Self { variables: vec![("RUSTUP_TOOLCHAIN".into(), Some(name.into()))], programs: None }
    }

    /// Debian's, without rustup.
    fn debian() -> Self {
        Self {
            variables: vec![
                ("RUSTC".into(), Some("/usr/bin/rustc".into())),
                ("CARGO".into(), Some("/usr/bin/cargo".into())),
            ],
            programs: Some(PathBuf::from("/usr/bin")),
        }
    }

    fn rustc(&self, project: &Project, arguments: &[&str]) -> Option<String> {
        let mut command =
            Command::new(self.programs.as_ref().map_or_else(|| "rustc".into(), |folder| folder.join("rustc")));
        command.current_dir(&project.root).args(arguments);
        for (name, value) in &self.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        answer(command)
    }

    /// Whether it has the standard library for the browser.
    fn builds_wasm(&self, project: &Project) -> bool {
        self.rustc(project, &["--print", "sysroot"]).is_some_and(|root| has_std(&wasm_lib(Path::new(&root))))
    }
}

fn wasm_lib(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(WASM).join("lib")
}

fn has_std(lib: &Path) -> bool {
    std::fs::read_dir(lib)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

/// Finds a compiler that builds for the browser, or sets one up.
pub(crate) fn set_up(project: &Project) -> Result<(), Failure> {
    project.report.step("Rust for the browser", |note| {
        let rustup = project.has("rustup");
        let mut known = vec![Toolchain::active()];
        if rustup {
            known.extend([Toolchain::folder(), Toolchain::named(LINKED)]);
        } else if Path::new("/usr/bin/rustc").is_file() {
            known.push(Toolchain::debian());
        }
        if let Some((place, found)) = known.into_iter().enumerate().find(|(_, one)| one.builds_wasm(project)) {
            let version = found.rustc(project, &["--version"]).unwrap_or_default();
            if place == 2 {
                override_folder(project, note)?;
            }
            project.use_toolchain(found);
            return Ok(Outcome::Skipped(version));
        }
        if rustup && add_target(project, note) {
            let found = Toolchain::active();
            let version = found.rustc(project, &["--version"]).unwrap_or_default();
            project.use_toolchain(found);
            return Ok(Outcome::Done(version));
        }
        let found = from_debian(project, rustup, note)?;
        let version = found.rustc(project, &["--version"]).unwrap_or_default();
        project.use_toolchain(found);
        // This program was built by the other compiler: built once more now, it starts at once next time.
        must(project.cargo(&["build", "--package", "xtask"]), "xtask", &project.logs(), note)?;
        Ok(Outcome::Done(version))
    })
}

/// Asks rustup for the target; without a network it says no within seconds.
fn add_target(project: &Project, note: &Note) -> bool {
    let mut command = project.command("rustup");
    command.args(["target", "add", WASM]);
    run(command, "rustup-target-add", &project.logs(), note).is_ok_and(|ended| ended.success)
        && Toolchain::active().builds_wasm(project)
}

fn from_debian(project: &Project, rustup: bool, note: &Note) -> Result<Toolchain, Failure> {
    if !project.has("apt-get") {
        return Err(Failure::new(
            "The standard library for wasm32-unknown-unknown is missing and rustup could not add it.",
        )
        .by_hand(format!("rustup target add {WASM}")));
    }
    if !is_root() {
        return Err(Failure::new(
            "Rust for the browser is missing, and only root may install Debian's packages for it.",
        )
        .by_hand(format!("rustup target add {WASM}"))
        .by_hand("sudo cargo xtask setup"));
    }
    apt_install(project, &PACKAGES, note)?;
    let debian = Toolchain::debian();
    if !debian.builds_wasm(project) {
        build_std(project, &debian, note)?;
    }
    if !rustup {
        return Ok(debian);
    }
    note.doing("rustup toolchain link");
    let mut link = project.command("rustup");
    link.args(["toolchain", "link", LINKED, "/usr"]);
    must(link, "rustup-toolchain-link", &project.logs(), note)?;
    override_folder(project, note)?;
    Ok(Toolchain::named(LINKED))
}

/// Makes plain `cargo` and `trunk` in the project's folder use the linked compiler.
fn override_folder(project: &Project, note: &Note) -> Result<(), Failure> {
    let mut command = project.command("rustup");
    command.args(["override", "set", LINKED]);
    must(command, "rustup-override-set", &project.logs(), note).map(|_| ())
}

/// Installs Debian packages, or says which command would.
pub(crate) fn apt_install(project: &Project, packages: &[&str], note: &Note) -> Result<(), Failure> {
    let by_hand = format!("sudo apt-get update && sudo apt-get install --no-install-recommends {}", packages.join(" "));
    if !project.has("apt-get") || !is_root() {
        return Err(Failure::new(format!(
            "Debian packages are missing and cannot be installed here: {}.",
            packages.join(", ")
        ))
        .by_hand(by_hand));
    }
    let apt = |arguments: &[&str]| {
        let mut command = project.command("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
        command
    };
    // A stale list of packages is no reason to stop: the installation says what it cannot find.
    let _ = run(apt(&["update", "-qq"]), "apt-get-update", &project.logs(), note);
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    must(apt(&arguments), "apt-get-install", &project.logs(), note)
        .map(|_| ())
        .map_err(|failure| failure.because("Debian's packages could not be installed").by_hand(by_hand))
}

/// Builds the standard library from Debian's sources and puts it where rustc looks for it.
fn build_std(project: &Project, debian: &Toolchain, note: &Note) -> Result<(), Failure> {
    let sysroot = debian.rustc(project, &["--print", "sysroot"]).ok_or_else(|| {
        Failure::new("Debian's rustc was installed but does not run.").by_hand("/usr/bin/rustc --version")
    })?;
    let version = debian.rustc(project, &["--version"]).unwrap_or_default();
    // Kept in CI: what was compiled against this very library stays usable in the next run.
    let kept = project.cache.as_ref().map(|cache| cache.join("wasm-std").join(&sha256(version.as_bytes())[..16]));
    let lib = wasm_lib(Path::new(&sysroot));
    if let Some(kept) = kept.as_ref().filter(|kept| has_std(kept)) {
        return copy_rlibs(kept, &lib);
    }
    let work = std::env::temp_dir().join(format!("almanac-wasm-std-{}", std::process::id()));
    std::fs::create_dir_all(work.join("src")).at(&work)?;
    std::fs::write(work.join("src/lib.rs"), "").at(&work)?;
    std::fs::write(work.join("Cargo.toml"), EMPTY).at(&work)?;
    let mut build = Command::new("/usr/bin/cargo");
    build
        .current_dir(&work)
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        // Without bitcode, fat LTO fails with "Can't find section .llvmbc".
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", work.join("target"))
        .args(["build", "--release", "--target", WASM, "-Zbuild-std=std,panic_abort,panic_unwind"]);
    must(build, "wasm-std", &project.logs(), note).map_err(|failure| {
        failure
            .because("The standard library for the browser could not be built from Debian's sources")
            .by_hand(format!("rustup target add {WASM}"))
    })?;
    let built = work.join("target").join(WASM).join("release/deps");
    copy_rlibs(&built, &lib)?;
    if let Some(kept) = kept {
        copy_rlibs(&built, &kept)?;
    }
    std::fs::remove_dir_all(&work).at(&work)
}

fn copy_rlibs(from: &Path, to: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(to).at(to)?;
    for entry in std::fs::read_dir(from).at(from)?.filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("lib") && name.ends_with(".rlib") && !name.starts_with("libempty") {
            std::fs::copy(entry.path(), to.join(&name)).at(&entry.path())?;
        }
    }
    Ok(())
}
