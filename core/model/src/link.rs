//! Addresses: which ones prose may use, and the pages of this site as typed values.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Schemes a link in prose may use.
const SCHEMES: [&str; 3] = ["https", "http", "mailto"];

/// The address of a link in prose if it may be followed: `https`, `http`, `mailto`, a path of this site or a `#heading`.
/// Everything else (`javascript:`, `data:`, addresses with control characters, `//host`) is refused.
#[must_use]
pub fn link_href(given: &str) -> Option<String> {
    let address = given.trim();
    if !is_plain(address) {
        return None;
    }
    match scheme(address) {
        Some(scheme) if SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) => Some(address.to_owned()),
        Some(_) => None,
        None => is_relative(address).then(|| address.to_owned()),
    }
}

/// The address of a picture in prose if it lies on this site.
#[must_use]
pub fn image_src(given: &str) -> Option<String> {
    let address = given.trim();
    (is_plain(address) && scheme(address).is_none() && is_relative(address) && !address.starts_with('#'))
        .then(|| address.to_owned())
}

fn is_plain(address: &str) -> bool {
    !address.is_empty() && !address.chars().any(|c| c.is_control() || c == '\\')
}

/// `//host/…` leads to another host with the page's own scheme.
fn is_relative(address: &str) -> bool {
    !address.starts_with("//")
}

/// What stands before a colon that comes before any of `/?#`.
fn scheme(address: &str) -> Option<&str> {
    let end = address.find(['/', '?', '#', ':'])?;
    address[end..].starts_with(':').then(|| &address[..end])
}

/// What has to be escaped in a path segment or a query of the fragment.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// A place of the site, written after `#` in the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Route {
    /// `#/`: the list of notebooks.
    Home,
    /// `#/notebook/<slug>?region=emea`: a notebook with the inputs that differ from their defaults.
    Notebook {
        /// Its path without `.md`; may hold slashes.
        slug: String,
        /// Values of inputs, by name.
        inputs: BTreeMap<String, String>,
    },
    /// `#/data` and `#/data/<table>`: the tables of the site.
    Data {
        /// The table that is open.
        table: Option<String>,
    },
    /// `#/catalogue` and `#/catalogue/<table>?column=amount`: the tables of the site and what is in them.
    Catalogue {
        /// The table that is shown; the list of all without it.
        table: Option<String>,
        /// The column whose values are shown, of a table; what is searched for, of the list.
        options: BTreeMap<String, String>,
    },
    /// `#/metrics?q=win&team=sales`, and `#/metrics/<id>?by=region`: the metrics of the site.
    Metrics {
        /// The metric that is shown; the list of all without it.
        id: Option<String>,
        /// What is searched for and chosen, or how the metric is asked.
        options: BTreeMap<String, String>,
    },
    /// `#/functions` and `#/functions?q=date`: the reference of SQL functions, all or those that a search finds.
    Functions {
        /// What is searched for; empty for all.
        search: String,
    },
    /// An address that leads nowhere, kept so that the page can name it.
    Unknown(String),
}

impl Route {
    /// Reads the part of an address from `#` on; the mark itself may be missing.
    #[must_use]
    pub fn parse(fragment: &str) -> Self {
        let text = fragment.strip_prefix('#').unwrap_or(fragment);
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = path.trim_matches('/');
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        match (first, rest) {
            ("", _) => Self::Home,
            ("notebook", slug) if !slug.is_empty() => Self::Notebook { slug: decode(slug), inputs: parse_query(query) },
            ("functions", "") => Self::Functions { search: parse_query(query).remove("q").unwrap_or_default() },
            ("catalogue" | "metrics", name) => {
                let name = (!name.is_empty()).then(|| decode(name));
                let options = parse_query(query);
                if first == "metrics" {
                    Self::Metrics { id: name, options }
                } else {
                    Self::Catalogue { table: name, options }
                }
            }
            ("data", "") => Self::Data { table: None },
            ("data", table) => Self::Data { table: Some(decode(table)) },
            _ => Self::Unknown(text.to_owned()),
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home => f.write_str("#/"),
            Self::Notebook { slug, inputs } => {
                write!(f, "#/notebook/{}", encode(slug))?;
                write_query(f, inputs)
            }
            Self::Catalogue { table: name, options } | Self::Metrics { id: name, options } => {
                f.write_str(if matches!(self, Self::Metrics { .. }) { "#/metrics" } else { "#/catalogue" })?;
                if let Some(name) = name {
                    write!(f, "/{}", encode(name))?;
                }
                write_query(f, options)
            }
            Self::Data { table: None } => f.write_str("#/data"),
            Self::Data { table: Some(table) } => write!(f, "#/data/{}", encode(table)),
            Self::Functions { search } if search.is_empty() => f.write_str("#/functions"),
            Self::Functions { search } => write!(f, "#/functions?q={}", encode(search)),
            Self::Unknown(text) => write!(f, "#{text}"),
        }
    }
}

fn write_query(f: &mut fmt::Formatter<'_>, values: &BTreeMap<String, String>) -> fmt::Result {
    for (index, (name, value)) in values.iter().enumerate() {
        write!(f, "{}{}={}", if index == 0 { '?' } else { '&' }, encode(name), encode(value))?;
    }
    Ok(())
}

fn parse_query(query: &str) -> BTreeMap<String, String> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn links_pass_an_allow_list() {
        for good in [
            "https://a.example/x",
            "HTTP://a.example",
            "mailto:a@b.example",
            "guide.md",
            "../x/y.md#top",
            "#/notebook/a",
            "?a=b:c",
            "/data/a.parquet",
        ] {
            assert_eq!(link_href(good).as_deref(), Some(good));
        }
        for bad in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "//evil.example/x",
            "\\\\evil.example",
            "file:///etc/passwd",
            "",
        ] {
            assert_eq!(link_href(bad), None, "{bad}");
        }
        assert_eq!(image_src("images/a.png").as_deref(), Some("images/a.png"));
        for bad in ["https://a.example/x.png", "//a.example/x.png", "data:image/png;base64,AA", "#a"] {
            assert_eq!(image_src(bad), None, "{bad}");
        }
    }

    #[test]
    fn routes_are_written_as_documented() {
        let route =
            Route::Notebook { slug: "sales/pipeline".into(), inputs: [("region".into(), "emea & more".into())].into() };
        assert_eq!(route.to_string(), "#/notebook/sales/pipeline?region=emea%20%26%20more");
        assert_eq!(Route::parse("#/"), Route::Home);
        assert_eq!(Route::parse(""), Route::Home);
        assert_eq!(Route::parse("#/data/deals"), Route::Data { table: Some("deals".into()) });
        assert_eq!(Route::parse("#/functions"), Route::Functions { search: String::new() });
        let route = Route::Functions { search: "date & time".into() };
        assert_eq!(route.to_string(), "#/functions?q=date%20%26%20time");
        assert_eq!(Route::parse(&route.to_string()), route);
        for written in [
            "#/catalogue",
            "#/catalogue/deals?column=amount_usd",
            "#/metrics?q=win%20rate&team=sales",
            "#/metrics/win_rate?by=region",
        ] {
            assert_eq!(Route::parse(written).to_string(), written);
            assert!(!matches!(Route::parse(written), Route::Unknown(_)));
        }
        assert_eq!(Route::parse("#/nowhere/x"), Route::Unknown("/nowhere/x".into()));
    }

    proptest! {
        #[test]
        fn every_notebook_route_survives_the_address(slug in "[a-z0-9é&?#% -]{1,12}(/[a-z=+]{1,5})?", inputs in proptest::collection::btree_map("\\PC{1,8}", "\\PC{0,12}", 0..4)) {
            let route = Route::Notebook { slug, inputs };
            prop_assert_eq!(Route::parse(&route.to_string()), route);
        }

        #[test]
        fn any_fragment_parses(text in "\\PC*") {
            let _ = Route::parse(&text);
        }
    }
}
