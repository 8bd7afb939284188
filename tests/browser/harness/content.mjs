// The content of the tests' own site: its notebooks over the fixtures of the SQL logic tests.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ALMANAC, ROOT } from "./site.mjs";

const SITE = path.join(ROOT, "tests/browser/site");
const FIXTURES = path.join(ROOT, "tests/slt/fixtures");

/** The bytes of a fixture: `emp.parquet`. */
export const fixture = (name) => readFileSync(path.join(FIXTURES, name));

/** Files of the tests' site for `options.files`, built as `almanac build` builds it; `changes` replace some of them. */
export function testSite(changes = {}) {
  const files = unbuiltSite(changes);
  return { ...readAhead(files), ...files };
}

/** What the texts among `files` say, as files: see `core/model/src/ahead.rs`. */
export function readAhead(files) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "almanac-site-"));
  const texts = Object.keys(files).filter((name) => name === "site.yml" || name.endsWith(".md"));
  for (const name of texts) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), files[name]);
  }
  execFileSync(ALMANAC, ["build", folder]);
  const ahead = texts.map((name) => [`${name}.json`, readFileSync(path.join(folder, `${name}.json`))]);
  rmSync(folder, { recursive: true });
  return Object.fromEntries(ahead);
}

/** The same files as somebody would put them on a host without a build. */
export function unbuiltSite(changes = {}) {
  const files = { "site.yml": readFileSync(path.join(SITE, "site.yml")) };
  for (const name of readdirSync(path.join(SITE, "notebooks"))) {
    files[`notebooks/${name}`] = readFileSync(path.join(SITE, "notebooks", name));
  }
  for (const name of readdirSync(FIXTURES)) files[`data/${name}`] = fixture(name);
  return { ...files, ...changes };
}

/** A site of one notebook with one SQL cell, `q`; its data are the release's unless `changes` say otherwise. */
export function probeSite(sql, changes = {}) {
  const files = {
    "site.yml": "title: Probe\ndescription: One query.\nnotebooks:\n  - path: notebooks/probe.md\n    title: Probe\n    group: Tests\n",
    "notebooks/probe.md": `---\ntitle: Probe\n---\nOne query.\n\n\`\`\`sql q\n${sql}\n\`\`\`\n`,
  };
  return { ...readAhead(files), ...files, ...changes };
}

/** The manifest of the fixtures, changed by `change`. */
export function manifest(change) {
  const value = JSON.parse(fixture("datapackage.json"));
  change(value);
  return JSON.stringify(value);
}
