//! Joins of every kind against a look at all pairs of rows.

use crate::common::*;
use almanac_engine::Engine;
use almanac_model::{Type, Value};
use almanac_sql::functions::{Aggregate, Scalar};
use almanac_sql::plan::{Expr, JoinKind, Plan};
use proptest::prelude::*;

const KINDS: [JoinKind; 6] =
    [JoinKind::Inner, JoinKind::Left, JoinKind::Right, JoinKind::Full, JoinKind::Semi, JoinKind::Anti];
const KEYS: [Type; 4] = [BIG, TXT, DBL, INT];

type Row = Vec<Value>;

/// Equality of keys in SQL: NaN equals NaN, the zeros are equal, NULL is no more equal than `null_safe` says.
fn equal(a: &Value, b: &Value, null_safe: bool) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => null_safe,
        (Value::Double(a), Value::Double(b)) => a == b || (a.is_nan() && b.is_nan()),
        (a, b) => a == b,
    }
}

/// What a join gives, row by row as text.
fn naive(
    left: &[Row],
    right: &[Row],
    kind: JoinKind,
    keys: usize,
    residual: bool,
    null_safe: bool,
) -> Vec<Vec<String>> {
    let matches = |a: &Row, b: &Row| {
        (0..keys).all(|key| equal(&a[key], &b[key], null_safe))
            && (!residual || matches!((&a[2], &b[2]), (Value::Int(a), Value::Int(b)) if a < b))
    };
    let nulls = vec![Value::Null; 3];
    let mut out: Vec<Row> = Vec::new();
    for a in left {
        let partners: Vec<&Row> = right.iter().filter(|b| matches(a, b)).collect();
        match kind {
            JoinKind::Semi if !partners.is_empty() => out.push(a.clone()),
            JoinKind::Anti if partners.is_empty() => out.push(a.clone()),
            JoinKind::Semi | JoinKind::Anti => {}
            _ => out.extend(partners.iter().map(|b| [a.as_slice(), b.as_slice()].concat())),
        }
        if matches!(kind, JoinKind::Left | JoinKind::Full) && partners.is_empty() {
            out.push([a.as_slice(), nulls.as_slice()].concat());
        }
    }
    if matches!(kind, JoinKind::Right | JoinKind::Full) {
        let alone = right.iter().filter(|b| !left.iter().any(|a| matches(a, b)));
        out.extend(alone.map(|b| [nulls.as_slice(), b.as_slice()].concat()));
    }
    let shown = |value: &Value| match value {
        Value::Null => "NULL".to_owned(),
        Value::Int(n) => n.to_string(),
        Value::Double(x) => format!("{x:?}"),
        Value::Text(text) => text.clone(),
        other => format!("{other:?}"),
    };
    let mut out: Vec<Vec<String>> = out.iter().map(|row| row.iter().map(shown).collect()).collect();
    out.sort();
    out
}

fn side(first: u32, types: &[Type], rows: &[Row]) -> Plan {
    values(first, types, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn key(ty: Type) -> BoxedStrategy<Value> {
    let some = match ty {
        Type::Varchar => {
            prop::sample::select(vec!["", "a", "b", "a text that is longer than twelve bytes"]).prop_map(text).boxed()
        }
        Type::Double => {
            prop::sample::select(vec![0.0, -0.0, f64::NAN, 1.5, f64::INFINITY]).prop_map(Value::Double).boxed()
        }
        Type::Integer => (-2_i64..3).prop_map(Value::Int).boxed(),
        _ => prop::sample::select(vec![i64::MIN, -1, 0, 1, 2, 70, 1 << 40, i64::MAX]).prop_map(Value::Int).boxed(),
    };
    prop_oneof![4 => some, 1 => Just(Value::Null)].boxed()
}

fn rows_of(types: [Type; 2]) -> impl Strategy<Value = Vec<Row>> {
    let row = (key(types[0]), key(types[1]), key(INT)).prop_map(|(a, b, c)| vec![a, b, c]);
    prop::collection::vec(row, 0..9)
}

fn case() -> impl Strategy<Value = ([Type; 2], Vec<Row>, Vec<Row>)> {
    let types = (prop::sample::select(&KEYS[..]), prop::sample::select(&KEYS[..])).prop_map(|(a, b)| [a, b]);
    types.prop_flat_map(|types| (Just(types), rows_of(types), rows_of(types)))
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn joins_give_what_a_look_at_all_pairs_gives(
        (types, left, right) in case(),
        kind in prop::sample::select(&KINDS[..]),
        keys in 0_usize..3,
        residual in any::<bool>(),
        null_safe in any::<bool>(),
    ) {
        let all = [types[0], types[1], INT];
        let on: Vec<(Expr, Expr)> =
            (0..keys).map(|at| (col(at as u32, all[at]), col(10 + at as u32, all[at]))).collect();
        let plan = Plan::Join {
            left: Box::new(side(0, &all, &left)),
            right: Box::new(side(10, &all, &right)),
            kind,
            on,
            residual: residual.then(|| call(Scalar::Lt, vec![col(2, INT), col(12, INT)], BOOL)),
            null_safe,
        };
        let mut output: Vec<(u32, Type)> = (0..3).zip(all).collect();
        if !matches!(kind, JoinKind::Semi | JoinKind::Anti) {
            output.extend((10..13).zip(all));
        }
        let mut found = answer(plan, &output);
        found.sort();
        prop_assert_eq!(found, naive(&left, &right, kind, keys, residual, null_safe));
    }
}

/// A table of keys and their numbers, and a plan that reads only some of its rows: the other side of a join is told which keys
/// these have.
fn some(engine: &mut Engine, table: &str, first: u32, keys: &[Value], at_least: i64) -> Plan {
    let rows: Vec<Row> = keys.iter().zip(0..).map(|(key, n)| vec![key.clone(), int(n)]).collect();
    let made = run(engine, &query(side(0, &[BIG, INT], &rows), &[(0, BIG), (1, INT)])).unwrap();
    engine.register(table, &made);
    let columns = vec![("c0".to_owned(), field(first, BIG)), ("c1".to_owned(), field(first + 1, INT))];
    Plan::Filter {
        input: Box::new(Plan::Scan { table: table.to_owned(), columns }),
        predicate: call(Scalar::GtEq, vec![col(first + 1, INT), lit(at_least, INT)], BOOL),
    }
}

#[test]
fn what_one_side_tells_the_other_drops_no_row_that_counts() {
    let ones: Vec<Value> = (0..40).map(|n| if n % 5 == 0 { NULL } else { int(n % 20) }).collect();
    let others: Vec<Value> = (0..300).map(|n| if n % 7 == 0 { NULL } else { int(n % 60) }).collect();
    let mut engine = engine(Vec::new());
    let few = some(&mut engine, "few", 0, &ones, 33);
    let many = Plan::Aggregate {
        input: Box::new(some(&mut engine, "many", 10, &others, 5)),
        keys: vec![(field(20, BIG), col(10, BIG))],
        aggregates: vec![(field(21, BIG), aggregate(Aggregate::CountStar, vec![], BIG))],
    };
    for kind in KINDS {
        for swapped in [false, true] {
            let (left, right, on) = if swapped {
                (&many, &few, (col(20, BIG), col(0, BIG)))
            } else {
                (&few, &many, (col(0, BIG), col(20, BIG)))
            };
            let left_only = matches!(kind, JoinKind::Semi | JoinKind::Anti);
            let columns = match (left_only, swapped) {
                (true, false) => vec![(0, BIG), (1, INT)],
                (true, true) => vec![(20, BIG), (21, BIG)],
                (false, _) => vec![(0, BIG), (1, INT), (20, BIG), (21, BIG)],
            };
            let mut sorted = |wrap: fn(Plan) -> Plan| {
                let plan = Plan::Join {
                    left: Box::new(wrap(left.clone())),
                    right: Box::new(wrap(right.clone())),
                    kind,
                    on: vec![on.clone()],
                    residual: None,
                    null_safe: false,
                };
                let mut rows = rows(&run(&mut engine, &query(plan, &columns)).unwrap());
                rows.sort();
                rows
            };
            // Nothing is told through a limit, and this one cuts nothing off.
            let told = sorted(|plan| plan);
            assert_eq!(told, sorted(|plan| Plan::Limit { input: Box::new(plan), offset: 0, limit: Some(1000) }));
            assert!(!told.is_empty(), "{kind:?} {swapped}");
        }
    }
}
