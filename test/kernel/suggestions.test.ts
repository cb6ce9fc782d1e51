/** "Did you mean", and messages as short and plain as a person needs them. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freshFolder, KernelClient, streamText, traceback } from "./client.js";

describe("kernel: what was meant", () => {
  let client: KernelClient;
  before(async () => {
    const folder = freshFolder();
    mkdirSync(path.join(folder, "node_modules/danfoo"), { recursive: true });
    writeFileSync(
      path.join(folder, "node_modules/danfoo/package.json"),
      '{ "name": "danfoo", "main": "i.js" }',
    );
    writeFileSync(path.join(folder, "node_modules/danfoo/i.js"), "exports.a = 1;");
    writeFileSync(path.join(folder, "prepare.ts"), "export const prepared = 1;\n");
    client = await KernelClient.start(folder);
    const { reply } = await client.execute(
      "const radius = 3; let patientCount = 4; class Shape { area = 1 } interface Row { age: number }\n" +
        "import * as book from 'radbook'; function load(kind: 'train' | 'validate', r?: Row): Shape { return new Shape(); }",
    );
    assert.equal(reply.content.status, "ok");
  });
  after(() => client.close());

  async function refused(code: string): Promise<string[]> {
    const exchange = await client.execute(code);
    assert.equal(exchange.reply.content.status, "error", `${code} was not refused`);
    return traceback(exchange);
  }

  const meant: readonly (readonly [code: string, wrong: string, name: string])[] = [
    ["1 + raduis", "raduis", "radius"],
    ["patientCoutn = 5", "patientCoutn", "patientCount"],
    ["new Shap()", "Shap", "Shape"],
    ["const row: Rwo = { age: 1 };", "Rwo", "Row"],
    ["({ radious })", "radious", "radius"],
    ["const own = 1;\n// 😀\n/* 😀 */ onw + 1", "onw", "own"],
    ["new Shape().aera", "aera", "area"],
    ["Math.flor(3)", "flor", "floor"],
    ["load('trian')", "'trian'", '"train"'],
    ["load('train', { agee: 1 })", "agee", "age"],
    ["book.modle", "modle", "model"],
    ["import { ioo } from 'radbook';", "ioo", "io"],
    ["import { readFil } from 'node:fs';", "readFil", "readFile"],
    ["import { io } from 'radboook';", "'radboook'", "radbook"],
    ["import x from 'node:pth';", "'node:pth'", "node:path"],
    ["import x from 'danfo';", "'danfo'", "danfoo"],
    ["import { prepared } from './prepaer.ts';", "'./prepaer.ts'", "./prepare.ts"],
  ];
  for (const [code, wrong, name] of meant) {
    it(`${code.replaceAll("\n", " ")}: ${name}`, async () => {
      const [message = "", place = "", source = "", caret = ""] = await refused(code);
      assert.ok(
        message.includes(`Did you mean '${name}'?`) || message.includes(`Did you mean to write '${name}'?`),
        message,
      );
      const lines = code.split("\n");
      const line = lines.findIndex((one) => one.includes(wrong));
      const column = (lines[line] ?? "").indexOf(wrong);
      assert.match(place, new RegExp(`, line ${line + 1}, column ${column + 1}$`));
      assert.equal(source, `> ${line + 1} | ${lines[line]}`);
      assert.equal(caret, `    | ${" ".repeat(column)}${"^".repeat(wrong.length)}`);
    });
  }

  it("names the module of Node that is not imported yet", async () => {
    const [message = ""] = await refused("fs.readFileSync('a')");
    assert.match(message, /It is a module of Node\.js: import \* as fs from "node:fs"\.$/);
  });

  it("names the package that brings what is not imported yet", async () => {
    const [message = ""] = await refused("await io.readDicom('CT')");
    assert.match(message, /It comes from radbook: import \{ io \} from "radbook"\.$/);
    assert.match((await refused("let ct: Volume;"))[0] ?? "", /import \{ Volume \} from "radbook"/);
  });

  it("suggests nothing where nothing is near", async () => {
    assert.equal((await refused("tumour"))[0], "TS2304: Cannot find name 'tumour'.");
    assert.equal((await refused("q + 1"))[0], "TS2304: Cannot find name 'q'.");
  });

  it("leaves out what only follows from another fault", async () => {
    const lines = await refused("[1, 2].mapp((one) => one + 1)");
    assert.equal(lines.length, 4, lines.join("\n"));
  });

  it("tells two types of one name apart, without the files that only the kernel knows", async () => {
    await client.execute("let first = new Shape();");
    const [message = ""] = await refused("class Shape { name = '' }\nfirst = new Shape();");
    assert.doesNotMatch(message, /import\(|radbook-cell/);
    assert.match(message, /type 'Shape' but required in type 'Shape'/);
    assert.match(message, /Shape was declared anew: a value of the earlier Shape is still there\./);
  });

  it("asks for the type of a variable that was declared without one", async () => {
    await client.execute("let later; later = 5;");
    const [message = ""] = await refused("later + 1");
    assert.match(message, /implicitly has an 'any' type\. Declare it with one, such as let later: number\.$/);
  });

  it("calls modules as they are imported", async () => {
    assert.match((await refused("book.nothing"))[0] ?? "", /on type 'typeof import\("radbook"\)'/);
  });

  it("cuts types that nobody reads to their end", async () => {
    const keys = Array.from({ length: 200 }, (_, i) => `key${i}: ${i}`).join(", ");
    const [message = ""] = await refused(
      `const wide = { ${keys} };\nconst n: number = [wide, { other: wide }];`,
    );
    assert.ok(message.length < 800, String(message.length));
  });

  it("says that there is no JSX, and what to do instead", async () => {
    for (const code of ["<div>hi</div>", "const el = <b/>;", "const all = <><i>a</i></>;"]) {
      const exchange = await client.execute(code);
      assert.equal(exchange.reply.content.ename, "SyntaxError");
      assert.match(traceback(exchange)[0] ?? "", /without JSX\. Show markup by display\.html/);
    }
  });

  it("prints types without files: %type, %who, inspection", async () => {
    const type = await client.execute("%type load");
    assert.equal(streamText(type.published), '(kind: "train" | "validate", r?: Row) => Shape\n');
    const who = await client.execute("%who");
    const shown = who.published.find(({ header }) => header.msg_type === "display_data");
    assert.ok(shown);
    const text = (shown.content.data as Record<string, string>)["text/plain"] ?? "";
    assert.match(text, /^Row +type +interface Row$/m);
    assert.match(text, /^book +import +typeof import\("radbook"\)$/m);
    assert.doesNotMatch(text, /radbook-cell|\/src\//);
  });
});
