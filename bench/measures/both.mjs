// A page with both engines filled from the same data, for queries that run in turn.

import { open, visit } from "../browser.mjs";
import { geomean, median, sum } from "../stats.mjs";
import { options } from "./start.mjs";

/** The tables of TPC-H. */
export const TABLES = ["region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem"];
export const PEER = "duckdb-wasm 1.32.0 eh";

/** Runs every query on both sides; only those count that both answer, and equally. */
export async function compareAll(bench, folder, queries, tables) {
  const { context, close } = await open();
  const page = await visit(context, bench.origin);
  for (const engine of ["duckdb", "almanac"]) {
    await page.evaluate(([engine, how]) => window.bench.coldStart(engine, how), [engine, options(bench, engine, folder)]);
  }
  await page.evaluate(([tables, folder]) => window.bench.tables("arrow", tables, folder), [tables, folder]);
  const ours = [];
  const theirs = [];
  const notes = [];
  const dead = new Set();
  for (const [name, sql] of Object.entries(queries)) {
    const result = await page.evaluate(([sql, runs]) => window.bench.compare(sql, runs), [sql, bench.runs]).catch((error) => ({ engine: "page", problem: error.message.split("\n")[0] }));
    if (result.problem) {
      notes.push(`${folder.slice(6)} ${name}: ${result.engine} does not answer (${result.problem.split("\n")[0]})`);
      if (/unreachable|memory|fatal|terminated/i.test(result.problem) && result.engine === "almanac" && !dead.has(name)) {
        dead.add(name);
        await page.evaluate(([how]) => window.bench.respawn("almanac", how), [options(bench, "almanac", folder)]).catch(() => null);
      }
      continue;
    }
    if (result.difference) {
      notes.push(`${folder.slice(6)} ${name}: the answers differ (${result.difference})`);
      continue;
    }
    ours.push(median(result.times.almanac));
    theirs.push(median(result.times.duckdb));
    notes.push(`${folder.slice(6)} ${name}: ${ours.at(-1).toFixed(1)} ms against ${theirs.at(-1).toFixed(1)} ms, ratio ${(ours.at(-1) / theirs.at(-1)).toFixed(2)}`);
  }
  await close();
  if (ours.length === 0) throw new Error(`no query was answered by both: ${notes[0]}`);
  notes.unshift(`${folder.slice(6)}: ${ours.length} of ${Object.keys(queries).length} queries count.`);
  return { ours: sum(ours), theirs: sum(theirs), geomean: geomean(ours.map((ms, index) => ms / theirs[index])), notes };
}
