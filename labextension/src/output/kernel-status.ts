/**
 * What a kernel's status means for the views that it feeds.
 *
 * Layer:  labextension, output.
 */
import type { Kernel } from "@jupyterlab/services";

const GONE: readonly Kernel.Status[] = ["dead", "restarting", "autorestarting", "terminating"];

/** Whether the process that knew the shown values has ended, or is about to. */
export function isGone(status: Kernel.Status): boolean {
  return GONE.includes(status);
}
