// Writes plain Parquet files of 64-bit integers, so that a test can publish one version of a file after the other.
// Source of the format: <https://parquet.apache.org/docs/file-format/> and Thrift's compact protocol.

import { createHash } from "node:crypto";

const INT64 = 2;
const PLAIN = 0;
const RLE = 3;

/** The fields of a Thrift struct: [number, kind, value]; kinds are "i32", "i64", "text", "list:<kind>", "struct". */
function struct(fields) {
  const out = [];
  let last = 0;
  for (const [number, kind, value] of fields) {
    out.push(((number - last) << 4) | code(kind));
    out.push(...encoded(kind, value));
    last = number;
  }
  return [...out, 0];
}

const code = (kind) => ({ i32: 5, i64: 6, text: 8, struct: 12 })[kind] ?? 9;

function encoded(kind, value) {
  if (kind === "i32" || kind === "i64") return varint(BigInt(value) * 2n);
  if (kind === "text") return [...varint(BigInt(value.length)), ...Buffer.from(value)];
  if (kind === "struct") return struct(value);
  const inner = kind.slice("list:".length);
  const head = value.length < 15 ? [(value.length << 4) | code(inner)] : [0xf0 | code(inner), ...varint(BigInt(value.length))];
  return [...head, ...value.flatMap((one) => encoded(inner, one))];
}

function varint(value) {
  const out = [];
  for (; value > 127n; value >>= 7n) out.push(Number(value & 127n) | 128);
  return [...out, Number(value)];
}

/** A file of columns `{ name: (row) => integer }`, `group` rows in a row group. */
export function parquet(columns, rows, group) {
  const parts = [Buffer.from("PAR1")];
  let at = 4;
  const groups = [];
  for (let from = 0; from < rows; from += group) {
    const count = Math.min(group, rows - from);
    const chunks = Object.entries(columns).map(([name, value]) => {
      const data = new BigInt64Array(count);
      for (let row = 0; row < count; row++) data[row] = BigInt(value(from + row));
      const values = Buffer.from(data.buffer);
      const head = Buffer.from(struct([[1, "i32", 0], [2, "i32", values.length], [3, "i32", values.length], [5, "struct", [[1, "i32", count], [2, "i32", PLAIN], [3, "i32", RLE], [4, "i32", RLE]]]]));
      const [start, size] = [at, head.length + values.length];
      parts.push(head, values);
      at += size;
      const about = [[1, "i32", INT64], [2, "list:i32", [PLAIN]], [3, "list:text", [name]], [4, "i32", 0], [5, "i64", count], [6, "i64", size], [7, "i64", size], [9, "i64", start]];
      return { size, fields: [[2, "i64", start], [3, "struct", about]] };
    });
    groups.push([[1, "list:struct", chunks.map(({ fields }) => fields)], [2, "i64", chunks.reduce((sum, { size }) => sum + size, 0)], [3, "i64", count]]);
  }
  const names = Object.keys(columns);
  const schema = [[[4, "text", "table"], [5, "i32", names.length]], ...names.map((name) => [[1, "i32", INT64], [3, "i32", 0], [4, "text", name]])];
  const footer = Buffer.from(struct([[1, "i32", 1], [2, "list:struct", schema], [3, "i64", rows], [4, "list:struct", groups]]));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([...parts, footer, length, Buffer.from("PAR1")]);
}

/** The manifest of one table that is one such file. */
export function manifestOf(table, columns, rows, bytes) {
  const footer = bytes.readUInt32LE(bytes.length - 8);
  const file = { path: `${table}.parquet`, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex"), rows, footer_start: bytes.length - 8 - footer };
  const fields = Object.keys(columns).map((name) => ({ name, type: "BIGINT", nullable: false }));
  return JSON.stringify({ name: "tests", resources: [{ name: table, description: "", format: "parquet", rows, schema: { fields }, files: [file] }] });
}
