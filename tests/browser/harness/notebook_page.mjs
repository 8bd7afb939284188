// A notebook as a reader meets it: every selector of the tests is here, by role and accessible name.

import assert from "node:assert/strict";

export class NotebookPage {
  constructor(page, origin) {
    this.page = page;
    this.origin = origin;
  }
}
