// What every page of every test is watched for: errors on the console, requests to other origins, policy violations.

/** Watches a context; `problems()` lists what went wrong since. `allowed` are patterns of console errors a test provokes. */
export async function watch(context, origin, allowed = []) {
  const seen = [];
  const tolerated = (text) => allowed.some((pattern) => pattern.test(text));
  await context.addInitScript(() => {
    // Kept on the window so that the test can read them after the page has settled.
    window.almanacViolations = [];
    window.almanacLongTasks = [];
    window.almanacWorkers = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.almanacViolations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) window.almanacLongTasks.push({ start: task.startTime, duration: task.duration });
    }).observe({ type: "longtask", buffered: true });
    const Plain = window.Worker;
    window.Worker = class extends Plain {
      constructor(...parts) {
        super(...parts);
        window.almanacWorkers.push(this);
      }
    };
  });
  context.on("console", (message) => {
    if (message.type() === "error" && !tolerated(message.text())) seen.push(`console error: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => {
    if (!tolerated(String(error.error()))) seen.push(`uncaught: ${error.error()}`);
  });
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && url.origin !== origin) seen.push(`request to another origin: ${request.url()}`);
  });
  return async () => {
    const violations = [];
    for (const page of context.pages()) {
      violations.push(...(await page.evaluate(() => window.almanacViolations ?? []).catch(() => [])));
    }
    return [...seen, ...violations.map((violation) => `policy violation: ${violation}`)];
  };
}
