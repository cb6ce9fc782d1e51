/**
 * What a value shows in the notebook, and what is kept of it for its open views.
 *
 * Layer:  session/child; imports display.
 */
import { show } from "../../display/show.js";
import type { Shown } from "../protocol.js";
import { keepLive } from "./comms.js";

/** The value's bundle, or a promise of it; null for `undefined`. */
export function present(value: unknown): Shown | null | Promise<Shown> {
  keepLive(value);
  return show(value);
}
