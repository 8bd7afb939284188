// Fetches the editor's module when it is first needed. In a file of its own, because `import()` cannot be called from Rust.

/** The module at an address. */
export function load(address) {
  return import(address);
}
