// What the driver calls in the page. Everything is timed here, next to the engines, not across the debugging connection.

import { Almanac } from "./almanac.mjs";
import { DuckDb } from "./duckdb.mjs";
import { same } from "./same.mjs";

const engines = { almanac: null, duckdb: null };

window.bench = {
  /** Milliseconds from the start of the worker to the first answer. */
  async coldStart(engine, options) {
    const before = performance.now();
    engines[engine] = await start(engine, options);
    await engines[engine].query("select 1 as one");
    return performance.now() - before;
  },

  /** Milliseconds from the end of a worker to the next one's first answer. */
  async respawn(engine, options) {
    const before = performance.now();
    engines[engine].stop();
    engines[engine] = await start(engine, options, engines[engine].module);
    await engines[engine].query("select 1 as one");
    return performance.now() - before;
  },

  /** Gives duckdb-wasm its tables: from Arrow streams, or by address. */
  async tables(how, names, folder) {
    const before = performance.now();
    for (const table of names) {
      if (how === "arrow") await engines.duckdb.fill(table, `${location.origin}${folder}/${table}.arrows`);
      else await engines.duckdb.name(table, `${location.origin}${folder}/${table}.parquet`);
    }
    return performance.now() - before;
  },

  /** Milliseconds of one query. */
  async time(engine, sql) {
    return (await engines[engine].query(sql)).ms;
  },

  /** Runs a query on both, `runs` times in turn; says whether the answers are equal. */
  async compare(sql, runs) {
    const times = { almanac: [], duckdb: [] };
    const rows = {};
    for (let run = -1; run < runs; run++) {
      for (const engine of run % 2 === 0 ? ["almanac", "duckdb"] : ["duckdb", "almanac"]) {
        let answer;
        try {
          answer = await engines[engine].query(sql);
        } catch (error) {
          return { engine, problem: String(error.message ?? error) };
        }
        // The first run fetches, decodes and compiles: it is judged, not timed.
        if (run < 0) rows[engine] = await answer.rows();
        else times[engine].push(answer.ms);
      }
    }
    return { times, difference: same(rows.almanac, rows.duckdb) };
  },

  stop(engine) {
    engines[engine]?.stop();
    engines[engine] = null;
  },
};

function start(engine, options, module) {
  return engine === "almanac" ? Almanac.start(`${location.origin}${options.data}/`, options.version, module) : DuckDb.start(options.version);
}
