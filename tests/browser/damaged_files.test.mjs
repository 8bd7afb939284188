// Damaged Parquet files, published and dropped, and ten million rows: each ends in an answer or a problem in words, and the page's
// engine goes on answering, in a fresh worker if it must. The files are those of `tests/damage`, which judges thousands natively.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "./harness/test.mjs";
import { testSite } from "./harness/content.mjs";
import { ALMANAC } from "./harness/site.mjs";

/** About so many cases are made; most are published, some dropped. */
const CASES = 222;
const DROPPED = 25;
/** Tables that one notebook reads. */
const A_NOTEBOOK = 48;

const made = (() => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "almanac-damage-"));
  execFileSync(path.join(path.dirname(ALMANAC), "almanac-tests"), ["damage", folder, String(CASES)]);
  const files = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name))]));
  rmSync(folder, { recursive: true });
  return files;
})();
const resources = JSON.parse(made["datapackage.json"]).resources;
assert.ok(resources.length >= 200, `only ${resources.length} cases`);

/** A query that reads every column of a table: the sum is what no footer tells. */
function question({ name, schema }) {
  const columns = schema.fields.filter((field) => field.name !== "").map((field) => `, max("${field.name}") as "${field.name}"`);
  return `select count(*) as rows, sum(length('x')) as read${columns.join("")} from ${name}`;
}

const published = resources.slice(DROPPED);
for (let start = 0; start < published.length; start += A_NOTEBOOK) {
  const some = published.slice(start, start + A_NOTEBOOK);
  const cells = some.map((resource) => `\`\`\`sql from_${resource.name}\n${question(resource)}\n\`\`\`\n`);
  const notebook = `---\ntitle: Damage\n---\n${cells.join("\n")}\n\`\`\`sql afterwards\nselect 1 as one\n\`\`\`\n`;
  const data = Object.fromEntries(some.map(({ name }) => [`data/${name}.parquet`, made[`${name}.parquet`]]));
  const manifest = { name: "damage", resources: some };
  const files = testSite({ ...data, "data/datapackage.json": JSON.stringify(manifest), "notebooks/damage.md": notebook, "site.yml": "title: Damage\nnotebooks:\n  - path: notebooks/damage.md\n    title: Damage\n" });
  test(`damaged extracts ${start} to ${start + some.length - 1} end in an answer or a problem`, { files, timeout: 180_000, allow: [/./] }, async ({ notebook }) => {
    await notebook.open("damage");
    await notebook.settled(150_000);
    await notebook.shows("afterwards", [["1"]]);
    const silent = [];
    for (const { name, description } of some) {
      const answered = await notebook.table(`from_${name}`).count();
      const told = await notebook.problem(`from_${name}`, /\S/).count();
      if (answered + told === 0) silent.push(description);
    }
    assert.deepEqual(silent, []);
  });
}

test("damaged files that are dropped become tables or say why not", { files: testSite(), timeout: 300_000, allow: [/./] }, async ({ notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  for (const { name } of resources.slice(0, DROPPED)) {
    await notebook.drop(`${name}.parquet`, made[`${name}.parquet`]);
    const told = notebook.alert(name);
    const shown = notebook.cell(`${name}_rows`);
    await told.or(shown).first().waitFor({ timeout: 30_000 });
  }
  await notebook.open("regions");
  await notebook.settled();
  await notebook.edit("untouched", "select 5 as n");
  await notebook.shows("untouched", [["5"]]);
});

test("ten million rows are counted, and put in order or refused", { files: testSite(), timeout: 180_000, allow: [/./] }, async ({ notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.drop("rows.parquet", made["ten_million_rows.parquet"]);
  await notebook.cell("rows_rows").waitFor({ timeout: 90_000 });
  await notebook.edit("rows_rows", "select count(*) as n from rows");
  await notebook.shows("rows_rows", [["10000000"]]);
  await notebook.edit("rows_rows", "select * from rows order by x, n");
  await notebook.settled(90_000);
  await notebook.edit("rows_rows", "select 7 as n");
  await notebook.shows("rows_rows", [["7"]]);
});
