// The data catalogue: tables found by a slip of the pen, columns with their values counted in the browser, and who reads them.

import assert from "node:assert/strict";
import { test } from "./harness/test.mjs";
import { testSite } from "./harness/content.mjs";

test("the catalogue lists every table with its size and finds by column, slips forgiven", async ({ page, notebook }) => {
  await notebook.home();
  await page.getByRole("navigation", { name: "Site" }).getByRole("link", { name: "Catalogue" }).click();
  await page.getByRole("link", { name: "deals", exact: true }).waitFor();
  const entry = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "deals", exact: true }) }).last();
  assert.match(await entry.innerText(), /29\s566 rows · \d+ columns · .* to 30 November 2025/);
  await page.getByRole("searchbox", { name: "Search tables and columns" }).fill("subscirptions");
  await page.getByRole("status").filter({ hasText: /fit/ }).waitFor();
  assert.equal(await page.getByRole("main").getByRole("listitem").first().getByRole("link").innerText(), "subscriptions");
});

test("a table shows its columns, sample rows and who reads it; values of a column are counted on demand", async ({ page, notebook }) => {
  await notebook.go("#/catalogue/deals");
  await page.getByRole("heading", { name: "deals", exact: true }).waitFor();
  await notebook.settled(60_000);
  assert.match(await notebook.cell("sample").innerText(), /20 rows/);
  const row = page.getByRole("row", { name: /^account_id/ }).first();
  assert.match(await row.innerText(), /BIGINT|INTEGER/);
  await row.getByRole("link", { name: "accounts.account_id" }).waitFor();
  await page.getByRole("link", { name: "Win rate", exact: true }).waitFor();
  await page.getByRole("link", { name: "Sales pipeline health" }).last().waitFor();

  await page.getByRole("button", { name: "Values of stage" }).click();
  await page.getByRole("region", { name: "Cell distribution" }).waitFor();
  await notebook.settled(60_000);
  assert.equal(new URL(page.url()).hash, "#/catalogue/deals?column=stage");
  const [figures] = await notebook.rows("figures");
  assert.equal(figures[0].replace(/\s/g, ""), "29566");
  assert.equal(figures[1], "0");
  await page.getByRole("button", { name: "Profile all columns" }).click();
  await notebook.shows("all_columns", (rows) => rows.some((row) => row[0] === "amount_usd"));
  await page.goBack();
  await page.goBack();
  await page.getByRole("region", { name: "Cell distribution" }).waitFor({ state: "detached" });
});

test("a table is opened in a notebook", async ({ page, notebook }) => {
  await notebook.go("#/catalogue/territories");
  await page.getByRole("heading", { name: "territories", exact: true }).waitFor();
  await page.getByRole("button", { name: "Open in a notebook" }).click();
  await notebook.ready();
  await notebook.settled();
  assert.match(await notebook.cell("territories_rows").innerText(), /16 rows/);
});

test("a table nobody has is named as such, and a site without a listing still shows its tables", { files: testSite({ "catalogue.json": 404 }), allow: [/404/] }, async ({ page, notebook }) => {
  await notebook.go("#/catalogue/nowhere");
  await page.getByRole("heading", { name: "There is no table of this name" }).waitFor();
  await notebook.go("#/catalogue/emp");
  await notebook.settled();
  await page.getByText("What reads it is not known").waitFor();
});
