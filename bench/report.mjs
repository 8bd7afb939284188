// Writes what was measured: results.json for programs, RESULTS.md for people.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { round } from "./stats.mjs";

/** Writes both files into `folder` and gives the table; a partial run only replaces the rows it measured. */
export function write(folder, rows, notes, about, whole) {
  const results = join(folder, "results.json");
  const kept = whole || !existsSync(results) ? [] : JSON.parse(readFileSync(results, "utf8"));
  const made = rows.map(({ name, value, unit, peer, peer_value, ratio }) => ({
    name,
    value: round(value),
    unit,
    peer: peer ?? null,
    peer_value: round(peer_value) ?? null,
    ratio: round(ratio ?? (peer_value === undefined ? null : value / peer_value)),
  }));
  const all = [...kept.filter(({ name }) => !made.some((row) => row.name === name)), ...made];
  writeFileSync(results, `${JSON.stringify(all, null, 2)}\n`);
  const table = tableOf(all);
  writeFileSync(join(folder, "RESULTS.md"), page(table, notes, about));
  return table;
}

function tableOf(rows) {
  const cells = rows.map(({ name, value, unit, peer, peer_value, ratio }) => [
    name,
    `${value} ${unit}`,
    peer === null ? "" : `${peer_value} ${unit}`,
    ratio === null ? "" : String(ratio),
    peer ?? "",
  ]);
  const lines = [["measure", "Almanac", "peer", "ratio", "which peer"], ["---", "---:", "---:", "---:", "---"], ...cells];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function page(table, notes, about) {
  return `# Almanac beside duckdb-wasm

Measured by \`cargo xtask bench\` on ${about.date}: Chromium ${about.chromium}, ${about.cpus}, load average ${about.load},
${about.runs} runs each, both sides in turn in one run; medians. A ratio below 1 means that Almanac needs less.
Absolute times depend on the machine and on what else it does: compare ratios.

${table}

${notes.map((note) => `- ${note}`).join("\n")}

How each number comes about is told at the head of its file in \`bench/measures/\`. Peers: \`@duckdb/duckdb-wasm\` 1.32.0 \`eh\` with
Arrow streams, and 1.28.0 \`eh\`, the last with its Parquet reader inside, over HTTP. Data: TPC-H from the \`tpchgen\` crate,
money as 64-bit floats, zstd Parquet with 262,144 rows to a row group.
`;
}
