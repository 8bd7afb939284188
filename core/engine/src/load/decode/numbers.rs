//! Values of a fixed number of bytes, and how the stored ones become those of a column.

use almanac_model::Type;
use arrow::datatypes::{DataType, TimeUnit};
use parquet::basic::Type as Physical;
use parquet::schema::types::ColumnDescriptor;

use super::texts::Spans;
use super::{Flaw, Outcome, take};
use crate::load::column::Values;
use crate::load::shape::decimal;

/// Values that are converted in one go.
const PART: usize = 4096;

/// How the values of a column are stored.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::load) struct Stored {
    /// In the file.
    pub(super) physical: Physical,
    /// Bytes of a value, where all have as many.
    width: usize,
    /// What they mean.
    pub(super) data_type: DataType,
    /// Whether some may be missing.
    pub(super) nullable: bool,
    /// In memory.
    pub(super) ty: Type,
}

impl Stored {
    /// A column of a file as one of the engine; `None` when it is a part of a list or a structure.
    pub(in crate::load) fn new(column: &ColumnDescriptor, data_type: &DataType, ty: Type) -> Option<Self> {
        let width = match column.physical_type() {
            Physical::BOOLEAN | Physical::BYTE_ARRAY => 0,
            Physical::INT32 | Physical::FLOAT => 4,
            Physical::INT64 | Physical::DOUBLE => 8,
            Physical::INT96 => 12,
            Physical::FIXED_LEN_BYTE_ARRAY => usize::try_from(column.type_length()).ok().filter(|width| *width > 0)?,
        };
        (column.max_rep_level() == 0 && column.max_def_level() <= 1).then(|| Self {
            physical: column.physical_type(),
            width,
            data_type: data_type.clone(),
            nullable: column.max_def_level() == 1,
            ty,
        })
    }

    /// Whether every value is NULL, whatever is stored.
    pub(in crate::load) fn is_nothing(&self) -> bool {
        self.ty == Type::Null
    }

    /// Adds `count` values that stand one behind the other.
    pub(super) fn plain(&self, mut bytes: &[u8], count: usize, out: &mut Values) -> Outcome<()> {
        let size = count.checked_mul(self.width).ok_or_else(|| Flaw::damaged("a page ends too early"))?;
        let bytes = take(&mut bytes, size)?;
        match (out, self.physical, &self.data_type) {
            (Values::Int(out), Physical::INT32, _) => every(bytes, out, i32::from_le_bytes),
            (Values::Big(out), Physical::INT32, DataType::UInt32) => {
                every(bytes, out, |value| i64::from(u32::from_le_bytes(value)));
            }
            (Values::Big(out), Physical::INT32, DataType::Time32(_)) => {
                every(bytes, out, |value| i64::from(i32::from_le_bytes(value)) * 1_000);
            }
            (Values::Big(out), Physical::INT64, DataType::UInt64) => {
                return fitting(bytes, out, |value| i64::try_from(u64::from_le_bytes(value)).ok());
            }
            (Values::Big(out), Physical::INT64, DataType::Timestamp(TimeUnit::Millisecond, _)) => {
                return fitting(bytes, out, |value| i64::from_le_bytes(value).checked_mul(1_000));
            }
            (
                Values::Big(out),
                Physical::INT64,
                DataType::Timestamp(TimeUnit::Nanosecond, _) | DataType::Time64(TimeUnit::Nanosecond),
            ) => every(bytes, out, |value| i64::from_le_bytes(value) / 1_000),
            (Values::Big(out), Physical::INT64, _) => every(bytes, out, i64::from_le_bytes),
            (Values::Big(out), Physical::INT96, _) => return fitting(bytes, out, micros),
            (Values::Double(out), Physical::DOUBLE, _) => every(bytes, out, f64::from_le_bytes),
            (Values::Double(out), Physical::FLOAT, _) => {
                every(bytes, out, |value| f64::from(f32::from_le_bytes(value)));
            }
            (Values::Double(out), Physical::INT32, _) => {
                let divisor = self.divisor();
                every(bytes, out, |value| f64::from(i32::from_le_bytes(value)) / divisor);
            }
            (Values::Double(out), Physical::INT64, _) => {
                let divisor = self.divisor();
                // Exact up to 2^53, rounded to nearest above.
                every(bytes, out, |value| i64::from_le_bytes(value) as f64 / divisor);
            }
            (Values::Double(out), Physical::FIXED_LEN_BYTE_ARRAY, DataType::Float16) => {
                every(bytes, out, |value| half(u16::from_le_bytes(value)));
            }
            (Values::Double(out), Physical::FIXED_LEN_BYTE_ARRAY, _) => {
                let divisor = self.divisor();
                out.extend(bytes.chunks_exact(self.width).map(|value| decimal(value) / divisor));
            }
            _ => return Err(Flaw::Unfit(format!("{} is stored as {}", self.data_type, self.physical))),
        }
        Ok(())
    }

    /// Adds decimals of any number of bytes each.
    pub(super) fn decimals(&self, area: &[u8], spans: &Spans, out: &mut Vec<f64>) {
        let divisor = self.divisor();
        let value = |(start, length): &(u32, u32)| {
            decimal(&area[*start as usize..*start as usize + *length as usize]) / divisor
        };
        out.extend(spans.iter().map(value));
    }

    fn divisor(&self) -> f64 {
        match self.data_type {
            DataType::Decimal32(_, scale)
            | DataType::Decimal64(_, scale)
            | DataType::Decimal128(_, scale)
            | DataType::Decimal256(_, scale) => 10_f64.powi(i32::from(scale)),
            _ => 1.0,
        }
    }

    /// Whole numbers as bytes, for [`Stored::plain`].
    pub(super) fn bytes_of(&self, numbers: &[i64]) -> Outcome<Vec<u8>> {
        match self.physical {
            Physical::INT32 => Ok(numbers.iter().flat_map(|number| (*number as i32).to_le_bytes()).collect()),
            Physical::INT64 => Ok(numbers.iter().flat_map(|number| number.to_le_bytes()).collect()),
            other => Err(Flaw::damaged(format!("differences of {other}"))),
        }
    }

    /// Values whose first bytes stand together, then their second ones, and so on; for [`Stored::plain`].
    pub(super) fn joined(&self, mut bytes: &[u8], count: usize) -> Outcome<Vec<u8>> {
        let size = count.checked_mul(self.width).ok_or_else(|| Flaw::damaged("a page ends too early"))?;
        let bytes = take(&mut bytes, size)?;
        let mut out = vec![0; bytes.len()];
        if count > 0 {
            for (place, stream) in bytes.chunks_exact(count).enumerate() {
                out.iter_mut().skip(place).step_by(self.width).zip(stream).for_each(|(out, byte)| *out = *byte);
            }
        }
        Ok(out)
    }
}

fn every<const WIDTH: usize, T>(bytes: &[u8], out: &mut Vec<T>, value: impl Fn([u8; WIDTH]) -> T) {
    bytes.chunks(PART * WIDTH).for_each(|part| every_of(part, out, &value));
}

/// Small and called for every few values on purpose: a browser makes fast code of a function between two calls of it.
#[inline(never)]
fn every_of<const WIDTH: usize, T>(bytes: &[u8], out: &mut Vec<T>, value: impl Fn([u8; WIDTH]) -> T) {
    out.extend(bytes.as_chunks::<WIDTH>().0.iter().map(|bytes| value(*bytes)));
}

fn fitting<const WIDTH: usize>(
    bytes: &[u8],
    out: &mut Vec<i64>,
    value: impl Fn([u8; WIDTH]) -> Option<i64>,
) -> Outcome<()> {
    let mut fit = true;
    out.extend(bytes.as_chunks::<WIDTH>().0.iter().map(|bytes| {
        value(*bytes).unwrap_or_else(|| {
            fit = false;
            0
        })
    }));
    if fit { Ok(()) } else { Err(Flaw::Unfit("a value is out of range".to_owned())) }
}

/// Nanoseconds of the day and the Julian day, whose number 2,440,588 is 1970-01-01.
fn micros(stored: [u8; 12]) -> Option<i64> {
    let (nanos, day) = stored.split_at(8);
    let nanos = i64::from_le_bytes(nanos.try_into().ok()?);
    let day = i64::from(i32::from_le_bytes(day.try_into().ok()?));
    (day - 2_440_588).checked_mul(86_400_000_000)?.checked_add(nanos / 1_000)
}

/// A number of 16 bits: a sign, five bits of exponent, ten of fraction (IEEE 754-2019, `binary16`).
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    match exponent {
        0 => sign * fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => sign * f64::INFINITY,
        31 => f64::NAN,
        _ => sign * (1.0 + fraction / 1024.0) * 2_f64.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_read() {
        let known = [(0x3c00, 1.0), (0xc000, -2.0), (0x7bff, 65_504.0), (0x0001, 5.960_464_477_539_063e-8)];
        for (bits, value) in known.into_iter().chain([(0x7c00, f64::INFINITY), (0x3555, 0.333_251_953_125)]) {
            assert_eq!(half(bits), value);
        }
        assert!(half(0x7e00).is_nan() && half(0x8000).is_sign_negative());
    }

    #[test]
    fn julian_days_are_read() {
        let stored = |nanos: i64, day: i32| {
            let mut bytes = [0; 12];
            bytes[..8].copy_from_slice(&nanos.to_le_bytes());
            bytes[8..].copy_from_slice(&day.to_le_bytes());
            micros(bytes)
        };
        assert_eq!(stored(0, 2_440_588), Some(0));
        assert_eq!(stored(1_500, 2_440_589), Some(86_400_000_001));
        assert_eq!(stored(0, 0), Some(-210_866_803_200_000_000));
    }
}
