/** What the README and the notebooks say is what happens: their cells run, their commands exist, wrong cells are refused. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { KernelClient, traceback } from "./client.js";

const root = path.resolve(import.meta.dirname, "../..");

/** Every shell command of the documents, and the test that runs it. */
const COMMANDS: Readonly<Record<string, string>> = {
  "npm start": "test/browser/start.test.ts",
  "npm test": "this very run",
  "npm run build": "npm test runs tsc -b",
  "npm run format": "npm test runs biome check",
  "npm run mocha -- test/unit": "npm test runs mocha",
  "npm run data -- ibsi-ct": "test/unit/synthetic.test.ts, from a local server",
  "npx radbook features --help": "test/unit/cli.test.ts",
  "npm run notebook -- notebooks/00-tour.ipynb": "test/browser/page.test.ts",
};

describe("the documents", () => {
  it("name only shell commands that a test runs", () => {
    const lines = ["README.md", "CONTRIBUTING.md"].flatMap((file) =>
      blocks(file, "sh").flatMap((block) =>
        block.split("\n").map((line) => line.replace(/\s+#.*/, "").trim()),
      ),
    );
    assert.ok(lines.length >= 5);
    assert.deepEqual(
      lines.filter((line) => line !== "" && !(line in COMMANDS)),
      [],
    );
    const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
      scripts: object;
    };
    for (const line of lines.filter((line) => line.startsWith("npm run "))) {
      assert.ok((line.split(" ")[2] ?? "") in scripts, line);
    }
  });

  it("link only to files that are there", () => {
    const links = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"].flatMap((file) =>
      [...readFileSync(path.join(root, file), "utf8").matchAll(/\]\((?!http)([^)#]+)/g)].map(
        (match) => match[1] ?? "",
      ),
    );
    assert.ok(links.length >= 3);
    for (const link of links) assert.ok(readFileSync(path.join(root, link)).length > 0, link);
  });

  it("hold the tour with its figures, and with no path of a computer", () => {
    const text = readFileSync(path.join(root, "notebooks", "00-tour.ipynb"), "utf8");
    assert.equal(text.match(/"image\/png": "/g)?.length, 3);
    assert.doesNotMatch(text, /\/(home|Users|root|tmp)\/|[A-Z]:\\\\/);
  });
});

describe("the cells of the documents", function () {
  this.timeout(300_000);
  let client: KernelClient;

  beforeEach(async () => {
    // In the folder of the notebooks, as JupyterLab would start it, and on the data that everybody has.
    const folder = path.join(root, "test-results", "cells");
    mkdirSync(folder, { recursive: true });
    client = await KernelClient.start(folder, { RADBOOK_DATA: "" });
  });
  afterEach(() => client.close());

  it("of the README run in their order", async () => {
    const cells = blocks("README.md", "ts");
    assert.ok(cells.length >= 3);
    for (const code of cells) await succeeds(code);
  });

  for (const notebook of notebooks()) {
    it(`of ${notebook} run in their order, and it imports the library only`, async () => {
      const cells = codeCells(notebook);
      const imported = cells.flatMap((code) =>
        [...code.matchAll(/\bfrom\s+"([^"]+)"/g)].map((match) => match[1]),
      );
      assert.deepEqual([...new Set(imported)], ["radbook"]);
      for (const code of cells) await succeeds(code);
    });
  }

  it("are twelve or fewer in the tour", () => {
    assert.ok(codeCells("notebooks/00-tour.ipynb").length <= 12);
  });

  async function succeeds(code: string): Promise<void> {
    const exchange = await client.execute(code);
    assert.equal(exchange.reply.content.status, "ok", `${code}\n${traceback(exchange).join("\n")}`);
  }
});

/** The fenced blocks of one language. */
function blocks(file: string, language: string): string[] {
  const text = readFileSync(path.join(root, file), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    (match) => match[1] ?? "",
  );
}

function notebooks(): string[] {
  return readdirSync(path.join(root, "notebooks"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ipynb") && !file.includes(".ipynb_checkpoints"))
    .map((file) => path.posix.join("notebooks", file.replaceAll(path.sep, "/")));
}

interface Notebook {
  readonly cells: readonly { readonly cell_type: string; readonly source: readonly string[] }[];
}

function codeCells(file: string): string[] {
  const { cells } = JSON.parse(readFileSync(path.join(root, file), "utf8")) as Notebook;
  return cells.filter((cell) => cell.cell_type === "code").map((cell) => cell.source.join(""));
}
