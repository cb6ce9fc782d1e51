/**
 * Texture families of one discretized region. What families share is counted once: in the volume by `walkVolume`, in
 * slices family by family.
 *
 * Layer:  radiomics; imports catalogue (types), the texture families, level-grid, settings (types).
 */
import type { TextureFamily } from "./catalogue.js";
import { glcmByAggregation } from "./glcm.js";
import { glcmFeatures } from "./glcm-features.js";
import { glrlmByAggregation, runFeatures } from "./glrlm.js";
import { type LevelGrid, meanFeatures, type SliceAggregation } from "./level-grid.js";
import {
  dependenceFeatures,
  type Neighbourhoods,
  type NeighbourhoodValues,
  neighbourhoodsByAggregation,
} from "./neighbourhoods.js";
import { ngtdmFeatures } from "./ngtdm-features.js";
import type { Aggregation } from "./settings.js";
import { MAX_MERGED_LEVELS, MAX_WALKED_LEVELS, type Walked, walkVolume } from "./volume-walk.js";
import { type ZoneValues, zonesByAggregation } from "./zones.js";

/** Values of a family in the order of the catalogue, for each aggregation. */
export type TextureValues = ReadonlyMap<Aggregation | SliceAggregation, Float64Array>;

/**
 * @param grid        Levels of the intensity mask.
 * @param morphology  The shape, on the same grid.
 * @returns A function from a family to its values.
 */
export function textureOf(
  grid: LevelGrid,
  morphology: Uint8Array,
  aggregations: readonly Aggregation[],
): (family: TextureFamily) => TextureValues {
  const walks =
    grid.levelCount <= (aggregations.includes("3D averaged") ? MAX_WALKED_LEVELS : MAX_MERGED_LEVELS);
  const inVolume = walks ? aggregations.filter((aggregation) => aggregation.startsWith("3D")) : [];
  const others = aggregations.filter((aggregation) => !inVolume.includes(aggregation));
  const walked = once(() => walkVolume(grid, !inVolume.includes("3D averaged")));
  const zones = once(
    (): ZoneValues =>
      zonesByAggregation(grid, morphology, aggregations, inVolume.length > 0 ? walked().behind : undefined),
  );
  const aroundOthers = once((): NeighbourhoodValues => neighbourhoodsByAggregation(grid, others));
  const around = (): Neighbourhoods => walked().neighbourhoods;
  const volume = (features: () => Float64Array): [SliceAggregation, Float64Array][] =>
    inVolume.length === 0 ? [] : [["3D", features()]];
  return (family) => {
    switch (family) {
      case "GLCM":
        return new Map([
          ...glcmByAggregation(grid, others),
          ...directed(inVolume, walked, "pairs", (pairs) => glcmFeatures(pairs, grid.levelCount)),
        ]);
      case "GLRLM":
        return new Map([
          ...glrlmByAggregation(grid, others),
          ...directed(inVolume, walked, "runs", (runs) => runFeatures(runs, walked().longest)),
        ]);
      case "GLSZM":
        return zones().size;
      case "GLDZM":
        return zones().distance;
      case "NGTDM":
        return new Map([...aroundOthers().difference, ...volume(() => ngtdmFeatures(around()))]);
      case "NGLDM":
        return new Map([
          ...aroundOthers().dependence,
          ...volume(() => dependenceFeatures(around().dependence)),
        ]);
    }
  };
}

function directed(
  wanted: readonly Aggregation[],
  walked: () => Walked,
  table: "pairs" | "runs",
  features: (counts: Float64Array) => Float64Array,
): [Aggregation, Float64Array][] {
  return wanted.map((aggregation) => {
    const tables = walked()[table];
    const values = aggregation === "3D averaged" ? meanFeatures(tables.map(features)) : features(sum(tables));
    return [aggregation, values];
  });
}

function sum([first, ...others]: readonly Float64Array[]): Float64Array {
  if (others.length === 0) return first;
  const total = first.slice();
  for (const other of others) for (let c = 0; c < total.length; c++) total[c] += other[c];
  return total;
}

/** The function, computed when it is first asked. */
function once<T>(compute: () => T): () => T {
  let value: { readonly of: T } | undefined;
  return () => {
    value ??= { of: compute() };
    return value.of;
  };
}
