//! What is known of a column as a whole: the span of its whole numbers, its distinct texts. Found at the first question and kept
//! beside the column, so that the next query over the same table need not ask again.

use std::cell::OnceCell;

use polars_arrow::array::{Array, PrimitiveArray, Utf8ViewArray};
use polars_core::prelude::{IdxCa, PlHashMap, PlSmallStr, PolarsResult, Series};

use super::source::Values;

/// Answers that were asked for.
#[derive(Default)]
pub(crate) struct Facts {
    /// Where the values lie that they are about.
    of: OnceCell<(usize, usize)>,
    span: OnceCell<Option<(i64, i64)>>,
    texts: OnceCell<Option<Texts>>,
}

impl Facts {
    /// Whether they are about these values, or about none yet: of a table only some rows may have been loaded.
    pub(crate) fn are_of(&self, values: &Values) -> bool {
        let place = values.place();
        *self.of.get_or_init(|| place) == place
    }

    /// The smallest and the largest of whole numbers, dates or times; `None` without values or for other types.
    pub(crate) fn span(&self, values: &Values) -> Option<(i64, i64)> {
        *self.span.get_or_init(|| match values {
            Values::I32(array) => span(array).map(|(low, high)| (low.into(), high.into())),
            Values::I64(array) => span(array),
            _ => None,
        })
    }

    /// The distinct texts, if they are few.
    pub(crate) fn texts(&self, values: &Values) -> Option<&Texts> {
        let found = self.texts.get_or_init(|| match values {
            Values::Texts(array) => Texts::of(array),
            _ => None,
        });
        found.as_ref()
    }

    /// Bytes they take.
    pub(crate) fn bytes(&self) -> u64 {
        let texts = self.texts.get().and_then(Option::as_ref);
        texts.map_or(0, |texts| match &texts.codes {
            TextCodes::U8(codes) => codes.len() as u64,
            TextCodes::U16(codes) => codes.len() as u64 * 2,
        })
    }
}

fn span<T: polars_arrow::types::NativeType + Ord>(array: &PrimitiveArray<T>) -> Option<(T, T)> {
    let values = array.values().as_slice();
    if array.null_count() > 0 {
        let mut found: Option<(T, T)> = None;
        for value in array.iter().flatten() {
            let (low, high) = found.unwrap_or((*value, *value));
            found = Some((low.min(*value), high.max(*value)));
        }
        return found;
    }
    let first = *values.first()?;
    Some(values.iter().fold((first, first), |(low, high), value| (low.min(*value), high.max(*value))))
}

/// A text column as small numbers.
pub(crate) struct Texts {
    /// The number of each row's text, in order of first appearance; NULL is one of them.
    pub(crate) codes: TextCodes,
    /// The first row of each.
    pub(crate) first: Vec<u32>,
}

/// One number a row.
pub(crate) enum TextCodes {
    /// Below 256.
    U8(Vec<u8>),
    /// Below 65,536.
    U16(Vec<u16>),
}

/// Entries of the cache in front of the hash tables.
const RECENT: usize = 256;
/// Looking for distinct texts ends where there are as many as this and more than one in [`SHARE`] rows is new.
const FEW: usize = 1024;
const SHARE: usize = 8;

impl Texts {
    /// `None` when the texts are not few.
    pub(crate) fn of(array: &Utf8ViewArray) -> Option<Self> {
        let mut known = Known::default();
        let mut codes = Vec::with_capacity(array.len());
        let mut first = Vec::new();
        for row in 0..array.len() {
            let code = known.code(array, row);
            if code as usize == first.len() {
                if first.len() > usize::from(u16::MAX) || (first.len() >= FEW && first.len() > row / SHARE) {
                    return None;
                }
                first.push(row as u32);
            }
            codes.push(code as u16);
        }
        let codes = if first.len() <= 256 {
            TextCodes::U8(codes.into_iter().map(|code| code as u8).collect())
        } else {
            TextCodes::U16(codes)
        };
        Some(Self { codes, first })
    }

    /// The distinct values of the column they were found in.
    pub(crate) fn distinct(&self, series: &Series) -> PolarsResult<Series> {
        series.take(&IdxCa::from_vec(PlSmallStr::EMPTY, self.first.clone()))
    }
}

/// Texts met so far, numbered in order of first appearance.
pub(crate) struct Known<'a> {
    recent: Vec<(u128, u32)>,
    views: PlHashMap<u128, u32>,
    long: PlHashMap<&'a str, u32>,
    null: Option<u32>,
    next: u32,
}

impl Default for Known<'_> {
    fn default() -> Self {
        // No view has these bits: a length of 4 GiB does not fit a buffer.
        let recent = vec![(u128::MAX, 0); RECENT];
        Self { recent, views: PlHashMap::default(), long: PlHashMap::default(), null: None, next: 0 }
    }
}

impl<'a> Known<'a> {
    /// How many there are.
    pub(crate) fn len(&self) -> u32 {
        self.next
    }

    /// The number of a row's text. All rows must be of one array: equal views are then equal texts, also where they are long.
    #[inline]
    pub(crate) fn code(&mut self, array: &'a Utf8ViewArray, row: usize) -> u32 {
        if array.is_null(row) {
            let next = &mut self.next;
            return *self.null.get_or_insert_with(|| {
                *next += 1;
                *next - 1
            });
        }
        let view = array.views()[row];
        let bits = view.as_u128();
        let mixed = ((bits >> 64) as u64 ^ bits as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let slot = (mixed >> 56) as usize % RECENT;
        if self.recent[slot].0 != bits {
            let code = self.look_up(array, row, bits, view.length > 12);
            self.recent[slot] = (bits, code);
        }
        self.recent[slot].1
    }

    fn look_up(&mut self, array: &'a Utf8ViewArray, row: usize, bits: u128, is_long: bool) -> u32 {
        if let Some(code) = self.views.get(&bits) {
            return *code;
        }
        let next = &mut self.next;
        let mut fresh = || {
            *next += 1;
            *next - 1
        };
        let code = if is_long { *self.long.entry(array.value(row)).or_insert_with(fresh) } else { fresh() };
        self.views.insert(bits, code);
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(texts: &[Option<&str>]) -> Option<(Vec<u32>, Vec<u32>)> {
        let found = Texts::of(&Utf8ViewArray::from_slice(texts))?;
        let codes = match &found.codes {
            TextCodes::U8(codes) => codes.iter().map(|code| u32::from(*code)).collect(),
            TextCodes::U16(codes) => codes.iter().map(|code| u32::from(*code)).collect(),
        };
        Some((codes, found.first))
    }

    #[test]
    fn texts_are_numbered_as_they_come() {
        let long = "a text that is longer than twelve bytes";
        let other = "a text that is longer than twelve bits";
        let texts = [Some("b"), None, Some(long), Some(""), Some("b"), Some(other), None, Some(long)];
        assert_eq!(codes(&texts), Some((vec![0, 1, 2, 3, 0, 4, 1, 2], vec![0, 1, 2, 3, 5])));
        assert_eq!(codes(&[]), Some((vec![], vec![])));
    }

    #[test]
    fn many_texts_have_no_numbers() {
        let texts: Vec<String> = (0..5000).map(|n| n.to_string()).collect();
        assert_eq!(codes(&texts.iter().map(|text| Some(text.as_str())).collect::<Vec<_>>()), None);
        // Several hundred that repeat take two bytes each.
        let some: Vec<Option<&str>> = (0..5000).map(|n| Some(texts[n % 700].as_str())).collect();
        let (codes, first) = codes(&some).expect("few");
        assert_eq!((codes[4999], first.len()), (4999 % 700, 700));
    }

    #[test]
    fn facts_are_about_the_values_they_were_found_in() {
        let array = PrimitiveArray::from_slice([1_i64, 2, 3]);
        let facts = Facts::default();
        assert!(facts.are_of(&Values::I64(array.clone())) && facts.are_of(&Values::I64(array.clone())));
        assert!(!facts.are_of(&Values::I64(array.clone().sliced(0, 2))));
        assert!(!facts.are_of(&Values::I64(array.sliced(1, 2))));
    }

    #[test]
    fn spans_leave_nulls_out() {
        let span = |array: PrimitiveArray<i64>| Facts::default().span(&Values::I64(array));
        assert_eq!(span(PrimitiveArray::from_slice([3, i64::MIN, i64::MAX])), Some((i64::MIN, i64::MAX)));
        assert_eq!(span(PrimitiveArray::from([Some(7), None, Some(-7)])), Some((-7, 7)));
        assert_eq!(span(PrimitiveArray::from([None::<i64>])), None);
        assert_eq!(span(PrimitiveArray::from_slice([0_i64; 0])), None);
    }
}
