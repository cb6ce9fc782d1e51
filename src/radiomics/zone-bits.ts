/**
 * What a list of zones holds, and which of a voxel's 13 neighbours behind it have to be looked at to join its zone.
 *
 * Layer:  radiomics; imports level-grid.
 */
import { DIRECTIONS } from "./level-grid.js";

/** One entry a zone. */
export interface Zones {
  readonly level: ArrayLike<number>;
  readonly size: ArrayLike<number>;
  /** Smallest city-block distance of its voxels from outside the shape; 1 at the border. 0 if not asked for. */
  readonly distance: ArrayLike<number>;
}

/** Made when it is first needed: it is the same for every region. */
let made: Uint16Array | undefined;

/**
 * Neighbours of one level that touch each other are in one zone already, so it is enough to look at one of them.
 *
 * @returns For every set of the 13 neighbours before a voxel, as bits, one of each group that hangs together.
 */
export function representatives(): Uint16Array {
  made ??= makeRepresentatives();
  return made;
}

function makeRepresentatives(): Uint16Array {
  const touching = DIRECTIONS.map((a) =>
    DIRECTIONS.reduce(
      (bits, b, d) => (a.every((v, axis) => Math.abs(v - b[axis]) <= 1) ? bits | (1 << d) : bits),
      0,
    ),
  );
  const enough = new Uint16Array(1 << DIRECTIONS.length);
  for (let set = 1; set < enough.length; set++) {
    let left = set;
    while (left !== 0) {
      const d = 31 - Math.clz32(left);
      enough[set] |= 1 << d;
      let group = 1 << d;
      for (let before = 0; group !== before; ) {
        before = group;
        for (let e = 0; e < DIRECTIONS.length; e++) if ((group >> e) & 1) group |= touching[e] & set;
      }
      left &= ~group;
    }
  }
  return enough;
}
