/**
 * Shows the selection in a chart: chosen marks get a rim, the others fade. Not by color alone.
 *
 * Layer:  labextension, figure; imports selection.
 */
import type { PatientMark } from "./patients.js";

/** Faded marks keep so much of their opacity. */
const FADED = 0.2;

/** What is chosen, as a model of the selection or a preview of it tells. */
export interface Chosen {
  readonly ids: readonly string[];
  part(ids: readonly string[]): "none" | "some" | "all";
}

/** Marks the chosen; with nobody chosen, or nobody of this chart, all marks are as they were drawn. */
export function highlight(marks: readonly PatientMark[], chosen: Chosen): void {
  const parts = marks.map(({ ids }) => (chosen.ids.length === 0 ? "none" : chosen.part(ids)));
  const isPlain = parts.every((part) => part === "none");
  marks.forEach(({ element, isGroup, opacity }, at) => {
    const part = parts[at];
    element.classList.toggle("rb-mod-chosen", !isGroup && part === "all");
    element.classList.toggle("rb-mod-some", !isGroup && part === "some");
    element.classList.toggle("rb-mod-unseen", opacity === 0);
    const faded = !isPlain && part === "none" && opacity > 0;
    element.style.opacity = faded ? String(FADED * opacity) : "";
  });
}
