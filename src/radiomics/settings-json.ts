/**
 * Settings of an extraction as JSON: the same text for the same settings, however they were written.
 *
 * Layer:  radiomics; imports core (types), settings.
 */
import type { Json } from "../core/display.js";
import type { PlainOptions } from "./cohort-job.js";
import { checkPyradiomicsOptions } from "./pyradiomics/settings.js";
import { checkSettings } from "./settings.js";

/** Options as checked, with every default. @throws InputError as `extractor`. */
export function settingsJson(options: PlainOptions): Json {
  if (options.convention !== "pyradiomics") return canonical(checkSettings(options));
  const { parameters, storedIntegers } = checkPyradiomicsOptions(options);
  return canonical({ ...parameters, storedIntegers: storedIntegers ?? "as in the file" });
}

/** Keys sorted, maps as objects, and numbers that JSON lacks as text. */
export function canonical(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(canonical);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const sorted = entries.filter(([, inner]) => inner !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, inner]) => [key, canonical(inner)]));
}
