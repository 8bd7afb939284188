//! The group of each row, batch by batch: keys become small codes, codes of several keys become one, and groups are numbered in
//! order of first appearance.

use almanac_model::Type;
use almanac_sql::plan::{Expr, ExprKind};

use super::Bail;
use super::facts::Known;
use super::few::{Few, distinct, few, only_column};
use super::kernels::{map, zip};
use super::machine::Machine;
use super::program::{General, Id, Kind, Program, kind_of};
use super::source::{Source, Values};
use crate::aggregate::groups::Groups;
use crate::aggregate::table::Numbers;
use crate::physical::double_bits;

/// Tables over codes, or pairs of codes, have at most so many entries.
const LARGEST_TABLE: u64 = 1 << 20;
/// Those over one whole number, which extracts are often sorted by, so many.
const LARGEST_SPAN: u64 = 1 << 24;
/// Whole numbers from 0 to this are codes as they are, those above are hashed.
const LARGEST_SMALL: u32 = 4095;
/// The first code of a hashed value.
const SMALL: u32 = LARGEST_SMALL + 2;

/// How the values of a key become codes.
enum Coder<'a> {
    /// By a table over the few values of a column; none where each value is its own code.
    Few { column: usize, few: Few, table: Option<Vec<u32>>, bound: u32 },
    /// False, true, NULL.
    Bools(Id),
    /// Numbers in order of appearance.
    Numbers(Id, Box<Hashed>),
    /// Texts in order of appearance.
    Texts(usize, Box<Known<'a>>),
}

/// Codes of 64-bit values: NULL is 0, a small whole number is one more than itself, the others are numbered after these.
struct Hashed {
    numbers: Numbers,
}

impl Hashed {
    fn bound(&self) -> u32 {
        SMALL + self.numbers.len() as u32
    }

    fn other(&mut self, key: u64) -> u32 {
        SMALL + self.numbers.number(key)
    }

    fn doubles(&mut self, out: &mut Vec<u32>, values: &[f64]) {
        // What is no whole number, or none that is small, becomes a code that is not: NaN and negative numbers become 0 here.
        map(out, values, |x| x as u32);
        let wrong = out
            .iter()
            .zip(values)
            .fold(0, |wrong, (n, x)| wrong | u8::from(f64::from(*n) != *x) | u8::from(*n > LARGEST_SMALL));
        if wrong == 0 {
            out.iter_mut().for_each(|n| *n += 1);
            return;
        }
        for (n, x) in out.iter_mut().zip(values) {
            *n = if f64::from(*n) == *x && *n <= LARGEST_SMALL { *n + 1 } else { self.other(double_bits(*x)) };
        }
    }

    fn whole<T: Copy + Into<i64>>(&mut self, out: &mut Vec<u32>, values: &[T]) {
        map(out, values, |n| {
            let key = n.into() as u64;
            if key <= u64::from(LARGEST_SMALL) { key as u32 + 1 } else { self.other(key) }
        });
    }
}

impl<'a> Coder<'a> {
    /// `None` when the key must be computed by the general way first.
    fn compile(program: &mut Program, source: &'a Source, general: General<'_>, key: &Expr) -> Option<Self> {
        if kind_of(key.ty).is_none() && key.ty != Type::Varchar {
            return None;
        }
        let column = only_column(key).and_then(|id| source.place(id));
        let plain = matches!(key.kind, ExprKind::Column(_));
        if let Some(column) = column
            && let Some(few) = if plain { spanned(source, column) } else { few(source, column) }
        {
            if plain {
                return Some(Self::Few { column, few, table: None, bound: few.bound });
            }
            if let Some(keys) = distinct(source, column, few).and_then(|values| general(vec![values], key))
                && keys.len() == few.bound as usize
            {
                let groups = Groups::by(&[keys], few.bound as usize).ok()?;
                let bound = groups.len() as u32;
                return Some(Self::Few { column, few, table: Some(groups.ids), bound });
            }
        }
        if let (true, Some(column)) = (plain, column)
            && let Values::Texts(_) = source.columns[column].values
        {
            return Some(Self::Texts(column, Box::default()));
        }
        let id = program.compile(source, general, key)?;
        Some(if program.kinds[id] == Kind::Bool {
            Self::Bools(id)
        } else {
            Self::Numbers(id, Box::new(Hashed { numbers: Numbers::new() }))
        })
    }

    /// One more than the largest code so far; `true` if it stays.
    fn bound(&self) -> (u32, bool) {
        match self {
            Self::Few { bound, .. } => (*bound, true),
            Self::Bools(_) => (3, true),
            Self::Numbers(_, hashed) => (hashed.bound(), false),
            Self::Texts(_, known) => (known.len(), false),
        }
    }

    /// Codes of the machine's rows.
    fn codes(&mut self, machine: &mut Machine<'a>, kinds: &[Kind], out: &mut Vec<u32>) -> Result<(), Bail> {
        match self {
            Self::Few { column, few, table, .. } => {
                machine.places(*column, *few, out);
                if let Some(table) = table {
                    out.iter_mut().for_each(|place| *place = table[*place as usize]);
                }
            }
            Self::Bools(id) => {
                machine.eval(*id)?;
                map(out, machine.values::<u8>(*id), u32::from);
                if let Some(valid) = machine.valid(*id) {
                    out.iter_mut().zip(valid).for_each(|(code, valid)| *code = if *valid == 0 { 2 } else { *code });
                }
            }
            Self::Numbers(id, hashed) => {
                machine.eval(*id)?;
                match kinds[*id] {
                    Kind::F64 => hashed.doubles(out, machine.values(*id)),
                    Kind::I32 => hashed.whole::<i32>(out, machine.values(*id)),
                    _ => hashed.whole::<i64>(out, machine.values(*id)),
                }
                if let Some(valid) = machine.valid(*id) {
                    out.iter_mut().zip(valid).for_each(|(code, valid)| *code *= u32::from(*valid));
                }
            }
            Self::Texts(column, known) => {
                if let Values::Texts(array) = &machine.source().columns[*column].values {
                    out.clear();
                    out.extend((0..machine.rows.len).map(|at| known.code(array, machine.rows.row(at))));
                }
            }
        }
        Ok(())
    }
}

/// The values of a column that is a key itself: of whole numbers a wider span is worth a table.
fn spanned(source: &Source, column: usize) -> Option<Few> {
    few(source, column).or_else(|| {
        let held = &source.columns[column];
        let (low, high) = held.facts.span(&held.values)?;
        let span = high.checked_sub(low).and_then(|span| u64::try_from(span).ok())?;
        (span + 2 <= LARGEST_SPAN.min(source.rows as u64 * 2 + 1024)).then(|| Few { bound: span as u32 + 2, low })
    })
}

/// Groups found so far.
pub(crate) struct Grouping<'a> {
    coders: Vec<Coder<'a>>,
    /// Where codes of several keys are not multiplied, numbers of their pairs: one less than keys.
    pairs: Vec<Numbers>,
    /// The group of each code; 0 where there is none yet.
    table: Vec<u32>,
    /// First row of each group, in order; groups are numbered from 1.
    pub(crate) first: Vec<u32>,
    codes: Vec<u32>,
    more: Vec<u32>,
}

impl<'a> Grouping<'a> {
    /// Groups by keys, of which there is at least one; else the place of one that the general way must compute first.
    pub(crate) fn compile(
        program: &mut Program,
        source: &'a Source,
        general: General<'_>,
        keys: &[Expr],
    ) -> Result<Self, usize> {
        let coders = keys
            .iter()
            .enumerate()
            .map(|(at, key)| Coder::compile(program, source, general, key).ok_or(at))
            .collect::<Result<Vec<_>, _>>()?;
        let product = coders.iter().try_fold(1_u64, |product, coder| match coder.bound() {
            (bound, true) => product.checked_mul(bound.into()),
            _ => None,
        });
        let multiplied = coders.len() == 1 || product.is_some_and(|product| product <= LARGEST_TABLE);
        let pairs = if multiplied { Vec::new() } else { coders.iter().skip(1).map(|_| Numbers::new()).collect() };
        Ok(Self { coders, pairs, table: Vec::new(), first: Vec::new(), codes: Vec::new(), more: Vec::new() })
    }

    /// The group of each of the machine's rows; 0 where the mask, if there is one, is 0.
    pub(crate) fn number(
        &mut self,
        machine: &mut Machine<'a>,
        kinds: &[Kind],
        mask: Option<&[u8]>,
        ids: &mut Vec<u32>,
    ) -> Result<(), Bail> {
        let Self { coders, pairs, table, first, codes, more } = self;
        let mut bound = 1;
        for (at, coder) in coders.iter_mut().enumerate() {
            if at == 0 {
                coder.codes(machine, kinds, codes)?;
                bound = coder.bound().0;
                continue;
            }
            coder.codes(machine, kinds, more)?;
            if let Some(numbers) = pairs.get_mut(at - 1) {
                let pair = |a: u32, b: u32| u64::from(a) << 32 | u64::from(b);
                codes.iter_mut().zip(&*more).for_each(|(code, more)| *code = numbers.number(pair(*code, *more)));
                bound = numbers.len() as u32;
            } else {
                let width = coder.bound().0;
                codes.iter_mut().zip(&*more).for_each(|(code, more)| *code = *code * width + more);
                bound *= width;
            }
        }
        if table.len() < bound as usize {
            table.resize(bound as usize, 0);
        }
        let rows = &machine.rows;
        let mut group = |at: usize, code: u32| {
            let slot = &mut table[code as usize];
            if *slot == 0 {
                first.push(rows.row(at) as u32);
                *slot = first.len() as u32;
            }
            *slot
        };
        ids.clear();
        match mask {
            None => ids.extend(codes.iter().enumerate().map(|(at, code)| group(at, *code))),
            Some(mask) => {
                let masked = |(at, (code, one)): (usize, (&u32, &u8))| if *one == 0 { 0 } else { group(at, *code) };
                ids.extend(codes.iter().zip(mask).enumerate().map(masked));
            }
        }
        Ok(())
    }
}

/// The group of rows whose mask is 1, where there are no keys.
pub(crate) fn masked(ids: &mut Vec<u32>, before: Option<&[u32]>, mask: &[u8]) {
    match before {
        Some(before) => zip(ids, before, mask, |id, one| id * u32::from(one)),
        None => map(ids, mask, u32::from),
    }
}
