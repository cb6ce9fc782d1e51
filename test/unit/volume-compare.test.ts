/** Several scans in one view: what the payload carries, where each stands at first, its picture, and what is refused. */
import assert from "node:assert/strict";
import { LIVE, type LiveSource } from "../../src/core/display.js";
import { InputError } from "../../src/core/errors.js";
import { type Geometry, IDENTITY } from "../../src/core/geometry.js";
import type { VolumesPayload } from "../../src/plot/mime.js";
import { compare, type VolumeComparison } from "../../src/plot/volume-compare.js";
import { volume as showVolume } from "../../src/plot/volume-view.js";
import { Volume } from "../../src/volume/volume.js";
import { shown } from "../support/display.js";

const fine: Geometry = { size: [20, 20, 10], spacing: [1, 1, 2], origin: [0, 0, 0], direction: IDENTITY };
/** The same place in thicker slices, walked from the other end, and further down. */
const coarse: Geometry = {
  size: [10, 10, 8],
  spacing: [2, 2, 4],
  origin: [18, 0, -12],
  direction: [-1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const first = scanOf(fine, "baseline", "1.2.3");
const second = scanOf(coarse, "follow-up", "1.2.3");

describe("plot.compare", () => {
  it("shows all scans at the place of the first, whatever their grids", async () => {
    const view = compare([showVolume(first, { center: [4, 6, 8] }), second]);
    const { scans, link, note } = await payloadOf(view);
    assert.equal(link, true);
    assert.equal(note, "");
    assert.deepEqual(
      scans.map(({ name, cursor }) => [name, cursor]),
      [
        ["baseline", [4, 6, 4]],
        // x = 18 − 2·7 = 4, y = 2·3 = 6, z = −12 + 4·5 = 8.
        ["follow-up", [7, 3, 5]],
      ],
    );
  });

  it("leaves a scan where it is if it does not reach there, or is not linked", async () => {
    const at = { center: [4, 6, 0] } as const;
    const far = scanOf({ ...coarse, origin: [18, 0, 500] }, "far", "1.2.3");
    const outside = await payloadOf(compare([showVolume(first, at), far]));
    assert.deepEqual(outside.scans[1]?.cursor, [5, 5, 4]);
    const alone = await payloadOf(compare([showVolume(first, at), second], { link: false }));
    assert.deepEqual([alone.link, alone.scans[1]?.cursor], [false, [5, 5, 4]]);
  });

  it("says where millimetres need not be the same tissue", async () => {
    const other = scanOf(coarse, "follow-up", "1.2.9");
    const view = compare([first, other]);
    assert.match((await payloadOf(view)).note, /different frames of reference and are not registered/);
    assert.match(view.alternative, /1: baseline .*2: follow-up .*not registered/);
    assert.match(await view.svg(), />The scans have different frames/);
  });

  it("names every scan in its picture, and no part of it twice", async () => {
    const svg = await compare([first, second]).svg();
    assert.match(svg, />baseline<.*>follow-up</s);
    const ids = [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(ids.length, 6);
    assert.ok((await compare([first, second]).png({ scale: 1 })).length > 1000);
  });

  it("answers for the voxels of each scan", () => {
    const view = compare([first, second]);
    const { answer } = (view as unknown as Record<symbol, LiveSource>)[LIVE] as LiveSource;
    for (const [scan, volume] of [first, second].entries()) {
      const [reply] = [...(answer({ kind: "voxels", scan }) as Iterable<{ buffers: Uint8Array[] }>)];
      const bytes = reply?.buffers[0] as Uint8Array;
      const values = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
      assert.deepEqual([...values], [...volume.voxels]);
    }
    assert.throws(() => answer({ kind: "voxels", scan: 2 }), /scans 0 to 1.*asked for 2/);
    assert.throws(() => answer({ kind: "voxels" }), InputError);
  });

  it("refuses fewer than two scans, more than six, and what is no scan", () => {
    assert.throws(() => compare([first]), /2 to 6 scans, found 1/);
    assert.throws(() => compare(Array.from({ length: 7 }, () => first)), /found 7/);
    assert.throws(() => compare(first as unknown as Volume[]), /found object/);
    assert.throws(() => compare([first, {} as Volume]), /Write plot.volume\(scan\)/);
  });
});

/** Each voxel has its number. */
function scanOf(geometry: Geometry, name: string, frameOfReference: string): Volume {
  const [nx, ny, nz] = geometry.size;
  const voxels = Float32Array.from({ length: nx * ny * nz }, (_, p) => p);
  return new Volume(voxels, geometry, { modality: "CT", unit: "HU", name, frameOfReference });
}

async function payloadOf(view: VolumeComparison): Promise<VolumesPayload> {
  const { data } = await shown(view);
  return data["application/vnd.radbook.volumes+json"] as unknown as VolumesPayload;
}
