/** The debugger over real sockets: breakpoints, steps, frames, variables, and what it must never get in the way of. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { murmur2 } from "../../kernel-ext/src/debug/murmur2.js";
import type { JsonObject } from "../../kernel-ext/src/wire/message.js";
import { KernelClient, outline, resultText, streamText } from "./client.js";
import { DebugClient, valuesOf } from "./debug-client.js";

const HASHES: Record<string, number> = {
  "": 3990065800,
  a: 2167009006,
  ab: 2805137849,
  abc: 3350977461,
  abcd: 804720481,
  "const a = 1;\na": 677432125,
  "Größe = 1; // µm 𝒳": 1481394190,
};

const EARLIER = `let total = 100;
const scale = 2;
class Point { #secret = 7; x = 1; get far() { throw new Error("not to be run"); } }
const point = new Point();
function twice(value: number): number {
  const doubled: number = value * scale;
  return doubled;
}`;

const CELL = `interface Step { at: number }
const steps: Step[] = [{ at: 1 }, { at: 2 }];
let sum = 0;
for (const { at } of steps) {
  sum += twice(at);
}

total += sum;
sum`;

describe("kernel: debugger", () => {
  let client: KernelClient;
  let debug: DebugClient;
  before(async () => {
    client = await KernelClient.start();
    debug = new DebugClient(client);
    await client.execute(EARLIER);
  });
  after(() => client.close());

  it("is announced", async () => {
    const { reply } = await client.request("shell", "kernel_info_request", {}).done;
    assert.equal(reply.content.debugger, true);
    assert.deepEqual(reply.content.supported_features, ["debugger", "kernel subshells"]);
  });

  it("refuses what it cannot do before it is started, and what it does not know", async () => {
    for (const command of ["setBreakpoints", "continue", "stackTrace", "toString"]) {
      const answer = await debug.ask(command);
      assert.equal(answer.success, false);
      assert.match(String(answer.message), /not started|knows no request/);
    }
    assert.equal((await debug.ask("disconnect")).success, true);
  });

  it("names cells as JupyterLab does", async () => {
    // Values of the hash in @jupyterlab/debugger 4.6.4 (lib/hash.js), seed 0xc70f6907.
    for (const [text, hash] of Object.entries(HASHES)) assert.equal(murmur2(text, 0xc70f6907), hash, text);
    const info = await debug.body("debugInfo");
    assert.equal(info.isStarted, false);
    assert.equal(info.hashMethod, "Murmur2");
    const { path: at } = await debug.body("dumpCell", { code: "a" }).then(({ sourcePath }) => ({
      path: String(sourcePath),
    }));
    const expected = `${info.tmpFilePrefix}${murmur2("a", Number(info.hashSeed))}${info.tmpFileSuffix}`;
    assert.equal(at, expected);
    assert.equal((await debug.body("source", { source: { path: at } })).content, "a");
    assert.equal((await debug.ask("source", { source: { path: "/etc/hostname" } })).success, false);
  });

  it("shows the notebook's variables while nothing runs", async () => {
    await debug.start();
    const { variables } = await debug.body<{ variables: Parameters<typeof valuesOf>[0] }>("inspectVariables");
    assert.deepEqual(valuesOf(variables), {
      total: "100",
      scale: "2",
      Point: "class Point",
      point: "Point {#secret: 7, x: 1}",
      twice: "function twice(value)",
    });
  });

  it("stops at a line, shows what is in scope, steps into an earlier cell and out again", async () => {
    const { path: cell, lines } = await debug.breakAt(CELL, [5]);
    assert.deepEqual(lines, [5]);
    const sent = client.begin(CELL);
    const { reason, frames } = await debug.stopped();
    assert.equal(reason, "breakpoint");
    assert.deepEqual(
      frames.map(({ name, line, source }) => [name, line, source.path]),
      [["cell", 5, cell]],
    );
    assert.deepEqual((await debug.body("debugInfo")).stoppedThreads, [1]);
    const scopes = await debug.scopes(frames[0]?.id ?? 0);
    assert.deepEqual(valuesOf(scopes.Locals), { at: "1" });
    assert.deepEqual(valuesOf(scopes.Cell), {
      steps: "Array(2) [Object, Object]",
      sum: "0",
      twice: "function twice(value)",
      total: "100",
    });
    assert.equal(valuesOf(scopes.Notebook).point, "Point {#secret: 7, x: 1}");
    assert.equal(
      scopes.Notebook?.some(({ name }) => name === "total" || name.startsWith("__")),
      false,
    );

    assert.equal(await debug.step("stepIn"), 6);
    const inner = (await debug.body<{ stackFrames: typeof frames }>("stackTrace")).stackFrames;
    assert.deepEqual(
      inner.map(({ name, line }) => `${name} ${line}`),
      ["twice 6", "cell 5"],
    );
    assert.notEqual(inner[0]?.source.path, cell);
    assert.deepEqual(valuesOf((await debug.scopes(inner[0]?.id ?? 0)).Locals), {
      value: "1",
      doubled: "undefined",
    });
    assert.equal(await debug.step("next"), 7);
    assert.equal(await debug.step("stepOut"), 4);
    assert.equal(await debug.step("continue"), 5);
    await debug.breakAt(CELL, []);
    assert.equal(resultText(await debug.finish(sent)), "6");
    assert.equal(resultText(await client.execute("total")), "106");
  });

  it("stops in a function of a cell that ran before the breakpoint was set", async () => {
    const { lines } = await debug.breakAt(EARLIER, [5]);
    assert.deepEqual(lines, [6], "the first line of the function that does something");
    const sent = client.begin("twice(21)");
    const { frames } = await debug.stopped();
    assert.deepEqual(
      frames.map(({ name, line }) => `${name} ${line}`),
      ["twice 6", "cell 1"],
    );
    await debug.breakAt(EARLIER, []);
    assert.equal(resultText(await debug.finish(sent)), "42");
  });

  it("moves a breakpoint from a line of types to the next that does something", async () => {
    const code = "type Row = { a: number };\n\nconst row: Row = { a: 1 };\n// the end";
    const { path: cell } = await debug.breakAt(code, [1, 4]);
    const sent = client.begin(code);
    const { frames } = await debug.stopped();
    assert.equal(frames[0]?.line, 3);
    const { breakpoints } = await debug.body<{ breakpoints: JsonList }>("debugInfo");
    assert.deepEqual(breakpoints, [{ source: cell, breakpoints: [{ line: 3 }] }]);
    await debug.breakAt(code, []);
    await debug.finish(sent);
  });

  it("evaluates TypeScript with the notebook's names at a frame, and assigns", async () => {
    const code = "const local = 5;\ntotal;\nlocal + total";
    await debug.breakAt(code, [2]);
    const sent = client.begin(code);
    const frameId = (await debug.stopped()).frames[0]?.id;
    const value = async (expression: string): Promise<unknown> =>
      (await debug.body("evaluate", { expression, frameId, context: "repl" })).result;
    assert.equal(await value("local + (total as number)"), "111");
    assert.equal(await value("{ scale, local }"), "{scale: 2, local: 5}");
    assert.equal(await value("steps.map((step) => step.at)"), "Array(2) [1, 2]");
    assert.equal(await value("total = 1000"), "1000");
    const failed = await debug.ask("evaluate", { expression: "absent.x", frameId });
    assert.equal(failed.success, false);
    assert.match(String(failed.message), /absent is not defined/);
    assert.equal((await debug.ask("evaluate", { expression: "a b", frameId })).success, false);
    await debug.breakAt(code, []);
    assert.equal(resultText(await debug.finish(sent)), "1005");
  });

  it("opens values: private fields, maps, long arrays in parts, without running a getter", async () => {
    const code =
      "const long = Float64Array.from({ length: 25_000 }, (_, i) => i);\nconst map = new Map([['a', { b: 1 }]]);\npoint;";
    await debug.breakAt(code, [3]);
    const sent = client.begin(code);
    const { frames } = await debug.stopped();
    const cell = (await debug.scopes(frames[0]?.id ?? 0)).Cell ?? [];
    const inside = async (name: string): ReturnType<typeof debug.inside> =>
      debug.inside(cell.find((one) => one.name === name)?.variablesReference ?? 0);
    assert.deepEqual(valuesOf(await inside("point")), { x: "1", "#secret": "7" });
    const parts = await inside("long");
    assert.deepEqual(
      parts.map(({ name }) => name),
      ["[0 … 9999]", "[10000 … 19999]", "[20000 … 24999]"],
    );
    const hundreds = await debug.inside(parts[2]?.variablesReference ?? 0);
    assert.equal(hundreds.length, 50);
    const last = await debug.inside(hundreds[49]?.variablesReference ?? 0);
    assert.deepEqual([last.length, last[99]?.name, last[99]?.value], [100, "24999", "24999"]);
    const [entries] = await inside("map");
    const [entry] = await debug.inside(entries?.variablesReference ?? 0);
    assert.equal(entry?.value.includes("'a'") || entry?.value.includes("a ="), true, entry?.value);
    await debug.breakAt(code, []);
    await debug.finish(sent);
    const gone = await debug.ask("variables", { variablesReference: entries?.variablesReference });
    assert.match(String(gone.message), /the program went on/);
  });

  it("shows a value as its cell would, stopped and not", async () => {
    const code =
      "const page = { [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>shown</b>' }) };\npage;\n0";
    await debug.breakAt(code, [2]);
    const sent = client.begin(code);
    const frameId = (await debug.stopped()).frames[0]?.id;
    const stopped = await debug.body("richInspectVariables", { variableName: "page", frameId });
    assert.equal((stopped.data as JsonObject)["text/html"], "<b>shown</b>");
    await debug.breakAt(code, []);
    await debug.finish(sent);
    const later = await debug.body("richInspectVariables", { variableName: "page" });
    assert.deepEqual(later.data, stopped.data);
    assert.deepEqual((await debug.body("richInspectVariables", { variableName: "scale" })).data, {
      "text/plain": "2",
    });
  });

  it("steps over an await and into a TypeScript file beside the notebook", async () => {
    const file = path.join(client.folder, "own.ts");
    writeFileSync(
      file,
      "export function own(\n  x: number,\n): number {\n  const y = x + 1;\n  return y;\n}\n",
    );
    const code =
      "import { own } from './own.ts';\nawait new Promise((next) => setTimeout(next, 5));\nconst got = own(1);\ngot";
    await debug.breakAt(code, [2]);
    const sent = client.begin(code);
    await debug.stopped();
    assert.equal(await debug.step("next"), 3);
    assert.equal(await debug.step("stepIn"), 4);
    const [frame] = (await debug.body<{ stackFrames: { source: { path: string } }[] }>("stackTrace"))
      .stackFrames;
    assert.equal(frame?.source.path, file);
    assert.match(String((await debug.body("source", { source: frame?.source })).content), /x: number/);
    await debug.breakAt(code, []);
    assert.equal(resultText(await debug.finish(sent)), "2");
  });

  it("ends a step at the end of the cell", async () => {
    const code = "const last = 1;";
    await debug.breakAt(code, [1]);
    const sent = client.begin(code);
    await debug.stopped();
    await debug.body("next", { threadId: 1 });
    assert.equal((await sent.done).reply.content.status, "ok");
    assert.equal((await debug.event())[0], "continued");
    assert.equal(resultText(await client.execute("last + 1")), "2");
    await debug.breakAt(code, []);
  });

  it("pauses a loop, and `debugger` statements stop", async () => {
    const sent = client.begin(
      "let turns = 0; let go = true;\nwhile (go) {\n  turns += 1;\n}\ndebugger;\n'out'",
    );
    await client.until(({ parent, content }) => parent?.msg_id === sent.id && "code" in content, "the start");
    await new Promise((next) => setTimeout(next, 300));
    await debug.body("pause", { threadId: 1 });
    const { reason, frames } = await debug.stopped();
    assert.equal(reason, "pause");
    assert.ok([2, 3].includes(frames[0]?.line ?? 0));
    await debug.body("evaluate", { expression: "go = false", frameId: frames[0]?.id });
    assert.equal(await debug.step("continue"), 5);
    assert.equal(resultText(await debug.finish(sent)), "'out'");
  });

  it("puts the cell's output before the stop, and its messages in order", async () => {
    const code = "console.log('before');\nconsole.log('after');\n'value'";
    await debug.breakAt(code, [2]);
    const from = client.iopub.length;
    const sent = client.begin(code);
    await debug.stopped();
    const heard = client.iopub.slice(from).filter(({ header }) => header.msg_type !== "status");
    assert.deepEqual(outline(heard), ["execute_input", "stream stdout", "debug_event"]);
    await debug.breakAt(code, []);
    const { published } = await debug.finish(sent);
    assert.equal(streamText(published), "before\nafter\n");
    assert.equal(outline(published).at(-2), "execute_result");
    assert.equal(outline(published).at(-1), "status idle");
  });

  it("answers completion, inspection and the heartbeat while it stands still", async () => {
    const code = "const held = 1;\nheld;";
    await debug.breakAt(code, [2]);
    const sent = client.begin(code);
    await debug.stopped();
    assert.equal(await client.beat(), "ping");
    const { reply } = await client.request("shell", "complete_request", { code: "tota", cursor_pos: 4 }).done;
    assert.deepEqual(reply.content.matches, ["total"]);
    await debug.breakAt(code, []);
    await debug.finish(sent);
  });

  for (const how of ["message", "signal"]) {
    it(`is interrupted by ${how} while it stands still, and keeps the state`, async () => {
      const code = "for (const n of [1, 2, 3]) {\n  total += n;\n}";
      const before = Number(resultText(await client.execute("total")));
      await debug.breakAt(code, [2]);
      const sent = client.begin(code);
      await debug.stopped();
      assert.equal(await debug.step("continue"), 2);
      if (how === "signal") client.process.kill("SIGINT");
      else await client.request("control", "interrupt_request", {}).done;
      assert.equal((await sent.done).reply.content.ename, "Interrupted");
      assert.equal((await debug.event())[0], "continued");
      await debug.breakAt(code, []);
      assert.equal(resultText(await client.execute("total")), String(before + 1));
    });
  }

  it("goes on where it stands when the debugger leaves, and stops no more", async () => {
    const code = "const left = 1;\nleft + 1";
    await debug.breakAt(code, [1, 2]);
    const sent = client.begin(code);
    await debug.stopped();
    await debug.body("disconnect", { restart: false, terminateDebuggee: false });
    assert.equal(resultText(await sent.done), "2");
    assert.equal((await debug.event())[0], "continued");
    assert.deepEqual((await debug.body("debugInfo")).breakpoints, []);
    assert.equal(resultText(await client.execute(code)), "2");
    await debug.start();
  });

  it("works on in the new process after user code has died", async () => {
    const code = "const again = 1;\nagain;";
    await debug.breakAt(code, [2]);
    await client.execute("process.exit(3)");
    const sent = client.begin(code);
    assert.equal((await debug.stopped()).frames[0]?.line, 2);
    await debug.finish(sent);
  });

  it("leaves no process behind when it is shut down while it stands still", async () => {
    const own = await KernelClient.start();
    const other = new DebugClient(own);
    await other.start();
    const pid = Number(resultText(await own.execute("process.pid")));
    await other.breakAt("1 + 1", [1]);
    own.begin("1 + 1");
    await other.stopped();
    const { reply } = await own.request("control", "shutdown_request", { restart: true }).done;
    assert.deepEqual(reply.content, { status: "ok", restart: true });
    await own.close();
    assert.equal(own.process.exitCode, 0);
    assert.ok(await isGone(pid), "the process of the cells is still there");
  });
});

type JsonList = { source: string; breakpoints: { line: number }[] }[];

async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await new Promise((next) => setTimeout(next, 100));
  }
  return false;
}
