//! Random expressions as text, of a type each. All are total: none overflows, none fails to convert.

use proptest::prelude::*;
use proptest::strategy::Union;

/// The types that expressions are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Double,
    Text,
    Date,
    Bool,
}

/// What an expression may be made of: texts with their types.
pub(crate) type Leaves = Vec<(String, Kind)>;

/// The columns of the tables of these names.
pub(crate) fn columns(aliases: &[&str]) -> Leaves {
    let own = [
        ("k", Kind::Int),
        ("i", Kind::Int),
        ("d", Kind::Double),
        ("s", Kind::Text),
        ("day", Kind::Date),
        ("ok", Kind::Bool),
    ];
    aliases.iter().flat_map(|alias| own.map(|(name, kind)| (format!("{alias}.{name}"), kind))).collect()
}

/// One of the types.
pub(crate) const KINDS: [Kind; 5] = [Kind::Int, Kind::Double, Kind::Text, Kind::Date, Kind::Bool];

const LITERALS: [(Kind, &[&str]); 5] = [
    (Kind::Int, &["0", "1", "-1", "2", "7", "null::integer"]),
    (Kind::Double, &["0.0", "1.5", "-2.25", "null::double"]),
    (Kind::Text, &["''", "'a'", "'ä'", "'a%'", "null::varchar"]),
    (Kind::Date, &["date '2024-02-29'", "date '1970-01-01'", "null::date"]),
    (Kind::Bool, &["true", "false", "null::boolean"]),
];

/// Expressions of a type, up to `depth` operators deep.
pub(crate) fn expression(kind: Kind, leaves: &Leaves, depth: u32) -> BoxedStrategy<String> {
    let leaf = leaf(kind, leaves);
    if depth == 0 {
        return leaf;
    }
    let of = |kind| expression(kind, leaves, depth - 1);
    let same = || of(kind);
    let choice = (of(Kind::Bool), same(), same()).prop_map(|(a, b, c)| format!("case when {a} then {b} else {c} end"));
    let either = (same(), same()).prop_map(|(a, b)| format!("coalesce({a}, {b})"));
    let unless = (same(), same()).prop_map(|(a, b)| format!("nullif({a}, {b})"));
    let of_any = Union::new([choice.boxed(), either.boxed(), unless.boxed()]).boxed();
    let own = match kind {
        Kind::Int => whole(leaves, depth),
        Kind::Double => {
            let signs = prop::sample::select(&["+", "-", "*", "/"][..]);
            (of(Kind::Double), signs, of(Kind::Double)).prop_map(|(a, sign, b)| format!("({a} {sign} {b})")).boxed()
        }
        Kind::Text => text(leaves, depth),
        Kind::Date => {
            let moved = (of(Kind::Date), -40_i32..400).prop_map(|(a, days)| format!("({a} + {days})"));
            let start = of(Kind::Date).prop_map(|a| format!("date_trunc('month', {a})::date"));
            Union::new([moved.boxed(), start.boxed()]).boxed()
        }
        Kind::Bool => condition(leaves, depth),
    };
    prop_oneof![2 => leaf, 4 => own, 1 => of_any].boxed()
}

/// An expression of any type.
pub(crate) fn any_expression(leaves: &Leaves, depth: u32) -> BoxedStrategy<String> {
    Union::new(KINDS.map(|kind| expression(kind, leaves, depth))).boxed()
}

/// What rows may be grouped by: something of the tables, as a bare number is a position, and no subquery.
pub(crate) fn key() -> impl Strategy<Value = String> {
    let of_a_table = |text: &String| (text.contains("t.") || text.contains("u.")) && !text.contains("select");
    any_expression(&columns(&["t", "u"]), 2).prop_filter("a key of a table", of_a_table)
}

fn leaf(kind: Kind, leaves: &Leaves) -> BoxedStrategy<String> {
    let own: Vec<String> = leaves.iter().filter(|(_, ty)| *ty == kind).map(|(text, _)| text.clone()).collect();
    let literals = LITERALS.iter().find(|(ty, _)| *ty == kind).map_or(&[][..], |(_, texts)| *texts);
    let literal = prop::sample::select(literals).prop_map(str::to_owned);
    if own.is_empty() { literal.boxed() } else { prop_oneof![4 => prop::sample::select(own), 1 => literal].boxed() }
}

fn whole(leaves: &Leaves, depth: u32) -> BoxedStrategy<String> {
    let of = |kind| expression(kind, leaves, depth - 1);
    let signs = prop::sample::select(&["+", "-", "//", "%"][..]);
    let pair = (of(Kind::Int), signs, of(Kind::Int)).prop_map(|(a, sign, b)| format!("({a} {sign} {b})"));
    let tripled = of(Kind::Int).prop_map(|a| format!("({a} * 3)"));
    let length = of(Kind::Text).prop_map(|a| format!("length({a})"));
    let year = of(Kind::Date).prop_map(|a| format!("year({a})"));
    let size = of(Kind::Int).prop_map(|a| format!("abs({a})"));
    prop_oneof![3 => pair, 1 => tripled, 1 => length, 1 => year, 1 => size].boxed()
}

fn text(leaves: &Leaves, depth: u32) -> BoxedStrategy<String> {
    let of = |kind| expression(kind, leaves, depth - 1);
    let joined = (of(Kind::Text), of(Kind::Text)).prop_map(|(a, b)| format!("({a} || {b})"));
    let cased = of(Kind::Text).prop_map(|a| format!("upper({a})"));
    let part = (of(Kind::Text), -2_i32..4).prop_map(|(a, from)| format!("substring({a}, {from}, 2)"));
    let number = of(Kind::Int).prop_map(|a| format!("({a})::varchar"));
    Union::new([joined.boxed(), cased.boxed(), part.boxed(), number.boxed()]).boxed()
}

/// Truth values: comparisons, tests for NULL, ranges, lists, patterns, and what AND, OR and NOT make of them.
fn condition(leaves: &Leaves, depth: u32) -> BoxedStrategy<String> {
    let of = |kind| expression(kind, leaves, depth - 1);
    let mut all = Vec::new();
    for kind in KINDS {
        let signs = prop::sample::select(
            &["=", "<>", "<", "<=", ">", ">=", "is distinct from", "is not distinct from", "=", "<"][..],
        );
        all.push((2, (of(kind), signs, of(kind)).prop_map(|(a, sign, b)| format!("({a} {sign} {b})")).boxed()));
        all.push((1, of(kind).prop_map(|a| format!("(({a}) is null)")).boxed()));
    }
    let range = (of(Kind::Int), of(Kind::Int), of(Kind::Int), any::<bool>())
        .prop_map(|(a, low, high, no)| format!("({a} {}between {low} and {high})", if no { "not " } else { "" }));
    let list = (of(Kind::Text), prop::collection::vec(of(Kind::Text), 1..4), any::<bool>())
        .prop_map(|(a, list, no)| format!("({a} {}in ({}))", if no { "not " } else { "" }, list.join(", ")));
    let patterns = prop::sample::select(&["%a%", "_", "", "a%", "%", "b\\%"][..]);
    let like = (of(Kind::Text), patterns).prop_map(|(a, pattern)| format!("({a} like '{pattern}')"));
    let words = prop::sample::select(&["and", "or"][..]);
    let both = (of(Kind::Bool), words, of(Kind::Bool)).prop_map(|(a, word, b)| format!("({a} {word} {b})"));
    let not = of(Kind::Bool).prop_map(|a| format!("(not ({a}))"));
    let known = (of(Kind::Bool), any::<bool>()).prop_map(|(a, truth)| format!("(({a}) is {truth})"));
    all.push((2, range.boxed()));
    all.push((2, list.boxed()));
    all.push((2, like.boxed()));
    all.push((5, both.boxed()));
    all.push((2, not.boxed()));
    all.push((1, known.boxed()));
    // A subquery may not name aggregates, windows or keys: only plain columns are compared with what is inside.
    if leaves.iter().all(|(text, _)| !text.contains('(')) && depth > 1 {
        all.push((2, subquery(leaves).boxed()));
    }
    Union::new_weighted(all).boxed()
}

/// Looks into `u`, also from where `u` is among the tables around.
fn subquery(leaves: &Leaves) -> impl Strategy<Value = String> + use<> {
    let inner: Leaves = vec![("w.i".into(), Kind::Int), ("w.s".into(), Kind::Text), ("w.ok".into(), Kind::Bool)];
    let filter = leaf(Kind::Bool, &inner);
    (leaf(Kind::Int, leaves), filter, 0..5_u8).prop_map(|(a, filter, shape)| match shape {
        0 => format!("({a} in (select w.k from u w where {filter}))"),
        1 => format!("({a} not in (select w.k from u w where {filter}))"),
        2 => format!("exists (select 1 from u w where w.k = {a} and {filter})"),
        3 => format!("not exists (select 1 from u w where w.k = {a} and {filter})"),
        _ => format!("({a} <= (select max(w.i) from u w where w.k = {a}))"),
    })
}

/// What a FROM clause may be, over `t` and `u`, and the names it makes visible.
pub(crate) fn sources() -> BoxedStrategy<String> {
    let both = columns(&["t", "u"]);
    let kinds = prop::sample::select(&["join", "left join", "right join", "full join"][..]);
    let keys = prop::sample::select(&["t.k = u.k", "t.s = u.s", "t.day = u.day and t.k = u.k", "t.i < u.i"][..]);
    let keyed = (kinds.clone(), keys).prop_map(|(kind, on)| format!("t {kind} u on {on}"));
    let more =
        (kinds, expression(Kind::Bool, &both, 1)).prop_map(|(kind, on)| format!("t {kind} u on t.k = u.k and {on}"));
    prop_oneof![
        2 => Just("t left join (select * from u where false) u on true".to_owned()),
        1 => Just("t cross join u".to_owned()),
        4 => keyed,
        3 => more,
    ]
    .boxed()
}
