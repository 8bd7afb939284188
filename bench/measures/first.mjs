// The first run of a query shape, when the data are there but the browser has not yet made fast code of what the shape needs:
// TPC-H's 22 queries at scale factor 0.1 in a fresh worker whose columns were loaded by counting them, each once, against the
// median of its later runs. Between loading and asking lies as long as a reader looks at a page before the first click.

import { open, visit } from "../browser.mjs";
import { median, sum } from "../stats.mjs";
import { options } from "./start.mjs";

const FOLDER = "/data/sf0.1";
const COLUMNS = {
  region: ["r_regionkey", "r_name"],
  nation: ["n_nationkey", "n_name", "n_regionkey"],
  supplier: ["s_suppkey", "s_name", "s_address", "s_nationkey", "s_phone", "s_acctbal", "s_comment"],
  customer: ["c_custkey", "c_name", "c_address", "c_nationkey", "c_phone", "c_acctbal", "c_mktsegment", "c_comment"],
  part: ["p_partkey", "p_name", "p_mfgr", "p_brand", "p_type", "p_size", "p_container"],
  partsupp: ["ps_partkey", "ps_suppkey", "ps_availqty", "ps_supplycost"],
  orders: ["o_orderkey", "o_custkey", "o_orderstatus", "o_totalprice", "o_orderdate", "o_orderpriority", "o_shippriority", "o_comment"],
  lineitem: [
    ...["l_orderkey", "l_partkey", "l_suppkey", "l_quantity", "l_extendedprice", "l_discount", "l_tax", "l_returnflag", "l_linestatus"],
    ...["l_shipdate", "l_commitdate", "l_receiptdate", "l_shipinstruct", "l_shipmode"],
  ],
};

/** Sums over the queries of first runs and of warm ones. */
export async function firstRuns(bench) {
  const firsts = [];
  const warms = [];
  const notes = [];
  for (let run = 0; run < Math.min(bench.runs, 3); run++) {
    const { context, close } = await open();
    const page = await visit(context, bench.origin);
    await page.evaluate(([how]) => window.bench.coldStart("almanac", how), [options(bench, "almanac", FOLDER)]);
    const time = (sql) => page.evaluate((sql) => window.bench.time("almanac", sql), sql);
    for (const [table, columns] of Object.entries(COLUMNS)) {
      await time(`select ${columns.map((column) => `count(${column})`).join(", ")} from ${table}`);
    }
    await page.waitForTimeout(5000);
    const first = [];
    const warm = [];
    for (const [name, sql] of Object.entries(bench.queries)) {
      first.push(await time(sql));
      const later = [];
      for (let turn = 0; turn < bench.runs + 2; turn++) later.push(await time(sql));
      warm.push(median(later.slice(2)));
      if (run === 0) notes.push(`first run ${name}: ${first.at(-1).toFixed(1)} ms against ${warm.at(-1).toFixed(1)} ms warm.`);
    }
    firsts.push(sum(first));
    warms.push(sum(warm));
    await close();
  }
  const row = { name: "first_run_ratio", value: median(firsts), unit: "ms", peer: "the same queries, warm", peer_value: median(warms) };
  return { rows: [row], notes };
}
