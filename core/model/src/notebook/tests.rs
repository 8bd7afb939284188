//! Notebooks: what is read, and what is said about what cannot be read.

use super::{Block, BrokenKind, CellKind, Direction, InputKind, Notebook, Options, ValueSource, parse};
use crate::chart::Mark;
use crate::diagnostic::{Diagnostic, Parsed};
use proptest::prelude::*;

const PIPELINE: &str = r#"---
title: Pipeline health
team: sales
as_of: 2025-11-30
inputs:
  region: {kind: select, options: {sql: "select distinct region from accounts order by 1"}, default: all}
  min_amount: {kind: slider, min: 0, max: 1e6, step: 1000, default: 1.50}
  since: {kind: date, default: 2025-01-01, label: Closed since}
---
Win rate is **{{ by_stage.amount | usd0 }}** against {{ rows(by_stage) }} stages.

```sql by_stage
select stage, sum(amount) as amount from deals where $region = 'all' or region = $region group by stage
```

```chart by_stage_chart
data: by_stage
mark: bar
x: stage
y: {field: amount, format: usd0}
title: "{{ top(by_stage, amount).stage }} holds most of the open pipeline"
```

```kpi
- label: Amount
  value: by_stage.amount
  format: usd1m
  good: up
  spark: {data: by_stage, y: amount}
```

```table
data: by_stage
columns: [stage]
formats: {amount: usd0}
```

```note
Mind **{{ by_stage.stage }}**.
```

```input region
```

```expect by_stage
won | 12.5
NULL | 3
```

```rust
fn shown() {}
```
"#;

fn codes(parsed: &Parsed<Notebook>) -> Vec<String> {
    parsed.diagnostics.iter().map(|problem| problem.code.to_string()).collect()
}

/// What the diagnostic points at.
fn pointed<'a>(source: &'a str, problem: &Diagnostic) -> &'a str {
    let span = problem.span.expect("the problem has a place");
    &source[span.start..span.end]
}

#[test]
fn a_whole_notebook() {
    let parsed = parse(PIPELINE);
    assert_eq!(parsed.diagnostics, vec![]);
    let notebook = parsed.value;
    assert_eq!(
        (notebook.title.as_str(), notebook.team.as_str(), notebook.as_of.as_deref()),
        ("Pipeline health", "sales", Some("2025-11-30"))
    );
    let InputKind::Select(Options::Sql { sql, span }) = &notebook.inputs[0].kind else {
        panic!("{:?}", notebook.inputs[0])
    };
    assert_eq!(sql, "select distinct region from accounts order by 1");
    assert!(PIPELINE[span.start..span.end].contains("select distinct"));
    assert_eq!(notebook.inputs[1].kind, InputKind::Slider { min: 0.0, max: 1e6, step: 1000.0 });
    assert_eq!(notebook.inputs[1].default, "1.50");
    assert_eq!(notebook.inputs[1].label, "Min amount");
    assert_eq!(
        (notebook.inputs[2].label.as_str(), notebook.inputs[2].default.as_str()),
        ("Closed since", "2025-01-01")
    );

    let kinds: Vec<&str> = notebook
        .cells()
        .map(|cell| match &cell.kind {
            CellKind::Sql(sql) => {
                assert!(sql.starts_with("select stage"));
                assert_eq!(&PIPELINE[cell.body.start..cell.body.end], sql);
                "sql"
            }
            CellKind::Chart(spec) => {
                assert_eq!((spec.data.as_str(), spec.mark), ("by_stage", Mark::Bar));
                assert_eq!(spec.y.as_ref().and_then(|y| y.format.as_deref()), Some("usd0"));
                assert_eq!(&PIPELINE[cell.places["y.field"].start..cell.places["y.field"].end], "amount");
                "chart"
            }
            CellKind::Kpi(tiles) => {
                assert_eq!((tiles[0].value.cell.as_str(), tiles[0].good), ("by_stage", Some(Direction::Up)));
                "kpi"
            }
            CellKind::Table(spec) => {
                assert_eq!(spec.formats["amount"], "usd0");
                "table"
            }
            CellKind::Note(_) => "note",
            CellKind::Input(names) => {
                assert_eq!(names, &["region"]);
                "input"
            }
            CellKind::Expect(spec) => {
                assert_eq!(spec.rows, vec![vec!["won", "12.5"], vec!["NULL", "3"]]);
                assert!(!cell.hidden, "readers see that a number is checked");
                "expect"
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kinds, ["sql", "chart", "kpi", "table", "note", "input", "expect"]);
    let ids: Vec<&str> = notebook.cells().map(|cell| cell.id.as_str()).collect();
    assert_eq!(ids, ["by_stage", "by_stage_chart", "cell-3", "cell-4", "cell-5", "cell-6", "cell-7"]);

    let sources: Vec<ValueSource> =
        notebook.values.iter().filter_map(|value| value.expr.clone()).map(|expr| expr.source).collect();
    assert_eq!(
        sources,
        [
            ValueSource::First { cell: "by_stage".into(), column: "amount".into() },
            ValueSource::Rows { cell: "by_stage".into() },
            ValueSource::First { cell: "by_stage".into(), column: "stage".into() },
        ]
    );
    assert!(matches!(notebook.blocks.last(), Some(Block::Prose { .. })));
}

#[test]
fn broken_yaml_points_at_the_line_and_the_rest_works() {
    let source = "---\ntitle: A\ninputs: [a: {b\n---\n# Heading\n\n```sql a\nselect 1\n```\n";
    let parsed = parse(source);
    assert_eq!(codes(&parsed), ["broken-front-matter"]);
    assert!(parsed.diagnostics[0].message.starts_with("this YAML cannot be read: "), "{:?}", parsed.diagnostics);
    assert!(!parsed.diagnostics[0].message.contains("line"), "{:?}", parsed.diagnostics);
    assert_eq!(parsed.value.title, "Heading");
    assert!(matches!(parsed.value.cell("a").map(|cell| &cell.kind), Some(CellKind::Sql(_))));
}

#[test]
fn a_misspelt_key_is_named_with_its_neighbour() {
    let source = "---\ntitel: A\n---\n```chart\ndata: a\nmrak: bar\nx: b\ny: c\n```\n";
    let parsed = parse(source);
    assert_eq!(codes(&parsed), ["unknown-key", "broken-chart-spec", "unknown-key"]);
    assert_eq!(pointed(source, &parsed.diagnostics[0]), "titel");
    assert_eq!(parsed.diagnostics[0].hints, ["did you mean `title`?"]);
    assert_eq!(pointed(source, &parsed.diagnostics[2]), "mrak");
    assert_eq!(parsed.diagnostics[2].hints, ["did you mean `mark`?"]);
    assert!(matches!(parsed.value.cells().next().map(|cell| &cell.kind), Some(CellKind::Broken(BrokenKind::Chart))));
}

#[test]
fn an_unquoted_value_in_a_title_says_so() {
    let source = "```chart\ndata: a\nmark: bar\nx: b\ny: c\ntitle: {{ top(a, c).b }} leads\n```\n";
    let parsed = parse(source);
    assert_eq!(codes(&parsed), ["broken-chart-spec"]);
    assert_eq!(parsed.diagnostics[0].hints, ["put text that holds `{{ … }}` in double quotes"]);
}

#[test]
fn of_two_cells_with_one_id_the_first_wins() {
    let source = "```sql a\nselect 1\n```\n\n```sql A\nselect 2\n```\n";
    let parsed = parse(source);
    assert_eq!(codes(&parsed), ["double-cell-id"]);
    assert_eq!(pointed(source, &parsed.diagnostics[0]), "```sql A");
    assert!(matches!(&parsed.value.cell("a").expect("first").kind, CellKind::Sql(sql) if sql == "select 1\n"));
    assert_eq!(parsed.value.cells().nth(1).map(|cell| (cell.id.as_str(), cell.named)), Some(("cell-2", false)));
}

#[test]
fn kinds_of_later_versions_and_slips() {
    let source = "```metric win_rate\n```\n\n```chrat x\n```\n\n```c\n```\n";
    let parsed = parse(source);
    assert_eq!(codes(&parsed), ["unavailable-cell", "unknown-cell-kind"]);
    assert_eq!(parsed.diagnostics[1].hints[0], "did you mean `chart`?");
    assert_eq!(parsed.value.cells().count(), 1);
}

#[test]
fn inputs_are_checked() {
    let source = "---\ninputs:\n  bad-name: {kind: text}\n  a: {kind: slidre}\n  b: {kind: date, default: soon}\n  c: {kind: select}\n  d: {kind: select, options: [x, y], default: z}\n---\n```input e\n```\n";
    let parsed = parse(source);
    assert_eq!(
        codes(&parsed),
        [
            "broken-front-matter",
            "broken-front-matter",
            "broken-front-matter",
            "broken-front-matter",
            "default-not-an-option",
            "unknown-input"
        ]
        .map(String::from)
        .to_vec(),
        "{:#?}",
        parsed.diagnostics
    );
    assert_eq!(pointed(source, &parsed.diagnostics[0]), "bad-name");
    assert_eq!(pointed(source, &parsed.diagnostics[1]), "slidre");
    assert_eq!(pointed(source, &parsed.diagnostics[2]), "soon");
    assert_eq!(parsed.value.inputs.len(), 4);
}

#[test]
fn broken_values_keep_their_place_in_the_count() {
    let source = "{{ a.b }} {{ nonsense }} {{ metric('x') }} {{ a.b | usd9x }} {{ a.c | plural(row, rows) }}";
    let parsed = parse(source);
    assert_eq!(codes(&parsed), ["broken-value", "broken-value", "unknown-format"]);
    assert_eq!(pointed(source, &parsed.diagnostics[0]), "{{ nonsense }}");
    assert_eq!(
        parsed.value.values.iter().map(|value| value.expr.is_some()).collect::<Vec<_>>(),
        [true, false, false, false, true]
    );
    assert_eq!(
        parsed.value.values[4].expr.as_ref().and_then(|expr| expr.noun.clone()),
        Some(("row".into(), "rows".into()))
    );
}

#[test]
fn alias_bombs_and_huge_front_matter_are_refused_at_once() {
    let mut bomb = "---\na: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (name, before) in ["b", "c", "d", "e", "f", "g", "h", "i"].iter().zip(["a", "b", "c", "d", "e", "f", "g", "h"])
    {
        bomb.push_str(&format!("{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(",")));
    }
    bomb.push_str("---\n");
    let huge = format!("---\ntitle: {}\n---\n# B\n", "x".repeat(1 << 20));
    let deep = format!("---\ntitle: {}\n---\n", "[".repeat(100_000));
    for source in [bomb, huge, deep] {
        let parsed = parse(&source);
        assert!(codes(&parsed).contains(&"broken-front-matter".to_owned()), "{:?}", codes(&parsed));
    }
}

#[test]
fn windows_line_ends_and_a_byte_order_mark() {
    let source = "\u{feff}---\r\ntitle: A\r\n---\r\n```sql a\r\nselect 1,\r\n2\r\n```\r\n";
    let parsed = parse(source);
    assert_eq!(parsed.diagnostics, vec![]);
    assert_eq!(parsed.value.title, "A");
    let cell = parsed.value.cell("a").expect("the cell");
    assert_eq!(&source[cell.body.start..cell.body.end], "select 1,\r\n2\r\n");
}

#[test]
fn front_matter_without_an_end() {
    let parsed = parse("---\ntitle: A\n\n# B\n");
    assert_eq!(codes(&parsed), ["broken-front-matter"]);
    assert_eq!(parsed.value.title, "B");
}

proptest! {
    #[test]
    fn any_text_is_a_notebook(source in "(---\n|\\PC|\n|\\{\\{ a\\.b \\}\\}|```sql a\n|```chart\n|```kpi\n|```note\n|```\n|x: |- |\\[|\\{|\"|&a |\\*a ){0,60}") {
        let parsed = parse(&source);
        for problem in &parsed.diagnostics {
            if let Some(span) = problem.span {
                prop_assert!(source.get(span.start..span.end).is_some(), "{problem:?}");
            }
        }
        for cell in parsed.value.cells() {
            prop_assert!(source.get(cell.body.start..cell.body.end).is_some());
            prop_assert!(source.get(cell.span.start..cell.span.end).is_some());
        }
    }

    #[test]
    fn a_cut_notebook_is_still_one(cut in 0usize..PIPELINE.len()) {
        let mut cut = cut;
        while !PIPELINE.is_char_boundary(cut) {
            cut -= 1;
        }
        let _ = parse(&PIPELINE[..cut]);
    }
}
