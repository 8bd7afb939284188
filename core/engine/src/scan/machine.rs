//! Runs a program's nodes over one batch after the other.

use super::buffer::{Buffer, Element, ONES};
use super::facts::TextCodes;
use super::few::Few;
use super::kernels::{self, How, choose, gather, map, zip};
use super::program::{Id, Kind, Node, Operation, Program, Unary};
use super::source::{Source, Values};
use super::{BATCH, Bail};

/// The rows of the current batch that count.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// First row of the batch.
    pub(crate) start: usize,
    /// Number of rows that count.
    pub(crate) len: usize,
    /// Whether these are all rows of the batch; else they are `picked`.
    pub(crate) all: bool,
    /// Places in the batch.
    pub(crate) picked: Vec<u16>,
}

impl Rows {
    /// The row of the source.
    #[inline]
    pub(crate) fn row(&self, at: usize) -> usize {
        self.start + if self.all { at } else { usize::from(self.picked[at]) }
    }
}

/// What nodes computed before another have.
struct Before<'a> {
    source: &'a Source,
    program: &'a Program,
    buffers: &'a [Buffer],
    rows: &'a Rows,
}

impl<'a> Before<'a> {
    fn values<T: Element>(&self, id: Id) -> &'a [T] {
        if let Some(constant) = &self.program.constants[id] {
            return &T::of(constant)[..self.rows.len];
        }
        if let Node::Column(column) = self.program.nodes[id]
            && self.rows.all
            && let Some(values) = T::column(&self.source.columns[column].values)
        {
            return &values[self.rows.start..self.rows.start + self.rows.len];
        }
        T::of(&self.buffers[id])
    }

    fn valid(&self, id: Id) -> Option<&'a [u8]> {
        let buffer = self.program.constants[id].as_ref().unwrap_or(&self.buffers[id]);
        buffer.nulls.then(|| &buffer.valid[..self.rows.len])
    }

    fn valid_or_ones(&self, id: Id) -> &'a [u8] {
        self.valid(id).unwrap_or(&ONES[..self.rows.len])
    }
}

/// A program at work.
pub(crate) struct Machine<'a> {
    source: &'a Source,
    program: &'a Program,
    buffers: Vec<Buffer>,
    /// Since when each buffer holds what it does.
    stamps: Vec<u32>,
    now: u32,
    places: Vec<u32>,
    /// The rows at work.
    pub(crate) rows: Rows,
}

impl<'a> Machine<'a> {
    pub(crate) fn new(source: &'a Source, program: &'a Program) -> Self {
        let count = program.nodes.len();
        Self {
            source,
            program,
            buffers: vec![Buffer::default(); count],
            stamps: vec![0; count],
            now: 0,
            places: Vec::new(),
            rows: Rows::default(),
        }
    }

    /// The source.
    pub(crate) fn source(&self) -> &'a Source {
        self.source
    }

    /// Goes to the batch that begins at a row.
    pub(crate) fn go_to(&mut self, start: usize) {
        self.rows.start = start;
        self.rows.len = BATCH.min(self.source.rows.saturating_sub(start));
        self.rows.all = true;
        self.now += 1;
    }

    /// Leaves only the rows whose mask is one.
    pub(crate) fn narrow(&mut self, mask: &[u8]) {
        if self.rows.all {
            kernels::places(&mut self.rows.picked, mask);
        } else {
            kernels::keep(&mut self.rows.picked, mask);
        }
        self.rows.all = false;
        self.rows.len = self.rows.picked.len();
        self.now += 1;
    }

    /// A node's values, after [`eval`](Self::eval).
    pub(crate) fn values<T: Element>(&self, id: Id) -> &[T] {
        self.before(self.buffers.len()).values(id)
    }

    /// Which of them are not NULL; `None` for all.
    pub(crate) fn valid(&self, id: Id) -> Option<&[u8]> {
        self.before(self.buffers.len()).valid(id)
    }

    fn before(&self, id: Id) -> Before<'_> {
        Before { source: self.source, program: self.program, buffers: &self.buffers[..id], rows: &self.rows }
    }

    /// One where a node is true, not NULL.
    pub(crate) fn truths(&mut self, id: Id, out: &mut Vec<u8>) -> Result<(), Bail> {
        self.eval(id)?;
        let values = self.values::<u8>(id);
        match self.valid(id) {
            Some(valid) => zip(out, values, valid, |value, valid| value & valid),
            None => {
                out.clear();
                out.extend_from_slice(values);
            }
        }
        Ok(())
    }

    /// Where the rows' values stand among a column's few.
    pub(crate) fn places(&self, column: usize, few: Few, out: &mut Vec<u32>) {
        fn codes<T: Copy + Into<u32>>(out: &mut Vec<u32>, codes: &[T], rows: &Rows) {
            let batch = &codes[rows.start..];
            out.clear();
            if rows.all {
                out.extend(batch[..rows.len].iter().map(|code| (*code).into()));
            } else {
                out.extend(rows.picked.iter().map(|place| batch[usize::from(*place)].into()));
            }
        }
        fn offsets<T: Copy + Into<i64>>(out: &mut Vec<u32>, values: &[T], low: i64, rows: &Rows) {
            let batch = &values[rows.start..];
            let offset = |value: T| value.into().wrapping_sub(low) as u32;
            out.clear();
            if rows.all {
                out.extend(batch[..rows.len].iter().map(|value| offset(*value)));
            } else {
                out.extend(rows.picked.iter().map(|place| offset(batch[usize::from(*place)])));
            }
        }
        let held = &self.source.columns[column];
        let rows = &self.rows;
        match &held.values {
            Values::I32(array) => offsets(out, array.values(), few.low, rows),
            Values::I64(array) => offsets(out, array.values(), few.low, rows),
            values => match held.facts.texts(values).map(|texts| &texts.codes) {
                Some(TextCodes::U8(all)) => codes(out, all, rows),
                Some(TextCodes::U16(all)) => codes(out, all, rows),
                None => {}
            },
        }
        if let (Values::I32(_) | Values::I64(_), Some(validity)) = (&held.values, held.values.validity()) {
            for (at, place) in out.iter_mut().enumerate() {
                if !validity.get_bit(rows.row(at)) {
                    *place = few.bound - 1;
                }
            }
        }
    }

    /// Computes a node, and before it what it reads.
    pub(crate) fn eval(&mut self, id: Id) -> Result<(), Bail> {
        if self.stamps[id] == self.now {
            return Ok(());
        }
        let node = self.program.nodes[id];
        match node {
            Node::Column(_) | Node::Constant | Node::Lookup { .. } => {}
            Node::IsNull(a) | Node::Number(a) | Node::Widen(a) | Node::Double(a) | Node::Unary(_, a) | Node::Not(a) => {
                self.eval(a)?;
            }
            Node::Arithmetic(_, a, b) | Node::And(a, b) | Node::Or(a, b) | Node::Compare { left: a, right: b, .. } => {
                self.eval(a)?;
                self.eval(b)?;
            }
            Node::Case { when, then, otherwise } => {
                self.eval(when)?;
                self.eval(then)?;
                self.eval(otherwise)?;
            }
        }
        if let Node::Lookup { column, table } = node {
            let mut places = std::mem::take(&mut self.places);
            self.places(column, self.program.tables[table].0, &mut places);
            looked_up(&mut self.buffers[id], self.program.kinds[id], &self.program.tables[table].1, &places);
            self.places = places;
        } else {
            let (before, rest) = self.buffers.split_at_mut(id);
            let before = Before { source: self.source, program: self.program, buffers: before, rows: &self.rows };
            compute(&before, node, self.program.kinds[id], &mut rest[0])?;
        }
        self.stamps[id] = self.now;
        Ok(())
    }
}

fn looked_up(out: &mut Buffer, kind: Kind, table: &Buffer, places: &[u32]) {
    fn of<T: Element>(out: &mut Buffer, table: &Buffer, places: &[u32]) {
        let table = T::of(table).as_slice();
        map(T::of_mut(out), places, |place| table[place as usize]);
    }
    match kind {
        Kind::Bool => of::<u8>(out, table, places),
        Kind::I32 => of::<i32>(out, table, places),
        Kind::I64 => of::<i64>(out, table, places),
        Kind::F64 => of::<f64>(out, table, places),
    }
    out.nulls = table.nulls;
    if table.nulls {
        map(&mut out.valid, places, |place| table.valid[place as usize]);
    }
}

fn compute(before: &Before<'_>, node: Node, kind: Kind, out: &mut Buffer) -> Result<(), Bail> {
    match node {
        Node::Constant | Node::Lookup { .. } => {}
        Node::Column(column) => load(before, column, kind, out),
        Node::IsNull(a) => {
            out.nulls = false;
            map(&mut out.bools, before.valid_or_ones(a), |valid| valid ^ 1);
        }
        Node::Number(a) => {
            map(&mut out.i32s, before.values::<u8>(a), i32::from);
            out.set_valid(before.valid(a), None);
        }
        Node::Widen(a) => {
            map(&mut out.i64s, before.values::<i32>(a), i64::from);
            out.set_valid(before.valid(a), None);
        }
        Node::Double(a) => {
            match before.program.kinds[a] {
                Kind::I32 => map(&mut out.f64s, before.values::<i32>(a), f64::from),
                _ => map(&mut out.f64s, before.values::<i64>(a), |n| n as f64),
            }
            out.set_valid(before.valid(a), None);
        }
        Node::Unary(function, a) => {
            let values = before.values::<f64>(a);
            match function {
                Unary::Floor => map(&mut out.f64s, values, f64::floor),
                Unary::Ceil => map(&mut out.f64s, values, f64::ceil),
                Unary::Trunc => map(&mut out.f64s, values, f64::trunc),
                Unary::Abs => map(&mut out.f64s, values, f64::abs),
                Unary::Negate => map(&mut out.f64s, values, |x| -x),
            }
            out.set_valid(before.valid(a), None);
        }
        Node::Arithmetic(operation, a, b) => {
            if kind == Kind::F64 {
                let (a, b) = (before.values::<f64>(a), before.values::<f64>(b));
                match operation {
                    Operation::Add => zip(&mut out.f64s, a, b, |a, b| a + b),
                    Operation::Subtract => zip(&mut out.f64s, a, b, |a, b| a - b),
                    Operation::Multiply => zip(&mut out.f64s, a, b, |a, b| a * b),
                    Operation::Divide => zip(&mut out.f64s, a, b, |a, b| a / b),
                }
            } else {
                let (a, b) = (before.values::<i64>(a), before.values::<i64>(b));
                let fits = match operation {
                    Operation::Add => kernels::add(&mut out.i64s, a, b),
                    Operation::Subtract => kernels::subtract(&mut out.i64s, a, b),
                    Operation::Multiply => kernels::multiply(&mut out.i64s, a, b),
                    Operation::Divide => false,
                };
                if !fits {
                    return Err(Bail);
                }
            }
            out.set_valid(before.valid(a), before.valid(b));
        }
        Node::Compare { how, invert, plain, left, right } => {
            let bools = &mut out.bools;
            match before.program.kinds[left] {
                Kind::Bool => compare::<u8>(before, bools, (how, invert), left, right),
                Kind::I32 => compare::<i32>(before, bools, (how, invert), left, right),
                Kind::I64 => compare::<i64>(before, bools, (how, invert), left, right),
                Kind::F64 if plain => compare::<f64>(before, bools, (how, invert), left, right),
                Kind::F64 => kernels::compare_doubles(bools, how, invert, before.values(left), before.values(right)),
            }
            out.set_valid(before.valid(left), before.valid(right));
        }
        Node::And(a, b) | Node::Or(a, b) => logic(before, matches!(node, Node::And(..)), a, b, out),
        Node::Not(a) => {
            map(&mut out.bools, before.values::<u8>(a), |truth| truth ^ 1);
            out.set_valid(before.valid(a), None);
        }
        Node::Case { when, then, otherwise } => {
            let mut taken = Vec::new();
            let when = match before.valid(when) {
                None => before.values::<u8>(when),
                Some(valid) => {
                    zip(&mut taken, before.values::<u8>(when), valid, |truth, valid| truth & valid);
                    &taken
                }
            };
            match kind {
                Kind::Bool => choose(&mut out.bools, when, before.values(then), before.values(otherwise)),
                Kind::I32 => choose(&mut out.i32s, when, before.values(then), before.values(otherwise)),
                Kind::I64 => choose(&mut out.i64s, when, before.values(then), before.values(otherwise)),
                Kind::F64 => choose(&mut out.f64s, when, before.values(then), before.values(otherwise)),
            }
            out.nulls = before.valid(then).is_some() || before.valid(otherwise).is_some();
            if out.nulls {
                choose(&mut out.valid, when, before.valid_or_ones(then), before.valid_or_ones(otherwise));
            }
        }
    }
    Ok(())
}

/// Compares by the type's own order, with a constant or value by value.
fn compare<T: Element + PartialOrd>(before: &Before<'_>, out: &mut Vec<u8>, how: (How, bool), a: Id, b: Id) {
    let constant = before.program.constants[b].as_ref().and_then(|constant| T::of(constant).first());
    match constant {
        Some(constant) => kernels::compare_with(out, how.0, how.1, before.values(a), *constant),
        None => kernels::compare(out, how.0, how.1, before.values::<T>(a), before.values(b)),
    }
}

/// A column's values, where they do not lie as loops read them, and which are NULL.
fn load(before: &Before<'_>, column: usize, kind: Kind, out: &mut Buffer) {
    let (rows, values) = (before.rows, &before.source.columns[column].values);
    let bits = |bitmap: &polars_arrow::bitmap::Bitmap, out: &mut Vec<u8>| {
        out.clear();
        out.extend((0..rows.len).map(|at| u8::from(bitmap.get_bit(rows.row(at)))));
    };
    if let Values::Bools(array) = values {
        bits(array.values(), &mut out.bools);
    } else if !rows.all {
        fn picked<T: Element>(out: &mut Buffer, values: &Values, rows: &Rows) {
            if let Some(values) = T::column(values) {
                gather(T::of_mut(out), &values[rows.start..], &rows.picked);
            }
        }
        match kind {
            Kind::Bool => {}
            Kind::I32 => picked::<i32>(out, values, rows),
            Kind::I64 => picked::<i64>(out, values, rows),
            Kind::F64 => picked::<f64>(out, values, rows),
        }
    }
    match values.validity() {
        Some(validity) => {
            bits(validity, &mut out.valid);
            out.nulls = kernels::ones(&out.valid) < rows.len;
        }
        None => out.nulls = false,
    }
}

/// AND and OR with three answers.
fn logic(before: &Before<'_>, and: bool, a: Id, b: Id, out: &mut Buffer) {
    let (x, y) = (before.values::<u8>(a), before.values::<u8>(b));
    out.nulls = before.valid(a).is_some() || before.valid(b).is_some();
    if !out.nulls {
        if and {
            zip(&mut out.bools, x, y, |x, y| x & y);
        } else {
            zip(&mut out.bools, x, y, |x, y| x | y);
        }
        return;
    }
    let (known_x, known_y) = (before.valid_or_ones(a), before.valid_or_ones(b));
    out.bools.clear();
    out.valid.clear();
    for ((x, y), (known_x, known_y)) in x.iter().zip(y).zip(known_x.iter().zip(known_y)) {
        let (x_true, y_true) = (known_x & x, known_y & y);
        let (x_false, y_false) = (known_x & (x ^ 1), known_y & (y ^ 1));
        let (yes, no) = if and { (x_true & y_true, x_false | y_false) } else { (x_true | y_true, x_false & y_false) };
        out.bools.push(yes);
        out.valid.push(yes | no);
    }
}
