// Editing SQL: results, diagnostics with their place, drafts that are never lost.

import assert from "node:assert/strict";
import { test } from "./harness/test.mjs";
import { testSite } from "./harness/content.mjs";

const files = testSite();

test("an edited query shows its new result", { files }, async ({ notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.edit("by_product", "select 1 as one, 'two' as two, null as three");
  await notebook.shows("by_product", [["1", "two", "NULL"]]);
});

test("a cell that reads the edited one follows", { files }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.edit("total", "select 77 as n");
  await page.getByRole("main").getByText("There are 77 sales.").waitFor();
});

test("an error is underlined where it is, with a hint, and the others still answer", { files }, async ({ notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.edit("by_product", "select prodct, sum(qty) as pieces from sales group by 1");
  await notebook.problem("by_product", /prodct/).waitFor();
  await notebook.problem("by_product", /did you mean `?product`?/).waitFor();
  assert.deepEqual(await notebook.underlined("by_product"), ["prodct"]);
  assert.deepEqual(await notebook.rows("untouched"), [["10"]]);
  await notebook.edit("by_product", "select product, 14 as pieces from sales where id = 1");
  await notebook.shows("by_product", [["pen", "14"]]);
  assert.deepEqual(await notebook.problems(), []);
});

test("the editor completes tables and columns", { files }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.edit("untouched", "select count(*) as n from mrr_m", { run: false });
  await page.keyboard.press("Control+Space");
  await page.getByRole("option", { name: /mrr_movements/ }).waitFor();
  // The editor ignores keys just after the offer appears, so that nobody accepts what they have not seen.
  await page.waitForTimeout(200);
  await page.keyboard.press("Enter");
  await notebook.run("untouched");
  await notebook.shows("untouched", [["14"]]);
});

test("a draft survives a reload, can be compared and discarded", { files }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.edit("untouched", "select 4242 as n");
  await notebook.shows("untouched", [["4242"]]);
  await page.reload();
  await notebook.ready();
  await notebook.shows("untouched", [["4242"]]);
  const differences = await notebook.compareDraft();
  await differences.waitFor();
  const words = await differences.innerText();
  assert.match(words, /select 4242 as n/);
  assert.match(words, /select count\(\*\) as n from accounts/);
  await notebook.closeCompare();
  await notebook.discardDraft();
  await notebook.shows("untouched", [["10"]]);
  await page.reload();
  await notebook.ready();
  await notebook.shows("untouched", [["10"]]);
});

test("a text of 200 KB is refused with its size and is not lost", { files }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  const long = `select 1 as n /* ${"x".repeat(200_000)} */`;
  await notebook.edit("untouched", long);
  await notebook.problem("untouched", /196 KiB long; at most 64 KiB/).waitFor();
  assert.deepEqual(await notebook.rows("total"), [["15"]]);
  await page.reload();
  await notebook.ready();
  await notebook.problem("untouched", /196 KiB long/).waitFor();
});
