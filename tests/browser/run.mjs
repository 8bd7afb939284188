// The browser tests: `node tests/browser/run.mjs [part of a name]` runs them, `--screens` takes pictures of the pages instead.
//
// They run on Chromium against the release build in `dist/`, served by `almanac serve`. Set CHROMIUM and ALMANAC to the
// programs to use. Ends with `N passed, N failed`; the exit code says whether all passed.

import { readdirSync } from "node:fs";
import { runAll } from "./harness/test.mjs";
import { takeScreens } from "./screens.mjs";

const [filter = ""] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
if (process.argv.includes("--screens")) {
  await takeScreens(filter);
} else {
  const here = new URL("./", import.meta.url);
  for (const file of readdirSync(here).filter((name) => name.endsWith(".test.mjs")).sort()) {
    await import(new URL(file, here));
  }
  process.exitCode = (await runAll(filter)) ? 0 : 1;
}
