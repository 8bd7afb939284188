// The content of the tests' own site: its notebooks over the fixtures of the SQL logic tests.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./site.mjs";

const SITE = path.join(ROOT, "tests/browser/site");
const FIXTURES = path.join(ROOT, "tests/slt/fixtures");

/** The bytes of a fixture: `emp.parquet`. */
export const fixture = (name) => readFileSync(path.join(FIXTURES, name));

/** Files of the tests' site for `options.files`; `changes` replace some of them. */
export function testSite(changes = {}) {
  const files = { "site.yml": readFileSync(path.join(SITE, "site.yml")) };
  for (const name of readdirSync(path.join(SITE, "notebooks"))) {
    files[`notebooks/${name}`] = readFileSync(path.join(SITE, "notebooks", name));
  }
  for (const name of readdirSync(FIXTURES)) files[`data/${name}`] = fixture(name);
  return { ...files, ...changes };
}

/** The manifest of the fixtures, changed by `change`. */
export function manifest(change) {
  const value = JSON.parse(fixture("datapackage.json"));
  change(value);
  return JSON.stringify(value);
}
