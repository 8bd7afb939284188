//! The site's own file `site.yml`: its title and the notebooks it shows, in order.

use crate::diagnostic::{Diagnostic, Parsed, Span};
use crate::notebook::{Kind, Node, read_yaml};
use serde::{Deserialize, Serialize};

const CODE: &str = "broken-site-file";

/// A site.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Site {
    /// Name of the site.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// Its notebooks in order.
    pub notebooks: Vec<NotebookEntry>,
}

/// A notebook of the site.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NotebookEntry {
    /// Path of its file, relative to the site's folder: `notebooks/sales/pipeline.md`.
    pub path: String,
    /// Title in lists; the page itself uses the notebook's own.
    pub title: String,
    /// Heading it stands under in lists.
    pub group: String,
    /// One sentence about it.
    pub description: String,
}

impl NotebookEntry {
    /// Its name in addresses: the path without `notebooks/` and `.md`.
    #[must_use]
    pub fn slug(&self) -> &str {
        let path = self.path.strip_prefix("notebooks/").unwrap_or(&self.path);
        path.strip_suffix(".md").unwrap_or(path)
    }
}

impl Site {
    /// The notebook of that slug.
    #[must_use]
    pub fn notebook(&self, slug: &str) -> Option<&NotebookEntry> {
        self.notebooks.iter().find(|entry| entry.slug() == slug)
    }

    /// Reads `site.yml`.
    #[must_use]
    pub fn parse(source: &str) -> Parsed<Self> {
        let mut site = Self::default();
        let mut diagnostics = Vec::new();
        match read_yaml(source, Span::new(0, source.len()), CODE) {
            Ok(node) => site.read(&node, &mut diagnostics),
            Err(problem) => diagnostics.push(*problem),
        }
        Parsed { value: site, diagnostics }
    }

    fn read(&mut self, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
        for (key, span, value) in entries(node, "the site file", diagnostics) {
            match key.as_str() {
                "title" => self.title = text(key, value, diagnostics),
                "description" => self.description = text(key, value, diagnostics),
                "notebooks" => match &value.kind {
                    Kind::List(items) => {
                        for item in items {
                            self.notebooks.extend(entry(item, diagnostics));
                        }
                    }
                    _ => diagnostics.push(Diagnostic::error(
                        CODE,
                        value.span,
                        format!("`notebooks` should be a list, but this is {}", value.what()),
                    )),
                },
                other => unknown(other, *span, &["title", "description", "notebooks"], diagnostics),
            }
        }
    }
}

fn entry(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<NotebookEntry> {
    let mut entry = NotebookEntry::default();
    if let Some(path) = node.text() {
        path.clone_into(&mut entry.path);
    } else {
        for (key, span, value) in entries(node, "a notebook", diagnostics) {
            match key.as_str() {
                "path" => entry.path = text(key, value, diagnostics),
                "title" => entry.title = text(key, value, diagnostics),
                "group" => entry.group = text(key, value, diagnostics),
                "description" => entry.description = text(key, value, diagnostics),
                other => unknown(other, *span, &["path", "title", "group", "description"], diagnostics),
            }
        }
    }
    let bad = |reason: &str| {
        Diagnostic::error(CODE, node.span, reason.to_owned()).hint("write a path such as `notebooks/sales/pipeline.md`")
    };
    if entry.path.is_empty() {
        diagnostics.push(bad("this notebook has no `path`"));
        return None;
    }
    if crate::link::image_src(&entry.path).is_none()
        || entry.path.starts_with('/')
        || entry.path.split('/').any(|part| part == "..")
    {
        diagnostics.push(bad("the path of a notebook stays within the site's folder"));
        return None;
    }
    if entry.title.is_empty() {
        entry.title = entry.slug().rsplit('/').next().unwrap_or_default().replace(['-', '_'], " ");
    }
    Some(entry)
}

fn entries<'a>(node: &'a Node, what: &str, diagnostics: &mut Vec<Diagnostic>) -> &'a [(String, Span, Node)] {
    match &node.kind {
        Kind::Map(entries) => entries,
        Kind::Null => &[],
        _ => {
            diagnostics.push(Diagnostic::error(
                CODE,
                node.span,
                format!("{what} is described by lines of `key: value`, but this is {}", node.what()),
            ));
            &[]
        }
    }
}

fn text(key: &str, node: &Node, diagnostics: &mut Vec<Diagnostic>) -> String {
    match node.text() {
        Some(text) => text.to_owned(),
        None => {
            if node.kind != Kind::Null {
                diagnostics.push(Diagnostic::error(
                    CODE,
                    node.span,
                    format!("`{key}` should be text, but this is {}", node.what()),
                ));
            }
            String::new()
        }
    }
}

fn unknown(key: &str, span: Span, keys: &[&str], diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.push(
        Diagnostic::warning("unknown-key", span, format!("there is no key `{key}` here"))
            .did_you_mean(key, keys.iter().copied()),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_lists_its_notebooks() {
        let parsed = Site::parse(
            "title: Northwind\nnotebooks:\n  - path: notebooks/sales/pipeline.md\n    title: Pipeline\n    group: Sales\n  - notebooks/flights.md\n",
        );
        assert_eq!(parsed.diagnostics, vec![]);
        assert_eq!(parsed.value.title, "Northwind");
        assert_eq!(parsed.value.notebook("sales/pipeline").map(|entry| entry.title.as_str()), Some("Pipeline"));
        assert_eq!(parsed.value.notebook("flights").map(|entry| entry.title.as_str()), Some("flights"));
    }

    #[test]
    fn a_notebook_outside_the_site_is_refused() {
        for path in ["../secret.md", "/etc/x.md", "https://a.example/x.md", "a/../../x.md"] {
            let parsed = Site::parse(&format!("notebooks:\n  - path: \"{path}\"\n"));
            assert!(parsed.value.notebooks.is_empty(), "{path}");
            assert_eq!(parsed.diagnostics.len(), 1);
        }
    }

    #[test]
    fn a_misspelt_key_is_named() {
        let parsed = Site::parse("titel: X\n");
        assert_eq!(parsed.diagnostics[0].hints, vec!["did you mean `title`?"]);
        assert_eq!(parsed.diagnostics[0].span, Some(Span::new(0, 5)));
    }
}
