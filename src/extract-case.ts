/**
 * Features of one patient, from files or loaded objects: what the threads of a cohort extraction and the command line share.
 *
 * Layer:  beside index; imports core, io, radiomics, volume.
 */
import path from "node:path";
import { loadMask, loadVolume } from "./case-images.js";
import { InputError } from "./core/errors.js";
import { storedIntegers } from "./io/stored-type.js";
import type { CaseSource, CohortCase } from "./radiomics/cohort-case.js";
import type { PlainOptions } from "./radiomics/cohort-job.js";
import { extractor } from "./radiomics/extractor.js";
import type { Feature } from "./radiomics/feature-set.js";
import { labelIn } from "./radiomics/plain-options.js";

/** What a table keeps of a feature. */
export type CaseFeature = Pick<Feature, "name" | "unit" | "value">;

/** Features of every image and region; their names begin the names of the features, where there are several. */
export async function extractCase(
  options: PlainOptions,
  { id, images, regions }: CohortCase,
  folder: string,
): Promise<CaseFeature[]> {
  const features: CaseFeature[] = [];
  for (const [imageName, imageSource] of images) {
    const volume = await loadVolume(imageSource, folder);
    const extract = extractor(await forFile(options, imageSource, folder));
    for (const [regionName, regionSource] of regions) {
      const names = [imageName, regionName].filter((name) => name !== "");
      const mask = await loadMask(regionSource, volume, folder, labelIn(options));
      try {
        for (const { name, unit, value } of extract(volume, mask, { id }).features) {
          features.push({ name: [...names, name].join("_"), unit, value });
        }
      } catch (error) {
        if (names.length === 0 || !(error instanceof InputError)) throw error;
        throw new InputError(`${names.join(", ")}: ${error.message}`, { cause: error });
      }
    }
  }
  return features;
}

/** PyRadiomics computes differently on files that store whole numbers. */
async function forFile(options: PlainOptions, source: CaseSource, folder: string): Promise<PlainOptions> {
  if (options.convention !== "pyradiomics" || options.storedIntegers !== undefined) return options;
  if (source.kind !== "file") return options;
  const stored = await storedIntegers(path.resolve(folder, source.file));
  return stored === undefined ? options : { ...options, storedIntegers: stored };
}
