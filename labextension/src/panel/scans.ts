/**
 * The scans of a notebook's patients, as the panel uses them: opened at the lesion, and as small pictures.
 *
 * Layer:  labextension, panel.
 */
import type { NotebookPanel } from "@jupyterlab/notebook";
import type { PatientScans } from "./view.js";

export function patientScans(_panel: NotebookPanel): PatientScans {
  return { open: () => undefined, picture: () => undefined };
}
