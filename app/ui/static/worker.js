// The entry of the Web Worker: loads the engine and hands its compiled module to the page, so that the next worker starts
// without fetching or compiling anything. The address of this file carries the build's name, which goes on to the files it loads.

const version = new URL(import.meta.url).search;

addEventListener("message", start, { once: true });

async function start({ data }) {
  try {
    const [{ default: init }, module] = await Promise.all([import(`./almanac-worker.js${version}`), data.module ?? compile()]);
    await init({ module_or_path: module });
    postMessage({ loaded: module });
  } catch (error) {
    postMessage({ fatal: `the engine could not be loaded (${error?.message ?? error})` });
  }
}

// Compiled while it arrives; from a plain response the browser keeps the compiled code beside the file in its cache.
function compile() {
  return WebAssembly.compileStreaming(fetch(new URL(`./almanac-worker_bg.wasm${version}`, import.meta.url)));
}
