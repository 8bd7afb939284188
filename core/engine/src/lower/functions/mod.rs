//! Every scalar function and operator of the registry, lowered. The match has no wildcard: a new function does not compile until
//! it is here.

mod accents;
pub(crate) mod aggregate;
mod arithmetic;
pub(crate) mod cast;
mod coding;
mod compare;
mod date;
mod formatted;
pub(crate) mod lambda;
mod list;
pub(crate) mod membership;
mod number;
mod pattern;
mod regexp;
mod shown;
mod similarity;
mod special;
mod text;
pub(crate) mod window;

use almanac_model::{Span, Type, Value};
use almanac_sql::functions::{Nested, Scalar};
use almanac_sql::plan::{Expr, ExprKind};
use polars_lazy::dsl::{self, Expr as Lazy};

use self::coding::Hash;
use self::formatted::Style;
use self::regexp::Match;
use super::call::{Answer, Call};
use super::expr::{Expressions, can_fail as expr_can_fail};
use polars_core::prelude::Column;

/// Whether a function can refuse a value; arithmetic can over integers only.
pub(crate) fn can_fail(function: Scalar) -> bool {
    !matches!(
        function,
        Scalar::Eq
            | Scalar::NotEq
            | Scalar::Lt
            | Scalar::LtEq
            | Scalar::Gt
            | Scalar::GtEq
            | Scalar::IsDistinctFrom
            | Scalar::IsNotDistinctFrom
            | Scalar::IsNull
            | Scalar::IsNotNull
            | Scalar::And
            | Scalar::Or
            | Scalar::Not
            | Scalar::Coalesce
            | Scalar::Greatest
            | Scalar::Least
            | Scalar::Upper
            | Scalar::Lower
            | Scalar::Length
            | Scalar::Concat
            | Scalar::ConcatAll
            | Scalar::Substring
            | Scalar::StartsWith
            | Scalar::EndsWith
            | Scalar::Contains
            | Scalar::DatePart(_)
            | Scalar::DateTrunc(_)
            | Scalar::DateDiff(_)
    )
}

/// The expression with no places in the SQL text, to tell equal ones; not to be computed. Doubles stand there by their bits: NaN
/// is no other than itself, and the two zeros are not the same divisor.
pub(crate) fn without_places(expr: &Expr) -> Expr {
    let kind = match &expr.kind {
        ExprKind::Column(id) => ExprKind::Column(*id),
        ExprKind::Literal(Value::Double(x)) => ExprKind::Literal(Value::Int(x.to_bits().cast_signed())),
        ExprKind::Literal(_) | ExprKind::Element(_) => expr.kind.clone(),
        ExprKind::Call(function, args) => ExprKind::Call(*function, args.iter().map(without_places).collect()),
        ExprKind::Cast { input, lenient } => {
            ExprKind::Cast { input: Box::new(without_places(input)), lenient: *lenient }
        }
        ExprKind::Case { branches, otherwise } => ExprKind::Case {
            branches: branches.iter().map(|(when, then)| (without_places(when), without_places(then))).collect(),
            otherwise: Box::new(without_places(otherwise)),
        },
        ExprKind::InList { input, list } => {
            ExprKind::InList { input: Box::new(without_places(input)), list: list.clone() }
        }
    };
    Expr { kind, ty: expr.ty, span: Span::default() }
}

/// One function call in Polars.
pub(crate) fn scalar(to: &Expressions, function: Scalar, args: &[Expr], expr: &Expr, guard: Option<&Lazy>) -> Lazy {
    match function {
        Scalar::And => return conjunction(to, args, guard),
        Scalar::Coalesce => return coalesce(to, args, guard),
        Scalar::Nested(function @ (Nested::Transform(_) | Nested::Filter(_) | Nested::Reduce(_))) => {
            return lambda::lowered(to, function, args, expr, guard);
        }
        _ => {}
    }
    let lowered: Vec<Lazy> = args.iter().map(|arg| to.guarded(arg, guard)).collect();
    let types: Vec<Type> = args.iter().map(|arg| arg.ty).collect();
    if let Some(native) = native(function, &lowered, &types) {
        return native;
    }
    // The guard is only worth its evaluation where the function itself can refuse.
    let guard = if can_fail(function) { guard } else { None };
    to.function(expr, lowered, guard, move |call| kernel(function, call, &types))
}

/// What Polars does exactly as SQL wants it.
fn native(function: Scalar, args: &[Lazy], types: &[Type]) -> Option<Lazy> {
    let unary = || args.first().cloned();
    let pair = || args.first().cloned().zip(args.get(1).cloned());
    let plain = types.iter().all(|ty| *ty != Type::Interval);
    let doubles = types.iter().all(|ty| *ty == Type::Double);
    match function {
        Scalar::Eq if plain => pair().map(|(a, b)| a.eq(b)),
        Scalar::NotEq if plain => pair().map(|(a, b)| a.neq(b)),
        Scalar::Lt if plain => pair().map(|(a, b)| a.lt(b)),
        Scalar::LtEq if plain => pair().map(|(a, b)| a.lt_eq(b)),
        Scalar::Gt if plain => pair().map(|(a, b)| a.gt(b)),
        Scalar::GtEq if plain => pair().map(|(a, b)| a.gt_eq(b)),
        Scalar::Or => args.iter().cloned().reduce(Lazy::or),
        Scalar::Not => unary().map(Lazy::not),
        Scalar::IsNull => unary().map(Lazy::is_null),
        Scalar::IsNotNull => unary().map(Lazy::is_not_null),
        Scalar::Add if doubles => pair().map(|(a, b)| a + b),
        Scalar::Sub if doubles => pair().map(|(a, b)| a - b),
        Scalar::Mul if doubles => pair().map(|(a, b)| a * b),
        // By zero infinite or NaN, as DuckDB 1.4 has it.
        Scalar::Div if doubles => pair().map(|(a, b)| a / b),
        _ => None,
    }
}

/// AND: parts that can refuse a value are only asked where the others are not false.
fn conjunction(to: &Expressions, args: &[Expr], guard: Option<&Lazy>) -> Lazy {
    let (risky, safe): (Vec<&Expr>, Vec<&Expr>) = args.iter().partition(|arg| expr_can_fail(arg));
    let safe: Option<Lazy> = safe.into_iter().map(|arg| to.guarded(arg, guard)).reduce(Lazy::and);
    let held = safe.clone().map(|safe| safe.fill_null(dsl::lit(true)));
    let inside = match (guard, held) {
        (Some(guard), Some(held)) => Some(guard.clone().and(held)),
        (Some(guard), None) => Some(guard.clone()),
        (None, held) => held,
    };
    let risky = risky.into_iter().map(|arg| to.guarded(arg, inside.as_ref()));
    safe.into_iter().chain(risky).reduce(Lazy::and).unwrap_or_else(|| dsl::lit(true))
}

/// COALESCE: a later argument is not asked where an earlier one has a value.
fn coalesce(to: &Expressions, args: &[Expr], guard: Option<&Lazy>) -> Lazy {
    let Some((first, rest)) = args.split_first() else { return super::expr::null(Type::Null) };
    let value = to.guarded(first, guard);
    if rest.is_empty() {
        return value;
    }
    let missing = value.clone().is_null();
    let inside = if rest.iter().any(expr_can_fail) {
        Some(guard.map_or_else(|| missing.clone(), |guard| guard.clone().and(missing.clone())))
    } else {
        guard.cloned()
    };
    let otherwise = coalesce(to, rest, inside.as_ref());
    dsl::ternary_expr(missing, otherwise, value)
}

/// Column functions.
fn kernel(function: Scalar, call: &Call<'_>, types: &[Type]) -> Answer<Column> {
    let ty = |at: usize| types.get(at).copied().unwrap_or(Type::Null);
    match function {
        Scalar::Add => arithmetic::add(call, types),
        Scalar::Sub => arithmetic::subtract(call, types),
        Scalar::Mul => arithmetic::multiply(call, types),
        Scalar::Div => arithmetic::divide(call, types),
        Scalar::IntDiv => arithmetic::whole_divide(call, types),
        Scalar::Mod => arithmetic::modulo(call, types),
        Scalar::Neg => arithmetic::negate(call, types),
        Scalar::Pow => number::double_binary(call, f64::powf),
        Scalar::BitAnd => number::bits(call, |a, b| Some(a & b)),
        Scalar::BitOr => number::bits(call, |a, b| Some(a | b)),
        Scalar::BitXor => number::bits(call, |a, b| Some(a ^ b)),
        Scalar::BitNot => number::whole_unary(call, "~", |n| Some(!n)),
        Scalar::ShiftLeft => number::bits(call, number::shift_left),
        Scalar::ShiftRight => number::bits(call, number::shift_right),
        Scalar::Eq
        | Scalar::NotEq
        | Scalar::Lt
        | Scalar::LtEq
        | Scalar::Gt
        | Scalar::GtEq
        | Scalar::IsDistinctFrom
        | Scalar::IsNotDistinctFrom => compare::compare(call, function),
        Scalar::IsNull => compare::is_null(call, true),
        Scalar::IsNotNull => compare::is_null(call, false),
        Scalar::And => compare::logic(call, true),
        Scalar::Or => compare::logic(call, false),
        Scalar::Not => compare::not(call),
        Scalar::OneRow => compare::one_row(call),
        Scalar::Coalesce => compare::chosen(call, None),
        Scalar::Greatest => compare::chosen(call, Some(true)),
        Scalar::Least => compare::chosen(call, Some(false)),
        Scalar::ConstantOrNull => compare::constant_or_null(call),
        Scalar::Abs if ty(0) == Type::Double => number::double_unary(call, f64::abs),
        Scalar::Abs => number::whole_unary(call, "abs", i64::checked_abs),
        Scalar::Sign => number::sign(call),
        Scalar::Ceil => number::double_unary(call, f64::ceil),
        Scalar::Floor => number::double_unary(call, f64::floor),
        Scalar::Round if ty(0) == Type::Double => number::round(call),
        Scalar::Round => number::round_whole(call),
        Scalar::Trunc if ty(0) == Type::Double => special::trunc(call),
        Scalar::Trunc => special::trunc_whole(call),
        Scalar::RoundEven => special::round_even(call),
        Scalar::FloorDiv => number::double_binary(call, |a, b| (a / b).floor()),
        Scalar::FloorMod => number::double_binary(call, special::floor_mod),
        Scalar::SignBit => number::test(call, |x| x.is_sign_negative() && !x.is_nan()),
        Scalar::NextAfter => number::double_binary(call, special::next_after),
        Scalar::ToBase => special::to_base(call),
        Scalar::Bin => coding::digits(call, true),
        Scalar::Hex => coding::digits(call, false),
        Scalar::FormatBytes => shown::format_bytes(call, false),
        Scalar::FormatBytesDecimal => shown::format_bytes(call, true),
        Scalar::Bar => shown::bar(call),
        Scalar::Sqrt => number::double_within(
            call,
            |x| if x < 0.0 { Err("cannot take the square root of a negative number") } else { Ok(()) },
            f64::sqrt,
        ),
        Scalar::Cbrt => number::double_unary(call, f64::cbrt),
        Scalar::Exp => number::double_unary(call, f64::exp),
        Scalar::Ln => number::logarithm(call, f64::ln),
        Scalar::Log10 => number::logarithm(call, f64::log10),
        Scalar::Log2 => number::logarithm(call, f64::log2),
        Scalar::Log => number::logarithm_to_base(call),
        Scalar::Pi => call.doubles(|_| Ok(Some(std::f64::consts::PI))),
        Scalar::Sin => number::double_unary(call, f64::sin),
        Scalar::Cos => number::double_unary(call, f64::cos),
        Scalar::Tan => number::double_unary(call, f64::tan),
        Scalar::Cot => number::double_unary(call, |x| 1.0 / x.tan()),
        Scalar::Asin => number::double_within(call, number::within_one, f64::asin),
        Scalar::Acos => number::double_within(call, number::within_one, f64::acos),
        Scalar::Atan => number::double_unary(call, f64::atan),
        Scalar::Sinh => number::double_unary(call, f64::sinh),
        Scalar::Cosh => number::double_unary(call, f64::cosh),
        Scalar::Tanh => number::double_unary(call, f64::tanh),
        Scalar::Asinh => number::double_unary(call, f64::asinh),
        Scalar::Acosh => number::double_unary(call, f64::acosh),
        Scalar::Atanh => number::double_within(call, special::within_tanh, f64::atanh),
        Scalar::Gamma => special::gamma(call),
        Scalar::LogGamma => special::log_gamma(call),
        Scalar::Atan2 => number::double_binary(call, f64::atan2),
        Scalar::Degrees => number::double_unary(call, f64::to_degrees),
        Scalar::Radians => number::double_unary(call, f64::to_radians),
        Scalar::Gcd => number::bits(call, number::gcd),
        Scalar::Lcm => number::bits(call, number::lcm),
        Scalar::Factorial => number::whole_unary(call, "factorial", number::factorial),
        Scalar::Even => number::double_unary(call, number::even),
        Scalar::IsNan => number::test(call, f64::is_nan),
        // Our dates and timestamps are never infinite.
        Scalar::IsInf if ty(0) == Type::Double => number::test(call, f64::is_infinite),
        Scalar::IsInf => compare::constant_unless_null(call, false),
        Scalar::IsFinite if ty(0) == Type::Double => number::test(call, f64::is_finite),
        Scalar::IsFinite => compare::constant_unless_null(call, true),
        Scalar::BitCount if ty(0) == Type::Integer => {
            number::whole_unary(call, "bit_count", |n| Some(i64::from((n as u32).count_ones())))
        }
        Scalar::BitCount => number::whole_unary(call, "bit_count", |n| Some(i64::from(n.count_ones()))),
        Scalar::Concat => text::joined(call),
        Scalar::ConcatAll => text::concat(call, types),
        Scalar::ConcatWs => text::concat_ws(call, types),
        Scalar::Length => text::measure(call, |text| text.chars().count() as i64),
        Scalar::Strlen => text::measure(call, |text| text.len() as i64),
        Scalar::BitLength => text::measure(call, |text| text.len() as i64 * 8),
        Scalar::Upper => text::unary(call, text::upper),
        Scalar::Lower => text::unary(call, text::lower),
        Scalar::Trim => text::trim(call, text::Side::Both),
        Scalar::LTrim => text::trim(call, text::Side::Left),
        Scalar::RTrim => text::trim(call, text::Side::Right),
        Scalar::Substring => text::substrings(call),
        Scalar::Left => text::with_number(call, text::left),
        Scalar::Right => text::with_number(call, text::right),
        Scalar::Replace => text::replace(call),
        Scalar::Reverse => text::unary(call, text::reversed),
        Scalar::Repeat => text::repeat(call),
        Scalar::LPad => text::pad(call, true),
        Scalar::RPad => text::pad(call, false),
        Scalar::StrPos => text::compare(call, text::position),
        Scalar::SplitPart => text::split_part(call),
        Scalar::StartsWith => text::test(call, |a, b| a.starts_with(b)),
        Scalar::EndsWith => text::test(call, |a, b| a.ends_with(b)),
        Scalar::Contains => text::test(call, |a, b| a.contains(b)),
        Scalar::Ascii => text::measure(call, |text| text.chars().next().map_or(0, |c| i64::from(u32::from(c)))),
        Scalar::Chr => text::chr(call),
        Scalar::Unicode => text::measure(call, |text| text.chars().next().map_or(-1, |c| i64::from(u32::from(c)))),
        Scalar::Translate => text::translate(call),
        Scalar::Levenshtein => similarity::distance(call, similarity::levenshtein),
        Scalar::DamerauLevenshtein => similarity::distance(call, similarity::damerau),
        Scalar::Hamming => similarity::hamming(call),
        Scalar::Jaro => similarity::similarity(call, similarity::jaro),
        Scalar::JaroWinkler => similarity::similarity(call, similarity::jaro_winkler),
        Scalar::Jaccard => similarity::jaccard(call),
        Scalar::StripAccents => accents::strip(call),
        Scalar::Md5 => text::unary(call, |text| Hash::Md5.of(text)),
        Scalar::Sha1 => text::unary(call, |text| Hash::Sha1.of(text)),
        Scalar::Sha256 => text::unary(call, |text| Hash::Sha256.of(text)),
        Scalar::UrlEncode => text::unary(call, coding::url_encode),
        Scalar::UrlDecode => coding::decoded(call, |text| Ok(coding::url_decode(text))),
        Scalar::ToBase64 => text::unary(call, coding::base64),
        Scalar::FromBase64 => coding::decoded(call, coding::from_base64),
        Scalar::Unhex => coding::decoded(call, |text| coding::from_digits(text, 16)),
        Scalar::Unbin => coding::decoded(call, |text| coding::from_digits(text, 2)),
        Scalar::Printf => formatted::formatted(call, types, Style::Percent),
        Scalar::Format => formatted::formatted(call, types, Style::Braces),
        Scalar::ParseFilename => shown::parse_filename(call),
        Scalar::ParseDirname => text::unary(call, |path| shown::parse_dirname(path).to_owned()),
        Scalar::ParseDirpath => text::unary(call, |path| shown::parse_dirpath(path).to_owned()),
        Scalar::Like => pattern::like(call, false),
        Scalar::ILike => pattern::like(call, true),
        Scalar::RegexpMatches => regexp::regexp_matches(call, Match::Part),
        Scalar::RegexpFullMatch => regexp::regexp_matches(call, Match::Whole),
        Scalar::RegexpReplace => regexp::regexp_replace(call),
        Scalar::RegexpExtract => regexp::regexp_extract(call),
        Scalar::RegexpEscape => text::unary(call, regexp::escaped),
        Scalar::DatePart(part) => date::field(call, part, ty(0)),
        Scalar::DateTrunc(part) => date::truncate(call, part, ty(0)),
        Scalar::DateDiff(part) => date::difference(call, part, (ty(0), ty(1)), true),
        Scalar::DateSub(part) => date::difference(call, part, (ty(0), ty(1)), false),
        Scalar::TimeBucket => date::bucket(call, ty(1), ty(2)),
        Scalar::Age => date::ages(call, (ty(0), ty(1))),
        Scalar::LastDay => date::last_day(call, ty(0)),
        Scalar::DayName => date::named(call, ty(0), date::day_name),
        Scalar::MonthName => date::named(call, ty(0), date::month_name),
        Scalar::Strftime => date::format(call, (ty(0), ty(1))),
        Scalar::Strptime => date::parse(call, ty(1), false),
        Scalar::TryStrptime => date::parse(call, ty(1), true),
        Scalar::MakeDate => date::make_date(call),
        Scalar::MakeTimestamp => date::make_timestamp(call),
        Scalar::MakeTime => date::make_time(call),
        Scalar::EpochMs if ty(0) == Type::BigInt => date::from_epoch_ms(call),
        Scalar::EpochMs => date::epoch(call, ty(0), -1000),
        Scalar::EpochUs => date::epoch(call, ty(0), 1),
        Scalar::EpochNs => date::epoch(call, ty(0), 1000),
        Scalar::ToTimestamp => date::to_timestamp(call),
        Scalar::Nested(function) => list::nested(call, function, types),
        Scalar::NormalizedInterval => date::normalized_intervals(call),
        Scalar::ToInterval(part) => date::interval_of(call, part),
    }
}
