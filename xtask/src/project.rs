//! Where things are, and how programs are started so that they use the right compiler, tools and target folder.

use crate::failure::Failure;
use crate::report::Report;
use crate::stamp::Stamps;
use crate::toolchain::Toolchain;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The project's folders and the console.
pub(crate) struct Project {
    /// Folder of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// In CI, a folder under the home directory that outlives the run, if it can be written.
    pub(crate) cache: Option<PathBuf>,
    /// The console.
    pub(crate) report: Report,
    /// What the steps were last done from.
    pub(crate) stamps: Stamps,
    /// The compiler, once it has been found or set up.
    toolchain: OnceLock<Toolchain>,
}

impl Project {
    /// Finds the project around this program.
    pub(crate) fn locate() -> Result<Self, Failure> {
        let here = std::env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .or_else(|| std::env::current_dir().ok())
            .ok_or_else(|| Failure::new("The current folder cannot be read."))?;
        let root = here
            .ancestors()
            .find(|folder| folder.join("Cargo.toml").is_file() && folder.join("xtask").is_dir())
            .ok_or_else(|| Failure::new("Run this inside the project's folder."))?
            .to_owned();
        let cache = home().map(|home| home.join(".cache/almanac")).filter(|folder| in_ci() && writable(folder));
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => match &cache {
                Some(cache) => cache.join("target"),
                None => root.join("target"),
            },
        };
        let stamps = Stamps::new(&target);
        Ok(Self { root, target, cache, report: Report::new(), stamps, toolchain: OnceLock::new() })
    }

    /// Remembers the compiler.
    pub(crate) fn use_toolchain(&self, toolchain: Toolchain) {
        // A second set-up in one run finds the same compiler, so that the first one may stay.
        let _ = self.toolchain.set(toolchain);
    }

    /// Folder of the logs of all programs run.
    pub(crate) fn logs(&self) -> PathBuf {
        self.target.join("xtask/logs")
    }

    /// Folder that `cargo install` puts tools into: in CI one that is kept between runs.
    pub(crate) fn tools_root(&self) -> Option<PathBuf> {
        self.cache.as_ref().map(|cache| cache.join("tools"))
    }

    /// A program in the project's folder, with the project's compiler, tools and target folder.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CC_wasm32_unknown_unknown", self.wasm_compiler())
            .env("CARGO_TERM_COLOR", "never")
            .env("NO_COLOR", "true")
            .env("PATH", self.path());
        for (name, value) in self.toolchain.get().map(|chain| chain.variables.as_slice()).unwrap_or_default() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// Cargo with the project's compiler.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        command
    }

    /// Cargo for work that another lane is not to wait for: it gets the cores that the engine's compiler leaves idle.
    pub(crate) fn patient_cargo(&self, arguments: &[&str]) -> Command {
        if !self.has("nice") {
            return self.cargo(arguments);
        }
        let mut command = self.command("nice");
        command.args(["-n", "19", "cargo"]).args(arguments);
        command
    }

    /// `PATH` with the folders in front where tools of ours may lie.
    fn path(&self) -> OsString {
        let mut folders: Vec<PathBuf> = Vec::new();
        folders.extend(self.toolchain.get().and_then(|chain| chain.programs.clone()));
        folders.extend(self.tools_root().map(|root| root.join("bin")));
        let old = std::env::var_os("PATH").unwrap_or_default();
        folders.extend(std::env::split_paths(&old));
        folders.extend(cargo_bin());
        std::env::join_paths(folders).unwrap_or(old)
    }

    /// Whether a program of that name can be started.
    pub(crate) fn has(&self, program: &str) -> bool {
        self.find(program).is_some()
    }

    /// Where a program of that name lies on the path.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        std::env::split_paths(&self.path()).map(|folder| folder.join(program)).find(|path| path.is_file())
    }

    /// The C compiler for the browser: the one that was chosen, or else the project's wrapper, at a place that does not depend on
    /// the clone's. Another path would make cargo compile zstd, and with it all of Polars, once more.
    pub(crate) fn wasm_compiler(&self) -> PathBuf {
        self.chosen_wasm_compiler().unwrap_or_else(|| self.target.join("xtask/wasm-cc"))
    }

    /// The C compiler for the browser that the environment names, unless it is what `.cargo/config.toml` says.
    pub(crate) fn chosen_wasm_compiler(&self) -> Option<PathBuf> {
        let chosen = PathBuf::from(std::env::var_os("CC_wasm32_unknown_unknown")?);
        (chosen != self.root.join(".cargo/wasm-cc")).then_some(chosen)
    }

    /// A native program this workspace builds with the `dev` profile.
    pub(crate) fn native(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}

/// The home directory.
pub(crate) fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").filter(|home| !home.is_empty()).map(PathBuf::from)
}

/// Where `cargo install` puts programs by default.
fn cargo_bin() -> Option<PathBuf> {
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| home().map(|home| home.join(".cargo")))
        .map(|at| at.join("bin"))
}

/// Whether this is a run of continuous integration.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// Whether this is the user that may install packages.
pub(crate) fn is_root() -> bool {
    let mut id = Command::new("id");
    id.arg("-u");
    crate::process::answer(id).is_some_and(|answer| answer == "0")
}

fn writable(folder: &Path) -> bool {
    let probe = folder.join(".probe");
    std::fs::create_dir_all(folder).is_ok()
        && std::fs::write(&probe, b"").is_ok()
        && std::fs::remove_file(&probe).is_ok()
}
