//! Small results as bytes, for a host that keeps them between visits, and the names they are kept under.
//!
//! Form: number of columns, then each column's type and name, then number of rows, then the values column by column: a byte that
//! tells NULL from a value, and the value, numbers in little-endian order.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use almanac_model::{Interval, Type, Value};
use polars_core::prelude::{Column, DataFrame, PlSmallStr};
use sha2::{Digest, Sha256};

use crate::interval_bytes;
use crate::physical;
use crate::result::ResultSet;

/// A result of more cells is not kept: computing it again costs less than it seems.
const MOST_CELLS: u64 = 200_000;
/// Nor one of more bytes.
const MOST_BYTES: usize = 1 << 20;

const TYPES: [Type; 10] = [
    Type::Null,
    Type::Boolean,
    Type::Integer,
    Type::BigInt,
    Type::Double,
    Type::Varchar,
    Type::Date,
    Type::Time,
    Type::Timestamp,
    Type::Interval,
];

/// The name of the result of a query: it changes whenever the result might. `of` are the hashes of the files it reads.
pub(crate) fn name(
    sql: &str,
    parameters: &BTreeMap<String, Value>,
    today: Option<i32>,
    of: &[(String, String)],
) -> String {
    // Debug text quotes what it holds, so different parts never run together to the same text.
    let all = format!("{sql:?} {parameters:?} {today:?} {of:?}");
    let mut out = String::from("result:");
    for byte in &Sha256::digest(all.as_bytes())[..16] {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// A result as bytes to keep; `None` when it is too large.
pub(crate) fn write(result: &ResultSet) -> Option<Vec<u8>> {
    write_up_to(result, MOST_CELLS, MOST_BYTES)
}

/// A result as bytes; `None` when it has more cells or bytes, or a column of lists or structs.
pub(crate) fn write_up_to(result: &ResultSet, most_cells: u64, most_bytes: usize) -> Option<Vec<u8>> {
    let rows = usize::try_from(result.rows()).ok()?;
    let columns = result.columns();
    if columns.is_empty() || result.rows() * columns.len() as u64 > most_cells {
        return None;
    }
    let mut out = Vec::new();
    number(&mut out, columns.len() as u64);
    for (name, ty) in columns {
        out.push(TYPES.iter().position(|other| other == ty)? as u8);
        text(&mut out, name);
    }
    number(&mut out, rows as u64);
    for (at, (_, ty)) in columns.iter().enumerate() {
        let cells = result.cells_of(at)?;
        for row in 0..rows {
            value(&mut out, &cells.value(row, *ty));
        }
        if out.len() > most_bytes {
            return None;
        }
    }
    Some(out)
}

/// The result that was written as these bytes; `None` when they are not what [`write`] made.
pub(crate) fn read(bytes: &[u8]) -> Option<ResultSet> {
    let mut rest = bytes;
    let count = usize::try_from(take_number(&mut rest)?).ok().filter(|count| *count <= bytes.len())?;
    let mut columns = Vec::with_capacity(count);
    for _ in 0..count {
        let ty = *TYPES.get(usize::from(take::<1>(&mut rest)?[0]))?;
        columns.push((take_text(&mut rest)?, ty));
    }
    let rows = usize::try_from(take_number(&mut rest)?).ok().filter(|rows| *rows <= bytes.len())?;
    let mut made: Vec<Column> = Vec::with_capacity(count);
    for (at, (_, ty)) in columns.iter().enumerate() {
        let values = (0..rows).map(|_| take_value(&mut rest, *ty)).collect::<Option<Vec<Value>>>()?;
        made.push(physical::value_column(PlSmallStr::from_string(at.to_string()), *ty, &values));
    }
    let frame = DataFrame::new(made).ok().filter(|_| rest.is_empty())?;
    Some(ResultSet::new(columns, frame))
}

fn number(out: &mut Vec<u8>, n: u64) {
    out.extend_from_slice(&n.to_le_bytes());
}

fn text(out: &mut Vec<u8>, text: &str) {
    number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn value(out: &mut Vec<u8>, value: &Value) {
    out.push(u8::from(*value != Value::Null));
    match value {
        // A column of these has no type in `TYPES`, so none comes here.
        Value::Null | Value::List(_) | Value::Struct(_) => {}
        Value::Boolean(truth) => out.push(u8::from(*truth)),
        Value::Int(n) | Value::Time(n) | Value::Timestamp(n) => out.extend_from_slice(&n.to_le_bytes()),
        Value::Double(x) => out.extend_from_slice(&x.to_bits().to_le_bytes()),
        Value::Date(days) => out.extend_from_slice(&days.to_le_bytes()),
        Value::Text(value) => text(out, value),
        Value::Interval(parts) => out.extend_from_slice(&interval_bytes::encode(*parts)),
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

fn take_number(rest: &mut &[u8]) -> Option<u64> {
    take::<8>(rest).map(u64::from_le_bytes)
}

fn take_text(rest: &mut &[u8]) -> Option<String> {
    let length = usize::try_from(take_number(rest)?).ok()?;
    let (head, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    String::from_utf8(head.to_vec()).ok()
}

fn take_value(rest: &mut &[u8], ty: Type) -> Option<Value> {
    if take::<1>(rest)?[0] == 0 {
        return Some(Value::Null);
    }
    let whole = |rest: &mut &[u8]| take::<8>(rest).map(i64::from_le_bytes);
    Some(match ty {
        Type::Null | Type::List(_) | Type::Struct(_) => return None,
        Type::Boolean => Value::Boolean(take::<1>(rest)?[0] != 0),
        Type::Integer | Type::BigInt => Value::Int(whole(rest)?),
        Type::Time => Value::Time(whole(rest)?),
        Type::Timestamp => Value::Timestamp(whole(rest)?),
        Type::Double => Value::Double(f64::from_bits(take_number(rest)?)),
        Type::Date => Value::Date(i32::from_le_bytes(take(rest)?)),
        Type::Varchar => Value::Text(take_text(rest)?),
        Type::Interval => {
            let parts: Interval = interval_bytes::decode(&take::<32>(rest)?);
            Value::Interval(parts)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result() -> ResultSet {
        let interval = Interval { months: -1, days: 2, micros: 3 };
        let columns: [(&str, Type, [Value; 3]); 8] = [
            ("b", Type::Boolean, [Value::Boolean(true), Value::Null, Value::Boolean(false)]),
            ("i", Type::Integer, [Value::Int(-1), Value::Int(i64::from(i32::MAX)), Value::Null]),
            ("n", Type::BigInt, [Value::Int(i64::MIN), Value::Null, Value::Int(7)]),
            ("x", Type::Double, [Value::Double(-0.0), Value::Double(f64::INFINITY), Value::Null]),
            ("", Type::Varchar, [Value::Text(String::new()), Value::Text("ä\0".into()), Value::Null]),
            ("d", Type::Date, [Value::Date(-1), Value::Null, Value::Date(19_000)]),
            ("at", Type::Timestamp, [Value::Timestamp(1), Value::Timestamp(-1), Value::Null]),
            ("long", Type::Interval, [Value::Interval(interval), Value::Null, Value::Interval(interval)]),
        ];
        let made = columns
            .iter()
            .enumerate()
            .map(|(at, (_, ty, values))| physical::value_column(PlSmallStr::from_string(at.to_string()), *ty, values));
        let frame = DataFrame::new(made.collect()).expect("equal lengths");
        ResultSet::new(columns.iter().map(|(name, ty, _)| ((*name).to_owned(), *ty)).collect(), frame)
    }

    #[test]
    fn results_come_back_as_they_were() {
        let result = result();
        let bytes = write(&result).expect("small");
        let back = read(&bytes).expect("whole");
        assert_eq!(back.columns(), result.columns());
        assert_eq!(back.to_table(10), result.to_table(10));
        let empty = ResultSet::new(
            vec![("n".into(), Type::BigInt)],
            DataFrame::new(vec![Column::new_empty("0".into(), &physical::dtype(Type::BigInt))]).expect("one column"),
        );
        assert_eq!(read(&write(&empty).expect("small")).expect("whole").rows(), 0);
    }

    #[test]
    fn damaged_bytes_are_no_result() {
        let bytes = write(&result()).expect("small");
        for cut in 0..bytes.len() {
            assert!(read(&bytes[..cut]).is_none(), "{cut}");
            let mut copy = bytes.clone();
            copy[cut] ^= 0xFF;
            // Any answer but a panic: the host's checksum is what tells damage from values.
            let _ = read(&copy);
        }
    }

    #[test]
    fn names_tell_queries_apart() {
        let none = BTreeMap::new();
        let one = BTreeMap::from([("a".to_owned(), Value::Int(1))]);
        let text = BTreeMap::from([("a".to_owned(), Value::Text("1".into()))]);
        let of = [("t".to_owned(), "00".to_owned())];
        let names = [
            name("select 1", &none, None, &[]),
            name("select 1 ", &none, None, &[]),
            name("select 1", &one, None, &[]),
            name("select 1", &text, None, &[]),
            name("select 1", &none, Some(1), &[]),
            name("select 1", &none, None, &of),
        ];
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len());
        assert_eq!(name("select 1", &one, None, &of), name("select 1", &one, None, &of));
    }
}
