/** What is shown, as the JSON that travels: the same as JSON.stringify's, whatever is in it. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { pack } from "../../kernel-ext/src/session/child/pack.js";
import type { Shown } from "../../kernel-ext/src/session/protocol.js";

const LONG = 200_000;
const picture = Buffer.alloc(LONG, "radbook").toString("base64");

const bundles: readonly (readonly [what: string, data: Shown["data"]])[] = [
  ["a picture alone", { "image/png": picture }],
  ["a picture without its padding", { "image/png": picture.replace(/=+$/, "") }],
  ["pictures among other kinds", { "text/plain": "scan", "image/png": picture, "image/jpeg": picture }],
  ["a picture behind an object", { "application/json": { a: { b: [{}] } }, "image/png": picture }],
  ["a long text with quotes", { "text/html": '<b class="x">'.repeat(LONG / 10) }],
  ["a long text with a line break", { "text/plain": `${picture}\n${picture}` }],
  ["a long text with a backslash at its end", { "text/plain": `${picture.replace(/=+$/, "")}\\` }],
  ["a long text of no base64 at all", { "text/plain": "\u0000\u2028é😀".repeat(LONG) }],
  ["a long text in which padding stands in the middle", { "text/plain": `${picture}=${picture}` }],
  ["a kind whose name needs escapes", { 'a"b': picture }],
  ["nothing", {}],
];

describe("kernel: what is shown, packed", () => {
  for (const [what, data] of bundles) {
    it(`is JSON of ${what}`, () => {
      const shown = { data, metadata: { "image/png": { width: 10 } }, transient: { display_id: "1" } };
      const bytes = pack(shown);
      assert.deepEqual(JSON.parse(bytes.toString()), shown);
      // The kernel adds to it behind its last brace.
      assert.equal(bytes.at(-1), "}".charCodeAt(0));
    });
  }

  it("refuses what JSON cannot hold, also beside a picture", () => {
    const round: Record<string, unknown> = {};
    round.self = round;
    const data = { "image/png": picture, "application/json": round } as unknown as Shown["data"];
    assert.throws(() => pack({ data, metadata: {} }), TypeError);
  });
});
