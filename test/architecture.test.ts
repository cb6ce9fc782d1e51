/** The tree keeps its shape: imports point one way, files stay short, each says what it is. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const MAX_LINES = 400;

/** Folder of `src/` → the folders it may import. `index` and `cli` stand for the files beside the folders. */
const ALLOWED: Record<string, readonly string[]> = {
  core: [],
  volume: ["core"],
  table: ["core", "volume"],
  workers: ["core"],
  io: ["core", "volume", "table", "workers"],
  radiomics: ["core", "volume", "table", "workers"],
  deep: ["core", "volume", "table", "workers"],
  model: ["core", "table", "workers"],
  explain: ["core", "volume", "table", "model", "deep"],
  plot: ["core", "volume", "table", "io", "model", "explain"],
  magics: ["core", "volume", "table", "io", "plot"],
};

/** Folders of `src/` that may use Node's own modules, and which. */
const NODE_MODULES: Record<string, RegExp> = {
  io: /^node:/,
  workers: /^node:/,
  plot: /^node:(zlib|url|module)$/,
  magics: /^node:/,
};

const sources = ["src", "kernel-ext/src", "labextension/src", "data-scripts", "test"].flatMap(
  typescriptFiles,
);

describe("architecture", () => {
  it("has sources to look at", () => {
    assert.ok(sources.length > 10, `found ${sources.length}`);
  });

  it("keeps every file at 400 lines or fewer", () => {
    const long = sources.filter((file) => read(file).split("\n").length > MAX_LINES);
    assert.deepEqual(long, []);
  });

  it("opens every file with a comment that says what it holds", () => {
    const bare = sources.filter((file) => !/^(#!.*\n)?\/\*\*/.test(read(file)));
    assert.deepEqual(bare, []);
  });

  it("names every file in kebab-case", () => {
    const odd = sources.filter((file) => !/^[a-z0-9]+([-.][a-z0-9]+)*\.ts$/.test(path.basename(file)));
    assert.deepEqual(odd, []);
  });

  it("imports in one direction between the folders of the library", () => {
    const wrong: string[] = [];
    for (const file of sources.filter((f) => f.startsWith("src/"))) {
      const from = folderOf(file);
      if (from === null) continue;
      for (const target of imports(file)) {
        if (target.startsWith("node:")) {
          if (!NODE_MODULES[from]?.test(target)) wrong.push(`${file} imports ${target}`);
        } else if (target.startsWith(".")) {
          const to = folderOf(path.join(path.dirname(file), target));
          if (to !== from && !(ALLOWED[from] ?? []).includes(to ?? "index"))
            wrong.push(`${file} imports ${target}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });

  it("keeps the kernel and the extension apart from the library, but for the payload types", () => {
    const wrong: string[] = [];
    for (const file of sources) {
      const isKernel = file.startsWith("kernel-ext/");
      const isExtension = file.startsWith("labextension/");
      if (!isKernel && !isExtension) continue;
      for (const { target, typeOnly } of importStatements(file)) {
        const resolved = target.startsWith(".") ? path.join(path.dirname(file), target) : target;
        const leaves =
          !resolved.startsWith(isKernel ? "kernel-ext/" : "labextension/") && target.startsWith(".");
        const payload = isExtension && typeOnly && resolved === "src/plot/mime.js";
        if ((leaves && !payload) || target === "radbook") wrong.push(`${file} imports ${target}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it("has no import cycle", () => {
    const graph = new Map(sources.map((file) => [file, localImports(file)]));
    assert.deepEqual(findCycle(graph), []);
  });

  it("lists only its own folders under src", () => {
    const folders = readdirSync(path.join(root, "src"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !["dist", "node_modules"].includes(entry.name))
      .map((entry) => entry.name);
    assert.deepEqual(
      folders.filter((folder) => !(folder in ALLOWED)),
      [],
    );
  });
});

function typescriptFiles(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!["dist", "node_modules", "static-build"].includes(entry.name))
        found.push(...typescriptFiles(name));
    } else if (entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts")) {
      found.push(name);
    }
  }
  return found;
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

/** The folder under `src/` that a file lies in, or null for the files beside the folders. */
function folderOf(file: string): string | null {
  const parts = file.split(path.sep);
  return parts.length > 2 ? (parts[1] ?? null) : null;
}

function importStatements(file: string): { target: string; typeOnly: boolean }[] {
  const pattern = /^\s*(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/gm;
  return [...read(file).matchAll(pattern)].map((match) => ({
    target: match[2] ?? match[3] ?? "",
    typeOnly: match[1] !== undefined,
  }));
}

function imports(file: string): string[] {
  return importStatements(file).map((statement) => statement.target);
}

function localImports(file: string): string[] {
  return imports(file)
    .filter((target) => target.startsWith("."))
    .map((target) => path.join(path.dirname(file), target).replace(/\.js$/, ".ts"));
}

/** The files of one cycle, or an empty list. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    const start = path.indexOf(file);
    if (start >= 0) return [...path.slice(start), file];
    if (done.has(file)) return [];
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
