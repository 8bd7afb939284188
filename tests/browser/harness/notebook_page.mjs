// A notebook as a reader meets it: what the tests know of the page's roles, names and words is in this one place.

import assert from "node:assert/strict";

/** Words of a cell whose answer is not there yet. */
const UNSETTLED = ["Waiting", "Running", "Stale"];
const NOT_TAKEN = "Edited, not run";

export class NotebookPage {
  constructor(page, origin) {
    this.page = page;
    this.origin = origin;
  }

  // ---- going places

  async go(fragment) {
    await this.page.goto(`${this.origin}/${fragment}`);
  }

  async home() {
    await this.go("#/");
    await this.page.getByRole("main").getByRole("listitem").getByRole("link").first().waitFor();
  }

  /** The notebooks the home page lists: { name, slug }. */
  async notebookLinks() {
    const links = await this.page.getByRole("main").getByRole("listitem").getByRole("link").all();
    return Promise.all(links.map(async (link) => {
      const address = await link.getAttribute("href");
      return { name: await link.innerText(), slug: decodeURIComponent(address.replace("#/notebook/", "")) };
    }));
  }

  async open(slug) {
    await this.go(`#/notebook/${slug}`);
    await this.ready();
  }

  /** The notebook's words and cells are there; the answers may not be. */
  async ready() {
    await this.page.getByRole("button", { name: "Edit source", disabled: false }).waitFor();
  }

  /** Every cell has its answer or its problems. */
  async settled(timeout = 30_000) {
    await this.page.waitForFunction((unsettled) => {
      const cells = [...document.querySelectorAll('section[aria-label^="Cell "]')];
      const words = cells.map((cell) => cell.querySelector(".cell-state")?.textContent ?? "");
      return cells.length > 0 && !words.some((word) => unsettled.includes(word)) && !cells.some((cell) => cell.hasAttribute("aria-busy"));
    }, UNSETTLED, { timeout });
  }

  // ---- what a cell shows

  cell(id) {
    return this.page.getByRole("region", { name: `Cell ${id}`, exact: true });
  }

  table(id) {
    return this.page.getByRole("grid", { name: `Result of ${id}`, exact: true });
  }

  /** The rows of a table that are in the page, as texts; NULL is "NULL". */
  async rows(id) {
    return rowsOf(this.table(id));
  }

  /** Waits until a cell's rows are `expected`, or satisfy it. */
  async shows(id, expected) {
    const fits = typeof expected === "function" ? expected : (rows) => JSON.stringify(rows) === JSON.stringify(expected);
    let rows = null;
    for (let turn = 0; turn < 300; turn++) {
      rows = (await this.table(id).count()) === 1 ? await this.rows(id).catch(() => null) : null;
      if (rows !== null && fits(rows)) return;
      await this.page.waitForTimeout(50);
    }
    assert.deepEqual(rows, expected, `${id} never showed the expected rows; its problems: ${await this.cell(id).getByRole("alert").allInnerTexts()}`);
  }

  async scrollToEnd(id) {
    await this.table(id).focus();
    await this.page.keyboard.press("Control+End");
  }

  async downloadCsv(id) {
    await this.cell(id).getByRole("button", { name: /^Export CSV/ }).click();
  }

  /** A problem of a cell whose words match. */
  problem(id, words) {
    return this.cell(id).getByRole("alert").filter({ hasText: words }).first();
  }

  async anyProblem(id, timeout) {
    await this.cell(id).getByRole("alert").filter({ hasText: /\S/ }).first().waitFor({ timeout });
  }

  /** The words of every problem in the page. */
  async problems() {
    return this.page.getByRole("main").getByRole("alert").getByRole("listitem").allInnerTexts();
  }

  /** The texts underlined as errors in a cell's editor, once there are any. */
  async underlined(id) {
    const marks = this.cell(id).locator(".cm-lintRange-error");
    await marks.first().waitFor();
    return marks.allInnerTexts();
  }

  /** What a cell says of the cost of its answer: rows, bytes, time. */
  async cost(id) {
    return this.cell(id).locator(".cell-cost").innerText();
  }

  /** Starts to collect what a cell says of its progress; gives a way to ask for it. */
  async progress(id) {
    await this.page.evaluate((label) => {
      window.almanacProgress = [];
      const look = () => {
        const words = document.querySelector(`section[aria-label="${label}"] .progress span`)?.textContent;
        if (words && words !== window.almanacProgress.at(-1)) window.almanacProgress.push(words);
      };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    }, `Cell ${id}`);
    return () => this.page.evaluate(() => window.almanacProgress);
  }

  /** Waits until a cell's state is called that. */
  async state(id, word, timeout = 20_000) {
    await this.cell(id).getByText(word, { exact: true }).first().waitFor({ timeout });
  }

  // ---- acting on a cell

  editor(id) {
    return this.page.getByRole("textbox", { name: `SQL of ${id}`, exact: true });
  }

  async openEditor(id) {
    if ((await this.editor(id).count()) === 0) {
      await this.cell(id).getByRole("button", { name: "Edit", exact: true }).click();
      await this.editor(id).waitFor();
    }
  }

  /** Replaces a cell's SQL and, unless told otherwise, runs it. */
  async edit(id, sql, { run = true } = {}) {
    await this.openEditor(id);
    await this.editor(id).focus();
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.insertText(sql);
    if (run) await this.run(id);
  }

  /** Runs what is written, and waits until the page has taken it over: until then a cell still says what it said before. */
  async run(id) {
    await this.editor(id).focus();
    await this.page.keyboard.press("Control+Enter");
    await this.cell(id).getByText(NOT_TAKEN, { exact: true }).waitFor({ state: "detached" });
  }

  stopButton(id) {
    return this.cell(id).getByRole("button", { name: "Stop", exact: true });
  }

  async openFirstEditor() {
    await this.page.getByRole("main").getByRole("button", { name: "Edit", exact: true }).first().click();
    await this.page.getByRole("textbox", { name: /^SQL of / }).waitFor();
  }

  // ---- the Data page

  /** Sets a limit on the Data page. */
  async limit(label, number) {
    await this.go("#/data");
    await this.page.getByLabel(label).fill(String(number));
    await this.page.keyboard.press("Tab");
  }

  /** What the Data page lists as kept: [what, size] of each row, the sum last. Waits for the first. */
  async kept() {
    await this.go("#/data");
    const table = this.page.getByRole("group", { name: "Kept data" });
    await table.waitFor();
    return table.locator("tr").evaluateAll((rows) => rows.slice(1).map((row) => [...row.children].map((cell) => cell.textContent)));
  }

  // ---- inputs, charts, drafts, files

  /** The control of an input in the bar above the notebook. */
  control(label) {
    return this.page.getByRole("form", { name: "Filters" }).getByLabel(label, { exact: true });
  }

  chart(title) {
    return this.page.getByRole("img", { name: new RegExp(`^${title}`) });
  }

  /** The rows of the table behind a chart. */
  async chartTable(title) {
    const figure = this.page.getByRole("group", { name: title, exact: true });
    const table = figure.getByRole("grid");
    if ((await table.count()) === 0) await figure.getByText("Data table").click();
    await table.waitFor();
    return rowsOf(table);
  }

  /** The words beside the visited point of a chart. */
  async tooltip() {
    return this.page.locator(".tooltip").innerText();
  }

  async noTooltip() {
    await this.page.locator(".tooltip").waitFor({ state: "detached" });
  }

  draft() {
    return this.page.getByRole("complementary", { name: "Your draft" });
  }

  async compareDraft() {
    await this.draft().getByRole("button", { name: "Compare" }).click();
    return this.page.getByLabel("Differences from the published version");
  }

  async closeCompare() {
    await this.draft().getByRole("button", { name: "Compare" }).click();
  }

  async discardDraft() {
    await this.draft().getByRole("button", { name: /^Discard/ }).click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Discard", exact: true }).click();
  }

  /** Drops a file onto the page. */
  async drop(name, bytes) {
    await this.page.evaluate(({ name, base64 }) => {
      const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], name));
      for (const kind of ["dragover", "drop"]) {
        document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
      }
    }, { name, base64: Buffer.from(bytes).toString("base64") });
  }

  /** What went wrong outside any cell. */
  alert(words) {
    return this.page.getByRole("alert").filter({ hasText: words }).first();
  }
}

/** Texts of the rows; thin spaces between digits and the typographic minus are left out, so that numbers read as numbers. */
async function rowsOf(table) {
  return table.evaluate((grid) => {
    const plain = (text) => text.replace(/(?<=\d)[\u2009\u202f](?=\d)/g, "").replace(/^\u2212/, "-");
    const cells = (row) => [...row.querySelectorAll('[role="gridcell"]')];
    const rows = [...grid.querySelectorAll('tbody [role="row"]')];
    return rows.map((row) => cells(row).map((cell) => (cell.classList.contains("null") ? "NULL" : plain(cell.textContent))));
  });
}
