/**
 * A stored label image to one region.
 *
 * Layer:  io; imports core, volume.
 */
import { InputError } from "../core/errors.js";
import type { Geometry } from "../core/geometry.js";
import { Mask } from "../volume/mask.js";
import type { LabelArray } from "./number-types.js";

/** Which voxels of a label image make the region, and what it is called. */
export interface MaskOptions {
  /** Label of the region. Default: the only label in the file. */
  readonly label?: number;
  /** Default: `label N`, or "region" for the only label. */
  readonly name?: string;
}

/** The numbers of a label image. */
export interface Labelled {
  readonly voxels: LabelArray;
  readonly geometry: Geometry;
}

/**
 * Picks one label of a label image.
 *
 * @throws InputError if a voxel is not a whole number, the label is absent, nothing is labelled, or there are several labels
 *   and none is chosen.
 */
export function maskOfLabels(labels: Labelled, file: string, { label, name }: MaskOptions = {}): Mask {
  const counts = countLabels(labels, file);
  const chosen = label ?? onlyLabel(counts, file);
  if (!counts.has(chosen)) {
    throw new InputError(
      `label ${chosen} is not in the file, which has ${describe(counts)}. Choose one of them with { label }.`,
      { file },
    );
  }
  const voxels = new Uint8Array(labels.voxels.length);
  for (let p = 0; p < voxels.length; p++) voxels[p] = labels.voxels[p] === chosen ? 1 : 0;
  return new Mask(voxels, labels.geometry, name ?? (label === undefined ? "region" : `label ${label}`));
}

function countLabels({ voxels }: Labelled, file: string): Map<number, number> {
  const counts = new Map<number, number>();
  // Labels come in runs: the map is asked once for each.
  for (let p = 0; p < voxels.length; ) {
    const start = p;
    const value = voxels[start] as number;
    while (p < voxels.length && voxels[p] === value) p++;
    if (value === 0) continue;
    if (!Number.isInteger(value)) {
      throw new InputError(
        `a mask holds whole labels, but voxel ${start} has the value ${value}. ` +
          "If this is a scan, read it as a volume; if it is a probability map, threshold it first.",
        { file },
      );
    }
    counts.set(value, (counts.get(value) ?? 0) + p - start);
  }
  return counts;
}

function onlyLabel(counts: ReadonlyMap<number, number>, file: string): number {
  const [first] = counts.keys();
  if (first === undefined) {
    throw new InputError("the mask is empty: every voxel is 0. Check that this is the file of the region.", {
      file,
    });
  }
  if (counts.size > 1) {
    throw new InputError(
      `the file holds several regions: ${describe(counts)}. Choose one, e.g. { label: ${first} }.`,
      { file },
    );
  }
  return first;
}

function describe(counts: ReadonlyMap<number, number>): string {
  if (counts.size === 0) return "no labels at all";
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const shown = sorted.slice(0, 12).map(([label, count]) => `label ${label} (${count} voxels)`);
  return sorted.length > 12 ? `${shown.join(", ")} and ${sorted.length - 12} more` : shown.join(", ");
}
