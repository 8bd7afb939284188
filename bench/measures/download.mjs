// What a reader downloads before the first query, brotli at quality 11: the engine with its loader on both sides (for
// duckdb-wasm without its Parquet reader, which it fetches later), and Almanac's page without the editor.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Sizes of files; nothing is run. */
export function download({ dist, peers, copies }) {
  const files = readdirSync(dist).filter((name) => /\.(wasm|js|css)$/.test(name));
  const engine = files.filter((name) => /^(almanac-worker|worker)/.test(name));
  const page = files.filter((name) => !engine.includes(name));
  for (const folder of ["assets", "snippets", "styles"]) page.push(...below(dist, folder).filter((name) => !name.includes("editor")));
  const megabytes = (names) => names.reduce((sum, name) => sum + copies.size(join(dist, name)), 0) / 1e6;
  const theirs = ["duckdb-eh.wasm", "duckdb-browser-eh.worker.js"].map((name) => join(peers.duckdb, name));
  const raw = (path) => statSync(path).size / 2 ** 20;
  const peer = "duckdb-wasm 1.32.0 eh";
  return {
    rows: [
      { name: "engine_wasm_raw_mib", value: raw(join(dist, "almanac-worker_bg.wasm")), unit: "MiB", peer, peer_value: raw(theirs[0]) },
      {
        name: "engine_wasm_br_mb",
        value: megabytes(engine),
        unit: "MB",
        peer,
        peer_value: theirs.reduce((sum, path) => sum + copies.size(path), 0) / 1e6,
      },
      { name: "ui_br_kb", value: megabytes(page) * 1000, unit: "KB" },
    ],
  };
}

function below(dist, folder) {
  try {
    return readdirSync(join(dist, folder), { recursive: true })
      .filter((name) => /\.(wasm|js|css)$/.test(name))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
