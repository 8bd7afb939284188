//! Markdown to blocks. Expected trees follow the CommonMark specification, written by hand.

use super::{Align, Block, Document, Inline, ListItem, parse, plain_text, slug};
use proptest::prelude::*;

fn blocks(source: &str) -> Vec<Block> {
    parse(source, 0, 0).blocks.into_iter().map(|placed| placed.block).collect()
}

fn text(words: &str) -> Inline {
    Inline::Text(words.to_owned())
}

#[test]
fn headings_have_unique_anchors() {
    let found = blocks("# Open pipeline\n\n## Open *pipeline*!\n\n### 漢字\n\n# ***\n");
    let ids: Vec<&str> = found
        .iter()
        .filter_map(|block| if let Block::Heading { id, .. } = block { Some(id.as_str()) } else { None })
        .collect();
    assert_eq!(ids, ["open-pipeline", "open-pipeline-2", "漢字", "section"]);
}

#[test]
fn lists_tables_quotes_and_code() {
    assert_eq!(
        blocks("- [x] done\n- plain\n"),
        vec![Block::List {
            start: None,
            items: vec![
                ListItem { checked: Some(true), content: vec![Block::Paragraph(vec![text("done")])] },
                ListItem { checked: None, content: vec![Block::Paragraph(vec![text("plain")])] },
            ],
        }]
    );
    assert_eq!(
        blocks("| a | b |\n|---|--:|\n| 1 | {{ x.y | usd0 }} |\n"),
        vec![Block::Table {
            align: vec![Align::Start, Align::End],
            head: vec![vec![text("a")], vec![text("b")]],
            rows: vec![vec![vec![text("1")], vec![Inline::Value(0)]]],
        }]
    );
    assert_eq!(
        blocks("> [!WARNING]\n> mind\n"),
        vec![Block::Quote { alert: Some("warning".into()), content: vec![Block::Paragraph(vec![text("mind")])] }]
    );
    let found = blocks("```rust\nlet {{ x.y }} = 1;\n```\n");
    assert!(
        matches!(&found[0], Block::Code { info, text, .. } if info == "rust" && text == "let {{ x.y }} = 1;\n"),
        "{found:?}"
    );
}

#[test]
fn values_are_nodes_with_places() {
    let source = "A **{{ a.b }}** and `{{ c.d }}`, {{ e.f | num0 }}.";
    let Document { blocks, values, .. } = parse(source, 0, 3);
    assert_eq!(
        values.iter().map(|span| &source[span.start..span.end]).collect::<Vec<_>>(),
        ["{{ a.b }}", "{{ e.f | num0 }}"]
    );
    assert_eq!(
        blocks[0].block,
        Block::Paragraph(vec![
            text("A "),
            Inline::Strong(vec![Inline::Value(3)]),
            text(" and "),
            Inline::Code("{{ c.d }}".into()),
            text(", "),
            Inline::Value(4),
            text("."),
        ])
    );
}

#[test]
fn html_is_text() {
    assert_eq!(blocks("<script>alert(1)</script>\n"), vec![Block::Paragraph(vec![text("<script>alert(1)</script>")])]);
    assert_eq!(blocks("a <b onclick=x>b</b>"), vec![Block::Paragraph(vec![text("a <b onclick=x>b</b>")])]);
}

#[test]
fn foreign_links_and_pictures_are_refused_but_their_words_stay() {
    let document = parse("[go](javascript:alert(1)) ![plan](https://a.example/x.png) [ok](https://a.example)", 0, 0);
    assert_eq!(
        document.diagnostics.iter().map(|problem| problem.code.to_string()).collect::<Vec<_>>(),
        ["refused-link", "refused-picture"]
    );
    let Block::Paragraph(inlines) = &document.blocks[0].block else { panic!("{document:?}") };
    assert_eq!(plain_text(inlines), "go plan ok");
    assert_eq!(inlines.iter().filter(|inline| matches!(inline, Inline::Link { .. })).count(), 1);
    assert_eq!(inlines.iter().filter(|inline| matches!(inline, Inline::Image { .. })).count(), 0);
}

#[test]
fn deep_nesting_is_bounded_and_keeps_the_words() {
    for opener in [">", "- ", "*a ", "[", "> - "] {
        let source = format!("{}word", opener.repeat(5_000));
        let document = parse(&source, 0, 0);
        assert!(format!("{:?}", document.blocks).contains("word"), "{opener}");
    }
}

#[test]
fn the_authors_own_private_use_characters_do_not_shift_values() {
    let document = parse("\u{e000}xxx {{ a.b }}", 0, 0);
    assert_eq!(document.values.len(), 1);
    assert_eq!(document.blocks[0].block, Block::Paragraph(vec![text("\u{fffd}xxx "), Inline::Value(0)]));
}

#[test]
fn slugs_are_words_and_hyphens() {
    assert_eq!(slug("  What's new, in Q4? "), "what-s-new-in-q4");
}

proptest! {
    #[test]
    fn any_text_parses_with_spans_on_boundaries(source in "(\\PC|\n|\\{\\{ a\\.b \\}\\}|```|> |- |\\| |[*_`#\\[\\]()<>]){0,60}") {
        let document = parse(&source, 0, 0);
        for placed in &document.blocks {
            prop_assert!(source.get(placed.span.start..placed.span.end).is_some());
        }
        for value in &document.values {
            prop_assert!(source[value.start..value.end].starts_with("{{"));
        }
    }
}
