// Queries in parts: workers share a query where there are cores, and nothing is started where there are not.
// The data are the release's 3 million flights; the numbers are DuckDB's.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { probeSite } from "./harness/content.mjs";
import { ROOT } from "./harness/site.mjs";
import { test } from "./harness/test.mjs";

const SQL = "select origin, count(*) as n, sum(distance) as d, cast(round(avg(delay) * 1e9) as bigint) as a from flights group by origin order by n desc, origin limit 3";
const ROWS = [["ORD", "166341", "128190717", "9273654721"], ["DFW", "157162", "119478685", "7700958247"], ["ATL", "124711", "83824970", "8828138657"]];
const files = probeSite(SQL);

const asked = (site, pattern) => site.asked.filter(({ name }) => pattern.test(name));

/** Lets the page believe that the device has so many cores. */
const cores = (context, count) =>
  context.addInitScript((count) => Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => count }), count);

test("with four cores three workers share a query, and fetch no byte twice", { files, timeout: 120_000 }, async ({ context, site, notebook }) => {
  await cores(context, 4);
  await notebook.open("probe");
  await notebook.settled(60_000);
  await notebook.shows("q", ROWS);
  assert.match(await notebook.cost("q"), /3 workers/);
  const ranges = asked(site, /flights\.parquet$/).map(({ range }) => range);
  assert.ok(ranges.length > 3);
  assert.equal(new Set(ranges).size, ranges.length);
  assert.equal(asked(site, /\.wasm$/).filter(({ name }) => name.includes("worker")).length, 1, "helpers start from the compiled module");
  // The first rows in an order, a condition that leaves some row groups, and a query that cannot be divided.
  await notebook.edit("q", "select distance, origin, destination from flights order by distance desc, origin, destination limit 2");
  await notebook.shows("q", [["4962", "EWR", "HNL"], ["4962", "EWR", "HNL"]]);
  assert.match(await notebook.cost("q"), /3 workers/);
  await notebook.edit("q", "select median(distance) as m from flights");
  await notebook.shows("q", ([[median]]) => Number(median) === 569);
  assert.doesNotMatch(await notebook.cost("q"), /workers/);
});

test("with two cores no worker is started beside the engine's own", { files, timeout: 120_000 }, async ({ context, site, notebook }) => {
  await cores(context, 2);
  await notebook.open("probe");
  await notebook.settled(60_000);
  await notebook.shows("q", ROWS);
  assert.doesNotMatch(await notebook.cost("q"), /workers/);
  assert.equal(asked(site, /^worker\.js$/).length, 1);
});

{
  // The first worker gets the script, helpers do not.
  let starts = 0;
  const script = () => (starts++ === 0 ? readFileSync(path.join(ROOT, "dist/worker.js")) : 500);
  const broken = { ...files, "worker.js": script };
  test("a helper that cannot start leaves its part to the engine", { files: broken, allow: [/500|Failed to load resource/], timeout: 120_000 }, async ({ context, notebook }) => {
    await cores(context, 4);
    await notebook.open("probe");
    await notebook.settled(60_000);
    await notebook.shows("q", ROWS);
    assert.doesNotMatch(await notebook.cost("q"), /workers/);
    assert.equal(starts, 3);
  });
}

test("Stop ends the helpers too, and the next query is shared again", { files, timeout: 120_000 }, async ({ context, notebook }) => {
  await cores(context, 4);
  await notebook.open("probe");
  await notebook.settled(60_000);
  await notebook.shows("q", ROWS);
  // Three hundred sums of each row: no worker is done before the click.
  const terms = Array.from({ length: 300 }, (_, k) => `sum(distance * ${k + 1}.5 - delay * ${k}.25) as s${k}`).join(", ");
  await notebook.edit("q", `select ${terms} from flights`);
  await notebook.stopButton("q").click();
  await notebook.state("q", "Stopped");
  await notebook.edit("q", SQL.replace("limit 3", "limit 2"));
  await notebook.shows("q", ROWS.slice(0, 2));
  assert.match(await notebook.cost("q"), /3 workers/);
});
