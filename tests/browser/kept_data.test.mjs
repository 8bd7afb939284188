// What the browser keeps between visits: a second visit needs no data bytes, and what is kept is visible, bounded, and the reader's
// to forget. The data are the release's 3 million flights; the numbers are DuckDB's.

import assert from "node:assert/strict";
import { NotebookPage } from "./harness/notebook_page.mjs";
import { probeSite } from "./harness/content.mjs";
import { test } from "./harness/test.mjs";

const files = probeSite("select sum(distance) as miles from flights");
const MILES = [["2194861208"]];
/** Megabytes of the column that this takes; DuckDB: its chunks have 4,106,233 bytes. */
const COLUMN = 4.1;

const data = (site) => site.asked.filter(({ name }) => name.endsWith(".parquet"));

/** Closes the page, as a reader does, and comes back in another one. */
async function nextVisit(page, context, site) {
  await page.close();
  site.asked.length = 0;
  const next = await context.newPage();
  // The worker of the closed page gives its file up in its own time; until then the next one does without.
  await next.waitForTimeout(1_000);
  return { page: next, notebook: new NotebookPage(next, site.origin) };
}

/** Megabytes of `1.2 MB` or `300 kB`. */
function megabytes(text) {
  const [number, unit] = text.replace(/[\u2009\u202f]/g, " ").split(" ");
  return Number(number) * { B: 1e-6, kB: 1e-3, MB: 1 }[unit];
}

async function firstVisit(notebook) {
  await notebook.open("probe");
  await notebook.shows("q", MILES);
  // Bytes are written once the engine has nothing else to do: the page is not left before that.
  for (let turn = 0; turn < 100; turn++) {
    const kept = await notebook.kept();
    if (megabytes(kept[0][1]) >= COLUMN) {
      assert.deepEqual(kept.map(([what]) => what), ["flights", "1 result", "In all"]);
      return kept;
    }
    await notebook.home();
  }
  assert.fail("the column was never kept whole");
}

test("a second visit needs no data bytes, and says so", { files }, async ({ page, context, site, notebook }) => {
  await firstVisit(notebook);
  assert.ok(data(site).length > 0);
  const second = await nextVisit(page, context, site);
  await second.notebook.open("probe");
  await second.notebook.shows("q", MILES);
  assert.match(await second.notebook.cost("q"), /kept from earlier/);
  // Another query of the same bytes: not the answer is kept now, but the data.
  await second.notebook.edit("q", "select sum(distance * 2) as there_and_back from flights");
  await second.notebook.shows("q", [[String(2 * MILES[0][0])]]);
  assert.match(await second.notebook.cost("q"), /B kept from earlier/);
  assert.deepEqual(data(site), []);
});

test("what is kept is listed on the Data page and can be forgotten", { files }, async ({ page, context, site, notebook }) => {
  const kept = await firstVisit(notebook);
  const sizes = kept.map(([, size]) => megabytes(size));
  // Of a far or busy server up to a mebibyte between two ranges is asked for with them.
  assert.ok(sizes[0] >= COLUMN && sizes[0] <= COLUMN + 1.1, `${sizes}`);
  assert.ok(Math.abs(sizes[0] + sizes[1] - sizes[2]) < 0.1, `${sizes}`);
  await page.getByRole("button", { name: "Forget all of it" }).click();
  await page.getByText("Nothing yet.").waitFor();
  const second = await nextVisit(page, context, site);
  await second.notebook.open("probe");
  await second.notebook.shows("q", MILES);
  assert.ok(data(site).length > 0);
});

test("no more is kept than the limit says", { files }, async ({ page, context, site, notebook }) => {
  await notebook.limit("Keep at most", 3);
  await notebook.open("probe");
  await notebook.shows("q", MILES);
  await notebook.edit("q", "select sum(delay) as minutes from flights");
  await notebook.shows("q", (rows) => rows.length === 1);
  // Bytes are written once the engine has nothing else to do: the page is not left before that.
  await page.waitForTimeout(1_500);
  const [, size] = (await notebook.kept()).at(-1);
  assert.ok(megabytes(size) <= 3 && megabytes(size) > 1, size);
  // What was read last is what is left of it; the page still shows the edited query.
  const second = await nextVisit(page, context, site);
  await second.notebook.open("probe");
  await second.notebook.shows("q", (rows) => rows.length === 1);
  assert.match(await second.notebook.cost("q"), /kept from earlier/);
});
