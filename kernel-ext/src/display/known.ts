/**
 * Values that show as pictures though they know nothing of notebooks: image bytes and Vega specifications; and
 * bundles of text in a markup language.
 *
 * Layer:  display; imports session (types).
 */
import { types } from "node:util";
import type { JsonMap, Shown } from "../session/protocol.js";

/** First bytes of the image formats that every front end shows. */
const SIGNATURES: readonly { readonly type: string; readonly bytes: readonly number[] }[] = [
  { type: "image/png", bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: "image/jpeg", bytes: [0xff, 0xd8, 0xff] },
  { type: "image/gif", bytes: [0x47, 0x49, 0x46, 0x38] },
];

/** JupyterLab draws Vega and Vega-Lite up to this version; newer specifications are close enough to try. */
const NEWEST_VEGA = 5;

/** The bundle of a known kind of value, without text; null for all others. */
export function knownBundle(value: unknown): JsonMap | null {
  if (value instanceof Uint8Array) {
    const type = imageType(value);
    return type === null
      ? null
      : { [type]: base64(value), "text/plain": `${type}, ${value.length.toLocaleString("en")} bytes` };
  }
  const type = vegaType(value);
  return type === null ? null : { [type]: value as JsonMap };
}

/** Text in a markup language, as front ends show it. */
export const markup = {
  html: (text: string): Shown =>
    bundle({ "text/html": text, "text/plain": text.replace(/<[^>]*>/g, "").trim() }),
  markdown: (text: string): Shown => bundle({ "text/markdown": text, "text/plain": text }),
  latex: (text: string): Shown => bundle({ "text/latex": asFormula(text), "text/plain": text }),
  svg: (text: string): Shown => bundle({ "image/svg+xml": text, "text/plain": "image/svg+xml" }),
} as const;

/** An image from its bytes or their base64 text. @throws TypeError if they are of another format. */
export function image(type: "image/png" | "image/jpeg" | "image/gif", source: Uint8Array | string): Shown {
  const bytes = typeof source === "string" ? Buffer.from(source, "base64") : source;
  if (!(bytes instanceof Uint8Array) || imageType(bytes) !== type)
    throw new TypeError(`these bytes are not ${type}: give the content of an image file of that format`);
  return bundle({
    [type]: base64(bytes),
    "text/plain": `${type}, ${bytes.length.toLocaleString("en")} bytes`,
  });
}

/** A Vega-Lite specification, also without `$schema`. */
export function vegaLite(spec: JsonMap): Shown {
  const type = vegaType(spec) ?? `application/vnd.vegalite.v${NEWEST_VEGA}+json`;
  return bundle({ [type]: spec, "text/plain": "Vega-Lite chart" });
}

function imageType(bytes: Uint8Array): string | null {
  const found = SIGNATURES.find((one) => one.bytes.every((byte, i) => bytes[i] === byte));
  return found?.type ?? null;
}

function vegaType(value: unknown): string | null {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return null;
  const schema = (value as { $schema?: unknown }).$schema;
  const match =
    typeof schema === "string" && /\/schema\/(vega|vega-lite)\/v(\d+)(?:[.\d]*)\.json$/.exec(schema);
  if (!match) return null;
  const version = Math.min(Number(match[2]), NEWEST_VEGA);
  return `application/vnd.${match[1] === "vega" ? "vega" : "vegalite"}.v${version}+json`;
}

/** Front ends look for the signs around a formula. */
function asFormula(text: string): string {
  return /\$|\\\(|\\\[|\\begin\{/.test(text) ? text : `$$${text}$$`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function bundle(data: JsonMap): Shown {
  return { data, metadata: {} };
}
