/** is_complete: whether a console runs the cell on Enter, and how the next line begins. */
import assert from "node:assert/strict";
import { KernelClient } from "./client.js";

/** What is typed → the indent of the next line. */
const INCOMPLETE: readonly (readonly [code: string, indent: string])[] = [
  ["function f(x: number) {", "  "],
  ["function f() {\n  if (true) {", "    "],
  ["function f() {\n  const a = 1;", "  "],
  ["function f() {\n    if (true) {\n        g();", "        "],
  ["function f() {\n\tif (true) {", "\t\t"],
  ["const a = {\n    b: {", "        "],
  ["const a = [", "  "],
  ["f(a,", "  "],
  ["f(\n  a,", "  "],
  ["import { a", "  "],
  ["const f = (x: number) =>", "  "],
  ["if (x)", "  "],
  ["if (x) {\n  a();\n} else", "  "],
  ["for (const a of b)", "  "],
  ["while (true)", "  "],
  ["const a = 1 +", "  "],
  ["const a =", "  "],
  ["type A =", "  "],
  ["const a = b ?", "  "],
  ["list.", "  "],
  ["list\n  .map(f)\n  .", "  "],
  ["try {\n}", ""],
  ["switch (a) {\n  case 1:", "    "],
  ["class A {\n  m() {\n    if (x) {", "      "],
  ["@logged", ""],
  ["const s = `abc", ""],
  [`\`\${`, "  "],
  [`\`a \${b`, "  "],
  ["/* abc", ""],
  ["  /** abc", "  "],
  ["%%time\nfor (;;) {", "  "],
  ["%%time", ""],
  ["%%md", ""],
  ["%%sql rows", ""],
];

const COMPLETE = [
  "const a = 1;",
  "",
  "// only a comment",
  "list\n  .map(f)",
  "function f() {}",
  "if (x) {\n  a();\n}",
  "`a\nb`",
  "%time twice(2)",
  "%%md\n# It's {",
  "%%sql\nselect (",
  "#!/usr/bin/env node\n1",
];

const INVALID = ["const = 1", ")", "const s = 'abc", "let 1a", "%time f("];

describe("kernel: is_complete", () => {
  let client: KernelClient;
  before(async () => {
    client = await KernelClient.start();
  });
  after(() => client.close());

  const ask = async (code: string): Promise<unknown> =>
    (await client.request("shell", "is_complete_request", { code }).done).reply.content;
  const shown = (code: string): string => JSON.stringify(code);

  for (const [code, indent] of INCOMPLETE) {
    it(`goes on after ${shown(code)}`, async () => {
      assert.deepEqual(await ask(code), { status: "incomplete", indent });
    });
  }
  for (const code of COMPLETE) {
    it(`runs ${shown(code)}`, async () => assert.deepEqual(await ask(code), { status: "complete" }));
  }
  for (const code of INVALID) {
    it(`refuses ${shown(code)}`, async () => assert.deepEqual(await ask(code), { status: "invalid" }));
  }
});
