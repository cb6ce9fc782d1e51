/**
 * Texture families of one discretized region. What two families share is counted once.
 *
 * Layer:  radiomics; imports catalogue (types), the texture families, level-grid, settings (types).
 */
import type { TextureFamily } from "./catalogue.js";
import { glcmByAggregation } from "./glcm.js";
import { glrlmByAggregation } from "./glrlm.js";
import type { LevelGrid, SliceAggregation } from "./level-grid.js";
import { type NeighbourhoodValues, neighbourhoodsByAggregation } from "./neighbourhoods.js";
import type { Aggregation } from "./settings.js";
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
  let zones: ZoneValues | undefined;
  let neighbourhoods: NeighbourhoodValues | undefined;
  return (family) => {
    switch (family) {
      case "GLCM":
        return glcmByAggregation(grid, aggregations);
      case "GLRLM":
        return glrlmByAggregation(grid, aggregations);
      case "GLSZM":
      case "GLDZM":
        zones ??= zonesByAggregation(grid, morphology, aggregations);
        return family === "GLSZM" ? zones.size : zones.distance;
      case "NGTDM":
      case "NGLDM":
        neighbourhoods ??= neighbourhoodsByAggregation(grid, aggregations);
        return family === "NGTDM" ? neighbourhoods.difference : neighbourhoods.dependence;
    }
  };
}
