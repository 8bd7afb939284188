// What a reader sees first.

import assert from "node:assert/strict";
import { test } from "./harness/test.mjs";
import { readAhead, testSite, unbuiltSite } from "./harness/content.mjs";

test("the home page lists the notebooks and leads to one", async ({ page, notebook }) => {
  await notebook.home();
  const links = await notebook.notebookLinks();
  assert.ok(links.length >= 2, `only ${links.length} notebooks are listed`);
  await page.getByRole("main").getByRole("listitem").getByRole("link").first().click();
  await notebook.ready();
  await notebook.settled();
});

test("every published notebook answers without a problem", { timeout: 240_000 }, async ({ notebook }) => {
  await notebook.home();
  for (const { name, slug } of await notebook.notebookLinks()) {
    await notebook.open(slug);
    await notebook.settled(60_000);
    assert.deepEqual(await notebook.problems(), [], `problems in ${name}`);
  }
});

test("a notebook shows prose values, a control, a chart and a table", { files: testSite() }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await page.getByRole("main").getByText("There are 15 sales.").waitFor();
  await notebook.control("Region").waitFor();
  await notebook.chart("Pens sell best").waitFor();
  assert.deepEqual(await notebook.rows("by_product"), [["ink", "7"], ["pad", "5"], ["pen", "38"]]);
});

test("an expectation that holds says so, and shows the rows it looked at", { files: testSite() }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  const checked = page.getByText(/As expected: two, 1 row$/);
  await checked.click();
  await page.getByRole("grid", { name: "Checked rows of two" }).getByRole("gridcell", { name: "2", exact: true }).waitFor();
  await notebook.edit("two", "select 3 as n");
  await page.getByText(/answers `?3`? in row 1, expected was `?2`?/).waitFor();
  assert.equal(await checked.count(), 0, "what does not hold is not called checked");
});

test("a site that nobody built is read by the engine", { files: unbuiltSite(), allow: [/404/] }, async ({ page, notebook }) => {
  await notebook.home();
  assert.deepEqual((await notebook.notebookLinks()).map(({ slug }) => slug), ["regions", "rows", "two_tables"]);
  await notebook.open("regions");
  await notebook.settled();
  await page.getByRole("main").getByText("There are 15 sales.").waitFor();
});

const before = testSite({ "notebooks/regions.md": "# Before\n\nThe words of yesterday.\n" });
const today = { "notebooks/regions.md": "# Today\n\nThe words of today.\n" };
test("a text that changed after the build is shown as it is", { files: { ...before, ...today } }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await page.getByRole("main").getByText("The words of today.").waitFor();
  assert.equal(await page.getByText("The words of yesterday.").count(), 0);
});

test("what was read ahead is shown while the engine cannot be had", { files: testSite({ "almanac-worker_bg.wasm": 404 }), allow: [/./] }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await page.getByRole("main").getByText("There are").first().waitFor();
});

test("a site without data says what to run", { files: testSite({ "data/datapackage.json": 404 }), allow: [/404/] }, async ({ page, notebook }) => {
  await notebook.home();
  await page.getByText("cargo xtask demo").first().waitFor();
  await notebook.go("#/data");
  await page.getByText("cargo xtask demo").first().waitFor();
});

test("an address that leads nowhere says so", { files: testSite(), allow: [/404/] }, async ({ page, notebook }) => {
  await notebook.go("#/notebook/no/such");
  await page.getByRole("main").getByText(/no\/such/).first().waitFor();
  await page.getByRole("main").getByRole("link", { name: "See all notebooks" }).waitFor();
  await notebook.go("#/nowhere");
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
});
