// Parquet over HTTP, in a fresh worker, against duckdb-wasm 1.28.0. Q6 at scale factor 0.1 from a server that answers each request
// 30 ms late; and the number of requests for the data of Q1, Q3 and Q6 at scale factor 1.

import { open, visit } from "../browser.mjs";
import { median, sum } from "../stats.mjs";
import { options } from "./start.mjs";

const PEER = "duckdb-wasm 1.28.0 eh";

async function run(bench, engine, folder, tables, queries) {
  const { context, close } = await open();
  const page = await visit(context, bench.origin);
  const how = engine === "almanac" ? options(bench, engine, folder) : { version: "1.28.0" };
  await page.evaluate(([engine, how]) => window.bench.coldStart(engine, how), [engine, how]);
  const from = bench.log.length;
  if (engine === "duckdb") await page.evaluate(([tables, folder]) => window.bench.tables("parquet", tables, folder), [tables, folder]);
  const named = bench.log.length;
  const times = [];
  for (const sql of queries) times.push(await page.evaluate(([engine, sql]) => window.bench.time(engine, sql), [engine, sql]));
  await close();
  const asked = bench.log.slice(from).filter(({ address }) => address.endsWith(".parquet"));
  return { seconds: sum(times) / 1000, requests: asked.length, megabytes: sum(asked.map(({ bytes }) => bytes)) / 1e6, naming: named - from };
}

/** Seconds of the first query, and requests. */
export async function remote(bench) {
  const times = { duckdb: [], almanac: [] };
  for (let turn = 0; turn < bench.runs; turn++) {
    for (const engine of ["duckdb", "almanac"]) {
      times[engine].push((await run(bench, engine, "/delay30/data/sf0.1", ["lineitem"], [bench.queries.q06])).seconds);
    }
  }
  const tables = ["customer", "orders", "lineitem"];
  const queries = ["q01", "q03", "q06"].map((name) => bench.queries[name]);
  const theirs = await run(bench, "duckdb", "/data/sf1", tables, queries);
  const ours = await run(bench, "almanac", "/data/sf1", tables, queries);
  return {
    rows: [
      { name: "remote_q6_ratio", value: median(times.almanac), unit: "s", peer: PEER, peer_value: median(times.duckdb) },
      { name: "remote_sf1_requests", value: ours.requests, unit: "requests", peer: PEER, peer_value: theirs.requests },
    ],
    notes: [`Q1, Q3 and Q6 at scale factor 1 fetched ${ours.megabytes.toFixed(0)} MB, duckdb-wasm ${theirs.megabytes.toFixed(0)} MB.`],
  };
}
