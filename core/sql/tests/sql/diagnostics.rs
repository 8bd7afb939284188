//! Mistakes in queries: their code, the very text they point at, what is said and what is advised.

use crate::common::problems;

/// Code, text at fault, message and first hint of each mistake.
fn told(sql: &str) -> Vec<(String, String, String, String)> {
    let one = |problem: &almanac_model::Diagnostic| {
        let span = problem.span.expect("a place");
        let text = &sql[span.start..span.end];
        let hint = problem.hints.first().cloned().unwrap_or_default();
        (problem.code.0.to_string(), text.to_owned(), problem.message.clone(), hint)
    };
    problems(sql).iter().map(one).collect()
}

#[track_caller]
fn check(sql: &str, code: &str, text: &str, message: &str, hint: &str) {
    let wanted = (code.to_owned(), text.to_owned(), message.to_owned(), hint.to_owned());
    assert_eq!(told(sql), [wanted], "{sql}");
}

#[test]
fn names() {
    check("select qyt from sales", "unknown-column", "qyt", "there is no column `qyt`", "did you mean `qty`?");
    check("select * from salse", "unknown-table", "salse", "there is no table `salse`", "did you mean `sales`?");
    check(
        "select s.qty from sales",
        "unknown-table",
        "s.qty",
        "`s` is not a table of this query",
        "its tables are `sales`",
    );
    check(
        "select id from sales join stores on store_id = stores.id",
        "ambiguous-column",
        "id",
        "`id` is a column of more than one table",
        "write `sales.id` or `stores.id`",
    );
    check(
        "select lenght(note) from sales",
        "unknown-function",
        "lenght(note)",
        "there is no function `lenght`",
        "did you mean `length`?",
    );
    check(
        "select $nope",
        "unknown-parameter",
        "$nope",
        "there is no parameter `$nope`",
        "declare it under `inputs` of the notebook",
    );
}

#[test]
fn types() {
    check(
        "select note + 1 from sales",
        "type-mismatch",
        "note + 1",
        "`+` does not take (VARCHAR, INTEGER)",
        "it takes (BIGINT, BIGINT) -> BIGINT",
    );
    check(
        "select date '2024-13-01'",
        "invalid-literal",
        "'2024-13-01'",
        "`2024-13-01` is not a DATE",
        "expected a date of the calendar such as `2024-02-29`",
    );
    check(
        "select upper(1, 2)",
        "argument-count",
        "upper(1, 2)",
        "`upper` does not take 2 arguments",
        "it takes (VARCHAR) -> VARCHAR",
    );
    check(
        "select city from stores union select id, city from stores",
        "uneven-columns",
        "select id, city from stores",
        "one side has 1 columns, the other 2",
        "both sides of a set operation need the same columns",
    );
}

#[test]
fn groups() {
    check(
        "select * from sales where sum(qty) > 1",
        "misplaced-aggregate",
        "sum(qty)",
        "aggregates such as `sum` are not allowed in WHERE",
        "filter groups with HAVING",
    );
    check(
        "select sum(sum(qty)) from sales",
        "misplaced-aggregate",
        "sum(qty)",
        "`sum` cannot stand inside another aggregate",
        "compute it in a subquery first",
    );
    check(
        "select note, sum(qty) from sales group by day",
        "not-grouped",
        "note",
        "`note` is neither grouped nor aggregated",
        "add `note` to GROUP BY",
    );
    check(
        "select row_number() from sales",
        "needs-over",
        "row_number",
        "`row_number` is a window function and needs OVER",
        "write `row_number(…) over (order by …)`",
    );
}

#[test]
fn several_mistakes_are_told_at_once_in_order() {
    let told = told("select qyt, lenght(note), foo from sales where dya > 1");
    let texts: Vec<&str> = told.iter().map(|(_, text, _, _)| text.as_str()).collect();
    assert_eq!(texts, ["qyt", "lenght(note)", "foo", "dya"]);
}

#[test]
fn spans_count_bytes_after_letters_of_several() {
    check("select 'é€𝄞', qyt from sales", "unknown-column", "qyt", "there is no column `qyt`", "did you mean `qty`?");
    let long = format!("select '{}',\n qyt from sales", "é".repeat(200));
    check(&long, "unknown-column", "qyt", "there is no column `qyt`", "did you mean `qty`?");
    let calls = format!("select '{}', lenght( upper(note ) ) from sales", "€".repeat(64));
    assert_eq!(told(&calls)[0].1, "lenght( upper(note ) )");
}

#[test]
fn what_does_not_parse() {
    check("selec 1", "sql-syntax", "selec", "a query cannot start with `selec`", "did you mean `select`?");
    check(
        "select 1 +",
        "sql-syntax",
        "+",
        "expected an expression, found the end of the text",
        "the text ends too early: is a parenthesis or an expression missing?",
    );
}

/// The texts at fault, and what is said of each.
#[track_caller]
fn all(sql: &str, wanted: &[(&str, &str)]) {
    let told = told(sql);
    let told: Vec<(&str, &str)> = told.iter().map(|(_, text, message, _)| (text.as_str(), message.as_str())).collect();
    assert_eq!(told, wanted, "{sql}");
}

#[test]
fn mistakes_of_syntax_are_told_together() {
    all(
        "select id, qty +, note from sales where qty > and id = 1 group by 1, , 2 order by id desc desc",
        &[
            (",", "expected an expression, found `,`"),
            ("and", "expected an expression, found `and`"),
            (",", "expected an expression, found `,`"),
            ("desc", "expected end of statement, found `desc`"),
        ],
    );
    all(
        "with a as (select qty qty qty from sales), b as (select 1 +) select * from a join b on a.x = where 1 =",
        &[
            ("qty", "expected end of statement, found `qty`"),
            (")", "expected an expression, found `)`"),
            ("where", "expected an expression, found `where`"),
            ("=", "expected an expression, found the end of the text"),
        ],
    );
    all(
        "select sum(qty from sales where id in (1, 2 group by store_id",
        &[("(", "`(` is not closed before `from`"), ("(", "`(` is not closed before `group`")],
    );
    all("select (1 + 2)) from sales where qty ]", &[(")", "`)` closes nothing"), ("]", "`]` closes nothing")]);
    all(
        "select case when 1 then 2 from sales where",
        &[
            ("case", "`case` is not closed before `from`"),
            ("where", "expected an expression, found the end of the text"),
        ],
    );
    all(
        "select 1 from (select 2 from sales where = 1) t union select from sales, , stores limit x y",
        &[
            ("=", "expected an expression, found `=`"),
            ("from", "expected an expression, found `from`"),
            (",", "expected identifier, found `,`"),
            ("y", "expected end of statement, found `y`"),
        ],
    );
}

#[test]
fn clauses_have_an_order() {
    all(
        "select qty from sales group by qty where qty > 1 order by qty limit 1 order by id",
        &[("where", "`where` cannot stand behind `group`"), ("order", "`order` cannot stand behind `limit`")],
    );
    all("select qty from sales where qty > 1 where id = 2", &[("where", "`where` cannot stand behind `where`")]);
}

#[test]
fn words_that_are_nearly_keywords_are_seen() {
    let hint = |sql: &str| told(sql).first().map(|(_, _, _, hint)| hint.clone()).unwrap_or_default();
    assert_eq!(hint("select qty form sales"), "did you mean `from` instead of `form`?");
    assert_eq!(hint("select qty from sales whre id = 1"), "did you mean `where` instead of `whre`?");
    assert_eq!(hint("select qty from sales gruop by id"), "did you mean `group` instead of `gruop`?");
    assert_eq!(hint("select id qty note from sales"), "is a comma, an operator or a keyword missing before `note`?");
}
