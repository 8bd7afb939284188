// Starts, from `new Worker` to the answer of `select 1`. Cold: a profile that never saw the site. Warm: a profile on disk
// whose caches, that of compiled code among them, were filled by three visits. Respawn: the worker is ended and the next one
// starts from the compiled module that the page kept.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open, visit } from "../browser.mjs";
import { median } from "../stats.mjs";

const PEER = "duckdb-wasm 1.32.0 eh";
const SIDES = ["duckdb", "almanac"];

/** How each side is started. */
export function options(bench, engine, folder = "/data/sf0.1") {
  return engine === "almanac" ? { data: folder, version: bench.version } : { version: "1.32.0" };
}

async function started(bench, engine, profile) {
  const { context, close } = await open(profile);
  const page = await visit(context, bench.origin);
  const ms = await page.evaluate(([engine, options]) => bench.coldStart(engine, options), [engine, options(bench, engine)]);
  return { page, close, seconds: ms / 1000 };
}

/** Fresh profile to first answer. */
export async function coldStart(bench) {
  const times = { duckdb: [], almanac: [] };
  for (let run = 0; run < bench.runs; run++) {
    for (const engine of SIDES) {
      const { close, seconds } = await started(bench, engine);
      await close();
      times[engine].push(seconds);
    }
  }
  return { rows: [row("cold_start_ratio", times)] };
}

/** The fourth and later visits of a reader. */
export async function warmStart(bench) {
  const times = { duckdb: [], almanac: [] };
  for (const engine of SIDES) {
    const profile = mkdtempSync(join(tmpdir(), "almanac-bench-warm-"));
    for (let run = -3; run < bench.runs; run++) {
      const { page, close, seconds } = await started(bench, engine, profile);
      // The browser writes its cache of compiled code some time after the code was used.
      await page.waitForTimeout(run < 0 ? 3000 : 500);
      await close();
      if (run >= 0) times[engine].push(seconds);
    }
    rmSync(profile, { recursive: true, force: true });
  }
  return { rows: [row("warm_start_s", times)] };
}

/** From the end of a worker to the next one's answer. */
export async function respawn(bench) {
  const times = { duckdb: [], almanac: [] };
  for (const engine of SIDES) {
    const { page, close } = await started(bench, engine);
    for (let run = 0; run < bench.runs; run++) {
      const ms = await page.evaluate(([engine, options]) => bench.respawn(engine, options), [engine, options(bench, engine)]);
      times[engine].push(ms / 1000);
    }
    await close();
  }
  return { rows: [row("respawn_s", times)] };
}

function row(name, times) {
  return { name, value: median(times.almanac), unit: "s", peer: PEER, peer_value: median(times.duckdb) };
}
