//! Counting the distinct values of a column: the engine plans joins and groups by them.

use almanac_model::ahead::fnv1a;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, downcast_primitive_array};
use arrow_buffer::ToByteSlice;
use arrow_schema::DataType;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// Hashes of the values that were seen. Two values of one hash are not to be feared below a billion of them.
pub(crate) type Seen = HashSet<u64, BuildHasherDefault<Itself>>;

/// A hash is a good hash of itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Itself(u64);

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = fnv1a(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// Distinct values of a column, NULL aside; none for types that are not counted.
pub(super) fn of(values: &ArrayRef) -> Option<Seen> {
    let mut seen = Seen::default();
    count(values, &mut seen).then_some(seen)
}

/// Adds the values of a column to those seen. Returns whether values of this type can be counted.
pub(crate) fn count(values: &ArrayRef, seen: &mut Seen) -> bool {
    fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>, seen: &mut Seen) {
        seen.extend(values.flatten().map(|text| fnv1a(text.as_bytes())));
    }
    downcast_primitive_array!(
        values => seen.extend(values.iter().flatten().map(|value| fnv1a(value.to_byte_slice()))),
        DataType::Boolean => seen.extend(values.as_boolean().iter().flatten().map(u64::from)),
        DataType::Utf8 => texts(values.as_string::<i32>().iter(), seen),
        DataType::LargeUtf8 => texts(values.as_string::<i64>().iter(), seen),
        DataType::Utf8View => texts(values.as_string_view().iter(), seen),
        _ => return false
    );
    true
}
