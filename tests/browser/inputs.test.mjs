// Inputs: dependants follow, the address says the state, Back works.

import assert from "node:assert/strict";
import { test } from "./harness/test.mjs";
import { testSite } from "./harness/content.mjs";

const files = testSite();

test("a changed input updates what depends on it and the address", { files }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.control("Region").selectOption("na");
  await notebook.shows("by_product", [["ink", "2"], ["pad", "0"], ["pen", "16"]]);
  await page.getByRole("main").getByText("There are 5 sales.").waitFor();
  assert.match(page.url(), /region=na/);
  assert.deepEqual(await notebook.rows("untouched"), [["10"]]);
});

test("Back and Forward restore the state", { files }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.control("Region").selectOption("emea");
  await notebook.shows("by_product", [["pad", "1"], ["pen", "14"]]);
  await notebook.control("Region").selectOption("apac");
  await notebook.shows("by_product", [["ink", "3"]]);
  await page.goBack();
  await notebook.shows("by_product", [["pad", "1"], ["pen", "14"]]);
  assert.equal(await notebook.control("Region").inputValue(), "emea");
  await page.goBack();
  await notebook.shows("by_product", [["ink", "7"], ["pad", "5"], ["pen", "38"]]);
  await page.goForward();
  await notebook.shows("by_product", [["pad", "1"], ["pen", "14"]]);
});

test("a link reproduces what the sender saw", { files }, async ({ notebook }) => {
  await notebook.go("#/notebook/regions?region=latam");
  await notebook.ready();
  await notebook.shows("by_product", [["ink", "2"], ["pen", "8"]]);
  assert.equal(await notebook.control("Region").inputValue(), "latam");
});

test("a value the input does not offer falls back to the default", { files }, async ({ notebook }) => {
  await notebook.go("#/notebook/regions?region=atlantis");
  await notebook.ready();
  await notebook.shows("by_product", [["ink", "7"], ["pad", "5"], ["pen", "38"]]);
});
