//! Argument and result types of a function.

use almanac_model::Type;
use std::fmt;

/// What an argument may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Param {
    /// Of this type, or converted to it.
    Is(Type),
    /// Of one type with all other `Same` arguments: they are converted to what they have in common.
    Same,
    /// A list of what the `Same` arguments have in common.
    SameList,
    /// Of any type, left as it is.
    Any,
    /// A lambda such as `x -> x + 1`.
    Lambda,
}

/// One way to call a function.
#[derive(Debug, Clone, Copy)]
pub struct Signature {
    /// Arguments in order.
    pub params: &'static [Param],
    /// Whether the last argument may be repeated.
    pub repeats: bool,
    /// Result: a type, or `Same` for the arguments' common type, `SameList` for a list of it, or `Any` for the type of the first argument.
    pub result: Param,
}

/// A signature with a fixed number of arguments.
pub(super) const fn sig(params: &'static [Param], result: Param) -> Signature {
    Signature { params, repeats: false, result }
}

/// A signature whose last argument may be repeated.
pub(super) const fn many(params: &'static [Param], result: Param) -> Signature {
    Signature { params, repeats: true, result }
}

pub(super) const BOOL: Param = Param::Is(Type::Boolean);
pub(super) const INT: Param = Param::Is(Type::Integer);
pub(super) const BIG: Param = Param::Is(Type::BigInt);
pub(super) const DBL: Param = Param::Is(Type::Double);
pub(super) const TXT: Param = Param::Is(Type::Varchar);
pub(super) const DATE: Param = Param::Is(Type::Date);
pub(super) const TIME: Param = Param::Is(Type::Time);
pub(super) const TS: Param = Param::Is(Type::Timestamp);
pub(super) const IVL: Param = Param::Is(Type::Interval);
pub(super) const T: Param = Param::Same;
pub(super) const TL: Param = Param::SameList;
pub(super) const ANY: Param = Param::Any;
pub(super) const FN: Param = Param::Lambda;

impl fmt::Display for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(ty) => ty.fmt(f),
            Self::Same => f.write_str("T"),
            Self::SameList => f.write_str("T[]"),
            Self::Any => f.write_str("ANY"),
            Self::Lambda => f.write_str("LAMBDA"),
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (at, param) in self.params.iter().enumerate() {
            write!(f, "{}{param}", if at == 0 { "" } else { ", " })?;
        }
        write!(f, "{}) -> {}", if self.repeats { ", …" } else { "" }, self.result)
    }
}
