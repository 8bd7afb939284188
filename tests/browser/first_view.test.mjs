// What a reader sees first.

import assert from "node:assert/strict";
import { test } from "./harness/test.mjs";
import { testSite } from "./harness/content.mjs";

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
