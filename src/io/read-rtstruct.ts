/**
 * Structure sets (DICOM RTSTRUCT): contours drawn on the slices of a scan, to masks on its grid.
 *
 * Layer:  io; imports core, volume.
 */
import { showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { type Vec3, voxelCount, worldToIndex } from "../core/geometry.js";
import { nearest } from "../core/nearest.js";
import { Mask } from "../volume/mask.js";
import type { Volume } from "../volume/volume.js";
import { type DicomItem, parseDicomFile } from "./dicom-file.js";
import { readBytes } from "./file.js";
import { flipInside, type Polygon } from "./rasterize.js";

/** Contours may lie this far off the slice they were drawn on, in slices: planning systems round coordinates. */
const OFF_SLICE = 0.25;
/** Points of one contour may differ this much along the slice normal, in slices. */
const OUT_OF_PLANE = 0.1;
/** Contours may reach this far beyond the outermost voxel centres, in voxels. */
const BEYOND_EDGE = 1;

/** One region of a structure set. */
interface Region {
  readonly number: string;
  readonly name: string;
  readonly frameOfReference: string;
  /** Closed contours, LPS+ mm: x, y, z, x, y, z, … */
  readonly contours: readonly Float64Array[];
}

/** The regions that were drawn on a scan. */
export class StructureSet {
  readonly file: string;
  readonly #regions: readonly Region[];

  constructor(file: string, regions: readonly Region[]) {
    this.file = file;
    this.#regions = regions;
    showAs(this, () => ({ "text/plain": this.summary() }));
  }

  /** Names of the regions, in the order of the file. */
  get names(): readonly string[] {
    return this.#regions.map((region) => region.name);
  }

  /**
   * A region as a mask on the grid of the scan it was drawn on.
   *
   * A voxel belongs to the region if its centre lies inside an odd number of the contours of its slice: inner contours cut holes. The
   * frame of reference is compared where the scan has one (scans from NIfTI or NRRD do not).
   *
   * @throws InputError if the name is unknown or doubled, the scan has another frame of reference, a contour lies off its slices or
   *   beyond its edge, or no voxel lies inside.
   */
  mask(name: string, scan: Volume): Mask {
    const region = this.find(name);
    this.checkFrame(region, scan);
    const { geometry } = scan;
    const [nx, ny, nz] = geometry.size;
    const voxels = new Uint8Array(voxelCount(geometry));
    for (const contour of region.contours) {
      const { slice, polygon } = this.onSlice(contour, region, scan);
      if (slice < 0 || slice >= nz) throw this.beyond(region, `slice ${slice} of 0 to ${nz - 1}`);
      flipInside(polygon, nx, ny, voxels.subarray(slice * nx * ny, (slice + 1) * nx * ny));
    }
    const mask = new Mask(voxels, geometry, name);
    if (mask.count > 0) return mask;
    throw new InputError(
      `region "${name}" covers no voxel centre of the scan (${region.contours.length} closed contours). ` +
        "Check that it was drawn on this scan, or use a finer grid.",
      { file: this.file },
    );
  }

  private find(name: string): Region {
    const found = this.#regions.filter((region) => region.name === name);
    const [region] = found;
    if (region === undefined) {
      const near = nearest(name, this.names);
      const list = this.names.length === 0 ? "no regions" : this.names.map((n) => `"${n}"`).join(", ");
      throw new InputError(
        `there is no region "${name}"${near === null ? "." : `; did you mean "${near}"?`} The file has ${list}.`,
        { file: this.file },
      );
    }
    if (found.length > 1) {
      throw new InputError(
        `${found.length} regions are called "${name}", so it is not clear which one is meant. Rename them in the planning system.`,
        { file: this.file },
      );
    }
    return region;
  }

  private checkFrame(region: Region, scan: Volume): void {
    const { frameOfReference } = scan;
    if (frameOfReference === undefined || region.frameOfReference === "") return;
    if (region.frameOfReference === frameOfReference) return;
    throw new InputError(
      `region "${region.name}" was drawn in frame of reference ${region.frameOfReference}, but the scan has ${frameOfReference}. ` +
        "Use the scan it was drawn on, or register the two first.",
      { file: this.file },
    );
  }

  /** A contour in voxel indices of its slice. */
  private onSlice(
    contour: Float64Array,
    region: Region,
    { geometry }: Volume,
  ): { slice: number; polygon: Polygon } {
    const points = contour.length / 3;
    const polygon = new Float64Array(2 * points);
    const [nx, ny] = geometry.size;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < points; i++) {
      const at = contour.subarray(3 * i, 3 * i + 3) as unknown as Vec3;
      const [x, y, z] = worldToIndex(geometry, [at[0], at[1], at[2]]);
      if (x < -BEYOND_EDGE || y < -BEYOND_EDGE || x > nx - 1 + BEYOND_EDGE || y > ny - 1 + BEYOND_EDGE) {
        throw this.beyond(region, `voxel (${x.toFixed(1)}, ${y.toFixed(1)}) of ${nx} × ${ny}`);
      }
      polygon[2 * i] = x;
      polygon[2 * i + 1] = y;
      low = Math.min(low, z);
      high = Math.max(high, z);
    }
    const middle = (low + high) / 2;
    const slice = Math.round(middle);
    if (high - low > OUT_OF_PLANE || Math.abs(middle - slice) > OFF_SLICE) {
      throw new InputError(
        `a contour of "${region.name}" lies at ${low.toFixed(2)} to ${high.toFixed(2)} slices, between the slices of this scan. ` +
          "Use the scan it was drawn on, not a resampled one.",
        { file: this.file },
      );
    }
    return { slice, polygon };
  }

  private beyond(region: Region, where: string): InputError {
    return new InputError(
      `a contour of "${region.name}" reaches beyond the scan (${where}), so the region would be cut. Use the whole scan it was drawn on.`,
      { file: this.file },
    );
  }

  private summary(): string {
    const lines = this.#regions.map((r) => `  ${r.name}: ${r.contours.length} closed contours`);
    return [`Structure set with ${this.#regions.length} regions`, ...lines].join("\n");
  }
}

/**
 * Reads a structure set.
 *
 * @throws InputError if the file is not a DICOM RTSTRUCT, damaged or cut off.
 *
 * @example
 * const gtv = (await readRtstruct("LUNG1-001/RTSTRUCT.dcm")).mask("GTV-1", ct);
 */
export async function readRtstruct(file: string): Promise<StructureSet> {
  const root = parseDicomFile(await readBytes(file), file);
  const modality = root.string("x00080060");
  if (modality !== "RTSTRUCT") {
    throw root.fault("x00080060", `is "${modality}": this is not a structure set`, "Name the RTSTRUCT file.");
  }
  const contours = new Map<string, Float64Array[]>();
  for (const item of root.items("x30060039")) {
    const number = item.string("x30060084");
    const known = contours.get(number) ?? [];
    for (const drawn of item.items("x30060040")) known.push(...closedContour(drawn));
    contours.set(number, known);
  }
  const regions = root.items("x30060020").map((item): Region => {
    const number = item.string("x30060022");
    return {
      number,
      name: item.text("x30060026"),
      frameOfReference: item.string("x30060024"),
      contours: contours.get(number) ?? [],
    };
  });
  return new StructureSet(file, regions);
}

/** The contour's points, or nothing for points and open lines, which enclose no voxel. */
function closedContour(item: DicomItem): Float64Array[] {
  if (!item.string("x30060042").startsWith("CLOSED_PLANAR")) return [];
  const numbers = item.decimalList("x30060050");
  if (numbers.length % 3 !== 0) {
    throw item.fault("x30060050", `has ${numbers.length} numbers, which do not make points of three`);
  }
  return numbers.length < 9 ? [] : [Float64Array.from(numbers)];
}
