/**
 * The notebook that "New Radiomics Notebook" starts with: cells that run as they are, offline, on the synthetic cohort.
 *
 * Layer:  labextension, commands.
 */

/** A cell: words, or TypeScript. */
type Cell = readonly [kind: "markdown" | "code", source: string];

const CELLS: readonly Cell[] = [
  [
    "markdown",
    `# A radiomics study

From scans to a survival curve, on 120 synthetic patients that need no download. Run a cell with **Shift+Enter**, all with
*Run → Run All Cells*; then put your own files in the place of \`files\`.`,
  ],
  [
    "markdown",
    `## Patients

\`files.clinical\` is a CSV file with one row for each patient. Yours may name its columns as it likes.`,
  ],
  [
    "code",
    `import { io, model, plot, radiomics, selection } from "radbook";

const files = io.samples.cohort();
const cohort = await io.readCohort(files.clinical);
// Where the scans are: a double click on a patient, here or in the side panel, opens the scan at the lesion.
selection.opens(files.lesions.map(({ id, ct, mask }) => ({ id, image: ct, mask })), { modality: "CT", window: "lung" });
cohort`,
  ],
  [
    "markdown",
    `## One scan

Yours may be DICOM: \`await io.readDicom("folder/of/the/series")\`, with contours by \`io.readRtstruct\` or \`io.readSeg\`.`,
  ],
  [
    "code",
    `const [first] = files.lesions;
const ct = await io.readNifti(first.ct, { modality: "CT" });
const tumor = await io.readNiftiMask(first.mask);
plot.volume(ct, { overlay: tumor, window: "lung", title: first.id })`,
  ],
  [
    "markdown",
    `## Features

Of every patient's tumour, by the definitions of the Image Biomarker Standardisation Initiative.`,
  ],
  [
    "code",
    `const measure = radiomics.extractor({ discretize: { binWidth: 25 }, families: ["morphology", "intensity statistics"] });

const sets = [];
for (const { id, ct, mask } of files.lesions) {
  sets.push(measure(await io.readNifti(ct, { modality: "CT" }), await io.readNiftiMask(mask), { id }));
}
const features = radiomics.table(sets);
features`,
  ],
  [
    "markdown",
    `## Survival

Patients whose tumour is larger than the median against the others.`,
  ],
  [
    "code",
    `const survival = cohort.survival({ time: "time", event: "event", unit: "months" });
const size = model.cut(features.scores("morph_volume"), "median", ["small", "large"]);

plot.kaplanMeier(model.kaplanMeier(survival, { by: size }), {
  atRisk: true,
  p: model.logRank(survival, size),
  title: "Overall survival by volume of the tumour",
})`,
  ],
];

/** The notebook's file, as JSON. */
export function radiomicsNotebook(): NotebookFile {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: "radbook", display_name: "TypeScript (Radbook)", language: "typescript" },
    },
    cells: CELLS.map(([kind, source], at) => ({
      id: `radbook-${at}`,
      cell_type: kind,
      metadata: {},
      source,
      ...(kind === "code" ? { execution_count: null, outputs: [] } : {}),
    })),
  };
}

interface NotebookFile {
  readonly nbformat: number;
  readonly nbformat_minor: number;
  readonly metadata: object;
  readonly cells: readonly object[];
}
