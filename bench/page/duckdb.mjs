// duckdb-wasm in the page: start, fill from Arrow streams or name Parquet files by address, query.

import * as current from "@duckdb/duckdb-wasm";
import * as parquet from "duckdb-wasm-parquet";

const VERSIONS = { "1.32.0": { library: current, folder: "duckdb" }, "1.28.0": { library: parquet, folder: "duckdb-parquet" } };
const HTTP = 4;

/** One engine with one connection. */
export class DuckDb {
  static async start(version) {
    const { library, folder } = VERSIONS[version];
    const base = `${location.origin}/${folder}/`;
    const worker = new Worker(`${base}duckdb-browser-eh.worker.js`);
    const database = new library.AsyncDuckDB(new library.VoidLogger(), worker);
    await database.instantiate(`${base}duckdb-eh.wasm`);
    await database.open({ path: ":memory:", query: { castBigIntToDouble: true, castDecimalToDouble: true } });
    const engine = new DuckDb();
    engine.worker = worker;
    engine.database = database;
    engine.connection = await database.connect();
    return engine;
  }

  /** Fills a table from an Arrow stream, in one piece: pieces that end within a message make this version crash. */
  async fill(table, address) {
    const stream = new Uint8Array(await (await fetch(address)).arrayBuffer());
    await this.connection.insertArrowFromIPCStream(stream, { name: table, create: true });
  }

  /** Names a Parquet file by its address. */
  async name(table, address) {
    await this.database.registerFileURL(`${table}.parquet`, address, HTTP, false);
    await this.connection.query(`create or replace view ${table} as select * from '${table}.parquet'`);
  }

  /** Runs a query; rows as plain values, days as ISO text. */
  async query(sql) {
    const before = performance.now();
    const table = await this.connection.query(sql);
    const ms = performance.now() - before;
    return { ms, rows: () => rowsOf(table) };
  }

  stop() {
    this.worker.terminate();
  }
}

function rowsOf(table) {
  const columns = table.schema.fields.map((field, index) => ({ vector: table.getChildAt(index), date: /^Date/.test(String(field.type)) }));
  return Array.from({ length: table.numRows }, (_, row) => columns.map(({ vector, date }) => plain(vector.get(row), date)));
}

function plain(value, date) {
  if (value === null || value === undefined) return null;
  if (date) return new Date(value).toISOString().slice(0, 10);
  return typeof value === "bigint" ? Number(value) : value;
}
