/**
 * The kernel's speed beside its peers' in the same run: ipykernel (of this project's Python environment or of one
 * made for the benchmark), Deno and tslab (installed from npm on demand, under data/bench).
 *
 * Times are medians in ms, memory is in MB, of the kernel with all its processes. Linux.
 */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { makeSnapshot, usableSnapshot } from "../../kernel-ext/src/language/snapshot.js";
import { BenchKernel, median } from "./kernel-support.js";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PEERS = path.join(ROOT, "data", "bench");
const STARTS = 5;
const CELLS = 30;
const LINES = 10_000;
/** For one row of one kernel. */
const PATIENCE_MS = 60_000;

interface Peer {
  readonly name: string;
  readonly command: readonly string[];
  readonly code: {
    declare(i: number): string;
    readonly print: string;
    readonly loop: string;
    /** Never ends, and blocks nothing. */
    readonly wait: string;
    readonly image: string;
    readonly member: string;
    /** What `member` completes. */
    readonly object: string;
  };
  /** Ends at an interrupt instead of being interrupted. */
  readonly diesOfSignal?: boolean;
}

const IMAGE = 10_000_000;

const script = {
  declare: (i: number): string =>
    `interface P${i} { id: string; n: number }\nconst p${i}: P${i} = { id: "a", n: ${i} };\nfunction f${i}(one: P${i}): number { return one.n * 2; }\nf${i}(p${i})`,
  print: `for (let i = 0; i < ${LINES}; i++) console.log("line " + i);`,
  loop: `console.log("on"); while (true) {}`,
  wait: `console.log("on"); await new Promise(() => undefined);`,
  member: "box.wi",
  object: "const box = { width: 1, wide: true };",
};

const RADBOOK: Peer = {
  name: "Radbook",
  command: [process.execPath, path.join(ROOT, "kernel-ext/dist/main.js"), "{connection_file}"],
  code: { ...script, image: `display({ "image/png": "A".repeat(${IMAGE}) }, { raw: true });` },
};

function ipykernel(): Peer | null {
  const python = [path.join(ROOT, ".venv/bin/python"), path.join(PEERS, "venv/bin/python")].find(existsSync);
  if (python === undefined) {
    const made = path.join(PEERS, "venv");
    mkdirSync(PEERS, { recursive: true });
    const run = (program: string, args: string[]): boolean =>
      spawnSync(program, args, { stdio: "ignore" }).status === 0;
    if (
      !run("python3", ["-m", "venv", made]) ||
      !run(`${made}/bin/python`, ["-m", "pip", "install", "-q", "ipykernel==7.4.0"])
    )
      return null;
  }
  return {
    name: "ipykernel",
    command: [
      python ?? path.join(PEERS, "venv/bin/python"),
      "-m",
      "ipykernel_launcher",
      "-f",
      "{connection_file}",
    ],
    code: {
      declare: (i) =>
        `class P${i}:\n    def __init__(self, id: str, n: int):\n        self.id = id\n        self.n = n\np${i} = P${i}("a", ${i})\ndef f${i}(one: P${i}) -> int:\n    return one.n * 2\nf${i}(p${i})`,
      print: `for i in range(${LINES}): print("line", i)`,
      loop: `print("on", flush=True)\nwhile True: pass`,
      wait: `import asyncio\nprint("on", flush=True)\nawait asyncio.Event().wait()`,
      image: `from IPython.display import display\ndisplay({"image/png": "A" * ${IMAGE}}, raw=True)`,
      member: "box.wi",
      object: "class Box:\n    width = 1\n    wide = True\nbox = Box()",
    },
  };
}

function deno(): Peer | null {
  const program = installed("deno@2", "@deno/linux-x64-glibc/deno");
  return program === null
    ? null
    : {
        name: "Deno",
        command: [program, "jupyter", "--kernel", "--conn", "{connection_file}"],
        code: {
          ...script,
          image: `await Deno.jupyter.display({ "image/png": "A".repeat(${IMAGE}) }, { raw: true });`,
        },
        diesOfSignal: true,
      };
}

function tslab(): Peer | null {
  const program = installed("tslab@1", "tslab/bin/tslab");
  return program === null
    ? null
    : {
        name: "tslab",
        command: [process.execPath, program, "kernel", "--config-path={connection_file}"],
        code: {
          ...script,
          wait: `console.log("on"); await new Promise<void>(() => undefined);`,
          image: `import { display } from "tslab"; display.raw("image/png", "A".repeat(${IMAGE}));`,
        },
      };
}

/** Path of a file of a package that the benchmark alone needs; each package in a folder of its own. */
function installed(wanted: string, file: string): string | null {
  const folder = path.join(PEERS, wanted);
  const found = path.join(folder, "node_modules", file);
  if (!existsSync(found)) {
    mkdirSync(folder, { recursive: true });
    const args = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", wanted];
    spawnSync("npm", args, { stdio: "ignore" });
  }
  return existsSync(found) ? found : null;
}

type Row = readonly [what: string, measure: (peer: Peer) => Promise<number | string>];

const ROWS: readonly Row[] = [
  [
    "start → kernel_info reply",
    (peer) => medianOfStarts(peer, (kernel) => kernel.replied("shell", "kernel_info_request", {})),
  ],
  [
    "start → first cell's result",
    (peer) => medianOfStarts(peer, (kernel) => kernel.replied("shell", "execute_request", cell("1 + 1"))),
  ],
  [
    "trivial cell",
    (peer) =>
      withKernel(peer, (kernel) => medianOf(CELLS, async (i) => (await kernel.execute(`${i} + 1`)).doneMs)),
  ],
  [
    "50th cell of declarations",
    (peer) =>
      withKernel(peer, async (kernel) => {
        const times: number[] = [];
        for (let i = 0; i < 60; i++) times.push((await kernel.execute(peer.code.declare(i))).doneMs);
        return median(times.slice(40));
      }),
  ],
  [
    "the same, %check off",
    (peer) =>
      peer !== RADBOOK
        ? Promise.resolve("")
        : withKernel(peer, async (kernel) => {
            await kernel.execute("%check off");
            const times: number[] = [];
            for (let i = 0; i < 60; i++) times.push((await kernel.execute(peer.code.declare(i))).replyMs);
            return median(times.slice(40));
          }),
  ],
  [
    "member completion",
    (peer) =>
      withKernel(peer, async (kernel) => {
        await kernel.execute(peer.code.object);
        return medianOf(CELLS, () => complete(kernel, peer));
      }),
  ],
  ["member completion while a cell loops", (peer) => whileLooping(peer, (kernel) => complete(kernel, peer))],
  [
    "10,000 printed lines",
    (peer) =>
      withKernel(peer, async (kernel) => {
        const runs = [
          await kernel.execute(peer.code.print),
          await kernel.execute(peer.code.print),
          await kernel.execute(peer.code.print),
        ];
        const texts = runs.map(({ published }) =>
          published.filter(({ header }) => header.msg_type === "stream"),
        );
        const lines = Math.min(
          ...texts.map(
            (list) =>
              list
                .map(({ content }) => content.text)
                .join("")
                .split("\n").length - 1,
          ),
        );
        const time = `${median(runs.map((run) => run.doneMs)).toFixed(0)} (${median(texts.map((list) => list.length))} messages)`;
        return lines === LINES ? time : `${time}, ${LINES - lines} lines lost or late`;
      }),
  ],
  [
    "10 MB image",
    (peer) => withKernel(peer, (kernel) => medianOf(3, () => untilShown(kernel, peer.code.image))),
  ],
  ["interrupt of a loop, by message", (peer) => interrupt(peer, peer.code.loop, byMessage)],
  ["interrupt of a loop, by signal", (peer) => interrupt(peer, peer.code.loop, bySignal)],
  ["interrupt of a pending await, by message", (peer) => interrupt(peer, peer.code.wait, byMessage)],
  ["interrupt of a pending await, by signal", (peer) => interrupt(peer, peer.code.wait, bySignal)],
  [
    "control while busy",
    (peer) => whileLooping(peer, (kernel) => kernel.replied("control", "kernel_info_request", {})),
  ],
  ["heartbeat while busy", (peer) => whileLooping(peer, (kernel) => kernel.beat())],
  ["restart", (peer) => withKernel(peer, (kernel) => medianOf(3, () => kernel.restart()))],
  ["memory idle, MB resident", (peer) => memory(peer, 0, "Rss")],
  ["memory idle, MB, shared pages divided", (peer) => memory(peer, 0, "Pss")],
  ["memory after 50 cells, MB resident", (peer) => memory(peer, 50, "Rss")],
  ["memory after 50 cells, MB, shared pages divided", (peer) => memory(peer, 50, "Pss")],
];

/** Prints the table; a ratio below 1 is faster (or smaller) than the peer. */
export async function bench(): Promise<void> {
  const peers = [RADBOOK, ipykernel(), deno(), tslab()].filter((peer) => peer !== null);
  // Set-up makes it; a build since then has made it stale.
  if (usableSnapshot() === null) await once(makeSnapshot(), "exit");
  const names = peers.map((peer) => peer.name);
  const head = ["ms (medians)", ...names, ...names.slice(1).map((name) => `ratio to ${name}`)];
  process.stdout.write(`| ${head.join(" | ")} |\n|${head.map(() => "---").join("|")}|\n`);
  for (const [what, measure] of ROWS) {
    const found: (number | string)[] = [];
    for (const peer of peers) found.push(await inTime(measure(peer)));
    const [own, ...others] = found;
    const ratios = others.map((other) => ratio(own, other));
    process.stdout.write(`| ${[what, ...found.map(format), ...ratios].join(" | ")} |\n`);
  }
}

/** What a kernel cannot do may show as an answer that never comes. */
async function inTime(measured: Promise<number | string>): Promise<number | string> {
  const late = pause(PATIENCE_MS).then(() => `– (nothing in ${PATIENCE_MS / 1_000} s)`);
  return Promise.race([measured.catch((error: Error) => `– (${error.message})`), late]);
}

function ratio(own: number | string | undefined, other: number | string): string {
  const [a, b] = [own, other].map((value) => Number.parseFloat(String(value)));
  return a !== undefined && b !== undefined && Number.isFinite(a / b) ? (a / b).toFixed(2) : "";
}

function format(value: number | string): string {
  if (typeof value === "string") return value;
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

async function medianOfStarts(peer: Peer, first: (kernel: BenchKernel) => Promise<number>): Promise<number> {
  return medianOf(STARTS, async () => {
    const kernel = await BenchKernel.spawn(peer.command);
    try {
      await first(kernel);
      return performance.now() - kernel.started;
    } finally {
      await kernel.close();
    }
  });
}

async function withKernel<T>(peer: Peer, measure: (kernel: BenchKernel) => Promise<T>): Promise<T> {
  const kernel = await BenchKernel.ready(peer.command);
  try {
    // Nobody types the first cell before the compiler is there; its load is a row of its own.
    await kernel.execute("0");
    return await measure(kernel);
  } finally {
    await kernel.close();
  }
}

async function medianOf(count: number, measure: (i: number) => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await measure(i));
  return median(times);
}

function cell(code: string): Record<string, unknown> {
  return { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
}

async function complete(kernel: BenchKernel, { code }: Peer): Promise<number> {
  return kernel.replied("shell", "complete_request", { code: code.member, cursor_pos: code.member.length });
}

/** The median of a few measurements while a cell loops; the kernel is then thrown away. */
async function whileLooping(
  peer: Peer,
  measure: (kernel: BenchKernel) => Promise<number>,
): Promise<number | string> {
  return withKernel(peer, async (kernel) => {
    await kernel.execute(peer.code.object);
    await runs(kernel, peer.code.loop);
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const late = pause(3_000).then(() => Number.NaN);
      const time = await Promise.race([measure(kernel), late]);
      if (Number.isNaN(time)) return "blocked";
      times.push(time);
    }
    return median(times);
  });
}

function byMessage(kernel: BenchKernel): void {
  kernel.request("control", "interrupt_request", {}).catch(() => undefined);
}

function bySignal(kernel: BenchKernel): void {
  kernel.process.kill("SIGINT");
}

async function interrupt(
  peer: Peer,
  code: string,
  act: (kernel: BenchKernel) => void,
): Promise<number | string> {
  if (act === bySignal && peer.diesOfSignal) return "dies";
  return withKernel(peer, async (kernel) => {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const { ended: end } = await runs(kernel, code);
      const sent = performance.now();
      act(kernel);
      const ended = await Promise.race([end.then(() => true), pause(3_000).then(() => false)]);
      if (!ended) return kernel.process.exitCode === null ? "never" : "dies";
      times.push(performance.now() - sent);
    }
    return median(times);
  });
}

/** Until the picture has come and the cell is done; some kernels say they are idle before they show it. */
async function untilShown(kernel: BenchKernel, code: string): Promise<number> {
  const sent = performance.now();
  await new Promise<void>((shown, failed) => {
    const done = kernel.execute(code, (message) => {
      if (message.header.msg_type === "display_data") done.then(() => shown(), failed);
    });
    done.catch(failed);
  });
  return performance.now() - sent;
}

async function memory(peer: Peer, cells: number, kind: "Rss" | "Pss"): Promise<number> {
  return withKernel(peer, async (kernel) => {
    for (let i = 0; i < cells; i++) await kernel.execute(peer.code.declare(i));
    await pause(3_000);
    return kernel.memoryMb(kind);
  });
}

/** Resolves when the cell is at work. */
async function runs(kernel: BenchKernel, code: string): Promise<{ readonly ended: Promise<unknown> }> {
  return new Promise((on) => {
    const ended = kernel.execute(code, (message) => {
      if (message.header.msg_type === "stream") on({ ended });
    });
    ended.catch(() => undefined);
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((next) => setTimeout(next, ms));
}
