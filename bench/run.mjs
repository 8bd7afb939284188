// `cargo xtask bench` calls this: node bench/run.mjs [--runs 5] [--only part-of-a-name] [--site dist] [--out bench]
//
// Environment: CHROMIUM (the browser), BENCH_DATA (folder with sf0.1, sf1 and sf3, from almanac-bench). Reads dist/, adds to
// bench/history.json and writes bench/results.json and bench/RESULTS.md from it. Both sides of a ratio come from one run of this
// program on one machine, in turn. Ends with 1 if a measure failed or none was chosen.

import { build } from "esbuild";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "./browser.mjs";
import { write } from "./report.mjs";
import { serve } from "./server.mjs";
import { Copies } from "./small.mjs";
import { coldStart, respawn, warmStart } from "./measures/start.mjs";
import { dashboard } from "./measures/dashboard.mjs";
import { decode } from "./measures/decode.mjs";
import { download } from "./measures/download.mjs";
import { firstRuns } from "./measures/first.mjs";
import { growth } from "./measures/growth.mjs";
import { memory } from "./measures/memory.mjs";
import { remote } from "./measures/remote.mjs";
import { tpch01, tpch1 } from "./measures/tpch.mjs";

const MEASURES = { download, cold_start: coldStart, warm_start: warmStart, respawn, decode, tpch_sf01: tpch01, first_run: firstRuns, dashboard, remote, growth, tpch_sf1: tpch1, memory };

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const option = (name, otherwise) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise);
const runs = Number(option("--runs", "5"));
const only = option("--only", "");
const data = process.env.BENCH_DATA ?? join(root, "target/bench-data");

const work = join(tmpdir(), `almanac-bench-page-${process.pid}`);
mkdirSync(work, { recursive: true });
writeFileSync(join(work, "index.html"), '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="page.js"></script>');
await build({ entryPoints: [join(here, "page/index.mjs")], bundle: true, format: "esm", outfile: join(work, "page.js"), logLevel: "warning" });

const peers = { duckdb: join(here, "node_modules/@duckdb/duckdb-wasm/dist"), "duckdb-parquet": join(here, "node_modules/duckdb-wasm-parquet/dist") };
const dist = option("--site", join(root, "dist"));
const copies = new Copies(join(data, "brotli"));
for (const file of readdirSync(dist).filter((name) => /^(almanac-worker.*|worker)\.(js|wasm)$/.test(name))) copies.make(join(dist, file));
for (const folder of Object.values(peers)) {
  for (const file of ["duckdb-eh.wasm", "duckdb-browser-eh.worker.js"]) copies.make(join(folder, file));
}
const server = await serve({ page: work, site: dist, data, ...peers }, (path) => copies.find(path));

const bench = {
  runs,
  origin: server.origin,
  log: server.log,
  dist,
  peers,
  copies,
  queries: Object.fromEntries(
    readdirSync(join(here, "tpch")).sort().map((file) => [file.replace(".sql", ""), readFileSync(join(here, "tpch", file), "utf8")]),
  ),
  version: `?v=${/name="?almanac-build"? content="?([^">]*)/.exec(readFileSync(join(dist, "index.html"), "utf8"))?.[1] ?? ""}`,
};

const measures = [];
let failed = false;
for (const [name, measure] of Object.entries(MEASURES)) {
  if (!name.includes(only)) continue;
  const before = Date.now();
  try {
    const made = await measure(bench);
    measures.push({ measure: name, rows: made.rows, notes: made.notes ?? [] });
    console.log(`${name}: ${((Date.now() - before) / 1000).toFixed(0)} s`);
  } catch (error) {
    failed = true;
    console.log(`${name} was not measured: ${error.message}`);
  }
}
server.close();

if (measures.length === 0) {
  console.log(`Nothing was measured; --only takes a part of one of these names: ${Object.keys(MEASURES).join(", ")}`);
  process.exit(1);
}
const run = {
  date: new Date().toISOString().slice(0, 10),
  chromium: await version(),
  cpus: `${cpus().length} × ${cpus()[0].model}`,
  load: loadavg().map((value) => value.toFixed(1)).join(" "),
  runs,
  measures,
};
console.log(write(option("--out", here), run));
if (failed) process.exit(1);
