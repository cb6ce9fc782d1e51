/**
 * Messages of the Jupyter protocol as the kernel sees them.
 *
 * Layer:  wire; imports nothing.
 */

/** A JSON object of which nothing is known yet. */
export interface JsonObject {
  [key: string]: unknown;
}

export const PROTOCOL_VERSION = "5.5";

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** One message; `parent` is null where no request caused it. */
export interface Message {
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parent: Header | null;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

/** The content of a message to send: an object, or its JSON. */
export type Content = JsonObject | Uint8Array;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The string under `key`, or `fallback` where it is something else. */
export function stringOf(content: JsonObject, key: string, fallback = ""): string {
  const value = content[key];
  return typeof value === "string" ? value : fallback;
}

export function booleanOf(content: JsonObject, key: string, fallback: boolean): boolean {
  const value = content[key];
  return typeof value === "boolean" ? value : fallback;
}

export function numberOf(content: JsonObject, key: string, fallback: number): number {
  const value = content[key];
  return typeof value === "number" && Number.isFinite(value) ? value : fallback;
}

export function objectOf(content: JsonObject, key: string): JsonObject {
  const value = content[key];
  return isObject(value) ? value : {};
}
