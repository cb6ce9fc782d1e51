/**
 * PyRadiomics' shape features of one slice: its outline at level ½ (marching squares).
 *
 * Layer:  radiomics; imports core, crop, plane-diameter.
 */
import { InputError } from "../../core/errors.js";
import type { Vec3 } from "../../core/geometry.js";
import { tightBox } from "../../volume/crop.js";
import { planeDiameter } from "./plane-diameter.js";

/**
 * @param inside  1 inside, x fastest, the outermost voxels 0.
 * @param axis    Axis across the slice.
 * @throws InputError if the region has more than one slice.
 */
export function shape2dFeatures(
  inside: Uint8Array,
  size: Vec3,
  spacing: Vec3,
  axis: 0 | 1 | 2,
): Record<string, number> {
  const box = tightBox(inside, size);
  if (box === null || box.high[axis] > box.low[axis]) {
    throw new InputError(
      "shape2D needs a region of one slice across force2Ddimension. Leave shape2D out, or cut one slice out of the mask.",
    );
  }
  const steps = [1, size[0], size[0] * size[1]];
  const [u, v] = [0, 1, 2].filter((other) => other !== axis);
  const slice = {
    start: box.low[axis] * steps[axis],
    stepU: steps[u],
    stepV: steps[v],
    nu: size[u],
    nv: size[v],
  };
  const { surface, perimeter } = outline(inside, slice, spacing[u], spacing[v]);
  const { count, major, minor } = axes(inside, slice, spacing[u], spacing[v]);
  return {
    Elongation: Math.sqrt(minor / major),
    MajorAxisLength: 4 * Math.sqrt(major),
    MaximumDiameter: planeDiameter(inside, size, spacing, axis),
    MeshSurface: surface,
    MinorAxisLength: 4 * Math.sqrt(minor),
    Perimeter: perimeter,
    PerimeterSurfaceRatio: perimeter / surface,
    PixelSurface: count * spacing[u] * spacing[v],
    Sphericity: (2 * Math.sqrt(Math.PI * surface)) / perimeter,
  };
}

interface Slice {
  readonly start: number;
  readonly stepU: number;
  readonly stepV: number;
  readonly nu: number;
  readonly nv: number;
}

/**
 * Between four voxel centres the outline cuts off corners or runs straight: what is inside is, in voxels, ⅛ for one
 * corner, ½ for two side by side, ¼ for two across (each cut off alone), ⅞ for three.
 */
function outline(
  inside: Uint8Array,
  { start, stepU, stepV, nu, nv }: Slice,
  su: number,
  sv: number,
): { surface: number; perimeter: number } {
  const cut = Math.hypot(su, sv) / 2;
  let surface = 0;
  let perimeter = 0;
  for (let v = 0; v + 1 < nv; v++) {
    for (let u = 0; u + 1 < nu; u++) {
      const p = start + u * stepU + v * stepV;
      const a = inside[p];
      const b = inside[p + stepU];
      const c = inside[p + stepV];
      const d = inside[p + stepU + stepV];
      const corners = a + b + c + d;
      if (corners === 4) surface += 1;
      if (corners === 0 || corners === 4) continue;
      if (corners === 1 || corners === 3) {
        surface += corners === 1 ? 1 / 8 : 7 / 8;
        perimeter += cut;
      } else if (a === d) {
        surface += 1 / 4;
        perimeter += 2 * cut;
      } else {
        surface += 1 / 2;
        perimeter += a === b ? su : sv;
      }
    }
  }
  return { surface: surface * su * sv, perimeter };
}

/** Eigenvalues of the covariance over N of the voxel centres, mm². */
function axes(
  inside: Uint8Array,
  { start, stepU, stepV, nu, nv }: Slice,
  su: number,
  sv: number,
): { count: number; major: number; minor: number } {
  let count = 0;
  let u1 = 0;
  let v1 = 0;
  let uu = 0;
  let uv = 0;
  let vv = 0;
  for (let v = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++) {
      if (inside[start + u * stepU + v * stepV] === 0) continue;
      count++;
      u1 += u;
      v1 += v;
      uu += u * u;
      uv += u * v;
      vv += v * v;
    }
  }
  const cuu = ((uu - (u1 * u1) / count) / count) * su * su;
  const cuv = ((uv - (u1 * v1) / count) / count) * su * sv;
  const cvv = ((vv - (v1 * v1) / count) / count) * sv * sv;
  const middle = (cuu + cvv) / 2;
  const reach = Math.hypot((cuu - cvv) / 2, cuv);
  return { count, major: middle + reach, minor: Math.max(0, middle - reach) };
}
