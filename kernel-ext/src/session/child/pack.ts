/**
 * What is shown, as JSON in bytes. Pictures are most of it; they are not searched for characters to escape.
 *
 * Layer:  session/child; imports session.
 */
import type { Shown } from "../protocol.js";

/** JSON of what is shown. */
export type Packed = Buffer;

/** Shorter texts gain nothing. */
const LONG = 100_000;

/** @throws TypeError as `JSON.stringify` does. */
export function pack(shown: Shown & { readonly transient?: object }): Packed {
  const short: Record<string, unknown> = {};
  const pictures: Buffer[] = [];
  for (const [type, value] of Object.entries(shown.data)) {
    if (typeof value !== "string" || value.length < LONG || !isBase64(value)) short[type] = value;
    else pictures.push(Buffer.from(`,${JSON.stringify(type)}:"`), Buffer.from(value, "latin1"), QUOTE);
  }
  if (pictures.length === 0) return Buffer.from(JSON.stringify(shown));

  // The data come last, for the pictures to follow; an entry before them gives them their comma.
  const { data: _, ...rest } = shown;
  const text = JSON.stringify({ ...rest, data: short }).slice(0, -"}}".length);
  const first = pictures[0]?.subarray(text.endsWith("{") ? ",".length : 0) ?? QUOTE;
  return Buffer.concat([Buffer.from(text), first, ...pictures.slice(1), Buffer.from("}}")]);
}

const QUOTE = Buffer.from('"');

/** Whether a text has no character but those of base64: decoding leaves out all others, and what it leaves out is missed. */
function isBase64(text: string): boolean {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = Math.floor(((text.length - padding) * 3) / 4);
  return Buffer.from(text, "base64").length === bytes;
}
