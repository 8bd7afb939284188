//! Where a link in prose leads.

use almanac_model::link::Route;
use std::collections::BTreeMap;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A place on this page, by id.
    Here(String),
    /// A page of this site, as a fragment.
    Page(String),
    /// Another address.
    Elsewhere(String),
}

/// Where `href` in the notebook at `path` leads: links to Markdown files of the site open their pages.
pub(crate) fn target(href: &str, path: &str) -> Target {
    if let Some(id) = href.strip_prefix('#') {
        return if id.starts_with('/') { Target::Page(href.to_owned()) } else { Target::Here(id.to_owned()) };
    }
    let bare = href.split(['#', '?']).next().unwrap_or_default();
    if href.contains(':') || bare.starts_with('/') || !bare.ends_with(".md") {
        return Target::Elsewhere(resolve(href, path));
    }
    let whole = resolve(bare, path);
    let slug = whole.strip_prefix("notebooks/").unwrap_or(&whole).trim_end_matches(".md").to_owned();
    Target::Page(Route::Notebook { slug, inputs: BTreeMap::new() }.to_string())
}

/// A relative address as seen from the site's folder.
fn resolve(href: &str, path: &str) -> String {
    if href.contains(':') || href.starts_with('/') {
        return href.to_owned();
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in href.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_between_notebooks_become_pages() {
        let from = "notebooks/sales/pipeline.md";
        let cases = [
            ("#open-pipeline", Target::Here("open-pipeline".into())),
            ("#/data/deals", Target::Page("#/data/deals".into())),
            ("forecast.md", Target::Page("#/notebook/sales/forecast".into())),
            ("../flights.md#top", Target::Page("#/notebook/flights".into())),
            ("https://a.example/x.md", Target::Elsewhere("https://a.example/x.md".into())),
            ("images/a.png", Target::Elsewhere("notebooks/sales/images/a.png".into())),
        ];
        for (href, expected) in cases {
            assert_eq!(target(href, from), expected, "{href}");
        }
    }
}
