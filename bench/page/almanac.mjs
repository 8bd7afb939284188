// Almanac's engine in the page, spoken to in the protocol of core/model/src/protocol.rs, as the site itself does.

import { parseCsv } from "../../tests/browser/harness/csv.mjs";

/** One worker. */
export class Almanac {
  #waiting = [];
  #generation = 0;
  #request = 0;

  /** Starts a worker, from a compiled module where there is one, and reads the manifest at `data`. */
  static async start(data, version, module) {
    const engine = new Almanac();
    engine.worker = new Worker(`${location.origin}/site/worker.js${version}`, { type: "module" });
    engine.worker.addEventListener("message", ({ data: message }) => engine.#hear(message));
    engine.worker.addEventListener("error", (event) => engine.#hear({ fatal: event.message }));
    const loaded = engine.#await((message) => message.loaded);
    engine.worker.postMessage({ module });
    engine.module = await loaded;
    const ready = engine.#await((message) => message.ready);
    engine.#send({ hello: { data_url: data, limits: { memory_bytes: 3.5 * 2 ** 30, sql_bytes: 65536, result_rows: 20_000_000 } } });
    const { diagnostics } = await ready;
    if (diagnostics.length > 0) throw new Error(diagnostics[0].message);
    return engine;
  }

  /** Runs a query as the only cell of a notebook; a comment makes its text new, so that no answer is remembered. */
  async query(sql) {
    const generation = ++this.#generation;
    const source = `---\ntitle: bench\n---\n\`\`\`sql q\n${sql.trim()}\n-- run ${generation}\n\`\`\`\n`;
    const answer = this.#await((message) => message.cell?.generation === generation && message.cell.view);
    const finished = this.#await((message) => message.finished?.generation === generation);
    const before = performance.now();
    this.#send({ run: { generation, source, inputs: {}, width: 800, wanted: null, skip: [] } });
    const view = await answer;
    const ms = performance.now() - before;
    await finished;
    const problem = view.diagnostics.find(({ severity }) => severity === "error");
    if (problem || view.body === "none") throw new Error(problem ? `${problem.code}: ${problem.message}` : "no answer");
    return { ms, cost: view.cost, rows: () => this.#rows() };
  }

  /** The whole last answer, by way of its CSV. */
  async #rows() {
    const request = ++this.#request;
    const answer = this.#await((message) => message.csv?.request === request && message.csv);
    this.#send({ export_csv: { request, cell: "q", sort: null } });
    const { csv } = await answer;
    return parseCsv(csv);
  }

  stop() {
    this.worker.terminate();
  }

  #send(request) {
    this.worker.postMessage([JSON.stringify(request), undefined]);
  }

  #await(pick) {
    return new Promise((resolve, reject) => this.#waiting.push({ pick, resolve, reject }));
  }

  #hear(data) {
    const message = typeof data === "string" ? JSON.parse(data) : data;
    if (message.fatal) {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(message.fatal));
      return;
    }
    this.#waiting = this.#waiting.filter(({ pick, resolve }) => {
      const picked = pick(message);
      if (picked) resolve(picked);
      return !picked;
    });
  }
}
