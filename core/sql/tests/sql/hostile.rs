//! No text panics, and none takes long.
#![allow(clippy::disallowed_methods, reason = "tests read the records and look at a clock")]

use almanac_sql::{bind, complete, tables_of};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use crate::common::{options, tables};

/// Reads a text in every way there is; what comes out does not matter.
fn read(sql: &str, cursor: u32) {
    let _ = bind(sql, &tables(), &options());
    let _ = tables_of(sql);
    let (start, items) = complete(sql, cursor, &tables(), &BTreeMap::new());
    assert!(items.len() <= 60 && sql.is_char_boundary(usize::try_from(start).expect("small")));
}

/// Queries of the project's own records.
static QUERIES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("tests are started by cargo");
    let folder = Path::new(&package).join("../../tests/slt");
    let mut queries = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the records") {
        let path = entry.expect("a file").path();
        if path.extension().is_some_and(|extension| extension == "slt") {
            let text = std::fs::read_to_string(&path).expect("text");
            for record in text.split("\n\n") {
                let lines = record.lines().skip_while(|line| !line.starts_with("query")).skip(1);
                let query: Vec<&str> = lines.take_while(|line| *line != "----").collect();
                if !query.is_empty() {
                    queries.push(query.join("\n"));
                }
            }
        }
    }
    assert!(queries.len() > 1000, "the records were found");
    queries.sort();
    queries
});

const PIECES: &[&str] = &[
    "(",
    ")",
    ",",
    "'",
    "\"",
    "$",
    "select",
    "from",
    "case",
    "end",
    "over (",
    "é",
    "/*",
    "--",
    "\n",
    "::",
    "[",
    "]",
    "*",
    ".",
    "union",
    "with a as (",
    "in (",
    "between",
    "interval",
    "9e999",
    "99999999999999999999",
    "-",
    "0",
    "null",
    "exists (",
    "$$",
    "\\",
    "\0",
    "group by all",
    "order by 0",
    "pivot",
    "unpivot",
    "on",
    "using",
    "asof join",
    "exclude ties)",
    "limit 5 percent",
    "with recursive a as (",
    "lateral (",
    "columns(*)",
    "#1",
    "explain",
    "materialized (",
    "into name n value",
    "for x in (",
    "rows 1 preceding",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in ".{0,80}", cursor in 0_u32..100) {
        read(&text, cursor);
    }

    #[test]
    fn any_heap_of_pieces(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..25), cursor in 0_u32..100) {
        read(&format!("select {}", pieces.join(" ")), cursor);
    }

    #[test]
    fn a_real_query_cut_up(
        which in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(), length in 0_usize..12,
        piece in prop::sample::select(PIECES), cursor in any::<u32>(),
    ) {
        let mut letters: Vec<char> = which.get(&QUERIES).chars().collect();
        let start = cut.index(letters.len());
        let end = (start + length).min(letters.len());
        letters.splice(start..end, piece.chars());
        let text: String = letters.into_iter().collect();
        read(&text, cursor % 200);
    }
}

#[test]
fn sixty_four_kibibytes_are_read_or_refused() {
    let fill = |start: &str, part: &str, end: &str| format!("{start}{}{end}", part.repeat(65_000 / part.len()));
    for sql in [
        fill("select ", "qty, ", "1 from sales"),
        fill("select ", "sum(qty) as a, ", "1 from sales group by day"),
        fill("select * from sales where id in (", "1, ", "2)"),
        fill("select ", "nope, ", "1 from sales"),
        fill("select ", "nope(qty), ", "1 from sales"),
        fill("select * from sales", ", sales", ""),
        fill("values (1)", ", (1)", ""),
        fill("select ", "(", ""),
        fill("select 1 ", "+ 1 ", ""),
        fill("select ", "case ", ""),
        fill("select ", "- ", "1"),
        fill("select ", "not ", "true"),
        fill("with ", "a as (select 1), ", "b as (select 2) select 1"),
        fill("select 1 ", "union all select 1 ", ""),
        fill("select 1", "::int", ""),
        fill("select qty", "[1]", " from sales"),
        fill("select ", "(select 1), ", "1"),
        fill("select * from range(3)", ", range(3)", ""),
        fill("select ", "sum(qty) over (order by id), ", "1 from sales"),
        fill("/*", "/*", ""),
        fill("select \"", "é", ""),
        fill("select * from sales ", "join stores on true ", ""),
        fill("select ", "qty over w, ", "1 from sales window w as ()"),
        fill("select * from sales order by ", "qty, ", "1"),
        fill("select ", "#1, ", "1 from sales"),
        fill("pivot ", "(pivot ", "sales on id"),
        fill("unpivot ", "(unpivot ", "sales on id"),
        fill("from sales ", "pivot (sum(qty) for id in (1)) ", ""),
        fill("select * from sales ", "asof join stores on true ", ""),
        fill("select ", "sum(qty) over (rows 1 preceding exclude ties), ", "1 from sales"),
        fill("with a as materialized (select 1)", ", a as materialized (select 1)", "select 1"),
        fill("select 1 ", "limit 1 percent ", ""),
        fill("select ", "columns(*) + ", "1 from sales"),
        fill("select 1 from sales group by ", "qty + id, ", "1"),
    ] {
        // A reader whose time grew with the square of the text would be at it for minutes.
        read(&sql, 40_000);
    }
}

#[test]
fn nesting_and_chains_together_stay_on_the_stack() {
    let chain = " + 1".repeat(250);
    let left = format!("select {}1{}", "(".repeat(38), format!("{chain})").repeat(38));
    let right = format!("select {}1{}", format!("1{chain} + (").repeat(38), ")".repeat(38));
    let signs = format!("select {}1{}", format!("{}(", "- ".repeat(250)).repeat(38), ")".repeat(38));
    let cases = format!("select {}1", format!("{} case when ", "not ".repeat(250)).repeat(30));
    let within = format!("select 1{}", " + 1".repeat(299));
    let joins = format!("select 1 from sales{}", " join stores on true".repeat(390));
    let unions = format!("select 1{}", " union select 1".repeat(60));
    let nested = format!("{}select 1{}", "select * from (".repeat(38), ")".repeat(38));
    for sql in [left, right, signs, cases, within, joins, unions, nested] {
        read(&sql, 10);
    }
}

#[test]
fn the_limits_leave_real_queries_alone() {
    for sql in QUERIES.iter() {
        let problems = bind(sql, &tables(), &options()).err().unwrap_or_default();
        assert!(problems.iter().all(|problem| !problem.code.0.starts_with("sql-too-")), "{sql}: {problems:?}");
    }
}

/// Clauses that are right, and the same with one mistake each.
const CLAUSES: &[(&str, &[&str])] = &[
    (
        "select s.id, sum(qty) as q",
        &["select id, sum(qty", "select id, , sum(qty)", "select id id id, sum(qty)", "select id +, 1", "select (id"],
    ),
    (
        "from sales s join stores t on t.id = s.store_id",
        &["from sales s join on t.id", "from sales s s s", "from sales join stores t on", "from sales,, stores"],
    ),
    (
        "where qty > 1 and paid",
        &["where qty >", "where qty > 1 and", "where and paid", "where qty > > 1 2", "where (qty > 1"],
    ),
    ("group by s.id, city", &["group by id city", "group by id,, city", "group by id id id", "group by id, )"]),
    ("having sum(qty) between 1 and 3", &["having sum(qty) between 1", "having = 1", "having sum(qty) < = "]),
    ("order by s.id desc", &["order by id desc desc", "order by", "order by id asc,, 2"]),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, max_shrink_iters: 50, rng_seed: RngSeed::Fixed(20_251_130), failure_persistence: None, ..ProptestConfig::default() })]

    /// Mistakes in different clauses are all told, in a query and in one inside of it, and what is right is not.
    #[test]
    fn as_many_mistakes_are_told_as_were_planted(
        choices in prop::collection::vec(prop::option::of(any::<prop::sample::Index>()), CLAUSES.len()),
        shape in 0..4_u8,
    ) {
        let parts: Vec<&str> = CLAUSES
            .iter()
            .zip(&choices)
            .map(|((right, wrong), choice)| choice.as_ref().map_or(*right, |choice| choice.get::<&str>(wrong)))
            .collect();
        let planted = choices.iter().flatten().count();
        let inner = parts.join(" ");
        let sql = match shape {
            0 => inner,
            1 => format!("with a as (select 1 as x), b as ({inner}) select * from b where q = 1"),
            2 => format!("select 1 as a union all {inner}"),
            _ => format!("select * from ({inner}) q where q.id in (select id from stores)"),
        };
        let problems = bind(&sql, &tables(), &options()).err().unwrap_or_default();
        let told = problems.iter().filter(|problem| problem.code.0 == "sql-syntax").count();
        // A bracket too few or too many moves the end of the query that it stands in.
        let swallowed = parts.iter().any(|part| part.matches('(').count() != part.matches(')').count());
        prop_assert!(told >= planted || swallowed && told > 0, "{sql}: {problems:?}");
        prop_assert!(planted > 0 || told == 0, "{sql}: {problems:?}");
        prop_assert!(told <= 2 * planted, "{sql}: {problems:?}");
    }
}

/// What a text is told that is no query at all.
const NO_QUERY: &[&str] = &["sql-syntax", "only-queries", "one-statement"];

#[test]
fn right_queries_have_no_part_that_is_wrong() {
    for sql in QUERIES.iter() {
        // One mistake at the very end: nothing else of the text may be told.
        let broken = format!("{sql}\nlimit 1 1");
        let problems = bind(&broken, &tables(), &options()).err().unwrap_or_default();
        let early: Vec<_> = problems
            .iter()
            .filter(|problem| problem.span.is_some_and(|span| span.end <= sql.len()))
            .filter(|problem| problem.code.0 == "sql-syntax")
            .collect();
        // Some records do not parse, and are to.
        if !early.is_empty()
            && bind(sql, &tables(), &options())
                .is_err_and(|problems| problems.iter().any(|problem| NO_QUERY.contains(&problem.code.0.as_ref())))
        {
            continue;
        }
        assert!(early.is_empty(), "{broken}: {early:?}");
    }
}
