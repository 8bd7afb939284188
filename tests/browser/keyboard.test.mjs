// A whole journey without a mouse: home, notebook, input, editor, run, table.

import assert from "node:assert/strict";
import { test } from "./harness/test.mjs";
import { testSite } from "./harness/content.mjs";

const files = testSite();

/** Presses Tab until the focused element satisfies `wanted`. */
async function tabTo(page, what, wanted) {
  for (let turn = 0; turn < 80; turn++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const box = element?.getBoundingClientRect();
      return {
        name: element?.getAttribute("aria-label") ?? element?.labels?.[0]?.textContent ?? element?.textContent?.trim() ?? "",
        tag: element?.tagName ?? "",
        group: element?.closest('[role="group"]')?.getAttribute("aria-label") ?? "",
        visible: box !== undefined && box.width > 0 && box.height > 0,
      };
    });
    assert.ok(focused.tag === "BODY" || focused.visible, `focus went to something invisible: ${JSON.stringify(focused)}`);
    if (wanted(focused)) return;
  }
  throw new Error(`Tab never reached ${what}`);
}

test("everything can be done with the keyboard alone", { files, timeout: 90_000 }, async ({ page, notebook }) => {
  await notebook.home();
  await tabTo(page, "the notebook's link", ({ tag, name }) => tag === "A" && /Sales by region/.test(name));
  await page.keyboard.press("Enter");
  await notebook.ready();
  await notebook.settled();
  await tabTo(page, "the input", ({ tag, name }) => tag === "SELECT" && /Region/.test(name));
  await page.keyboard.press("e");
  await notebook.shows("by_product", [["pad", "1"], ["pen", "14"]]);
  await tabTo(page, "the Edit button of the cell", ({ name, group }) => name === "Edit" && group === "Actions of untouched");
  await page.keyboard.press("Enter");
  await notebook.editor("untouched").waitFor();
  await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute("role") === "textbox");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("select 9 as n");
  await page.keyboard.press("Control+Enter");
  await notebook.shows("untouched", [["9"]]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute("role")), "textbox", "the editor keeps the focus");
});

test("the first Tab offers to skip to the content", { files }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement?.textContent ?? "");
  assert.match(first, /skip/i);
  await page.keyboard.press("Enter");
  assert.ok(await page.evaluate(() => document.activeElement?.closest("main") !== null), "focus is not in the content");
});
