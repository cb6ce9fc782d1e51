/** What the gallery shows of views as they are in JupyterLab: what each picture says, and the cell that makes the view. */

export interface LiveEntry {
  /** Name of the picture, which `live.ts` takes. */
  readonly picture: string;
  readonly says: string;
  /** A cell of a notebook; "" where no cell makes the view. */
  readonly call: string;
}

const entry = (picture: string, says: string, call = ""): LiveEntry => ({ picture, says, call });

/** The cells before: scans, regions and patients of the pictures, all of them synthetic. */
export const LIVE_DATA = `import { explain, io, model, plot, radiomics, selection, Volume } from "radbook";
const sample = io.samples.chestCt();
const ct = await io.readDicom(sample.ct);
const gtv = (await io.readRtstruct(sample.rtstruct)).mask(sample.roi, ct);
const ring = gtv.ring(5).named("Ring of 5 mm");
const coarse = ct.resample({ spacing: 4 });
const [lump] = [coarse.geometry].map(({ origin }) => gtv.centroidMm.map((mm, i) => (mm - origin[i]) / 4));
const [nx, ny] = coarse.geometry.size;
const uptake = coarse.voxels.map((hu, p) => {
  const [x, y, z] = [p % nx, Math.floor(p / nx) % ny, Math.floor(p / (nx * ny))];
  const far = Math.hypot(x - lump[0], y - lump[1], z - lump[2]);
  return (hu > -400 ? 1.2 : 0.3) + 9 * Math.exp(-(far ** 2) / 18);
});
const pet = new Volume(Float32Array.from(uptake), coarse.geometry, { modality: "PT", unit: "SUVbw", name: "PET" });
const contrast = await radiomics.map(ct, gtv, { feature: "cm_contrast" });
const cohort = await io.readCohort(io.samples.cohort().clinical);
const os = cohort.survival({ time: "time", event: "event", unit: "months" });
const x = cohort.numeric(["age", "smoker", "TP53", "KRAS"], { units: { age: "years" } });
const explanation = explain.linear(model.cox().fit(x, os), x);`;

export const LIVE: readonly LiveEntry[] = [
  entry(
    "live-scan",
    "A scan with its regions as outline and fill, and the tumor as a surface in 3D.",
    'plot.volume(ct, { overlay: [ring, gtv], window: "lung", center: gtv.centroidMm })',
  ),
  entry(
    "live-measure",
    "Measured in the view: a length, an ellipse, a region, with statistics and a histogram.",
    'plot.volume(ct, { overlay: gtv, window: "mediastinum", center: gtv.centroidMm })',
  ),
  entry(
    "live-fusion",
    "PET over CT, with its color bar and opacity.",
    "plot.volume(ct, { overlay: gtv, heat: { map: pet, resample: true, range: [0, 10] }, center: gtv.centroidMm })",
  ),
  entry(
    "live-heat",
    "Where in the tumor a texture feature is high: its map over the scan.",
    'plot.volume(ct, { overlay: gtv, heat: contrast, window: "lung", center: gtv.centroidMm })',
  ),
  entry(
    "live-compare",
    "Scans beside each other that move together by millimetres.",
    'plot.compare([plot.volume(ct, { overlay: gtv, window: "lung", center: gtv.centroidMm }), pet])',
  ),
  entry(
    "live-linked",
    "Patients chosen by dragging over one figure are chosen in all figures and tables, and are `selection.ids` in the next cell.",
    'plot.kaplanMeier(model.kaplanMeier(os, { by: cohort.labels("sex") }))\nplot.dependence(explanation, "age")\ncohort',
  ),
  entry(
    "live-panel",
    "The side panel with the patients of the notebook: filter, order, columns of one's choice, thumbnails, the scan at a click.",
    'selection.opens(files.lesions.map(({ id, ct, mask }) => ({ id, image: ct, mask })), { modality: "CT", window: "lung" })',
  ),
  entry(
    "live-progress",
    "How far a loop is, and how long it will take.",
    'for (const patient of progress(cohort.ids, { label: "Patients" })) measure(patient);',
  ),
  entry(
    "live-widgets",
    "Controls that run a function again.",
    `interact({ cut: [55, 75], band: true }, ({ cut, band }) => {
  const age = model.cut(x.scores("age"), cut, ["younger", "older"]);
  return plot.kaplanMeier(model.kaplanMeier(os, { by: age }), { p: model.logRank(os, age), band });
})`,
  ),
  entry(
    "live-debugger",
    "The debugger of JupyterLab at a breakpoint in TypeScript, with the variables there.",
    "const ml = volumeMl(lesion.radiusMm);",
  ),
  entry("live-launcher", "The cards of the launcher: a notebook of a study to begin with, and the tour."),
  entry("live-settings", "Settings that every scan opens with."),
  entry(
    "live-page",
    "A notebook exported as a page, in the dark: its figures and tables share one choice without kernel or network.",
  ),
];
