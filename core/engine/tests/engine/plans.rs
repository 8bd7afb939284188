//! Plans written by hand against answers DuckDB 1.4.4 printed (PyPI `duckdb==1.4.4`); the SQL is beside each.

use crate::common::*;
use almanac_model::{Type, Value};
use almanac_sql::functions::{Aggregate, DatePart, Scalar};
use almanac_sql::plan::{AggregateCall, ExprKind, JoinKind, Plan, SortKey};

/// `t(k, v, s)` as columns 0, 1, 2.
fn table() -> Plan {
    values(
        0,
        &[INT, BIG, TXT],
        &[
            &[int(1), int(10), text("a")],
            &[int(1), NULL, text("b")],
            &[int(2), int(5), text("a")],
            &[NULL, int(7), NULL],
            &[NULL, NULL, text("b")],
        ],
    )
}

fn grouped(input: Plan, keys: &[(u32, u32, Type)], calls: Vec<AggregateCall>) -> Plan {
    let keys = keys.iter().map(|(out, from, ty)| (field(*out, *ty), col(*from, *ty))).collect();
    let aggregates = calls.into_iter().enumerate().map(|(at, call)| (field(20 + at as u32, call.ty), call)).collect();
    Plan::Aggregate { input: Box::new(input), keys, aggregates }
}

fn nothing(input: Plan) -> Plan {
    Plan::Filter { input: Box::new(input), predicate: call(Scalar::Eq, vec![col(0, INT), lit(99, INT)], BOOL) }
}

#[test]
fn groups_with_nulls() {
    // select k, sum(v), count(v), count(*), avg(v), min(s), max(v) from t group by k order by k
    let plan = grouped(
        table(),
        &[(10, 0, INT)],
        vec![
            aggregate(Aggregate::Sum, vec![col(1, BIG)], BIG),
            aggregate(Aggregate::Count, vec![col(1, BIG)], BIG),
            aggregate(Aggregate::CountStar, vec![], BIG),
            aggregate(Aggregate::Avg, vec![col(1, BIG)], DBL),
            aggregate(Aggregate::Min, vec![col(2, TXT)], TXT),
            aggregate(Aggregate::Max, vec![col(1, BIG)], BIG),
        ],
    );
    let out = [(10, INT), (20, BIG), (21, BIG), (22, BIG), (23, DBL), (24, TXT), (25, BIG)];
    assert_eq!(
        answer(sorted(plan, &[(10, INT)]), &out),
        [
            ["1", "10", "1", "2", "10.0", "a", "10"],
            ["2", "5", "1", "1", "5.0", "a", "5"],
            ["NULL", "7", "1", "2", "7.0", "b", "7"]
        ]
    );
}

#[test]
fn aggregates_over_no_rows() {
    // select sum(v), count(*), max(s), avg(v) from t where k = 99
    let calls = || {
        vec![
            aggregate(Aggregate::Sum, vec![col(1, BIG)], BIG),
            aggregate(Aggregate::CountStar, vec![], BIG),
            aggregate(Aggregate::Max, vec![col(2, TXT)], TXT),
            aggregate(Aggregate::Avg, vec![col(1, BIG)], DBL),
        ]
    };
    let out = [(20, BIG), (21, BIG), (22, TXT), (23, DBL)];
    assert_eq!(answer(grouped(nothing(table()), &[], calls()), &out), [["NULL", "0", "NULL", "NULL"]]);
    assert!(answer(grouped(nothing(table()), &[(10, 0, INT)], calls()), &out).is_empty());
}

#[test]
fn the_three_shapes_polars_gets_wrong() {
    // select count(k) from t group by k order by 1: the key is not selected (polars #25354)
    let plan = grouped(table(), &[(10, 0, INT)], vec![aggregate(Aggregate::Count, vec![col(0, INT)], BIG)]);
    assert_eq!(answer(sorted(plan, &[(20, BIG)]), &[(20, BIG)]), [["0"], ["1"], ["2"]]);
    // select max(1) from t where false (polars #25335)
    let plan = grouped(nothing(table()), &[], vec![aggregate(Aggregate::Max, vec![lit(1, INT)], INT)]);
    assert_eq!(answer(plan, &[(20, INT)]), [["NULL"]]);
    // select 1 from t where false group by 1 (duckdb #19787)
    let plan = Plan::Aggregate {
        input: Box::new(nothing(table())),
        keys: vec![(field(10, INT), lit(1, INT))],
        aggregates: vec![],
    };
    assert!(answer(plan, &[(10, INT)]).is_empty());
    // select max(1), count(*) from t group by 1
    let plan = Plan::Aggregate {
        input: Box::new(table()),
        keys: vec![(field(10, INT), lit(1, INT))],
        aggregates: vec![
            (field(20, INT), aggregate(Aggregate::Max, vec![lit(1, INT)], INT)),
            (field(21, BIG), aggregate(Aggregate::CountStar, vec![], BIG)),
        ],
    };
    assert_eq!(answer(plan, &[(20, INT), (21, BIG)]), [["1", "5"]]);
}

#[test]
fn distinct_ordered_and_filtered_aggregates() {
    // select count(distinct s), string_agg(s, '-' order by s desc), sum(v) filter (where s = 'a'), median(v), mode(s) from t
    let by = SortKey { expr: col(2, TXT), descending: true, nulls_first: false };
    let plan = grouped(
        table(),
        &[],
        vec![
            AggregateCall { distinct: true, ..aggregate(Aggregate::Count, vec![col(2, TXT)], BIG) },
            AggregateCall {
                order_by: vec![by],
                ..aggregate(Aggregate::StringAgg, vec![col(2, TXT), lit("-", TXT)], TXT)
            },
            AggregateCall {
                filter: Some(call(Scalar::Eq, vec![col(2, TXT), lit("a", TXT)], BOOL)),
                ..aggregate(Aggregate::Sum, vec![col(1, BIG)], BIG)
            },
            aggregate(
                Aggregate::Median,
                vec![expr(ExprKind::Cast { input: Box::new(col(1, BIG)), lenient: false }, DBL)],
                DBL,
            ),
            aggregate(Aggregate::QuantileDisc, vec![col(1, BIG), lit(0.5, DBL)], BIG),
            aggregate(Aggregate::Mode, vec![col(2, TXT)], TXT),
        ],
    );
    let out = [(20, BIG), (21, TXT), (22, BIG), (23, DBL), (24, BIG), (25, TXT)];
    assert_eq!(answer(plan, &out), [["2", "b-b-a-a", "15", "7.0", "7", "a"]]);
}

#[test]
fn statistics() {
    let x = values(
        0,
        &[DBL],
        &[&[Value::Double(1.0)], &[Value::Double(2.0)], &[Value::Double(4.0)], &[Value::Double(9.0)]],
    );
    let of = |function| aggregate(function, vec![col(0, DBL)], DBL);
    let plan = grouped(
        x,
        &[],
        vec![
            of(Aggregate::StddevSamp),
            of(Aggregate::VarPop),
            of(Aggregate::Skewness),
            of(Aggregate::Kurtosis),
            of(Aggregate::Mad),
            of(Aggregate::Geomean),
            of(Aggregate::Product),
        ],
    );
    let out: Vec<(u32, Type)> = (20..27).map(|id| (id, DBL)).collect();
    let wanted = [3.559_026_084_010_436_6, 9.5, 1.330_937_732_247_670_5, 1.5, 1.5, 2.912_950_630_243_940_5, 72.0];
    for (given, wanted) in answer(plan, &out)[0].iter().zip(wanted) {
        assert!((given.parse::<f64>().unwrap() - wanted).abs() < 1e-12, "{given} {wanted}");
    }
}

#[test]
fn sums_leave_the_range_only_at_the_end() {
    let x = |last: i64| values(0, &[BIG], &[&[int(i64::MAX)], &[int(1)], &[int(last)]]);
    let sum = || vec![aggregate(Aggregate::Sum, vec![col(0, BIG)], BIG)];
    assert_eq!(answer(grouped(x(-5), &[], sum()), &[(20, BIG)]), [[(i64::MAX - 4).to_string()]]);
    let error = run(&mut engine(Vec::new()), &query(grouped(x(5), &[], sum()), &[(20, BIG)])).unwrap_err();
    assert!(error.message.contains("BIGINT"), "{}", error.message);
}

/// `l(a, b)` as columns 0, 1 and `r(c, d)` as columns 2, 3.
fn join(kind: JoinKind, on: bool, residual: bool, null_safe: bool) -> Plan {
    let left = values(0, &[INT, TXT], &[&[int(1), text("x")], &[int(2), text("y")], &[NULL, text("z")]]);
    let right = values(2, &[INT, INT], &[&[int(1), int(10)], &[int(1), int(20)], &[int(3), int(30)], &[NULL, int(40)]]);
    let condition = if on {
        call(Scalar::Gt, vec![col(3, INT), lit(15, INT)], BOOL)
    } else {
        call(Scalar::Lt, vec![col(0, INT), col(2, INT)], BOOL)
    };
    Plan::Join {
        left: Box::new(left),
        right: Box::new(right),
        kind,
        on: if on { vec![(col(0, INT), col(2, INT))] } else { vec![] },
        residual: residual.then_some(condition),
        null_safe,
    }
}

fn joined(plan: Plan) -> Vec<Vec<String>> {
    answer(sorted(plan, &[(0, INT), (2, INT), (3, INT)]), &[(0, INT), (1, TXT), (2, INT), (3, INT)])
}

#[test]
fn joins_with_and_without_conditions() {
    // … left join r on a = c and d > 15
    assert_eq!(
        joined(join(JoinKind::Left, true, true, false)),
        [["1", "x", "1", "20"], ["2", "y", "NULL", "NULL"], ["NULL", "z", "NULL", "NULL"]]
    );
    // … full join r on a = c and d > 15
    assert_eq!(
        joined(join(JoinKind::Full, true, true, false)),
        [
            ["1", "x", "1", "20"],
            ["2", "y", "NULL", "NULL"],
            ["NULL", "NULL", "1", "10"],
            ["NULL", "NULL", "3", "30"],
            ["NULL", "NULL", "NULL", "40"],
            ["NULL", "z", "NULL", "NULL"],
        ]
    );
    // … right join r on a = c
    assert_eq!(
        joined(join(JoinKind::Right, true, false, false)),
        [["1", "x", "1", "10"], ["1", "x", "1", "20"], ["NULL", "NULL", "3", "30"], ["NULL", "NULL", "NULL", "40"]]
    );
    // … left join r on a < c
    assert_eq!(
        joined(join(JoinKind::Left, false, true, false)),
        [["1", "x", "3", "30"], ["2", "y", "3", "30"], ["NULL", "z", "NULL", "NULL"]]
    );
    // … join r on a is not distinct from c
    assert_eq!(
        joined(join(JoinKind::Inner, true, false, true)),
        [["1", "x", "1", "10"], ["1", "x", "1", "20"], ["NULL", "z", "NULL", "40"]]
    );
    // cross join
    assert_eq!(joined(join(JoinKind::Cross, false, false, false)).len(), 12);
    // full join without a condition beside the key
    assert_eq!(joined(join(JoinKind::Full, true, false, false)).len(), 6);
}

#[test]
fn semi_and_anti_joins() {
    let left = |plan: Plan| answer(sorted(plan, &[(0, INT)]), &[(0, INT), (1, TXT)]);
    assert_eq!(left(join(JoinKind::Semi, true, true, false)), [["1", "x"]]);
    assert_eq!(left(join(JoinKind::Anti, true, true, false)), [["2", "y"], ["NULL", "z"]]);
    assert_eq!(left(join(JoinKind::Semi, true, false, false)), [["1", "x"]]);
    assert_eq!(left(join(JoinKind::Anti, true, false, true)), [["2", "y"]]);
}

#[test]
fn values_that_must_not_be_have_a_place() {
    for (given, code) in [
        (call(Scalar::Add, vec![lit(i64::MAX, BIG), lit(1, BIG)], BIG), "out-of-range"),
        (call(Scalar::Ln, vec![lit(0.0, DBL)], DBL), "out-of-range"),
        (call(Scalar::Sqrt, vec![lit(-1.0, DBL)], DBL), "out-of-range"),
        (expr(ExprKind::Cast { input: Box::new(lit("abc", TXT)), lenient: false }, INT), "conversion-failed"),
        (call(Scalar::RegexpMatches, vec![lit("a", TXT), lit("(", TXT)], BOOL), "bad-pattern"),
    ] {
        let error = value_of(given).unwrap_err();
        assert_eq!(
            (error.code.0.as_ref(), error.span),
            (code, Some(almanac_model::Span::new(7, 9))),
            "{}",
            error.message
        );
    }
}

#[test]
fn scalars() {
    let cast = |input, ty| expr(ExprKind::Cast { input: Box::new(input), lenient: false }, ty);
    for (given, wanted) in [
        (call(Scalar::Div, vec![lit(1.0, DBL), lit(0.0, DBL)], DBL), "inf"),
        (call(Scalar::Div, vec![lit(0.0, DBL), lit(0.0, DBL)], DBL), "NaN"),
        (call(Scalar::IntDiv, vec![lit(-7, BIG), lit(2, BIG)], BIG), "-3"),
        (call(Scalar::IntDiv, vec![lit(1, BIG), lit(0, BIG)], BIG), "NULL"),
        (call(Scalar::Mod, vec![lit(-7, BIG), lit(3, BIG)], BIG), "-1"),
        (call(Scalar::Mod, vec![lit(1, BIG), lit(0, BIG)], BIG), "NULL"),
        (call(Scalar::Gt, vec![lit(f64::NAN, DBL), lit(f64::INFINITY, DBL)], BOOL), "true"),
        (call(Scalar::Eq, vec![lit(f64::NAN, DBL), lit(f64::NAN, DBL)], BOOL), "true"),
        (call(Scalar::And, vec![lit((), BOOL), lit(false, BOOL)], BOOL), "false"),
        (call(Scalar::And, vec![lit((), BOOL), lit(true, BOOL)], BOOL), "NULL"),
        (call(Scalar::Or, vec![lit((), BOOL), lit(true, BOOL)], BOOL), "true"),
        (call(Scalar::Greatest, vec![lit(1, INT), lit((), INT), lit(3, INT)], INT), "3"),
        (call(Scalar::Least, vec![lit("b", TXT), lit("a", TXT), lit((), TXT)], TXT), "a"),
        (call(Scalar::ConcatAll, vec![lit("a", TXT), lit(1, INT), lit((), TXT), lit(true, BOOL)], TXT), "a1true"),
        (call(Scalar::ConcatWs, vec![lit("-", TXT), lit(1, INT), lit((), TXT), lit(2.5, DBL)], TXT), "1-2.5"),
        (call(Scalar::Concat, vec![lit("a", TXT), lit((), TXT)], TXT), "NULL"),
        (expr(ExprKind::InList { input: Box::new(lit("a", TXT)), list: vec![text("b"), NULL] }, BOOL), "NULL"),
        (expr(ExprKind::InList { input: Box::new(lit("b", TXT)), list: vec![text("b"), NULL] }, BOOL), "true"),
        (cast(lit(2.5, DBL), INT), "2"),
        (cast(lit("2.5", TXT), INT), "3"),
        (cast(lit(1e20, DBL), TXT), "1e+20"),
        (call(Scalar::DateTrunc(DatePart::Month), vec![lit(Value::Date(19_782), Type::Date)], Type::Date), "day 19754"),
        (
            call(Scalar::Sub, vec![lit(Value::Date(19_782), Type::Date), lit(Value::Date(19_754), Type::Date)], BIG),
            "28",
        ),
        (call(Scalar::Round, vec![lit(2.5, DBL)], DBL), "3.0"),
        (call(Scalar::Like, vec![lit("notebook", TXT), lit("n_te%k", TXT)], BOOL), "true"),
        (call(Scalar::Pi, vec![], DBL), "3.141592653589793"),
    ] {
        assert_eq!(value_of(given.clone()).unwrap(), wanted, "{given:?}");
    }
}

#[test]
fn a_branch_that_is_not_taken_cannot_fail() {
    // select case when x <> 0 then cast(s as int) else -1 end from (values (0, 'zz'), (1, '7')) t(x, s)
    let cast = || expr(ExprKind::Cast { input: Box::new(col(1, TXT)), lenient: false }, INT);
    let nonzero = || call(Scalar::NotEq, vec![col(0, INT), lit(0, INT)], BOOL);
    let input = || values(0, &[INT, TXT], &[&[int(0), text("zz")], &[int(1), text("7")]]);
    let case = expr(ExprKind::Case { branches: vec![(nonzero(), cast())], otherwise: Box::new(lit(-1, INT)) }, INT);
    assert_eq!(answer(project(input(), vec![(field(10, INT), case)]), &[(10, INT)]), [["-1"], ["7"]]);
    // … where x <> 0 and cast(s as int) > 5
    let both = call(Scalar::And, vec![call(Scalar::Gt, vec![cast(), lit(5, INT)], BOOL), nonzero()], BOOL);
    let plan = Plan::Filter { input: Box::new(input()), predicate: both };
    assert_eq!(answer(plan, &[(1, TXT)]), [["7"]]);
}

#[test]
fn constants_have_as_many_rows_as_the_table() {
    // select 1 from t; select 'x', * from t limit 2 offset 1
    let plan = project(table(), vec![(field(10, INT), lit(1, INT))]);
    assert_eq!(answer(plan, &[(10, INT)]).len(), 5);
    let counted = project(table(), vec![]);
    let plan = grouped(counted, &[], vec![aggregate(Aggregate::CountStar, vec![], BIG)]);
    assert_eq!(answer(plan, &[(20, BIG)]), [["5"]]);
    let limited = Plan::Limit { input: Box::new(table()), offset: 1, limit: Some(2) };
    let plan = project(limited, vec![(field(10, TXT), lit("x", TXT)), (field(11, BIG), col(1, BIG))]);
    assert_eq!(answer(plan, &[(10, TXT), (11, BIG)]), [["x", "NULL"], ["x", "5"]]);
}

#[test]
fn the_first_rows_in_an_order() {
    // select k, v from t order by k desc nulls last, v limit 2 offset 1
    let keys = vec![
        SortKey { expr: col(0, INT), descending: true, nulls_first: false },
        SortKey { expr: col(1, BIG), descending: false, nulls_first: false },
    ];
    let top = |offset, limit| {
        let sort = Plan::Sort { input: Box::new(table()), keys: keys.clone() };
        answer(Plan::Limit { input: Box::new(sort), offset, limit }, &[(0, INT), (1, BIG)])
    };
    assert_eq!(top(1, Some(2)), [["1", "10"], ["1", "NULL"]]);
    assert_eq!(top(1, None), [["1", "10"], ["1", "NULL"], ["NULL", "7"], ["NULL", "NULL"]]);
    assert!(top(9, Some(2)).is_empty() && top(0, Some(0)).is_empty());
    // select 1 from t where false limit 3
    let none = Plan::Filter { input: Box::new(table()), predicate: lit(false, BOOL) };
    assert!(answer(Plan::Limit { input: Box::new(none), offset: 0, limit: Some(3) }, &[(0, INT)]).is_empty());
}

#[test]
fn distinct_union_shared_and_single_rows() {
    let keys = || project(table(), vec![(field(10, INT), col(0, INT))]);
    let distinct = Plan::Distinct { input: Box::new(keys()), on: vec![] };
    assert_eq!(answer(sorted(distinct, &[(10, INT)]), &[(10, INT)]), [["1"], ["2"], ["NULL"]]);
    let on = Plan::Distinct { input: Box::new(table()), on: vec![col(0, INT)] };
    assert_eq!(answer(sorted(on, &[(0, INT)]), &[(0, INT), (2, TXT)]), [["1", "a"], ["2", "a"], ["NULL", "NULL"]]);

    let shared = std::rc::Rc::new(table());
    let use_of = |id: u32| project(Plan::Shared { id: 1, input: shared.clone() }, vec![(field(id, INT), col(0, INT))]);
    let ids = |id| vec![almanac_sql::plan::ColumnId(id)];
    let union =
        Plan::Union { inputs: vec![(use_of(30), ids(30)), (use_of(31), ids(31))], fields: vec![field(40, INT)] };
    assert_eq!(answer(union, &[(40, INT)]).len(), 10);

    let none = Plan::SingleRow { input: Box::new(nothing(table())) };
    assert_eq!(answer(none, &[(0, INT)]), [["NULL"]]);
    let many = Plan::SingleRow { input: Box::new(table()) };
    assert_eq!(run(&mut engine(Vec::new()), &query(many, &[(0, INT)])).unwrap_err().code.0, "more-than-one-row");
}

#[test]
fn a_result_is_a_table_for_the_next_query() {
    let mut engine = engine(Vec::new());
    let result = run(&mut engine, &query(table(), &[(0, INT), (1, BIG), (0, INT)])).unwrap();
    engine.register("Step", &result);
    let columns = almanac_sql::catalog::Catalog::table(&engine, "step").unwrap().columns;
    assert_eq!(columns, [("c0".to_owned(), INT), ("c1".to_owned(), BIG), ("c0_1".to_owned(), INT)]);
    let scan = Plan::Scan { table: "step".into(), columns: vec![("c0_1".into(), field(5, INT))] };
    assert_eq!(rows(&run(&mut engine, &query(scan, &[(5, INT)])).unwrap()), [["1"], ["1"], ["2"], ["NULL"], ["NULL"]]);
}
