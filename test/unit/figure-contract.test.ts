/** What every figure keeps: a clean specification, a bundle for every front end, words with numbers, labels that can be read. */
import assert from "node:assert/strict";
import { DARK_COLORS } from "../../src/plot/dark.js";
import type { Figure } from "../../src/plot/figure.js";
import { pngSize } from "../../src/plot/png.js";
import { renderer } from "../../src/plot/raster.js";
import { picture, shown } from "../support/display.js";
import { examples } from "../support/figure-examples.js";
import { compileWarnings } from "../support/figure-spec.js";
import { svgTexts } from "../support/svg-text.js";

describe("every figure", () => {
  for (const [name, make] of Object.entries(examples)) {
    describe(name, () => {
      let figure: Figure;
      let svg = "";

      before(async () => {
        figure = make();
        svg = await figure.svg();
      });

      it("is clean Vega-Lite v5", () => {
        assert.deepEqual(compileWarnings(figure), []);
        assert.equal(figure.spec.$schema, "https://vega.github.io/schema/vega-lite/v5.json");
      });

      it("shows itself as payload, standard twin, picture and words", async () => {
        const { data, metadata } = await shown(figure);
        assert.deepEqual(JSON.parse(JSON.stringify(data)), data, "only JSON: no NaN, nothing undefined");
        const { width, height } = pngSize(picture({ data, metadata }));
        assert.ok(width > 200 && height > 100, `${width} × ${height}`);
        assert.ok(figure.alternative.length > 40 && /\d/.test(figure.alternative), figure.alternative);
        assert.ok(!/NaN|undefined|Infinity/.test(figure.alternative), figure.alternative);
        assert.equal(data["text/plain"], figure.alternative);
      });

      it("has no text that covers another or leaves the picture", async () => {
        const [, width, height] =
          /<svg[^>]*? width="([\d.]+)" height="([\d.]+)"/.exec(svg)?.map(Number) ?? [];
        const boxes = await textBoxes(svg);
        assert.ok(boxes.length >= 4, "axes have labels");
        for (const [i, box] of boxes.entries()) {
          const inside =
            box.left >= -1 && box.right <= width + 1 && box.top >= -1 && box.bottom <= height + 1;
          assert.ok(
            inside,
            `"${box.text}" leaves the picture: ${JSON.stringify(box)} in ${width} × ${height}`,
          );
          for (const other of boxes.slice(0, i)) {
            const apart =
              box.left >= other.right ||
              box.right <= other.left ||
              box.top >= other.bottom ||
              box.bottom <= other.top;
            // A line of text on a halo is the same text twice.
            const halo = box.text === other.text && box.left === other.left && box.top === other.top;
            assert.ok(apart || halo, `"${box.text}" covers "${other.text}"`);
          }
        }
      });

      it("has a dark twin with the same texts and without a color of the light page", async () => {
        const dark = await figure.svg({ theme: "dark" });
        assert.deepEqual(svgTexts(dark), svgTexts(svg));
        for (const color of ["#ffffff", "#1f2328", "#0072b2"]) {
          assert.ok(!dark.toLowerCase().includes(color), `${color} is left`);
        }
        assert.ok(dark.includes(DARK_COLORS["#ffffff"]));
      });
    });
  }
});

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The ink of each text; letters without descenders count as tall as digits. */
async function textBoxes(svg: string): Promise<readonly Box[]> {
  const { textWidth } = await renderer();
  return svgTexts(svg)
    .filter(({ text }) => text !== "")
    .map(({ text, x, y, size, weight, anchor, angle }) => {
      const plain = text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
      const width = textWidth(plain, size, weight);
      const before = { start: 0, middle: width / 2, end: width }[anchor];
      const [up, down] = [0.7 * size, 0.02 * size];
      // A quarter turn to the right runs downwards, its letters' feet at the left.
      if (angle === 90) {
        return { text, left: x - down, right: x + up, top: y - before, bottom: y - before + width };
      }
      // A quarter turn to the left runs upwards.
      return angle === -90 || angle === 270
        ? { text, left: x - up, right: x + down, top: y - width + before, bottom: y + before }
        : { text, left: x - before, right: x - before + width, top: y - up, bottom: y + down };
    });
}
