/**
 * The patients that are chosen in the notebook: the same in all its views and in its cells.
 *
 * Layer:  beside index; imports core, io, plot, radiomics, table.
 */
import { loadMask, loadVolume } from "./case-images.js";
import { type Json, type MimeBundle, showAs } from "./core/display.js";
import { InputError } from "./core/errors.js";
import { notebookState } from "./core/notebook-state.js";
import { thumbnail } from "./plot/thumbnail.js";
import { type VolumeView, type VolumeViewOptions, volume as volumeView } from "./plot/volume-view.js";
import {
  type CohortColumns,
  caseOf,
  casesOf,
  idOf,
  type PatientImages,
  withModality,
} from "./radiomics/cohort-case.js";
import { Cohort } from "./table/cohort.js";
import type { Mask } from "./volume/mask.js";
import type { Volume } from "./volume/volume.js";

/** How the scans of patients are opened. */
export interface OpenOptions {
  /** Columns of a cohort that name files. Default: "image" and "mask", and "label" and "roi" where they exist. */
  readonly columns?: CohortColumns;
  /** Where relative paths start. Default: the current folder. */
  readonly folder?: string;
  /** What NIfTI and NRRD images measure that do not say it themselves: "CT", "MR", "PT". Default: "OT", other. */
  readonly modality?: string;
  /** As in `plot.volume`. */
  readonly window?: NonNullable<VolumeViewOptions["window"]>;
  /** Colored values over each scan, e.g. a saliency or a feature map: computed when the scan is opened. */
  readonly heat?: (scan: Volume, region: Mask, id: string) => Heat | Promise<Heat>;
}

type Heat = NonNullable<VolumeViewOptions["heat"]>;

/** Values by this name are shared with the notebook's views. */
const NAME = "selection";
const MOST_IDS = 100_000;
const LONGEST_ID = 200;
const SHOWN_IDS = 20;

/** What `import { selection } from "radbook"` gives. */
export class Selection {
  #patients: ReadonlyMap<string, PatientImages> | null = null;
  #options: OpenOptions = {};

  constructor() {
    showAs(this, () => show(this.ids));
  }

  /** Chosen patients, in the order in which they were chosen. */
  get ids(): readonly string[] {
    const value = notebookState().get(NAME);
    return Array.isArray(value) ? value.filter((id) => typeof id === "string") : [];
  }

  /** Number of chosen patients. */
  get length(): number {
    return this.ids.length;
  }

  /**
   * Chooses these patients, and nobody else, in all views of the notebook.
   *
   * @throws InputError if an id is no text, is empty or longer than 200 characters, or there are more than 100,000.
   *
   * @example
   * selection.set(features.where((row) => row.Volume > 40).ids);
   */
  set(ids: Iterable<string>): void {
    notebookState().set(NAME, [...new Set(checkedIds(ids))]);
  }

  /** Chooses nobody. */
  clear(): void {
    notebookState().set(NAME, []);
  }

  /**
   * Calls `changed` after each change, wherever it was made, until the cell runs again.
   *
   * @returns Ends that.
   *
   * @example
   * selection.subscribe((ids) => display(features.rows(ids).describe(), { display_id: "chosen", update: true }));
   */
  subscribe(changed: (ids: readonly string[]) => void): () => void {
    return notebookState().subscribe(NAME, () => changed(this.ids));
  }

  /**
   * Says where the scans of patients are: a double click on a patient then opens the scan at the first region.
   *
   * @param patients  As `extract` takes them: a cohort with columns of files, or a list.
   * @throws InputError if a patient has no id, no image or no mask, occurs twice, or the cohort lacks the columns.
   *
   * @example
   * selection.opens(cohort, { modality: "CT", heat: (ct, gtv) => radiomics.map(ct, gtv, { feature: "cm_contrast" }) });
   */
  opens(patients: Cohort<never> | Cohort | Iterable<PatientImages>, options: OpenOptions = {}): void {
    const list = patients instanceof Cohort ? casesOf(patients as Cohort, options.columns) : [...patients];
    const byId = new Map<string, PatientImages>();
    for (const patient of list) {
      const id = idOf(patient);
      if (byId.has(id)) throw new InputError(`patient "${id}" occurs twice. Give each patient once.`);
      caseOf(patient);
      byId.set(id, patient);
    }
    this.#patients = byId;
    this.#options = options;
    notebookState().answer(NAME, (request) => {
      const { id, picture } = asked(request);
      return picture ? this.#picture(id) : this.scan(id);
    });
  }

  /**
   * A patient's scan at the lesion, as a double click opens it.
   *
   * @throws InputError if `opens` has not said where the scans are or does not know the patient, and as the readers of the files.
   */
  async scan(id: string): Promise<VolumeView> {
    const { window, heat } = this.#options;
    const { scan, overlay } = await this.#load(id);
    return volumeView(scan, {
      overlay,
      title: id,
      ...(window === undefined ? {} : { window }),
      ...(heat === undefined ? {} : { heat: await heat(scan, overlay[0], id) }),
    });
  }

  /** The lesion in small, with what the patient's scan and regions are called. */
  async #picture(id: string): Promise<object> {
    const { scan, overlay } = await this.#load(id);
    const { window } = this.#options;
    const png = thumbnail(scan, overlay[0], window === undefined ? {} : { window });
    const words = [scan.quantity.modality, ...overlay.map(({ name }) => name)].join(" · ");
    return showAs({}, () => ({ "image/png": Buffer.from(png).toString("base64"), "text/plain": words }));
  }

  async #load(id: string): Promise<{ readonly scan: Volume; readonly overlay: readonly Mask[] }> {
    const { folder = ".", modality } = this.#options;
    const { images, regions } = caseOf(withModality(this.#patient(id), modality));
    const [, image] = images[0];
    const scan = await loadVolume(image, folder);
    const overlay: Mask[] = [];
    for (const [, region] of regions) overlay.push(await loadMask(region, scan, folder, undefined));
    return { scan, overlay };
  }

  #patient(id: string): PatientImages {
    const patients = this.#patients;
    if (patients === null) {
      throw new InputError(
        "nobody has said where the scans are. Run a cell with selection.opens(cohort), whose columns image and mask name the files.",
      );
    }
    const found = patients.get(id);
    if (found !== undefined) return found;
    const some = [...patients.keys()].slice(0, 5).join(", ");
    throw new InputError(
      `selection.opens(…) knows ${patients.size} patients, but not "${id}". It has: ${some}${patients.size > 5 ? ", …" : ""}.`,
    );
  }
}

/** The patients that are chosen in the notebook. */
export const selection: Selection = new Selection();

/** The patient of whom a view wants the scan, `{ id }`, or the picture, `{ picture: id }`. */
function asked(request: Json): { readonly id: string; readonly picture: boolean } {
  const { id, picture } = (request ?? {}) as { readonly id?: Json; readonly picture?: Json };
  const wanted = picture ?? id;
  if (typeof wanted === "string") return { id: wanted, picture: picture !== undefined };
  throw new InputError(
    "a view asked for a scan without naming a patient. Reload the page: its extension may be of another version.",
  );
}

function checkedIds(ids: Iterable<string>): readonly string[] {
  const list: unknown[] = typeof ids === "string" ? [] : [...ids];
  if (typeof ids === "string") throw new InputError(`selection.set takes a list: selection.set(["${ids}"]).`);
  const odd = list.find((id) => typeof id !== "string" || id === "" || id.length > LONGEST_ID);
  if (odd !== undefined) {
    throw new InputError(
      `ids of patients are texts of 1 to ${LONGEST_ID} characters, found ${JSON.stringify(odd)?.slice(0, 60)}.`,
    );
  }
  if (list.length <= MOST_IDS) return list as readonly string[];
  throw new InputError(`up to ${MOST_IDS} patients can be chosen, found ${list.length}.`);
}

function show(ids: readonly string[]): MimeBundle {
  if (ids.length === 0) return { "text/plain": "Selection: nobody is chosen" };
  const more = ids.length > SHOWN_IDS ? ", …" : "";
  const noun = ids.length === 1 ? "patient is" : "patients are";
  return {
    "text/plain": `Selection: ${ids.length} ${noun} chosen: ${ids.slice(0, SHOWN_IDS).join(", ")}${more}`,
  };
}
