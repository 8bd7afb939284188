//! Thrift's compact protocol as a tree that can be changed and written again, so that a footer or a page header can say anything.
//! Source: <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>.

/// Fields by their numbers.
pub type Struct = Vec<(i16, Value)>;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A truth value.
    Bool(bool),
    /// A byte.
    Byte(u8),
    /// A whole number: of 16, 32 or 64 bits by its kind.
    Int(u8, i64),
    /// A floating-point number.
    Double([u8; 8]),
    /// Bytes, or a text.
    Bytes(Vec<u8>),
    /// Values of one kind.
    List(u8, Vec<Value>),
    /// Fields.
    Struct(Struct),
}

/// The structure at the start of these bytes, and its length.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<(Struct, usize)> {
    let mut reader = Reader { bytes, at: 0 };
    let fields = reader.fields()?;
    Some((fields, reader.at))
}

/// The bytes of a structure.
#[must_use]
pub fn write(fields: &Struct) -> Vec<u8> {
    let mut out = Vec::new();
    write_fields(fields, &mut out);
    out
}

/// A field of a structure.
#[must_use]
pub fn field(fields: &Struct, id: i16) -> Option<&Value> {
    fields.iter().find(|(own, _)| *own == id).map(|(_, value)| value)
}

/// A field of a structure, to be changed.
pub fn field_mut(fields: &mut Struct, id: i16) -> Option<&mut Value> {
    fields.iter_mut().find(|(own, _)| *own == id).map(|(_, value)| value)
}

impl Value {
    /// The whole number it is.
    #[must_use]
    pub fn int(&self) -> Option<i64> {
        if let Self::Int(_, number) = self { Some(*number) } else { None }
    }

    /// The fields it has.
    #[must_use]
    pub fn fields(&self) -> Option<&Struct> {
        if let Self::Struct(fields) = self { Some(fields) } else { None }
    }

    /// The elements it has.
    #[must_use]
    pub fn list(&self) -> Option<&[Self]> {
        if let Self::List(_, values) = self { Some(values) } else { None }
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Bool(truth) => 2 - u8::from(*truth),
            Self::Byte(_) => 3,
            Self::Int(kind, _) => *kind,
            Self::Double(_) => 7,
            Self::Bytes(_) => 8,
            Self::List(..) => 9,
            Self::Struct(_) => 12,
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn zigzag(&mut self) -> Option<i64> {
        let number = self.varint()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn fields(&mut self) -> Option<Struct> {
        let mut out = Vec::new();
        let mut id = 0;
        loop {
            let head = self.take(1)?[0];
            if head == 0 {
                return Some(out);
            }
            id = if head >> 4 == 0 { i16::try_from(self.zigzag()?).ok()? } else { id + i16::from(head >> 4) };
            let value = match head & 15 {
                1 => Value::Bool(true),
                2 => Value::Bool(false),
                kind => self.value(kind)?,
            };
            out.push((id, value));
        }
    }

    fn value(&mut self, kind: u8) -> Option<Value> {
        Some(match kind {
            1 | 2 => Value::Bool(self.take(1)?[0] == 1),
            3 => Value::Byte(self.take(1)?[0]),
            4..=6 => Value::Int(kind, self.zigzag()?),
            7 => Value::Double(self.take(8)?.try_into().ok()?),
            8 => {
                let length = usize::try_from(self.varint()?).ok()?;
                Value::Bytes(self.take(length)?.to_vec())
            }
            9 | 10 => {
                let head = self.take(1)?[0];
                let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
                let values = (0..count).map(|_| self.value(head & 15)).collect::<Option<_>>()?;
                Value::List(head & 15, values)
            }
            12 => Value::Struct(self.fields()?),
            _ => return None,
        })
    }
}

/// A number of up to 64 bits.
pub fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn write_fields(fields: &Struct, out: &mut Vec<u8>) {
    let mut last = 0;
    for (id, value) in fields {
        match u8::try_from(id - last) {
            Ok(step @ 1..=15) => out.push(step << 4 | value.kind()),
            _ => {
                out.push(value.kind());
                zigzag(i64::from(*id), out);
            }
        }
        if !matches!(value, Value::Bool(_)) {
            write_value(value, out);
        }
        last = *id;
    }
    out.push(0);
}

fn zigzag(number: i64, out: &mut Vec<u8>) {
    varint((number << 1 ^ number >> 63).cast_unsigned(), out);
}

fn write_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Bool(truth) => out.push(2 - u8::from(*truth)),
        Value::Byte(byte) => out.push(*byte),
        Value::Int(_, number) => zigzag(*number, out),
        Value::Double(bytes) => out.extend_from_slice(bytes),
        Value::Bytes(bytes) => {
            varint(bytes.len() as u64, out);
            out.extend_from_slice(bytes);
        }
        Value::List(kind, values) => {
            match u8::try_from(values.len()) {
                Ok(count @ 0..15) => out.push(count << 4 | kind),
                _ => {
                    out.push(0xf0 | kind);
                    varint(values.len() as u64, out);
                }
            }
            values.iter().for_each(|value| write_value(value, out));
        }
        Value::Struct(fields) => write_fields(fields, out),
    }
}
