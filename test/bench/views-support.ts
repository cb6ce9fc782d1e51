/** What the benchmark of views is made of: a page of the peer, timed frames, memory of the browser. */
import { execFileSync, spawnSync } from "node:child_process";
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Page } from "playwright-core";

const NIIVUE = "@niivue/niivue@0.69.0";
const HOME = path.resolve(import.meta.dirname, "..", "..", "data", "bench", "niivue");

/** Median of the wall clock from one changed frame to the next, in ms. Two animation frames, so at least 33. */
export async function medianFrame(page: Page, count: number, change: string): Promise<number> {
  const times = await page.evaluate<number[]>(`(async () => {
    const times = [];
    let last = performance.now();
    for (let k = 1; k <= ${count}; k++) {
      ${change};
      await new Promise(requestAnimationFrame); // paints
      await new Promise(requestAnimationFrame); // begins when the browser can take the next one
      times.push(performance.now() - last);
      last = performance.now();
    }
    return times;
  })()`);
  return times.sort((a, b) => a - b)[count >> 1] as number;
}

/** Memory of the browser's page processes, in MB; shared pages count by their part. */
export function pageMegabytes(): number {
  const table = execFileSync("ps", ["-eo", "pid=,args=", "-ww"], { encoding: "utf8", maxBuffer: 1e8 });
  let kilobytes = 0;
  for (const line of table.split("\n").filter((one) => one.includes("--type=renderer"))) {
    const file = `/proc/${line.trim().split(" ")[0]}/smaps_rollup`;
    if (existsSync(file)) kilobytes += Number(/^Pss: +(\d+)/m.exec(readFileSync(file, "utf8"))?.[1] ?? 0);
  }
  return kilobytes / 1024;
}

/** The peer's program, installed when it is not there; null if it cannot be. */
export function niivueFile(): string | null {
  const file = path.join(HOME, "node_modules", "@niivue", "niivue", "dist", "index.js");
  if (!existsSync(file)) {
    const args = ["install", "--prefix", HOME, "--ignore-scripts", "--no-audit", NIIVUE];
    spawnSync("npm", args, { stdio: "ignore" });
  }
  return existsSync(file) ? file : null;
}

/** Serves these files, by their address. */
export async function serve(
  files: Readonly<Record<string, string>>,
): Promise<{ url: string; close(): void }> {
  const server = http.createServer(({ url = "/" }, answer) => {
    const file = files[url.slice(1)];
    if (file === undefined) {
      answer.writeHead(404).end();
      return;
    }
    const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".html": "text/html" };
    const type = types[path.extname(url)] ?? "application/octet-stream";
    answer.writeHead(200, { "content-type": type, "content-length": statSync(file).size });
    createReadStream(file).pipe(answer);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

/**
 * A plain page in which NiiVue shows a scan in three planes. `firstPicture` is the time from the start of its program to the first
 * pixels; `finish` waits until what was drawn last is there.
 */
export function niivuePage(volumes: readonly string[]): string {
  const list = volumes.map((url, at) => ({ url, ...(at === 0 ? {} : { colormap: "red", opacity: 0.5 }) }));
  return `<!doctype html><canvas id="scan" width="900" height="600"></canvas><script type="module">
    import { Niivue } from "./niivue.js";
    const from = performance.now();
    const niivue = new Niivue({ logLevel: "error" });
    await niivue.attachTo("scan");
    niivue.setSliceType(niivue.sliceTypeMultiplanar);
    await niivue.loadVolumes(${JSON.stringify(list)});
    globalThis.niivue = niivue;
    globalThis.finish = () => niivue.gl.readPixels(0, 0, 1, 1, niivue.gl.RGBA, niivue.gl.UNSIGNED_BYTE, new Uint8Array(4));
    niivue.drawScene();
    globalThis.finish();
    globalThis.firstPicture = performance.now() - from;
  </script>`;
}
