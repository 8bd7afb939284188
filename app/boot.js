// Starts the page's WebAssembly. A file of its own, because the content-security policy forbids inline scripts.
const names = document.querySelector("script[data-wasm]").dataset;
const { default: start } = await import(new URL(names.js, document.baseURI).href);
await start({ module_or_path: new URL(names.wasm, document.baseURI) });
