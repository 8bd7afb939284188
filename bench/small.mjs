// Brotli copies at quality 11, made once and kept by the hash of the content: compressing an engine takes a minute.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

/** Remembers the copies under `folder`. */
export class Copies {
  #folder;
  #known = new Map();

  constructor(folder) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Makes the copy of a file, if there is none, and gives its path. */
  make(path) {
    const bytes = readFileSync(path);
    const copy = join(this.#folder, createHash("sha256").update(bytes).digest("hex"));
    if (!existsSync(copy)) {
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      };
      writeFileSync(copy, brotliCompressSync(bytes, { params }));
    }
    this.#known.set(path, copy);
    return copy;
  }

  /** The copy of a file that `make` was called for. */
  find(path) {
    return this.#known.get(path);
  }

  /** Length of a file's copy in bytes. */
  size(path) {
    return statSync(this.make(path)).size;
  }
}
