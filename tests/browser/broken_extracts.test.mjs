// Extracts that are missing, truncated, foreign or not what the manifest says: the page says so and the other cells work.

import assert from "node:assert/strict";
import { test } from "./harness/test.mjs";
import { fixture, manifest, testSite } from "./harness/content.mjs";

const emp = fixture("emp.parquet");
const flipped = Buffer.from(emp);
// Inside the first column's data, so that the file still looks like Parquet.
flipped[40] ^= 0xff;

const cases = [
  ["missing", { "data/emp.parquet": 404 }, "file-missing"],
  ["truncated", { "data/emp.parquet": emp.subarray(0, 500) }, "file-changed"],
  ["foreign", { "data/emp.parquet": Buffer.alloc(emp.length, "not a Parquet file ") }, "file-changed"],
  ["changed, so that its hash is wrong", { "data/emp.parquet": flipped }, "file-changed"],
  ["served with an error", { "data/emp.parquet": 500 }, "file-unreachable"],
  ["of another hash in the manifest", { "data/datapackage.json": manifest((value) => {
    value.resources.find((resource) => resource.name === "emp").files[0].sha256 = "0".repeat(64);
  }) }, "file-changed"],
];

for (const [what, changes, code] of cases) {
  test(`an extract that is ${what}`, { files: testSite(changes), allow: [/404|500|Failed to load resource/] }, async ({ notebook }) => {
    await notebook.open("two_tables");
    await notebook.settled();
    await notebook.problem("from_emp", "emp.parquet").waitFor();
    await notebook.problem("from_emp", code).waitFor();
    assert.deepEqual(await notebook.rows("from_dept"), [["4"]]);
  });
}

test("a manifest that is no JSON says so and the page stays", { files: testSite({ "data/datapackage.json": "{ broken" }) }, async ({ page, notebook }) => {
  await notebook.home();
  await page.getByText(/datapackage\.json/).first().waitFor();
});
