//! From sources to a folder that any static host can serve: editor bundle, extracts, `trunk build`, compressed copies.

use crate::compile;
use crate::failure::{AtPath, Failure};
use crate::process::must;
use crate::project::Project;
use crate::report::Outcome;
use crate::stamp::{Inputs, files, sha256};
use almanac_model::manifest::FILE_NAME;
use std::path::{Path, PathBuf};

/// What the browser build is made from, beside the site's content.
const SOURCES: [&str; 9] =
    ["app", "app/editor/dist", "core", "xtask", "index.html", "Trunk.toml", "Cargo.toml", "Cargo.lock", ".cargo"];
/// Where the products of the two browser builds lie in the target folder.
const ENGINE: &str = "wasm32-unknown-unknown/release";
const PAGE: &str = "wasm32-unknown-unknown/page";
/// Files worth compressing: those a host sends as they are.
const COMPRESSED: [&str; 9] = ["wasm", "js", "css", "html", "md", "yml", "json", "svg", "txt"];

/// Bundles the SQL editor and copies the fonts.
pub(crate) fn editor(project: &Project) -> Result<(), Failure> {
    let folder = project.root.join("app/editor");
    project.report.step("SQL editor and fonts", |note| {
        let stamp = Inputs::default().content(&folder)?.content(&project.root.join("package-lock.json"))?.finish();
        let product = project.root.join("app/editor/dist");
        if product.is_dir() && project.stamps.same("editor", &stamp) {
            return Ok(Outcome::Skipped(String::new()));
        }
        let mut command = project.command("npm");
        command.args(["run", "--silent", "editor"]);
        must(command, "editor", &project.logs(), note)?;
        project.stamps.keep("editor", &stamp)?;
        Ok(Outcome::done())
    })
}

/// Builds the native `almanac` command.
pub(crate) fn command(project: &Project) -> Result<(), Failure> {
    project.report.step("the almanac command", |note| {
        let command = project.patient_cargo(&["build", "--package", "almanac"]);
        must(command, "build almanac", &project.logs(), note)?;
        Ok(Outcome::done())
    })
}

/// Generates the demo company's extracts and adds the public data set.
pub(crate) fn extracts(project: &Project) -> Result<(), Failure> {
    let data = project.root.join("public/data");
    project.report.step("demo extracts", |note| {
        let flights = project.root.join("node_modules/vega-datasets/data/flights-3m.parquet");
        let stamp = Inputs::default()
            .content(&project.root.join("cli/src"))?
            .content(&project.root.join("core/model/src/manifest.rs"))?
            .content(&project.root.join("public/schema.yml"))?
            .metadata(&flights)?
            .finish();
        if data.join(FILE_NAME).is_file() && project.stamps.same("extracts", &stamp) {
            return Ok(Outcome::Skipped(size_of(&data)?));
        }
        let mut demo = project.command(&project.native("almanac").to_string_lossy());
        demo.args(["demo", "--site", "public"]);
        must(demo, "almanac demo", &project.logs(), note)?;
        let mut add = project.command(&project.native("almanac").to_string_lossy());
        add.arg("add").arg(&flights).args(["--site", "public", "--name", "flights"]);
        must(add, "almanac add", &project.logs(), note)?;
        project.stamps.keep("extracts", &stamp)?;
        Ok(Outcome::Done(size_of(&data)?))
    })
}

/// A quarter of the demo company with planted defects, for the tests alone.
pub(crate) fn dirty(project: &Project) -> Result<(), Failure> {
    let data = project.target.join("dirty");
    project.report.step("demo extracts with defects", |note| {
        let stamp = Inputs::default()
            .content(&project.root.join("cli/src"))?
            .content(&project.root.join("public/schema.yml"))?
            .finish();
        if data.join(FILE_NAME).is_file() && project.stamps.same("dirty", &stamp) {
            return Ok(Outcome::Skipped(size_of(&data)?));
        }
        let mut demo = project.command(&project.native("almanac").to_string_lossy());
        demo.args(["demo", "--dirty", "--scale", "0.25", "--out"]).arg(&data);
        must(demo, "almanac demo --dirty", &project.logs(), note)?;
        project.stamps.keep("dirty", &stamp)?;
        Ok(Outcome::Done(size_of(&data)?))
    })
}

fn size_of(folder: &Path) -> Result<String, Failure> {
    let mut bytes = 0;
    for file in files(folder)? {
        bytes += std::fs::metadata(&file).at(&file)?.len();
    }
    #[expect(clippy::cast_precision_loss, reason = "a size for people, in megabytes")]
    let megabytes = bytes as f64 / 1e6;
    Ok(format!("{megabytes:.0} MB"))
}

/// Compiles the engine ahead of trunk, with the same arguments, so that other work can go on beside it.
pub(crate) fn engine(project: &Project) -> Result<(), Failure> {
    if fresh(project)? {
        return Ok(());
    }
    project.report.step("the engine, for the browser", |note| {
        let arguments =
            ["build", "--target=wasm32-unknown-unknown", "--manifest-path", "app/worker/Cargo.toml", "--release"];
        compile::build(project, || project.cargo(&arguments), "build engine", Path::new(ENGINE), note)?;
        Ok(Outcome::done())
    })
}

/// Compiles the page ahead of trunk, with the same arguments.
pub(crate) fn page(project: &Project) -> Result<(), Failure> {
    if fresh(project)? {
        return Ok(());
    }
    project.report.step("the page, for the browser", |note| {
        let arguments =
            ["build", "--target=wasm32-unknown-unknown", "--manifest-path", "app/ui/Cargo.toml", "--profile", "page"];
        compile::build(project, || project.patient_cargo(&arguments), "build page", Path::new(PAGE), note)?;
        Ok(Outcome::done())
    })
}

/// `trunk build --release`, unless nothing it reads has changed.
pub(crate) fn release(project: &Project) -> Result<(), Failure> {
    project.report.step("the site (trunk build --release)", |note| {
        let stamp = stamp(project)?;
        if fresh(project)? {
            return Ok(Outcome::Skipped(size_of(&dist(project))?));
        }
        let mut command = project.command("trunk");
        command.args(["build", "--release"]);
        must(command, "trunk build", &project.logs(), note)?;
        project.stamps.keep("site", &stamp)?;
        Ok(Outcome::Done(size_of(&dist(project))?))
    })
}

fn stamp(project: &Project) -> Result<String, Failure> {
    let mut inputs = Inputs::default();
    for source in SOURCES {
        inputs = inputs.content(&project.root.join(source))?;
    }
    // Extracts are large and have their own stamp; the rest of the content is small.
    let content = project.root.join("public");
    for file in files(&content)?.iter().filter(|file| !file.starts_with(content.join("data"))) {
        inputs = inputs.word(&file.to_string_lossy()).content(file)?;
    }
    Ok(inputs.metadata(&content.join("data"))?.finish())
}

fn fresh(project: &Project) -> Result<bool, Failure> {
    Ok(dist(project).join("index.html").is_file() && project.stamps.same("site", &stamp(project)?))
}

/// Where trunk puts the site.
pub(crate) fn dist(project: &Project) -> PathBuf {
    project.root.join("dist")
}

/// How hard the copies are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// In seconds, for a site that is served to this machine.
    Quick,
    /// As small as can be, for a site that is published: minutes the first time.
    Best,
}

impl Effort {
    fn quality(self) -> i32 {
        match self {
            Self::Quick => 5,
            Self::Best => BEST,
        }
    }
}

/// Brotli's highest quality, with which a careful static host sends its files.
pub(crate) const BEST: i32 = 11;

/// Writes a brotli copy beside each file that is sent as text or code; copies made before are kept by their hash.
pub(crate) fn compress(project: &Project, effort: Effort) -> Result<(), Failure> {
    project.report.step("compressed copies (brotli)", |note| {
        let cache = project.target.join("xtask/brotli");
        std::fs::create_dir_all(&cache).at(&cache)?;
        let mut made = 0;
        for file in files(&dist(project))? {
            let kind = file.extension().unwrap_or_default().to_string_lossy().into_owned();
            if !COMPRESSED.contains(&kind.as_str()) || std::fs::metadata(&file).at(&file)?.len() < 1024 {
                continue;
            }
            let bytes = std::fs::read(&file).at(&file)?;
            let best = cache.join(sha256(&bytes));
            let kept = match effort {
                Effort::Quick if !best.is_file() => best.with_extension("quick"),
                _ => best,
            };
            if !kept.is_file() {
                note.doing(&file.file_name().unwrap_or_default().to_string_lossy());
                let small = brotli(&bytes, effort.quality())?;
                std::fs::write(&kept, small).at(&kept)?;
                made += 1;
            }
            let beside = file.with_extension(format!("{kind}.br"));
            std::fs::copy(&kept, &beside).at(&beside)?;
        }
        Ok(if made == 0 { Outcome::Skipped(String::new()) } else { Outcome::Done(format!("{made} files")) })
    })
}

/// Some bytes, compressed.
pub(crate) fn brotli(bytes: &[u8], quality: i32) -> Result<Vec<u8>, Failure> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality, lgwin: 24, size_hint: bytes.len(), ..Default::default() };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &parameters)
        .map_err(|error| Failure::new(format!("Brotli failed: {error}.")))?;
    Ok(small)
}
