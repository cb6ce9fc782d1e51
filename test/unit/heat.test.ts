/** Heat maps over a scan: what the payload carries, where the static picture has its colors, and what is refused. */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import type { Geometry } from "../../src/core/geometry.js";
import { chooseColors } from "../../src/plot/color-choice.js";
import type { HeatPayload, VolumePayload } from "../../src/plot/mime.js";
import { HEAT_RAMP } from "../../src/plot/palette.js";
import { renderer } from "../../src/plot/raster.js";
import { volume as showVolume, type VolumeView } from "../../src/plot/volume-view.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { shown } from "../support/display.js";

const SIZE = [12, 10, 8] as const;
const geometry: Geometry = {
  size: SIZE,
  spacing: [2, 2, 2],
  origin: [-12, 30, 100],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const count = SIZE[0] * SIZE[1] * SIZE[2];
const scan = new Volume(new Float32Array(count), geometry, { modality: "CT", unit: "HU", name: "thorax" });

/** Values in a box of the patient's right, front and top: x + 10 y. NaN elsewhere. */
const values = Float32Array.from({ length: count }, (_, p) => {
  const [x, y, z] = [p % 12, Math.floor(p / 12) % 10, Math.floor(p / 120)];
  return x < 4 && y < 3 && z > 5 ? x + 10 * y : Number.NaN;
});
const contrast = new Volume(values, geometry, { unit: "HU²", name: "cm_contrast" });

describe("a heat map over a scan", () => {
  it("travels as the box around its values, each within half of one of 254 steps", async () => {
    const heat = await heatOf(showVolume(scan, { heat: { map: contrast, range: [0, 23] } }));
    assert.deepEqual([heat.offset, heat.size, heat.step], [[0, 0, 6], [4, 3, 2], 1]);
    assert.deepEqual([heat.name, heat.unit, heat.range, heat.opacity], ["cm_contrast", "HU²", [0, 23], 0.6]);
    assert.deepEqual(heat.colors, HEAT_RAMP);
    const levels = unpack(heat);
    for (let p = 0; p < levels.length; p++) {
      const value = (p % 4) + 10 * (Math.floor(p / 4) % 3);
      const back = ((levels[p] as number) - 1) * (23 / 254);
      assert.ok(Math.abs(back - value) <= 23 / 254 / 2 + 1e-6, `${value} became ${back}`);
    }
  });

  it("has the middle 98 % of what is drawn as its range, and one value in the middle of its colors", async () => {
    const many = new Volume(
      Float32Array.from({ length: count }, (_, p) => p),
      geometry,
      { name: "many" },
    );
    assert.deepEqual((await heatOf(showVolume(scan, { heat: many }))).range, [9, 950]);
    const one = new Volume(
      values.map((v) => (Number.isNaN(v) ? v : 7)),
      geometry,
      { name: "one" },
    );
    const heat = await heatOf(showVolume(scan, { heat: one }));
    assert.deepEqual(heat.range, [6.5, 7.5]);
    assert.deepEqual([...new Set(unpack(heat))], [128]);
  });

  it("is drawn within a region only, where one is named", async () => {
    const zero = new Volume(new Float32Array(count), geometry, { name: "map that is 0 outside" });
    const inside = new Mask(
      Uint8Array.from(values, (v) => (v === 11 ? 1 : 0)),
      geometry,
      "spot",
    );
    const heat = await heatOf(showVolume(scan, { heat: { map: zero, within: inside } }));
    assert.deepEqual(
      [heat.offset, heat.size],
      [
        [1, 1, 6],
        [1, 1, 2],
      ],
    );
  });

  it("gets coarser until it fits into a notebook", async () => {
    const side = 120;
    const big: Geometry = { ...geometry, size: [side, side, side] };
    let state = 1;
    const noise = Float32Array.from({ length: side ** 3 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 8;
    });
    const large = new Volume(new Float32Array(side ** 3), big);
    const heat = await heatOf(showVolume(large, { heat: new Volume(noise, big, { name: "noise" }) }));
    assert.equal(heat.step, 2);
    assert.ok(heat.levels.data.length <= 1_000_000);
    assert.deepEqual(heat.size, [60, 60, 60]);
    const [low, high] = heat.range;
    const expected =
      1 + Math.round(254 * Math.min(1, Math.max(0, ((noise[2] as number) - low) / (high - low))));
    assert.equal(unpack(heat)[1], expected);
  });

  it("lies in the picture where its voxels lie, in its colors, with its color bar and words", async () => {
    const center = scan.toMm([1, 1, 7]);
    const view = showVolume(scan, { heat: { map: contrast, opacity: 1 }, center });
    assert.match(view.alternative, /Colored: cm_contrast, 0 to 23 HU²\./);
    const svg = await view.svg();
    assert.match(svg, />cm_contrast<.*>0<.*>23 HU²</s);
    const { rgba, width, height } = (await renderer()).pixels(svg, 1);
    // Axial: right and front. Coronal: right and top. Sagittal: front and top. All are the left upper corner.
    for (const panel of [0, 1, 2]) {
      const { x, y, colors } = colored(rgba, width, height, panel);
      assert.ok(x < 0.4 && y < 0.4, `panel ${panel}: ${x}, ${y}`);
      assert.ok(colors > 1);
    }
    const plain = (await renderer()).pixels(await showVolume(scan).svg(), 1);
    assert.equal(colored(plain.rgba, plain.width, plain.height, 0).colors, 0);
  });

  it("brings a PET of another grid onto the scan's where that is asked for, and leaves out what it does not cover", async () => {
    const thick: Geometry = {
      ...geometry,
      size: [2, 3, 4],
      spacing: [geometry.spacing[0] * 2, geometry.spacing[1], geometry.spacing[2] * 2],
    };
    const pet = new Volume(
      Float32Array.from({ length: 24 }, (_, p) => 4 * (p % 2)),
      thick,
      { modality: "PT", unit: "SUVbw", name: "PET" },
    );
    const heat = await heatOf(showVolume(scan, { heat: { map: pet, resample: true } }));
    assert.deepEqual([heat.range, heat.unit, heat.threshold], [[0, 10], "SUVbw", 1]);
    assert.equal(heat.colors[0], "#000000");
    assert.equal(heat.colors.at(-1), "#ffffff");
    // The map's voxel centers lie on the scan's even x: the one between them has their mean, 2 of 10.
    const row = [...unpack(heat).subarray(0, heat.size[0])];
    const level = (value: number): number => 1 + Math.round(25.4 * value);
    assert.deepEqual(row.slice(0, 3), [level(0), level(2), level(4)]);
    assert.ok(heat.size[0] <= 4 && heat.size[1] <= 4, `values beyond the map: ${heat.size}`);
  });

  it("is drawn from its threshold up, and says so", async () => {
    const center = scan.toMm([1, 1, 7]);
    const view = showVolume(scan, {
      heat: { map: contrast, opacity: 1, threshold: 22.5, colors: "hot" },
      center,
    });
    assert.match(view.alternative, /Colored: cm_contrast, 0 to 23 HU², drawn from 22.5 up\./);
    const svg = await view.svg();
    assert.match(svg, />drawn from 22.5 up</);
    const { rgba, width, height } = (await renderer()).pixels(svg, 1);
    const whole = (await renderer()).pixels(
      await showVolume(scan, { heat: { map: contrast, opacity: 1, colors: "hot" }, center }).svg(),
      1,
    );
    assert.ok(
      colored(rgba, width, height, 0).colors < colored(whole.rgba, whole.width, whole.height, 0).colors,
    );
  });

  it("in signed colors is drawn as far below zero as above, but for what lies near zero", async () => {
    // −20 … 13 in steps of 1 and 10.
    const signed = new Volume(
      values.map((value) => value - 20),
      geometry,
      { name: "shap" },
    );
    const drawnOf = (heat: HeatPayload): readonly number[] =>
      Array.from(unpack(heat)).map((level, p) => {
        const value = (p % 4) + 10 * (Math.floor(p / 4) % heat.size[1]) - 20;
        const back = heat.range[0] + ((level - 1) * (heat.range[1] - heat.range[0])) / 254;
        assert.ok(level === 0 || Math.abs(back - value) < 0.1, `${value} became ${back}`);
        return level === 0 ? 0 : value;
      });
    const heat = await heatOf(showVolume(scan, { heat: { map: signed, colors: "signed" } }));
    assert.deepEqual(heat.range, [-20, 20]);
    assert.equal(heat.threshold, undefined);
    assert.deepEqual(heat.colors, ["#1277d3", "#f7f7f7", "#e3175b"]);
    const near = (least: number): readonly number[] =>
      [-20, -19, -18, -17, -10, -9, -8, -7, 0, 1, 2, 3].filter((value) => Math.abs(value) >= least);
    const kept = (all: readonly number[]): readonly number[] =>
      [...new Set(all.filter((value) => value !== 0))].sort((a, b) => a - b);
    assert.deepEqual(kept(drawnOf(heat)), near(2));
    const bold = { map: signed, colors: "signed", range: [-20, 20], threshold: 8 } as const;
    assert.deepEqual(kept(drawnOf(await heatOf(showVolume(scan, { heat: bold })))), near(8));
  });

  it("is refused on another grid, without values, and with an opacity or range that makes no sense", () => {
    const refuses = (heat: Parameters<typeof showVolume>[1], message: RegExp): void => {
      assert.throws(
        () => showVolume(scan, heat),
        (error: unknown) => error instanceof InputError && message.test(error.message),
      );
    };
    const moved = new Volume(values, { ...geometry, origin: [0, 0, 0] }, { name: "moved" });
    refuses({ heat: moved }, /heat "moved" and scan "thorax" lie on different grids.*Resample/);
    const nothing = new Volume(new Float32Array(count).fill(Number.NaN), geometry, { name: "nothing" });
    refuses({ heat: nothing }, /"nothing" has no finite value\. /);
    refuses({ heat: { map: contrast, opacity: 2 } }, /opacity.*found 2/);
    refuses({ heat: { map: contrast, range: [3, 3] } }, /range.*\[3, 3\]/);
    refuses({ heat: { map: contrast, threshold: Number.NaN } }, /threshold.*NaN/);
    refuses({ heat: { map: contrast, colors: "jet" as "hot" } }, /no heat.colors "jet".*viridis, hot/);
    refuses({ heat: { map: contrast, colors: "signed", range: [-1, 2] } }, /signed colors must be \[−v, v\]/);
    const far = new Volume(values, { ...geometry, origin: [5000, 0, 0] }, { name: "far" });
    refuses({ heat: { map: far, resample: true } }, /"far" lies outside of scan "thorax"/);
    refuses({ heat: { map: contrast, range: [0, Number.POSITIVE_INFINITY] } }, /range/);
  });
});

describe("the colors that stand for a picture", () => {
  it("are the picture's own where these are few, and near to each where they are many", () => {
    const pixel = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(
        fc.array(pixel, { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 2, max: 128 }),
        (all, most) => {
          const rgba = Uint8Array.from(all.flatMap((rgb) => [...rgb, 255]));
          const chosen = chooseColors(rgba, most);
          const own = new Set(
            all.filter(([r, g, b]) => r !== g || g !== b).map(([r, g, b]) => (r << 16) | (g << 8) | b),
          );
          assert.ok(chosen.length <= most);
          if (own.size <= most) assert.deepEqual(new Set(chosen), own);
          // A mean of colors lies between them.
          else for (const color of chosen) assert.ok(color >= 0 && color <= 0xffffff);
        },
      ),
    );
  });

  it("cover a smooth ramp over greys evenly: none is off by more than 24 of 255", () => {
    const rgba = new Uint8Array(4 * 256 * 64);
    for (let y = 0, q = 0; y < 64; y++) {
      for (let x = 0; x < 256; x++, q += 4) rgba.set([x, 255 - x, 4 * y, 255], q);
    }
    const chosen = chooseColors(rgba, 128).map((c) => [c >> 16, (c >> 8) & 255, c & 255] as const);
    let worst = 0;
    for (let q = 0; q < rgba.length; q += 4) {
      const off = chosen.map((c) =>
        Math.max(...c.map((channel, k) => Math.abs(channel - (rgba[q + k] as number)))),
      );
      worst = Math.max(worst, Math.min(...off));
    }
    assert.ok(worst <= 24, `${worst}`);
  });
});

async function heatOf(view: VolumeView): Promise<HeatPayload> {
  const bundle = await shown(view);
  const payload = bundle.data["application/vnd.radbook.volume+json"] as unknown as VolumePayload;
  return payload.heat ?? assert.fail("no heat map in the payload");
}

function unpack({ levels }: HeatPayload): Uint8Array {
  return new Uint8Array(gunzipSync(Buffer.from(levels.data, "base64")));
}

/** Mean place of the pixels with a color in one third of the picture, from 0 to 1, and how many colors they have. */
function colored(
  rgba: Uint8Array,
  width: number,
  height: number,
  panel: number,
): { x: number; y: number; colors: number } {
  const [left, right] = [(panel * width) / 3, ((panel + 1) * width) / 3].map(Math.round) as [number, number];
  const [top, bottom] = [76, height - 60];
  const colors = new Set<number>();
  let [sx, sy, n] = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const q = 4 * (x + width * y);
      const [r, g, b] = [rgba[q] as number, rgba[q + 1] as number, rgba[q + 2] as number];
      if (Math.max(r, g, b) - Math.min(r, g, b) < 30) continue;
      colors.add((r << 16) | (g << 8) | b);
      sx += (x - left) / (right - left);
      sy += (y - top) / (bottom - top);
      n++;
    }
  }
  return { x: sx / n, y: sy / n, colors: colors.size };
}
