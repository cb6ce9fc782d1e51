/** A long session: a thousand cells that declare, redeclare and use names of each other. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { KernelClient, resultText } from "./client.js";

const CELLS = 1_000;
const WARM = 50;
/** Of the memory after the first fifty cells. */
const MOST = 1.5;
const REST_MS = 5_000;

describe("kernel: a long session", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
  });
  after(() => client.close());

  it(`takes ${CELLS.toLocaleString("en")} cells, in at most ${MOST} times the memory of ${WARM}`, async function () {
    this.timeout(600_000);
    const times: number[] = [];
    let warm = 0;
    for (let i = 1; i <= CELLS; i++) {
      const begin = performance.now();
      const { reply } = await client.execute(cell(i));
      times.push(performance.now() - begin);
      assert.equal(reply.content.status, "ok", `cell ${i}: ${String(reply.content.evalue)}`);
      if (i === WARM) warm = await memoryAtRest(client.process.pid);
    }
    const end = await memoryAtRest(client.process.pid);
    const latency = (from: number): string => median(times.slice(from, from + WARM)).toFixed(1);
    process.stdout.write(
      `      ${WARM} cells: ${latency(0)} ms a cell, ${warm.toFixed(0)} MB; ` +
        `${CELLS} cells: ${latency(CELLS - WARM)} ms a cell, ${end.toFixed(0)} MB\n`,
    );
    assert.equal(resultText(await client.execute("total")), String((CELLS * (CELLS + 1)) / 2));
    if (warm > 0) assert.ok(end <= MOST * warm, `${end.toFixed(0)} MB after ${warm.toFixed(0)} MB`);
  });
});

/** Every cell adds names and an array of 8 kB; every tenth name is declared again and again. */
function cell(i: number): string {
  const before = i === 1 ? "let total = 0;\n" : "";
  return `${before}interface Patient${i % 10} { id: ${i}; }
const patient${i}: Patient${i % 10} = { id: ${i} };
const scan = new Float64Array(1_000).fill(patient${i}.id);
function sum${i % 10}(values: Float64Array): number { return values.reduce((a, b) => a + b, 0); }
total += sum${i % 10}(scan) / scan.length;
total`;
}

/** Without the processes that write history or prepare the next start: these come and go. */
async function memoryAtRest(pid: number | undefined): Promise<number> {
  let least = memoryMb(pid);
  for (const start = Date.now(); Date.now() - start < REST_MS; ) {
    await new Promise((next) => setTimeout(next, 100));
    least = Math.min(least, memoryMb(pid));
  }
  return least;
}

/** Resident memory of a process and its children; 0 where the system does not tell. */
function memoryMb(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").match(/\d+/g) ?? [];
    const own = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    return children.reduce((sum, child) => sum + memoryMb(Number(child)), own);
  } catch {
    return 0;
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
