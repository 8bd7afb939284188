// What a query takes: the question before a costly one, how far a slow one has got, and what was read and skipped.
// The data are the release's 3 million flights, by date in 11 row groups; the numbers are DuckDB's.

import assert from "node:assert/strict";
import { manifestOf, parquet } from "./harness/parquet.mjs";
import { probeSite } from "./harness/content.mjs";
import { test } from "./harness/test.mjs";

const files = probeSite("select sum(distance) as miles from flights");
const MILES = [["2194861208"]];

const data = (site) => site.asked.filter(({ name }) => name.endsWith(".parquet"));

test("a query that would fetch more than may be fetched asks first", { files }, async ({ page, site, notebook }) => {
  await notebook.limit("Fetch without asking", 1);
  await notebook.open("probe");
  await notebook.problem("q", /reads 5 MB/).waitFor();
  assert.deepEqual(data(site), [], "nothing is fetched before the answer");
  // No: something else is asked instead.
  await notebook.edit("q", "select 1 as n");
  await notebook.shows("q", [["1"]]);
  assert.deepEqual(data(site), []);
  await notebook.edit("q", "select sum(distance) as miles from flights");
  await notebook.problem("q", "needs-consent").waitFor();
  // Yes.
  await notebook.cell("q").getByRole("button", { name: "Run anyway" }).click();
  await notebook.shows("q", MILES);
  assert.equal(await page.getByRole("button", { name: "Run anyway" }).count(), 0);
});

test("a query that would take more memory than it may asks first", { files }, async ({ site, notebook }) => {
  await notebook.limit("Use memory without asking", 10);
  await notebook.open("probe");
  await notebook.problem("q", /takes about \d+ MB of memory/).waitFor();
  assert.deepEqual(data(site), []);
  await notebook.cell("q").getByRole("button", { name: "Run anyway" }).click();
  await notebook.shows("q", MILES);
});

test("an answer says what was read and what was skipped", { files }, async ({ notebook }) => {
  await notebook.open("probe");
  await notebook.shows("q", MILES);
  assert.match(plain(await notebook.cost("q")), /3000000 rows read · (4\.[1-9]|5\.[0-2]) MB fetched/);
  await notebook.edit("q", "select count(delay) as n from flights where date < timestamp '2001-01-10'");
  await notebook.shows("q", [["147324"]]);
  const [, read, skipped] = /(\d+) rows read · (\d+) skipped/.exec(plain(await notebook.cost("q")));
  assert.ok(Number(read) >= 147_324 && Number(read) < 300_000, read);
  assert.equal(Number(read) + Number(skipped), 3_000_000);
});

const SLOW = { a: (row) => row, b: (row) => row % 7 };
const slow = parquet(SLOW, 400_000, 20_000);
const slowFiles = probeSite("select sum(a) as s from numbers", {
  "data/datapackage.json": manifestOf("numbers", SLOW, 400_000, slow),
  "data/numbers.parquet": { bytes: slow, tag: '"slow"', wait: 300 },
});

test("while bytes come, their number, the rows and the stage are shown", { files: slowFiles }, async ({ notebook }) => {
  await notebook.open("probe");
  await notebook.settled();
  const said = await notebook.progress("q");
  await notebook.edit("q", "select sum(b) as s from numbers");
  // 400,000 = 7 × 57,142 + 6: the sum of full rounds, and 0 to 5.
  await notebook.shows("q", [[String(57_142 * 21 + 15)]]);
  const words = (await said()).map(plain);
  const fetching = words.filter((text) => /^Fetching, [\d.]+ .?B of [34]\.\d MB/.test(text));
  assert.ok(fetching.length >= 2, words.join("\n"));
  assert.ok(words.some((text) => /^(Fetching|Decoding), .*, \d+ rows$/.test(text)), words.join("\n"));
});

// Sums that neither a file holds nor one of them gives for another: nothing is left but to scan all rows, for seconds.
const TERMS = Array.from({ length: 80 }, (_, k) => `sum(ln(v + ${k + 1}.5)) as s${k}`).join(", ");
const LONG = `select ${TERMS} from (select a.origin as o, a.distance * 1.0 as v from flights a)`;

test("while rows are scanned, their number grows", { files, timeout: 120_000 }, async ({ notebook }) => {
  await notebook.open("probe");
  await notebook.settled();
  const said = await notebook.progress("q");
  await notebook.edit("q", LONG);
  await notebook.settled(60_000);
  const rows = (await said()).map((text) => /^Computing, .*?(\d+) rows$/.exec(plain(text))?.[1]).filter(Boolean).map(Number);
  assert.ok(rows.length >= 2, `${await said()}`);
  assert.deepEqual(rows, [...rows].sort((a, b) => a - b));
});

test("while data are fetched and decoded the page stays quick: no task over 50 ms", { files }, async ({ page, notebook }) => {
  await notebook.open("probe");
  await notebook.settled();
  // A busy machine makes a long task of a short one now and then; decoding on the page's thread would spoil every try.
  let tasks;
  for (const columns of ["delay", "origin", "destination", "delay + 1", "origin || destination"]) {
    await notebook.edit("q", `select count(${columns}) as n, count(distinct date) as d from flights`, { run: false });
    await page.waitForTimeout(500);
    await page.evaluate(() => (window.almanacLongTasks.length = 0));
    await notebook.run("q");
    await page.waitForTimeout(100);
    await notebook.settled();
    tasks = await page.evaluate(() => window.almanacLongTasks);
    if (tasks.length === 0) break;
  }
  assert.deepEqual(tasks, []);
});

/** Without the thin spaces between digits. */
function plain(text) {
  return text.replace(/(?<=\d)[\u2009\u202f](?=\d)/g, "").replace(/\u00a0/g, " ");
}
