/**
 * What `import "radbook"` loads: the names of `index.ts`, from the bundle or the build. A test holds the two lists together.
 */
import { loadBuilt } from "./built.mjs";

export const {
  Cohort,
  ExtractedFeatures,
  FeatureTable,
  InputError,
  Labels,
  Mask,
  NumericalError,
  ParameterFile,
  Scores,
  SurvivalData,
  Volume,
  explain,
  io,
  model,
  plot,
  radiomics,
  selection,
  table,
} = loadBuilt("index.js");
