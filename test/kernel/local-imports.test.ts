/** TypeScript files beside the notebook: imported, changed, imported again. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { KernelClient, resultText, traceback } from "./client.js";

describe("kernel: files beside the notebook", () => {
  let client: KernelClient;
  const write = (name: string, text: string): void => writeFileSync(path.join(client.folder, name), text);
  before(async () => {
    client = await KernelClient.start();
  });
  after(() => client.close());

  it("are loaded anew when they have changed, with their new types", async () => {
    write("tools.ts", "export function answer(): number { return 41; }\n");
    const use = "import { answer } from './tools.ts';\nanswer()";
    assert.equal(resultText(await client.execute(use)), "41");
    write("tools.ts", "export function answer(): string { return 'forty-two'; }\n");
    assert.equal(resultText(await client.execute(use)), "'forty-two'");
    const refused = await client.execute("import { answer } from './tools.ts';\nconst n: number = answer();");
    assert.match(traceback(refused).join("\n"), /TS2322[\s\S]*line 2, column 7/);
  });

  it("are loaded anew when what they import has changed, and share it", async () => {
    write("base.ts", "export const base = { name: 'first' };\n");
    write("left.ts", "import { base } from './base.js';\nexport const left = base;\n");
    write("right.ts", "import { base } from './base';\nexport const right = base;\n");
    const use =
      "import { left } from './left.ts';\nimport { right } from './right.ts';\n[left.name, left === right]";
    assert.equal(resultText(await client.execute(use)), "[ 'first', true ]");
    write("base.ts", "export const base = { name: 'second one' };\n");
    assert.equal(resultText(await client.execute(use)), "[ 'second one', true ]");
  });

  it("are loaded anew when JSON that they import has changed", async () => {
    write("limits.json", '{ "low": 1 }');
    write(
      "limits.ts",
      "import limits from './limits.json' with { type: 'json' };\nexport const low: number = limits.low;\n",
    );
    const use = "import { low } from './limits.ts';\nlow";
    assert.equal(resultText(await client.execute(use)), "1");
    write("limits.json", '{ "low": 200 }');
    assert.equal(resultText(await client.execute(use)), "200");
  });

  it("keep decorators, enums and namespaces, and say where they fail", async () => {
    write(
      "rich.ts",
      "export enum Side { Left = 'l' }\nexport namespace Units { export const mm = 1; }\n" +
        "function noted(_: unknown, context: ClassDecoratorContext): void { context.metadata.noted = true; }\n" +
        "@noted export class Report {}\nexport function fail(): never {\n  throw new RangeError('too far');\n}\n",
    );
    const all = "import { fail, Report, Side, Units } from './rich.ts';\n";
    assert.equal(
      resultText(await client.execute(`${all}[Side.Left, Units.mm, Report[Symbol.metadata]?.noted]`)),
      "[ 'l', 1, true ]",
    );
    const failed = traceback(await client.execute(`${all}fail()`)).join("\n");
    assert.match(failed, /at fail \(.*[/\\]rich\.ts:6:9\)/);
  });

  it("keep their state while they stay as they are", async () => {
    write("state.ts", "export const state = { n: 0 };\n");
    await client.execute("import { state } from './state.ts';\nstate.n = 7;");
    assert.equal(resultText(await client.execute("import { state } from './state.ts';\nstate.n")), "7");
  });
});
