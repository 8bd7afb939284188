// Extracts that are missing, truncated, foreign or not what the manifest says: the page says so and the other cells work.

import assert from "node:assert/strict";
import { test } from "./harness/test.mjs";
import { fixture, manifest, testSite } from "./harness/content.mjs";

const emp = fixture("emp.parquet");
const flipped = Buffer.from(emp);
// Inside the first column's data, so that the file still looks like Parquet.
flipped[40] ^= 0xff;

const cases = [
  ["missing", { "data/emp.parquet": 404 }, /missing|not found/i],
  ["truncated", { "data/emp.parquet": emp.subarray(0, 500) }, /bytes|truncated|changed|damaged|end/i],
  ["foreign", { "data/emp.parquet": Buffer.alloc(emp.length, "not a Parquet file ") }, /not a Parquet|damaged|changed|hash/i],
  ["changed, so that its hash is wrong", { "data/emp.parquet": flipped }, /hash|SHA-256|changed|damaged/i],
  ["served with an error", { "data/emp.parquet": 500 }, /could not|500/i],
  ["of another hash in the manifest", { "data/datapackage.json": manifest((value) => {
    value.resources.find((resource) => resource.name === "emp").files[0].sha256 = "0".repeat(64);
  }) }, /hash|SHA-256|changed|damaged/i],
];

for (const [what, changes, words] of cases) {
  test(`an extract that is ${what}`, { files: testSite(changes), allow: [/404|500|Failed to load resource/] }, async ({ notebook }) => {
    await notebook.open("two_tables");
    await notebook.settled();
    await notebook.problem("from_emp", /emp/).waitFor();
    await notebook.problem("from_emp", words).waitFor();
    assert.deepEqual(await notebook.rows("from_dept"), [["4"]]);
  });
}

test("a manifest that is no JSON says so and the page stays", { files: testSite({ "data/datapackage.json": "{ broken" }) }, async ({ page, notebook }) => {
  await notebook.open("two_tables");
  await page.getByText(/datapackage\.json/).first().waitFor();
});
