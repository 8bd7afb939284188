//! Intervals as bytes: 32, whose first 16 order them.

use almanac_model::Interval;

use crate::nested;

const MICROS_PER_DAY: i128 = 86_400_000_000;

/// Length in microseconds with months of 30 days and days of 24 hours, by which intervals compare in PostgreSQL and DuckDB.
pub(crate) fn normalized(interval: Interval) -> i128 {
    (i128::from(interval.months) * 30 + i128::from(interval.days)) * MICROS_PER_DAY + i128::from(interval.micros)
}

/// The bytes of an interval: its order first, then its parts.
pub(crate) fn encode(interval: Interval) -> [u8; 32] {
    let mut out = [0; 32];
    // Flipping the sign bit makes the order of bytes the order of numbers.
    out[..16].copy_from_slice(&(normalized(interval) as u128 ^ (1 << 127)).to_be_bytes());
    out[16..20].copy_from_slice(&interval.months.to_le_bytes());
    out[20..24].copy_from_slice(&interval.days.to_le_bytes());
    out[24..].copy_from_slice(&interval.micros.to_le_bytes());
    out
}

/// The part of a value's bytes by which it compares: see [`crate::nested`] for lists and structs.
#[inline]
pub(crate) fn key(bytes: &[u8]) -> &[u8] {
    if nested::is_nested(bytes) { bytes } else { &bytes[..16] }
}

/// The interval of those bytes.
pub(crate) fn decode(bytes: &[u8]) -> Interval {
    fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
        bytes.get(at..at + N).and_then(|part| part.try_into().ok()).unwrap_or([0; N])
    }
    Interval {
        months: i32::from_le_bytes(part(bytes, 16)),
        days: i32::from_le_bytes(part(bytes, 20)),
        micros: i64::from_le_bytes(part(bytes, 24)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_order_by_their_length() {
        let month = Interval { months: 1, days: 0, micros: 0 };
        let days = Interval { months: 0, days: 29, micros: 86_400_000_001 };
        let back = Interval { months: -1, days: 0, micros: 0 };
        assert!(encode(back) < encode(month) && encode(month) < encode(days));
        for interval in [month, days, back] {
            assert_eq!(decode(&encode(interval)), interval);
        }
    }
}
