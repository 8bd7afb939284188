//! What the readers of Markdown and YAML do with a text: used by the fuzz target and by the test that replays its corpus.

use almanac_model::Diagnostic;
use almanac_model::notebook;
use almanac_model::site::Site;

/// Reads a text as a notebook and as a site. What is wrong with it must have a place in it.
pub(crate) fn read(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let placed = |problems: &[Diagnostic]| {
        for problem in problems {
            let inside = problem.span.is_none_or(|span| text.get(span.start..span.end).is_some());
            assert!(inside, "the place of {problem:?} is no part of the text");
        }
    };
    placed(&notebook::parse(text).diagnostics);
    placed(&Site::parse(text).diagnostics);
}
