// Whether time and bytes follow the rows that are read, not those that are stored: the same 600,000 order lines asked for at scale
// factors 0.1, 1 and 3, where they are all, a tenth and a thirtieth of the table; and all order lines. Each in a fresh worker, over
// HTTP. Both are Almanac's: the peer is the smallest table.

import { open, visit } from "../browser.mjs";
import { median } from "../stats.mjs";
import { options } from "./start.mjs";

const SCALES = ["sf0.1", "sf1", "sf3"];
const SUMS = "select sum(l_extendedprice * l_discount) as revenue, max(l_quantity) as most, count(*) as lines from lineitem";
// Keys of orders are as sparse at each scale: the first 600,000 are those of 150,000 orders.
const QUERIES = { part: `${SUMS} where l_orderkey <= 600000`, all: SUMS };

async function once(bench, scale, sql) {
  const { context, close } = await open();
  const page = await visit(context, bench.origin);
  await page.evaluate(([how]) => window.bench.coldStart("almanac", how), [options(bench, "almanac", `/data/${scale}`)]);
  const from = bench.log.length;
  const ms = await page.evaluate(([sql]) => window.bench.time("almanac", sql), [sql]);
  await close();
  const asked = bench.log.slice(from).filter(({ address }) => address.endsWith(".parquet"));
  return { seconds: ms / 1000, megabytes: asked.reduce((all, { bytes }) => all + bytes, 0) / 1e6 };
}

/** Seconds and megabytes of a part and of all, at the largest scale beside the smallest. */
export async function growth(bench) {
  const found = {};
  for (let turn = 0; turn < bench.runs; turn++) {
    for (const [name, sql] of Object.entries(QUERIES)) {
      for (const scale of SCALES) (found[`${name} ${scale}`] ??= []).push(await once(bench, scale, sql));
    }
  }
  const of = (name, scale, field) => median(found[`${name} ${scale}`].map((run) => run[field]));
  const row = (name, unit, at) => ({ name, value: at("sf3"), unit, peer: "the table of scale factor 0.1", peer_value: at("sf0.1") });
  return {
    rows: [
      row("growth_part_s", "s", (scale) => of("part", scale, "seconds")),
      row("growth_part_mb", "MB", (scale) => of("part", scale, "megabytes")),
      // Thirty times the rows: per scale factor, that is.
      row("growth_all_s", "s per unit", (scale) => of("all", scale, "seconds") / Number(scale.slice(2))),
      row("growth_all_mb", "MB per unit", (scale) => of("all", scale, "megabytes") / Number(scale.slice(2))),
    ],
    notes: Object.keys(found).map((key) => {
      const [name, scale] = key.split(" ");
      return `growth, ${name} of ${scale}: ${of(name, scale, "seconds").toFixed(2)} s, ${of(name, scale, "megabytes").toFixed(1)} MB.`;
    }),
  };
}
