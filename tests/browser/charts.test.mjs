// Charts: words, values by keyboard, the table behind.

import assert from "node:assert/strict";
import { test } from "./harness/test.mjs";
import { testSite } from "./harness/content.mjs";

const files = testSite();

test("a chart has a name, a summary and a table with the drawn values", { files }, async ({ notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  const chart = notebook.chart("Pens sell best");
  await chart.waitFor();
  assert.deepEqual(await notebook.chartTable("Pens sell best"), [["ink", "7"], ["pad", "5"], ["pen", "38"]]);
  assert.match(await chart.getAttribute("aria-label"), /38/, "the summary names the highest value");
});

test("the arrow keys visit the values of a chart", { files }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.chart("Pens sell best").focus();
  await page.keyboard.press("ArrowRight");
  const first = await notebook.tooltip();
  assert.match(first, /ink/);
  assert.match(first, /7/);
  await page.keyboard.press("End");
  assert.match(await notebook.tooltip(), /pen[^]*38/);
  await page.keyboard.press("ArrowLeft");
  assert.match(await notebook.tooltip(), /pad[^]*5/);
  await page.keyboard.press("Escape");
  await notebook.noTooltip();
});

test("the chart follows the input", { files }, async ({ notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.control("Region").selectOption("apac");
  await notebook.shows("by_product", [["ink", "3"]]);
  assert.deepEqual(await notebook.chartTable("Pens sell best"), [["ink", "3"]]);
});
