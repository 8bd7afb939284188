// A small runner: tests are named functions; each gets a fresh browser context and is watched (see watch.mjs).

import { mkdirSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { NotebookPage } from "./notebook_page.mjs";
import { ROOT, serveChanged, serveRelease } from "./site.mjs";
import { watch } from "./watch.mjs";

const tests = [];

/**
 * Declares a test.
 * options.files: what the test's own server answers instead of the release (see `serveChanged`).
 * options.allow: patterns of console errors that the test provokes on purpose.
 * options.context: options of the browser context (`viewport`, `colorScheme`, …).
 * options.timeout: milliseconds, 60,000 unless told.
 */
export function test(name, options, body) {
  tests.push(typeof options === "function" ? { name, options: {}, body: options } : { name, options, body });
}

export async function launch() {
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [...asRoot, "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** Runs the declared tests whose name contains `filter`; prints each name and the closing line. Gives whether all passed. */
export async function runAll(filter) {
  const wanted = tests.filter(({ name }) => name.includes(filter));
  const release = await serveRelease();
  const browser = await launch();
  let failed = 0;
  try {
    for (const one of wanted) {
      const began = performance.now();
      const problem = await runOne(browser, release, one).then(() => null, (error) => error);
      const time = `${((performance.now() - began) / 1000).toFixed(1)} s`;
      if (problem === null) {
        console.log(`ok      ${one.name} (${time})`);
      } else {
        failed += 1;
        console.log(`FAILED  ${one.name} (${time})\n${indented(problem.stack ?? String(problem))}`);
      }
    }
  } finally {
    await browser.close();
    release.close();
  }
  console.log(`${wanted.length - failed} passed, ${failed} failed`);
  return failed === 0 && wanted.length > 0;
}

async function runOne(browser, release, { name, options, body }) {
  const site = options.files ? await serveChanged(release, options.files) : release;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options.context });
  context.setDefaultTimeout(20_000);
  const problems = await watch(context, site.origin, options.allow);
  const page = await context.newPage();
  const limit = options.timeout ?? 60_000;
  let timer;
  try {
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took longer than ${limit / 1000} s`)), limit);
    });
    await Promise.race([body({ page, context, site, notebook: new NotebookPage(page, site.origin) }), late]);
    const found = await problems();
    if (found.length > 0) throw new Error(`the page misbehaved:\n${found.join("\n")}`);
  } catch (error) {
    const folder = path.join(ROOT, "target/browser");
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, `${name.replace(/[^a-z0-9]+/gi, "-")}.png`), fullPage: true, timeout: 5_000 }).catch(() => {});
    const found = await problems().catch(() => []);
    if (found.length > 0 && !error.message.startsWith("the page misbehaved")) error.stack += `\nthe page also said:\n${found.join("\n")}`;
    throw error;
  } finally {
    clearTimeout(timer);
    await context.close();
    if (site !== release) site.close();
  }
}

function indented(text) {
  return text.split("\n").map((line) => `        ${line}`).join("\n");
}
