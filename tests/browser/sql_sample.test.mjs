// A sample of the SQL logic tests, answered by the page's own worker: the same records as natively, in the browser's build.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./harness/site.mjs";
import { parseCsv } from "./harness/csv.mjs";
import { test } from "./harness/test.mjs";
import { testSite } from "./harness/content.mjs";
import { parseSlt, sameAnswer } from "./harness/slt.mjs";

// One record in so many, so that every file is sampled and the whole takes seconds.
const EVERY = 5;
const AT_A_TIME = 25;

const folder = path.join(ROOT, "tests/slt");
for (const file of readdirSync(folder).filter((name) => name.endsWith(".slt")).sort()) {
  const records = parseSlt(readFileSync(path.join(folder, file), "utf8")).filter((_, index) => index % EVERY === 0);
  test(`sample of ${file}`, { files: testSite(), timeout: 120_000 }, async ({ page, notebook }) => {
    await notebook.open("two_tables");
    await notebook.settled();
    const wrong = [];
    for (let start = 0; start < records.length; start += AT_A_TIME) {
      const part = records.slice(start, start + AT_A_TIME);
      const answers = await page.evaluate(askWorker, { queries: part.map(({ sql }) => sql), generation: 1_000_000 + start });
      part.forEach((record, index) => {
        const { csv, problem } = answers[index];
        if (record.error !== (problem !== null)) wrong.push(`${file}:${record.line} ${record.sql}\n  ${problem ?? "answered, though it must be refused"}`);
        else if (!record.error) {
          const difference = sameAnswer(parseCsv(csv), record);
          if (difference) wrong.push(`${file}:${record.line} ${record.sql}\n  ${difference}`);
        }
      });
    }
    assert.deepEqual(wrong, []);
  });
}

/** Runs in the page: a notebook with one cell a query, sent to the page's worker; each cell's rows come back as CSV. */
async function askWorker({ queries, generation }) {
  const worker = window.almanacWorkers.at(-1);
  const source = queries.map((sql, index) => `\`\`\`\`sql q${index}\n${sql}\n\`\`\`\`\n`).join("\n");
  const problems = new Map();
  const texts = new Map();
  const finished = new Promise((resolve) => {
    worker.addEventListener("message", function hear({ data }) {
      if (typeof data !== "string") return;
      const answer = JSON.parse(data);
      if (answer.cell?.generation === generation) {
        const error = answer.cell.view.diagnostics.find(({ severity }) => severity === "error");
        problems.set(answer.cell.view.id, error ? `${error.code}: ${error.message}` : null);
      } else if (answer.csv !== undefined && answer.csv.request >= generation) {
        texts.set(answer.csv.request - generation, answer.csv.csv);
        if (texts.size === queries.length) {
          worker.removeEventListener("message", hear);
          resolve();
        }
      } else if (answer.finished?.generation === generation) {
        queries.forEach((_, index) => post({ export_csv: { request: generation + index, cell: `q${index}`, sort: null } }));
      }
    });
  });
  const post = (request) => worker.postMessage([JSON.stringify(request), undefined]);
  post({ run: { generation, source, inputs: {}, width: 760, wanted: null, skip: [] } });
  await finished;
  return queries.map((_, index) => ({ csv: texts.get(index), problem: problems.get(`q${index}`) ?? null }));
}
