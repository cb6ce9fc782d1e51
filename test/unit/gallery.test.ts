/** The gallery of the documentation: every kind of figure is in it, every picture is there, and its calls are cells that compile. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { GALLERY } from "../../data-scripts/gallery/entries.js";
import { LIVE, LIVE_DATA } from "../../data-scripts/gallery/live-entries.js";
import { galleryPage } from "../../data-scripts/gallery/page.js";
import { TypescriptLanguage } from "../../kernel-ext/src/language/typescript.js";
import { pngSize } from "../../src/plot/png.js";
import { examples } from "../support/figure-examples.js";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const FOLDER = path.join(ROOT, "docs", "gallery");
const entries = GALLERY.flatMap((part) => part.entries);
const AGAIN = "run npx tsx --conditions=source data-scripts/gallery/main.ts";

const NAMES = `
import { explain, FeatureTable, Labels, Mask, model, plot, Scores, SurvivalData, Volume } from "radbook";
declare const ct: Volume;
declare const map: Volume;
declare const gtv: Mask;
declare const os: SurvivalData;
declare const risk: Labels;
declare const cause: Labels;
declare const outcome: Labels;
declare const guess: Labels;
declare const score: Scores;
declare const x: FeatureTable;
declare const again: Float64Array;
declare const explanation: explain.Explanation;
declare const forStageI: explain.Explanation;
declare const forStageII: explain.Explanation;
const { train } = model.split(x, outcome, { seed: 1 });
const cox = model.cox().fit(x, os);
const net = model.coxnet({ folds: 5, seed: 7 }).fit(x, os);
const fitted = model.logistic().fit(x, outcome);
const trees = model.classification.histogramBoosting().fit(x, outcome);
`;

describe("the gallery", () => {
  it("is the page that its entries make", () => {
    assert.equal(readFileSync(path.join(ROOT, "docs", "gallery.md"), "utf8"), galleryPage(), AGAIN);
  });

  it("shows every kind of figure, and the scan view", () => {
    const source = readFileSync(path.join(ROOT, "src", "plot", "mime.ts"), "utf8");
    const union = /export type FigureKind =([^;]*);/.exec(source)?.[1] ?? assert.fail("no FigureKind");
    const kinds = [...union.matchAll(/"([^"]+)"/g)].map((match) => match[1]);
    assert.ok(kinds.length > 30);
    const missing = [...kinds, "volume"].filter((kind) => entries.every((entry) => entry.kind !== kind));
    assert.deepEqual(missing, [], `add them to data-scripts/gallery/entries.ts and ${AGAIN}`);
  });

  it("names figures of the kind that they are", () => {
    for (const { kind, picture } of entries.filter((entry) => entry.kind !== "volume")) {
      const made = examples[picture] ?? assert.fail(`no example "${picture}"`);
      assert.equal(made().kind, kind, picture);
    }
  });

  it("has every picture, none besides, and all below 3 MB", () => {
    let bytes = 0;
    const all = [...entries, ...LIVE];
    for (const { picture } of all) {
      const file = path.join(FOLDER, `${picture}.png`);
      assert.ok(existsSync(file), `${picture}: ${AGAIN}`);
      const { width, height } = pngSize(readFileSync(file));
      assert.ok(width > 200 && height > 60, `${picture} is ${width} × ${height}`);
      bytes += statSync(file).size;
    }
    assert.deepEqual(readdirSync(FOLDER).sort(), all.map(({ picture }) => `${picture}.png`).sort());
    assert.ok(bytes < 3_000_000, `${bytes} bytes`);
  });

  it("keeps the pictures of live views small", () => {
    for (const { picture } of LIVE) {
      const { size } = statSync(path.join(FOLDER, `${picture}.png`));
      assert.ok(size <= 250_000, `${picture} has ${size} bytes`);
    }
  });

  it("names in its page the pictures that there are, and no other", () => {
    const page = readFileSync(path.join(ROOT, "docs", "gallery.md"), "utf8");
    const named = [...page.matchAll(/\]\(gallery\/([^)]+)\)/g)].map((match) => match[1]);
    assert.deepEqual(named.sort(), readdirSync(FOLDER).sort());
  });

  it("shows calls that compile", () => {
    assertCompiles([NAMES, ...entries.map(({ call }) => `${call};`)]);
  });

  it("shows calls of live views that compile after the cells before them", () => {
    const before = `const files = io.samples.cohort();
declare function measure(id: string): void;
declare function volumeMl(radiusMm: number): number;
declare const lesion: { readonly radiusMm: number };`;
    assertCompiles([LIVE_DATA, before, ...LIVE.map(({ call }) => `${call};`)]);
  });
});

function assertCompiles(lines: readonly string[]): void {
  const cell = lines.join("\n");
  const made = new TypescriptLanguage().convert(1, "Cell", { source: cell, text: cell, shifts: {} });
  assert.ok(made.ok, made.ok ? "" : made.refusal.traceback.join("\n"));
}
