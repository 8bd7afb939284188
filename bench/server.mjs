// A static server that stands for any host: byte ranges, brotli copies, a log of what was asked, and a delay on demand.
// Uses: Node's own modules. Addresses: /<mount>/file; /delay30/<mount>/file answers 30 ms later.

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join, normalize } from "node:path";

const TYPES = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  wasm: "application/wasm",
};

/** Serves `mounts` (name → folder); `small(path)` gives the path of a brotli copy, or nothing. */
export async function serve(mounts, small) {
  const log = [];
  const server = createServer((request, response) => {
    let address = decodeURIComponent(new URL(request.url, "http://bench").pathname);
    const delay = /^\/delay(\d+)\//.exec(address);
    if (delay) address = address.slice(delay[0].length - 1);
    const answer = () => send(request, response, address, mounts, small, log);
    if (delay) setTimeout(answer, Number(delay[1]));
    else answer();
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, log, close: () => (server.closeAllConnections(), server.close()) };
}

function send(request, response, address, mounts, small, log) {
  const [, mount, ...rest] = address.split("/");
  const folder = mounts[mount];
  const path = folder && join(folder, normalize(`/${rest.join("/")}`));
  if (!path || !existsSync(path) || !statSync(path).isFile()) {
    response.writeHead(404).end();
    return;
  }
  const kind = path.slice(path.lastIndexOf(".") + 1);
  const headers = { "content-type": TYPES[kind] ?? "application/octet-stream", "cache-control": "max-age=3600", "accept-ranges": "bytes" };
  const size = statSync(path).size;
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
  let from = 0;
  let to = size - 1;
  let status = 200;
  let file = path;
  if (range) {
    status = 206;
    if (range[1] === "") from = size - Number(range[2]);
    else {
      from = Number(range[1]);
      if (range[2] !== "") to = Math.min(to, Number(range[2]));
    }
    headers["content-range"] = `bytes ${from}-${to}/${size}`;
  } else {
    const copy = request.headers["accept-encoding"]?.includes("br") ? small(path) : undefined;
    if (copy) {
      file = copy;
      to = statSync(copy).size - 1;
      headers["content-encoding"] = "br";
    }
  }
  headers["content-length"] = to - from + 1;
  const body = request.method === "HEAD" ? 0 : to - from + 1;
  log.push({ address, method: request.method, bytes: body });
  response.writeHead(status, headers);
  if (body === 0) response.end();
  else createReadStream(file, { start: from, end: to }).pipe(response);
}
