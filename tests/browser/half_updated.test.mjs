// Servers that answer whole files, and sites that are published anew under an open page: bytes of two versions are never mixed.
// The files are written here, so that every answer can be told by hand.

import assert from "node:assert/strict";
import { manifestOf, parquet } from "./harness/parquet.mjs";
import { probeSite } from "./harness/content.mjs";
import { test } from "./harness/test.mjs";

const ROWS = 240_000;
const GROUP = 20_000;

/** One version of the site's data: `a` counts from `from` on, `b` is ten times that. */
function version(from) {
  const columns = { a: (row) => from + row, b: (row) => 10 * (from + row) };
  const bytes = parquet(columns, ROWS, GROUP);
  const sum = ROWS * from + (ROWS * (ROWS - 1)) / 2;
  return { bytes, manifest: manifestOf("numbers", columns, ROWS, bytes), a: [[String(sum)]], b: [[String(10 * sum)]], tag: `"${from}"` };
}

const [OLD, NEW] = [version(0), version(7)];

/** A site whose data are `now.data`, and whose manifest is `now.manifest`. */
function changing(now, how = {}) {
  return probeSite("select sum(a) as s from numbers", {
    "data/datapackage.json": () => now.manifest.manifest,
    "data/numbers.parquet": (request) => {
      const current = now.pick?.(request) ?? now.data;
      return { bytes: current.bytes, tag: how.tags === false ? undefined : current.tag, ...how };
    },
  });
}

const asked = (site) => site.asked.filter(({ name }) => name === "data/numbers.parquet");

{
  const files = changing({ data: OLD, manifest: OLD }, { ranges: false });
  test("a server that answers a range with the whole file is read once", { files }, async ({ site, notebook }) => {
    await notebook.open("probe");
    await notebook.shows("q", OLD.a);
    const first = asked(site).length;
    // As many as are under way when the first answer comes; all but one are broken off.
    assert.ok(first <= 6, `${first} requests`);
    const fetched = /([\d.]+) MB fetched/.exec(await notebook.cost("q"))?.[1];
    assert.ok(Number(fetched) <= 1.05 * OLD.bytes.length / 1e6, await notebook.cost("q"));
    await notebook.edit("q", "select sum(b) as s from numbers");
    await notebook.shows("q", OLD.b);
    assert.equal(asked(site).length, first);
  });
}

{
  const now = { data: OLD, manifest: OLD };
  const files = changing(now, { ranges: false });
  test("a whole file that is another one than the manifest's is told", { files }, async ({ notebook }) => {
    now.data = { ...NEW, bytes: Buffer.concat([NEW.bytes, Buffer.from("more")]) };
    await notebook.open("probe");
    await notebook.problem("q", "file-changed").waitFor();
    assert.equal(await notebook.table("q").count(), 0);
  });
}

{
  const now = { data: OLD, manifest: OLD };
  test("a site published anew under an open page is noticed and read anew", { files: changing(now) }, async ({ notebook }) => {
    await notebook.open("probe");
    await notebook.shows("q", OLD.a);
    now.data = now.manifest = NEW;
    await notebook.edit("q", "select sum(b) as s from numbers");
    await notebook.shows("q", NEW.b);
    await notebook.edit("q", "select sum(a) as s from numbers");
    await notebook.shows("q", NEW.a);
  });
}

{
  const now = { data: OLD, manifest: OLD };
  let answered = 0;
  // The footer and a few ranges are of the old version, the rest and the manifest of the new one.
  now.pick = () => {
    answered += 1;
    if (answered > 4) now.data = now.manifest = NEW;
    return now.data;
  };
  test("a file that changes between two ranges of one query is not mixed", { files: changing(now) }, async ({ notebook }) => {
    await notebook.open("probe");
    await notebook.shows("q", NEW.a);
    assert.ok(answered > 5);
  });
}

{
  const now = { data: NEW, manifest: OLD };
  test("data that are newer than the manifest are told, and read when the manifest has come", { files: changing(now) }, async ({ notebook }) => {
    // The old manifest knows the old length and the old hash: the whole has another length.
    now.data = { ...NEW, bytes: Buffer.concat([NEW.bytes, Buffer.from("more")]) };
    await notebook.open("probe");
    await notebook.problem("q", "file-changed").waitFor();
    assert.equal(await notebook.table("q").count(), 0);
    now.data = now.manifest = NEW;
    await notebook.cell("q").getByRole("button", { name: "Run", exact: true }).click();
    await notebook.shows("q", NEW.a);
  });
}
