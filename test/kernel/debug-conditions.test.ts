/** Breakpoints that stop only sometimes or print instead, and values that are changed while the program stands still. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { KernelClient, resultText, streamText } from "./client.js";
import { DebugClient, type Frame, valuesOf } from "./debug-client.js";

const LOOP = `let sum = 0;
for (let i = 0; i < 10; i++) {
  sum += i * factor;
}
sum`;

describe("kernel: debugger, conditions and changes", () => {
  let client: KernelClient;
  let debug: DebugClient;
  before(async () => {
    client = await KernelClient.start();
    debug = new DebugClient(client);
    await client.execute("let factor = 2; let i = 'of the notebook';");
    await debug.start();
  });
  after(() => client.close());

  /** The values of `i` at the stops of the loop. */
  async function stops(place: object): Promise<{ at: string[]; printed: string; result: unknown }> {
    await debug.breakAt(LOOP, [{ line: 3, ...place }]);
    const sent = client.begin(LOOP);
    const at: string[] = [];
    let ended = false;
    void sent.done.then(() => {
      ended = true;
    });
    for (;;) {
      const name = await Promise.race([debug.event().then(([event]) => event), sent.done.then(() => "done")]);
      if (name === "done" || ended) break;
      assert.equal(name, "stopped");
      const { result } = await debug.body("evaluate", { expression: "i" });
      at.push(String(result));
      await debug.body("continue", { threadId: 1 });
      assert.equal((await debug.event())[0], "continued");
    }
    const exchange = await sent.done;
    return { at, printed: streamText(exchange.published), result: resultText(exchange) };
  }

  it("says that it can", async () => {
    const can = await debug.body("initialize");
    assert.equal((await debug.event())[0], "initialized");
    for (const what of ["Conditional", "HitConditional"])
      assert.equal(can[`supports${what}Breakpoints`], true);
    assert.equal(can.supportsLogPoints, true);
    assert.equal(can.supportsSetVariable, true);
  });

  const cases: readonly [string, object, readonly string[]][] = [
    ["a condition on names of the loop and of the notebook", { condition: "i * factor >= 16" }, ["8", "9"]],
    ["a condition in TypeScript", { condition: "(i as number) === 4" }, ["4"]],
    ["a condition that fails while it is evaluated", { condition: "absent.member > 1" }, []],
    ["the third hit", { hitCondition: "3" }, ["2"]],
    ["hits from the ninth on", { hitCondition: ">= 9" }, ["8", "9"]],
    ["every fifth hit", { hitCondition: "%5" }, ["4", "9"]],
    ["the second hit of those that fulfil a condition", { condition: "i > 5", hitCondition: "=2" }, ["7"]],
  ];
  for (const [title, place, expected] of cases) {
    it(`stops at ${title}, anew in each run`, async () => {
      for (let run = 0; run < 2; run++) {
        const { at, result } = await stops(place);
        assert.deepEqual(at, expected);
        assert.equal(result, "90");
      }
    });
  }

  it("prints a message under the cell instead of stopping", async () => {
    const logMessage = "100 % of {i}: {sum + i * factor} {[i]} {nobody}";
    const { at, printed, result } = await stops({ condition: "i < 2", logMessage });
    assert.deepEqual(at, []);
    assert.equal(result, "90");
    const failed = "ReferenceError: nobody is not defined";
    assert.equal(printed, `100 % of 0: 0 [ 0 ] ${failed}\n100 % of 1: 2 [ 1 ] ${failed}\n`);
  });

  it("refuses conditions and counts that cannot be read, and keeps the others", async () => {
    const { lines, messages } = await debug.breakAt(LOOP, [
      { line: 1, condition: "i >" },
      { line: 3, hitCondition: "often" },
      { line: 5, condition: "sum > 100" },
    ]);
    assert.deepEqual(lines, [0, 0, 5]);
    assert.match(String(messages[0]), /SyntaxError/);
    assert.match(String(messages[1]), /count of hits.*"often"/);
    const { breakpoints } = await debug.body<{ breakpoints: { breakpoints: object[] }[] }>("debugInfo");
    assert.deepEqual(
      breakpoints.flatMap((one) => one.breakpoints),
      [{ line: 5, condition: "sum > 100" }],
    );
    assert.equal(resultText(await client.execute(LOOP)), "90");
    await debug.breakAt(LOOP, []);
  });

  it("changes values of a function, of the cell, of the notebook and inside objects", async () => {
    const code = `const box = { inside: [1, 2], map: new Map([["a", 1]]) };
function scaled(value: number): number {
  let twice = value * 2;
  console.log("about to return");
  return twice;
}
let own = 1;
scaled(own) + own + factor + box.inside[1]!`;
    await debug.breakAt(code, [4]);
    const sent = client.begin(code);
    const { frames } = await debug.stopped();
    const scopesOf = async (frame: Frame | undefined): Promise<Record<string, number>> => {
      const { scopes } = await debug.body<{ scopes: { name: string; variablesReference: number }[] }>(
        "scopes",
        { frameId: frame?.id },
      );
      return Object.fromEntries(scopes.map(({ name, variablesReference }) => [name, variablesReference]));
    };
    const change = (variablesReference: number | undefined, name: string, value: string): Promise<object> =>
      debug.ask("setVariable", { variablesReference, name, value });
    const inner = await scopesOf(frames[0]);
    const outer = await scopesOf(frames[1]);
    const changed = await debug.body("setVariable", {
      variablesReference: inner.Locals,
      name: "twice",
      value: "(1000 as number)",
    });
    assert.deepEqual([changed.value, changed.type, changed.variablesReference], ["1000", "number", 0]);
    await change(outer.Cell, "own", "20");
    await change(outer.Cell, "factor", "300");
    const box = (await debug.inside(outer.Cell ?? 0)).find(({ name }) => name === "box");
    const inside = await debug.inside(box?.variablesReference ?? 0);
    const list = inside.find(({ name }) => name === "inside");
    await change(list?.variablesReference, "1", "4000");
    const refused = (await change(outer.Cell, "box", "1")) as { success: boolean; message: string };
    assert.match(refused.message, /constant/);
    const map = inside.find(({ name }) => name === "map");
    const entries = (await change(map?.variablesReference, "[[Entries]]", "1")) as { message: string };
    assert.match(entries.message, /cannot be given/);
    assert.equal(valuesOf(await debug.inside(list?.variablesReference ?? 0))["1"], "4000");
    await debug.breakAt(code, []);
    assert.equal(resultText(await debug.finish(sent)), "5320");
    assert.equal(resultText(await client.execute("factor = 2")), "2");
  });

  it("stops at a return, with what is about to be returned in sight", async () => {
    const code =
      "function half(value: number): number {\n  return value / 2;\n}\nhalf(8);\n[6].map((x) =>\n  half(x))";
    await debug.breakAt(code, [2, 6]);
    const sent = client.begin(code);
    const { frames } = await debug.stopped();
    assert.deepEqual(
      frames.map(({ name, line }) => `${name} ${line}`),
      ["half 2", "cell 4"],
    );
    assert.equal(await debug.step("continue"), 6);
    assert.equal(await debug.step("continue"), 2);
    await debug.breakAt(code, []);
    assert.equal(resultText(await debug.finish(sent)), "[ 3 ]");
  });

  it("steps over an await in a function and out of it, to the cell that awaits it", async () => {
    const code = `async function slow(): Promise<number> {
  await new Promise((next) => setTimeout(next, 5));
  const value = 7;
  return value;
}
const got = await slow();
got + 1`;
    await debug.breakAt(code, [2]);
    const sent = client.begin(code);
    assert.equal((await debug.stopped()).frames[0]?.line, 2);
    assert.equal(await debug.step("next"), 3);
    await debug.breakAt(code, []);
    const after = await debug.step("stepOut");
    assert.ok(after === 6 || after === 7, `line ${after}`);
    assert.equal(resultText(await debug.finish(sent)), "8");
  });

  it("lists the files beside the notebook that are loaded", async () => {
    writeFileSync(path.join(client.folder, "mine.ts"), "export const mine: number = 1;\n");
    await client.execute("import { mine } from './mine.ts'; mine");
    const { modules } = await debug.body("modules");
    assert.deepEqual(modules, [
      { id: path.join(client.folder, "mine.ts"), name: "mine.ts", path: path.join(client.folder, "mine.ts") },
    ]);
  });

  it("ends the cell that stands still when it is terminated, and keeps earlier values", async () => {
    await debug.breakAt(LOOP, [3]);
    const sent = client.begin(LOOP);
    await debug.stopped();
    await debug.body("terminate", { restart: false });
    assert.equal((await sent.done).reply.content.ename, "Interrupted");
    const heard = [(await debug.event())[0], (await debug.event())[0]];
    assert.deepEqual(heard.sort(), ["continued", "terminated"]);
    assert.equal(resultText(await client.execute("factor")), "2");
    assert.equal((await debug.body("debugInfo")).isStarted, false);
    await debug.start();
  });
});
