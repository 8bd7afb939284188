// Nothing leaves the page. Every test watches for that (harness/watch.mjs); these make sure that the watch works and that
// the policy would stop what it should.

import assert from "node:assert/strict";
import { test } from "./harness/test.mjs";
import { testSite } from "./harness/content.mjs";

const files = testSite();

test("the policy blocks a request to another origin", { files, allow: [/Content Security Policy|Refused|Fetch API|violates/] }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  const outcome = await page.evaluate(() => fetch("http://127.0.0.2:9/").then(() => "sent", () => "refused"));
  assert.equal(outcome, "refused");
  const seen = await page.evaluate(() => window.almanacViolations.splice(0));
  assert.ok(seen.some((violation) => violation.startsWith("connect-src")), `no violation was reported: ${seen}`);
});

test("the policy blocks markup that would run", { files, allow: [/Content Security Policy|Refused|violates/] }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
  });
  assert.equal(await page.evaluate(() => window.ran ?? false), false);
  await page.evaluate(() => window.almanacViolations.splice(0));
});

test("markup in a notebook is text", { files: testSite({ "notebooks/regions.md": "# Words\n\n<img src=x onerror=\"window.ran = true\"> <script>window.ran = true</script> [link](javascript:window.ran=true)\n\n```sql untouched\nselect '<b>bold</b>' as html\n```\n" }) }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.shows("untouched", [["<b>bold</b>"]]);
  await page.getByText('<script>window.ran = true</script>').first().waitFor();
  assert.equal(await page.evaluate(() => window.ran ?? false), false);
  assert.equal(await page.locator('a[href^="javascript:"]').count(), 0);
});

test("only the site's own files are asked for", { files }, async ({ notebook, site }) => {
  await notebook.open("two_tables");
  await notebook.settled();
  // How many rows there are the manifest tells; what is in them, the file.
  await notebook.edit("from_dept", "select * from dept");
  await notebook.settled();
  const parquet = site.asked.filter(({ name }) => name.endsWith(".parquet")).map(({ name }) => name);
  assert.deepEqual([...new Set(parquet)].sort(), ["data/dept.parquet", "data/emp.parquet"]);
});
