// Pictures of every page in light, dark, on a phone and in print, into target/screens/, for people to look at.

import { mkdirSync } from "node:fs";
import path from "node:path";
import { launch } from "./harness/test.mjs";
import { NotebookPage } from "./harness/notebook_page.mjs";
import { ROOT, serveRelease } from "./harness/site.mjs";

const LOOKS = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  "phone-dark": { viewport: { width: 390, height: 844 }, colorScheme: "dark", deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  print: { viewport: { width: 794, height: 1123 }, colorScheme: "light" },
};

/** Takes them all; with `filter`, only of pages whose name contains it. */
export async function takeScreens(filter) {
  const folder = path.join(ROOT, "target/screens");
  mkdirSync(folder, { recursive: true });
  const release = await serveRelease();
  const browser = await launch();
  try {
    for (const [look, options] of Object.entries(LOOKS)) {
      const context = await browser.newContext({ ...options, reducedMotion: "reduce" });
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      for (const [name, show] of await pages(new NotebookPage(page, release.origin))) {
        if (!name.includes(filter)) continue;
        // Paper has no buttons to wait for: the page is ready on the screen first.
        await page.emulateMedia({ media: "screen" });
        await show();
        if (look === "print") await page.emulateMedia({ media: "print" });
        await page.evaluate(() => document.fonts.ready);
        await page.screenshot({ path: path.join(folder, `${name}-${look}.png`), fullPage: true });
        if (look === "print") await page.pdf({ path: path.join(folder, `${name}.pdf`), format: "A4", printBackground: true });
        console.log(`${name} ${look}`);
      }
      await context.close();
    }
  } finally {
    await browser.close();
    release.close();
  }
}

async function pages(notebook) {
  await notebook.home();
  const links = await notebook.notebookLinks();
  const shown = links.map(({ slug }) => [slug.replaceAll("/", "-"), async () => {
    await notebook.open(slug);
    await notebook.settled(60_000);
  }]);
  const table = async () => {
    await notebook.go("#/data");
    await notebook.page.getByRole("main").getByRole("heading").first().waitFor();
    await notebook.page.locator(".settings .skeleton").waitFor({ state: "detached" });
  };
  const editor = async () => {
    await notebook.open(links[0].slug);
    await notebook.settled(60_000);
    await notebook.openFirstEditor();
  };
  const functions = async () => {
    await notebook.go("#/functions?q=date");
    await notebook.page.getByRole("heading", { name: "date_trunc" }).waitFor();
  };
  const allFunctions = async () => {
    await notebook.go("#/functions");
    await notebook.page.getByRole("heading", { name: "count", exact: true }).first().waitFor();
  };
  const at = (fragment, settles) => async () => {
    await notebook.go(fragment);
    await notebook.page.locator(".entry, .cell").first().waitFor();
    if (settles) await notebook.settled(60_000);
  };
  const catalogue = [
    ["catalogue", at("#/catalogue")],
    ["catalogue-table", at("#/catalogue/deals?column=amount_usd", true)],
    ["metrics", at("#/metrics")],
    ["metric", at("#/metrics/win_rate?against=a%20year%20ago", true)],
    ["metric-split", at("#/metrics/deals_won?by=region", true)],
  ];
  return [...catalogue, ["functions", functions], ["functions-all", allFunctions], ["home", () => notebook.home()], ...shown, ["data", table], ["editor", editor]];
}
