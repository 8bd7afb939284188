//! Window functions in plans written by hand, against answers DuckDB 1.4.4 printed; the SQL is beside each.

use almanac_model::{Interval, Type, Value};
use almanac_sql::functions::{Aggregate, Window};
use almanac_sql::plan::{Exclude, Field, Frame, FrameBound, FrameUnit, Plan, SortKey, WindowCall, WindowFunction};

use crate::common::*;

/// `t(i, g, v)` as columns 0, 1, 2.
fn windowed(calls: Vec<WindowCall>) -> Vec<Vec<String>> {
    let input = values(
        0,
        &[INT, TXT, INT],
        &[
            &[int(1), text("p"), int(1)],
            &[int(2), text("p"), int(2)],
            &[int(3), text("p"), int(2)],
            &[int(4), text("p"), NULL],
            &[int(5), text("q"), int(9)],
        ],
    );
    let mut out = vec![(0, INT)];
    out.extend(calls.iter().enumerate().map(|(at, call)| (10 + at as u32, call.ty)));
    let columns: Vec<(Field, WindowCall)> =
        calls.into_iter().enumerate().map(|(at, call)| (field(10 + at as u32, call.ty), call)).collect();
    answer(sorted(Plan::Window { input: Box::new(input), columns }, &[(0, INT)]), &out)
}

fn over(
    function: WindowFunction,
    args: Vec<almanac_sql::plan::Expr>,
    by: bool,
    order: Option<u32>,
    ty: Type,
) -> WindowCall {
    WindowCall {
        function,
        args,
        partition_by: if by { vec![col(1, TXT)] } else { vec![] },
        order_by: order
            .map(|id| SortKey { expr: col(id, INT), descending: false, nulls_first: false })
            .into_iter()
            .collect(),
        within: vec![],
        frame: Frame {
            unit: FrameUnit::Range,
            start: FrameBound::UnboundedPreceding,
            end: if order.is_some() { FrameBound::CurrentRow } else { FrameBound::UnboundedFollowing },
            exclude: Exclude::NoOthers,
        },
        filter: None,
        distinct: false,
        ignore_nulls: false,
        ty,
    }
}

fn framed(call: WindowCall, unit: FrameUnit, start: FrameBound, end: FrameBound) -> WindowCall {
    WindowCall { frame: Frame { unit, start, end, exclude: Exclude::NoOthers }, ..call }
}

#[test]
fn ranks() {
    let rank = |function, ty| over(WindowFunction::Window(function), vec![], true, Some(2), ty);
    let rows = windowed(vec![
        rank(Window::RowNumber, BIG),
        rank(Window::Rank, BIG),
        rank(Window::DenseRank, BIG),
        rank(Window::PercentRank, DBL),
        rank(Window::CumeDist, DBL),
        over(WindowFunction::Window(Window::Ntile), vec![lit(2, BIG)], true, Some(2), BIG),
    ]);
    assert_eq!(
        rows,
        [
            ["1", "1", "1", "1", "0.0", "0.25", "1"],
            ["2", "2", "2", "2", "0.3333333333333333", "0.75", "1"],
            ["3", "3", "2", "2", "0.3333333333333333", "0.75", "2"],
            ["4", "4", "4", "3", "1.0", "1.0", "2"],
            ["5", "1", "1", "1", "0.0", "1.0", "1"],
        ]
    );
}

#[test]
fn aggregates_over_frames() {
    let sum = |by, order| over(WindowFunction::Aggregate(Aggregate::Sum), vec![col(2, INT)], by, order, BIG);
    let before = |n: i64| FrameBound::Preceding(int(n));
    let after = |n: i64| FrameBound::Following(int(n));
    let rows = windowed(vec![
        framed(sum(true, Some(0)), FrameUnit::Rows, before(1), FrameBound::CurrentRow),
        sum(false, Some(0)),
        framed(
            over(WindowFunction::Aggregate(Aggregate::CountStar), vec![], false, Some(2), BIG),
            FrameUnit::Range,
            before(1),
            after(1),
        ),
        over(WindowFunction::Aggregate(Aggregate::Avg), vec![col(2, INT)], true, None, DBL),
        framed(
            over(WindowFunction::Aggregate(Aggregate::Max), vec![col(2, INT)], false, Some(0), INT),
            FrameUnit::Rows,
            after(1),
            after(2),
        ),
        framed(sum(false, Some(2)), FrameUnit::Groups, before(1), FrameBound::CurrentRow),
    ]);
    assert_eq!(
        rows,
        [
            ["1", "1", "1", "3", "1.6666666666666667", "2", "1"],
            ["2", "3", "3", "3", "1.6666666666666667", "2", "5"],
            ["3", "4", "5", "3", "1.6666666666666667", "9", "5"],
            ["4", "2", "5", "1", "1.6666666666666667", "9", "9"],
            ["5", "9", "14", "1", "9.0", "NULL", "13"],
        ]
    );
}

#[test]
fn values_of_other_rows() {
    let value = |function, args, by, order| over(WindowFunction::Window(function), args, by, order, INT);
    let whole = |call| framed(call, FrameUnit::Rows, FrameBound::UnboundedPreceding, FrameBound::UnboundedFollowing);
    let rows = windowed(vec![
        value(Window::Lag, vec![col(2, INT)], false, Some(0)),
        value(Window::Lead, vec![col(2, INT), lit(2, BIG), lit(-1, INT)], false, Some(0)),
        WindowCall { ignore_nulls: true, ..value(Window::Lag, vec![col(2, INT)], false, Some(0)) },
        value(Window::FirstValue, vec![col(2, INT)], true, Some(0)),
        WindowCall { ignore_nulls: true, ..whole(value(Window::LastValue, vec![col(2, INT)], false, Some(0))) },
        value(Window::NthValue, vec![col(0, INT), lit(2, BIG)], true, Some(0)),
    ]);
    assert_eq!(
        rows,
        [
            ["1", "NULL", "2", "NULL", "1", "9", "NULL"],
            ["2", "1", "NULL", "1", "1", "9", "2"],
            ["3", "2", "9", "2", "1", "9", "2"],
            ["4", "2", "-1", "2", "1", "9", "2"],
            ["5", "NULL", "-1", "2", "9", "9", "NULL"],
        ]
    );
}

#[test]
fn range_frames_of_months() {
    let input = values(
        0,
        &[Type::Date, INT],
        &[&[Value::Date(19_753), int(1)], &[Value::Date(19_782), int(2)], &[Value::Date(19_812), int(4)]],
    );
    let month = Value::Interval(Interval { months: 1, days: 0, micros: 0 });
    let call = WindowCall {
        function: WindowFunction::Aggregate(Aggregate::Sum),
        args: vec![col(1, INT)],
        partition_by: vec![],
        order_by: vec![SortKey { expr: col(0, Type::Date), descending: false, nulls_first: false }],
        within: vec![],
        frame: Frame {
            unit: FrameUnit::Range,
            start: FrameBound::Preceding(month),
            end: FrameBound::CurrentRow,
            exclude: Exclude::NoOthers,
        },
        filter: None,
        distinct: false,
        ignore_nulls: false,
        ty: BIG,
    };
    let plan = Plan::Window { input: Box::new(input), columns: vec![(field(10, BIG), call)] };
    assert_eq!(answer(plan, &[(10, BIG)]), [["1"], ["3"], ["6"]]);
}
