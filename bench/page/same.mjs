// Whether two answers are equal: the same rows in the same order, text exactly, numbers to nine digits, because engines add in
// different orders.

/** Nothing when equal, else one sentence. */
export function same(ours, theirs) {
  if (ours.length !== theirs.length) return `${ours.length} rows against ${theirs.length}`;
  for (const [index, row] of ours.entries()) {
    if (row.length !== theirs[index].length) return `${row.length} columns against ${theirs[index].length}`;
    for (const [column, value] of row.entries()) {
      if (!equal(value, theirs[index][column])) return `row ${index + 1}, column ${column + 1}: ${value} against ${theirs[index][column]}`;
    }
  }
  return null;
}

function equal(ours, theirs) {
  if (ours === theirs) return true;
  if (ours === null || theirs === null) return (ours ?? "") === (theirs ?? "");
  const [left, right] = [Number(ours), Number(theirs)];
  if (Number.isNaN(left) || Number.isNaN(right)) return String(ours) === String(theirs);
  return Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(left), Math.abs(right));
}
