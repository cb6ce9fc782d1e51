/**
 * The IBSI digital phantom: 5 × 4 × 4 voxels of 2 mm with grey levels 1 to 9, on which every feature has a published value.
 *
 * Source: Image Biomarker Standardisation Initiative, reference manual, arXiv:1612.07003, section "Digital phantom" (CC BY 4.0).
 * Layer:  io; imports core, volume.
 */
import { type Geometry, IDENTITY } from "../core/geometry.js";
import { Mask } from "../volume/mask.js";
import { Volume } from "../volume/volume.js";

/** The phantom and its region of 74 voxels; `radiomics.ibsiDigitalPhantom` has what its features must be. */
export interface IbsiPhantom {
  readonly image: Volume;
  readonly mask: Mask;
}

const GEOMETRY: Geometry = { size: [5, 4, 4], spacing: [2, 2, 2], origin: [0, 0, 0], direction: IDENTITY };

/** One line a row, one block a slice; a dot after the level: outside the region. */
const LEVELS = `
1 4 4 1 1
1 4 6 1 1
4 1 6 4 1
4 4 6 4 1

1 4 4 1 1
1 1 6 1 1
1. 1 3 1 1
4 4 6 1 1

1 4 4 1. 1.
1 1 1 1 1
1 1 9. 1 1
1 1 6 1 1

1 4 4 1. 1.
1 1 1 1 1
1 1 1 1 1
1 1 6 1 1
`;

/** The digital phantom of the Image Biomarker Standardisation Initiative with its consensus values. Needs no file. */
export function ibsiPhantom(): IbsiPhantom {
  const cells = LEVELS.trim().split(/\s+/);
  const levels = Float32Array.from(cells, (cell) => Number.parseInt(cell, 10));
  const inside = Uint8Array.from(cells, (cell) => (cell.endsWith(".") ? 0 : 1));
  return {
    image: new Volume(levels, GEOMETRY, { name: "IBSI digital phantom" }),
    mask: new Mask(inside, GEOMETRY, "region"),
  };
}
