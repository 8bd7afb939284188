//! Operators on the footer: any of its values, any of its parts, chunks in each other's place, codecs that are not the chunk's.

use super::file::{CODEC, DATA, DICTIONARY, File, META, PACKED, each_chunk};
use super::operators::Damage;
use super::thrift::{self, Struct, Value, field, field_mut};

/// Each number, text and truth value made another.
pub fn values(file: &File) -> Vec<Damage<'_>> {
    changed(file, |value| match value {
        Value::Int(..) => NUMBERS.len(),
        Value::Bytes(_) => 4,
        Value::Bool(_) => 1,
        _ => 0,
    })
}

/// Each structure without a field or with one twice; each list empty, shorter, longer, the other way round.
pub fn parts(file: &File) -> Vec<Damage<'_>> {
    changed(file, |value| match value {
        Value::Struct(fields) => 2 * fields.len(),
        Value::List(..) => 5,
        _ => 0,
    })
}

fn changed(file: &File, ways: fn(&Value) -> usize) -> Vec<Damage<'_>> {
    let root = Value::Struct(file.footer.clone());
    let mut all = Vec::new();
    visit(&root, &mut |place, value| all.extend((0..ways(value)).map(|way| (place, way))));
    all.into_iter().map(|(place, way)| made(file, place, way)).collect()
}

fn made(file: &File, place: usize, way: usize) -> Damage<'_> {
    let what = format!("value {place} in way {way}");
    (what, Box::new(move || file.with_footer(&thrift::write(&with_change(&file.footer, place, way)))))
}

/// The structure with one of its values changed; values are counted in the order in which they are written.
#[must_use]
pub fn with_change(fields: &Struct, place: usize, way: usize) -> Struct {
    let mut root = Value::Struct(fields.clone());
    let mut at = 0;
    visit_mut(&mut root, &mut |value| {
        let here = at == place;
        if here {
            change(value, way);
        }
        at += 1;
        here
    });
    if let Value::Struct(fields) = root { fields } else { Vec::new() }
}

/// What a number is made.
pub const NUMBERS: [fn(i64) -> i64; 12] = [
    |_| 0,
    |_| -1,
    |_| 1,
    |n| n.wrapping_add(1),
    |n| n.wrapping_sub(1),
    |n| n.wrapping_mul(2),
    |n| n / 2,
    |n| n.wrapping_neg(),
    |_| i64::from(i32::MAX),
    |_| i64::from(i32::MIN),
    |_| i64::MAX,
    |_| 1 << 20,
];

fn change(value: &mut Value, way: usize) {
    match value {
        Value::Int(_, number) => *number = NUMBERS[way % NUMBERS.len()](*number),
        Value::Bool(truth) => *truth = !*truth,
        Value::Bytes(bytes) => match way {
            0 => bytes.clear(),
            1 => bytes.truncate(bytes.len() / 2),
            2 => *bytes = vec![0xff; bytes.len().max(1)],
            _ => *bytes = bytes.iter().copied().cycle().take(100_000).collect(),
        },
        Value::Struct(fields) if !fields.is_empty() => {
            let at = way / 2 % fields.len();
            if way.is_multiple_of(2) {
                fields.remove(at);
            } else {
                fields.insert(at, fields[at].clone());
            }
        }
        Value::List(_, values) => match way {
            0 => values.clear(),
            1 => _ = values.pop(),
            2 => values.extend(values.first().cloned()),
            3 => values.reverse(),
            _ => *values = values.iter().cycle().take(200).cloned().collect(),
        },
        _ => {}
    }
}

fn visit(value: &Value, told: &mut impl FnMut(usize, &Value)) {
    fn within(value: &Value, at: &mut usize, told: &mut impl FnMut(usize, &Value)) {
        told(*at, value);
        *at += 1;
        match value {
            Value::List(_, values) => values.iter().for_each(|value| within(value, at, told)),
            Value::Struct(fields) => fields.iter().for_each(|(_, value)| within(value, at, told)),
            _ => {}
        }
    }
    within(value, &mut 0, told);
}

/// Values in the same order; the parts of one that was changed are not looked at.
fn visit_mut(value: &mut Value, change: &mut impl FnMut(&mut Value) -> bool) {
    if change(value) {
        return;
    }
    match value {
        Value::List(_, values) => values.iter_mut().for_each(|value| visit_mut(value, change)),
        Value::Struct(fields) => fields.iter_mut().for_each(|(_, value)| visit_mut(value, change)),
        _ => {}
    }
}

/// Two chunks in each other's place: all that is said of them, where they lie, or where they lie and how long they are.
pub fn exchanges(file: &File) -> Vec<Damage<'_>> {
    let places: Vec<(usize, usize)> = file
        .groups()
        .enumerate()
        .flat_map(|(group, chunks)| (0..chunks.len()).map(move |chunk| (group, chunk)))
        .collect();
    let mut all: Vec<Damage<'_>> = Vec::new();
    for (at, first) in places.iter().copied().enumerate() {
        for second in places.iter().copied().skip(at + 1) {
            for (what, fields) in
                [("all", &[][..]), ("places", &[DATA, DICTIONARY]), ("places and sizes", &[DATA, DICTIONARY, PACKED])]
            {
                let name = format!("{what} of {first:?} and {second:?}");
                all.push((name, Box::new(move || exchanged(file, first, second, fields))));
            }
        }
    }
    all
}

fn exchanged(file: &File, first: (usize, usize), second: (usize, usize), fields: &[i16]) -> Vec<u8> {
    let mut footer = file.footer.clone();
    let meta = |place: (usize, usize)| {
        let chunk = file.groups().nth(place.0)?.get(place.1)?.fields()?;
        field(chunk, META)?.fields().cloned()
    };
    let (Some(one), Some(other)) = (meta(first), meta(second)) else { return Vec::new() };
    each_chunk(&mut footer, |place, value| {
        let new = if place == first {
            &other
        } else if place == second {
            &one
        } else {
            return;
        };
        let Value::Struct(chunk) = value else { return };
        let Some(Value::Struct(own)) = field_mut(chunk, META) else { return };
        if fields.is_empty() {
            own.clone_from(new);
            return;
        }
        own.retain(|(id, _)| !fields.contains(id));
        own.extend(new.iter().filter(|(id, _)| fields.contains(id)).cloned());
        own.sort_by_key(|(id, _)| *id);
    });
    file.with_footer(&thrift::write(&footer))
}

/// Chunks that claim to be compressed in another way.
pub fn codecs(file: &File) -> Vec<Damage<'_>> {
    let columns = file.groups().next().map_or(0, <[Value]>::len);
    let all = (0..columns).flat_map(|column| (0..9).map(move |codec| (column, codec)));
    all.map(|(column, codec)| -> Damage<'_> {
        (
            format!("{codec} of column {column}"),
            Box::new(move || {
                let mut footer = file.footer.clone();
                each_chunk(&mut footer, |(_, at), value| {
                    let Value::Struct(chunk) = value else { return };
                    if let Some(Value::Struct(meta)) = field_mut(chunk, META).filter(|_| at == column)
                        && let Some(Value::Int(_, own)) = field_mut(meta, CODEC)
                    {
                        *own = codec;
                    }
                });
                file.with_footer(&thrift::write(&footer))
            }),
        )
    })
    .collect()
}
