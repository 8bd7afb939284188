//! What a footer claims to describe, looked at before memory is taken for it.
//!
//! A schema is a list in which each element says how many of those behind it are its parts. A reader that follows it calls itself
//! once a level and reserves as many parts as are claimed, so both are bounded here first.
//! Source: `FileMetaData` in `parquet.thrift` (<https://github.com/apache/parquet-format>).

use super::thrift::Compact;

/// Most levels of a schema: no table that people query has more than a few.
const DEEPEST: usize = 32;
/// Bytes that the description of a column, or of a part of it in a row group, takes in memory.
const DESCRIPTION: u64 = 600;

/// Bytes of memory that a footer's description takes, roughly.
///
/// # Errors
/// Why it is no footer.
pub(super) fn memory(footer: &[u8]) -> Result<u64, &'static str> {
    let mut reader = Compact::new(footer);
    let mut outline = Outline::default();
    outline.read(&mut reader).unwrap_or(Err("its footer ends too early"))?;
    Ok((outline.elements + outline.chunks).saturating_mul(DESCRIPTION))
}

#[derive(Default)]
struct Outline {
    /// Elements of the schema.
    elements: u64,
    /// Column chunks of all row groups.
    chunks: u64,
}

impl Outline {
    fn read(&mut self, reader: &mut Compact<'_>) -> Option<Result<(), &'static str>> {
        let mut field = (0, 0);
        loop {
            field = reader.field(field.0)?;
            match field {
                (_, 0) => return Some(Ok(())),
                (2, _) => {
                    if let Err(why) = self.schema(reader)? {
                        return Some(Err(why));
                    }
                }
                (4, _) => {
                    let (groups, kind) = reader.list()?;
                    if kind != 12 {
                        return Some(Err("its row groups are no structures"));
                    }
                    for _ in 0..groups {
                        self.chunks = self.chunks.saturating_add(columns_of_group(reader)?);
                    }
                }
                (_, kind) => reader.skip(kind)?,
            }
        }
    }

    fn schema(&mut self, reader: &mut Compact<'_>) -> Option<Result<(), &'static str>> {
        let (count, kind) = reader.list()?;
        if kind != 12 {
            return Some(Err("its schema is no list of columns"));
        }
        // Parts still to come of each element around.
        let mut open: Vec<u64> = Vec::new();
        for left in (0..count).rev() {
            let children = children_of_element(reader)?;
            self.elements = self.elements.saturating_add(1);
            if let Some(parts) = open.last_mut() {
                *parts -= 1;
            }
            match u64::try_from(children) {
                Ok(parts) if parts > left => return Some(Err("its schema lacks columns")),
                Ok(0) => {}
                Ok(parts) => open.push(parts),
                Err(_) => return Some(Err("its schema has a negative number of columns")),
            }
            if open.len() > DEEPEST {
                return Some(Err("its columns are nested too deep"));
            }
            while open.last() == Some(&0) {
                open.pop();
            }
        }
        Some(Ok(()))
    }
}

/// Field 5 of a `SchemaElement`; passes over the others.
fn children_of_element(reader: &mut Compact<'_>) -> Option<i64> {
    let mut children = 0;
    let mut field = (0, 0);
    loop {
        field = reader.field(field.0)?;
        match field {
            (_, 0) => return Some(children),
            (5, _) => children = reader.number()?,
            (_, kind) => reader.skip(kind)?,
        }
    }
}

/// The length of field 1 of a `RowGroup`; passes over the others.
fn columns_of_group(reader: &mut Compact<'_>) -> Option<u64> {
    let mut columns = 0;
    let mut field = (0, 0);
    loop {
        field = reader.field(field.0)?;
        match field {
            (_, 0) => return Some(columns),
            (1, _) => {
                let (count, kind) = reader.list()?;
                for _ in 0..count {
                    reader.skip(kind)?;
                    columns += 1;
                }
            }
            (_, kind) => reader.skip(kind)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A footer of nothing but a schema whose elements have that many parts each.
    fn footer(children: &[u64]) -> Vec<u8> {
        let mut out = vec![0x29, 0xfc];
        varint(children.len() as u64, &mut out);
        for parts in children {
            // Field 5, a whole number.
            out.push(0x55);
            varint(parts << 1, &mut out);
            out.push(0);
        }
        out.push(0);
        out
    }

    fn varint(mut number: u64, out: &mut Vec<u8>) {
        while number >= 0x80 {
            out.push(number as u8 | 0x80);
            number >>= 7;
        }
        out.push(number as u8);
    }

    #[test]
    fn a_schema_is_bounded_before_it_is_followed() {
        assert_eq!(memory(&footer(&[2, 0, 1, 0])), Ok(4 * DESCRIPTION));
        assert_eq!(memory(&footer(&[1 << 31, 0])), Err("its schema lacks columns"));
        let deep: Vec<u64> = (0..5_000).map(|level| u64::from(level < 4_999)).collect();
        assert_eq!(memory(&footer(&deep)), Err("its columns are nested too deep"));
        let wide: Vec<u64> = std::iter::once(10_000).chain(std::iter::repeat_n(0, 10_000)).collect();
        assert_eq!(memory(&footer(&wide)), Ok(10_001 * DESCRIPTION));
    }

    #[test]
    fn what_ends_early_is_no_footer() {
        let whole = footer(&[2, 0, 0]);
        for cut in 0..whole.len() {
            assert!(memory(&whole[..cut]).is_err(), "cut at {cut}");
        }
    }
}
