/**
 * The options of an extractor as plain data, also when they come from a parameter file.
 *
 * Layer:  radiomics; imports core, settings.
 */
import { InputError } from "../core/errors.js";
import { ParameterFile } from "../core/parameter-file.js";
import type { PlainOptions } from "./cohort-job.js";
import {
  checkPyradiomicsOptions,
  type PyradiomicsOptions,
  type PyradiomicsParameters,
} from "./pyradiomics/settings.js";
import { checkSettings, type ExtractorOptions } from "./settings.js";

/** @throws InputError as the checks of each convention, naming the file that the fault is in. */
export function plainOptions(options: ExtractorOptions | PyradiomicsOptions | ParameterFile): PlainOptions {
  if (options instanceof ParameterFile) {
    const { file, content } = options;
    if ("setting" in content || "imageType" in content || "featureClass" in content) {
      throw new InputError(
        'this is a parameter file of PyRadiomics. Choose the convention "pyradiomics" for it.',
        { file },
      );
    }
    const inFile = content as ExtractorOptions | PyradiomicsOptions;
    if (inFile.convention === "pyradiomics") {
      throw new InputError(
        'a file cannot choose the convention. Leave "convention" out and name it in the call.',
        { file },
      );
    }
    naming(file, () => checkSettings(inFile));
    return inFile;
  }
  if (options.convention !== "pyradiomics") return options;
  const { parameters, ...rest } = options;
  if (!(parameters instanceof ParameterFile)) return options;
  const plain: PyradiomicsOptions = { ...rest, parameters: parameters.content as PyradiomicsParameters };
  naming(parameters.file, () => checkPyradiomicsOptions(plain));
  return plain;
}

/** The label that a parameter file of PyRadiomics chooses; undefined if it does not. */
export function labelIn(options: PlainOptions): number | undefined {
  if (options.convention !== "pyradiomics" || options.parameters === undefined) return undefined;
  const setting = (options.parameters as PyradiomicsParameters).setting;
  return typeof setting?.label === "number" ? setting.label : undefined;
}

function naming(file: string, check: () => unknown): void {
  try {
    check();
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(cause.message, { file, cause });
  }
}
