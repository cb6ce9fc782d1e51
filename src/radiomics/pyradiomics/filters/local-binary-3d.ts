/**
 * Local binary patterns on a sphere around each voxel, described by spherical harmonics, as in PyRadiomics.
 *
 * Source: J. Banerjee et al., ACCV 2012 Workshops, doi:10.1007/978-3-642-37410-4_3; PyRadiomics 3.1, which takes the polar
 * angle for the azimuth and the other way round, and SciPy 1.13 for splines and kurtosis.
 * Layer:  radiomics; imports volume, icosphere, scan-image, spherical-harmonics.
 */
import { type Coordinates, evaluateSpline, fitSpline } from "../../../volume/bspline.js";
import { icosphere } from "./icosphere.js";
import type { DerivedImage, Pixel, ScanImage, SizedBox } from "./scan-image.js";
import { kurtosis } from "./sphere-kurtosis.js";
import { harmonics } from "./spherical-harmonics.js";

export interface Binary3dOptions {
  /** Degrees of spherical harmonics: 0 … levels − 1, an image for each. */
  readonly lbp3DLevels: number;
  /** In voxels. */
  readonly lbp3DIcosphereRadius: number;
  readonly lbp3DIcosphereSubdivision: number;
}

/** @param inside  The region in the whole scan: voxels outside stay 0. @returns One image for each level, then kurtosis. */
export function localBinary3d(
  scan: ScanImage,
  inside: Uint8Array,
  box: SizedBox,
  options: Binary3dOptions,
): DerivedImage[] {
  const { lbp3DLevels: levels, lbp3DIcosphereRadius: radius } = options;
  const vertices = icosphere(options.lbp3DIcosphereSubdivision, radius);
  const at = regionIn(scan, inside, box);
  const samples = sampleSpheres(scan, box, at.box, vertices);
  const isSingle = scan.pixel === "single";
  const count = box.size[0] * box.size[1] * box.size[2];
  const images = Array.from({ length: levels }, () => new Float64Array(count));
  const curved = new Float64Array(count);
  const degrees = harmonics(vertices, radius, levels);
  const bits = new Uint8Array(vertices.length);
  for (let n = 0; n < at.box.length; n++) {
    const values = samples.subarray(n * vertices.length, (n + 1) * vertices.length);
    const here = scan.voxels[at.scan[n]];
    for (let v = 0; v < bits.length; v++) bits[v] = values[v] >= here ? 1 : 0;
    for (let l = 0; l < levels; l++) images[l][at.box[n]] = degrees[l](bits);
    curved[at.box[n]] = kurtosis(values, isSingle);
  }
  return [
    ...images.map((voxels, l) => ({ name: `lbp-3D-m${l + 1}`, voxels, isSingle: false })),
    { name: "lbp-3D-k", voxels: curved, isSingle: false },
  ];
}

/** Positions of the region's voxels in the box and in the scan. */
function regionIn(
  { size: [sx, sy] }: ScanImage,
  inside: Uint8Array,
  { low, size: [nx, ny, nz] }: SizedBox,
): { box: Int32Array; scan: Int32Array } {
  const inBox: number[] = [];
  const inScan: number[] = [];
  for (let z = 0, p = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = low[0] + sx * (low[1] + y + sy * (low[2] + z));
      for (let x = 0; x < nx; x++, p++) {
        if (inside[row + x] === 0) continue;
        inBox.push(p);
        inScan.push(row + x);
      }
    }
  }
  return { box: Int32Array.from(inBox), scan: Int32Array.from(inScan) };
}

/** Values on each voxel's sphere, one voxel after the other; 0 outside the scan. SciPy gives them the scan's own type. */
function sampleSpheres(
  { voxels, size, pixel }: ScanImage,
  { low, size: boxSize }: SizedBox,
  positions: Int32Array,
  vertices: readonly (readonly number[])[],
): Float64Array {
  const along = (offsets: readonly number[]): Coordinates => {
    const [x, y, z] = ([0, 1, 2] as const).map((axis) =>
      Float64Array.from({ length: boxSize[axis] }, (_, i) => low[axis] + i + offsets[axis]),
    );
    return [x, y, z];
  };
  const reach = Math.max(...vertices.flat());
  const ends = ([0, 1, 2] as const).map((axis) =>
    Float64Array.of(low[axis] - reach, low[axis] + boxSize[axis] - 1 + reach),
  );
  const spline = fitSpline(voxels, size, [ends[0], ends[1], ends[2]]);
  const samples = new Float64Array(positions.length * vertices.length);
  for (let v = 0; v < vertices.length; v++) {
    // PyRadiomics adds the vertex's x to the array's first axis, which is z.
    const [vz, vy, vx] = vertices[v];
    const at = along([vx, vy, vz]);
    const values = evaluateSpline(spline, at);
    const [nx, ny] = boxSize;
    for (let n = 0, p = v; n < positions.length; n++, p += vertices.length) {
      const q = positions[n];
      const x = at[0][q % nx];
      const y = at[1][Math.floor(q / nx) % ny];
      const z = at[2][Math.floor(q / (nx * ny))];
      const isOutside = x < 0 || y < 0 || z < 0 || x > size[0] - 1 || y > size[1] - 1 || z > size[2] - 1;
      const value = isOutside ? 0 : values[q];
      samples[p] = asPixel(value, pixel);
    }
  }
  return samples;
}

/** SciPy rounds halves away from 0. */
function asPixel(value: number, pixel: Pixel): number {
  switch (pixel) {
    case "integer":
      return Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
    case "unsigned":
      return Math.max(0, Math.floor(value + 0.5));
    case "single":
      return Math.fround(value);
    case "double":
      return value;
  }
}
