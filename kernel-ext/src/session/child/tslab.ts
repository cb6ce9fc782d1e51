/**
 * The module `tslab`, so that notebooks of the tslab kernel keep running. Types are in `display/tslab.ts`.
 *
 * Layer:  session/child; imports globals, modules (types).
 */
import { randomUUID } from "node:crypto";
import { send } from "./globals.js";
import type { Namespace } from "./modules.js";

/** The version whose names these are. */
const TSLAB_VERSION = "1.0.22";
const TYPESCRIPT_VERSION = "6.0.3";

type Content = string | Uint8Array;
type Show = (data: { readonly [type: string]: string }) => void;

export const tslab: Namespace = {
  display: displayBy((data) => send({ data, metadata: {} })),
  newDisplay: () => {
    const display_id = randomUUID();
    let update = false;
    return displayBy((data) => {
      send({ data, metadata: {} }, { display_id, update });
      update = true;
    });
  },
  versions: { tslab: TSLAB_VERSION, typescript: TYPESCRIPT_VERSION, node: process.version },
};

function displayBy(show: Show): Record<string, (...content: never[]) => void> {
  const raw = (type: string, content: Content): void =>
    show({ [type]: typeof content === "string" ? content : Buffer.from(content).toString("base64") });
  const as =
    (type: string) =>
    (content: Content): void =>
      raw(type, content);
  return {
    javascript: as("application/javascript"),
    html: as("text/html"),
    markdown: as("text/markdown"),
    latex: as("text/latex"),
    svg: as("image/svg+xml"),
    png: as("image/png"),
    jpeg: as("image/jpeg"),
    gif: as("image/gif"),
    pdf: as("application/pdf"),
    text: as("text/plain"),
    raw,
  };
}
