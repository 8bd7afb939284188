//! Lists and structs as bytes: an encoding whose order, byte by byte, is the order of the values.
//!
//! So a column of them is a column of bytes, and grouping, joining, sorting and comparing need to know nothing of lists. Lists
//! compare element by element, a NULL above everything, and the shorter first; structs field by field: as in DuckDB.
//!
//! Layout: `LIST` or `STRUCT`, then for each element `SOME` and the value, or `NULL`; a list ends with `END`. Integers, dates and
//! times are eight bytes, the sign flipped; doubles likewise, with all bits flipped below zero; texts end with two zeros, and a zero
//! inside is followed by 255; intervals are their 32 bytes.

use almanac_model::{Type, Value};

use crate::interval_bytes;
use crate::physical;

/// Before everything, so that nobody takes the bytes for those of an interval, which begin with 127 or 128.
const TAG: u8 = 1;
const END: u8 = 0;
const SOME: u8 = 1;
const NULL: u8 = 2;

/// Whether these bytes are a list or a struct.
pub(crate) fn is_nested(bytes: &[u8]) -> bool {
    bytes.first() == Some(&TAG)
}

/// The bytes of a list or a struct of type `ty`.
pub(crate) fn encode(value: &Value, ty: Type) -> Vec<u8> {
    let mut out = vec![TAG];
    write(value, ty, &mut out);
    out
}

/// The bytes by which an element of type `ty` compares and equals others; a NULL comes last.
pub(crate) fn item_key(value: &Value, ty: Type) -> Vec<u8> {
    let mut out = Vec::new();
    write_item(value, ty, &mut out);
    out
}

fn write_item(value: &Value, ty: Type, out: &mut Vec<u8>) {
    if *value == Value::Null {
        out.push(NULL);
    } else {
        out.push(SOME);
        write(value, ty, out);
    }
}

fn write(value: &Value, ty: Type, out: &mut Vec<u8>) {
    match (value, ty) {
        (Value::Boolean(b), _) => out.push(u8::from(*b)),
        // Exact up to 2^53, as in any double.
        (Value::Int(n), Type::Double) => write(&Value::Double(*n as f64), ty, out),
        (Value::Int(n) | Value::Time(n) | Value::Timestamp(n), _) => write_int(*n, out),
        (Value::Date(days), _) => write_int(i64::from(*days), out),
        (Value::Double(x), _) => {
            let bits = physical::double_bits(*x);
            let ordered = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
            out.extend(ordered.to_be_bytes());
        }
        (Value::Text(text), _) => {
            for byte in text.bytes() {
                out.push(byte);
                if byte == 0 {
                    out.push(255);
                }
            }
            out.extend([0, 0]);
        }
        (Value::Interval(parts), _) => out.extend(interval_bytes::encode(*parts)),
        (Value::List(items), Type::List(list)) => {
            items.iter().for_each(|item| write_item(item, list.element(), out));
            out.push(END);
        }
        (Value::Struct(values), Type::Struct(record)) => {
            for ((_, value), (_, ty)) in values.iter().zip(record.fields()) {
                write_item(value, *ty, out);
            }
        }
        // The binder makes values and types agree.
        (Value::Null | Value::List(_) | Value::Struct(_), _) => {}
    }
}

fn write_int(n: i64, out: &mut Vec<u8>) {
    out.extend((n as u64 ^ 1 << 63).to_be_bytes());
}

/// The list or struct of type `ty` that these bytes are.
pub(crate) fn decode(bytes: &[u8], ty: Type) -> Value {
    let mut rest = bytes.get(1..).unwrap_or_default();
    read(&mut rest, ty)
}

fn take<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let Some((head, tail)) = rest.split_first_chunk::<N>() else { return [0; N] };
    *rest = tail;
    *head
}

fn read_item(rest: &mut &[u8], ty: Type) -> Value {
    let [kind] = take(rest);
    if kind == SOME { read(rest, ty) } else { Value::Null }
}

fn read(rest: &mut &[u8], ty: Type) -> Value {
    let int = |rest: &mut &[u8]| (u64::from_be_bytes(take(rest)) ^ 1 << 63) as i64;
    match ty {
        Type::Null => Value::Null,
        Type::Boolean => Value::Boolean(take::<1>(rest) != [0]),
        Type::Integer | Type::BigInt => Value::Int(int(rest)),
        Type::Date => i32::try_from(int(rest)).map_or(Value::Null, Value::Date),
        Type::Time => Value::Time(int(rest)),
        Type::Timestamp => Value::Timestamp(int(rest)),
        Type::Double => {
            let ordered = u64::from_be_bytes(take(rest));
            Value::Double(f64::from_bits(if ordered >> 63 == 1 { ordered & !(1 << 63) } else { !ordered }))
        }
        Type::Varchar => {
            let mut text = Vec::new();
            loop {
                match take(rest) {
                    [0] => {
                        if take(rest) != [255] {
                            break;
                        }
                        text.push(0);
                    }
                    [byte] => text.push(byte),
                }
            }
            Value::Text(String::from_utf8(text).unwrap_or_default())
        }
        Type::Interval => Value::Interval(interval_bytes::decode(&take::<32>(rest))),
        Type::List(list) => {
            let mut items = Vec::new();
            while rest.first().is_some_and(|kind| *kind != END) {
                items.push(read_item(rest, list.element()));
            }
            take::<1>(rest);
            Value::List(items)
        }
        Type::Struct(record) => {
            Value::Struct(record.fields().iter().map(|(name, ty)| (name.clone(), read_item(rest, *ty))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use almanac_model::Interval;

    fn list(items: &[Value]) -> Value {
        Value::List(items.to_vec())
    }

    #[test]
    fn values_survive_the_way_there_and_back() {
        let text = |text: &str| Value::Text(text.into());
        let record = Type::record(vec![("a".into(), Type::Integer), ("b".into(), Type::list(Type::Varchar))]);
        let parts = Interval { months: -1, days: 40, micros: 5 };
        for (value, ty) in [
            (list(&[]), Type::list(Type::Null)),
            (list(&[Value::Null, Value::Int(-5), Value::Int(i64::MAX)]), Type::list(Type::BigInt)),
            (list(&[Value::Double(-1.5), Value::Double(f64::INFINITY)]), Type::list(Type::Double)),
            (list(&[text(""), text("a\0b"), text("ü")]), Type::list(Type::Varchar)),
            (list(&[Value::Boolean(true), Value::Date(-3)][..1]), Type::list(Type::Boolean)),
            (list(&[Value::Interval(parts), Value::Null]), Type::list(Type::Interval)),
            (list(&[list(&[Value::Date(-1)]), list(&[])]), Type::list(Type::list(Type::Date))),
            (Value::Struct(vec![("a".into(), Value::Null), ("b".into(), list(&[text("x"), Value::Null]))]), record),
        ] {
            let bytes = encode(&value, ty);
            assert!(is_nested(&bytes) && !is_nested(&interval_bytes::encode(parts)));
            assert_eq!(decode(&bytes, ty), value);
        }
    }

    #[test]
    fn the_order_of_bytes_is_the_order_of_values() {
        let ty = Type::list(Type::Double);
        let of = |items: &[Option<f64>]| {
            encode(&list(&items.iter().map(|x| x.map_or(Value::Null, Value::Double)).collect::<Vec<_>>()), ty)
        };
        let sorted = [
            of(&[]),
            of(&[Some(f64::NEG_INFINITY)]),
            of(&[Some(-2.0), Some(9.0)]),
            of(&[Some(-1.0)]),
            of(&[Some(0.0)]),
            of(&[Some(0.0), Some(1.0)]),
            of(&[Some(0.0), None]),
            of(&[Some(3.0)]),
            of(&[Some(f64::NAN)]),
            of(&[None]),
        ];
        assert!(sorted.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(of(&[Some(-0.0)]), of(&[Some(0.0)]));
        let texts = |a: &str| encode(&list(&[Value::Text(a.into())]), Type::list(Type::Varchar));
        assert!(texts("a") < texts("a\0") && texts("a\0") < texts("ab"));
    }
}
