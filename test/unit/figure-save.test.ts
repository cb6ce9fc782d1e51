/** Figures as files for print: their size on paper, their fonts, and that no part of a file is ever left. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inflateSync } from "node:zlib";
import { InputError } from "../../src/core/errors.js";
import type { Figure } from "../../src/plot/figure.js";
import * as plot from "../../src/plot/index.js";
import { pngSize } from "../../src/plot/png.js";
import { Labels } from "../../src/table/labels.js";
import { examples, explanation, ids } from "../support/figure-examples.js";

describe("saving a figure", () => {
  let folder = "";
  let figure: Figure;
  const at = (name: string): string => path.join(folder, name);

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "radbook-figures-"));
    figure = examples["bland-altman"]();
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it("writes a PDF of one column with its fonts inside and its text as text", async () => {
    await figure.save(at("figure.pdf"), { width: "single" });
    const pdf = readFileSync(at("figure.pdf")).toString("latin1");
    assert.ok(pdf.startsWith("%PDF-1."));
    const [, width] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)?.map(Number) ?? [];
    assert.ok(Math.abs(width - (89 / 25.4) * 72) < 0.01, `${width} points`);
    const fonts = [...pdf.matchAll(/\/BaseFont \/([A-Z]{6}\+[\w-]+)/g)].map((match) => match[1].slice(7));
    assert.deepEqual([...new Set(fonts)].sort(), ["Inter-Regular", "Inter-SemiBold"]);
    assert.equal(pdf.match(/\/FontFile2 /g)?.length, 2);
    assert.ok(!/\/Subtype \/Image/.test(pdf), "curves, not pixels");
    assert.ok(contentOf(pdf).includes(" Tj") || contentOf(pdf).includes(" TJ"), "text that can be searched");
  });

  it("writes the same PDF for the same figure", async () => {
    await figure.save(at("again.pdf"));
    await figure.save(at("once-more.pdf"));
    assert.deepEqual(readFileSync(at("again.pdf")), readFileSync(at("once-more.pdf")));
  });

  it("writes an SVG in millimetres that holds the letters that it uses", async () => {
    await figure.save(at("figure.svg"), { width: "double" });
    const svg = readFileSync(at("figure.svg"), "utf8");
    assert.match(svg, /^<svg[^>]* width="183mm" height="[\d.]+mm" viewBox="0 0 \d+ \d+"/);
    const faces = [...svg.matchAll(/font-weight:(\d+);src:url\(data:font\/woff2;base64,([\w+/=]+)\)/g)];
    assert.deepEqual(
      faces.map((face) => face[1]),
      ["400", "600"],
    );
    for (const [, , font] of faces) {
      const bytes = Buffer.from(font, "base64");
      assert.equal(bytes.toString("latin1", 0, 4), "wOF2");
      assert.ok(bytes.length < 20_000, `${bytes.length} bytes: the letters used, not the whole font`);
    }
  });

  it("writes a PNG of 300 dots per inch that knows its size on paper", async () => {
    await figure.save(at("figure.png"), { width: 100 });
    const png = readFileSync(at("figure.png"));
    assert.ok(Math.abs(pngSize(png).width - (100 / 25.4) * 300) <= 1, `${pngSize(png).width} pixels`);
    const place = png.indexOf("pHYs");
    assert.equal(png.readUInt32BE(place + 4), 11811); // 300 dots per inch, in dots per metre
    assert.equal(png[place + 12], 1);
    await figure.save(at("fine.png"), { width: 100, dpi: 600 });
    assert.ok(Math.abs(pngSize(readFileSync(at("fine.png"))).width - (100 / 25.4) * 600) <= 1);
  });

  it("chooses both columns for a figure whose text one column would make too small", async () => {
    const wide = examples["nomogram-cox"]();
    await wide.save(at("wide.svg"));
    assert.match(readFileSync(at("wide.svg"), "utf8"), / width="183mm"/);
    await examples.dependence().save(at("narrow.svg"));
    assert.match(readFileSync(at("narrow.svg"), "utf8"), / width="89mm"/);
  });

  it("writes gradients, clipped curves, dashes, turned and stroked text as PDF", async () => {
    for (const name of [
      "dependence",
      "kaplan-meier-events",
      "bland-altman",
      "correlation",
      "violin",
    ] as const) {
      await examples[name]().save(at(`${name}.pdf`));
      assert.ok(readFileSync(at(`${name}.pdf`)).length > 4000, name);
    }
  });

  it("refuses another ending, width or resolution, and a folder that is not there", async () => {
    const refused = (file: string, options: Parameters<Figure["save"]>[1], words: RegExp): Promise<void> =>
      assert.rejects(figure.save(at(file), options), (error) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, words);
        return true;
      });
    await refused("fig.jpg", {}, /\.pdf, \.svg or \.png, found ".*fig\.jpg"/);
    await refused("fig", {}, /\.pdf, \.svg or \.png/);
    await refused("fig.pdf", { width: 0 }, /10 to 2000 millimetres, found 0/);
    await refused("fig.pdf", { width: Number.NaN }, /millimetres, found NaN/);
    await refused("fig.png", { dpi: 1e6 }, /dots per inch, found 1000000/);
    await refused("none/fig.pdf", {}, /cannot write the file/);
    assert.ok(!readdirSync(folder).some((name) => /^fig(\.|$)/.test(name) || name.endsWith(".part")));
  });

  it("keeps the file that was there if the new one cannot be made", async () => {
    writeFileSync(at("kept.pdf"), "before");
    const foreign = new Labels(
      ids,
      ids.map((_, i) => (i % 2 === 0 ? "低" : "高")),
      { name: "risk" },
    );
    await assert.rejects(plot.shapBar(explanation, { by: foreign }).save(at("kept.pdf")), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, /font of the PDF has no "[低高]"/);
      return true;
    });
    assert.equal(readFileSync(at("kept.pdf"), "utf8"), "before");
  });
});

/** The page's drawing commands. */
function contentOf(pdf: string): string {
  const [, packed] = /stream\n([\s\S]*?)\nendstream/.exec(pdf) ?? [];
  return inflateSync(Buffer.from(packed, "latin1")).toString("latin1");
}
