/**
 * A front-end module of the anywidget kind (anywidget.dev/en/afm), from its text.
 *
 * Layer:  labextension, widget.
 */
import { PayloadError } from "../output/payload-error.js";
import type { WidgetModel } from "./model.js";

type Cleanup = () => unknown;

interface Given {
  readonly model: WidgetModel;
  readonly signal: AbortSignal;
}

/** What a module exports by default, or a function that makes it. */
export interface FrontModule {
  initialize?(given: Given): unknown;
  render?(given: Given & { readonly el: HTMLElement }): unknown;
}

/** Runs the module. @throws PayloadError if it is no widget's module. */
export async function loadModule(text: string): Promise<FrontModule> {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    const exports = (await import(/* webpackIgnore: true */ url)) as { default?: unknown } & FrontModule;
    const made = typeof exports.default === "function" ? await exports.default() : exports.default;
    const module = (made ?? exports) as FrontModule;
    if (typeof module.render !== "function" && typeof module.initialize !== "function")
      throw new PayloadError("This widget's module exports no render function.");
    return module;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** What `initialize` or `render` gave back is called in the end, where it is a function. */
export function asCleanup(value: unknown): Cleanup {
  return typeof value === "function" ? (value as Cleanup) : () => undefined;
}
