// Chromium as the benchmark uses it: a fresh profile for each trial, and the memory of the page's process from /proc.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const QUIET = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const ROOT = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

/** A browser with a profile on disk, as a reader has it; `folder` keeps it for the next one. */
export async function open(folder) {
  const profile = folder ?? mkdtempSync(join(tmpdir(), "almanac-bench-"));
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: [...QUIET, ...ROOT] });
  const close = async () => {
    await context.close();
    if (!folder) rmSync(profile, { recursive: true, force: true });
  };
  return { context, close };
}

/** A page of the benchmark, ready to be called. */
export async function visit(context, origin) {
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(`page: ${error.message}`));
  page.setDefaultTimeout(600_000);
  await page.goto(`${origin}/page/index.html`);
  await page.waitForFunction(() => window.bench);
  return page;
}

/** Resident memory of the largest renderer process in MB: the one of the page, whose workers live in it. */
export async function rendererMegabytes(context) {
  const session = await context.browser()?.newBrowserCDPSession().catch(() => null);
  const pids = session
    ? (await session.send("SystemInfo.getProcessInfo")).processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id)
    : [];
  const sizes = pids.map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024);
  return Math.max(...sizes);
}

/** The browser's version. */
export async function version() {
  const { context, close } = await open();
  const page = await context.newPage();
  const text = await page.evaluate(() => navigator.userAgent);
  await close();
  return /Chrome\/([\d.]+)/.exec(text)?.[1] ?? text;
}
