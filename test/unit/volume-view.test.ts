/** A scan in a notebook: what the bundle carries, what a live view is sent, and what is refused. */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import type { Geometry } from "../../src/core/geometry.js";
import { applyWindow, chooseWindow } from "../../src/plot/grey-window.js";
import { answerVoxels } from "../../src/plot/live-voxels.js";
import type { CoarseVoxels, VolumePayload, VoxelsChunk } from "../../src/plot/mime.js";
import { embedVoxels } from "../../src/plot/pack.js";
import { compactPng, pngSize } from "../../src/plot/png.js";
import { renderer } from "../../src/plot/raster.js";
import { volume as showVolume } from "../../src/plot/volume-view.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { liveSource, picture, shown } from "../support/display.js";

const geometry: Geometry = {
  size: [20, 16, 12],
  spacing: [1, 1, 2.5],
  origin: [-30, 5, 100],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const count = 20 * 16 * 12;
const scan = new Volume(
  Float32Array.from({ length: count }, (_, p) => ((p * 37) % 1500) - 1000),
  geometry,
  { modality: "CT", unit: "HU", name: "thorax" },
);
const lesion = box([4, 5, 6], [7, 8, 8], "GTV-1");

describe("plot.volume", () => {
  it("carries payload, picture and words, and the picture's true size and alternative", async () => {
    const bundle = await shown(showVolume(scan, { overlay: lesion, window: "lung" }));
    assert.deepEqual(Object.keys(bundle.data), [
      "application/vnd.radbook.volume+json",
      "image/png",
      "text/plain",
    ]);
    const size = pngSize(picture(bundle));
    const text = bundle.data["text/plain"] as string;
    assert.deepEqual(bundle.metadata["image/png"], {
      width: size.width / 2,
      height: size.height / 2,
      alt: text,
    });
    assert.match(text, /thorax \(CT\).*\(-24, 12, 117\.5\) mm LPS, lung window \(-1350 to 150 HU\).*GTV-1/);
  });

  it("carries regions that unpack to the mask, and no voxels", async () => {
    const payload = await payloadOf(showVolume(scan, { overlay: [lesion] }));
    assert.deepEqual(unpack(payload.regions[0].mask.data), lesion.voxels);
    assert.equal(payload.embedded, undefined);
    assert.ok(JSON.stringify(payload).length < 2000);
    assert.deepEqual(payload.range, [-1000, 499]);
    assert.deepEqual(payload.window, { center: 40, width: 400 });
    assert.deepEqual(payload.cursor, [6, 7, 7]);
  });

  it("embeds the voxels around the region within half a step of the true grey value", async () => {
    const window = { center: 0, width: 1200 };
    const payload = await payloadOf(showVolume(scan, { overlay: lesion, window, embed: true }));
    const { offset, size, step, slope, intercept, voxels } =
      payload.embedded ?? assert.fail("nothing embedded");
    assert.equal(step, 1);
    const bytes = unpack(voxels.data);
    assert.equal(bytes.length, size[0] * size[1] * size[2]);
    for (let p = 0; p < bytes.length; p++) {
      const x = offset[0] + (p % size[0]);
      const y = offset[1] + (Math.floor(p / size[0]) % size[1]);
      const z = offset[2] + Math.floor(p / (size[0] * size[1]));
      const error = Math.abs(bytes[p] * slope + intercept - scan.at([x, y, z]));
      assert.ok(error <= slope / 2 + 1e-6, `voxel ${x},${y},${z} is off by ${error}`);
    }
  });

  it("makes the embedded part smaller, then coarser, until it fits", () => {
    for (const most of [6000, 2000, 500]) {
      const { voxels, size, step, offset } = embedVoxels(
        scan,
        [lesion],
        [6, 7, 7],
        { center: 0, width: 1200 },
        most,
      );
      assert.ok(voxels.data.length <= most, `${voxels.data.length}`);
      assert.equal(unpack(voxels.data).length, size[0] * size[1] * size[2]);
      for (const axis of [0, 1, 2] as const) {
        assert.ok(offset[axis] + (size[axis] - 1) * step < geometry.size[axis]);
      }
    }
  });

  it("shows the bright corner at the patient's right, front and top on the left and top of the picture", async () => {
    const bright = new Float32Array(count);
    box([0, 0, 9], [4, 4, 11], "").voxels.forEach((inside, p) => {
      bright[p] = inside * 1000;
    });
    const view = showVolume(new Volume(bright, geometry), {
      center: [-29, 6, 126],
      window: { center: 500, width: 100 },
    });
    const { pixels } = await renderer();
    const { width, height, rgba } = pixels(await view.svg(), 1);
    const thirds = [0, 1, 2].map((panel) => centerOfLight(rgba, width, height, panel));
    // Axial: right and front. Coronal: right and top. Sagittal: front and top.
    for (const { x, y } of thirds) assert.ok(x < 0.4 && y < 0.4, JSON.stringify(thirds));
  });

  it("shows a scan of one voxel", async () => {
    const one = new Volume(Float32Array.of(5), { ...geometry, size: [1, 1, 1] }, { modality: "MR" });
    assert.ok(picture(await shown(showVolume(one))).length > 1000);
  });

  it("scales its picture, and refuses a scale that is none", async () => {
    const view = showVolume(scan);
    assert.equal(pngSize(await view.png({ scale: 1 })).width, 960);
    await assert.rejects(view.png({ scale: Number.NaN }), isInputError(/scale/));
  });

  it("refuses a region on another grid, naming the remedy", () => {
    const other = new Mask(new Uint8Array(count).fill(1), { ...geometry, spacing: [1, 1, 3] }, "other");
    assert.throws(() => showVolume(scan, { overlay: other }), isInputError(/different grids.*Resample/));
  });

  it("refuses an empty region, an unknown window, a center outside and a scan without numbers", () => {
    const empty = new Mask(new Uint8Array(count), geometry, "nothing");
    assert.throws(() => showVolume(scan, { overlay: empty }), isInputError(/"nothing" is empty/));
    assert.throws(
      () => showVolume(scan, { window: "liver" as "lung" }),
      isInputError(/no window "liver".*lung/),
    );
    assert.throws(
      () => showVolume(scan, { window: { center: 0, width: 0 } }),
      isInputError(/positive width/),
    );
    assert.throws(() => showVolume(scan, { center: [0, 0, 0] }), isInputError(/lies outside scan "thorax"/));
    const blank = new Volume(new Float32Array(count).fill(Number.NaN), geometry);
    assert.throws(() => showVolume(blank), isInputError(/no finite voxel/));
  });
});

describe("live voxels", () => {
  it("arrive whole and exact in chunks, as 16-bit integers where these hold them", () => {
    const values = fc.oneof(
      fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 1, maxLength: 50 }),
      fc.array(fc.constantFrom(-32769, -32768, 0, 32767, 32768), { minLength: 1, maxLength: 3 }),
      fc.array(fc.float(), { minLength: 1, maxLength: 50 }),
    );
    fc.assert(
      fc.property(values, fc.integer({ min: 4, max: 40 }), (numbers, mostBytes) => {
        const grid = { ...geometry, size: [numbers.length, 1, 1] as const };
        const volume = new Volume(Float32Array.from(numbers), grid);
        const { received, types } = receive(volume, mostBytes);
        const whole = numbers.every((v) => Number.isInteger(v) && v >= -32768 && v <= 32767);
        assert.deepEqual([...types], [whole ? "int16" : "float32"]);
        assert.deepEqual(
          received,
          Float32Array.from(volume.voxels, (v) => (whole ? v + 0 : v)),
        );
      }),
    );
  });

  it("of a large scan follow a coarse copy of every n-th voxel along each axis", () => {
    const sizes = fc.tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
    );
    fc.assert(
      fc.property(sizes, fc.integer({ min: 4, max: 40 }), fc.boolean(), (size, mostBytes, whole) => {
        const values = Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, p) =>
          whole ? p : p + 0.5,
        );
        const volume = new Volume(values, { ...geometry, size });
        const [first] = [...answerVoxels(volume, { kind: "voxels" }, mostBytes)];
        const { kind, step, size: held, type } = first.content as unknown as CoarseVoxels;
        const perChunk = Math.floor(mostBytes / (whole ? 2 : 4));
        assert.equal(kind, values.length > 4 * perChunk ? "coarse" : "voxels");
        if (kind !== "coarse") return;
        const { buffer } = first.buffers?.[0] ?? assert.fail("no buffer");
        const copy = type === "int16" ? new Int16Array(buffer) : new Float32Array(buffer);
        assert.equal(copy.length, held[0] * held[1] * held[2]);
        assert.ok(copy.byteLength <= mostBytes);
        for (let p = 0; p < copy.length; p++) {
          const [x, y, z] = [
            p % held[0],
            Math.floor(p / held[0]) % held[1],
            Math.floor(p / (held[0] * held[1])),
          ];
          assert.equal(copy[p], volume.at([step * x, step * y, step * z]));
        }
      }),
    );
  });

  it("answer through the shown value, under the payload's id", async () => {
    const view = showVolume(scan);
    const source = liveSource(view);
    assert.equal((await payloadOf(view)).id, source.id);
    const [reply] = [...(source.answer({ kind: "voxels" }) as ReturnType<typeof answerVoxels>)];
    assert.equal(reply.buffers?.[0].byteLength, 2 * count);
  });

  it("refuse another request", () => {
    assert.throws(() => [...answerVoxels(scan, { kind: "meshes" })], isInputError(/voxels/));
  });
});

describe("grey windows", () => {
  it("show the lower edge black, the center grey, the upper edge white, and NaN black", () => {
    const shades = new Uint8Array(6);
    applyWindow(
      Float32Array.of(-1350, -1351, -600, 150, 4000, Number.NaN),
      { center: -600, width: 1500 },
      shades,
    );
    assert.deepEqual([...shades], [0, 0, 128, 255, 255, 0]);
  });

  it("are by default mediastinum for CT, SUV for PET, and what the grey values span for others", () => {
    const of = (modality: string, unit: string) =>
      chooseWindow(new Volume(scan.voxels, geometry, { modality, unit }), undefined);
    assert.equal(of("CT", "HU").name, "mediastinum");
    // A response map of a CT is no longer in HU.
    assert.equal(of("CT", "").name, "");
    assert.equal(of("PT", "SUV").name, "SUV");
    const { center, width } = of("MR", "");
    assert.ok(center - width / 2 > -1000 && center - width / 2 < -970, `${center - width / 2}`);
    assert.ok(center + width / 2 < 499 && center + width / 2 > 470, `${center + width / 2}`);
  });
});

describe("compact PNG", () => {
  it("keeps colors exactly and greys within one part in 128", async () => {
    const width = 16;
    const height = 17;
    const rgba = new Uint8Array(4 * width * height).fill(255);
    for (let p = 0; p < 256; p++) rgba.fill(p, 4 * p, 4 * p + 3);
    rgba.set([230, 159, 0, 255, 86, 180, 233, 255], 4 * 256);
    const png = Buffer.from(compactPng({ rgba, width, height })).toString("base64");
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="17"><image width="16" height="17" href="data:image/png;base64,${png}"/></svg>`;
    const decoded = (await renderer()).pixels(svg, 1).rgba;
    for (let p = 0; p < 256; p++)
      assert.ok(Math.abs(decoded[4 * p] - p) <= 1, `${p} became ${decoded[4 * p]}`);
    assert.deepEqual([...decoded.subarray(4 * 256, 4 * 258)], [230, 159, 0, 255, 86, 180, 233, 255]);
  });
});

function box(low: readonly number[], high: readonly number[], name: string): Mask {
  const voxels = new Uint8Array(count);
  for (let z = low[2]; z <= high[2]; z++)
    for (let y = low[1]; y <= high[1]; y++)
      for (let x = low[0]; x <= high[0]; x++) voxels[x + 20 * (y + 16 * z)] = 1;
  return new Mask(voxels, geometry, name);
}

async function payloadOf(view: object): Promise<VolumePayload> {
  return (await shown(view)).data["application/vnd.radbook.volume+json"] as unknown as VolumePayload;
}

function unpack(base64: string): Uint8Array {
  return new Uint8Array(gunzipSync(Buffer.from(base64, "base64")));
}

function receive(volume: Volume, mostBytes: number): { received: Float32Array; types: Set<string> } {
  const received = new Float32Array(volume.voxels.length);
  const types = new Set<string>();
  for (const { content, buffers } of answerVoxels(volume, { kind: "voxels" }, mostBytes)) {
    if ((content as { kind: string }).kind === "coarse") continue;
    const { type, start, count: length, total } = content as unknown as VoxelsChunk;
    const [bytes] = buffers ?? assert.fail("no buffer");
    assert.ok(bytes.byteLength <= mostBytes);
    assert.equal(total, received.length);
    const values = type === "int16" ? new Int16Array(bytes.buffer) : new Float32Array(bytes.buffer);
    assert.equal(values.length, length);
    received.set(values, start);
    types.add(type);
  }
  return { received, types };
}

/** Mean place of the white pixels in one third of the picture, each from 0 to 1; captions and frame are left out. */
function centerOfLight(
  rgba: Uint8Array,
  width: number,
  height: number,
  panel: number,
): { x: number; y: number } {
  const [left, right] = [(panel * width) / 3, ((panel + 1) * width) / 3].map(Math.round);
  let [sx, sy, n] = [0, 0, 0];
  const [top, bottom] = [76, height - 30];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      if (rgba[4 * (x + y * width)] < 250) continue;
      sx += (x - left) / (right - left);
      sy += (y - top) / (bottom - top);
      n++;
    }
  }
  return { x: sx / n, y: sy / n };
}

function isInputError(message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof InputError && message.test(error.message);
}
