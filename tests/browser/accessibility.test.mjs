// axe-core finds nothing on any page, in light and dark, on a narrow and a wide screen.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "./harness/test.mjs";
import { testSite } from "./harness/content.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`).join(" | ")}`);
}

async function check(page, what) {
  assert.deepEqual(await violations(page), [], what);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(sideways <= 0, `${what}: the page is ${sideways} px wider than the screen`);
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [320, 1280]) {
    const context = { colorScheme, viewport: { width, height: 900 } };
    test(`axe-core finds nothing: ${colorScheme}, ${width} px`, { context, timeout: 300_000 }, async ({ notebook, page }) => {
      await notebook.home();
      const links = await notebook.notebookLinks();
      await check(page, "home");
      for (const { name, slug } of links) {
        await notebook.open(slug);
        await notebook.settled(60_000);
        await check(page, name);
      }
      await notebook.go("#/data");
      await page.getByRole("main").getByRole("heading").first().waitFor();
      await check(page, "data");
      await notebook.go("#/functions");
      await page.getByRole("heading", { name: "date_trunc" }).waitFor();
      await check(page, "functions");
      for (const [fragment, ready] of [["#/catalogue", ".entry"], ["#/catalogue/deals?column=amount_usd", "#cell-distribution svg"], ["#/metrics", ".entry"], ["#/metrics/win_rate?against=a%20year%20ago", "#cell-course svg"]]) {
        await notebook.go(fragment);
        await page.locator(ready).first().waitFor({ timeout: 60_000 });
        if (fragment.split("/").length > 2) await notebook.settled(60_000);
        await check(page, fragment);
      }
    });

    test(`axe-core finds nothing while editing and with errors: ${colorScheme}, ${width} px`, { context, files: testSite() }, async ({ notebook, page }) => {
      await notebook.open("regions");
      await notebook.settled();
      await notebook.edit("untouched", "select nosuch from sales");
      await notebook.problem("untouched", /nosuch/).waitFor();
      await check(page, "an error under the editor");
    });
  }
}
