//! Prose as typed blocks: what the page builds elements from, so that no markup is ever parsed there.
//!
//! CommonMark with tables, strike-through, task lists and alerts, read by `pulldown-cmark`. Raw HTML becomes visible text,
//! links and images pass an allow-list (see [`crate::link`]), and `{{ … }}` becomes [`Inline::Value`].
//!
//! **Invariant:** every text parses, nesting is bounded, and all spans lie on character boundaries of the source.

mod mask;
mod parse;
#[cfg(test)]
mod tests;

pub use parse::{Document, Placed, parse};

use crate::diagnostic::Span;
use serde::{Deserialize, Serialize};

/// A block of prose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading that can be linked to.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its anchor, unique in the document: `open-pipeline`, `open-pipeline-2`.
        id: String,
        /// Its words.
        content: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list.
    List {
        /// First number of an ordered list; `None` for bullets.
        start: Option<u64>,
        /// Its items.
        items: Vec<ListItem>,
    },
    /// A quotation, or an alert (`> [!NOTE]`).
    Quote {
        /// `note`, `tip`, `important`, `warning` or `caution` for an alert.
        alert: Option<String>,
        /// What is quoted.
        content: Vec<Block>,
    },
    /// Code that is only shown.
    Code {
        /// The info string of its fence; empty for indented code.
        info: String,
        /// The code.
        text: String,
        /// Where the code is, without the fence lines.
        body: Span,
    },
    /// A table written in Markdown.
    Table {
        /// Alignment of each column.
        align: Vec<Align>,
        /// Head cells.
        head: Vec<Vec<Inline>>,
        /// Rows of cells, as many as the head has.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// A thematic break.
    Rule,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ListItem {
    /// Whether a task is done; `None` for an item that is no task.
    pub checked: Option<bool>,
    /// Its blocks; a tight item holds one paragraph.
    pub content: Vec<Block>,
}

/// Alignment of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// As the text runs.
    #[default]
    Start,
    /// Centred.
    Center,
    /// At the far edge, for numbers.
    End,
}

/// A run of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// Words.
    Text(String),
    /// Emphasised.
    Emphasis(Vec<Inline>),
    /// Strongly emphasised.
    Strong(Vec<Inline>),
    /// Struck through.
    Strike(Vec<Inline>),
    /// Code.
    Code(String),
    /// A link whose address passed the allow-list.
    Link {
        /// Its address.
        href: String,
        /// Hover text; may be empty.
        title: String,
        /// Its words.
        content: Vec<Inline>,
    },
    /// A picture of this site.
    Image {
        /// Relative address.
        src: String,
        /// What it shows.
        alt: String,
        /// Hover text; may be empty.
        title: String,
    },
    /// A line break the author asked for.
    Break,
    /// The value of `{{ … }}`: index into the document's values.
    Value(u32),
}

/// The text of inlines without their form; values are left out.
#[must_use]
pub fn plain_text(inlines: &[Inline]) -> String {
    let mut text = String::new();
    push_plain(inlines, &mut text);
    text
}

fn push_plain(inlines: &[Inline], text: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(words) | Inline::Code(words) => text.push_str(words),
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => {
                push_plain(content, text);
            }
            Inline::Image { alt, .. } => text.push_str(alt),
            Inline::Break => text.push(' '),
            Inline::Value(_) => {}
        }
    }
}

/// The anchor of a heading: letters and digits in lower case, hyphens between words.
#[must_use]
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    if slug.is_empty() { "section".to_owned() } else { slug }
}
