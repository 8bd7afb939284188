//! Trunk's `post_build` hook: what trunk does not do for a page with a worker and a content-security policy.
//!
//! - Trunk does not put a hash into the names of worker files. Their hash goes into `<meta name="almanac-build">`; the page
//!   adds it to their address, so that a browser never pairs a new page with an old engine.
//! - The WebAssembly files of a release keep the names of all functions, which nobody needs to download.
//! - Styles and scripts lose their comments and the white space that means nothing.
//! - The site's texts are read ahead, so that the page needs neither a Markdown nor a YAML reader (see `almanac_model::ahead`).
//! - `trunk serve` puts its own inline script into the page, which the policy forbids: there, and only there, it is allowed.

use crate::failure::{AtPath, Failure};
use crate::stamp::{Inputs, files};
use crate::wasm::without_custom_sections;
use almanac_model::ahead::{TextKind, ahead_path, read_ahead};
use almanac_model::listing::{FILE_NAME, Listing, is_metrics};
use std::path::{Path, PathBuf};

/// A text that only trunk's reload script contains.
const RELOAD: &str = "{{__TRUNK_ADDRESS__}}";
/// The part of the policy that speaks of scripts.
const SCRIPTS: &str = "script-src 'self'";

/// Completes the site in trunk's staging folder.
pub(crate) fn after_trunk() -> Result<(), Failure> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from).ok_or_else(|| {
        Failure::new("This command is called by trunk after a build.").by_hand("trunk build --release")
    })?;
    if std::env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release") {
        for file in files(&staging)?.iter().filter(|file| file.extension().is_some_and(|kind| kind == "wasm")) {
            let module = std::fs::read(file).at(file)?;
            std::fs::write(file, without_custom_sections(&module)).at(file)?;
        }
    }
    for file in files(&staging)?.iter().filter(|file| !file.starts_with(staging.join("assets"))) {
        let pack: fn(&str) -> String = match file.extension().and_then(std::ffi::OsStr::to_str) {
            Some("css") => packed,
            Some("js") => without_words,
            _ => continue,
        };
        let text = std::fs::read_to_string(file).at(file)?;
        std::fs::write(file, pack(&text)).at(file)?;
    }
    read_texts(&staging)?;
    let page = staging.join("index.html");
    let html = std::fs::read_to_string(&page).at(&page)?;
    let mut worker = Inputs::default();
    for name in ["almanac-worker.js", "almanac-worker_bg.wasm", "worker.js"] {
        worker = worker.word(name).content(&staging.join(name))?;
    }
    let html = with_build(&html, &worker.finish()[..12]);
    std::fs::write(&page, allow_reload(&html)).at(&page)
}

/// Writes what each text of the site says beside it, as `almanac build` does for a site that is published already.
fn read_texts(site: &Path) -> Result<(), Failure> {
    let mut listed = Vec::new();
    for file in files(site)? {
        let path = file.strip_prefix(site).unwrap_or(&file).to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        let kind = TextKind::of(&path);
        if kind.is_none() && !is_metrics(&path) {
            continue;
        }
        let text = std::fs::read_to_string(&file).at(&file)?;
        listed.push((path.clone(), text.clone()));
        let Some(kind) = kind else { continue };
        let ahead = read_ahead(kind, &text)
            .map_err(|error| Failure::new(format!("What `{path}` says cannot be written: {error}.")))?;
        let beside = site.join(ahead_path(&path));
        std::fs::write(&beside, ahead).at(&beside)?;
    }
    listed.sort();
    let listing = Listing::of(listed.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let text = serde_json::to_string(&listing)
        .map_err(|error| Failure::new(format!("The catalogue cannot be written: {error}.")))?;
    let file = site.join(FILE_NAME);
    std::fs::write(&file, text).at(&file)
}

/// A style sheet without comments and without the white space that means nothing: beside braces, semicolons and commas, and at the
/// ends of lines. Texts of the styles hold neither comments nor more than one space.
fn packed(css: &str) -> String {
    let mut rest = css;
    let mut plain = String::with_capacity(css.len());
    while let Some(start) = rest.find("/*") {
        plain.push_str(&rest[..start]);
        rest = rest[start..].find("*/").map_or("", |end| &rest[start + end + 2..]);
    }
    plain.push_str(rest);
    let mut packed = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    for sign in ["{", "}", ";", ","] {
        packed = packed.replace(&format!(" {sign}"), sign).replace(&format!("{sign} "), sign);
    }
    packed.replace(": ", ":")
}

/// A script without lines that are comments and without the white space before lines. Scripts of the page hold no texts of
/// several lines.
fn without_words(script: &str) -> String {
    let mut within = false;
    let mut kept = String::with_capacity(script.len());
    for line in script.lines().map(str::trim_start) {
        let opens = line.starts_with("/**");
        if !(within || opens || line.starts_with("//") || line.is_empty()) {
            kept.push_str(line);
            kept.push('\n');
        }
        within = (within || opens) && !line.contains("*/");
    }
    kept
}

/// Puts the build's name into the page's head, in place of an older one.
fn with_build(html: &str, build: &str) -> String {
    let tag = format!("<meta name=\"almanac-build\" content=\"{build}\">");
    if let Some(start) = html.find("<meta name=\"almanac-build\"")
        && let Some(length) = html[start..].find('>')
    {
        return format!("{}{tag}{}", &html[..start], &html[start + length + 1..]);
    }
    html.replacen("</head>", &format!("{tag}</head>"), 1)
}

/// Allows inline scripts if trunk has put its own into the page.
fn allow_reload(html: &str) -> String {
    if html.contains(RELOAD) { html.replacen(SCRIPTS, "script-src 'self' 'unsafe-inline'", 1) } else { html.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_keep_what_means_something() {
        let css = "/* A */\n.a > .b,\n.c  .d {\n  margin: 0 calc(1px + 2px);\n  font-family: \"A B\", c;\n}\n@media (max-width: 9px) {\n  a:hover { top: 0; }\n}\n";
        let expected =
            ".a > .b,.c .d{margin:0 calc(1px + 2px);font-family:\"A B\",c;}@media (max-width:9px){a:hover{top:0;}}";
        assert_eq!(packed(css), expected);
        assert_eq!(packed("a{} /* open"), "a{}");
    }

    #[test]
    fn scripts_keep_their_lines() {
        let script = "/**\n * @param {number} a\n */\nfunction f(a) {\n    // Why.\n    return a; // kept\n}\n/** One line. */\nf(1);\n";
        assert_eq!(without_words(script), "function f(a) {\nreturn a; // kept\n}\nf(1);\n");
    }

    #[test]
    fn the_build_is_named_once() {
        let page = "<head><title>A</title></head>";
        let once = with_build(page, "0123");
        assert_eq!(once, "<head><title>A</title><meta name=\"almanac-build\" content=\"0123\"></head>");
        assert_eq!(with_build(&once, "4567"), once.replace("0123", "4567"));
    }

    #[test]
    fn a_published_page_keeps_its_policy() {
        let page = "<meta content=\"script-src 'self' 'wasm-unsafe-eval'\">";
        assert_eq!(allow_reload(page), page);
        let served = format!("{page}<script>{RELOAD}</script>");
        assert!(allow_reload(&served).contains("'unsafe-inline' 'wasm-unsafe-eval'"));
    }
}
