//! Rows and expressions chosen at random, the same for the same seed.

use almanac_model::{Type, Value};
use almanac_sql::functions::{Aggregate, DatePart, Scalar};
use almanac_sql::plan::{AggregateCall, Expr, ExprKind};

use crate::common::*;

pub const DAY: Type = Type::Date;

/// A small generator: the same rows and expressions for the same seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len() as u64) as usize].clone()
    }
}

/// Rows of a table with NULLs, NaN, both zeros, extremes, few and many texts, dates.
pub fn table(dice: &mut Dice, rows: usize) -> Vec<Vec<Value>> {
    let long = "a text of more than twelve bytes";
    let null = |dice: &mut Dice, value: Value| if dice.roll(9) == 0 { NULL } else { value };
    (0..rows)
        .map(|row| {
            let truth = dice.roll(2) == 0;
            let small = dice.roll(7) as i64 - 3;
            let wide = dice.pick(&[i64::MAX, i64::MIN, 0, -1, 5, 1 << 40, 77]);
            let double = dice.pick(&[f64::NAN, f64::INFINITY, -0.0, 0.0, 1.5, -2.25, 1e6, 4.0]);
            let plain = dice.roll(1000) as f64 / 8.0;
            let few = dice.pick(&["a", "", "bc", long, "ä"]);
            let many = format!("{}", dice.roll(100_000));
            let day = 18_000 + dice.roll(500) as i32;
            vec![
                null(dice, Value::Boolean(truth)),
                null(dice, int(small)),
                null(dice, int(wide)),
                null(dice, Value::Double(double)),
                Value::Double(plain),
                null(dice, text(few)),
                null(dice, text(&many)),
                null(dice, Value::Date(day)),
                int(row as i64),
            ]
        })
        .collect()
}

pub fn double(dice: &mut Dice, depth: u32) -> Expr {
    if depth == 0 {
        return match dice.roll(4) {
            0 => lit(dice.pick(&[0.0, 1.5, -2.25, 4.0]), DBL),
            1 => col(3, DBL),
            2 => cast(col(1, INT), DBL),
            _ => col(4, DBL),
        };
    }
    let (a, b) = (double(dice, depth - 1), double(dice, depth - 1));
    match dice.roll(7) {
        0 => call(Scalar::Add, vec![a, b], DBL),
        1 => call(Scalar::Sub, vec![a, b], DBL),
        2 => call(Scalar::Mul, vec![a, b], DBL),
        3 => call(Scalar::Div, vec![a, b], DBL),
        4 => call(Scalar::Floor, vec![a], DBL),
        5 => call(Scalar::Coalesce, vec![a, b], DBL),
        _ => case(truth(dice, depth - 1), a, b),
    }
}

pub fn whole(dice: &mut Dice, depth: u32) -> Expr {
    if depth == 0 {
        return match dice.roll(5) {
            0 => lit(dice.pick(&[0_i64, 3, -1, 1 << 40]), BIG),
            1 => col(2, BIG),
            2 => call(Scalar::DatePart(DatePart::Month), vec![col(7, DAY)], BIG),
            3 => call(Scalar::Length, vec![col(5, TXT)], BIG),
            _ => cast(col(1, INT), BIG),
        };
    }
    let (a, b) = (whole(dice, depth - 1), whole(dice, depth - 1));
    match dice.roll(4) {
        0 => call(Scalar::Add, vec![a, b], BIG),
        1 => call(Scalar::Sub, vec![a, b], BIG),
        2 => call(Scalar::Mul, vec![a, b], BIG),
        _ => case(truth(dice, depth - 1), a, b),
    }
}

pub fn truth(dice: &mut Dice, depth: u32) -> Expr {
    let compare = [Scalar::Eq, Scalar::NotEq, Scalar::Lt, Scalar::LtEq, Scalar::Gt, Scalar::GtEq];
    if depth == 0 || dice.roll(3) == 0 {
        let how = dice.pick(&compare);
        let (a, b) = match dice.roll(8) {
            0 => (col(7, DAY), lit(Value::Date(18_000 + dice.roll(500) as i32), DAY)),
            1 => (col(5, TXT), lit(dice.pick(&["a", "bc", "zz"]), TXT)),
            2 => (lit("5", TXT), col(6, TXT)),
            3 => (col(1, INT), lit(dice.roll(5) as i64 - 2, INT)),
            4 => (lit(dice.pick(&[0.0, f64::NAN, 4.0]), DBL), col(3, DBL)),
            5 => (col(8, INT), lit(dice.roll(6000) as i64, INT)),
            6 => return col(0, BOOL),
            _ => (double(dice, 0), double(dice, 0)),
        };
        return call(how, vec![a, b], BOOL);
    }
    match dice.roll(9) {
        0 | 1 => call(Scalar::And, vec![truth(dice, depth - 1), truth(dice, depth - 1)], BOOL),
        2 => call(Scalar::Or, vec![truth(dice, depth - 1), truth(dice, depth - 1)], BOOL),
        3 => call(Scalar::Not, vec![truth(dice, depth - 1)], BOOL),
        4 => call(dice.pick(&[Scalar::IsNull, Scalar::IsNotNull]), vec![double(dice, depth - 1)], BOOL),
        5 => call(Scalar::IsNull, vec![col(dice.pick(&[5, 6]), TXT)], BOOL),
        6 => list(col(1, INT), vec![int(1), int(-2)]),
        7 => list(col(5, TXT), vec![text("a"), text("ä"), NULL]),
        _ => call(dice.pick(&compare), vec![whole(dice, depth - 1), whole(dice, depth - 1)], BOOL),
    }
}

pub fn cast(input: Expr, ty: Type) -> Expr {
    expr(ExprKind::Cast { input: Box::new(input), lenient: false }, ty)
}

pub fn case(when: Expr, then: Expr, otherwise: Expr) -> Expr {
    let ty = then.ty;
    expr(ExprKind::Case { branches: vec![(when, then)], otherwise: Box::new(otherwise) }, ty)
}

pub fn list(input: Expr, list: Vec<Value>) -> Expr {
    expr(ExprKind::InList { input: Box::new(input), list }, BOOL)
}

pub fn calls(dice: &mut Dice) -> Vec<AggregateCall> {
    (0..1 + dice.roll(4))
        .map(|_| {
            let depth = dice.roll(3) as u32;
            let mut call = match dice.roll(9) {
                0 => aggregate(Aggregate::CountStar, vec![], BIG),
                1 => aggregate(Aggregate::Count, vec![col(dice.pick(&[5, 6]), TXT)], BIG),
                2 => aggregate(Aggregate::CountIf, vec![truth(dice, depth)], BIG),
                3 => aggregate(Aggregate::Sum, vec![double(dice, depth)], DBL),
                4 => aggregate(Aggregate::Sum, vec![whole(dice, depth)], BIG),
                5 => aggregate(Aggregate::Avg, vec![double(dice, depth)], DBL),
                6 => aggregate(Aggregate::Avg, vec![whole(dice, depth)], DBL),
                7 => aggregate(dice.pick(&[Aggregate::Min, Aggregate::Max]), vec![double(dice, depth)], DBL),
                _ => aggregate(dice.pick(&[Aggregate::Min, Aggregate::Max]), vec![col(7, DAY)], DAY),
            };
            if dice.roll(4) == 0 {
                call.filter = Some(truth(dice, 1));
            }
            call
        })
        .collect()
}

pub fn keys(dice: &mut Dice) -> Vec<Expr> {
    (0..dice.roll(4))
        .map(|_| match dice.roll(9) {
            0 => col(0, BOOL),
            1 => col(1, INT),
            2 => col(3, DBL),
            3 => col(5, TXT),
            4 => col(6, TXT),
            5 => call(Scalar::DateTrunc(DatePart::Month), vec![col(7, DAY)], DAY),
            6 => call(Scalar::Upper, vec![col(5, TXT)], TXT),
            7 => col(2, BIG),
            _ => call(Scalar::Floor, vec![call(Scalar::Div, vec![col(4, DBL), lit(10.0, DBL)], DBL)], DBL),
        })
        .collect()
}
