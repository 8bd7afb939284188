// Writes what was measured. history.json has every call of the benchmark; from it come results.json, the newest value of each
// measure for programs, and RESULTS.md, the same with where and when and how it went before, for people.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { round } from "./stats.mjs";

/**
 * Adds a run to the history in `folder`, writes the two reports anew and gives the table.
 * A run is `{ date, chromium, cpus, load, runs, measures: [{ measure, rows, notes }] }`.
 */
export function write(folder, run) {
  const file = join(folder, "history.json");
  const before = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const measures = run.measures.map(({ measure, rows, notes }) => ({ measure, rows: rows.map(rounded), notes }));
  const history = [...before, { ...run, measures }];
  writeFileSync(file, `${JSON.stringify(history, null, 1)}\n`);
  const newest = newestOf(history);
  const rows = newest.flatMap((entry) => entry.rows);
  writeFileSync(join(folder, "results.json"), `${JSON.stringify(rows, null, 2)}\n`);
  const table = tableOf(newest);
  writeFileSync(join(folder, "RESULTS.md"), page(table, newest, history));
  return table;
}

function rounded({ name, value, unit, peer, peer_value, ratio }) {
  return {
    name,
    value: round(value),
    unit,
    peer: peer ?? null,
    peer_value: round(peer_value) ?? null,
    ratio: round(ratio ?? (peer_value === undefined ? null : value / peer_value)),
  };
}

/** The newest figures of each measure that gave any, with the run they come from, in the order of the first run. */
function newestOf(history) {
  const newest = new Map();
  for (const run of history) {
    for (const entry of run.measures.filter(({ rows }) => rows.length > 0)) newest.set(entry.measure, { ...entry, run });
  }
  return [...newest.values()];
}

function tableOf(newest) {
  const cells = newest.flatMap(({ rows, run }) =>
    rows.map(({ name, value, unit, peer, peer_value, ratio }) => [
      name,
      `${value} ${unit}`,
      peer === null ? "" : `${peer_value} ${unit}`,
      ratio ?? "",
      peer ?? "",
      `${run.date}, ${run.runs} runs`,
    ]),
  );
  return markdown(["measure", "Almanac", "peer", "ratio", "which peer", "measured"], "lrrrll", cells);
}

/** One line for each measure and each time it was measured: what was reached is compared as a ratio, else as a value. */
function historyOf(history) {
  const cells = history.flatMap((run) =>
    run.measures.flatMap(({ rows }) =>
      rows.map(({ name, value, unit, ratio }) => [name, run.date, ratio ?? "", `${value} ${unit}`, run.runs, run.load]),
    ),
  );
  cells.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return markdown(["measure", "date", "ratio", "Almanac", "runs", "load average"], "llrrrl", cells);
}

function markdown(head, sides, cells) {
  const rule = [...sides].map((side) => (side === "r" ? "---:" : "---"));
  return [head, rule, ...cells].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function page(table, newest, history) {
  const last = history.at(-1);
  const notes = newest.flatMap((entry) => entry.notes.map((note) => `- ${note}`));
  return `# Almanac beside duckdb-wasm

Measured by \`cargo xtask bench\`, both sides in turn in one run; medians. A ratio below 1 means that Almanac needs less.
Absolute times depend on the machine and on what else it does: compare ratios. The last run: ${last.date}, Chromium
${last.chromium}, ${last.cpus}, load average ${last.load}.

${table}

${notes.join("\n")}

How each number comes about is told at the head of its file in \`bench/measures/\`. Peers: \`@duckdb/duckdb-wasm\` 1.32.0 \`eh\` with
Arrow streams, and 1.28.0 \`eh\`, the last with its Parquet reader inside, over HTTP. Data: TPC-H from the \`tpchgen\` crate,
money as 64-bit floats, zstd Parquet with 262,144 rows to a row group.

## History

${historyOf(history)}
`;
}
