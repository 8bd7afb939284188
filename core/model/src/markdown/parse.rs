//! Events of the Markdown reader to a tree of blocks, with an explicit stack: nesting costs no call depth.

use super::mask::{Masked, Piece, mask};
use super::{Align, Block, Inline, ListItem, plain_text, slug};
use crate::diagnostic::{Diagnostic, Span};
use crate::link::{image_src, link_href};
use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;

/// Containers nested deeper than this are taken as part of the one around them.
const MAX_DEPTH: usize = 32;

/// A parsed text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Top-level blocks in order.
    pub blocks: Vec<Placed>,
    /// The places of the `{{ … }}` that [`Inline::Value`] counts, braces included.
    pub values: Vec<Span>,
    /// Links and pictures that were refused.
    pub diagnostics: Vec<Diagnostic>,
}

/// A block and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The block.
    pub block: Block,
    /// Its bytes in the source.
    pub span: Span,
}

/// Parses the part of `source` from byte `from` on; spans are those of the whole source, and values are counted from
/// `first_value`.
#[must_use]
pub fn parse(source: &str, from: usize, first_value: usize) -> Document {
    let masked = mask(source);
    let Some(text) = masked.text.get(from..) else { return Document::default() };
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_GFM;
    let mut builder = Builder {
        source,
        masked: &masked,
        document: Document::default(),
        stack: Vec::new(),
        first_value,
        skipped: 0,
        slugs: BTreeMap::new(),
    };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        builder.event(event, Span::new(range.start + from, range.end + from));
    }
    while !builder.stack.is_empty() {
        builder.close();
    }
    builder.document
}

/// An open container.
struct Frame {
    kind: Kind,
    span: Span,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
}

enum Kind {
    Paragraph,
    Html,
    Heading(u8),
    Quote(Option<String>),
    Code { info: String, text: String, body: Option<Span> },
    List { start: Option<u64>, items: Vec<ListItem> },
    Item { checked: Option<bool> },
    Table { align: Vec<Align>, head: Vec<Vec<Inline>>, rows: Vec<Vec<Vec<Inline>>> },
    Row { head: bool, cells: Vec<Vec<Inline>> },
    TableCell,
    Emphasis,
    Strong,
    Strike,
    Link { href: Option<String>, title: String },
    Image { src: Option<String>, title: String },
}

struct Builder<'a> {
    source: &'a str,
    masked: &'a Masked,
    document: Document,
    stack: Vec<Frame>,
    first_value: usize,
    skipped: usize,
    slugs: BTreeMap<String, usize>,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(end) => {
                if self.skipped > 0 && !is_leaf_end(end) {
                    self.skipped -= 1;
                } else {
                    self.close();
                }
            }
            Event::Text(text) => self.text(&text, span),
            Event::Code(code) => {
                let code = self.masked.restore(&code, self.source, span.start, span.end);
                self.inline(Inline::Code(code), span);
            }
            Event::Html(html) | Event::InlineHtml(html) => self.text(&html, span),
            Event::SoftBreak => self.text(" ", span),
            Event::HardBreak => self.inline(Inline::Break, span),
            Event::Rule => self.block(Block::Rule, span),
            Event::TaskListMarker(done) => {
                if let Some(Frame { kind: Kind::Item { checked }, .. }) =
                    self.stack.iter_mut().rev().find(|frame| matches!(frame.kind, Kind::Item { .. }))
                {
                    *checked = Some(done);
                }
            }
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.text(&text, span);
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span) {
        let kind = match tag {
            Tag::Paragraph => Kind::Paragraph,
            Tag::HtmlBlock => Kind::Html,
            Tag::Heading { level, .. } => Kind::Heading(level as u8),
            Tag::BlockQuote(kind) => Kind::Quote(kind.map(|kind| alert_name(kind).to_owned())),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Kind::Code {
                info: self.masked.restore(&info, self.source, span.start, span.end),
                text: String::new(),
                body: None,
            },
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                Kind::Code { info: String::new(), text: String::new(), body: None }
            }
            Tag::List(start) => Kind::List { start, items: Vec::new() },
            Tag::Item => Kind::Item { checked: None },
            Tag::Table(alignments) => {
                Kind::Table { align: alignments.iter().map(align).collect(), head: Vec::new(), rows: Vec::new() }
            }
            Tag::TableHead => Kind::Row { head: true, cells: Vec::new() },
            Tag::TableRow => Kind::Row { head: false, cells: Vec::new() },
            Tag::TableCell => Kind::TableCell,
            Tag::Emphasis => Kind::Emphasis,
            Tag::Strong => Kind::Strong,
            Tag::Strikethrough => Kind::Strike,
            Tag::Link { dest_url, title, .. } => {
                let href = self.checked(link_href(&dest_url), &dest_url, span, "link");
                Kind::Link { href, title: title.into_string() }
            }
            Tag::Image { dest_url, title, .. } => {
                let src = self.checked(image_src(&dest_url), &dest_url, span, "picture");
                Kind::Image { src, title: title.into_string() }
            }
            // Syntaxes that are not switched on; their content still shows.
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => Kind::Paragraph,
        };
        let nests = !matches!(kind, Kind::Paragraph | Kind::Html | Kind::Heading(_) | Kind::Code { .. });
        // A list or table only opens where its items, rows and cells fit too.
        let needs = if matches!(kind, Kind::List { .. } | Kind::Table { .. }) { 3 } else { 1 };
        if nests && (self.skipped > 0 || self.stack.len() + needs > MAX_DEPTH) {
            self.skipped += 1;
            return;
        }
        self.stack.push(Frame { kind, span, blocks: Vec::new(), inlines: Vec::new() });
    }

    fn checked(&mut self, target: Option<String>, given: &str, span: Span, what: &str) -> Option<String> {
        if target.is_none() {
            let (code, hint) = if what == "link" {
                ("refused-link", "link to https, http, mailto, a page of this site or a #heading")
            } else {
                (
                    "refused-picture",
                    "put the picture into the site's folder and give its path, such as `images/plan.png`",
                )
            };
            let shown: String = given.chars().filter(|c| !c.is_control()).take(60).collect();
            self.document.diagnostics.push(
                Diagnostic::warning(code, span, format!("this {what} goes to `{shown}`, which pages may not use"))
                    .hint(hint),
            );
        }
        target
    }

    fn text(&mut self, text: &str, span: Span) {
        if let Some(Frame { kind: Kind::Code { text: code, body, .. }, .. }) = self.stack.last_mut() {
            code.push_str(&self.masked.restore(text, self.source, span.start, span.end));
            *body = Some(body.map_or(span, |body| body.to(span)));
            return;
        }
        for piece in self.masked.pieces(text, span.start, span.end) {
            let inline = match piece {
                Piece::Text(words) => Inline::Text(words.to_owned()),
                Piece::Value(place) => {
                    let index = u32::try_from(self.first_value + self.document.values.len()).unwrap_or(u32::MAX);
                    self.document.values.push(place);
                    Inline::Value(index)
                }
            };
            self.inline(inline, span);
        }
    }

    fn inline(&mut self, inline: Inline, span: Span) {
        if self.stack.is_empty() {
            self.block(Block::Paragraph(vec![inline]), span);
            return;
        }
        let Some(frame) = self.stack.last_mut() else { return };
        match (inline, frame.inlines.last_mut()) {
            (Inline::Text(words), Some(Inline::Text(before))) => before.push_str(&words),
            (inline, _) => frame.inlines.push(inline),
        }
    }

    fn block(&mut self, block: Block, span: Span) {
        match self.stack.last_mut() {
            Some(frame) => {
                flush(frame);
                frame.blocks.push(block);
            }
            None => self.document.blocks.push(Placed { block, span }),
        }
    }

    fn close(&mut self) {
        let Some(mut frame) = self.stack.pop() else { return };
        let span = frame.span;
        match frame.kind {
            Kind::Paragraph | Kind::Html => {
                if !frame.inlines.is_empty() {
                    trim_end(&mut frame.inlines);
                    self.block(Block::Paragraph(frame.inlines), span);
                }
            }
            Kind::Heading(level) => {
                let id = self.anchor(&plain_text(&frame.inlines));
                self.block(Block::Heading { level, id, content: frame.inlines }, span);
            }
            Kind::Quote(ref mut alert) => {
                let alert = alert.take();
                flush(&mut frame);
                self.block(Block::Quote { alert, content: frame.blocks }, span);
            }
            Kind::Code { info, text, body } => {
                let body = body.unwrap_or_else(|| Span::new(span.end, span.end));
                self.block(Block::Code { info, text, body }, span);
            }
            Kind::List { start, items } => self.block(Block::List { start, items }, span),
            Kind::Item { checked } => {
                flush(&mut frame);
                if let Some(Frame { kind: Kind::List { items, .. }, .. }) = self.stack.last_mut() {
                    items.push(ListItem { checked, content: frame.blocks });
                }
            }
            Kind::Table { align, head, rows } => self.block(Block::Table { align, head, rows }, span),
            Kind::Row { head: is_head, cells } => {
                if let Some(Frame { kind: Kind::Table { head, rows, .. }, .. }) = self.stack.last_mut() {
                    if is_head {
                        *head = cells;
                    } else {
                        rows.push(cells);
                    }
                }
            }
            Kind::TableCell => {
                if let Some(Frame { kind: Kind::Row { cells, .. }, .. }) = self.stack.last_mut() {
                    cells.push(frame.inlines);
                }
            }
            Kind::Emphasis => self.inline(Inline::Emphasis(frame.inlines), span),
            Kind::Strong => self.inline(Inline::Strong(frame.inlines), span),
            Kind::Strike => self.inline(Inline::Strike(frame.inlines), span),
            Kind::Link { href: Some(href), title } => {
                self.inline(Inline::Link { href, title, content: frame.inlines }, span);
            }
            Kind::Image { src: Some(src), title } => {
                self.inline(Inline::Image { src, alt: plain_text(&frame.inlines), title }, span);
            }
            Kind::Link { href: None, .. } | Kind::Image { src: None, .. } => {
                for inline in frame.inlines {
                    self.inline(inline, span);
                }
            }
        }
    }

    fn anchor(&mut self, words: &str) -> String {
        let base = slug(words);
        let seen = self.slugs.entry(base.clone()).or_insert(0);
        *seen += 1;
        if *seen == 1 { base } else { format!("{base}-{seen}") }
    }
}

/// Loose inlines of a tight list item become its paragraph.
fn flush(frame: &mut Frame) {
    if !frame.inlines.is_empty() {
        let mut inlines = std::mem::take(&mut frame.inlines);
        trim_end(&mut inlines);
        frame.blocks.push(Block::Paragraph(inlines));
    }
}

fn trim_end(inlines: &mut [Inline]) {
    if let Some(Inline::Text(last)) = inlines.last_mut() {
        last.truncate(last.trim_end().len());
    }
}

/// Ends of the containers that are never skipped.
fn is_leaf_end(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Paragraph
            | TagEnd::HtmlBlock
            | TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_)
    )
}

fn align(alignment: &Alignment) -> Align {
    match alignment {
        Alignment::None | Alignment::Left => Align::Start,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::End,
    }
}

fn alert_name(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "note",
        BlockQuoteKind::Tip => "tip",
        BlockQuoteKind::Important => "important",
        BlockQuoteKind::Warning => "warning",
        BlockQuoteKind::Caution => "caution",
    }
}
