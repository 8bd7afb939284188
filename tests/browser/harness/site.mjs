// The site under test: `almanac serve dist`, and a server of the tests' own in front of it that can spoil what it serves.
// May use: Node's own modules. Never: anything of the site's sources.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The command under test. */
export const ALMANAC = process.env.ALMANAC ?? path.join(ROOT, "target/debug/almanac");

/** A port nobody listens on at the moment. */
export async function freePort() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

/** Starts `almanac serve dist`; gives its origin and a way to stop it. */
export async function serveRelease() {
  for (const needed of [ALMANAC, path.join(ROOT, "dist/index.html")]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing: run cargo xtask demo first`);
  }
  const port = await freePort();
  const child = spawn(ALMANAC, ["serve", "dist", "--port", String(port)], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (bytes) => (said += bytes));
  child.stderr.on("data", (bytes) => (said += bytes));
  const origin = `http://127.0.0.1:${port}`;
  for (let turn = 0; ; turn++) {
    if (child.exitCode !== null) throw new Error(`almanac serve ended with ${child.exitCode}: ${said}`);
    const up = await fetch(`${origin}/`).then((answer) => answer.ok, () => false);
    if (up) break;
    if (turn > 100) throw new Error(`almanac serve does not answer at ${origin}: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { origin, close: () => child.kill() };
}

/**
 * A server of the tests' own before the release: it answers the paths of `files` itself and hands everything else on.
 * A value of `files` is a Buffer or a text (the new content), a number (a status without content), or a function of the
 * request that gives one of these or a promise of one. Content may be `{ bytes, tag, ranges, wait }`: with an ETag, from a
 * server that ignores ranges (`ranges: false`), after so many milliseconds. `asked` lists what came: name, range, and, once
 * it is answered, the status.
 */
export async function serveChanged(release, files) {
  const asked = [];
  const server = createServer(async (incoming, outgoing) => {
    const name = decodeURIComponent(new URL(incoming.url, release.origin).pathname).slice(1);
    const one = { name, range: incoming.headers.range ?? null };
    outgoing.on("finish", () => (one.status = outgoing.statusCode));
    asked.push(one);
    const own = Object.hasOwn(files, name) ? files[name] : undefined;
    if (own === undefined) {
      handOn(release, incoming, outgoing);
      return;
    }
    const content = await (typeof own === "function" ? own(incoming) : own);
    if (content?.wait) await new Promise((resolve) => setTimeout(resolve, content.wait));
    send(incoming, outgoing, name, content);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, asked, close: () => (server.closeAllConnections(), server.close()) };
}

function handOn(release, incoming, outgoing) {
  const target = new URL(incoming.url, release.origin);
  const headers = { ...incoming.headers, host: target.host };
  const onward = request(target, { method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}

const TYPES = { ".js": "text/javascript; charset=utf-8", ".json": "application/json", ".yml": "text/yaml; charset=utf-8", ".md": "text/markdown; charset=utf-8", ".parquet": "application/vnd.apache.parquet" };

function send(incoming, outgoing, name, content) {
  if (typeof content === "number") {
    outgoing.writeHead(content, { "content-type": "text/plain" });
    outgoing.end();
    return;
  }
  const bytes = Buffer.from(content.bytes ?? content);
  const type = TYPES[path.extname(name)] ?? "application/octet-stream";
  const headers = { "content-type": type, "accept-ranges": content.ranges === false ? "none" : "bytes", "cache-control": "no-store" };
  if (content.tag) headers.etag = content.tag;
  const range = /^bytes=(\d+)-(\d*)$/.exec(incoming.headers.range ?? "");
  // RFC 9110, 13.1.5: of a file that is another one now the whole is sent.
  const isOther = incoming.headers["if-range"] !== undefined && incoming.headers["if-range"] !== content.tag;
  if (!range || content.ranges === false || isOther) {
    outgoing.writeHead(200, { ...headers, "content-length": bytes.length });
    outgoing.end(incoming.method === "HEAD" ? undefined : bytes);
    return;
  }
  const start = Number(range[1]);
  const end = Math.min(range[2] === "" ? bytes.length - 1 : Number(range[2]), bytes.length - 1);
  if (start > end) {
    outgoing.writeHead(416, { ...headers, "content-range": `bytes */${bytes.length}` });
    outgoing.end();
    return;
  }
  outgoing.writeHead(206, { ...headers, "content-range": `bytes ${start}-${end}/${bytes.length}`, "content-length": end - start + 1 });
  outgoing.end(bytes.subarray(start, end + 1));
}
