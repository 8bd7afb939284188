//! Which rows pass a filter: its parts one after the other, each only over the rows that the parts before it left.

use almanac_sql::plan::{ColumnId, Expr};

use super::few::columns_of;
use super::kernels::ones;
use super::machine::Machine;
use super::program::{General, Id, Kind, Node, Program};
use super::source::{Source, Values};
use super::{BATCH, Bail, told};

/// Conditions that must all be true.
#[derive(Default)]
pub(crate) struct Filter {
    parts: Vec<Id>,
}

/// What is left of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// No row.
    Nothing,
    /// The machine's rows.
    Rows,
    /// Nearly all: the rows whose mask is one.
    Masked,
}

impl Filter {
    /// Compiles the conditions; gives back the numbers of those that loops cannot compute.
    pub(crate) fn compile(
        program: &mut Program,
        source: &Source,
        general: General<'_>,
        conditions: &[Expr],
    ) -> (Self, Vec<usize>) {
        // Conditions on the same columns are one part: both ends of a range cost little more than one.
        let mut parts: Vec<(Vec<ColumnId>, Id, usize)> = Vec::new();
        let mut rest = Vec::new();
        for (at, condition) in conditions.iter().enumerate() {
            let Some(id) = program.compile(source, general, condition).filter(|id| program.kinds[*id] == Kind::Bool)
            else {
                rest.push(at);
                continue;
            };
            let columns = columns_of(condition);
            match parts.iter_mut().find(|(held, _, _)| *held == columns) {
                Some((_, held, count)) => {
                    *held = program.both(*held, id);
                    *count += 1;
                }
                None => parts.push((columns, id, 1)),
            }
        }
        // Cheap conditions first, of equally cheap ones those with two ends.
        parts.sort_by_key(|(columns, _, count)| (width(source, columns), std::cmp::Reverse(*count)));
        (Self { parts: parts.into_iter().map(|(_, id, _)| id).collect() }, rest)
    }

    /// Whether every row passes.
    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Leaves the machine's current batch with the rows that pass. With `loose`, a batch that nearly all rows pass stays whole,
    /// and `mask` says which.
    pub(crate) fn apply(&self, machine: &mut Machine<'_>, mask: &mut Vec<u8>, loose: bool) -> Result<Left, Bail> {
        for (at, part) in self.parts.iter().enumerate() {
            machine.truths(*part, mask)?;
            let (passed, all) = (ones(mask), machine.rows.len);
            if passed == all {
                continue;
            }
            if passed == 0 {
                return Ok(Left::Nothing);
            }
            let is_last = at + 1 == self.parts.len();
            if loose && is_last && machine.rows.all && passed * 8 >= all * 7 {
                return Ok(Left::Masked);
            }
            machine.narrow(mask);
        }
        Ok(if machine.rows.len == 0 { Left::Nothing } else { Left::Rows })
    }

    /// The numbers of all rows of the source that pass.
    pub(crate) fn rows(&self, source: &Source, program: &Program, watch: &dyn Fn(u64)) -> Result<Vec<u32>, Bail> {
        let mut machine = Machine::new(source, program);
        let (mut out, mut mask) = (Vec::new(), Vec::new());
        for start in (0..source.rows).step_by(BATCH) {
            told(watch, start);
            machine.go_to(start);
            if self.apply(&mut machine, &mut mask, false)? == Left::Rows {
                let rows = &machine.rows;
                if rows.all {
                    out.extend((0..rows.len).map(|at| (start + at) as u32));
                } else {
                    out.extend(rows.picked.iter().map(|place| start as u32 + u32::from(*place)));
                }
            }
        }
        Ok(out)
    }
}

/// Bytes a row of these columns takes.
fn width(source: &Source, columns: &[ColumnId]) -> usize {
    let of = |id: &ColumnId| {
        source.place(*id).map_or(0, |place| match source.columns[place].values {
            Values::Bools(_) | Values::Texts(_) => 1,
            Values::I32(_) => 4,
            Values::I64(_) | Values::F64(_) | Values::Other => 8,
        })
    };
    columns.iter().map(of).sum()
}

impl Program {
    /// Both of two truths.
    pub(super) fn both(&mut self, a: Id, b: Id) -> Id {
        self.derived(Node::And(a, b), Kind::Bool, &[a, b])
    }
}
