//! Runs of notebooks that need no extract: the graph, what runs again, and what is told.

use crate::common::Bench;
use almanac_model::manifest::Manifest;
use almanac_model::protocol::{Generation, Limits, SortBy};
use almanac_model::view::{CellBody, Control};
use almanac_session::{Flow, Session};

const CHAIN: &str = "---
inputs:
  x: {kind: number, default: 1}
  y: {kind: number, default: 5}
---
Value {{ late.m | usd0 }} of {{ rows(late) }} for {{ $x }}.

```sql late
select n as m from early
```

```sql early
select $x as n
```

```sql other
select $y as o
```

```kpi
- label: M
  value: late.m
  compare: other.o
  comparator: other
  good: up
```

```expect late
1
```
";

#[test]
fn a_first_run_tells_everything_in_order() {
    let mut bench = Bench::new(CHAIN);
    let said = bench.run();
    assert_eq!(said.flow, Flow::Continue);
    assert!(said.finished);
    assert_eq!(said.order, ["$x", "$y", "early", "late", "values", "other", "cell-4", "cell-5"]);
    assert_eq!(said.rows("late"), [[Some("1".to_owned())]]);
    assert_eq!(said.texts(), ["$1", "1", "1"]);
    assert!(said.views.iter().all(|view| view.diagnostics.is_empty()));
    let CellBody::Kpis(tiles) = &said.view("cell-4").body else { panic!() };
    assert_eq!(
        (tiles[0].value.as_str(), tiles[0].variance.as_deref(), tiles[0].good),
        ("1", Some("−80.0\u{2009}% vs other"), Some(false))
    );
    let CellBody::Checked(checked) = &said.view("cell-5").body else { panic!("{:?}", said.view("cell-5")) };
    assert_eq!((checked.of.as_str(), checked.table.total_rows), ("late", 1));
    assert_eq!(checked.table.page.rows, [[Some("1".to_owned())]]);
}

#[test]
fn the_title_of_a_table_says_values() {
    let source = "```sql deals\nselect 1205 as n\n```\n\n```table\ndata: deals\ntitle: \"{{ deals.n | plural(deal, deals) }} and {{ deals.m }}\"\n```\n";
    let said = Bench::new(source).run();
    let CellBody::Table(table) = &said.view("cell-2").body else { panic!("{:?}", said.view("cell-2")) };
    assert_eq!(table.title.as_deref(), Some("1\u{2009}205 deals and n/a"));
    assert_eq!(said.codes("cell-2"), ["unknown-column"]);
}

#[test]
fn a_changed_input_runs_exactly_what_depends_on_it() {
    let mut bench = Bench::new(CHAIN);
    assert_eq!(bench.queries(), 3);
    assert_eq!(bench.queries(), 0);
    assert_eq!(bench.run().ids(), Vec::<&str>::new());
    bench.set("x", "2");
    let before = bench.session.queries_run();
    let said = bench.run();
    assert_eq!(said.ids(), ["$x", "early", "late", "cell-4", "cell-5"]);
    assert_eq!(bench.session.queries_run() - before, 2);
    assert_eq!(said.texts(), ["$2", "1", "2"]);
    assert_eq!(said.codes("cell-5"), ["unexpected-answer"]);
    assert_eq!(said.view("cell-5").body, CellBody::None, "what does not hold is not called checked");
    bench.set("y", "6");
    let said = bench.run();
    assert_eq!(said.ids(), ["$y", "other", "cell-4"]);
}

#[test]
fn an_edit_runs_what_follows_and_moves_the_places_of_the_rest() {
    let mut bench = Bench::new("Words.\n\n```sql a\nselect 1 as n\n```\n\n```sql b\nselect nothing as n from a\n```\n");
    let said = bench.run();
    assert_eq!(said.codes("b"), ["unknown-column"]);
    let place = said.view("b").diagnostics[0].span.expect("a place");
    assert_eq!(&bench.request.source[place.start..place.end], "nothing");
    bench.edit("Words.", "More words than before.");
    assert_eq!(bench.queries(), 0);
    bench.edit("More words", "Many more words");
    let said = bench.run();
    assert_eq!(said.ids(), ["b"], "only its place changed");
    let place = said.view("b").diagnostics[0].span.expect("a place");
    assert_eq!(&bench.request.source[place.start..place.end], "nothing");
    bench.edit("select 1", "select 2");
    assert_eq!(bench.queries(), 2);
    bench.edit("nothing", "n");
    let said = bench.run();
    assert_eq!(said.ids(), ["b"]);
    assert_eq!(said.rows("b"), [[Some("2".to_owned())]]);
}

#[test]
fn a_failing_cell_stops_only_its_readers() {
    let mut bench = Bench::new(
        "{{ a.n }} {{ free.f }}\n\n```sql a\nselect nope as n\n```\n\n```sql b\nselect n from a\n```\n\n```sql c\nselect n from b\n```\n\n```sql free\nselect 7 as f\n```\n\n```kpi\n- label: A\n  value: a.n\n- label: F\n  value: free.f\n```\n",
    );
    let said = bench.run();
    assert_eq!(said.codes("b"), ["waits-for-cell"]);
    assert_eq!(said.view("b").diagnostics[0].message, "waits for `a`, which failed");
    assert_eq!(said.view("c").diagnostics[0].message, "waits for `b`, which waits itself");
    assert_eq!(said.rows("free"), [[Some("7".to_owned())]]);
    assert_eq!(said.texts(), ["n/a", "7"]);
    assert_eq!(
        said.values[0].problem.as_ref().map(|problem| problem.message.as_str()),
        Some("waits for `a`, which failed")
    );
    let CellBody::Kpis(tiles) = &said.view("cell-5").body else { panic!() };
    assert_eq!([tiles[0].value.as_str(), tiles[1].value.as_str()], ["n/a", "7"]);
    bench.edit("nope", "3");
    let said = bench.run();
    assert_eq!(said.rows("c"), [[Some("3".to_owned())]]);
    assert_eq!(said.texts(), ["3", "7"]);
}

#[test]
fn cycles_are_named_and_the_rest_runs() {
    let source = "```sql a\nselect n from b\n```\n\n```sql b\nselect n from a\n```\n\n```sql after\nselect n from b\n```\n\n```sql free\nselect 42 as n\n```\n";
    let said = Bench::new(source).run();
    assert_eq!(said.codes("a"), ["cell-cycle"]);
    let problem = &said.view("a").diagnostics[0];
    assert_eq!(problem.message, "`a` reads `b`, which reads `a`");
    assert_eq!(problem.span.map(|span| &source[span.start..span.end]), Some("```sql a"));
    assert_eq!(said.view("after").diagnostics[0].message, "waits for `b`, which failed");
    assert_eq!(said.rows("free"), [[Some("42".to_owned())]]);
}

#[test]
fn of_two_cells_with_one_id_the_first_is_the_table() {
    let said =
        Bench::new("```sql a\nselect 1 as n\n```\n\n```sql a\nselect 2 as n\n```\n\n```sql b\nselect n from a\n```\n")
            .run();
    assert_eq!(said.codes("cell-2"), ["double-cell-id"]);
    assert_eq!(said.rows("cell-2"), [[Some("2".to_owned())]]);
    assert_eq!(said.rows("b"), [[Some("1".to_owned())]]);
    assert!(said.of_notebook.is_empty());
}

#[test]
fn options_come_from_a_query_and_the_address_chooses() {
    let mut bench = Bench::new(
        "---\ninputs:\n  region: {kind: select, options: {sql: \"select 3 as r\"}, default: all}\n---\n```sql a\nselect $region as r\n```\n",
    );
    let said = bench.run();
    let CellBody::Input(input) = &said.view("$region").body else { panic!() };
    assert_eq!(input.control, Control::Select { options: vec!["all".into(), "3".into()] });
    assert_eq!(said.rows("a"), [[Some("all".to_owned())]]);
    bench.set("region", "3");
    let before = bench.session.queries_run();
    let said = bench.run();
    assert_eq!(said.rows("a"), [[Some("3".to_owned())]]);
    assert_eq!(bench.session.queries_run() - before, 1, "the options are at hand");
    bench.set("region", "4");
    let said = bench.run();
    assert_eq!(said.codes("$region"), ["bad-input-value"]);
    assert_eq!(said.rows("a"), [[Some("all".to_owned())]]);
}

#[test]
fn a_newer_run_supersedes_this_one_between_cells() {
    let mut bench = Bench::new(CHAIN);
    let said = bench.run_until(Some(3));
    assert_eq!((said.flow, said.finished), (Flow::Superseded, false));
    assert_eq!(bench.session.queries_run(), 1);
    assert_eq!(bench.queries(), 2, "what was answered stays");
}

#[test]
fn what_the_page_did_not_hear_is_said_again() {
    let mut bench = Bench::new(CHAIN);
    bench.run();
    bench.set("x", "2");
    // The page has moved on before this run ended: it does not say that it has seen it.
    let missed = bench.run_until(None);
    assert_eq!(missed.ids(), ["$x", "early", "late", "cell-4", "cell-5"]);
    let before = bench.session.queries_run();
    assert_eq!(bench.run().ids(), missed.ids());
    assert_eq!(bench.session.queries_run(), before);
    assert_eq!(bench.run().ids(), Vec::<&str>::new());
}

#[test]
fn skipped_cells_and_their_readers_wait() {
    let mut bench = Bench::new(CHAIN);
    bench.request.skip = vec!["early".into()];
    let said = bench.run();
    assert_eq!(said.view("late").diagnostics[0].message, "waits for `early`, which was stopped");
    assert!(!said.ids().contains(&"early"));
    bench.request.skip.clear();
    assert_eq!(bench.run().rows("late"), [[Some("1".to_owned())]]);
}

#[test]
fn cells_that_are_gone_are_no_tables() {
    let mut bench = Bench::new("```sql a\nselect 1 as n\n```\n\n```sql b\nselect n from a\n```\n");
    bench.run();
    assert_eq!(bench.session.tables().len(), 2);
    bench.edit("```sql a\nselect 1 as n\n```\n", "");
    let said = bench.run();
    assert_eq!(said.codes("b"), ["unknown-table"]);
    assert_eq!(bench.session.tables().len(), 0);
}

#[test]
fn a_query_that_is_too_long_is_refused() {
    let source = format!("```sql a\nselect 1 as n -- {}\n```\n", "x".repeat(200 << 10));
    let mut bench = Bench::new(&source);
    bench.session = Session::new(Manifest::default(), Limits::default());
    assert_eq!(bench.run().codes("a"), ["sql-too-long"]);
    assert_eq!(bench.session.queries_run(), 0);
}

#[test]
fn pages_belong_to_a_generation() {
    let mut bench =
        Bench::new("```sql a\nselect 1 as n\n```\n\n```table\ndata: a\ncolumns: [n]\nformats: {n: usd2}\n```\n");
    bench.run();
    let generation = bench.request.generation;
    let page = |id: &str, sort| bench.session.page(generation, id, 0, 10, sort).map(|page| page.rows);
    assert_eq!(page("a", None), Some(vec![vec![Some("1".into())]]));
    assert_eq!(page("cell-2", Some(SortBy { column: 0, descending: true })), Some(vec![vec![Some("$1.00".into())]]));
    assert_eq!(page("nowhere", None), None);
    assert_eq!(bench.session.page(Generation(0), "a", 0, 10, None), None);
    bench.edit("formats: {n: usd2}", "formats: {n: usd0}");
    bench.run();
    assert!(bench.session.page(generation, "a", 0, 10, None).is_some(), "its answer is still the one of that page");
    assert_eq!(bench.session.page(generation, "cell-2", 0, 10, None), None);
}

#[test]
fn specs_point_at_what_is_missing() {
    let source = "```sql by_stage\nselect 1 as stage, 2 as amount\n```\n\n```chart\ndata: by_stag\nmark: bar\nx: stage\ny: amount\n```\n\n```chart\ndata: by_stage\nmark: bar\nx: stage\ny: {field: amuont}\n```\n\n```table\ndata: by_stage\ncolumns: [stage, amont]\n```\n\n```chart\ndata: by_stage\nmark: bar\nx: stage\ny: amount\ntitle: \"{{ by_stage.stage }} leads\"\n```\n";
    let said = Bench::new(source).run();
    let pointed = |id: &str| {
        let problem = &said.view(id).diagnostics[0];
        let span = problem.span.expect("a place");
        (problem.code.to_string(), &source[span.start..span.end], problem.hints.join(" "))
    };
    assert_eq!(pointed("cell-2"), ("unknown-cell".into(), "by_stag", "did you mean `by_stage`?".into()));
    assert_eq!(pointed("cell-3"), ("unknown-column".into(), "amuont", "did you mean `amount`?".into()));
    assert_eq!(pointed("cell-4"), ("unknown-column".into(), "amont", "did you mean `amount`?".into()));
    let CellBody::Chart(chart) = &said.view("cell-5").body else { panic!("{:?}", said.view("cell-5")) };
    assert_eq!(chart.title, "1 leads");
}

#[test]
fn explain_is_drawn_and_told_as_rows() {
    let source = "```sql plan\nexplain select n from range(5) t(n) where n > 2\n```\n\n```sql run\nexplain analyze select n, count(*) as c from range(5) t(n) where n > 2 group by n\n```\n";
    let mut bench = Bench::new(source);
    let said = bench.run();
    let chart = |id: &str| match &said.view(id).body {
        CellBody::Chart(chart) => chart.clone(),
        other => panic!("{other:?}"),
    };
    let plan = chart("plan");
    let lines: Vec<&str> = plan.table.page.rows.iter().filter_map(|row| row[0].as_deref()).collect();
    assert_eq!(lines, ["compute n = range", "  filter range > 2", "    values 5 rows of range"]);
    assert_eq!(plan.summary, "3 steps; none was run.");
    assert!(plan.svg.elements.iter().any(|element| element.text.as_deref() == Some("filter")), "{:?}", plan.svg);
    let run = chart("run");
    let heads: Vec<&str> = run.table.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(heads, ["plan", "rows", "ranges", "bytes", "millis"]);
    let rows: Vec<Option<&str>> = run.table.page.rows.iter().map(|row| row[1].as_deref()).collect();
    assert_eq!(rows.last(), Some(&Some("5")), "{rows:?}");
    assert!(rows.contains(&Some("2")), "{rows:?}");
}
