//! Numbers for people, and parts of paths.

use polars_core::prelude::Column;

use crate::lower::call::{Answer, Call};
use crate::physical::{bools, doubles, ints, texts};

/// A size in bytes, cut off after one decimal: `15.2 MiB`, or `16.0 MB` in powers of 1000.
pub(crate) fn format_bytes(call: &Call<'_>, decimal: bool) -> Answer<Column> {
    let values = ints(call.arg(0)?)?;
    let base = if decimal { 1000_u64 } else { 1024 };
    let units = if decimal { ["kB", "MB", "GB", "TB", "PB"] } else { ["KiB", "MiB", "GiB", "TiB", "PiB"] };
    call.texts(|row| {
        Ok(values.get(row).map(|n| {
            let sign = if n < 0 { "-" } else { "" };
            let size = n.unsigned_abs();
            if size < base {
                return format!("{sign}{size} byte{}", if size == 1 { "" } else { "s" });
            }
            let mut unit = base;
            let mut at = 0;
            while size / unit >= base && at + 1 < units.len() {
                unit *= base;
                at += 1;
            }
            let tenths = u128::from(size % unit) * 10 / u128::from(unit);
            format!("{sign}{}.{tenths} {}", size / unit, units[at])
        }))
    })
}

/// Eighths of a block.
const BLOCKS: [char; 9] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// `bar(value, least, most)`, `bar(value, least, most, width)`: filled up with spaces to the width.
pub(crate) fn bar(call: &Call<'_>) -> Answer<Column> {
    let (values, lows, highs) = (doubles(call.arg(0)?)?, doubles(call.arg(1)?)?, doubles(call.arg(2)?)?);
    let widths = call.args.get(3).map(doubles).transpose()?;
    call.texts(|row| {
        let width = widths.as_ref().map_or(Some(80.0), |widths| widths.get(row));
        let (Some(x), Some(low), Some(high), Some(width)) = (values.get(row), lows.get(row), highs.get(row), width)
        else {
            return Ok(None);
        };
        if !(1.0..=1000.0).contains(&width) {
            return call.refuse(row, "out-of-range", || "a bar is 1 to 1000 characters wide".to_owned());
        }
        let share = if x.is_nan() || low.is_nan() || high.is_nan() || x <= low {
            0.0
        } else if x >= high {
            width
        } else {
            width * (x - low) / (high - low)
        };
        let eighths = (share * 8.0) as usize;
        let mut out: String = std::iter::repeat_n(BLOCKS[8], eighths / 8).collect();
        if !eighths.is_multiple_of(8) {
            out.push(BLOCKS[eighths % 8]);
        }
        let have = out.chars().count();
        out.extend(std::iter::repeat_n(' ', (width as usize).saturating_sub(have)));
        Ok(Some(out))
    })
}

/// Both separators count, as in DuckDB.
const SEPARATORS: [char; 2] = ['/', '\\'];

/// The last part of a path, without its ending when the second argument is true.
pub(crate) fn parse_filename(call: &Call<'_>) -> Answer<Column> {
    let values = texts(call.arg(0)?)?;
    let cuts = call.args.get(1).map(bools).transpose()?;
    call.texts(|row| {
        let cut = cuts.as_ref().map_or(Some(false), |cuts| cuts.get(row));
        Ok(values.get(row).zip(cut).map(|(path, cut)| {
            let name = path.rsplit(SEPARATORS).next().unwrap_or(path);
            if cut { name.rsplit_once('.').map_or(name, |(stem, _)| stem) } else { name }
        }))
    })
}

/// The first folder of a path; the root of an absolute one.
pub(crate) fn parse_dirname(path: &str) -> &str {
    match path.find(SEPARATORS) {
        Some(0) => &path[..1],
        Some(at) => &path[..at],
        None => "",
    }
}

/// All folders of a path.
pub(crate) fn parse_dirpath(path: &str) -> &str {
    path.rfind(SEPARATORS).map_or("", |at| &path[..at])
}
