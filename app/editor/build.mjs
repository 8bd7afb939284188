// Bundles the editor into one static module and copies the fonts, both into app/editor/dist, which index.html copies to assets/.
// Called as `npm run editor`. Never fetches anything: the packages are those of package-lock.json.

import { build } from "esbuild";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const dist = join(here, "dist");

// The Latin subsets with a weight axis; both families are under the SIL Open Font License 1.1, whose text travels with them.
const fonts = [
  { from: "inter", file: "inter-latin-wght-normal.woff2", to: "inter" },
  { from: "jetbrains-mono", file: "jetbrains-mono-latin-wght-normal.woff2", to: "jetbrains-mono" },
];

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, "fonts"), { recursive: true });

await build({
  entryPoints: [join(here, "src", "editor.js")],
  outfile: join(dist, "editor.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "linked",
  logLevel: "warning",
});

for (const { from, file, to } of fonts) {
  const folder = join(root, "node_modules", "@fontsource-variable", from);
  await copyFile(join(folder, "files", file), join(dist, "fonts", `${to}.woff2`));
  await copyFile(join(folder, "LICENSE"), join(dist, "fonts", `${to}-LICENSE.txt`));
}
