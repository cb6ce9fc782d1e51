/**
 * DICOM segmentations (SEG): segments, which may overlap, to masks and maps on their own grid or on that of a scan.
 *
 * Layer:  io; imports core, volume.
 */
import { showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { type Geometry, gridDifference, type Vec3, voxelCount, worldToIndex } from "../core/geometry.js";
import { nearest } from "../core/nearest.js";
import { Mask } from "../volume/mask.js";
import { Volume } from "../volume/volume.js";
import { type Rgb, rgbOfLab } from "./cielab.js";
import { type DicomItem, parseDicomFile } from "./dicom-file.js";
import { cross, dot, geometryOfSteps } from "./direction.js";
import { naming, readBytes } from "./file.js";
import { type SegFrame, type SegFrames, segFrames } from "./seg-frames.js";

/** A frame may lie this far off a slice of the grid, in slices: headers round positions. */
const OFF_SLICE = 0.05;
/** More voxels than fit into memory: places of frames that lie are refused before making room. */
const MAX_VOXELS = 2 ** 31;
/** A pixel belongs to the mask of a fractional segment if at least this share of it does. */
const HALF = 0.5;

/** One segment of a file. */
export interface Segment {
  readonly number: number;
  readonly name: string;
  /** MANUAL, SEMIAUTOMATIC or AUTOMATIC. */
  readonly algorithm: string;
  /** What it is, in the words of the file, e.g. "Mass". */
  readonly type: string;
  /** 0 to 255, if the file recommends one. */
  readonly color: Rgb | undefined;
}

/** The segments of a file. */
export class Segmentation {
  readonly file: string;
  readonly segments: readonly Segment[];
  /** The smallest grid that holds all frames. */
  readonly geometry: Geometry;
  readonly frameOfReference: string | undefined;
  readonly #frames: SegFrames;

  constructor(file: string, segments: readonly Segment[], frames: SegFrames, frameOfReference: string) {
    this.file = file;
    this.segments = segments;
    this.#frames = frames;
    this.geometry = naming(file, () => ownGrid(frames, file), frames.at);
    this.frameOfReference = frameOfReference === "" ? undefined : frameOfReference;
    showAs(this, () => ({ "text/plain": this.summary() }));
  }

  /** Names of the segments, in the order of the file. */
  get names(): readonly string[] {
    return this.segments.map((segment) => segment.name);
  }

  /**
   * A segment as a mask. Of a fractional segment, the voxels that belong to it by half or more.
   *
   * @param which  Name or number of the segment.
   * @param scan  The mask lies on its grid. Default: the segmentation's own grid, which may be smaller.
   * @throws InputError if there is no such segment, its name is doubled, or the scan lies on another grid or frame of reference.
   */
  async mask(which: string | number, scan?: Volume): Promise<Mask> {
    const segment = this.find(which);
    const { share, geometry } = await this.shares(segment, scan);
    return new Mask(
      Uint8Array.from(share, (value) => (value >= HALF ? 1 : 0)),
      geometry,
      segment.name,
    );
  }

  /** How much of each voxel belongs to a segment, 0 to 1: probability or partial volume, as the file means it. */
  async fraction(which: string | number, scan?: Volume): Promise<Volume> {
    const segment = this.find(which);
    const { share, geometry } = await this.shares(segment, scan);
    return new Volume(share, geometry, {
      modality: "SEG",
      name: segment.name,
      frameOfReference: this.frameOfReference,
    });
  }

  private find(which: string | number): Segment {
    const found = this.segments.filter(
      ({ number, name }) => (typeof which === "number" ? number : name) === which,
    );
    const [segment] = found;
    const list = this.segments.map(({ number, name }) => `${number} "${name}"`).join(", ") || "none";
    if (segment === undefined) {
      const near = typeof which === "string" ? nearest(which, this.names) : null;
      const hint = near === null ? "" : ` Did you mean "${near}"?`;
      throw new InputError(`there is no segment ${JSON.stringify(which)}.${hint} The file has: ${list}.`, {
        file: this.file,
      });
    }
    if (found.length === 1) return segment;
    throw new InputError(
      `${found.length} segments are called "${which}". Choose one by its number: ${list}.`,
      { file: this.file },
    );
  }

  private async shares(
    segment: Segment,
    scan: Volume | undefined,
  ): Promise<{ share: Float32Array; geometry: Geometry }> {
    const geometry = scan === undefined ? this.geometry : this.checkedGrid(scan);
    const { kind, fullScale, frames } = this.#frames;
    const plane = geometry.size[0] * geometry.size[1];
    const share = new Float32Array(voxelCount(geometry));
    for (const frame of frames) {
      if (frame.segment !== null && frame.segment !== segment.number) continue;
      const z = sliceOf(frame, geometry);
      if (z === null || z >= geometry.size[2] || z < 0) throw this.offGrid(frame, geometry);
      const values = await frame.values();
      const out = share.subarray(z * plane, (z + 1) * plane);
      for (let p = 0; p < plane; p++) {
        const value = values[p] as number;
        if (kind === "LABELMAP") out[p] = value === segment.number ? 1 : 0;
        else out[p] = value / fullScale;
      }
    }
    return { share, geometry };
  }

  /** The scan's grid, if the frames are slices of it. */
  private checkedGrid(scan: Volume): Geometry {
    const { frameOfReference } = scan;
    if (
      frameOfReference !== undefined &&
      this.frameOfReference !== undefined &&
      frameOfReference !== this.frameOfReference
    ) {
      throw new InputError(
        `the segments lie in frame of reference ${this.frameOfReference}, but the scan in ${frameOfReference}. ` +
          "Use the scan they were drawn on, or register the two first.",
        { file: this.file },
      );
    }
    // Its frames may be few of the scan's slices: compare one slice here, and the place of each frame when it is read.
    const { geometry } = scan;
    const slice = (grid: Geometry): Geometry => ({
      ...grid,
      size: [grid.size[0], grid.size[1], 1],
      origin: [0, 0, 0],
    });
    const own = {
      ...slice(this.geometry),
      spacing: [...this.geometry.spacing.slice(0, 2), geometry.spacing[2]] as unknown as Vec3,
    };
    const difference = gridDifference(slice(geometry), own, OFF_SLICE * geometry.spacing[2]);
    const isTurned = geometry.direction.some(
      (cosine, i) => Math.abs(cosine - (own.direction[i] as number)) > 1e-3,
    );
    if (difference === null && !isTurned) return geometry;
    throw new InputError(
      `the segments lie on another grid than the scan: ${difference ?? "other axes"}. ` +
        "Read them without the scan and resample one onto the other's grid.",
      { file: this.file },
    );
  }

  private offGrid(frame: SegFrame, geometry: Geometry): InputError {
    const [, , z] = worldToIndex(geometry, frame.position);
    return new InputError(
      `a frame lies at slice ${z.toFixed(2)} of 0 to ${geometry.size[2] - 1}: it is none of the scan's. Use the scan it was drawn on.`,
      { file: this.file },
    );
  }

  private summary(): string {
    const lines = this.segments.map(({ number, name, type, algorithm }) => {
      const about = [type, algorithm.toLowerCase()].filter((text) => text !== "").join(", ");
      return `  ${number} ${name}${about === "" ? "" : ` (${about})`}`;
    });
    const { size } = this.geometry;
    return [`Segmentation with ${lines.length} segments on ${size.join(" × ")} voxels`, ...lines].join("\n");
  }
}

/**
 * Reads a DICOM segmentation: binary, fractional or label map; segments may overlap and leave slices out.
 *
 * @throws InputError if the file is not a DICOM SEG, damaged, cut off, or its frames do not lie on one grid.
 *
 * @example
 * const tumor = await (await readSeg("seg.dcm")).mask("Tumor", ct);
 */
export async function readSeg(file: string): Promise<Segmentation> {
  const root = parseDicomFile(await readBytes(file), file);
  const modality = root.string("x00080060");
  if (modality !== "SEG") {
    throw root.fault("x00080060", `is "${modality}": this is not a segmentation`, "Name the SEG file.");
  }
  const segments = root.items("x00620002").map(
    (item): Segment => ({
      number: item.uint16("x00620004"),
      name: item.text("x00620005"),
      algorithm: item.string("x00620008"),
      type: item.items("x0062000f")[0]?.text("x00080104") ?? "",
      color: colorOf(item),
    }),
  );
  return new Segmentation(file, segments, segFrames(root), root.string("x00200052"));
}

function colorOf(item: DicomItem): Rgb | undefined {
  const lab = item.uint16s("x0062000d");
  return lab.length === 3 ? rgbOfLab(lab as [number, number, number]) : undefined;
}

/** The grid of all frames: places along the normal are whole steps of the smallest distance between two of them. */
function ownGrid({ frames, rows, columns }: SegFrames, file: string): Geometry {
  const first = frames[0] as SegFrame;
  const normal = cross(first.rowDirection, first.columnDirection);
  for (const frame of frames) {
    const turned = [
      dot(frame.rowDirection, first.rowDirection),
      dot(frame.columnDirection, first.columnDirection),
    ];
    const scaled = frame.spacing.some((s, axis) => Math.abs(s - (first.spacing[axis] as number)) > 1e-4);
    if (turned.some((cosine) => cosine < 1 - 1e-4) || scaled) {
      throw new InputError(
        "its frames have different orientations or spacings, so they make no grid. Export them as files of their own.",
        { file },
      );
    }
  }
  const places = [...new Set(frames.map((frame) => Math.round(1e4 * dot(frame.position, normal))))].sort(
    (a, b) => a - b,
  );
  const [low, high] = [(places[0] as number) / 1e4, (places.at(-1) as number) / 1e4];
  const gaps = places.slice(1).map((place, i) => (place - (places[i] as number)) / 1e4);
  const gap = sliceDistance(first, gaps);
  const slices = Math.round((high - low) / gap) + 1;
  if (
    !(slices * rows * columns <= MAX_VOXELS) ||
    gaps.some((g) => Math.abs(g / gap - Math.round(g / gap)) > OFF_SLICE)
  ) {
    throw new InputError(
      `its frames are unevenly spaced (${Math.min(...gaps)} to ${Math.max(...gaps)} mm), so they make no grid. Export them again.`,
      { file },
    );
  }
  const exact = slices === 1 ? gap : (high - low) / (slices - 1);
  const origin = (
    frames.find((frame) => Math.round(1e4 * dot(frame.position, normal)) === places[0]) as SegFrame
  ).position;
  const times = ([x, y, z]: Vec3, by: number): Vec3 => [x * by, y * by, z * by];
  const [sx, sy] = first.spacing;
  return geometryOfSteps(
    [columns, rows, slices],
    [times(first.rowDirection, sx), times(first.columnDirection, sy), times(normal, exact)],
    origin,
    file,
  );
}

/** The header's distance of slices, if the gaps are whole steps of it, else the smallest gap: slices without segment are left out. */
function sliceDistance({ betweenSlices = 0, thickness = 0 }: SegFrame, gaps: readonly number[]): number {
  const smallest = Math.min(...gaps);
  const steps = smallest / betweenSlices;
  if (betweenSlices > 0 && (gaps.length === 0 || Math.abs(steps - Math.round(steps)) <= OFF_SLICE))
    return betweenSlices;
  if (gaps.length > 0) return smallest;
  return thickness > 0 ? thickness : 1;
}

/** Which slice of a grid a frame is; null if it lies between two, or is shifted sideways. */
function sliceOf(frame: SegFrame, geometry: Geometry): number | null {
  const [x, y, z] = worldToIndex(geometry, frame.position);
  const slice = Math.round(z);
  return Math.abs(z - slice) <= OFF_SLICE && Math.abs(x) <= OFF_SLICE && Math.abs(y) <= OFF_SLICE
    ? slice
    : null;
}
