/**
 * Charts in JupyterLab's dark theme: the payload tells which color takes the place of which.
 *
 * Layer:  labextension, figure; imports output.
 */
import type { FigurePayload } from "../../../src/plot/mime.js";
import { checkObject, fail } from "../output/check.js";

type Spec = FigurePayload["spec"];
type Json = Spec[string];

const MOST_COLORS = 100;
const HEX = /^#[0-9a-f]{6}$/i;

/** Whether JupyterLab shows a dark theme now. */
export function isDarkPage(): boolean {
  return document.body.dataset.jpThemeLight === "false";
}

/** Tells each change of JupyterLab's theme; the observer returned ends that. */
export function watchTheme(changed: () => void): MutationObserver {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  return observer;
}

/** @throws PayloadError unless the value maps hexadecimal colors to such. */
export function checkColors(value: unknown): Readonly<Record<string, string>> {
  const colors = checkObject(value, "the figure's dark colors");
  const entries = Object.entries(colors);
  const odd = entries.some(([from, to]) => !HEX.test(from) || typeof to !== "string" || !HEX.test(to));
  if (odd || entries.length > MOST_COLORS) fail("the figure's dark colors", "a few hexadecimal colors");
  return colors as Readonly<Record<string, string>>;
}

/** The specification with each of these colors replaced. */
export function inDark(spec: Spec, colors: Readonly<Record<string, string>>): Spec {
  const known = new Map(Object.entries(colors));
  const replaced = (value: Json | undefined): Json => {
    if (typeof value === "string") return known.get(value) ?? value;
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== "object" || value === null) return value ?? null;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item)]));
  };
  return replaced(spec) as Spec;
}
