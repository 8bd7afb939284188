//! Expressions compiled to nodes, each of which is one loop over a batch.

use almanac_model::{Type, Value};
use almanac_sql::functions::Scalar;
use almanac_sql::plan::{Expr, ExprKind};
use polars_core::prelude::{Column, PlSmallStr};

use super::BATCH;
use super::buffer::Buffer;
use super::few::{Few, distinct, few, only_column};
use super::kernels::How;
use super::source::{Source, Values};
use crate::lower::functions::without_places;
use crate::physical::{Cells, value_column};

/// Place of a node in its program; what it reads comes before it.
pub(crate) type Id = usize;

/// How values of a node lie in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One byte, 0 or 1.
    Bool,
    /// Integers and dates.
    I32,
    /// Integers, times, timestamps.
    I64,
    /// Doubles.
    F64,
}

/// How values of a type lie in memory; `None` for texts, intervals, lists and structs.
pub(crate) fn kind_of(ty: Type) -> Option<Kind> {
    match ty {
        Type::Null | Type::Boolean => Some(Kind::Bool),
        Type::Integer | Type::Date => Some(Kind::I32),
        Type::BigInt | Type::Time | Type::Timestamp => Some(Kind::I64),
        Type::Double => Some(Kind::F64),
        Type::Varchar | Type::Interval | Type::List(_) | Type::Struct(_) => None,
    }
}

/// A function of one double.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unary {
    Floor,
    Ceil,
    Trunc,
    Abs,
    Negate,
}

/// An operation on two numbers of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// One loop.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Node {
    /// A column of the source.
    Column(usize),
    /// A constant.
    Constant,
    /// What a table has at the place of a column's value.
    Lookup {
        column: usize,
        table: usize,
    },
    /// Whether a column's value is NULL.
    IsNull(Id),
    /// A truth as 0 or 1.
    Number(Id),
    /// 32 bits to 64.
    Widen(Id),
    /// An integer as a double.
    Double(Id),
    Unary(Unary, Id),
    Arithmetic(Operation, Id, Id),
    /// `plain`: the type's own order is DuckDB's here.
    Compare {
        how: How,
        invert: bool,
        plain: bool,
        left: Id,
        right: Id,
    },
    And(Id, Id),
    Or(Id, Id),
    Not(Id),
    Case {
        when: Id,
        then: Id,
        otherwise: Id,
    },
}

/// Up to so many values an IN list is a chain of comparisons.
const SHORT_LIST: usize = 4;

/// Computes an expression over columns by the general way.
pub(crate) type General<'a> = &'a dyn Fn(Vec<Column>, &Expr) -> Option<Column>;

/// Nodes, what they put out, and constants.
#[derive(Default)]
pub(crate) struct Program {
    pub(crate) nodes: Vec<Node>,
    pub(crate) kinds: Vec<Kind>,
    /// Whether a node can be NULL.
    pub(crate) nullable: Vec<bool>,
    /// Constants, filled; nothing for other nodes.
    pub(crate) constants: Vec<Option<Buffer>>,
    /// Tables over distinct values.
    pub(crate) tables: Vec<(Few, Buffer)>,
    known: Vec<(Expr, Option<Id>)>,
}

impl Program {
    fn add(&mut self, node: Node, kind: Kind, nullable: bool, constant: Option<Buffer>) -> Id {
        self.nodes.push(node);
        self.kinds.push(kind);
        self.nullable.push(nullable);
        self.constants.push(constant);
        self.nodes.len() - 1
    }

    /// A node that is NULL where one it reads is.
    pub(super) fn derived(&mut self, node: Node, kind: Kind, from: &[Id]) -> Id {
        let nullable = from.iter().any(|id| self.nullable[*id]);
        self.add(node, kind, nullable, None)
    }

    /// The node of an expression; `None` when loops cannot compute it. Equal expressions share one.
    pub(crate) fn compile(&mut self, source: &Source, general: General<'_>, expr: &Expr) -> Option<Id> {
        let plain = without_places(expr);
        if let Some((_, id)) = self.known.iter().find(|(held, _)| *held == plain) {
            return *id;
        }
        let id = self.fresh(source, general, expr);
        self.known.push((plain, id));
        id
    }

    fn fresh(&mut self, source: &Source, general: General<'_>, expr: &Expr) -> Option<Id> {
        match &expr.kind {
            ExprKind::Column(id) => {
                let place = source.place(*id)?;
                let column = &source.columns[place];
                let kind = match column.values {
                    Values::Bools(_) => Kind::Bool,
                    Values::I32(_) => Kind::I32,
                    Values::I64(_) => Kind::I64,
                    Values::F64(_) => Kind::F64,
                    Values::Texts(_) | Values::Other => return None,
                };
                return Some(self.add(Node::Column(place), kind, column.values.validity().is_some(), None));
            }
            ExprKind::Literal(value) => return self.constant(value, expr.ty),
            _ => {}
        }
        let column = only_column(expr).and_then(|id| source.place(id));
        let of_texts = column.filter(|column| matches!(source.columns[*column].values, Values::Texts(_)));
        if let Some(column) = of_texts {
            return self.lookup(source, general, expr, column);
        }
        match (self.native(source, general, expr), column) {
            (None, Some(column)) => self.lookup(source, general, expr, column),
            (found, _) => found,
        }
    }

    fn constant(&mut self, value: &Value, ty: Type) -> Option<Id> {
        let kind = kind_of(ty)?;
        let column = value_column(PlSmallStr::EMPTY, ty, std::slice::from_ref(value));
        let one = Buffer::of(&Cells::new(&column).ok()?, kind, 1)?;
        let is_null = *value == Value::Null;
        Some(self.add(Node::Constant, kind, is_null, Some(one.repeated(BATCH))))
    }

    /// The expression over the distinct values of its column.
    fn lookup(&mut self, source: &Source, general: General<'_>, expr: &Expr, column: usize) -> Option<Id> {
        let kind = kind_of(expr.ty)?;
        let few = few(source, column)?;
        let values = distinct(source, column, few)?;
        let found = general(vec![values], expr)?;
        // The general way widens what it computes.
        let found = if found.dtype() == &crate::physical::dtype(expr.ty) {
            found
        } else {
            found.cast(&crate::physical::dtype(expr.ty)).ok()?
        };
        let buffer = Buffer::of(&Cells::new(&found).ok()?, kind, few.bound as usize)?;
        let nullable = buffer.nulls;
        self.tables.push((few, buffer));
        Some(self.add(Node::Lookup { column, table: self.tables.len() - 1 }, kind, nullable, None))
    }

    fn native(&mut self, source: &Source, general: General<'_>, expr: &Expr) -> Option<Id> {
        let kind = kind_of(expr.ty)?;
        match &expr.kind {
            ExprKind::Column(_) | ExprKind::Literal(_) | ExprKind::Element(_) => None,
            ExprKind::Cast { input, .. } => {
                let id = self.compile(source, general, input)?;
                match (input.ty, expr.ty) {
                    (Type::Integer, Type::BigInt) => Some(self.derived(Node::Widen(id), Kind::I64, &[id])),
                    (Type::Integer | Type::BigInt, Type::Double) => {
                        Some(self.derived(Node::Double(id), Kind::F64, &[id]))
                    }
                    (Type::Boolean, Type::Integer) => Some(self.derived(Node::Number(id), Kind::I32, &[id])),
                    _ => None,
                }
            }
            ExprKind::Case { branches, otherwise } => {
                let mut rest = self.compile(source, general, otherwise)?;
                for (when, then) in branches.iter().rev() {
                    let (when, then) = (self.compile(source, general, when)?, self.compile(source, general, then)?);
                    rest = self.case(kind, when, then, rest)?;
                }
                Some(rest)
            }
            ExprKind::InList { input, list } if list.len() <= SHORT_LIST && !list.contains(&Value::Null) => {
                let value = self.compile(source, general, input)?;
                let mut any = None;
                for item in list {
                    let plain = !matches!(item, Value::Double(x) if x.is_nan());
                    let item = self.constant(item, input.ty)?;
                    let is = self.comparison(Scalar::Eq, value, item, plain)?;
                    any = Some(match any {
                        Some(before) => self.derived(Node::Or(before, is), Kind::Bool, &[before, is]),
                        None => is,
                    });
                }
                any
            }
            ExprKind::InList { .. } => None,
            ExprKind::Call(function, args) => self.call(source, general, expr, *function, args),
        }
    }

    fn case(&mut self, kind: Kind, when: Id, then: Id, otherwise: Id) -> Option<Id> {
        let fits = self.kinds[when] == Kind::Bool && self.kinds[then] == kind && self.kinds[otherwise] == kind;
        fits.then(|| self.derived(Node::Case { when, then, otherwise }, kind, &[then, otherwise]))
    }

    fn call(
        &mut self,
        source: &Source,
        general: General<'_>,
        expr: &Expr,
        function: Scalar,
        args: &[Expr],
    ) -> Option<Id> {
        let double = args.iter().all(|arg| arg.ty == Type::Double) && expr.ty == Type::Double;
        let whole = args.iter().all(|arg| matches!(arg.ty, Type::Integer | Type::BigInt)) && expr.ty == Type::BigInt;
        let supported = match function {
            Scalar::Eq | Scalar::NotEq | Scalar::Lt | Scalar::LtEq | Scalar::Gt | Scalar::GtEq => args.len() == 2,
            Scalar::And | Scalar::Or | Scalar::Coalesce => !args.is_empty(),
            Scalar::Not | Scalar::IsNull | Scalar::IsNotNull => args.len() == 1,
            Scalar::Add | Scalar::Mul => args.len() == 2 && (double || whole),
            Scalar::Sub => {
                args.len() == 2
                    && (double || whole || (args.iter().all(|arg| arg.ty == Type::Date) && expr.ty == Type::BigInt))
            }
            Scalar::Div => args.len() == 2 && double,
            Scalar::Floor | Scalar::Ceil | Scalar::Trunc | Scalar::Abs | Scalar::Neg => args.len() == 1 && double,
            _ => false,
        };
        if !supported {
            return None;
        }
        if let (Scalar::IsNull | Scalar::IsNotNull, [arg]) = (function, args)
            && let ExprKind::Column(id) = arg.kind
            && source.columns[source.place(id)?].series.null_count() == 0
        {
            return self.constant(&Value::Boolean(function == Scalar::IsNotNull), Type::Boolean);
        }
        let mut ids = Vec::with_capacity(args.len());
        for arg in args {
            ids.push(self.compile(source, general, arg)?);
        }
        let pair = || Some((*ids.first()?, *ids.get(1)?));
        let first = *ids.first()?;
        match function {
            Scalar::And | Scalar::Or => ids.into_iter().reduce(|a, b| {
                let node = if function == Scalar::And { Node::And(a, b) } else { Node::Or(a, b) };
                self.derived(node, Kind::Bool, &[a, b])
            }),
            Scalar::Not => Some(self.derived(Node::Not(first), Kind::Bool, &[first])),
            Scalar::IsNull => Some(self.add(Node::IsNull(first), Kind::Bool, false, None)),
            Scalar::IsNotNull => {
                let is_null = self.add(Node::IsNull(first), Kind::Bool, false, None);
                Some(self.add(Node::Not(is_null), Kind::Bool, false, None))
            }
            Scalar::Coalesce => {
                let kind = kind_of(expr.ty)?;
                let mut rest = ids.pop()?;
                while let Some(value) = ids.pop() {
                    let missing = self.add(Node::IsNull(value), Kind::Bool, false, None);
                    let nullable = self.nullable[rest];
                    rest = self.case(kind, missing, rest, value)?;
                    self.nullable[rest] = nullable;
                }
                Some(rest)
            }
            Scalar::Floor => Some(self.derived(Node::Unary(Unary::Floor, first), Kind::F64, &[first])),
            Scalar::Ceil => Some(self.derived(Node::Unary(Unary::Ceil, first), Kind::F64, &[first])),
            Scalar::Trunc => Some(self.derived(Node::Unary(Unary::Trunc, first), Kind::F64, &[first])),
            Scalar::Abs => Some(self.derived(Node::Unary(Unary::Abs, first), Kind::F64, &[first])),
            Scalar::Neg => Some(self.derived(Node::Unary(Unary::Negate, first), Kind::F64, &[first])),
            Scalar::Add | Scalar::Sub | Scalar::Mul | Scalar::Div => {
                let operation = match function {
                    Scalar::Add => Operation::Add,
                    Scalar::Sub => Operation::Subtract,
                    Scalar::Mul => Operation::Multiply,
                    _ => Operation::Divide,
                };
                let (left, right) = pair()?;
                let (left, right) = if double { (left, right) } else { (self.widened(left), self.widened(right)) };
                let kind = if double { Kind::F64 } else { Kind::I64 };
                Some(self.derived(Node::Arithmetic(operation, left, right), kind, &[left, right]))
            }
            _ => {
                let (left, right) = pair()?;
                let is_number = |arg: Option<&Expr>| match arg.map(|arg| &arg.kind) {
                    Some(ExprKind::Literal(Value::Double(x))) => !x.is_nan(),
                    Some(ExprKind::Literal(_)) => true,
                    _ => false,
                };
                if is_number(args.first()) && !is_number(args.get(1)) {
                    let turned = match function {
                        Scalar::Lt => Scalar::Gt,
                        Scalar::LtEq => Scalar::GtEq,
                        Scalar::Gt => Scalar::Lt,
                        Scalar::GtEq => Scalar::LtEq,
                        other => other,
                    };
                    return self.comparison(turned, right, left, true);
                }
                self.comparison(function, left, right, is_number(args.get(1)))
            }
        }
    }

    fn widened(&mut self, id: Id) -> Id {
        if self.kinds[id] == Kind::I32 { self.derived(Node::Widen(id), Kind::I64, &[id]) } else { id }
    }

    /// `plain`: the right side is never NaN.
    fn comparison(&mut self, function: Scalar, left: Id, right: Id, plain: bool) -> Option<Id> {
        let (how, invert) = match function {
            Scalar::Eq => (How::Equal, false),
            Scalar::NotEq => (How::Equal, true),
            Scalar::Lt => (How::Less, false),
            Scalar::LtEq => (How::AtMost, false),
            Scalar::Gt => (How::AtMost, true),
            Scalar::GtEq => (How::Less, true),
            _ => return None,
        };
        let kind = self.kinds[left];
        if kind != self.kinds[right] {
            return None;
        }
        let plain = plain || kind != Kind::F64;
        Some(self.derived(Node::Compare { how, invert, plain, left, right }, Kind::Bool, &[left, right]))
    }

    /// A sum needs 64 bits.
    pub(crate) fn wide(&mut self, id: Id) -> Id {
        if self.kinds[id] == Kind::Bool {
            let number = self.derived(Node::Number(id), Kind::I32, &[id]);
            return self.widened(number);
        }
        self.widened(id)
    }
}
