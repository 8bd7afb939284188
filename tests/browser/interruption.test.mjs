// Stop, crashes and greedy queries: the page stays, says so, and the next query runs within a second.

import assert from "node:assert/strict";
import { test } from "./harness/test.mjs";
import { testSite } from "./harness/content.mjs";

const files = testSite();
// Two hundred sines and cosines of each of ten million numbers: longer than any test waits, in little memory.
const TEN_MILLION = "(select a.n + b.n * c.n + d.n * e.n + f.n * g.n as v from seq a, seq b, seq c, seq d, seq e, seq f, seq g)";
const ENDLESS = `select ${Array.from({ length: 100 }, (_, k) => `sum(sin(v + ${k}) * cos(v - ${k})) as s${k}`).join(", ")} from ${TEN_MILLION}`;
// Ten thousand million rows: more than a browser's engine can hold.
const GREEDY = "select a.n, b.n, c.n, d.n, e.n, f.n, g.n, h.n, i.n, j.n from seq a, seq b, seq c, seq d, seq e, seq f, seq g, seq h, seq i, seq j order by a.n + j.n desc limit 5";

async function nextQueryIsQuick(notebook) {
  const began = performance.now();
  await notebook.edit("untouched", "select 5 as n");
  await notebook.shows("untouched", [["5"]]);
  return performance.now() - began;
}

test("Stop ends a long query and the next one answers within a second", { files, timeout: 90_000 }, async ({ notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.edit("untouched", ENDLESS);
  await notebook.stopButton("untouched").click();
  await notebook.state("untouched", "Stopped");
  const took = await nextQueryIsQuick(notebook);
  // Typing and the editor's own pause are part of it, hence the half second.
  assert.ok(took < 1_500, `the next query took ${took.toFixed(0)} ms`);
  assert.deepEqual(await notebook.rows("total"), [["15"]]);
});

test("the deadline ends a query that nobody stops", { files, timeout: 90_000 }, async ({ page, notebook }) => {
  await notebook.go("#/data");
  await page.getByLabel("Stop without an answer after").fill("2");
  await page.keyboard.press("Tab");
  await notebook.open("regions");
  await notebook.settled();
  await notebook.edit("untouched", ENDLESS);
  await notebook.problem("untouched", /2 seconds/).waitFor({ timeout: 20_000 });
  const took = await nextQueryIsQuick(notebook);
  assert.ok(took < 1_500, `the next query took ${took.toFixed(0)} ms`);
  assert.deepEqual(await notebook.rows("total"), [["15"]]);
});

test("while a query runs the page stays quick: no task over 50 ms", { files, timeout: 90_000 }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.edit("untouched", ENDLESS, { run: false });
  await page.waitForTimeout(500);
  await page.evaluate(() => (window.almanacLongTasks.length = 0));
  await notebook.run("untouched");
  await notebook.stopButton("untouched").waitFor();
  // A busy machine makes a long task of a short one now and then; a query on the page's thread would spoil every window.
  let slow;
  for (let window = 0; window < 3; window++) {
    await page.evaluate(() => (window.almanacLongTasks.length = 0));
    await page.waitForTimeout(2_000);
    slow = await page.evaluate(() => window.almanacLongTasks);
    if (slow.length === 0) break;
  }
  assert.deepEqual(slow, []);
  await notebook.stopButton("untouched").click();
  await notebook.state("untouched", "Stopped");
});

test("a query that eats memory is refused or killed, the others still answer", { files, timeout: 120_000, allow: [/./] }, async ({ notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.edit("untouched", GREEDY);
  await notebook.anyProblem("untouched", 60_000);
  await nextQueryIsQuick(notebook);
  assert.deepEqual(await notebook.rows("total"), [["15"]]);
});

test("when the worker dies the page says so and a fresh one answers", { files, timeout: 90_000, allow: [/./] }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await notebook.edit("untouched", ENDLESS);
  await notebook.stopButton("untouched").waitFor();
  // What a trap looks like from the page: the worker reports a fatal error and answers no more.
  await page.evaluate(() => {
    const worker = window.almanacWorkers.at(-1);
    worker.dispatchEvent(new MessageEvent("message", { data: { fatal: "trapped by the test" } }));
  });
  await notebook.anyProblem("untouched", 30_000);
  const took = await nextQueryIsQuick(notebook);
  assert.ok(took < 2_000, `the next query took ${took.toFixed(0)} ms`);
  assert.deepEqual(await notebook.rows("total"), [["15"]]);
});

test("a trap before any cell runs is told, and a fresh worker answers all of them", { files, timeout: 90_000, allow: [/./] }, async ({ page, notebook }) => {
  await notebook.open("regions");
  await notebook.settled();
  await page.workers().at(-1).evaluate(() => {
    self.onmessage = null;
    self.addEventListener("message", () => {
      throw new WebAssembly.RuntimeError("unreachable executed");
    });
  });
  await notebook.edit("untouched", "select 4 as n");
  await notebook.alert(/unreachable executed/).waitFor();
  await notebook.shows("untouched", [["4"]]);
  assert.deepEqual(await notebook.rows("total"), [["15"]]);
});
