// Files dropped onto the page: they become tables and never leave the browser.

import assert from "node:assert/strict";
import { test } from "./harness/test.mjs";
import { fixture, testSite } from "./harness/content.mjs";

const files = testSite();

/** Drops a file; the page then shows its rows in a notebook of the reader's own, where they can be queried. */
async function dropAndCount(notebook, name, bytes, table, expected) {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.drop(name, bytes);
  const cell = `${table}_rows`;
  await notebook.shows(cell, (rows) => rows.length === Number(expected));
  await notebook.edit(cell, `select count(*) as n from ${table}`);
  await notebook.shows(cell, [[expected]]);
}

test("a dropped Parquet file becomes a table", { files }, ({ notebook }) => dropAndCount(notebook, "people.parquet", fixture("emp.parquet"), "people", "9"));

test("a dropped CSV file becomes a table", { files }, async ({ notebook }) => {
  const csv = "day,amount,note\n2024-02-29,1.5,\"a, b\"\n2024-03-01,,\n2024-03-02,3,\"say \"\"x\"\"\"\n";
  await dropAndCount(notebook, "amounts.csv", Buffer.from(csv), "amounts", "3");
  await notebook.edit("amounts_rows", "select sum(amount) = 4.5 as a, (min(day) + 1)::varchar as d, max(note) as n, count(amount) as c from amounts");
  await notebook.shows("amounts_rows", [["true", "2024-03-01", "say \"x\"", "2"]]);
});

test("a dropped Arrow file becomes a table", { files }, ({ notebook }) => dropAndCount(notebook, "numbers.arrow", fixture("seq.arrow"), "numbers", "10"));

test("a dropped Arrow stream becomes a table", { files }, ({ notebook }) => dropAndCount(notebook, "numbers.arrows", fixture("seq.arrows"), "numbers", "10"));

for (const [name, bytes] of [
  ["empty.parquet", Buffer.alloc(0)],
  ["foreign.parquet", Buffer.from("This is a letter, not a table.")],
  ["truncated.parquet", fixture("emp.parquet").subarray(0, 400)],
  ["picture.png", Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])],
]) {
  test(`a broken file says so and breaks nothing: ${name}`, { files }, async ({ notebook }) => {
    await notebook.open("regions");
    await notebook.settled();
    await notebook.drop(name, bytes);
    await notebook.alert(name).waitFor();
    assert.deepEqual(await notebook.rows("untouched"), [["10"]]);
  });
}
