/**
 * Notebooks with saved outputs, made for the extension's tests: a small scan whose every voxel is known, and figures.
 */
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { FigurePayload, HeatPayload, PackedBytes, VolumePayload } from "../../src/plot/mime.js";

export const VOLUME_MIME = "application/vnd.radbook.volume+json";
export const VOLUMES_MIME = "application/vnd.radbook.volumes+json";
export const FIGURE_MIME = "application/vnd.radbook.figure+json";

/** One red pixel: the static twin of every output here. */
export const TWIN =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

export const SIZE = [48, 40, 20] as const;

/** HU of a voxel of the small scan: a ramp along x and y with a bright ball, all multiples of 10. */
export function huAt(x: number, y: number, z: number): number {
  return inBall(x, y, z) ? 400 : -1000 + 10 * (x + y + z);
}

/** The region of the small scan: a ball off the middle. */
export function inBall(x: number, y: number, z: number): boolean {
  return Math.hypot(x - 14, y - 22, 2 * (z - 12)) <= 7;
}

/** The small scan with its ball as a region; embedded unless told otherwise. */
export function smallScan({ embedded = true } = {}): VolumePayload {
  const [nx, ny, nz] = SIZE;
  const voxels = new Uint8Array(nx * ny * nz);
  const mask = new Uint8Array(nx * ny * nz);
  for (let z = 0, p = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, p++) {
        voxels[p] = (huAt(x, y, z) + 1000) / 10;
        mask[p] = inBall(x, y, z) ? 1 : 0;
      }
    }
  }
  const payload: VolumePayload = {
    version: 1,
    id: `test-${Math.random()}`,
    name: "Small scan",
    modality: "CT",
    unit: "HU",
    geometry: {
      size: SIZE,
      spacing: [2, 2, 4],
      origin: [-47, -39, 100],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    },
    range: [-1000, 400],
    window: { center: -300, width: 1400 },
    cursor: [14, 22, 12],
    regions: [{ name: "GTV-1", color: "#e6550d", mask: packed(mask) }],
  };
  if (!embedded) return payload;
  const part = { offset: [0, 0, 0], size: SIZE, step: 1, slope: 10, intercept: -1000 } as const;
  return { ...payload, embedded: { ...part, voxels: packed(voxels) } };
}

/** Values over the ball of the small scan: each voxel has its x, from blue over grey to yellow. */
export function ballHeat({ opacity = 0.5 } = {}): HeatPayload {
  const low = [7, 15, 9] as const;
  const size = [15, 15, 7] as const;
  const levels = new Uint8Array(size[0] * size[1] * size[2]);
  for (let z = 0, p = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++, p++) {
        const isInside = inBall(low[0] + x, low[1] + y, low[2] + z);
        levels[p] = isInside ? 1 + Math.round((254 * x) / (size[0] - 1)) : 0;
      }
    }
  }
  return {
    name: "cm_contrast",
    unit: "HU²",
    range: [7, 21],
    opacity,
    colors: ["#0000ff", "#808080", "#ffff00"],
    offset: low,
    size,
    step: 1,
    levels: packed(levels),
  };
}

export function packed(bytes: Uint8Array): PackedBytes {
  return { encoding: "gzip+base64", data: gzipSync(bytes).toString("base64") };
}

/** A small chart in the form that the library sends. */
export function smallFigure(spec: Record<string, unknown> = barSpec()): FigurePayload {
  return {
    version: 1,
    kind: "kaplan-meier",
    alternative: "Survival of 12 patients",
    spec: spec as FigurePayload["spec"],
  };
}

export function barSpec(): Record<string, unknown> {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: "Numbers at risk",
    data: {
      values: [
        { group: "low", n: 7 },
        { group: "high", n: 5 },
      ],
    },
    layer: [
      { mark: { type: "bar", tooltip: { expr: "'n = ' + datum.n" } } },
      { mark: { type: "text", dy: -8 }, encoding: { text: { field: "n" } } },
    ],
    encoding: {
      x: { field: "group", type: "nominal" },
      y: { field: "n", type: "quantitative" },
      color: { field: "n", type: "quantitative" },
    },
  };
}

/** Writes a notebook whose code cells show the given MIME bundles as if they had run. */
export function writeNotebook(
  file: string,
  bundles: readonly Readonly<Record<string, unknown>>[],
  kernel?: { readonly name: string; readonly source: string },
): void {
  const kernelspec = {
    name: kernel?.name ?? "",
    display_name: kernel?.name ?? "",
    language: "typescript",
  };
  const cells = bundles.map((data, index) => ({
    id: `cell-${index}`,
    cell_type: "code",
    execution_count: 1,
    metadata: {},
    source: kernel?.source ?? "// shown before",
    outputs: [
      {
        output_type: "display_data",
        data: { "image/png": TWIN, "text/plain": "static twin", ...data },
        metadata: {},
      },
    ],
  }));
  const metadata = kernel === undefined ? {} : { kernelspec };
  writeFileSync(file, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
}
