// Resident memory of the page's process after TPC-H at scale factor 1: each side in a browser of its own, its tables as it keeps
// them, every query once that it can run.

import { open, rendererMegabytes, visit } from "../browser.mjs";
import { PEER, TABLES } from "./both.mjs";
import { options } from "./start.mjs";

async function resident(bench, engine) {
  const { context, close } = await open();
  const page = await visit(context, bench.origin);
  await page.evaluate(([engine, how]) => window.bench.coldStart(engine, how), [engine, options(bench, engine, "/data/sf1")]);
  if (engine === "duckdb") await page.evaluate((tables) => window.bench.tables("arrow", tables, "/data/sf1"), TABLES);
  let answered = 0;
  for (const sql of Object.values(bench.queries)) {
    answered += await page.evaluate(([engine, sql]) => window.bench.time(engine, sql).then(() => 1, () => 0), [engine, sql]);
  }
  const megabytes = await rendererMegabytes(context);
  await close();
  return { megabytes, answered };
}

/** Megabytes. */
export async function memory(bench) {
  const theirs = await resident(bench, "duckdb");
  const ours = await resident(bench, "almanac");
  return {
    rows: [{ name: "memory_sf1_ratio", value: ours.megabytes, unit: "MB", peer: PEER, peer_value: theirs.megabytes }],
    notes: [`Memory was read after ${ours.answered} of 22 queries, for duckdb-wasm after ${theirs.answered}.`],
  };
}
