// The reference of functions: found from everywhere, searched, tried; it needs no engine.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./harness/site.mjs";
import { testSite } from "./harness/content.mjs";
import { test } from "./harness/test.mjs";

const REFERENCE = JSON.parse(readFileSync(path.join(ROOT, "app/ui/static/functions.json"), "utf8"));
const ALL = REFERENCE.sections.flatMap((section) => section.functions);

const names = (page) => page.locator(".function h3").allInnerTexts();

test("every function of the registry has its place, with its example and answer", async ({ page, notebook }) => {
  await notebook.home();
  await page.getByRole("navigation", { name: "Site" }).getByRole("link", { name: "Functions" }).click();
  await page.getByRole("heading", { name: "Functions", exact: true }).waitFor();
  await page.getByRole("heading", { name: "date_trunc" }).waitFor();
  assert.deepEqual(await names(page), ALL.map((one) => one.names[0]));
  const trunc = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "date_trunc", exact: true }) }).last();
  const words = await trunc.innerText();
  for (const part of ["date_trunc('part', DATE)", "date_trunc('month', date '2024-02-29')", "2024-02-01"]) assert.ok(words.includes(part), `${part} in ${words}`);
});

test("a search finds by name and by word, and stays in the address", async ({ page, notebook }) => {
  await notebook.go("#/functions");
  const field = page.getByRole("searchbox", { name: "Search functions" });
  await field.fill("median");
  await page.getByRole("status").filter({ hasText: /fit/ }).waitFor();
  assert.ok((await names(page)).includes("median"));
  assert.equal(new URL(page.url()).hash, "#/functions?q=median");
  await field.fill("no such thing");
  await page.getByRole("heading", { name: "No function fits" }).waitFor();
  await field.fill("");
  await page.getByRole("heading", { name: "date_trunc" }).waitFor();
  await notebook.go("#/functions?q=levenshtein");
  await page.getByRole("heading", { name: "levenshtein", exact: true }).waitFor();
  assert.deepEqual(await names(page), ["levenshtein", "damerau_levenshtein"]);
});

test("an example can be tried", async ({ page, notebook }) => {
  await notebook.go("#/functions?q=string_split");
  await page.getByRole("button", { name: "Try string_split" }).click();
  await notebook.ready();
  await notebook.settled();
  assert.deepEqual(await notebook.rows("try_string_split"), [["[a, b]"]]);
});

test("the reference shows while the engine cannot be had", { files: testSite({ "almanac-worker_bg.wasm": 404 }), allow: [/./] }, async ({ page, notebook }) => {
  await notebook.go("#/functions");
  await page.getByRole("heading", { name: "date_trunc" }).waitFor();
});

test("a site without the reference says so", { files: testSite({ "functions.json": 404 }), allow: [/404/] }, async ({ page, notebook }) => {
  await notebook.go("#/functions");
  await page.getByRole("heading", { name: "The reference could not be read" }).waitFor();
  await page.getByRole("button", { name: "Try again" }).waitFor();
});

test("the editor leads to the functions", { files: testSite() }, async ({ page, notebook }) => {
  await notebook.open("two_tables");
  await notebook.settled();
  await notebook.openFirstEditor();
  await page.getByRole("link", { name: "All functions" }).click();
  await page.getByRole("heading", { name: "date_trunc" }).waitFor();
});
