// Tables: a window of rows over very many, sorting, copying out as CSV.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "./harness/test.mjs";
import { testSite } from "./harness/content.mjs";

const files = testSite();

test("a table of a million rows keeps few rows in the page and scrolls to the last", { files }, async ({ page, notebook }) => {
  await notebook.open("rows");
  await notebook.settled();
  const table = notebook.table("many");
  await table.waitFor();
  assert.ok((await table.getByRole("row").count()) < 200, "all rows are in the page");
  assert.equal(await table.getAttribute("aria-rowcount"), "1000001");
  await notebook.scrollToEnd("many");
  await table.getByRole("gridcell", { name: /^1\D?000\D?000$/ }).first().waitFor();
  assert.ok((await table.getByRole("row").count()) < 200, "all rows are in the page");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false, "the page scrolls sideways");
});

test("on paper a table of a million rows is its first rows and the number of all", { files }, async ({ page, notebook }) => {
  await notebook.open("rows");
  await notebook.settled();
  const table = notebook.table("many");
  await table.waitFor();
  await notebook.scrollToEnd("many");
  await page.emulateMedia({ media: "print" });
  await table.getByText(/^The first 50 of 1\D?000\D?000 rows$/).waitFor();
  assert.equal(await table.getByRole("row").count(), 51, "fifty rows and their head");
  await table.getByRole("gridcell", { name: "1", exact: true }).first().waitFor();
  assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
  await page.emulateMedia({ media: "screen" });
  await table.getByText(/^The first 50 of/).waitFor({ state: "detached" });
  // Wherever the scroll bar is now, the view is full of rows.
  await page.waitForFunction((grid) => {
    const view = grid.getBoundingClientRect();
    const rows = [...grid.querySelectorAll("tbody tr:not(.pad)")].map((row) => row.getBoundingClientRect());
    return rows.filter((row) => row.bottom > view.top + 32 && row.top < view.bottom).length >= 11;
  }, await table.elementHandle());
});

test("a click on a column head sorts, a second one turns the order", { files }, async ({ notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  const head = notebook.table("by_product").getByRole("columnheader", { name: /pieces/ });
  await head.getByRole("button").click();
  await notebook.shows("by_product", [["pad", "5"], ["ink", "7"], ["pen", "38"]]);
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  await head.getByRole("button").click();
  await notebook.shows("by_product", [["pen", "38"], ["ink", "7"], ["pad", "5"]]);
  assert.equal(await head.getAttribute("aria-sort"), "descending");
});

test("the CSV download holds every row, quoted where it must be", { files }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.edit("untouched", "select id, s from words where id in (4, 5, 10, 11, 12, 19) order by id");
  await notebook.shows("untouched", (rows) => rows.length === 6);
  const coming = page.waitForEvent("download");
  await notebook.downloadCsv("untouched");
  const file = await coming;
  assert.match(file.suggestedFilename(), /\.csv$/);
  const text = readFileSync(await file.path(), "utf8").replaceAll("\r\n", "\n");
  // RFC 4180; an empty text differs from NULL.
  assert.equal(text, 'id,s\n4,""\n5,\n10,back\\slash\n11,it\'s\n12,Zürich\n19,"two\nlines"\n');
});

test("a long CSV has all its rows", { files, timeout: 90_000 }, async ({ page, notebook }) => {
  await notebook.open("rows");
  await notebook.settled();
  const coming = page.waitForEvent("download");
  await notebook.downloadCsv("many");
  const lines = readFileSync(await (await coming).path(), "utf8").trimEnd().split(/\r?\n/);
  assert.equal(lines.length, 1_000_001);
  assert.equal(lines[0], "nr,product,c");
  assert.equal(lines.at(-1), "1000000,100,10");
});
