// Reads SQL logic tests, and compares an answer of the page with DuckDB's.

/** Records of an `.slt` file: { line, sql, error, letters, sorted, rows }. */
export function parseSlt(text) {
  const lines = text.split("\n");
  const records = [];
  for (let at = 0; at < lines.length; at++) {
    const head = lines[at].split(" ");
    if (head[0] !== "query") continue;
    const record = { line: at + 1, error: head[1] === "error" || lines[at - 1] === "skipif almanac", letters: head[1], sorted: head[2] === "rowsort", rows: [] };
    const sql = [];
    for (at += 1; at < lines.length && lines[at] !== "" && lines[at] !== "----"; at++) sql.push(lines[at]);
    record.sql = sql.join("\n");
    if (lines[at] === "----") for (at += 1; at < lines.length && lines[at] !== ""; at++) record.rows.push(lines[at].split("\t"));
    records.push(record);
  }
  return records;
}

/** Why the rows of a CSV are not the record's; null when they are. */
export function sameAnswer(rows, record) {
  const got = rows.map((row) => row.map(written));
  const wanted = record.rows.map((row) => [...row]);
  if (got.length !== wanted.length) return `${wanted.length} rows expected, ${got.length} came`;
  const key = (row) => row.map((value, column) => (record.letters[column] === "R" && !Number.isNaN(number(value)) ? number(value).toExponential(8) : value)).join("\t");
  if (record.sorted) for (const side of [got, wanted]) side.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const at = wanted.findIndex((row, index) => row.length !== got[index].length || row.some((value, column) => !same(value, got[index][column], record.letters[column])));
  return at < 0 ? null : `row ${at + 1}: expected ${JSON.stringify(wanted[at])}, got ${JSON.stringify(got[at])}`;
}

function written(value) {
  if (value === null) return "NULL";
  return value === "" ? "(empty)" : value.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n");
}

function number(text) {
  return { inf: Infinity, "-inf": -Infinity }[text] ?? (text === "" ? NaN : Number(text));
}

function same(a, b, kind) {
  // The export puts an apostrophe before a text that a spreadsheet would run as a formula.
  if (a === b || (kind === "T" && b === `'${a}`)) return true;
  if (kind !== "R" || a === "NULL" || b === "NULL") return false;
  const [x, y] = [number(a), number(b)];
  return x === y || Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y));
}
