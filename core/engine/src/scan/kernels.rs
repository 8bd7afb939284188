//! Loops over a batch. Each is short and without branches that depend on values, so that the compiler makes vector code of it.

/// `out[i] = f(a[i])`
#[inline]
pub(crate) fn map<A: Copy, O>(out: &mut Vec<O>, a: &[A], mut f: impl FnMut(A) -> O) {
    out.clear();
    out.extend(a.iter().map(|a| f(*a)));
}

/// `out[i] = f(a[i], b[i])`
#[inline]
pub(crate) fn zip<A: Copy, B: Copy, O>(out: &mut Vec<O>, a: &[A], b: &[B], f: impl Fn(A, B) -> O) {
    out.clear();
    out.extend(a.iter().zip(b).map(|(a, b)| f(*a, *b)));
}

/// The values at these places.
#[inline]
pub(crate) fn gather<T: Copy>(out: &mut Vec<T>, values: &[T], places: &[u16]) {
    out.clear();
    out.extend(places.iter().map(|place| values[usize::from(*place)]));
}

/// `when[i]` decides between `a[i]` and `b[i]`.
#[inline]
pub(crate) fn choose<T: Copy>(out: &mut Vec<T>, when: &[u8], a: &[T], b: &[T]) {
    out.clear();
    out.extend(when.iter().zip(a.iter().zip(b)).map(|(when, (a, b))| if *when != 0 { *a } else { *b }));
}

/// How two values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// Less.
    Less,
    /// Less or equal.
    AtMost,
    /// Equal.
    Equal,
}

/// Comparison by the type's own operators; `invert` turns each answer round.
#[expect(clippy::neg_cmp_op_on_partial_ord, reason = "NaN is turned round with the others")]
pub(crate) fn compare<T: Copy + PartialOrd>(out: &mut Vec<u8>, how: How, invert: bool, a: &[T], b: &[T]) {
    match (how, invert) {
        (How::Less, false) => zip(out, a, b, |a, b| u8::from(a < b)),
        (How::Less, true) => zip(out, a, b, |a, b| u8::from(!(a < b))),
        (How::AtMost, false) => zip(out, a, b, |a, b| u8::from(a <= b)),
        (How::AtMost, true) => zip(out, a, b, |a, b| u8::from(!(a <= b))),
        (How::Equal, false) => zip(out, a, b, |a, b| u8::from(a == b)),
        (How::Equal, true) => zip(out, a, b, |a, b| u8::from(a != b)),
    }
}

/// The same with one value on the right.
#[expect(clippy::neg_cmp_op_on_partial_ord, reason = "NaN is turned round with the others")]
pub(crate) fn compare_with<T: Copy + PartialOrd>(out: &mut Vec<u8>, how: How, invert: bool, a: &[T], b: T) {
    match (how, invert) {
        (How::Less, false) => map(out, a, |a| u8::from(a < b)),
        (How::Less, true) => map(out, a, |a| u8::from(!(a < b))),
        (How::AtMost, false) => map(out, a, |a| u8::from(a <= b)),
        (How::AtMost, true) => map(out, a, |a| u8::from(!(a <= b))),
        (How::Equal, false) => map(out, a, |a| u8::from(a == b)),
        (How::Equal, true) => map(out, a, |a| u8::from(a != b)),
    }
}

/// Comparison of doubles in DuckDB's order: NaN above all, equal to itself. Where `b` is never NaN, [`compare`] does the same.
pub(crate) fn compare_doubles(out: &mut Vec<u8>, how: How, invert: bool, a: &[f64], b: &[f64]) {
    let invert = u8::from(invert);
    let is_nan = |x: f64| u8::from(x.is_nan());
    match how {
        How::Less => zip(out, a, b, |a, b| (u8::from(a < b) | (is_nan(b) & (is_nan(a) ^ 1))) ^ invert),
        How::AtMost => zip(out, a, b, |a, b| (u8::from(a <= b) | is_nan(b)) ^ invert),
        How::Equal => zip(out, a, b, |a, b| (u8::from(a == b) | (is_nan(a) & is_nan(b))) ^ invert),
    }
}

/// Sums of integers; false when one does not fit.
pub(crate) fn add(out: &mut Vec<i64>, a: &[i64], b: &[i64]) -> bool {
    zip(out, a, b, i64::wrapping_add);
    // A sum left its range where its sign differs from both signs.
    let lost = out.iter().zip(a.iter().zip(b)).fold(0, |lost, (sum, (a, b))| lost | ((sum ^ a) & (sum ^ b)));
    lost >= 0
}

/// Differences of integers; false when one does not fit.
pub(crate) fn subtract(out: &mut Vec<i64>, a: &[i64], b: &[i64]) -> bool {
    zip(out, a, b, i64::wrapping_sub);
    let lost = out.iter().zip(a.iter().zip(b)).fold(0, |lost, (rest, (a, b))| lost | ((a ^ b) & (rest ^ a)));
    lost >= 0
}

/// Products of integers; false when one does not fit.
pub(crate) fn multiply(out: &mut Vec<i64>, a: &[i64], b: &[i64]) -> bool {
    zip(out, a, b, i64::wrapping_mul);
    let narrow = |x: i64| x ^ i64::from(x as i32);
    // Products of halves always fit; WebAssembly has no multiplication that tells.
    let wide = a.iter().zip(b).fold(0, |wide, (a, b)| wide | narrow(*a) | narrow(*b));
    wide == 0 || a.iter().zip(b).all(|(a, b)| a.checked_mul(*b).is_some())
}

/// For each set of eight places, those in it, in order.
static AMONG_EIGHT: [[u16; 8]; 256] = {
    let mut all = [[0; 8]; 256];
    let mut set = 0;
    while set < 256 {
        let (mut count, mut place) = (0, 0);
        while place < 8 {
            if set >> place & 1 == 1 {
                all[set][count] = place;
                count += 1;
            }
            place += 1;
        }
        set += 1;
    }
    all
};

/// The places of a mask's ones.
pub(crate) fn places(out: &mut Vec<u16>, mask: &[u8]) {
    out.clear();
    out.resize(mask.len() + 8, 0);
    let mut count = 0;
    let (blocks, rest) = mask.as_chunks::<8>();
    for (at, block) in blocks.iter().enumerate() {
        // Eight places are written at once, of which the ones of this block stay.
        let block = u64::from_le_bytes(*block);
        let set = block.wrapping_mul(0x0102_0408_1020_4080) >> 56;
        let among = &AMONG_EIGHT[set as usize];
        out[count..count + 8].iter_mut().zip(among).for_each(|(out, place)| *out = (at * 8) as u16 + place);
        count += block.count_ones() as usize;
    }
    for (offset, one) in rest.iter().enumerate() {
        out[count] = (blocks.len() * 8 + offset) as u16;
        count += usize::from(*one);
    }
    out.truncate(count);
}

/// Keeps the places whose mask is one.
pub(crate) fn keep(places: &mut Vec<u16>, mask: &[u8]) {
    let mut count = 0;
    for at in 0..places.len().min(mask.len()) {
        places[count] = places[at];
        count += usize::from(mask[at]);
    }
    places.truncate(count);
}

/// How many ones a mask has.
pub(crate) fn ones(mask: &[u8]) -> usize {
    let (blocks, rest) = mask.as_chunks::<8>();
    let of_blocks: u32 = blocks.iter().map(|block| u64::from_le_bytes(*block).count_ones()).sum();
    of_blocks as usize + rest.iter().map(|one| usize::from(*one)).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_that_do_not_fit_are_noticed() {
        let values = [0, 1, -1, 7, i64::MAX, i64::MIN, i64::MAX - 1, 1 << 31, -(1 << 31), 1 << 32, 3_037_000_500];
        let mut out = Vec::new();
        for a in values {
            for b in values {
                assert_eq!(add(&mut out, &[0, a], &[0, b]), a.checked_add(b).is_some(), "{a} + {b}");
                assert_eq!(subtract(&mut out, &[0, a], &[0, b]), a.checked_sub(b).is_some(), "{a} - {b}");
                assert_eq!(multiply(&mut out, &[0, a], &[0, b]), a.checked_mul(b).is_some(), "{a} * {b}");
                assert_eq!(out, [0, a.wrapping_mul(b)]);
            }
        }
    }

    #[test]
    fn doubles_compare_as_in_duckdb() {
        let values = [f64::NEG_INFINITY, -1.0, -0.0, 0.0, 1.5, f64::INFINITY, f64::NAN];
        let mut out = Vec::new();
        for a in values {
            for b in values {
                let order = crate::physical::compare_doubles(a, b);
                for (how, expected) in
                    [(How::Less, order.is_lt()), (How::AtMost, order.is_le()), (How::Equal, order.is_eq())]
                {
                    for invert in [false, true] {
                        compare_doubles(&mut out, how, invert, &[a], &[b]);
                        assert_eq!(out, [u8::from(expected != invert)], "{a} {how:?} {b}");
                        if !b.is_nan() {
                            compare(&mut out, how, invert, &[a], &[b]);
                            assert_eq!(out, [u8::from(expected != invert)], "{a} {how:?} {b}");
                            compare_with(&mut out, how, invert, &[a], b);
                            assert_eq!(out, [u8::from(expected != invert)], "{a} {how:?} {b}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn places_of_ones() {
        let mut out = Vec::new();
        for len in [0, 1, 7, 8, 9, 40] {
            for step in [1, 2, 3, 11, 100] {
                let mask: Vec<u8> = (0..len).map(|at| u8::from(at % step == 0)).collect();
                let expected: Vec<u16> = (0..len).filter(|at| at % step == 0).map(|at| at as u16).collect();
                places(&mut out, &mask);
                assert_eq!((&out, ones(&mask)), (&expected, expected.len()));
                let odd: Vec<u8> = (0..out.len()).map(|at| (at % 2) as u8).collect();
                keep(&mut out, &odd);
                assert_eq!(out, expected.iter().skip(1).step_by(2).copied().collect::<Vec<_>>());
            }
        }
    }
}
