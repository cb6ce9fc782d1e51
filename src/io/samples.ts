/**
 * Samples for notebooks: a chest CT with its contour, a cohort, and the IBSI digital phantom.
 *
 * Layer:  io; imports core.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { dataFolders, findData } from "./data-folder.js";

export { type IbsiPhantom, ibsiPhantom } from "./ibsi-phantom.js";

/** Where a sample scan lies and where it comes from. */
export interface ChestCt {
  /** Folder of the DICOM series. */
  readonly ct: string;
  /** File of the structure set. */
  readonly rtstruct: string;
  /** Name of the tumour in the structure set. */
  readonly roi: string;
  /** A mask of the tumour from another hand, if there is one. */
  readonly referenceMask: string | undefined;
  readonly source: string;
  readonly license: string;
  /** False for the synthetic scan. */
  readonly isReal: boolean;
}

/** Where a sample cohort lies. */
export interface SampleCohort {
  /** CSV file: id, age, sex, smoker, scanner, time (months), event, cause, labels. */
  readonly clinical: string;
  /** A CT around each lesion and the mask of the lesion, by patient id. */
  readonly lesions: readonly { readonly id: string; readonly ct: string; readonly mask: string }[];
  readonly source: string;
  readonly license: string;
}

const IBSI_CT = ["radiomics", "ibsi_1_ct_radiomics_phantom"] as const;
const MADE = "made by Radbook from seed 42 with known causes";

/**
 * A chest CT with a contoured lung tumour: the IBSI 1 radiomics phantom if it is there, else the synthetic one.
 *
 * Looked for in the folder that RADBOOK_DATA names, then in `data/` of the Radbook folder.
 *
 * @throws InputError naming the commands that fetch or make one, if neither is there.
 */
export function chestCt(): ChestCt {
  const real = findData(...IBSI_CT, "dicom", "mask", "DCM_RS_00060.dcm");
  if (real !== null) {
    const phantom = path.resolve(real, "..", "..", "..");
    return shown({
      ct: path.join(phantom, "dicom", "image"),
      rtstruct: real,
      roi: "GTV-1",
      referenceMask: findData(...IBSI_CT, "nifti", "mask", "mask.nii.gz") ?? undefined,
      source: "IBSI 1 CT radiomics phantom, Lambin et al. 2016, doi:10.17195/candat.2016.08.1",
      license: "CC BY-NC 3.0",
      isReal: true,
    });
  }
  const made = findData("synthetic", "thorax", "rtstruct.dcm");
  if (made === null)
    throw missing("chest CT", " or `npm run data -- ibsi-ct` (real, downloaded, CC BY-NC 3.0)");
  return shown({
    ct: path.join(path.dirname(made), "ct"),
    rtstruct: made,
    roi: "GTV-1",
    referenceMask: path.join(path.dirname(made), "truth.nii.gz"),
    source: `Synthetic chest CT, ${MADE}`,
    license: "MIT",
    isReal: false,
  });
}

/**
 * The synthetic cohort: clinical rows, and a CT and mask of each lesion.
 *
 * @throws InputError naming the command that makes it, if it is not there.
 */
export function cohort(): SampleCohort {
  const clinical = findData("synthetic", "cohort", "clinical.csv");
  if (clinical === null) throw missing("cohort", "");
  const folder = path.dirname(clinical);
  const lesions = readdirSync(path.join(folder, "masks"))
    .filter((name) => name.endsWith("_truth.nii.gz"))
    .sort()
    .map((name) => {
      const id = name.slice(0, -"_truth.nii.gz".length);
      return {
        id,
        ct: path.join(folder, "volumes", `${id}_ct.nii.gz`),
        mask: path.join(folder, "masks", name),
      };
    });
  const found: SampleCohort = { clinical, lesions, source: `Synthetic cohort, ${MADE}`, license: "MIT" };
  return showAs(found, () => ({
    "text/plain": `${found.source}: ${lesions.length} patients\n  clinical rows  ${near(clinical)}`,
  }));
}

function shown(sample: ChestCt): ChestCt {
  const text = `${sample.source} (${sample.license})\n  CT         ${near(sample.ct)}\n  contour    ${near(sample.rtstruct)}, region "${sample.roi}"`;
  return showAs(sample, () => ({ "text/plain": text }));
}

function missing(what: string, other: string): InputError {
  const places = dataFolders();
  const searched = places.length === 0 ? "no data folder is known" : `looked in ${places.join(" and ")}`;
  return new InputError(
    `there is no sample ${what} (${searched}). ` +
      `In the Radbook folder run \`npm run data -- synthetic\` (made in a minute, nothing is downloaded)${other}.`,
  );
}

/** A path as seen from the notebook: short, and nothing of the computer in a notebook that is shared. */
function near(file: string): string {
  return path.relative(process.cwd(), file);
}
