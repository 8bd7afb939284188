// Starts the page's own WebAssembly. A file of its own, because the content-security policy forbids inline scripts.
// The addresses come from the data attributes of the script element, where trunk writes them.

const { module, wasm } = document.querySelector("script[data-module]").dataset;
const theme = kept("almanac.theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

try {
  const { default: init } = await import(new URL(module, document.baseURI));
  await init({ module_or_path: new URL(wasm, document.baseURI) });
} catch (error) {
  const loading = document.getElementById("loading");
  const problem = document.getElementById("no-engine");
  if (problem) {
    if (loading) loading.hidden = true;
    problem.hidden = false;
    problem.querySelector("[data-reason]").textContent = String(error?.message ?? error);
  }
  throw error;
}

function kept(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
