/** What a value shows in a notebook, as the kernel asks for it. */
import { type AnnotatedBundle, DISPLAY, LIVE, type LiveSource } from "../../src/core/display.js";

/** Bundle and notes of a value that returns both. */
export function shown(value: object): Promise<AnnotatedBundle> {
  return (value as Record<symbol, () => Promise<AnnotatedBundle>>)[DISPLAY]();
}

/** What answers the open views of a value. */
export function liveSource(value: object): LiveSource {
  return (value as Record<symbol, LiveSource>)[LIVE];
}

/** Bytes of a base64 picture in a bundle. */
export function picture(bundle: AnnotatedBundle): Buffer {
  return Buffer.from(bundle.data["image/png"] as string, "base64");
}
