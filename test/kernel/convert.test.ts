/** The converter by itself: what a cell becomes, and pure parts of the kernel. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { encodeFrame, FrameReader } from "../../kernel-ext/src/frames.js";
import { toCodePoints, toCodeUnits } from "../../kernel-ext/src/handlers/positions.js";
import { install } from "../../kernel-ext/src/install.js";
import type { Converted } from "../../kernel-ext/src/language/language.js";
import { NameTable } from "../../kernel-ext/src/language/name-table.js";
import type { Declared } from "../../kernel-ext/src/language/names.js";
import { TypescriptLanguage } from "../../kernel-ext/src/language/typescript.js";
import { decodeMappings, sourcePlace } from "../../kernel-ext/src/session/child/source-map.js";
import { Codec } from "../../kernel-ext/src/wire/codec.js";

describe("kernel: converter", () => {
  const language = new TypescriptLanguage();
  let cells = 0;

  function convert(source: string): Converted {
    const cell = ++cells;
    const conversion = language.convert(cell, "Cell", { source, text: source, shifts: {} });
    assert.ok(conversion.ok, conversion.ok ? "" : conversion.refusal.traceback.join("\n"));
    language.keep({ cell, module: conversion.module }, conversion.module.declared);
    return conversion.converted;
  }

  /** The script without its first and last line, which are the same for all. */
  function body(source: string): string {
    return convert(source)
      .js.split("\n")
      .slice(1, -1)
      .join("\n")
      .replace(/\/\/# source.*/, "")
      .trim();
  }

  it("keeps the value of the last expression", () => {
    assert.equal(body("1;\n2"), "1;\n__cell.result = 2;");
    assert.equal(body("if (true) {}"), "if (true) { }");
  });

  it("turns imports into awaited calls, without those of types", () => {
    assert.equal(
      body(
        "import fs, { readFileSync as read, type PathLike } from 'node:fs'; import type { Dir } from 'node:fs';",
      ),
      'const __module0 = await __cell.import("node:fs"), fs = __cell.pick(__module0, "default", "node:fs"), ' +
        'read = __cell.pick(__module0, "readFileSync", "node:fs");',
    );
    assert.equal(body("import 'node:os';"), 'await __cell.import("node:os");');
    assert.equal(body("import { PathLike } from 'node:fs'; type P = PathLike;"), "");
  });

  it("reaches assignable names through their cell, but not names that only look the same", () => {
    convert("let count = 0; const limit = 5;");
    const scope = `__scope${cells}`;
    assert.equal(
      body("count = limit; ({ count }); ((count: number) => count)(1); const o = { count: 1 }; o.count;"),
      `${scope}.count = limit;\n({ count: ${scope}.count });\n((count) => count)(1);\nconst o = { count: 1 };\n__cell.result = o.count;`,
    );
  });

  it("names every value that a cell declares", () => {
    const { declares } = convert(
      "const { a, b: [c] } = { a: 1, b: [2] }; function d() {} class E {} enum F { G } interface H {} type I = H; declare const j: number; for (var k = 0; k < 1; k++) {}",
    );
    assert.deepEqual([...declares].sort(), ["E", "F", "a", "c", "d", "k"]);
  });

  it("maps places in the script back to the text", () => {
    const source = "interface Gone {\n  a: 1;\n}\nconst first = 1;\n\nthrow new Error(String(first));";
    const { js, mappings } = convert(source);
    const lines = js.split("\n").slice(1);
    const line = lines.findIndex((text) => text.includes("throw"));
    const place = sourcePlace(decodeMappings(mappings), {
      line,
      column: (lines[line] ?? "").indexOf("new Error"),
    });
    assert.deepEqual(place, { line: 1 + 5, column: 6 });
  });
});

describe("kernel: pure parts", () => {
  it("tells once which cells no name leads to any more", () => {
    const names = new NameTable();
    const declared = (name: string): Declared => ({
      name,
      kind: "const",
      value: true,
      mutable: false,
      exported: false,
    });
    names.keep(1, [declared("a"), declared("b")]);
    names.keep(2, [declared("a")]);
    names.keep(3, []);
    assert.deepEqual(names.takeUnreachable(), [3]);
    names.keep(4, [declared("b")]);
    assert.deepEqual(names.takeUnreachable(), [1]);
    assert.deepEqual(names.forget(["a", "c"]), ["c"]);
    assert.deepEqual(names.takeUnreachable(), []);
    assert.deepEqual(names.forget(null), []);
    assert.deepEqual(names.takeUnreachable(), [2, 4]);
    assert.equal(names.entries.size, 0);
  });

  it("converts cursor positions to and fro", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(50), (text, n) => {
        const points = Math.min(n, [...text].length);
        const units = toCodeUnits(text, points);
        assert.equal(units, [...text].slice(0, points).join("").length);
        assert.equal(toCodePoints(text, units), points);
      }),
    );
  });

  it("puts frames together however the pipe cuts them", () => {
    const buffers = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 3 });
    const frames = fc.array(fc.tuple(fc.string(), buffers), { maxLength: 5 });
    fc.assert(
      fc.property(frames, fc.array(fc.nat(200), { maxLength: 8 }), (list, cuts) => {
        const bytes = Buffer.concat(list.map(([text, raw]) => encodeFrame({ text }, raw)));
        const reader = new FrameReader<{ text: string }>();
        const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)), 0, bytes.length].sort(
          (a, b) => a - b,
        );
        const found = ends.slice(1).flatMap((end, i) => reader.push(bytes.subarray(ends[i], end)));
        assert.deepEqual(
          found.map(({ message, buffers: raw }) => [message.text, raw.map((one) => [...one])]),
          list.map(([text, raw]) => [text, raw.map((one) => [...one])]),
        );
      }),
    );
  });

  it("accepts what it signed once, and nothing that was changed", () => {
    const sender = new Codec("key", "hmac-sha256");
    const receiver = new Codec("key", "hmac-sha256");
    const message = {
      identities: [Buffer.from("me")],
      header: sender.header("execute_request"),
      parent: null,
      metadata: {},
      content: { code: "1" },
      buffers: [new Uint8Array([1, 2])],
    };
    const frames = sender.encode(message);
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (frame, at, flip) => {
          const changed = frames.map((one) => Uint8Array.from(one));
          const target = changed[frame] as Uint8Array;
          target[at % target.length] = (target[at % target.length] as number) ^ flip;
          assert.equal(receiver.decode(changed), "wrong signature");
        },
      ),
    );
    const received = receiver.decode(frames);
    assert.ok(typeof received !== "string");
    assert.deepEqual(received.content, { code: "1" });
    assert.deepEqual([...(received.buffers[0] ?? [])], [1, 2]);
    assert.equal(receiver.decode(frames), "replayed");
  });

  it("installs a kernelspec, again and again", () => {
    const prefix = mkdtempSync(path.join(os.tmpdir(), "radbook-prefix-"));
    install(prefix);
    const folder = install(prefix);
    assert.equal(folder, path.join(prefix, "share/jupyter/kernels/radbook"));
    assert.deepEqual(readdirSync(path.dirname(folder)), ["radbook"]);
    const spec = JSON.parse(readFileSync(path.join(folder, "kernel.json"), "utf8")) as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      [spec.display_name, spec.language, spec.interrupt_mode],
      ["TypeScript (Radbook)", "typescript", "message"],
    );
    assert.equal((spec.argv as string[]).at(-1), "{connection_file}");
  });
});
