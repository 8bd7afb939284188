// Decoding four columns of lineitem at scale factor 1 (6 million rows, zstd): the first run of a query that needs them, less its
// second run, in a fresh worker, from a server without delay. The peer is duckdb-wasm 1.28.0, which decodes at each run: its
// first run counts whole.

import { open, visit } from "../browser.mjs";
import { median } from "../stats.mjs";
import { options } from "./start.mjs";

const SQL = "select sum(l_quantity) as a, sum(l_extendedprice) as b, sum(l_discount) as c, max(l_shipdate) as d from lineitem";

/** Seconds of fetching and decoding. */
export async function decode(bench) {
  const times = { duckdb: [], almanac: [] };
  for (let run = 0; run < bench.runs; run++) {
    for (const engine of ["duckdb", "almanac"]) {
      const { context, close } = await open();
      const page = await visit(context, bench.origin);
      const how = engine === "almanac" ? options(bench, engine, "/data/sf1") : { version: "1.28.0" };
      await page.evaluate(([engine, how]) => window.bench.coldStart(engine, how), [engine, how]);
      if (engine === "duckdb") await page.evaluate(() => window.bench.tables("parquet", ["lineitem"], "/data/sf1"));
      const first = await page.evaluate(([engine, sql]) => window.bench.time(engine, sql), [engine, SQL]);
      const second = await page.evaluate(([engine, sql]) => window.bench.time(engine, sql), [engine, SQL]);
      times[engine].push((engine === "almanac" ? first - second : first) / 1000);
      await close();
    }
  }
  return {
    rows: [{ name: "decode_sf1_4col_s", value: median(times.almanac), unit: "s", peer: "duckdb-wasm 1.28.0 eh", peer_value: median(times.duckdb) }],
  };
}
